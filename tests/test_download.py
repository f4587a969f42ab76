"""Les téléchargements : toujours une fin, toujours une raison, et un mauvais livre ne condamne pas sa source."""

import gzip
import socket
import threading
import time
import zlib
from contextlib import contextmanager

import httpx
import pytest
import tenacity
from conftest import ROOT

from aurore import corpus, download
from aurore.corpus import Book, Fetcher, Unreachable
from aurore.settings import AuroreError

RAW = (ROOT / "data/pastiche/files/90001/90001-0.txt").read_bytes()
MILL = corpus.load_catalogue(ROOT / "data/pastiche/catalogue.toml")[90001]


@pytest.fixture(autouse=True)
def short(home, monkeypatch):
    """Les mêmes limites, vingt fois plus serrées : les essais n'attendent pas."""
    monkeypatch.setattr(download, "RETRY_WAIT", tenacity.wait_none())
    monkeypatch.setattr(download, "MAX_SILENCE", 0.5)
    monkeypatch.setattr(download, "MAX_HEADER_SECONDS", 1.0)
    monkeypatch.setattr(download, "MAX_SECONDS", 3.0)
    monkeypatch.setattr(download, "SLOW_AFTER", 0.6)
    monkeypatch.setattr(download, "MAX_BYTES", 300_000)


