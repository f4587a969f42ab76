"""Dire en mots ce qui distingue deux valeurs : chaque changement connu est nommé, aucune phrase n'est fausse."""

import collections
import dataclasses
import math
import re
import time
import warnings

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aurore.atelier.differences import decimal, describe, excerpts, is_array, same, show, show_arguments

# Les mêmes exemples à chaque fois, sans chronomètre ni base d'exemples.
deterministic = settings(
    derandomize=True, deadline=None, database=None, max_examples=40, suppress_health_check=list(HealthCheck)
)


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
        ([True, 1.0], [1, 1], 0.0, True),
        ([1.0, 2.0], torch.tensor([1.0, 2.0]), 0.0, True),
        (torch.eye(2).to_sparse(), torch.eye(2), 0.0, True),
        (torch.ones(2, requires_grad=True), torch.ones(2), 0.0, True),
    ],
)
def test_same(got, expected, tolerance, verdict):
    assert same(got, expected, tolerance) is verdict
    assert bool(describe(got, expected, tolerance)) is not verdict


# --- Les changements connus -----------------------------------------------------------------------------

words = st.text("abcdeéèàlmnorstu", min_size=2, max_size=7)
texts = st.lists(words, min_size=3, max_size=7, unique=True).map(" ".join)
numbers = st.floats(0.01, 50, allow_nan=False).map(lambda x: round(x, 4) + 0.00037)
integers = st.integers(-10_000, 10_000)
elements = st.lists(st.integers(0, 10_000) | words, min_size=4, max_size=9, unique=True)
arrays = st.tuples(st.integers(2, 4), st.integers(5, 6), st.integers(0, 10_000)).map(
    lambda sizes: np.random.default_rng(sizes[2]).normal(size=sizes[:2]).round(6)
)


def _plain(text):
    return text.translate(str.maketrans("éèà", "eea"))


def _every_other_accent(text):
    ranks = [rank for rank, c in enumerate(text) if c in "éèà"]
    return "".join(_plain(c) if rank in ranks[::2] else c for rank, c in enumerate(text))


TEXT_CHANGES = {
    "espace à la fin": (lambda t: t + " ", "une espace de trop à la fin"),
    "espaces au début": (lambda t: "  " + t, "2 espaces de trop au début"),
    "fin de ligne": (lambda t: t + "\n", "une fin de ligne de trop à la fin"),
    "espace double": (lambda t: t.replace(" ", "  ", 1), "une espace de trop au rang"),
    "espaces doubles": (lambda t: t.replace(" ", "  "), "seuls les blancs diffèrent"),
    "espaces ôtées": (lambda t: t.replace(" ", ""), "aux blancs près"),
    "une ligne par mot": (lambda t: t.replace(" ", "\n"), "seuls les blancs diffèrent"),
    "casse": (str.upper, "la casse diffère"),
    "initiale": (str.title, "la casse diffère"),
    "accents": (_plain, "sans aucun accent"),
    "insécables": (lambda t: t.replace(" ", "\u202f"), "les espaces diffèrent (ordinaires ou insécables)"),
    "début": (lambda t: t[3:], "au début"),
    "fin": (lambda t: t[:-3], "à la fin"),
    "milieu": (lambda t: t[:3] + t[5:], "Il manque"),
    "ajout": (lambda t: t[:3] + "zz" + t[3:], "2 caractères (« zz ») de trop au rang 3 (compté depuis 0)"),
    "double": (lambda t: t + t, "vient 2 fois de suite"),
    "vide": (lambda t: "", "Le texte est vide."),
    "envers": (lambda t: t[::-1], "à l'envers"),
    "mots retournés": (lambda t: " ".join(t.split()[::-1]), "Les mots sont les mêmes, dans un autre ordre"),
    "lettres triées": (lambda t: "".join(sorted(t)), "Les caractères sont les mêmes"),
    "un caractère": (lambda t: t[:3] + "#" + t[4:], "« # » est venu pour « "),
    "entouré": (lambda t: "<" + t + ">", "Le texte attendu y est, avec un caractère de trop avant et 1 après"),
    "morceau": (lambda t: t[2:-2], "C'est un morceau du texte attendu"),
    "octets": (str.encode, "Ce sont les mêmes caractères, en UTF-8."),
    "liste": (lambda t: [t], "La valeur attendue y est, seule."),
    "mots": (str.split, "joints par une espace, donnent le texte attendu"),
    "lettres": (list, "joints bout à bout, donnent le texte attendu"),
    "rien": (lambda t: None, "Votre fonction a rendu None."),
    "fonction": (lambda t: t.upper, "C'est une fonction (upper), qui n'a pas été appelée, et non un texte."),
    "exception": (ValueError, "C'est une exception (ValueError), et non un texte."),
}


@pytest.mark.parametrize("name", TEXT_CHANGES)
@deterministic
@given(text=texts)
def test_a_change_of_text_is_named(name, text):
    change, sentence = TEXT_CHANGES[name]
    got = change(text)
    assume(got != text and _plain(text)[::-1] != _plain(text))
    if name in ("début", "fin", "milieu", "morceau", "accents"):
        # Une espace au bord, un mot entier : une phrase plus précise peut alors passer devant.
        assume(not isinstance(got, str) or (got == got.strip() and "  " not in got))
    said = describe(got, text)
    assert sentence in said or (name == "lettres triées" and "aux blancs près" in said), (got, said)


@deterministic
@given(text=texts)
def test_every_other_accent_is_said(text):
    assume(sum(c in "éèà" for c in text) > 2)
    assert "un accent sur deux" in describe(_every_other_accent(text), text)


def test_typography_is_said():
    assert "les apostrophes diffèrent" in describe("l'été", "l’été")
    assert "les ligatures diffèrent" in describe("coeur", "cœur")
    assert "les guillemets diffèrent" in describe('"oui"', "«oui»")
    assert "codés autrement" in describe("e\u0301te", "éte")
    assert "les fins de ligne diffèrent" in describe("a\r\nb", "a\nb")
    assert "ligne 3, au rang 1 (compté depuis 0) : « xy », et non « cd »" in describe("a\nb\n xy", "a\nb\n cd")
    assert "Il est venu 2 lignes, et non 3." in describe("a\nx", "a\nb\nc")


NUMBER_CHANGES = {
    "signe": (lambda x: -x, "l'opposé de"),
    "double": (lambda x: 2 * x, "le double de"),
    "moitié": (lambda x: x / 2, "la moitié de"),
    "dix": (lambda x: 10 * x, "dix fois"),
    "pourcentage": (lambda x: 100 * x, "cent fois"),
    "centième": (lambda x: x / 100, "le centième de"),
    "complément": (lambda x: 1 - x, "1 moins"),
    "inverse": (lambda x: 1 / x, "l'inverse de"),
    "carré": (lambda x: x**2, "le carré de"),
    "racine": (np.sqrt, "la racine carrée de"),
    "log": (np.log, "le logarithme naturel de"),
    "log2": (np.log2, "le logarithme en base 2 de"),
    "bits": (lambda x: x / math.log(2), "1/ln 2 fois"),
    "nats": (lambda x: x * math.log(2), "ln 2 fois"),
    "arrondi": (lambda x: np.round(x, 2), "l'arrondi à 2 décimales de"),
    "entier": (np.floor, "la partie entière de"),
}


