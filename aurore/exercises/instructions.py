"""Leçon 10, les exercices : un gabarit, des étiquettes, un lot, deux modèles, une réponse juste, du JSONL, une répartition."""

import random

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show
from aurore.atelier.quiz import Option, Quiz
from aurore.rows import Row

# --- Le gabarit -----------------------------------------------------------------------------------------

_BARE = "Question : Où est née Sand ?\nRéponse :"
_READ = "Contexte : Il pleut.\nQuestion : Quel temps fait-il ?\nRéponse :"

render = Card(
    id="instructions.render",
    title="Le gabarit",
    statement="Rendez l'amorce d'une question, ligne par ligne : base telle quelle, si elle n'est pas vide ; « Contexte : » et le contexte, s'il n'est pas vide ; « Question : » et la consigne ; « Réponse : », sans rien après les deux-points. Une espace ordinaire de part et d'autre de chaque deux-points, sauf à la fin.",
    difficulty=1,
    minutes=3,
    hints=(
        "Faites une liste de lignes, puis joignez-la par « \\n ».",
        "Une chaîne vide est fausse : if context: suffit.",
        'La dernière ligne est exactement "Réponse :".',
    ),
    checks=(
        equals(
            name="pose la question",
            arguments=["Où est née Sand ?"],
            expected=_BARE,
            hint="Deux lignes : la question, puis « Réponse : ».",
            mistakes=(
                (_BARE + " ", "Une espace suit « Réponse : » : la réponse en apporte une, il y en aurait deux."),
                (_BARE + "\n", "Une ligne suit « Réponse : » : la réponse vient sur la même."),
                ("Contexte : \n" + _BARE, "Un contexte vide a gardé sa ligne."),
                ("\n" + _BARE, "Une ligne vide ouvre l'amorce : ce qui est vide n'a pas de ligne."),
                ("## Où est née Sand ?\nLLM:", "C'est l'amorce des documents : ici, « Question : » et « Réponse : »."),
                (lambda got: isinstance(got, str) and "Réponse" not in got, "« Réponse : » manque : rien ne dirait au modèle que c'est à lui."),
                (list, "C'est une liste de lignes : joignez-les."),
            ),
        ),
        equals(
            name="donne le contexte d'abord",
            arguments=["Quel temps fait-il ?", "Il pleut."],
            expected=_READ,
            hint="Le contexte a sa ligne, avant la question.",
            mistakes=(
                ("Question : Quel temps fait-il ?\nContexte : Il pleut.\nRéponse :", "Le contexte vient après la question : il vient avant."),
                ("Question : Quel temps fait-il ?\nRéponse :", "Le contexte est oublié."),
                ("Il pleut.\nQuestion : Quel temps fait-il ?\nRéponse :", "Rien n'annonce le contexte : « Contexte : »."),
            ),
        ),
        equals(
            name="met la consigne générale en tête",
            arguments=["Quel temps fait-il ?", "Il pleut.", "Soyez bref."],
            expected="Soyez bref.\n" + _READ,
            hint="base vient en premier, telle quelle, sur sa ligne.",
            mistakes=(
                (_READ, "La consigne générale est oubliée."),
                (lambda got: got.startswith("Contexte") and "Soyez bref." in got, "La consigne générale vient après le contexte : elle vient en tête."),
                (lambda got: got.startswith("Soyez bref. Contexte") or got.startswith("Soyez bref.Contexte"), "La consigne générale n'a pas sa ligne."),
            ),
        ),
        equals(
            name="garde la consigne générale sans contexte",
            arguments=["Où est née Sand ?", "", "Soyez bref."],
            expected="Soyez bref.\n" + _BARE,
            hint="base ouvre l'amorce, qu'il y ait un contexte ou non.",
            mistakes=((_BARE, "La consigne générale est oubliée quand il n'y a pas de contexte."),),
        ),
        equals(
            name="ne touche pas à la consigne générale",
            arguments=["Où est née Sand ?", "", "  Soyez bref. "],
            expected="  Soyez bref. \n" + _BARE,
            hint="base se reprend telle quelle, espaces comprises.",
            mistakes=(("Soyez bref.\n" + _BARE, "Les espaces de base ont disparu : elle se reprend telle quelle."),),
        ),
    ),
)  # fmt: skip


# --- Les étiquettes -------------------------------------------------------------------------------------

_OUT = -100


def _example(got):
    """Les deux entrées d'un exemple, en listes d'entiers."""
    return [_plain(got[name]) for name in ("input_ids", "labels")]


def _plain(values):
    values = values.tolist() if hasattr(values, "tolist") else values
    return [_plain(each) if isinstance(each, list | tuple) else int(each) for each in values]


def _without(*names: str) -> tuple:
    """Une faute connue : un dictionnaire auquel il manque une clé, ou autre chose qu'un dictionnaire."""
    told = " et ".join(names)
    return (
        *(
            (
                lambda got, name=name: isinstance(got, dict) and name not in got,
                f"Le dictionnaire n'a pas de clé {name}.",
            )
            for name in names
        ),
        (
            lambda got: isinstance(got, dict) and any(got[name] is None for name in names),
            "Une valeur du dictionnaire est None : append et extend changent la liste sur place, et ne rendent rien.",
        ),
        (
            lambda got: isinstance(got, tuple) and len(got) == len(names),
            f"C'est un couple : rendez un dictionnaire, de clés {told}.",
        ),
    )


