"""Les figures de la leçon 04 : leurs nombres sont ceux de la mesure, et se lisent sans l'image."""

import re

import pytest
import torch
from small import small_model, small_tokenizer

from aurore import attention, show
from aurore.lessons import LESSONS
from aurore.settings import AuroreError
from aurore.widgets import attention as figures

SENTENCE = "Le meunier regardait la roue."


@pytest.fixture(scope="module")
def view():
    return figures.heads_plate(small_model(), small_tokenizer(), SENTENCE)


def test_the_view_says_where_each_token_looks(view):
    ids = small_tokenizer()(SENTENCE, return_tensors="pt")["input_ids"]
    weights = attention.head_weights(small_model(), ids)[0, 0]
    said = re.findall(r"(\d+) \S+ → (\d+) \S+ (\d,\d\d)", repr(view))
    assert [int(looked) - 1 for _, looked, _ in said] == weights.argmax(-1).tolist()
    assert [shown for *_, shown in said] == [show.french_number(most, 2) for most in weights.amax(-1).tolist()]


def test_changing_the_sentence_the_block_or_the_head_redraws(view):
    sentence, block, head, page = view.widget().children
    seen = [page.value]
    block.value = 2
    seen.append(page.value)
    head.value = 2
    seen.append(page.value)
    sentence.value = "La meunière chantait."
    seen.append(page.value)
    assert len(set(seen)) == 4 and "Bloc 2, tête 2" in seen[-1]
    assert (block.min, block.max, head.min, head.max) == (1, 2, 1, 2)


@pytest.mark.parametrize("text", ["", "eau " * 100])
def test_a_sentence_that_cannot_be_drawn_says_so_in_place(view, text):
    sentence, *_, page = view.widget().children
    sentence.value = text
    assert "role='alert'" in page.value and f"de 1 à {figures.LONGEST}" in page.value
    sentence.value = SENTENCE
    assert "<img" in page.value


@pytest.mark.parametrize("text", ["😀 <b> & 'é'", " ", "日本", "a"])
def test_whatever_is_typed_is_drawn(view, text):
    sentence, *_, page = view.widget().children
    sentence.value = text
    assert "<img" in page.value and "<b>" not in page.value
    sentence.value = SENTENCE


def test_nothing_to_draw_raises_a_sentence():
    with pytest.raises(AuroreError, match="0 token\\."):
        repr(figures.heads_plate(small_model(), small_tokenizer(), ""))


def test_masks_read_without_the_image():
    text = figures.mask_plate({"causal": attention.causal_mask(3)}).text
    assert "causal : ●·· ●●· ●●●, soit 3 cases cachées" in text


def test_the_scale_is_measured():
    text = figures.scale_plate((4, 64)).text
    raw, scaled = re.findall(r"écart type (\S+) · (\S+) et entropie (\S+) · (\d,\d+)", text)
    raw, scaled = ([float(number.replace(",", ".")) for number in row] for row in (raw, scaled))
    assert raw[:2] == pytest.approx([2, 8], rel=0.05) and scaled[:2] == pytest.approx([1, 1], rel=0.05)
    assert raw[3] < 0.5 < 1.8 < scaled[3] < 2.3


def test_effects_name_the_heads_that_count():
    effects = torch.tensor([[0.1, -0.25], [2.0, 0.3], [0.0, 1.0]])
    text = figures.effects_plate(effects).text
    assert "bloc 2, tête 1 : +2,00 ; bloc 3, tête 2 : +1,00 ; bloc 2, tête 2 : +0,30" in text and "−0,25" in text


def test_all_heads_find_the_one_that_looks_back():
    weights = torch.full((2, 2, 4, 4), 0.25)
    weights[1, 0] = torch.eye(4).roll(-1, 1)
    assert "le token précédent : bloc 2, tête 1, poids moyen 1,00" in figures.all_heads_plate(weights).text


def test_similar_positions_are_measured():
    text = figures.similarity_plate({"sinusoïdes": attention.sinusoidal_positions(64, 32)}, longest=40).text
    unit = attention.sinusoidal_positions(64, 32) / 4
    assert f"sinusoïdes : {show.french_number((unit[0] @ unit[1]).item(), 2)} (± 0,00) à 1" in text


def test_costs_and_positions_have_their_text():
    assert re.search(r"Pour 16 · 32 tokens : à la main .* ms ; noyau", figures.cost_plate((16, 32)).text)
    assert "64 rangs, 64 colonnes" in figures.positions_plate().text


def test_every_chapter_has_its_lesson():
    rows = figures.chapters_table().rows
    assert len(rows) == 23 and [row[0].split(".")[0] for row in rows] == [str(rank) for rank in range(1, 24)]
    assert {row[1] for row in rows} <= {lesson.label for lesson in LESSONS}
