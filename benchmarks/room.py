"""Combien de temps la salle attend : un passage de deux millions de caractères, avec et sans bfloat16.

Mesuré sur un dixième du texte, par la recette de `python -m aurore train`, puis étendu au tout.
"""

from collections.abc import Iterator
from unittest import mock

from aurore import corpus, finetune, models, pipeline, settings
from aurore.models import Device

CHARACTERS = 2_000_000
SAMPLE = 200_000


def run() -> Iterator[tuple[str, ...]]:
    """Donne une ligne par précision que la machine a : nom, tokens/s, minutes, minutes visées."""
    models.keep_freed_memory()  # comme `pipeline.train`
    device = models.choose_device()
    if device.bf16:
        yield _measure(device, "bfloat16", "moins de 4")
    yield _measure(Device(device.name, False, "32 bits"), "32 bits", "moins de 12")


def _measure(device: Device, name: str, aim: str) -> tuple[str, ...]:
    dataset = corpus.load_dataset()
    texts = finetune.limit(list(corpus.texts_by_book(dataset["train"]).values()), SAMPLE)
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    positions = model.config.max_position_embeddings
    context, recipe = pipeline.plan_training(settings.profile(), positions, pretrained=True)
    blocks = finetune.pack_blocks(texts, tokenizer, context)
    output, checkpoints = settings.home() / "salle", settings.home() / "salle-reprise"

    def seconds(validation) -> float:
        report = finetune.fine_tune(model, tokenizer, blocks, validation, recipe, output, checkpoints)
        return report["seconds"]

    with mock.patch.object(finetune, "choose_device", lambda: device):
        reading = seconds(None)
        # La validation se paie une fois, quelle que soit la longueur du texte.
        watching = seconds(pipeline.validation_blocks(dataset, tokenizer, context)) - reading
    read = sum(map(len, texts))
    minutes = (reading * CHARACTERS / read + watching) / 60
    speed = len(blocks) * context / reading
    return name, f"{speed:.0f}", f"{minutes:.1f}", aim
