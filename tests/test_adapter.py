"""L'adaptateur de la leçon 10 : il s'apprend seul, s'enregistre seul, et se relit."""

import copy

import torch
from peft import PeftModel
from small import small_model, small_tokenizer

from aurore import adapter, instructions
from aurore.rows import Row


def test_only_the_adapter_learns_and_it_is_read_back(tmp_path):
    base, tokenizer = small_model(), small_tokenizer()
    start = copy.deepcopy(base)
    model = adapter.adapted(base, rank=4)
    lines = [Row("Qui chante ?", "La meunière.")]
    instructions.tune(model, tokenizer, lines, instructions.Tuning(epochs=3, learning_rate=1e-2, mixed=False))
    adapter.save(model, tmp_path / "adaptateur")
    again = PeftModel.from_pretrained(copy.deepcopy(start), str(tmp_path / "adaptateur")).merge_and_unload().eval()
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        before, learnt, read = start(ids).logits, model.float().merge_and_unload().eval()(ids).logits, again(ids).logits
    assert (learnt - before).abs().max() > 1e-2
    torch.testing.assert_close(read, learnt, atol=2e-2, rtol=0)
    assert sum(path.stat().st_size for path in (tmp_path / "adaptateur").iterdir()) < 100_000
