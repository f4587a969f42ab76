"""Un type pour un autre, et ce que les deux valeurs ont malgré cela de commun."""

import collections
import inspect
from numbers import Integral
from typing import Any

import numpy as np

from aurore.atelier.comparing.values import (
    HEAVY,
    as_array,
    is_array,
    is_number,
    same,
    same_bag,
)
from aurore.atelier.comparing.words import first_found, ranked

NOUNS: dict[type, str] = {
    str: "un texte",
    bytes: "une suite d'octets",
    bool: "un booléen",
    int: "un nombre entier",
    float: "un nombre à virgule",
    list: "une liste",
    tuple: "un tuple",
    dict: "un dictionnaire",
    set: "un ensemble",
    frozenset: "un ensemble figé",
    range: "un intervalle (range)",
    type(None): "None",
    np.ndarray: "un tableau numpy",
    np.bool_: "un booléen de numpy",
}


_LAZY = (map, filter, zip, enumerate, reversed)


def _noun(value: Any) -> str:
    kind = type(value)
    if kind in NOUNS:
        return NOUNS[kind]
    if is_array(value):
        return "un tenseur"
    if inspect.isgenerator(value):
        fresh = inspect.getgeneratorstate(value) == inspect.GEN_CREATED
        return "un générateur, dont rien n'a encore été tiré" if fresh else "un générateur, déjà entamé"
    if inspect.iscoroutine(value):
        value.close()  # sans quoi Python se plaindrait plus tard, ailleurs dans le carnet
        return "une coroutine, que seul « await » ferait calculer"
    if inspect.isclass(value):
        return f"une classe ({value.__name__})"
    if inspect.isroutine(value):
        return f"une fonction ({value.__name__}), qui n'a pas été appelée"
    if isinstance(value, BaseException):
        return f"une exception ({kind.__name__})"
    return f"un objet {kind.__name__}"


def say_kind(got: Any, expected: Any, tolerance: float) -> str:
    """Deux types différents : lesquels, et ce que les deux valeurs ont malgré cela de commun."""
    whole = isinstance(got, Integral) or not isinstance(expected, Integral)
    if all(isinstance(value, bool | np.bool_) for value in (got, expected)):
        return ""
    if type(got) is type(expected) or (is_number(got) and is_number(expected) and whole):
        return ""
    one, other = as_array(got), as_array(expected)
    measures = one is not None and other is not None and (is_array(got) or is_array(expected))
    if measures and bool(one.ndim) == bool(other.ndim):  # deux tableaux, ou deux nombres : leurs valeurs en disent plus
        return ""
    if got is None:
        return f"La valeur est None, et non {plain_noun(expected)}."
    noun, wanted = _noun(got), plain_noun(expected)
    comma = " : un tel objet ne donne ses valeurs qu'une fois parcouru" if isinstance(got, _LAZY) else ""
    sentence = f"C'est {noun}, et non {wanted}{comma}."
    relation = first_found(_RELATIONS, got, expected, tolerance)
    return f"{sentence} {relation.text}" if relation else sentence


def plain_noun(value: Any) -> str:
    return _noun(value).split(",")[0]


def _items(value: Any) -> list | None:
    """Les éléments de ce qu'on peut parcourir sans rien consommer ; `None` pour le reste."""
    views: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
    if type(value) in (list, tuple, range, set, frozenset, collections.deque, *views) and len(value) <= HEAVY:
        return list(value)
    return list(value.tolist()) if isinstance(value, np.ndarray) and value.ndim and value.size <= HEAVY else None


def _same_value(got: Any, expected: Any, tolerance: float) -> str:
    """Un nombre, un booléen ou un dictionnaire d'un autre type, mais de même valeur ; un nombre écrit en lettres."""
    scalars = (bool, np.bool_)
    if all(is_number(value) or isinstance(value, scalars) for value in (got, expected)):
        return "La valeur est la même." if got == expected else ""
    for text, number in ((got, expected), (expected, got)):
        if type(text) is str and is_number(number) and len(text) < 50:
            return "La valeur est la même." if float(text.replace(",", ".")) == number else ""
    if isinstance(got, collections.abc.Mapping) and isinstance(expected, dict):
        return "Le contenu est le même." if same(dict(got), dict(expected), tolerance) else ""
    if {type(got), type(expected)} == {str, bytes}:
        text, raw = (got, expected) if type(got) is str else (expected, got)
        return "Ce sont les mêmes caractères, en UTF-8." if text.encode() == raw else ""
    return ""


def _same_items(got: Any, expected: Any, tolerance: float) -> str:
    one, other = _items(got), _items(expected)
    if one is None or other is None:
        return ""
    unordered = isinstance(got, set | frozenset) or isinstance(expected, set | frozenset)
    if not unordered and same(one, other, tolerance):
        return "Les éléments sont les mêmes, dans le même ordre."
    if unordered and same_bag(one, other, tolerance):
        return "Les éléments sont les mêmes."
    return "Les éléments distincts sont les mêmes." if unordered and set(one) == set(other) else ""


def _wrapped(got: Any, expected: Any, tolerance: float) -> str:
    if type(got) in (list, tuple) and len(got) == 1 and same(got[0], expected, tolerance):
        return "La valeur attendue y est, seule."
    if type(expected) in (list, tuple) and len(expected) == 1 and same(got, expected[0], tolerance):
        return "C'est l'élément attendu, seul."
    for rank, item in enumerate(got if type(got) is tuple and len(got) < 9 else ()):
        if same(item, expected, tolerance):
            return f"La valeur attendue y est, au {ranked(rank)}."
    return ""


_SEPARATORS = {
    "": "bout à bout",
    " ": "par une espace",
    "\n": "par une fin de ligne",
    "\n\n": "par une ligne vide",
    ", ": "par « , »",
    ",": "par « , »",
}


def _joined(got: Any, expected: Any, _: float) -> str:
    parts = expected if type(got) is str else got
    if type(parts) not in (list, tuple):  # join viderait un générateur
        return ""
    for separator, words in _SEPARATORS.items():
        if type(got) is str and separator.join(expected) == got:
            return f"Ce sont les éléments attendus, joints {words}."
        if type(expected) is str and separator.join(got) == expected:
            return f"Ses éléments, joints {words}, donnent le texte attendu."
    return ""


def _dictionary_parts(got: Any, expected: Any, tolerance: float) -> str:
    if not isinstance(expected, dict) or (items := _items(got)) is None:
        return ""
    parts = {"les paires": expected.items(), "les clés": expected.keys(), "les valeurs": expected.values()}
    name = next((name for name, part in parts.items() if same(items, list(part), tolerance)), "")
    return f"Ce sont {name} du dictionnaire attendu." if name and expected else ""


_RELATIONS = (_same_value, _same_items, _wrapped, _joined, _dictionary_parts)
