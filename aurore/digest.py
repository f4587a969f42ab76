"""Leçon 12 : chercher un passage, résumer, et reconnaître ce qui est repris.

Lettres des formes : N passages ou phrases, C nombres par vecteur.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from aurore import classify, encoder, evaluation, settings
from aurore.settings import AuroreError

QUESTIONS = settings.DATA / "tasks" / "questions.toml"

# --- Chercher d'abord -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Une question sur un livre, la réponse telle qu'il l'écrit, et un bout du passage où elle est."""

    question: str
    answer: str
    clue: str


def questions() -> list[Asked]:
    """Les questions écrites sur « L'Étang aux nielles »."""
    return [Asked(*row) for row in _read()["questions"]]


def summaries() -> dict[str, str]:
    """Un résumé, écrit à la main, de quelques chapitres du même livre."""
    return dict(_read()["summaries"])


def _read() -> dict:
    with QUESTIONS.open("rb") as stream:
        return tomllib.load(stream)


class Library:
    """Des passages où chercher : chacun est le vecteur de ses mots, pesés par leur rareté (tf-idf, Salton 1975)."""

    def __init__(self, passages: Sequence[str]) -> None:
        """Lève `AuroreError` s'il n'y a pas de passage."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        if not passages:
            raise AuroreError("Il n'y a aucun passage où chercher. Donnez-en au moins un.")
        self.passages = list(passages)
        self.reader = TfidfVectorizer(tokenizer=_stems, token_pattern=None, lowercase=False, sublinear_tf=True)
        self.vectors = torch.tensor(self.reader.fit_transform(self.passages).toarray(), dtype=torch.float32)  # (N, C)

    def search(self, question: str, k: int = 3) -> list[str]:
        """Les `k` passages qui ressemblent le plus à la question."""
        asked = torch.tensor(self.reader.transform([question]).toarray()[0], dtype=torch.float32)
        return [self.passages[rank] for rank in classify.closest(asked, self.vectors, k)]


def _stems(text: str) -> list[str]:
    # Cinq lettres : « garder », « gardait » et « gardé » se retrouvent.
    return [word[:5] for word in encoder.split_words(text) if word[0].isalnum()]


def found_share(library: Library, asked: Sequence[Asked], k: int) -> float:
    """La part des questions dont un des `k` premiers passages contient la réponse, au bon endroit."""
    found = [any(one.clue in passage for passage in library.search(one.question, k)) for one in asked]
    return sum(found) / len(asked)


# --- Résumer --------------------------------------------------------------------------------------------


def first_sentences(sentences: Sequence[str], number: int) -> list[str]:
    """Le point de départ, dur à battre dans la presse : les premières phrases."""
    return list(sentences[:number])


def central_sentences(sentences: Sequence[str], vectors: Tensor, number: int) -> list[str]:
    """Les phrases les plus proches du sens moyen, dans l'ordre du texte ; `vectors` (N, C) en donne un par phrase."""
    kept = classify.closest(vectors.mean(0), vectors, number)
    return [sentences[rank] for rank in sorted(kept)]


def rouge(reference: str, found: str, n: int = 1) -> float:
    """Le ROUGE-n (Lin 2004), de 0 à 1 : la moyenne harmonique des parts de suites de n mots communes."""
    wanted, got = (Counter(evaluation.ngrams(encoder.split_words(text), n)) for text in (reference, found))
    return 2 * (wanted & got).total() / max(1, wanted.total() + got.total())


def length_bounds(tokens: int) -> tuple[int, int]:
    """Les longueurs, minimale et maximale, à demander pour le résumé d'un texte de `tokens` tokens.

    Le maximum est la moitié du texte, sans dépasser 150 ; le minimum, le quart du texte, sans dépasser 40. Divisions entières, et au
    moins un token chacun.
    """
    return max(1, min(40, tokens // 4)), max(1, min(150, tokens // 2))


# --- Ce qui est repris ----------------------------------------------------------------------------------


def resemblance(one: str, other: str, n: int) -> float:
    """La part de suites de `n` mots communes à deux textes (Broder 1997) : communes, divisées par toutes celles des deux.

    Les mots sont séparés par des espaces, la casse ne compte pas, une suite répétée compte une fois. S'il n'y en a aucune, 0.
    """
    first, second = (set(evaluation.ngrams(text.lower().split(), n)) for text in (one, other))
    return len(first & second) / len(first | second) if first | second else 0.0


def duplicates(texts: Sequence[str], threshold: float = 0.3, n: int = 3) -> list[tuple[int, int, float]]:
    """Les couples de textes qui se ressemblent plus que `threshold`, du plus proche au moins proche : (rang, rang, ressemblance).

    Tous les couples sont comparés : pour des millions de textes, on n'en comparerait que des signatures (MinHash).
    """
    found = [
        (one, other, resemblance(texts[one], texts[other], n))
        for one in range(len(texts))
        for other in range(one + 1, len(texts))
    ]
    return sorted((row for row in found if row[2] > threshold), key=lambda row: -row[2])
