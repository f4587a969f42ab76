"""Leçon 07, les exercices : des blocs pleins, un lot et ses étiquettes, le nombre de pas, le taux, un journal décodé."""

import math
from collections.abc import Mapping

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show_arguments
from aurore.atelier.quiz import Option, Quiz


def _lists(got):
    """Des listes de listes d'entiers, qu'on ait rendu des tenseurs, des tableaux ou des tuples."""
    got = got.tolist() if hasattr(got, "tolist") else got
    return [[int(token) for token in row] for row in got]


def _field(*names: str):
    """Lit ces entrées d'un lot, et elles seules."""

    def read(got):
        found = [_lists(got[name]) for name in names]
        return found[0] if len(found) == 1 else found

    return read


# --- Des blocs pleins -----------------------------------------------------------------------------------

_TEXTS = [[5, 6, 7], [8, 9], [4]]

pack = Card(
    id="finetune.pack",
    title="Des blocs pleins",
    statement="Mettez les textes bout à bout, chacun suivi du token end, puis coupez le tout en blocs de length tokens. Le reste incomplet de la fin est abandonné. texts est une liste de listes de tokens ; rendez une liste de blocs.",
    difficulty=2,
    minutes=4,
    hints=(
        "D'abord une seule longue liste : pour chaque texte, ses tokens, puis end.",
        "Combien de blocs entiers ? len(flow) // length.",
        "Le bloc de rang k est flow[k * length : (k + 1) * length].",
    ),
    checks=(
        equals(
            name="met les textes bout à bout, et coupe",
            arguments=[_TEXTS, 0, 3],
            expected=[[5, 6, 7], [0, 8, 9], [0, 4, 0]],
            read=_lists,
            hint="Le tout s'écrit 5 6 7 0 8 9 0 4 0 : trois blocs de trois.",
            mistakes=(
                ([[5, 6, 7], [8, 9, 4]], "Les textes se suivent sans le token de fin : rien ne dirait au modèle où l'un finit."),
                ([[0, 5, 6], [7, 0, 8], [9, 0, 4]], "Le token de fin est mis avant chaque texte : il vient après."),
                ([[5, 6, 7], [8, 9, 0]], "Chaque texte est coupé à part, et son reste perdu : mettez-les d'abord bout à bout."),
                ([[5, 6, 7], [8, 9, 0], [4, 0, 0]], "C'est un texte par bloc, complété par le token de fin : mettez-les d'abord bout à bout."),
                ([5, 6, 7, 0, 8, 9, 0, 4, 0], "Le tout est bien écrit, mais pas coupé en blocs."),
                (lambda got: got[:2] == [[5, 6, 7], [6, 7, 0]], "Les blocs se chevauchent : chacun commence où le précédent finit."),
            ),
        ),
        equals(
            name="abandonne le reste incomplet",
            arguments=[[[1, 2, 3, 4], [5]], 9, 4],
            expected=[[1, 2, 3, 4]],
            read=_lists,
            hint="Sept tokens font un bloc de quatre ; les trois derniers sont abandonnés.",
            mistakes=(
                ([[1, 2, 3, 4], [9, 5, 9]], "Le dernier bloc est incomplet : abandonnez-le."),
                ([[1, 2, 3, 4], [9, 5, 9, 9]], "Le dernier bloc est complété par des tokens de fin : abandonnez-le."),
                ([[1, 2, 3, 4], [9, 5, 9, 0]], "Le dernier bloc est complété par des zéros : abandonnez-le."),
            ),
        ),
        equals(
            name="ne rend rien quand rien ne remplit un bloc",
            arguments=[[[1, 2]], 0, 8],
            expected=[],
            read=_lists,
            hint="Trois tokens ne remplissent pas un bloc de huit : la liste est vide.",
            mistakes=(
                ([[]], "C'est une liste qui contient un bloc vide : il n'y a aucun bloc."),
                ([[1, 2, 0]], "Ce bloc n'est pas plein : abandonnez-le."),
            ),
        ),
    ),
)  # fmt: skip


# --- Le remplissage -------------------------------------------------------------------------------------

