"""Figures de la leçon 03 : activations, frontières, courbes d'apprentissage, réglages essayés, lettres qui se suivent."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from torch import Tensor, nn

from aurore import neuron
from aurore.neuron import Example, History, Trial
from aurore.show import BLUE, GREEN, GREY, ORANGE, PALETTE, RED, Live, Plate, count, french_number
from aurore.slider import slider

_HEIGHT, _MUZZLE = "taille au garrot (dm)", "longueur du museau (cm)"
Point = tuple[float, float]  # une taille, une longueur de museau
Try = tuple[float, float, float]  # un taux, une pénalité, l'erreur de validation
_LINES = ("-", "--", ":", "-.")  # la couleur n'est jamais seule à distinguer deux courbes


# --- Les activations ------------------------------------------------------------------------------------


def activations_plate() -> Plate:
    """Le seuil d'un neurone biologique, ReLU et GELU sur les mêmes axes, et leurs valeurs en quatre points."""
    figure, axes = _axes(6.4, 3.2)
    z = np.linspace(-3, 3, 241)
    axes.plot(z, z > 0, color=ORANGE, linestyle=":", linewidth=2, label="seuil : tout ou rien")
    axes.plot(z, [neuron.relu(value) for value in z], color=BLUE, linestyle="--", linewidth=2, label="ReLU")
    axes.plot(z, [neuron.gelu(value) for value in z], color=RED, linewidth=2, label="GELU")
    axes.set(xlabel="somme pondérée z", ylabel="réponse")
    axes.legend()
    points = (-1.0, 0.0, 1.0, 2.0)
    values = {
        name: " ; ".join(french_number(round(activation(z), 4)) for z in points)
        for name, activation in (("ReLU", neuron.relu), ("GELU", neuron.gelu))
    }
    text = " ".join(f"{name} rend {shown}." for name, shown in values.items())
    return Plate(figure, f"Trois activations. Pour une somme de −1, 0, 1 et 2 : {text}")


# --- Chien ou chat ? ------------------------------------------------------------------------------------


def animals_plate(examples: Sequence[Example], w: Sequence[float], b: float) -> Live:
    """Les animaux et la frontière d'un neurone, dont on règle les deux poids et le biais."""

    def controls() -> dict:
        return {
            "taille": slider("w₁ taille", -5.0, 5.0, 0.5),
            "museau": slider("w₂ museau", -5.0, 5.0, 0.5),
            "biais": slider("b biais", -20.0, 20.0, 0.5),
        }

    def draw(taille: float, museau: float, biais: float) -> Plate:
        return _line_plate(examples, (taille, museau), biais)

    return Live(draw, controls, taille=w[0], museau=w[1], biais=b)


def _line_plate(examples: Sequence[Example], w: Sequence[float], b: float) -> Plate:
    figure, axes = _axes(6.4, 3.8)
    _draw_sides(axes, examples, lambda points: [neuron.forward(x, w, b, neuron.identity) for x in points], steps=2)
    _draw_animals(axes, examples)
    says_dog = Patch(facecolor="#FFF3E0", edgecolor="#F3D9B1", hatch="//", label="le neurone dit « chien »")
    axes.legend(handles=[*axes.get_legend_handles_labels()[0], says_dog], loc="upper right", fontsize=9)
    wrong = neuron.mistakes(examples, w, b)
    cats = neuron.mistakes([example for example in examples if not example[1]], w, b)
    formula = f"{french_number(w[0])} × taille + {french_number(w[1])} × museau + {french_number(b)}".replace(
        "+ −", "− "
    )
    axes.set_title(f"z = {formula} : {count(wrong, 'erreur')} sur {len(examples)}", fontsize=11)
    text = (
        f"Le neurone calcule z = {formula} et dit « chien » quand z dépasse 0. {count(wrong, 'erreur')} sur "
        f"{len(examples)} animaux : {cats} fois un chat pris pour un chien, {wrong - cats} fois un chien pris pour un chat."
    )
    return Plate(figure, text)


