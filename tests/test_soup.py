"""aurore-sand refait : les courses se reprennent, leur moyenne est bien celle de leurs poids, la meilleure est gardée."""

from dataclasses import replace

import pytest
import torch
from test_pretrain import TEXTS, book

from aurore import evaluation, models, pretrain, soup

PLAN = replace(pretrain.PLANS["test"], tokens=2_048)
COURSES = (
    soup.Course("mêlée", 2, True, 1, 2e-3),
    soup.Course("seule", 1, False, 1, 2e-3),
)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    folder = tmp_path_factory.mktemp("départ")
    pretrain.pretrain(PLAN, TEXTS, book(9, 4), folder, folder / "model")
    return folder / "model"


def specialise(start, folder, **more):
    return soup.specialise(
        start, [book(5)], [book(6), book(7)], book(8, 4), folder / "courses", folder / "sortie",
        shape=PLAN, courses=COURSES, **more,
    )  # fmt: skip


def weights(folder):
    return list(models.load_model(folder)[0].parameters())


def test_what_is_kept_is_the_best_mean(start, tmp_path):
    report = specialise(start, tmp_path)
    model, tokenizer = models.load_model(tmp_path / "sortie")
    kept = [weights(tmp_path / "courses" / name / "model") for name in report["kept"]]
    assert report["done"] and kept
    for mine, *theirs in zip(model.parameters(), *kept, strict=True):
        torch.testing.assert_close(mine, torch.stack(theirs).mean(0), atol=1e-3, rtol=1e-3)
    scores = [
        evaluation.score(models.load_model(tmp_path / "courses" / name / "model")[0], tokenizer, book(8, 4))
        for name in ("mêlée", "seule")
    ]
    assert report["bits_per_char"] <= min(score.bits_per_character for score in scores) + 1e-3


def test_a_run_out_of_time_goes_on_with_the_same_command(start, tmp_path):
    assert specialise(start, tmp_path, minutes=1e-9) == {"done": False, "bits_per_char": None, "kept": []}
    assert not (tmp_path / "sortie").exists()
    assert specialise(start, tmp_path)["done"] and (tmp_path / "sortie" / "config.json").is_file()


def test_the_better_mean_wins(start, tmp_path):
    model, tokenizer = models.load_model(start)
    worse, _ = models.load_model(start)
    with torch.no_grad():
        for parameter in worse.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    models.export_model(worse, tokenizer, tmp_path / "pire")
    bits, kept = soup.blend(model, tokenizer, [start, tmp_path / "pire"], book(8, 4))
    assert kept == [start]
    assert bits == pytest.approx(
        evaluation.score(models.load_model(start)[0], tokenizer, book(8, 4)).bits_per_character, abs=1e-4
    )
    for mine, theirs in zip(model.parameters(), weights(start), strict=True):
        assert torch.equal(mine, theirs)
