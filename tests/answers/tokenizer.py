"""Leçon 02 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import itertools
import random
import re
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np

from answers import Answer
from aurore import tokenizer
from aurore.exercises.tokenizer import _tokenizer
from aurore.language import words
from small import TEXT, small_tokenizer

# --- Compter les paires ---------------------------------------------------------------------------------


def _counting(name, pairs_of):
    """Une réponse qui parcourt les mots comme il faut, et dont seules changent les paires tirées d'un mot."""

    def count(words):
        counts = Counter()
        for symbols, frequency in words.items():
            for pair in pairs_of(symbols):
                counts[pair] += frequency
        return counts

    count.__name__ = name
    return count


def _neighbours(symbols):
    return list(zip(symbols, symbols[1:], strict=False))


_count_once_per_word = _counting("_count_once_per_word", lambda symbols: set(_neighbours(symbols)))


_count_all_couples = _counting("_count_all_couples", lambda symbols: combinations(symbols, 2))


_count_circular = _counting(
    "_count_circular", lambda symbols: [(symbols[i - 1], symbols[i]) for i in range(len(symbols))]
)


_count_forgets_last = _counting("_count_forgets_last", lambda symbols: _neighbours(symbols)[:-1])


_count_steps_by_two = _counting("_count_steps_by_two", lambda symbols: _neighbours(symbols)[::2])


_count_strings = _counting("_count_strings", lambda symbols: [left + right for left, right in _neighbours(symbols)])


_count_letters = _counting("_count_letters", lambda symbols: _neighbours("".join(symbols)))


_count_too_far = _counting(
    "_count_too_far", lambda symbols: [(symbols[i], symbols[i + 1]) for i in range(len(symbols))]
)


_count_needs_two = _counting("_count_needs_two", lambda symbols: [(symbols[0], symbols[1]), *_neighbours(symbols[1:])])


def _count_no_frequency(words):
    return _count_counter(dict.fromkeys(words, 1))


def _count_overwrites(words):
    counts = {}
    for symbols, frequency in words.items():
        for pair in zip(symbols, symbols[1:], strict=False):
            counts[pair] = frequency
    return counts


def _count_no_return(words):
    _count_counter(words)


def _count_consumes(words):
    counts = Counter()
    while words:
        symbols, frequency = words.popitem()
        for pair in zip(symbols, symbols[1:], strict=False):
            counts[pair] += frequency
    return counts


