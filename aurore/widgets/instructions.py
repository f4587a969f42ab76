"""Leçon 10, les figures : ce qu'un exemple apprend, avant et après, la chasse, et les mesures gardées."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from transformers import PreTrainedTokenizerBase, TrainerCallback

from aurore import hunts, instructions, measures
from aurore.instructions import IGNORED, Share, Verdict
from aurore.show import PALETTE, Plate, Table, count, french_number, in_a_notebook, widget_bundle

# --- Un exemple -----------------------------------------------------------------------------------------


def labels_table(example: Mapping[str, Sequence[int]], tokenizer: PreTrainedTokenizerBase) -> Table:
    """Un exemple, place par place : ce que le modèle lit, et ce que la perte compte."""
    rows = [
        (place, _shown(tokenizer, token), token, label, "non" if label == IGNORED else "oui")
        for place, (token, label) in enumerate(zip(example["input_ids"], example["labels"], strict=True))
    ]
    return Table("Un exemple", ("place", "token", "input_ids", "labels", "appris"), rows)


def _shown(tokenizer: PreTrainedTokenizerBase, token: int) -> str:
    return tokenizer.decode([token]).replace("\n", "↵").replace(" ", "·")


# --- L'entraînement -------------------------------------------------------------------------------------


class Bar(TrainerCallback):
    """Une barre, tant qu'un entraînement dure : le pas, la perte, le temps qu'il reste. Hors d'un carnet, rien."""

    def on_train_begin(self, args, state, control, **_) -> None:
        """Montre la barre."""
        self._bar = None
        if not in_a_notebook():
            return
        import ipywidgets
        from IPython.display import display

        self._start = time.perf_counter()
        self._bar = ipywidgets.IntProgress(max=state.max_steps)
        self._words = ipywidgets.Label("Le premier pas est le plus long.")
        display(widget_bundle(ipywidgets.HBox([self._bar, self._words]), "L'entraînement avance."), raw=True)

    def on_log(self, args, state, control, logs=None, **_) -> None:
        """Avance d'un pas."""
        if self._bar is None or "loss" not in (logs or {}):
            return
        left = (time.perf_counter() - self._start) / state.global_step * (state.max_steps - state.global_step)
        self._bar.value = state.global_step
        self._words.value = (
            f"pas {state.global_step} sur {state.max_steps}, perte {french_number(float(logs['loss']), 2)}, "
            f"encore {count(round(left), 'seconde')}"
        )


