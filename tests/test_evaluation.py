"""Les mesures, comparées à des oracles : un calcul token par token, transformers, un modèle uniforme."""

import math

import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import evaluation
from aurore.settings import AuroreError


def naive_nats(model, tokenizer, text, context=None):
    """Un token à la fois, avec le contexte qu'annonce `score` : fenêtres avançant d'un demi-contexte."""
    ids = [tokenizer.eos_token_id, *tokenizer(text)["input_ids"]]
    context = context or model.config.n_positions
    stride, total = context // 2, 0.0
    for target in range(1, len(ids)):
        window = max(0, math.ceil((target - context) / stride))
        with torch.inference_mode():
            logits = model(torch.tensor([ids[window * stride : target]])).logits[0, -1]
        total -= float(torch.log_softmax(logits, -1)[ids[target]])
    return total


@pytest.mark.parametrize("characters", [1, 40, 160, 400])
def test_score_equals_a_token_by_token_computation(characters):
    model, tokenizer = small_model(), small_tokenizer()
    found = evaluation.score(model, tokenizer, TEXT[:characters], batch_size=3)
    assert found.nats == pytest.approx(naive_nats(model, tokenizer, TEXT[:characters]), rel=1e-4)
    assert found.tokens == len(tokenizer(TEXT[:characters])["input_ids"])
    assert found.characters == characters


def test_a_shorter_context_can_be_asked_for():
    model, tokenizer = small_model(), small_tokenizer()
    context = model.config.n_positions // 4
    found = evaluation.score(model, tokenizer, TEXT[:400], context=context)
    assert found.nats == pytest.approx(naive_nats(model, tokenizer, TEXT[:400], context), rel=1e-4)
    assert found.nats != pytest.approx(evaluation.score(model, tokenizer, TEXT[:400]).nats, rel=1e-6)


def test_one_window_equals_the_loss_of_transformers():
    model, tokenizer = small_model(), small_tokenizer()
    text = TEXT[:60]
    ids = torch.tensor([[tokenizer.eos_token_id, *tokenizer(text)["input_ids"]]])
    with torch.inference_mode():
        loss = float(model(ids, labels=ids).loss)
    assert math.log(evaluation.score(model, tokenizer, text).perplexity) == pytest.approx(loss, rel=1e-4)


def test_a_uniform_model_scores_the_logarithm_of_its_vocabulary():
    model, tokenizer = small_model(), small_tokenizer()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    found = evaluation.score(model, tokenizer, TEXT[:500])
    assert found.perplexity == pytest.approx(len(tokenizer), rel=1e-4)
    assert found.bits_per_character == pytest.approx(
        math.log2(len(tokenizer)) * found.tokens / found.characters, rel=1e-4
    )


def test_batch_size_does_not_change_the_score():
    model, tokenizer = small_model(), small_tokenizer()
    one, many = (evaluation.score(model, tokenizer, TEXT[:900], batch_size=size) for size in (1, 8))
    assert one.nats == pytest.approx(many.nats, rel=1e-5)
    assert one.correct == many.correct


def test_empty_text_is_refused():
    with pytest.raises(AuroreError, match="vide"):
        evaluation.score(small_model(), small_tokenizer(), "")


@pytest.mark.parametrize(
    ("context", "continuation", "shared"),
    [("Le meunier", " regardait", ["Le", " meunier"]), ("", "Le", []), ("Le m", "eunier.", ["Le"])],
    ids=["à la frontière", "sans début", "un token à cheval"],
)
def test_a_continuation_equals_a_token_by_token_computation(context, continuation, shared):
    model, tokenizer = small_model(), small_tokenizer()
    whole = tokenizer(context + continuation)["input_ids"]
    assert [tokenizer.decode([token]) for token in whole[: len(shared)]] == shared
    expected = 0.0
    for position in range(len(shared), len(whole)):
        read = torch.tensor([[tokenizer.eos_token_id, *whole[:position]]])
        with torch.inference_mode():
            expected -= float(torch.log_softmax(model(read).logits[0, -1], -1)[whole[position]])
    found = evaluation.score_continuation(model, tokenizer, context, continuation)
    assert found.nats == pytest.approx(expected, rel=1e-4)
    assert (found.tokens, found.characters) == (len(whole) - len(shared), len(continuation))


def test_a_continuation_that_does_not_fit_or_is_empty_is_refused():
    model, tokenizer = small_model(), small_tokenizer()
    with pytest.raises(AuroreError, match="vide"):
        evaluation.score_continuation(model, tokenizer, "Le meunier", "")
    with pytest.raises(AuroreError, match="64"):
        evaluation.score_continuation(model, tokenizer, TEXT[:900], " Fin.")


@pytest.mark.parametrize(
    ("passage", "source", "expected"),
    [
        ("xxabcdyy", "--abcd--", "abcd"),
        ("abc", "zzz", ""),
        ("", "abc", ""),
        ("abcabcd", "abcd", "abcd"),
        ("la mare au diable", "au bord de la mare au loup", "la mare au "),
    ],
)
def test_longest_copied_span(passage, source, expected):
    assert evaluation.longest_copied_span(passage, source) == expected


def test_longest_copied_span_agrees_with_brute_force():
    import random

    draw = random.Random(0)
    for _ in range(50):
        passage, source = ("".join(draw.choices("abc", k=k)) for k in (20, 60))
        spans = [passage[i:j] for i in range(20) for j in range(i + 1, 21) if passage[i:j] in source]
        assert len(evaluation.longest_copied_span(passage, source)) == max(map(len, spans), default=0)
