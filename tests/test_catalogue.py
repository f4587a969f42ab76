"""Choisir un modèle : l'extrait de catalogue, les noms des documents, les fiches."""

import itertools

import pytest

from aurore import catalogue, configurations, settings
from aurore.settings import AuroreError

FIELDS = {"name", "language", "task", "licence", "parameters", "data", "books", "card"}


def test_the_extract_says_the_same_of_every_model():
    found = catalogue.search_result()
    assert [model["name"] for model in found] == sorted(model["name"] for model in found)
    assert all(FIELDS <= set(model) <= FIELDS | {"note"} for model in found)
    assert all(2019 <= model["card"] <= 2025 for model in found)


def test_its_sizes_are_those_of_the_configurations():
    known = {model["name"]: model["parameters"] for model in catalogue.search_result()}
    for name in set(known) & set(configurations.names()):
        assert known[name] == configurations.count(configurations.read(name)), name
    medium = {"model_type": "gpt2", "vocab_size": 32000, "n_positions": 1024, "n_embd": 1024, "n_layer": 24}
    tiny = {"model_type": "gpt2", "vocab_size": 50257, "n_positions": 1024, "n_embd": 2, "n_layer": 2}
    assert known["rinna/japanese-gpt2-medium"] == configurations.count(medium)
    assert known["sshleifer/tiny-gpt2"] == configurations.count(tiny)


def test_the_137_millions_of_the_hub_are_weights_and_masks():
    """Ce que le Hub compte, ce sont les tenseurs du fichier : douze masques causaux de 1 024 × 1 024 s'y trouvaient."""
    weights = configurations.count(configurations.read("dbddv01/gpt2-french-small"))
    assert round((weights + 12 * 1024 * 1024) / 1e6) == 137


def test_the_shortlist_does_not_depend_on_the_order_of_the_answer():
    found = catalogue.search_result()
    expected = ["asi/gpt-fr-cased-small", "antoinelouis/belgpt2", "benjamin/gpt2-wechsel-french"]
    assert catalogue.shortlist(found, "fr", 200_000_000) == expected
    assert catalogue.shortlist(found[::-1], "fr", 200_000_000) == expected
    assert catalogue.shortlist(found, "fr", 1_000_000) == []


LENGTHS = (2, 3, 3.7, 4.5)  # caractères par token


def test_equal_models_have_very_different_perplexities():
    """Annexe D : à 1,281 bit par caractère, la perplexité va de 5,9 à 54,4 selon le découpage."""
    assert [round(2 ** (1.281 * length), 1) for length in LENGTHS] == [5.9, 14.4, 26.7, 54.4]


def test_the_best_model_may_have_the_worst_perplexity():
    rows = [
        {"name": str(length), "perplexity": 2 ** (bits * length), "tokens": 9000 / length, "characters": 9000}
        for length, bits in zip(LENGTHS, (1.31, 1.30, 1.29, 1.28), strict=True)
    ]
    assert sorted(rows, key=lambda row: row["perplexity"]) == rows
    for order in itertools.permutations(rows):
        assert catalogue.rank(order) == ["4.5", "3.7", "3", "2"]


def test_the_names_that_do_not_exist_are_told():
    assert "dbddv01/gpt2-french-small" in catalogue.advice("dbddv01/gpt2-french")
    assert "introuvable" in catalogue.advice("antoil/gpt2-small-french")
    assert catalogue.advice("openai-community/gpt2") == catalogue.advice("GPT-3") == ""
    assert all(
        {"name", "verdict", "instead"} <= set(entry) <= {"name", "verdict", "instead", "missing"}
        for entry in catalogue.documented_names()
    )


@pytest.mark.parametrize("folder", [settings.EMBEDDED_MODEL, settings.SAND_MODEL], ids=lambda folder: folder.name)
def test_our_cards_say_what_a_card_must_say(folder):
    card = catalogue.read_card(folder)
    assert (card["langue"], card["licence"], card["tâche"]) == ("fr", "mit", "text-generation")


def test_a_card_without_a_header_or_missing_is_told(tmp_path):
    (tmp_path / "README.md").write_text("# Un modèle\n\n## Limites\n\nAucune mesure.\n", encoding="utf-8")
    card = catalogue.read_card(tmp_path)
    assert card["licence"] == "non dite" and card["parties"] == "modèle, limites"
    (tmp_path / "README.md").unlink()
    with pytest.raises(AuroreError, match="n'a pas de fiche"):
        catalogue.read_card(tmp_path)
