"""Le pré-entraînement : les textes, les blocs, la reprise après un arrêt brutal, le dossier qu'il laisse."""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from dataclasses import replace
from itertools import pairwise

import datasets
import numpy as np
import pytest
import torch
from conftest import ROOT
from transformers import AutoModelForCausalLM

from aurore import __main__ as cli
from aurore import corpus, pretrain, settings
from aurore import tokenizer as bpe
from aurore.models import Device
from aurore.settings import AuroreError

PLAN = pretrain.PLANS["test"]
CPU = Device("cpu", False, "essai")
SENTENCES = ["Le moulin tournait dans la vallée.", "— Ah ! dit le meunier, il pleut.", "Les bœufs rentraient au soir."]


def book(seed: int, paragraphs: int = 120) -> str:
    draw = np.random.default_rng(seed)
    lines = (" ".join(SENTENCES[i] for i in draw.integers(0, len(SENTENCES), 6)) for _ in range(paragraphs))
    return "\n".join(lines) + "\n"


TEXTS = [book(1), book(2), book(3)]


@pytest.fixture
def folder(tmp_path):
    pretrain.prepare_tokens(TEXTS, PLAN, tmp_path / "tokens")
    return tmp_path


@pytest.fixture
def run(folder):
    return pretrain.Run(PLAN, folder, bpe.load_tokenizer(folder / "tokens"), CPU)


def archive(path, files: dict[str, str | bytes]):
    with tarfile.open(path, "w:xz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            content = text if isinstance(text, bytes) else text.encode()
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


# --- Les textes


def test_eltec_texts_come_one_paragraph_a_line_in_the_house_typography(tmp_path):
    path = archive(
        tmp_path / "e.tar.xz",
        {"e/B.txt": "Fin.\n", "e/A.txt": "\t\n-- Eh bien! fit-il...\n\n * \nOui.\n", "e/INDEX.tsv": "path\n"},
    )
    assert pretrain.read_eltec(path) == ["— Eh bien ! fit-il…\nOui.\n", "Fin.\n"]


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [lambda whole: b"pas une archive", lambda whole: whole[:20], _flipped])
def test_an_unreadable_archive_is_told(tmp_path, damage):
    path = archive(tmp_path / "e.tar.xz", {"un.txt": "".join(TEXTS)})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(AuroreError, match="--eltec"):
        pretrain.read_eltec(path)


def test_a_missing_archive_and_a_text_in_latin_1_are_told(tmp_path):
    with pytest.raises(AuroreError, match="--eltec"):
        pretrain.read_eltec(tmp_path / "absente.tar.xz")
    with pytest.raises(AuroreError, match="UTF-8"):
        pretrain.read_eltec(archive(tmp_path / "e.tar.xz", {"un.txt": b"L'\xe9t\xe9"}))


def test_an_archive_without_text_is_told(tmp_path):
    with pytest.raises(AuroreError, match=r"aucun fichier \.txt"):
        pretrain.read_eltec(archive(tmp_path / "e.tar.xz", {"INDEX.tsv": "x"}))


def test_a_long_paragraph_is_read_once_and_never_if_held_out():
    long, judged, short = "a" * 80, "b" * 90, "c" * 79
    assert pretrain.drop_repeated([f"{long}\n{short}", f"{long}\n{short}\n{judged}", judged], held_out=[judged]) == [
        f"{long}\n{short}",
        short,
    ]


def test_the_base_books_must_have_been_prepared(home, monkeypatch):
    monkeypatch.setattr(corpus, "load_dataset", lambda: {"train": None})
    with pytest.raises(AuroreError, match="--books all"):
        pretrain.training_texts()


# --- Les blocs


def test_no_block_crosses_two_books(run):
    blocks = run.blocks
    edges = [*blocks.starts, len(blocks.tokens)]
    for epoch in range(3):
        blocks._enter(epoch)
        for start in blocks.order:
            owner = np.searchsorted(edges, start, side="right")
            assert start + PLAN.context_length + 1 <= edges[owner]


def test_an_epoch_reads_each_token_at_most_once_and_nearly_all(run):
    blocks = run.blocks
    blocks._enter(0)
    read = np.concatenate([np.arange(start, start + PLAN.context_length) for start in blocks.order])
    assert len(np.unique(read)) == len(read)
    assert len(read) > len(blocks.tokens) - 2 * PLAN.context_length * len(blocks.starts)


