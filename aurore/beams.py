"""Leçon 08, les faisceaux : garder plusieurs débuts de texte à la fois, et rendre le plus probable qui soit fini.

La recherche est celle de transformers (`generate(num_beams=…)`), pas à pas : elle rend le même texte. Elle garde en
plus l'arbre de tout ce qui a été essayé, pour le montrer.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import generation
from aurore.settings import AuroreError

NEVER = "never"
WIDEST = 16


class Node(NamedTuple):
    """Un token essayé : son rang dans l'étape d'avant (−1 : l'amorce), la log-probabilité du début qu'il achève, son sort."""

    parent: int
    token: int
    total: float
    kept: bool
    ended: bool


@dataclass
class Search:
    """Une recherche : les étapes de l'arbre, et les suites finies, de la mieux à la moins bien notée."""

    levels: list[list[Node]] = field(default_factory=list)
    finished: list[tuple[float, list[int]]] = field(default_factory=list)

    @property
    def best(self) -> list[int]:
        """Les tokens de la suite retenue, fin de texte comprise si elle y est."""
        return self.finished[0][1]

    def path(self, ids: list[int]) -> list[int]:
        """Le rang, étape par étape, des nœuds qui mènent à la suite `ids`."""
        for ranks in self._paths(len(ids)):
            if [self.levels[step][rank].token for step, rank in enumerate(ranks)] == ids:
                return ranks
        return []

    def _paths(self, length: int) -> list[list[int]]:
        found = []
        for rank in range(len(self.levels[length - 1])):
            ranks = [rank]
            for step in range(length - 1, 0, -1):
                ranks.insert(0, self.levels[step][ranks[0]].parent)
            found.append(ranks)
        return found


@torch.inference_mode()
def search(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    width: int = 5,
    max_new_tokens: int = 40,
    length_penalty: float = 1.0,
    early_stopping: bool | str = False,
) -> Search:
    """Cherche la suite la plus probable de `prompt` en gardant `width` débuts à chaque étape.

    Une suite finie (fin de texte, ou longueur atteinte) se note par sa log-probabilité divisée par sa longueur à la
    puissance `length_penalty` : 0 favorise les courtes, 2 les longues. On s'arrête quand `width` suites sont finies
    (`early_stopping=True`), ou quand aucun début ne peut plus faire mieux. Lève `AuroreError` si `width` est hors limites.
    """
    if not 1 <= width <= WIDEST:
        raise AuroreError(f"Un faisceau garde de 1 à {WIDEST} débuts, et non {width}.")
    read = generation.read_prompt(model, tokenizer, prompt, max_new_tokens)
    found, end = Search(), tokenizer.eos_token_id
    patience = width == 1 or early_stopping  # un seul début : c'est la méthode gloutonne, qui finit où elle finit
    begun: list[list[int]] = [[]]
    nodes, totals = [-1], torch.zeros(1)
    output = model.eval()(read.ids, use_cache=True)
    for length in range(1, read.max_new_tokens + 1):
        # Deux fois plus que la largeur : si la moitié finit là, il en reste assez pour continuer.
        tried = generation.extend_beams(totals, output.logits[:, -1].float(), 2 * width)
        over = [token == end or length == read.max_new_tokens for _, token, _ in tried]
        kept = [rank for rank, ended in enumerate(over) if not ended][:width]
        for (start, token, total), ended in zip(tried[:width], over[:width], strict=True):
            if ended:
                found.finished.append((total / length**length_penalty, [*begun[start], token]))
        found.finished = sorted(found.finished, key=lambda pair: -pair[0])[:width]
        found.levels.append(
            [
                Node(nodes[start], token, total, rank in kept, over[rank] and rank < width)
                for rank, (start, token, total) in enumerate(tried)
            ]
        )
        if not kept:
            break
        begun = [[*begun[tried[rank][0]], tried[rank][1]] for rank in kept]
        totals, nodes = torch.tensor([tried[rank][2] for rank in kept]), kept
        if len(found.finished) == width:
            reach = read.max_new_tokens if patience == NEVER and length_penalty > 0 else length
            if patience is True or float(totals[0]) / reach**length_penalty <= found.finished[-1][0]:
                break
        cache = output.past_key_values
        cache.reorder_cache(torch.tensor([tried[rank][0] for rank in kept]))
        output = model(torch.tensor([ids[-1:] for ids in begun]), past_key_values=cache, use_cache=True)
    return found


def beam_text(tokenizer: PreTrainedTokenizerBase, found: Search) -> str:
    """Le texte de la suite retenue."""
    return generation.answer(tokenizer, torch.tensor(found.best), 0)
