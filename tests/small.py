"""Un tokenizer et un modèle minuscules, communs aux tests d'entraînement, de mesure et de génération."""

import functools

from aurore import gpt, settings
from aurore import tokenizer as bpe

TEXT = "Le meunier regardait couler l'eau sous la roue. La meunière chantait.\n— Eh bien ! dit-il, il pleut.\n" * 30


@functools.cache
def small_tokenizer():
    return bpe.train_tokenizer([TEXT], vocab_size=320, context_length=64)


def small_model():
    tokenizer = small_tokenizer()
    return gpt.build_gpt2(settings.PROFILES["test"], len(tokenizer), tokenizer.eos_token_id).eval()
