"""Leçon 03 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import operator
import random
from statistics import fmean, median, pstdev, stdev

import numpy as np
import torch

from answers import Answer
from aurore import neuron

# --- Un neurone -----------------------------------------------------------------------------------------


def _forward_no_bias(x, w, b, activation):
    return activation(sum(i * j for i, j in zip(x, w, strict=True)))


def _forward_bias_each_time(x, w, b, activation):
    return activation(sum(i * j + b for i, j in zip(x, w, strict=True)))


def _forward_product_of_sums(x, w, b, activation):
    return activation(sum(x) * sum(w) + b)


def _forward_adds_everything(x, w, b, activation):
    return activation(sum(x) + sum(w) + b)


def _forward_stops_early(x, w, b, activation):
    return activation(sum(x[i] * w[i] for i in range(len(x) - 1)) + b)


def _forward_forgets_first(x, w, b, activation):
    return activation(sum(x[i] * w[i] for i in range(1, len(x))) + b)


def _forward_bias_multiplies(x, w, b, activation):
    return activation(sum(i * j for i, j in zip(x, w, strict=True)) * b)


def _forward_overwrites(x, w, b, activation):
    for i, j in zip(x, w, strict=True):
        z = i * j
    return activation(z + b)


def _forward_returns_in_loop(x, w, b, activation):
    z = b
    for i, j in zip(x, w, strict=True):
        z += i * j
        return activation(z)


def _forward_no_activation(x, w, b, activation):
    return sum(i * j for i, j in zip(x, w, strict=True)) + b


def _forward_bias_after(x, w, b, activation):
    return activation(sum(i * j for i, j in zip(x, w, strict=True))) + b


def _forward_activates_each(x, w, b, activation):
    return sum(activation(i * j) for i, j in zip(x, w, strict=True)) + b


def _forward_always_relu(x, w, b, activation):
    return max(0, sum(i * j for i, j in zip(x, w, strict=True)) + b)


def _forward_two_inputs(x, w, b, activation):
    return activation(sum(i * j for i, j in zip(x[:2], w[:2], strict=True)) + b)


def _forward_prints(x, w, b, activation):
    print(activation(sum(i * j for i, j in zip(x, w, strict=True)) + b))


def _forward_returns_a_list(x, w, b, activation):
    return [activation(i * j + b) for i, j in zip(x, w, strict=True)]


def _forward_minus_bias(x, w, b, activation):
    return activation(sum(i * j for i, j in zip(x, w, strict=True)) - b)


def _forward_multiplies_lists(x, w, b, activation):
    return activation(x * w + b)


def _forward_from_one(x, w, b, activation):
    z = b
    for i in range(1, len(x) + 1):
        z += x[i] * w[i]
    return activation(z)


def _forward_text(x, w, b, activation):
    return str(activation(sum(i * j for i, j in zip(x, w, strict=True)) + b))


def _forward_loop(x, w, b, activation):
    z = b
    for i in range(len(x)):
        z = z + x[i] * w[i]
    return activation(z)


def _forward_numpy(x, w, b, activation):
    return activation(float(np.dot(x, w)) + b)


def _forward_map(x, w, b, activation):
    return activation(sum(map(operator.mul, x, w), b))


# --- Le gradient ----------------------------------------------------------------------------------------


def _p(x, w, b):
    return sum(i * j for i, j in zip(x, w, strict=True)) + b


def _gradient_no_two(x, y, w, b):
    gap = _p(x, w, b) - y
    return [gap * i for i in x], gap


def _gradient_wrong_sign(x, y, w, b):
    gap = 2 * (y - _p(x, w, b))
    return [gap * i for i in x], gap


def _gradient_no_input(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [gap for _ in x], gap


def _gradient_no_bias_in_answer(x, y, w, b):
    gap = 2 * (_p(x, w, 0) - y)
    return [gap * i for i in x], gap


def _gradient_no_truth(x, y, w, b):
    through = 2 * _p(x, w, b)
    return [through * i for i in x], through


def _gradient_still_squared(x, y, w, b):
    through = 2 * (_p(x, w, b) - y) ** 2
    return [through * i for i in x], through


def _gradient_bias_does_not_move(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [gap * i for i in x], 0


def _gradient_bias_has_inputs(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [gap * i for i in x], gap * sum(x)


def _gradient_one_list(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [*(gap * i for i in x), gap]


def _gradient_weights_only(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [gap * i for i in x]


def _gradient_bias_first(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return gap, [gap * i for i in x]


def _gradient_no_weights(x, y, w, b):
    gap = 2 * (sum(x) + b - y)
    return [gap * i for i in x], gap


def _gradient_by_the_weights(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [gap * j for j in w], gap


def _gradient_two_inputs(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return [gap * x[0], gap * x[1]], gap


def _gradient_with_relu(x, y, w, b):
    gap = 2 * (max(0, _p(x, w, b)) - y)
    return [gap * i for i in x], gap


def _gradient_dictionary(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return {"dw": [gap * i for i in x], "db": gap}


def _gradient_one_number(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    return gap * sum(x), gap


def _gradient_pushed_hard(x, y, w, b):
    def error(w, b):
        return (_p(x, w, b) - y) ** 2

    pushed = [[*w[:k], w[k] + 0.1, *w[k + 1 :]] for k in range(len(w))]
    return [(error(one, b) - error(w, b)) / 0.1 for one in pushed], (error(w, b + 0.1) - error(w, b)) / 0.1


def _gradient_error_itself(x, y, w, b):
    error = (_p(x, w, b) - y) ** 2
    return [error for _ in x], error


def _gradient_changes_weights(x, y, w, b):
    gap = 2 * (_p(x, w, b) - y)
    for i in range(len(w)):
        w[i] = gap * x[i]
    return w, gap


def _gradient_loop(x, y, w, b):
    p = b
    for i in range(len(x)):
        p += x[i] * w[i]
    dw = []
    for x_i in x:
        dw.append(2 * (p - y) * x_i)
    return dw, 2 * (p - y)


def _gradient_numpy(x, y, w, b):
    x, w = np.array(x), np.array(w)
    through = 2 * (x @ w + b - y)
    return through * x, through


def _gradient_autograd(x, y, w, b):
    weights = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(float(b), dtype=torch.float64, requires_grad=True)
    error = ((torch.tensor(x, dtype=torch.float64) * weights).sum() + bias - y) ** 2
    error.backward()
    return weights.grad.tolist(), bias.grad.item()


# --- La boucle ------------------------------------------------------------------------------------------


def _epoch_no_zero(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_no_step(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_no_backward(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_erases_before_step(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_steps_first(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_one_step_at_the_end(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    optimizer.zero_grad()
    for x, y in batches:
        loss = loss_function(model(x), y)
        loss.backward()
        total += loss.item() * len(x)
        seen += len(x)
    optimizer.step()
    return total / seen


def _epoch_erases_once(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    optimizer.zero_grad()
    for x, y in batches:
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_returns_in_loop(model, batches, loss_function, optimizer):
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()


def _epoch_skips_first(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in list(batches)[1:]:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_twice(model, batches, loss_function, optimizer):
    for _ in range(2):
        mean = _epoch_plain(model, batches, loss_function, optimizer)
    return mean


def _epoch_swapped(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(y, model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_own_loss(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = ((model(x) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _returning(name, answer):
    """Une boucle juste, et ce qu'elle rend des erreurs et des tailles de ses lots."""

    def epoch(model, batches, loss_function, optimizer):
        losses, sizes = [], []
        for x, y in batches:
            loss = loss_function(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss)
            sizes.append(len(x))
        return answer(losses, sizes)

    epoch.__name__ = name
    return epoch


