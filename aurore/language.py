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
# Ceux que l'espagnol, l'italien ou l'occitan n'ont pas aussi : au moins un mot sur dix d'un texte français, vieux ou neuf.
ONLY_FRENCH = FRENCH_WORDS - frozenset(
    "la de se sa son me y en que un tu si l d n s c m t on mon ma qui est une".split()
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
# Les mots-outils d'autres langues, moins ceux qui sont aussi français.
OTHER_WORDS = {
    "allemand": frozenset(
        "der die das und ist nicht mit von zu ein eine er sie ich auf dem den im hat wird auch sich einem einer".split()
    ),
    "néerlandais": frozenset("het een niet dat zijn hij zij met voor op aan was ook die wordt naar werd haar".split()),
    "italien": frozenset("che di della gli sono nel alla anche perché con una era più dei delle".split()),
    "espagnol": frozenset("el los las por una con del para pero muy más como este".split()),
}
SCHOOL_LANGUAGES = ("allemand", "néerlandais")
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


def school_language(text: str) -> str:
    """La langue étrangère d'un alinéa, parmi celles des éditions scolaires, ou « ». Un auteur cite plutôt l'italien."""
    if is_english(text):
        return "anglais"
    found = words(text)
    french = sum(word in FRENCH_WORDS and word not in ("de", "en") for word in found)
    for name in SCHOOL_LANGUAGES:
        known = [word for word in found if word in OTHER_WORDS[name]]
        if len(set(known)) >= 3 and len(known) >= 0.2 * len(found) and len(known) > 2 * french:
            return name
    return ""


def language_of(text: str) -> str:
    """Rend `"fr"`, `"en"` ou `"?"` pour un texte d'au moins quelques centaines de mots."""
    found = words(text[:200_000])
    if len(found) < 50:
        return "?"
    english = sum(word in ENGLISH_WORDS for word in found) / len(found)
    french = sum(word in FRENCH_WORDS for word in found) / len(found)
    other = max(sum(word in known for word in found) / len(found) for known in OTHER_WORDS.values())
    own = sum(word in ONLY_FRENCH for word in found) / len(found)
    if french > 0.2 and own > 0.1 and french > 2 * max(english, other):
        return "fr"
    return "en" if english > 0.2 and english > 2 * french else "?"
