"""Reconnaître l'anglais et le français par leurs mots-outils.

Les mots-outils (articles, pronoms, prépositions) font près de la moitié d'un texte et ne dépendent pas du
sujet : en compter quelques-uns suffit, sans modèle ni dictionnaire. Les mots communs aux deux langues
(« a », « on », « or », « but », « for »…) sont exclus des deux listes.
"""

import re

ENGLISH_WORDS = frozenset(
    "the of and to is was that with this by from were his her he she it you not have has had which they their my your"
    " will would there been who what we our him them its these those when where how shall should could may must upon into"
    " than then than all are be at i'm don't".split()
)
FRENCH_WORDS = frozenset(
    "le la les de des du un une et est à au aux en que qui ne pas je tu il elle nous vous ils elles ce cette ces se sa son"
    " ses mon ma mes dans sur par pour avec sans plus mais ou où si comme était avait sont être lui leur y d l j n qu s c m t".split()
)
# Pour les lignes de moins de six mots, où les mots-outils manquent.
ENGLISH_SHORT = ENGLISH_WORDS | frozenset(
    "old tale few happy good night yes sir well god save king queen love day man men right new by edited an in no a i".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    """Les mots d'un texte, en minuscules, sans chiffres ni ponctuation ; l'apostrophe sépare."""
    return _WORD.findall(text.lower())


def lowercase_words(text: str) -> int:
    """Nombre de mots d'au moins deux lettres écrits en minuscules."""
    return sum(1 for word in _WORD.findall(text) if len(word) > 1 and word.islower())


def is_english(text: str) -> bool:
    """Dit si un paragraphe est en anglais : mots-outils anglais nombreux, et bien plus que les français."""
    found = words(text)
    if not found:
        return False
    english = sum(word in ENGLISH_WORDS for word in found)
    french = sum(word in FRENCH_WORDS for word in found)
    if len(found) < 6:
        return french == 0 and (english >= 1 or len(found) >= 3) and all(word in ENGLISH_SHORT for word in found)
    if len({word for word in found if word in ENGLISH_WORDS}) < 2:
        return False
    return english >= 3 and english >= 0.2 * len(found) and english > 2 * french


def language_of(text: str) -> str:
    """Rend `"fr"`, `"en"` ou `"?"` pour un texte d'au moins quelques centaines de mots."""
    found = words(text[:400_000])
    if len(found) < 50:
        return "?"
    english = sum(word in ENGLISH_WORDS for word in found) / len(found)
    french = sum(word in FRENCH_WORDS for word in found) / len(found)
    if french > 0.2 and french > 2 * english:
        return "fr"
    return "en" if english > 0.2 and english > 2 * french else "?"