_epoch_mean_of_batches = _returning("_epoch_mean_of_batches", lambda losses, _: fmean(loss.item() for loss in losses))
_epoch_sum_of_batches = _returning("_epoch_sum_of_batches", lambda losses, _: sum(loss.item() for loss in losses))
_epoch_last = _returning("_epoch_last", lambda losses, _: losses[-1].item())
_epoch_sum = _returning(
    "_epoch_sum", lambda losses, sizes: sum(loss.item() * n for loss, n in zip(losses, sizes, strict=True))
)
_epoch_unweighted = _returning(
    "_epoch_unweighted", lambda losses, sizes: sum(loss.item() for loss in losses) / sum(sizes)
)
_epoch_by_batches = _returning(
    "_epoch_by_batches",
    lambda losses, sizes: sum(loss.item() * n for loss, n in zip(losses, sizes, strict=True)) / len(sizes),
)
_epoch_tensor = _returning(
    "_epoch_tensor", lambda losses, sizes: sum(loss * n for loss, n in zip(losses, sizes, strict=True)) / sum(sizes)
)
_epoch_nothing = _returning("_epoch_nothing", lambda losses, sizes: None)
_epoch_all_losses = _returning("_epoch_all_losses", lambda losses, sizes: [loss.item() for loss in losses])


