"""Leçon 13, les exercices : peser, ranger en entiers, changer de couche, remplir les rangées ; en bonus, élaguer.

Les résultats attendus sont calculés à la main, ou par PyTorch et transformers : jamais par `aurore.deploy`.
"""

import copy
import heapq
import random
from collections.abc import Callable
from numbers import Integral

import torch
from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from aurore.atelier.cards import Card, Check, Mistake, agrees, compare, equals
from aurore.atelier.differences import show
from aurore.atelier.quiz import Option, Quiz

# --- Peser ----------------------------------------------------------------------------------------------

_MIXED = {
    "poids": torch.zeros(3, 4),
    "entiers": torch.zeros(7, dtype=torch.int8),
    "demi": torch.zeros(5, dtype=torch.float16),
}
_TABLE = torch.ones(6, 2)
_TIED = {"entree": _TABLE, "milieu": torch.zeros(3), "sortie": _TABLE}


def _shared(function) -> None:
    """Une mémoire sous deux objets, puis sous deux formes ; une part d'une réserve, puis ses deux parts. `equals` en copierait deux."""
    table, long = torch.ones(6, 2), torch.ones(10)
    two = "Ce sont deux objets Python, mais une seule mémoire : data_ptr() la nomme, et non id() ni le tenseur."
    for given, state, wanted, hint, mistake in (
        ('{"entree": table, "sortie": table.detach()}, où table pèse 48 octets', {"entree": table, "sortie": table.detach()}, 48, "Deux tenseurs sur la même mémoire : 48 octets.", (96, two)),
        ('{"entree": table, "aplatie": table.view(-1)}, où table pèse 48 octets', {"entree": table, "aplatie": table.view(-1)}, 48, "Deux formes, un seul data_ptr() : 48 octets.", (96, "La table est comptée sous ses deux formes : data_ptr() est le même.")),
        ('{"debut": long[:4]}, où long a dix nombres de 4 octets', {"debut": long[:4]}, 16, "Quatre nombres de 4 octets : 16.", (40, "C'est toute la réserve où le tenseur est pris : il pèse ses éléments, numel().")),
        ('{"debut": long[:4], "fin": long[4:]}, où long a dix nombres de 4 octets', {"debut": long[:4], "fin": long[4:]}, 40, "Deux parts sans rien de commun, de 16 et 24 octets, et deux data_ptr().", (lambda got: got in (16, 24), "Une seule des deux parts est comptée : elles sont prises dans la même réserve, mais n'ont pas le même data_ptr().")),
    ):  # fmt: skip
        compare(function(state), wanted, given, hint=hint, mistakes=(mistake,))


def _integer(function) -> None:
    got, why = function({"poids": torch.zeros(3, 4)}), "Un entier de Python est demandé : .item() le tire d'un tenseur."
    if not isinstance(got, Integral):
        raise Mistake('{"poids": torch.zeros(3, 4)}', show(got), "48", why)


_SAME_SIZE = {"un": torch.ones(4), "autre": torch.arange(4.0), "grand": torch.zeros(2, 3)}
_TWINS = {"un": torch.ones(4), "autre": torch.ones(4)}

