"""Leçon 05, les exercices : les pièces d'un GPT-2, sa perte, un pas d'apprentissage, son cache ; en bonus, une moyenne.

Les résultats attendus viennent de PyTorch, des blocs de la leçon 04, ou d'un calcul à la main : jamais des fonctions
de `aurore.gpt` que la leçon fait écrire, où celle d'une personne peut être en place.
"""

import math
from types import SimpleNamespace

import torch
from torch import Tensor, nn
from torch.nn import functional

from aurore import gpt
from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import same, show, show_arguments
from aurore.atelier.quiz import Option, Quiz


def _random(*shape: int, seed: int = 1804) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _must_be_tensor(got, given: str):
    if got is not None and not isinstance(got, Tensor):
        hint = f"Il faut un tenseur de PyTorch, et non {type(got).__name__}."
        raise Mistake(given, show(got), "un tenseur", hint)
    return got


def _tensor(**fields) -> Check:
    """`equals`, pour une fonction qui rend un tenseur : une liste des mêmes nombres ne ferait pas l'affaire."""
    check = equals(**fields)

    def test(function):
        check.test(lambda *arguments: _must_be_tensor(function(*arguments), show_arguments(arguments)))

    return Check(check.name, test)


# --- Les plongements ------------------------------------------------------------------------------------

_TOKENS = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 3.0], [5.0, -1.0]])  # V = 4, C = 2
_POSITIONS = torch.tensor([[10.0, 0.0], [20.0, 0.0], [30.0, 0.0]])  # P = 3
_IDS, _RANKS = torch.tensor([[3, 1]]), torch.tensor([0, 1])
_BY_TOKEN, _BY_RANK = _TOKENS[_IDS], _POSITIONS[_RANKS]
_TWO_IDS, _TWO_RANKS = torch.tensor([[3, 1, 1], [0, 2, 3]]), torch.tensor([[0, 1, 2], [0, 0, 1]])

embed = Card(
    id="gpt.embed",
    title="Les plongements",
    statement="Rendez un vecteur par token, (B, T, C) : la ligne de son identifiant dans la table tokens, plus la ligne de son rang dans la table positions. ids est (B, T), ranks (T,) ou (B, T).",
    difficulty=1,
    minutes=2,
    hints=(
        "Une table indexée par un tenseur d'entiers rend une ligne par entier : table[[2, 0]] donne la ligne 2, puis la ligne 0.",
        "tokens[ids] est (B, T, C). positions[ranks] est (T, C) ou (B, T, C) : PyTorch sait les additionner.",
    ),
    checks=(
        _tensor(
            name="ajoute la ligne du token et celle du rang",
            arguments=[_IDS, _RANKS, _TOKENS, _POSITIONS],
            expected=_BY_TOKEN + _BY_RANK,
            hint="Le premier token est le numéro 3, au rang 0 : [5, −1] + [10, 0] = [15, −1].",
            mistakes=(
                (_BY_TOKEN, "Ce sont les lignes des tokens seules : il y manque celles des rangs."),
                (_BY_RANK.expand(1, 2, 2), "Ce sont les lignes des rangs seules : il y manque celles des tokens."),
                (_BY_RANK, "Ce sont les lignes des rangs seules : il y manque celles des tokens."),
                (_BY_TOKEN * _BY_RANK, "Les deux lignes sont multipliées : il faut les additionner."),
                ((_BY_TOKEN + _BY_RANK)[0], "L'axe du lot a disparu : on attend (B, T, C), même pour un seul texte."),
                (torch.cat([_BY_TOKEN, _BY_RANK[None]], -1), "Les deux lignes sont mises bout à bout : il faut les additionner."),
                ((_BY_TOKEN + _BY_RANK) / 2, "C'est la moyenne des deux lignes : c'est leur somme qu'on demande."),
                (_BY_TOKEN + _POSITIONS[_RANKS + 1], "Les rangs sont décalés d'un : le premier token est au rang 0."),
                (_BY_TOKEN * math.sqrt(2) + _BY_RANK, "Les vecteurs des tokens sont multipliés par √C : l'article de 2017 le fait, GPT-2 non."),
            ),
        ),
        _tensor(
            name="suit les rangs qu'on lui donne",
            arguments=[_IDS, torch.tensor([2, 0]), _TOKENS, _POSITIONS],
            expected=_BY_TOKEN + _POSITIONS[torch.tensor([2, 0])],
            hint="Ici les rangs sont 2 et 0 : un texte ne commence pas toujours au rang 0.",
            mistakes=((_BY_TOKEN + _BY_RANK, "Les rangs 0 et 1 ont été pris, quels que soient ceux qu'on donne : employez ranks."),),
        ),
        _tensor(
            name="marche sur un lot, chaque texte avec ses rangs",
            arguments=[_TWO_IDS, _TWO_RANKS, _TOKENS, _POSITIONS],
            expected=_TOKENS[_TWO_IDS] + _POSITIONS[_TWO_RANKS],
            hint="Deux textes de trois tokens, et deux lignes de rangs : la seconde commence par un remplissage.",
            mistakes=((_TOKENS[_TWO_IDS] + _POSITIONS[_TWO_RANKS[:1]], "Les rangs du premier texte ont servi pour tous."),),
        ),
    ),
)  # fmt: skip


