"""Le code d'autrui : il peut boucler, crier, casser, mentir ; le carnet n'en souffre pas."""

import builtins
import json
import locale
import os
import random
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT

import aurore
from aurore import corpus
from aurore.atelier import substitution
from aurore.atelier.cards import Card, Check, equals
from aurore.atelier.runner import ALMOST, VALID, run_checks


def card(*checks):
    return Card(
        "corpus.decode",
        "Essai",
        "Énoncé.",
        1,
        1,
        ("indice",),
        checks or (equals(name="double", arguments=[2], expected=4, hint="Multipliez par deux."),),
    )


def test_a_right_function_is_valid_and_says_what_it_passed():
    verdict = run_checks(card(), lambda x: 2 * x)
    assert (verdict.status, verdict.passed) == (VALID, ("double",))


def test_a_wrong_value_shows_input_result_and_expectation():
    verdict = run_checks(card(), lambda x: x + 1)
    assert (verdict.status, verdict.check, verdict.given, verdict.got) == (ALMOST, "double", "2", "3")
    assert verdict.expected.startswith("4") and verdict.hint.endswith("Multipliez par deux.")


def endless(x):
    while True:
        x += 1


def deaf(x):
    while True:
        try:
            while True:
                x += 1
        except Exception:
            pass


def deaf_to_everything(x):
    while True:
        try:
            x += 1
        except:  # noqa: E722 — ce qu'une personne écrit pour « ne plus avoir d'erreur »
            continue


class EndlessRepr:
    def __repr__(self):
        while True:
            pass


@pytest.mark.parametrize(
    "function", [endless, deaf, deaf_to_everything, lambda x: EndlessRepr()], ids=lambda f: f.__name__
)
def test_an_endless_loop_is_stopped_and_said(function):
    before = threading.active_count()
    start = time.monotonic()
    verdict = run_checks(card(), function, seconds=0.3)
    assert time.monotonic() - start < 5
    assert verdict.status == ALMOST and "boucle" in verdict.hint and verdict.output == ""
    assert "redémarrez" not in verdict.hint
    assert threading.active_count() == before


def test_a_thread_that_waits_outside_python_is_left_behind_and_silent(capfd):
    released = threading.Event()

    def asleep(x):
        released.wait(60)

    verdict = run_checks(card(), asleep, seconds=0.2)
    assert "boucle" in verdict.hint and "redémarrez le noyau" in verdict.hint
    released.set()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.endswith("(work)"):
            thread.join(10)
            assert not thread.is_alive()
    assert capfd.readouterr() == ("", "")


def test_a_thread_left_behind_undoes_nothing_when_it_ends(monkeypatch):
    released = threading.Event()

    def asleep(x):
        released.wait(60)

    assert "redémarrez le noyau" in run_checks(card(), asleep, seconds=0.2).hint
    learnt = lambda raw: raw.decode()  # noqa: E731 — une réponse validée depuis
    monkeypatch.setattr(corpus, "decode", learnt)
    released.set()
    for thread in threading.enumerate():
        if thread.name.endswith("(work)"):
            thread.join(10)
    assert corpus.decode is learnt


def test_a_module_first_read_during_a_try_keeps_its_own_function(tmp_path, monkeypatch):
    """L'essai installe la réponse, puis tout est rendu : la référence ne doit pas être celle qu'on vient d'essayer."""
    (tmp_path / "essai.py").write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")
    monkeypatch.setattr(aurore, "__path__", [*aurore.__path__, str(tmp_path)])
    lesson = replace(card(), id="essai.double")
    try:
        assert run_checks(lesson, lambda x: x + 1).status == ALMOST
        assert substitution.reference(lesson)(5) == 10
    finally:
        sys.modules.pop("aurore.essai", None)
        substitution._references.pop("essai.double", None)


