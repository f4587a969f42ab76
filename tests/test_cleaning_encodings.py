"""Un texte arrive en bien des écritures : il est lu d'après ses octets, réparé s'il se peut, ou refusé pour sa vraie raison."""

import io
import unicodedata
import zipfile

import pytest
from conftest import ROOT, framed

from aurore import corpus
from aurore.cleaning import encodings
from aurore.cleaning.encodings import Unreadable
from aurore.corpus import Book

CATALOGUE = corpus.load_catalogue(ROOT / "data/pastiche/catalogue.toml")
NOVEL = "\n\n".join(
    corpus.clean((ROOT / "data/pastiche/cache/epub/90006/pg90006.txt").read_bytes(), CATALOGUE[90006]).paragraphs[:80]
)
# Ce que l'encodage n'a pas est remplacé avant : c'est lui que l'on éprouve, et non la perte.
PLAIN = NOVEL.replace("—", "--").replace("…", "...").replace("œ", "oe").replace("Œ", "OE")
CURLY = NOVEL.replace("'", "’")


def read(raw):
    """Ce que la bibliothèque lit de ces octets, et ce qu'elle en dit."""
    mended, said = encodings.mend(raw)
    return corpus.decode(mended), said


@pytest.mark.parametrize("text", [NOVEL, CURLY, "Un été à Noël.", "Rien que de l'ASCII.", ""])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252"])
def test_usual_encodings_are_left_as_they_are(text, codec):
    raw = text.encode(codec)
    assert encodings.mend(raw) == (raw, [])


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [CURLY, "L’été, bœuf et « cœur » d’hiver."])
def test_wide_encodings_are_read_with_or_without_their_mark(text, codec):
    found, said = read(text.encode(codec))
    assert found == text
    assert "UTF" in said[0]


@pytest.mark.parametrize(
    ("codec", "name"),
    [("cp850", "CP850"), ("mac_roman", "Mac Roman"), ("cp437", "DOS"), ("iso8859-15", "ISO-8859-15")],
)
def test_eight_bit_encodings_are_recognised_by_their_letters(codec, name):
    text = NOVEL.replace("—", "--").replace("…", "...") if codec == "iso8859-15" else PLAIN
    text = text.translate(str.maketrans("ÀÂÈÊÎÔÛ", "AAEEIOU")) if codec == "cp437" else text
    found, said = read(text.encode(codec))
    assert found == text
    # CP437 et CP850 écrivent de même les lettres du français.
    assert name in said[0]


def test_curly_apostrophes_of_a_mac_are_not_taken_for_utf8():
    """« ’é » y est la suite d'octets D5 8E, qui est aussi un caractère arménien en UTF-8."""
    text = CURLY.replace("d’", "l’é").replace("…", "...")
    assert b"\xd5\x8e" in text.encode("mac_roman")
    found, said = read(text.encode("mac_roman"))
    assert (found, said) == (text, ["Lu en Mac Roman."])


def test_signs_that_dos_had_lost_are_given_back():
    raw = CURLY.replace("—", "--").replace("…", "...").encode("cp850", errors="replace")
    found, said = read(raw)
    assert found == NOVEL.replace("—", "--").replace("…", "...")
    assert "apostrophes" in said[1]


def test_lost_accents_are_not_invented():
    raw = NOVEL.encode("ascii", errors="replace")
    with pytest.raises(Unreadable, match="caractères sont perdus"):
        encodings.mend(raw)


def test_questions_stay_questions():
    text = "Viendra-t-il ?Oui.\nPourquoi?\n" * 30
    assert read(text.encode()) == (text, [])


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "mac_roman", "cp850"])
def test_utf8_read_as_something_else_is_repaired_and_said(wrong):
    spoiled = NOVEL.encode().decode(wrong, errors="replace")
    found, said = read(spoiled.encode())
    assert found.count("�") <= spoiled.count("�")
    assert "Ã" not in found and "â€" not in found and "√" not in found and "├" not in found
    assert sum(one == other for one, other in zip(found.split(), NOVEL.split(), strict=True)) > 0.99 * len(
        NOVEL.split()
    )
    assert "réparées." in said[0]


def test_one_spoiled_paragraph_is_repaired_and_the_rest_left():
    paragraphs = NOVEL.split("\n")
    paragraphs[4] = paragraphs[4].encode().decode("latin-1")
    found, said = read("\n".join(paragraphs).encode())
    assert found == NOVEL
    assert said == ["1 ligne en UTF-8 avait été lue comme un autre encodage (« Ã© » pour « é ») : réparée."]