# --- Lire -----------------------------------------------------------------------------------------------
#
# Trois faux blocs, dont on sait ce qu'ils font : l'ordre, un oubli, un masque perdu se voient au résultat.

_LOWER = torch.ones(2, 2, dtype=torch.bool).tril()


def _block(times: float, plus: float):
    """Multiplie, puis ajoute le nombre de places que voit chaque token : cinq partout si le masque n'est pas passé."""

    def block(x: Tensor, mask: Tensor | None = None) -> Tensor:
        seen = torch.full((x.shape[1],), 5.0) if mask is None else mask.float().sum(-1)
        return x * times + plus + seen[..., None]

    return block


def _toy(blocks) -> SimpleNamespace:
    tokens, positions = nn.Embedding(4, 2), nn.Embedding(3, 2)
    tokens.weight.data, positions.weight.data = _TOKENS.clone(), _POSITIONS.clone()
    return SimpleNamespace(tokens=tokens, positions=positions, blocks=blocks, ln_f=lambda x: x / 100)


_BLOCKS = [_block(2, 1), _block(-1, 0), _block(3, 7)]
_TOY = _toy(_BLOCKS)


def _passed(blocks, mask: Tensor | None = _LOWER, start: Tensor = _BY_TOKEN + _BY_RANK, norm: bool = True) -> Tensor:
    for block in blocks:
        start = block(start, mask)
    return start / 100 if norm else start


def _reads(name: str, blocks, mask, expected: Tensor, hint: str, mistakes=(), ranks: Tensor = _RANKS) -> Check:
    def test(function):
        model = _toy(blocks)
        given = f"un modèle de {len(blocks)} blocs, ids = {_IDS.tolist()}, ranks = {ranks.tolist()}, mask = {None if mask is None else mask.tolist()}"
        got = _must_be_tensor(function(model, _IDS, ranks, mask), given)
        got = got.detach() if isinstance(got, Tensor) else got
        compare(got, expected, given, hint=hint, mistakes=mistakes, tolerance=1e-4)

    return Check(name, test)


_EMBEDDED = _BY_TOKEN + _BY_RANK
_OTHER_RANKS = torch.tensor([2, 0])

