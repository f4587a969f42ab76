"""Figures de la leçon 07 : le remplissage, l'horaire du taux, le panneau d'un entraînement, et ce qu'il a changé."""

import math
import time
from collections.abc import Sequence
from html import escape
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aurore import blocks, changes, finetune, follow, machine
from aurore.show import (
    BLUE,
    GREEN,
    NARROW,
    ORANGE,
    PALETTE,
    RED,
    Plate,
    Table,
    count,
    fold,
    french_number,
    in_a_notebook,
    widget_bundle,
)

LINES = ("-", "--", ":", "-.")  # la couleur n'est jamais seule à distinguer deux courbes


def percent(share: float, digits: int = 1) -> str:
    """Une part, en pour cent."""
    return f"{french_number(100 * share, digits)}{NARROW}%"


# --- Avant d'entraîner ----------------------------------------------------------------------------------


def waste_table(found: Sequence[blocks.Waste]) -> Table:
    """Ce que coûte chaque façon de ranger les phrases."""
    rows = [(one.name, one.positions, percent(one.empty), percent(one.lost)) for one in found]
    return Table("Ranger les mêmes phrases", ("façon", "places calculées", "places vides", "tokens perdus"), rows)


def rates_plate(schedules: dict[str, Sequence[float]]) -> Plate:
    """Le taux pas après pas, une courbe par horaire."""
    figure, axes = _axes(7.2, 3)
    sentences = []
    for (name, rates), color, line in zip(schedules.items(), PALETTE, LINES, strict=False):
        axes.plot(range(1, len(rates) + 1), rates, color=color, linestyle=line, linewidth=2, label=name)
        peak = max(rates)
        spent = sum(rate < peak / 100 for rate in rates[len(rates) // 10 :]) / len(rates)
        sentences.append(
            f"{name}, taux moyen {percent(sum(rates) / len(rates) / peak, 0)} du plus haut, presque nul pendant {percent(spent, 0)} des pas"
        )
    axes.set(xlabel="pas", ylabel="taux d'apprentissage")
    axes.legend(fontsize=9)
    return Plate(figure, f"L'horaire du taux. {' ; '.join(sentences)}.")


def log_table(log: dict[str, float]) -> Table:
    """Le journal publié, et ce qu'il dit sans le dire."""
    found = finetune.decode(log)
    rows = [
        ("lignes apprises", "49,33 s × 0,669 par seconde ÷ 3 époques", found.trained_rows),
        ("lignes jugées", "3,30 s × 3,334 par seconde", found.judged_rows),
        ("pas", "49,33 s × 0,365 par seconde", found.steps),
        ("perplexité annoncée", "e puissance 1,19", french_number(math.exp(log["eval_loss"]), 2)),
    ]
    return Table("Le journal, décodé", ("quoi", "calcul", "résultat"), rows)


def machine_table() -> Table:
    """Ce que cette machine a pour calculer."""
    rows = [(one.name, "oui" if one.found else "non", one.says) for one in machine.accelerators()]
    return Table("Sur quoi l'on calcule", ("quoi", "là", "ce que cela change, ou ce qui manque"), rows)


# --- Le panneau -----------------------------------------------------------------------------------------

_REFRESH = 1.5  # secondes entre deux dessins : dessiner prend du temps à l'entraînement


class Panel:
    """Un entraînement suivi : courbes, temps restant, débit, amorces continuées à chaque mesure, bouton d'arrêt.

    Sans noyau, le même contenu, immobile.
    """

    def __init__(self, run: follow.Run) -> None:
        self.run = run

    def __repr__(self) -> str:
        return "\n".join([follow.sentence(self.run), *self._passages()])

    def _passages(self) -> list[str]:
        found = self.run.progress.passages
        return [
            f"pas {step} : {text}"
            for rank in range(len(self.run.prompts))
            for step, texts in found.items()
            for text in texts[rank : rank + 1]
        ]

    def _repr_html_(self) -> str:
        return f"{self.status()}{self.curves()}{self.writing()}"

    def status(self) -> str:
        """Où l'on en est, en HTML ; les lecteurs d'écran l'annoncent."""
        return f"<p role='status' style='margin:.3em 0'>{escape(follow.sentence(self.run))}</p>"

    def curves(self) -> str:
        """Les courbes, en HTML ; rien tant qu'il n'y a rien à voir."""
        progress = self.run.progress
        if not progress.validation and not progress.train:
            return ""
        return losses_plate(progress.train, progress.validation)._repr_html_()

    def writing(self) -> str:
        """Pour chaque amorce, la dernière suite, et les précédentes à ouvrir."""
        found = sorted(self.run.progress.passages.items())
        if not found:
            return ""
        parts = []
        for rank, prompt in enumerate(self.run.prompts):
            rows = [
                f"<li value='{step}'>{_continued(prompt, texts[rank])}</li>"
                for step, texts in found
                if rank < len(texts)
            ]
            earlier = "".join(
                f"<p style='margin:.2em 0'>Au pas {step} : {_continued(prompt, texts[rank])}</p>"
                for step, texts in reversed(found[:-1])
                if rank < len(texts)
            )
            if rows:
                step, texts = found[-1]
                last = f"<p style='margin:.4em 0 0'>Au pas {step} : {_continued(prompt, texts[rank])}</p>"
                parts.append(last + (fold(f"avant ({count(len(found) - 1, 'mesure')})", earlier) if earlier else ""))
        return f"<section aria-label='Les mêmes amorces, à chaque mesure'>{''.join(parts)}</section>"

    def widget(self) -> Any:
        """Le panneau animé."""
        import ipywidgets

        layout = ipywidgets.Layout(width="100%", display="block")
        status, curves, writing = (
            ipywidgets.HTML(html, layout=layout) for html in (self.status(), self.curves(), self.writing())
        )
        stop = ipywidgets.Button(
            description="Arrêter et garder",
            icon="stop",
            disabled=self._is_over(),
            layout=ipywidgets.Layout(width="14em"),
        )
        stop.on_click(lambda _: self.run.stop())
        drawn = {"at": 0.0, "passages": -1}

        def refresh() -> None:
            status.value, stop.disabled = self.status(), self._is_over() or self.run.stopping
            passages = len(self.run.progress.passages)
            if self._is_over() or passages != drawn["passages"] or time.monotonic() - drawn["at"] > _REFRESH:
                curves.value, writing.value = self.curves(), self.writing()
                drawn.update(at=time.monotonic(), passages=passages)

        self.run.listeners.append(refresh)
        return ipywidgets.VBox([status, stop, curves, writing])

    def _is_over(self) -> bool:
        return self.run.state in (follow.STOPPED, follow.DONE, follow.FAILED)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        text, html = repr(self), self._repr_html_()
        if in_a_notebook():
            return widget_bundle(self.widget(), text, html)
        return {"text/plain": text, "text/html": html}


def _continued(prompt: str, text: str) -> str:
    return f"<strong>{escape(prompt)}</strong>{escape(text[len(prompt) :])}"


def losses_plate(train: Sequence[tuple[int, float]], validation: Sequence[tuple[int, float]]) -> Plate:
    """L'erreur de chaque lot et celle de validation, en nats par token, selon le pas."""
    figure, axes = _axes(7.2, 3)
    said = []
    if train:
        axes.plot(*zip(*train, strict=True), color=BLUE, linewidth=1.5, label="le lot qu'on apprend")
        said.append(f"lot : de {french_number(train[0][1], 3)} à {french_number(train[-1][1], 3)}")
    if validation:
        axes.plot(*zip(*validation, strict=True), color=RED, linestyle="--", marker="D", label="validation")
        best = min(validation, key=lambda point: point[1])
        axes.axvline(best[0], color=GREEN, linestyle=":", label=f"plus basse : pas {best[0]}")
        said.append(
            f"validation : de {french_number(validation[0][1], 3)} à {french_number(validation[-1][1], 3)}, la plus basse au pas {best[0]}"
        )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="pas", ylabel="nats par token")
    axes.legend(fontsize=9)
    return Plate(figure, f"L'erreur, en nats par token. {' ; '.join(said)}.")


# --- Ce qui a changé ------------------------------------------------------------------------------------


def books_table(found: Sequence[changes.BookChange]) -> Table:
    """Les bits par caractère de chaque livre, avant et après."""
    rows = [
        (
            one.title,
            "apprise" if one.learnt_author else "autre",
            french_number(one.before, 3),
            french_number(one.after, 3),
            french_number(one.gain, 3, signed=True),
        )
        for one in found
    ]
    return Table(
        "Bits par caractère, sur des pages que cet entraînement n'a pas lues",
        ("livre", "plume", "avant", "après", "gain"),
        rows,
    )


def books_plate(found: Sequence[changes.BookChange]) -> Plate:
    """Les mêmes, d'un coup d'œil : un trait par livre, d'avant à après."""
    figure, axes = _axes(7.2, 0.9 + 0.42 * len(found))
    for row, one in enumerate(found):
        axes.plot([one.before, one.after], [row, row], color="#999999", linewidth=2, zorder=0)
    rows = range(len(found))
    axes.scatter([one.before for one in found], rows, color=ORANGE, s=45, label="avant")
    axes.scatter([one.after for one in found], rows, color=BLUE, marker="D", s=45, label="après")
    axes.set_yticks(rows, [f"{one.title}{'' if one.learnt_author else ' *'}" for one in found])
    axes.invert_yaxis()
    axes.set(xlabel="bits par caractère (* : une autre plume)")
    axes.legend(fontsize=9)
    said = " ; ".join(
        f"{one.title}, {french_number(one.before, 3)} puis {french_number(one.after, 3)}" for one in found
    )
    return Plate(figure, f"Bits par caractère, avant puis après : {said}.")


def shifts_table(shifts: dict[str, list[changes.Shift]]) -> Table:
    """Les mots et les tournures qui ont le plus changé, et par combien leurs chances sont multipliées."""
    columns = [f"{name}" for name in shifts]
    depth = max(map(len, shifts.values()), default=0)
    rows = [
        (str(rank + 1), *(_shift(found[rank]) if rank < len(found) else "" for found in shifts.values()))
        for rank in range(depth)
    ]
    return Table("Par combien leurs chances sont multipliées", ("", *columns), rows)


def _shift(one: changes.Shift) -> str:
    return f"{one.text} × {french_number(one.ratio, 2)}"


class Passages:
    """Chaque amorce et ses deux suites, côte à côte ; l'une sous l'autre dans une page étroite."""

    def __init__(self, found: Sequence[tuple[str, str, str]]) -> None:
        self.found = found

    def __repr__(self) -> str:
        return "\n".join(f"{prompt}\n  avant :{before}\n  après :{after}" for prompt, before, after in self.found)

    def _repr_html_(self) -> str:
        box = "flex:1 1 18em;border:1px solid rgba(128,128,128,.4);border-radius:4px;padding:.4em .7em"
        rows = "".join(
            "<div style='display:flex;flex-wrap:wrap;gap:.6em;margin:.6em 0'>"
            + "".join(
                f"<div style='{box}'><small>{name}</small><p style='margin:.2em 0'><strong>{escape(prompt)}</strong>{escape(text)}</p></div>"
                for name, text in (("avant", before), ("après", after))
            )
            + "</div>"
            for prompt, before, after in self.found
        )
        return f"<section aria-label='Les mêmes amorces, avant et après'>{rows}</section>"


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: french_number(value))
    return figure, axes