def test_portuguese_letters_are_not_mojibake():
    text = "São Paulo, Ângela et la Galícia ; le Ãngulo. " * 20
    assert read(text.encode()) == (text, [])


@pytest.mark.parametrize("bad", [b"\xe9", b"\xff", b"\x80", b"\xc3"])
def test_one_bad_byte_is_marked_and_said_and_spoils_nothing_else(bad):
    raw = NOVEL.encode()
    place = raw.index("é".encode(), len(raw) // 2)
    found, said = read(raw[:place] + bad + raw[place + 2 :])
    assert found.count("�") == 1
    assert found.replace("�", "é") == NOVEL
    line = NOVEL.encode()[:place].count(b"\n") + 1
    assert said == [f"1 caractère illisible, marqué « � » (ligne {line})."]


def test_two_files_put_end_to_end_in_two_encodings():
    one, other = NOVEL.split("\n")[:60], NOVEL.split("\n")[60:]
    raw = "\n".join(one).encode() + b"\n" + "\n".join(other).encode("cp1252")
    found, said = read(raw)
    assert found == NOVEL
    assert "converties" in said[0]


def test_decomposed_accents_are_composed():
    found, said = read(unicodedata.normalize("NFD", NOVEL).encode())
    assert found == NOVEL
    assert "recomposés" in said[0]


def test_entities_of_a_web_page_become_letters():
    text = "L'&eacute;t&eacute; &agrave; No&euml;l, la s&oelig;ur et l'&ecirc;tre. " * 3
    assert read(text.encode()) == (
        "L'été à Noël, la sœur et l'être. " * 3,
        ["Des entités de page web (« &eacute; ») ont été rendues à leurs lettres."],
    )


def test_too_many_lost_characters_are_refused():
    with pytest.raises(Unreadable, match="caractères sont perdus"):
        encodings.mend(NOVEL.replace("é", "�").encode())


def archive(kind="stored", name="livre.txt"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if kind == "stored" else zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(name, NOVEL)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (archive(), "archive zip"),
        (archive("deflated"), "archive zip"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/epub+zip", "EPUB"),
        (b"\x1f\x8b\x08\x00" + bytes(40), "archive gzip"),
        (b"%PDF-1.4\n", "un PDF"),
        (rb"{\rtf1\ansi Le moulin}", "un document RTF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "une image"),
        (bytes(60) + b"BOOKMOBI" + bytes(90), "liseuse"),
        (bytes(range(256)) * 40, "octets qui n'écrivent rien"),
    ],
)
def test_what_is_not_a_text_is_refused_for_what_it_is(raw, words):
    with pytest.raises(Unreadable, match=words):
        encodings.mend(raw)
    with pytest.raises(corpus.Refused, match="brought.bin : .*" + words):
        corpus.accept(raw, Book(None, source="brought.bin"))


def test_unknown_encoding_is_refused_as_such():
    russian = "Мельник не слышал воды, и ручей молчал. " * 40
    with pytest.raises(Unreadable, match="encodage n'est pas reconnu"):
        encodings.mend(russian.encode("koi8-r"))


@pytest.mark.parametrize("codec", ["utf-16", "cp850", "mac_roman", "utf-8"])
def test_mending_twice_changes_nothing(codec):
    once, _ = encodings.mend(PLAIN.encode(codec))
    assert encodings.mend(once)[0] == once


@pytest.mark.parametrize("codec", ["utf-16", "cp850", "mac_roman"])
def test_a_whole_book_comes_out_the_same_whatever_its_encoding(codec):
    raw = framed(PLAIN).encode()
    expected = corpus.clean(raw, Book(90001)).paragraphs
    found = corpus.clean(framed(PLAIN).encode(codec), Book(90001))
    assert found.paragraphs == expected
    assert found.remarks


@pytest.mark.parametrize(
    "marks", [{"é": "\\'e", "à": "\\`a", "è": "\\`e"}, {"é": "e/", "è": "e\\"}], ids=["tex", "slashes"]
)
def test_accents_written_apart_are_refused_as_such(marks):
    text = "\n".join(["L'été dernier, le meunier répéta près du bief la même chose à sa mère."] * 60)
    for letter, written in marks.items():
        text = text.replace(letter, written)
    with pytest.raises(encodings.Unreadable, match="accents y sont écrits à part"):
        encodings.mend(text.encode())


def test_zeros_at_the_end_are_the_disk_s():
    text = framed("Le meunier répéta l'été près du bief, et la mère s'étonna de l'écho.\n\n" * 30)
    assert encodings.mend(text.encode() + bytes(400))[1] == []
