"""Leçon 13 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import heapq
import math

import numpy as np
import torch
from answers import Answer
from torch import nn

from aurore import deploy


def _named(name, function):
    function.__name__ = name
    return function


# --- Peser


def _bytes_as_given(state):
    return 4 * sum(value.numel() for value in state.values() if value.dtype.is_floating_point)


def _summing(name, one):
    return _named(name, lambda state: sum(one(value) for value in state.values()))


def _bytes_by_value(state):
    seen = []
    for value in state.values():
        if not any(value.shape == one.shape and torch.equal(value, one) for one in seen):
            seen.append(value)
    return sum(one.numel() * one.element_size() for one in seen)


def _bytes_drop_shared(state):
    pointers = [value.data_ptr() for value in state.values()]
    return sum(v.numel() * v.element_size() for v in state.values() if pointers.count(v.data_ptr()) == 1)


def _bytes_early(state):
    for value in state.values():
        return value.numel() * value.element_size()


def _bytes_print(state):
    print(sum(value.numel() * value.element_size() for value in state.values()))


def _bytes_empty_none(state):
    return deploy_bytes_loop(state) if state else None


def deploy_bytes_loop(state):
    total, pointers = 0, set()
    for tensor in state.values():
        if tensor.data_ptr() not in pointers:
            pointers.add(tensor.data_ptr())
            total += tensor.element_size() * tensor.numel()
    return total


def _bytes_nbytes(state):
    return sum({t.data_ptr(): t.nbytes for t in state.values()}.values())


def _bytes_identity(state):
    seen = {}
    for name, value in state.items():
        seen.setdefault(value.data_ptr(), math.prod(value.shape) * value.dtype.itemsize)
    return int(np.sum(list(seen.values())))


# --- Des entiers


def _rows(name, scale=lambda m: m.abs().amax(1) / 127, zero=1.0, round_=torch.round, kind=torch.int8, out=lambda i, s: (i, s)):
    def quantize_rows(matrix):
        scales = scale(matrix)
        scales = torch.where(scales == 0, torch.full_like(scales, zero), scales) if zero is not None else scales
        column = scales[:, None] if scales.ndim == 1 else scales
        return out(round_(matrix / column).nan_to_num().to(kind), scales)

    return _named(name, quantize_rows)


def _rows_one_scale(matrix):
    scale = matrix.abs().max() / 127
    return (matrix / scale).round().to(torch.int8), torch.full((len(matrix),), float(scale))


def _rows_inverse(matrix):
    inverse = 127 / matrix.abs().amax(1)
    return (matrix * inverse[:, None]).round().to(torch.int8), inverse


def _rows_largest(matrix):
    largest = matrix.abs().amax(1)
    return (matrix / largest[:, None] * 127).round().to(torch.int8), largest


def _rows_loop(matrix):
    integers, scales = torch.zeros(matrix.shape, dtype=torch.int8), torch.ones(len(matrix))
    for n, row in enumerate(matrix):
        largest = max(abs(float(x)) for x in row)
        if largest > 0:
            scales[n] = largest / 127
        for k, x in enumerate(row):
            integers[n, k] = round(float(x) / float(scales[n]))
    return integers, scales


def _rows_numpy(matrix):
    values = matrix.numpy()
    scales = np.abs(values).max(axis=1) / 127
    scales[scales == 0] = 1
    return torch.from_numpy(np.rint(values / scales[:, None]).astype(np.int8)), torch.from_numpy(scales)


def _rows_keepdim(matrix):
    scales = matrix.abs().max(dim=1, keepdim=True).values.div(127)
    scales = scales.masked_fill(scales == 0, 1.0)
    return torch.round(matrix / scales).clamp(-127, 127).char(), scales.squeeze(1)


# --- Conv1D


def _linear_as_given(conv):
    n_in, n_out = conv.weight.shape
    linear = nn.Linear(n_in, n_out)
    linear.weight.data = conv.weight.data
    linear.bias.data = conv.bias.data
    return linear


def _building(name, weight=lambda c: c.weight.data.T, bias=lambda c: c.bias.data, sizes=lambda c: c.weight.shape, out=lambda layer, c: layer):
    def linear_of(conv):
        layer = nn.Linear(*sizes(conv))
        layer.weight.data = weight(conv)
        if bias(conv) is None:
            layer.bias = None
        else:
            layer.bias.data = bias(conv)
        return out(layer, conv)

    return _named(name, linear_of)


def _linear_in_place(conv):
    conv.weight.data = conv.weight.data.T
    layer = nn.Linear(conv.weight.shape[1], conv.weight.shape[0])
    layer.weight, layer.bias = conv.weight, conv.bias
    return layer


def _linear_new(conv):
    return nn.Linear(*conv.weight.shape)


def _linear_zero_bias(conv):
    layer = nn.Linear(*conv.weight.shape)
    layer.weight.data, layer.bias.data = conv.weight.data.T, torch.zeros(conv.weight.shape[1])
    return layer


def _linear_squares_only(conv):
    layer = nn.Linear(conv.weight.shape[1], conv.weight.shape[1])
    with torch.no_grad():
        layer.weight.copy_(conv.weight.T)
        layer.bias.copy_(conv.bias)
    return layer


def _linear_copy(conv):
    layer = nn.Linear(conv.weight.size(0), conv.weight.size(1))
    with torch.no_grad():
        layer.weight.copy_(conv.weight.t())
        layer.bias.copy_(conv.bias)
    return layer


def _linear_state(conv):
    layer = nn.Linear(*conv.weight.shape)
    layer.load_state_dict({"weight": conv.weight.transpose(0, 1), "bias": conv.bias})
    return layer


def _linear_parameters(conv):
    layer = nn.Linear(1, 1)
    layer.in_features, layer.out_features = conv.weight.shape
    layer.weight, layer.bias = nn.Parameter(conv.weight.detach().T.clone()), nn.Parameter(conv.bias.detach().clone())
    return layer


# --- Plusieurs à la fois


def _steps_fixed(lengths, slots):
    return sum(max(lengths[start : start + slots]) for start in range(0, len(lengths), slots))


def _steps(name, function):
    return _named(name, function)


def _steps_turns(lengths, slots):
    return max((sum(lengths[rank::slots]) for rank in range(slots)), default=0)


def _steps_two(lengths, slots):
    ends = [0, 0]
    for length in lengths:
        ends[ends.index(min(ends))] += length
    return max(ends)


def _steps_crash_empty(lengths, slots):
    rows = list(lengths[:slots])
    for length in lengths[slots:]:
        rows[rows.index(min(rows))] += length
    return max(rows)


def _steps_eats(lengths, slots):
    ends = [0] * slots
    while lengths:
        ends[ends.index(min(ends))] += lengths.pop(0)
    return max(ends)


def _steps_last(lengths, slots):
    ends = [0] * slots
    for length in lengths:
        ends[ends.index(min(ends))] += length
    return min(ends)


def _steps_simulated(lengths, slots):
    waiting, running, steps = list(lengths), [], 0
    while waiting or running:
        while waiting and len(running) < slots:
            running.append(waiting.pop(0))
        running = [left - 1 for left in running if left > 1]
        steps += 1
    return steps


def _steps_heap(lengths, slots):
    ends = [0] * slots
    for length in lengths:
        heapq.heappush(ends, heapq.heappop(ends) + length)
    return max(ends)


def _steps_sorted(lengths, slots):
    ends = [0 for _ in range(slots)]
    for length in lengths:
        ends.sort()
        ends[0] = ends[0] + length
    return sorted(ends)[-1]


# --- Élaguer


def _pruning(name, key=lambda m: m.abs(), count=lambda s, n: int(s * n), reverse=False, shape=lambda m: m.shape):
    def prune_smallest(matrix, share):
        flat = matrix.flatten().clone()
        ranks = key(matrix).flatten().argsort(descending=reverse, stable=True)
        flat[ranks[: count(share, matrix.numel())]] = 0
        return flat.reshape(shape(matrix))

    return _named(name, prune_smallest)


def _prune_mask(matrix, share):
    return matrix.abs() > matrix.abs().flatten().sort().values[max(0, int(share * matrix.numel()) - 1)]


def _prune_in_place(matrix, share):
    ranks = matrix.abs().flatten().argsort()[: int(share * matrix.numel())]
    matrix.view(-1)[ranks] = 0
    return matrix


def _prune_strict(matrix, share):
    """Un seuil pris un rang trop bas, et un plus petit jamais ôté."""
    count = int(share * matrix.numel())
    if not count:
        return matrix.clone()
    least = matrix.abs().flatten().sort().values[count - 1]
    return torch.where(matrix.abs() < least, torch.zeros_like(matrix), matrix)


def _prune_share_as_threshold(matrix, share):
    return torch.where(matrix.abs() < share, torch.zeros_like(matrix), matrix)


def _prune_removed(matrix, share):
    flat = matrix.flatten()
    return flat[flat.abs().argsort()[int(share * len(flat)) :]]


def _prune_always_half(matrix, share):
    return _pruning("")(matrix, 0.5 if share else 0)


def _prune_none(matrix, share):
    _pruning("")(matrix, share)


def _prune_crash_zero(matrix, share):
    count = int(share * matrix.numel())
    least = matrix.abs().flatten().kthvalue(count).values
    return torch.where(matrix.abs() <= least, torch.zeros_like(matrix), matrix)


def _prune_numpy(matrix, share):
    values = matrix.numpy().copy()
    order = np.argsort(np.abs(values), axis=None)[: int(np.floor(share * values.size))]
    values.flat[order] = 0
    return torch.from_numpy(values)


def _prune_threshold(matrix, share):
    count = int(share * matrix.numel())
    if count == 0:
        return matrix.clone()
    least = matrix.abs().flatten().kthvalue(count).values
    return matrix * (matrix.abs() > least)


def _prune_topk(matrix, share):
    kept = torch.ones(matrix.numel(), dtype=torch.bool)
    kept[matrix.abs().flatten().topk(int(share * matrix.numel()), largest=False).indices] = False
    return torch.where(kept.view(matrix.shape), matrix, 0.0)


def _prune_loops(matrix, share):
    pruned = matrix.clone()
    places = sorted(((abs(float(x)), n, k) for n, row in enumerate(matrix) for k, x in enumerate(row)))
    for _, n, k in places[: int(share * matrix.numel())]:
        pruned[n, k] = 0
    return pruned


_TYPES, _SHARED, _EQUAL, _EMPTY = "compte chaque type à sa taille", "compte une fois ce qui a deux noms", "compte deux fois deux tenseurs égaux", "rend zéro pour un état vide"
_PAIR, _ROUND, _ZERO = "rend des entiers de 8 bits et une échelle par ligne", "arrondit chaque poids à son échelle", "laisse une ligne nulle à zéro"
_SQUARE, _LONG = "calcule la même chose, matrice carrée", "calcule la même chose, matrice allongée"
_NEXT, _SLOTS, _ONE, _MANY, _NONE = "donne une rangée libérée au suivant", "suit le nombre de rangées", "une seule rangée écrit tout", "des rangées de trop ne gênent pas", "aucun texte, aucun pas"
_HALF, _FLOOR, _SHARE, _NOTHING = "ôte la moitié la plus petite", "arrondit à l'entier inférieur", "suit la part demandée", "n'ôte rien pour une part nulle"

# --- Ce que des personnes ont écrit, et que les fiches acceptaient ou nommaient mal ---------------------


def _bytes_by_object(state):
    return sum(value.nbytes for value in {id(value): value for value in state.values()}.values())


def _rows_ceiling(matrix):
    scales = matrix.abs().amax(1) / 127
    scales = torch.where(scales == 0, torch.ones_like(scales), scales)
    return (matrix / scales[:, None]).ceil().to(torch.int8), scales


def _rows_swapped(matrix):
    return _rows_ceiling(matrix)[::-1]


def _linear_own_bias(conv):
    linear = nn.Linear(*conv.weight.shape)
    linear.weight.data = conv.weight.data.T
    return linear


def _greedy(lengths, slots):
    ends = [0] * slots
    for length in lengths:
        ends[ends.index(min(ends))] += length
    return ends


def _pruned(matrix, count):
    flat = matrix.flatten().clone()
    flat[matrix.abs().flatten().argsort()[:count]] = 0
    return flat.reshape(matrix.shape)


def _prune_below(matrix, share):
    ranked = matrix.abs().flatten().sort().values
    threshold = ranked[min(int(share * len(ranked)), len(ranked) - 1)]
    return torch.where(matrix.abs() < threshold, torch.zeros_like(matrix), matrix)


def _prune_by_row(matrix, share):
    return torch.stack([_pruned(row, int(share * len(row))) for row in matrix])


_QUEUE = "donne une rangée libérée au suivant"
WRITTEN = {
    "deploy.state_bytes": (Answer(_bytes_by_object, "reconnaît une mémoire sous deux objets, et une vue", "une seule mémoire"),),
    "deploy.quantize_rows": (
        Answer(_rows_ceiling, "arrondit chaque poids à son échelle", "arrondi au-dessus"),
        Answer(_rows_swapped, "rend des entiers de 8 bits et une échelle par ligne", "à l'envers"),
    ),
    "deploy.linear_of": (Answer(_linear_own_bias, "calcule la même chose, matrice carrée", "le biais n'est pas celui de conv"),),
    "deploy.continuous_steps": (
        Answer(lambda lengths, slots: max(_greedy(sorted(lengths), slots)), _QUEUE, "rangés par longueur"),
        Answer(lambda lengths, slots: max(_greedy(lengths[::-1], slots)), _QUEUE, "pris par la fin"),
        Answer(lambda lengths, slots: min(_greedy(lengths, slots)), _QUEUE, "la dernière finit plus tard"),
        Answer(_greedy, _QUEUE, "celui de la dernière"),
    ),
    "deploy.prune_smallest": (
        Answer(lambda matrix, share: _pruned(matrix, round(share * matrix.numel())), "arrondit à l'entier inférieur", "Trois poids sont ôtés"),
        Answer(_prune_below, "ôte tout pour une part de un", "Le plus grand reste"),
        Answer(_prune_by_row, "ôte la moitié la plus petite", "ligne par ligne"),
    ),
}  # fmt: skip


def _bytes_whole_storage(state):
    return sum({v.untyped_storage().data_ptr(): v.untyped_storage().nbytes() for v in state.values()}.values())


def _bytes_by_shape(state):
    return sum({(v.data_ptr(), v.shape): v.nbytes for v in state.values()}.values())


def _bytes_three_types(state):
    sizes = {torch.int8: 1, torch.float16: 2}
    return sum({v.data_ptr(): v.numel() * sizes.get(v.dtype, 4) for v in state.values()}.values())


def _bytes_bits(state):
    return sum({v.data_ptr(): v.numel() // 8 if v.dtype == torch.bool else v.nbytes for v in state.values()}.values())


def _linear_borrowed(conv):
    layer = nn.Linear(*conv.weight.shape)
    layer.forward = conv.forward
    return layer


def _linear_freezes(conv):
    return _linear_copy(conv.requires_grad_(False))


def _steps_one_a_step(lengths, slots):
    left, running, steps = list(lengths[slots:]), list(lengths[:slots]), 0
    while running or left:
        running, steps = [length - 1 for length in running if length > 1], steps + 1
        if left and len(running) < slots:
            running.append(left.pop(0))
    return steps


def _prune_tied_kept(matrix, share):
    count, sizes = int(share * matrix.numel()), matrix.abs()
    least = sizes.flatten().sort().values[count] if count < matrix.numel() else math.inf
    return matrix.masked_fill(sizes < least, 0)


def _prune_of_nonzero(matrix, share):
    full = int((matrix != 0).sum())
    return _pruned(matrix, matrix.numel() - full + int(share * full))


def _prune_same(matrix, share):
    count = int(share * matrix.numel())
    return _pruned(matrix, count) if count else matrix


_VIEWS, _OTHERS, _SIZES = "reconnaît une mémoire sous deux objets, et une vue", "compte aussi les autres types", "suit des lignes de toute grandeur"
_EVEN = "en ôte le nombre voulu, même à égalité"

WRITTEN["deploy.state_bytes"] = (
    *WRITTEN.get("deploy.state_bytes", ()),
    Answer(_bytes_whole_storage, _VIEWS, "toute la réserve"),
    Answer(_bytes_by_shape, _VIEWS, "ses deux formes"),
    Answer(_bytes_three_types, _OTHERS, "à quatre octets"),
    Answer(_bytes_bits, _OTHERS, "booléen"),
)
WRITTEN["deploy.quantize_rows"] += (
    Answer(_rows("_tiny_as_zero", scale=lambda m: (m.abs().amax(1) / 127).where(m.abs().amax(1) > 1e-4, 0)), _SIZES, "prise pour nulle"),
    Answer(_rows("_at_most_one", scale=lambda m: (m.abs().amax(1) / 127).clamp_max(1)), _SIZES, "peut dépasser 1"),
)
WRITTEN["deploy.linear_of"] += (
    Answer(_linear_borrowed, "calcule la même chose, matrice carrée", "ses propres poids"),
    Answer(_linear_freezes, "calcule la même chose, matrice carrée", "n'apprennent plus"),
)
WRITTEN["deploy.continuous_steps"] += (
    Answer(_steps_one_a_step, "remplit ensemble les rangées libérées ensemble", "Une seule rangée"),
)
WRITTEN["deploy.prune_smallest"] += (
    Answer(_prune_threshold, _EVEN, "sont ôtés"),
    Answer(_prune_tied_kept, _EVEN, "sont gardés"),
    Answer(_prune_of_nonzero, "compte aussi les poids déjà nuls", "comptent aussi"),
    Answer(_prune_same, "rend un nouveau tenseur", "rendez une copie"),
)


WRONG = {
    "deploy.state_bytes": (
        Answer(_bytes_as_given, _TYPES, "Les entiers ne sont pas comptés, et"),
        Answer(_summing("_floats", lambda v: v.numel() * v.element_size() if v.is_floating_point() else 0), _TYPES, "Les entiers de 8 bits"),
        Answer(_summing("_numbers", lambda v: v.numel()), _TYPES, "nombre d'éléments"),
        Answer(_summing("_four", lambda v: 4 * v.numel()), _TYPES, "quatre octets : element_size"),
        Answer(_summing("_bits", lambda v: 8 * v.numel() * v.element_size()), _TYPES, "Ce sont des bits"),
        Answer(_summing("_float_numbers", lambda v: v.numel() if v.is_floating_point() else 0), _TYPES, "ni leur taille"),
        Answer(_bytes_early, _TYPES, "les deux autres tenseurs"),
        Answer(_summing("_twice", lambda v: v.numel() * v.element_size()), _SHARED, "comptée deux fois"),
        Answer(_bytes_drop_shared, _SHARED, "plus comptée du tout"),
        Answer(_bytes_by_value, _EQUAL, "et non la même mémoire"),
        Answer(_bytes_empty_none, _EMPTY),
        Answer(_bytes_print, _TYPES),
    ),
    "deploy.quantize_rows": (
        Answer(_rows("_floats", kind=torch.float32), _PAIR, "encore à virgule"),
        Answer(_rows("_wide", kind=torch.int32), _PAIR, "et non torch.int8"),
        Answer(_rows("_one", out=lambda i, s: i), _PAIR, "deux tenseurs"),
        Answer(_rows("_column", out=lambda i, s: (i, s[:, None])), _PAIR, "une échelle par ligne"),
        Answer(_rows("_by_column", scale=lambda m: m.abs().amax(0)[None] / 127), _PAIR, "une échelle par ligne"),
        Answer(_rows("_cut", round_=torch.trunc), _ROUND, "coupé, et non arrondi"),
        Answer(_rows_one_scale, _ROUND, "chacune a la sienne"),
        Answer(_rows("_128", scale=lambda m: m.abs().amax(1) / 128), _ROUND, "divisées par 128"),
        Answer(_rows("_255", scale=lambda m: m.abs().amax(1) / 255), _ROUND, "divisées par 255"),
        Answer(_rows_largest, _ROUND, "il reste à les diviser"),
        Answer(_rows_inverse, _ROUND, "à l'envers"),
        Answer(_rows("_signed", scale=lambda m: m.amax(1) / 127), _ROUND, "en valeur absolue"),
        Answer(_rows("_range", scale=lambda m: (m.amax(1) - m.amin(1)) / 127), _ROUND, "l'étendue de la ligne"),
        Answer(_rows("_no_zero", zero=None), _ZERO, "ne pas diviser par zéro"),
        Answer(_rows("_tiny", zero=1e-8), _ZERO, "un petit nombre"),
    ),
    "deploy.linear_of": (
        Answer(_linear_as_given, _SQUARE, "n'est pas transposée"),
        Answer(_building("_clone", weight=lambda c: c.weight.data.clone()), _SQUARE, "n'est pas transposée"),
        Answer(_building("_no_bias", bias=lambda c: None), _SQUARE, "Le biais manque"),
        Answer(_linear_zero_bias, _SQUARE, "Le biais manque"),
        Answer(_building("_twice", weight=lambda c: c.weight.data.T.T), _SQUARE, "n'est pas transposée"),
        Answer(_building("_negative", weight=lambda c: -c.weight.data.T), _SQUARE, "signes contraires"),
        Answer(_building("_same", out=lambda layer, c: c), _SQUARE, "une couche nn.Linear"),
        Answer(_building("_nothing", out=lambda layer, c: None), _SQUARE, "une couche nn.Linear"),
        Answer(_building("_weights", out=lambda layer, c: layer.weight), _SQUARE, "une couche nn.Linear"),
        Answer(_linear_new, _SQUARE),
        Answer(_linear_in_place, _SQUARE, "celle qu'on donne a changé"),
        Answer(_building("_reshaped", weight=lambda c: c.weight.data.reshape(c.weight.shape[::-1])), _SQUARE, "n'est pas transposée"),
        Answer(_linear_squares_only, _LONG),
    ),
    "deploy.continuous_steps": (
        Answer(_steps_fixed, _NEXT, "lots fermés"),
        Answer(_steps("_sum", lambda lengths, slots: sum(lengths)), _NEXT, "somme des longueurs"),
        Answer(_steps("_shared", lambda lengths, slots: math.ceil(sum(lengths) / slots)), _NEXT, "partagée en trois"),
        Answer(_steps("_longest", lambda lengths, slots: max(lengths, default=0)), _NEXT, "plus long texte"),
        Answer(_steps("_texts", lambda lengths, slots: len(lengths)), _NEXT, "nombre de textes"),
        Answer(_steps_turns, _NEXT, "un texte sur trois"),
        Answer(_steps("_best_order", lambda lengths, slots: _steps_heap(sorted(lengths, reverse=True), slots)), _NEXT, "du plus long au plus court"),
        Answer(_steps_two, _NEXT, "deux rangées"),
        Answer(_steps_crash_empty, _NONE),
        Answer(_steps_eats, _NEXT, "travaillez sur une copie"),
        Answer(_steps_last, _NEXT),
        Answer(_steps("_none", lambda lengths, slots: None), _NEXT),
    ),
    "deploy.prune_smallest": (
        Answer(_pruning("_signed", key=lambda m: m), _HALF, "Le signe compte"),
        Answer(_pruning("_largest", reverse=True), _HALF, "les plus grands qui sont ôtés"),
        Answer(_pruning("_flat", shape=lambda m: (-1,)), _HALF, "La forme est perdue"),
        Answer(_prune_removed, _HALF, "ont été retirés"),
        Answer(_prune_mask, _HALF, "C'est le masque"),
        Answer(_pruning("_ceil", count=lambda s, n: math.ceil(s * n)), _FLOOR, "Trois poids sont ôtés"),
        Answer(_pruning("_kept", count=lambda s, n: n - int(s * n)), _FLOOR, "Trois poids sont ôtés"),
        Answer(_pruning("_share_kept", count=lambda s, n: int((1 - s) * n + 1e-9)), _SHARE, "que l'on ôte"),
        Answer(_prune_in_place, _HALF, "travaillez sur une copie"),
        Answer(_prune_strict, _HALF),
        Answer(_prune_share_as_threshold, _HALF),
        Answer(_prune_always_half, _SHARE),
        Answer(_prune_none, _HALF),
        Answer(_prune_crash_zero, _NOTHING),
    ),
}  # fmt: skip

WRONG |= {name: WRONG[name] + answers for name, answers in WRITTEN.items()}

RIGHT = {
    "deploy.state_bytes": (deploy_bytes_loop, _bytes_nbytes, _bytes_identity),
    "deploy.quantize_rows": (_rows_loop, _rows_numpy, _rows_keepdim),
    "deploy.linear_of": (_linear_copy, _linear_state, _linear_parameters),
    "deploy.continuous_steps": (_steps_simulated, _steps_heap, _steps_sorted),
    "deploy.prune_smallest": (_prune_numpy, _prune_topk, _prune_loops),
}  # fmt: skip


def _scales_of(matrix):
    scales = matrix.abs().amax(1) / 127
    return torch.where(scales == 0, 1.0, scales)


# --- Écrites par des personnes qui n'avaient lu que l'énoncé


def _state_bytes_one_w7(state):  # partage par nombre d'éléments
    return sum({v.numel(): v.numel() * v.element_size() for v in state.values()}.values())


def _state_bytes_one_w10(state):  # taille du fichier torch.save
    import io
    f = io.BytesIO()
    torch.save(state, f)
    return f.tell()


def _state_bytes_one_w18(state):  # rend un tenseur
    return torch.tensor([x for x in {v.data_ptr(): v.numel() * v.element_size() for v in state.values()}.values()]).sum()


def _linear_of_one_w12(conv):  # flip au lieu de T
    n_in, n_out = conv.weight.shape
    lin = nn.Linear(n_in, n_out)
    lin.weight.data = conv.weight.data.flip(0).reshape(n_out, n_in)
    lin.bias.data = conv.bias.data
    return lin


def _linear_of_one_w15(conv):  # demi précision
    n_in, n_out = conv.weight.shape
    lin = nn.Linear(n_in, n_out)
    lin.weight.data = conv.weight.data.T.contiguous().half()
    lin.bias.data = conv.bias.data.half()
    return lin


def _linear_of_one_w17(conv):  # copy_ dans conv
    n_in, n_out = conv.weight.shape
    lin = nn.Linear(n_in, n_out)
    conv.bias.data.copy_(lin.bias.data)
    lin.weight.data = conv.weight.data.T.contiguous()
    return lin


def _quantize_rows_one_w12(matrix):  # multiplie au lieu de diviser
    s = matrix.abs().amax(1) / 127
    s = torch.where(s == 0, 1.0, s)
    return ((matrix * s[:, None]).round().to(torch.int8), s)


def _quantize_rows_one_w16(matrix):  # +0.5 puis troncature
    s = matrix.abs().amax(1) / 127
    s = torch.where(s == 0, 1.0, s)
    return ((matrix / s[:, None] + 0.5).to(torch.int8), s)


def _quantize_rows_one_w20(matrix):  # clip à l'écart type
    s = matrix.std(1) * 3 / 127
    s = torch.where(s == 0, 1.0, s)
    return ((matrix / s[:, None]).round().clamp(-127, 127).to(torch.int8), s)


def _continuous_steps_one_w19(lengths, slots):  # dernière fin du dernier texte
    ends = [0] * slots
    last = 0
    for n in lengths:
        i = ends.index(min(ends))
        ends[i] += n
        last = ends[i]
    return last


def _prune_smallest_one_w13(matrix, share):  # ôte les lignes de plus petite norme
    out = matrix.clone()
    k = int(share * len(matrix))
    out[matrix.norm(dim=1).argsort()[:k]] = 0
    return out


def _prune_smallest_one_w16(matrix, share):  # un de moins
    flat = matrix.flatten().clone()
    flat[flat.abs().argsort()[:max(0, int(share * flat.numel()) - 1)]] = 0
    return flat.reshape(matrix.shape)


def _prune_smallest_one_w20(matrix, share):  # -k: : bug quand k = 0
    k = int(share * matrix.numel())
    flat = matrix.flatten().clone()
    flat[flat.abs().argsort(descending=True)[-k:]] = 0
    return flat.reshape(matrix.shape)


def _state_bytes_two_w10(state):  # garde le premier nom trié
    total, names = (0, sorted(state))
    for a, b in zip(names, names[1:] + [None]):
        if b is None or state[a].data_ptr() != state[b].data_ptr():
            total += state[a].numel() * state[a].element_size()
    return total


def _linear_of_two_w2(conv):  # linear.weight.T.data = … (ne fait rien)
    lin = nn.Linear(*conv.weight.shape)
    lin.weight.T.data = conv.weight.data
    lin.bias.data = conv.bias.data
    return lin


def _linear_of_two_w5(conv):  # poids négatifs : signe
    lin = nn.Linear(*conv.weight.shape)
    lin.weight.data = -conv.weight.data.T.contiguous()
    lin.bias.data = conv.bias.data
    return lin


def _linear_of_two_w13(conv):  # transposition en place du poids de conv par t_
    lin = nn.Linear(*conv.weight.shape)
    lin.weight.data = conv.weight.data.t_().contiguous()
    lin.bias.data = conv.bias.data
    return lin


def _linear_of_two_r1(conv):  # matrice identité : calcule
    n_in, n_out = conv.weight.shape
    lin = nn.Linear(n_in, n_out)
    with torch.no_grad():
        b = conv(torch.zeros(1, n_in))[0]
        lin.bias.copy_(b)
        lin.weight.copy_((conv(torch.eye(n_in)) - b).T)
    return lin


def _quantize_rows_two_w3(matrix):  # lignes nulles retirées
    matrix = matrix[matrix.abs().amax(1) > 0]
    s = matrix.abs().amax(1) / 127
    return ((matrix / s[:, None]).round().to(torch.int8), s)


def _quantize_rows_two_w7(matrix):  # plus grand poids signé : argmax abs garde le signe
    top = matrix.gather(1, matrix.abs().argmax(1, keepdim=True))[:, 0]
    s = top / 127
    s = torch.where(s == 0, 1.0, s)
    return ((matrix / s[:, None]).round().to(torch.int8), s)


def _quantize_rows_two_w8(matrix):  # une ligne nulle : échelle globale remplie si une seule
    s = matrix.abs().amax(1) / 127
    if (s == 0).any():
        s = torch.ones_like(s)
    return ((matrix / s[:, None]).round().to(torch.int8), s)


def _quantize_rows_two_w9(matrix):  # half()
    s = _scales_of(matrix).half()
    return ((matrix / s[:, None]).round().clamp(-127, 127).to(torch.int8), s)


def _continuous_steps_two_w2(lengths, slots):  # slots + 1
    ends = [0] * (slots + 1)
    for n in lengths:
        ends[ends.index(min(ends))] += n
    return max(ends)


def _continuous_steps_two_w4(lengths, slots):  # part de 1
    ends = [1] * slots
    for n in lengths:
        ends[ends.index(min(ends))] += n
    return max(ends)


def _continuous_steps_two_w5(lengths, slots):  # somme - recouvrement : max + reste/slots
    return max(lengths, default=0) + max(0, sum(lengths) - max(lengths, default=0)) // slots if lengths else 0


def _prune_smallest_two_w7(matrix, share):  # share en pour cent
    flat = matrix.flatten().clone()
    flat[flat.abs().argsort()[:int(share / 100 * flat.numel())]] = 0
    return flat.reshape(matrix.shape)


def _prune_smallest_two_w10(matrix, share):  # rend une liste
    flat = matrix.flatten().clone()
    flat[flat.abs().argsort()[:int(share * flat.numel())]] = 0
    return flat.reshape(matrix.shape).tolist()


READ = {
    'deploy.state_bytes': (
        Answer(_state_bytes_one_w7, 'compte deux fois deux tenseurs de même taille', "Deux tenseurs de même taille sont comptés pour un : c'est la"),
        Answer(_state_bytes_one_w10, 'compte chaque type à sa taille', "C'est plus que ce que pèsent les éléments : ni l'objet Pytho"),
        Answer(_state_bytes_one_w18, 'rend un entier', "Un entier de Python est demandé : .item() le tire d'un tense"),
        Answer(_state_bytes_two_w10, 'compte une fois ce qui a deux noms', 'La table est comptée deux fois : elle a deux noms, et une se'),
    ),
    'deploy.linear_of': (
        Answer(_linear_of_one_w12, 'calcule la même chose, matrice carrée', 'Les nombres de la matrice sont ceux de conv, mais pas à leur'),
        Answer(_linear_of_one_w15, 'calcule la même chose, matrice carrée', 'Les poids de la couche sont en torch.float16, et ceux de con'),
        Answer(_linear_of_one_w17, 'calcule la même chose, matrice carrée', 'La couche suit conv, mais le biais de conv a changé : elle d'),
        Answer(_linear_of_two_w2, 'calcule la même chose, matrice carrée', "La matrice de la couche n'a pas les nombres de conv.weight :"),
        Answer(_linear_of_two_w5, 'calcule la même chose, matrice carrée', 'La matrice a les signes contraires.'),
    ),
    'deploy.quantize_rows': (
        Answer(_quantize_rows_one_w12, 'arrondit chaque poids à son échelle', "Tous les entiers sont nuls : chaque poids est divisé par l'é"),
        Answer(_quantize_rows_one_w16, 'arrondit chaque poids à son échelle', "−50 devient −49 : ajouter 0,5 puis couper n'arrondit que les"),
        Answer(_quantize_rows_one_w20, 'arrondit chaque poids à son échelle', 'Les entiers vont avec les échelles rendues, mais ces échelle'),
        Answer(_quantize_rows_two_w3, 'laisse une ligne nulle à zéro', 'La ligne nulle a disparu : elle reste, à zéro, et son échell'),
        Answer(_quantize_rows_two_w7, 'arrondit chaque poids à son échelle', 'Une échelle est négative : elle vient du plus grand poids en'),
        Answer(_quantize_rows_two_w8, 'laisse une ligne nulle à zéro', "L'échelle de la ligne nulle est juste, mais pas celle de l'a"),
        Answer(_quantize_rows_two_w9, 'arrondit chaque poids à son échelle', "Les échelles n'ont pas le type de matrix, torch.float32."),
    ),
    'deploy.continuous_steps': (
        Answer(_continuous_steps_one_w19, 'suit le nombre de rangées', "Au pas 3, le premier texte, long de 4, n'est pas fini : on d"),
        Answer(_continuous_steps_two_w2, 'donne une rangée libérée au suivant', "C'est le compte de quatre rangées, ou de textes rangés du pl"),
        Answer(_continuous_steps_two_w4, 'donne une rangée libérée au suivant', "C'est un pas de trop : le premier token s'écrit au pas 1"),
        Answer(_continuous_steps_two_w5, 'donne une rangée libérée au suivant', "C'est un pas de trop : le premier token s'écrit au pas 1"),
    ),
    'deploy.prune_smallest': (
        Answer(_prune_smallest_one_w13, 'ôte la moitié la plus petite', "Une ligne entière est ôtée : ce sont des poids que l'on ôte,"),
        Answer(_prune_smallest_one_w16, 'ôte la moitié la plus petite', 'Le nombre de poids ôtés est 2, et non 3 : share est une part'),
        Answer(_prune_smallest_one_w20, "n'ôte rien pour une part nulle", "Tout est ôté : les zéro derniers d'une liste s'écrivent mal,"),
        Answer(_prune_smallest_two_w7, 'ôte la moitié la plus petite', 'Le nombre de poids ôtés est 0, et non 3 : share est une part'),
    ),
}  # fmt: skip

WRONG |= {name: WRONG[name] + answers for name, answers in READ.items()}
RIGHT['deploy.linear_of'] += (_linear_of_two_w13, _linear_of_two_r1,)
WRONG["deploy.prune_smallest"] += (Answer(_prune_smallest_two_w10, "rend un nouveau tenseur", "pas un tenseur"),)


def _bytes_by_storage(state):  # dédoublonne par storage.data_ptr : deux vues différentes d'une même mémoire
    return sum({v.untyped_storage().data_ptr(): v.nbytes for v in state.values()}.values())


def _linear_bare_tensor(conv):  # affecte un tenseur et non un paramètre
    linear = nn.Linear(*conv.weight.shape)
    linear.weight = conv.weight.T
    linear.bias = conv.bias
    return linear


def _steps_first_rows(lengths, slots):  # liste vide : erreur de max
    running = list(lengths[:slots])
    waiting = list(lengths[slots:])
    for length in waiting:
        i = running.index(min(running))
        running[i] += length
    return max(running)


def _steps_fill_after(lengths, slots):  # remplit après avoir compté : première place perdue
    waiting, running, steps = list(lengths), [], 0
    while waiting or running:
        steps += 1
        running = [r - 1 for r in running if r > 1]
        while waiting and len(running) < slots:
            running.append(waiting.pop(0))
    return steps


def _prune_kthvalue(matrix, share):  # kthvalue sans le cas 0, tous les égaux ôtés
    count = int(share * matrix.numel())
    threshold = matrix.abs().flatten().kthvalue(count).values
    return matrix.masked_fill(matrix.abs() <= threshold, 0)


WRONG["deploy.state_bytes"] += (
    Answer(_bytes_by_storage, "reconnaît une mémoire sous deux objets, et une vue", "Une seule des deux parts"),
)
WRONG["deploy.linear_of"] += (
    Answer(_linear_bare_tensor, "calcule la même chose, matrice carrée", "nn.Parameter"),
)
WRONG["deploy.continuous_steps"] += (
    Answer(_steps_first_rows, "aucun texte, aucun pas", "suite vide"),
    Answer(_steps_fill_after, "donne une rangée libérée au suivant", "le premier token s'écrit au pas 1"),
)
WRONG["deploy.prune_smallest"] += (
    Answer(_prune_kthvalue, "n'ôte rien pour une part nulle", "kthvalue compte à partir de 1"),
)


def use():
    """La leçon, en petit : peser, arrondir, changer de couches, élaguer, compter les pas."""
    from small import small_model

    model = small_model()
    ids = torch.tensor([[1, 2, 3]])
    with torch.no_grad():
        logits = [deploy.rounded(model)(ids).logits, deploy.with_linears(model)(ids).logits, deploy.pruned(model, 0.5)(ids).logits]
    return {"bytes": deploy.weigh(model), "logits": [one.sum().item() for one in logits], "steps": deploy.compare_batching([3, 1, 2], 2)}
