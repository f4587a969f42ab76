"""Ce qu'un entraînement a changé : mesuré sur des nombres qu'on sait refaire, et dit sans rien ajouter."""

import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import bienvenue, changes, corpus, evaluation
from aurore.changes import BookChange
from aurore.settings import AuroreError

SENTENCE = "Le meunier regardait couler l'eau. Le meunier chantait, il pleut. Une roue. Le meunier regardait la roue. "


@pytest.fixture(scope="module")
def pair():
    """Un modèle, et le même dont un mot, « meunier », est devenu plus probable partout."""
    before, after = small_model(), small_model()
    tokenizer = small_tokenizer()
    [*_, rank] = tokenizer(" meunier")["input_ids"]
    bias = torch.zeros(len(tokenizer))
    bias[rank] = 2.0
    forward = after.forward

    def biased(*arguments, **named):
        found = forward(*arguments, **named)
        found.logits = found.logits + bias
        return found

    after.forward = biased
    return before, after, tokenizer, rank


def test_chances_are_those_of_the_model(pair, monkeypatch):
    model, _, tokenizer, _ = pair
    ids = tokenizer(TEXT[:300])["input_ids"]
    monkeypatch.setattr(changes, "WINDOW", 64)
    mass, logs = changes.chances(model, ids[:60], tokenizer.eos_token_id)
    assert mass.sum().item() == pytest.approx(1, abs=1e-4) and len(logs) == 60
    whole = evaluation.score_continuation(model, tokenizer, "", tokenizer.decode(ids[:60]))
    assert -logs.sum().item() == pytest.approx(whole.nats, rel=1e-3)


def test_chances_read_a_long_text_by_windows(pair, monkeypatch):
    model, _, tokenizer, _ = pair
    monkeypatch.setattr(changes, "WINDOW", 16)
    ids = tokenizer(TEXT[:300])["input_ids"]
    mass, logs = changes.chances(model, ids, tokenizer.eos_token_id)
    assert len(logs) == len(ids) and mass.sum().item() == pytest.approx(1, abs=1e-4)


def test_the_word_that_was_helped_rises_and_the_others_fall(pair, monkeypatch):
    before, after, tokenizer, rank = pair
    monkeypatch.setattr(changes, "WINDOW", 32)
    found = changes.shifted(before, after, tokenizer, SENTENCE)
    assert found["mots en hausse"][0].text == tokenizer.decode([rank]).strip()
    assert found["mots en hausse"][0].ratio > 2
    assert all(shift.ratio > 1 for shift in found["mots en hausse"] + found["tournures en hausse"])
    assert all(shift.ratio < 1 for shift in found["mots en baisse"] + found["tournures en baisse"])


def test_a_turn_is_two_words_of_one_sentence():
    spans = [(place, place + 1) for place in range(len(SENTENCE))]
    turns = changes._turns(SENTENCE, spans)
    assert len(turns["le meunier"]) == 3
    assert turns["le meunier"][0] == list(range(10))
    assert not any("une roue le" in turn or "chantait, il" in turn or "l'eau le" in turn for turn in turns)


def test_the_pages_are_held_out_and_one_is_by_another_author(home):
    corpus.prepare("sand")
    found = changes.pages(corpus.load_dataset(), 1000)
    assert [page.learnt_author for page in found] == [True, False]
    training = "".join(corpus.texts_by_book(corpus.load_dataset()["train"]).values())
    assert all(0 < len(page.text) <= 1000 and page.text[:80] not in training for page in found)


def test_books_are_measured_with_both_models(pair):
    before, after, tokenizer, _ = pair
    [change] = changes.compare_books(before, after, tokenizer, [changes.Page("Essai", TEXT[:300], True)])
    assert change.before == evaluation.score(before, tokenizer, TEXT[:300]).bits_per_character
    assert change.gain == change.before - change.after != 0


def test_passages_use_the_same_draw(pair):
    model, _, tokenizer, _ = pair
    [(prompt, before, after)] = changes.passages(model, model, tokenizer, ["Le meunier"], tokens=8)
    assert prompt == "Le meunier" and before == after != ""


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ((0.05, 0.05, 0.04), ("a baissé de 0,050 bit", "2 livres", "mieux écrire en général", "un pas réel")),
        ((0.05, 0.05, 0.01), ("une part du progrès", "un pas réel")),
        ((0.05, 0.05, -0.03), ("pris sur les autres",)),
        ((0.005, 0.005, 0.0), ("n'a pas bougé d'un millième", "trop peu pour se voir")),
        ((-0.02, -0.02, 0.01), ("a monté de 0,020", "n'a rien apporté")),
    ],
)
def test_the_honest_sentence_says_what_was_measured(gains, said):
    *own, other = gains
    books = [BookChange(f"livre {rank}", True, 1.5, 1.5 - gain) for rank, gain in enumerate(own)]
    text = changes.honest([*books, BookChange("autre", False, 1.5, 1.5 - other)])
    assert all(piece in text for piece in said)


def test_without_another_author_nothing_is_compared():
    text = changes.honest([BookChange("seul", True, 1.5, 1.4)])
    assert "1 livre que le modèle n'a pas lu," in text and "plume" not in text


def test_what_changed_is_saved_and_read_again(pair, tmp_path):
    before, after, tokenizer, _ = pair
    pages = [changes.Page("Essai", SENTENCE, True), changes.Page("Un autre", TEXT[:200], False)]
    found = changes.measure(before, after, tokenizer, pages, ["Le meunier"])
    path = tmp_path / "minutes.json"
    changes.save(found, "un essai", path)
    assert changes.load(path) == found and [book.title for book in found.books] == ["Essai", "Un autre"]
    path.write_text('{"books": [{}]}', encoding="utf-8")
    with pytest.raises(AuroreError, match=r"python -m aurore\.changes"):
        changes.load(path)


def test_the_recorded_training_is_measured_on_four_novels_of_hers_and_two_of_others():
    found = changes.load()
    assert [book.learnt_author for book in found.books] == [True] * 4 + [False] * 2
    assert all(0.5 < bits < 2 for book in found.books for bits in (book.before, book.after))
    assert all(1 <= len(shifts) <= 8 for shifts in found.shifts.values()) and len(found.shifts) == 4
    assert [prompt for prompt, *_ in found.passages] == list(bienvenue.PROMPTS)


def test_nothing_is_measured_without_a_trained_model(home, capsys, monkeypatch):
    monkeypatch.setattr(changes, "RECORDED", home / "minutes.json")
    assert changes.main() == 1 and not (home / "minutes.json").exists()
    assert "python -m aurore train" in capsys.readouterr().err
