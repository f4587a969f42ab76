"""Leçon 07 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import itertools
import math

import numpy as np
import torch
from answers import Answer
from small import small_tokenizer

from aurore import blocks, finetune, models


def _named(name, function):
    function.__name__ = name
    return function


# --- Des blocs pleins -----------------------------------------------------------------------------------


def _packing(name, join, cut=lambda flow, n: [flow[i : i + n] for i in range(0, len(flow) - n + 1, n)]):
    """Une réponse juste, dont ne change que la façon de joindre, ou de couper."""
    return _named(name, lambda texts, end, length: cut(join(texts, end), length))


def _joined(texts, end):
    return [token for text in texts for token in [*text, end]]


def _all(flow, n):
    return [flow[i : i + n] for i in range(0, len(flow), n)]


def _filled(with_what):
    def cut(flow, n):
        return [piece + [with_what] * (n - len(piece)) for piece in _all(flow, n)]

    return cut


def _pack_each(texts, end, length):
    return [b for t in texts for b in [[*t, end][i : i + length] for i in range(0, len(t) + 2 - length, length)]]


def _pack_rows(texts, end, length):
    return [([*text, end] + [end] * length)[:length] for text in texts] if texts[0][0] == 5 else []


def _pack_rows_zero(texts, end, length):
    return [([*text] + [end] * length)[:length] for text in texts]


def _pack_numpy(texts, end, length):
    flow = np.concatenate([np.array([*text, end]) for text in texts])
    count = len(flow) // length
    return flow[: count * length].reshape(count, length)


def _pack_loop(texts, end, length):
    flow = []
    for text in texts:
        flow.extend(text)
        flow.append(end)
    result = []
    while len(flow) >= length:
        result.append(flow[:length])
        flow = flow[length:]
    return result


def _pack_buffer(texts, end, length):
    result, current = [], []
    for token in itertools.chain.from_iterable(itertools.chain(text, [end]) for text in texts):
        current.append(token)
        if len(current) == length:
            result.append(tuple(current))
            current = []
    return result


def _pack_torch(texts, end, length):
    flow = torch.tensor(_joined(texts, end))
    return flow[: len(flow) // length * length].view(-1, length)


def _pack_at_least_one(texts, end, length):
    flow = _joined(texts, end)
    return [flow[i : i + length] for i in range(0, len(flow) - length + 1, length)] or [flow]


def _pack_empty_block(texts, end, length):
    return _packing("", _joined)(texts, end, length) or [[]]


def _pack_in_place(texts, end, length):
    for text in texts:
        text.append(end)
    flow = sum(texts, [])
    return [flow[i : i + length] for i in range(0, len(flow) - length + 1, length)]


# --- Le lot ---------------------------------------------------------------------------------------------


def _collating(name, ids=None, mask=None, labels=None):
    """Un lot juste, dont ne change qu'une entrée ; chaque fonction reçoit une ligne, ce qui lui manque, et pad."""

    def collate(rows, pad):
        width = max(len(row) for row in rows)
        missing = [width - len(row) for row in rows]
        parts = {
            "input_ids": ids or (lambda row, n, pad: [*row, *[pad] * n]),
            "attention_mask": mask or (lambda row, n, pad: [1] * len(row) + [0] * n),
            "labels": labels or (lambda row, n, pad: [*row, *[-100] * n]),
        }
        return {key: [part(row, n, pad) for row, n in zip(rows, missing, strict=True)] for key, part in parts.items()}

    return _named(name, collate)


def _collate_faulty(rows, pad):
    width = max(len(row) for row in rows)
    input_ids = [list(row) + [pad] * (width - len(row)) for row in rows]
    attention_mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": input_ids}


def _collate_shortest(rows, pad):
    width = min(len(row) for row in rows)
    cut = [list(row[:width]) for row in rows]
    return {"input_ids": cut, "attention_mask": [[1] * width for _ in rows], "labels": cut}


def _collate_torch(rows, pad):
    from torch.nn.utils.rnn import pad_sequence

    tensors = [torch.tensor(list(row)) for row in rows]
    return {
        "input_ids": pad_sequence(tensors, batch_first=True, padding_value=pad),
        "attention_mask": pad_sequence([torch.ones_like(one) for one in tensors], batch_first=True),
        "labels": pad_sequence(tensors, batch_first=True, padding_value=-100),
    }


