"""Les mémoires : les mêmes essais pour toutes, sur de vrais serveurs quand ils sont là."""

import itertools
import json
import threading
from types import SimpleNamespace

import pytest
import servers as real
from conftest import ROOT, pytest_terminal_summary

from aurore import memories
from aurore.memories import open_memory
from aurore.settings import AuroreError

HOSTILE = {
    "une apostrophe": "Qu'est-ce que c'est ? L'eau d'ici",
    "une injection": "'); DROP TABLE messages; --",
    "du balisage": "<script>alert(1)</script><b>gras</b>&amp;",
    "des signes de contrôle": "a\x00b\x1ac\x1b[31m\x07\r\n\tz\x1a0",
    "un émoji": "🦆👩‍👩‍👧‍👦 é e\u0301",
    "de droite à gauche": "\u202eמשה\u202c مرحبا",
    "un modèle de requête": "%s :session {x} \\' \\",
    "rien": "",
    "des blancs": "  \n ",
}
KEPT = ["memory", "sqlite", "postgresql", "mariadb", "redis"]
_numbers = itertools.count()


@pytest.fixture
def url(request, servers, tmp_path):
    """L'adresse d'une mémoire ; deux essais n'y prennent pas les mêmes noms."""
    kind = request.param
    if kind == "memory":
        return "memory://"
    return f"sqlite:///{tmp_path / 'd.sqlite'}" if kind == "sqlite" else servers(kind).url


@pytest.fixture
def memory(url):
    with open_memory(url) as opened:
        yield opened


@pytest.fixture
def ana():
    """Le nom d'une personne que personne d'autre n'a pris."""
    return f"ana{next(_numbers)}"


each_memory = pytest.mark.parametrize("url", KEPT, indirect=True)
each_lasting = pytest.mark.parametrize("url", KEPT[1:], indirect=True)


def texts(messages):
    return [each.content for each in messages]


@each_memory
def test_what_is_said_is_kept_in_order(memory, ana):
    memory.now = lambda: 1000.0  # toutes à la même date : la requête du document rendrait alors les plus anciens
    said = [memory.add(ana, ("user", "assistant")[rank % 2], f"message {rank}") for rank in range(20)]
    assert memory.messages(ana) == said
    assert texts(memory.recent(ana, 10)) == [f"message {rank}" for rank in range(10, 20)]
    assert memory.recent(ana, 0) == [] and memory.recent(ana, 100) == said
    assert [each.role for each in memory.recent(ana, 2)] == ["user", "assistant"]
    assert len({each.id for each in said}) == 20 and said[0].date == "1970-01-01T00:16:40+00:00"


@each_memory
@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_content_is_only_text(memory, ana, text):
    memory.add(ana, "user", text)
    memory.add(ana, "user", "après")
    assert texts(memory.messages(ana)) == texts(memory.recent(ana, 2)) == [text, "après"]
    memory.edit(ana, memory.messages(ana)[1].id, text)
    assert texts(memory.messages(ana)) == [text, text]
    assert json.loads(json.dumps(memory.export(ana)))["sessions"][ana][0]["content"] == text


@each_memory
def test_a_message_of_a_megabyte_is_kept_whole(memory, ana):
    text = "Qu'il pleuve, é ! " * 60_000
    assert memory.add(ana, "user", text).content == text == memory.recent(ana, 1)[0].content


@each_memory
def test_two_sessions_never_mix(memory, ana):
    names = [ana, ana.upper(), f"{ana}/lundi", f"{ana}/Lundi", f"{ana}0", f"{ana}é", f"{ana}e\u0301", f"{ana}%", f"{ana}_", f"{ana}'", f"{ana}*"]  # fmt: skip
    for name in names:
        memory.add(name, "user", f"dit par {name}")
    for name in names:
        assert texts(memory.messages(name)) == texts(memory.recent(name, 5)) == [f"dit par {name}"]
    assert memory.sessions(ana) == sorted([ana, f"{ana}/lundi", f"{ana}/Lundi"])
    assert set(names) <= set(memory.sessions())
    memory.forget(ana)
    left = [name for name in names if memory.messages(name)]
    assert left == [name for name in names if not memories.covers(ana, name)]