def boundaries_plate(
    examples: Sequence[Example], models: dict[str, nn.Module], reference: Sequence[Example] | None = None
) -> Plate:
    """La frontière de plusieurs modèles, côte à côte. `reference` : les animaux qui ont servi à standardiser."""
    reference = reference or examples
    figure = Figure(figsize=(2.5 * len(models), 3.1), layout="constrained")
    panels = figure.subplots(1, len(models), sharey=True, squeeze=False)[0]
    part, sentences = neuron.to_part(examples, reference), []
    for axes, (name, model) in zip(panels, models.items(), strict=True):
        wrong = round((1 - neuron.accuracy(model, part)) * len(examples))
        _draw_sides(axes, examples, partial(_answers, model, reference), steps=81)
        _draw_animals(axes, examples)
        axes.set_title(f"{name}\n{count(wrong, 'erreur')} sur {len(examples)}", fontsize=10)
        sentences.append(f"{name}, {count(wrong, 'erreur')}")
    panels[0].set_ylabel(_MUZZLE)
    for axes in panels[1:]:
        axes.set_ylabel("")
    panels[0].legend(fontsize=8.5)
    return Plate(figure, f"Frontières entre chiens et chats, sur {len(examples)} animaux : {' ; '.join(sentences)}.")


def _answers(model: nn.Module, reference: Sequence[Example], points: Sequence[Point]) -> list[float]:
    """La sortie d'un modèle pour chaque animal possible."""
    inputs = torch.tensor(neuron.standardise(points, [x for x, _ in reference]))
    model.eval()
    with torch.no_grad():
        return model(inputs).flatten().tolist()


def _draw_sides(
    axes: Axes, examples: Sequence[Example], answer: Callable[[list[Point]], list[float]], steps: int
) -> None:
    """Le côté « chien » hachuré, et la frontière, là où la réponse vaut 0, sur une grille de `steps` points de côté."""
    heights, muzzles = (
        np.linspace(min(column) - margin, max(column) + margin, steps)
        for column, margin in zip(zip(*(x for x, _ in examples), strict=True), (0.3, 0.8), strict=True)
    )
    points = [(float(height), float(muzzle)) for muzzle in muzzles for height in heights]
    values = np.array(answer(points), dtype=float).reshape(steps, steps)
    if values.max() > 0:
        shades = {"levels": [0, values.max()], "colors": ["#FFF3E0"], "hatches": ["//"]}
        axes.contourf(heights, muzzles, values, **shades).set(edgecolor="#F3D9B1", linewidth=0)
    if values.min() < 0 < values.max():
        axes.contour(heights, muzzles, values, levels=[0], colors="black", linewidths=1.5)


def _draw_animals(axes: Axes, examples: Sequence[Example]) -> None:
    for dog, name, marker, color in ((0.0, "chat", "o", BLUE), (1.0, "chien", "^", RED)):
        heights, muzzles = zip(*(x for x, y in examples if y == dog), strict=True)
        axes.scatter(heights, muzzles, s=26, marker=marker, color=color, edgecolor="white", linewidth=0.5, label=name)
    axes.set(xlabel=_HEIGHT, ylabel=_MUZZLE)
    _in_french(axes)


# --- Les courbes d'apprentissage ------------------------------------------------------------------------


def strategies_plate(curves: dict[str, Sequence[tuple[int, float]]]) -> Plate:
    """L'erreur selon le nombre d'exercices lus, une courbe par stratégie ; `curves` : nom → points de `neuron.follow`."""
    figure, axes = _log_axes("exercices lus", curves)
    sentences = []
    for (name, points), color, line in zip(curves.items(), PALETTE, _LINES, strict=False):
        read, errors = zip(*points, strict=True)
        marker = "o" if len(points) < 10 else None
        axes.plot(
            read, np.maximum(errors, _FLOOR), color=color, linestyle=line, marker=marker, linewidth=1.6, label=name
        )
        sentences.append(
            f"{name} : {count(len(points) - 1, 'correction')}, erreur au plus haut {_rough(max(errors))}, "
            f"à la fin {_rough(errors[-1])}"
        )
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=len(curves), fontsize=9)
    return Plate(figure, f"Erreur sur les 80 exercices à mesure qu'on les lit. {' ; '.join(sentences)}.")


