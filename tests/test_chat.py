"""Le dialogue dans un terminal : ses commandes, ses arrêts, ses codes de sortie."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest
from conftest import ROOT

from aurore import chat
from aurore.backends import MockLLM
from aurore.dialogue import Dialogue
from aurore.memories import ListMemory


@pytest.fixture
def talk():
    return Dialogue(MockLLM(), ListMemory())


def held(talk, *lines, session="ana"):
    """Ce qui s'écrit quand la personne tape ces lignes ; une exception se lève à son tour."""
    written, typed = [], iter(lines)

    def read():
        line = next(typed, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    errors = chat.run(talk, session, read, written.append)
    return "".join(written), errors


def test_a_conversation_remembers_and_ends(talk):
    said, errors = held(talk, "Je m'appelle Ana.", "", "  ", "Comment je m'appelle ?", "exit", "Salut")
    assert "Vous vous appelez Ana." in said and "Bonjour" not in said and errors == 0
    assert len(talk.memory.messages("ana")) == 4


def test_the_commands_show_change_export_and_forget(talk):
    said, errors = held(talk, "Salut", "/préférence ton = vif", "/souvenirs", "/export", "/effacer 1", "/souvenirs")
    assert "1 user : Salut" in said and "ton = vif" in said and '"content": "Salut"' in said
    assert said.count("1 user : Salut") == 1 and errors == 0
    said, _ = held(talk, "/oublier", "/souvenirs", "/aide", "/quitter")
    assert said.startswith("Effacé : messages 1, preferences 1. Traces qui restent : 0.\nRien.\n/aide")


@pytest.mark.parametrize("line", ["/inconnu", "/effacer", "/effacer douze", "/effacer 99", "/préférence x", "\ud800"])
def test_a_wrong_line_is_explained_and_the_conversation_goes_on(talk, line):
    said, errors = held(talk, line, "Salut")
    assert errors == 1 and "Bonjour" in said


def test_ctrl_c_stops_an_answer_and_keeps_what_was_shown(talk, monkeypatch):
    def interrupted(messages, max_new_tokens):
        yield "La météo"
        raise KeyboardInterrupt

    monkeypatch.setattr(talk.backend, "stream", interrupted)
    said, _ = held(talk, "Quelle est la météo ?", KeyboardInterrupt())
    assert "Réponse arrêtée" in said
    assert [each.content for each in talk.memory.messages("ana")] == ["Quelle est la météo ?", "La météo"]


def test_nothing_said_acts_on_the_terminal(talk, monkeypatch):
    monkeypatch.setattr(talk.backend, "stream", lambda messages, length: iter(["\x1b[2J\x07\u202eé\u202f👩\u200d👧"]))
    said, _ = held(talk, "\x1b]0;titre\x07", "/souvenirs", "/export")
    assert "\x1b" not in said and "\x07" not in said and "\u202e" not in said
    assert "\\x1b[2J" in said and "é\u202f👩\u200d👧" in said


def test_the_command_answers_a_file_and_says_what_failed(run_here, monkeypatch, tmp_path):
    import io

    url = f"sqlite:///{tmp_path / 'd.sqlite'}"
    monkeypatch.setattr(sys, "stdin", io.StringIO("Salut\nQuelle est la météo ?\n"))
    done = run_here("chat", "--backend", "simulé", "--memory", url, "--session", "ana/lundi")
    assert done.code == 0 and "La météo est ensoleillée." in done.out and done.err == ""
    monkeypatch.setattr(sys, "stdin", io.StringIO("/souvenirs\n/rien\n"))
    done = run_here("chat", "--backend", "simulé", "--memory", url, "--session", "ana/lundi")
    assert done.code == 1 and "1 user : Salut" in done.out and "1 ligne sans réponse" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--memory", "mongodb://moi:tresor@x"], 1, "Formes connues"),
        (["--session", "a/"], 1, "Un nom de séance"),
        (["--backend", "bidule"], 1, "adresse d'un service"),
        (["--rien"], 2, "arguments inconnus"),
    ],
)
def test_a_wrong_command_is_explained(run_here, arguments, code, said):
    done = run_here("chat", "--backend", "simulé", *arguments)
    assert done.code == code and said in done.err and "tresor" not in done.err


@pytest.mark.skipif(os.name == "nt", reason="les signaux y sont autres")
def test_ctrl_c_between_two_answers_leaves(home):
    command = [sys.executable, "-m", "aurore", "chat", "--backend", "simulé", "--memory", "memory://"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    process.stdin.write("Salut\n")
    process.stdin.flush()
    assert process.stdout.readline() == "Bonjour. Comment puis-je vous aider ?\n"
    for _ in range(30):  # un signal venu avant la fin de la réponse n'arrête qu'elle
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            break
    assert process.wait(1) == 0 and "Traceback" not in process.stderr.read()