encode = Card(
    id="instructions.encode",
    title="Chasse au bug : les questions seules",
    statement="Ce code des documents met la question dans input_ids, et la réponse dans labels. Rendez un dictionnaire de deux listes de même longueur. input_ids : les tokens de prompt, ceux de answer, puis end. labels : -100 pour chaque token de prompt, puis les tokens de answer, puis end. Ne décalez rien : le modèle s'en charge.",
    difficulty=2,
    minutes=4,
    hints=(
        "Un modèle causal devine le token suivant d'une seule suite : question et réponse s'y suivent.",
        "labels a autant de -100 que prompt a de tokens.",
        "input_ids = [*prompt, *answer, end], et labels = [-100] * len(prompt) + [*answer, end].",
    ),
    checks=(
        equals(
            name="met la réponse à la suite de la question",
            arguments=[[7, 8, 9], [4, 5], 0],
            expected=[7, 8, 9, 4, 5, 0],
            read=lambda got: _example(got)[0],
            hint="input_ids : 7 8 9, puis 4 5, puis 0.",
            mistakes=(
                ([7, 8, 9], "Il n'y a que la question : le modèle ne lira, et n'apprendra, jamais une réponse."),
                ([4, 5, 0], "Il n'y a que la réponse : le modèle ne saurait pas à quoi il répond."),
                ([7, 8, 9, 4, 5], "La fin de texte manque : le modèle n'apprendrait pas à s'arrêter."),
                ([7, 8, 9, 0, 4, 5, 0], "Une fin sépare la question de la réponse : le modèle y oublierait la question."),
                ([-100, -100, -100, 4, 5, 0], "-100 n'est pas un token : il ne va que dans labels."),
                ([4, 5, 7, 8, 9, 0], "La réponse vient avant la question."),
                *_without("input_ids", "labels"),
            ),
        ),
        equals(
            name="n'apprend que la réponse et sa fin",
            arguments=[[7, 8, 9], [4, 5], 0],
            expected=[-100, -100, -100, 4, 5, 0],
            read=lambda got: _example(got)[1],
            hint="labels : trois fois -100, puis 4 5 0.",
            mistakes=(
                ([4, 5], "labels est plus court que input_ids : chaque place a son étiquette."),
                ([4, 5, 0], "labels est plus court que input_ids : la question vaut -100, place pour place."),
                ([7, 8, 9, 4, 5, 0], "La question est apprise aussi : mettez -100 à ses places."),
                ([-100, -100, -100, 4, 5, -100], "La fin n'est pas apprise : le modèle ne s'arrêterait pas."),
                ([-100, -100, -100, 4, 5], "La fin n'a pas d'étiquette : labels est plus court que input_ids."),
                ([-100, -100, 4, 5, 0, -100], "Les étiquettes sont décalées d'une place : le modèle le fait lui-même."),
                ([_OUT, 4, 5, 0], "Une seule place vaut -100 : il en faut une par token de la question."),
                ([0, 0, 0, 4, 5, 0], "0 est un token comme un autre : l'étiquette ignorée est -100."),
                ([-1, -1, -1, 4, 5, 0], "-1 n'est pas ignoré : l'étiquette ignorée est -100."),
                ([7, 8, 9, -100, -100, -100], "C'est à l'envers : la question s'apprend, et la réponse est cachée."),
                ([-100] * 6, "Tout vaut -100 : il n'y a rien à apprendre."),
            ),
        ),
        equals(
            name="garde la fin de texte qui serait dans la réponse",
            arguments=[[0, 6], [3, 0, 3], 0],
            expected=[[0, 6, 3, 0, 3, 0], [-100, -100, 3, 0, 3, 0]],
            read=_example,
            hint="Ce sont les places qui comptent, non les valeurs : la réponse 3 0 3 s'apprend telle quelle.",
            mistakes=(
                (lambda got: _OUT in got[1][2:], "Une étiquette de la réponse est cachée, parce qu'elle a le numéro de la fin : fiez-vous aux places."),
                (lambda got: got[1][0] == 0, "Une place de la question est apprise, parce qu'elle a le numéro de la fin : fiez-vous aux places."),
            ),
        ),
    ),
)  # fmt: skip


# --- Le lot ---------------------------------------------------------------------------------------------

_TWO = [{"input_ids": [7, 8, 4, 0], "labels": [_OUT, _OUT, 4, 0]}, {"input_ids": [9, 0], "labels": [_OUT, 0]}]


def _field(name: str):
    return lambda got: _plain(got[name])


