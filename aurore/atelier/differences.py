"""Ce qui est venu comparé à ce qu'on attendait : égalité, différences en mots, extraits à montrer.

Une phrase ne dit que ce que les deux valeurs prouvent, jamais ce que la personne a fait. Chaque famille de valeurs a
sa liste de petites fonctions, de la plus précise à la plus générale : chacune prouve une différence et la dit, ou
rend "". Aucune ne consomme un générateur ni ne modifie ce qu'elle compare.
"""

from typing import Any

from aurore.atelier.comparing.containers import find_difference
from aurore.atelier.comparing.values import (
    cut,
    decimal,
    excerpts,
    is_array,
    same,
    show,
    show_arguments,
)
from aurore.atelier.comparing.words import ZERO, Found, quoted_key, ranked

__all__ = ["cut", "decimal", "describe", "excerpts", "is_array", "same", "show", "show_arguments"]


def describe(got: Any, expected: Any, tolerance: float = 0.0) -> str:
    """Dit en une à trois phrases en quoi `got` diffère de `expected` ; "" s'ils sont égaux à `tolerance` près.

    Aucune phrase n'est fausse : chacune est vérifiée sur les valeurs avant d'être dite. Ne lève jamais.
    """
    try:
        if same(got, expected, tolerance):
            return ""
        found = Found("Votre fonction a rendu None.") if got is None else find_difference(got, expected, tolerance)
    except Exception:  # mieux vaut se taire que se tromper
        return ""
    text = _where(found.path) + found.text if found.path else found.text
    first, *others = text.split(ZERO)
    return f"{first} (compté depuis 0){''.join(others)}" if others else first


def _where(path: tuple[tuple[str, Any], ...]) -> str:
    words = [f"{kind} {ranked(key)}" if kind == "élément de" else f"{kind} {quoted_key(key)}" for kind, key in path]
    article = {"élément de": "l'", "clé": "la ", "champ": "le "}[path[0][0]]
    return f"Dans {article}{', '.join(words)} : "