@pytest.mark.parametrize("name", NUMBER_CHANGES)
@deterministic
@given(number=numbers)
def test_a_change_of_number_is_named(name, number):
    assume(abs(number - round(number, 1)) * 10 > 0.05 and 1.2 < number % 10 < 9)
    change, sentence = NUMBER_CHANGES[name]
    got = float(change(number))
    assume(abs(got - number) > 1e-4 * number)  # sinon c'est « presque égal »
    others = [key for key, (other, _) in NUMBER_CHANGES.items() if abs(float(other(number)) - got) <= 1e-4 * abs(got)]
    assume(others == [name])
    assert sentence in describe(got, number)
    array = np.array([number, number + 1.234567])
    assert sentence in describe(change(array), array)
    assert f"Dans la clé « perte » : c'est {sentence}" in describe({"perte": got}, {"perte": number})


@deterministic
@given(number=integers, step=st.integers(2, 9))
def test_integers_are_compared_by_their_gap(number, step):
    assert describe(number + 1, number) == (
        "C'est 1 de trop." if number + 1 != -number else describe(number + 1, number)
    )
    assume(number > 20)
    assert f"c'est {step} de moins." in describe(number - step, number).lower()


def test_numbers_that_are_none():
    assert describe(math.nan, 1.0) == "La valeur est nan, qui n'est pas un nombre."
    assert describe(math.inf, 1.0) == "La valeur est infinie."
    assert "nan est attendue" in describe(1.0, math.nan)
    assert "Plus de dix fois trop grand" in describe(1234.5, 3.7)
    assert "presque égal" in describe(1.0000001, 1.0)


SEQUENCE_CHANGES = {
    "fin": (lambda x: x[:-1], "Il manque un élément à la fin"),
    "début": (lambda x: x[1:], "Il manque un élément au début"),
    "milieu": (lambda x: [*x[:2], *x[3:]], "Il manque un élément au rang 2 (compté depuis 0)"),
    "deux": (lambda x: [x[0], x[2], *x[4:]], "Il manque 2 éléments, d'abord au rang 1"),
    "ajout": (lambda x: [*x, "#"], "Il y a un élément de trop à la fin : '#'"),
    "vides": (
        lambda x: ["", x[0], "", *x[1:]],
        "2 éléments de trop, d'abord au rang 0 (compté depuis 0). Tous sont vides",
    ),
    "envers": (lambda x: x[::-1], "à l'envers"),
    "ordre": (lambda x: [x[1], x[0], *x[2:]], "Les éléments sont les mêmes, "),
    "emboîté": (lambda x: [x], "un niveau trop profond"),
    "chacun emboîté": (lambda x: [[item] for item in x], "un niveau trop profond"),
    "deux fois": (lambda x: x + x, "vient 2 fois de suite"),
    "répétitions": (lambda x: [x[0], *x], "Des éléments reviennent"),
    "plus tard": (lambda x: ["#", *x[:-1]], "un rang trop tard"),
    "plus tôt": (lambda x: [*x[1:], "#"], "un rang trop tôt"),
    "premier": (lambda x: x[:1], "Seul le premier élément est venu"),
    "dernier": (lambda x: x[-1:], "Seul le dernier élément est venu"),
    "vide": (lambda x: [], "La liste est vide."),
    "un autre": (
        lambda x: [*x[:2], b"#", *x[3:]],
        "Dans l'élément de rang 2 (compté depuis 0) : c'est une suite d'octets",
    ),
    "tuple": (tuple, "C'est un tuple, et non une liste. Les éléments sont les mêmes, dans le même ordre."),
    "ensemble": (set, "C'est un ensemble, et non une liste. Les éléments sont les mêmes."),
    "clés": (dict.fromkeys, "C'est un dictionnaire, et non une liste."),
    "générateur": (
        lambda x: (item for item in x),
        "C'est un générateur, dont rien n'a encore été tiré, et non une liste.",
    ),
    "map": (lambda x: map(str, x), "C'est un objet map, et non une liste"),
    "vue": (lambda x: dict.fromkeys(x).keys(), "Les éléments sont les mêmes, dans le même ordre."),
}


@pytest.mark.parametrize("name", SEQUENCE_CHANGES)
@deterministic
@given(items=elements)
def test_a_change_of_list_is_named(name, items):
    change, sentence = SEQUENCE_CHANGES[name]
    assert sentence in describe(change(items), items)
    if name not in ("tuple", "ensemble", "clés", "générateur", "map", "vue"):
        inside = {"input_ids": ["a", change(items)]}
        assert "clé « input_ids », élément de rang 1" in describe(inside, {"input_ids": ["a", items]})


@deterministic
@given(items=st.lists(st.integers(0, 99), min_size=3, max_size=8, unique=True), more=words)
def test_elements_that_all_differ_alike(items, more):
    assert "Dans chaque élément : c'est un texte, et non un nombre entier. La valeur est la même." in describe(
        [str(item) for item in items], items
    )
    texts = [f"{more}{item}" for item in items]
    assert "Dans chaque élément : il y a une espace de trop à la fin." in describe([t + " " for t in texts], texts)
    assert describe([item + 3 for item in items], items) in (
        "Tout est décalé de 3.",
        describe([i + 3 for i in items], items),
    )
    assert "répétitions attendues manquent" in describe(items, [*items, items[0]])
    assert "mais triés" in describe(sorted(items), [*sorted(items)[1:], min(items)]) or len(items) < 3


def test_lists_of_lists():
    row = [0, 0]
    assert "est le même objet que celui de rang 0" in describe([row, row], [[0, 1], [1, 0]])
    assert "à plat" in describe([1, 2, 3], [[1, 2], [3]])
    assert "coupés ailleurs. Il y en a 1, et non 2" in describe(["ab cd"], ["ab ", "cd"])
    assert "la transposée" in describe([[1, 2], [3, 4]], [[1, 3], [2, 4]])
    assert "Les 0 et les 1 sont échangés." in describe([[0, 1], [0, 0]], [[1, 0], [1, 1]])
    assert "Dans l'élément de rang 1 (compté depuis 0), clé « masks » : il manque un élément à la fin" in describe(
        ("a", {"masks": [1, 1]}), ("a", {"masks": [1, 1, 0]})
    )


