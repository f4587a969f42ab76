"""Du fichier brut aux phrases : chercher, accepter, décoder, couper le cadre, joindre, découper, répartir."""

import re
import textwrap
from dataclasses import replace

import pytest
import tenacity
from conftest import ROOT, framed
from nltk.tokenize import PunktSentenceTokenizer

from aurore import corpus, download, settings
from aurore.corpus import Book, Fetcher, Refused, Unreachable
from aurore.settings import AuroreError

PASTICHE = ROOT / "data/pastiche"
CATALOGUE = corpus.load_catalogue(PASTICHE / "catalogue.toml")
GOOD = [number for number, book in CATALOGUE.items() if book.role != "piege"]
PATHS = {
    90001: "files/90001/90001-0.txt",
    90002: "files/90002/90002-8.txt",
    90003: "files/90003/90003-8.txt",
    90004: "files/90004/90004-0.txt",
    90005: "files/90005/90005-0.txt",
    90006: "cache/epub/90006/pg90006.txt",
    90007: "files/90007/90007-8.txt",
}
RAW = {number: (PASTICHE / path).read_bytes() for number, path in PATHS.items()}
SEVEN_BITS = (PASTICHE / "files/90002/90002.txt").read_bytes()
CLEAN = {number: corpus.clean(raw, CATALOGUE[number]) for number, raw in RAW.items()}
PARAGRAPHS = [paragraph for book in CLEAN.values() for paragraph in book.paragraphs]
MILL = CATALOGUE[90001]


def trap(number):
    """Les octets d'un piège, et son livre comme si le catalogue n'avertissait pas."""
    return (PASTICHE / f"files/{number}/{number}-0.txt").read_bytes(), replace(CATALOGUE[number], role="train")


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(download, "RETRY_WAIT", tenacity.wait_none())


@pytest.fixture
def attempts(monkeypatch):
    """Les adresses demandées, l'une après l'autre."""
    asked, real = [], download.receive

    def receive(client, url, *rest):
        asked.append(url)
        return real(client, url, *rest)

    monkeypatch.setattr(download, "receive", receive)
    return asked


# --- Le catalogue


def test_pastiche_catalogue_has_a_text_for_each_role():
    assert {book.role for book in CATALOGUE.values()} == set(corpus.ROLES)
    assert sum(len(raw) for raw in RAW.values()) > 80_000
    assert all(book.reason for book in CATALOGUE.values() if book.role == "piege")


def test_real_catalogue_holds_the_books_of_the_first_workshop():
    books = corpus.load_catalogue(settings.DATA / "catalogue.toml")
    assert all(book.id == number and book.author and book.title and book.genre for number, book in books.items())
    assert all(1700 < book.year < 1950 for book in books.values())
    assert books[23582].role == "test"
    assert books[63445].role == "piege"
    assert "anglais" in books[63445].reason
    workshop = (39738, 34204, 13380, 37989, 13025, 69098, 13892, 17225, 39101, 42765, 17251)
    assert {books[number].role for number in workshop} == {"train"}
    assert {books[number].genre for number in books} <= {"roman", "conte", "théâtre", "lettres", "mémoires"}
    assert {book.role for book in books.values()} == set(corpus.ROLES)
    assert {book.author for book in books.values() if book.role in corpus.SPLITS[:3]} == {"George Sand"}


@pytest.mark.parametrize(
    "entries",
    ['[[book]]\nid = 1\nrole = "essai"', "[[book]]\nid = 1\n[[book]]\nid = 1"],
    ids=["unknown role", "same number twice"],
)
def test_wrong_catalogue_is_refused(tmp_path, entries):
    path = tmp_path / "catalogue.toml"
    path.write_text(entries, encoding="utf-8")
    with pytest.raises(AuroreError, match="Rôles permis"):
        corpus.load_catalogue(path)


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        ("sand", [90001, 90002, 90003, 90004, 90005, 90006]),
        ("all", GOOD),
        ("90003, 90001", [90003, 90001]),
        ("424242", [424242]),
    ],
)
def test_select_books(choice, numbers):
    assert [book.id for book in corpus.select_books(choice, CATALOGUE)] == numbers


@pytest.mark.parametrize("choice", ["", ",", "Sand", "90001;90002", "-1", "²"])
def test_select_books_refuses_what_is_not_a_number(choice):
    with pytest.raises(AuroreError, match="23582,34204"):
        corpus.select_books(choice, CATALOGUE)


# --- Chercher


def test_embedded_corpus_is_read_in_place(home):
    fetcher = Fetcher.from_settings()
    assert {number: fetcher.fetch(CATALOGUE[number]) for number in GOOD} == RAW
    assert files(home) == []


def test_disk_comes_before_any_source(tmp_path, library):
    (tmp_path / "90001.txt").write_bytes(RAW[90001])
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW[90001]
    assert library.requests == []


