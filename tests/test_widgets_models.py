"""Les figures de la leçon 06 disent ce qu'elles montrent, et rien d'inexact."""

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from aurore import catalogue, configurations, models, settings
from aurore.widgets import models as figures

GPT2 = "openai-community/gpt2"


def on_meta(config):
    known = {name: value for name, value in config.items() if name not in ("architectures", "torch_dtype")}
    with torch.device("meta"):
        return GPT2LMHeadModel(GPT2Config(**known))


def test_the_catalogue_is_sorted_and_filtered():
    panel = figures.catalogue_panel()
    assert "13 réponses" in repr(panel) and "<table" in panel._repr_html_()
    french = figures._catalogue("français", "par poids")
    names = [row[0] for row in french.rows]
    assert len(names) == 4 and names[0] == "asi/gpt-fr-cased-small"
    assert {row[2] for row in french.rows} == {"mit", "apache-2.0", "non dite"}
    assert figures._catalogue("toutes", "par poids").rows[0][0] == "sshleifer/tiny-gpt2"
    years = [row[4] for row in figures._catalogue("toutes", "par année").rows]
    assert years == sorted(years)


def test_the_card_answers_the_questions():
    table = figures.card_table(settings.EMBEDDED_MODEL)
    assert dict(table.rows)["licence"] == "mit" and "aurore-base" in table.caption


@pytest.mark.parametrize("name", configurations.names())
def test_the_layers_add_up(name):
    *rows, total = figures.layers_table(name).rows
    assert sum(row[3] for row in rows) == total[3] == configurations.count(configurations.read(name))


def test_what_fits_to_read_may_not_fit_to_train():
    rows = {name: (reading, training) for name, _, reading, training in figures.needs_table().rows}
    assert rows[GPT2] == ("0,50", "1,99")
    assert rows["microsoft/phi-1_5"] == ("5,67", "23") and rows["mistralai/Mistral-7B-Instruct-v0.1"] == ("29", "116")


def test_the_three_counts_are_those_of_the_annex():
    rows = figures.three_counts_table(on_meta(configurations.read(GPT2))).rows
    assert [row[1] for row in rows] == [124_439_808, 163_037_184, 137_022_720]


def test_every_field_of_the_configuration_is_explained():
    assert set(figures.FIELDS) == set(configurations.read(GPT2))
    assert len(figures.fields_table().rows) == 30


@pytest.mark.parametrize("field", figures.FIELDS)
def test_a_field_changes_the_number_of_weights_or_does_not(field):
    """transformers le dit : on change le champ, on compte."""
    small = configurations.read(GPT2) | {"vocab_size": 300, "n_positions": 32, "n_embd": 48, "n_layer": 2, "n_head": 4}
    others = {"activation_function": "relu", "summary_type": "last", "n_head": 6, "model_type": "gpt2", "n_inner": 10}
    value = small[field]
    changed = others.get(
        field, not value if isinstance(value, bool) else value * 2 if isinstance(value, int) else value
    )

    def count(config):
        return sum(w.numel() for w in on_meta(config).parameters())

    assert (count(small) != count(small | {field: changed})) == figures.FIELDS[field][1]


def test_the_summary_fields_change_no_logit():
    """Annexe D : ôter summary_* ne change rien."""
    torch.manual_seed(0)
    small = {"vocab_size": 50, "n_positions": 16, "n_embd": 16, "n_layer": 1, "n_head": 2}
    given = {name: value for name, value in configurations.read(GPT2).items() if name.startswith("summary_")}
    one, other = GPT2LMHeadModel(GPT2Config(**small)).eval(), GPT2LMHeadModel(GPT2Config(**small, **given)).eval()
    other.load_state_dict(one.state_dict())
    ids = torch.arange(10)[None]
    assert torch.equal(one(ids).logits, other(ids).logits)


def test_two_rankings_are_shown_side_by_side():
    rows = [
        {"name": "lettres", "perplexity": 18.0, "tokens": 100, "characters": 100},
        {"name": "data/models/aurore-base", "perplexity": 40.0, "tokens": 30, "characters": 100},
    ]
    assert [line[3:] for line in figures.rankings_table(rows).rows] == [(1, 2), (2, 1)]
    assert models.rank(rows)[0] == "data/models/aurore-base"


def test_every_name_has_its_sentence():
    rows = figures.names_table().rows
    assert len(rows) == len(catalogue.documented_names()) and all(len(cell) > 5 for row in rows for cell in row[1:])
