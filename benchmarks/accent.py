"""Ce qui sonne comme Sand : deux n-grammes de caractères, l'un appris sur elle, l'autre sur d'autres, jugent un passage.

L'accent d'un texte est ce que le premier y gagne sur le second, en bits par caractère. Il dit de qui vient la manière,
pas si la langue est bonne : un texte décousu, plein de ses tours, aurait un fort accent.
"""

from collections.abc import Iterable
from functools import cached_property

from aurore.ngram import CharacterNgram


class Accent:
    """Mesure l'accent d'un texte, entre deux manières apprises sur autant de caractères l'une que l'autre."""

    ORDER = 5

    def __init__(self, hers: Iterable[str], others: Iterable[str], characters: int = 2_000_000) -> None:
        self.texts = [_evenly(list(texts), characters) for texts in (hers, others)]

    @cached_property
    def _judges(self) -> list[CharacterNgram]:
        shortest = min(map(len, self.texts))
        return [CharacterNgram(text[:shortest], self.ORDER) for text in self.texts]

    def __call__(self, text: str) -> float:
        """L'accent de `text`, en bits par caractère : positif s'il tient plus d'elle que des autres."""
        hers, others = (judge.bits_per_character(text) for judge in self._judges)
        return others - hers


def _evenly(texts: list[str], characters: int) -> str:
    """Autant de chaque livre, jusqu'à `characters` caractères : aucun ne fait la manière à lui seul."""
    share = max(1, characters // max(1, len(texts)))
    return "".join(text[len(text) // 3 :][:share] for text in texts)