def test_mirror_folder_comes_before_gutenberg(home, monkeypatch):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setenv("AURORE_MIRROR", str(PASTICHE))
    fetcher = Fetcher.from_settings()
    assert fetcher.sources == (str(PASTICHE), *corpus.GUTENBERG)
    assert fetcher.fetch(MILL) == RAW[90001]
    monkeypatch.delenv("AURORE_MIRROR")
    assert Fetcher.from_settings().sources == corpus.GUTENBERG


def test_missing_mirror_folder_is_an_error(home, monkeypatch):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setenv("AURORE_MIRROR", str(home / "absent"))
    with pytest.raises(AuroreError, match=r"absent : ce dossier n'existe pas"):
        Fetcher.from_settings()


@pytest.mark.parametrize(
    "path",
    ["cache/epub/90001/pg90001.txt", "files/90001/90001-0.txt", "files/90001/90001-8.txt", "9/0/0/0/90001/90001-0.txt"],
)
def test_each_layout_is_found_over_http_and_cached(tmp_path, library, path):
    library.put(path, RAW[90001])
    fetcher = Fetcher(tmp_path / "livres", (library.url + "/",))
    assert fetcher.fetch(MILL) == RAW[90001]
    asked = len(library.requests)
    assert "/" + path == library.paths[-1]
    assert fetcher.fetch(MILL) == RAW[90001]
    assert len(library.requests) == asked == len(set(library.paths))
    assert files(tmp_path) == ["livres/90001.txt"]


def test_layouts_put_the_seven_bit_names_last():
    for number in (7, 13380):
        found = corpus.layouts(number)
        seven = [path.endswith(f"/{number}.txt") for path in found]
        assert seven == sorted(seven)
        assert {
            f"cache/epub/{number}/pg{number}.txt",
            f"files/{number}/{number}-0.txt",
            f"files/{number}/{number}-8.txt",
        } <= set(found)
    assert "0/7/7-0.txt" in corpus.layouts(7)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_failure_is_retried(tmp_path, library, status):
    library.put(PATHS[90001], status, status, RAW[90001])
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW[90001]
    assert library.paths == ["/" + PATHS[90001]] * 3


def test_interrupted_download_is_retried(tmp_path, library):
    library.put(PATHS[90001], (RAW[90001][:9000], len(RAW[90001])), RAW[90001])
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW[90001]
    assert (tmp_path / "90001.txt").read_bytes() == RAW[90001]


def test_download_always_interrupted_leaves_nothing(tmp_path, library):
    library.put(PATHS[90001], (RAW[90001][:9000], len(RAW[90001])))
    with pytest.raises(AuroreError, match="ne répond") as failure:
        Fetcher(tmp_path / "livres", (library.url,)).fetch(MILL)
    assert MILL.name in str(failure.value)
    assert library.paths == ["/" + PATHS[90001]] * 3
    assert files(tmp_path) == []


def test_broken_source_gives_way_to_the_next(tmp_path, library, closed_url):
    library.put(PATHS[90001], RAW[90001])
    assert Fetcher(tmp_path, (closed_url, library.url)).fetch(MILL) == RAW[90001]


def test_unreachable_sources_are_asked_once_each(tmp_path, closed_url, attempts):
    fetcher = Fetcher(tmp_path, (closed_url, closed_url + "/miroir"))
    for number in (90001, 90002):
        with pytest.raises(Unreachable, match="AURORE_CORPUS=pastiche"):
            fetcher.fetch(CATALOGUE[number])
    assert len(attempts) == 2


def test_clean_all_stops_at_the_first_book_when_nothing_answers(tmp_path, closed_url, attempts):
    with pytest.raises(Unreachable):
        corpus.clean_all([CATALOGUE[number] for number in GOOD], Fetcher(tmp_path, (closed_url,)))
    assert len(attempts) == 1


@pytest.mark.parametrize("served", [None, 404, 403, 410])
def test_unknown_number_is_not_an_unreachable_source(tmp_path, library, served):
    if served:
        library.default = (served, b"", None)
    for source in (library.url, str(tmp_path)):
        with pytest.raises(AuroreError, match="introuvable") as failure:
            Fetcher(tmp_path / "livres", (source,)).fetch(Book(424242))
        assert not isinstance(failure.value, Unreachable | Refused)
    assert len(library.requests) == len(corpus.layouts(424242))


def test_web_page_in_place_of_a_book_is_refused_and_not_cached(tmp_path, library):
    page, _ = trap(90012)
    library.default = (200, page, None)
    with pytest.raises(Refused, match="page web qui demande de prouver que vous êtes humain"):
        Fetcher(tmp_path, (library.url,)).fetch(MILL)
    assert files(tmp_path) == []


