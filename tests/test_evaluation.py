"""Les mesures, comparées à des oracles : un calcul token par token, transformers, sacrebleu, jiwer, la force brute."""

import itertools
import math
import os
import random
import subprocess
import sys

import jiwer
import pytest
import sacrebleu
import torch
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from rouge_score import rouge_scorer
from small import TEXT, small_model, small_tokenizer

from aurore import corpus, evaluation, models, settings
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


MEASURED = """
import resource, sys
from small import TEXT, small_model, small_tokenizer
from aurore import evaluation
evaluation.PIECE = 50_000
model, tokenizer = small_model(), small_tokenizer()
for size in map(int, sys.argv[1:]):
    evaluation.score(model, tokenizer, (TEXT * (size // len(TEXT) + 1))[:size])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="le système ne dit pas le plus haut de la mémoire")
def test_memory_does_not_follow_the_length_of_the_text():
    """Un texte douze fois plus long prend quelques octets de plus par caractère : lui-même, et ses tokens."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "20000", "240000"],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    short, long = (int(line) * (1 if sys.platform == "darwin" else 1024) for line in done.stdout.split())
    assert long - short < 40_000_000  # les logits du texte entier en prendraient cent vingt


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
    draw = random.Random(0)
    for _ in range(50):
        passage, source = ("".join(draw.choices("abc", k=k)) for k in (20, 60))
        spans = [passage[i:j] for i in range(20) for j in range(i + 1, 21) if passage[i:j] in source]
        assert len(evaluation.longest_copied_span(passage, source)) == max(map(len, spans), default=0)


# --- Les lots, et ce qui n'y compte pas


SENTENCES = [
    "Le meunier regardait couler l'eau.",
    "La meunière chantait.",
    "Il pleut.",
    "— Eh bien ! dit-il, il pleut.",
]


def alone(sentence):
    """La perte de chaque token d'une phrase, et s'il est deviné, sans aucun remplissage."""
    model, tokenizer = small_model(), small_tokenizer()
    ids = torch.tensor([[tokenizer.eos_token_id, *tokenizer(sentence)["input_ids"]]])
    with torch.inference_mode():
        logits = model(ids).logits[0, :-1]
    return torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none"), logits.argmax(-1) == ids[0, 1:]


def test_a_padded_batch_is_judged_as_each_sentence_alone():
    batch = evaluation.read_batch(small_model(), small_tokenizer(), SENTENCES, 48)
    losses, right = (torch.cat(column) for column in zip(*map(alone, SENTENCES), strict=True))
    assert batch.perplexity == pytest.approx(math.exp(losses.mean()), rel=1e-4)
    assert batch.accuracy == pytest.approx(right.float().mean().item(), abs=1e-6)
    assert int(batch.counted.sum()) == len(losses)
    with torch.inference_mode():
        theirs = small_model()(batch.ids, labels=batch.labels).loss
    assert math.log(batch.perplexity) == pytest.approx(float(theirs), rel=1e-4)


def test_a_batch_that_cannot_be_read_says_so():
    with pytest.raises(AuroreError, match="aucun texte"):
        evaluation.read_batch(small_model(), small_tokenizer(), [])
    with pytest.raises(AuroreError, match="de 2 à 64"):
        evaluation.read_batch(small_model(), small_tokenizer(), SENTENCES, 65)


@pytest.mark.parametrize(("real", "share"), [(20, 0.59), (30, 0.64), (50, 0.69), (100, 0.74)])
def test_padding_explains_a_perplexity(real, share):
    """Les chiffres de la leçon, retrouvés en diluant pour de bon."""
    found = evaluation.padding_share(real, 3.37)
    assert found == pytest.approx(share, abs=0.005)
    pads = round(found * 100_000)
    losses = torch.cat([torch.zeros(pads), torch.full((100_000 - pads,), math.log(real))])
    assert evaluation.perplexity(losses, torch.ones(100_000, dtype=torch.bool)) == pytest.approx(3.37, abs=0.01)


# --- La distance entre deux textes, contre rapidfuzz, jiwer, sacrebleu et rouge-score


def random_texts(seed, number=200, letters="ab é", longest=40):
    draw = random.Random(seed)
    return ["".join(draw.choices(letters, k=draw.randint(1, longest))).strip() or "a" for _ in range(number)]


def pairs():
    versions = list(evaluation.VERSIONS.values())
    return [*itertools.product(versions, versions), *zip(random_texts(0), random_texts(1), strict=True)]


def test_the_edit_distance_is_that_of_rapidfuzz():
    for reference, found in pairs():
        assert evaluation.edit_distance(reference, found) == Levenshtein.distance(reference, found)
    assert evaluation.edit_distance("", "abc") == 3 and evaluation.edit_distance("abc", "") == 3


