"""Leçon 09, « Est-ce du Sand ? » : ce que vaut le juge, ce qu'il dit d'un passage, le duel, et l'épreuve à l'aveugle."""

from collections.abc import Mapping, Sequence
from html import escape

from matplotlib.figure import Figure

from aurore import authors
from aurore.authors import BlindTest, Duel, Estimate, Judge
from aurore.settings import AuroreError
from aurore.show import BLUE, GREY, ORANGE, Live, Plate, Table, count, fold, french_number

PERCENT = "\u202f%"


def percent(share: float) -> str:
    """Une part, en pour cent entiers."""
    return french_number(100 * share, 0) + PERCENT


def between(estimate: Estimate) -> str:
    """« 83 % [80 ; 86] » : une part et son intervalle à 95 %."""
    return f"{percent(estimate.value)} [{french_number(100 * estimate.low, 0)}\u202f; {french_number(100 * estimate.high, 0)}]"


# --- Le juge --------------------------------------------------------------------------------------------


def scores_table(judge: Judge) -> Table:
    """Ce que le juge embarqué vaut selon ce qu'on lui laisse lire, à côté d'une réponse toujours la même."""
    scores = _report(judge)["scores"]
    rows = [
        (name, between(Estimate(**found["accuracy"])), between(Estimate(**found["balanced"])))
        for name, found in scores.items()
    ]
    caption = (
        f"{count(judge.report['passages'], 'passage')} de {authors.CHARACTERS} caractères, de {count(judge.report['works'], 'œuvre')} ; "
        "chacun est jugé par un juge qui n'a rien lu de son œuvre. Entre crochets, l'intervalle à 95" + PERCENT + "."
    )
    return Table(caption, ("le juge lit", "auteur exact", "Sand contre le reste (au hasard, 50" + PERCENT + ")"), rows)


def authors_plate(judge: Judge) -> Plate:
    """Un point et son intervalle par auteur : la part de ses passages qui lui sont rendus."""
    report = _report(judge)
    found = sorted(((Estimate(**one), name) for name, one in report["authors"].items()), key=lambda pair: pair[0].value)
    figure = Figure(figsize=(7.2, 0.34 * len(found) + 1.2), layout="constrained")
    axes = figure.add_subplot()
    for rank, (estimate, name) in enumerate(found):
        color = ORANGE if name == authors.SAND else BLUE
        axes.plot([100 * estimate.low, 100 * estimate.high], [rank, rank], color=color, linewidth=3)
        axes.plot(100 * estimate.value, rank, "D" if name == authors.SAND else "o", color=color)
    axes.set_yticks(range(len(found)), [f"{name} ({report['works_of'][name]})" for _, name in found])
    axes.axvline(100 / len(found), color=GREY, linestyle="--")
    axes.text(100 / len(found) + 1, -0.45, "au hasard", color="0.35", fontsize=9)
    axes.set(xlim=(0, 100), xlabel="passages rendus à leur auteur (%) ; entre parenthèses, le nombre d'œuvres")
    axes.spines[["top", "right"]].set_visible(False)
    told = " ; ".join(f"{name}, {between(estimate)}" for estimate, name in reversed(found))
    return Plate(figure, f"Passages rendus à leur auteur, sur des œuvres que le juge n'a pas lues : {told}.")


def _report(judge: Judge) -> dict:
    if not judge.report:
        raise AuroreError(
            "Ce juge n'a pas de compte rendu : il vient d'être appris. Mesurez-le avec « authors.cross_validate »."
        )
    return judge.report


def models_table(judge: Judge) -> Table:
    """Ce que le juge embarqué a dit du modèle, avant et après sa spécialisation, et de combien il a changé d'avis."""
    found = _report(judge)["models"]
    rows = [(name, between(Estimate(**found[name]))) for name in ("aurore-base", "aurore-sand")]
    rows.append(("différence", between(Estimate(**found["difference"]))))
    rows.append(("Sand, livres d'épreuve", between(Estimate(**judge.report["held_out"]["sand"]))))
    caption = (
        f"{count(found['number'], 'passage')} de chaque modèle, aux mêmes amorces ; l'intervalle de la différence vient des "
        "amorces, retirées au sort avec remise. Le juge n'a pas appris les livres d'épreuve."
    )
    return Table(caption, ("qui écrit", "passages dits de Sand"), rows)


