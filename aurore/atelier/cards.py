"""Les fiches d'exercices : énoncé, indices, vérifications. Celles d'une leçon ne se chargent qu'avec elle."""

import copy
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from aurore.atelier.differences import describe, excerpts, same, show_arguments
from aurore.lessons import LESSONS, Lesson, find_lesson
from aurore.settings import AuroreError


class Mistake(Exception):
    """Une propriété n'est pas tenue : quelle entrée, ce qui est venu, ce qu'on attendait, et une piste.

    La piste dit ce que la propriété demande, ou ce que le résultat prouve ; elle ne devine rien.
    """

    def __init__(self, given: str, got: str, expected: str, hint: str = "") -> None:
        super().__init__(hint or expected)
        self.given, self.got, self.expected, self.hint = given, got, expected, hint


@dataclass(frozen=True)
class Check:
    """Une propriété nommée. `test` reçoit la fonction à éprouver et lève `Mistake` si elle ne la tient pas."""

    name: str
    test: Callable[[Callable], None]


@dataclass(frozen=True)
class Card:
    """La fiche d'un exercice. `id` vaut « module.fonction » ; la référence est cette fonction de `aurore.module`."""

    id: str
    title: str
    statement: str
    difficulty: int  # de 1 (une ligne) à 5
    minutes: int
    hints: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def module(self) -> str:
        """Le module de la leçon, dans `aurore` et dans `aurore.exercises`."""
        return self.id.split(".")[0]

    @property
    def lesson(self) -> Lesson:
        """La leçon de l'exercice."""
        return find_lesson(self.module)

    @property
    def function(self) -> str:
        """Le nom de la fonction à écrire."""
        return self.id.split(".", 1)[1]

    @property
    def is_bonus(self) -> bool:
        """Dit si l'exercice est hors du temps de la leçon : son titre le dit."""
        return self.title.startswith("Bonus")


def lesson_cards(lesson: Lesson) -> dict[str, Card]:
    """Les fiches d'une leçon, dans l'ordre de leur fichier ; aucune si elle n'en a pas encore."""
    name = f"aurore.exercises.{lesson.module}"
    return {card.id: card for card in import_module(name).CARDS} if find_spec(name) else {}


def all_cards() -> dict[str, Card]:
    """Toutes les fiches, leçon par leçon. Un fichier en faute est dit, et n'emporte que les siennes."""
    found: dict[str, Card] = {}
    for lesson in LESSONS:
        try:
            found |= lesson_cards(lesson)
        except Exception as error:
            print(
                f"Les fiches de la leçon {lesson.label} ne s'ouvrent pas ({type(error).__name__} : {error}). "
                f"Le fichier à réparer est aurore/exercises/{lesson.module}.py.",
                file=sys.stderr,
            )
    return found


def find_card(identifier: str) -> Card:
    """La fiche d'un exercice ; dit lesquelles existent si celle-ci n'existe pas. Ne charge que sa leçon."""
    lesson = next((lesson for lesson in LESSONS if lesson.module == identifier.split(".")[0]), None)
    cards = lesson_cards(lesson) if lesson else {}
    if identifier not in cards:
        known = cards or all_cards()
        raise AuroreError(f"L'exercice « {identifier} » n'existe pas. Exercices connus : {', '.join(known)}.")
    return cards[identifier]


# --- Écrire des vérifications ---------------------------------------------------------------------------

# Une erreur connue : à quoi la reconnaître (une valeur, un type, ou une fonction du résultat), et la phrase à dire.
Known = Sequence[tuple[Any, str]]


def equals(
    *,
    name: str,
    arguments: Sequence[Any],
    expected: Any,
    hint: str = "",
    mistakes: Known = (),
    tolerance: float = 0.0,
    read: Callable[[Any], Any] | None = None,
) -> Check:
    """La vérification la plus courante : `fonction(*arguments)` vaut `expected`, à `tolerance` près.

    `read`, s'il est donné, est appliqué à ce qui vient avant de comparer (`dict`, par exemple, quand un `Counter`
    vaut un dictionnaire). Pour `hint` et `mistakes`, voir `compare`.
    """

    def test(function: Callable) -> None:
        given = copy.deepcopy(list(arguments))
        got = _read(function(*given), read)
        compare(got, expected, arguments, hint=hint, mistakes=mistakes, tolerance=tolerance)
        if not same(given, list(arguments)):
            raise Mistake(
                show_arguments(arguments),
                "l'argument a changé",
                "un argument intact",
                "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on lui donne : travaillez sur une copie.",
            )

    return Check(name, test)


def agrees(*, name: str, cases: Sequence[Sequence[Any]], wanted: Callable, hint: str = "", **options: Any) -> Check:
    """La même vérification sur beaucoup d'entrées : `fonction(*entrée)` vaut `wanted(*entrée)` pour chacune de `cases`.

    La première qui ne va pas est montrée. Les autres options sont celles de `equals`.
    """
    tests = [equals(name=name, arguments=case, expected=wanted(*case), hint=hint, **options).test for case in cases]

    def test(function: Callable) -> None:
        for one in tests:
            one(function)

    return Check(name, test)


def _read(got: Any, read: Callable[[Any], Any] | None) -> Any:
    try:
        return got if read is None else read(got)
    except Exception:  # le résultat n'a pas la forme que `read` suppose : il se compare tel quel
        return got


def compare(
    got: Any,
    expected: Any,
    arguments: Sequence[Any] | str,
    *,
    hint: str = "",
    mistakes: Known = (),
    tolerance: float = 0.0,
) -> None:
    """Lève `Mistake` si `got` n'est pas `expected`, avec les deux valeurs, leur différence et une piste.

    `arguments` sont ceux de l'appel, ou une phrase qui les dit. `mistakes` donne des erreurs connues : une valeur (on
    la compare au résultat), un type, ou une fonction qui reconnaît le résultat, puis la phrase qu'elle prouve ; la
    première qui convient l'emporte. Sinon, on dit en quoi les deux valeurs diffèrent, puis `hint`, ce que la
    propriété demande.
    """
    if same(got, expected, tolerance):
        return
    given = arguments if isinstance(arguments, str) else show_arguments(arguments)
    came, wanted = excerpts(got, expected)
    difference = describe(got, expected, tolerance)  # d'abord : un reconnaisseur peut vider un générateur
    proved = next((sentence for known, sentence in mistakes if _recognizes(known, got, tolerance)), "")
    raise Mistake(given, came, wanted, proved or f"{difference} {hint}".strip())


def _recognizes(known: Any, got: Any, tolerance: float) -> bool:
    try:
        if isinstance(known, type):
            return isinstance(got, known)
        if isinstance(got, Iterator):  # le lire le viderait, et ce qu'il contient n'est pas encore un résultat
            return False
        return bool(known(got)) if callable(known) else same(got, known, tolerance)
    except Exception:  # le résultat n'a pas la forme que cette erreur suppose : ce n'est pas elle
        return False
