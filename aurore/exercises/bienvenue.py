"""Leçon 00, la première fiche et les quiz : choisir la meilleure réponse d'un QCM d'après ses notes."""

from aurore.atelier.cards import Card, equals
from aurore.atelier.quiz import Option, Quiz

# --- La meilleure réponse -------------------------------------------------------------------------------

# Moyennes : -2, -3,5, -3, -4. La plus haute somme est celle de la troisième réponse, la plus courte.
SHORT_WINS_BY_SUM = [[-16.0, -14.0, -6.0, -12.0], [8, 4, 2, 3]]
# Moyennes : -3, -4, -2, -4.
THIRD_IS_BEST = [[-9.0, -20.0, -10.0, -8.0], [3, 5, 5, 2]]
# Moyennes : -2,4, -2,1, -3,2 : les deux premières ont la même partie entière.
CLOSE = [[-12.0, -10.5, -16.0], [5, 5, 5]]


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
            name=_NAME,
            arguments=SHORT_WINS_BY_SUM,
            expected=0,
            hint="Divisez scores[i] par lengths[i], puis prenez le rang de la plus haute moyenne.",
            mistakes=(
                (
                    lambda got: isinstance(got, float),
                    "C'est la moyenne elle-même : rendez son rang, avec means.index(…).",
                ),
                (lambda got: got in tuple("ABCD"), "C'est une lettre : rendez le rang, un entier qui part de 0."),
                (
                    2,
                    "La réponse 2 est la plus courte, et c'est ce qui la met en tête : divisez par la longueur.",
                ),
                (
                    3,
                    "C'est la plus basse moyenne. Les log-probabilités sont négatives : la meilleure est la plus proche de zéro.",
                ),
                (1, "Le rang part de 0 : la première réponse est 0, pas 1."),
            ),
        ),
        equals(
            name=_ANYWHERE,
            arguments=THIRD_IS_BEST,
            expected=2,
            hint="Comparez les quatre moyennes, et gardez le rang de la plus haute.",
            mistakes=(
                (
                    0,
                    "Votre fonction en reste à la première réponse. Si elle cherche mieux que 0, elle ne trouvera pas : une log-probabilité ne dépasse jamais 0. Partez de la première moyenne, pas de 0.",
                ),
                (
                    1,
                    "La longueur seule ou la plus basse somme ne disent pas la meilleure réponse : c'est la plus haute moyenne.",
                ),
            ),
        ),
        equals(
            name=_EXACT,
            arguments=CLOSE,
            expected=1,
            hint="Les deux premières moyennes, -2,4 et -2,1, ne diffèrent que par leurs décimales.",
            mistakes=(
                (
                    0,
                    "-2,4 et -2,1 sont devenus égaux : « // » et round(…) ôtent les décimales. Divisez avec « / ».",
                ),
            ),
        ),
    ),
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
