"""La figure d'une phrase : ses nombres sont ceux de transformers, elle se lit sans noyau et sans widget."""

import json
import re

import pytest
import torch
from small import small_model, small_tokenizer

from aurore import gpt
from aurore.settings import AuroreError
from aurore.widgets import gpt_trace

TEXT = "Le meunier chantait"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modele")
    reference = small_model()
    reference.save_pretrained(folder)
    reference.set_attn_implementation("eager")  # la seule qui rende ses poids
    return gpt.GPT.from_folder(folder), reference


@pytest.fixture(scope="module")
def found(pair):
    return gpt_trace.trace(pair[0], small_tokenizer(), TEXT)


@torch.no_grad()
def test_every_number_is_that_of_transformers(pair, found):
    _, reference = pair
    outputs = reference(torch.tensor([found.ids]), output_attentions=True, output_hidden_states=True)
    weights = torch.stack(outputs.attentions)[:, 0]
    assert torch.allclose(torch.tensor(found.attention), weights, atol=2e-4)
    # transformers norme le dernier état ; les précédents sont le vecteur tel qu'il passe d'un bloc à l'autre.
    states = torch.stack(outputs.hidden_states[:-1])[:, 0]
    assert torch.allclose(torch.tensor(found.norms)[:-1], states.norm(dim=-1), atol=2e-3)
    assert torch.allclose(torch.tensor(found.vectors)[:-1], states[..., : gpt_trace.NUMBERS], atol=2e-4)
    logits = outputs.logits[0]
    for scores, row in zip(logits, found.following, strict=True):
        best = scores.topk(gpt_trace.SHOWN).values
        assert torch.allclose(torch.tensor([score for _, score, _ in row]), best, atol=2e-3)
        assert torch.allclose(
            torch.tensor([chance for _, _, chance in row]), scores.softmax(-1).topk(gpt_trace.SHOWN).values, atol=2e-3
        )
    assert [guess[0] for guess in found.guesses[-1]] == [row[0][0] for row in found.following]


@pytest.mark.parametrize("text", ["", "meunier " * 60])
def test_a_sentence_that_cannot_be_drawn_is_told(pair, text):
    with pytest.raises(AuroreError, match="de 1 à 24 tokens"):
        gpt_trace.trace(pair[0], small_tokenizer(), text)


def test_it_reads_without_a_kernel(pair, found):
    figure = gpt_trace.sentence_trace(pair[0], small_tokenizer(), TEXT)
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    chosen = found.following[-1][0][0]
    assert f"« {chosen} »" in bundle["text/plain"] and TEXT in bundle["text/plain"]
    html = bundle["text/html"]
    assert "<script" not in html and html.count("<table") == 3
    for token in found.tokens:
        assert token in html


def test_what_is_typed_is_shown_as_text(pair):
    html = gpt_trace.sentence_trace(pair[0], small_tokenizer(), "<b>&'")._repr_html_()
    assert "<b>" not in html


def test_the_panel_follows_the_sentence_and_keeps_the_last_good_one(pair):
    figure = gpt_trace.sentence_trace(pair[0], small_tokenizer(), TEXT)
    panel = figure.widget()
    panel.text = "Il pleut"
    assert json.loads(panel.data)["ids"] == small_tokenizer()("Il pleut")["input_ids"] and not panel.error
    before = panel.data
    panel.text = ""
    assert panel.data == before and "vide" in panel.error


def test_the_script_stays_on_the_machine():
    script = (gpt_trace._STATIC / "gpt_trace.js").read_text(encoding="utf-8")
    assert not re.search(r"https?://|innerHTML|eval\(", script)