def chances_plate(judge: Judge, groups: Mapping[str, Sequence[str]], author: str = authors.SAND) -> Plate:
    """Un point par passage : la chance qu'il soit de cet auteur, groupe par groupe. `groups` : textes par nom."""
    figure = Figure(figsize=(7.2, 0.62 * len(groups) + 1.3), layout="constrained")
    axes = figure.add_subplot()
    told = []
    for rank, (name, texts) in enumerate(reversed(list(groups.items()))):
        chances = judge.chances(texts, author)
        heights = [rank + 0.1 * ((i % 5) - 2) for i in range(len(chances))]  # des points égaux ne se cachent pas
        axes.scatter(100 * chances, heights, color=BLUE, s=22, alpha=0.75)
        axes.plot([100 * chances.mean()] * 2, [rank - 0.38, rank + 0.38], color=ORANGE, linewidth=3)
        yes = int((chances > 0.5).sum())
        told.append(f"{name}, {yes} sur {len(chances)} (chance moyenne {percent(chances.mean())})")
    axes.set_yticks(range(len(groups)), list(groups)[::-1])
    axes.axvline(50, color=GREY, linestyle="--")
    axes.set(
        xlim=(-2, 102),
        ylim=(-0.6, len(groups) - 0.4),
        xlabel=f"chance que ce soit {_of(author)} (%) ; barre : moyenne du groupe",
    )
    axes.spines[["top", "right"]].set_visible(False)
    return Plate(figure, f"Passages que le juge dit {_of(author)} : {' ; '.join(reversed(told))}.")


def _of(author: str) -> str:
    return f"d'{author}" if author[0] in "AEIOUYÉH" else f"de {author}"


def evidence_table(judge: Judge, text: str, author: str = authors.SAND, number: int = 8) -> Table:
    """Les suites de caractères qui pèsent le plus dans la note d'un passage, pour et contre. L'espace s'écrit « · »."""
    rows = [
        (f"« {gram.replace(' ', '·')} »", "pour" if share > 0 else "contre", french_number(share, 3, signed=True))
        for gram, share in judge.evidence(text, author, number)
    ]
    chance = percent(judge.chances([text], author)[0])
    return Table(
        f"Chance que ce passage soit {_of(author)} : {chance}. Ce qui pèse le plus :", ("suite", "", "poids"), rows
    )


def listen(judge: Judge, text: str, author: str = authors.SAND) -> Live:
    """Un passage que l'on tape ou que l'on colle, et ce que le juge en dit aussitôt."""

    def controls() -> dict:
        import ipywidgets

        layout = ipywidgets.Layout(width="100%", height="9em")
        return {"text": ipywidgets.Textarea(description="passage", layout=layout, continuous_update=False)}

    return Live(lambda text: evidence_table(judge, text, author), controls, text=text)


# --- Le duel --------------------------------------------------------------------------------------------


def duel_plate(duel: Duel, text: str) -> Plate:
    """La surprise de chaque rival devant un passage : la plus courte barre gagne."""
    surprises = duel.surprises(text)
    winner = duel.decide(text)
    figure = Figure(figsize=(7.2, 0.45 * len(surprises) + 1.0), layout="constrained")
    axes = figure.add_subplot()
    for rank, (name, bits) in enumerate(reversed(list(surprises.items()))):
        axes.barh(
            rank,
            bits,
            color=ORANGE if name == winner else BLUE,
            hatch="//" if name == winner else "",
            edgecolor="white",
        )
        axes.text(bits, rank, f" {french_number(bits, 3)}", va="center")
    axes.set_yticks(range(len(surprises)), list(surprises)[::-1])
    axes.set(xlim=(0, 1.15 * max(surprises.values())), xlabel="bits par caractère")
    axes.spines[["top", "right"]].set_visible(False)
    told = " ; ".join(f"{name}, {french_number(bits, 3)}" for name, bits in surprises.items())
    return Plate(figure, f"Bits par caractère du passage : {told}. Le moins surpris : {winner}.")


