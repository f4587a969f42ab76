"""GPT-2 : celui de transformers, et le nôtre, qui doit donner les mêmes nombres, écrire le même texte et apprendre."""

import json
import math

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from aurore import gpt, settings
from aurore.settings import AuroreError

PROFILE = settings.PROFILES["test"]


def test_dimensions_follow_the_profile():
    model = gpt.build_gpt2(PROFILE, vocab_size=300, end_of_text=0)
    config = model.config
    assert (config.n_layer, config.n_head, config.n_embd, config.n_positions, config.vocab_size) == (2, 2, 64, 64, 300)


def test_same_seed_same_weights_and_another_seed_others():
    one, two, three = (gpt.build_gpt2(PROFILE, 300, 0, seed=seed) for seed in (1, 1, 2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not torch.equal(one.transformer.wte.weight, three.transformer.wte.weight)


def test_parameter_count_matches_the_formula():
    layers, width, vocabulary, positions = 2, 64, 300, 64
    block = 12 * width**2 + 13 * width  # attention 4d²+4d, MLP 8d²+5d, deux normalisations 4d
    expected = layers * block + 2 * width + (vocabulary + positions) * width
    assert gpt.count_parameters(gpt.build_gpt2(PROFILE, vocabulary, 0)) == expected


def test_published_gpt2_size():
    with torch.device("meta"):
        assert gpt.count_parameters(GPT2LMHeadModel(GPT2Config())) == 124_439_808


# --- Le nôtre, contre celui de transformers


def reference(**options):
    """Un petit GPT-2 de transformers, aux poids assez grands pour que tout écart se voie."""
    torch.manual_seed(1804)
    sizes = {"vocab_size": 97, "n_positions": 40, "n_embd": 32, "n_layer": 3, "n_head": 4, "bos_token_id": 0}
    pdrops = dict.fromkeys(("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0)
    model = GPT2LMHeadModel(GPT2Config(**(sizes | pdrops | {"eos_token_id": 0} | options))).eval()
    for weight in model.parameters():
        weight.data += 0.2 * torch.randn_like(weight)
    return model


@pytest.fixture(scope="module")
def pair():
    theirs = reference()
    return theirs, gpt.GPT.from_tensors(theirs.config.to_dict(), theirs.state_dict())


def random_ids(*shape, seed=0):
    return torch.randint(97, shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def base():
    return GPT2LMHeadModel.from_pretrained(settings.EMBEDDED_MODEL, dtype=torch.float32).eval()


def written_by(model, ids, n, **options):
    options = {"attention_mask": torch.ones_like(ids)} | options
    return model.generate(ids, max_new_tokens=n, do_sample=False, pad_token_id=0, eos_token_id=None, **options)


@torch.no_grad()
def test_logits_and_text_are_those_of_transformers_with_the_weights_of_aurore_base(base):
    ours = gpt.GPT.from_folder(settings.EMBEDDED_MODEL)
    ids = torch.randint(8192, (2, 60), generator=torch.Generator().manual_seed(3))
    assert (ours(ids) - base(ids).logits).abs().max() < 1e-4
    for cache in (True, False):
        assert torch.equal(gpt.complete(ours, ids[:1], 30, cache=cache), written_by(base, ids[:1], 30))


@torch.no_grad()
@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("length", [1, 2, 17, 40])
def test_logits_equal_at_every_length(pair, batch, length):
    theirs, ours = pair
    ids = random_ids(batch, length)
    assert ours(ids).shape == (batch, length, 97)
    assert (ours(ids) - theirs(ids).logits).abs().max() < 1e-4


@torch.no_grad()
@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_changes_nothing_for_real_tokens(pair, side):
    theirs, ours = pair
    ids, pads = random_ids(2, 9), random_ids(2, 5, seed=1)
    parts, masks = [pads, ids], [torch.zeros_like(pads), torch.ones_like(ids)]
    if side == "right":
        parts, masks = parts[::-1], masks[::-1]
    padded, attention_mask = torch.cat(parts, 1), torch.cat(masks, 1)
    real = slice(5, None) if side == "left" else slice(0, 9)
    got = ours(padded, attention_mask)[:, real]
    ranks = (attention_mask.cumsum(-1) - 1).clamp(min=0)
    assert (got - ours(ids)).abs().max() < 1e-4
    assert (got - theirs(padded, attention_mask=attention_mask, position_ids=ranks).logits[:, real]).abs().max() < 1e-4


@pytest.mark.parametrize("options", [{}, {"guess": False}, {"cache": False}], ids=["devine", "cache", "sans cache"])
def test_greedy_text_is_that_of_transformers(pair, options):
    theirs, ours = pair
    for seed in range(3):
        ids = random_ids(1, 6, seed=seed)
        assert torch.equal(gpt.complete(ours, ids, 34, **options), written_by(theirs, ids, 34))
    assert torch.equal(gpt.complete(ours, ids, 0, **options), ids)


@pytest.mark.parametrize("cache", [True, False])
def test_a_padded_batch_writes_what_each_text_would_alone(pair, cache):
    theirs, ours = pair
    short, long = random_ids(1, 4), random_ids(1, 7, seed=5)
    ids = torch.cat([torch.cat([torch.zeros(1, 3, dtype=torch.long), short], 1), long])
    attention_mask = torch.tensor([[0, 0, 0, 1, 1, 1, 1], [1] * 7])
    got = gpt.complete(ours, ids, 12, cache=cache, attention_mask=attention_mask)
    assert torch.equal(got[0, 3:], gpt.complete(ours, short, 12)[0])
    assert torch.equal(got[1], gpt.complete(ours, long, 12)[0])
    assert torch.equal(got, written_by(theirs, ids, 12, attention_mask=attention_mask))


def test_the_cache_reads_each_token_once(pair, monkeypatch):
    _, ours = pair
    lengths = []
    real = gpt.read_on

    def counting(model, ids, memory):
        lengths.append(ids.shape[1])
        return real(model, ids, memory)

    monkeypatch.setattr(gpt, "read_on", counting)
    gpt.complete(ours, random_ids(1, 6), 5, guess=False)
    assert lengths == [6, 1, 1, 1, 1]


def test_loss_and_gradients_are_those_of_transformers(pair):
    theirs, _ = pair
    ours = gpt.GPT.from_tensors(theirs.config.to_dict(), theirs.state_dict()).train()
    ids, labels = random_ids(3, 20), random_ids(3, 20)
    labels[1, 8:] = -100
    theirs.zero_grad()
    expected = theirs(input_ids=ids, labels=labels).loss
    expected.backward()
    for rows in (1000, 7):  # d'une tranche, ou de plusieurs dont la dernière est plus courte
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("aurore.loss.rows_at_once", lambda vocabulary, exact, rows=rows: rows)
            ours.zero_grad()
            loss = ours.loss(ids, labels)
            loss.backward()
        assert torch.allclose(loss, expected, atol=1e-5)
        assert torch.allclose(ours.tokens.weight.grad, theirs.transformer.wte.weight.grad, atol=1e-5)
        for block, other in zip(ours.blocks, theirs.transformer.h, strict=True):
            assert torch.allclose(block.feed_forward.expand.weight.grad.T, other.mlp.c_fc.weight.grad, atol=1e-5)
            assert torch.allclose(block.attention.query_key_value.bias.grad, other.attn.c_attn.bias.grad, atol=1e-5)
    assert torch.allclose(gpt.next_token_loss(ours(ids), labels), expected, atol=1e-5)


def test_the_loss_by_slices_takes_a_gradient_that_is_not_one(pair):
    _, model = pair
    ids = random_ids(2, 9)
    gradients = []
    for factor in (1.0, 2.5):
        model.zero_grad()
        (model.loss(ids) * factor).backward()
        gradients.append(model.tokens.weight.grad.clone())
    model.zero_grad()
    assert torch.allclose(gradients[1], 2.5 * gradients[0], atol=1e-6)


@pytest.mark.parametrize("vocabulary", [10_000, 50_257, 52_000])
def test_a_uniform_model_loses_ln_v(vocabulary):
    expected = {10_000: 9.2103, 50_257: 10.8249, 52_000: 10.8590}[vocabulary]
    loss = gpt.next_token_loss(torch.zeros(1, 3, vocabulary), torch.tensor([[1, 2, 3]]))
    assert loss.item() == pytest.approx(expected, abs=5e-5)


def test_a_new_gpt_starts_from_ln_v_and_its_seed_decides_all():
    dimensions = gpt.Dimensions.of(PROFILE, 300)
    one, two, three = (gpt.GPT(dimensions, seed) for seed in (1, 1, 2))
    assert one.loss(torch.arange(60)[None]).item() == pytest.approx(math.log(300), abs=0.1)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not torch.equal(one.tokens.weight, three.tokens.weight)
    assert gpt.count_parameters(one) == gpt.count_parameters(gpt.build_gpt2(PROFILE, 300, 0))


def test_a_published_gpt2_has_its_published_size():
    with torch.device("meta"):
        small, distil = (gpt.GPT(gpt.Dimensions(50_257, 1024, 768, layers, 12)) for layers in (12, 6))
    assert (gpt.count_parameters(small), gpt.count_parameters(distil)) == (124_439_808, 81_912_576)


# --- Les fichiers d'un modèle


def saved(model, folder, **options):
    model.save_pretrained(folder, **options)
    return folder


@torch.no_grad()
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_files_whole_or_sharded_in_16_or_32_bits(tmp_path, dtype):
    theirs = reference().to(dtype)
    ids = random_ids(1, 12)
    for name, size in (("entier", "1GB"), ("morceaux", "20KB")):
        ours = gpt.GPT.from_folder(saved(theirs, tmp_path / name, max_shard_size=size))
        assert {weight.dtype for weight in ours.parameters()} == {torch.float32}
        assert (ours(ids) - theirs.float()(ids).logits).abs().max() < 1e-4
        theirs.to(dtype)
    assert len(list((tmp_path / "morceaux").glob("*.safetensors"))) > 1


@torch.no_grad()
def test_names_without_prefix_old_buffers_and_the_old_format(tmp_path):
    theirs = reference()
    ids, expected = random_ids(1, 12), theirs(random_ids(1, 12)).logits
    bare = theirs.transformer.state_dict() | {"h.0.attn.bias": torch.ones(1, 1, 40, 40).tril()}
    assert (gpt.GPT.from_tensors(theirs.config.to_dict(), bare)(ids) - expected).abs().max() < 1e-4
    theirs.config.save_pretrained(tmp_path)
    torch.save(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    assert (gpt.GPT.from_folder(str(tmp_path))(ids) - expected).abs().max() < 1e-4


@torch.no_grad()
def test_a_middle_of_another_width_and_another_epsilon(tmp_path):
    theirs = reference(n_inner=48, layer_norm_epsilon=1e-3, activation_function="gelu_pytorch_tanh")
    ours = gpt.GPT.from_tensors(theirs.config.to_dict(), theirs.state_dict())
    ids = random_ids(2, 11)
    assert (ours(ids) - theirs(ids).logits).abs().max() < 1e-4


def spoil(folder, **changes):
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({k: v for k, v in config.items() if v != "absent"}), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model_type": "llama"}, "famille « llama »"),
        ({"activation_function": "relu"}, "activation_function = relu"),
        ({"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx"),
        ({"tie_word_embeddings": False}, "tie_word_embeddings"),
        ({"n_head": "absent"}, "ne dit pas n_head"),
        ({"n_layer": 4}, "Il manque le poids"),
        ({"vocab_size": 98}, "n'ont pas les dimensions"),
    ],
)
def test_what_is_not_our_gpt2_is_refused_with_what_to_do(tmp_path, changes, sentence):
    folder = saved(reference(), tmp_path / "modele")
    spoil(folder, **changes)
    with pytest.raises(AuroreError, match=sentence):
        gpt.GPT.from_folder(folder)


def test_a_folder_that_lacks_something_says_what(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(AuroreError, match=r"config\.json est introuvable"):
        gpt.GPT.from_folder(tmp_path)
    folder = saved(reference(), tmp_path / "morceaux", max_shard_size="20KB")
    next(iter(sorted(folder.glob("*.safetensors")))).unlink()
    with pytest.raises(AuroreError, match=r"safetensors est introuvable"):
        gpt.GPT.from_folder(folder)
    folder = saved(reference(), tmp_path / "abime")
    (folder / "model.safetensors").write_bytes(b"pas des poids")
    with pytest.raises(AuroreError, match="illisibles"):
        gpt.GPT.from_folder(folder)
    (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(AuroreError, match="illisible"):
        gpt.GPT.from_folder(folder)


def test_too_long_a_text_is_refused(pair):
    _, ours = pair
    with pytest.raises(AuroreError, match="lit 40 tokens au plus, et le texte en fait 41"):
        ours(random_ids(1, 41))
    with pytest.raises(AuroreError, match="feraient 41 tokens"):
        gpt.complete(ours, random_ids(1, 20), 21)


# --- Presque, deviner, apprendre, se comparer


@torch.no_grad()
def test_each_near_miss_shows_in_the_logits_and_leaves_the_model_alone(base):
    ours = gpt.GPT.from_folder(settings.EMBEDDED_MODEL)
    ids = torch.randint(8192, (1, 40), generator=torch.Generator().manual_seed(1))
    expected = base(ids).logits
    gaps = {name: (gpt.near_miss(ours, name)(ids) - expected).abs().max().item() for name in gpt.NEAR_MISSES}
    assert (ours(ids) - expected).abs().max() < 1e-4
    exact, epsilon, scale, ranks, norm = gaps.values()
    assert 1e-3 < epsilon < 0.05 and 1e-3 < exact < 0.05
    assert 1 < scale < 20 and 1 < ranks < 20 and norm == pytest.approx(18, abs=0.5)


def test_a_guess_is_what_followed_the_same_three_tokens():
    guesser = gpt.Guesser([1, 2, 3, 4, 5, 1, 2, 3])
    assert guesser.guess(8) == [4, 5, 1, 2, 3, 4, 5, 1] and guesser.guess(2) == [4, 5] and guesser.guess(0) == []
    assert gpt.Guesser([1, 2, 3, 4]).guess(8) == [] and gpt.Guesser([1]).guess(8) == []
    assert gpt.Guesser([7, 7, 7, 7]).guess(3) == [7, 7, 7], "un texte qui tourne en rond"
    assert guesser.count_right([4, 5, 1], [4, 5, 9, 0]) == 2
    assert guesser.ids[-3:] == [4, 5, 9]


def test_a_batch_is_learnt_by_heart():
    model = gpt.GPT(gpt.Dimensions(50, 16, 32, 2, 2))
    lot = random_ids(4, 16) % 50
    curve = gpt.train(model, iter([lot] * 80), 1e-2, steps=80)
    assert curve[0].loss == pytest.approx(math.log(50), abs=0.2) and curve[-1].loss < 0.1
    assert [point.step for point in curve] == list(range(80))
    assert not model.training


def test_training_watches_stops_and_refuses_to_run_for_ever():
    seen = []
    gpt.train(
        gpt.GPT(gpt.Dimensions(9, 8, 8, 1, 1)), gpt.batches(torch.arange(50) % 9, 8, 2), 1e-2, 4, watch=seen.append
    )
    assert seen == [0, 1, 2, 3, 4]
    with pytest.raises(AuroreError, match="pas de fin"):
        gpt.train(gpt.GPT(gpt.Dimensions(9, 8, 8, 1, 1)), iter([]), 1e-2)


def test_batches_are_pieces_of_the_text_and_the_same_twice():
    tokens = torch.arange(100)
    one, two = (next(gpt.batches(tokens, 7, 5)) for _ in range(2))
    assert torch.equal(one, two) and one.shape == (5, 7)
    assert torch.equal(one - one[:, :1], torch.arange(7).expand(5, 7))
    with pytest.raises(AuroreError, match="6 tokens, et un bloc 7"):
        next(gpt.batches(tokens[:6], 7, 5))


def test_bigrams_are_probabilities_that_know_what_they_have_read():
    tokens = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 3])
    table = gpt.Bigrams(tokens, 5)
    assert torch.allclose(table.logs.exp().sum(1), torch.ones(5), atol=1e-5)
    assert table(torch.tensor([[0]])).argmax(-1).item() == 1
    assert table.logs.isfinite().all()
    assert table.logs[0, 1] > table.logs[1, 2] > table.logs[1, 4]


@torch.no_grad()
def test_the_recurrent_never_sees_what_comes_next():
    model = gpt.Recurrent(20, 16)
    ids = random_ids(2, 8) % 20
    changed = ids.clone()
    changed[:, -1] = (changed[:, -1] + 1) % 20
    assert torch.equal(model(ids)[:, :-1], model(changed)[:, :-1])
    assert not torch.equal(model(ids)[:, -1], model(changed)[:, -1])


def test_the_recall_asks_for_the_first_token_and_judges_only_the_last():
    ids = next(gpt.recall_lots(5, 12, 30))
    assert ids.shape == (30, 8) and torch.equal(ids[:, 0], ids[:, -1])
    assert (ids[:, -2] == 0).all() and (ids[:, :-2] > 0).all() and ids.max() < 12
    labels = gpt.only_last(ids)
    assert torch.equal(labels[:, -1], ids[:, -1]) and (labels[:, :-1] == -100).all()


def test_the_held_out_loss_weighs_every_token_the_same():
    table, tokens = gpt.Bigrams(torch.arange(40) % 7, 7), random_ids(37) % 7
    judged = [(i, i + 1) for i in range(36) if (i + 1) % 10]  # blocs de 10 : leur premier token n'est pas deviné
    expected = -sum(table.logs[tokens[a], tokens[b]].item() for a, b in judged) / len(judged)
    assert gpt.held_out_loss(table, tokens, 10, batch_size=2) == pytest.approx(expected, abs=1e-5)


def test_nothing_is_learnt_on_random_pairs_but_the_pairs_themselves():
    seen, unseen = torch.randint(30, (2, 16, 8), generator=torch.Generator().manual_seed(0))
    model = gpt.GPT(gpt.Dimensions(30, 8, 32, 2, 2))
    gpt.train(model, iter([seen] * 120), 1e-2, steps=120)
    with torch.no_grad():
        assert model.loss(seen) < 0.5 and model.loss(unseen) > math.log(30)
