"""Comparer des modèles sur un même livre, et les deux chemins vers le français. Sert aux leçons 06 et 09.

Ce module réunit plusieurs leçons : il charge, mesure et fait écrire. Aucune leçon ne dépend de lui.
"""

import math
import pydoc_data.topics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from aurore import catalogue, configurations, evaluation, generation, gpt, models, settings, tokenizer
from aurore.settings import AuroreError

PROMPT = generation.PROMPTS[0]


@dataclass(frozen=True)
class Measured:
    """Un modèle mesuré sur un texte : poids, vocabulaire, découpage, perte, mémoire pour lire, et un échantillon."""

    name: str
    weights: int
    vocab_size: int
    tokens_per_word: float
    score: evaluation.Score
    sample: str

    @property
    def bytes_to_read(self) -> int:
        """La mémoire des poids, en 32 bits."""
        return self.weights * configurations.FLOAT32

    def row(self) -> dict:
        """Ce que `models.rank` classe."""
        return {
            "name": self.name,
            "perplexity": self.score.perplexity,
            "tokens": self.score.tokens,
            "characters": self.score.characters,
        }


def measure(folder: str | Path, text: str, context: int | None = None, length: int = 40) -> Measured:
    """Charge un modèle (dossier ou nom), le mesure sur `text` et lui fait écrire `length` tokens.

    `context` : tokens lus à la fois, tout le contexte du modèle à défaut. Lève `AuroreError` si le modèle manque ou
    si le texte est vide.
    """
    model, cutter = models.load_model(folder)
    sample = generation.generate(model, cutter, PROMPT, max_new_tokens=length) if length else ""
    return Measured(
        settings.short_path(folder) if Path(folder).is_absolute() else str(folder),
        gpt.count_parameters(model),
        model.config.vocab_size,
        tokenizer.tokens_per_word(cutter, text),
        evaluation.score(model, cutter, text, context=context),
        sample,
    )


def compare(folders: Sequence[str | Path], text: str, context: int | None = None, length: int = 40) -> list[Measured]:
    """Mesure chaque modèle sur le même texte, et les rend du meilleur au moins bon, en bits par caractère."""
    measured = {found.name: found for found in (measure(folder, text, context, length) for folder in folders)}
    return [measured[name] for name in catalogue.rank([found.row() for found in measured.values()])]


def letters(learnt: str, text: str) -> dict:
    """Le plus pauvre des modèles, une table de la fréquence des lettres de `learnt`, mesuré sur `text` : une ligne pour `rank`.

    Ses tokens font un caractère. Une lettre jamais vue garde une chance.
    """
    counts = Counter(learnt)
    total = len(learnt) + len(counts) + 1
    bits = -sum(math.log2((counts[letter] + 1) / total) for letter in text)
    return {"name": "lettres", "perplexity": 2 ** (bits / len(text)), "tokens": len(text), "characters": len(text)}


def at_hand() -> list[Path]:
    """Les modèles de cette machine, que rien ne demande de télécharger : les deux embarqués, et le vôtre s'il est appris."""
    own = settings.home() / "model"
    return [
        folder for folder in (settings.EMBEDDED_MODEL, settings.SAND_MODEL, own) if models.where(folder) == "dossier"
    ]


# --- Deux chemins vers le français ----------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """Un chemin vers le français, mesuré : son découpage, et sa perte avant puis après avoir lu Sand."""

    name: str
    tokens_per_word: float
    before: float  # bits par caractère
    after: float


def english_text() -> str:
    """De l'anglais que toute machine a déjà : l'aide de Python, un demi-million de caractères."""
    return "\n".join(pydoc_data.topics.topics.values())


def two_routes(french: str, sand: str, held_out: str, profile: settings.Profile, steps: int) -> list[Route]:
    """Mène deux petits réseaux, de même forme, aux mêmes pages de Sand, et les mesure avant et après.

    Le premier part de l'anglais : son découpage et `steps` pas d'anglais. Le second part du français : découpage et
    `steps` pas sur `french`. Les deux lisent ensuite `sand`, `steps` pas. Même graine, même nombre de pas et de caractères
    appris au départ. Les textes ne doivent pas se recouvrir. Lève `AuroreError` si l'un d'eux est vide.
    """
    if not (french.strip() and sand.strip() and held_out.strip()):
        raise AuroreError(
            "Il faut trois textes : du français pour commencer, du Sand pour apprendre, et un livre tenu à l'écart."
        )
    size = min(len(french), len(english_text()))
    starts = {"de l'anglais": english_text()[:size], "du français": french[:size]}
    return [_route(name, start, sand, held_out, profile, steps) for name, start in starts.items()]


def _route(name: str, start: str, sand: str, held_out: str, profile: settings.Profile, steps: int) -> Route:
    cutter = tokenizer.train_tokenizer([start], profile.vocab_size, profile.context_length)
    torch.manual_seed(settings.SEED)
    network = gpt.GPT(gpt.Dimensions.of(profile, len(cutter)))
    losses = []
    for text in (start, sand):
        ids = torch.tensor(cutter(text, verbose=False)["input_ids"])
        lots = gpt.batches(ids, profile.context_length, profile.batch_size)
        gpt.train(network, lots, profile.learning_rate, steps=steps)
        losses.append(_bits_per_character(network, cutter, held_out, profile.context_length))
    return Route(name, tokenizer.tokens_per_word(cutter, held_out), *losses)


@torch.no_grad()
def _bits_per_character(network: gpt.GPT, cutter, text: str, context: int) -> float:
    ids = torch.tensor(cutter(text, verbose=False)["input_ids"])
    return evaluation.bits_per_character(gpt.held_out_loss(network, ids, context) * len(ids), len(text))
