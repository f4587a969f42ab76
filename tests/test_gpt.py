"""Le modèle neuf : dimensions du profil, poids reproductibles."""

import torch

from aurore import gpt, settings

PROFILE = settings.PROFILES["test"]


def test_dimensions_follow_the_profile():
    model = gpt.build_gpt2(PROFILE, vocab_size=300, end_of_text=0)
    config = model.config
    assert (config.n_layer, config.n_head, config.n_embd, config.n_positions, config.vocab_size) == (2, 2, 64, 64, 300)


def test_same_seed_same_weights_and_another_seed_others():
    one, two, three = (gpt.build_gpt2(PROFILE, 300, 0, seed=seed) for seed in (1, 1, 2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not torch.equal(one.transformer.wte.weight, three.transformer.wte.weight)


def test_parameter_count_matches_the_formula():
    layers, width, vocabulary, positions = 2, 64, 300, 64
    block = 12 * width**2 + 13 * width  # attention 4d²+4d, MLP 8d²+5d, deux normalisations 4d
    expected = layers * block + 2 * width + (vocabulary + positions) * width
    assert gpt.count_parameters(gpt.build_gpt2(PROFILE, vocabulary, 0)) == expected


def test_published_gpt2_size():
    from transformers import GPT2Config, GPT2LMHeadModel

    with torch.device("meta"):
        assert gpt.count_parameters(GPT2LMHeadModel(GPT2Config())) == 124_439_808