collate = Card(
    id="instructions.collate",
    title="Chasse au bug : la fin qu'on n'apprend pas",
    statement="Réunissez des exemples en un lot, aussi large que le plus long, complété à droite. input_ids est complété par pad ; attention_mask vaut 1 sur les tokens, 0 sur le remplissage ; labels reprend les étiquettes des exemples, complétées par -100. Ce code refait les étiquettes : réparez-le. Attention : pad est aussi le token de fin.",
    difficulty=2,
    minutes=4,
    hints=(
        "D'où viennent les étiquettes, dans ce code ? D'où devraient-elles venir ?",
        "Chaque exemple a les siennes : example[\"labels\"].",
        "labels = list(example[\"labels\"]) + [-100] * (width - len(example[\"labels\"])).",
    ),
    checks=(
        equals(
            name="apprend la fin et cache la question",
            arguments=[_TWO, 0],
            expected=[[_OUT, _OUT, 4, 0], [_OUT, 0, _OUT, _OUT]],
            read=_field("labels"),
            hint="Les étiquettes des exemples, puis -100 sur le remplissage.",
            mistakes=(
                ([[7, 8, 4, _OUT], [9, _OUT, _OUT, _OUT]], "Les étiquettes sont refaites d'après input_ids : la question s'apprend de nouveau, et la fin, qui a le numéro de pad, est cachée."),
                ([[7, 8, 4, 0], [9, 0, 0, 0]], "Les étiquettes sont une copie de input_ids : question et remplissage s'apprennent."),
                ([[7, 8, 4, 0], [9, 0, _OUT, _OUT]], "Les étiquettes sont refaites d'après input_ids : la question s'apprend de nouveau."),
                ([[_OUT, _OUT, 4, _OUT], [_OUT, _OUT, _OUT, _OUT]], "La fin est cachée, parce qu'elle a le numéro de pad : ne cherchez pas cette valeur."),
                ([[_OUT, _OUT, 4, 0], [_OUT, 0, 0, 0]], "Le remplissage s'apprend : complétez par -100."),
                ([[_OUT, _OUT, 4, 0], [_OUT, 0]], "Les étiquettes ne sont pas complétées : toutes les lignes ont la même longueur."),
                ([[_OUT, _OUT, 4, 0], [_OUT, _OUT, _OUT, 0]], "Les étiquettes sont complétées à gauche : le remplissage va à droite."),
                (lambda got: isinstance(got, list) and isinstance(got[0], dict), "C'est une liste d'exemples : un lot est un dictionnaire de trois listes, une ligne par exemple."),
                *_without("input_ids", "attention_mask", "labels"),
            ),
        ),
        equals(
            name="complète les tokens",
            arguments=[_TWO, 5],
            expected=[[7, 8, 4, 0], [9, 0, 5, 5]],
            read=_field("input_ids"),
            hint="Le plus long a quatre tokens : l'autre reçoit deux fois pad.",
            mistakes=(
                ([[7, 8, 4, 0], [9, 0, 0, 0]], "Le remplissage vaut 0 : il vaut pad, ici 5."),
                ([[7, 8, 4, 0], [9, 0, _OUT, _OUT]], "-100 n'est pas un token : il ne va que dans labels."),
                ([[7, 8], [9, 0]], "Les exemples sont coupés à la longueur du plus court."),
                ([[7, 8, 4, 0], [5, 5, 9, 0]], "Le remplissage est à gauche : pour apprendre, il va à droite."),
                ([[7, 8, 4, 0], [9, 0]], "Rien n'est complété : toutes les lignes ont la même longueur."),
            ),
        ),
        equals(
            name="cache le remplissage, non la fin",
            arguments=[_TWO, 0],
            expected=[[1, 1, 1, 1], [1, 1, 0, 0]],
            read=_field("attention_mask"),
            hint="La fin d'un exemple est un vrai token : 1.",
            mistakes=(
                ([[1, 1, 1, 0], [1, 0, 0, 0]], "Le masque s'arrête une place trop tôt : la fin, même si elle a le numéro de pad, est un vrai token."),
                ([[1, 1, 1, 1], [1, 1, 1, 1]], "Le masque vaut 1 partout : le remplissage serait lu."),
                *_without("attention_mask"),
                ([[0, 0, 0, 0], [0, 0, 1, 1]], "Le masque est à l'envers : 1 sur les tokens."),
                ([[0, 0, 1, 1], [0, 1, 0, 0]], "La question est cachée : elle ne s'apprend pas, mais elle se lit."),
            ),
        ),
        equals(
            name="prend la largeur du plus long",
            arguments=[_TWO[::-1], 0],
            expected=[[9, 0, 0, 0], [7, 8, 4, 0]],
            read=_field("input_ids"),
            hint="Le second exemple est le plus long : quatre tokens.",
            mistakes=(([[9, 0], [7, 8, 4, 0]], "Le premier exemple n'est pas complété : la largeur est celle du plus long, où qu'il soit."),),
        ),
    ),
)  # fmt: skip


# --- Une réponse juste ----------------------------------------------------------------------------------

