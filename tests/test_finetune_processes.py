"""Un entraînement tué net, dix fois ; un entraînement partagé entre deux processus."""

import json
import multiprocessing
import os
import random
import signal
import socket
import sys

import pytest
import torch
from small import TEXT, small_tokenizer
from transformers import TrainerCallback

from aurore import finetune, gpt, models, settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows n'a ni SIGKILL ni forkserver")

RECIPE = finetune.Recipe(epochs=2, batch_size=8, learning_rate=1e-3, matrix_rate=1e-3)
EVENTS = ("on_step_begin", "on_pre_optimizer_step", "on_step_end", "on_log", "on_save", "torch.save")


class _Kill(TrainerCallback):
    """Tue son propre processus, sans préavis, à un événement d'un pas."""

    def __init__(self, event, step):
        self.event, self.step, self.now = event, step, 0
        if event == "torch.save":
            self.save, torch.save = torch.save, self._half_written
        elif event:
            setattr(self, event, self._maybe)

    def on_step_begin(self, args, state, control, **kwargs):
        self.now = state.global_step + 1

    def _maybe(self, args, state, control, **kwargs):
        if state.global_step >= self.step:
            os.kill(os.getpid(), signal.SIGKILL)

    def _half_written(self, content, path, *arguments, **options):
        self.save(content, path, *arguments, **options)
        if self.now >= self.step:
            os.truncate(path, 1000)
            os.kill(os.getpid(), signal.SIGKILL)


def train(folder, event="", step=0, environment=None):
    """Entraîne un modèle minuscule, à l'oubli aléatoire, et écrit ses pertes."""
    os.environ.update(environment or {})
    torch.set_num_threads(1)
    tokenizer = small_tokenizer()
    shape = settings.PROFILES["test"]
    model = gpt.build_gpt2(shape, len(tokenizer), tokenizer.eos_token_id, dropout=0.0 if environment else 0.1)
    blocks = finetune.pack_blocks([TEXT], tokenizer, 24)
    if environment:  # sans lot incomplet : accelerate complète le sien par les premiers blocs
        blocks = blocks.select(range(len(blocks) // 8 * 8))
    report = finetune.fine_tune(
        model,
        tokenizer,
        blocks,
        blocks.select(range(8)),
        RECIPE,
        folder / "model",
        folder / "ckpt",
        [_Kill(event, step)],
    )
    if finetune.is_main():
        (folder / "report.json").write_text(json.dumps(report["losses"] | {"steps": report["steps"]}))


def started(folder, *arguments):
    """Un processus qui s'entraîne, né d'un serveur où tout est déjà importé."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["aurore.finetune"])
    process = context.Process(target=train, args=(folder, *arguments))
    folder.mkdir(exist_ok=True)
    process.start()
    return process


def finished(*processes):
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


def weights(folder):
    return list(models.load_model(folder / "model")[0].parameters())


def last_checkpoint(folder):
    marked = [path.parent for path in folder.glob("ckpt/*/checkpoint-*/" + finetune.MARK)]
    return max((int(path.name.rpartition("-")[2]) for path in marked), default=0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("entier")
    assert finished(started(folder)) == [0]
    return folder


def test_killed_ten_times_it_ends_as_if_nothing_had_happened(whole, tmp_path):
    expected = json.loads((whole / "report.json").read_text())
    steps, chance = expected["steps"], random.Random(settings.SEED)
    for _ in range(10):
        event = chance.choice(EVENTS)
        step = min(steps - 1, last_checkpoint(tmp_path) + chance.randint(1, steps // 5 + 1))
        assert finished(started(tmp_path, event, step)) == [-signal.SIGKILL]
        assert not (tmp_path / "model").exists()
    assert last_checkpoint(tmp_path) > 0
    assert finished(started(tmp_path)) == [0]
    assert json.loads((tmp_path / "report.json").read_text()) == expected
    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(tmp_path), strict=True))


def _shared(folder, processes):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    common = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(processes)}
    ranks = [common | {"RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in range(processes)]
    assert finished(*(started(folder, "", 0, rank) for rank in ranks)) == [0] * processes
    return json.loads((folder / "report.json").read_text())


def test_two_processes_lose_as_one_does(tmp_path):
    alone = tmp_path / "seul"
    assert finished(started(alone, "", 0, {"WORLD_SIZE": "1"})) == [0]
    one, two = json.loads((alone / "report.json").read_text()), _shared(tmp_path / "deux", 2)
    assert one["steps"] == two["steps"]
    for name in ("train", "validation"):
        places, losses = zip(*one[name], strict=True)
        assert places == tuple(place for place, _ in two[name])
        assert losses == pytest.approx([loss for _, loss in two[name]], abs=1e-3)
    assert losses[-1] < losses[0] - 0.5


def test_a_lot_that_cannot_be_shared_is_refused(monkeypatch):
    from small import small_model

    monkeypatch.setenv("WORLD_SIZE", "3")
    with pytest.raises(settings.AuroreError, match="ne se partage pas entre 3 processus"):
        finetune._blocks_at_once(RECIPE, small_model(), 32, models.choose_device())
