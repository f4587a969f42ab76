"""Un million de messages dans chaque mémoire : ce que prennent une écriture, une lecture, un oubli, et la place.

Dix mille personnes de cent messages. La base se remplit par lots, hors mesure ; ce qu'on mesure ensuite est ce que fait un dialogue :
un message acquitté, les vingt derniers, les trois plus proches, une personne oubliée. Médianes, sur des personnes tirées au sort.
Les serveurs sont ceux des essais, sur cette machine, réglés pour ne rien perdre à une coupure.
"""

import random
import statistics
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from sqlalchemy import insert, text

from aurore import settings
from aurore.memories import ListMemory, Memory, Message, open_memory
from aurore.redis_memory import _messages, _packed, _sessions
from aurore.sql_memory import MESSAGES, SqlMemory
from aurore.vectors import VECTORS, VectorMemory

sys.path.append(str(settings.ROOT / "tests"))  # leurs serveurs servent ici aussi
import servers

PERSONS, EACH = 10_000, 100
TRIES, WRITERS, LOT = 200, 8, 10_000
DIMENSIONS = 320


class Drawn:
    """Des vecteurs tirés au sort, de la taille des nôtres : ce qu'ils disent ne change pas le temps de les comparer."""

    name, dimensions = "tirés au sort", DIMENSIONS

    def __init__(self) -> None:
        self._draw = np.random.default_rng(settings.SEED)

    def __call__(self, texts: list[str]) -> np.ndarray:
        return self._draw.standard_normal((len(texts), DIMENSIONS), dtype=np.float32)


def rows(persons: int) -> Iterator[dict[str, Any]]:
    """Les messages, dans l'ordre où on les dirait : les personnes parlent tour à tour."""
    words = [
        "le",
        "moulin",
        "de",
        "la",
        "vieille",
        "rivière",
        "tourne",
        "encore",
        "l'eau",
        "qu'il",
        "pleut",
        "ce",
        "soir",
    ]
    draw = random.Random(settings.SEED)
    for turn in range(EACH):
        for person in range(persons):
            content = " ".join(draw.choices(words, k=draw.randint(4, 30)))
            role = ("user", "assistant")[turn % 2]
            yield {"session": f"p{person}", "role": role, "content": content, "created_at": float(turn)}


def lots(items: Iterable, size: int = LOT) -> Iterator[list]:
    items = iter(items)
    while lot := list(islice(items, size)):
        yield lot


# --- Remplir, par lots ----------------------------------------------------------------------------------


def fill_list(memory: ListMemory, persons: int) -> None:
    for rank, row in enumerate(rows(persons), 1):
        message = Message(row["role"], row["content"], row["created_at"], rank)
        memory._sessions.setdefault(row["session"], []).append(message)


def fill_sql(memory: SqlMemory, persons: int) -> None:
    """Des lots de dix mille ; PostgreSQL, lui, lit les lignes telles quelles (`COPY`)."""
    if memory.kind == "postgresql":
        with memory.engine.connect() as connection:
            cursor = connection.connection.cursor()
            with cursor.copy("COPY messages (session, role, content, created_at) FROM STDIN") as copy:
                for row in rows(persons):
                    copy.write_row(tuple(row.values()))
            connection.connection.commit()
        with memory.engine.begin() as counted:  # ce que le serveur fait de lui-même, un peu plus tard
            counted.execute(text("ANALYZE"))
        return
    for lot in lots(rows(persons)):
        with memory.engine.begin() as connection:
            connection.execute(insert(MESSAGES), lot)


