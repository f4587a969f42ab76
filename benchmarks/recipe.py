"""Ce que rapporte chaque choix d'aurore-base, mesuré en petit : une variante à la fois, à texte lu égal.

Le plan de référence est celui d'aurore-base, raccourci. Tailles et vocabulaires se comparent sur plus de texte que
le reste : au tout début, les petits partent gagnants. Au-dessous de 0,005 bit par caractère, un écart ne dit rien.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from aurore import evaluation, models, pretrain
from aurore import tokenizer as bpe

SHORT = 1_200_000  # caractères lus par chaque variante de la boucle
LONG = 4_000_000  # et par chaque variante du modèle
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
    """Un essai : combien de caractères il lit, ce qu'il change au plan de référence, et à la boucle."""

    name: str
    characters: int
    changes: dict = field(default_factory=dict)
    loop: type[pretrain.Run] = pretrain.Run


VARIANTS = (
    Variant("6 couches, 320 dimensions, vocabulaire 8 192, contexte 512", LONG),
    Variant("4 couches, 256 dimensions", LONG, {"n_layer": 4, "n_head": 4, "n_embd": 256}),
    Variant("8 couches, 384 dimensions", LONG, {"n_layer": 8, "n_head": 6, "n_embd": 384}),
    Variant("vocabulaire 4 096", LONG, {"vocab_size": 4096}),
    Variant("vocabulaire 16 384", LONG, {"vocab_size": 16384}),
    Variant("contexte 256", LONG, {"context_length": 256, "batch": 8}),
    Variant("contexte 1 024", LONG, {"context_length": 1024, "batch": 2}),
    Variant("la boucle d'aurore-base", SHORT),
    Variant("AdamW partout, taux 3e-3", SHORT, {"matrix_rate": 3e-3}, AdamWRun),
    Variant("AdamW partout, taux 1,5e-3", SHORT, {"matrix_rate": 1.5e-3, "other_rate": 1.5e-3}, AdamWRun),
    Variant("blocs entiers sur le plateau", SHORT, loop=WholeBlocksRun),
    Variant("table de sortie à part", SHORT, loop=UntiedRun),
    Variant("oubli aléatoire de 0,1", SHORT, {"dropout": 0.1}),
    Variant("sans décroissance des poids", SHORT, {"weight_decay": 0.0}),
)


def run(variants: tuple[Variant, ...] = VARIANTS) -> Iterator[tuple[str, ...]]:
    """Donne, par variante : nom, millions de caractères lus et de poids, bits par caractère, tokens/s, minutes pour la salle."""
    texts, validation = pretrain.training_texts()[::SAMPLE], pretrain.validation_text()
    models.keep_freed_memory()  # comme `pretrain`
    for variant in variants:
        with tempfile.TemporaryDirectory() as folder:
            yield _measure(variant, texts, validation, Path(folder))


def _measure(variant: Variant, texts: list[str], validation: str, folder: Path) -> tuple[str, ...]:
    plan = replace(REFERENCE, **variant.changes)
    pretrain.prepare_tokens(texts, plan, folder / "tokens")
    tokenizer = bpe.load_tokenizer(folder / "tokens")
    per_character = 1 / bpe.characters_per_token(tokenizer, validation)
    plan = replace(plan, tokens=int(variant.characters * per_character))
    loop = variant.loop(plan, folder, tokenizer, models.choose_device())
    start = time.perf_counter()
    while loop.step < plan.steps:
        loop.advance()
    speed = plan.steps * plan.batch * plan.context_length / (time.perf_counter() - start)
    bits = evaluation.score(loop.model, tokenizer, validation).bits_per_character
    weights = sum(parameter.numel() for parameter in loop.model.parameters()) / 1e6
    minutes = ROOM * per_character / speed / 60
    read = variant.characters / 1e6
    return variant.name, f"{read:.1f}", f"{weights:.1f}", f"{bits:.3f}", f"{speed:.0f}", f"{minutes:.1f}"
