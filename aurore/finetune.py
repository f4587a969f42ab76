"""Leçon 07 : spécialiser un modèle sur des livres, avec `Trainer`, sur des blocs pleins.

Les livres sont mis bout à bout, séparés par `<|endoftext|>`, puis coupés en blocs de la longueur du
contexte : aucun remplissage, chaque token calculé sert à apprendre.
"""

import contextlib
import json
import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import datasets
import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    default_data_collator,
)

from aurore import memory, pace, settings
from aurore.blocks import PUBLISHED as PUBLISHED
from aurore.blocks import collate as collate
from aurore.blocks import cut_sentences as cut_sentences
from aurore.blocks import decode as decode
from aurore.blocks import learning_rate as learning_rate
from aurore.blocks import logged_rows as logged_rows
from aurore.blocks import pack, save_interval, total_steps
from aurore.blocks import padding_share as padding_share
from aurore.blocks import rates as rates
from aurore.blocks import wastes as wastes
from aurore.models import Device, bars_in_terminals_only, choose_device
from aurore.optimizer import MuonAdamW
from aurore.settings import SEED, AuroreError
from aurore.show import french_number
from aurore.storage import MARK, alone, atomic_directory, check_replaceable, damaged, mark, set_aside


def pack_blocks(texts: Iterable[str], tokenizer: PreTrainedTokenizerBase, context_length: int) -> datasets.Dataset:
    """Rend des blocs pleins de `context_length` tokens, colonnes `input_ids` et `labels`.

    Chaque texte est suivi de `<|endoftext|>`. Le reste incomplet de la fin est abandonné. Lève
    `AuroreError` si les textes ne remplissent pas un seul bloc.
    """
    tokens = [tokenizer(text, verbose=False)["input_ids"] for text in texts]
    packed = pack(tokens, tokenizer.eos_token_id, context_length)
    if len(packed) == 0:
        count = sum(len(text) + 1 for text in tokens)
        raise AuroreError(
            f"Le texte d'entraînement est trop court : {count} tokens, il en faut au moins {context_length}. Ajoutez des livres, ou choisissez un profil plus petit."
        )
    blocks = np.asarray(packed, dtype=np.int64)  # (N, T)
    return datasets.Dataset.from_dict({"input_ids": blocks, "labels": blocks}).with_format("torch")


SHARES = (0.0, 0.25, 0.4, 0.5, 0.6, 0.75, 1.0)  # parts de ce qui est appris à essayer, de rien à tout


