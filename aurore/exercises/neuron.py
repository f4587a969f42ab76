"""Leçon 03, les exercices : un neurone, son gradient, la boucle ; puis trois chasses au bug, les lots, l'échelle, l'examen.

Ce module n'importe ni la bibliothèque ni PyTorch, lents à charger : la fiche de la boucle le fait quand on l'essaie.
"""

from collections.abc import Callable, Iterable
from itertools import chain, pairwise
from typing import Any

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show, show_arguments
from aurore.atelier.quiz import Option, Quiz

# --- Un neurone -----------------------------------------------------------------------------------------


class Activation:
    """Une activation qui s'affiche sous son nom."""

    def __init__(self, name: str, function: Callable[[float], float]) -> None:
        self.name, self.function = name, function

    def __call__(self, z: float) -> float:
        return self.function(z)

    def __repr__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Activation) and self.name == other.name

    __hash__ = None


IDENTITY = Activation("identity", lambda z: z)
RELU = Activation("relu", lambda z: max(0.0, z))
SQUARE = Activation("carré", lambda z: z * z)

forward = Card(
    id="neuron.forward",
    title="Un neurone",
    statement="Rendez la réponse d'un neurone : chaque entrée de x fois son poids dans w, la somme de ces produits, plus le biais b, et l'activation appliquée au total. Avec x = [3, 3], w = [1, 0.5], b = 0.5 et une activation qui ne change rien : 3 × 1 + 3 × 0.5 + 0.5 = 5.",
    difficulty=1,
    minutes=2,
    hints=(
        "zip(x, w) met chaque entrée en face de son poids.",
        "sum(… for … in …) additionne ; le biais s'ajoute une seule fois, à la fin.",
        "activation est une fonction : on l'appelle, activation(…), sur la somme biais compris.",
    ),
    checks=(
        equals(
            name="fait la somme pondérée, plus le biais",
            arguments=[[2, 3], [4, 5], 7, IDENTITY],
            expected=30.0,
            hint="2 × 4 + 3 × 5 + 7 = 30.",
            mistakes=(
                (23.0, "23, c'est 2 × 4 + 3 × 5 : il manque le biais, 7."),
                (37.0, "37, c'est 30 et un biais de trop : il s'ajoute une seule fois, non à chaque entrée."),
                (52.0, "52, c'est (2 + 3) × (4 + 5) + 7 : chaque entrée se multiplie par son propre poids."),
                (21.0, "21, c'est la somme de tous les nombres : une entrée se multiplie par son poids."),
                (15.0, "15, c'est 2 × 4 + 7 : la seconde entrée, 3 × 5, n'est pas comptée."),
                (22.0, "22, c'est 3 × 5 + 7 : la première entrée, 2 × 4, n'est pas comptée."),
                (161.0, "161, c'est (2 × 4 + 3 × 5) × 7 : le biais s'ajoute, il ne multiplie pas."),
            ),
            tolerance=1e-9,
        ),
        equals(
            name="applique l'activation à la fin, biais compris",
            arguments=[[2, 3], [4, -5], -1, RELU],
            expected=0.0,
            hint="2 × 4 − 3 × 5 − 1 = −8, et ReLU rend 0 pour un nombre négatif.",
            mistakes=(
                (-8.0, "−8, c'est la somme : il reste à lui appliquer l'activation."),
                (-1.0, "−1, c'est relu(2 × 4 − 3 × 5) − 1 : le biais s'ajoute avant l'activation."),
                (7.0, "7, c'est relu(2 × 4) + relu(−3 × 5) − 1 : l'activation s'applique une fois, à la somme."),
            ),
            tolerance=1e-9,
        ),
        equals(
            name="appelle l'activation qu'on lui donne",
            arguments=[[1], [-3], 0, SQUARE],
            expected=9.0,
            hint="La somme vaut −3, et l'activation donnée ici met au carré.",
            mistakes=((0.0, "0, c'est ReLU : appelez activation(…), celle qu'on vous donne, quelle qu'elle soit."),),
            tolerance=1e-9,
        ),
        equals(
            name="prend autant d'entrées qu'il en vient",
            arguments=[[1, 2, 3, 4], [1, 10, 100, 1000], 0, IDENTITY],
            expected=4321.0,
            hint="Quatre entrées, quatre poids : 1 + 20 + 300 + 4000.",
            mistakes=((21.0, "21, ce sont les deux premières entrées seulement : parcourez-les toutes."),),
            tolerance=1e-9,
        ),
    ),
)

