"""Leçon 05 : GPT-2, à la taille qu'on veut.

Le modèle est celui de transformers, `GPT2LMHeadModel` : ce qui s'apprend ici se recharge partout.
"""

from typing import Protocol

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from aurore.settings import SEED


class Shape(Protocol):
    """Les dimensions d'un GPT-2 ; un profil (`settings.Profile`) et un plan (`pretrain.Plan`) en donnent."""

    @property
    def context_length(self) -> int: ...
    @property
    def n_layer(self) -> int: ...
    @property
    def n_head(self) -> int: ...
    @property
    def n_embd(self) -> int: ...


def build_gpt2(
    shape: Shape,
    vocab_size: int,
    end_of_text: int,
    seed: int = SEED,
    dropout: float = 0.0,
    activation: str = "gelu_new",
) -> GPT2LMHeadModel:
    """Rend un GPT-2 neuf (Radford 2019) de ces dimensions ; les poids tirés au sort ne dépendent que de `seed`.

    `vocab_size` en tokens ; `end_of_text` est l'identifiant du token de fin de texte ; `dropout` est la part des
    valeurs oubliées au hasard : aucune par défaut, car sur peu de passages elle ralentit plus qu'elle ne protège.
    """
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=vocab_size,
        n_positions=shape.context_length,
        n_embd=shape.n_embd,
        n_layer=shape.n_layer,
        n_head=shape.n_head,
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        activation_function=activation,
        resid_pdrop=dropout,
        embd_pdrop=dropout,
        attn_pdrop=dropout,
    )
    return GPT2LMHeadModel(config)


def count_parameters(model: torch.nn.Module) -> int:
    """Nombre de poids, ceux que l'entrée et la sortie partagent n'étant comptés qu'une fois."""
    return sum(parameter.numel() for parameter in model.parameters())
