"""Leçon 06 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import math
import operator
from fractions import Fraction

import numpy as np

from answers import Answer

from aurore import catalogue, configurations, models


def _named(name, function):
    function.__name__ = name
    return function


# --- Retenir


def _fits(model, language, limit):
    return model["task"] == "text-generation" and model["language"] == language and model["licence"] and model["parameters"] <= limit


def _listing(name, fits=_fits, key=lambda m: (not m["books"], m["parameters"]), take=lambda m: m["name"], reverse=False):
    """Une liste juste, dont ne change qu'une pièce."""

    def shortlist(found, language, limit):
        kept = [model for model in found if fits(model, language, limit)]
        if key is not None:
            kept = sorted(kept, key=key, reverse=reverse)
        return [take(model) for model in kept]

    return _named(name, shortlist)


def _short_in_place(found, language, limit):
    found.sort(key=lambda m: (not m["books"], m["parameters"]))
    return [m["name"] for m in found if _fits(m, language, limit)]


def _short_french_only(found, language, limit):
    return _listing("")(found, "fr", limit)


def _short_early(found, language, limit):
    for model in found:
        if _fits(model, language, limit):
            return [model["name"]]


def _short_print(found, language, limit):
    print(_listing("")(found, language, limit))


def _short_loops(found, language, limit):
    books, others = [], []
    for model in found:
        if model["task"] != "text-generation" or model["language"] != language:
            continue
        if len(model["licence"]) == 0 or model["parameters"] > limit:
            continue
        (books if model["books"] else others).append((model["parameters"], model["name"]))
    return [name for _, name in sorted(books)] + [name for _, name in sorted(others)]


def _short_two_sorts(found, language, limit):
    kept = list(filter(lambda m: _fits(m, language, limit), found))
    kept.sort(key=operator.itemgetter("parameters"))
    kept.sort(key=operator.itemgetter("books"), reverse=True)
    return list(map(operator.itemgetter("name"), kept))


def _short_pandas(found, language, limit):
    import pandas

    table = pandas.DataFrame(found)
    kept = table[(table.task == "text-generation") & (table.language == language) & (table.licence != "") & (table.parameters <= limit)]
    return kept.sort_values(["books", "parameters"], ascending=[False, True])["name"].tolist()


# --- Compter


def _counting(name, tables=lambda v, p, c: (v + p) * c, block=None, last=lambda c: 2 * c, inner=None, times=lambda n: n):
    """Un compte juste, dont ne change qu'une pièce."""
    inner = inner or (lambda config, c: config.get("n_inner") or 4 * c)
    block = block or (lambda c, i: 3 * c * c + 3 * c + c * c + c + c * i + i + i * c + c + 4 * c)

    def count_gpt2(config):
        v, p, c, n = (config[key] for key in ("vocab_size", "n_positions", "n_embd", "n_layer"))
        return tables(v, p, c) + times(n) * block(c, inner(config, c)) + last(c)

    return _named(name, count_gpt2)


def _count_heads_of_attention(config):
    c, inner = config["n_embd"], config.get("n_inner") or 4 * config["n_embd"]
    attention = config["n_head"] * 4 * (c * c + c)
    return (config["vocab_size"] + config["n_positions"]) * c + config["n_layer"] * (attention + 2 * c * inner + inner + c + 4 * c) + 2 * c


def _count_strict_key(config):
    inner = config["n_inner"] or 4 * config["n_embd"]
    return configurations_by_hand(config | {"n_inner": inner})


def configurations_by_hand(config):
    return _counting("")(config)


def _count_no_return(config):
    configurations_by_hand(config)


def _count_none_crashes(config):
    inner = config.get("n_inner", 4 * config["n_embd"])
    c = config["n_embd"]
    return _counting("", inner=lambda *_: inner)(config) if inner + c else 0


def _count_as_text(config):
    return f"{configurations_by_hand(config):,}"


