"""La mémoire d'un entraînement : la perte par morceaux est la même, l'estimation est la bonne, le manque est dit."""

import concurrent.futures
import multiprocessing
import re
import sys

import pytest
import torch
from small import TEXT, small_model, small_tokenizer
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.activations import NewGELUActivation

from aurore import finetune, memory
from aurore.settings import AuroreError

GB = 1_000_000_000
linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="les limites et les pics se lisent sous Linux"
)


# --- La perte par morceaux


@pytest.mark.parametrize("bf16", [False, True])
def test_a_gpt2_trains_the_same_and_gets_its_own_forward_back(bf16):
    model, ids = small_model().train(), torch.randint(300, (2, 64), generator=torch.manual_seed(0))

    def gradients():
        model.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        return loss.detach(), torch.cat([parameter.grad.flatten() for parameter in model.parameters()])

    loss, expected = gradients()
    with memory.lean_training(model):
        lean, found = gradients()
        assert model(input_ids=ids).logits.shape == (2, 64, model.config.vocab_size)
        assert model.generate(ids[:1, :32], max_new_tokens=2, do_sample=False, pad_token_id=0).shape == (1, 34)
    torch.testing.assert_close(lean, loss, rtol=1e-3, atol=0)
    assert (found - expected).norm() < (0.02 if bf16 else 1e-5) * expected.norm()
    assert type(model.transformer.h[0].mlp.act) is NewGELUActivation
    assert "forward" not in model.__dict__ and model(input_ids=ids, labels=ids).logits is not None


def test_frozen_tables_get_no_gradient_and_the_rest_does():
    model, ids = small_model().train(), torch.randint(300, (1, 32))
    model.transformer.wte.weight.requires_grad_(False)
    with memory.lean_training(model):
        model(input_ids=ids, labels=ids).loss.backward()
    assert model.transformer.wte.weight.grad is None and model.transformer.h[0].attn.c_attn.weight.grad is not None


# --- Ce qui reste


def test_the_smallest_limit_of_a_container_counts(tmp_path):
    own = tmp_path / "own"
    own.write_text("0::/pod/box\n")
    for place, limit in (("", "max"), ("pod", "3000"), ("pod/box", "max")):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / "memory.max").write_text(limit)
        (tmp_path / place / "memory.current").write_text("2000")
        (tmp_path / place / "memory.stat").write_text("anon 1\ninactive_file 500\n")
    assert list(memory._container_room(tmp_path, own)) == [1500]


def test_the_limits_of_the_older_groups_are_read_too(tmp_path):
    own = tmp_path / "own"
    own.write_text("4:memory:/absent\n3:cpuset:/\n")
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("3000")
    (tmp_path / "memory" / "memory.usage_in_bytes").write_text("1000")
    assert list(memory._container_room(tmp_path, own)) == [2000]


