"""Leçon 10 : d'un modèle qui continue un texte à un modèle qui répond à une consigne.

Un seul gabarit, à l'apprentissage et à l'emploi (`render`) ; des étiquettes à -100 sur la question et le remplissage
(`encode`, `collate`) ; la fin de texte apprise. Les lignes sont dans `aurore.rows`, les bugs des documents dans
`aurore.hunts`.
"""

import contextlib
import copy
import json
import math
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from aurore import finetune, follow, generation, memory, models, pace, settings
from aurore.rows import Row, folded
from aurore.rows import parse_jsonl as parse_jsonl
from aurore.rows import split_rows as split_rows
from aurore.rows import to_chat as to_chat
from aurore.settings import AuroreError
from aurore.storage import alone

IGNORED = -100  # l'étiquette que la perte ne compte pas
EMBEDDED = settings.DATA / "models" / "aurore-reponses"  # un adaptateur de rang faible, posé sur le modèle embarqué


# --- Le gabarit -----------------------------------------------------------------------------------------


def render(instruction: str, context: str = "", base: str = "") -> str:
    """L'amorce d'une question, telle que le modèle la voit à l'apprentissage comme à l'emploi ; la réponse la suit.

    `base`, une consigne générale, et `context`, le texte sur lequel porte la question, ont chacun leur ligne, s'ils sont
    là. Rien ne suit « Réponse : » : la réponse commence par une espace, comme un mot au milieu d'une phrase.
    """
    lines = [base] if base else []
    if context:
        lines.append(f"Contexte : {context}")
    return "\n".join([*lines, f"Question : {instruction}", "Réponse :"])


def tidy(text: str) -> str:
    """Un texte sur une seule ligne, aux apostrophes droites, une espace devant « ? » et « ! », comme dans nos lignes.

    Une question tapée sur deux lignes ne peut donc pas imiter le gabarit.
    """
    line = " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split())
    return re.sub(r"(?<=[\w»)])(?=[?!])", " ", line)


def prompt(question: str, context: str = "", base: str = "") -> str:
    """L'amorce d'une question tapée par quelqu'un : chaque morceau mis au net, puis le gabarit."""
    return render(tidy(question), tidy(context), tidy(base))


def prompt_of(row: Row, base: str = "") -> str:
    """L'amorce d'une ligne."""
    return prompt(row.instruction, row.input, base)


# --- Des exemples ---------------------------------------------------------------------------------------


def encode(prompt: Sequence[int], answer: Sequence[int], end: int) -> dict[str, list[int]]:
    """Un exemple à apprendre, d'une seule suite : la question, la réponse, la fin de texte.

    `input_ids` : tous les tokens. `labels` : -100 sur la question, que l'on n'apprend pas à écrire, puis la réponse et sa
    fin, sans laquelle le modèle ne saurait pas s'arrêter. Le décalage d'une place est fait par le modèle.
    """
    return {
        "input_ids": [*prompt, *answer, end],
        "labels": [*[IGNORED] * len(prompt), *answer, end],
    }


def collate(examples: Sequence[dict[str, Sequence[int]]], pad: int) -> dict[str, list[list[int]]]:
    """Réunit des exemples en un lot rectangulaire, complété à droite : (B, T), T étant la longueur du plus long.

    `input_ids` est complété par `pad`, `attention_mask` par 0, `labels` par -100. Les étiquettes sont celles des exemples :
    jamais refaites, jamais cherchées d'après la valeur de `pad`, qui peut être aussi celle de la fin de texte.
    """
    width = max(len(example["input_ids"]) for example in examples)
    batch: dict[str, list[list[int]]] = {"input_ids": [], "attention_mask": [], "labels": []}
    for example in examples:
        ids, missing = list(example["input_ids"]), width - len(example["input_ids"])
        batch["input_ids"].append(ids + [pad] * missing)
        batch["attention_mask"].append([1] * len(ids) + [0] * missing)
        batch["labels"].append(list(example["labels"]) + [IGNORED] * missing)
    return batch


