"""Leçon 10 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import copy
import io
import itertools
import json
import random
import re
from collections import Counter

import numpy as np
import torch
from answers import Answer
from small import small_model, small_tokenizer

from aurore import instructions, rows
from aurore.rows import Row, folded


def _named(name, function):
    function.__name__ = name
    return function


# --- Le gabarit -----------------------------------------------------------------------------------------


def _render(name, build):
    """Une réponse qui fait une liste de lignes, puis les joint."""
    return _named(name, lambda instruction, context="", base="": "\n".join(build(instruction, context, base)))


def _lines(q, c, b):
    return [*([b] if b else []), *([f"Contexte : {c}"] if c else []), f"Question : {q}", "Réponse :"]


def _render_text(instruction, context="", base=""):
    text = ""
    if base:
        text += base + "\n"
    if context != "":
        text += "Contexte : " + context + "\n"
    return text + "Question : " + instruction + "\n" + "Réponse :"


def _render_filter(instruction, context="", base=""):
    lines = [base, "Contexte : " + context if context else None, "Question : " + instruction, "Réponse :"]
    return "\n".join(filter(None, lines))


def _render_format(instruction, context="", base=""):
    head = "{}\n".format(base) * bool(base) + "Contexte : {}\n".format(context) * bool(context)
    return "{}Question : {}\nRéponse :".format(head, instruction)


_RENDER_WRONG = (
    Answer(_named("_render_base_with_context", lambda q, c="", b="": "\n".join(_lines(q, c, b if c else ""))), "garde la consigne générale sans contexte", "quand il n'y a pas de contexte"),
    Answer(_named("_render_stripped", lambda q, c="", b="": "\n".join(_lines(q, c, b.strip()))), "ne touche pas à la consigne générale", "ont disparu"),
    Answer(_named("_render_space", lambda q, c="", b="": "\n".join(_lines(q, c, b)) + " "), "pose la question", "il y en aurait deux"),
    Answer(_named("_render_newline", lambda q, c="", b="": "\n".join(_lines(q, c, b)) + "\n"), "pose la question", "vient sur la même"),
    Answer(_named("_render_document", lambda q, c="", b="": f"## {q}\nLLM:"), "pose la question", "amorce des documents"),
    Answer(_render("_render_no_answer", lambda q, c, b: _lines(q, c, b)[:-1]), "pose la question", "« Réponse : » manque"),
    Answer(_named("_render_list", lambda q, c="", b="": _lines(q, c, b)), "pose la question", "joignez-les"),
    Answer(_render("_render_empty_context", lambda q, c, b: [f"Contexte : {c}", f"Question : {q}", "Réponse :"]), "pose la question", "contexte vide a gardé sa ligne"),
    Answer(_render("_render_empty_base", lambda q, c, b: [b, *_lines(q, c, "")]), "pose la question", "Une ligne vide ouvre"),
    Answer(_render("_render_late_context", lambda q, c, b: [*([b] if b else []), f"Question : {q}", *([f"Contexte : {c}"] if c else []), "Réponse :"]), "donne le contexte d'abord", "il vient avant"),
    Answer(_render("_render_forgets_context", lambda q, c, b: _lines(q, "", b)), "donne le contexte d'abord", "Le contexte est oublié"),
    Answer(_render("_render_bare_context", lambda q, c, b: [*([c] if c else []), *_lines(q, "", b)]), "donne le contexte d'abord", "Rien n'annonce le contexte"),
    Answer(_render("_render_forgets_base", lambda q, c, b: _lines(q, c, "")), "met la consigne générale en tête", "consigne générale est oubliée"),
    Answer(_render("_render_late_base", lambda q, c, b: [*([f"Contexte : {c}"] if c else []), *([b] if b else []), f"Question : {q}", "Réponse :"]), "met la consigne générale en tête", "elle vient en tête"),
    Answer(_named("_render_glued_base", lambda q, c="", b="": (b + " " if b else "") + "\n".join(_lines(q, c, ""))), "met la consigne générale en tête", "n'a pas sa ligne"),
)  # fmt: skip


# --- Les étiquettes -------------------------------------------------------------------------------------


def _encode(name, ids, labels):
    return _named(name, lambda p, a, e: {"input_ids": ids(p, a, e), "labels": labels(p, a, e)})


def _encode_document(prompt, answer, end):
    """Ce que font les dix-sept scripts."""
    return {"input_ids": list(prompt), "labels": [*answer, end]}


def _all(p, a, e):
    return [*p, *a, e]


def _hidden(p, a, e):
    return [-100] * len(p) + [*a, e]


def _encode_numpy(prompt, answer, end):
    ids = np.array([*prompt, *answer, end])
    labels = ids.copy()
    labels[: len(prompt)] = -100
    return {"input_ids": ids, "labels": labels}


def _encode_torch(prompt, answer, end):
    ids = torch.tensor([*prompt, *answer, end])
    labels = ids.clone()
    labels[: len(prompt)] = -100
    return {"labels": labels, "input_ids": ids}


def _encode_loop(prompt, answer, end):
    input_ids, labels = [], []
    for token in prompt:
        input_ids.append(token)
        labels.append(-100)
    for token in list(answer) + [end]:
        input_ids.append(token)
        labels.append(token)
    return {"input_ids": input_ids, "labels": labels}


_NEXT, _LAST = "met la réponse à la suite de la question", "garde la fin de texte qui serait dans la réponse"
_ONLY = "n'apprend que la réponse et sa fin"
_ENCODE_WRONG = (
    Answer(_encode_document, _NEXT, "Il n'y a que la question"),
    Answer(_encode("_encode_answer_only", lambda p, a, e: [*a, e], lambda p, a, e: [*a, e]), _NEXT, "Il n'y a que la réponse"),
    Answer(_encode("_encode_endless", lambda p, a, e: [*p, *a], lambda p, a, e: [-100] * len(p) + [*a]), _NEXT, "La fin de texte manque"),
    Answer(_encode("_encode_separated", lambda p, a, e: [*p, e, *a, e], lambda p, a, e: [-100] * (len(p) + 1) + [*a, e]), _NEXT, "oublierait la question"),
    Answer(_encode("_encode_hidden_ids", _hidden, _hidden), _NEXT, "-100 n'est pas un token"),
    Answer(_encode("_encode_reversed", lambda p, a, e: [*a, *p, e], _hidden), _NEXT, "avant la question"),
    Answer(_encode("_encode_short", _all, lambda p, a, e: [*a, e]), _ONLY, "place pour place"),
    Answer(_encode("_encode_everything", _all, _all), _ONLY, "La question est apprise aussi"),
    Answer(_encode("_encode_end_hidden", _all, lambda p, a, e: [-100] * len(p) + [*a, -100]), _ONLY, "ne s'arrêterait pas"),
    Answer(_encode("_encode_end_missing", _all, lambda p, a, e: [-100] * len(p) + [*a]), _ONLY, "La fin n'a pas d'étiquette"),
    Answer(_encode("_encode_shifted", _all, lambda p, a, e: [*_hidden(p, a, e)[1:], -100]), _ONLY, "décalées d'une place"),
    Answer(_encode("_encode_zeros", _all, lambda p, a, e: [0] * len(p) + [*a, e]), _ONLY, "l'étiquette ignorée est -100"),
    Answer(_encode("_encode_minus_one", _all, lambda p, a, e: [-1] * len(p) + [*a, e]), _ONLY, "-1 n'est pas ignoré"),
    Answer(_encode("_encode_inverted", _all, lambda p, a, e: [*p, *[-100] * (len(a) + 1)]), _ONLY, "C'est à l'envers"),
    Answer(_encode("_encode_by_value", _all, lambda p, a, e: [-100] * len(p) + [-100 if t == e else t for t in a] + [e]), _LAST, "fiez-vous aux places"),
)  # fmt: skip


# --- Le lot ---------------------------------------------------------------------------------------------


def _collate(name, labels, ids=None, mask=None):
    """Un lot dont ne changent que certaines entrées ; chaque fonction reçoit l'exemple, le manque et pad."""
    ids = ids or (lambda x, m, p: x["input_ids"] + [p] * m)
    mask = mask or (lambda x, m, p: [1] * len(x["input_ids"]) + [0] * m)

    def answer(examples, pad):
        width = max(len(x["input_ids"]) for x in examples)
        parts = [(x, width - len(x["input_ids"]), pad) for x in examples]
        return {
            "input_ids": [ids(*part) for part in parts],
            "attention_mask": [mask(*part) for part in parts],
            "labels": [labels(*part) for part in parts],
        }

    return _named(name, answer)