PRESSED = """
import builtins, json, os, signal, sys, tempfile, threading, time
from aurore.atelier.cards import Card, equals
from aurore.atelier.runner import run_checks
check = equals(name="double", arguments=[2], expected=4, hint="Multipliez par deux.")
card = Card(id="corpus.decode", title="", statement="", difficulty=1, minutes=1, hints=("",), checks=(check,))
started, done = threading.Event(), threading.Event()

def endless(x):
    started.set()
    while True:
        x += 1

def deaf(x):
    started.set()
    while True:
        try:
            x += 1
        except:
            continue

def vandal(x):
    os.chdir(tempfile.gettempdir())
    started.set()
    builtins.len = None
    while True:
        x += 1

def press():
    started.wait()
    for _ in range(int(sys.argv[2])):
        if not done.wait(0.02):
            os.kill(os.getpid(), signal.SIGINT)

# Une pression peut tomber après le verdict : elle n'est alors pas notre affaire.
usual = lambda *_: None
signal.signal(signal.SIGINT, usual)
threading.Thread(target=press, daemon=True).start()
place, out, before = os.getcwd(), sys.stdout, threading.active_count()
verdict = run_checks(card, globals()[sys.argv[1]], seconds=60)
done.set()
same = (os.getcwd(), sys.stdout, len("abc"), signal.getsignal(signal.SIGINT)) == (place, out, 3, usual)
print(json.dumps([verdict.status, verdict.check, verdict.hint, same, threading.active_count() <= before]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows n'envoie pas d'interruption à soi-même")
@pytest.mark.parametrize("function", ["endless", "deaf", "vandal"])
@pytest.mark.parametrize("presses", [1, 4])
def test_the_stop_button_stops_the_run_and_gives_everything_back(function, presses):
    command = [sys.executable, "-c", PRESSED, function, str(presses)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=50, check=True)
    status, check, hint, same, stopped = json.loads(done.stdout)
    assert (status, check, same, stopped) == (ALMOST, "double", True, True)
    assert "Vous avez arrêté la vérification" in hint and "redémarrez" not in hint


def test_the_default_delay_is_under_five_seconds():
    from aurore.atelier import runner

    assert runner.SECONDS + 0.5 < 5


def test_a_million_lines_are_cut_and_counted():
    def loud(x):
        for _ in range(1_000_000):
            print("bêêê")
        return 2 * x

    verdict = run_checks(card(), loud, seconds=300)
    assert verdict.status == VALID
    assert len(verdict.output) < 3000 and "lignes de plus" in verdict.output


def test_a_line_without_end_is_cut():
    verdict = run_checks(card(), lambda x: print("b" * 1_000_000, end=""))
    assert len(verdict.output) < 3000 and "coupée" in verdict.output


def test_endless_recursion_is_explained():
    def deep(x):
        return deep(x)

    verdict = run_checks(card(), deep)
    assert "RecursionError" in verdict.got and "s'appelle elle-même" in verdict.hint


def test_the_world_is_given_back(tmp_path):
    def vandal(x):
        np.random.seed(0)
        torch.manual_seed(0)
        builtins.len = lambda _: 0
        builtins.intrus = 1
        os.chdir(tmp_path)
        os.environ["AURORE_INTRUS"] = "1"
        random.seed(0)
        sys.setrecursionlimit(5000)
        sys.path.append("intrus")
        sys.stdout.write("ici")
        locale.setlocale(locale.LC_ALL, "C")
        warnings.simplefilter("error")
        sys.stdout = None
        global intruder, known
        intruder, known = 1, "changé"
        return 2 * x

    random.seed(42)
    numbers, tensors, language, filters = (
        np.random.get_state()[1].tolist(),
        torch.get_rng_state().tolist(),
        locale.setlocale(locale.LC_ALL),
        list(warnings.filters),
    )
    expected = random.Random(42).random()
    place, limit, out = Path.cwd(), sys.getrecursionlimit(), sys.stdout
    verdict = run_checks(card(), vandal)
    assert verdict.status == VALID, verdict
    assert len("abc") == 3 and not hasattr(builtins, "intrus")
    assert (Path.cwd(), sys.getrecursionlimit(), sys.stdout) == (place, limit, out)
    assert "AURORE_INTRUS" not in os.environ and "intrus" not in sys.path
    assert random.random() == expected
    assert (np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()) == (numbers, tensors)
    assert (locale.setlocale(locale.LC_ALL), warnings.filters) == (language, filters)
    assert known == "connu" and "intruder" not in globals()


known = "connu"


def test_even_the_natives_the_machinery_uses_are_given_back():
    names = ("len", "print", "sum", "vars", "set", "dict", "type", "isinstance", "str", "repr", "getattr")
    saved = {name: getattr(builtins, name) for name in names}

    def vandal(x):
        for name in names:
            setattr(builtins, name, None)

    run_checks(card(), vandal)
    assert {name: getattr(builtins, name) for name in names} == saved


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("return input('?')", "arguments"),
        ("exit()", "return"),
        ("quit()", "return"),
        ("import sys; sys.exit(3)", "return"),
        ("return next(iter([]))", "next"),
    ],
)
def test_nobody_answers_and_nothing_closes(body, hint):
    before = (builtins.input, builtins.exit, sys.stdin)
    space = {"exit": lambda: pytest.fail("le noyau se fermerait"), "__name__": "__main__"}
    exec(compile(f"def learner(x):\n    {body}\n", "<cellule>", "exec"), space)
    leave = space["exit"]
    assert hint in run_checks(card(), space["learner"]).hint
    assert (builtins.input, builtins.exit, sys.stdin) == before and space["exit"] is leave


class Mute(Exception):
    def __str__(self):
        raise ValueError


def raises(error):
    raise error


def plenty(x):
    yield from iter(int, 1)


async def asynchronous(x):
    return 2 * x


class Instead:
    pass


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: raises(Mute()), "message"),
        (lambda x: raises(ValueError("a" * 10**6)), "forme attendue"),
        (lambda x: raises(MemoryError()), "mémoire"),
        (plenty, "générateur"),
        (asynchronous, "await"),
        (lambda: 4, "Comparez sa ligne « def »"),
        (lambda x, y: 4, "Comparez sa ligne « def »"),
        (Instead, "self"),
        (3, "type"),
        (lambda x: np.zeros((3000, 3000)), "tableau"),
        (lambda x: list(range(10**6)), "liste, et non un nombre entier"),
    ],
)
def test_odd_answers_get_a_short_sentence(function, said):
    verdict = run_checks(card(equals(name="double", arguments=[2], expected=4)), function, seconds=300)
    assert verdict.status == ALMOST and said in verdict.hint
    assert len(verdict.got) < 600


def test_a_thread_left_running_does_not_hold_the_verdict():
    released = threading.Event()

    def starts(x):
        threading.Thread(target=released.wait, args=(60,), daemon=True).start()
        return 2 * x

    start = time.monotonic()
    assert run_checks(card(), starts).status == VALID
    assert time.monotonic() - start < 3
    released.set()


def test_changing_the_argument_is_seen():
    def append(values):
        values.append(1)
        return len(values)

    verdict = run_checks(card(equals(name="longueur", arguments=[[5]], expected=2)), append)
    assert verdict.status == ALMOST and "copie" in verdict.hint


def test_an_error_raised_on_purpose_is_not_explained_as_an_accident():
    def refuses(x):
        raise ValueError("rien à rendre")

    def stumbles(x):
        raise [][x]

    assert "C'est le « raise » de votre fonction" in run_checks(card(), refuses).hint
    assert "Un indice dépasse la longueur" in run_checks(card(), stumbles).hint


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("return undefined_name", "undefined_name"),
        ("return [][3]", "len(…) - 1"),
        ("return {}['a']", "clé"),
        ("return x / 0", "division par zéro"),
        ("return None + x", "return"),
        ("return x.absent", "absent"),
        ("return None.group()", "None"),
        ("return b'\\xff'.decode()", "encodage"),
        ("y = y + 1; return y", "avant d'avoir reçu"),
        ("raise SystemExit", "return"),
        ("raise KeyboardInterrupt", "message"),
        ("return int('a')", "qu'un nombre écrit seul"),
        ("return float('a')", "forme attendue"),
        ("for a, b in {'mot': 3}: pass", ".items()"),
        ("import re; return re.search('[(a)]', 'a').group(1)", "Le motif n'a pas ce groupe"),
        ("return 'a'.index('b')", "« find » rend -1"),
        ("import re; return re.search('*', 'a')", "une étoile s'écrit"),
        ("return {[]}", "tuple(…)"),
        ("return len(3)", "le nombre cherché"),
        ("return [].split()", "prenez ses éléments un à un"),
        ("return {}.num_beams", "« num_beams » se lit par sa clé"),
        ("d = {1: 2}\n    for k in d: d[k + 1] = 0", "pendant qu'on le parcourt"),
        ("import torch; return torch.zeros(3).index(0)", ".tolist()"),
        ("import torch; return torch.zeros(3)[torch.ones(2) > 0]", "Le masque et le tenseur"),
        ("return 1 in len", "Une fonction s'appelle"),
        ("return len[1]", "Les crochets prennent"),
        ("import math; return math.log(0)", "Un logarithme n'existe"),
        ("import torch; return torch.zeros(3)[torch.tensor([])]", "dtype=torch.long"),
        ("import torch; return torch.zeros(3).index_fill(0, torch.tensor([]), 1)", "dtype=torch.long"),
        ("import torch; return torch.zeros(2) + torch.zeros(2, 3)", "l'une a 2 places et l'autre 3 sur l'axe 1"),
        ("pass", "None"),
    ],
)
def test_common_errors_get_a_sentence(body, hint):
    space = {}
    exec(compile(f"def learner(x):\n    {body}\n", "<cellule>", "exec"), space)
    verdict = run_checks(card(), space["learner"])
    assert verdict.status == ALMOST
    assert hint in verdict.hint


def test_forgetting_self_is_explained():
    class Neuron:
        def forward(x):
            return 2 * x

    verdict = run_checks(card(Check("neurone", lambda kind: kind().forward(2))), Neuron)
    assert "self" in verdict.hint


def test_a_redefined_builtin_is_named():
    space = {}
    exec("len = 3\ndef learner(x):\n    return len([x])\n", space)
    assert "« len »" in run_checks(card(), space["learner"]).hint


def test_the_error_is_shown_at_the_line_of_the_learner(tmp_path, monkeypatch):
    source = tmp_path / "cellule.py"
    source.write_text("def learner(x):\n    y = x\n    return y[0]\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import cellule

    verdict = run_checks(card(), cellule.learner)
    assert verdict.where == "ligne 3 de votre cellule : return y[0]"
    assert "runner" not in verdict.where + verdict.got + verdict.hint


def test_a_repr_that_fails_does_not_break_the_verdict():
    class Odd:
        def __repr__(self):
            raise ValueError

        def __eq__(self, other):
            raise ValueError

        __hash__ = None

    assert "Odd" in run_checks(card(), lambda x: Odd()).got


def none_written_or_not(x):
    if x:
        return None
    for item in ():
        return item


def none_forgotten(x):
    for item in ():
        return item


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (none_written_or_not, "de deux façons : par le « return None » qui y est écrit, ou en arrivant à sa fin."),
        (none_forgotten, "Un chemin de votre fonction arrive à sa fin sans « return »."),
    ],
)
def test_none_is_laid_on_a_missing_return_only_when_none_is_written(function, said):
    verdict = run_checks(card(equals(name="double", arguments=[1], expected=2)), function)
    assert verdict.hint.endswith(said)
