"""La durée que prévoit `aurore.pace` et celle d'un vrai entraînement : un cœur, deux précisions.

Les secondes sont celles du processeur, non de l'horloge : une machine partagée ne les allonge pas. C'est d'ici que vient
`pace.OCTETS`, seul nombre ajusté.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import torch

from aurore import corpus, finetune, gpt, models, pace, pipeline, settings
from aurore.models import Device

BLOCKS = 32  # deux lots


def run() -> Iterator[tuple[str, ...]]:
    """Donne une ligne par précision, puis par réseau neuf : produits, mémoire, tokens par seconde prévus et mesurés, leur rapport, l'ajustement."""
    torch.set_num_threads(1)
    corpus.prepare("sand")
    device = models.choose_device()
    for found in filter(None, (device if device.bf16 else None, Device(device.name, False, "32 bits"))):
        with mock.patch.object(models, "choose_device", lambda found=found: found):
            yield _measure(found)
    for profile in (settings.PROFILES["minute"], settings.PROFILES["pause"]):
        yield _measure_new(profile)


def _measure_new(profile: settings.Profile) -> tuple[str, ...]:
    """Le réseau neuf de la leçon 05, bien plus petit qu'aurore-base."""
    speed, steps = pace.measure(clock=time.process_time), 10
    model = gpt.GPT(gpt.Dimensions.of(profile, profile.vocab_size))
    lots = gpt.batches(torch.randint(profile.vocab_size, (100_000,)), profile.context_length, profile.batch_size)
    start = time.process_time()
    gpt.train(model, lots, profile.learning_rate, steps=steps)
    measured = steps * profile.batch_size * profile.context_length / (time.process_time() - start)
    expected = 1 / speed.token(sum(weights.numel() for weights in model.parameters()) / pace.PARAMETERS)
    rates = f"{speed.products / 1e9:.0f}", f"{speed.memory / 1e9:.1f}", f"{expected:.0f}", f"{measured:.0f}"
    return f"réseau neuf, « {profile.name} »", *rates, f"{expected / measured:.2f}", "—"


def _measure(device: Device) -> tuple[str, ...]:
    speed = pace.measure(clock=time.process_time)
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    context, recipe = pipeline.plan_training(settings.profile(), model.config.max_position_embeddings, pretrained=True)
    recipe = replace(recipe, candidates=0)  # `pace.OPERATIONS` compte toute la dernière couche
    texts = list(corpus.texts_by_book(corpus.load_dataset()["train"]).values())
    blocks = finetune.pack_blocks(texts, tokenizer, context).select(range(BLOCKS))
    models.keep_freed_memory()
    home = settings.home()
    start = time.process_time()
    with mock.patch.object(finetune, "choose_device", lambda: device):
        finetune.fine_tune(model, tokenizer, blocks, None, recipe, home / "pas", home / "pas-reprise")
    measured = BLOCKS * context / (time.process_time() - start)
    fitted = (1 / measured - pace.OPERATIONS / speed.products) * speed.memory
    return (
        "bfloat16" if device.bf16 else "32 bits",
        f"{speed.products / 1e9:.0f}",
        f"{speed.memory / 1e9:.1f}",
        f"{speed.tokens:.0f}",
        f"{measured:.0f}",
        f"{speed.tokens / measured:.2f}",
        f"{fitted / 1e6:.1f}",
    )