contains = Card(
    id="instructions.contains",
    title="Est-ce la bonne réponse ?",
    statement="Dites, par True ou False, si found contient les mots de key, entiers et qui se suivent. folded(texte) rend un texte sans majuscules, ni accents, ni ponctuation, ses mots séparés d'une espace : servez-vous-en. « 04 » n'est pas dans « 1804 ».",
    difficulty=2,
    minutes=2,
    hints=(
        "Comparez folded(key) et folded(found).",
        "« 04 » in « 1804 » est vrai : une chaîne ne connaît pas les mots.",
        "Entourez les deux d'espaces : f\" {folded(key)} \" in f\" {folded(found)} \".",
    ),
    checks=(
        equals(
            name="trouve la réponse dans la phrase",
            arguments=["1804", "George Sand est née le 1er juillet 1804."],
            expected=True,
            hint="« 1804 » est un mot de la phrase.",
            mistakes=((False, "La réponse y est : le point qui la suit ne compte pas, et la phrase peut être plus longue que la clé."),),
        ),
        equals(
            name="ne prend pas un morceau de mot",
            arguments=["04", "George Sand est née en 1804."],
            expected=False,
            hint="« 1804 » contient les signes 0 et 4, non le mot « 04 ».",
            mistakes=((True, "« 04 » est pris dans « 1804 » : comparez des mots entiers."),),
        ),
        equals(
            name="accepte une réponse de plusieurs mots",
            arguments=["la mare au diable", "elle a ecrit la mare au diable en 1846"],
            expected=True,
            hint="Quatre mots qui se suivent dans la phrase.",
            mistakes=((False, "key peut avoir plusieurs mots : ils sont dans la phrase, et s'y suivent."),),
        ),
        equals(
            name="oublie les accents et les majuscules",
            arguments=["Maurice et Solange", "Ses enfants : MAURICE ET SOLANGE !"],
            expected=True,
            hint="folded ôte les majuscules et la ponctuation.",
            mistakes=((False, "La réponse y est : ni les majuscules ni la ponctuation ne comptent."),),
        ),
        equals(
            name="veut les mots dans l'ordre, et de suite",
            arguments=["Maurice Dupin", "Aurore Dupin, mère de Maurice."],
            expected=False,
            hint="Les deux mots y sont, mais pas l'un après l'autre.",
            mistakes=((True, "Les mots sont cherchés un à un : « Dupin » puis « Maurice » n'est pas « Maurice Dupin »."),),
        ),
        equals(
            name="dit non à une autre réponse",
            arguments=["Nohant", "George Sand est morte à Paris."],
            expected=False,
            hint="« Nohant » n'y est pas.",
        ),
        equals(
            name="dit non à une réponse vide",
            arguments=["Nohant", ""],
            expected=False,
            hint="Un texte vide ne contient pas « Nohant ».",
            mistakes=((True, "Un texte vide est dans tous les textes : on cherche key dans found, et non l'inverse."),),
        ),
        equals(
            name="ne prend pas le début d'un mot",
            arguments=["18", "George Sand est née en 1804."],
            expected=False,
            hint="« 18 » n'est pas un mot de la phrase.",
            mistakes=((True, "« 18 » est pris dans « 1804 » : comparez des mots entiers, des deux côtés."),),
        ),
        equals(
            name="veut les mots de suite",
            arguments=["Maurice Dupin", "Maurice est né Dupin."],
            expected=False,
            hint="Les deux mots sont dans l'ordre, mais ne se suivent pas.",
            mistakes=((True, "Les mots sont dans l'ordre, mais d'autres les séparent : ils doivent se suivre."),),
        ),
    ),
)  # fmt: skip


# --- Deux modèles ---------------------------------------------------------------------------------------


class _Toy:
    """Un modèle d'essai : il retient ce qu'on lui apprend."""

    def __init__(self) -> None:
        self.known: list[str] = []

    def __repr__(self) -> str:
        return f"un modèle qui a appris {self.known}"


def _learn(model: _Toy, rows: list[str]) -> None:
    model.known += rows


def _trained(name: str, datasets: list[list[str]], read, expected, hint: str, mistakes=()) -> Check:
    """Compare ce que `read(base, modèles)` voit des modèles rendus."""

    def test(function) -> None:
        base = _Toy()
        base.known.append("le français")
        models = function(base, datasets, _learn)
        try:
            got = read(base, models)
        except (TypeError, AttributeError):
            got = models
        if isinstance(got, _Toy):
            raise Mistake(
                f"datasets = {datasets}",
                show(got),
                "une liste de modèles",
                "Un seul modèle est rendu : on en attend une liste, un par jeu de lignes.",
            )
        compare(got, expected, f"base qui sait « le français », datasets = {datasets}", hint=hint, mistakes=mistakes)

    return Check(name, test)


_FACTS = [["sans l'âge"], ["avec l'âge"]]

