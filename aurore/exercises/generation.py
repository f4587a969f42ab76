"""Leçon 08, les exercices : les règles qui choisissent le token suivant, et deux chasses au bug.

Les résultats attendus viennent de PyTorch ou d'un calcul à la main : jamais des fonctions de `aurore.generation` que la
leçon fait écrire, où celle d'une personne peut être en place.
"""

import math
from types import SimpleNamespace

import torch
from torch import Tensor

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show, show_arguments
from aurore.atelier.quiz import Option, Quiz

_OUT = -math.inf


def _must_be_tensor(got, given: str):
    if got is not None and not isinstance(got, Tensor):
        raise Mistake(given, show(got), "un tenseur", f"Il faut un tenseur de PyTorch, et non {type(got).__name__}.")
    return got


def _tensor(**fields) -> Check:
    """`equals`, pour une fonction qui rend un tenseur : une liste des mêmes nombres ne ferait pas l'affaire."""
    check = equals(**fields, tolerance=1e-5)

    def test(function):
        check.test(lambda *arguments: _must_be_tensor(function(*arguments), show_arguments(arguments)))

    return Check(check.name, test)


def _plain(got):
    """Un nombre de PyTorch ou de numpy, et les suites qui en portent, en valeurs de Python."""
    if isinstance(got, list | tuple):
        return type(got)(_plain(each) for each in got)
    return got.item() if hasattr(got, "item") and getattr(got, "size", None) is not None and _one(got) else got


def _one(got) -> bool:
    return (got.numel() if isinstance(got, Tensor) else got.size) == 1


def _only(logits: Tensor, *kept: int, filling: float = _OUT) -> Tensor:
    """Les notes des seuls tokens `kept` ; `filling` ailleurs."""
    result = torch.full_like(logits, filling)
    result[list(kept)] = logits[list(kept)]
    return result


# --- Le mieux noté --------------------------------------------------------------------------------------

_NOTES = torch.tensor([2.0, -1.0, 0.5, 2.75, -2.5, 1.0])


def _is_note(value: float):
    """Reconnaît la note elle-même, un nombre à virgule : le rang, lui, est un entier."""
    return lambda got: not isinstance(got, int) and float(got) == value


_ALMOST_FLAT = torch.tensor([0.0, 0.0, 0.5, 0.0, 0.0, 0.0])


def _never_draws(function) -> None:
    """Lève `Mistake` si les mêmes notes, d'un appel à l'autre, ne donnent pas le même rang."""
    found = list(dict.fromkeys(str(_plain(function(_ALMOST_FLAT.clone()))) for _ in range(6)))
    if len(found) > 1:
        raise Mistake(
            show_arguments((_ALMOST_FLAT,)),
            f"{found[0]}, puis {found[1]}",
            "2",
            "Les mêmes notes donnent tantôt un rang, tantôt l'autre : le glouton ne tire rien au sort, il prend toujours la meilleure.",
        )


def _is_steady(function) -> None:
    _never_draws(function)
    compare(_plain(function(_ALMOST_FLAT.clone())), 2, (_ALMOST_FLAT,), hint="La meilleure note, 0,5, est au rang 2.")


def _rank(**fields) -> Check:
    """`equals`, pour un rang ; d'une réponse qui tire au sort, on ne dit pas pourquoi ce rang-là est sorti."""
    check = equals(**fields, read=_plain)

    def test(function):
        try:
            check.test(function)
        except Mistake as mistake:
            if mistake.got != "None":
                _never_draws(function)
            raise

    return Check(check.name, test)


greedy = Card(
    id="generation.greedy",
    title="Le mieux noté",
    statement="Rendez l'identifiant du token le mieux noté, un entier ou un tenseur d'un seul entier : son rang dans logits, compté depuis 0. À égalité, le plus petit.",
    difficulty=1,
    minutes=1,
    hints=("La meilleure note ne nous intéresse pas : c'est sa place qu'on veut.", "logits.argmax() rend cette place, dans un tenseur ; int(…) en fait un entier."),
    checks=(
        _rank(
            name="rend le rang de la meilleure note",
            arguments=[torch.tensor([-2.5, 2.0, -1.0, 2.75, 0.5, 1.0])],
            expected=3,
            hint="La meilleure note, 2,75, est au rang 3.",
            mistakes=(
                (_is_note(2.75), "C'est la note elle-même : on demande son rang."),
                (0, "C'est le rang de la pire note."),
                (4, "4 est le rang suivant : comptés depuis 0, les rangs vont de 0 à 5, et la meilleure est au rang 3."),
                (5, "Il y a six notes, et 5 est le rang de la dernière : la meilleure est ailleurs."),
                (lambda got: "2.75" in str(got) and "3" in str(got), "La note et son rang sont rendus ensemble : seul le rang est demandé."),
                (lambda got: sorted(got) == [0, 1, 2, 3, 4, 5], "C'est un classement entier : on n'en demande que le premier."),
            ),
        ),
        _rank(
            name="sait que toutes les notes peuvent être négatives",
            arguments=[torch.tensor([-2.0, -1.25, -3.0])],
            expected=1,
            hint="La meilleure est −1,25, la plus haute, au rang 1.",
            mistakes=(
                (_is_note(-1.25), "C'est la note elle-même : on demande son rang."),
                (0, "0 est le rang de la première note, −2. Toutes sont négatives : pour chercher la plus haute, partez de la première, et non de 0."),
                (2, "C'est le rang de la note la plus éloignée de zéro : le signe compte."),
            ),
        ),
        _rank(
            name="prend le plus petit à égalité",
            arguments=[torch.tensor([1.0, 4.5, 4.5, 0.0])],
            expected=1,
            hint="Les rangs 1 et 2 ont la même note : c'est 1.",
            mistakes=((2, "C'est le dernier des deux ex aequo."), (_is_note(4.5), "C'est la note elle-même : on demande son rang.")),
        ),
        _rank(name="regarde aussi la première note", arguments=[torch.tensor([2.5, 1.0, -3.0])], expected=0, hint="La meilleure est 2,5, au rang 0.", mistakes=((1, "La première note, 2,5, n'a pas compté : les rangs partent de 0."),)),
        _rank(name="regarde aussi la dernière note", arguments=[torch.tensor([-3.0, 1.0, 2.5])], expected=2, hint="La meilleure est 2,5, au rang 2.", mistakes=((1, "La dernière note, 2,5, n'a pas compté : les rangs vont jusqu'à len(logits) - 1 compris."),)),
        _rank(
            name="sépare deux notes voisines",
            arguments=[torch.tensor([1.0, 2.0001, 2.0002])],
            expected=2,
            hint="La dernière, 2,0002, dépasse celle d'avant de 0,0001 : elle est au rang 2.",
            mistakes=((1, "Le rang 1 a 2,0001, et le rang 2 a 2,0002 : toutes les notes comptent, sans arrondi."),),
        ),
        Check("rend le même rang à chaque fois", _is_steady),
    ),
)  # fmt: skip


