"""Les fiches : celle qu'on demande, et ce que dit une comparaison manquée."""

import pytest

from aurore.atelier.cards import Card, Mistake, agrees, compare, equals, find_card
from aurore.atelier.runner import run_checks
from aurore.settings import AuroreError


def card(*checks):
    return Card("corpus.decode", "T", "É.", 1, 1, ("i",), checks)


def said(got, expected, **options):
    with pytest.raises(Mistake) as caught:
        compare(got, expected, [1], **options)
    return caught.value.hint


def test_unknown_exercise_lists_the_known_ones_of_its_lesson():
    with pytest.raises(AuroreError, match=r"corpus\.cut_frame") as caught:
        find_card("corpus.absent")
    assert "tokenizer" not in str(caught.value)
    with pytest.raises(AuroreError, match=r"tokenizer\.count_pairs"):
        find_card("roman.absent")


def test_a_comparison_that_holds_says_nothing():
    compare(1.0 + 1e-9, 1.0, [], tolerance=1e-6)


@pytest.mark.parametrize("known", [3, lambda got: got == 3, int], ids=["valeur", "fonction", "type"])
def test_a_known_mistake_is_named_alone(known):
    assert said(3, 2, hint="Deux.", mistakes=((known, "C'est trois."),)) == "C'est trois."


@pytest.mark.parametrize("known", [4, lambda got: got.nothing, str, lambda got: False])
def test_what_is_not_proved_is_described_then_the_property_is_told(known):
    hint = said(3, 2, hint="Il en faut deux.", mistakes=((known, "Faux."),))
    assert hint.endswith("Il en faut deux.") and "Faux" not in hint


def test_a_generator_is_described_before_a_recogniser_can_empty_it():
    hint = said((n for n in (1, 2)), [1, 2, 3], mistakes=((lambda got: 9 in got, "Neuf y est."),))
    assert "dont rien n'a encore été tiré" in hint


def test_what_is_read_is_compared_and_a_wrong_shape_stays_itself():
    check = equals(name="n", arguments=["b"], expected={"b": 1}, read=dict)
    assert run_checks(card(check), lambda text: [(text, 1)]).status == "validé"
    assert run_checks(card(check), lambda text: 3).got == "3"


def test_an_argument_changed_by_a_right_answer_is_said():
    def emptied(items):
        total = sum(items)
        items.clear()
        return total

    check = equals(name="somme", arguments=[[1, 2]], expected=3)
    assert "copie" in run_checks(card(check), emptied).hint


def test_a_generator_is_described_untouched_and_never_recognised():
    lazy = (number for number in (1, 2))
    assert "dont rien n'a encore été tiré" in said(lazy, [1, 2], mistakes=((lambda got: 3 not in got, "Faux."),))
    assert list(lazy) == [1, 2]


def test_agrees_shows_the_first_input_that_goes_wrong():
    check = agrees(name="double", cases=[[1], [2], [3]], wanted=lambda n: 2 * n, hint="Le double.")
    check.test(lambda n: n + n)
    with pytest.raises(Mistake) as refused:
        check.test(lambda n: n + 1)
    assert (refused.value.given, refused.value.got, refused.value.expected) == ("2", "3", "4")
    assert refused.value.hint.endswith("Le double.")
