"""Leçon 04, les exercices : regarder, cacher, couper en têtes, dire le rang, empiler ; en bonus, les autres pièces.

Les résultats attendus viennent de PyTorch, ou d'un calcul à la main : jamais de `aurore.attention`, où la fonction
d'une personne peut être en place.
"""

import copy
import math

import torch
from torch import Tensor
from torch.nn import functional

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show, show_arguments
from aurore.atelier.quiz import Option, Quiz


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1804))


def _tensor(**fields) -> Check:
    """`equals`, pour une fonction qui rend un tenseur : une liste des mêmes nombres ne ferait pas l'affaire."""
    check = equals(**fields)

    def test(function):
        def checked(*arguments):
            got = function(*arguments)
            if got is None or isinstance(got, Tensor):
                return got
            came = type(got).__name__
            raise Mistake(
                show_arguments(arguments), show(got), "un tenseur", f"Il faut un tenseur de PyTorch, et non {came}."
            )

        check.test(checked)

    return Check(check.name, test)


def _booleans(name: str, arguments: list, shape: tuple[int, ...]) -> Check:
    """La vérification d'un masque avant ses valeurs : un tenseur, de booléens, de la bonne forme."""

    def test(function):
        got = function(*copy.deepcopy(arguments))
        wanted = f"un tenseur de booléens, de forme {shape}"
        if not isinstance(got, Tensor):
            hint = f"Il faut {wanted}, et non {type(got).__name__}."
            raise Mistake(show_arguments(arguments), show(got), wanted, hint)
        if got.dtype != torch.bool:
            hint = "Un masque est fait de booléens, vrai ou faux : .bool() en donne, une comparaison aussi."
            raise Mistake(show_arguments(arguments), f"un tenseur de {got.dtype}", wanted, hint)
        if tuple(got.shape) != shape:
            hint = f"La forme est {tuple(got.shape)}, et non {shape}."
            raise Mistake(show_arguments(arguments), f"un tenseur de forme {tuple(got.shape)}", wanted, hint)

    return Check(name, test)


# --- Regarder -------------------------------------------------------------------------------------------

_QUERY, _KEY, _VALUE = _random(2, 4), _random(5, 4)[2:], torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
_SCORES = _QUERY @ _KEY.T  # (2, 3), d = 4 : ni d, ni Tq, ni Tk ne se confondent
_SEEN = torch.tensor([[True, False, True], [True, True, False]])
_HALF = (_SCORES / 2).softmax(-1)
_WIDE = _VALUE.repeat(1, 3)[:, :5]  # cinq nombres par valeur : sa largeur ne se confond pas non plus avec d


def _pair(function) -> None:
    arguments = [_QUERY, _KEY, _VALUE]
    got = function(*copy.deepcopy(arguments))
    shapes = [tuple(part.shape) for part in got if isinstance(part, Tensor)] if isinstance(got, tuple | list) else []
    if shapes == [(2, 2), (2, 3)]:
        return
    hint = "La fonction rend deux tenseurs : return sortie, poids."
    if shapes == [(2, 3), (2, 2)]:
        hint = "Les deux tenseurs sont là, dans l'autre ordre : d'abord la sortie, ensuite les poids."
    if isinstance(got, Tensor):
        name = {(2, 2): "la sortie", (2, 3): "les poids"}.get(
            tuple(got.shape), f"un tenseur de forme {tuple(got.shape)}"
        )
        hint = f"Un seul tenseur est venu, et il a la forme de {name}. {hint}" if "un tenseur" not in name else hint
    came = f"des tenseurs de formes {shapes}" if shapes else show(got)
    raise Mistake(show_arguments(arguments), came, "(sortie de forme (2, 2), poids de forme (2, 3))", hint)


def _fits_in_16_bits(function) -> None:
    arguments = [_QUERY.half(), _KEY.half(), _VALUE.half(), _SEEN]
    expected = (_SCORES / 2).masked_fill(~_SEEN, -math.inf).softmax(-1)
    try:
        got = function(*arguments)[1]
    except RuntimeError as error:
        hint = (
            "Un flottant de 16 bits ne descend pas plus bas que −65 504. torch.finfo(scores.dtype).min donne le plus "
            "petit nombre du type qu'on a, quel qu'il soit."
        )
        raise Mistake("les mêmes tenseurs, en 16 bits, et un masque", str(error), "des poids", hint) from error
    compare(got.float(), expected, "les mêmes tenseurs, en 16 bits, et un masque", tolerance=2e-2)


_BATCH = _random(2, 3, 4, 5), _random(2, 3, 4, 5).flip(2), _random(2, 3, 4, 5) * 2