def test_dictionaries_sets_objects():
    assert describe({"a": 1}, {"a": 1, "b": 2}) == "Il manque la clé 'b'."
    assert describe({"a": 1, "c": 1}, {"a": 1}) == "Il y a la clé 'c' de trop."
    assert "Chaque clé est un texte, et non un nombre entier" in describe({"1": 2}, {1: 2})
    assert "échangées" in describe({1: "a"}, {"a": 1})
    assert "Chaque valeur est le double" in describe({"a": 2, "b": 6}, {"a": 1, "b": 3})
    assert "Le contenu est le même" in describe(collections.Counter("aab"), {"a": 2, "b": 1})
    assert describe({1, 3}, {1, 2}) == "Il manque un élément : 2. Il y a un élément de trop : 3."
    point = dataclasses.make_dataclass("Point", ["x", "y"])
    assert describe(point(1, 5), point(1, 4)) == "Dans le champ « y » : c'est 1 de trop."
    assert (
        describe(ValueError("a"), ValueError("a "))
        == "Le message de l'exception diffère. Il manque une espace à la fin."
    )
    assert describe("texte", ValueError("a")) == "C'est un texte, et non une exception (ValueError)."
    assert describe([1], None) == "C'est une liste, et non None."


ARRAY_CHANGES = {
    "transposée": (lambda a: a.T, "C'est la transposée."),
    "axe de plus": (lambda a: a[None], "Il y a un axe de taille 1 de trop"),
    "à plat": (lambda a: a.ravel(), "dans le même ordre, mais la forme est"),
    "colonne en moins": (lambda a: a[:, :-1], "Il manque une position à la fin de l'axe 1"),
    "ligne en moins": (lambda a: a[1:], "Il manque une position au début de l'axe 0"),
    "ligne en plus": (lambda a: np.vstack([a, a[:1]]), "Il y a une position de trop à la fin de l'axe 0"),
    "signe": (lambda a: -a, "l'opposé de"),
    "double": (lambda a: 2 * a, "le double de"),
    "facteur": (lambda a: 3 * a, "Chaque valeur est 3 fois"),
    "biais": (lambda a: a + 0.5, "Tout est décalé de 0,5."),
    "axe inversé": (lambda a: a[:, ::-1], "L'ordre est inversé le long de l'axe 1."),
    "décalage": (lambda a: np.roll(a, 1, 1), "Tout est un rang plus loin le long de l'axe 1."),
    "recul": (lambda a: np.roll(a, -1, 1), "Tout est un rang plus tôt le long de l'axe 1."),
    "trié": (lambda a: np.sort(a, None).reshape(a.shape), "Les valeurs sont les mêmes, dans un autre ordre."),
    "nan": (lambda a: np.where(a == a.max(), np.nan, a), "La valeur nan y est 1 fois"),
    "une valeur": (
        lambda a: a + 9 * (np.arange(a.size).reshape(a.shape) == 3),
        "Une seule valeur diffère, à l'indice [0, 3] : ",
    ),
    "une ligne": (
        lambda a: a + np.arange(9, 9 + a.shape[1]) * (np.arange(len(a))[:, None] == 1),
        "Toutes sont au rang 1 (compté depuis 0) de l'axe 0.",
    ),
    "forme": (lambda a: a[:1, :2], "La forme est (1, 2), et non"),
}


@pytest.mark.parametrize("name", ARRAY_CHANGES)
@pytest.mark.parametrize("kind", [np.asarray, lambda a: torch.tensor(a.copy())], ids=["numpy", "torch"])
@deterministic
@given(array=arrays)
def test_a_change_of_array_is_named(name, kind, array):
    change, sentence = ARRAY_CHANGES[name]
    assert sentence in describe(kind(change(array)), kind(array), 1e-6)


@deterministic
@given(seed=st.integers(0, 999), size=st.integers(3, 6))
def test_attention_is_read(seed, size):
    scores = torch.randn(2, size, size, generator=torch.Generator().manual_seed(seed))

    def weights(diagonal, axis=-1):
        hidden = torch.triu(torch.ones(size, size), diagonal) > 0
        return torch.softmax(scores.masked_fill(hidden, -torch.inf), axis)

    right = weights(1)
    assert (
        "Au-dessus de la diagonale, où 0 est attendu, il est venu d'autres valeurs, une position plus loin seulement"
        in describe(weights(2), right)
    )
    assert "Au-dessus de la diagonale, où 0 est attendu, il est venu d'autres valeurs." in describe(
        weights(size), right
    )
    full = torch.softmax(scores, -1)
    assert "La somme vaut 1 le long de l'axe 1, et non le long de l'axe 2." in describe(torch.softmax(scores, 1), full)
    assert "La somme ne vaut pas partout 1 le long de l'axe 2" in describe(torch.sigmoid(scores), full)
    assert "Les axes sont dans un autre ordre" in describe(scores.permute(1, 2, 0), scores.clone())


# --- Aucune phrase n'est fausse -------------------------------------------------------------------------

_NAMES = {
    "un texte": str, "une suite d'octets": bytes, "un booléen": bool, "un nombre entier": int, "un nombre à virgule": float,
    "une liste": list, "un tuple": tuple, "un dictionnaire": dict, "un ensemble": set, "None": type(None),
}  # fmt: skip
_LAWS = {name.format(*[""] * 2).strip(): law for name, law in {
    "l'opposé de": lambda x: -x, "la valeur absolue de": abs, "le double de": lambda x: x + x, "la moitié de": lambda x: x * 0.5,
    "dix fois": lambda x: x * 10, "le dixième de": lambda x: x * 0.1, "cent fois": lambda x: x * 100, "le centième de": lambda x: x * 0.01,
    "mille fois": lambda x: x * 1e3, "le millième de": lambda x: x * 1e-3, "1 moins": lambda x: 1 - x, "l'inverse de": lambda x: x**-1.0,
    "le carré de": lambda x: x * x, "la racine carrée de": lambda x: x**0.5, "le logarithme naturel de": math.log,
    "le logarithme en base 2 de": math.log2, "l'exponentielle de": math.exp, "ln 2 fois": lambda x: x * 0.693147181,
    "1/ln 2 fois": lambda x: x / 0.693147181, "la partie entière de": math.floor, "l'arrondi à l'entier de": round,
}.items()}  # fmt: skip
for _digits in range(1, 7):
    _LAWS[f"l'arrondi à {_digits} décimale{'s' * (_digits > 1)} de"] = lambda x, n=_digits: round(x, n)


def _flat(value):
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in _flat(value[key])]
    return np.asarray(value, dtype=float).ravel().tolist()


def _close(one, other, scale=0.0):
    return one == other or abs(one - other) <= 1e-4 * max(abs(one), abs(other), scale, 1e-9)


def _law(got, expected, name, *_):
    one, other = _flat(got), _flat(expected)
    wanted = [_LAWS[name](x) for x in other]
    return len(one) == len(other) and all(_close(a, b, max(map(abs, wanted))) for a, b in zip(one, wanted, strict=True))


