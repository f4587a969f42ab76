"""Leçon 06, les exercices : retenir des modèles, compter leurs poids, les classer ; en bonus, la mémoire qu'il leur faut."""

import math

from aurore.atelier.cards import Card, equals
from aurore.atelier.quiz import Option, Quiz

# --- Retenir --------------------------------------------------------------------------------------------


def _model(name: str, **fields) -> dict:
    """Un modèle qui convient, sauf en ce que disent `fields`."""
    fitting = {"language": "fr", "task": "text-generation", "licence": "mit", "parameters": 120, "books": True}
    return {"name": name, **fitting, **fields}


_FOUND = [
    _model("web", books=False, parameters=50),
    _model("anglais", language="en"),
    _model("lourd", parameters=300),
    _model("livres", parameters=124),
    _model("sans licence", licence=""),
    _model("livres, petit", licence="apache-2.0", parameters=82),
    _model("détecteur", task="text-classification"),
    _model("juste", books=False, parameters=200),
]
_KEPT = ["livres, petit", "livres", "web", "juste"]


def _holds(name: str):
    """Reconnaît une liste de noms qui contient `name`."""
    return lambda got: name in list(got)


def _permuted(wanted: list[str]):
    return lambda got: sorted(got) == sorted(wanted)


shortlist = Card(
    id="models.shortlist",
    title="Retenir",
    statement="Rendez la liste des noms (name) des modèles que l'on peut prendre : task vaut « text-generation », language est la langue demandée, licence n'est pas vide, parameters ne dépasse pas limit (limit compris). D'abord ceux qui ont lu des livres (books vaut True) ; à égalité, le plus léger d'abord. found est une liste de dictionnaires.",
    difficulty=2,
    minutes=3,
    hints=(
        "Une compréhension de liste garde ce qui convient ; sorted range ensuite, avec key.",
        "Une chaîne vide vaut False : model[\"licence\"] suffit comme condition.",
        "sorted(kept, key=lambda model: (not model[\"books\"], model[\"parameters\"])) : False vient avant True. Puis les noms.",
    ),
    checks=(
        equals(
            name="garde ce qui convient, et le range",
            arguments=[_FOUND, "fr", 200],
            expected=_KEPT,
            hint="Huit modèles, dont quatre conviennent : les livres d'abord, 82 avant 124.",
            mistakes=(
                (_holds("anglais"), "Un modèle d'une autre langue est dans la liste."),
                (_holds("lourd"), "Un modèle de 300 poids est dans la liste, et la limite est 200."),
                (_holds("sans licence"), "Un modèle sans licence est dans la liste : on n'aurait pas le droit de s'en servir."),
                (_holds("détecteur"), "Un modèle qui n'écrit pas est dans la liste : regardez task."),
                (lambda got: isinstance(got[0], dict), "Ce sont les modèles entiers : on demande leurs noms."),
                ([name for name in _KEPT if name != "juste"], "Il manque celui qui fait 200 poids tout juste : la limite est comprise."),
                (["livres, petit", "livres"], "Il manque ceux qui n'ont pas lu de livres : ils conviennent aussi, mais viennent après."),
                (["web", "juste", "livres, petit", "livres"], "Ceux qui ont lu des livres viennent en dernier : False se range avant True, il faut donc « not books »."),
                (["web", "livres, petit", "livres", "juste"], "Ils sont rangés par poids seulement : les livres comptent d'abord."),
                (["livres", "livres, petit", "juste", "web"], "Le plus lourd vient d'abord : à égalité, c'est le plus léger."),
                (["web", "livres", "livres, petit", "juste"], "Ils sont dans l'ordre où on les donne : il reste à les ranger."),
                (["livres", "livres, petit", "web", "juste"], "Les livres viennent d'abord, mais chaque groupe garde l'ordre donné : rangez-le par poids."),
                (_permuted(_KEPT), "Ce sont les bons modèles, dans un autre ordre : les livres d'abord, puis le plus léger."),
            ),
        ),
        equals(
            name="suit la langue et la limite données",
            arguments=[_FOUND, "en", 1000],
            expected=["anglais"],
            hint="Ici on demande « en », et au plus 1 000 poids.",
            mistakes=((_permuted([*_KEPT, "lourd"]), "La langue est restée le français : employez language."),),
        ),
        equals(
            name="rend une liste vide s'il n'y a rien",
            arguments=[[_model("lourd", parameters=9)], "fr", 5],
            expected=[],
            hint="Aucun modèle ne convient : la liste est vide.",
        ),
    ),
)  # fmt: skip


