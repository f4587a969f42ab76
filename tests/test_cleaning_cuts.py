"""Le compte des coupes : ce qui est gardé, ce que chaque règle a ôté, l'avertissement, et les exports qui n'écrasent rien."""

import pytest
from conftest import ROOT, framed

from aurore import __main__ as cli
from aurore import corpus
from aurore.cleaning import cuts
from aurore.cleaning.blocks import Account, visible
from aurore.corpus import Book
from aurore.settings import AuroreError

PASTICHE = ROOT / "data/pastiche"
CATALOGUE = corpus.load_catalogue(PASTICHE / "catalogue.toml")
NOVEL = corpus.clean((PASTICHE / "cache/epub/90006/pg90006.txt").read_bytes(), CATALOGUE[90006]).paragraphs
BODY = "\n\n".join(NOVEL)
NOTE = "[1] Les gens de la ville disent gisante, et ne savent pas pourquoi."


def cleaned(body):
    return corpus.clean(framed(body).encode(), Book(90001, title="Le Moulin"))


def test_nothing_removed_is_said_so():
    found = cleaned(BODY).cuts
    assert (found.removed, found.share, found.warning()) == (0, 0.0, None)
    assert found.kept == visible(BODY)


def test_what_a_rule_removed_is_counted_and_shown():
    found = cleaned(f"{BODY}\n\n{NOTE}").cuts
    assert found.account.removed == {"notes": [NOTE]}
    assert found.removed == visible(NOTE)
    assert f"| notes | {visible(NOTE)} |" in found.as_text()
    assert NOTE in found.as_text()


@pytest.mark.parametrize(("times", "warned"), [(1, False), (60, True)])
def test_more_than_two_percent_outside_the_frame_is_a_warning(times, warned):
    body = f"{BODY}\n\n" + "\n\n".join(NOTE.replace("[1]", f"[{n}]") for n in range(1, times + 1))
    found = cleaned(body).cuts
    assert (found.share > 0.02) is warned is (found.warning() is not None)
    assert not warned or ("« Le Moulin »" in found.warning() and "notes" in found.warning())


def test_the_frame_is_counted_apart():
    raw = framed(BODY)
    found = corpus.clean(raw.encode(), Book(90001)).cuts
    assert found.frame + found.kept == visible(raw)


def test_longest_pieces_come_first_and_are_cut_short():
    account = Account()
    account.note("notes", "court")
    account.note("tables", "long " * 1000)
    text = cuts.Cuts("Le Moulin", 1000, 10, account).as_text()
    assert text.index("### tables") < text.index("### notes")
    assert "caractères de plus" in text


# --- La commande


def test_one_bad_file_does_not_cancel_the_others(home, capsys):
    good = PASTICHE / "files/90005/90005-0.txt"
    english = PASTICHE / "files/90011/90011-0.txt"
    assert (
        cli.main(["prepare", "--file", str(english), str(home / "absent.txt"), str(good), "--export", str(home / "t")])
        == 0
    )
    out = capsys.readouterr().out
    assert "Écarté : 90011-0.txt : c'est du texte anglais" in out
    assert "absent.txt n'existe pas" in out
    assert "1 livre," in out
    assert {path.name for path in (home / "t").iterdir()} == {"90005.txt", "90005.coupes.md"}


def test_two_files_without_a_number_keep_each_its_export(home):
    text = framed(BODY).replace(" [EBook #90001]", "")
    other = framed(BODY.replace("moulin", "château").replace("eau", "onde")).replace(" [EBook #90001]", "")
    for name, content in (("un/livre.txt", text), ("deux/livre.txt", other)):
        (home / name).parent.mkdir()
        (home / name).write_text(content, encoding="utf-8")
    corpus.prepare_files([home / "un/livre.txt", home / "deux/livre.txt"], home / "t")
    assert {path.name for path in (home / "t").glob("*.txt")} == {"livre.txt", "livre-2.txt"}
    assert (home / "t/livre.txt").read_text() != (home / "t/livre-2.txt").read_text()


def test_a_file_of_two_books_gives_both_and_says_so(home):
    one, other = (PASTICHE / path for path in ("files/90001/90001-0.txt", "files/90005/90005-0.txt"))
    together = home / "ensemble.txt"
    together.write_bytes(one.read_bytes() + b"\n" + other.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    report = corpus.prepare_files([together], home / "t")
    assert report["remarks"][0] == "ensemble.txt contient 2 livres : chacun est nettoyé et exporté à part."
    for path, number in ((one, 90001), (other, 90005)):
        assert (home / f"t/{number}.txt").read_text() == corpus.clean(path.read_bytes(), Book(number)).text


def test_a_second_book_without_its_own_start_is_given_too(home):
    one, other = (
        (PASTICHE / path).read_text(encoding="utf-8-sig")
        for path in ("files/90001/90001-0.txt", "files/90005/90005-0.txt")
    )
    end = one.index("*** END OF")
    story = corpus.cut_frame(other)
    together = home / "ensemble.txt"
    together.write_text(
        f"{one[:end]}\n\nEnd of Project Gutenberg's Le Moulin\n\n\n{story}\n\nEnd of Project Gutenberg's La suite\n",
        encoding="utf-8",
    )
    report = corpus.prepare_files([together], home / "t")
    assert report["books"] == 2 and report["refused"] == []
    assert len(list((home / "t").glob("*.txt"))) == 2


def test_an_export_never_erases_a_file_that_is_not_ours(home):
    source = home / "90005.txt"
    source.write_bytes((PASTICHE / "files/90005/90005-0.txt").read_bytes())
    before = source.read_bytes()
    with pytest.raises(AuroreError, match=r"90005\.txt"):
        corpus.prepare_files([source], home)
    assert source.read_bytes() == before
    corpus.prepare_files([source], home / "t")
    corpus.prepare_files([source], home / "t")  # le sien, lui, se remplace


def test_the_same_text_twice_enters_the_corpus_once(home):
    source = PASTICHE / "files/90005/90005-0.txt"
    twin = home / "jumeau.txt"
    twin.write_bytes(source.read_bytes())
    report = corpus.prepare_files([source, twin], home / "t")
    assert "il n'entre qu'une fois" in report["remarks"][-1]
    assert sum(report["splits"].values()) == len(corpus.clean(source.read_bytes(), Book(90005)).paragraphs)


def test_advice_to_who_brings_a_file_can_be_followed(home):
    """« markers = false » ne sert qu'au catalogue : à qui apporte un fichier, on dit quelles lignes ajouter."""
    bare = home / "nu.txt"
    bare.write_text(BODY, encoding="utf-8")
    with pytest.raises(AuroreError, match=r"nu\.txt : aucun marqueur") as refusal:
        corpus.prepare_files([bare])
    assert "markers" not in str(refusal.value)
    start, end = (f"*** {word} OF THE PROJECT GUTENBERG EBOOK ***" for word in ("START", "END"))
    assert start in str(refusal.value) and end in str(refusal.value)
    bare.write_text(f"{start}\n\n{BODY}\n\n{end}\n", encoding="utf-8")
    assert corpus.prepare_files([bare])["books"] == 1
