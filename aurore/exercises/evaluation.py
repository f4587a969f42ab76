"""Leçon 09, les exercices : bits par caractère, deux chasses au bug sur le remplissage, les suites jamais vues ; en bonus,
la distance d'édition, BLEU, et une diversité mal comptée.

Les résultats attendus sont calculés à la main, ou viennent de rapidfuzz : jamais des fonctions que la leçon fait écrire.
"""

import math

import torch
from rapidfuzz.distance import Levenshtein
from torch.nn import functional

from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show
from aurore.atelier.quiz import Option, Quiz

# --- Bits par caractère ---------------------------------------------------------------------------------

_LN2 = math.log(2)


def _rounded_ln2(nats: float, characters: int):
    """Reconnaît une division par 0,7, 0,69, 0,693… au lieu de ln 2."""
    return lambda got: any(abs(nats / round(_LN2, digits) / characters - got) < 1e-9 for digits in range(1, 6))


def _bits(nats: float, characters: int) -> tuple[tuple[float, str], ...]:
    """Les méprises que la valeur trahit."""
    bits = nats / _LN2
    return (
        (nats / characters, "Ce sont des nats par caractère : un nat vaut 1 / ln 2 bits, il reste à diviser par ln 2."),
        (nats * _LN2 / characters, "Les nats sont multipliés par ln 2 : il y a plus de bits que de nats, divisez."),
        (bits, "C'est le nombre de bits de tout le texte : partagez-le entre ses caractères."),
        (bits * characters, "Les bits sont multipliés par le nombre de caractères : partagez-les, c'est une division."),
        (nats / math.log10(2) / characters, "Les nats sont divisés par log10(2) : ln 2 est le logarithme naturel, math.log(2)."),
        (characters / bits, "C'est l'inverse : des caractères par bit."),
        (bits // characters, "« // » ôte les décimales : divisez avec « / »."),
        (float(round(bits / characters)), "Le résultat est arrondi à l'entier : gardez les décimales."),
        (math.log2(nats) / characters, "Les nats sont déjà un logarithme : on n'en reprend pas un autre."),
        (math.exp(nats / characters), "C'est une perplexité par caractère : on demande des bits, sans exponentielle ni puissance de deux."),
        (_rounded_ln2(nats, characters), "ln 2 est arrondi : math.log(2) en donne tous les chiffres, 0,693147…"),
        (nats / math.log(10) / characters, "Les nats sont divisés par ln 10 : un bit vaut ln 2 nats."),
        (nats / 2 / characters, "Les nats sont divisés par 2 : un bit vaut ln 2 nats, soit 0,69."),
        (nats / 8 / characters, "Les nats sont divisés par 8 : ce ne sont pas des octets. Un bit vaut ln 2 nats."),
        (-bits / characters, "Le signe est retourné : une perte est positive."),
    )  # fmt: skip


bits_per_character = Card(
    id="evaluation.bits_per_character",
    title="Bits par caractère",
    statement="Rendez les bits par caractère d'un texte. nats est sa perte totale, la somme des −ln p de tous ses tokens ; characters est son nombre de caractères. Un bit vaut ln 2 nats.",
    difficulty=1,
    minutes=2,
    hints=(
        "Deux divisions : l'une change d'unité, l'autre partage entre les caractères.",
        "math.log(2) vaut ln 2, soit 0,693… Douze fois ln 2 nats font douze bits.",
        "nats / math.log(2) donne les bits de tout le texte.",
    ),
    checks=(
        equals(
            name="change les nats en bits, et partage",
            arguments=[12 * _LN2, 4],
            expected=3.0,
            tolerance=1e-6,
            hint="12 ln 2 nats font 12 bits ; pour 4 caractères, 3 bits chacun.",
            mistakes=_bits(12 * _LN2, 4),
        ),
        equals(
            name="garde les décimales",
            arguments=[100.0, 80],
            expected=100 / _LN2 / 80,
            tolerance=1e-6,
            hint="100 nats font 144,27 bits ; pour 80 caractères, 1,803 bit chacun.",
            mistakes=_bits(100.0, 80),
        ),
    ),
)  # fmt: skip


# --- La perplexité --------------------------------------------------------------------------------------


def _perplexities(losses: torch.Tensor, counted: torch.Tensor) -> tuple[tuple[float, str], ...]:
    """Les méprises que la valeur trahit."""
    kept = losses[counted]
    return (
        (losses.mean().exp().item(), "Toutes les places comptent, remplissage compris : ne gardez que celles où counted est vrai."),
        (losses[~counted].mean().exp().item(), "Ce sont les places de remplissage qui ont compté : counted dit celles qu'il faut garder."),
        ((losses * counted).mean().exp().item(), "Le remplissage est mis à zéro, mais il compte encore dans le nombre de places : divisez par counted.sum()."),
        (kept.exp().mean().item(), "C'est la moyenne des exponentielles : la perplexité est l'exponentielle de la moyenne."),
        (kept.mean().item(), "C'est la perte moyenne : il reste à en prendre l'exponentielle."),
        (kept.sum().exp().item(), "C'est l'exponentielle de la somme : prenez d'abord la moyenne."),
        (losses[counted.long()].mean().exp().item(), "counted, changé en 0 et en 1, a servi de rangs : laissez-lui ses vrais et ses faux."),
        (2 ** kept.mean().item(), "La perte est en nats : c'est e, et non 2, que l'on élève à cette puissance."),
        (kept.mean().exp2().item(), "La perte est en nats : c'est e, et non 2, que l'on élève à cette puissance."),
        (kept.mean().neg().exp().item(), "C'est l'inverse de la perplexité : la perte est déjà positive, pas de signe moins."),
    )  # fmt: skip


_LINE, _LINE_COUNTED = torch.tensor([math.log(2), math.log(8), 0.1, 0.1, 0.1]), torch.tensor([1, 1, 0, 0, 0]).bool()
_LOT = torch.tensor([[math.log(4), math.log(16), math.log(64), math.log(16)], [math.log(2), 0.3, 0.2, 0.1]])
_LOT_COUNTED = torch.tensor([[1, 1, 1, 1], [1, 0, 0, 0]]).bool()
_BY_ROW = math.exp((math.log(16) + math.log(2)) / 2)
_MIXED = torch.tensor([0.1, math.log(2), 0.2, math.log(8), math.log(4)])
_MIXED_COUNTED = torch.tensor([False, True, False, True, True])
_GUESSED, _GUESSED_COUNTED = torch.tensor([math.log(9), 0.0, 7.0]), torch.tensor([True, True, False])

perplexity = Card(
    id="evaluation.perplexity",
    title="Chasse au bug : 3,37",
    statement="Ce code donne une perplexité flatteuse. Réparez-le : losses donne la perte de chaque place, en nats, et counted, de même forme, dit lesquelles sont de vrais tokens. Rendez l'exponentielle de la perte moyenne des vrais tokens, un nombre.",
    difficulty=2,
    minutes=2,
    hints=(
        "counted ne sert à rien dans ce code : que fait-il des places de remplissage ?",
        "Un tenseur de vrais et de faux sert d'indice : losses[counted] ne garde que les places où counted est vrai.",
    ),
    checks=(
        equals(
            name="ne compte que les vrais tokens",
            arguments=[_LINE, _LINE_COUNTED],
            expected=4.0,
            tolerance=1e-4,
            read=float,
            hint="Deux vrais tokens, de pertes ln 2 et ln 8 : leur moyenne est ln 4, la perplexité 4.",
            mistakes=_perplexities(_LINE, _LINE_COUNTED),
        ),
        equals(
            name="donne à chaque token le même poids, dans un lot",
            arguments=[_LOT, _LOT_COUNTED],
            expected=math.exp((math.log(4) + 2 * math.log(16) + math.log(64) + math.log(2)) / 5),
            tolerance=1e-4,
            read=float,
            hint="Un texte de quatre tokens, un autre d'un seul : la moyenne se prend sur les cinq.",
            mistakes=(
                (_BY_ROW, "Chaque texte pèse autant que l'autre : c'est chaque token qui doit compter autant, ici cinq."),
                ((16 + 2) / 2, "C'est la moyenne des perplexités des deux textes : la moyenne se prend sur les pertes, tous tokens ensemble."),
                (16.0, "Seul le premier texte du lot a compté."),
                *_perplexities(_LOT, _LOT_COUNTED),
            ),
        ),
        equals(
            name="suit counted, où que soit le remplissage",
            arguments=[_MIXED, _MIXED_COUNTED],
            expected=4.0,
            tolerance=1e-4,
            read=float,
            hint="Trois vrais tokens, de pertes ln 2, ln 8 et ln 4 : le remplissage est au début et au milieu.",
            mistakes=(
                (_MIXED[:3].mean().exp().item(), "Ce sont les premières places qui comptent : le remplissage n'est pas toujours à la fin."),
                *_perplexities(_MIXED, _MIXED_COUNTED),
            ),
        ),
        equals(
            name="compte un vrai token deviné sans perte",
            arguments=[_GUESSED, _GUESSED_COUNTED],
            expected=3.0,
            tolerance=1e-4,
            read=float,
            hint="Pertes ln 9 et 0, toutes deux de vrais tokens : la perplexité est √9 = 3. Une perte nulle n'est pas un remplissage.",
            mistakes=((9.0, "La perte nulle n'a pas compté : c'est counted, et non la perte, qui dit si un token est vrai."),),
        ),
    ),
)  # fmt: skip


# --- Le taux de tokens devinés --------------------------------------------------------------------------

_LABELS = torch.tensor([[1, 3, 0, 2, 3, -100, -100, -100]])
_TWO_LABELS = torch.tensor([[1, 3, 0, 2], [2, 1, -100, -100]])


def _notes(guesses: list[list[int]]) -> torch.Tensor:
    """Des logits dont le token le mieux noté est, à chaque place, celui de `guesses`."""
    return 4.0 * functional.one_hot(torch.tensor(guesses), 4).float()


# Jugées à l'envers, les notes de la fiche ne devinent rien ; mais 0 peut venir d'ailleurs.
_BACKWARDS = "0 voudrait dire que rien n'est deviné. Chaque note se juge sur le token suivant ; jugées sur celui d'avant, ces notes-ci n'auraient rien de juste."


def _accuracies(logits: torch.Tensor, labels: torch.Tensor) -> tuple[tuple[float, str], ...]:
    """Les méprises que la valeur trahit, là où elle ne peut venir d'ailleurs."""
    guessed = logits.argmax(-1)
    right, real = guessed[:, :-1] == labels[:, 1:], labels[:, 1:] != -100
    shown = {
        "Chaque note est jugée sur le token que le modèle vient de lire, et le remplissage compte : jugez-la sur le suivant, où il n'est pas -100.": (guessed == labels).float().mean(),
        "Chaque note est jugée sur le token que le modèle vient de lire : jugez-la sur le suivant, logits[:, :-1] contre labels[:, 1:].": (guessed == labels)[labels != -100].float().mean(),
        "Le décalage est juste, mais les places à -100 comptent encore dans le nombre de tokens.": right.float().mean(),
        "Le nombre de tokens justes est divisé par un de trop : il n'y a rien à deviner au premier token, et une place ne compte que si le token suivant n'est pas -100.": right.sum() / (labels != -100).sum(),
        _BACKWARDS: (guessed[:, 1:] == labels[:, :-1])[labels[:, :-1] != -100].float().mean(),
        "C'est le nombre de tokens justes : on demande leur part.": right[real].sum(),
        "C'est la part des tokens manqués : on demande celle des tokens devinés.": 1 - right[real].float().mean(),
        "C'est un pourcentage : rendez une part, entre 0 et 1.": 100 * right[real].float().mean(),
    }  # fmt: skip
    expected = right[real].float().mean().item()
    return tuple((float(value), sentence) for sentence, value in shown.items() if abs(float(value) - expected) > 1e-3)


_ONE = _notes([[3, 0, 0, 3, 0, 0, 0, 0]])
_PAIR = _notes([[3, 0, 0, 1], [3, 0, 0, 0]])
_PARROT = _notes([[1, 3, 0, 2, 3, 1, 1, 1]])

token_accuracy = Card(
    id="evaluation.token_accuracy",
    title="Bonus · Chasse au bug : les tokens devinés",
    statement="Réparez cette mesure : logits (B, T, V) contient à chaque place les notes du token suivant, labels (B, T) les tokens lus, où -100 marque un remplissage. Rendez la part des tokens devinés du premier coup, entre 0 et 1, sur ceux qui sont à deviner.",
    difficulty=2,
    minutes=3,
    hints=(
        "Deux erreurs à la fois : sur quel token juge-t-on chaque note, et combien de places compte-t-on ?",
        "logits[:, :-1] ôte la dernière note, labels[:, 1:] le premier token.",
        "counted = wanted != -100, puis (guessed == wanted)[counted].float().mean().",
    ),
    checks=(
        equals(
            name="juge chaque note sur le token suivant, sans le remplissage",
            arguments=[_ONE, _LABELS],
            expected=0.75,
            tolerance=1e-4,
            read=float,
            hint="Le texte est 1, 3, 0, 2, 3 : quatre tokens à deviner, 3, 0, 2 et 3. Les notes désignent 3, 0, 0 et 3 : trois sur quatre.",
            mistakes=(
                *_accuracies(_ONE, _LABELS),
                (2 / 3, "Un des quatre tokens à deviner, 3, 0, 2 et 3, n'a pas compté. Le token 0 en est un comme un autre : seul -100 marque un remplissage."),
                (math.isnan, "La valeur est nan, une moyenne de rien. Il n'y a ici qu'un texte : labels[1:] n'en garde aucun, labels[:, 1:] ôte son premier token."),
            ),
        ),
        equals(
            name="ne récompense pas qui recopie ce qu'il lit",
            arguments=[_PARROT, _LABELS],
            expected=0.0,
            tolerance=1e-4,
            read=float,
            hint="Ces notes désignent le token qui vient d'être lu : rien n'est deviné.",
            mistakes=_accuracies(_PARROT, _LABELS),
        ),
        equals(
            name="donne à chaque token le même poids, dans un lot",
            arguments=[_PAIR, _TWO_LABELS],
            expected=0.5,
            tolerance=1e-4,
            read=float,
            hint="Deux devinés sur trois dans le premier texte, aucun sur un dans le second : deux sur quatre.",
            mistakes=((2 / 5, "2/5 est ce qu'on trouve en ôtant les -100 avant de décaler : le premier token du second texte y est jugé sur la fin du premier. Décalez d'abord, dans chaque texte."), (1 / 3, "C'est la moyenne des deux textes : ce sont les tokens, quatre en tout, qui comptent chacun autant."), (2 / 3, "Seul le premier texte du lot est jugé.")),
        ),
    ),
)  # fmt: skip


# --- Les suites jamais vues -----------------------------------------------------------------------------


class _Books:
    """De faux livres : les suites qu'ils contiennent, et ce qu'on leur a demandé."""

    def __init__(self, known: set[str]) -> None:
        self.known = known
        self.asked: list = []

    def __repr__(self) -> str:
        return f"la fonction qui connaît {', '.join(f'« {gram} »' for gram in sorted(self.known))}"

    def __call__(self, gram) -> bool:
        self.asked.append(gram)
        return isinstance(gram, str) and gram in self.known


def _zero(got):
    """Zéro est le même nombre, entier ou à virgule : qui n'a rien à partager rend l'un ou l'autre."""
    return 0.0 if isinstance(got, int | float) and not isinstance(got, bool) and got == 0 else got


def _unseen(name: str, words: str, n: int, known: set[str], expected: float, hint: str, mistakes=()) -> Check:
    def test(function):
        books = _Books(known)
        given = f"words = {words.split()}, n = {n} ; les livres connaissent {', '.join(f'« {gram} »' for gram in sorted(known))}"
        got = _zero(function(words.split(), n, books))
        wrong = next((gram for gram in books.asked if not isinstance(gram, str)), None)
        if wrong is not None:
            raise Mistake(
                given,
                f"seen({show(wrong)})",
                "seen('…')",
                'seen reçoit un texte, les mots de la suite séparés par une espace : " ".join(…).',
            )
        odd = next((gram for gram in books.asked if len(gram.split()) != n), None)
        if odd is not None and got is not None:
            raise Mistake(
                given,
                f"seen({show(odd)})",
                f"des suites de {n} mots",
                f"seen a reçu « {odd} », qui n'a pas {n} mots séparés par une espace.",
            )
        compare(got, expected, given, hint=hint, mistakes=mistakes, tolerance=1e-6)

    return Check(name, test)  # fmt: skip


unseen_share = Card(
    id="evaluation.unseen_share",
    title="Jamais vues",
    statement="Rendez la part des suites de n mots consécutifs de words que les livres ne contiennent pas. seen est une fonction : elle reçoit une suite, ses mots séparés par une espace (« le vent du »), et dit si les livres la contiennent. S'il n'y a aucune suite, rendez 0.",
    difficulty=2,
    minutes=3,
    hints=(
        "Cinq mots contiennent quatre suites de deux mots : elles commencent aux rangs 0, 1, 2 et 3.",
        "words[start : start + n] est la suite qui commence à start ; \" \".join(…) en fait un texte.",
        "start va de 0 à len(words) - n compris : range(len(words) - n + 1).",
    ),
    checks=(
        _unseen(
            "compte les suites que les livres n'ont pas",
            "le vent du soir tombait",
            2,
            {"le vent", "vent du", "soir tombait"},
            0.25,
            "Quatre suites de deux mots, dont une inconnue, « du soir » : 0,25.",
            (
                (0.75, "C'est la part des suites connues : on demande celle des inconnues."),
                (0.2, "Une suite inconnue pour cinq mots ferait 0,2 ; mais il y a quatre suites : divisez par leur nombre, sans arrondir."),
                (lambda got: isinstance(got, int) and got == 1, "C'est le nombre de suites inconnues : on demande leur part."),
                (1 / 3, "Une des quatre suites n'a pas compté : la première commence au rang 0, la dernière au rang 3, range(len(words) - n + 1)."),
                (0.5, "Les suites sont prises bout à bout : elles se chevauchent, une commence à chaque mot."),
                (25.0, "C'est un pourcentage : rendez une part, entre 0 et 1."),
                (1.0, "Toutes les suites sont inconnues, alors que « le vent » est dans les livres : c'est ce texte-là que seen doit recevoir."),
            ),
        ),
        _unseen(
            "suit la longueur demandée",
            "Le vent du soir tombait",
            3,
            {"le vent", "vent du", "Le vent du"},
            2 / 3,
            "Trois suites de trois mots, dont une seule, « Le vent du », est connue.",
            ((1.0, "Aucune suite n'est connue, alors que « Le vent du », avec sa majuscule, est dans les livres."),),
        ),
        _unseen(
            "compte une suite autant de fois qu'elle est dite",
            "hop là hop là hop",
            2,
            {"hop là"},
            0.5,
            "« hop là » deux fois, « là hop » deux fois : deux inconnues sur quatre.",
        ),
        _unseen(
            "compte une répétition autant de fois qu'il y en a",
            "a a a a b",
            2,
            {"a a"},
            0.25,
            "« a a » trois fois, « a b » une fois : une inconnue sur quatre.",
            ((0.5, "Chaque suite différente n'a compté qu'une fois : « a a » est dite trois fois."),),
        ),
        _unseen("rend 0 s'il n'y a aucune suite", "seul", 2, {"le vent"}, 0.0, "Un seul mot, aucune suite de deux : il n'y a rien à partager."),
    ),
)  # fmt: skip


# --- Bonus : la distance d'édition ----------------------------------------------------------------------


def _place_by_place(reference, found) -> int:
    return sum(one != other for one, other in zip(reference, found, strict=False)) + abs(len(reference) - len(found))


def _distance(name: str, reference, found, hint: str, mistakes=()) -> Check:
    return equals(
        name=name,
        arguments=[reference, found],
        expected=Levenshtein.distance(reference, found),
        hint=hint,
        mistakes=mistakes,
    )


edit_distance = Card(
    id="evaluation.edit_distance",
    title="Bonus · La distance d'édition",
    statement="Rendez le plus petit nombre d'ajouts, de retraits et de remplacements qui change reference en found, un entier. Les deux sont des textes, comparés lettre à lettre, ou des listes de mots, comparées mot à mot ; « e », « E » et « é » sont trois lettres différentes.",
    difficulty=4,
    minutes=8,
    hints=(
        "Un tableau : à la ligne i, colonne j, la distance entre les i premières lettres de reference et les j premières de found.",
        "La première ligne est 0, 1, 2… : pour faire found de rien, il faut tout ajouter. La première colonne aussi.",
        "Une case est la plus petite de trois : celle du dessus plus un (retrait), celle de gauche plus un (ajout), celle de la diagonale plus un si les lettres diffèrent, plus zéro sinon.",
    ),
    checks=(
        _distance("remplace une lettre", "parle", "perle", "Un remplacement, « a » par « e » : 1.", ((2, "Le remplacement a compté pour deux, un retrait et un ajout : il compte pour un."), (0, "Aucune différence n'est comptée, alors que « a » et « e » diffèrent."), (4, "C'est le nombre de lettres communes : on demande le nombre de changements."), (3, "C'est 2 de trop. Un tableau fait par « [[0] * n] * m » n'a qu'une ligne, montrée m fois, et le calcul y donne 3 : faites une liste par ligne."), (10, "10 est la longueur des deux mots ensemble : rien n'est rapproché. Une case est la plus petite de trois, et les boucles vont jusqu'à la dernière lettre."), (5, "5 est la longueur des mots : une lettre qui ne change pas ne coûte rien."))),
        _distance(
            "ajoute une lettre sans compter les suivantes",
            "célèbre",
            "accélèbre",
            "Deux ajouts au début, « a » et « c », et tout le reste est le même : 2.",
            (
                (_place_by_place("célèbre", "accélèbre"), "Les lettres sont comparées place à place : deux lettres ajoutées au début décalent tout, et ne font que deux changements."),
                (0, "0 voudrait dire que les deux textes sont le même : deux lettres sont à ajouter. Au bord du tableau, les cases sont 0, 1, 2… : partir de rien, c'est tout ajouter."),
                (1, "1 est le nombre de mots changés, ou celui des lettres que les deux mots n'ont pas en commun, « a ». Deux textes se comparent lettre à lettre : le « c » ajouté compte aussi, bien que « célèbre » en ait déjà un."),
            ),
        ),
        _distance("enlève des lettres", "écrivaines", "écrivn", "Quatre retraits : a, i, e et s.", ((0, "Rien n'est compté, alors que quatre lettres manquent."),)),
        _distance("suit l'ordre", "niche", "chien", "Les mêmes lettres, dans un autre ordre.", ((0, "Les lettres sont les mêmes, mais leur ordre compte."), (5, "Cinq changements font bien « chien », mais quatre suffisent : à chaque lettre, essayez les trois gestes, et gardez le plus petit total."))),
        _distance(
            "compare des listes de mots",
            "la petite Fadette était assise".split(),
            "la petite était debout".split(),
            "Un mot retiré, « Fadette », et un mot remplacé : 2.",
            ((1, "Un seul changement est compté. Le dernier mot compte aussi : dans un tableau, la réponse est la toute dernière case."), (_place_by_place("la petite Fadette était assise".split(), "la petite était debout".split()), "Les mots sont comparés place à place : un mot retiré décale les autres, et ne fait qu'un changement."),),
        ),
        _distance("distingue majuscules et accents", "George", "georgé", "« G » et « g » diffèrent, « e » et « é » aussi : 2.", ((0, "0 voudrait dire que les deux textes sont le même : une majuscule et un accent les distinguent."), (1, "Un seul changement est compté : il y a une majuscule et un accent."))),
        _distance("compte deux lettres échangées", "cheval", "chevla", "Deux remplacements, ou un retrait et un ajout : 2. Échanger deux lettres n'est pas un des trois gestes.", ((1, "L'échange de deux lettres voisines a compté pour un : il n'est pas parmi les trois gestes."),)),
        _distance("cherche le plus petit nombre", "barbe", "sable", "Trois remplacements, « b », « r » et « b » : 3.", ((5, "Cinq changements font bien « sable », mais trois suffisent : garder la plus longue suite commune n'est pas toujours le plus court."),)),
        _distance("compte les espaces du bord", " sabot", "sabot", "Une espace est retirée : 1.", ((0, "L'espace du début n'a pas compté : c'est une lettre comme une autre."),)),
        _distance("part de rien", "", "abc", "De rien à trois lettres : trois ajouts.", ((0, "Rien n'est compté, alors que trois lettres sont à ajouter."),)),
        _distance("arrive à rien", "abc", "", "De trois lettres à rien : trois retraits.", ((0, "Rien n'est compté, alors que trois lettres sont à retirer."),)),
    ),
)  # fmt: skip


# --- Bonus : BLEU ---------------------------------------------------------------------------------------

_REFERENCE = "la petite Fadette était assise au coin du feu".split()
_FOUND = "la petite Fadette était debout au coin du feu".split()
_SHORT = "la petite Fadette était assise".split()
_PARROTED = "la petite petite petite Fadette était assise au coin du feu".split()
# 8/9 des mots, 6/8 des couples, 4/7 des triplets, 2/6 des suites de quatre.
_PRECISIONS = (8 / 9, 6 / 8, 4 / 7, 2 / 6)
_BLEU = 100 * math.prod(_PRECISIONS) ** 0.25
# « petite » est trois fois dans le trouvé, une fois dans la référence : une seule compte.
_CLIPPED = (9 / 11, 8 / 10, 6 / 9, 5 / 8)

bleu = Card(
    id="evaluation.bleu",
    title="Bonus · BLEU",
    statement="Rendez le BLEU de la liste de mots found, comparée à la liste reference, de 0 à 100 ; « Le » et « le » sont deux mots. Pour n de 1 à longest, ici 4, la précision est la part des suites de n mots de found qui sont dans reference, chacune comptée au plus autant de fois qu'elle y est. Prenez la moyenne géométrique des quatre, multipliez-la par exp(1 − r / c) si found, de c mots, est plus court que reference, de r mots, puis par 100. Si une précision est nulle, ou s'il n'y a aucune suite, rendez 0.",
    difficulty=4,
    minutes=8,
    hints=(
        "Counter, de collections, compte les suites : Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1)).",
        "Counter(a) & Counter(b) garde, pour chaque suite, le plus petit des deux comptes. Sa somme est le nombre de suites justes.",
        "La moyenne géométrique de quatre nombres est la racine quatrième de leur produit, ou exp de la moyenne de leurs logarithmes.",
    ),
    checks=(
        equals(
            name="fait la moyenne géométrique de quatre précisions",
            arguments=[_REFERENCE, _FOUND],
            expected=_BLEU,
            tolerance=1e-6,
            hint="Les précisions sont 8/9, 6/8, 4/7 et 2/6 ; leur moyenne géométrique, sur 100, est 59,7.",
            mistakes=(
                (_BLEU / 100, "C'est entre 0 et 1 : BLEU s'écrit de 0 à 100."),
                (25 * sum(_PRECISIONS), "C'est la moyenne ordinaire des quatre précisions : on demande la géométrique."),
                (100 * math.prod(_PRECISIONS) ** 0.5, "C'est la racine carrée du produit : pour quatre précisions, la racine est quatrième."),
                (100 * math.prod(_PRECISIONS), "C'est le produit des précisions : il en manque la racine quatrième."),
                (100 * _PRECISIONS[0], "Seuls les mots isolés comptent : il faut aussi les suites de deux, trois et quatre mots."),
                (100 * _PRECISIONS[3], "Seules les suites de quatre mots comptent : il faut aussi les plus courtes."),
                (100 * math.prod(_PRECISIONS[:3]) ** (1 / 3), "Les suites de quatre mots n'ont pas compté."),
            ),
        ),
        equals(
            name="ne compte pas un mot répété plus de fois qu'il n'est dans la référence",
            arguments=[_REFERENCE, _PARROTED],
            expected=100 * math.prod(_CLIPPED) ** 0.25,
            tolerance=1e-6,
            hint="« petite » est trois fois dans found et une fois dans reference : une seule compte.",
            mistakes=(
                (100 * (math.prod(_CLIPPED[1:]) * 11 / 11) ** 0.25, "Les trois « petite » ont compté : chaque suite compte au plus autant de fois qu'elle est dans la référence."),
                (100 * math.prod((9 / 9, 8 / 9, 6 / 9, 5 / 8)) ** 0.25, "Chaque suite différente de found n'a compté qu'une fois : les répétitions comptent dans le nombre de ses suites, sans être justes."),
                (100 * math.prod((9 / 9, 8 / 8, 6 / 7, 5 / 6)) ** 0.25, "C'est la part de la référence que l'on retrouve : on demande celle du trouvé."),
                (100 * math.exp(1 - 11 / 9) * math.prod((9 / 9, 8 / 8, 6 / 7, 5 / 6)) ** 0.25, "C'est le BLEU de reference, comparée à found : les deux sont échangés."),
                (100 * math.exp(1 - 11 / 9) * math.prod(_CLIPPED) ** 0.25, "La pénalité est à l'envers, et found n'est pas plus court : ici, rien ne le pénalise."),
                (100 * math.exp(1 - 9 / 11) * math.prod(_CLIPPED) ** 0.25, "exp(1 − r / c) dépasse 1 ici : elle ne s'applique qu'à un texte plus court."),
            ),
        ),
        equals(
            name="pénalise un texte plus court",
            arguments=[_REFERENCE, _SHORT],
            expected=100 * math.exp(1 - 9 / 5),
            tolerance=1e-6,
            hint="Les cinq mots sont tous justes, mais il y en avait neuf : la pénalité est exp(1 − 9/5) = 0,45.",
            mistakes=(
                (100.0, "Il manque la pénalité : un texte court ne risque pas de se tromper."),
                (100 * math.exp((1 - 9 / 5) / 4), "La pénalité est passée sous la racine quatrième : elle multiplie la moyenne, une fois prise."),
                (100 * 5 / 9, "La pénalité n'est pas c / r : c'est exp(1 − r / c)."),
                (100 * math.exp(1 - 5 / 9), "La pénalité est à l'envers : r / c, la référence sur le trouvé."),
            ),
        ),
        equals(
            name="ne récompense pas un texte plus long",
            arguments=[_SHORT, _REFERENCE],
            expected=100 * math.prod((5 / 9, 4 / 8, 3 / 7, 2 / 6)) ** 0.25,
            tolerance=1e-6,
            hint="Un texte trop long perd déjà en précision : la pénalité, ou une prime, ne s'y ajoute pas.",
            mistakes=((100 * math.exp(1 - 5 / 9) * math.prod((5 / 9, 4 / 8, 3 / 7, 2 / 6)) ** 0.25, "exp(1 − r / c) dépasse 1 ici : elle ne s'applique qu'à un texte plus court."),),
        ),
        equals(name="rend 100 pour le même texte", arguments=[_REFERENCE, _REFERENCE], expected=100.0, tolerance=1e-6, hint="Tout est juste, et la longueur aussi."),
        equals(name="rend 0 si rien n'est commun", arguments=[_REFERENCE, "un chien noir aboie".split()], expected=0.0, tolerance=1e-6, hint="Aucun mot commun : 0. Le logarithme de 0 n'existe pas."),
        equals(
            name="distingue les majuscules",
            arguments=["le soir Le soir tombait sur la lande".split(), "le soir le soir tombait sur la lande".split()],
            expected=100 * math.prod((7 / 8, 5 / 7, 3 / 6, 2 / 5)) ** 0.25,
            tolerance=1e-6,
            hint="« Le » et « le » sont deux mots : les précisions sont 7/8, 5/7, 3/6 et 2/5.",
            mistakes=((100.0, "« Le » et « le » ont été pris pour le même mot."),),
        ),
        equals(
            name="garde la coupe entre les mots",
            arguments=["ma la petite fille dort au coin".split(), "mal a petite fille dort au coin".split()],
            expected=100 * math.prod((5 / 7, 4 / 6, 3 / 5, 2 / 4)) ** 0.25,
            tolerance=1e-6,
            hint="« ma la » et « mal a » ont les mêmes lettres, mais ce sont d'autres mots : les précisions sont 5/7, 4/6, 3/5 et 2/4.",
            mistakes=((100 * math.prod((5 / 7, 5 / 6, 4 / 5, 3 / 4)) ** 0.25, "« ma la » et « mal a » ont compté pour la même suite : collés, leurs mots se confondent. Gardez-les séparés, dans un tuple par exemple."),),
        ),
        equals(name="rend 0 s'il n'y a pas quatre mots", arguments=[_REFERENCE, ["la", "petite"]], expected=0.0, tolerance=1e-6, hint="Deux mots n'ont aucune suite de trois ni de quatre : 0."),
    ),
)  # fmt: skip


# --- Bonus : la diversité -------------------------------------------------------------------------------

distinct = Card(
    id="evaluation.distinct",
    title="Bonus · Chasse au bug : la diversité",
    statement="Un modèle qui dit toujours la même chose obtient ici la meilleure note. Réparez ce code : rendez la part des suites de n mots qui sont différentes, dans tous les textes pris ensemble. Les mots sont séparés par des espaces, « Le » et « le » sont deux mots, leur ordre compte ; une suite ne va pas d'un texte au suivant. S'il n'y a aucune suite, rendez 0.",
    difficulty=2,
    minutes=3,
    hints=(
        "Dix fois le même texte : chacun est varié, l'ensemble ne l'est pas.",
        "Rassemblez les suites de tous les textes dans une seule liste, puis divisez le nombre de suites différentes par le nombre de suites.",
    ),
    checks=(
        equals(
            name="voit que deux textes sont les mêmes",
            arguments=[["le vent du soir", "le vent du soir"], 2],
            expected=0.5,
            tolerance=1e-9,
            hint="Six suites de deux mots, dont trois différentes : 0,5.",
            mistakes=(
                (lambda got: got == 1, "1 voudrait dire que toutes les suites diffèrent, alors que les deux textes sont les mêmes : rassemblez celles de tous les textes, sans écarter un texte redit, avant de compter."),
                (lambda got: got == 0, "0 voudrait dire qu'aucune suite n'est différente : il y en a trois, et une suite dite deux fois compte une fois. Divisez sans arrondir."),
                (3, "C'est le nombre de suites différentes : on demande leur part."),
                (4 / 7, "Une suite va d'un texte au suivant, « soir le » : chaque texte a les siennes."),
                (2.0, "C'est l'inverse : le nombre de suites divisé par celui des suites différentes."),
                (3 / 8, "Le nombre de suites différentes est divisé par celui des mots : divisez par celui des suites, 6."),
            ),
        ),
        equals(name="suit la longueur demandée", arguments=[["a b a b", "a b c"], 1], expected=3 / 7, tolerance=1e-9, hint="Sept mots, dont trois différents.", mistakes=((3 / 5, "Ce sont des suites de deux mots : ici n vaut 1."), (2 / 5, "0,4 serait deux mots sur cinq, ou un arrondi : le dernier mot de chaque texte compte aussi, et le résultat garde ses décimales."), (1 / 3, "1/3 est ce que donnent les caractères, espaces comprises : coupez d'abord chaque texte en mots."))),
        equals(name="pèse chaque texte par ses suites", arguments=[["a b c d", "f f f"], 2], expected=4 / 5, tolerance=1e-9, hint="Trois suites, puis deux pareilles : quatre différentes sur cinq.", mistakes=((lambda got: got == 1, "1 voudrait dire que toutes les suites diffèrent : « f f » est dite deux fois, car les suites se chevauchent, une commence à chaque mot."), (0.75, "C'est la moyenne des deux textes : rassemblez d'abord toutes les suites."), (5 / 7, "Ce sont des mots seuls : ici n vaut 2."))),
        equals(name="distingue l'ordre, la majuscule et la coupe", arguments=[["mal à", "à mal", "Mal à", "ma là", "mal à,"], 2], expected=1.0, tolerance=1e-9, hint="Cinq suites de deux mots, toutes différentes : 1. « à » et « à, » sont deux mots, puisque seules les espaces séparent.", mistakes=((4 / 5, "Deux suites différentes ont compté pour une seule : l'ordre des mots, la majuscule, la coupe entre les mots et la virgule les distinguent toutes."),)),
        equals(name="ne va pas d'un texte au suivant", arguments=[["a b", "b c"], 2], expected=1.0, tolerance=1e-9, hint="Deux suites, « a b » et « b c », différentes : 1."),
        equals(name="rend 0 s'il n'y a aucune suite", arguments=[["a"], 2], expected=0.0, tolerance=1e-9, read=_zero, hint="Un mot, aucune suite de deux."),
    ),
)  # fmt: skip

CARDS = (bits_per_character, perplexity, unseen_share, token_accuracy, distinct, edit_distance, bleu)

QUIZZES = (
    Quiz(
        "evaluation.perplexite",
        "Deux modèles français : perplexité 14 pour l'un, 27 pour l'autre. Leurs tokenizers diffèrent. Lequel devine le mieux ?",
        (
            Option("Le premier : sa perplexité est plus basse.", False, "La perplexité se compte par token. Qui découpe fin a des tokens faciles, et plus nombreux."),
            Option("On ne peut pas le dire sans compter les caractères.", True, "À 1,28 bit par caractère, on trouve 14 avec trois caractères par token, et 27 avec 3,7 : le même talent."),
            Option("Le second : il a un plus grand vocabulaire.", False, "Un grand vocabulaire explique une perplexité haute ; il ne dit rien de ce que le modèle devine."),
        ),
    ),
    Quiz(
        "evaluation.recopie",
        "Le plus long morceau recopié d'un passage généré fait 25 caractères. Le modèle recopie-t-il ?",
        (
            Option("Oui : 25 caractères à la suite ne s'inventent pas.", False, "Si, souvent. Un livre de Sand, comparé à ses autres livres, en a d'aussi longs : c'est la langue."),
            Option("Non, puisque c'est un réseau de neurones.", False, "Un réseau peut apprendre par cœur : un passage lu cent fois se récite. Il faut mesurer."),
            Option("Il faut la même mesure sur un livre qu'il n'a pas lu.", True, "Un nombre seul ne dit rien. S'il ne dépasse pas ce que Sand reprend à Sand, rien n'accuse le modèle."),
        ),
    ),
    Quiz(
        "evaluation.preuve",
        "Votre modèle gagne 0,01 bit par caractère sur l'ancien. Que regarder d'abord ?",
        (
            Option("Combien ce score bouge quand seule la graine change.", True, "Si deux graines diffèrent de 0,02, un gain de 0,01 ne prouve rien."),
            Option("Le score sur les livres d'entraînement.", False, "Il dit ce que le modèle a retenu, non ce qu'il devine."),
            Option("Trois passages bien écrits.", False, "On en trouve toujours trois. Tirez-les au hasard, et montrez-les à qui ne sait pas d'où ils viennent."),
        ),
    ),
)  # fmt: skip
