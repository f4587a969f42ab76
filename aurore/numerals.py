"""Leçon 05 : l'encodeur-décodeur (Vaswani 2017), sur une tâche qui s'apprend : les nombres écrits en lettres, en chiffres.

« quatre-vingt-dix-sept » devient « 97 ». L'encodeur lit des mots, le décodeur écrit des chiffres, l'un après l'autre,
en regardant à la fois ce qu'il a écrit et ce que l'encodeur a lu. Lettres des formes : B paires dans le lot, S mots de la
source, T signes de la cible, C nombres par token, H têtes.
"""

import math
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from aurore import attention
from aurore.settings import SEED, AuroreError

LARGEST = 999_999

# --- Écrire un nombre en lettres ------------------------------------------------------------------------

_UNITS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
).split()
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def spell(number: int) -> str:
    """Un entier de 0 à 999 999 en toutes lettres, orthographe traditionnelle de France ; lève `AuroreError` au-delà."""
    if not 0 <= number <= LARGEST:
        raise AuroreError(f"Les nombres vont de 0 à {LARGEST} : {number} n'en est pas.")
    if number < 1000:
        return _hundreds(number, plural=True)
    thousands, rest = divmod(number, 1000)
    # « mille » est invariable, et « cent » comme « vingt » le sont devant lui.
    words = [] if thousands == 1 else [_hundreds(thousands, plural=False)]
    return " ".join([*words, "mille", *([_hundreds(rest, plural=True)] if rest else [])])


def _hundreds(number: int, plural: bool) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(number, plural)
    words = ["cent"] if hundreds == 1 else [_UNITS[hundreds], "cents" if plural and not rest else "cent"]
    return " ".join([*words, *([_below_hundred(rest, plural)] if rest else [])])


def _below_hundred(number: int, plural: bool) -> str:
    if number < 20:
        return _UNITS[number]
    if number < 70:
        ten, unit = number // 10 * 10, number % 10
        return _TENS[ten] + ("" if not unit else " et un" if unit == 1 else f"-{_UNITS[unit]}")
    if number < 80:
        return "soixante et onze" if number == 71 else f"soixante-{_UNITS[number - 60]}"
    if number == 80:
        return "quatre-vingts" if plural else "quatre-vingt"
    return f"quatre-vingt-{_UNITS[number - 80]}"


# --- Deux vocabulaires ----------------------------------------------------------------------------------


def split_words(text: str) -> list[str]:
    """Les mots d'un nombre : l'espace et le trait d'union séparent, le s de « cents » et « vingts » s'en va."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return [word.removesuffix("s") if word in ("cents", "vingts", "milles") else word for word in words]


PAD, BEGIN, END = 0, 1, 2
WORDS = sorted({word for number in (*range(100), 100, 1000) for word in split_words(spell(number))})
_WORD_IDS = {word: number for number, word in enumerate(WORDS, 3)}
_SIGNS = "0123456789"  # les signes de la cible ; chacun a pour identifiant sa place, plus 3
SOURCE_SIZE, TARGET_SIZE = 3 + len(WORDS), 3 + len(_SIGNS)


def encode_source(text: str) -> list[int]:
    """Les identifiants des mots d'un nombre ; lève `AuroreError` devant un mot que le vocabulaire n'a pas."""
    words = split_words(text)
    unknown = [word for word in words if word not in _WORD_IDS]
    if unknown or not words:
        what = f"« {unknown[0]} » n'y est pas" if unknown else "votre texte n'en contient aucun"
        raise AuroreError(f"Ce traducteur ne connaît que les mots des nombres : {what}. Essayez « trois cent douze ».")
    return [_WORD_IDS[word] for word in words]


def encode_target(number: int) -> list[int]:
    """Les identifiants des chiffres, puis `END`."""
    return [*(int(digit) + 3 for digit in str(number)), END]


def decode_target(ids: Sequence[int]) -> str:
    """Les chiffres que disent des identifiants, jusqu'à `END`."""
    written = list(ids)
    written = written[: written.index(END)] if END in written else written
    return "".join(_SIGNS[number - 3] for number in written if number > END)


