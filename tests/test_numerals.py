"""Les nombres en lettres : l'orthographe de num2words, deux masques qui cachent ce qu'ils disent, un traducteur qui apprend."""

import math
import random

import pytest
import torch
from num2words import num2words

from aurore import numerals
from aurore.settings import AuroreError

FIRST = [*range(1200), 9_999, 80_000, 80_080, 100_000, 200_000, 200_200, 999_999]


@pytest.fixture(scope="module")
def untrained():
    torch.manual_seed(0)
    return numerals.Translator(numerals.SOURCE_SIZE, numerals.TARGET_SIZE, width=32, n_heads=2).eval()


def test_numbers_are_spelled_as_num2words_does():
    drawn = random.Random(0).sample(range(numerals.LARGEST), 2000)
    for number in (*FIRST, *drawn):
        assert numerals.spell(number) == num2words(number, lang="fr"), number


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_a_number_out_of_range_is_refused(number):
    with pytest.raises(AuroreError, match="de 0 à 999999"):
        numerals.spell(number)


def test_two_numbers_never_have_the_same_words():
    words = {tuple(numerals.split_words(numerals.spell(number))) for number in range(100_000)}
    assert len(words) == 100_000


def test_targets_come_back_whole():
    for number in FIRST:
        assert numerals.decode_target(numerals.encode_target(number)) == str(number)


@pytest.mark.parametrize(
    ("text", "word"), [("trois septante", "septante"), ("", "aucun"), ("12", "aucun"), ("🙂", "aucun")]
)
def test_a_text_that_is_not_a_number_is_told(text, word):
    with pytest.raises(AuroreError, match=word):
        numerals.encode_source(text)


def test_capitals_and_spelling_reforms_are_read():
    assert numerals.encode_source("Quatre-Vingt-Dix-Sept") == numerals.encode_source("quatre vingt dix sept")
    assert numerals.encode_source("vingt-et-un") == numerals.encode_source("vingt et un")


def test_the_decoder_sees_the_target_one_sign_late():
    targets = torch.tensor([[5, 6, 2, 0]])
    assert numerals.shift_right(targets).tolist() == [[numerals.BEGIN, 5, 6, 2]]


def test_what_will_be_written_changes_nothing_before(untrained):
    source, target = numerals.batch([4321])
    written = numerals.shift_right(target)
    changed = written.clone()
    changed[0, 3] = 9
    before, after = untrained(source, written), untrained(source, changed)
    assert torch.allclose(before[:, :3], after[:, :3], atol=1e-6) and not torch.allclose(before[:, 3], after[:, 3])


def test_padding_changes_nothing(untrained):
    alone = numerals.batch([7])
    together = numerals.batch([7, 999_999])
    short = untrained(alone[0], numerals.shift_right(alone[1]))
    padded = untrained(together[0], numerals.shift_right(together[1]))
    assert torch.allclose(short[0], padded[0, : short.shape[1]], atol=1e-5)


def test_the_loss_does_not_count_padding():
    logits, target = torch.randn(1, 4, 13), torch.tensor([[5, 2, 0, 0]])
    expected = torch.nn.functional.cross_entropy(logits[0, :2], target[0, :2])
    assert torch.allclose(numerals.translation_loss(logits, target), expected)


def test_cross_attention_is_drawn_from_what_the_model_computes(untrained):
    source, target = numerals.batch([97])
    weights = untrained.cross_weights(source, numerals.shift_right(target))
    assert weights.shape == (2, 2, target.shape[1], source.shape[1])
    assert torch.allclose(weights.sum(-1), torch.ones_like(weights.sum(-1)), atol=1e-5)


def test_numbers_kept_aside_are_never_learned():
    learned = numerals.draw_numbers(3000, random.Random(1))
    judged = numerals.draw_numbers(300, random.Random(1), keep_held_out=True)
    assert not set(learned) & set(judged)
    assert {len(str(number)) for number in judged} >= set(range(2, 7))


def test_it_learns_and_a_second_run_learns_the_same():
    runs = [numerals.train_translator(steps=60, every=30) for _ in range(2)]
    assert runs[0].reports == runs[1].reports and runs[0].steps == [30, 60]
    assert runs[0].reports[-1].loss < runs[0].reports[0].loss < math.log(numerals.TARGET_SIZE)


def test_a_perfect_writer_is_scored_one(untrained, monkeypatch):
    numbers = [5, 97, 12345]
    perfect = numerals.batch(numbers)[1]
    monkeypatch.setattr(numerals, "write", lambda model, source, longest: perfect)
    assert numerals.evaluate(untrained, numbers).exact_match == 1.0
