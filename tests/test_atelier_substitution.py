"""La substitution : dans le module de la leçon et dans celui qui définit, et rendue à l'identique."""

import pytest

from aurore import corpus
from aurore.atelier import substitution
from aurore.atelier.cards import Card
from aurore.cleaning import blocks

CARD = Card("corpus.split_blocks", "T", "É.", 1, 1, ("i",), ())


@pytest.fixture(autouse=True)
def put_back():
    yield
    substitution.restore(CARD)


def mine(text):
    return [[text]]


def test_a_function_defined_elsewhere_is_replaced_there_too():
    reference = substitution.reference(CARD)
    assert [module.__name__ for module in substitution.places(CARD)] == ["aurore.corpus", "aurore.cleaning.blocks"]
    substitution.install(CARD, mine)
    assert corpus.split_blocks is blocks.split_blocks is mine
    substitution.restore(CARD)
    assert corpus.split_blocks is blocks.split_blocks is reference


def test_an_attempt_is_given_back_even_after_an_error():
    substitution.install(CARD, mine)
    with pytest.raises(ZeroDivisionError), substitution.tried(CARD, len):
        assert corpus.split_blocks is blocks.split_blocks is len
        raise ZeroDivisionError
    assert corpus.split_blocks is blocks.split_blocks is mine


def test_the_source_shown_is_that_of_the_module_with_its_constants():
    source = substitution.reference_source(CARD)
    assert "def split_blocks" in source
