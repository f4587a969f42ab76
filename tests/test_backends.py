"""Ceux qui répondent : la règle, notre modèle, et un service compatible avec celui d'OpenAI, sur cette machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from small import small_model, small_tokenizer

from aurore import backends, generation
from aurore.backends import LocalLLM, MockLLM, RemoteLLM, mock_reply
from aurore.memories import Message
from aurore.settings import AuroreError


def user(text):
    return Message("user", text)


def assistant(text):
    return Message("assistant", text)


# --- La règle


def test_the_second_answer_is_that_of_the_second_question():
    greeting = "Bonjour. Comment puis-je vous aider ?"
    assert mock_reply([user("Salut")]) == greeting
    assert (
        mock_reply([user("Salut"), assistant(greeting), user("Quelle est la météo ?")]) == "La météo est ensoleillée."
    )


def test_the_document_answers_by_all_it_has_read():
    """Le contexte du document contient encore « Salut » : sa deuxième réponse est la première, et ainsi de suite."""
    context, answers = "Vous êtes un assistant utile.", []
    for question in ("Salut", "Quelle est la météo ?", "Quelle est la météo ?"):
        prompt = f"{context}\n{question}".lower()
        answers.append("bonjour" if "salut" in prompt else "soleil" if "météo" in prompt else "?")
        context = f"{context}\n{question}\n{answers[-1]}"
    assert answers == ["bonjour"] * 3


def test_a_name_is_found_again_in_the_context():
    said = [user("Je m'appelle Ana"), assistant("Bonjour. Je m'appelle Robot."), user("Comment je m'appelle ?")]
    assert mock_reply(said) == "Vous vous appelez Ana."
    assert mock_reply(said[2:]) == "Vous ne me l'avez pas dit."
    assert mock_reply([Message("system", f"{backends.EARLIER}Je m'appelle Léo."), said[2]]) == "Vous vous appelez Léo."


def test_the_mock_streams_what_it_replies():
    asked = [user("Quelle est la météo ?")]
    assert "".join(MockLLM().stream(asked)) == MockLLM().reply(asked) == mock_reply(asked)
    assert MockLLM().reply(asked, max_new_tokens=2) == "La météo"


# --- Notre modèle


@pytest.fixture(scope="module")
def local():
    return LocalLLM(
        small_model(),
        small_tokenizer(),
        render=lambda question, context, base: f"{base} C : {context}\nQ : {question}\nR :",
    )


def test_the_model_reads_what_the_person_said_of_herself_if_the_question_is_about_her(local):
    said = [
        Message("system", "Sois\npoli."),
        user("J'ai un chien. Il pleut.\nEt vous ?"),
        assistant("Je dors."),
        user("Ma sœur chante."),
    ]
    assert (
        local.prompt([*said, user("Où est mon chien ?")])
        == "Sois poli. C : J'ai un chien. Ma sœur chante.\nQ : Où est mon chien ?\nR :"
    )
    earlier = Message("system", f"{backends.EARLIER}J'ai un chien. Je lis.")
    assert "C : J'ai un chien. Je lis.\n" in local.prompt([earlier, said[1], user("Et moi ?")]), (
        "chaque phrase une fois"
    )
    assert "Poli. C : J'ai un chien. Je lis.\n" in local.prompt([Message("system", "Poli."), earlier, user("Et moi ?")])
    assert local.prompt([*said, user("Qui est Consuelo ?")]) == "Sois poli. C : \nQ : Qui est Consuelo ?\nR :"


def test_the_answer_is_that_of_the_writer_up_to_its_first_line(local):
    asked = [user("Le meunier")]
    whole = "".join(generation.stream(local.model, local.tokenizer, local.prompt(asked), 30, do_sample=False))
    expected = whole.lstrip().partition("\n")[0]
    assert "".join(local.stream(asked, 30)) == expected and local.reply(asked, 30) == expected.strip()


def test_the_count_is_that_of_the_tokens_given(local):
    said = [Message("system", "Poli."), user("J'ai un chien."), assistant("A"), user("Et moi <|endoftext|> 🦆 ?")]
    prompt = generation.read_prompt(local.model, local.tokenizer, local.prompt(said), 1)
    assert local.count_tokens(said) == prompt.ids.shape[1] and prompt.unread == ""
    assert local.weigh(said[1]) > 1 and local.weigh(assistant("A")) == 0, "ses réponses, il ne les relit pas"


def test_without_a_model_it_takes_the_one_that_answers(monkeypatch):
    monkeypatch.setattr(backends, "answering_model", lambda: (small_model(), small_tokenizer()))
    torch.manual_seed(0)
    assert LocalLLM().context_length == small_model().config.max_position_embeddings


# --- Un service


class _Service(BaseHTTPRequestHandler):
    def do_GET(self):
        self._send(200, {"data": [{"id": "petit"}, {"id": "grand"}]} if self.server.plan != "vide" else {"data": []})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body, dict(self.headers)))
        if isinstance(self.server.plan, int):
            return self._send(self.server.plan, {"error": {"message": "une phrase qui cite la clé"}})
        if self.server.plan == "page":
            return self._send(200, "<html>bienvenue</html>")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        pieces = ["Bon", "jour, ", "Ana 🦆.", ""]
        for piece in pieces * (50_000 if self.server.plan == "sans fin" else 1):
            self._event({"choices": [{"delta": {"content": piece}}]})
        if self.server.plan == "erreur":
            self._event({"error": {"message": "non"}})
        if self.server.plan == "juste":
            self._event({"choices": [], "usage": {"total_tokens": 3}})
            self.wfile.write(b": un commentaire\n\ndata: [DONE]\n\n")

    def _event(self, event):
        self.wfile.write(f"event: x\ndata: {json.dumps(event)}\n\n".encode())

    def _send(self, status, body):
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def service(home):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    server.plan, server.asked = "juste", []
    server.handle_error = lambda *_: None  # qui écoutait s'en va avant la fin : c'est ce que l'on essaie
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield server
    server.shutdown()
    server.server_close()


def test_a_service_receives_the_messages_and_its_pieces_come_one_by_one(service, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-essai-0123456789abcdef")
    remote = RemoteLLM(service.url + "/", provider="openai", temperature=0.5)
    said = [Message("system", "Poli."), user("Salut <b>")]
    assert list(remote.stream(said, 17)) == ["Bon", "jour, ", "Ana 🦆."]
    path, body, headers = service.asked[0]
    assert path == "/v1/chat/completions" and headers["Authorization"] == "Bearer sk-essai-0123456789abcdef"
    assert body == {
        "model": "petit",
        "messages": [{"role": "system", "content": "Poli."}, {"role": "user", "content": "Salut <b>"}],
        "max_tokens": 17,
        "stream": True,
        "temperature": 0.5,
    }
    assert remote.name == "petit, sur 127.0.0.1" and "sk-" not in repr(vars(remote)["name"])
    remote.close()


def test_no_key_is_sent_when_none_is_asked(service, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-essai-0123456789abcdef")
    RemoteLLM(service.url, model="x").reply([user("Salut")])
    assert "Authorization" not in service.asked[0][2] and service.asked[0][1]["model"] == "x"


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (401, "la clé manque"),
        (404, "n'existe pas"),
        (429, "trop de questions"),
        (500, "panne"),
        (302, "refusée"),
        ("page", "s'est arrêtée avant la fin"),
        ("coupée", "s'est arrêtée avant la fin"),
        ("erreur", "sur une erreur"),
    ],
)
def test_what_a_service_refuses_is_explained(service, plan, said):
    service.plan = plan
    with pytest.raises(AuroreError, match=said) as caught:
        RemoteLLM(service.url).reply([user("un secret")])
    assert "secret" not in str(caught.value) and "cite la clé" not in str(caught.value)


def test_an_endless_answer_is_stopped(service, monkeypatch):
    monkeypatch.setattr(backends, "_LARGEST_REPLY", 1000)
    service.plan = "sans fin"
    with pytest.raises(AuroreError, match="dépasse 1000 caractères"):
        RemoteLLM(service.url).reply([user("x")])


def test_a_service_out_of_reach_or_that_is_not_one_is_explained(closed_url, service, library):
    with pytest.raises(AuroreError, match="hors de portée"):
        RemoteLLM(closed_url)
    service.plan = "vide"
    with pytest.raises(AuroreError, match="aucun modèle"):
        RemoteLLM(service.url)
    library.put("v1/models", b"<html>")
    with pytest.raises(AuroreError, match="comme un service de dialogue"):
        RemoteLLM(library.url + "/v1")
    for wrong in ("", "rien", "ftp://x", "http://"):
        with pytest.raises(AuroreError, match="adresse d'un service"):
            RemoteLLM(wrong)


def test_a_key_never_travels_in_clear(home, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-essai-0123456789abcdef")
    with pytest.raises(AuroreError, match="en clair") as caught:
        RemoteLLM("http://exemple.invalid/v1", provider="openai")
    assert "essai" not in str(caught.value)


def test_tokens_of_a_service_are_never_underestimated(service):
    text = "L'été, 🦆 " * 20
    assert RemoteLLM(service.url).count_tokens([user(text)]) >= len(small_tokenizer()(text)["input_ids"])
