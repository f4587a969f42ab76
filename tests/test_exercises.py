"""Toutes les fiches : chaque erreur connue est refusée avec sa piste, des réponses différentes sont acceptées."""

import json

import pytest

from aurore.atelier import cards, decorator, runner
from aurore.atelier.cards import Mistake

CARDS = cards.all_cards()
WRONG = [(name, answer) for name, card in CARDS.items() for answer in card.wrong]
RIGHT = [(name, answer) for name, card in CARDS.items() for answer in card.right]


def named(pairs):
    return [f"{name}-{answer.function.__name__}" for name, answer in pairs]


@pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))
def test_a_card_is_complete(card):
    assert len(card.wrong) >= 4, "il faut au moins quatre réponses fausses"
    assert len(card.right) >= 2, "il faut au moins deux réponses justes"
    assert card.hints and card.checks and card.statement.endswith((".", "?"))
    assert 1 <= card.difficulty <= 5 and 1 <= card.minutes <= 15
    assert callable(decorator.reference(card))
    assert {answer.check for answer in card.wrong} <= {check.name for check in card.checks}


@pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))
def test_every_check_refuses_some_wrong_answer_or_protects_the_reference(card):
    """Une vérification que tout le monde passe ne vérifie rien."""
    refusing = {answer.check for answer in card.wrong}
    idle = [check for check in card.checks if check.name not in refusing]
    for check in idle:
        with pytest.raises((Mistake, Exception)):
            check.test(lambda *arguments: "ni un nombre, ni un texte attendu")


@pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))
def test_the_reference_passes(card):
    assert runner.run_checks(card, decorator.reference(card)).status == runner.VALID


@pytest.mark.parametrize(("name", "answer"), WRONG, ids=named(WRONG))
def test_a_wrong_answer_gets_the_hint_meant_for_it(name, answer):
    verdict = runner.run_checks(CARDS[name], answer.function)
    assert (verdict.status, verdict.check) == (runner.ALMOST, answer.check)
    assert answer.hint in verdict.hint


@pytest.mark.parametrize(("name", "answer"), RIGHT, ids=named(RIGHT))
def test_a_different_right_answer_is_accepted(name, answer):
    verdict = runner.run_checks(CARDS[name], answer.function)
    assert verdict.status == runner.VALID, (verdict.check, verdict.got, verdict.hint)
    assert decorator.reference(CARDS[name]).__code__.co_code != answer.function.__code__.co_code


def test_the_command_counts_them(run_cli):
    rows = json.loads(run_cli("exercises", "--json").out)
    assert [row["id"] for row in rows] == list(CARDS)
    for row in rows:
        card = CARDS[row["id"]]
        assert row["wrong_answers"] == len(card.wrong) and row["right_answers"] == len(card.right)
        assert (row["checks"], row["hints"], row["minutes"]) == (len(card.checks), len(card.hints), card.minutes)
        assert row["notebook"] == card.notebook
