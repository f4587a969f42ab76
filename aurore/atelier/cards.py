"""Les fiches d'exercices : énoncé, indices, vérifications, et les réponses qui servent à les éprouver."""

import copy
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
                    show(arguments),
                    "l'argument a changé",
                    "un argument intact",
                    "Votre fonction modifie ce qu'on lui donne : travaillez sur une copie.",
                )
            return
        raise Mistake(
            show(arguments),
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
    if type(got) is not type(expected) and not (_is_array(got) and _is_array(expected)):
        wanted, found = type(expected).__name__, type(got).__name__
        return f"Un résultat de type {wanted} est attendu, le vôtre est de type {found}."
    return ""


def same(got: Any, expected: Any, tolerance: float) -> bool:
    """Égalité, à `tolerance` près pour les nombres et les tableaux ; un type inattendu n'est jamais égal."""
    if _is_array(got) or _is_array(expected):
        one, other = _array(got), _array(expected)
        return (
            one is not None
            and other is not None
            and one.shape == other.shape
            and bool(np.allclose(one, other, rtol=0, atol=tolerance))
        )
    if isinstance(expected, float) and isinstance(got, int | float) and not isinstance(got, bool):
        return abs(got - expected) <= tolerance
    try:
        return type(got) is type(expected) and bool(got == expected)
    except Exception:  # une comparaison qui échoue n'est pas une égalité
        return False


def difference(got: Any, expected: Any) -> str:
    """Le triple verdict : rien si la comparaison n'est pas numérique ; sinon forme, ou plus grande différence."""
    one, other = _array(got), _array(expected)
    if (
        one is None
        or other is None
        or not other.size
        or not np.issubdtype(other.dtype, np.number)
        or not np.issubdtype(one.dtype, np.number)
    ):
        return ""
    if one.shape != other.shape:
        return f" (forme {one.shape} reçue, {other.shape} attendue)"
    gap = float(np.max(np.abs(one - other)))
    return f" ({'à peu près égal' if gap < 1e-3 else 'différent'} : plus grande différence {gap:.2g})"


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or hasattr(value, "detach")


def _array(value: Any) -> np.ndarray | None:
    """Un tableau numpy tiré d'un nombre, d'un tableau ou d'un tenseur ; `None` pour le reste."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return np.asarray(value, dtype=float) if np.asarray(value).dtype != object else None
    return None


def show(value: Any, width: int = 160) -> str:
    """Une valeur pour l'affichage, coupée en son milieu si elle est longue."""
    text = ", ".join(show(item, width) for item in value) if isinstance(value, tuple) and len(value) else _repr(value)
    return text if len(text) <= width else f"{text[: width // 2]} […] {text[-width // 2 :]}"


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # un `__repr__` écrit par la personne peut être faux
        return f"<objet de type {type(value).__name__}>"
