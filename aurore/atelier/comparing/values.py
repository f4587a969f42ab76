"""Comparer deux valeurs, et les montrer."""

import collections
import inspect
import math
import re
import reprlib
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

HEAVY = 300_000  # éléments ou caractères au-delà desquels le détail prendrait trop de temps


LARGE = 2_000_000  # de même pour les nombres d'un tableau


# --- Égalité --------------------------------------------------------------------------------------------


def same(got: Any, expected: Any, tolerance: float = 0.0) -> bool:
    """Égalité, à `tolerance` près pour les nombres et les tableaux, même rangés dans des listes.

    Un type inattendu n'est jamais égal ; un nombre ou un booléen de numpy vaut celui de Python, une liste le tableau.
    """
    got, expected = (bool(value) if isinstance(value, np.bool_) else value for value in (got, expected))
    try:
        if is_array(got) or is_array(expected):
            one, other = as_array(got), as_array(expected)
            if one is None or other is None or one.shape != other.shape:
                return False
            with np.errstate(all="ignore"):
                return bool(np.allclose(one, other, rtol=0, atol=tolerance))
        if is_number(got) and is_number(expected):
            whole = isinstance(got, Integral) or not isinstance(expected, Integral)
            return whole and bool(got == expected or abs(got - expected) <= tolerance)
        if type(got) is not type(expected):
            return False
        if type(got) in (list, tuple, dict):
            return _contents_are_same(got, expected, tolerance)
        return bool(got == expected)
    except Exception:  # une comparaison qui échoue n'est pas une égalité
        return False


