"""Leçon 10, l'adaptateur embarqué : ce qui fait répondre `aurore-base` sans réécrire ses poids, en moins de 2 Mo.

`python -m aurore.adapter` le refait, et dit ce qu'il vaut sur les questions tenues à l'écart.
"""

import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, TrainerCallback

from aurore import instructions, models, rows, settings
from aurore.instructions import EMBEDDED, Tuning
from aurore.settings import AuroreError
from aurore.storage import atomic_directory

RANK = 16  # 491 520 nombres : 1 Mo en float16
TUNING = Tuning(epochs=8, batch_size=16, learning_rate=2e-3, weight_decay=0.0)


def adapted(model: PreTrainedModel, rank: int = RANK) -> PeftModel:
    """`model`, gelé, avec un adaptateur neuf de rang `rank` à côté de chaque matrice de ses couches (Hu 2021)."""
    torch.manual_seed(settings.SEED)
    adapter = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        target_modules=["c_attn", "c_proj", "c_fc"],
        fan_in_fan_out=True,  # les couches de GPT-2 rangent leurs poids couchés
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, adapter)


def save(model: PeftModel, folder: Path = EMBEDDED) -> None:
    """Enregistre l'adaptateur seul, en float16, d'un seul coup ; ce que l'on avait ajouté au dossier est gardé."""
    model.peft_config["default"].base_model_name_or_path = settings.EMBEDDED_MODEL.name
    with atomic_directory(folder, "modèle") as temporary:
        model.half().save_pretrained(str(temporary), save_embedding_layers=False)  # sinon, il irait voir le Hub


class _Say(TrainerCallback):
    """Dit la perte, toutes les vingt corrections."""

    def on_log(self, args, state, control, logs=None, **_) -> None:
        """Écrit le pas et la perte."""
        if "loss" in (logs or {}) and state.global_step % 20 == 0:
            print(f"pas {state.global_step} sur {state.max_steps}, perte {float(logs['loss']):.3f}", flush=True)


def main() -> int:
    """Refait l'adaptateur, le mesure et l'enregistre."""
    try:
        models.keep_freed_memory()
        base, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
        model = adapted(base)
        report = instructions.tune(model, tokenizer, rows.load_rows("train"), TUNING, callbacks=[_Say()])
        print(f"{report['steps']} pas, {report['seconds']:.0f} s")
        save(model)
        answering, tokenizer = instructions.embedded_model()
        for split in ("validation", "test"):
            verdicts = instructions.ask(answering, tokenizer, rows.load_rows(split))
            for name, kept in (("faits", False), ("contexte", True)):
                some = [verdict for verdict in verdicts if (verdict.row.theme == "contexte") is kept]
                right = instructions.share([verdict.contained for verdict in some])
                same = instructions.share([verdict.exact for verdict in some])
                print(f"{split}, {name} : contient {right}, exact {same}, {len(some)} questions")
    except AuroreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
