"""Leçon 03 : un neurone, son gradient, et la boucle qui le fait apprendre.

Les lettres sont celles du carnet : `x` les entrées, `w` les poids, `b` le biais, `y` la bonne réponse.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from aurore import language
from aurore.settings import SEED, AuroreError

Example = tuple[tuple[float, ...], float]  # les entrées, la bonne réponse
Loss = Callable[[Tensor, Tensor], Tensor]  # (prédictions, bonnes réponses) → un nombre


# --- Un neurone -----------------------------------------------------------------------------------------


def identity(z: float) -> float:
    """L'activation qui ne change rien : celle d'un neurone qui doit rendre un nombre quelconque."""
    return z


def relu(z: float) -> float:
    """Laisse passer ce qui est positif, rend 0 pour le reste (Nair et Hinton 2010)."""
    return max(0.0, z)


def gelu(z: float) -> float:
    """`z` fois la probabilité qu'une variable normale soit plus petite que `z` (Hendrycks et Gimpel 2016)."""
    return z * 0.5 * (1 + math.erf(z / math.sqrt(2)))


def forward(x: Sequence[float], w: Sequence[float], b: float, activation: Callable[[float], float]) -> float:
    """Un neurone : la somme des entrées, chacune fois son poids, plus le biais, puis l'activation.

    `x` et `w` ont autant de nombres l'un que l'autre, sinon ValueError.
    """
    return activation(sum(x_i * w_i for x_i, w_i in zip(x, w, strict=True)) + b)


# --- Chien ou chat ? ------------------------------------------------------------------------------------

# Des animaux inventés : taille au garrot en décimètres, longueur du museau en centimètres, chien (1) ou chat (0).
BREEDS = {
    "chat": (2.5, 3.0, 0.0),
    "bouledogue": (3.4, 3.2, 1.0),
    "teckel": (2.1, 8.0, 1.0),
    "chihuahua": (1.8, 3.0, 1.0),
}
EASY = ("bouledogue", "teckel")  # sans le chihuahua, plus petit qu'un chat, une droite suffit


def animals(count: int, seed: int, dogs: Sequence[str], spread: float = 1.0) -> list[Example]:
    """Tire `count` animaux, un chat puis un chien, de races prises dans `dogs` : `((taille, museau), 1.0 si chien)`.

    `spread` multiplie les écarts entre animaux d'une même race.
    """
    draw = random.Random(seed)
    drawn: list[Example] = []
    for rank in range(count):
        height, muzzle, dog = BREEDS[draw.choice(dogs) if rank % 2 else "chat"]
        drawn.append(((draw.gauss(height, 0.18 * spread), draw.gauss(muzzle, 0.5 * spread)), dog))
    return drawn


def mistakes(examples: Iterable[Example], w: Sequence[float], b: float) -> int:
    """Nombre d'animaux mal classés par un neurone qui dit « chien » quand sa somme dépasse 0."""
    return sum((forward(x, w, b, identity) > 0) != (y == 1.0) for x, y in examples)


# --- L'erreur et sa pente -------------------------------------------------------------------------------


def squared_error(prediction: float, y: float) -> float:
    """Le carré de l'écart : jamais négatif, nul quand la réponse est juste, quatre fois plus grand à l'écart double."""
    return (prediction - y) ** 2


def slope(function: Callable[[float], float], at: float, step: float = 1e-3) -> float:
    """La pente d'une fonction en un point, par différence finie centrée : on pousse d'un pas de chaque côté."""
    return (function(at + step) - function(at - step)) / (2 * step)


def numerical_gradient(x: Sequence[float], y: float, w: Sequence[float], b: float) -> tuple[list[float], float]:
    """Le gradient de l'erreur au carré d'un neurone sans activation, un poids poussé à la fois : `(dw, db)`."""

    def error_of(rank: int, weight: float) -> float:
        pushed = [*w[:rank], weight, *w[rank + 1 :]]
        return squared_error(forward(x, pushed, b, identity), y)

    dw = [slope(partial(error_of, rank), w_i) for rank, w_i in enumerate(w)]
    return dw, slope(lambda bias: squared_error(forward(x, w, bias, identity), y), b)


