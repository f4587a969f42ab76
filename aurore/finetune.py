"""Leçon 07 : spécialiser un modèle sur des livres, avec `Trainer`, sur des blocs pleins.

Les livres sont mis bout à bout, séparés par `<|endoftext|>`, puis coupés en blocs de la longueur du
contexte : aucun remplissage, chaque token calculé sert à apprendre.
"""

import json
import math
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import datasets
import numpy as np
import torch
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainingArguments,
    default_data_collator,
)
from transformers.trainer_utils import get_last_checkpoint

from aurore import settings
from aurore.models import bars_in_terminals_only, choose_device
from aurore.settings import SEED, AuroreError
from aurore.storage import atomic_directory, write_atomic


def pack_blocks(texts: Iterable[str], tokenizer: PreTrainedTokenizerBase, context_length: int) -> datasets.Dataset:
    """Rend des blocs pleins de `context_length` tokens, colonnes `input_ids` et `labels`.

    Chaque texte est suivi de `<|endoftext|>`. Le reste incomplet de la fin est abandonné. Lève
    `AuroreError` si les textes ne remplissent pas un seul bloc.
    """
    tokens: list[int] = []
    for text in texts:
        tokens += tokenizer(text, verbose=False)["input_ids"] + [tokenizer.eos_token_id]
    count = len(tokens) // context_length
    if count == 0:
        raise AuroreError(
            f"Le texte d'entraînement est trop court : {len(tokens)} tokens, il en faut au moins {context_length}. Ajoutez des livres, ou choisissez un profil plus petit."
        )
    blocks = np.asarray(tokens[: count * context_length], dtype=np.int64).reshape(count, context_length)  # (N, T)
    return datasets.Dataset.from_dict({"input_ids": blocks, "labels": blocks}).with_format("torch")


SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # parts de l'arrivée à essayer, de rien à tout


@dataclass(frozen=True)
class Recipe:
    """Les réglages d'un entraînement ; deux recettes égales donnent le même résultat."""

    epochs: int
    batch_size: int
    learning_rate: float
    warmup_fraction: float = 0.05  # une montée douce : les premiers gradients d'un modèle neuf sont violents
    weight_decay: float = 0.1
    max_grad_norm: float = 1.0
    averaged: bool = False  # mêler à la fin les poids de départ et d'arrivée : voir `_average`
    seed: int = SEED


@bars_in_terminals_only()
def fine_tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    train: datasets.Dataset,
    validation: datasets.Dataset | None,
    recipe: Recipe,
    output: Path,
    checkpoints: Path,
) -> dict:
    """Entraîne `model` sur des blocs et l'enregistre dans `output`, d'un seul coup.

    Un entraînement interrompu reprend à son dernier point de reprise si la recette et les données n'ont
    pas changé. Rend `steps`, `seconds` (de cette fois), `tokens_per_second` (tokens utiles), `device`, `losses` : des couples
    (pas, nats par token), en validation avant de commencer puis à chaque cinquième du chemin ; et, si la recette mêle
    les poids de départ et d'arrivée, `share`, la part de l'arrivée qui est gardée, et `shares`, celles essayées.
    """
    device = choose_device()
    before = [parameter.detach().clone() for parameter in model.parameters()]
    resume = _checkpoint_to_resume(checkpoints, recipe, train, model)
    trainer = Trainer(
        model=model,
        args=_arguments(recipe, checkpoints, device.name, device.bf16, len(train), validation is not None),
        train_dataset=train,
        eval_dataset=validation,
        data_collator=default_data_collator,
    )
    trainer.remove_callback(PrinterCallback)
    if not _interactive():
        trainer.remove_callback(ProgressCallback)
    start = time.perf_counter()
    try:
        trainer.train(resume_from_checkpoint=resume)
    finally:
        _drop_incomplete(checkpoints)
    losses = {"train": _history(trainer, "loss"), "validation": _history(trainer, "eval_loss")}
    share, tried = _average(trainer, before) if recipe.averaged else (1.0, [])
    seconds = time.perf_counter() - start
    with atomic_directory(output) as temporary:
        trainer.save_model(str(temporary))
        tokenizer.save_pretrained(str(temporary))
    shutil.rmtree(checkpoints, ignore_errors=True)
    steps, done = trainer.state.global_step, int(Path(resume).name.rpartition("-")[2]) if resume else 0
    tokens = recipe.epochs * train.num_rows * len(train[0]["input_ids"]) * (steps - done) / steps
    return {
        "steps": steps,
        "seconds": round(seconds, 2),
        "tokens_per_second": round(tokens / seconds),
        "resumed": resume is not None,
        "device": device.reason,
        "losses": losses,
        "share": share,
        "shares": tried,
        "recipe": asdict(recipe),
    }