@contextmanager
def serving(talk):
    """Un serveur qui lit la demande, puis laisse `talk(connexion, chemin)` répondre comme il l'entend."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def answer(connection):
        with connection:
            try:
                asked = connection.recv(65536).decode("latin-1")
                talk(connection, asked.split(" ")[1], stopped)
            except OSError:  # le client est parti : c'est ce que l'on vérifie
                pass

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        listener.close()


def head(*lines):
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def whole(connection, body, *lines):
    connection.sendall(head(f"Content-Length: {len(body)}", *lines) + body)


def drip(connection, path, stopped):
    connection.sendall(head("Content-Length: 1000000"))
    while not stopped.wait(0.1):
        connection.sendall(b"x")


def drip_headers(connection, path, stopped):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not stopped.wait(0.1):
        connection.sendall(b"x")


def silent(connection, path, stopped):
    stopped.wait(20)


def silent_after_the_headers(connection, path, stopped):
    connection.sendall(head("Content-Length: 1000000"))
    stopped.wait(20)


def endless(connection, path, stopped):
    connection.sendall(head("Connection: close"))
    while not stopped.is_set():
        connection.sendall(b"Le meunier regardait couler l'eau.\r\n" * 1000)


def endless_chunks(connection, path, stopped):
    connection.sendall(head("Transfer-Encoding: chunked"))
    while not stopped.is_set():
        connection.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")


BOMB = gzip.compress(bytes(100_000_000), 1)


def bomb(connection, path, stopped):
    whole(connection, BOMB, "Content-Encoding: gzip")


def bomb_in_a_bomb(connection, path, stopped):
    whole(connection, gzip.compress(BOMB), "Content-Encoding: gzip, gzip")


def deflated(connection, path, stopped):
    whole(connection, zlib.compress(RAW), "Content-Encoding: deflate")


def not_gzip(connection, path, stopped):
    whole(connection, RAW, "Content-Encoding: gzip")


def around_and_around(connection, path, stopped):
    place = f"Location: {path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    connection.sendall(b"HTTP/1.1 302 Found\r\n" + place.encode())


def teapot(connection, path, stopped):
    connection.sendall(b"HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (drip, "trop lent"),
        (drip_headers, "aucune réponse entière"),
        (silent, "rien reçu pendant"),
        (silent_after_the_headers, "rien reçu pendant"),
        (endless, "trop lourd : plus de 300 ko"),
        (endless_chunks, "trop lourd"),
        (bomb, "trop lourd"),
        (bomb_in_a_bomb, "compressée d'une façon"),
        (deflated, "compressée d'une façon"),
        (not_gzip, "mal compressée"),
        (around_and_around, "redirections sans fin"),
        (teapot, "réponse inattendue (418)"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_download_ends_and_says_why(talk, reason, tmp_path):
    with serving(talk) as url:
        start = time.monotonic()
        with pytest.raises(AuroreError) as failure:
            Fetcher(tmp_path, (url,)).fetch(MILL)
        assert time.monotonic() - start < 4
    assert reason in str(failure.value) and MILL.name in str(failure.value)
    assert not isinstance(failure.value, Unreachable)
    assert list(tmp_path.iterdir()) == []


def test_the_true_limits_keep_the_promise():
    """Moins de deux minutes et de deux cents mégaoctets, tentatives comprises."""
    import importlib

    from aurore import download as loaded

    fresh = importlib.util.module_from_spec(loaded.__spec__)
    loaded.__spec__.loader.exec_module(fresh)
    assert fresh.MAX_SECONDS + fresh.MAX_SILENCE < 120 and fresh.MAX_BYTES < 200e6
    # Trois livres à la suite, c'est une source qui ne répond pas : cela aussi doit aller vite.
    assert fresh.PATIENCE * max(fresh.MAX_HEADER_SECONDS, fresh.MAX_SILENCE, fresh.SLOW_AFTER) < 120


def test_a_compressed_book_is_read():
    def talk(connection, path, stopped):
        whole(connection, gzip.compress(RAW), "Content-Encoding: gzip")

    with serving(talk) as url:
        assert download.receive(httpx.Client(), url) == RAW


def test_a_slow_but_honest_server_is_waited_for(monkeypatch):
    monkeypatch.setattr(download, "SLOW_RATE", 1000)

    def talk(connection, path, stopped):
        connection.sendall(head("Content-Length: 6000"))
        for _ in range(12):
            stopped.wait(0.1)
            connection.sendall(b"x" * 500)

    with serving(talk) as url:
        assert download.receive(httpx.Client(), url) == b"x" * 6000


@pytest.mark.parametrize("talk", [drip, endless, silent, teapot], ids=lambda talk: talk.__name__)
def test_one_bad_book_does_not_disable_its_source(talk, tmp_path):
    def mixed(connection, path, stopped):
        if "90009" in path:
            talk(connection, path, stopped)
        else:
            whole(connection, RAW)

    with serving(mixed) as url:
        fetcher = Fetcher(tmp_path, (url,))
        for _ in range(download.PATIENCE + 1):
            with pytest.raises(AuroreError, match="ne répond comme il faut"):
                fetcher.fetch(Book(90009, title="Le Mauvais Livre"))
            (tmp_path / "90001.txt").unlink(missing_ok=True)
            assert fetcher.fetch(MILL) == RAW


def test_a_server_error_on_one_address_leaves_the_others(tmp_path, library):
    library.put("files/90001/90001-0.txt", 500)
    library.put("cache/epub/90001/pg90001.txt", RAW)
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW


def test_a_source_that_misses_books_one_after_the_other_is_left_alone(tmp_path, library):
    library.default = (503, b"", None)
    fetcher = Fetcher(tmp_path, (library.url,))
    for number in range(1, download.PATIENCE + 1):
        with pytest.raises(AuroreError, match="erreur 503"):
            fetcher.fetch(Book(number))
    asked = len(library.requests)
    with pytest.raises(Unreachable, match="erreur 503"):
        fetcher.fetch(MILL)
    assert len(library.requests) == asked


def test_the_next_source_is_tried_after_a_broken_one(tmp_path, library):
    library.put("files/90001/90001-0.txt", RAW)
    with serving(endless) as url:
        assert Fetcher(tmp_path, (url, library.url)).fetch(MILL) == RAW


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("http://sand:secret@127.0.0.1:1", "connexion impossible"),
        ("http://sand:se:cret@exemple.fr:port", "mal formée"),
        ("gopher://sand:secret@127.0.0.1", "mal formée"),
        ("http://sand:secret@exemple .fr", "connexion impossible"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(tmp_path, source, reason):
    with pytest.raises(Unreachable) as failure:
        Fetcher(tmp_path, (source,)).fetch(MILL)
    assert reason in str(failure.value)
    assert "secret" not in str(failure.value) and "cret@" not in str(failure.value)


def test_a_refused_password_is_said_once_and_not_shown(tmp_path, library):
    library.default = (401, b"", None)
    source = library.url.replace("http://", "http://sand:secret@")
    with pytest.raises(Unreachable, match=r"mot de passe refusé \(401\)") as failure:
        Fetcher(tmp_path, (source,)).fetch(MILL)
    assert "secret" not in str(failure.value) and len(library.requests) == 1
    assert library.requests[0][1]["Authorization"].startswith("Basic ")


def test_a_file_too_heavy_or_unreadable_in_a_mirror_folder_is_one_bad_book(tmp_path, monkeypatch):
    folder = tmp_path / "miroir/files/90001"
    folder.mkdir(parents=True)
    with (folder / "90001-0.txt").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(AuroreError, match="trop lourd : 3 Go"):
        Fetcher(tmp_path / "cache", (str(tmp_path / "miroir"),)).fetch(MILL)

    def refused(path, limit):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(download, "read_limited", refused)
    with pytest.raises(AuroreError, match="lecture refusée"):
        Fetcher(tmp_path / "cache", (str(tmp_path / "miroir"),)).fetch(MILL)


def test_a_cached_book_that_cannot_be_read_is_left_and_sought_elsewhere(tmp_path, library, monkeypatch):
    library.put("files/90001/90001-0.txt", RAW)
    (tmp_path / "90001.txt").write_text("à relire un jour", encoding="utf-8")

    def refused(path, limit):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(corpus, "read_limited", refused)
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW
    assert (tmp_path / "90001.txt").read_text(encoding="utf-8") == "à relire un jour"


def test_what_is_refused_in_the_cache_never_covers_another_refused_file(tmp_path, library):
    library.put("files/90001/90001-0.txt", RAW)
    (tmp_path / "90001.refuse").write_text("premier", encoding="utf-8")
    (tmp_path / "90001.txt").write_text("second", encoding="utf-8")
    assert Fetcher(tmp_path, (library.url,)).fetch(MILL) == RAW
    kept = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("90001.refuse*")}
    assert kept == {"90001.refuse": "premier", "90001.refuse.2": "second"}