# --- La température -------------------------------------------------------------------------------------


def _heated(logits: Tensor, temperature: float):
    return (
        (logits * temperature, "Les notes sont multipliées par la température : il faut les diviser."),
        ((logits / temperature).softmax(-1), "Ce sont des probabilités : on demande des notes, la softmax viendra après."),
        ((logits / temperature).log_softmax(-1), "Ce sont des logarithmes de probabilités : on demande les notes divisées, sans plus."),
        (logits.softmax(-1) / temperature, "Ce sont des probabilités divisées : la division vient avant la softmax."),
        (logits - temperature, "La température est retranchée : ôter le même nombre partout ne change aucune probabilité."),
        (logits + temperature, "La température est ajoutée : ajouter le même nombre partout ne change aucune probabilité."),
        (logits, "Les notes n'ont pas changé."),
        (temperature / logits, "La division est à l'envers : les notes se divisent par la température."),
        (logits.sign() * logits.abs() ** (1 / temperature), "Les notes sont élevées à une puissance : ce serait juste sur des probabilités. Les notes, elles, se divisent."),
        (logits // temperature, "Les divisions sont arrondies à l'entier : gardez la virgule."),
    )  # fmt: skip


def _heats_a_copy(function) -> None:
    logits = _NOTES.clone()
    got = _must_be_tensor(function(logits, 1.0), show_arguments((_NOTES, 1.0)))
    compare(got, _NOTES, show_arguments((_NOTES, 1.0)), hint="À 1, les notes ne changent pas.", tolerance=1e-5)
    if got.data_ptr() == logits.data_ptr():
        raise Mistake(
            show_arguments((_NOTES, 1.0)),
            "le tenseur qu'on vous a donné",
            "un tenseur neuf",
            "Les nombres sont justes, mais c'est logits lui-même : qui changerait votre résultat changerait les notes.",
        )


apply_temperature = Card(
    id="generation.apply_temperature",
    title="La température",
    statement="Rendez les notes divisées par temperature, dans un tenseur neuf : logits ne doit pas changer.",
    difficulty=1,
    minutes=1,
    hints=("Un tenseur se divise par un nombre d'un coup, toutes ses notes à la fois.", "logits / temperature rend un tenseur neuf ; logits /= temperature changerait celui qu'on vous donne."),
    checks=(
        _tensor(
            name="écarte les notes sous 1",
            arguments=[_NOTES, 0.5],
            expected=torch.tensor([4.0, -2.0, 1.0, 5.5, -5.0, 2.0]),
            hint="À 0,5, la note 2 devient 4 : diviser par un demi, c'est doubler.",
            mistakes=_heated(_NOTES, 0.5),
        ),
        _tensor(
            name="rapproche les notes au-dessus de 1",
            arguments=[_NOTES, 2.0],
            expected=torch.tensor([1.0, -0.5, 0.25, 1.375, -1.25, 0.5]),
            hint="À 2, la note 2 devient 1.",
            mistakes=((_NOTES * 2, "À 2 comme à 0,5, les notes sont multipliées par deux : divisez-les par temperature, quelle qu'elle soit."), *_heated(_NOTES, 2.0)),
        ),
        _tensor(
            name="laisse dehors ce qui y est déjà",
            arguments=[torch.tensor([1.0, _OUT, -2.0]), 0.8],
            expected=torch.tensor([1.25, _OUT, -2.5]),
            hint="Une note de −∞ reste −∞.",
        ),
        Check("rend un tenseur neuf, même à 1", _heats_a_copy),
    ),
)  # fmt: skip


# --- Top-k ----------------------------------------------------------------------------------------------

_TWO = _only(_NOTES, 3, 0)


def _finite(expected: Tensor):
    """Reconnaît les bonnes notes gardées, et, ailleurs, de grands nombres négatifs au lieu de −∞."""
    kept = expected.isfinite()
    return lambda got: (
        torch.equal(got[kept], expected[kept]) and bool((got[~kept] < -100).all() and got.isfinite().all())
    )


def _kept_chances(logits: Tensor, expected: Tensor):
    """Reconnaît les probabilités des tokens gardés, à la place de leurs notes."""
    kept, chances = expected.isfinite(), logits.softmax(-1)
    return lambda got: (
        torch.allclose(got[kept], chances[kept]) and not got[~kept].isfinite().logical_and(got[~kept] != 0).any()
    )


def _filtered(logits: Tensor, expected: Tensor):
    """Les méprises communes à top-k et à top-p."""
    return (
        (expected.nan_to_num(neginf=0.0), "Les notes écartées valent 0, et exp(0) = 1 : elles gardent une chance. Mettez −torch.inf, dont l'exponentielle est nulle."),
        (expected.nan_to_num(neginf=math.inf, posinf=math.inf), "Les notes écartées valent +∞ : il manque le signe de −torch.inf."),
        (_finite(expected), "Les bonnes notes restent, mais les autres sont des nombres : mettez −torch.inf."),
        (expected.softmax(-1), "Ce sont des probabilités : on demande les notes, la softmax viendra après."),
        (_kept_chances(logits, expected), "Les bons tokens restent, mais avec leur probabilité : on demande leur note, et −torch.inf ailleurs."),
        (expected.isfinite(), "Ce sont des vrais et des faux : on demande les notes, avec −torch.inf à la place des écartées."),
        (torch.where(expected.isfinite(), _OUT, logits), "C'est l'inverse : ce qu'il faut garder est parti, et le reste est là."),
        (logits, "Rien n'a été écarté."),
        (torch.full_like(logits, _OUT), "Plus rien ne reste : il faut garder au moins un token."),
    )  # fmt: skip


keep_top_k = Card(
    id="generation.keep_top_k",
    title="Top-k",
    statement="Rendez les notes (V,) en mettant −torch.inf à la place de toutes celles qui sont plus basses que la k-ième. Une note égale à la k-ième reste. Si k dépasse V, tout reste. logits ne doit pas changer.",
    difficulty=2,
    minutes=3,
    hints=(
        "Il suffit de connaître la k-ième note : tout ce qui est plus bas s'en va.",
        "logits.topk(k).values rend les k meilleures, de la plus haute à la plus basse : la k-ième est la dernière. min(k, len(logits)) évite d'en demander trop.",
        "logits.masked_fill(logits < seuil, -torch.inf) rend un tenseur neuf.",
    ),
    checks=(
        _tensor(
            name="garde les k meilleures",
            arguments=[_NOTES, 2],
            expected=_TWO,
            hint="Les deux meilleures notes sont 2,75 et 2, aux rangs 3 et 0 : elles seules restent, à leur place.",
            mistakes=(
                *_filtered(_NOTES, _TWO),
                (_NOTES.topk(2).values, "Ce sont les k meilleures notes seules : gardez les V places, avec −torch.inf ailleurs."),
                (_NOTES.topk(2).indices, "Ce sont les rangs des k meilleures : on demande toutes les notes, avec −torch.inf ailleurs."),
                (_only(_NOTES, 4, 1), "Ce sont les k moins bonnes qui restent."),
                (_only(_NOTES, 3, 0, 5), "Il reste une note de trop."),
                (_only(_NOTES, 3), "Il manque une note : la k-ième reste aussi."),
                (_only(_NOTES, 0, 1, 2, 3, 5), "Seule la plus basse est partie : la k-ième note se compte à partir de la plus haute."),
                (_only(_NOTES, 0, 1), "Ce sont les k premières places qui restent, et non les k meilleures notes."),
            ),
        ),
        _tensor(
            name="garde tout ce qui égale la k-ième",
            arguments=[torch.tensor([1.0, 3.0, 1.0, 0.99]), 2],
            expected=torch.tensor([1.0, 3.0, 1.0, _OUT]),
            hint="La deuxième note est 1, et deux tokens l'ont : les deux restent.",
            mistakes=((lambda got: int(got.isfinite().sum()) == 2, "Un seul des deux ex aequo reste : comparez les notes à la k-ième, plutôt que de ne remettre que k rangs."), (torch.tensor([_OUT, 3.0, _OUT, _OUT]), "Les notes égales à la k-ième sont parties : seules celles qui sont plus basses s'en vont.")),
        ),
        _tensor(
            name="compte chaque ex aequo",
            arguments=[torch.tensor([3.0, 1.0, 3.0, 0.0]), 2],
            expected=torch.tensor([3.0, _OUT, 3.0, _OUT]),
            hint="Deux tokens ont la note 3 : ils sont le premier et le deuxième, et la deuxième note est 3.",
            mistakes=((torch.tensor([3.0, 1.0, 3.0, _OUT]), "La note 1 est la troisième : les deux 3 comptent chacun."),),
        ),
        _tensor(
            name="garde tout si k dépasse V",
            arguments=[_NOTES, 50],
            expected=_NOTES,
            hint="Il n'y a que six notes : k = 50 n'en écarte aucune.",
        ),
    ),
)  # fmt: skip


# --- Top-p ----------------------------------------------------------------------------------------------

_CHANCES = torch.tensor([0.50, 0.04, 0.20, 0.26])
_LOGS = _CHANCES.log() + 3  # des notes quelconques : c'est la softmax qui en fait ces chances
_NUCLEUS = _only(_LOGS, 0, 3)
_SURE = torch.tensor([0.03, 0.90, 0.07]).log()
_HALF = torch.tensor([0.25, 0.5, 0.25]).log()


keep_top_p = Card(
    id="generation.keep_top_p",
    title="Top-p",
    statement="Rendez les notes (V,) en ne gardant que les tokens les plus probables, pris du plus probable au moins probable, jusqu'à ce que la somme de leurs probabilités atteigne p. Le token qui la fait atteindre reste. Les autres notes deviennent −torch.inf ; logits ne doit pas changer.",
    difficulty=3,
    minutes=4,
    hints=(
        "Classez les notes de la plus haute à la plus basse : ordered, ranks = logits.sort(descending=True). Leurs probabilités : ordered.softmax(-1).",
        "cumsum(-1) additionne au fur et à mesure. Un token s'en va si la somme de ceux d'avant lui, le sien non compris, atteint déjà p.",
        "removed = probabilités.cumsum(-1) - probabilités >= p est dans l'ordre du classement : logits.index_fill(0, ranks[removed], -torch.inf) le rapporte à celui du vocabulaire.",
    ),
    checks=(
        _tensor(
            name="garde de quoi atteindre p",
            arguments=[_LOGS, 0.7],
            expected=_NUCLEUS,
            hint="Les probabilités sont 0,50, 0,04, 0,20 et 0,26. La plus grande ne suffit pas ; 0,50 + 0,26 = 0,76 atteint 0,7 : les rangs 0 et 3 restent.",
            mistakes=(
                (_LOGS, "Rien n'a été écarté, alors que 0,50 + 0,26 atteint déjà 0,7 : additionnez de la plus grande probabilité à la plus petite."),
                (torch.full_like(_LOGS, _OUT), "Plus rien ne reste : aucune probabilité n'atteint 0,7 seule, c'est leur somme, de la plus grande à la plus petite, qui doit l'atteindre."),
                *_filtered(_LOGS, _NUCLEUS),
                (_only(_LOGS, 0), "Le token qui fait atteindre p est parti : il reste aussi. Ce sont les probabilités qui s'additionnent, et 0,50 ne suffit pas."),
                (_only(_LOGS, 0, 3, 2), "Il reste un token de trop : la somme avait déjà atteint p."),
                (_only(_LOGS, 0, 1), "Ce sont les deux premières places qui restent : le classement n'a pas été rapporté à l'ordre du vocabulaire."),
                (_only(_LOGS, 0, 1, 2), "Ce sont les trois premières places du vocabulaire qui restent : prenez d'abord les tokens les plus probables."),
                (_only(_LOGS, 1, 2, 3), "Les tokens ont été pris du moins probable au plus probable."),
                (_LOGS.sort(descending=True).values.masked_fill(torch.tensor([False, False, True, True]), _OUT), "Les notes sont restées dans l'ordre du classement : chacune doit retrouver sa place."),
            ),
        ),
        _tensor(
            name="garde toujours un token",
            arguments=[_SURE, 0.5],
            expected=_only(_SURE, 1),
            hint="Le rang 1, à 0,90, atteint 0,5 à lui seul.",
            mistakes=_filtered(_SURE, _only(_SURE, 1))[-2:],
        ),
        _tensor(
            name="s'arrête dès que la somme atteint p",
            arguments=[_HALF, 0.5],
            expected=_only(_HALF, 1),
            hint="Les probabilités sont 0,25, 0,50 et 0,25 : la plus grande atteint 0,5 à elle seule.",
            mistakes=((lambda got: int(got.isfinite().sum()) > 1, "Il reste un token de trop : 0,50 atteint déjà 0,5, sans avoir à le dépasser. Un token s'en va si ceux d'avant font p ou plus."),),
        ),
        _tensor(
            name="garde tout quand p vaut 1",
            arguments=[torch.tensor([1.0, 3.0, -2.0, 0.0]), 1.0],
            expected=torch.tensor([1.0, 3.0, -2.0, 0.0]),
            hint="La somme n'atteint 1 qu'avec le dernier token : rien ne s'en va.",
        ),
        _tensor(
            name="compose avec ce qui est déjà dehors",
            arguments=[torch.tensor([1.0, _OUT, 1.5, _OUT, -1.0]), 0.6],
            expected=torch.tensor([1.0, _OUT, 1.5, _OUT, _OUT]),
            hint="Deux tokens sont déjà à −∞, donc de probabilité nulle. Les autres ont 0,36, 0,59 et 0,05 : il en faut deux.",
        ),
    ),
)  # fmt: skip


# --- Les réglages ignorés -------------------------------------------------------------------------------

_DOCUMENT = {"max_length": 100, "num_return_sequences": 1, "num_beams": 5, "temperature": 0.7, "top_p": 0.9, "top_k": 50, "no_repeat_ngram_size": 2, "early_stopping": True}  # fmt: skip


def _names(got):
    return list(got) if isinstance(got, tuple) else got


ignored_settings = Card(
    id="generation.ignored_settings",
    title="Chasse au bug : des réglages sans effet",
    statement="Rendez la liste des réglages de settings qui ne changent rien, dans l'ordre où ils y sont. Sans « do_sample » à True : « temperature », « top_k » et « top_p ». Sans « num_beams » d'au moins 2 : « early_stopping » et « length_penalty ».",
    difficulty=2,
    minutes=3,
    hints=(
        "settings est un dictionnaire : settings.get(\"do_sample\", False) rend False quand la clé manque.",
        "Dressez d'abord la liste de ce qui serait sans effet dans ce mode ; gardez ensuite les noms de settings qui y sont.",
        "idle = () ; idle += (\"temperature\", \"top_k\", \"top_p\") si l'on ne tire pas ; de même pour les faisceaux ; puis [name for name in settings if name in idle].",
    ),
    checks=(
        equals(
            name="voit ce que les documents ont réglé pour rien",
            arguments=[_DOCUMENT],
            expected=["temperature", "top_p", "top_k"],
            read=_names,
            hint="Cinq faisceaux et pas de do_sample : on ne tire pas au sort.",
            mistakes=(
                ([], "Sans do_sample, trois de ces réglages sont sans effet."),
                (["temperature", "top_p", "top_k", "early_stopping"], "Il y a cinq faisceaux : early_stopping a son effet."),
                (["temperature", "top_k", "top_p"], "Les trois y sont, mais pas dans l'ordre de settings."),
                (["temperature"], "Il n'y a pas que la température : top_p et top_k, eux aussi, ne servent qu'au tirage."),
                (["early_stopping"], "C'est l'inverse : early_stopping sert, puisqu'il y a cinq faisceaux."),
                (lambda got: isinstance(got, set), "C'est un ensemble, sans ordre : on demande une liste, dans l'ordre de settings."),
                (lambda got: isinstance(got, dict), "C'est un dictionnaire : on ne demande que les noms."),
                ([name for name in _DOCUMENT if name not in ("temperature", "top_p", "top_k")], "C'est l'inverse : ce sont les réglages qui ont leur effet. On demande ceux qui ne changent rien."),
                (lambda got: isinstance(got, list) and "no_repeat_ngram_size" in got, "no_repeat_ngram_size agit dans tous les modes."),
                (lambda got: isinstance(got, list) and "max_length" in got, "max_length agit dans tous les modes."),
            ),
        ),
        equals(
            name="ne reproche rien au tirage",
            arguments=[{"do_sample": True, "temperature": 0.7, "top_k": 50, "early_stopping": True}],
            expected=["early_stopping"],
            read=_names,
            hint="On tire au sort, sans faisceaux : seul early_stopping est de trop.",
            mistakes=((["temperature", "top_k", "early_stopping"], "do_sample vaut True : la température et top_k servent."), ([], "Il n'y a pas de faisceaux : early_stopping est sans effet."), (["temperature", "top_k"], "C'est l'inverse : on tire au sort, la température et top_k servent ; sans faisceaux, early_stopping non.")),
        ),
        equals(
            name="applique les deux règles à la fois",
            arguments=[{"early_stopping": True, "temperature": 0.7}],
            expected=["early_stopping", "temperature"],
            read=_names,
            hint="Ni tirage, ni faisceaux : aucun des deux ne sert.",
            mistakes=((["temperature"], "Il n'y a pas de tirage, mais pas de faisceaux non plus : early_stopping est sans effet aussi. Une règle n'exclut pas l'autre."), (["early_stopping"], "Il n'y a pas de faisceaux, mais pas de tirage non plus : temperature est sans effet aussi. Une règle n'exclut pas l'autre."), ([], "Sans do_sample ni num_beams, les deux sont sans effet.")),
        ),
        equals(
            name="lit les valeurs, et non les seuls noms",
            arguments=[{"do_sample": False, "num_beams": 1, "length_penalty": 2.0, "top_k": 20, "repetition_penalty": 1.3}],
            expected=["length_penalty", "top_k"],
            read=_names,
            hint="do_sample vaut False et num_beams vaut 1 : les deux noms y sont, aucun des deux modes n'y est.",
            mistakes=((["length_penalty"], "do_sample est là, mais vaut False : top_k est sans effet."), (["top_k"], "num_beams est là, mais vaut 1 : length_penalty est sans effet."), ([], "do_sample vaut False et num_beams vaut 1 : lisez leurs valeurs.")),
        ),
        equals(
            name="admet les deux à la fois",
            arguments=[{"num_beams": 2, "do_sample": True, "temperature": 0.7, "length_penalty": 0.5}],
            expected=[],
            read=_names,
            hint="Des faisceaux tirés au sort : tout sert.",
        ),
        equals(
            name="compte un réglage nul parmi les autres",
            arguments=[{"early_stopping": False, "top_k": 0, "length_penalty": 0.0}],
            expected=["early_stopping", "top_k", "length_penalty"],
            read=_names,
            hint="Ni tirage ni faisceaux : les trois sont sans effet, qu'ils vaillent False, 0 ou 50.",
            mistakes=(([], "Aucun n'est rendu, alors que les trois sont sans effet : 0 et False sont des valeurs comme les autres."),),
        ),
    ),
)  # fmt: skip


# --- Bonus : contre les redites -------------------------------------------------------------------------

_SEEN = torch.tensor([0, 1, 0, 3])
_PENALIZED = torch.tensor([1.0, -2.0, 0.5, 1.375, -2.5, 1.0])

penalize_repetition = Card(
    id="generation.penalize_repetition",
    title="Bonus : la pénalité de répétition",
    statement="Rendez les notes (V,) où celles des tokens déjà présents dans ids baissent : divisée par penalty si elle est positive, multipliée si elle est négative. Une fois par token, même s'il est venu plusieurs fois. logits ne doit pas changer.",
    difficulty=2,
    minutes=4,
    hints=(
        "Pourquoi multiplier une note négative ? −1 divisé par 2 donne −0,5 : elle aurait monté.",
        "seen = logits[ids] rend les notes des tokens déjà là ; torch.where(seen < 0, …, …) choisit l'une ou l'autre opération.",
        "result = logits.clone() ; result[ids] = … : une place écrite deux fois reçoit deux fois la même valeur.",
    ),
    checks=(
        _tensor(
            name="baisse une fois chaque token déjà là",
            arguments=[_NOTES, _SEEN, 2.0],
            expected=_PENALIZED,
            hint="Les tokens 0, 1 et 3 sont déjà venus : 2 devient 1, −1 devient −2, 2,75 devient 1,375.",
            mistakes=(
                (torch.tensor([1.0, -0.5, 0.5, 1.375, -2.5, 1.0]), "La note négative, −1, est devenue −0,5 : elle a monté. Multipliez-la."),
                (torch.tensor([0.5, -2.0, 0.5, 1.375, -2.5, 1.0]), "Le token 0, venu deux fois, est puni deux fois : une seule suffit. Pour un ensemble, deux tenseurs égaux sont deux ; ids.tolist() en fait des entiers."),
                (torch.tensor([0.5, -0.5, 0.5, 1.375, -2.5, 1.0]), "Le token 0 est puni deux fois, et la note négative a monté."),
                (torch.where(_NOTES < 0, _NOTES * 2, _NOTES / 2), "Toutes les notes ont baissé : seules celles des tokens de ids le doivent."),
                (_NOTES / 2, "Toutes les notes ont été divisées : seules celles des tokens de ids baissent, et les négatives se multiplient."),
                (torch.tensor([4.0, -2.0, 0.5, 5.5, -2.5, 1.0]), "Les notes positives ont été multipliées : elles ont monté."),
                (torch.tensor([4.0, -0.5, 0.5, 5.5, -2.5, 1.0]), "C'est l'inverse : ce qui est déjà venu a monté."),
                (torch.tensor([0.0, -3.0, 0.5, 0.75, -2.5, 1.0]), "La pénalité a été retranchée : elle divise, ou multiplie."),
                (torch.tensor([_OUT, _OUT, 0.5, _OUT, -2.5, 1.0]), "Les tokens déjà venus sont interdits : on demande de les rendre moins probables."),
                (torch.tensor([1.0, -2.0, 0.25, 1.375, -2.5, 1.0]), "Les notes 0, 1, 2 et 3 ont baissé, et non 0, 1 et 3 : ids contient quatre tokens, dont 0 deux fois. C'est le token qui est le rang, et non sa place dans ids."),
                (torch.tensor([1.0, -1.0, 0.5, 1.375, -2.5, 1.0]), "La note négative, −1, n'a pas changé : elle se multiplie, pour baisser aussi."),
                (torch.tensor([2.0, -1.0, 0.5, 2.75, -2.5, 0.5]), "C'est la note qui vaut 1 qui a baissé : ids contient des tokens, donc des rangs de logits, et non des notes."),
                (torch.tensor([2.0, -1.0, 0.25, 2.75, -5.0, 0.5]), "Ce sont les tokens absents de ids qui ont baissé."),
                (_NOTES, "Les notes n'ont pas changé."),
                (_PENALIZED[_SEEN], "Ce ne sont que les notes des tokens déjà venus : rendez les V notes."),
            ),
        ),
        _tensor(name="ne change rien à 1", arguments=[_NOTES, _SEEN, 1.0], expected=_NOTES, hint="Diviser ou multiplier par 1 ne change rien."),
        _tensor(name="ne change rien quand rien n'est écrit", arguments=[_NOTES, torch.tensor([], dtype=torch.long), 2.0], expected=_NOTES, hint="ids est vide : aucun token n'est déjà venu."),
    ),
)  # fmt: skip

_EIGHT = torch.tensor([1, 2, 3, 4, 2, 5, 1, 2])


def _without(*banned: int) -> Tensor:
    return _only(_NOTES, *(rank for rank in range(6) if rank not in banned))


forbid_repeats = Card(
    id="generation.forbid_repeats",
    title="Bonus : jamais deux fois la même suite",
    statement="Rendez les notes (V,) en mettant −torch.inf à tout token qui, ajouté à ids, referait une suite de size tokens déjà présente dans ids. logits ne doit pas changer.",
    difficulty=3,
    minutes=6,
    hints=(
        "Les size − 1 derniers tokens de ids forment le début de la suite à venir. Où ce début se trouve-t-il déjà ?",
        "Parcourez ids : à chaque place où l'on retrouve ce début, le token qui le suit est interdit.",
        "written = ids.tolist() ; ending = written[len(written) - size + 1:] ; puis written[start : start + size - 1] == ending, et le token interdit est written[start + size - 1].",
    ),
    checks=(
        _tensor(
            name="interdit ce qui referait trois tokens",
            arguments=[_NOTES, _EIGHT, 3],
            expected=_without(3),
            hint="Le texte finit par 1, 2. Plus tôt, 1, 2 était suivi de 3 : le token 3 est interdit, et lui seul.",
            mistakes=(
                (_without(3, 5), "Les suites de deux tokens sont interdites : size vaut 3, il faut retrouver les deux derniers."),
                (_without(1, 2, 3, 4, 5), "Tous les tokens déjà venus sont interdits : seul l'est celui qui referait une suite."),
                (_without(1, 2), "Ce sont les derniers tokens du texte qui sont interdits : c'est ce qui les suivait qu'on interdit."),
                (_without(1), "C'est le début de la suite qui est interdit : c'est sa fin qu'il faut interdire."),
                (_without(2), "C'est le dernier token qui est interdit : c'est ce qui le suivait qu'on interdit."),
                (_NOTES, "Rien n'est interdit. Les size − 1 derniers tokens, ici deux, sont 1, 2 : ils étaient déjà au début, et 3 les suivait."),
                (_without(3).nan_to_num(neginf=0.0), "La note du token interdit vaut 0, ce qui lui laisse une chance : mettez −torch.inf."),
                (_only(_NOTES, 3), "C'est l'inverse : seul le token interdit reste."),
                (_finite(_without(3)), "Le bon token est écarté, mais par un nombre : mettez −torch.inf."),
            ),
        ),
        _tensor(
            name="suit la longueur demandée",
            arguments=[_NOTES, _EIGHT, 2],
            expected=_without(3, 5),
            hint="À size = 2, le texte finit par 2 ; 2 fut suivi de 3, puis de 5 : les deux sont interdits.",
            mistakes=((_without(3), "Un seul est interdit : 2 se trouve à deux endroits avant la fin."), (_without(5), "Un seul est interdit : 2 se trouve à deux endroits avant la fin.")),
        ),
        _tensor(
            name="voit les suites qui se chevauchent",
            arguments=[_NOTES, torch.tensor([4, 4, 4]), 3],
            expected=_without(4),
            hint="4, 4, 4 est déjà une suite de trois : un 4 de plus la referait.",
        ),
        _tensor(
            name="retrouve le début dans le même ordre",
            arguments=[_NOTES, torch.tensor([1, 2, 3, 2, 1]), 3],
            expected=_NOTES,
            hint="Le texte finit par 2, 1, qui n'était pas encore venu : rien n'est interdit.",
            mistakes=((_without(3), "3 est interdit, mais il suivait 1, 2, et le texte finit par 2, 1 : l'ordre compte."),),
        ),
        _tensor(
            name="interdit tout token déjà venu quand size vaut 1",
            arguments=[_NOTES, _EIGHT, 1],
            expected=_without(1, 2, 3, 4, 5),
            hint="Une suite d'un token est le token lui-même : tous ceux qui sont déjà venus sont interdits.",
            mistakes=((_NOTES, "Rien n'est interdit. Le début de la suite est vide ici ; or liste[-0:] n'est pas une liste vide, c'est toute la liste."),),
        ),
        _tensor(
            name="distingue 1, 12 de 11, 2",
            arguments=[torch.zeros(13), torch.tensor([1, 12, 3, 11, 2]), 3],
            expected=torch.zeros(13),
            hint="Le texte finit par 11, 2, qui n'était pas encore venu : rien n'est interdit.",
            mistakes=((lambda got: bool(got[3] == _OUT), "3 est interdit, mais il suivait 1, 12, et le texte finit par 11, 2 : mis bout à bout, leurs chiffres sont les mêmes. Comparez des listes de tokens."),),
        ),
        _tensor(
            name="laisse tout quand le texte est trop court",
            arguments=[_NOTES, torch.tensor([1]), 3],
            expected=_NOTES,
            hint="Un seul token : aucune suite de trois n'existe encore.",
        ),
        _tensor(
            name="laisse tout quand le texte n'est que le début d'une suite",
            arguments=[_NOTES, torch.tensor([1, 2]), 3],
            expected=_NOTES,
            hint="Deux tokens : c'est le début d'une suite de trois, que rien ne suit encore.",
        ),
    ),
)  # fmt: skip


# --- Bonus : la réponse seule ---------------------------------------------------------------------------

_WORDS = (
    "<fin>",
    "## Combien ?",
    "\nLLM:",
    " Trois.",
    " ## C'est douze.",
    "\n",
    " Encore",
    " ##",
    "Deux",
    b" caf\xc3",
    b"\xa9s",
    " ?",
    "  ",
    "<fin>",
)


def _decode(ids, skip_special_tokens: bool = False, clean_up_tokenization_spaces: bool = False, **_) -> str:
    """Comme le vrai : des octets, mis bout à bout avant d'être lus."""
    kept = [token for token in torch.as_tensor(ids).flatten().tolist() if token or not skip_special_tokens]
    words = (_WORDS[int(token)] for token in kept)
    text = b"".join(word if isinstance(word, bytes) else word.encode() for word in words).decode(errors="replace")
    return text.replace(" ?", "?") if clean_up_tokenization_spaces else text


def _decode_rows(rows, **options) -> list[str]:
    return [_decode(row, **options) for row in rows]


_TOKENIZER = SimpleNamespace(eos_token_id=0, eos_token="<fin>", decode=_decode, batch_decode=_decode_rows)


def _answers(name: str, ids: list[int], length: int, expected: str, hint: str, mistakes=()) -> Check:
    output = torch.tensor(ids)
    given = f"les tokens de « {_decode(ids)} », dont {length} d'amorce"
    whole = _decode(ids, True)
    known = (
        *mistakes,
        (_decode(ids), "Tout est rendu, amorce comprise : ne décodez que ce qui la suit."),
        (whole, "Tout est rendu, amorce comprise : ne décodez que ce qui la suit."),
        (_decode(ids[:length]), "C'est l'amorce : on demande ce qui la suit."),
        (whole[length:], "length compte des tokens, et ce sont des caractères qui sont ôtés : coupez avant de décoder."),
        (_decode(ids)[length:], "length compte des tokens, et ce sont des caractères qui sont ôtés : coupez avant de décoder."),
        (expected.strip() if expected.strip() != expected else type(None), "Les blancs du bord ont disparu : rendez le texte tel quel."),
        (lambda got: isinstance(got, str) and "<fin>" in got, "Le marqueur de fin se lit dans la réponse : arrêtez-vous avant lui."),
        (lambda got: isinstance(got, str) and "Encore" in got and "Encore" not in expected, "Ce qui suit la fin de texte est rendu : la réponse s'arrête avant."),
        (lambda got: isinstance(got, list | Tensor), "Ce sont des tokens : décodez-les, c'est un texte qu'on demande."),
    )  # fmt: skip
    check = equals(name=name, arguments=[], expected=expected, hint=hint, mistakes=known)

    def test(function):
        try:
            check.test(lambda: function(_TOKENIZER, output.clone(), length))
        except Mistake as mistake:
            raise Mistake(given, mistake.got, mistake.expected, mistake.hint) from None

    return Check(name, test)


answer = Card(
    id="generation.answer",
    title="Bonus, chasse au bug : la réponse seule",
    statement="Rendez le texte que le modèle a écrit : les tokens de output (T,) après les length premiers, qui sont l'amorce, jusqu'à la fin de texte, tokenizer.eos_token_id, non comprise, ni ce qui la suit. Ne touchez à rien d'autre, pas même aux blancs.",
    difficulty=3,
    minutes=4,
    hints=(
        "Chercher l'amorce dans le texte est fragile. Or on sait combien de tokens elle fait.",
        "output[length:].tolist() sont les tokens écrits. S'ils contiennent tokenizer.eos_token_id, coupez-les à sa place : written[: written.index(…)].",
        "Décodez à la fin, une seule fois : tokenizer.decode(written).",
    ),
    checks=(
        _answers("garde les dièses d'une bonne réponse", [1, 2, 3, 4, 0], 2, " Trois. ## C'est douze.", "La réponse contient elle-même « ## » : rien n'en doit partir.", (
            ("LLM: Trois.", "« ##.* » a effacé la question, mais aussi la fin de la réponse, et « LLM: » reste."),
            ("\nLLM: Trois.", "« ##.* » a effacé la question, mais aussi la fin de la réponse, et « LLM: » reste."),
            ("LLM: Trois. <fin>", "« ##.* » a effacé plus que la question."),
            ("Combien ?\nLLM: Trois. C'est douze.", "Seuls les dièses sont partis : la question est restée, et la réponse a perdu les siens."),
            (" Trois.", "La réponse est coupée à ses dièses : elle va jusqu'à la fin de texte."),
            ("Trois.", "La réponse est coupée à ses dièses : elle va jusqu'à la fin de texte."),
        )),
        _answers("s'arrête à la fin de texte", [1, 2, 8, 0, 6, 7, 0], 2, "Deux", "Après la fin de texte, il n'y a que du remplissage ou un autre document.", (("Deux Encore ##", "La fin de texte est ôtée, mais ce qui la suit est resté."),)),
        _answers("va au bout s'il n'y a pas de fin", [1, 2, 3, 6], 2, " Trois. Encore", "Le modèle n'a pas fini : tout ce qu'il a écrit est rendu.", ((" Trois.", "Le dernier token manque : il n'y a pas de fin de texte à ôter."),)),
        _answers("suit la longueur de l'amorce", [1, 5, 2, 8, 3, 0], 3, "Deux Trois.", "L'amorce fait ici trois tokens, sur deux lignes."),
        _answers("garde l'amorce quand la réponse la redit", [7, 8, 7, 6, 0], 1, "Deux ## Encore", "L'amorce est « ## », et la réponse la redit : seule celle du début s'en va.", (("Deux Encore", "L'amorce a été ôtée de la réponse aussi, qui la redit : on ne la cherche pas dans le texte."),)),
        _answers("ne s'arrête pas à un marqueur tapé", [1, 2, 8, 13, 6, 0], 2, "Deux<fin> Encore", "Le premier « <fin> » n'est qu'un texte, tapé par une personne : son token n'est pas tokenizer.eos_token_id.", (("Deux", "La réponse est coupée à un « <fin> » qui n'est qu'un texte : c'est le token qu'il faut chercher, tokenizer.eos_token_id."),)),
        _answers("ne prend pas une fin de texte de l'amorce pour la sienne", [0, 1, 2, 8, 0], 3, "Deux", "Une amorce peut commencer par une fin de texte : seule compte celle qui vient après l'amorce.", (("", "La fin de texte trouvée est celle de l'amorce : cherchez-la après."),)),
        _answers("rend les lettres et les blancs tels quels", [1, 2, 8, 9, 10, 11, 0], 2, "Deux cafés ?", "Le « é » est à cheval sur deux tokens, et une espace précède le « ? » : le texte les garde.", (
            (lambda got: isinstance(got, str) and "\ufffd" in got, "Une lettre est cassée : ses octets sont dans deux tokens. Décodez tous les tokens d'un seul coup."),
            ("Deux cafés?", "L'espace d'avant « ? » a disparu : decode ne touche pas aux blancs si on ne lui demande pas de nettoyer."),
        )),
        _answers("rend toutes les lignes, et les blancs qui se suivent", [1, 2, 8, 12, 5, 6, 0], 2, "Deux  \n Encore", "La réponse a deux lignes ; deux espaces finissent la première.", (
            ("Deux  ", "Seule la première ligne est rendue : la réponse va jusqu'à la fin de texte."),
            ("Deux", "Seule la première ligne est rendue : la réponse va jusqu'à la fin de texte."),
            (lambda got: isinstance(got, str) and got.split() == ["Deux", "Encore"], "Les mots y sont, mais les blancs ont changé : deux espaces, un retour à la ligne, une espace."),
        )),
    ),
)  # fmt: skip


# --- Bonus : les faisceaux ------------------------------------------------------------------------------

_TOTALS = torch.tensor([-1.0, -1.5])
_BEAMS = torch.tensor([[0.2, 0.7, 0.1], [0.85, 0.1, 0.05]]).log() + 2  # B = 2 débuts, V = 3 tokens
_SUMS = _TOTALS[:, None] + _BEAMS.log_softmax(-1)


def _best(sums: Tensor, width: int) -> list[tuple[int, int, float]]:
    best = sums.flatten().topk(width)
    return [(*divmod(int(rank), 3), float(total)) for total, rank in zip(*best, strict=True)]


_THREE = _best(_SUMS, 3)


def _rows(got):
    return [tuple(_plain(each) for each in row) for row in got]


def _every(sums: Tensor) -> list[tuple[int, int, float]]:
    return [(start, token, float(total)) for start, row in enumerate(sums) for token, total in enumerate(row)]


def _apart(got) -> bool:
    """Les totaux dans une première suite, les places dans une seconde."""
    return len(got) == 2 and torch.allclose(
        torch.tensor(got[0]), torch.tensor([total for *_, total in _THREE]), atol=1e-4
    )


def _misplaced(got) -> bool:
    """Les bons totaux, dans l'ordre, avec d'autres débuts ou d'autres tokens."""
    return all(abs(row[2] - wanted[2]) < 1e-4 for row, wanted in zip(_rows(got), _THREE, strict=True))


def _beam_check(name: str, arguments: list, expected: list, hint: str, mistakes=()) -> Check:
    return equals(name=name, arguments=arguments, expected=expected, read=_rows, tolerance=1e-4, hint=hint, mistakes=mistakes)  # fmt: skip


extend_beams = Card(
    id="generation.extend_beams",
    title="Bonus : allonger les faisceaux",
    statement="Rendez les width meilleures façons d'allonger un des B débuts d'un token : une liste de (début, token, total), du plus haut total au plus bas ; toutes, s'il y en a moins de width. Le total est celui du début, totals[début], plus la log-probabilité du token ; logits (B, V) contient les notes.",
    difficulty=4,
    minutes=8,
    hints=(
        "logits.log_softmax(-1) rend les log-probabilités (B, V). totals[:, None] est (B, 1) : les deux s'additionnent.",
        "Cherchez les meilleurs de tout le tableau à la fois, et non ligne par ligne : sums.flatten().topk(width).",
        "Dans le tableau à plat, la place r est la ligne r // V et la colonne r % V : divmod(r, V).",
    ),
    checks=(
        _beam_check(
            "allonge les débuts, du meilleur total au moins bon",
            [_TOTALS, _BEAMS, 3],
            _THREE,
            "Les log-probabilités des meilleurs tokens sont −0,36 après le début 0 et −0,16 après le début 1 : totaux −1,36 et −1,66.",
            (
                (_THREE[::-1], "Les trois y sont, du moins bon au meilleur : on les veut dans l'autre sens."),
                ([(token, start, total) for start, token, total in _THREE], "Le début et le token sont échangés : (début, token, total)."),
                (_best(_BEAMS.log_softmax(-1), 3), "Les totaux des débuts ne sont pas ajoutés."),
                (_best(_TOTALS[:, None] + _BEAMS, 3), "Les notes sont ajoutées telles quelles : il en faut les log-probabilités."),
                (_best(_TOTALS[:, None] + _BEAMS.softmax(-1), 3), "Ce sont des probabilités qui sont ajoutées : il en faut le logarithme."),
                (_best(_TOTALS[:, None] * _BEAMS.log_softmax(-1), 3), "Les logarithmes sont multipliés : multiplier des probabilités, c'est additionner leurs logarithmes."),
                (_best(_TOTALS[:, None] + _BEAMS.log_softmax(0), 3), "La softmax est prise d'un début à l'autre : elle se prend sur les V tokens de chacun."),
                ([(start, token) for start, token, _ in _THREE], "Il manque les totaux."),
                ([_THREE[0], (0, 0, float(_SUMS[0, 0])), (0, 2, float(_SUMS[0, 2]))], "Seul le premier début a été allongé : tous concourent."),
                (_best(-_SUMS, 3), "Les signes sont retournés, et ce sont les moins bons qui sortent."),
                (sorted(_every(_SUMS), reverse=True)[:3], "Les triplets sont classés par début, puis par token : c'est le total qui classe."),
                (_best(_TOTALS[:, None] + _BEAMS.softmax(-1).log2(), 3), "Les logarithmes sont en base 2 : on demande le logarithme naturel, celui de log_softmax."),
                (_best((_TOTALS[:, None] + _BEAMS).flatten().log_softmax(-1).view(2, 3), 3), "La softmax est prise sur tout le tableau, totaux compris : elle se prend sur les V tokens de chaque début."),
                (_apart, "Les totaux sont d'un côté et les places de l'autre : rendez une liste de (début, token, total)."),
                (_misplaced, "Les totaux sont les bons, mais pas les débuts et les tokens : dans le tableau à plat, la place r est la ligne r // V et la colonne r % V, V étant le nombre de tokens, ici 3."),
                (lambda got: len(got) == 2 and {start for start, _, _ in got} == {0, 1}, "Il n'y en a que deux, et width vaut 3 : un même début peut en garder plusieurs."),
            ),
        ),
        _beam_check("part d'un seul début", [torch.zeros(1), _BEAMS[:1], 2], _best(_BEAMS[:1].log_softmax(-1), 2), "Au premier pas, il n'y a qu'un début, l'amorce, dont le total est 0."),
        _beam_check("se contente de ce qu'il y a", [torch.zeros(1), _BEAMS[:1], 8], _best(_BEAMS[:1].log_softmax(-1), 3), "Un début et trois tokens ne font que trois suites : elles sont toutes rendues."),
    ),
)  # fmt: skip


CARDS = (
    greedy,
    apply_temperature,
    keep_top_k,
    keep_top_p,
    ignored_settings,
    penalize_repetition,
    forbid_repeats,
    extend_beams,
    answer,
)

QUIZZES = (
    Quiz(
        "generation.temperature",
        "À une température de 2, que devient le token le plus probable ?",
        (
            Option("Il reste le plus probable, de moins loin", True, "Diviser toutes les notes par 2 les rapproche sans changer leur ordre."),
            Option("Il n'est plus le plus probable", False, "Une division garde l'ordre : le premier reste le premier, avec moins d'avance."),
            Option("Il est deux fois plus probable", False, "C'est l'inverse : au-dessus de 1, les chances s'égalisent."),
        ),
    ),
    Quiz(
        "generation.modes",
        "generate(num_beams=5, temperature=0.7) : que change la température ?",
        (
            Option("Rien", True, "Sans do_sample=True, rien n'est tiré au sort : les faisceaux cherchent la suite la plus probable."),
            Option("Le texte devient plus sage", False, "Elle ne joue que sur un tirage, et il n'y en a pas ici."),
            Option("Les faisceaux se ressemblent moins", False, "Un faisceau garde les meilleurs totaux, calculés sans température."),
        ),
    ),
    Quiz(
        "generation.redites",
        "Un texte glouton tourne en rond. Que faire ?",
        (
            Option("Tirer au sort", True, "C'est le tirage qui sort de la boucle ; une pénalité de répétition aussi."),
            Option("Ajouter top_k=50", False, "Le token le mieux noté est toujours parmi les 50 : le texte glouton est le même."),
            Option("Passer à cinq faisceaux", False, "Ils cherchent le plus probable, et rien n'est plus probable qu'une redite."),
            Option("Interdire toute suite de deux tokens déjà vue", False, "Presque toute page de Sand y contrevient : on interdirait la langue elle-même."),
        ),
    ),
)  # fmt: skip
