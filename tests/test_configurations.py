"""D'une configuration au nombre de poids : transformers, sur l'appareil « meta », est l'oracle."""

import re

import pytest
import torch
import transformers
from transformers import AutoConfig

from aurore import configurations
from aurore.settings import AuroreError

each_model = pytest.mark.parametrize("name", configurations.names())


def built(config):
    """Le modèle de transformers, sans un octet de poids."""
    with torch.device("meta"):
        return getattr(transformers, config["architectures"][0])(AutoConfig.for_model(**config))


@each_model
def test_our_count_is_that_of_transformers(name):
    config = configurations.read(name)
    expected = sum(weight.numel() for weight in built(config).parameters())
    assert configurations.count(config) == expected
    assert sum(layer.weights for layer in configurations.layers(config)) == expected


@each_model
def test_every_layer_has_its_name_and_its_shape(name):
    """Chaque tenseur de transformers est nommé une fois et une seule ; un tenseur partagé a plusieurs noms, un seul suffit."""
    config = configurations.read(name)
    tensors = {}
    for key, weight in built(config).named_parameters(remove_duplicate=False):
        tensors.setdefault(id(weight), (set(), tuple(weight.shape)))[0].add(key)
    left = list(tensors.values())
    for layer in configurations.layers(config):
        pattern = re.compile(re.escape(layer.name).replace(r"\*", r"\d+"))
        found = [tensor for tensor in left if any(pattern.fullmatch(key) for key in tensor[0])]
        assert len(found) == layer.copies and {shape for _, shape in found} == {layer.shape}, layer
        left = [tensor for tensor in left if tensor not in found]
    assert left == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai-community/gpt2", 124_439_808),
        ("openai-community/gpt2-medium", 354_823_168),
        ("openai-community/gpt2-large", 774_030_080),
        ("openai-community/gpt2-xl", 1_557_611_200),
        ("distilbert/distilgpt2", 81_912_576),
        ("EleutherAI/gpt-neo-125m", 125_198_592),
        ("EleutherAI/gpt-neo-1.3B", 1_315_575_808),
        ("microsoft/phi-1_5", 1_418_270_720),
        ("google-bert/bert-base-uncased", 109_483_778),
        ("mistralai/Mistral-7B-Instruct-v0.1", 7_241_732_096),
    ],
)
def test_known_sizes(name, expected):
    assert configurations.count(configurations.read(name)) == expected


@pytest.mark.parametrize("inner", [None, 1000])
def test_the_middle_of_a_block_is_four_widths_unless_said(inner):
    config = {"model_type": "gpt2", "vocab_size": 300, "n_positions": 64, "n_embd": 48, "n_layer": 3, "n_head": 4}
    given = config if inner is None else config | {"n_inner": inner}
    expected = sum(w.numel() for w in built(given | {"architectures": ["GPT2LMHeadModel"]}).parameters())
    assert configurations.count(given) == configurations.count(given | {"n_inner": inner}) == expected


def test_adam_keeps_four_numbers_for_a_weight():
    """Mesuré sur l'optimiseur lui-même : gradients et moyennes, octet par octet."""
    model = torch.nn.Linear(30, 20)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, 30)).sum().backward()
    optimizer.step()
    weights = list(model.parameters())
    states = [value for state in optimizer.state.values() for value in state.values() if value.numel() > 1]
    held = sum(t.numel() * t.element_size() for t in [*weights, *(w.grad for w in weights), *states])
    assert configurations.training_memory(sum(w.numel() for w in weights)) == held


def test_an_unknown_name_or_family_is_explained():
    with pytest.raises(AuroreError, match="n'est pas embarquée"):
        configurations.read("personne/rien")
    with pytest.raises(AuroreError, match="Familles connues : gpt2"):
        configurations.count({"model_type": "camelot"})


def test_reading_gives_a_copy():
    configurations.read("openai-community/gpt2")["n_layer"] = 1
    assert configurations.read("openai-community/gpt2")["n_layer"] == 12