def test_refused_file_gives_way_to_a_good_one(tmp_path, library):
    page, _ = trap(90012)
    library.put("files/90002/90002-0.txt", page)
    library.put("cache/epub/90002/pg90002.txt", SEVEN_BITS)
    library.put("files/90002/90002-8.txt", RAW[90002])
    assert Fetcher(tmp_path, (library.url,)).fetch(CATALOGUE[90002]) == RAW[90002]
    assert (tmp_path / "90002.txt").read_bytes() == RAW[90002]


def test_seven_bit_edition_alone_is_refused(tmp_path):
    path = tmp_path / "files/90002/90002.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(SEVEN_BITS)
    with pytest.raises(Refused, match="sept bits"):
        Fetcher(tmp_path / "livres", (str(tmp_path),)).fetch(CATALOGUE[90002])


@pytest.mark.parametrize("spoiled", [b"", RAW[90001][:20_000], RAW[90002]], ids=["empty", "truncated", "another"])
def test_spoiled_cached_file_is_set_aside_and_fetched_again(tmp_path, library, spoiled):
    (tmp_path / "90001.txt").write_bytes(spoiled)
    library.put(PATHS[90001], RAW[90001])
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW[90001]
    assert (tmp_path / "90001.txt").read_bytes() == RAW[90001]
    assert (tmp_path / "90001.refuse").read_bytes() == spoiled


def test_known_trap_is_refused_without_a_request(tmp_path, library):
    with pytest.raises(Refused, match="traduction anglaise du Moulin"):
        Fetcher(tmp_path, (library.url,)).fetch(CATALOGUE[90011])
    assert library.requests == []


def test_requests_name_the_workshop_in_ascii(tmp_path, library):
    library.put(PATHS[90001], RAW[90001])
    Fetcher(tmp_path, (library.url,)).fetch(MILL)
    assert download.USER_AGENT.isascii()
    assert {headers["User-Agent"] for _, headers in library.requests} == {download.USER_AGENT}


def test_requests_to_one_server_are_spaced(tmp_path, monkeypatch):
    clock, pauses = [100.0], []

    def sleep(seconds):
        pauses.append(round(seconds, 6))
        clock[0] += seconds

    monkeypatch.setattr(download.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(download.time, "sleep", sleep)
    fetcher = download.Sources()
    for host in ("a.example", "a.example", "b.example", "127.0.0.1", "127.0.0.1", "a.example"):
        fetcher._wait_turn(host)
        clock[0] += 0.25
    assert pauses == [0.75]  # ni l'autre serveur, ni la machine elle-même, ni celui qui a déjà attendu


# --- Accepter


@pytest.mark.parametrize("number", GOOD)
def test_good_books_are_accepted(number):
    assert corpus.accept(RAW[number], CATALOGUE[number]) == corpus.decode(RAW[number])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (90011, "texte anglais"),
        (90012, "page web"),
        (90013, "tronqué"),
        (90014, "autre livre, le numéro 90006"),
    ],
)
def test_traps_are_recognised_without_the_catalogue(number, words):
    raw, book = trap(number)
    with pytest.raises(Refused, match=words) as refusal:
        corpus.accept(raw, book)
    assert book.name in str(refusal.value)


@pytest.mark.parametrize("number", [90011, 90012, 90013, 90014, 90015])
def test_catalogue_traps_are_refused_with_their_reason(number):
    raw, _ = trap(number)
    with pytest.raises(Refused, match=re.escape(CATALOGUE[number].reason)):
        corpus.accept(raw, CATALOGUE[number])


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "vide"),
        (b" \r\n\n", "vide"),
        (SEVEN_BITS.replace(b"90002", b"90001"), "sept bits"),
        (RAW[90001][: len(RAW[90001]) // 4], "tronqué"),
        (RAW[90001][3000:], "aucun marqueur"),
        (RAW[90006], "autre livre"),
        (framed("Court.").encode(), "trop court"),
        (
            framed("Der Müller hört das Wasser nicht, und der Bach schweigt. " * 30).encode(),
            "français n'est pas reconnu",
        ),
        (framed("El molinero miraba el agua que pasaba bajo la rueda, y cantaba. " * 30).encode(), "n'est pas reconnu"),
        (
            framed("Il mugnaio guardava l'acqua, e la moglie cantava perché era l'alba. " * 30).encode(),
            "n'est pas reconnu",
        ),
        (
            framed("Lo molinièr agachava l'aiga que passava, e la molinièra cantava. " * 30).encode(),
            "n'est pas reconnu",
        ),
        (b"\xef\xbb\xbf<?xml version='1.0'?><html><body>livre</body></html>", "page web"),
        (bytes(range(256)) * 40, "pas un texte"),
    ],
    ids=[
        "empty",
        "blank",
        "seven bits",
        "truncated",
        "headless",
        "another",
        "too short",
        "german",
        "spanish",
        "italian",
        "occitan",
        "xhtml",
        "binary",
    ],
)
def test_bad_files_are_refused(raw, words):
    with pytest.raises(Refused, match=words):
        corpus.accept(raw, MILL)


