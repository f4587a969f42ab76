"""La console sous la charge : trente carnets à la fois, chacun dans son fil, contre la console telle qu'une personne la lance.

Chaque carnet donne un verdict par exercice, dix de suite, sans attendre entre deux : une salle réelle met des minutes. Puis trente
carnets qui ne font que demander, toutes les cinq secondes, quelles solutions sont ouvertes ; et ce que coûte à une cellule
d'avoir une console, qu'elle réponde ou non.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import httpx
import psutil

from aurore import settings
from aurore.atelier import room
from aurore.atelier.cards import lesson_cards
from aurore.atelier.runner import Verdict
from aurore.lessons import find_lesson

Row = tuple[str, str, str]
PEOPLE, EXERCISES = 30, 10
QUIET_SECONDS = 20.0


def run() -> Iterator[Row]:
    """Mesure, valeur, visé."""
    with tempfile.TemporaryDirectory() as home:
        start = time.monotonic()
        with _console(home) as (url, token, process):
            yield "la console répond après (s)", f"{time.monotonic() - start:.1f}", ""
            times, seconds = _crowd(url)
            yield (
                f"{PEOPLE} carnets à la fois, {PEOPLE * EXERCISES} verdicts, perdus",
                str(PEOPLE * EXERCISES - len(times)),
                "0",
            )
            yield "verdicts par seconde", f"{len(times) / seconds:.0f}", ""
            yield "un verdict, médiane (ms)", f"{statistics.median(times) * 1000:.0f}", ""
            yield "le plus lent (ms)", f"{max(times) * 1000:.0f}", f"{room.SECONDS * 1000:.0f}"
            yield "la page d'animation, trente personnes dessus (ms)", f"{_page(url, token) * 1000:.0f}", ""
            before = process.cpu_times()
            _presence(url)
            after = process.cpu_times()
            used = (after.user + after.system - before.user - before.system) / QUIET_SECONDS
            yield f"{PEOPLE} carnets qui attendent, part d'un cœur (%)", f"{used * 100:.1f}", ""
            yield "mémoire de la console (Mio)", f"{process.memory_info().rss / 2**20:.0f}", ""
        with _console(home) as (url, token, _):
            text = httpx.get(f"{url}/animer", cookies={"aurore_animation": token}).text
            found = re.search(r"(\d+) depuis le début", text)
            yield "personnes retrouvées après un arrêt", found[1] if found else "0", str(PEOPLE)
            yield "une cellule, console présente (ms)", f"{_cost(url):.2f}", ""
        yield "une cellule, console éteinte (ms)", f"{_cost(url):.2f}", ""
        yield "une cellule, sans console (ms)", f"{_cost(''):.2f}", ""


@contextmanager
def _console(home: str) -> Iterator[tuple[str, str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "aurore", "console", "--port", str(port), "--token", "mesure"]
    environment = {**os.environ, "AURORE_HOME": home}
    with subprocess.Popen(
        command, cwd=settings.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        yield f"http://127.0.0.1:{port}", "mesure", psutil.Process(server.pid)
        server.terminate()


def _crowd(url: str) -> tuple[list[float], float]:
    """Le temps de chaque verdict accepté, et celui de l'ensemble."""
    cards = list(lesson_cards(find_lesson("corpus")).values())[:EXERCISES]
    gate, times, place = threading.Barrier(PEOPLE), [], room.locate(url)

    def attendee(number: int) -> None:
        who = {"person": f"{number:08x}", "pseudonym": f"Iris {number}"}
        gate.wait()
        for card in cards:
            news = room.diagnosis(card.id, Verdict("presque", card.checks[number % len(card.checks)].name))
            start = time.monotonic()
            room._send(place, who | news)
            times.append(time.monotonic() - start)

    start = time.monotonic()
    with ThreadPoolExecutor(PEOPLE) as crowd:
        list(crowd.map(attendee, range(PEOPLE)))
    return times, time.monotonic() - start


def _page(url: str, token: str) -> float:
    found = []
    for _ in range(9):
        start = time.monotonic()
        httpx.get(f"{url}/animer", cookies={"aurore_animation": token}).raise_for_status()
        found.append(time.monotonic() - start)
    return statistics.median(found)


def _presence(url: str) -> None:
    place, end = room.locate(url), time.monotonic() + QUIET_SECONDS

    def attendee(number: int) -> None:
        while time.monotonic() < end:
            room._send(place, {"person": f"{number:08x}", "pseudonym": f"Iris {number}"})
            time.sleep(room.EVERY)

    with ThreadPoolExecutor(PEOPLE) as crowd:
        list(crowd.map(attendee, range(PEOPLE)))


def _cost(url: str) -> float:
    """Ce qu'une fiche attend de la salle : donner le verdict, lire si la solution est ouverte ; en millisecondes, médiane."""
    with (
        tempfile.TemporaryDirectory() as home,
        mock.patch.dict(os.environ, {room.VARIABLE: url, "AURORE_HOME": str(Path(home))}),
    ):
        found = []
        for _ in range(200):
            start = time.perf_counter()
            room.tell("corpus.cut_frame", Verdict("presque", "x"))
            room.is_closed("corpus.cut_frame")
            found.append((time.perf_counter() - start) * 1000)
            time.sleep(0.01)
    with mock.patch.dict(os.environ, {room.VARIABLE: ""}):
        room.current()
    return statistics.median(found)
