"""Leçon 12 : reconnaître les personnes et les lieux d'un roman (Tjong Kim Sang 2003), et compter par entité.

Chaque mot reçoit une étiquette : B-PER ou B-LIEU au premier mot d'une entité, I-PER ou I-LIEU aux suivants, O ailleurs.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aurore import language, settings
from aurore.settings import SEED, AuroreError

KINDS = ("PER", "LIEU")
GOLD = settings.DATA / "tasks" / "entites.txt"
_PIECE = re.compile(r"\[(PER|LIEU) ([^\]]+)\]|(\w+(?:[-.]\w+)*\.?['’]?|[^\w\s])")


@dataclass(frozen=True)
class Tagged:
    """Une phrase : ses mots, et l'étiquette de chacun."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


def split(text: str) -> list[str]:
    """Les mots d'une phrase : « l' » en est un, comme « M. » et « St-Vrain » ; le point qui finit la phrase est à part."""
    found = [piece[3] for piece in _PIECE.finditer(text)]
    out = []
    for rank, word in enumerate(found):
        ends = rank + 1 == len(found) or (not found[rank + 1][0].isalnum() and found[rank + 1] not in "'’")
        title = len(word) <= 3 or word in ("Mlle.", "Mme.")
        out += [word[:-1], "."] if word.endswith(".") and len(word) > 1 and ends and not title else [word]
    return out


def read_gold() -> dict[str, list[Tagged]]:
    """Les phrases marquées à la main, par livre : celui où l'on apprend, puis celui où l'on mesure."""
    books: dict[str, list[Tagged]] = {}
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            books[line[3:]] = []
        elif line and not line.startswith("#"):
            books[list(books)[-1]].append(parse(line))
    return books


def parse(line: str) -> Tagged:
    """« Me [PER Lhuillier] rit » en mots et étiquettes."""
    words, tags, place = [], [], 0
    for found in re.finditer(r"\[(PER|LIEU) ([^\]]+)\]", line):
        for piece, kind in ((line[place : found.start()], ""), (found[2], found[1])):
            own = split(piece)
            words += own
            tags += [f"{'I' if rank else 'B'}-{kind}" if kind else "O" for rank in range(len(own))]
        place = found.end()
    rest = split(line[place:])
    return Tagged((*words, *rest), (*tags, *["O"] * len(rest)))


def entities_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Les entités d'une phrase : (premier mot, dernier mot, sorte). Un I- sans B- de même sorte devant lui en ouvre une."""
    found: list[tuple[int, int, str]] = []
    for place, tag in enumerate(tags):
        mark, _, kind = tag.partition("-")
        if mark == "I" and found and found[-1][1:] == (place - 1, kind):
            found[-1] = (found[-1][0], place, kind)
        elif mark in ("B", "I"):
            found.append((place, place, kind))
    return found


def entity_f1(gold: Sequence[Sequence[tuple]], found: Sequence[Sequence[tuple]]) -> float:
    """Le F1 par entité : moyenne harmonique de la précision et du rappel, sur toutes les phrases ensemble.

    `gold` et `found` donnent, phrase par phrase, des entités (premier mot, dernier mot, sorte). Une entité est juste si les
    trois le sont. S'il n'y en a aucune nulle part, 0.
    """
    right = sum(len(set(one) & set(other)) for one, other in zip(gold, found, strict=True))
    total = sum(map(len, gold)) + sum(map(len, found))
    return 2 * right / total if total else 0.0


def scores(sentences: Sequence[Tagged], tag: Callable[[Sequence[str]], Sequence[str]]) -> dict[str, float]:
    """Le F1 d'un étiqueteur : de chaque sorte, puis de toutes ; et la part de mots bien étiquetés, qui flatte."""
    tags = [list(tag(sentence.words)) for sentence in sentences]
    gold, found = [entities_of(s.tags) for s in sentences], [entities_of(one) for one in tags]

    def only(kind: str, rows: list) -> list:
        return [[entity for entity in row if entity[2] == kind] for row in rows]

    pairs = [pair for s, one in zip(sentences, tags, strict=True) for pair in zip(s.tags, one, strict=True)]
    by_kind = {kind: entity_f1(only(kind, gold), only(kind, found)) for kind in KINDS}
    return by_kind | {"tout": entity_f1(gold, found), "mots": sum(a == b for a, b in pairs) / len(pairs)}


def nothing(words: Sequence[str]) -> list[str]:
    """Le point de départ : aucune entité nulle part."""
    return ["O"] * len(words)


def capitals(words: Sequence[str]) -> list[str]:
    """La règle : une suite de mots à capitale, hors début de phrase et hors titre, est une personne."""
    tags: list[str] = []
    for place, word in enumerate(words):
        opens = place == 0 or words[place - 1] in "—!?.«…"
        named = word[0].isupper() and word not in _TITLES and not (opens and word.lower() in language.FRENCH_WORDS)
        tags.append("O" if not named else "I-PER" if tags and tags[-1] != "O" else "B-PER")
    return tags


_TITLES = "M. Me Mme Mlle Dr MM. Monsieur Maître Mademoiselle St St. Il Elle On".split()


class Tagger:
    """Un étiqueteur appris : une régression logistique sur ce qui se voit d'un mot et de ses deux voisins de chaque côté."""

    def __init__(self, sentences: Sequence[Tagged]) -> None:
        """Apprend des phrases marquées. Lève `AuroreError` s'il n'y en a pas."""
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        if not sentences:
            raise AuroreError("Il faut des phrases marquées pour apprendre à en marquer d'autres.")
        rows = [features(s.words, place) for s in sentences for place in range(len(s.words))]
        self.model = make_pipeline(DictVectorizer(), LogisticRegression(C=10, max_iter=300, random_state=SEED))
        self.model.fit(rows, [tag for s in sentences for tag in s.tags])

    def __call__(self, words: Sequence[str]) -> list[str]:
        """L'étiquette de chaque mot."""
        if not words:
            return []
        tags = list(map(str, self.model.predict([features(words, place) for place in range(len(words))])))
        for place in range(1, len(tags)):  # deux noms ne se suivent pas sans rien entre eux : c'est le même
            if tags[place] != "O" and tags[place - 1][1:] == tags[place][1:]:
                tags[place] = f"I{tags[place][1:]}"
        return tags


def features(words: Sequence[str], place: int) -> dict[str, bool]:
    """Ce que l'on regarde d'un mot : son allure, sa fin, et ses voisins. Son nom n'y est pas : un autre livre en a d'autres."""
    seen = {f"fin {words[place][-2:].lower()}": True}
    for shift in (-2, -1, 0, 1, 2):
        word = words[place + shift] if 0 <= place + shift < len(words) else "#"
        seen[f"{shift} capitale {word[0].isupper()}"] = True
        if shift and (not word[0].isupper() or word in _TITLES):
            seen[f"{shift} {word.lower()}"] = True
    opens = place == 0 or words[place - 1] in "—!?.«…"
    seen[f"ouvre {opens} connu {words[place].lower() in language.FRENCH_WORDS}"] = True
    seen[f"titre {words[place] in _TITLES}"] = True
    return seen