def test_file_without_markers_needs_the_catalogue_to_say_so():
    book = CATALOGUE[90004]
    assert not book.markers
    assert "LA VEILLÉE" in corpus.accept(RAW[90004], book)
    with pytest.raises(Refused, match="markers = false"):
        corpus.accept(RAW[90004], replace(book, markers=True))


def test_frame_without_text_is_refused():
    with pytest.raises(Refused):
        corpus.clean(framed("").encode(), MILL)


# --- Décoder


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("l'été, cœur".encode(), "l'été, cœur"),
        ("\ufeffl'été".encode(), "l'été"),
        ("l'été à Noël".encode("latin-1"), "l'été à Noël"),
        (b"un c\x9cur, l\x92\xe9t\xe9\x85 \x8cuvre \x97 \xab", "un cœur, l’été… Œuvre — «"),
        (b"c\x9cur \x81\x8d\x8f\x90\x9d bless\xe9", "cœur  blessé"),
        ("une marque\ufeff au milieu".encode(), "une marque au milieu"),
        (b"un\r\ndeux\rtrois\n", "un\ndeux\ntrois\n"),
        (b"a\x00b\x07c\x1bd\x7fe\tf", "abcde\tf"),
        ("cé\u00adsure, \u200binvisible, per\ufffdu".encode(), "césure, invisible, per\ufffdu"),
        (b"page\x0csuivante", "page\nsuivante"),
        (b"", ""),
    ],
    ids=[
        "utf-8",
        "bom",
        "latin-1",
        "cp1252",
        "undefined bytes",
        "inner bom",
        "ends of lines",
        "control",
        "invisible",
        "form feed",
        "empty",
    ],
)
def test_decode(raw, text):
    assert corpus.decode(raw) == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("number", PATHS)
def test_decoding_does_not_depend_on_the_encoding(number, codec):
    text = corpus.decode(RAW[number]).replace("\u202f", " ")  # l'espace fine n'existe pas en cp1252
    assert corpus.decode(text.replace("\n", "\r\n").encode(codec)) == text


def test_declared_encoding_is_not_believed():
    text = corpus.decode(RAW[90003])
    assert "ISO-8859-1" in text
    assert "l’on" in text
    assert not re.search("[\x80-\x9f]", text)


# --- Couper le cadre

STARTS = [
    "*** START OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***",
    "*** START OF THE PROJECT GUTENBERG EBOOK LE MOULIN ***",
    "***START OF THE PROJECT GUTENBERG EBOOK LE MOULIN***",
    "*** START OF THE PROJECT GUTENBERG EBOOK, LE MOULIN ***",
    "*** START OF THE PROJECT GUTENBERG EBOOK 90001 ***",
    "*** START OF THIS PROJECT GUTENBERG EBOOK LE MOULIN,\nSUIVI D'UN AUTRE ***",
    "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*",
    "*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*",
    "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*",
]
ENDS = [
    "*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***",
    "*** END OF THE PROJECT GUTENBERG EBOOK LE MOULIN ***",
    "***END OF THE PROJECT GUTENBERG EBOOK LE MOULIN***",
    "*** END OF THE PROJECT GUTENBERG EBOOK, LE MOULIN,\nSUIVI D'UN AUTRE ***",
    "End of The Project Gutenberg Etext of Le Moulin, by Jean",
    "End of the Project Gutenberg EBook of Le Moulin, by Jean",
    "End of Project Gutenberg's Le Moulin, by Jean",
    "End of this Project Gutenberg Etext",
]
STORY = (
    "Le meunier dormait.\n\n    L'imprimeur Gutenberg, disait-on, était mort pauvre.\n\nIl donna FIN et END au chien."
)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("start", STARTS)
def test_frame_is_cut_on_every_form_of_marker(start, end):
    text = f"En-tête\n\nTitle: Le Moulin\n\n{start}\n\n\n{STORY}\n\n\n{end}\n\n*** START: FULL LICENSE ***\nSEND DONATIONS\nTHE END\n"
    assert corpus.cut_frame(text) == STORY


def test_small_print_after_the_end_marker_goes_too():
    text = f"{STARTS[0]}\n{STORY}\n{ENDS[4]}\n\n{STARTS[6]}\n\nThis Etext was prepared by a volunteer.\n"
    assert corpus.cut_frame(text) == STORY


def test_without_markers_nothing_is_cut():
    assert corpus.cut_frame(STORY) == STORY


