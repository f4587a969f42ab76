"""Leçon 12 : ranger un texte dans une classe. « Sand ou pas Sand ? », dialogue ou narration, content ou mécontent.

Le fichier se lit de haut en bas : le classifieur de la page web, des textes changés en vecteurs, une tête posée dessus, ce
que répond une tête qui n'a rien appris, et les partages qui trichent. Lettres des formes : N textes, B textes dans le lot, T
tokens, C nombres par vecteur, K classes.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import authors, settings
from aurore.settings import SEED, AuroreError

# --- Sand ou pas Sand ? ---------------------------------------------------------------------------------

HERS, NOT_HERS = "Sand", "pas Sand"
FEWEST_LETTERS = 20  # au-dessous, il n'y a presque aucune suite de lettres à peser


@dataclass(frozen=True)
class SandClassifier:
    """« Sand ou pas Sand ? » : le juge de la leçon 09, réduit à une question."""

    judge: authors.Judge

    def predict(self, text: str) -> tuple[str, float]:
        """La classe d'un texte, « Sand » ou « pas Sand », et sa probabilité, de 0,5 à 1.

        Le juge a été mesuré sur des passages de cinq cents caractères : plus court, il se trompe davantage. Lève
        `AuroreError` si le texte a moins de vingt lettres.
        """
        if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
            raise AuroreError(
                "Ce texte est trop court pour être jugé. Donnez au moins une phrase, mieux une dizaine de lignes."
            )
        hers = float(self.judge.chances([text])[0])
        return (HERS, hers) if hers > 0.5 else (NOT_HERS, 1 - hers)


@cache
def sand_classifier() -> SandClassifier:
    """Le classifieur embarqué, chargé une fois : des poids de suites de lettres, appris sur les romans du catalogue, sauf
    les livres d'épreuve de Sand."""
    return SandClassifier(authors.embedded_judge())


# --- Des textes en vecteurs -----------------------------------------------------------------------------


def pool(states: Tensor, mask: Tensor) -> Tensor:
    """Un vecteur par texte : la moyenne des vecteurs de ses vrais tokens.

    `states` (B, T, C), un vecteur par token ; `mask` (B, T), 1 pour un vrai token, 0 pour le remplissage → (B, C).
    """
    kept = mask.unsqueeze(-1).to(states.dtype)  # (B, T, 1)
    return (states * kept).sum(1) / kept.sum(1)


def last(states: Tensor, mask: Tensor) -> Tensor:
    """Le vecteur du dernier vrai token de chaque texte, (B, C) : le seul qui, dans un décodeur, a tout lu."""
    return states[torch.arange(len(states)), mask.sum(1) - 1]