def _kept(x, m, p):
    return x["labels"] + [-100] * m


def _collate_document(examples, pad):
    """Ce que fait DataCollatorForLanguageModeling, avec pad_token = eos_token."""
    width = max(len(example["input_ids"]) for example in examples)
    batch = {"input_ids": [], "attention_mask": [], "labels": []}
    for example in examples:
        ids = example["input_ids"]
        missing = width - len(ids)
        batch["input_ids"].append(ids + [pad] * missing)
        batch["attention_mask"].append([1] * len(ids) + [0] * missing)
    for row in batch["input_ids"]:
        batch["labels"].append([-100 if token == pad else token for token in row])
    return batch


def _collate_torch(examples, pad):
    def padded(name, value):
        tensors = [torch.tensor(example[name]) for example in examples]
        return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True, padding_value=value)

    ones = [torch.ones(len(example["input_ids"]), dtype=torch.long) for example in examples]
    return {
        "input_ids": padded("input_ids", pad),
        "labels": padded("labels", -100),
        "attention_mask": torch.nn.utils.rnn.pad_sequence(ones, batch_first=True),
    }


def _collate_zip(examples, pad):
    def columns(values, fill):
        return [list(row) for row in zip(*itertools.zip_longest(*values, fillvalue=fill), strict=True)]

    return {
        "input_ids": columns([x["input_ids"] for x in examples], pad),
        "attention_mask": columns([[1] * len(x["input_ids"]) for x in examples], 0),
        "labels": columns([x["labels"] for x in examples], -100),
    }


