"""Les mesures elles-mêmes : un pair mal compté, une section perdue, et les chiffres annoncés ne vaudraient rien."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small import TEXT, small_tokenizer
from transformers import GPT2Config, GPT2LMHeadModel

from aurore import corpus, models, ngram, pretrain, settings
from benchmarks import __main__ as bench
from benchmarks import copies, gpt, language, memories, recall, recipe, resume, specialisation
from benchmarks.muon import PiecesMuon

SMALL = replace(pretrain.PLANS["test"], vocab_size=320, context_length=32, plateau_context=16, batch=4)


def test_the_ngram_gives_probabilities_that_add_up_to_one():
    text = "le meunier chantait, la meunière aussi"
    peer = ngram.CharacterNgram(text, order=3)
    alphabet = [*sorted(set(text)), "¶"]  # un signe jamais vu a sa part
    for before in ("", "l", "le", "eu", "zz"):
        assert math.isclose(sum(peer._probability(before + letter) for letter in alphabet), 1.0, rel_tol=1e-9)


def test_the_ngram_does_better_on_what_it_has_read_than_on_what_it_has_not():
    peer = ngram.CharacterNgram(TEXT)
    assert peer.bits_per_character(TEXT[:200]) < 0.5 < peer.bits_per_character("Wagons kolossal, hockey zébré")


def test_xz_counts_only_what_the_text_adds():
    assert language.xz_bits(TEXT, TEXT) < language.xz_bits("autre chose", TEXT)


def test_longest_repeat_and_copy_find_what_was_planted():
    planted = "la roue tournait dans l'eau claire du bief"
    assert language.longest_repeat(f"Ah ! {planted}, oui, {planted}.").strip() == planted
    assert language.longest_repeat("abc") == ""
    assert language.STUTTER.search("Il marchait, et puis, et puis, et puis, le soir vint.")
    assert not language.STUTTER.search("Il marchait, et puis il marchait encore, et puis s'arrêta… Ah ! ah ! dit-il.")
    book = f"Ce soir-là, comme toujours, {planted} ; personne ne venait."
    assert language.longest_copy(f"Il vit que {planted}", ["rien ici", book]).strip() == planted
    assert language.longest_copy("Il ne vit rien de tel", [book]) == ""
    assert language.longest_copy("Il dit : comme toujours, la roue tournait", ["Ah, comme toujours, la roue"]) == ""


def test_recall_counts_what_a_cut_lost_and_not_the_other_texts_of_a_volume():
    def tale(name, size=900):
        return [
            f"{name}{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n // 100]}" for n in range(size)
        ]

    alone, inside = tale("meunier"), [*tale("autre"), *tale("meunier"), *tale("encore")]
    assert recall.compare(alone, inside) == (892, 892)  # le dernier repère a huit mots
    kept, total = recall.compare(alone, [*alone[:300], *alone[800:]])
    assert (kept, total) == (392, 892)
    kept, total = recall.compare([*tale("un"), *alone], [*tale("un"), *tale("deux"), *alone])
    assert kept == total
    changed = [*alone[:400], "autrement", *alone[401:]]
    assert recall.compare(alone, changed) == (891, 892)
    assert recall.words("L'_œuvre_, cœur {12}") == ["oeuvre", "coeur"]


LOOPS = [variant.loop for variant in recipe.VARIANTS if variant.loop is not pretrain.Run]


def small_run(loop, folder):
    pretrain.prepare_tokens([TEXT], SMALL, folder / "tokens")
    models.export_model(pretrain.build_model(SMALL, 0), small_tokenizer(), settings.EMBEDDED_MODEL)
    return loop(replace(SMALL, tokens=20 * 128), folder, small_tokenizer(), models.choose_device())


@pytest.fixture(autouse=True)
def embedded(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", tmp_path / "embarqué")


@pytest.mark.parametrize("loop", dict.fromkeys(LOOPS))
def test_each_variant_trains_what_it_says(tmp_path, loop):
    run = small_run(loop, tmp_path)
    before = {name: tensor.clone() for name, tensor in run.model.named_parameters()}
    losses = [run.advance().item() for _ in range(20)]
    assert losses[-1] < losses[0]
    assert all(not torch.equal(before[name], tensor) for name, tensor in run.model.named_parameters())
    muon = any(isinstance(part, torch.optim.Muon | PiecesMuon) for part in run.optimizer.parts)
    assert muon == (loop is not recipe.AdamWRun)
    assert ("lm_head.weight" in before) == (loop is recipe.UntiedRun)


@pytest.mark.parametrize(("loop", "pieces"), [(recipe.HeadsRun, 6), (recipe.ThreeRun, 3), (recipe.CautiousRun, 1)])
def test_the_fused_matrix_is_cut_as_said(tmp_path, loop, pieces):
    run = small_run(loop, tmp_path)
    found = {
        matrix.shape: group["pieces"] for group in run.optimizer.parts[0].param_groups for matrix in group["params"]
    }
    assert found == {(32, 96): pieces, (32, 32): 1, (32, 128): 1, (128, 32): 1}


def test_cautious_decay_spares_the_weights_that_grow():
    def moved(kind, decay):
        matrix = torch.nn.Parameter(torch.linspace(-1, 1, 64).view(8, 8))
        matrix.grad = torch.randn(8, 8, generator=torch.Generator().manual_seed(1))
        kind([{"params": [matrix]}], lr=0.1, weight_decay=decay).step()
        return matrix.detach()

    start = torch.linspace(-1, 1, 64).view(8, 8)
    free, plain, cautious = moved(PiecesMuon, 0.0), moved(PiecesMuon, 0.5), moved(recipe.CautiousMuon, 0.5)
    grows = (free - start) * start > 0
    assert grows.any() and not grows.all()
    assert torch.allclose(cautious[grows], free[grows], atol=1e-6)
    assert torch.allclose(cautious[~grows], plain[~grows], atol=1e-6)


def test_a_restarted_run_has_new_optimizers_and_half_precision_weights(tmp_path):
    run = small_run(recipe.RestartedRun, tmp_path)
    first = run.optimizer
    for _ in range(10):
        run.advance()
    assert run.optimizer is first
    weights = [parameter.detach().half().float() for parameter in run.model.parameters()]
    run.plan = replace(run.plan, matrix_rate=0.0, table_rate=0.0, vector_rate=0.0)
    run.advance()
    assert run.optimizer is not first
    assert all(torch.equal(old, new) for old, new in zip(weights, run.model.parameters(), strict=True))


def test_a_warm_run_starts_from_the_embedded_model(tmp_path):
    run = small_run(recipe.WarmRun, tmp_path)
    embedded, _ = models.load_model(settings.EMBEDDED_MODEL)
    assert all(
        torch.equal(one, other) for one, other in zip(run.model.parameters(), embedded.parameters(), strict=True)
    )


def test_an_averaged_run_ends_on_its_mean_weights(tmp_path):
    run = small_run(recipe.AveragedRun, tmp_path)
    for _ in range(20):
        run.advance()
    assert all(torch.equal(mean, p) for mean, p in zip(run.average, run.model.parameters(), strict=True))


def test_every_variant_of_the_recipe_is_a_valid_plan():
    for variant in recipe.VARIANTS:
        plan = replace(recipe.REFERENCE, **variant.changes)
        if set(variant.changes) != {"batch"}:  # celles-là ne changent que le lot
            assert plan.batch * plan.context_length == recipe.REFERENCE.batch * recipe.REFERENCE.context_length
        assert plan.n_embd % plan.n_head == 0


def test_a_section_is_replaced_and_the_others_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "RESULTS.md")
    for name, figure in (("recipe", "1"), ("cleaning", "2"), ("recipe", "3")):
        bench._write_section(name, f"## Titre (`benchmarks/{name}.py`)\n\n| {figure} |\n")
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert text.index("cleaning.py") < text.index("recipe.py")
    assert "| 2 |" in text and "| 3 |" in text and "| 1 |" not in text


def test_figures_are_written_as_in_french():
    *_, line = bench._table(["réglage", "écart"], [("taux 1e-3, 5-gramme", "1.28 (-0.01)")])
    assert line == "| taux 1e-3, 5-gramme | 1,28 (−0,01) |"


def test_an_unknown_measure_is_refused(capsys):
    assert bench.main(["vitesse"]) == 2
    assert "recipe" in capsys.readouterr().err


def test_the_curves_are_drawn_the_same_twice(tmp_path):
    outcomes = [specialisation.Outcome("quatre livres", {}, 10, [(0, 1.4), (5, 1.39), (10, 1.38)], 0.5, 1.37)]
    for name in ("un.svg", "deux.svg"):
        specialisation.draw(outcomes, tmp_path / name)
    assert (tmp_path / "un.svg").read_bytes() == (tmp_path / "deux.svg").read_bytes()


def test_both_gpt2_are_measured_on_the_same_weights_and_the_same_text(monkeypatch):
    small = GPT2Config(vocab_size=90, n_positions=48, n_embd=16, n_layer=2, n_head=2, resid_pdrop=0.0, embd_pdrop=0.0)
    monkeypatch.setattr(gpt, "SIZES", {"petit": (2, 24)})
    monkeypatch.setattr(gpt, "WRITTEN", 20)
    monkeypatch.setattr(gpt, "load", lambda size: GPT2LMHeadModel(small))
    monkeypatch.setattr(gpt, "peak_memory", lambda size, gesture, who: "12")
    rows = list(gpt.run(repeats=1))
    assert len(rows) == 5 and {len(row) for row in rows} == {8}
    for _, _, one, other, ratio, _, *memory in rows:
        assert float(ratio) == pytest.approx(float(other) / float(one), rel=0.05) and memory == ["12", "12"]


def test_the_memory_of_a_gesture_is_measured_on_its_own():
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("la mesure lit /proc")
    assert 10 < int(gpt.peak_memory("aurore-base", gpt.LEARN, "aurore")) < 2000


def test_the_search_of_copies_is_measured_on_whole_books(home, monkeypatch):
    monkeypatch.setattr(copies, "PASSAGES", 3)
    monkeypatch.setattr(copies, "CHARACTERS", 200)
    corpus.prepare("all")
    rows = copies.rows_up_to(20_000)
    assert 15_000 < sum(len(row[2].encode()) + 1 for row in rows) <= 20_000
    everything = copies.rows_up_to(copies.BYTES)
    assert {row[0] for row in everything} == set(corpus.texts_by_book(corpus.load_dataset()["train"])) | set(
        corpus.texts_by_book(corpus.load_dataset()["base"])
    )
    found = copies.run()
    assert all(float(value) >= 0 for _, value, _ in found) and float(found[-1][1]) > 0


def test_every_memory_is_measured_the_same_way(tmp_path, monkeypatch):
    monkeypatch.setattr(memories, "TRIES", 4)
    monkeypatch.setattr(memories, "EACH", 4)
    found = [memories._measured_sql("sqlite", embed, tmp_path, 20) for embed in (None, memories.Drawn())]
    columns, rows = memories.table(found)
    assert [row["mémoire"] for row in found] == ["SQLite", "SQLite, avec les vecteurs"]
    assert (
        set(columns) - set(found[0]) == {"les trois plus proches, ms"}
        and rows[0][columns.index("les trois plus proches, ms")] == "—"
    )
    assert all(value > 0 for row in found for key, value in row.items() if key != "mémoire")
    assert rows[1][1].endswith(")") and found[1]["place, Mo"] > found[0]["place, Mo"]


def test_a_resumed_training_that_differs_is_seen():
    whole = {
        "steps": 2,
        "share": 0.5,
        "weights": "a",
        "losses": {"train": [[1, 3.0], [2, 2.5]], "validation": [[0, 3.1]]},
    }
    other = whole | {"weights": "b", "losses": {"train": [[1, 3.0], [2, 2.6]], "validation": []}}
    same, differs = (dict(row[:2] for row in resume.report(whole, cut, [0, 1])) for cut in (whole, other))
    names = [f"pertes {kind} égales au bit près" for kind in ("d'apprentissage", "de validation")]
    assert [same[name] for name in names] == ["2 sur 2", "1 sur 1"]
    assert [differs[name] for name in names] == ["1 sur 2", "0 sur 1"]
    assert {found["poids égaux au bit près, mélange compris"] for found in (same, differs)} == {"oui", "non"}
