"""Les essais : un réglage changé à la fois, mesuré à travail égal, gardé et relu."""

import json
from dataclasses import replace

import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import trials
from aurore.settings import AuroreError
from aurore.trials import Trial

QUICK = Trial("essai", batch_size=8, learning_rate=2e-2, precision="fp32")


def run(**changes):
    return trials.run(replace(QUICK, **changes), small_model(), small_tokenizer(), [TEXT], TEXT[:900], measures=2)


@pytest.fixture(scope="module")
def plain():
    return run()


def test_a_trial_learns_and_leaves_the_starting_model_alone():
    start = small_model()
    before = [parameter.clone() for parameter in start.parameters()]
    kept = replace(
        QUICK, share=1.0
    )  # mêlés pour moitié à ceux du départ, les poids n'en montreraient que les deux tiers
    curve = trials.run(kept, start, small_tokenizer(), [TEXT], TEXT[:900], measures=2)
    assert curve.validation[-1][1] < curve.validation[0][1] - 0.3 and curve.validation[0][0] == 0
    assert curve.best == min(bits for _, bits in curve.validation)
    assert all(torch.equal(a, b) for a, b in zip(before, start.parameters(), strict=True))
    assert all(module.p == 0 for module in start.modules() if isinstance(module, torch.nn.Dropout))


def test_bits_per_character_are_those_of_the_evaluation(plain):
    """La mesure d'un essai, en fenêtres séparées, est proche de celle de la leçon 09, en fenêtres glissantes."""
    from aurore import evaluation

    whole = evaluation.score(small_model(), small_tokenizer(), TEXT[:900]).bits_per_character
    assert plain.validation[0][1] == pytest.approx(whole, rel=0.05)


def test_the_same_trial_twice_gives_the_same_curve(plain):
    assert run().validation == plain.validation


@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 1e-4},
        {"optimizer": "adamw"},
        {"schedule": "constant", "warmup": 0.5},
        {"dropout": 0.5},
        {"accumulation": 2},
        {"epochs": 2},
    ],
    ids=str,
)
def test_a_setting_changes_something(plain, changes):
    assert run(**changes).validation != plain.validation


def test_frozen_blocks_and_adapters_learn_fewer_weights(plain):
    frozen, adapted = run(frozen=1), run(rank=2, learning_rate=3e-2)
    assert adapted.trained < frozen.trained < plain.trained
    assert adapted.validation[-1][1] < adapted.validation[0][1]


def test_from_scratch_forgets_everything_learnt():
    start = small_model()
    start.transformer.wte.weight.data += 1.0
    fresh = trials.prepared(replace(QUICK, scratch=True), start).transformer.wte.weight
    assert abs(float(fresh.detach().mean())) < 0.01 < float(start.transformer.wte.weight.detach().mean())


def test_frozen_weights_do_not_move():
    model = trials.prepared(replace(QUICK, frozen=1), small_model())
    still = [p for part in (model.transformer.wte, model.transformer.h[0]) for p in part.parameters()]
    assert not any(p.requires_grad for p in still)
    assert all(p.requires_grad for p in model.transformer.h[1].parameters())


def test_early_stopping_stops_before_the_end():
    patient = trials.run(
        replace(QUICK, epochs=30, learning_rate=3e-2, patience=1),
        small_model(),
        small_tokenizer(),
        [TEXT[:900]],
        "Une autre page, où rien ne se ressemble : le curé dormait. " * 12,
        measures=10,
    )
    planned = 30 * -(-len(patient.train) // 1)
    assert patient.steps < planned or patient.validation[-1][1] > patient.best


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"epochs": 0}, "epochs vaut 0"),
        ({"dropout": 1.5}, "entre 0.0 et 0.9"),
        ({"frozen": 3}, "entre 0 et 2"),
        ({"optimizer": "sgd"}, "muon, adamw"),
        ({"schedule": "zigzag"}, "cosinus, droite, constant"),
        ({"precision": "fp16"}, "bf16, fp32"),
    ],
    ids=str,
)
def test_a_setting_out_of_bounds_is_explained(changes, said):
    with pytest.raises(AuroreError, match=said):
        run(**changes)


def test_curves_are_saved_with_what_changes_and_read_again(plain, tmp_path):
    path = tmp_path / "essais.json"
    trials.save([plain], "un essai", path)
    assert trials.load(path) == [plain]
    [row] = json.loads(path.read_text(encoding="utf-8"))["essais"]
    assert set(row["trial"]) == {"name", "batch_size", "learning_rate", "precision"}
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AuroreError, match=r"python -m aurore\.trials"):
        trials.load(path)


def test_the_recorded_curves_are_those_of_the_trials():
    curves = trials.load()
    assert [curve.trial for curve in curves] == list(trials.TRIALS)
    assert all(len(curve.validation) >= 2 and curve.seconds > 0 for curve in curves)


def test_every_setting_of_a_trial_is_described():
    assert trials.changes(Trial("x", rank=8, scratch=True)) == "rank=8, scratch=True"
    assert trials.changes(Trial("x")) == "rien"
