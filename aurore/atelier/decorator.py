"""Le décorateur `exercise` : éprouver, montrer, et laisser une fonction qui marche."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable

from IPython.display import display

from aurore.atelier import solutions
from aurore.atelier.cards import Card, all_cards, find_card
from aurore.atelier.display import CardView, SummaryView
from aurore.atelier.runner import SOLUTION, TODO, VALID, Verdict, run_checks

_references: dict[str, Callable] = {}
_verdicts: dict[str, Verdict] = {}


def exercise(identifier: str) -> Callable[[Callable], Callable]:
    """Décore la fonction d'une personne ; rend la sienne si elle est validée, la référence sinon."""
    card = find_card(identifier)

    def apply(function: Callable) -> Verdict:
        verdict = judge(card, function)
        chosen = function if verdict.status == VALID else reference(card)
        setattr(_module(card), card.function, chosen)
        _verdicts[card.id] = verdict
        return verdict

    def decorate(function: Callable) -> Callable:
        verdict = apply(function)

        def toggle() -> Verdict:
            solutions.switch([card.id], not solutions.is_on(card.id))
            return apply(function)

        display(CardView(card, verdict, reference_source(card), toggle))
        return getattr(_module(card), card.function)

    return decorate


def judge(card: Card, function: Callable) -> Verdict:
    """Le verdict d'une réponse : solution demandée, ébauche vide, ou résultat des vérifications."""
    if solutions.is_on(card.id):
        return Verdict(SOLUTION)
    if is_stub(function):
        return Verdict(TODO)
    reference(card)  # retenue avant que la fonction de la personne ne puisse la remplacer
    return run_checks(card, function)


def is_stub(function: Callable) -> bool:
    """Reconnaît une ébauche : rien que la documentation, `pass`, `return`, ou un `...` encore en place."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return False  # source introuvable : les vérifications diront ce qu'il en est
    if any(_is_placeholder(node) for node in ast.walk(tree)):
        return True
    return all(_says_nothing(statement) for statement in getattr(tree, "body", []))


def _is_placeholder(node: ast.AST) -> bool:
    value = getattr(node, "value", None)
    return (
        isinstance(node, ast.Expr | ast.Assign | ast.Return) and isinstance(value, ast.Constant) and value.value is ...
    )


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef):
        return all(_says_nothing(inner) for inner in statement.body)
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Return):
        return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None)
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" in ast.dump(statement)
    return isinstance(statement, ast.Pass)


def _module(card: Card):
    return importlib.import_module(f"aurore.{card.notebook}")


def reference(card: Card) -> Callable:
    """La fonction de la bibliothèque, telle qu'elle était avant toute substitution."""
    return _references.setdefault(card.id, getattr(_module(card), card.function))


def reference_source(card: Card) -> str:
    """Le source de la référence, lu dans le module : il n'en existe pas de copie."""
    return inspect.getsource(reference(card))


def restore(identifier: str | None = None) -> None:
    """Remet la ou les références à leur place dans la bibliothèque."""
    for card in all_cards().values():
        if card.id in _references and identifier in (None, card.id):
            setattr(_module(card), card.function, _references[card.id])
            _verdicts.pop(card.id, None)


def summary(notebook: str) -> SummaryView:
    """La dernière cellule d'une leçon : ce qui a tourné sur le code de la personne, et ce qui reste."""
    cards = [card for card in all_cards().values() if card.notebook == notebook]
    return SummaryView([(card, _verdicts.get(card.id, Verdict(TODO)).status) for card in cards])