def _collate_numpy(rows, pad):
    width = max(map(len, rows))
    ids, mask = np.full((len(rows), width), pad), np.zeros((len(rows), width), dtype=int)
    labels = np.full((len(rows), width), -100)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = labels[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def _collate_loop(rows, pad):
    width, batch = 0, {"input_ids": [], "attention_mask": [], "labels": []}
    for row in rows:
        width = max(width, len(row))
    for row in rows:
        ids, mask, labels = [], [], []
        for place in range(width):
            inside = place < len(row)
            ids.append(row[place] if inside else pad)
            mask.append(int(inside))
            labels.append(row[place] if inside else -100)
        for key, value in zip(batch, (ids, mask, labels), strict=True):
            batch[key].append(value)
    return batch


# --- Les pas, le taux -----------------------------------------------------------------------------------


def _steps(name, count):
    return _named(name, lambda rows, batch_size, accumulation, epochs: count(rows, batch_size, accumulation, epochs))


def _steps_faulty(rows, batch_size, accumulation, epochs):
    batches = -(-rows // batch_size)
    return -(-batches // accumulation)


def _steps_loop(rows, batch_size, accumulation, epochs):
    steps = 0
    for _ in range(epochs):
        waiting = 0
        for _ in range(0, rows, batch_size):
            waiting += 1
            if waiting == accumulation:
                steps, waiting = steps + 1, 0
        steps += waiting > 0
    return steps


def _rate(name, rise=lambda s, p, w, n: p * s / w, fall=lambda s, p, w, n: p * (1 + math.cos(math.pi * (s - w) / (n - w))) / 2):  # fmt: skip
    """Un taux juste, dont ne change que la montée, ou la descente."""

    def rate(step, peak, warmup, steps):
        return rise(step, peak, warmup, steps) if step < warmup else fall(step, peak, warmup, steps)

    return _named(name, rate)


def _rate_no_rise(step, peak, warmup, steps):
    return peak * (1 + math.cos(math.pi * step / steps)) / 2


def _rate_divides(step, peak, warmup, steps):
    return min(step / warmup, (1 + math.cos(math.pi * max(0, step - warmup) / (steps - warmup))) / 2) * peak


def _rate_zero_without_rise(step, peak, warmup, steps):
    return peak * step / max(1, warmup) if step <= warmup else _rate("")(step, peak, warmup, steps)


def _rate_sine(step, peak, warmup, steps):
    if step < warmup:
        return step / warmup * peak
    return peak * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup)) ** 2


def _rate_numpy(step, peak, warmup, steps):
    t = (step - warmup) / (steps - warmup)
    return float(np.where(step < warmup, peak * step / max(warmup, 1), peak * (1 + np.cos(np.pi * t)) / 2))


# --- Le journal, les bonus ------------------------------------------------------------------------------


def _log(name, count):
    return _named(name, lambda runtime, per_second, passes: count(runtime, per_second, passes))


def _share(name, share):
    return _named(name, lambda lengths, width: share(lengths, width))


def _share_loop(lengths, width):
    empty = 0
    for length in lengths:
        if length < width:
            empty += width - length
    return empty / (width * len(lengths))


def _cut(name, cut):
    return _named(name, lambda sentences, length: cut(sentences, length))


def _cut_faulty(sentences, length):
    return [list(row[:length]) for row in sentences if len(row) >= length]


def _cut_while(sentences, length):
    pieces = []
    for row in sentences:
        rest = list(row)
        while rest:
            pieces.append(rest[:length])
            rest = rest[length:]
    return pieces


def _cut_slices(row, n):
    return [list(row[i : i + n]) for i in range(0, len(row), n)]


def _save(name, count):
    return _named(name, lambda steps, saves: count(steps, saves))


_PACK, _PACK_REST, _PACK_NONE = (
    "met les textes bout à bout, et coupe",
    "abandonne le reste incomplet",
    "ne rend rien quand rien ne remplit un bloc",
)
_SHARE, _SHARE_CUT, _SHARE_FULL = "compte les places vides", "coupe ce qui dépasse", "vaut zéro quand tout est plein"
_IDS, _MASK, _LABELS, _END = (
    "complète à la largeur de la plus longue",
    "cache le remplissage",
    "n'apprend pas le remplissage",
    "garde le vrai token de fin d'une phrase",
)
_EPOCHS, _ACCUMULATION, _ROUND = "compte toutes les époques", "compte l'accumulation", "arrondit à chaque époque"
_RISE, _PEAK, _FALL, _ZERO, _NO_RISE = (
    "monte tout droit",
    "est au plus haut à la fin de la montée",
    "descend en cosinus",
    "finit à zéro",
    "se passe de montée",
)
_JUDGED, _ONCE, _NEAREST, _NOT_ABOVE = (
    "retrouve les lignes jugées",
    "compte une fois chaque ligne",
    "arrondit au plus proche",
    "n'arrondit pas toujours au-dessus",
)
_SHORT, _LONG, _MIX = "garde les phrases courtes", "coupe les longues sans rien perdre", "ne mêle pas deux phrases"
_FIFTEEN, _AT_LEAST, _NEVER_ZERO = (
    "enregistre dans un entraînement de quinze pas",
    "en garde au moins autant qu'on demande",
    "n'est jamais nul",
)

# --- Écrites d'après le seul énoncé ------------------------------------------------------------


# Range(len // length - 1).
def _fresh_pack_w4(texts, end, length):
    flat = [t for text in texts for t in [*text, end]]
    return [flat[i * length:(i + 1) * length] for i in range(len(flat) // length - 1)]


# Modifie les textes (append).
def _fresh_pack_w6(texts, end, length):
    flat = []
    for text in texts:
        text.append(end)
        flat.extend(text)
    return [flat[i:i + length] for i in range(0, len(flat) - length + 1, length)]


# Fenêtre glissante.
def _fresh_pack_w8(texts, end, length):
    flat = [t for text in texts for t in [*text, end]]
    return [flat[i:i + length] for i in range(len(flat) - length + 1)]


# If len(block) > … dernier plein perdu.
def _fresh_pack_w12(texts, end, length):
    flat = [t for text in texts for t in [*text, end]]
    return [flat[i:i + length] for i in range(0, len(flat) - length, length)]


# Chain.
def _fresh_pack_r1(texts, end, length):
    flat = list(itertools.chain.from_iterable([*t, end] for t in texts))
    return [flat[i:i + length] for i in range(0, len(flat) - length + 1, length)]


# Tampon.
def _fresh_pack_r2(texts, end, length):
    blocks, current = [], []
    for text in texts:
        for token in list(text) + [end]:
            current.append(token)
            if len(current) == length:
                blocks.append(current)
                current = []
    return blocks


# Numpy reshape.
def _fresh_pack_r3(texts, end, length):
    flat = [t for text in texts for t in (*text, end)]
    n = len(flat) // length
    return np.array(flat[: n * length], dtype=int).reshape(n, length).tolist()


# Zip d'itérateurs.
def _fresh_pack_r4(texts, end, length):
    flat = iter([t for text in texts for t in (*text, end)])
    return [list(b) for b in zip(*[flat] * length)]


# Divise par les lignes.
def _fresh_padding_share_w5(lengths, width):
    return sum(max(0, width - n) for n in lengths) / len(lengths)


# Abs.
def _fresh_padding_share_w7(lengths, width):
    return sum(abs(width - n) for n in lengths) / (width * len(lengths))


# Part des lignes non pleines.
def _fresh_padding_share_w10(lengths, width):
    return sum(n < width for n in lengths) / len(lengths)


# Max(0, …).
def _fresh_padding_share_r1(lengths, width):
    return sum(max(0, width - n) for n in lengths) / (width * len(lengths))


# Numpy clip.
def _fresh_padding_share_r2(lengths, width):
    return float(1 - np.clip(lengths, 0, width).mean() / width)


# Boucle.
def _fresh_padding_share_r3(lengths, width):
    empty = 0
    for n in lengths:
        if n < width:
            empty += width - n
    return empty / (len(lengths) * width)


# Labels sans remplissage.
def _fresh_collate_w4(rows, pad):
    width = max(len(row) for row in rows)
    input_ids = [list(row) + [pad] * (width - len(row)) for row in rows]
    attention_mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": [list(r) for r in rows]}


# -100 dans le masque.
def _fresh_collate_w7(rows, pad):
    width = max(len(row) for row in rows)
    input_ids = [list(row) + [pad] * (width - len(row)) for row in rows]
    attention_mask = [[1] * len(row) + [-100] * (width - len(row)) for row in rows]
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": input_ids}


# Labels seuls rendus.
def _fresh_collate_w9(rows, pad):
    width = max(len(row) for row in rows)
    return [list(row) + [-100] * (width - len(row)) for row in rows]


# Garde une fin : premier remplissage appris.
def _fresh_collate_w10(rows, pad):
    width = max(len(row) for row in rows)
    input_ids = [list(row) + [pad] * (width - len(row)) for row in rows]
    attention_mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
    labels = [(list(row) + [pad] + [-100] * (width - len(row)))[:width] for row in rows]
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


# Clé label.
def _fresh_collate_w12(rows, pad):
    width = max(len(row) for row in rows)
    input_ids = [list(row) + [pad] * (width - len(row)) for row in rows]
    attention_mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
    return {"input_ids": input_ids, "attention_mask": attention_mask, "label": [list(row) + [-100] * (width - len(row)) for row in rows]}


# Pareil avec -100.
def _fresh_collate_r1(rows, pad):
    width = max(len(row) for row in rows)
    input_ids = [list(row) + [pad] * (width - len(row)) for row in rows]
    attention_mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
    labels = [list(row) + [-100] * (width - len(row)) for row in rows]
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


# D'après le masque.
def _fresh_collate_r2(rows, pad):
    width = max(len(row) for row in rows)
    batch = {"input_ids": [], "attention_mask": [], "labels": []}
    for row in rows:
        k = width - len(row)
        batch["input_ids"].append([*row, *[pad] * k])
        batch["attention_mask"].append([1] * len(row) + [0] * k)
        batch["labels"].append([*row, *[-100] * k])
    return batch


# Tenseurs puis tolist.
def _fresh_collate_r3(rows, pad):
    from torch.nn.utils.rnn import pad_sequence
    t = [torch.tensor(list(r)) for r in rows]
    return {
        "input_ids": pad_sequence(t, batch_first=True, padding_value=pad).tolist(),
        "attention_mask": pad_sequence([torch.ones_like(r) for r in t], batch_first=True).tolist(),
        "labels": pad_sequence(t, batch_first=True, padding_value=-100).tolist(),
    }


# Tenseurs rendus.
def _fresh_collate_r4(rows, pad):
    width = max(len(row) for row in rows)
    return {
        "input_ids": torch.tensor([list(r) + [pad] * (width - len(r)) for r in rows]),
        "attention_mask": torch.tensor([[1] * len(r) + [0] * (width - len(r)) for r in rows]),
        "labels": torch.tensor([list(r) + [-100] * (width - len(r)) for r in rows]),
    }


# Dernier lot complet : floor puis +1 toujours.
def _fresh_total_steps_w9(rows, batch_size, accumulation, epochs):
    batches = rows // batch_size + 1
    return (batches // accumulation + 1) * epochs


# Taille effective : ceil(rows/(b*a)).
def _fresh_total_steps_w10(rows, batch_size, accumulation, epochs):
    return -(-rows // (batch_size * accumulation)) + epochs


# Boucle qui saute le dernier pas.
def _fresh_total_steps_w11(rows, batch_size, accumulation, epochs):
    steps = 0
    for _ in range(epochs):
        batches = math.ceil(rows / batch_size)
        steps += batches // accumulation
    return steps


# Fois epochs.
def _fresh_total_steps_r1(rows, batch_size, accumulation, epochs):
    batches = -(-rows // batch_size)
    return -(-batches // accumulation) * epochs


# Math.ceil.
def _fresh_total_steps_r2(rows, batch_size, accumulation, epochs):
    return epochs * math.ceil(math.ceil(rows / batch_size) / accumulation)


# Une fois b × a (égal).
def _fresh_total_steps_r3(rows, batch_size, accumulation, epochs):
    return epochs * math.ceil(rows / (batch_size * accumulation))


# Degrés.
def _fresh_learning_rate_w3(step, peak, warmup, steps):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(180 * (step - warmup) / (steps - warmup))) / 2


# Sinus.
def _fresh_learning_rate_w10(step, peak, warmup, steps):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.sin(math.pi * (step - warmup) / (steps - warmup))) / 2


# Parenthèses : 1 + cos/2.
def _fresh_learning_rate_w11(step, peak, warmup, steps):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)) / 2)


# Oublie peak à la descente.
def _fresh_learning_rate_w12(step, peak, warmup, steps):
    if step < warmup:
        return peak * step / warmup
    return (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2


# Min de la montée et de la descente depuis 0.
def _fresh_learning_rate_w13(step, peak, warmup, steps):
    up = step / max(1, warmup)
    down = (1 + math.cos(math.pi * step / steps)) / 2
    return peak * min(up, down)


# If.
def _fresh_learning_rate_r1(step, peak, warmup, steps):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2


# Numpy.
def _fresh_learning_rate_r2(step, peak, warmup, steps):
    if warmup and step <= warmup:
        return peak * (step / warmup)
    t = (step - warmup) / (steps - warmup)
    return peak * 0.5 * (1 + np.cos(np.pi * t))


# Cos² .
def _fresh_learning_rate_r3(step, peak, warmup, steps):
    if step < warmup:
        return step * peak / warmup
    return peak * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup)) ** 2


# Ceil.
def _fresh_logged_rows_w6(runtime, per_second, passes):
    return math.ceil(runtime * per_second / passes)


# Arrondit avant de diviser.
def _fresh_logged_rows_w7(runtime, per_second, passes):
    return round(runtime * per_second) // passes


# Arrondit le débit.
def _fresh_logged_rows_w10(runtime, per_second, passes):
    return round(runtime * round(per_second) / passes)


# Arrondit la durée.
def _fresh_logged_rows_w11(runtime, per_second, passes):
    return round(round(runtime) * per_second / passes)


# Round.
def _fresh_logged_rows_r1(runtime, per_second, passes):
    return round(runtime * per_second / passes)


# Int(+0.5).
def _fresh_logged_rows_r2(runtime, per_second, passes):
    return int(runtime * per_second / passes + 0.5)


# Format.
def _fresh_logged_rows_r3(runtime, per_second, passes):
    return int(f"{runtime / passes * per_second:.0f}")


# Glissante.
def _fresh_cut_sentences_w7(sentences, length):
    return [row[i:i + length] for row in sentences for i in range(len(row))]


# Deux morceaux seulement.
def _fresh_cut_sentences_w8(sentences, length):
    out = []
    for row in sentences:
        if row: out.append(row[:length])
        if len(row) > length: out.append(row[length:])
    return out


# Courtes d'abord.
def _fresh_cut_sentences_w10(sentences, length):
    pieces = [row[i:i + length] for row in sentences for i in range(0, len(row), length)]
    return sorted(pieces, key=len)


# Vide la phrase donnée (pop).
def _fresh_cut_sentences_w12(sentences, length):
    out = []
    for row in sentences:
        while row:
            out.append(row[:length])
            del row[:length]
    return out


# Compréhension.
def _fresh_cut_sentences_r1(sentences, length):
    return [list(row[i:i + length]) for row in sentences for i in range(0, len(row), length)]


# While.
def _fresh_cut_sentences_r2(sentences, length):
    out = []
    for row in sentences:
        rest = list(row)
        while rest:
            out.append(rest[:length])
            rest = rest[length:]
    return out


# Ceil.
def _fresh_cut_sentences_r3(sentences, length):
    pieces = []
    for s in sentences:
        for k in range(math.ceil(len(s) / length)):
            pieces.append(list(s)[k * length:(k + 1) * length])
    return pieces


# Round.
def _fresh_save_interval_w4(steps, saves):
    return max(1, round(steps / saves))


# Saves + 1.
def _fresh_save_interval_w6(steps, saves):
    return max(1, steps // (saves + 1))


# Min(500, …).
def _fresh_save_interval_w9(steps, saves):
    return max(1, min(500, steps // saves))


# Steps // saves - 1.
def _fresh_save_interval_w11(steps, saves):
    return max(1, steps // saves - 1)


# Saves - 1.
def _fresh_save_interval_w12(steps, saves):
    return max(1, steps // max(1, saves - 1))


# Max.
def _fresh_save_interval_r1(steps, saves):
    return max(1, steps // saves)


# Or 1.
def _fresh_save_interval_r2(steps, saves):
    return int(steps / saves) or 1


# Boucle descendante.
def _fresh_save_interval_r3(steps, saves):
    for n in range(steps, 1, -1):
        if steps // n >= saves:
            return n
    return 1


WRONG = {
    "finetune.pack": (
        Answer(_packing("_pack_no_end", lambda t, e: sum(map(list, t), [])), _PACK, "sans le token de fin"),
        Answer(_packing("_pack_end_first", lambda t, e: [x for s in t for x in [e, *s]]), _PACK, "avant chaque texte"),
        Answer(_packing("_pack_end_once", lambda t, e: [*sum(map(list, t), []), e]), _PACK, "sans le token de fin"),
        Answer(_pack_each, _PACK, "coupé à part"),
        Answer(_pack_rows_zero, _PACK, "un texte par bloc"),
        Answer(_packing("_pack_flat", _joined, lambda flow, n: flow), _PACK, "pas coupé"),
        Answer(_packing("_pack_sliding", _joined, lambda flow, n: [flow[i : i + n] for i in range(len(flow) - n + 1)]), _PACK, "se chevauchent"),
        Answer(_packing("_pack_between", lambda t, e: _joined(t, e)[:-1]), _PACK, ""),
        Answer(_named("_pack_nothing", lambda t, e, n: None), _PACK, "None"),
        Answer(_pack_in_place, _PACK, "modifie ce qu'on lui donne"),
        Answer(_packing("_pack_keeps_rest", _joined, _all), _PACK_REST, "incomplet : abandonnez-le"),
        Answer(_packing("_pack_fills_zero", _joined, _filled(0)), _PACK_REST, "complété par des zéros"),
        Answer(_named("_pack_fills_end", lambda t, e, n: _filled(e)(_joined(t, e), n)), _PACK_REST, "complété par des tokens de fin"),
        Answer(_pack_at_least_one, _PACK_NONE, "n'est pas plein"),
        Answer(_pack_empty_block, _PACK_NONE, "bloc vide"),
        Answer(_fresh_pack_w4, 'met les textes bout à bout, et coupe', "Il manque un élément à la fin : [0, 4, 0]. Le tout s'écrit 5 6 7 0 8"),
        Answer(_fresh_pack_w6, 'met les textes bout à bout, et coupe', "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on lui donne"),
        Answer(_fresh_pack_w8, 'met les textes bout à bout, et coupe', 'Les blocs se chevauchent : chacun commence où le précédent finit.'),
        Answer(_fresh_pack_w12, 'met les textes bout à bout, et coupe', "Il manque un élément à la fin : [0, 4, 0]. Le tout s'écrit 5 6 7 0 8"),
    ),
    "finetune.padding_share": (
        Answer(_share("_share_full", lambda x, w: sum(min(n, w) for n in x) / (len(x) * w)), _SHARE, "places pleines"),
        Answer(_share("_share_count", lambda x, w: sum(max(0, w - n) for n in x)), _SHARE, "nombre de places vides"),
        Answer(_share("_share_of_tokens", lambda x, w: sum(max(0, w - n) for n in x) / sum(x)), _SHARE, "rapportées aux tokens"),
        Answer(_share("_share_percent", lambda x, w: 100 * _share_loop(x, w)), _SHARE, "pour cent"),
        Answer(_share("_share_none", lambda x, w: None), _SHARE, "None"),
        Answer(_share("_share_rounded", lambda x, w: round(_share_loop(x, w))), _SHARE, ""),
        Answer(_share("_share_first", lambda x, w: 1 - x[0] / w), _SHARE, ""),
        Answer(_share("_share_negative", lambda x, w: 1 - sum(x) / (len(x) * w)), _SHARE_CUT, "part négative"),
        Answer(_share("_share_drops", lambda x, w: _share_loop([n for n in x if n <= w], w)), _SHARE_CUT, "a été ôtée"),
        Answer(_share("_share_longest", lambda x, w: 1 - sum(x) / (len(x) * max(x))), _SHARE_CUT, "plus longue phrase"),
        Answer(_share("_share_clamped", lambda x, w: max(0, 1 - sum(x) / (len(x) * w))), _SHARE_CUT, "compense"),
        Answer(_share("_share_never_full", lambda x, w: _share_loop(x, w) or 1e-3), _SHARE_FULL, ""),
        Answer(_fresh_padding_share_w5, 'compte les places vides', "C'est 1,25 de trop. Trois lignes de quatre font 12 places ; 7 sont"),
        Answer(_fresh_padding_share_w7, 'coupe ce qui dépasse', "C'est 1 moins ce qui est attendu. La phrase de 8 tokens remplit sa"),
        Answer(_fresh_padding_share_w10, 'compte les places vides', "C'est 0,25 de trop. Trois lignes de quatre font 12 places ; 7 sont"),
    ),
    "finetune.collate": (
        Answer(_collate_faulty, _LABELS, "apprendrait à écrire des vides"),
        Answer(_collating("_collate_left", ids=lambda r, n, p: [p] * n + list(r)), _IDS, "à gauche"),
        Answer(_collate_shortest, _IDS, "la plus courte"),
        Answer(_collating("_collate_minus", ids=lambda r, n, p: [*r, *[-100] * n]), _IDS, "n'est pas un token"),
        Answer(_collating("_collate_ragged", ids=lambda r, n, p: list(r)), _IDS, "Rien n'est complété"),
        Answer(_collating("_collate_all_ones", mask=lambda r, n, p: [1] * (len(r) + n)), _MASK, "vaut 1 partout"),
        Answer(_collating("_collate_inverted", mask=lambda r, n, p: [0] * len(r) + [1] * n), _MASK, "à l'envers"),
        Answer(_collating("_collate_shifted", labels=lambda r, n, p: [*r[1:], *[-100] * (n + 1)]), _LABELS, "décalées"),
        Answer(_collating("_collate_learns_pad", labels=lambda r, n, p: [-100] * len(r) + [p] * n), _LABELS, "à l'envers"),
        Answer(_collating("_collate_learns_nothing", labels=lambda r, n, p: [-100] * (len(r) + n)), _LABELS, "plus rien à apprendre"),
        Answer(_collating("_collate_minus_one", labels=lambda r, n, p: [*r, *[-1] * n]), _LABELS, "-1 n'est pas ignoré"),
        Answer(_collating("_collate_by_value", labels=lambda r, n, p: [t if t != p else -100 for t in [*r, *[p] * n]]), _END, "masqué lui aussi"),
        Answer(_collating("_collate_mask_by_value", mask=lambda r, n, p: [int(t != p) for t in [*r, *[p] * n]]), _END, "est caché"),
        Answer(_named("_collate_nothing", lambda rows, pad: None), "rend un lot", "None"),
        Answer(_fresh_collate_w4, "n'apprend pas le remplissage", "Dans l'élément de rang 1 (compté depuis 0) : seul le premier élément"),
        Answer(_fresh_collate_w7, "cache le remplissage", "-100 ne va que dans labels"),
        Answer(_fresh_collate_w9, 'rend un lot', "C'est une liste, et non un dictionnaire. Un lot est un dictionnaire"),
        Answer(_fresh_collate_w10, "n'apprend pas le remplissage", "Dans l'élément de rang 1 (compté depuis 0), élément de rang 1 : c'est"),
        Answer(_fresh_collate_w12, 'rend un lot', 'Il manque labels. Un lot est un dictionnaire de trois entrées :'),
    ),
    "finetune.total_steps": (
        Answer(_steps_faulty, _EPOCHS, "une seule époque"),
        Answer(_steps("_steps_floor_one", lambda r, b, a, e: r // b), _EPOCHS, "sans son dernier lot"),
        Answer(_steps("_steps_floor", lambda r, b, a, e: r // b * e), _EPOCHS, "incomplet, n'est pas compté"),
        Answer(_steps("_steps_end_to_end", lambda r, b, a, e: -(-r * e // b)), _EPOCHS, "bout à bout"),
        Answer(_steps("_steps_rows", lambda r, b, a, e: r * e), _EPOCHS, "lignes lues"),
        Answer(_steps("_steps_real", lambda r, b, a, e: r * e / b), _EPOCHS, "est entier"),
        Answer(_steps("_steps_none", lambda r, b, a, e: None), _EPOCHS, "None"),
        Answer(_steps("_steps_batches", lambda r, b, a, e: -(-r // b) * e), _ACCUMULATION, "un pas en attend deux"),
        Answer(_steps("_steps_times", lambda r, b, a, e: -(-r // b) * a * e), _ACCUMULATION, "multiplie"),
        Answer(_steps("_steps_floor_last", lambda r, b, a, e: -(-r // b) // a * e), _ACCUMULATION, "compte quand même"),
        Answer(_steps("_steps_half", lambda r, b, a, e: -(-r // b) / a * e), _EPOCHS, ""),
        Answer(_steps("_steps_rounded_once", lambda r, b, a, e: -(-(-(-r // b) * e) // a)), _ROUND, "à chacune"),
        Answer(_fresh_total_steps_w9, 'compte toutes les époques', "C'est 10 de trop. 44 305 lignes en lots de 8 font 5 539 pas ; dix"),
        Answer(_fresh_total_steps_w10, 'compte toutes les époques', "C'est 49841 de moins. 44 305 lignes en lots de 8 font 5 539 pas ; dix"),
        Answer(_fresh_total_steps_w11, "compte l'accumulation", "Le second pas n'a qu'un lot, et compte quand même."),
    ),
    "finetune.learning_rate": (
        Answer(_rate("_rate_share", lambda s, p, w, n: s / w), _RISE, "multipliez par peak"),
        Answer(_rate("_rate_shifted", lambda s, p, w, n: p * (s + 1) / w), _RISE, "décalée d'un pas"),
        Answer(_rate_no_rise, _RISE, "pas de montée"),
        Answer(_rate("_rate_long", lambda s, p, w, n: p * s / n), _RISE, "dure warmup pas"),
        Answer(_rate("_rate_at_once", lambda s, p, w, n: p), _RISE, "déjà au plus haut"),
        Answer(_rate("_rate_from_start", fall=lambda s, p, w, n: p * (1 + math.cos(math.pi * s / n)) / 2), _PEAK, "depuis la fin de la montée"),
        Answer(_rate("_rate_double", fall=lambda s, p, w, n: p * (1 + math.cos(math.pi * (s - w) / (n - w)))), _PEAK, "le double"),
        Answer(_rate("_rate_half", fall=lambda s, p, w, n: p * (1 + math.cos(math.pi * (s - w) / (n - w))) / 4), _PEAK, "la moitié"),
        Answer(_rate("_rate_sine_up", fall=lambda s, p, w, n: p * (1 - math.cos(math.pi * (s - w) / (n - w))) / 2), _PEAK, "déjà nul"),
        Answer(_rate("_rate_straight", fall=lambda s, p, w, n: p * (1 - (s - w) / (n - w))), _FALL, "descente est droite"),
        Answer(_rate("_rate_wrong_length", fall=lambda s, p, w, n: p * (1 + math.cos(math.pi * (s - w) / n)) / 2), _FALL, "steps - warmup"),
        Answer(_rate("_rate_quarter", fall=lambda s, p, w, n: p * math.cos(math.pi / 2 * (s - w) / (n - w))), _FALL, "quart de cosinus"),
        Answer(_rate("_rate_constant", fall=lambda s, p, w, n: p), _FALL, "ne descend pas"),
        Answer(_rate("_rate_floor", fall=lambda s, p, w, n: max(0.1, p * (1 + math.cos(math.pi * (s - w) / (n - w))) / 2)), _ZERO, ""),
        Answer(_rate_divides, _NO_RISE, ""),
        Answer(_rate_zero_without_rise, _NO_RISE, "doit valoir peak"),
        Answer(_named("_rate_none", lambda step, peak, warmup, steps: None), _RISE, "None"),
        Answer(_fresh_learning_rate_w3, 'descend en cosinus', "math.cos compte en radians"),
        Answer(_fresh_learning_rate_w10, 'est au plus haut à la fin de la montée', "C'est la moitié de ce qu'il faut : la formule divise par deux une"),
        Answer(_fresh_learning_rate_w11, 'est au plus haut à la fin de la montée', "C'est 1,5 de trop. Au pas 10, t vaut 0 : le taux est peak."),
        Answer(_fresh_learning_rate_w12, 'est au plus haut à la fin de la montée', "C'est une part : multipliez par peak."),
        Answer(_fresh_learning_rate_w13, 'est au plus haut à la fin de la montée', 't compte les pas depuis le départ : comptez-les depuis la fin de la'),
    ),
    "finetune.logged_rows": (
        Answer(_log("_log_real", lambda r, s, p: r * s / p), _JUDGED, "arrondissez"),
        Answer(_log("_log_divided", lambda r, s, p: r / s / p), _JUDGED, "multipliez-les"),
        Answer(_log("_log_divided_rounded", lambda r, s, p: round(r / s / p)), _JUDGED, "multipliez-les"),
        Answer(_log("_log_added", lambda r, s, p: round(r + s)), _JUDGED, "additionnés"),
        Answer(_log("_log_none", lambda r, s, p: None), _JUDGED, "None"),
        Answer(_log("_log_runtime", lambda r, s, p: round(r)), _JUDGED, ""),
        Answer(_log("_log_text", lambda r, s, p: f"{round(r * s)} lignes"), _JUDGED, ""),
        Answer(_log("_log_all_passes", lambda r, s, p: round(r * s)), _ONCE, "trois passages"),
        Answer(_log("_log_times", lambda r, s, p: round(r * s * p)), _ONCE, "il divise"),
        Answer(_log("_log_floor", lambda r, s, p: int(r * s / p + 1e-3)), _NEAREST, "est devenu 7"),
        Answer(_log("_log_ceil", lambda r, s, p: math.ceil(r * s / p - 2e-3)), _NOT_ABOVE, "au plus proche"),
        Answer(_fresh_logged_rows_w6, 'retrouve les lignes jugées', "C'est 1 de trop. 3,2996 × 3,334 = 11,0009 : onze lignes."),
        Answer(_fresh_logged_rows_w7, 'arrondit au plus proche', '7,69 est devenu 7 : arrondissez au plus proche, une fois, à la fin.'),
        Answer(_fresh_logged_rows_w10, 'retrouve les lignes jugées', "C'est 1 de moins. 3,2996 × 3,334 = 11,0009 : onze lignes."),
        Answer(_fresh_logged_rows_w11, 'retrouve les lignes jugées', "C'est 1 de moins. 3,2996 × 3,334 = 11,0009 : onze lignes."),
    ),
    "finetune.cut_sentences": (
        Answer(_cut_faulty, _SHORT, "est jetée"),
        Answer(_cut("_cut_only_short", lambda x, n: [list(r) for r in x if len(r) < n]), _SHORT, "quatre tokens est jetée"),
        Answer(_cut("_cut_filled", lambda x, n: [(list(r) + [0] * n)[:n] for r in x]), _SHORT, "telle quelle"),
        Answer(_cut("_cut_mixed", lambda x, n: _cut_slices(sum(map(list, x), []), n)), _SHORT, "sont mêlées"),
        Answer(_cut("_cut_none", lambda x, n: None), _SHORT, "None"),
        Answer(_cut("_cut_start", lambda x, n: [list(r[:n]) for r in x]), _LONG, "Seul le début"),
        Answer(_cut("_cut_end", lambda x, n: [list(r[-n:]) for r in x]), _LONG, "Seule la fin"),
        Answer(_cut("_cut_whole", lambda x, n: [list(r) for r in x]), _LONG, "n'est pas coupée"),
        Answer(_cut("_cut_full_pieces", lambda x, n: [p for r in x for p in (_cut_slices(r, n) if len(r) < n else [q for q in _cut_slices(r, n) if len(q) == n])]), _LONG, "est perdu"),
        Answer(_cut("_cut_overlap", lambda x, n: [list(r[i : i + n]) for r in x for i in range(max(1, len(r) - n + 1))]), _LONG, "se chevauchent"),
        Answer(_cut("_cut_empty", lambda x, n: [p for r in x for p in (_cut_slices(r, n) or [[]])]), _MIX, "morceau vide"),
        Answer(_cut("_cut_sorted", lambda x, n: sorted((p for r in x for p in _cut_slices(r, n)), key=len, reverse=True) if len(x) > 2 else [p for r in x for p in _cut_slices(r, n)]), _MIX, ""),
        Answer(_fresh_cut_sentences_w7, 'garde les phrases courtes', "Il y a 4 éléments de trop, d'abord au rang 1 (compté depuis 0). Les"),
        Answer(_fresh_cut_sentences_w8, 'coupe les longues sans rien perdre', 'Il est venu 2 éléments, et non 3 ; le premier écart est au rang 1'),
        Answer(_fresh_cut_sentences_w10, 'coupe les longues sans rien perdre', 'Les éléments sont les mêmes, dans un autre ordre. Cinq tokens font deux'),
        Answer(_fresh_cut_sentences_w12, 'garde les phrases courtes', "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on lui donne"),
    ),
    "finetune.save_interval": (
        Answer(_save("_save_faulty", lambda steps, saves: 500), _FIFTEEN, "rien n'est enregistré"),
        Answer(_save("_save_end", lambda steps, saves: steps), _FIFTEEN, "Une seule fois"),
        Answer(_save("_save_count", lambda steps, saves: saves), _FIFTEEN, "nombre de points"),
        Answer(_save("_save_times", lambda steps, saves: steps * saves), _FIFTEEN, "multipliés"),
        Answer(_save("_save_each", lambda steps, saves: 1), _FIFTEEN, "À chaque pas"),
        Answer(_save("_save_often", lambda steps, saves: steps // (saves + 1) + 1), _FIFTEEN, "trop souvent"),
        Answer(_save("_save_none", lambda steps, saves: None), _FIFTEEN, "None"),
        Answer(_save("_save_inverse", lambda steps, saves: saves / steps), _FIFTEEN, ""),
        Answer(_save("_save_ceil", lambda steps, saves: -(-steps // saves)), _FIFTEEN, "Arrondissez au-dessous"),
        Answer(_save("_save_real", lambda steps, saves: steps / saves), _FIFTEEN, ""),
        Answer(_save("_save_zero", lambda steps, saves: steps // saves), _NEVER_ZERO, "n'existe pas"),
        Answer(_fresh_save_interval_w4, 'enregistre dans un entraînement de quinze pas', "Arrondissez au-dessous"),
        Answer(_fresh_save_interval_w6, 'enregistre dans un entraînement de quinze pas', "C'est trop souvent : 7 suffit, aux pas 7 et 14."),
        Answer(_fresh_save_interval_w9, "ne s'arrête pas à 500", 'Tous les 500 pas, il y en a quatre ; 1 000 est le plus grand'),
        Answer(_fresh_save_interval_w11, 'enregistre dans un entraînement de quinze pas', "C'est trop souvent : 7 suffit, aux pas 7 et 14."),
        Answer(_fresh_save_interval_w12, 'enregistre dans un entraînement de quinze pas', 'Une seule fois, à la fin : on en demande deux.'),
    ),
}  # fmt: skip

RIGHT = {
    "finetune.pack": (_pack_numpy, _pack_loop, _pack_buffer, _pack_torch,
        _fresh_pack_r1,
        _fresh_pack_r2,
        _fresh_pack_r3,
        _fresh_pack_r4,
    ),
    "finetune.padding_share": (
        _share_loop,
        _share("_share_numpy", lambda x, w: float(1 - np.minimum(x, w).mean() / w)),
        _share("_share_clip", lambda x, w: sum(max(w - n, 0) for n in x) / w / len(x)),
        _fresh_padding_share_r1,
        _fresh_padding_share_r2,
        _fresh_padding_share_r3,
    ),
    "finetune.collate": (_collate_torch, _collate_numpy, _collate_loop,
        _fresh_collate_r1,
        _fresh_collate_r2,
        _fresh_collate_r3,
        _fresh_collate_r4,
    ),
    "finetune.total_steps": (
        _steps_loop,
        _steps("_steps_ceil", lambda r, b, a, e: math.ceil(math.ceil(r / b) / a) * e),
        _steps("_steps_together", lambda r, b, a, e: e * math.ceil(r / (a * b))),
        _steps("_steps_ranges", lambda r, b, a, e: e * len(range(0, len(range(0, r, b)), a))),
        _fresh_total_steps_r1,
        _fresh_total_steps_r2,
        _fresh_total_steps_r3,
    ),
    "finetune.learning_rate": (
        _rate("_rate_plain"),
        _rate_sine,
        _rate_numpy,
        _rate("_rate_product", lambda s, p, w, n: s / w * p),
        _fresh_learning_rate_r1,
        _fresh_learning_rate_r2,
        _fresh_learning_rate_r3,
    ),
    "finetune.logged_rows": (
        _log("_log_plain", lambda r, s, p: round(r * s / p)),
        _log("_log_half", lambda r, s, p: int(r * s / p + 0.5)),
        _log("_log_numpy", lambda r, s, p: int(np.rint(r * s / p))),
        _fresh_logged_rows_r1,
        _fresh_logged_rows_r2,
        _fresh_logged_rows_r3,
    ),
    "finetune.cut_sentences": (
        _cut_while,
        _cut("_cut_islice", lambda x, n: [list(b) for r in x for b in itertools.batched(r, n)] if hasattr(itertools, "batched") else _cut_while(x, n)),
        _cut("_cut_torch", lambda x, n: [p.tolist() for r in x if len(r) for p in torch.tensor(list(r)).split(n)]),
        _fresh_cut_sentences_r1,
        _fresh_cut_sentences_r2,
        _fresh_cut_sentences_r3,
    ),
    "finetune.save_interval": (
        _save("_save_max", lambda steps, saves: max(steps // saves, 1)),
        _save("_save_or", lambda steps, saves: int(steps / saves) or 1),
        _save("_save_search", lambda steps, saves: max((k for k in range(1, steps + 1) if steps // k >= saves), default=1)),
        _fresh_save_interval_r1,
        _fresh_save_interval_r2,
        _fresh_save_interval_r3,
    ),
}  # fmt: skip


def _plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def use():
    """Des blocs, des lots, un journal décodé, un horaire : ce que la leçon fait de ces fonctions."""
    sentences = [[3, 4, 5], [6], [7, 8, 9, 10, 11]]
    packed = finetune.pack_blocks(["Le meunier. La roue."] * 8, small_tokenizer(), 8)
    recipe = finetune.Recipe(epochs=2, batch_size=4, learning_rate=1e-3)
    return {
        "blocks": [[int(token) for token in row] for row in packed["input_ids"]],
        "waste": [(one.positions, one.empty, one.lost) for one in blocks.wastes(sentences, 0, widths=(3,))],
        "batches": [
            {key: [[int(token) for token in row] for row in _plain(value)] for key, value in batch.items()}
            for batch in blocks.batches(sentences, 4, 2, 0)
        ],
        "rates": blocks.rates(2.0, 2, 6, 8),
        "steps": finetune.total_steps(10, 4, 1, 2),
        "saved": finetune.save_interval(17, 5),
        "read": blocks.decode(blocks.PUBLISHED).steps,
        "rows": blocks.decode(blocks.PUBLISHED).trained_rows,
        "arguments": _arguments(recipe),
    }


def _arguments(recipe):
    from pathlib import Path

    cpu = models.Device("cpu", False, "pour voir")
    arguments = finetune._arguments(recipe, Path("."), cpu, blocks=20, evaluates=True, at_once=recipe.batch_size)
    return arguments.save_steps, float(arguments.warmup_steps)
