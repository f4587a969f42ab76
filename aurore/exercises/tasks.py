"""Leçon 12, les exercices : un vecteur par texte, un partage qui fuit, des mots cachés, compter par entité, chercher, une fin
avant son début, un résumé plus long que son texte ; en bonus, la ressemblance.

Les résultats attendus sont comptés à la main.
"""

import hashlib
import itertools
import operator
import random

import torch

from aurore.atelier.cards import Card, Check, Mistake, agrees, compare, equals
from aurore.atelier.differences import show
from aurore.atelier.quiz import Option, Quiz
from aurore.show import count

# --- Un vecteur par texte -------------------------------------------------------------------------------

_STATES = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [8.0, 90.0]], [[1.0, 0.0], [2.0, 6.0], [6.0, 3.0]]])
_REAL = torch.tensor([[1, 1, 0], [1, 1, 1]])
_POOLED = torch.tensor([[2.0, 3.0], [3.0, 3.0]])
_KEPT = _STATES * _REAL[..., None]


def _tensor(got):
    return torch.as_tensor(got, dtype=torch.float32)


def _padded(texts: int, tokens: int, size: int) -> list:
    """Des textes remplis d'un côté ou de l'autre, où rien n'est nul : (states, mask)."""
    draw = random.Random(texts * 100 + tokens * 10 + size)
    states = torch.tensor(
        [
            [[draw.choice((-1, 1)) * draw.uniform(1, 9) for _ in range(size)] for _ in range(tokens)]
            for _ in range(texts)
        ]
    )
    kept = [draw.randint(1, tokens) for _ in range(texts)]
    sides = [[1] * real + [0] * (tokens - real) for real in kept]
    return [states, torch.tensor([side[:: draw.choice((-1, 1))] for side in sides])]


def _pooled(states, mask):
    return torch.stack([one[real == 1].mean(0) for one, real in zip(states, mask, strict=True)])


pool = Card(
    id="tasks.pool",
    title="Un vecteur par texte",
    statement="states est un tenseur (B, T, C) : B textes, T tokens, C nombres par token. mask (B, T) vaut 1 pour un vrai token, 0 pour le remplissage, qui peut être à droite ou à gauche. Rendez, pour chaque texte, la moyenne des vecteurs de ses vrais tokens : un tenseur (B, C). Une liste de listes ou un tableau numpy de mêmes valeurs convient aussi. Ne modifiez ni states, ni mask.",
    difficulty=2,
    minutes=3,
    hints=(
        "Deux sommes : celle des vecteurs des vrais tokens, et le nombre de ces tokens.",
        "mask[..., None] a la forme (B, T, 1) : multiplié par states, il met le remplissage à zéro.",
        "Divisez (states * mask[..., None]).sum(1) par mask.sum(1)[:, None].",
    ),
    checks=(
        equals(
            name="fait la moyenne des vrais tokens",
            arguments=[_STATES, _REAL],
            expected=_POOLED,
            tolerance=1e-5,
            read=_tensor,
            hint="Le premier texte a deux vrais tokens, [1, 2] et [3, 4] : leur moyenne est [2, 3].",
            mistakes=(
                (_STATES.mean(1), "Le remplissage est entré dans la moyenne : mask dit quels tokens comptent."),
                (_KEPT.mean(1), "Le remplissage est mis à zéro, mais il compte encore dans le nombre de tokens : divisez par mask.sum(1)."),
                (_KEPT.sum(1), "C'est la somme des vecteurs : divisez-la par le nombre de vrais tokens."),
                (_KEPT.amax(1), "C'est le plus grand nombre de chaque colonne, et non la moyenne."),
                (torch.tensor([[3.0, 4.0], [6.0, 3.0]]), "C'est le dernier vrai token seul : on demande la moyenne de tous."),
                (_STATES[:, -1], "C'est le dernier token, remplissage compris : on demande la moyenne des vrais."),
                (_STATES[:, 0], "C'est le premier token, comme le [CLS] de BERT : on demande la moyenne des vrais tokens."),
                (_KEPT.sum(1) / 5, "La somme est divisée par le nombre de vrais tokens de tout le lot : chaque texte a le sien."),
                (_STATES.mean(2), "La moyenne est prise sur les nombres d'un token : prenez-la sur l'axe des tokens, le deuxième."),
                (_KEPT.sum(1) / torch.tensor([2.0, 3.0]), "Chaque colonne est divisée par le nombre de tokens d'un texte : mask.sum(1) a la forme (B,), et il lui faut un axe de plus, [:, None]."),
                (_KEPT.sum(1) / 2, "Les deux sommes sont divisées par 2, le nombre de vrais tokens du premier texte : chaque texte a le sien."),
                (lambda got: got[1].tolist() == [3.0, 3.0] and bool((got[0] > _POOLED[0]).all()), "Le premier texte, qui a du remplissage, est faux, et l'autre juste : le remplissage doit peser zéro."),
                (_KEPT.sum(1) / torch.tensor([[3.0], [4.0]]), "La somme est la bonne, mais divisée par un de plus que le nombre de vrais tokens."),
                (lambda got: got.shape == (2, 2) and got[0].tolist() == [8.0, 90.0], "C'est le remplissage qui est pris : mask vaut 1 pour un vrai token."),
                (torch.tensor([[2.0, 3.0], [3.0, 4.5]]), "Un nombre nul d'un vrai token n'a pas été compté : seul mask dit ce qui est du remplissage."),
                (_POOLED / _POOLED.norm(dim=1, keepdim=True), "C'est la moyenne, ramenée à une longueur de 1 : rendez-la telle quelle."),
                (lambda got: got.tolist() in ([[1.0, 2.0], [2.0, 3.0]], [[2.0, 3.0], [2.0, 3.0]]), "C'est la médiane, et non la moyenne."),
                (lambda got: got.shape == (2, 3), "Un nombre par token est venu : la moyenne se prend sur l'axe des tokens, le deuxième, et garde les C nombres."),
                (lambda got: got.shape == (2,), "Tous les textes sont mêlés : on attend une ligne par texte."),
            ),
        ),
        equals(
            name="accepte un remplissage à gauche",
            arguments=[_STATES.flip(1), _REAL.flip(1)],
            expected=_POOLED,
            tolerance=1e-5,
            read=_tensor,
            hint="Ici le remplissage précède le texte : mask vaut [0, 1, 1].",
            mistakes=((torch.tensor([[5.5, 47.0], [3.0, 3.0]]), "Les premiers tokens ont été pris, comme si le remplissage était toujours à droite : fiez-vous à mask."),),
        ),
        equals(
            name="suit le masque de chaque texte",
            arguments=[torch.tensor([[[9.0, 9.0], [0.0, 0.0], [2.0, 6.0]], [[0.0, 0.0], [4.0, 2.0], [7.0, 7.0]]]), torch.tensor([[0, 1, 1], [1, 1, 0]])],
            expected=torch.tensor([[1.0, 3.0], [2.0, 1.0]]),
            tolerance=1e-5,
            read=_tensor,
            hint="Le premier texte est rempli à gauche, le second à droite ; chacun a deux vrais tokens, dont un de vecteur nul.",
            mistakes=(
                (torch.tensor([[2.0, 6.0], [4.0, 2.0]]), "Un vrai token de vecteur nul n'a pas été compté : seul mask dit ce qui est du remplissage."),
                (torch.tensor([[1.0, 3.0], [5.5, 4.5]]), "Le second texte a été lu comme le premier, rempli à gauche : chacun a son côté."),
            ),
        ),
        agrees(
            name="va à des lots de toute taille",
            cases=[_padded(*sizes) for sizes in ((1, 4, 3), (2, 1, 2), (4, 5, 1), (1, 1, 1), (3, 3, 3), (6, 7, 4))],
            wanted=_pooled,
            tolerance=1e-4,
            read=_tensor,
            hint="Un lot peut n'avoir qu'un texte, qu'un token ou qu'un nombre par token : la forme rendue est toujours (B, C).",
        ),
    ),
)  # fmt: skip


