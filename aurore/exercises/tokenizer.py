"""Leçon 02, les fiches et les quiz : le BPE à la main, les étiquettes, et en bonus le coût d'un mot et le remplissage.

La bibliothèque de la leçon, lente à charger, ne l'est qu'au moment d'éprouver une réponse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show, show_arguments
from aurore.atelier.quiz import Option, Quiz
from aurore.show import french_number

# --- Compter les paires ---------------------------------------------------------------------------------


def _plain_dict(got: Any) -> Any:
    """Un Counter ou un defaultdict vaut un dictionnaire ; la liste de ses paires, non."""
    return dict(got) if isinstance(got, dict) else got


def _counts(*, name: str, words: dict, expected: dict, hint: str, mistakes: tuple = ()) -> Check:
    return equals(name=name, arguments=[words], expected=expected, hint=hint, mistakes=mistakes, read=_plain_dict)


count_pairs = Card(
    id="tokenizer.count_pairs",
    title="Compter les paires",
    statement='Chaque mot est donné comme un tuple de symboles, avec sa fréquence : {("l", "e", "s"): 3, …}. Rendez un dictionnaire qui dit, pour chaque paire de symboles voisins, combien de fois elle se présente dans le corpus. Un mot vu trois fois compte trois fois : {("l", "e", "s"): 3} donne {("l", "e"): 3, ("e", "s"): 3}.',
    difficulty=2,
    minutes=4,
    hints=(
        "Deux boucles : l'une sur les mots et leur fréquence (words.items()), l'autre sur les paires de voisins du mot.",
        "zip(symbols, symbols[1:]) met chaque symbole en face de son suivant.",
        "counts.get(pair, 0) rend le compte d'une paire, ou 0 si elle n'a pas encore été vue ; ajoutez-lui la fréquence du mot.",
    ),
    checks=(
        _counts(
            name="compte les voisins",
            words={("m", "o", "t", "s"): 1},
            expected={("m", "o"): 1, ("o", "t"): 1, ("t", "s"): 1},
            hint="Un mot de quatre symboles a trois paires de voisins : le premier et le deuxième, le deuxième et le troisième…",
            mistakes=(
                ({("m", "o"): 2, ("o", "t"): 2, ("t", "s"): 2}, "Chaque paire se présente une fois, et compte 2 : le compte d'une paire jamais vue part de 0, et la fréquence ne s'y ajoute qu'une fois."),
                ({"m": 1, "o": 1, "t": 1, "s": 1}, "Ce sont les symboles, un à un : comptez les couples de voisins."),
                (lambda got: isinstance(got, dict) and {*map(type, got)} == {str}, "Les clés sont des chaînes : une clé est un couple, (gauche, droite)."),
                (lambda got: {*map(type, got)} == {frozenset}, "Un ensemble perd l'ordre des deux symboles : une clé est un couple, (gauche, droite)."),
                ({("o", "m"): 1, ("t", "o"): 1, ("s", "t"): 1}, "Chaque paire est à l'envers : le symbole de gauche d'abord."),
                ({("m", "o"): 1, ("o", "t"): 1, ("s", "t"): 1}, "« t » vient avant « s » dans « mots » : une paire garde l'ordre du mot, (« t », « s »)."),
                (lambda got: ("m", "t") in got, "« m » et « t » ne sont pas voisins dans « mots »."),
                (lambda got: ("s", "m") in got, "« s » n'a pas de suivant, et la paire (« s », « m ») n'est pas dans « mots ». L'indice -1 désigne le dernier symbole : partez de l'indice 1, ou arrêtez-vous avant la fin."),
                ({("m", "o"): 1, ("t", "s"): 1}, "Une paire sur deux manque : « o » est à droite de « m », mais aussi à gauche de « t »."),
                ({("m", "o"): 1, ("o", "t"): 1}, "La dernière paire manque : pour n symboles, il y a n - 1 paires."),
            ),
        ),
        _counts(
            name="compte un mot autant de fois qu'il est fréquent",
            words={("l", "e"): 5, ("l", "a"): 2, ("l", "e", "s"): 3},
            expected={("l", "e"): 8, ("l", "a"): 2, ("e", "s"): 3},
            hint="« le » est vu cinq fois et « les » trois fois : la paire (« l », « e ») compte huit fois.",
            mistakes=(
                ({("l", "e"): 2, ("l", "a"): 1, ("e", "s"): 1}, "Chaque mot ne compte qu'une fois : ajoutez sa fréquence, et non 1."),
                ({("l", "e"): 3, ("l", "a"): 2, ("e", "s"): 3}, "Pour (« l », « e »), il ne reste que les 3 de « les » : ajoutez au compte (+=) au lieu de le remplacer (=)."),
                ({("l", "e"): 4, ("l", "a"): 1, ("e", "s"): 1}, "(« l », « a ») n'est que dans « la », vu deux fois, et compte 1 : la fréquence du mot s'ajoute dès la première fois qu'une paire se présente."),
                ({("l", "e"): 5}, "Il n'y a que la paire de « le », le premier mot : un « return » dans la boucle en sort dès le premier tour."),
                (lambda got: ("e", "l") in got, "(« e », « l ») va d'un mot au suivant : deux symboles ne sont voisins que dans un même mot."),
                ({("l", "e"): 5, ("l", "a"): 2, ("e", "s"): 3}, "Pour (« l », « e »), il n'y a que les 5 de « le » : ajoutez les 3 de « les »."),
            ),
        ),
        _counts(
            name="compte une paire chaque fois qu'elle revient dans un mot",
            words={("b", "o", "n", "b", "o", "n"): 2},
            expected={("b", "o"): 4, ("o", "n"): 4, ("n", "b"): 2},
            hint="Dans « bonbon », vu deux fois, la paire (« b », « o ») se présente quatre fois.",
            mistakes=(
                ({("b", "o"): 2, ("o", "n"): 2, ("n", "b"): 2}, "« bonbon » contient deux fois la paire (« b », « o »), et elle n'y est comptée qu'une fois. Un ensemble (set), par exemple, n'en garde qu'une."),
            ),
        ),
        _counts(
            name="compte les paires qui se chevauchent",
            words={("a", "a", "a"): 1},
            expected={("a", "a"): 2},
            hint="Dans « aaa », le premier et le deuxième « a » sont voisins, le deuxième et le troisième aussi : deux paires.",
        ),
        _counts(
            name="prend les symboles tels qu'ils sont, même longs",
            words={("Ch", "é", "ri"): 1},
            expected={("Ch", "é"): 1, ("é", "ri"): 1},
            hint="Les symboles peuvent avoir plusieurs lettres, des capitales, des accents : ce sont eux qu'on apparie, tels quels.",
            mistakes=(
                (lambda got: ("C", "h") in got, "« Ch » est un seul symbole, ici coupé en deux : parcourez le tuple lui-même."),
            ),
        ),
        _counts(
            name="ne trouve pas de paire dans un mot d'un seul symbole",
            words={("à",): 7, ("o", "n"): 2},
            expected={("o", "n"): 2},
            hint="Un symbole seul n'a pas de voisin : il n'ajoute aucune paire.",
        ),
    ),
)  # fmt: skip

# --- Fusionner une paire --------------------------------------------------------------------------------

merge_pair = Card(
    id="tokenizer.merge_pair",
    title="Fusionner une paire",
    statement='Rendez le tuple de symboles où la paire (gauche, droite) est remplacée, partout où elle se présente, par un seul symbole. On lit de gauche à droite, et un symbole ne sert qu\'une fois : ("a", "a", "a") devient ("aa", "a").',
    difficulty=3,
    minutes=5,
    hints=(
        "Parcourez les symboles avec un indice que vous avancez vous-même : une boucle « while » convient mieux qu'un « for ».",
        "Si symbols[i : i + 2] == pair, ajoutez le symbole fusionné et avancez de deux ; sinon, ajoutez symbols[i] et avancez d'un.",
        "symbols[i : i + 2] ne dépasse jamais la fin : au dernier symbole, la tranche n'en contient qu'un et n'est pas égale à la paire. Finissez par « return tuple(…) ».",
    ),
    checks=(
        equals(
            name="fusionne la paire",
            arguments=[("m", "o", "u", "l", "i", "n"), ("o", "u")],
            expected=("m", "ou", "l", "i", "n"),
            hint="« o » suivi de « u » devient « ou », et les autres symboles restent à leur place.",
            mistakes=(
                (["m", "ou", "l", "i", "n"], "Les symboles sont les bons, dans une liste : rendez tuple(…). Un tuple peut servir de clé à un dictionnaire, une liste non."),
                (str, "C'est une chaîne : rendez un tuple, un symbole par élément."),
                (lambda got: "lin" in got, "« l », « i » et « n » se sont collés, et seuls « o » et « u » devaient l'être. Un texte (join, replace, split) perd les limites des symboles : parcourez le tuple."),
                (lambda got: ("o", "u") in got, "La paire est restée un couple : collez ses deux symboles, gauche + droite."),
                (("m", "ou", "u", "l", "i", "n"), "« u » est fusionné, mais il est aussi gardé : après une fusion, avancez de deux symboles."),
                (("m", "ou", "u", "l", "i"), "Deux choses à la fois : « u » est fusionné, mais aussi gardé, et le dernier symbole manque. Une boucle « while », dont vous avancez l'indice de deux après une fusion et d'un sinon, répare les deux."),
                (("m", "ou", "l", "i"), "Le dernier symbole manque : il n'a pas de suivant, mais il faut le garder."),
                (lambda got: len(got) > 1 and {*"mlin"} - {*"".join(got)}, "Des symboles ont disparu : un symbole que rien ne fusionne reste, et l'on n'avance alors que d'un."),
                (lambda got: tuple(got) == ("m", "o", "u", "l", "i", "n"), "« o » et « u » sont toujours séparés. Comparez à la paire deux symboles à la fois : une tranche de tuple peut lui être égale, une tranche de liste jamais. Et tuple(…) sépare les lettres d'une chaîne."),
            ),
        ),
        equals(
            name="fusionne toutes les occurrences",
            arguments=[("b", "o", "n", "b", "o", "n"), ("o", "n")],
            expected=("b", "on", "b", "on"),
            hint="« on » se présente deux fois dans « bonbon », dont une à la fin.",
            mistakes=(
                (("b", "on", "b", "o", "n"), "Seule la première occurrence est fusionnée : continuez jusqu'au bout."),
                (("b", "o", "n", "b", "on"), "Seule la dernière occurrence est fusionnée : les deux doivent l'être."),
            ),
        ),
        equals(
            name="rend tel quel un mot où la paire n'est pas",
            arguments=[("O", "u", "i"), ("o", "u")],
            expected=("O", "u", "i"),
            hint="« O » n'est pas « o ». Sans la paire, les symboles sont rendus inchangés.",
            mistakes=((None, "Quand la paire n'y est pas, votre fonction rend None : rendez les symboles inchangés."),),
        ),
        equals(
            name="respecte l'ordre de la paire",
            arguments=[("d", "u", "o"), ("o", "u")],
            expected=("d", "u", "o"),
            hint="Dans « duo », « u » vient avant « o » : ce n'est pas la paire (« o », « u »).",
        ),
        equals(
            name="ne se sert d'un symbole qu'une fois",
            arguments=[("a", "a", "a"), ("a", "a")],
            expected=("aa", "a"),
            hint="Dans « aaa », le « a » du milieu ne peut servir qu'une fois.",
            mistakes=(
                (("aa", "aa"), "Deux fusions se chevauchent : le « a » du milieu a servi deux fois. Après une fusion, avancez de deux symboles."),
                (("a", "aa"), "Ce sont les deux derniers « a » qui sont fusionnés : on lit de gauche à droite."),
            ),
        ),
        equals(
            name="garde un symbole seul",
            arguments=[("à",), ("o", "u")],
            expected=("à",),
            hint="Un mot d'un seul symbole n'a pas de paire : il est rendu inchangé.",
        ),
        equals(
            name="compare des symboles entiers",
            arguments=[("ou", "r", "e", "u", "rs"), ("u", "r")],
            expected=("ou", "r", "e", "u", "rs"),
            hint="« ou » n'est pas « u », et « rs » n'est pas « r » : il n'y a rien à fusionner.",
            mistakes=(
                (lambda got: "our" in got, "« ou » finit par « u », mais c'est un autre symbole. Comparez des symboles entiers, et non du texte."),
                (lambda got: "urs" in got, "« rs » commence par « r », mais c'est un autre symbole. Comparez des symboles entiers, et non du texte."),
            ),
        ),
        equals(
            name="ne confond pas deux paires qui s'écrivent pareil",
            arguments=[("m", "ou", "t", "on"), ("mo", "u")],
            expected=("m", "ou", "t", "on"),
            hint="Collées, (« m », « ou ») et (« mo », « u ») s'écrivent pareil, mais ce sont deux paires : il n'y a rien à fusionner.",
            mistakes=(
                (("mou", "t", "on"), "« m » et « ou », collés, s'écrivent comme la paire, mais ne sont pas ses deux symboles. Comparez-les un à un."),
            ),
        ),
        equals(
            name="essaie chaque place",
            arguments=[("b", "a", "l", "l", "e"), ("l", "e")],
            expected=("b", "a", "l", "le"),
            hint="Dans « balle », le premier « l » n'est pas suivi de « e », et le second l'est.",
            mistakes=(
                (("b", "a", "l", "l", "e"), "Rien n'a été fusionné : le premier « l » n'est pas suivi de « e », mais le second l'est. Essayez chaque place, et n'avancez que d'un symbole tant que rien n'est fusionné ; index(…) ne rend que la première."),
            ),
        ),
        equals(
            name="ne lit pas un signe comme un motif",
            arguments=[("a", "u", ".", "."), (".", ".")],
            expected=("a", "u", ".."),
            hint="« . » est un symbole comme un autre : seuls les deux points se suivent.",
            mistakes=(
                (lambda got: got[0] == "..", "« a » et « u » sont devenus « .. » : dans un motif de re, un point veut dire « n'importe quel signe ». Comparez les symboles un à un, avec ==."),
            ),
        ),
        equals(
            name="rend vide un tuple vide",
            arguments=[(), ("o", "u")],
            expected=(),
            hint="Sans symbole, il n'y a rien à fusionner : rendez un tuple vide.",
        ),
    ),
)  # fmt: skip

# --- Chasse au bug : les étiquettes ---------------------------------------------------------------------


def _are_integers(function: Callable) -> None:
    """-100.0 vaut -100 pour Python, et `cross_entropy` le refuse : un seul nombre à virgule change tout le tenseur."""
    given = [[5, 6, 0], [7, 0, 0]], [[1, 1, 1], [1, 1, 0]]
    got = function(*given)
    rows = got.tolist() if hasattr(got, "tolist") else got
    wrong = next((value for row in rows for value in row if isinstance(value, float)), None)
    if wrong is not None:
        hint = f"{wrong} est un nombre à virgule : une étiquette est un entier, comme un identifiant ou -100."
        raise Mistake(show_arguments(list(given)), show(got), "[[5, 6, 0], [7, 0, -100]]", hint)


labels_for_language_modeling = Card(
    id="tokenizer.labels_for_language_modeling",
    title="Chasse au bug : les étiquettes",
    statement="Rendez les étiquettes d'un lot : les identifiants eux-mêmes, sauf sur le remplissage, où l'on met -100 : le modèle ne sera pas noté là. La fin d'un texte doit garder son étiquette, même quand elle porte le même identifiant que le remplissage.",
    difficulty=2,
    minutes=3,
    hints=(
        "L'identifiant ne dit pas si un token est du remplissage. Qu'est-ce qui le dit ?",
        "attention_mask a la même forme que input_ids : 1 sur un vrai token, 0 sur le remplissage.",
        "zip(row, mask) met chaque identifiant en face de son signe ; gardez l'identifiant si le signe vaut 1, mettez -100 sinon.",
    ),
    checks=(
        equals(
            name="garde tous les vrais tokens",
            arguments=[[[5, 6, 7], [8, 9, 4]], [[1, 1, 1], [1, 1, 1]]],
            expected=[[5, 6, 7], [8, 9, 4]],
            hint="Sans remplissage, les étiquettes sont les identifiants eux-mêmes.",
            mistakes=(
                (
                    [[-100] * 3] * 2,
                    "Tout est à -100, et rien ici n'est du remplissage : dans le masque, 1 marque un vrai token.",
                ),
                ([[1, 1, 1], [1, 1, 1]], "C'est le masque : rendez les identifiants, qu'il dit de garder."),
                ([[5, 6, -100], [8, 9, -100]], "Le dernier token de chaque ligne est masqué, et c'est un vrai token."),
                (
                    lambda got: [row[:2] for row in got] == [[6, 7], [9, 4]],
                    "Les étiquettes sont décalées d'un cran : le modèle fait ce décalage lui-même, ne le faites pas deux fois.",
                ),
                (
                    lambda got: any(-100 in row for row in got) and got[0][1:] != [5, 6],
                    "Un vrai token est à -100 : le masque vaut 1 partout, rien n'est à cacher.",
                ),
            ),
        ),
        equals(
            name="garde la fin du texte, même égale au remplissage",
            arguments=[[[5, 6, 0], [7, 0, 0]], [[1, 1, 1], [1, 1, 0]]],
            expected=[[5, 6, 0], [7, 0, -100]],
            hint="Le premier 0 de chaque ligne est la vraie fin du texte : il reste. Le second, dans la deuxième ligne, est du remplissage : -100.",
            mistakes=(
                (
                    [[5, 6, -100], [7, -100, -100]],
                    "C'est le bug : la vraie fin du texte est masquée avec le remplissage, et le modèle n'apprendra jamais à s'arrêter. Suivez le masque, et non l'identifiant.",
                ),
                (
                    [[5, 6, 0], [7, 0, 0]],
                    "Sur le remplissage, l'étiquette vaut 0, un identifiant comme un autre : le modèle serait noté là aussi, et apprendrait à remplir. Mettez -100.",
                ),
                ([[5, 6, 0], [7, 0]], "La deuxième ligne a perdu un signe : les étiquettes ont la forme de input_ids."),
            ),
        ),
        equals(
            name="met -100 quel que soit l'identifiant du remplissage",
            arguments=[[[5, 6, 2], [7, 2, 3]], [[1, 1, 1], [1, 1, 0]]],
            expected=[[5, 6, 2], [7, 2, -100]],
            hint="Ici la fin vaut 2 et le remplissage 3 : le masque suffit, quels que soient ces nombres.",
            mistakes=(([[5, 6, 2], [7, 2, 3]], "Le remplissage, ici 3, a gardé son identifiant. Suivez le masque."),),
        ),
        equals(
            name="suit le masque quand le remplissage est à gauche",
            arguments=[[[0, 0, 7, 0]], [[0, 0, 1, 1]]],
            expected=[[-100, -100, 7, 0]],
            hint="Ici le remplissage est à gauche : c'est le masque qui le dit, signe par signe, et non le nombre de tokens.",
            mistakes=(
                (
                    [[0, 0, -100, -100]],
                    "Les -100 sont à droite, et le remplissage à gauche : suivez le masque, signe par signe.",
                ),
                (
                    [[-100] * 4],
                    "Tout est à -100, alors que 7 et le dernier 0 sont de vrais tokens : le masque y vaut 1.",
                ),
                (
                    lambda got: len(got[0]) == 4 and any(label != -100 for label in got[0][:2]),
                    "Le masque vaut 0 sur les deux premiers tokens : tous deux reçoivent -100.",
                ),
            ),
        ),
        Check("rend des entiers", _are_integers),
    ),
)

# --- Apprendre les fusions ------------------------------------------------------------------------------

LEARNED = {"les": 5, "le": 4, "mes": 2, "es": 1}
TIED = {"on": 3, "un": 3, "in": 3, "az": 3, "an": 3, "en": 3}
NO_PAIR_LEFT = "Une fois « Le » fusionné, il n'y a plus de paire à fusionner : arrêtez-vous là, avec « break », et rendez ce qui est appris, même s'il y en a moins que count."


def _stops(function: Callable) -> None:
    """Chercher la meilleure de zéro paire lève une erreur : la piste dit alors ce que la propriété demande."""
    given = ({"Le": 1, "à": 5}, 10)
    try:
        got = function(dict(given[0]), given[1])
    except (ValueError, IndexError) as error:
        shown = f"{type(error).__name__} : {error}"
        raise Mistake("{'Le': 1, 'à': 5}, 10", shown, "[('L', 'e')]", NO_PAIR_LEFT) from error
    padded = (lambda got: None in got, "La liste contient None : rendez seulement les fusions apprises.")
    early: tuple[list, str] = (
        [],
        "« Le » n'est vu qu'une fois, mais c'est encore une paire : continuez tant qu'il en reste.",
    )
    compare(got, [("L", "e")], given, hint=NO_PAIR_LEFT, mistakes=(padded, early))


learn_merges = Card(
    id="tokenizer.learn_merges",
    title="Bonus · Apprendre les fusions",
    statement="Partez des mots découpés en caractères. À chaque tour, fusionnez partout la paire la plus fréquente, et retenez-la ; à égalité, prenez la plus petite paire dans l'ordre de Python. Rendez la liste des paires, dans l'ordre où elles ont été apprises : il y en a « count », ou moins s'il ne reste plus de paire.",
    difficulty=4,
    minutes=6,
    hints=(
        "{tuple(word): frequency for word, frequency in words.items()} découpe les mots en caractères. count_pairs et merge_pair font le reste.",
        "À chaque tour, dans cet ordre : compter, choisir, fusionner dans tous les mots, retenir. On compte de nouveau à chaque tour, car une fusion change les paires.",
        "min(counts, key=lambda pair: (-counts[pair], pair)) rend la paire la plus fréquente et, à égalité, la plus petite. S'il n'y a plus de paire, sortez de la boucle avec « break ».",
    ),
    checks=(
        equals(
            name="commence par la paire la plus fréquente",
            arguments=[LEARNED, 1],
            expected=[("l", "e")],
            hint="« le » et « les » contiennent (« l », « e ») : neuf fois en tout. C'est la paire à fusionner la première.",
            mistakes=(
                ([], "La liste est vide, et count vaut 1 : il faut une fusion par tour, range(count)."),
                (["le"], "Retenez la paire elle-même, (« l », « e »), et non le symbole fusionné."),
                ([(("l", "e"), 9)], "La paire est là, avec son compte, 9 : ne retenez que la paire."),
                ([("m", "e")], "(« m », « e ») ne se présente que deux fois, (« l », « e ») neuf : prenez le plus grand compte."),
                ([("e", "s")], "(« e », « s ») se présente huit fois, (« l », « e ») neuf : un mot compte autant de fois qu'il est fréquent."),
            ),
        ),
        equals(
            name="compte de nouveau après chaque fusion",
            arguments=[LEARNED, 3],
            expected=[("l", "e"), ("le", "s"), ("e", "s")],
            hint="Après la fusion de « le », le mot « les » est (« le », « s ») : sa paire se présente cinq fois. Puis vient (« e », « s »), trois fois.",
            mistakes=(
                ([("l", "e"), ("e", "s"), ("m", "e")], "Une fois « le » fusionné, (« e », « s ») ne se présente plus que trois fois, et (« le », « s ») cinq : comptez de nouveau à chaque tour."),
                (lambda got: got[:2] == [("l", "e")] * 2, "La même paire revient, alors qu'une fois fusionnée elle n'est plus nulle part. Partez de tuple(word), où merge_pair trouve la paire, et remplacez les mots par les mots fusionnés."),
                ([("l", "e"), ("le", "s"), ("l", "e")], "(« l », « e ») revient : il en reste après sa fusion. Une paire se fusionne dans tous les mots."),
                ([("l", "e")], "Il n'y a qu'une fusion, et count vaut 3. Un « return » dans la boucle l'arrête au premier tour."),
            ),
        ),
        equals(
            name="départage les ex æquo par l'ordre des paires",
            arguments=[TIED, 6],
            expected=[("a", "n"), ("a", "z"), ("e", "n"), ("i", "n"), ("o", "n"), ("u", "n")],
            hint="À égalité, le choix ne doit rien au hasard ni à l'ordre des mots : prenez la plus petite paire, min(…).",
            mistakes=(
                ([tuple(word) for word in TIED], "C'est l'ordre des mots. À égalité, prenez la plus petite paire : le résultat ne dépendra de rien d'autre."),
                (sorted(map(tuple, TIED), reverse=True), "À égalité, c'est la plus grande paire qui est prise. min((-compte, paire)) donne la plus fréquente et la plus petite."),
            ),
        ),
        Check("s'arrête quand il ne reste plus de paire", _stops),
        equals(
            name="ne regarde que le compte",
            arguments=[{"lac": 3, "la": 2, "mu": 4}, 2],
            expected=[("l", "a"), ("m", "u")],
            hint="(« l », « a ») se présente cinq fois ; puis (« m », « u ») quatre, et (« la », « c ») trois.",
            mistakes=(
                ([("l", "a"), ("la", "c")], "(« la », « c ») se présente trois fois, (« m », « u ») quatre : seul le compte décide, et non la longueur des symboles."),
            ),
        ),
        equals(
            name="départage des paires, et non des textes",
            arguments=[{"lac": 3, "lu": 3, "mu": 3, "la": 1}, 4],
            expected=[("l", "a"), ("l", "u"), ("la", "c"), ("m", "u")],
            hint="Une fois « la » fusionné, (« l », « u »), (« la », « c ») et (« m », « u ») se présentent trois fois. Python compare d'abord les symboles de gauche : « l » vient avant « la », et « la » avant « m ».",
            mistakes=(
                ([("l", "a"), ("la", "c"), ("l", "u"), ("m", "u")], "(« l », « u ») et (« la », « c ») sont à égalité, et la plus grande est prise. Collés, « lac » vient avant « lu » ; mais Python compare d'abord les symboles de gauche, et « l » vient avant « la »."),
            ),
        ),
        equals(
            name="compte et fusionne chaque fois qu'une paire revient dans un mot",
            arguments=[{"bonbon": 2, "le": 3}, 3],
            expected=[("b", "o"), ("bo", "n"), ("l", "e")],
            hint="Dans « bonbon », vu deux fois, (« b », « o ») se présente quatre fois, et ses deux « bo » se font au même tour ; « le » n'est vu que trois fois.",
            mistakes=(
                (lambda got: got[0] == ("l", "e"), "(« l », « e »), trois fois, est venue avant (« b », « o »), quatre fois : « bonbon » contient deux fois cette paire, et il est vu deux fois."),
            ),
        ),
        equals(
            name="n'apprend rien quand count vaut 0",
            arguments=[LEARNED, 0],
            expected=[],
            hint="On demande zéro fusion : rendez une liste vide. Le compte se vérifie avant la première fusion.",
        ),
    ),
)  # fmt: skip

# --- Découper un mot ------------------------------------------------------------------------------------

MERGES = [("o", "u"), ("l", "i"), ("li", "n"), ("m", "ou")]
FRENCH_MERGES = [("t", "é"), ("œ", "u"), ("r", "d"), ("'", "œ"), ("é", "té"), ("c", "œu"), ("h", "u"), ("u", "i")]
FRENCH_WORDS = ["été", "Été", "cœur", "l'œil", "aujourd’hui", "Où", "Noël", "5", ""]


def _gives_the_word_back(function: Callable) -> None:
    """Recoller les tokens rend le mot, à la lettre près."""
    for word in FRENCH_WORDS:
        got = function(word, list(FRENCH_MERGES))
        compare(
            "".join(got) if isinstance(got, list) else got,
            word,
            (word, FRENCH_MERGES),
            hint="Les tokens, recollés, doivent rendre le mot. Majuscules, accents, apostrophes et chiffres sont des caractères comme les autres.",
        )


encode_word = Card(
    id="tokenizer.encode_word",
    title="Bonus · Découper un mot",
    statement="Découpez un mot en tokens : partez de ses caractères, puis appliquez les fusions une à une, dans l'ordre où elles ont été apprises (merge_pair en applique une). Rendez la liste des tokens ; un caractère qu'aucune fusion ne touche reste un token à lui seul.",
    difficulty=2,
    minutes=3,
    hints=(
        "tuple(word) donne les caractères du mot ; merge_pair applique une fusion.",
        "Une seule boucle, sur les fusions et non sur les lettres : chaque tour part du résultat du précédent.",
        "symbols = merge_pair(symbols, pair) : sans « symbols = », la fusion est perdue. Rendez list(symbols) une fois la boucle finie.",
    ),
    checks=(
        equals(
            name="applique toutes les fusions, l'une après l'autre",
            arguments=["moulin", MERGES],
            expected=["mou", "lin"],
            hint="m o u l i n, puis m ou l i n, puis m ou li n, puis m ou lin, puis mou lin.",
            mistakes=(
                (lambda got: [*got] == ["m", "o", "u", "lin"], "« o » et « u » ne sont pas fusionnés : la première fusion n'a rien fait. merge_pair ne trouve rien dans une liste : partez de tuple(word), et de la première fusion."),
                (("mou", "lin"), "C'est un tuple : rendez list(…)."),
                (["moulin"], "Le mot n'est pas découpé : partez de ses caractères, tuple(word)."),
                (str, "C'est une chaîne : rendez la liste des tokens, sans les recoller."),
                (["m", "ou", "li", "n"], "« lin » ne peut se faire qu'après « li », et « mou » qu'après « ou » : suivez l'ordre de la liste, et partez chaque fois du résultat précédent."),
                (["m", "ou", "lin"], "« mou » manque : (« m », « ou »), la dernière de la liste, vient après (« o », « u »). Appliquez-les toutes, dans l'ordre de la liste."),
                (["m", "ou", "l", "i", "n"], "Seule la première fusion est faite. Un « return » dans la boucle l'arrête au premier tour."),
                (list("moulin"), "Les lettres sont toujours séparées : chaque tour doit partir du résultat du précédent, symbols = merge_pair(symbols, pair)."),
            ),
        ),
        equals(
            name="garde les caractères qu'aucune fusion ne touche",
            arguments=["zoumoulou", MERGES],
            expected=["z", "ou", "mou", "l", "ou"],
            hint="« z » et « l » ne fusionnent avec rien : ils restent des tokens à eux seuls.",
            mistakes=(
                (["ou", "mou", "ou"], "« z » et « l » ont disparu : un caractère qu'aucune fusion ne touche reste un token à lui seul."),
                (["z", "ou", "m", "o", "u", "l", "o", "u"], "La première paire « ou » est fusionnée, les autres non : une fusion vaut pour toutes les occurrences."),
                (["z", "ou", "m", "ou", "l", "ou"], "(« m », « ou »), la dernière fusion, n'est pas faite. (« l », « i ») ne trouve rien ici : les fusions suivantes s'appliquent quand même."),
            ),
        ),
        equals(
            name="fait passer d'abord la fusion apprise la première",
            arguments=["les", [("e", "s"), ("l", "e")]],
            expected=["l", "es"],
            hint="(« e », « s ») fut apprise avant (« l », « e ») : elle prend le « e » la première.",
            mistakes=(
                (["les"], "« l » et « es » se sont soudés, alors que (« l », « e ») ne vaut que pour les symboles « l » et « e ». Comparez des symboles entiers, et non du texte."),
                (["le", "s"], "(« l », « e ») a pris le « e », mais (« e », « s ») fut apprise avant : c'est l'ordre d'apprentissage qui décide. Parcourez les fusions, et non les lettres."),
            ),
        ),
        equals(
            name="ne fusionne que des symboles entiers",
            arguments=["ours", [("o", "u"), ("u", "r")]],
            expected=["ou", "r", "s"],
            hint="Une fois « ou » fait, il n'y a plus de symbole « u » : (« u », « r ») ne trouve rien.",
        ),
        Check("se recolle en rendant le mot", _gives_the_word_back),
        equals(
            name="garde toutes les fusions d'un même symbole",
            arguments=["lelalu", [("l", "e"), ("l", "a"), ("l", "u")]],
            expected=["le", "la", "lu"],
            hint="« l » commence trois fusions, et les trois s'appliquent.",
            mistakes=(
                (["l", "e", "l", "a", "lu"], "Il n'y a que (« l », « u ») : « l » commence trois fusions, et un dictionnaire n'en garde qu'une par clé."),
            ),
        ),
        equals(
            name="lit de gauche à droite",
            arguments=["aaa", [*MERGES, ("a", "a")]],
            expected=["aa", "a"],
            hint="Comme dans merge_pair, la fusion se fait de gauche à droite : les deux premiers « a » d'abord.",
        ),
        equals(
            name="rend les lettres quand il n'y a pas de fusion",
            arguments=["eau", []],
            expected=["e", "a", "u"],
            hint="Sans fusion, chaque caractère est un token.",
        ),
        equals(
            name="ne rend rien d'un mot vide", arguments=["", MERGES], expected=[], hint="Un mot vide n'a pas de token."
        ),
    ),
)  # fmt: skip

# --- Ce que coûte un mot --------------------------------------------------------------------------------

TEXT = "L'eau dort, l'été : le moulin dort."
WORDS = 8  # l, eau, dort, l, été, le, moulin, dort


@cache
def _tokenizer(vocab_size: int) -> Any:
    """Un vrai tokenizer, tout petit : il s'appelle comme celui du carnet, de toutes les façons que transformers admet."""
    from aurore.tokenizer import train_tokenizer

    return train_tokenizer([TEXT * 3, "le moulin de la meunière"], vocab_size)


