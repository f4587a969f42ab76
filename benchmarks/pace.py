"""La durée que prévoit `aurore.pace` et celle d'un vrai entraînement : un cœur, deux précisions.

Les secondes sont celles du processeur, non de l'horloge : une machine partagée ne les allonge pas. C'est d'ici que vient
`pace.OCTETS`, seul nombre ajusté.
"""

import time
from collections.abc import Iterator
from unittest import mock

import torch

from aurore import corpus, finetune, models, pace, pipeline, settings
from aurore.models import Device

BLOCKS = 16  # deux lots


def run() -> Iterator[tuple[str, ...]]:
    """Donne une ligne par précision : produits, mémoire, tokens par seconde prévus et mesurés, leur rapport, l'ajustement."""
    torch.set_num_threads(1)
    corpus.prepare("sand")
    device = models.choose_device()
    for found in filter(None, (device if device.bf16 else None, Device(device.name, False, "32 bits"))):
        with mock.patch.object(models, "choose_device", lambda found=found: found):
            yield _measure(found)


def _measure(device: Device) -> tuple[str, ...]:
    speed = pace.measure(clock=time.process_time)
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    context, recipe = pipeline.plan_training(settings.profile(), model.config.max_position_embeddings, pretrained=True)
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
