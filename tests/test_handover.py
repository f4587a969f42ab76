"""Passer un pré-entraînement d'une machine à l'autre : rien ne se perd, et rien d'abîmé ne passe."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from small import TEXT
from test_pretrain import CPU, PLAN, TEXTS, book

from aurore import __main__ as cli
from aurore import evaluation, handover, models, pretrain
from aurore import tokenizer as bpe
from aurore.settings import AuroreError

VALIDATION = book(9, 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("run")
    pretrain.prepare_tokens(TEXTS, PLAN, place / "tokens")
    return place


@pytest.fixture
def run(folder):
    return pretrain.Run(PLAN, folder, bpe.load_tokenizer(folder / "tokens"), CPU)


def packed(run, place):
    handover.pack(run.model, run.tokenizer, run.progress(), run.folder / "tokens", VALIDATION, place)
    return place


def fresh(pack, place, plan=PLAN):
    handover.unpack_tokens(pack, place / "tokens")
    found = pretrain.Run(plan, place, bpe.load_tokenizer(place / "tokens"), CPU)
    found.start_from(pack)
    return found


# --- Le paquet


def test_the_tokens_come_back_in_pieces_no_larger_than_said(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(handover, "PIECE", 700)
    handover.pack_tokens(folder / "tokens", tmp_path / "paquet" / "tokens")
    pieces = sorted((tmp_path / "paquet" / "tokens").glob("tokens.xz.*"))
    assert len(pieces) > 2 and max(piece.stat().st_size for piece in pieces) <= 700
    handover.unpack_tokens(tmp_path / "paquet", tmp_path / "tokens")
    for name in ("tokens.bin", "books.json", "origin.txt", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "tokens" / name).read_bytes() == (folder / "tokens" / name).read_bytes()


def test_the_same_tokens_are_squeezed_and_unpacked_only_once(folder, tmp_path):
    def times(place):
        return [path.stat().st_mtime_ns for path in sorted(place.iterdir())]

    for turn in range(2):
        handover.pack_tokens(folder / "tokens", tmp_path / "paquet" / "tokens")
        handover.unpack_tokens(tmp_path / "paquet", tmp_path / "tokens")
        if turn == 0:
            before = times(tmp_path / "paquet" / "tokens"), times(tmp_path / "tokens")
    assert before == (times(tmp_path / "paquet" / "tokens"), times(tmp_path / "tokens"))


@pytest.mark.parametrize("damage", ["missing", "cut", "none"])
def test_damaged_tokens_are_told_and_leave_nothing(folder, tmp_path, damage):
    handover.pack_tokens(folder / "tokens", tmp_path / "paquet" / "tokens")
    piece = tmp_path / "paquet" / "tokens" / "tokens.xz.00"
    if damage == "cut":
        piece.write_bytes(piece.read_bytes()[:-40])
    elif damage == "missing":
        piece.unlink()
    else:
        (tmp_path / "paquet" / "tokens" / "origin.txt").unlink()
    with pytest.raises(AuroreError, match="--pack"):
        handover.unpack_tokens(tmp_path / "paquet", tmp_path / "tokens")
    assert not (tmp_path / "tokens").exists()


def test_a_pack_is_a_model_that_loads_on_its_own(run, tmp_path):
    model, tokenizer = models.load_model(packed(run, tmp_path / "paquet"))
    assert tokenizer.get_vocab() == run.tokenizer.get_vocab()
    assert evaluation.score(model, tokenizer, VALIDATION).bits_per_character > 0
    assert handover.is_pack(tmp_path / "paquet") and handover.read_validation(tmp_path / "paquet") == VALIDATION


def test_a_damaged_progress_is_told(run, tmp_path):
    path = packed(run, tmp_path / "paquet") / "progress.json"
    for content in ("{", '{"step": 3}'):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(AuroreError, match="abîmé"):
            handover.read_progress(tmp_path / "paquet")


# --- Repartir de poids seuls


def test_a_pack_goes_on_at_its_step_with_the_same_batches(run, tmp_path):
    for _ in range(6):
        run.advance()
    run.log.append({"step": 6, "bits_per_char": 3.0})
    again = fresh(packed(run, tmp_path / "paquet"), tmp_path / "ailleurs")
    assert (again.step, again.log) == (6, run.log)
    assert torch.equal(again.blocks.batch(again.step)[0], run.blocks.batch(run.step)[0])
    for ours, theirs in zip(again.model.parameters(), run.model.parameters(), strict=True):
        assert torch.equal(ours, theirs.half().float())
    assert torch.isfinite(again.advance())


def test_a_pack_of_another_plan_gives_its_weights_and_starts_over(run, tmp_path):
    run.advance()
    pack = packed(run, tmp_path / "paquet")
    other = fresh(pack, tmp_path / "autre", replace(PLAN, weight_decay=0.3))
    assert other.step == 0
    assert torch.equal(other.model.transformer.wte.weight, run.model.transformer.wte.weight.half().float())
    longer = fresh(pack, tmp_path / "long", replace(PLAN, tokens=2 * PLAN.tokens))
    assert longer.step == 1


def test_weights_alone_cost_next_to_nothing(folder, tmp_path):
    """Arrêté sur le plateau et reparti de poids en demi-précision, il finit au même point que sans arrêt."""
    # Un pas assez petit pour que deux suites des mêmes lots se comparent à moins d'un millième.
    plan = replace(PLAN, tokens=4 * PLAN.tokens, matrix_rate=1e-3, table_rate=1e-3, vector_rate=1e-3)

    def bits(run):
        while run.step < plan.steps:
            run.advance()
        return evaluation.score(run.model, run.tokenizer, VALIDATION).bits_per_character

    whole = pretrain.Run(plan, folder, bpe.load_tokenizer(folder / "tokens"), CPU)
    while whole.step < plan.steps // 2:
        whole.advance()
    again = fresh(packed(whole, tmp_path / "paquet"), tmp_path / "ailleurs", plan)
    assert bits(again) - bits(whole) < 0.003


def test_another_vocabulary_keeps_the_known_tokens_and_averages_the_pieces(run, tmp_path):
    pack = packed(run, tmp_path / "paquet")
    plan = replace(PLAN, vocab_size=600)
    pretrain.prepare_tokens([*TEXTS, TEXT], plan, tmp_path / "plus" / "tokens")
    larger = pretrain.Run(plan, tmp_path / "plus", bpe.load_tokenizer(tmp_path / "plus" / "tokens"), CPU)
    larger.start_from(pack)
    old, new = run.tokenizer.get_vocab(), larger.tokenizer.get_vocab()
    table, grown = (r.model.transformer.wte.weight.detach() for r in (run, larger))
    table = table.half().float()
    for name in old.keys() & new.keys():
        assert torch.equal(grown[new[name]], table[old[name]])
    made = sorted(new.keys() - old.keys())
    assert made
    for name in made:
        pieces = [piece.value for piece in run.tokenizer.backend_tokenizer.model.tokenize(name)]
        assert "".join(pieces) == name and len(pieces) > 1
        assert torch.allclose(grown[new[name]], table[[old[piece] for piece in pieces]].mean(0))
    assert larger.model.lm_head.weight is larger.model.transformer.wte.weight and larger.step == 0


def test_another_shape_is_refused(run, tmp_path):
    pack = packed(run, tmp_path / "paquet")
    with pytest.raises(AuroreError, match="forme"):
        fresh(pack, tmp_path / "ailleurs", replace(PLAN, n_embd=48, n_head=3))


# --- L'arrêt demandé, la commande


def everything(folder, output, **options):
    return pretrain.pretrain(PLAN, TEXTS, VALIDATION, folder, output, save_seconds=0, evaluate_every=20, **options)


def test_the_time_given_is_kept_and_the_same_command_goes_on(tmp_path, capsys):
    found = everything(tmp_path / "a", tmp_path / "m", minutes=1e-6)
    assert not found["done"] and found["steps"] < 5 and not (tmp_path / "m").exists()
    assert "la même commande continue" in capsys.readouterr().out
    rest = everything(tmp_path / "a", tmp_path / "m")
    assert rest["done"] and rest["steps"] == PLAN.steps
    assert rest["log"] == everything(tmp_path / "b", tmp_path / "n")["log"]


def test_a_run_asked_to_stop_ends_its_step_and_saves(tmp_path, monkeypatch):
    advance, before = pretrain.Run.advance, signal.getsignal(signal.SIGTERM)

    def asked(run):
        if run.step == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        return advance(run)

    monkeypatch.setattr(pretrain.Run, "advance", asked)
    found = pretrain.pretrain(PLAN, TEXTS, VALIDATION, tmp_path / "a", tmp_path / "m")
    assert (found["steps"], found["done"]) == (5, False)
    assert torch.load(tmp_path / "a" / "checkpoint.pt", weights_only=True)["step"] == 5
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_works_away_from_the_main_thread(tmp_path):
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(everything, tmp_path / "a", tmp_path / "m", minutes=1e-6).result()
    assert not done["done"]


def test_a_run_goes_from_machine_to_machine_by_its_pack_alone(tmp_path, monkeypatch):
    everything(tmp_path / "a", tmp_path / "m", minutes=1e-6, packed=tmp_path / "paquet")
    monkeypatch.setattr(pretrain, "prepare_tokens", lambda *arguments: pytest.fail("les tokens sont dans le paquet"))
    done = pretrain.pretrain(PLAN, None, VALIDATION, tmp_path / "b", tmp_path / "n", start=tmp_path / "paquet")
    assert done["done"] and (tmp_path / "n" / "config.json").is_file()


def test_the_command_takes_a_pack_without_any_book(run, home, capsys, tmp_path):
    pack = packed(run, tmp_path / "paquet")
    command = ["pretrain", "--plan", "test", "--from", str(pack), "--pack", str(tmp_path / "suite")]
    assert cli.main([*command, "--minutes", "0,0001"]) == 0
    assert cli.main(command) == 0
    said = capsys.readouterr().out
    assert "la même commande continue" in said and "bits par caractère en validation." in said
    assert handover.read_progress(tmp_path / "suite").step == PLAN.steps


def test_a_folder_without_a_model_is_told_before_anything_is_read(home, capsys, tmp_path):
    assert cli.main(["pretrain", "--plan", "test", "--from", str(tmp_path)]) == 1
    assert "--from" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["0", "-3", "nan", "inf", "dix"])
def test_a_duration_that_means_nothing_is_refused(capsys, minutes):
    with pytest.raises(SystemExit) as stop:
        cli.main(["pretrain", "--minutes", minutes])
    assert stop.value.code == 2 and minutes in capsys.readouterr().err


def test_the_average_of_the_weights_is_the_one_of_the_definition(run):
    seen = []
    run.plan = replace(PLAN, averaging=0.75)
    for _ in range(7):
        run.advance()
        seen.append(run.model.transformer.ln_f.weight.detach().clone())
    expected = seen[0]
    for number, value in enumerate(seen[1:], 2):
        expected = torch.lerp(expected, value, max(0.25, 1 / number))
    place = [name for name, _ in run.model.named_parameters()].index("transformer.ln_f.weight")
    assert torch.allclose(run.average[place], expected)
    with run.averaged():
        assert torch.equal(run.model.transformer.ln_f.weight, run.average[place])
    assert torch.equal(run.model.transformer.ln_f.weight, seen[-1])


@pytest.mark.parametrize(("averaged", "kept"), [(2.0, "average"), (2.2, "last")])
def test_the_better_of_the_last_weights_and_their_mean_is_exported(run, tmp_path, averaged, kept):
    for _ in range(4):
        run.advance()
    run.log.append({"step": 4, "bits_per_char": 2.1, "averaged": averaged})
    pretrain._export_best(run, tmp_path / "m")
    model, _ = models.load_model(tmp_path / "m")
    expected = run.average if kept == "average" else list(run.model.parameters())
    for ours, theirs in zip(model.parameters(), expected, strict=True):
        assert torch.equal(ours, theirs.half().float())


def test_packing_leaves_the_tokens_as_they_are(folder, run, tmp_path):
    before = np.fromfile(folder / "tokens" / "tokens.bin", dtype=np.uint16)
    packed(run, tmp_path / "paquet")
    assert np.array_equal(before, np.fromfile(folder / "tokens" / "tokens.bin", dtype=np.uint16))