@pytest.mark.parametrize("number", [90001, 90002, 90003, 90006])
def test_naive_rule_keeps_the_licence_and_cut_frame_does_not(number):
    """La règle d'origine remonte du bas jusqu'à une ligne qui contient « END » ou « FIN »."""
    text = corpus.decode(RAW[number])
    lines = text.split("\n")
    # Sans la dernière ligne « END: FULL LICENSE », la règle s'arrête à « SEND DONATIONS ».
    last = max(i for i, line in enumerate(lines) if re.search("END|FIN", line) and "FULL LICENSE" not in line)
    licence = next(i for i, line in enumerate(lines) if "END OF" in line and "GUTENBERG" in line)
    assert "SEND" in text
    assert last - licence > 100
    kept = corpus.cut_frame(text)
    assert not re.search("SEND|LICENSE|GUTENBERG|practice text", kept)
    assert len(kept.split("\n")) < licence


# --- Paragraphes et typographie


def one(text):
    found = corpus.paragraphs(text)
    assert len(found) == 1
    return found[0]


def test_wrapped_lines_are_joined_and_round_trip():
    prose = [paragraph for paragraph in CLEAN[90006].paragraphs if len(paragraph) > 200]
    for width in (60, 72, 76):
        wrapped = "\n\n".join(textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in prose)
        assert corpus.paragraphs(wrapped) == prose


def test_verse_stays_line_by_line():
    prose = textwrap.fill("Le meunier regardait couler l'eau sous la roue et ne disait rien du tout. " * 6, 72)
    verse = "  La belle, au bord de la fontaine,\n  A laissé choir son sabot neuf ;\n  Il a passé, courant la plaine."
    assert corpus.paragraphs(f"{prose}\n\n{verse}\n\n{prose}")[1:-1] == [
        "La belle, au bord de la fontaine,",
        "A laissé choir son sabot neuf ;",
        "Il a passé, courant la plaine.",
    ]


def test_verse_of_the_pastiche_is_found_whole():
    found = CLEAN[90002].paragraphs
    start = found.index("La belle, au bord de la fontaine,")
    assert found[start + 4] == "Le bœuf a dit : « Pour ma chaussure,"


def test_each_reply_is_a_paragraph():
    assert corpus.paragraphs("--Viens-tu?\n--Non.\n--Pourquoi donc?") == ["— Viens-tu ?", "— Non.", "— Pourquoi donc ?"]


def test_dash_at_the_start_of_a_wrapped_line_is_not_a_reply():
    filler = "Le meunier regardait couler l'eau sous la roue, et tout le bourg savait,"
    text = f"{filler}\n{filler}\n--car il parlait haut,--que le bief était à sec depuis la Saint-Jean."
    assert corpus.paragraphs(text)[0].count("— car il parlait haut, —") == 1
    assert len(corpus.paragraphs(text)) == 1


def test_hyphen_at_the_end_of_a_line_is_kept():
    assert one("Il lut tout haut l'avant-\npropos du livre, et ne comprit rien de ce qu'il lisait.").startswith(
        "Il lut tout haut l'avant-propos"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("l’été d‘hier et c`est l´hiver", "l'été d'hier et c'est l'hiver"),
        ("Il dit: «Viens!»", "Il dit : « Viens ! »"),
        ('Il dit: "Viens!"', "Il dit : « Viens ! »"),
        ("Il dit : “Viens”", "Il dit : « Viens »"),
        ('"Viens," dit-il, "et vite."', "« Viens, » dit-il, « et vite. »"),
        ("''Viens''", "« Viens »"),
        ("<<Viens>>", "« Viens »"),
        ("--Viens-tu?--Non!", "— Viens-tu ? — Non !"),
        ("–Viens", "— Viens"),
        ("—Viens", "— Viens"),
        ("Viens—dit-il—vite", "Viens — dit-il — vite"),
        ("«--Viens!", "« — Viens !"),
        ("Attends...", "Attends…"),
        ("Attends. . . . oui", "Attends… oui"),
        ("Quoi?!... dit-il", "Quoi ?!… dit-il"),
        ("Oui\u00a0; non\u202f: peut-être\u00a0!", "Oui ; non : peut-être !"),
        ("Quoi ? ! dit-il", "Quoi ?! dit-il"),
        ("à 8:30", "à 8:30"),
        ("un mot , puis ( deux ) .", "un mot, puis (deux)."),
        ("deux   blancs\tet trois", "deux blancs et trois"),
        ("arc-en-ciel et porte-clefs", "arc-en-ciel et porte-clefs"),
    ],
)
def test_typography(before, after):
    assert corpus.uniform_typography(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("soeur", "sœur"),
        ("coeur", "cœur"),
        ("boeufs", "bœufs"),
        ("oeil", "œil"),
        ("Oeuvre", "Œuvre"),
        ("OEUVRES", "ŒUVRES"),
        ("voeu", "vœu"),
        ("noeud", "nœud"),
        ("moeurs", "mœurs"),
        ("manoeuvre", "manœuvre"),
        ("foetus", "fœtus"),
        ("oesophage", "œsophage"),
        ("Oedipe", "Œdipe"),
        ("oecuménique", "œcuménique"),
        ("choeur", "chœur"),
    ],
)
def test_ligature_is_restored(before, after):
    assert corpus.uniform_typography(f"Une {before}.") == f"Une {after}."


