"""Ce que les essais partagent : un dossier de travail neuf, la commande, un serveur local, un livre encadré."""

import os
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # la bibliothèque, et les réponses

# Deux essais à la fois sur deux cœurs : à deux fils chacun, ils passeraient plus de temps à s'attendre qu'à calculer. À
# fixer avant que torch ne se charge ; les processus lancés par les essais en héritent.
os.environ.setdefault("OMP_NUM_THREADS", "1")
TUNABLES = ("AURORE_MIRROR", "AURORE_MODEL", "AURORE_MEMORY", "AURORE_DEBUG")
# Lancée en arrière-plan, la suite hérite d'un Ctrl-C sourd, et le transmettrait aux processus qu'elle essaie.
signal.signal(signal.SIGINT, signal.default_int_handler)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Un dossier de travail neuf, réglé sur le pastiche et le profil d'essai."""
    monkeypatch.setenv("AURORE_HOME", str(tmp_path))
    monkeypatch.setenv("AURORE_CORPUS", "pastiche")
    monkeypatch.setenv("AURORE_PROFILE", "test")
    for name in (*TUNABLES, *PROXIES):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run_cli(home):
    """Lance `python -m aurore …` à part et rend code, sortie et erreurs."""

    def run(*arguments, preexec_fn=None, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "aurore", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            capture_output=True,
            text=True,
            encoding="utf-8",
            preexec_fn=preexec_fn,
            timeout=120,
        )
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture
def run_here(home, capsys):
    """Exécute la même commande dans ce processus, où les bibliothèques sont déjà chargées, et rend la même chose."""
    from aurore import __main__ as cli

    def run(*arguments):
        capsys.readouterr()
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return SimpleNamespace(code=code, out=said.out, err=said.err)

    return run


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        library = self.server.library
        library.requests.append((self.path, dict(self.headers)))
        answers = library.routes.get(self.path, library.default)
        answer = answers.pop(0) if isinstance(answers, list) and len(answers) > 1 else answers
        status, body, declared = answer[0] if isinstance(answer, list) else answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if declared is None else declared))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Library:
    """Un Gutenberg en miniature, sur la machine : chaque chemin a sa réponse, ou une suite de réponses."""

    def __init__(self):
        self.routes, self.requests, self.default = {}, [], (404, b"", None)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.library = self
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def paths(self):
        return [path for path, _ in self.requests]

    def put(self, path, *answers):
        """Répond à `path` : des octets, un code d'erreur, ou `(octets, longueur annoncée)`."""
        self.routes["/" + path] = [_answer(answer) for answer in answers]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def _answer(answer):
    if isinstance(answer, int):
        return answer, b"panne", None
    body, declared = answer if isinstance(answer, tuple) else (answer, None)
    return 200, body, declared


@pytest.fixture
def library(home):
    server = Library()
    yield server
    server.close()


@pytest.fixture
def closed_url(home):
    """L'adresse d'un port que personne n'écoute."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def servers():
    """De vrais serveurs de bases de données, chacun lancé au premier essai qui le demande."""
    import contextlib

    from servers import running

    with contextlib.ExitStack() as stack:
        started = {}

        def get(engine):
            if engine not in started:
                started[engine] = stack.enter_context(running(engine))
            return started[engine]

        yield get


def framed(body, number=90001, title="Le Moulin de la Vauvre"):
    """Met un texte dans le cadre d'un fichier de Gutenberg."""
    return (
        f"The Project Gutenberg EBook of {title}\n\nTitle: {title}\n\nRelease Date: May 1, 2007 [EBook #{number}]\n\n"
        f"Language: French\n\n*** START OF THIS PROJECT GUTENBERG EBOOK {title.upper()} ***\n\n\n{body}\n\n\n"
        f"*** END OF THIS PROJECT GUTENBERG EBOOK {title.upper()} ***\n\nThis file may be given away, but to SEND DONATIONS see below.\n"
    )


def pytest_terminal_summary(terminalreporter):
    """Dit, à la fin, quelles bases n'ont pas été essayées, et compte ce que les fiches éprouvent, si leurs essais ont eu lieu."""
    reasons = sorted(
        {
            report.longrepr[2]
            for report in terminalreporter.stats.get("skipped", [])
            if "manque (" in str(report.longrepr)
        }
    )
    for reason in reasons:
        terminalreporter.write_line(f"ESSAIS SAUTÉS : {reason.removeprefix('Skipped: ')}.")
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    if not any("test_exercises.py" in getattr(report, "nodeid", "") for report in reports):
        return
    from answers import gather

    from aurore.atelier.cards import all_cards

    cards = all_cards().values()
    counts = (
        (len(cards), "exercices"),
        (sum(len(card.checks) for card in cards), "vérifications"),
        (sum(map(len, gather("WRONG").values())), "réponses fausses"),
        (sum(map(len, gather("RIGHT").values())), "réponses justes"),
    )
    terminalreporter.write_line("Fiches éprouvées : " + ", ".join(f"{count} {name}" for count, name in counts) + ".")
