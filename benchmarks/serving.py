"""La charge : la page, servie comme une personne la sert, et des clients qui n'attendent pas.

Cinquante clients à la fois pendant deux minutes, chacun de son adresse (127.0.0.x) ; cinq clients, et le temps jusqu'au premier
token ; deux mille demandes, et la mémoire. Clients et serveur se partagent la machine.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil

from aurore import settings

Row = tuple[str, str, str]
CROWD, MINUTES, FEW, FEW_SECONDS, MANY = 50, 2.0, 5, 30.0, 2_000


def run() -> Iterator[Row]:
    """Mesure, valeur, visé."""
    with _site() as (url, process):
        _ask(url, 0)  # le modèle se charge
        first = _crowd(url, FEW, FEW_SECONDS)
        yield f"{FEW} clients, premier token, médiane (s)", f"{statistics.median(first.first):.2f}", "1"
        yield f"{FEW} clients, tokens par seconde, ensemble", f"{first.tokens / FEW_SECONDS:.0f}", ""
        memory = [process.memory_info().rss]
        for _ in range(4):
            _many(url, MANY // 4)
            memory.append(process.memory_info().rss)
        said = " → ".join(f"{each / 2**20:.0f}" for each in memory)
        yield f"mémoire au fil de {MANY} demandes (Mio)", said, "plate"
        crowd = _crowd(url, CROWD, MINUTES * 60)
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(crowd.statuses.items()))
        yield f"{CROWD} clients, {MINUTES:.0f} min, réponses", statuses, "200, 429 ou 503"
        yield f"{CROWD} clients, tokens par seconde, ensemble", f"{crowd.tokens / MINUTES / 60:.0f}", ""
        yield f"{CROWD} clients, premier token, médiane (s)", f"{statistics.median(crowd.first):.2f}", ""
        yield "mémoire ensuite (Mio)", f"{process.memory_info().rss / 2**20:.0f}", ""
        health = httpx.get(f"{url}/health").json()
        yield "demandes encore en cours, à la fin", str(health["busy"]), "0"


@contextmanager
def _site() -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "AURORE_HOME": home, "AURORE_CORPUS": "pastiche", "HF_HUB_OFFLINE": "1"}
        command = [sys.executable, "-m", "aurore", "serve", "--port", str(port), "--memory", "memory://"]
        with subprocess.Popen(
            command, cwd=settings.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            server.stdout.readline()
            yield f"http://127.0.0.1:{port}", psutil.Process(server.pid)
            server.terminate()


class _Found:
    """Ce qu'une foule a reçu."""

    def __init__(self) -> None:
        self.statuses: Counter = Counter()
        self.first: list[float] = []  # secondes jusqu'au premier token
        self.tokens = 0
        self.lock = threading.Lock()


def _ask(url: str, rank: int, found: _Found | None = None, tokens: int = 60) -> None:
    """Une demande, à mesure, d'une adresse à soi."""
    transport = httpx.HTTPTransport(local_address=f"127.0.0.{2 + rank}" if sys.platform == "linux" else None)
    body = {"prompt": "Le lendemain, avant le jour,", "max_new_tokens": tokens, "seed": rank, "stream": True}
    start, pieces, first = time.monotonic(), 0, 0.0
    with (
        httpx.Client(transport=transport, timeout=60) as client,
        client.stream("POST", f"{url}/api/generate", json=body) as answer,
    ):
        status = str(answer.status_code)
        for line in answer.iter_lines():
            pieces += line == "event: piece"
            first = first or (time.monotonic() - start if pieces else 0.0)
            if line == "event: error":
                status = "erreur"
    if answer.status_code == 200 and not pieces:
        status = "vide"
    if found is not None:
        with found.lock:
            found.statuses[status] += 1
            found.tokens += pieces
            found.first += [first] if first else []
    if status in ("429", "503"):
        time.sleep(float(answer.headers.get("Retry-After", 1)))


def _crowd(url: str, clients: int, seconds: float) -> _Found:
    found, until = _Found(), time.monotonic() + seconds

    def insist(rank: int) -> None:
        while time.monotonic() < until:
            try:
                _ask(url, rank, found)
            except httpx.HTTPError as error:
                with found.lock:
                    found.statuses[type(error).__name__] += 1

    threads = [threading.Thread(target=insist, args=(rank,)) for rank in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _many(url: str, requests: int) -> None:
    def several(rank: int) -> None:
        for _ in range(requests // 4):
            _ask(url, rank, tokens=12)

    threads = [threading.Thread(target=several, args=(rank,)) for rank in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
