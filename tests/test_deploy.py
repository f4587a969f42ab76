"""La leçon 13 : ce que l'on pèse, ce que perdent des entiers, des zéros ou un élève, et ce que gagnent des lots continus."""

import io
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small import TEXT, small_model, small_tokenizer
from torch import nn
from transformers.pytorch_utils import Conv1D

from aurore import deploy, gpt, models, settings
from aurore.settings import AuroreError

IDS = torch.tensor([small_tokenizer()(TEXT)["input_ids"][:40]])


def logits(model):
    with torch.no_grad():
        return model(IDS).logits


def test_the_state_weighs_what_its_file_weighs():
    model = small_model()
    found = deploy.weigh(model)
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    assert found["fichier"] == len(buffer.getvalue())
    assert found["paramètres"] == found["état"]  # rien n'est en entiers
    assert 0 < found["fichier"] - found["état"] < 30_000  # des noms et des formes


def test_quantize_dynamic_grows_a_gpt2_and_seems_not_to():
    """Annexe : seule la sortie change, et la table partagée se dédouble."""
    before, after = (deploy.weigh(model) for model in (small_model(), deploy.quantize_dynamic(small_model())))
    assert after["fichier"] > before["fichier"] and after["état"] > before["état"]
    shrunk = deploy.weigh(deploy.quantize_dynamic(deploy.with_linears(small_model())))
    said, true = before["paramètres"] / shrunk["paramètres"], before["état"] / shrunk["état"]
    assert said > 2 * true > 2


def test_linears_compute_what_conv1d_computes():
    model = deploy.with_linears(small_model())
    assert not any(isinstance(module, Conv1D) for module in model.modules())
    assert torch.equal(logits(model), logits(small_model()))


def test_rounding_stays_within_half_a_step():
    model, changed = small_model(), deploy.rounded(small_model())
    for name, weight in model.state_dict().items():
        if weight.ndim == 2:
            rows = weight.T if "attn" in name or "mlp" in name else weight
            back = changed.state_dict()[name]
            back = back.T if rows is not weight else back
            step = rows.abs().amax(1, keepdim=True) / 127
            assert ((back - rows).abs() <= step * 0.5001).all(), name
    assert (logits(changed) - logits(model)).abs().max() < 0.1


def test_the_rows_are_those_of_pytorch():
    matrix = torch.randn(6, 40, generator=torch.Generator().manual_seed(1804))
    integers, scales = deploy.quantize_rows(matrix)
    theirs = torch.quantize_per_channel(matrix, scales.double(), torch.zeros(6, dtype=torch.long), 0, torch.qint8)
    assert torch.equal(integers, theirs.int_repr())


def test_masks_grow_and_zeros_do_not_shrink():
    model = small_model()
    masked, zeros = deploy.masked(model, 0.5), deploy.pruned(model, 0.5)
    sizes = [deploy.weigh(one)["fichier"] for one in (model, masked, zeros)]
    assert sizes[1] > 1.3 * sizes[0] and abs(sizes[2] - sizes[0]) < 2_000
    torch.testing.assert_close(logits(masked), logits(zeros))
    weights = [module.weight for module in zeros.modules() if isinstance(module, Conv1D)]
    assert all((weight == 0).float().mean() == 0.5 for weight in weights)


# --- L'élève --------------------------------------------------------------------------------------------


def test_the_distillation_loss_is_the_divergence():
    draw = torch.Generator().manual_seed(1804)
    student, teacher = (torch.randn(2, 3, 7, generator=draw) for _ in range(2))
    p, q = (teacher / 2).softmax(-1), (student / 2).softmax(-1)
    expected = 4 * (p * (p / q).log()).sum() / 6
    torch.testing.assert_close(deploy.distillation_loss(student, teacher, 2.0), expected)
    assert float(deploy.distillation_loss(teacher, teacher)) == pytest.approx(0, abs=1e-6)


def test_a_student_starts_from_its_teacher_and_comes_closer():
    teacher = small_model()
    whole = deploy.new_student(teacher, layers=2, imitates=False)
    torch.testing.assert_close(whole(IDS), logits(teacher), atol=1e-4, rtol=1e-4)
    student = deploy.new_student(teacher, layers=1)
    assert len(student.blocks) == 1 and gpt.count_parameters(student) < gpt.count_parameters(teacher)
    with torch.no_grad():
        student.tokens.weight.normal_()  # parti de loin : un maître qui n'a rien appris est trop facile à suivre
    before = deploy.distillation_loss(student(IDS), logits(teacher))
    gpt.train(student, iter([IDS] * 8), 1e-2, steps=8)
    assert deploy.distillation_loss(student(IDS), logits(teacher)) < before
    assert not any(name.startswith("teacher") for name in student.state_dict())


# --- Les lots -------------------------------------------------------------------------------------------


def simulated(lengths, slots):
    waiting, running, steps = list(lengths), [], 0
    while waiting or running:
        while waiting and len(running) < slots:
            running.append(waiting.pop(0))
        running, steps = [left - 1 for left in running if left > 1], steps + 1
    return steps


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(1, 6))
def test_continuous_batches_never_take_longer(lengths, slots):
    fixed, continuous = deploy.compare_batching(lengths, slots)
    assert continuous == simulated(lengths, slots) <= fixed
    assert continuous >= max([math.ceil(sum(lengths) / slots), *lengths])


# --- Le tableau -----------------------------------------------------------------------------------------


def test_each_engine_is_weighed_scored_and_timed():
    found = deploy.compare_engines(small_model(), small_tokenizer(), TEXT[:300], tokens=4, rounds=1)
    ours, theirs = (
        (f"onnxruntime, {bits} bits" for bits in (32, 8, 4)),
        (f"CTranslate2, {bits} bits" for bits in (32, 8)),
    )
    assert [one.name for one in found] == ["generate, 32 bits", *ours, *theirs]
    reference, same, eight, four, rival, smaller = found
    assert same.bits_per_character == pytest.approx(reference.bits_per_character, abs=1e-4)
    assert rival.bits_per_character == pytest.approx(reference.bits_per_character, abs=1e-4)
    assert smaller.bits_per_character == pytest.approx(reference.bits_per_character, abs=0.1)
    assert reference.size > eight.size > four.size and all(one.one > 0 and one.eight > 0 for one in found)


def test_onnxruntime_writes_what_generate_writes():
    model, tokenizer = models.load_model(settings.SAND_MODEL)
    assert deploy.same_text(model, tokenizer, "Le lendemain, avant le jour,", 12)
    with torch.no_grad():
        model.transformer.h[0].mlp.c_proj.weight.normal_()  # un autre modèle que celui que lirait generate
    assert deploy.same_text(model, tokenizer, "Le lendemain, avant le jour,", 12)


def test_the_docker_line_opens_this_machine_only():
    assert "-p 127.0.0.1:8000:8000 aurore " in deploy.docker_line("aurore", 8000)
    for port in (80, 70_000):
        with pytest.raises(AuroreError, match="1024"):
            deploy.docker_line("aurore", port)


def test_a_linear_keeps_its_own_memory():
    conv = Conv1D(3, 5)
    linear = deploy.linear_of(conv)
    assert isinstance(linear, nn.Linear) and linear.weight.is_contiguous()
    assert linear.weight.data_ptr() != conv.weight.data_ptr()
