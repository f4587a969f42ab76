"""Leçon 02, les exercices : le BPE à la main, le coût d'un mot, le remplissage, les étiquettes, les mots ajoutés.

Chaque fiche porte aussi les réponses fausses qu'elle doit refuser, chacune avec la piste prévue pour elle, et
des réponses justes différentes de la référence, qu'elle doit accepter. Les premières réponses justes servent
d'outils aux réponses des fiches suivantes : ce module n'importe pas la bibliothèque, lente à charger.
"""

import random
import re
from collections import Counter, UserDict, defaultdict
from dataclasses import dataclass
from itertools import combinations

from aurore.atelier.cards import Answer, Card, Check, Mistake, equals, same, show, show_arguments
from aurore.atelier.quiz import Option, Quiz
from aurore.language import words

# --- Compter les paires ---------------------------------------------------------------------------------


def _any_dict(check: Check) -> Check:
    """La même vérification, où Counter et defaultdict valent un dictionnaire."""

    def test(function):
        def plain(words):
            got = function(words)
            return dict(got) if isinstance(got, dict) else got

        check.test(plain)

    return Check(check.name, test)


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


count_pairs = Card(
    id="tokenizer.count_pairs",
    title="Compter les paires",
    statement='Chaque mot est donné comme un tuple de symboles, avec sa fréquence : {("l", "e", "s"): 3, …}. Rendez un dictionnaire qui dit, pour chaque paire de symboles voisins, combien de fois elle se présente dans le corpus. Un mot vu trois fois compte trois fois : {("l", "e", "s"): 3} donne {("l", "e"): 3, ("e", "s"): 3}.',
    difficulty=2,
    minutes=4,
    hints=(
        "Deux boucles : l'une sur les mots et leur fréquence (words.items()), l'autre sur les paires de voisins du mot.",
        "zip(symbols, symbols[1:]) met chaque symbole en face de son suivant.",
        "counts.get(pair, 0) rend le compte d'une paire, ou 0 si elle n'a pas encore été vue ; ajoutez-lui la fréquence du mot.",
    ),
    checks=tuple(
        _any_dict(check)
        for check in (
            equals(
                "compte les voisins",
                [{("m", "o", "t", "s"): 1}],
                {("m", "o"): 1, ("o", "t"): 1, ("t", "s"): 1},
                "Un mot de quatre symboles a trois paires de voisins : le premier et le deuxième, le deuxième et le troisième…",
                (
                    (lambda got: "mo" in got, "Les clés sont des chaînes : gardez le couple, (gauche, droite)."),
                    (
                        lambda got: ("m", "t") in got,
                        "« m » et « t » ne sont pas voisins dans « mots » : ne comptez que les symboles qui se suivent.",
                    ),
                    (
                        lambda got: ("s", "m") in got,
                        "Le dernier symbole s'est retrouvé à côté du premier : symbols[-1] est le dernier. Commencez à l'indice 1, ou arrêtez-vous avant la fin.",
                    ),
                    (
                        lambda got: ("o", "t") not in got and ("t", "s") in got,
                        "Une paire sur deux manque : avancez d'un symbole à la fois, car « o » est à droite de « m » et à gauche de « t ».",
                    ),
                    (
                        lambda got: ("t", "s") not in got and ("o", "t") in got,
                        "La dernière paire manque : pour n symboles, il y a n - 1 paires.",
                    ),
                ),
            ),
            equals(
                "compte un mot autant de fois qu'il est fréquent",
                [{("l", "e"): 5, ("l", "a"): 2, ("l", "e", "s"): 3}],
                {("l", "e"): 8, ("l", "a"): 2, ("e", "s"): 3},
                "« le » est vu cinq fois et « les » trois fois : la paire (« l », « e ») compte huit fois.",
                (
                    (
                        lambda got: got[("l", "e")] == 2,
                        "Chaque mot ne compte qu'une fois : ajoutez sa fréquence, et non 1.",
                    ),
                    (
                        lambda got: got[("l", "e")] == 3,
                        "Le compte de « le » est écrasé par celui de « les » : ajoutez au compte (+=) au lieu de le remplacer (=).",
                    ),
                ),
            ),
            equals(
                "compte une paire chaque fois qu'elle revient dans un mot",
                [{("b", "o", "n", "b", "o", "n"): 2}],
                {("b", "o"): 4, ("o", "n"): 4, ("n", "b"): 2},
                "Dans « bonbon », vu deux fois, la paire (« b », « o ») se présente quatre fois.",
                (
                    (
                        lambda got: got[("b", "o")] == 2,
                        "« bonbon » contient deux fois la paire (« b », « o ») : un ensemble (set) n'en garde qu'une.",
                    ),
                ),
            ),
            equals(
                "prend les symboles tels qu'ils sont, même longs",
                [{("ch", "an", "t"): 1}],
                {("ch", "an"): 1, ("an", "t"): 1},
                "Les symboles peuvent avoir plusieurs lettres : ce sont eux qu'on apparie.",
                (
                    (
                        lambda got: ("c", "h") in got,
                        "Vous recoupez le mot en lettres : après une fusion, « ch » est un seul symbole. Parcourez le tuple lui-même.",
                    ),
                ),
            ),
            equals(
                "ne trouve pas de paire dans un mot d'un seul symbole",
                [{("à",): 7, ("o", "n"): 2}],
                {("o", "n"): 2},
                "Un symbole seul n'a pas de voisin : il n'ajoute aucune paire.",
            ),
        )
    ),
    wrong=(
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
    right=(Answer(_count_counter), Answer(_count_window), Answer(_count_plain)),
)

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


merge_pair = Card(
    id="tokenizer.merge_pair",
    title="Fusionner une paire",
    statement='Rendez le tuple de symboles où la paire (gauche, droite) est remplacée, partout où elle se présente, par un seul symbole. On lit de gauche à droite, et un symbole ne sert qu\'une fois : ("a", "a", "a") devient ("aa", "a").',
    difficulty=3,
    minutes=5,
    hints=(
        "Parcourez les symboles avec un indice que vous avancez vous-même : une boucle « while » convient mieux qu'un « for ».",
        "Si symbols[i : i + 2] == pair, ajoutez le symbole fusionné et avancez de deux ; sinon, ajoutez symbols[i] et avancez d'un.",
        "symbols[i : i + 2] ne dépasse jamais la fin : au dernier symbole, la tranche n'en contient qu'un et n'est pas égale à la paire. Finissez par « return tuple(…) ».",
    ),
    checks=(
        equals(
            "fusionne la paire",
            [("m", "o", "u", "l", "i", "n"), ("o", "u")],
            ("m", "ou", "l", "i", "n"),
            "« o » suivi de « u » devient « ou », et les autres symboles restent à leur place.",
            (
                (
                    lambda got: isinstance(got, list),
                    "Votre résultat est une liste : rendez tuple(…), car seul un tuple peut servir de clé à un dictionnaire.",
                ),
                (
                    lambda got: isinstance(got, str),
                    "Votre résultat est une chaîne : les symboles y sont tous collés. Rendez un tuple de symboles.",
                ),
                (
                    lambda got: ("o", "u") in got,
                    "La paire est restée un couple : collez ses deux symboles, gauche + droite.",
                ),
                (
                    lambda got: got == ("m", "ou", "u", "l", "i", "n"),
                    "« u » est à la fois fusionné et gardé : après une fusion, avancez de deux symboles.",
                ),
                (
                    lambda got: got == ("m", "ou", "u", "l", "i"),
                    "Deux erreurs à la fois : « u » est fusionné et gardé, et le dernier symbole a disparu. Une boucle « while », dont vous avancez l'indice de deux après une fusion et d'un sinon, répare les deux.",
                ),
                (
                    lambda got: got == ("m", "ou", "l", "i"),
                    "Le dernier symbole a disparu : il n'a pas de suivant, mais il faut le garder.",
                ),
                (
                    lambda got: got == ("m", "o", "u", "l", "i", "n"),
                    "Rien n'a été fusionné : comparez deux symboles à la fois, symbols[i : i + 2], à la paire.",
                ),
            ),
        ),
        equals(
            "fusionne toutes les occurrences",
            [("b", "o", "n", "b", "o", "n"), ("o", "n")],
            ("b", "on", "b", "on"),
            "« on » se présente deux fois dans « bonbon », dont une à la fin.",
            (
                (
                    lambda got: got == ("b", "on", "b", "o", "n"),
                    "Seule la première occurrence est fusionnée : continuez jusqu'au bout du mot.",
                ),
            ),
        ),
        equals(
            "ne se sert d'un symbole qu'une fois",
            [("a", "a", "a"), ("a", "a")],
            ("aa", "a"),
            "Dans « aaa », le « a » du milieu ne peut servir qu'une fois.",
            (
                (
                    lambda got: got == ("aa", "aa"),
                    "Deux fusions se chevauchent : le « a » du milieu a servi deux fois. Après une fusion, avancez de deux symboles.",
                ),
                (
                    lambda got: got == ("a", "aa"),
                    "Vous lisez de droite à gauche : la fusion se fait à partir de la gauche.",
                ),
            ),
        ),
        equals(
            "rend tel quel un mot où la paire n'est pas",
            [("e", "a", "u"), ("o", "u")],
            ("e", "a", "u"),
            "Sans la paire, les symboles sont rendus inchangés.",
            (
                (
                    lambda got: got is None,
                    "Quand la paire n'y est pas, votre fonction ne rend rien : rendez les symboles inchangés.",
                ),
            ),
        ),
        equals(
            "compare des symboles entiers",
            [("ou", "r", "s"), ("u", "r")],
            ("ou", "r", "s"),
            "Le symbole « ou » n'est pas le symbole « u » : il n'y a rien à fusionner.",
            (
                (
                    lambda got: got == ("our", "s"),
                    "« ou » finit par « u », mais c'est un autre symbole : remplacer dans un texte fusionne de travers. Comparez des symboles entiers.",
                ),
            ),
        ),
    ),
    wrong=(
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
    right=(Answer(_merge_loop), Answer(_merge_recursive), Answer(_merge_regex)),
)

# --- Apprendre les fusions ------------------------------------------------------------------------------

LEARNED = {"les": 5, "le": 4, "mes": 3}
TIED = {"on": 3, "un": 3, "in": 3, "an": 3, "en": 3}


def _merge_all(pieces, pair):
    return {_merge_loop(symbols, pair): frequency for symbols, frequency in pieces.items()}


def _stops_cleanly(check: Check, hint: str) -> Check:
    """La même vérification, où chercher le plus grand de rien reçoit sa propre piste."""

    def test(function):
        try:
            check.test(function)
        except ValueError as error:
            raise Mistake("« le », une seule paire", f"ValueError : {error}", "une liste d'une fusion", hint) from error

    return Check(check.name, test)


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


learn_merges = Card(
    id="tokenizer.learn_merges",
    title="Bonus · Apprendre les fusions",
    statement="Partez des mots découpés en caractères. À chaque tour, fusionnez partout la paire la plus fréquente, et retenez-la ; à égalité, prenez la plus petite paire dans l'ordre de Python. Rendez la liste des paires, dans l'ordre où elles ont été apprises : il y en a « count », ou moins s'il ne reste plus de paire.",
    difficulty=4,
    minutes=6,
    hints=(
        "{tuple(word): frequency for word, frequency in words.items()} découpe les mots en caractères. count_pairs et merge_pair font le reste.",
        "À chaque tour, dans cet ordre : compter, choisir, fusionner dans tous les mots, retenir. On compte de nouveau à chaque tour, car une fusion change les paires.",
        "min(counts, key=lambda pair: (-counts[pair], pair)) rend la paire la plus fréquente et, à égalité, la plus petite. S'il n'y a plus de paire, sortez de la boucle avec « break ».",
    ),
    checks=(
        equals(
            "commence par la paire la plus fréquente",
            [LEARNED, 1],
            [("l", "e")],
            "« le » et « les » contiennent (« l », « e ») : neuf fois en tout. C'est la paire à fusionner la première.",
            (
                (lambda got: got == [], "La liste est vide : « for _ in range(count) » fait exactement count tours."),
                (lambda got: got == ["le"], "Retenez la paire elle-même, (« l », « e »), et non le symbole fusionné."),
                (
                    lambda got: got == [("m", "e")],
                    "Vous avez pris la paire la plus rare, ou la dernière de l'alphabet : c'est le plus grand compte qu'il faut, counts[pair].",
                ),
                (
                    lambda got: got == [("e", "s")],
                    "(« e », « s ») se présente huit fois, (« l », « e ») neuf : pesez chaque mot par sa fréquence.",
                ),
            ),
        ),
        equals(
            "compte de nouveau après chaque fusion",
            [LEARNED, 2],
            [("l", "e"), ("le", "s")],
            "Après la fusion de « le », le mot « les » est (« le », « s ») : sa paire se présente cinq fois.",
            (
                (
                    lambda got: got == [("l", "e"), ("e", "s")],
                    "Vos comptes datent d'avant la première fusion : comptez de nouveau à chaque tour.",
                ),
                (
                    lambda got: got == [("l", "e"), ("l", "e")],
                    "La même paire revient : le résultat de la fusion est perdu, ou les mots sont restés des chaînes, où merge_pair ne trouve rien. Partez de tuple(word), et remplacez les mots par les mots fusionnés.",
                ),
                (
                    lambda got: got == [("l", "e")],
                    "Une seule fusion au lieu de deux : le « return » est sans doute à l'intérieur de la boucle.",
                ),
            ),
        ),
        equals(
            "départage les ex æquo par l'ordre des paires",
            [TIED, 5],
            [("a", "n"), ("e", "n"), ("i", "n"), ("o", "n"), ("u", "n")],
            "À égalité, le choix ne doit rien au hasard ni à l'ordre des mots : prenez la plus petite paire, min(…).",
            (
                (
                    lambda got: got == [(word[0], word[1]) for word in TIED],
                    "À égalité, vous prenez la première paire rencontrée : le résultat change avec l'ordre des mots. Prenez la plus petite.",
                ),
                (
                    lambda got: got[0] == ("u", "n") and got[-1] == ("a", "n"),
                    "À égalité, max((compte, paire)) prend la dernière dans l'ordre : prenez min((-compte, paire)).",
                ),
            ),
        ),
        _stops_cleanly(
            equals(
                "s'arrête quand il ne reste plus de paire",
                [{"le": 2}, 10],
                [("l", "e")],
                "Une fois « le » fusionné, il n'y a plus rien à fusionner : rendez ce qui est appris, même s'il y en a moins que count.",
                (
                    (
                        lambda got: None in got,
                        "La liste est complétée par des None : rendez seulement les fusions apprises.",
                    ),
                ),
            ),
            "Une fois « le » fusionné, il n'y a plus de paire, et chercher la meilleure échoue : sortez de la boucle avant, avec « break ».",
        ),
    ),
    wrong=(
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
    right=(Answer(_learn_sorted), Answer(_learn_two_steps), Answer(_learn_recursive)),
)

# --- Découper un mot ------------------------------------------------------------------------------------

MERGES = [("o", "u"), ("l", "i"), ("li", "n"), ("m", "ou")]
FRENCH_MERGES = [("t", "é"), ("œ", "u"), ("r", "d"), ("'", "œ"), ("é", "té"), ("c", "œu"), ("h", "u"), ("u", "i")]
FRENCH_WORDS = ["été", "Été", "cœur", "l'œil", "aujourd’hui", "Où", "Noël", "5", ""]


def _gives_the_word_back(function) -> None:
    """Recoller les tokens rend le mot, à la lettre près."""
    for word in FRENCH_WORDS:
        got = function(word, list(FRENCH_MERGES))
        rejoined = "".join(got)
        if same(rejoined, word, 0.0):
            continue
        if rejoined.lower() == word.lower():
            hint = "Une majuscule s'est perdue : découper ne change pas les lettres."
        elif len(rejoined) < len(word):
            hint = (
                "Des caractères ont disparu : é, œ, l'apostrophe et les chiffres sont des caractères comme les autres."
            )
        else:
            hint = "Les tokens, recollés, doivent rendre le mot, ni plus ni moins."
        raise Mistake(
            show_arguments((word, FRENCH_MERGES)), show(got), f"des tokens qui, recollés, donnent {word!r}", hint
        )


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


encode_word = Card(
    id="tokenizer.encode_word",
    title="Découper un mot",
    statement="Découpez un mot en tokens : partez de ses caractères, puis appliquez les fusions une à une, dans l'ordre où elles ont été apprises (merge_pair en applique une). Rendez la liste des tokens ; un caractère qu'aucune fusion ne touche reste un token à lui seul.",
    difficulty=2,
    minutes=3,
    hints=(
        "tuple(word) donne les caractères du mot ; merge_pair applique une fusion.",
        "Une seule boucle, sur les fusions et non sur les lettres : chaque tour part du résultat du précédent.",
        "symbols = merge_pair(symbols, pair) : sans « symbols = », la fusion est perdue. Rendez list(symbols) une fois la boucle finie.",
    ),
    checks=(
        equals(
            "applique toutes les fusions, l'une après l'autre",
            ["moulin", MERGES],
            ["mou", "lin"],
            "m o u l i n, puis m ou l i n, puis m ou li n, puis m ou lin, puis mou lin.",
            (
                (
                    lambda got: list(got) == ["m", "o", "u", "lin"],
                    "La première fusion ne s'est pas faite : merge_pair attend un tuple, et ne trouve rien dans une liste. Partez de tuple(word), et non de list(word).",
                ),
                (lambda got: isinstance(got, tuple), "Votre résultat est un tuple : rendez list(…)."),
                (
                    lambda got: isinstance(got, str),
                    "Votre résultat est une chaîne : rendez la liste des tokens, sans les recoller.",
                ),
                (
                    lambda got: got == ["m", "ou", "li", "n"],
                    "Les fusions sont appliquées à l'envers : « lin » ne peut se faire qu'après « li ». Suivez l'ordre de la liste.",
                ),
                (
                    lambda got: got == ["m", "ou", "l", "i", "n"],
                    "Une seule fusion est faite : le « return » est sans doute à l'intérieur de la boucle.",
                ),
                (
                    lambda got: got == list("moulin"),
                    "Les lettres sont toujours séparées : chaque tour doit partir du résultat du précédent, symbols = merge_pair(symbols, pair).",
                ),
            ),
        ),
        equals(
            "garde les caractères qu'aucune fusion ne touche",
            ["zoulou", MERGES],
            ["z", "ou", "l", "ou"],
            "« z » et « l » ne fusionnent avec rien : ils restent des tokens à eux seuls.",
            (
                (
                    lambda got: "z" not in got,
                    "« z » a disparu : un caractère qu'aucune fusion ne connaît reste un token à lui seul.",
                ),
                (
                    lambda got: got == ["z", "ou", "l", "o", "u"],
                    "Une fusion ne s'est faite qu'une fois : elle vaut pour toutes les occurrences de la paire.",
                ),
            ),
        ),
        equals(
            "fait passer d'abord la fusion apprise la première",
            ["les", [("e", "s"), ("l", "e")]],
            ["l", "es"],
            "(« e », « s ») fut apprise avant (« l », « e ») : elle prend le « e » la première.",
            (
                (
                    lambda got: got == ["le", "s"],
                    "Vous découpez de gauche à droite : c'est l'ordre d'apprentissage qui décide, et (« e », « s ») fut apprise la première. Parcourez les fusions, et non les lettres.",
                ),
            ),
        ),
        Check("se recolle en rendant le mot", _gives_the_word_back),
    ),
    wrong=(
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
    right=(Answer(_encode_by_rank), Answer(_encode_in_place), Answer(_encode_recursive)),
)

# --- Ce que coûte un mot --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Toy:
    """Un tokenizer de poche : des morceaux de `size` lettres au plus, qui s'appelle comme ceux de transformers."""

    size: int = 3

    def tokenize(self, text, **_):
        return re.findall(rf" ?\w{{1,{self.size}}}|[^\w\s]| ", text)

    def encode(self, text, **_):
        return [100 + len(token) for token in self.tokenize(text)]

    def __call__(self, text, **_):
        ids = self.encode(text)
        return UserDict(input_ids=ids, attention_mask=[1] * len(ids))

    def __len__(self):
        return 1024

    def __repr__(self):
        return f"un tokenizer qui coupe toutes les {self.size} lettres"


FERTILE = "L'eau dort, l'été : le moulin dort."  # 8 mots, 17 tokens de trois lettres au plus


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


tokens_per_word = Card(
    id="tokenizer.tokens_per_word",
    title="Ce que coûte un mot",
    statement='Rendez le nombre moyen de tokens par mot d\'un texte. tokenizer(text)["input_ids"] donne les identifiants du texte entier, words(text) donne ses mots. Un texte sans aucun mot rend 0.0.',
    difficulty=1,
    minutes=2,
    hints=(
        "C'est une division : le nombre d'identifiants par le nombre de mots.",
        "len(…) compte une liste. Prenez-la bien : tokenizer(text) est un dictionnaire, c'est sa clé « input_ids » qu'il faut compter.",
        "Avant de diviser : si la liste des mots est vide, rendez 0.0.",
    ),
    checks=(
        equals(
            "divise les tokens du texte par ses mots",
            [_Toy(), FERTILE],
            17 / 8,
            "Le texte a 17 tokens et 8 mots : l, eau, dort, l, été, le, moulin, dort.",
            (
                (
                    lambda got: got == 2 / 8,
                    "len(tokenizer(text)) vaut toujours 2 : ce sont les clés du dictionnaire, input_ids et attention_mask. Comptez la liste d'identifiants.",
                ),
                (
                    lambda got: got == 8 / 17,
                    "La division est à l'envers : ce sont des mots par token. Divisez les tokens par les mots.",
                ),
                (
                    lambda got: got == len(FERTILE) / 17,
                    "Ce sont des caractères par token. Ici, on divise les tokens par les mots.",
                ),
                (lambda got: got == 17, "C'est le nombre de tokens : divisez-le par le nombre de mots."),
                (
                    lambda got: got == 11 / 8,
                    "Chaque mot a été découpé seul : les espaces et la ponctuation n'ont rien coûté. Découpez le texte entier, d'un seul tenant.",
                ),
                (
                    lambda got: got == 17 / 7,
                    "Vous comptez sept mots : « l'eau » en fait deux. text.split() ne coupe qu'aux blancs ; prenez words(text).",
                ),
                (
                    lambda got: got == 17 / 6,
                    "Vous comptez chaque mot une fois, même répété : « dort » et « l » se présentent deux fois.",
                ),
                (lambda got: got == 1024 / 8, "len(tokenizer) est la taille du vocabulaire, pas celle du texte."),
                (
                    lambda got: got == 2 and isinstance(got, int),
                    "« // » jette les décimales : la moyenne est 2,125. Prenez « / ».",
                ),
            ),
            1e-9,
        ),
        equals(
            "se sert du tokenizer qu'on lui donne",
            [_Toy(2), FERTILE],
            20 / 8,
            "Avec un tokenizer qui coupe toutes les deux lettres, le même texte coûte 20 tokens : servez-vous du paramètre « tokenizer », et non d'un autre du carnet.",
            tolerance=1e-9,
        ),
        equals(
            "rend 0.0 quand il n'y a pas de mot",
            [_Toy(), "… — ?"],
            0.0,
            "« … — ? » n'a pas de mot : rendez 0.0, un nombre à virgule.",
        ),
    ),
    wrong=(
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
    right=(Answer(_cost_encode), Answer(_cost_tokenize)),
)

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


UNEVEN = [[5, 6, 7], [8], [9, 4]]

pad_batch = Card(
    id="tokenizer.pad_batch",
    title="Bonus · Remplir un lot",
    statement='Mettez toutes les suites à la longueur de la plus longue, en ajoutant pad_id à droite, ou à gauche si side vaut "left". Rendez deux listes : les suites remplies, et leurs masques, où 1 marque un vrai token et 0 le remplissage. Avec pad_id égal à 0, [[5, 6], [7]] donne [[5, 6], [7, 0]] et [[1, 1], [1, 0]].',
    difficulty=3,
    minutes=4,
    hints=(
        "Cherchez d'abord la longueur de la plus longue suite. À chacune, il manque « longueur - len(suite) » tokens.",
        "[pad_id] * 3 est une liste de trois pad_id ; sequence + [pad_id] * 3 est une liste nouvelle, sequence ne change pas.",
        "Le masque se fait comme la suite, avec des 1 et des 0 : [1] * len(sequence) + [0] * missing. Ne le tirez pas des identifiants : un vrai token peut être égal à pad_id.",
    ),
    checks=(
        equals(
            "remplit à droite jusqu'à la plus longue",
            [UNEVEN, 1],
            ([[5, 6, 7], [8, 1, 1], [9, 4, 1]], [[1, 1, 1], [1, 0, 0], [1, 1, 0]]),
            "Chaque suite doit avoir trois tokens, comme la plus longue, et son masque trois signes.",
            (
                (
                    lambda got: isinstance(got, list),
                    "Il manque les masques : rendez deux listes, « return ids, masks ».",
                ),
                (
                    lambda got: len(got[0][0]) == 1,
                    "Des tokens ont été coupés : c'est à la plus longue suite qu'il faut s'aligner, pas à la plus courte.",
                ),
                (
                    lambda got: len(got[0][0]) > 3,
                    "Les suites sont plus longues que la plus longue du lot : une longueur fixe fait calculer du vide. Prenez max(…) des longueurs.",
                ),
                (
                    lambda got: got[1] == [[0, 0, 0], [0, 1, 1], [0, 0, 1]],
                    "Le masque est à l'envers : 1 dit « regarde », 0 dit « ignore ».",
                ),
                (
                    lambda got: got[1] == [[1, 1, 1]] * 3,
                    "Le masque vaut 1 partout : il doit valoir 0 sur le remplissage.",
                ),
                (
                    lambda got: got[0][1] == [8, 0, 0],
                    "Le remplissage vaut 0 : c'est pad_id qu'il faut mettre, ici 1.",
                ),
            ),
        ),
        equals(
            "remplit à gauche quand on le demande",
            [UNEVEN, 1, "left"],
            ([[5, 6, 7], [1, 1, 8], [1, 9, 4]], [[1, 1, 1], [0, 0, 1], [0, 1, 1]]),
            'Avec side="left", le remplissage vient avant la suite, et le masque aussi commence par des 0.',
            (
                (
                    lambda got: got[0][1] == [8, 1, 1],
                    "Le remplissage est resté à droite : regardez ce que vaut « side ».",
                ),
                (
                    lambda got: got[1][1] == [1, 0, 0],
                    "Les suites sont remplies à gauche, mais leurs masques à droite : les deux vont ensemble.",
                ),
            ),
        ),
        equals(
            "laisse à 1 un vrai token égal au remplissage",
            [[[5, 0], [7, 8, 0]], 0],
            ([[5, 0, 0], [7, 8, 0]], [[1, 1, 0], [1, 1, 1]]),
            "Le 0 qui finit chaque suite est un vrai token, la fin du texte : son masque vaut 1.",
            (
                (
                    lambda got: got[1] == [[1, 0, 0], [1, 1, 0]],
                    "Le masque a été tiré des identifiants : la vraie fin du texte, égale à pad_id, passe pour du remplissage. Faites-le d'après les longueurs.",
                ),
            ),
        ),
    ),
    wrong=(
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
    right=(Answer(_pad_comprehension), Answer(_pad_token_by_token)),
)

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


labels_for_language_modeling = Card(
    id="tokenizer.labels_for_language_modeling",
    title="Chasse au bug : les étiquettes",
    statement="Rendez les étiquettes d'un lot : les identifiants eux-mêmes, sauf sur le remplissage, où l'on met -100 : le modèle ne sera pas noté là. La fin d'un texte doit garder son étiquette, même quand elle porte le même identifiant que le remplissage.",
    difficulty=2,
    minutes=3,
    hints=(
        "L'identifiant ne dit pas si un token est du remplissage. Qu'est-ce qui le dit ?",
        "attention_mask a la même forme que input_ids : 1 sur un vrai token, 0 sur le remplissage.",
        "zip(row, mask) met chaque identifiant en face de son signe ; gardez l'identifiant si le signe vaut 1, mettez -100 sinon.",
    ),
    checks=(
        equals(
            "garde tous les vrais tokens",
            [[[5, 6, 7], [8, 9, 4]], [[1, 1, 1], [1, 1, 1]]],
            [[5, 6, 7], [8, 9, 4]],
            "Sans remplissage, les étiquettes sont les identifiants eux-mêmes.",
            (
                (
                    lambda got: got[0] == [-100] * 3,
                    "Le masque est lu à l'envers : 1 marque un vrai token, qui garde son identifiant.",
                ),
                (
                    lambda got: got[0][0] == 6,
                    "Les étiquettes sont décalées d'un cran : le modèle fait ce décalage lui-même, ne le faites pas deux fois.",
                ),
            ),
        ),
        equals(
            "garde la fin du texte, même égale au remplissage",
            [[[5, 6, 0], [7, 0, 0]], [[1, 1, 1], [1, 1, 0]]],
            [[5, 6, 0], [7, 0, -100]],
            "Le premier 0 de chaque ligne est la vraie fin du texte ; le second, dans la deuxième ligne, est du remplissage.",
            (
                (
                    lambda got: got == [[5, 6, -100], [7, -100, -100]],
                    "C'est le bug : la vraie fin du texte est masquée avec le remplissage, et le modèle n'apprendra jamais à s'arrêter. Suivez le masque, et non l'identifiant.",
                ),
                (
                    lambda got: got == [[5, 6, 0], [7, 0, 0]],
                    "Le remplissage a gardé son identifiant : le modèle serait noté là aussi, et il apprendrait à remplir.",
                ),
                (
                    lambda got: len(got[1]) == 2,
                    "Le remplissage a été ôté : les étiquettes doivent garder la forme de input_ids.",
                ),
            ),
        ),
        equals(
            "met -100 quel que soit l'identifiant du remplissage",
            [[[5, 6, 2], [7, 2, 3]], [[1, 1, 1], [1, 1, 0]]],
            [[5, 6, 2], [7, 2, -100]],
            "Ici la fin vaut 2 et le remplissage 3 : rien dans votre code ne doit dépendre de ces nombres. Suivez le masque.",
        ),
        equals(
            "suit le masque quand le remplissage est à gauche",
            [[[0, 0, 7, 0]], [[0, 0, 1, 1]]],
            [[-100, -100, 7, 0]],
            "Ici le remplissage est à gauche : c'est le masque qui le dit, signe par signe, et non le nombre de tokens.",
        ),
    ),
    wrong=(
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
    right=(Answer(_labels_numbered), Answer(_labels_arithmetic)),
)

# --- Les mots à ajouter ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Split:
    """Un découpage de poche : par quatre signes après une espace, par deux au début d'un texte."""

    def __call__(self, text):
        size = 4 if text.startswith(" ") else 2
        return [text[i : i + size].replace(" ", "Ġ") for i in range(0, len(text), size)]

    def __repr__(self):
        return "split"


FREQUENCIES = {"la": 90, "aubergiste": 5, "moulin": 40, "sabotier": 12, "meunière": 12, "marionnettiste": 2}


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


words_to_add = Card(
    id="tokenizer.words_to_add",
    title="Bonus · Les mots à ajouter",
    statement="Rendez les mots qui se découpent en trois tokens ou plus, du plus fréquent au moins fréquent, how_many au plus ; à fréquence égale, dans l'ordre de Python. split(texte) rend les tokens d'un texte. Un mot est presque toujours précédé d'une espace : découpez-le avec elle.",
    difficulty=2,
    minutes=4,
    hints=(
        "Trois temps : garder les mots coûteux, les ranger, couper la liste.",
        'split(" " + word) découpe le mot avec son espace ; len(…) >= 3 dit s\'il est coûteux.',
        "sorted(mots, key=lambda word: (-counts[word], word)) range du plus fréquent au moins fréquent, puis par ordre alphabétique.",
    ),
    checks=(
        equals(
            "garde les mots coûteux, et eux seuls",
            [FREQUENCIES, _Split(), 10],
            ["meunière", "sabotier", "aubergiste", "marionnettiste"],
            "« la » coûte un token et « moulin » deux ; les quatre autres en coûtent trois ou plus.",
            (
                (
                    lambda got: "Ġla" in got,
                    "Ce sont des tokens que le tokenizer possède déjà : les ajouter n'ajouterait rien. Rendez des mots entiers.",
                ),
                (
                    lambda got: "Ġmeunière" in got,
                    "« Ġ » est une écriture interne : un token ajouté s'écrit comme dans le texte, sans elle.",
                ),
                (
                    lambda got: " meunière" in got,
                    "L'espace sert à découper le mot, mais n'en fait pas partie : rendez « meunière », et non « meunière » précédé d'une espace.",
                ),
                (
                    lambda got: (
                        sorted(got) == ["aubergiste", "marionnettiste", "meunière", "moulin", "sabotier"]
                        and got[0] == "moulin"
                    ),
                    "« moulin » ne coûte que deux tokens dans un texte, « Ġmou » et « lin ». Découpez le mot avec son espace, et gardez ceux qui en coûtent trois ou plus.",
                ),
                (lambda got: got == ["marionnettiste"], "Trois tokens suffisent : >= 3, et non > 3."),
                (
                    lambda got: got == ["aubergiste", "sabotier", "meunière", "marionnettiste"],
                    "Les mots sont les bons, mais dans l'ordre où ils sont venus : rangez-les par fréquence.",
                ),
                (lambda got: got[0] == "marionnettiste", "Les plus rares viennent d'abord : rangez à l'envers."),
                (
                    lambda got: got == ["sabotier", "meunière", "aubergiste", "marionnettiste"],
                    "« meunière » et « sabotier » sont aussi fréquents : reverse=True retourne aussi l'alphabet. Rangez par (-counts[word], word).",
                ),
            ),
        ),
        equals(
            "n'en rend pas plus qu'on n'en demande",
            [FREQUENCIES, _Split(), 2],
            ["meunière", "sabotier"],
            "On en demande deux : les deux mots coûteux les plus fréquents.",
            (
                (lambda got: len(got) > 2, "La liste est trop longue : coupez-la à how_many, [:how_many]."),
                (
                    lambda got: got == [],
                    "Vous coupez avant de trier : les deux mots les plus fréquents ne sont pas coûteux. Gardez d'abord les mots coûteux.",
                ),
            ),
        ),
    ),
    wrong=(
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
    right=(Answer(_words_most_common), Answer(_words_two_sorts)),
)

CARDS = (
    count_pairs,
    merge_pair,
    learn_merges,
    encode_word,
    tokens_per_word,
    pad_batch,
    labels_for_language_modeling,
    words_to_add,
)


QUIZZES = (
    Quiz(
        "tokenizer.inconnu",
        "Le mot « zythum » n'est dans aucun livre du corpus. Qu'en fait un BPE par octets ?",
        (
            Option(
                "Il le remplace par un token « inconnu ».",
                False,
                "C'est ce que font les tokenizers par mots. Un BPE par octets n'a pas de token inconnu, parce qu'il n'en a pas besoin.",
            ),
            Option(
                "Il le découpe en morceaux plus petits, au pire octet par octet.",
                True,
                "Les 256 octets sont dans le vocabulaire : tout ce qui s'écrit se découpe, et se recolle à l'identique. Le mot coûte seulement plus de tokens.",
            ),
            Option("Il s'arrête sur une erreur.", False, "Aucun texte ne le fait échouer, pas même un emoji."),
        ),
    ),
    Quiz(
        "tokenizer.fichiers",
        "Vous ajoutez le mot « sabotier » à la main dans vocab.json. Que devient le découpage de « sabotier » ?",
        (
            Option(
                "Un seul token, puisque le mot est dans le vocabulaire.",
                False,
                "Le découpage ne cherche pas dans le vocabulaire : il applique les fusions, une à une.",
            ),
            Option(
                "Le même qu'avant.",
                True,
                "Aucune fusion de merges.txt ne mène à « sabotier ». Et si tokenizer.json est là, vocab.json n'est même pas lu.",
            ),
            Option(
                "Une erreur au chargement.",
                False,
                "Rien ne se plaint : c'est ce qui rend la méprise si durable.",
            ),
        ),
    ),
    Quiz(
        "tokenizer.fin",
        "Après l'entraînement, votre modèle n'écrit jamais <|endoftext|> et ne s'arrête jamais. Où regardez-vous d'abord ?",
        (
            Option(
                "La température.",
                False,
                "Elle étale ou resserre les chances. Elle n'en donne pas à un token que l'apprentissage a fait taire.",
            ),
            Option(
                "Les étiquettes : la fin y est-elle, ou y a-t-il -100 à sa place ?",
                True,
                "Quand le remplissage et la fin ont le même identifiant, masquer l'un masque l'autre. Comptez les fins qui restent dans les étiquettes.",
            ),
            Option(
                "La taille du vocabulaire.",
                False,
                "Le token de fin est toujours dans le vocabulaire, quelle qu'en soit la taille.",
            ),
        ),
    ),
)