def test_targets_are_the_inputs_moved_by_one(run):
    inputs, targets = run.blocks.batch(0)
    assert inputs.shape == targets.shape == (PLAN.batch, PLAN.context_length)
    assert torch.equal(inputs[:, 1:], targets[:, :-1])


def test_a_batch_depends_on_its_step_alone(folder, run):
    last = [run.blocks.batch(step) for step in range(40)][-1]
    fresh = pretrain.Blocks(folder / "tokens", PLAN).batch(39)
    assert torch.equal(last[0], fresh[0])
    other = pretrain.Blocks(folder / "tokens", replace(PLAN, seed=1)).batch(39)
    assert not torch.equal(last[0], other[0])


def test_the_tokens_give_the_books_back(folder, run):
    tokenizer = run.tokenizer
    end = run.blocks.starts[1]
    assert tokenizer.decode(run.blocks.tokens[1 : end - 1].tolist()) == TEXTS[0]
    assert run.blocks.tokens[0] == run.blocks.tokens[end - 1] == tokenizer.eos_token_id
    assert isinstance(run.blocks.tokens, np.memmap)


def test_tokens_are_written_again_only_when_texts_or_vocabulary_change(folder):
    before = (folder / "tokens" / "tokens.bin").stat().st_mtime_ns
    pretrain.prepare_tokens(TEXTS, replace(PLAN, seed=5), folder / "tokens")
    assert (folder / "tokens" / "tokens.bin").stat().st_mtime_ns == before
    pretrain.prepare_tokens([*TEXTS, book(4)], PLAN, folder / "tokens")
    assert (folder / "tokens" / "tokens.bin").stat().st_mtime_ns != before


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_damaged_tokens_are_told_and_written_again(folder, capsys, harm):
    path = folder / "tokens" / "tokens.bin"
    before = path.read_bytes()
    path.unlink() if harm == "gone" else path.write_bytes(before[: len(before) // 2])
    pretrain.prepare_tokens(TEXTS, PLAN, folder / "tokens")
    assert path.read_bytes() == before
    assert "abîmés (tokens.bin) : ils sont refaits" in capsys.readouterr().out


def test_tokens_never_replace_the_folder_of_someone_else(tmp_path):
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / "origin.txt").write_text("à moi", encoding="utf-8")
    with pytest.raises(AuroreError, match="tokens"):
        pretrain.prepare_tokens(TEXTS, PLAN, tmp_path / "tokens")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in (tmp_path / "tokens").iterdir()] == [
        ("origin.txt", "à moi")
    ]


def test_too_little_text_is_told(tmp_path):
    pretrain.prepare_tokens(["Un moulin.\n"], PLAN, tmp_path / "tokens")
    with pytest.raises(AuroreError, match="Ajoutez des livres"):
        pretrain.Blocks(tmp_path / "tokens", PLAN)


# --- Le taux, les optimiseurs, un pas


def test_the_rate_climbs_stays_then_falls_to_nothing():
    plan = replace(PLAN, tokens=PLAN.batch * PLAN.context_length * 100)
    rates = [pretrain.rate(plan, step) for step in range(plan.steps + 1)]
    assert rates[0] == 1 / plan.warmup_steps and rates[-1] == 0
    assert rates[plan.warmup_steps : 65] == [1.0] * (65 - plan.warmup_steps)
    assert all(later < earlier for earlier, later in pairwise(rates[65:]))


def test_each_weight_has_exactly_one_optimizer(run):
    matrices, rest = run.optimizer.parts
    held = [p for part in (matrices, rest) for group in part.param_groups for p in group["params"]]
    assert sorted(map(id, held)) == sorted(map(id, run.model.parameters()))
    assert all(p.ndim == 2 for group in matrices.param_groups for p in group["params"])
    assert any(p is run.model.transformer.wte.weight for p in rest.param_groups[0]["params"])


