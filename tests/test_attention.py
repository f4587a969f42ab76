"""L'attention et ses voisines : égales à PyTorch et à transformers, et des propriétés vraies à toute taille."""

import math

import pytest
import torch
from small import small_model
from torch import nn
from torch.nn import functional

from aurore import attention, models, settings
from aurore.settings import AuroreError

B, T, C, H = 2, 7, 32, 4


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(1804)


def close(one, other, tolerance=1e-5):
    return one.shape == other.shape and torch.allclose(one, other, atol=tolerance, rtol=0)


def random_mask(*shape):
    """Un masque au hasard où chaque ligne voit au moins quelque chose."""
    mask = torch.rand(*shape) < 0.5
    return mask | torch.nn.functional.one_hot(torch.randint(shape[-1], shape[:-1]), shape[-1]).bool()


# --- Regarder -------------------------------------------------------------------------------------------

TOY = torch.eye(3), torch.eye(3), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def test_the_toy_of_the_course_gives_the_numbers_one_finds_by_hand():
    output, weights = attention.scaled_dot_product(*TOY)
    assert close(weights, torch.full((3, 3), 0.2645) + (0.4711 - 0.2645) * torch.eye(3), 5e-5)
    assert close(output, torch.tensor([[2.5868, 3.5868], [3.0, 4.0], [3.4132, 4.4132]]), 5e-5)


def test_without_the_scale_the_toy_gives_the_numbers_of_the_document():
    query, key, value = TOY
    output, weights = attention.scaled_dot_product(query * math.sqrt(3), key, value)
    assert close(weights, torch.full((3, 3), 0.2119) + (0.5761 - 0.2119) * torch.eye(3), 1e-4)
    assert close(output, torch.tensor([[2.2716, 3.2716], [3.0, 4.0], [3.7284, 4.7284]]), 1e-4)


@pytest.mark.parametrize("shape", [(5, 4, 8), (2, 3, 6, 6, 16), (1, 1, 1), (2, 9, 3, 2)])
@pytest.mark.parametrize("masked", [False, True])
def test_equals_torch_at_every_shape(shape, masked):
    *batch, length, seen, width = shape if len(shape) > 3 else (*shape[:-2], shape[-2], shape[-2], shape[-1])
    query, key = torch.randn(*batch, length, width), torch.randn(*batch, seen, width)
    value = torch.randn(*batch, seen, 5)
    mask = random_mask(length, seen) if masked else None
    output, weights = attention.scaled_dot_product(query, key, value, mask)
    assert close(output, functional.scaled_dot_product_attention(query, key, value, attn_mask=mask))
    assert close(weights.sum(-1), torch.ones(*batch, length)) and (weights >= 0).all()
    assert mask is None or (weights.masked_select(~mask) == 0).all()


def test_shuffling_what_is_looked_at_changes_nothing_and_shuffling_questions_shuffles_answers():
    query, key, value = torch.randn(3, B, T, C)
    order = torch.randperm(T)
    output = attention.scaled_dot_product(query, key, value)[0]
    assert close(attention.scaled_dot_product(query, key[:, order], value[:, order])[0], output)
    assert close(attention.scaled_dot_product(query[:, order], key, value)[0], output[:, order])


def test_a_row_that_sees_nothing_stays_a_number_in_16_bits_too():
    mask = torch.ones(3, 3, dtype=torch.bool).tril(-1)
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        query, key, value = (part.to(dtype) for part in TOY)
        output, weights = attention.scaled_dot_product(query, key, value, mask)
        assert output.dtype == dtype and output.isfinite().all()
        assert (weights[1:].masked_select(~mask[1:]) == 0).all()


def test_minus_1e20_does_not_fit_in_16_bits():
    with pytest.raises(RuntimeError):
        torch.zeros(2, 2, dtype=torch.float16).masked_fill(torch.eye(2).bool(), -1e20)
    assert torch.finfo(torch.float16).min == -65504


