"""Leçon 12 : traduire, avec l'encodeur-décodeur de la leçon 05 (Vaswani 2017), et noter la traduction (Papineni 2002).

Lettres des formes : B phrases dans le lot, S mots de l'anglais, T mots du français.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from aurore import encoder, numerals, village
from aurore.encoder import Words
from aurore.numerals import Translator
from aurore.settings import SEED, AuroreError
from aurore.village import Pair

# `numerals` réserve les trois premiers identifiants : remplissage, début, fin.
_SHIFT = encoder.SEP + 1 - 3


@dataclass
class Interpreter:
    """Un traducteur entraîné : le modèle, ses deux vocabulaires, et la perte de chaque pas."""

    model: Translator
    english: Words
    french: Words
    losses: list[float]

    def translate(self, text: str) -> str:
        """La traduction d'une phrase anglaise du village. Lève `AuroreError` devant un mot inconnu."""
        return self.translate_all([text])[0]

    def translate_all(self, texts: Sequence[str]) -> list[str]:
        """De même pour plusieurs phrases, en un lot."""
        written = numerals.write(self.model, encoder.pad([_ids(self.english, text) for text in texts]), LONGEST)
        return [self._decode(row) for row in written.tolist()]

    def _decode(self, ids: list[int]) -> str:
        ids = ids[: ids.index(numerals.END)] if numerals.END in ids else ids
        return village.join([self.french.words[number + _SHIFT] for number in ids if number > numerals.END])


LONGEST = 14  # mots : la plus longue phrase du village, et sa fin


def _ids(vocabulary: Words, text: str) -> list[int]:
    words = encoder.split_words(text)
    ids = vocabulary.encode(words)
    if encoder.UNKNOWN in ids or not ids:
        what = f"« {words[ids.index(encoder.UNKNOWN)]} » n'y est pas" if ids else "votre texte est vide"
        raise AuroreError(
            f"Ce traducteur ne connaît que les mots du village : {what}. Essayez « the old dog sleeps near the river »."
        )
    return [number - _SHIFT for number in ids]


def _batch(pairs: Sequence[Pair], english: Words, french: Words) -> tuple[Tensor, Tensor]:
    """Les sources (B, S) et les cibles (B, T), fin comprise."""
    source = encoder.pad([_ids(english, pair.english) for pair in pairs])
    return source, encoder.pad([[*_ids(french, pair.french), numerals.END] for pair in pairs])


def train_interpreter(steps: int = 400, batch_size: int = 64, width: int = 64, seed: int = SEED) -> Interpreter:
    """Apprend à traduire les phrases du village ; celles de l'écart n'y sont jamais."""
    pairs = village.draw_pairs(steps * batch_size, seed)
    english, french = Words(pair.english for pair in pairs), Words(pair.french for pair in pairs)
    model = encoder.seeded(lambda: Translator(len(english) - _SHIFT, len(french) - _SHIFT, width), seed)

    def loss_of(step: int) -> Tensor:
        source, target = _batch(pairs[step * batch_size : (step + 1) * batch_size], english, french)
        return numerals.translation_loss(model(source, numerals.shift_right(target)), target)

    return Interpreter(model, english, french, encoder.fit(model, loss_of, steps, 19 * batch_size))


@dataclass(frozen=True)
class Quality:
    """Ce que valent des traductions : BLEU de tout le lot, de 0 à 100, et part de phrases entièrement justes."""

    bleu: float
    exact: float


def quality(found: Sequence[str], references: Sequence[str]) -> Quality:
    """Note des traductions. Le BLEU est celui du corpus : les suites de mots de toutes les phrases, comptées ensemble."""
    import sacrebleu

    right = sum(one == other for one, other in zip(found, references, strict=True))
    return Quality(sacrebleu.corpus_bleu(list(found), [list(references)]).score, right / len(references))
