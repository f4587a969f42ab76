"""Les figures de la leçon 05 : leurs nombres sont ceux de la mesure, et se lisent sans l'image."""

import math
import re

import pytest
import torch
from small import small_tokenizer

from aurore import gpt, show
from aurore.widgets import gpt as figures


@pytest.fixture(scope="module")
def model():
    found = gpt.GPT(gpt.Dimensions(len(small_tokenizer()), 64, 16, 2, 2)).eval()
    for weight in found.parameters():
        weight.data += 0.3 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(weight.numel()))
    return found


IDS = torch.tensor([[5, 9, 200, 31, 7]])


@torch.no_grad()
def test_the_table_says_the_gap_of_each_near_miss(model):
    expected = model(IDS)
    table = figures.near_misses_table(model, IDS, expected, n=5)
    assert [row[0] for row in table.rows] == ["le nôtre", *gpt.NEAR_MISSES]
    assert table.rows[0] == ("le nôtre", "moins de 0,0001", "oui")
    for name, shown, same in table.rows[1:]:
        altered = gpt.near_miss(model, name)
        gap = (altered(IDS) - expected).abs().max().item()
        if gap < 1e-4:
            assert shown == "moins de 0,0001"
        else:
            said = float(shown.replace(",", ".").replace(show.NARROW, ""))
            assert said == pytest.approx(gap, rel=0.5 if gap < 1 else 0.34)
        assert same == ("oui" if torch.equal(gpt.complete(altered, IDS, 5), gpt.complete(model, IDS, 5)) else "non")


def test_the_diary_writes_after_the_same_prompt_at_each_stage(model):
    diary = figures.Diary(model, small_tokenizer(), "Le meunier", every=10, n=4)
    for step in range(21):
        diary(step)
    assert list(diary.texts) == [0, 10, 20] and len(set(diary.texts.values())) == 1
    curve = [gpt.Point(step, step / 10, 5.0 - step / 10) for step in range(20)]
    plate = figures.training_plate(curve, diary, 300)
    assert "En 20 pas et 2 secondes, la perte passe de 5,00 à 3,30" in plate.text
    assert plate.text.count("« ") == 3 and "data:image/png" in plate._repr_html_()


def test_the_speeds_are_of_one_and_the_same_text(model):
    text = figures.cache_plate(model, IDS, 6).text
    assert text.startswith("Le même texte, 6 tokens.")
    assert len(re.findall(r"(sans cache|avec le cache|en devinant), \d", text)) == 3


def test_rivals_are_shown_with_their_losses():
    text = figures.rivals_plate({"table": 4.337, "GPT": 3.5}, 1024).text
    assert f"au hasard {show.french_number(math.log(1024), 2)}" in text
    assert "table, 4,34 ; GPT, 3,50" in text


def test_attention_recalls_what_a_recurrent_network_has_lost():
    text = figures.recall_plate((2, 12), steps=80, vocab_size=8).text
    rates = {name: [int(rate) for rate in re.findall(r"(\d+) % à", part)] for name, part in re.findall(r"(GPT|récurrent) ((?:\d+ % à \d+(?:, )?)+)", text)}  # fmt: skip
    assert set(rates) == {"GPT", "récurrent"} and all(len(found) == 2 for found in rates.values())
    assert rates["GPT"][1] > 90 and rates["récurrent"][1] < 60
    assert "Au hasard : 14 %" in text
