"""Le service web : ce qu'il répond, ce qu'il refuse et comment il le dit, ce qu'il protège, ce qu'il ne note jamais."""

import json
import logging
import os
import socket
import threading
import time
from types import SimpleNamespace

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import negative_data_rejection
from small import small_model, small_tokenizer

from aurore import dialogue, web
from aurore.engine import Engine
from aurore.serving import Service
from aurore.settings import AuroreError
from aurore.web import fields, routes, voices
from aurore.web.voices import Books, Once, SharedLLM, Voice

PASSAGES = [("Le Moulin", "I", "Le meunier regardait couler l'eau sous la roue."), ("Le Moulin", "II", "Il pleut.")]


@pytest.fixture(scope="module")
def service():
    made = Service(Engine.from_model(small_model(), slots=4, threads=1), small_tokenizer())
    yield made
    made.close()


@pytest.fixture
def make_app(service):
    """Une application sur un modèle d'essai ; les réglages de `create_app` peuvent s'y ajouter."""

    def make(**more):
        known = {
            key: Voice(key, key, "un modèle d'essai", "dossier", Once(lambda: service)) for key in ("apres", "avant")
        }
        books = Books(lambda: ("un essai", PASSAGES))
        books.make()

        def open_talk():
            backend = SharedLLM(service)
            return dialogue.Dialogue(backend, dialogue.ListMemory(), max_new_tokens=8)

        options = {
            "voices": known,
            "books": books,
            "dialogue": open_talk,
            "classifier": lambda: SimpleNamespace(predict=lambda text: ("Sand", 0.75)),
        }
        return web.create_app(**(options | more))

    return make


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture
def client(app):
    return app.test_client()


ASK = {"prompt": "Le meunier", "max_new_tokens": 6}

# --- Écrire ---------------------------------------------------------------------------------------------


def test_a_program_gets_its_text(client):
    first, again = (client.post("/api/generate", json=ASK) for _ in range(2))
    found = first.get_json()
    assert first.status_code == 200 and found["tokens"] == 6 and found["reason"] == "longueur"
    assert found["text"] == again.get_json()["text"] and not found["text"].startswith("Le meunier")
    assert client.post("/api/generate", json=ASK | {"seed": 3}).get_json()["text"] != found["text"]
    assert client.post("/api/generate", json=ASK | {"model": "avant"}).get_json()["name"] == "avant"


def events(response):
    for block in response.get_data(as_text=True).split("\n\n")[:-1]:
        name, data = block.split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_stream_gives_the_same_text_piece_by_piece(client):
    whole = client.post("/api/generate", json=ASK).get_json()
    response = client.post("/api/generate", json=ASK | {"stream": True})
    assert response.mimetype == "text/event-stream"
    *pieces, (last, end) = events(response)
    assert last == "end" and end["text"] == whole["text"] == "".join(data["text"] for _, data in pieces)
    assert {name for name, _ in pieces} == {"piece"}


def test_the_form_gives_the_same_text_without_javascript(client):
    whole = client.post("/api/generate", json=ASK).get_json()
    page = client.post("/generate", data=ASK | {"do_sample": "on", "temperature": "0,8"}).get_data(as_text=True)
    assert str(routes.marked(whole)) in page and "le plus long" not in page
    refused = client.post("/generate", data={"prompt": "a", "temperature": "chaud"})
    assert refused.status_code == 400 and "un nombre" in refused.get_data(as_text=True)


def test_what_is_copied_is_counted_and_marked(app):
    with app.app_context():
        copied = app.extensions["aurore"].books.check("— Oui. Le meunier regardait couler l'eau, dit-elle.")
    assert copied["longest"] == 34 and copied["share"] == pytest.approx(34 / 51, abs=1e-4)
    assert "34 caractères d'affilée" in copied["sentence"] and "Le Moulin, I" in copied["spans"][0]["where"]
    marked = str(routes.marked({"text": "— Oui. Le meunier regardait couler l'eau, dit <b>elle.", "copied": copied}))
    assert "<mark>" in marked and "dit &lt;b&gt;elle." in marked and "<b>" not in marked


def test_the_books_are_the_prepared_ones_or_the_pastiche(home):
    books = Books()
    assert books.check("Il pleut.") is None or books.index  # l'index se fait à part
    books.make()
    assert "le pastiche" in books.says
    from aurore import corpus

    corpus.prepare("all")
    books.make()
    assert "le corpus préparé" in books.says