scaled_dot_product = Card(
    id="attention.scaled_dot_product",
    title="Regarder",
    statement="query est un tenseur (…, Tq, d) : Tq tokens qui regardent, d nombres chacun. key et value sont des tenseurs (…, Tk, d), pour les Tk tokens regardés ; les points tiennent la place d'autres axes, s'il y en a. Rendez le couple (sortie, poids) : poids = softmax(Q Kᵀ / √d), de forme (…, Tq, Tk), et sortie = poids V. Si mask est donné, c'est un tenseur de booléens, vrai là où l'on peut regarder : là où il est faux, le poids doit être nul, et les autres se partagent le reste. La fonction sert aussi à des tenseurs de 16 bits.",
    difficulty=3,
    minutes=5,
    hints=(
        "Q Kᵀ s'écrit query @ key.transpose(-2, -1) : seuls les deux derniers axes s'échangent, ceux du lot et des têtes restent. d est query.shape[-1].",
        "Cacher se fait avant la softmax : un score très bas y devient un poids nul. scores.masked_fill(~mask, …) remplace les scores là où le masque est faux.",
        "torch.softmax(scores, dim=-1) rend des lignes dont la somme vaut 1. Le score très bas : torch.finfo(scores.dtype).min.",
    ),
    checks=(
        Check("rend la sortie, puis les poids", _pair),
        equals(
            name="pèse : softmax(Q Kᵀ / √d), ligne par ligne",
            arguments=[_QUERY, _KEY, _WIDE],
            expected=_HALF,
            read=lambda got: got[1],
            tolerance=1e-5,
            hint="Ici d vaut 4 : chaque score est divisé par 2, puis la softmax est prise le long du dernier axe, ce qu'on regarde.",
            mistakes=(
                (_SCORES.softmax(-1), "Ce sont les poids de scores qui n'ont pas été divisés : il manque / √d."),
                ((_SCORES / 4).softmax(-1), "Ce sont les poids de scores divisés par d, et non par sa racine."),
                ((_SCORES * 2).softmax(-1), "Ce sont les poids de scores multipliés par √d : il faut les diviser."),
                ((_SCORES / math.sqrt(3)).softmax(-1), "Ce sont les poids de scores divisés par √Tk, le nombre de tokens regardés. d est le dernier axe de query."),
                ((_SCORES / math.sqrt(2)).softmax(-1), "Ce sont les poids de scores divisés par √2. d est la taille du dernier axe de query, 4 ici, et l'on divise par √4 = 2."),
                ((_SCORES / math.sqrt(5)).softmax(-1), "Ce sont les poids de scores divisés par √5, et 5 est la largeur de value. d est la taille du dernier axe de query, 4 ici."),
                (_SCORES / _SCORES.sum(-1, keepdim=True), "Chaque score est divisé par la somme de sa ligne : la softmax prend d'abord l'exponentielle de chacun, qui est positive."),
                ((_SCORES / 2).softmax(-2), "La somme vaut 1 par colonne. La softmax se prend le long du dernier axe (dim=-1) : chaque token partage son propre regard."),
                (_SCORES / 2, "Ce sont les scores, divisés par √d : il reste à en prendre la softmax."),
            ),
        ),
        equals(
            name="rend, pour chaque token, la moyenne des valeurs",
            arguments=[torch.eye(3), torch.eye(3), _VALUE],
            expected=torch.tensor([[2.5868, 3.5868], [3.0, 4.0], [3.4132, 4.4132]]),
            read=lambda got: got[0],
            tolerance=1e-4,
            hint="C'est l'exemple du carnet. La sortie est poids @ value : une ligne par token qui regarde.",
        ),
        equals(
            name="ne regarde pas ce que le masque cache",
            arguments=[_QUERY, _KEY, _VALUE, _SEEN],
            expected=(_SCORES / 2).masked_fill(~_SEEN, -math.inf).softmax(-1),
            read=lambda got: got[1],
            tolerance=1e-5,
            hint="Là où le masque est faux, le poids est nul ; les autres poids de la ligne font 1 à eux seuls.",
            mistakes=(
                (_HALF, "Les poids sont les mêmes qu'avec mask=None : le masque n'a rien caché."),
                ((_SCORES / 2).masked_fill(_SEEN, -math.inf).softmax(-1), "Les poids sont nuls là où le masque est vrai : vrai veut dire « peut être regardé »."),
                (_HALF * _SEEN, "Les poids cachés sont nuls, mais ceux qui restent ne font plus 1. Cachez les scores, avant la softmax."),
                ((_SCORES / 2 * _SEEN).softmax(-1), "Un score de 0 n'est pas un poids nul : exp(0) vaut 1. Il faut un score très bas."),
                ((_SCORES / 2).masked_fill(~_SEEN, 0.0).softmax(-1), "Un score de 0 n'est pas un poids nul : exp(0) vaut 1. Il faut un score très bas."),
                ((_SCORES / 2).masked_fill(~_SEEN, -1.0).softmax(-1), "Un score de −1 n'est pas un poids nul : exp(−1) vaut 0,37. Il faut un score très bas."),
                ((_SCORES / 2 + _SEEN).softmax(-1), "Le masque a été ajouté aux scores comme un 1 ou un 0 : cela ne cache rien."),
            ),
        ),
        equals(
            name="garde les axes d'avant : lots et têtes",
            arguments=list(_BATCH),
            expected=functional.scaled_dot_product_attention(*_BATCH),
            read=lambda got: got[0],
            tolerance=1e-5,
            hint="Les tenseurs ont ici quatre axes, (B, H, T, d), et le résultat est comparé à celui de PyTorch. Seuls les deux derniers axes de key s'échangent : key.transpose(-2, -1).",
        ),
        Check("tient en 16 bits", _fits_in_16_bits),
    ),
)  # fmt: skip

# --- Cacher ---------------------------------------------------------------------------------------------

_CAUSAL = torch.ones(4, 4, dtype=torch.bool).tril()

