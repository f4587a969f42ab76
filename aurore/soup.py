"""Refaire aurore-sand : quatre spécialisations courtes d'aurore-base, puis la moyenne de leurs poids.

Parties du même point, elles s'en éloignent chacune à sa façon ; leur moyenne garde ce qu'elles ont en commun et perd
moins que la meilleure d'entre elles (« model soup », Wortsman 2022). La fiche d'aurore-sand dit ce que chacune a donné.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from transformers import PreTrainedModel

from aurore import corpus, evaluation, models, pretrain
from aurore.finetune import mix
from aurore.models import export_model
from aurore.show import french_number


@dataclass(frozen=True)
class Course:
    """Une spécialisation : combien de fois elle lit les livres de Sand, avec ou sans ceux des autres, à quel taux (Muon)."""

    name: str
    times: int  # les livres de Sand dans un passage
    others: bool  # un livre des autres sur deux : de quoi ne rien désapprendre
    passes: int
    matrix_rate: float


COURSES = (
    Course("mêlée", 3, True, 1, 2.5e-4),
    Course("seule", 1, False, 4, 2.5e-4),
    Course("mêlée-vive", 3, True, 1, 5e-4),
    Course("seule-lente", 1, False, 8, 1.67e-4),
)


def specialise(
    start: Path,
    own: list[str],
    others: list[str],
    validation: str,
    folder: Path,
    output: Path,
    *,
    shape: pretrain.Plan = pretrain.PLANS["carte"],
    courses: Sequence[Course] = COURSES,
    minutes: float | None = None,
) -> dict:
    """Spécialise le modèle de `start` par chaque course, puis enregistre dans `output` la meilleure des moyennes.

    `own` et `others` sont des livres, `validation` un texte jamais appris. Chaque course a son dossier dans `folder`, et
    s'y reprend. `minutes` vaut pour l'ensemble : la même commande continue. Rend `done`, `bits_per_char` (celui de ce
    qui est enregistré, `None` si ce n'est pas fini) et `kept`, les courses de la moyenne.
    """
    model, tokenizer = models.load_model(start)
    deadline = time.perf_counter() + 60 * minutes if minutes else float("inf")
    found = {}
    for course in courses:
        left = None if minutes is None else max(0.0, deadline - time.perf_counter()) / 60
        if left == 0:
            return {"done": False, "bits_per_char": None, "kept": []}
        place = folder / course.name
        texts = own * course.times + (others[::2] if course.others else [])
        pretrain.prepare_tokens(texts, shape, place / "tokens", tokenizer)
        report = pretrain.pretrain(
            _plan(course, shape, place),
            texts,
            validation,
            place,
            place / "model",
            start=start,
            tokenizer=tokenizer,
            minutes=left,
        )
        if not report["done"]:
            return {"done": False, "bits_per_char": None, "kept": []}
        found[course.name] = report["bits_per_char"]
    bits, kept = blend(model, tokenizer, [folder / name / "model" for name in sorted(found, key=found.get)], validation)
    export_model(model, tokenizer, output)
    return {"done": True, "bits_per_char": bits, "kept": [path.parent.name for path in kept]}


def _plan(course: Course, shape: pretrain.Plan, place: Path) -> pretrain.Plan:
    """Le plan d'une course : un taux cent fois plus petit qu'en partant de zéro, qui descend presque dès le départ."""
    tokens = sum(json.loads((place / "tokens" / "books.json").read_text(encoding="utf-8")))
    return replace(
        shape,
        tokens=tokens * course.passes,
        plateau_context=shape.context_length,
        matrix_rate=course.matrix_rate,
        table_rate=course.matrix_rate / 2,
        vector_rate=course.matrix_rate / 2,
        warmup_steps=20,
        decay_fraction=0.9,
        averaging=0.98,
    )


def blend(model: PreTrainedModel, tokenizer, folders: list[Path], validation: str) -> tuple[float, list[Path]]:
    """Donne à `model` la meilleure moyenne des premiers modèles de `folders`, rangés du meilleur au moins bon.

    Rend ses bits par caractère en validation, et les dossiers qui la font.
    """
    weights = [list(models.load_model(folder)[0].parameters()) for folder in folders]
    means = [weights[0]]
    for count, more in enumerate(weights[1:], 2):
        means.append([torch.lerp(mean, one, 1 / count).detach() for mean, one in zip(means[-1], more, strict=True)])
    scores = []
    for mean in means:
        mix(model, mean, mean, 0)
        scores.append(evaluation.score(model, tokenizer, validation).bits_per_character)
        print(
            f"Moyenne de {len(scores)} : {french_number(scores[-1], 4)} bits par caractère en validation.", flush=True
        )
    best = scores.index(min(scores))
    mix(model, means[best], means[best], 0)
    return round(scores[best], 4), folders[: best + 1]


def own_texts() -> list[str]:
    """Les livres de Sand réservés à l'apprentissage, dans le corpus préparé."""
    return list(corpus.texts_by_book(corpus.load_dataset()["train"]).values())
