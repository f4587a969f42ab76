"""Leçon 08 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import math
import re

import numpy as np
import torch
from answers import Answer
from small import small_model, small_tokenizer

from aurore import beams, generation

OUT = -math.inf


def _named(name, function):
    function.__name__ = name
    return function


# --- Le mieux noté --------------------------------------------------------------------------------------

_RANK, _NEGATIVE, _TIE = (
    "rend le rang de la meilleure note",
    "sait que toutes les notes peuvent être négatives",
    "prend le plus petit à égalité",
)


def _pick(name, function):
    return _named(name, lambda logits: function(logits))


def _greedy_loop(logits):
    best = 0
    for rank in range(1, len(logits)):
        if logits[rank] > logits[best]:
            best = rank
    return best


def _greedy_from_zero(logits):
    best, place = 0.0, 0
    for rank, value in enumerate(logits.tolist()):
        if value > best:
            best, place = value, rank
    return place


def _greedy_last(logits):
    best = 0
    for rank, value in enumerate(logits.tolist()):
        if value >= logits[best]:
            best = rank
    return best


# --- La température -------------------------------------------------------------------------------------

_COLD, _HOT, _OUTSIDE = (
    "écarte les notes sous 1",
    "rapproche les notes au-dessus de 1",
    "laisse dehors ce qui y est déjà",
)


def _heat(name, function):
    return _named(name, lambda logits, temperature: function(logits, temperature))


def _heat_in_place(logits, temperature):
    logits /= temperature
    return logits


def _heat_multiplies_when_cold(logits, temperature):
    return logits / temperature if temperature < 1 else logits * temperature


# --- Top-k et top-p -------------------------------------------------------------------------------------

_K, _K_TIE, _K_ALL = "garde les k meilleures", "garde tout ce qui égale la k-ième", "garde tout si k dépasse V"
_P, _P_ONE, _P_ALL, _P_OUT = (
    "garde de quoi atteindre p",
    "garde toujours un token",
    "garde tout quand p vaut 1",
    "compose avec ce qui est déjà dehors",
)


def _threshold(logits, k):
    return logits.topk(min(k, len(logits))).values[-1]


def _cut(name, function):
    return _named(name, lambda logits, limit: function(logits, limit))


def _k_by_ranks(logits, k):
    result = torch.full_like(logits, OUT)
    ranks = logits.topk(min(k, len(logits))).indices
    result[ranks] = logits[ranks]
    return result


def _k_in_place(logits, k):
    logits[logits < _threshold(logits, k)] = OUT
    return logits


def _k_clone(logits, k):
    result = logits.clone()
    result[result < sorted(logits.tolist(), reverse=True)[: min(k, len(logits))][-1]] = OUT
    return result


def _k_list(logits, k):
    worst = _threshold(logits, k).item()
    return torch.tensor([note if note >= worst else OUT for note in logits.tolist()])


def _k_numpy(logits, k):
    notes = logits.numpy()
    return torch.from_numpy(np.where(notes >= np.sort(notes)[-min(k, len(notes))], notes, OUT).astype(np.float32))


def _nucleus(logits, p, before=True, keep_one=False, places=True, descending=True, filling=OUT):
    """Un top-p juste, dont une pièce peut être changée."""
    ordered, ranks = logits.sort(descending=descending)
    chances = ordered.softmax(-1)
    sums = chances.cumsum(-1)
    removed = (sums - chances if before else sums) >= p - 1e-7
    if keep_one:
        removed[0] = False
    chosen = ranks[removed] if places else removed.nonzero().flatten()
    return logits.index_fill(0, chosen, filling)


def _p_plain(logits, p):
    return _nucleus(logits, p)


def _p_loop(logits, p):
    chances = logits.softmax(-1)
    result, total = torch.full_like(logits, OUT), 0.0
    for rank in chances.argsort(descending=True):
        if total >= p - 1e-7:
            break
        result[rank] = logits[rank]
        total += chances[rank].item()
    return result


def _p_threshold(logits, p):
    chances = logits.softmax(-1)
    ordered = chances.sort(descending=True).values
    needed = int((ordered.cumsum(-1) < p - 1e-7).sum())
    return torch.where(chances >= ordered[min(needed, len(ordered) - 1)], logits, OUT)


def _p_numpy(logits, p):
    notes = logits.numpy().astype(float)
    chances = np.exp(notes - notes.max())
    chances /= chances.sum()
    order = np.argsort(-chances)
    kept = order[: int(np.searchsorted(np.cumsum(chances[order]), p - 1e-7)) + 1]
    result = np.full_like(notes, OUT)
    result[kept] = notes[kept]
    return torch.tensor(result, dtype=torch.float32)


def _p_sorted(logits, p):
    ordered, _ = logits.sort(descending=True)
    chances = ordered.softmax(-1)
    return ordered.masked_fill(chances.cumsum(-1) - chances >= p, OUT)


def _p_in_place(logits, p):
    logits[_nucleus(logits, p) == OUT] = OUT
    return logits


def _p_of_notes(logits, p):
    ordered, ranks = logits.sort(descending=True)
    return logits.index_fill(0, ranks[ordered.cumsum(-1) - ordered >= p], OUT)


def _p_unsorted(logits, p):
    chances = logits.softmax(-1)
    return logits.masked_fill(chances.cumsum(-1) - chances >= p, OUT)


def _p_at_least(logits, p):
    return logits.masked_fill(logits.softmax(-1) < 1 - p, OUT)


# --- Les réglages ignorés -------------------------------------------------------------------------------

_DOCUMENTS, _DRAWN, _VALUES, _BOTH = (
    "voit ce que les documents ont réglé pour rien",
    "ne reproche rien au tirage",
    "lit les valeurs, et non les seuls noms",
    "admet les deux à la fois",
)
DRAWN, BEAMS = ("temperature", "top_k", "top_p"), ("early_stopping", "length_penalty")


def _ignoring(name, drawn=lambda s: s.get("do_sample", False), beams=lambda s: s.get("num_beams", 1) > 1, make=None):
    def ignored(settings):
        idle = (() if drawn(settings) else DRAWN) + (() if beams(settings) else BEAMS)
        found = [key for key in settings if key in idle]
        return make(found, settings) if make else found

    return _named(name, ignored)


def _ignored_loop(settings):
    found = []
    for key in settings:
        if key in DRAWN and not settings.get("do_sample"):
            found.append(key)
        if key in BEAMS and settings.get("num_beams", 1) == 1:
            found.append(key)
    return found


def _ignored_filter(settings):
    idle = set()
    idle |= set() if settings.get("do_sample") is True else set(DRAWN)
    idle |= set(BEAMS) if settings.get("num_beams", 1) < 2 else set()
    return list(filter(idle.__contains__, settings))


def _ignored_tuple(settings):
    return tuple(_ignored_loop(settings))


# --- Contre les redites ---------------------------------------------------------------------------------

_ONCE, _PENALTY_ONE, _NOTHING_YET = (
    "baisse une fois chaque token déjà là",
    "ne change rien à 1",
    "ne change rien quand rien n'est écrit",
)


def _penalizing(name, rule, each=False, everywhere=False):
    """Une pénalité dont on change la règle, le nombre de fois ou les places."""

    def penalize(logits, ids, penalty):
        result = logits.clone()
        places = range(len(logits)) if everywhere else (ids.tolist() if each else set(ids.tolist()))
        for place in places:
            result[place] = rule(result[place], penalty)
        return result

    return _named(name, penalize)


def _right_rule(note, penalty):
    return note * penalty if note < 0 else note / penalty


def _penalize_in_place(logits, ids, penalty):
    logits[ids] = torch.where(logits[ids] < 0, logits[ids] * penalty, logits[ids] / penalty)
    return logits


def _penalize_where(logits, ids, penalty):
    seen = torch.zeros(len(logits), dtype=torch.bool)
    seen[ids] = True
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)


def _penalize_bincount(logits, ids, penalty):
    seen = torch.bincount(ids, minlength=len(logits)) > 0
    factor = torch.where(logits < 0, torch.tensor(penalty), torch.tensor(1 / penalty))
    return logits * torch.where(seen, factor, torch.tensor(1.0))


def _penalize_others(logits, ids, penalty):
    result = logits.clone()
    for place in set(range(len(logits))) - set(ids.tolist()):
        result[place] = _right_rule(result[place], penalty)
    return result


_ORDER, _SINGLE = "retrouve le début dans le même ordre", "interdit tout token déjà venu quand size vaut 1"
_THREE, _LENGTH, _OVERLAP, _SHORT = (
    "interdit ce qui referait trois tokens",
    "suit la longueur demandée",
    "voit les suites qui se chevauchent",
    "laisse tout quand le texte est trop court",
)


def _forbidding(name, banned, filling=OUT):
    def forbid(logits, ids, size):
        result = logits.clone()
        for token in banned(ids.tolist(), size):
            result[token] = filling
        return result

    return _named(name, forbid)


def _followers(written, size):
    ending = written[len(written) - size + 1 :]
    return {written[i + size - 1] for i in range(len(written) - size + 1) if written[i : i + size - 1] == ending}


def _first_follower(written, size):
    ending = tuple(written[len(written) - size + 1 :])
    for i in range(len(written) - size + 1):
        if tuple(written[i : i + size - 1]) == ending:
            return [written[i + size - 1]]
    return []


def _disjoint(written, size):
    ending = written[len(written) - size + 1 :]
    return {written[i + size - 1] for i in range(len(written) - 2 * size + 2) if written[i : i + size - 1] == ending}


def _unordered_followers(written, size):
    start = sorted(written[len(written) - size + 1 :])
    spans = (written[i : i + size] for i in range(len(written) - size + 1))
    return {span[-1] for span in spans if sorted(span[:-1]) == start}


def _forbid_windows(logits, ids, size):
    result = logits.clone()
    if len(ids) >= size:
        for window in ids.unfold(0, size, 1).tolist():
            if window[:-1] == ids[len(ids) - size + 1 :].tolist():
                result[window[-1]] = OUT
    return result


def _forbid_by_trying(logits, ids, size):
    written = ids.tolist()
    known = {tuple(written[i : i + size]) for i in range(len(written) - size + 1)}
    result = logits.clone()
    for token in range(len(logits)):
        if tuple([*written, token][-size:]) in known:
            result[token] = OUT
    return result


def _forbid_dictionary(logits, ids, size):
    written, after = ids.tolist(), {}
    for i in range(len(written) - size + 1):
        after.setdefault(tuple(written[i : i + size - 1]), []).append(written[i + size - 1])
    banned = after.get(tuple(written[len(written) - size + 1 :]), [])
    return logits.masked_fill(torch.isin(torch.arange(len(logits)), torch.tensor(banned, dtype=torch.long)), OUT)


def _forbid_in_place(logits, ids, size):
    logits[list(_followers(ids.tolist(), size))] = OUT
    return logits


# --- La réponse seule -----------------------------------------------------------------------------------

_SHARPS, _STOPS, _GOES_ON, _PROMPT, _OWN_END = (
    "garde les dièses d'une bonne réponse",
    "s'arrête à la fin de texte",
    "va au bout s'il n'y a pas de fin",
    "suit la longueur de l'amorce",
    "ne prend pas une fin de texte de l'amorce pour la sienne",
)
_AS_IS = "rend les lettres et les blancs tels quels"


def _answering(name, function):
    return _named(name, lambda tokenizer, output, length: function(tokenizer, output, length))


def _answer_faulty(tokenizer, output, length):
    import re

    text = tokenizer.decode(output, skip_special_tokens=True)
    return re.sub(r"##.*", "", text).strip()


def _until_end(tokenizer, written):
    return written[: written.index(tokenizer.eos_token_id)] if tokenizer.eos_token_id in written else written


def _answer_plain(tokenizer, output, length):
    return tokenizer.decode(_until_end(tokenizer, output[length:].tolist()))


def _answer_loop(tokenizer, output, length):
    kept = []
    for token in output[length:]:
        if token == tokenizer.eos_token_id:
            break
        kept.append(int(token))
    return tokenizer.decode(kept)


def _answer_mask(tokenizer, output, length):
    written = output[length:]
    ends = (written == tokenizer.eos_token_id).nonzero()
    return tokenizer.decode(written[: int(ends[0])] if len(ends) else written, skip_special_tokens=True)


def _answer_first_end(tokenizer, output, length):
    ids = output.tolist()
    end = ids.index(tokenizer.eos_token_id) if tokenizer.eos_token_id in ids else len(ids)
    return tokenizer.decode(ids[length:end])


def _answer_always_cuts(tokenizer, output, length):
    written = output.tolist()[length:]
    return tokenizer.decode(_until_end(tokenizer, written) if tokenizer.eos_token_id in written else written[:-1])


def _answer_rows(tokenizer, output, length):
    written = _until_end(tokenizer, output[length:].tolist())
    return tokenizer.batch_decode([written], skip_special_tokens=True)[0]


def _answer_to_the_last_end(tokenizer, output, length):
    written = output[length:].tolist()
    if tokenizer.eos_token_id in written:
        written = written[: len(written) - 1 - written[::-1].index(tokenizer.eos_token_id)]
    return tokenizer.decode(written, skip_special_tokens=True)


def _answer_piece_by_piece(tokenizer, output, length):
    return "".join(tokenizer.decode(token) for token in _until_end(tokenizer, output[length:].tolist()))


def _answer_cleaned(tokenizer, output, length):
    return tokenizer.decode(_until_end(tokenizer, output[length:].tolist()), clean_up_tokenization_spaces=True)


# --- Les faisceaux --------------------------------------------------------------------------------------

_ALL, _ONE_START, _FEW = (
    "allonge les débuts, du meilleur total au moins bon",
    "part d'un seul début",
    "se contente de ce qu'il y a",
)


def _extending(name, sums=lambda totals, logits: totals[:, None] + logits.log_softmax(-1), make=None, clip=True):
    def extend(totals, logits, width):
        table = sums(totals, logits)
        best = table.flatten().topk(min(width, table.numel()) if clip else width)
        rows = [
            (int(rank) // table.shape[1], int(rank) % table.shape[1], float(total))
            for total, rank in zip(*best, strict=True)
        ]
        return make(rows) if make else rows

    return _named(name, extend)


def _extend_first_only(totals, logits, width):
    return _extending("")(totals[:1], logits[:1], width)


def _extend_one_each(totals, logits, width):
    sums = totals[:, None] + logits.log_softmax(-1)
    rows = [(start, int(row.argmax()), float(row.max())) for start, row in enumerate(sums)]
    return sorted(rows, key=lambda row: -row[2])[:width]


def _extend_sorted(totals, logits, width):
    rows = []
    for start in range(len(totals)):
        logs = torch.log_softmax(logits[start], dim=0)
        rows += [(start, token, (totals[start] + logs[token]).item()) for token in range(len(logs))]
    return sorted(rows, key=lambda row: row[2], reverse=True)[:width]


def _extend_tensors(totals, logits, width):
    sums = (totals.unsqueeze(1) + torch.log(torch.softmax(logits, dim=1))).reshape(-1)
    values, places = torch.sort(sums, descending=True)
    return [[p // logits.shape[1], p % logits.shape[1], v] for v, p in zip(values[:width], places[:width], strict=True)]


# --- Les deux tableaux ----------------------------------------------------------------------------------

# --- Écrites d'après le seul énoncé ------------------------------------------------------------


# Compté de 1.
def _fresh_greedy_w2(logits):
    return int(logits.argmax()) + 1


# Part de 0.
def _fresh_greedy_w6(logits):
    best, rank = 0, 0
    for i, x in enumerate(logits):
        if x > best:
            best, rank = x, i
    return rank


# Max et key.
def _fresh_greedy_r3(logits):
    return max(range(len(logits)), key=lambda i: logits[i].item())


# Max ôté d'abord.
def _fresh_apply_temperature_w11(logits, temperature):
    return (logits - logits.max()) / temperature


# Clone.
def _fresh_apply_temperature_r2(logits, temperature):
    out = logits.clone()
    out /= temperature
    return out


# K dépasse V : topk lève.
def _fresh_keep_top_k_w1(logits, k):
    limit = torch.topk(logits, k).values[-1]
    return logits.masked_fill(logits < limit, -torch.inf)


# Sort croissant [k-1].
def _fresh_keep_top_k_w8(logits, k):
    limit = logits.sort().values[min(k, len(logits)) - 1]
    return logits.masked_fill(logits < limit, -torch.inf)


# Inf positif.
def _fresh_keep_top_k_w10(logits, k):
    limit = logits.topk(min(k, len(logits))).values[-1]
    return logits.masked_fill(logits < limit, torch.inf)


# Valeur distincte : unique.
def _fresh_keep_top_k_w11(logits, k):
    values = logits.unique().flip(0)
    limit = values[min(k, len(values)) - 1]
    return logits.masked_fill(logits < limit, -torch.inf)


# Sort et where.
def _fresh_keep_top_k_r2(logits, k):
    order = torch.sort(logits, descending=True).values
    return torch.where(logits >= order[:k][-1], logits, torch.tensor(-torch.inf))


# Liste.
def _fresh_keep_top_k_r3(logits, k):
    notes = logits.tolist()
    limit = sorted(notes, reverse=True)[:k][-1]
    return torch.tensor([x if x >= limit else -math.inf for x in notes])


# Probabilité > 1 - p.
def _fresh_keep_top_p_w4(logits, p):
    return logits.masked_fill(logits.softmax(-1) < 1 - p, -torch.inf)


# Cumul des notes.
def _fresh_keep_top_p_w6(logits, p):
    values, order = logits.sort(descending=True)
    out = logits.clone(); out[order[values.cumsum(-1) - values >= p]] = -torch.inf
    return out


# Un de trop.
def _fresh_keep_top_p_w10(logits, p):
    probs, order = logits.softmax(-1).sort(descending=True)
    n = int((probs.cumsum(-1) < p).sum()) + 2
    out = torch.full_like(logits, -torch.inf); out[order[:n]] = logits[order[:n]]
    return out


# Cumul moins soi.
def _fresh_keep_top_p_r1(logits, p):
    probs, order = logits.softmax(-1).sort(descending=True)
    out = logits.clone()
    out[order[probs.cumsum(-1) - probs >= p]] = -torch.inf
    return out


# Boucle.
def _fresh_keep_top_p_r2(logits, p):
    probs = logits.softmax(-1)
    out = torch.full_like(logits, -torch.inf)
    total = 0.0
    for i in probs.argsort(descending=True).tolist():
        out[i] = logits[i]
        total += probs[i].item()
        if total >= p:
            break
    return out


# Scatter.
def _fresh_keep_top_p_r3(logits, p):
    probs, order = torch.sort(torch.softmax(logits, 0), descending=True)
    drop_sorted = torch.cat([torch.tensor([False]), probs.cumsum(0)[:-1] >= p])
    drop = torch.zeros_like(drop_sorted).scatter(0, order, drop_sorted)
    return logits.masked_fill(drop, -torch.inf)


# Num_beams > 2.
def _fresh_ignored_settings_w4(settings):
    dead = set()
    if not settings.get("do_sample"): dead |= {"temperature", "top_k", "top_p"}
    if settings.get("num_beams", 1) <= 2: dead |= {"early_stopping", "length_penalty"}
    return [k for k in settings if k in dead]


# Elif.
def _fresh_ignored_settings_w9(settings):
    if not settings.get("do_sample"):
        return [k for k in settings if k in ("temperature", "top_k", "top_p")]
    elif settings.get("num_beams", 1) < 2:
        return [k for k in settings if k in ("early_stopping", "length_penalty")]
    return []


# Top_p oublié.
def _fresh_ignored_settings_w11(settings):
    dead = set()
    if not settings.get("do_sample"): dead |= {"temperature", "top_k"}
    if settings.get("num_beams", 1) < 2: dead |= {"early_stopping", "length_penalty"}
    return [k for k in settings if k in dead]


# Ensemble mort.
def _fresh_ignored_settings_r1(settings):
    dead = set()
    if not settings.get("do_sample", False):
        dead |= {"temperature", "top_k", "top_p"}
    if settings.get("num_beams", 1) < 2:
        dead |= {"early_stopping", "length_penalty"}
    return [name for name in settings if name in dead]


# Boucle.
def _fresh_ignored_settings_r2(settings):
    out = []
    for name in settings.keys():
        if name in ("temperature", "top_k", "top_p") and settings.get("do_sample") is not True:
            out.append(name)
        if name in ("early_stopping", "length_penalty") and not (settings.get("num_beams") or 0) >= 2:
            out.append(name)
    return out


# Table.
def _fresh_ignored_settings_r3(settings):
    sampling, beams = bool(settings.get("do_sample")), settings.get("num_beams", 0) > 1
    needs = dict.fromkeys(("temperature", "top_k", "top_p"), sampling) | dict.fromkeys(("early_stopping", "length_penalty"), beams)
    return [k for k in settings if not needs.get(k, True)]


# Le dernier seul.
def _fresh_penalize_repetition_w7(logits, ids, penalty):
    out = logits.clone(); i = int(ids[-1])
    out[i] = out[i] / penalty if out[i] > 0 else out[i] * penalty
    return out


# Les autres.
def _fresh_penalize_repetition_w10(logits, ids, penalty):
    out = torch.where(logits > 0, logits / penalty, logits * penalty)
    for i in set(int(i) for i in ids): out[i] = logits[i]
    return out


# Boucle sur un ensemble.
def _fresh_penalize_repetition_r1(logits, ids, penalty):
    out = logits.clone()
    for i in {int(i) for i in ids}:
        out[i] = out[i] / penalty if out[i] > 0 else out[i] * penalty
    return out


# Where et masque.
def _fresh_penalize_repetition_r2(logits, ids, penalty):
    seen = torch.zeros_like(logits, dtype=torch.bool)
    seen[torch.as_tensor(ids, dtype=torch.long)] = True
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)


# Scatter, comme transformers.
def _fresh_penalize_repetition_r3(logits, ids, penalty):
    ids = torch.as_tensor(ids, dtype=torch.long)
    score = logits.gather(0, ids)
    score = torch.where(score < 0, score * penalty, score / penalty)
    return logits.scatter(0, ids, score)


_FIRST, _CLOSE = "regarde aussi la première note", "sépare deux notes voisines"


def _ignored_if_true(settings):
    idle = set() if settings.get("do_sample") else {"temperature", "top_k", "top_p"}
    idle |= set() if settings.get("num_beams", 1) > 1 else {"early_stopping", "length_penalty"}
    return [name for name, value in settings.items() if value and name in idle]


def _written(tokenizer, output, length):
    ids = output[length:].tolist()
    return tokenizer.decode(ids[: ids.index(tokenizer.eos_token_id)] if tokenizer.eos_token_id in ids else ids)


def _answer_first_line(tokenizer, output, length):
    return _written(tokenizer, output, length).split("\n")[0]


def _answer_single_spaces(tokenizer, output, length):
    return re.sub(" +", " ", _written(tokenizer, output, length))


# Un tour de boucle de trop quand le texte n'a que size - 1 tokens.
def _forbid_past_the_end(logits, ids, size):
    written, result = ids.tolist(), logits.clone()
    ending = written[len(written) - size + 1 :]
    for start in range(max(1, len(written) - size + 1)):
        if len(written) >= size - 1 and written[start : start + size - 1] == ending:
            result[written[start + size - 1]] = OUT
    return result


# Tirent au sort, avec leurs propres dés : d'un essai à l'autre, la suite est la même.
_DICE, _NEAR_DICE = torch.Generator().manual_seed(2), torch.Generator().manual_seed(2)


def _greedy_lots(logits):
    return torch.multinomial(logits.softmax(-1), 1, generator=_DICE).item()


def _greedy_near_lots(logits):
    """Ne tire qu'entre les tokens à un point au plus du meilleur, s'ils sont plus de trois."""
    near = (logits > logits.max() - 1).nonzero().flatten()
    return near[torch.randint(len(near), (1,), generator=_NEAR_DICE)].item() if len(near) > 3 else int(logits.argmax())


def _p_beyond(logits, p):
    ordered, ranks = logits.sort(descending=True)
    chances = ordered.softmax(-1)
    return logits.index_fill(0, ranks[chances.cumsum(-1) - chances > p], OUT)


def _penalize_tokens(logits, tokens, penalty):
    result = logits.clone()
    for token in tokens:
        result[token] = _right_rule(result[token], penalty)
    return result


def _penalize_places(logits, ids, penalty):
    result = logits.clone()
    for place in range(len(ids)):
        result[place] = result[place] / penalty if result[place] > 0 else result[place] * penalty
    return result


def _forbid_by_digits(logits, ids, size):
    """Met les tokens bout à bout dans un texte : « 1, 12 » et « 11, 2 » s'y confondent."""
    written, result = ids.tolist(), logits.clone()
    grams = {"".join(map(str, written[i : i + size])) for i in range(len(written) - size + 1)}
    for token in range(len(logits)):
        if "".join(map(str, [*written, token][-size:])) in grams:
            result[token] = OUT
    return result