state_bytes = Card(
    id="deploy.state_bytes",
    title="Chasse au bug : 4,59 fois plus petit",
    statement="Rendez les octets d'un état, un entier. state est un dictionnaire de tenseurs, de types quelconques : chacun pèse son nombre d'éléments (numel()) fois la taille d'un élément (element_size()). Une même mémoire, présente sous plusieurs noms (même data_ptr()), ne se compte qu'une fois. Le code donné compte quatre octets par nombre à virgule, et rien d'autre.",
    difficulty=2,
    minutes=4,
    hints=(
        "Un entier de huit bits pèse aussi : un octet.",
        "Un dictionnaire dont la clé est value.data_ptr() ne garde qu'une fois chaque mémoire.",
        "seen = {value.data_ptr(): value.numel() * value.element_size() for value in state.values()}, puis la somme de seen.values().",
    ),
    checks=(
        equals(
            name="compte chaque type à sa taille",
            arguments=[_MIXED],
            expected=65,
            hint="Douze nombres de 4 octets, sept d'un octet, cinq de 2 octets.",
            mistakes=(
                (68, "Les entiers ne sont pas comptés, et les nombres de 16 bits le sont à quatre octets."),
                (58, "Les entiers de 8 bits ne sont pas comptés : ils pèsent un octet chacun."),
                (48, "Seul « poids » est compté : les deux autres tenseurs pèsent aussi."),
                (24, "C'est le nombre d'éléments : multipliez chacun par sa taille en octets."),
                (96, "Tous sont comptés à quatre octets : element_size() donne la taille de chacun."),
                (520, "Ce sont des bits : il y en a huit par octet."),
                (29, "Seule la première dimension de chaque tenseur est comptée : numel() compte tous les éléments."),
                (75, "Les entiers comptent un octet, mais les nombres de 16 bits en comptent quatre : element_size() donne la taille de chacun."),
                (lambda got: isinstance(got, float) and 0 < got < 1, "Ce n'est plus un nombre d'octets : rendez-le sans le diviser."),
                (lambda got: isinstance(got, int) and got > 96, "C'est plus que ce que pèsent les éléments : ni l'objet Python, ni l'en-tête d'un fichier ne comptent."),
                (0, "Aucun octet n'est compté, ou le nombre d'octets est divisé : rendez-le tel quel, et comptez tous les tenseurs."),
                (17, "C'est le nombre d'éléments à virgule : ni leur taille, ni les entiers n'y sont."),
            ),
        ),
        equals(
            name="compte une fois ce qui a deux noms",
            arguments=[_TIED],
            expected=60,
            hint="La table de 48 octets est la même sous deux noms ; le biais en pèse 12.",
            mistakes=(
                (108, "La table est comptée deux fois : elle a deux noms, et une seule mémoire."),
                (12, "La table n'est plus comptée du tout."),
                (48, "Le biais n'est pas compté."),
            ),
        ),
        Check("rend un entier", _integer),
        equals(
            name="compte deux fois deux tenseurs de même taille",
            arguments=[_SAME_SIZE],
            expected=56,
            hint="Deux tenseurs de 16 octets et un de 24 ; chacun a sa mémoire.",
            mistakes=((40, "Deux tenseurs de même taille sont comptés pour un : c'est la même mémoire qui ne se compte qu'une fois, et data_ptr() la nomme."),),
        ),
        equals(
            name="compte aussi les autres types",
            arguments=[{"rangs": torch.zeros(3, dtype=torch.int64), "doubles": torch.zeros(2, dtype=torch.float64), "masque": torch.zeros(9, dtype=torch.bool)}],
            expected=49,
            hint="Trois et deux nombres de 8 octets, neuf booléens d'un octet.",
            mistakes=((lambda got: got in (41, 42), "Un booléen est compté pour un bit : il occupe un octet."), (56, "Ces types sont comptés à quatre octets : element_size() donne la taille de chacun.")),
        ),
        equals(
            name="compte deux fois deux tenseurs égaux",
            arguments=[_TWINS],
            expected=32,
            hint="Deux tenseurs de mêmes valeurs, mais chacun dans sa mémoire : 16 octets chacun.",
            mistakes=((16, "Un seul est compté : ils ont les mêmes valeurs, et non la même mémoire."),),
        ),
        Check("reconnaît une mémoire sous deux objets, et une vue", _shared),
        equals(name="rend zéro pour un état vide", arguments=[{}], expected=0, hint="Sans tenseur, zéro octet."),
    ),
)  # fmt: skip

# --- Des entiers ----------------------------------------------------------------------------------------

_MATRIX = torch.tensor([[1.27, -0.50, 0.017], [-2.54, 1.00, 0.104]])
_INTEGERS = torch.tensor([[127, -50, 2], [-127, 50, 5]], dtype=torch.int8)
_SCALES = torch.tensor([0.01, 0.02])
_HALVED = torch.tensor([[0.0, 0.0, 0.0], [0.635, 0.0, -0.32]])


def _scales(values: list[float]) -> Callable:
    """Reconnaît une paire dont les échelles sont celles-là."""
    wanted = torch.tensor(values)
    return lambda got: bool((got[1].flatten().float() - wanted).abs().max() < 1e-6)


def _whole(values: list[list[int]]) -> Callable:
    """Reconnaît une paire dont les échelles sont justes, et les entiers ceux-là."""
    wanted = torch.tensor(values)
    return lambda got: bool((got[0].int() == wanted).all()) and _scales([0.01, 0.02])(got)


def _follow(got) -> bool:
    """Reconnaît des entiers qui suivent les échelles rendues, justes ou non."""
    integers, scales = got
    return bool(((_MATRIX / scales[:, None]).round().clamp(-128, 127) == integers).all())


def _matrices():
    """Des matrices de toutes formes, sans poids à mi-chemin de deux entiers : là, arrondir est au choix."""
    draw = torch.Generator().manual_seed(13)
    for rows, columns in ((3, 3), (1, 5), (5, 1), (2, 6), (6, 2), (4, 4), (1, 1)):
        whole = torch.randint(-126, 127, (rows, columns), generator=draw)
        whole[range(rows), torch.randint(columns, (rows,), generator=draw)] = 127 * (-1) ** torch.arange(rows)
        between = 0.8 * (torch.rand(rows, columns, generator=draw) - 0.5) * (whole.abs() < 127)
        yield [(whole + between) * 10 ** (4 * torch.rand(rows, 1, generator=draw) - 3)]


