"""Leçon 07, les essais : un réglage changé à la fois, le même travail pour tous, et leurs courbes sur un seul dessin.

`python -m aurore.trials` refait tous ceux de `TRIALS` sur les livres, et range leurs courbes dans `data/essais.json` :
c'est de là que viennent celles que montre le carnet, pour qui n'a pas le temps de les refaire.
"""

import copy
import json
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM,
    EarlyStoppingCallback,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainingArguments,
    default_data_collator,
)

from aurore import corpus, finetune, follow, models, settings
from aurore.optimizer import MuonAdamW
from aurore.settings import SEED, AuroreError
from aurore.storage import write_atomic

RECORDED = settings.DATA / "essais.json"
CONTEXT = 128  # des blocs courts : on peut changer la taille des lots
CHARACTERS, VALIDATION_CHARACTERS = 120_000, 10_000
BOOKS = 6  # quelques livres, pris en leur milieu : un début de livre est une préface
CHAPTER = 8_000  # caractères : ce qu'on apprend par cœur en quelques passages
OPTIMIZERS = ("muon", "adamw")
SCHEDULES = {"cosinus": "cosine", "droite": "linear", "constant": "constant_with_warmup"}


@dataclass(frozen=True)
class Trial:
    """Un essai : son nom, et ce qui s'y règle. Les valeurs par défaut sont celles de la référence, à
    laquelle les autres se comparent.

    `optimizer` : une clé de `OPTIMIZERS` ; avec Muon, `learning_rate` est celui des matrices des couches, et le reste
    avance par AdamW au tiers, comme dans la salle (`pipeline.plan_training`). Un adaptateur, fait de matrices bien plus
    minces, avance toujours par AdamW. `warmup` : part des pas où le taux monte. `schedule` : une clé de `SCHEDULES`. `patience` : nombre de mesures sans
    progrès avant l'arrêt (0 : on va au bout) ; le meilleur point de reprise est alors repris. `frozen` : nombre de
    blocs gelés, plongements compris (0 : aucun). `rank` : rang de l'adaptateur (0 : aucun). `precision` : « bf16 »,
    « fp32 », ou rien pour ce que la machine a de mieux. `scratch` : part de poids tirés au sort. `share` : part de
    l'arrivée qu'on garde, en mêlant à la fin les poids de départ et d'arrivée (1 : tout ; sans effet avec un adaptateur, ou de zéro). `characters` : texte
    à lire, en caractères (0 : tout ce qu'on donne).
    """

    name: str = "la référence"
    epochs: int = 1
    batch_size: int = 16
    learning_rate: float = 4.5e-4
    optimizer: str = "muon"
    warmup: float = 0.05
    schedule: str = "cosinus"
    dropout: float = 0.0
    weight_decay: float = 0.1
    patience: int = 0
    frozen: int = 0
    rank: int = 0
    accumulation: int = 1
    precision: str = ""
    scratch: bool = False
    share: float = 0.5
    characters: int = 0


@dataclass(frozen=True)
class Curve:
    """Ce qu'un essai a donné. `train` et `validation` : des couples (tokens lus, bits par caractère).

    `trained` : nombre de poids appris ; `steps` : pas faits ; `seconds` : durée, mesures comprises.
    """

    trial: Trial
    train: list[tuple[int, float]]
    validation: list[tuple[int, float]]
    trained: int
    steps: int
    seconds: float

    @property
    def best(self) -> float:
        """La plus basse erreur de validation, en bits par caractère."""
        return min(bits for _, bits in self.validation)


THIRD = CHARACTERS // 3
TRIALS = (
    Trial(),
    Trial("sans mêler départ et arrivée", share=1.0),
    Trial("AdamW partout", optimizer="adamw"),
    Trial("AdamW partout, sans mêler", optimizer="adamw", share=1.0),
    Trial("trois époques d'un tiers du texte", epochs=3, characters=THIRD),
    Trial("lots de 4 blocs", batch_size=4),
    Trial("lots de 64 blocs", batch_size=64),
    Trial("64 blocs en 4 lots accumulés", accumulation=4),
    Trial("taux dix fois plus petit", learning_rate=4.5e-5),
    Trial("taux dix fois plus grand", learning_rate=4.5e-3),
    Trial("le même, sans montée", learning_rate=4.5e-3, warmup=0.0),
    Trial("taux qui descend tout droit", schedule="droite"),
    Trial("taux constant", schedule="constant"),
    Trial("dropout de 0,1", dropout=0.1),
    Trial("sans décroissance des poids", weight_decay=0.0),
    Trial("quatre blocs gelés sur six", frozen=4),
    Trial("adaptateur de rang 8", rank=8, learning_rate=1e-3),
    Trial("en 32 bits", precision="fp32"),
    Trial("de zéro", scratch=True, learning_rate=6e-3, share=1.0),
    Trial("un chapitre, dix époques", epochs=10, characters=CHAPTER, batch_size=4, share=1.0),
    Trial("un chapitre, arrêt précoce", epochs=10, characters=CHAPTER, batch_size=4, share=1.0, patience=2),
)