def _forbid_float_index(logits, ids, size):
    result = logits.clone()
    result[torch.tensor(list(_followers(ids.tolist(), size)))] = OUT
    return result


def _extend_by_starts(totals, logits, width):
    sums = totals[:, None] + logits.log_softmax(-1)
    best = sums.flatten().topk(min(width, sums.numel()))
    return [(rank // len(totals), rank % len(totals), total) for total, rank in zip(*(each.tolist() for each in best))]


def _answer_replaces_the_prompt(tokenizer, output, length):
    text = _until_end(tokenizer, output[length:].tolist())
    return tokenizer.decode(text).replace(tokenizer.decode(output[:length]), "")


def _answer_splits_the_text(tokenizer, output, length):
    return tokenizer.decode(output[length:]).split(tokenizer.eos_token)[0]


WRONG = {
    "generation.greedy": (
        Answer(_greedy_lots, _RANK, "ne tire rien au sort"),
        Answer(_greedy_near_lots, "rend le même rang à chaque fois", "ne tire rien au sort"),
        Answer(_pick("_greedy_value", lambda x: x.max().item()), _RANK, "C'est la note elle-même"),
        Answer(_pick("_greedy_value_tensor", lambda x: x.max()), _RANK, "C'est la note elle-même"),
        Answer(_pick("_greedy_worst", lambda x: int(x.argmin())), _RANK, "la pire note"),
        Answer(_pick("_greedy_length", lambda x: len(x) - 1), _RANK, "le rang de la dernière"),
        Answer(_pick("_greedy_both", lambda x: tuple(x.max(0))), _RANK, "La note et son rang"),
        Answer(_pick("_greedy_order", lambda x: x.argsort(descending=True)), _RANK, "un classement entier"),
        Answer(_pick("_greedy_nothing", lambda x: None), _RANK, "None"),
        Answer(_pick("_greedy_from_one", lambda x: int(x.argmax()) + 1), _RANK, ""),
        Answer(_pick("_greedy_drawn", lambda x: int(x.softmax(-1).argmin())), _RANK, "la pire note"),
        Answer(_greedy_from_zero, _NEGATIVE, ""),
        Answer(_pick("_greedy_magnitude", lambda x: int(x.abs().argmax())), _NEGATIVE, "le signe compte"),
        Answer(_greedy_last, _TIE, "le dernier des deux"),
        Answer(_fresh_greedy_w2, 'rend le rang de la meilleure note', '4 est le rang suivant : comptés depuis 0, les rangs vont de 0 à 5, et'),
        Answer(_fresh_greedy_w6, 'sait que toutes les notes peuvent être négatives', '0 est le rang de la première note, −2. Toutes sont négatives : pour'),
        Answer(_pick("_greedy_but_last", lambda x: int(x[:-1].argmax())), "regarde aussi la dernière note", "La dernière note, 2,5"),
        Answer(_pick("_greedy_but_first", lambda x: int(x[1:].argmax()) + 1), _FIRST, "La première note"),
        Answer(_pick("_greedy_rounded", lambda x: int(x.round().argmax())), _CLOSE, "sans arrondi"),
        Answer(_pick("_greedy_half", lambda x: int(x.half().argmax())), _CLOSE, "sans arrondi"),
    ),
    "generation.apply_temperature": (
        Answer(_heat("_heat_times", lambda x, t: x * t), _COLD, "multipliées"),
        Answer(_heat("_heat_softmax", lambda x, t: (x / t).softmax(-1)), _COLD, "Ce sont des probabilités"),
        Answer(_heat("_heat_log_softmax", lambda x, t: (x / t).log_softmax(-1)), _COLD, "logarithmes"),
        Answer(_heat("_heat_after", lambda x, t: x.softmax(-1) / t), _COLD, "la division vient avant"),
        Answer(_heat("_heat_minus", lambda x, t: x - t), _COLD, "retranchée"),
        Answer(_heat("_heat_plus", lambda x, t: x + t), _COLD, "ajoutée"),
        Answer(_heat("_heat_same", lambda x, t: x), _COLD, "n'ont pas changé"),
        Answer(_heat("_heat_upside_down", lambda x, t: t / x), _COLD, "à l'envers"),
        Answer(_heat("_heat_power", lambda x, t: x.sign() * x.abs() ** (1 / t)), _COLD, "puissance"),
        Answer(_heat("_heat_list", lambda x, t: [note / t for note in x.tolist()]), _COLD, "tenseur de PyTorch"),
        Answer(_heat("_heat_nothing", lambda x, t: None), _COLD, "None"),
        Answer(_heat_in_place, _COLD, "modifie ce qu'on lui donne"),
        Answer(_heat_multiplies_when_cold, _HOT, "multipliées"),
        Answer(_heat("_heat_by_half", lambda x, t: x / 0.5), _HOT, "quelle qu'elle soit"),
        Answer(_heat("_heat_floor", lambda x, t: x // t if t > 1 else x / t), _HOT, "arrondies"),
        Answer(_heat("_heat_finite", lambda x, t: (x / t).nan_to_num(neginf=0.0)), _OUTSIDE, ""),
        Answer(_fresh_apply_temperature_w11, 'écarte les notes sous 1', 'Tout est décalé de -5,5. À 0,5, la note 2 devient 4 : diviser par un'),
        Answer(_heat("_heat_same", lambda x, t: x if t == 1 else x / t), "rend un tenseur neuf, même à 1", "logits lui-même"),
    ),
    "generation.keep_top_k": (
        Answer(_cut("_k_zeros", lambda x, k: x.masked_fill(x < _threshold(x, k), 0.0)), _K, "exp(0) = 1"),
        Answer(_cut("_k_low", lambda x, k: x.masked_fill(x < _threshold(x, k), -1e9)), _K, "sont des nombres"),
        Answer(_cut("_k_softmax", lambda x, k: x.masked_fill(x < _threshold(x, k), OUT).softmax(-1)), _K, "probabilités"),
        Answer(_cut("_k_mask", lambda x, k: x >= _threshold(x, k)), _K, "des vrais et des faux"),
        Answer(_cut("_k_opposite", lambda x, k: x.masked_fill(x >= _threshold(x, k), OUT)), _K, "l'inverse"),
        Answer(_cut("_k_values", lambda x, k: x.topk(k).values), _K, "notes seules"),
        Answer(_cut("_k_ranks", lambda x, k: x.topk(k).indices), _K, "les rangs"),
        Answer(_cut("_k_worst", lambda x, k: x.masked_fill(x > -(_threshold(-x, k)), OUT)), _K, "moins bonnes"),
        Answer(_cut("_k_one_more", lambda x, k: x.masked_fill(x < _threshold(x, k + 1), OUT)), _K, "de trop"),
        Answer(_cut("_k_strict", lambda x, k: x.masked_fill(x <= _threshold(x, k), OUT)), _K, "la k-ième reste"),
        Answer(_cut("_k_first_places", lambda x, k: torch.cat([x[:k], torch.full_like(x[k:], OUT)])), _K, "premières places"),
        Answer(_cut("_k_same", lambda x, k: x), _K, "Rien n'a été écarté"),
        Answer(_cut("_k_nothing", lambda x, k: None), _K, "None"),
        Answer(_k_in_place, _K, "modifie ce qu'on lui donne"),
        Answer(_k_by_ranks, _K_TIE, "ex aequo"),
        Answer(_cut("_k_too_many", lambda x, k: x.masked_fill(x < x.topk(k).values[-1], OUT)), _K_ALL, ""),
        Answer(_fresh_keep_top_k_w1, 'garde tout si k dépasse V', "topk demande plus de valeurs qu'il n'y en a : min"),
        Answer(_fresh_keep_top_k_w8, 'garde les k meilleures', "Seule la plus basse est partie"),
        Answer(_cut("_k_chances", lambda x, k: x.softmax(-1).masked_fill(x < _threshold(x, k), OUT)), _K, "avec leur probabilité"),
        Answer(_fresh_keep_top_k_w10, 'garde les k meilleures', 'il manque le signe'),
        Answer(_fresh_keep_top_k_w11, 'compte chaque ex aequo', 'La note 1 est la troisième : les deux 3 comptent chacun.'),
        Answer(
            _cut("_k_blurred", lambda x, k: x.masked_fill(x < _threshold(x, min(k, len(x))) - 0.1, OUT)), _K_TIE, ""
        ),
    ),
    "generation.keep_top_p": (
        Answer(_cut("_p_without_the_last", lambda x, p: _nucleus(x, p, before=False)), _P, "est parti"),
        Answer(_cut("_p_one_more", lambda x, p: _nucleus(x, p + 0.1)), _P, "de trop"),
        Answer(_cut("_p_places", lambda x, p: _nucleus(x, p, places=False)), _P, "premières places"),
        Answer(_cut("_p_ascending", lambda x, p: _nucleus(x, 0.5, descending=False)), _P, "du moins probable"),
        Answer(_cut("_p_zeros", lambda x, p: _nucleus(x, p, filling=0.0)), _P, "exp(0) = 1"),
        Answer(_cut("_p_low", lambda x, p: _nucleus(x, p, filling=-1e9)), _P, "sont des nombres"),
        Answer(_cut("_p_softmax", lambda x, p: _nucleus(x, p).softmax(-1)), _P, "probabilités"),
        Answer(_cut("_p_chances", lambda x, p: x.softmax(-1) * _nucleus(x, p).isfinite()), _P, "avec leur probabilité"),
        Answer(_cut("_p_same", lambda x, p: x), _P, "Rien n'a été écarté, alors que 0,50 + 0,26"),
        Answer(_cut("_p_alone", lambda x, p: x.masked_fill(x.softmax(-1) < p, OUT)), _P, "c'est leur somme"),
        Answer(_p_beyond, "s'arrête dès que la somme atteint p", "sans avoir à le dépasser"),
        Answer(_cut("_p_nothing", lambda x, p: None), _P, "None"),
        Answer(_p_sorted, _P, "l'ordre du classement"),
        Answer(_p_in_place, _P, "modifie ce qu'on lui donne"),
        Answer(_p_of_notes, _P, "Ce sont les probabilités qui s'additionnent"),
        Answer(_p_unsorted, _P, "trois premières places du vocabulaire"),
        Answer(_p_at_least, _P, "est parti"),
        Answer(_cut("_p_none_left", lambda x, p: _nucleus(x, p, before=False) if p < 0.7 else _nucleus(x, p)), _P_ONE, "Plus rien"),
        Answer(_cut("_p_not_at_one", lambda x, p: _nucleus(x, min(p, 0.9))), _P_ALL, ""),
        Answer(_cut("_p_finite", lambda x, p: _nucleus(x.nan_to_num(neginf=2.0), p)), _P_OUT, ""),
        Answer(_fresh_keep_top_p_w4, 'garde de quoi atteindre p', 'Le token qui fait atteindre p est parti : il reste aussi.'),
        Answer(_fresh_keep_top_p_w6, 'garde de quoi atteindre p', 'Le token qui fait atteindre p est parti : il reste aussi.'),
        Answer(_fresh_keep_top_p_w10, 'garde de quoi atteindre p', 'Il reste un token de trop : la somme avait déjà atteint p.'),
    ),
    "generation.ignored_settings": (
        Answer(_ignoring("_ignored_none", make=lambda found, s: []), _DOCUMENTS, "trois de ces réglages"),
        Answer(_ignoring("_ignored_all", beams=lambda s: False), _DOCUMENTS, "cinq faisceaux"),
        Answer(_ignoring("_ignored_sorted", make=lambda found, s: sorted(found)), _DOCUMENTS, "l'ordre de settings"),
        Answer(_ignoring("_ignored_first", make=lambda found, s: found[:1]), _DOCUMENTS, "que la température"),
        Answer(_ignoring("_ignored_opposite", make=lambda found, s: [k for k in s if k in DRAWN + BEAMS and k not in found]), _DOCUMENTS, "C'est l'inverse"),
        Answer(_ignoring("_ignored_set", make=lambda found, s: set(found)), _DOCUMENTS, "C'est un ensemble"),
        Answer(_ignoring("_ignored_dict", make=lambda found, s: {k: s[k] for k in found}), _DOCUMENTS, "C'est un dictionnaire"),
        Answer(_ignoring("_ignored_ngrams", make=lambda found, s: [*found, *(k for k in s if k == "no_repeat_ngram_size")]), _DOCUMENTS, "no_repeat_ngram_size"),
        Answer(_ignoring("_ignored_length", make=lambda found, s: [*(k for k in s if k == "max_length"), *found]), _DOCUMENTS, "max_length"),
        Answer(_ignoring("_ignored_nothing", make=lambda found, s: None), _DOCUMENTS, "None"),
        Answer(_ignoring("_ignored_never_drawn", drawn=lambda s: False), _DRAWN, "do_sample vaut True"),
        Answer(_ignoring("_ignored_no_beams", beams=lambda s: True), _DRAWN, "early_stopping est sans effet"),
        Answer(_ignoring("_ignored_by_name", drawn=lambda s: "do_sample" in s), _VALUES, "vaut False"),
        Answer(_ignoring("_ignored_beams_by_name", beams=lambda s: "num_beams" in s), _VALUES, "vaut 1"),
        Answer(_ignoring("_ignored_names", drawn=lambda s: "do_sample" in s, beams=lambda s: "num_beams" in s), _VALUES, "lisez leurs valeurs"),
        Answer(_ignoring("_ignored_exclusive", drawn=lambda s: s.get("do_sample", False) and s.get("num_beams", 1) < 2), _BOTH, ""),
        Answer(_fresh_ignored_settings_w4, 'admet les deux à la fois', "Il est venu un élément ; aucun n'est attendu. Des faisceaux tirés au"),
        Answer(_fresh_ignored_settings_w9, "applique les deux règles à la fois", "Une règle n'exclut pas l'autre"),
        Answer(_ignoring("_ignored_effective", make=lambda found, s: [k for k in s if k not in found]), _DOCUMENTS, "ceux qui ne changent rien"),
        Answer(_fresh_ignored_settings_w11, 'voit ce que les documents ont réglé pour rien', "Il manque un élément au rang 1 (compté depuis 0) : 'top_p'. Cinq"),
        Answer(
            _ignored_if_true, "compte un réglage nul parmi les autres", "0 et False sont des valeurs comme les autres"
        ),
    ),
    "generation.penalize_repetition": (
        Answer(_penalizing("_penalty_divides", lambda n, p: n / p), _ONCE, "elle a monté"),
        Answer(_penalizing("_penalty_each", _right_rule, each=True), _ONCE, "puni deux fois"),
        Answer(_penalizing("_penalty_divides_each", lambda n, p: n / p, each=True), _ONCE, "puni deux fois, et"),
        Answer(_penalizing("_penalty_everywhere", _right_rule, everywhere=True), _ONCE, "Toutes les notes ont baissé"),
        Answer(_named("_penalty_all_divided", lambda logits, ids, penalty: logits / penalty), _ONCE, "Toutes les notes ont été divisées"),
        Answer(_penalizing("_penalty_times", lambda n, p: n * p), _ONCE, "ont monté"),
        Answer(_penalizing("_penalty_opposite", lambda n, p: n / p if n < 0 else n * p), _ONCE, "C'est l'inverse"),
        Answer(_penalizing("_penalty_minus", lambda n, p: n - p), _ONCE, "retranchée"),
        Answer(_penalizing("_penalty_forbids", lambda n, p: OUT), _ONCE, "interdits"),
        Answer(_penalize_others, _ONCE, "absents"),
        Answer(_named("_penalty_set_of_tensors", lambda logits, ids, penalty: _penalize_tokens(logits, set(ids), penalty)), _ONCE, "ids.tolist() en fait des entiers"),
        Answer(_named("_penalty_of_notes", lambda logits, ids, penalty: torch.where(torch.isin(logits, ids), torch.where(logits < 0, logits * penalty, logits / penalty), logits)), _ONCE, "et non des notes"),
        Answer(_named("_penalty_positive_only", lambda logits, ids, penalty: _penalize_where(logits, ids[logits[ids] > 0], penalty)), _ONCE, "elle se multiplie"),
        Answer(_penalize_places, _ONCE, "et non sa place dans ids"),
        Answer(_named("_penalty_same", lambda logits, ids, penalty: logits), _ONCE, "n'ont pas changé"),
        Answer(_named("_penalty_seen_only", lambda logits, ids, penalty: torch.where(logits[ids] < 0, logits[ids] * penalty, logits[ids] / penalty)), _ONCE, "rendez les V notes"),
        Answer(_named("_penalty_nothing", lambda logits, ids, penalty: None), _ONCE, "None"),
        Answer(_penalize_in_place, _ONCE, "modifie ce qu'on lui donne"),
        Answer(_penalizing("_penalty_at_least_two", lambda n, p: _right_rule(n, max(p, 1.5))), _PENALTY_ONE, ""),
        Answer(_named("_penalty_needs_text", lambda logits, ids, penalty: _penalize_where(logits, ids, penalty) if len(ids) else logits / penalty), _NOTHING_YET, ""),
        Answer(_fresh_penalize_repetition_w7, 'baisse une fois chaque token déjà là', '2 valeurs sur 6 diffèrent ; la plus grande différence est 1, à'),
        Answer(_fresh_penalize_repetition_w10, 'baisse une fois chaque token déjà là', 'Ce sont les tokens absents de ids qui ont baissé.'),
    ),
    "generation.forbid_repeats": (
        Answer(_forbidding("_forbid_pairs", lambda w, size: _followers(w, 2)), _THREE, "suites de deux"),
        Answer(_forbidding("_forbid_seen", lambda w, size: set(w)), _THREE, "Tous les tokens déjà venus"),
        Answer(_forbidding("_forbid_ending", lambda w, size: w[-(size - 1) :]), _THREE, "derniers tokens du texte"),
        Answer(_forbidding("_forbid_start", lambda w, size: w[-2:-1]), _THREE, "début de la suite"),
        Answer(_forbidding("_forbid_last", lambda w, size: w[-1:]), _THREE, "dernier token"),
        Answer(_forbidding("_forbid_nobody", lambda w, size: ()), _THREE, "Rien n'est interdit"),
        Answer(_forbidding("_forbid_longer", lambda w, size: _followers(w, size + 1)), _THREE, "Rien n'est interdit"),
        Answer(_forbidding("_forbid_zero", _followers, filling=0.0), _THREE, "vaut 0"),
        Answer(_forbidding("_forbid_number", _followers, filling=-1e9), _THREE, "par un nombre"),
        Answer(_forbidding("_forbid_others", lambda w, size: set(range(6)) - _followers(w, size)), _THREE, "C'est l'inverse"),
        Answer(_named("_forbid_nothing", lambda logits, ids, size: None), _THREE, "None"),
        Answer(_forbid_in_place, _THREE, "modifie ce qu'on lui donne"),
        Answer(_forbidding("_forbid_always_three", lambda w, size: _followers(w, 3)), _LENGTH, "deux endroits"),
        Answer(_forbidding("_forbid_first", _first_follower), _LENGTH, "deux endroits"),
        Answer(_forbidding("_forbid_disjoint", _disjoint), _OVERLAP, "à l'indice [4] : -2,5 est venu au lieu de -inf"),
        Answer(_forbid_by_digits, "distingue 1, 12 de 11, 2", "leurs chiffres sont les mêmes"),
        Answer(_forbid_float_index, _ORDER, "dtype=torch.long"),
        Answer(_forbidding("_forbid_unordered", _unordered_followers), _ORDER, "l'ordre compte"),
        Answer(_forbidding("_forbid_whole_list", lambda w, size: _followers(w, size) if size > 1 else ()), _SINGLE, "liste[-0:]"),
        Answer(_forbidding("_forbid_when_short", lambda w, size: w if len(w) < size else _followers(w, size)), _SHORT, ""),
        Answer(_forbid_past_the_end, "laisse tout quand le texte n'est que le début d'une suite", "Un indice dépasse"),
    ),
    "generation.extend_beams": (
        Answer(_extending("_extend_backwards", make=lambda rows: rows[::-1]), _ALL, "du moins bon au meilleur"),
        Answer(_extending("_extend_swapped", make=lambda rows: [(t, s, total) for s, t, total in rows]), _ALL, "échangés"),
        Answer(_extending("_extend_without_totals", sums=lambda t, x: x.log_softmax(-1)), _ALL, "ne sont pas ajoutés"),
        Answer(_extending("_extend_notes", sums=lambda t, x: t[:, None] + x), _ALL, "telles quelles"),
        Answer(_extending("_extend_chances", sums=lambda t, x: t[:, None] + x.softmax(-1)), _ALL, "probabilités qui sont ajoutées"),
        Answer(_extending("_extend_product", sums=lambda t, x: t[:, None] * x.log_softmax(-1)), _ALL, "multipliés"),
        Answer(_extending("_extend_wrong_axis", sums=lambda t, x: t[:, None] + x.log_softmax(0)), _ALL, "d'un début à l'autre"),
        Answer(_extending("_extend_pairs", make=lambda rows: [row[:2] for row in rows]), _ALL, "Il manque les totaux"),
        Answer(_extending("_extend_positive", sums=lambda t, x: -(t[:, None] + x.log_softmax(-1))), _ALL, "retournés"),
        Answer(_extend_first_only, _ALL, "Seul le premier début"),
        Answer(_named("_extend_by_tuple", lambda totals, logits, width: sorted(_extending("")(totals, logits, 99), reverse=True)[:width]), _ALL, "c'est le total qui classe"),
        Answer(_extending("_extend_base_two", sums=lambda t, x: t[:, None] + x.softmax(-1).log2()), _ALL, "en base 2"),
        Answer(_extending("_extend_one_softmax", sums=lambda t, x: (t[:, None] + x).flatten().log_softmax(-1).view(x.shape)), _ALL, "sur tout le tableau"),
        Answer(_named("_extend_topk_itself", lambda totals, logits, width: (totals[:, None] + logits.log_softmax(-1)).flatten().topk(min(width, logits.numel()))), _ALL, "Les totaux sont d'un côté"),
        Answer(_extend_by_starts, _ALL, "la ligne r // V"),
        Answer(_extending("_extend_by_column", sums=lambda t, x: t + x.log_softmax(-1)), _ALL, "l'une a 2 places et l'autre 3 sur l'axe 1"),
        Answer(_extend_one_each, _ALL, "un même début peut en garder plusieurs"),
        Answer(_extending("_extend_nothing", make=lambda rows: None), _ALL, "None"),
        Answer(_extending("_extend_one_less", make=lambda rows: rows[:-1]), _ALL, "Il n'y en a que deux"),
        Answer(_named("_extend_two_starts", lambda totals, logits, width: _extending("")(totals, logits, width) if len(totals) > 1 else []), _ONE_START, ""),
        Answer(_extending("_extend_too_many", clip=False), _FEW, ""),
    ),
    "generation.answer": (
        Answer(_answer_faulty, _SHARPS, "a effacé la question, mais aussi"),
        Answer(_answering("_answer_sharps", lambda t, o, n: re.sub(r"## ", "", t.decode(o, skip_special_tokens=True))), _SHARPS, "Seuls les dièses sont partis"),
        Answer(_answering("_answer_all", lambda t, o, n: t.decode(o)), _SHARPS, "amorce comprise"),
        Answer(_answering("_answer_all_but_end", lambda t, o, n: t.decode(o, skip_special_tokens=True)), _SHARPS, "amorce comprise"),
        Answer(_answering("_answer_stripped", lambda t, o, n: _answer_plain(t, o, n).strip()), _SHARPS, "blancs du bord"),
        Answer(_answering("_answer_with_end", lambda t, o, n: t.decode(o[n:])), _SHARPS, "marqueur de fin"),
        Answer(_answering("_answer_ids", lambda t, o, n: o[n:].tolist()), _SHARPS, "Ce sont des tokens"),
        Answer(_answering("_answer_nothing", lambda t, o, n: None), _SHARPS, "None"),
        Answer(_answering("_answer_before_sharps", lambda t, o, n: _answer_plain(t, o, n).split(" ##")[0]), _SHARPS, "coupée à ses dièses"),
        Answer(_answering("_answer_skips", lambda t, o, n: t.decode(o[n:], skip_special_tokens=True)), _STOPS, "ce qui la suit"),
        Answer(_answer_always_cuts, _GOES_ON, "Le dernier token manque"),
        Answer(_answering("_answer_from_two", lambda t, o, n: _answer_plain(t, o, 2)), _PROMPT, ""),
        Answer(_answering("_answer_last_end", _answer_to_the_last_end), _STOPS, "ce qui la suit"),
        Answer(_answer_first_end, _OWN_END, "celle de l'amorce"),
        Answer(_answering("_answer_prompt", lambda t, o, n: t.decode(o[:n])), _SHARPS, "C'est l'amorce"),
        Answer(_answering("_answer_index_of_tensor", lambda t, o, n: t.decode(o[n:][: o[n:].index(t.eos_token_id)])), _SHARPS, "« index » des listes"),
        Answer(_answering("_answer_letters", lambda t, o, n: t.decode(o, skip_special_tokens=True)[n:]), _SHARPS, "ce sont des caractères"),
        Answer(_answer_replaces_the_prompt, "garde l'amorce quand la réponse la redit", "ôtée de la réponse aussi"),
        Answer(_answer_splits_the_text, "ne s'arrête pas à un marqueur tapé", "c'est le token qu'il faut chercher"),
        Answer(_answer_piece_by_piece, _AS_IS, "d'un seul coup"),
        Answer(_answering("_answer_cleaned", _answer_cleaned), _AS_IS, "L'espace d'avant"),
        Answer(_answer_first_line, "rend toutes les lignes, et les blancs qui se suivent", "Seule la première ligne"),
        Answer(_answer_single_spaces, "rend toutes les lignes, et les blancs qui se suivent", "les blancs ont changé"),
    ),
}  # fmt: skip

RIGHT = {
    "generation.greedy": (
        _pick("_greedy_argmax", lambda logits: int(torch.argmax(logits))),
        _greedy_loop,
        _pick("_greedy_numpy", lambda logits: np.argmax(logits.numpy())),
        _pick("_greedy_tensor", lambda logits: logits.argmax()),
        _pick("_greedy_index", lambda logits: logits.tolist().index(max(logits.tolist()))),
        _fresh_greedy_r3,
    ),
    "generation.apply_temperature": (
        _heat("_heat_plain", lambda logits, temperature: logits / temperature),
        _heat("_heat_inverse", lambda logits, temperature: logits * (1 / temperature)),
        _heat("_heat_each", lambda logits, temperature: torch.stack([note / temperature for note in logits])),
        _fresh_apply_temperature_r2,
    ),
    "generation.keep_top_k": (
        _cut("_k_where", lambda logits, k: torch.where(logits < _threshold(logits, k), OUT, logits)),
        _k_clone,
        _k_list,
        _k_numpy,
        _fresh_keep_top_k_r2,
        _fresh_keep_top_k_r3,
    ),
    "generation.keep_top_p": (_p_plain, _p_loop, _p_threshold, _p_numpy,
        _fresh_keep_top_p_r1,
        _fresh_keep_top_p_r2,
        _fresh_keep_top_p_r3,
    ),
    "generation.ignored_settings": (_ignored_loop, _ignored_filter, _ignored_tuple,
        _fresh_ignored_settings_r1,
        _fresh_ignored_settings_r2,
        _fresh_ignored_settings_r3,
    ),
    "generation.penalize_repetition": (_penalizing("_penalty_loop", _right_rule), _penalize_where, _penalize_bincount,
        _fresh_penalize_repetition_r1,
        _fresh_penalize_repetition_r2,
        _fresh_penalize_repetition_r3,
    ),
    "generation.forbid_repeats": (_forbid_windows, _forbid_by_trying, _forbid_dictionary),
    "generation.extend_beams": (_extending("_extend_topk"), _extend_sorted, _extend_tensors),
    "generation.answer": (_answer_plain, _answer_loop, _answer_mask, _answer_rows),
}  # fmt: skip


def use():
    """Un petit modèle écrit sous toutes les règles, en glouton et en faisceau ; ses réglages sont essayés."""
    model, tokenizer = small_model(), small_tokenizer()
    rules = {"temperature": 0.9, "top_k": 40, "top_p": 0.8, "repetition_penalty": 1.2, "no_repeat_ngram_size": 2}
    trials = generation.try_settings(model, tokenizer, "Le", [{"num_beams": 2, "top_k": 3}, {"top_p": 0.5}], 4)
    return {
        "drawn": "".join(generation.stream(model, tokenizer, "Le meunier", 12, **rules)),
        "greedy": "".join(generation.stream(model, tokenizer, "Le meunier", 8, do_sample=False)),
        "beams": beams.search(model, tokenizer, "Le meunier", 2, 5).best,
        "ignored": [list(trial.ignored) for trial in trials],
        "texts": [trial.text for trial in trials],
    }
