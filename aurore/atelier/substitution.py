"""Mettre la fonction d'une personne à la place de celle de la bibliothèque, partout où on l'appelle.

Une fonction de la bibliothèque se lit à deux endroits : dans le module de la leçon (`aurore.corpus`) et dans celui qui
la définit (`aurore.cleaning.edition`, parfois). La remplacer, c'est `setattr` dans les deux. Tout ce qui l'appelle par le nom de
l'un ou de l'autre appelle alors celle de la personne.
"""

import ast
import contextlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType

from aurore.atelier.cards import Card

_references: dict[str, Callable] = {}


def reference(card: Card) -> Callable:
    """La fonction de la bibliothèque, telle qu'elle était avant toute substitution."""
    if card.id not in _references:
        _references[card.id] = getattr(import_module(f"aurore.{card.module}"), card.function)
    return _references[card.id]


def places(card: Card) -> list[ModuleType]:
    """Les modules où la fonction se lit : celui de la leçon, et celui qui la définit."""
    defining = sys.modules[reference(card).__module__]
    return list(dict.fromkeys([import_module(f"aurore.{card.module}"), defining]))


def install(card: Card, function: Callable) -> None:
    """Met `function` à la place de la référence, jusqu'à la fin de la séance ou à la prochaine installation."""
    for module in places(card):
        setattr(module, card.function, function)


def restore(card: Card) -> None:
    """Remet la référence à sa place."""
    install(card, reference(card))


@contextlib.contextmanager
def tried(card: Card, function: Callable) -> Iterator[None]:
    """Installe `function` le temps d'un essai : une réponse qui appelle celle d'avant ne trouve alors qu'elle-même."""
    before = getattr(places(card)[0], card.function)
    install(card, function)
    try:
        yield
    finally:
        install(card, before)


def reference_source(card: Card) -> str:
    """Le source de la référence et des constantes qu'elle emploie, lu dans le module : il n'en existe pas de copie."""
    wanted = reference(card)
    source = inspect.getsource(sys.modules[wanted.__module__])
    used = set(re.findall(r"\w+", inspect.getsource(wanted)))
    constants = [
        ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and {target.id for target in node.targets if isinstance(target, ast.Name)} & used
    ]
    return "\n\n".join(["\n".join(constants), inspect.getsource(wanted)] if constants else [inspect.getsource(wanted)])
