"""Ce que l'atelier retient : le dernier verdict de chaque exercice, sans jamais gêner la leçon."""

import json

import pytest

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


def test_a_place_that_cannot_be_written_does_not_stop_the_lesson(quiet):
    (quiet / "state").write_text("un fichier à la place du dossier", encoding="utf-8")
    progress.record(A, Verdict(VALID))
    assert progress.statuses() == {}


def test_the_commands_show_what_is_left(run_cli):
    progress.record(A, Verdict(VALID))
    progress.record(B, Verdict(ALMOST, "une propriété"))
    cards = [card for card in all_cards().values() if card.module == "corpus"]
    minutes = sum(card.minutes for card in cards) - find_card(A).minutes
    for command in (["exercises"], ["solutions", "status"]):
        lines = run_cli(*command).out.splitlines()
        assert any(line.startswith(A) and line.endswith(VALID) for line in lines)
        assert any(line.startswith(B) and line.endswith("presque (une propriété)") for line in lines)
        assert any(line.startswith("tokenizer.") and line.endswith(TODO) for line in lines)
        assert f"corpus : 1 validé sur {len(cards)}, il reste {minutes} min" in lines
    assert "status" not in json.loads(run_cli("exercises", "--json").out)[0]


def test_the_command_says_when_the_environment_decides(run_cli):
    told = run_cli("solutions", "on", A, AURORE_SOLUTIONS="none").out
    assert "AURORE_SOLUTIONS" in told and "AURORE_SOLUTIONS" not in run_cli("solutions", "on", A).out