def test_error_rates_are_those_of_jiwer():
    for reference, found in pairs():
        assert evaluation.character_error_rate(reference, found) == pytest.approx(jiwer.cer(reference, found), abs=1e-6)
        assert evaluation.word_error_rate(reference, found) == pytest.approx(jiwer.wer(reference, found), abs=1e-6)
    for rate in (evaluation.character_error_rate, evaluation.word_error_rate):
        with pytest.raises(AuroreError, match="vide"):
            rate(" ", "a")


def test_bleu_is_that_of_sacrebleu():
    for reference, found in pairs():
        theirs = sacrebleu.corpus_bleu([found], [[reference]], tokenize="none", smooth_method="none").score
        assert evaluation.bleu(reference.split(), found.split()) == pytest.approx(theirs, abs=1e-6)
    assert evaluation.bleu(["a"], []) == 0


def test_rouge_l_is_that_of_rouge_score():
    class Words:
        def tokenize(self, text):
            return text.split()

    scorer = rouge_scorer.RougeScorer(["rougeL"], tokenizer=Words())
    for reference, found in pairs():
        theirs = scorer.score(reference, found)["rougeL"].fmeasure
        assert evaluation.rouge_l(reference.split(), found.split()) == pytest.approx(theirs, abs=1e-6)
    assert evaluation.rouge_l([], []) == 0


