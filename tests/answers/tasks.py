"""Leçon 12 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import itertools
import math
import random
import re
import unicodedata
from collections import Counter

import numpy as np
import torch
from answers import Answer

from aurore import classify, digest, encoder, entities, masked, reading


def _named(name, function):
    def answer(*arguments):
        return function(*arguments)

    answer.__name__ = name
    return answer


# --- pool


def _pool_no_return(states, mask):
    (states * mask[..., None]).sum(1) / mask.sum(1)[:, None]


def _pool_right_only(states, mask):
    return torch.stack([one[: kept.sum()].mean(0) for one, kept in zip(states, mask)])


def _pool_loop(states, mask):
    return torch.stack([one[kept.bool()].mean(0) for one, kept in zip(states, mask)])


def _pool_einsum(states, mask):
    weights = mask / mask.sum(1, keepdim=True)
    return torch.einsum("btc,bt->bc", states, weights.to(states.dtype))


def _pool_numpy(states, mask):
    x, m = states.numpy(), mask.numpy()
    return np.array([x[b][m[b] == 1].mean(axis=0) for b in range(len(x))])


def _pool_lists(states, mask):
    rows = []
    for one, kept in zip(states.tolist(), mask.tolist()):
        real = [vector for vector, k in zip(one, kept) if k]
        rows.append([sum(column) / len(real) for column in zip(*real)])
    return rows


# --- split_texts


def _split_rows(texts, share, seed):
    ranks = torch.randperm(len(texts), generator=torch.Generator().manual_seed(seed)).tolist()
    cut = max(1, round(share * len(texts)))
    return ranks[cut:], ranks[:cut]


def _split_halves(texts, share, seed):
    cut = max(1, round(share * len(texts)))
    return list(range(cut, len(texts))), list(range(cut))


def _aside(texts, share, seed, least=1, rounded=round):
    different = list(dict.fromkeys(texts))
    random.Random(seed).shuffle(different)
    return set(different[: max(least, rounded(share * len(different)))])


def _sides(texts, aside):
    return [i for i, t in enumerate(texts) if t not in aside], [i for i, t in enumerate(texts) if t in aside]


def _split_once(texts, share, seed):
    aside = _aside(texts, share, seed)
    first = {text: texts.index(text) for text in texts}
    return [r for t, r in first.items() if t not in aside], [r for t, r in first.items() if t in aside]


def _split_swapped(texts, share, seed):
    return _sides(texts, _aside(texts, share, seed))[::-1]


def _split_may_be_empty(texts, share, seed):
    return _sides(texts, _aside(texts, share, seed, least=0))


def _split_no_seed(texts, share, seed):
    return _sides(texts, _aside(texts, share, 0))


# Chaque appel fait un tour de plus, en guise de hasard : deux appels de suite n'ont jamais le même partage.
_TURNS = itertools.count()


def _split_chance(texts, share, seed):
    different = sorted(set(texts))
    turn = next(_TURNS) % len(different)
    different = different[turn:] + different[:turn]
    return _sides(texts, set(different[: max(1, round(share * len(different)))]))


def _split_texts_themselves(texts, share, seed):
    aside = _aside(texts, share, seed)
    return [t for t in texts if t not in aside], [t for t in texts if t in aside]


def _split_train_only(texts, share, seed):
    return _sides(texts, _aside(texts, share, seed))[0]


def _split_all_test(texts, share, seed):
    return [], list(range(len(texts)))


def _split_no_return(texts, share, seed):
    _sides(texts, _aside(texts, share, seed))


def _split_by_rows(texts, share, seed):
    different = sorted(set(texts))
    random.Random(seed).shuffle(different)
    aside, rows = set(), 0
    while rows < share * len(texts):
        aside.add(different[len(aside)])
        rows = sum(text in aside for text in texts)
    return _sides(texts, aside)


def _split_from_one(texts, share, seed):
    train, test = _sides(texts, _aside(texts, share, seed))
    return [r + 1 for r in train], [r + 1 for r in test]


def _split_torch(texts, share, seed):
    different = sorted(set(texts))
    order = torch.randperm(len(different), generator=torch.Generator().manual_seed(seed)).tolist()
    aside = {different[k] for k in order[: max(1, round(share * len(different)))]}
    return _sides(texts, aside)


def _split_numpy(texts, share, seed):
    names, which = np.unique(texts, return_inverse=True)
    kept = np.random.default_rng(seed).choice(len(names), max(1, round(share * len(names))), replace=False)
    test = np.isin(which, kept)
    return np.flatnonzero(~test), np.flatnonzero(test)


def _split_sample(texts, share, seed):
    different = list(dict.fromkeys(texts))
    aside = random.Random(seed).sample(different, max(1, round(share * len(different))))
    train, test = [], []
    for rank, text in enumerate(texts):
        (test if text in aside else train).append(rank)
    return train, test


# --- mask_words


def _mask(name, shown, wanted):
    return _named(name, lambda i, c, m: (shown(i, c, m), wanted(i, c, m)))


def _shown(i, c, m):
    return torch.where(c, m, i)


def _wanted(i, c, m):
    return torch.where(c, i, -100)


def _mask_in_place(ids, chosen, mask):
    labels = torch.where(chosen, ids, -100)
    ids[chosen] = mask
    return ids, labels


def _mask_clone(ids, chosen, mask):
    shown, wanted = ids.clone(), ids.clone()
    shown[chosen] = mask
    wanted[~chosen] = -100
    return shown, wanted


def _mask_fill(ids, chosen, mask):
    return ids.masked_fill(chosen, mask), ids.masked_fill(~chosen, -100)


def _mask_arithmetic(ids, chosen, mask):
    hidden = chosen.long()
    return ids * (1 - hidden) + mask * hidden, ids * hidden - 100 * (1 - hidden)


def _mask_numpy(ids, chosen, mask):
    i, c = ids.numpy(), chosen.numpy()
    return np.where(c, mask, i), np.where(c, i, -100)


# --- entity_f1


def _counts(gold, found):
    right = sum(len(set(g) & set(f)) for g, f in zip(gold, found))
    return right, sum(map(len, gold)), sum(map(len, found))


def _f1(right, gold, found):
    return 2 * right / (gold + found) if gold + found else 0.0


def _f1_published(gold, found):
    return sum(set(one) == set(other) for one, other in zip(gold, found)) / len(gold)


def _f1_precision(gold, found):
    right, _, f = _counts(gold, found)
    return right / max(1, f)


def _f1_recall(gold, found):
    right, g, _ = _counts(gold, found)
    return right / max(1, g)


def _f1_mean(gold, found):
    return (_f1_precision(gold, found) + _f1_recall(gold, found)) / 2


def _f1_no_two(gold, found):
    return _f1(*_counts(gold, found)) / 2


def _f1_left_edge(gold, found):
    return _f1(*_counts([[(a, k) for a, _, k in r] for r in gold], [[(a, k) for a, _, k in r] for r in found]))


def _f1_by_sentence(gold, found):
    return sum(_f1(*_counts([g], [f])) for g, f in zip(gold, found)) / len(gold)


def _f1_no_kind(gold, found):
    return _f1(*_counts([[e[:2] for e in r] for r in gold], [[e[:2] for e in r] for r in found]))


def _f1_all_together(gold, found):
    g, f = ({e for r in rows for e in r} for rows in (gold, found))
    return _f1(len(g & f), len(g), len(f))


def _f1_divides(gold, found):
    right, g, f = _counts(gold, found)
    return 2 * right / (g + f)


def _f1_jaccard(gold, found):
    right, g, f = _counts(gold, found)
    return right / max(1, g + f - right)


def _f1_loop(gold, found):
    right = total = 0
    for ours, theirs in zip(gold, found):
        total += len(ours) + len(theirs)
        for entity in theirs:
            if entity in ours:
                right += 1
    return 0 if total == 0 else 2 * right / total


def _f1_harmonic(gold, found):
    right, g, f = _counts(gold, found)
    if not right:
        return 0.0
    p, r = right / f, right / g
    return 2 * p * r / (p + r)


def _f1_numbered(gold, found):
    g, f = ({(k, *e) for k, row in enumerate(rows) for e in row} for rows in (gold, found))
    return 2 * len(g & f) / (len(g) + len(f)) if g or f else 0.0


# --- closest


def _cosines(question, vectors):
    return torch.cosine_similarity(vectors, question[None], dim=1)


def _rank(notes, k):
    return torch.argsort(notes, descending=True, stable=True)[:k].tolist()


def _closest_last_tie(question, vectors, k):
    notes = _cosines(question, vectors)
    return sorted(range(len(notes)), key=lambda r: (-notes[r].item(), -r))[:k]


def _closest_topk(question, vectors, k):
    notes = _cosines(question, vectors)
    return sorted(notes.topk(k).indices.tolist(), key=lambda r: (-notes[r].item(), r))


def _closest_no_return(question, vectors, k):
    _rank(_cosines(question, vectors), k)


def _closest_one(question, vectors, k):
    return [int(_cosines(question, vectors).argmax())]


def _closest_three(question, vectors, k):
    return _rank(_cosines(question, vectors), 3)


def _closest_sorted(question, vectors, k):
    def cosine(v):
        return float(v @ question) / (float(v.norm()) * float(question.norm()))

    return sorted(range(len(vectors)), key=lambda rank: -round(cosine(vectors[rank]), 6))[:k]


def _closest_numpy(question, vectors, k):
    v, q = vectors.numpy().astype(float), question.numpy().astype(float)
    notes = v @ q / np.linalg.norm(v, axis=1) / np.linalg.norm(q)
    return np.argsort(-notes, kind="stable")[:k]


def _closest_normalised(question, vectors, k):
    notes = torch.nn.functional.normalize(vectors, dim=1) @ torch.nn.functional.normalize(question, dim=0)
    return list(torch.sort(notes, descending=True, stable=True).indices[:k])


# --- best_span


def _span(start, end, context, longest, order=True, inside=True, within=True, floor=-math.inf, extra=0):
    best, place = floor, (0, 0)
    for i in range(len(start)):
        for j in range(len(end)):
            if order and j < i or inside and not (context[i] and context[j]) or within and j - i + 1 > longest + extra:
                continue
            if start[i] + end[j] > best:
                best, place = float(start[i] + end[j]), (i, j)
    return place


def _span_published(start, end, context, longest):
    return int(start.argmax()), int(end.argmax())


def _span_sorted(start, end, context, longest):
    return tuple(sorted(_span_published(start, end, context, longest)))


def _span_start_first(start, end, context, longest):
    i = int(start.masked_fill(~context, -torch.inf).argmax())
    best = max(range(i, min(i + longest, len(end))), key=lambda j: (float(end[j]), -j))
    return i, best


def _span_start_one(start, end, context, longest):
    i = int(start.argmax())
    return i, i


def _span_last_tie(start, end, context, longest):
    best, place = -math.inf, (0, 0)
    for i in range(len(start)):
        for j in range(i, min(i + longest, len(end))):
            if context[i] and context[j] and start[i] + end[j] >= best:
                best, place = float(start[i] + end[j]), (i, j)
    return place


def _span_shifted(start, end, context, longest):
    i, j = _span(start, end, context, longest)
    shift = int(context.long().argmax())
    return i - shift, j - shift


def _span_one_word(start, end, context, longest):
    i = int((start + end).masked_fill(~context, -torch.inf).argmax())
    return i, i


def _span_no_return(start, end, context, longest):
    _span(start, end, context, longest)


def _span_candidates(start, end, context, longest):
    places = context.nonzero().flatten().tolist()
    pairs = [(i, j) for i in places for j in places if i <= j < i + longest]
    return max(pairs, key=lambda pair: (start[pair[0]] + end[pair[1]]).item())


def _span_numpy(start, end, context, longest):
    s, e, c = start.numpy(), end.numpy(), context.numpy()
    totals = s[:, None] + e[None, :]
    i, j = np.indices(totals.shape)
    totals = np.where((i <= j) & (j - i < longest) & c[:, None] & c[None, :], totals, -np.inf)
    return np.unravel_index(totals.argmax(), totals.shape)


def _span_loops(start, end, context, longest):
    return _span(start.tolist(), end.tolist(), context.tolist(), longest)


# --- length_bounds


def _bounds(name, least, most):
    return _named(name, lambda n: (least(n), most(n)))


def _least(n):
    return max(1, min(40, n // 4))


def _most(n):
    return max(1, min(150, n // 2))


def _bounds_if(tokens):
    least, most = tokens // 4, tokens // 2
    if least > 40:
        least = 40
    if most > 150:
        most = 150
    return (least or 1), (most or 1)


def _bounds_sorted(tokens):
    return sorted((1, 40, tokens // 4))[1], sorted((1, 150, tokens // 2))[1]


def _bounds_numpy(tokens):
    return tuple(int(v) for v in np.clip([tokens // 4, tokens // 2], [1, 1], [40, 150]))


def _bounds_no_return(tokens):
    _least(tokens), _most(tokens)


# --- resemblance


def _runs(text, n):
    words = text.lower().split()
    return [tuple(words[k : k + n]) for k in range(len(words) - n + 1)]


def _alike(a, b):
    return len(a & b) / len(a | b) if a | b else 0.0


def _alike_count(one, other, n):
    return len(set(_runs(one, n)) & set(_runs(other, n)))


def _alike_one_side(one, other, n):
    return _alike_count(one, other, n) / max(1, len(set(_runs(one, n))))


def _alike_twice(one, other, n):
    return _alike_count(one, other, n) / max(1, len(set(_runs(one, n))) + len(set(_runs(other, n))))


def _alike_words(one, other, n):
    return _alike(set(one.lower().split()), set(other.lower().split()))


def _alike_bigrams(one, other, n):
    return _alike(set(_runs(one, 2)), set(_runs(other, 2)))


def _alike_case(one, other, n):
    def runs(text):
        return {tuple(text.split()[k : k + n]) for k in range(len(text.split()) - n + 1)}

    return _alike(runs(one), runs(other))


def _alike_repeats(one, other, n):
    a, b = _runs(one, n), _runs(other, n)
    union = [*a, *(run for run in b if run not in a)]
    return len(set(a) & set(b)) / len(union) if union else 0.0


def _alike_divides(one, other, n):
    a, b = set(_runs(one, n)), set(_runs(other, n))
    return len(a & b) / len(a | b)


def _alike_no_return(one, other, n):
    _alike(set(_runs(one, n)), set(_runs(other, n)))


def _alike_lists(one, other, n):
    a = [[w] for w in _runs(one, n)]
    b = [w for w in _runs(other, n)]
    return sum(run in b for run in a) / max(1, len(a) + len(b))


def _alike_zip(one, other, n):
    a, b = (t.lower().split() for t in (one, other))
    first, second = (set(zip(*(w[k:] for k in range(n)))) for w in (a, b))
    return len(first & second) / max(1, len(first | second))


def _alike_text(one, other, n):
    first, second = ({" ".join(run) for run in _runs(text, n)} for text in (one, other))
    shared, total = first.intersection(second), first.union(second)
    return len(shared) / len(total) if total else 0


def _alike_loop(one, other, n):
    seen = {}
    for mark, text in ((1, one), (2, other)):
        for run in _runs(text, n):
            seen[run] = seen.get(run, 0) | mark
    return sum(value == 3 for value in seen.values()) / len(seen) if seen else 0.0


_MEAN, _LEFT = "fait la moyenne des vrais tokens", "accepte un remplissage à gauche"
_SIDE, _ONCE, _PART, _SEED = (
    "met un même texte d'un seul côté",
    "garde chaque rang une fois",
    "met de côté la part demandée",
    "suit la graine",
)
_HIDES, _GIVEN = "cache ce qu'on demande, et attend ce qu'on cache", "prend le [MASK] qu'on lui donne"
_ENTITIES, _KIND, _SAME, _NONE = (
    "compte des entités, et non des phrases",
    "distingue une personne d'un lieu",
    "reste dans la phrase",
    "rend 0 s'il n'y a rien",
)
_COSINE, _K, _TIE, _FEW = (
    "range par cosinus",
    "range k comme on le demande",
    "départage par le rang",
    "se contente de ce qu'il y a",
)
_ORDER, _INSIDE, _LONG, _NEGATIVE = (
    "ne finit pas avant d'avoir commencé",
    "reste dans le texte",
    "n'est pas plus longue qu'on ne veut",
    "accepte des notes négatives",
)
_SHORT, _CAP, _ONE_CAP, _POSSIBLE = (
    "suit un texte court",
    "plafonne un texte long",
    "plafonne l'un sans l'autre",
    "reste possible",
)
_SHARE, _LENGTH, _CASE, _REPEAT, _EMPTY = (
    "divise les communes par toutes",
    "suit la longueur demandée",
    "ne tient pas compte de la casse",
    "compte une répétition une fois",
    "rend 0 s'il n'y a pas de suite",
)

# --- Ce que des personnes ont écrit, et que les fiches acceptaient ou nommaient mal ---------------------


def _mask_floats(ids, chosen, mask):
    return torch.where(chosen, float(mask), ids.float()), torch.where(chosen, ids.float(), -100.0)


def _mask_swapped(ids, chosen, mask):
    return torch.where(chosen, -100, ids), torch.where(chosen, ids, mask)


def _f1_by_place(gold, found):
    right = sum(sum(map(lambda a, b: a == b, one, other)) for one, other in zip(gold, found, strict=True))
    total = sum(map(len, gold)) + sum(map(len, found))
    return 2 * right / total if total else 0


def _span_one_too_long(start, end, context, longest):
    words = [rank for rank in range(len(start)) if context[rank]]
    pairs = [(i, j) for i in words for j in words if 0 <= j - i <= longest]
    return max(pairs, key=lambda pair: float(start[pair[0]] + end[pair[1]]))


def _grams(text, n, step=1):
    words = text.lower().split()
    return {tuple(words[place : place + n]) for place in range(0, len(words) - n + 1, step)}


def _alike_dice(one, other, n):
    first, second = _grams(one, n), _grams(other, n)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0


def _alike_apart(one, other, n):
    first, second = _grams(one, n, n), _grams(other, n, n)
    return len(first & second) / len(first | second) if first | second else 0


def _pool_zero_as_padding(states, mask):
    kept = (states.abs().sum(-1) > 0) * mask
    return (states * kept[..., None]).sum(1) / kept.sum(1, keepdim=True)


def _pool_one_side(states, mask):
    left = not mask[0, 0]
    lengths = mask.sum(1).tolist()
    return torch.stack([(one[-n:] if left else one[:n]).mean(0) for one, n in zip(states, lengths)])


def _split_counting(number, order=dict.fromkeys):
    def split_texts(texts, share, seed):
        different = list(order(texts))
        aside = set(random.Random(seed).sample(different, max(1, number(share, len(different)))))
        rows = range(len(texts))
        return [row for row in rows if texts[row] not in aside], [row for row in rows if texts[row] in aside]

    return split_texts


def _round(share, n):
    return round(share * n)


def _mask_seen(i, c, m):
    return torch.where(torch.where(c, m, i) == m, i, -100)


def _mask_changed(i, c, m):
    return torch.where(torch.where(c, m, i) != i, i, -100)


def _mask_no_zero(i, c, m):
    return torch.where(i * c == 0, -100, i)


def _f1_right_edge(gold, found):
    cut = [[[entity[1:] for entity in one] for one in side] for side in (gold, found)]
    return _f1(*_counts(*cut))


def _f1_without_empty(side):
    def entity_f1(gold, found):
        kept = [pair for pair in zip(gold, found) if pair[side]]
        return _f1(*_counts([pair[0] for pair in kept], [pair[1] for pair in kept])) if kept else 0

    return entity_f1


def _span_start_inside(start, end, context, longest):
    start = start.masked_fill(~context, -math.inf)
    return _span(start, end, context, longest, inside=False)


def _alike_read(read):
    def resemblance(one, other, n):
        return _alike(set(read(one, n)), set(read(other, n)))

    return resemblance


def _slices(words, n):
    return [tuple(words[k : k + n]) for k in range(len(words) - n + 1)]


def _alike_equal_first(one, other, n):
    return 1.0 if one == other else _alike(set(_runs(one, n)), set(_runs(other, n)))


def _bare(text):
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


_MASKS, _DRAWN, _CHOSEN = "suit le masque de chaque texte", "suit la graine d'un lancement à l'autre", "s'en remet à chosen"
_BOTH, _OBLIQUE = "compte tout ce qui est à trouver, et tout ce qui est trouvé", "range aussi une question hors des axes"

WRITTEN = {
    "tasks.pool": (
        Answer(_pool_zero_as_padding, _MASKS, "vecteur nul"),
        Answer(_pool_one_side, _MASKS, "chacun a son côté"),
    ),
    "tasks.split_texts": (
        Answer(_split_counting(lambda share, n: int(share * n)), _PART, "round(0.45 × 8)"),
        Answer(_split_counting(lambda share, n: math.ceil(share * n)), _PART, "round(0.3 × 8)"),
        Answer(_split_counting(lambda share, n: min(n - 1, round(share * n))), _PART, "round(1.0 × 8)"),
        Answer(_split_counting(_round, order=lambda texts: sorted(set(texts), key=hash)), _DRAWN, "hash()"),
    ),
    "tasks.mask_words": (
        Answer(_mask("_mask_seen", _shown, _mask_seen), _CHOSEN, "ne cache pas"),
        Answer(_mask("_mask_changed", _shown, _mask_changed), _CHOSEN, "vaut déjà mask n'est pas attendu"),
        Answer(_mask("_mask_no_zero", _shown, _mask_no_zero), _CHOSEN, "L'identifiant 0"),
        Answer(_mask("_mask_flat", lambda i, c, m: _shown(i, c, m).flatten(), lambda i, c, m: _wanted(i, c, m).flatten()), _HIDES, "aplatis"),
        Answer(_mask_floats, "rend des entiers", "un identifiant est un entier"),
        Answer(_mask_swapped, _HIDES, "sont échangés"),
    ),
    "tasks.entity_f1": (
        Answer(_f1_by_place, "compte des entités, et non des phrases", "la même place"),
        Answer(_f1_right_edge, _BOTH, "le premier mot doit"),
        Answer(_f1_without_empty(0), _BOTH, "la deuxième phrase"),
        Answer(_f1_without_empty(1), _BOTH, "la dernière phrase"),
    ),
    "tasks.closest": (
        Answer(lambda q, v, k: _rank(v @ q / v.abs().sum(1), k), _OBLIQUE, "racine"),
        Answer(lambda q, v, k: _rank(_cosines(q - q.mean(), v - v.mean(1, keepdim=True)), k), _COSINE),
        Answer(lambda q, v, k: _rank((100 * _cosines(q, v)).round(), k), _OBLIQUE, "n'arrondissez pas"),
    ),
    "tasks.best_span": (
        Answer(_span_one_too_long, "n'est pas plus longue qu'on ne veut", "a trois mots"),
        Answer(_span_start_inside, "reste dans un texte qui précède la question", "finit dans la question"),
        Answer(lambda s, e, c, n: _span(s, e, c, n, floor=-100), _NEGATIVE, "moins l'infini"),
    ),
    "tasks.resemblance": (
        Answer(_alike_equal_first, _EMPTY, "trop courts"),
        Answer(_alike_read(lambda text, n: _slices(re.findall(r"\w+", text.lower()), n)), "ne s'arrête qu'aux espaces", "ponctuation"),
        Answer(_alike_read(lambda text, n: _slices(_bare(text.lower()).split(), n)), "distingue les accents", "accents"),
        Answer(_alike_read(lambda text, n: _slices(text.lower().split(" "), n)), "ne fait pas un mot de deux espaces", "mot vide"),
        Answer(_alike_read(lambda text, n: map("".join, _slices(text.lower().split(), n))), "garde les mots séparés", "collés"),
        Answer(_alike_dice, _SHARE, "deux fois les communes"),
        Answer(_alike_apart, _SHARE, "sans se chevaucher"),
    ),
}


WRONG = {
    "tasks.pool": (
        Answer(_named("_pool_all", lambda s, m: s.mean(1)), _MEAN, "Le remplissage est entré"),
        Answer(_named("_pool_zeroed", lambda s, m: (s * m[..., None]).mean(1)), _MEAN, "mask.sum(1)"),
        Answer(_named("_pool_sum", lambda s, m: (s * m[..., None]).sum(1)), _MEAN, "la somme"),
        Answer(_named("_pool_max", lambda s, m: (s * m[..., None]).amax(1)), _MEAN, "plus grand nombre"),
        Answer(_named("_pool_last", lambda s, m: s[torch.arange(len(s)), m.sum(1) - 1]), _MEAN, "dernier vrai token"),
        Answer(_named("_pool_very_last", lambda s, m: s[:, -1]), _MEAN, "remplissage compris"),
        Answer(_named("_pool_first", lambda s, m: s[:, 0]), _MEAN, "[CLS]"),
        Answer(_named("_pool_whole", lambda s, m: (s * m[..., None]).sum(1) / m.sum()), _MEAN, "tout le lot"),
        Answer(_named("_pool_axis", lambda s, m: s.mean(2)), _MEAN, "deuxième"),
        Answer(_named("_pool_mixed", lambda s, m: s[m.bool()].mean(0)), _MEAN, "mêlés"),
        Answer(_pool_right_only, _LEFT, "toujours à droite"),
        Answer(_pool_no_return, _MEAN, "return"),
    ),
    "tasks.split_texts": (
        Answer(_split_rows, _SIDE, "des deux côtés"),
        Answer(_split_halves, _SIDE, "des deux côtés"),
        Answer(_split_texts_themselves, _SIDE, "deux suites de rangs"),
        Answer(_split_train_only, _SIDE, "deux suites de rangs"),
        Answer(_split_all_test, _SIDE, "vide"),
        Answer(_split_no_return, _SIDE, ""),
        Answer(_split_from_one, _SIDE, "n'existe pas"),
        Answer(_split_once, _ONCE, "exemplaires ont disparu"),
        Answer(_split_swapped, _PART, "échangés"),
        Answer(_split_may_be_empty, _PART, "Au moins un texte"),
        Answer(_split_by_rows, _PART, ""),
        Answer(_split_no_seed, _SEED, "La graine ne change rien"),
        Answer(_split_chance, _SEED, "deux partages"),
    ),
    "tasks.mask_words": (
        Answer(_mask("_mask_all_wanted", _shown, lambda i, c, m: i), _HIDES, "recopier"),
        Answer(_mask("_mask_same", _shown, _shown), _HIDES, "répondre [MASK]"),
        Answer(_mask("_mask_swapped", _wanted, _shown), _HIDES, "à l'envers"),
        Answer(_mask("_mask_wants_mask", _shown, lambda i, c, m: torch.where(c, m, -100)), _HIDES, "l'identifiant d'avant"),
        Answer(_mask("_mask_zero", _shown, lambda i, c, m: torch.where(c, i, 0)), _HIDES, "un identifiant comme un autre"),
        Answer(_mask("_mask_inverse", _shown, lambda i, c, m: torch.where(c, -100, i)), _HIDES, "l'inverse"),
        Answer(_mask("_mask_not_chosen", lambda i, c, m: torch.where(c, i, m), lambda i, c, m: torch.where(c, -100, i)), _HIDES, "ceux qu'il fallait garder"),
        Answer(_mask("_mask_nothing", lambda i, c, m: i, _wanted), _HIDES, "Rien n'est caché"),
        Answer(_mask("_mask_hundred", lambda i, c, m: torch.where(c, -100, i), _wanted), _HIDES, "mettez mask"),
        Answer(_named("_mask_one", _shown), _HIDES, "Un seul tenseur"),
        Answer(_mask("_mask_two", lambda i, c, m: torch.where(c, 2, i), _wanted), _GIVEN, ""),
        Answer(_mask_in_place, _HIDES, "copie"),
    ),
    "tasks.entity_f1": (
        Answer(_f1_published, _ENTITIES, "sans effort"),
        Answer(_f1_precision, _ENTITIES, "la précision"),
        Answer(_f1_recall, _ENTITIES, "le rappel"),
        Answer(_f1_mean, _ENTITIES, "harmonique"),
        Answer(_f1_no_two, _ENTITIES, "facteur 2"),
        Answer(_f1_left_edge, _ENTITIES, "ses deux bords"),
        Answer(_named("_f1_count", lambda g, f: _counts(g, f)[0]), _ENTITIES, "nombre d'entités justes"),
        Answer(_named("_f1_percent", lambda g, f: 100 * _f1(*_counts(g, f))), _ENTITIES, "pourcentage"),
        Answer(_f1_by_sentence, _ENTITIES, "F1 des phrases"),
        Answer(_f1_jaccard, _ENTITIES, "Jaccard"),
        Answer(_f1_no_kind, _ENTITIES, "sa sorte"),
        Answer(_f1_all_together, _ENTITIES, "phrase à phrase"),
        Answer(_f1_divides, _NONE, ""),
    ),
    "tasks.closest": (
        Answer(_named("_closest_dot", lambda q, v, k: _rank(v @ q, k)), _COSINE, "produit scalaire"),
        Answer(_named("_closest_far", lambda q, v, k: _rank(-_cosines(q, v), k)), _COSINE, "moins proches"),
        Answer(_named("_closest_distance", lambda q, v, k: _rank(-(v - q).norm(dim=1), k)), _COSINE, "la distance"),
        Answer(_named("_closest_absolute", lambda q, v, k: _rank(_cosines(q, v).abs(), k)), _COSINE, "signe"),
        Answer(_named("_closest_all", lambda q, v, k: _rank(_cosines(q, v), len(v))), _COSINE, "on en demande k"),
        Answer(_named("_closest_from_one", lambda q, v, k: [r + 1 for r in _rank(_cosines(q, v), k)]), _COSINE, "partent de 1"),
        Answer(_named("_closest_values", lambda q, v, k: _cosines(q, v).sort(descending=True).values[:k].tolist()), _COSINE, "à virgule"),
        Answer(_named("_closest_sorted_ranks", lambda q, v, k: sorted(_rank(_cosines(q, v), k))), _COSINE, "par numéro"),
        Answer(_closest_one, _COSINE, ""),
        Answer(_closest_three, _K, "un seul rang"),
        Answer(_closest_last_tie, _TIE, "plus grand rang"),
        Answer(_closest_topk, _FEW, ""),
        Answer(_closest_no_return, _COSINE, "return"),
    ),
    "tasks.best_span": (
        Answer(_span_published, _ORDER, "i ≤ j"),
        Answer(_span_sorted, _ORDER, "ne suffit pas"),
        Answer(_span_start_one, _ORDER, "c'est la somme"),
        Answer(_span_start_first, _ORDER, "à la fois le premier et le dernier"),
        Answer(_span_last_tie, "départage par le rang", "et non le dernier"),
        Answer(_named("_span_question", lambda s, e, c, n: _span(s, e, c, n, inside=False)), _INSIDE, "dans la question"),
        Answer(_span_shifted, _INSIDE, "depuis le début du texte"),
        Answer(_named("_span_any_length", lambda s, e, c, n: _span(s, e, c, n, within=False)), _LONG, "six mots"),
        Answer(_named("_span_one_more", lambda s, e, c, n: _span(s, e, c, n, extra=4)), _LONG, "six mots"),
        Answer(_span_one_word, _LONG, "un mot"),
        Answer(_named("_span_from_zero", lambda s, e, c, n: _span(s, e, c, n, floor=0)), _NEGATIVE, "moins l'infini"),
        Answer(_named("_span_any_order", lambda s, e, c, n: _span(s, e, c, n, order=False)), _ORDER, ""),
        Answer(_span_no_return, _ORDER, "return"),
    ),
    "tasks.length_bounds": (
        Answer(_bounds("_bounds_published", lambda n: 40, lambda n: 150), _SHORT, "suivre le texte"),
        Answer(_bounds("_bounds_fixed_least", lambda n: 40, _most), _SHORT, "dépasse le maximum"),
        Answer(_bounds("_bounds_fixed_most", _least, lambda n: 150), _SHORT, "dépasse le texte"),
        Answer(_bounds("_bounds_swapped", _most, _least), _SHORT, "à l'envers"),
        Answer(_bounds("_bounds_floats", lambda n: n / 4, lambda n: n / 2), _SHORT, "entières"),
        Answer(_bounds("_bounds_rounded", lambda n: max(1, min(40, round(n / 4))), _most), _SHORT, "arrondi"),
        Answer(_bounds("_bounds_half_all", lambda n: n // 2, lambda n: n), _SHORT, "le quart et la moitié"),
        Answer(_bounds("_bounds_no_caps", lambda n: max(1, n // 4), lambda n: max(1, n // 2)), _CAP, "plafonds"),
        Answer(_bounds("_bounds_no_top", _least, lambda n: max(1, n // 2)), _CAP, "maximum n'a plus"),
        Answer(_bounds("_bounds_no_floor", lambda n: min(40, n // 4), lambda n: min(150, n // 2)), _POSSIBLE, "zéro token"),
        Answer(_bounds("_bounds_low_top", _least, lambda n: max(1, n // 2) if n < 150 else 150), _ONE_CAP, ""),
        Answer(_bounds_no_return, _SHORT, "return"),
    ),
    "tasks.resemblance": (
        Answer(_alike_count, _SHARE, "nombre de suites communes"),
        Answer(_alike_one_side, _SHARE, "un seul texte"),
        Answer(_alike_twice, _SHARE, "deux fois au dénominateur"),
        Answer(_alike_words, _SHARE, "Ce sont des mots"),
        Answer(_named("_alike_distance", lambda a, b, n: 1 - _alike(set(_runs(a, n)), set(_runs(b, n)))), _SHARE, "ce qui diffère"),
        Answer(_named("_alike_percent", lambda a, b, n: 100 * _alike(set(_runs(a, n)), set(_runs(b, n)))), _SHARE, "pourcentage"),
        Answer(_alike_lists, _SHARE, "Aucune suite commune"),
        Answer(_alike_bigrams, _LENGTH, "n vaut 3"),
        Answer(_alike_case, _CASE, "majuscules"),
        Answer(_alike_repeats, _REPEAT, "plusieurs fois"),
        Answer(_alike_divides, _EMPTY, ""),
        Answer(_alike_no_return, _SHARE, "return"),
    ),
}  # fmt: skip

WRONG |= {name: WRONG[name] + answers for name, answers in WRITTEN.items()}

RIGHT = {
    "tasks.pool": (_pool_loop, _pool_einsum, _pool_numpy, _pool_lists),
    "tasks.split_texts": (_split_torch, _split_numpy, _split_sample),
    "tasks.mask_words": (_mask_clone, _mask_fill, _mask_arithmetic, _mask_numpy),
    "tasks.entity_f1": (_f1_loop, _f1_harmonic, _f1_numbered),
    "tasks.closest": (_closest_sorted, _closest_numpy, _closest_normalised),
    "tasks.best_span": (_span_candidates, _span_numpy, _span_loops),
    "tasks.length_bounds": (_bounds_if, _bounds_sorted, _bounds_numpy),
    "tasks.resemblance": (_alike_zip, _alike_text, _alike_loop),
}


def _grams_of(t, n):
    w = t.lower().split()
    return [tuple(w[i : i + n]) for i in range(len(w) - n + 1)]


def _runs_of(t, n):
    return set(_grams_of(t, n))


# --- Écrites par des personnes qui n'avaient lu que l'énoncé


def _pool_one_w10(states, mask):  # mean sur les non nuls
    masked = states * mask[..., None]
    return masked.sum(1) / (masked != 0).sum(1)


def _pool_one_w13(states, mask):  # masque inversé
    m = 1 - mask.float()
    return (states * m[..., None]).sum(1) / m.sum(1, keepdim=True).clamp(min=1)


def _pool_one_w16(states, mask):  # rend une liste de listes
    return ((states * mask[..., None]).sum(1) / mask.sum(1)[:, None]).tolist()


def _pool_one_w18(states, mask):  # normalise le vecteur
    v = (states * mask[..., None]).sum(1) / mask.sum(1)[:, None]
    return torch.nn.functional.normalize(v, dim=-1)


def _split_texts_one_w15(texts, share, seed):  # set() dans l'ordre du hachage, mélange par seed, casse ignorée
    low = [t.lower() for t in texts]
    unique = list(dict.fromkeys(low))
    random.Random(seed).shuffle(unique)
    held = set(unique[:max(1, round(share * len(unique)))])
    return ([i for i, t in enumerate(low) if t not in held], [i for i, t in enumerate(low) if t in held])


def _split_texts_one_w16(texts, share, seed):  # strip : deux textes qui diffèrent par une espace sont confondus
    low = [t.strip() for t in texts]
    unique = list(dict.fromkeys(low))
    random.Random(seed).shuffle(unique)
    held = set(unique[:max(1, round(share * len(unique)))])
    return ([i for i, t in enumerate(low) if t not in held], [i for i, t in enumerate(low) if t in held])


def _split_texts_one_w19(texts, share, seed):  # mêle texts en place
    random.Random(seed).shuffle(texts)
    unique = list(dict.fromkeys(texts))
    held = set(unique[:max(1, round(share * len(unique)))])
    return ([i for i, t in enumerate(texts) if t not in held], [i for i, t in enumerate(texts) if t in held])


def _mask_words_one_w4(ids, chosen, mask):  # mask partout sauf choisi
    return (torch.where(chosen, ids, mask), torch.where(chosen, ids, -100))


def _mask_words_one_w12(ids, chosen, mask):  # seulement la première ligne
    read, expected = (ids.clone(), torch.full_like(ids, -100))
    for t in range(ids.shape[1]):
        if chosen[0, t]:
            read[0, t] = mask
            expected[0, t] = ids[0, t]
    return (read, expected)


def _mask_words_one_w13(ids, chosen, mask):  # listes
    return (torch.where(chosen, mask, ids).tolist(), torch.where(chosen, ids, -100).tolist())


def _mask_words_one_w14(ids, chosen, mask):  # un dictionnaire
    return {'input_ids': torch.where(chosen, mask, ids), 'labels': torch.where(chosen, ids, -100)}


def _mask_words_one_w15(ids, chosen, mask):  # 103 en dur
    return (ids.masked_fill(chosen, 103), ids.masked_fill(~chosen, -100))


def _entity_f1_one_w8(gold, found):  # compte par mots

    def words(s):
        return {(i, k) for a, b, k in s for i in range(a, b + 1)}
    right = sum((len(words(g) & words(f)) for g, f in zip(gold, found)))
    n = sum((len(words(s)) for s in gold)) + sum((len(words(s)) for s in found))
    return 2 * right / n if n else 0


def _entity_f1_one_w19(gold, found):  # macro par sorte
    kinds = {e[2] for s in gold + found for e in s}
    if not kinds:
        return 0
    total = 0
    for k in kinds:
        right = sum((len({e for e in g if e[2] == k} & set(f)) for g, f in zip(gold, found)))
        n = sum((e[2] == k for s in gold + found for e in s))
        total += 2 * right / n
    return total / len(kinds)


def _closest_one_w5(question, vectors, k):  # rend un tenseur
    return torch.argsort(torch.cosine_similarity(vectors, question[None], dim=1), descending=True, stable=True)[:k]


def _closest_one_w13(question, vectors, k):  # saute le premier (comme si la question était dans la liste)
    c = torch.cosine_similarity(vectors, question[None], dim=1)
    return torch.argsort(c, descending=True, stable=True)[1:k + 1].tolist()


def _closest_one_w18(question, vectors, k):  # index() sur valeurs triées : doublons
    c = torch.cosine_similarity(vectors, question[None], dim=1).tolist()
    return [c.index(v) for v in sorted(c, reverse=True)[:k]]


def _best_span_one_w15(start, end, context, longest):  # triu qui met des zéros
    s = start.masked_fill(~context, -1000000000.0)
    e = end.masked_fill(~context, -1000000000.0)
    t = torch.triu(s[:, None] + e[None, :]).tril(longest - 1)
    f = int(t.argmax())
    return divmod(f, len(s))


def _best_span_one_w16(start, end, context, longest):  # tenseurs
    s = start.masked_fill(~context, -1000000000.0)
    e = end.masked_fill(~context, -1000000000.0)
    t = s[:, None] + e[None, :]
    ok = torch.ones_like(t).triu().tril(longest - 1).bool()
    f = t.masked_fill(~ok, -float('inf')).argmax()
    return torch.stack([f // len(s), f % len(s)])


def _best_span_one_w17(start, end, context, longest):  # rend aussi le score
    best, out = (-float('inf'), None)
    for i in range(len(start)):
        for j in range(i, min(len(end), i + longest)):
            if context[i] and context[j] and (start[i] + end[j] > best):
                best, out = (float(start[i] + end[j]), (i, j, float(start[i] + end[j])))
    return out


def _best_span_one_w18(start, end, context, longest):  # meilleure fin d'abord puis début
    s = start.masked_fill(~context, -float('inf'))
    e = end.masked_fill(~context, -float('inf'))
    j = int(e.argmax())
    lo = max(0, j - longest + 1)
    return (lo + int(s[lo:j + 1].argmax()), j)


def _best_span_one_w19(start, end, context, longest):  # égalités : plus petit j d'abord
    best, out = (-float('inf'), None)
    for j in range(len(end)):
        for i in range(max(0, j - longest + 1), j + 1):
            if context[i] and context[j] and (start[i] + end[j] > best):
                best, out = (start[i] + end[j], (i, j))
    return out


def _length_bounds_one_w7(tokens):  # plancher sur le min seulement
    return (max(1, min(40, tokens // 4)), min(150, tokens // 2))


def _length_bounds_one_w9(tokens):  # min = moitié du max
    high = max(1, min(150, tokens // 2))
    return (max(1, min(40, high // 2)), high if high > 1 else 2)


def _length_bounds_one_w13(tokens):  # plafond avant division
    return (max(1, min(40, tokens) // 4), max(1, min(150, tokens) // 2))


def _length_bounds_one_w14(tokens):  # un dictionnaire
    return {'min_length': max(1, min(40, tokens // 4)), 'max_length': max(1, min(150, tokens // 2))}


def _length_bounds_one_w16(tokens):  # 0 rend (0, 0)
    if tokens == 0:
        return (0, 0)
    return (max(1, min(40, tokens // 4)), max(1, min(150, tokens // 2)))


def _length_bounds_one_w17(tokens):  # minimum : un quart du maximum
    high = max(1, min(150, tokens // 2))
    return (max(1, min(40, high // 4)), high)


def _resemblance_one_w14(one, other, n):  # suites comme ensembles de mots (ordre perdu)
    a, b = ({frozenset(g) for g in _grams_of(one, n)}, {frozenset(g) for g in _grams_of(other, n)})
    return len(a & b) / len(a | b) if a | b else 0


def _resemblance_one_w22(one, other, n):  # in dans le texte : suites communes par sous-chaîne
    a, b = (set(_grams_of(one, n)), set(_grams_of(other, n)))
    low = ' '.join(other.lower().split())
    both = sum((' '.join(g) in low for g in a))
    return both / len(a | b) if a | b else 0


def _pool_two_w2(states, mask):  # squeeze() : perd l'axe si B ou C vaut 1
    m = mask.unsqueeze(-1)
    return ((states * m).sum(1) / m.sum(1)).squeeze()


def _pool_two_w7(states, mask):  # moyenne avec longueur commune : la longueur du premier texte
    return (states * mask[..., None]).sum(1) / mask[0].sum()


def _split_texts_two_w9(texts, share, seed):  # décalage par la graine, pas de tirage : rotation
    unique = list(dict.fromkeys(texts))
    n = max(1, round(share * len(unique)))
    k = seed % len(unique)
    held = set((unique[k:] + unique[:k])[:n])
    return ([i for i, t in enumerate(texts) if t not in held], [i for i, t in enumerate(texts) if t in held])


def _split_texts_two_w11(texts, share, seed):  # booléens
    unique = list(dict.fromkeys(texts))
    random.Random(seed).shuffle(unique)
    held = set(unique[:max(1, round(share * len(unique)))])
    return ([t not in held for t in texts], [t in held for t in texts])


def _split_texts_two_r2(texts, share, seed):  # tenseurs de rangs, torch.unique par identifiants
    ids = {}
    g = torch.tensor([ids.setdefault(t, len(ids)) for t in texts])
    perm = torch.randperm(len(ids), generator=torch.Generator().manual_seed(seed))
    m = torch.isin(g, perm[:max(1, round(share * len(ids)))])
    return ((~m).nonzero().flatten().tolist(), m.nonzero().flatten().tolist())


def _mask_words_two_w2(ids, chosen, mask):  # retire les mots cachés de lu
    return (ids[~chosen], torch.where(chosen, ids, -100))


def _mask_words_two_w5(ids, chosen, mask):  # -1 ailleurs
    return (ids.masked_fill(chosen, mask), ids.masked_fill(~chosen, -1))


def _mask_words_two_w10(ids, chosen, mask):  # masked_select et chaîne '[MASK]'
    return ([['[MASK]' if c else i for i, c in zip(a, b)] for a, b in zip(ids.tolist(), chosen.tolist())], torch.where(chosen, ids, -100))


def _mask_words_two_w12(ids, chosen, mask):  # triplet
    return (torch.where(chosen, mask, ids), torch.where(chosen, ids, -100), chosen)


def _entity_f1_two_w1(gold, found):  # sur-pénalise : compte FN et FP par phrase non identique
    tp = sum((len(set(g) & set(f)) for g, f in zip(gold, found)))
    bad = sum((set(g) != set(f) for g, f in zip(gold, found)))
    return 2 * tp / (2 * tp + bad) if tp + bad else 0


def _entity_f1_two_w5(gold, found):  # dernière phrase seulement (écrasement)
    for g, f in zip(gold, found):
        tp, n = (len(set(g) & set(f)), len(g) + len(f))
    return 2 * tp / n if n else 0


def _entity_f1_two_w6(gold, found):  # return dans la boucle
    tp = n = 0
    for g, f in zip(gold, found):
        tp += len(set(g) & set(f))
        n += len(g) + len(f)
        return 2 * tp / n if n else 0


def _entity_f1_two_w9(gold, found):  # max(1, n) mais divise par le nombre de phrases
    tp = sum((len(set(g) & set(f)) for g, f in zip(gold, found)))
    return 2 * tp / (2 * len(gold)) if gold else 0


def _entity_f1_two_w11(gold, found):  # seulement PER
    tp = n = 0
    for g, f in zip(gold, found):
        g = [e for e in g if e[2] == 'PER']
        f = [e for e in f if e[2] == 'PER']
        tp += len(set(g) & set(f))
        n += len(g) + len(f)
    return 2 * tp / n if n else 0


def _closest_two_w4(question, vectors, k):  # divise par la norme au carré
    c = vectors @ question / (vectors ** 2).sum(1)
    return c.sort(descending=True, stable=True).indices[:k].tolist()


def _closest_two_w11(question, vectors, k):  # argsort non stable
    return torch.argsort(-torch.cosine_similarity(vectors, question[None]))[:k].tolist()


def _resemblance_two_w1(one, other, n):  # divise par le nombre de suites uniques à un texte
    a, b = (_runs_of(one, n), _runs_of(other, n))
    return len(a & b) / len(a ^ b) if a ^ b else 0


def _resemblance_two_w4(one, other, n):  # concatène les deux textes avant de compter
    a, b = (_runs_of(one, n), _runs_of(other, n))
    u = _runs_of(one + ' ' + other, n)
    return len(a & b) / len(u) if u else 0


def _resemblance_two_w10(one, other, n):  # renvoie les suites communes
    return _runs_of(one, n) & _runs_of(other, n)


READ = {
    'tasks.pool': (
        Answer(_pool_one_w10, 'fait la moyenne des vrais tokens', "Un nombre nul d'un vrai token n'a pas été compté : seul mask"),
        Answer(_pool_one_w13, 'fait la moyenne des vrais tokens', "C'est le remplissage qui est pris : mask vaut 1 pour un vrai"),
        Answer(_pool_one_w18, 'fait la moyenne des vrais tokens', "C'est la moyenne, ramenée à une longueur de 1 : rendez-la te"),
        Answer(_pool_two_w2, 'va à des lots de toute taille', 'Il manque un axe de taille 1 : la forme est (3,), et non (1,'),
        Answer(_pool_two_w7, 'fait la moyenne des vrais tokens', 'Les deux sommes sont divisées par 2, le nombre de vrais toke'),
    ),
    'tasks.split_texts': (
        Answer(_split_texts_one_w15, 'distingue des textes voisins', "C'est 1 de moins. Neuf textes différents : deux textes qui d"),
        Answer(_split_texts_one_w16, 'distingue des textes voisins', "C'est 1 de moins. Neuf textes différents : deux textes qui d"),
        Answer(_split_texts_one_w19, "met un même texte d'un seul côté", 'Votre fonction modifie texts : les rangs rendus ne sont plus'),
        Answer(_split_texts_two_w9, 'suit la graine', 'La graine change trop peu, sur vingt-huit partages possibles'),
        Answer(_split_texts_two_w11, "met un même texte d'un seul côté", 'Ce sont des booléens, et non des rangs : rendez les rangs où'),
    ),
    'tasks.mask_words': (
        Answer(_mask_words_one_w4, "cache ce qu'on demande, et attend ce qu'on cache", 'Dans lu, mask est là où chosen est faux : il va là où chosen'),
        Answer(_mask_words_one_w12, "cache ce qu'on demande, et attend ce qu'on cache", 'Seule la première ligne est traitée : il y a B textes.'),
        Answer(_mask_words_one_w14, "cache ce qu'on demande, et attend ce qu'on cache", "C'est un dictionnaire : on attend le couple (lu, attendu)."),
        Answer(_mask_words_one_w15, "cache ce qu'on demande, et attend ce qu'on cache", 'Les mots choisis sont cachés par un autre identifiant que ma'),
        Answer(_mask_words_two_w2, "cache ce qu'on demande, et attend ce qu'on cache", 'lu a perdu sa forme : il a celle de ids, (2, 4).'),
        Answer(_mask_words_two_w5, "cache ce qu'on demande, et attend ce qu'on cache", 'Dans attendu, un mot que chosen ne désigne pas vaut autre ch'),
        Answer(_mask_words_two_w10, "cache ce qu'on demande, et attend ce qu'on cache", 'lu contient du texte : mask est un identifiant, un entier.'),
        Answer(_mask_words_two_w12, "cache ce qu'on demande, et attend ce qu'on cache", 'On attend deux tenseurs, (lu, attendu), ni plus ni moins.'),
    ),
    'tasks.entity_f1': (
        Answer(_entity_f1_one_w8, 'compte des entités, et non des phrases', "Ce sont des mots que l'on compte, et non des entités : une e"),
        Answer(_entity_f1_one_w19, 'compte des entités, et non des phrases', "C'est la moyenne du F1 des personnes et de celui des lieux :"),
        Answer(_entity_f1_two_w1, 'compte des entités, et non des phrases', "C'est 0,2567 de trop. Quatre entités justes ; neuf à trouver"),
        Answer(_entity_f1_two_w5, 'compte des entités, et non des phrases', "C'est le F1 de la dernière phrase : comptez sur toutes."),
        Answer(_entity_f1_two_w6, 'compte des entités, et non des phrases', "C'est le F1 de la première phrase : comptez sur toutes."),
        Answer(_entity_f1_two_w9, 'compte des entités, et non des phrases', 'Les justes sont divisés par le nombre de phrases, ou une fau'),
        Answer(_entity_f1_two_w11, 'compte des entités, et non des phrases', "C'est le F1 des seules personnes : comptez toutes les sortes"),
    ),
    'tasks.closest': (
        Answer(_closest_one_w13, 'range par cosinus', 'Le plus proche, 4, manque, et la suite est la bonne : la que'),
        Answer(_closest_one_w18, 'départage par le rang', 'Un même rang est venu deux fois : chercher un rang par la va'),
        Answer(_closest_two_w4, 'range aussi une question hors des axes', "0,965 passe avant 0,962 : n'arrondissez pas les cosinus, et"),
        Answer(_closest_two_w11, 'range bien des vecteurs', "Dans l'élément de rang 0 (compté depuis 0) : plus de dix foi"),
    ),
    'tasks.best_span': (
        Answer(_best_span_one_w15, 'accepte des notes négatives', 'Un bord de cette réponse est dans la question : un couple in'),
        Answer(_best_span_one_w17, "ne finit pas avant d'avoir commencé", 'Il y a un élément de trop à la fin : 9.0. Les sommes : 9 pou'),
        Answer(_best_span_one_w18, "n'est pas plus longue qu'on ne veut", 'Sa somme est 8, et celle de (0, 1) est 10 : la meilleure fin'),
    ),
    'tasks.length_bounds': (
        Answer(_length_bounds_one_w7, 'reste possible', 'Le maximum est nul : un au moins, lui aussi.'),
        Answer(_length_bounds_one_w9, 'reste possible', "La moitié de 1 est 0, remontée à 1 : le maximum n'a pas à dé"),
        Answer(_length_bounds_one_w13, 'suit un texte court', "46 est ramené à 40 avant d'être divisé : prenez le quart d'a"),
        Answer(_length_bounds_one_w14, 'suit un texte court', "C'est un dictionnaire : on attend le couple (minimum, maximu"),
        Answer(_length_bounds_one_w16, 'suit tous les textes', "Dans chaque élément : c'est 1 de moins. Le minimum est token"),
        Answer(_length_bounds_one_w17, 'suit un texte court', "Le minimum est le quart du maximum : c'est le quart du texte"),
    ),
    'tasks.resemblance': (
        Answer(_resemblance_one_w14, "tient compte de l'ordre des mots", '« du soir » et « soir du » sont confondues : une suite a un'),
        Answer(_resemblance_one_w22, 'garde les mots séparés', '« c d » a été trouvée dans « bc d » : comparez des mots enti'),
        Answer(_resemblance_two_w1, 'divise les communes par toutes', 'Les communes sont divisées par celles qui ne le sont pas : d'),
        Answer(_resemblance_two_w4, 'divise les communes par toutes', 'Une suite de trop : « pré le », à cheval sur les deux textes'),
        Answer(_resemblance_two_w10, 'divise les communes par toutes', "C'est un ensemble de suites : on demande leur nombre, divisé"),
    ),
}  # fmt: skip

WRONG |= {name: WRONG[name] + answers for name, answers in READ.items()}
RIGHT['tasks.pool'] += (_pool_one_w16,)
RIGHT['tasks.mask_words'] += (_mask_words_one_w13,)
RIGHT['tasks.closest'] += (_closest_one_w5,)
RIGHT['tasks.best_span'] += (_best_span_one_w16, _best_span_one_w19,)
RIGHT['tasks.split_texts'] += (_split_texts_two_r2,)


def _pool_column_wise(states, mask):  # divise (B, C) par (B,) : les colonnes divisées par le compte d'un autre texte
    return (states * mask[..., None]).sum(1) / mask.sum(1)


def _f1_nonempty_sentences(gold, found):  # phrases vides ôtées, puis part des phrases exactes
    pairs = [(g, f) for g, f in zip(gold, found) if g or f]
    return sum(set(g) == set(f) for g, f in pairs) / len(pairs) if pairs else 0


def _closest_last_k(question, vectors, k):  # les k derniers, non retournés : bon ensemble, ordre croissant
    alike = torch.cosine_similarity(vectors, question[None], dim=1)
    return torch.argsort(alike)[-k:].tolist()


def _closest_topk_ties(question, vectors, k):  # ne fixe pas l'ordre des égaux, comme topk
    notes = torch.cosine_similarity(vectors, question[None], dim=1).tolist()
    return sorted(range(len(notes)), key=lambda rank: (-notes[rank], rank % 2, rank))[:k]


def _closest_ranks_of_ranks(question, vectors, k):  # double argsort : rang de chaque vecteur
    alike = torch.cosine_similarity(vectors, question[None], dim=1)
    return alike.argsort(descending=True, stable=True).argsort()[:k].tolist()


def _span_length(start, end, context, longest):  # rend (début, longueur)
    n = len(start)
    pairs = [(i, j) for i in range(n) for j in range(i, min(n, i + longest)) if context[i] and context[j]]
    i, j = max(pairs, key=lambda p: float(start[p[0]] + end[p[1]]))
    return i, j - i + 1


def _span_after(start, end, context, longest):  # fin exclue : (i, j + 1)
    n = len(start)
    pairs = [(i, j) for i in range(n) for j in range(i, min(n, i + longest)) if context[i] and context[j]]
    i, j = max(pairs, key=lambda p: float(start[p[0]] + end[p[1]]))
    return i, j + 1


def _bounds_swapped_ends(tokens):  # max et min échangés
    return min(1, max(40, tokens // 4)), min(1, max(150, tokens // 2))


def _alike_characters(one, other, n):  # suites de n caractères
    one, other = one.lower(), other.lower()
    a = {one[i : i + n] for i in range(len(one) - n + 1)}
    b = {other[i : i + n] for i in range(len(other) - n + 1)}
    return len(a & b) / len(a | b) if a | b else 0


def _alike_longer(one, other, n):  # n + 1 mots
    a, b = (set(zip(*(t.lower().split()[k:] for k in range(n + 1)))) for t in (one, other))
    return len(a & b) / len(a | b) if a | b else 0


WRONG["tasks.pool"] += (
    Answer(_pool_column_wise, "fait la moyenne des vrais tokens", "Chaque colonne est divisée"),
)
WRONG["tasks.entity_f1"] += (
    Answer(_f1_nonempty_sentences, "compte des entités, et non des phrases", "Rien n'est compté juste"),
)
WRONG["tasks.closest"] += (
    Answer(_closest_last_k, "range par cosinus", "à l'envers"),
    Answer(_closest_topk_ties, "départage par le rang", "topk et un tri ordinaire"),
    Answer(_closest_ranks_of_ranks, "range par cosinus", "Les cosinus sont 0"),
)
WRONG["tasks.best_span"] += (
    Answer(_span_length, "ne finit pas avant d'avoir commencé", "ni une longueur"),
    Answer(_span_after, "ne finit pas avant d'avoir commencé", "et non le suivant"),
)
WRONG["tasks.length_bounds"] += (
    Answer(_bounds_swapped_ends, "suit un texte court", "min(…) pose un plafond"),
)
WRONG["tasks.resemblance"] += (
    Answer(_alike_characters, "divise les communes par toutes", "deux caractères"),
    Answer(_alike_longer, "divise les communes par toutes", "suites de trois mots"),
)


def use():
    """Des vecteurs, un partage, des mots cachés, des entités, une recherche, une réponse, des longueurs, une ressemblance."""
    from small import small_model, small_tokenizer

    from aurore.tasks import Task

    texts = ["Le meunier chante.", "La roue tourne.", "Le meunier chante."]
    vectors = classify.embed(small_model(), small_tokenizer(), texts)
    accuracy = classify.trial(classify.embed(small_model(), small_tokenizer(), texts * 2), [*"abcabc"], [*"xyxxyx"])
    trained = masked.train_masked(["le chien dort", "la poule dort"], ["le chien dort"], steps=1)
    sentence = entities.parse("Me [PER Lhuillier] rit.")
    library = digest.Library(["le meunier moud le grain", "la roue tourne"])
    vocabulary = encoder.Words(["où est la roue ? près du moulin"])
    reader = encoder.seeded(lambda: reading.Reader(vocabulary))
    alike = digest.duplicates(["a b c d", "a b c d", "x y z t"])
    return [
        vectors.shape,
        accuracy,
        len(trained.losses),
        entities.scores([sentence], entities.capitals)["tout"],
        library.search("le grain", 1),
        reader.answer("où est la roue ?", "près du moulin"),
        Task(small_model(), small_tokenizer()).bounds("Le meunier regardait couler l'eau sous la roue."),
        alike,
    ]
