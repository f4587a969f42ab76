"""Ce qui distingue deux nombres, deux tableaux, deux tenseurs."""

import itertools
import math
from collections.abc import Callable
from functools import partial
from numbers import Integral
from typing import Any

import numpy as np

from aurore.atelier.comparing.values import (
    LARGE,
    as_array,
    decimal,
    is_array,
    is_number,
)
from aurore.atelier.comparing.words import Piece, counted, ranked

# Ce qui est venu en fonction de ce qui est attendu, {} ; de la transformation la plus simple à la moins simple.
_TRANSFORMS: tuple[tuple[str, Callable[[np.ndarray], Any]], ...] = (
    ("l'opposé de {}", np.negative),
    ("la valeur absolue de {}", np.abs),
    ("le double de {}", lambda x: 2 * x),
    ("la moitié de {}", lambda x: x / 2),
    ("dix fois {}", lambda x: 10 * x),
    ("le dixième de {}", lambda x: x / 10),
    ("cent fois {}, comme un pourcentage au lieu d'une part", lambda x: 100 * x),
    ("le centième de {}, comme une part au lieu d'un pourcentage", lambda x: x / 100),
    ("mille fois {}", lambda x: 1000 * x),
    ("le millième de {}", lambda x: x / 1000),
    ("1 moins {}", lambda x: 1 - x),
    ("l'inverse de {}", lambda x: 1 / x),
    ("le carré de {}", np.square),
    ("la racine carrée de {}", np.sqrt),
    ("le logarithme naturel de {}", np.log),
    ("le logarithme en base 2 de {}", np.log2),
    ("l'exponentielle de {}", np.exp),
    ("ln 2 fois {}, le rapport du logarithme naturel au logarithme en base 2", lambda x: x * math.log(2)),
    ("1/ln 2 fois {}, le rapport du logarithme en base 2 au logarithme naturel", lambda x: x / math.log(2)),
    ("la partie entière de {}", np.floor),
    ("l'arrondi à l'entier de {}", np.round),
    *((f"l'arrondi à {n} décimale{'s' * (n > 1)} de {{}}", partial(np.round, decimals=n)) for n in range(1, 7)),
)


_SIMPLE = 10  # l'opposé et les multiples


