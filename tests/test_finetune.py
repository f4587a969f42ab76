"""L'entraînement : blocs pleins, perte qui baisse, reprise après une coupure."""

import pytest
import torch
from small import TEXT, small_model, small_tokenizer
from transformers import TrainerCallback

from aurore import finetune
from aurore.settings import AuroreError

RECIPE = finetune.Recipe(epochs=2, batch_size=4, learning_rate=3e-3)


def blocks(context=32):
    return finetune.pack_blocks([TEXT], small_tokenizer(), context)


def test_blocks_are_full_and_hold_the_text_in_order():
    tokenizer = small_tokenizer()
    packed = finetune.pack_blocks(["Le meunier.", "La roue."] * 30, tokenizer, 16)
    flat = [int(token) for row in packed["input_ids"] for token in row]
    text = (
        tokenizer("Le meunier.")["input_ids"]
        + [tokenizer.eos_token_id]
        + tokenizer("La roue.")["input_ids"]
        + [tokenizer.eos_token_id]
    ) * 30
    assert all(len(row) == 16 for row in packed["input_ids"])
    assert flat == text[: len(flat)]
    assert len(text) - len(flat) < 16
    assert torch.equal(torch.stack(list(packed["input_ids"])), torch.stack(list(packed["labels"])))


def test_too_short_a_text_is_refused():
    with pytest.raises(AuroreError, match="trop court"):
        finetune.pack_blocks(["Bref."], small_tokenizer(), 64)


def test_training_lowers_the_loss_and_saves_a_model_that_reloads(tmp_path):
    from aurore.models import load_model

    report = finetune.fine_tune(
        small_model(), small_tokenizer(), blocks(), blocks(), RECIPE, tmp_path / "model", tmp_path / "ckpt"
    )
    losses = [loss for _, loss in report["losses"]["train"]]
    assert losses[-1] < losses[0] - 1
    steps, losses = zip(*report["losses"]["validation"], strict=True)
    assert steps[0] == 0 and steps[-1] == report["steps"] and len(steps) == 6
    assert losses[-1] < losses[0] - 1
    assert report["steps"] == -(-len(blocks()) // 4) * 2
    model, tokenizer = load_model(tmp_path / "model")
    assert tokenizer("Le meunier")["input_ids"] == small_tokenizer()("Le meunier")["input_ids"]
    assert model.config.n_layer == 2
    assert not (tmp_path / "ckpt").exists()


def averaged(tmp_path, rate, validation):
    recipe = finetune.Recipe(epochs=1, batch_size=4, learning_rate=rate, averaged=True)
    start = small_model()
    before = [parameter.detach().clone() for parameter in start.parameters()]
    report = finetune.fine_tune(
        start, small_tokenizer(), blocks(), validation, recipe, tmp_path / "model", tmp_path / "ckpt"
    )
    return before, report


def test_averaging_keeps_the_share_that_loses_least_in_validation(tmp_path):
    _, report = averaged(tmp_path, 3e-3, blocks())
    tried = dict(report["shares"])
    assert set(tried) == set(finetune.SHARES) and tried[report["share"]] == min(tried.values())
    assert tried[0.0] == pytest.approx(report["losses"]["validation"][0][1], rel=1e-3)
    assert tried[1.0] == pytest.approx(report["losses"]["validation"][-1][1], rel=1e-3)
    assert report["share"] > 0


def test_a_training_that_only_loses_gives_back_the_starting_weights(tmp_path):
    from aurore.models import load_model

    before, report = averaged(tmp_path, 1e6, blocks())
    assert report["share"] == 0.0
    saved, _ = load_model(tmp_path / "model")
    assert all(torch.equal(a, b) for a, b in zip(before, saved.parameters(), strict=True))


def test_averaging_without_validation_keeps_half_way(tmp_path):
    from aurore.models import load_model

    plain = finetune.Recipe(epochs=1, batch_size=4, learning_rate=3e-3)
    whole = small_model()
    finetune.fine_tune(whole, small_tokenizer(), blocks(), None, plain, tmp_path / "whole", tmp_path / "whole-ckpt")
    before, report = averaged(tmp_path, 3e-3, None)
    assert report["share"] == 0.5
    ends, half = load_model(tmp_path / "whole")[0].parameters(), load_model(tmp_path / "model")[0].parameters()
    for start, end, middle in zip(before, ends, half, strict=True):
        assert torch.allclose((start + end) / 2, middle, atol=1e-6)


class _Cut(TrainerCallback):
    def on_step_end(self, args, state, control, **kwargs):
        if state.global_step == 8:
            raise KeyboardInterrupt


def test_an_interrupted_training_resumes_and_ends_the_same(tmp_path, monkeypatch):
    def train(name, *callbacks):
        real = finetune.Trainer
        monkeypatch.setattr(finetune, "Trainer", lambda **kw: real(**kw, callbacks=list(callbacks)))
        try:
            return finetune.fine_tune(
                small_model(), small_tokenizer(), blocks(), None, RECIPE, tmp_path / name, tmp_path / f"{name}-ckpt"
            )
        finally:
            monkeypatch.setattr(finetune, "Trainer", real)

    whole = train("whole")
    with pytest.raises(KeyboardInterrupt):
        train("cut", _Cut())
    assert not (tmp_path / "cut").exists()
    resumed = train("cut")
    assert resumed["resumed"] and not whole["resumed"]
    assert resumed["losses"]["train"] == whole["losses"]["train"]  # la coupure n'en perd rien
    read, read_again = (found["tokens_per_second"] * found["seconds"] for found in (whole, resumed))
    assert read_again < 0.7 * read  # le débit ne compte pas ce qui a été lu avant la coupure
    from aurore.models import load_model

    one, two = (load_model(tmp_path / name)[0] for name in ("whole", "cut"))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_checkpoints_of_another_recipe_are_not_resumed(tmp_path):
    folder = tmp_path / "ckpt"
    (folder / "checkpoint-5").mkdir(parents=True)
    (folder / "recipe.json").write_text("autre", encoding="utf-8")
    assert finetune._checkpoint_to_resume(folder, RECIPE, blocks(), small_model()) is None
    assert not (folder / "checkpoint-5").exists()


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(0, ["ab\ncd\n", "ef\n"]), (4, ["ab\n"]), (6, ["ab\ncd\n"]), (99, ["ab\ncd\n", "ef\n"])],
)
def test_limit_cuts_between_paragraphs(characters, expected):
    assert finetune.limit(["ab\ncd\n", "ef\n"], characters) == expected
