"""Comparer des valeurs : exact, à peu près, plus grande différence."""

import numpy as np
import pytest
import torch

from aurore.atelier.cards import difference, equals, find_card, same, show
from aurore.atelier.runner import run_checks
from aurore.settings import AuroreError


@pytest.mark.parametrize(
    ("got", "expected", "tolerance", "verdict"),
    [
        (1.0, 1.0, 0.0, True),
        (1.0 + 1e-9, 1.0, 1e-6, True),
        (1.1, 1.0, 1e-6, False),
        (1, 1.0, 0.0, True),
        (True, 1, 0.0, False),
        ("a", "a", 0.0, True),
        ([1], (1,), 0.0, False),
        (np.zeros(3), np.zeros(3), 0.0, True),
        (np.zeros((1, 3)), np.zeros(3), 0.0, False),
        (torch.ones(2), torch.ones(2), 0.0, True),
        (torch.ones(2) + 1e-4, torch.ones(2), 1e-3, True),
        (None, np.zeros(2), 0.0, False),
        ("texte", torch.zeros(2), 0.0, False),
        (np.array(["a"]), np.zeros(1), 0.0, False),
        (torch.ones(2, dtype=torch.bfloat16), torch.ones(2), 0.0, True),
        (torch.tensor(2.0), 2.0, 0.0, True),
        (np.int64(4), 4, 0.0, True),
        (np.float32(0.5), 0.5, 0.0, True),
        (4.0, 4, 0.0, False),
        (float("-inf"), float("-inf"), 0.0, True),
        (float("nan"), 1.0, 0.0, False),
        ([0.1 + 0.2, 1.0], [0.3, 1.0], 1e-6, True),
        ([0.1 + 0.2, 1.0], [0.3, 1.0], 0.0, False),
        ([0.3], [0.3, 1.0], 1e-6, False),
        ({"a": 0.1 + 0.2}, {"a": 0.3}, 1e-6, True),
        ({"b": 0.3}, {"a": 0.3}, 1e-6, False),
        ([torch.ones(2)], [torch.ones(2)], 0.0, True),
    ],
)
def test_same(got, expected, tolerance, verdict):
    assert same(got, expected, tolerance) is verdict


def test_difference_says_shape_or_largest_gap():
    assert "forme (2,) reçue, (3,) attendue" in difference(torch.zeros(2), torch.zeros(3))
    assert "différent : plus grande différence 2" in difference(torch.tensor([1.0, 3.0]), torch.tensor([1.0, 1.0]))
    assert "à peu près égal" in difference(1.00001, 1.0)
    assert "différence 0,5" in difference([0.0, 1.5], [0.0, 1.0])
    assert difference(torch.tensor([True, False]), torch.tensor([True, True])).endswith("différence 1)")
    assert difference("a", "b") == difference([3, 4], [4, 3]) == difference([[1], [1, 2]], [0.5]) == ""


def test_long_values_are_cut_in_the_middle():
    text = show("x" * 1000)
    assert len(text) < 200 and "[…]" in text


def test_wrong_type_is_said():
    from aurore.atelier.cards import Card

    card = Card("corpus.decode", "T", "É.", 1, 1, ("i",), (equals("liste", [1], [1], "Rendez une liste."),))
    assert "type list est attendu" in run_checks(card, lambda x: (x,)).hint


def test_unknown_exercise_lists_the_known_ones():
    with pytest.raises(AuroreError, match=r"corpus\.cut_frame"):
        find_card("corpus.absent")