train_each = Card(
    id="instructions.train_each",
    title="Chasse au bug : deux modèles qui n'en font qu'un",
    statement="Pour chaque jeu de lignes de datasets, entraînez une copie de base, et rendez la liste des modèles, dans l'ordre. train(modèle, lignes) entraîne un modèle en place et ne rend rien. base ne doit pas changer. Le module copy est importé. Réparez ce code.",
    difficulty=2,
    minutes=3,
    hints=(
        "Combien de modèles y a-t-il, dans ce code ? Combien d'objets ?",
        "copy.copy ne copie pas ce que le modèle contient : copy.deepcopy, si.",
        "Dans la boucle : model = copy.deepcopy(base), puis train(model, rows), puis trained.append(model).",
    ),
    checks=(
        _trained(
            "part chaque fois du même point",
            _FACTS,
            lambda base, models: [model.known for model in models],
            [["le français", "sans l'âge"], ["le français", "avec l'âge"]],
            "Chaque modèle sait ce que savait base, et son jeu de lignes, rien d'autre.",
            (
                ([["le français", "sans l'âge", "avec l'âge"]] * 2, "Les deux ont tout appris : c'est un seul modèle, ou deux qui se partagent ce qu'ils savent."),
                ([["le français", "sans l'âge"], ["le français", "sans l'âge", "avec l'âge"]], "Le second continue le premier : il sait déjà ce qu'on voulait lui cacher."),
                ([["sans l'âge"], ["avec l'âge"]], "Les modèles ont oublié ce que savait base : partez d'une copie, non d'un modèle neuf."),
                ([["le français"], ["le français"]], "Les modèles n'ont rien appris : entraînez la copie, non l'original."),
                ([["le français", "avec l'âge"]], "Il n'y a qu'un modèle : gardez-les tous."),
                ([["le français", "avec l'âge"], ["le français", "sans l'âge"]], "Les modèles sont dans l'ordre inverse des jeux de lignes."),
                ([["le français"], ["le français", "sans l'âge"]], "C'est base qui apprend, après chaque copie : entraînez la copie."),
                ([["le français", "sans l'âge"]], "Un seul modèle est rendu : return est peut-être dans la boucle."),
                (dict, "C'est un dictionnaire : on attend une liste de modèles."),
                (lambda got: got == [None, None], "train ne rend rien : gardez le modèle que vous lui donnez."),
            ),
        ),
        _trained(
            "ne change pas le modèle de départ",
            _FACTS,
            lambda base, models: base.known,
            ["le français"],
            "base doit rester tel qu'on l'a donné.",
            ((["le français", "avec l'âge"], "Le dernier modèle est base lui-même : il lui faut une copie, à lui aussi."), (["le français", "sans l'âge"], "Le premier modèle est base lui-même : il lui faut une copie, à lui aussi."),),
        ),
        _trained(
            "ne rend rien quand il n'y a rien à apprendre",
            [],
            lambda base, models: list(models),
            [],
            "Aucun jeu de lignes, aucun modèle.",
        ),
    ),
)  # fmt: skip


# --- Du JSONL -------------------------------------------------------------------------------------------

_GOOD = '{"prompt": "a", "completion": "b"}\n{"prompt": "c", "completion": "d"}\n'
_BROKEN = '{"a": 1}\n{"a": "{"b": 2}"}\n\n{"a": 3}\n'


def _numbers(got):
    """Les objets, et les seuls numéros des lignes en faute."""
    return [list(got[0]), [number for number, _ in got[1]]]