@each_memory
def test_forgetting_a_person_leaves_no_trace_of_her_and_all_of_the_others(memory, ana):
    other = f"b{ana}"
    for session in (ana, f"{ana}/lundi", other):
        memory.add(session, "user", "un secret")
    for person in (ana, other):
        memory.prefer(person, "prénom", "Ana")
        memory.prefer(person, "réponses", "courtes")
    assert memory.traces(ana) == {"messages": 2, "preferences": 2}
    assert memory.forget(ana) == {"messages": 2, "preferences": 2}
    assert memory.traces(ana) == {"messages": 0, "preferences": 0} and memory.preferences(ana) == {}
    exported = memory.export(ana)
    assert exported["sessions"] == {} and exported["preferences"] == {}
    assert texts(memory.messages(other)) == ["un secret"] and len(memory.preferences(other)) == 2
    assert memory.forget(ana) == {"messages": 0, "preferences": 0}


@each_memory
def test_forgetting_one_session_keeps_the_person(memory, ana):
    for session in (ana, f"{ana}/lundi", f"{ana}/mardi"):
        memory.add(session, "user", session)
    memory.prefer(ana, "ton", "vif")
    assert memory.forget(f"{ana}/lundi")["messages"] == 1
    assert memory.sessions(ana) == [ana, f"{ana}/mardi"] and memory.preferences(f"{ana}/mardi") == {"ton": "vif"}


@each_memory
def test_what_is_too_old_is_forgotten(memory, ana):
    start = 1e12  # au-delà de tout autre essai : la mémoire est commune
    memory.now = lambda: start
    memory.add(ana, "user", "ancien")
    memory.now = lambda: start + 50
    memory.add(ana, "user", "récent")
    memory.now = lambda: start + 100
    assert memory.forget_older(60) >= 1
    assert texts(memory.messages(ana)) == ["récent"]
    assert memory.forget_older(60) == 0


@each_memory
def test_a_message_can_be_edited_or_deleted_in_its_session_alone(memory, ana):
    first, second = (memory.add(ana, "user", text) for text in ("un", "deux"))
    memory.edit(ana, first.id, "un, corrigé")
    assert memory.messages(ana)[0].created_at == first.created_at
    memory.delete(ana, second.id)
    assert texts(memory.messages(ana)) == ["un, corrigé"]
    for attempt in (memory.delete, lambda session, id: memory.edit(session, id, "pris")):
        for session, id in ((ana, second.id), (f"{ana}b", first.id)):
            with pytest.raises(AuroreError, match="déjà effacé"):
                attempt(session, id)
    assert texts(memory.messages(ana)) == ["un, corrigé"]


@each_memory
def test_a_preference_is_replaced_and_erased(memory, ana):
    memory.prefer(ana, "prénom", "L'Ana d'ici")
    memory.prefer(f"{ana}/lundi", "prénom", "Anna")
    assert memory.preferences(ana) == {"prénom": "Anna"}
    memory.prefer(ana, "prénom", "")
    assert memory.preferences(ana) == {}


@each_memory
def test_the_export_is_all_there_is(memory, ana):
    said = [memory.add(f"{ana}/lundi", "user", "Bonjour"), memory.add(f"{ana}/lundi", "assistant", "Oui ?")]
    memory.prefer(ana, "ton", "vif")
    exported = memory.export(ana)
    assert exported["name"] == ana and exported["preferences"] == {"ton": "vif"}
    assert exported["sessions"] == {
        f"{ana}/lundi": [{"id": m.id, "role": m.role, "content": m.content, "date": m.date} for m in said]
    }


@each_memory
def test_threads_write_together(memory, ana):
    def write(name):
        for rank in range(5):
            memory.add(f"{ana}/{name}", "user", str(rank))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for name in "abcd":
        assert texts(memory.messages(f"{ana}/{name}")) == ["0", "1", "2", "3", "4"]
    assert len({m.id for name in "abcd" for m in memory.messages(f"{ana}/{name}")}) == 20