def fill_vectors(memory: VectorMemory, persons: int) -> None:
    """Un vecteur par message, dans l'ordre des rangs."""
    with memory.engine.connect() as connection:
        ids = list(connection.execute(text("SELECT id FROM messages ORDER BY id")).scalars())
    if memory.kind != "postgresql":
        for lot in lots(ids):
            with memory.engine.begin() as connection:
                made = memory.embed([""] * len(lot))
                connection.execute(insert(VECTORS), [{"message": id, "model": Drawn.name, "vector": v} for id, v in zip(lot, made, strict=True)])  # fmt: skip
        return
    name = Drawn.name.encode()
    with memory.engine.connect() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy("COPY vectors (message, model, vector) FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0))
            for lot in lots(ids):
                made = memory.embed([""] * len(lot)).astype(">f4")
                for id, vector in zip(lot, made, strict=True):
                    body = struct.pack("!hh", DIMENSIONS, 0) + vector.tobytes()
                    copy.write(struct.pack("!hiqi", 3, 8, id, len(name)) + name + struct.pack("!i", len(body)) + body)
            copy.write(struct.pack("!h", -1))
        connection.connection.commit()
        with memory.engine.begin() as counted:  # ce que le serveur fait de lui-même, un peu plus tard
            counted.execute(text("ANALYZE"))


def fill_redis(memory: Any, persons: int) -> None:
    for start, lot in enumerate(lots(rows(persons))):
        with memory._redis.pipeline(transaction=False) as pipe:
            for rank, row in enumerate(lot, start * LOT + 1):
                message = Message(row["role"], row["content"], row["created_at"], rank)
                pipe.rpush(_messages(row["session"]), _packed(message))
                pipe.sadd(_sessions(row["session"]), row["session"])
            pipe.execute()
    memory._redis.set("aurore:next", persons * EACH)


# --- La place -------------------------------------------------------------------------------------------


def size_sql(memory: SqlMemory, folder: Path) -> int:
    """Les octets des tables et de leurs index, sur le disque."""
    if memory.kind == "sqlite":
        return sum(each.stat().st_size for each in folder.glob("*.sqlite*"))
    with memory.engine.begin() as connection:
        names = [table.name for table in memory._tables()]
        if memory.kind == "postgresql":
            return sum(connection.execute(text("SELECT pg_total_relation_size(:t)"), {"t": name}).scalar_one() for name in names)  # fmt: skip
        for name in names:
            connection.execute(text(f"ANALYZE TABLE {name}"))
        asked = "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()"
        return int(connection.execute(text(asked)).scalar_one())


# --- Mesurer --------------------------------------------------------------------------------------------


def median_ms(action: Callable[[str], Any], persons: list[str]) -> float:
    """La médiane de la durée de `action(personne)`, en millisecondes."""
    times = []
    for person in persons:
        start = time.perf_counter()
        action(person)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def written_together(memory: Memory, persons: list[str], each: int = 25) -> float:
    """Messages acquittés par seconde quand huit personnes parlent à la fois."""

    def write(person: str) -> None:
        for _ in range(each):
            memory.add(person, "user", "Il pleut sur la roue du moulin, ce soir.")

    writers = [threading.Thread(target=write, args=(person,)) for person in persons[:WRITERS]]
    start = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return WRITERS * each / (time.perf_counter() - start)


def measured(name: str, memory: Memory, fill: Callable, size: Callable[[], int], persons: int) -> dict[str, Any]:
    """Remplit `memory`, et mesure ce qu'en fait un dialogue."""
    start = time.perf_counter()
    fill(memory, persons)
    filled = time.perf_counter() - start
    drawn = random.Random(settings.SEED).sample([f"p{rank}" for rank in range(persons)], min(persons, 3 * TRIES))
    found = {
        "mémoire": name,
        "remplir, s": filled,
        "place, Mo": size() / 1e6,
        "les vingt derniers, ms": median_ms(lambda person: memory.recent(person, 20), drawn[:TRIES]),
        "un message acquitté, ms": median_ms(
            lambda person: memory.add(person, "user", "Il pleut, ce soir."), drawn[:TRIES]
        ),
        "acquittés par s, à huit": written_together(memory, drawn),
    }
    if memory.has_vectors:
        found["les trois plus proches, ms"] = median_ms(lambda person: memory.related(person, "x", 3), drawn[:50])
    found["oublier une personne, ms"] = median_ms(memory.forget, drawn[-50:])
    memory.close()
    return found


def run(folder: Path, persons: int = PERSONS) -> Iterator[dict[str, Any]]:
    """Chaque mémoire, l'une après l'autre : une ligne de mesures."""
    before = psutil.Process().memory_info().rss
    held = ListMemory()
    yield measured(
        "liste, dans le processus", held, fill_list, lambda: psutil.Process().memory_info().rss - before, persons
    )
    del held
    for place in ("sqlite", "postgresql", "mariadb"):
        for embed in (None, Drawn()):
            if place == "mariadb" and embed:
                continue  # ses vecteurs se comparent ici, comme ceux d'une liste
            yield _measured_sql(place, embed, folder, persons)
    if servers.find("redis"):
        with servers.running("redis") as server:
            memory = open_memory(server.url)
            yield measured("Redis", memory, fill_redis, lambda: memory._redis.info("memory")["used_memory"], persons)  # type: ignore[attr-defined]


_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}


def _measured_sql(place: str, embed: Any, folder: Path, persons: int) -> dict[str, Any]:
    name = _NAMES[place] + (", avec les vecteurs" if embed else "")

    def fill(memory: Any, persons: int) -> None:
        fill_sql(memory, persons)
        if embed:
            fill_vectors(memory, persons)

    if place == "sqlite":
        inside = folder / ("v" if embed else "m")
        inside.mkdir()
        memory = open_memory(f"sqlite:///{inside / 'd.sqlite'}", embed)
        found = measured(name, memory, fill, lambda: size_sql(memory, inside), persons)
        for each in inside.iterdir():
            each.unlink()
        return found
    with servers.running(place) as server:
        memory = open_memory(server.url, embed)
        return measured(name, memory, fill, lambda: size_sql(memory, folder), persons)


def table(found: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Les colonnes et les lignes d'un tableau ; chaque valeur porte son rapport à celle de SQLite, si elle en a une."""
    columns = list(dict.fromkeys(key for row in found for key in row))
    peer = next(row for row in found if row["mémoire"] == "SQLite")

    def cell(row: dict[str, Any], key: str) -> str:
        if key not in row:
            return "—"
        value = row[key]
        if isinstance(value, str):
            return value
        shown = f"{value:.3g}" if value < 1000 else f"{value:.0f}"
        if key not in peer or row is peer:
            return shown
        ratio = value / peer[key]
        return f"{shown} ({ratio:.2g})" if ratio < 100 else f"{shown} ({ratio:.0f})"

    return columns, [[cell(row, key) for key in columns] for row in found]