def _count_formula(config):
    c, n = config["n_embd"], config["n_layer"]
    inner = config.get("n_inner")
    inner = 4 * c if inner is None else inner
    return c * (config["vocab_size"] + config["n_positions"] + 2) + n * (4 * c * c + 2 * c * inner + 9 * c + inner)


def _count_layers(config):
    return sum(layer.weights for layer in configurations.layers({**config, "model_type": "gpt2"}))


def _count_transformers(config):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    names = ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "n_inner")
    with torch.device("meta"):
        model = GPT2LMHeadModel(GPT2Config(**{name: config[name] for name in names if name in config}))
    return sum(parameter.numel() for parameter in model.parameters())


def _count_shapes(config):
    import numpy

    c = config["n_embd"]
    i = config.get("n_inner") or 4 * c
    block = [(c,), (c,), (c, 3 * c), (3 * c,), (c, c), (c,), (c,), (c,), (c, i), (i,), (i, c), (c,)]
    once = [(config["vocab_size"], c), (config["n_positions"], c), (c,), (c,)]
    return int(sum(numpy.prod(shape) for shape in once + block * config["n_layer"]))


# --- Classer


def _ranking(name, key, reverse=False, take=lambda row: row["name"]):
    return _named(name, lambda rows: [take(row) for row in sorted(rows, key=key, reverse=reverse)])


def _bits(row):
    return math.log2(row["perplexity"]) * row["tokens"] / row["characters"]


def _rank_by_perplexity(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: row["perplexity"])]


def _rank_in_place(rows):
    rows.sort(key=_bits)
    return [row["name"] for row in rows]


def _rank_best_only(rows):
    return min(rows, key=_bits)["name"]


def _rank_numpy(rows):
    import numpy

    perplexity, tokens, characters = (numpy.array([row[name] for row in rows], float) for name in ("perplexity", "tokens", "characters"))
    order = numpy.argsort(numpy.log(perplexity) * tokens / characters)
    return [rows[index]["name"] for index in order]


def _rank_pairs(rows):
    pairs = sorted((math.log(row["perplexity"], 2) / (row["characters"] / row["tokens"]), row["name"]) for row in rows)
    return [name for _, name in pairs]


def _rank_selection(rows):
    left, names = list(rows), []
    while left:
        best = min(left, key=lambda row: row["perplexity"] ** float(Fraction(row["tokens"], row["characters"])))
        names.append(best["name"])
        left.remove(best)
    return names


# --- La mémoire


def _memory(name, rule):
    def training_memory(weights, bytes_per_weight=4):
        return rule(weights, bytes_per_weight)

    return _named(name, training_memory)


def _memory_read_only(weights, bytes_per_weight=4):
    return weights * bytes_per_weight


def _memory_no_default(weights, bytes_per_weight):
    return 4 * weights * bytes_per_weight


def _memory_sum(weights, bytes_per_weight=4):
    parts = {"weights": weights, "gradients": weights, "first": weights, "second": weights}
    return sum(parts.values()) * bytes_per_weight


_SHORT, _RANGE, _FOLLOW = "garde ce qui convient, et le range", "suit la langue et la limite données", "rend une liste vide s'il n'y a rien"
_HAND, _INNER, _ABSENT, _BIG = "compte un réseau qui tient dans la main", "suit n_inner quand il est donné", "accepte un n_inner absent", "trouve les 124 439 808 poids de GPT-2"
_TRUST, _EXCERPT = "ne se fie pas à la perplexité par token", "compare des textes de longueurs différentes"
_FOUR, _SIZE, _DEFAULT = "compte quatre nombres par poids", "suit la taille d'un nombre", "prend 4 octets à défaut"

# --- Écrites d'après le seul énoncé ------------------------------------------------------------


# Reverse : le plus lourd d'abord.
def _fresh_shortlist_w5(found, language, limit):
    kept = [m for m in found if m["task"] == "text-generation" and m["language"] == language and m["licence"] and m["parameters"] <= limit]
    return [m["name"] for m in sorted(kept, key=lambda m: (m["books"], m["parameters"]), reverse=True)]