def _factor(got, expected, text):
    k = float(text.replace(",", "."))
    return all(
        _close(a, k * b, max(map(abs, _flat(got)))) or abs(a - k * b) <= 1e-3 * abs(a)
        for a, b in zip(_flat(got), _flat(expected), strict=True)
    )


def _shift(got, expected, text):
    k = float(text.replace(",", "."))
    return all(
        abs(a - b - k) <= 1e-3 * max(abs(k), abs(a), abs(b)) for a, b in zip(_flat(got), _flat(expected), strict=True)
    )


def _without(long, start, size):
    return [*long[:start], *long[start + size :]]


def _number(text):
    return 1 if text in ("un", "une") else int(text)


def _piece(got, expected, number, place, rank):
    size = _number(number)
    if len(got) > len(expected):
        got, expected = expected, got
    start = int(rank) if rank else 0 if "début" in place else len(got)
    if line := re.match(r"à la ligne (\d+)", place):
        start += sum(len(words) + 1 for words in expected.split("\n")[: int(line[1]) - 1])
    return len(expected) - len(got) == size and list(got) == _without(expected, start, size)


def _missing(got, expected, *groups):
    return len(got) < len(expected) and _piece(got, expected, *groups)


def _extra(got, expected, *groups):
    return len(got) > len(expected) and _piece(got, expected, *groups)


def _edge(got, expected, verb, number, place):
    """Des blancs en trop ou en moins d'un côté ; l'autre bord peut différer aussi."""
    strip = str.lstrip if place == "au début" else str.rstrip
    gap = (len(got) - len(strip(got))) - (len(expected) - len(strip(expected)))
    return got.strip() == expected.strip() and gap == _number(number) * (1 if verb == "y a" else -1)


def _subsequence(short, long):
    rest = iter(long)
    return all(any(item == other for other in rest) for item in short)


def _sorted_repr(items):
    return sorted(map(repr, items))


def _reads(text, value):
    return np.isclose(float(text.replace(",", ".")), float(value), rtol=1e-3)


def _is_instance(value, name):
    return type(value) is _NAMES[name] if name in _NAMES else True