def _apart(function, *arguments):
    """Le résultat d'une fonction dans un processus à elle."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["aurore.finetune"])
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result(timeout=200)


def _room_under(limit):
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    return memory.available()


@linux_only
def test_a_limit_on_the_process_counts():
    assert 0 < _apart(_room_under, 2 * GB) < 2 * GB


# --- Ce qu'il faut


def _measured(bf16, gelu, folder):
    """Mémoire estimée, et prise, en octets, par un entraînement d'un modèle moyen."""
    import resource
    from pathlib import Path

    import psutil

    torch.set_num_threads(1)
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=8192, n_embd=384, n_layer=4, n_head=6, n_positions=512, attn_pdrop=0, activation_function=gelu
        )
    )
    tokens = [[token % 8192 for token in range(512)]] * 8
    blocks = finetune.datasets.Dataset.from_dict({"input_ids": tokens, "labels": tokens}).with_format("torch")
    finetune.choose_device = lambda: finetune.Device("cpu", bf16, "essai")
    before = psutil.Process().memory_info().rss
    recipe = finetune.Recipe(1, 4, 1e-4, averaged=True)
    finetune.fine_tune(model, small_tokenizer(), blocks, None, recipe, Path(folder, "model"), Path(folder, "ckpt"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return memory.need(model, 512, bf16, True).total(4), peak - before


@linux_only
@pytest.mark.parametrize("gelu", ["gelu_new", "gelu_pytorch_tanh"])
@pytest.mark.parametrize("bf16", [False, True])
def test_the_estimate_is_what_a_training_takes(tmp_path, bf16, gelu):
    estimated, taken = _apart(_measured, bf16, gelu, str(tmp_path))
    assert 0.8 < estimated / taken < 1.4


def big():
    with torch.device("meta"):
        return GPT2LMHeadModel(GPT2Config())


def test_a_lot_is_cut_as_the_memory_asks_and_it_is_said(capsys):
    model = small_model()
    wanted = memory.need(model, 64, False, True)
    whole = wanted.total(8) / memory.MARGIN
    assert memory.blocks_at_once(wanted, 8, model, 64, int(whole) + 1) == 8 and not capsys.readouterr().out
    assert memory.blocks_at_once(wanted, 8, model, 64, int(whole) - 1) == 4
    assert "lu en 2 fois" in capsys.readouterr().out
    assert memory.blocks_at_once(wanted, 8, model, 64, int(whole), most=wanted.block) == 1


@pytest.mark.parametrize(("context", "advice"), [(512, "un modèle plus petit"), (200_000, "la longueur des blocs")])
def test_what_cannot_fit_is_refused_with_what_to_reduce(context, advice):
    model = big()
    room = 2 * GB if context == 512 else 5 * GB
    with pytest.raises(AuroreError, match=r"La mémoire ne suffit pas.*Rien n'a commencé") as refused:
        memory.blocks_at_once(memory.need(model, context, True, True), 8, model, context, room)
    assert advice in str(refused.value) and re.search(
        r"124,4 millions de poids|124\D439\D808 poids", str(refused.value)
    )


def test_a_gpt2_small_is_read_block_by_block_and_stays_under_four_gigabytes():
    model, process = big(), int(0.65 * GB)  # ce que le processus occupe avant, sans les poids
    wanted = memory.need(model, 512, True, True, muon=True)
    blocks = memory.blocks_at_once(wanted, 8, model, 512, 16 * GB)
    weights = 4 * sum(parameter.numel() for parameter in model.parameters())
    assert blocks == 1 and process + weights + wanted.total(blocks) < 4 * GB


def _train_under(limit, more, folder):
    """Entraîne sous `limit` octets, ou `more` de plus que ce qui est pris."""
    import resource
    from pathlib import Path

    import psutil

    torch.set_num_threads(1)
    blocks = finetune.pack_blocks([TEXT], small_tokenizer(), 32)
    limit = limit or psutil.Process().memory_info().data + more
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        recipe = finetune.Recipe(1, 8, 1e-3)
        paths = Path(folder, "model"), Path(folder, "ckpt")
        return finetune.fine_tune(small_model(), small_tokenizer(), blocks, None, recipe, *paths)["steps"]
    except AuroreError as error:
        return str(error)


@linux_only
def test_under_two_gigabytes_a_small_model_trains_and_under_too_little_it_says_so(tmp_path):
    assert _apart(_train_under, 2 * GB, 0, str(tmp_path)) > 1
    assert "La mémoire" in _apart(_train_under, 0, 30_000_000, str(tmp_path / "peu"))


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes")])
def test_a_memory_that_runs_out_all_the_same_is_explained(error):
    with pytest.raises(AuroreError, match="La mémoire a manqué"), memory.explained():
        raise error


def test_a_memory_that_runs_out_before_the_first_step_is_explained(tmp_path, monkeypatch):
    def too_much(model):
        raise MemoryError

    monkeypatch.setattr(finetune, "weights_digest", too_much)
    blocks = finetune.pack_blocks([TEXT], small_tokenizer(), 32)
    with pytest.raises(AuroreError, match="La mémoire a manqué"):
        finetune.fine_tune(
            small_model(), small_tokenizer(), blocks, None, finetune.Recipe(1, 8, 1e-3), tmp_path / "m", tmp_path / "c"
        )


def test_another_error_is_left_alone():
    with pytest.raises(RuntimeError, match="autre"), memory.explained():
        raise RuntimeError("autre chose")
