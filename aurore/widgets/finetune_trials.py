"""Leçon 07, les essais : toutes leurs courbes sur un dessin, un tableau, et un panneau pour en lancer d'autres."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from matplotlib.figure import Figure
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import follow, trials
from aurore.settings import AuroreError
from aurore.show import GREY, PALETTE, Plate, Table, french_number, in_a_notebook, widget_bundle
from aurore.trials import Curve, Trial
from aurore.widgets.finetune import LINES


def curves_plate(curves: Sequence[Curve], shown: Sequence[str] = ()) -> Plate:
    """L'erreur de validation selon les tokens lus ; les essais nommés dans `shown` en couleur, les autres en gris.

    Sans `shown`, les quatre derniers. Une courbe qui s'envole sort du dessin, et le texte le dit.
    """
    named = list(shown) or [curve.trial.name for curve in curves[-4:]]
    figure = Figure(figsize=(7.2, 3.6), layout="constrained")
    axes = figure.add_subplot()
    start = max((curve.validation[0][1] for curve in curves if not curve.trial.scratch), default=2.0)
    best = min(curve.best for curve in curves)
    for curve in curves:
        if curve.trial.name not in named:
            axes.plot(*zip(*curve.validation, strict=True), color=GREY, linewidth=0.8, alpha=0.6)
    styles = zip([c for c in curves if c.trial.name in named], PALETTE, LINES * 2, strict=False)
    for curve, color, line in styles:
        axes.plot(
            *zip(*curve.validation, strict=True), color=color, linestyle=line, linewidth=2, label=curve.trial.name
        )
    margin = max(0.02, start - best)
    highest = max(bits for curve in curves if curve.trial.name in named for _, bits in curve.validation)
    top = max(start, min(highest, start + 8 * margin)) + 0.2 * margin
    axes.set(xlabel="tokens lus", ylabel="bits par caractère", ylim=(best - 0.2 * margin, top))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: french_number(value))
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
    said = " ; ".join(
        f"{curve.trial.name}, de {french_number(curve.validation[0][1], 3)} à {french_number(curve.validation[-1][1], 3)}"
        for curve in curves
        if curve.trial.name in named
    )
    return Plate(figure, f"Bits par caractère en validation : {said}. En gris, les autres essais.")


def trials_table(curves: Sequence[Curve]) -> Table:
    """Un essai par ligne, du meilleur au moins bon."""
    rows = [
        (
            curve.trial.name,
            trials.changes(curve.trial),
            curve.steps,
            french_number(curve.trained / 1e6, 2),
            french_number(curve.train[-1][1], 3),
            french_number(curve.best, 4),
            french_number(curve.validation[-1][1], 4),
        )
        for curve in sorted(curves, key=lambda curve: curve.validation[-1][1])
    ]
    columns = (
        "essai",
        "ce qui change",
        "pas",
        "millions de poids appris",
        "dernier lot",
        "plus basse",
        "à la fin",
    )
    return Table("Les essais, en bits par caractère", columns, rows)


# Ce que propose le panneau : le nom du réglage, ce qu'on lit, les choix.
_CHOICES = {
    "epochs": ("époques", (1, 2, 3)),
    "batch_size": ("blocs par lot", (2, 4, 8, 16, 32)),
    "learning_rate": ("taux", (4.5e-5, 1.5e-4, 4.5e-4, 1e-3, 4.5e-3)),
    "optimizer": ("optimiseur", trials.OPTIMIZERS),
    "warmup": ("part de montée", (0.0, 0.05, 0.2, 0.5)),
    "schedule": ("horaire", tuple(trials.SCHEDULES)),
    "dropout": ("dropout", (0.0, 0.1, 0.3)),
    "weight_decay": ("décroissance", (0.0, 0.1, 0.3)),
    "patience": ("patience", (0, 1, 2, 3)),
    "frozen": ("blocs gelés", (0, 2, 4, 6)),
    "rank": ("rang d'adaptateur", (0, 2, 8, 32)),
    "accumulation": ("lots accumulés", (1, 2, 4)),
    "precision": ("précision", ("", "bf16", "fp32")),
    "scratch": ("de zéro", (False, True)),
}


def written(value: object) -> str:
    """Une valeur de réglage, telle qu'on la lit dans une liste."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, str):
        return value or "au mieux"
    return french_number(float(value)) if isinstance(value, float) else str(value)


