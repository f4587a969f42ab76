"""Ce que rapporte chaque choix d'aurore-base, mesuré en petit : une variante à la fois, à texte lu égal.

Le plan de référence est celui d'aurore-base, parti de zéro et raccourci. Tailles et vocabulaires se comparent sur plus de texte que
le reste : au tout début, les petits partent gagnants. Au-dessous de 0,005 bit par caractère, un écart ne dit rien.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from aurore import evaluation, models, pretrain, settings
from aurore import tokenizer as bpe
from benchmarks.muon import PiecesMuon

SHORT = 1_200_000  # caractères lus par chaque variante de la boucle
LONG = 4_000_000  # et par chaque variante du modèle
SAMPLE = 8  # un texte sur huit suffit à ces essais
ROOM = 2_000_000  # caractères de Sand que la salle fait lire

RATES = ("matrix_rate", "table_rate", "vector_rate")
REFERENCE = pretrain.Plan(0, vocab_size=16384, batch=4, warmup_steps=20)


class AdamWRun(pretrain.Run):
    """Le même entraînement, AdamW réglant aussi les matrices."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        matrices = [matrix for group in self.optimizer.parts[0].param_groups for matrix in group["params"]]
        groups = [{"params": matrices, "peak": self.plan.matrix_rate}]
        _replace_muon(
            self, torch.optim.AdamW(groups, betas=(0.9, 0.95), weight_decay=self.plan.weight_decay, fused=True)
        )


def _replace_muon(run: pretrain.Run, optimizer: torch.optim.Optimizer) -> None:
    """Donne les matrices des blocs à un autre optimiseur."""
    run.optimizer.parts[0] = optimizer
    run.optimizer.param_groups = [group for part in run.optimizer.parts for group in part.param_groups]


class _PiecesRun(pretrain.Run):
    """Le même entraînement, `c_attn` coupé en `pieces` (en autant de têtes s'il est nul) avant d'être rendu orthogonal."""

    pieces: int
    kind = PiecesMuon

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        matrices = {name: p for name, p in self.model.named_parameters() if p.ndim == 2 and ".h." in name}
        fused = [p for name, p in matrices.items() if "c_attn" in name]
        plain = [p for name, p in matrices.items() if "c_attn" not in name]
        groups = [
            {"params": plain, "peak": self.plan.matrix_rate},
            {"params": fused, "peak": self.plan.matrix_rate, "pieces": self.pieces or 3 * self.plan.n_head},
        ]
        _replace_muon(self, self.kind(groups, lr=self.plan.matrix_rate, weight_decay=self.plan.weight_decay))


class ThreeRun(_PiecesRun):
    """Requêtes, clés et valeurs à part, leurs têtes ensemble."""

    pieces = 3


class HeadsRun(_PiecesRun):
    """Requêtes, clés et valeurs à part, et chaque tête à part."""

    pieces = 0


class CautiousMuon(PiecesMuon):
    """Muon, décroissance prudente (Chen 2025) : un poids ne décroît que là où le pas le ramène déjà vers zéro."""

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """Le pas ordinaire ; puis la décroissance qu'il a faite est rendue là où le poids s'éloigne de zéro."""
        before = {p: p.detach().clone() for group in self.param_groups for p in group["params"]}
        super().step(closure)
        for group in self.param_groups:
            shrink = group["lr"] * group["weight_decay"]
            for matrix in group["params"]:
                moved = matrix - before[matrix] * (1 - shrink)
                matrix.add_(before[matrix] * (moved * before[matrix] > 0), alpha=shrink)


class CautiousRun(_PiecesRun):
    """Le même entraînement, décroissance prudente sur les matrices."""

    pieces = 1
    kind = CautiousMuon


class AveragedRun(pretrain.Run):
    """Le même entraînement, qui finit sur ses poids moyens."""

    def advance(self) -> torch.Tensor:
        loss = super().advance()
        if self.step == self.plan.steps:
            self._set_weights(self.average)
        return loss


