"""Figures de la leçon 09 : trois versions d'un paragraphe, deux ordres de mots, la démarche scientifique, la diversité, et
« Est-ce qu'il recopie ? »."""

from collections.abc import Mapping, Sequence
from html import escape
from statistics import median
from typing import Any

from matplotlib.figure import Figure

from aurore import evaluation
from aurore.evaluation import BookIndex, Comparison, CopyReport, Diversity, Span, Trial
from aurore.settings import AuroreError
from aurore.show import BLUE, GREEN, GREY, ORANGE, PINK, RED, Live, Plate, Table, count, french_number
from aurore.slider import slider

# --- La distance entre deux textes ----------------------------------------------------------------------


def versions_table(found: Mapping[str, Comparison]) -> Table:
    """Chaque version et ses cinq mesures ; la dernière ligne dit lesquelles les rangent dans l'ordre donné."""
    columns = {
        "CER": (3, [one.cer for one in found.values()]),
        "WER": (3, [one.wer for one in found.values()]),
        "BLEU": (0, [-one.bleu for one in found.values()]),  # plus il est haut, meilleur il est
        "ROUGE-L": (2, [-one.rouge_l for one in found.values()]),
        "bits/car.": (2, [one.bits_per_character for one in found.values()]),
    }
    rows = [
        (name, *(french_number(abs(values[rank]), digits) for digits, values in columns.values()))
        for rank, name in enumerate(found)
    ]
    verdicts = ("oui" if values == sorted(values) else "non" for _, values in columns.values())
    return Table("Mesurer l'erreur", ("version", *columns), [*rows, ("bien rangées ?", *verdicts)])


def words_table(found: Mapping[str, tuple[float, float]], right: str = evaluation.TRUE_WORD) -> Table:
    """Chaque mot, sa ressemblance au mot juste et sa surprise, avec le rang que chacune lui donne."""
    by_vector = sorted(found, key=lambda word: -found[word][0])
    by_surprise = sorted(found, key=lambda word: found[word][1])
    rows = [
        (word, french_number(cosine, 2), by_vector.index(word) + 1, french_number(nats, 2), by_surprise.index(word) + 1)
        for word, (cosine, nats) in found.items()
    ]
    caption = f"« {evaluation.OPENING} … », vraie suite : « {right} »"
    return Table(caption, ("mot", f"cosinus avec « {right} »", "rang", "−ln p", "rang"), rows)


# --- La démarche scientifique ---------------------------------------------------------------------------

_TEXTS = ("livre appris", "livre à l'écart", "autre auteur")
_COLORS = (BLUE, ORANGE, GREEN, PINK, RED)
_MARKS = "osD^v"


def trials_plate(trials: Sequence[Trial]) -> Plate:
    """Les bits par caractère de chaque essai sur les trois textes : une couleur par répartition, une forme par graine."""
    splits = list(dict.fromkeys(trial.held_out for trial in trials))
    seeds = list(dict.fromkeys(trial.seed for trial in trials))
    figure = Figure(figsize=(7.0, 3.4), layout="constrained")
    axes = figure.add_subplot()
    for rank, trial in enumerate(trials):
        shift = 0.5 * (rank / max(1, len(trials) - 1) - 0.5)  # côte à côte : deux points égaux se verraient mal
        axes.plot(
            [place + shift for place in range(3)],
            trial.bits,
            linestyle="",
            markersize=8,
            color=_COLORS[splits.index(trial.held_out) % len(_COLORS)],
            marker=_MARKS[seeds.index(trial.seed) % len(_MARKS)],
            label=f"« {trial.held_out} » à l'écart, graine {trial.seed}",
        )
    axes.set_xticks(range(3), _TEXTS)
    axes.set(ylabel="bits par caractère", xlim=(-0.5, 2.5))
    axes.yaxis.set_major_formatter(lambda value, _: french_number(value, 2))
    axes.grid(axis="y", color=GREY, alpha=0.3)
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(0, -0.12), frameon=False)
    return Plate(figure, _trials_text(trials))


