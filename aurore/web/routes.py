"""Ce que le service répond : les pages, qui marchent sans JavaScript, et les adresses pour les programmes."""

import itertools
import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import BadRequest

from aurore import __version__
from aurore.generation import PROMPTS, Settings
from aurore.serving import END, LEFT, LENGTH, TIME, Job
from aurore.show import count, french_number
from aurore.web import fields, openapi
from aurore.web.faults import Fault, as_fault, typeset
from aurore.web.voices import BITS, Voice

if TYPE_CHECKING:
    from aurore.web import Desk

pages, api = Blueprint("pages", __name__), Blueprint("api", __name__)

COOKIE = "aurore_conversation"
SHOWN_MESSAGES = 50
_WHY = {
    LENGTH: "Il s'arrête à la longueur demandée.",
    END: "Il s'arrête là où il a choisi de finir.",
    TIME: "Il s'arrête parce que son temps est passé.",
    LEFT: "Il a été arrêté.",
}
_SETTINGS = ("do_sample", "temperature", "top_k", "top_p", "repetition_penalty")


def desk() -> "Desk":
    """Ce que l'application partage."""
    return current_app.extensions["aurore"]


def gone() -> Callable[[], bool]:
    """Ce qui dit si le client de cette demande est parti ; waitress le sait, d'autres serveurs non."""
    return request.environ.get("waitress.client_disconnected") or (lambda: False)


def client() -> str:
    """L'adresse du client."""
    return request.remote_addr or "?"


# --- Faire écrire ---------------------------------------------------------------------------------------


def _submit(voice: Voice, asked: dict[str, Any]) -> Job:
    settings = Settings(**{name: asked[name] for name in _SETTINGS})
    return voice.service().submit(asked["prompt"], settings, asked["max_new_tokens"], asked["seed"])


def _result(voice: Voice, asked: dict[str, Any], job: Job, text: str, seconds: float) -> dict[str, Any]:
    """Ce que l'on dit d'un texte fini. Le journal n'en garde que des quantités."""
    current_app.logger.info(
        "texte : %s, %s, %s, %.2f s, %s",
        voice.key,
        count(len(asked["prompt"]), "caractère lu", "caractères lus"),
        count(job.written, "token écrit", "tokens écrits"),
        seconds,
        job.reason,
    )
    return {
        "text": text,
        "model": voice.key,
        "name": voice.name,
        "seed": asked["seed"],
        "tokens": job.written,
        "seconds": round(seconds, 3),
        "reason": job.reason,
        "notice": typeset(job.prompt.notice),
        "told": f"{voice.name}, {count(job.written, 'token')} en {french_number(seconds, 1)} s, graine {asked['seed']}. {_WHY[job.reason]}",
        "copied": desk().books.check(text),
    }


def _write(asked: dict[str, Any]) -> dict[str, Any]:
    """Un texte entier."""
    voice, start = desk().voices[asked["model"]], time.monotonic()
    with desk().place(client()):
        job = _submit(voice, asked)
        text = job.text(gone())
    return _result(voice, asked, job, text, time.monotonic() - start)


def _send(events: Iterator[tuple[str, dict[str, Any]]]) -> Response:
    """Des événements envoyés à mesure (« server-sent events »).

    Le premier s'attend avant de répondre : une demande refusée reçoit ainsi son vrai code. Une erreur plus tardive est un
    événement de plus.
    """
    where, here = client(), desk()
    here.enter(where)
    try:
        first = next(events, None)
    except BaseException:
        here.leave(where)
        raise
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def lines() -> Iterator[str]:
        try:
            with app.app_context():
                for name, data in itertools.chain(filter(None, [first]), events):
                    yield f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        except Exception as error:
            fault = as_fault(error)
            if fault.code == 500:
                app.logger.error("Panne en cours d'écriture", exc_info=error)
            yield f"event: error\ndata: {json.dumps(fault.body, ensure_ascii=False)}\n\n"

    def close() -> None:  # quoi qu'il arrive, même si rien n'a été lu : le texte s'arrête, la place est rendue
        events.close()  # type: ignore[attr-defined]
        here.leave(where)

    response = Response(lines(), mimetype="text/event-stream")
    response.call_on_close(close)
    response.headers["X-Accel-Buffering"] = "no"  # un mandataire ne doit pas attendre la fin
    return response


