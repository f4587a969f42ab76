"""Leçon 02, les exercices : le BPE à la main. Compter les paires, fusionner, apprendre, découper un mot.

Chaque fiche porte aussi les réponses fausses qu'elle doit refuser, chacune avec la piste prévue pour elle, et
des réponses justes différentes de la référence, qu'elle doit accepter. Les premières réponses justes servent
d'outils aux réponses des fiches suivantes : ce module n'importe pas la bibliothèque, lente à charger.
"""

import random
import re
from collections import Counter, defaultdict

from aurore.atelier.cards import Answer, Card, Check, Mistake, equals, same, show

# --- Compter les paires ---------------------------------------------------------------------------------


def _any_dict(check: Check) -> Check:
    """La même vérification, où Counter et defaultdict valent un dictionnaire."""

    def test(function):
        def plain(words):
            got = function(words)
            return dict(got) if isinstance(got, dict) else got

        check.test(plain)

    return Check(check.name, test)


def _count_no_frequency(words):
    counts = {}
    for symbols in words:
        for pair in zip(symbols, symbols[1:], strict=False):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def _count_overwrites(words):
    counts = {}
    for symbols, frequency in words.items():
        for pair in zip(symbols, symbols[1:], strict=False):
            counts[pair] = frequency
    return counts


def _count_once_per_word(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for pair in set(zip(symbols, symbols[1:], strict=False)):
            counts[pair] += frequency
    return counts


def _count_all_couples(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(len(symbols)):
            for j in range(i + 1, len(symbols)):
                counts[symbols[i], symbols[j]] += frequency
    return counts


def _count_circular(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(len(symbols)):
            counts[symbols[i - 1], symbols[i]] += frequency
    return counts


def _count_forgets_last(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(len(symbols) - 2):
            counts[symbols[i], symbols[i + 1]] += frequency
    return counts


def _count_steps_by_two(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(0, len(symbols) - 1, 2):
            counts[symbols[i], symbols[i + 1]] += frequency
    return counts


def _count_strings(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(len(symbols) - 1):
            counts[symbols[i] + symbols[i + 1]] += frequency
    return counts


def _count_letters(words):
    counts = Counter()
    for symbols, frequency in words.items():
        word = "".join(symbols)
        for pair in zip(word, word[1:], strict=False):
            counts[pair] += frequency
    return counts


def _count_too_far(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for i in range(len(symbols)):
            counts[symbols[i], symbols[i + 1]] += frequency
    return counts


def _count_needs_two(words):
    counts = Counter()
    for symbols, frequency in words.items():
        previous, current = symbols[0], symbols[1]
        counts[previous, current] += frequency
        for following in symbols[2:]:
            previous, current = current, following
            counts[previous, current] += frequency
    return counts


def _count_no_return(words):
    counts = Counter()
    for symbols, frequency in words.items():
        for pair in zip(symbols, symbols[1:], strict=False):
            counts[pair] += frequency


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
    statement='Chaque mot est donné comme un tuple de symboles, avec sa fréquence : {("l", "e", "s"): 3, …}. Rendez un dictionnaire qui dit, pour chaque paire de symboles voisins, combien de fois elle se présente dans le corpus : un mot vu trois fois compte trois fois.',
    difficulty=2,
    minutes=6,
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


def _merge_step_of_one(symbols, pair):
    merged = []
    for i in range(len(symbols)):
        if symbols[i : i + 2] == pair:
            merged.append(symbols[i] + symbols[i + 1])
        else:
            merged.append(symbols[i])
    return tuple(merged)


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


def _merge_keeps_couple(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            merged.append(pair)
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_loses_last(symbols, pair):
    merged, i = [], 0
    while i < len(symbols) - 1:
        if (symbols[i], symbols[i + 1]) == pair:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return tuple(merged)


def _merge_too_far(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if (symbols[i], symbols[i + 1]) == pair:
            merged.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
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
    minutes=8,
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
        Answer(_merge_loses_last, "fusionne la paire", "disparu"),
        Answer(_merge_too_far, "fusionne la paire", "indice dépasse"),
        Answer(_merge_endless, "fusionne la paire", "boucle ne finit pas"),
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
    title="Apprendre les fusions",
    statement="Partez des mots découpés en caractères. À chaque tour, fusionnez partout la paire la plus fréquente, et retenez-la ; à égalité, prenez la plus petite paire dans l'ordre de Python. Rendez la liste des paires, dans l'ordre où elles ont été apprises : il y en a « count », ou moins s'il ne reste plus de paire.",
    difficulty=4,
    minutes=10,
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
                    "La même paire revient : le résultat de la fusion est perdu. Remplacez les mots par les mots fusionnés.",
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
        raise Mistake(show((word, FRENCH_MERGES)), show(got), f"des tokens qui, recollés, donnent {word!r}", hint)


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
    statement="Découpez un mot en tokens : partez de ses caractères, puis appliquez les fusions une à une, dans l'ordre où elles ont été apprises. Rendez la liste des tokens ; un caractère qu'aucune fusion ne touche reste un token à lui seul.",
    difficulty=2,
    minutes=6,
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

CARDS = (count_pairs, merge_pair, learn_merges, encode_word)
