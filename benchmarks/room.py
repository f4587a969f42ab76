"""Combien de temps la salle attend : un passage de deux millions de caractères, avec et sans bfloat16.

Mesuré sur un dixième du texte, par la recette de `python -m aurore train`, puis étendu au tout.
"""

from collections.abc import Iterator
from unittest import mock

from aurore import corpus, finetune, models, pipeline, settings, tokenizer
from aurore.models import Device

CHARACTERS = 2_000_000
SAMPLE = 200_000


def run() -> Iterator[tuple[str, ...]]:
    """Donne une ligne par précision que la machine a : nom, tokens/s, minutes, minutes visées."""
    device = models.choose_device()
    if device.bf16:
        yield _measure(device, "bfloat16", "moins de 4")
    yield _measure(Device(device.name, False, "32 bits"), "32 bits", "moins de 12")


def _measure(device: Device, name: str, aim: str) -> tuple[str, ...]:
    texts = list(corpus.texts_by_book(corpus.load_dataset()["train"]).values())
    model, tokens = models.load_model(settings.EMBEDDED_MODEL)
    positions = model.config.max_position_embeddings
    context, recipe = pipeline.plan_training(settings.profile(), positions, pretrained=True)
    blocks = finetune.pack_blocks(finetune.limit(texts, SAMPLE), tokens, context)
    folder = settings.home() / "salle"
    with mock.patch.object(finetune, "choose_device", lambda: device):
        report = finetune.fine_tune(model, tokens, blocks, None, recipe, folder, folder.with_name("salle-reprise"))
    count = CHARACTERS / tokenizer.characters_per_token(tokens, texts[0])
    return name, str(report["tokens_per_second"]), f"{count / report['tokens_per_second'] / 60:.1f}", aim