# --- Compter --------------------------------------------------------------------------------------------

_TINY = {"vocab_size": 10, "n_positions": 5, "n_embd": 5, "n_layer": 3, "n_head": 5, "n_inner": None}
_OTHER = {"vocab_size": 50, "n_positions": 7, "n_embd": 4, "n_layer": 2, "n_head": 2, "n_inner": 9}
_GPT2 = {"vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12, "n_inner": None}


def _parts(config: dict) -> dict[str, int]:
    """Les poids d'un GPT-2, morceau par morceau, comptés depuis les formes : (3, 2) en vaut six."""
    c, v, p, n = (config[name] for name in ("n_embd", "vocab_size", "n_positions", "n_layer"))
    inner = config["n_inner"] if config.get("n_inner") is not None else c + c + c + c
    square, biases = 4 * c * c, 4 * c
    return {
        "tokens": v * c, "positions": p * c, "attention": n * square, "attention_biases": n * biases,
        "feed": n * 2 * c * inner, "feed_biases": n * (inner + c), "norms": n * 4 * c, "last": 2 * c,
    }  # fmt: skip


def _without(config: dict, *left_out: str, plus: int = 0) -> int:
    return sum(value for name, value in _parts(config).items() if name not in left_out) + plus


def _counts(config: dict):
    """Les méprises qu'un nombre de poids trahit."""
    c, v, n = config["n_embd"], config["vocab_size"], config["n_layer"]
    block = _without(config, "tokens", "positions", "last") // n
    return (
        (_without(config, plus=v * c), "La table des tokens est comptée deux fois : la sortie se sert de celle de l'entrée."),
        (_without(config, "positions"), "Il manque la table des rangs, n_positions × n_embd."),
        (_without(config, "tokens"), "Il manque la table des tokens, vocab_size × n_embd."),
        (_without(config, "last"), "Il manque la dernière norme : 2 × n_embd."),
        (_without(config, "norms"), "Il manque les deux normes de chaque bloc : 2 × n_embd chacune."),
        (_without(config, "norms", "last"), "Il manque les normes : deux par bloc et une à la fin, de 2 × n_embd chacune."),
        (_without(config, "attention_biases", "feed_biases"), "Il manque les biais des quatre multiplications de chaque bloc."),
        (_without(config, "attention_biases", "feed_biases", "norms", "last"), "Il n'y a que les matrices : chaque multiplication a aussi ses biais, et il y a les normes."),
        (_without(config, "feed", "feed_biases"), "Il manque la couche du milieu de chaque bloc, d'inner nombres."),
        (lambda got: got in (_without(config, plus=-n * 2 * c * c), _without(config, plus=-n * 2 * (c * c + c))), "Une seule matrice est comptée pour les questions, les clés et les valeurs : c_attn en a trois."),
        (_without(config, plus=(config["n_head"] - 1) * n * block), "Les blocs sont multipliés par le nombre de têtes : elles se partagent n_embd, sans un poids de plus."),
        (_without(config, plus=(config["n_head"] - 1) * n * 4 * (c * c + c)), "L'attention est multipliée par le nombre de têtes : elles se partagent n_embd, sans un poids de plus."),
        (_without(config, plus=-n * (c * c + c)), "Il manque une matrice de l'attention par bloc : questions, clés, valeurs et sortie en font quatre."),
        (_without(config, plus=-(n - 1) * block), "Un seul bloc est compté : il y en a n_layer."),
    )  # fmt: skip


count_gpt2 = Card(
    id="models.count_gpt2",
    title="Compter les poids",
    statement="Rendez le nombre de poids d'un GPT-2, un entier, d'après config, un dictionnaire qui a vocab_size, n_positions, n_embd, n_layer, n_head et n_inner. n_inner peut manquer ou valoir None : c'est alors 4 × n_embd. La sortie se sert de la table des tokens.",
    difficulty=2,
    minutes=4,
    hints=(
        "Trois morceaux : les tables, n_layer fois un bloc, la dernière norme.",
        "Un bloc, pour C = n_embd et I le milieu : 3C² + 3C, C² + C, C × I + I, I × C + C, et deux normes de 2C.",
        "inner = config.get(\"n_inner\") or 4 * c ; tables = (vocab_size + n_positions) * c. n_head n'y entre pas.",
    ),
    checks=(
        equals(
            name="compte un réseau qui tient dans la main",
            arguments=[_TINY],
            expected=_without(_TINY),
            hint="V = 10, P = 5, C = 5, trois blocs : 50 + 25 pour les tables, 365 par bloc, 10 à la fin.",
            mistakes=_counts(_TINY),
        ),
        equals(
            name="suit n_inner quand il est donné",
            arguments=[_OTHER],
            expected=_without(_OTHER),
            hint="Ici n_inner vaut 9, et non 4 × 4 = 16.",
            mistakes=((_without(_OTHER | {"n_inner": 16}), "Le milieu du bloc est resté à 4 × n_embd : n_inner vaut 9 ici."), *_counts(_OTHER)),
        ),
        equals(
            name="accepte un n_inner absent",
            arguments=[{name: value for name, value in _TINY.items() if name != "n_inner"}],
            expected=_without(_TINY),
            hint="Le fichier de gpt2 publié n'a pas de n_inner du tout : config.get(\"n_inner\") rend alors None.",
        ),
        equals(
            name="trouve les 124 439 808 poids de GPT-2",
            arguments=[_GPT2],
            expected=_without(_GPT2),
            hint="12 couches, 768 dimensions, 50 257 tokens, 1 024 rangs.",
            mistakes=_counts(_GPT2),
        ),
    ),
)  # fmt: skip


# --- Classer --------------------------------------------------------------------------------------------


def _row(name: str, bits: float, length: float, characters: int) -> dict:
    """Un modèle qui perd `bits` par caractère et dont les tokens font `length` caractères."""
    return {
        "name": name,
        "perplexity": 2 ** (bits * length),
        "tokens": round(characters / length),
        "characters": characters,
    }


_SAME_TEXT = [_row("lettres", 2.0, 1.0, 90_000), _row("mots", 1.3, 4.5, 90_000), _row("racines", 1.5, 4.0, 90_000)]
# L'un n'a été mesuré que sur un extrait : ce qui compte est par caractère, non en tout.
_EXCERPTS = [_row("extrait", 1.5, 4.0, 3_000), _row("livre", 1.4, 3.0, 120_000), _row("chapitre", 1.6, 2.0, 20_000)]
# Deux modèles proches, comme aurore-base et aurore-sand.
_CLOSE = [_row("avant", 1.13, 4.0, 90_000), _row("après", 1.10, 4.0, 90_000)]
_BEST, _BEST_EXCERPTS = ["mots", "racines", "lettres"], ["livre", "extrait", "chapitre"]


def _by(key):
    """Reconnaît le classement que donnerait `key` sur les extraits, ou sur le même texte."""
    orders = [[row["name"] for row in sorted(rows, key=key)] for rows in (_SAME_TEXT, _EXCERPTS)]
    return lambda got: list(got) in orders


_RANKINGS = (
    (["lettres", "mots", "racines"], "C'est l'ordre des perplexités. Il y manque leur logarithme, qui donne les bits d'un token, ou le rapport aux caractères : un token de « mots » en vaut quatre et demi de « lettres »."),
    (["chapitre", "livre", "extrait"], "C'est l'ordre des perplexités, ou de ce qui se perd par token : rapportez-le aux caractères."),
    (_BEST_EXCERPTS[::-1], "C'est le bon ordre à l'envers : qui perd le moins de bits vient d'abord."),
    (_by(lambda row: math.log2(row["perplexity"]) * row["tokens"]), "C'est l'ordre des bits perdus en tout : qui a été mesuré sur un texte court y gagne. Divisez par les caractères."),
    (_by(lambda row: math.log2(row["perplexity"]) / row["characters"]), "La perte d'un seul token a été divisée par les caractères de tout le texte : multipliez-la d'abord par le nombre de tokens."),
    (_by(lambda row: row["perplexity"] * row["tokens"] / row["characters"]), "C'est la perplexité qui est rapportée aux caractères : prenez d'abord son logarithme."),
    (_by(lambda row: row["tokens"] / row["characters"]), "C'est l'ordre des découpages : la perte n'y entre pas."),
    (lambda got: isinstance(got[0], dict), "Ce sont les lignes entières : on demande les noms."),
)  # fmt: skip

rank = Card(
    id="models.rank",
    title="Chasse au bug : la meilleure perplexité",
    statement="Ce classement semble juste, et met en tête le plus mauvais. Réparez-le : rendez la liste des noms, du modèle qui perd le moins de bits par caractère à celui qui en perd le plus. Chaque ligne de rows a name, perplexity (par token), tokens et characters : la longueur de ce qui a été mesuré.",
    difficulty=3,
    minutes=3,
    hints=(
        "Deviner un token d'une lettre est plus facile que deviner un mot entier. Que faut-il rapporter à quoi ?",
        "log2(perplexité) est le nombre de bits perdus par token. Fois le nombre de tokens : en tout. Divisé par les caractères : par caractère.",
        "key=lambda row: math.log2(row[\"perplexity\"]) * row[\"tokens\"] / row[\"characters\"].",
    ),
    checks=(
        equals(
            name="ne se fie pas à la perplexité par token",
            arguments=[_SAME_TEXT],
            expected=_BEST,
            hint="« lettres » perd 2 bits par caractère, « racines » 1,5, « mots » 1,3. La perplexité se compte par token, et un token long en vaut plusieurs.",
            mistakes=((_BEST[::-1], "C'est le bon ordre à l'envers : qui perd le moins de bits par caractère vient d'abord. Si le tri va déjà du plus petit au plus grand, c'est le rapport qui est renversé : tokens / characters."), *_RANKINGS),
        ),
        equals(
            name="compare des textes de longueurs différentes",
            arguments=[_EXCERPTS],
            expected=_BEST_EXCERPTS,
            hint="« livre » perd 1,4 bit par caractère, « extrait » 1,5, « chapitre » 1,6.",
            mistakes=_RANKINGS,
        ),
        equals(
            name="départage deux modèles proches",
            arguments=[_CLOSE],
            expected=["après", "avant"],
            hint="« après » perd 1,10 bit par caractère, « avant » 1,13.",
            mistakes=((["avant", "après"], "« après » perd 1,10 bit par caractère, « avant » 1,13 : si vous arrondissez, ne le faites qu'après avoir classé."),),
        ),
    ),
)  # fmt: skip


# --- La mémoire -----------------------------------------------------------------------------------------


def _memories(weights: int, size: int):
    return (
        (weights * size, "C'est un nombre par poids, ou quatre d'un seul octet : il en faut quatre (le poids, son gradient, deux moyennes), de bytes_per_weight octets chacun."),
        (2 * weights * size, "Poids et gradients : il y manque les deux moyennes qu'Adam tient pour chaque poids."),
        (3 * weights * size, "Adam tient deux moyennes par poids, celle du gradient et celle de son carré : cela fait quatre nombres en tout."),
        (5 * weights * size, "Cela fait cinq nombres par poids : le poids, son gradient et deux moyennes en font quatre."),
        (4 * weights * size / 1e9, "Ce sont des gigaoctets : on demande des octets."),
        (4 * weights * size / 2**30, "Ce sont des gigaoctets (2³⁰) : on demande des octets."),
        (32 * weights * size, "Ce sont des bits : on demande des octets."),
    )  # fmt: skip


training_memory = Card(
    id="models.training_memory",
    title="Bonus · Chasse au bug : il tient en mémoire",
    statement="« Le modèle se charge, donc il s'entraîne. » Réparez ce calcul : rendez la mémoire qu'il faut pour entraîner avec Adam, en octets, hors activations : les poids, un gradient par poids, et les deux moyennes qu'Adam tient pour chacun, tous de bytes_per_weight octets (4 si on ne le dit pas).",
    difficulty=2,
    minutes=2,
    hints=(
        "Quatre nombres par poids. Combien d'octets chacun ?",
        "4 * weights * bytes_per_weight. Pour GPT-2 : 4 × 124 439 808 × 4, soit 2,0 Go.",
    ),
    checks=(
        equals(
            name="compte quatre nombres par poids",
            arguments=[1000, 4],
            expected=16_000,
            hint="1 000 poids de 4 octets : 4 000 octets à lire, quatre fois plus à entraîner.",
            mistakes=_memories(1000, 4),
        ),
        equals(
            name="suit la taille d'un nombre",
            arguments=[1000, 2],
            expected=8_000,
            hint="Ici chaque nombre fait 2 octets.",
            # Ici le compte de nombres est juste à 4 octets : ce qui suit ne parle que de leur taille.
            mistakes=(
                (16_000, "La taille d'un nombre est restée à 4 octets : employez bytes_per_weight."),
                (lambda got: got in (10_000, 12_000, 14_000), "Une partie des nombres est restée à 4 octets : tous en font bytes_per_weight, 2 ici."),
                (4_000, "C'est 2 × 2 octets par poids, et non 4 × 2 : le 4 compte les nombres (le poids, son gradient, deux moyennes), bytes_per_weight leur taille."),
            ),
        ),
        equals(
            name="prend 4 octets à défaut",
            arguments=[7],
            expected=112,
            hint="Sans second argument, un nombre fait 4 octets.",
        ),
    ),
)  # fmt: skip

CARDS = (shortlist, count_gpt2, rank, training_memory)

QUIZZES = (
    Quiz(
        "models.choix",
        "Un GPT-2 français a une perplexité de 25 sur sa fiche, un autre de 19. Lequel prendre pour écrire comme George Sand ?",
        (
            Option("Celui à 19 : il devine mieux.", False, "Mieux quoi ? Un autre texte, avec d'autres tokens. La fiche de wechsel dit 19,71, sur son propre texte et son propre découpage."),
            Option("On ne peut pas le dire : il faut les mesurer sur le même livre, par caractère.", True, "Un même modèle va de 5,9 à 54 de perplexité selon la longueur de ses tokens, à 1,281 bit par caractère."),
            Option("Le plus téléchargé des deux.", False, "sshleifer/tiny-gpt2 est très téléchargé : il sert aux essais de code et n'a rien appris."),
        ),
    ),
    Quiz(
        "models.cle",
        "Où met-on sa clé de Hugging Face ?",
        (
            Option("Dans la première cellule, en l'effaçant après.", False, "Le carnet s'enregistre tout seul, et git garde tout ce qu'on lui a donné."),
            Option("Dans HF_TOKEN ou credentials.ini, et seulement pour un modèle privé ou pour publier.", True, "git et Docker ignorent credentials.ini. Pour lire un modèle public, il n'en faut pas."),
            Option("Nulle part : sans clé, on ne peut rien charger.", False, "Un modèle public se charge sans compte ni clé."),
        ),
    ),
)  # fmt: skip
