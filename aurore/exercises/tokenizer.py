"""Leçon 02, les exercices : le BPE à la main, le coût d'un mot, le remplissage, les étiquettes, les mots ajoutés.

Chaque fiche porte aussi les réponses fausses qu'elle doit refuser, chacune avec la piste prévue pour elle, et
des réponses justes différentes de la référence, qu'elle doit accepter. Les premières réponses justes servent
d'outils aux réponses des fiches suivantes : ce module n'importe pas la bibliothèque, lente à charger.
"""

import re
from collections import UserDict
from dataclasses import dataclass

from aurore.atelier.cards import Card, Check, Mistake, equals
from aurore.atelier.differences import same, show, show_arguments
from aurore.atelier.quiz import Option, Quiz

# --- Compter les paires ---------------------------------------------------------------------------------


def _any_dict(check: Check) -> Check:
    """La même vérification, où Counter et defaultdict valent un dictionnaire."""

    def test(function):
        def plain(words):
            got = function(words)
            return dict(got) if isinstance(got, dict) else got

        check.test(plain)

    return Check(check.name, test)


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
    checks=tuple(
        _any_dict(check)
        for check in (
            equals(
                name="compte les voisins",
                arguments=[{("m", "o", "t", "s"): 1}],
                expected={("m", "o"): 1, ("o", "t"): 1, ("t", "s"): 1},
                hint="Un mot de quatre symboles a trois paires de voisins : le premier et le deuxième, le deuxième et le troisième…",
                mistakes=(
                    (lambda got: "mo" in got, "Les clés sont des chaînes : gardez le couple, (gauche, droite)."),
                    (
                        lambda got: ("m", "t") in got,
                        "« m » et « t » ne sont pas voisins dans « mots » : ne comptez que les symboles qui se suivent.",
                    ),
                    (
                        lambda got: ("s", "m") in got,
                        "Le dernier symbole s'est retrouvé à côté du premier : symbols[-1] est le dernier. Commencez à l'indice 1, ou arrêtez-vous avant la fin.",
                    ),
                    (
                        lambda got: ("o", "t") not in got and ("t", "s") in got,
                        "Une paire sur deux manque : avancez d'un symbole à la fois, car « o » est à droite de « m » et à gauche de « t ».",
                    ),
                    (
                        lambda got: ("t", "s") not in got and ("o", "t") in got,
                        "La dernière paire manque : pour n symboles, il y a n - 1 paires.",
                    ),
                ),
            ),
            equals(
                name="compte un mot autant de fois qu'il est fréquent",
                arguments=[{("l", "e"): 5, ("l", "a"): 2, ("l", "e", "s"): 3}],
                expected={("l", "e"): 8, ("l", "a"): 2, ("e", "s"): 3},
                hint="« le » est vu cinq fois et « les » trois fois : la paire (« l », « e ») compte huit fois.",
                mistakes=(
                    (
                        lambda got: got[("l", "e")] == 2,
                        "Chaque mot ne compte qu'une fois : ajoutez sa fréquence, et non 1.",
                    ),
                    (
                        lambda got: got[("l", "e")] == 3,
                        "Le compte de « le » est écrasé par celui de « les » : ajoutez au compte (+=) au lieu de le remplacer (=).",
                    ),
                ),
            ),
            equals(
                name="compte une paire chaque fois qu'elle revient dans un mot",
                arguments=[{("b", "o", "n", "b", "o", "n"): 2}],
                expected={("b", "o"): 4, ("o", "n"): 4, ("n", "b"): 2},
                hint="Dans « bonbon », vu deux fois, la paire (« b », « o ») se présente quatre fois.",
                mistakes=(
                    (
                        lambda got: got[("b", "o")] == 2,
                        "« bonbon » contient deux fois la paire (« b », « o ») : un ensemble (set) n'en garde qu'une.",
                    ),
                ),
            ),
            equals(
                name="prend les symboles tels qu'ils sont, même longs",
                arguments=[{("ch", "an", "t"): 1}],
                expected={("ch", "an"): 1, ("an", "t"): 1},
                hint="Les symboles peuvent avoir plusieurs lettres : ce sont eux qu'on apparie.",
                mistakes=(
                    (
                        lambda got: ("c", "h") in got,
                        "Vous recoupez le mot en lettres : après une fusion, « ch » est un seul symbole. Parcourez le tuple lui-même.",
                    ),
                ),
            ),
            equals(
                name="ne trouve pas de paire dans un mot d'un seul symbole",
                arguments=[{("à",): 7, ("o", "n"): 2}],
                expected={("o", "n"): 2},
                hint="Un symbole seul n'a pas de voisin : il n'ajoute aucune paire.",
            ),
        )
    ),
)

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
                (
                    lambda got: isinstance(got, list),
                    "Votre résultat est une liste : rendez tuple(…), car seul un tuple peut servir de clé à un dictionnaire.",
                ),
                (
                    lambda got: isinstance(got, str),
                    "Votre résultat est une chaîne : les symboles y sont tous collés. Rendez un tuple de symboles.",
                ),
                (
                    lambda got: ("o", "u") in got,
                    "La paire est restée un couple : collez ses deux symboles, gauche + droite.",
                ),
                (
                    ("m", "ou", "u", "l", "i", "n"),
                    "« u » est à la fois fusionné et gardé : après une fusion, avancez de deux symboles.",
                ),
                (
                    ("m", "ou", "u", "l", "i"),
                    "Deux erreurs à la fois : « u » est fusionné et gardé, et le dernier symbole a disparu. Une boucle « while », dont vous avancez l'indice de deux après une fusion et d'un sinon, répare les deux.",
                ),
                (
                    ("m", "ou", "l", "i"),
                    "Le dernier symbole a disparu : il n'a pas de suivant, mais il faut le garder.",
                ),
                (
                    ("m", "o", "u", "l", "i", "n"),
                    "Rien n'a été fusionné : comparez deux symboles à la fois, symbols[i : i + 2], à la paire.",
                ),
            ),
        ),
        equals(
            name="fusionne toutes les occurrences",
            arguments=[("b", "o", "n", "b", "o", "n"), ("o", "n")],
            expected=("b", "on", "b", "on"),
            hint="« on » se présente deux fois dans « bonbon », dont une à la fin.",
            mistakes=(
                (
                    ("b", "on", "b", "o", "n"),
                    "Seule la première occurrence est fusionnée : continuez jusqu'au bout du mot.",
                ),
            ),
        ),
        equals(
            name="ne se sert d'un symbole qu'une fois",
            arguments=[("a", "a", "a"), ("a", "a")],
            expected=("aa", "a"),
            hint="Dans « aaa », le « a » du milieu ne peut servir qu'une fois.",
            mistakes=(
                (
                    ("aa", "aa"),
                    "Deux fusions se chevauchent : le « a » du milieu a servi deux fois. Après une fusion, avancez de deux symboles.",
                ),
                (
                    ("a", "aa"),
                    "Vous lisez de droite à gauche : la fusion se fait à partir de la gauche.",
                ),
            ),
        ),
        equals(
            name="rend tel quel un mot où la paire n'est pas",
            arguments=[("e", "a", "u"), ("o", "u")],
            expected=("e", "a", "u"),
            hint="Sans la paire, les symboles sont rendus inchangés.",
            mistakes=(
                (
                    None,
                    "Quand la paire n'y est pas, votre fonction ne rend rien : rendez les symboles inchangés.",
                ),
            ),
        ),
        equals(
            name="compare des symboles entiers",
            arguments=[("ou", "r", "s"), ("u", "r")],
            expected=("ou", "r", "s"),
            hint="Le symbole « ou » n'est pas le symbole « u » : il n'y a rien à fusionner.",
            mistakes=(
                (
                    ("our", "s"),
                    "« ou » finit par « u », mais c'est un autre symbole : remplacer dans un texte fusionne de travers. Comparez des symboles entiers.",
                ),
            ),
        ),
    ),
)