_NUMBER = r"(un|une|\d+)"
_PLACE = r"(à la fin|au début|(?:à la ligne \d+, )?au rang (\d+))"
RULES = [
    (r"Votre fonction a rendu None\.", lambda g, e: g is None),
    (r"La valeur est None, et non [^.]*\.", lambda g, e: g is None and e is not None),
    (r"C'est (.*?), et non (.*?)\.", lambda g, e, a, b: type(g) is not type(e) and _is_instance(g, a) and _is_instance(e, b)),
    (r"C'est (True|False), et non (True|False)\.", lambda g, e, a, b: (str(g), str(e)) == (a, b) and a != b),
    (r"La valeur est la même\.", lambda g, e: float(g) == float(e)),
    (r"Ce sont les mêmes caractères, en UTF-8\.", lambda g, e: (g if isinstance(g, bytes) else g.encode()) == (e if isinstance(e, bytes) else e.encode())),
    (r"La valeur attendue y est, seule\.", lambda g, e: len(g) == 1 and g[0] == e),
    (r"La valeur attendue y est, au rang (\d+)\.", lambda g, e, k: g[int(k)] == e),
    (r"C'est l'élément attendu, seul\.", lambda g, e: len(e) == 1 and e[0] == g),
    (r"Ce sont les éléments attendus, joints .*?\.", lambda g, e: re.sub(r"[\s,]", "", g) == re.sub(r"[\s,]", "", "".join(e))),
    (r"Ses éléments, joints .*?, donnent le texte attendu\.", lambda g, e: re.sub(r"[\s,]", "", e) == re.sub(r"[\s,]", "", "".join(g))),
    (r"Ce sont les (paires|clés|valeurs) du dictionnaire attendu\.", lambda g, e, n: list(g) == list({"paires": e.items(), "clés": e.keys(), "valeurs": e.values()}[n])),
    (r"Les éléments sont les mêmes, dans le même ordre\.", lambda g, e: list(g) == list(e)),
    (r"Les éléments distincts sont les mêmes\.", lambda g, e: set(g) == set(e)),
    (r"Les éléments sont les mêmes\.", lambda g, e: len(g) == len(e) and set(g) == set(e)),
    (r"Le contenu est le même\.", lambda g, e: dict(g) == dict(e)),
    # textes
    (r"Le texte est vide\.", lambda g, e: g == "" != e),
    (r"Un texte vide est attendu ; il est venu .*?\.", lambda g, e: e == "" != g),
    (r"Les blancs diffèrent (?:au début|à la fin)\.", lambda g, e: g.strip() == e.strip() and g != e),
    (rf"Il (manque|y a) {_NUMBER} (?:[a-z ]+|caractères? \(« .*? »\)|espaces?[a-zé ]*?)(?: de trop)? (au début|à la fin)\.", _edge),
    (rf"Il manque {_NUMBER} (?:espaces?|fins? de ligne|tabulations?|caractères? \(« .*? »\)) {_PLACE}\.", _missing),
    (rf"Il y a {_NUMBER} (?:espaces?|fins? de ligne|tabulations?|caractères? \(« .*? »\)) de trop {_PLACE}\.", _extra),
    (r"Les textes sont les mêmes, mais la casse diffère .*?\.", lambda g, e: g != e and g.upper().lower() == e.upper().lower()),
    (r"Les textes sont les mêmes, mais sans aucun accent\.", lambda g, e: g == _plain(e) != e),
    (r"Les textes sont les mêmes, mais (?:les accents diffèrent|un accent sur deux diffère)\.", lambda g, e: g != e and _plain(g) == _plain(e)),
    (rf"Les textes sont les mêmes, mais {_NUMBER} accents? sur (\d+) diffèr(?:e|ent)\.", lambda g, e, k, n: sum(a != b for a, b in zip(g, e, strict=True)) == _number(k) and sum(c in "éèà" for c in e) == int(n)),
    (r"Ce qui est attendu vient (\d+) fois de suite\.", lambda g, e, n: g == e * int(n)),
    (r"Les mots sont les mêmes, dans le même ordre : seuls les blancs diffèrent \(.*?\)\.", lambda g, e: re.findall(r"\S+", g) == re.findall(r"\S+", e)),
    (r"Les caractères sont les mêmes, aux blancs près \(.*?\)\.", lambda g, e: re.sub(r"\s", "", g) == re.sub(r"\s", "", e)),
    (r"Le texte est à l'envers\.", lambda g, e: "".join(reversed(g)) == e),
    (r"Les mots sont les mêmes, dans un autre ordre\.", lambda g, e: collections.Counter(g.split()) == collections.Counter(e.split()) and g.split() != e.split()),
    (r"Les caractères sont les mêmes, dans un autre ordre\.", lambda g, e: collections.Counter(g) == collections.Counter(e) and g != e),
    (rf"Le texte attendu y est, avec {_NUMBER} caractères? de trop avant et (\d+) après\.", lambda g, e, a, b: g[_number(a) : len(g) - int(b)] == e and len(g) > len(e)),
    (rf"C'est un morceau du texte attendu : il manque {_NUMBER} caractères? avant et (\d+) après\.", lambda g, e, a, b: e[_number(a) : len(e) - int(b)] == g),
    (r"« (.*?) » est venu pour « (.*?) », (?:(\d+) fois, d'abord )?(?:à la ligne (\d+), )?au rang (\d+)\.", lambda g, e, a, b, n, line, k: len(g) == len(e) and sum(x != y for x, y in zip(g, e, strict=True)) == int(n or 1) and repr(_spot(g, line, k)[0])[1:-1] == a and repr(_spot(e, line, k)[0])[1:-1] == b),
    (r"La première différence est (?:à la ligne (\d+), )?au rang (\d+) : (?:« (.*?) »|la fin du texte), et non (?:« (.*?) »|la fin du texte)\.", lambda g, e, line, k, a, b: repr(_spot(g, line, k)[:12])[1:-1] == (a or "") and repr(_spot(e, line, k)[:12])[1:-1] == (b or "") and g[: len(g) - len(_spot(g, line, k))] == e[: len(e) - len(_spot(e, line, k))]),
    (rf"Il est venu {_NUMBER} lignes?, et non (\d+)\.", lambda g, e, a, b: len(g.split("\n")) == _number(a) and len(e.split("\n")) == int(b)),
    # nombres
    (r"La valeur est nan, qui n'est pas un nombre\.", lambda g, e: g != g),
    (r"La valeur est infinie\.", lambda g, e: abs(g) == math.inf),
    (r"(?:C'est|Chaque valeur est) (" + "|".join(sorted(map(re.escape, _LAWS), key=len, reverse=True)) + r") (?:ce|celle) qui est attendue?(?:, .*?)?\.", _law),
    (r"Chaque valeur est (-?[\d,e+-]+) fois celle qui est attendue\.", _factor),
    (r"Tout est décalé de (-?[\d,e+-]+)\.", _shift),
    (r"(Plus de dix fois trop (?:grand|petit) : )?[Cc]'est ([\d,e+-]+) de (trop|moins)\.", lambda g, e, order, k, way: (g > e) == (way == "trop") and abs(abs(g - e) - float(k.replace(",", "."))) <= 1e-3 * abs(g - e) and (not order or (g > 10 * e > 0 if "grand" in order else 0 < 10 * g < e))),
    (r"C'est presque égal : la plus grande différence est ([\d,e+-]+)\.", lambda g, e, k: 0 < max(abs(a - b) for a, b in zip(_flat(g), _flat(e), strict=True)) <= 1e-4 * max(map(abs, _flat(e)))),
    (r"Les 0 et les 1 sont échangés\.", lambda g, e: all(a + b == 1 for a, b in zip(_flat(g), _flat(e), strict=True))),
    # tableaux
    (r"La valeur nan y est (\d+) fois, d'abord à l'indice (\[.*?\])\.", lambda g, e, n, i: int(np.isnan(g).sum()) == int(n) and np.isnan(g[tuple(eval(i))])),
    (r"C'est la transposée\.", lambda g, e: np.allclose(np.asarray(g, float), np.asarray(e, float).swapaxes(0, 1), rtol=1e-4)),
    (r"L'ordre est inversé le long de l'axe (\d)\.", lambda g, e, k: np.allclose(np.asarray(g, float), np.asarray(e, float)[(slice(None),) * int(k) + (slice(None, None, -1),)], rtol=1e-4)),
    (r"(?:Il y a|Il manque) (?:un|\d) axes? de taille 1(?: de trop)? : la forme est (.*?), et non (\(.*?\))\.", lambda g, e, a, b: repr(np.shape(g)) == a and repr(np.shape(e)) == b),
    (r"Les valeurs sont les mêmes, dans le même ordre, mais la forme est (.*?), et non (\(.*?\))\.", lambda g, e, a, b: _flat(g) == _flat(e) and repr(np.shape(g)) == a and repr(np.shape(e)) == b),
    (r"Les valeurs sont les mêmes, dans un autre ordre\.", lambda g, e: sorted(_flat(g)) == sorted(_flat(e)) and _flat(g) != _flat(e)),
    (r"Les valeurs sont les mêmes\.", lambda g, e: _flat(g) == _flat(e)),
    (rf"Il (manque|y a) {_NUMBER} positions?(?: de trop)? (à la fin|au début) de l'axe (\d) : la forme est (.*?), et non (\(.*?\))\.", lambda g, e, verb, n, place, axis, a, b: _cut_array(*((g, e) if verb == "manque" else (e, g)), _number(n), place, int(axis))),
    (r"La forme est (.*?), et non (\(.*?\))\.", lambda g, e, a, b: repr(np.shape(g)) == a != b == repr(np.shape(e))),
    (r"Tout est un rang (plus loin|plus tôt) le long de l'axe (\d)\.", lambda g, e, way, k: _rolled(np.moveaxis(np.asarray(g), int(k), 0), np.moveaxis(np.asarray(e), int(k), 0), way)),
    (r"Au-dessus de la diagonale, où 0 est attendu, il est venu d'autres valeurs(, une position plus loin seulement)?\.", lambda g, e, near: not np.triu(e, 1).any() and np.triu(g, 1).any() and (not near or not np.triu(g, 2).any())),
    (r"La somme ne vaut pas partout 1 le long de l'axe (\d), comme il est attendu\.", lambda g, e, k: np.allclose(np.sum(e, int(k)), 1, atol=0.01) and not np.allclose(np.sum(g, int(k)), 1)),
    (r"La somme vaut 1 le long de l'axe (\d), et non le long de l'axe (\d)\.", lambda g, e, a, b: np.allclose(np.sum(g, int(a)), 1, atol=0.01) and not np.allclose(np.sum(g, int(b)), 1)),
    (r"Une seule valeur diffère, à l'indice (\[.*?\])(?: : (\S+) est venu au lieu de (\S+))?\.", lambda g, e, i, a, b: (a is None or (_reads(a, np.asarray(g)[tuple(eval(i))]) and _reads(b, np.asarray(e)[tuple(eval(i))]))) and int((np.asarray(g) != np.asarray(e)).sum()) == 1 and np.asarray(g)[tuple(eval(i))] != np.asarray(e)[tuple(eval(i))]),
    (r"(\d+) valeurs sur (\d+) diffèrent ; par exemple, à l'indice (\[.*?\])(?: : (\S+) est venu au lieu de (\S+))?\.", lambda g, e, k, n, i, a, b: (a is None or (_reads(a, np.asarray(g)[tuple(eval(i))]) and _reads(b, np.asarray(e)[tuple(eval(i))]))) and int((np.asarray(g) != np.asarray(e)).sum()) == int(k) and np.size(g) == int(n)),
    (r"(\d+) valeurs sur (\d+) diffèrent ; la plus grande différence est ([\d,e+-]+), à l'indice (\[.*?\])\.", lambda g, e, k, n, gap, i: int((np.asarray(g) != np.asarray(e)).sum()) == int(k) and np.size(g) == int(n) and np.isclose(abs(np.asarray(g, float) - np.asarray(e, float)).max(), float(gap.replace(",", ".")), rtol=0.06)),
    (r"Toutes sont au rang (\d+) de l'axe (\d)\.", lambda g, e, k, axis: (np.delete(np.asarray(g), int(k), int(axis)) == np.delete(np.asarray(e), int(k), int(axis))).all()),
    # suites
    (r"(?:La liste|Le tuple) est vide\.", lambda g, e: len(g) == 0 < len(e)),
    (rf"Il est venu {_NUMBER} éléments? ; aucun n'est attendu\.", lambda g, e, n: len(g) == _number(n) and len(e) == 0),
    (r"L'élément de rang (\d+) est le même objet que celui de rang (\d+)\.", lambda g, e, a, b: g[int(a)] is g[int(b)]),
    (r"Ce qui est attendu y est, un niveau trop profond\.", lambda g, e: len(g) == 1 and g[0] == e),
    (r"C'est l'élément attendu, sans ce qui devait le contenir\.", lambda g, e: len(e) == 1 and e[0] == g),
    (r"Les éléments sont les mêmes, un niveau trop profond\.", lambda g, e: [x for part in g for x in part] == list(e)),
    (r"Les éléments sont les mêmes, mais à plat : il manque un niveau\.", lambda g, e: [x for part in e for x in part] == list(g)),
    (r"Chaque élément n'y est qu'une fois : les répétitions attendues manquent\.", lambda g, e: len(set(g)) == len(g) < len(e) and set(g) == set(e)),
    (r"Des éléments reviennent, alors qu'ils ne sont attendus qu'une fois\.", lambda g, e: len(set(e)) == len(e) < len(g) and set(g) == set(e)),
    (r"Seul le (premier|dernier) élément est venu, sur (\d+)\.", lambda g, e, which, n: len(g) == 1 and g[0] == e[0 if which == "premier" else -1] and len(e) == int(n)),
    (rf"Il manque {_NUMBER} (?:élément|octet)s? {_PLACE}(?: : .*?)?\.", _missing),
    (rf"Il y a {_NUMBER} (?:élément|octet)s? de trop {_PLACE}(?: : .*?)?\.", _extra),
    (rf"Il manque {_NUMBER} éléments?, d'abord au rang (\d+)\.", lambda g, e, n, k: len(e) - len(g) == _number(n) and list(g[: int(k)]) == list(e[: int(k)]) and _subsequence(g, e)),
    (rf"Il y a {_NUMBER} éléments? de trop, d'abord au rang (\d+)\.", lambda g, e, n, k: len(g) - len(e) == _number(n) and list(g[: int(k)]) == list(e[: int(k)]) and _subsequence(e, g)),
    (r"Tous sont vides\.", lambda g, e: [x for x in g if x or x == 0] == [x for x in e if x or x == 0]),
    (r"Les autres y sont, dans l'ordre\.", lambda g, e: _subsequence(*sorted((g, e), key=len))),
    (r"Les éléments sont les mêmes, à l'envers\.", lambda g, e: list(reversed(g)) == list(e)),
    (r"Les éléments sont les mêmes, mais triés\.", lambda g, e: list(g) == sorted(e) != list(e)),
    (r"Les éléments sont les mêmes, (?:mais pas triés|dans un autre ordre)\.", lambda g, e: g != e and _sorted_bag(g) == _sorted_bag(e)),
    (r"Les éléments attendus viennent un rang trop tard\.", lambda g, e: list(g[1:]) == list(e[:-1])),
    (r"Les éléments attendus viennent un rang trop tôt\.", lambda g, e: list(g[:-1]) == list(e[1:])),
    (r"Mis bout à bout, les textes sont les mêmes : ils sont coupés ailleurs\.", lambda g, e: "".join(g) == "".join(e) and g != e),
    (r"Les mots sont les mêmes, dans le même ordre, mais répartis autrement entre les textes\.", lambda g, e: " ".join(g).split() == " ".join(e).split()),
    (r"Il y en a (\d+), et non (\d+)\.", lambda g, e, a, b: len(g) == int(a) and len(e) == int(b)),
    (rf"Il est venu {_NUMBER} éléments?, et non (\d+) ; le premier écart est au rang (\d+)\.", lambda g, e, a, b, k: len(g) == _number(a) and len(e) == int(b) and list(g[: int(k)]) == list(e[: int(k)]) and list(g[: int(k) + 1]) != list(e[: int(k) + 1])),
    (r"Le premier octet qui diffère est au rang (\d+)\.", lambda g, e, k: g[: int(k)] == e[: int(k)] and g[: int(k) + 1] != e[: int(k) + 1]),
    # dictionnaires, ensembles
    (r"Le dictionnaire est vide\.", lambda g, e: not g and e),
    (r"Les clés et les valeurs sont échangées\.", lambda g, e: sorted(map(repr, g.items())) == sorted(repr((v, k)) for k, v in e.items())),
    (r"Chaque clé est (.*?), et non (.*?)\.", lambda g, e, a, b: {type(k) for k in g} == {_NAMES[a]} and {type(k) for k in e} == {_NAMES[b]}),
    (r"Il manque (?:la clé|\d+ clés :) ([^.]*)\.", lambda g, e, _: set(e) - set(g)),
    (r"Il y a (?:la clé|\d+ clés :) ([^.]*?),? de trop\.", lambda g, e, _: set(g) - set(e)),
    (rf"Il manque {_NUMBER} éléments? : [^.]*\.", lambda g, e, n: len(set(e) - set(g)) == _number(n)),
    (rf"Il y a {_NUMBER} éléments? de trop : [^.]*\.", lambda g, e, n: len(set(g) - set(e)) == _number(n)),
    (r"La longueur est (\d+), et non (\d+)\.", lambda g, e, a, b: (len(g), len(e)) == (int(a), int(b))),
]  # fmt: skip


