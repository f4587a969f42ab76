"""Figures de la leçon 13 : ce que pèse un modèle, ce qu'il y perd, qui va vite, et comment se remplissent les rangées."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from torch import Tensor, nn

from aurore import deploy
from aurore.show import BLUE, GREEN, GREY, ORANGE, PINK, SKY, Plate, Table, count, french_number

_NUMBERS = FuncFormatter(lambda value, _: french_number(value))


def _mega(size: float) -> str:
    return french_number(size / 1e6, 1)


def weights_table(candidates: Mapping[str, nn.Module]) -> Table:
    """Ce que pèse chaque modèle, mesuré de trois façons, en Mo (10⁶ octets) ; le premier sert de repère."""
    measures = {name: deploy.weigh(model) for name, model in candidates.items()}
    first = next(iter(measures.values()))
    rows = []
    for name, found in measures.items():
        times = [french_number(first[kind] / found[kind], 2) for kind in ("paramètres", "fichier")]
        rows.append((name, *(_mega(found[kind]) for kind in found), *times))
    columns = ("modèle", "4 × paramètres", "état", "fichier", "gain dit", "gain vrai")
    caption = "Pesé de trois façons, en Mo ; gain dit : combien de fois moins de paramètres ; gain vrai : d'octets"
    return Table(caption, columns, rows)


def loss_table(scores: Mapping[str, float]) -> Table:
    """Les bits par caractère de chaque version, et ce qu'elle perd sur la première."""
    first = next(iter(scores.values()))
    rows = [
        (name, french_number(bits, 4), french_number(bits - first, 4, signed=True)) for name, bits in scores.items()
    ]
    return Table("Ce que l'on perd, en bits par caractère", ("version", "bits par caractère", "écart"), rows)


def grid_plate(row: Tensor, bits: Sequence[int] = (8, 4, 2)) -> Plate:
    """Une ligne de poids et sa version en entiers : un point par poids, sur la diagonale s'il n'a pas bougé."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    values = row.detach().float().numpy()
    errors = []
    for rank, (number, color) in enumerate(zip(bits, (BLUE, ORANGE, GREEN), strict=False)):
        step = np.abs(values).max() / (2 ** (number - 1) - 1)
        back = np.round(values / step) * step
        axes = figure.add_subplot(1, len(bits), rank + 1)
        axes.plot(values, values, color=GREY, linewidth=1)
        axes.plot(values, back, ".", color=color, markersize=3)
        axes.set(title=f"{number} bits", xlabel="le poids", ylabel="ce qui en reste" if rank == 0 else "")
        axes.xaxis.set_major_formatter(_NUMBERS)
        axes.yaxis.set_major_formatter(_NUMBERS)
        errors.append(
            f"{number} bits, {french_number(float(np.abs(back - values).mean() / np.abs(values).mean()) * 100, 1)} %"
        )
    return Plate(
        figure,
        f"{count(len(values), 'poids', 'poids')} d'une ligne, avant et après. Écart moyen, rapporté à la taille moyenne d'un poids : {' ; '.join(errors)}.",
    )


def engines_table(measures: Sequence[deploy.Measure]) -> Table:
    """Ce que vaut chaque façon de servir, sur cette machine ; les rapports sont au premier."""
    first, *_ = measures
    rows = [
        (
            one.name,
            _mega(one.size),
            french_number(one.bits_per_character, 3),
            french_number(one.one, 0),
            french_number(one.eight, 0),
            french_number(one.one / first.one, 1),
            french_number(one.eight / first.one, 1),
        )
        for one in measures
    ]
    columns = ("moteur", "Mo", "bits/car.", "1 client, tokens/s", "8 clients", "rapport, 1", "rapport, 8")
    return Table("Ce que chaque moteur économise vraiment, sur cette machine", columns, rows)


def engines_plate(measures: Sequence[deploy.Measure]) -> Plate:
    """Barres : tokens par seconde de chaque moteur, pour un client et pour huit."""
    figure = Figure(figsize=(8, 0.9 + 0.6 * len(measures)), layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(measures))
    for shift, clients, color in ((-0.2, 1, BLUE), (0.2, 8, ORANGE)):
        speeds = [one.one if clients == 1 else one.eight for one in measures]
        bars = axes.barh(places + shift, speeds, height=0.36, color=color, label=count(clients, "client"))
        axes.bar_label(bars, [french_number(speed, 0) for speed in speeds], padding=3)
    axes.set_yticks(places, [f"{one.name}\n{_mega(one.size)} Mo" for one in measures])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("tokens par seconde, ensemble")
    axes.xaxis.set_major_formatter(_NUMBERS)
    axes.legend(fontsize=9)
    said = " ; ".join(f"{one.name}, {french_number(one.one, 0)} et {french_number(one.eight, 0)}" for one in measures)
    return Plate(figure, f"Tokens par seconde, pour un client et pour huit : {said}.")


def batching_plate(lengths: Sequence[int], slots: int) -> Plate:
    """Les mêmes textes écrits par lots fermés, puis par lots continus : une barre par texte, une ligne par rangée."""
    fixed, continuous = deploy.compare_batching(lengths, slots)
    figure = Figure(figsize=(9, 1.2 + 0.5 * slots), layout="constrained")
    ways = (("lots fermés", _closed(lengths, slots), fixed), ("lots continus", _open(lengths, slots), continuous))
    for rank, (name, bars, steps) in enumerate(ways):
        axes = figure.add_subplot(1, 2, rank + 1)
        for text, (row, start) in enumerate(bars):
            color = (BLUE, ORANGE, GREEN, PINK, SKY)[text % 5]
            axes.barh(row, lengths[text], left=start, color=color, edgecolor="white", height=0.8)
            axes.text(start + lengths[text] / 2, row, str(text + 1), ha="center", va="center", fontsize=9)
        axes.axvline(steps, color=GREY, linestyle=":")
        axes.set(
            title=f"{name} : {count(steps, 'pas', 'pas')}",
            xlabel="pas",
            xlim=(0, fixed * 1.03),
            ylim=(slots - 0.5, -0.5),
        )
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_yticks(range(slots), [f"rangée {row + 1}" for row in range(slots)] if rank == 0 else [""] * slots)
    idle = [1 - sum(lengths) / (steps * slots) for steps in (fixed, continuous)]
    told = " et ".join(f"{french_number(100 * share, 0)} %" for share in idle)
    return Plate(
        figure,
        f"{count(len(lengths), 'texte')}, {count(slots, 'rangée')} : {fixed} pas par lots fermés, {continuous} par lots continus. Places perdues : {told}.",
    )


def _closed(lengths: Sequence[int], slots: int) -> list[tuple[int, int]]:
    """La rangée et le départ de chaque texte, par lots fermés."""
    found, start = [], 0
    for first in range(0, len(lengths), slots):
        lot = lengths[first : first + slots]
        found += [(row, start) for row in range(len(lot))]
        start += max(lot)
    return found


def _open(lengths: Sequence[int], slots: int) -> list[tuple[int, int]]:
    """La rangée et le départ de chaque texte, par lots continus."""
    ends, found = [0] * slots, []
    for length in lengths:
        row = ends.index(min(ends))
        found.append((row, ends[row]))
        ends[row] += length
    return found
