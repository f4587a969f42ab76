"""Le décorateur `exercise` : éprouver, montrer, et laisser une fonction qui marche."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable

from aurore.atelier import progress, solutions, watchdog
from aurore.atelier.cards import Card, all_cards, find_card
from aurore.atelier.display import CardView, SummaryView
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID, Verdict, run_checks
from aurore.atelier.shell import explain_syntax, syntax_error

_references: dict[str, Callable] = {}
_verdicts: dict[str, Verdict] = {}


def exercise(identifier: str) -> Callable[[Callable], Callable]:
    """Décore la fonction d'une personne ; rend la sienne si elle est validée, la référence sinon."""
    card = find_card(identifier)

    def decorate(function: Callable) -> Callable:
        return _present(card, function, lambda: judge(card, function))

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
    return _present(find_card(identifier), None, lambda: verdict)


def _present(card: Card, function: Callable | None, assess: Callable[[], Verdict]) -> Callable:
    """Juge, installe, montre la fiche, et rend la fonction qui servira désormais."""

    def apply() -> Verdict:
        verdict = Verdict(SOLUTION) if solutions.is_on(card.id) else assess()
        setattr(_module(card), card.function, function if verdict.status == VALID else reference(card))
        _verdicts[card.id] = verdict
        progress.record(card.id, verdict)
        return verdict

    def show_solution(on: bool) -> Verdict:
        solutions.switch([card.id], on)
        return apply()

    reference(card)  # retenue avant que la fonction de la personne ne puisse la remplacer
    CardView(card, apply(), reference_source(card), show_solution).show()
    return getattr(_module(card), card.function)


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
    with watchdog.guard(card.id, function):
        return run_checks(card, function)


def is_stub(function: Callable) -> bool:
    """Reconnaît une ébauche : rien que la documentation, `pass`, `return`, ou un `...` encore en place."""
    tree = _tree(function)
    return tree is not None and (_has_hole(tree) or _says_nothing(tree))


def _leftover(function: Callable) -> str:
    """Dit qu'un `...` reste, quand il n'est plus seul : on l'oublie souvent sous sa réponse."""
    tree = _tree(function)
    body = [node for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return "Il reste un « ... » à remplacer ou à effacer." if body and _has_hole(tree) else ""


def _tree(function: Callable) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None:
    """L'arbre de la définition ; rien si la source est introuvable, ou si c'est une « lambda »."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    return tree if isinstance(tree, _DEFINITIONS) else None


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


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
    if isinstance(statement, _DEFINITIONS):
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
    """Le source de la référence et des constantes qu'elle emploie, lu dans le module : il n'en existe pas de copie."""
    wanted = reference(card)
    source = inspect.getsource(inspect.getmodule(wanted))
    used = set(re.findall(r"\w+", inspect.getsource(wanted)))
    constants = [
        ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and {target.id for target in node.targets if isinstance(target, ast.Name)} & used
    ]
    return "\n\n".join(["\n".join(constants), inspect.getsource(wanted)] if constants else [inspect.getsource(wanted)])


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