# Licence is not None.
def _fresh_shortlist_w9(found, language, limit):
    kept = [m for m in found if m["task"] == "text-generation" and m["language"] == language and m["licence"] is not None and m["parameters"] <= limit]
    return [m["name"] for m in sorted(kept, key=lambda m: (not m["books"], m["parameters"]))]


# Trie par nom.
def _fresh_shortlist_w10(found, language, limit):
    kept = [m for m in found if m["task"] == "text-generation" and m["language"] == language and m["licence"] and m["parameters"] <= limit]
    return sorted(m["name"] for m in kept)


# Deux tris dans le mauvais ordre.
def _fresh_shortlist_w12(found, language, limit):
    kept = [m for m in found if m["task"] == "text-generation" and m["language"] == language and m["licence"] and m["parameters"] <= limit]
    kept.sort(key=lambda m: not m["books"])
    kept.sort(key=lambda m: m["parameters"])
    return [m["name"] for m in kept]


# Clé composée.
def _fresh_shortlist_r1(found, language, limit):
    kept = [m for m in found if m["task"] == "text-generation" and m["language"] == language and m["licence"] and m["parameters"] <= limit]
    return [m["name"] for m in sorted(kept, key=lambda m: (not m["books"], m["parameters"]))]


# Deux listes.
def _fresh_shortlist_r2(found, language, limit):
    def ok(m):
        return m["task"] == "text-generation" and m["language"] == language and bool(m["licence"]) and m["parameters"] <= limit
    light = sorted(filter(ok, found), key=lambda m: m["parameters"])
    return [m["name"] for m in light if m["books"]] + [m["name"] for m in light if not m["books"]]


# Boucle et deux tris.
def _fresh_shortlist_r3(found, language, limit):
    kept = []
    for m in found:
        if m["task"] != "text-generation" or m["language"] != language:
            continue
        if not m["licence"] or m["parameters"] > limit:
            continue
        kept.append(m)
    kept.sort(key=lambda m: m["parameters"])
    kept.sort(key=lambda m: m["books"], reverse=True)
    return [m["name"] for m in kept]


# Config.get('n_inner', 4C) : None.
def _fresh_count_gpt2_w5(config):
    V, P, C, n = config["vocab_size"], config["n_positions"], config["n_embd"], config["n_layer"]
    I = config.get("n_inner", 4 * C)
    return (V + P) * C + n * (4 * C**2 + 4 * C + 2 * C * I + I + C + 4 * C) + 2 * C


# Multiplie par les têtes.
def _fresh_count_gpt2_w9(config):
    V, P, C, n, h = config["vocab_size"], config["n_positions"], config["n_embd"], config["n_layer"], config["n_head"]
    I = config.get("n_inner") or 4 * C
    return (V + P) * C + n * h * (4 * C**2 + 4 * C + 2 * C * I + I + C + 4 * C) + 2 * C


# Division : un float.
def _fresh_count_gpt2_w10(config):
    V, P, C, n = config["vocab_size"], config["n_positions"], config["n_embd"], config["n_layer"]
    I = config.get("n_inner") or 4 * C
    return (V + P) * C + n * (4 * C**2 + 4 * C + 2 * C * I + I + C + 4 * C) + 4 * C / 2


# Parenthèse oubliée : (V + P × C).
def _fresh_count_gpt2_w12(config):
    V, P, C, n = config["vocab_size"], config["n_positions"], config["n_embd"], config["n_layer"]
    I = config.get("n_inner") or 4 * C
    return V + P * C + n * (4 * C**2 + 4 * C + 2 * C * I + I + C + 4 * C) + 2 * C


# 2C² au lieu de 4C² (projection oubliée).
def _fresh_count_gpt2_w13(config):
    V, P, C, n = config["vocab_size"], config["n_positions"], config["n_embd"], config["n_layer"]
    I = config.get("n_inner") or 4 * C
    return (V + P) * C + n * (3 * C**2 + 3 * C + 2 * C * I + I + C + 4 * C) + 2 * C