def _collate_numpy(examples, pad):
    shape = len(examples), max(len(x["input_ids"]) for x in examples)
    ids, mask, labels = np.full(shape, pad), np.zeros(shape, dtype=int), np.full(shape, -100)
    for row, example in enumerate(examples):
        size = len(example["input_ids"])
        ids[row, :size], mask[row, :size], labels[row, :size] = example["input_ids"], 1, example["labels"]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


_END, _FILL, _HIDE = "apprend la fin et cache la question", "complète les tokens", "cache le remplissage, non la fin"


def _short(examples, pad):
    size = min(len(x["input_ids"]) for x in examples)
    return {
        "input_ids": [x["input_ids"][:size] for x in examples],
        "attention_mask": [[1] * size for x in examples],
        "labels": [x["labels"] + [-100] * (4 - len(x["labels"])) for x in examples],
    }


_COLLATE_WRONG = (
    Answer(_collate_document, _END, "la fin, qui a le numéro de pad, est cachée"),
    Answer(_collate("_collate_copies", lambda x, m, p: x["input_ids"] + [p] * m), _END, "question et remplissage s'apprennent"),
    Answer(_collate("_collate_from_ids", lambda x, m, p: x["input_ids"] + [-100] * m), _END, "la question s'apprend de nouveau"),
    Answer(_collate("_collate_end_hidden", lambda x, m, p: [-100 if t == p else t for t in x["labels"]] + [-100] * m), _END, "ne cherchez pas cette valeur"),
    Answer(_collate("_collate_pad_learnt", lambda x, m, p: x["labels"] + [p] * m), _END, "Le remplissage s'apprend"),
    Answer(_collate("_collate_ragged", lambda x, m, p: x["labels"]), _END, "ne sont pas complétées"),
    Answer(_collate("_collate_left_labels", lambda x, m, p: [-100] * m + x["labels"]), _END, "le remplissage va à droite"),
    Answer(_collate("_collate_zero", _kept, ids=lambda x, m, p: x["input_ids"] + [0] * m), _FILL, "il vaut pad, ici 5"),
    Answer(_collate("_collate_hidden_ids", _kept, ids=lambda x, m, p: x["input_ids"] + [-100] * m), _FILL, "-100 n'est pas un token"),
    Answer(_collate("_collate_left", _kept, ids=lambda x, m, p: [p] * m + x["input_ids"]), _FILL, "Le remplissage est à gauche"),
    Answer(_collate("_collate_ragged_ids", _kept, ids=lambda x, m, p: x["input_ids"]), _FILL, "Rien n'est complété"),
    Answer(_short, _FILL, "du plus court"),
    Answer(_collate("_collate_mask_value", _kept, mask=lambda x, m, p: [int(t != p) for t in x["input_ids"]] + [0] * m), _HIDE, "une place trop tôt"),
    Answer(_collate("_collate_mask_ones", _kept, mask=lambda x, m, p: [1] * (len(x["input_ids"]) + m)), _HIDE, "le remplissage serait lu"),
    Answer(_collate("_collate_mask_inverted", _kept, mask=lambda x, m, p: [0] * len(x["input_ids"]) + [1] * m), _HIDE, "à l'envers"),
    Answer(_collate("_collate_mask_question", _kept, mask=lambda x, m, p: [int(t != -100) for t in x["labels"]] + [0] * m), _HIDE, "mais elle se lit"),
)  # fmt: skip


# --- Une réponse juste ----------------------------------------------------------------------------------


def _contains(name, rule):
    return _named(name, lambda key, found: rule(key, found))


def _contains_words(key, found):
    wanted, words = folded(key).split(), folded(found).split()
    return any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1))


def _contains_regex(key, found):
    return re.search(rf"(^|\s){re.escape(folded(key))}(\s|$)", folded(found)) is not None


def _contains_padded(key, found):
    return (" " + folded(found) + " ").find(" " + folded(key) + " ") >= 0