parse_jsonl = Card(
    id="instructions.parse_jsonl",
    title="Lire du JSONL, ligne par ligne",
    statement="JSONL : un objet JSON par ligne, et chaque ligne finit par « \\n », par rien d'autre. Rendez deux listes : les objets lus, et les fautes, des couples (numéro de la ligne, raison). Les lignes se comptent depuis 1 ; une ligne vide est sautée, et compte dans les numéros. Une ligne que json.loads refuse est une faute, dont la raison est str(error). Une ligne qui n'est pas un objet, donc pas un dict, est une faute aussi : « pas un objet JSON ». Le module json est importé.",
    difficulty=3,
    minutes=4,
    hints=(
        'for number, line in enumerate(text.split("\\n"), 1): …',
        "try: value = json.loads(line), et except ValueError as error: la faute de cette ligne. Les autres se lisent quand même.",
        "Puis isinstance(value, dict).",
    ),
    checks=(
        equals(
            name="lit des lignes justes",
            arguments=[_GOOD],
            expected=[[{"prompt": "a", "completion": "b"}, {"prompt": "c", "completion": "d"}], []],
            read=_numbers,
            hint="Deux objets, aucune faute.",
            mistakes=(
                (lambda got: got[1] == [3], "La fin du texte est prise pour une ligne fautive : une ligne vide est sautée."),
                (lambda got: isinstance(got, list) and len(got) == 2 and all(isinstance(row, dict) for row in got), "Il n'y a que les objets : rendez aussi la liste des fautes, vide ici."),
                (lambda got: got[0] == [] and len(got[1]) == 2, "Les deux listes sont échangées : d'abord les objets, puis les fautes."),
                (lambda got: got[0] and isinstance(got[0][0], str), "Les lignes sont rendues telles quelles : lisez-les par json.loads."),
            ),
        ),
        equals(
            name="dit quelle ligne est fausse, et lit les autres",
            arguments=[_BROKEN],
            expected=[[{"a": 1}, {"a": 3}], [2]],
            read=_numbers,
            hint="La ligne 2 est fausse ; les lignes 1 et 4 sont justes.",
            mistakes=(
                ([[{"a": 1}], [2]], "La lecture s'arrête à la première faute : les lignes suivantes se lisent aussi."),
                ([[{"a": 1}, {"a": 3}], [1]], "Les lignes se comptent depuis 1 : celle-ci est la deuxième."),
                ([[{"a": 1}, {"a": 3}], []], "La ligne fausse est sautée en silence : notez-la."),
                ([[{"a": 1}, {"a": 3}], [2, 2]], "La ligne 2 est en faute deux fois : une fois refusée par json.loads, elle n'est plus à examiner."),
                (lambda got: isinstance(got[1][0], str), "Une faute est un couple : le numéro de la ligne, puis la raison."),
                ([[{"a": 1}, {"a": 3}], [2, 3]], "La ligne vide n'est pas une faute : elle est sautée."),
                ([[{"a": 1}, {"a": 3}], [2, 3, 5]], "Une ligne vide n'est pas une faute : elle est sautée."),
            ),
        ),
        equals(
            name="compte les lignes vides",
            arguments=['{"a": 1}\n\n\nnon\n'],
            expected=[[{"a": 1}], [4]],
            read=_numbers,
            hint="La faute est à la ligne 4, celle que montre un éditeur.",
            mistakes=(([[{"a": 1}], [2]], "Les lignes vides ne sont pas comptées : le numéro ne serait pas celui d'un éditeur."),),
        ),
        equals(
            name="compte celles du début",
            arguments=['\n\nnon\n{"a": 1}'],
            expected=[[{"a": 1}], [3]],
            read=_numbers,
            hint="Deux lignes vides ouvrent ce texte : la faute est à la ligne 3.",
            mistakes=(([[{"a": 1}], [1]], "Les lignes vides du début ne sont pas comptées."),),
        ),
        equals(
            name="lit un objet vide",
            arguments=['{}\n{"a": 1}'],
            expected=[[{}, {"a": 1}], []],
            read=_numbers,
            hint="{} est un objet, donc un dict : il n'a simplement rien dedans.",
            mistakes=(([[{"a": 1}], []], "L'objet vide est sauté : seule une ligne vide l'est."),),
        ),
        equals(
            name="refuse ce qui n'est pas un objet",
            arguments=['[1, 2]\n3\n{"a": 1}'],
            expected=[[{"a": 1}], [1, 2]],
            read=_numbers,
            hint="Un tableau ou un nombre seul est du JSON, mais pas une ligne de JSONL.",
            mistakes=(
                ([[[1, 2], 3, {"a": 1}], []], "Un tableau et un nombre sont acceptés : une ligne porte un objet, un dict."),
                ([[3, {"a": 1}], [1]], "Un nombre seul est accepté : une ligne porte un objet, un dict."),
                ([[[1, 2], {"a": 1}], [2]], "Un tableau est accepté : une ligne porte un objet, un dict."),
            ),
        ),
        equals(
            name="donne la raison",
            arguments=["3\nnon"],
            expected=["pas un objet JSON", "Expecting value: line 1 column 1 (char 0)"],
            read=lambda got: [reason for _, reason in got[1]],
            hint="« pas un objet JSON » pour la première ligne, str(error) pour la seconde.",
            mistakes=((lambda got: isinstance(got[1], Exception), "La raison est l'erreur elle-même : str(error) en donne le texte."),),
        ),
        equals(
            name="ne coupe qu'aux fins de ligne",
            arguments=['{"a": "un vers\u2028un autre"}\nnon'],
            expected=[[{"a": "un vers\u2028un autre"}], [2]],
            read=_numbers,
            hint="U+2028 est un signe permis dans un texte JSON : seul « \\n » finit une ligne.",
            mistakes=((lambda got: len(got[1]) == 3, "La première ligne est coupée en deux : splitlines coupe aussi à U+2028, qui peut être dans un texte. Coupez à « \\n »."),),
        ),
    ),
)  # fmt: skip


# --- Bonus : répartir -----------------------------------------------------------------------------------

_SHARES = (60, 20, 20)


def _drawn(rows: list[str], seed: int) -> list[list[str]]:
    """Dix lignes mélangées, en parts de 6, 2 et 2."""
    kept = list(rows)
    random.Random(seed).shuffle(kept)
    return [kept[:6], kept[6:8], kept[8:]]


_ROWS = [f"ligne {rank}" for rank in range(10)]
_DOUBLED = [*_ROWS, *_ROWS, *_ROWS]


def _sorted_whole(got):
    if isinstance(got, dict):
        raise TypeError
    return sorted(row for part in got for row in part)


