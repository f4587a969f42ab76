"""Leçon 05 : GPT-2, à la taille qu'on veut.

Le modèle est celui de transformers, `GPT2LMHeadModel` : ce qui s'apprend ici se recharge partout.
"""

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from aurore.settings import SEED, Profile


def build_gpt2(profile: Profile, vocab_size: int, end_of_text: int, seed: int = SEED) -> GPT2LMHeadModel:
    """Rend un GPT-2 neuf aux dimensions du profil ; les poids tirés au sort ne dépendent que de `seed`.

    `vocab_size` en tokens ; `end_of_text` est l'identifiant du token de fin de texte.
    """
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=vocab_size,
        n_positions=profile.context_length,
        n_embd=profile.n_embd,
        n_layer=profile.n_layer,
        n_head=profile.n_head,
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        # Peu de passages sur peu de données : l'oubli aléatoire ralentirait plus qu'il ne protégerait.
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
    )
    return GPT2LMHeadModel(config)


def count_parameters(model: torch.nn.Module) -> int:
    """Nombre de poids, ceux que l'entrée et la sortie partagent n'étant comptés qu'une fois."""
    return sum(parameter.numel() for parameter in model.parameters())