def _ranged(matrix):
    scales = matrix.double().abs().max(1).values / 127
    return (matrix / scales[:, None]).round().to(torch.int8), scales.float()


def _pair(function) -> None:
    got = function(_MATRIX.clone())
    if not (isinstance(got, tuple | list) and len(got) == 2 and all(isinstance(part, Tensor) for part in got)):
        why = "Il faut rendre deux tenseurs, les entiers puis les échelles."
    elif got[0].ndim == 1 and got[1].ndim == 2:
        why = "Le couple est à l'envers : les entiers d'abord, puis les échelles."
    elif got[0].is_floating_point():
        why = "Le premier tenseur est encore à virgule : .to(torch.int8)."
    elif got[0].dtype != torch.int8:
        why = f"Le type est {got[0].dtype}, et non torch.int8."
    elif (tuple(got[0].shape), tuple(got[1].shape)) != ((2, 3), (2,)):
        why = f"Les formes sont {tuple(got[0].shape)} et {tuple(got[1].shape)} : il faut (2, 3), et une échelle par ligne, (2,)."
    else:
        return
    wanted = "deux tenseurs : des entiers (2, 3) de type int8, et des échelles (2,)"
    raise Mistake(show(_MATRIX), show(got), wanted, why)


quantize_rows = Card(
    id="deploy.quantize_rows",
    title="Des entiers et une échelle",
    statement="Rangez une matrice (N, K) en entiers : rendez (integers, scales). scales (N,) donne pour chaque ligne son plus grand poids en valeur absolue, divisé par 127 ; 1 si la ligne est nulle. integers (N, K), de type torch.int8, est chaque poids divisé par l'échelle de sa ligne, arrondi au plus proche.",
    difficulty=3,
    minutes=6,
    hints=(
        "matrix.abs().amax(1) donne le plus grand de chaque ligne ; torch.where remplace les échelles nulles.",
        "scales[:, None] a la forme (N, 1) : la division se fait alors ligne par ligne.",
        "(matrix / scales[:, None]).round().to(torch.int8)",
    ),
    checks=(
        Check("rend des entiers de 8 bits et une échelle par ligne", _pair),
        equals(
            name="arrondit chaque poids à son échelle",
            arguments=[_MATRIX],
            expected=(_INTEGERS, _SCALES),
            tolerance=1e-6,
            read=tuple,
            hint="Première ligne : 1,27 / 127 = 0,01, donc 127, −50, et 1,7 arrondi à 2.",
            mistakes=(
                (_whole([[127, -50, 1], [-127, 50, 5]]), "0,017 / 0,01 = 1,7 devient 1 : il est coupé, et non arrondi au plus proche."),
                (lambda got: int(got[0][1][2]) == 6 and _scales([0.01, 0.02])(got), "0,104 / 0,02 = 5,2 devient 6 : il est arrondi au-dessus, et non au plus proche."),
                (_whole([[127, -49, 2], [-126, 50, 5]]), "−50 devient −49 : ajouter 0,5 puis couper n'arrondit que les positifs. round() arrondit les deux signes."),
                (lambda got: not got[0].any(), "Tous les entiers sont nuls : chaque poids est divisé par l'échelle de sa ligne, et non multiplié."),
                (_scales([0.02, 0.02]), "Les deux lignes ont la même échelle : chacune a la sienne."),
                (_scales([1.27 / 128, 2.54 / 128]), "Les échelles sont divisées par 128 : le plus grand entier est 127."),
                (_scales([1.27 / 255, 2.54 / 255]), "Les échelles sont divisées par 255 : les entiers vont de −127 à 127."),
                (_scales([1.27, 2.54]), "Les échelles sont les plus grands poids : il reste à les diviser par 127."),
                (_scales([100.0, 50.0]), "Les échelles sont à l'envers : 127 divisé par le plus grand poids."),
                (_scales([0.01, 1.0 / 127]), "Le plus grand poids de la seconde ligne est −2,54, en valeur absolue."),
                (_scales([1.77 / 127, 3.54 / 127]), "L'échelle vient de l'étendue de la ligne, et non de son plus grand poids en valeur absolue."),
                (lambda got: got[1].dtype != torch.float32, "Les échelles n'ont pas le type de matrix, torch.float32."),
                (lambda got: bool((got[1] < 0).any()), "Une échelle est négative : elle vient du plus grand poids en valeur absolue."),
                (_follow, "Les entiers vont avec les échelles rendues, mais ces échelles sont autres : le plus grand poids de la ligne, en valeur absolue, divisé par 127."),
            ),
        ),
        equals(
            name="laisse une ligne nulle à zéro",
            arguments=[_HALVED],
            expected=(torch.tensor([[0, 0, 0], [127, 0, -64]], dtype=torch.int8), torch.tensor([1.0, 0.005])),
            tolerance=1e-6,
            read=tuple,
            hint="Une ligne nulle a pour échelle 1 : diviser par zéro ne donnerait pas un nombre.",
            mistakes=(
                (lambda got: float(got[1][0]) == 0.0, "L'échelle de la ligne nulle est 0 : on demande 1, pour ne pas diviser par zéro."),
                (lambda got: len(got[1]) < 2, "La ligne nulle a disparu : elle reste, à zéro, et son échelle est 1."),
                (lambda got: float(got[1][0]) == 1.0 and float(got[1][1]) != 0.005, "L'échelle de la ligne nulle est juste, mais pas celle de l'autre, 0,635 / 127 = 0,005."),
                (lambda got: 0 < float(got[1][0]) < 0.5, "L'échelle de la ligne nulle est un petit nombre : on demande 1."),
            ),
        ),
        equals(
            name="suit des lignes de toute grandeur",
            arguments=[torch.tensor([[1270.0, -300.0, 84.0], [1.27e-6, -5e-7, 1.7e-7], [0.0254, 0.127, -0.0998]])],
            expected=(torch.tensor([[127, -30, 8], [127, -50, 17], [25, 127, -100]], dtype=torch.int8), torch.tensor([10.0, 1e-8, 0.001])),
            tolerance=1e-6,
            read=tuple,
            hint="Les échelles sont 10, 0,00000001 et 0,001 : une ligne très petite n'est pas nulle.",
            mistakes=(
                (lambda got: float(got[1][1]) == 1.0, "La deuxième ligne est prise pour nulle : ses poids sont très petits, et son échelle aussi."),
                (lambda got: float(got[1][0]) < 9, "L'échelle de la première ligne est 10 : elle peut dépasser 1."),
            ),
        ),
        agrees(name="va à des matrices de toute forme", cases=list(_matrices()), wanted=_ranged, tolerance=1e-5, read=tuple, hint="Une échelle par ligne, quelle que soit la forme : carrée, d'une ligne ou d'une colonne."),
    ),
)  # fmt: skip