class WarmRun(pretrain.Run):
    """Le même entraînement, parti des poids du modèle embarqué, d'un autre vocabulaire au besoin."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.start_from(settings.EMBEDDED_MODEL)


class RestartedRun(pretrain.Run):
    """Le même entraînement, arrêté à mi-chemin : poids en demi-précision, optimiseurs neufs."""

    def advance(self) -> torch.Tensor:
        if self.step == self.plan.steps // 2:
            self._set_weights([parameter.half().float() for parameter in self.model.parameters()])
            self.optimizer = pretrain.build_optimizer(self.model, self.plan)
        return super().advance()


class UntiedRun(pretrain.Run):
    """Le même entraînement, avec une table de sortie à part de celle d'entrée."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.model.lm_head.weight = torch.nn.Parameter(self.model.transformer.wte.weight.detach().clone())
        self.optimizer = pretrain.build_optimizer(self.model, self.plan)
        self.average = [parameter.detach().clone() for parameter in self.model.parameters()]


@dataclass(frozen=True)
class Variant:
    """Un essai : combien de caractères il lit, ce qu'il change au plan de référence, et à la boucle."""

    name: str
    characters: int
    changes: dict = field(default_factory=dict)
    loop: type[pretrain.Run] = pretrain.Run


VARIANTS = (
    Variant("6 couches, 320 dimensions, vocabulaire 16 384, contexte 512", LONG),
    Variant("4 couches, 256 dimensions", LONG, {"n_layer": 4, "n_head": 4, "n_embd": 256}),
    Variant("8 couches, 384 dimensions", LONG, {"n_layer": 8, "n_head": 6, "n_embd": 384}),
    Variant("vocabulaire 4 096", LONG, {"vocab_size": 4096}),
    Variant("vocabulaire 8 192", LONG, {"vocab_size": 8192}),
    Variant("contexte 256", LONG, {"context_length": 256, "plateau_context": 128, "batch": 8}),
    Variant("contexte 1 024", LONG, {"context_length": 1024, "plateau_context": 512, "batch": 2}),
    Variant("la boucle d'aurore-base", SHORT),
    Variant("AdamW partout, taux 3e-3", SHORT, {"matrix_rate": 3e-3}, AdamWRun),
    Variant("AdamW partout, taux 1,5e-3", SHORT, dict.fromkeys(RATES, 1.5e-3), AdamWRun),
    Variant("Muon : requêtes, clés et valeurs à part", SHORT, loop=ThreeRun),
    Variant("Muon : chaque tête à part", SHORT, loop=HeadsRun),
    Variant("taux des tables deux fois plus grand", SHORT, {"table_rate": 6e-3}),
    Variant("taux des tables deux fois plus petit", SHORT, {"table_rate": 1.5e-3}),
    Variant("taux des vecteurs trois fois plus grand", SHORT, {"vector_rate": 9e-3}),
    Variant("lots deux fois plus petits", SHORT, {"batch": 2}),
    Variant("lots deux fois plus grands", SHORT, {"batch": 8}),
    Variant("blocs entiers sur le plateau", SHORT, {"plateau_context": 512}),
    Variant("table de sortie à part", SHORT, loop=UntiedRun),
    Variant("oubli aléatoire de 0,1", SHORT, {"dropout": 0.1}),
    Variant("sans décroissance des poids", SHORT, {"weight_decay": 0.0}),
    Variant("décroissance prudente", SHORT, loop=CautiousRun),
    Variant("poids moyens à la fin (0,95)", SHORT, {"averaging": 0.95}, AveragedRun),
    Variant("reparti des poids seuls à mi-chemin", SHORT, loop=RestartedRun),
    Variant("parti d'aurore-base", SHORT, loop=WarmRun),
    Variant("parti d'aurore-base, taux 1e-3", SHORT, dict.fromkeys(RATES, 1e-3), WarmRun),
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