# --- Apprendre les fusions ------------------------------------------------------------------------------

LEARNED = {"les": 5, "le": 4, "mes": 3}
TIED = {"on": 3, "un": 3, "in": 3, "an": 3, "en": 3}


def _stops_cleanly(check: Check, hint: str) -> Check:
    """La même vérification, où chercher le plus grand de rien reçoit sa propre piste."""

    def test(function):
        try:
            check.test(function)
        except ValueError as error:
            raise Mistake("« le », une seule paire", f"ValueError : {error}", "une liste d'une fusion", hint) from error

    return Check(check.name, test)


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
                ([], "La liste est vide : « for _ in range(count) » fait exactement count tours."),
                (["le"], "Retenez la paire elle-même, (« l », « e »), et non le symbole fusionné."),
                (
                    [("m", "e")],
                    "Vous avez pris la paire la plus rare, ou la dernière de l'alphabet : c'est le plus grand compte qu'il faut, counts[pair].",
                ),
                (
                    [("e", "s")],
                    "(« e », « s ») se présente huit fois, (« l », « e ») neuf : pesez chaque mot par sa fréquence.",
                ),
            ),
        ),
        equals(
            name="compte de nouveau après chaque fusion",
            arguments=[LEARNED, 2],
            expected=[("l", "e"), ("le", "s")],
            hint="Après la fusion de « le », le mot « les » est (« le », « s ») : sa paire se présente cinq fois.",
            mistakes=(
                (
                    [("l", "e"), ("e", "s")],
                    "Vos comptes datent d'avant la première fusion : comptez de nouveau à chaque tour.",
                ),
                (
                    [("l", "e"), ("l", "e")],
                    "La même paire revient : le résultat de la fusion est perdu, ou les mots sont restés des chaînes, où merge_pair ne trouve rien. Partez de tuple(word), et remplacez les mots par les mots fusionnés.",
                ),
                (
                    [("l", "e")],
                    "Une seule fusion au lieu de deux : le « return » est sans doute à l'intérieur de la boucle.",
                ),
            ),
        ),
        equals(
            name="départage les ex æquo par l'ordre des paires",
            arguments=[TIED, 5],
            expected=[("a", "n"), ("e", "n"), ("i", "n"), ("o", "n"), ("u", "n")],
            hint="À égalité, le choix ne doit rien au hasard ni à l'ordre des mots : prenez la plus petite paire, min(…).",
            mistakes=(
                (
                    [(word[0], word[1]) for word in TIED],
                    "À égalité, vous prenez la première paire rencontrée : le résultat change avec l'ordre des mots. Prenez la plus petite.",
                ),
                (
                    lambda got: got[0] == ("u", "n") and got[-1] == ("a", "n"),
                    "À égalité, max((compte, paire)) prend la dernière dans l'ordre : prenez min((-compte, paire)).",
                ),
            ),
        ),
        _stops_cleanly(
            equals(
                name="s'arrête quand il ne reste plus de paire",
                arguments=[{"le": 2}, 10],
                expected=[("l", "e")],
                hint="Une fois « le » fusionné, il n'y a plus rien à fusionner : rendez ce qui est appris, même s'il y en a moins que count.",
                mistakes=(
                    (
                        lambda got: None in got,
                        "La liste est complétée par des None : rendez seulement les fusions apprises.",
                    ),
                ),
            ),
            "Une fois « le » fusionné, il n'y a plus de paire, et chercher la meilleure échoue : sortez de la boucle avant, avec « break ».",
        ),
    ),
)