# --- Conv1D ---------------------------------------------------------------------------------------------


def _conv(inputs: int, outputs: int) -> Conv1D:
    draw = torch.Generator().manual_seed(1804)
    conv = Conv1D(outputs, inputs)
    conv.weight.data = torch.randn(inputs, outputs, generator=draw)
    conv.bias.data = torch.randn(outputs, generator=draw)
    return conv


def _computes(inputs: int, outputs: int, name: str, hint: str) -> Check:
    def test(function) -> None:
        conv = _conv(inputs, outputs)
        learns = [value.requires_grad for value in conv.parameters()]
        before = copy.deepcopy(conv.state_dict())
        given = f"un Conv1D de {inputs} entrées et {outputs} sorties"
        linear = function(conv)
        if not isinstance(linear, nn.Linear):
            raise Mistake(given, show(linear), "un nn.Linear", "Il faut rendre une couche nn.Linear.")
        x = torch.randn(5, inputs, generator=torch.Generator().manual_seed(7))
        shape = tuple(linear.weight.shape)
        if shape != (outputs, inputs):
            why = "La matrice d'un Linear est (sorties, entrées) : la transposée de celle d'un Conv1D."
            raise Mistake(given, f"une matrice {shape}", f"une matrice {(outputs, inputs)}", why)
        if {value.dtype for value in linear.parameters()} != {torch.float32}:
            why = f"Les poids de la couche sont en {linear.weight.dtype}, et ceux de conv en torch.float32 : gardez leur type."
            raise Mistake(given, f"des poids en {linear.weight.dtype}", "des poids en torch.float32", why)
        with torch.no_grad():
            wanted = x @ before["weight"] + before["bias"]
            mistakes = (
                (lambda got: bool((got - x @ before["weight"] - conv.bias).abs().max() < 1e-4) and not torch.equal(conv.bias, before["bias"]), "La couche suit conv, mais le biais de conv a changé : elle doit rester intacte."),
                (lambda got: bool(((got - wanted) - (got - wanted)[0]).abs().max() < 1e-4) and bool((got - x @ before["weight"]).abs().max() > 1e-4), "La matrice est la bonne, mais l'écart est le même pour toutes les entrées : le biais n'est pas celui de conv."),
                (lambda got: bool((got - (x @ before["weight"])).abs().max() < 1e-4), "Le biais manque : le calcul est juste sans lui."),
                (lambda got: bool((got - (x @ before["weight"] - before["bias"])).abs().max() < 1e-4), "Le biais est soustrait : il s'ajoute."),
                *(((lambda got: bool((got - (x @ before["weight"].T + before["bias"])).abs().max() < 1e-4), "La matrice n'est pas transposée : carrée, elle se laisse prendre pour l'autre, et le calcul est faux."),) if inputs == outputs else ()),
                (lambda got: torch.equal(linear.weight, -before["weight"].T), "La matrice a les signes contraires."),
                (lambda got: torch.equal(linear.weight.flatten().sort().values, before["weight"].flatten().sort().values), "Les nombres de la matrice sont ceux de conv, mais pas à leur place : weight[j, i] vaut conv.weight[i, j], ce que fait .T."),
                (lambda got: not torch.allclose(linear.weight, before["weight"].T), "La matrice de la couche n'a pas les nombres de conv.weight : elle doit en être la transposée."),
            )  # fmt: skip
            compare(linear(x), wanted, given, hint=hint, mistakes=mistakes, tolerance=1e-4)
            own = nn.functional.linear(x, linear.weight, linear.bias)
            compare(
                own,
                wanted,
                f"{given}, calculé par weight et bias",
                hint="La couche ne calcule pas avec ses propres poids : ils doivent suffire, car ce sont eux qu'on enregistre.",
                tolerance=1e-4,
            )
        after = conv.state_dict()
        if not all(value.shape == after[key].shape and torch.equal(value, after[key]) for key, value in before.items()):
            why = "La couche est juste, mais celle qu'on donne a changé."
            raise Mistake(given, "le Conv1D a changé", "un Conv1D intact", why)
        if [value.requires_grad for value in conv.parameters()] != learns:
            why = "La couche est juste, mais les poids de celle qu'on donne n'apprennent plus comme avant."
            raise Mistake(given, "requires_grad a changé", "un Conv1D intact", why)

    return Check(name, test)


