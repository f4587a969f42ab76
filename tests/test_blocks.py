"""Ce qu'on donne à lire à un modèle : rien de perdu, rien de vide appris, et l'horaire de transformers."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from transformers import get_cosine_schedule_with_warmup

from aurore import blocks

TOKENS = some.lists(some.lists(some.integers(1, 50), max_size=9), max_size=9)


@given(TOKENS, some.integers(1, 8))
def test_blocks_read_one_after_the_other_give_the_texts(texts, length):
    flow = [token for text in texts for token in [*text, 0]]
    packed = blocks.pack(texts, 0, length)
    assert all(len(block) == length for block in packed)
    assert [token for block in packed for token in block] == flow[: len(flow) - len(flow) % length]


@given(TOKENS, some.integers(1, 8))
def test_cut_sentences_lose_and_mix_nothing(sentences, length):
    pieces = blocks.cut_sentences(sentences, length)
    assert all(1 <= len(piece) <= length for piece in pieces)
    assert [t for piece in pieces for t in piece] == [t for row in sentences for t in row]
    assert len(pieces) == sum(math.ceil(len(row) / length) for row in sentences)


@given(some.lists(some.lists(some.integers(0, 9), min_size=1, max_size=9), min_size=1, max_size=5))
def test_a_batch_is_a_rectangle_whose_padding_is_neither_read_nor_learnt(rows):
    batch = {name: torch.tensor(value) for name, value in blocks.collate(rows, pad=0).items()}
    assert len({value.shape for value in batch.values()}) == 1
    kept = batch["attention_mask"].bool()
    assert (batch["labels"][~kept] == -100).all() and torch.equal(batch["labels"][kept], batch["input_ids"][kept])
    assert kept.sum(1).tolist() == [len(row) for row in rows]


def test_the_loss_of_a_batch_is_that_of_its_sentences_alone():
    from small import small_model

    model, rows = small_model(), [[5, 9, 30, 4], [7, 8], [40, 3, 2]]
    batch = {name: torch.tensor(value) for name, value in blocks.collate(rows, pad=0).items()}
    with torch.inference_mode():
        alone = [model(torch.tensor([row]), labels=torch.tensor([row])).loss * (len(row) - 1) for row in rows]
        together = model(**batch).loss
    assert together.item() == pytest.approx(sum(alone).item() / sum(len(row) - 1 for row in rows), rel=1e-5)


def test_the_waste_of_each_way_is_counted():
    one, hunted, full = blocks.wastes([[1] * 4, [2], [3] * 6], end=0, widths=(4,))
    assert (one.positions, one.empty, one.lost) == (12, pytest.approx(3 / 12), pytest.approx(2 / 11))
    assert (hunted.positions, hunted.lost) == (8, pytest.approx(3 / 11))
    assert (full.positions, full.empty, full.lost) == (12, 0.0, pytest.approx(2 / 14))


@pytest.mark.parametrize(("warmup", "steps"), [(0, 20), (5, 50), (50, 50), (3000, 5539)])
def test_the_rate_is_that_of_transformers(warmup, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=4e-4)
    scheduler = get_cosine_schedule_with_warmup(optimizer, warmup, steps)
    for step in range(steps):
        assert blocks.learning_rate(step, 4e-4, warmup, steps) == pytest.approx(scheduler.get_last_lr()[0], abs=1e-12)
        optimizer.step()
        scheduler.step()


def test_one_epoch_of_rate_for_ten_leaves_nine_without_learning():
    one, ten = blocks.total_steps(44_305, 8, 1, 1), blocks.total_steps(44_305, 8, 1, 10)
    rates = blocks.rates(5e-4, 3000, one, ten)
    assert (one, ten) == (5539, 55_390)
    assert sum(rates) / len(rates) / 5e-4 == pytest.approx(0.05, abs=0.005)
    assert sum(rate == 0 for rate in rates) / len(rates) == pytest.approx(0.90, abs=0.001)


@pytest.mark.parametrize("rows", [1, 7, 8, 9])
@pytest.mark.parametrize("accumulation", [1, 3])
def test_the_steps_are_those_trainer_makes(tmp_path, rows, accumulation):
    from datasets import Dataset
    from small import small_model
    from transformers import Trainer, TrainingArguments, default_data_collator

    arguments = TrainingArguments(
        output_dir=str(tmp_path),
        per_device_train_batch_size=2,
        gradient_accumulation_steps=accumulation,
        num_train_epochs=2,
        use_cpu=True,
        report_to="none",
        save_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    ids = [[1, 2, 3]] * rows
    data = Dataset.from_dict({"input_ids": ids, "labels": ids}).with_format("torch")
    trainer = Trainer(small_model(), arguments, train_dataset=data, data_collator=default_data_collator)
    trainer.train()
    assert trainer.state.global_step == blocks.total_steps(rows, 2, accumulation, 2)


@given(some.integers(1, 5000), some.integers(1, 50))
def test_enough_checkpoints_are_kept_and_no_more_often_than_needed(steps, saves):
    every = blocks.save_interval(steps, saves)
    assert every >= 1 and steps // every >= min(saves, steps)
    assert every == 1 or steps // (every + 1) < saves or (steps // saves) >= every


def test_the_published_log_betrays_eleven_rows():
    found = blocks.decode(blocks.PUBLISHED)
    assert (found.trained_rows, found.judged_rows, found.steps) == (11, 11, 18)
