"""Leçon 08 : faire écrire un modèle."""

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore.settings import SEED, AuroreError

PROMPTS = (
    "Le lendemain, avant le jour,",
    "— Ah ! dit la meunière,",
    "Il y avait dans ce pays-là",
)


def generate(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    max_new_tokens: int = 120,
    temperature: float = 0.8,
    top_p: float = 0.95,
    seed: int = SEED,
) -> str:
    """Prolonge `prompt` par tirage au sort et rend le tout, amorce comprise.

    `temperature` > 0 étale ou resserre les chances ; `top_p` ne garde que les tokens les plus probables
    dont la somme atteint cette part. Même `seed`, même texte. L'amorce et la suite tiennent ensemble dans
    le contexte du modèle : une amorce trop longue perd son début.
    """
    if not prompt.strip():
        raise AuroreError("L'amorce est vide. Donnez au moins un mot pour commencer.")
    if not 0 < temperature <= 5 or not 0 < top_p <= 1:
        raise AuroreError(
            f"Réglages hors limites : température {temperature} (entre 0 et 5, 0 exclu), top-p {top_p} (entre 0 et 1, 0 exclu)."
        )
    context = model.config.max_position_embeddings
    max_new_tokens = min(max_new_tokens, context - 1)
    ids = tokenizer(prompt, return_tensors="pt", verbose=False)["input_ids"][:, -(context - max_new_tokens) :].to(
        model.device
    )  # (1, T)
    torch.manual_seed(seed)
    with torch.inference_mode():
        output = model.eval().generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=max_new_tokens,
            do_sample=True,
            temperature=temperature,
            top_p=top_p,
            top_k=0,
            pad_token_id=tokenizer.eos_token_id,
        )
    return prompt + tokenizer.decode(output[0, ids.shape[1] :], skip_special_tokens=True)