# --- Le gradient ----------------------------------------------------------------------------------------


def _as_pair(got: Any) -> tuple[list[float], float]:
    """`(dw, db)` en nombres simples : une liste, un tuple, un tableau ou un tenseur valent la même chose."""
    dw, db = got
    return ([float(slope) for slope in dw], float(db))


gradient = Card(
    id="neuron.gradient",
    title="Le gradient",
    statement="Le neurone est sans activation : p est la somme pondérée plus le biais, et l'erreur vaut (p − y)². Rendez (dw, db) : dw, la liste des pentes de l'erreur, une par poids ; db, sa pente pour le biais. Pour 3 + 3 avec w = [1, 0.5] et b = 0.5, p vaut 5, et le gradient ([-6, -6], -2).",
    difficulty=2,
    minutes=3,
    hints=(
        "Commencez par la réponse p du neurone, puis l'écart p − y.",
        "Pour un tout petit pas de p, l'erreur change de 2 × (p − y) fois ce pas : c'est le premier maillon, et c'est aussi db.",
        "Quand un poids monte d'un pas, p monte de son entrée fois ce pas : chaque pente de dw est 2 × (p − y) × son entrée.",
    ),
    checks=(
        equals(
            name="trouve la pente pour chaque poids et pour le biais",
            arguments=[[2, 5], 10, [1, 1], 1],
            expected=([-8.0, -20.0], -4.0),
            hint="p = 2 + 5 + 1 = 8, p − y = −2 : 2 × (−2) × 2, 2 × (−2) × 5, et 2 × (−2) pour le biais.",
            mistakes=(
                (([-4.0, -10.0], -2.0), "Tout est deux fois trop petit : la pente de (p − y)² est 2 × (p − y)."),
                (([8.0, 20.0], 4.0), "Tout a le mauvais signe : l'écart est p − y, la réponse moins la vérité."),
                (
                    ([-4.0, -4.0], -4.0),
                    "Toutes les pentes sont égales : celle d'un poids est 2 × (p − y) fois son entrée.",
                ),
                (
                    ([-12.0, -30.0], -6.0),
                    "−12, −30 et −6 viennent de p = 7 : le biais, 1, manque dans la réponse du neurone.",
                ),
                (([32.0, 80.0], 16.0), "32, 80 et 16 viennent de 2 × p : il faut l'écart, p − y."),
                (([16.0, 40.0], 8.0), "16, 40 et 8 viennent de 2 × (p − y)² : la pente n'est plus au carré."),
                (
                    ([-8.0, -20.0], 0.0),
                    "La pente pour le biais est nulle : p monte autant que b, donc db = 2 × (p − y).",
                ),
                (
                    ([-8.0, -20.0], -28.0),
                    "−28 est la somme des deux pentes : le biais n'a pas d'entrée, donc db = 2 × (p − y).",
                ),
                (
                    lambda got: len(got) == 3 and list(got) == [-8, -20, -4],
                    "Les trois pentes sont justes, à la suite : rendez un couple, la liste dw puis le nombre db.",
                ),
                (
                    lambda got: list(got) == [-8, -20],
                    "Ce sont les pentes des poids ; il manque celle du biais : rendez (dw, db).",
                ),
            ),
            tolerance=1e-6,
            read=_as_pair,
        ),
        equals(
            name="est nul quand la réponse est juste",
            arguments=[[2, 5], 8, [1, 1], 1],
            expected=([0.0, 0.0], 0.0),
            hint="p = 8 et y = 8 : il n'y a rien à corriger.",
            tolerance=1e-6,
            read=_as_pair,
        ),
        equals(
            name="tient compte des poids, et du nombre d'entrées",
            arguments=[[1, 2, 4], -13, [0.5, -1, -2], 0.5],
            expected=([8.0, 16.0, 32.0], 8.0),
            hint="p = 0.5 − 2 − 8 + 0.5 = −9, p − y = 4 : 2 × 4 fois 1, 2 et 4.",
            mistakes=(
                (
                    ([41.0, 82.0, 164.0], 41.0),
                    "41, 82, 164 et 41 viennent de p = 7,5, la somme des entrées plus le biais : multipliez-les par leurs poids.",
                ),
                (
                    ([4.0, -8.0, -16.0], 8.0),
                    "4, −8 et −16, ce sont 2 × (p − y) fois les poids : la pente d'un poids se multiplie par son entrée.",
                ),
                (
                    ([26.0, 52.0, 104.0], 26.0),
                    "26, 52, 104 et 26 viennent de p = 0 : ce neurone n'a pas d'activation, sa réponse peut être négative.",
                ),
                (lambda got: len(got[0]) == 2, "Il y a trois poids, donc trois pentes : parcourez toutes les entrées."),
            ),
            tolerance=1e-6,
            read=_as_pair,
        ),
    ),
)

