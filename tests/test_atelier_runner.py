"""Le code d'autrui : il peut boucler, crier, casser, mentir ; le carnet n'en souffre pas."""

import builtins
import os
import random
import sys
import threading
import time
from pathlib import Path

import pytest

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
        checks or (equals("double", [2], 4, "Multipliez par deux."),),
    )


def test_a_right_function_is_valid_and_says_what_it_passed():
    verdict = run_checks(card(), lambda x: 2 * x)
    assert (verdict.status, verdict.passed) == (VALID, ("double",))


def test_a_wrong_value_shows_input_result_and_expectation():
    verdict = run_checks(card(), lambda x: x + 1)
    assert (verdict.status, verdict.check, verdict.given, verdict.got) == (ALMOST, "double", "[2]", "3")
    assert verdict.expected.startswith("4") and verdict.hint == "Multipliez par deux."


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


@pytest.mark.parametrize("function", [endless, deaf])
def test_an_endless_loop_is_stopped_and_said(function):
    before = threading.active_count()
    start = time.monotonic()
    verdict = run_checks(card(), function, seconds=0.3)
    assert time.monotonic() - start < 5
    assert verdict.status == ALMOST and "boucle" in verdict.hint
    assert threading.active_count() == before


def test_the_default_delay_is_under_five_seconds():
    from aurore.atelier import runner

    assert runner.SECONDS + 0.5 < 5


def test_a_million_lines_are_cut_and_counted():
    def loud(x):
        for _ in range(1_000_000):
            print("bêêê")
        return 2 * x

    verdict = run_checks(card(), loud, seconds=30)
    assert verdict.status == VALID
    assert len(verdict.output) < 3000 and "lignes de plus" in verdict.output


def test_endless_recursion_is_explained():
    def deep(x):
        return deep(x)

    verdict = run_checks(card(), deep)
    assert "RecursionError" in verdict.got and "s'appelle elle-même" in verdict.hint


def test_the_world_is_given_back(tmp_path):
    def vandal(x):
        builtins.len = lambda _: 0
        builtins.intrus = 1
        os.chdir(tmp_path)
        os.environ["AURORE_INTRUS"] = "1"
        random.seed(0)
        sys.setrecursionlimit(5000)
        sys.path.append("intrus")
        sys.stdout.write("ici")
        return 2 * x

    random.seed(42)
    expected = random.Random(42).random()
    place, limit, out = Path.cwd(), sys.getrecursionlimit(), sys.stdout
    assert run_checks(card(), vandal).status == VALID
    assert len("abc") == 3 and not hasattr(builtins, "intrus")
    assert (Path.cwd(), sys.getrecursionlimit(), sys.stdout) == (place, limit, out)
    assert "AURORE_INTRUS" not in os.environ and "intrus" not in sys.path
    assert random.random() == expected


def test_changing_the_argument_is_seen():
    def append(values):
        values.append(1)
        return len(values)

    verdict = run_checks(card(equals("longueur", [[5]], 2)), append)
    assert verdict.status == ALMOST and "copie" in verdict.hint


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
        ("return int('a')", "forme attendue"),
        ("pass", "return"),
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
