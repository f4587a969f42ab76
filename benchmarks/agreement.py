"""Les accords d'un texte, comptés simplement : le déterminant et le mot qui suit, le pronom sujet et la fin de son verbe.

Ce compte se trompe parfois, dans les deux sens (« elle seule », « un peu ») : il ne vaut que comparé au même compte sur
des livres de Sand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

TOKEN = re.compile(r"\w+(?:-\w+)*['’]?|[^\w\s]")
ENDINGS = {
    "je": ("e", "s", "x", "ai"),
    "tu": ("s", "x"),
    "il": ("e", "t", "d", "a", "c"),
    "nous": ("ons", "mes"),
    "vous": ("ez", "tes"),
    "ils": ("nt",),
}
# Les seuls verbes en « -ent » qui soient au singulier.
SINGULAR = re.compile(r"\w*[tv]ient|(?:con|pres|res)?sent|(?:dé)?ment|repent")
SUBJECTS = {"j'": "je", "elle": "il", "on": "il", "elles": "ils"} | {pronoun: pronoun for pronoun in ENDINGS}
# Ce qui se glisse entre le sujet et son verbe.
BETWEEN = frozenset("ne n' me m' te t' se s' le la l' les lui leur y en nous vous".split())
# Après l'un de ces mots, ou après une ponctuation, un pronom est sujet ; ailleurs, « nous » peut être complément.
OPENERS = frozenset(
    "et mais que qu' quand lorsque lorsqu' si où car comme dont puis donc or puisque puisqu' quoique alors".split()
)
PLURAL = frozenset("des ces mes tes ses nos vos aux quelques plusieurs".split())
MASCULINE, FEMININE = frozenset("un du au cet".split()), frozenset("une cette ma ta sa".split())
# Invariables, et pluriels quand même.
NUMBERS = frozenset(
    "quatre cinq sept huit neuf onze douze treize quatorze quinze seize vingt trente quarante cent".split()
)
SEEN, SURE = 20, 0.98  # un mot a un genre si on l'a vu assez, et presque toujours le même


@dataclass(frozen=True)
class Agreement:
    """Un compte : paires relevées, et celles qui ne s'accordent pas, avec leurs mots."""

    pairs: int
    faults: list[tuple[str, str]]

    @property
    def share(self) -> float:
        """Part des paires accordées ; 1 s'il n'y en a pas."""
        return 1 - len(self.faults) / self.pairs if self.pairs else 1.0


def tokens(text: str) -> list[str]:
    """Les mots en minuscules, l'apostrophe avec celui qu'elle ferme, et chaque signe de ponctuation."""
    return [token.lower().replace("’", "'") for token in TOKEN.findall(text)]


def genders(books: Iterable[str]) -> dict[str, str]:
    """Le genre, « m » ou « f », des mots que ces livres mettent presque toujours derrière le même déterminant."""
    counts = {"m": Counter(), "f": Counter()}
    for book in books:
        words = tokens(book)
        for before, word in pairwise(words):
            gender = _asks(before)
            if gender:
                counts[gender][word] += 1
    found = {}
    for word in counts["m"].keys() | counts["f"].keys():
        masculine, total = counts["m"][word], counts["m"][word] + counts["f"][word]
        if word.isalpha() and total >= SEEN and max(masculine, total - masculine) >= SURE * total:
            found[word] = "m" if 2 * masculine > total else "f"
    return found


def _asks(determiner: str) -> str:
    """Le genre qu'annonce un déterminant, ou rien."""
    return "m" if determiner in MASCULINE else "f" if determiner in FEMININE else ""


def determiners(text: str, known: dict[str, str]) -> Agreement:
    """Les accords du déterminant et du mot qui suit : le nombre, et le genre des mots de `known`."""
    pairs, faults = 0, []
    words = tokens(text)
    for before, word in pairwise(words):
        if not word.isalpha() or word in NUMBERS:
            continue
        if before in PLURAL:
            agreed = word.endswith(("s", "x", "z"))
        elif _asks(before) and word in known:
            agreed = known[word] == _asks(before)
        else:
            continue
        pairs += 1
        if not agreed:
            faults.append((before, word))
    return Agreement(pairs, faults)


def verbs(text: str) -> Agreement:
    """Les accords du pronom sujet et de la fin du verbe qui le suit, une fois passés « ne », « se », « lui »…"""
    found = list(_subjects(tokens(text)))
    return Agreement(len(found), [(subject, verb) for subject, verb in found if not _agree(SUBJECTS[subject], verb)])


def _agree(person: str, verb: str) -> bool:
    if person == "il" and verb.endswith("ent") and not SINGULAR.fullmatch(verb):
        return False
    return verb.endswith(ENDINGS[person])


def _subjects(words: list[str]) -> Iterator[tuple[str, str]]:
    """Chaque pronom en place de sujet, et le premier mot après lui qui peut être son verbe."""
    for place, word in enumerate(words):
        opened = place == 0 or not words[place - 1][0].isalnum() or words[place - 1] in OPENERS
        if word not in SUBJECTS or not opened:
            continue
        after = next((other for other in words[place + 1 :] if other not in BETWEEN), "")
        if after.isalpha():
            yield word, after


def together(counts: Iterable[Agreement]) -> Agreement:
    """Plusieurs comptes mis en un."""
    counts = list(counts)
    return Agreement(sum(count.pairs for count in counts), [fault for count in counts for fault in count.faults])
