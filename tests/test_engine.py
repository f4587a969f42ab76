"""Le moteur : mêmes notes que transformers, seul ou en lot, d'un trait ou par morceaux ; en 8 bits, presque les mêmes."""

import numpy as np
import onnx
import pytest
import torch
from small import TEXT, small_model, small_tokenizer

from aurore import evaluation, generation, models, settings
from aurore.engine import BLOCK, Engine, Reader, build_graph, dequantize, pack, quantize
from aurore.settings import AuroreError


@pytest.fixture(scope="module")
def sand():
    return models.load_model(settings.SAND_MODEL)


@pytest.fixture(scope="module")
def small():
    return Engine.from_model(small_model(), slots=4, threads=1)


IDS = small_tokenizer()(TEXT)["input_ids"][:40]


def reference(ids):
    with torch.inference_mode():
        return small_model()(torch.tensor([ids])).logits[0].numpy()


def test_the_notes_are_those_of_transformers(small):
    np.testing.assert_allclose(small.read(IDS, places=list(range(40))), reference(IDS), atol=1e-4)


def test_a_text_reads_the_same_in_pieces(small):
    whole = small.read(IDS)[0]
    small.read(IDS[:7], slot=2)
    small.read(IDS[7:25], slot=2, past=7)
    np.testing.assert_allclose(small.read(IDS[25:], slot=2, past=25)[0], whole, atol=1e-5)


def test_texts_of_every_length_advance_together(small):
    lengths = [3, 20, 11, 1]
    for slot, length in enumerate(lengths):
        small.read(IDS[:length], slot)
    notes = small.step([IDS[length] for length in lengths], lengths)
    for row, length in zip(notes, lengths, strict=True):
        np.testing.assert_allclose(row, reference(IDS[: length + 1])[-1], atol=1e-4)


def test_a_row_moves_with_its_text(small):
    small.read(IDS[:9], slot=3)
    small.read(IDS[:30], slot=0)
    small.move(3, 0, 9)
    np.testing.assert_allclose(small.step([IDS[9]], [9])[0], reference(IDS[:10])[-1], atol=1e-4)


def test_the_context_is_a_limit(small):
    assert small.read((IDS * 2)[:64]).shape == (1, small.vocabulary)
    for ids, past in (([], 0), (IDS * 2, 0), (IDS, 25)):
        with pytest.raises(AuroreError, match="de 1 à 64 tokens"):
            small.read(ids, past=past)


@pytest.mark.parametrize("prompt", generation.PROMPTS)
def test_thirty_two_bits_write_what_generate_writes(sand, prompt):
    model, tokenizer = sand
    engine = Engine.from_model(model, slots=1, threads=1)
    expected = generation.generate(model, tokenizer, prompt, 30, do_sample=False)
    ids = tokenizer(prompt)["input_ids"]
    notes, start = engine.read(ids)[0], len(ids)
    for _ in range(30):
        ids.append(int(notes.argmax()))
        notes = engine.step(ids[-1:], [len(ids) - 1])[0]
    assert prompt + generation.answer(tokenizer, torch.tensor(ids), start) == expected


# --- Moins de bits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", [8, 4])
def test_the_integers_are_those_of_onnxruntime(bits):
    from onnxruntime.capi import _pybind_state as theirs

    rows, width = 64, 128
    matrix = np.random.default_rng(1804).normal(size=(rows, width)).astype(np.float32)  # (N, K)
    packed = np.zeros((rows, width // BLOCK, BLOCK * bits // 8), np.uint8)
    scales, middles = np.zeros((rows, width // BLOCK), np.float32), np.zeros((rows, 1), np.uint8)
    work = getattr(theirs, f"quantize_matmul_{bits}bits")
    work(packed, np.ascontiguousarray(matrix.T), scales, middles, BLOCK, rows, width, True)
    integers, own = quantize(matrix, bits)
    # Leurs échelles sont en 32 bits, les nôtres en 16 : un entier peut tomber de l'autre côté d'un arrondi.
    assert (pack(integers, bits) != packed).mean() < 0.03
    np.testing.assert_allclose(own, scales, rtol=1e-3)


@pytest.mark.parametrize("bits", [8, 4])
def test_a_weight_is_within_half_a_step(bits):
    matrix = np.random.default_rng(7).normal(size=(32, 192)).astype(np.float32)
    integers, scales = quantize(matrix, bits)
    step = np.abs(scales.astype(np.float32)).repeat(BLOCK, axis=1)
    inside = integers.reshape(matrix.shape) < 2**bits - 1  # le dernier entier borne un côté
    error = np.abs(dequantize(integers, scales, bits) - matrix)
    assert (error <= step * 0.51)[inside].all() and (error <= step * 1.1).all()
    assert not dequantize(*quantize(np.zeros((2, 64), np.float32), bits), bits).any()


def test_blocks_divide_a_row():
    with pytest.raises(AuroreError, match="blocs de 64"):
        quantize(np.zeros((2, 100)), 8)


def test_eight_bits_lose_almost_nothing_and_weigh_half_of_sixteen(sand):
    model, tokenizer = sand
    text = (settings.PASTICHE / "cache/epub/90006/pg90006.txt").read_text(encoding="utf-8")[3000:6000]
    expected = evaluation.score(model, tokenizer, text).bits_per_character
    for bits, most in ((32, 1e-5), (8, 0.005)):
        engine = Engine.from_model(model, bits, slots=1, threads=1)
        assert abs(evaluation.score(Reader(engine), tokenizer, text).bits_per_character - expected) < most
    tensors = {name: value.numpy() for name, value in model.state_dict().items()}
    graph = onnx.load_from_string(build_graph(model.config.to_dict(), tensors, 8))
    parts = [one for one in graph.graph.initializer if one.name.endswith((".weight", ".scales16"))]
    packed = [one for one in parts if one.data_type in (onnx.TensorProto.UINT8, onnx.TensorProto.FLOAT16)]
    size = sum(onnx.numpy_helper.to_array(one).nbytes for one in packed)
    weights = sum(np.prod(one.dims) for one in packed if one.data_type == onnx.TensorProto.UINT8)
    assert 2 * weights / size > 1.9


@pytest.mark.parametrize("bits", [32, 8])
def test_threads_share_the_texts_and_change_none(sand, bits):
    model, tokenizer = sand
    alone, shared = (Engine.from_model(model, bits, slots=5, threads=threads) for threads in (1, 3))
    ids, lengths = tokenizer(TEXT)["input_ids"][:40], [3, 20, 11, 1, 7]
    for slot, length in enumerate(lengths):
        for engine in (alone, shared):
            engine.read(ids[:length], slot)
    for size in (5, 2, 1):
        tokens = [ids[length] for length in lengths[:size]]
        expected = alone.step(tokens, lengths[:size])
        np.testing.assert_allclose(shared.step(tokens, lengths[:size]), expected, atol=1e-4)


def test_four_bits_are_told_apart_and_others_refused(sand):
    model, tokenizer = sand
    text = TEXT[:200]
    four, eight = (Engine.from_model(model, bits, slots=1, threads=1) for bits in (4, 8))
    losses = [evaluation.score(Reader(one), tokenizer, text).bits_per_character for one in (four, eight)]
    assert losses[0] > losses[1]
    with pytest.raises(AuroreError, match="32, 8 ou 4"):
        Engine.from_model(model, 3)


def test_only_a_gpt2_becomes_a_graph():
    with pytest.raises(AuroreError, match="GPT-2"):
        build_graph({"model_type": "llama"}, {})
