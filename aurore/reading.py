"""Leçon 12 : répondre à une question en montrant où est la réponse (Rajpurkar 2016, Devlin 2019).

Le lecteur lit « [CLS] question [SEP] texte [SEP] » et note chaque mot deux fois : début de la réponse, fin de la réponse.
Lettres des formes : B questions dans le lot, T mots.
"""

import random
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aurore import encoder
from aurore.encoder import Encoder, Words
from aurore.settings import SEED, AuroreError

LONGEST = 6  # mots d'une réponse

# --- Le morceau le mieux noté ---------------------------------------------------------------------------


def best_span(start: Tensor, end: Tensor, context: Tensor, longest: int) -> tuple[int, int]:
    """Le premier et le dernier mot de la meilleure réponse : la plus grande somme start[i] + end[j].

    `start` et `end` (T,) sont les notes ; `context` (T,) est vrai sur les mots du texte. i et j y sont tous deux, i ≤ j, et
    la réponse n'a pas plus de `longest` mots. À égalité, la première.
    """
    totals = start[:, None] + end[None, :]  # (T, T)
    possible = torch.ones_like(totals, dtype=torch.bool).triu().tril(longest - 1)
    possible &= context[:, None] & context[None, :]
    best = totals.masked_fill(~possible, -torch.inf).argmax().item()
    return int(best) // len(start), int(best) % len(start)


def backward_share(length: int, draws: int = 10_000, seed: int = SEED) -> float:
    """La part des réponses dont la fin tombe avant le début, quand on tire l'un et l'autre au hasard parmi `length` mots."""
    places = torch.randint(length, (2, draws), generator=torch.Generator().manual_seed(seed))
    return (places[1] < places[0]).float().mean().item()


# --- Un petit monde de questions ------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """Une question, le texte où la réponse se trouve, et la réponse, telle qu'elle y est écrite."""

    question: str
    context: str
    answer: str


_PEOPLE = "Étienne Nannon Blaise Solange Germain Marie Sylvain Catherine Landry Fanchon Denis Jeanne".split()
_FACTS = {
    "place": (
        "{who} demeure {what}.",
        "Où demeure {who} ?",
        "Qui demeure {what} ?",
        ("près de la forge", "au bord de l'étang", "à Saint-Vrain", "derrière l'église", "dans le vieux moulin", "sur la place"),
    ),
    "trade": (
        "{who} est {what}.",
        "Quel est le métier de {who} ?",
        "Qui est {what} ?",
        ("meunier", "sabotier", "maître d'école", "garde champêtre", "tailleur de pierre", "notaire"),
    ),
    "flock": (
        "{who} garde {what}.",
        "Que garde {who} ?",
        "Qui garde {what} ?",
        ("trois chèvres", "les oies du château", "un vieux cheval", "deux vaches rousses", "les moutons", "la clef du grenier"),
    ),
    "day": (
        "{who} partira {what}.",
        "Quand partira {who} ?",
        "Qui partira {what} ?",
        ("à la Saint-Jean", "lundi", "le jour de la foire", "avant Noël", "demain matin", "après la moisson"),
    ),
}  # fmt: skip


def draw_question(draw: random.Random) -> Question:
    """Une question au hasard sur un texte de quatre faits, dans le désordre, partagés entre deux personnes."""
    people = draw.sample(_PEOPLE, 2)
    facts = [(draw.choice(people), kind, draw.choice(row[3])) for kind, row in _FACTS.items()]
    draw.shuffle(facts)
    context = " ".join(_FACTS[kind][0].format(who=who, what=what) for who, kind, what in facts)
    who, kind, what = draw.choice(facts)
    _, about, of, _ = _FACTS[kind]
    if draw.random() < 0.4:
        return Question(of.format(what=what), context, who)
    return Question(about.format(who=who), context, what)


def draw_questions(count: int, seed: int, held_out: bool = False) -> list[Question]:
    """`count` questions à apprendre, ou à l'écart : le texte de celles-ci n'est jamais vu, ni leur couple question-réponse."""
    draw = random.Random(seed)
    found: list[Question] = []
    while len(found) < count:
        drawn = draw_question(draw)
        if (zlib.crc32(f"{drawn.question}{drawn.answer}".encode()) % 8 == 0) == held_out:
            found.append(drawn)
    return found


# --- Le lecteur -----------------------------------------------------------------------------------------