causal_mask = Card(
    id="attention.causal_mask",
    title="Cacher l'avenir",
    statement="Rendez le masque causal de length tokens : un tenseur de booléens (length, past + length), vrai là où le token de la ligne peut regarder celui de la colonne, c'est-à-dire ceux d'avant et lui-même. past est un nombre de tokens déjà lus, placés devant, que tous voient : la leçon 05 s'en servira pour ne pas relire tout le texte à chaque token écrit.",
    difficulty=2,
    minutes=3,
    hints=(
        "torch.ones(length, length).tril() garde la diagonale et ce qui est au-dessous ; .bool() en fait des booléens.",
        "Avec un passé, le tableau est plus large que haut : past colonnes de plus, à gauche.",
        "tril(k) garde k diagonales de plus, au-dessus de la première : de combien faut-il monter pour voir tout le passé ?",
    ),
    checks=(
        _booleans("rend des booléens", [4], (4, 4)),
        equals(
            name="montre ceux d'avant et soi-même",
            arguments=[4],
            expected=_CAUSAL,
            hint="La ligne 2 (comptée depuis 0) voit les colonnes 0, 1 et 2.",
            mistakes=(
                (~_CAUSAL, "Vrai et faux sont échangés : vrai veut dire « peut être regardé »."),
                (_CAUSAL.T, "Chaque token voit ceux d'après et lui-même : les lignes regardent, les colonnes sont regardées."),
                (_CAUSAL.tril(-1), "La diagonale est fausse : un token se regarde aussi lui-même."),
                (_CAUSAL | _CAUSAL.T.tril(1), "Une position de l'avenir est visible : la diagonale juste au-dessus de la principale."),
                (torch.ones(4, 4).bool(), "Tout est visible, l'avenir compris."),
            ),
        ),
        equals(
            name="ajoute le passé, que tous voient",
            arguments=[3, 2],
            expected=torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]).bool(),
            hint="Deux tokens déjà lus, trois nouveaux : trois lignes, cinq colonnes. La première ligne voit les deux premiers, et elle-même.",
            mistakes=(
                (torch.ones(3, 3).tril().bool(), "Le tableau a la taille d'un masque sans passé : il manque past colonnes, à gauche."),
                (torch.ones(5, 5).tril().bool(), "Il y a une ligne par token lu, passé compris : seuls les length nouveaux regardent."),
                (torch.cat([torch.zeros(3, 2), torch.ones(3, 3).tril()], 1).bool(), "Le passé est caché à tous : ses deux colonnes sont celles que tous voient."),
                (torch.cat([torch.ones(3, 3).tril(), torch.ones(3, 2)], 1).bool(), "Les deux colonnes que tous voient sont à droite : le passé est placé devant, à gauche."),
                (torch.ones(3, 5).tril(-2).bool(), "La diagonale est descendue de past : elle doit monter d'autant."),
                (torch.cat([torch.tensor([[1, 1], [0, 0], [0, 0]]), torch.ones(3, 3).tril()], 1).bool(), "Seule la première ligne voit le passé : toutes le voient."),
                (torch.ones(3, 5).tril().bool(), "La forme est bonne, mais la première ligne ne voit qu'un token : la diagonale ne s'est pas décalée de past."),
            ),
        ),
        equals(
            name="laisse un seul nouveau token voir tout",
            arguments=[1, 4],
            expected=torch.ones(1, 5).bool(),
            hint="Le dernier arrivé voit les quatre tokens déjà lus, et lui-même.",
        ),
    ),
)  # fmt: skip

_ROW = torch.tensor([[True, True, False]])
_SQUARE = torch.ones(3, 3, dtype=torch.bool).tril()
_PRESENT = torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]]).bool()[:, None, None, :]


def _passes_none(function) -> None:
    given = show_arguments([None, _SQUARE, None])
    try:
        got = function(None, _SQUARE, None)
    except (TypeError, AttributeError) as error:
        if "NoneType" not in str(error):
            raise
        hint = "Un des masques vaut None, et s'est retrouvé dans une opération. None ne cache rien : passez-le avant de combiner."
        raise Mistake(given, f"{type(error).__name__} : {error}", show(_SQUARE), hint) from error
    mistakes = ((lambda got: got is None, "None est revenu, alors qu'un masque était donné : None ne cache rien, il n'efface pas les autres."),)  # fmt: skip
    compare(got, _SQUARE, given, mistakes=mistakes, hint="None ne cache rien : le résultat est le seul masque donné.")


combine_masks = Card(
    id="attention.combine_masks",
    title="Chasse au bug : combiner deux masques",
    statement="Tous les masques reçus ont le même sens : vrai veut dire « peut être regardé ». Rendez ce que tous laissent voir, à la forme où ils se diffusent ensemble. Un masque qui vaut None ne cache rien ; si tous valent None, rendez None.",
    difficulty=2,
    minutes=2,
    hints=(
        "On peut regarder une case si le premier masque le permet et si le deuxième le permet. Comment écrit-on « et » entre deux tenseurs de booléens ?",
        "Une boucle : partez de combined = None ; pour chaque masque qui n'est pas None, combinez-le avec ce qu'on a déjà, ou prenez-le s'il est le premier.",
        "& combine deux masques de formes différentes : (T, T) et (B, 1, 1, T) donnent (B, 1, T, T).",
    ),
    checks=(
        equals(
            name="montre ce que les deux masques montrent",
            arguments=[_SQUARE, _ROW],
            expected=_SQUARE & _ROW,
            hint="Une case est visible si le premier masque la montre et si le second la montre.",
            mistakes=(
                (_SQUARE | _ROW, "Une case vue d'un seul des deux masques est visible : c'est « ou ». Il suffit qu'un masque cache pour que ce soit caché."),
                (~(_SQUARE & _ROW), "Vrai et faux sont échangés : ici, vrai veut dire « peut être regardé »."),
                (_SQUARE ^ _ROW, "Sont visibles les cases que montre un seul des deux masques, et pas l'autre."),
                (_SQUARE == _ROW, "Sont visibles les cases où les deux masques disent la même chose, même « caché » : c'est « égal », et non « et »."),
                (_SQUARE, "Le premier masque est revenu tel quel : le second n'a rien caché."),
                (_ROW, "Le second masque est revenu tel quel : le premier n'a rien caché."),
            ),
        ),
        _booleans("rend des booléens, à la forme commune", [torch.ones(4, 4).bool(), _PRESENT], (2, 1, 4, 4)),
        equals(
            name="combine le masque causal et le remplissage d'un lot",
            arguments=[torch.ones(4, 4).tril().bool(), _PRESENT],
            expected=torch.ones(4, 4).tril().bool() & _PRESENT,
            hint="Chaque texte du lot a son remplissage ; le masque causal est le même pour tous.",
        ),
        equals(
            name="en combine plus de deux",
            arguments=[_SQUARE, _ROW, torch.tensor([[False], [True], [True]])],
            expected=_SQUARE & _ROW & torch.tensor([[False], [True], [True]]),
            hint="Le nombre de masques n'est pas fixé : *masks les rassemble dans un tuple.",
        ),
        Check("passe sur None", _passes_none),
        equals(
            name="rend None quand rien n'est caché",
            arguments=[None, None],
            expected=None,
            hint="Sans aucun masque, il n'y a rien à rendre : None.",
        ),
    ),
)  # fmt: skip

# --- Plusieurs têtes ------------------------------------------------------------------------------------