_YES, _WORD, _CASE = "trouve la réponse dans la phrase", "ne prend pas un morceau de mot", "oublie les accents et les majuscules"
_SEQ, _NO, _VOID = "veut les mots dans l'ordre, et de suite", "dit non à une autre réponse", "dit non à une réponse vide"
_CONTAINS_WRONG = (
    Answer(_contains("_contains_left", lambda k, f: f" {folded(k)}" in f" {folded(f)}"), "ne prend pas le début d'un mot", "des deux côtés"),
    Answer(_contains("_contains_equal", lambda k, f: folded(k) == folded(f)), _YES, "plus longue que la clé"),
    Answer(_contains("_contains_raw_words", lambda k, f: f" {k} " in f" {f} "), _YES, "le point qui la suit ne compte pas"),
    Answer(_contains("_contains_end", lambda k, f: folded(f).startswith(folded(k))), _YES, "plus longue que la clé"),
    Answer(_contains("_contains_inverted", lambda k, f: folded(f) in folded(k)), _YES, "plus longue que la clé"),
    Answer(_contains("_contains_none", lambda k, f: None), _YES),
    Answer(_contains("_contains_substring", lambda k, f: folded(k) in folded(f)), _WORD, "comparez des mots entiers"),
    Answer(_contains("_contains_always", lambda k, f: True), _WORD, "comparez des mots entiers"),
    Answer(_contains("_contains_raw", lambda k, f: re.search(rf"\b{k}\b", f) is not None), _CASE, "ni les majuscules"),
    Answer(_contains("_contains_raw_strip", lambda k, f: k in f.replace(".", "").split() or f" {k} " in f), _CASE, "ni les majuscules"),
    Answer(_contains("_contains_set", lambda k, f: set(folded(k).split()) <= set(folded(f).split())), _SEQ, "cherchés un à un"),
    Answer(_contains("_contains_any", lambda k, f: any(w in folded(f).split() for w in folded(k).split())), _SEQ, "cherchés un à un"),
    Answer(_contains("_contains_count", lambda k, f: Counter(folded(k).split()) <= Counter(folded(f).split())), _SEQ, "cherchés un à un"),
    Answer(_contains("_contains_void", lambda k, f: _contains_words(k, f) or not f), _VOID, "non l'inverse"),
)  # fmt: skip


# --- Deux modèles ---------------------------------------------------------------------------------------


def _each_document(base, datasets, train):
    """Ce que fait FT-20 : un seul objet, entraîné deux fois."""
    trained = []
    for rows in datasets:
        train(base, rows)
        trained.append(base)
    return trained


def _each_once(base, datasets, train):
    model = copy.deepcopy(base)
    trained = []
    for rows in datasets:
        train(model, rows)
        trained.append(model)
    return trained


def _each_chained(base, datasets, train):
    trained, model = [], base
    for rows in datasets:
        model = copy.deepcopy(model)
        train(model, rows)
        trained.append(model)
    return trained


def _each_new(base, datasets, train):
    trained = []
    for rows in datasets:
        model = type(base)()
        train(model, rows)
        trained.append(model)
    return trained


def _each_untrained(base, datasets, train):
    return [copy.deepcopy(base) for _ in datasets]


def _each_last(base, datasets, train):
    for rows in datasets:
        model = copy.deepcopy(base)
        train(model, rows)
    return [model]


def _each_reversed(base, datasets, train):
    return _each_plain(base, list(datasets)[::-1], train)


def _each_shallow(base, datasets, train):
    trained = []
    for rows in datasets:
        model = copy.copy(base)
        train(model, rows)
        trained.append(model)
    return trained


def _each_returns_train(base, datasets, train):
    return [train(copy.deepcopy(base), rows) for rows in datasets]


def _each_first_is_base(base, datasets, train):
    others = [copy.deepcopy(base) for _ in datasets[1:]]
    models = [base, *others][: len(datasets)]
    for model, rows in zip(models, datasets, strict=True):
        train(model, rows)
    return models


def _each_copy_late(base, datasets, train):
    trained = []
    for rows in datasets:
        train(base, rows)
        trained.append(copy.deepcopy(base))
    return trained


def _each_dictionary(base, datasets, train):
    return {rank: model for rank, model in enumerate(_each_plain(base, datasets, train))}


def _each_plain(base, datasets, train):
    trained = []
    for rows in datasets:
        model = copy.deepcopy(base)
        train(model, rows)
        trained.append(model)
    return trained


def _each_zip(base, datasets, train):
    models = [copy.deepcopy(base) for _ in datasets]
    for model, rows in zip(models, datasets, strict=True):
        train(model, rows)
    return models


def _each_helper(base, datasets, train):
    def one(rows):
        model = copy.deepcopy(base)
        train(model, rows)
        return model

    return list(map(one, datasets))