# --- Cacher ---------------------------------------------------------------------------------------------


def test_causal_mask_shows_the_past_and_the_present():
    assert torch.equal(attention.causal_mask(5), ~torch.triu(torch.ones(5, 5), diagonal=1).bool())
    assert attention.causal_mask(5).dtype == torch.bool and attention.causal_mask(1).tolist() == [[True]]
    assert attention.causal_mask(0).shape == (0, 0)


@pytest.mark.parametrize("past", [0, 1, 4])
def test_a_mask_with_a_past_is_the_end_of_the_whole_mask(past):
    assert torch.equal(attention.causal_mask(3, past), attention.causal_mask(3 + past)[past:])


def test_masks_of_the_course_have_its_shapes_and_one_polarity():
    attention_mask = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]])
    padding, causal = attention.padding_mask(attention_mask), attention.causal_mask(5)
    both = attention.combine_masks(causal, padding)
    assert (padding.shape, causal.shape, both.shape) == ((2, 1, 1, 5), (5, 5), (2, 1, 5, 5))
    assert {mask.dtype for mask in (padding, causal, both)} == {torch.bool}
    assert (~both).sum((1, 2, 3)).tolist() == [13, 11]
    for text, row in enumerate(attention_mask):
        for asking in range(5):
            for looked in range(5):
                assert both[text, 0, asking, looked] == bool(row[looked] and looked <= asking)


def test_combining_is_order_free_and_none_hides_nothing():
    masks = [random_mask(5, 5), random_mask(2, 1, 1, 5), random_mask(2, 3, 5, 5)]
    both = attention.combine_masks(*masks)
    assert torch.equal(both, attention.combine_masks(*reversed(masks))) and both.shape == (2, 3, 5, 5)
    assert torch.equal(attention.combine_masks(None, masks[0], None), masks[0])
    assert attention.combine_masks() is attention.combine_masks(None, None) is None


# --- Dire le rang ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "width"), [(10, 256), (100, 256), (1, 2), (512, 320)])
def test_each_position_has_the_same_norm(length, width):
    positions = attention.sinusoidal_positions(length, width)
    assert positions.shape == (length, width)
    assert close(positions.square().sum(1), torch.full((length,), width / 2), 1e-3)


def test_a_dot_product_depends_only_on_the_distance():
    positions = attention.sinusoidal_positions(100, 256)
    products = positions @ positions.T
    assert close(products[[5, 50], [10, 55]], torch.tensor([94.64, 94.64]), 5e-3)
    for gap in (0, 1, 5, 30):
        assert products.diagonal(gap).std() < 1e-3


