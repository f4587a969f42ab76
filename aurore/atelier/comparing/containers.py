"""Ce qui distingue deux listes, deux dictionnaires, deux objets ; jusqu'à l'élément qui diffère."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from aurore.atelier.comparing.kinds import NOUNS, plain_noun, say_kind
from aurore.atelier.comparing.measures import (
    ARRAY,
    NUMBER,
    are_arrays,
    are_numbers,
    on_arrays,
    say_array_place,
    say_scaled,
    say_transformed,
)
from aurore.atelier.comparing.texts import (
    TEXT,
    say_bytes_piece,
    say_bytes_place,
    say_repeated,
)
from aurore.atelier.comparing.values import (
    common_prefix,
    is_array,
    is_heavy,
    is_number,
    safe_repr,
    same,
    same_bag,
    same_element,
    show,
)
from aurore.atelier.comparing.words import (
    ZERO,
    Found,
    counted,
    find_piece,
    first_found,
    ranked,
)


def find_difference(got: Any, expected: Any, tolerance: float) -> Found:
    heavy = is_heavy(got) or is_heavy(expected)
    kinds = () if heavy else _FAMILIES
    for belongs, recognisers in ((lambda *_: True, (say_kind,)), *kinds):
        if belongs(got, expected) and (found := first_found(recognisers, got, expected, tolerance)):
            return found
    return first_found((_lengths,), got, expected, tolerance) or Found("")


def _inside(kind: str, key: Any, got: Any, expected: Any, tolerance: float) -> Found | None:
    """La différence de deux éléments, à sa place dans ce qui les contient."""
    found = find_difference(got, expected, tolerance)
    if not found.text:
        return None
    text = found.text if found.path else found.text[0].lower() + found.text[1:]
    return Found(text, ((kind, key), *found.path))


def _lengths(got: Any, expected: Any, _: float) -> str:
    return f"La longueur est {len(got)}, et non {len(expected)}." if len(got) != len(expected) else ""


# --- Listes et tuples -----------------------------------------------------------------------------------


def _alike_within(tolerance: float) -> Callable[[Any, Any], bool]:
    return lambda one, other: same_element(one, other, tolerance)


def _distinct(items: Sequence) -> list:
    return list(dict.fromkeys(items))


def _empty_sequence(got: Sequence, expected: Sequence, _: float) -> str:
    noun = "La liste" if type(got) is list else "Le tuple"
    if not got:
        return f"{noun} est vide."
    return "" if expected else f"Il est venu {counted(len(got), 'élément')} ; aucun n'est attendu."


def _shared(got: Sequence, expected: Sequence, _: float) -> str:
    """Le même objet à plusieurs rangs : changer l'un change l'autre."""
    ranks: dict[int, int] = {}
    for rank, item in enumerate(got):
        if type(item) in (list, dict, set) or is_array(item):
            first = ranks.setdefault(id(item), rank)
            if first < rank < len(expected) and not same_element(expected[first], expected[rank], 0.0):
                return f"L'élément de {ranked(rank)} est le même objet que celui de {ranked(first)}."
    return ""


def _levels(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Un niveau de listes de trop ou de moins."""
    kind: type = type(got)

    def flat(items: Sequence) -> Sequence:
        return (
            kind(itertools.chain.from_iterable(items)) if all(type(item) in (list, tuple) for item in items) else kind()
        )

    if len(got) == 1 and same(got[0], expected, tolerance):
        return "Ce qui est attendu y est, un niveau trop profond."
    if len(expected) == 1 and same(got, expected[0], tolerance):
        return "C'est l'élément attendu, sans ce qui devait le contenir."
    if flat(got) and same(flat(got), expected, tolerance):
        return "Les éléments sont les mêmes, un niveau trop profond."
    return (
        "Les éléments sont les mêmes, mais à plat : il manque un niveau."
        if flat(expected) and same(got, flat(expected), tolerance)
        else ""
    )


def _duplicates(got: Sequence, expected: Sequence, _: float) -> str:
    padded = list(expected[: len(got)]) == list(got) and all(item == got[-1] for item in expected[len(got) :])
    if list(got) == _distinct(expected) and not padded:  # [8, 1] pour [8, 1, 1] : il manque une fin
        return "Chaque élément n'y est qu'une fois : les répétitions attendues manquent."
    return (
        "Des éléments reviennent, alors qu'ils ne sont attendus qu'une fois."
        if _distinct(got) == list(expected)
        else ""
    )


def _sequence_piece(got: Sequence, expected: Sequence, tolerance: float) -> str:
    found = find_piece(got, expected, _alike_within(tolerance))
    if not found:
        return ""
    if found.missing and len(got) == 1 and found.place in ("à la fin", "au début"):
        return f"Seul le {'premier' if found.place == 'à la fin' else 'dernier'} élément est venu, sur {len(expected)}."
    what = f" : {show(found.items[0], 40)}".replace(ZERO, "") if len(found.items) == 1 else ""
    return f"{found.say(counted(len(found.items), 'élément'))}{what}."


