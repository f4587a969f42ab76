"""Leçon 12 : ranger un texte dans une classe. « Sand ou pas Sand ? », dialogue ou narration, content ou mécontent.

Le fichier se lit de haut en bas : le classifieur de la page web, des textes changés en vecteurs, une tête posée dessus, ce
que répond une tête qui n'a rien appris, et les partages qui trichent. Lettres des formes : N textes, B textes dans le lot, T
tokens, C nombres par vecteur, K classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from aurore import authors
from aurore.settings import AuroreError

# --- Sand ou pas Sand ? ---------------------------------------------------------------------------------

HERS, NOT_HERS = "Sand", "pas Sand"
FEWEST_LETTERS = 20  # au-dessous, il n'y a presque aucune suite de lettres à peser


@dataclass(frozen=True)
class SandClassifier:
    """« Sand ou pas Sand ? » : le juge de la leçon 09, réduit à une question."""

    judge: authors.Judge

    def predict(self, text: str) -> tuple[str, float]:
        """La classe d'un texte, « Sand » ou « pas Sand », et sa probabilité, de 0,5 à 1.

        Le juge a été mesuré sur des passages de cinq cents caractères : plus court, il se trompe davantage. Lève
        `AuroreError` si le texte a moins de vingt lettres.
        """
        if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
            raise AuroreError("Ce texte est trop court pour être jugé. Donnez au moins une phrase, mieux une dizaine de lignes.")
        hers = float(self.judge.chances([text])[0])
        return (HERS, hers) if hers > 0.5 else (NOT_HERS, 1 - hers)


@cache
def sand_classifier() -> SandClassifier:
    """Le classifieur embarqué, chargé une fois : des poids de suites de lettres, appris sur les romans du catalogue."""
    return SandClassifier(authors.embedded_judge())
