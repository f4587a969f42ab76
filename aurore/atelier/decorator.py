"""Le décorateur `exercise` : éprouver, montrer, et laisser une fonction qui marche."""

import ast
import contextlib
import importlib
import importlib.util
import inspect
from collections.abc import Callable
from pathlib import Path

from aurore.atelier import progress, room, solutions, substitution, watchdog
from aurore.atelier.cards import Card, all_cards, find_card, lesson_cards
from aurore.atelier.display import CardView, SummaryView
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID, Verdict, run_checks
from aurore.atelier.shell import explain_syntax, syntax_error
from aurore.atelier.source import imported_by, source_of, tree_of
from aurore.atelier.substitution import reference, reference_source
from aurore.lessons import find_lesson

_verdicts: dict[str, Verdict] = {}
_failures: dict[str, int] = {}  # échecs de suite, fiche par fiche


def exercise(identifier: str) -> Callable[[Callable], Callable]:
    """Décore la fonction d'une personne ; rend la sienne si elle est validée, la référence sinon."""
    card = find_card(identifier)

    def decorate(function: Callable) -> Callable:
        return _present(card, function, source_of(function), lambda: judge(card, function))

    return decorate


def unreadable(identifier: str, source: str) -> Callable:
    """La fiche d'une cellule que Python ne sait pas lire, et la référence, pour que la leçon continue."""
    error = syntax_error(source)
    line = (error.text or "").strip()
    verdict = Verdict(
        ALMOST,
        "une cellule que Python sait lire",
        got=f"{type(error).__name__} : {error.msg}",
        hint=explain_syntax(error),
        where=f"ligne {error.lineno} de votre cellule" + (f" : {line}" if line else ""),
    )
    return _present(find_card(identifier), None, source, lambda: verdict)


def _present(card: Card, function: Callable | None, source: str, assess: Callable[[], Verdict]) -> Callable:
    """Juge, installe, montre la fiche, et rend la fonction qui servira désormais."""

    def apply() -> Verdict:
        verdict = Verdict(SOLUTION) if solutions.is_on(card.id) else assess()
        substitution.install(card, function if verdict.status == VALID else reference(card))
        _verdicts[card.id] = verdict
        progress.record(card.id, verdict)
        room.tell(card.id, verdict)
        return verdict

    def show_solution(on: bool) -> Verdict:
        if on:
            solutions.take(card.id, source)
        else:
            solutions.switch([card.id], False)
        return apply()

    reference(card)  # retenue avant que la fonction de la personne ne puisse la remplacer
    if solutions.is_given_up(card.id, source):
        with contextlib.suppress(OSError):  # un dossier en lecture seule ne bloque pas la leçon
            solutions.switch([card.id], False)
    verdict = apply()
    room.say()
    CardView(card, verdict, reference_source(card), show_solution, _help_due(card, verdict)).show()
    return getattr(substitution.places(card)[0], card.function)


def _help_due(card: Card, verdict: Verdict) -> int:
    """Le nombre d'indices à ouvrir : aucun au premier échec, puis un de plus à chaque échec de suite."""
    _failures[card.id] = _failures.get(card.id, 0) + 1 if verdict.status == ALMOST else 0
    return max(0, _failures[card.id] - 1)


def judge(card: Card, function: Callable) -> Verdict:
    """Le verdict d'une réponse : ébauche vide, ou résultat des vérifications."""
    if is_stub(function):
        return Verdict(TODO, hint=_leftover(function))
    kind, wanted = inspect.isclass(function), inspect.isclass(reference(card))
    if kind != wanted:
        right, given = ("une classe", "une fonction") if wanted else ("une fonction", "une classe")
        return Verdict(ALMOST, right, hint=f"L'exercice demande {right}, vous avez écrit {given}.")
    stuck = watchdog.last_words(card.id, function)
    if stuck is not None:
        return Verdict(ALMOST, "une fonction qui finit", hint=watchdog.HINT, where=stuck)
    _load_libraries(function)
    with watchdog.guard(card.id, function):
        return run_checks(card, function)


def _load_libraries(function: Callable) -> None:
    """Charge d'avance les bibliothèques qu'importe une réponse : les ouvrir n'est pas compté dans son temps.

    Seules celles qui sont installées : un module de la personne s'essaie avec sa fonction, et s'arrête comme elle.
    """
    for name in imported_by(function):
        with contextlib.suppress(Exception):  # l'erreur sera dite à sa ligne, pendant l'essai
            spec = importlib.util.find_spec(name.partition(".")[0])
            if spec and {"site-packages", "dist-packages"} & set(Path(spec.origin or "").parts):
                importlib.import_module(name)


def is_stub(function: Callable) -> bool:
    """Reconnaît une ébauche : rien que la documentation, `pass`, `return`, ou un `...` encore en place."""
    tree = tree_of(function)
    return tree is not None and (_has_hole(tree) or _says_nothing(tree))


def _leftover(function: Callable) -> str:
    """Dit qu'un `...` reste, quand il n'est plus seul : on l'oublie souvent sous sa réponse."""
    tree = tree_of(function)
    body = [node for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return "Il reste un « ... » à remplacer ou à effacer." if body and _has_hole(tree) else ""


def _has_hole(tree: ast.AST) -> bool:
    return any(_is_hole(node) for node in ast.walk(tree))


def _is_hole(node: ast.AST) -> bool:
    value = getattr(node, "value", None)
    return (
        isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return)
        and isinstance(value, ast.Constant)
        and value.value is ...
    )


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return all(_says_nothing(inner) for inner in statement.body)
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Return):
        return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None)
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" in ast.dump(statement)
    return isinstance(statement, ast.Pass)


def restore(identifier: str | None = None) -> None:
    """Remet la ou les références à leur place dans la bibliothèque."""
    cards = all_cards() if identifier is None else {identifier: find_card(identifier)}
    for card in cards.values():
        if card.id in _verdicts:
            substitution.restore(card)
            _verdicts.pop(card.id)
            _failures.pop(card.id, None)


def summary(notebook: str) -> SummaryView:
    """La dernière cellule d'une leçon : ce qui a tourné sur le code de la personne, et ce qui reste."""
    cards = lesson_cards(find_lesson(notebook)).values()
    return SummaryView([(card, _verdicts.get(card.id, Verdict(TODO)).status) for card in cards])