# --- Découper un mot ------------------------------------------------------------------------------------

MERGES = [("o", "u"), ("l", "i"), ("li", "n"), ("m", "ou")]
FRENCH_MERGES = [("t", "é"), ("œ", "u"), ("r", "d"), ("'", "œ"), ("é", "té"), ("c", "œu"), ("h", "u"), ("u", "i")]
FRENCH_WORDS = ["été", "Été", "cœur", "l'œil", "aujourd’hui", "Où", "Noël", "5", ""]


def _gives_the_word_back(function) -> None:
    """Recoller les tokens rend le mot, à la lettre près."""
    for word in FRENCH_WORDS:
        got = function(word, list(FRENCH_MERGES))
        rejoined = "".join(got)
        if same(rejoined, word, 0.0):
            continue
        if rejoined.lower() == word.lower():
            hint = "Une majuscule s'est perdue : découper ne change pas les lettres."
        elif len(rejoined) < len(word):
            hint = (
                "Des caractères ont disparu : é, œ, l'apostrophe et les chiffres sont des caractères comme les autres."
            )
        else:
            hint = "Les tokens, recollés, doivent rendre le mot, ni plus ni moins."
        raise Mistake(
            show_arguments((word, FRENCH_MERGES)), show(got), f"des tokens qui, recollés, donnent {word!r}", hint
        )


