"""Figures de la leçon 12 : « Sand ou pas Sand ? », les mots qu'un encodeur devine, les entités d'une phrase, une réponse dans son
texte, et les tableaux de chaque tâche."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from matplotlib.figure import Figure

from aurore import classify, entities, reading, tasks
from aurore.show import BLUE, GREY, ORANGE, Live, Plate, Table, french_number

# --- Classer --------------------------------------------------------------------------------------------


def _percent(share: float) -> str:
    return f"{french_number(100 * share, 0)}\u202f%"


SHOWN = 60  # caractères d'un texte dans un tableau : la page la plus étroite les montre


def sand_panel(text: str) -> Live:
    """« Sand ou pas Sand ? » : un texte que l'on change, et ce qu'en dit le classifieur de la page web."""

    def draw(texte: str) -> Table:
        label, chance = tasks.sand_classifier().predict(texte)
        whole = " ".join(texte.split())
        shown = whole if len(whole) <= SHOWN else f"{whole[:SHOWN]}…"
        return Table("Sand ou pas Sand ?", ("texte", "classe", "probabilité"), [(shown, label, _percent(chance))])

    def controls() -> dict[str, Any]:
        from ipywidgets import Layout, Textarea

        layout = Layout(width="98%", height="6em")
        return {"texte": Textarea(description="texte", layout=layout, continuous_update=False)}

    return Live(draw, controls, texte=text)


def untrained_table(found: classify.Untrained, texts: int) -> Table:
    """Ce que disent des têtes tirées au sort."""
    rows = [
        (f"la même classe pour les {texts} phrases", _percent(found.unanimous)),
        ("réponses « classe 1 »", _percent(found.ones)),
        ("confiance moyenne", _percent(found.confidence)),
    ]
    return Table("Deux cents têtes qui n'ont rien appris", ("ce qu'on mesure", "valeur"), rows)


def shares_table(caption: str, rows: Mapping[str, float | Sequence[float]], columns: Sequence[str]) -> Table:
    """Des parts, une ou plusieurs par ligne, en pour cent."""
    written = [
        (name, *(_percent(share) for share in (values if isinstance(values, Sequence) else [values])))
        for name, values in rows.items()
    ]
    return Table(caption, tuple(columns), written)


# --- Deviner --------------------------------------------------------------------------------------------


def guesses_plate(text: str, guesses: Mapping[str, Sequence[tuple[str, float]]]) -> Plate:
    """Les mots que chaque lecteur propose à la place de [MASK], et leur probabilité."""
    figure = Figure(figsize=(7.0, 2.8), layout="constrained")
    parts = figure.subplots(1, len(guesses), sharex=True, squeeze=False)[0]
    for axes, (name, found), color in zip(parts, guesses.items(), (BLUE, ORANGE), strict=False):
        words, chances = zip(*reversed(found), strict=True)
        axes.barh(range(len(words)), [100 * chance for chance in chances], color=color)
        axes.set_yticks(range(len(words)), words)
        axes.set_title(name, fontsize=11)
        axes.set_xlabel("probabilité (%)")
        axes.grid(axis="x", color=GREY, alpha=0.3)
    lines = (
        f"{name} : " + ", ".join(f"{word} {_percent(chance)}" for word, chance in found)
        for name, found in guesses.items()
    )
    return Plate(figure, f"« {text} ». {' ; '.join(lines)}.")


# --- Marquer --------------------------------------------------------------------------------------------

_MARKS = {"PER": ("personne", "#56B4E9"), "LIEU": ("lieu", "#E69F00")}


class TaggedView:
    """Des phrases où les entités sont soulignées, chacune avec sa sorte écrite."""

    def __init__(self, rows: Sequence[tuple[Sequence[str], Sequence[str]]]) -> None:
        self.rows = rows

    def _pieces(self, words: Sequence[str], tags: Sequence[str]) -> list[tuple[str, str]]:
        found = {first: (last, kind) for first, last, kind in entities.entities_of(tags)}
        pieces, place = [], 0
        while place < len(words):
            last, kind = found.get(place, (place, ""))
            pieces.append((" ".join(words[place : last + 1]), kind))
            place = last + 1
        return pieces

    def __repr__(self) -> str:
        return "\n".join(
            " ".join(f"[{text}, {_MARKS[kind][0]}]" if kind else text for text, kind in self._pieces(*row))
            for row in self.rows
        )

    def _repr_html_(self) -> str:
        lines = []
        for row in self.rows:
            pieces = [
                f"<mark style='background:none;color:inherit;border-bottom:3px solid {_MARKS[kind][1]}'>{escape(text)}"
                f"</mark> <small>({_MARKS[kind][0]})</small>"
                if kind
                else escape(text)
                for text, kind in self._pieces(*row)
            ]
            lines.append(f"<li>{' '.join(pieces)}</li>")
        return f"<section aria-label='Entités'><ul style='line-height:1.9'>{''.join(lines)}</ul></section>"


# --- Répondre -------------------------------------------------------------------------------------------


def span_plate(reader: reading.Reader, question: str, context: str) -> Plate:
    """Les notes de début et de fin de chaque mot du texte, et la réponse retenue."""
    words, start, end = reader.notes(question, context)
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(words))
    axes.bar([place - 0.2 for place in places], start, 0.4, color=BLUE, label="début")
    axes.bar([place + 0.2 for place in places], end, 0.4, color=ORANGE, label="fin")
    axes.set_xticks(places, words, rotation=60, ha="right", fontsize=9)
    axes.set_ylabel("note")
    axes.yaxis.set_major_formatter(lambda value, _: french_number(value, 1))
    axes.legend(frameon=False)
    answer = reader.answer(question, context)
    best = [words[max(places, key=notes.__getitem__)] for notes in (start, end)]
    text = f"« {question} » Meilleur début : « {best[0]} » ; meilleure fin : « {best[1]} » ; réponse retenue : « {answer} »."
    return Plate(figure, text)


# --- Traduire -------------------------------------------------------------------------------------------


def translations_table(rows: Sequence[tuple[str, str, str]]) -> Table:
    """Des phrases : l'anglais, le mot à mot, la traduction du modèle."""
    return Table("Traduire", ("anglais", "mot à mot", "modèle"), list(rows))


def gone_table() -> Table:
    """Ce que les documents écrivent, et ce qui fait ce travail aujourd'hui."""
    return Table(
        "Ce qui n'existe plus, et ce qui le remplace", ("les documents", "aujourd'hui"), list(tasks.GONE.items())
    )


def hub_table(where: Mapping[str, str]) -> Table:
    """Le modèle français de chaque tâche, et où il est."""
    rows = [(task, name, where[task]) for task, (name, _) in tasks.HUB.items()]
    return Table("Les modèles français du Hub", ("tâche", "modèle", "où"), rows)
