"""Leçon 08 : faire écrire un modèle."""

from collections.abc import Iterator

import torch
from transformers import (
    LogitsProcessorList,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    TemperatureLogitsWarper,
    TopPLogitsWarper,
)

from aurore.settings import SEED, AuroreError

MIN_TEMPERATURE = 0.01  # plus bas, les chances divisées par elle ne sont plus des nombres

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
    _check_settings(prompt, temperature, top_p, seed)
    ids, max_new_tokens = _prompt_ids(model, tokenizer, prompt, max_new_tokens)
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
    return prompt + _decode(tokenizer, output[0, ids.shape[1] :])


@torch.inference_mode()
def stream(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    max_new_tokens: int = 120,
    temperature: float = 0.8,
    top_p: float = 0.95,
    seed: int = SEED,
) -> Iterator[str]:
    """Le texte de `generate`, sans l'amorce, rendu morceau par morceau dès que chaque token est tiré.

    La boucle est écrite ici en clair : lire, tirer au sort, relire avec le token tiré. Le cache des clés et
    des valeurs évite de recalculer ce qui a déjà été lu. Un caractère fait de plusieurs tokens n'est rendu
    qu'entier. Les réglages et les erreurs sont ceux de `generate`.
    """
    _check_settings(prompt, temperature, top_p, seed)
    ids, max_new_tokens = _prompt_ids(model, tokenizer, prompt, max_new_tokens)
    adjust = LogitsProcessorList([TemperatureLogitsWarper(temperature), TopPLogitsWarper(top_p)])
    draw = torch.Generator(model.device).manual_seed(seed)
    unread, cache = ids, None  # (1, T) au premier tour, (1, 1) ensuite
    written: list[int] = []
    shown = ""
    for step in range(max_new_tokens):
        output = model.eval()(unread, past_key_values=cache, use_cache=True)
        chances = adjust(ids, output.logits[:, -1].float()).softmax(-1)  # (1, V)
        unread, cache = torch.multinomial(chances, 1, generator=draw), output.past_key_values
        written.append(int(unread))
        ended = written[-1] == tokenizer.eos_token_id
        text = _decode(tokenizer, written)
        # « \ufffd » à la fin : un caractère dont il manque encore des octets.
        if not text.endswith("\ufffd") or ended or step == max_new_tokens - 1:
            yield text[len(shown) :]
            shown = text
        if ended:
            return


def _check_settings(prompt: str, temperature: float, top_p: float, seed: int) -> None:
    if not prompt.strip():
        raise AuroreError("L'amorce est vide. Donnez au moins un mot pour commencer.")
    try:
        prompt.encode("utf-8")
    except UnicodeEncodeError:  # des octets venus d'un terminal qui n'est pas en UTF-8
        raise AuroreError(
            "L'amorce contient des octets qui ne sont pas du texte en UTF-8. Retapez-la, ou réglez le terminal sur UTF-8."
        ) from None
    if not MIN_TEMPERATURE <= temperature <= 5 or not 0 < top_p <= 1:
        raise AuroreError(
            f"Réglages hors limites : température {temperature} (entre {MIN_TEMPERATURE} et 5), top-p {top_p} (entre 0 et 1, 0 exclu)."
        )
    if not -(2**63) <= seed < 2**64:
        raise AuroreError(
            "La graine du tirage est hors limites : elle doit tenir en 64 bits. Donnez un nombre plus court."
        )


def _prompt_ids(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompt: str, max_new_tokens: int
) -> tuple[torch.Tensor, int]:
    """Les tokens de l'amorce, (1, T), et le nombre de tokens à écrire, ramenés à ce que le contexte contient."""
    context = model.config.max_position_embeddings
    max_new_tokens = min(max_new_tokens, context - 1)
    ids = tokenizer(prompt, return_tensors="pt", verbose=False)["input_ids"]
    return ids[:, -(context - max_new_tokens) :].to(model.device), max_new_tokens


def _decode(tokenizer: PreTrainedTokenizerBase, ids) -> str:
    # Le « nettoyage » de la bibliothèque ôterait l'espace que le français met devant « ! » et « ? ».
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