def run(
    trial: Trial,
    start: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    validation: str,
    measures: int = 4,
) -> Curve:
    """Fait un essai sur une copie de `start`, que rien ne change, et rend sa courbe ; rien n'est gardé sur le disque.

    La validation est mesurée avant de commencer, puis `measures` fois. Lève `AuroreError` pour un réglage hors limites.
    """
    check(trial, start.config.n_layer)
    model = prepared(trial, start)
    context = min(CONTEXT, start.config.max_position_embeddings)
    train = finetune.pack_blocks(finetune.limit(list(texts), trial.characters), tokenizer, context)
    held_out = finetune.pack_blocks([validation], tokenizer, context)
    per_character = len(tokenizer(validation, verbose=False)["input_ids"]) / len(validation) / math.log(2)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, finetune.bars_in_terminals_only(), follow.quiet():
        trainer = Trainer(
            model=model,
            args=_arguments(trial, len(train), Path(folder), measures),
            train_dataset=train,
            eval_dataset=held_out,
            data_collator=default_data_collator,
            callbacks=[EarlyStoppingCallback(trial.patience)] if trial.patience else [],
            optimizers=(_optimizer(trial, model), None),
        )
        for printer in (PrinterCallback, ProgressCallback):
            trainer.remove_callback(printer)
        trainer.train()
        if trial.share < 1 and not (trial.rank or trial.scratch):
            finetune.mix(model, start.parameters(), model.parameters(), trial.share)  # « WiSE-FT », Wortsman 2022
            trainer.evaluate()
    per_step = min(trial.batch_size * trial.accumulation, len(train)) * context

    def points(name: str) -> list[tuple[int, float]]:
        rows = {row["step"]: float(row[name]) for row in trainer.state.log_history if name in row}
        return [(step * per_step, round(loss * per_character, 4)) for step, loss in rows.items()]

    learnt = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    seconds = round(time.perf_counter() - began, 1)
    return Curve(trial, points("loss"), points("eval_loss"), learnt, trainer.state.global_step, seconds)


def check(trial: Trial, layers: int) -> None:
    """Lève `AuroreError` si un réglage n'a pas de sens, en disant entre quelles bornes il doit être."""
    bounds = {
        "epochs": (1, 50),
        "batch_size": (1, 256),
        "learning_rate": (1e-7, 1.0),
        "warmup": (0.0, 1.0),
        "dropout": (0.0, 0.9),
        "weight_decay": (0.0, 1.0),
        "patience": (0, 50),
        "frozen": (0, layers),
        "rank": (0, 256),
        "accumulation": (1, 64),
        "share": (0.0, 1.0),
    }
    for name, (low, high) in bounds.items():
        if not low <= getattr(trial, name) <= high:
            raise AuroreError(f"{name} vaut {getattr(trial, name)} : choisissez entre {low} et {high}.")
    choices = {"optimizer": OPTIMIZERS, "schedule": tuple(SCHEDULES), "precision": ("", "bf16", "fp32")}
    for name, known in choices.items():
        if getattr(trial, name) not in known:
            raise AuroreError(
                f"{name} vaut « {getattr(trial, name)} » : choisissez parmi {', '.join(filter(None, known))}."
            )


def prepared(trial: Trial, start: PreTrainedModel) -> PreTrainedModel:
    """Le modèle d'un essai : une copie, neuve si l'on part de zéro, avec son dropout, ses blocs gelés, son adaptateur."""
    torch.manual_seed(SEED)
    model = AutoModelForCausalLM.from_config(start.config) if trial.scratch else copy.deepcopy(start)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = trial.dropout
    if trial.frozen:
        freeze(model, trial.frozen)
    if trial.rank:
        from peft import LoraConfig, get_peft_model  # une seconde à charger, pour un seul essai

        adapter = LoraConfig(
            r=trial.rank,
            lora_alpha=2 * trial.rank,
            target_modules=["c_attn", "c_proj", "c_fc"],
            fan_in_fan_out=True,  # les couches de GPT-2 rangent leurs poids couchés
            task_type="CAUSAL_LM",
        )
        model = get_peft_model(model, adapter)
    return model


def freeze(model: PreTrainedModel, blocks: int) -> None:
    """Gèle les plongements et les `blocks` premiers blocs : ils ne bougeront plus."""
    body = model.transformer
    for part in (body.wte, body.wpe, *body.h[:blocks]):
        for parameter in part.parameters():
            parameter.requires_grad_(False)


