"""Leçon 00 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import math

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

# --- Écrites d'après le seul énoncé ------------------------------------------------------------


# Rend la moyenne, pas le rang.
def _fresh_best_option_w2(scores, lengths):
    return max(s / l for s, l in zip(scores, lengths))


# Part d'un meilleur à 0, que rien de négatif ne bat.
def _fresh_best_option_w7(scores, lengths):
    best, rank = 0, 0
    for i, (s, l) in enumerate(zip(scores, lengths)):
        if s / l > best:
            best = s / l
            rank = i
    return rank


# Divise par la somme des longueurs.
def _fresh_best_option_w11(scores, lengths):
    total = sum(lengths)
    means = [s / total for s in scores]
    return means.index(max(means))


# Oublie la première réponse.
def _fresh_best_option_w12(scores, lengths):
    best = 1
    for i in range(1, len(scores)):
        if scores[i] / lengths[i] > scores[best] / lengths[best]:
            best = i
    return best


# Racine de la longueur.
def _fresh_best_option_w14(scores, lengths):
    means = [s / l ** 0.5 for s, l in zip(scores, lengths)]
    return means.index(max(means))


# Numpy.
def _fresh_best_option_r1(scores, lengths):
    return int(np.argmax(np.array(scores) / np.array(lengths)))


# Max avec key.
def _fresh_best_option_r2(scores, lengths):
    return max(range(len(scores)), key=lambda i: scores[i] / lengths[i])


# Boucle, -inf.
def _fresh_best_option_r3(scores, lengths):
    best, rank = -math.inf, None
    i = 0
    for score, length in zip(scores, lengths):
        if score / length > best:
            best, rank = score / length, i
        i += 1
    return rank


# Np.argmax sans int.
def _fresh_best_option_r4(scores, lengths):
    return np.argmax([s / l for s, l in zip(scores, lengths)])


# Oublie la dernière réponse.
def _fresh_best_option_w21(scores, lengths):
    best = 0
    for i in range(len(scores) - 1):
        if scores[i] / lengths[i] > scores[best] / lengths[best]:
            best = i
    return best


# Divise par la longueur suivante.
def _fresh_best_option_w22(scores, lengths):
    means = [scores[i] / lengths[i - 1] for i in range(len(scores))]
    return means.index(max(means))


# Trie et rend tous les rangs.
def _fresh_best_option_w23(scores, lengths):
    return sorted(range(len(scores)), key=lambda i: scores[i] / lengths[i], reverse=True)


# Le rang de la longueur la plus grande.
def _fresh_best_option_w24(scores, lengths):
    return lengths.index(max(lengths))


# Soustrait la longueur.
def _fresh_best_option_w25(scores, lengths):
    means = [s - l for s, l in zip(scores, lengths)]
    return means.index(max(means))


# Max de couples.
def _fresh_best_option_r21(scores, lengths):
    pairs = [(s / n, -i) for i, (s, n) in enumerate(zip(scores, lengths))]
    return -max(pairs)[1]


# Dict.
def _fresh_best_option_r22(scores, lengths):
    d = {i: scores[i] / lengths[i] for i in range(len(scores))}
    return max(d, key=d.get)


# --- Des genres d'erreurs que les vérifications laissaient passer


def _best_rounded_to_a_tenth(scores, lengths):
    means = [round(score / length, 1) for score, length in zip(scores, lengths)]
    return means.index(max(means))


def _best_above_minus_hundred(scores, lengths):
    best, highest = 0, -100
    for i in range(len(scores)):
        if scores[i] / lengths[i] > highest:
            best, highest = i, scores[i] / lengths[i]
    return best


# Compare à la voisine, garde la dernière hausse.
def _read_best_option_w9(scores, lengths):
    best = 0
    for i in range(1, len(scores)):
        if scores[i] / lengths[i] > scores[i - 1] / lengths[i - 1]:
            best = i
    return best


# Return dans la boucle.
def _read_best_option_w11(scores, lengths):
    best = -math.inf
    for i, (s, l) in enumerate(zip(scores, lengths)):
        if s / l > best:
            best = s / l
            return i


# Dichotomie des scores triés : bisect.
def _again_best_option_w1(scores, lengths):
    m = sorted(s / l for s, l in zip(scores, lengths))
    return len(m) - 1


# Part de 0 : rien ne dépasse, rend -1.
def _reader_best_option_w5(scores, lengths):
    best, rank = 0, -1
    for i in range(len(scores)):
        if scores[i] / lengths[i] > best:
            best = scores[i] / lengths[i]
            rank = i
    return rank


# Tous divisés par la longueur la plus grande.
def _reader_best_option_w10(scores, lengths):
    m = [s / max(lengths) for s in scores]
    return m.index(max(m))


WRONG = {
    "bienvenue.best_option": (
        Answer(_best_length_plus_one, "divise par la longueur telle qu'elle est donnée", "-9/5 = -1,8"),
        Answer(_best_sum, _NAME, "la plus courte"),
        Answer(_best_multiplied, _NAME, "divisez chacune par sa longueur"),
        Answer(_best_lowest, _NAME, "plus proche de zéro"),
        Answer(_best_abs, _NAME, "plus proche de zéro"),
        Answer(_best_mean_itself, _NAME, "rendez son rang"),
        Answer(_best_letter, _NAME, "lettre"),
        Answer(_best_from_one, _NAME, "part de 0"),
        Answer(_best_no_return, _NAME, "return"),
        Answer(_best_in_place, _NAME, "copie"),
        Answer(_best_starts_at_zero, _ANYWHERE, "qu'aucune ne dépasse"),
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
        Answer(_best_shortest, "divise chaque log-probabilité par sa longueur", "divisez chacune par sa longueur"),
        Answer(_best_total_length, "divise chaque log-probabilité par sa longueur", "divisez chacune par sa longueur"),
        Answer(_best_four, "trouve la meilleure où qu'elle soit", "une cinquième réponse"),
        Answer(_best_three, "trouve la meilleure où qu'elle soit", "une cinquième réponse"),
        Answer(_best_returns_in_loop, "trouve la meilleure où qu'elle soit", "le rang de la première"),
        Answer(_best_sorted, "trouve la meilleure où qu'elle soit", "le rang de la première"),
        Answer(_best_truncated, "garde les décimales", "décimales"),
        Answer(_fresh_best_option_w2, 'divise chaque log-probabilité par sa longueur', "C'est la plus haute moyenne elle-même : rendez son rang, avec"),
        Answer(_fresh_best_option_w7, "trouve la meilleure où qu'elle soit", '0 est le rang de la première réponse, de moyenne -3 ; la'),
        Answer(_fresh_best_option_w11, 'divise chaque log-probabilité par sa longueur', '2 est le rang de la plus courte. Sa somme est la plus haute, pas sa'),
        Answer(_fresh_best_option_w12, 'divise chaque log-probabilité par sa longueur', 'Au rang 4, la moyenne est -2,5 : celle du rang 0, -2, est plus haute.'),
        Answer(_fresh_best_option_w14, 'divise chaque log-probabilité par sa longueur', '2 est le rang de la plus courte. Sa somme est la plus haute, pas sa'),
        Answer(_fresh_best_option_w21, "trouve la meilleure où qu'elle soit", '-2 est la plus haute des quatre premières moyennes, mais il y a une'),
        Answer(_fresh_best_option_w22, 'divise chaque log-probabilité par sa longueur', '2 est le rang de la plus courte. Sa somme est la plus haute, pas sa'),
        Answer(_fresh_best_option_w23, 'divise chaque log-probabilité par sa longueur', "C'est une liste, et non un nombre entier. Les moyennes sont -2, -3,5,"),
        Answer(_fresh_best_option_w24, "trouve la meilleure où qu'elle soit", "Au rang 1, la moyenne est -4 : il n'y en a pas de plus basse."),
        Answer(_fresh_best_option_w25, 'divise chaque log-probabilité par sa longueur', '2 est le rang de la plus courte. Sa somme est la plus haute, pas sa'),
        Answer(_best_rounded_to_a_tenth, _EXACT, "sans arrondir"),
        Answer(_best_above_minus_hundred, "compare des moyennes si basses soient-elles", "n'a pas de plancher"),
        Answer(_again_best_option_w1, 'divise chaque log-probabilité par sa longueur', 'sans changer leur ordre'),
        Answer(_read_best_option_w11, "trouve la meilleure où qu'elle soit", "qu'une fois la boucle finie"),
        Answer(_read_best_option_w9, 'divise chaque log-probabilité par sa longueur', "chacune à la plus haute d'avant"),
        Answer(_reader_best_option_w5, 'divise chaque log-probabilité par sa longueur', "-1 n'est le rang d'aucune réponse"),
        Answer(_reader_best_option_w10, 'divise chaque log-probabilité par sa longueur', 'divisez chacune par sa longueur'),
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
        _fresh_best_option_r1,
        _fresh_best_option_r2,
        _fresh_best_option_r3,
        _fresh_best_option_r4,
        _fresh_best_option_r21,
        _fresh_best_option_r22,
    ),
}


def use():
    """Les choix des trois règles sur une question notée."""
    scores = [Score(4.0, 2, 6, 0), Score(9.0, 3, 4, 1), Score(3.0, 1, 9, 0)]
    return bienvenue.choices(scores)