# --- La boucle ------------------------------------------------------------------------------------------

_PREDICT, _MEASURE, _SLOPE, _ERASE, _CORRECT = "prédire", "mesurer", "gradient", "effacer", "corriger"


class _Practice:
    """Un neurone d'un seul poids, parti de zéro, et le journal de ce qu'on lui fait.

    `gap(prediction, y)` est l'écart que l'erreur met au carré. Cet objet sert aussi d'optimiseur : celui de PyTorch
    met plusieurs secondes à se charger la première fois.
    """

    def __init__(self, batches: list[tuple[list[float], list[float]]], gap: Callable = lambda p, y: p - y) -> None:
        import torch

        self.journal: list[str] = []
        self.batches = [tuple(torch.tensor([[value] for value in side]).double() for side in pair) for pair in batches]
        self.model = torch.nn.Linear(1, 1, bias=False).double()
        torch.nn.init.zeros_(self.model.weight)
        self.model.register_forward_hook(lambda *_: self.journal.append(_PREDICT))
        self.model.weight.register_hook(lambda _: self.journal.append(_SLOPE))
        self.gap = gap

    def __repr__(self) -> str:
        return "optimiseur"

    def loss(self, prediction, y):
        self.journal.append(_MEASURE)
        return self.gap(prediction, y).square().mean()

    def zero_grad(self, *_, **__) -> None:
        self.journal.append(_ERASE)
        self.model.weight.grad = None

    def step(self, *_, **__) -> None:
        self.journal.append(_CORRECT)
        if self.model.weight.grad is not None:
            self.model.weight.data -= 0.05 * self.model.weight.grad

    @property
    def weight(self) -> float:
        return self.model.weight.item()

    def told(self) -> str:
        """Ce que le journal prouve, ou "" s'il ne prouve rien."""
        wanted, done = len(self.batches), self.journal.count
        for event, call, consequence in (
            (_SLOPE, "loss.backward()", "il n'y a pas de gradient à suivre"),
            (_CORRECT, "optimizer.step()", "les poids n'ont pas bougé"),
            (_ERASE, "optimizer.zero_grad()", "le gradient de chaque lot s'est ajouté à ceux d'avant"),
        ):
            if not done(event):
                return f"{call} n'a jamais été appelé : {consequence}."
            if done(event) < wanted:
                return f"{call} a été appelé {done(event)} fois pour {wanted} lots : à chaque lot, une fois."
        acts = [event for event in self.journal if event in (_SLOPE, _ERASE, _CORRECT)]
        if acts.index(_CORRECT) < acts.index(_SLOPE):
            return "optimizer.step() a été appelé avant loss.backward() : il n'avait pas encore le gradient de ce lot."
        if any(one == _SLOPE and other == _ERASE for one, other in pairwise(acts)):
            return "Le gradient a été effacé juste après loss.backward() : il ne restait rien à suivre pour corriger."
        return ""


def _epoch_on(practice: _Practice) -> list[float]:
    """L'époque telle qu'elle doit être, l'étalon des vérifications ; rend l'erreur de chaque lot."""
    losses = []
    for x, y in practice.batches:
        loss = practice.loss(practice.model(x), y)
        practice.zero_grad()
        loss.backward()
        practice.step()
        losses.append(loss.item())
    return losses