# --- Un partage qui fuit --------------------------------------------------------------------------------

_TWICE = ["J'aime ce livre.", "Je déteste ce livre."] * 100
_EIGHT = [text for rank, text in enumerate("abcdefgh") for _ in range(rank + 1)]


def _sides(function, texts, share, seed, given):
    """Les deux suites de rangs que rend la personne, ou une erreur qui dit la forme attendue, ou que texts a changé."""
    mine, wanted = list(texts), "deux suites de rangs"
    got = function(mine, share, seed)
    if mine != list(texts):
        why = "Votre fonction modifie texts : les rangs rendus ne sont plus ceux des textes donnés. Mêlez une copie."
        raise Mistake(given, "texts a changé", "texts intact", why)
    try:
        train, test = map(list, got)
        ranks = [*map(int, train)], [*map(int, test)]
    except Exception as error:
        why = "On attend deux suites de rangs : ceux de l'apprentissage, puis ceux de la mesure."
        raise Mistake(given, show(got), wanted, why) from error
    if any(isinstance(rank, bool) for rank in train + test):
        why = "Ce sont des booléens, et non des rangs : rendez les rangs où ils sont vrais."
        raise Mistake(given, show(got), wanted, why)
    return ranks


def _splits(function) -> None:
    given = f"{show(_TWICE[:2])} répétés cent fois, share = 0.5, seed = 1"
    train, test = _sides(function, _TWICE, 0.5, 1, given)
    if not test or not train:
        came, why = (
            f"{len(train)} rangs pour apprendre, {len(test)} pour mesurer",
            "Un des deux côtés est vide : il y a deux textes différents, un de chaque côté.",
        )
        raise Mistake(given, came, "100 et 100", why)
    if max(train + test) >= len(_TWICE):
        why = "Un rang n'existe pas : ils vont de 0 à len(texts) - 1."
        raise Mistake(given, f"le rang {max(train + test)}", "des rangs de 0 à 199", why)
    both = {_TWICE[rank] for rank in train} & {_TWICE[rank] for rank in test}
    if both:
        why = f"« {min(both)} » est des deux côtés : ce sont les textes différents qu'il faut partager, puis leurs exemplaires suivent."
        raise Mistake(given, f"{count(len(both), 'texte')} des deux côtés", "aucun", why)


def _keeps(function) -> None:
    given = "a une fois, b deux fois, … h huit fois, share = 0.25, seed = 3"
    train, test = _sides(function, _EIGHT, 0.25, 3, given)
    got, wanted = sorted(train + test), list(range(len(_EIGHT)))
    lost = len(set(wanted) - set(got))
    gone = f"{lost} exemplaires ont disparu : tous les exemplaires d'un texte le suivent."
    why = gone if lost else "Un rang est donné deux fois."
    compare(got, wanted, given, hint=why, mistakes=((lambda rows: lost > 0, why),))


def _measures(function) -> None:
    for share, number in ((0.25, 2), (0.5, 4), (0.01, 1), (0.3, 2), (0.45, 4), (1.0, 8)):
        given = f"a une fois, b deux fois, … h huit fois, share = {share}, seed = 3"
        _, test = _sides(function, _EIGHT, share, 3, given)
        hint = f"Il y a huit textes différents : round({share} × 8) en fait {number}."
        swapped = ((6, "Les deux côtés sont échangés : d'abord ceux où l'on apprend, puis ceux où l'on mesure."),)
        hint = hint if share > 0.1 else "Au moins un texte sert à mesurer, si petite que soit la part."
        mistakes = swapped if share == 0.25 else ()
        compare(len({_EIGHT[rank] for rank in test}), number, given, hint=hint, mistakes=mistakes)


_NEAR = [
    "Il dort.",
    "il dort.",
    "IL DORT.",
    "Il dort. ",
    " Il dort.",
    "Il dort",
    "Il  dort.",
    "Il dôrt.",
    "Il.dort",
] * 2


def _tells_apart(function) -> None:
    for seed in range(8):
        given = f"{show(_NEAR[:9])}, chacun deux fois, share = 1 / 3, seed = {seed}"
        train, test = _sides(function, _NEAR, 1 / 3, seed, given)
        aside = {_NEAR[rank] for rank in test}
        hint = "Neuf textes différents : deux textes qui diffèrent par la casse, une espace, un accent ou un point ne sont pas le même."
        compare(len(aside), 3, given, hint=hint)
        compare(len(aside & {_NEAR[rank] for rank in train}), 0, given, hint="Aucun texte ne doit être des deux côtés.")
        compare(sorted(train + test), list(range(len(_NEAR))), given, hint="Chaque rang est d'un côté, une fois.")


def _follows(function) -> None:
    given = "les mêmes textes et share = 0.25, deux fois la graine 5"
    once, again = (tuple(map(sorted, _sides(function, _EIGHT, 0.25, 5, given))) for _ in range(2))
    why = "La même graine a donné deux partages : le hasard doit venir de seed seul."
    compare(once == again, True, given, mistakes=((False, why),))
    drawn = {tuple(sorted(_sides(function, _EIGHT, 0.25, seed, given)[1])) for seed in range(60)}
    if len(drawn) <= 8:
        why = (
            "La graine change trop peu, sur vingt-huit partages possibles : chaque texte de la mesure se tire au sort."
        )
        why = why if len(drawn) > 1 else "La graine ne change rien : tirez les textes au sort avec seed."
        given, wanted = "les mêmes textes, share = 0.25, soixante graines", "plus d'une quinzaine de partages"
        raise Mistake(given, count(len(drawn), "partage"), wanted, why)


class _Text(str):
    """Un texte dont on choisit le hash, que Python tire au sort à chaque lancement."""

    salt = 0

    def __hash__(self):
        return int.from_bytes(hashlib.sha256(f"{_Text.salt} {self}".encode()).digest()[:7])


def _lasts(function) -> None:
    given = "les mêmes textes, share = 0.25, seed = 5, comme dans six lancements de Python"
    found = set()
    for _Text.salt in range(6):
        _, test = _sides(function, [_Text(text) for text in _EIGHT], 0.25, 5, given)
        found.add(tuple(sorted(test)))
    if len(found) > 1:
        why = "Le partage dépend de hash(), que Python tire au sort à chaque lancement : l'ordre d'un set de textes en vient. Partez d'un ordre fixe, list(dict.fromkeys(texts)) par exemple."
        raise Mistake(given, count(len(found), "partage"), "un seul", why)


split_texts = Card(
    id="tasks.split_texts",
    title="Chasse au bug : cent pour cent",
    statement="Ce partage donne 100 % d'exactitude à qui a tout appris par cœur. Réparez-le : rendez deux listes de rangs, ceux où l'on apprend et ceux où l'on mesure, telles qu'un même texte ne soit jamais des deux côtés. Le côté de la mesure compte round(share × d) textes différents, au moins un, où d est le nombre de textes différents ; ils sont tirés au sort avec seed, la même graine donnant le même partage. Tous les exemplaires d'un texte vont du même côté ; chaque rang est d'un côté, une fois, dans l'ordre qu'on veut. Deux textes sont les mêmes s'ils sont égaux, caractère pour caractère ; texts reste intact.",
    difficulty=3,
    minutes=4,
    hints=(
        "Deux phrases répétées cent fois : que voit l'apprentissage, après ce partage ?",
        "list(dict.fromkeys(texts)) donne les textes différents, dans l'ordre. Mêlez-les, et mettez-en de côté.",
        "Un rang est à mesurer si texts[rang] est de ceux qu'on a mis de côté, à apprendre sinon.",
    ),
    checks=(
        Check("met un même texte d'un seul côté", _splits),
        Check("garde chaque rang une fois", _keeps),
        Check("met de côté la part demandée", _measures),
        Check("distingue des textes voisins", _tells_apart),
        Check("suit la graine", _follows),
        Check("suit la graine d'un lancement à l'autre", _lasts),
    ),
)  # fmt: skip