split_rows = Card(
    id="instructions.split_rows",
    title="Bonus, chasse au bug : le test déjà appris",
    statement="Répartissez rows au sort en autant de listes que shares a de parts, données en pour cent. Les lignes égales n'en font qu'une, avant le tirage. N lignes différentes : la part k finit à la place N × (somme des k premières parts) // 100, et la dernière prend ce qui reste. Mélangez une copie par random.Random(seed).shuffle : même graine, même répartition. Le module random est importé. Réparez ce code.",
    difficulty=3,
    minutes=4,
    hints=(
        "list(dict.fromkeys(rows)) ôte les doublons et garde l'ordre.",
        "Les bornes : len(kept) * sum(shares[: k + 1]) // 100, pour toutes les parts sauf la dernière.",
        "random.Random(seed).shuffle(kept), puis kept[start:end].",
    ),
    checks=(
        equals(
            name="ne met aucune ligne dans deux parts",
            arguments=[_DOUBLED, _SHARES, 0],
            expected=_ROWS,
            read=_sorted_whole,
            hint="Trente lignes, dix différentes : dix en tout dans les parts.",
            mistakes=(
                (lambda got: len(got) == 30, "Les doublons sont restés : une même ligne est apprise, puis jugée."),
                (dict, "C'est un dictionnaire : on attend une liste, qui a une liste par part."),
                ([], "Aucune ligne ne reste : de celles qui se répètent, on en garde une."),
                (lambda got: len(got) < 10, "Des lignes se sont perdues : la dernière part prend ce qui reste."),
                (lambda got: len(got) > len(set(got)), "Une ligne est dans deux parts."),
            ),
        ),
        equals(
            name="respecte les parts",
            arguments=[_DOUBLED, _SHARES, 0],
            expected=[6, 2, 2],
            read=lambda got: [len(part) for part in got],
            hint="Dix lignes différentes : 6, 2 et 2.",
            mistakes=(
                ([18, 6, 6], "Les doublons sont restés."),
                ([6, 2], "Il manque la dernière part."),
                ([10, 0, 0], "Tout est dans la première part : les bornes se comptent sur les dix lignes différentes, et shares est en pour cent."),
                ([8, 1, 1], "Les parts sont celles de 85, 10 et 5 : prenez celles de shares."),
                ([6, 8, 10], "Les parts s'ajoutent l'une à l'autre : chacune commence où la précédente finit."),
            ),
        ),
        equals(
            name="donne le reste à la dernière part",
            arguments=[list("abcdefghijk"), (85, 10, 5), 1],
            expected=[9, 1, 1],
            read=lambda got: [len(part) for part in got],
            hint="Onze lignes : 11 × 85 // 100 = 9, 11 × 95 // 100 = 10, puis ce qui reste.",
            mistakes=(
                ([9, 1, 0], "Une ligne s'est perdue dans les arrondis : la dernière part prend ce qui reste."),
                ([9, 2, 1], "Une ligne est comptée deux fois dans les arrondis."),
            ),
        ),
        equals(
            name="fait autant de parts qu'on en demande",
            arguments=[_ROWS, (80, 20), 0],
            expected=[8, 2],
            read=lambda got: [len(part) for part in got],
            hint="Deux parts : 8 et 2.",
            mistakes=((lambda got: len(got) == 3, "Trois parts sont venues : shares en donne deux ici."),),
        ),
        equals(
            name="mélange, toujours de même",
            arguments=[_ROWS, _SHARES, 1804],
            expected=_drawn(_ROWS, 1804),
            hint="random.Random(seed).shuffle, sur une copie des lignes sans doublon.",
            mistakes=(
                ([_ROWS[:6], _ROWS[6:8], _ROWS[8:]], "Les lignes ne sont pas mélangées : la fin d'un fichier ne ressemble pas à son début."),
                (lambda got: got == _drawn(_ROWS, 0), "La graine donnée n'a pas servi : c'est le tirage de la graine 0."),
            ),
        ),
        equals(
            name="ajoute les parts avant d'arrondir",
            arguments=[list("abcdefghijklmn"), (85, 10, 5), 1],
            expected=[11, 2, 1],
            read=lambda got: [len(part) for part in got],
            hint="Quatorze lignes : 14 × 85 // 100 = 11, 14 × 95 // 100 = 13, puis ce qui reste.",
            mistakes=(
                ([11, 1, 2], "Chaque part est arrondie seule : c'est la somme des parts qui donne la place."),
                ([12, 1, 1], "14 × 85 / 100 vaut 11,9, et donne ici 12 : // arrondit vers le bas."),
            ),
        ),
        equals(
            name="suit la graine donnée",
            arguments=[_ROWS, _SHARES, 7],
            expected=_drawn(_ROWS, 7),
            hint="Une autre graine, une autre répartition.",
            mistakes=((lambda got: got == _drawn(_ROWS, 1804), "La graine donnée n'a pas servi : c'est le tirage de la graine 1804."),),
        ),
    ),
)  # fmt: skip


# --- Bonus : vers les services hébergés -----------------------------------------------------------------

_ROW = Row("Où est née Sand ?", "À Paris.")
_WITH = Row("Quel temps fait-il ?", "Il pleut.", input="Il pleut sur Nohant.")


_ROLES = (
    lambda got: all(len(message) == 1 for message in got["messages"]),
    "Chaque message a deux clés, role et content : le rôle n'est pas une clé.",
)


def _turns(got):
    return [(message["role"], message["content"]) for message in got["messages"]]


