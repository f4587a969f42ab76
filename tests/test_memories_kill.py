"""Tuer net, pendant qu'on écrit : ce qui était acquitté est là, entier ; rien n'est à moitié."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from aurore.memories import open_memory

LENGTH = 3000
WRITER = """
import itertools, sys
from aurore.memories import open_memory
memory = open_memory(sys.argv[1])
for rank in itertools.count():
    memory.add(sys.argv[2], "user", f"{rank} " + "é" * int(sys.argv[3]))
    print(rank, flush=True)
"""


def check_whole(memory, session, acknowledged):
    """Tout ce qui était acquitté, dans l'ordre, entier, et au plus un message de plus."""
    kept = [each.content for each in memory.messages(session)]
    assert acknowledged < len(kept) <= acknowledged + 2
    assert kept == [f"{rank} " + "é" * LENGTH for rank in range(len(kept))]


@pytest.mark.parametrize(
    ("engine", "acknowledged"),
    [("sqlite", 0), ("sqlite", 7), ("sqlite", 40), ("postgresql", 5), ("mariadb", 5), ("redis", 5)],
)
def test_a_killed_writer_loses_nothing_it_had_acknowledged(engine, acknowledged, servers, tmp_path):
    url = f"sqlite:///{tmp_path / 'd.sqlite'}" if engine == "sqlite" else servers(engine).url
    session = f"tué/{acknowledged}"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, session, str(LENGTH)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    last = next(int(line) for line in writer.stdout if int(line) >= acknowledged)
    writer.kill()
    rest = [int(line) for line in writer.stdout.read().split()]
    writer.wait()
    with open_memory(url) as memory:
        check_whole(memory, session, rest[-1] if rest else last)
        memory.add(session, "assistant", "la suite")
        assert memory.recent(session, 1)[0].content == "la suite"
        memory.forget("tué")


@pytest.mark.parametrize("engine", ["postgresql", "mariadb", "redis"])
def test_a_killed_server_loses_nothing_it_had_acknowledged(engine, servers):
    server = servers(engine)
    with open_memory(server.url) as memory:
        for rank in range(10):
            memory.add("coupure", "user", f"{rank} " + "é" * LENGTH)
    server.kill()
    server.start()
    with open_memory(server.url) as memory:
        check_whole(memory, "coupure", 9)
        memory.forget("coupure")