def gradient(x: Sequence[float], y: float, w: Sequence[float], b: float) -> tuple[list[float], float]:
    """Le gradient de l'erreur au carré d'un neurone sans activation, par la règle de la chaîne : `(dw, db)`.

    Pour un petit pas, l'erreur change `2 * (p - y)` fois autant que la réponse `p`, et `p` change `x_i` fois autant que `w_i`.
    """
    through = 2 * (forward(x, w, b, identity) - y)
    return [through * x_i for x_i in x], through


def autograd_gradient(x: Sequence[float], y: float, w: Sequence[float], b: float) -> tuple[list[float], float]:
    """Le même gradient, calculé par PyTorch, qui applique la règle de la chaîne à toute formule : `(dw, db)`."""
    weights = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    prediction = torch.tensor(x, dtype=torch.float64) @ weights + bias
    ((prediction - y) ** 2).backward()
    return weights.grad.tolist(), bias.grad.item()


def batch_gradient(examples: Sequence[Example], w: Sequence[float], b: float) -> list[float]:
    """Le gradient moyen d'un lot, poids puis biais : D + 1 nombres."""
    rows = [[*dw, db] for dw, db in (gradient(x, y, w, b) for x, y in examples)]
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def gradient_noise(part: "Part", batch_size: int) -> float:
    """De combien le gradient d'un lot s'écarte de celui de toute la partie, relativement à lui, poids et biais à zéro.

    Racine de l'écart quadratique moyen sur mille lots tirés sans remise, divisée par la norme du gradient complet.
    """
    examples = [(tuple(x), y) for x, [y] in zip(part.x.tolist(), part.y.tolist(), strict=True)]
    w = [0.0] * part.x.shape[1]
    draw, whole = random.Random(SEED), batch_gradient(examples, w, 0.0)
    gaps = [math.dist(batch_gradient(draw.sample(examples, batch_size), w, 0.0), whole) for _ in range(1000)]
    return math.sqrt(sum(gap**2 for gap in gaps) / len(gaps)) / math.hypot(*whole)


# --- Le contrôle de maths -------------------------------------------------------------------------------


class Exam(NamedTuple):
    """Les exemples en trois parties qui ne se mêlent jamais."""

    training: list[Example]
    validation: list[Example]
    test: list[Example]


def additions() -> list[Example]:
    """Les cent additions de deux nombres d'un chiffre, avec leur corrigé : de `((0, 0), 0)` à `((9, 9), 18)`."""
    return [((float(a), float(b)), float(a + b)) for a in range(10) for b in range(10)]


def split(examples: Sequence[Example], seed: int = SEED) -> Exam:
    """Mélange, puis coupe : 80 % pour apprendre, 10 % pour valider, 10 % pour l'examen."""
    drawn = list(examples)
    random.Random(seed).shuffle(drawn)
    first, second = len(drawn) * 8 // 10, len(drawn) * 9 // 10
    return Exam(drawn[:first], drawn[first:second], drawn[second:])