def _trials_text(trials: Sequence[Trial]) -> str:
    lines = (
        f"« {trial.held_out} » à l'écart, graine {trial.seed} : "
        + ", ".join(f"{name} {french_number(bits, 2)}" for name, bits in zip(_TEXTS, trial.bits, strict=True))
        for trial in trials
    )
    return f"Bits par caractère d'un réseau de poche, essai par essai. {' ; '.join(lines)}."


def models_table(scores: Mapping[str, Sequence[evaluation.Score]]) -> Table:
    """Les bits par caractère de chaque modèle sur les trois textes."""
    rows = [(name, *(french_number(one.bits_per_character, 2) for one in found)) for name, found in scores.items()]
    return Table("Bits par caractère", ("modèle", *_TEXTS), rows)


# --- La diversité ---------------------------------------------------------------------------------------


def diversity_table(found: Mapping[str, Diversity]) -> Table:
    """Qui écrit varié : mots et couples différents dans tous les passages, et redites dans chacun."""
    rows = [
        (name, *(_percent(value) for value in (one.distinct_1, one.distinct_2, one.repetition)))
        for name, one in found.items()
    ]
    return Table("Diversité", ("qui écrit", "distinct-1", "distinct-2", "redites"), rows)


def _percent(share: float, digits: int = 0) -> str:
    return f"{french_number(100 * share, digits)}\u202f%"


# --- Est-ce qu'il recopie ? -----------------------------------------------------------------------------

LISTED = 6  # morceaux donnés avec leur livre
_SHADES = ((30, 0.25), (50, 0.45))  # en dessous de tant de caractères, telle force de couleur


class CopyView:
    """Un passage où ce qui se lit tel quel dans les livres est surligné et numéroté, avec le livre et l'endroit."""

    def __init__(self, report: CopyReport, shortest: int) -> None:
        self.report, self.shortest = report, shortest
        self.numbers = {span: number for number, span in enumerate(report.spans[:LISTED], 1)}

    @property
    def verdict(self) -> str:
        """Les deux mesures, en une phrase."""
        unseen = f"{_percent(self.report.unseen)} des suites de quatre mots ne sont dans aucun de ces livres."
        if not self.report.spans:
            return f"Aucun morceau de {self.shortest} caractères ou plus ne se lit tel quel dans les livres ; {unseen}"
        return f"Plus long morceau recopié : {count(self.report.longest, 'caractère')} ; {unseen}"

    def table(self) -> Table:
        """Les plus longs morceaux, avec leur place."""
        rows = [
            (number, span.end - span.start, f"« {span.text.strip()} »", span.place)
            for span, number in self.numbers.items()
        ]
        more = len(self.report.spans) - len(self.numbers)
        caption = f"Les plus longs morceaux{f', et {more} de plus' if more > 0 else ''}"
        return Table(caption, ("n°", "caractères", "recopié", "où"), rows)

    def __repr__(self) -> str:
        return "\n".join([self.report.passage, self.verdict, *([repr(self.table())] if self.numbers else [])])

    def _repr_html_(self) -> str:
        found = self.table()._repr_html_() if self.numbers else ""
        around = "".join(f"<li value='{number}'>… {_highlighted(span)} …</li>" for span, number in self.numbers.items())
        context = f"<details><summary>Ce qui les entoure, dans les livres</summary><ol>{around}</ol></details>"
        return (
            "<section aria-label='Est-ce qu&#39;il recopie ?'>"
            f"<p style='line-height:1.9;white-space:pre-line'>{self._marked()}</p>"
            f"<p><strong>{escape(self.verdict)}</strong></p>{found}{context if around else ''}</section>"
        )

    def _marked(self) -> str:
        """Le passage, chaque caractère à la couleur du plus long morceau qui le couvre."""
        owners: list[Span | None] = [None] * len(self.report.passage)
        for span in reversed(self.report.spans):  # les plus longs en dernier : ce sont eux qui restent
            owners[span.start : span.end] = [span] * (span.end - span.start)
        pieces, start = [], 0
        for end in range(1, len(owners) + 1):
            if end == len(owners) or owners[end] is not owners[start]:
                pieces.append(self._piece(self.report.passage[start:end], owners[start]))
                start = end
        return "".join(pieces)

    def _piece(self, text: str, span: Span | None) -> str:
        if span is None:
            return escape(text)
        length = span.end - span.start
        force = next((force for limit, force in _SHADES if length < limit), 0.7)
        number = f"<sup>{self.numbers[span]}</sup>" if span in self.numbers else ""
        title = escape(f"{length} caractères : {span.place}", quote=True)
        style = f"background:rgba(230,159,0,{force});color:inherit;border-bottom:2px solid #E69F00"
        return f"<mark style='{style}' title='{title}'>{escape(text)}</mark>{number}"