def test_positions_follow_the_formula_term_by_term():
    positions = attention.sinusoidal_positions(6, 8)
    for rank in range(6):
        for i in range(4):
            angle = rank / 10000 ** (2 * i / 8)
            assert positions[rank, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert positions[rank, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


def test_moving_by_one_is_the_same_rotation_everywhere():
    pairs = attention.sinusoidal_positions(40, 16).view(40, 8, 2)
    sine, cosine = pairs[1, :, 0], pairs[1, :, 1]
    turned = torch.stack(
        [pairs[..., 0] * cosine + pairs[..., 1] * sine, pairs[..., 1] * cosine - pairs[..., 0] * sine], -1
    )
    assert close(turned[:-1], pairs[1:])


def test_odd_width_is_refused():
    with pytest.raises(AuroreError, match="paires"):
        attention.sinusoidal_positions(3, 5)


# --- Plusieurs têtes ------------------------------------------------------------------------------------


def test_heads_are_slices_of_each_token_and_merge_back():
    x = torch.randn(B, T, C)
    heads = attention.split_heads(x, H)
    assert heads.shape == (B, H, T, C // H)
    for head in range(H):
        assert torch.equal(heads[:, head], x[:, :, head * C // H : (head + 1) * C // H])
    assert torch.equal(attention.merge_heads(heads), x)


@pytest.mark.parametrize(
    "build", [lambda: attention.MultiHeadAttention(10, 3), lambda: attention.split_heads(torch.zeros(1, 1, 10), 3)]
)
def test_heads_that_do_not_fit_are_refused(build):
    with pytest.raises(AuroreError, match="10 nombres ne se partagent pas en 3"):
        build()


def torch_attention(ours):
    """`nn.MultiheadAttention` avec nos poids."""
    width = ours.projection.in_features
    theirs = nn.MultiheadAttention(width, ours.n_heads, batch_first=True)
    theirs.in_proj_weight, theirs.in_proj_bias = ours.query_key_value.weight, ours.query_key_value.bias
    theirs.out_proj.weight, theirs.out_proj.bias = ours.projection.weight, ours.projection.bias
    return theirs.eval()


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_multi_head_attention_equals_torch(cross, masked):
    ours, x = attention.MultiHeadAttention(C, H).eval(), torch.randn(B, T, C)
    memory = torch.randn(B, T + 3, C) if cross else x
    mask = random_mask(T, memory.shape[1]) if masked else None
    hidden = ~mask if masked else None  # chez PyTorch, vrai veut dire « caché »
    expected, weights = torch_attention(ours)(x, memory, memory, attn_mask=hidden, average_attn_weights=False)
    assert close(ours(x, memory if cross else None, mask), expected)
    assert close(ours.weights(x, memory if cross else None, mask), weights)


def test_multi_head_attention_keeps_the_shape_of_the_course():
    assert attention.MultiHeadAttention(256, 8)(torch.randn(32, 10, 256)).shape == (32, 10, 256)


# --- Les autres pièces ----------------------------------------------------------------------------------


def test_gelus_give_the_numbers_of_the_course_and_those_of_torch():
    x = torch.tensor([-1.0, 0.0, 1.0, 2.0])
    assert close(attention.gelu(x), torch.tensor([-0.1587, 0.0, 0.8413, 1.9545]), 5e-5)
    assert close(attention.gelu_tanh(x), torch.tensor([-0.1588, 0.0, 0.8412, 1.9546]), 5e-5)
    x = torch.linspace(-8, 8, 1001)
    assert close(attention.gelu(x), functional.gelu(x))
    assert close(attention.gelu_tanh(x), functional.gelu(x, approximate="tanh"))
    assert 1e-4 < (attention.gelu(x) - attention.gelu_tanh(x)).abs().max() < 5e-4


def test_layer_norm_gives_the_numbers_of_the_course_and_those_of_torch():
    x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert close(attention.LayerNorm(3)(x), torch.tensor([[-1.2247, 0.0, 1.2247]] * 2), 5e-5)
    ours, theirs, x = attention.LayerNorm(C), nn.LayerNorm(C), torch.randn(B, T, C) * 3 + 1
    nn.init.normal_(ours.weight), nn.init.normal_(ours.bias)
    theirs.load_state_dict(ours.state_dict())
    assert close(ours(x), theirs(x))
    assert close(attention.layer_norm(x, ours.weight, ours.bias), theirs(x))


# --- Empiler --------------------------------------------------------------------------------------------


def torch_layer(ours, kind, width, n_heads, hidden):
    """Une couche de PyTorch, même ordre, avec nos poids."""
    theirs = kind(
        width, n_heads, hidden, 0.0, activation=attention.gelu_tanh, batch_first=True, norm_first=ours.norm_first
    )
    first = ours.self_attention if hasattr(ours, "self_attention") else ours.attention
    pairs = [(theirs.self_attn, first), (theirs.norm1, ours.ln_1), (theirs.norm2, ours.ln_2)]
    pairs += [(theirs.linear1, ours.feed_forward.expand), (theirs.linear2, ours.feed_forward.contract)]
    if hasattr(ours, "cross_attention"):
        pairs += [(theirs.multihead_attn, ours.cross_attention), (theirs.norm3, ours.ln_3)]
    for target, source in pairs:
        if isinstance(target, nn.MultiheadAttention):
            target.load_state_dict(torch_attention(source).state_dict())
        else:
            target.load_state_dict(source.state_dict())
    return theirs.eval()


@pytest.mark.parametrize("norm_first", [True, False])
def test_encoder_layer_equals_torch(norm_first):
    ours = attention.EncoderLayer(C, H, norm_first=norm_first).eval()
    x, mask = torch.randn(B, T, C), random_mask(T, T)
    theirs = torch_layer(ours, nn.TransformerEncoderLayer, C, H, 4 * C)
    assert close(ours(x, mask), theirs(x, src_mask=~mask)) and close(ours(x), theirs(x))


@pytest.mark.parametrize("norm_first", [True, False])
def test_decoder_layer_equals_torch_and_is_causal_by_itself(norm_first):
    ours = attention.DecoderLayer(C, H, norm_first=norm_first).eval()
    x, memory = torch.randn(B, T, C), torch.randn(B, T + 2, C)
    present = torch.tensor([[1] * 9, [1] * 5 + [0] * 4])
    theirs = torch_layer(ours, nn.TransformerDecoderLayer, C, H, 4 * C)
    expected = theirs(x, memory, tgt_mask=~attention.causal_mask(T), memory_key_padding_mask=present == 0)
    assert close(ours(x, memory, memory_mask=attention.padding_mask(present)), expected)


def test_each_attention_of_the_decoder_has_its_own_weights():
    layer = attention.DecoderLayer(256, 8)
    assert sum(parameter.numel() for parameter in layer.parameters()) == 1_053_440
    shared = sum(parameter.numel() for parameter in layer.cross_attention.parameters())
    assert 1_053_440 - shared == 790_272  # ce que compte la couche du document, qui n'en a qu'une


def test_layers_keep_the_shape_of_the_course():
    x = torch.randn(10, 32, 256)
    assert attention.EncoderLayer(256, 8)(x).shape == attention.DecoderLayer(256, 8)(x, x).shape == (10, 32, 256)


@pytest.mark.parametrize("norm_first", [True, False])
def test_blocks_are_causal(norm_first):
    block = attention.Block(C, H, norm_first=norm_first).eval()
    x, mask = torch.randn(B, T, C), attention.causal_mask(T)
    before = block(x, mask)
    for rank in range(T):
        changed = x.clone()
        changed[:, rank] = torch.randn(B, C)  # ajouter une constante ne se verrait pas : la norme l'ôte
        moved = (block(changed, mask) - before).abs().amax((0, 2)) > 1e-6
        assert not moved[:rank].any() and moved[rank:].all()


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_does_not_change_the_real_tokens(side):
    block, x, pads = attention.Block(C, H).eval(), torch.randn(B, T, C), torch.randn(B, 3, C)
    present = torch.ones(B, T), torch.zeros(B, 3)
    if side == "left":
        longer, attention_mask, kept = torch.cat([pads, x], 1), torch.cat(present[::-1], 1), slice(3, None)
    else:
        longer, attention_mask, kept = torch.cat([x, pads], 1), torch.cat(present, 1), slice(None, T)
    mask = attention.combine_masks(attention.causal_mask(T + 3), attention.padding_mask(attention_mask))
    twice = block(block(longer, mask), mask)
    alone = block(block(x, attention.causal_mask(T)), attention.causal_mask(T))
    assert close(twice[:, kept], alone) and twice.isfinite().all()


@pytest.mark.parametrize("build", [attention.Block, attention.EncoderLayer])
def test_texts_of_a_batch_do_not_see_each_other(build):
    block, x = build(C, H).eval(), torch.randn(5, T, C)
    order = torch.randperm(5)
    assert close(block(x[order]), block(x)[order])
    assert close(block(x[:1]), block(x)[:1])


def test_dropout_strikes_in_training_only_and_never_after_the_norm():
    for norm_first in (True, False):
        block, x = attention.Block(C, H, dropout=0.1, norm_first=norm_first), torch.randn(8, T, C)
        assert not torch.equal(block(x), block(x)) and (block(x) == 0).sum() == 0
        assert torch.equal(block.eval()(x), block(x))


def test_a_block_takes_the_weights_of_a_gpt2_block():
    model, length = small_model(), 9
    layer, width = model.transformer.h[0], model.config.n_embd
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.3)
    block = attention.Block(width, model.config.n_head).eval()
    block.load_gpt2(layer.state_dict())
    x = torch.randn(B, length, width)
    hidden = torch.zeros(length, length).masked_fill(~attention.causal_mask(length), torch.finfo(torch.float32).min)
    expected = layer(x, attention_mask=hidden[None, None])
    expected = expected[0] if isinstance(expected, tuple) else expected
    assert close(block(x, attention.causal_mask(length)), expected, 1e-4)


# --- À la main, ou vite ---------------------------------------------------------------------------------


FUSED = ("gelu_tanh", "layer_norm", "scaled_dot_product")


def test_a_mask_written_over_is_looked_at_again():
    torch.manual_seed(0)
    block, x, mask = attention.Block(C, n_heads=2).eval(), torch.randn(1, T, C), attention.causal_mask(T)
    causal = block(x, mask)
    mask[:] = True
    assert close(block(x, mask), block(x, None), 1e-6) and not close(block(x, mask), causal, 1e-3)


@pytest.mark.parametrize("masked", ["", "causal", "padding"])
def test_by_hand_and_fused_give_the_same_outputs_and_gradients(masked, monkeypatch):
    block, x = attention.Block(C, H), torch.randn(B, T, C)
    masks = {"": None, "causal": attention.causal_mask(T), "padding": random_mask(B, 1, T, T)}

    def run():
        block.zero_grad()
        output = block(x, masks[masked])
        output.square().sum().backward()
        return output, [parameter.grad.clone() for parameter in block.parameters()]

    fused = run()
    for name in FUSED:
        reference = getattr(attention, name)
        monkeypatch.setattr(attention, name, lambda *given, reference=reference: reference(*given))
    by_hand = run()
    assert close(fused[0], by_hand[0])
    assert all(close(one, other, 1e-3) for one, other in zip(fused[1], by_hand[1], strict=True))


@pytest.mark.parametrize("name", FUSED)
def test_a_function_put_in_place_of_ours_is_the_one_that_runs(name, monkeypatch):
    calls, reference = [], getattr(attention, name)

    def theirs(*given):
        calls.append(name)
        return reference(*given)

    monkeypatch.setattr(attention, name, theirs)
    attention.DecoderLayer(C, H)(torch.randn(B, T, C), torch.randn(B, T, C))
    assert len(calls) == {"scaled_dot_product": 2, "layer_norm": 3, "gelu_tanh": 1}[name]


def test_by_hand_attention_drops_weights_in_training(monkeypatch):
    reference = attention.scaled_dot_product
    monkeypatch.setattr(attention, "scaled_dot_product", lambda *given: reference(*given))
    layer, x = attention.MultiHeadAttention(C, H, dropout=0.5), torch.randn(B, T, C)
    assert not torch.equal(layer(x), layer(x)) and torch.equal(layer.eval()(x), layer(x))


# --- Ouvrir un vrai modèle ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    """Le modèle minuscule, ses poids agrandis pour que chaque tête regarde quelque part."""
    model = small_model()
    with torch.no_grad():
        for parameter in model.transformer.h.parameters():
            nn.init.normal_(parameter, std=0.2)
    return model


def test_head_weights_are_those_of_transformers(model):
    ids = torch.randint(300, (1, 11))
    model.set_attn_implementation("eager")
    expected = torch.cat(model(ids, output_attentions=True).attentions)
    assert close(attention.head_weights(model, ids), expected)


def test_blocks_give_the_hidden_states_of_transformers(model):
    ids = torch.randint(300, (2, 11))
    x, expected = attention.embed(model, ids), model(ids, output_hidden_states=True).hidden_states
    assert close(x, expected[0])
    assert close(attention.gpt2_blocks(model)[0](x, attention.causal_mask(11)), expected[1], 1e-4)


def test_the_effect_of_a_head_is_the_loss_without_it(model):
    ids, start, head = torch.randint(300, (1, 11)), 4, 1
    before = {name: parameter.clone() for name, parameter in model.named_parameters()}
    effects = attention.head_effects(model, ids, start)
    assert effects.shape == (model.config.n_layer, model.config.n_head)
    assert all(torch.equal(parameter, before[name]) for name, parameter in model.named_parameters())

    def loss():
        logits = model(ids).logits[0, start:-1]
        return functional.cross_entropy(logits, ids[0, start + 1 :]).item()

    size, weight = model.config.n_embd // model.config.n_head, model.transformer.h[1].attn.c_proj.weight
    whole, kept = loss(), weight.detach().clone()
    with torch.no_grad():
        weight[head * size : (head + 1) * size] = 0  # chez GPT-2, les entrées sont les lignes
        assert effects[1, head].item() == pytest.approx(loss() - whole, abs=1e-4)
        weight.copy_(kept)


@torch.no_grad()
def test_what_the_lesson_says_of_the_heads_of_aurore_base():
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    sentence = "La petite Fadette dansait avec Landry. Le soir, la petite Fadette"
    ids = tokenizer(sentence, return_tensors="pt")["input_ids"]
    effects = attention.head_effects(model, ids, start=13)
    assert [effects[block, head].item() for block, head in ((5, 2), (3, 1))] == pytest.approx([2.14, 0.36], abs=0.02)
    assert effects.max() == effects[5, 2] and abs(effects[4, 4].item()) < 0.06
    weights = attention.head_weights(model, ids)
    assert weights[4, 4].amax(-1).mean() > 0.9  # un regard net, qui ne change rien

    def induction():
        return attention.head_weights(model, ids)[5, 2, [14, 15, 16], [2, 3, 4]].mean().item()

    assert induction() == pytest.approx(0.85, abs=0.01)
    size = model.config.n_embd // model.config.n_head
    model.transformer.h[3].attn.c_proj.weight[size : 2 * size] = 0
    assert induction() == pytest.approx(0.72, abs=0.01)


# --- Mesurer --------------------------------------------------------------------------------------------


def test_entropy_goes_from_certainty_to_equality():
    assert attention.entropy(torch.eye(4)) == 0
    assert attention.entropy(torch.full((3, 10), 0.1)) == pytest.approx(math.log(10))
    p = torch.randn(2, 5, 7).softmax(-1)
    assert attention.entropy(p) == pytest.approx(torch.distributions.Categorical(p).entropy().mean().item(), abs=1e-5)


def test_weights_weigh_four_times_more_when_the_text_is_twice_as_long():
    sizes = [attention.attention_cost(length)[1] for length in (16, 32)]
    assert sizes == [5 * 16 * 16 * 4, 5 * 32 * 32 * 4]
    seconds, nothing = attention.attention_cost(16, fused=True)
    assert seconds > 0 and nothing == 0


def test_a_short_stack_learns_to_copy_and_nothing_moves_the_draw():
    first = attention.copying_loss(True, n_layers=1, steps=1)
    assert first > 2.5 and attention.copying_loss(True, n_layers=1, steps=1) == first
    assert attention.copying_loss(True, n_layers=1, steps=60, learning_rate=1e-2) < first / 4


# --- Les chasses : ce que mesure chaque version fausse ----------------------------------------------------


def test_heads_of_256_numbers_do_not_fit():
    heads = nn.Linear(32, 256)(torch.randn(32, 10, 8, 32))
    assert heads.numel() == 655_360 and 32 * 10 * 256 == 81_920
    with pytest.raises(RuntimeError, match="655360"):
        heads.reshape(32, 10, 256)


@pytest.mark.parametrize(
    ("scale", "spread", "entropy", "largest"), [(256, 0.35, 2.25, 0.165), (32, 1.0, 1.92, 0.32), (1, 5.66, 0.5, 0.81)]
)
def test_the_wrong_root_flattens_the_weights(scale, spread, entropy, largest):
    query, key = torch.randn(2, 500, 8, 10, 32)
    scores = query @ key.mT / scale**0.5
    weights = scores.softmax(-1)
    assert scores.std().item() == pytest.approx(spread, rel=0.03)
    assert attention.entropy(weights) == pytest.approx(entropy, rel=0.03)
    assert weights.amax(-1).mean().item() == pytest.approx(largest, rel=0.03)


def test_two_polarities_hide_the_wrong_things_in_both_readings():
    present = attention.padding_mask(torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]]))
    future = ~attention.causal_mask(5)
    mixed = future | present
    assert (mixed & future).sum((1, 2, 3)).tolist() == [10, 10]
    assert (mixed & ~present).sum((1, 2, 3)).tolist() == [7, 4]
    assert mixed.all(-1).sum((1, 2)).tolist() == [3, 4]  # lu « vrai = caché » : des tokens aveugles
    scores = torch.zeros(2, 1, 5, 5).masked_fill(mixed, -math.inf)
    assert scores.softmax(-1).isnan().any(-1).sum((1, 2)).tolist() == [3, 4]


@pytest.mark.parametrize("batch_first", [False, True])
def test_without_batch_first_attention_runs_across_the_batch(batch_first):
    layer, x = nn.TransformerEncoderLayer(256, 8, batch_first=batch_first).eval(), torch.randn(32, 10, 256)
    other_text, other_end = x.clone(), x.clone()
    other_text[0], other_end[:, -1] = torch.randn(10, 256), torch.randn(32, 256)
    others = (layer(other_text) - layer(x))[1:].abs().max().item()
    starts = (layer(other_end) - layer(x))[:, :9].abs().max().item()
    assert (others < 1e-5, starts > 0.1) == (batch_first, batch_first)
    assert batch_first or (others > 0.05 and starts < 1e-5)


@pytest.mark.parametrize(("length", "error", "low", "high"), [(10, 0.28, 128.0, 128.47), (100, 2.0, 123.98, 132.32)])
def test_the_cosine_exponent_of_the_course_shows_in_the_norms(length, error, low, high):
    column = torch.arange(256)
    angles = torch.arange(length)[:, None] * 10000.0 ** (-column / 256)
    table = torch.where(column % 2 == 0, angles.sin(), angles.cos())
    norms = table.square().sum(1)
    assert (table - attention.sinusoidal_positions(length, 256)).abs().max().item() == pytest.approx(error, abs=5e-3)
    assert (norms.min().item(), norms.max().item()) == pytest.approx((low, high), abs=1e-2)
    if length == 100:
        assert (table[5] @ table[10]).item() == pytest.approx(95.28, abs=5e-3)
        assert (table[50] @ table[55]).item() == pytest.approx(98.92, abs=5e-3)


def test_dropout_after_the_norm_wipes_a_tenth_of_the_output():
    x = torch.randn(10, 32, 256)
    assert (functional.dropout(nn.LayerNorm(256)(x), 0.1) == 0).float().mean().item() == pytest.approx(0.1, abs=0.01)
    assert (attention.Block(256, 8, dropout=0.1, norm_first=False)(x) == 0).sum() == 0


def test_layer_norm_ignores_the_neighbours_that_batch_norm_mixes():
    batch_norm, layer_norm, x = nn.BatchNorm1d(8), attention.LayerNorm(8), torch.randn(4, 6, 8)
    changed = x.clone()
    changed[0] = torch.randn(6, 8)
    assert torch.equal(layer_norm(changed)[1:], layer_norm(x)[1:])
    assert (batch_norm(changed.mT) - batch_norm(x.mT))[1:].abs().max() > 0.1
