"""Leçon 12 : les phrases d'un village, en anglais et en français, de quoi apprendre à traduire en quelques secondes.

« the old tree » devient « le vieil arbre » : genre, nombre, élision, place de l'adjectif, contraction de « de le ». Rien ne se
traduit mot à mot. Le vocabulaire est dans `data/tasks/village.toml`.
"""

import functools
import random
import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from aurore import settings

VILLAGE = settings.DATA / "tasks" / "village.toml"
_VOWELS = "aeiouyâéèê"
# Un déterminant : anglais, singulier ou non ; français : masculin, féminin, devant une voyelle.
_SINGULAR = (
    ("the", "le", "la", "l'"),
    ("a", "un", "une", ""),
    ("this", "ce", "cette", "cet"),
    ("my", "mon", "ma", "mon"),
)
_PLURAL = (("the", "les"), ("two", "deux"), ("these", "ces"), ("my", "mes"))


@dataclass(frozen=True)
class Pair:
    """Une phrase en anglais, la même en français, et ses couples (nom, adjectif)."""

    english: str
    french: str
    couples: tuple[tuple[str, str], ...]

    @property
    def is_held_out(self) -> bool:
        """Dit si un de ses couples n'est jamais montré à l'apprentissage : un sur huit, toujours les mêmes."""
        return any(zlib.crc32("+".join(couple).encode()) % 8 == 0 for couple in self.couples)


@functools.cache
def lexicon() -> dict[str, list]:
    """Le vocabulaire du village."""
    with VILLAGE.open("rb") as stream:
        return tomllib.load(stream)


@dataclass(frozen=True)
class _Group:
    """Un groupe du nom : ses mots dans les deux langues, et son nombre."""

    english: tuple[str, ...]
    french: tuple[str, ...]
    plural: bool
    couple: tuple[str, str] | None


def _group(nouns: Sequence, draw: random.Random) -> _Group:
    english, englishes, french, frenches, gender = draw.choice(nouns)
    adjective = draw.choice(lexicon()["adjectives"]) if draw.random() < 0.5 else None
    plural = draw.random() < 0.35
    noun = frenches if plural else french
    words = [noun]
    if adjective:
        before = adjective[-1] == "avant"
        agreed = _agree(adjective, gender, plural, vowel=before and noun[0] in _VOWELS)
        words = [agreed, noun] if before else [noun, agreed]
    if plural:
        article, own = draw.choice(_PLURAL)
    else:
        article, masculine, feminine, elided = draw.choice(_SINGULAR)
        own = feminine if gender == "f" else masculine
        # « cette église » ne s'élide pas, « l'église » et « mon église » si.
        if elided and words[0][0] in _VOWELS and not (gender == "f" and elided == "cet"):
            own = elided
        if article == "a" and (adjective[0] if adjective else english)[0] in "aeiou":
            article = "an"
    middle = (adjective[0],) if adjective else ()
    couple = (english, adjective[0]) if adjective else None
    return _Group((article, *middle, englishes if plural else english), (own, *words), plural, couple)


def _agree(adjective: Sequence[str], gender: str, plural: bool, vowel: bool) -> str:
    _, masculine, before_vowel, feminine, masculines, feminines, _ = adjective
    if plural:
        return feminines if gender == "f" else masculines
    return feminine if gender == "f" else before_vowel if vowel else masculine


def _of(words: Sequence[str]) -> list[str]:
    """« de » et un groupe : « du », « des », « de la », « de l' », « d'une »."""
    first, *rest = words
    if first in ("le", "les"):
        return ["du" if first == "le" else "des", *rest]
    return ["d'" if first[0] in _VOWELS else "de", *words]


def draw_pair(draw: random.Random) -> Pair:
    """Une phrase au hasard, dans les deux langues."""
    words, subject = lexicon(), _group(lexicon()["beings"], draw)
    takes_object, negative = draw.random() < 0.6, draw.random() < 0.25
    sees, see, voit, voient = draw.choice(words["transitive" if takes_object else "intransitive"])
    other = _group([*words["beings"], *words["things"]], draw)
    english, french = [see if subject.plural else sees], [voient if subject.plural else voit]
    if negative:
        english = ["do" if subject.plural else "does", "not", see]
        french = ["n'" if french[0][0] in _VOWELS else "ne", *french, "pas"]
    tail = list(other.french)
    if not takes_object:
        preposition, own = draw.choice(words["prepositions"])
        english.append(preposition)
        tail = ["près", *_of(tail)] if own == "près de" else [own, *tail]
    couples = tuple(group.couple for group in (subject, other) if group.couple)
    return Pair(
        " ".join([*subject.english, *english, *other.english]), join([*subject.french, *french, *tail]), couples
    )


def join(words: Sequence[str]) -> str:
    """Des mots en une phrase : rien ne sépare « l' » de ce qui suit."""
    return " ".join(words).replace("' ", "'")


def draw_pairs(count: int, seed: int, held_out: bool = False) -> list[Pair]:
    """`count` phrases à apprendre, ou à l'écart : celles-ci ont un couple nom-adjectif que l'apprentissage n'a jamais vu."""
    draw = random.Random(seed)
    found: list[Pair] = []
    while len(found) < count:
        pair = draw_pair(draw)
        if pair.is_held_out == held_out:
            found.append(pair)
    return found


def word_for_word(english: str) -> str:
    """Le point de départ : chaque mot par le premier mot français qui lui répond, dans l'ordre anglais."""
    table = _dictionary()
    return join([table[word] for word in english.split()])


@functools.cache
def _dictionary() -> dict[str, str]:
    words = lexicon()
    table = {"an": "un", "do": "ne", "does": "ne", "not": "pas"} | {row[0]: row[1] for row in (*_PLURAL, *_SINGULAR)}
    for noun in (*words["beings"], *words["things"]):
        table |= {noun[0]: noun[2], noun[1]: noun[3]}
    for verb in (*words["transitive"], *words["intransitive"]):
        table |= {verb[0]: verb[2], verb[1]: verb[3]}
    return table | {row[0]: row[1] for row in (*words["adjectives"], *words["prepositions"])}