linear_of = Card(
    id="deploy.linear_of",
    title="Chasse au bug : la matrice carrée",
    statement="Rendez le nn.Linear qui calcule ce que calcule conv, un Conv1D de transformers : conv.weight est (entrées, sorties), conv.bias est (sorties,), et la sortie vaut x @ weight + bias. conv ne doit pas changer. Le code donné marche parfois sans erreur, et calcule autre chose.",
    difficulty=2,
    minutes=4,
    hints=(
        "Un nn.Linear calcule x @ weight.T + bias : de quelle forme est sa matrice ?",
        "linear.weight.data = conv.weight.data.T, et .contiguous() pour qu'elle soit rangée en mémoire comme les autres.",
        "n_in, n_out = conv.weight.shape ; linear = nn.Linear(n_in, n_out) ; puis les deux .data, la matrice transposée.",
    ),
    checks=(
        _computes(4, 4, "calcule la même chose, matrice carrée", "Les deux couches doivent rendre les mêmes nombres."),
        _computes(3, 5, "calcule la même chose, matrice allongée", "Trois entrées, cinq sorties : la matrice du Linear est (5, 3)."),
    ),
)  # fmt: skip

# --- Plusieurs à la fois --------------------------------------------------------------------------------

_LENGTHS = [11, 9, 8, 9, 13, 3, 3, 13]


def _queues():
    draw = random.Random(2022)
    for _ in range(120):
        yield [[draw.randint(1, 9) for _ in range(draw.randint(0, 12))], draw.randint(1, 5)]


def _last_end(lengths, slots):
    ends = [0] * slots
    for length in lengths:
        heapq.heapreplace(ends, ends[0] + length)
    return max(ends)