read = Card(
    id="gpt.read",
    title="Lire",
    statement="Rendez ce que le modèle a lu, (B, T, C) : les plongements (par embed), puis chaque bloc de model.blocks, l'un après l'autre, puis la norme model.ln_f. Les tables sont model.tokens.weight et model.positions.weight ; chaque bloc s'appelle par block(x, mask).",
    difficulty=2,
    minutes=4,
    hints=(
        "x = embed(ids, ranks, model.tokens.weight, model.positions.weight) ; le reste transforme x.",
        "Une boucle : for block in model.blocks, et x devient ce que rend le bloc.",
        "Le raccourci est déjà dans le bloc : x = block(x, mask), sans rien ajouter. Pour finir, model.ln_f(x).",
    ),
    checks=(
        _reads(
            "enchaîne les blocs dans l'ordre, puis norme",
            _BLOCKS,
            _LOWER,
            _passed(_BLOCKS),
            "Ici chaque bloc multiplie, puis ajoute ; la norme divise par cent.",
            (
                (_passed(_BLOCKS, norm=False), "Il manque la dernière norme, model.ln_f."),
                (_passed(_BLOCKS, mask=None), "Le masque n'est pas passé aux blocs : block(x, mask)."),
                (_passed(_BLOCKS[::-1]), "Les blocs sont pris du dernier au premier."),
                (_passed(_BLOCKS[:1]), "Seul le premier bloc a servi : le return est peut-être dans la boucle."),
                (_passed(_BLOCKS[-1:]), "Seul le dernier bloc a compté : chacun doit recevoir ce que rend le précédent."),
                (_passed([]), "Aucun bloc n'a servi : seuls les plongements sont normés."),
                (_passed(_BLOCKS[:-1]), "Il manque le dernier bloc."),
                (_passed(_BLOCKS[1:]), "Il manque le premier bloc."),
                (_passed([lambda x, m, b=b: x + b(x, m) for b in _BLOCKS]), "x est ajouté à ce que rend chaque bloc : le raccourci est déjà dans le bloc."),
                (_passed([lambda x, m, b=b: b(x, m) / 100 for b in _BLOCKS]), "La norme s'applique après chaque bloc et une fois de plus à la fin : elle ne vient qu'une fois, après le dernier."),
                (_passed([lambda x, m, b=b: b(x, m) / 100 for b in _BLOCKS], norm=False), "La norme s'applique après chaque bloc : elle ne vient qu'une fois, après le dernier."),
                (_passed(_BLOCKS, start=_BY_TOKEN), "Les rangs n'y sont pas : les plongements sont ceux d'embed, tokens et positions."),
                (_passed(_BLOCKS, start=_EMBEDDED / 100), "La norme vient avant les blocs et une fois de plus à la fin : elle ne vient qu'après le dernier."),
                (_passed(_BLOCKS, mask=~_LOWER), "Le masque est passé à l'envers : il va tel quel à chaque bloc."),
                (_passed(_BLOCKS)[:, -1], "Seule la dernière place est venue : toutes sont lues."),
                (_passed(_BLOCKS) @ _TOKENS.T, "Ce sont des logits, une note par token du vocabulaire : la tête viendra après."),
                (_passed(_BLOCKS, start=_EMBEDDED / 100, norm=False), "La norme vient avant les blocs : elle doit venir après le dernier."),
            ),
        ),
        _reads(
            "lit un modèle de n'importe quelle profondeur",
            _BLOCKS * 2,
            _LOWER,
            _passed(_BLOCKS * 2),
            "Ce modèle-ci a six blocs.",
            ((_passed(_BLOCKS), "Seuls trois blocs ont servi : parcourez model.blocks, quel qu'en soit le nombre."),),
        ),
        _reads(
            "suit les rangs qu'on lui donne",
            _BLOCKS,
            _LOWER,
            _passed(_BLOCKS, start=_BY_TOKEN + _POSITIONS[_OTHER_RANKS]),
            "Ici les rangs sont 2 et 0 : on les passe tels quels à embed.",
            ((_passed(_BLOCKS), "Les rangs 0 et 1 ont été pris, quels que soient ceux qu'on donne : employez ranks."),),
            ranks=_OTHER_RANKS,
        ),
        _reads(
            "accepte qu'il n'y ait rien à cacher",
            _BLOCKS,
            None,
            _passed(_BLOCKS, mask=None),
            "Quand mask vaut None, tout se voit : on le passe tel quel aux blocs.",
            ((_passed(_BLOCKS), "Un masque causal a été refait : c'est mask qu'il faut passer, même s'il vaut None."),),
        ),
    ),
)  # fmt: skip


# --- La tête --------------------------------------------------------------------------------------------

_STATES = torch.tensor([[[1.0, 2.0], [0.0, 1.0], [-1.0, 0.5]]])  # (1, 3, 2)
_LOGITS = torch.einsum("btc,vc->btv", _STATES, _TOKENS)

head = Card(
    id="gpt.head",
    title="La tête",
    statement="Rendez les logits : pour chaque vecteur lu, une note par token du vocabulaire, qui est le produit scalaire de ce vecteur et de la ligne du token dans la table. states est (…, C), tokens (V, C) ; le résultat, (…, V).",
    difficulty=1,
    minutes=2,
    hints=(
        "Un produit scalaire avec chaque ligne d'une table, c'est une multiplication de matrices par la table couchée.",
        "states @ tokens.T : (…, C) par (C, V) donne (…, V).",
    ),
    checks=(
        _tensor(
            name="note chaque token du vocabulaire",
            arguments=[_STATES, _TOKENS],
            expected=_LOGITS,
            tolerance=1e-5,
            hint="Le premier vecteur est [1, 2] et la ligne du token 2, [3, 3] : sa note est 1 × 3 + 2 × 3 = 9.",
            mistakes=(
                (_LOGITS.softmax(-1), "Ce sont des probabilités : on demande les notes, avant la softmax."),
                (_LOGITS.log_softmax(-1), "Ce sont des logarithmes de probabilités : on demande les notes telles quelles."),
                (_LOGITS.mT, "Les deux derniers axes sont échangés : (B, T, V) est attendu."),
                (_LOGITS.argmax(-1), "C'est le token le mieux noté : on demande toutes les notes."),
                (_LOGITS[:, -1], "Seule la dernière place est notée : toutes le sont, l'apprentissage en a besoin."),
                (_LOGITS[0], "L'axe du lot a disparu."),
                (_LOGITS / math.sqrt(2), "Les notes sont divisées par √C : c'est affaire d'attention, non de sortie."),
                (functional.normalize(_STATES, dim=-1) @ functional.normalize(_TOKENS, dim=-1).T, "C'est l'angle entre les vecteurs, leur longueur ôtée : le produit scalaire la garde."),
            ),
        ),
        _tensor(
            name="note aussi un seul vecteur par texte",
            arguments=[_STATES[:, 0], _TOKENS],
            expected=_LOGITS[:, 0],
            tolerance=1e-5,
            hint="Ici states est (B, C) : c'est ce qu'on lui donne pour écrire, la dernière place seule.",
        ),
    ),
)  # fmt: skip


