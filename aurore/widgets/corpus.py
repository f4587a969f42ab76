"""Figures de la leçon 01 : ce que laisse chaque règle de coupe, et la longueur des phrases."""

import re
import statistics

from matplotlib.figure import Figure

from aurore import corpus, language
from aurore.corpus import CleanBook, SentenceSplitter
from aurore.show import PALETTE, Plate, count, french_number


def fixed_lines(text: str) -> str:
    """La règle des diapositives : ôter 50 lignes au début et 100 à la fin."""
    return "\n".join(text.split("\n")[50:-100])


def end_word(text: str) -> str:
    """La règle du code d'origine : remonter de la fin jusqu'à une ligne qui contient « END » ou « FIN »."""
    lines = text.split("\n")
    last = next(i for i in range(len(lines) - 1, -1, -1) if "END" in lines[i] or "FIN" in lines[i])
    return "\n".join(lines[50:last])


def markers(text: str) -> str:
    """La règle de la bibliothèque ; prise dans son module, pour que la figure montre aussi celle de la personne."""
    return corpus.cut_frame(text)


RULES = {"50 et 100 lignes": fixed_lines, "« END » ou « FIN »": end_word, "marqueurs": markers}


def english_lines(text: str) -> int:
    """Nombre de lignes d'anglais : au moins quatre mots, presque tous des mots-outils ou du métier."""
    return sum(language.is_english(line) for line in text.split("\n") if len(line.split()) >= 4)


def rules_plate(books: dict[str, str]) -> Plate:
    """Barres : lignes anglaises laissées par chaque règle, livre par livre. `books` : titre → texte brut."""
    counts = {rule: [english_lines(cut(text)) for text in books.values()] for rule, cut in RULES.items()}
    figure = Figure(figsize=(8, 3.4), layout="constrained")
    axes = figure.add_subplot()
    width = 0.8 / len(counts)
    for i, (rule, values) in enumerate(counts.items()):
        positions = [x + (i - 1) * width for x in range(len(books))]
        axes.bar(positions, values, width, label=rule, color=PALETTE[i], hatch=("", "//", "..")[i], edgecolor="white")
    axes.set_xticks(range(len(books)), [re.sub(r"^(?:La |Les? |L')", "", title)[:22] for title in books])
    axes.set_ylabel("lignes anglaises restées")
    figure.legend(loc="outside upper center", ncols=len(counts), title="règle de coupe")  # hors des barres
    worst = "; ".join(f"{rule} : {french_number(sum(values))}" for rule, values in counts.items())
    return Plate(
        figure,
        f"Lignes anglaises laissées dans {count(len(books), 'livre')}, selon la règle. {worst}.".replace("; ", " ; "),
    )


def sentence_plate(books: list[CleanBook], splitter: SentenceSplitter) -> Plate:
    """Histogrammes : longueur des phrases, en mots, livre par livre."""
    lengths = {
        book.title: [
            len(language.words(sentence)) for paragraph in book.paragraphs for sentence in splitter.split(paragraph)
        ]
        for book in books
    }
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.add_subplot()
    for i, (title, values) in enumerate(lengths.items()):
        axes.hist(
            values,
            bins=range(0, 81, 4),
            histtype="step",
            linewidth=2,
            weights=[1 / len(values)] * len(values),  # des parts : les livres n'ont pas tous la même longueur
            label=title,
            color=PALETTE[i],
            linestyle=("-", "--", "-.", ":")[i % 4],
        )
    axes.set_xlabel("mots par phrase")
    axes.set_ylabel("part des phrases")
    axes.legend()
    medians = " ; ".join(
        f"{title} : {french_number(statistics.median(values), 0)}" for title, values in lengths.items()
    )
    return Plate(figure, f"Longueur des phrases. Médiane en mots : {medians}.")
