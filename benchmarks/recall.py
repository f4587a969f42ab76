"""Ce que le nettoyage garde d'un texte qui existe en deux éditions : la part des mots de l'une qui se lisent dans l'autre.

La bibliothèque en contient quelques-uns (`PAIRS`) ; les textes d'ELTeC, choisis parmi ceux qu'elle n'a pas, n'en
ajoutent aucun. L'édition qui juge n'est que décadrée, crochets ôtés ; l'autre est nettoyée. Les deux sont mises en
face par leurs suites de huit mots qui n'y paraissent qu'une fois, puis mot à mot entre deux repères. Un écart long des
deux côtés est un autre texte du recueil ; long d'un seul côté, c'est une coupe, et elle compte.
"""

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

from aurore import corpus
from aurore.corpus import Fetcher

SIZE = 8  # mots d'un repère
OTHER_TEXT = 300  # mots : un écart plus long, des deux côtés, sépare deux textes
# Eugénie Grandet, à part et dans La Comédie humaine ; des contes de Maupassant, dans deux recueils ; un article de Sand.
# Les légendes berrichonnes que Sand a récrites d'un recueil à l'autre n'en sont pas : leurs mots diffèrent par elle.
PAIRS = ((11049, 49482), (10746, 18353), (10746, 14790), (10746, 11495), (10746, 12011), (10775, 18353), (13198, 15235))
_BRACKETS = re.compile(r"\[[^\[\]]{0,6000}\]")


def words(text: str) -> list[str]:
    """Les mots de deux lettres et plus, sans casse ni ligatures."""
    text = text.replace("[oe]", "œ").lower().replace("œ", "oe").replace("æ", "ae")
    return re.findall(r"[a-zà-ÿ]{2,}", re.sub("[_=^{}]", "", text))


def compare(edition: list[str], cleaned: list[str]) -> tuple[int, int]:
    """Combien de mots de `edition` sont, à leur place, dans `cleaned`, et combien sont à comparer."""
    kept = total = 0
    for (a, b), (c, d) in pairwise(_anchors(edition, cleaned)):
        if c - a > OTHER_TEXT and d - b > OTHER_TEXT:
            continue
        total += c - a
        if c - a == d - b and edition[a:c] == cleaned[b:d]:
            kept += c - a
        else:
            matcher = SequenceMatcher(None, edition[a:c], cleaned[b:d], autojunk=False)
            kept += sum(block.size for block in matcher.get_matching_blocks())
    return kept, total


def _anchors(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Les places, dans l'un et dans l'autre, de leurs suites de mots uniques, gardées dans le même ordre."""
    first, second = _unique(one), _unique(other)
    pairs = sorted((first[key], second[key]) for key in first.keys() & second.keys())
    # La plus longue suite croissante (Schensted) : ce qui est rangé autrement dans l'autre recueil n'est pas comparé.
    tails: list[int] = []
    chosen: list[int] = []
    previous = [-1] * len(pairs)
    for i, (_, place) in enumerate(pairs):
        rank = bisect_left(tails, place)
        tails[rank : rank + 1], chosen[rank : rank + 1] = [place], [i]
        previous[i] = chosen[rank - 1] if rank else -1
    found, i = [], chosen[-1] if chosen else -1
    while i >= 0:
        found.append(pairs[i])
        i = previous[i]
    return found[::-1]


def _unique(found: list[str]) -> dict[tuple[str, ...], int]:
    grams = [tuple(found[i : i + SIZE]) for i in range(len(found) - SIZE + 1)]
    counts = Counter(grams)
    return {gram: i for i, gram in enumerate(grams) if counts[gram] == 1}


def run() -> list[tuple[str, str, str, str]]:
    """Rend des lignes (édition qui juge, édition nettoyée, mots comparés, part gardée), et leur somme."""
    catalogue, fetcher = corpus.load_catalogue(), Fetcher.from_settings()
    raws = {number: fetcher.fetch(catalogue[number]) for pair in PAIRS for number in pair}
    cleaned = {number: words(corpus.clean(raw, catalogue[number]).text) for number, raw in raws.items()}
    judges = {
        number: words(_BRACKETS.sub(" ", corpus.cut_frame(corpus.accept(raw, catalogue[number]))))
        for number, raw in raws.items()
    }
    rows, kept, total = [], 0, 0
    for judge, judged in (ordered for pair in PAIRS for ordered in (pair, pair[::-1])):
        found, compared = compare(judges[judge], cleaned[judged])
        rows.append((catalogue[judge].name, catalogue[judged].name, str(compared), _share(found / compared)))
        kept, total = kept + found, total + compared
    return [*rows, ("en tout", "", str(total), _share(kept / total))]


def _share(part: float) -> str:
    return f"{part:.4f}".replace(".", ",")
