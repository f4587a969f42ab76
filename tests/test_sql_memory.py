"""La mémoire SQL : ce qui n'est qu'à elle, et ce que font les requêtes du document."""

import logging
import sqlite3
import threading

import pytest
from sqlalchemy import text

from aurore import sql_memory
from aurore.memories import open_memory
from aurore.settings import AuroreError
from aurore.sql_memory import SqlMemory


@pytest.fixture
def path(tmp_path):
    return tmp_path / "d.sqlite"


@pytest.fixture
def memory(path):
    with SqlMemory(f"sqlite:///{path}") as opened:
        yield opened


def on_disk(path):
    """Tous les octets du fichier et de ses voisins."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(path.name + "*")))


def test_what_is_forgotten_is_no_longer_on_the_disk(path):
    secret, other = "mon code est 4711 " * 200, "le code des autres"
    with SqlMemory(f"sqlite:///{path}") as memory:
        memory.add("ana", "user", secret)
        memory.add("bob", "user", other)
        memory.prefer("ana", "surnom", "Zibeline")
        assert b"4711" in on_disk(path) and b"Zibeline" in on_disk(path)
        memory.forget("ana")
        found = on_disk(path)
    assert b"4711" not in found and b"Zibeline" not in found and other.encode() in found


@pytest.mark.parametrize("erase", ["edit", "delete", "older"])
def test_what_is_edited_deleted_or_too_old_is_no_longer_on_the_disk(path, erase):
    with SqlMemory(f"sqlite:///{path}") as memory:
        id = memory.add("ana", "user", "le code est 4711").id
        if erase == "edit":
            memory.edit("ana", id, "le code a changé")
        elif erase == "delete":
            memory.delete("ana", id)
        else:
            memory.forget_older(-1)
        assert b"4711" not in on_disk(path)


def test_the_query_of_the_document_gives_the_oldest():
    """Vingt messages dans la même seconde : sa date ne les départage pas, et SQLite rend les premiers qu'il lit."""
    with sqlite3.connect(":memory:") as base:
        base.execute("CREATE TABLE conversation_history (id INTEGER PRIMARY KEY, user_input TEXT, created_at TEXT)")
        rows = [(str(rank), "2026-03-01 18:00:00") for rank in range(20)]
        base.executemany("INSERT INTO conversation_history (user_input, created_at) VALUES (?, ?)", rows)
        found = base.execute("SELECT user_input FROM conversation_history ORDER BY created_at DESC LIMIT 10")
        assert [content for (content,) in found] == [str(rank) for rank in range(10)]


def test_an_erased_rank_is_never_given_again(memory):
    first = memory.add("ana", "user", "un").id
    memory.delete("ana", first)
    assert memory.add("ana", "user", "deux").id > first


def test_a_file_that_is_not_a_base_is_left_alone(path):
    path.write_bytes(b"Le meunier regardait couler l'eau. " * 100)
    before = path.read_bytes()
    with pytest.raises(AuroreError, match="n'est pas une base SQLite"):
        SqlMemory(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_the_tables_of_someone_else_are_left_alone(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE messages (auteur TEXT)")
    with pytest.raises(AuroreError, match="pas celles de l'atelier"):
        SqlMemory(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "fichier").write_text("x", encoding="utf-8")
    with pytest.raises(AuroreError):
        SqlMemory(f"sqlite:///{tmp_path / 'fichier' / 'd.sqlite'}")


def test_an_error_never_quotes_what_was_said(memory, caplog):
    with memory.engine.begin() as connection:
        connection.execute(text("DROP TABLE messages"))
    with caplog.at_level(logging.DEBUG), pytest.raises(AuroreError) as caught:
        memory.add("ana", "user", "mon code est 4711")
    assert "4711" not in str(caught.value) and "4711" not in caplog.text
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_two_processes_can_open_a_new_base_together(path):
    errors = []

    def opening():
        try:
            SqlMemory(f"sqlite:///{path}").close()
        except AuroreError as error:
            errors.append(error)

    threads = [threading.Thread(target=opening) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_reader_does_not_wait_for_a_writer(path, memory):
    memory.add("ana", "user", "avant")
    with memory.engine.begin() as writing:
        sql_memory.insert_message(writing, "ana", "user", "pendant", 0.0)
        with open_memory(f"sqlite:///{path}") as other:
            assert [each.content for each in other.messages("ana")] == ["avant"]
    assert len(memory.messages("ana")) == 2


def test_a_failed_write_leaves_nothing(memory, monkeypatch):
    def breaks(connection, id, content):
        raise RuntimeError("panne")

    monkeypatch.setattr(memory, "_wrote", breaks)
    with pytest.raises(RuntimeError):
        memory.add("ana", "user", "perdu")
    assert memory.messages("ana") == []


def test_redis_forgets_a_session_by_itself_and_each_message_renews_it(servers):
    import redis

    server = servers("redis")
    with open_memory(server.url + "?keep=3600") as memory:
        memory.add("ana/expire", "user", "x")
        memory.prefer("ana", "ton", "vif")
        client = redis.Redis.from_url(server.url)
        keys = ["aurore:messages:ana/expire", "aurore:sessions:ana", "aurore:preferences:ana"]
        assert all(0 < client.ttl(key) <= 3600 for key in keys)
        client.expire(keys[0], 10)
        memory.add("ana/expire", "user", "y")
        assert client.ttl(keys[0]) > 3000
        client.pexpire(keys[0], 1)
        while client.exists(keys[0]):  # une milliseconde
            pass
        assert memory.messages("ana/expire") == memory.sessions("ana") == []
        memory.forget("ana")
