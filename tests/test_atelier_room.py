"""La salle, du côté d'un carnet : ce qui part, où, et que rien n'attende ni ne casse quand personne ne répond."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aurore.atelier import decorator, display, restore, room, runner, solutions
from aurore.atelier.cards import find_card
from aurore.settings import AuroreError

NAME = "corpus.cut_frame"
SECRET = "motdepasse_de_la_personne"


class Console:
    """Une console d'essai : retient ce qu'on lui dit, ouvre ce qu'on lui demande."""

    def __init__(self):
        heard, opened = self.heard, self.opened = [], []
        self.status, self.unknown = 200, set()
        console = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                heard.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                self.send_response(400 if heard[-1][1].get("exercise") in console.unknown else console.status)
                self.send_header("Location", "http://192.0.2.1/")
                self.end_headers()
                self.wfile.write(json.dumps({"open": opened}).encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def news(self):
        return [told for _, told in self.heard if "exercise" in told]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def console(home):
    made = Console()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def alone(home, monkeypatch):
    """Personne n'est dans une salle, ni avant ni après ; les nouvelles se demandent vite."""
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)
    monkeypatch.delenv(room.PSEUDONYM, raising=False)
    monkeypatch.delenv(room.VARIABLE, raising=False)
    monkeypatch.setattr(room, "EVERY", 0.05)
    monkeypatch.setattr(decorator.CardView, "show", lambda view: view.button())
    yield
    monkeypatch.delenv(room.VARIABLE, raising=False)
    assert room.current() is None
    restore()


def soon(condition):
    """Attend qu'une chose arrive ; une machine chargée est lente, elle n'est pas en panne."""
    event, end = threading.Event(), time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        event.wait(0.01)


def wrong(text):
    return "motdepasse_de_la_personne"


def broken(text):
    raise KeyError("motdepasse_de_la_personne")


# --- Ce qui part


def test_a_verdict_leaves_without_anything_the_person_wrote(console, monkeypatch, capsys):
    monkeypatch.setenv(room.VARIABLE, console.url)
    for function, status in ((wrong, "presque"), (broken, "presque")):
        decorator.exercise(NAME)(function)
        soon(lambda: console.news())
        told = console.news()[-1]
        assert told["exercise"] == NAME and told["status"] == status
        assert set(told) == {"person", "pseudonym", "exercise", "status", "check", "mistake"}
        assert told["check"] in {check.name for check in find_card(NAME).checks}
        assert SECRET not in json.dumps(console.heard)
        console.heard.clear()
    assert told["mistake"] == "Le code lève KeyError."
    assert capsys.readouterr().out.count("jamais votre code") == 1  # une fois dit, c'est dit


@pytest.mark.parametrize(
    ("verdict", "mistake"),
    [
        (runner.Verdict("presque", "x", hint=f"Il manque {SECRET}."), ""),
        (runner.Verdict("presque", "x", got=f"{SECRET} : non"), ""),
        (runner.Verdict("presque", "x", got="print : ce n'est pas une erreur"), ""),
        (runner.Verdict("presque", "x", got="ValueError : abc"), "Le code lève ValueError."),
        (
            runner.Verdict("presque", "x", hint=f"{runner.LATE} 3,5 secondes : …"),
            "Le code tourne trop longtemps, ou sans fin.",
        ),
        (runner.Verdict("validé"), ""),
    ],
)
def test_only_known_sentences_leave(verdict, mistake):
    assert room.diagnosis(NAME, verdict)["mistake"] == mistake
    assert not mistake or room.is_a_sentence("corpus", mistake)


def test_the_sentence_of_a_known_mistake_leaves_word_for_word():
    def raw(text):
        return text

    for check in find_card(NAME).checks:
        verdict = runner.run_checks(find_card(NAME), raw)
        assert verdict.status == "presque"
        told = room.diagnosis(NAME, verdict)
        assert told["check"] == check.name and told["mistake"] in ("", verdict.hint)
        break
    assert "Le livre est vide." in room.sentences("corpus") or len(room.sentences("corpus")) > 100
    assert not room.is_a_sentence("corpus", "Le code lève SystemeExit.") and not room.is_a_sentence("corpus", SECRET)


def test_a_pseudonym_is_drawn_once_or_chosen(monkeypatch):
    first = room.identity()
    assert first == room.identity() and first["pseudonym"].split()[0] in room._PLANTS
    monkeypatch.setenv(room.PSEUDONYM, "  Consuelo \n de Rudolstadt, comtesse malgré elle  ")
    assert (
        room.identity()["pseudonym"] == "Consuelo de Rudolstadt, comtes"
        and room.identity()["person"] == first["person"]
    )