continuous_steps = Card(
    id="deploy.continuous_steps",
    title="Aucune rangée ne dort",
    statement="Rendez le nombre de pas, un entier, qu'il faut pour écrire tous les textes. lengths donne leurs longueurs en tokens, une au moins pour chacun ; la liste peut être vide. Un pas ajoute un token à chacun des textes en cours, slots au plus à la fois. Dès qu'un texte finit, le suivant de la liste prend sa rangée au pas d'après.",
    difficulty=3,
    minutes=5,
    hints=(
        "Notez pour chaque rangée le pas où elle se libère : toutes à 0 au départ.",
        "Le texte suivant va dans la rangée qui se libère la première ; elle se libérera length pas plus tard.",
        "ends = [0] * slots ; pour chaque longueur, i = ends.index(min(ends)) et ends[i] += length ; la réponse est max(ends).",
    ),
    checks=(
        equals(
            name="donne une rangée libérée au suivant",
            arguments=[_LENGTHS, 3],
            expected=30,
            hint="Trois rangées. La première écrit 11 puis 3 puis 3, la deuxième 9 puis 13, la troisième 8, 9 et 13.",
            mistakes=(
                (37, "C'est le compte par lots fermés : ici, une rangée libre n'attend pas que les autres finissent."),
                (69, "C'est la somme des longueurs : trois textes avancent à chaque pas."),
                (lambda got: got in (23, 69 / 3), "C'est la somme partagée en trois : l'ordre donné ne laisse pas les rangées finir ensemble."),
                (13, "13 est la longueur du plus long texte : il n'y a que trois rangées, et d'autres textes attendent leur tour."),
                (11, "11 est la longueur du plus long des trois premiers textes : les suivants restent à écrire."),
                (8, "C'est le nombre de textes, et non de pas."),
                (39, "C'est le compte de deux rangées : slots en donne trois."),
                (24, "C'est le compte de quatre rangées, ou de textes rangés du plus long au plus court : prenez trois rangées, et l'ordre donné."),
                (35, "Chaque rangée prend un texte sur trois, même quand une autre est libre avant elle."),
                (25, "Les textes ont été rangés par longueur : prenez-les dans l'ordre donné."),
                (31, "C'est un pas de trop : le premier token s'écrit au pas 1, et le dernier au pas 30."),
                (29, "C'est un pas de moins : le premier pas compte, et le dernier aussi."),
                (27, "Les textes ont été pris par la fin : prenez-les dans l'ordre donné."),
                (17, "C'est le pas où une première rangée n'a plus rien à prendre : la dernière finit plus tard."),
                (18, "Le compte s'arrête quand le dernier texte prend sa rangée : il reste à l'écrire."),
                (33, "C'est trois pas de trop : une rangée libérée est reprise dès le pas d'après, sans pas perdu."),
                (32, "C'est deux pas de trop : une rangée libérée est reprise dès le pas d'après, sans pas perdu."),
                (34, "C'est quatre pas de trop : une rangée libérée est reprise dès le pas d'après, sans en attendre une autre."),
                (28, "La liste a été coupée en trois d'avance : chaque texte va dans la rangée qui se libère la première."),
                (90, "C'est le nombre de places, les pas fois les rangées : on demande les pas."),
                (lambda got: isinstance(got, list) and max(got) == 30, "Ce sont les pas où chaque rangée finit : on demande celui de la dernière."),
            ),
        ),
        equals(
            name="suit le nombre de rangées",
            arguments=[[4, 3, 2, 1], 3],
            expected=4,
            hint="Trois rangées : 4, puis 3, puis 2 et 1.",
            mistakes=((5, "C'est le compte par lots fermés, ou pour deux rangées."), (10, "C'est le compte d'une seule rangée."), (3, "Au pas 3, le premier texte, long de 4, n'est pas fini : on demande le pas où le dernier finit.")),
        ),
        equals(
            name="remplit ensemble les rangées libérées ensemble",
            arguments=[[3] * 10 + [2] * 10, 10],
            expected=5,
            hint="Dix rangées : dix textes de 3, puis dix de 2.",
            mistakes=((14, "Une seule rangée est reprise à chaque pas : dix se libèrent ensemble, et dix textes les prennent."),),
        ),
        equals(name="une seule rangée écrit tout", arguments=[[4, 3, 2], 1], expected=9, hint="Une rangée : l'un après l'autre."),
        equals(name="des rangées de trop ne gênent pas", arguments=[[4, 2], 8], expected=4, hint="Huit rangées, deux textes : le plus long décide."),
        equals(name="aucun texte, aucun pas", arguments=[[], 4], expected=0, hint="Sans texte, zéro pas."),
        agrees(name="compte juste sur bien des files", cases=list(_queues()), wanted=_last_end, hint="Le texte suivant de la liste prend toujours la rangée qui se libère la première ; on demande le pas où la dernière finit."),
    ),
)  # fmt: skip

# --- Bonus : élaguer ------------------------------------------------------------------------------------

_WEIGHTS = torch.tensor([[0.1, -3.0, 0.2], [0.3, -0.4, 2.0]])
_ODD = torch.tensor([[5.0, -1.0, 3.0, 2.0, -4.0]])

_TIES = torch.tensor([[1.0, -1.0, 2.0], [1.0, -1.0, 3.0]])
_ZEROS = torch.tensor([[0.0, 0.0, -3e-5, 2e-5, 5.0, -1.0]])


def _smallest(number: int) -> Callable:
    """Reconnaît la matrice où tant des plus petits poids, et eux seuls, sont ôtés."""
    ranks = _WEIGHTS.abs().flatten().argsort()[:number]
    wanted = _WEIGHTS.flatten().index_fill(0, ranks, 0.0).reshape(_WEIGHTS.shape)
    return lambda got: torch.equal(torch.as_tensor(got), wanted)


def _cuts():
    draw = random.Random(4)
    for rows, columns in ((1, 1), (3, 4), (4, 3), (5, 5), (1, 8), (8, 1), (2, 2)):
        values = [draw.choice((-1, 1)) * size / 8 for size in draw.sample(range(1, 99), rows * columns)]
        for share in (0.0, 0.125, 0.375, 0.5, 0.85, 1.0):
            yield [torch.tensor(values).reshape(rows, columns), share]


def _cut(matrix, share):
    kept = sorted(matrix.flatten().tolist(), key=abs)[int(share * matrix.numel()) :]
    return matrix * torch.isin(matrix, torch.tensor(kept))