@dataclass(frozen=True)
class Recipe:
    """Les réglages d'un entraînement ; deux recettes égales donnent le même résultat.

    `batch_size` en blocs, tous processus réunis. Si `matrix_rate` n'est pas nul, c'est le taux de Muon pour les matrices
    des couches, et `learning_rate` celui d'AdamW pour le reste ; `vector_rate` et `momentum` : voir `optimizer.MuonAdamW`.
    `candidates` : combien de tokens du vocabulaire la dernière couche d'un GPT-2 note en apprenant (0 : tous) ; moins va plus
    vite, et la perte de chaque pas n'est plus qu'estimée : voir `loss.head_loss`. Celle de validation reste exacte.

    Lève `ValueError` si `steady` est demandé sans `averaged`.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    warmup_fraction: float = 0.05  # une montée douce : les premiers gradients d'un modèle neuf sont violents
    weight_decay: float = 0.1
    max_grad_norm: float = 1.0
    matrix_rate: float = 0.0
    vector_rate: float | None = None
    momentum: float = 0.95
    averaged: bool = False  # mêler à la fin les poids de départ et ce qui est appris : voir `_average`
    steady: bool = False  # taux constant, et moyenne des poids du chemin au lieu de l'arrivée : voir `_PathMean`
    candidates: int = 0
    seed: int = SEED

    def __post_init__(self) -> None:
        if self.steady and not self.averaged:
            raise ValueError("steady=True demande averaged=True : la moyenne du chemin se mêle au départ.")


@bars_in_terminals_only()
def fine_tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    train: datasets.Dataset,
    validation: datasets.Dataset | None,
    recipe: Recipe,
    output: Path,
    checkpoints: Path,
    callbacks: Sequence[TrainerCallback] = (),
) -> dict:
    """Entraîne `model` sur des blocs et l'enregistre dans `output`, d'un seul coup.

    Un entraînement interrompu, même par une coupure de courant, reprend à son dernier bon point de reprise si la recette
    et les données n'ont pas changé, et finit comme s'il n'avait pas été coupé ; ceux d'un autre restent où ils sont.
    Si la mémoire l'exige, chaque lot est lu en plusieurs fois. Sous `torchrun --nproc_per_node=2 -m aurore train`, ou
    `accelerate launch`, les processus se partagent chaque lot, et un seul écrit ; le dernier lot d'un passage, s'il est
    incomplet, est alors complété par les premiers blocs.

    Lève `AuroreError` si la perte n'est plus un nombre, si la mémoire ne peut suffire, ou si `output` contient autre
    chose qu'un modèle de l'atelier. Rend `steps`, `seconds` (de cette fois), `tokens_per_second` (tokens utiles), `device`, `cost`
    (`pace.Cost`, et sa phrase), `losses` : des couples
    (pas, nats par token), en validation avant de commencer puis à chaque cinquième du chemin ; et, si la recette mêle
    le départ et ce qui est appris, `share`, la part gardée de ce qui est appris, et `shares`, celles essayées.

    `callbacks` suivent l'entraînement. L'un d'eux peut l'arrêter (`control.should_save` et `should_training_stop`) :
    `stopped` est alors vrai, le modèle est gardé tel qu'il est, et l'appel suivant reprend là.
    """
    check_replaceable(output, "modèle")
    with memory.explained():  # un grand modèle peut manquer de mémoire dès là
        folder = checkpoints / _signature(recipe, train, model)
    with alone(folder) if is_main() else contextlib.nullcontext():
        if is_main():
            _tell_others(checkpoints, folder)
        work = _work(train, validation, recipe)
        multiplied = _weights_multiplied(model, recipe)
        with (
            memory.lean_training(model, recipe.candidates),
            memory.explained(),
            pace.metered(work, multiplied) as cost,
        ):
            report = _train(model, tokenizer, train, validation, recipe, output, folder, callbacks)
    if report["resumed"] or report["stopped"]:
        cost.expected = 0.0  # ce n'en est qu'une partie
    report["cost"] = asdict(cost) | {"sentence": str(cost)}
    if is_main() and not report["stopped"]:
        forget(folder)
    return report


def _work(train: datasets.Dataset, validation: datasets.Dataset | None, recipe: Recipe) -> int:
    """Les tokens appris, et ceux que l'on ne fait que lire pour mesurer, qui coûtent le tiers."""
    # Au départ, à chaque cinquième, puis à chaque part essayée, sauf celle du départ.
    measures = 6 + (len(SHARES) - 1 if recipe.averaged else 0)
    read = validation.num_rows * measures // 3 if validation is not None else 0
    return (recipe.epochs * train.num_rows + read) * len(train[0]["input_ids"])


def _weights_multiplied(model: PreTrainedModel, recipe: Recipe) -> int:
    """Les poids que chaque token traverse : tous, moins ceux des tokens du vocabulaire qu'on ne note pas."""
    left = model.config.vocab_size - recipe.candidates
    if not recipe.candidates or left <= 0:
        return model.num_parameters()
    return model.num_parameters() - left * model.get_output_embeddings().weight.shape[1]


def is_main() -> bool:
    """Dit si ce processus est celui qui écrit ; les autres, sous `torchrun`, ne font que calculer."""
    return os.environ.get("RANK", "0") == "0"


def _wait_for_all() -> None:
    if torch.distributed.is_initialized():
        torch.distributed.barrier()


