"""L'accent : positif chez qui écrit comme elle, négatif chez les autres, d'autant plus que c'est net."""

import numpy as np
import pytest

from benchmarks.accent import Accent, _evenly

HERS = ["le moulin tournait dans la vallée,", "la meunière chantait doucement,", "au bord de l'eau,"]
OTHERS = ["le commissaire frappa à la porte,", "la voiture partit au galop,", "au coin de la rue,"]


def book(turns: list[str], seed: int, count: int = 300) -> str:
    draw = np.random.default_rng(seed)
    return " ".join(turns[number] for number in draw.integers(0, len(turns), count))


@pytest.fixture(scope="module")
def accent():
    return Accent([book(HERS, 1), book(HERS, 2)], [book(OTHERS, 3), book(OTHERS, 4)], characters=6_000)


def test_each_manner_is_told_from_the_other(accent):
    assert accent(book(HERS, 5, 30)) > 0.5
    assert accent(book(OTHERS, 6, 30)) < -0.5


def test_the_more_of_her_turns_the_stronger_the_accent(accent):
    mixed = [accent(book(HERS, 7, n) + " " + book(OTHERS, 8, 20 - n)) for n in (4, 10, 16)]
    assert mixed == sorted(mixed)


def test_swapping_the_two_manners_changes_the_sign_alone():
    sides = [book(HERS, 1)], [book(OTHERS, 3)]
    text = book(HERS, 5, 20)
    assert Accent(*sides, 5_000)(text) == pytest.approx(-Accent(*sides[::-1], 5_000)(text))


def test_every_book_has_the_same_share():
    assert _evenly(["a" * 300, "b" * 900], 100) == "a" * 50 + "b" * 50
