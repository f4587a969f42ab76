"""Leçon 08, la garde : ce qui entre est-il du français, est-ce injurieux, et comment présenter ce qui sort.

Elle est courte exprès. Un filtre de ce genre se trompe dans les deux sens, et la leçon le montre : il aide une personne
qui relit, il ne la remplace pas.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

from aurore import generation
from aurore.show import count

LONGEST = 20_000  # caractères : au-delà, on demande de choisir un passage
SURE = 0.8  # en dessous, la langue d'un texte si court ne se sait pas, et le doute profite à la personne
LANGUAGES = {
    "fr": "français",
    "en": "anglais",
    "de": "allemand",
    "es": "espagnol",
    "it": "italien",
    "la": "latin",
    "nl": "néerlandais",
    "pt": "portugais",
}
# Peu de mots, sans équivoque ou presque : « chienne », « bâtard » ou « nègre » arrêteraient des romans entiers.
INSULTS = frozenset(
    "connard connards connasse connasses salope salopes encule encules enculee pute putes putain putains pouffiasse"
    " fdp ntm pd tapette youpin bougnoule negro abruti abrutie debile debiles".split()
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Verdict:
    """Ce que dit la garde : laisser passer ou non, pourquoi, et la réponse à montrer si elle refuse."""

    accepted: bool
    reason: str
    reply: str = ""


@functools.cache
def _identifier():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def language(text: str) -> tuple[str, float]:
    """La langue la plus probable de `text` parmi `LANGUAGES`, et sa probabilité ; « ? » si rien ne la départage."""
    (best, chance), (_, second), *_ = _identifier().rank(text)
    return (str(best), float(chance)) if chance > second else ("?", float(chance))


def examine(text: str) -> Verdict:
    """Dit si une amorce peut être donnée au modèle : sa longueur, sa langue, ses injures."""
    if len(text) > LONGEST:
        return Verdict(
            False,
            "trop longue",
            f"Votre texte fait {count(len(text), 'caractère')}. Choisissez-en un passage de {count(LONGEST, 'caractère')} au plus.",
        )
    found = insults(text)
    if found:
        return Verdict(
            False,
            f"injure : {', '.join(found)}",
            "Ce modèle ne prolonge pas les injures. Reformulez votre début, et il s'y mettra volontiers.",
        )
    code, chance = language(text)
    if code not in ("fr", "?") and chance >= SURE:
        return Verdict(
            False,
            f"langue : {LANGUAGES[code]}",
            f"Votre texte semble écrit en {LANGUAGES[code]}, et ce modèle n'a lu que du français. Traduisez-le, ou donnez-en un autre.",
        )
    return Verdict(True, "rien à signaler" if code == "fr" else "langue incertaine, on laisse passer")


def insults(text: str) -> list[str]:
    """Les mots de `text` qui sont dans la liste, sans tenir compte des accents ni de la casse."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return sorted({word for word in _WORD.findall(plain) if word in INSULTS})


def layout(prompt: str, text: str, model: str) -> str:
    """Le résultat mis en forme : l'amorce, la suite jusqu'à sa dernière phrase entière, et de qui elle est.

    `text` est le texte de `generation.generate`, amorce comprise.
    """
    written = generation.whole_sentences(text.removeprefix(prompt)).strip()
    body = re.sub(r"\n{2,}", "\n", written) or "(le modèle n'a rien écrit)"
    return (
        f"Vous : {prompt.strip()}\n\nLa machine ({model}) : {body}\n\n"
        "Texte écrit par un programme, d'après des romans du XIXe siècle. Ni vrai, ni relu."
    )