_TOKENS = torch.arange(48.0).view(2, 3, 8)  # B = 2, T = 3, C = 8
_SLICES = torch.stack([_TOKENS[..., :4], _TOKENS[..., 4:]], dim=1)  # (2, 2, 3, 4)

split_heads = Card(
    id="attention.split_heads",
    title="Couper en têtes",
    statement="x est un tenseur (B, T, C) : C nombres par token. Coupez-les en n_heads tranches égales, une par tête, et rendez un tenseur (B, n_heads, T, C / n_heads) : la tête h reçoit, pour chaque token, sa tranche numéro h.",
    difficulty=2,
    minutes=3,
    hints=(
        "Deux pas : couper le dernier axe en deux, (B, T, H, d), puis échanger les axes T et H.",
        "x.view(batch, length, n_heads, width // n_heads) relit les mêmes nombres, dans le même ordre, sous une autre forme.",
        "transpose(1, 2) échange les axes 1 et 2. Un view seul ne peut pas les échanger : il ne déplace rien.",
    ),
    checks=(
        _tensor(
            name="donne à chaque tête sa tranche de chaque token",
            arguments=[_TOKENS, 2],
            expected=_SLICES,
            hint="Le token 0 du texte 0 vaut 0, 1, …, 7 : la tête 0 en reçoit 0 à 3, la tête 1 en reçoit 4 à 7.",
            mistakes=(
                (_TOKENS.view(2, 2, 3, 4), "La forme est la bonne, mais les tokens sont mélangés : un view relit les nombres dans l'ordre, et met dans la tête 0 un token et demi. Coupez d'abord en (B, T, H, d), puis échangez T et H."),
                (_TOKENS.view(2, 3, 2, 4), "Les tranches sont bonnes, mais l'axe des têtes vient après celui des tokens : (B, T, H, d). Il reste à échanger T et H."),
                (_TOKENS.view(2, 3, 4, 2).permute(0, 3, 1, 2), "Chaque tête reçoit un nombre sur deux : la coupe est faite en (d, H), et non en (H, d). Une tranche est faite de nombres voisins."),
                (_TOKENS.view(2, 3, 4, 2).transpose(1, 2), "La forme est (B, d, T, H) : la coupe est faite en (d, H), et non en (H, d). Le nombre de têtes vient avant la taille d'une tranche."),
                (_SLICES.mT, "Les tranches sont couchées : on attend (B, H, T, d), et c'est (B, H, d, T) qui est venu."),
                (_SLICES[:, :1].expand(2, 2, 3, 4), "Toutes les têtes ont reçu la première tranche : la tête h reçoit la tranche numéro h."),
                (_SLICES.flip(1), "Les tranches sont en ordre inverse : la tête 0 reçoit la première."),
                (_SLICES.transpose(0, 1), "L'axe des têtes est avant celui du lot : (H, B, T, d)."),
            ),
        ),
        _tensor(
            name="laisse une seule tête tout prendre",
            arguments=[_TOKENS, 1],
            expected=_TOKENS[:, None],
            hint="Avec une tête, il ne manque qu'un axe de taille 1 : (B, 1, T, C).",
        ),
        _tensor(
            name="coupe jusqu'à un nombre par tête",
            arguments=[_TOKENS, 8],
            expected=_TOKENS.transpose(1, 2)[..., None],
            hint="Huit têtes de taille 1 : la tête h reçoit le nombre numéro h de chaque token.",
        ),
        _tensor(
            name="accepte une tranche d'un plus grand tenseur",
            arguments=[torch.arange(72.0).view(1, 3, 24).chunk(3, dim=-1)[1], 2],
            expected=torch.arange(72.0).view(1, 3, 24)[..., 8:16].view(1, 3, 2, 4).transpose(1, 2),
            hint="Questions, clés et valeurs sont trois tranches d'un même tenseur : c'est ce que votre fonction recevra.",
        ),
    ),
)  # fmt: skip

# --- Dire le rang ---------------------------------------------------------------------------------------


def _positions(length: int, width: int, sine=lambda c: c, cosine=lambda c: c - 1, first: int = 0) -> Tensor:
    """Une table de positions où l'exposant de chaque colonne, sur `width`, est donné par sa parité."""
    exponents = [sine(column) if column % 2 == 0 else cosine(column) for column in range(width)]
    angles = [[(rank + first) / 10000 ** (e / width) for e in exponents] for rank in range(length)]
    table = [[math.cos(a) if c % 2 else math.sin(a) for c, a in enumerate(row)] for row in angles]
    return torch.tensor(table)


_TWO = _positions(2, 4)


def _equal_norms(function) -> None:
    norms = function(20, 16).square().sum(dim=1)
    compare(
        norms,
        torch.full((20,), 8.0),
        "20, 16 ; puis la norme au carré de chaque ligne",
        tolerance=1e-3,
        hint="sin² + cos² = 1 pour chaque paire : 16 colonnes font 8 paires, et la norme au carré vaut 8 à tous les rangs.",
    )


def _shift(function) -> None:
    table, right = function(60, 32), _positions(60, 32)
    compare(
        (table[:-5] * table[5:]).sum(dim=1),
        (right[0] @ right[5]).repeat(55),
        "60, 32 ; puis le produit P[r]·P[r + 5], rang par rang",
        tolerance=1e-3,
        hint="Le produit de deux positions ne dépend que de leur distance : ici 5 rangs, et le même nombre partout.",
    )


