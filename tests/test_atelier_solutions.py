"""Les solutions : le plus précis l'emporte, l'état survit, un fichier abîmé est mis de côté."""

import pytest

from aurore.atelier import solutions, state
from aurore.settings import AuroreError

A, B = "corpus.decode", "corpus.cut_frame"


@pytest.fixture(autouse=True)
def quiet(home, monkeypatch):
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], (False, False)),
        ([(["all"], True)], (True, True)),
        ([([], True)], (True, True)),
        ([([A], True)], (True, False)),
        ([(["corpus"], True), ([A], False)], (False, True)),
        ([([A], True), (["all"], False)], (False, False)),
        ([([A], True), (["corpus"], False)], (False, False)),
        ([(["all"], False), ([B], True)], (False, True)),
    ],
)
def test_the_most_precise_and_latest_choice_wins(steps, expected):
    for targets, on in steps:
        solutions.switch(targets, on)
    assert (solutions.is_on(A), solutions.is_on(B)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("all", (True, True)),
        ("none", (False, False)),
        ("corpus", (True, True)),
        (A, (True, False)),
        (f"{A},{B}", (True, True)),
    ],
)
def test_the_environment_comes_first(monkeypatch, value, expected):
    solutions.switch(["all"], value == "none")
    monkeypatch.setenv("AURORE_SOLUTIONS", value)
    assert (solutions.is_on(A), solutions.is_on(B)) == expected


def test_unknown_targets_are_refused_and_nothing_changes():
    with pytest.raises(AuroreError, match="Cible inconnue : bidon"):
        solutions.switch([A, "bidon"], True)
    assert not solutions.is_on(A)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"on": 3}', '{"on": {}}', "\x00\xff"])
def test_a_corrupt_state_is_set_aside_and_said(content, capsys):
    file = state.path(solutions.FILE)
    file.parent.mkdir()
    file.write_bytes(content.encode("latin-1"))
    assert not solutions.is_on(A)
    assert "mis de côté" in capsys.readouterr().out
    assert file.with_name(f"{file.name}.abime").read_bytes() == content.encode("latin-1")
    assert not solutions.is_on(A) and capsys.readouterr().out == ""


def test_the_command_sets_shows_and_locks(run_here):
    assert run_here("solutions", "on", A).code == 0
    assert run_here("solutions", "lock").code == 0
    assert shown(run_here) == {A: "montrée, rideau tiré", B: "cachée, rideau tiré"}
    assert run_here("solutions", "unlock", B).code == 0
    assert shown(run_here) == {A: "montrée, rideau tiré", B: "cachée"}
    assert run_here("solutions", "on", "bidon").code == 1
    assert run_here("solutions", "peut-être").code == 2


def shown(run_here):
    lines = [line.split(maxsplit=1) for line in run_here("solutions", "status").out.splitlines()]
    return {name: rest.removesuffix("à compléter").strip() for name, rest in lines if name in (A, B)}
