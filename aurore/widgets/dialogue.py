"""Leçon 11, les figures : la conversation et sa mémoire côte à côte, ce que devient un contexte, ce que coûte chaque mémoire.

C'est le navigateur qui demande chaque morceau d'une réponse : il suffit qu'il se taise, ou qu'on l'arrête, pour que le modèle
s'arrête. Tout ce que quelqu'un a écrit se montre comme du texte.
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from aurore import dialogue
from aurore.settings import AuroreError
from aurore.show import BLUE, GREY, ORANGE, Plate, Table, count, french_number, in_a_notebook, widget_bundle

_STATIC = Path(__file__).parent / "static"
WHO = {dialogue.PERSON: "Vous", dialogue.ASSISTANT: "Modèle", dialogue.SYSTEM: "Système"}


class Chat:
    """Une conversation que l'on mène dans la page, et ce que la mémoire en garde."""

    def __init__(self, talk: dialogue.Dialogue, session: str) -> None:
        self.talk, self.session = talk, dialogue.check_session(session)
        self.partial = ""
        self._pieces: Iterator[str] | None = None

    # --- Ce que l'on y fait

    def ask(self, text: str) -> None:
        """Pose une question ; `step` en demande la réponse, morceau par morceau."""
        self.stop()
        self._pieces = iter(self.talk.stream(self.session, text))
        self.step()

    def step(self) -> bool:
        """Attend un morceau de plus ; dit s'il peut en venir d'autres."""
        if self._pieces is None:
            return False
        try:
            self.partial += next(self._pieces)
            return True
        except StopIteration:
            self._pieces, self.partial = None, ""
            return False
        except Exception:
            self._pieces, self.partial = None, ""
            raise

    def stop(self) -> None:
        """Arrête la réponse là où elle en est ; ce qui est montré est gardé."""
        if self._pieces is not None:
            self._pieces.close()  # type: ignore[attr-defined]
        self._pieces, self.partial = None, ""

    def move(self, session: str) -> None:
        """Passe à une autre séance."""
        self.stop()
        self.session = dialogue.check_session(session)

    def forget(self) -> None:
        """Oublie tout ce qui est gardé de la personne."""
        self.stop()
        self.talk.memory.forget(dialogue.person_of(self.session))

    # --- Ce que l'on y voit

    def state(self) -> dict[str, Any]:
        """Tout ce qui se montre, prêt pour le navigateur."""
        messages = self.talk.memory.messages(self.session)
        context = self.talk.context(self.session, "?")
        read = {each.id for each in context}
        return {
            "session": self.session,
            "messages": [
                {"id": each.id, "role": each.role, "content": each.content, "read": each.id in read} for each in messages
            ],
            "preferences": self.talk.memory.preferences(dialogue.person_of(self.session)),
            "partial": self.partial,
            "busy": self._pieces is not None,
            "tokens": self.talk.backend.count_tokens(context),
            "budget": self.talk.budget,
        }

    def exported(self) -> str:
        """Tout ce qui est gardé de la personne, en JSON."""
        kept = self.talk.memory.export(dialogue.person_of(self.session))
        return json.dumps(kept, ensure_ascii=False, indent=2)

    def __repr__(self) -> str:
        found = self.state()
        lines = [f"Séance « {self.session} » : {_kept(found)}"]
        lines += [f"{WHO[each['role']]} : {each['content']}" for each in found["messages"]]
        return "\n".join([*lines, *(f"Gardé : {key} : {value}" for key, value in found["preferences"].items())])

    def _repr_html_(self) -> str:
        """La conversation immobile, et la mémoire à côté."""
        found = self.state()
        said = "".join(
            f"<p style='margin:.35em 0;white-space:pre-wrap;overflow-wrap:anywhere'><strong>{WHO[each['role']]} : </strong><bdi>{escape(each['content'])}</bdi></p>"
            for each in found["messages"]
        )
        known = "".join(f"<li>{escape(key)} : {escape(value)}</li>" for key, value in found["preferences"].items())
        return (
            "<section aria-label='Le dialogue' style='display:grid;gap:.8em 1.6em;grid-template-columns:repeat(auto-fit,minmax(270px,1fr))'>"
            f"<div><p><strong>Séance « {escape(self.session)} »</strong></p>{said or '<p>Personne n’a encore parlé.</p>'}</div>"
            f"<div><p><strong>Ce qui est gardé</strong></p><p>{_kept(found)}</p><ul>{known}</ul></div></section>"
        )

    def widget(self) -> Any:
        """La conversation animée."""
        return _figure(self)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        text, html = repr(self), self._repr_html_()
        if in_a_notebook():
            return widget_bundle(self.widget(), text, html)
        return {"text/plain": text, "text/html": html}


def _kept(found: dict[str, Any]) -> str:
    return f"{count(len(found['messages']), 'message')} ; le modèle en relira {count(found['tokens'], 'token')}, sur {found['budget']} permis."


def _figure(chat: Chat) -> Any:
    import anywidget
    import traitlets

    class Figure(anywidget.AnyWidget):
        _esm = _STATIC / "dialogue.js"
        _css = _STATIC / "dialogue.css"
        state = traitlets.Unicode().tag(sync=True)
        error = traitlets.Unicode().tag(sync=True)
        exported = traitlets.Unicode().tag(sync=True)
        turn = traitlets.Int().tag(sync=True)  # change à chaque réponse du noyau : le navigateur peut demander la suite

        def show(self, error: str = "", exported: str = "") -> None:
            with self.hold_sync():
                self.state, self.error, self.exported = json.dumps(chat.state()), error, exported
                self.turn += 1

    figure = Figure(state=json.dumps(chat.state()))

    def obey(_widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        memory, exported = chat.talk.memory, ""
        actions = {
            "ask": lambda: chat.ask(str(message["text"])),
            "step": chat.step,
            "stop": chat.stop,
            "session": lambda: chat.move(str(message["name"])),
            "edit": lambda: memory.edit(chat.session, int(message["id"]), str(message["text"])),
            "delete": lambda: memory.delete(chat.session, int(message["id"])),
            "prefer": lambda: memory.prefer(chat.session, str(message["key"]), str(message["value"])),
            "forget": chat.forget,
            "export": lambda: None,
        }
        asked = message.get("do")
        try:
            actions[asked]()
            exported = chat.exported() if asked == "export" else ""
        except AuroreError as error:
            figure.show(error=str(error))
            return
        figure.show(exported=exported)

    figure.on_msg(obey)
    return figure


def chat(talk: dialogue.Dialogue, session: str = "ana") -> Chat:
    """La conversation d'une personne avec `talk`, à mener dans la page."""
    return Chat(talk, session)