sinusoidal_positions = Card(
    id="attention.sinusoidal_positions",
    title="Chasse au bug : dire le rang",
    statement="Rendez un tenseur (length, width) de positions, width étant pair. La paire numéro i occupe les colonnes 2i et 2i + 1 ; au rang pos, ce sont le sinus et le cosinus d'un même angle, pos / 10000^(2i / width). Le code de la cellule ne tient pas sa promesse : réparez-le, ou récrivez-le.",
    difficulty=3,
    minutes=4,
    hints=(
        "Écrivez les exposants colonne par colonne, pour width = 4, dans le code de la cellule : 0/4, 1/4, 2/4, 3/4. Lesquels la formule demande-t-elle ?",
        "Les deux colonnes d'une paire ont le même angle. Il y a width / 2 angles par rang, pas width.",
        "column - column % 2 vaut 0, 0, 2, 2, 4, 4… : c'est 2i.",
    ),
    checks=(
        _tensor(
            name="commence par 0, 1, 0, 1",
            arguments=[1, 4],
            expected=torch.tensor([[0.0, 1.0, 0.0, 1.0]]),
            tolerance=1e-5,
            hint="Au rang 0, tous les angles sont nuls : le sinus vaut 0, le cosinus 1.",
            mistakes=(
                (torch.tensor([[1.0, 0.0, 1.0, 0.0]]), "Le cosinus vient avant le sinus : le sinus est aux colonnes paires."),
                (torch.tensor([[0.0, 0.0, 1.0, 1.0]]), "Tous les sinus viennent avant tous les cosinus : ils alternent, une paire après l'autre."),
                (torch.zeros(1, 4), "Il n'y a que des sinus : les colonnes impaires portent des cosinus."),
                (_positions(1, 4, first=1), "La première ligne est celle du rang 1 : les rangs se comptent depuis 0."),
            ),
        ),
        _tensor(
            name="donne un même angle au sinus et au cosinus d'une paire",
            arguments=[2, 4],
            expected=_TWO,
            tolerance=1e-4,
            hint="Au rang 1, les deux angles sont 1 et 1/100 : sin 1 = 0,8415, cos 1 = 0,5403, sin 0,01 = 0,0100, cos 0,01 = 0,9999(5).",
            mistakes=(
                (_positions(2, 4, cosine=lambda c: c), "Le sinus et le cosinus d'une paire n'ont pas le même angle : l'exposant du cosinus suit sa propre colonne, 2i + 1, au lieu de 2i."),
                (_positions(2, 4, lambda c: c // 2, lambda c: c // 2), "Les angles de la seconde paire sont trop grands : l'exposant est i / width, et non 2i / width."),
                (_positions(2, 4, lambda c: -c, lambda c: 1 - c), "Les angles grandissent d'une paire à la suivante : on divise par 10000^(2i / width)."),
                (_positions(2, 4, lambda c: 2 * c, lambda c: 2 * c - 2), "Les angles de la seconde paire sont trop petits : le diviseur attendu est 10000^(2i / width), soit 100 pour i = 1 et width = 4."),
            ),
        ),
        Check("donne la même norme à tous les rangs", _equal_norms),
        Check("ne mesure que la distance", _shift),
        _tensor(
            name="suit la formule à toutes les tailles",
            arguments=[6, 10],
            expected=_positions(6, 10),
            tolerance=1e-4,
            hint="Six rangs, cinq paires.",
        ),
    ),
)  # fmt: skip

# --- Le bloc --------------------------------------------------------------------------------------------

_X = torch.tensor([[1.0, 2.0], [4.0, 8.0]])


def _halve(x: Tensor) -> Tensor:
    return x / 2


def _add_ten(x: Tensor) -> Tensor:
    return x + 10


def _normed(x: Tensor) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:])


_DEEP = _random(2, 3, 4)

pre_norm = Card(
    id="attention.pre_norm",
    title="Le raccourci",
    statement="norm et sublayer sont deux fonctions, d'un tenseur vers un tenseur de même forme. Rendez x, plus ce que donne la sous-couche appliquée à x normé.",
    difficulty=1,
    minutes=2,
    hints=(
        "Trois gestes, dans cet ordre : normer, calculer, ajouter.",
        "Ce qu'on ajoute à x, c'est sublayer(norm(x)). x lui-même n'est pas normé.",
    ),
    checks=(
        _tensor(
            name="norme, calcule, puis ajoute",
            arguments=[_X, _halve, _add_ten],
            expected=_X + _X / 2 + 10,
            hint="Ici la norme divise par deux et la sous-couche ajoute dix : de 4, on attend 4 + (4 / 2 + 10) = 16.",
            mistakes=(
                (_X / 2 + 10, "La sous-couche a remplacé x : il manque le raccourci, x +."),
                ((_X + _X + 10) / 2, "La norme vient après l'addition : c'est l'autre ordre, celui de 2017. Ici, elle vient avant la sous-couche."),
                (_X / 2 + _X / 2 + 10, "C'est x normé qui est ajouté : le raccourci fait passer x tel quel."),
                (_X + _X + 10, "La sous-couche a reçu x tel quel : il faut le normer d'abord."),
                (_X + (_X + 10) / 2, "La norme s'applique à ce que rend la sous-couche ; elle doit s'appliquer à ce qu'elle reçoit."),
                (_X, "x est revenu tel quel : la sous-couche n'a rien ajouté."),
                (_X - (_X / 2 + 10), "La correction est ôtée de x : elle s'ajoute."),
                (_X * (_X / 2 + 10), "x est multiplié par la correction : elle s'ajoute."),
                (2 * _X + _X / 2 + 10, "x est ajouté deux fois."),
                (_X + _X / 2 + 20, "La sous-couche a servi deux fois."),
                ((_X + _X / 2 + 10) / 2, "Le tout est normé une seconde fois : seule l'entrée de la sous-couche l'est."),
                (torch.cat([_X, _X / 2 + 10], -1), "x et la correction sont mis bout à bout : ils s'ajoutent."),
                (_X + _X / 2, "La sous-couche n'a pas servi : seul x normé est ajouté."),
            ),
        ),
        _tensor(
            name="fait passer x tel quel si la sous-couche ne dit rien",
            arguments=[_DEEP, _normed, torch.zeros_like],
            expected=_DEEP,
            hint="Une sous-couche qui rend zéro ne change rien : c'est ce qui permet d'empiler des dizaines de blocs.",
        ),
        _tensor(
            name="marche avec une vraie norme",
            arguments=[_DEEP, _normed, torch.relu],
            expected=_DEEP + torch.relu(_normed(_DEEP)),
            tolerance=1e-5,
            hint="Ici la norme est celle de PyTorch, et la sous-couche une ReLU.",
        ),
    ),
)  # fmt: skip