@pytest.mark.parametrize(
    "word",
    [
        "moelle",
        "poème",
        "poésie",
        "coexister",
        "Goethe",
        "Noé",
        "Noël",
        "poêle",
        "moelleux",
        "coefficient",
        "coercition",
        "oboe",
        "Citroën",
        "poète",
        "troène",
        "moellon",
    ],
)
def test_other_words_in_oe_are_left_alone(word):
    assert corpus.uniform_typography(f"Le {word}, puis.") == f"Le {word}, puis."


@pytest.mark.parametrize("number", PATHS)
def test_typography_is_idempotent(number):
    raw = [paragraph for block in corpus.split_blocks(corpus.decode(RAW[number])) for paragraph in block.lines]
    for text in CLEAN[number].paragraphs + raw:
        once = corpus.uniform_typography(text)
        assert corpus.uniform_typography(once) == once
    assert [corpus.uniform_typography(text) for text in CLEAN[number].paragraphs] == CLEAN[number].paragraphs


def test_no_foreign_sign_is_left():
    text = "\n".join(PARAGRAPHS)
    assert not re.search(r"[’‘“”„\"`_=|<>\[\]{}\u00a0\u202f\ufffd\t]|--|\.\.|oeu|  ", text)
    assert not re.search(r"[^\s\d!?][;:!?]", text)


# --- Aller et retour


def gold_paragraphs():
    """Les phrases posées à la main, un groupe par paragraphe, sans le titre et l'auteur."""
    text = (PASTICHE / "phrases-90006.txt").read_text(encoding="utf-8").strip()
    groups = [
        [corpus.uniform_typography(line.replace("_", "")) for line in group.split("\n")] for group in text.split("\n\n")
    ]
    return groups[2:]


def test_cleaned_test_book_is_the_gold_file():
    *gold, end = [" ".join(sentences) for sentences in gold_paragraphs()]
    assert end == "FIN"
    assert CLEAN[90006].paragraphs == gold


def test_chapters_are_known():
    found = CLEAN[90006]
    assert len(found.chapters) == len(found.paragraphs)
    assert found.chapters[-1].startswith("V")
    titles = list(dict.fromkeys(found.chapters))
    assert "I. LA CHAUSSÉE" in titles
    assert len(titles) < 12


# --- Phrases


@pytest.fixture(scope="module")
def splitter():
    return corpus.SentenceSplitter.train([CLEAN[n].text for n in CLEAN if CATALOGUE[n].role == "train"])


def boundaries(paragraphs_of_sentences):
    """Fins de phrases, comptées en caractères sans blancs depuis le début du livre."""
    ends, size = set(), 0
    for sentences in paragraphs_of_sentences:
        for sentence in sentences:
            size += len(re.sub(r"\s", "", sentence))
            ends.add(size)
    return ends, size


def f1(split, gold):
    found, size = boundaries([split(" ".join(sentences)) for sentences in gold])
    expected, expected_size = boundaries(gold)
    assert size == expected_size
    # Les fins de paragraphes sont données à tous : elles ne comptent pas.
    given, _ = boundaries([[" ".join(sentences)] for sentences in gold])
    found, expected = found - given, expected - given
    return 2 * len(found & expected) / (len(found) + len(expected))


def test_sentences_match_the_gold_better_than_untrained_punkt(splitter):
    gold = gold_paragraphs()
    ours, untrained = f1(splitter.split, gold), f1(PunktSentenceTokenizer().tokenize, gold)
    assert ours >= 0.97
    assert ours > untrained


def test_saved_splitter_gives_the_same_sentences(tmp_path, splitter):
    splitter.save(tmp_path / "phrases.json")
    again = corpus.SentenceSplitter.load(tmp_path / "phrases.json")
    assert [again.split(p) for p in PARAGRAPHS] == [splitter.split(p) for p in PARAGRAPHS]
    assert files(tmp_path) == ["phrases.json"]


def test_splitting_loses_no_character(splitter):
    for paragraph in PARAGRAPHS:
        sentences = splitter.split(paragraph)
        assert re.sub(r"\s", "", "".join(sentences)) == re.sub(r"\s", "", paragraph)
        assert all(sentence == sentence.strip() != "" for sentence in sentences)