padding_share = Card(
    id="finetune.padding_share",
    title="Ce que coûte le remplissage",
    statement="Chaque phrase occupe une ligne de width places ; ce qui dépasse est coupé, ce qui manque est vide. Rendez la part des places vides, entre 0 et 1. lengths est la liste des longueurs, en tokens.",
    difficulty=1,
    minutes=2,
    hints=(
        "Combien de places en tout ? Une ligne par phrase.",
        "Une phrase remplit min(longueur, width) places.",
    ),
    checks=(
        equals(
            name="compte les places vides",
            arguments=[[1, 4, 2], 4],
            expected=5 / 12,
            tolerance=1e-9,
            hint="Trois lignes de quatre font 12 places ; 7 sont pleines, 5 vides : 5 / 12.",
            mistakes=(
                (7 / 12, "C'est la part des places pleines."),
                (5, "C'est le nombre de places vides : divisez-le par le nombre de places."),
                (5 / 7, "Les places vides sont rapportées aux tokens : rapportez-les à toutes les places."),
                (500 / 12, "C'est la part en pour cent : rendez-la entre 0 et 1."),
            ),
        ),
        equals(
            name="coupe ce qui dépasse",
            arguments=[[8, 2], 4],
            expected=0.25,
            tolerance=1e-9,
            hint="La phrase de 8 tokens remplit sa ligne de 4, et pas plus : 2 places vides sur 8.",
            mistakes=(
                (-0.25, "Une part négative : la phrase de 8 tokens a rempli plus que sa ligne. Elle y est coupée à 4."),
                (0.5, "La phrase trop longue a été ôtée : elle occupe sa ligne, coupée."),
                (0.375, "La largeur est celle de la plus longue phrase : employez width."),
                (0.0, "La phrase trop longue compense les places vides de l'autre : chaque ligne se compte à part."),
            ),
        ),
        equals(
            name="vaut zéro quand tout est plein",
            arguments=[[4, 4, 9], 4],
            expected=0.0,
            tolerance=1e-9,
            hint="Toutes les lignes sont pleines.",
        ),
    ),
)  # fmt: skip


# --- Le lot et ses étiquettes ---------------------------------------------------------------------------

_ROWS, _ENDED = [[7, 8, 9], [5]], [[5, 0], [6, 7, 8]]

_BATCH = {
    "input_ids": [[7, 8, 9], [5, 0, 0]],
    "attention_mask": [[1, 1, 1], [1, 0, 0]],
    "labels": [[7, 8, 9], [5, -100, -100]],
}


def _is_batch(function) -> None:
    """Le lot est un dictionnaire, et ses trois entrées y sont."""
    got = function([list(row) for row in _ROWS], 0)
    hint = "Un lot est un dictionnaire de trois entrées : input_ids, attention_mask et labels."
    if not isinstance(got, Mapping):
        compare(got, _BATCH, [_ROWS, 0], hint=hint)
    missing = [name for name in _BATCH if name not in got]
    if missing:
        raise Mistake(show_arguments([_ROWS, 0]), ", ".join(got), ", ".join(_BATCH), f"Il manque {missing[0]}. {hint}")