# --- Des mots cachés ------------------------------------------------------------------------------------

_IDS = torch.tensor([[7, 8, 9, 7], [5, 6, 7, 8]])
_CHOSEN = torch.tensor([[0, 1, 0, 0], [1, 0, 0, 1]]).bool()
_SHOWN = torch.tensor([[7, 2, 9, 7], [2, 6, 7, 2]])
_LABELS = torch.tensor([[-100, 8, -100, -100], [5, -100, -100, 8]])


def _couple(got):
    shown, wanted = got
    return torch.as_tensor(shown).tolist(), torch.as_tensor(wanted).tolist()


def _whole(function) -> None:
    """Des entiers, que le modèle et la perte puissent lire : égaux, des nombres à virgule passeraient pour eux."""
    for name, part in zip(("lu", "attendu"), function(_IDS.clone(), _CHOSEN.clone(), 2), strict=True):
        if torch.as_tensor(part).is_floating_point():
            why = f"« {name} » est à virgule : un identifiant est un entier."
            raise Mistake(show(_IDS), show(part), "un tenseur d'entiers", why)


def _row(rows: torch.Tensor, changed: torch.Tensor, rank: int) -> list:
    """Les lignes de départ, où une seule a changé."""
    return [(changed if row == rank else rows)[row].tolist() for row in range(len(rows))]


def _batches():
    draw = random.Random(12)
    for texts, tokens, share in (
        (1, 1, 0.0),
        (1, 1, 1.0),
        (3, 5, 0.3),
        (1, 6, 0.5),
        (5, 1, 0.5),
        (4, 4, 0.0),
        (4, 4, 1.0),
    ):
        ids = torch.tensor([[draw.randrange(40) for _ in range(tokens)] for _ in range(texts)])
        yield [
            ids,
            torch.tensor([[draw.random() < share for _ in range(tokens)] for _ in range(texts)]),
            draw.randrange(40),
        ]


def _hidden(ids, chosen, mask):
    return torch.where(chosen, mask, ids).tolist(), torch.where(chosen, ids, -100).tolist()


def _wrong(part: int, picked: bool, wanted: torch.Tensor):
    """Reconnaît un résultat de la bonne forme, faux dans cette partie, là où chosen vaut `picked`."""
    where = picked == _CHOSEN
    return lambda got: not torch.equal(torch.tensor(got[part])[where].float(), wanted[where].float())


_PLACES = (
    (_wrong(0, True, _SHOWN), "Dans lu, un mot que chosen désigne ne vaut pas mask, qui est ici 2."),
    (_wrong(0, False, _SHOWN), "Dans lu, un mot que chosen ne désigne pas a changé : il garde son identifiant."),
    (_wrong(1, True, _LABELS), "Dans attendu, un mot que chosen désigne n'a pas l'identifiant qu'il a dans ids."),
    (_wrong(1, False, _LABELS), "Dans attendu, un mot que chosen ne désigne pas vaut autre chose que -100."),
)
_PAIR = (_SHOWN.tolist(), _LABELS.tolist())
mask_words = Card(
    id="tasks.mask_words",
    title="Cacher des mots",
    statement="ids est un tenseur (B, T) d'identifiants, chosen un tenseur de booléens de même forme, mask l'identifiant de [MASK]. Rendez le couple (lu, attendu), deux tenseurs d'entiers de même forme (des listes de listes ou des tableaux numpy conviennent aussi). lu : mask là où chosen est vrai, l'identifiant ailleurs. attendu : l'identifiant là où chosen est vrai, -100 ailleurs, que la perte ignore. Ne modifiez pas ids.",
    difficulty=2,
    minutes=3,
    hints=(
        "torch.where(condition, a, b) prend a là où la condition est vraie, b ailleurs.",
        "Les deux résultats sont presque l'inverse l'un de l'autre.",
        "lu = torch.where(chosen, mask, ids).",
    ),
    checks=(
        equals(
            name="cache ce qu'on demande, et attend ce qu'on cache",
            arguments=[_IDS, _CHOSEN, 2],
            expected=_PAIR,
            read=_couple,
            hint="Là où chosen est vrai : lu vaut 2, attendu l'identifiant. Ailleurs : lu est intact, attendu vaut -100.",
            mistakes=(
                ((_SHOWN.tolist(), _IDS.tolist()), "Tout est attendu, même les mots que le modèle voit : il apprendrait à recopier. Mettez -100 ailleurs."),
                ((_SHOWN.tolist(), _SHOWN.tolist()), "Ce qui est attendu est ce qui est lu : le modèle apprendrait à répondre [MASK]."),
                ((_LABELS.tolist(), _SHOWN.tolist()), "Le couple est à l'envers : d'abord ce qui est lu."),
                ((_SHOWN.tolist(), torch.where(_CHOSEN, 2, -100).tolist()), "On attend [MASK] à la place du mot caché : c'est l'identifiant d'avant qu'il faut."),
                ((_SHOWN.tolist(), torch.where(_CHOSEN, _IDS, 0).tolist()), "Ailleurs, on attend 0, qui est un identifiant comme un autre : mettez -100, que la perte ignore."),
                ((_SHOWN.tolist(), torch.where(_CHOSEN, -100, _IDS).tolist()), "Ce qui est attendu est l'inverse : -100 va là où rien n'est caché."),
                ((torch.where(_CHOSEN, _IDS, 2).tolist(), torch.where(_CHOSEN, -100, _IDS).tolist()), "Les mots cachés sont ceux qu'il fallait garder : chosen est vrai là où l'on cache."),
                ((_IDS.tolist(), _LABELS.tolist()), "Rien n'est caché : le modèle lirait la réponse."),
                ((torch.where(_CHOSEN, -100, _IDS).tolist(), _LABELS.tolist()), "Le modèle lirait -100, qui n'est pas un identifiant : mettez mask."),
                ((_SHOWN.tolist(), (-_LABELS).tolist()), "Les signes sont retournés."),
                ((torch.where(_CHOSEN, -100, _IDS).tolist(), torch.where(_CHOSEN, _IDS, 2).tolist()), "mask et -100 sont échangés : on lit mask, et -100 est ce qu'on n'attend pas."),
                (dict, "C'est un dictionnaire : on attend le couple (lu, attendu)."),
                ((torch.where(_CHOSEN, _IDS, 2).tolist(), _LABELS.tolist()), "Dans lu, mask est là où chosen est faux : il va là où chosen est vrai."),
                ((_row(_IDS, _SHOWN, 0), _row(torch.full_like(_IDS, -100), _LABELS, 0)), "Seule la première ligne est traitée : il y a B textes."),
                (lambda got: got[1] == _LABELS.tolist() and len({*torch.tensor(got[0])[_CHOSEN].tolist()}) == 1 and torch.tensor(got[0])[~_CHOSEN].tolist() == _IDS[~_CHOSEN].tolist(), "Les mots choisis sont cachés par un autre identifiant que mask, qui vaut ici 2."),
                (lambda got: got[0] == _SHOWN.tolist() and got[1] == _IDS[_CHOSEN].tolist(), "Seuls les mots cachés sont attendus, à la file : attendu a la forme de ids, -100 ailleurs."),
                (lambda got: len(got[0]) == len(got[1]) == 8, "Les deux tenseurs sont aplatis : ils ont la forme de ids, (2, 4)."),
                (lambda got: isinstance(got, torch.Tensor) or (not isinstance(got[0][0], list) and len(got[0]) == len(got[1]) == 4), "Un seul tenseur est venu : on attend le couple (lu, attendu)."),
                (lambda got: isinstance(got, tuple) and len(got) != 2, "On attend deux tenseurs, (lu, attendu), ni plus ni moins."),
                (lambda got: got[1] == _LABELS.tolist() and not isinstance(got[0][0], list), "lu a perdu sa forme : il a celle de ids, (2, 4)."),
                (lambda got: any(isinstance(word, str) for row in got[0] for word in row), "lu contient du texte : mask est un identifiant, un entier."),
                *_PLACES,
            ),
        ),
        Check("rend des entiers", _whole),
        equals(
            name="prend le [MASK] qu'on lui donne",
            arguments=[_IDS, _CHOSEN, 4],
            expected=(torch.where(_CHOSEN, 4, _IDS).tolist(), _LABELS.tolist()),
            read=_couple,
            hint="Ici mask vaut 4.",
        ),
        equals(
            name="s'en remet à chosen",
            arguments=[torch.tensor([[0, 2, 2, 5]]), torch.tensor([[True, True, False, False]]), 2],
            expected=([[2, 2, 2, 5]], [[0, 2, -100, -100]]),
            read=_couple,
            hint="0 est un identifiant comme un autre, et 2, celui de [MASK], est déjà dans ids : seul chosen dit ce que l'on cache.",
            mistakes=(
                (([[2, 2, 2, 5]], [[0, 2, 2, -100]]), "On attend un mot que chosen ne cache pas : il vaut déjà mask dans ids."),
                (([[2, 2, 2, 5]], [[-100, 2, -100, -100]]), "L'identifiant 0, caché, n'est pas attendu : il compte comme un autre."),
                (([[2, 2, 2, 5]], [[0, -100, -100, -100]]), "Un mot caché qui vaut déjà mask n'est pas attendu : chosen y est vrai."),
            ),
        ),
        agrees(name="va à des lots de toute taille", cases=list(_batches()), wanted=_hidden, read=_couple, hint="Là où chosen est vrai : lu vaut mask, attendu l'identifiant. Ailleurs : lu est intact, attendu vaut -100. Il se peut que rien ne soit choisi, ou tout."),
    ),
)  # fmt: skip