def _mean(practice: _Practice) -> float:
    """L'erreur moyenne par exemple d'une époque bien faite."""
    sizes = [len(x) for x, _ in practice.batches]
    return sum(loss * size for loss, size in zip(_epoch_on(practice), sizes, strict=True)) / sum(sizes)


_LESSON = "trois lots de deux, deux et un exemples, où y vaut deux fois x"
_DOUBLES = [([1.0, 2.0], [2.0, 4.0]), ([3.0, 1.0], [6.0, 2.0]), ([2.0], [4.0])]
_UNEVEN = [([1.0, 1.0, 1.0], [2.0, 2.0, 2.0]), ([2.0], [12.0])]


def _corrects(function: Callable) -> None:
    own, model = _Practice(_DOUBLES), _Practice(_DOUBLES)
    _epoch_on(model)
    function(own.model, own.batches, own.loss, own)
    try:
        compare(own.weight, model.weight, f"{_LESSON}, un poids parti de 0", tolerance=1e-6)
    except Mistake as mistake:
        hint = own.told() or f"{mistake.hint} À chaque lot : prédire, mesurer, effacer, calculer le gradient, corriger."
        given, got, expected = mistake.given, f"un poids de {mistake.got}", f"un poids de {mistake.expected}"
        raise Mistake(given, got, expected, hint) from None


def _measures(function: Callable) -> None:
    own, losses, expected = _Practice(_UNEVEN), _epoch_on(_Practice(_UNEVEN)), _mean(_Practice(_UNEVEN))
    got = function(own.model, own.batches, own.loss, own)
    if hasattr(got, "detach"):
        advice = "Un nombre de Python est attendu, et c'est un tenseur qui est venu : loss.item() en tire le nombre."
        raise Mistake("un lot de trois exemples, puis un lot d'un seul", show(got), show(expected), advice)
    compare(
        got,
        expected,
        "un lot de trois exemples, puis un lot d'un seul",
        hint="L'erreur de chaque lot est déjà une moyenne : multipliez-la par son nombre d'exemples, puis divisez par le total.",
        mistakes=(
            (
                sum(losses) / 2,
                "C'est la moyenne des deux lots : l'exemple seul y compte autant que les trois autres. Pesez chaque lot par len(x).",
            ),
            (sum(losses), "C'est la somme des erreurs des lots : divisez par le nombre d'exemples, chaque lot pesé."),
            (3 * losses[0] + losses[1], "C'est la somme sur les exemples : il reste à la diviser par leur nombre."),
            (
                (3 * losses[0] + losses[1]) / 2,
                "La somme est juste, mais divisée par le nombre de lots, non d'exemples.",
            ),
            (sum(losses) / 4, "Chaque lot ne compte qu'une fois dans la somme : multipliez son erreur par len(x)."),
            (losses[1], "C'est l'erreur du dernier lot : gardez un total, d'un lot à l'autre."),
            (losses[0], "C'est l'erreur du premier lot : attendez la fin de la boucle pour rendre le résultat."),
        ),
        tolerance=1e-6,
    )


def _keeps_order(function: Callable) -> None:
    """L'écart p − 3y n'est pas le même à l'envers."""
    own, model, swapped = (_Practice(_DOUBLES, lambda p, y: p - 3 * y) for _ in range(3))
    _epoch_on(model)
    swapped.gap = lambda p, y: y - 3 * p
    _epoch_on(swapped)
    function(own.model, own.batches, own.loss, own)
    compare(
        own.weight,
        model.weight,
        f"{_LESSON}, et une erreur qui ne traite pas pareil ses deux arguments",
        hint="L'ordre est loss_function(prédiction, bonne réponse).",
        mistakes=((swapped.weight, "Les deux arguments sont à l'envers : loss_function(prédiction, bonne réponse)."),),
        tolerance=1e-6,
    )


def _takes_any_batches(function: Callable) -> None:
    own = _Practice(_DOUBLES)
    compare(
        function(own.model, (batch for batch in own.batches), own.loss, own),
        _mean(_Practice(_DOUBLES)),
        f"{_LESSON}, donnés par un générateur",
        hint="Un générateur ne se lit qu'une fois et n'a pas de longueur : comptez les exemples au fil de la boucle.",
        tolerance=1e-6,
    )


