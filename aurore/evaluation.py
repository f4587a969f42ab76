"""Leçon 09 : mesurer ce que vaut un modèle de langue, et s'il recopie."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from tqdm.auto import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore.settings import AuroreError

PIECE = 1_000_000  # caractères découpés à la fois
MAX_LOGITS = 2**25  # nombres rendus par un lot : un huitième de Go, et autant à chaque étape du calcul
_BETWEEN_WORDS = re.compile(r"(?<=\S)\s(?=\S)")


@dataclass(frozen=True)
class Score:
    """Ce que mesure `score`.

    `nats` : log-perte totale du texte ; `tokens` et `characters` : sa longueur ; `correct` : nombre de
    tokens que le modèle mettait en tête.
    """

    nats: float
    tokens: int
    characters: int
    correct: int

    @property
    def bits_per_character(self) -> float:
        """Bits par caractère : ne dépend pas du découpage, se compare d'un tokenizer à l'autre."""
        return self.nats / math.log(2) / self.characters

    @property
    def perplexity(self) -> float:
        """Perplexité par token : dépend du découpage, ne se compare qu'à tokenizer égal."""
        return math.exp(min(700.0, self.nats / self.tokens))  # au-delà, le nombre ne s'écrit plus

    @property
    def accuracy(self) -> float:
        """Part des tokens devinés du premier coup."""
        return self.correct / self.tokens


def score(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    batch_size: int = 16,
    context: int | None = None,
    progress: bool = False,
) -> Score:
    """Mesure un modèle sur un texte entier, chaque token compté une fois.

    Des fenêtres de `context` tokens avancent d'un demi-contexte ; seule leur seconde moitié compte (toute la
    première fenêtre aussi) : chaque token a donc au moins un demi-contexte devant lui, sauf au tout début, où le
    modèle ne sait que `<|endoftext|>`. Par défaut, `context` est tout le contexte du modèle ; un modèle qui n'a
    encore appris que des blocs plus courts se mesure à leur longueur.

    Le texte est découpé par morceaux et les lots sont bornés : la mémoire ne suit presque pas sa longueur. `progress`
    montre une barre quand c'est long.
    """
    pieces = [torch.tensor(tokenizer(piece, verbose=False)["input_ids"], dtype=torch.int32) for piece in _pieces(text)]
    ids = torch.cat([torch.tensor([tokenizer.eos_token_id], dtype=torch.int32), *pieces])  # (1 + tokens,)
    total = len(ids) - 1
    if not total:
        raise AuroreError("Le texte à mesurer est vide. Donnez un fichier qui contient du texte.")
    context = context or model.config.max_position_embeddings
    batch_size = max(1, min(batch_size, MAX_LOGITS // (context * model.config.vocab_size)))
    nats, correct, windows = 0.0, 0, _windows(total, context)
    bar = tqdm(total=total, desc="Mesure", unit="token", unit_scale=True, delay=1, leave=False, disable=not progress)
    with bar:
        while batch := list(islice(windows, batch_size)):
            batch_nats, batch_correct = _score_windows(model, ids, batch)
            nats += batch_nats
            correct += batch_correct
            bar.update(sum(end - counted for _, end, counted in batch))
    if not math.isfinite(nats):
        raise AuroreError(
            "Ce modèle ne rend pas des nombres : ses poids sont abîmés. Refaites-le avec « python -m aurore train »."
        )
    return Score(nats, total, len(text), correct)


def _pieces(text: str) -> Iterator[str]:
    """Coupe un texte devant une espace entre deux mots : les tokens sont les mêmes qu'en une fois."""
    start = 0
    while len(text) - start > PIECE:
        cut = _BETWEEN_WORDS.search(text, start + PIECE, start + 2 * PIECE)
        end = cut.start() if cut else start + 2 * PIECE
        yield text[start:end]
        start = end
    yield text[start:]


def score_continuation(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, context: str, continuation: str
) -> Score:
    """Mesure la seule suite `continuation`, sachant le début `context` ; `-nats` est sa log-probabilité.

    Le début et la suite sont découpés ensemble, comme le modèle les lit : un token à cheval sur les deux
    compte avec la suite. Lève `AuroreError` si la suite est vide ou si le tout dépasse le contexte du modèle.
    """
    if not continuation:
        raise AuroreError("La suite à mesurer est vide. Donnez au moins un caractère.")
    tokens = tokenizer(context + continuation, verbose=False)["input_ids"]
    if len(tokens) > model.config.max_position_embeddings:
        raise AuroreError(
            f"Le texte fait {len(tokens)} tokens, et ce modèle n'en lit que {model.config.max_position_embeddings}. Raccourcissez le début."
        )
    before = tokenizer(context, verbose=False)["input_ids"] if context else []
    shared = next((i for i, (one, other) in enumerate(zip(before, tokens, strict=False)) if one != other), len(before))
    ids = torch.tensor([tokenizer.eos_token_id, *tokens])  # (1 + tokens,)
    nats, correct = _score_windows(model, ids, [(0, len(tokens), shared)])
    return Score(nats, len(tokens) - shared, len(continuation), correct)


def _windows(length: int, context: int):
    """Donne des triplets (début, fin, premier token compté) couvrant `length` cibles."""
    stride = max(1, context // 2)
    start, counted = 0, 0
    while counted < length:
        end = min(start + context, length)
        yield start, end, counted
        counted = end
        start += stride


@torch.inference_mode()
def _score_windows(model: PreTrainedModel, ids: torch.Tensor, windows: list[tuple[int, int, int]]) -> tuple[float, int]:
    width = max(end - start for start, end, _ in windows)
    inputs = torch.zeros(len(windows), width, dtype=torch.long)  # (B, T)
    targets = torch.full_like(inputs, -100)  # -100 : ne compte pas
    for row, (start, end, counted) in enumerate(windows):
        inputs[row, : end - start] = ids[start:end]
        targets[row, counted - start : end - start] = ids[counted + 1 : end + 1]
    # Le remplissage est à droite : l'attention causale l'empêche d'agir sur ce qui précède.
    logits = model.eval()(inputs.to(model.device)).logits.float()  # (B, T, V)
    targets = targets.to(logits.device)
    nats = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum"
    )
    return float(nats), int((logits.argmax(-1) == targets).sum())


def longest_copied_span(passage: str, source: str) -> str:
    """Le plus long morceau de `passage` qui se lit tel quel dans `source`.

    Deux index avancent sans jamais reculer : au plus deux recherches par caractère du passage.
    """
    best, start = "", 0
    while start + len(best) < len(passage):
        candidate = passage[start : start + len(best) + 1]
        if candidate in source:
            best = candidate
        else:
            start += 1
    return best