# --- Compter par entité ---------------------------------------------------------------------------------

_GOLD = [
    [(0, 0, "LIEU"), (4, 4, "PER"), (8, 8, "PER")],
    [(0, 2, "PER"), (4, 5, "LIEU"), (8, 9, "PER")],
    [],
    [(0, 1, "LIEU"), (4, 4, "PER"), (8, 9, "PER")],
]
_FOUND = [[(0, 0, "LIEU"), (4, 4, "LIEU"), (9, 9, "PER")], [(0, 3, "PER"), (5, 6, "LIEU"), (8, 9, "PER")], [], [(0, 1, "LIEU"), (8, 9, "PER")]]  # fmt: skip


def _tagged():
    """Des phrases marquées au hasard, dont une part des entités est la même, ou presque."""
    draw = random.Random(5)
    for _ in range(60):
        gold, found = [], []
        for _ in range(draw.randint(1, 4)):
            spans = [(first, first + draw.randint(0, 2), draw.choice(("PER", "LIEU"))) for first in range(0, 12, 4)]
            gold.append(draw.sample(spans, draw.randint(0, 3)))
            near = [(first + draw.randint(0, 1), last + 1, kind) for first, last, kind in spans]
            found.append(
                [draw.choice(pair) for pair in draw.sample([*zip(spans, near, strict=True)], draw.randint(0, 3))]
            )
        yield [gold, found]


def _counted(gold, found):
    right = sum(entity in one for one, other in zip(gold, found, strict=True) for entity in other)
    return 2 * right / (sum(map(len, gold + found)) or 1)


entity_f1 = Card(
    id="tasks.entity_f1",
    title="Chasse au bug : juste sans rien trouver",
    statement="Ce code flatte : il compte les phrases sans erreur, et une phrase sans entité y est juste sans effort. Réparez-le. gold et found donnent, phrase par phrase, une liste d'entités (premier mot, dernier mot, sorte). Une entité trouvée est juste si les trois valeurs sont celles d'une entité de la même phrase de gold. Rendez le F1, toutes phrases ensemble : 2 × justes / (nombre d'entités de gold + nombre d'entités trouvées). S'il n'y en a nulle part, rendez 0.",
    difficulty=2,
    minutes=3,
    hints=(
        "Comptez les justes sur toutes les phrases, avant de diviser une seule fois.",
        "set(une) & set(autre) donne les entités communes à deux listes.",
        "Le dénominateur : sum(map(len, gold)) + sum(map(len, found)).",
    ),
    checks=(
        equals(
            name="compte des entités, et non des phrases",
            arguments=[_GOLD, _FOUND],
            expected=8 / 17,
            tolerance=1e-9,
            hint="Quatre entités justes ; neuf à trouver, huit trouvées : 2 × 4 / (9 + 8).",
            mistakes=(
                (1 / 4, "C'est la part des phrases sans erreur, où celle qui n'a aucune entité est juste sans effort : comptez des entités."),
                (4 / 8, "C'est la précision : la part de ce qui est trouvé qui est juste. Il manque le rappel."),
                (4 / 9, "C'est le rappel : la part de ce qu'il fallait trouver. Il manque la précision."),
                (17 / 36, "C'est la moyenne ordinaire de la précision et du rappel : le F1 est leur moyenne harmonique."),
                ((2 / 9) ** 0.5, "C'est la moyenne géométrique de la précision et du rappel : le F1 est leur moyenne harmonique."),
                (4 / 17, "Il manque le facteur 2."),
                (12 / 17, "Une entité à demi trouvée a été comptée juste : les deux bords doivent être les bons."),
                (10 / 17, "Une entité a été comptée juste alors que l'une de ses trois valeurs n'est pas la bonne : ses deux bords et sa sorte doivent l'être."),
                (16 / 17, "Ce sont les sortes seules qui sont comparées : les deux bords comptent aussi."),
                (4, "C'est le nombre d'entités justes : on demande le F1."),
                (lambda got: got == 0, "Rien n'est compté juste, ou la division est entière : quatre entités le sont, et 2 × 4 / (9 + 8) n'est pas nul."),
                (1.0, "Les justes sont divisés par le nombre de phrases, ou une fausse entité compte pour juste : divisez par le nombre d'entités."),
                (800 / 17, "C'est un pourcentage : on demande un nombre entre 0 et 1."),
                *((value, "C'est la moyenne des F1 des phrases : comptez d'abord sur toutes, puis divisez une fois.") for value in (11 / 30, 22 / 45)),
                (37 / 60, "C'est la moyenne des F1 des phrases, la phrase vide comptée juste : comptez d'abord sur toutes, puis divisez une fois."),
                (11 / 15, "Ce sont des mots que l'on compte, et non des entités : une entité à moitié trouvée n'est pas juste."),
                (17 / 35, "C'est la moyenne du F1 des personnes et de celui des lieux : comptez toutes les sortes ensemble."),
                (2 / 5, "C'est le F1 des seules personnes : comptez toutes les sortes ensemble."),
                (4 / 7, "C'est le F1 des seuls lieux : comptez toutes les sortes ensemble."),
                (1 / 3, "C'est le F1 de la première phrase : comptez sur toutes."),
                (4 / 5, "C'est le F1 de la dernière phrase : comptez sur toutes."),
                (3 / 7, "Une entité a été cherchée dans une autre phrase : comparez phrase à phrase."),
                (6 / 17, "Seule l'entité qui a la même place dans les deux listes est comptée : cherchez chacune dans toute la phrase."),
                (4 / 13, "Les justes sont divisés par toutes les entités, chacune une fois : c'est une autre mesure, l'indice de Jaccard."),
            ),
        ),
        equals(
            name="distingue une personne d'un lieu",
            arguments=[[[(0, 0, "PER"), (3, 3, "LIEU")]], [[(0, 0, "LIEU"), (3, 3, "LIEU")]]],
            expected=0.5,
            tolerance=1e-9,
            hint="Les bords sont bons deux fois, la sorte une seule.",
            mistakes=((1.0, "Une personne prise pour un lieu a été comptée juste : la sorte doit être la même."),),
        ),
        equals(
            name="trouve une entité où qu'elle soit rangée",
            arguments=[[[(0, 0, "PER"), (4, 5, "LIEU")]], [[(2, 2, "PER"), (4, 5, "LIEU"), (0, 0, "PER")]]],
            expected=0.8,
            tolerance=1e-9,
            hint="Deux justes, sur deux à trouver et trois trouvées : leur place dans la liste ne compte pas.",
            mistakes=((0.4, "Seule l'entité qui a la même place dans les deux listes est comptée : cherchez chacune dans toute la phrase."),),
        ),
        equals(
            name="reste dans la phrase",
            arguments=[[[(0, 0, "PER")], []], [[], [(0, 0, "PER")]]],
            expected=0.0,
            tolerance=1e-9,
            hint="L'entité est trouvée dans une autre phrase : rien n'est juste.",
            mistakes=((1.0, "Une entité de la première phrase a été trouvée dans la seconde : comparez phrase à phrase."),),
        ),
        equals(
            name="compte tout ce qui est à trouver, et tout ce qui est trouvé",
            arguments=[[[(1, 2, "PER")], [], [(0, 0, "LIEU")], [(3, 4, "PER")]], [[(0, 2, "PER")], [(1, 1, "PER"), (3, 3, "PER")], [(0, 0, "LIEU")], []]],
            expected=2 / 7,
            tolerance=1e-9,
            hint="Une seule juste, (0, 0, LIEU) ; trois à trouver, quatre trouvées : 2 × 1 / (3 + 4).",
            mistakes=(
                (4 / 7, "(0, 2) a été comptée juste pour (1, 2) : le premier mot doit être le même aussi."),
                (2 / 5, "Les entités trouvées dans la deuxième phrase, où il n'y en a pas, ne sont pas comptées."),
                (1 / 3, "L'entité de la dernière phrase, où rien n'est trouvé, n'est pas comptée."),
                (1 / 2, "Les phrases où l'une des deux listes est vide ne sont pas comptées."),
            ),
        ),
        equals(name="rend 0 s'il n'y a rien", arguments=[[[], []], [[], []]], expected=0.0, tolerance=1e-9, hint="Aucune entité nulle part : 0, sans division.", mistakes=((1.0, "Sans entité, le F1 est ici de 0, et non de 1."),)),
        agrees(name="compte juste sur bien des phrases", cases=list(_tagged()), wanted=_counted, tolerance=1e-9, hint="2 × justes / (à trouver + trouvées), toutes phrases ensemble ; une entité est juste si ses trois valeurs sont dans la même phrase de gold."),
    ),
)  # fmt: skip


