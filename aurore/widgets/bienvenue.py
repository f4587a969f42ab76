"""Figures de la leçon 00 : la carte de la route, les images du vote, le verdict du médecin, les notes du QCM."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from aurore import doctor
from aurore.bienvenue import LETTERS, MOODS, Question, choices
from aurore.evaluation import Score
from aurore.lessons import BONUS, ENGINE, LESSONS, ROUTES, WORKSHOP, Lesson
from aurore.show import BLUE, GREEN, ORANGE, RED, SKY, Plate, Table, french_number

# --- La carte de la route -------------------------------------------------------------------------------

# Un rang par route : sa hauteur, la couleur et le trait de ses cases.
_ROWS = {WORKSHOP: (3.0, BLUE, "-"), ENGINE: (1.5, GREEN, "-"), BONUS: (0.0, RED, "--")}


def route_plate(here: int = 0) -> Plate:
    """Les quatorze leçons, une route par rang ; celle qui porte le numéro `here` est encadrée et nommée."""
    figure = Figure(figsize=(7.2, 4.8), layout="constrained")  # tient dans une page de 760 pixels
    axes = figure.add_subplot()
    axes.set(xlim=(-0.5, 5.5), ylim=(-0.5, 3.8))
    axes.axis("off")
    for route, (height, color, line) in _ROWS.items():
        lessons = _on(route)
        axes.text(-0.46, height + 0.62, _route_title(route), fontsize=10, weight="bold", color=color)
        if route != BONUS:  # le bonus n'a pas d'ordre : rien ne relie ses leçons
            axes.plot([0, len(lessons) - 1], [height, height], color=color, linewidth=1.5, zorder=0)
        for lesson in lessons:
            _draw_lesson(axes, lesson, color, line, lesson.number == here)
    return Plate(figure, _route_text(here))


def _on(route: str) -> list[Lesson]:
    return [lesson for lesson in LESSONS if lesson.route == route]


def _route_title(route: str) -> str:
    return ROUTES[route][0] + (", dans l'ordre qu'on veut" if route == BONUS else "")


def _route_text(here: int) -> str:
    rows = ". ".join(f"{_route_title(route)} : {', '.join(lesson.label for lesson in _on(route))}" for route in ROUTES)
    return f"La carte de la route. {rows}. Vous êtes à la leçon {here:02}."


def _place(lesson: Lesson) -> tuple[float, float]:
    return float(_on(lesson.route).index(lesson)), _ROWS[lesson.route][0]


def _draw_lesson(axes: Axes, lesson: Lesson, color: str, line: str, here: bool) -> None:
    x, y = _place(lesson)
    shape = FancyBboxPatch(
        (x - 0.43, y - 0.4),
        0.86,
        0.8,
        boxstyle="round,pad=0.03",
        facecolor="#FFF3D6" if here else "white",
        edgecolor=color,
        linewidth=3.5 if here else 1.3,
        linestyle=line,
    )
    axes.add_patch(shape)
    axes.text(x, y + 0.25, f"{lesson.number:02}", ha="center", va="center", fontsize=9, weight="bold")
    axes.text(x, y + 0.06, lesson.title, ha="center", va="center", fontsize=8, color=color)
    axes.text(x, y - 0.07, _wrapped(lesson.gives), ha="center", va="top", fontsize=7.5)
    if here:
        axes.text(x + 0.44, y + 0.47, "▼ vous êtes ici", ha="right", fontsize=8, style="italic")


def _wrapped(text: str, width: int = 16) -> str:
    """Sur deux lignes si la case ne suffit pas."""
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width + 1)
    return f"{text[:cut]}\n{text[cut + 1 :]}"


# --- Les images du vote ---------------------------------------------------------------------------------


def vote_plate() -> Plate:
    """Quatre paysages, un par humeur ; le texte dit ce que chacun montre."""
    figure = Figure(figsize=(7.2, 2.0), layout="constrained")
    for number, (letter, draw) in enumerate(zip(MOODS, (_pond, _path, _mist, _storm), strict=True), 1):
        axes = figure.add_subplot(1, 4, number)
        axes.set(xlim=(0, 10), ylim=(0, 7), xticks=[], yticks=[], aspect="equal")
        draw(axes)
        axes.set_title(f"{letter} · {MOODS[letter].split(' : ')[0]}", fontsize=8.5)
        axes.set_xlabel(MOODS[letter].split(" : ")[1], fontsize=7.5)
    described = " ; ".join(f"{letter}, {mood}" for letter, mood in MOODS.items())
    return Plate(figure, f"Quatre paysages pour dire votre état d'esprit. {described}.")


def _hill(axes: Axes, color: str, height: float, shift: float = 0.0) -> None:
    x = np.linspace(0, 10, 100)
    axes.fill_between(x, 0, height + 0.6 * np.sin(0.7 * x + shift), color=color, linewidth=0)


def _pond(axes: Axes) -> None:
    axes.set_facecolor("#E8F4FB")
    axes.add_patch(Circle((7.8, 5.6), 0.7, color=ORANGE))
    _hill(axes, "#7FCDB5", 3.2)
    axes.fill_between([0, 10], 0, 2.2, color=SKY, linewidth=0)
    for x, y in ((1.2, 1.6), (4.8, 1.0), (6.9, 1.7), (3.0, 0.5)):
        axes.plot([x, x + 1.6], [y, y], color="white", linewidth=1.5)


def _path(axes: Axes) -> None:
    axes.set_facecolor("#FFF3D6")
    axes.add_patch(Circle((7.0, 4.6), 1.1, color=ORANGE))
    _hill(axes, GREEN, 3.9, shift=4.2)
    axes.add_patch(Polygon([(1.2, 0), (4.2, 0), (5.6, 2.2), (7.2, 3.9), (6.9, 3.9), (4.6, 2.2)], color="#F3E2B8"))


def _mist(axes: Axes) -> None:
    axes.set_facecolor("#E9E9E9")
    _hill(axes, "#C9C9C9", 3.0)
    axes.plot([3, 3], [2.4, 4.6], color="#8A8A8A", linewidth=3)
    axes.add_patch(Circle((3, 5.0), 0.9, color="#B3B3B3"))
    for y in (1.0, 2.2, 3.4, 4.6, 5.6):
        axes.plot([0, 10], [y, y + 0.15], color="white", linewidth=9, alpha=0.65)


def _storm(axes: Axes) -> None:
    axes.set_facecolor("#5B6B7B")
    _hill(axes, "#2F3B46", 2.0, shift=1.0)
    for x, y, radius in ((3.2, 5.4, 1.1), (4.8, 5.9, 1.3), (6.5, 5.4, 1.1)):
        axes.add_patch(Circle((x, y), radius, color="#2B333B"))
    axes.plot([5.2, 4.4, 5.3, 4.5], [4.6, 3.4, 3.3, 1.9], color="#F0E442", linewidth=3)
    for x in (2.2, 3.2, 6.2, 7.2, 8.0):
        axes.plot([x, x - 0.5], [4.0, 2.6], color=SKY, linewidth=1.2)


# --- Le verdict du médecin ------------------------------------------------------------------------------


def verdict_table(findings: list[doctor.Finding]) -> Table:
    """Ce que le médecin a trouvé, ce que l'atelier en fait, et ce qui est à réparer s'il y a lieu."""
    rows = [(f.subject, f.state, f.detail, " ".join(filter(None, (f.choice, f.remedy)))) for f in findings]
    report = doctor.report(findings)
    return Table(report.splitlines()[-1], ("quoi", "état", "trouvé", "choisi, et pourquoi"), rows, report)


# --- Le QCM ---------------------------------------------------------------------------------------------


def marks_table(question: Question, scores: Sequence[Score]) -> Table:
    """Les notes d'une question, réponse par réponse : log-probabilité, longueurs, moyennes."""
    rows = [
        (
            f"({letter}) {option}",
            french_number(-score.nats, 1),
            score.tokens,
            french_number(-score.nats / score.tokens, 2),
            score.characters,
            french_number(-score.nats / score.characters, 2),
        )
        for letter, option, score in zip(LETTERS, question.options, scores, strict=True)
    ]
    caption = f"{question.before} _____{question.after}"
    return Table(caption, ("réponse", "somme", "tokens", "par token", "caractères", "par caractère"), rows)


def choices_table(questions: Sequence[Question], scores: Sequence[Sequence[Score]]) -> Table:
    """Ce que choisit chaque règle à chaque question, si c'est juste, et le compte de chacune."""
    chosen = [choices(marks) for marks in scores]
    rows = [
        (
            question.before.split(" ;")[0] + " …",
            question.options[question.right],
            *(f"{question.options[rank]} ({'juste' if rank == question.right else 'faux'})" for rank in ranks.values()),
        )
        for question, ranks in zip(questions, chosen, strict=True)
    ]
    counts = {
        rule: sum(ranks[rule] == question.right for question, ranks in zip(questions, chosen, strict=True))
        for rule in chosen[0]
    }
    rows.append(("Total", "", *(f"{count} sur {len(questions)}" for count in counts.values())))
    return Table("Le QCM, noté par le modèle", ("phrase", "bonne réponse", *counts), rows)
