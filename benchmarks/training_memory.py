"""La mémoire d'un entraînement par la recette de la salle : sous une limite de 2 Go, puis un GPT-2 small de 124 millions de poids.

Chaque cas tourne dans un processus à lui. La limite est celle du système (`RLIMIT_DATA`, ce que pose `ulimit -d`) ; le pic est celui du
processus entier, bibliothèques comprises (`ru_maxrss`). Deux pas suffisent : l'optimiseur a alors toutes ses moyennes.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from aurore import finetune, models, pipeline, settings
from aurore.settings import AuroreError

GB = 1_000_000_000
BASE, SMALL = "aurore-base", "GPT-2 small, poids tirés au sort"
CASES = ((BASE, 2, 8), (SMALL, 0, 2), (SMALL, 3, 2))  # modèle, limite en Go (0 : aucune), blocs par lot
STEPS = 2


def measure(name: str, limit: int, batch: int) -> None:
    """Entraîne deux pas et écrit, en JSON, les pas faits, le pic en octets et ce qui a été dit."""
    torch.set_num_threads(1)
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    if name == SMALL:
        model = GPT2LMHeadModel(GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))
    context, recipe = pipeline.plan_training(settings.profile(), model.config.n_positions, pretrained=True)
    drawn = torch.Generator().manual_seed(settings.SEED)
    tokens = torch.randint(1, model.config.vocab_size, (STEPS * batch, context), generator=drawn).numpy()
    blocks = finetune.datasets.Dataset.from_dict({"input_ids": tokens, "labels": tokens}).with_format("torch")
    if limit:
        resource.setrlimit(resource.RLIMIT_DATA, (limit * GB, limit * GB))
    steps, said = 0, ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            paths = Path(folder, "m"), Path(folder, "c")
            report = finetune.fine_tune(model, tokenizer, blocks, None, replace(recipe, batch_size=batch), *paths)
            steps = report["steps"]
        except AuroreError as error:
            said = str(error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print("MESURE " + json.dumps({"steps": steps, "peak": peak, "said": said}), flush=True)


def run() -> list[tuple[str, ...]]:
    """Une ligne par cas : modèle, limite, pas faits, pic, ce qui a été dit, ce qui était visé."""
    rows = []
    for name, limit, batch in CASES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.training_memory", name, str(limit), str(batch)],
            env=os.environ | {"OMP_NUM_THREADS": "1", "TRANSFORMERS_VERBOSITY": "error"},
            stdout=subprocess.PIPE,
            text=True,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("MESURE ")]
        if not lines:  # arrêté par le système : c'est ce qui ne doit pas arriver
            rows.append((name, f"{limit} Go", "—", "—", f"arrêté sans un mot (code {done.returncode})", ""))
            continue
        found = json.loads(lines[0].removeprefix("MESURE "))
        aim = "moins de 4 Go" if not limit else "entraîne, ou dit quoi réduire"
        told = found["said"] or " ".join(line for line in done.stdout.splitlines() if line not in lines)
        rows.append(
            (name, f"{limit} Go" if limit else "aucune", found["steps"], f"{found['peak'] / GB:.2f} Go", told, aim)
        )
    return rows


if __name__ == "__main__":
    measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