# Formule.
def _fresh_count_gpt2_r1(config):
    V, P, C, n = (config[k] for k in ("vocab_size", "n_positions", "n_embd", "n_layer"))
    I = config.get("n_inner") or 4 * C
    return (V + P) * C + n * (4 * C**2 + 4 * C + 2 * C * I + I + C + 4 * C) + 2 * C


# Pièce par pièce.
def _fresh_count_gpt2_r2(config):
    width = config["n_embd"]
    inner = config["n_inner"] if "n_inner" in config and config["n_inner"] is not None else 4 * width
    norm = 2 * width
    attention = (width * 3 * width + 3 * width) + (width * width + width)
    mlp = width * inner + inner + inner * width + width
    total = config["vocab_size"] * width + config["n_positions"] * width
    for _ in range(config["n_layer"]):
        total += norm + attention + norm + mlp
    return total + norm


# Perte totale, sans diviser par les caractères.
def _fresh_rank_w4(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: math.log2(row["perplexity"]) * row["tokens"])]


# À l'envers.
def _fresh_rank_w5(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: math.log2(row["perplexity"]) * row["tokens"] / row["characters"], reverse=True)]


# Caractères / tokens.
def _fresh_rank_w6(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: math.log(row["perplexity"]) * row["characters"] / row["tokens"])]


# Rend les nombres.
def _fresh_rank_w8(rows):
    return sorted(math.log2(row["perplexity"]) * row["tokens"] / row["characters"] for row in rows)


# Arrondit à un chiffre.
def _fresh_rank_w12(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: round(math.log2(row["perplexity"]) * row["tokens"] / row["characters"]))]


# Exp au lieu de log.
def _fresh_rank_w14(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: math.exp(row["perplexity"]) * row["tokens"] / row["characters"])]


# Log2.
def _fresh_rank_r1(rows):
    return [row["name"] for row in sorted(rows, key=lambda row: math.log2(row["perplexity"]) * row["tokens"] / row["characters"])]


# Numpy.
def _fresh_rank_r2(rows):
    bits = np.array([np.log(r["perplexity"]) * r["tokens"] / r["characters"] for r in rows])
    return [rows[i]["name"] for i in bits.argsort(kind="stable")]


# Perplexité par caractère.
def _fresh_rank_r3(rows):
    per = {r["name"]: r["perplexity"] ** (r["tokens"] / r["characters"]) for r in rows}
    return sorted(per, key=per.get)


# Gradient et moyennes seuls en 4 octets.
def _fresh_training_memory_w4(weights, bytes_per_weight=4):
    return weights * bytes_per_weight + 3 * weights * 4


# Puissance.
def _fresh_training_memory_w6(weights, bytes_per_weight=4):
    return weights * bytes_per_weight ** 4


# Défaut changé à 2.
def _fresh_training_memory_w11(weights, bytes_per_weight=2):
    return 4 * weights * bytes_per_weight


# Quatre.
def _fresh_training_memory_r1(weights, bytes_per_weight=4):
    return 4 * weights * bytes_per_weight


# Somme.
def _fresh_training_memory_r2(weights, bytes_per_weight=4):
    gradient, mean, square = weights, weights, weights
    return (weights + gradient + mean + square) * bytes_per_weight


# Paramètre renommé.
def _fresh_training_memory_r3(weights, octets=4):
    return sum([weights * octets] * 4)