def _sizes(got):
    """Les poids sans leur place ni leur signe : à égalité, ceux que l'on ôte sont au choix."""
    return sorted(torch.as_tensor(got, dtype=torch.float32).abs().flatten().tolist())


def _new(function) -> None:
    for share in (0.0, 0.55):
        matrix, given = _ODD.clone(), f"{show(_ODD)}, share = {share}"
        got = function(matrix, share)
        why = "Ce qui est rendu partage la mémoire de matrix : rendez une copie, même quand il n'y a rien à ôter."
        if not isinstance(got, Tensor):
            raise Mistake(given, show(got), "un tenseur", "Les valeurs sont justes, mais ce n'est pas un tenseur.")
        if got.data_ptr() == matrix.data_ptr():
            raise Mistake(given, "la mémoire de matrix", "un nouveau tenseur", why)


prune_smallest = Card(
    id="deploy.prune_smallest",
    title="Bonus · Élaguer",
    statement="Rendez la matrice (N, K), un nouveau tenseur, où les plus petits poids en valeur absolue valent zéro. On en ôte share × leur nombre, arrondi à l'entier inférieur ; share va de 0 à 1. matrix ne doit pas changer.",
    difficulty=2,
    minutes=5,
    hints=(
        "matrix.abs().flatten().argsort() range les poids du plus petit au plus grand, en valeur absolue.",
        "int(share * matrix.numel()) poids à ôter : les premiers de ce rangement.",
        "flat = matrix.flatten().clone() ; flat[ranks[:count]] = 0 ; flat.reshape(matrix.shape)",
    ),
    checks=(
        equals(
            name="ôte la moitié la plus petite",
            arguments=[_WEIGHTS, 0.5],
            expected=torch.tensor([[0.0, -3.0, 0.0], [0.0, -0.4, 2.0]]),
            tolerance=1e-6,
            hint="Trois poids sur six : 0,1, 0,2 et 0,3.",
            mistakes=(
                (torch.tensor([[0.0, 0.0, 0.2], [0.3, 0.0, 2.0]]), "Le signe compte dans le rangement : −3 est un grand poids."),
                (torch.tensor([[0.1, 0.0, 0.2], [0.3, 0.0, 0.0]]), "Ce sont les plus grands qui sont ôtés."),
                (torch.tensor([[0.0, -3.0, 0.2], [0.0, -0.4, 2.0]]), "Le rangement se fait ligne par ligne : rangez tous les poids de la matrice ensemble."),
                *((_smallest(number), f"Le nombre de poids ôtés est {number}, et non 3 : share est une part de leur nombre, 0,5 × 6, et non un seuil ni une part des lignes ou des colonnes.") for number in (0, 1, 2, 4, 5, 6)),
                (torch.tensor([[0.0, 0.0, 0.0], [0.3, -0.4, 2.0]]), "Une ligne entière est ôtée : ce sont des poids que l'on ôte, où qu'ils soient."),
                (torch.tensor([[0.1, -3.0, 0.2], [0.0, 0.0, 0.0]]), "Une ligne entière est ôtée : ce sont des poids que l'on ôte, où qu'ils soient."),
                (lambda got: got.shape == _WEIGHTS.shape and int((got == 0).sum()) == 3 and torch.equal(got[got != 0], _WEIGHTS[got != 0]), "Trois poids sont ôtés, mais ce ne sont pas les trois plus petits en valeur absolue."),
                (lambda got: got.tolist() in ([[0, 1, 0], [0, 1, 1]], [[1, 0, 1], [1, 0, 0]]), "C'est le masque : on demande les poids, avec des zéros."),
                (lambda got: got.abs().flatten().tolist() == _WEIGHTS.abs().flatten().sort().values.index_fill(0, torch.arange(3), 0.0).tolist(), "Les poids ont changé de place : seuls les petits doivent changer de valeur."),
                (lambda got: got.ndim == 1 and got.numel() < 6, "Les petits poids ont été retirés : on demande des zéros à leur place, dans une matrice (2, 3)."),
                (lambda got: got.ndim == 1, "La forme est perdue : il reste à rendre une matrice (2, 3)."),
                (lambda got: got.dtype == torch.bool, "C'est un masque : on demande les poids, avec des zéros."),
            ),
        ),
        equals(
            name="arrondit à l'entier inférieur",
            arguments=[_ODD, 0.55],
            expected=torch.tensor([[5.0, 0.0, 3.0, 0.0, -4.0]]),
            tolerance=1e-6,
            hint="0,55 × 5 = 2,75 : deux poids.",
            mistakes=((torch.tensor([[5.0, 0.0, 0.0, 0.0, -4.0]]), "Trois poids sont ôtés, et non deux : share dit la part ôtée, et 2,75 s'arrondit à l'entier inférieur."),),
        ),
        equals(
            name="suit la part demandée",
            arguments=[_ODD, 0.8],
            expected=torch.tensor([[5.0, 0.0, 0.0, 0.0, 0.0]]),
            tolerance=1e-6,
            hint="Quatre poids sur cinq.",
            mistakes=((_ODD, "Rien n'est ôté : share est la part que l'on ôte, et non celle que l'on garde."), (torch.tensor([[5.0, 0.0, 0.0, 0.0, -4.0]]), "Le seuil est une part du plus grand poids : c'est le nombre de poids ôtés qui suit share."), (torch.tensor([[5.0, 0.0, 3.0, 2.0, -4.0]]), "Un seul poids est ôté : share est la part que l'on ôte, et non celle que l'on garde."),),
        ),
        equals(name="n'ôte rien pour une part nulle", arguments=[_ODD, 0.0], expected=_ODD, hint="Une part nulle n'ôte rien.", mistakes=((torch.zeros(1, 5), "Tout est ôté : les zéro derniers d'une liste s'écrivent mal, [-0:] la prend entière."), (lambda got: int((got == 0).sum()) == 1, "Un poids est ôté, et l'on n'en demande aucun."))),
        equals(name="ôte tout pour une part de un", arguments=[_ODD, 1.0], expected=torch.zeros(1, 5), hint="share vaut 1 : les cinq poids sont ôtés.", mistakes=((torch.tensor([[5.0, 0.0, 0.0, 0.0, 0.0]]), "Le plus grand reste : comparé strictement à un seuil, il n'est jamais au-dessous."),)),
        equals(
            name="en ôte le nombre voulu, même à égalité",
            arguments=[_TIES, 0.34],
            expected=[0.0, 0.0, 1.0, 1.0, 2.0, 3.0],
            tolerance=1e-6,
            read=_sizes,
            hint="0,34 × 6 = 2,04 : deux poids, n'importe lesquels des quatre qui valent 1 ou −1.",
            mistakes=(
                ([0.0, 0.0, 0.0, 0.0, 2.0, 3.0], "Les quatre poids à égalité sont ôtés : on en demande deux."),
                ([1.0, 1.0, 1.0, 1.0, 2.0, 3.0], "Les quatre poids à égalité sont gardés : on en ôte deux."),
            ),
        ),
        equals(
            name="compte aussi les poids déjà nuls",
            arguments=[_ZEROS, 0.5],
            expected=torch.tensor([[0.0, 0.0, -3e-5, 0.0, 5.0, -1.0]]),
            tolerance=1e-6,
            hint="Trois poids sur six : les deux qui sont nuls, et 0,00002.",
            mistakes=(
                (torch.tensor([[0.0, 0.0, 0.0, 0.0, 5.0, -1.0]]), "Quatre poids valent zéro, et non trois : ceux qui étaient nuls comptent aussi."),
            ),
        ),
        agrees(name="va à des matrices de toute forme", cases=list(_cuts()), wanted=_cut, tolerance=1e-6, hint="Les int(share × N × K) plus petits poids de toute la matrice valent zéro, les autres gardent leur valeur et leur place."),
        Check("rend un nouveau tenseur", _new),
    ),
)  # fmt: skip