# --- Parler, classer ------------------------------------------------------------------------------------


def test_a_conversation_is_remembered_exported_and_forgotten(client, app):
    first = client.post("/api/chat", json={"message": "Bonjour"}).get_json()
    name = first["conversation"]
    again = client.post("/api/chat", json={"message": "Il pleut ?", "conversation": name, "stream": True})
    assert list(events(again))[-1][1]["conversation"] == name
    memory = app.extensions["aurore"].dialogue().memory
    assert [one.content for one in memory.messages(name) if one.role == "user"] == ["Bonjour", "Il pleut ?"]
    # La page, elle, retrouve la conversation par un témoin que le script ne lit pas.
    assert client.get_cookie("aurore_conversation").http_only
    assert "Il pleut ?" in client.get("/chat").get_data(as_text=True)
    assert "Il pleut ?" in client.get("/chat/emporter").get_data(as_text=True)
    assert client.post("/chat/oublier").status_code == 303
    assert memory.messages(name) == [] and client.get("/chat/emporter").status_code == 404


def test_two_browsers_never_share_a_conversation(app):
    one, other = app.test_client(), app.test_client()
    one.post("/chat", data={"message": "Je m'appelle Ana"})
    assert "Ana" in one.get("/chat").get_data(as_text=True)
    other.post("/chat", data={"message": "Bonjour"})
    assert "Ana" not in other.get("/chat").get_data(as_text=True)


def test_a_conversation_goes_through_the_shared_engine(client, service):
    before = service.written
    client.post("/api/chat", json={"message": "Bonjour"})
    assert service.written > before


def test_a_passage_is_classified(client):
    assert client.post("/predict", json={"text": "Le meunier"}).get_json() == {"label": "Sand", "probability": 0.75}


# --- Refuser --------------------------------------------------------------------------------------------

REFUSED = [
    ({}, "Il manque « prompt »"),
    ([1], "Un objet JSON"),
    ({"prompt": 3}, "« prompt » doit être un texte"),
    ({"prompt": "a", "inconnu": 1}, "Champ inconnu : « inconnu »"),
    ({"prompt": "a", "temperature": 0}, "entre 0,01 et 5"),
    ({"prompt": "a", "temperature": "chaud"}, "un nombre"),
    ({"prompt": "a", "max_new_tokens": True}, "un nombre entier"),
    ({"prompt": "a", "max_new_tokens": 2.5}, "un nombre entier"),
    ({"prompt": "a", "model": "../../etc"}, "un de : apres, avant"),
    ({"prompt": "a" * 4001}, "au plus 4 000 caractères"),
    ({"prompt": "\ud800"}, "UTF-8"),
    ({"prompt": "a", "seed": 10**400}, "entre 0 et"),
]