# --- Les plus proches -----------------------------------------------------------------------------------

_QUESTION = torch.tensor([1.0, 0.0])
_VECTORS = torch.tensor([[0.0, 1.0], [2.0, 1.2], [9.0, 9.0], [-5.0, 0.0], [2.5, 0.05]])


def _ranks(got):
    return [operator.index(rank) for rank in got]


def _spread():
    """Des vecteurs de toute longueur, aux cosinus bien séparés ; puis beaucoup d'égalités, où un tri instable se voit."""
    draw = random.Random(8)
    for size, number in ((2, 3), (3, 6), (5, 9), (4, 4), (1, 2), (6, 1)):
        while True:
            question, *vectors = (torch.tensor([draw.uniform(-1, 1) for _ in range(size)]) for _ in range(number + 1))
            vectors = [vector * draw.choice((0.1, 1, 20)) for vector in vectors]
            notes = sorted(float(torch.cosine_similarity(question, vector, dim=0)) for vector in vectors)
            if all(after - before > 0.01 for before, after in itertools.pairwise(notes)):
                yield from ([question, torch.stack(vectors), k] for k in (1, number, number + 2))
                break
    axis = [2.0 ** draw.randint(-3, 3) * draw.choice((-1, 1)) for _ in range(60)]
    yield from ([torch.tensor([4.0, 0.0]), torch.tensor([[one, 0.0] for one in axis]), k] for k in (1, 20, 60))


def _nearest(question, vectors, k):
    notes = torch.cosine_similarity(vectors.double(), question.double()[None], dim=1).tolist()
    return sorted(range(len(notes)), key=lambda rank: -round(notes[rank], 6))[:k]


closest = Card(
    id="tasks.closest",
    title="Les plus proches",
    statement="question est un tenseur (C,), vectors un tenseur (N, C). Rendez la liste des rangs des k vecteurs dont le cosinus avec la question est le plus grand, du plus grand au plus petit. Le cosinus de u et v est u·v / (|u| |v|). À égalité, le plus petit rang d'abord ; s'il y a moins de k vecteurs, rendez-les tous. Un tenseur ou un tuple de rangs convient aussi.",
    difficulty=2,
    minutes=3,
    hints=(
        "Un produit scalaire par vecteur, puis la division par les deux longueurs : la longueur ne doit pas compter.",
        "torch.cosine_similarity(vectors, question[None], dim=1) rend N cosinus.",
        "torch.argsort(…, descending=True, stable=True) range les rangs ; gardez les k premiers, puis .tolist().",
    ),
    checks=(
        equals(
            name="range par cosinus",
            arguments=[_QUESTION, _VECTORS, 3],
            expected=[4, 1, 2],
            read=_ranks,
            hint="Les cosinus sont 0 ; 0,86 ; 0,71 ; -1 ; 1,00.",
            mistakes=(
                ([2, 4, 1], "L'ordre est celui du produit scalaire, où un long vecteur gagne sans ressembler : divisez par les longueurs."),
                ([2, 1, 4], "Ce sont les bons rangs, mais à l'envers : mettez d'abord le plus proche."),
                ([3, 0, 2], "Ce sont les moins proches : rangez du plus grand cosinus au plus petit."),
                ([0, 4, 1], "L'ordre est celui de la distance, où la longueur compte : c'est le cosinus qu'on demande."),
                ([5, 2, 3], "Les rangs partent de 1 : le premier vecteur a le rang 0."),
                (lambda got: got[:3] == [3, 4, 1], "Le signe est perdu : un cosinus de -1 est le plus loin, non le plus proche."),
                ([1, 2, 0], "Le plus proche, 4, manque, et la suite est la bonne : la question n'est pas parmi les vecteurs, il n'y a rien à écarter."),
                (lambda got: sorted(got) == [0, 1], "Il n'est venu que les rangs 0 et 1 : il y a cinq vecteurs, donc cinq cosinus, pris sur l'axe des C nombres."),
                ([4, 1, 2, 0, 3], "Tous les rangs sont venus : on en demande k."),
                ([1, 2, 4], "Ce sont les bons rangs, mais rangés par numéro : mettez d'abord le plus proche."),
                (lambda got: any(isinstance(note, float) for note in got), "Ce sont des nombres à virgule, et non des rangs."),
            ),
        ),
        equals(
            name="range aussi une question hors des axes",
            arguments=[torch.tensor([1.0, 2.0, 2.0]), torch.tensor([[1.0, 1.0, 1.0], [0.0, 3.0, 4.0], [1.0, 1.02, 1.02]]), 3],
            expected=[2, 0, 1],
            read=_ranks,
            hint="Les cosinus sont 0,962 ; 0,933 ; 0,965. |v| est la racine de la somme des carrés.",
            mistakes=(([0, 2, 1], "0,965 passe avant 0,962 : n'arrondissez pas les cosinus, et divisez par |v| lui-même, la racine de la somme des carrés."),),
        ),
        equals(name="range k comme on le demande", arguments=[_QUESTION, _VECTORS, 1], expected=[4], read=_ranks, hint="k vaut 1 : un seul rang, celui du plus proche."),
        equals(name="départage par le rang", arguments=[_QUESTION, torch.tensor([[0.0, 1.0], [2.0, 0.0], [4.0, 0.0], [1.0, 0.0]]), 3], expected=[1, 2, 3], read=_ranks, hint="Trois vecteurs ont un cosinus de 1 : le plus petit rang d'abord.", mistakes=(([3, 2, 1], "À égalité, le plus grand rang est venu d'abord : c'est le plus petit qu'on demande."), (lambda got: sorted(got) == [1, 2, 3], "Les trois rangs sont les bons, mais les égaux n'ont pas gardé leur ordre : topk et un tri ordinaire n'en promettent aucun. Le tri doit être stable."), (lambda got: len(set(got)) < len(got), "Un même rang est venu deux fois : chercher un rang par la valeur de son cosinus retrouve toujours le premier."))),
        equals(name="se contente de ce qu'il y a", arguments=[_QUESTION, _VECTORS[:2], 5], expected=[1, 0], read=_ranks, hint="Deux vecteurs seulement : deux rangs."),
        agrees(name="range bien des vecteurs", cases=list(_spread()), wanted=_nearest, read=_ranks, hint="Du plus grand cosinus au plus petit ; à égalité, le plus petit rang d'abord, même parmi soixante vecteurs : le tri doit être stable."),
    ),
)  # fmt: skip


