"""Les figures de la leçon 08 : elles disent ce qu'elles montrent, et mesurent ce qu'elles annoncent."""

import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import beams, generation
from aurore.show import Live, Plate, Table
from aurore.widgets import generation as figures

PROMPTS = ["Le", "La meunière chantait", "— Eh bien !"]


@pytest.fixture(scope="module")
def pair():
    return small_model(), small_tokenizer()


def figures_of(pair):
    model, tokenizer = pair
    logits = torch.linspace(-3, 3, len(tokenizer))
    ids = tokenizer(TEXT)["input_ids"]
    trials = generation.try_settings(model, tokenizer, "Le", list(figures.MODES.values()), 5)
    return {
        "chances": figures.chances_plate(logits, tokenizer),
        "modes": figures.modes_table(trials),
        "nine": figures.nine_table(),
        "repeats": figures.repeats_table(model, tokenizer, PROMPTS, 12),
        "forbidden": figures.forbidden_table(ids, "un livre"),
        "cleanings": figures.cleanings_table(tokenizer),
        "padding": figures.padding_table(model, tokenizer, PROMPTS, 6),
        "tree": figures.beam_tree(model, tokenizer, "Le", 2, 3),
        "prompts": figures.prompts_table(model, tokenizer, 4),
        "guard": figures.guard_table(),
        "bias": figures.bias_plate(model, tokenizer, "un modèle"),
    }


def test_every_figure_reads_without_a_kernel(pair):
    for name, figure in figures_of(pair).items():
        assert isinstance(figure, Plate | Table | Live), name
        html, text = figure._repr_html_(), repr(figure)
        assert len(text) > 60 and ("<img" in html or "<table" in html), name


def test_the_temperatures_are_those_told():
    logits = torch.zeros(320)
    logits[5] = 4.0
    text = repr(figures.chances_plate(logits, small_tokenizer(), (1.0, 2.0)))
    for temperature in (1.0, 2.0):
        chance = float((logits / temperature).softmax(-1)[5])
        assert figures.percent(chance) in text


def test_no_temperature_changes_what_beams_find(pair):
    trials = generation.try_settings(*pair, "Le meunier", list(figures.VARIANTS), 8)
    table = figures.ignored_table(trials)
    assert table.caption == "4 jeux de réglages, 1 texte"
    assert [row[1] for row in table.rows] == ["temperature", "temperature", "top_p", "top_p, top_k"]


def test_the_nine_settings_are_those_of_the_documents():
    names = [row[0].split("=")[0] for row in figures.nine_table().rows]
    assert names == ["input_ids", "max_length", "num_return_sequences", "num_beams", "temperature", "top_p", "top_k", "no_repeat_ngram_size", "early_stopping"]  # fmt: skip
    idle = generation.ignored_settings(dict.fromkeys(names, 0))
    told = [row[0].split("=")[0] for row in figures.nine_table().rows if row[2].startswith("sans")]
    assert told == idle, "la table et la fonction disent la même chose"


def test_top_k_does_not_cure_a_greedy_text(pair):
    rows = dict(figures.repeats_table(*pair, PROMPTS, 20).rows)
    assert rows["glouton"] == rows["glouton, top-k 50"]
    assert rows["glouton, suites de 3 interdites"] == "0,0\u202f%"


def test_only_decoding_what_is_new_keeps_the_good_answer():
    rows = figures.cleanings_table(small_tokenizer()).rows
    assert [right for *_, right in rows] == ["non"] * len(figures.CLEANINGS) + ["oui"]


def test_only_the_left_with_its_mask_gives_every_text_alone(pair):
    rows = dict(figures.padding_table(*pair, PROMPTS, 12).rows)
    assert rows["à gauche, avec le masque"] == "3 sur 3"
    assert rows["à droite, avec le masque"] != "3 sur 3"


def test_the_tree_tells_the_winner(pair):
    model, tokenizer = pair
    found = beams.search(model, tokenizer, "Le meunier", 3, 4)
    text = repr(figures.tree_plate(found, tokenizer, "Le meunier"))
    assert f"« {generation.answer(tokenizer, torch.tensor(found.best), 0).strip()} »" in text
    assert text.count("étape") == len(found.levels)
    tree = figures.beam_tree(model, tokenizer, "Le meunier", 3, 4)
    assert set(tree.controls()) == set(tree.values)


def test_the_guard_table_counts_its_own_mistakes():
    table = figures.guard_table()
    wrong = sum(row[1] != row[3] for row in table.rows)
    assert 0 < wrong < len(table.rows) and f"se trompe {wrong} fois" in table.caption
    assert {row[1] for row in table.rows if row[4]} == {"laisse passer", "refuse"}, "dans les deux sens"


def test_the_leanings_are_shares(pair):
    text = repr(figures.bias_plate(*pair, "un modèle"))
    assert all(f"{verb} " in text for verb in figures.VERBS)