collate = Card(
    id="finetune.collate",
    title="Chasse au bug : la perte sur le remplissage",
    statement="Ce code réunit des phrases en un lot, aussi large que la plus longue, complété à droite par le token pad. attention_mask vaut 1 sur les tokens, 0 sur le remplissage. Dans labels, le remplissage doit valoir -100, que la perte ne compte pas. Réparez-le. Attention : pad est aussi le token de fin, et une phrase peut le contenir.",
    difficulty=2,
    minutes=4,
    hints=(
        "Comparez labels et input_ids, à la fin de la ligne la plus courte.",
        "Le nombre de -100 d'une ligne est width - len(row).",
        "Ne cherchez pas la valeur pad dans la ligne : une phrase peut finir par elle.",
    ),
    checks=(
        Check("rend un lot", _is_batch),
        equals(
            name="complète à la largeur de la plus longue",
            arguments=[_ROWS, 0],
            expected=[[7, 8, 9], [5, 0, 0]],
            read=_field("input_ids"),
            hint="input_ids : [7, 8, 9], puis [5, 0, 0].",
            mistakes=(
                ([[7, 8, 9], [0, 0, 5]], "Le remplissage est à gauche : pour apprendre, il va à droite."),
                ([[7], [5]], "Les phrases sont coupées à la longueur de la plus courte."),
                ([[7, 8, 9], [5, -100, -100]], "-100 n'est pas un token : il ne va que dans labels."),
                (_ROWS, "Rien n'est complété : toutes les lignes doivent avoir la même longueur."),
            ),
        ),
        equals(
            name="cache le remplissage",
            arguments=[_ROWS, 0],
            expected=[[1, 1, 1], [1, 0, 0]],
            read=_field("attention_mask"),
            hint="attention_mask : [1, 1, 1], puis [1, 0, 0].",
            mistakes=(
                ([[1, 1, 1]] * 2, "attention_mask vaut 1 partout : le remplissage serait lu."),
                ([[1, 1, 1], [1, -100, -100]], "-100 ne va que dans labels : attention_mask vaut 0 sur le remplissage."),
                ([[0, 0, 0], [0, 1, 1]], "attention_mask est à l'envers : 1 sur les tokens, 0 sur le remplissage."),
            ),
        ),
        equals(
            name="n'apprend pas le remplissage",
            arguments=[_ROWS, 0],
            expected=[[7, 8, 9], [5, -100, -100]],
            read=_field("labels"),
            hint="labels : [7, 8, 9], puis [5, -100, -100].",
            mistakes=(
                ([[7, 8, 9], [5, 0, 0]], "Les étiquettes du remplissage sont des tokens : le modèle apprendrait à écrire des vides, et la perte en serait flattée. Mettez -100."),
                ([[8, 9, -100], [-100, -100, -100]], "Les étiquettes sont décalées d'une place : le modèle le fait lui-même, ne le faites pas deux fois."),
                ([[-100, -100, -100], [-100, 0, 0]], "C'est à l'envers : les tokens valent -100, et le remplissage est appris."),
                ([[-100] * 3] * 2, "Tout vaut -100 : il n'y a plus rien à apprendre."),
                ([[7, 8, 9], [5, -1, -1]], "-1 n'est pas ignoré : l'étiquette que PyTorch ne compte pas est -100."),
            ),
        ),
        equals(
            name="garde le vrai token de fin d'une phrase",
            arguments=[_ENDED, 0],
            expected=[[[1, 1, 0], [1, 1, 1]], [[5, 0, -100], [6, 7, 8]]],
            read=_field("attention_mask", "labels"),
            hint="La phrase [5, 0] finit par le token 0 : il s'apprend, son remplissage non.",
            mistakes=(
                (lambda got: got[1][0] == [5, -100, -100], "Le token de fin de la phrase est masqué lui aussi, parce qu'il a le numéro du remplissage : fiez-vous à la longueur, non à la valeur."),
                (lambda got: got[0][0] == [1, 0, 0], "Le token de fin de la phrase est caché, parce qu'il a le numéro du remplissage : fiez-vous à la longueur, non à la valeur."),
            ),
        ),
    ),
)  # fmt: skip


# --- Combien de pas, à quel taux ------------------------------------------------------------------------

total_steps = Card(
    id="finetune.total_steps",
    title="Chasse au bug : l'horaire d'une époque pour dix",
    statement="L'horaire du taux a besoin du nombre de pas de tout l'entraînement. Un lot a batch_size lignes, un pas attend accumulation lots, et l'on passe epochs fois sur les lignes. À chaque époque, le dernier lot compte même incomplet, le dernier pas aussi. Réparez ce code.",
    difficulty=2,
    minutes=3,
    hints=(
        "Que fait ce code de epochs ?",
        "Comptez les pas d'une époque, arrondis au-dessus, puis multipliez.",
    ),
    checks=(
        equals(
            name="compte toutes les époques",
            arguments=[44305, 8, 1, 10],
            expected=55390,
            hint="44 305 lignes en lots de 8 font 5 539 pas ; dix époques, 55 390.",
            mistakes=(
                (5539, "Ce sont les pas d'une seule époque : au pas suivant, le taux serait nul, et neuf époques sur dix n'apprendraient rien."),
                (5538, "Ce sont les pas d'une seule époque, et sans son dernier lot."),
                (55380, "Le dernier lot de chaque époque, incomplet, n'est pas compté."),
                (55382, "Les dix époques sont mises bout à bout avant de faire les lots : chacune finit par un lot incomplet."),
                (443050, "Ce sont les lignes lues : un pas en lit huit."),
                (55381.25, "Un nombre de pas est entier : chaque époque s'arrondit au-dessus."),
            ),
        ),
        equals(
            name="compte l'accumulation",
            arguments=[10, 4, 2, 1],
            expected=2,
            hint="Dix lignes font trois lots de 4 ; deux lots par pas, donc deux pas, le second d'un seul lot.",
            mistakes=(
                (3, "Ce sont les lots : un pas en attend deux."),
                (6, "L'accumulation multiplie : elle divise le nombre de pas."),
                (1, "Le second pas n'a qu'un lot, et compte quand même."),
                (1.25, "Un nombre de pas est entier : arrondissez au-dessus."),
                (1.5, "Un nombre de pas est entier : arrondissez au-dessus."),
            ),
        ),
        equals(
            name="arrondit à chaque époque",
            arguments=[6, 1, 4, 3],
            expected=6,
            hint="Six lots, quatre par pas : deux pas par époque, trois fois.",
            mistakes=((5, "L'arrondi est fait une fois pour toutes les époques : il se fait à chacune."),),
        ),
    ),
)  # fmt: skip


