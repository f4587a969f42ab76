"""Leçon 00 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import numpy as np

from answers import Answer
from aurore import bienvenue
from aurore.evaluation import Score

_NAME = "divise chaque log-probabilité par sa longueur"
_ANYWHERE = "trouve la meilleure où qu'elle soit"
_EXACT = "garde les décimales"

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


def _best_means(scores, lengths):
    return [score / length for score, length in zip(scores, lengths)]


def _best_generator(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    yield means.index(max(means))


def _best_prints(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    print("La meilleure est", means.index(max(means)))


def _best_string(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return str(means.index(max(means)))


def _best_four(scores, lengths):
    best = 0
    for i in range(4):
        if scores[i] / lengths[i] > scores[best] / lengths[best]:
            best = i
    return best


def _best_three(scores, lengths):
    best = 0
    for i in range(3):
        if scores[i] / lengths[i] > scores[best] / lengths[best]:
            best = i
    return best


def _best_pair(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return means.index(max(means)), max(means)


def _best_length_over_score(scores, lengths):
    means = [length / score for score, length in zip(scores, lengths)]
    return means.index(max(means))


def _best_divides_lists(scores, lengths):
    means = scores / lengths
    return means.index(max(means))


def _best_score_itself(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return scores[means.index(max(means))]


def _best_returns_in_loop(scores, lengths):
    best = 0
    for i in range(len(scores)):
        if scores[i] / lengths[i] > scores[best] / lengths[best]:
            best = i
        return best


def _best_index_of_score(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return scores.index(max(means))


def _best_sorted(scores, lengths):
    means = sorted([score / length for score, length in zip(scores, lengths)], reverse=True)
    return means.index(max(means))


def _best_truncated(scores, lengths):
    means = [int(score / length) for score, length in zip(scores, lengths)]
    return means.index(max(means))


def _best_shortest(scores, lengths):
    return lengths.index(min(lengths))


def _best_total_length(scores, lengths):
    means = [score / sum(lengths) for score in scores]
    return means.index(max(means))


def _best_enumerate(scores, lengths):
    return max(enumerate(scores), key=lambda couple: couple[1] / lengths[couple[0]])[0]


def _best_exponential(scores, lengths):
    """La probabilité géométrique : la même réponse."""
    import math

    chances = [math.exp(score / length) for score, length in zip(scores, lengths)]
    return sorted(range(len(chances)), key=chances.__getitem__)[-1]


def _best_by_name(scores, lengths):
    if len(scores) == 1:
        return 0
    rank = best_option(scores[1:], lengths[1:]) + 1
    return 0 if scores[0] / lengths[0] >= scores[rank] / lengths[rank] else rank


def _best_length_plus_one(scores, lengths):
    means = [score / (length + 1) for score, length in zip(scores, lengths, strict=True)]
    return means.index(max(means))


# --- Par exercice

WRONG = {
    "bienvenue.best_option": (
        Answer(_best_length_plus_one, "divise par la longueur telle qu'elle est donnée", "-9/5 = -1,8"),
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
        Answer(_best_lowest_sum, _ANYWHERE, "pas de plus basse"),
        Answer(_best_longest, _ANYWHERE, "pas de plus basse"),
        Answer(_best_floor, _EXACT, "décimales"),
        Answer(_best_rounded, _EXACT, "décimales"),
        Answer(_best_means, "divise chaque log-probabilité par sa longueur", "Ce sont les moyennes"),
        Answer(_best_generator, "divise chaque log-probabilité par sa longueur", "générateur"),
        Answer(_best_prints, "divise chaque log-probabilité par sa longueur", "return"),
        Answer(_best_string, "divise chaque log-probabilité par sa longueur", "C'est un texte"),
        Answer(_best_pair, "divise chaque log-probabilité par sa longueur", "C'est un tuple"),
        Answer(_best_length_over_score, "divise chaque log-probabilité par sa longueur", "plus proche de zéro"),
        Answer(_best_divides_lists, "divise chaque log-probabilité par sa longueur", "un type qui ne lui convient pas"),
        Answer(_best_score_itself, "divise chaque log-probabilité par sa longueur", "un nombre à virgule"),
        Answer(_best_index_of_score, "divise chaque log-probabilité par sa longueur", ""),
        Answer(_best_shortest, "divise chaque log-probabilité par sa longueur", "divisez par la longueur"),
        Answer(_best_total_length, "divise chaque log-probabilité par sa longueur", "divisez par la longueur"),
        Answer(_best_four, "trouve la meilleure où qu'elle soit", "une cinquième réponse"),
        Answer(_best_three, "trouve la meilleure où qu'elle soit", "une cinquième réponse"),
        Answer(_best_returns_in_loop, "trouve la meilleure où qu'elle soit", "le rang de la première"),
        Answer(_best_sorted, "trouve la meilleure où qu'elle soit", "le rang de la première"),
        Answer(_best_truncated, "garde les décimales", "décimales"),
    ),
}

RIGHT = {
    "bienvenue.best_option": (
        _best_loop,
        _best_numpy,
        _best_key,
        _best_enumerate,
        _best_exponential,
        _best_by_name,
    ),
}


def use():
    """Les choix des trois règles sur une question notée."""
    scores = [Score(4.0, 2, 6, 0), Score(9.0, 3, 4, 1), Score(3.0, 1, 9, 0)]
    return bienvenue.choices(scores)
