"""Spécialiser aurore-base comme dans la salle : gain ou perte, livre par livre, et courbes.

Chaque réglage passe par la commande de l'atelier, `python -m aurore train`, dans un dossier à lui.
"""

import itertools
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import matplotlib.pyplot as plt

from aurore import corpus, evaluation, finetune, models, pipeline, settings
from aurore import tokenizer as bpe
from aurore.show import french_number


@dataclass(frozen=True)
class Setting:
    """Un réglage que l'atelier propose : quels livres, quel profil."""

    name: str
    slides_only: bool
    profile: str


# Le profil « nuit », tous les livres de Sand, est celui d'aurore-sand : `language.py` le mesure.
SETTINGS = (
    Setting("quatre livres des diapositives, profils minute, pause et nuit", True, "minute"),
    Setting("quatre livres des diapositives, profil test", True, "test"),
    Setting("tous les livres, profil test", False, "test"),
    Setting("tous les livres, profil minute", False, "minute"),
    Setting("tous les livres, profil pause", False, "pause"),
)


@dataclass(frozen=True)
class Outcome:
    """Ce que donne un réglage : bits par caractère de chaque livre, nombre de pas, courbe de validation.

    `share` est la part gardée de ce qui a été appris, `averaged` ce que le mélange obtient en validation.
    """

    name: str
    books: dict[str, float]
    steps: int
    curve: list[tuple[int, float]]
    share: float = 1.0
    averaged: float = math.nan


def run(settings_: tuple[Setting, ...] = SETTINGS) -> Iterator[Outcome]:
    """Mesure le modèle de départ, puis chaque réglage, sur les livres de test entiers."""
    dataset = corpus.load_dataset()
    books = corpus.texts_by_book(dataset["test"])
    yield Outcome("aurore-base, avant", _scores(settings.EMBEDDED_MODEL, books), 0, [])
    for setting in settings_:
        yield _specialise(setting, dataset, books)


def _scores(folder: Path, books: dict[str, str]) -> dict[str, float]:
    model, tokenizer = models.load_model(folder)
    return {title: evaluation.score(model, tokenizer, text).bits_per_character for title, text in books.items()}


def _specialise(setting: Setting, dataset, books: dict[str, str]) -> Outcome:
    home = settings.home() / "specialisation" / f"{setting.profile}-{setting.slides_only}"
    chosen = {"AURORE_HOME": str(home), "AURORE_PROFILE": setting.profile, "AURORE_MODEL": str(settings.EMBEDDED_MODEL)}
    with mock.patch.dict(os.environ, chosen):
        _chosen_books(setting, dataset).save_to_disk(str(corpus.dataset_folder()))
        report = pipeline.train()
        return Outcome(
            setting.name,
            _scores(finetune.model_folder(), books),
            report["steps"],
            _in_bits(report["losses"]["validation"], dataset),
            report["share"],
            min(bits for _, bits in _in_bits(report["shares"], dataset)),
        )


def _chosen_books(setting: Setting, dataset):
    import datasets

    catalogue = corpus.load_catalogue()
    slides = {book.title for book in catalogue.values() if book.slides and book.role == "train"}
    parts = {name: dataset[name] for name in ("train", "validation", "test")}
    if setting.slides_only:
        parts["train"] = parts["train"].filter(lambda title: title in slides, input_columns="book")
    return datasets.DatasetDict(parts)


def _in_bits(losses: list[tuple[float, float]], dataset) -> list[tuple[float, float]]:
    """Des nats par token aux bits par caractère."""
    _, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    text = "".join(pipeline.validation_openings(dataset))
    scale = math.log(2) * bpe.characters_per_token(tokenizer, text)
    return [(place, nats / scale) for place, nats in losses]


def draw(outcomes: list[Outcome], path: Path) -> None:
    """Trace les courbes de validation, en écart au modèle de départ, dans un fichier SVG."""
    with plt.rc_context({"svg.hashsalt": "aurore", "axes.spines.top": False, "axes.spines.right": False}):
        markers = itertools.cycle("os^Dv")  # les courbes se distinguent sans les couleurs
        figure, axes = plt.subplots(figsize=(7.5, 4), layout="constrained")
        for found in outcomes:
            steps, bits = zip(*found.curve, strict=True)
            share = [100 * step / found.steps for step in steps]
            (line,) = axes.plot(share, [value - bits[0] for value in bits], marker=next(markers), label=found.name)
            axes.plot(104, found.averaged - bits[0], marker="*", markersize=12, color=line.get_color())
        axes.axhline(0, color="0.6", linewidth=1)
        axes.set(
            xlabel="part de l'entraînement (%) ; étoiles : après mélange", ylabel="écart au départ (bits par caractère)"
        )
        axes.yaxis.set_major_formatter(lambda value, _: french_number(value, 3, signed=True))
        axes.set_title("Spécialiser aurore-base : livres de validation", loc="left")
        axes.legend(frameon=False, fontsize="small")
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)