def _other_count(got: Any, tokens: int, hint: str = "") -> tuple:
    """Un coût qui est un nombre entier de tokens pour les mots de `TEXT` : il dit combien ont été comptés."""
    counted = got * WORDS if isinstance(got, float) else 0.5
    what = (
        f"{counted:.0f} tokens sont comptés, et ce tokenizer en rend {tokens} : tous comptent, et rien d'autre. {hint}"
    )
    return lambda got: 0 < counted < 2 * tokens and float(counted).is_integer(), what.strip()


def _costs(function: Callable) -> None:
    tokenizer = _tokenizer(275)
    ids = tokenizer(TEXT)["input_ids"]
    got = function(tokenizer, TEXT)
    found = "l eau dort l été le moulin dort".split()
    alone, spaced = (sum(len(tokenizer(space + word)["input_ids"]) for word in found) for space in ("", " "))
    compare(
        got,
        len(ids) / WORDS,
        f"tokenizer, {TEXT!r}",
        hint=f"Le texte a {len(ids)} tokens et {WORDS} mots : l, eau, dort, l, été, le, moulin, dort.",
        mistakes=(
            (
                2 / WORDS,
                "C'est 2 divisé par le nombre de mots : tokenizer(text) est un dictionnaire de deux clés, input_ids et attention_mask. Comptez la liste d'identifiants.",
            ),
            (
                1 / WORDS,
                "C'est 1 divisé par le nombre de mots : un lot d'un seul texte n'a qu'une ligne. Comptez ses identifiants.",
            ),
            (
                spaced / WORDS,
                f"{spaced} tokens pour {WORDS} mots, et le texte en a {len(ids)} : c'est ce que coûteraient les mots découpés un à un, chacun avec son espace. Découpez le texte entier, d'un seul tenant.",
            ),
            (
                WORDS / len(ids),
                "La division est à l'envers : ce sont des mots par token. Divisez les tokens par les mots.",
            ),
            (len(TEXT) / WORDS, "Ce sont des caractères par mot : comptez les tokens."),
            (len(ids) / len(TEXT), "Ce sont des tokens par caractère : divisez par le nombre de mots."),
            (sum(ids) / WORDS, "Les identifiants sont additionnés : comptez-les, avec len(…)."),
            (len(TEXT) / len(ids), "Ce sont des caractères par token. Ici, on divise les tokens par les mots."),
            (len(ids), "C'est le nombre de tokens : divisez-le par le nombre de mots."),
            (
                alone / WORDS,
                "C'est ce que coûtent les mots découpés un à un, sans les espaces ni la ponctuation. Découpez le texte entier, d'un seul tenant.",
            ),
            (
                len(ids) / len(TEXT.split()),
                "Le texte a huit mots et non sept : « l'eau » en fait deux. Prenez words(text).",
            ),
            (
                len(ids) / 6,
                "Le texte a huit mots, et non six : un mot répété, comme « dort », ou d'une seule lettre, comme « l », compte chaque fois.",
            ),
            (
                len({*ids}) / WORDS,
                f"{len({*ids})} tokens sont comptés, et le texte en a {len(ids)} : comptez-les tous, répétitions et ponctuation comprises.",
            ),
            (len(tokenizer) / WORDS, "len(tokenizer) est la taille du vocabulaire, pas celle du texte."),
            (
                lambda got: got in (len(ids) // WORDS, round(len(ids) / WORDS)),
                f"{len(ids)} tokens divisés par {WORDS} mots font {french_number(len(ids) / WORDS, 3)}"
                " : il manque les décimales. « // », int(…) et round(…) les ôtent, « / » les garde.",
            ),
            _other_count(got, len(ids)),
        ),
        tolerance=1e-9,
    )


def _uses_its_tokenizer(function: Callable) -> None:
    tokenizer = _tokenizer(266)
    cost = len(tokenizer(TEXT)["input_ids"])
    hint = f"Ce second tokenizer coupe le même texte en {cost} tokens : c'est le paramètre « tokenizer » qui compte."
    got = function(tokenizer, TEXT)
    compare(
        got,
        cost / WORDS,
        f"un autre tokenizer, {TEXT!r}",
        hint=hint,
        mistakes=(_other_count(got, cost, hint),),
        tolerance=1e-9,
    )


def _reads_the_whole_text(function: Callable) -> None:
    tokenizer, text = _tokenizer(275), "  L'EAU dort.\n\nLe moulin dort.\n"
    cost = len(tokenizer(text)["input_ids"])
    hint = f"Ce texte, tel qu'il est, a {cost} tokens et six mots. Espaces, fins de ligne et capitales se comptent : donnez-le au tokenizer sans y toucher."
    compare(function(tokenizer, text), cost / 6, f"tokenizer, {text!r}", hint=hint, tolerance=1e-9)


def _has_no_word(function: Callable) -> None:
    compare(
        function(_tokenizer(275), "… — ?"), 0.0, "tokenizer, '… — ?'", hint="« … — ? » n'a pas de mot : rendez 0.0."
    )


tokens_per_word = Card(
    id="tokenizer.tokens_per_word",
    title="Bonus · Ce que coûte un mot",
    statement='Rendez le nombre moyen de tokens par mot d\'un texte. tokenizer(text)["input_ids"] donne les identifiants du texte entier, words(text) donne ses mots. Un texte sans aucun mot rend 0.0.',
    difficulty=1,
    minutes=2,
    hints=(
        "C'est une division : le nombre d'identifiants par le nombre de mots.",
        "len(…) compte une liste. Prenez-la bien : tokenizer(text) est un dictionnaire, c'est sa clé « input_ids » qu'il faut compter.",
        "Avant de diviser : si la liste des mots est vide, rendez 0.0.",
    ),
    checks=(
        Check("divise les tokens du texte par ses mots", _costs),
        Check("se sert du tokenizer qu'on lui donne", _uses_its_tokenizer),
        Check("donne au tokenizer le texte tel qu'il est", _reads_the_whole_text),
        Check("rend 0.0 quand il n'y a pas de mot", _has_no_word),
    ),
)

# --- Remplir un lot -------------------------------------------------------------------------------------

UNEVEN = [[5, 6, 7], [8], [9, 4]]
RIGHT_ROWS, RIGHT_MASKS = [[5, 6, 7], [8, 1, 1], [9, 4, 1]], [[1, 1, 1], [1, 0, 0], [1, 1, 0]]
LEFT_ROWS, LEFT_MASKS = [[5, 6, 7], [1, 1, 8], [1, 9, 4]], [[1, 1, 1], [0, 0, 1], [0, 1, 1]]


def _pair(got: Any) -> Any:
    """Deux listes se rendent aussi bien dans une liste que dans un tuple."""
    return tuple(got) if isinstance(got, list) else got


def _are_uneven(got: Any) -> bool:
    return len({len(row) for row in got[0]}) > 1


_NOT_ALIGNED = "Les suites n'ont pas toutes la même longueur : chacune doit avoir celle de la plus longue, où que soit celle-ci dans le lot."


def _repeats_a_row(rows: list) -> bool:
    return all(isinstance(row, list) for row in rows) and len({id(row) for row in rows}) < len(rows)


pad_batch = Card(
    id="tokenizer.pad_batch",
    title="Bonus · Remplir un lot",
    statement='Mettez toutes les suites à la longueur de la plus longue, en ajoutant pad_id à droite, ou à gauche si side vaut "left". Rendez deux listes : les suites remplies, et leurs masques, où 1 marque un vrai token et 0 le remplissage. Avec pad_id égal à 0, [[5, 6], [7]] donne [[5, 6], [7, 0]] et [[1, 1], [1, 0]].',
    difficulty=3,
    minutes=4,
    hints=(
        "Cherchez d'abord la longueur de la plus longue suite. À chacune, il manque « longueur - len(suite) » tokens.",
        "[pad_id] * 3 est une liste de trois pad_id ; sequence + [pad_id] * 3 est une liste nouvelle, sequence ne change pas.",
        "Le masque se fait comme la suite, avec des 1 et des 0 : [1] * len(sequence) + [0] * missing. Ne le tirez pas des identifiants : un vrai token peut être égal à pad_id.",
    ),
    checks=(
        equals(
            name="remplit à droite jusqu'à la plus longue",
            arguments=[UNEVEN, 1],
            expected=(RIGHT_ROWS, RIGHT_MASKS),
            hint="Chaque suite doit avoir trois tokens, comme la plus longue, et son masque trois signes.",
            mistakes=(
                (tuple(RIGHT_ROWS), "Ce sont les suites remplies ; il manque leurs masques : « return ids, masks »."),
                ((*RIGHT_ROWS, *RIGHT_MASKS), "Les suites et les masques sont mis bout à bout : « return ids, masks » garde les deux listes à part."),
                (lambda got: any(isinstance(token, list) for row in got[0] for token in row), "Une suite contient une liste : append ajoute la liste entière, += ajoute ses éléments."),
                ((RIGHT_MASKS, RIGHT_ROWS), "Les deux listes sont les bonnes, échangées : les suites d'abord."),
                (lambda got: [*map(tuple, got)] == [*zip(RIGHT_ROWS, RIGHT_MASKS, strict=True)], "Ce sont des couples, une suite et son masque : rendez toutes les suites, puis tous les masques."),
                (dict, "C'est un dictionnaire : rendez deux listes, « return ids, masks »."),
                (lambda got: _repeats_a_row(got[1]) or _repeats_a_row(got[0]), "Plusieurs lignes sont une seule et même liste : changer l'une change les autres. [[0] * 3] * 2 répète ainsi une ligne ; faites-en une neuve à chaque tour."),
                (_are_uneven, _NOT_ALIGNED),
                (lambda got: got[0] == [[5], [8], [9]], "Des tokens ont été coupés : c'est à la plus longue suite qu'il faut s'aligner, pas à la plus courte."),
                (lambda got: min(map(len, got[0])) > 3, "Chaque suite a plus de tokens que la plus longue du lot, qui en a trois : le reste serait du calcul jeté. Prenez max(…) des longueurs."),
                (lambda got: got[1] == [[0, 0, 0], [0, 1, 1], [0, 0, 1]], "Le masque est à l'envers : 1 dit « regarde », 0 dit « ignore »."),
                (lambda got: got[1] == [[1, 1, 1]] * 3, "Le masque vaut 1 partout : il doit valoir 0 sur le remplissage."),
                (lambda got: got[0] == [[5, 6, 7], [8, 0, 0], [9, 4, 0]], "Le remplissage vaut 0 : c'est pad_id qu'il faut mettre, ici 1."),
                (lambda got: got[0] == LEFT_ROWS, "Le remplissage est à gauche, alors que side vaut « right »."),
                (lambda got: sorted(got[0]) == RIGHT_ROWS != got[0], "Les suites ont changé de rang : rendez-les dans l'ordre où elles sont venues."),
            ),
            read=_pair,
        ),
        equals(
            name="remplit à gauche quand on le demande",
            arguments=[UNEVEN, 1, "left"],
            expected=(LEFT_ROWS, LEFT_MASKS),
            hint='Avec side="left", le remplissage vient avant la suite, et le masque aussi commence par des 0.',
            mistakes=(
                (lambda got: got[0] == RIGHT_ROWS, "Le remplissage est à droite, alors que side vaut « left »."),
                (lambda got: got[0] == [row[::-1] for row in RIGHT_ROWS], "Le remplissage est à gauche, mais chaque suite est à l'envers : ajoutez les pad_id devant, sans la retourner."),
                (lambda got: got[0] == LEFT_ROWS and got[1] == RIGHT_MASKS, "Les suites sont remplies à gauche, mais leurs masques à droite : les deux vont ensemble."),
            ),
            read=_pair,
        ),
        equals(
            name="laisse à 1 un vrai token égal au remplissage",
            arguments=[[[5, 0], [7, 8, 0]], 0],
            expected=([[5, 0, 0], [7, 8, 0]], [[1, 1, 0], [1, 1, 1]]),
            hint="Le 0 qui finit chaque suite est un vrai token, la fin du texte : son masque vaut 1.",
            mistakes=(
                (_are_uneven, _NOT_ALIGNED),
                (lambda got: got[1] == [[1, 0, 0], [1, 1, 0]], "Le masque met 0 sur la vraie fin du texte, égale à pad_id. Faites-le d'après les longueurs, et non les identifiants."),
            ),
            read=_pair,
        ),
        equals(
            name="garde les suites vides et les doubles, à leur rang",
            arguments=[[[3], [], [9, 4], [3]], 0],
            expected=([[3, 0], [0, 0], [9, 4], [3, 0]], [[1, 0], [0, 0], [1, 1], [1, 0]]),
            hint="Quatre suites entrent, quatre sortent, dans le même ordre : une suite vide se remplit aussi.",
            read=_pair,
        ),
    ),
)  # fmt: skip

# --- Les mots à ajouter ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Split:
    """Un découpage de poche : par quatre signes après une espace, par deux au début d'un texte."""

    def __call__(self, text: str) -> list[str]:
        size = 4 if text.startswith(" ") else 2
        return [text[i : i + size].replace(" ", "Ġ") for i in range(0, len(text), size)]

    def __repr__(self) -> str:
        return "split"


FREQUENCIES = {"la": 90, "aubergiste": 5, "moulin": 40, "sabotier": 12, "meunière": 12, "marionnettiste": 1}

words_to_add = Card(
    id="tokenizer.words_to_add",
    title="Bonus · Les mots à ajouter",
    statement="Rendez les mots qui se découpent en trois tokens ou plus, du plus fréquent au moins fréquent, how_many au plus ; à fréquence égale, dans l'ordre de Python. split(texte) rend les tokens d'un texte. Un mot est presque toujours précédé d'une espace : découpez-le avec elle.",
    difficulty=2,
    minutes=4,
    hints=(
        "Trois temps : garder les mots coûteux, les ranger, couper la liste.",
        'split(" " + word) découpe le mot avec son espace ; len(…) >= 3 dit s\'il est coûteux.',
        "sorted(mots, key=lambda word: (-counts[word], word)) range du plus fréquent au moins fréquent, puis dans l'ordre de Python.",
    ),
    checks=(
        equals(
            name="garde les mots coûteux, et eux seuls",
            arguments=[FREQUENCIES, _Split(), 10],
            expected=["meunière", "sabotier", "aubergiste", "marionnettiste"],
            hint="« la » coûte un token et « moulin » deux ; les quatre autres en coûtent trois ou plus.",
            mistakes=(
                (None, "Votre fonction a rendu None : il manque un « return », ou c'est ce que rend .sort(), qui range sur place ; sorted(…) rend une liste."),
                (lambda got: "la" in got, "« la » ne coûte qu'un token : gardez les mots que split, avec leur espace, coupe en trois tokens ou plus."),
                (lambda got: "Ġla" in got, "« Ġla » est un token que le tokenizer possède déjà : l'ajouter n'ajouterait rien. Rendez des mots entiers."),
                (lambda got: "Ġmeunière" in got, "« Ġ » est une écriture interne : un token ajouté s'écrit comme dans le texte, sans elle."),
                (lambda got: " meunière" in got, "L'espace sert à découper le mot, mais n'en fait pas partie : rendez « meunière », et non « meunière » précédé d'une espace."),
                (lambda got: "moulin" in got and "la" not in got, "« moulin » ne coûte que deux tokens dans un texte, « Ġmou » et « lin ». Découpez le mot avec l'espace qui le précède, et gardez ceux qui en coûtent trois ou plus."),
                (lambda got: isinstance(got, list) and dict(got)["sabotier"] == 12, "Chaque mot est venu avec sa fréquence, dans un couple : ne rendez que les mots."),
                (["marionnettiste"], "« meunière » coûte trois tokens, « Ġmeu », « nièr » et « e », et trois suffisent : comptez-les tous, et comparez avec >= 3."),
                (["aubergiste", "sabotier", "meunière", "marionnettiste"], "Les mots sont les bons, mais dans l'ordre de counts : rangez-les par fréquence."),
                (["marionnettiste", "aubergiste", "meunière", "sabotier"], "Les mots sont les bons, mais les plus rares viennent d'abord : rangez par (-counts[word], word)."),
                (["sabotier", "meunière", "aubergiste", "marionnettiste"], "« meunière » et « sabotier » sont aussi fréquents : à égalité, l'ordre est celui de Python. Rangez par (-counts[word], word) ; reverse=True retournerait aussi l'alphabet."),
            ),
        ),
        equals(
            name="n'en rend pas plus qu'on n'en demande",
            arguments=[FREQUENCIES, _Split(), 2],
            expected=["meunière", "sabotier"],
            hint="On en demande deux : les deux mots coûteux les plus fréquents.",
            mistakes=(
                (lambda got: len(got) > 2, "La liste est trop longue : coupez-la à how_many, [:how_many]."),
                ([], "La liste est vide. Les deux mots les plus fréquents ne sont pas coûteux : gardez d'abord les mots coûteux, coupez ensuite."),
            ),
        ),
        equals(
            name="à égalité, suit l'ordre de Python",
            arguments=[
                {"étourderie": 3, "voiturier": 3, "aubergiste": 3, "Zéphirine": 3},
                _Split(),
                10,
            ],
            expected=["Zéphirine", "aubergiste", "voiturier", "étourderie"],
            hint="Python range les capitales avant les minuscules, et les lettres accentuées après « z » : comparez les mots tels quels.",
        ),
        equals(
            name="range par fréquence, quel que soit le coût",
            arguments=[{"anticonstitutionnellement": 4, "aubergiste": 5}, _Split(), 10],
            expected=["aubergiste", "anticonstitutionnellement"],
            hint="« anticonstitutionnellement » coûte plus de tokens, mais « aubergiste » est plus fréquent : il vient d'abord.",
        ),
        equals(
            name="n'en rend aucun quand how_many vaut 0",
            arguments=[FREQUENCIES, _Split(), 0],
            expected=[],
            hint="On n'en demande aucun : rendez une liste vide.",
        ),
    ),
)  # fmt: skip

CARDS = (
    count_pairs,
    merge_pair,
    labels_for_language_modeling,
    learn_merges,
    encode_word,
    tokens_per_word,
    pad_batch,
    words_to_add,
)


QUIZZES = (
    Quiz(
        "tokenizer.inconnu",
        "Le mot « zythum » n'est dans aucun livre du corpus. Qu'en fait un BPE par octets ?",
        (
            Option(
                "Il le remplace par un token « inconnu ».",
                False,
                "C'est ce que font les tokenizers par mots. Un BPE par octets n'a pas de token inconnu, parce qu'il n'en a pas besoin.",
            ),
            Option(
                "Il le découpe en morceaux plus petits, au pire octet par octet.",
                True,
                "Les 256 octets sont dans le vocabulaire : tout ce qui s'écrit se découpe, et se recolle à l'identique. Le mot coûte seulement plus de tokens.",
            ),
            Option("Il s'arrête sur une erreur.", False, "Aucun texte ne le fait échouer, pas même un emoji."),
        ),
    ),
    Quiz(
        "tokenizer.numeros",
        "Vous prenez le tokenizer d'un modèle, et les poids d'un autre. Le vocabulaire a la même taille. Que se passe-t-il ?",
        (
            Option(
                "Rien : un tokenizer en vaut un autre.",
                False,
                "Le numéro 400 ne désigne pas le même morceau chez l'un et chez l'autre.",
            ),
            Option(
                "Une erreur au premier lot.",
                False,
                "Tous les numéros ont leur ligne dans la table : rien ne se plaint, et c'est ce qui rend la méprise si durable.",
            ),
            Option(
                "Le modèle lit un texte sans queue ni tête.",
                True,
                "Chaque numéro va chercher le vecteur d'un autre morceau. On garde le tokenizer avec son modèle, ou l'on réapprend les deux.",
            ),
        ),
    ),
    Quiz(
        "tokenizer.fin",
        "Après l'entraînement, votre modèle n'écrit jamais <|endoftext|> et ne s'arrête jamais. Où regardez-vous d'abord ?",
        (
            Option(
                "La température.",
                False,
                "Elle étale ou resserre les chances. Elle n'en donne pas à un token que l'apprentissage a fait taire.",
            ),
            Option(
                "Les étiquettes : la fin y est-elle, ou y a-t-il -100 à sa place ?",
                True,
                "Quand le remplissage et la fin ont le même identifiant, masquer l'un masque l'autre. Comptez les fins qui restent dans les étiquettes.",
            ),
            Option(
                "La taille du vocabulaire.",
                False,
                "Le token de fin est toujours dans le vocabulaire, quelle qu'en soit la taille.",
            ),
        ),
    ),
)