def _cosine(share: float) -> float:
    return 1.5 * (1 + math.cos(math.pi * share))


learning_rate = Card(
    id="finetune.learning_rate",
    title="Le taux, pas après pas",
    statement="Rendez le taux au pas step, de 0 à steps. Pendant les warmup premiers pas, il monte tout droit de 0 à peak. Ensuite il descend jusqu'à 0, au pas steps, selon peak × (1 + cos(π × t)) / 2, où t va de 0, à la fin de la montée, à 1. warmup peut être nul.",
    difficulty=2,
    minutes=4,
    hints=(
        "Deux cas : step < warmup, ou non.",
        "Pendant la montée : peak * step / warmup.",
        "Ensuite t = (step - warmup) / (steps - warmup), et math.cos, math.pi.",
    ),
    checks=(
        equals(
            name="monte tout droit",
            arguments=[5, 3.0, 10, 100],
            expected=1.5,
            tolerance=1e-9,
            hint="Au pas 5 d'une montée de 10, le taux est la moitié de 3.",
            mistakes=(
                (0.5, "C'est une part : multipliez par peak."),
                (1.8, "La montée est décalée d'un pas : au pas 0, le taux est nul."),
                (_cosine(0.05), "Il n'y a pas de montée : la descente commence au pas 0."),
                (0.15, "La montée dure tout l'entraînement : elle dure warmup pas."),
                (3.0, "Le taux est déjà au plus haut : il n'y arrive qu'au pas 10."),
            ),
        ),
        equals(
            name="est au plus haut à la fin de la montée",
            arguments=[10, 3.0, 10, 100],
            expected=3.0,
            tolerance=1e-9,
            hint="Au pas 10, t vaut 0 : le taux est peak.",
            mistakes=(
                (_cosine(0.1), "t compte les pas depuis le départ : comptez-les depuis la fin de la montée."),
                (1.0, "C'est une part : multipliez par peak."),
                (1.5, "C'est la moitié de ce qu'il faut : la formule divise par deux une somme qui vaut deux."),
                (6.0, "C'est le double : il manque la division par deux."),
                (0.0, "Le taux est déjà nul : la descente commence à peak."),
            ),
        ),
        equals(
            name="descend en cosinus",
            arguments=[32, 3.0, 10, 100],
            expected=_cosine(22 / 90),
            tolerance=1e-9,
            hint="Ici t = 22 / 90.",
            mistakes=(
                (3 * (1 - 22 / 90), "La descente est droite : c'est un cosinus qu'on demande."),
                (_cosine(0.32), "t compte les pas depuis le départ : comptez-les depuis la fin de la montée."),
                (_cosine(22 / 100), "t est divisé par steps : divisez par steps - warmup, la longueur de la descente."),
                (3 * math.cos(math.pi / 2 * 22 / 90), "C'est un quart de cosinus : la formule en demande une moitié."),
                (1.5 * (1 + math.cos(180 * 22 / 90)), "π est devenu 180 : math.cos compte en radians, et prend π × t."),
                (3.0, "Le taux ne descend pas."),
            ),
        ),
        equals(
            name="finit à zéro",
            arguments=[100, 3.0, 10, 100],
            expected=0.0,
            tolerance=1e-9,
            hint="Au dernier pas, t vaut 1 : le taux est nul.",
        ),
        equals(
            name="se passe de montée",
            arguments=[0, 3.0, 0, 100],
            expected=3.0,
            tolerance=1e-9,
            hint="Sans montée, le taux part de peak.",
            mistakes=((0.0, "Sans montée, le taux est nul au départ : il doit valoir peak."),),
        ),
    ),
)  # fmt: skip


# --- Le journal -----------------------------------------------------------------------------------------