def _average(trainer: Trainer, before: list[torch.Tensor]) -> tuple[float, list[tuple[float, float]]]:
    """Mêle aux poids d'arrivée ceux de départ (« WiSE-FT », Wortsman 2022).

    Rend la part de l'arrivée, et les essais : des couples (part, nats par token en validation).

    En apprenant de nouveaux livres, un modèle s'éloigne du sien plus qu'il ne faudrait. Entre les deux, on trouve
    mieux que l'un et l'autre : la part est celle qui perd le moins en validation, la moitié s'il n'y en a pas. La
    part 0 est permise : au pire, on garde ce que l'on avait.
    """
    after = [parameter.detach().clone() for parameter in trainer.model.parameters()]

    def mix(share: float) -> None:
        with torch.no_grad():
            for parameter, start, end in zip(trainer.model.parameters(), before, after, strict=True):
                parameter.copy_(torch.lerp(start.to(end.device), end, share) if share else start)

    if trainer.eval_dataset is None:
        mix(0.5)
        return 0.5, []
    tried = []
    for share in SHARES:
        mix(share)
        tried.append((share, trainer.evaluate()["eval_loss"]))
    # Un entraînement qui a divergé ne rend plus de nombres : il n'est jamais le meilleur.
    best = min(tried, key=lambda found: math.inf if math.isnan(found[1]) else found[1])[0]
    mix(best)
    return best, tried


def _history(trainer: Trainer, name: str) -> list[tuple[int, float]]:
    """Une mesure au fil des pas ; le journal de Trainer va avec ses points de reprise, une coupure n'en perd rien."""
    return list(
        {row["step"]: (row["step"], float(row[name])) for row in trainer.state.log_history if name in row}.values()
    )


def _arguments(
    recipe: Recipe, folder: Path, device: str, bf16: bool, blocks: int, evaluates: bool
) -> TrainingArguments:
    steps = max(1, -(-blocks // recipe.batch_size)) * recipe.epochs
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=max(1, round(recipe.warmup_fraction * steps)),
        weight_decay=recipe.weight_decay,
        adam_beta2=0.95,  # des lots petits : une mémoire plus courte suit mieux
        max_grad_norm=recipe.max_grad_norm,
        bf16=bf16,
        use_cpu=device == "cpu",
        eval_strategy="steps" if evaluates else "no",
        eval_steps=-(-steps // 5),
        eval_on_start=evaluates,
        logging_steps=max(1, steps // 50),
        save_steps=max(1, steps // 5),
        save_total_limit=1,
        report_to="none",
        seed=recipe.seed,
        dataloader_num_workers=0,  # Windows et les carnets ne partagent pas bien les processus
        dataloader_pin_memory=False,
    )


def _checkpoint_to_resume(folder: Path, recipe: Recipe, train: datasets.Dataset, model: PreTrainedModel) -> str | None:
    """Le point de reprise à utiliser, ou `None` ; efface ceux d'un autre entraînement."""
    signature = json.dumps(
        {
            "recipe": asdict(recipe),
            "blocks": len(train),
            "checksum": int(sum(int(row.sum()) for row in train["input_ids"])),
            "model": model.config.to_diff_dict(),
            "weights": _digest(model),
        },
        sort_keys=True,
        default=str,
    )
    mark = folder / "recipe.json"
    if mark.is_file() and mark.read_text(encoding="utf-8") == signature:
        _drop_incomplete(folder)
        found = get_last_checkpoint(str(folder))
        if found:
            print(f"Entraînement interrompu retrouvé : reprise à {Path(found).name}.")
        return found
    shutil.rmtree(folder, ignore_errors=True)
    write_atomic(mark, signature)
    return None


def _digest(model: PreTrainedModel) -> str:
    """Empreinte des poids : deux modèles de même forme ne sont pas le même point de départ."""
    digest = sha256()
    for parameter in model.parameters():
        digest.update(parameter.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()


def _drop_incomplete(folder: Path) -> None:
    """Efface les points de reprise inachevés : `trainer_state.json` s'écrit en dernier, après tout le reste."""
    for checkpoint in folder.glob("checkpoint-*"):
        state = checkpoint / "trainer_state.json"
        if not state.is_file() or not state.read_bytes().rstrip().endswith(b"}"):
            shutil.rmtree(checkpoint, ignore_errors=True)


def _interactive() -> bool:
    return sys.stderr.isatty()


def model_folder() -> Path:
    """Dossier du modèle spécialisé."""
    return settings.home() / "model"


def limit(texts: list[str], characters: int) -> list[str]:
    """Les premiers `characters` caractères de l'ensemble (0 : tout), coupés entre deux paragraphes."""
    if not characters:
        return texts
    kept = []
    for text in texts:
        piece = text[:characters]
        if len(piece) < len(text):
            piece = piece[: piece.rfind("\n") + 1] or piece
        kept.append(piece)
        characters -= len(piece)
        if characters <= 0 or len(piece) < len(text):
            break
    return kept
