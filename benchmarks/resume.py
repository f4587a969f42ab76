"""Un vrai entraînement tué dix fois, à des moments tirés au sort, et repris chaque fois : finit-il comme s'il n'avait rien été ?

aurore-base, la recette de `python -m aurore train`, un passage sur des pages de Sand. Chaque vie est un processus, tué par SIGKILL
quand il a usé tant de secondes de processeur : au chargement, pendant un pas, une mesure ou une écriture, c'est selon.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import psutil
import torch

from aurore import corpus, finetune, models, pipeline, settings

CHARACTERS = 320_000
VALIDATION_BLOCKS = 8
KILLS = 10
POLL = 0.01  # secondes entre deux lectures du temps usé


def live(folder: Path) -> None:
    """Une vie : entraîne, ou reprend, et écrit à la fin son compte rendu dans `folder`."""
    torch.set_num_threads(1)
    dataset = corpus.load_dataset()
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    texts = finetune.spread(list(corpus.texts_by_book(dataset["train"]).values()), CHARACTERS)
    context, recipe = pipeline.plan_training(settings.profile(), model.config.n_positions, pretrained=True)
    train = finetune.pack_blocks(texts, tokenizer, context)
    validation = pipeline.validation_blocks(dataset, tokenizer, context)
    validation = validation.select(range(min(VALIDATION_BLOCKS, len(validation))))
    ready = time.process_time()
    report = finetune.fine_tune(model, tokenizer, train, validation, recipe, folder / "model", folder / "ckpt")
    digest = sha256(b"".join(parameter.detach().numpy().tobytes() for parameter in model.parameters()))
    found = {
        "steps": report["steps"],
        "losses": report["losses"],
        "share": report["share"],
        "weights": digest.hexdigest(),
        "ready": ready,
        "spent": time.process_time(),
    }
    (folder / "report.json").write_text(json.dumps(found), encoding="utf-8")


def _start(folder: Path) -> subprocess.Popen:
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.resume", str(folder)],
        env=os.environ | {"OMP_NUM_THREADS": "1", "TRANSFORMERS_VERBOSITY": "error"},
        stdout=subprocess.PIPE,
        text=True,
    )


def _end(folder: Path) -> dict:
    """Laisse finir une vie, et rend son compte rendu."""
    process = _start(folder)
    process.communicate()
    if process.returncode:
        raise RuntimeError(f"L'entraînement a échoué (code {process.returncode}).")
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def _kill_after(folder: Path, seconds: float) -> bool:
    """Commence une vie et la tue au bout de tant de secondes de processeur ; faux si elle a fini avant."""
    process = _start(folder)
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        used = watched.cpu_times()
        if used.user + used.system >= seconds:
            process.kill()
            process.communicate()
            return True
        time.sleep(POLL)
    return False


def _last_checkpoint(folder: Path) -> int:
    marked = folder.glob(f"ckpt/*/checkpoint-*/{finetune.MARK}")
    return max((int(path.parent.name.rpartition("-")[2]) for path in marked), default=0)


def run() -> list[tuple[str, ...]]:
    """Un entraînement d'un trait, un autre tué dix fois ; rend les lignes du tableau."""
    chance, kills, places = random.Random(settings.SEED), 0, []
    with tempfile.TemporaryDirectory() as name:
        whole = _end(Path(name, "entier"))
        # D'un départ au plus tard deux points de reprise plus loin : la plupart des vies n'en gagnent aucun, ou un. À 0,3, toutes
        # mouraient avant le premier.
        longest = whole["ready"] + 0.4 * (whole["spent"] - whole["ready"])
        folder = Path(name, "coupe")
        while kills < KILLS:
            moment = chance.uniform(0, longest)
            if not _kill_after(folder, moment):
                raise RuntimeError("L'entraînement a fini avant d'être tué dix fois : tirez d'autres moments.")
            kills += 1
            places.append(_last_checkpoint(folder))
            print(f"tué après {moment:.1f} s, dernier point de reprise : pas {places[-1]}", file=sys.stderr, flush=True)
        cut = _end(folder)
    return report(whole, cut, places)


def report(whole: dict, cut: dict, places: list[int]) -> list[tuple[str, ...]]:
    """Les lignes du tableau : ce que l'entraînement coupé a de pareil, au bit près, à celui qui ne l'a pas été."""

    def same(name: str) -> str:
        one, two = (dict(map(tuple, found["losses"][name])) for found in (whole, cut))
        return f"{sum(one[step] == two.get(step) for step in one)} sur {len(one)}"

    return [
        ("pas de l'entraînement", str(whole["steps"]), ""),
        ("fois tué", str(len(places)), str(KILLS)),
        ("dernier point de reprise, après chaque mort", " → ".join(map(str, places)), ""),
        ("pertes d'apprentissage égales au bit près", same("train"), "toutes"),
        ("pertes de validation égales au bit près", same("validation"), "toutes"),
        ("part gardée de l'arrivée", f"{whole['share']} et {cut['share']}", "la même"),
        ("poids égaux au bit près, mélange compris", "oui" if whole["weights"] == cut["weights"] else "non", "oui"),
    ]


if __name__ == "__main__":
    live(Path(sys.argv[1]))