@torch.no_grad()
def embed(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    gather: Callable[[Tensor, Tensor], Tensor] | None = None,
    batch: int = 32,
) -> Tensor:
    """Ce qu'un modèle de langue, décodeur ou encodeur, dit de chaque texte : (N, C), par lots de textes de même longueur.

    `gather` fait un vecteur de ceux des tokens : `pool` par défaut, ou `last`. Lève `AuroreError` devant un texte vide.
    """
    encoded = [tokenizer(text, truncation=True, max_length=_CONTEXT)["input_ids"] for text in texts]
    if not all(encoded):
        raise AuroreError("Un des textes est vide. Ôtez-le.")
    order = sorted(range(len(texts)), key=lambda rank: len(encoded[rank]))
    found: dict[int, Tensor] = {}
    for start in range(0, len(order), batch):
        ranks = order[start : start + batch]
        rows = [torch.tensor(encoded[rank]) for rank in ranks]
        ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
        mask = torch.arange(ids.shape[1]) < torch.tensor([len(row) for row in rows])[:, None]
        states = model.base_model(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        gathered = (gather or pool)(
            states, mask.long()
        )  # un tenseur, ou ce qui en fait un : la vôtre a pu passer par numpy
        found |= dict(zip(ranks, torch.as_tensor(gathered, dtype=torch.float32), strict=True))
    return torch.stack([found[rank] for rank in range(len(texts))])


_CONTEXT = 256  # tokens : un paragraphe


def closest(question: Tensor, vectors: Tensor, k: int) -> list[int]:
    """Les rangs des `k` vecteurs qui ressemblent le plus à la question, du plus proche au moins proche.

    `question` (C,), `vectors` (N, C) ; la ressemblance est le cosinus. À égalité, le plus petit rang d'abord ; s'il y a moins
    de `k` vecteurs, tous.
    """
    alike = torch.cosine_similarity(vectors, question[None], dim=1)
    return torch.argsort(alike, descending=True, stable=True)[:k].tolist()


# --- Une tête -------------------------------------------------------------------------------------------


class Head:
    """Une tête linéaire apprise sur des vecteurs qui ne bougent plus : une régression logistique."""

    def __init__(self, vectors: Tensor, labels: Sequence[str]) -> None:
        """Apprend de vecteurs (N, C) et de leurs classes. Lève `AuroreError` s'il n'y a pas deux classes."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        if len(set(labels)) < 2:
            raise AuroreError("Il faut au moins deux classes pour apprendre à les distinguer.")
        self.model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500, random_state=SEED))
        self.model.fit(vectors.numpy(), list(labels))

    def predict(self, vectors: Tensor) -> list[str]:
        """La classe de chaque vecteur (N, C)."""
        return list(map(str, self.model.predict(vectors.numpy())))

    def accuracy(self, vectors: Tensor, labels: Sequence[str]) -> float:
        """La part de vecteurs bien rangés."""
        return sum(one == other for one, other in zip(self.predict(vectors), labels, strict=True)) / len(labels)


@dataclass(frozen=True)
class Untrained:
    """Ce que disent des têtes qui n'ont rien appris : la part de têtes qui donnent la même classe à tous les textes, la part de
    classe 1, et la confiance moyenne."""

    unanimous: float
    ones: float
    confidence: float


def untrained_heads(vectors: Tensor, heads: int = 200, seed: int = SEED) -> Untrained:
    """Pose `heads` têtes tirées au hasard sur des vecteurs (N, C), comme le fait `AutoModelForSequenceClassification`.

    Deux classes, poids d'écart type 0,02, sans biais : ce que transformers donne à une tête neuve de GPT-2.
    """
    draw = torch.Generator().manual_seed(seed)
    weights = 0.02 * torch.randn(heads, 2, vectors.shape[1], generator=draw)
    chances = torch.einsum("nc,hkc->hnk", vectors, weights).softmax(-1)  # (têtes, N, 2)
    said = chances.argmax(-1)
    return Untrained(
        (said == said[:, :1]).all(1).float().mean().item(),
        said.float().mean().item(),
        chances.amax(-1).mean().item(),
    )


# --- Les partages ---------------------------------------------------------------------------------------


def split_texts(texts: Sequence[str], share: float, seed: int = SEED) -> tuple[list[int], list[int]]:
    """Partage des textes : les rangs où l'on apprend, ceux où l'on mesure. Un même texte n'est jamais des deux côtés.

    La part de mesure compte `share` des textes différents, au moins un, tirés au sort avec `seed` ; tous les exemplaires d'un texte le suivent.
    """
    different = list(dict.fromkeys(texts))
    random.Random(seed).shuffle(different)
    aside = set(different[: max(1, round(share * len(different)))])
    train = [rank for rank, text in enumerate(texts) if text not in aside]
    return train, [rank for rank, text in enumerate(texts) if text in aside]


def leaked_share(texts: Sequence[str], train: Sequence[int], test: Sequence[int]) -> float:
    """La part des textes de mesure que l'apprentissage a vus."""
    seen = {texts[rank] for rank in train}
    return sum(texts[rank] in seen for rank in test) / max(1, len(test))


def trial(vectors: Tensor, texts: Sequence[str], labels: Sequence[str], share: float = 0.25, seed: int = SEED) -> float:
    """L'exactitude d'une tête apprise d'un côté de `split_texts` et mesurée de l'autre ; `vectors` (N, C) sont ceux des textes."""
    train, test = split_texts(texts, share, seed)
    head = Head(vectors[train], [labels[rank] for rank in train])
    return head.accuracy(vectors[test], [labels[rank] for rank in test])


def standard_error(accuracy: float, rows: int) -> float:
    """L'erreur type d'une exactitude mesurée sur `rows` lignes, √(p(1 − p)/n). Lève `AuroreError` sans aucune ligne."""
    if rows < 1:
        raise AuroreError("Il faut au moins une ligne pour mesurer.")
    return math.sqrt(accuracy * (1 - accuracy) / rows)


# --- Deux jeux d'exemples -------------------------------------------------------------------------------

MOODS = settings.DATA / "tasks" / "humeurs.tsv"
DIALOGUE, NARRATION = "dialogue", "narration"


def moods(part: str) -> tuple[list[str], list[str]]:
    """Les phrases contentes et mécontentes de « train » ou de « test », et leur humeur."""
    rows = [line.split("\t") for line in MOODS.read_text(encoding="utf-8").splitlines()[1:]]
    kept = [row for row in rows if row[0] == part]
    return [row[2] for row in kept], [row[1] for row in kept]


def lines_and_tales(paragraphs: Sequence[str], each: int) -> tuple[list[str], list[str]]:
    """`each` répliques et `each` morceaux de récit au plus, de 40 à 300 caractères, et leur classe ; le tiret, qui dirait tout, est ôté."""
    kept = [text for text in dict.fromkeys(paragraphs) if 40 <= len(text) <= 300]
    spoken = [text.lstrip("— ") for text in kept if text.startswith("—")][:each]
    told = [text for text in kept if not text.startswith(("—", "«"))][:each]
    return [*spoken, *told], [DIALOGUE] * len(spoken) + [NARRATION] * len(told)