train_epoch = Card(
    id="neuron.train_epoch",
    title="La boucle",
    statement="Pour chaque lot (x, y) : prédisez, model(x) ; mesurez, loss_function(prédiction, y) ; effacez l'ancien gradient, optimizer.zero_grad() ; calculez le nouveau, loss.backward() ; corrigez, optimizer.step(). Rendez l'erreur moyenne par exemple, un float : l'erreur d'un lot est déjà une moyenne, et le dernier lot peut être plus petit que les autres.",
    difficulty=3,
    minutes=4,
    hints=(
        "Une seule boucle : for x, y in batches. Les cinq gestes de l'énoncé y tiennent en cinq lignes, dans cet ordre.",
        "loss.item() donne l'erreur du lot en nombre ; len(x) dit combien d'exemples il compte.",
        "Deux totaux, avant la boucle : total += loss.item() * len(x) et seen += len(x). À la fin, total / seen.",
    ),
    checks=(
        Check("corrige les poids à chaque lot", _corrects),
        Check("donne à l'erreur la prédiction, puis la bonne réponse", _keeps_order),
        Check("rend l'erreur moyenne par exemple", _measures),
        Check("prend les lots comme ils viennent", _takes_any_batches),
    ),
)

# --- Des lots mêlés -------------------------------------------------------------------------------------

_ROWS = list(range(1, 21))


def _cut(function: Callable, rows: list, size: int, seed: int) -> list[list]:
    """Ce que rend la fonction, en listes simples ; dit ce qui a changé si elle touche à l'argument."""
    given = list(rows)
    got = function(given, size, seed)
    arguments = show_arguments([rows, size, seed])
    try:
        batches = [list(batch) for batch in got]
    except TypeError:
        advice = "Une liste de lots est attendue, et chaque lot est une liste de lignes."
        raise Mistake(arguments, show(got), "une liste de listes", advice) from None
    if given != rows:
        advice = "La liste reçue a changé : random.shuffle mélange sur place. Mélangez une copie, list(rows)."
        raise Mistake(arguments, "l'argument a changé", "un argument intact", advice)
    return batches


def _shuffles(function: Callable) -> None:
    batches = _cut(function, _ROWS, 3, 0)
    if list(chain(*batches)) == _ROWS:
        raise Mistake(
            show_arguments([_ROWS, 3, 0]),
            show(batches),
            "les mêmes lignes, dans un autre ordre",
            "Les lignes sortent dans l'ordre où elles sont entrées. Rangées par résultat, elles feraient des lots qui n'ont tous qu'une réponse : mélangez avant de couper.",
        )
    if any(batch == sorted(batch) and batch[-1] - batch[0] == len(batch) - 1 for batch in batches if len(batch) == 3):
        raise Mistake(
            show_arguments([_ROWS, 3, 0]),
            show(batches),
            "des lots de lignes prises un peu partout",
            "Des lignes voisines sont restées ensemble : ce sont les lots qui ont été mêlés. Mélangez les lignes, puis coupez.",
        )


def _loses_nothing(function: Callable) -> None:
    batches = _cut(function, _ROWS, 3, 0)
    found = sorted(chain(*batches))
    missing, repeated = sorted(set(_ROWS) - set(found)), len(found) - len(set(found))
    advice = ""
    if missing and not repeated:
        advice = f"{len(missing)} lignes sur 20 ne sont dans aucun lot : le dernier, plus petit, compte aussi."
    elif repeated:
        advice = f"Des lignes reviennent ({repeated} de trop) : chaque ligne est dans un lot, et dans un seul. random.choices tire avec remise, random.sample sans."
    if advice:
        raise Mistake(show_arguments([_ROWS, 3, 0]), show(batches), "chaque ligne une fois", advice)
    compare(
        [len(batch) for batch in batches],
        [3] * 6 + [2],
        "les tailles des lots, pour 20 lignes coupées par 3",
        hint="Six lots de trois, puis un lot de deux.",
        mistakes=(([2] + [3] * 6, "Le petit lot vient en premier : coupez à partir du début."),),
    )
    compare(
        [len(batch) for batch in _cut(function, _ROWS[:6], 3, 0)],
        [3, 3],
        "les tailles des lots, pour 6 lignes coupées par 3",
        hint="Six se divise par trois : deux lots, et rien après.",
    )