@pytest.mark.parametrize(("body", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_bad_field_is_named(client, body, said):
    response = client.post("/api/generate", data=json.dumps(body), content_type="application/json")
    found = response.get_json()
    assert response.status_code == found["code"] == 400 and set(found) == {"error", "message", "code"}
    assert said in found["message"].replace("\u202f", " ").replace("\u00a0", " ")


def test_each_refusal_has_its_code_and_its_sentence(client, make_app):
    cases = [
        (client.get("/api/nulle-part"), 404, "page d'accueil"),
        (client.get("/api/generate"), 405, "s'appelle"),
        (client.post("/api/generate", data="prompt=a"), 415, "application/json"),
        (client.post("/api/generate", data="x" * 70_000, content_type="application/json"), 413, "trop longue"),
        (client.post("/api/generate", data="{", content_type="application/json"), 400, "guillemets"),
        (client.post("/api/generate", data="[" * 60_000, content_type="application/json"), 400, "JSON"),
        (make_app(per_client=0).test_client().post("/api/generate", json=ASK), 429, "en cours"),
        (
            make_app(at_once=0).test_client().post("/api/generate", json=ASK | {"stream": True}),
            503,
            "quelques secondes",
        ),
    ]
    for response, code, said in cases:
        found = response.get_json()
        assert (response.status_code, found["code"]) == (code, code) and said in found["message"]
        assert ("Retry-After" in response.headers) == (code in (429, 503))
    page = client.get("/nulle-part")
    assert page.status_code == 404 and page.mimetype == "text/html" and "Erreur 404" in page.get_data(as_text=True)


def test_a_place_is_given_back_whatever_happens(make_app):
    app = make_app(per_client=1, at_once=1)
    client, desk = app.test_client(), app.extensions["aurore"]
    for body in (ASK, ASK | {"stream": True}, ASK | {"temperature": 9}):
        for _ in range(3):
            with client.post("/api/generate", json=body) as response:
                response.get_data()
            assert desk.busy == 0
    client.post("/api/generate", json=ASK | {"stream": True}, buffered=False).close()  # parti sans rien lire
    assert desk.busy == 0


def test_a_breakdown_says_nothing_of_the_machine(make_app, caplog):
    def broken():
        raise RuntimeError("/home/secret/chemin")

    response = make_app(classifier=broken).test_client().post("/predict", json={"text": "a"})
    assert response.status_code == 500 and "secret" not in response.get_data(as_text=True)
    assert "/home/secret/chemin" in caplog.text  # la personne qui sert la page, elle, le sait


# --- Protéger -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/generate", "/chat", "/api/nulle-part", "/nulle-part", "/static/aurore.css"])
def test_every_answer_is_protected(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_script_no_style_and_nothing_from_elsewhere(client):
    for path in ("/", "/generate", "/chat", "/entrer"):
        page = client.get(path).get_data(as_text=True)
        assert "<style" not in page and " style=" not in page and " onclick" not in page
        assert page.count("<script") == page.count('<script src="/static/')
        assert "//" not in page.replace("http://localhost/", "")


ATTACKS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "</textarea><svg onload=alert(1)>"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_a_text(client, attack):
    page = client.post("/generate", data={"prompt": attack, "max_new_tokens": "2"}).get_data(as_text=True)
    client.post("/chat", data={"message": attack})
    page += client.get("/chat").get_data(as_text=True)
    assert attack not in page or attack == "{{7*7}}"
    assert "49" not in page if attack == "{{7*7}}" else "&lt;" in page


@pytest.mark.parametrize(
    "path", ["../requirements.txt", "..%2f..%2frequirements.txt", "%2e%2e/settings.py", "/etc/passwd"]
)
def test_no_path_escapes(client, path):
    assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


def test_a_token_is_asked_of_everyone(make_app):
    client = make_app(token="cle-secrete").test_client()
    refused = client.post("/api/generate", json=ASK)
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/").status_code == 401 and client.get("/health").status_code == 200
    for header, code in (
        ("Bearer cle-secrete", 200),
        ("bearer cle-secrete", 200),
        ("Bearer autre", 401),
        ("cle-secrete", 401),
    ):
        assert client.post("/api/generate", json=ASK, headers={"Authorization": header}).status_code == code
    client.post("/entrer", data={"token": "cle-secrete"})
    assert client.get("/").status_code == 200
    with pytest.raises(AuroreError, match="sans accent"):
        make_app(token="clé")


def test_another_site_cannot_use_the_page_of_someone(client, make_app):
    for site, code in (("cross-site", 400), ("same-origin", 200), ("none", 200)):
        assert client.post("/api/generate", json=ASK, headers={"Sec-Fetch-Site": site}).status_code == code
    local = make_app(hosts=["localhost"]).test_client()
    assert local.get("/health", headers={"Host": "mechant.example"}).status_code == 400
    assert local.get("/health", headers={"Host": "localhost:8000"}).status_code == 200


def test_a_prompt_is_never_logged(client, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "Marguerite-Anémone"
    client.post("/api/generate", json=ASK | {"prompt": secret})
    client.post("/api/generate", json=ASK | {"prompt": secret, "temperature": 99})
    client.post("/api/chat", json={"message": secret})
    client.post("/predict", json={"text": secret})
    assert "10 caractères" not in caplog.text and "tokens écrits" in caplog.text and secret not in caplog.text


def test_only_a_loopback_address_is_closed():
    assert all(map(web.is_loopback, ("127.0.0.1", "127.8.0.1", "::1", "localhost")))
    assert not any(map(web.is_loopback, ("0.0.0.0", "::", "192.168.1.4", "exemple.fr")))


# --- La description -------------------------------------------------------------------------------------


def test_the_description_says_what_the_fields_say(client):
    described = client.get("/openapi.json").get_json()
    schema = described["paths"]["/api/generate"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(schema)
    assert validator.is_valid(ASK)
    for body, _ in REFUSED:
        if body != {"prompt": "\ud800"}:  # un texte que JSON Schema admet, et qu'UTF-8 n'écrit pas
            assert not validator.is_valid(body), body
    written = described["paths"]["/api/generate"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator(written).validate(client.post("/api/generate", json=ASK).get_json())


def make_fuzzed_app():
    model = Service(Engine.from_model(small_model(), slots=4, threads=1), small_tokenizer())
    known = {"apres": Voice("apres", "apres", "un essai", "dossier", Once(lambda: model))}
    backend = SharedLLM(model)
    return web.create_app(
        voices=known,
        books=Books(lambda: ("un essai", PASSAGES)),
        dialogue=lambda: dialogue.Dialogue(backend, dialogue.ListMemory(), max_new_tokens=8),
        classifier=lambda: SimpleNamespace(predict=lambda text: ("Sand", 0.75)),
    )


def test_a_text_of_any_origin_is_looked_for_in_the_books(client):
    whole = client.post("/api/generate", json=ASK).get_json()
    alone = client.post("/api/copies", json={"text": whole["text"]})
    assert alone.status_code == 200 and alone.get_json() == {"copied": whole["copied"]}
    assert client.post("/api/copies", json={"text": ""}).status_code == 400
    assert client.post("/api/copies", json={"text": "a" * 4_001}).status_code == 400


FUZZED = schemathesis.openapi.from_wsgi("/openapi.json", make_fuzzed_app())


@FUZZED.parametrize()
@settings(
    max_examples=int(os.environ.get("AURORE_FUZZ", "40")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_drawn_from_the_description_breaks_it(case):
    # Une liste vide ne s'écrit pas dans un formulaire : le champ de trop qu'il fallait refuser ne part alors jamais.
    forms = case.media_type == "application/x-www-form-urlencoded"
    case.call_and_validate(excluded_checks=[negative_data_rejection] if forms else [])


# --- Servir pour de vrai --------------------------------------------------------------------------------


@pytest.fixture
def site(app):
    from waitress.server import create_server

    server = create_server(app, host="127.0.0.1", port=0, **web.server_options())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def test_a_port_already_taken_is_said(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AuroreError, match="n'est pas libre"):
            web.serve(port=taken.getsockname()[1], memory="memory://")


def test_a_client_that_leaves_stops_its_text(site, service, app):
    desk, step, never = app.extensions["aurore"], service.engine.step, threading.Event()
    service.engine.step = lambda *arguments: step(*arguments) if not never.wait(0.05) else None  # un moteur lent
    try:
        for stream in (True, False):
            body = {"prompt": "Il", "max_new_tokens": 50, "stream": stream}
            if stream:
                with httpx.stream("POST", f"{site}/api/generate", json=body) as response:
                    next(response.iter_lines())
            else:
                with pytest.raises(httpx.ReadTimeout):
                    httpx.post(f"{site}/api/generate", json=body, timeout=httpx.Timeout(30, read=0.2))
            before = service.written
            deadline = time.monotonic() + 20
            while (desk.busy or service.load["running"]) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert desk.busy == service.load["running"] == 0
            assert service.written - before < 40
    finally:
        service.engine.step = step


def test_a_stream_arrives_as_it_is_written(site, service):
    step, go, steps = service.engine.step, threading.Event(), iter(range(1000))
    service.engine.step = lambda *arguments: step(*arguments) if next(steps) < 3 or go.wait(30) else None
    try:
        with httpx.stream("POST", f"{site}/api/generate", json=ASK | {"stream": True}, timeout=30) as response:
            lines = response.iter_lines()
            assert next(lines) == "event: piece"  # il est là, et le moteur est arrêté avant la fin
            go.set()
            assert any(line == "event: end" for line in lines)
    finally:
        service.engine.step = step


def test_voices_are_before_after_and_ones_own(home):
    assert list(voices.known_voices()) == ["apres", "avant"]
    (home / "model").mkdir()
    (home / "model" / "config.json").write_text("{}", encoding="utf-8")
    assert list(voices.known_voices()) == ["apres", "avant", "mien"]
    assert {field.name for field in fields.generate_fields(["apres"])} >= {"prompt", "max_new_tokens", "seed"}
