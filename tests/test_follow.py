"""Un entraînement suivi : il avance, écrit, s'arrête à la demande, reprend, et dit ce qui échoue."""

import os
import signal

import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import finetune, follow
from aurore.models import load_model
from aurore.settings import AuroreError

RECIPE = finetune.Recipe(epochs=2, batch_size=4, learning_rate=3e-3)
PROMPTS = ("Le meunier", "La roue")


def start(folder, name="model", recipe=RECIPE, prompts=PROMPTS):
    blocks = finetune.pack_blocks([TEXT], small_tokenizer(), 32)
    return follow.Run(
        small_model(), small_tokenizer(), blocks, blocks, recipe, prompts, folder / name, folder / f"{name}-reprises"
    )


def stop_at(run, step):
    """Demande l'arrêt au pas voulu, comme le ferait le bouton."""
    run.listeners.append(lambda: run._asked.set() if run.progress.step == step else None)


def weights(folder):
    return list(load_model(folder)[0].parameters())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Un entraînement que rien n'interrompt."""
    folder = tmp_path_factory.mktemp("entier")
    run = start(folder)
    report = run.wait()
    return run, report, weights(folder / "model")


def test_it_tells_its_steps_its_speed_and_its_losses(whole):
    run, report, _ = whole
    progress = run.progress
    assert run.state == follow.DONE and not report["stopped"]
    assert progress.step == progress.steps == report["steps"]
    assert progress.per_second > 0 and progress.remaining == 0
    assert progress.train == report["losses"]["train"] and progress.validation == report["losses"]["validation"]
    assert "fini" in follow.sentence(run)


def test_the_prompts_are_continued_at_each_measure(whole):
    run, report, _ = whole
    passages = run.progress.passages
    assert list(passages) == [step for step, _ in report["losses"]["validation"]]
    for texts in passages.values():
        assert all(
            text.startswith(prompt) and len(text) > len(prompt) for text, prompt in zip(texts, PROMPTS, strict=True)
        )
    assert passages[0] != passages[run.progress.steps]


def test_writing_does_not_change_what_is_learnt(whole, tmp_path):
    run = start(tmp_path, prompts=())
    run.wait()
    assert all(torch.equal(a, b) for a, b in zip(weights(tmp_path / "model"), whole[2], strict=True))


def test_stopped_then_resumed_it_ends_as_if_nothing_had_happened(whole, tmp_path):
    run = start(tmp_path)
    stop_at(run, 6)  # vu au pas suivant, qui n'est ni un pas mesuré ni un pas enregistré
    assert run.wait()["stopped"] and run.state == follow.STOPPED
    assert "relancez la cellule" in follow.sentence(run)
    assert list((tmp_path / "model-reprises").glob("*/checkpoint-7"))
    load_model(tmp_path / "model")  # ce qui est déjà appris est gardé
    again = start(tmp_path)
    report = again.wait()
    assert report["resumed"] and not report["stopped"] and again.state == follow.DONE
    assert all(torch.equal(a, b) for a, b in zip(weights(tmp_path / "model"), whole[2], strict=True))
    assert report["losses"] == whole[1]["losses"]
    assert again.progress.passages == whole[0].progress.passages
    assert not (tmp_path / "model-reprises").exists()


def test_an_interruption_of_the_kernel_stops_and_saves(tmp_path):
    run, seen = start(tmp_path), []

    def interrupt():
        if run.progress.step and not seen:
            seen.append(1)
            os.kill(os.getpid(), signal.SIGINT)

    run.listeners.append(interrupt)
    assert run.wait()["stopped"]
    assert list((tmp_path / "model-reprises").glob("*/checkpoint-*"))


def test_a_failure_is_a_sentence(tmp_path):
    run = start(tmp_path, recipe=finetune.Recipe(epochs=2, batch_size=4, learning_rate=1e6))
    with pytest.raises(AuroreError, match="n'est plus un nombre"):
        run.wait()
    assert run.state == follow.FAILED and "n'est plus un nombre" in follow.sentence(run)


def test_lack_of_memory_says_what_to_reduce(tmp_path, monkeypatch):
    def greedy(*_, **__):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")

    monkeypatch.setattr(finetune, "fine_tune", greedy)
    with pytest.raises(AuroreError, match="Réduisez la taille des lots"):
        start(tmp_path).wait()


def test_an_unknown_failure_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(finetune, "fine_tune", lambda *_, **__: {}["absent"])
    with pytest.raises(AuroreError, match="KeyError"):
        start(tmp_path).wait()


def test_a_broken_figure_does_not_stop_the_training(tmp_path):
    run = start(tmp_path, prompts=())
    run.listeners.append(lambda: 1 / 0)
    assert not run.wait()["stopped"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (42, "42 s"), (180, "3 min"), (5400, "90 min"), (7500, "2 h 05")]
)
def test_a_duration_is_said_as_one_would(seconds, said):
    assert follow.duration(seconds) == said


def test_the_sentence_follows_the_training(tmp_path):
    run = start(tmp_path)
    assert "se prépare" in follow.sentence(run)
    run.progress.steps = 10
    assert "Première mesure" in follow.sentence(run)
    run.progress.step, run.progress.per_second, run.progress.remaining = 4, 1234.4, 42.0
    assert "Pas 4 sur 10. Il reste 42 s, à 1\u202f234 tokens par seconde." in follow.sentence(run)
    run.state = follow.RUNNING
    run.stop()
    assert "L'arrêt est demandé" in follow.sentence(run)