# --- En bonus -------------------------------------------------------------------------------------------

merge_heads = Card(
    id="attention.merge_heads",
    title="Bonus : recoller les têtes",
    statement="Défaites ce que fait split_heads : d'un tenseur (B, H, T, d), rendez un tenseur (B, T, H × d), où chaque token retrouve ses tranches bout à bout, dans l'ordre des têtes.",
    difficulty=2,
    minutes=2,
    hints=(
        "Les mêmes pas, à l'envers : échanger T et H, puis souder les deux derniers axes.",
        "flatten(2) soude tous les axes à partir du deuxième (compté depuis 0) ; reshape convient aussi. Un view après un transpose, lui, échoue.",
    ),
    checks=(
        _tensor(
            name="rend à chaque token ses tranches, bout à bout",
            arguments=[_SLICES],
            expected=_TOKENS,
            hint="Le token 0 du texte 0 doit valoir de nouveau 0, 1, …, 7.",
            mistakes=(
                (_SLICES.reshape(2, 3, 8), "La forme est la bonne, mais les tokens sont mélangés : il faut échanger T et H avant de souder."),
                (_SLICES.transpose(1, 2), "Les têtes sont revenues après les tokens, (B, T, H, d) : il reste à souder les deux derniers axes."),
                (torch.cat(_SLICES.unbind(1), 1), "Les têtes sont mises bout à bout le long de l'axe des tokens : elles le sont le long du dernier, dim=-1."),
                (_SLICES.flatten(2), "Les axes T et d sont soudés, et les têtes restent à part : échangez T et H avant de souder."),
                (_SLICES.flatten(1, 2), "Les axes H et T sont soudés, une tête après l'autre : échangez T et H, puis soudez les deux derniers axes."),
                (_SLICES.transpose(1, 2).flatten(1), "L'axe des tokens est soudé lui aussi : flatten(2) garde le lot et les tokens."),
                (_SLICES.flip(1).transpose(1, 2).flatten(2), "Les tranches sont dans l'ordre inverse des têtes."),
                (_SLICES.sum(1), "Les têtes sont additionnées : leurs tranches se mettent bout à bout."),
                (_SLICES.mean(1), "C'est la moyenne des têtes : leurs tranches se mettent bout à bout."),
                (_SLICES.permute(0, 2, 3, 1).flatten(2), "Les tranches sont entrelacées : l'axe des têtes vient après celui des d nombres. Il doit venir avant."),
            ),
        ),
        _tensor(
            name="défait la coupe, une tête par nombre",
            arguments=[_TOKENS.transpose(1, 2)[..., None]],
            expected=_TOKENS,
            hint="Huit têtes de taille 1 redonnent huit nombres par token.",
        ),
        _tensor(
            name="accepte une tête plus large que longue",
            arguments=[_random(1, 2, 1, 3)],
            expected=_random(1, 2, 1, 3).view(1, 1, 6),
            hint="Un seul token, deux têtes de trois nombres : (1, 1, 6).",
        ),
    ),
)  # fmt: skip

_ATTENTION_MASK = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]])

padding_mask = Card(
    id="attention.padding_mask",
    title="Bonus : cacher le remplissage",
    statement="attention_mask est celui du tokenizer : un tenseur (B, T) de 1 sur les vrais tokens et de 0 sur le remplissage. Rendez un masque de booléens (B, 1, 1, T), vrai là où l'on peut regarder, qui se diffuse sur toutes les têtes et toutes les questions.",
    difficulty=1,
    minutes=2,
    hints=(
        "attention_mask.bool() en fait des booléens.",
        "Indexer avec None ajoute un axe de taille 1 : masque[:, None, None, :].",
    ),
    checks=(
        _booleans("rend des booléens, de forme (B, 1, 1, T)", [_ATTENTION_MASK], (2, 1, 1, 5)),
        _tensor(
            name="montre les vrais tokens, cache le remplissage",
            arguments=[_ATTENTION_MASK],
            expected=_ATTENTION_MASK.bool()[:, None, None],
            hint="Vrai là où l'attention_mask vaut 1.",
            mistakes=(
                (~_ATTENTION_MASK.bool()[:, None, None], "Vrai et faux sont échangés : vrai veut dire « peut être regardé »."),
                (torch.ones(2, 1, 1, 5).bool(), "Tout est visible, le remplissage compris."),
            ),
        ),
        _tensor(
            name="accepte un remplissage à gauche",
            arguments=[torch.tensor([[0, 0, 1]])],
            expected=torch.tensor([[[[False, False, True]]]]),
            hint="Le masque suit l'attention_mask, où qu'y soient les zéros.",
        ),
        _tensor(
            name="accepte un attention_mask de nombres à virgule",
            arguments=[torch.tensor([[1.0, 0.0]])],
            expected=torch.tensor([[[[True, False]]]]),
            hint="Le type de l'attention_mask change d'une bibliothèque à l'autre : .bool() convient à tous.",
        ),
    ),
)  # fmt: skip

_POINTS = torch.tensor([-1.0, 0.0, 1.0, 2.0])