def _sorted_bag(items):
    """Les éléments dans un ordre qui ne dépend pas du leur ; 1, 1.0 et True y sont confondus, comme pour Python."""
    return sorted(repr(float(x)) if isinstance(x, int | float) else repr(x) for x in items)


def _spot(text, line, rank):
    """La suite d'un texte à partir d'une ligne, comptée depuis 1, et d'un rang."""
    return "\n".join(text.split("\n")[int(line or 1) - 1 :])[int(rank) :] if line else text[int(rank) :]


def _rolled(got, expected, way):
    return np.allclose(got[1:], expected[:-1]) if way == "plus loin" else np.allclose(got[:-1], expected[1:])


def _cut_array(short, long, number, place, axis):
    ranks = range(number) if place == "au début" else range(np.shape(long)[axis] - number, np.shape(long)[axis])
    return np.allclose(short, np.delete(np.asarray(long), list(ranks), axis), rtol=1e-4)


def verify(got, expected, said):
    """Relit chaque phrase et la vérifie sur les valeurs, sans le code qui l'a dite."""
    said = said.replace(" (compté depuis 0)", "")
    inside = re.match(r"Dans (?:l'|la |le )((?:(?:, )?(?:élément de rang \d+|clé « \w+ »|clé \d+))+) : ", said)
    if inside:
        for kind, key in re.findall(r"(rang|clé) (?:« )?(\w+)", inside[1]):
            key = int(key) if kind == "rang" or (key.isdigit() and int(key) in expected) else key
            got, expected = got[key], expected[key]
        return verify(got, expected, said[inside.end()].upper() + said[inside.end() + 1 :])
    each = re.match(r"Dans (?:chaque élément|(\d+) éléments sur (\d+)) : ", said)
    if each:
        pairs = [(a, b) for a, b in zip(got, expected, strict=True) if a != b]
        assert each[1] is None or (int(each[1]), int(each[2])) == (len(pairs), len(got))
        assert each[1] or len(pairs) == len(got)
        for one, other in pairs:
            verify(one, other, said[each.end()].upper() + said[each.end() + 1 :])
        return None
    while said:
        # Une même tournure peut convenir à deux familles (« Il manque un élément… ») : l'une au moins doit être vraie.
        matches = [(found, law) for pattern, law in RULES if (found := re.match(pattern + r"(?: |$)", said, re.S))]
        assert matches, f"phrase inconnue : {said!r}"
        true = [found for found, law in matches if _holds(law, got, expected, found)]
        assert true, f"phrase fausse : {said!r} pour {got!r}, attendu {expected!r}"
        said = said[true[0].end() :]
    return None