def _optimizer(trial: Trial, model: torch.nn.Module) -> MuonAdamW | None:
    """Muon et AdamW, si l'essai le demande ; sinon, Trainer fait son AdamW."""
    if trial.optimizer != "muon" or trial.rank:
        return None
    model.to(models.choose_device().name)  # un optimiseur se bâtit sur les poids là où ils apprendront
    return MuonAdamW(model, trial.learning_rate / 3, trial.learning_rate, trial.weight_decay)


def _arguments(trial: Trial, blocks: int, folder: Path, measures: int) -> TrainingArguments:
    device = models.choose_device()
    steps = finetune.total_steps(blocks, trial.batch_size, trial.accumulation, trial.epochs)
    each = max(1, -(-steps // measures))
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=trial.epochs,
        per_device_train_batch_size=trial.batch_size,
        per_device_eval_batch_size=16,
        gradient_accumulation_steps=trial.accumulation,
        learning_rate=trial.learning_rate,
        lr_scheduler_type=SCHEDULES[trial.schedule],
        warmup_steps=round(trial.warmup * steps),
        weight_decay=trial.weight_decay,
        adam_beta2=0.95,
        bf16=device.bf16 if not trial.precision else trial.precision == "bf16",
        use_cpu=device.name == "cpu",
        eval_strategy="steps",
        eval_steps=each,
        eval_on_start=True,
        logging_steps=max(1, steps // 25),
        save_strategy="steps" if trial.patience else "no",
        save_steps=each,
        save_total_limit=1,
        save_only_model=True,
        load_best_model_at_end=bool(trial.patience),
        report_to="none",
        seed=SEED,
        dataloader_pin_memory=False,
    )


# --- Les courbes gardées --------------------------------------------------------------------------------


def load(path: Path = RECORDED) -> list[Curve]:
    """Les courbes gardées ; lève `AuroreError` si le fichier manque ou est abîmé."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["essais"]
        return [_curve(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuroreError(
            f"{path.name} manque ou est abîmé. Reprenez-le du dépôt, ou refaites-le avec « python -m aurore.trials »."
        ) from error


def _curve(row: dict) -> Curve:
    train, validation = ([(int(read), float(bits)) for read, bits in row[name]] for name in ("train", "validation"))
    return Curve(Trial(**row["trial"]), train, validation, row["trained"], row["steps"], row["seconds"])


def save(curves: Sequence[Curve], origin: str, path: Path = RECORDED) -> None:
    """Écrit des courbes, avec ce qui les a faites ; un réglage laissé à sa valeur par défaut n'est pas écrit."""
    rows = [asdict(curve) | {"trial": _changed(curve.trial)} for curve in curves]
    write_atomic(path, json.dumps({"origine": origin, "essais": rows}, ensure_ascii=False) + "\n")


def _changed(trial: Trial) -> dict:
    return {
        field.name: getattr(trial, field.name)
        for field in fields(Trial)
        if field.name == "name" or getattr(trial, field.name) != field.default
    }


def changes(trial: Trial) -> str:
    """Ce qu'un essai change à la recette, réglage par réglage."""
    changed = {name: value for name, value in _changed(trial).items() if name != "name"}
    return ", ".join(f"{name}={value}" for name, value in changed.items()) or "rien"


def material(dataset) -> tuple[list[str], str]:
    """De quoi faire les essais : `CHARACTERS` caractères à apprendre, et un passage d'un livre de validation."""
    training = list(corpus.texts_by_book(dataset["train"]).values())
    chosen = training[:: max(1, len(training) // BOOKS)][:BOOKS]
    texts = [_middle(text, CHARACTERS // len(chosen)) for text in chosen]
    held_out = next(iter(corpus.texts_by_book(dataset["validation"]).values()), training[-1])
    return texts, _middle(held_out, VALIDATION_CHARACTERS)


def _middle(text: str, characters: int) -> str:
    """`characters` caractères au plus, à partir du premier paragraphe après le quart du livre."""
    start = text.find("\n", len(text) // 4) + 1
    return finetune.limit([text[start:]], characters)[0]


def main() -> int:
    """Fait tous les essais, l'un après l'autre, et range leurs courbes à mesure."""
    try:
        if not (corpus.dataset_folder() / "dataset_dict.json").is_file():
            corpus.prepare("sand")
        texts, validation = material(corpus.load_dataset())
        start, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
        origin = f"python -m aurore.trials ; {settings.corpus_name()} ; {models.choose_device().reason}"
        curves: list[Curve] = []
        for trial in TRIALS:
            curves.append(run(trial, start, tokenizer, texts, validation))
            print(f"{trial.name} : {curves[-1].best:.4f} bit par caractère, {curves[-1].seconds:.0f} s", flush=True)
            save(curves, origin)
    except AuroreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
