"""Provisoire."""

import inspect
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np


def describe(got, expected, tolerance=0.0):
    if got is None and expected is not None:
        return "Votre fonction a rendu None."
    if inspect.iscoroutine(got):
        got.close()
        return "Votre fonction est déclarée « async def » : un « def » suffit."
    if type(got) is not type(expected) and not (is_array(got) and is_array(expected)):
        return f"Un résultat de type {type(expected).__name__} est attendu, le vôtre est de type {type(got).__name__}."
    return difference(got, expected)


def excerpts(got, expected, width=160):
    return show(got, width), show(expected, width)


def same(got: Any, expected: Any, tolerance: float = 0.0) -> bool:
    """Égalité, à `tolerance` près pour les nombres et les tableaux, même rangés dans des listes.

    Un type inattendu n'est jamais égal ; un nombre de numpy vaut le nombre de Python.
    """
    if is_array(got) or is_array(expected):
        one, other = _array(got), _array(expected)
        return (
            one is not None
            and other is not None
            and one.shape == other.shape
            and bool(np.allclose(one, other, rtol=0, atol=tolerance))
        )
    if _is_number(got) and _is_number(expected):
        whole = isinstance(got, Integral) or not isinstance(expected, Integral)
        return whole and bool(got == expected or abs(got - expected) <= tolerance)
    if type(got) is not type(expected):
        return False
    try:
        return (
            _contents_are_same(got, expected, tolerance) if type(got) in (list, tuple, dict) else bool(got == expected)
        )
    except Exception:  # une comparaison qui échoue n'est pas une égalité
        return False


def _contents_are_same(got: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(same(got[key], expected[key], tolerance) for key in expected)
    # Dans une liste, 1 vaut 1.0 et True vaut 1, comme pour Python.
    return len(got) == len(expected) and all(
        same(one, other, tolerance) or (not is_array(one) and bool(one == other))
        for one, other in zip(got, expected, strict=True)
    )


def difference(got: Any, expected: Any) -> str:
    """Le triple verdict : rien si la comparaison n'est pas numérique ; sinon forme, ou plus grande différence."""
    one, other = _array(got), _array(expected)
    if one is None or other is None or not other.size:
        return ""
    if isinstance(expected, list | Integral) and one.dtype.kind != "f" and other.dtype.kind != "f":
        return ""  # des numéros, pas des mesures
    if one.shape != other.shape:
        return f" (forme {one.shape} reçue, {other.shape} attendue)"
    gap = float(np.max(np.abs(one.astype(float) - other.astype(float))))
    return f" ({'à peu près égal' if gap < 1e-3 else 'différent'} : plus grande différence {decimal(gap)})"


def decimal(number: float) -> str:
    """Un nombre pour l'affichage : entier s'il l'est, sinon deux chiffres significatifs et une virgule."""
    text = f"{number:.0f}" if number == round(number, 0) and number < 1e9 else f"{number:.2g}"
    return text.replace(".", ",")


def is_array(value: Any) -> bool:
    """Reconnaît un tableau numpy ou un tenseur."""
    return isinstance(value, np.ndarray) or hasattr(value, "detach")


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _array(value: Any) -> np.ndarray | None:
    """Le tableau numpy d'un nombre, d'une liste de nombres, d'un tableau ou d'un tenseur ; `None` pour le reste."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        # numpy ne connaît pas bfloat16
        value = (value.float() if value.is_floating_point() else value).numpy()
    if not (isinstance(value, np.ndarray | list) or _is_number(value)):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # une liste irrégulière, ou des objets qui refusent
        return None
    return array if array.dtype.kind in "biuf" else None


def cut(text: str, width: int = 160) -> str:
    """Un texte, coupé en son milieu s'il est long."""
    return text if len(text) <= width else f"{text[: width // 2]} […] {text[-width // 2 :]}"


def show(value: Any, width: int = 160) -> str:
    """Une valeur pour l'affichage, coupée en son milieu si elle est longue."""
    return cut(_repr(value), width)


def show_arguments(arguments: Iterable[Any], width: int = 160) -> str:
    """Les arguments d'un appel, tels qu'on les écrirait entre ses parenthèses."""
    return cut(", ".join(show(item, width) for item in arguments), width)


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # un `__repr__` écrit par la personne peut être faux
        return f"<objet de type {type(value).__name__}>"