# --- La perte -------------------------------------------------------------------------------------------

_TEXT = torch.tensor([[2, 0, 3, 1]])


def _sure(choices: Tensor, vocabulary: int = 4) -> Tensor:
    """Des logits qui mettent, à chaque place, cinq points au token de `choices`, et un peu de bruit : chaque méprise se trahit."""
    return 5.0 * functional.one_hot(choices, vocabulary).float() + _random(*choices.shape, vocabulary)


def _entropy(logits: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())


_NEXT, _SAME = _sure(torch.tensor([[0, 3, 1, 0]])), _sure(_TEXT)
_VARIED, _TWO = _random(2, 5, 6), torch.tensor([[1, 4, 0, 2, 5], [3, 3, 1, 0, 2]])
_SHIFTED = _entropy(_VARIED[:, :-1], _TWO[:, 1:])
_HOLED = _TWO.clone()
_HOLED[1, 3:] = -100


def _losses(logits: Tensor, labels: Tensor) -> tuple[tuple[Tensor, str], ...]:
    """Les méprises que la valeur d'une perte trahit."""
    return (
        (_entropy(logits, labels), "Chaque note a été jugée sur le token que le modèle vient de lire : il faut la juger sur le suivant."),
        (_entropy(logits[:, :-2], labels[:, 2:]), "Chaque note a été jugée deux places plus loin : le décalage est fait deux fois."),
        (_entropy(logits[:, 1:], labels[:, :-1]), "Le décalage est à l'envers : chaque note a été jugée sur le token d'avant."),
        (_entropy(logits, labels.roll(-1, 1)), "La dernière note a été jugée sur le premier token : après le dernier, il n'y a plus rien à deviner."),
        (functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), reduction="sum"), "C'est la somme des pertes : on demande leur moyenne par token."),
        (_entropy(logits[:, :-1].softmax(-1), labels[:, 1:]), "La softmax a été appliquée deux fois : cross_entropy la fait déjà, donnez-lui les notes."),
        (_entropy(logits[:, -2:-1], labels[:, -1:]), "Seul le dernier token est jugé : chacun doit l'être, sauf le premier."),
        (_entropy(logits[:, :-1], labels[:, 1:]) / math.log(2), "C'est la perte en bits : on la demande en nats, avec le logarithme naturel."),
        (-_entropy(logits[:, :-1], labels[:, 1:]), "Le signe est retourné : une perte est positive."),
        (_entropy(logits[:, :-1], labels[:, 1:]).exp(), "C'est la perplexité, l'exponentielle de la perte."),
    )  # fmt: skip


def _learnable(function) -> None:
    logits = _VARIED.clone().requires_grad_()
    loss = function(logits, _TWO)
    if not (isinstance(loss, Tensor) and loss.requires_grad):
        hint = "La perte doit rester un tenseur attaché au calcul, sans .item() ni .detach() : sans gradient, on n'apprend rien."
        raise Mistake("des logits à apprendre", show(loss), "un tenseur qui sait d'où il vient", hint)
    compare(loss.detach(), _SHIFTED, "des logits (2, 5, 6) et leurs deux textes", mistakes=(*_losses(_VARIED, _TWO), (_entropy(_VARIED[:1, :-1], _TWO[:1, 1:]), "Seul le premier texte du lot est jugé.")), tolerance=1e-5, hint="La moyenne se prend sur les 2 × 4 tokens à deviner.")  # fmt: skip


