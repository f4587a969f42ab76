"""Leçon 12 : un petit encodeur, qui lit des deux côtés (Devlin 2019), et de quoi l'entraîner en quelques secondes.

Il sert deux fois : deviner un mot caché (`aurore.masked`), montrer où est une réponse (`aurore.reading`). Lettres des
formes : B textes dans le lot, T mots, C nombres par mot, V mots du vocabulaire.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor, nn

from aurore import attention, pace
from aurore.settings import SEED

PAD, UNKNOWN, MASK, CLS, SEP = range(5)
_SPECIAL = ("[vide]", "[?]", "[MASK]", "[CLS]", "[SEP]")
_WORD = re.compile(r"\[MASK\]|\w+(?:-\w+)*['’]?|[^\w\s]")


def split_words(text: str) -> list[str]:
    """Les mots et les signes d'un texte, en minuscules : « l'eau coule. » en fait quatre, « l' » compris."""
    return [word if word == "[MASK]" else word.lower().replace("’", "'") for word in _WORD.findall(text)]


class Words:
    """Un vocabulaire de mots entiers, après les cinq mots réservés ; un mot inconnu devient « [?] »."""

    def __init__(self, texts: Iterable[str], fewest: int = 1) -> None:
        """Les mots vus au moins `fewest` fois, du plus fréquent au plus rare."""
        counts = Counter(word for text in texts for word in split_words(text) if word != "[MASK]")
        self.words = [*_SPECIAL, *(word for word, seen in counts.most_common() if seen >= fewest)]
        self._ids = {word: number for number, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, words: Sequence[str]) -> list[int]:
        """L'identifiant de chaque mot."""
        return [self._ids.get(word, UNKNOWN) for word in words]


class Encoder(nn.Module):
    """Un encodeur : (B, T) → (B, T, C), chaque mot dit par tous ceux qui l'entourent, à gauche et à droite.

    `causal=True` lui cache la droite, comme à un GPT : de quoi mesurer ce qu'elle apporte.
    """

    def __init__(self, size: int, width: int = 64, n_heads: int = 4, n_layers: int = 2, causal: bool = False) -> None:
        super().__init__()
        self.words, self.segments = nn.Embedding(size, width), nn.Embedding(2, width)
        self.layers = nn.ModuleList(attention.EncoderLayer(width, n_heads) for _ in range(n_layers))
        self.norm, self.causal = attention.LayerNorm(width), causal
        nn.init.normal_(self.words.weight, std=0.1)
        nn.init.normal_(self.segments.weight, std=0.1)

    def forward(self, ids: Tensor, segments: Tensor | None = None) -> Tensor:
        """`ids` (B, T) ; `segments` (B, T), 0 pour la question et 1 pour le texte, ce que BERT nomme `token_type_ids`."""
        x = self.words(ids) + 0.1 * attention.sinusoidal_positions(ids.shape[1], self.words.embedding_dim)
        if segments is not None:
            x = x + self.segments(segments)
        mask = attention.padding_mask(ids != PAD)
        if self.causal:
            mask = attention.combine_masks(mask, attention.causal_mask(ids.shape[1]))
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x)


def fit(
    model: nn.Module, loss_of: Callable[[int], Tensor], steps: int, batch_words: int, learning_rate: float = 3e-3
) -> list[float]:
    """Entraîne un petit modèle, et rend la perte de chaque pas ; `loss_of(pas)` calcule celle d'un lot, de
    `batch_words` mots environ.

    Taux d'apprentissage : une montée sur un dixième du chemin, puis une descente en cosinus jusqu'à zéro. Dit à la fin ce
    que l'entraînement a coûté, si le médecin l'avait prévu (`pace.told`).
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps, pct_start=0.1)
    losses = []
    model.train()
    with pace.told(steps * batch_words, model):
        for step in range(steps):
            loss = loss_of(step)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
    model.eval()
    return losses


def pad(rows: Sequence[Sequence[int]]) -> Tensor:
    """Des suites d'identifiants (B, T), remplies à droite par `PAD`."""
    return nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=PAD)


def seeded(build: Callable[[], nn.Module], seed: int = SEED) -> nn.Module:
    """Ce que construit `build`, aux mêmes premiers poids chaque fois, sans toucher au hasard du reste."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build()