# --- Jamais hors de la salle


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8:8600",
        "http://[2001:4860:4860::8888]",
        "http://172.32.0.1",
        "http://100.64.0.1",
        "http://[::ffff:8.8.8.8]:80",
    ],
)
def test_a_public_address_is_refused(url, monkeypatch, capsys):
    with pytest.raises(AuroreError, match="sort du réseau de la salle"):
        room.locate(url)
    monkeypatch.setenv(room.VARIABLE, url)
    decorator.exercise(NAME)(wrong)
    soon(lambda: room.current()._closed)
    decorator.exercise(NAME)(wrong)
    decorator.exercise(NAME)(wrong)
    assert capsys.readouterr().out.count("sort du réseau de la salle") == 1


def test_a_name_is_refused_if_one_of_its_addresses_is_public(monkeypatch):
    places = [(2, 1, 6, "", ("192.168.1.10", 80)), (2, 1, 6, "", ("93.184.216.34", 80))]
    monkeypatch.setattr(room.socket, "getaddrinfo", lambda *_, **__: places)
    with pytest.raises(AuroreError, match="sort du réseau"):
        room.locate("http://console.exemple")
    places.pop()
    assert room.locate("http://console.exemple") == ("console.exemple", "192.168.1.10", room.PORT)


@pytest.mark.parametrize(
    "url",
    ["192.168.1.10", "https://192.168.1.10", "http://", "ftp://127.0.0.1", "http://127.0.0.1:port", "http://[::1"],
)
def test_what_is_not_an_address_is_said(url):
    with pytest.raises(AuroreError, match="n'est pas l'adresse d'une console"):
        room.locate(url)


def test_a_redirection_is_not_followed(console, monkeypatch):
    console.status = 302
    with pytest.raises(ValueError):
        room._send(room.locate(console.url), {})
    assert [path for path, _ in console.heard] == ["/api/room"]


# --- Une console muette


def test_a_silent_console_changes_nothing_and_is_said_once(closed_url, monkeypatch, capsys):
    decorator.exercise(NAME)(wrong)
    before = decorator._verdicts[NAME]
    monkeypatch.setenv(room.VARIABLE, closed_url)
    decorator.exercise(NAME)(wrong)
    here = room.current()
    soon(lambda: here._silent)
    for _ in range(3):
        decorator.exercise(NAME)(wrong)
    assert decorator._verdicts[NAME] == before and not solutions.is_locked(NAME)
    assert capsys.readouterr().out.count("ne répond pas") == 1


def test_nothing_waits_for_a_console_that_never_answers(monkeypatch):
    """Une adresse qui accepte et se tait : donner une nouvelle ne dure pas le temps qu'elle met."""
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        monkeypatch.setenv(room.VARIABLE, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.setattr(room, "SECONDS", 600.0)
        for _ in range(100):  # si l'une attendait la réponse, l'essai ne finirait pas
            room.tell(NAME, runner.Verdict("validé"))
            assert room.is_closed(NAME) is None


def test_the_last_news_pass_when_the_console_comes_back(console, monkeypatch):
    console.status = 503
    monkeypatch.setenv(room.VARIABLE, console.url)
    room.tell(NAME, runner.Verdict("presque", "x"))
    room.tell(NAME, runner.Verdict("validé"))
    here = room.current()
    soon(lambda: here._silent)
    assert here.opened is None
    console.status = 200
    soon(lambda: not here._news and here.opened is not None)
    assert console.news()[-1]["status"] == "validé"


def test_a_news_that_the_console_does_not_want_holds_up_nothing(console, monkeypatch):
    console.unknown.add("corpus.decode")
    monkeypatch.setenv(room.VARIABLE, console.url)
    for name in ("corpus.decode", NAME):
        room.tell(name, runner.Verdict("validé"))
    here = room.current()
    soon(lambda: not here._news and here.opened is not None)
    assert {told["exercise"] for told in console.news()} == {"corpus.decode", NAME} and not here._silent


# --- Les solutions de la salle


def test_the_room_opens_and_closes_solutions_on_cards_already_shown(console, monkeypatch):
    monkeypatch.setenv(room.VARIABLE, console.url)
    card = find_card(NAME)
    view = display.CardView(
        card,
        runner.Verdict("presque", "x"),
        "def f(): ...",
        lambda on: runner.Verdict("solution" if on else "presque", "x"),
    )
    button = view.button()
    soon(lambda: button.disabled)
    assert button.description == "Solution cachée" and "cachée pour l'instant" in view._repr_html_()
    console.opened.append(NAME)
    soon(lambda: not button.disabled)
    assert button.description == "Prendre la solution" and "Voir la solution" in view._repr_html_()
    solutions.lock([NAME], True)
    assert not solutions.is_locked(NAME)  # la salle décide
    monkeypatch.delenv(room.VARIABLE)
    assert solutions.is_locked(NAME)  # sans elle, le réglage de la machine


def test_without_the_variable_no_thread_and_no_file(home):
    before = threading.active_count()
    room.tell(NAME, runner.Verdict("validé"))
    assert room.is_closed(NAME) is None and threading.active_count() == before
    assert not (home / "state" / room.FILE).exists()