WRONG = {
    "models.shortlist": (
        Answer(_listing("_any_language", lambda m, language, limit: _fits(m, m["language"], limit)), _SHORT, "d'une autre langue"),
        Answer(_listing("_any_weight", lambda m, language, limit: _fits(m, language, 1e9)), _SHORT, "300 poids"),
        Answer(_listing("_strict", lambda m, language, limit: _fits(m, language, limit - 1)), _SHORT, "la limite est comprise"),
        Answer(_listing("_any_licence", lambda m, language, limit: _fits({**m, "licence": "?"}, language, limit)), _SHORT, "sans licence"),
        Answer(_listing("_any_task", lambda m, language, limit: _fits({**m, "task": "text-generation"}, language, limit)), _SHORT, "qui n'écrit pas"),
        Answer(_listing("_books_only", lambda m, language, limit: m["books"] and _fits(m, language, limit)), _SHORT, "ils conviennent aussi"),
        Answer(_listing("_whole", take=lambda m: m), _SHORT, "on demande leurs noms"),
        Answer(_listing("_books_last", key=lambda m: (m["books"], m["parameters"])), _SHORT, "not books"),
        Answer(_listing("_by_weight", key=lambda m: m["parameters"]), _SHORT, "les livres comptent d'abord"),
        Answer(_listing("_heavy_first", key=lambda m: (m["books"], m["parameters"]), reverse=True), _SHORT, "à égalité, c'est le plus léger"),
        Answer(_listing("_unsorted", key=None), _SHORT, "il reste à les ranger"),
        Answer(_listing("_books_then_given", key=lambda m: not m["books"]), _SHORT, "rangez-le par poids"),
        Answer(_listing("_by_name", key=lambda m: m["name"]), _SHORT, "dans un autre ordre"),
        Answer(_short_french_only, _RANGE, "employez language"),
        Answer(_short_in_place, _SHORT, "travaillez sur une copie"),
        Answer(_short_early, _SHORT),
        Answer(_short_print, _SHORT),
        Answer(_named("_none_when_empty", lambda found, language, limit: _listing("")(found, language, limit) or None), _FOLLOW, "la liste est vide"),
        Answer(_fresh_shortlist_w5, 'garde ce qui convient, et le range', "Le plus lourd vient d'abord : à égalité, c'est le plus léger."),
        Answer(_fresh_shortlist_w9, 'garde ce qui convient, et le range', "Un modèle sans licence est dans la liste : on n'aurait pas le droit"),
        Answer(_fresh_shortlist_w10, 'garde ce qui convient, et le range', "Ce sont les bons modèles, dans un autre ordre : les livres d'abord,"),
        Answer(_fresh_shortlist_w12, 'garde ce qui convient, et le range', "Ils sont rangés par poids seulement : les livres comptent d'abord."),
    ),
    "models.count_gpt2": (
        Answer(_counting("_output_apart", tables=lambda v, p, c: (2 * v + p) * c), _HAND, "comptée deux fois"),
        Answer(_counting("_no_positions", tables=lambda v, p, c: v * c), _HAND, "table des rangs"),
        Answer(_counting("_no_tokens", tables=lambda v, p, c: p * c), _HAND, "table des tokens"),
        Answer(_counting("_no_last", last=lambda c: 0), _HAND, "la dernière norme"),
        Answer(_counting("_no_norms", block=lambda c, i: 4 * c * c + 4 * c + 2 * c * i + i + c), _HAND, "deux normes de chaque bloc"),
        Answer(_counting("_no_norm_at_all", block=lambda c, i: 4 * c * c + 4 * c + 2 * c * i + i + c, last=lambda c: 0), _HAND, "Il manque les normes"),
        Answer(_counting("_no_biases", block=lambda c, i: 4 * c * c + 2 * c * i + 4 * c), _HAND, "Il manque les biais"),
        Answer(_counting("_matrices", block=lambda c, i: 4 * c * c + 2 * c * i, last=lambda c: 0), _HAND, "que les matrices"),
        Answer(_counting("_attention_only", block=lambda c, i: 4 * c * c + 4 * c + 4 * c), _HAND, "la couche du milieu"),
        Answer(_counting("_one_projection", block=lambda c, i: 2 * c * c + 4 * c + 2 * c * i + i + c + 4 * c), _HAND, "c_attn en a trois"),
        Answer(_counting("_one_projection_and_bias", block=lambda c, i: 2 * c * c + 2 * c + 2 * c * i + i + c + 4 * c), _HAND, "c_attn en a trois"),
        Answer(_counting("_one_block", times=lambda n: 1), _HAND, "Un seul bloc"),
        Answer(_counting("_always_four", inner=lambda config, c: 4 * c), _INNER, "n_inner vaut 9 ici"),
        Answer(_count_strict_key, _ABSENT),
        Answer(_count_none_crashes, _HAND),
        Answer(_count_no_return, _HAND),
        Answer(_count_as_text, _HAND),
        Answer(_fresh_count_gpt2_w5, 'compte un réseau qui tient dans la main', "Une valeur vaut None à cette ligne. Elle vient d'un argument, d'une"),
        Answer(_count_heads_of_attention, _HAND, "L'attention est multipliée par le nombre de têtes"),
        Answer(_fresh_count_gpt2_w9, 'compte un réseau qui tient dans la main', 'Les blocs sont multipliés par le nombre de têtes : elles se partagent'),
        Answer(_fresh_count_gpt2_w10, 'compte un réseau qui tient dans la main', "C'est un nombre à virgule, et non un nombre entier. La valeur est la"),
        Answer(_fresh_count_gpt2_w12, 'compte un réseau qui tient dans la main', "C'est 40 de moins. V = 10, P = 5, C = 5, trois blocs : 50 + 25 pour"),
        Answer(_fresh_count_gpt2_w13, 'compte un réseau qui tient dans la main', "Il manque une matrice de l'attention par bloc : questions, clés,"),
    ),
    "models.rank": (
        Answer(_rank_by_perplexity, _TRUST, "l'ordre des perplexités"),
        Answer(_ranking("_by_bits_per_token", lambda row: math.log2(row["perplexity"])), _TRUST, "l'ordre des perplexités"),
        Answer(_ranking("_reversed", _bits, reverse=True), _TRUST, "le bon ordre à l'envers"),
        Answer(_ranking("_total", lambda row: math.log2(row["perplexity"]) * row["tokens"]), _EXCERPT, "bits perdus en tout"),
        Answer(_ranking("_one_token", lambda row: math.log2(row["perplexity"]) / row["characters"]), _TRUST, "l'ordre des perplexités"),
        Answer(_ranking("_no_logarithm", lambda row: row["perplexity"] * row["tokens"] / row["characters"]), _TRUST, "Il y manque leur logarithme"),
        Answer(_ranking("_cutting", lambda row: row["tokens"] / row["characters"]), _EXCERPT, "l'ordre des découpages"),
        Answer(_ranking("_whole_rows", _bits, take=lambda row: row), _TRUST, "on demande les noms"),
        Answer(_rank_in_place, _TRUST, "travaillez sur une copie"),
        Answer(_ranking("_rounded", lambda row: round(_bits(row), 1)), "départage deux modèles proches", "si vous arrondissez"),
        Answer(_rank_best_only, _TRUST),
        Answer(_named("_rank_nothing", lambda rows: None), _TRUST),
        Answer(_ranking("_inverse_length", lambda row: math.log2(row["perplexity"]) * row["characters"] / row["tokens"]), _TRUST, "c'est le rapport qui est renversé"),
        Answer(_fresh_rank_w4, 'compare des textes de longueurs différentes', "C'est l'ordre des bits perdus en tout : qui a été mesuré sur un texte"),
        Answer(_fresh_rank_w5, 'ne se fie pas à la perplexité par token', "C'est le bon ordre à l'envers : qui perd le moins de bits par"),
        Answer(_fresh_rank_w6, 'ne se fie pas à la perplexité par token', "C'est le bon ordre à l'envers : qui perd le moins de bits par"),
        Answer(_fresh_rank_w8, 'ne se fie pas à la perplexité par token', "Dans chaque élément : c'est un nombre à virgule, et non un texte. «"),
        Answer(_fresh_rank_w12, 'ne se fie pas à la perplexité par token', 'Les éléments sont les mêmes, dans un autre ordre. « lettres » perd 2'),
        Answer(_fresh_rank_w14, 'ne se fie pas à la perplexité par token', "C'est l'ordre des perplexités. Il y manque leur logarithme"),
    ),
    "models.training_memory": (
        Answer(_memory_read_only, _FOUR, "un nombre par poids"),
        Answer(_memory("_with_gradients", lambda w, b: 2 * w * b), _FOUR, "deux moyennes qu'Adam tient"),
        Answer(_memory("_one_mean", lambda w, b: 3 * w * b), _FOUR, "celle de son carré"),
        Answer(_memory("_five", lambda w, b: 5 * w * b), _FOUR, "cinq nombres par poids"),
        Answer(_memory("_numbers", lambda w, b: 4 * w), _FOUR, "quatre d'un seul octet"),
        Answer(_memory("_gigabytes", lambda w, b: 4 * w * b / 1e9), _FOUR, "gigaoctets"),
        Answer(_memory("_gibibytes", lambda w, b: 4 * w * b / 2**30), _FOUR, "2³⁰"),
        Answer(_memory("_bits", lambda w, b: 32 * w * b), _FOUR, "Ce sont des bits"),
        Answer(_memory("_always_four_bytes", lambda w, b: 16 * w), _SIZE, "restée à 4 octets"),
        Answer(_memory_no_default, _DEFAULT),
        Answer(_memory("_nothing", lambda w, b: None), _FOUR),
        Answer(_memory("_text", lambda w, b: f"{4 * w * b} octets"), _FOUR),
        Answer(_fresh_training_memory_w4, "suit la taille d'un nombre", "Une partie des nombres est restée à 4 octets"),
        Answer(_memory("_one_stays_at_four_bytes", lambda w, b: 4 * w + 3 * w * b), _SIZE, "Une partie des nombres est restée à 4 octets"),
        Answer(_memory("_two_stay_at_four_bytes", lambda w, b: 2 * w * b + 8 * w), _SIZE, "Une partie des nombres est restée à 4 octets"),
        Answer(_memory("_square_of_the_size", lambda w, b: w * b**2), _SIZE, "2 × 2 octets par poids"),
        Answer(_fresh_training_memory_w6, 'compte quatre nombres par poids', "Plus de dix fois trop grand : c'est 240000 de trop. 1 000 poids de 4"),
        Answer(_fresh_training_memory_w11, 'prend 4 octets à défaut', "C'est la moitié de ce qui est attendu. Sans second argument, un"),
    ),
}  # fmt: skip