to_chat = Card(
    id="instructions.to_chat",
    title="Bonus : vers un service hébergé",
    statement="Rendez la ligne au format « chat » : un dictionnaire dont messages est une liste de dictionnaires role et content. D'abord « system » et base, si base n'est pas vide ; puis « user » : row.instruction, précédée de row.input et d'un retour à la ligne, s'il y en a un ; puis « assistant » : row.output.",
    difficulty=2,
    minutes=3,
    hints=(
        "Commencez par le cas simple : deux messages, user puis assistant.",
        '{"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}',
    ),
    checks=(
        equals(
            name="fait deux messages d'une question et d'une réponse",
            arguments=[_ROW],
            expected=[("user", "Où est née Sand ?"), ("assistant", "À Paris.")],
            read=_turns,
            hint="user porte la question, assistant la réponse.",
            mistakes=(
                ([("assistant", "À Paris."), ("user", "Où est née Sand ?")], "La réponse vient avant la question."),
                ([("user", "À Paris."), ("assistant", "Où est née Sand ?")], "Les rôles sont échangés : assistant est le modèle."),
                ([("user", "\nOù est née Sand ?"), ("assistant", "À Paris.")], "Un retour à la ligne précède la question, alors qu'il n'y a pas de texte."),
                ([("system", ""), ("user", "Où est née Sand ?"), ("assistant", "À Paris.")], "Un message « system » vide : sans consigne générale, il n'y en a pas."),
                ([("user", "Où est née Sand ?"), ("bot", "À Paris.")], "Le rôle du modèle s'appelle « assistant »."),
                ([("user", "Où est née Sand ?")], "La réponse manque : il n'y aurait rien à apprendre."),
                (lambda got: set(got) == {"prompt", "completion"}, "C'est l'ancien format, « prompt » et « completion », que ces services ont abandonné."),
                (lambda got: isinstance(got, list) and all(isinstance(each, dict) for each in got), "C'est la liste des messages : rangez-la sous « messages »."),
                _ROLES,
                (str, "C'est un texte : rendez un dictionnaire, json.dumps viendra ensuite."),
            ),
        ),
        equals(
            name="met le texte avant la consigne",
            arguments=[_WITH],
            expected=[("user", "Il pleut sur Nohant.\nQuel temps fait-il ?"), ("assistant", "Il pleut.")],
            read=_turns,
            hint="Le texte, un retour à la ligne, la consigne.",
            mistakes=(
                ([("user", "Quel temps fait-il ?"), ("assistant", "Il pleut.")], "Le texte sur lequel porte la consigne est perdu."),
                ([("user", "Quel temps fait-il ?\nIl pleut sur Nohant."), ("assistant", "Il pleut.")], "Le texte vient après la consigne : il la précède."),
                ([("user", "Il pleut sur Nohant."), ("user", "Quel temps fait-il ?"), ("assistant", "Il pleut.")], "Le texte et la consigne font deux messages : ils n'en font qu'un."),
                ([("user", "Il pleut sur Nohant. Quel temps fait-il ?"), ("assistant", "Il pleut.")], "Une espace sépare le texte de la consigne : c'est un retour à la ligne qu'on demande."),
            ),
        ),
        equals(
            name="met la consigne générale en tête",
            arguments=[_ROW, "Soyez bref."],
            expected=[("system", "Soyez bref."), ("user", "Où est née Sand ?"), ("assistant", "À Paris.")],
            read=_turns,
            hint="Un message « system », le premier.",
            mistakes=(
                ([("user", "Où est née Sand ?"), ("assistant", "À Paris.")], "La consigne générale est oubliée."),
                ([("user", "Soyez bref.\nOù est née Sand ?"), ("assistant", "À Paris.")], "La consigne générale est dans la question : elle a son message, « system »."),
                ([("user", "Où est née Sand ?"), ("assistant", "À Paris."), ("system", "Soyez bref.")], "Le message « system » vient à la fin : il vient en tête."),
                ([("user", "Où est née Sand ?"), ("system", "Soyez bref."), ("assistant", "À Paris.")], "Le message « system » vient après la question : il vient en tête."),
            ),
        ),
    ),
)  # fmt: skip

CARDS = (render, encode, collate, parse_jsonl, contains, train_each, split_rows, to_chat)

QUIZZES = (
    Quiz(
        "instructions.conseils",
        "Un modèle entraîné répond par des questions. Les quatre listes du document comptent vingt conseils. Lequel aurait aidé ?",
        (
            Option("Ajouter des exemples, les diversifier.", False, "Les réponses de ces exemples ne seraient pas apprises non plus : la mesure le montre."),
            Option("Plus d'époques, un autre taux, de la régularisation.", False, "Le modèle apprend très bien ce qu'on lui donne : des questions. Il en apprendrait davantage."),
            Option("Filtrer les réponses qui ressemblent à des questions.", False, "Il ne resterait rien."),
            Option("Aucun. Il fallait regarder un lot.", True, "Décoder les étiquettes d'un seul lot : pas un token des réponses n'y est. C'est la première chose à faire, et aucune liste n'en parle."),
        ),
    ),
    Quiz(
        "instructions.etiquettes",
        "Pourquoi mettre -100 sur la question ?",
        (
            Option("Pour que le modèle ne la lise pas.", False, "Il la lit : elle est dans input_ids, et le masque vaut 1. Elle ne compte pas dans la perte, c'est tout."),
            Option("Pour n'apprendre qu'à répondre.", True, "Poser des questions n'est pas ce qu'on lui demandera. Les lire lui sert toujours."),
            Option("Pour gagner du temps de calcul.", False, "La question se calcule comme le reste : seule la perte l'ignore."),
        ),
    ),
    Quiz(
        "instructions.faits",
        "Un modèle répond juste à 95 % de ses lignes d'apprentissage. Sait-il répondre ?",
        (
            Option("Oui.", False, "Il sait ces lignes-là par cœur. Une personne posera la question autrement."),
            Option("On n'en sait rien.", True, "Il faut d'autres formulations, jamais apprises, et un intervalle. Et pour une question dont il n'a pas le fait, il inventera."),
            Option("Non : 95 % est trop peu.", False, "Le pourcentage n'y est pour rien : ce sont les lignes qui ont servi à apprendre."),
        ),
    ),
)  # fmt: skip
