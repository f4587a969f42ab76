"""Leçon 00, la première fiche et les quiz : choisir la meilleure réponse d'un QCM d'après ses notes."""

# ruff: noqa: B905 — des réponses de débutants : « zip » y est écrit au plus simple

import numpy as np

from aurore.atelier.cards import Answer, Card, equals
from aurore.atelier.quiz import Option, Quiz

# --- La meilleure réponse -------------------------------------------------------------------------------

# Moyennes : -2, -3,5, -3, -4. La plus haute somme est celle de la troisième réponse, la plus courte.
SHORT_WINS_BY_SUM = [[-16.0, -14.0, -6.0, -12.0], [8, 4, 2, 3]]
# Moyennes : -3, -4, -2, -4.
THIRD_IS_BEST = [[-9.0, -20.0, -10.0, -8.0], [3, 5, 5, 2]]
# Moyennes : -2,4, -2,1, -3,2 : les deux premières ont la même partie entière.
CLOSE = [[-12.0, -10.5, -16.0], [5, 5, 5]]


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


_NAME = "divise chaque log-probabilité par sa longueur"
_ANYWHERE = "trouve la meilleure où qu'elle soit"
_EXACT = "garde les décimales"

best_option = Card(
    id="bienvenue.best_option",
    title="La meilleure réponse",
    statement="Chaque réponse du QCM a une log-probabilité (scores, des nombres négatifs) et une longueur (lengths). Divisez chaque log-probabilité par sa longueur, et rendez le rang de la plus haute moyenne : 0 pour la première réponse, 1 pour la deuxième.",
    difficulty=1,
    minutes=4,
    hints=(
        "zip(scores, lengths) donne les couples : une log-probabilité et sa longueur.",
        "means = [score / length for score, length in zip(scores, lengths)] est la liste des moyennes.",
        "La plus haute est max(means), et means.index(…) en rend le rang.",
    ),
    checks=(
        equals(
            _NAME,
            SHORT_WINS_BY_SUM,
            0,
            "Divisez scores[i] par lengths[i], puis prenez le rang de la plus haute moyenne.",
            (
                (
                    lambda got: isinstance(got, float),
                    "C'est la moyenne elle-même : rendez son rang, avec means.index(…).",
                ),
                (lambda got: got in tuple("ABCD"), "C'est une lettre : rendez le rang, un entier qui part de 0."),
                (
                    lambda got: got == 2,
                    "La réponse 2 est la plus courte, et c'est ce qui la met en tête : divisez par la longueur.",
                ),
                (
                    lambda got: got == 3,
                    "C'est la plus basse moyenne. Les log-probabilités sont négatives : la meilleure est la plus proche de zéro.",
                ),
                (lambda got: got == 1, "Le rang part de 0 : la première réponse est 0, pas 1."),
            ),
        ),
        equals(
            _ANYWHERE,
            THIRD_IS_BEST,
            2,
            "Comparez les quatre moyennes, et gardez le rang de la plus haute.",
            (
                (
                    lambda got: got == 0,
                    "Votre fonction en reste à la première réponse. Si elle cherche mieux que 0, elle ne trouvera pas : une log-probabilité ne dépasse jamais 0. Partez de la première moyenne, pas de 0.",
                ),
                (
                    lambda got: got == 1,
                    "La longueur seule ou la plus basse somme ne disent pas la meilleure réponse : c'est la plus haute moyenne.",
                ),
            ),
        ),
        equals(
            _EXACT,
            CLOSE,
            1,
            "Les deux premières moyennes, -2,4 et -2,1, ne diffèrent que par leurs décimales.",
            (
                (
                    lambda got: got == 0,
                    "-2,4 et -2,1 sont devenus égaux : « // » et round(…) ôtent les décimales. Divisez avec « / ».",
                ),
            ),
        ),
    ),
    wrong=(
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
    right=(Answer(_best_loop), Answer(_best_numpy), Answer(_best_key)),
)

CARDS = (best_option,)

QUIZZES = (
    Quiz(
        "bienvenue.suite",
        "Pour écrire vingt mots, que calcule le réseau ?",
        (
            Option(
                "Une phrase entière, qu'il affiche ensuite peu à peu.",
                False,
                "Rien n'est prêt d'avance : ce que vous voyez arriver est calculé à mesure.",
            ),
            Option(
                "Les chances de chaque token possible, puis il en tire un, et recommence avec ce token en plus.",
                True,
                "C'est tout. Une boucle d'une ligne, et un réseau au milieu.",
            ),
            Option(
                "Le passage de ses livres qui ressemble le plus à l'amorce.",
                False,
                "Il n'a plus les livres : seulement des nombres réglés en les lisant. La leçon 09 mesure tout de même s'il recopie.",
            ),
        ),
    ),
    Quiz(
        "bienvenue.longueur",
        "Pourquoi diviser la log-probabilité d'une réponse par sa longueur ?",
        (
            Option(
                "Parce que chaque token ajoute un nombre négatif : sans cela, les réponses courtes partent gagnantes.",
                True,
                "Oui. La division corrige ce biais, et en crée un autre : un long mot dont la fin se devine remonte sa moyenne.",
            ),
            Option(
                "Pour que les quatre nombres fassent 1 ensemble.",
                False,
                "Ils ne le font pas : le modèle connaît bien d'autres suites que ces quatre-là.",
            ),
            Option(
                "Parce que les réponses longues sont plus souvent justes.",
                False,
                "La longueur ne dit rien de la justesse. C'est même pour cela qu'on en retire l'effet.",
            ),
        ),
    ),
    Quiz(
        "bienvenue.jeton",
        "À quel moment de l'atelier faut-il un compte et un jeton d'accès ?",
        (
            Option(
                "Pour télécharger un modèle public.",
                False,
                "Lire un modèle public ne demande ni l'un ni l'autre.",
            ),
            Option(
                "Jamais.",
                True,
                "Le modèle et un corpus sont dans l'atelier, les livres de Sand et les modèles publics se lisent sans compte.",
            ),
            Option(
                "Pour enregistrer le modèle qu'on a entraîné.",
                False,
                "Il s'enregistre dans un dossier de cette machine. Un jeton ne servirait qu'à le publier.",
            ),
        ),
    ),
)