next_token_loss = Card(
    id="gpt.next_token_loss",
    title="Chasse au bug : la perte",
    statement="Cette perte semble juste, et mesure autre chose. Réparez-la : logits (B, T, V) contient à chaque place les notes du token suivant, labels (B, T) les tokens lus, où -100 ne compte pas. Rendez la perte moyenne par token, en nats.",
    difficulty=3,
    minutes=4,
    hints=(
        "À la place t, le modèle a lu les tokens jusqu'au t-ième. Qu'a-t-il à deviner ?",
        "Les notes de la place 0 se jugent sur le token 1, celles de la place 1 sur le token 2… La dernière note n'a pas de juge, le premier token n'a pas de note.",
        "logits[:, :-1] ôte la dernière note, labels[:, 1:] le premier token ; flatten met l'un et l'autre à plat.",
    ),
    checks=(
        equals(
            name="ne punit pas qui devine le suivant",
            arguments=[_NEXT, _TEXT],
            expected=_entropy(_NEXT[:, :-1], _TEXT[:, 1:]).item(),
            tolerance=1e-5,
            read=float,
            hint="Le texte est 2, 0, 3, 1, et les notes désignent 0, 3, 1 : tout est deviné, la perte est presque nulle.",
            mistakes=_losses(_NEXT, _TEXT),
        ),
        equals(
            name="punit qui recopie ce qu'il vient de lire",
            arguments=[_SAME, _TEXT],
            expected=_entropy(_SAME[:, :-1], _TEXT[:, 1:]).item(),
            tolerance=1e-5,
            read=float,
            hint="Les notes désignent le token qui vient d'être lu, et non le suivant : la perte est élevée.",
            mistakes=_losses(_SAME, _TEXT),
        ),
        Check("donne la moyenne du lot, et de quoi apprendre", _learnable),
        equals(
            name="ne compte pas les étiquettes -100",
            arguments=[_VARIED, _HOLED],
            expected=_entropy(_VARIED[:, :-1], _HOLED[:, 1:]).item(),
            tolerance=1e-5,
            read=float,
            hint="Une étiquette de -100 marque un remplissage : cross_entropy l'ignore d'elle-même, et divise par le nombre des autres.",
        ),
    ),
)  # fmt: skip


# --- Un pas d'apprentissage -----------------------------------------------------------------------------


class _Parabola(nn.Module):
    """Un modèle d'un seul poids, dont la perte est `slope` × (poids − moyenne des ids)², et le gradient se calcule de tête."""

    def __init__(self, weight: float, slope: float = 0.5) -> None:
        super().__init__()
        self.weight, self.slope = nn.Parameter(torch.tensor(weight)), slope

    def loss(self, ids: Tensor) -> Tensor:
        return self.slope * (self.weight - ids.float().mean()) ** 2


def _weights(function, starts: float, lots: list[Tensor], slope: float = 0.5) -> tuple[list[float], list]:
    """Les poids après chaque pas, taux 0,1, et ce que la fonction a rendu."""
    model = _Parabola(starts, slope)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    weights, losses = [], []
    for lot in lots:
        losses.append(function(model, optimizer, lot))
        weights.append(round(model.weight.item(), 5))
    return weights, losses


_LOT = torch.tensor([[1, 1], [1, 1]])


def _moves(function) -> None:
    given = "un poids qui vaut 0,5, une perte ½ (poids − 1)², un taux de 0,1"
    [weight], _ = _weights(function, 0.5, [_LOT])
    mistakes = (
        (0.5, "Le poids n'a pas bougé : il faut loss.backward(), qui calcule les gradients, puis optimizer.step(), qui fait le pas."),
        (0.45, "Le poids s'est éloigné de 1 : le pas va contre le gradient, et c'est l'affaire d'optimizer.step()."),
        (0.595, "Deux pas ont été faits au lieu d'un."),
        (0.6, "Le poids a bougé de 0,1, deux fois trop : deux pas avec le même gradient, ou un gradient porté à une norme de 1, alors qu'on ne fait que réduire celui qui la dépasse."),
    )  # fmt: skip
    compare(weight, 0.55, given, mistakes=mistakes, tolerance=1e-4, hint="Le gradient vaut 0,5 − 1 = −0,5 ; le poids devient 0,5 + 0,1 × 0,5 = 0,55.")  # fmt: skip


def _returns(function) -> None:
    given = "un poids qui vaut 0,5, une perte ½ (poids − 1)²"
    _, [loss] = _weights(function, 0.5, [_LOT])
    if isinstance(loss, Tensor):
        hint = "C'est un tenseur : loss.item() en fait un nombre, et laisse partir tout le calcul qu'il retient."
        raise Mistake(given, show(loss), "le nombre 0,125", hint)
    compare(loss, 0.125, given, mistakes=((0.10125, "C'est la perte d'après le pas : rendez celle du lot, calculée avant."),), tolerance=1e-5, hint="La perte d'avant le pas est ½ × 0,5² = 0,125.")  # fmt: skip


