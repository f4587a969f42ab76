"""Leçon 02 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import random
import re
from collections import Counter, defaultdict
from itertools import combinations

from answers import Answer
from aurore import tokenizer
from aurore.exercises.tokenizer import _Toy
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
    sand = _Toy()
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


# --- Par exercice

WRONG = {
    "tokenizer.count_pairs": (
        Answer(_count_strings, "compte les voisins", "couple"),
        Answer(_count_all_couples, "compte les voisins", "ne sont pas voisins"),
        Answer(_count_circular, "compte les voisins", "à côté du premier"),
        Answer(_count_steps_by_two, "compte les voisins", "Une paire sur deux"),
        Answer(_count_forgets_last, "compte les voisins", "n - 1 paires"),
        Answer(_count_too_far, "compte les voisins", "indice dépasse"),
        Answer(_count_no_return, "compte les voisins", "return"),
        Answer(_count_consumes, "compte les voisins", "copie"),
        Answer(_count_no_frequency, "compte un mot autant de fois qu'il est fréquent", "et non 1"),
        Answer(_count_overwrites, "compte un mot autant de fois qu'il est fréquent", "écrasé"),
        Answer(_count_once_per_word, "compte une paire chaque fois qu'elle revient dans un mot", "ensemble"),
        Answer(_count_letters, "prend les symboles tels qu'ils sont, même longs", "en lettres"),
        Answer(_count_needs_two, "ne trouve pas de paire dans un mot d'un seul symbole", "indice dépasse"),
    ),
    "tokenizer.merge_pair": (
        Answer(_merge_list, "fusionne la paire", "tuple(…)"),
        Answer(_merge_string, "fusionne la paire", "chaîne"),
        Answer(_merge_keeps_couple, "fusionne la paire", "resté"),
        Answer(_merge_step_of_one, "fusionne la paire", "avancez de deux"),
        Answer(_merge_for_range, "fusionne la paire", "Deux erreurs à la fois"),
        Answer(_merge_loses_last, "fusionne la paire", "Le dernier symbole a disparu"),
        Answer(_merge_too_far, "fusionne la paire", "indice dépasse"),
        Answer(_merge_endless, "fusionne la paire", "change à chaque tour"),
        Answer(_merge_no_return, "fusionne la paire", "return"),
        Answer(_merge_first_only, "fusionne toutes les occurrences", "Seule la première"),
        Answer(_merge_overlapping, "ne se sert d'un symbole qu'une fois", "chevauchent"),
        Answer(_merge_from_the_right, "ne se sert d'un symbole qu'une fois", "droite à gauche"),
        Answer(_merge_text_replace, "compare des symboles entiers", "symboles entiers"),
        Answer(_merge_nothing_found, "rend tel quel un mot où la paire n'est pas", "inchangés"),
    ),
    "tokenizer.learn_merges": (
        Answer(_learn_one_less, "commence par la paire la plus fréquente", "range(count)"),
        Answer(_learn_strings, "commence par la paire la plus fréquente", "la paire elle-même"),
        Answer(_learn_rarest, "commence par la paire la plus fréquente", "la plus rare"),
        Answer(_learn_alphabetical, "commence par la paire la plus fréquente", "alphabet"),
        Answer(_learn_no_frequency, "commence par la paire la plus fréquente", "sa fréquence"),
        Answer(_learn_mutates, "commence par la paire la plus fréquente", "copie"),
        Answer(_learn_no_return, "commence par la paire la plus fréquente", "return"),
        Answer(_learn_returns_inside, "compte de nouveau après chaque fusion", "l'intérieur de la boucle"),
        Answer(_learn_counts_once, "compte de nouveau après chaque fusion", "de nouveau à chaque tour"),
        Answer(_learn_forgets_to_merge, "compte de nouveau après chaque fusion", "est perdu"),
        Answer(_learn_keeps_strings, "compte de nouveau après chaque fusion", "restés des chaînes"),
        Answer(_learn_first_seen, "départage les ex æquo par l'ordre des paires", "première paire rencontrée"),
        Answer(_learn_last_in_order, "départage les ex æquo par l'ordre des paires", "la dernière dans l'ordre"),
        Answer(_learn_at_random, "départage les ex æquo par l'ordre des paires", "hasard"),
        Answer(_learn_never_stops, "s'arrête quand il ne reste plus de paire", "break"),
        Answer(_learn_pads, "s'arrête quand il ne reste plus de paire", "None"),
    ),
    "tokenizer.encode_word": (
        Answer(_encode_tuple, "applique toutes les fusions, l'une après l'autre", "list(…)"),
        Answer(_encode_from_list, "applique toutes les fusions, l'une après l'autre", "Partez de tuple(word)"),
        Answer(_encode_string, "applique toutes les fusions, l'une après l'autre", "sans les recoller"),
        Answer(_encode_reversed, "applique toutes les fusions, l'une après l'autre", "à l'envers"),
        Answer(_encode_one_merge, "applique toutes les fusions, l'une après l'autre", "l'intérieur de la boucle"),
        Answer(_encode_loses_the_merge, "applique toutes les fusions, l'une après l'autre", "résultat du précédent"),
        Answer(_encode_starts_again, "applique toutes les fusions, l'une après l'autre", "résultat du précédent"),
        Answer(_encode_consumes, "applique toutes les fusions, l'une après l'autre", "copie"),
        Answer(_encode_shrinking, "applique toutes les fusions, l'une après l'autre", "indice dépasse"),
        Answer(_encode_no_return, "applique toutes les fusions, l'une après l'autre", "return"),
        Answer(_encode_drops_unknown, "garde les caractères qu'aucune fusion ne touche", "disparu"),
        Answer(_encode_once_each, "garde les caractères qu'aucune fusion ne touche", "toutes les occurrences"),
        Answer(_encode_longest, "fait passer d'abord la fusion apprise la première", "ordre d'apprentissage"),
        Answer(_encode_leftmost, "fait passer d'abord la fusion apprise la première", "ordre d'apprentissage"),
        Answer(_encode_ascii, "se recolle en rendant le mot", "comme les autres"),
        Answer(_encode_lower, "se recolle en rendant le mot", "majuscule"),
    ),
    "tokenizer.tokens_per_word": (
        Answer(_cost_batch_keys, "divise les tokens du texte par ses mots", "les clés"),
        Answer(_cost_inverse, "divise les tokens du texte par ses mots", "à l'envers"),
        Answer(_cost_characters, "divise les tokens du texte par ses mots", "caractères par token"),
        Answer(_cost_count, "divise les tokens du texte par ses mots", "divisez-le"),
        Answer(_cost_alone, "divise les tokens du texte par ses mots", "d'un seul tenant"),
        Answer(_cost_split, "divise les tokens du texte par ses mots", "words(text)"),
        Answer(_cost_distinct, "divise les tokens du texte par ses mots", "même répété"),
        Answer(_cost_vocabulary, "divise les tokens du texte par ses mots", "vocabulaire"),
        Answer(_cost_floor, "divise les tokens du texte par ses mots", "décimales"),
        Answer(_cost_no_return, "divise les tokens du texte par ses mots", "return"),
        Answer(_cost_other_tokenizer, "se sert du tokenizer qu'on lui donne", "paramètre"),
        Answer(_cost_no_guard, "rend 0.0 quand il n'y a pas de mot", "division par zéro"),
    ),
    "tokenizer.pad_batch": (
        Answer(_pad_ids_only, "remplit à droite jusqu'à la plus longue", "masques"),
        Answer(_pad_shortest, "remplit à droite jusqu'à la plus longue", "coupés"),
        Answer(_pad_fixed, "remplit à droite jusqu'à la plus longue", "longueur fixe"),
        Answer(_pad_inverted_mask, "remplit à droite jusqu'à la plus longue", "à l'envers"),
        Answer(_pad_all_ones, "remplit à droite jusqu'à la plus longue", "1 partout"),
        Answer(_pad_zero, "remplit à droite jusqu'à la plus longue", "pad_id"),
        Answer(_pad_changes_the_input, "remplit à droite jusqu'à la plus longue", "copie"),
        Answer(_pad_no_return, "remplit à droite jusqu'à la plus longue", "return"),
        Answer(_pad_right_only, "remplit à gauche quand on le demande", "side"),
        Answer(_pad_mask_stays_right, "remplit à gauche quand on le demande", "vont ensemble"),
        Answer(_pad_mask_from_ids, "laisse à 1 un vrai token égal au remplissage", "d'après les longueurs"),
    ),
    "tokenizer.labels_for_language_modeling": (
        Answer(_labels_inverted, "garde tous les vrais tokens", "à l'envers"),
        Answer(_labels_shifted, "garde tous les vrais tokens", "décalées"),
        Answer(_labels_no_return, "garde tous les vrais tokens", "return"),
        Answer(_labels_as_they_are, "garde la fin du texte, même égale au remplissage", "apprendrait à remplir"),
        Answer(_labels_zero, "garde la fin du texte, même égale au remplissage", "apprendrait à remplir"),
        Answer(_labels_dropped, "garde la fin du texte, même égale au remplissage", "la forme"),
        Answer(_labels_in_place, "garde la fin du texte, même égale au remplissage", "copie"),
        Answer(_labels_by_id, "garde la fin du texte, même égale au remplissage", "C'est le bug"),
        Answer(_labels_first_zero, "met -100 quel que soit l'identifiant du remplissage", "Suivez le masque"),
        Answer(_labels_right_only, "suit le masque quand le remplissage est à gauche", "signe par signe"),
    ),
    "tokenizer.words_to_add": (
        Answer(_words_pieces, "garde les mots coûteux, et eux seuls", "possède déjà"),
        Answer(_words_with_mark, "garde les mots coûteux, et eux seuls", "interne"),
        Answer(_words_with_space, "garde les mots coûteux, et eux seuls", "n'en fait pas partie"),
        Answer(_words_alone, "garde les mots coûteux, et eux seuls", "son espace"),
        Answer(_words_two_pieces, "garde les mots coûteux, et eux seuls", "trois ou plus"),
        Answer(_words_four_pieces, "garde les mots coûteux, et eux seuls", ">= 3"),
        Answer(_words_unsorted, "garde les mots coûteux, et eux seuls", "par fréquence"),
        Answer(_words_rarest, "garde les mots coûteux, et eux seuls", "plus rares"),
        Answer(_words_reversed, "garde les mots coûteux, et eux seuls", "reverse=True"),
        Answer(_words_no_return, "garde les mots coûteux, et eux seuls", "return"),
        Answer(_words_no_limit, "n'en rend pas plus qu'on n'en demande", "trop longue"),
        Answer(_words_cut_first, "n'en rend pas plus qu'on n'en demande", "avant de trier"),
    ),
}

RIGHT = {
    "tokenizer.count_pairs": (
        _count_counter,
        _count_window,
        _count_plain,
    ),
    "tokenizer.merge_pair": (
        _merge_loop,
        _merge_recursive,
        _merge_regex,
    ),
    "tokenizer.learn_merges": (
        _learn_sorted,
        _learn_two_steps,
        _learn_recursive,
    ),
    "tokenizer.encode_word": (
        _encode_by_rank,
        _encode_in_place,
        _encode_recursive,
    ),
    "tokenizer.tokens_per_word": (
        _cost_encode,
        _cost_tokenize,
    ),
    "tokenizer.pad_batch": (
        _pad_comprehension,
        _pad_token_by_token,
    ),
    "tokenizer.labels_for_language_modeling": (
        _labels_numbered,
        _labels_arithmetic,
    ),
    "tokenizer.words_to_add": (
        _words_most_common,
        _words_two_sorts,
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