def test_each_group_climbs_to_its_own_rate(folder):
    plan = replace(PLAN, matrix_rate=1e-3, table_rate=2e-3, vector_rate=3e-3, warmup_steps=1)
    run = pretrain.Run(plan, folder, bpe.load_tokenizer(folder / "tokens"), CPU)
    run.advance()
    assert [group["lr"] for group in run.optimizer.param_groups] == [1e-3, 2e-3, 3e-3]
    assert [group["weight_decay"] for group in run.optimizer.param_groups] == [0.1, 0.1, 0.0]


def test_the_loss_is_the_one_of_transformers(run):
    inputs, targets = run._shaped(*run.blocks.batch(0))
    whole = torch.cat([inputs[:, :1], targets], 1)
    expected = run.model.eval()(input_ids=whole, labels=whole).loss
    assert torch.allclose(run.advance(), expected, atol=1e-5)


def test_blocks_are_shorter_until_the_descent(run):
    assert run._shaped(*run.blocks.batch(0))[0].shape == (2 * PLAN.batch, PLAN.plateau_context)
    assert run.block_length == PLAN.plateau_context
    run.step = PLAN.steps - 1
    assert run._shaped(*run.blocks.batch(0))[0].shape == (PLAN.batch, PLAN.context_length)


def test_it_learns(run):
    first = run.advance()
    for _ in range(25):
        last = run.advance()
    assert last < first - 1


# --- La reprise


def weights(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).state_dict()


def everything(folder, output, **options):
    return pretrain.pretrain(PLAN, TEXTS, book(9, 4), folder, output, save_seconds=0, evaluate_every=20, **options)


def test_a_run_cut_at_any_step_ends_with_the_same_weights(tmp_path, monkeypatch):
    whole = everything(tmp_path / "a", tmp_path / "whole")
    advance, cuts = pretrain.Run.advance, iter((3, 9, 26))
    stop = next(cuts)

    def cut(run):
        nonlocal stop
        if run.step == stop:
            stop = next(cuts, -1)
            raise KeyboardInterrupt
        return advance(run)

    monkeypatch.setattr(pretrain.Run, "advance", cut)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            everything(tmp_path / "b", tmp_path / "cut")
    again = everything(tmp_path / "b", tmp_path / "cut")
    assert again["log"] == whole["log"] and again["steps"] == PLAN.steps
    expected = weights(tmp_path / "whole")
    assert all(torch.equal(tensor, expected[name]) for name, tensor in weights(tmp_path / "cut").items())