def _follows_the_seed(function: Callable) -> None:
    first, again, other = (_cut(function, _ROWS, 3, seed) for seed in (7, 7, 8))
    if first != again:
        raise Mistake(
            show_arguments([_ROWS, 3, 7]),
            "deux appels, deux ordres",
            "la même graine, les mêmes lots",
            "Deux appels identiques n'ont pas donné les mêmes lots : random.Random(seed) donne un tirage qui ne dépend que de la graine.",
        )
    if first == other:
        raise Mistake(
            show_arguments([_ROWS, 3, 8]),
            "les mêmes lots qu'avec la graine 7",
            "une autre graine, un autre ordre",
            "Les graines 7 et 8 donnent les mêmes lots : il faut se servir de seed, sans quoi toutes les époques se ressemblent.",
        )


make_batches = Card(
    id="neuron.make_batches",
    title="Bonus · Chasse au bug : toujours dans le même ordre",
    statement="Cette fonction coupe les lignes en lots sans les mélanger. Réparez-la : les lignes sont mélangées d'après la graine seed, puis coupées en lots de batch_size ; le dernier lot peut être plus petit ; rows reste intact.",
    difficulty=2,
    minutes=4,
    hints=(
        "random.Random(seed) crée un hasard à part, qui ne dépend que de la graine.",
        "Sa méthode shuffle mélange une liste sur place : donnez-lui une copie, list(rows).",
        "Le découpage de départ est juste : il lui manquait de partir de la liste mélangée.",
    ),
    checks=(
        Check("mélange les lignes", _shuffles),
        Check("ne perd et ne répète rien", _loses_nothing),
        Check("suit la graine, et elle seule", _follows_the_seed),
    ),
)

# --- La même échelle ------------------------------------------------------------------------------------


def _as_rows(got: Iterable) -> list[list[float]]:
    return [[float(value) for value in row] for row in got]