encode_word = Card(
    id="tokenizer.encode_word",
    title="Découper un mot",
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
                (
                    lambda got: list(got) == ["m", "o", "u", "lin"],
                    "La première fusion ne s'est pas faite : merge_pair attend un tuple, et ne trouve rien dans une liste. Partez de tuple(word), et non de list(word).",
                ),
                (lambda got: isinstance(got, tuple), "Votre résultat est un tuple : rendez list(…)."),
                (
                    lambda got: isinstance(got, str),
                    "Votre résultat est une chaîne : rendez la liste des tokens, sans les recoller.",
                ),
                (
                    ["m", "ou", "li", "n"],
                    "Les fusions sont appliquées à l'envers : « lin » ne peut se faire qu'après « li ». Suivez l'ordre de la liste.",
                ),
                (
                    ["m", "ou", "l", "i", "n"],
                    "Une seule fusion est faite : le « return » est sans doute à l'intérieur de la boucle.",
                ),
                (
                    list("moulin"),
                    "Les lettres sont toujours séparées : chaque tour doit partir du résultat du précédent, symbols = merge_pair(symbols, pair).",
                ),
            ),
        ),
        equals(
            name="garde les caractères qu'aucune fusion ne touche",
            arguments=["zoulou", MERGES],
            expected=["z", "ou", "l", "ou"],
            hint="« z » et « l » ne fusionnent avec rien : ils restent des tokens à eux seuls.",
            mistakes=(
                (
                    lambda got: "z" not in got,
                    "« z » a disparu : un caractère qu'aucune fusion ne connaît reste un token à lui seul.",
                ),
                (
                    ["z", "ou", "l", "o", "u"],
                    "Une fusion ne s'est faite qu'une fois : elle vaut pour toutes les occurrences de la paire.",
                ),
            ),
        ),
        equals(
            name="fait passer d'abord la fusion apprise la première",
            arguments=["les", [("e", "s"), ("l", "e")]],
            expected=["l", "es"],
            hint="(« e », « s ») fut apprise avant (« l », « e ») : elle prend le « e » la première.",
            mistakes=(
                (
                    ["le", "s"],
                    "Vous découpez de gauche à droite : c'est l'ordre d'apprentissage qui décide, et (« e », « s ») fut apprise la première. Parcourez les fusions, et non les lettres.",
                ),
            ),
        ),
        Check("se recolle en rendant le mot", _gives_the_word_back),
    ),
)

# --- Ce que coûte un mot --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Toy:
    """Un tokenizer de poche : des morceaux de `size` lettres au plus, qui s'appelle comme ceux de transformers."""

    size: int = 3

    def tokenize(self, text, **_):
        return re.findall(rf" ?\w{{1,{self.size}}}|[^\w\s]| ", text)

    def encode(self, text, **_):
        return [100 + len(token) for token in self.tokenize(text)]

    def __call__(self, text, **_):
        ids = self.encode(text)
        return UserDict(input_ids=ids, attention_mask=[1] * len(ids))

    def __len__(self):
        return 1024

    def __repr__(self):
        return f"un tokenizer qui coupe toutes les {self.size} lettres"


FERTILE = "L'eau dort, l'été : le moulin dort."  # 8 mots, 17 tokens de trois lettres au plus


