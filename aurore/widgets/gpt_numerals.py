"""Leçon 05, le traducteur de nombres : ses progrès, et ce que regarde chaque chiffre qu'il écrit."""

import torch
from matplotlib.figure import Figure

from aurore import numerals
from aurore.show import Plate, Table


def progress_table(training: numerals.Training) -> Table:
    """Les mesures d'un apprentissage, sur des nombres jamais appris, pas après pas."""
    rows = [
        (
            f"après {step} pas",
            report.loss,
            f"{100 * report.token_accuracy:.0f}\u202f%",
            f"{100 * report.exact_match:.0f}\u202f%",
        )
        for step, report in zip(training.steps, training.reports, strict=True)
    ]
    return Table("Sur des nombres jamais appris", ("", "perte", "signes justes", "nombres entiers justes"), rows)


def cross_plate(model: numerals.Translator, number: int) -> Plate:
    """Ce que regarde chaque signe écrit, dans la dernière couche du décodeur, moyenne des têtes : une ligne par signe."""
    words = numerals.split_words(numerals.spell(number))
    source, _ = numerals.batch([number])
    written = numerals.write(model, source)
    weights = model.cross_weights(source, numerals.shift_right(written))[-1].mean(0)  # (T, S)
    text = numerals.decode_target(written[0].tolist())
    signs = [*text, "fin"]
    weights = weights[: len(signs)]
    figure = Figure(figsize=(0.75 * len(words) + 2, 0.42 * len(signs) + 1.4), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(words)), words, rotation=40, ha="right")
    axes.set_yticks(range(len(signs)), signs)
    axes.set_xlabel("mots lus")
    axes.set_ylabel("signes écrits")
    figure.colorbar(image, ax=axes, label="part du regard")
    seen = " ; ".join(
        f"« {sign} » regarde surtout « {words[int(torch.argmax(row))]} »"
        for sign, row in zip(signs, weights, strict=True)
    )
    return Plate(figure, f"{numerals.spell(number)} devient {text}. {seen}.")
