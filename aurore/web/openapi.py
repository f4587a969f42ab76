"""La description du service au format OpenAPI 3.1, tirée des champs eux-mêmes : elle ne peut pas dire autre chose qu'eux."""

from collections.abc import Sequence
from typing import Any

from aurore import __version__
from aurore.web import fields
from aurore.web.faults import KNOWN

_TEXT, _WHOLE, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_SPAN = _object(start=_WHOLE, end=_WHOLE, text=_TEXT, where=_TEXT)
_COPY = _object(longest=_WHOLE, share=_NUMBER, spans={"type": "array", "items": _SPAN}, sentence=_TEXT)
_COPIED = {"anyOf": [_COPY, {"type": "null"}]}
_WRITTEN = _object(
    text=_TEXT,
    model=_TEXT,
    name=_TEXT,
    seed=_WHOLE,
    tokens=_WHOLE,
    seconds=_NUMBER,
    reason={"type": "string", "enum": ["longueur", "fin", "temps", "interrompu"]},
    notice=_TEXT,
    told=_TEXT,
    copied=_COPIED,
)
_EVENT = _object(event={"type": "string", "enum": ["piece", "end", "error"]}, data=_TEXT)
_HEALTH = _object(status=_TEXT, version=_TEXT, busy=_WHOLE, at_once=_WHOLE, models={"type": "object"})
_FAULT = _object(error=_TEXT, message=_TEXT, code=_WHOLE)
_OPEN = (401, 404, 405)  # les erreurs de toute adresse
_BODY = (400, 413, 415, 429, 503)  # celles d'une adresse qui lit un texte


def _answers(good: dict[str, Any], codes: Sequence[int]) -> dict[str, Any]:
    wrong = {"application/json": {"schema": {"$ref": "#/components/schemas/Erreur"}}}
    return {"200": {"description": "La réponse.", "content": good}} | {
        str(code): {"description": KNOWN[code][1], "content": wrong} for code in codes
    }


def _asks(title: str, body: dict[str, Any], good: dict[str, Any], streams: bool = False) -> dict[str, Any]:
    content = {"application/json": {"schema": good}}
    if streams:
        content["text/event-stream"] = {"schema": _EVENT}
    return {
        "post": {
            "summary": title,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": _answers(content, (*_OPEN, *_BODY)),
        }
    }


def _reads(title: str, good: dict[str, Any], public: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": title,
        "responses": _answers({"application/json": {"schema": good}}, (400, *_OPEN)),
    }
    return {"get": found | ({"security": []} if public else {})}


def _page(title: str, asked: Sequence[fields.Field] | None = None, codes: Sequence[int] = (), done: int = 200) -> dict:
    """Une page, et le formulaire qu'elle porte, s'il y en a un ; ses erreurs aussi sont des pages."""
    page = {"text/html": {"schema": _TEXT}}

    def answers(done: int, codes: Sequence[int]) -> dict[str, Any]:
        wrong = {str(code): {"description": KNOWN[code][1], "content": page} for code in (400, *_OPEN, *codes)}
        return {str(done): {"description": title, "content": page}} | wrong

    found: dict[str, Any] = {"get": {"summary": title, "responses": answers(200, codes)}}
    if asked is not None:
        form = {"application/x-www-form-urlencoded": {"schema": fields.schema(asked)}}
        found["post"] = {
            "summary": f"{title} : le formulaire",
            "requestBody": {"required": True, "content": form},
            "responses": answers(done, _BODY[1:]),
        }
    return found


def describe(voices: Sequence[str]) -> dict[str, Any]:
    """La description entière ; `voices` nomme les modèles offerts."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aurore",
            "version": __version__,
            "description": "Un réseau de neurones qui écrit à la manière de George Sand.",
        },
        "paths": {
            "/api/generate": _asks(
                "Prolonge une amorce", fields.schema(fields.generate_fields(voices)), _WRITTEN, True
            ),
            "/api/chat": _asks(
                "Répond à un message", fields.schema(fields.CHAT_FIELDS), _object(reply=_TEXT, conversation=_TEXT), True
            ),
            "/api/copies": _asks(
                "Ce qu'un texte recopie", fields.schema(fields.COPIES_FIELDS), _object(copied=_COPIED)
            ),
            "/predict": _asks(
                "Sand ou pas Sand ?", fields.schema(fields.PREDICT_FIELDS), _object(label=_TEXT, probability=_NUMBER)
            ),
            "/health": _reads("L'état du service", _HEALTH, public=True),
            "/openapi.json": _reads("Cette description", {"type": "object"}),
            "/": _page("L'accueil"),
            "/generate": _page("Écrire", [one for one in fields.generate_fields(voices) if one.name != "stream"]),
            "/chat": _page("Parler", fields.CHAT_FIELDS[:1], done=303),
            "/chat/emporter": {"get": _page("La conversation de ce navigateur, en JSON")["get"]},
        },
        "components": {
            "schemas": {"Erreur": _FAULT},
            "securitySchemes": {"jeton": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"jeton": []}, {}],
    }