logged_rows = Card(
    id="finetune.logged_rows",
    title="Ce que le journal ne dit pas",
    statement="Un journal donne une durée en secondes, un débit en lignes par seconde, et le nombre de passages faits sur les lignes. Rendez le nombre de lignes, arrondi à l'entier le plus proche.",
    difficulty=1,
    minutes=2,
    hints=("Une durée fois un débit est un compte.", "Ce compte est celui de tous les passages : divisez, puis round."),
    checks=(
        equals(
            name="retrouve les lignes jugées",
            arguments=[3.2996, 3.334, 1],
            expected=11,
            hint="3,2996 × 3,334 = 11,0009 : onze lignes.",
            mistakes=(
                (lambda got: abs(got - 3.2996 * 3.334) < 1e-9, "C'est un compte : arrondissez-le à l'entier."),
                (1, "La durée est divisée par le débit : multipliez-les."),
                (lambda got: abs(got - 3.2996 / 3.334) < 1e-9, "La durée est divisée par le débit : multipliez-les."),
                (7, "La durée et le débit sont additionnés : multipliez-les."),
            ),
        ),
        equals(
            name="compte une fois chaque ligne",
            arguments=[49.3342, 0.669, 3],
            expected=11,
            hint="Trente-trois lignes lues en trois passages : onze lignes.",
            mistakes=(
                (33, "Ce sont les lignes lues en trois passages : il y en a trois fois moins."),
                (99, "Le nombre de passages multiplie : il divise."),
            ),
        ),
        equals(
            name="arrondit au plus proche",
            arguments=[20.0, 0.769, 2],
            expected=8,
            hint="20 × 0,769 = 15,38 lignes lues en deux passages : 7,69 s'arrondit à 8.",
            mistakes=((7, "7,69 est devenu 7 : arrondissez au plus proche, une fois, à la fin."),),
        ),
        equals(
            name="n'arrondit pas toujours au-dessus",
            arguments=[10.0, 0.701, 1],
            expected=7,
            hint="7,01 s'arrondit à 7.",
            mistakes=((8, "7,01 est arrondi au-dessus : au plus proche, c'est 7."),),
        ),
    ),
)  # fmt: skip


# --- Bonus ----------------------------------------------------------------------------------------------

cut_sentences = Card(
    id="finetune.cut_sentences",
    title="Bonus · Chasse au bug : les phrases courtes jetées",
    statement="Ce code ne garde que les phrases d'au moins length tokens, et leur seul début. Réparez-le : chaque phrase est coupée en morceaux de length tokens au plus, dans l'ordre, sans perdre ni mêler quoi que ce soit. Une phrase vide ne donne aucun morceau.",
    difficulty=2,
    minutes=2,
    hints=(
        "Deux choses sont jetées : des phrases, et la fin des autres.",
        "range(0, len(row), length) donne le début de chaque morceau.",
    ),
    checks=(
        equals(
            name="garde les phrases courtes",
            arguments=[[[1, 2], [3, 4, 5, 6]], 4],
            expected=[[1, 2], [3, 4, 5, 6]],
            read=_lists,
            hint="La première phrase n'a que deux tokens, et se garde.",
            mistakes=(
                ([[3, 4, 5, 6]], "La phrase plus courte que length est jetée."),
                ([[1, 2]], "La phrase de quatre tokens est jetée."),
                ([[1, 2, 0, 0], [3, 4, 5, 6]], "La phrase courte est complétée : elle se garde telle quelle."),
                ([[1, 2, 3, 4], [5, 6]], "Les phrases sont mêlées : un morceau ne vient que d'une phrase."),
            ),
        ),
        equals(
            name="coupe les longues sans rien perdre",
            arguments=[[[1, 2, 3, 4, 5]], 2],
            expected=[[1, 2], [3, 4], [5]],
            read=_lists,
            hint="Cinq tokens font deux morceaux de 2, et un de 1.",
            mistakes=(
                ([[1, 2]], "Seul le début de la phrase est gardé."),
                ([[1, 2], [3, 4]], "Le dernier morceau, plus court, est perdu."),
                ([[1, 2], [2, 3], [3, 4], [4, 5]], "Les morceaux se chevauchent."),
                ([[1, 2, 3, 4, 5]], "La phrase n'est pas coupée."),
                ([[4, 5]], "Seule la fin de la phrase est gardée."),
            ),
        ),
        equals(
            name="ne mêle pas deux phrases",
            arguments=[[[1, 2, 3], [], [4], [5, 6]], 2],
            expected=[[1, 2], [3], [4], [5, 6]],
            read=_lists,
            hint="Le 3 et le 4 viennent de deux phrases. La phrase vide ne donne rien.",
            mistakes=(
                ([[1, 2], [3, 4], [5, 6]], "Le 3 et le 4 sont dans le même morceau : ils viennent de deux phrases."),
                ([[1, 2], [3], [], [4], [5, 6]], "La phrase vide a donné un morceau vide."),
            ),
        ),
    ),
)  # fmt: skip

