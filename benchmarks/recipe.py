"""Ce que rapporte chaque choix d'aurore-base, mesuré en petit : une variante à la fois, à texte lu égal.

Le plan de référence est celui d'aurore-base, raccourci. Les écarts disent ce que change un choix au début de
l'apprentissage ; au-dessous de 0,005 bit par caractère, ils ne disent rien.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from aurore import evaluation, models, pretrain, tokenizer

CHARACTERS = 1_200_000  # lus par chaque variante
SAMPLE = 8  # un texte sur huit suffit à ces essais
ROOM = 2_000_000  # caractères de Sand que la salle fait lire

REFERENCE = replace(pretrain.PLANS["base"], batch=4, warmup_steps=20)


class AdamWRun(pretrain.Run):
    """Le même entraînement, AdamW réglant aussi les matrices."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        matrices = self.optimizers[0].param_groups[0]["params"]
        adamw = torch.optim.AdamW(matrices, betas=(0.9, 0.95), weight_decay=self.plan.weight_decay, fused=True)
        self.optimizers[0] = adamw


class WholeBlocksRun(pretrain.Run):
    """Le même entraînement, sans couper les blocs en deux sur le plateau."""

    @property
    def block_length(self) -> int:
        return self.plan.context_length


class UntiedRun(pretrain.Run):
    """Le même entraînement, avec une table de sortie à part de celle d'entrée."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.model.lm_head.weight = torch.nn.Parameter(self.model.transformer.wte.weight.detach().clone())
        self.optimizers = pretrain.build_optimizers(self.model, self.plan)


@dataclass(frozen=True)
class Variant:
    """Un essai : ce qu'il change au plan de référence, et à la boucle."""

    name: str
    changes: dict = field(default_factory=dict)
    loop: type[pretrain.Run] = pretrain.Run


VARIANTS = (
    Variant("référence : 6 couches, 320 dimensions, vocabulaire 8 192, contexte 512"),
    Variant("AdamW partout, taux 3e-3", {"matrix_rate": 3e-3}, AdamWRun),
    Variant("AdamW partout, taux 1,5e-3", {"matrix_rate": 1.5e-3, "other_rate": 1.5e-3}, AdamWRun),
    Variant("4 couches, 256 dimensions", {"n_layer": 4, "n_head": 4, "n_embd": 256}),
    Variant("8 couches, 384 dimensions", {"n_layer": 8, "n_head": 6, "n_embd": 384}),
    Variant("vocabulaire 4 096", {"vocab_size": 4096}),
    Variant("vocabulaire 16 384", {"vocab_size": 16384}),
    Variant("contexte 256", {"context_length": 256, "batch": 8}),
    Variant("contexte 1 024", {"context_length": 1024, "batch": 2}),
    Variant("blocs entiers sur le plateau", loop=WholeBlocksRun),
    Variant("table de sortie à part", loop=UntiedRun),
    Variant("oubli aléatoire de 0,1", {"dropout": 0.1}),
    Variant("sans décroissance des poids", {"weight_decay": 0.0}),
)


def run(variants: tuple[Variant, ...] = VARIANTS) -> Iterator[tuple[str, ...]]:
    """Donne, variante par variante : nom, millions de poids, bits par caractère, tokens/s, minutes pour la salle."""
    texts, validation = pretrain.training_texts()[::SAMPLE], pretrain.validation_text()
    models.keep_freed_memory()  # comme `pretrain`
    for variant in variants:
        with tempfile.TemporaryDirectory() as folder:
            yield _measure(variant, texts, validation, Path(folder))


def _measure(variant: Variant, texts: list[str], validation: str, folder: Path) -> tuple[str, ...]:
    plan = replace(REFERENCE, **variant.changes)
    pretrain.prepare_tokens(texts, plan, folder / "tokens")
    tokens = tokenizer.load_tokenizer(folder / "tokens")
    per_character = 1 / tokenizer.characters_per_token(tokens, validation)
    plan = replace(plan, tokens=int(CHARACTERS * per_character))
    loop = variant.loop(plan, folder, tokens, models.choose_device())
    start = time.perf_counter()
    while loop.step < plan.steps:
        loop.advance()
    speed = plan.steps * plan.batch * plan.context_length / (time.perf_counter() - start)
    bits = evaluation.score(loop.model, tokens, validation).bits_per_character
    weights = sum(parameter.numel() for parameter in loop.model.parameters()) / 1e6
    minutes = ROOM * per_character / speed / 60
    return variant.name, f"{weights:.1f}", f"{bits:.3f}", f"{speed:.0f}", f"{minutes:.1f}"
