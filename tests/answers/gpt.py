"""Leçon 05 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import itertools
import math

import torch
from answers import Answer
from torch import nn
from torch.nn import functional

from aurore import gpt


def _named(name, function):
    function.__name__ = name
    return function


# --- Les plongements ------------------------------------------------------------------------------------


def _embedding(name, mix):
    return _named(name, lambda ids, ranks, tokens, positions: mix(ids, ranks, tokens, positions))


def _embed_select(ids, ranks, tokens, positions):
    chosen = tokens.index_select(0, ids.flatten()).view(*ids.shape, -1)
    return chosen.add(positions.index_select(0, ranks.flatten()).view(*ranks.shape, -1))


def _embed_one_hot(ids, ranks, tokens, positions):
    hot = functional.one_hot(ids, len(tokens)).to(tokens.dtype)
    return hot @ tokens + functional.one_hot(ranks, len(positions)).to(positions.dtype) @ positions


def _embed_loop(ids, ranks, tokens, positions):
    ranks = ranks.expand_as(ids)
    rows = [[tokens[i] + positions[r] for i, r in zip(*pair, strict=True)] for pair in zip(ids, ranks, strict=True)]
    return torch.stack([torch.stack(row) for row in rows])


def _embed_in_place(ids, ranks, tokens, positions):
    tokens += 1
    return tokens[ids] + positions[ranks] - 1


# --- Lire -----------------------------------------------------------------------------------------------


def _start(model, ids, ranks):
    return gpt.embed(ids, ranks, model.tokens.weight, model.positions.weight)


def _reading(name, blocks=lambda model: model.blocks, step=lambda x, block, mask: block(x, mask), end=None):
    """Une lecture juste, dont ne change qu'une pièce : les blocs choisis, ce qu'on en fait, ou la fin."""

    def read(model, ids, ranks, mask):
        x = _start(model, ids, ranks)
        for block in blocks(model):
            x = step(x, block, mask)
        return end(model, x) if end else model.ln_f(x)

    return _named(name, read)


def _read_returns_early(model, ids, ranks, mask):
    x = _start(model, ids, ranks)
    for block in model.blocks:
        x = block(x, mask)
        return model.ln_f(x)


def _read_last_only(model, ids, ranks, mask):
    x = _start(model, ids, ranks)
    for block in model.blocks:
        y = block(x, mask)
    return model.ln_f(y)


def _read_norm_first(model, ids, ranks, mask):
    x = model.ln_f(_start(model, ids, ranks))
    for block in model.blocks:
        x = block(x, mask)
    return x


def _read_no_ranks(model, ids, ranks, mask):
    x = model.tokens.weight[ids]
    for block in model.blocks:
        x = block(x, mask)
    return model.ln_f(x)


def _read_three(model, ids, ranks, mask):
    one, two, three = [model.blocks[i] for i in range(3)]
    return model.ln_f(three(two(one(_start(model, ids, ranks), mask), mask), mask))


def _read_remade_mask(model, ids, ranks, mask):
    return _reading("", step=lambda x, block, _: block(x, torch.ones(2, 2, dtype=torch.bool).tril()))(
        model, ids, ranks, mask
    )


def _read_no_return(model, ids, ranks, mask):
    _reading("")(model, ids, ranks, mask)


def _read_reduce(model, ids, ranks, mask):
    stages = itertools.accumulate(model.blocks, lambda x, block: block(x, mask), initial=_start(model, ids, ranks))
    return model.ln_f(list(stages)[-1])


def _read_by_rank(model, ids, ranks, mask=None):
    x = model.tokens.weight[ids] + model.positions.weight[ranks]
    for rank in range(len(model.blocks)):
        x = model.blocks[rank](x, mask=mask)
    return model.ln_f(x)


def _read_recursive(model, ids, ranks, mask):
    def through(blocks, x):
        return through(blocks[1:], blocks[0](x, mask)) if len(blocks) else x

    return model.ln_f(through(list(model.blocks), _start(model, ids, ranks)))


# --- La tête --------------------------------------------------------------------------------------------


def _heading(name, score):
    return _named(name, lambda states, tokens: score(states, tokens))


# --- La perte -------------------------------------------------------------------------------------------


def _loss_unshifted(logits, labels):
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())


def _losing(name, logits_cut, labels_cut, after=lambda loss: loss, **options):
    """Une perte juste, dont ne changent que les coupes, ou ce qu'on en fait."""

    def loss(logits, labels):
        return after(
            functional.cross_entropy(logits_cut(logits).flatten(0, 1), labels_cut(labels).flatten(), **options)
        )

    return _named(name, loss)