def examples_of(
    rows: Sequence[Row],
    tokenizer: PreTrainedTokenizerBase,
    base: str = "",
    write: Callable[[Row, str], str] = prompt_of,
) -> list[dict[str, list[int]]]:
    """Les exemples d'une suite de lignes, à leur place ; la question et la réponse se découpent à part.

    `write(ligne, base)` fait l'amorce.
    """

    def ids(text: str) -> list[int]:
        return tokenizer(text, verbose=False, split_special_tokens=True)["input_ids"]

    return [encode(ids(write(row, base)), ids(f" {row.output}"), tokenizer.eos_token_id) for row in rows]


# --- L'entraînement -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tuning:
    """Les réglages d'un entraînement sur des exemples de longueurs différentes.

    `batch_size` exemples lus à la fois, `accumulation` lots par pas ; `schedule`, l'horaire, sous le nom que lui donne
    transformers ; `mixed`, la précision mixte : `None` la prend si la machine calcule vraiment en bfloat16.
    """

    epochs: int = 8  # peu de lignes, relues : on veut ces réponses par cœur, sous plusieurs questions
    batch_size: int = 16
    learning_rate: float = 1e-3
    accumulation: int = 1
    schedule: str = "linear"
    warmup_fraction: float = 0.05
    weight_decay: float = 0.1
    mixed: bool | None = None
    seed: int = settings.SEED


class Collator:
    """`collate`, sous la forme que Trainer attend : des exemples deviennent des tenseurs (B, T)."""

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, examples: Sequence[dict[str, Sequence[int]]]) -> dict[str, torch.Tensor]:
        """Le lot de ces exemples."""
        return {name: torch.as_tensor(values) for name, values in collate(examples, self.pad).items()}


@models.bars_in_terminals_only()
def train_examples(
    model: PreTrainedModel,
    examples: Sequence[dict],
    tuning: Tuning,
    collator: Callable[[Sequence[dict]], dict],
    callbacks: Sequence[TrainerCallback] = (),
    checkpoints: Path | None = None,
) -> dict:
    """Entraîne `model`, en place, sur des exemples que `collator` réunit en lots.

    Sans `checkpoints`, rien n'est gardé sur le disque. Avec ce dossier, chaque époque y laisse un point de reprise : un
    entraînement interrompu, s'il est relancé du même modèle, sur les mêmes exemples et avec les mêmes réglages, reprend à
    la dernière époque finie, et finit comme s'il n'avait pas été coupé. Les points s'effacent à la fin.

    Rend `steps`, `seconds` (de cette fois), `losses`, des couples (pas, nats par token appris), `mixed`, la précision qui a
    servi, `resumed`, s'il a repris, et `cost` (`pace.Cost`). Lève `AuroreError` s'il n'y a pas d'exemple, si la mémoire manque, ou si la perte n'est plus un nombre.
    """
    if not examples:
        raise AuroreError("Il n'y a rien à apprendre : aucune ligne. Vérifiez ce que vous avez gardé.")
    device = models.choose_device()
    mixed = device.bf16 if tuning.mixed is None else tuning.mixed
    start = time.perf_counter()
    with contextlib.ExitStack() as stack:
        if checkpoints is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        else:
            folder = checkpoints / _signature(model, examples, tuning)
            stack.enter_context(alone(folder))
        for guard in (memory.lean_training(model), memory.explained(), follow.quiet()):
            stack.enter_context(guard)
        resume = finetune.checkpoint_to_resume(folder)
        args = _arguments(tuning, folder, len(examples), mixed, device.name == "cpu")
        if checkpoints is not None:
            args.set_save(strategy="epoch", total_limit=2)
            callbacks = (finetune.Watch(), *callbacks)
        trainer = Trainer(
            model=model,
            args=args,
            train_dataset=list(examples),
            data_collator=collator,
            callbacks=list(callbacks),
        )
        for printer in (PrinterCallback, ProgressCallback):
            trainer.remove_callback(printer)
        tokens = tuning.epochs * sum(len(example["input_ids"]) for example in examples)
        with pace.metered(tokens, model.num_parameters()) as cost:
            trainer.train(resume_from_checkpoint=resume)
    model.eval()
    if checkpoints is not None and trainer.state.global_step == trainer.state.max_steps:
        finetune.forget(folder)
    losses = [(row["step"], float(row["loss"])) for row in trainer.state.log_history if "loss" in row]
    if not all(math.isfinite(loss) for _, loss in losses):
        raise AuroreError("La perte n'est plus un nombre. Repartez du modèle de départ, avec un taux plus petit.")
    if resume:
        cost.expected = 0.0  # ce n'en est qu'une partie
    return {
        "steps": trainer.state.global_step,
        "seconds": time.perf_counter() - start,
        "losses": losses,
        "mixed": mixed,
        "resumed": resume is not None,
        "cost": cost,
    }