def test_count_is_the_number_of_sentences(splitter):
    text = CLEAN[90005].text
    assert splitter.count(text) == sum(len(splitter.split(p)) for p in CLEAN[90005].paragraphs)
    assert splitter.split("  ") == []


@pytest.mark.parametrize(
    "sentences",
    [
        ["Le moulin tourne.", "L'eau coule."],
        ["« Ah ! fit-il, c'est mon eau. »"],
        ["— Eh là ! cria-t-il, venez-vous ?", "Il se tut."],
        ["Il dit : « Viens ! »", "Elle vint."],
        ["Attends… dit-elle."],
        ["Attends…", "Non, pars."],
        ["M. Hector et Mme Chardonnel saluèrent Me Taupineau."],
        ["J. B. Cornu portait un encrier.", "Il suait."],
        ["Il avait des jalons, un parapluie, etc.", "Il suait."],
        ["Il avait des jalons, des cordes, etc., dans un sac."],
        ["Il devait 630 fr.", "Le notaire attendait."],
        ["Il devait 630 fr. de rente."],
        ["IV. Le maître de forges"],
        ["C'est au n° 118 du répertoire, p. 12."],
        ["Cela coûtait 3 fr. 50 au marché.", "Elle paya."],
        ["Il payait 3 fr. 50 c. la livre.", "C'était cher."],
        ["On lit cela au ch. IV du livre.", "Il le relut."],
        ["Voyez ch. IV, p. 12, et t. II, p. 345.", "Le reste manque."],
        ["Il lut le liv. II.", "Le reste l'ennuya."],
        ["Il finit le ch. I.", "Il commença le ch. II."],
        ["Les fig. 3 et 4, pl. V, sont du notaire.", "Il dessinait."],
        ["Il vint à 3 h. 20.", "Il repartit à 4 h. du soir."],
        ["Elle avait 1 m. 60 de taille.", "Il sourit."],
        ["Il mourut en 1804.", "Il avait 12 enfants."],
        ["Quoi ?", "Lui ?", "Jamais !"],
        ["Une seule phrase sans point"],
    ],
    ids=lambda sentences: sentences[0][:25],
)
def test_french_rules_of_sentences(splitter, sentences):
    assert splitter.split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("printed", "sentences"),
    [
        ("Il lut ses classiques.Enfin il dormit.", ["Il lut ses classiques.", "Enfin il dormit."]),
        ("Il partit.Elle resta.Rien ne bougea.", ["Il partit.", "Elle resta.", "Rien ne bougea."]),
        ("Il partit ?Elle resta !Rien…", ["Il partit ?", "Elle resta !", "Rien…"]),
        ("Il cria : «Viens !»Elle vint.", ["Il cria : « Viens ! »", "Elle vint."]),
        ("MM.Aubin et Cornu entrèrent.", ["MM. Aubin et Cornu entrèrent."]),
    ],
)
def test_sentences_glued_by_the_printer_come_apart(splitter, printed, sentences):
    assert splitter.split(corpus.uniform_typography(printed)) == sentences


# --- Jeu de données


@pytest.fixture(scope="module")
def dataset():
    return corpus.build_dataset([CLEAN[number] for number in GOOD])


def test_dataset_is_split_by_whole_books(dataset):
    assert list(dataset) == list(corpus.SPLITS)
    for role, rows in dataset.items():
        assert rows.column_names == ["book", "chapter", "paragraph"]
        chosen = [book for number, book in CLEAN.items() if CATALOGUE[number].role == role]
        assert rows["paragraph"][:] == [paragraph for book in chosen for paragraph in book.paragraphs]
        assert set(rows["book"]) == {book.book.title for book in chosen}
        assert corpus.texts_by_book(rows) == {book.book.title: book.text for book in chosen}


def test_dataset_without_base_has_three_parts_even_empty():
    found = corpus.build_dataset([CLEAN[90001]])
    assert {name: len(rows) > 0 for name, rows in found.items()} == {"train": True, "validation": False, "test": False}


def test_dataset_survives_the_disk(tmp_path, dataset):
    corpus.save_dataset(dataset, tmp_path / "dataset")
    again = corpus.load_dataset(tmp_path / "dataset")
    assert {name: rows.to_dict() for name, rows in again.items()} == {
        name: rows.to_dict() for name, rows in dataset.items()
    }
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_same_text_in_two_roles_is_refused():
    raw, book = trap(90015)
    twin = corpus.clean(raw, book)
    with pytest.raises(corpus.Duplicate, match=r"90005.*90015|90015.*90005") as refusal:
        corpus.build_dataset([CLEAN[90005], twin])
    assert "validation" in str(refusal.value)
    same_role = replace(twin, book=replace(book, role="validation"))
    corpus.check_roles([CLEAN[90005], same_role, *(CLEAN[n] for n in GOOD if n != 90005)])


