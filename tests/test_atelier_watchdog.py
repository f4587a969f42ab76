"""Un calcul en C qui fige le noyau : le gardien l'arrête, et la fiche dit ensuite ce qui est arrivé."""

import os
import time

import pytest
from conftest import ROOT
from jupyter_client import KernelManager

from aurore.atelier import watchdog

ANSWER = '@exercise("corpus.cut_frame")\ndef cut_frame(text):\n    import re\n    {line}\n    return text\n'
FROZEN = ANSWER.format(line='re.match("(a+)+$", "a" * 60 + "b")')


class Kernel:
    """Un noyau et de quoi y exécuter une cellule comme le fait un carnet."""

    def __init__(self, environment):
        self.manager = KernelManager(kernel_name="python3")
        self.environment = environment
        self.start()

    def start(self):
        self.manager.start_kernel(env=self.environment)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.run("from aurore.atelier import exercise")

    def run(self, code):
        """Exécute une cellule et rend ce qu'elle affiche en texte."""
        texts = []

        def keep(message):
            content = message["content"]
            texts.append(content.get("text") or content.get("data", {}).get("text/plain") or "")

        self.client.execute_interactive(code, output_hook=keep, timeout=120, allow_stdin=False)
        return "".join(texts)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(home):
    kernel = Kernel({**os.environ, "PYTHONPATH": str(ROOT), "AURORE_SOLUTIONS": ""})
    yield kernel
    kernel.stop()


def test_a_frozen_kernel_is_ended_then_explained_once(kernel):
    began = time.monotonic()
    kernel.client.execute(FROZEN)
    kernel.manager.provisioner.process.wait(timeout=60)
    assert watchdog.SECONDS - 1 < time.monotonic() - began < 30

    kernel.client.stop_channels()
    kernel.start()
    card = kernel.run(FROZEN)
    assert "une fonction qui finit" in card and "figé le noyau" in card
    assert 'ligne 4 de votre cellule : re.match("(a+)+$"' in card
    assert "figé" not in kernel.run(ANSWER.format(line="pass")), "une autre réponse est jugée pour elle-même"


def test_exit_and_input_neither_close_nor_hang_the_kernel(kernel):
    assert "ferment tout" in kernel.run(ANSWER.format(line="exit()"))
    assert "attend que quelqu'un" in kernel.run(ANSWER.format(line="input()"))
    assert "orthographié" in kernel.run("inconnu") or kernel.manager.is_alive()
    assert kernel.run("print('debout')") == "debout\n"


def left_by(function, trace, home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watchdog, "in_a_notebook", lambda: True)
        with watchdog.guard("corpus.decode", function):
            first = (home / "state/corpus.decode.essai").read_text(encoding="utf-8")
    (home / "state/corpus.decode.essai").write_text(first + trace, encoding="utf-8")


def answer(text):
    return text


def other(text):
    return text + text


def test_nothing_is_left_when_all_goes_well(home, monkeypatch):
    monkeypatch.setattr(watchdog, "in_a_notebook", lambda: True)
    with watchdog.guard("corpus.decode", answer):
        assert (home / "state/corpus.decode.essai").is_file()
    assert list((home / "state").iterdir()) == []
    assert watchdog.last_words("corpus.decode", answer) is None


def test_the_last_words_are_read_once_and_only_for_the_same_answer(home):
    line = answer.__code__.co_firstlineno + 1
    trace = f'Timeout (0:00:05)!\nThread 0x1 (most recent call first):\n  File "{__file__}", line {line} in answer\n'
    left_by(answer, trace, home)
    assert watchdog.last_words("corpus.decode", other) is None
    left_by(answer, trace, home)
    assert watchdog.last_words("corpus.decode", answer) == f"ligne {line} de votre cellule : return text"
    assert watchdog.last_words("corpus.decode", answer) is None
    left_by(answer, "", home)  # un noyau redémarré à la main n'accuse personne
    assert watchdog.last_words("corpus.decode", answer) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]\nTimeout", b"\xff"])
def test_unreadable_last_words_are_forgotten(home, content):
    (home / "state").mkdir()
    (home / "state/corpus.decode.essai").write_bytes(content)
    assert watchdog.last_words("corpus.decode", answer) is None


def test_without_a_place_for_the_last_words_the_guard_steps_aside(home, monkeypatch):
    monkeypatch.setattr(watchdog, "in_a_notebook", lambda: True)
    (home / "state").write_text("un fichier à la place du dossier", encoding="utf-8")
    with watchdog.guard("corpus.decode", answer):
        pass
