"""Les réponses qui éprouvent les fiches. Elles ne servent qu'aux essais : aucun carnet ne les charge.

Chaque module porte deux tableaux par exercice : `WRONG`, ce qu'une fiche doit refuser et avec quelle piste, et
`RIGHT`, ce qu'elle doit accepter. Une réponse s'écrit comme dans un carnet : si elle s'appelle elle-même, c'est par
le nom de l'exercice.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """Une réponse fausse : la vérification qui doit la refuser, et un morceau de la piste qu'on doit y lire.

    Une piste vide dit seulement que la réponse est refusée : la fiche n'a pas prévu cette erreur.
    """

    function: Callable
    check: str
    hint: str = ""


def gather(kind: str) -> dict[str, tuple]:
    """Les réponses de tous les modules, exercice par exercice ; `kind` vaut « WRONG » ou « RIGHT »."""
    found: dict[str, tuple] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= getattr(importlib.import_module(f"{__name__}.{module.name}"), kind)
    return found