def _train(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    train: datasets.Dataset,
    validation: datasets.Dataset | None,
    recipe: Recipe,
    output: Path,
    folder: Path,
    callbacks: Sequence[TrainerCallback] = (),
) -> dict:
    device = choose_device()
    context = len(train[0]["input_ids"])
    at_once = _blocks_at_once(recipe, model, context, device)
    args = _arguments(recipe, folder, device, len(train), validation is not None, at_once)
    mean = _PathMean()
    resume = _agreed(checkpoint_to_resume(folder) if is_main() else None)
    trainer = Trainer(
        model=model,
        args=args,
        train_dataset=train,
        eval_dataset=validation,
        data_collator=default_data_collator,
        optimizers=(_optimizer(model, recipe, device), None),
    )
    # La moyenne s'écrit avant que `Watch` ne marque le point de reprise : la marque tient compte de chaque fichier.
    for callback in (*([mean] if recipe.steady else []), Watch(), *callbacks):
        trainer.add_callback(callback)
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    if _interactive():
        trainer.add_callback(_Bar())
    if resume:
        trainer.args.eval_on_start = False  # la mesure de départ est dans le journal qu'on reprend
    start = time.perf_counter()
    with _start_on_disk(model, folder) if recipe.averaged else contextlib.nullcontext() as before:
        try:
            trainer.train(resume_from_checkpoint=resume)
        finally:
            if is_main():
                drop_incomplete(folder)
        steps = trainer.state.global_step
        stopped = steps < trainer.state.max_steps
        # Avant de mêler : chaque part essayée ajoute sa mesure au journal.
        losses = {"train": _grouped(_history(trainer, "loss"), steps), "validation": _history(trainer, "eval_loss")}
        share, tried = _average(trainer, before, mean.weights) if recipe.averaged and not stopped else (1.0, [])
    seconds = time.perf_counter() - start
    done = _step(Path(resume)) if resume else 0
    if is_main():
        with atomic_directory(output, "modèle") as temporary:
            trainer.save_model(str(temporary))
            tokenizer.save_pretrained(str(temporary))
    _wait_for_all()
    tokens = recipe.epochs * train.num_rows * context * (steps - done) / trainer.state.max_steps
    return {
        "steps": steps,
        "seconds": round(seconds, 2),
        "tokens_per_second": round(tokens / seconds),
        "resumed": resume is not None,
        "stopped": stopped,
        "device": device.reason,
        "losses": losses,
        "share": share,
        "shares": tried,
        "recipe": asdict(recipe),
    }