standardise = Card(
    id="neuron.standardise",
    title="Bonus · Chasse au bug : la règle qui a vu l'examen",
    statement="Cette fonction met les colonnes de rows à l'échelle : on ôte la moyenne de la colonne, puis on divise par son écart-type. Elle calcule l'une et l'autre sur rows et reference réunies. Réparez-la : seule reference, la partie d'apprentissage, a le droit de fixer l'échelle. L'écart-type divise par le nombre de lignes ; une colonne constante est seulement centrée.",
    difficulty=3,
    minutes=4,
    hints=(
        "Une seule ligne est en faute : celle qui dit sur quelles lignes se calculent la moyenne et l'écart-type.",
        "zip(*reference) rend les colonnes de la partie d'apprentissage.",
        "Un écart-type nul ne peut pas diviser : « or 1.0 » le remplace par 1.",
    ),
    checks=(
        equals(
            name="prend l'échelle de reference seule",
            arguments=[[[6.0]], [[1.0], [3.0]]],
            expected=[[4.0]],
            hint="Dans reference, la moyenne est 2 et l'écart-type 1 : (6 − 2) / 1 = 4.",
            mistakes=(
                (
                    lambda got: abs(got[0][0] - 1.2977713690461) < 1e-5,
                    "1,30 vient de la moyenne 3,33 et de l'écart-type 2,05 des trois lignes réunies : 6, qui n'est pas dans reference, a compté.",
                ),
                (
                    [[0.0]],
                    "0, c'est rows mesurée à sa propre échelle : ce qu'on juge doit l'être à celle de l'apprentissage.",
                ),
                (
                    lambda got: abs(got[0][0] - 2.8284271247462) < 1e-5,
                    "2,83, c'est 4 / √2 : l'écart-type est divisé par n − 1, ou la somme des carrés par rien. On la divise par n, le nombre de lignes.",
                ),
                ([[5.0]], "5, c'est (6 − 1) / 1 : la moyenne de reference est 2, et 1 son minimum."),
                (
                    [[2.5]],
                    "2,5, c'est (6 − 1) / (3 − 1), une échelle entre minimum et maximum : on demande l'écart-type.",
                ),
                ([[-4.0]], "Le signe est à l'envers : c'est la valeur moins la moyenne."),
                ([[6.0]], "La valeur n'a pas changé : ôtez la moyenne, divisez par l'écart-type."),
            ),
            tolerance=1e-5,
            read=_as_rows,
        ),
        equals(
            name="divise par l'écart-type de chaque colonne",
            arguments=[[[10.0, 0.0], [14.0, 1.0]], [[10.0, 0.0], [14.0, 1.0]]],
            expected=[[-1.0, -1.0], [1.0, 1.0]],
            hint="Première colonne : moyenne 12, écart-type 2. Seconde : moyenne 0,5, écart-type 0,5.",
            mistakes=(
                (
                    [[-2.0, -0.5], [2.0, 0.5]],
                    "Les colonnes sont centrées ; il reste à les diviser par leur écart-type.",
                ),
                (
                    [[-0.5, -2.0], [0.5, 2.0]],
                    "Les valeurs sont divisées par la variance : l'écart-type en est la racine carrée.",
                ),
                (
                    [[5.0, 0.0], [7.0, 2.0]],
                    "Les valeurs sont divisées par l'écart-type sans que la moyenne ait été ôtée.",
                ),
                (
                    lambda got: abs(got[0][0] - (10 - 6.25) / 5.931905258852336) < 1e-4,
                    "Les deux colonnes n'ont pas la même moyenne, et votre résultat les traite ensemble : une moyenne et un écart-type par colonne.",
                ),
                (
                    [[4.0, -1.0], [8.0, 0.0]],
                    "Seule la moyenne est divisée par l'écart-type : il manque des parenthèses, (valeur − moyenne) / écart-type.",
                ),
                (
                    [[-4.0, -0.25], [4.0, 0.25]],
                    "Les écarts à la moyenne sont multipliés par l'écart-type : divisez-les.",
                ),
                (
                    [[-1.0, 1.0], [-1.0, 1.0]],
                    "Le résultat est transposé : une ligne par exemple, comme dans rows.",
                ),
            ),
            tolerance=1e-5,
            read=_as_rows,
        ),
        equals(
            name="mesure l'écart-type de cinq lignes",
            arguments=[[[10.0]], [[1.0], [6.0], [6.0], [6.0], [6.0]]],
            expected=[[2.5]],
            hint="Moyenne 5. Les carrés des écarts, 16, 1, 1, 1 et 1, ont pour moyenne 4, et l'écart-type vaut 2 : (10 − 5) / 2.",
            mistakes=(
                ([[2.0]], "2, c'est (10 − 6) / 2 : 6 est la médiane de reference, et 5 sa moyenne."),
                (
                    [[3.125]],
                    "3,125, c'est 5 / 1,6, et 1,6 la moyenne des écarts sans leur signe : l'écart-type prend leurs carrés.",
                ),
                ([[5**0.5]], "2,24, c'est 5 / √5 : la somme des carrés est divisée par n − 1, au lieu de n."),
            ),
            tolerance=1e-5,
            read=_as_rows,
        ),
        equals(
            name="survit à une colonne constante",
            arguments=[[[5.0, 7.0]], [[2.0, 7.0], [4.0, 7.0]]],
            expected=[[2.0, 0.0]],
            hint="La seconde colonne de reference vaut partout 7 : son écart-type est nul, on ne fait que centrer.",
            tolerance=1e-5,
            read=_as_rows,
        ),
    ),
)

# --- L'examen qui sert deux fois ------------------------------------------------------------------------

