"""La console : ce qu'elle retient, ce qu'elle montre, ce qu'elle refuse ; et trente personnes à la fois."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aurore import console
from aurore.atelier.cards import lesson_cards
from aurore.console import store as kept
from aurore.console.store import Store
from aurore.lessons import find_lesson
from aurore.settings import AuroreError

CARDS = list(lesson_cards(find_lesson("corpus")).values())
FIRST, SECOND = CARDS[0], CARDS[1]
SENTENCE = next(
    each for each in sorted(console.room.sentences("corpus")) if each.startswith(("C'est ", "Ce sont ", "Votre "))
)


@pytest.fixture
def clock():
    return [1_000_000.0]


@pytest.fixture
def store(tmp_path, clock):
    made = Store(tmp_path / "console.sqlite", lambda: clock[0])
    yield made
    made.close()


@pytest.fixture
def app(store):
    return console.create_app(store, "le-jeton", CARDS)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def leader(app):
    made = app.test_client()
    assert made.post("/entrer", data={"token": "le-jeton"}).headers["Location"] == "/animer"
    return made


def tell(client, number=1, exercise=FIRST.id, status="presque", check=FIRST.checks[0].name, mistake="", **more):
    news = {"person": f"{number:08x}", "pseudonym": f"Iris {number}", "exercise": exercise, "status": status}
    return client.post("/api/room", json=news | {"check": check, "mistake": mistake} | more)


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


# --- Ce que la salle dit


def test_the_instructor_sees_the_named_mistakes_of_the_room_the_most_shared_first(client, leader, clock):
    tell(client, 1, SECOND.id, check=SECOND.checks[0].name)
    clock[0] += 240
    for number in (1, 2, 3):
        assert tell(client, number, mistake=SENTENCE).get_json() == {"open": []}
    page = words(leader.get("/animer"))
    first, second = page.index(FIRST.title), page.index(SECOND.title)
    assert first < second and "3 personnes" in page and "Iris 1, Iris 2, Iris 3" in page
    assert console.typeset(SENTENCE) in leader.get("/animer").get_data(as_text=True).replace("&#39;", "'").replace(
        "&lt;", "<"
    ).replace("&gt;", ">")
    assert "depuis 4 minutes" in page and "L'erreur n'a pas de nom" in page


def test_a_mistake_leaves_when_it_is_mended_and_what_was_passed_stays_passed(client, leader, store):
    tell(client)
    assert len(store.troubles()) == 1
    tell(client, status="validé", check="")
    assert store.troubles() == [] and store.tallies()[FIRST.id].passed == 1
    tell(client, status="solution", check="")
    assert store.tallies()[FIRST.id] == kept.Tally(passed=1)
    assert "Personne ne bute en ce moment." in words(leader.get("/animer"))
    assert "1 sur" in words(client.get("/"))


def test_the_age_of_a_mistake_is_that_of_its_first_time(client, store, clock):
    tell(client)
    clock[0] += 100
    tell(client)
    assert store.troubles()[0].since == clock[0] - 100
    tell(client, check=FIRST.checks[1].name)
    assert store.troubles()[0].since == clock[0]


def test_someone_who_is_gone_is_no_longer_here(client, store, clock):
    tell(client, 1)
    clock[0] += kept.PRESENT + 1
    client.post("/api/room", json={"person": "00000002", "pseudonym": "Lilas"})
    assert store.people() == (2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"person": "x"},
        {"person": ""},
        {"pseudonym": " "},
        {"pseudonym": "a\u202eb"},
        {"exercise": "corpus.bidon"},
        {"status": "génial"},
        {"status": 3},
    ],
)
def test_what_is_not_a_piece_of_news_is_refused(client, store, change):
    answer = tell(client, **change)
    assert answer.status_code == 400 and answer.get_json()["message"]
    assert store.people() == (0, 0) and store.tallies() == {}


@pytest.mark.parametrize("body", ["", "[]", "{", '"a"', "[" * 10_000])
def test_what_is_not_json_is_refused(client, body):
    assert client.post("/api/room", data=body, content_type="application/json").status_code == 400


def test_nothing_a_person_wrote_can_reach_the_page(client, leader):
    tell(client, check="<b>mon code</b>", mistake="def cut_frame(text): return secret")
    page = leader.get("/animer").get_data(as_text=True)
    assert "mon code" not in page and "secret" not in page
    tell(client, pseudonym="<script>alert(1)</script>")
    assert "<script>alert" not in leader.get("/animer").get_data(as_text=True)


def test_thirty_people_at_once_lose_nothing(app, store):
    gate = threading.Barrier(30)

    def attendee(number):
        client = app.test_client()
        gate.wait()
        for card in CARDS[:5]:
            for status in ("presque", "validé"):
                assert (
                    tell(
                        client, number, card.id, status, card.checks[0].name if status == "presque" else ""
                    ).status_code
                    == 200
                )

    with ThreadPoolExecutor(30) as crowd:
        list(crowd.map(attendee, range(1, 31)))
    assert store.people() == (30, 30) and store.troubles() == []
    assert [store.tallies()[card.id].passed for card in CARDS[:5]] == [30] * 5


# --- Un arrêt n'en perd rien


def test_a_restart_loses_nothing(tmp_path):
    first = Store(tmp_path / "salle.sqlite")
    client = console.create_app(first, cards=CARDS).test_client()
    tell(client)
    first.open([FIRST.id], True)
    first.write("Iris", "une astuce")
    first.vote("navigateur", "départ", "B")
    first.review("navigateur", "les bits", "", "")
    token = first.token()
    first.close()
    again = Store(tmp_path / "salle.sqlite")
    assert again.token() == token and len(again.troubles()) == 1 and again.opened() == {FIRST.id}
    assert [note.text for note in again.notes()] == ["une astuce"] and again.votes() == {("départ", "B"): 1}
    assert again.sheets() == [{"utile": "les bits", "blocage": "", "conseil": ""}]
    again.erase()
    assert again.people() == (0, 0) and again.notes() == [] and again.votes() == {} and again.token() == token
    again.close()
    assert b"une astuce" not in (tmp_path / "salle.sqlite").read_bytes()


def test_a_file_that_is_not_a_console_is_said(tmp_path):
    (tmp_path / "roman.txt").write_text("Il pleuvait sur la Vallée-Noire. " * 100, encoding="utf-8")
    with pytest.raises(AuroreError, match="--file"):
        Store(tmp_path / "roman.txt")


# --- Les solutions


@pytest.mark.parametrize(("target", "size"), [(FIRST.id, 1), ("corpus", len(CARDS)), ("all", len(CARDS))])
def test_the_instructor_opens_and_closes_solutions(client, leader, target, size):
    assert leader.post("/animer/solutions", data={"target": target, "open": "1"}).status_code == 303
    assert len(tell(client).get_json()["open"]) == size and "solution ouverte" in words(client.get("/"))
    leader.post("/animer/solutions", data={"target": target, "open": "0"})
    assert tell(client).get_json()["open"] == []


def test_an_unknown_exercise_cannot_be_opened(leader):
    assert leader.post("/animer/solutions", data={"target": "bidon", "open": "1"}).status_code == 400


# --- Le bloc-notes, le vote, l'avis


def test_the_pad_is_everyones_and_shows_links_and_nothing_else(client, leader):
    client.post("/bloc-notes", data={"text": "voir https://exemple.fr/a?b=<1>. <b>gras</b>", "author": "Iris"})
    client.post("/bloc-notes", data={"text": "javascript:alert(1)", "author": ""})
    page = client.get("/bloc-notes").get_data(as_text=True)
    assert '<a href="https://exemple.fr/a?b=" rel="noopener noreferrer nofollow">' in page
    assert "&lt;b&gt;gras" in page and 'href="javascript' not in page and "sans nom" in page
    assert "Ôter" not in page and "Ôter" in leader.get("/bloc-notes").get_data(as_text=True)
    leader.post("/animer/bloc-notes", data={"note": "2"})
    assert "javascript" not in client.get("/bloc-notes").get_data(as_text=True)


def test_a_pad_has_a_limit(client, monkeypatch):
    assert client.post("/bloc-notes", data={"text": "a" * 501}).status_code == 400
    monkeypatch.setattr(kept, "MOST_NOTES", 1)
    assert client.post("/bloc-notes", data={"text": "a"}).status_code == 303
    answer = client.post("/bloc-notes", data={"text": "b"})
    assert answer.status_code == 503 and "bloc-notes" in words(answer)


def test_a_vote_and_a_sheet_have_no_author_and_are_replaced(app, client, leader, store):
    client.post("/avis", data={"moment": "arrivée", "letter": "A"})
    client.post("/avis", data={"moment": "arrivée", "letter": "B"})
    app.test_client().post("/avis", data={"moment": "arrivée", "letter": "B"})
    client.post("/avis", data={"utile": "les <i>bits</i>"})
    client.post("/avis", data={"moment": "minuit", "letter": "Z"})
    assert store.votes() == {("arrivée", "B"): 2}
    assert "les &lt;i&gt;bits" in leader.get("/animer").get_data(as_text=True)


# --- Qui entre, et d'où


@pytest.mark.parametrize(
    "path", ["/animer", "/animer/solutions", "/animer/bloc-notes", "/animer/effacer", "/animer/sortir"]
)
def test_the_instructors_side_asks_for_its_token(client, store, path):
    store.write("", "une astuce")
    client.set_cookie(console.views.TOKEN_COOKIE, "le-jeto")
    answer = (
        client.get(path)
        if path == "/animer"
        else client.post(path, data={"sure": "1", "note": "1", "target": "all", "open": "1"})
    )
    assert answer.status_code == 401 and "jeton" in words(answer)
    assert len(store.notes()) == 1 and store.opened() == set()


def test_erasing_needs_to_be_meant(leader, store):
    store.write("", "une astuce")
    leader.post("/animer/effacer")
    assert len(store.notes()) == 1
    leader.post("/animer/effacer", data={"sure": "1"})
    assert store.notes() == []


@pytest.mark.parametrize(
    "path", ["/", "/bloc-notes", "/avis", "/entrer", "/rien", "/static/aurore.css", "/console/console.js"]
)
def test_every_answer_is_protected(client, path):
    answer = client.get(path)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("address", "name", "code"), [
    ("127.0.0.1", "localhost:8600", 200),
    ("192.168.1.20", "192.168.1.10:8600", 200),
    ("::1", "[::1]:8600", 200),
    ("10.0.0.3", "portable.local:8600", 200),
    ("8.8.8.8", "192.168.1.10:8600", 400),
    ("192.168.1.20", "exemple.com:8600", 400),
    ("192.168.1.20", "8.8.8.8:8600", 400),
])  # fmt: skip
def test_only_the_room_is_answered(client, address, name, code):
    answer = client.get("/", environ_base={"REMOTE_ADDR": address}, headers={"Host": name})
    assert answer.status_code == code


def test_another_site_cannot_make_a_browser_act(leader, store):
    answer = leader.post(
        "/animer/solutions", data={"target": "all", "open": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400 and store.opened() == set()


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_a_public_address_is_refused(address):
    with pytest.raises(AuroreError, match="ne sort pas du réseau de la salle"):
        console.check_address(address)


def test_the_command_says_what_to_give_to_the_room(tmp_path):
    alone = "\n".join(console.greeting("127.0.0.1", 8600, "le-jeton", tmp_path / "a"))
    assert "le-jeton" in alone and "--ip 0.0.0.0" in alone
    assert (
        "AURORE_CONSOLE=http://192.168.1.10:8600"
        in console.greeting("192.168.1.10", 8600, "le-jeton", tmp_path / "a")[-1]
    )