gelu = Card(
    id="attention.gelu",
    title="Bonus : la GELU",
    statement="Rendez GELU(x) = x Φ(x), terme à terme, où Φ(x) = (1 + erf(x / √2)) / 2 est la probabilité qu'un nombre tiré d'une loi normale soit plus petit que x.",
    difficulty=1,
    minutes=2,
    hints=(
        "torch.erf existe, et s'applique à chaque nombre d'un tenseur.",
        "À la main : GELU(1) = 1 × (1 + erf(0,7071)) / 2 = 1 × (1 + 0,6827) / 2 = 0,8413.",
    ),
    checks=(
        _tensor(
            name="vaut -0,1587, 0, 0,8413 et 1,9545 en -1, 0, 1 et 2",
            arguments=[_POINTS],
            expected=torch.tensor([-0.158655, 0.0, 0.841345, 1.954500]),
            tolerance=2e-5,
            hint="x, fois la probabilité qu'une loi normale tombe au-dessous de x.",
            mistakes=(
                (torch.relu(_POINTS), "C'est une ReLU : les négatifs y valent 0. Une GELU les laisse un peu passer."),
                (functional.gelu(_POINTS, approximate="tanh"), "C'est l'approximation par la tangente hyperbolique, celle de GPT-2 : très proche, mais la formule demandée emploie erf."),
                (_POINTS * torch.sigmoid(1.702 * _POINTS), "C'est l'approximation par une sigmoïde. La formule demandée emploie erf."),
                (0.5 * _POINTS * (1 + torch.erf(_POINTS)), "erf a reçu x, et non x / √2."),
                (_POINTS * torch.erf(_POINTS / math.sqrt(2)), "x est multiplié par erf(x / √2) : il faut (1 + erf) / 2, qui va de 0 à 1."),
                (_POINTS * (1 + torch.erf(_POINTS / math.sqrt(2))), "C'est le double : (1 + erf) va de 0 à 2, il reste à le diviser par 2."),
                (functional.silu(_POINTS), "C'est une SiLU, x fois une sigmoïde : la formule demandée emploie erf."),
                (_POINTS * (1 + torch.erf(_POINTS / math.sqrt(2)) / 2), "Seule erf est divisée par 2 : c'est 1 + erf tout entier qui l'est."),
                (0.5 * _POINTS * (1 - torch.erf(_POINTS / math.sqrt(2))), "C'est 1 − erf : la probabilité de tomber au-dessus de x. Il faut 1 + erf."),
                (0.5 * _POINTS * (1 + torch.tanh(_POINTS / math.sqrt(2))), "La tangente hyperbolique a pris la place d'erf, dans la même formule."),
                (0.5 * _POINTS * (1 + torch.erf(_POINTS / 2)), "erf a reçu x / 2, et non x / √2."),
                (0.5 * _POINTS * (1 + torch.erf(_POINTS * math.sqrt(2))), "erf a reçu x × √2 : il faut diviser par √2."),
                (0.5 * _POINTS * torch.erf(_POINTS / math.sqrt(2)), "Il manque le 1 : (1 + erf) / 2."),
                (torch.relu(_POINTS) * (1 + torch.erf(_POINTS / math.sqrt(2))) / 2, "Les négatifs sont mis à 0 : c'est x, et non sa version sans négatifs, relu, qui se multiplie par Φ(x)."),
                (_POINTS + (1 + torch.erf(_POINTS / math.sqrt(2))) / 2, "Φ(x) est ajouté à x : il le multiplie."),
                (0.5 * (1 + torch.erf(_POINTS / math.sqrt(2))), "C'est Φ(x) : il reste à multiplier par x."),
            ),
        ),
        _tensor(
            name="égale celle de PyTorch, sur un tenseur de toute forme",
            arguments=[torch.linspace(-6, 6, 24).view(2, 3, 4)],
            expected=functional.gelu(torch.linspace(-6, 6, 24).view(2, 3, 4)),
            tolerance=1e-5,
            hint="La fonction s'applique à chaque nombre, quelle que soit la forme.",
        ),
        _tensor(
            name="laisse passer les grands nombres, éteint les très négatifs",
            arguments=[torch.tensor([-40.0, 40.0])],
            expected=torch.tensor([0.0, 40.0]),
            tolerance=1e-6,
            hint="Loin à gauche Φ vaut 0, loin à droite il vaut 1.",
        ),
    ),
)  # fmt: skip

_ROWS = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])
_CENTERED = _ROWS - _ROWS.mean(-1, keepdim=True)
_VARIANCE = _CENTERED.square().mean(-1, keepdim=True)
_ONES, _ZEROS = torch.ones(3), torch.zeros(3)
_GAIN, _OFFSET = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([10.0, 0.0, -10.0])


def _batch_normed(x: Tensor) -> Tensor:
    centered = x - x.mean(0)
    return centered / (centered.square().mean(0) + 1e-5).sqrt()