# --- La fin avant le début ------------------------------------------------------------------------------


def _notes(*pairs):
    return torch.tensor([pair[0] for pair in pairs]), torch.tensor([pair[1] for pair in pairs])


_S, _E = _notes((0.0, 9.0), (1.0, 0.0), (0.0, 6.0), (5.0, 1.0), (2.0, 3.0), (0.0, 0.0))
_FREE = torch.ones(6, dtype=torch.bool)
_S2, _E2 = _notes((9.0, 9.0), (8.0, 8.0), (1.0, 1.0), (2.0, 3.0), (0.0, 0.0), (0.0, 2.0))
_TEXT = torch.tensor([0, 0, 1, 1, 1, 1]).bool()
_S3, _E3 = _notes((9.0, 0.0), (0.0, 1.0), (0.0, 2.0), (2.0, 2.0), (0.0, 0.0), (0.0, 8.0))
_S4, _E4 = _notes((4.0, 0.0), (4.0, 0.0), (0.0, 3.0), (0.0, 3.0), (0.0, 3.0), (0.0, 0.0))


def _places(got):
    first, last = got
    return int(first), int(last)


def _legal(context, longest):
    inside = [rank for rank, here in enumerate(context.tolist()) if here]
    return [(i, j) for i in inside for j in inside if i <= j < i + longest]


def _notes_of_all_kinds():
    draw = random.Random(3)
    for kind in range(120):
        size = draw.randint(1, 7)
        first = draw.randint(0, size - 1)
        last = draw.randint(first, size - 1)
        lowest, highest = ((0, 2), (-9, 9), (-30, -10))[kind % 3]
        start, end = (torch.tensor([float(draw.randint(lowest, highest)) for _ in range(size)]) for _ in range(2))
        yield start, end, torch.tensor([first <= rank <= last for rank in range(size)]), draw.randint(1, size + 1)


def _spans(function) -> None:
    for start, end, context, longest in _notes_of_all_kinds():
        legal = _legal(context, longest)
        totals = {(i, j): float(start[i] + end[j]) for i in range(len(start)) for j in range(len(end))}
        wanted = max(legal, key=lambda pair: (totals[pair], -pair[0], -pair[1]))
        arguments = [start, end, context, longest]
        hint = "La plus grande somme start[i] + end[j], avec i ≤ j, dans le texte, et longest mots au plus."
        mistakes = (
            (lambda got: got[0] > got[1], "La réponse finit avant d'avoir commencé : i ≤ j."),
            (lambda got, context=context: not (context[got[0]] and context[got[1]]), "Un de ses deux bords est dans la question : context y est faux."),
            (lambda got, longest=longest: got[1] - got[0] >= longest, "La réponse est plus longue que longest : de i à j, il y a j - i + 1 mots."),
            (lambda got, totals=totals, wanted=wanted: totals[got] < totals[wanted], "La somme start[i] + end[j] de cette réponse est plus petite que celle qu'on attend."),
            (lambda got, totals=totals, wanted=wanted: totals[got] == totals[wanted], "Les deux sommes sont égales : à égalité, le plus petit i, puis le plus petit j."),
        )  # fmt: skip
        equals(name="", arguments=arguments, expected=wanted, read=_places, hint=hint, mistakes=mistakes).test(function)


