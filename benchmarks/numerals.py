"""Le traducteur de nombres de la leçon 05 : en combien de temps, et jusqu'où, sur des nombres jamais appris."""

import random

from aurore import numerals

JUDGED = 2000  # nombres de l'écart : l'intervalle à 95 % autour de 99 % fait moins d'un demi-point


def run() -> list[tuple[str, ...]]:
    """Une ligne par mesure : nom, valeur, visé."""
    learned = numerals.train_translator()
    found = numerals.evaluate(learned.model, numerals.draw_numbers(JUDGED, random.Random(0), keep_held_out=True))
    return [
        ("nombres entièrement justes", f"{100 * found.exact_match:.2f} %", "99 % au moins"),
        ("signes justes", f"{100 * found.token_accuracy:.2f} %", ""),
        ("secondes d'apprentissage", f"{learned.seconds:.0f}", "moins de 120"),
    ]
