"""Ce que l'atelier retient : le dernier verdict de chaque exercice, sans jamais gêner la leçon."""

import json
import os
import subprocess
import sys

import filelock
import pytest
from conftest import ROOT

from aurore.atelier import decorator, progress, restore, solutions, state
from aurore.atelier.cards import all_cards, find_card
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID, Verdict

A, B = "corpus.decode", "corpus.cut_frame"


@pytest.fixture(autouse=True)
def quiet(home, monkeypatch):
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)
    monkeypatch.setattr(decorator.CardView, "show", lambda _: None)
    yield home
    restore()


def test_the_latest_verdict_is_kept():
    assert progress.statuses() == {}
    progress.record(A, Verdict(ALMOST, "une propriété"))
    progress.record(B, Verdict(VALID))
    assert progress.statuses() == {A: "presque (une propriété)", B: VALID}
    progress.record(A, Verdict(VALID))
    assert progress.statuses() == {A: VALID, B: VALID}


def test_what_remains_is_what_is_not_valid():
    progress.record(A, Verdict(VALID))
    progress.record(B, Verdict(SOLUTION))
    left = [card.id for card in progress.remaining(all_cards().values())]
    assert A not in left and B in left and len(left) == len(all_cards()) - 1


def test_the_decorator_and_the_button_keep_the_verdict():
    def answer(text):
        return text

    decorator.exercise(B)(answer)
    assert progress.statuses()[B].startswith("presque (")
    solutions.switch([B], True)
    decorator.exercise(B)(answer)
    assert progress.statuses()[B] == SOLUTION
    solutions.switch([B], False)
    decorator.exercise(B)(lambda text: decorator.reference(find_card(B))(text))
    assert progress.statuses()[B] == VALID


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"a": 3}', '{"a": {"status": "validé"}}', '{"a": {"status": "?", "check": ""}}', "[" * 10**5],
)
def test_a_corrupt_state_is_set_aside_and_said(content, capsys):
    file = state.path(progress.FILE)
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    progress.record(A, Verdict(VALID))
    assert "mis de côté" in capsys.readouterr().out
    assert file.with_name(f"{file.name}.abime").read_text(encoding="utf-8") == content
    assert progress.statuses() == {A: VALID}


def test_states_set_aside_never_cover_each_other(quiet):
    file = state.path(progress.FILE)
    for content in ("{", "[]"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
        progress.record(A, Verdict(VALID))
    assert {path.read_text(encoding="utf-8") for path in file.parent.glob("*.abime*")} == {"{", "[]"}


@pytest.mark.parametrize("error", [PermissionError(13, "refus"), OSError(5, "Input/output error")])
def test_a_state_that_cannot_be_read_never_stops_a_cell_and_is_said_once(error, monkeypatch, capsys):
    progress.record(A, Verdict(VALID))

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(state.Path, "read_text", refuse)
    state._unreadable.clear()
    assert progress.statuses() == {} and solutions.is_on(A) is False
    progress.record(B, Verdict(VALID))
    decorator.exercise(B)(lambda text: text)
    assert capsys.readouterr().out.count("progress.json ne peut pas être lu") == 1


def test_a_state_neither_readable_nor_movable_never_stops_a_cell(monkeypatch):
    file = state.path(progress.FILE)
    file.parent.mkdir()
    file.write_text("{", encoding="utf-8")

    def refuse(*_):
        raise PermissionError(13, "refus")

    monkeypatch.setattr(state, "set_aside", refuse)
    monkeypatch.setattr(state, "write_atomic", refuse)
    progress.record(A, Verdict(VALID))
    assert progress.statuses() == {}


@pytest.mark.parametrize("kind", ["folder", "loop", "tube"])
def test_anything_in_the_place_of_a_state_is_passed_over(kind):
    file = state.path(progress.FILE)
    file.parent.mkdir()
    if kind == "folder":
        file.mkdir()
    elif kind == "loop":
        file.symlink_to(file.name)
    else:
        os.mkfifo(file)
    assert progress.statuses() == {}
    progress.record(A, Verdict(VALID))


RECORD = """
import sys
from aurore.atelier import progress
from aurore.atelier.runner import VALID, Verdict
for number in range(25):
    progress.record(f"corpus.{sys.argv[1]}{number}", Verdict(VALID))
"""


def test_two_kernels_record_at_once_and_lose_nothing(quiet):
    kernels = [subprocess.Popen([sys.executable, "-c", RECORD, name], cwd=ROOT) for name in "abc"]
    assert [kernel.wait(120) for kernel in kernels] == [0, 0, 0]
    assert set(progress.statuses()) == {f"corpus.{name}{number}" for name in "abc" for number in range(25)}


def test_a_kernel_that_holds_its_turn_for_ever_does_not_stop_the_others(quiet, monkeypatch):
    monkeypatch.setattr(state, "TURN_SECONDS", 0.1)
    (quiet / "state").mkdir()
    with filelock.FileLock(quiet / "state" / ".verrou"):
        progress.record(A, Verdict(VALID))
    assert progress.statuses() == {A: VALID}


def test_a_place_that_cannot_be_written_does_not_stop_the_lesson(quiet):
    (quiet / "state").write_text("un fichier à la place du dossier", encoding="utf-8")
    progress.record(A, Verdict(VALID))
    assert progress.statuses() == {}


def test_the_commands_show_what_is_left(run_here):
    progress.record(A, Verdict(VALID))
    progress.record(B, Verdict(ALMOST, "une propriété"))
    cards = [card for card in all_cards().values() if card.module == "corpus"]
    minutes = sum(card.minutes for card in cards) - find_card(A).minutes
    for command in (["exercises"], ["solutions", "status"]):
        lines = run_here(*command).out.splitlines()
        assert any(line.startswith(A) and line.endswith(VALID) for line in lines)
        assert any(line.startswith(B) and line.endswith("presque (une propriété)") for line in lines)
        assert any(line.startswith("tokenizer.") and line.endswith(TODO) for line in lines)
        assert f"corpus : 1 validé sur {len(cards)}, il reste {minutes} min" in lines
    assert "status" not in json.loads(run_here("exercises", "--json").out)[0]


def test_the_command_says_when_the_environment_decides(run_here, monkeypatch):
    assert "AURORE_SOLUTIONS" not in run_here("solutions", "on", A).out
    monkeypatch.setenv("AURORE_SOLUTIONS", "none")
    assert "AURORE_SOLUTIONS" in run_here("solutions", "on", A).out