def _count_counter(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(len(symbols) - 1):
            counts[symbols[i], symbols[i + 1]] += frequency
    return counts


def _count_window(words):
    counts = defaultdict(int)
    for symbols in words:
        previous = None
        for symbol in symbols:
            if previous is not None:
                counts[(previous, symbol)] += words[symbols]
            previous = symbol
    return counts


def _count_plain(words):
    counts = {}
    for symbols, frequency in words.items():
        for pair in zip(symbols[:-1], symbols[1:], strict=True):
            if pair not in counts:
                counts[pair] = 0
            counts[pair] += frequency
    return counts


def _count_sorted_pairs(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            key = tuple(sorted((a, b)))
            counts[key] = counts.get(key, 0) + n
    return counts


def _count_right_left(words):
    counts = {}
    for symbols, n in words.items():
        for i in range(1, len(symbols)):
            key = (symbols[i], symbols[i - 1])
            counts[key] = counts.get(key, 0) + n
    return counts


def _count_frozensets(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            counts[frozenset((a, b))] = counts.get(frozenset((a, b)), 0) + n
    return counts


def _count_items(words):
    return list(_count_counter(words).items())


def _count_most_common(words):
    return _count_counter(words).most_common()


def _count_unigrams(words):
    counts = {}
    for symbols, n in words.items():
        for symbol in symbols:
            counts[symbol] = counts.get(symbol, 0) + n
    return counts


def _count_total(words):
    total = 0
    for symbols, n in words.items():
        total += n * (len(symbols) - 1)
    return total


def _count_first_word_only(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            counts[(a, b)] = counts.get((a, b), 0) + n
        return counts


def _count_keeps_first(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            counts.setdefault((a, b), n)
    return counts


def _count_in_text(words):
    """Compte dans le texte du mot : deux paires qui se chevauchent n'y font qu'une."""
    counts = {}
    for symbols, n in words.items():
        text = " " + " ".join(symbols) + " "
        for a, b in set(zip(symbols, symbols[1:])):
            found = text.replace(" ", "  ").count(f" {a}  {b} ")
            counts[(a, b)] = counts.get((a, b), 0) + found * n
    return counts


def _count_prints(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            counts[(a, b)] = counts.get((a, b), 0) + n
    print(counts)


def _count_generator(words):
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            yield (a, b), n


def _count_skips_doubles(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            if a != b:
                counts[(a, b)] = counts.get((a, b), 0) + n
    return counts


def _count_lists(words):
    counts = {}
    for symbols, n in words.items():
        for i in range(len(symbols) - 1):
            counts[[symbols[i], symbols[i + 1]]] = n
    return counts


def _count_unpacks(words):
    counts = {}
    for symbols, n in words:
        for a, b in zip(symbols, symbols[1:]):
            counts[(a, b)] = counts.get((a, b), 0) + n
    return counts


def _count_sets_nothing(words):
    counts = {}
    for symbols, n in words.items():
        for a, b in zip(symbols, symbols[1:]):
            counts[(a, b)] += n
    return counts


def _count_one_comprehension(words):
    pairs = [(pair, n) for symbols, n in words.items() for pair in zip(symbols, symbols[1:])]
    return {pair: sum(n for other, n in pairs if other == pair) for pair, _ in pairs}


def _count_recursive(words):
    if not words:
        return {}
    (symbols, n), *rest = words.items()
    counts = count_pairs(dict(rest))
    for pair in zip(symbols, symbols[1:]):
        counts[pair] = counts.get(pair, 0) + n
    return counts


# --- Fusionner une paire --------------------------------------------------------------------------------


def _merge_first_only(symbols, pair):
    for i in range(len(symbols) - 1):
        if (symbols[i], symbols[i + 1]) == pair:
            return symbols[:i] + (symbols[i] + symbols[i + 1],) + symbols[i + 2 :]
    return symbols


def _merge_overlapping(symbols, pair):
    merged = []
    for i in range(len(symbols)):
        if symbols[i : i + 2] == pair:
            merged.append(symbols[i] + symbols[i + 1])
        elif i == 0 or symbols[i - 1 : i + 1] != pair:
            merged.append(symbols[i])
    return tuple(merged)


def _merge_from_the_right(symbols, pair):
    merged, i = [], len(symbols)
    while i > 0:
        if i >= 2 and symbols[i - 2 : i] == pair:
            merged.insert(0, symbols[i - 2] + symbols[i - 1])
            i -= 2
        else:
            merged.insert(0, symbols[i - 1])
            i -= 1
    return tuple(merged)


def _merge_list(symbols, pair):
    return list(_merge_loop(symbols, pair))


def _merge_string(symbols, pair):
    return "".join(symbols)


def _merging(name, left_out=0, step=2, fuse="".join):
    """Une réponse juste à un détail près : les symboles laissés à la fin, le pas après une fusion, ou la fusion."""

    def merge(symbols, pair):
        merged, i = [], 0
        while i < len(symbols) - left_out:
            if symbols[i : i + 2] == pair:
                merged.append(fuse(pair))
                i += step
            else:
                merged.append(symbols[i])
                i += 1
        return tuple(merged)

    merge.__name__ = name
    return merge


_merge_keeps_couple = _merging("_merge_keeps_couple", fuse=tuple)


_merge_loses_last = _merging("_merge_loses_last", left_out=1)


_merge_step_of_one = _merging("_merge_step_of_one", step=1)


_merge_for_range = _merging("_merge_for_range", left_out=1, step=1)


# Juste, mais sur des tuples seulement, comme la référence : une tranche de liste n'est jamais égale à la paire.
_merge_slices = _merging("_merge_slices")


def _merge_too_far(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        found = (symbols[i], symbols[i + 1]) == pair
        merged.append(symbols[i] + symbols[i + 1] if found else symbols[i])
        i += 2 if found else 1
    return tuple(merged)


def _merge_endless(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged[i:] = [symbols[i]]
    return tuple(merged)


def _merge_text_replace(symbols, pair):
    return tuple(" ".join(symbols).replace(" ".join(pair), "".join(pair)).split())


def _merge_nothing_found(symbols, pair):
    merged = _merge_loop(symbols, pair)
    if len(merged) < len(symbols):
        return merged


def _merge_no_return(symbols, pair):
    _merge_loop(symbols, pair)


def _merge_loop(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_recursive(symbols, pair):
    if len(symbols) < 2:
        return symbols
    if symbols[:2] == pair:
        return (pair[0] + pair[1], *_merge_recursive(symbols[2:], pair))
    return (symbols[0], *_merge_recursive(symbols[1:], pair))


def _merge_regex(symbols, pair):
    """À la manière de l'article : un motif qui ne mord pas sur les symboles voisins."""
    pattern = r"(?<!\S)" + re.escape(" ".join(pair)) + r"(?!\S)"
    return tuple(re.sub(pattern, lambda _: "".join(pair), " ".join(symbols)).split())


def _merge_compares_text(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] + symbols[i + 1] == pair[0] + pair[1]:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_text_right_edge(symbols, pair):
    text = re.sub(rf"(?<!\S){pair[0]} {pair[1]}", pair[0] + pair[1], " ".join(symbols))
    return tuple(text.split(" "))


def _merge_joined_replace(symbols, pair):
    return tuple("".join(symbols).replace("".join(pair), "|".join(pair)))


def _merge_list_slices(symbols, pair):
    symbols = list(symbols)
    merged, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_either_order(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] in pair and symbols[i + 1] in pair:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_last_only(symbols, pair):
    for i in range(len(symbols) - 2, -1, -1):
        if symbols[i : i + 2] == pair:
            return symbols[:i] + ("".join(pair),) + symbols[i + 2 :]
    return symbols


def _merge_only_the_merged(symbols, pair):
    return tuple("".join(pair) for i in range(len(symbols)) if symbols[i : i + 2] == pair)


def _merge_drops_left(symbols, pair):
    merged = []
    for i in range(len(symbols)):
        if symbols[i : i + 2] != pair:
            merged.append(symbols[i])
    return tuple(merged)


def _merge_with_space(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            merged.append(" ".join(pair))
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_in_place(symbols, pair):
    for i in range(len(symbols)):
        if symbols[i : i + 2] == pair:
            symbols[i : i + 2] = ["".join(pair)]
    return symbols


def _merge_generator(symbols, pair):
    i = 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            yield "".join(pair)
            i += 2
        else:
            yield symbols[i]
            i += 1


def _merge_needs_two(symbols, pair):
    merged, i = [], 0
    while True:
        if (symbols[i], symbols[i + 1]) == pair:
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
        if i == len(symbols) - 1:
            merged.append(symbols[i])
        if i >= len(symbols) - 1:
            return tuple(merged)


def _merge_again_and_again(symbols, pair):
    merged = []
    for symbol in symbols:
        if merged and merged[-1].endswith(pair[0]) and symbol == pair[1]:
            merged[-1] += symbol
        else:
            merged.append(symbol)
    return tuple(merged)


def _merge_prints(symbols, pair):
    print(_merge_loop(symbols, pair))


def _merge_by_name(symbols, pair):
    if len(symbols) < 2:
        return tuple(symbols)
    if symbols[:2] == pair:
        return (pair[0] + pair[1],) + merge_pair(symbols[2:], pair)
    return symbols[:1] + merge_pair(symbols[1:], pair)


def _merge_stack(symbols, pair):
    merged, free = [], False
    for symbol in symbols:
        if free and merged[-1] == pair[0] and symbol == pair[1]:
            merged[-1] += symbol
            free = False
        else:
            merged.append(symbol)
            free = True
    return tuple(merged)


def _merge_iterator(symbols, pair):
    rest, merged = list(symbols), []
    while rest:
        first = rest.pop(0)
        if rest and (first, rest[0]) == pair:
            first += rest.pop(0)
        merged.append(first)
    return (*merged,)


# --- Apprendre les fusions ------------------------------------------------------------------------------


def _merge_all(pieces, pair):
    return {_merge_loop(symbols, pair): frequency for symbols, frequency in pieces.items()}


def _learn(words, count, choose, pieces=None):
    """L'apprentissage, où seul change le choix de la paire : `choose(comptes)`."""
    pieces = {tuple(word): frequency for word, frequency in words.items()} if pieces is None else pieces
    merges = []
    for _ in range(count):
        counts = _count_counter(pieces)
        if not counts:
            break
        best = choose(counts)
        pieces = _merge_all(pieces, best)
        merges.append(best)
    return merges


def _smallest_of_best(counts):
    return min(counts, key=lambda pair: (-counts[pair], pair))


def _learn_rarest(words, count):
    return _learn(words, count, lambda counts: min(counts, key=lambda pair: (counts[pair], pair)))


def _learn_alphabetical(words, count):
    return _learn(words, count, lambda counts: max(counts))


def _learn_no_frequency(words, count):
    return _learn(words, count, _smallest_of_best, {tuple(word): 1 for word in words})


def _learn_strings(words, count):
    return ["".join(pair) for pair in _learn(words, count, _smallest_of_best)]


def _learn_one_less(words, count):
    return _learn(words, count - 1, _smallest_of_best)


def _learn_mutates(words, count):
    for word in list(words):
        words[tuple(word)] = words.pop(word)
    return _learn(words, count, _smallest_of_best)


def _learn_no_return(words, count):
    _learn(words, count, _smallest_of_best)


def _learn_returns_inside(words, count):
    pieces, merges = {tuple(word): frequency for word, frequency in words.items()}, []
    for _ in range(count):
        counts = _count_counter(pieces)
        best = _smallest_of_best(counts)
        pieces = _merge_all(pieces, best)
        merges.append(best)
        return merges


def _learn_counts_once(words, count):
    counts = _count_counter({tuple(word): frequency for word, frequency in words.items()})
    return sorted(counts, key=lambda pair: (-counts[pair], pair))[:count]


def _learn_forgets_to_merge(words, count):
    pieces, merges = {tuple(word): frequency for word, frequency in words.items()}, []
    for _ in range(count):
        best = _smallest_of_best(_count_counter(pieces))
        for symbols in pieces:
            _merge_loop(symbols, best)
        merges.append(best)
    return merges


def _learn_keeps_strings(words, count):
    pieces, merges = dict(words), []
    for _ in range(count):
        best = _smallest_of_best(_count_counter(pieces))
        pieces = {_merge_slices(symbols, best): frequency for symbols, frequency in pieces.items()}
        merges.append(best)
    return merges


def _learn_first_seen(words, count):
    return _learn(words, count, lambda counts: max(counts, key=counts.get))


def _learn_last_in_order(words, count):
    return _learn(words, count, lambda counts: max(counts, key=lambda pair: (counts[pair], pair)))


def _learn_at_random(words, count):
    chance = random.Random(0)
    return _learn(words, count, lambda counts: chance.choice([p for p in counts if counts[p] == max(counts.values())]))


def _learn_never_stops(words, count):
    pieces, merges = {tuple(word): frequency for word, frequency in words.items()}, []
    for _ in range(count):
        counts = _count_counter(pieces)
        highest = max(counts.values())
        best = min(pair for pair in counts if counts[pair] == highest)
        pieces = _merge_all(pieces, best)
        merges.append(best)
    return merges


def _learn_pads(words, count):
    merges = _learn(words, count, _smallest_of_best)
    return merges + [None] * (count - len(merges))


def _learn_sorted(words, count):
    pieces, merges = [(tuple(word), frequency) for word, frequency in words.items()], []
    while len(merges) < count:
        counts = Counter()
        for symbols, frequency in pieces:
            for pair in zip(symbols, symbols[1:], strict=False):
                counts[pair] += frequency
        if not counts:
            return merges
        merges.append(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[0][0])
        pieces = [(_merge_loop(symbols, merges[-1]), frequency) for symbols, frequency in pieces]
    return merges


def _learn_two_steps(words, count):
    pieces = {word: tuple(word) for word in words}
    merges = []
    for _ in range(count):
        counts = _count_counter({pieces[word]: words[word] for word in words})
        highest = max(counts.values(), default=0)
        tied = sorted(pair for pair in counts if counts[pair] == highest)
        if not tied:
            break
        merges.append(tied[0])
        for word in pieces:
            pieces[word] = _merge_loop(pieces[word], tied[0])
    return merges


def _learn_recursive(words, count, pieces=None):
    pieces = pieces or {tuple(word): frequency for word, frequency in words.items()}
    counts = _count_window(pieces)
    if not count or not counts:
        return []
    best = _smallest_of_best(counts)
    return [best, *_learn_recursive(words, count - 1, _merge_all(pieces, best))]


def _learn_with_counts(words, count):
    pieces, merges = {tuple(word): n for word, n in words.items()}, []
    for _ in range(count):
        counts = _count_counter(pieces)
        if not counts:
            break
        best = _smallest_of_best(counts)
        pieces = _merge_all(pieces, best)
        merges.append((best, counts[best]))
    return merges


def _learn_dict(words, count):
    return {pair: "".join(pair) for pair in _learn(words, count, _smallest_of_best)}


def _learn_tuple(words, count):
    return tuple(_learn(words, count, _smallest_of_best))


def _learn_reversed(words, count):
    return _learn(words, count, _smallest_of_best)[::-1]


def _learn_one_more(words, count):
    return _learn(words, count + 1, _smallest_of_best)


def _learn_pieces(words, count):
    pieces = {tuple(word): n for word, n in words.items()}
    for _ in range(count):
        counts = _count_counter(pieces)
        if not counts:
            break
        pieces = _merge_all(pieces, _smallest_of_best(counts))
    return pieces


def _learn_generator(words, count):
    yield from _learn(words, count, _smallest_of_best)


def _learn_merges_one_word(words, count):
    pieces, merges = {tuple(word): n for word, n in words.items()}, []
    for _ in range(count):
        counts = _count_counter(pieces)
        if not counts:
            break
        best = _smallest_of_best(counts)
        merges.append(best)
        first = next(symbols for symbols in pieces if best in _neighbours(symbols))
        pieces[_merge_loop(first, best)] = pieces.pop(first)
    return merges


def _learn_most_common(words, count):
    pieces, merges = {tuple(word): n for word, n in words.items()}, []
    for _ in range(count):
        best = _count_counter(pieces).most_common(1)[0][0]
        pieces = _merge_all(pieces, best)
        merges.append(best)
    return merges


def _learn_sorted_first(words, count):
    pieces, merges = {tuple(word): n for word, n in words.items()}, []
    for _ in range(count):
        counts = _count_counter(pieces)
        merges.append(sorted(counts, key=lambda pair: (-counts[pair], pair))[0])
        pieces = _merge_all(pieces, merges[-1])
    return merges


def _learn_longest_tie(words, count):
    return _learn(words, count, lambda counts: min(counts, key=lambda pair: (-counts[pair], pair[::-1])))


# --- Découper un mot ------------------------------------------------------------------------------------


def _encode_reversed(word, merges):
    symbols = tuple(word)
    for pair in reversed(merges):
        symbols = _merge_loop(symbols, pair)
    return list(symbols)


def _encode_tuple(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    return symbols


def _encode_string(word, merges):
    return " ".join(_encode_tuple(word, merges))


def _encode_from_list(word, merges):
    symbols = list(word)
    for pair in merges:
        symbols = _merge_slices(symbols, pair)
    return list(symbols)


def _encode_one_merge(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
        return list(symbols)


def _encode_loses_the_merge(word, merges):
    symbols = tuple(word)
    for pair in merges:
        _merge_loop(symbols, pair)
    return list(symbols)


def _encode_starts_again(word, merges):
    for pair in merges:
        symbols = _merge_loop(tuple(word), pair)
    return list(symbols)


def _encode_consumes(word, merges):
    symbols = tuple(word)
    while merges:
        symbols = _merge_loop(symbols, merges.pop(0))
    return list(symbols)


def _encode_shrinking(word, merges):
    symbols = list(word)
    for pair in merges:
        for i in range(len(symbols) - 1):
            if (symbols[i], symbols[i + 1]) == pair:
                symbols[i : i + 2] = ["".join(pair)]
    return symbols


def _encode_no_return(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)


def _encode_drops_unknown(word, merges):
    known = {symbol for pair in merges for symbol in (*pair, "".join(pair))}
    return [symbol for symbol in _encode_tuple(word, merges) if symbol in known]


def _encode_longest(word, merges):
    known = {"".join(pair) for pair in merges}
    tokens, start = [], 0
    while start < len(word):
        end = next((end for end in range(len(word), start, -1) if word[start:end] in known), start + 1)
        tokens.append(word[start:end])
        start = end
    return tokens


def _encode_leftmost(word, merges):
    symbols, i = list(word), 0
    while i < len(symbols) - 1:
        if (symbols[i], symbols[i + 1]) in merges:
            symbols[i : i + 2] = [symbols[i] + symbols[i + 1]]
            i = 0
        else:
            i += 1
    return symbols


def _encode_once_each(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_first_only(symbols, pair)
    return list(symbols)


def _encode_ascii(word, merges):
    return list(_encode_tuple(re.sub(r"[^a-zA-Z]", "", word), merges))


def _encode_lower(word, merges):
    return list(_encode_tuple(word.lower(), merges))


def _encode_by_rank(word, merges):
    """À la manière de GPT-2 : tant qu'il reste une paire connue, fusionner celle qui fut apprise la première."""
    ranks, symbols = {pair: rank for rank, pair in enumerate(merges)}, tuple(word)
    while True:
        pairs = [pair for pair in zip(symbols, symbols[1:], strict=False) if pair in ranks]
        if not pairs:
            return list(symbols)
        symbols = _merge_loop(symbols, min(pairs, key=ranks.get))


def _encode_in_place(word, merges):
    symbols = [*word]
    for left, right in merges:
        i = 0
        while i + 1 < len(symbols):
            if symbols[i] == left and symbols[i + 1] == right:
                symbols[i] = left + right
                del symbols[i + 1]
            i += 1
    return symbols


def _encode_recursive(word, merges):
    return list(_merge_loop(tuple(_encode_recursive(word, merges[:-1])), merges[-1])) if merges else list(word)


def _encode_text_replace(word, merges):
    text = " ".join(word)
    for left, right in merges:
        text = text.replace(f"{left} {right}", left + right)
    return text.split(" ") if text else []


def _encode_right_edge(word, merges):
    text = " ".join(word)
    for left, right in merges:
        text = re.sub(rf"{left} {right}(?!\S)", left + right, text)
    return text.split(" ") if text else []


def _encode_generator(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    yield from symbols


def _encode_splits(word, merges):
    symbols = tuple(word.split())
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    return list(symbols)


def _encode_drops_last_merge(word, merges):
    symbols = tuple(word)
    for i in range(len(merges) - 1):
        symbols = _merge_loop(symbols, merges[i])
    return list(symbols)


def _encode_ids(word, merges):
    vocabulary = {"".join(pair): number for number, pair in enumerate(merges)}
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    return [vocabulary.get(symbol, -1) for symbol in symbols]


def _encode_dict(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    return {symbol: symbols.count(symbol) for symbol in symbols}


def _encode_set(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    return list(dict.fromkeys(symbols))


def _encode_nested(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    return [symbols]


def _encode_word_itself(word, merges):
    return [word]


def _encode_sorted_merges(word, merges):
    symbols = tuple(word)
    for pair in sorted(merges):
        symbols = _merge_loop(symbols, pair)
    return list(symbols)


def _encode_prints(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = _merge_loop(symbols, pair)
    print(list(symbols))


def _encode_strips(word, merges):
    return list(_encode_tuple(word.replace("’", "'").replace("'", ""), merges))


def _encode_by_name(word, merges):
    if not merges:
        return list(word)
    *before, last = merges
    return list(_merge_loop(tuple(encode_word(word, before)), last))


def _encode_reduce(word, merges):
    from functools import reduce

    return list(reduce(_merge_loop, merges, tuple(word)))


# --- Ce que coûte un mot --------------------------------------------------------------------------------


def _cost_batch_keys(tokenizer, text):
    return len(tokenizer(text)) / len(words(text))


def _cost_inverse(tokenizer, text):
    return len(words(text)) / len(tokenizer(text)["input_ids"])


def _cost_characters(tokenizer, text):
    return len(text) / len(tokenizer(text)["input_ids"])


def _cost_count(tokenizer, text):
    return len(tokenizer(text)["input_ids"])


def _cost_alone(tokenizer, text):
    return sum(len(tokenizer(word)["input_ids"]) for word in words(text)) / len(words(text))


def _cost_split(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) / len(text.split())


def _cost_distinct(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) / len(set(words(text)))


def _cost_vocabulary(tokenizer, text):
    return len(tokenizer) / len(words(text))


def _cost_floor(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) // len(words(text))


def _cost_no_guard(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) / len(words(text))


def _cost_no_return(tokenizer, text):
    _cost_no_guard(tokenizer, text)


def _cost_other_tokenizer(tokenizer, text):
    sand = _tokenizer(275)
    return len(sand(text)["input_ids"]) / max(1, len(words(text)))


def _cost_encode(tokenizer, text):
    found = words(text)
    if not found:
        return 0.0
    return len(tokenizer.encode(text)) / len(found)


def _cost_tokenize(tokenizer, text):
    count = 0
    for _ in tokenizer.tokenize(text):
        count += 1
    return count / len(words(text)) if words(text) else 0.0


def _cost_distinct_tokens(tokenizer, text):
    return len(set(tokenizer(text)["input_ids"])) / len(words(text))


def _cost_sum(tokenizer, text):
    return sum(tokenizer(text)["input_ids"]) / len(words(text))


def _cost_list(tokenizer, text):
    return [len(tokenizer(word)["input_ids"]) for word in words(text)]


def _cost_mean_of_words(tokenizer, text):
    found = words(text)
    return sum(len(tokenizer(" " + word)["input_ids"]) for word in found) / len(found) if found else 0.0


def _cost_none_without_words(tokenizer, text):
    if words(text):
        return len(tokenizer(text)["input_ids"]) / len(words(text))


def _cost_max_one(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) / max(1, len(words(text)))


def _cost_rounded(tokenizer, text):
    return round(len(tokenizer(text)["input_ids"]) / len(words(text)), 1) if words(text) else 0.0


def _cost_string(tokenizer, text):
    return f"{len(tokenizer(text)['input_ids']) / len(words(text)):.2f}"


def _cost_prints(tokenizer, text):
    print(len(tokenizer(text)["input_ids"]) / len(words(text)))


def _cost_letters_per_word(tokenizer, text):
    return len(text) / len(words(text)) if words(text) else 0.0


def _cost_swapped(text, tokenizer):
    return len(tokenizer(text)["input_ids"]) / len(words(text)) if words(text) else 0.0


def _cost_tensor_rows(tokenizer, text):
    return len(tokenizer(text, return_tensors="np")["input_ids"]) / len(words(text))


def _cost_one_for_nothing(tokenizer, text):
    try:
        return len(tokenizer(text)["input_ids"]) / len(words(text))
    except ZeroDivisionError:
        return 1.0


def _cost_attribute(tokenizer, text):
    ids = tokenizer(text).input_ids
    mots = words(text)
    return len(ids) / len(mots) if len(mots) > 0 else 0.0


def _cost_tokens_method(tokenizer, text):
    try:
        return len(tokenizer(text).tokens()) / len(words(text))
    except ZeroDivisionError:
        return 0.0


def _cost_batch(tokenizer, text):
    [ids] = tokenizer([text])["input_ids"]
    return 0.0 if not words(text) else sum(1 for _ in ids) / len(list(words(text)))


def _cost_tensors(tokenizer, text):
    count = tokenizer(text, return_tensors="pt")["input_ids"].shape[1]
    return count / len(words(text)) if words(text) else 0.0


# --- Remplir un lot -------------------------------------------------------------------------------------


def _pad_with(sequences, side, width, mask_of):
    """Le remplissage, où seuls changent la largeur et le masque tiré d'une suite et de ce qui lui manque."""
    ids, masks = [], []
    for sequence in sequences:
        missing = width - len(sequence)
        row, mask = mask_of(sequence, missing)
        ids.append(row if side == "right" else row[len(sequence) :] + row[: len(sequence)])
        masks.append(mask if side == "right" else mask[len(sequence) :] + mask[: len(sequence)])
    return ids, masks


def _longest(sequences):
    return max((len(sequence) for sequence in sequences), default=0)


def _pad_fixed(sequences, pad_id, side="right"):
    return _pad_with(sequences, side, 8, lambda row, n: (row + [pad_id] * n, [1] * len(row) + [0] * n))


def _pad_shortest(sequences, pad_id, side="right"):
    width = min(len(sequence) for sequence in sequences)
    return [sequence[:width] for sequence in sequences], [[1] * width for _ in sequences]


def _pad_ids_only(sequences, pad_id, side="right"):
    return [sequence + [pad_id] * (_longest(sequences) - len(sequence)) for sequence in sequences]


def _pad_all_ones(sequences, pad_id, side="right"):
    return _pad_with(sequences, side, _longest(sequences), lambda row, n: (row + [pad_id] * n, [1] * (len(row) + n)))


def _pad_inverted_mask(sequences, pad_id, side="right"):
    return _pad_with(
        sequences, side, _longest(sequences), lambda row, n: (row + [pad_id] * n, [0] * len(row) + [1] * n)
    )


def _pad_zero(sequences, pad_id, side="right"):
    return _pad_with(sequences, side, _longest(sequences), lambda row, n: (row + [0] * n, [1] * len(row) + [0] * n))


def _pad_changes_the_input(sequences, pad_id, side="right"):
    width, masks = _longest(sequences), []
    for sequence in sequences:
        masks.append([1] * len(sequence) + [0] * (width - len(sequence)))
        while len(sequence) < width:
            sequence.append(pad_id)
    return sequences, masks


def _pad_right_only(sequences, pad_id, side="right"):
    return _pad_with(
        sequences, "right", _longest(sequences), lambda row, n: (row + [pad_id] * n, [1] * len(row) + [0] * n)
    )


def _pad_mask_stays_right(sequences, pad_id, side="right"):
    ids = _pad_comprehension(sequences, pad_id, side)[0]
    return ids, _pad_comprehension(sequences, pad_id)[1]


def _pad_mask_from_ids(sequences, pad_id, side="right"):
    ids = _pad_comprehension(sequences, pad_id, side)[0]
    return ids, [[int(token != pad_id) for token in row] for row in ids]


def _pad_no_return(sequences, pad_id, side="right"):
    _pad_comprehension(sequences, pad_id, side)


def _pad_comprehension(sequences, pad_id, side="right"):
    gaps = [_longest(sequences) - len(sequence) for sequence in sequences]
    if side == "left":
        ids = [[pad_id] * gap + sequence for gap, sequence in zip(gaps, sequences, strict=True)]
        return ids, [[0] * gap + [1] * len(sequence) for gap, sequence in zip(gaps, sequences, strict=True)]
    ids = [sequence + [pad_id] * gap for gap, sequence in zip(gaps, sequences, strict=True)]
    return ids, [[1] * len(sequence) + [0] * gap for gap, sequence in zip(gaps, sequences, strict=True)]


def _pad_token_by_token(sequences, pad_id, side="right"):
    width, ids, masks = _longest(sequences), [], []
    for sequence in sequences:
        row, mask = list(sequence), [1 for _ in sequence]
        while len(row) < width:
            where = 0 if side == "left" else len(row)
            row.insert(where, pad_id)
            mask.insert(where, 0)
        ids.append(row)
        masks.append(mask)
    return ids, masks


def _pad_shared_rows(sequences, pad_id, side="right"):
    width = _longest(sequences)
    ids, masks = [], [[0] * width] * len(sequences)
    for i, sequence in enumerate(sequences):
        gap = width - len(sequence)
        ids.append([pad_id] * gap + sequence if side == "left" else sequence + [pad_id] * gap)
        for j in range(len(sequence)):
            masks[i][gap + j if side == "left" else j] = 1
    return ids, masks


def _pad_swapped(sequences, pad_id, side="right"):
    ids, masks = _pad_comprehension(sequences, pad_id, side)
    return masks, ids


def _pad_dict(sequences, pad_id, side="right"):
    ids, masks = _pad_comprehension(sequences, pad_id, side)
    return {"input_ids": ids, "attention_mask": masks}


def _pad_pairs(sequences, pad_id, side="right"):
    return list(zip(*_pad_comprehension(sequences, pad_id, side)))


def _pad_booleans(sequences, pad_id, side="right"):
    ids, masks = _pad_comprehension(sequences, pad_id, side)
    return ids, [[bool(sign) for sign in row] for row in masks]


def _pad_flat_masks(sequences, pad_id, side="right"):
    ids, masks = _pad_comprehension(sequences, pad_id, side)
    return ids, [sign for row in masks for sign in row]


def _pad_lengths(sequences, pad_id, side="right"):
    return _pad_comprehension(sequences, pad_id, side)[0], [len(sequence) for sequence in sequences]


def _pad_nests(sequences, pad_id, side="right"):
    width = _longest(sequences)
    ids = [sequence + [[pad_id] * (width - len(sequence))] for sequence in sequences]
    return ids, _pad_comprehension(sequences, pad_id, side)[1]


def _pad_one_more(sequences, pad_id, side="right"):
    return _pad_with(
        sequences, side, _longest(sequences) + 1, lambda row, n: (row + [pad_id] * n, [1] * len(row) + [0] * n)
    )


def _pad_always_left(sequences, pad_id, side="right"):
    return _pad_comprehension(sequences, pad_id, "left")


def _pad_short_masks(sequences, pad_id, side="right"):
    return _pad_comprehension(sequences, pad_id, side)[0], [[1] * len(sequence) for sequence in sequences]


def _pad_first_is_longest(sequences, pad_id, side="right"):
    return _pad_with(
        sequences, side, len(sequences[0]), lambda row, n: (row + [pad_id] * n, [1] * len(row) + [0] * n)
    )


def _pad_reversed_left(sequences, pad_id, side="right"):
    ids, masks = _pad_comprehension(sequences, pad_id)
    return ([row[::-1] for row in ids], [row[::-1] for row in masks]) if side == "left" else (ids, masks)


def _pad_generator(sequences, pad_id, side="right"):
    ids, masks = _pad_comprehension(sequences, pad_id, side)
    return (row for row in ids), (row for row in masks)


def _pad_prints(sequences, pad_id, side="right"):
    print(*_pad_comprehension(sequences, pad_id, side))


def _pad_two_in_a_list(sequences, pad_id, side="right"):
    ids, masks = [], []
    n = max(len(s) for s in sequences)
    for s in sequences:
        vide = [pad_id] * (n - len(s))
        rien = [0] * (n - len(s))
        un = [1 for _ in s]
        if side == "left":
            ids.append(vide + s)
            masks.append(rien + un)
        else:
            ids.append(s + vide)
            masks.append(un + rien)
    return [ids, masks]


def _pad_flipped(sequences, pad_id, side="right"):
    if side == "left":
        ids, masks = pad_batch([s[::-1] for s in sequences], pad_id)
        return [row[::-1] for row in ids], [row[::-1] for row in masks]
    n = len(max(sequences, key=len))
    ids = [[s[i] if i < len(s) else pad_id for i in range(n)] for s in sequences]
    masks = [[int(i < len(s)) for i in range(n)] for s in sequences]
    return ids, masks


# --- Chasse au bug : les étiquettes ---------------------------------------------------------------------


def _labels_by_id(input_ids, attention_mask):
    """Le bug d'origine : tout ce qui vaut pad_id, ici 0, est masqué, la vraie fin comprise."""
    return [[-100 if token == 0 else token for token in row] for row in input_ids]


def _labels_as_they_are(input_ids, attention_mask):
    return [list(row) for row in input_ids]


def _labels_zero(input_ids, attention_mask):
    return [
        [a * b for a, b in zip(row, mask, strict=True)] for row, mask in zip(input_ids, attention_mask, strict=True)
    ]


def _labels_inverted(input_ids, attention_mask):
    return [
        [-100 if real else token for token, real in zip(row, mask, strict=True)]
        for row, mask in zip(input_ids, attention_mask, strict=True)
    ]


def _labels_shifted(input_ids, attention_mask):
    return [[*row[1:], -100] for row in _labels_numbered(input_ids, attention_mask)]


def _labels_dropped(input_ids, attention_mask):
    return [
        [token for token, real in zip(row, mask, strict=True) if real]
        for row, mask in zip(input_ids, attention_mask, strict=True)
    ]


def _labels_in_place(input_ids, attention_mask):
    labels = input_ids
    for i, mask in enumerate(attention_mask):
        for j, real in enumerate(mask):
            if not real:
                labels[i][j] = -100
    return labels


def _labels_right_only(input_ids, attention_mask):
    return [
        row[: sum(mask)] + [-100] * (len(row) - sum(mask)) for row, mask in zip(input_ids, attention_mask, strict=True)
    ]


def _labels_first_zero(input_ids, attention_mask):
    """Garde le premier 0 de chaque ligne pour la fin du texte : juste à droite, faux à gauche."""
    labels = []
    for row in input_ids:
        end = row.index(0) + 1 if 0 in row else len(row)
        labels.append(row[:end] + [-100] * (len(row) - end))
    return labels


def _labels_no_return(input_ids, attention_mask):
    _labels_numbered(input_ids, attention_mask)


def _labels_numbered(input_ids, attention_mask):
    labels = [list(row) for row in input_ids]
    for i in range(len(labels)):
        for j in range(len(labels[i])):
            if attention_mask[i][j] == 0:
                labels[i][j] = -100
    return labels


def _labels_arithmetic(input_ids, attention_mask):
    labels = []
    for row, mask in zip(input_ids, attention_mask, strict=True):
        labels.append([token * real - 100 * (1 - real) for token, real in zip(row, mask, strict=True)])
    return labels


def _labels_mask_itself(input_ids, attention_mask):
    return attention_mask


def _labels_flat(input_ids, attention_mask):
    return [
        token if real else -100
        for row, mask in zip(input_ids, attention_mask)
        for token, real in zip(row, mask)
    ]


def _labels_plus_100(input_ids, attention_mask):
    return [[token if real else 100 for token, real in zip(row, mask)] for row, mask in zip(input_ids, attention_mask)]


def _labels_none(input_ids, attention_mask):
    return [[token if real else None for token, real in zip(row, mask)] for row, mask in zip(input_ids, attention_mask)]


def _labels_strings(input_ids, attention_mask):
    return [
        [str(token) if real else "-100" for token, real in zip(row, mask)]
        for row, mask in zip(input_ids, attention_mask)
    ]


def _labels_tuples(input_ids, attention_mask):
    return [
        tuple(token if real else -100 for token, real in zip(row, mask))
        for row, mask in zip(input_ids, attention_mask)
    ]


def _labels_first_row(input_ids, attention_mask):
    for row, mask in zip(input_ids, attention_mask):
        return [[token if real else -100 for token, real in zip(row, mask)]]


def _labels_same_mask(input_ids, attention_mask):
    """Le masque de la première ligne pour toutes."""
    mask = attention_mask[0]
    return [[token if real else -100 for token, real in zip(row, mask)] for row in input_ids]


def _labels_last_id(input_ids, attention_mask):
    """Prend le dernier identifiant d'une ligne remplie pour celui du remplissage."""
    pads = {row[-1] for row, mask in zip(input_ids, attention_mask) if not mask[-1]}
    return [[-100 if token in pads else token for token in row] for row in input_ids]


def _labels_shifted_right(input_ids, attention_mask):
    return [[-100, *row[:-1]] for row in input_ids]


def _labels_masks_the_end(input_ids, attention_mask):
    labels = _labels_numbered(input_ids, attention_mask)
    for row in labels:
        row[-1] = -100
    return labels


def _labels_two_ends(input_ids, attention_mask):
    """Garde le premier des identifiants répétés en fin de ligne."""
    labels = [list(row) for row in input_ids]
    for row in labels:
        for j in range(len(row) - 1, 0, -1):
            if row[j] == row[j - 1]:
                row[j] = -100
            else:
                break
    return labels


def _labels_numpy(input_ids, attention_mask):
    import numpy as np

    return np.where(np.array(attention_mask) == 1, np.array(input_ids), -100).tolist()


def _labels_recursive(input_ids, attention_mask):
    if not input_ids:
        return []
    first = [t if m == 1 else -100 for t, m in zip(input_ids[0], attention_mask[0])]
    return [first] + labels_for_language_modeling(input_ids[1:], attention_mask[1:])


# --- Les mots à ajouter ---------------------------------------------------------------------------------


def _adding(name, costly=lambda split, word: len(split(" " + word)) >= 3, order=None, form=str):
    """Une réponse qui filtre, range et coupe ; seuls changent le filtre, l'ordre ou la forme rendue."""

    def choose(counts, split, how_many):
        kept = [word for word in counts if costly(split, word)]
        by_frequency = sorted(kept, key=lambda word: (-counts[word], word))
        return [form(word) for word in (order(kept, counts) if order else by_frequency)[:how_many]]

    choose.__name__ = name
    return choose


_words_alone = _adding("_words_alone", costly=lambda split, word: len(split(word)) >= 3)


_words_two_pieces = _adding("_words_two_pieces", costly=lambda split, word: len(split(" " + word)) >= 2)


_words_four_pieces = _adding("_words_four_pieces", costly=lambda split, word: len(split(" " + word)) > 3)


_words_with_mark = _adding("_words_with_mark", form=lambda word: "Ġ" + word)


_words_with_space = _adding("_words_with_space", form=lambda word: " " + word)


_words_unsorted = _adding("_words_unsorted", order=lambda kept, counts: kept)


_words_rarest = _adding("_words_rarest", order=lambda kept, counts: sorted(kept, key=lambda w: (counts[w], w)))


_words_reversed = _adding(
    "_words_reversed", order=lambda kept, counts: sorted(kept, key=lambda w: (counts[w], w), reverse=True)
)


def _words_pieces(counts, split, how_many):
    """Le bug d'origine : les tokens que le tokenizer rend, c'est-à-dire ceux qu'il a déjà."""
    found = Counter()
    for word, frequency in counts.items():
        for piece in split(" " + word):
            found[piece] += frequency
    return [piece for piece, _ in found.most_common(how_many)]


def _words_cut_first(counts, split, how_many):
    frequent = sorted(counts, key=lambda word: (-counts[word], word))[:how_many]
    return [word for word in frequent if len(split(" " + word)) >= 3]


def _words_no_limit(counts, split, how_many):
    return _words_most_common(counts, split, len(counts))


def _words_no_return(counts, split, how_many):
    _words_most_common(counts, split, how_many)


def _words_most_common(counts, split, how_many):
    chosen = []
    for word, _ in Counter(dict(sorted(counts.items()))).most_common():
        if len(split(f" {word}")) > 2 and len(chosen) < how_many:
            chosen.append(word)
    return chosen


def _words_two_sorts(counts, split, how_many):
    costly = sorted(filter(lambda word: len(split(" " + word)) not in (0, 1, 2), counts))
    costly.sort(key=counts.get, reverse=True)
    return costly[:how_many]


def _words_with_counts(counts, split, how_many):
    return [(word, counts[word]) for word in _words_most_common(counts, split, how_many)]


def _words_dict(counts, split, how_many):
    return {word: counts[word] for word in _words_most_common(counts, split, how_many)}


def _words_set(counts, split, how_many):
    return set(_words_most_common(counts, split, how_many))


def _words_letters(counts, split, how_many):
    costly = [word for word in counts if len(word) >= 3]
    return sorted(costly, key=lambda word: (-counts[word], word))[:how_many]


def _words_costliest(counts, split, how_many):
    costly = [word for word in counts if len(split(" " + word)) >= 3]
    return sorted(costly, key=lambda word: (-len(split(" " + word)), word))[:how_many]


def _words_alphabetical(counts, split, how_many):
    return sorted(word for word in counts if len(split(" " + word)) >= 3)[:how_many]


def _words_space_after(counts, split, how_many):
    costly = [word for word in counts if len(split(word + " ")) >= 3]
    return sorted(costly, key=lambda word: (-counts[word], word))[:how_many]


def _words_one_too_many(counts, split, how_many):
    return _words_most_common(counts, split, how_many + 1)


def _words_generator(counts, split, how_many):
    yield from _words_most_common(counts, split, how_many)


def _words_joined(counts, split, how_many):
    return ", ".join(_words_most_common(counts, split, how_many))


def _words_in_place(counts, split, how_many):
    for word in list(counts):
        if len(split(" " + word)) < 3:
            del counts[word]
    return sorted(counts, key=lambda word: (-counts[word], word))[:how_many]


def _words_split_method(counts, split, how_many):
    costly = [word for word in counts if len((" " + word).split()) >= 3]
    return sorted(costly, key=lambda word: (-counts[word], word))[:how_many]


def _words_by_heap(counts, split, how_many):
    import heapq

    costly = ((-n, word) for word, n in counts.items() if len(split(" " + word)) > 2)
    return [word for _, word in heapq.nsmallest(how_many, costly)]


# --- Par exercice

def _count_across_words(words):
    symbols = [symbol for word, count in words.items() for _ in range(count) for symbol in word]
    return Counter(pairwise(symbols))


def _merge_sets(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        found = set(symbols[i : i + 2]) == set(pair)
        merged.append("".join(pair) if found else symbols[i])
        i += 2 if found else 1
    return tuple(merged)


def _learn_stops_at_one(words, count):
    pieces, merges = {tuple(word): number for word, number in words.items()}, []
    while len(merges) < count:
        counts = tokenizer.count_pairs(pieces)
        if max(counts.values(), default=0) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = {tokenizer.merge_pair(word, best): number for word, number in pieces.items()}
    return merges


def _encode_stops_early(word, merges):
    symbols = tuple(word)
    for pair in merges:
        merged = tokenizer.merge_pair(symbols, pair)
        if merged == symbols:
            break
        symbols = merged
    return list(symbols)


def _encode_list_slices(word, merges):
    symbols = list(word)
    for pair in merges:
        symbols = tokenizer.merge_pair(symbols, pair)
    return symbols


def _words_sort_none(counts, split, how_many):
    words = [word for word in counts if len(split(" " + word)) >= 3]
    return words.sort(key=lambda word: (-counts[word], word))


def _labels_floats(input_ids, attention_mask):
    return [
        [token if kept else -100.0 for token, kept in zip(row, mask, strict=True)]
        for row, mask in zip(input_ids, attention_mask, strict=True)
    ]

# --- Écrites d'après le seul énoncé ------------------------------------------------------------


# Une fois par mot.
def _fresh_count_pairs_w8(words):
    pairs = Counter()
    for w, n in words.items():
        for pair in set(zip(w, w[1:])):
            pairs[pair] += n
    return dict(pairs)


# Paires disjointes de deux en deux.
def _fresh_count_pairs_w9(words):
    pairs = Counter()
    for w, n in words.items():
        for pair in zip(w[::2], w[1::2]):
            pairs[pair] += n
    return dict(pairs)


# Itère words sans items.
def _fresh_count_pairs_w14(words):
    pairs = {}
    for w, n in words:
        for pair in zip(w, w[1:]):
            pairs[pair] = pairs.get(pair, 0) + n
    return pairs


# Paires à cheval sur deux mots.
def _fresh_count_pairs_w15(words):
    pairs = Counter()
    everything = [s for w, n in words.items() for _ in range(n) for s in w]
    for pair in zip(everything, everything[1:]):
        pairs[pair] += 1
    return dict(pairs)


# Zéro multiplié par longueur : fréquence ^ 2.
def _fresh_count_pairs_w16(words):
    pairs = Counter()
    for w, n in words.items():
        for _ in range(n):
            for pair in zip(w, w[1:]):
                pairs[pair] += n
    return dict(pairs)


# Counter.
def _fresh_count_pairs_r1(words):
    pairs = Counter()
    for word, frequency in words.items():
        for pair in zip(word, word[1:]):
            pairs[pair] += frequency
    return pairs


# Get.
def _fresh_count_pairs_r2(words):
    res = {}
    for mot in words:
        for i in range(len(mot) - 1):
            paire = (mot[i], mot[i + 1])
            res[paire] = res.get(paire, 0) + words[mot]
    return res


# Pairwise, defaultdict.
def _fresh_count_pairs_r3(words):
    d = defaultdict(int)
    for w, n in words.items():
        for p in itertools.pairwise(w):
            d[p] += n
    return d


# Counter de listes répétées.
def _fresh_count_pairs_r4(words):
    return dict(Counter(p for w, n in words.items() for p in list(zip(w, w[1:])) * n))


# index ne voit que la première place.
def _merge_first_place(symbols, pair):
    rest = list(symbols)
    for _ in symbols:
        if pair[0] in rest:
            i = rest.index(pair[0])
            if rest[i + 1 : i + 2] == [pair[1]]:
                rest[i : i + 2] = [pair[0] + pair[1]]
    return tuple(rest)


# À égalité, compare les textes collés.
def _learn_by_joined_text(words, count):
    pieces, learned = {tuple(word): number for word, number in words.items()}, []
    for _ in range(count):
        pairs = tokenizer.count_pairs(pieces)
        if not pairs:
            break
        learned.append(min(pairs, key=lambda pair: (-pairs[pair], "".join(pair))))
        pieces = {tokenizer.merge_pair(word, learned[-1]): number for word, number in pieces.items()}
    return learned


# Range sans regarder la casse.
def _words_without_case(counts, split, how_many):
    costly = [word for word in counts if len(split(" " + word)) >= 3]
    return sorted(costly, key=lambda word: (-counts[word], word.lower()))[:how_many]


# Join replace.
def _fresh_merge_pair_w1(symbols, pair):
    return tuple("".join(symbols).replace("".join(pair), " ").split())


# Un symbole sert deux fois.
def _fresh_merge_pair_w5(symbols, pair):
    out = []
    for i in range(len(symbols)):
        if symbols[i:i + 2] == pair:
            out.append(pair[0] + pair[1])
        elif i > 0 and symbols[i - 1:i + 1] == pair:
            continue
        else:
            out.append(symbols[i])
    return tuple(out)


# Fusion répétée sur le résultat (cascade).
def _fresh_merge_pair_w14(symbols, pair):
    out = []
    for s in symbols:
        if out and out[-1].endswith(pair[0]) and s == pair[1]:
            out[-1] += s
        else:
            out.append(s)
    return tuple(out)


# For avec i += 2 sans effet.
def _fresh_merge_pair_w15(symbols, pair):
    out = []
    for i in range(len(symbols)):
        if symbols[i:i + 2] == pair:
            out.append("".join(pair))
            i += 2
        else:
            out.append(symbols[i])
    return tuple(out)


# While.
def _fresh_merge_pair_r1(symbols, pair):
    left, right = pair
    out = []
    i = 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] == left and symbols[i + 1] == right:
            out.append(left + right)
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return tuple(out)


# Récursif.
def _fresh_merge_pair_r2(symbols, pair):
    if len(symbols) < 2:
        return tuple(symbols)
    if tuple(symbols[:2]) == tuple(pair):
        return (pair[0] + pair[1],) + merge_pair(symbols[2:], pair)
    return (symbols[0],) + merge_pair(symbols[1:], pair)


# Drapeau skip.
def _fresh_merge_pair_r3(symbols, pair):
    out, skip = [], False
    for i, s in enumerate(symbols):
        if skip:
            skip = False
            continue
        if symbols[i:i + 2] == pair:
            out.append("".join(pair))
            skip = True
        else:
            out.append(s)
    return tuple(out)


# Liste modifiée sur place.
def _fresh_merge_pair_r4(symbols, pair):
    s = list(symbols)
    i = 0
    while i < len(s) - 1:
        if s[i] == pair[0] and s[i + 1] == pair[1]:
            s[i:i + 2] = [s[i] + s[i + 1]]
        i += 1
    return tuple(s)


# Décale.
def _fresh_labels_for_language_modeling_w6(input_ids, attention_mask):
    labels = [[t if m else -100 for t, m in zip(r, ms)] for r, ms in zip(input_ids, attention_mask)]
    return [row[1:] + [-100] for row in labels]


# Le dernier réel masqué aussi.
def _fresh_labels_for_language_modeling_w8(input_ids, attention_mask):
    out = []
    for row, mask in zip(input_ids, attention_mask):
        n = sum(mask)
        out.append(row[:n - 1] + [-100] * (len(row) - n + 1))
    return out


# Première ligne seulement.
def _fresh_labels_for_language_modeling_w12(input_ids, attention_mask):
    return [t if m else -100 for t, m in zip(input_ids[0], attention_mask[0])]


# N'oublie que la fin : dernier identifiant = pad, garde la première occurrence, sinon -100.
def _fresh_labels_for_language_modeling_w14(input_ids, attention_mask):
    out = []
    for row in input_ids:
        pad = row[-1]
        labels, seen = [], False
        for t in row:
            if t == pad:
                labels.append(-100 if seen else t)
                seen = True
            else:
                labels.append(t)
        out.append(labels)
    return out


# Compréhension.
def _fresh_labels_for_language_modeling_r1(input_ids, attention_mask):
    return [[i if m == 1 else -100 for i, m in zip(ids, mask)] for ids, mask in zip(input_ids, attention_mask)]


# Numpy tolist.
def _fresh_labels_for_language_modeling_r2(input_ids, attention_mask):
    return np.where(np.array(attention_mask) == 1, np.array(input_ids), -100).tolist()


# Boucles et copie.
def _fresh_labels_for_language_modeling_r3(input_ids, attention_mask):
    labels = []
    for i in range(len(input_ids)):
        ligne = list(input_ids[i])
        for j in range(len(ligne)):
            if attention_mask[i][j] == 0:
                ligne[j] = -100
        labels.append(ligne)
    return labels


# Torch rendu en tenseur.
def _fresh_labels_for_language_modeling_r4(input_ids, attention_mask):
    import torch
    ids, mask = torch.tensor(input_ids), torch.tensor(attention_mask)
    return ids.masked_fill(mask == 0, -100).tolist()


# Ne fusionne pas entre les tours.
def _fresh_learn_merges_w1(words, count):
    pairs = tokenizer.count_pairs({tuple(w): n for w, n in words.items()})
    return sorted(pairs, key=pairs.get, reverse=True)[:count]


# Oublie tuple(word) : passe les mots entiers.
def _fresh_learn_merges_w8(words, count):
    out = []
    for _ in range(count):
        pairs = tokenizer.count_pairs(words)
        if not pairs:
            break
        best = min(pairs, key=lambda p: (-pairs[p], p))
        out.append(best)
        words = {tokenizer.merge_pair(w, best): n for w, n in words.items()}
    return out


# Paire avec son compte (most_common).
def _fresh_learn_merges_w12(words, count):
    pieces = {tuple(w): n for w, n in words.items()}
    out = []
    for _ in range(count):
        pairs = tokenizer.count_pairs(pieces)
        if not pairs:
            break
        best = sorted(pairs.items(), key=lambda p: (-p[1], p[0]))[0]
        out.append(best)
        pieces = {tokenizer.merge_pair(w, best[0]): n for w, n in pieces.items()}
    return out


# Fusionne le premier mot seulement.
def _fresh_learn_merges_w13(words, count):
    pieces = [[tuple(w), n] for w, n in words.items()]
    out = []
    for _ in range(count):
        pairs = tokenizer.count_pairs({tuple(w): n for w, n in pieces})
        if not pairs:
            break
        best = min(pairs, key=lambda p: (-pairs[p], p))
        out.append(best)
        pieces[0][0] = tokenizer.merge_pair(pieces[0][0], best)
    return out


# S'arrête aux paires vues une seule fois.
def _fresh_learn_merges_w14(words, count):
    pieces = {tuple(w): n for w, n in words.items()}
    out = []
    for _ in range(count):
        pairs = tokenizer.count_pairs(pieces)
        if not pairs or max(pairs.values()) < 2:
            break
        best = min(pairs, key=lambda p: (-pairs[p], p))
        out.append(best)
        pieces = {tokenizer.merge_pair(w, best): n for w, n in pieces.items()}
    return out


# Min avec clé.
def _fresh_learn_merges_r1(words, count):
    pieces = {tuple(w): n for w, n in words.items()}
    merges = []
    while len(merges) < count:
        pairs = tokenizer.count_pairs(pieces)
        if not pairs:
            return merges
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        pieces = {tokenizer.merge_pair(w, best): n for w, n in pieces.items()}
    return merges


# Égalités puis min.
def _fresh_learn_merges_r2(words, count):
    splits = {w: tuple(w) for w in words}
    merges = []
    for _ in range(count):
        counts = Counter()
        for w, n in words.items():
            for p in zip(splits[w], splits[w][1:]):
                counts[p] += n
        if not counts:
            break
        top = max(counts.values())
        best = min(p for p, n in counts.items() if n == top)
        merges.append(best)
        for w in splits:
            splits[w] = tokenizer.merge_pair(splits[w], best)
    return merges


# Tri stable.
def _fresh_learn_merges_r3(words, count):
    symbols = {tuple(word): frequency for word, frequency in words.items()}
    learned = []
    for _ in range(count):
        pairs = tokenizer.count_pairs(symbols)
        if len(pairs) == 0:
            break
        best = sorted(sorted(pairs), key=lambda p: pairs[p], reverse=True)[0]
        learned.append(best)
        new = {}
        for w, f in symbols.items():
            new[tokenizer.merge_pair(w, best)] = new.get(tokenizer.merge_pair(w, best), 0) + f
        symbols = new
    return learned


# Chaîne, pas tuple.
def _fresh_encode_word_w5(word, merges):
    s = word
    for m in merges:
        s = tokenizer.merge_pair(s, m)
    return list(s)


# Plus long préfixe.
def _fresh_encode_word_w6(word, merges):
    vocab = {"".join(m) for m in merges}
    out = []
    while word:
        for n in range(len(word), 0, -1):
            if word[:n] in vocab or n == 1:
                out.append(word[:n])
                word = word[n:]
                break
    return out


# Arguments inversés.
def _fresh_encode_word_w10(word, merges):
    s = tuple(word)
    for m in merges:
        s = tokenizer.merge_pair(m, s)
    return list(s)


# Replace de texte.
def _fresh_encode_word_w12(word, merges):
    text = " ".join(word)
    for a, b in merges:
        text = text.replace(f"{a} {b}", a + b)
    return text.split(" ")


# Une fusion à la fois, dès qu'une marche on s'arrête.
def _fresh_encode_word_w13(word, merges):
    s = tuple(word)
    for m in merges:
        new = tokenizer.merge_pair(s, m)
        if new != s:
            return list(new)
    return list(s)


# Simple.
def _fresh_encode_word_r1(word, merges):
    symbols = tuple(word)
    for pair in merges:
        symbols = tokenizer.merge_pair(symbols, pair)
    return list(symbols)


# Reduce.
def _fresh_encode_word_r2(word, merges):
    from functools import reduce
    return list(reduce(tokenizer.merge_pair, merges, tuple(word)))


# À la main.
def _fresh_encode_word_r3(word, merges):
    tokens = list(word)
    for a, b in merges:
        i = 0
        while i < len(tokens) - 1:
            if tokens[i] == a and tokens[i + 1] == b:
                tokens[i:i + 2] = [a + b]
            i += 1
    return tokens


# ZeroDivisionError.
def _fresh_tokens_per_word_w2(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) / len(words(text))


# Mot par mot, sans espaces.
def _fresh_tokens_per_word_w8(tokenizer, text):
    ws = words(text)
    if not ws:
        return 0.0
    return sum(len(tokenizer(w)["input_ids"]) for w in ws) / len(ws)


# Max(1, n) : pas 0.0.
def _fresh_tokens_per_word_w13(tokenizer, text):
    return len(tokenizer(text)["input_ids"]) / max(1, len(words(text)))


# Simple.
def _fresh_tokens_per_word_r1(tokenizer, text):
    n = len(words(text))
    if n == 0:
        return 0.0
    return len(tokenizer(text)["input_ids"]) / n


# Attribut.
def _fresh_tokens_per_word_r2(tokenizer, text):
    found = words(text)
    return len(tokenizer(text).input_ids) / len(found) if found else 0.0


# Try.
def _fresh_tokens_per_word_r3(tokenizer, text):
    try:
        return len(tokenizer(text)["input_ids"]) / len(words(text))
    except ZeroDivisionError:
        return 0.0


# Tokenize.
def _fresh_tokens_per_word_r4(tokenizer, text):
    found = words(text)
    return len(tokenizer.tokenize(text)) / len(found) if found else 0.0


# Encode.
def _fresh_tokens_per_word_r5(tokenizer, text):
    found = list(words(text))
    return len(tokenizer.encode(text)) / len(found) if found else 0.0


# Max sans argument : première suite.
def _fresh_pad_batch_w5(sequences, pad_id, side="right"):
    n = len(max(sequences))
    ids = [s + [pad_id] * (n - len(s)) if side == "right" else [pad_id] * (n - len(s)) + s for s in sequences]
    masks = [[1] * len(s) + [0] * (n - len(s)) if side == "right" else [0] * (n - len(s)) + [1] * len(s) for s in sequences]
    return ids, masks


# Un token de remplissage seulement.
def _fresh_pad_batch_w12(sequences, pad_id, side="right"):
    n = max(len(s) for s in sequences)
    ids, masks = [], []
    for s in sequences:
        if len(s) < n:
            ids.append([pad_id] + s if side == "left" else s + [pad_id])
            masks.append([0] + [1] * len(s) if side == "left" else [1] * len(s) + [0])
        else:
            ids.append(s); masks.append([1] * n)
    return ids, masks


# Paires par suite.
def _fresh_pad_batch_w14(sequences, pad_id, side="right"):
    n = max(len(s) for s in sequences)
    out = []
    for s in sequences:
        k = n - len(s)
        out.append((s + [pad_id] * k, [1] * len(s) + [0] * k) if side == "right" else ([pad_id] * k + s, [0] * k + [1] * len(s)))
    return out


# Booléens… à l'envers ? masque True/False inversé.
def _fresh_pad_batch_w15(sequences, pad_id, side="right"):
    n = max(len(s) for s in sequences)
    ids = [s + [pad_id] * (n - len(s)) if side == "right" else [pad_id] * (n - len(s)) + s for s in sequences]
    return ids, [[t == pad_id for t in row] for row in ids]


# Compréhension.
def _fresh_pad_batch_r1(sequences, pad_id, side="right"):
    longest = max((len(s) for s in sequences), default=0)
    ids, masks = [], []
    for s in sequences:
        fill = longest - len(s)
        if side == "left":
            ids.append([pad_id] * fill + list(s))
            masks.append([0] * fill + [1] * len(s))
        else:
            ids.append(list(s) + [pad_id] * fill)
            masks.append([1] * len(s) + [0] * fill)
    return ids, masks


# Numpy.
def _fresh_pad_batch_r2(sequences, pad_id, side="right"):
    n = max(len(s) for s in sequences)
    ids = np.full((len(sequences), n), pad_id)
    masks = np.zeros((len(sequences), n), dtype=int)
    for i, s in enumerate(sequences):
        where = slice(n - len(s), n) if side == "left" else slice(0, len(s))
        ids[i, where] = s
        masks[i, where] = 1
    return ids.tolist(), masks.tolist()


# Zip_longest, liste de deux.
def _fresh_pad_batch_r3(sequences, pad_id, side="right"):
    seqs = [s[::-1] for s in sequences] if side == "left" else sequences
    ids = [list(r) for r in zip(*itertools.zip_longest(*seqs, fillvalue=pad_id))]
    masks = [list(r) for r in zip(*itertools.zip_longest(*[[1] * len(s) for s in seqs], fillvalue=0))]
    if side == "left":
        ids = [r[::-1] for r in ids]
        masks = [r[::-1] for r in masks]
    return [ids, masks]


# Coupe avant de filtrer.
def _fresh_words_to_add_w6(counts, split, how_many):
    top = sorted(counts, key=lambda w: (-counts[w], w))[:how_many]
    return [w for w in top if len(split(" " + w)) >= 3]


# Trie par coût.
def _fresh_words_to_add_w9(counts, split, how_many):
    chosen = [w for w in counts if len(split(" " + w)) >= 3]
    return sorted(chosen, key=lambda w: (-len(split(" " + w)), w))[:how_many]


# Paires (mot, compte).
def _fresh_words_to_add_w10(counts, split, how_many):
    chosen = {w: n for w, n in counts.items() if len(split(" " + w)) >= 3}
    return Counter(chosen).most_common(how_many)


# Espace déduite : len(split(' ' + w)) - 1.
def _fresh_words_to_add_w15(counts, split, how_many):
    chosen = [w for w in counts if len(split(" " + w)) - 1 >= 3]
    return sorted(chosen, key=lambda w: (-counts[w], w))[:how_many]


# Tri par clé.
def _fresh_words_to_add_r1(counts, split, how_many):
    costly = [w for w in counts if len(split(f" {w}")) >= 3]
    costly.sort(key=lambda w: (-counts[w], w))
    return costly[:how_many]


# Deux tris.
def _fresh_words_to_add_r2(counts, split, how_many):
    ordered = sorted(sorted(counts), key=counts.get, reverse=True)
    return [w for w in ordered if len(split(" " + w)) > 2][:how_many]


# Heapq.
def _fresh_words_to_add_r3(counts, split, how_many):
    import heapq
    return heapq.nsmallest(how_many, (w for w in counts if len(split(" " + w)) >= 3), key=lambda w: (-counts[w], w))


# Boucle avec arrêt.
def _fresh_words_to_add_r4(counts, split, how_many):
    out = []
    for n, w in sorted((-n, w) for w, n in counts.items()):
        if len(out) == how_many:
            break
        if len(split(" " + w)) >= 3:
            out.append(w)
    return out


# Re.sub sur le texte, puis tuple de lettres.
def _fresh_merge_pair_w21(symbols, pair):
    return tuple("|".join(symbols).replace("|".join(pair), "".join(pair)).split("|"))


# Tuple(''.join).
def _fresh_merge_pair_w22(symbols, pair):
    return tuple("".join(symbols).partition("".join(pair)))


# Supprime la paire sans ajouter.
def _fresh_merge_pair_w23(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        if symbols[i:i+2] == pair:
            i += 2
        else:
            out.append(symbols[i]); i += 1
    return tuple(out)


# Inverse la paire.
def _fresh_merge_pair_w24(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        if symbols[i:i+2] == pair:
            out.append(pair[1] + pair[0]); i += 2
        else:
            out.append(symbols[i]); i += 1
    return tuple(out)


# Itérateur.
def _fresh_merge_pair_r21(symbols, pair):
    out = []
    it = iter(range(len(symbols)))
    for i in it:
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == tuple(pair):
            out.append("".join(pair)); next(it)
        else:
            out.append(symbols[i])
    return tuple(out)


# La paire et le rang.
def _fresh_learn_merges_w22(words, count):
    pieces = {tuple(w): n for w, n in words.items()}
    out = []
    for k in range(count):
        pairs = tokenizer.count_pairs(pieces)
        if not pairs: break
        best = min(pairs, key=lambda p: (-pairs[p], p))
        out.append((best, k))
        pieces = {tokenizer.merge_pair(w, best): n for w, n in pieces.items()}
    return out


# Dictionnaire.
def _fresh_words_to_add_w21(counts, split, how_many):
    c = sorted((w for w in counts if len(split(" " + w)) >= 3), key=lambda w: (-counts[w], w))
    return {w: counts[w] for w in c[:how_many]}


# Couple (compte, mot).
def _fresh_words_to_add_w22(counts, split, how_many):
    return sorted(((-counts[w], w) for w in counts if len(split(" " + w)) >= 3))[:how_many]


# --- Des genres d'erreurs que les vérifications laissaient passer


_reference = SimpleNamespace(**vars(tokenizer))  # les fonctions d'avant toute substitution


def _pairs_lower(words):
    return _reference.count_pairs({tuple(symbol.lower() for symbol in symbols): n for symbols, n in words.items()})


def _merge_as_pattern(symbols, pair):
    joined = re.sub(rf"(?<!\S){pair[0]} {pair[1]}(?!\S)", pair[0] + pair[1], " ".join(symbols))
    return tuple(joined.split())


def _merge_any_case(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        step = 2 if tuple(symbol.lower() for symbol in symbols[i : i + 2]) == pair else 1
        merged.append("".join(symbols[i : i + step]))
        i += step
    return tuple(merged)


def _merge_needs_a_first(symbols, pair):
    return _reference.merge_pair((symbols[0], *symbols[1:]), pair)


def _learn_with(best_of=lambda counts: min(counts, key=lambda pair: (-counts[pair], pair)), pairs_of=None, merge=None):
    def learn(words, count):
        pieces, merges = {tuple(word): n for word, n in words.items()}, []
        for _ in range(count):
            counts = (pairs_of or _reference.count_pairs)(pieces)
            if not counts:
                break
            merges.append(best_of(counts))
            pieces = {(merge or _reference.merge_pair)(symbols, merges[-1]): n for symbols, n in pieces.items()}
        return merges

    return learn


def _pairs_once_a_word(words):
    return Counter(pair for w, n in words.items() for pair in {*zip(w, w[1:])} for _ in range(n))


def _merge_once_a_word(symbols, pair):
    for i in range(len(symbols) - 1):
        if symbols[i : i + 2] == pair:
            return (*symbols[:i], "".join(pair), *symbols[i + 2 :])
    return symbols


_learn_shortest = _learn_with(lambda counts: min(counts, key=lambda pair: (-counts[pair], len("".join(pair)), pair)))
_learn_left_symbol = _learn_with(lambda counts: min(counts, key=lambda pair: (-counts[pair], pair[0])))
_learn_pairs_once = _learn_with(pairs_of=_pairs_once_a_word)
_learn_merges_once = _learn_with(merge=_merge_once_a_word)
for _name in ("shortest", "left_symbol", "pairs_once", "merges_once"):
    globals()[f"_learn_{_name}"].__name__ = f"_learn_{_name}"


def _learn_lower(words, count):
    return _reference.learn_merges({word.lower(): n for word, n in words.items()}, count)


def _learn_at_least_one(words, count):
    return _reference.learn_merges(words, max(count, 1))


def _encode_none_without_merges(word, merges):
    return _reference.encode_word(word, merges) if merges else None


def _encode_empty_token(word, merges):
    return _reference.encode_word(word, merges) or [""]


def _encode_from_the_right(word, merges):
    symbols = list(word)
    for left, right in merges:
        i = len(symbols) - 1
        while i > 0:
            if symbols[i - 1] == left and symbols[i] == right:
                symbols[i - 1 : i + 1] = [left + right]
                i -= 1
            i -= 1
    return symbols


def _cost_stripped(tokenizer, text):
    return _reference.tokens_per_word(tokenizer, text.strip())


def _cost_lower(tokenizer, text):
    return _reference.tokens_per_word(tokenizer, text.lower())


def _pad_drops_empty(sequences, pad_id, side="right"):
    return _reference.pad_batch([sequence for sequence in sequences if sequence], pad_id, side)


def _pad_longest_first(sequences, pad_id, side="right"):
    return _reference.pad_batch(sorted(sequences, key=len, reverse=True), pad_id, side)


def _pad_unique(sequences, pad_id, side="right"):
    return _reference.pad_batch([list(sequence) for sequence in dict.fromkeys(map(tuple, sequences))], pad_id, side)


def _words_then_break(counts, split, how_many):
    kept = []
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        if len(split(" " + word)) >= 3:
            kept.append(word)
            if len(kept) == how_many:
                break
    return kept


def _words_seen_twice(counts, split, how_many):
    return _reference.words_to_add({word: n for word, n in counts.items() if n > 1}, split, how_many)


def _words_by_total_cost(counts, split, how_many):
    kept = [word for word in counts if len(split(" " + word)) >= 3]
    return sorted(kept, key=lambda word: (-counts[word] * len(split(" " + word)), word))[:how_many]


# Get(p, 1).
def _read_count_pairs_w15(words):
    c = {}
    for w, f in words.items():
        for p in zip(w, w[1:]):
            c[p] = c.get(p, 1) + f
    return c


# Boucle jusqu'à stabilité (refusionne le résultat).
def _read_merge_pair_w9(symbols, pair):
    out = []
    for s in symbols:
        if out and (out[-1], s) == pair:
            out[-1] += s
        else:
            out.append(s)
    return tuple(out)


# Avance de deux même sans fusion.
def _read_merge_pair_w17(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            out.append("".join(pair))
        else:
            out.append(symbols[i])
        i += 2
    return tuple(out)


# Fusions triées.
def _read_encode_word_w5(word, merges):
    s = tuple(word)
    for p in sorted(merges):
        s = tokenizer.merge_pair(s, p)
    return list(s)


# Str.replace.
def _read_encode_word_w8(word, merges):
    s = " ".join(word)
    for a, b in merges:
        s = s.replace(a + " " + b, a + b)
    return s.split()


# Oublie la dernière fusion.
def _read_encode_word_w13(word, merges):
    s = tuple(word)
    for i in range(len(merges) - 1):
        s = tokenizer.merge_pair(s, merges[i])
    return list(s)


# Caractères.
def _read_tokens_per_word_w9(tokenizer, text):
    w = words(text)
    return len(text) / len(w) if w else 0.0


# Tronque à 1024.
def _read_tokens_per_word_w18(tokenizer, text):
    w = words(text)
    return len(tokenizer(text, truncation=True, max_length=16)["input_ids"]) / len(w) if w else 0.0


# Longueur de la première.
def _read_pad_batch_w6(sequences, pad_id, side="right"):
    n = len(sequences[0]) if sequences else 0
    ids, masks = [], []
    for s in sequences:
        k = n - len(s)
        ids.append([pad_id] * k + s if side == "left" else s + [pad_id] * k)
        masks.append([0] * k + [1] * len(s) if side == "left" else [1] * len(s) + [0] * k)
    return ids, masks


# Max() du lot vide.
def _read_pad_batch_w5(sequences, pad_id, side="right"):
    n = max(len(s) for s in sequences)
    ids, masks = [], []
    for s in sequences:
        k = n - len(s)
        ids.append([pad_id] * k + s if side == "left" else s + [pad_id] * k)
        masks.append([0] * k + [1] * len(s) if side == "left" else [1] * len(s) + [0] * k)
    return ids, masks


# Proportions.
def _again_count_pairs_w3(words):
    c = Counter()
    for w, f in words.items():
        for p in zip(w, w[1:]):
            c[p] += f
    n = sum(c.values())
    return {p: v / n for p, v in c.items()}


# Favorise les plus longues (compte × longueur).
def _again_learn_merges_w5(words, count):
    ws = {tuple(w): f for w, f in words.items()}
    out = []
    for _ in range(count):
        c = tokenizer.count_pairs(ws)
        if not c:
            break
        best = min(c, key=lambda p: (-c[p] * len("".join(p)), p))
        out.append(best)
        ws = {tokenizer.merge_pair(w, best): f for w, f in ws.items()}
    return out


# Dictionnaire des fusions : ordre des clés, set.
def _again_encode_word_w5(word, merges):
    s = tuple(word)
    for p in dict(merges).items():
        s = tokenizer.merge_pair(s, p)
    return list(s)


# Boucle jusqu'à ce que rien ne change, en recommençant.
def _again_encode_word_w2(word, merges):
    s = tuple(word)
    changed = True
    while changed:
        changed = False
        for p in merges:
            t = tokenizer.merge_pair(s, p)
            if t != s:
                s, changed = t, True
                break
    return list(s)


# Ajoute un token de fin.
def _again_tokens_per_word_w5(tokenizer, text):
    w = words(text)
    return (len(tokenizer(text)["input_ids"]) + 1) / len(w) if w else 0.0


# Append d'une liste : imbriqué.
def _again_pad_batch_w3(sequences, pad_id, side="right"):
    n = max(map(len, sequences), default=0)
    ids, masks = [], []
    for s in sequences:
        k = n - len(s)
        row, mask = list(s), [1] * len(s)
        if k:
            row.append([pad_id] * k)
            mask.append([0] * k)
        ids.append(row)
        masks.append(mask)
    return ids, masks


# Concatène ids et masques.
def _again_pad_batch_w7(sequences, pad_id, side="right"):
    n = max(map(len, sequences), default=0)
    ids = [s + [pad_id] * (n - len(s)) if side == "right" else [pad_id] * (n - len(s)) + s for s in sequences]
    masks = [[1] * len(s) + [0] * (n - len(s)) if side == "right" else [0] * (n - len(s)) + [1] * len(s) for s in sequences]
    return ids + masks


# Remplace le dernier seulement.
def _again_labels_for_language_modeling_w1(input_ids, attention_mask):
    out = [list(r) for r in input_ids]
    for r, k in zip(out, attention_mask):
        if 0 in k:
            r[-1] = -100
    return out


# S'arrête au premier 0 du masque.
def _again_labels_for_language_modeling_w6(input_ids, attention_mask):
    out = []
    for r, k in zip(input_ids, attention_mask):
        n = k.index(0) if 0 in k else len(k)
        out.append(r[:n] + [-100] * (len(r) - n))
    return out


# Fréquence au moins 3 au lieu du coût.
def _again_words_to_add_w2(counts, split, how_many):
    return sorted((w for w in counts if counts[w] >= 3), key=lambda w: (-counts[w], w))[:how_many]


# La première fois compte 1, et non la fréquence.
def _reader_count_pairs_w10(words):
    pairs = {}
    for word, n in words.items():
        for a, b in zip(word, word[1:]):
            if (a, b) in pairs:
                pairs[a, b] += n
            else:
                pairs[a, b] = 1
    return pairs


# Recolle tout dans une chaîne.
def _reader_merge_pair_w8(symbols, pair):
    out, i = "", 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            out += pair[0] + pair[1]
            i += 2
        else:
            out += symbols[i]
            i += 1
    return tuple(out)


# Raccourcit la liste pendant la boucle.
def _reader_merge_pair_w9(symbols, pair):
    symbols = list(symbols)
    for i in range(len(symbols) - 1):
        if symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            symbols[i] = pair[0] + pair[1]
            symbols.pop(i + 1)
    return tuple(symbols)


# Division entière.
def _reader_tokens_per_word_w5(tokenizer, text):
    n = len(words(text))
    return float(len(tokenizer(text)["input_ids"]) // n) if n else 0.0


# Ne compte pas l'espace : « Ġ » retiré avant de compter.
def _reader_words_to_add_w10(counts, split, how_many):
    out = []
    for w in sorted(counts, key=lambda w: (-counts[w], w)):
        tokens = split(" " + w)[1:]
        if len(tokens) >= 3:
            out.append(w)
    return out[:how_many]


WRONG = {
    "tokenizer.count_pairs": (
        Answer(_count_strings, "compte les voisins", "couple"),
        Answer(_count_all_couples, "compte les voisins", "ne sont pas voisins"),
        Answer(_count_circular, "compte les voisins", "n'est pas dans « mots »"),
        Answer(_count_steps_by_two, "compte les voisins", "Une paire sur deux"),
        Answer(_count_forgets_last, "compte les voisins", "n - 1 paires"),
        Answer(_count_too_far, "compte les voisins", "indice dépasse"),
        Answer(_count_no_return, "compte les voisins", "return"),
        Answer(_count_consumes, "compte les voisins", "copie"),
        Answer(_count_no_frequency, "compte un mot autant de fois qu'il est fréquent", "et non 1"),
        Answer(_count_overwrites, "compte un mot autant de fois qu'il est fréquent", "(+=)"),
        Answer(_count_once_per_word, "compte une paire chaque fois qu'elle revient dans un mot", "ensemble"),
        Answer(_count_letters, "prend les symboles tels qu'ils sont, même longs", "coupé en deux"),
        Answer(_count_needs_two, "ne trouve pas de paire dans un mot d'un seul symbole", "indice dépasse"),
        Answer(_count_sorted_pairs, "compte les voisins", "garde l'ordre du mot"),
        Answer(_count_right_left, "compte les voisins", "à l'envers"),
        Answer(_count_frozensets, "compte les voisins", "perd l'ordre"),
        Answer(_count_items, "compte les voisins", "C'est une liste"),
        Answer(_count_most_common, "compte les voisins", "C'est une liste"),
        Answer(_count_unigrams, "compte les voisins", "un à un"),
        Answer(_count_total, "compte les voisins", "un nombre entier"),
        Answer(_count_prints, "compte les voisins", "return"),
        Answer(_count_generator, "compte les voisins", "dont rien n'a encore été tiré"),
        Answer(_count_lists, "compte les voisins", "tuple(…)"),
        Answer(_count_unpacks, "compte les voisins", ""),
        Answer(_count_sets_nothing, "compte les voisins", ".get("),
        Answer(_count_first_word_only, "compte un mot autant de fois qu'il est fréquent", "dès le premier tour"),
        Answer(_count_across_words, "compte un mot autant de fois qu'il est fréquent", "d'un mot au suivant"),
        Answer(_count_keeps_first, "compte un mot autant de fois qu'il est fréquent", "les 3 de « les »"),
        Answer(_count_in_text, "compte les paires qui se chevauchent", "1 de moins"),
        Answer(_count_skips_doubles, "compte les paires qui se chevauchent", "vide"),
        Answer(_fresh_count_pairs_w8, "compte une paire chaque fois qu'elle revient dans un mot", "« bonbon » contient deux fois la paire (« b », « o »), et elle n'y"),
        Answer(_fresh_count_pairs_w9, 'compte les voisins', 'Une paire sur deux manque : « o » est à droite de « m », mais aussi à'),
        Answer(_fresh_count_pairs_w14, 'compte les voisins', '.items() donne les couples'),
        Answer(_fresh_count_pairs_w15, "compte un mot autant de fois qu'il est fréquent", "(« e », « l ») va d'un mot au suivant : deux symboles ne sont voisins"),
        Answer(_fresh_count_pairs_w16, "compte un mot autant de fois qu'il est fréquent", "Dans la clé ('l', 'e') : c'est 26 de trop. « le » est vu cinq fois et"),
        Answer(_pairs_lower, "prend les symboles tels qu'ils sont, même longs", "tels quels"),
        Answer(_again_count_pairs_w3, 'compte les voisins', 'Chaque valeur est 0,3333, et non 1'),
        Answer(_read_count_pairs_w15, 'compte les voisins', 'part de 0'),
        Answer(_reader_count_pairs_w10, "compte un mot autant de fois qu'il est fréquent", "s'ajoute dès la première fois"),
    ),
    "tokenizer.merge_pair": (
        Answer(_merge_first_place, "essaie chaque place", "Rien n'a été fusionné : le premier « l » n'est pas suivi"),
        Answer(_merge_list, "fusionne la paire", "tuple(…)"),
        Answer(_merge_string, "fusionne la paire", "chaîne"),
        Answer(_merge_keeps_couple, "fusionne la paire", "resté"),
        Answer(_merge_step_of_one, "fusionne la paire", "avancez de deux"),
        Answer(_merge_for_range, "fusionne la paire", "Deux choses à la fois"),
        Answer(_merge_loses_last, "fusionne la paire", "Le dernier symbole manque"),
        Answer(_merge_too_far, "fusionne la paire", "indice dépasse"),
        Answer(_merge_endless, "fusionne la paire", "change à chaque tour"),
        Answer(_merge_no_return, "fusionne la paire", "return"),
        Answer(_merge_first_only, "fusionne toutes les occurrences", "Seule la première"),
        Answer(_merge_overlapping, "ne se sert d'un symbole qu'une fois", "chevauchent"),
        Answer(_merge_from_the_right, "ne se sert d'un symbole qu'une fois", "de gauche à droite"),
        Answer(_merge_text_replace, "compare des symboles entiers", "symboles entiers"),
        Answer(_merge_nothing_found, "rend tel quel un mot où la paire n'est pas", "inchangés"),
        Answer(_merge_joined_replace, "fusionne la paire", "7 éléments, et non 5"),
        Answer(_merge_list_slices, "fusionne la paire", "une tranche de liste jamais"),
        Answer(_merge_only_the_merged, "fusionne la paire", "Il manque 4 éléments"),
        Answer(_merge_drops_left, "fusionne la paire", "il manque un caractère"),
        Answer(_merge_with_space, "fusionne la paire", "une espace de trop"),
        Answer(_merge_in_place, "fusionne la paire", "un type qui ne lui convient pas"),
        Answer(_merge_generator, "fusionne la paire", "générateur"),
        Answer(_merge_prints, "fusionne la paire", "return"),
        Answer(_merge_last_only, "fusionne toutes les occurrences", "Seule la dernière"),
        Answer(_merge_again_and_again, "ne se sert d'un symbole qu'une fois", "coupés ailleurs"),
        Answer(_merge_sets, "respecte l'ordre de la paire", "« u » vient avant « o »"),
        Answer(_merge_either_order, "respecte l'ordre de la paire", "« u » vient avant « o »"),
        Answer(_merge_needs_two, "garde un symbole seul", "indice dépasse"),
        Answer(_merge_text_right_edge, "compare des symboles entiers", "« rs » commence par « r »"),
        Answer(_merge_compares_text, "ne confond pas deux paires qui s'écrivent pareil", "Comparez-les un à un"),
        Answer(_fresh_merge_pair_w1, 'fusionne la paire', '« l », « i » et « n » se sont collés, et seuls « o » et « u »'),
        Answer(_fresh_merge_pair_w5, "ne se sert d'un symbole qu'une fois", 'Deux fusions se chevauchent : le « a » du milieu a servi deux fois.'),
        Answer(_fresh_merge_pair_w14, "ne se sert d'un symbole qu'une fois", 'Mis bout à bout, les textes sont les mêmes : ils sont coupés'),
        Answer(_fresh_merge_pair_w15, 'fusionne la paire', '« u » est fusionné, mais il est aussi gardé : après une fusion,'),
        Answer(_fresh_merge_pair_w21, 'compare des symboles entiers', "« ou » finit par « u », mais c'est un autre symbole. Comparez des"),
        Answer(_fresh_merge_pair_w22, 'fusionne la paire', '« l », « i » et « n » se sont collés, et seuls « o » et « u »'),
        Answer(_fresh_merge_pair_w23, 'fusionne la paire', "Il manque un élément au rang 1 (compté depuis 0) : 'ou'. « o » suivi"),
        Answer(_fresh_merge_pair_w24, 'fusionne la paire', "Dans l'élément de rang 1 (compté depuis 0) : le texte est à l'envers."),
        Answer(_merge_as_pattern, "ne lit pas un signe comme un motif", "n'importe quel signe"),
        Answer(_merge_needs_a_first, "rend vide un tuple vide", "indice"),
        Answer(_merge_any_case, "rend tel quel un mot où la paire n'est pas", "« O » n'est pas « o »"),
        Answer(_read_merge_pair_w17, 'fusionne la paire', 'Des symboles ont disparu'),
        Answer(_reader_merge_pair_w8, 'fusionne la paire', "tuple(…) sépare les lettres d'une chaîne"),
        Answer(_reader_merge_pair_w9, 'fusionne toutes les occurrences', "une liste qu'on raccourcit en la parcourant en perd"),
    ),
    "tokenizer.learn_merges": (
        Answer(_learn_by_joined_text, "départage des paires, et non des textes", "Collés, « lac » vient avant « lu »"),
        Answer(_learn_one_less, "commence par la paire la plus fréquente", "La liste est vide"),
        Answer(_learn_strings, "commence par la paire la plus fréquente", "la paire elle-même"),
        Answer(_learn_rarest, "commence par la paire la plus fréquente", "deux fois"),
        Answer(_learn_alphabetical, "commence par la paire la plus fréquente", "le plus grand compte"),
        Answer(_learn_no_frequency, "commence par la paire la plus fréquente", "autant de fois qu'il est fréquent"),
        Answer(_learn_mutates, "commence par la paire la plus fréquente", "copie"),
        Answer(_learn_no_return, "commence par la paire la plus fréquente", "return"),
        Answer(_learn_returns_inside, "compte de nouveau après chaque fusion", "au premier tour"),
        Answer(_learn_counts_once, "compte de nouveau après chaque fusion", "de nouveau à chaque tour"),
        Answer(_learn_forgets_to_merge, "compte de nouveau après chaque fusion", "La même paire revient"),
        Answer(_learn_keeps_strings, "compte de nouveau après chaque fusion", "Partez de tuple(word)"),
        Answer(_learn_first_seen, "départage les ex æquo par l'ordre des paires", "l'ordre des mots"),
        Answer(_learn_last_in_order, "départage les ex æquo par l'ordre des paires", "la plus grande paire"),
        Answer(_learn_at_random, "départage les ex æquo par l'ordre des paires", "hasard"),
        Answer(_learn_never_stops, "s'arrête quand il ne reste plus de paire", "break"),
        Answer(_learn_stops_at_one, "s'arrête quand il ne reste plus de paire", "continuez tant qu'il en reste"),
        Answer(_learn_pads, "s'arrête quand il ne reste plus de paire", "None"),
        Answer(_learn_with_counts, "commence par la paire la plus fréquente", "La paire est là, avec son compte"),
        Answer(_learn_dict, "commence par la paire la plus fréquente", "C'est un dictionnaire"),
        Answer(_learn_tuple, "commence par la paire la plus fréquente", "C'est un tuple"),
        Answer(_learn_one_more, "commence par la paire la plus fréquente", "un élément de trop à la fin"),
        Answer(_learn_pieces, "commence par la paire la plus fréquente", "C'est un dictionnaire"),
        Answer(_learn_generator, "commence par la paire la plus fréquente", "générateur"),
        Answer(_learn_reversed, "compte de nouveau après chaque fusion", "à l'envers"),
        Answer(_learn_merges_one_word, "compte de nouveau après chaque fusion", "dans tous les mots"),
        Answer(_learn_most_common, "départage les ex æquo par l'ordre des paires", "l'ordre des mots"),
        Answer(_learn_longest_tie, "départage les ex æquo par l'ordre des paires", "dans un autre ordre"),
        Answer(_learn_sorted_first, "s'arrête quand il ne reste plus de paire", "break"),
        Answer(_fresh_learn_merges_w1, 'compte de nouveau après chaque fusion', 'Une fois « le » fusionné, (« e », « s ») ne se présente plus que'),
        Answer(_fresh_learn_merges_w8, 'compte de nouveau après chaque fusion', "La même paire revient, alors qu'une fois fusionnée elle n'est plus"),
        Answer(_fresh_learn_merges_w12, 'commence par la paire la plus fréquente', 'La paire est là, avec son compte, 9 : ne retenez que la paire.'),
        Answer(_fresh_learn_merges_w13, 'compte de nouveau après chaque fusion', '(« l », « e ») revient : il en reste après sa fusion. Une paire se'),
        Answer(_fresh_learn_merges_w14, "s'arrête quand il ne reste plus de paire", "« Le » n'est vu qu'une fois, mais c'est encore une paire : continuez"),
        Answer(_fresh_learn_merges_w22, 'commence par la paire la plus fréquente', "Dans l'élément de rang 0 (compté depuis 0), élément de rang 0 : c'est"),
        Answer(_learn_shortest, "départage des paires, et non des textes", "et « la » avant « m »"),
        Answer(_learn_left_symbol, "départage les ex æquo par l'ordre des paires", "prenez la plus petite paire"),
        Answer(_learn_pairs_once, "compte et fusionne chaque fois qu'une paire revient dans un mot", "quatre fois"),
        Answer(_learn_merges_once, "compte et fusionne chaque fois qu'une paire revient dans un mot", "quatre fois"),
        Answer(_learn_lower, "s'arrête quand il ne reste plus de paire", "casse"),
        Answer(_learn_at_least_one, "n'apprend rien quand count vaut 0", "liste vide"),
        Answer(_again_learn_merges_w5, 'ne regarde que le compte', 'et non la longueur des symboles'),
    ),
    "tokenizer.encode_word": (
        Answer(_encode_tuple, "applique toutes les fusions, l'une après l'autre", "list(…)"),
        Answer(_encode_from_list, "applique toutes les fusions, l'une après l'autre", "partez de tuple(word)"),
        Answer(_encode_string, "applique toutes les fusions, l'une après l'autre", "sans les recoller"),
        Answer(_encode_reversed, "applique toutes les fusions, l'une après l'autre", "suivez l'ordre"),
        Answer(_encode_one_merge, "applique toutes les fusions, l'une après l'autre", "au premier tour"),
        Answer(_encode_loses_the_merge, "applique toutes les fusions, l'une après l'autre", "résultat du précédent"),
        Answer(_encode_starts_again, "applique toutes les fusions, l'une après l'autre", "résultat du précédent"),
        Answer(_encode_consumes, "applique toutes les fusions, l'une après l'autre", "copie"),
        Answer(_encode_shrinking, "applique toutes les fusions, l'une après l'autre", "indice dépasse"),
        Answer(_encode_no_return, "applique toutes les fusions, l'une après l'autre", "return"),
        Answer(_encode_drops_unknown, "garde les caractères qu'aucune fusion ne touche", "un élément au début"),
        Answer(_encode_once_each, "garde les caractères qu'aucune fusion ne touche", "toutes les occurrences"),
        Answer(_encode_longest, "fait passer d'abord la fusion apprise la première", "ordre d'apprentissage"),
        Answer(_encode_leftmost, "fait passer d'abord la fusion apprise la première", "ordre d'apprentissage"),
        Answer(_encode_ascii, "se recolle en rendant le mot", "comme les autres"),
        Answer(_encode_lower, "se recolle en rendant le mot", "majuscule"),
        Answer(_encode_generator, "applique toutes les fusions, l'une après l'autre", "générateur"),
        Answer(_encode_splits, "applique toutes les fusions, l'une après l'autre", "tuple(word)"),
        Answer(_encode_drops_last_merge, "applique toutes les fusions, l'une après l'autre", '« mou » manque'),
        Answer(_encode_ids, "applique toutes les fusions, l'une après l'autre", "un nombre entier"),
        Answer(_encode_dict, "applique toutes les fusions, l'une après l'autre", "C'est un dictionnaire"),
        Answer(_encode_nested, "applique toutes les fusions, l'une après l'autre", "un niveau trop profond"),
        Answer(_encode_word_itself, "applique toutes les fusions, l'une après l'autre", "tuple(word)"),
        Answer(_encode_sorted_merges, "applique toutes les fusions, l'une après l'autre", '« mou » manque'),
        Answer(_encode_prints, "applique toutes les fusions, l'une après l'autre", "return"),
        Answer(_encode_stops_early, "garde les caractères qu'aucune fusion ne touche", "s'appliquent quand même"),
        Answer(_encode_list_slices, "applique toutes les fusions, l'une après l'autre", "partez de tuple(word)"),
        Answer(_encode_set, "garde les caractères qu'aucune fusion ne touche", "les répétitions attendues manquent"),
        Answer(_encode_text_replace, "fait passer d'abord la fusion apprise la première", 'se sont soudés'),
        Answer(_encode_right_edge, "ne fusionne que des symboles entiers", "il n'y a plus de symbole « u »"),
        Answer(_encode_strips, "se recolle en rendant le mot", "Il manque un caractère"),
        Answer(_fresh_encode_word_w5, "applique toutes les fusions, l'une après l'autre", 'merge_pair ne trouve rien dans une liste'),
        Answer(_fresh_encode_word_w6, "fait passer d'abord la fusion apprise la première", '(« l », « e ») a pris le « e », mais (« e », « s ») fut apprise avant'),
        Answer(_fresh_encode_word_w10, "applique toutes les fusions, l'une après l'autre", "Dans l'élément de rang 0 (compté depuis 0) : il manque 2 caractères"),
        Answer(_fresh_encode_word_w12, "fait passer d'abord la fusion apprise la première", 'se sont soudés'),
        Answer(_fresh_encode_word_w13, "applique toutes les fusions, l'une après l'autre", 'Seule la première fusion est faite. Un « return » dans la boucle'),
        Answer(_encode_none_without_merges, "rend les lettres quand il n'y a pas de fusion", "chaque caractère est un token"),
        Answer(_encode_empty_token, "ne rend rien d'un mot vide", "pas de token"),
        Answer(_encode_from_the_right, "lit de gauche à droite", "les deux premiers « a »"),
        Answer(_again_encode_word_w5, "garde toutes les fusions d'un même symbole", "un dictionnaire n'en garde qu'une"),
        Answer(_read_encode_word_w13, "applique toutes les fusions, l'une après l'autre", '« mou » manque'),
        Answer(_read_encode_word_w8, "fait passer d'abord la fusion apprise la première", 'se sont soudés'),
        Answer(_read_encode_word_w5, "applique toutes les fusions, l'une après l'autre", '« mou » manque'),
    ),
    "tokenizer.tokens_per_word": (
        Answer(_cost_batch_keys, "divise les tokens du texte par ses mots", "deux clés"),
        Answer(_cost_inverse, "divise les tokens du texte par ses mots", "à l'envers"),
        Answer(_cost_characters, "divise les tokens du texte par ses mots", "caractères par token"),
        Answer(_cost_count, "divise les tokens du texte par ses mots", "divisez-le"),
        Answer(_cost_alone, "divise les tokens du texte par ses mots", "d'un seul tenant"),
        Answer(_cost_split, "divise les tokens du texte par ses mots", "words(text)"),
        Answer(_cost_distinct, "divise les tokens du texte par ses mots", "un mot répété"),
        Answer(_cost_vocabulary, "divise les tokens du texte par ses mots", "vocabulaire"),
        Answer(_cost_floor, "divise les tokens du texte par ses mots", "décimales"),
        Answer(_cost_no_return, "divise les tokens du texte par ses mots", "return"),
        Answer(_cost_other_tokenizer, "se sert du tokenizer qu'on lui donne", "paramètre"),
        Answer(_cost_no_guard, "rend 0.0 quand il n'y a pas de mot", "division par zéro"),
        Answer(_cost_distinct_tokens, "divise les tokens du texte par ses mots", "répétitions et ponctuation comprises"),
        Answer(_cost_sum, "divise les tokens du texte par ses mots", "additionnés : comptez-les"),
        Answer(_cost_list, "divise les tokens du texte par ses mots", "C'est une liste"),
        Answer(_cost_mean_of_words, "divise les tokens du texte par ses mots", "chacun avec son espace"),
        Answer(_cost_rounded, "divise les tokens du texte par ses mots", "l'arrondi"),
        Answer(_cost_string, "divise les tokens du texte par ses mots", "C'est un texte"),
        Answer(_cost_prints, "divise les tokens du texte par ses mots", "return"),
        Answer(_cost_letters_per_word, "divise les tokens du texte par ses mots", 'des caractères par mot'),
        Answer(_cost_swapped, "divise les tokens du texte par ses mots", ""),
        Answer(_cost_tensor_rows, "divise les tokens du texte par ses mots", "n'a qu'une ligne"),
        Answer(_cost_none_without_words, "rend 0.0 quand il n'y a pas de mot", "rendez 0.0"),
        Answer(_cost_max_one, "rend 0.0 quand il n'y a pas de mot", "rendez 0.0"),
        Answer(_cost_one_for_nothing, "rend 0.0 quand il n'y a pas de mot", "rendez 0.0"),
        Answer(_fresh_tokens_per_word_w2, "rend 0.0 quand il n'y a pas de mot", 'Une division par zéro : quel cas rend le diviseur nul ?'),
        Answer(_fresh_tokens_per_word_w8, 'divise les tokens du texte par ses mots', "C'est ce que coûtent les mots découpés un à un, sans les espaces ni"),
        Answer(_fresh_tokens_per_word_w13, "rend 0.0 quand il n'y a pas de mot", "C'est 9 de trop."),
        Answer(_cost_stripped, "donne au tokenizer le texte tel qu'il est", "sans y toucher"),
        Answer(_cost_lower, "donne au tokenizer le texte tel qu'il est", "sans y toucher"),
        Answer(_again_tokens_per_word_w5, 'divise les tokens du texte par ses mots', '14 tokens sont comptés'),
        Answer(_read_tokens_per_word_w18, "se sert du tokenizer qu'on lui donne", '16 tokens sont comptés'),
        Answer(_read_tokens_per_word_w9, 'divise les tokens du texte par ses mots', 'des caractères par mot'),
        Answer(_reader_tokens_per_word_w5, 'divise les tokens du texte par ses mots', 'font 1,625 : il manque les décimales'),
    ),
    "tokenizer.pad_batch": (
        Answer(_pad_ids_only, "remplit à droite jusqu'à la plus longue", "masques"),
        Answer(_pad_shortest, "remplit à droite jusqu'à la plus longue", "coupés"),
        Answer(_pad_fixed, "remplit à droite jusqu'à la plus longue", "calcul jeté"),
        Answer(_pad_inverted_mask, "remplit à droite jusqu'à la plus longue", "à l'envers"),
        Answer(_pad_all_ones, "remplit à droite jusqu'à la plus longue", "1 partout"),
        Answer(_pad_zero, "remplit à droite jusqu'à la plus longue", "pad_id"),
        Answer(_pad_changes_the_input, "remplit à droite jusqu'à la plus longue", "copie"),
        Answer(_pad_no_return, "remplit à droite jusqu'à la plus longue", "return"),
        Answer(_pad_right_only, "remplit à gauche quand on le demande", "side"),
        Answer(_pad_mask_stays_right, "remplit à gauche quand on le demande", "vont ensemble"),
        Answer(_pad_mask_from_ids, "laisse à 1 un vrai token égal au remplissage", "d'après les longueurs"),
        Answer(_pad_shared_rows, "remplit à droite jusqu'à la plus longue", "une seule et même liste"),
        Answer(_pad_swapped, "remplit à droite jusqu'à la plus longue", "échangées"),
        Answer(_pad_dict, "remplit à droite jusqu'à la plus longue", "C'est un dictionnaire"),
        Answer(_pad_pairs, "remplit à droite jusqu'à la plus longue", "des couples"),
        Answer(_pad_flat_masks, "remplit à droite jusqu'à la plus longue", "à plat"),
        Answer(_pad_lengths, "remplit à droite jusqu'à la plus longue", "un nombre entier"),
        Answer(_pad_nests, "remplit à droite jusqu'à la plus longue", 'append ajoute la liste entière'),
        Answer(_pad_one_more, "remplit à droite jusqu'à la plus longue", "max(…)"),
        Answer(_pad_always_left, "remplit à droite jusqu'à la plus longue", "à gauche"),
        Answer(_pad_short_masks, "remplit à droite jusqu'à la plus longue", "seul le premier élément est venu"),
        Answer(_pad_generator, "remplit à droite jusqu'à la plus longue", "dont rien n'a encore été tiré"),
        Answer(_pad_prints, "remplit à droite jusqu'à la plus longue", "return"),
        Answer(_pad_reversed_left, "remplit à gauche quand on le demande", "chaque suite est à l'envers"),
        Answer(_pad_first_is_longest, "laisse à 1 un vrai token égal au remplissage", 'la plus longue, où que soit'),
        Answer(_fresh_pad_batch_w5, "remplit à droite jusqu'à la plus longue", 'la plus longue, où que soit'),
        Answer(_fresh_pad_batch_w12, "remplit à droite jusqu'à la plus longue", 'la plus longue, où que soit'),
        Answer(_fresh_pad_batch_w14, "remplit à droite jusqu'à la plus longue", 'Ce sont des couples, une suite et son masque : rendez toutes les'),
        Answer(_fresh_pad_batch_w15, "remplit à droite jusqu'à la plus longue", "Le masque est à l'envers : 1 dit « regarde », 0 dit « ignore »."),
        Answer(_pad_drops_empty, "garde les suites vides et les doubles, à leur rang", "une suite vide se remplit"),
        Answer(_pad_longest_first, "remplit à droite jusqu'à la plus longue", "dans l'ordre où elles sont venues"),
        Answer(_pad_unique, "garde les suites vides et les doubles, à leur rang", "quatre sortent"),
        Answer(_again_pad_batch_w7, "remplit à droite jusqu'à la plus longue", 'mis bout à bout'),
        Answer(_again_pad_batch_w3, "remplit à droite jusqu'à la plus longue", 'Une suite contient une liste'),
        Answer(_read_pad_batch_w6, 'laisse à 1 un vrai token égal au remplissage', 'la plus longue, où que soit'),
    ),
    "tokenizer.labels_for_language_modeling": (
        Answer(_labels_floats, "rend des entiers", "-100.0 est un nombre à virgule"),
        Answer(_labels_inverted, "garde tous les vrais tokens", "1 marque un vrai token"),
        Answer(_labels_shifted, "garde tous les vrais tokens", "décalées"),
        Answer(_labels_no_return, "garde tous les vrais tokens", "return"),
        Answer(_labels_as_they_are, "garde la fin du texte, même égale au remplissage", "apprendrait à remplir"),
        Answer(_labels_zero, "garde la fin du texte, même égale au remplissage", "apprendrait à remplir"),
        Answer(_labels_dropped, "garde la fin du texte, même égale au remplissage", "la forme"),
        Answer(_labels_in_place, "garde la fin du texte, même égale au remplissage", "copie"),
        Answer(_labels_by_id, "garde la fin du texte, même égale au remplissage", "C'est le bug"),
        Answer(_labels_first_zero, "met -100 quel que soit l'identifiant du remplissage", "Suivez le masque"),
        Answer(_labels_right_only, "suit le masque quand le remplissage est à gauche", "signe par signe"),
        Answer(_labels_mask_itself, "garde tous les vrais tokens", "C'est le masque"),
        Answer(_labels_flat, "garde tous les vrais tokens", "à plat"),
        Answer(_labels_strings, "garde tous les vrais tokens", "c'est un texte"),
        Answer(_labels_tuples, "garde tous les vrais tokens", "c'est un tuple"),
        Answer(_labels_first_row, "garde tous les vrais tokens", "Seul le premier élément"),
        Answer(_labels_shifted_right, "garde tous les vrais tokens", "un rang plus loin"),
        Answer(_labels_masks_the_end, "garde tous les vrais tokens", "un vrai token"),
        Answer(_labels_plus_100, "garde la fin du texte, même égale au remplissage", "valeur absolue"),
        Answer(_labels_none, "garde la fin du texte, même égale au remplissage", "None"),
        Answer(_labels_same_mask, "garde la fin du texte, même égale au remplissage", "apprendrait à remplir"),
        Answer(_labels_last_id, "garde la fin du texte, même égale au remplissage", "C'est le bug"),
        Answer(_labels_two_ends, "met -100 quel que soit l'identifiant du remplissage", "Suivez le masque"),
        Answer(_fresh_labels_for_language_modeling_w6, 'garde tous les vrais tokens', "Les étiquettes sont décalées d'un cran : le modèle fait ce décalage"),
        Answer(_fresh_labels_for_language_modeling_w8, 'garde tous les vrais tokens', "Le dernier token de chaque ligne est masqué, et c'est un vrai token."),
        Answer(_fresh_labels_for_language_modeling_w12, 'garde tous les vrais tokens', 'Il est venu 3 éléments, et non 2 ; le premier écart est au rang 0'),
        Answer(_fresh_labels_for_language_modeling_w14, "met -100 quel que soit l'identifiant du remplissage", 'Le remplissage, ici 3, a gardé son identifiant. Suivez le masque.'),
        Answer(_again_labels_for_language_modeling_w6, 'suit le masque quand le remplissage est à gauche', 'le masque y vaut 1'),
        Answer(_again_labels_for_language_modeling_w1, 'suit le masque quand le remplissage est à gauche', 'tous deux reçoivent -100'),
    ),
    "tokenizer.words_to_add": (
        Answer(_words_without_case, "à égalité, suit l'ordre de Python", "comparez les mots tels quels"),
        Answer(_words_pieces, "garde les mots coûteux, et eux seuls", "possède déjà"),
        Answer(_words_with_mark, "garde les mots coûteux, et eux seuls", "interne"),
        Answer(_words_with_space, "garde les mots coûteux, et eux seuls", "n'en fait pas partie"),
        Answer(_words_alone, "garde les mots coûteux, et eux seuls", "avec l'espace qui le précède"),
        Answer(_words_two_pieces, "garde les mots coûteux, et eux seuls", "trois ou plus"),
        Answer(_words_four_pieces, "garde les mots coûteux, et eux seuls", ">= 3"),
        Answer(_words_unsorted, "garde les mots coûteux, et eux seuls", "par fréquence"),
        Answer(_words_rarest, "garde les mots coûteux, et eux seuls", "plus rares"),
        Answer(_words_reversed, "garde les mots coûteux, et eux seuls", "reverse=True"),
        Answer(_words_no_return, "garde les mots coûteux, et eux seuls", "return"),
        Answer(_words_no_limit, "n'en rend pas plus qu'on n'en demande", "trop longue"),
        Answer(_words_cut_first, "n'en rend pas plus qu'on n'en demande", "coupez ensuite"),
        Answer(_words_with_counts, "garde les mots coûteux, et eux seuls", "Chaque mot est venu avec sa fréquence"),
        Answer(_words_dict, "garde les mots coûteux, et eux seuls", "C'est un dictionnaire"),
        Answer(_words_set, "garde les mots coûteux, et eux seuls", "C'est un ensemble"),
        Answer(_words_letters, "garde les mots coûteux, et eux seuls", "avec l'espace qui le précède"),
        Answer(_words_costliest, "garde les mots coûteux, et eux seuls", "les plus rares"),
        Answer(_words_alphabetical, "garde les mots coûteux, et eux seuls", "triés"),
        Answer(_words_space_after, "garde les mots coûteux, et eux seuls", "avec l'espace qui le précède"),
        Answer(_words_generator, "garde les mots coûteux, et eux seuls", "générateur"),
        Answer(_words_joined, "garde les mots coûteux, et eux seuls", "joints par"),
        Answer(_words_sort_none, "garde les mots coûteux, et eux seuls", "ce que rend .sort()"),
        Answer(_words_in_place, "garde les mots coûteux, et eux seuls", "copie"),
        Answer(_words_split_method, "garde les mots coûteux, et eux seuls", "vide"),
        Answer(_words_one_too_many, "n'en rend pas plus qu'on n'en demande", "trop longue"),
        Answer(_fresh_words_to_add_w6, "n'en rend pas plus qu'on n'en demande", 'La liste est vide. Les deux mots les plus fréquents ne sont pas'),
        Answer(_fresh_words_to_add_w9, 'garde les mots coûteux, et eux seuls', "Les mots sont les bons, mais les plus rares viennent d'abord : rangez"),
        Answer(_fresh_words_to_add_w10, 'garde les mots coûteux, et eux seuls', 'Chaque mot est venu avec sa fréquence, dans un couple : ne rendez que'),
        Answer(_fresh_words_to_add_w15, 'garde les mots coûteux, et eux seuls', 'trois suffisent : comptez-les tous, et comparez avec >= 3.'),
        Answer(_fresh_words_to_add_w21, 'garde les mots coûteux, et eux seuls', "C'est un dictionnaire, et non une liste. « la » coûte un token et «"),
        Answer(_fresh_words_to_add_w22, 'garde les mots coûteux, et eux seuls', "Dans chaque élément : c'est un tuple, et non un texte. La valeur"),
        Answer(_words_then_break, "n'en rend aucun quand how_many vaut 0", "liste vide"),
        Answer(_words_seen_twice, "garde les mots coûteux, et eux seuls", "Il manque un élément"),
        Answer(_words_by_total_cost, "range par fréquence, quel que soit le coût", "plus fréquent"),
        Answer(_again_words_to_add_w2, 'garde les mots coûteux, et eux seuls', "ne coûte qu'un token"),
        Answer(_reader_words_to_add_w10, 'garde les mots coûteux, et eux seuls', '« meunière » coûte trois tokens'),
    ),
}

RIGHT = {
    "tokenizer.count_pairs": (
        _count_counter,
        _count_window,
        _count_plain,
        _count_one_comprehension,
        _count_recursive,
        _fresh_count_pairs_r1,
        _fresh_count_pairs_r2,
        _fresh_count_pairs_r3,
        _fresh_count_pairs_r4,
    ),
    "tokenizer.merge_pair": (
        _merge_loop,
        _merge_recursive,
        _merge_regex,
        _merge_slices,
        _merge_by_name,
        _merge_stack,
        _merge_iterator,
        _fresh_merge_pair_r1,
        _fresh_merge_pair_r2,
        _fresh_merge_pair_r3,
        _fresh_merge_pair_r4,
        _fresh_merge_pair_r21,
        _read_merge_pair_w9,
    ),
    "tokenizer.learn_merges": (
        _learn_sorted,
        _learn_two_steps,
        _learn_recursive,
        _fresh_learn_merges_r1,
        _fresh_learn_merges_r2,
        _fresh_learn_merges_r3,
    ),
    "tokenizer.encode_word": (
        _encode_by_rank,
        _encode_in_place,
        _encode_recursive,
        _encode_by_name,
        _encode_reduce,
        _fresh_encode_word_r1,
        _fresh_encode_word_r2,
        _fresh_encode_word_r3,
        _again_encode_word_w2,
    ),
    "tokenizer.tokens_per_word": (
        _cost_encode,
        _cost_tokenize,
        _cost_attribute,
        _cost_tokens_method,
        _cost_batch,
        _cost_tensors,
        _fresh_tokens_per_word_r1,
        _fresh_tokens_per_word_r2,
        _fresh_tokens_per_word_r3,
        _fresh_tokens_per_word_r4,
        _fresh_tokens_per_word_r5,
    ),
    "tokenizer.pad_batch": (
        _pad_comprehension,
        _pad_token_by_token,
        _pad_booleans,
        _pad_two_in_a_list,
        _pad_flipped,
        _fresh_pad_batch_r1,
        _fresh_pad_batch_r2,
        _fresh_pad_batch_r3,
        _read_pad_batch_w5,
    ),
    "tokenizer.labels_for_language_modeling": (
        _labels_numbered,
        _labels_arithmetic,
        _labels_numpy,
        _labels_recursive,
        _fresh_labels_for_language_modeling_r1,
        _fresh_labels_for_language_modeling_r2,
        _fresh_labels_for_language_modeling_r3,
        _fresh_labels_for_language_modeling_r4,
    ),
    "tokenizer.words_to_add": (
        _words_most_common,
        _words_two_sorts,
        _words_by_heap,
        _fresh_words_to_add_r1,
        _fresh_words_to_add_r2,
        _fresh_words_to_add_r3,
        _fresh_words_to_add_r4,
    ),
}


_FREQUENCIES = {"moulin": 4, "meunier": 3, "meunière": 3, "eau": 5}


def use():
    """Les fusions apprises, un mot découpé, un lot et ses étiquettes, le coût d'un mot, des mots ajoutés."""
    merges = tokenizer.learn_merges(_FREQUENCIES, 12)
    learned = small_tokenizer()
    batch = tokenizer.language_modeling_batch(learned, ["Le meunier chantait.", "Il pleut."])
    return {
        "merges": merges,
        "pieces": list(tokenizer.encode_word("meunier", merges)),
        "batch": {name: rows.tolist() for name, rows in batch.items()},
        "cost": tokenizer.tokens_per_word(learned, TEXT[:300]),
        "added": tokenizer.words_to_add({"meunière": 4, "eau": 9, "roue": 2}, learned.tokenize, 2),
    }
