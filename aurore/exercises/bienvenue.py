"""Leçon 00, la première fiche et les quiz : choisir la meilleure réponse d'un QCM d'après ses notes."""

from aurore.atelier.cards import Card, equals
from aurore.atelier.quiz import Option, Quiz

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
            name="divise chaque log-probabilité par sa longueur",
            arguments=[[-16.0, -14.0, -6.0, -12.0, -15.0], [8, 4, 2, 3, 6]],
            expected=0,
            hint="Les moyennes sont -2, -3,5, -3, -4 et -2,5 : la plus haute est la première, de rang 0.",
            mistakes=(
                (-2.0, "C'est la plus haute moyenne elle-même : rendez son rang, avec means.index(…)."),
                ([-2.0, -3.5, -3.0, -4.0, -2.5], "Ce sont les moyennes : rendez le rang de la plus haute."),
                ("A", "C'est la lettre de la bonne réponse : rendez son rang, un entier qui part de 0."),
                (2, "2 est le rang de la plus courte. Sa somme est la plus haute, pas sa moyenne : divisez chacune par sa longueur."),
                (4, "Au rang 4, la moyenne est -2,5 : celle du rang 0, -2, est plus haute. Comparez-les toutes, la première comprise, chacune à la plus haute d'avant, sans changer leur ordre."),
                (-1, "-1 n'est le rang d'aucune réponse. Les moyennes sont toutes négatives : si vous cherchez en boucle, partez de la première, et non de 0, qu'aucune ne dépasse."),
                (3, "C'est le rang de la plus basse moyenne, -4 : la meilleure est la plus proche de zéro."),
                (1, "Le rang part de 0 : 1 désigne la deuxième réponse, et la meilleure est la première, de moyenne -2."),
            ),
        ),
        equals(
            name="trouve la meilleure où qu'elle soit",
            arguments=[[-9.0, -24.0, -10.0, -8.0, -4.0], [3, 6, 5, 2, 4]],
            expected=4,
            hint="Les moyennes sont -3, -4, -2, -4 et -1 : la plus haute est la dernière.",
            mistakes=(
                (0, "0 est le rang de la première réponse, de moyenne -3 ; la dernière, -1, est plus haute. Si vous cherchez en boucle, partez de la première moyenne, et non de 0, qu'aucune ne dépasse, et ne rendez le rang qu'une fois la boucle finie."),
                (2, "-2 est la plus haute des quatre premières moyennes, mais il y a une cinquième réponse : -1."),
                (1, "Au rang 1, la moyenne est -4 : il n'y en a pas de plus basse."),
            ),
        ),
        equals(
            name="garde les décimales",
            arguments=[[-21.04, -21.01, -32.0], [10, 10, 10]],
            expected=1,
            hint="Les deux premières moyennes, -2,104 et -2,101, ne diffèrent que par leurs décimales.",
            mistakes=(
                (0, "-2,101 est plus haut que -2,104. « // », int(…) et round(…) ôtent des décimales : divisez avec « / », sans arrondir."),
            ),
        ),
        equals(
            name="divise par la longueur telle qu'elle est donnée",
            arguments=[[-2.0, -9.0], [1, 5]],
            expected=1,
            hint="Les moyennes sont -2/1 = -2 et -9/5 = -1,8 : la plus haute est la deuxième.",
        ),
        equals(
            name="compare des moyennes si basses soient-elles",
            arguments=[[-300.0, -240.0, -280.0], [2, 2, 2]],
            expected=1,
            hint="Les moyennes sont -150, -120 et -140 : la plus haute est la deuxième.",
            mistakes=(
                (0, "0 est le rang de la première, de moyenne -150 ; la deuxième, -120, est plus haute. Une log-probabilité n'a pas de plancher : partez de la première moyenne, et non d'un nombre choisi d'avance."),
            ),
        ),
    ),
)  # fmt: skip

CARDS = (best_option,)

QUIZZES = (
    Quiz(
        "bienvenue.suite",
        "Pour écrire vingt mots, que calcule le réseau de neurones ?",
        (
            Option(
                "Une phrase entière, qu'il affiche ensuite peu à peu.",
                False,
                "Rien n'est prêt d'avance : ce que vous voyez arriver est calculé à mesure.",
            ),
            Option(
                "Les chances de chaque token possible, puis il en tire un, et recommence avec ce token en plus.",
                True,
                "C'est tout. Une boucle d'une ligne, et un réseau de neurones au milieu.",
            ),
            Option(
                "Le passage de ses livres qui ressemble le plus à l'amorce.",
                False,
                "Il n'a plus les livres : seulement des nombres réglés en les lisant. La leçon 09 mesure s'il recopie.",
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
                "Oui. La division corrige ce biais, et en crée un autre : une fin qui se devine remonte la moyenne.",
            ),
            Option(
                "Parce que les réponses longues sont plus souvent justes.",
                False,
                "La longueur ne dit rien de la justesse. C'est même pour cela qu'on en retire l'effet.",
            ),
        ),
    ),
)