def rates_plate(curves: dict[float, Sequence[tuple[int, float]]], limit: float) -> Plate:
    """L'erreur selon l'époque, une courbe par taux d'apprentissage ; `curves` : taux → points d'une correction par époque."""
    figure, axes = _log_axes("époque", curves)
    sentences = []
    for (rate, points), color, line in zip(curves.items(), PALETTE, _LINES, strict=False):
        errors = [error for _, error in points]
        axes.plot(
            np.maximum(errors, _FLOOR), color=color, linestyle=line, linewidth=2, label=f"taux {french_number(rate)}"
        )
        sentences.append(f"taux {french_number(rate)}, {_rough(errors[-1])}")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=len(curves), fontsize=9)
    text = f"Erreur après {len(points) - 1} époques : {' ; '.join(sentences)}. Limite calculée : {french_number(limit, 2)}."
    return Plate(figure, text)


def history_plate(history: History) -> Plate:
    """L'erreur d'apprentissage et de validation, époque par époque, et l'époque où la seconde fut la plus basse."""
    figure, axes = _axes(6.4, 3.2)
    best = int(np.argmin(history.validation))
    axes.plot(history.training, color=BLUE, linewidth=2, label="apprentissage")
    axes.plot(history.validation, color=RED, linestyle="--", linewidth=2, label="validation")
    axes.axvline(best, color=GREEN, linestyle=":", linewidth=2, label=f"meilleure époque : {best + 1}")
    axes.set(xlabel="époque", ylabel="erreur")
    axes.legend()
    text = (
        f"Sur {len(history.training)} époques, l'erreur d'apprentissage descend de {french_number(history.training[0], 2)} à "
        f"{french_number(history.training[-1], 2)}. Celle de validation descend à {french_number(history.validation[best], 2)} à "
        f"l'époque {best + 1}, puis finit à {french_number(history.validation[-1], 2)}."
    )
    return Plate(figure, text)


def remedies_plate(trials: Sequence[Trial]) -> Plate:
    """L'erreur de chaque essai, sur ce qu'il a appris et au test, et sa part de bonnes réponses au test."""
    figure, axes = _axes(6.8, 0.9 + 0.45 * len(trials))
    rows = range(len(trials))
    for trial, row in zip(trials, rows, strict=True):
        axes.plot([trial.training, trial.test], [row, row], color=GREY, linewidth=1.5, zorder=0)
        share = french_number(100 * trial.right, 0)
        axes.annotate(f"{share} %", (max(trial.training, trial.test), row), xytext=(9, -4), textcoords="offset points")
    axes.scatter([trial.training for trial in trials], rows, color=BLUE, s=45, label="apprentissage")
    axes.scatter([trial.test for trial in trials], rows, color=RED, marker="D", s=45, label="test")
    axes.set_yticks(rows, [trial.name for trial in trials])
    axes.invert_yaxis()
    axes.set(xlabel="erreur ; à droite, bonnes réponses au test")
    axes.margins(x=0.12)
    axes.legend(loc="lower right")
    sentences = [
        f"{trial.name}, {french_number(trial.training, 2)} puis {french_number(trial.test, 2)}, "
        f"{french_number(100 * trial.right, 0)} % de bonnes réponses"
        for trial in trials
    ]
    return Plate(figure, f"Erreur d'apprentissage, puis de test : {' ; '.join(sentences)}.")


_FLOOR = 1e-9  # plus bas, ce ne sont que des erreurs d'arrondi


def _log_axes(label: str, curves: dict) -> tuple[Figure, Axes]:
    """Une échelle logarithmique, qui s'arrête où une courbe s'envole."""
    figure, axes = _axes(6.8, 3.6)
    highest = max(error for points in curves.values() for _, error in points)
    axes.set(xlabel=label, ylabel="erreur au carré", yscale="log", ylim=(_FLOOR, min(highest * 3, 1e7)))
    return figure, axes


def _rough(value: float) -> str:
    """L'ordre de grandeur d'une erreur : l'unité, ou deux chiffres si elle est petite."""
    if value < _FLOOR or value > 1e6:
        return "moins d'un milliardième" if value < _FLOOR else "plus d'un million"
    return french_number(round(value)) if value >= 10 else french_number(value, significant=2)


