"""Les fiches d'exercices : énoncé, indices, vérifications, et les réponses qui servent à les éprouver."""

import copy
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

import numpy as np

from aurore.settings import AuroreError


class Mistake(Exception):
    """Une propriété n'est pas tenue : quelle entrée, ce qui est venu, ce qu'on attendait, et une piste."""

    def __init__(self, given: str, got: str, expected: str, hint: str = "") -> None:
        super().__init__(hint or expected)
        self.given, self.got, self.expected, self.hint = given, got, expected, hint


@dataclass(frozen=True)
class Check:
    """Une propriété nommée. `test` reçoit la fonction à éprouver et lève `Mistake` si elle ne la tient pas."""

    name: str
    test: Callable[[Callable], None]


@dataclass(frozen=True)
class Answer:
    """Une réponse qui éprouve la fiche. Fausse, elle nomme la vérification qui doit la refuser et un morceau
    de la piste qu'on doit y lire ; juste, elle laisse les deux vides."""

    function: Callable
    check: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Card:
    """La fiche d'un exercice. `id` vaut « leçon.fonction » ; la référence est cette fonction de `aurore.leçon`."""

    id: str
    title: str
    statement: str
    difficulty: int  # de 1 (une ligne) à 5
    minutes: int
    hints: tuple[str, ...]
    checks: tuple[Check, ...]
    wrong: tuple[Answer, ...] = field(default=(), repr=False)
    right: tuple[Answer, ...] = field(default=(), repr=False)

    @property
    def notebook(self) -> str:
        """Le mot de la leçon, qui nomme aussi son carnet et son module."""
        return self.id.split(".")[0]

    @property
    def function(self) -> str:
        """Le nom de la fonction à écrire."""
        return self.id.split(".", 1)[1]


def all_cards() -> dict[str, Card]:
    """Toutes les fiches, dans l'ordre des modules de `aurore.exercises` puis des fiches."""
    import aurore.exercises

    names = sorted(module.name for module in pkgutil.iter_modules(aurore.exercises.__path__))
    cards = [card for name in names for card in importlib.import_module(f"aurore.exercises.{name}").CARDS]
    return {card.id: card for card in cards}


def find_card(identifier: str) -> Card:
    """La fiche d'un exercice ; dit lesquelles existent si celle-ci n'existe pas."""
    cards = all_cards()
    if identifier not in cards:
        raise AuroreError(f"L'exercice « {identifier} » n'existe pas. Exercices connus : {', '.join(cards)}.")
    return cards[identifier]


# --- Écrire des vérifications ---------------------------------------------------------------------------


def equals(
    name: str,
    arguments: Sequence[Any],
    expected: Any,
    hint: str = "",
    mistakes: Sequence[tuple[Callable[[Any], bool], str]] = (),
    tolerance: float = 0.0,
) -> Check:
    """La vérification la plus courante : `fonction(*arguments)` vaut `expected`.

    `mistakes` donne, pour des erreurs connues, de quoi les reconnaître au résultat et la piste à donner ;
    la première qui convient l'emporte, sinon c'est `hint`. Les nombres et les tenseurs sont comparés à
    `tolerance` près, et la plus grande différence est dite.
    """

    def test(function: Callable) -> None:
        given = copy.deepcopy(list(arguments))
        got = function(*given)
        if same(got, expected, tolerance):
            if not same(given, list(arguments), 0.0):
                raise Mistake(
                    show_arguments(arguments),
                    "l'argument a changé",
                    "un argument intact",
                    "Votre fonction modifie ce qu'on lui donne : travaillez sur une copie.",
                )
            return
        raise Mistake(
            show_arguments(arguments),
            show(got),
            show(expected) + difference(got, expected),
            _diagnose(got, expected, mistakes) or hint,
        )

    return Check(name, test)


def _diagnose(got: Any, expected: Any, mistakes: Sequence[tuple[Callable[[Any], bool], str]]) -> str:
    for recognizes, hint in mistakes:
        try:
            if recognizes(got):
                return hint
        except Exception:  # le résultat n'a pas la forme que cette erreur suppose : ce n'est pas elle
            continue
    if got is None and expected is not None:
        return "Votre fonction ne rend rien : il manque sans doute un « return »."
    if inspect.iscoroutine(got):
        got.close()  # sans quoi Python se plaindrait plus tard, ailleurs dans le carnet
        return "Votre fonction est déclarée « async def » : un « def » suffit."
    if inspect.isgenerator(got):
        return "Votre fonction rend un générateur, qui n'a encore rien calculé : rassemblez ses valeurs, avec list(…) par exemple."
    if type(got) is not type(expected) and not (is_array(got) and is_array(expected)):
        wanted, found = type(expected).__name__, type(got).__name__
        return f"Un résultat de type {wanted} est attendu, le vôtre est de type {found}."
    return ""


def same(got: Any, expected: Any, tolerance: float) -> bool:
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
