"""L'attention d'un entraînement sur processeur, en bfloat16 : par tranches de questions, sans ce qu'elles ne voient pas.

Le noyau de PyTorch lit les clés par petits blocs, ce qui épargne la mémoire d'une carte (« FlashAttention », Dao 2022). Sur un
processeur, et à la longueur de nos blocs, multiplier de grandes tranches va plus vite, au prix de poids gardés jusqu'à la
passe arrière : T² / 2 nombres de 16 bits par tête et par bloc.
"""

import torch
from torch import Tensor
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

NAME = "aurore_tranches"  # sous ce nom, un modèle de transformers la trouve
QUESTIONS = 128  # d'une tranche : plus petites, les produits sont lents ; plus grandes, la moitié cachée se calcule
LONGEST = 512  # tokens : au-delà, garder les poids prendrait trop de mémoire
WIDEST = 512  # nombres par token : un modèle plus large passe l'essentiel de son temps hors de l'attention


def attend(module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **more) -> tuple:
    """L'interface d'attention de transformers : `query`, `key`, `value` (B, H, T, d) → (B, T, H, d).

    Ce que les tranches ne savent pas faire (masque, oubli aléatoire, autre précision) revient au noyau de PyTorch.
    """
    simple = attention_mask is None and not more.get("dropout") and query.shape == key.shape
    if not simple or query.dtype != torch.bfloat16 or query.device.type != "cpu" or query.shape[2] > LONGEST:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **more)
    scale = more.get("scaling") or query.shape[-1] ** -0.5
    return _Slices.apply(query * scale, key, value).transpose(1, 2), None


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, sdpa_mask)


class _Slices(torch.autograd.Function):
    """softmax(Q Kᵀ) V, chaque token voyant ceux d'avant et lui-même ; Q est déjà divisé par √d."""

    @staticmethod
    def forward(ctx, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """`query`, `key`, `value` (B, H, T, d) → (B, H, T, d)."""
        output, kept = torch.empty_like(query), []
        for start in range(0, query.shape[2], QUESTIONS):
            asked = query[:, :, start : start + QUESTIONS]  # (B, H, q, d)
            end = start + asked.shape[2]
            scores = asked @ key[:, :, :end].mT  # (B, H, q, end)
            # La suite ne se cache que dans le carré de la diagonale : le reste de la tranche est le passé.
            scores[..., start:] += torch.full_like(scores[0, 0, :, start:], float("-inf")).triu(1)
            kept.append(torch.softmax(scores, -1))
            output[:, :, start:end] = kept[-1] @ value[:, :, :end]
        ctx.save_for_backward(query, key, value, *kept)
        return output

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, upstream: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Les trois gradients, tranche après tranche : celles d'après s'ajoutent aux clés et aux valeurs d'avant."""
        query, key, value, *kept = ctx.saved_tensors
        to_query, to_key, to_value = torch.empty_like(query), torch.zeros_like(key), torch.zeros_like(value)
        for start, weights in zip(range(0, query.shape[2], QUESTIONS), kept, strict=True):
            end = start + weights.shape[2]
            wanted = upstream[:, :, start:end]
            to_value[:, :, :end] += weights.mT @ wanted
            to_scores = torch.ops.aten._softmax_backward_data(wanted @ value[:, :, :end].mT, weights, -1, weights.dtype)
            to_query[:, :, start:end] = to_scores @ key[:, :, :end]
            to_key[:, :, :end] += to_scores.mT @ query[:, :, start:end]
        return to_query, to_key, to_value
