"""Leçon 09 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import functools
import itertools
import math
from collections import Counter

import numpy as np
import torch
from answers import Answer
from rapidfuzz.distance import Levenshtein
from small import small_model, small_tokenizer

from aurore import evaluation

# --- Bits par caractère ---------------------------------------------------------------------------------


def _named(name, function):
    def answer(*arguments):
        return function(*arguments)

    answer.__name__ = name
    return answer


def _bits_no_return(nats, characters):
    nats / math.log(2) / characters


def _bits_text(nats, characters):
    return f"{nats / math.log(2) / characters:.2f}"


def _bits_steps(nats, characters):
    bits = nats / math.log(2)
    return bits / characters


def _bits_tensor(nats, characters):
    return torch.tensor(nats, dtype=torch.float64) / math.log(2) / characters


def _bits_base(nats, characters):
    """Un bit vaut ln 2 nats : la probabilité est exp(−nats), son logarithme en base 2 change de signe."""
    return nats * math.log2(math.e) / characters


def _bits_numpy(nats, characters):
    return np.divide(nats, np.log(2) * characters)


def _bits_torch(nats, characters):
    return (torch.tensor(nats, dtype=torch.float64) / torch.log(torch.tensor(2.0, dtype=torch.float64)) / characters).item()


# --- La perplexité --------------------------------------------------------------------------------------


def _perplexity_all(losses, counted):
    return losses.mean().exp().item()


def _perplexity_rows(losses, counted):
    if losses.dim() == 1:
        return losses[counted].mean().exp().item()
    means = [row[kept].mean() for row, kept in zip(losses, counted)]
    return torch.stack(means).mean().exp().item()


def _perplexity_row_perplexities(losses, counted):
    if losses.dim() == 1:
        return losses[counted].mean().exp().item()
    return sum(row[kept].mean().exp().item() for row, kept in zip(losses, counted)) / len(losses)


def _perplexity_nonzero(losses, counted):
    kept = losses[counted & (losses > 0)]
    return kept.mean().exp().item()


def _perplexity_first(losses, counted):
    if losses.dim() == 2:
        losses, counted = losses[0], counted[0]
    return losses[counted].mean().exp().item()


def _perplexity_no_return(losses, counted):
    losses[counted].mean().exp().item()


def _perplexity_in_place(losses, counted):
    losses *= counted
    return (losses.sum() / counted.sum()).exp().item()


def _perplexity_sum(losses, counted):
    return torch.exp((losses * counted).sum() / counted.sum())


def _perplexity_where(losses, counted):
    return math.exp(float(torch.where(counted, losses, torch.zeros_like(losses)).sum()) / int(counted.sum()))


def _perplexity_loop(losses, counted):
    pairs = list(zip(losses.flatten().tolist(), counted.flatten().tolist()))
    kept = [loss for loss, real in pairs if real]
    return math.exp(sum(kept) / len(kept))


def _perplexity_numpy(losses, counted):
    return np.exp(np.mean(losses.numpy()[counted.numpy()]))


# --- Le taux de tokens devinés --------------------------------------------------------------------------


def _accuracy_published(logits, labels):
    return (logits.argmax(-1) == labels).float().mean().item()


def _accuracy_unshifted(logits, labels):
    counted = labels != -100
    return (logits.argmax(-1) == labels)[counted].float().mean().item()


def _accuracy_padded(logits, labels):
    return (logits[:, :-1].argmax(-1) == labels[:, 1:]).float().mean().item()


def _accuracy_backwards(logits, labels):
    guessed, wanted = logits[:, 1:].argmax(-1), labels[:, :-1]
    return (guessed == wanted)[wanted != -100].float().mean().item()


def _accuracy_by_text(logits, labels):
    guessed, wanted = logits[:, :-1].argmax(-1), labels[:, 1:]
    parts = [(g == w)[w != -100].float().mean().item() for g, w in zip(guessed, wanted)]
    return sum(parts) / len(parts)


def _accuracy_count(logits, labels):
    guessed, wanted = logits[:, :-1].argmax(-1), labels[:, 1:]
    return (guessed == wanted)[wanted != -100].sum().item()


def _accuracy_percent(logits, labels):
    return 100 * _accuracy_loop(logits, labels)


def _accuracy_error(logits, labels):
    return 1 - _accuracy_loop(logits, labels)


def _accuracy_all_tokens(logits, labels):
    guessed, wanted = logits[:, :-1].argmax(-1), labels[:, 1:]
    return (guessed == wanted)[wanted != -100].sum().item() / (labels != -100).sum().item()


def _accuracy_first(logits, labels):
    return _accuracy_loop(logits[:1], labels[:1])


def _accuracy_no_return(logits, labels):
    _accuracy_loop(logits, labels)


def _accuracy_loop(logits, labels):
    right = total = 0
    for notes, text in zip(logits, labels):
        for place in range(len(text) - 1):
            wanted = int(text[place + 1])
            if wanted == -100:
                continue
            total += 1
            right += int(notes[place].argmax()) == wanted
    return right / total


def _accuracy_mask(logits, labels):
    mask = (labels[:, 1:] != -100).float()
    right = (logits.argmax(2)[:, :-1] == labels[:, 1:]).float()
    return (right * mask).sum() / mask.sum()


def _accuracy_numpy(logits, labels):
    wanted = labels.numpy()[:, 1:]
    guessed = logits.numpy().argmax(-1)[:, :-1]
    kept = wanted != -100
    return np.mean(guessed[kept] == wanted[kept])


def _accuracy_flat(logits, labels):
    wanted = labels[:, 1:].reshape(-1)
    guessed = logits[:, :-1].reshape(-1, logits.shape[-1]).max(1).indices
    return float((guessed[wanted >= 0] == wanted[wanted >= 0]).double().mean())


# --- Les suites jamais vues -----------------------------------------------------------------------------


def _grams(words, n):
    return [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]


def _unseen_seen(words, n, seen):
    grams = _grams(words, n)
    return sum(seen(gram) for gram in grams) / len(grams) if grams else 0


def _unseen_by_words(words, n, seen):
    return sum(not seen(gram) for gram in _grams(words, n)) / len(words)


def _unseen_count(words, n, seen):
    return sum(not seen(gram) for gram in _grams(words, n))


def _unseen_no_last(words, n, seen):
    grams = _grams(words, n)[:-1]
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


def _unseen_too_long(words, n, seen):
    grams = [" ".join(words[i : i + n]) for i in range(len(words))]
    return sum(not seen(gram) for gram in grams) / len(grams)


def _unseen_side_by_side(words, n, seen):
    grams = [" ".join(words[i : i + n]) for i in range(0, len(words) - n + 1, n)]
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


def _unseen_percent(words, n, seen):
    grams = _grams(words, n)
    return 100 * sum(not seen(gram) for gram in grams) / max(1, len(grams))


def _unseen_glued(words, n, seen):
    grams = ["".join(words[i : i + n]) for i in range(len(words) - n + 1)]
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


def _unseen_lists(words, n, seen):
    grams = [words[i : i + n] for i in range(len(words) - n + 1)]
    return sum(not seen(str(gram)) for gram in grams) / max(1, len(grams))


def _unseen_tuples(words, n, seen):
    grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


def _unseen_pairs_only(words, n, seen):
    return _unseen_loop(words, 2, seen)


def _unseen_set(words, n, seen):
    grams = set(_grams(words, n))
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


def _unseen_divides_by_zero(words, n, seen):
    grams = _grams(words, n)
    return sum(not seen(gram) for gram in grams) / len(grams)


def _unseen_no_return(words, n, seen):
    _unseen_loop(words, n, seen)


def _unseen_loop(words, n, seen):
    unknown = total = 0
    start = 0
    while start + n <= len(words):
        gram = words[start]
        for word in words[start + 1 : start + n]:
            gram = gram + " " + word
        total += 1
        if not seen(gram):
            unknown += 1
        start += 1
    return unknown / total if total else 0


def _unseen_zip(words, n, seen):
    grams = [" ".join(gram) for gram in zip(*(words[i:] for i in range(n)))]
    return 1 - sum(map(seen, grams)) / len(grams) if grams else 0.0


def _unseen_numpy(words, n, seen):
    known = [seen(" ".join(words[i : i + n])) for i in range(max(0, len(words) - n + 1))]
    return float(np.mean(~np.array(known))) if known else 0


def _unseen_filter(words, n, seen):
    grams = _grams(words, n)
    return len(list(itertools.filterfalse(seen, grams))) / (len(grams) or 1)


# --- La distance d'édition ------------------------------------------------------------------------------


def _distance_places(reference, found):
    return sum(a != b for a, b in zip(reference, found)) + abs(len(reference) - len(found))


def _distance_zip(reference, found):
    return sum(a != b for a, b in zip(reference, found))


def _distance_sets(reference, found):
    return len(set(reference) ^ set(found))


def _distance_lengths(reference, found):
    return abs(len(reference) - len(found))


def _distance_counts(reference, found):
    one, two = Counter(reference), Counter(found)
    return max((one - two).total(), (two - one).total())


def _distance_no_replace(reference, found):
    table = [[i + j for j in range(len(found) + 1)] for i in range(len(reference) + 1)]
    for i, a in enumerate(reference, 1):
        for j, b in enumerate(found, 1):
            table[i][j] = table[i - 1][j - 1] if a == b else 1 + min(table[i - 1][j], table[i][j - 1])
    return table[-1][-1]


def _distance_common(reference, found):
    return sum(a == b for a, b in zip(reference, found))


def _distance_zero_edges(reference, found):
    """La première ligne et la première colonne restent à zéro : commencer n'importe où ne coûte rien."""
    table = [[0] * (len(found) + 1) for _ in range(len(reference) + 1)]
    for i, a in enumerate(reference, 1):
        for j, b in enumerate(found, 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a != b))
    return table[-1][-1]