# --- Chercher les réglages ------------------------------------------------------------------------------


def search_plate(searches: dict[str, Sequence[Try]]) -> Plate:
    """Les réglages essayés, un panneau par recherche ; `searches` : nom → essais."""
    figure = Figure(figsize=(3.6 * len(searches), 3.4), layout="constrained")
    panels = figure.subplots(1, len(searches), sharey=True, squeeze=False)[0]
    sentences = []
    for axes, (name, tries) in zip(panels, searches.items(), strict=True):
        best = min(tries, key=lambda one: one[2])
        for one in tries:
            marker, color = ("*", RED) if one is best else ("o", BLUE)
            axes.scatter(*one[:2], marker=marker, color=color, s=110 if one is best else 40)
            side = 7 if one[1] >= _nearest(one, tries)[1] else -17  # du côté où l'essai le plus proche n'est pas
            axes.annotate(french_number(one[2], 2), one[:2], xytext=(0, side), textcoords="offset points", ha="center")
        axes.set(
            xscale="log", yscale="log", xlabel="taux d'apprentissage", title=f"{name} : {french_number(best[2], 2)}"
        )
        axes.set(xlim=(2e-5, 5), ylim=(3e-6, 4e-1))
        rates = len({rate for rate, _, _ in tries})
        sentences.append(
            f"{name}, {len(tries)} essais, {count(rates, 'taux', 'taux différents')}, meilleure erreur {french_number(best[2], 2)} "
            f"(taux {french_number(best[0], significant=2)}, pénalité {french_number(best[1], significant=2)})"
        )
    panels[0].set_ylabel("pénalité L2")
    return Plate(figure, f"Erreur de validation de chaque essai. {' ; '.join(sentences)}.")


def _nearest(one: Try, tries: Sequence[Try]) -> Try:
    """L'essai dont les réglages sont les plus proches, sur l'échelle logarithmique de la figure."""
    others = [other for other in tries if other is not one] or [one]
    return min(others, key=lambda other: math.dist(*([math.log(value) for value in each[:2]] for each in (one, other))))


# --- Deux lettres de suite ------------------------------------------------------------------------------


def bigrams_plate(alphabet: str, counted: Tensor, learnt: Tensor, letters: str) -> Plate:
    """Deux tableaux de chances côte à côte, celles qu'on a comptées et celles du réseau, pour quelques lettres."""
    ranks = [alphabet.index(letter) for letter in letters]
    shown = ["␣" if letter == " " else letter for letter in letters]
    figure = Figure(figsize=(7.6, 3.9), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (name, table) in zip(panels, {"comptées": counted, "apprises": learnt}.items(), strict=True):
        image = axes.imshow(table[ranks][:, ranks].numpy(), cmap="cividis", vmin=0, vmax=0.6)
        axes.set_xticks(range(len(ranks)), shown)
        axes.set_yticks(range(len(ranks)), shown)
        axes.set(title=name, xlabel="la lettre qui suit")
    panels[0].set_ylabel("une lettre")
    bar = figure.colorbar(image, ax=panels, shrink=0.8, format=lambda value, _: french_number(value))
    bar.set_label("chance")
    gap = (counted - learnt)[ranks][:, ranks].abs().max().item()
    return Plate(
        figure,
        f"Chances de chaque suite de deux lettres, {_favourites(letters, counted[ranks][:, ranks])}. Plus grand écart entre les deux tableaux : {french_number(gap, 3)}.",
    )


def _favourites(letters: str, table: Tensor) -> str:
    """Les suites les plus sûres, en mots."""
    best = sorted(((table[i].max().item(), i) for i in range(len(letters))), reverse=True)[:3]
    names = [
        f"« {letters[i]} » suivi de « {letters[int(table[i].argmax())]} » {french_number(share, 2)}".replace(
            "«   »", "« espace »"
        )
        for share, i in best
    ]
    return "les plus fortes : " + ", ".join(names)


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    _in_french(axes)
    return figure, axes


def _in_french(axes: Axes) -> None:
    """Des nombres à la française sur les deux axes."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: french_number(value))