def duel_table(judge: Judge) -> Table:
    """Le tableau de confusion du duel entre quatre auteurs, tel qu'il a été mesuré avec les livres."""
    found = _report(judge)["duel"]
    rows = [(name, *map(percent, row)) for name, row in zip(found["authors"], found["confusion"], strict=True)]
    caption = (
        f"Le duel, sur des œuvres qu'aucun rival n'a lues : {between(Estimate(**found['accuracy']))} de justes, "
        f"au hasard {percent(1 / len(rows))} ; œuvre par œuvre, à la majorité de ses passages, {between(Estimate(**found['works']))}. En ligne, l'auteur vrai ; en colonne, l'auteur dit."
    )
    return Table(caption, ("", *found["authors"]), rows)


# --- L'épreuve à l'aveugle ------------------------------------------------------------------------------

UNANSWERED = "?"


class BlindPage:
    """Les passages d'une épreuve, et la note une fois qu'on y a répondu."""

    def __init__(self, test: BlindTest, answers: Mapping[str, str]) -> None:
        self.test = test
        self.answers = [None if answer == UNANSWERED else answer for answer in answers.values()]

    @property
    def complete(self) -> bool:
        """Vrai quand chaque passage a sa réponse : la correction ne se montre pas avant."""
        return all(self.answers)

    def lines(self) -> list[str]:
        """Chaque passage, avec sa source et la réponse donnée quand tout est répondu."""
        found = []
        for rank, ((text, source), answer) in enumerate(zip(self.test.items, self.answers, strict=True), 1):
            verdict = f" — c'était {source} ; vous avez dit {answer}." if self.complete else ""
            found.append(f"Passage {rank}{verdict}\n« …{text}… »")
        return found

    def result(self) -> str:
        """La note de chaque question, son intervalle, et ce que donnerait le hasard ; avant, ce qu'il reste à faire."""
        if not self.complete:
            left = sum(answer is None for answer in self.answers)
            return f"Il reste {count(left, 'passage')} à juger ; le corrigé vient ensuite."
        told = []
        for question, (right, total, chance) in self.test.scores(self.answers).items():
            luck = authors.luck(right, total, chance)
            told.append(
                f"{question} : {right} sur {total}, soit {between(authors.wilson(right, total))} ; au hasard, {percent(chance)}, "
                f"et {percent(luck)} de chances d'en avoir autant"
            )
        return "Votre note. " + ". ".join(line[0].upper() + line[1:] for line in told) + "."

    def key(self) -> str:
        """Le corrigé, pour qui n'a pas de noyau."""
        return " ; ".join(f"{rank}, {source}" for rank, (_, source) in enumerate(self.test.items, 1)) + "."

    def __repr__(self) -> str:
        return "\n\n".join([*self.lines(), self.result(), f"Le corrigé : {self.key()}"])

    def _repr_html_(self) -> str:
        body = "".join(
            f"<p style='margin:.8em 0;max-width:44em'><strong>{escape(head)}</strong><br>{escape(text)}</p>"
            for head, _, text in (line.partition("\n") for line in self.lines())
        )
        result = f"<p role='status'><strong>{escape(self.result())}</strong></p>"
        return f"<section>{body}{result}{fold('Le corrigé', escape(self.key()))}</section>"


def blind_test(test: BlindTest) -> Live:
    """L'épreuve : une réponse par passage, la note quand tout est répondu. Sans noyau, les passages, et le corrigé replié."""
    names = [f"p{rank}" for rank in range(1, len(test.items) + 1)]

    def controls() -> dict:
        import ipywidgets

        return {
            name: ipywidgets.ToggleButtons(
                options=[UNANSWERED, *test.sources], description=f"Passage {rank}", style={"button_width": "auto"}
            )
            for rank, name in enumerate(names, 1)
        }

    return Live(lambda **answers: BlindPage(test, answers), controls, **dict.fromkeys(names, UNANSWERED))