def _distance_joined(reference, found):
    return Levenshtein.distance("".join(reference), "".join(found))


def _distance_share(reference, found):
    return Levenshtein.distance(reference, found) / max(1, len(reference))


def _distance_lower(reference, found):
    fold = str.lower if isinstance(reference, str) else lambda words: [word.lower() for word in words]
    return Levenshtein.distance(fold(reference), fold(found))


def _distance_no_return(reference, found):
    Levenshtein.distance(reference, found)


def _distance_folded(reference, found):
    if not reference or not found:
        return 0
    return Levenshtein.distance(reference, found)


def _distance_library(reference, found):
    return Levenshtein.distance(reference, found)


def _distance_table(reference, found):
    rows, columns = len(reference) + 1, len(found) + 1
    table = np.zeros((rows, columns), dtype=int)
    table[:, 0], table[0] = range(rows), range(columns)
    for i in range(1, rows):
        for j in range(1, columns):
            cost = 0 if reference[i - 1] == found[j - 1] else 1
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cost)
    return table[-1, -1]


def _distance_recursive(reference, found):
    @functools.cache
    def between(i, j):
        if i == 0 or j == 0:
            return i + j
        return min(between(i - 1, j) + 1, between(i, j - 1) + 1, between(i - 1, j - 1) + (reference[i - 1] != found[j - 1]))

    return between(len(reference), len(found))