def _highlighted(span: Span) -> str:
    """Le morceau en gras, là où il est dans le livre ; la fin de ligne du passage y est une espace."""
    text = " ".join(span.text.split())
    before, found, after = span.around.partition(text)
    return f"{escape(before)}<strong>{escape(found)}</strong>{escape(after)}"


def copy_panel(passages: Mapping[str, str], index: BookIndex) -> Live:
    """Un passage au choix, ou un texte collé, cherché dans les livres à mesure qu'on le change."""
    if not passages:
        raise AuroreError("Il n'y a aucun passage à montrer. Donnez-en au moins un, avec son nom.")

    def draw(passage: str, texte: str, longueur: int) -> CopyView:
        chosen = texte.strip() or passages[passage]
        return CopyView(evaluation.check_copy(chosen, index, longueur), longueur)

    def controls() -> dict[str, Any]:
        from ipywidgets import Dropdown, Layout, Textarea

        wide, style = Layout(width="98%"), {"description_width": "120px"}
        return {
            "passage": Dropdown(options=list(passages), description="Passage", layout=wide, style=style),
            "texte": Textarea(
                description="ou votre texte",
                placeholder="Collez un texte : il remplace le passage.",
                layout=Layout(width="98%", height="4.5em"),
                style=style,
            ),
            "longueur": slider("Longueur (car.)", 10, 80, layout=wide),
        }

    return Live(draw, controls, passage=next(iter(passages)), texte="", longueur=evaluation.SHORTEST)


def copies_plate(sources: Mapping[str, Sequence[CopyReport]]) -> Plate:
    """Le plus long morceau recopié de chaque passage, source par source : un point par passage, un trait à la médiane."""
    figure = Figure(figsize=(7.0, 0.9 + 0.6 * len(sources)), layout="constrained")
    axes = figure.add_subplot()
    for height, (color, reports) in enumerate(zip(_COLORS, reversed(list(sources.values())), strict=False)):
        lengths = [report.longest for report in reports]
        axes.plot(lengths, [height] * len(lengths), "o", color=color, markersize=8, alpha=0.6)
        axes.plot([median(lengths)] * 2, [height - 0.3, height + 0.3], color="black", linewidth=2)
    axes.set_yticks(range(len(sources)), list(sources)[::-1])
    axes.set(xlabel="caractères du plus long morceau recopié", ylim=(-0.6, len(sources) - 0.4))
    axes.set_xlim(left=0)
    axes.grid(axis="x", color=GREY, alpha=0.3)
    lines = (
        f"{name}, {count(len(reports), 'passage')} : médiane {french_number(median(r.longest for r in reports))} caractères, "
        f"au plus {french_number(max(r.longest for r in reports))}, "
        f"{_percent(sum(r.unseen for r in reports) / len(reports))} de suites de quatre mots jamais vues"
        for name, reports in sources.items()
    )
    return Plate(figure, f"Ce que chacun reprend aux livres d'entraînement. {' ; '.join(lines)}.")
