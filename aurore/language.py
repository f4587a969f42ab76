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
# Pour les lignes courtes, où les mots-outils manquent : des mots anglais courants qui ne sont pas français.
ENGLISH_COMMON = ENGLISH_WORDS | frozenset(
    "old few happy good night yes sir well god save king queen love day man men right new by edited an in no i but as for"
    " less more thy thee thou thank thanks name woman women so together put bad sky heaven heavens easy away come came go went"
    " said say tell told here up down out over under again ever never some any such only other another own same first last"
    " great little long high low young poor rich dead death life heart hand hands head eye eyes face world earth sea sun moon"
    " house home land water fire light dark black white red blood father mother brother sister child children friend wife"
    " husband lady gentlemen boys girl girls sweet fair dear true false heavy soft cold hot strong still quiet once twice"
    " thousands hundred thousand two three four five eight nine ten dream dreams sleep morning evening midnight"
    " tale tales story stories book books song songs word words thing things time times year years"
    " farewell hark lo alas welcome foretells blackest gay tempest frailty cage".split()
)
ACCENTED = re.compile("[àâäéèêëîïôöùûüçœæÀÂÄÉÈÊËÎÏÔÖÙÛÜÇŒÆ]")
_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    """Les mots d'un texte, en minuscules, sans chiffres ni ponctuation ; l'apostrophe sépare."""
    return _WORD.findall(text.lower())


def lowercase_words(text: str) -> int:
    """Nombre de mots d'au moins deux lettres écrits en minuscules."""
    return sum(1 for word in _WORD.findall(text) if len(word) > 1 and word.islower())


def is_english(text: str) -> bool:
    """Dit si un paragraphe est en anglais : mots-outils anglais nombreux, et bien plus que les français."""
    # Une lettre accentuée toutes les quatre-vingts : c'est du français, inutile de compter les mots.
    if 80 * len(ACCENTED.findall(text)) > len(text):
        return False
    found = words(text)
    if not found:
        return False
    english = sum(word in ENGLISH_WORDS for word in found)
    french = sum(word in FRENCH_WORDS for word in found)
    common = sum(word in ENGLISH_COMMON for word in found)
    if len(found) < 10 and french == 0 and text.strip("« »—").isascii():
        return common >= 2 and 2 * common >= len(found)
    if len({word for word in found if word in ENGLISH_WORDS}) < 2:
        return False
    return english >= 3 and english >= 0.2 * len(found) and english > 2 * french


def language_of(text: str) -> str:
    """Rend `"fr"`, `"en"` ou `"?"` pour un texte d'au moins quelques centaines de mots."""
    found = words(text[:200_000])
    if len(found) < 50:
        return "?"
    english = sum(word in ENGLISH_WORDS for word in found) / len(found)
    french = sum(word in FRENCH_WORDS for word in found) / len(found)
    if french > 0.2 and french > 2 * english:
        return "fr"
    return "en" if english > 0.2 and english > 2 * french else "?"