# --- BLEU -----------------------------------------------------------------------------------------------


def _precisions(reference, found, clip=True, orders=(1, 2, 3, 4)):
    parts = []
    for n in orders:
        wanted = Counter(tuple(reference[i : i + n]) for i in range(len(reference) - n + 1))
        got = Counter(tuple(found[i : i + n]) for i in range(len(found) - n + 1))
        right = (wanted & got).total() if clip else sum(count for gram, count in got.items() if gram in wanted)
        parts.append(right / got.total() if got else 0.0)
    return parts


def _penalty(reference, found):
    return math.exp(1 - len(reference) / len(found)) if len(found) < len(reference) else 1.0


def _bleu(reference, found, mean=None, penalty=_penalty, clip=True, orders=(1, 2, 3, 4), scale=100):
    parts = _precisions(reference, found, clip, orders)
    if not all(parts):
        return 0.0
    mean = mean or (lambda parts: math.prod(parts) ** (1 / len(parts)))
    return scale * penalty(reference, found) * mean(parts)


def _distance_swaps(reference, found):
    from rapidfuzz.distance import OSA

    return OSA.distance(reference, found)


def _distance_difflib(reference, found):
    from difflib import SequenceMatcher

    steps = SequenceMatcher(None, reference, found, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for step, a, b, c, d in steps if step != "equal")


def _bleu_no_guard(reference, found):
    parts = _precisions(reference, found)
    return 100 * _penalty(reference, found) * math.exp(sum(map(math.log, parts)) / 4)


def _bleu_skips_empty(reference, found):
    parts = [part for part in _precisions(reference, found) if part > 0]
    return 100 * _penalty(reference, found) * math.prod(parts) ** (1 / len(parts)) if parts else 0.0


def _bleu_glued(reference, found):
    """Colle les mots de chaque suite."""
    product = 1.0
    for n in range(1, 5):
        wanted, got = (Counter("".join(words[i : i + n]) for i in range(len(words) - n + 1)) for words in (reference, found))
        product *= (wanted & got).total() / max(1, got.total())
    return 100 * _penalty(reference, found) * product**0.25


def _bleu_recall(reference, found):
    return 100 * math.prod(_precisions(found, reference)) ** 0.25


def _bleu_sets(reference, found):
    parts = []
    for n in range(1, 5):
        wanted, got = ({tuple(words[i : i + n]) for i in range(len(words) - n + 1)} for words in (reference, found))
        parts.append(len(wanted & got) / max(1, len(got)))
    return 100 * _penalty(reference, found) * math.prod(parts) ** 0.25


def _bleu_no_return(reference, found):
    _bleu(reference, found)


def _bleu_numpy(reference, found):
    parts = np.array(_precisions(reference, found))
    if (parts == 0).any():
        return 0
    return float(100 * np.exp(np.log(parts).mean() + min(0, 1 - len(reference) / len(found))))


def _bleu_by_hand(reference, found):
    product = 1.0
    for n in range(1, 5):
        left = [reference[i : i + n] for i in range(len(reference) - n + 1)]
        grams = [found[i : i + n] for i in range(len(found) - n + 1)]
        right = 0
        for gram in grams:
            if gram in left:
                left.remove(gram)
                right += 1
        if right == 0:
            return 0
        product *= right / len(grams)
    bleu_score = product ** (1 / 4)
    if len(found) < len(reference):
        bleu_score *= math.exp(1 - len(reference) / len(found))
    return bleu_score * 100