choose = Card(
    id="neuron.choose",
    title="Bonus · Chasse au bug : l'examen qui sert deux fois",
    statement="validation et test donnent les notes des mêmes candidats. Cette fonction choisit d'après l'examen, puis annonce la note de l'examen. Réparez-la : choisissez le candidat qui a la meilleure note de validation (le premier, à égalité), et rendez son rang et sa note à l'examen.",
    difficulty=1,
    minutes=2,
    hints=(
        "Une seule des deux listes a le droit de choisir.",
        "max(range(len(validation)), key=…) rend un rang plutôt qu'une note.",
        "Le couple à rendre : (rang, test[rang]).",
    ),
    checks=(
        equals(
            name="choisit sur la validation, annonce l'examen",
            arguments=[[0.5, 0.9, 0.7], [0.6, 0.4, 1.0]],
            expected=(1, 0.4),
            hint="Le meilleur en validation est le candidat 1, avec 0.9 ; à l'examen, il a 0.4.",
            mistakes=(
                ((2, 1.0), "Le candidat 2 est le meilleur à l'examen : l'examen a choisi, il ne juge plus."),
                ((1, 0.9), "0.9 est la note de validation, celle qui a servi à choisir : annoncez celle de l'examen."),
                ((2, 0.7), "Le candidat 2 est le meilleur à l'examen, et 0.7 sa note de validation : c'est l'inverse."),
                ((1, 1.0), "1.0 est la meilleure note de l'examen, mais c'est celle d'un autre candidat."),
                ((0, 0.6), "Le candidat 0 a la plus basse note de validation : on veut la plus haute."),
                ((0.4, 1), "Les deux valeurs sont justes, à l'envers : le rang, puis la note."),
                (0.4, "La note est juste ; rendez aussi le rang : (rang, note)."),
                (1, "Le rang est juste ; rendez aussi la note à l'examen : (rang, note)."),
                ((0.9, 0.4), "0.9 est une note, non un rang : dites lequel des candidats l'a eue."),
            ),
            tolerance=1e-9,
            read=tuple,
        ),
        equals(
            name="à égalité, garde le premier",
            arguments=[[0.2, 0.8, 0.8], [1.0, 0.3, 0.9]],
            expected=(1, 0.3),
            hint="Les candidats 1 et 2 ont tous deux 0.8 : c'est le premier des deux.",
            mistakes=(
                (
                    (2, 0.9),
                    "Entre deux notes de validation égales, c'est le candidat 2 qui est venu : à égalité, le premier.",
                ),
            ),
            tolerance=1e-9,
            read=tuple,
        ),
    ),
)

CARDS = (forward, gradient, train_epoch, make_batches, standardise, choose)

QUIZZES = (
    Quiz(
        "neuron.gradient",
        "Le gradient d'un poids vaut −6. Que fait la descente de gradient de ce poids ?",
        (
            Option(
                "Elle le baisse, puisque le gradient est négatif.",
                False,
                "Une pente négative veut dire que l'erreur baisse quand le poids monte.",
            ),
            Option(
                "Elle le monte un peu.",
                True,
                "On va à l'opposé de la pente : w − taux × (−6). Avec un taux de 0,01, le poids monte de 0,06.",
            ),
            Option(
                "Elle le met à zéro, là où la pente est nulle.",
                False,
                "On ne sait pas où la pente s'annule : on fait un petit pas dans la bonne direction, et l'on recommence.",
            ),
        ),
    ),
    Quiz(
        "neuron.taux",
        "L'erreur double à chaque époque. Que changez-vous d'abord ?",
        (
            Option(
                "Le nombre d'époques : il en faut plus.",
                False,
                "Chaque époque de plus éloigne davantage : les pas sautent par-dessus le creux.",
            ),
            Option(
                "Le taux d'apprentissage : il est trop grand.",
                True,
                "Au-delà d'une limite, chaque pas retombe plus haut que le précédent. Divisez le taux par dix, et regardez.",
            ),
            Option(
                "La graine du hasard.",
                False,
                "Un autre ordre ne change pas la limite : le taux est trop grand pour toutes les graines.",
            ),
        ),
    ),
    Quiz(
        "neuron.six",
        "Un réseau répond 6 à toutes les additions, et son erreur d'apprentissage est nulle. Comment est-ce possible ?",
        (
            Option(
                "Il n'a vu que des exercices dont la réponse est 6.",
                True,
                "Rien, dans ses exercices, ne distinguait « additionner » de « répondre 6 ». Il faut des exercices variés, et une validation qui le soit aussi.",
            ),
            Option(
                "Son taux d'apprentissage est trop petit.",
                False,
                "Il apprendrait lentement, mais son erreur d'apprentissage ne serait pas nulle.",
            ),
            Option(
                "C'est un bug : une erreur nulle veut dire qu'il sait additionner.",
                False,
                "Une erreur d'apprentissage nulle ne dit rien de ce qu'il n'a pas vu : mesurez-la ailleurs.",
            ),
        ),
    ),
)
