"""Les figures de la leçon 02 : ce qu'on tape se découpe pour de vrai, et se lit sans la couleur."""

import re

import pytest
from small import TEXT, small_tokenizer

from aurore import show
from aurore import tokenizer as bpe
from aurore.show import PALETTE, french_number
from aurore.widgets import tokenizer as figures


@pytest.fixture(scope="module")
def tokenizers():
    english = bpe.train_tokenizer(["The miller was singing by the water.\n" * 40], 320)
    return {"anglais": english, "français": small_tokenizer()}


def pieces(page, name):
    """Les tokens montrés pour un tokenizer, sans leur rang."""
    row = re.search(rf"<section aria-label='Découpage : {name}'>.*?</section>", page, re.DOTALL).group()
    return re.findall(r"<span [^>]*>(.*?)<sub", row)


def test_what_is_typed_is_cut_at_once(tokenizers):
    field, page = figures.tokens_plate(tokenizers, "Le meunier").widget().children
    first = page.value
    assert pieces(first, "français") == [figures.visible(token) for token in small_tokenizer().tokenize("Le meunier")]
    field.value = "la meunière"
    assert page.value != first
    assert pieces(page.value, "français") == [figures.visible(t) for t in small_tokenizer().tokenize("la meunière")]
    assert len(pieces(page.value, "anglais")) > len(pieces(page.value, "français"))
    field.value = "Le meunier"
    assert page.value == first


@pytest.mark.parametrize("text", ["", " ", "<b> & 'é' \"", "😀 e\u0301\u202f?\u00a0\n\t", "eau " * 200])
def test_nothing_that_can_be_typed_breaks_the_page(tokenizers, text):
    field, page = figures.tokens_plate(tokenizers, "").widget().children
    field.value = text
    assert page.value.count("<section") == 2 and "<b>" not in page.value
    assert field.value == text or "\n" in text


def test_a_very_long_text_is_cut_and_says_so(tokenizers):
    view = figures.tokens_plate(tokenizers, "zythum " * 200)
    total = len(small_tokenizer()("zythum " * 200)["input_ids"])
    assert f"… et {total - figures.SHOWN} de plus" in view._repr_html_()
    assert len(pieces(view._repr_html_(), "français")) == figures.SHOWN


def test_colour_is_never_alone(tokenizers):
    """Rang, cadre et nombre de tokens disent la même chose que la couleur."""
    page = figures.tokens_plate(tokenizers, "Le meunier dort.")._repr_html_()
    spans = re.findall(r"<span [^>]*>.*?</span>", page)
    assert spans and all("border:1px solid" in span and "<sub" in span for span in spans)
    ranks = [int(rank) for rank in re.findall(r"<sub[^>]*>(\d+)</sub>", page)]
    counts = [int(count) for count in re.findall(r"(\d+) tokens", page)]
    assert ranks == [rank for count in counts for rank in range(count)]
    assert all(span.split("background:")[1][:7] in PALETTE for span in spans)


@pytest.mark.parametrize(
    ("token", "shown"),
    [("Ġeau", "␣eau"), ("Ã©", "é"), ("Ã", "⟨C3⟩"), ("ĠÃ", "␣⟨C3⟩"), ("Ċ", "↵"), (" mot", "␣mot"), ("âĢ¯", "⍽")],
)
def test_a_token_is_shown_as_it_reads(token, shown):
    assert figures.visible(token) == shown


def test_text_stands_for_the_page_where_there_is_no_front_end(tokenizers):
    view = figures.tokens_plate(tokenizers, "Le meunier")
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert re.search(r"^anglais, \d+ tokens : .* \| ", bundle["text/plain"])


def test_a_front_end_gets_the_field_and_the_fallback(tokenizers, monkeypatch):
    monkeypatch.setattr(show, "in_a_notebook", lambda: True)
    bundle = figures.tokens_plate(tokenizers, "Le meunier")._repr_mimebundle_()
    assert {"text/html", "application/vnd.jupyter.widget-view+json"} < set(bundle)


def test_fertility_figures_are_those_of_the_measure(tokenizers):
    plate = figures.fertility_plate(tokenizers, {"livre": TEXT})
    for name, tokenizer in tokenizers.items():
        assert f"{name} {french_number(bpe.tokens_per_word(tokenizer, TEXT), 2)}" in plate.text
    assert plate.text in plate._repr_html_() and "data:image/png" in plate._repr_html_()