save_interval = Card(
    id="finetune.save_interval",
    title="Bonus · Chasse au bug : rien n'est jamais enregistré",
    statement="Tous les combien de pas faut-il enregistrer, pour garder au moins saves points de reprise dans un entraînement de steps pas ? Le code répond toujours 500. Rendez le plus grand entier qui convient, et jamais moins de 1.",
    difficulty=1,
    minutes=2,
    hints=("Avec un intervalle de k pas, il y a steps // k points de reprise.", "Une division entière, et max(1, …)."),
    checks=(
        equals(
            name="enregistre dans un entraînement de quinze pas",
            arguments=[15, 2],
            expected=7,
            hint="Aux pas 7 et 14.",
            mistakes=(
                (500, "Tous les 500 pas : un entraînement de quinze pas finit avant, et rien n'est enregistré."),
                (15, "Une seule fois, à la fin : on en demande deux."),
                (2, "C'est le nombre de points de reprise : on demande l'intervalle."),
                (30, "Les pas sont multipliés : divisez-les."),
                (1, "À chaque pas : le plus grand intervalle qui convient est 7."),
                (8, "Tous les 8 pas, il n'y en a qu'un, au pas 8 : le suivant serait le 16. Arrondissez au-dessous."),
                (lambda got: 2 < got < 7, "C'est trop souvent : 7 suffit, aux pas 7 et 14."),
            ),
        ),
        equals(
            name="en garde au moins autant qu'on demande",
            arguments=[18, 5],
            expected=3,
            hint="Tous les 3 pas : 3, 6, 9, 12, 15.",
            mistakes=(
                (4, "Tous les 4 pas, il n'y en a que quatre : 4, 8, 12, 16."),
                (3.6, "Un nombre de pas est entier."),
                (2, "Tous les 2 pas conviendrait aussi, mais 3 est plus grand."),
            ),
        ),
        equals(
            name="ne s'arrête pas à 500",
            arguments=[2000, 2],
            expected=1000,
            hint="Deux mille pas, deux points de reprise : aux pas 1 000 et 2 000.",
            mistakes=((500, "Tous les 500 pas, il y en a quatre ; 1 000 est le plus grand intervalle qui en garde deux."),),
        ),
        equals(
            name="n'est jamais nul",
            arguments=[2, 5],
            expected=1,
            hint="Deux pas ne font pas cinq points de reprise : un à chaque pas.",
            mistakes=((0, "Un intervalle de 0 pas n'existe pas."),),
        ),
    ),
)  # fmt: skip

CARDS = (pack, padding_share, collate, total_steps, learning_rate, logged_rows, cut_sentences, save_interval)

QUIZZES = (
    Quiz(
        "finetune.pas",
        "800 blocs, des lots de 8, 2 époques. Combien de pas ?",
        (
            Option("100", False, "Ce sont ceux d'une époque : 800 / 8."),
            Option("200", True, "Cent lots par époque, un pas par lot, deux époques."),
            Option("1 600", False, "Ce sont les blocs lus : un pas en lit huit."),
        ),
    ),
    Quiz(
        "finetune.courbes",
        "L'erreur du lot descend encore ; celle de validation remonte depuis cent pas. Que faire ?",
        (
            Option("Continuer : l'erreur baisse.", False, "Celle du lot, oui. Le modèle retient ses pages, et devine moins bien les autres."),
            Option("Garder les poids du pas où la validation fut la plus basse.", True, "C'est ce que font l'arrêt précoce et load_best_model_at_end. Plus de texte aiderait davantage."),
            Option("Monter le taux pour sortir du creux.", False, "Rien n'est bloqué : le modèle apprend, mais par cœur."),
        ),
    ),
    Quiz(
        "finetune.journal",
        "Un journal annonce eval_loss 1,19 et train_loss 2,48. Le modèle généralise-t-il bien ?",
        (
            Option("Oui : la perte d'évaluation est plus basse.", False, "Elle l'est parce qu'elle est mesurée à la fin, sur les lignes apprises ; l'autre est une moyenne depuis le début."),
            Option("On n'en sait rien.", True, "Les mêmes onze lignes ont servi à apprendre et à juger. Il faut des lignes que le modèle n'a pas vues."),
            Option("Non : la perte devrait être nulle.", False, "Une perte nulle voudrait dire que le texte est su par cœur, et rien d'autre."),
        ),
    ),
)  # fmt: skip