def _holds(law, got, expected, found):
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(law(got, expected, *found.groups()))
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError, ZeroDivisionError):
        return False


leaves = st.integers(-3, 12) | st.sampled_from([0.5, 2.0, 0.25, 1.0, 100.0, 3.75]) | st.booleans() | st.none()
small_texts = st.text("aéàA b\n", max_size=7)
values = st.recursive(
    leaves | small_texts | st.sampled_from([b"", b"a", b"ab", b"ba"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["a", "b", "c", 1, 2]), inner, max_size=3)
    ),
    max_leaves=8,
)
small_arrays = st.tuples(
    st.integers(1, 3), st.integers(1, 3), st.lists(st.integers(-1, 2), min_size=9, max_size=9)
).map(lambda drawn: np.array(drawn[2][: drawn[0] * drawn[1]], dtype=float).reshape(drawn[:2]) / 2)
rows = st.lists(st.sampled_from([0.0, 0.5, 1.0, -0.5]), min_size=9, max_size=9)
KINDS = {
    "mêlées": values,
    "textes": small_texts,
    "entiers": st.integers(-30, 30),
    "virgules": st.floats(-1e4, 1e4),
    "listes d'entiers": st.lists(st.integers(0, 3), max_size=5),
    "listes de textes": st.lists(small_texts, max_size=4),
    "listes de virgules": st.lists(st.sampled_from([0.5, 1.0, 2.0, 4.0, -0.5]), min_size=2, max_size=3),
    "listes de listes": st.lists(st.lists(st.integers(0, 2), max_size=2), max_size=3),
    "dictionnaires": st.dictionaries(st.sampled_from("abc"), st.integers(0, 4), max_size=3),
    "ensembles": st.sets(st.integers(0, 5)),
    "octets": st.binary(max_size=4).filter(lambda raw: b"." not in raw),
    "tableaux": small_arrays,
    "carrés": rows.map(lambda row: np.array(row).reshape(3, 3)),
    "triangles": rows.map(lambda row: np.tril(np.array(row).reshape(3, 3))),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(deterministic, max_examples=400)
@given(data=st.data())
def test_no_sentence_is_false(kind, data):
    got, expected = data.draw(KINDS[kind]), data.draw(KINDS[kind])
    said = describe(got, expected)
    if same(got, expected):
        assert said == ""
    else:
        assert said
        verify(got, expected, said)


@settings(deterministic, max_examples=400)
@given(values, st.data())
def test_no_sentence_is_false_one_change_away(expected, data):
    """Deux valeurs qui se ressemblent : une feuille ou un morceau remplacé."""

    def change(value):
        if isinstance(value, list | tuple) and value and data.draw(st.booleans()):
            rank = data.draw(st.integers(0, len(value) - 1))
            return type(value)([*value[:rank], change(value[rank]), *value[rank + 1 :]])
        if isinstance(value, dict) and value and data.draw(st.booleans()):
            key = data.draw(st.sampled_from(list(value)))
            return {**value, key: change(value[key])}
        return data.draw(values)

    got = change(expected)
    if not same(got, expected):
        verify(got, expected, describe(got, expected))


def test_the_verifier_refuses_what_is_false():
    for got, expected, lie in [
        ("ab", "abc", "Il manque 2 caractères (« bc ») à la fin."),
        ([1, 2], [1, 2, 3], "Il manque un élément au début : 3."),
        (4.0, 3.0, "C'est le double de ce qui est attendu."),
        ([2, 1], [1, 2], "Les éléments sont les mêmes, mais triés."),
        ({"a": [1, 2]}, {"a": [1, 3]}, "Dans la clé « a », élément de rang 0 (compté depuis 0) : c'est 1 de moins."),
    ]:
        with pytest.raises(AssertionError):
            verify(got, expected, lie)


# --- Affichage ------------------------------------------------------------------------------------------


@deterministic
@given(before=st.text("ab", min_size=300, max_size=400), after=st.text("ab", max_size=400), width=st.integers(40, 200))
def test_long_values_are_cut_around_the_first_difference(before, after, width):
    got, expected = excerpts(f"{before}X{after}", f"{before}Y{after}", width)
    assert "X" in got and "Y" in expected and got.startswith("[…] ")
    assert max(len(got), len(expected)) <= width + 8
    assert got.index("X") == expected.index("Y")
    short, long = excerpts("court", before, width)
    assert short == "'court'" and long.startswith("'") and long.endswith(" […]")


def test_short_values_are_shown_whole_and_large_arrays_at_their_difference():
    assert excerpts([1, 2], [1, 3]) == ("[1, 2]", "[1, 3]")
    one, other = np.zeros((60, 60)), np.zeros((60, 60))
    one[30, 31] = 7
    assert excerpts(one, other) == ("[…] [30, 31] : 7.0 […]", "[…] [30, 31] : 0.0 […]")
    got, expected = ({str(k): k for k in order} for order in (range(100), [*range(98, -1, -1), 100]))
    assert "'99': 99" in excerpts(got, expected, 60)[0] and "'100': 100" in excerpts(got, expected, 60)[1]


def test_show():
    assert "[…]" in show("x" * 1000) and len(show("x" * 1000)) < 200
    assert show_arguments(["a", 1]) == "'a', 1"
    assert (decimal(0.123), decimal(3.0), decimal(math.inf), decimal(math.nan)) == ("0,12", "3", "inf", "nan")
    assert is_array(np.zeros(1)) and is_array(torch.zeros(1)) and not is_array([1.0])


# --- Valeurs hostiles -----------------------------------------------------------------------------------


class _Hostile:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    def __len__(self):
        raise RuntimeError

    def __bool__(self):
        raise RuntimeError

    __hash__ = object.__hash__


def _cycle():
    cycle = [1]
    cycle.extend([cycle, cycle])
    return cycle


def _twins(depth=60):
    twins = [0]
    for _ in range(depth):
        twins = [twins, twins]
    return twins


def _deep():
    deep = []
    for _ in range(5000):
        deep = [deep]
    return deep


async def _coroutine():
    return 1


def _objects():
    array = np.empty(3, dtype=object)
    array[0], array[2] = "a", _Hostile()
    return array


HOSTILE = {
    "objet": _Hostile,
    "liste d'objets": lambda: [_Hostile(), _Hostile()],
    "boucle": _cycle,
    "jumeaux": _twins,
    "profonde": _deep,
    "entier énorme": lambda: 10**6000,
    "texte énorme": lambda: "ab" * 2_000_000,
    "liste énorme": lambda: list(range(1_000_000)),
    "intervalle énorme": lambda: range(10**15),
    "tableau énorme": lambda: np.zeros(20_000_000, dtype=np.int8),
    "tableau d'objets": _objects,
    "tableau vide": lambda: np.zeros((0, 3)),
    "zéro axe": lambda: torch.tensor(float("nan")),
    "bfloat16": lambda: torch.full((2, 2), float("inf"), dtype=torch.bfloat16),
    "creux": lambda: torch.sparse_coo_tensor(torch.tensor([[0]]), torch.tensor([1.0]), (10**9,)),
    "complexe": lambda: torch.ones(2, dtype=torch.complex64),
    "méta": lambda: torch.ones(2, device="meta"),
    "quantifié": lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
    "textes numpy": lambda: np.array(["a"]),
    "coroutine": _coroutine,
    "infinis": lambda: [float("inf"), float("-inf"), float("nan")],
    "classe": lambda: _Hostile,
    "octets": lambda: b"\xff\x00",
    "ensemble": lambda: {frozenset({1}), "a"},
    "clés mêlées": lambda: {1: _Hostile(), "a": None, (1, 2): []},
}


# L'attendu vient de l'atelier : ces valeurs ne s'y trouvent jamais, et ne sont pas comparées à elles-mêmes.
HUGE = ("coroutine", "jumeaux", "profonde", "liste énorme", "tableau énorme")


@pytest.mark.parametrize("one", HOSTILE)
def test_hostile_values_never_raise_and_are_quick(one):
    ordinary = ["texte", 3, 2.5, [1, 2], [[1, 2], [3, 4]], {"a": 1}, (1,), {1}, torch.ones(2, 2), None, _Hostile()]
    value = HOSTILE[one]()
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # une coroutine jamais fermée, par exemple
        for other in [*ordinary, HOSTILE[one]() if one not in HUGE else 1]:
            for got, expected in [(value, other), (other, value)]:
                start = time.process_time()
                assert isinstance(describe(got, expected), str)
                assert time.process_time() - start < 1, (one, type(other))
        assert all(isinstance(text, str) for text in excerpts(value, [1, 2]))


def test_nothing_is_consumed_nor_changed():
    generator = (n for n in range(3))
    mapped, zipped, default = map(str, [1, 2]), zip([1], [2], strict=True), collections.defaultdict(int, {"a": 1})
    for value in (generator, mapped, zipped, [generator], {"a": mapped}):
        for expected in ([0, 1, 2], "012", (1,), {"a": 1}, {1}, 3, b"a", None, torch.ones(2)):
            describe(value, expected), describe(expected, value), excerpts(value, expected)
    describe(default, {"b": 2}), describe(default, collections.defaultdict(int, {"b": 2}))
    assert (
        list(generator) == [0, 1, 2] and list(mapped) == ["1", "2"] and list(zipped) == [(1, 2)] and len(default) == 1
    )


def test_nothing_is_almost_equal_next_to_an_infinity():
    got, expected = torch.tensor([1.0, 2.0, -torch.inf]), torch.tensor([1.0, -torch.inf, -torch.inf])
    assert "presque" not in describe(got, expected)
    assert "presque" in describe(torch.tensor([1.000001, 2.0]), torch.tensor([1.0, 2.0]))


def test_axes_left_in_place_are_not_another_order():
    for close, one in ((torch.tensor([1.000001, 2.0]), torch.tensor([1.0, 2.0])), (torch.eye(2) + 1e-7, torch.eye(2))):
        assert "autre ordre" not in describe(close, one)


class Thing:
    """Un objet qui ne dit de lui que son adresse."""


def test_an_address_is_never_shown():
    assert show([Thing(), {"a": Thing()}, test_show]) == "[<Thing>, {'a': <Thing>}, <test_show>]"
    assert show("<X object at 0x7f>") == "'<X object at 0x7f>'"  # ce que dit un texte lui appartient


def test_what_several_causes_could_give_is_only_shown():
    """2 partout pour 1 partout n'est pas plus « le double » que « 1 de plus » ; un ordre peut se trouver alphabétique."""
    assert describe({"a": 2, "b": 2}, {"a": 1, "b": 1}) == "Chaque valeur est 2, et non 1."
    assert describe({"a": 0.25, "b": 0.25}, {"a": 1, "b": 1}) == "Chaque valeur est 0,25, et non 1."
    assert describe(["b", "a", "c"], ["a", "b", "c"]) == "Les éléments sont les mêmes, dans un autre ordre."
    assert describe([2, 1, 4, 3], [1, 2, 3, 4]) == "Les éléments sont les mêmes, mais pas triés."
    assert " 1 fois celle" not in describe([1.00003, 2.00006, 3.00009], [1.0, 2.0, 3.0])


def test_a_boolean_of_numpy_is_a_boolean():
    assert same(np.True_, True) and not same(np.True_, False) and not same(np.True_, 1)
    assert describe(np.False_, True) == "C'est False, et non True."
