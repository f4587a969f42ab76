"""Spécialiser trois fois le même modèle sur les mêmes pages : combien de temps pour la qualité où finit l'atelier.

Chaque recette tourne dans un processus à elle, sur un cœur, en même temps que les autres. Le temps compté est celui du
processeur : sur une machine partagée, l'heure dirait surtout ce que font les autres. Les mesures faites pour ce tableau n'y sont pas
comptées ; celles que l'atelier fait pour lui-même, au fil du chemin puis pour mêler, le sont.

- `origine` : celle du dépôt des diapositives. Une phrase par exemple, remplie jusqu'à 100 tokens, lots de 8, taux de 5e-5 qui monte
  puis descend en ligne droite, décroissance de 0,01, 32 bits. La montée y dure 1 000 pas de 5 539 : la même part ici.
- `ordinaire` : les réglages par défaut de Trainer (trois passages, lots de 8, 5e-5), sur des blocs du contexte, 32 bits.
- `atelier` : celle de `python -m aurore train`, mélange final compris.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import datasets
import torch
from transformers import Trainer, TrainerCallback, TrainingArguments, default_data_collator

from aurore import corpus, evaluation, finetune, models, pipeline, settings

CHARACTERS = 250_000  # par livre des diapositives
HELD_OUT = 40_000  # caractères de « La Mare au diable »
POINTS = 12  # mesures au fil de chaque rival
PADDED = 100
SAMPLE = 64  # blocs sur lesquels se mesure le débit de l'atelier


class _Clock(TrainerCallback):
    """Note (secondes, bits par caractère) au fil d'un entraînement, mesures exclues."""

    def __init__(self, model, tokenizer, text: str) -> None:
        self.model, self.tokenizer, self.text = model, tokenizer, text
        self.points: list[tuple[float, float]] = []
        self.start = time.process_time()

    def on_step_end(self, args, state, control, **_) -> None:
        """Mesure à chaque part du chemin."""
        if state.global_step % max(1, round(state.max_steps / POINTS)) == 0 or state.global_step == state.max_steps:
            self.note()

    def note(self) -> None:
        """Ajoute une mesure, dont le temps n'est pas compté."""
        now = time.process_time()
        training = self.model.training
        bits = evaluation.score(self.model.eval(), self.tokenizer, self.text).bits_per_character
        self.model.train(training)
        self.points.append((now - self.start, bits))
        print(f"{self.points[-1]}", file=sys.stderr, flush=True)
        self.start += time.process_time() - now


def _texts() -> list[str]:
    slides = {book.title for book in corpus.load_catalogue().values() if book.slides and book.role == "train"}
    books = corpus.texts_by_book(corpus.load_dataset()["train"])
    return [finetune.limit([books[title]], CHARACTERS)[0] for title in sorted(slides)]