def _signature(model: PreTrainedModel, examples: Sequence[dict], tuning: Tuning) -> str:
    """Ce qui distingue un entraînement d'un autre, en seize signes : ses réglages, ses exemples, son modèle de départ."""
    digest = sha256(json.dumps([asdict(tuning), list(examples)], sort_keys=True).encode())
    digest.update(finetune.weights_digest(model).encode())
    return digest.hexdigest()[:16]


def _arguments(tuning: Tuning, folder: Path, examples: int, mixed: bool, on_cpu: bool) -> TrainingArguments:
    steps = -(-examples // (tuning.batch_size * tuning.accumulation)) * tuning.epochs
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=tuning.epochs,
        per_device_train_batch_size=tuning.batch_size,
        gradient_accumulation_steps=tuning.accumulation,
        learning_rate=tuning.learning_rate,
        lr_scheduler_type=tuning.schedule,
        warmup_steps=round(tuning.warmup_fraction * steps),
        weight_decay=tuning.weight_decay,
        adam_beta2=0.95,  # des lots petits : une mémoire plus courte suit mieux
        bf16=mixed,
        use_cpu=on_cpu,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="no",
        remove_unused_columns=False,  # les exemples ont ce que le lot demande, et rien d'autre
        report_to="none",
        seed=tuning.seed,
        dataloader_num_workers=0,
        dataloader_pin_memory=False,
    )


def tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Row],
    tuning: Tuning | None = None,
    base: str = "",
    callbacks: Sequence[TrainerCallback] = (),
    checkpoints: Path | None = None,
) -> dict:
    """Apprend à `model`, en place, à répondre à ces lignes (*supervised fine-tuning*) ; voir `train_examples`.

    `base` est la consigne générale mise en tête de chaque amorce.
    """
    examples = examples_of(rows, tokenizer, base)
    return train_examples(model, examples, tuning or Tuning(), Collator(_pad(tokenizer)), callbacks, checkpoints)


def _pad(tokenizer: PreTrainedTokenizerBase) -> int:
    """Le token de remplissage. Celui de la fin de texte convient : ni le masque ni les étiquettes ne s'y fient."""
    return tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id


def train_each(base: Any, datasets: Sequence[Any], train: Callable[[Any, Any], Any]) -> list[Any]:
    """Un modèle par jeu de lignes, chacun parti du même `base`, que rien ne change ; `train(modèle, lignes)` entraîne en place.

    Deux modèles ne se comparent que s'ils partent du même point.
    """
    trained = []
    for rows in datasets:
        model = copy.deepcopy(base)
        train(model, rows)
        trained.append(model)
    return trained


# --- Répondre -------------------------------------------------------------------------------------------

MAX_ANSWER = 60  # tokens : une phrase


def model_folder() -> Path:
    """Le dossier du modèle que cette leçon entraîne."""
    return settings.home() / "reponses"


def checkpoints_folder() -> Path:
    """Le dossier des points de reprise de cette leçon."""
    return settings.home() / "reprises-reponses"