SCRIPT = """
import sys; sys.path[:0] = ["tests", "."]
from pathlib import Path
from test_pretrain import everything
everything(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_killed_process_starts_again_and_ends_at_the_same_figure(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(torch.get_num_threads())}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "b"), str(tmp_path / "cut")]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith("pas 20/"):
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL and not (tmp_path / "cut").exists()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    resumed = int(done.stdout.split("reprise au pas ")[1].split()[0])
    assert resumed >= 19  # rien de ce qui s'est dit n'est perdu
    whole = everything(tmp_path / "a", tmp_path / "whole")
    assert f"validation {whole['log'][-1]['bits_per_char']:.4f}".replace(".", ",") in done.stdout


def test_a_longer_plan_goes_on_before_the_descent_only(run, folder):
    for _ in range(3):
        run.advance()
    run.save()
    longer = replace(PLAN, tokens=2 * PLAN.tokens)
    assert pretrain.Run(longer, folder, run.tokenizer, CPU).resume()
    run.step = PLAN.steps - 1
    run.save()
    with pytest.raises(AuroreError, match="autre plan"):
        pretrain.Run(longer, folder, run.tokenizer, CPU).resume()


def test_another_plan_is_refused_and_nothing_is_lost(run, folder):
    run.save()
    before = (folder / "checkpoint.pt").read_bytes()
    with pytest.raises(AuroreError, match="autre plan"):
        pretrain.Run(replace(PLAN, weight_decay=0.3), folder, run.tokenizer, CPU).resume()
    assert (folder / "checkpoint.pt").read_bytes() == before


def test_a_checkpoint_of_other_texts_is_refused_and_kept(run, folder):
    run.save()
    pretrain.prepare_tokens([*TEXTS, book(4)], PLAN, folder / "tokens")
    with pytest.raises(AuroreError, match="autres textes"):
        pretrain.Run(PLAN, folder, run.tokenizer, CPU).resume()
    pretrain.prepare_tokens(TEXTS, PLAN, folder / "tokens")
    assert pretrain.Run(PLAN, folder, run.tokenizer, CPU).resume()


def test_what_a_kill_left_half_written_is_removed(tmp_path):
    part = tmp_path / "a" / ".checkpoint.pt.xyz.part"
    part.parent.mkdir()
    part.write_bytes(b"moiti")
    everything(tmp_path / "a", tmp_path / "whole")
    assert not part.exists()


@pytest.mark.parametrize("keep", [0, 1000, 5000])
def test_a_damaged_checkpoint_is_told_and_kept(run, folder, keep):
    run.save()
    path = folder / "checkpoint.pt"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(AuroreError, match="abîmé"):
        run.resume()
    assert path.stat().st_size == keep


# --- La commande


def test_the_command_learns_from_the_prepared_books(home, capsys):
    rows = {"base": TEXTS, "train": [book(5)], "validation": [book(9, 4)], "test": [book(6)]}
    columns = ("book", "chapter", "paragraph")
    splits = {
        split: datasets.Dataset.from_list(
            [
                dict(zip(columns, (f"{split} {n}", "", line), strict=True))
                for n, text in enumerate(texts)
                for line in text.split("\n")
                if line
            ]
        )
        for split, texts in rows.items()
    }
    corpus.save_dataset(datasets.DatasetDict(splits), corpus.dataset_folder())
    assert cli.main(["pretrain", "--plan", "test", "--tokens", "4096"]) == 0
    said = capsys.readouterr().out
    output = home / "pretrain" / "test" / "model"
    assert "bits par caractère en validation." in said and str(output) in said
    assert AutoModelForCausalLM.from_pretrained(output).config.n_embd == PLAN.n_embd


def test_the_command_says_which_books_are_missing(home, capsys):
    assert cli.main(["prepare"]) == 0
    assert cli.main(["pretrain", "--plan", "test"]) == 1
    assert "--books all" in capsys.readouterr().err


# --- Le texte de validation, les plans


def test_the_validation_text_is_the_start_of_each_validation_book(home, monkeypatch):
    rows = {"validation": {"book": ["A", "A", "B"], "paragraph": ["un" * 4, "deux" * 4, "trois" * 2]}}
    monkeypatch.setattr(corpus, "load_dataset", lambda: rows)
    assert pretrain.validation_text(12) == "unununun\ntroistrois\n"


def test_the_plans_fit_what_the_model_card_promises():
    for name, plan in pretrain.PLANS.items():
        model = pretrain.build_model(plan, 0)
        assert sum(p.numel() for p in model.parameters()) * 2 < 32e6, name
    assert pretrain.PLANS["base"].seed == settings.SEED


def test_progress_counts_the_time_left_from_the_steps_of_this_start(run, capsys, monkeypatch):
    monkeypatch.setattr(pretrain.time, "perf_counter", lambda: 110.0)
    run.plan = replace(run.plan, tokens=1000 * run.plan.batch * run.plan.context_length)
    run.step = 400
    pretrain._tell(run, 5.0, start=10.0, first=390)  # dix pas en cent secondes, six cents à faire
    told = capsys.readouterr().out
    assert told.startswith("pas 400/1000 · perte 5,000 · ") and told.endswith("reste 1 h 40 min\n")
    assert f"{run.plan.batch * run.plan.context_length / 10:.0f} tokens/s" in told


def test_the_log_holds_three_samples_at_each_measure(tmp_path):
    everything(tmp_path / "a", tmp_path / "m")
    log = json.loads(json.dumps(torch.load(tmp_path / "a" / "checkpoint.pt", weights_only=True)["log"]))
    assert [len(entry["samples"]) for entry in log] == [3] * len(log)
    assert log[-1]["step"] == PLAN.steps


def test_the_delivered_model_forgets_nothing_at_random(folder, tmp_path):
    plan = replace(PLAN, tokens=PLAN.batch * PLAN.context_length, dropout=0.1)
    pretrain.pretrain(plan, TEXTS, "".join(TEXTS)[:600], folder, tmp_path / "livré")
    found = AutoModelForCausalLM.from_pretrained(tmp_path / "livré").train()
    assert all(module.p == 0 for module in found.modules() if isinstance(module, torch.nn.Dropout))