_SAME, _BASE, _NONE = "part chaque fois du même point", "ne change pas le modèle de départ", "ne rend rien quand il n'y a rien à apprendre"  # fmt: skip
_EACH_WRONG = (
    Answer(_each_document, _SAME, "Les deux ont tout appris"),
    Answer(_each_once, _SAME, "Les deux ont tout appris"),
    Answer(_each_shallow, _SAME, "Les deux ont tout appris"),
    Answer(_each_chained, _SAME, "Le second continue le premier"),
    Answer(_each_copy_late, _SAME, "Le second continue le premier"),
    Answer(_each_new, _SAME, "oublié ce que savait base"),
    Answer(_each_untrained, _SAME, "n'ont rien appris"),
    Answer(_each_last, _SAME, "Il n'y a qu'un modèle"),
    Answer(_each_reversed, _SAME, "ordre inverse"),
    Answer(_each_returns_train, _SAME),
    Answer(_each_dictionary, _SAME),
    Answer(_each_first_is_base, _BASE, "il lui faut une copie"),
)  # fmt: skip


# --- Du JSONL -------------------------------------------------------------------------------------------


def _parse(name, each, split=lambda text: text.split("\n"), start=1):
    """Un lecteur : `each(number, line, found, faults)` traite une ligne, et peut dire d'arrêter."""

    def answer(text):
        found, faults = [], []
        for number, line in enumerate(split(text), start):
            if each(number, line, found, faults):
                break
        return found, faults

    return _named(name, answer)


def _read_line(number, line, found, faults):
    if not line.strip():
        return
    try:
        value = json.loads(line)
    except ValueError as error:
        faults.append((number, str(error)))
        return
    if isinstance(value, dict):
        found.append(value)
    else:
        faults.append((number, "pas un objet JSON"))


def _parse_whole(text):
    return [json.loads(line) for line in text.split("\n")], []


def _stops(number, line, found, faults):
    before = len(faults)
    _read_line(number, line, found, faults)
    return len(faults) > before


def _silent(number, line, found, faults):
    _read_line(number, line, found, [])


def _loose(number, line, found, faults):
    if line.strip():
        try:
            found.append(json.loads(line))
        except ValueError as error:
            faults.append((number, str(error)))


def _no_list(number, line, found, faults):
    if line.strip():
        try:
            value = json.loads(line)
            (faults if isinstance(value, list) else found).append(
                (number, "pas un objet JSON") if isinstance(value, list) else value
            )
        except ValueError as error:
            faults.append((number, str(error)))


def _keeps_empty(number, line, found, faults):
    try:
        value = json.loads(line)
    except ValueError as error:
        faults.append((number, str(error)))
        return
    _read_line(number, line, found, faults) if isinstance(value, dict) else faults.append((number, "pas un objet JSON"))


def _raw(number, line, found, faults):
    if line.strip():
        found.append(line)


def _no_reason(number, line, found, faults):
    mine = []
    _read_line(number, line, found, mine)
    faults.extend((n, "") for n, _ in mine)


def _other_reason(number, line, found, faults):
    mine = []
    _read_line(number, line, found, mine)
    faults.extend((n, "Ligne invalide") for n, _ in mine)


def _only_numbers(text):
    found, faults = _parse("_inner", _read_line)(text)
    return found, [number for number, _ in faults]


def _truthy(number, line, found, faults):
    read: list = []
    _read_line(number, line, read, faults)
    found.extend(value for value in read if value)


def _parse_splitlines(text):
    found, faults = [], []
    for rank, line in enumerate(text.splitlines()):
        if line.strip() == "":
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise TypeError
            found.append(value)
        except json.JSONDecodeError as error:
            faults.append((rank + 1, str(error)))
        except TypeError:
            faults.append((rank + 1, "pas un objet JSON"))
    return found, faults


def _parse_counter(text):
    found, faults, number = [], [], 0
    for line in text.split("\n"):
        number += 1
        _read_line(number, line, found, faults)
    return [found, faults]


_GOODS, _WHICH, _BLANK = "lit des lignes justes", "dit quelle ligne est fausse, et lit les autres", "compte les lignes vides"
_OBJECT, _WHY = "refuse ce qui n'est pas un objet", "donne la raison"
_PARSE_WRONG = (
    Answer(_parse_whole, _GOODS),
    Answer(_parse("_parse_keeps_empty", _keeps_empty), _GOODS, "une ligne vide est sautée"),
    Answer(_parse("_parse_raw", _raw), _GOODS, "lisez-les par json.loads"),
    Answer(_parse("_parse_stops", _stops), _WHICH, "s'arrête à la première faute"),
    Answer(_parse("_parse_from_zero", _read_line, start=0), _WHICH, "se comptent depuis 1"),
    Answer(_parse("_parse_silent", _silent), _WHICH, "sautée en silence"),
    Answer(_parse("_parse_stripped_keeps_empty", _keeps_empty, split=lambda text: text.strip().split("\n")), _WHICH, "La ligne vide n'est pas une faute"),
    Answer(_parse("_parse_uncounted", _read_line, split=lambda text: [line for line in text.split("\n") if line.strip()]), _BLANK, "celui d'un éditeur"),
    Answer(_parse("_parse_whole_strip", _read_line, split=lambda text: text.strip().split("\n")), "compte celles du début", "du début ne sont pas comptées"),
    Answer(_parse("_parse_truthy", _truthy), "lit un objet vide", "L'objet vide est sauté"),
    Answer(_parse("_parse_loose", _loose), _OBJECT, "Un tableau et un nombre sont acceptés"),
    Answer(_parse("_parse_no_list", _no_list), _OBJECT, "Un nombre seul est accepté"),
    Answer(_parse("_parse_no_reason", _no_reason), _WHY),
    Answer(_parse("_parse_other_reason", _other_reason), _WHY),
    Answer(_only_numbers, _WHICH),
)  # fmt: skip