def _forgets(function) -> None:
    given = "deux pas de suite, d'un poids qui vaut 0,5, une perte ½ (poids − 1)², un taux de 0,1"
    weights, _ = _weights(function, 0.5, [_LOT, _LOT])
    hint = "Le second gradient vaut −0,45 : de 0,55, le poids passe à 0,595."
    mistakes = (
        (
            [0.55, 0.645],
            "Le second pas s'est ajouté au premier : optimizer.zero_grad() efface les gradients du pas d'avant.",
        ),
    )
    compare(weights, [0.55, 0.595], given, mistakes=mistakes, tolerance=1e-4, hint=hint)


def _clips(function) -> None:
    given = "un poids qui vaut 0,5, une perte 50 (poids − 1)², un taux de 0,1"
    [weight], _ = _weights(function, 0.5, [_LOT], slope=50.0)
    mistakes = (
        (5.5, "Le gradient, −50, a servi tel quel : nn.utils.clip_grad_norm_(model.parameters(), 1.0) ramène sa norme à 1, entre backward et step."),
        (1.5, "Le gradient est écrêté à une norme de 10 ; c'est 1 qu'on demande."),
        (0.55, "Le gradient est écrêté à une norme de 0,5 ; c'est 1 qu'on demande."),
        (0.5, "Le gradient a été réduit à presque rien."),
    )  # fmt: skip
    compare(weight, 0.6, given, mistakes=mistakes, tolerance=1e-3, hint="Le gradient vaut −50 ; écrêté à une norme de 1, il vaut −1, et le poids devient 0,6.")  # fmt: skip


training_step = Card(
    id="gpt.training_step",
    title="Un pas d'apprentissage",
    statement="Faites un pas : effacez les gradients (optimizer.zero_grad()), calculez la perte (model.loss(ids)), ses gradients (backward), ramenez leur norme à 1 au plus (torch.nn.utils.clip_grad_norm_), et faites le pas (optimizer.step()). Rendez la perte, un nombre.",
    difficulty=2,
    minutes=3,
    hints=(
        "Cinq lignes, dans l'ordre de l'énoncé, puis return.",
        "nn.utils.clip_grad_norm_(model.parameters(), 1.0) se place après loss.backward(), quand les gradients sont là.",
        "loss.item() rend la perte comme un nombre de Python.",
    ),
    checks=(
        Check("fait un pas contre le gradient", _moves),
        Check("rend la perte d'avant le pas, un nombre", _returns),
        Check("oublie les gradients du pas d'avant", _forgets),
        Check("écrête un gradient trop grand", _clips),
    ),
)


# --- Le cache -------------------------------------------------------------------------------------------

with torch.random.fork_rng(devices=[]):  # importer ce fichier ne change pas le hasard du carnet
    _SMALL = gpt.GPT(gpt.Dimensions(vocab_size=13, n_positions=12, n_embd=8, n_layer=2, n_head=2), seed=5)
for _weight in _SMALL.parameters():  # plus grands qu'un tirage de départ : une erreur doit se voir
    _weight.data = _random(*_weight.shape, seed=_weight.numel()) * 0.5
_SMALL.eval()
_READ = torch.tensor([[3, 11, 0, 7, 7, 2], [1, 4, 9, 12, 5, 6]])


def _whole(ids: Tensor, first_rank: int = 0) -> Tensor:
    """Ce qu'on lit d'un trait, par les blocs de la leçon 04."""
    length = ids.shape[1]
    x = _SMALL.tokens.weight[ids] + _SMALL.positions.weight[first_rank : first_rank + length]
    for block in _SMALL.blocks:
        x = block(x, torch.ones(length, length, dtype=torch.bool).tril() if length > 1 else None)
    return _SMALL.ln_f(x).detach()


@torch.no_grad()
def _forgetting(what: str) -> Tensor:
    """La même lecture de `_READ[:1]`, d'un trait, à laquelle il manque une pièce."""
    ids = _READ[:1]
    lower = None if what == "mask" else torch.ones(6, 6, dtype=torch.bool).tril()

    def norm(block, name: str, x: Tensor) -> Tensor:
        return x if what == name else getattr(block, name)(x)

    x = _SMALL.tokens.weight[ids] + _SMALL.positions.weight[:6]
    for block in _SMALL.blocks:
        seen = block.attention(norm(block, "ln_1", x), mask=lower)
        x = x if what == "attention" else seen if what == "shortcut" else x + seen
        x = x if what == "feed_forward" else x + block.feed_forward(norm(block, "ln_2", x))
    return norm(_SMALL, "ln_f", x)