class Bench:
    """Des essais déjà faits, et de quoi en lancer d'autres : un réglage changé, un bouton, une courbe de plus.

    Un essai lancé tourne dans un fil à part ; `wait` l'attend.
    """

    def __init__(
        self,
        start: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        texts: Sequence[str],
        validation: str,
        known: Sequence[Curve] = (),
    ) -> None:
        self._material = (start, tokenizer, texts, validation)
        self.known = list(known)
        self.own: list[Curve] = []
        self.trial, self.said = Trial(), "Choisissez ce qui change, puis lancez."
        self._thread: threading.Thread | None = None

    def run(self, trial: Trial) -> Curve:
        """Fait un essai, ici et maintenant, et garde sa courbe avec les autres."""
        curve = trials.run(trial, *self._material)
        self.own.append(curve)
        return curve

    def wait(self) -> None:
        """Attend l'essai lancé par le bouton, s'il y en a un."""
        if self._thread:
            self._thread.join()

    def still(self) -> Plate:
        """Le dessin : les essais de la personne en couleur s'il y en a."""
        return curves_plate([*self.known, *self.own], [curve.trial.name for curve in self.own[-4:]])

    def __repr__(self) -> str:
        return repr(self.still())

    def _repr_html_(self) -> str:
        own = trials_table(self.own)._repr_html_() if self.own else ""
        return f"{self.still()._repr_html_()}{own}"

    def _launch(self, refresh: Any) -> None:
        if self._thread and self._thread.is_alive():
            return
        changed = trials.changes(self.trial)
        named = replace(self.trial, name=f"le vôtre n° {len(self.own) + 1} ({changed})")
        self.said = f"Essai en cours : {changed}."

        def work() -> None:
            try:
                self.run(named)
                last = self.own[-1]
                self.said = f"Fait en {follow.duration(last.seconds)} : {french_number(last.validation[-1][1], 4)} bit par caractère."
            except AuroreError as error:
                self.said = str(error)
            except Exception as error:  # dans un fil, elle se perdrait sans un mot
                self.said = f"L'essai s'est arrêté : {type(error).__name__}, {error}."
            refresh()

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def widget(self) -> Any:
        """Les listes, le bouton, et le dessin qui suit."""
        import ipywidgets

        wide = ipywidgets.Layout(width="100%", display="block")
        page = ipywidgets.HTML(self._repr_html_(), layout=wide)
        status = ipywidgets.HTML(layout=wide)
        button = ipywidgets.Button(description="Lancer l'essai", icon="play", layout=ipywidgets.Layout(width="14em"))

        def refresh() -> None:
            status.value = f"<p role='status' style='margin:.3em 0'>{escape(self.said)}</p>"
            button.disabled = self.said.startswith("Essai en cours")
            page.value = self._repr_html_()

        def choose(name: str, value: Any) -> None:
            self.trial = replace(self.trial, **{name: value})

        def launch(_: Any) -> None:
            self._launch(refresh)
            refresh()

        lists = []
        for name, (label, values) in _CHOICES.items():
            options = [(written(value), value) for value in values]
            one = ipywidgets.Dropdown(
                options=options,
                value=getattr(self.trial, name),
                description=label,
                style={"description_width": "9em"},
                layout=ipywidgets.Layout(width="17em"),
            )
            one.observe(lambda change, name=name: choose(name, change["new"]), names="value")
            lists.append(one)
        button.on_click(launch)
        refresh()
        form = ipywidgets.Box(lists, layout=ipywidgets.Layout(display="flex", flex_flow="row wrap"))
        return ipywidgets.VBox([form, button, status, page])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        text, html = repr(self), self._repr_html_()
        if in_a_notebook():
            return widget_bundle(self.widget(), text, html)
        return {"text/plain": text, "text/html": html}
