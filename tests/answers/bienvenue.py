"""Leçon 00 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import numpy as np

from answers import Answer
from aurore import bienvenue
from aurore.evaluation import Score
from aurore.exercises.bienvenue import _ANYWHERE, _EXACT, _NAME

# --- La meilleure réponse -------------------------------------------------------------------------------


def _best_sum(scores, lengths):
    return scores.index(max(scores))


def _best_lowest(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return means.index(min(means))


def _best_abs(scores, lengths):
    means = [abs(score) / length for score, length in zip(scores, lengths)]
    return means.index(max(means))


def _best_mean_itself(scores, lengths):
    return max(score / length for score, length in zip(scores, lengths))


def _best_multiplied(scores, lengths):
    marks = [score * length for score, length in zip(scores, lengths)]
    return marks.index(max(marks))


def _best_from_one(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return means.index(max(means)) + 1


def _best_letter(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return "ABCD"[means.index(max(means))]


def _best_no_return(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    means.index(max(means))


def _best_starts_at_zero(scores, lengths):
    best, highest = 0, 0
    for i in range(len(scores)):
        if scores[i] / lengths[i] > highest:
            best, highest = i, scores[i] / lengths[i]
    return best


def _best_lowest_sum(scores, lengths):
    return scores.index(min(scores))


def _best_floor(scores, lengths):
    means = [score // length for score, length in zip(scores, lengths)]
    return means.index(max(means))


def _best_rounded(scores, lengths):
    means = [round(score / length) for score, length in zip(scores, lengths)]
    return means.index(max(means))


def _best_in_place(scores, lengths):
    for i in range(len(scores)):
        scores[i] /= lengths[i]
    return scores.index(max(scores))


def _best_longest(scores, lengths):
    return lengths.index(max(lengths))


def _best_loop(scores, lengths):
    best = 0
    for i in range(1, len(scores)):
        if scores[i] / lengths[i] > scores[best] / lengths[best]:
            best = i
    return best


def _best_numpy(scores, lengths):
    return int(np.argmax(np.array(scores) / np.array(lengths)))


def _best_key(scores, lengths):
    return min(range(len(scores)), key=lambda i: -scores[i] / lengths[i])


# --- Par exercice

WRONG = {
    "bienvenue.best_option": (
        Answer(_best_sum, _NAME, "la plus courte"),
        Answer(_best_multiplied, _NAME, "divisez par la longueur"),
        Answer(_best_lowest, _NAME, "plus proche de zéro"),
        Answer(_best_abs, _NAME, "plus proche de zéro"),
        Answer(_best_mean_itself, _NAME, "rendez son rang"),
        Answer(_best_letter, _NAME, "lettre"),
        Answer(_best_from_one, _NAME, "part de 0"),
        Answer(_best_no_return, _NAME, "return"),
        Answer(_best_in_place, _NAME, "copie"),
        Answer(_best_starts_at_zero, _ANYWHERE, "ne dépasse jamais 0"),
        Answer(_best_lowest_sum, _ANYWHERE, "plus haute moyenne"),
        Answer(_best_longest, _ANYWHERE, "longueur seule"),
        Answer(_best_floor, _EXACT, "décimales"),
        Answer(_best_rounded, _EXACT, "décimales"),
    ),
}

RIGHT = {
    "bienvenue.best_option": (
        _best_loop,
        _best_numpy,
        _best_key,
    ),
}


def use():
    """Les choix des trois règles sur une question notée."""
    scores = [Score(4.0, 2, 6, 0), Score(9.0, 3, 4, 1), Score(3.0, 1, 9, 0)]
    return bienvenue.choices(scores)
