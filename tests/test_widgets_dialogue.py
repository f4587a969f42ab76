"""La conversation et sa mémoire : ce qu'elle montre, ce qu'on y change, et du texte qui reste du texte."""

import json

import pytest

from aurore.backends import MockLLM
from aurore.dialogue import Dialogue
from aurore.memories import ListMemory
from aurore.settings import AuroreError
from aurore.widgets import dialogue as figures

HOSTILE = "<img src=x onerror=alert(1)> & « l'eau » \u202e🦆"


@pytest.fixture
def chat():
    return figures.chat(Dialogue(MockLLM(60), ListMemory(), max_new_tokens=20), "ana")


def said(chat, text):
    chat.ask(text)
    while chat.step():
        pass


def contents(chat):
    return [each["content"] for each in chat.state()["messages"]]


def test_an_answer_comes_piece_by_piece_and_is_kept_at_the_end(chat):
    chat.ask("Quelle est la météo ?")
    assert (chat.state()["partial"], chat.state()["busy"]) == ("La", True)
    chat.step()
    assert chat.state()["partial"] == "La météo" and contents(chat) == ["Quelle est la météo ?"]
    while chat.step():
        pass
    assert contents(chat) == ["Quelle est la météo ?", "La météo est ensoleillée."]
    assert (chat.state()["partial"], chat.state()["busy"]) == ("", False) and chat.step() is False


def test_a_stopped_answer_keeps_what_was_shown(chat):
    chat.ask("Quelle est la météo ?")
    chat.stop()
    chat.stop()
    assert contents(chat) == ["Quelle est la météo ?", "La"] and not chat.state()["busy"]


def test_what_left_the_window_is_kept_and_marked(chat):
    for _ in range(6):
        said(chat, "Quelle est la météo aujourd'hui ?")
    found = chat.state()
    read = [each["read"] for each in found["messages"]]
    assert not read[0] and read[-1] and read == sorted(read) and found["tokens"] <= found["budget"] == 40


def test_two_sessions_and_their_person(chat):
    said(chat, "Je m'appelle Ana.")
    chat.move("ana/lundi")
    assert contents(chat) == [] and chat.state()["preferences"] == {"prénom": "Ana"}
    chat.move("bob")
    assert chat.state()["preferences"] == {}
    chat.move("ana/lundi")
    chat.forget()
    assert "Ana" not in chat.exported() and json.loads(chat.exported())["sessions"] == {}
    with pytest.raises(AuroreError):
        chat.move("a/")


def test_what_someone_writes_is_shown_as_text(chat):
    said(chat, HOSTILE)
    html = chat._repr_html_()
    assert "<img" not in html and "&lt;img src=x onerror=alert(1)&gt; &amp;" in html
    assert HOSTILE in repr(chat) and contents(chat)[0] == HOSTILE


def test_the_widget_obeys_its_messages(chat):
    widget = chat.widget()

    def send(**message):
        widget._handle_custom_msg(message, [])
        return json.loads(widget.state)

    assert send(do="ask", text="Salut")["busy"]
    for _ in range(20):
        found = send(do="step")
    assert not found["busy"] and len(found["messages"]) == 2
    first = found["messages"][0]["id"]
    assert send(do="edit", id=first, text="Salut à vous")["messages"][0]["content"] == "Salut à vous"
    assert send(do="prefer", key="ton", value="vif")["preferences"] == {"ton": "vif"}
    send(do="export")
    assert json.loads(widget.exported)["preferences"] == {"ton": "vif"}
    assert len(send(do="delete", id=first)["messages"]) == 1 and widget.exported == ""
    send(do="delete", id=first)
    assert "déjà effacé" in widget.error
    send(do="session", name="a/")
    assert "Un nom de séance" in widget.error
    assert send(do="forget")["messages"] == [] and widget.error == ""


def test_it_is_shown_without_a_kernel(chat):
    said(chat, "Salut")
    bundle = chat._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"} and "Bonjour" in bundle["text/html"]