layer_norm = Card(
    id="attention.layer_norm",
    title="Bonus : LayerNorm",
    statement="x est un tenseur (…, C). Ramenez chaque ligne à une moyenne nulle et à une variance de 1, (x − moyenne) / √(variance + epsilon), puis multipliez par weight et ajoutez bias, tous deux (C,). La variance est la moyenne des carrés des écarts : on divise par C.",
    difficulty=2,
    minutes=4,
    hints=(
        "x.mean(dim=-1, keepdim=True) est la moyenne de chaque ligne, avec un axe de taille 1 qui se diffuse.",
        "La variance : le carré des écarts à la moyenne, puis leur moyenne. torch.var divise par C − 1, sauf avec unbiased=False.",
        "epsilon est sous la racine, avec la variance : une ligne constante ne divise pas par zéro.",
    ),
    checks=(
        _tensor(
            name="centre et réduit chaque ligne",
            arguments=[_ROWS, _ONES, _ZEROS],
            expected=functional.layer_norm(_ROWS, (3,)),
            tolerance=1e-4,
            hint="De [1, 2, 3], on attend [−1,2247, 0, 1,2247] : la moyenne est 2, la variance 2/3, l'écart type 0,8165.",
            mistakes=(
                (_CENTERED / (_VARIANCE * 1.5).sqrt(), "La variance est divisée par C − 1 : celle-ci se divise par C (unbiased=False, avec torch.var ou torch.std)."),
                (_batch_normed(_ROWS), "Ce sont les colonnes qui sont ramenées à une moyenne nulle : c'est BatchNorm. Ici, chaque ligne l'est, le long du dernier axe."),
                ((_ROWS - _ROWS.mean()) / (_ROWS.var(unbiased=False) + 1e-5).sqrt(), "La moyenne et la variance sont celles du tableau entier : il en faut une par ligne."),
                (_CENTERED, "Chaque ligne a une moyenne nulle, mais sa variance n'est pas 1 : il reste à diviser par √(variance + epsilon)."),
                (_CENTERED / (_VARIANCE + 1e-5), "Les écarts sont divisés par la variance, et non par sa racine."),
                (_CENTERED / (_CENTERED.square().sum(-1, keepdim=True) + 1e-5).sqrt(), "La variance est la moyenne des carrés des écarts, et non leur somme."),
                (_CENTERED / (_CENTERED.abs().mean(-1, keepdim=True) + 1e-5), "Les écarts sont divisés par leur valeur absolue moyenne : il faut la racine de la moyenne de leurs carrés."),
                (_ROWS / (_VARIANCE + 1e-5).sqrt(), "Les lignes sont divisées sans avoir été centrées : ôtez d'abord la moyenne."),
            ),
        ),
        _tensor(
            name="étire par weight, décale par bias",
            arguments=[_ROWS, _GAIN, _OFFSET],
            expected=functional.layer_norm(_ROWS, (3,), _GAIN, _OFFSET),
            tolerance=1e-4,
            hint="Une fois la ligne normée : fois weight, plus bias.",
            mistakes=(
                (functional.layer_norm(_ROWS, (3,)), "weight et bias n'ont rien changé."),
                (functional.layer_norm(_ROWS, (3,), _GAIN), "weight a servi, bias non."),
                (functional.layer_norm(_ROWS, (3,)) + _OFFSET, "bias a servi, weight non."),
                ((functional.layer_norm(_ROWS, (3,)) + _OFFSET) * _GAIN, "bias est ajouté avant la multiplication par weight : c'est l'inverse."),
            ),
        ),
        _tensor(
            name="ne divise pas par zéro",
            arguments=[torch.full((1, 3), 5.0), _ONES, _ZEROS],
            expected=torch.zeros(1, 3),
            tolerance=1e-4,
            hint="Une ligne constante a une variance nulle : c'est epsilon qui évite la division par zéro.",
        ),
        _tensor(
            name="met epsilon sous la racine",
            arguments=[_ROWS, _ONES, _ZEROS, 4.0],
            expected=functional.layer_norm(_ROWS, (3,), eps=4.0),
            tolerance=1e-4,
            hint="Avec epsilon = 4, on divise par √(variance + 4).",
            mistakes=(
                (_CENTERED / (_VARIANCE.sqrt() + 4), "epsilon est ajouté à l'écart type : il va sous la racine, avec la variance."),
                (_CENTERED / (_VARIANCE + 16).sqrt(), "epsilon est mis au carré : il s'ajoute tel quel à la variance."),
                (functional.layer_norm(_ROWS, (3,)), "epsilon n'a pas servi, ou il est fixé à 1e-5 : employez l'argument."),
            ),
        ),
        _tensor(
            name="marche sur un lot de textes",
            arguments=[_random(2, 3, 4), torch.ones(4), torch.zeros(4)],
            expected=functional.layer_norm(_random(2, 3, 4), (4,)),
            tolerance=1e-4,
            hint="Avec (B, T, C), chaque token est normé à part, le long du dernier axe.",
        ),
    ),
)  # fmt: skip

CARDS = (
    scaled_dot_product,
    causal_mask,
    combine_masks,
    split_heads,
    sinusoidal_positions,
    pre_norm,
    merge_heads,
    padding_mask,
    gelu,
    layer_norm,
)

QUIZZES = (
    Quiz(
        "attention.racine",
        "Une attention à 8 têtes reçoit des vecteurs de 256 nombres. Par quoi divise-t-elle ses scores ?",
        (
            Option(
                "Par √256 = 16.",
                False,
                "Une tête ne multiplie que 32 nombres par 32 autres. Divisés par 16, les scores sont près de trois fois trop petits, et les poids presque égaux : rien ne plante, mais plus personne ne choisit.",
            ),
            Option(
                "Par √32, soit environ 5,66.",
                True,
                "256 / 8 = 32 nombres par tête. Un produit de 32 termes a un écart type de √32 : on le ramène à 1.",
            ),
            Option(
                "Par 8, le nombre de têtes.",
                False,
                "Le nombre de têtes n'entre pas dans le produit scalaire : seule compte la longueur des deux vecteurs.",
            ),
            Option(
                "Par rien : la softmax rend de toute façon une somme de 1.",
                False,
                "La somme vaut 1, mais un seul token prend presque tout, et la pente de la softmax y est si faible que le réseau n'apprend plus.",
            ),
        ),
    ),
    Quiz(
        "attention.masque",
        "Un texte de 5 tokens dont les 2 derniers sont du remplissage. Avec les deux masques, combien de tokens le troisième peut-il regarder ?",
        (
            Option("Un, lui-même.", False, "Le masque causal montre aussi ceux d'avant."),
            Option(
                "Trois : les deux d'avant et lui-même.",
                True,
                "Le masque causal cache le quatrième et le cinquième ; le remplissage, c'est eux. Les deux masques disent ici la même chose, et leur « et » aussi.",
            ),
            Option(
                "Cinq, puisqu'il n'est pas du remplissage.",
                False,
                "Le masque de remplissage cache des tokens à tout le monde, et le masque causal cache l'avenir à chacun : il faut que les deux montrent.",
            ),
        ),
    ),
    Quiz(
        "attention.carte",
        "Sur une carte, une tête met un poids de 0,9 sur le mot « meunier ». Que peut-on en conclure ?",
        (
            Option(
                "Que le modèle a choisi son mot à cause de « meunier ».",
                False,
                "D'autres têtes regardent ailleurs, et le raccourci fait passer ce qu'aucune ne regarde. Une tête au regard net peut ne rien changer : on l'a mesuré.",
            ),
            Option(
                "Que 90 % de ce que rend cette tête vient de la valeur rangée à cette place.",
                True,
                "C'est exactement ce qu'est un poids. Et cette valeur, après quelques blocs, ne parle plus seulement du mot écrit là. Pour savoir si cela compte, on coupe la tête et l'on mesure.",
            ),
            Option(
                "Que la tête est spécialisée dans les métiers.",
                False,
                "Un exemple ne fait pas une règle : il faudrait la suivre sur beaucoup de phrases, et la comparer aux autres.",
            ),
        ),
    ),
)