def _scattered(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """L'une est l'autre moins des éléments épars."""
    missing = len(got) < len(expected)
    short, long = (got, expected) if missing else (expected, got)
    lost, rank = [], 0
    for place, item in enumerate(long):
        if rank < len(short) and same_element(short[rank], item, tolerance):
            rank += 1
        else:
            lost.append(place)
    if rank < len(short) or not lost:
        return ""
    what = counted(len(lost), "élément")
    void = (
        " Tous sont vides."
        if all(type(long[place]) in (str, list, tuple) and not long[place] for place in lost)
        else ""
    )
    return f"{f'Il manque {what}' if missing else f'Il y a {what} de trop'}, d'abord au {ranked(lost[0])}.{void} Les autres y sont, dans l'ordre."


def _order(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Les mêmes éléments dans un autre ordre."""
    if not same_bag(got, expected, tolerance):
        return ""
    if same(got[::-1], expected, tolerance):
        return "Les éléments sont les mêmes, à l'envers."
    try:
        if sorted(got) == list(got):
            return "Les éléments sont les mêmes, mais triés."
        # Des textes ou des couples peuvent se trouver triés sans que l'on ait demandé de les trier.
        wanted = all(map(is_number, expected)) and sorted(expected) == list(expected)
    except Exception:  # des éléments qui ne se comparent pas
        wanted = False
    return f"Les éléments sont les mêmes, {'mais pas triés' if wanted else 'dans un autre ordre'}."


def _slid(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Chaque élément un rang trop tôt ou trop tard."""
    if len(got) != len(expected) or len(got) < 3 or all(same_element(got[0], item, tolerance) for item in got):
        return ""
    if are_arrays(got, expected) and first_found(on_arrays(say_transformed, say_scaled), got, expected, tolerance):
        return ""  # 0, 1, 2 pour 1, 2, 3 : les nombres sont décalés plutôt que leurs places
    if same(got[1:], expected[:-1], tolerance):
        return "Les éléments attendus viennent un rang trop tard."
    return "Les éléments attendus viennent un rang trop tôt." if same(got[:-1], expected[1:], tolerance) else ""


def _cut_elsewhere(got: Sequence, expected: Sequence, _: float) -> str:
    """Des textes coupés ailleurs."""
    size = f" Il y en a {len(got)}, et non {len(expected)}." if len(got) != len(expected) else ""
    if "".join(got) == "".join(expected):
        return f"Mis bout à bout, les textes sont les mêmes : ils sont coupés ailleurs.{size}"
    if " ".join(got).split() == " ".join(expected).split() and size:
        return f"Les mots sont les mêmes, dans le même ordre, mais répartis autrement entre les textes.{size}"
    return ""


def _all_alike(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Tous les éléments qui diffèrent diffèrent de la même manière."""
    if len(got) != len(expected):
        return ""
    pairs = [(one, other) for one, other in zip(got, expected, strict=True) if not same_element(one, other, tolerance)]
    if not 2 <= len(pairs) <= 200:
        return ""
    found = {first_found((say_kind, *_leaf(one, other)), one, other, tolerance) for one, other in pairs}
    if len(found) != 1 or (text := found.pop()) is None or text.path:
        return ""
    whole = "Dans chaque élément" if len(pairs) == len(got) else f"Dans {len(pairs)} éléments sur {len(got)}"
    return f"{whole} : {text.text[0].lower()}{text.text[1:]}"


def _leaf(one: Any, other: Any) -> tuple[Callable, ...]:
    return TEXT if type(one) is type(other) is str else NUMBER if are_numbers(one, other) else ()


def _first_rank(got: Sequence, expected: Sequence, tolerance: float) -> Found | str | None:
    """Le premier élément qui diffère, et en quoi."""
    rank = common_prefix(got, expected, _alike_within(tolerance))
    if len(got) != len(expected):
        return f"Il est venu {counted(len(got), 'élément')}, et non {len(expected)} ; le premier écart est au {ranked(rank)}."
    return _inside("élément de", rank, got[rank], expected[rank], tolerance)


_SEQUENCE = (
    _empty_sequence, _shared, _levels, say_repeated, _duplicates, _sequence_piece, _order, _slid, _scattered, _cut_elsewhere, _all_alike
)  # fmt: skip


# --- Dictionnaires, ensembles, objets -------------------------------------------------------------------


def _some(items: Iterable) -> str:
    """Au plus trois éléments, et combien restent."""
    items = sorted(items, key=safe_repr)
    more = f" et {len(items) - 3} de plus" if len(items) > 3 else ""
    return ", ".join(show(item, 40).replace(ZERO, "") for item in items[:3]) + more


def _empty_dictionary(got: dict, expected: dict, _: float) -> str:
    return "" if got else "Le dictionnaire est vide."


def _turned(got: dict, expected: dict, _: float) -> str:
    return "Les clés et les valeurs sont échangées." if {value: key for key, value in expected.items()} == got else ""


def _retyped_keys(got: dict, expected: dict, _: float) -> str:
    """Les mêmes clés, d'un autre type."""
    for kind in (str, int, float):
        if (
            got.keys() != expected.keys()
            and {kind(key) for key in expected} == got.keys()
            and len(got) == len(expected)
        ):
            return (
                f"Chaque clé est {NOUNS[kind]}, et non {plain_noun(next(iter(expected)))}."
                if len({type(k) for k in expected}) == len({type(k) for k in got}) == 1
                else ""
            )
    return ""


def _keys(got: dict, expected: dict, _: float) -> str:
    missing, extra = expected.keys() - got.keys(), got.keys() - expected.keys()
    sentences = [
        f"{start}{'la clé' if len(keys) == 1 else f'{len(keys)} clés :'} {_some(keys)}{end}."
        for keys, start, end in (
            (missing, "Il manque ", ""),
            (extra, "Il y a ", " de trop" if len(extra) == 1 else ", de trop"),
        )
        if keys
    ]
    return " ".join(sentences)


def _proportional(got: dict, expected: dict, tolerance: float) -> str:
    if not all(is_number(mapping[key]) for mapping in (got, expected) for key in expected):
        return ""
    one, other = (np.array([mapping[key] for key in expected]) for mapping in (got, expected))
    if any(array.dtype.kind not in "iuf" or array.ndim != 1 or array.size < 2 for array in (one, other)):
        return ""
    found = first_found((say_transformed, say_scaled), one, other, tolerance)
    return found.text if found else ""


def _wrong_value(got: dict, expected: dict, tolerance: float) -> Found | None:
    """La première valeur qui diffère."""
    key = next(key for key in expected if not same(got[key], expected[key], tolerance))
    return _inside("clé", key, got[key], expected[key], tolerance)


def _set_items(got: set, expected: set, _: float) -> str:
    missing, extra = expected - got, got - expected
    sentences = [
        f"{start} {counted(len(items), 'élément')}{end} : {_some(items)}."
        for items, start, end in ((missing, "Il manque", ""), (extra, "Il y a", " de trop"))
        if items
    ]
    return " ".join(sentences)


def _fields(got: Any, expected: Any, tolerance: float) -> Found | None:
    """Le premier champ qui diffère, de deux objets faits de champs."""
    names = getattr(expected, "_fields", None) or [field.name for field in dataclasses.fields(expected)]
    pairs = ((name, getattr(got, name), getattr(expected, name)) for name in names)
    return next(
        _inside("champ", name, one, other, tolerance) for name, one, other in pairs if not same(one, other, tolerance)
    )


def _message(got: BaseException, expected: BaseException, tolerance: float) -> str:
    found = first_found(TEXT, str(got), str(expected), tolerance)
    return f"Le message de l'exception diffère. {found.text}" if found else ""


def _opposite(got: bool, expected: bool, _: float) -> str:
    return f"C'est {bool(got)}, et non {bool(expected)}."


def _unequal(got: Any, expected: Any, _: float) -> str:
    return f"Les deux sont {plain_noun(expected)}, mais ne sont pas égaux." if type(got) is type(expected) else ""


def _both(*kinds: type) -> Callable[[Any, Any], bool]:
    return lambda got, expected: type(got) is type(expected) and isinstance(expected, kinds)


def _both_exactly(*kinds: type) -> Callable[[Any, Any], bool]:
    return lambda got, expected: type(got) is type(expected) and type(expected) in kinds


# À quoi se reconnaît chaque famille, et ses fonctions dans l'ordre.
_FAMILIES: tuple[tuple[Callable[[Any, Any], bool], tuple[Callable, ...]], ...] = (
    (lambda got, expected: all(isinstance(value, bool | np.bool_) for value in (got, expected)), (_opposite,)),
    (_both_exactly(str), TEXT),
    (_both_exactly(bytes), (say_repeated, say_bytes_piece, say_bytes_place)),
    (are_numbers, NUMBER),
    (_both_exactly(list, tuple), _SEQUENCE),
    (are_arrays, ARRAY),
    (_both_exactly(list, tuple), (_first_rank,)),
    (are_arrays, on_arrays(say_array_place)),
    (_both(dict), (_empty_dictionary, _turned, _retyped_keys, _keys, _proportional, _wrong_value)),
    (_both(set, frozenset), (_set_items,)),
    (_both(BaseException), (_message,)),
    (_both(object), (_fields, _unequal)),
)
