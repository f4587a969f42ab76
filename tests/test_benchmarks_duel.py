"""Le duel selon la longueur : personne ne juge ce qu'il a lu, chacun lit autant, et un réseau s'y mesure comme un n-gramme."""

from dataclasses import replace

import pytest
from small import TEXT, small_model, small_tokenizer

from aurore import models, settings
from aurore.ngram import CharacterNgram
from benchmarks import duel

WORKS = {
    author: {
        f"Œuvre {rank}": f"{word} {author.lower()} passe le gué du moulin {rank} et chante. " * 60 for rank in range(4)
    }
    for author, word in (("Une", "prairie"), ("Deux", "charbon"))
}


@pytest.fixture
def shorter(monkeypatch):
    monkeypatch.setattr(duel, "LENGTHS", {200: 3, 900: 1})


def test_every_work_is_judged_once_by_rivals_who_have_not_read_it(shorter):
    read = []

    def learn(text):
        read.append(text)
        return CharacterNgram(text)

    verdicts = duel.duel(WORKS, 4_000, learn)
    assert {length: len(found) for length, found in verdicts.items()} == {200: 24, 900: 8}
    assert all(verdict.decided == verdict.author for found in verdicts.values() for verdict in found)
    assert len({len(text) for text in read}) == 1 and len(read) == 2 * duel.DUEL_FOLDS
    for part in range(duel.DUEL_FOLDS):
        assert all(f"moulin {part}" not in text for text in read[2 * part : 2 * part + 2])
        assert {passage.work for _, passage in duel.aside(WORKS, part)} == {f"Œuvre {part}"}


def test_a_specialised_network_is_less_surprised_by_what_it_has_read(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", tmp_path / "embarqué")
    models.export_model(small_model(), small_tokenizer(), settings.EMBEDDED_MODEL)
    monkeypatch.setattr(duel, "CONTEXT", 32)
    monkeypatch.setattr(duel, "RECIPE", replace(duel.RECIPE, epochs=3))
    before = duel.Tuned(*models.load_model(settings.EMBEDDED_MODEL)).bits_per_character(TEXT[:300])
    assert duel.tuned(TEXT * 3).bits_per_character(TEXT[:300]) < before


def test_a_row_per_method_and_length(shorter, monkeypatch):
    monkeypatch.setattr(duel, "tuned", CharacterNgram)
    rows = list(duel.run(WORKS))
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (name, length, number)
        for name in ("5-grammes", "aurore-base spécialisé")
        for length, number in ((200, 24), (900, 8))
    ]
    assert {cell for row in rows for cell in row[3:]} == {"1,000 [1,000 ; 1,000]"}