tokens_per_word = Card(
    id="tokenizer.tokens_per_word",
    title="Ce que coûte un mot",
    statement='Rendez le nombre moyen de tokens par mot d\'un texte. tokenizer(text)["input_ids"] donne les identifiants du texte entier, words(text) donne ses mots. Un texte sans aucun mot rend 0.0.',
    difficulty=1,
    minutes=2,
    hints=(
        "C'est une division : le nombre d'identifiants par le nombre de mots.",
        "len(…) compte une liste. Prenez-la bien : tokenizer(text) est un dictionnaire, c'est sa clé « input_ids » qu'il faut compter.",
        "Avant de diviser : si la liste des mots est vide, rendez 0.0.",
    ),
    checks=(
        equals(
            name="divise les tokens du texte par ses mots",
            arguments=[_Toy(), FERTILE],
            expected=17 / 8,
            hint="Le texte a 17 tokens et 8 mots : l, eau, dort, l, été, le, moulin, dort.",
            mistakes=(
                (
                    2 / 8,
                    "len(tokenizer(text)) vaut toujours 2 : ce sont les clés du dictionnaire, input_ids et attention_mask. Comptez la liste d'identifiants.",
                ),
                (
                    8 / 17,
                    "La division est à l'envers : ce sont des mots par token. Divisez les tokens par les mots.",
                ),
                (
                    len(FERTILE) / 17,
                    "Ce sont des caractères par token. Ici, on divise les tokens par les mots.",
                ),
                (17, "C'est le nombre de tokens : divisez-le par le nombre de mots."),
                (
                    11 / 8,
                    "Chaque mot a été découpé seul : les espaces et la ponctuation n'ont rien coûté. Découpez le texte entier, d'un seul tenant.",
                ),
                (
                    17 / 7,
                    "Vous comptez sept mots : « l'eau » en fait deux. text.split() ne coupe qu'aux blancs ; prenez words(text).",
                ),
                (
                    17 / 6,
                    "Vous comptez chaque mot une fois, même répété : « dort » et « l » se présentent deux fois.",
                ),
                (1024 / 8, "len(tokenizer) est la taille du vocabulaire, pas celle du texte."),
                (
                    lambda got: got == 2 and isinstance(got, int),
                    "« // » jette les décimales : la moyenne est 2,125. Prenez « / ».",
                ),
            ),
            tolerance=1e-9,
        ),
        equals(
            name="se sert du tokenizer qu'on lui donne",
            arguments=[_Toy(2), FERTILE],
            expected=20 / 8,
            hint="Avec un tokenizer qui coupe toutes les deux lettres, le même texte coûte 20 tokens : servez-vous du paramètre « tokenizer », et non d'un autre du carnet.",
            tolerance=1e-9,
        ),
        equals(
            name="rend 0.0 quand il n'y a pas de mot",
            arguments=[_Toy(), "… — ?"],
            expected=0.0,
            hint="« … — ? » n'a pas de mot : rendez 0.0, un nombre à virgule.",
        ),
    ),
)

# --- Remplir un lot -------------------------------------------------------------------------------------


UNEVEN = [[5, 6, 7], [8], [9, 4]]

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
            expected=([[5, 6, 7], [8, 1, 1], [9, 4, 1]], [[1, 1, 1], [1, 0, 0], [1, 1, 0]]),
            hint="Chaque suite doit avoir trois tokens, comme la plus longue, et son masque trois signes.",
            mistakes=(
                (
                    lambda got: isinstance(got, list),
                    "Il manque les masques : rendez deux listes, « return ids, masks ».",
                ),
                (
                    lambda got: len(got[0][0]) == 1,
                    "Des tokens ont été coupés : c'est à la plus longue suite qu'il faut s'aligner, pas à la plus courte.",
                ),
                (
                    lambda got: len(got[0][0]) > 3,
                    "Les suites sont plus longues que la plus longue du lot : une longueur fixe fait calculer du vide. Prenez max(…) des longueurs.",
                ),
                (
                    lambda got: got[1] == [[0, 0, 0], [0, 1, 1], [0, 0, 1]],
                    "Le masque est à l'envers : 1 dit « regarde », 0 dit « ignore ».",
                ),
                (
                    lambda got: got[1] == [[1, 1, 1]] * 3,
                    "Le masque vaut 1 partout : il doit valoir 0 sur le remplissage.",
                ),
                (
                    lambda got: got[0][1] == [8, 0, 0],
                    "Le remplissage vaut 0 : c'est pad_id qu'il faut mettre, ici 1.",
                ),
            ),
        ),
        equals(
            name="remplit à gauche quand on le demande",
            arguments=[UNEVEN, 1, "left"],
            expected=([[5, 6, 7], [1, 1, 8], [1, 9, 4]], [[1, 1, 1], [0, 0, 1], [0, 1, 1]]),
            hint='Avec side="left", le remplissage vient avant la suite, et le masque aussi commence par des 0.',
            mistakes=(
                (
                    lambda got: got[0][1] == [8, 1, 1],
                    "Le remplissage est resté à droite : regardez ce que vaut « side ».",
                ),
                (
                    lambda got: got[1][1] == [1, 0, 0],
                    "Les suites sont remplies à gauche, mais leurs masques à droite : les deux vont ensemble.",
                ),
            ),
        ),
        equals(
            name="laisse à 1 un vrai token égal au remplissage",
            arguments=[[[5, 0], [7, 8, 0]], 0],
            expected=([[5, 0, 0], [7, 8, 0]], [[1, 1, 0], [1, 1, 1]]),
            hint="Le 0 qui finit chaque suite est un vrai token, la fin du texte : son masque vaut 1.",
            mistakes=(
                (
                    lambda got: got[1] == [[1, 0, 0], [1, 1, 0]],
                    "Le masque a été tiré des identifiants : la vraie fin du texte, égale à pad_id, passe pour du remplissage. Faites-le d'après les longueurs.",
                ),
            ),
        ),
    ),
)