def loss_plate(report: dict) -> Plate:
    """La perte de chaque pas, sur les seules réponses, d'après le compte rendu d'un entraînement ; puis ce qu'il a coûté, si c'était prévu."""
    losses, cost = report["losses"], report["cost"]
    figure = Figure(figsize=(7.2, 2.6), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(*zip(*losses, strict=True), color=PALETTE[0], linewidth=1.5)
    axes.set(xlabel="pas", ylabel="nats par token appris", ylim=(0, None))
    axes.yaxis.set_major_formatter(lambda value, _: french_number(value))
    first, last = losses[0][1], losses[-1][1]
    return Plate(
        figure,
        f"La perte sur les réponses passe de {french_number(first, 2)} à {french_number(last, 2)} en {count(len(losses), 'pas', 'pas')}."
        + (f" {cost}" if cost.expected else ""),
    )


# --- Avant, après ---------------------------------------------------------------------------------------


def scores_plate(groups: Mapping[str, Sequence[Verdict]]) -> Plate:
    """Pour chaque groupe de réponses, la part qui contient ce qu'il faut et la part exacte, avec leur intervalle."""
    measured = (("contient", lambda verdict: verdict.contained), ("exacte", lambda verdict: verdict.exact))
    figure = Figure(figsize=(7.2, 0.8 + 0.6 * len(groups)), layout="constrained")
    axes = figure.add_subplot()
    said = []
    for rank, (name, verdicts) in enumerate(groups.items()):
        parts = []
        for shift, (label, right) in enumerate(measured):
            found = instructions.share([right(verdict) for verdict in verdicts])
            low, high = found.interval
            place = -rank - 0.3 * shift
            axes.plot([100 * low, 100 * high], [place, place], color=PALETTE[shift], linewidth=2)
            marker = "os"[shift]
            axes.plot(100 * found.value, place, marker, color=PALETTE[shift], label=label if not rank else None)
            parts.append(f"{label} {found}")
        said.append(f"{name} : {', '.join(parts)}")
    axes.set(xlim=(-2, 102), ylim=(0.5 - len(groups) - 0.3, 0.35), xlabel="% des questions, et intervalle à 95 %")
    axes.set_yticks([-rank - 0.15 for rank in range(len(groups))], list(groups))
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    total = len(next(iter(groups.values())))
    return Plate(figure, f"Sur {count(total, 'question')} tenues à l'écart. " + " ; ".join(said) + ".")


def answers_table(before: Sequence[Verdict], after: Sequence[Verdict], number: int = 6) -> Table:
    """Les mêmes questions, avant et après : les premières, non les meilleures."""
    rows = [
        (one.row.instruction, one.found[:90], other.found[:90], "oui" if other.contained else "non")
        for one, other in list(zip(before, after, strict=True))[:number]
    ]
    return Table("Les premières réponses", ("question", "avant", "après", "juste"), rows)


# --- La chasse ------------------------------------------------------------------------------------------


def scripts_table() -> Table:
    """Les dix-sept scripts, ceux que rien ne distingue sur une même ligne."""
    rows = [
        (
            ", ".join(script.name for script in group),
            group[0].model.split("/")[-1],
            repr(group[0].ending).strip("'"),
            "oui" if group[0].pads else "non",
            f"{group[0].learning_rate:.0e}".replace("e-0", "e-"),
            group[0].epochs,
            ", ".join(filter(None, (script.said for script in group))) or "le premier",
        )
        for group in hunts.twins()
    ]
    columns = ("scripts", "modèle", "après la réponse", "pad", "taux", "époques", "annoncé comme")
    return Table("Dix-sept scripts, neuf réglages", columns, rows)


def probes_table(tokenizer: PreTrainedTokenizerBase) -> Table:
    """Les fautes qui se voient dès qu'on essaie, essayées à l'instant."""
    rows = [(probe.rows, probe.fault, probe.outcome(tokenizer), probe.right) for probe in hunts.PROBES]
    return Table("Essayées à l'instant", ("où", "ce qui est écrit", "ce qui arrive", "ce qu'il faut"), rows)


def hunt_plate(findings: Sequence[hunts.Finding]) -> Plate:
    """La perte annoncée à côté de la perte sur les vraies réponses, façon par façon."""
    figure = Figure(figsize=(7.2, 1.0 + 0.5 * len(findings)), layout="constrained")
    axes = figure.add_subplot()
    for rank, finding in enumerate(findings):
        for shift, (label, value) in enumerate(
            (("annoncée", finding.reported_loss), ("sur les réponses", finding.answer_loss))
        ):
            axes.barh(-rank - 0.36 * shift, value, height=0.32, color=PALETTE[shift], label=None if rank else label)
            axes.annotate(
                french_number(value, 2), (value, -rank - 0.36 * shift), (4, 0), textcoords="offset points", va="center", fontsize=9
            )  # fmt: skip
    axes.set(xlabel="nats par token")
    axes.margins(x=0.12)
    axes.set_yticks([-rank - 0.18 for rank in range(len(findings))], [finding.scheme for finding in findings])
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    said = " ; ".join(
        f"{finding.scheme} : perte annoncée {french_number(finding.reported_loss, 2)}, perte sur les réponses "
        f"{french_number(finding.answer_loss, 2)}, {finding.questions_back} réponses sur {finding.rows} sont des questions, "
        f"{finding.exact} exactes, {finding.stopped} s'arrêtent"
        for finding in findings
    )
    return Plate(figure, said + ".")


# --- Les mesures gardées --------------------------------------------------------------------------------

CAPTIONS = {
    "ensemble": "Le modèle embarqué, questions tenues à l'écart",
    "gabarit": "Avec et sans gabarit",
    "json": "Des phrases, du JSON, et la consigne qui le demande",
    "fait": "Deux modèles, cinq faits de différence",
    "chasse": "Chaque faute à côté du juste",
    "conseils": "Les conseils des quatre listes, suivis",
    "reglages": "Les réglages du projet sur Alpaca",
}


def recorded_table(name: str) -> Table:
    """Une mesure gardée, ses parts avec leur intervalle à 95 %, ou leur seul compte quand elles portent sur onze lignes."""
    lines = measures.load(name)
    columns = list(dict.fromkeys(key for line in lines for key in line.values))
    rows = [(line.name, *(_written(line.values.get(key)) for key in columns)) for line in lines]
    return Table(CAPTIONS[name], ("", *columns), rows)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"{value[0]} sur {value[1]}" if value[1] < 20 else str(Share(*value))
    if isinstance(value, float):
        return french_number(value, 2)
    return "" if value is None else str(value)
