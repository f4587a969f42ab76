"""Les blocs d'un texte, et le compte de ce qu'on lui ôte.

Un *bloc* est un groupe de lignes séparé des autres par des lignes vides : l'unité sur laquelle tout le nettoyage
décide. Un *compte* (`Account`) retient chaque morceau ôté et la règle qui l'a ôté : rien ne disparaît en silence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any


@dataclass(frozen=True)
class Block:
    """Un groupe de lignes : `lines`, et `gap`, le nombre de lignes vides qui le précèdent."""

    lines: list[str]
    gap: int

    @cached_property
    def text(self) -> str:
        """Les lignes jointes par une espace, sans marques d'italique ni blancs superflus."""
        return " ".join(" ".join(self.lines).replace("_", "").split())


def remembered(judge: Callable[[Block], Any]) -> Callable[[Block], Any]:
    """Un jugement sur un bloc, porté une fois : les deux bouts d'un livre sont regardés bien des fois."""
    name = f"{judge.__module__}.{judge.__qualname__}"

    @wraps(judge)
    def judged(block: Block) -> Any:
        known = block.__dict__
        if name not in known:
            known[name] = judge(block)
        return known[name]

    return judged


def split_blocks(text: str) -> list[Block]:
    """Découpe un texte en blocs séparés par des lignes vides."""
    blocks, lines, gap = [], [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(line.rstrip())
            continue
        if lines:
            blocks.append(Block(lines, gap))
            lines, gap = [], 0
        gap += 1
    if lines:
        blocks.append(Block(lines, gap))
    return blocks


def join_blocks(blocks: list[Block]) -> str:
    """Remet les blocs bout à bout, avec les lignes vides d'origine."""
    return "\n".join("\n" * block.gap + "\n".join(block.lines) for block in blocks)


_HEADING = re.compile(
    r"^\W*(?:(?:chapitre|livre|partie|tome|lettre|sc[èe]ne|acte|prologue|[ée]pilogue|pr[ée]face|notice|avant-propos"
    r"|introduction|conclusion)\b.{0,120}|[IVXLC]{1,8}\W*|\d{1,3}\W*|[IVXLC]{1,8}\s*[.:—-]+\s.{0,120})$",
    re.IGNORECASE,
)


def is_heading(text: str) -> bool:
    """Dit si un paragraphe a l'air d'un titre de chapitre : chiffre, « CHAPITRE II », ou capitales."""
    if not text or len(text) > 140:
        return False
    letters = [c for c in text if c.isalpha()]
    capitals = bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)
    return (capitals and not text.startswith(("—", "-", "«"))) or bool(_HEADING.match(text) and text[:1].isupper())


@dataclass
class Account:
    """Ce qu'un nettoyage a ôté : `removed` va de la règle à ses morceaux, dans l'ordre où ils sont partis."""

    removed: dict[str, list[str]] = field(default_factory=dict)

    def note(self, rule: str, piece: str) -> None:
        """Retient un morceau ôté ; un morceau blanc ne compte pas."""
        if piece.strip():
            self.removed.setdefault(rule, []).append(piece.strip("\n"))

    def sub(self, rule: str, pattern: re.Pattern, replacement: str | Callable[[re.Match], str], text: str) -> str:
        """`pattern.sub`, qui retient ce que chaque remplacement fait disparaître."""

        def replace(match: re.Match) -> str:
            new = replacement(match) if callable(replacement) else match.expand(replacement)
            lost = match.group().replace(new, "", 1) if new.strip() else match.group()
            self.note(rule, lost)
            return new

        return pattern.sub(replace, text)

    def keep(self, rule: str, before: list[Block], after: list[Block]) -> list[Block]:
        """Rend `after`, et retient les blocs de `before` qui n'y sont plus."""
        kept = {id(block.lines) for block in after}
        for block in before:
            if id(block.lines) not in kept:
                self.note(rule, "\n".join(block.lines))
        return after

    def size(self, rule: str) -> int:
        """Nombre de caractères ôtés par une règle, blancs non compris."""
        return sum(visible(piece) for piece in self.removed.get(rule, ()))

    @property
    def sizes(self) -> dict[str, int]:
        """`{règle: caractères}`, de la plus gourmande à la moins."""
        sizes = {rule: self.size(rule) for rule in self.removed}
        return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def visible(text: str) -> int:
    """Nombre de caractères d'un texte, blancs non compris : le seul compte que la mise en lignes ne change pas."""
    return sum(map(len, text.split()))
