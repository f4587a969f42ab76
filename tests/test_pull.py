"""Un modèle pris par son nom : il arrive entier, ou l'on dit vite pourquoi il n'arrive pas."""

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from huggingface_hub import constants
from small import small_model, small_tokenizer

from aurore import download, models, pull
from aurore.settings import AuroreError

NAME, SHA = "personne/petit", "0123456789abcdef0123456789abcdef01234567"


class Answers(BaseHTTPRequestHandler):
    """Le Hub, en petit : la liste d'un dépôt, puis ses fichiers ; `server.harm` dit ce qu'il fait de travers."""

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        self.server.asked.append(self.path)
        harm, files = self.server.harm, self.server.files
        listing = self.path.startswith("/api/")
        if listing and harm == "unknown":
            return self.send_error(401)
        if listing and harm == "page":
            return self.whole(b"<html>portail</html>")
        if listing:
            sizes = {name: 10**13 if harm == "huge" else len(body) for name, body in files.items()}
            siblings = [{"rfilename": name, "size": size} for name, size in sizes.items()]
            return self.whole(json.dumps({"sha": SHA, "siblings": siblings}).encode())
        if self.server.cuts and "config.json" in self.path:  # rien, puis la porte close
            self.server.cuts -= 1
            return None
        body = files[self.path.split("/resolve/")[1].split("/", 1)[1]]
        if harm == "drip headers":
            return self.drip(b"HTTP/1.1 200 OK\r\nX-Long: ")
        if harm == "drip" and self.command == "GET":
            return self.drip(self.head("Content-Length: 5000000"))
        if harm == "endless" and self.command == "GET":
            return self.flood(self.head("Connection: close"), b"x" * 100_000)
        if harm == "bomb" and self.command == "GET":
            return self.wfile.write(
                self.head("Content-Encoding: gzip", "Connection: close") + gzip.compress(bytes(30_000_000))
            )
        if harm == "missing":
            return self.send_error(404)
        return self.whole(body)

    def head(self, *lines):
        # Une demande par connexion, et dit : sinon, le client en attendrait une autre réponse au moment où elle se ferme.
        known = ("HTTP/1.1 200 OK", "Connection: close", f'ETag: "{abs(hash(self.path))}"', f"X-Repo-Commit: {SHA}")
        return "\r\n".join([*known, *lines, "", ""]).encode()

    def whole(self, body):
        self.wfile.write(self.head(f"Content-Length: {len(body)}") + (body if self.command == "GET" else b""))

    def drip(self, opening):
        self.wfile.write(opening)
        while not self.server.stopped.wait(0.1):
            self.wfile.write(b"x")

    def flood(self, opening, chunk):
        self.wfile.write(opening)
        while not self.server.stopped.is_set():
            self.wfile.write(chunk)


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments):  # le client est parti : c'est ce que l'on vérifie
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Un Hub local, un cache vide, et les mêmes limites, bien plus serrées."""
    cache = tmp_path / "cache"
    small_model().save_pretrained(tmp_path / "model")
    small_tokenizer().save_pretrained(tmp_path / "model")
    server = Quiet(("127.0.0.1", 0), Answers)
    server.harm, server.asked, server.stopped, server.cache = "", [], threading.Event(), cache
    server.cuts = 0  # connexions à couper sans réponse
    server.files = {path.name: path.read_bytes() for path in (tmp_path / "model").iterdir() if path.is_file()}
    server.files |= {"README.md": b"# Petit", "onnx/model.onnx": b"autre format", "training_args.bin": b"reste"}
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()


def test_a_model_of_the_hub_arrives_whole_and_is_not_asked_for_twice(served):
    model, _ = models.load_model(NAME)
    expected = small_model().state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())
    taken = {path.split("/")[-1] for path in served.asked if "/resolve/" in path}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= taken
    assert not taken & {"README.md", "model.onnx", "training_args.bin"}
    served.asked.clear()
    models.load_model(NAME)
    assert ["/api/" in path for path in served.asked] == [True]  # la liste, qui dit s'il y a du neuf, et rien d'autre


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("drip", "trop lent"),
        ("drip headers", "trop lent"),
        ("endless", "trop lourd"),
        ("bomb", "trop lourd|n.est pas arrivé"),  # arrivée entre deux regards, elle n'a pas la taille annoncée
        ("huge", "trop lourd"),
        ("missing", "un de ses fichiers n'est pas arrivé"),
        ("unknown", "ne connaît pas ce nom"),
        ("page", "n'est pas celle du Hub"),
    ],
)
def test_a_hub_that_misbehaves_is_told_soon_and_leaves_nothing(served, monkeypatch, harm, reason):
    monkeypatch.setattr(pull, "SLOW_AFTER", 1.0 if "drip" in harm else 20.0)
    monkeypatch.setattr(pull, "SLACK", 1_000_000)
    served.harm, start = harm, time.monotonic()
    with pytest.raises(AuroreError, match=f"« {NAME} » n'a pas pu être chargé.*{reason}"):
        models.load_model(NAME)
    assert time.monotonic() - start < 30
    assert list(served.cache.rglob("*.incomplete")) == []
    assert sum(path.stat().st_size for path in served.cache.rglob("*") if path.is_file()) < 2_000_000


def test_the_limits_hold_the_promise():
    """Deux minutes pour un serveur qui n'avance pas : la liste, puis une fenêtre."""
    assert download.MAX_HEADER_SECONDS + pull.SLOW_AFTER + 5 < 120
    assert pull.SLACK < 200_000_000


def test_a_connection_cut_once_is_tried_again(served):
    served.cuts = 1
    model, _ = models.load_model(NAME)
    assert served.cuts == 0 and model.config.vocab_size == small_model().config.vocab_size


def test_a_model_cut_short_is_not_taken_for_whole(served):
    """Le cache a la configuration et pas les poids : on dit ce que le Hub a fait, non que le modèle est abîmé."""
    weights = served.files.pop("model.safetensors")
    with pytest.raises(AuroreError):
        models.load_model(NAME)
    served.files["model.safetensors"], served.harm = weights, "missing"
    with pytest.raises(AuroreError, match="un de ses fichiers n'est pas arrivé"):
        models.load_model(NAME)


def test_what_the_cache_has_serves_when_the_hub_fails(served):
    models.load_model(NAME)
    served.harm = "page"
    model, _ = models.load_model(NAME)
    assert model.config.vocab_size == small_model().config.vocab_size


@pytest.mark.parametrize(
    ("name", "reason"), [("personne/un/modele", "ni un dossier, ni un nom du Hub"), (NAME, "HF_HUB_OFFLINE")]
)
def test_what_cannot_be_asked_is_not_asked(served, monkeypatch, name, reason):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(AuroreError, match=reason):
        models.load_model(name)
    assert served.asked == []