RIGHT = {
    "models.shortlist": (_short_loops, _short_two_sorts, _short_pandas,
        _fresh_shortlist_r1,
        _fresh_shortlist_r2,
        _fresh_shortlist_r3,
    ),
    "models.count_gpt2": (_count_formula, _count_layers, _count_transformers, _count_shapes,
        _fresh_count_gpt2_r1,
        _fresh_count_gpt2_r2,
    ),
    "models.rank": (_rank_numpy, _rank_pairs, _rank_selection,
        _fresh_rank_r1,
        _fresh_rank_r2,
        _fresh_rank_r3,
    ),
    "models.training_memory": (
        _memory("_memory_plain", lambda weights, size: 4 * weights * size),
        _memory_sum,
        _memory("_memory_bytes", lambda weights, size: sum(weights * size for _ in range(4))),
        _fresh_training_memory_r1,
        _fresh_training_memory_r2,
        _fresh_training_memory_r3,
    ),
}  # fmt: skip


def use():
    """La leçon, en petit : retenir, compter, classer ce qu'on a mesuré, dire la mémoire qu'il faut."""
    rows = [
        {"name": "a", "perplexity": 30.0, "tokens": 200, "characters": 800},
        {"name": "b", "perplexity": 12.0, "tokens": 400, "characters": 800},
    ]
    needs = catalogue.needs("distilbert/distilgpt2")
    return {"kept": catalogue.choose("fr", 200_000_000), "needs": list(needs), "ranked": catalogue.rank(rows), "same": models.rank(rows)}