@given(st.text("abc", max_size=12), st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_the_edit_distance_is_a_distance(one, two, three):
    between = evaluation.edit_distance
    assert between(one, two) == between(two, one)
    assert (between(one, two) == 0) == (one == two)
    assert between(one, three) <= between(one, two) + between(two, three)


def test_the_three_versions_are_ranked_by_each_measure():
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    found = evaluation.compare_texts(model, tokenizer, evaluation.VERSIONS["correcte"], evaluation.VERSIONS)
    right, wrong, sms = found.values()
    assert (right.cer, right.wer, right.rouge_l) == (0, 0, 1) and right.bleu == pytest.approx(100)
    assert (wrong.cer, sms.cer) == pytest.approx((0.044, 0.329), abs=0.0005)
    assert (wrong.wer, sms.wer) == pytest.approx((0.172, 0.655), abs=0.0005)
    assert (wrong.bleu, sms.bleu) == pytest.approx((63, 8), abs=0.5)
    assert (wrong.rouge_l, sms.rouge_l) == pytest.approx((0.83, 0.37), abs=0.005)
    bits = [right.bits_per_character, wrong.bits_per_character, sms.bits_per_character]
    assert bits == sorted(bits) and bits[0] < 2 < bits[2]


def test_the_two_orders_of_the_words_disagree():
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    found = evaluation.word_distances(model, tokenizer)
    assert found["assise"][0] == pytest.approx(1)
    by_vector = sorted(found, key=lambda word: -found[word][0])
    by_surprise = sorted(found, key=lambda word: found[word][1])
    assert by_vector != by_surprise and set(by_vector) == set(by_surprise) == set(evaluation.WORDS)
    expected = evaluation.score_continuation(model, tokenizer, evaluation.OPENING, " debout").nats
    assert found["debout"][1] == pytest.approx(expected)


# --- La démarche scientifique, la diversité


def test_a_trial_keeps_its_book_aside_and_follows_its_seed():
    books = {"L'eau": TEXT[:1200], "La roue": TEXT[600:1800], "Le vent": "Wagons et kolkhozes ! " * 40}
    one, same = (evaluation.run_trial(books, "Le vent", "Zut, ô yak ! " * 60, 3, steps=12) for _ in range(2))
    other = evaluation.run_trial(books, "Le vent", "Zut, ô yak ! " * 60, 4, steps=12)
    assert one == same and one.bits != other.bits
    learnt, aside, _ = one.bits
    assert learnt < aside
    with pytest.raises(AuroreError, match="Le feu"):
        evaluation.run_trial(books, "Le feu", TEXT, 3)


def test_distinct_counts_all_the_texts_together():
    assert evaluation.distinct(["a b c", "d e f"], 2) == 1
    assert evaluation.distinct(["a b c"] * 10, 2) == pytest.approx(0.1)
    assert evaluation.distinct(["a b", "b a"], 2) == 1  # aucune suite ne passe d'un texte à l'autre
    assert evaluation.distinct(["a"], 2) == evaluation.distinct([], 1) == 0


def test_repetition_is_what_was_already_said():
    assert evaluation.repetition("a b c d e f g h") == 0
    assert evaluation.repetition("a b a b a b", 2) == pytest.approx(3 / 5)
    assert evaluation.repetition("a b", 4) == 0


def test_the_diversity_of_passages():
    found = evaluation.measure_diversity(["a b c d e", "a b c d e"])
    assert (found.distinct_1, found.distinct_2, found.repetition) == (0.5, 0.5, 0)
    assert evaluation.measure_diversity(["a b c d " * 3]).repetition > 0.5
    with pytest.raises(AuroreError, match="aucun passage"):
        evaluation.measure_diversity([])


def test_excerpts_are_whole_words_spread_over_the_text():
    text = " ".join(f"mot{number}" for number in range(1000))
    found = evaluation.excerpts(text, 5, 100)
    assert len(found) == 5 and all(90 <= len(piece) <= 100 for piece in found)
    words = set(text.split())
    assert all(set(piece.split()) <= words for piece in found)
    assert text.index(found[-1]) > 0.75 * len(text)


# --- Est-ce qu'il recopie ?

ROWS = [
    ("La Mare", "I", "Le meunier regardait l'eau."),
    ("La Mare", "II", "Elle chantait, la meunière\u202f!"),
    ("L'Étang", "", "Le vent tombait sur les ormes."),
]


def test_a_copied_span_names_its_book_and_its_place():
    index = evaluation.BookIndex(ROWS)
    [span] = evaluation.copied_spans("Ah ! chantait, la meunière ! dit-il", index, 12)
    assert span.text.strip() == "chantait, la meunière !"
    assert (span.book, span.chapter, span.paragraph) == ("La Mare", "II", 2)
    assert span.place == "La Mare, II, paragraphe 2" and "Elle chantait" in span.around
    [span] = evaluation.copied_spans("le vent tombait sur les", index, 12)
    assert span.place == "L'Étang, paragraphe 1" and "eau" not in span.around


def test_a_span_crosses_paragraphs_but_not_books():
    index = evaluation.BookIndex(ROWS)
    across = "regardait l'eau.\nElle chantait"
    assert evaluation.copied_spans(across, index)[0].text == across
    found = evaluation.copied_spans("la meunière ! Le vent tombait", index, 5)
    assert [span.text for span in found] == [" Le vent tombait", "la meunière ! "]


def maximal_spans(passage, source, shortest):
    """À la force brute : tous les morceaux présents dans `source` qu'aucun autre ne contient."""
    size = len(passage)
    there = [(i, j) for i in range(size) for j in range(i + shortest, size + 1) if passage[i:j] in source]
    return sorted((i, j) for i, j in there if not any((a, b) != (i, j) and a <= i and j <= b for a, b in there))


def test_copied_spans_agree_with_brute_force():
    draw = random.Random(0)
    for _ in range(150):
        letters = "ab é" if draw.random() < 0.5 else "aéèœ"
        passage = "".join(draw.choices(letters, k=draw.randint(0, 25)))
        book = "".join(draw.choices(letters, k=80))
        found = evaluation.copied_spans(passage, evaluation.BookIndex([("Livre", "", book)]), 2)
        assert sorted((span.start, span.end) for span in found) == maximal_spans(passage, f" {book} ", 2)
        assert all(span.text == passage[span.start : span.end] for span in found)
        lengths = [span.end - span.start for span in found]
        assert lengths == sorted(lengths, reverse=True)
        longest = len(evaluation.longest_copied_span(passage, f" {book} "))
        assert max(lengths, default=0) == (longest if longest >= 2 else 0)


def test_a_whole_copy_is_found_whole_and_a_made_up_text_is_not():
    index = evaluation.BookIndex([("Livre", "I", paragraph) for paragraph in TEXT.splitlines()])
    whole = evaluation.check_copy(TEXT[10:400], index)
    assert whole.longest == 390 and len(whole.spans) == 1 and whole.unseen < 0.05
    made_up = evaluation.check_copy("Wagons, kolkhozes, whisky : quel étrange voyage en ballon !", index)
    assert made_up.longest == 0 and made_up.spans == [] and made_up.unseen == 1


def test_whole_words_only_are_said():
    index = evaluation.BookIndex(ROWS)
    assert index.says("Le meunier") and index.says("meunier regardait l'eau.") and index.says("Elle")
    assert not index.says("e meunier") and not index.says("meunier regard") and "meunier regard" in index


def test_the_unseen_share_counts_sequences():
    seen = {"a b", "c d"}.__contains__
    assert evaluation.unseen_share("a b c d".split(), 2, seen) == pytest.approx(1 / 3)
    assert evaluation.unseen_share(["a"], 2, seen) == 0


def test_an_index_needs_books():
    with pytest.raises(AuroreError, match="aucun livre"):
        evaluation.BookIndex([])


def test_the_index_of_a_prepared_corpus(home):
    corpus.prepare("sand")
    split = corpus.load_dataset()["train"]
    index = evaluation.BookIndex.of_dataset(split)
    row = len(split) // 2
    [span] = evaluation.copied_spans(split["paragraph"][row], index)[:1]
    assert span.book == split["book"][row] and span.chapter == split["chapter"][row]
    assert index.characters >= sum(map(len, split["paragraph"]))