def test_extract_of_a_test_book_in_training_is_refused():
    test = CLEAN[90006]
    third = len(test.paragraphs) // 3
    extract = replace(CLEAN[90001], paragraphs=CLEAN[90001].paragraphs + test.paragraphs[:third])
    with pytest.raises(corpus.Duplicate, match="90006"):
        corpus.check_roles([extract, test])


def test_missing_dataset_says_what_to_run(home):
    with pytest.raises(AuroreError, match="aurore prepare"):
        corpus.load_dataset()


@pytest.mark.parametrize("content", ["{", "[]", '{"splits": ["train"]}'])
def test_corrupt_dataset_says_what_to_run(home, content):
    folder = corpus.dataset_folder()
    folder.mkdir()
    (folder / "dataset_dict.json").write_text(content, encoding="utf-8")
    with pytest.raises(AuroreError, match="illisible"):
        corpus.load_dataset()


def test_dataset_with_a_lost_piece_says_what_to_run(home, dataset):
    corpus.save_dataset(dataset, corpus.dataset_folder())
    for path in corpus.dataset_folder().rglob("*.arrow"):
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(AuroreError, match="illisible"):
        corpus.load_dataset()


# --- Tout ensemble


def test_prepare_reports_what_it_did(home):
    report = corpus.prepare("all", home / "textes")
    assert report["corpus"] == "pastiche"
    assert report["books"] == len(GOOD)
    assert report["refused"] == []
    assert report["characters"] == sum(len(book.text) for book in CLEAN.values())
    assert set(report["splits"]) == set(corpus.SPLITS)
    assert report["sentences"] > report["paragraphs"] == sum(report["splits"].values())
    for number in GOOD:
        assert (home / "textes" / f"{number}.txt").read_bytes() == CLEAN[number].text.encode()


def test_prepare_falls_back_on_the_pastiche_when_nothing_answers(home, monkeypatch, closed_url, capsys):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setattr(corpus, "GUTENBERG", (closed_url,))
    assert corpus.prepare()["corpus"] == "pastiche"
    assert "pastiche" in capsys.readouterr().out
    with pytest.raises(Unreachable):
        corpus.prepare("13025")


def test_prepare_lists_refusals_and_keeps_the_rest(home):
    report = corpus.prepare("90001,90011,424242")
    assert report["books"] == 1
    assert len(report["refused"]) == 2
    assert "traduction anglaise" in report["refused"][0]


@pytest.mark.parametrize(
    ("numbers", "parts"),
    [
        ([90005], {"train", "validation", "test"}),
        ([90003, 90005, 90006], {"train", "validation", "test"}),
    ],
)
def test_brought_files_fill_every_part(home, numbers, parts):
    report = corpus.prepare_files([PASTICHE / PATHS[number] for number in numbers], home / "textes")
    assert report["books"] == len(numbers)
    assert {name for name, size in report["splits"].items() if size} == parts
    assert files(home / "textes") == [f"{number}.{end}" for number in numbers for end in ("coupes.md", "txt")]
    assert sum(report["splits"].values()) == sum(len(CLEAN[number].paragraphs) for number in numbers)


def test_brought_file_that_is_a_trap_is_refused(home):
    for number in (90011, 90012, 90013):
        with pytest.raises(Refused):
            corpus.prepare_files([PASTICHE / f"files/{number}/{number}-0.txt"], home / "textes")
    assert files(home) == []


@pytest.mark.parametrize(
    "answer",
    [(403, b"interdit", None), (200, b"<html><body>Connectez-vous au Wi-Fi</body></html>", None), (404, b"", None)],
    ids=["refused by the server", "captive portal", "empty mirror"],
)
def test_the_workshop_goes_on_when_every_source_gives_something_else(answer, home, library, monkeypatch, capsys):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setattr(corpus, "GUTENBERG", (library.url,))
    library.default = answer
    catalogue, fetcher = corpus.open_library()
    assert min(catalogue) > 90_000 and fetcher.fetch(catalogue[90001])
    assert "continue avec le pastiche" in capsys.readouterr().out
    assert not list(home.rglob("*.txt"))


# --- Les exercices et la bibliothèque


def test_a_learner_s_function_runs_even_where_processes_start_afresh(monkeypatch):
    """Sous Windows et macOS, un nouveau processus ne connaîtrait que la référence."""
    monkeypatch.setattr(corpus.multiprocessing, "get_start_method", lambda: "spawn")
    monkeypatch.setattr(
        corpus, "ProcessPoolExecutor", lambda workers: pytest.fail("le code de la personne n'y est pas")
    )

    def mine(text):
        return [text]

    mine.__module__ = "__main__"
    monkeypatch.setattr(corpus, "paragraphs", mine)
    assert corpus._in_parallel(lambda text: corpus.paragraphs(text), list("abcdefgh")) == [[c] for c in "abcdefgh"]