class Reader(nn.Module):
    """Un encodeur et deux notes par mot : (B, T) et ses segments → (B, T) débuts et (B, T) fins."""

    def __init__(self, vocabulary: Words, segments: bool = True, **shape) -> None:
        super().__init__()
        self.vocabulary, self.encoder = vocabulary, Encoder(len(vocabulary), **shape)
        self.head, self.reads_segments = nn.Linear(self.encoder.words.embedding_dim, 2), segments

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor]:
        """Les notes des débuts et des fins ; le remplissage n'en a pas."""
        notes = self.head(self.encoder(ids, segments if self.reads_segments else None))
        start, end = notes.masked_fill((ids == encoder.PAD)[..., None], -1e4).unbind(-1)
        return start, end

    @torch.no_grad()
    def notes(self, question: str, context: str) -> tuple[list[str], list[float], list[float]]:
        """Les mots du texte, et leurs notes de début et de fin. Lève `AuroreError` si le texte est vide."""
        words = encoder.split_words(context)
        if not words:
            raise AuroreError("Il n'y a pas de texte où chercher. Donnez-en un.")
        ids, segments = encode(self.vocabulary, question, context)
        start, end = self(torch.tensor([ids]), torch.tensor([segments]))
        return words, start[0, -len(words) :].tolist(), end[0, -len(words) :].tolist()

    def answer(self, question: str, context: str) -> str:
        """La réponse que le texte contient, mots séparés d'une espace. Lève `AuroreError` si le texte est vide."""
        words, start, end = self.notes(question, context)
        everywhere = torch.ones(len(words), dtype=torch.bool)
        first, last = best_span(torch.tensor(start), torch.tensor(end), everywhere, LONGEST)
        return " ".join(words[first : last + 1])


def encode(vocabulary: Words, question: str, context: str) -> tuple[list[int], list[int]]:
    """« [CLS] question [SEP] texte » en identifiants, et le segment de chacun : 0 pour la question, 1 pour le texte."""
    asked = vocabulary.encode(encoder.split_words(question))
    read = vocabulary.encode(encoder.split_words(context))
    return [encoder.CLS, *asked, encoder.SEP, *read], [0] * (len(asked) + 2) + [1] * len(read)


def _place(row: Question) -> tuple[int, int]:
    """Où est la réponse : premier et dernier mot, comptés depuis [CLS]."""
    words, answer = encoder.split_words(row.context), encoder.split_words(row.answer)
    shift = len(encoder.split_words(row.question)) + 2
    first = next(place for place in range(len(words)) if words[place : place + len(answer)] == answer)
    return shift + first, shift + first + len(answer) - 1


def _batch(vocabulary: Words, rows: Sequence[Question]) -> tuple[Tensor, Tensor, Tensor]:
    """Identifiants (B, T), segments (B, T), places (B, 2)."""
    ids, segments = zip(*(encode(vocabulary, row.question, row.context) for row in rows), strict=True)
    return encoder.pad(ids), encoder.pad(segments), torch.tensor([_place(row) for row in rows])


def train_reader(steps: int = 300, batch_size: int = 64, segments: bool = True, seed: int = SEED) -> Reader:
    """Apprend à lire le petit monde ; `segments=False` lui cache ce qui est question et ce qui est texte."""
    rows = draw_questions(steps * batch_size, seed)
    vocabulary = Words(f"{row.question} {row.context}" for row in rows)
    model = encoder.seeded(lambda: Reader(vocabulary, segments), seed)

    def loss_of(step: int) -> Tensor:
        ids, kinds, places = _batch(vocabulary, rows[step * batch_size : (step + 1) * batch_size])
        start, end = model(ids, kinds)
        return functional.cross_entropy(start, places[:, 0]) + functional.cross_entropy(end, places[:, 1])

    encoder.fit(model, loss_of, steps, 37 * batch_size)
    return model


# --- Ce que valent des réponses -------------------------------------------------------------------------


def word_f1(answer: str, found: str) -> float:
    """La moyenne harmonique de deux parts : mots trouvés qui sont dans la réponse, mots de la réponse trouvés."""
    wanted, got = Counter(encoder.split_words(answer)), Counter(encoder.split_words(found))
    return 2 * (wanted & got).total() / max(1, wanted.total() + got.total())


def grade(reader: Reader, rows: Sequence[Question]) -> tuple[float, float]:
    """La part de réponses exactes, et le F1 moyen, mot à mot."""
    found = [reader.answer(row.question, row.context) for row in rows]
    exact = [encoder.split_words(row.answer) == encoder.split_words(one) for row, one in zip(rows, found, strict=True)]
    return sum(exact) / len(rows), sum(word_f1(row.answer, one) for row, one in zip(rows, found, strict=True)) / len(
        rows
    )
