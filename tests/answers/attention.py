"""Leçon 04 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import math

import numpy as np
import torch
from answers import Answer
from aurore import attention
from torch import nn
from torch.nn import functional

# --- Regarder -------------------------------------------------------------------------------------------


def _looking(name, scale=lambda q, k: math.sqrt(q.shape[-1]), hide=None, dim=-1, give=lambda w, v: (w @ v, w)):
    """Une attention juste, dont ne change qu'une pièce : l'échelle, la façon de cacher, l'axe, ou ce qui est rendu."""

    def look(query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / scale(query, key)
        if mask is not None:
            scores = hide(scores, mask) if hide else scores.masked_fill(~mask, -math.inf)
        return give(torch.softmax(scores, dim=dim), value)

    look.__name__ = name
    return look


def _look_masks_after(query, key, value, mask=None):
    weights = torch.softmax(query @ key.mT / query.shape[-1] ** 0.5, -1)
    weights = weights if mask is None else weights * mask
    return weights @ value, weights


def _look_2d_only(query, key, value, mask=None):
    scores = torch.matmul(query, key.T) / query.shape[-1] ** 0.5
    weights = torch.softmax(scores if mask is None else scores.masked_fill(~mask, -math.inf), -1)
    return weights @ value, weights


def _look_no_transpose(query, key, value, mask=None):
    weights = torch.softmax(query @ key / query.shape[-1] ** 0.5, -1)
    return weights @ value, weights


def _look_scores_only(query, key, value, mask=None):
    scores = query @ key.mT / query.shape[-1] ** 0.5
    return scores @ value, scores


def _look_wrong_values(query, key, value, mask=None):
    _, weights = _look_right(query, key, value, mask)
    return weights.mT @ value if weights.shape[-1] == weights.shape[-2] else weights @ value, weights


def _look_no_return(query, key, value, mask=None):
    _look_right(query, key, value, mask)


def _look_first_of_batch(query, key, value, mask=None):
    output, weights = _look_right(query, key, value, mask)
    return (output[:1].expand_as(output), weights) if query.dim() > 2 else (output, weights)


def _look_detached_sum(query, key, value, mask=None):
    scores = (query @ key.mT / query.shape[-1] ** 0.5).exp()
    weights = scores / scores.sum()
    return weights @ value, weights


def _look_by_value_width(query, key, value, mask=None):
    weights = torch.softmax(query @ key.mT / value.shape[-1] ** 0.5, -1)
    return weights @ value, weights


def _look_shares_scores(query, key, value, mask=None):
    scores = query @ key.mT / query.shape[-1] ** 0.5
    weights = scores / scores.sum(-1, keepdim=True)
    return weights @ value, weights


_look_right = _looking("_look_right")
_look_lowest = _looking("_look_lowest", hide=lambda s, m: torch.where(m, s, torch.finfo(s.dtype).min))


def _look_einsum(query, key, value, mask=None):
    scores = torch.einsum("...qd,...kd->...qk", query, key) * query.size(-1) ** -0.5
    if mask is not None:
        scores = scores + torch.zeros(mask.shape, dtype=scores.dtype).masked_fill(mask.logical_not(), float("-inf"))
    weights = functional.softmax(scores, dim=-1)
    return torch.einsum("...qk,...kd->...qd", weights, value), weights


def _look_by_hand(query, key, value, mask=None):
    scores = torch.matmul(query / math.sqrt(key.shape[-1]), torch.swapaxes(key, -1, -2))
    exponentials = torch.exp(scores - scores.max(dim=-1, keepdim=True).values)
    if mask is not None:
        exponentials = exponentials * mask
    weights = exponentials / exponentials.sum(dim=-1, keepdim=True)
    return [torch.matmul(weights, value), weights]


# --- Cacher ---------------------------------------------------------------------------------------------


def _causal(name, make):
    """Un masque causal, fait par `make(length, past)`."""

    def mask(length, past=0):
        return make(length, past)

    mask.__name__ = name
    return mask


def _ones(length, past=0):
    return torch.ones(length, past + length, dtype=torch.bool)


def _causal_no_past_argument(length):
    return _ones(length).tril()


def _causal_needs_loop_fix(length, past=0):
    return torch.tensor([[j < i + past for j in range(past + length)] for i in range(length)])


def _causal_list(length, past=0):
    return _ones(length, past).tril(past).tolist()


def _causal_no_return(length, past=0):
    _ones(length, past).tril(past)


def _causal_ranks(length, past=0):
    ranks = torch.arange(past + length)
    return ranks[None, :] <= ranks[past:, None]


def _causal_loop(length, past=0):
    return torch.tensor([[seen <= asking for seen in range(past + length)] for asking in range(past, past + length)])


def _causal_triu(length, past=0):
    return torch.triu(torch.ones(length, length + past), diagonal=1 + past) == 0


def _combining(name, operation, start=None):
    """Combine deux à deux, sans les None."""

    def combine(*masks):
        kept = [mask for mask in masks if mask is not None]
        if not kept:
            return None
        combined = kept[0]
        for mask in kept[1:]:
            combined = operation(combined, mask)
        return combined

    combine.__name__ = name
    return combine


def _combine_document(*masks):
    combined = None
    for mask in masks:
        if mask is not None:
            combined = mask if combined is None else combined | mask
    return combined


def _combine_only_two(first, second):
    return first & second if first is not None and second is not None else second if first is None else first


def _combine_first_two(*masks):
    kept = [mask for mask in masks if mask is not None]
    return kept[0] & kept[1] if len(kept) > 1 else kept[0] if kept else None


def _combine_trips_on_none(*masks):
    combined = masks[0]
    for mask in masks[1:]:
        combined = combined & mask
    return combined


def _combine_none_is_all_true(*masks):
    combined = torch.tensor(True)
    for mask in masks:
        if mask is not None:
            combined = combined & mask
    return combined


def _combine_in_place(*masks):
    kept = [mask for mask in masks if mask is not None]
    for mask in kept[1:]:
        kept[0] &= mask
    return kept[0] if kept else None


def _combine_none_hides(*masks):
    combined = None
    for mask in masks:
        if mask is None:
            return None
        combined = mask if combined is None else combined & mask
    return combined


_combine_and = _combining("_combine_and", torch.logical_and)
_combine_product = _combining("_combine_product", lambda one, other: one * other)


def _combine_minimum(*masks):
    kept = [mask for mask in masks if mask is not None]
    return torch.stack(torch.broadcast_tensors(*kept)).all(dim=0) if kept else None


# --- Les têtes ------------------------------------------------------------------------------------------


def _splitting(name, make):
    """Coupe par `make(x, B, T, H, d)`."""

    def split(x, n_heads):
        batch, length, width = x.shape
        return make(x, batch, length, n_heads, width // n_heads)

    split.__name__ = name
    return split


def _split_list(x, n_heads):
    return list(x.chunk(n_heads, dim=-1))


def _split_two_only(x, n_heads):
    half = x.shape[-1] // 2
    return torch.stack([x[..., :half], x[..., half:]], dim=1)


def _split_storage(x, n_heads):
    batch, length, width = x.shape
    numbers = x.as_strided((batch, length, width), (length * width, width, 1))
    return numbers.reshape(batch, length, n_heads, -1).transpose(1, 2)


def _split_view_alone(x, n_heads):
    return x.view(x.shape[0], n_heads, -1, x.shape[2] // n_heads)


def _split_stack(x, n_heads):
    return torch.stack(x.chunk(n_heads, dim=-1), dim=1)


def _split_unflatten(x, n_heads):
    return x.unflatten(-1, (n_heads, -1)).permute(0, 2, 1, 3)


def _split_slices(x, n_heads):
    size = x.shape[-1] // n_heads
    heads = [x[:, :, head * size : (head + 1) * size].unsqueeze(1) for head in range(n_heads)]
    return torch.cat(heads, dim=1)


# --- Les positions --------------------------------------------------------------------------------------


def _positions_document(length, width):
    positions = torch.zeros(length, width)
    for column in range(width):
        speed = 10000.0 ** (-column / width)
        angles = torch.arange(length) * speed
        positions[:, column] = angles.sin() if column % 2 == 0 else angles.cos()
    return positions


def _placing(name, exponent=lambda i, width: 2 * i / width, first=0, sign=-1, unit=1.0, swap=False, stacked=False):
    """Des positions justes, dont ne change qu'une pièce."""

    def place(length, width):
        ranks = torch.arange(length, dtype=torch.float64)[:, None] + first
        pairs = torch.arange(width // 2, dtype=torch.float64)
        angles = ranks * 10000.0 ** (sign * exponent(pairs, width)) * unit
        parts = [angles.cos(), angles.sin()] if swap else [angles.sin(), angles.cos()]
        return torch.cat(parts, 1) if stacked else torch.stack(parts, -1).flatten(1)

    place.__name__ = name
    return place


def _positions_only_sine(length, width):
    table = _positions_right(length, width)
    table[:, 1::2] = table[:, ::2]
    return table


def _positions_normalised(length, width):
    table = _positions_right(length, width)
    table[1:] = table[1:] / table[1:].norm(dim=1, keepdim=True)
    return table


def _positions_forget_big_ranks(length, width):
    table = _positions_right(length, width)
    table[10:] = table[9] if length > 10 else 0
    return table


def _positions_transposed(length, width):
    return _positions_right(length, width).T


def _positions_growing_ranks(length, width):
    ranks = torch.arange(length, dtype=torch.float64)[:, None]
    pairs = torch.arange(width // 2, dtype=torch.float64)
    angles = (ranks + (ranks > 10)) * 10000.0 ** (-2 * pairs / width)
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)


_positions_right = _placing("_positions_right")


def _positions_mended(length, width):
    positions = torch.zeros(length, width)
    for column in range(width):
        angles = torch.arange(length) * 10000.0 ** (-(column - column % 2) / width)
        positions[:, column] = angles.sin() if column % 2 == 0 else angles.cos()
    return positions


def _positions_slices(length, width):
    position = torch.arange(length).unsqueeze(1)
    speed = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2], table[:, 1::2] = torch.sin(position * speed), torch.cos(position * speed)
    return table


def _positions_numpy(length, width):
    rank, column = np.mgrid[:length, :width]
    angle = rank / 10000 ** ((column - column % 2) / width)
    return torch.from_numpy(np.where(column % 2, np.cos(angle), np.sin(angle))).float()


# --- Le bloc --------------------------------------------------------------------------------------------


def _adding(name, make):
    """Un raccourci, fait par `make(x, norm, sublayer)`."""

    def residual(x, norm, sublayer):
        return make(x, norm, sublayer)

    residual.__name__ = name
    return residual


def _residual_in_place(x, norm, sublayer):
    x += sublayer(norm(x))
    return x


def _residual_no_return(x, norm, sublayer):
    x + sublayer(norm(x))


def _residual_new_norm(x, norm, sublayer):
    return x + sublayer(x / 2)


def _residual_steps(x, norm, sublayer):
    normed = norm(x)
    update = sublayer(normed)
    return torch.add(x, update)


def _residual_clone(x, norm, sublayer):
    kept = x.clone()
    kept += sublayer(norm(x))
    return kept


# --- En bonus -------------------------------------------------------------------------------------------


def _simple(name, make):
    """Une fonction d'un seul tenseur."""

    def function(x):
        return make(x)

    function.__name__ = name
    return function


def _norming(name, make):
    """Une norme faite par `make(x, weight, bias, epsilon)`."""

    def norm(x, weight, bias, epsilon=1e-5):
        return make(x, weight, bias, epsilon)

    norm.__name__ = name
    return norm


def _standard(x, epsilon=1e-5, dim=-1, unbiased=False):
    centered = x - x.mean(dim, keepdim=True)
    return centered / (x.var(dim, unbiased=unbiased, keepdim=True) + epsilon).sqrt()


def _norm_population(x, weight, bias, epsilon=1e-5):
    mean, deviation = x.mean(-1, keepdim=True), (x.var(-1, unbiased=False, keepdim=True) + epsilon).sqrt()
    return weight * ((x - mean) / deviation) + bias


def _norm_two_moments(x, weight, bias, epsilon=1e-5):
    mean = x.sum(-1, keepdim=True) / x.shape[-1]
    variance = (x**2).sum(-1, keepdim=True) / x.shape[-1] - mean**2
    return (x - mean) * torch.rsqrt(variance + epsilon) * weight + bias


def _norm_torch(x, weight, bias, epsilon=1e-5):
    return functional.layer_norm(x, x.shape[-1:], weight, bias, epsilon)


def _norm_no_keepdim(x, weight, bias, epsilon=1e-5):
    return (x - x.mean(-1)) / (x.var(-1, unbiased=False) + epsilon).sqrt() * weight + bias


def _merge_view_after_transpose(x):
    return x.transpose(1, 2).view(x.shape[0], x.shape[2], -1)


def _merge_square_only(x):
    batch, heads, length, width = x.shape
    return x.permute(0, 2, 1, 3).reshape(batch, length, max(8, heads * width))


def _merge_loop(x):
    return torch.cat([x[:, head] for head in range(x.shape[1])], dim=-1)


def _pad_numbers(attention_mask):
    return attention_mask[:, None, None, :]


def _pad_shape(shape):
    return _simple(f"_pad_{len(shape)}", lambda mask: mask.bool()[shape])


_PHI = torch.distributions.Normal(0.0, 1.0).cdf
_WEIGH, _CAUSE, _AND = (
    "pèse : softmax(Q Kᵀ / √d), ligne par ligne",
    "montre ceux d'avant et soi-même",
    "montre ce que les deux masques montrent",
)
_SLICE, _PAIR = (
    "donne à chaque tête sa tranche de chaque token",
    "donne un même angle au sinus et au cosinus d'une paire",
)
_GELU, _NORM = "vaut -0,1587, 0, 0,8413 et 1,9545 en -1, 0, 1 et 2", "centre et réduit chaque ligne"

WRONG = {
    "attention.scaled_dot_product": (
        Answer(_look_no_return, "rend la sortie, puis les poids", "deux tenseurs"),
        Answer(_looking("_look_output_only", give=lambda w, v: w @ v), "rend la sortie, puis les poids", "la sortie"),
        Answer(_looking("_look_swapped", give=lambda w, v: (w, w @ v)), "rend la sortie, puis les poids", "l'autre ordre"),
        Answer(_look_no_transpose, "rend la sortie, puis les poids", ""),
        Answer(_looking("_look_unscaled", scale=lambda q, k: 1), _WEIGH, "pas été divisés"),
        Answer(_looking("_look_by_d", scale=lambda q, k: q.shape[-1]), _WEIGH, "non par sa racine"),
        Answer(_looking("_look_times", scale=lambda q, k: q.shape[-1] ** -0.5), _WEIGH, "multipliés"),
        Answer(_looking("_look_keys", scale=lambda q, k: k.shape[-2] ** 0.5), _WEIGH, "√Tk"),
        Answer(_looking("_look_queries", scale=lambda q, k: q.shape[-2] ** 0.5), _WEIGH, "divisés par √2"),
        Answer(_look_by_value_width, _WEIGH, "largeur de value"),
        Answer(_look_shares_scores, _WEIGH, "somme de sa ligne"),
        Answer(_looking("_look_minus_one", hide=lambda s, m: s.masked_fill(~m, -1.0)), "ne regarde pas ce que le masque cache", "exp(−1)"),
        Answer(_looking("_look_columns", dim=-2), _WEIGH, "par colonne"),
        Answer(_look_scores_only, _WEIGH, "la softmax"),
        Answer(_look_detached_sum, _WEIGH, "dernier axe"),
        Answer(_look_wrong_values, "garde les axes d'avant : lots et têtes", "quatre axes"),
        Answer(_looking("_look_blind", hide=lambda s, m: s), "ne regarde pas ce que le masque cache", "n'a rien caché"),
        Answer(_looking("_look_reversed", hide=lambda s, m: s.masked_fill(m, -math.inf)), "ne regarde pas ce que le masque cache", "là où le masque est vrai"),
        Answer(_look_masks_after, "ne regarde pas ce que le masque cache", "ne font plus 1"),
        Answer(_looking("_look_zero_score", hide=lambda s, m: s * m), "ne regarde pas ce que le masque cache", "exp(0)"),
        Answer(_looking("_look_adds_mask", hide=lambda s, m: s + m), "ne regarde pas ce que le masque cache", "ajouté"),
        Answer(_looking("_look_minus_ten", hide=lambda s, m: s.masked_fill(~m, -3.0)), "ne regarde pas ce que le masque cache", "poids est nul"),
        Answer(_look_2d_only, "garde les axes d'avant : lots et têtes", ""),
        Answer(_look_first_of_batch, "garde les axes d'avant : lots et têtes", "quatre axes"),
        Answer(_looking("_look_1e20", hide=lambda s, m: s.masked_fill(~m, -1e20)), "tient en 16 bits", "65 504"),
    ),
    "attention.causal_mask": (
        Answer(_causal("_causal_floats", lambda n, p: torch.ones(n, p + n).tril(p)), "rend des booléens", "booléens"),
        Answer(_causal_list, "rend des booléens", "booléens"),
        Answer(_causal_no_return, "rend des booléens", ""),
        Answer(_causal("_causal_four_axes", lambda n, p: _ones(n, p).tril(p)[None, None]), "rend des booléens", "forme"),
        Answer(_causal("_causal_hidden", lambda n, p: ~_ones(n, p).tril(p)), _CAUSE, "échangés"),
        Answer(_causal("_causal_transposed", lambda n, p: _ones(n, p).triu()), _CAUSE, "ceux d'après"),
        Answer(_causal("_causal_strict", lambda n, p: _ones(n, p).tril(p - 1)), _CAUSE, "diagonale est fausse"),
        Answer(_causal("_causal_one_ahead", lambda n, p: _ones(n, p).tril(p + 1)), _CAUSE, "de l'avenir"),
        Answer(_causal("_causal_all", _ones), _CAUSE, "Tout est visible"),
        Answer(_causal_needs_loop_fix, _CAUSE, "diagonale est fausse"),
        Answer(_causal("_causal_window", lambda n, p: _ones(n, p).tril(p).triu(-1)), _CAUSE, "colonnes 0, 1 et 2"),
        Answer(_causal_no_past_argument, "ajoute le passé, que tous voient", ""),
        Answer(_causal("_causal_ignores_past", lambda n, p: _ones(n).tril()), "ajoute le passé, que tous voient", "sans passé"),
        Answer(_causal("_causal_square", lambda n, p: _ones(n + p).tril()), "ajoute le passé, que tous voient", "passé compris"),
        Answer(_causal("_causal_past_hidden", lambda n, p: torch.cat([torch.zeros(n, p), torch.ones(n, n).tril()], 1).bool()), "ajoute le passé, que tous voient", "caché à tous"),
        Answer(_causal("_causal_past_right", lambda n, p: torch.cat([torch.ones(n, n).tril(), torch.ones(n, p)], 1).bool()), "ajoute le passé, que tous voient", "à droite"),
        Answer(_causal("_causal_down", lambda n, p: _ones(n, p).tril(-p)), "ajoute le passé, que tous voient", "descendue"),
        Answer(_causal("_causal_unshifted", lambda n, p: _ones(n, p).tril()), "ajoute le passé, que tous voient", "décalée"),
    ),
    "attention.combine_masks": (
        Answer(_combine_document, _AND, "c'est « ou »"),
        Answer(_combining("_combine_xor", torch.logical_xor), _AND, "un seul des deux"),
        Answer(_combining("_combine_hidden", lambda a, b: ~(a & b)), _AND, "échangés"),
        Answer(_combining("_combine_first", lambda a, b: a), _AND, "premier masque"),
        Answer(_combining("_combine_last", lambda a, b: b), _AND, "second masque"),
        Answer(_combining("_combine_sum", lambda a, b: a.int() + b.int()), _AND, ""),
        Answer(_combining("_combine_and_words", lambda a, b: a and b), _AND, "ni vrai ni faux"),
        Answer(_combine_in_place, _AND, "copie"),
        Answer(_combining("_combine_numbers", lambda a, b: a.int() * b.int()), "rend des booléens, à la forme commune", "booléens"),
        Answer(_combining("_combine_first_text", lambda a, b: (a & b)[:1] if b.dim() == 4 else a & b), "rend des booléens, à la forme commune", "forme"),
        Answer(_combine_only_two, "en combine plus de deux", ""),
        Answer(_combine_first_two, "en combine plus de deux", "nombre de masques"),
        Answer(_combine_trips_on_none, "passe sur None", "vaut None"),
        Answer(_combining("_combine_equal", lambda a, b: a == b), _AND, "« égal »"),
        Answer(_combine_none_hides, "passe sur None", "ne cache rien"),
        Answer(_combine_none_is_all_true, "rend None quand rien n'est caché", "rien à rendre"),
    ),
    "attention.split_heads": (
        Answer(_split_view_alone, _SLICE, "un token et demi"),
        Answer(_splitting("_split_no_transpose", lambda x, b, t, h, d: x.reshape(b, t, h, d)), _SLICE, "échanger T et H"),
        Answer(_splitting("_split_interleaved", lambda x, b, t, h, d: x.reshape(b, t, d, h).permute(0, 3, 1, 2)), _SLICE, "un nombre sur deux"),
        Answer(_splitting("_split_heads_first", lambda x, b, t, h, d: x.reshape(b, t, h, d).permute(2, 0, 1, 3)), _SLICE, "avant celui du lot"),
        Answer(_splitting("_split_full_width", lambda x, b, t, h, d: x.reshape(b, h, t, h * d)), _SLICE, ""),
        Answer(_splitting("_split_transposed", lambda x, b, t, h, d: x.reshape(b, t, h, d).permute(0, 2, 3, 1)), _SLICE, "couchées"),
        Answer(_splitting("_split_reversed", lambda x, b, t, h, d: x.reshape(b, t, h, d).transpose(1, 2).flip(1)), _SLICE, "ordre inverse"),
        Answer(_splitting("_split_repeats", lambda x, b, t, h, d: x[:, None, :, :d].expand(b, h, t, d)), _SLICE, "première tranche"),
        Answer(_splitting("_split_numpy", lambda x, b, t, h, d: x.view(b, t, h, d).transpose(2, 0, 1, 3)), _SLICE, "permute"),
        Answer(_split_list, _SLICE, ""),
        Answer(_splitting("_split_swapped_sizes", lambda x, b, t, h, d: x.reshape(b, t, d, h).transpose(1, 2)), _SLICE, "avant la taille"),
        Answer(_split_two_only, "laisse une seule tête tout prendre", ""),
        Answer(_split_storage, "accepte une tranche d'un plus grand tenseur", "trois tranches"),
    ),
    "attention.sinusoidal_positions": (
        Answer(_positions_document, _PAIR, "suit sa propre colonne"),
        Answer(_placing("_positions_half", exponent=lambda i, width: i / width), _PAIR, "non 2i"),
        Answer(_placing("_positions_fast", sign=1), _PAIR, "grandissent"),
        Answer(_placing("_positions_twice", exponent=lambda i, width: 4 * i / width), _PAIR, "trop petits"),
        Answer(_placing("_positions_degrees", unit=math.pi / 180), _PAIR, "sin 1"),
        Answer(_positions_only_sine, "commence par 0, 1, 0, 1", ""),
        Answer(_placing("_positions_swapped", swap=True), "commence par 0, 1, 0, 1", "avant le sinus"),
        Answer(_placing("_positions_stacked", stacked=True), "commence par 0, 1, 0, 1", "ils alternent"),
        Answer(_placing("_positions_from_one", first=1), "commence par 0, 1, 0, 1", "depuis 0"),
        Answer(_positions_transposed, "commence par 0, 1, 0, 1", ""),
        Answer(_positions_normalised, _PAIR, ""),
        Answer(_positions_forget_big_ranks, "ne mesure que la distance", "distance"),
        Answer(_positions_growing_ranks, "ne mesure que la distance", "distance"),
        Answer(lambda length, width: _positions_right(length, width) * (1 if length < 10 else 2), "donne la même norme à tous les rangs", "8"),
    ),
    "attention.pre_norm": (
        Answer(_adding("_residual_missing", lambda x, norm, sub: sub(norm(x))), "norme, calcule, puis ajoute", "raccourci"),
        Answer(_adding("_residual_post", lambda x, norm, sub: norm(x + sub(x))), "norme, calcule, puis ajoute", "2017"),
        Answer(_adding("_residual_normed", lambda x, norm, sub: norm(x) + sub(norm(x))), "norme, calcule, puis ajoute", "tel quel"),
        Answer(_adding("_residual_no_norm", lambda x, norm, sub: x + sub(x)), "norme, calcule, puis ajoute", "le normer"),
        Answer(_adding("_residual_norm_last", lambda x, norm, sub: x + norm(sub(x))), "norme, calcule, puis ajoute", "ce qu'elle reçoit"),
        Answer(_adding("_residual_no_sublayer", lambda x, norm, sub: x + norm(x)), "norme, calcule, puis ajoute", "n'a pas servi"),
        Answer(_adding("_residual_minus", lambda x, norm, sub: x - sub(norm(x))), "norme, calcule, puis ajoute", "ôtée de x"),
        Answer(_adding("_residual_product", lambda x, norm, sub: x * sub(norm(x))), "norme, calcule, puis ajoute", "multiplié"),
        Answer(_adding("_residual_unchanged", lambda x, norm, sub: x), "norme, calcule, puis ajoute", "revenu tel quel"),
        Answer(_adding("_residual_doubled", lambda x, norm, sub: x + x + sub(norm(x))), "norme, calcule, puis ajoute", "deux fois"),
        Answer(_adding("_residual_twice", lambda x, norm, sub: x + sub(sub(norm(x)))), "norme, calcule, puis ajoute", "servi deux fois"),
        Answer(_adding("_residual_normed_again", lambda x, norm, sub: norm(x + sub(norm(x)))), "norme, calcule, puis ajoute", "seconde fois"),
        Answer(_adding("_residual_joined", lambda x, norm, sub: torch.cat([x, sub(norm(x))], -1)), "norme, calcule, puis ajoute", "bout à bout"),
        Answer(_adding("_residual_function", lambda x, norm, sub: x + sub(norm)), "norme, calcule, puis ajoute", ""),
        Answer(_residual_in_place, "norme, calcule, puis ajoute", "copie"),
        Answer(_residual_no_return, "norme, calcule, puis ajoute", "return"),
        Answer(_residual_new_norm, "marche avec une vraie norme", ""),
        Answer(_adding("_residual_bias", lambda x, norm, sub: x + sub(norm(x)) + (x.dim() == 3)), "fait passer x tel quel si la sous-couche ne dit rien", ""),
    ),
    "attention.merge_heads": (
        Answer(_simple("_merge_reshape", lambda x: x.reshape(x.shape[0], x.shape[2], -1)), "rend à chaque token ses tranches, bout à bout", "avant de souder"),
        Answer(_simple("_merge_transpose_only", lambda x: x.transpose(1, 2)), "rend à chaque token ses tranches, bout à bout", "souder les deux derniers"),
        Answer(_simple("_merge_interleaved", lambda x: x.permute(0, 2, 3, 1).flatten(2)), "rend à chaque token ses tranches, bout à bout", "entrelacées"),
        Answer(_simple("_merge_flat", lambda x: x.transpose(1, 2).flatten(1)), "rend à chaque token ses tranches, bout à bout", "axe des tokens"),
        Answer(_simple("_merge_along_tokens", lambda x: torch.cat(x.unbind(1), 1)), "rend à chaque token ses tranches, bout à bout", ""),
        Answer(_simple("_merge_no_transpose", lambda x: x.flatten(2)), "rend à chaque token ses tranches, bout à bout", "T et d sont soudés"),
        Answer(_simple("_merge_mean", lambda x: x.mean(1)), "rend à chaque token ses tranches, bout à bout", "moyenne des têtes"),
        Answer(_simple("_merge_all_flat", lambda x: x.flatten()), "rend à chaque token ses tranches, bout à bout", "forme"),
        Answer(_simple("_merge_sum", lambda x: x.sum(1)), "rend à chaque token ses tranches, bout à bout", "additionnées"),
        Answer(_simple("_merge_identity", lambda x: x), "rend à chaque token ses tranches, bout à bout", ""),
        Answer(_simple("_merge_reversed", lambda x: x.flip(1).transpose(1, 2).flatten(2)), "rend à chaque token ses tranches, bout à bout", "ordre inverse"),
        Answer(_simple("_merge_lists", lambda x: x.transpose(1, 2).flatten(2).tolist()), "rend à chaque token ses tranches, bout à bout", ""),
        Answer(_merge_view_after_transpose, "rend à chaque token ses tranches, bout à bout", "reshape le fait"),
        Answer(_merge_square_only, "accepte une tête plus large que longue", ""),
    ),
    "attention.padding_mask": (
        Answer(_pad_numbers, "rend des booléens, de forme (B, 1, 1, T)", "booléens"),
        Answer(_pad_shape((slice(None),)), "rend des booléens, de forme (B, 1, 1, T)", "forme"),
        Answer(_pad_shape((slice(None), None)), "rend des booléens, de forme (B, 1, 1, T)", "forme"),
        Answer(_pad_shape((None, None)), "rend des booléens, de forme (B, 1, 1, T)", "forme"),
        Answer(_pad_shape((slice(None), None, slice(None), None)), "rend des booléens, de forme (B, 1, 1, T)", "forme"),
        Answer(_simple("_pad_floats", lambda m: m.float()[:, None, None]), "rend des booléens, de forme (B, 1, 1, T)", "booléens"),
        Answer(_simple("_pad_list", lambda m: m.bool()[:, None, None].tolist()), "rend des booléens, de forme (B, 1, 1, T)", ""),
        Answer(_simple("_pad_hidden", lambda m: (m == 0)[:, None, None]), "montre les vrais tokens, cache le remplissage", "échangés"),
        Answer(_simple("_pad_all", lambda m: torch.ones_like(m).bool()[:, None, None]), "montre les vrais tokens, cache le remplissage", "Tout est visible"),
        Answer(_simple("_pad_counts", lambda m: (torch.arange(m.shape[1]) < m.sum(1, keepdim=True))[:, None, None]), "accepte un remplissage à gauche", "zéros"),
        Answer(_simple("_pad_bitwise", lambda m: ~((m - 1).bitwise_not() == 0)[:, None, None] if m.is_floating_point() else m.bool()[:, None, None]), "accepte un attention_mask de nombres à virgule", ""),
    ),
    "attention.gelu": (
        Answer(_simple("_gelu_relu", torch.relu), _GELU, "ReLU"),
        Answer(_simple("_gelu_tanh", lambda x: functional.gelu(x, approximate="tanh")), _GELU, "tangente"),
        Answer(_simple("_gelu_sigmoid", lambda x: x * torch.sigmoid(1.702 * x)), _GELU, "sigmoïde"),
        Answer(_simple("_gelu_no_root", lambda x: 0.5 * x * (1 + torch.erf(x))), _GELU, "x / √2"),
        Answer(_simple("_gelu_erf", lambda x: x * torch.erf(x / 2**0.5)), _GELU, "(1 + erf) / 2"),
        Answer(_simple("_gelu_double", lambda x: x * (1 + torch.erf(x / 2**0.5))), _GELU, "double"),
        Answer(_simple("_gelu_phi", _PHI), _GELU, "multiplier par x"),
        Answer(_simple("_gelu_times_root", lambda x: 0.5 * x * (1 + torch.erf(x * 2**0.5))), _GELU, "diviser par √2"),
        Answer(_simple("_gelu_half_x", lambda x: 0.5 * x * (1 + torch.erf(x / 2))), _GELU, "x / 2"),
        Answer(_simple("_gelu_precedence", lambda x: x * (1 + torch.erf(x / 2**0.5) / 2)), _GELU, "tout entier"),
        Answer(_simple("_gelu_minus", lambda x: x * (1 - torch.erf(x / 2**0.5)) / 2), _GELU, "au-dessus de x"),
        Answer(_simple("_gelu_wrong_curve", lambda x: x * (1 + torch.tanh(x / 2**0.5)) / 2), _GELU, "pris la place"),
        Answer(_simple("_gelu_one_number", lambda x: x * (1 + math.erf(x / 2**0.5)) / 2), _GELU, "celle de torch"),
        Answer(_simple("_gelu_without_one", lambda x: x * torch.erf(x / 2**0.5) / 2), _GELU, "Il manque le 1"),
        Answer(_simple("_gelu_added", lambda x: x + (1 + torch.erf(x / 2**0.5)) / 2), _GELU, "ajouté à x"),
        Answer(_simple("_gelu_of_relu", lambda x: torch.relu(x) * _PHI(x)), _GELU, "sans négatifs, relu"),
        Answer(_simple("_gelu_silu", functional.silu), _GELU, "SiLU"),
        Answer(_simple("_gelu_density", lambda x: x * torch.exp(-x * x / 2)), _GELU, "probabilité"),
        Answer(_simple("_gelu_list", lambda x: [0.5 * v * (1 + math.erf(v / 2**0.5)) for v in x.tolist()]), _GELU, "tenseur"),
        Answer(_simple("_gelu_clipped", lambda x: (x * _PHI(x)).clamp(max=10)), "laisse passer les grands nombres, éteint les très négatifs", ""),
    ),
    "attention.layer_norm": (
        Answer(_norming("_norm_sample", lambda x, w, b, e: _standard(x, e, unbiased=True) * w + b), _NORM, "C − 1"),
        Answer(_norming("_norm_batch", lambda x, w, b, e: _standard(x, e, dim=0) * w + b), _NORM, "BatchNorm"),
        Answer(_norming("_norm_whole", lambda x, w, b, e: (x - x.mean()) / (x.var(unbiased=False) + e).sqrt() * w + b), _NORM, "tableau entier"),
        Answer(_norming("_norm_centered", lambda x, w, b, e: (x - x.mean(-1, keepdim=True)) * w + b), _NORM, "variance n'est pas 1"),
        Answer(_norming("_norm_by_variance", lambda x, w, b, e: (x - x.mean(-1, keepdim=True)) / (x.var(-1, unbiased=False, keepdim=True) + e) * w + b), _NORM, "non par sa racine"),
        Answer(_norming("_norm_uncentered", lambda x, w, b, e: x / (x.var(-1, unbiased=False, keepdim=True) + e).sqrt() * w + b), _NORM, "sans avoir été centrées"),
        Answer(_norming("_norm_rms", lambda x, w, b, e: x / (x.square().mean(-1, keepdim=True) + e).sqrt() * w + b), _NORM, "moyenne est 2"),
        Answer(_norming("_norm_softmax", lambda x, w, b, e: x.softmax(-1) * w + b), _NORM, "moyenne est 2"),
        Answer(_norming("_norm_no_weight", lambda x, w, b, e: _standard(x, e)), "étire par weight, décale par bias", "n'ont rien changé"),
        Answer(_norming("_norm_no_bias", lambda x, w, b, e: _standard(x, e) * w), "étire par weight, décale par bias", "bias non"),
        Answer(_norming("_norm_no_gain", lambda x, w, b, e: _standard(x, e) + b), "étire par weight, décale par bias", "weight non"),
        Answer(_norming("_norm_bias_first", lambda x, w, b, e: (_standard(x, e) + b) * w), "étire par weight, décale par bias", "l'inverse"),
        Answer(_norming("_norm_no_epsilon", lambda x, w, b, e: _standard(x, 0) * w + b), "ne divise pas par zéro", "epsilon"),
        Answer(_norming("_norm_epsilon_out", lambda x, w, b, e: (x - x.mean(-1, keepdim=True)) / (x.std(-1, unbiased=False, keepdim=True) + e) * w + b), "met epsilon sous la racine", "sous la racine"),
        Answer(_norming("_norm_fixed_epsilon", lambda x, w, b, e: _standard(x) * w + b), "met epsilon sous la racine", "fixé"),
        Answer(_norming("_norm_sum_of_squares", lambda x, w, b, e: functional.normalize(x - x.mean(-1, keepdim=True), dim=-1) * w + b), _NORM, "non leur somme"),
        Answer(_norming("_norm_absolute", lambda x, w, b, e: (x - x.mean(-1, keepdim=True)) / ((x - x.mean(-1, keepdim=True)).abs().mean(-1, keepdim=True) + e) * w + b), _NORM, "valeur absolue"),
        Answer(_norming("_norm_squared_epsilon", lambda x, w, b, e: _standard(x, e**2) * w + b), "met epsilon sous la racine", "mis au carré"),
        Answer(_norm_no_keepdim, _NORM, ""),
        Answer(_norming("_norm_axis_one", lambda x, w, b, e: _standard(x, e, dim=1) * w + b), "marche sur un lot de textes", "à part"),
    ),
}  # fmt: skip

RIGHT = {
    "attention.scaled_dot_product": (_look_right, _look_lowest, _look_einsum, _look_by_hand),
    "attention.causal_mask": (_causal_ranks, _causal_loop, _causal_triu),
    "attention.combine_masks": (_combine_and, _combine_product, _combine_minimum),
    "attention.split_heads": (_split_stack, _split_unflatten, _split_slices),
    "attention.sinusoidal_positions": (_positions_mended, _positions_slices, _positions_numpy),
    "attention.pre_norm": (
        _residual_steps,
        _residual_clone,
        _adding("_residual_reversed", lambda x, norm, sub: sub(norm(x)) + x),
    ),
    "attention.merge_heads": (
        _merge_loop,
        _simple("_merge_reshaped", lambda x: x.permute(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)),
        _simple("_merge_contiguous", lambda x: x.transpose(1, 2).contiguous().view(x.shape[0], x.shape[2], -1)),
    ),
    "attention.padding_mask": (
        _simple("_pad_unsqueeze", lambda mask: mask.bool().unsqueeze(1).unsqueeze(1)),
        _simple("_pad_not_zero", lambda mask: (mask != 0)[:, None, None, :]),
        _simple("_pad_view", lambda mask: mask.to(torch.bool).view(len(mask), 1, 1, -1)),
    ),
    "attention.gelu": (
        _simple("_gelu_cdf", lambda x: x * _PHI(x)),
        _simple("_gelu_erfc", lambda x: x * torch.erfc(-x / math.sqrt(2)) / 2),
        _simple("_gelu_torch", functional.gelu),
        _simple("_gelu_number_by_number", lambda x: x * torch.tensor([(1 + math.erf(v / 2**0.5)) / 2 for v in x.flatten().tolist()]).reshape(x.shape)),
    ),
    "attention.layer_norm": (_norm_population, _norm_two_moments, _norm_torch),
}


def use():
    """Un bloc sur un lot rempli, une couche de décodeur, des positions, une GELU."""
    torch.manual_seed(1804)
    block, decoder = attention.Block(16, 4), attention.DecoderLayer(16, 2)
    nn.init.normal_(block.ln_1.bias)
    present = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    x = torch.randn(2, 5, 16) + attention.sinusoidal_positions(5, 16)
    padding = attention.padding_mask(present)
    read = block(x, attention.combine_masks(attention.causal_mask(5), padding))
    return {
        "read": read.detach(),
        "written": decoder(x[:, :3], read, memory_mask=padding).detach(),
        "gelu": attention.gelu(x),
    }