def original(model, tokenizer, texts: list[str], clock: _Clock, folder: Path) -> None:
    """La recette du dépôt des diapositives."""
    splitter = corpus.SentenceSplitter.train(texts)
    paragraphs = [line for text in texts for line in text.splitlines()]
    sentences = [one for line in paragraphs for one in splitter.split(line) if len(one.split()) > 3]
    rows = [tokenizer(one, truncation=True, max_length=PADDED)["input_ids"] for one in sentences]
    fill = tokenizer.eos_token_id
    content = {
        "input_ids": [row + [fill] * (PADDED - len(row)) for row in rows],
        "attention_mask": [[1] * len(row) + [0] * (PADDED - len(row)) for row in rows],
        "labels": [row + [-100] * (PADDED - len(row)) for row in rows],
    }
    steps = -(-len(rows) // 8)
    _trainer(
        model, content, clock, folder, num_train_epochs=1, weight_decay=0.01, warmup_steps=round(steps * 1000 / 5539)
    )


def plain(model, tokenizer, texts: list[str], clock: _Clock, folder: Path) -> None:
    """Les réglages par défaut de Trainer."""
    blocks = finetune.pack_blocks(texts, tokenizer, model.config.n_positions)
    _trainer(model, {name: blocks[name][:] for name in ("input_ids", "labels")}, clock, folder)


def _trainer(model, content: dict, clock: _Clock, folder: Path, **options) -> None:
    args = TrainingArguments(
        str(folder),
        use_cpu=True,
        report_to="none",
        save_strategy="no",
        disable_tqdm=True,
        logging_steps=10**6,
        **options,
    )
    train = datasets.Dataset.from_dict({name: [list(map(int, row)) for row in rows] for name, rows in content.items()})
    trainer = Trainer(
        model, args, train_dataset=train.with_format("torch"), data_collator=default_data_collator, callbacks=[clock]
    )
    clock.start = time.process_time()
    trainer.train()


def ours(model, tokenizer, texts: list[str], clock: _Clock, folder: Path) -> None:
    """La recette de l'atelier ; son modèle n'est fait qu'une fois mêlé : une seule mesure, à la fin."""
    models.keep_freed_memory()
    context, recipe = _plan(model)
    blocks = finetune.pack_blocks(texts, tokenizer, context)
    validation = pipeline.validation_blocks(corpus.load_dataset(), tokenizer, context)
    clock.start = time.process_time()
    finetune.fine_tune(model, tokenizer, blocks, validation, recipe, folder / "m", folder / "c")
    clock.note()


def _plan(model) -> tuple[int, finetune.Recipe]:
    return pipeline.plan_training(settings.profile(), model.config.n_positions, pretrained=True)


RECIPES: dict[str, Callable] = {"origine": original, "ordinaire": plain, "atelier": ours}


def measure(name: str) -> None:
    """Suit une recette et écrit ses points en JSON."""
    torch.set_num_threads(1)
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    book = corpus.texts_by_book(corpus.load_dataset()["test"])["La Mare au diable"]
    clock = _Clock(model, tokenizer, book[:HELD_OUT])
    clock.note()
    with tempfile.TemporaryDirectory() as folder:
        RECIPES[name](model, tokenizer, _texts(), clock, Path(folder))
    print("POINTS " + json.dumps(clock.points), flush=True)


def share_of_peak() -> float:
    """La part du débit de la machine qu'emploie l'atelier, optimiseur compris, mesures exclues."""
    torch.set_num_threads(1)
    models.keep_freed_memory()
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    context, recipe = _plan(model)
    blocks = finetune.pack_blocks(_texts(), tokenizer, context).select(range(SAMPLE))
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        finetune.fine_tune(model, tokenizer, blocks, None, recipe, Path(folder) / "m", Path(folder) / "c")
        seconds = time.process_time() - start
    return SAMPLE * context / seconds * operations(model, context) / peak()


def peak() -> float:
    """Opérations par seconde d'un produit de matrices, sur un cœur, dans la précision de l'atelier."""
    dtype = torch.bfloat16 if models.choose_device().bf16 else torch.float32
    one, two = torch.randn(4096, 1280).to(dtype), torch.randn(1280, 1280).to(dtype)
    times = []
    for _ in range(10):
        start = time.process_time()
        one @ two
        times.append(time.process_time() - start)
    return 2 * 4096 * 1280 * 1280 / min(times)


def operations(model, context: int) -> int:
    """Opérations par token d'un pas : deux par poids en avant, quatre en arrière, et l'attention, causale."""
    config = model.config
    weights = 12 * config.n_layer * config.n_embd**2 + config.vocab_size * config.n_embd
    return 6 * (weights + config.n_layer * context * config.n_embd)


def run() -> list[tuple[str, ...]]:
    """Lance les trois recettes ensemble ; rend une ligne par mesure."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TRANSFORMERS_VERBOSITY": "error"}
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", "benchmarks.speed", name], env=environment, stdout=subprocess.PIPE, text=True
        )
        for name in RECIPES
    }
    curves = {}
    for name, process in running.items():
        output, _ = process.communicate()
        [line] = [line for line in output.splitlines() if line.startswith("POINTS ")]
        curves[name] = json.loads(line.removeprefix("POINTS "))
    return report(curves)


def reached(curve: list, target: float) -> float:
    """Secondes jusqu'à la première mesure au plus égale à `target` ; l'infini s'il n'y en a pas."""
    return next((seconds for seconds, bits in curve if bits <= target), float("inf"))


def report(curves: dict[str, list]) -> list[tuple[str, ...]]:
    """Les lignes du tableau : la qualité visée est celle où finit l'atelier ; « jamais » : un rival, dont le taux est alors nul, ne
    l'a pas atteinte.
    """
    mine, target = curves["atelier"][-1]
    rows = []
    for name, aim in (("origine", "6 au moins"), ("ordinaire", "2 au moins")):
        theirs, end = reached(curves[name], target), curves[name][-1][0]
        spent, ratio = f"{theirs:.0f}", f"{theirs / mine:.1f}"
        if theirs > end:
            spent, ratio = f"jamais, en {end:.0f}", f"jamais, en {end / mine:.1f} fois le temps"
        rows.append((name, f"{target:.4f}", spent, f"{mine:.0f}", ratio, aim))
    for name, curve in curves.items():
        told = " → ".join(f"{bits:.4f}" for _, bits in curve)
        rows.append((f"{name}, du départ à la fin", told, f"{curve[-1][0]:.0f}", "", "", ""))
    share = f"{100 * share_of_peak():.0f} %"
    rows.append(("part du débit de la machine, optimiseur compris", share, "", "", "", "50 %"))
    return rows


if __name__ == "__main__":
    measure(sys.argv[1])