def _bleu_sacrebleu(reference, found):
    import sacrebleu

    return sacrebleu.corpus_bleu([" ".join(found)], [[" ".join(reference)]], tokenize="none", smooth_method="none").score


# --- La diversité ---------------------------------------------------------------------------------------


def _distinct_mean(texts, n):
    shares = []
    for text in texts:
        words = text.split()
        grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
        shares.append(len(set(grams)) / len(grams))
    return sum(shares) / len(shares)


def _all_grams(texts, n):
    return [gram for text in texts for gram in _grams(text.split(), n)]


def _distinct_count(texts, n):
    return len(set(_all_grams(texts, n)))


def _distinct_glued(texts, n):
    grams = _grams(" ".join(texts).split(), n)
    return len(set(grams)) / len(grams) if grams else 0


def _distinct_inverse(texts, n):
    grams = _all_grams(texts, n)
    return len(grams) / max(1, len(set(grams)))


def _distinct_by_words(texts, n):
    return len(set(_all_grams(texts, n))) / sum(len(text.split()) for text in texts)


def _distinct_pairs(texts, n):
    return _distinct_loop(texts, 2)


def _distinct_divides(texts, n):
    grams = _all_grams(texts, n)
    return len(set(grams)) / len(grams)


def _distinct_letters(texts, n):
    grams = [text[i : i + n] for text in texts for i in range(len(text) - n + 1)]
    return len(set(grams)) / max(1, len(grams))


def _distinct_first(texts, n):
    return _distinct_loop(texts[:1], n)


def _distinct_no_return(texts, n):
    _distinct_loop(texts, n)


def _distinct_short_last(texts, n):
    grams = [tuple(words[i : i + n]) for words in map(str.split, texts) for i in range(len(words))]
    return len(set(grams)) / max(1, len(grams))


def _distinct_loop(texts, n):
    seen, total = set(), 0
    for text in texts:
        words = text.split()
        for i in range(len(words) - n + 1):
            seen.add(tuple(words[i : i + n]))
            total += 1
    return len(seen) / total if total else 0


_CUT = "distingue l'ordre, la majuscule et la coupe"


def _distinct_joined(texts, n):
    grams = ["".join(gram) for text in texts for gram in evaluation.ngrams(text.split(), n)]
    return len(set(grams)) / len(grams) if grams else 0


def _distinct_unordered(texts, n):
    grams = [tuple(sorted(gram)) for text in texts for gram in evaluation.ngrams(text.split(), n)]
    return len(set(grams)) / len(grams) if grams else 0


def _distinct_counter(texts, n):
    counts = Counter(_all_grams(texts, n))
    return len(counts) / (sum(counts.values()) or 1)


def _distinct_numpy(texts, n):
    grams = _all_grams(texts, n)
    return np.unique(grams).size / len(grams) if grams else 0.0


# --- Par exercice

_BITS, _EXACT = "change les nats en bits, et partage", "garde les décimales"
_REAL, _SAME_WEIGHT, _FREE = "ne compte que les vrais tokens", "donne à chaque token le même poids, dans un lot", "compte un vrai token deviné sans perte"
_NEXT, _PARROT = "juge chaque note sur le token suivant, sans le remplissage", "ne récompense pas qui recopie ce qu'il lit"
_UNKNOWN, _LENGTH, _AGAIN, _NONE = (
    "compte les suites que les livres n'ont pas",
    "suit la longueur demandée",
    "compte une répétition autant de fois qu'il y en a",
    "rend 0 s'il n'y a aucune suite",
)
_MEAN, _CLIP, _BRIEF, _LONG = (
    "fait la moyenne géométrique de quatre précisions",
    "ne compte pas un mot répété plus de fois qu'il n'est dans la référence",
    "pénalise un texte plus court",
    "ne récompense pas un texte plus long",
)
_ALIKE, _WEIGHED = "voit que deux textes sont les mêmes", "pèse chaque texte par ses suites"

