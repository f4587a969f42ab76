"""Ce qu'un essai change dans les bibliothèques leur est rendu."""

import collections
import copy
import importlib
import json
import math
import os.path
import re
import sys
import time

import numpy as np
import pytest
import torch
from conftest import ROOT

from aurore import corpus, language, settings, tokenizer
from aurore.atelier import modules
from aurore.atelier.cards import Card, Check, equals
from aurore.atelier.runner import ALMOST, VALID, run_checks

CARD = Card(
    id="corpus.decode",
    title="Essai",
    statement="Énoncé.",
    difficulty=1,
    minutes=1,
    hints=("indice",),
    checks=(equals(name="double", arguments=[2], expected=4, hint="Multipliez par deux."),),
)

# (objet, attribut) : tout ce qu'une ligne malheureuse peut écraser.
TARGETS = [
    (re, "search"),
    (re, "compile"),
    (json, "loads"),
    (json.JSONDecoder, "decode"),
    (json.encoder.JSONEncoder, "default"),
    (np, "mean"),
    (np, "array"),
    (np.linalg, "norm"),
    (np.random, "rand"),
    (math, "log"),
    (time, "monotonic"),
    (os.path, "join"),
    (collections, "Counter"),
    (collections.Counter, "most_common"),
    (sys, "exit"),
    (torch, "tensor"),
    (torch.nn, "Linear"),
    (torch.nn.functional, "softmax"),
    (torch.nn.Linear, "forward"),
    (torch.optim, "AdamW"),
    (corpus, "cut_frame"),
    (corpus, "SPLITS"),
    (corpus, "settings"),
    (corpus.CleanBook, "text"),
    (corpus.Fetcher, "fetch"),
    (language, "words"),
    (settings, "home"),
    (tokenizer, "END_OF_TEXT"),
]


@pytest.mark.parametrize(("holder", "name"), TARGETS, ids=lambda value: getattr(value, "__name__", value))
def test_what_a_run_replaced_is_given_back(holder, name):
    before = vars(holder)[name]

    def vandal(x):
        setattr(holder, name, None)
        return 2 * x

    assert run_checks(CARD, vandal).status == VALID
    assert vars(holder)[name] is before


@pytest.mark.parametrize("holder", [re, json, np, corpus, corpus.CleanBook, json.JSONDecoder], ids=lambda h: h.__name__)
def test_what_a_run_removed_or_added_is_undone(holder):
    before = dict(vars(holder))

    def vandal(x):
        for name in [name for name in vars(holder) if name.isalpha()][:5]:
            delattr(holder, name)
        holder.intruder = x
        return 2 * x

    run_checks(CARD, vandal)
    assert not hasattr(holder, "intruder")
    assert all(vars(holder)[name] is value for name, value in before.items() if name != "__dict__")


def test_the_contents_and_the_functions_of_the_library_are_given_back():
    sizes, catalogue = dict(settings.PROFILES), corpus.load_catalogue()
    code, defaults = corpus.cut_frame.__code__, corpus.load_catalogue.__defaults__

    def vandal(x):
        settings.PROFILES.clear()
        settings.PROFILES["petit"] = np.zeros(3)
        corpus.cut_frame.__code__ = (lambda text: "").__code__
        corpus.load_catalogue.__defaults__ = (5,)
        return 2 * x

    run_checks(CARD, vandal)
    assert sizes == settings.PROFILES and corpus.load_catalogue() == catalogue
    assert (corpus.cut_frame.__code__, corpus.load_catalogue.__defaults__) == (code, defaults)


def test_a_module_that_a_run_hides_is_found_again():
    def vandal(x):
        sys.modules["re"] = sys.modules["aurore.corpus"] = None
        return 2 * x

    run_checks(CARD, vandal)
    assert sys.modules["re"] is re and sys.modules["aurore.corpus"] is corpus


def test_a_module_imported_during_a_run_stays_where_it_is():
    sys.modules.pop("json.tool", None)
    vars(json).pop("tool", None)

    def curious(x):
        importlib.import_module("json.tool")
        return 2 * x

    run_checks(CARD, curious)
    assert json.tool is sys.modules["json.tool"]


def test_the_sentence_is_right_even_when_what_it_needs_was_replaced():
    def vandal(x):
        re.search = re.compile = json.dumps = copy.copy = None
        return x / 0

    verdict = run_checks(CARD, vandal)
    assert verdict.status == ALMOST and "ZeroDivisionError" in verdict.got and "division par zéro" in verdict.hint


def test_the_library_still_works_after_a_run_that_broke_it():
    raw = (ROOT / "data/pastiche/files/90001/90001-0.txt").read_bytes()
    book = corpus.Book(90001, title="Le Moulin")
    before = corpus.clean(raw, book).text

    def vandal(x):
        corpus.paragraphs = corpus.accept = corpus.uniform_typography = lambda *_: []
        language.is_english = lambda _: True
        re.sub = lambda *_: ""
        return 2 * x

    run_checks(CARD, vandal)
    assert corpus.clean(raw, book).text == before


def test_nothing_changes_for_a_run_that_changes_nothing():
    before = {name: dict(vars(module)) for name, module in sys.modules.items() if modules._is_lent(name)}
    for _ in range(2):
        modules.snapshot()()
    for name, names in before.items():
        assert all(vars(sys.modules[name])[key] is value for key, value in names.items()), name


def test_the_default_type_of_tensors_is_given_back():
    def vandal(x):
        torch.set_default_dtype(torch.float64)
        return 2 * x

    run_checks(CARD, vandal)
    assert torch.get_default_dtype() is torch.float32


def test_a_check_may_still_see_the_changes_of_its_own_run():
    def learner(x):
        corpus.trace = x
        return 2 * x

    def see(function):
        function(3)
        assert corpus.trace == 3

    seen = Card(**(vars(CARD) | {"checks": (Check("voit", see),)}))
    assert run_checks(seen, learner).status == VALID
    assert not hasattr(corpus, "trace")


def test_a_tensor_of_the_cards_changed_in_place_is_given_back():
    from aurore.exercises import attention

    before = attention._QUERY.clone()
    give_back = modules.snapshot()
    attention._QUERY.div_(2)
    give_back()
    assert torch.equal(attention._QUERY, before)
