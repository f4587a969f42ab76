"""L'attention par tranches est celle de PyTorch, aux arrondis de bfloat16 près, et ses gradients aussi."""

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from aurore import causal
from tests.small import small_model


def run(attend, length, seed=0):
    draw = torch.Generator().manual_seed(seed)
    inputs = [torch.randn(2, 3, length, 16, generator=draw).bfloat16().requires_grad_() for _ in range(3)]
    output = attend(*inputs)
    output.backward(torch.randn(output.shape, generator=draw).to(output.dtype))
    return [output.detach().float(), *(tensor.grad.float() for tensor in inputs)]


@pytest.mark.parametrize("length", [1, 127, 128, 129, 300])
def test_slices_equal_the_exact_attention(length):
    exact = run(lambda q, k, v: scaled_dot_product_attention(q.float(), k.float(), v.float(), is_causal=True), length)
    found = run(lambda q, k, v: causal.attend(None, q, k, v, None, scaling=0.25)[0].transpose(1, 2), length)
    for mine, theirs in zip(found, exact, strict=True):
        assert (mine - theirs).norm() <= 0.01 * theirs.norm() + 1e-5


def test_what_comes_after_changes_nothing_before():
    query, key, value = (torch.randn(1, 2, 200, 8).bfloat16() for _ in range(3))
    before = causal.attend(None, query, key, value, None)[0]
    key[:, :, 150:], value[:, :, 150:] = 3.0, -3.0
    after = causal.attend(None, query, key, value, None)[0]
    assert torch.equal(before[:, :150], after[:, :150]) and not torch.equal(before[:, 150:], after[:, 150:])


def test_a_padded_lot_in_32_bits_is_that_of_transformers():
    model = small_model().eval()
    ids, mask = torch.randint(300, (2, 20)), torch.ones(2, 20, dtype=torch.long)
    mask[0, :5] = 0
    with torch.no_grad():
        expected = model(input_ids=ids, attention_mask=mask).logits[1]
        model.set_attn_implementation(causal.NAME)
        torch.testing.assert_close(model(input_ids=ids, attention_mask=mask).logits[1], expected)
