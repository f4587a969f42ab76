"""La perte par morceaux est celle de PyTorch, et ses gradients aussi."""

import pytest
import torch

from aurore import loss
from aurore.loss import head_loss


@pytest.mark.parametrize("ignored", [0, 7])
def test_the_loss_by_pieces_is_cross_entropy_and_so_are_its_gradients(monkeypatch, ignored):
    monkeypatch.setattr(loss, "rows_at_once", lambda vocabulary, exact: 250)  # 600 places en trois morceaux
    torch.manual_seed(0)
    hidden = torch.randn(3, 200, 16, requires_grad=True)
    weight = torch.randn(50, 16, requires_grad=True)
    labels = torch.randint(50, (3, 200))
    labels[:, :ignored] = loss.IGNORED
    logits = hidden @ weight.T
    expected = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
    wanted = torch.autograd.grad(expected, (hidden, weight))
    found = head_loss(hidden, weight, labels)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(torch.autograd.grad(found, (hidden, weight)), wanted)


def test_a_lot_read_in_two_times_adds_up():
    torch.manual_seed(0)
    hidden, weight, labels = torch.randn(4, 30, 8), torch.randn(20, 8), torch.randint(20, (4, 30))
    whole = head_loss(hidden, weight, labels)
    halves = [head_loss(hidden[at], weight, labels[at], 4 * 29) for at in (slice(0, 2), slice(2, 4))]
    torch.testing.assert_close(sum(halves), whole)


@pytest.mark.parametrize("learning", ["states", "table"])
def test_only_what_learns_gets_a_gradient(learning):
    torch.manual_seed(0)
    states, table, labels = torch.randn(2, 30, 8), torch.randn(20, 8), torch.randint(20, (2, 30))
    {"states": states, "table": table}[learning].requires_grad_()
    head_loss(states, table, labels).backward()
    assert (states.grad is None) == (learning == "table") and (table.grad is None) == (learning == "states")


def test_a_measure_makes_no_gradient(monkeypatch):
    monkeypatch.setattr(loss, "_add_product", None)  # l'appeler lèverait une erreur
    table, labels = torch.randn(20, 8, requires_grad=True), torch.randint(20, (2, 30))
    with torch.no_grad():
        found = head_loss(torch.randn(2, 30, 8), table, labels)
    assert not found.requires_grad
    with pytest.raises(TypeError):
        head_loss(torch.randn(2, 30, 8), table, labels)


def test_in_bfloat16_the_loss_is_that_of_its_logits_in_32_bits():
    torch.manual_seed(0)
    states, table, labels = torch.randn(2, 40, 16), torch.randn(50, 16), torch.randint(50, (2, 40))
    rounded = (states.bfloat16() @ table.bfloat16().T).float()
    expected = torch.nn.functional.cross_entropy(rounded[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
    with torch.autocast("cpu", torch.bfloat16):
        found = head_loss(states, table, labels)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=0)


def test_with_every_token_a_candidate_nothing_changes():
    torch.manual_seed(0)
    states, table, labels = torch.randn(2, 30, 8), torch.randn(20, 8, requires_grad=True), torch.randint(20, (2, 30))
    assert head_loss(states, table, labels, candidates=20) == head_loss(states, table, labels)


def test_candidates_estimate_the_sum_of_exponentials_without_bias():
    torch.manual_seed(0)
    states, table = torch.randn(1, 2, 8), torch.randn(200, 8, requires_grad=True)
    labels = torch.tensor([[3, 7]])
    right = states[0, 0] @ table[7]

    def total(candidates: int) -> float:
        """La somme des exponentielles, rapportée à celle de la bonne réponse."""
        return (head_loss(states, table, labels, candidates=candidates)).exp().item() * right.exp().item()

    found = torch.tensor([total(60) for _ in range(3_000)])
    assert found.std() > 0 and total(0) == pytest.approx(found.mean().item(), abs=4 * found.std().item() / 3_000**0.5)


def test_candidates_move_only_the_rows_they_name():
    torch.manual_seed(0)
    states, table = torch.randn(2, 30, 8), torch.randn(500, 8, requires_grad=True)
    labels = torch.randint(40, (2, 30))
    labels[0, 5] = loss.IGNORED
    head_loss(states, table, labels, candidates=60).backward()
    moved = table.grad.abs().sum(1) > 0
    wanted = labels[:, 1:].unique()
    assert moved[wanted[wanted >= 0]].all() and moved.sum() == 60


@pytest.mark.parametrize("candidates", [1, 4, 39])
def test_some_are_drawn_however_varied_the_lot(candidates):
    torch.manual_seed(0)
    states, table = torch.randn(1, 41, 8), torch.randn(500, 8, requires_grad=True)
    found = head_loss(states, table, torch.arange(41)[None], candidates=candidates)
    assert torch.isfinite(found)
    found.backward()
    assert (table.grad.abs().sum(1) > 0).sum() == 40 + candidates // 4


def test_a_measure_notes_every_token():
    torch.manual_seed(0)
    states, table, labels = torch.randn(2, 30, 8), torch.randn(200, 8, requires_grad=True), torch.randint(200, (2, 30))
    with torch.no_grad():
        assert head_loss(states, table, labels, candidates=20) == head_loss(states, table, labels)


def test_a_lot_without_label_costs_nothing():
    table = torch.randn(200, 8, requires_grad=True)
    labels = torch.full((1, 5), loss.IGNORED)
    assert head_loss(torch.randn(1, 5, 8), table, labels, 1, candidates=20).item() == 0