def _stream(asked: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    voice, start, left, text = desk().voices[asked["model"]], time.monotonic(), gone(), ""
    job = _submit(voice, asked)
    for piece in job.pieces(left):
        text += piece
        yield "piece", {"text": piece}
    if not left():
        yield "end", _result(voice, asked, job, text, time.monotonic() - start)


def _stream_reply(name: str, message: str) -> Iterator[tuple[str, dict[str, Any]]]:
    said = ""
    for piece in desk().dialogue().stream(name, message):
        said += piece
        yield "piece", {"text": piece}
    yield "end", {"reply": said, "conversation": name}


# --- Pour les programmes --------------------------------------------------------------------------------


def _json() -> Any:
    if request.mimetype != "application/json":
        raise Fault(415)
    try:
        return request.get_json()
    except BadRequest:
        raise Fault(400, "json", "Le corps de la demande n'est pas du JSON. Vérifiez guillemets et virgules.") from None
    except RecursionError:
        raise Fault(400, "json", "Ce JSON s'emboîte trop profondément.") from None


@api.post("/api/generate")
def generate() -> Response:
    """Prolonge une amorce."""
    asked = fields.read_fields(fields.generate_fields(list(desk().voices)), _json())
    if asked.pop("stream"):
        return _send(_stream(asked))
    return jsonify(_write(asked))


@api.post("/api/chat")
def chat_api() -> Response:
    """Répond à un message, et se souvient de la conversation."""
    asked = fields.read_fields(fields.CHAT_FIELDS, _json())
    name, text = asked["conversation"] or secrets.token_urlsafe(16), asked["message"]
    if asked["stream"]:
        return _keep(_send(_stream_reply(name, text)), name)
    with desk().place(client()):
        return _keep(jsonify(reply=desk().dialogue().reply(name, text), conversation=name), name)


@api.post("/api/copies")
def copies() -> Response:
    """Ce qu'un texte recopie des livres : la page le demande pour un texte que l'on a arrêté, et qui n'a donc pas de fin."""
    asked = fields.read_fields(fields.COPIES_FIELDS, _json())
    with desk().place(client()):
        return jsonify(copied=desk().books.check(asked["text"]))


@api.post("/predict")
def predict() -> Response:
    """Sand ou pas Sand ?"""
    asked = fields.read_fields(fields.PREDICT_FIELDS, _json())
    classifier = desk().classifier()
    with desk().place(client()):
        label, probability = classifier.predict(asked["text"])
    return jsonify(label=str(label), probability=round(float(probability), 4))


@pages.get("/health")
def health() -> Response:
    """L'état du service : ni texte, ni nom, ni chemin."""
    loaded = {key: voice.service.value.load for key, voice in desk().voices.items() if voice.service.value is not None}
    return jsonify(status="ok", version=__version__, busy=desk().busy, at_once=desk().at_once, models=loaded)


@api.get("/openapi.json")
def description() -> Response:
    """La description de tout ceci, au format OpenAPI."""
    return jsonify(openapi.describe(list(desk().voices)))


# --- Pour les gens --------------------------------------------------------------------------------------


@pages.get("/")
def home() -> str:
    """L'accueil."""
    return render_template("home.html", voices=desk().voices)


def marked(result: dict[str, Any]) -> Markup:
    """Le texte d'un résultat, ses morceaux recopiés surlignés ; tout y est échappé."""
    text, place, parts = result["text"], 0, []
    for span in result["copied"]["spans"] if result["copied"] else ():
        start, end = max(place, span["start"]), span["end"]
        if end > start:
            parts += [escape(text[place:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            place = end
    return Markup("").join([*parts, escape(text[place:])])


@pages.route("/generate", methods=["GET", "POST"])
def generate_page() -> str:
    """Le formulaire, et le texte qu'il a demandé."""
    known = tuple(field for field in fields.generate_fields(list(desk().voices)) if field.name != "stream")
    desk().books.prepare()
    asked: dict[str, Any] = {field.name: field.default for field in known} | {"prompt": PROMPTS[0]}
    result = None
    if request.method == "POST":
        asked = fields.read_fields(known, request.form.to_dict(), form=True)
        result = _write(asked)
    voice = desk().voices[asked["model"]]
    return render_template(
        "generate.html",
        asked=asked,
        result=result,
        voices=desk().voices,
        voice=voice,
        limits={field.name: field for field in known},
        marked=marked,
        bits=BITS,
        address=request.host_url,
    )


@pages.get("/chat")
def chat_page() -> str:
    """La conversation de ce navigateur."""
    name = _conversation()
    messages = desk().dialogue().memory.recent(name, SHOWN_MESSAGES) if name else []
    return render_template("chat.html", messages=messages, conversation=name, most=fields.MESSAGE_LENGTH)


@pages.post("/chat")
def chat_form() -> Response:
    """Un message envoyé par le formulaire ; la page se recharge avec la réponse."""
    asked = fields.read_fields(fields.CHAT_FIELDS[:1], request.form.to_dict(), form=True)
    name = _conversation() or secrets.token_urlsafe(16)
    dialogue = desk().dialogue()
    with desk().place(client()):
        dialogue.reply(name, asked["message"])
    return _keep(redirect(url_for("pages.chat_page", _anchor="suite"), 303), name)


@pages.post("/chat/oublier")
def forget() -> Response:
    """Efface la conversation de ce navigateur."""
    if name := _conversation():
        desk().dialogue().memory.forget(name)
    response = redirect(url_for("pages.chat_page"), 303)
    response.delete_cookie(COOKIE)
    return response  # type: ignore[return-value]


@pages.get("/chat/emporter")
def export() -> Response:
    """La conversation de ce navigateur, en JSON."""
    name = _conversation()
    if not name:
        raise Fault(404, message="Il n'y a pas de conversation à emporter. Commencez-en une.")
    response = jsonify(desk().dialogue().memory.export(name))
    response.headers["Content-Disposition"] = "attachment; filename=conversation.json"
    return response


def _conversation() -> str:
    """La conversation de ce navigateur : un nom tiré au sort, que personne ne devine."""
    name = request.cookies.get(COOKIE, "")
    return (
        name if name and len(name) <= 64 and name.replace("-", "").replace("_", "").isalnum() and name.isascii() else ""
    )


def _keep(response: Any, name: str) -> Response:
    response.set_cookie(COOKIE, name, httponly=True, samesite="Strict", max_age=30 * 86_400)
    return response


@pages.route("/entrer", methods=["GET", "POST"])
def enter() -> Any:
    """Donne le jeton d'accès, une fois, depuis un navigateur."""
    from aurore.web import TOKEN_COOKIE

    if request.method == "GET":
        return render_template("enter.html")
    response = redirect(url_for("pages.home"), 303)
    response.set_cookie(TOKEN_COOKIE, request.form.get("token", "")[:500], httponly=True, samesite="Strict")
    return response
