"""De quoi écrire la phrase d'une différence : rangs, comptes, citations, morceaux qui manquent."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from aurore.atelier.comparing.values import common_prefix, cut, show


class Found(NamedTuple):
    """Une différence, et le chemin qui y mène : rangs, clés, champs."""

    text: str
    path: tuple[tuple[str, Any], ...] = ()


ZERO = "\0"  # après un rang : le premier d'une phrase dit qu'il est compté depuis 0


def first_found(recognisers: Iterable[Callable], got: Any, expected: Any, tolerance: float) -> Found | None:
    """Ce que dit la première fonction qui reconnaît la différence."""
    for recognise in recognisers:
        try:
            with np.errstate(all="ignore"):
                found = recognise(got, expected, tolerance)
        except Exception:  # des valeurs que cette fonction ne sait pas lire : ce n'est pas cette différence
            continue
        if found:
            return found if isinstance(found, Found) else Found(found)
    return None


def ranked(rank: int) -> str:
    return f"rang {rank}{ZERO}"


def counted(number: int, word: str) -> str:
    return f"{'une' if word in ('ligne', 'position') else 'un'} {word}" if number == 1 else f"{number} {word}s"


def quoted(text: str | bytes) -> str:
    return f"« {cut(repr(text)[2 if isinstance(text, bytes) else 1 : -1], 40)} »"


def quoted_key(key: Any) -> str:
    return quoted(key) if type(key) is str else show(key, 40).replace(ZERO, "")


class Piece(NamedTuple):
    """Le morceau qui manque à une suite ou qu'elle a en trop, et sa place."""

    missing: bool
    items: Any  # de même type que la suite
    start: int
    place: str

    def say(self, what: str) -> str:
        return f"Il manque {what} {self.place}" if self.missing else f"Il y a {what} de trop {self.place}"


def find_piece(
    got: Sequence, expected: Sequence, alike: Callable[[Any, Any], bool] = lambda a, b: a == b
) -> Piece | None:
    """Si l'une des suites est l'autre moins un seul morceau : lequel."""
    missing = len(got) < len(expected)
    short, long = (got, expected) if missing else (expected, got)
    size, extra = len(short), len(long) - len(short)
    if not extra:
        return None
    start, end = common_prefix(short, long, alike), common_prefix(short[::-1], long[::-1], alike)
    if start + end < size:
        return None
    if start == size:
        place = "à la fin"
    else:
        start, place = (0, "au début") if end == size else (start, f"au {ranked(start)}")
    return Piece(missing, long[start : start + extra], start, place)