def _contents_are_same(got: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(same(got[key], expected[key], tolerance) for key in expected)
    return len(got) == len(expected) and all(
        same_element(one, other, tolerance) for one, other in zip(got, expected, strict=True)
    )


def same_element(one: Any, other: Any, tolerance: float) -> bool:
    """L'égalité de deux éléments : dans une liste, 1 vaut 1.0 et True vaut 1, comme pour Python."""
    try:
        return same(one, other, tolerance) or (not is_array(one) and bool(one == other))
    except Exception:
        return False


def is_array(value: Any) -> bool:
    """Reconnaît un tableau numpy ou un tenseur."""
    try:
        return isinstance(value, np.ndarray) or hasattr(value, "detach")
    except Exception:
        return False


def is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def as_array(value: Any) -> np.ndarray | None:
    """Le tableau numpy d'un nombre, d'une liste de nombres, d'un tableau ou d'un tenseur ; `None` pour le reste."""
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
            if "strided" not in str(value.layout):  # un tenseur creux : plein, il peut ne pas tenir en mémoire
                value = value.to_dense() if value.numel() <= LARGE else None
            # numpy ne connaît pas bfloat16
            value = (value.float() if value.is_floating_point() else value).numpy()
        if not (isinstance(value, np.ndarray | list) or is_number(value)) or is_heavy(value):
            return None
        array = np.asarray(value)
    except Exception:  # une liste irrégulière, ou des objets qui refusent
        return None
    return array if array.dtype.kind in "biuf" else None


# --- Affichage ------------------------------------------------------------------------------------------


def decimal(number: float, digits: int = 2) -> str:
    """Un nombre pour l'affichage : entier s'il l'est, sinon `digits` chiffres significatifs et une virgule."""
    whole = math.isfinite(number) and number == round(number) and abs(number) < 1e9
    return (f"{number:.0f}" if whole else f"{number:.{digits}g}").replace(".", ",")


def cut(text: str, width: int = 160) -> str:
    """Un texte, coupé en son milieu s'il est long."""
    return text if len(text) <= width else f"{text[: width // 2]} […] {text[-width // 2 :]}"


def show(value: Any, width: int = 160) -> str:
    """Une valeur pour l'affichage, coupée en son milieu si elle est longue."""
    return cut(safe_repr(value), width)


def show_arguments(arguments: Iterable[Any], width: int = 160) -> str:
    """Les arguments d'un appel, tels qu'on les écrirait entre ses parenthèses."""
    return cut(", ".join(_argument(item, width) for item in arguments), width)


def _argument(value: Any, width: int) -> str:
    """Une fonction se montre par son nom ; un objet qui se décrit longuement (un tokenizer, un modèle), par celui de sa classe."""
    if inspect.isroutine(value):
        return value.__name__
    text = show(value, width)
    plain = type(value).__module__ == "builtins" or is_array(value)
    return text if plain or len(text) < width else f"<{type(value).__name__}>"


def excerpts(got: Any, expected: Any, width: int = 160) -> tuple[str, str]:
    """Les deux valeurs pour l'affichage : entières si elles sont courtes, sinon coupées autour de leur première différence."""
    if type(got) is type(expected) is dict:  # l'ordre des clés ne compte pas : le même pour les deux
        expected = {
            key: expected[key] for key in [*(k for k in got if k in expected), *(k for k in expected if k not in got)]
        }
    one, other = safe_repr(got), safe_repr(expected)
    if one == other and len(one) > width:
        one, other = _hidden_difference(got, expected) or (one, other)
    start = max(0, common_prefix(one, other) - width // 3)
    return _window(one, start, width), _window(other, start, width)


def _window(text: str, start: int, width: int) -> str:
    if len(text) <= width:
        return text
    start = min(start, len(text) - width)
    before, after = "[…] " * (start > 0), " […]" * (start + width < len(text))
    return f"{before}{text[start : start + width]}{after}"


def _hidden_difference(got: Any, expected: Any) -> tuple[str, str] | None:
    """Deux grands tableaux que leur affichage abrégé ne distingue pas : l'endroit où ils diffèrent."""
    one, other = as_array(got), as_array(expected)
    if one is None or other is None or one.shape != other.shape or not (one != other).any():
        return None
    index = tuple(int(i) for i in np.argwhere(one != other)[0])
    place = f"[…] {list(index)} :"
    return f"{place} {one[index].item()!r} […]", f"{place} {other[index].item()!r} […]"


# Une adresse ne dit rien, et change à chaque fois : il reste le nom de la classe, ou de la fonction.
_ADDRESS = re.compile(r"<(?:function |bound method )?(?:[\w<>]+\.)*(\w+)(?: object)? at 0x[0-9a-fA-F]+>")


def safe_repr(value: Any) -> str:
    try:
        if type(value) is str:
            return repr(value)
        return _ADDRESS.sub(r"<\1>", _SHORT.repr(value) if is_heavy(value) else repr(value))
    except Exception:  # un `__repr__` écrit par la personne peut être faux
        return f"<objet de type {type(value).__name__}>"


_SHORT = reprlib.Repr()


_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxtuple, _SHORT.maxdict, _SHORT.maxstring = 4, 30, 30, 30, 60


def is_heavy(value: Any, limit: int = HEAVY) -> bool:
    """Dit si une valeur a trop d'éléments pour être parcourue, une liste qui se contient elle-même comprise."""
    left, stack = limit, [value]
    while stack:
        item = stack.pop()
        left -= 1
        if type(item) in (str, bytes):
            left -= len(item)
        elif type(item) in (list, tuple, set, frozenset):
            if len(item) > left:
                return True
            stack.extend(item)
        elif isinstance(item, dict):
            if dict.__len__(item) > left:
                return True
            stack.extend(dict.values(item))
        if left < 0:
            return True
    return False


def common_prefix(one: Sequence, other: Sequence, alike: Callable[[Any, Any], bool] = lambda a, b: a == b) -> int:
    """Le nombre d'éléments communs au début."""
    pairs = zip(one, other, strict=False)
    return next((rank for rank, (a, b) in enumerate(pairs) if not alike(a, b)), min(len(one), len(other)))


def same_bag(one: Sequence, other: Sequence, tolerance: float) -> bool:
    """Les mêmes éléments, chacun le même nombre de fois, dans n'importe quel ordre."""
    if len(one) != len(other):
        return False
    try:
        return collections.Counter(one) == collections.Counter(other)
    except TypeError:  # des listes, des dictionnaires
        left = list(other) if len(other) <= 60 else []
    for item in one:
        rank = next((rank for rank, candidate in enumerate(left) if same_element(item, candidate, tolerance)), None)
        if rank is None:
            return False
        del left[rank]
    return True