best_span = Card(
    id="tasks.best_span",
    title="Chasse au bug : la fin avant le début",
    statement="Ce code, celui de tous les exemples, prend le meilleur début et la meilleure fin chacun de son côté. Réparez-le : start et end (T,) notent chaque mot, context (T,) est un tenseur de booléens, vrai sur les mots du texte et faux sur ceux de la question. Rendez (i, j), le premier et le dernier mot de la réponse (un couple, une liste ou un tenseur) : la plus grande somme start[i] + end[j], avec i ≤ j, i et j dans le texte, et longest mots au plus. À égalité, le plus petit i, puis le plus petit j. Le texte est d'un seul tenant, avant ou après la question.",
    difficulty=3,
    minutes=4,
    hints=(
        "Il ne faut pas choisir i, puis j : ce sont les couples que l'on compare.",
        "start[:, None] + end[None, :] donne toutes les sommes, (T, T). Deux boucles conviennent aussi.",
        "Une réponse de i à j a j - i + 1 mots.",
    ),
    checks=(
        equals(
            name="ne finit pas avant d'avoir commencé",
            arguments=[_S, _E, _FREE, 6],
            expected=(0, 0),
            read=_places,
            hint="Les sommes : 9 pour (0, 0), le meilleur couple rangé dans l'ordre ; 8 pour (3, 4).",
            mistakes=(
                ((3, 0), "La réponse finit au mot 0 et commence au mot 3 : il faut i ≤ j. Comparez des couples."),
                ((0, 3), "Sa somme est 1, et celle de (0, 0) est 9 : remettre les bornes dans l'ordre ne suffit pas."),
                ((3, 3), "Sa somme est 6, et celle de (0, 0) est 9 : c'est la somme des deux notes qui décide."),
                ((3, 4), "Sa somme est 8, et celle de (0, 0) est 9 : comparez les sommes de tous les couples. Un mot peut être à la fois le premier et le dernier."),
                ((1, 2), "Sa somme est 7, et celle de (0, 0) est 9."),
                ((0, 1), "La meilleure réponse, (0, 0), a un seul mot : j est le rang de son dernier mot, compris, et non le suivant, ni une longueur."),
            ),
        ),
        equals(
            name="reste dans le texte",
            arguments=[_S2, _E2, _TEXT, 6],
            expected=(3, 3),
            read=_places,
            hint="Les deux premiers mots sont de la question : dans le texte, (3, 3) fait 5, la plus grande somme.",
            mistakes=(
                ((1, 1), "Le rang est compté depuis le début du texte : comptez depuis le premier mot de la question."),
                (lambda got: len(got) == 2 and got[0] < 2, "La réponse commence dans la question : context est faux sur ces mots."),
            ),
        ),
        equals(
            name="reste dans un texte qui précède la question",
            arguments=[_S2.flip(0), _E2.flip(0), _TEXT.flip(0), 6],
            expected=(2, 2),
            read=_places,
            hint="Les deux derniers mots sont de la question : dans le texte, (2, 2) fait 5, la plus grande somme.",
            mistakes=((lambda got: got[1] > 3, "La réponse finit dans la question : context est faux sur ces mots."),),
        ),
        equals(
            name="n'est pas plus longue qu'on ne veut",
            arguments=[_S3, _E3, _FREE, 2],
            expected=(0, 1),
            read=_places,
            hint="Deux mots au plus : (0, 1) fait 10.",
            mistakes=(
                ((0, 5), "Cette réponse a six mots : deux au plus étaient permis."),
                ((0, 2), "Cette réponse a trois mots : de i à j, il y en a j - i + 1."),
                ((0, 0), "Cette réponse a un mot, et (0, 1), qui en a deux, fait mieux."),
                ((4, 5), "Sa somme est 8, et celle de (0, 1) est 10 : la meilleure fin n'a pas toujours le meilleur début."),
            ),
        ),
        equals(
            name="accepte des notes négatives",
            arguments=[100 * (-_S - 1), 100 * (-_E - 1), _TEXT, 1],
            expected=(5, 5),
            read=_places,
            hint="Toutes les notes sont négatives : la meilleure somme, -200, est celle du dernier mot.",
            mistakes=((lambda got: got == (0, 0), "(0, 0) est dans la question : partez de moins l'infini, et non de zéro."), (lambda got: len(got) == 2 and min(got) < 2, "Un bord de cette réponse est dans la question : un couple interdit vaut moins l'infini, et non zéro."),),
        ),
        equals(
            name="départage par le rang",
            arguments=[_S4, _E4, _FREE, 6],
            expected=(0, 2),
            read=_places,
            hint="(0, 2), (0, 3), (0, 4), (1, 2), (1, 3) et (1, 4) font 7 : le plus petit i, puis le plus petit j.",
            mistakes=(
                ((1, 4), "Sa somme est 7, comme celle de (0, 2) : à égalité, c'est le premier couple qu'on garde, et non le dernier."),
                ((1, 2), "Sa somme est 7, comme celle de (0, 2) : à égalité, le plus petit i d'abord."),
                ((0, 4), "Sa somme est 7, comme celle de (0, 2) : à égalité, le plus petit j."),
            ),
        ),
        Check("choisit bien parmi toutes sortes de notes", _spans),
    ),
)  # fmt: skip


# --- Un résumé plus long que son texte ------------------------------------------------------------------


def _bounds(got):
    low, high = got if isinstance(got, tuple | list) else torch.as_tensor(got).tolist()
    return low, high