def _in_pieces(function, ids: Tensor, pieces: list[int]):
    """Lit `ids` par morceaux avec une même mémoire ; rend ce que donne le dernier, et la mémoire."""
    memory = gpt.Memory(_SMALL, len(ids), 12)
    got, start = None, 0
    with torch.no_grad():
        for length in pieces:
            got = function(_SMALL, ids[:, start : start + length], memory)
            start += length
    return got, memory


def _reads_on(name: str, ids: Tensor, pieces: list[int], hint: str, mistakes=()) -> Check:
    def test(function):
        given = f"ids = {ids.tolist()}, lus en {len(pieces)} fois : {', '.join(map(str, pieces))} tokens"
        got, _ = _in_pieces(function, ids, pieces)
        wanted = _whole(ids)[:, -pieces[-1] :]
        compare(_must_be_tensor(got, given), wanted, given, hint=hint, mistakes=mistakes, tolerance=1e-4)

    return Check(name, test)


def _advances(function) -> None:
    given = "ids = [[3, 11]], puis [[0, 7, 7]], avec la même mémoire"
    _, memory = _in_pieces(function, _READ[:1, :5], [2, 3])
    mistakes = (
        (0, "memory.length n'a pas avancé : les tokens suivants écraseront ceux-ci."),
        (2, "memory.length n'avance que d'un par appel : il avance du nombre de tokens lus, ids.shape[1]."),
        (
            3,
            "memory.length compte trois : les tokens du second appel, sans ceux du premier. Ajoutez, au lieu de remplacer.",
        ),
        (10, "memory.length a avancé deux fois trop : une fois par appel, et non une fois par bloc."),
    )
    compare(memory.length, 5, given, mistakes=mistakes, hint="Après cinq tokens lus, memory.length vaut 5.")


read_on = Card(
    id="gpt.read_on",
    title="Le cache",
    statement="Écrivez read pour qui a déjà lu : ids ne contient que les tokens nouveaux, memory retient les clés et les valeurs des autres, et memory.length leur nombre. model.placed(ids, past=memory.length) rend le couple (ranks, mask). Chaque attention se fait en trois temps : query, key, value = block.attention.project(…), puis memory.extend(layer, key, value), qui rend toutes les clés et toutes les valeurs, puis block.attention.mix(query, key, value, mask). Rendez les vecteurs des tokens nouveaux, normés.",
    difficulty=4,
    minutes=5,
    hints=(
        "Partez de read. Ouvrez le bloc : x + attention(ln_1(x)), puis x + feed_forward(ln_2(x)).",
        "for layer, block in enumerate(model.blocks) donne le numéro du bloc, que demande memory.extend.",
        "À la fin, une fois pour toutes : memory.length += ids.shape[1], puis return model.ln_f(x).",
    ),
    checks=(
        _reads_on(
            "lit d'un trait comme read",
            _READ[:1],
            [6],
            "Quand rien n'est encore lu, le résultat est celui de read.",
            (
                (_forgetting("ln_f"), "Il manque la dernière norme, model.ln_f."),
                (_forgetting("ln_1"), "L'attention a reçu x tel quel : elle reçoit ln_1(x)."),
                (_forgetting("ln_2"), "La couche feed_forward a reçu x tel quel : elle reçoit ln_2(x)."),
                (_forgetting("feed_forward"), "Il manque la couche feed_forward : x + feed_forward(ln_2(x))."),
                (_forgetting("attention"), "L'attention n'a rien apporté : x + ce que rend mix."),
                (_forgetting("shortcut"), "Le raccourci de l'attention manque : ce que rend mix s'ajoute à x."),
                (_forgetting("mask"), "Le masque n'est pas passé à mix : chaque token voit ceux d'après."),
            ),
        ),
        Check("avance la mémoire une fois par appel", _advances),
        _reads_on(
            "reprend où l'on s'était arrêté",
            _READ[:1],
            [4, 2],
            "Quatre tokens, puis deux : les deux derniers vecteurs sont ceux d'une lecture d'un trait.",
            (
                (lambda got: same(got, _whole(_READ[:1, 4:]), 1e-4), "Les deux tokens sont lus comme si rien ne les précédait : passez past=memory.length, gardez ce que rend memory.extend, et avancez memory.length."),
                (lambda got: same(got, _whole(_READ[:1, 4:], first_rank=4), 1e-4), "Les rangs sont justes, mais les tokens d'avant ne sont pas regardés : mix doit recevoir ce que rend memory.extend."),
            ),
        ),
        _reads_on("lit un token à la fois", _READ[:1], [1] * 6, "C'est ainsi qu'on écrit : un token nouveau, tous les autres en mémoire."),
        _reads_on("tient plusieurs textes à la fois", _READ, [3, 3], "Deux textes, chacun avec sa mémoire."),
    ),
)  # fmt: skip