def answering_model() -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Le modèle qui répond, et son tokenizer : celui de la personne, s'il est entraîné, sinon celui qui est embarqué.

    L'embarqué est un adaptateur de rang faible (Hu 2021) de moins de 2 Mo, ajouté aux poids d'`aurore-base`.
    """
    if (model_folder() / "config.json").is_file():
        return models.load_model(model_folder())
    return embedded_model()


def embedded_model() -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Le modèle embarqué et son tokenizer. Lève `AuroreError` si son adaptateur manque ou est abîmé."""
    from peft import PeftModel  # une seconde à charger, seulement ici

    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    try:
        adapted = PeftModel.from_pretrained(model, str(EMBEDDED), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # la bibliothèque a les siennes, selon le fichier qui manque
        raise AuroreError(
            f"L'adaptateur de {settings.short_path(EMBEDDED)} manque ou est abîmé. Reprenez-le du dépôt, ou refaites-le avec « python -m aurore.adapter »."
        ) from error
    return adapted.merge_and_unload().eval(), tokenizer


def answer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    question: str,
    context: str = "",
    base: str = "",
    max_new_tokens: int = MAX_ANSWER,
    **generation_settings: Any,
) -> str:
    """La réponse à une question, sans l'amorce ; le token le mieux noté à chaque fois, sauf réglage contraire.

    `generation_settings` sont ceux de `generation.generate` (`do_sample=True`, `temperature`, `seed`…).
    """
    start = prompt(question, context, base)
    chosen = {"do_sample": False} | generation_settings
    return generation.generate(model, tokenizer, start, max_new_tokens, **chosen)[len(start) :].strip()


# --- Juger ----------------------------------------------------------------------------------------------


def exact(expected: str, found: str) -> bool:
    """Dit si deux réponses sont les mêmes, à la casse, aux accents, à la ponctuation et aux espaces près."""
    return folded(expected) == folded(found)


def contains(key: str, found: str) -> bool:
    """Dit si `found` contient les mots de `key`, entiers et de suite, à la casse, aux accents et à la ponctuation près."""
    return f" {folded(key)} " in f" {folded(found)} "


@dataclass(frozen=True)
class Verdict:
    """Une question posée : sa ligne, la réponse, et si elle s'est arrêtée d'elle-même."""

    row: Row
    found: str
    stopped: bool

    @property
    def exact(self) -> bool:
        """La réponse attendue, mot pour mot."""
        return exact(self.row.output, self.found)

    @property
    def contained(self) -> bool:
        """Une réponse qui contient ce qu'on voulait savoir."""
        return contains(self.row.key or self.row.output, self.found)


def ask(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Row],
    base: str = "",
    max_new_tokens: int = 40,
    write: Callable[[Row, str], str] = prompt_of,
) -> list[Verdict]:
    """Pose les questions de ces lignes, par lots, sans tirage au sort. `write(ligne, base)` fait l'amorce."""
    verdicts: list[Verdict] = []
    for start in range(0, len(rows), 32):
        some = rows[start : start + 32]
        prompts = [write(row, base) for row in some]
        written = generation.write_batch(model, tokenizer, prompts, max_new_tokens, do_sample=False)
        for row, ids in zip(some, written, strict=True):
            text = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
            verdicts.append(Verdict(row, text.strip(), len(ids) < max_new_tokens))
    return verdicts


@dataclass(frozen=True)
class Share:
    """Une part, `hits` sur `total`, et son intervalle de confiance à 95 % (Wilson 1927)."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """La part, entre 0 et 1."""
        return self.hits / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Les bornes, entre 0 et 1 ; elles restent justes près de 0 et de 1."""
        z, n, p = 1.959964, self.total, self.value
        middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))

    def __str__(self) -> str:
        low, high = (round(100 * bound) for bound in self.interval)
        return f"{round(100 * self.value)} % [{low} ; {high}]"


def share(hits: Sequence[bool]) -> Share:
    """La part des vrais."""
    return Share(sum(hits), len(hits))