length_bounds = Card(
    id="tasks.length_bounds",
    title="Chasse au bug : un résumé plus long que son texte",
    statement="Ce code demande toujours de 40 à 150 tokens, même pour un texte de 46. Réparez-le : rendez le couple (minimum, maximum) pour un texte long de tokens. Le maximum est la moitié du texte, sans dépasser 150 ; le minimum en est le quart, sans dépasser 40. Les divisions sont entières, et aucun des deux n'est sous 1, même pour un texte vide.",
    difficulty=1,
    minutes=2,
    hints=("La moitié entière s'écrit tokens // 2.", "min(150, …) pose un plafond, max(1, …) un plancher."),
    checks=(
        equals(
            name="suit un texte court",
            arguments=[46],
            expected=(11, 23),
            read=_bounds,
            hint="46 // 4 = 11, et 46 // 2 = 23.",
            mistakes=(
                ((40, 150), "40 tokens au moins pour un texte de 46 : le résumé serait aussi long que lui. Les bornes doivent suivre le texte."),
                ((40, 23), "Le minimum dépasse le maximum : lui aussi suit le texte."),
                ((11, 150), "Le maximum dépasse le texte : il en est la moitié."),
                ((23, 11), "Le couple est à l'envers : d'abord le minimum."),
                ((11.5, 23.0), "Les divisions sont entières : « // »."),
                ((12, 23), "46 / 4 est arrondi : la division entière donne 11."),
                ((23, 46), "C'est la moitié et le tout : on demande le quart et la moitié."),
                ((23, 23), "Le minimum est la moitié du texte : c'est le quart qu'on demande."),
                ((11, 46), "Le maximum est tout le texte : c'est la moitié qu'on demande."),
                ((5, 23), "Le minimum est le quart du maximum : c'est le quart du texte qu'on demande."),
                ((10, 23), "46 est ramené à 40 avant d'être divisé : prenez le quart d'abord, le plafond ensuite."),
                ((1, 1), "Les deux bornes valent 1 : min(…) pose un plafond, max(…) un plancher."),
                (dict, "C'est un dictionnaire : on attend le couple (minimum, maximum)."),
                (lambda got: not isinstance(got, tuple), "On attend un couple."),
            ),
        ),
        equals(name="plafonne un texte long", arguments=[1000], expected=(40, 150), read=_bounds, hint="Le quart et la moitié de 1 000 dépassent les plafonds, 40 et 150.", mistakes=(((250, 500), "Les plafonds ont disparu."), ((40, 500), "Le maximum n'a plus de plafond."), ((250, 150), "Le minimum n'a plus de plafond."))),
        equals(name="plafonne l'un sans l'autre", arguments=[200], expected=(40, 100), read=_bounds, hint="Le quart, 50, dépasse 40 ; la moitié, 100, ne dépasse pas 150."),
        equals(name="reste possible", arguments=[1], expected=(1, 1), read=_bounds, hint="Un token : ni zéro, ni moins d'un.", mistakes=(((0, 0), "Un résumé de zéro token n'en est pas un : un au moins."), ((0, 1), "Le minimum est nul : un au moins."), ((1, 0), "Le maximum est nul : un au moins, lui aussi."), ((1, 2), "La moitié de 1 est 0, remontée à 1 : le maximum n'a pas à dépasser le minimum."))),
        agrees(name="suit tous les textes", cases=[[tokens] for tokens in range(700)], wanted=lambda tokens: (sorted((1, tokens // 4, 40))[1], sorted((1, tokens // 2, 150))[1]), read=_bounds, hint="Le minimum est tokens // 4, ramené entre 1 et 40 ; le maximum, tokens // 2, ramené entre 1 et 150 : même pour un texte vide."),
    ),
)  # fmt: skip


# --- La ressemblance ------------------------------------------------------------------------------------

_ONE, _OTHER = "un vent du soir tombait vite sur le pré", "le vent du soir tombait sur le pré vert hier"


def _texts():
    draw = random.Random(6)
    for _ in range(80):
        one, other = (
            " ".join(draw.choices(("le", "Le", "vent", "du", "dû", "soir", "soir."), k=draw.randint(0, 9)))
            for _ in range(2)
        )
        yield [one, other, draw.randint(1, 4)]


def _alike(one, other, n):
    first, second = (
        set(itertools.pairwise(words)) if n == 2 else {tuple(words[k : k + n]) for k in range(len(words) - n + 1)}
        for words in (one.lower().split(), other.lower().split())
    )
    return len(first & second) / (len(first | second) or 1)


resemblance = Card(
    id="tasks.resemblance",
    title="Bonus : la ressemblance",
    statement="Rendez la part de suites de n mots que deux textes ont en commun : le nombre de suites communes, divisé par le nombre de suites différentes dans les deux textes réunis. Les mots sont séparés par des espaces, la casse ne compte pas, une suite répétée compte une fois. S'il n'y a aucune suite, rendez 0.",
    difficulty=2,
    minutes=3,
    hints=(
        "Un ensemble de suites par texte : set(…) oublie les répétitions.",
        "Les suites de n mots : zip(*(mots[k:] for k in range(n))), par exemple.",
        "len(a & b) / len(a | b), et 0 si a | b est vide.",
    ),
    checks=(
        equals(
            name="divise les communes par toutes",
            arguments=[_ONE, _OTHER, 2],
            expected=5 / 12,
            tolerance=1e-9,
            hint="Communes : « vent du », « du soir », « soir tombait », « sur le », « le pré ». En tout, douze différentes.",
            mistakes=(
                (lambda got: got == 5, "C'est le nombre de suites communes : on demande une part."),
                (lambda got: got in (5 / 8, 5 / 9), "Les communes sont divisées par les suites d'un seul texte : divisez par celles des deux réunis."),
                (5 / 17, "Les suites communes sont comptées deux fois au dénominateur : réunissez les deux ensembles."),
                (10 / 17, "C'est deux fois les communes, divisées par la somme des deux comptes : divisez les communes par les suites des deux réunis."),
                (7 / 11, "Ce sont des mots, et non des suites de deux mots."),
                (4 / 11, "La dernière suite de chaque texte manque : il y en a une de moins que de mots."),
                (5 / 14, "Le dernier mot de chaque texte, seul, a été pris pour une suite : elles ont toutes deux mots."),
                (14 / 19, "Ce sont des suites de deux caractères : on demande des suites de deux mots."),
                (1 / 4, "Ce sont des suites de trois mots : ici n vaut 2."),
                (1 / 8, "Les suites se suivent sans se chevaucher : « vent du » en est une aussi."),
                (7 / 12, "C'est la part de ce qui diffère : on demande ce qui est commun."),
                (5 / 7, "Les communes sont divisées par celles qui ne le sont pas : divisez par toutes."),
                (5 / 13, "Une suite de trop : « pré le », à cheval sur les deux textes mis bout à bout, n'est dans aucun."),
                (12 / 23, "Les mots seuls ont compté aussi : une suite a exactement deux mots."),
                (500 / 12, "C'est un pourcentage : on demande un nombre entre 0 et 1."),
                (12 / 5, "C'est l'inverse de la part."),
                (set, "C'est un ensemble de suites : on demande leur nombre, divisé par celui de toutes."),
                (lambda got: got == 0, "Aucune suite commune n'a été vue, alors que « vent du » est dans les deux textes."),
            ),
        ),
        equals(name="suit la longueur demandée", arguments=[_ONE, _OTHER, 3], expected=1 / 4, tolerance=1e-9, hint="Trois suites communes de trois mots, « vent du soir », « du soir tombait » et « sur le pré », sur douze différentes.", mistakes=((5 / 12, "Ce sont des suites de deux mots : ici n vaut 3."),)),
        equals(name="ne tient pas compte de la casse", arguments=["Le vent du soir", "le VENT du soir", 2], expected=1.0, tolerance=1e-9, hint="Les deux textes ne diffèrent que par la casse : 1.", mistakes=((1 / 5, "Les majuscules ont compté."),)),
        equals(name="tient compte de l'ordre des mots", arguments=["du soir", "soir du", 2], expected=0.0, tolerance=1e-9, hint="« du soir » n'est pas « soir du ».", mistakes=((1.0, "« du soir » et « soir du » sont confondues : une suite a un ordre."),)),
        equals(name="compte une répétition une fois", arguments=["a b a b a b", "a b c", 2], expected=1 / 3, tolerance=1e-9, hint="Différentes : « a b », « b a », « b c » ; une commune.", mistakes=((1 / 6, "« a b », répétée, a compté plusieurs fois."),)),
        equals(name="rend 0 s'il n'y a pas de suite", arguments=["le vent", "le vent", 3], expected=0.0, tolerance=1e-9, hint="Deux mots, aucune suite de trois : 0.", mistakes=((1.0, "Deux textes égaux, mais trop courts : sans suite de trois mots, c'est 0."),)),
        equals(name="ne s'arrête qu'aux espaces", arguments=["il dort, dit-elle", "il dort dit-elle", 2], expected=0.0, tolerance=1e-9, hint="Les espaces seuls séparent les mots : « dort, » n'est pas « dort ».", mistakes=((lambda got: got > 0, "La ponctuation a été ôtée : « dort, » n'est pas « dort »."),)),
        equals(name="distingue les accents", arguments=["va pécher ici", "va pêcher ici", 2], expected=0.0, tolerance=1e-9, hint="« pécher » et « pêcher » sont deux mots : seule la casse ne compte pas.", mistakes=((1.0, "Les accents n'ont pas compté : seule la casse ne compte pas."),)),
        equals(name="ne fait pas un mot de deux espaces", arguments=["le vent  du soir", "le vent du soir", 2], expected=1.0, tolerance=1e-9, hint="Deux espaces séparent comme un seul : les mots sont les mêmes.", mistakes=((2 / 5, "Entre deux espaces, un mot vide a été compté."),)),
        equals(name="garde les mots séparés", arguments=["ab c d", "a bc d", 2], expected=0.0, tolerance=1e-9, hint="« ab c » et « a bc » sont deux suites différentes.", mistakes=((1 / 3, "« ab c » et « a bc » sont confondues : les mots ont été collés."), (1 / 4, "« c d » a été trouvée dans « bc d » : comparez des mots entiers, et non des morceaux de texte."))),
        agrees(name="compte juste sur bien des textes", cases=list(_texts()), wanted=_alike, tolerance=1e-9, hint="Suites communes, divisées par toutes les suites différentes des deux textes réunis ; 0 s'il n'y en a aucune."),
    ),
)  # fmt: skip

CARDS = (pool, split_texts, mask_words, entity_f1, closest, best_span, length_bounds, resemblance)

QUIZZES = (
    Quiz(
        "tasks.tete",
        "AutoModelForSequenceClassification.from_pretrained(\"almanach/camembert-base\") répond « classe 1 » à votre phrase. Qu'en conclure ?",
        (
            Option("Que la phrase est positive.", False, "Personne n'a dit que la classe 1 était positive : ce modèle n'a jamais vu d'étiquette."),
            Option("Rien : sa tête vient d'être tirée au sort.", True, "Le nom du modèle n'a pas de classifieur. transformers en pose un neuf, et un avertissement le dit : la graine décide."),
            Option("Que le modèle est sûr si la probabilité dépasse 0,6.", False, "Une tête neuve donne souvent plus de 0,6 : une softmax n'est pas une connaissance."),
        ),
    ),
    Quiz(
        "tasks.famille",
        "Pour marquer les noms d'un roman, pourquoi préférer un encodeur à un décodeur de même taille ?",
        (
            Option("Il lit aussi ce qui suit le mot.", True, "« Vilserre » est une personne ou un lieu selon la suite. Un décodeur marque avant de l'avoir lue."),
            Option("Il écrit mieux.", False, "Il n'écrit pas : rien, dans son apprentissage, ne va de gauche à droite."),
            Option("Il n'a pas besoin d'exemples marqués.", False, "Sa tête en a besoin comme toute autre."),
        ),
    ),
    Quiz(
        "tasks.mesure",
        "Un étiqueteur annonce 96 % de mots justes. Est-il bon ?",
        (
            Option("Oui, quatre erreurs sur cent.", False, "Presque tous les mots ne sont d'aucune entité : ne rien trouver donne déjà 92 % sur nos phrases."),
            Option("On ne sait pas : il faut son F1 par entité.", True, "Seules comptent les entités : leurs deux bords, et leur sorte."),
            Option("Non, il faut 100 %.", False, "Deux personnes qui marquent un roman ne s'accordent pas toujours non plus."),
        ),
    ),
)  # fmt: skip
