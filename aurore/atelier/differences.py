"""Ce qui est venu comparé à ce qu'on attendait : égalité, différences en mots, extraits à montrer.

Une phrase ne dit que ce que les deux valeurs prouvent, jamais ce que la personne a fait. Chaque famille de valeurs a
sa liste de petites fonctions, de la plus précise à la plus générale : chacune prouve une différence et la dit, ou
rend "". Aucune ne consomme un générateur ni ne modifie ce qu'elle compare.
"""

import collections
import dataclasses
import inspect
import itertools
import math
import re
import reprlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

HEAVY = 300_000  # éléments ou caractères au-delà desquels le détail prendrait trop de temps
LARGE = 2_000_000  # de même pour les nombres d'un tableau


class _Found(NamedTuple):
    """Une différence, et le chemin qui y mène : rangs, clés, champs."""

    text: str
    path: tuple[tuple[str, Any], ...] = ()


# --- Égalité --------------------------------------------------------------------------------------------


def same(got: Any, expected: Any, tolerance: float = 0.0) -> bool:
    """Égalité, à `tolerance` près pour les nombres et les tableaux, même rangés dans des listes.

    Un type inattendu n'est jamais égal ; un nombre de numpy vaut le nombre de Python, une liste le tableau.
    """
    try:
        if is_array(got) or is_array(expected):
            one, other = _array(got), _array(expected)
            if one is None or other is None or one.shape != other.shape:
                return False
            with np.errstate(all="ignore"):
                return bool(np.allclose(one, other, rtol=0, atol=tolerance))
        if _is_number(got) and _is_number(expected):
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
        _alike(one, other, tolerance) for one, other in zip(got, expected, strict=True)
    )


def _alike(one: Any, other: Any, tolerance: float) -> bool:
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


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _array(value: Any) -> np.ndarray | None:
    """Le tableau numpy d'un nombre, d'une liste de nombres, d'un tableau ou d'un tenseur ; `None` pour le reste."""
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
            if "strided" not in str(value.layout):  # un tenseur creux : plein, il peut ne pas tenir en mémoire
                value = value.to_dense() if value.numel() <= LARGE else None
            # numpy ne connaît pas bfloat16
            value = (value.float() if value.is_floating_point() else value).numpy()
        if not (isinstance(value, np.ndarray | list) or _is_number(value)) or _is_heavy(value, LARGE):
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
    return cut(_repr(value), width)


def show_arguments(arguments: Iterable[Any], width: int = 160) -> str:
    """Les arguments d'un appel, tels qu'on les écrirait entre ses parenthèses."""
    return cut(", ".join(show(item, width) for item in arguments), width)


