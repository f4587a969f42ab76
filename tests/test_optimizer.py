"""Muon et AdamW sous un seul toit : chacun ses poids, un seul état, qui se reprend."""

import pytest
import torch
from small import small_model

from aurore.optimizer import MuonAdamW, split


def trained(model, optimizer, steps, first=0):
    for step in range(first, first + steps):
        ids = torch.randint(300, (2, 32), generator=torch.manual_seed(step))
        model(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return [parameter.detach().clone() for parameter in model.parameters()]


def test_each_weight_has_one_place():
    model = small_model()
    matrices, tables, vectors = split(model)
    assert len(matrices) == 4 * model.config.n_layer and len(tables) == 2
    everyone = [id(p) for group in (matrices, tables, vectors) for p in group]
    assert sorted(everyone) == sorted(id(parameter) for parameter in model.parameters())


def test_it_steps_as_the_two_of_torch_do():
    one, two = small_model(), small_model()
    matrices, tables, vectors = split(two)
    muon = torch.optim.Muon(matrices, lr=1e-3, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    adamw = torch.optim.AdamW(
        [{"params": tables}, {"params": vectors, "weight_decay": 0.0}],
        lr=1e-2,
        betas=(0.9, 0.95),
        weight_decay=0.1,
        fused=True,
    )

    class Both:
        def step(self):
            muon.step()
            adamw.step()

        def zero_grad(self):
            two.zero_grad()

    found = trained(one, MuonAdamW(one, rate=1e-2, matrix_rate=1e-3, weight_decay=0.1), 3)
    for mine, theirs in zip(found, trained(two, Both(), 3), strict=True):
        assert torch.equal(mine, theirs)


def test_a_saved_state_goes_on_the_same():
    whole = small_model()
    expected = trained(whole, MuonAdamW(whole, 1e-3, 1e-3, 0.1), 4)
    cut = small_model()
    optimizer = MuonAdamW(cut, 1e-3, 1e-3, 0.1)
    trained(cut, optimizer, 2)
    again = MuonAdamW(cut, 1e-3, 1e-3, 0.1)
    again.load_state_dict(optimizer.state_dict())
    assert all(torch.equal(a, b) for a, b in zip(expected, trained(cut, again, 2, first=2), strict=True))


def test_a_rate_written_in_its_groups_is_the_one_used():
    model = small_model()
    optimizer = MuonAdamW(model, 1e-3, 1e-3, 0.1)
    optimizer.load_state_dict(optimizer.state_dict())
    before = [parameter.detach().clone() for parameter in model.parameters()]
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    assert all(torch.equal(a, b) for a, b in zip(before, trained(model, optimizer, 1), strict=True))


def test_it_does_not_take_a_closure():
    with pytest.raises(ValueError, match="ne réévalue pas"):
        MuonAdamW(small_model(), 1e-3, 1e-3, 0.1).step(lambda: None)