def batch(numbers: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Les sources (B, S) et les cibles (B, T) d'une suite de nombres, remplies à droite par `PAD`."""
    sources = [torch.tensor(encode_source(spell(number))) for number in numbers]
    targets = [torch.tensor(encode_target(number)) for number in numbers]
    pad = nn.utils.rnn.pad_sequence
    return pad(sources, batch_first=True, padding_value=PAD), pad(targets, batch_first=True, padding_value=PAD)


def shift_right(targets: Tensor) -> Tensor:
    """Ce que le décodeur a sous les yeux pour deviner `targets` (B, T) : `BEGIN`, puis la cible moins son dernier signe."""
    return functional.pad(targets[:, :-1], (1, 0), value=BEGIN)


# --- Le modèle ------------------------------------------------------------------------------------------


class Translator(nn.Module):
    """Un encodeur-décodeur : `n_layers` couches de chaque, des positions sinusoïdales, une tête de sortie.

    L'encodeur voit toute la source ; le décodeur voit ce qui est déjà écrit, et la source entière.
    """

    def __init__(
        self, source_size: int, target_size: int, width: int = 64, n_heads: int = 4, n_layers: int = 2
    ) -> None:
        super().__init__()
        self.source_table, self.target_table = nn.Embedding(source_size, width), nn.Embedding(target_size, width)
        self.encoder = nn.ModuleList(attention.EncoderLayer(width, n_heads) for _ in range(n_layers))
        self.decoder = nn.ModuleList(attention.DecoderLayer(width, n_heads) for _ in range(n_layers))
        self.source_norm, self.target_norm = attention.LayerNorm(width), attention.LayerNorm(width)
        self.head = nn.Linear(width, target_size)
        for table in (self.source_table, self.target_table):
            nn.init.normal_(table.weight, std=width**-0.5)

    def encode(self, source: Tensor) -> Tensor:
        """(B, S) → (B, S, C) : chaque mot, dit par tous les autres."""
        x, mask = _with_positions(self.source_table(source)), attention.padding_mask(source != PAD)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.source_norm(x)

    def decode(self, written: Tensor, memory: Tensor, source: Tensor) -> Tensor:
        """`written` (B, T), ce qui est écrit ; `memory` (B, S, C) → les logits du signe suivant, (B, T, V)."""
        x, mask = _with_positions(self.target_table(written)), attention.padding_mask(source != PAD)
        for layer in self.decoder:
            x = layer(x, memory, memory_mask=mask)
        return self.head(self.target_norm(x))

    def forward(self, source: Tensor, written: Tensor) -> Tensor:
        """(B, S), (B, T) → (B, T, V)."""
        return self.decode(written, self.encode(source), source)

    @torch.no_grad()
    def cross_weights(self, source: Tensor, written: Tensor) -> Tensor:
        """Ce que chaque signe regarde de la source, couche par couche et tête par tête : (couches, H, T, S), pour un texte."""
        memory, mask = self.encode(source), attention.padding_mask(source != PAD)
        x, weights = _with_positions(self.target_table(written)), []
        causal = attention.causal_mask(written.shape[1])
        for layer in self.decoder:
            seen = x + layer.self_attention(layer.ln_1(x), mask=causal)
            weights.append(layer.cross_attention.weights(layer.ln_2(seen), memory, mask)[0])
            x = layer(x, memory, memory_mask=mask)
        return torch.stack(weights)


def _with_positions(x: Tensor) -> Tensor:
    width = x.shape[-1]
    # Le vecteur d'un mot est ramené à l'échelle de celui de son rang (Vaswani 2017, section 3.4).
    return x * math.sqrt(width) + attention.sinusoidal_positions(x.shape[1], width).to(x.device)


# --- Apprendre ------------------------------------------------------------------------------------------


def held_out(number: int) -> bool:
    """Un nombre sur vingt n'est jamais appris : c'est sur ceux-là que l'on juge. Le tirage est fixe."""
    return random.Random(number).random() < 0.05


def draw_numbers(count: int, draw: random.Random, keep_held_out: bool = False) -> list[int]:
    """`count` nombres à apprendre, ou à l'écart si `keep_held_out` : autant de chaque longueur, de un à six chiffres."""
    numbers: list[int] = []
    while len(numbers) < count:
        digits = draw.randint(1, 6)
        number = draw.randrange(10 ** (digits - 1) if digits > 1 else 0, 10**digits)
        if held_out(number) == keep_held_out:
            numbers.append(number)
    return numbers


@dataclass(frozen=True)
class Report:
    """Ce que vaut un traducteur : perte en nats par signe, part des signes justes, part des nombres entièrement justes."""

    loss: float
    token_accuracy: float
    exact_match: float


@dataclass
class Training:
    """Un apprentissage : le modèle, les pas où l'on a mesuré, ce qu'on y a mesuré, et les secondes passées."""

    model: Translator
    steps: list[int] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    seconds: float = 0.0


def train_translator(
    steps: int = 800, batch_size: int = 128, learning_rate: float = 2e-3, every: int = 100, seed: int = SEED
) -> Training:
    """Apprend à traduire les nombres, et mesure sur ceux de l'écart tous les `every` pas.

    Taux d'apprentissage : une montée sur un dixième du chemin, puis une descente en cosinus jusqu'à zéro.
    """
    torch.manual_seed(seed)
    draw, run = random.Random(seed), Training(Translator(SOURCE_SIZE, TARGET_SIZE))
    optimizer = torch.optim.AdamW(run.model.parameters(), lr=learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps, pct_start=0.1)
    start = time.perf_counter()
    for step in range(1, steps + 1):
        source, target = batch(draw_numbers(batch_size, draw))
        loss = translation_loss(run.model(source, shift_right(target)), target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % every == 0 or step == steps:
            run.steps.append(step)
            run.reports.append(evaluate(run.model, draw_numbers(500, random.Random(seed), keep_held_out=True)))
    run.seconds = time.perf_counter() - start
    return run


def translation_loss(logits: Tensor, target: Tensor) -> Tensor:
    """L'entropie croisée (nats par signe) de logits (B, T, V) face à une cible (B, T), remplissage exclu."""
    return functional.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=PAD)


@torch.no_grad()
def evaluate(model: Translator, numbers: Sequence[int]) -> Report:
    """Mesure sur des nombres. Perte et signes : la bonne réponse sous les yeux ; nombres entiers : écrits sans aide."""
    source, target = batch(numbers)
    logits, real = model(source, shift_right(target)), target != PAD
    written = write(model, source, target.shape[1])
    right = [decode_target(row) == str(number) for row, number in zip(written.tolist(), numbers, strict=True)]
    return Report(
        translation_loss(logits, target).item(),
        (logits.argmax(-1) == target)[real].float().mean().item(),
        sum(right) / len(right),
    )


@torch.no_grad()
def write(model: Translator, source: Tensor, longest: int = 7) -> Tensor:
    """Écrit signe après signe, le plus probable chaque fois : (B, S) → (B, `longest`)."""
    memory, written = model.encode(source), torch.full((len(source), 1), BEGIN)
    for _ in range(longest):
        following = model.decode(written, memory, source)[:, -1].argmax(-1, keepdim=True)
        written = torch.cat([written, following], dim=1)
    return written[:, 1:]


def translate(model: Translator, text: str) -> str:
    """Les chiffres d'un nombre écrit en lettres ; lève `AuroreError` devant un mot inconnu."""
    return decode_target(write(model, torch.tensor([encode_source(text)]))[0].tolist())
