"""Lire le code d'une réponse : son texte, son arbre, et ce que l'arbre prouve."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def source_of(function: Callable) -> str:
    """Le texte de la définition ; à défaut, ce que Python dit de l'objet."""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return repr(function)


def tree_of(function: Callable) -> Definition | None:
    """L'arbre de la définition ; rien si la source est introuvable, ou si c'est une « lambda »."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    return tree if isinstance(tree, Definition) else None


def imported_by(function: Callable) -> list[str]:
    """Les modules que la définition importe elle-même, s'ils ne sont pas déjà chargés."""
    tree = tree_of(function)
    found = [
        name
        for node in (ast.walk(tree) if tree else ())
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom) and node.module and not node.level
            else []
        )
    ]
    return [name for name in found if name not in sys.modules]


def can_end_without_return(function: Callable) -> bool:
    """Dit si un chemin de la fonction arrive à sa fin sans « return » : la preuve qu'il en manque peut-être un."""
    tree = tree_of(function)
    return isinstance(tree, ast.FunctionDef) and _falls_through(tree.body)


def returns_none_in_words(function: Callable) -> bool:
    """Dit si le code écrit « return None », ou « return » tout court : un None peut en venir, et non d'un oubli."""
    tree = tree_of(function)
    returns = [node for node in ast.walk(tree) if isinstance(node, ast.Return)] if tree else []
    return any(node.value is None or ast.unparse(node.value) == "None" for node in returns)


def _falls_through(body: list[ast.stmt]) -> bool:
    """Dit si l'exécution peut dépasser la dernière instruction d'une suite."""
    return all(_continues(statement) for statement in body)


def _continues(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
        return False
    if isinstance(statement, ast.If):
        return _falls_through(statement.body) or _falls_through(statement.orelse)
    if isinstance(statement, ast.With):
        return _falls_through(statement.body)
    if isinstance(statement, ast.Try):
        endings = [statement.body + statement.orelse, *(handler.body for handler in statement.handlers)]
        return _falls_through(statement.finalbody) and any(_falls_through(ending) for ending in endings)
    if isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant) and statement.test.value:
        return any(isinstance(node, ast.Break) for node in ast.walk(statement))
    if isinstance(statement, ast.Match):
        complete = any(
            isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None for case in statement.cases
        )
        return not complete or any(_falls_through(case.body) for case in statement.cases)
    return True


def calls_through_a_module(function: Callable, name: str) -> bool:
    """Dit si le code lit `quelque_chose.name`, comme dans `corpus.cut_frame(…)`."""
    tree = tree_of(function)
    return tree is not None and any(isinstance(node, ast.Attribute) and node.attr == name for node in ast.walk(tree))