def _epoch_measures_after(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss_function(model(x), y).item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_needs_a_list(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for i in range(len(batches)):
        x, y = batches[i]
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_reads_twice(model, batches, loss_function, optimizer):
    total = 0.0
    seen = sum(len(x) for x, _ in batches)
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    return total / seen


def _epoch_forgets_parentheses(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward  # noqa: B018
        optimizer.step
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


def _epoch_without_gradient(model, batches, loss_function, optimizer):
    for x, y in batches:
        with torch.no_grad():
            loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def _epoch_plain(model, batches, loss_function, optimizer):
    total, seen = 0.0, 0
    for x, y in batches:
        prediction = model(x)
        loss = loss_function(prediction, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total = total + float(loss.detach()) * x.shape[0]
        seen = seen + x.shape[0]
    return total / seen


_epoch_weighted_lists = _returning(
    "_epoch_weighted_lists",
    lambda losses, sizes: float(np.average([loss.item() for loss in losses], weights=sizes)),
)


def _epoch_torch(model, batches, loss_function, optimizer):
    every = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        every += [loss.detach()] * y.size(0)
    return torch.stack(every).mean().item()


# --- Des lots mêlés -------------------------------------------------------------------------------------


def _batches_in_order(rows, batch_size, seed):
    return [rows[start : start + batch_size] for start in range(0, len(rows), batch_size)]


def _batches_shuffles_in_place(rows, batch_size, seed):
    random.Random(seed).shuffle(rows)
    return _batches_in_order(rows, batch_size, seed)


def _batches_shuffles_batches(rows, batch_size, seed):
    cut = _batches_in_order(rows, batch_size, seed)
    random.Random(seed).shuffle(cut)
    return cut


def _batches_shuffles_a_lost_copy(rows, batch_size, seed):
    random.Random(seed).shuffle(list(rows))
    return _batches_in_order(rows, batch_size, seed)


def _batches_drops_the_last(rows, batch_size, seed):
    drawn = random.Random(seed).sample(rows, len(rows))
    return [drawn[i * batch_size : (i + 1) * batch_size] for i in range(len(rows) // batch_size)]


def _batches_with_replacement(rows, batch_size, seed):
    drawn = random.Random(seed).choices(rows, k=len(rows))
    return _batches_in_order(drawn, batch_size, seed)


def _batches_each_drawn_apart(rows, batch_size, seed):
    draw = random.Random(seed)
    return [draw.sample(rows, batch_size) for _ in range(0, len(rows), batch_size)]


def _batches_sliding(rows, batch_size, seed):
    drawn = random.Random(seed).sample(rows, len(rows))
    return [drawn[start : start + batch_size] for start in range(len(rows) - batch_size + 1)]


def _batches_small_first(rows, batch_size, seed):
    drawn = random.Random(seed).sample(rows, len(rows))
    return [*filter(None, [drawn[: len(rows) % batch_size]]), *_from(drawn, len(rows) % batch_size, batch_size)]


def _from(drawn, start, size):
    return [drawn[i : i + size] for i in range(start, len(drawn), size)]


def _batches_empty_tail(rows, batch_size, seed):
    drawn = random.Random(seed).sample(rows, len(rows))
    return [drawn[i * batch_size : (i + 1) * batch_size] for i in range(len(rows) // batch_size + 1)]


def _batches_flat(rows, batch_size, seed):
    return random.Random(seed).sample(rows, len(rows))


def _batches_count_not_size(rows, batch_size, seed):
    drawn = random.Random(seed).sample(rows, len(rows))
    return [drawn[i::batch_size] for i in range(batch_size)]


def _batches_own_seed(rows, batch_size, seed):
    return _batches_in_order(random.Random(0).sample(rows, len(rows)), batch_size, seed)


def _batches_no_seed(rows, batch_size, seed):
    return _batches_in_order(random.SystemRandom().sample(rows, len(rows)), batch_size, seed)


def _batches_reversed(rows, batch_size, seed):
    return _batches_in_order(sorted(rows, reverse=True), batch_size, seed)


def _batches_shuffle_gives_nothing(rows, batch_size, seed):
    drawn = random.Random(seed).shuffle(list(rows))
    return [drawn[start : start + batch_size] for start in range(0, len(drawn), batch_size)]


def _batches_sample(rows, batch_size, seed):
    drawn = random.Random(seed).sample(list(rows), len(rows))
    return _from(drawn, 0, batch_size)


def _batches_numpy(rows, batch_size, seed):
    drawn = np.random.default_rng(seed).permutation(rows)
    return [list(drawn[start : start + batch_size]) for start in range(0, len(rows), batch_size)]


def _batches_global_seed(rows, batch_size, seed):
    random.seed(seed)
    rows = sorted(rows, key=lambda _: random.random())
    cut = []
    while rows:
        cut.append(rows[:batch_size])
        rows = rows[batch_size:]
    return cut


def _batches_tuples(rows, batch_size, seed):
    drawn = tuple(random.Random(seed).sample(rows, len(rows)))
    return tuple(drawn[start : start + batch_size] for start in range(0, len(rows), batch_size))


# --- La même échelle ------------------------------------------------------------------------------------


def _scale_with_everything(rows, reference):
    columns = list(zip(*(list(rows) + list(reference)), strict=True))
    means = [sum(column) / len(column) for column in columns]
    spreads = [
        (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5 or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    return [[(v - m) / s for v, m, s in zip(row, means, spreads, strict=True)] for row in rows]


def _scaling(name, centre, width, source=lambda rows, reference: reference):
    """Une mise à l'échelle de forme juste, dont seuls changent le centre, la largeur, ou les lignes mesurées."""

    def scale(rows, reference):
        columns = list(zip(*source(rows, reference), strict=True))
        return [[(value - centre(c)) / width(c) for value, c in zip(row, columns, strict=True)] for row in rows]

    scale.__name__ = name
    return scale


def _spread(column):
    return pstdev(column) or 1.0


_scale_with_own = _scaling("_scale_with_own", fmean, _spread, lambda rows, _: rows)
_scale_sample = _scaling("_scale_sample", fmean, lambda column: stdev(column) or 1.0)
_scale_from_minimum = _scaling("_scale_from_minimum", min, _spread)
_scale_minimum_maximum = _scaling("_scale_minimum_maximum", min, lambda c: max(c) - min(c) or 1.0)
_scale_centres_only = _scaling("_scale_centres_only", fmean, lambda column: 1.0)
_scale_variance = _scaling("_scale_variance", fmean, lambda column: pstdev(column) ** 2 or 1.0)
_scale_no_centre = _scaling("_scale_no_centre", lambda column: 0.0, _spread)
_scale_divides_by_zero = _scaling("_scale_divides_by_zero", fmean, pstdev)
_scale_statistics = _scaling("_scale_statistics", fmean, _spread)


def _scale_without_parentheses(rows, reference):
    columns = list(zip(*reference, strict=True))
    return [[value - fmean(c) / _spread(c) for value, c in zip(row, columns, strict=True)] for row in rows]


def _scale_nothing(rows, reference):
    return rows


def _scale_all_columns_together(rows, reference):
    values = [value for row in reference for value in row]
    mean, spread = fmean(values), _spread(values)
    return [[(value - mean) / spread for value in row] for row in rows]


def _scale_transposed(rows, reference):
    return [list(column) for column in zip(*_scale_numpy(rows, reference), strict=True)]


def _scale_epsilon(rows, reference):
    array = np.array(reference)
    return (np.array(rows) - array.mean(0)) / (array.std(0) + 0.1)


def _scale_rows_not_columns(rows, reference):
    array = np.array(reference)
    return ((np.array(rows).T - array.mean(1)) / (array.std(1) + 1e-9)).T.tolist()


def _scale_torch(rows, reference):
    table = torch.tensor(reference)
    spread = table.std(0, correction=0)
    return ((torch.tensor(rows) - table.mean(0)) / torch.where(spread == 0, 1.0, spread)).tolist()


def _scale_numpy(rows, reference):
    array = np.array(reference, dtype=float)
    spread = array.std(axis=0)
    spread[spread == 0] = 1.0
    return ((np.array(rows, dtype=float) - array.mean(axis=0)) / spread).tolist()


def _scale_loops(rows, reference):
    scaled = [list(row) for row in rows]
    for j in range(len(reference[0])):
        mean = sum(row[j] for row in reference) / len(reference)
        variance = sum((row[j] - mean) ** 2 for row in reference) / len(reference)
        for row in scaled:
            row[j] = row[j] - mean if variance == 0 else (row[j] - mean) / variance**0.5
    return scaled


# --- L'examen qui sert deux fois ------------------------------------------------------------------------


def _choose_by_test(validation, test):
    best = max(range(len(test)), key=lambda rank: test[rank])
    return best, test[best]


def _choose_validation_mark(validation, test):
    best = validation.index(max(validation))
    return best, validation[best]


def _choose_by_test_tells_validation(validation, test):
    best = test.index(max(test))
    return best, validation[best]


def _choose_best_of_both(validation, test):
    return validation.index(max(validation)), max(test)


def _choose_worst(validation, test):
    best = validation.index(min(validation))
    return best, test[best]


def _choose_mark_first(validation, test):
    best = validation.index(max(validation))
    return test[best], best


def _choose_mark_only(validation, test):
    return test[validation.index(max(validation))]


def _choose_rank_only(validation, test):
    return validation.index(max(validation))


def _choose_mark_for_rank(validation, test):
    return max(validation), test[validation.index(max(validation))]


def _choose_last_of_equals(validation, test):
    best = max(range(len(validation)), key=lambda rank: (validation[rank], rank))
    return best, test[best]


def _choose_sum(validation, test):
    marks = [one + other for one, other in zip(validation, test, strict=True)]
    best = marks.index(max(marks))
    return best, test[best]


def _choose_sorts(validation, test):
    validation.sort(reverse=True)
    return 0, test[0]


def _choose_counts_from_one(validation, test):
    best = validation.index(max(validation))
    return best + 1, test[best]


def _choose_index(validation, test):
    best = validation.index(max(validation))
    return best, test[best]


def _choose_loop(validation, test):
    best = 0
    for rank in range(1, len(validation)):
        if validation[rank] > validation[best]:
            best = rank
    return best, test[best]


def _choose_numpy(validation, test):
    best = int(np.argmax(validation))
    return best, float(test[best])


def _choose_list(validation, test):
    rank = sorted(range(len(validation)), key=lambda rank: -validation[rank])[0]
    return [rank, test[rank]]


def _choose_pairs(validation, test):
    return max(enumerate(test), key=lambda pair: validation[pair[0]])


_SUM, _AFTER, _GIVEN, _MANY = (
    "fait la somme pondérée, plus le biais",
    "applique l'activation à la fin, biais compris",
    "appelle l'activation qu'on lui donne",
    "prend autant d'entrées qu'il en vient",
)
_SLOPES, _EVERY = (
    "trouve la pente pour chaque poids et pour le biais",
    "tient compte des poids, et du nombre d'entrées",
)
_STEP, _ORDER, _MEAN, _ANY = (
    "corrige les poids à chaque lot",
    "donne à l'erreur la prédiction, puis la bonne réponse",
    "rend l'erreur moyenne par exemple",
    "prend les lots comme ils viennent",
)
_MIX, _KEEP, _SEED = "mélange les lignes", "ne perd et ne répète rien", "suit la graine, et elle seule"
_ALONE, _COLUMNS, _FLAT = (
    "prend l'échelle de reference seule",
    "divise par l'écart-type de chaque colonne",
    "survit à une colonne constante",
)
_FIVE = "mesure l'écart-type de cinq lignes"

_PICK, _TIE = "choisit sur la validation, annonce l'examen", "à égalité, garde le premier"

WRONG = {
    "neuron.forward": (
        Answer(_forward_no_bias, _SUM, "il manque le biais"),
        Answer(_forward_bias_each_time, _SUM, "une seule fois"),
        Answer(_forward_product_of_sums, _SUM, "son propre poids"),
        Answer(_forward_adds_everything, _SUM, "se multiplie par son poids"),
        Answer(_forward_stops_early, _SUM, "la seconde entrée"),
        Answer(_forward_returns_in_loop, _SUM, "la seconde entrée"),
        Answer(_forward_forgets_first, _SUM, "la première entrée"),
        Answer(_forward_overwrites, _SUM, "la première entrée"),
        Answer(_forward_bias_multiplies, _SUM, "il ne multiplie pas"),
        Answer(_forward_prints, _SUM, "None"),
        Answer(_forward_returns_a_list, _SUM, "liste"),
        Answer(_forward_no_activation, _AFTER, "lui appliquer l'activation"),
        Answer(_forward_bias_after, _AFTER, "avant l'activation"),
        Answer(_forward_activates_each, _AFTER, "s'applique une fois"),
        Answer(_forward_always_relu, _GIVEN, "c'est ReLU"),
        Answer(_forward_two_inputs, _MANY, "deux premières entrées"),
        Answer(_forward_minus_bias, _SUM, "14 de moins"),
        Answer(_forward_multiplies_lists, _SUM, "type"),
        Answer(_forward_from_one, _SUM, "indice dépasse"),
        Answer(_forward_text, _SUM, "un texte"),
    ),
    "neuron.gradient": (
        Answer(_gradient_no_two, _SLOPES, "deux fois trop petit"),
        Answer(_gradient_wrong_sign, _SLOPES, "mauvais signe"),
        Answer(_gradient_no_input, _SLOPES, "fois son entrée"),
        Answer(_gradient_no_bias_in_answer, _SLOPES, "manque dans la réponse"),
        Answer(_gradient_no_truth, _SLOPES, "il faut l'écart"),
        Answer(_gradient_still_squared, _SLOPES, "plus au carré"),
        Answer(_gradient_bias_does_not_move, _SLOPES, "est nulle"),
        Answer(_gradient_bias_has_inputs, _SLOPES, "n'a pas d'entrée"),
        Answer(_gradient_one_list, _SLOPES, "rendez un couple"),
        Answer(_gradient_weights_only, _SLOPES, "celle du biais"),
        Answer(_gradient_bias_first, _SLOPES, "p = 2 + 5 + 1"),
        Answer(_gradient_error_itself, _SLOPES, "p = 2 + 5 + 1"),
        Answer(_gradient_changes_weights, _SLOPES, "copie"),
        Answer(_gradient_no_weights, _EVERY, "par leurs poids"),
        Answer(_gradient_by_the_weights, _SLOPES, "fois son entrée"),
        Answer(_gradient_two_inputs, _EVERY, "trois pentes"),
        Answer(_gradient_with_relu, _EVERY, "n'a pas d'activation"),
        Answer(_gradient_dictionary, _SLOPES, "dictionnaire"),
        Answer(_gradient_one_number, _SLOPES, "p = 2 + 5 + 1"),
        Answer(_gradient_pushed_hard, _SLOPES, "p = 2 + 5 + 1"),
    ),
    "neuron.train_epoch": (
        Answer(_epoch_no_zero, _STEP, "optimizer.zero_grad() n'a jamais été appelé"),
        Answer(_epoch_no_step, _STEP, "optimizer.step() n'a jamais été appelé"),
        Answer(_epoch_no_backward, _STEP, "loss.backward() n'a jamais été appelé"),
        Answer(_epoch_erases_before_step, _STEP, "effacé juste après loss.backward()"),
        Answer(_epoch_steps_first, _STEP, "avant loss.backward()"),
        Answer(_epoch_one_step_at_the_end, _STEP, "optimizer.step() a été appelé 1 fois pour 3 lots"),
        Answer(_epoch_erases_once, _STEP, "optimizer.zero_grad() a été appelé 1 fois pour 3 lots"),
        Answer(_epoch_returns_in_loop, _STEP, "1 fois pour 3 lots"),
        Answer(_epoch_skips_first, _STEP, "2 fois pour 3 lots"),
        Answer(_epoch_twice, _STEP, "À chaque lot"),
        Answer(_epoch_swapped, _ORDER, "à l'envers"),
        Answer(_epoch_own_loss, _ORDER, "loss_function(prédiction, bonne réponse)"),
        Answer(_epoch_mean_of_batches, _MEAN, "la moyenne des deux lots"),
        Answer(_epoch_sum_of_batches, _MEAN, "la somme des erreurs des lots"),
        Answer(_epoch_last, _MEAN, "dernier lot"),
        Answer(_epoch_sum, _MEAN, "reste à la diviser"),
        Answer(_epoch_by_batches, _MEAN, "nombre de lots"),
        Answer(_epoch_unweighted, _MEAN, "ne compte qu'une fois"),
        Answer(_epoch_tensor, _MEAN, "un tenseur"),
        Answer(_epoch_nothing, _MEAN, "None"),
        Answer(_epoch_all_losses, _MEAN, "liste"),
        Answer(_epoch_measures_after, _MEAN, "déjà une moyenne"),
        Answer(_epoch_needs_a_list, _ANY),
        Answer(_epoch_reads_twice, _ANY),
        Answer(_epoch_forgets_parentheses, _STEP, "loss.backward() n'a jamais été appelé"),
        Answer(_epoch_without_gradient, _STEP),
    ),
    "neuron.make_batches": (
        Answer(_batches_in_order, _MIX, "mélangez avant de couper"),
        Answer(_batches_shuffles_a_lost_copy, _MIX, "mélangez avant de couper"),
        Answer(_batches_shuffles_batches, _MIX, "restées ensemble"),
        Answer(_batches_shuffles_in_place, _MIX, "mélange sur place"),
        Answer(_batches_flat, _MIX, "chaque lot est une liste"),
        Answer(_batches_drops_the_last, _KEEP, "le dernier, plus petit"),
        Answer(_batches_with_replacement, _KEEP, "reviennent"),
        Answer(_batches_each_drawn_apart, _KEEP, "reviennent"),
        Answer(_batches_sliding, _KEEP, "reviennent"),
        Answer(_batches_small_first, _KEEP, "en premier"),
        Answer(_batches_empty_tail, _KEEP, "rien après"),
        Answer(_batches_count_not_size, _KEEP, "Six lots de trois"),
        Answer(_batches_no_seed, _SEED, "ne dépend que de la graine"),
        Answer(_batches_own_seed, _SEED, "se servir de seed"),
        Answer(_batches_reversed, _SEED, "se servir de seed"),
        Answer(_batches_shuffle_gives_nothing, _MIX, "None"),
    ),
    "neuron.standardise": (
        Answer(_scale_with_everything, _ALONE, "lignes réunies"),
        Answer(_scale_with_own, _ALONE, "sa propre échelle"),
        Answer(_scale_sample, _ALONE, "n − 1"),
        Answer(_scale_from_minimum, _ALONE, "1 son minimum"),
        Answer(_scale_minimum_maximum, _ALONE, "entre minimum et maximum"),
        Answer(_scale_nothing, _ALONE, "n'a pas changé"),
        Answer(_scale_epsilon, _ALONE, "(6 − 2) / 1"),
        Answer(_scale_centres_only, _COLUMNS, "reste à les diviser"),
        Answer(_scale_variance, _COLUMNS, "racine carrée"),
        Answer(_scale_no_centre, _ALONE, "n'a pas changé"),
        Answer(_scale_all_columns_together, _COLUMNS, "par colonne"),
        Answer(_scale_transposed, _COLUMNS, "transposé"),
        Answer(_scale_divides_by_zero, _FLAT, "zéro"),
        Answer(_scale_rows_not_columns, _ALONE),
        Answer(_scaling("_scale_median", median, _spread), _FIVE, "la médiane"),
        Answer(_scaling("_scale_absolute", fmean, lambda c: fmean(abs(v - fmean(c)) for v in c) or 1.0), _FIVE, "sans leur signe"),
        Answer(_scale_without_parentheses, _COLUMNS, "parenthèses"),
        Answer(_scaling("_scale_times", fmean, lambda c: 1 / _spread(c)), _COLUMNS, "multipliés"),
        Answer(_scaling("_scale_backwards", fmean, lambda c: -_spread(c)), _ALONE, "à l'envers"),
        Answer(_scaling("_scale_sum", fmean, lambda c: _spread(c) * len(c) ** 0.5), _ALONE, "par rien"),
    ),
    "neuron.choose": (
        Answer(_choose_by_test, _PICK, "l'examen a choisi"),
        Answer(_choose_validation_mark, _PICK, "a servi à choisir"),
        Answer(_choose_by_test_tells_validation, _PICK, "c'est l'inverse"),
        Answer(_choose_best_of_both, _PICK, "un autre candidat"),
        Answer(_choose_worst, _PICK, "la plus basse"),
        Answer(_choose_mark_first, _PICK, "à l'envers"),
        Answer(_choose_mark_only, _PICK, "rendez aussi le rang"),
        Answer(_choose_rank_only, _PICK, "rendez aussi la note"),
        Answer(_choose_mark_for_rank, _PICK, "non un rang"),
        Answer(_choose_sum, _PICK, "l'examen a choisi"),
        Answer(_choose_sorts, _PICK),
        Answer(_choose_counts_from_one, _PICK),
        Answer(_choose_last_of_equals, _TIE, "à égalité, le premier"),
    ),
}

RIGHT = {
    "neuron.forward": (_forward_loop, _forward_numpy, _forward_map),
    "neuron.gradient": (_gradient_loop, _gradient_numpy, _gradient_autograd),
    "neuron.train_epoch": (_epoch_plain, _epoch_weighted_lists, _epoch_torch),
    "neuron.make_batches": (_batches_sample, _batches_numpy, _batches_global_seed, _batches_tuples),
    "neuron.standardise": (_scale_statistics, _scale_numpy, _scale_loops, _scale_torch),
    "neuron.choose": (_choose_index, _choose_loop, _choose_numpy, _choose_pairs, _choose_list),
}


def use():
    """Des animaux comptés, le gradient d'un lot, une addition apprise, des pile ou face. L'ordre des lots n'y change rien."""
    exam = neuron.split(neuron.additions())
    training = neuron.to_part(exam.training, exam.training)
    model = neuron.linear_neuron()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    neuron.fit(model, training, torch.nn.MSELoss(), optimizer, epochs=3, batch_size=3)
    return {
        "wrong": neuron.mistakes(neuron.animals(40, 1804, neuron.EASY), [1, 1], -6),
        "gradient": neuron.batch_gradient(exam.training[:3], [1.0, 0.5], 0.5),
        "learnt": [round(weight, 3) for weight in [*model.weight[0].tolist(), model.bias.item()]],
        "coins": list(neuron.coin_tossers(5, 10, repeats=20)),
    }