# --- Répartir -------------------------------------------------------------------------------------------


def _split(name, kept=lambda rows: list(dict.fromkeys(rows)), shuffle=True, last=True, seed_of=lambda seed: seed):
    def answer(rows, shares=(85, 10, 5), seed=1804):
        items = kept(rows)
        if shuffle:
            random.Random(seed_of(seed)).shuffle(items)
        ends = [len(items) * sum(shares[: k + 1]) // 100 for k in range(len(shares))]
        if last:
            ends[-1] = len(items)
        return [items[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    return _named(name, answer)


def _split_document(rows, shares=(85, 10, 5), seed=1804):
    """Le tirage d'abord, les doublons jamais ôtés."""
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    parts, start = [], 0
    for share in shares:
        end = start + len(rows) * share // 100
        parts.append(rows[start:end])
        start = end
    return parts


def _split_each(rows, shares=(85, 10, 5), seed=1804):
    return [list(dict.fromkeys(part)) for part in _split_document(rows, shares, seed)]


def _split_overlap(rows, shares=(85, 10, 5), seed=1804):
    items = list(dict.fromkeys(rows))
    random.Random(seed).shuffle(items)
    ends = [len(items) * sum(shares[: k + 1]) // 100 for k in range(len(shares))]
    return [items[:end] for end in ends]


def _split_floor(rows, shares=(85, 10, 5), seed=1804):
    items = list(dict.fromkeys(rows))
    random.Random(seed).shuffle(items)
    parts, start = [], 0
    for share in shares:
        end = start + len(items) * share // 100
        parts.append(items[start:end])
        start = end
    return parts


def _split_two(rows, shares=(85, 10, 5), seed=1804):
    return _split_right(rows, shares, seed)[:2]


def _split_set(rows, shares=(85, 10, 5), seed=1804):
    return _split("_", kept=lambda rows: sorted(set(rows), reverse=True))(rows, shares, seed)


def _split_in_place(rows, shares=(85, 10, 5), seed=1804):
    kept = list(dict.fromkeys(rows))
    rows[:] = kept
    random.Random(seed).shuffle(rows)
    return _split("_", kept=list, shuffle=False)(rows, shares, seed)


_split_right = _split("_split_right")


def _split_loop(rows, shares=(85, 10, 5), seed=1804):
    kept = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    random.Random(seed).shuffle(kept)
    parts, start, total = [], 0, 0
    for share in shares[:-1]:
        total += share
        end = len(kept) * total // 100
        parts.append(kept[start:end])
        start = end
    parts.append(kept[start:])
    return parts


def _split_accumulate(rows, shares=(85, 10, 5), seed=1804):
    kept = [*dict.fromkeys(rows)]
    random.Random(seed).shuffle(kept)
    ends = [len(kept) * total // 100 for total in itertools.accumulate(shares)]
    return [kept[a:b] for a, b in itertools.pairwise([0, *ends[:-1], len(kept)])]


_TWICE, _PARTS, _REST, _SHUFFLED = "ne met aucune ligne dans deux parts", "respecte les parts", "donne le reste à la dernière part", "mélange, toujours de même"  # fmt: skip
_SPLIT_WRONG = (
    Answer(_split_document, _TWICE, "Les doublons sont restés"),
    Answer(_split_each, _TWICE),
    Answer(_split_overlap, _TWICE, "Une ligne est dans deux parts"),
    Answer(_split_two, _TWICE, "Des lignes se sont perdues"),
    Answer(_named("_split_empty", lambda rows, shares=(), seed=0: [[] for _ in shares]), _TWICE, "Aucune ligne ne reste"),
    Answer(_named("_split_flat", lambda rows, shares=(), seed=0: [list(dict.fromkeys(rows))]), _PARTS),
    Answer(_named("_split_thirds", lambda rows, shares=(), seed=0: [list(dict.fromkeys(rows))[i::3] for i in range(3)]), _PARTS),
    Answer(_split_floor, _REST, "perdue dans les arrondis"),
    Answer(_split("_split_unshuffled", shuffle=False), _SHUFFLED, "ne sont pas mélangées"),
    Answer(_split("_split_other_seed", seed_of=lambda seed: 0), _SHUFFLED, "de la graine 0"),
    Answer(_split_set, _SHUFFLED),
    Answer(_split_in_place, _TWICE, "modifie ce qu'on lui donne"),
)  # fmt: skip


# --- Vers un service hébergé ----------------------------------------------------------------------------


def _chat(name, turns):
    def answer(row, base=""):
        return {"messages": [{"role": role, "content": content} for role, content in turns(row, base)]}

    return _named(name, answer)


def _asked(row):
    return f"{row.input}\n{row.instruction}" if row.input else row.instruction


def _head(base):
    return [("system", base)] if base else []


def _chat_loop(row, base=""):
    messages = []
    if base:
        messages.append({"role": "system", "content": base})
    content = row.instruction
    if row.input:
        content = row.input + "\n" + content
    messages.append({"role": "user", "content": content})
    messages.append({"role": "assistant", "content": row.output})
    return {"messages": messages}


def _chat_filter(row, base=""):
    user = "\n".join(filter(None, [row.input, row.instruction]))
    every = [dict(role="system", content=base), dict(role="user", content=user), dict(role="assistant", content=row.output)]
    return dict(messages=every if base else every[1:])


_PAIR, _BEFORE, _FIRST = "fait deux messages d'une question et d'une réponse", "met le texte avant la consigne", "met la consigne générale en tête"  # fmt: skip
_CHAT_WRONG = (
    Answer(_chat("_chat_reversed", lambda r, b: [("assistant", r.output), ("user", _asked(r))]), _PAIR, "avant la question"),
    Answer(_chat("_chat_swapped", lambda r, b: [("user", r.output), ("assistant", _asked(r))]), _PAIR, "Les rôles sont échangés"),
    Answer(_chat("_chat_blank", lambda r, b: [*_head(b), ("user", f"{r.input}\n{r.instruction}"), ("assistant", r.output)]), _PAIR, "il n'y a pas de texte"),
    Answer(_chat("_chat_empty_system", lambda r, b: [("system", b), ("user", _asked(r)), ("assistant", r.output)]), _PAIR, "« system » vide"),
    Answer(_chat("_chat_bot", lambda r, b: [*_head(b), ("user", _asked(r)), ("bot", r.output)]), _PAIR, "« assistant »"),
    Answer(_chat("_chat_other_names", lambda r, b: [*_head(b), ("human", _asked(r)), ("gpt", r.output)]), _PAIR),
    Answer(_chat("_chat_unanswered", lambda r, b: [*_head(b), ("user", _asked(r))]), _PAIR, "La réponse manque"),
    Answer(_named("_chat_old", lambda r, b="": {"prompt": r.instruction, "completion": r.output}), _PAIR, "ancien format"),
    Answer(_named("_chat_list", lambda r, b="": _chat_loop(r, b)["messages"]), _PAIR, "rangez-la sous « messages »"),
    Answer(_named("_chat_text", lambda r, b="": json.dumps(_chat_loop(r, b))), _PAIR, "json.dumps viendra ensuite"),
    Answer(_chat("_chat_no_input", lambda r, b: [*_head(b), ("user", r.instruction), ("assistant", r.output)]), _BEFORE, "est perdu"),
    Answer(_chat("_chat_late_input", lambda r, b: [*_head(b), ("user", f"{r.instruction}\n{r.input}".strip()), ("assistant", r.output)]), _BEFORE, "il la précède"),
    Answer(_chat("_chat_no_base", lambda r, b: [("user", _asked(r)), ("assistant", r.output)]), _FIRST, "est oubliée"),
    Answer(_chat("_chat_glued_base", lambda r, b: [("user", f"{b}\n{_asked(r)}" if b else _asked(r)), ("assistant", r.output)]), _FIRST, "elle a son message"),
    Answer(_chat("_chat_late_base", lambda r, b: [("user", _asked(r)), ("assistant", r.output), *_head(b)]), _FIRST, "il vient en tête"),
)  # fmt: skip


WRONG = {
    "instructions.render": _RENDER_WRONG,
    "instructions.encode": _ENCODE_WRONG,
    "instructions.collate": _COLLATE_WRONG,
    "instructions.contains": _CONTAINS_WRONG,
    "instructions.train_each": _EACH_WRONG,
    "instructions.parse_jsonl": _PARSE_WRONG,
    "instructions.split_rows": _SPLIT_WRONG,
    "instructions.to_chat": _CHAT_WRONG,
}

# --- Ce que des personnes ont écrit, et que les fiches acceptaient, refusaient ou nommaient mal ---------


def _parse_read(text):
    """Les lignes d'un fichier ouvert en mémoire : elles gardent leur « \\n », que json.loads ignore."""
    found, faults = [], []
    for number, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if line.isspace():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError("pas un objet JSON")
            found.append(value)
        except ValueError as error:
            faults.append((number, str(error)))
    return found, faults


def _each_tuple(base, datasets, train):
    trained = ()
    for lines in datasets:
        model = copy.deepcopy(base)
        train(model, lines)
        trained += (model,)
    return trained


def _each_base(base, datasets, train):
    trained = []
    for lines in datasets:
        trained.append(copy.deepcopy(base))
        train(base, lines)
    return trained


def _split_three(rows, shares=(85, 10, 5), seed=1804):
    kept = list(dict.fromkeys(rows))
    random.Random(seed).shuffle(kept)
    first, second = len(kept) * shares[0] // 100, len(kept) * (shares[0] + shares[1]) // 100
    return [kept[:first], kept[first:second], kept[second:]]


def _encode_append(prompt, answer, end):
    ids = [*prompt, *answer].append(end)
    return {"input_ids": ids, "labels": [-100] * len(prompt) + [*answer, end]}


WRITTEN = {
    "instructions.encode": (
        Answer(_encode_append, "met la réponse à la suite de la question", "est None"),
        Answer(lambda prompt, answer, end: {"input_ids": [*prompt, *answer, end], "label": []}, "met la réponse à la suite de la question", "pas de clé labels"),
    ),
    "instructions.contains": (Answer(lambda key, found: folded(key) in folded(found).split(), "accepte une réponse de plusieurs mots", "plusieurs mots"),),
    "instructions.train_each": (Answer(_each_base, "part chaque fois du même point", "C'est base qui apprend"),),
    "instructions.parse_jsonl": (
        Answer(_parse_splitlines, "ne coupe qu'aux fins de ligne", "U+2028"),
        Answer(lambda text: (_parse_read(text)[0], [reason for _, reason in _parse_read(text)[1]]), "dit quelle ligne est fausse, et lit les autres", "est un couple"),
        Answer(lambda text: _parse_read(text)[::-1], "lit des lignes justes", "échangées"),
    ),
    "instructions.split_rows": (
        Answer(_split_three, "fait autant de parts qu'on en demande", "shares en donne deux"),
        Answer(lambda rows, shares=(), seed=0: dict(zip("abc", _split_three(rows, shares, seed), strict=False)), "ne met aucune ligne dans deux parts", "dictionnaire"),
    ),
}  # fmt: skip
WRONG |= {name: WRONG[name] + answers for name, answers in WRITTEN.items()}

RIGHT = {
    "instructions.render": (_render_text, _render_filter, _render_format),
    "instructions.encode": (_encode_numpy, _encode_torch, _encode_loop),
    "instructions.collate": (_collate_torch, _collate_zip, _collate_numpy, _collate("_collate_kept", _kept)),
    "instructions.contains": (_contains_words, _contains_regex, _contains_padded),
    "instructions.train_each": (_each_plain, _each_zip, _each_helper, _each_tuple),
    "instructions.parse_jsonl": (_parse("_parse_plain", _read_line), _parse_read, _parse_counter),
    "instructions.split_rows": (_split_right, _split_loop, _split_accumulate),
    "instructions.to_chat": (_chat_loop, _chat_filter, _chat("_chat_turns", lambda r, b: [*_head(b), ("user", _asked(r)), ("assistant", r.output)])),
}  # fmt: skip


def use():
    """Une amorce, des exemples, un entraînement de deux pas, des réponses jugées, des lignes lues, réparties, exportées."""
    tokenizer, lines = small_tokenizer(), [Row("Où est la roue ?", "Sous l'eau.", "Le moulin."), Row("Qui ?", "Lui.")]
    examples = instructions.examples_of(lines, tokenizer)
    batch = instructions.Collator(0)(examples)
    trained = instructions.train_each(
        small_model(),
        [lines[:1], lines[1:]],
        lambda model, some: instructions.tune(model, tokenizer, some, instructions.Tuning(epochs=1, mixed=False)),
    )
    verdict = instructions.Verdict(Row("Qui ?", "Lui.", key="lui"), "C'est lui.", True)
    found, faults = rows.parse_jsonl('{"a": 1}\nnon')
    return {
        "prompt": instructions.prompt("Qui ?", "Le moulin.", "Soyez bref."),
        "examples": [{name: [int(v) for v in values] for name, values in example.items()} for example in examples],
        "batch": {name: batch[name].tolist() for name in sorted(batch)},
        "models": [float(sum(p.abs().sum() for p in model.parameters())) for model in trained],
        "verdict": verdict.contained,
        "lines": [list(found), [number for number, _ in faults]],
        "split": [list(part) for part in rows.split_rows(list("abcdefghij") * 2, (60, 20, 20), 3)],
        "chat": rows.export_chat(lines, "Soyez bref."),
    }