CARDS = (state_bytes, linear_of, quantize_rows, continuous_steps, prune_smallest)

QUIZZES = (
    Quiz(
        "deploy.taille",
        "Après quantize_dynamic, un modèle a 4,59 fois moins de « paramètres ». Combien pèse-t-il de moins ?",
        (
            Option("4,59 fois moins.", False, "Les poids en entiers ne sont plus des paramètres pour PyTorch : ils pèsent encore, et on ne les a pas comptés."),
            Option("On ne sait pas : il faut compter les octets de son état, ou de son fichier.", True, "Pour BERT, 438 Mo deviennent 181,5 : 2,41 fois moins. Pour GPT-2, le fichier grossit."),
            Option("Quatre fois moins : huit bits au lieu de trente-deux.", False, "Ce serait vrai si toutes les matrices avaient changé. La table des tokens et les normes restent en 32 bits."),
        ),
    ),
    Quiz(
        "deploy.service",
        "Votre page est prête. Comment la montrer à la salle ?",
        (
            Option("app.run(debug=True, host=\"0.0.0.0\")", False, "Le mode debug ouvre une console Python : qui trouve la page exécute ce qu'il veut sur votre machine."),
            Option("python -m aurore serve --ip 0.0.0.0, avec un jeton dans AURORE_TOKEN", True, "Un vrai serveur, sans console, ouvert parce que vous l'avez demandé, et un jeton exigé de chacun."),
            Option("Le serveur de Flask suffit, sans debug.", False, "Il est fait pour développer : Flask le dit lui-même au démarrage. Il n'a ni limite, ni file."),
        ),
    ),
)  # fmt: skip