def standardise(rows: Sequence[Sequence[float]], reference: Sequence[Sequence[float]]) -> list[list[float]]:
    """Centre et réduit chaque colonne de `rows` d'après la moyenne et l'écart-type de celle de `reference`.

    `reference` est la partie d'apprentissage, et elle seule. L'écart-type est celui de la population (divisé par n) ;
    une colonne constante est seulement centrée.
    """
    columns = list(zip(*reference, strict=True))
    means = [sum(column) / len(column) for column in columns]
    spreads = [
        math.sqrt(sum((value - mean) ** 2 for value in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    return [[(value - mean) / spread for value, mean, spread in zip(row, means, spreads, strict=True)] for row in rows]


class Part(NamedTuple):
    """Une partie prête pour le réseau : `x` (N, D) et `y` (N, 1), ou des numéros (N,) pour les lettres."""

    x: Tensor
    y: Tensor

    def rows(self, chosen: Sequence[int]) -> "Part":
        """Les exemples de ces rangs : un lot."""
        index = torch.as_tensor(chosen)
        return Part(self.x[index], self.y[index])


def to_part(examples: Sequence[Example], reference: Sequence[Example]) -> Part:
    """Les exemples en tenseurs, entrées standardisées d'après `reference` (la partie d'apprentissage)."""
    rows = standardise([x for x, _ in examples], [x for x, _ in reference])
    return Part(torch.tensor(rows), torch.tensor([[y] for _, y in examples]))


# --- La boucle ------------------------------------------------------------------------------------------


def make_batches(rows: Sequence, batch_size: int, seed: int) -> list[list]:
    """Mélange les lignes, puis les coupe en lots de `batch_size` ; le dernier lot peut être plus petit.

    Rien n'est perdu ni répété ; la même graine donne les mêmes lots ; `rows` reste intact.
    """
    if batch_size < 1:
        raise AuroreError(f"Un lot de {batch_size} exemple ne peut rien apprendre : donnez une taille d'au moins 1.")
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    return [shuffled[start : start + batch_size] for start in range(0, len(shuffled), batch_size)]


def train_epoch(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], loss_function: Loss, optimizer: torch.optim.Optimizer
) -> float:
    """Une époque : pour chaque lot `(x, y)`, prédire, mesurer l'erreur, calculer le gradient, corriger les poids.

    Rend l'erreur moyenne par exemple ; un lot plus petit compte pour moins.
    """
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def evaluate(model: nn.Module, part: Part, loss_function: Loss) -> float:
    """L'erreur moyenne sur une partie, sans rien apprendre."""
    model.eval()
    with torch.no_grad():
        return loss_function(model(part.x), part.y).item()


class History(NamedTuple):
    """L'erreur moyenne à chaque époque : pendant qu'on apprend, puis, s'il y en a une, sur la validation."""

    training: list[float]
    validation: list[float]


def fit(
    model: nn.Module,
    training: Part,
    loss_function: Loss,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    batch_size: int,
    validation: Part | None = None,
    shuffle: bool = True,
    judge: Loss | None = None,
) -> History:
    """Fait apprendre `model` sur place, `epochs` fois toute la partie d'apprentissage, par lots de `batch_size`.

    `shuffle=False` garde l'ordre donné : c'est rarement une bonne idée. `judge` active l'arrêt précoce (Prechelt
    1998) : le modèle finit avec les poids de l'époque où cette erreur fut la plus petite sur la validation.
    """
    history, best, kept = History([], []), math.inf, None
    ranks = range(len(training.x))
    for epoch in range(epochs):
        chosen = make_batches(ranks, batch_size, seed=epoch)
        if not shuffle:
            chosen = [list(ranks[start : start + batch_size]) for start in range(0, len(ranks), batch_size)]
        model.train()
        history.training.append(train_epoch(model, [training.rows(rows) for rows in chosen], loss_function, optimizer))
        if validation is not None:
            history.validation.append(evaluate(model, validation, judge or loss_function))
            if judge and history.validation[-1] < best:
                best, kept = history.validation[-1], {name: t.clone() for name, t in model.state_dict().items()}
    if kept:
        model.load_state_dict(kept)
    return history


def linear_neuron(inputs: int = 2) -> nn.Linear:
    """Un neurone sans activation dont tous les poids partent de zéro, pour que deux essais se comparent."""
    model = nn.Linear(inputs, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    return model


def follow(training: Part, batch_size: int, learning_rate: float, epochs: int) -> list[tuple[int, float]]:
    """Un neurone parti de zéro, suivi pas à pas : `(exercices lus, erreur sur toute la partie)` à chaque correction."""
    model, loss_function = linear_neuron(training.x.shape[1]), nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    read, points = 0, [(0, evaluate(model, training, loss_function))]
    for epoch in range(epochs):
        for rows in make_batches(range(len(training.x)), batch_size, seed=epoch):
            train_epoch(model, [training.rows(rows)], loss_function, optimizer)
            read += len(rows)
            points.append((read, evaluate(model, training, loss_function)))
    return points


def learning_rate_limit(x: Tensor) -> float:
    """Le taux au-delà duquel la descente diverge, pour un neurone sans activation et l'erreur au carré : 2 / λmax.

    `x` (N, D), une mise à jour par époque. λmax est la plus forte courbure de l'erreur, la plus grande valeur propre
    de sa dérivée seconde `2/N XᵀX`, où X porte aussi la colonne de 1 du biais (LeCun 1998).
    """
    inputs = torch.cat([x, torch.ones(len(x), 1)], dim=1).double()  # (N, D + 1)
    curvature = 2 * inputs.T @ inputs / len(inputs)  # (D + 1, D + 1)
    return 2 / torch.linalg.eigvalsh(curvature)[-1].item()


# --- Trop simple, trop souple ---------------------------------------------------------------------------


def network(hidden: int, dropout: float = 0.0, seed: int = SEED) -> nn.Module:
    """Deux entrées, deux couches de `hidden` neurones ReLU, une sortie ; `hidden=0` : un seul neurone.

    `dropout` est la part des neurones éteints au hasard à chaque pas de l'apprentissage (Srivastava 2014).
    """
    torch.manual_seed(seed)
    if hidden == 0:
        return nn.Linear(2, 1)
    layers = [nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, hidden), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(dropout), nn.Linear(hidden, 1))


def with_penalty(loss_function: Loss, model: nn.Module, l1: float = 0.0, l2: float = 0.0) -> Loss:
    """La même erreur, plus `l1` fois la somme des |w| et `l2` fois la somme des w², sur tous les poids du modèle."""

    def penalised(prediction: Tensor, y: Tensor) -> Tensor:
        weights = torch.cat([parameter.flatten() for parameter in model.parameters()])
        return loss_function(prediction, y) + l1 * weights.abs().sum() + l2 * weights.square().sum()

    return penalised


class Trial(NamedTuple):
    """Un essai : son nom, l'erreur sur chaque partie, la part de bonnes réponses au test, et le modèle."""

    name: str
    training: float
    validation: float
    test: float
    right: float
    model: nn.Module


class Setting(NamedTuple):
    """Les réglages d'un essai sur les animaux ; `early` est l'arrêt précoce."""

    name: str
    hidden: int = 64
    dropout: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    early: bool = False
    learning_rate: float = 0.01
    epochs: int = 250


REMEDIES = (
    Setting("un seul neurone", hidden=0),
    Setting("deux couches de 64"),
    Setting("deux couches de 4", hidden=4),
    Setting("pénalité L2", l2=0.003),
    Setting("pénalité L1", l1=0.003),
    Setting("dropout", dropout=0.5),
    Setting("arrêt précoce", early=True),
)


def try_setting(setting: Setting, training: Part, validation: Part, test: Part) -> Trial:
    """Entraîne un réseau sur les animaux, une mise à jour par époque (Adam), et le mesure sans pénalité."""
    cross_entropy = nn.BCEWithLogitsLoss()
    model = network(setting.hidden, setting.dropout)
    optimizer = torch.optim.Adam(model.parameters(), lr=setting.learning_rate)
    loss_function = with_penalty(cross_entropy, model, setting.l1, setting.l2)
    early = {"validation": validation, "judge": cross_entropy} if setting.early else {}
    fit(model, training, loss_function, optimizer, setting.epochs, len(training.x), **early)
    learnt, watched, examined = (evaluate(model, part, cross_entropy) for part in (training, validation, test))
    return Trial(setting.name, learnt, watched, examined, accuracy(model, test), model)


def accuracy(model: nn.Module, part: Part) -> float:
    """La part d'animaux bien classés, entre 0 et 1 : « chien » quand la sortie dépasse 0."""
    model.eval()
    with torch.no_grad():
        return ((model(part.x) > 0) == (part.y == 1)).float().mean().item()


# --- Chercher les réglages ------------------------------------------------------------------------------

RATES, PENALTIES = (1e-4, 1.0), (1e-5, 1e-1)  # les bornes de la recherche, sur une échelle logarithmique


def grid_points(per_side: int) -> list[tuple[float, float]]:
    """Les `per_side`² croisements de taux et de pénalités également espacés (en logarithme)."""
    ranks = [rank / (per_side - 1) for rank in range(per_side)]
    return [(_between(RATES, one), _between(PENALTIES, other)) for one in ranks for other in ranks]


def random_points(count: int, seed: int = SEED) -> list[tuple[float, float]]:
    """Autant de couples (taux, pénalité) tirés au hasard entre les mêmes bornes (Bergstra et Bengio 2012)."""
    draw = random.Random(seed)
    return [(_between(RATES, draw.random()), _between(PENALTIES, draw.random())) for _ in range(count)]


def _between(bounds: tuple[float, float], share: float) -> float:
    low, high = map(math.log, bounds)
    return math.exp(low + share * (high - low))


# --- Le hasard et l'examen ------------------------------------------------------------------------------


def choose(validation: Sequence[float], test: Sequence[float]) -> tuple[int, float]:
    """Le rang du candidat qui a la meilleure note de validation, le premier à égalité, et sa note à l'examen.

    La note de validation a servi à choisir : elle n'est plus un jugement. Celle de l'examen n'a servi à rien d'autre.
    """
    best = max(range(len(validation)), key=lambda rank: validation[rank])
    return best, test[best]


def coin_tossers(candidates: int, exercises: int, repeats: int = 2000) -> tuple[float, float]:
    """Des candidats qui répondent à pile ou face : note du meilleur en validation, puis à l'examen, en moyenne."""
    draw, chosen = random.Random(SEED), []
    for _ in range(repeats):
        validation, test = (
            [draw.getrandbits(exercises).bit_count() / exercises for _ in range(candidates)] for _ in range(2)
        )
        best, mark = choose(validation, test)
        chosen.append((validation[best], mark))
    best_marks, exam_marks = zip(*chosen, strict=True)
    return sum(best_marks) / repeats, sum(exam_marks) / repeats


# --- Deux lettres de suite ------------------------------------------------------------------------------


def letters(text: str) -> tuple[str, Tensor]:
    """L'alphabet d'un texte, espace compris, et le numéro de chacune de ses lettres, (T,).

    Seuls restent les mots, en minuscules, séparés par une espace ; AuroreError s'il n'y en a pas.
    """
    spelled = " ".join(language.words(text))
    if not spelled:
        raise AuroreError("Ce texte n'a pas de mot : donnez-en un qui ait au moins quelques lettres.")
    alphabet = "".join(sorted(set(spelled)))
    number = {letter: rank for rank, letter in enumerate(alphabet)}
    return alphabet, torch.tensor([number[letter] for letter in spelled])


def bigram_counts(ids: Tensor, size: int) -> Tensor:
    """Combien de fois chaque lettre suit chaque lettre : (V, V), la première en ligne, la seconde en colonne."""
    return torch.bincount(ids[:-1] * size + ids[1:], minlength=size * size).view(size, size)


def bigram_probabilities(counts: Tensor) -> Tensor:
    """Les comptes, chaque ligne ramenée à une somme de 1 : (V, V). Une lettre sans suite donne la même chance à toutes."""
    totals = counts.sum(dim=1, keepdim=True)
    return torch.where(totals > 0, counts / totals.clamp(min=1), 1 / len(counts))


def surprise(probabilities: Tensor, ids: Tensor) -> float:
    """L'entropie croisée : la moyenne de -log(chance donnée à la lettre qui vient), en nats ; infinie pour un zéro."""
    return -probabilities[ids[:-1], ids[1:]].log().mean().item()


def learn_bigrams(ids: Tensor, size: int, epochs: int = 150) -> tuple[nn.Embedding, History]:
    """Un réseau d'une ligne de V poids par lettre, parti de zéro, qui apprend à deviner la suivante.

    Ses poids passent par softmax ; l'entropie croisée est la plus basse quand ils redonnent les comptes.
    """
    model = nn.Embedding(size, size)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.3)
    pairs = Part(ids[:-1], ids[1:])
    return model, fit(model, pairs, nn.functional.cross_entropy, optimizer, epochs, len(pairs.x))


def write_letters(probabilities: Tensor, alphabet: str, count: int, seed: int = SEED) -> str:
    """Écrit `count` lettres, chacune tirée d'après celle qui la précède, à partir d'une espace."""
    generator = torch.Generator().manual_seed(seed)
    written = [alphabet.index(" ")]
    for _ in range(count):
        written.append(torch.multinomial(probabilities[written[-1]], 1, generator=generator).item())
    return "".join(alphabet[rank] for rank in written[1:])