def _blocks_at_once(recipe: Recipe, model: PreTrainedModel, context: int, device: Device) -> int:
    """Combien de blocs chaque processus lit à la fois ; lève `AuroreError` si le lot ne se partage pas, ou si rien ne tient."""
    processes = _processes()
    if recipe.batch_size % processes:
        raise AuroreError(
            f"Un lot de {recipe.batch_size} blocs ne se partage pas entre {processes} processus. Prenez un lot multiple de {processes}."
        )
    wanted = memory.need(model, context, device.bf16, recipe.averaged, recipe.matrix_rate > 0)
    share = recipe.batch_size // processes
    if device.name == "cuda":
        room, _ = torch.cuda.mem_get_info()
        return memory.blocks_at_once(wanted, share, model, context, room, most=room)
    return memory.blocks_at_once(wanted, share, model, context, memory.available() // processes)


def _processes() -> int:
    return int(os.environ.get("WORLD_SIZE", "1"))


def _optimizer(model: PreTrainedModel, recipe: Recipe, device: Device) -> MuonAdamW | None:
    """Muon et AdamW, si la recette le demande ; sinon, Trainer fait le sien."""
    if not recipe.matrix_rate:
        return None
    model.to(device.name)  # un optimiseur se bâtit sur les poids là où ils apprendront
    rates = recipe.learning_rate, recipe.matrix_rate, recipe.weight_decay, recipe.vector_rate
    return MuonAdamW(model, *rates, recipe.momentum)


def _agreed(resume: str | None) -> str | None:
    """Le point de reprise du processus principal, dit à tous."""
    if not torch.distributed.is_initialized():
        return resume
    found = [resume]
    torch.distributed.broadcast_object_list(found)
    return found[0]


@contextlib.contextmanager
def _start_on_disk(model: PreTrainedModel, folder: Path) -> Iterator[Callable[[], Iterator[torch.Tensor]]]:
    """Met les poids de départ sur le disque, pour ne pas les garder en mémoire ; rend de quoi les relire un par un."""
    file = folder / f"depart-{os.environ.get('RANK', '0')}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name, _ in model.named_parameters()]
    save_file({name: parameter.detach() for name, parameter in model.named_parameters()}, file)

    def read() -> Iterator[torch.Tensor]:
        with safe_open(file, "pt") as found:
            yield from map(found.get_tensor, names)

    try:
        yield read
    finally:
        file.unlink(missing_ok=True)


def _average(
    trainer: Trainer, before: Callable[[], Iterator[torch.Tensor]], mean: list[torch.Tensor]
) -> tuple[float, list[tuple[float, float]]]:
    """Mêle les poids de départ, que relit `before`, et ce qui est appris : la moyenne du chemin, ou l'arrivée s'il n'y en a pas
    (« WiSE-FT », Wortsman 2022).

    Rend la part de ce qui est appris, et les essais : des couples (part, nats par token en validation).

    En apprenant de nouveaux livres, un modèle s'éloigne du sien plus qu'il ne faudrait. Entre les deux, on trouve
    mieux que l'un et l'autre : la part est celle qui perd le moins en validation, la moitié s'il n'y en a pas. La
    part 0 est permise : au pire, on garde ce que l'on avait.
    """
    after = mean or [parameter.detach().clone() for parameter in trainer.model.parameters()]
    if trainer.eval_dataset is None:
        mix(trainer.model, before(), after, 0.5)
        return 0.5, []
    start = dict(_history(trainer, "eval_loss")).get(0)  # au journal, d'ordinaire : la refaire ferait attendre
    tried = []
    for share in SHARES:
        loss = start if share == 0 else None
        if loss is None:
            mix(trainer.model, before(), after, share)
            loss = trainer.evaluate()["eval_loss"]
        tried.append((share, loss))
    best = min(tried, key=lambda found: found[1])[0]
    mix(trainer.model, before(), after, best)
    return best, tried


@torch.no_grad()
def mix(model: PreTrainedModel, before: Iterable[torch.Tensor], after: Iterable[torch.Tensor], share: float) -> None:
    """Donne au modèle, poids par poids, `share` de `after` et le reste de `before` ; à 0, le départ au bit près."""
    for parameter, start, end in zip(model.parameters(), before, after, strict=True):
        parameter.copy_(torch.lerp(start.to(end.device), end, share) if share else start)


def _history(trainer: Trainer, name: str) -> list[tuple[int, float]]:
    """Une mesure au fil des pas ; le journal de Trainer va avec ses points de reprise, une coupure n'en perd rien."""
    return list(
        {row["step"]: (row["step"], float(row[name])) for row in trainer.state.log_history if name in row}.values()
    )


def _grouped(losses: list[tuple[int, float]], steps: int) -> list[tuple[int, float]]:
    """Une cinquantaine de points : la moyenne de chaque groupe de pas, au dernier d'entre eux."""
    size = max(1, steps // 50)
    groups = [losses[first : first + size] for first in range(0, len(losses), size)]
    return [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]


def _arguments(
    recipe: Recipe, folder: Path, device: Device, blocks: int, evaluates: bool, at_once: int
) -> TrainingArguments:
    steps = total_steps(blocks, recipe.batch_size, 1, recipe.epochs)
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=at_once,
        per_device_eval_batch_size=at_once,
        gradient_accumulation_steps=recipe.batch_size // _processes() // at_once,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="constant_with_warmup" if recipe.steady else "cosine",
        warmup_steps=max(1, round(recipe.warmup_fraction * steps)),
        weight_decay=recipe.weight_decay,
        adam_beta2=0.95,  # des lots petits : une mémoire plus courte suit mieux
        max_grad_norm=recipe.max_grad_norm,
        bf16=device.bf16,
        use_cpu=device.name == "cpu",
        eval_strategy="steps" if evaluates else "no",
        eval_steps=-(-steps // 5),
        eval_on_start=evaluates,
        logging_steps=1,  # la moyenne de plusieurs pas serait perdue par une coupure au milieu
        save_steps=save_interval(steps, 5),
        save_total_limit=2,  # si le dernier s'abîme, il reste celui d'avant
        logging_nan_inf_filter=False,  # une perte qui n'est pas un nombre doit se voir : voir `Watch`
        ddp_find_unused_parameters=False,
        report_to="none",
        seed=recipe.seed,
        dataloader_num_workers=0,  # Windows et les carnets ne partagent pas bien les processus
        dataloader_pin_memory=False,
    )


class _Bar(ProgressCallback):
    """La barre de Trainer dans un terminal, avec la perte à sa suite plutôt qu'une ligne à chaque pas."""

    def on_log(self, args, state, control, logs=None, **_) -> None:
        """Écrit la dernière perte."""
        if self.training_bar is not None and "loss" in (logs or {}):
            self.training_bar.set_postfix_str(f"perte {french_number(float(logs['loss']), 3)}")


class _PathMean(TrainerCallback):
    """La moyenne des poids du chemin, moins son premier cinquième (Polyak 1990 ; Izmailov 2018).

    À taux constant, un modèle erre autour de ce qu'il cherche ; le milieu de son chemin en est plus près que son arrivée.
    Elle va avec les points de reprise : une coupure n'en perd rien.
    """

    _FILE = "moyenne.safetensors"

    def __init__(self) -> None:
        self.weights: list[torch.Tensor] = []

    def on_train_begin(self, args, state, control, model=None, **_) -> None:
        """Relit celle d'un point de reprise."""
        file = self._file(args, state)
        if file.is_file():
            found = load_file(file, device=str(model.device))
            self.weights = [found[str(rank)] for rank in range(len(found))]

    @torch.no_grad()
    def on_step_end(self, args, state, control, model=None, **_) -> None:
        """Y compte les poids de ce pas."""
        counted = state.global_step - state.max_steps // 5  # ce pas compris
        if counted == 1:
            self.weights = [parameter.detach().clone() for parameter in model.parameters()]
        elif counted > 1:
            for mean, parameter in zip(self.weights, model.parameters(), strict=True):
                mean.lerp_(parameter, 1 / counted)

    def on_save(self, args, state, control, **_) -> None:
        """L'écrit dans le point de reprise."""
        if state.is_world_process_zero and self.weights:
            content = {str(rank): weight for rank, weight in enumerate(self.weights)}
            save_file(content, self._file(args, state))

    def _file(self, args, state) -> Path:
        return Path(args.output_dir) / f"checkpoint-{state.global_step}" / self._FILE


class Watch(TrainerCallback):
    """Arrête un entraînement qui ne rend plus de nombres, et marque chaque point de reprise une fois entier."""

    def on_log(self, args, state, control, logs=None, **_) -> None:
        """Regarde chaque perte écrite au journal."""
        for name, value in (logs or {}).items():
            if name.endswith("loss") and not math.isfinite(value):
                self._stop(state)

    def on_train_end(self, args, state, control, model=None, **_) -> None:
        """Regarde les poids que le dernier pas a laissés."""
        if not _is_sound(model):
            self._stop(state)

    def _stop(self, state) -> None:
        raise AuroreError(
            f"La perte n'est plus un nombre au pas {state.global_step} : l'entraînement s'arrête, et rien n'est enregistré. Relancez : il reprendra au dernier bon point de reprise. Si cela recommence, partez d'un autre modèle (AURORE_MODEL) ou prenez un autre profil (AURORE_PROFILE)."
        )

    def on_save(self, args, state, control, model=None, **_) -> None:
        """Marque le point de reprise qui vient d'être écrit, si ses poids sont des nombres."""
        _wait_for_all()  # chaque processus y met son tirage au sort
        if state.is_world_process_zero and _is_sound(model):
            mark(Path(args.output_dir) / f"checkpoint-{state.global_step}", "point de reprise")


def _is_sound(model: PreTrainedModel) -> bool:
    """Dit si tous les poids sont des nombres."""
    return all(bool(torch.isfinite(parameter).all()) for parameter in model.parameters())


def _signature(recipe: Recipe, train: datasets.Dataset, model: PreTrainedModel) -> str:
    """Ce qui distingue un entraînement d'un autre, en seize signes : le nom du dossier de ses points de reprise."""
    digest = sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
    digest.update(json.dumps(model.config.to_diff_dict(), sort_keys=True, default=str).encode())
    digest.update(weights_digest(model).encode())
    for row in train["input_ids"]:
        digest.update(np.asarray(row, dtype=np.int64).tobytes())
    return digest.hexdigest()[:16]


def checkpoint_to_resume(folder: Path) -> str | None:
    """Le dernier bon point de reprise d'un entraînement, ou `None` ; met de côté ceux qui se sont abîmés, et le dit."""
    drop_incomplete(folder)
    for checkpoint in sorted(_own_checkpoints(folder), key=_step, reverse=True):
        spoiled = damaged(checkpoint)
        if not spoiled:
            print(f"Entraînement interrompu retrouvé : reprise à {checkpoint.name}.")
            return str(checkpoint)
        # Un nom que Trainer ne compte pas parmi les siens : il effacerait le dossier.
        aside = set_aside(checkpoint, folder / f"abime-{checkpoint.name}")
        print(
            f"Le point de reprise {checkpoint.name} est abîmé ({', '.join(spoiled)}). Il est mis de côté dans {aside}."
        )
    return None


def _step(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])


def _tell_others(checkpoints: Path, folder: Path) -> None:
    """Dit quels autres entraînements attendent d'être repris : ils ne sont jamais effacés."""
    for found in sorted({path.parent for path in checkpoints.glob("*/checkpoint-*")} - {folder}):
        last = max(map(_step, _own_checkpoints(found)), default=0)
        print(
            f"Un autre entraînement, interrompu au pas {last}, est gardé dans {found} : il reprendra avec ses réglages. Effacez ce dossier s'il ne sert plus."
        )


def _own_checkpoints(folder: Path) -> list[Path]:
    return [path for path in folder.glob("checkpoint-*") if path.name[len("checkpoint-") :].isdecimal()]


def forget(folder: Path) -> None:
    """Efface les points de reprise d'un entraînement fini, et rien d'autre."""
    for checkpoint in _own_checkpoints(folder):
        shutil.rmtree(checkpoint, ignore_errors=True)
    for emptied in (folder, folder.parent):
        with contextlib.suppress(OSError):  # ce qui n'est pas vide reste
            emptied.rmdir()


def weights_digest(model: PreTrainedModel) -> str:
    """Empreinte des poids : deux modèles de même forme ne sont pas le même point de départ."""
    digest = sha256()
    for parameter in model.parameters():
        digest.update(parameter.detach().cpu().float().reshape(-1).numpy())
    return digest.hexdigest()


def drop_incomplete(folder: Path) -> None:
    """Efface les points de reprise inachevés : la marque s'y met en dernier, après tout le reste."""
    for checkpoint in _own_checkpoints(folder):
        if not (checkpoint / MARK).exists():
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


PASSAGES, PASSAGE = 8, 4_000  # passages d'un livre, au plus ; caractères d'un passage, au moins


def spread(texts: list[str], characters: int) -> list[str]:
    """Des passages de chaque texte, à distances égales, autant de l'un que de l'autre, pour `characters` caractères en tout (0 : tout).

    Ce qu'un texte trop court ne peut donner, les autres le donnent. Les passages vont d'un paragraphe à un autre. Lire un
    peu de chaque livre, et partout dans le livre, apprend mieux une façon d'écrire que d'en lire quelques-uns en entier
    (`benchmarks/specialisation.py`).
    """
    if not characters or sum(map(len, texts)) <= characters:
        return texts
    share, left = 0, characters
    for rank, length in enumerate(sorted(map(len, texts))):
        share = left // (len(texts) - rank)
        if length >= share:
            break
        left -= length
    return [passage for text in texts for passage in _passages(text, share)]


def _passages(text: str, characters: int) -> list[str]:
    """Les passages d'un texte ; ce que l'un ne prend pas, le suivant le prend."""
    if len(text) <= characters:
        return [text]
    found, end, count = [], 0, max(1, min(PASSAGES, characters // PASSAGE))
    for rank in range(count):
        room = characters // (count - rank)
        middle = (2 * rank + 1) * len(text) // (2 * count)
        start = max(end, text.rfind("\n", 0, max(0, min(middle - room // 2, len(text) - room))) + 1)
        found += limit([text[start:]], room)
        end, characters = start + len(found[-1]), characters - len(found[-1])
    return found