def _but_last(logits):
    return logits[:, :-1]


def _but_first(labels):
    return labels[:, 1:]


def _loss_ignores_nothing(logits, labels):
    wanted = labels[:, 1:].clamp(min=0)
    return -logits[:, :-1].log_softmax(-1).gather(-1, wanted[..., None]).mean()


def _loss_divides_by_all(logits, labels):
    total = functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), reduction="sum")
    return total / labels[:, 1:].numel()


def _loss_transposed(logits, labels):
    return functional.cross_entropy(logits[:, :-1].mT, labels[:, 1:])


def _loss_padded(logits, labels):
    shifted = functional.pad(labels, (0, 1), value=-100)[:, 1:]
    return functional.cross_entropy(logits.flatten(0, 1), shifted.flatten())


def _loss_by_hand(logits, labels):
    logits, wanted = logits[:, :-1], labels[:, 1:]
    kept = wanted != -100
    chances = torch.log_softmax(logits, -1).gather(-1, wanted.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return -(chances * kept).sum() / kept.sum()


# --- Un pas d'apprentissage -----------------------------------------------------------------------------


def _stepping(
    name, clear=True, backward=True, clip=1.0, step=1, ascend=False, give=lambda loss, model, ids: loss.item()
):
    """Un pas juste, dont ne change qu'un geste."""

    def training_step(model, optimizer, ids):
        if clear:
            optimizer.zero_grad()
        loss = model.loss(ids)
        if backward:
            (-loss if ascend else loss).backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        for _ in range(step):
            optimizer.step()
        return give(loss, model, ids)

    return _named(name, training_step)


def _step_twice(model, optimizer, ids):
    _stepping("")(model, optimizer, ids)
    return _stepping("")(model, optimizer, ids)


def _step_by_value(model, optimizer, ids):
    optimizer.zero_grad()
    loss = model.loss(ids)
    loss.backward()
    nn.utils.clip_grad_value_(model.parameters(), 0.25)
    optimizer.step()
    return loss.item()


def _step_clear_late(model, optimizer, ids):
    loss = model.loss(ids)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def _step_clip_late(model, optimizer, ids):
    optimizer.zero_grad()
    loss = model.loss(ids)
    loss.backward()
    optimizer.step()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    return loss.item()


def _step_autograd(model, optimizer, ids):
    loss = model.loss(ids)
    weights = list(model.parameters())
    for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = gradient
    torch.nn.utils.clip_grad_norm_(weights, max_norm=1)
    optimizer.step()
    return float(loss)


def _step_clears_after(model, optimizer, ids):
    model.zero_grad()
    loss = model.loss(ids)
    loss.backward()
    norm = torch.sqrt(sum(weight.grad.square().sum() for weight in model.parameters()))
    for weight in model.parameters():
        weight.grad /= max(1.0, norm.item())
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach().cpu().item()


# --- Le cache -------------------------------------------------------------------------------------------


def _caching(name, past=True, extend=True, advance="once", norm=True, ranks_only=False, shortcut=True, layers=True):
    """Une lecture qui continue, dont ne change qu'une pièce."""

    def read_on(model, ids, memory):
        ranks, mask = model.placed(ids, past=memory.length if past else 0)
        x = gpt.embed(ids, ranks, model.tokens.weight, model.positions.weight)
        for layer, block in enumerate(model.blocks):
            query, key, value = block.attention.project(block.ln_1(x))
            if extend:
                key, value = memory.extend(layer if layers else 0, key, value)
            elif ranks_only:
                mask = None if ids.shape[1] == 1 else torch.ones(ids.shape[1], ids.shape[1]).tril().bool()
            mixed = block.attention.mix(query, key, value, mask)
            x = x + mixed if shortcut else mixed
            x = x + block.feed_forward(block.ln_2(x))
            if advance == "blocks":
                memory.length += ids.shape[1]
        if advance == "once":
            memory.length += ids.shape[1]
        if advance == "replaced":
            memory.length = ids.shape[1]
        return model.ln_f(x) if norm else x

    return _named(name, read_on)


def _on_without_memory(model, ids, memory):
    ranks, mask = model.placed(ids)
    memory.length += ids.shape[1]
    return gpt.read(model, ids, ranks, mask)


def _on_no_return(model, ids, memory):
    _caching("")(model, ids, memory)


def _on_advances_first(model, ids, memory):
    memory.length += ids.shape[1]
    return _caching("", advance="")(model, ids, memory)


def _on_last_only(model, ids, memory):
    return _caching("")(model, ids, memory)[:, -1:]


def _on_without_mask(model, ids, memory):
    past = memory.length
    x = gpt.embed(ids, torch.arange(past, past + ids.shape[1]), model.tokens.weight, model.positions.weight)
    for layer, block in enumerate(model.blocks):
        query, key, value = block.attention.project(block.ln_1(x))
        x = x + block.attention.mix(query, *memory.extend(layer, key, value))
        x = x + block.feed_forward(block.ln_2(x))
    memory.length += ids.shape[1]
    return model.ln_f(x)


def _on_one_by_one(model, ids, memory):
    return torch.cat([_on_without_mask(model, token, memory) for token in ids.split(1, dim=1)], dim=1)


def _on_short(model, ids, memory, attention_mask=None):
    ranks, mask = model.placed(ids, attention_mask, past=memory.length)
    x = model.tokens.weight[ids] + model.positions.weight[ranks]
    for layer, block in enumerate(model.blocks):
        q, k, v = block.attention.project(block.ln_1(x))
        x += block.attention.mix(q, *memory.extend(layer, k, v), mask=mask)
        x += block.feed_forward(block.ln_2(x))
    memory.length = memory.length + ids.size(1)
    return model.ln_f(x)


# --- La moyenne -----------------------------------------------------------------------------------------


def _average_of_averages(losses, counts):
    return sum(losses) / len(losses)


def _averaging(name, mean):
    return _named(name, lambda losses, counts: mean(losses, counts))


def _dot(losses, counts):
    return sum(loss * count for loss, count in zip(losses, counts, strict=True))


_EMBED, _EMBED_RANKS, _EMBED_LOT = (
    "ajoute la ligne du token et celle du rang",
    "suit les rangs qu'on lui donne",
    "marche sur un lot, chaque texte avec ses rangs",
)
_READ, _READ_DEEP, _READ_FREE = (
    "enchaîne les blocs dans l'ordre, puis norme",
    "lit un modèle de n'importe quelle profondeur",
    "accepte qu'il n'y ait rien à cacher",
)
_HEAD, _HEAD_ONE = "note chaque token du vocabulaire", "note aussi un seul vecteur par texte"
_LOSS, _LOSS_COPY, _LOSS_MEAN, _LOSS_HOLES = (
    "ne punit pas qui devine le suivant",
    "punit qui recopie ce qu'il vient de lire",
    "donne la moyenne du lot, et de quoi apprendre",
    "ne compte pas les étiquettes -100",
)
_STEP, _STEP_LOSS, _STEP_CLEAR, _STEP_CLIP = (
    "fait un pas contre le gradient",
    "rend la perte d'avant le pas, un nombre",
    "oublie les gradients du pas d'avant",
    "écrête un gradient trop grand",
)
_ON, _ON_AGAIN, _ON_LENGTH, _ON_ONE = (
    "lit d'un trait comme read",
    "reprend où l'on s'était arrêté",
    "avance la mémoire une fois par appel",
    "lit un token à la fois",
)
_MEAN, _MEAN_SEVEN = "pèse chaque lot par ses tokens", "traite sept lots, dont un dernier plus petit"

def _on_advances_by_one(model, ids, memory):
    length = memory.length
    states = _caching("_on_right")(model, ids, memory)
    memory.length = length + 1
    return states


def _read_own_ranks(model, ids, ranks, mask=None):
    return _reading("_read_right")(model, ids, torch.arange(ids.shape[1]), mask)


def _read_norm_both_ends(model, ids, ranks, mask=None):
    x = model.ln_f(model.tokens(ids) + model.positions(ranks))
    for block in model.blocks:
        x = block(x, mask)
    return model.ln_f(x)


def _step_normalises(model, optimizer, ids):
    optimizer.zero_grad()
    loss = model.loss(ids)
    loss.backward()
    for weight in model.parameters():
        weight.grad /= weight.grad.norm()
    optimizer.step()
    return loss.item()


WRONG = {
    "gpt.embed": (
        Answer(_embedding("_embed_tokens", lambda i, r, t, p: t[i]), _EMBED, "il y manque celles des rangs"),
        Answer(_embedding("_embed_ranks", lambda i, r, t, p: p[r]), _EMBED, "il y manque celles des tokens"),
        Answer(_embedding("_embed_product", lambda i, r, t, p: t[i] * p[r]), _EMBED, "multipliées"),
        Answer(_embedding("_embed_first", lambda i, r, t, p: t[i[0]] + p[r]), _EMBED, "L'axe du lot"),
        Answer(_embedding("_embed_joined", lambda i, r, t, p: torch.cat([t[i], p[r].expand_as(t[i])], -1)), _EMBED, "bout à bout"),
        Answer(_embedding("_embed_mean", lambda i, r, t, p: (t[i] + p[r]) / 2), _EMBED, "moyenne"),
        Answer(_embedding("_embed_off_by_one", lambda i, r, t, p: t[i] + p[r + 1]), _EMBED, "décalés d'un"),
        Answer(_embedding("_embed_scaled", lambda i, r, t, p: t[i] * t.shape[1] ** 0.5 + p[r]), _EMBED, "√C"),
        Answer(_embedding("_embed_list", lambda i, r, t, p: (t[i] + p[r]).tolist()), _EMBED, "tenseur de PyTorch"),
        Answer(_embedding("_embed_nothing", lambda i, r, t, p: None), _EMBED, "None"),
        Answer(_embedding("_embed_swapped", lambda i, r, t, p: t[r] + p[i]), _EMBED, ""),
        Answer(_embed_in_place, _EMBED, "modifie ce qu'on lui donne"),
        Answer(_embedding("_embed_own_ranks", lambda i, r, t, p: t[i] + p[torch.arange(i.shape[1])]), _EMBED_RANKS, "employez ranks"),
        Answer(_embedding("_embed_one_row", lambda i, r, t, p: t[i] + p[r[:1] if r.dim() == 2 else r]), _EMBED_LOT, "premier texte"),
    ),
    "gpt.read": (
        Answer(_reading("_read_no_norm", end=lambda model, x: x), _READ, "dernière norme"),
        Answer(_reading("_read_no_mask", step=lambda x, block, mask: block(x)), _READ, "Le masque n'est pas passé"),
        Answer(_reading("_read_reversed", blocks=lambda model: model.blocks[::-1]), _READ, "du dernier au premier"),
        Answer(_read_returns_early, _READ, "Seul le premier bloc"),
        Answer(_read_last_only, _READ, "Seul le dernier bloc"),
        Answer(_reading("_read_no_block", blocks=lambda model: []), _READ, "Aucun bloc"),
        Answer(_reading("_read_misses_last", blocks=lambda model: model.blocks[:-1]), _READ, "Il manque le dernier bloc"),
        Answer(_reading("_read_misses_first", blocks=lambda model: model.blocks[1:]), _READ, "Il manque le premier bloc"),
        Answer(_reading("_read_two_shortcuts", step=lambda x, block, mask: x + block(x, mask)), _READ, "déjà dans le bloc"),
        Answer(_reading("_read_norm_each", step=lambda x, block, mask: block(x, mask) / 100), _READ, "après chaque bloc et une fois de plus"),
        Answer(_read_norm_first, _READ, "La norme vient avant"),
        Answer(_read_no_ranks, _READ, "Les rangs n'y sont pas"),
        Answer(_read_no_return, _READ, "None"),
        Answer(_read_three, _READ_DEEP, "Seuls trois blocs"),
        Answer(_read_own_ranks, "suit les rangs qu'on lui donne", "employez ranks"),
        Answer(_read_norm_both_ends, _READ, "une fois de plus à la fin"),
        Answer(_reading("_read_reversed_mask", step=lambda x, block, mask: block(x, None if mask is None else ~mask)), _READ, "à l'envers"),
        Answer(_reading("_read_last_place", end=lambda model, x: model.ln_f(x)[:, -1]), _READ, "dernière place"),
        Answer(_reading("_read_logits", end=lambda model, x: model.ln_f(x) @ model.tokens.weight.T), _READ, "logits"),
        Answer(_read_remade_mask, _READ_FREE, "masque causal a été refait"),
    ),
    "gpt.head": (
        Answer(_heading("_head_softmax", lambda s, t: (s @ t.T).softmax(-1)), _HEAD, "probabilités"),
        Answer(_heading("_head_log", lambda s, t: (s @ t.T).log_softmax(-1)), _HEAD, "logarithmes"),
        Answer(_heading("_head_transposed", lambda s, t: t @ s.mT), _HEAD, "échangés"),
        Answer(_heading("_head_best", lambda s, t: (s @ t.T).argmax(-1)), _HEAD, "le mieux noté"),
        Answer(_heading("_head_last", lambda s, t: (s @ t.T)[:, -1]), _HEAD, "la dernière place"),
        Answer(_heading("_head_first_text", lambda s, t: s[0] @ t.T), _HEAD, "L'axe du lot"),
        Answer(_heading("_head_scaled", lambda s, t: s @ t.T / s.shape[-1] ** 0.5), _HEAD, "√C"),
        Answer(_heading("_head_angle", lambda s, t: functional.normalize(s, dim=-1) @ functional.normalize(t, dim=-1).T), _HEAD, "l'angle"),
        Answer(_heading("_head_no_transpose", lambda s, t: s @ t), _HEAD, ""),
        Answer(_heading("_head_distance", lambda s, t: -torch.cdist(s, t)), _HEAD, ""),
        Answer(_heading("_head_nothing", lambda s, t: None), _HEAD, "None"),
        Answer(_heading("_head_numbers", lambda s, t: (s @ t.T).tolist()), _HEAD, "tenseur de PyTorch"),
        Answer(_heading("_head_three_axes", lambda s, t: torch.einsum("btc,vc->btv", s, t)), _HEAD_ONE, ""),
    ),
    "gpt.next_token_loss": (
        Answer(_loss_unshifted, _LOSS, "le modèle vient de lire"),
        Answer(_losing("_loss_twice", lambda x: x[:, :-2], lambda y: y[:, 2:]), _LOSS, "décalage est fait deux fois"),
        Answer(_losing("_loss_backwards", lambda x: x[:, 1:], lambda y: y[:, :-1]), _LOSS, "à l'envers"),
        Answer(_losing("_loss_rolled", lambda x: x, lambda y: y.roll(-1, 1)), _LOSS, "premier token"),
        Answer(_losing("_loss_sum", _but_last, _but_first, reduction="sum"), _LOSS, "la somme"),
        Answer(_losing("_loss_softmax_twice", lambda x: x[:, :-1].softmax(-1), _but_first), _LOSS, "deux fois"),
        Answer(_losing("_loss_bits", _but_last, _but_first, lambda loss: loss / math.log(2)), _LOSS, "en bits"),
        Answer(_losing("_loss_negative", _but_last, _but_first, lambda loss: -loss), _LOSS, "signe"),
        Answer(_losing("_loss_perplexity", _but_last, _but_first, torch.exp), _LOSS, "perplexité"),
        Answer(_losing("_loss_number", _but_last, _but_first, lambda loss: loss.item()), _LOSS_MEAN, "sans .item()"),
        Answer(_losing("_loss_detached", _but_last, _but_first, lambda loss: loss.detach()), _LOSS_MEAN, "gradient"),
        Answer(_losing("_loss_first_text", lambda x: x[:1, :-1], lambda y: y[:1, 1:]), _LOSS_MEAN, "premier texte"),
        Answer(_loss_ignores_nothing, _LOSS_HOLES, ""),
        Answer(_loss_divides_by_all, _LOSS_HOLES, ""),
    ),
    "gpt.training_step": (
        Answer(_stepping("_step_no_backward", backward=False), _STEP, "n'a pas bougé"),
        Answer(_stepping("_step_no_step", step=0), _STEP, "n'a pas bougé"),
        Answer(_stepping("_step_ascends", ascend=True), _STEP, "éloigné"),
        Answer(_step_twice, _STEP, "Deux pas"),
        Answer(_step_clear_late, _STEP, "n'a pas bougé"),
        Answer(_step_by_value, _STEP, ""),
        Answer(_stepping("_step_double", step=2), _STEP, "deux fois trop"),
        Answer(_step_normalises, _STEP, "ne fait que réduire"),
        Answer(_stepping("_step_tensor", give=lambda loss, model, ids: loss), _STEP_LOSS, "loss.item()"),
        Answer(_stepping("_step_after", give=lambda loss, model, ids: model.loss(ids).item()), _STEP_LOSS, "d'après le pas"),
        Answer(_stepping("_step_no_return", give=lambda loss, model, ids: None), _STEP_LOSS, "None"),
        Answer(_stepping("_step_keeps_gradients", clear=False), _STEP_CLEAR, "zero_grad"),
        Answer(_stepping("_step_no_clip", clip=0), _STEP_CLIP, "clip_grad_norm_"),
        Answer(_stepping("_step_clip_half", clip=0.5), _STEP_CLIP, "norme de 0,5"),
        Answer(_stepping("_step_clip_ten", clip=10.0), _STEP_CLIP, "norme de 10"),
        Answer(_step_clip_late, _STEP_CLIP, "entre backward et step"),
    ),
    "gpt.read_on": (
        Answer(_caching("_on_no_norm", norm=False), _ON, "dernière norme"),
        Answer(_caching("_on_no_shortcut", shortcut=False), _ON, ""),
        Answer(_on_no_return, _ON, "None"),
        Answer(_on_without_mask, _ON, "ceux d'après"),
        Answer(_on_last_only, _ON, ""),
        Answer(_on_advances_first, _ON, ""),
        Answer(_on_without_memory, _ON_AGAIN, "comme si rien ne les précédait"),
        Answer(_caching("_on_never_advances", advance=""), _ON_LENGTH, "n'a pas avancé"),
        Answer(_on_advances_by_one, _ON_LENGTH, "que d'un par appel"),
        Answer(_caching("_on_ranks_only", extend=False, ranks_only=True), _ON_AGAIN, "ne sont pas regardés"),
        Answer(_caching("_on_advances_each_block", advance="blocks"), _ON, ""),
        Answer(_caching("_on_one_layer", layers=False), _ON_AGAIN, ""),
        Answer(_caching("_on_replaces", advance="replaced"), _ON_LENGTH, "sans ceux du premier"),
    ),
    "gpt.average": (
        Answer(_average_of_averages, _MEAN, "le petit lot pèse autant"),
        Answer(_averaging("_average_sum", _dot), _MEAN, "la somme des pertes"),
        Answer(_averaging("_average_by_lots", lambda losses, counts: _dot(losses, counts) / len(counts)), _MEAN, "nombre de lots"),
        Answer(_averaging("_average_upside_down", lambda losses, counts: _dot(losses, counts[::-1]) / sum(counts)), _MEAN, "à l'envers"),
        Answer(_averaging("_average_first", lambda losses, counts: losses[0]), _MEAN, "le premier lot"),
        Answer(_averaging("_average_last", lambda losses, counts: losses[-1]), _MEAN, "le dernier lot"),
        Answer(_averaging("_average_unweighted", lambda losses, counts: sum(losses) / sum(counts)), _MEAN, "telles quelles"),
        Answer(_averaging("_average_whole", lambda losses, counts: _dot(losses, counts) // sum(counts)), _MEAN_SEVEN, "partie entière"),
        Answer(_averaging("_average_geometric", lambda losses, counts: math.prod(losses) ** (1 / len(losses))), _MEAN, "géométrique"),
        Answer(_averaging("_average_nothing", lambda losses, counts: None), _MEAN, "None"),
        Answer(_averaging("_average_list", lambda losses, counts: [3.0]), _MEAN, ""),
        Answer(_averaging("_average_of_counts", lambda losses, counts: sum(counts) / len(counts)), _MEAN, ""),
        Answer(_averaging("_average_two_lots", lambda losses, counts: _dot(losses[:2], counts[:2]) / sum(counts[:2])), _MEAN_SEVEN, ""),
    ),
}  # fmt: skip

RIGHT = {
    "gpt.embed": (_embed_select, _embed_one_hot, _embed_loop),
    "gpt.read": (_read_reduce, _read_by_rank, _read_recursive),
    "gpt.head": (
        _heading("_head_matrix", lambda states, tokens: states @ tokens.T),
        _heading("_head_einsum", lambda states, tokens: torch.einsum("...c,vc->...v", states, tokens)),
        _heading("_head_sum", lambda states, tokens: (states.unsqueeze(-2) * tokens).sum(-1)),
    ),
    "gpt.next_token_loss": (_loss_transposed, _loss_padded, _loss_by_hand),
    "gpt.training_step": (_stepping("_step_plain"), _step_autograd, _step_clears_after),
    "gpt.read_on": (_caching("_on_plain"), _on_one_by_one, _on_short),
    "gpt.average": (
        _averaging("_average_weighted", lambda losses, counts: _dot(losses, counts) / sum(counts)),
        _averaging("_average_shares", lambda losses, counts: _dot(losses, [count / sum(counts) for count in counts])),
        _averaging("_average_tensor", lambda losses, counts: (torch.tensor(losses, dtype=torch.float64) @ torch.tensor(counts, dtype=torch.float64)).item() / sum(counts)),
    ),
}  # fmt: skip


def use():
    """Un petit GPT apprend trois pas, juge une suite et la prolonge, avec et sans cache."""
    model = gpt.GPT(gpt.Dimensions(vocab_size=11, n_positions=16, n_embd=8, n_layer=2, n_head=2))
    tokens = torch.arange(60) % 11
    curve = gpt.train(model, gpt.batches(tokens, 8, 4), 1e-2, steps=3)
    logits = model(tokens[None, :8]).detach()
    return {
        "losses": [point.loss for point in curve],
        "logits": logits,
        "judged": gpt.held_out_loss(model, tokens, 8),
        "loss": gpt.next_token_loss(logits, tokens[None, :8]).item(),
        "written": [gpt.complete(model, tokens[None, :3], 5, cache=cache).tolist() for cache in (True, False)],
    }