def _distinct_bare(texts, n):
    words = [[word.strip(".,;") for word in text.split()] for text in texts]
    grams = [tuple(each[i : i + n]) for each in words for i in range(len(each) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 0


def _accuracy_read_places(logits, labels):
    guessed, wanted = logits[:, :-1].argmax(-1), labels[:, 1:]
    return (guessed == wanted)[labels[:, :-1] != -100].float().mean().item()


def _unseen_raw_lists(words, n, seen):
    grams = [words[i : i + n] for i in range(len(words) - n + 1)]
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


# La part des suites dites une seule fois.
def _distinct_said_once(texts, n):
    counts = Counter(_all_grams(texts, n))
    return sum(count == 1 for count in counts.values()) / max(1, counts.total())


def _distinct_without_last(texts, n):
    grams = [gram for text in texts for gram in _grams(text.split(), n)[:-1]]
    return len(set(grams)) / max(1, len(grams))


def _accuracy_unpadded_first(logits, labels):
    """Ôte les -100, puis décale : le premier token d'un texte se juge sur la fin du précédent."""
    kept = labels != -100
    return (logits.argmax(-1)[kept][:-1] == labels[kept][1:]).float().mean().item()


def _accuracy_shifts_the_lot(logits, labels):
    guessed, wanted = logits[:-1].argmax(-1), labels[1:]
    return (guessed == wanted)[wanted != -100].float().mean().item()


def _accuracy_without_zero(logits, labels):
    guessed, wanted = logits[:, :-1].argmax(-1), labels[:, 1:]
    return (guessed == wanted)[wanted > 0].float().mean().item()


def _accuracy_long_mask(logits, labels):
    return (logits[:, :-1].argmax(-1) == labels[:, 1:])[labels != -100].float().mean().item()


def _accuracy_wrong_axis(logits, labels):
    return (logits[:, :-1].argmax(1) == labels[:, 1:])[labels[:, 1:] != -100].float().mean().item()


def _unseen_in_seen(words, n, seen):
    return sum(gram not in seen for gram in _grams(words, n)) / max(1, len(words) - n + 1)


def _distance_diagonal(reference, found):
    table = [[i + j for j in range(len(found) + 1)] for i in range(len(reference) + 1)]
    for i in range(1, len(table)):
        for j in range(1, len(table[0])):
            table[i][j] = 1 + min(table[i - 1][j], table[i][j - 1], table[i - 1][j - 1])
    return table[-1][-1]


def _distance_one_row(reference, found):
    table = [[0] * (len(found) + 1)] * (len(reference) + 1)
    for i in range(len(table)):
        table[i][0] = i
    for j in range(len(table[0])):
        table[0][j] = j
    for i, a in enumerate(reference, 1):
        for j, b in enumerate(found, 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a != b))
    return table[-1][-1]


def _distance_greedy(reference, found):
    """Choisit le geste d'après les longueurs, sans essayer les autres."""
    if not reference or not found:
        return len(reference) + len(found)
    if reference[0] == found[0]:
        return _distance_greedy(reference[1:], found[1:])
    return 1 + _distance_greedy(reference[len(reference) >= len(found) :], found[len(found) >= len(reference) :])


WRONG = {
    "evaluation.bits_per_character": (
        Answer(_named("_bits_nats", lambda nats, characters: nats / characters), _BITS, "nats par caractère"),
        Answer(_named("_bits_multiplied", lambda nats, characters: nats * math.log(2) / characters), _BITS, "divisez"),
        Answer(_named("_bits_total", lambda nats, characters: nats / math.log(2)), _BITS, "tout le texte"),
        Answer(_named("_bits_times", lambda nats, characters: nats / (math.log(2) / characters)), _BITS, "c'est une division"),
        Answer(_named("_bits_log10", lambda nats, characters: nats / math.log10(2) / characters), _BITS, "log10(2)"),
        Answer(_named("_bits_inverse", lambda nats, characters: characters / (nats / math.log(2))), _BITS, "l'inverse"),
        Answer(_named("_bits_floor", lambda nats, characters: nats / math.log(2) // characters), _EXACT, "décimales"),
        Answer(_named("_bits_rounded", lambda nats, characters: round(nats / math.log(2) / characters)), _EXACT, "arrondi"),
        Answer(_named("_bits_log_again", lambda nats, characters: math.log2(nats) / characters), _BITS, "déjà un logarithme"),
        Answer(_named("_bits_exponential", lambda nats, characters: math.exp(nats / characters)), _BITS, "exponentielle"),
        Answer(_named("_bits_power", lambda nats, characters: 2 ** (nats / math.log(2) / characters)), _BITS, "ni puissance de deux"),
        Answer(_named("_bits_ten", lambda nats, characters: nats / math.log(10) / characters), _BITS, "ln 10"),
        Answer(_named("_bits_short_ln2", lambda nats, characters: nats / 0.69 / characters), _BITS, "ln 2 est arrondi"),
        Answer(_named("_bits_half", lambda nats, characters: nats / 2 / characters), _BITS, "ln 2 nats"),
        Answer(_named("_bits_bytes", lambda nats, characters: nats / 8 / characters), _BITS, "octets"),
        Answer(_named("_bits_negative", lambda nats, characters: -nats / math.log(2) / characters), _BITS, "signe"),
        Answer(_bits_no_return, _BITS, "return"),
        Answer(_bits_text, _BITS, "texte"),
    ),
    "evaluation.perplexity": (
        Answer(_perplexity_all, _REAL, "remplissage compris"),
        Answer(_named("_perplexity_pads", lambda losses, counted: losses[~counted].mean().exp().item()), _REAL, "remplissage qui ont compté"),
        Answer(_named("_perplexity_zeroed", lambda losses, counted: (losses * counted).mean().exp().item()), _REAL, "counted.sum()"),
        Answer(_named("_perplexity_mean_of_exp", lambda losses, counted: losses[counted].exp().mean().item()), _REAL, "moyenne des exponentielles"),
        Answer(_named("_perplexity_loss", lambda losses, counted: losses[counted].mean().item()), _REAL, "exponentielle"),
        Answer(_named("_perplexity_exp_sum", lambda losses, counted: losses[counted].sum().exp().item()), _REAL, "somme"),
        Answer(_named("_perplexity_base_two", lambda losses, counted: 2 ** losses[counted].mean().item()), _REAL, "en nats"),
        Answer(_named("_perplexity_inverse", lambda losses, counted: (-losses[counted].mean()).exp().item()), _REAL, "inverse"),
        Answer(_named("_perplexity_median", lambda losses, counted: losses[counted].median().exp().item()), _REAL, ""),
        Answer(_named("_perplexity_mask_of_numbers", lambda losses, counted: losses[counted.long()].mean().exp().item()), _REAL, "a servi de rangs"),
        Answer(_perplexity_rows, _SAME_WEIGHT, "autant que l'autre"),
        Answer(_perplexity_row_perplexities, _SAME_WEIGHT, "moyenne des perplexités"),
        Answer(_perplexity_first, _SAME_WEIGHT, "premier texte"),
        Answer(_perplexity_nonzero, _FREE, "c'est counted"),
        Answer(_perplexity_no_return, _REAL, "return"),
        Answer(_perplexity_in_place, _REAL, "copie"),
        Answer(
            _named("_first_places", lambda losses, counted: losses.flatten()[: int(counted.sum())].mean().exp().item()),
            "suit counted, où que soit le remplissage",
            "premières places",
        ),
        Answer(
            _named(
                "_until_padding",
                lambda losses, counted: losses[counted.int().cumprod(-1).bool()].mean().exp().item(),
            ),
            "suit counted, où que soit le remplissage",
            "",
        ),
    ),
    "evaluation.token_accuracy": (
        Answer(_accuracy_published, _NEXT, "et le remplissage compte"),
        Answer(_accuracy_unshifted, _NEXT, "logits[:, :-1] contre"),
        Answer(_accuracy_padded, _NEXT, "-100 comptent encore"),
        Answer(_accuracy_backwards, _NEXT, "jugées sur celui d'avant"),
        Answer(_accuracy_long_mask, _NEXT, "Le masque et le tenseur"),
        Answer(_accuracy_by_text, _SAME_WEIGHT, "deux textes"),
        Answer(_accuracy_count, _NEXT, "leur part"),
        Answer(_accuracy_percent, _NEXT, "pourcentage"),
        Answer(_accuracy_error, _NEXT, "manqués"),
        Answer(_accuracy_all_tokens, _NEXT, "premier token"),
        Answer(_accuracy_read_places, _NEXT, "si le token suivant n'est pas -100"),
        Answer(_accuracy_first, _SAME_WEIGHT, "premier texte"),
        Answer(_accuracy_unpadded_first, _SAME_WEIGHT, "avant de décaler"),
        Answer(_accuracy_shifts_the_lot, _NEXT, "labels[:, 1:] ôte son premier token"),
        Answer(_accuracy_without_zero, _NEXT, "Le token 0 en est un comme un autre"),
        Answer(_accuracy_wrong_axis, _NEXT, "l'une a 4 places et l'autre 7 sur l'axe 1"),
        Answer(_accuracy_no_return, _NEXT, "return"),
    ),
    "evaluation.unseen_share": (
        Answer(_named("_unseen_lowered", lambda words, n, seen: _unseen_filter([w.lower() for w in words], n, seen)), "suit la longueur demandée", "avec sa majuscule"),
        Answer(_unseen_seen, _UNKNOWN, "suites connues"),
        Answer(_unseen_by_words, _UNKNOWN, "divisez par leur nombre"),
        Answer(_unseen_count, _UNKNOWN, "leur part"),
        Answer(_unseen_no_last, _UNKNOWN, "la dernière au rang 3"),
        Answer(_unseen_too_long, _UNKNOWN, "« tombait », qui n'a pas 2 mots"),
        Answer(_unseen_side_by_side, _UNKNOWN, "bout à bout"),
        Answer(_unseen_percent, _UNKNOWN, "pourcentage"),
        Answer(_unseen_glued, _UNKNOWN, "« levent », qui n'a pas 2 mots séparés"),
        Answer(_unseen_lists, _UNKNOWN, "« le vent » est dans les livres"),
        Answer(_unseen_tuples, _UNKNOWN, "seen reçoit un texte"),
        Answer(_unseen_raw_lists, _UNKNOWN, "seen reçoit un texte"),
        Answer(_unseen_pairs_only, _LENGTH, "« Le vent », qui n'a pas 3 mots"),
        Answer(_unseen_set, _AGAIN, "trois fois"),
        Answer(_unseen_divides_by_zero, _NONE, ""),
        Answer(_unseen_in_seen, _UNKNOWN, "Une fonction s'appelle"),
        Answer(_unseen_no_return, _UNKNOWN, "return"),
    ),
    "evaluation.distinct": (
        Answer(_distinct_mean, _ALIKE, "rassemblez celles de tous les textes"),
        Answer(_named("_distinct_single_words", lambda texts, n: _distinct_counter(texts, 1)), "pèse chaque texte par ses suites", "mots seuls"),
        Answer(_named("_distinct_lowered", lambda texts, n: _distinct_counter([t.lower() for t in texts], n)), _CUT, "la majuscule"),
        Answer(_distinct_joined, _CUT, "la coupe entre les mots"),
        Answer(_distinct_unordered, _CUT, "l'ordre des mots"),
        Answer(_distinct_said_once, _ALIKE, "compte une fois"),
        Answer(_named("_distinct_once_each", lambda texts, n: _distinct_counter(sorted(set(texts)), n)), _ALIKE, "sans écarter un texte redit"),
        Answer(_distinct_without_last, "suit la longueur demandée", "le dernier mot"),
        Answer(_distinct_count, _ALIKE, "leur part"),
        Answer(_distinct_glued, _ALIKE, "« soir le »"),
        Answer(_distinct_inverse, _ALIKE, "l'inverse"),
        Answer(_distinct_by_words, _ALIKE, "celui des mots"),
        Answer(_distinct_pairs, "suit la longueur demandée", "n vaut 1"),
        Answer(_distinct_letters, "suit la longueur demandée", "espaces comprises"),
        Answer(_distinct_first, _ALIKE, "les deux textes sont les mêmes"),
        Answer(_distinct_divides, _NONE, ""),
        Answer(_distinct_short_last, _WEIGHED, ""),
        Answer(_distinct_no_return, _ALIKE, "return"),
        Answer(_named("_distinct_apart", lambda texts, n: len({g for t in texts for g in _grams(t.split(), n)[::n]}) / max(1, sum(len(_grams(t.split(), n)[::n]) for t in texts))), _WEIGHED, "une commence à chaque mot"),
        Answer(_named("_distinct_lists", lambda texts, n: len(set([t.split()[i : i + n] for t in texts for i in range(3)]))), _ALIKE, "tuple(…)"),
        Answer(_distinct_bare, "distingue l'ordre, la majuscule et la coupe", ""),
    ),
    "evaluation.edit_distance": (
        Answer(_distance_swaps, "compte deux lettres échangées", "n'est pas parmi les trois gestes"),
        Answer(_distance_difflib, "cherche le plus petit nombre", "trois suffisent"),
        Answer(_named("_distance_stripped", lambda a, b: _distance_library(*(x.strip() if isinstance(x, str) else x for x in (a, b)))), "compte les espaces du bord", "une lettre comme une autre"),
        Answer(_distance_places, "ajoute une lettre sans compter les suivantes", "place à place"),
        Answer(_distance_zip, "ajoute une lettre sans compter les suivantes", ""),
        Answer(_distance_sets, "ajoute une lettre sans compter les suivantes", "que les deux mots n'ont pas en commun"),
        Answer(_named("_distance_in_words", lambda a, b: Levenshtein.distance(*(x.split() if isinstance(x, str) else x for x in (a, b)))), "ajoute une lettre sans compter les suivantes", "se comparent lettre à lettre"),
        Answer(_distance_one_row, "remplace une lettre", "montrée m fois"),
        Answer(_named("_distance_largest", lambda reference, found: len(reference) + len(found)), "remplace une lettre", "rien n'est rapproché"),
        Answer(_named("_distance_without_last", lambda reference, found: Levenshtein.distance(reference[:-1], found[:-1])), "compare des listes de mots", "la toute dernière case"),
        Answer(_distance_diagonal, "remplace une lettre", "une lettre qui ne change pas ne coûte rien"),
        Answer(_distance_greedy, "suit l'ordre", "essayez les trois gestes"),
        Answer(_distance_lengths, "remplace une lettre", "Aucune différence"),
        Answer(_distance_counts, "suit l'ordre", "ordre compte"),
        Answer(_distance_no_replace, "remplace une lettre", "compte pour un"),
        Answer(_distance_common, "remplace une lettre", "communes"),
        Answer(_distance_zero_edges, "ajoute une lettre sans compter les suivantes", "Au bord du tableau"),
        Answer(_distance_joined, "compare des listes de mots", ""),
        Answer(_distance_share, "remplace une lettre", ""),
        Answer(_distance_lower, "distingue majuscules et accents", "Un seul changement"),
        Answer(_distance_folded, "part de rien", "à ajouter"),
        Answer(_distance_no_return, "remplace une lettre", "return"),
    ),
    "evaluation.bleu": (
        Answer(_named("_bleu_lowered", lambda r, f: _bleu([w.lower() for w in r], [w.lower() for w in f])), "distingue les majuscules", "pris pour le même"),
        Answer(_named("_bleu_from_0_to_1", lambda r, f: _bleu(r, f, scale=1)), _MEAN, "de 0 à 100"),
        Answer(_named("_bleu_arithmetic", lambda r, f: _bleu(r, f, mean=lambda parts: sum(parts) / 4)), _MEAN, "géométrique"),
        Answer(_named("_bleu_product", lambda r, f: _bleu(r, f, mean=math.prod)), _MEAN, "racine quatrième"),
        Answer(_named("_bleu_words", lambda r, f: _bleu(r, f, orders=(1,))), _MEAN, "mots isolés"),
        Answer(_named("_bleu_fours", lambda r, f: _bleu(r, f, orders=(4,))), _MEAN, "Seules les suites de quatre"),
        Answer(_named("_bleu_to_three", lambda r, f: _bleu(r, f, orders=(1, 2, 3))), _MEAN, "n'ont pas compté"),
        Answer(_named("_bleu_unclipped", lambda r, f: _bleu(r, f, clip=False)), _CLIP, ""),
        Answer(_named("_bleu_no_penalty", lambda r, f: _bleu(r, f, penalty=lambda r, f: 1)), _BRIEF, "Il manque la pénalité"),
        Answer(_named("_bleu_ratio", lambda r, f: _bleu(r, f, penalty=lambda r, f: min(1, len(f) / len(r)))), _BRIEF, "c / r"),
        Answer(_named("_bleu_bonus", lambda r, f: _bleu(r, f, penalty=lambda r, f: math.exp(1 - len(r) / len(f)))), _CLIP, "dépasse 1"),
        Answer(_bleu_sets, _CLIP, "qu'une fois"),
        Answer(_named("_bleu_square_root", lambda r, f: _bleu(r, f, mean=lambda parts: math.prod(parts) ** 0.5)), _MEAN, "la racine est quatrième"),
        Answer(_named("_bleu_exchanged", lambda r, f: _bleu(f, r)), _CLIP, "les deux sont échangés"),
        Answer(_named("_bleu_penalty_backwards", lambda r, f: _bleu(r, f, penalty=lambda r, f: math.exp(1 - len(f) / len(r)))), _CLIP, "rien ne le pénalise"),
        Answer(_named("_bleu_penalty_in_root", lambda r, f: _bleu(r, f, penalty=lambda r, f: _penalty(r, f) ** 0.25)), _BRIEF, "sous la racine quatrième"),
        Answer(_bleu_glued, "garde la coupe entre les mots", "collés, leurs mots se confondent"),
        Answer(_bleu_recall, _CLIP, "part de la référence"),
        Answer(_bleu_no_guard, "rend 0 si rien n'est commun", "Un logarithme n'existe qu'au-dessus de 0"),
        Answer(_bleu_skips_empty, "rend 0 s'il n'y a pas quatre mots", ""),
        Answer(_bleu_no_return, _MEAN, "return"),
    ),
}  # fmt: skip

RIGHT = {
    "evaluation.bits_per_character": (_bits_steps, _bits_base, _bits_numpy, _bits_torch, _bits_tensor),
    "evaluation.perplexity": (_perplexity_sum, _perplexity_where, _perplexity_loop, _perplexity_numpy),
    "evaluation.token_accuracy": (_accuracy_loop, _accuracy_mask, _accuracy_numpy, _accuracy_flat),
    "evaluation.unseen_share": (_unseen_loop, _unseen_zip, _unseen_numpy, _unseen_filter),
    "evaluation.distinct": (_distinct_loop, _distinct_counter, _distinct_numpy),
    "evaluation.edit_distance": (_distance_library, _distance_table, _distance_recursive),
    "evaluation.bleu": (_bleu_numpy, _bleu_by_hand, _bleu_sacrebleu),
}


def use():
    """Un texte noté, un lot rempli, trois versions comparées, la diversité de passages, et ce qu'un passage recopie."""
    losses, counted = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[True, True, False]])
    logits, labels = torch.eye(4)[None], torch.tensor([[1, 0, 2, -100]])
    batch = evaluation.Batch(labels, labels, logits, losses, counted)
    index = evaluation.BookIndex([("La Mare", "I", "Le meunier regardait couler l'eau.")])
    report = evaluation.check_copy("Le meunier regardait la lune.", index)
    one, two = "la petite fille était assise", "la petite fille était debout"
    compared = evaluation.compare_texts(small_model(), small_tokenizer(), one, {"autre": two})["autre"]
    diversity = evaluation.measure_diversity(["le vent du soir", "le vent du matin"])
    return [
        evaluation.Score(12.0, 4, 9, 1).bits_per_character,
        float(batch.perplexity),
        float(batch.accuracy),
        report.unseen,
        [compared.wer, compared.bleu],
        diversity.distinct_2,
    ]
