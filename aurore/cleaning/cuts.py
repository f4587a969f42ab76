"""Rendre compte de ce qu'un nettoyage a ôté : la part de chaque règle, les plus longs morceaux, et un avertissement.

Les caractères se comptent sans les blancs : la mise en lignes n'y change rien.
"""

from dataclasses import dataclass

from aurore.cleaning.blocks import Account
from aurore.show import french_number

WARNING_SHARE = 0.02  # au-delà, hors du cadre, la personne est invitée à relire ce qui est parti
_LONGEST = 20
_EXCERPT = 1_500  # caractères montrés de chaque morceau


@dataclass(frozen=True)
class Cuts:
    """Le compte d'un livre : `kept` et `frame` (le cadre de Gutenberg) en caractères, et ce que chaque règle a ôté."""

    title: str
    kept: int
    frame: int
    account: Account

    @property
    def removed(self) -> int:
        """Caractères ôtés hors du cadre."""
        return sum(self.account.sizes.values())

    @property
    def share(self) -> float:
        """La part du livre, hors du cadre, qui a été ôtée."""
        return self.removed / (self.kept + self.removed) if self.removed else 0.0

    def warning(self) -> str | None:
        """La phrase qui avertit, ou `None` si presque rien n'est parti."""
        if self.share <= WARNING_SHARE:
            return None
        rules = ", ".join(
            f"{rule} {percent(size / (self.kept + self.removed))}"
            for rule, size in self.account.sizes.items()
            if size >= 0.002 * (self.kept + self.removed)
        )
        return f"« {self.title} » : {percent(self.share)} du livre ôté hors du cadre ({rules})."

    def as_text(self) -> str:
        """Le compte en Markdown, avec les plus longs morceaux ôtés."""
        total = self.kept + self.removed
        lines = [
            f"# Ce qui a été ôté de « {self.title} »",
            "",
            "| | caractères, blancs non compris | part du livre |",
            "|---|---|---|",
            f"| gardé | {self.kept} | {percent(self.kept / total)} |",
            *(f"| {rule} | {size} | {percent(size / total)} |" for rule, size in self.account.sizes.items()),
            "",
            f"Le cadre de Gutenberg (en-tête et licence), {self.frame} caractères, n'est pas compté dans le livre.",
            "",
            "## Les plus longs morceaux ôtés",
        ]
        pieces = [(rule, piece) for rule, found in self.account.removed.items() for piece in found]
        for rule, piece in sorted(pieces, key=lambda item: -len(item[1]))[:_LONGEST]:
            rest = len(piece) - _EXCERPT
            more = [f"    (… {rest} caractères de plus)"] if rest > 0 else []
            lines += ["", f"### {rule}", "", *(f"    {line}" for line in piece[:_EXCERPT].split("\n")), *more]
        return "\n".join(lines) + "\n"


def percent(share: float) -> str:
    """Une part, en français : « 2,4 % »."""
    return f"{french_number(100 * share, 1)} %"


def total(cuts: list[Cuts]) -> dict[str, int]:
    """`{règle: caractères}` pour tous les livres, de la plus gourmande à la moins."""
    sizes: dict[str, int] = {}
    for one in cuts:
        for rule, size in one.account.sizes.items():
            sizes[rule] = sizes.get(rule, 0) + size
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


# --- À côté de chaque export ----------------------------------------------------------------------------


def named(cleaned: list, stems: list) -> dict:
    """`{nom sans extension: livre nettoyé}` ; un nom déjà pris reçoit un rang, « -2 »."""
    found: dict = {}
    for stem, book in zip(map(str, stems), cleaned, strict=True):
        rank = next(n for n in range(1, len(cleaned) + 1) if (stem if n == 1 else f"{stem}-{n}") not in found)
        found[stem if rank == 1 else f"{stem}-{rank}"] = book
    return found
