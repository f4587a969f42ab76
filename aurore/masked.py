"""Leçon 12 : deviner un mot caché, en lisant des deux côtés (Devlin 2019).

Lettres des formes : N phrases, B phrases dans le lot, T mots, V mots du vocabulaire.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aurore import encoder
from aurore.encoder import Encoder, Words
from aurore.settings import SEED, AuroreError

SHARE = 0.25  # la part de mots cachés ; BERT en cache 15 %, mais a le temps
IGNORED = -100
BATCH = 64  # phrases


def mask_words(ids: Tensor, chosen: Tensor, mask: int) -> tuple[Tensor, Tensor]:
    """Cache des mots : rend ce que le modèle lira, et ce qu'il doit deviner, deux tenseurs de la forme de `ids`.

    Là où `chosen` est vrai, le modèle lit `mask` et doit deviner l'identifiant ; ailleurs il lit l'identifiant, et l'on
    n'attend rien : -100, que l'entropie croisée ignore. `ids` reste intact.
    """
    return torch.where(chosen, mask, ids), torch.where(chosen, ids, IGNORED)


class MaskedModel(nn.Module):
    """Un encodeur et une tête qui note chaque mot du vocabulaire ; la tête réemploie la table des mots."""

    def __init__(self, vocabulary: Words, **shape) -> None:
        super().__init__()
        self.vocabulary, self.encoder = vocabulary, Encoder(len(vocabulary), **shape)
        self.bias = nn.Parameter(torch.zeros(len(vocabulary)))

    def forward(self, ids: Tensor) -> Tensor:
        """(B, T) → les notes des mots, (B, T, V)."""
        return self.encoder(ids) @ self.encoder.words.weight.T + self.bias


@dataclass
class Masked:
    """Un apprentissage : le modèle, sa perte à chaque pas, et la part des mots cachés qu'il devine dans des phrases à l'écart."""

    model: MaskedModel
    losses: list[float]
    accuracy: float


def sentences(vocabulary: Words, texts: Sequence[str]) -> Tensor:
    """Des phrases en identifiants (N, T), remplies à droite."""
    return encoder.pad([vocabulary.encode(encoder.split_words(text)) for text in texts])


def draw_mask(ids: Tensor, draw: torch.Generator) -> Tensor:
    """Les mots à cacher, (B, T) de vrais et de faux : un sur quatre, jamais un mot inconnu."""
    return (torch.rand(ids.shape, generator=draw) < SHARE) & (ids > encoder.SEP)


def train_masked(
    texts: Sequence[str], held_out: Sequence[str], steps: int = 300, causal: bool = False, seed: int = SEED
) -> Masked:
    """Apprend à deviner les mots cachés de phrases, et se mesure sur d'autres.

    `causal=True` : le même réseau, qui ne voit que la gauche.
    """
    vocabulary = Words(texts)
    rows, draw = sentences(vocabulary, texts), torch.Generator().manual_seed(seed)
    model = encoder.seeded(lambda: MaskedModel(vocabulary, n_layers=1, causal=causal), seed)

    def loss_of(step: int) -> Tensor:
        ids = rows[torch.randint(len(rows), (BATCH,), generator=draw)]
        shown, wanted = map(torch.as_tensor, mask_words(ids, draw_mask(ids, draw), encoder.MASK))
        return functional.cross_entropy(model(shown).flatten(0, 1), wanted.flatten(), ignore_index=IGNORED)

    losses = encoder.fit(model, loss_of, steps, rows.shape[1] * BATCH, 6e-3)
    return Masked(model, losses, masked_accuracy(model, sentences(vocabulary, held_out)))


@torch.no_grad()
def masked_accuracy(model: MaskedModel, ids: Tensor, seed: int = SEED) -> float:
    """La part des mots cachés de phrases (N, T) que le modèle devine du premier coup ; les mots inconnus ne comptent pas."""
    chosen = draw_mask(ids, torch.Generator().manual_seed(seed))
    shown, wanted = map(torch.as_tensor, mask_words(ids, chosen, encoder.MASK))
    hidden = wanted != IGNORED
    return (model(shown).argmax(-1) == wanted)[hidden].float().mean().item()


def most_frequent(vocabulary: Words, ids: Tensor) -> float:
    """Le point de départ : répondre toujours le mot le plus fréquent. La part des mots connus de `ids` qu'il fait."""
    known = ids[ids > encoder.SEP]
    return (known == encoder.SEP + 1).float().mean().item()


@torch.no_grad()
def fill(model: MaskedModel, text: str, number: int = 5) -> list[tuple[str, float]]:
    """Les `number` mots les plus probables à la place de « [MASK] », et leur probabilité. Lève `AuroreError` s'il n'y en a pas un seul."""
    words = encoder.split_words(text)
    if words.count("[MASK]") != 1:
        raise AuroreError("Il faut un [MASK], et un seul, à la place du mot caché.")
    ids = torch.tensor([model.vocabulary.encode(words)])
    chances = model(ids)[0, words.index("[MASK]")].softmax(-1)
    best: Sequence[int] = chances.topk(number).indices.tolist()
    return [(model.vocabulary.words[rank], chances[rank].item()) for rank in best]