# --- Chasse au bug : les étiquettes ---------------------------------------------------------------------


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
                    lambda got: got[0] == [-100] * 3,
                    "Le masque est lu à l'envers : 1 marque un vrai token, qui garde son identifiant.",
                ),
                (
                    lambda got: got[0][0] == 6,
                    "Les étiquettes sont décalées d'un cran : le modèle fait ce décalage lui-même, ne le faites pas deux fois.",
                ),
            ),
        ),
        equals(
            name="garde la fin du texte, même égale au remplissage",
            arguments=[[[5, 6, 0], [7, 0, 0]], [[1, 1, 1], [1, 1, 0]]],
            expected=[[5, 6, 0], [7, 0, -100]],
            hint="Le premier 0 de chaque ligne est la vraie fin du texte ; le second, dans la deuxième ligne, est du remplissage.",
            mistakes=(
                (
                    [[5, 6, -100], [7, -100, -100]],
                    "C'est le bug : la vraie fin du texte est masquée avec le remplissage, et le modèle n'apprendra jamais à s'arrêter. Suivez le masque, et non l'identifiant.",
                ),
                (
                    [[5, 6, 0], [7, 0, 0]],
                    "Le remplissage a gardé son identifiant : le modèle serait noté là aussi, et il apprendrait à remplir.",
                ),
                (
                    lambda got: len(got[1]) == 2,
                    "Le remplissage a été ôté : les étiquettes doivent garder la forme de input_ids.",
                ),
            ),
        ),
        equals(
            name="met -100 quel que soit l'identifiant du remplissage",
            arguments=[[[5, 6, 2], [7, 2, 3]], [[1, 1, 1], [1, 1, 0]]],
            expected=[[5, 6, 2], [7, 2, -100]],
            hint="Ici la fin vaut 2 et le remplissage 3 : rien dans votre code ne doit dépendre de ces nombres. Suivez le masque.",
        ),
        equals(
            name="suit le masque quand le remplissage est à gauche",
            arguments=[[[0, 0, 7, 0]], [[0, 0, 1, 1]]],
            expected=[[-100, -100, 7, 0]],
            hint="Ici le remplissage est à gauche : c'est le masque qui le dit, signe par signe, et non le nombre de tokens.",
        ),
    ),
)

# --- Les mots à ajouter ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Split:
    """Un découpage de poche : par quatre signes après une espace, par deux au début d'un texte."""

    def __call__(self, text):
        size = 4 if text.startswith(" ") else 2
        return [text[i : i + size].replace(" ", "Ġ") for i in range(0, len(text), size)]

    def __repr__(self):
        return "split"


FREQUENCIES = {"la": 90, "aubergiste": 5, "moulin": 40, "sabotier": 12, "meunière": 12, "marionnettiste": 2}