# --- Bonus ----------------------------------------------------------------------------------------------

average = Card(
    id="gpt.average",
    title="Bonus · Chasse au bug : la moyenne des moyennes",
    statement="losses donne la perte moyenne de chaque lot, counts le nombre de tokens que chacun juge. Réparez ce code pour qu'il rende la perte moyenne par token, tous lots confondus.",
    difficulty=2,
    minutes=3,
    hints=(
        "Un lot de huit textes ne doit pas peser autant qu'un lot de trente-deux.",
        "La somme des pertes d'un lot est sa moyenne multipliée par son compte. Additionnez-les, puis divisez par le compte total.",
    ),
    checks=(
        equals(
            name="pèse chaque lot par ses tokens",
            arguments=[[2.5, 4.5], [300, 100]],
            expected=3.0,
            tolerance=1e-9,
            hint="300 tokens à 2,5 et 100 à 4,5 : (750 + 450) / 400 = 3.",
            mistakes=(
                (3.5, "C'est la moyenne des deux moyennes : le petit lot pèse autant que le grand."),
                (1200.0, "C'est la somme des pertes : il reste à diviser par le nombre de tokens."),
                (600.0, "C'est divisé par le nombre de lots : divisez par le nombre de tokens."),
                (7 / 400, "Les pertes sont additionnées telles quelles : celle d'un lot est une moyenne, à multiplier par son compte."),
                (4.0, "Les poids sont à l'envers : c'est le petit lot qui pèse le plus."),
                (2.5, "Seul le premier lot compte."),
                (4.5, "Seul le dernier lot compte."),
                (math.sqrt(2.5 * 4.5), "C'est une moyenne géométrique."),
            ),
        ),
        equals(
            name="traite sept lots, dont un dernier plus petit",
            arguments=[[1.0] * 6 + [8.0], [32] * 6 + [8]],
            expected=(192 + 64) / 200,
            tolerance=1e-9,
            hint="Deux cents exemples en lots de 32 : le dernier n'en a que 8, et ne pèse que 8 deux-centièmes.",
        ),
        equals(
            name="rend la perte d'un lot seul",
            arguments=[[3.25], [17]],
            expected=3.25,
            tolerance=1e-9,
            hint="Un seul lot : sa moyenne est la moyenne.",
        ),
    ),
)  # fmt: skip

CARDS = (embed, read, head, next_token_loss, training_step, read_on, average)

QUIZZES = (
    Quiz(
        "gpt.perte",
        "Un GPT-2 tout neuf, au vocabulaire de 8 192 tokens, annonce une perte de 9,0. Que faut-il en penser ?",
        (
            Option("Il est en panne : une perte doit être proche de 0.", False, "0 voudrait dire qu'il devine tout. Il n'a encore rien appris."),
            Option("C'est ce qu'on attend de qui ne sait rien.", True, "ln 8 192 = 9,01 : la perte de qui donne la même chance à chaque token. Une perte de départ très au-dessus, elle, trahirait une erreur."),
            Option("Il a déjà appris, puisqu'elle n'est pas infinie.", False, "Donner la même chance à tous suffit pour avoir 9,01, sans rien apprendre."),
        ),
    ),
    Quiz(
        "gpt.cache",
        "Que retient le cache d'un GPT ?",
        (
            Option("Les textes déjà écrits, pour les ressortir.", False, "Il ne dure que le temps d'un texte, et ne retient pas de mots."),
            Option("Les clés et les valeurs de chaque token lu, bloc par bloc.", True, "C'est tout ce que les tokens suivants ont à en regarder. Les questions, elles, ne servent qu'une fois."),
            Option("Les logits de chaque place.", False, "Pour écrire la suite, on n'a besoin que de ceux de la dernière place, et ils changent à chaque pas."),
        ),
    ),
    Quiz(
        "gpt.egal",
        "Votre GPT-2 écrit le même texte que celui de transformers. Est-il le même ?",
        (
            Option("Oui : un seul écart changerait le texte.", False, "La GELU exacte à la place de l'approchée laisse le texte intact, et les logits à 0,006 près."),
            Option("Pas forcément : il faut comparer les logits.", True, "Le texte ne garde que le premier de chaque classement. Les logits gardent tout : l'écart y est visible bien avant de changer un mot."),
            Option("Oui, si le texte est assez long.", False, "Un petit écart peut ne jamais renverser un choix. Il se paiera sur un autre texte, ou en apprenant."),
        ),
    ),
)  # fmt: skip
