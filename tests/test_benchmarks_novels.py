"""Le tableau des romans tenus à l'écart : ce qui se découpe, ce qui se compare, et ce que l'on refuse."""

import pytest
from small import TEXT

from aurore import authors, corpus, settings
from aurore.settings import AuroreError
from benchmarks import __main__ as bench
from benchmarks import novels
from benchmarks.authors import told
from benchmarks.brought import brought_books


def test_pieces_are_chapters_and_lose_nothing_of_what_is_kept():
    rows = [(f"Chapitre {chapter}", f"Alinéa {chapter}.{rank}") for chapter in range(8) for rank in range(3)]
    pieces = novels.pieces_of(rows)
    assert len(pieces) == 8 and "".join(pieces) == "".join(f"{paragraph}\n" for _, paragraph in rows)
    few = [("", f"Un alinéa de quelques mots, le {rank}.") for rank in range(2000)]
    slices = novels.pieces_of(few)
    assert len(slices) > 5 and all(len(piece) < novels.SLICE + 100 for piece in slices)
    assert novels.CHARACTERS <= sum(map(len, slices)) < novels.CHARACTERS + 100
    assert "".join(slices) == "".join(f"{paragraph}\n" for _, paragraph in few)[: sum(map(len, slices))]


def test_every_rival_is_measured_on_every_book(monkeypatch):
    books = {"Un": ["le meunier chante\n"] * 3, "Deux": ["la meunière aussi\n"] * 2}
    monkeypatch.setattr(novels, "_held_out", lambda: books)
    monkeypatch.setattr(
        novels, "rivals", lambda names: iter([(name, lambda text: 2.0 * len(text)) for name in ("xz", *names)])
    )
    columns, rows = novels.run(("un-modele",))
    assert columns == ["livre jamais appris", "tranches", "xz", "un-modele"]
    assert [row[0] for row in rows] == ["Un", "Deux", "tous"] and rows[-1][1] == "5"
    assert {cell for row in rows for cell in row[2:]} == {"2,000 [2,000 ; 2,000]"}


def test_the_peers_count_the_bits_of_the_text_alone(monkeypatch):
    monkeypatch.setattr(novels.language, "_books", lambda: ({}, TEXT))
    monkeypatch.setattr(novels.language, "embedded_models", list)
    found = {name: bits(TEXT[:200]) for name, bits in novels.rivals(())}
    assert set(found) == {"xz", "5-gramme"} and all(0 <= bits < 0.5 * 200 for bits in found.values())
    foreign = {name: bits("Wagons kolossal, hockey zébré") for name, bits in novels.rivals(())}
    assert all(foreign[name] > 29 for name in found)


def test_a_brought_book_is_cleaned_and_one_of_the_catalogue_is_refused(monkeypatch):
    path = next((settings.PASTICHE / "files").rglob("90007*.txt"))
    author, name, rows = brought_books((path,))[0]
    assert "Mémoires d'un colporteur" in name and "Gutenberg" not in "".join(text for _, text in rows)
    assert authors.passages_of(author, name, "\n".join(text for _, text in rows), 3)[0].author == author
    monkeypatch.setattr(corpus, "load_catalogue", lambda: {1: corpus.Book(1, title="Mémoires d'un colporteur")})
    with pytest.raises(AuroreError, match="est au catalogue"):
        brought_books((path,))


def test_the_options_go_with_their_measure(capsys):
    assert bench.main(["gpt", "--model", "x"]) == 2
    assert "novels" in capsys.readouterr().err


def test_an_interval_is_told_in_french():
    assert told(authors.Estimate(0.8, 0.75, 0.851)) == "0,800 [0,750 ; 0,851]"
    assert told(authors.Estimate(0.2, -0.1, 0.5), 1, signed=True) == "+0,2 [−0,1 ; +0,5]"