words_to_add = Card(
    id="tokenizer.words_to_add",
    title="Bonus · Les mots à ajouter",
    statement="Rendez les mots qui se découpent en trois tokens ou plus, du plus fréquent au moins fréquent, how_many au plus ; à fréquence égale, dans l'ordre de Python. split(texte) rend les tokens d'un texte. Un mot est presque toujours précédé d'une espace : découpez-le avec elle.",
    difficulty=2,
    minutes=4,
    hints=(
        "Trois temps : garder les mots coûteux, les ranger, couper la liste.",
        'split(" " + word) découpe le mot avec son espace ; len(…) >= 3 dit s\'il est coûteux.',
        "sorted(mots, key=lambda word: (-counts[word], word)) range du plus fréquent au moins fréquent, puis par ordre alphabétique.",
    ),
    checks=(
        equals(
            name="garde les mots coûteux, et eux seuls",
            arguments=[FREQUENCIES, _Split(), 10],
            expected=["meunière", "sabotier", "aubergiste", "marionnettiste"],
            hint="« la » coûte un token et « moulin » deux ; les quatre autres en coûtent trois ou plus.",
            mistakes=(
                (
                    lambda got: "Ġla" in got,
                    "Ce sont des tokens que le tokenizer possède déjà : les ajouter n'ajouterait rien. Rendez des mots entiers.",
                ),
                (
                    lambda got: "Ġmeunière" in got,
                    "« Ġ » est une écriture interne : un token ajouté s'écrit comme dans le texte, sans elle.",
                ),
                (
                    lambda got: " meunière" in got,
                    "L'espace sert à découper le mot, mais n'en fait pas partie : rendez « meunière », et non « meunière » précédé d'une espace.",
                ),
                (
                    lambda got: (
                        sorted(got) == ["aubergiste", "marionnettiste", "meunière", "moulin", "sabotier"]
                        and got[0] == "moulin"
                    ),
                    "« moulin » ne coûte que deux tokens dans un texte, « Ġmou » et « lin ». Découpez le mot avec son espace, et gardez ceux qui en coûtent trois ou plus.",
                ),
                (["marionnettiste"], "Trois tokens suffisent : >= 3, et non > 3."),
                (
                    ["aubergiste", "sabotier", "meunière", "marionnettiste"],
                    "Les mots sont les bons, mais dans l'ordre où ils sont venus : rangez-les par fréquence.",
                ),
                (lambda got: got[0] == "marionnettiste", "Les plus rares viennent d'abord : rangez à l'envers."),
                (
                    ["sabotier", "meunière", "aubergiste", "marionnettiste"],
                    "« meunière » et « sabotier » sont aussi fréquents : reverse=True retourne aussi l'alphabet. Rangez par (-counts[word], word).",
                ),
            ),
        ),
        equals(
            name="n'en rend pas plus qu'on n'en demande",
            arguments=[FREQUENCIES, _Split(), 2],
            expected=["meunière", "sabotier"],
            hint="On en demande deux : les deux mots coûteux les plus fréquents.",
            mistakes=(
                (lambda got: len(got) > 2, "La liste est trop longue : coupez-la à how_many, [:how_many]."),
                (
                    [],
                    "Vous coupez avant de trier : les deux mots les plus fréquents ne sont pas coûteux. Gardez d'abord les mots coûteux.",
                ),
            ),
        ),
    ),
)

CARDS = (
    count_pairs,
    merge_pair,
    learn_merges,
    encode_word,
    tokens_per_word,
    pad_batch,
    labels_for_language_modeling,
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
        "tokenizer.fichiers",
        "Vous ajoutez le mot « sabotier » à la main dans vocab.json. Que devient le découpage de « sabotier » ?",
        (
            Option(
                "Un seul token, puisque le mot est dans le vocabulaire.",
                False,
                "Le découpage ne cherche pas dans le vocabulaire : il applique les fusions, une à une.",
            ),
            Option(
                "Le même qu'avant.",
                True,
                "Aucune fusion de merges.txt ne mène à « sabotier ». Et si tokenizer.json est là, vocab.json n'est même pas lu.",
            ),
            Option(
                "Une erreur au chargement.",
                False,
                "Rien ne se plaint : c'est ce qui rend la méprise si durable.",
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