def _gap(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """L'écart en valeur absolue, nul là où deux infinis sont égaux, nan là où une valeur l'est."""
    one, other = one.astype(float), other.astype(float)
    return np.abs(np.where(one == other, 0.0, one - other))


def _near(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    """Égaux à un millionième de la plus grande valeur près, ou à `tolerance` si elle est petite devant elle."""
    if one.shape != other.shape:
        return False
    finite = np.abs(other[np.isfinite(other)].astype(float))
    scale = float(finite.max()) if finite.size else 0.0
    return bool(np.all(_gap(one, other) <= max(1e-6 * scale, tolerance if tolerance < scale / 100 else 0.0)))


def on_arrays(*recognisers: Callable) -> tuple[Callable, ...]:
    """Les mêmes fonctions, qui reçoivent les valeurs comme des tableaux numpy."""
    return tuple(
        lambda got, expected, tolerance, recognise=recognise: recognise(as_array(got), as_array(expected), tolerance)
        for recognise in recognisers
    )


def are_numbers(got: Any, expected: Any) -> bool:
    return all(is_number(value) for value in (got, expected))


def are_arrays(got: Any, expected: Any) -> bool:
    """Des tableaux, ou au moins deux nombres dans des listes régulières."""
    one, other = as_array(got), as_array(expected)
    if one is None or other is None or max(one.size, other.size) > LARGE:
        return False
    if is_array(got) or is_array(expected):
        return True
    tables = min(one.ndim, other.ndim) > 1 or one.shape == other.shape
    return type(got) is type(expected) is list and tables and min(one.size, other.size) > 1


def _index(rank: int, shape: tuple[int, ...]) -> str:
    return f"à l'indice {[int(i) for i in np.unravel_index(rank, shape)]}"


def _not_finite(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    for name, alone, test in (
        ("La valeur nan", "nan, qui n'est pas un nombre", np.isnan),
        ("Un infini", "infinie", np.isinf),
    ):
        found, wanted = test(got), test(expected)
        if found.any() and not wanted.any():
            if not got.ndim:
                return f"La valeur est {alone}."
            return f"{name} y est {int(found.sum())} fois, d'abord {_index(int(found.argmax()), got.shape)}."
        if wanted.all() and not found.any():
            return f"{name} est attendu{'e' if test is np.isnan else ''}."
    return ""


def _almost(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    gap = float(_gap(got, expected).max())
    sizes = np.abs(expected.astype(float))
    largest = float(sizes[np.isfinite(sizes)].max(initial=0.0))  # « presque » n'a pas de sens à côté d'un infini
    if not 0 < gap <= 1e-5 * largest:
        return ""
    return f"C'est presque égal : la plus grande différence est {decimal(gap)}."


def _exchanged(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    binary = np.isin(got, (0, 1)).all() and np.isin(expected, (0, 1)).all()
    return "Les 0 et les 1 sont échangés." if binary and got.size > 1 and (got != expected).all() else ""


def _one_off(got: Any, expected: Any, _: float) -> str:
    if not (isinstance(got, Integral) and isinstance(expected, Integral) and abs(int(got) - int(expected)) == 1):
        return ""
    return "C'est 1 de trop." if got > expected else "C'est 1 de moins."


def _is_flat(values: np.ndarray) -> bool:
    """Plusieurs nombres, tous égaux."""
    return values.size > 1 and bool((values == values.flat[0]).all())


def say_transformed(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    if _is_flat(got) and _is_flat(expected) and expected.dtype.kind in "iu" and got.shape == expected.shape:
        # 2 partout pour 1 partout : le double, 1 de plus, 1 plus son carré… rien ne dit lequel
        return f"Chaque valeur est {decimal(float(got.flat[0]), 4)}, et non {expected.flat[0]}."
    what, start = ("celle qui est attendue", "Chaque valeur est") if got.size > 1 else ("ce qui est attendu", "C'est")
    # D'un seul entier, un carré ou une racine serait un hasard.
    known = _TRANSFORMS[: _SIMPLE if expected.size == 1 and expected.dtype.kind != "f" else None]
    name = next((name for name, f in known if _near(got, f(expected.astype(float)), tolerance)), "")
    return f"{start} {name.format(what)}." if name else ""


def _distance(got: Any, expected: Any, _: float) -> str:
    exact = isinstance(got, Integral) and isinstance(expected, Integral)
    gap = abs(int(got) - int(expected)) if exact else abs(float(got) - float(expected))
    if not exact and (not math.isfinite(gap) or not gap):
        return ""
    ratio = float(got) / float(expected) if expected else 0.0
    order = (
        "Plus de dix fois trop grand : c'est"
        if ratio > 10
        else "Plus de dix fois trop petit : c'est"
        if 0 < ratio < 0.1
        else "C'est"
    )
    if expected < 0:
        order = "C'est"
    return f"{order} {decimal(gap, 4)} de {'trop' if got > expected else 'moins'}."


def say_scaled(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Un même décalage, ou un même facteur, partout."""
    got, expected = got.astype(float), expected.astype(float)
    if got.size < 2 or not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return ""
    shift = float((got - expected).flat[0])
    if shift and _near(got - shift, expected, tolerance) and abs(shift) > 1e-4 * np.abs(expected).max():
        return f"Tout est décalé de {decimal(shift, 4)}."
    rank = int(np.abs(expected).argmax())
    factor = float(got.flat[rank] / expected.flat[rank])
    return (
        f"Chaque valeur est {decimal(factor, 4)} fois celle qui est attendue."
        if factor and decimal(factor, 4) != "1" and _near(got, factor * expected, tolerance)
        else ""
    )


def _axes(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    if got.ndim == expected.ndim <= 5:
        for order in [*itertools.permutations(range(got.ndim))][1:]:  # la première laisse les axes où ils sont
            if _near(got.transpose(order), expected, tolerance):
                return (
                    "C'est la transposée."
                    if got.ndim == 2
                    else f"Les axes sont dans un autre ordre : pris dans l'ordre {order}, ils rendent ce qui est attendu."
                )
    for axis in range(got.ndim):
        if got.shape[axis] > 1 and _near(np.flip(got, axis), expected, tolerance):
            return f"L'ordre est inversé le long de l'axe {axis}."
    return ""


def _unit_axes(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Les mêmes valeurs dans le même ordre, sous une autre forme."""
    if got.shape == expected.shape or not _near(got.ravel(), expected.ravel(), tolerance):
        return ""
    more = got.ndim - expected.ndim
    if got.squeeze().shape != expected.squeeze().shape or not more:
        return (
            f"Les valeurs sont les mêmes, dans le même ordre, mais la forme est {got.shape}, et non {expected.shape}."
        )
    piece = Piece(more < 0, (), 0, "").say(f"{counted(abs(more), 'axe')} de taille 1").rstrip()
    return f"{piece} : la forme est {got.shape}, et non {expected.shape}. Les valeurs sont les mêmes."


def _array_piece(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Le long d'un axe, des positions manquent, ou sont de trop, au début ou à la fin."""
    axes = [axis for axis in range(got.ndim) if got.ndim == expected.ndim and got.shape[axis] != expected.shape[axis]]
    if len(axes) != 1 or not min(got.size, expected.size):
        return ""
    missing = got.size < expected.size
    short, long = (np.moveaxis(array, axes[0], 0) for array in ((got, expected) if missing else (expected, got)))
    for place, part in (("à la fin", long[: len(short)]), ("au début", long[-len(short) :])):
        if _near(short, part, tolerance):
            piece = Piece(missing, (), 0, f"{place} de l'axe {axes[0]}").say(
                counted(len(long) - len(short), "position")
            )
            return f"{piece} : la forme est {got.shape}, et non {expected.shape}."
    return ""


def _shape(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    return f"La forme est {got.shape}, et non {expected.shape}." if got.shape != expected.shape else ""


def _rolled(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    for axis in range(got.ndim if got.shape == expected.shape else 0):
        one, other = np.moveaxis(got, axis, 0), np.moveaxis(expected, axis, 0)
        if len(one) < 3 or _near(one, other, tolerance):
            continue
        for words, left, right in (("plus loin", one[1:], other[:-1]), ("plus tôt", one[:-1], other[1:])):
            if _near(left, right, tolerance) and not _near(left[1:], left[:-1], tolerance):
                return f"Tout est un rang {words} le long de l'axe {axis}."
    return ""


def _future(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    """Des valeurs au-dessus de la diagonale, là où l'attendu n'a que des 0, ou que -inf."""
    if got.ndim < 2 or got.shape[-1] < 2 or got.shape[-1] != got.shape[-2]:
        return ""
    above = np.triu(np.ones(got.shape[-2:], dtype=bool), 1)
    beyond = np.triu(above, 2)
    for hidden in (0.0, -np.inf):
        if (expected[..., above] == hidden).all() and (got[..., above] != hidden).any():
            near = beyond.any() and (got[..., beyond] == hidden).all()
            far = ", une position plus loin seulement" if near else ""
            return f"Au-dessus de la diagonale, où {decimal(hidden)} est attendu, il est venu d'autres valeurs{far}."
    return ""


def _sums(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    """Des probabilités dont la somme ne vaut pas 1 le long du bon axe."""

    def is_one(array: np.ndarray, axis: int) -> bool:
        return array.shape[axis] > 1 and np.allclose(array.astype(float).sum(axis), 1, rtol=0, atol=1e-3)

    if expected.dtype.kind != "f" or (expected < 0).any():
        return ""
    for axis in reversed(range(got.ndim)):
        if is_one(expected, axis) and not is_one(got, axis):
            other = next((other for other in range(got.ndim) if is_one(got, other)), None)
            if other is None:
                return f"La somme ne vaut pas partout 1 le long de l'axe {axis}, comme il est attendu."
            return f"La somme vaut 1 le long de l'axe {other}, et non le long de l'axe {axis}."
    return ""


def _array_order(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    if got.shape != expected.shape or not _near(np.sort(got, None), np.sort(expected, None), tolerance):
        return ""
    return "Les valeurs sont les mêmes, dans un autre ordre."


def say_array_place(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Combien de valeurs diffèrent, où est la plus grande différence, et s'il n'y en a qu'à un rang d'un axe."""
    gap = _gap(got, expected)
    wrong = ~(gap <= tolerance)
    if not got.ndim or not wrong.any():
        return ""
    worst = int(np.where(np.isnan(gap), np.inf, gap).argmax())
    one, other, where = got.flat[worst].item(), expected.flat[worst].item(), _index(worst, got.shape)
    came, wanted = decimal(float(one), 4), decimal(float(other), 4)
    values = f" : {came} est venu au lieu de {wanted}" if came != wanted else ""
    if wrong.sum() == 1:
        return f"Une seule valeur diffère, {where}{values}."
    places = (np.argwhere(wrong)[:, axis] for axis in range(got.ndim))
    alone = [
        (axis, int(ranks[0])) for axis, ranks in enumerate(places) if got.shape[axis] > 1 and (ranks == ranks[0]).all()
    ]
    end = f" Toutes sont au {ranked(alone[0][1])} de l'axe {alone[0][0]}." if alone else ""
    size = (
        f"la plus grande différence est {decimal(abs(float(one) - float(other)))}, {where}"
        if math.isfinite(gap.flat[worst])
        else f"par exemple, {where}{values}"
    )
    return f"{int(wrong.sum())} valeurs sur {got.size} diffèrent ; {size}.{end}"


NUMBER = (*on_arrays(_not_finite), _one_off, *on_arrays(_almost, say_transformed), _distance)


ARRAY = on_arrays(
    _not_finite, _unit_axes, _axes, _array_piece, _shape, _almost, _exchanged, say_transformed, say_scaled, _future, _rolled, _sums, _array_order
)  # fmt: skip
