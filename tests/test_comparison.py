"""Comparer des modèles sur un même texte."""

import math

import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import catalogue, comparison, evaluation, models, pull, settings
from aurore.settings import AuroreError


@pytest.fixture
def two(tmp_path):
    folders = []
    for seed, name in enumerate(("un", "deux")):
        torch.manual_seed(seed)
        models.export_model(small_model(), small_tokenizer(), tmp_path / name)
        folders.append(tmp_path / name)
    return folders


def test_the_best_comes_first_and_the_figures_are_those_of_the_score(two):
    text = TEXT[:600]
    found = comparison.compare(two, text, length=5)
    bits = [one.score.bits_per_character for one in found]
    assert bits == sorted(bits) and {one.score.characters for one in found} == {600}
    model, cutter = models.load_model(found[0].name)
    assert found[0].score == evaluation.score(model, cutter, text)
    assert found[0].weights == sum(weight.numel() for weight in model.parameters())
    assert found[0].bytes_to_read == sum(weight.numel() * weight.element_size() for weight in model.parameters())
    assert found[0].sample.startswith(comparison.PROMPT)
    assert catalogue.rank([one.row() for one in found]) == [one.name for one in found]


def test_the_letter_table_is_the_frequency_of_letters():
    row = comparison.letters("ab" * 500, "abab")
    assert row["perplexity"] == pytest.approx(2, rel=0.01) and row["tokens"] == row["characters"] == 4
    assert math.isfinite(comparison.letters("ab", "z")["perplexity"])


def test_models_at_hand_ask_for_no_network(home, monkeypatch):
    monkeypatch.setattr(pull, "hub_answers", lambda *_: pytest.fail("rien à demander au Hub"))
    embedded = comparison.at_hand()
    assert embedded == [settings.EMBEDDED_MODEL, settings.SAND_MODEL]


def test_starting_from_french_costs_fewer_tokens_and_fewer_bits():
    french = TEXT * 2
    profile = settings.PROFILES["test"]
    english, ours = comparison.two_routes(french, TEXT, TEXT[:1500], profile, steps=4)
    assert ours.tokens_per_word < english.tokens_per_word
    assert ours.before < english.before and english.after < english.before
    with pytest.raises(AuroreError, match="Il faut trois textes"):
        comparison.two_routes("", TEXT, TEXT, profile, 1)