@each_lasting
def test_another_process_finds_it_all(url, ana):
    with open_memory(url) as first:
        first.add(ana, "user", "Bonjour")
        first.prefer(ana, "ton", "vif")
    with open_memory(url) as second:
        assert texts(second.messages(ana)) == ["Bonjour"] and second.preferences(ana) == {"ton": "vif"}
        second.forget(ana)


@each_memory
@pytest.mark.parametrize("name", ["", " ", "a ", " a", "a\n", "a\x00b", "x" * 201, "/a", "a/", "a/ b", "\ud800", 3])
def test_a_name_that_could_be_taken_for_another_is_refused(memory, name):
    for attempt in (
        lambda: memory.add(name, "user", "x"),
        lambda: memory.messages(name),
        lambda: memory.forget(name),
        lambda: memory.prefer(name, "ton", "vif"),
        lambda: memory.export(name),
    ):
        with pytest.raises(AuroreError):
            attempt()


@each_memory
@pytest.mark.parametrize(
    ("role", "content"), [("robot", "x"), ("user", 3), ("user", "\ud800"), ("user", "x" * 10_000_001)]
)
def test_what_is_not_a_message_is_refused_and_nothing_is_written(memory, ana, role, content):
    with pytest.raises(AuroreError):
        memory.add(ana, role, content)
    assert memory.messages(ana) == []


def test_no_memory_keeps_nothing():
    memory = open_memory("none://")
    memory.add("ana", "user", "x")
    memory.prefer("ana", "ton", "vif")
    assert memory.messages("ana") == memory.recent("ana", 3) == memory.sessions() == []
    assert memory.preferences("ana") == {} and not any(memory.forget("ana").values())
    assert memory.forget_older(1) == 0 and memory.export("ana")["sessions"] == {}
    for attempt in (lambda: memory.edit("ana", 1, "x"), lambda: memory.delete("ana", 1)):
        with pytest.raises(AuroreError):
            attempt()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nimporte", "pas comprise"),
        ("mongodb://x/y", "Formes connues"),
        ("sqlite:rien", "pas comprise"),
        ("postgresql://moi:tresor@127.0.0.1:1/x", "ne répond pas"),
        ("mysql://moi:tresor@127.0.0.1:1/x", "ne répond pas"),
        ("redis://:tresor@127.0.0.1:1/0", "Redis ne répond pas"),
        ("redis://127.0.0.1:1/0?keep=demain", "nombre de secondes"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(address, said):
    with pytest.raises(AuroreError, match=said) as caught:
        open_memory(address)
    assert "tresor" not in str(caught.value)


def test_the_default_memory_is_a_private_file_in_the_working_folder(home, monkeypatch):
    monkeypatch.delenv("AURORE_MEMORY", raising=False)
    with open_memory() as memory:
        memory.add("ana", "user", "x")
    path = home / "dialogue.sqlite"
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("AURORE_MEMORY", "none://")
    assert type(open_memory()).__name__ == "NoMemory"


@pytest.mark.parametrize("engine", list(real.MISSING))
def test_a_missing_server_is_skipped_or_refused_never_ignored(engine, monkeypatch):
    monkeypatch.setattr(real, "find", lambda _: None)
    monkeypatch.delenv("AURORE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"manque \("):
        real.need(engine)
    monkeypatch.setenv("AURORE_SERVERS", "required")
    with pytest.raises(pytest.fail.Exception, match=r"manque \("):
        real.need(engine)


def test_the_summary_names_what_was_skipped():
    lines = []
    reports = [SimpleNamespace(nodeid="x", longrepr=("f", 1, f"Skipped: {reason}")) for reason in real.MISSING.values()]
    pytest_terminal_summary(SimpleNamespace(stats={"skipped": reports}, write_line=lines.append))
    assert len(lines) == 3 and all(line.startswith("ESSAIS SAUTÉS : ") for line in lines)


def test_the_checks_install_and_require_the_servers():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "AURORE_SERVERS=required" in script and "mariadb-server redis-server" in script and "pgserver" in script