def excerpts(got: Any, expected: Any, width: int = 160) -> tuple[str, str]:
    """Les deux valeurs pour l'affichage : entières si elles sont courtes, sinon coupées autour de leur première différence."""
    if type(got) is type(expected) is dict:  # l'ordre des clés ne compte pas : le même pour les deux
        expected = {
            key: expected[key] for key in [*(k for k in got if k in expected), *(k for k in expected if k not in got)]
        }
    texts = [_repr(value) for value in (got, expected)]
    if texts[0] == texts[1] and max(map(len, texts)) > width:
        texts = _hidden_difference(got, expected) or texts
    start = max(0, _prefix(*texts) - width // 3)
    return _window(texts[0], start, width), _window(texts[1], start, width)


def _window(text: str, start: int, width: int) -> str:
    if len(text) <= width:
        return text
    start = min(start, len(text) - width)
    before, after = "[…] " * (start > 0), " […]" * (start + width < len(text))
    return f"{before}{text[start : start + width]}{after}"


def _hidden_difference(got: Any, expected: Any) -> list[str]:
    """Deux grands tableaux que leur affichage abrégé ne distingue pas : l'endroit où ils diffèrent."""
    one, other = _array(got), _array(expected)
    if one is None or other is None or one.shape != other.shape or not (one != other).any():
        return []
    index = tuple(int(i) for i in np.argwhere(one != other)[0])
    return [f"[…] {list(index)} : {array[index].item()!r} […]" for array in (one, other)]


def _repr(value: Any) -> str:
    try:
        return _SHORT.repr(value) if _is_heavy(value) and type(value) is not str else repr(value)
    except Exception:  # un `__repr__` écrit par la personne peut être faux
        return f"<objet de type {type(value).__name__}>"


_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxtuple, _SHORT.maxdict, _SHORT.maxstring = 4, 30, 30, 30, 60


def _is_heavy(value: Any, limit: int = HEAVY) -> bool:
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


# --- La différence en mots ------------------------------------------------------------------------------

_ZERO = "\0"  # après un rang : le premier d'une phrase dit qu'il est compté depuis 0


def describe(got: Any, expected: Any, tolerance: float = 0.0) -> str:
    """Dit en une à trois phrases en quoi `got` diffère de `expected` ; "" s'ils sont égaux à `tolerance` près.

    Aucune phrase n'est fausse : chacune est vérifiée sur les valeurs avant d'être dite. Ne lève jamais.
    """
    try:
        if same(got, expected, tolerance):
            return ""
        found = _Found("Votre fonction a rendu None.") if got is None else _find(got, expected, tolerance)
    except Exception:  # mieux vaut se taire que se tromper
        return ""
    text = _where(found.path) + found.text if found.path else found.text
    first, *others = text.split(_ZERO)
    return f"{first} (compté depuis 0){''.join(others)}" if others else first


def _where(path: tuple[tuple[str, Any], ...]) -> str:
    words = [f"{kind} {_rank(key)}" if kind == "élément de" else f"{kind} {_quote_key(key)}" for kind, key in path]
    article = {"élément de": "l'", "clé": "la ", "champ": "le "}[path[0][0]]
    return f"Dans {article}{', '.join(words)} : "


def _find(got: Any, expected: Any, tolerance: float) -> _Found:
    heavy = _is_heavy(got) or _is_heavy(expected)
    kinds = () if heavy else _FAMILIES
    for belongs, recognisers in ((lambda *_: True, (_kind,)), *kinds):
        if belongs(got, expected) and (found := _first(recognisers, got, expected, tolerance)):
            return found
    return _first((_lengths,), got, expected, tolerance) or _Found("")


def _first(recognisers: Iterable[Callable], got: Any, expected: Any, tolerance: float) -> _Found | None:
    """Ce que dit la première fonction qui reconnaît la différence."""
    for recognise in recognisers:
        try:
            with np.errstate(all="ignore"):
                found = recognise(got, expected, tolerance)
        except Exception:  # des valeurs que cette fonction ne sait pas lire : ce n'est pas cette différence
            continue
        if found:
            return found if isinstance(found, _Found) else _Found(found)
    return None


def _inside(kind: str, key: Any, got: Any, expected: Any, tolerance: float) -> _Found | None:
    """La différence de deux éléments, à sa place dans ce qui les contient."""
    found = _find(got, expected, tolerance)
    if not found.text:
        return None
    text = found.text if found.path else found.text[0].lower() + found.text[1:]
    return _Found(text, ((kind, key), *found.path))


def _lengths(got: Any, expected: Any, _: float) -> str:
    return f"La longueur est {len(got)}, et non {len(expected)}." if len(got) != len(expected) else ""


def _rank(rank: int) -> str:
    return f"rang {rank}{_ZERO}"


def _count(number: int, word: str) -> str:
    return f"{'une' if word == 'espace' else 'un'} {word}" if number == 1 else f"{number} {word}s"


def _quote(text: str | bytes) -> str:
    return f"« {cut(repr(text)[2 if isinstance(text, bytes) else 1 : -1], 40)} »"


def _quote_key(key: Any) -> str:
    return _quote(key) if type(key) is str else show(key, 40).replace(_ZERO, "")


# --- Un type pour un autre ------------------------------------------------------------------------------

_NOUNS: dict[type, str] = {
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
    if kind in _NOUNS:
        return _NOUNS[kind]
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


def _kind(got: Any, expected: Any, tolerance: float) -> str:
    """Deux types différents : lesquels, et ce que les deux valeurs ont malgré cela de commun."""
    whole = isinstance(got, Integral) or not isinstance(expected, Integral)
    if type(got) is type(expected) or (_is_number(got) and _is_number(expected) and whole):
        return ""
    if (is_array(got) or is_array(expected)) and _array(got) is not None and _array(expected) is not None:
        return ""
    if got is None:
        return f"La valeur est None, et non {_plain(expected)}."
    noun, wanted = _noun(got), _plain(expected)
    comma = " : un tel objet ne donne ses valeurs qu'une fois parcouru" if isinstance(got, _LAZY) else ""
    sentence = f"C'est {noun}, et non {wanted}{comma}."
    relation = _first(_RELATIONS, got, expected, tolerance)
    return f"{sentence} {relation.text}" if relation else sentence


def _plain(value: Any) -> str:
    return _noun(value).split(",")[0]


def _items(value: Any) -> list | None:
    """Les éléments de ce qu'on peut parcourir sans rien consommer ; `None` pour le reste."""
    views = (type({}.keys()), type({}.values()), type({}.items()))
    if type(value) in (list, tuple, range, set, frozenset, collections.deque, *views) and len(value) <= HEAVY:
        return list(value)
    return list(value.tolist()) if isinstance(value, np.ndarray) and value.ndim and value.size <= HEAVY else None


def _same_value(got: Any, expected: Any, tolerance: float) -> str:
    """Un nombre, un booléen ou un dictionnaire d'un autre type, mais de même valeur ; un nombre écrit en lettres."""
    scalars = (bool, np.bool_)
    if all(_is_number(value) or isinstance(value, scalars) for value in (got, expected)):
        return "La valeur est la même." if got == expected else ""
    for text, number in ((got, expected), (expected, got)):
        if type(text) is str and _is_number(number) and len(text) < 50:
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
    if unordered and _same_bag(one, other, tolerance):
        return "Les éléments sont les mêmes."
    return "Les éléments distincts sont les mêmes." if unordered and set(one) == set(other) else ""


def _wrapped(got: Any, expected: Any, tolerance: float) -> str:
    if type(got) in (list, tuple) and len(got) == 1 and same(got[0], expected, tolerance):
        return "La valeur attendue y est, seule."
    if type(expected) in (list, tuple) and len(expected) == 1 and same(got, expected[0], tolerance):
        return "C'est l'élément attendu, seul."
    for rank, item in enumerate(got if type(got) is tuple and len(got) < 9 else ()):
        if same(item, expected, tolerance):
            return f"La valeur attendue y est, au {_rank(rank)}."
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


# --- Une suite qui a perdu ou gagné un morceau (textes, octets, listes) ----------------------------------


def _prefix(one: Sequence, other: Sequence, alike: Callable[[Any, Any], bool] = lambda a, b: a == b) -> int:
    """Le nombre d'éléments communs au début."""
    pairs = zip(one, other, strict=False)
    return next((rank for rank, (a, b) in enumerate(pairs) if not alike(a, b)), min(len(one), len(other)))


class _Piece(NamedTuple):
    """Le morceau qui manque à une suite ou qu'elle a en trop, et sa place."""

    missing: bool
    items: Sequence
    start: int
    place: str

    def say(self, what: str) -> str:
        return f"Il manque {what} {self.place}" if self.missing else f"Il y a {what} de trop {self.place}"


def _piece(got: Sequence, expected: Sequence, alike: Callable[[Any, Any], bool] = lambda a, b: a == b) -> _Piece | None:
    """Si l'une des suites est l'autre moins un seul morceau : lequel."""
    missing = len(got) < len(expected)
    short, long = (got, expected) if missing else (expected, got)
    size, extra = len(short), len(long) - len(short)
    if not extra:
        return None
    start, end = _prefix(short, long, alike), _prefix(short[::-1], long[::-1], alike)
    if start + end < size:
        return None
    if start == size:
        place = "à la fin"
    else:
        start, place = (0, "au début") if end == size else (start, f"au {_rank(start)}")
    return _Piece(missing, long[start : start + extra], start, place)


# --- Textes ---------------------------------------------------------------------------------------------

_CHARACTERS = {
    " ": "espace",
    "\n": "fin de ligne",
    "\t": "tabulation",
    "\u00a0": "espace insécable",
    "\u202f": "espace fine insécable",
}
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _characters(text: str) -> str:
    """Un morceau de texte, nommé : « une espace », « 2 fins de ligne », « 3 caractères (« abc ») »."""
    number, name = len(text), _CHARACTERS.get(text[0]) if len(set(text)) == 1 else None
    if name is None:
        return f"{_count(number, 'caractère')} ({_quote(text)})"
    plural = name.replace("fin de", "fins de") if "fin de" in name else " ".join(f"{word}s" for word in name.split())
    return f"une {name}" if number == 1 else f"{number} {plural}"


def _line_place(text: str, rank: int) -> str:
    """Une place dans un texte : son rang, ou, s'il a plusieurs lignes, la ligne et le rang dans la ligne."""
    if "\n" not in text:
        return f"au {_rank(rank)}"
    start = text.rfind("\n", 0, rank) + 1
    return f"à la ligne {text.count(chr(10), 0, rank) + 1}, au {_rank(rank - start)}"


def _empty_text(got: str, expected: str, _: float) -> str:
    if not got:
        return "Le texte est vide."
    return "" if expected else f"Un texte vide est attendu ; il est venu {_characters(got)}."


def _edges(got: str, expected: str, _: float) -> str:
    """Les mêmes caractères, aux blancs du début et de la fin près."""
    if got.strip() != expected.strip() or not expected.strip():
        return ""
    starts = [text[: len(text) - len(text.lstrip())] for text in (got, expected)]
    ends = [text[len(text.rstrip()) :] for text in (got, expected)]
    sentences = [
        f"{found._replace(place=where).say(_characters(found.items))}."
        if (found := _piece(one, other))
        else f"Les blancs diffèrent {where}."
        for (one, other), where in ((starts, "au début"), (ends, "à la fin"))
        if one != other
    ]
    return " ".join(sentences)


# Ce qui distingue deux textes quand une transformation les rend égaux.
_EQUAL_ONCE: tuple[tuple[Callable[[str], str], str], ...] = (
    (
        lambda t: t.replace("\r\n", "\n").replace("\r", "\n"),
        "les fins de ligne diffèrent (« \\r\\n », « \\r » ou « \\n »)",
    ),
    (
        lambda t: unicodedata.normalize("NFC", t),
        "certains caractères sont codés autrement (« é » d'un seul tenant, ou « e » suivi d'un accent, par exemple)",
    ),
    (lambda t: t.replace("\u00a0", " ").replace("\u202f", " "), "les espaces diffèrent (ordinaires ou insécables)"),
    (lambda t: t.replace("’", "'"), "les apostrophes diffèrent (droites « ' » ou typographiques « ’ »)"),
    (lambda t: re.sub("[«»“”]", '"', t), "les guillemets diffèrent"),
    (lambda t: t.translate(_LIGATURES), "les ligatures diffèrent (« œ » ou « oe »)"),
    (str.lower, "la casse diffère (majuscules ou minuscules)"),
)


def _one_trait(got: str, expected: str, _: float) -> str:
    for transform, sentence in _EQUAL_ONCE:
        if transform(got) == transform(expected):
            return f"Les textes sont les mêmes, mais {sentence}."
    if _unaccented(got) != _unaccented(expected):
        return ""
    got, expected = (unicodedata.normalize("NFC", text) for text in (got, expected))
    lost = [a != b for a, b in zip(got, expected, strict=True) if b != _unaccented(b)]
    if any(a != b and b == _unaccented(b) for a, b in zip(got, expected, strict=True)):
        return "Les textes sont les mêmes, mais les accents diffèrent."
    if got == _unaccented(expected):
        return "Les textes sont les mêmes, mais sans aucun accent."
    if len(lost) > 2 and lost in ([rank % 2 == parity for rank in range(len(lost))] for parity in (0, 1)):
        return "Les textes sont les mêmes, mais un accent sur deux diffère."
    return f"Les textes sont les mêmes, mais {_count(sum(lost), 'accent')} sur {len(lost)} {'diffère' if sum(lost) == 1 else 'diffèrent'}."


def _repeated(got: Sequence, expected: Sequence, _: float) -> str:
    times = len(got) // len(expected) if expected else 0
    if times < 2 or got != expected * times:
        return ""
    return f"Ce qui est attendu vient {times} fois de suite."


def _text_piece(got: str, expected: str, _: float) -> str:
    found = _piece(got, expected)
    if not found:
        return ""
    place = (
        found.place if found.place.startswith("à") or found.place == "au début" else _line_place(expected, found.start)
    )
    return f"{found._replace(place=place).say(_characters(found.items))}."


def _blanks(got: str, expected: str, _: float) -> str:
    if got.split() == expected.split():
        return "Les mots sont les mêmes, dans le même ordre : seuls les blancs diffèrent (espaces, fins de ligne)."
    if "".join(got.split()) == "".join(expected.split()):
        return "Les caractères sont les mêmes, aux blancs près (espaces, fins de ligne)."
    return ""


def _within(got: str, expected: str, _: float) -> str:
    if expected and (before := got.find(expected)) >= 0:
        after = len(got) - before - len(expected)
        return f"Le texte attendu y est, avec {_count(before, 'caractère')} de trop avant et {after} après."
    if (before := expected.find(got)) >= 0:
        return f"C'est un morceau du texte attendu : il manque {_count(before, 'caractère')} avant et {len(expected) - before - len(got)} après."
    return ""


def _text_order(got: str, expected: str, _: float) -> str:
    if got == expected[::-1]:
        return "Le texte est à l'envers."
    if sorted(got.split()) == sorted(expected.split()):
        return "Les mots sont les mêmes, dans un autre ordre."
    return "Les caractères sont les mêmes, dans un autre ordre." if sorted(got) == sorted(expected) else ""


def _replaced(got: str, expected: str, _: float) -> str:
    """Même longueur, et toujours le même caractère pour un autre."""
    if len(got) != len(expected):
        return ""
    pairs = [(a, b) for a, b in zip(got, expected, strict=True) if a != b]
    if len(set(pairs)) != 1:
        return ""
    one, other = pairs[0]
    times = f"{len(pairs)} fois, d'abord " if len(pairs) > 1 else ""
    return f"{_quote(one)} est venu pour {_quote(other)}, {times}{_line_place(expected, _prefix(got, expected))}."


def _text_place(got: str, expected: str, _: float) -> str:
    rank = _prefix(got, expected)
    one, other = (_quote(text[rank : rank + 12]) if rank < len(text) else "la fin du texte" for text in (got, expected))
    lines = [text.count("\n") + 1 for text in (got, expected)]
    size = (
        f" Il est venu {_count(lines[0], 'ligne').replace('un ', 'une ')}, et non {lines[1]}."
        if lines[0] != lines[1]
        else ""
    )
    return f"La première différence est {_line_place(expected, rank)} : {one}, et non {other}.{size}"


_TEXT = (_empty_text, _edges, _one_trait, _repeated, _text_piece, _blanks, _text_order, _within, _replaced, _text_place)


# --- Octets ---------------------------------------------------------------------------------------------


def _bytes_piece(got: bytes, expected: bytes, _: float) -> str:
    found = _piece(got, expected)
    return f"{found.say(_count(len(found.items), 'octet'))} : {_quote(found.items)}." if found else ""


def _bytes_place(got: bytes, expected: bytes, _: float) -> str:
    return f"Le premier octet qui diffère est au {_rank(_prefix(got, expected))}."


# --- Nombres, tableaux et tenseurs ----------------------------------------------------------------------

# Ce qui est venu en fonction de ce qui est attendu, {} ; de la transformation la plus simple à la moins simple.
_TRANSFORMS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
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
    *((f"l'arrondi à {n} décimale{'s' * (n > 1)} de {{}}", lambda x, n=n: np.round(x, n)) for n in range(1, 7)),
)


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


def _measures(*recognisers: Callable) -> tuple[Callable, ...]:
    """Les mêmes fonctions, qui reçoivent les valeurs comme des tableaux numpy."""
    return tuple(
        lambda got, expected, tolerance, recognise=recognise: recognise(_array(got), _array(expected), tolerance)
        for recognise in recognisers
    )


def _are_numbers(got: Any, expected: Any) -> bool:
    return all(_is_number(value) for value in (got, expected))


def _are_arrays(got: Any, expected: Any) -> bool:
    """Des tableaux, ou au moins deux nombres dans des listes régulières."""
    one, other = _array(got), _array(expected)
    if one is None or other is None or max(one.size, other.size) > LARGE:
        return False
    return (
        is_array(got) or is_array(expected) or (type(got) is type(expected) is list and min(one.size, other.size) > 1)
    )


def _index(rank: int, shape: tuple[int, ...]) -> str:
    return f"à l'indice {[int(i) for i in np.unravel_index(rank, shape)]}"


def _not_finite(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    for name, test in (("nan", np.isnan), ("un infini", np.isinf)):
        found, wanted = test(got), test(expected)
        if found.any() and not wanted.any():
            if not got.ndim:
                return f"La valeur est {'nan, qui n’est pas un nombre' if name == 'nan' else 'infinie'}.".replace(
                    "’", "'"
                )
            return f"{name[0].upper()}{name[1:]} y est {int(found.sum())} fois, d'abord {_index(int(found.argmax()), got.shape)}."
        if wanted.all() and not found.any():
            return f"C'est {name} qui est attendu."
    return ""


def _almost(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    gap = float(_gap(got, expected).max())
    if not 0 < gap <= 1e-5 * float(np.abs(expected.astype(float)).max()):
        return ""
    return f"C'est presque égal : la plus grande différence est {decimal(gap)}."


def _exchanged(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    binary = np.isin(got, (0, 1)).all() and np.isin(expected, (0, 1)).all()
    return "Les 0 et les 1 sont échangés." if binary and got.size > 1 and (got != expected).all() else ""


def _one_off(got: Any, expected: Any, _: float) -> str:
    if not (isinstance(got, Integral) and isinstance(expected, Integral) and abs(int(got) - int(expected)) == 1):
        return ""
    return "C'est 1 de trop." if got > expected else "C'est 1 de moins."


def _transformed(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    what, start = ("celle qui est attendue", "Chaque valeur est") if got.size > 1 else ("ce qui est attendu", "C'est")
    name = next((name for name, f in _TRANSFORMS if _near(got, f(expected.astype(float)), tolerance)), "")
    return f"{start} {name.format(what)}." if name else ""


def _distance(got: Real, expected: Real, _: float) -> str:
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


def _scaled(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
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
        if factor and _near(got, factor * expected, tolerance)
        else ""
    )


def _axes(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    if got.ndim == expected.ndim <= 5:
        for order in itertools.permutations(range(got.ndim)):
            if _near(got.transpose(order), expected, tolerance):
                return (
                    "C'est la transposée."
                    if got.ndim == 2
                    else f"Les axes sont dans un autre ordre : transpose{order} rend ce qui est attendu."
                )
    for axis in range(got.ndim):
        if got.shape[axis] > 1 and _near(np.flip(got, axis), expected, tolerance):
            return f"L'ordre est inversé le long de l'axe {axis}."
    return ""


def _unit_axes(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Les mêmes valeurs dans le même ordre, sous une autre forme."""
    if got.size != expected.size or not _near(got.ravel(), expected.ravel(), tolerance):
        return ""
    lone = [len(array.shape) - len(expected.squeeze().shape) for array in (got, expected)]
    more = lone[0] - lone[1]
    if got.squeeze().shape != expected.squeeze().shape or not more:
        return (
            f"Les valeurs sont les mêmes, dans le même ordre, mais la forme est {got.shape}, et non {expected.shape}."
        )
    what = _count(abs(more), "axe").replace("axes", "axes") + " de taille 1"
    return f"{'Il y a ' + what + ' de trop' if more > 0 else 'Il manque ' + what} : la forme est {got.shape}, et non {expected.shape}. Les valeurs sont les mêmes."


def _array_piece(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Le long d'un axe, des positions manquent, ou sont de trop, au début ou à la fin."""
    if got.ndim != expected.ndim:
        return ""
    axes = [axis for axis in range(got.ndim) if got.shape[axis] != expected.shape[axis]]
    if len(axes) != 1 or not min(got.size, expected.size):
        return ""
    axis, missing = axes[0], got.size < expected.size
    short, long = (got, expected) if missing else (expected, got)
    short, long = np.moveaxis(short, axis, 0), np.moveaxis(long, axis, 0)
    for place, part in (("à la fin", long[: len(short)]), ("au début", long[-len(short) :])):
        if _near(short, part, tolerance):
            piece = _Piece(missing, (), 0, place)
            return f"{piece.say(_count(len(long) - len(short), 'position'))} de l'axe {axis} : la forme est {got.shape}, et non {expected.shape}.".replace(
                " un position", " une position"
            )
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
    if got.shape != expected.shape or got.ndim < 2 or got.shape[-1] < 2 or got.shape[-1] != got.shape[-2]:
        return ""
    above = np.triu(np.ones(got.shape[-2:], dtype=bool), 1)
    for hidden in (0.0, -np.inf):
        if (expected[..., above] == hidden).all() and (got[..., above] != hidden).any():
            beyond = np.triu(above, 2)
            only_one = beyond.any() and (got[..., beyond] == hidden).all()
            where = "juste au-dessus de la diagonale, et là seulement" if only_one else "au-dessus de la diagonale"
            return f"Des valeurs différentes de {decimal(hidden)} sont {where}, où {decimal(hidden)} est attendu : une position voit {'la suivante' if only_one else 'plus loin qu’elle'}.".replace(
                "’", "'"
            )
    return ""


def _sums(got: np.ndarray, expected: np.ndarray, _: float) -> str:
    """Des probabilités dont la somme ne vaut pas 1 le long du bon axe."""

    def is_one(array: np.ndarray, axis: int) -> bool:
        return array.shape[axis] > 1 and np.allclose(array.astype(float).sum(axis), 1, rtol=0, atol=1e-3)

    for axis in reversed(range(got.ndim if got.shape == expected.shape else 0)):
        if is_one(expected, axis) and not is_one(got, axis):
            other = next((other for other in range(got.ndim) if is_one(got, other)), None)
            start = "La somme ne vaut pas 1" if other is None else f"La somme vaut 1 le long de l'axe {other}, et non"
            return f"{start} le long de l'axe {axis}{', comme il est attendu' if other is None else ''}."
    return ""


def _array_order(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    if got.shape != expected.shape or not _near(np.sort(got, None), np.sort(expected, None), tolerance):
        return ""
    return "Les valeurs sont les mêmes, dans un autre ordre."


def _array_place(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Combien de valeurs diffèrent, où est la plus grande différence, et s'il n'y en a qu'à un rang d'un axe."""
    gap = _gap(got, expected)
    wrong = ~(gap <= tolerance)
    if not got.ndim or not wrong.any():
        return ""
    worst = int(np.where(np.isnan(gap), np.inf, gap).argmax())
    one, other, where = got.flat[worst].item(), expected.flat[worst].item(), _index(worst, got.shape)
    if wrong.sum() == 1:
        return f"Une seule valeur diffère, {where}."
    places = (np.argwhere(wrong)[:, axis] for axis in range(got.ndim))
    alone = [
        (axis, int(ranks[0])) for axis, ranks in enumerate(places) if got.shape[axis] > 1 and (ranks == ranks[0]).all()
    ]
    end = f" Toutes sont au {_rank(alone[0][1])} de l'axe {alone[0][0]}." if alone else ""
    size = (
        f"la plus grande différence est {decimal(abs(float(one) - float(other)))}, {where}"
        if math.isfinite(gap.flat[worst])
        else f"la première sans mesure est {where}"
    )
    return f"{int(wrong.sum())} valeurs sur {got.size} diffèrent ; {size}.{end}"


_NUMBER = (*_measures(_not_finite), _one_off, *_measures(_almost, _transformed), _distance)
_ARRAY = _measures(
    _not_finite, _unit_axes, _axes, _array_piece, _shape, _almost, _exchanged, _transformed, _scaled, _future, _rolled, _sums, _array_order
)  # fmt: skip


# --- Listes et tuples -----------------------------------------------------------------------------------


def _alike_within(tolerance: float) -> Callable[[Any, Any], bool]:
    return lambda one, other: _alike(one, other, tolerance)


def _same_bag(one: Sequence, other: Sequence, tolerance: float) -> bool:
    """Les mêmes éléments, chacun le même nombre de fois, dans n'importe quel ordre."""
    if len(one) != len(other):
        return False
    try:
        return collections.Counter(one) == collections.Counter(other)
    except TypeError:  # des listes, des dictionnaires
        left = list(other) if len(other) <= 60 else []
    for item in one:
        rank = next((rank for rank, candidate in enumerate(left) if _alike(item, candidate, tolerance)), None)
        if rank is None:
            return False
        del left[rank]
    return True


def _distinct(items: Sequence) -> list:
    return list(dict.fromkeys(items))


def _empty_sequence(got: Sequence, expected: Sequence, _: float) -> str:
    noun = "La liste" if type(got) is list else "Le tuple"
    if not got:
        return f"{noun} est vide."
    return "" if expected else f"Il est venu {_count(len(got), 'élément')} ; aucun n'est attendu."


def _shared(got: Sequence, expected: Sequence, _: float) -> str:
    """Le même objet à plusieurs rangs : changer l'un change l'autre."""
    ranks: dict[int, int] = {}
    for rank, item in enumerate(got):
        if type(item) in (list, dict, set) or is_array(item):
            first = ranks.setdefault(id(item), rank)
            if first < rank < len(expected) and not _alike(expected[first], expected[rank], 0.0):
                return f"Les éléments de rangs {first} et {rank}{_ZERO} sont un seul et même objet."
    return ""


def _levels(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Un niveau de listes de trop ou de moins."""
    kind = type(got)

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
    if list(got) == _distinct(expected):
        return "Chaque élément n'y est qu'une fois : les répétitions attendues manquent."
    return (
        "Des éléments reviennent, alors qu'ils ne sont attendus qu'une fois."
        if _distinct(got) == list(expected)
        else ""
    )


def _sequence_piece(got: Sequence, expected: Sequence, tolerance: float) -> str:
    found = _piece(got, expected, _alike_within(tolerance))
    if not found:
        return ""
    if found.missing and len(got) == 1 and found.place in ("à la fin", "au début"):
        return f"Seul le {'premier' if found.place == 'à la fin' else 'dernier'} élément est venu, sur {len(expected)}."
    what = f" : {show(found.items[0], 40)}".replace(_ZERO, "") if len(found.items) == 1 else ""
    return f"{found.say(_count(len(found.items), 'élément'))}{what}."


def _scattered(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """L'une est l'autre moins des éléments épars."""
    missing = len(got) < len(expected)
    short, long = (got, expected) if missing else (expected, got)
    lost, rank = [], 0
    for place, item in enumerate(long):
        if rank < len(short) and _alike(short[rank], item, tolerance):
            rank += 1
        else:
            lost.append(place)
    if rank < len(short) or not lost:
        return ""
    what = _count(len(lost), "élément")
    void = (
        " Tous sont vides."
        if all(type(long[place]) in (str, list, tuple) and not long[place] for place in lost)
        else ""
    )
    return f"{f'Il manque {what}' if missing else f'Il y a {what} de trop'}, d'abord au {_rank(lost[0])}.{void} Les autres y sont, dans l'ordre."


def _order(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Les mêmes éléments dans un autre ordre."""
    if not _same_bag(got, expected, tolerance):
        return ""
    if same(got[::-1], expected, tolerance):
        return "Les éléments sont les mêmes, à l'envers."
    try:
        rising, wanted = sorted(got), sorted(expected) == list(expected)
    except Exception:  # des éléments qui ne se comparent pas
        return "Les éléments sont les mêmes, dans un autre ordre."
    if rising == list(got):
        return "Les éléments sont les mêmes, mais triés."
    return f"Les éléments sont les mêmes, {'mais pas triés' if wanted else 'dans un autre ordre'}."


def _slid(got: Sequence, expected: Sequence, tolerance: float) -> str:
    """Chaque élément un rang trop tôt ou trop tard."""
    if len(got) != len(expected) or len(got) < 3 or all(_alike(got[0], item, tolerance) for item in got):
        return ""
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
    pairs = [(one, other) for one, other in zip(got, expected, strict=True) if not _alike(one, other, tolerance)]
    if not 2 <= len(pairs) <= 200:
        return ""
    found = {_first((_kind, *_leaf(one, other)), one, other, tolerance) for one, other in pairs}
    if len(found) != 1 or (text := found.pop()) is None or text.path:
        return ""
    whole = "Dans chaque élément" if len(pairs) == len(got) else f"Dans {len(pairs)} éléments sur {len(got)}"
    return f"{whole} : {text.text[0].lower()}{text.text[1:]}"


def _leaf(one: Any, other: Any) -> tuple[Callable, ...]:
    return _TEXT if type(one) is type(other) is str else _NUMBER if _are_numbers(one, other) else ()


def _first_rank(got: Sequence, expected: Sequence, tolerance: float) -> _Found | str | None:
    """Le premier élément qui diffère, et en quoi."""
    rank = _prefix(got, expected, _alike_within(tolerance))
    if len(got) != len(expected):
        return f"Il est venu {_count(len(got), 'élément')}, et non {len(expected)} ; le premier écart est au {_rank(rank)}."
    return _inside("élément de", rank, got[rank], expected[rank], tolerance)


_SEQUENCE = (
    _empty_sequence, _shared, _levels, _repeated, _duplicates, _sequence_piece, _order, _slid, _scattered, _cut_elsewhere, _all_alike
)  # fmt: skip


# --- Dictionnaires, ensembles, objets -------------------------------------------------------------------


def _some(items: Iterable) -> str:
    """Au plus trois éléments, et combien restent."""
    items = sorted(items, key=_repr)
    more = f" et {len(items) - 3} de plus" if len(items) > 3 else ""
    return ", ".join(show(item, 40).replace(_ZERO, "") for item in items[:3]) + more


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
                f"Chaque clé est {_NOUNS[kind]}, et non {_plain(next(iter(expected)))}."
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
    values = [np.array([mapping[key] for key in expected]) for mapping in (got, expected)]
    if any(array.dtype.kind not in "iuf" or array.ndim != 1 or array.size < 2 for array in values):
        return ""
    found = _first((_transformed, _scaled), *values, tolerance)
    return found.text if found else ""


def _wrong_value(got: dict, expected: dict, tolerance: float) -> _Found | None:
    """La première valeur qui diffère."""
    key = next(key for key in expected if not same(got[key], expected[key], tolerance))
    return _inside("clé", key, got[key], expected[key], tolerance)


def _set_items(got: set, expected: set, _: float) -> str:
    missing, extra = expected - got, got - expected
    sentences = [
        f"{start} {_count(len(items), 'élément')}{end} : {_some(items)}."
        for items, start, end in ((missing, "Il manque", ""), (extra, "Il y a", " de trop"))
        if items
    ]
    return " ".join(sentences)


def _fields(got: Any, expected: Any, tolerance: float) -> _Found | None:
    """Le premier champ qui diffère, de deux objets faits de champs."""
    names = getattr(expected, "_fields", None) or [field.name for field in dataclasses.fields(expected)]
    pairs = ((name, getattr(got, name), getattr(expected, name)) for name in names)
    return next(
        _inside("champ", name, one, other, tolerance) for name, one, other in pairs if not same(one, other, tolerance)
    )


def _message(got: BaseException, expected: BaseException, tolerance: float) -> str:
    found = _first(_TEXT, str(got), str(expected), tolerance)
    return f"Le message de l'exception diffère. {found.text}" if found else ""


def _unequal(got: Any, expected: Any, _: float) -> str:
    return f"Les deux sont {_plain(expected)}, mais ne sont pas égaux." if type(got) is type(expected) else ""


def _both(*kinds: type) -> Callable[[Any, Any], bool]:
    return lambda got, expected: type(got) is type(expected) and isinstance(expected, kinds)


def _both_exactly(*kinds: type) -> Callable[[Any, Any], bool]:
    return lambda got, expected: type(got) is type(expected) and type(expected) in kinds


# À quoi se reconnaît chaque famille, et ses fonctions dans l'ordre.
_FAMILIES: tuple[tuple[Callable[[Any, Any], bool], tuple[Callable, ...]], ...] = (
    (_both_exactly(str), _TEXT),
    (_both_exactly(bytes), (_repeated, _bytes_piece, _bytes_place)),
    (_are_numbers, _NUMBER),
    (_both_exactly(list, tuple), _SEQUENCE),
    (_are_arrays, _ARRAY),
    (_both_exactly(list, tuple), (_first_rank,)),
    (_are_arrays, _measures(_array_place)),
    (_both(dict), (_empty_dictionary, _turned, _retyped_keys, _keys, _proportional, _wrong_value)),
    (_both(set, frozenset), (_set_items,)),
    (_both(BaseException), (_message,)),
    (_both(object), (_fields, _unequal)),
)
