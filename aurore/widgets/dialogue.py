"""Leçon 11, les figures : la conversation et sa mémoire côte à côte, ce que devient un contexte, ce que coûte chaque mémoire.

C'est le navigateur qui demande chaque morceau d'une réponse : il suffit qu'il se taise, ou qu'on l'arrête, pour que le modèle
s'arrête. Tout ce que quelqu'un a écrit se montre comme du texte.
"""

import json
from collections.abc import Generator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from aurore import dialogue, vectors
from aurore.settings import AuroreError
from aurore.show import BLUE, GREY, ORANGE, Plate, Table, count, in_a_notebook, widget_bundle

_STATIC = Path(__file__).parent / "static"
WHO = {dialogue.PERSON: "Vous", dialogue.ASSISTANT: "Modèle", dialogue.SYSTEM: "Système"}


class Chat:
    """Une conversation que l'on mène dans la page, et ce que la mémoire en garde."""

    def __init__(self, talk: dialogue.Dialogue, session: str) -> None:
        self.talk, self.session = talk, dialogue.check_session(session)
        self.partial = ""
        self._pieces: Generator[str] | None = None

    # --- Ce que l'on y fait

    def ask(self, text: str) -> None:
        """Pose une question ; `step` en demande la réponse, morceau par morceau."""
        self.stop()
        self._pieces = self.talk.stream(self.session, text)
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
            self._pieces.close()
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
        context = self.talk.context(self.session, "Que savez-vous de moi ?")
        read = {each.id for each in context}
        return {
            "session": self.session,
            "messages": [
                {"id": each.id, "role": each.role, "content": each.content, "read": each.id in read}
                for each in messages
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
            "edit": lambda: chat.talk.correct(chat.session, int(message["id"]), str(message["text"])),
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


# --- Un contexte, et ce qu'il devient -------------------------------------------------------------------

QUESTION = "Quelle est la météo ?"
_BASE = "Vous êtes un assistant utile. Vous répondez de manière concise."


def growth_plate(tokenizer: Any, turns: int = 60, limit: int = 512) -> Plate:
    """Les tokens relus à chaque question : tout le contexte, comme dans le document, ou une fenêtre."""
    from matplotlib.figure import Figure

    def tokens(text: str) -> int:
        return len(tokenizer(text, verbose=False)["input_ids"])

    turn = tokens(f"\n{QUESTION}\n{dialogue.WEATHER}")
    asked = tokens(_BASE) + tokens(f"\n{QUESTION}")
    whole = [asked + rank * turn for rank in range(turns)]
    windowed = [min(each, asked + (limit - dialogue.REPLY - asked) // turn * turn) for each in whole]
    passed = next(rank for rank, each in enumerate(whole, 1) if each > limit)
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, turns + 1), whole, color=ORANGE, linewidth=2)
    axes.plot(range(1, turns + 1), windowed, color=BLUE, linewidth=2)
    axes.axhline(limit, color=GREY, linestyle="--")
    axes.annotate(
        "tout relire", (turns, whole[-1]), ha="right", va="bottom", xytext=(-8, 2), textcoords="offset points"
    )
    axes.annotate(
        "une fenêtre", (turns, windowed[-1]), ha="right", va="top", xytext=(-2, -6), textcoords="offset points"
    )
    axes.annotate(
        f"ce que le modèle sait lire : {limit}", (1, limit), va="bottom", xytext=(0, 3), textcoords="offset points"
    )
    axes.set_xlabel("question posée, la même à chaque fois")
    axes.set_ylabel("tokens relus")
    axes.spines[["top", "right"]].set_visible(False)
    return Plate(
        figure,
        f"Une même question, posée {turns} fois. Si l'on relit tout, les {limit} tokens sont dépassés à la {passed}e question\u202f; une fenêtre s'arrête à {windowed[-1]} tokens, avec la place d'une réponse.",
    )


def context_table(talk: dialogue.Dialogue, session: str, text: str) -> Table:
    """Ce que le modèle lira pour répondre à `text`, message par message."""
    context = talk.context(session, text)
    rows = [(WHO[each.role], each.content, talk.backend.weigh(each)) for each in context]
    caption = f"{count(talk.backend.count_tokens(context), 'token')} sur {talk.budget} permis"
    return Table(caption, ("qui", "texte", "tokens, environ"), rows)


# --- Retrouver ------------------------------------------------------------------------------------------

# Vingt choses qu'une personne a dites, et une question sur chacune, en d'autres mots.
PAIRS = (
    ("J'ai un chien qui s'appelle Fadet, il court tout le jour dans les prés.", "Quel animal avez-vous ?"),
    ("Ma sœur habite à Nohant, dans une grande maison.", "Où vit votre sœur ?"),
    ("Je suis meunier, et mon moulin est au bord de la rivière.", "Quel est votre métier, au bord de l'eau ?"),
    ("Je n'aime pas le vin, je ne bois que de l'eau.", "Que buvez-vous à table ?"),
    ("Mon fils est malade depuis lundi, il a de la fièvre.", "Votre enfant va-t-il mieux, a-t-il encore la fièvre ?"),
    ("J'ai acheté une robe bleue à la ville.", "De quelle couleur est votre robe ?"),
    ("Demain je pars pour Paris en diligence.", "Quand partez-vous en voyage ?"),
    ("Mon père est mort à la guerre.", "Votre père est-il encore vivant ?"),
    ("Je joue du violon le soir, près du feu.", "De quel instrument de musique jouez-vous ?"),
    ("J'ai peur de l'orage et du tonnerre.", "De quoi avez-vous peur ?"),
    ("Notre curé est très vieux, il prêche longtemps.", "Que dites-vous du prêtre ?"),
    ("Je me lève avant le jour pour traire les vaches.", "À quelle heure vous levez-vous ?"),
    ("Le prix du blé a beaucoup monté cette année.", "Le blé est-il cher ?"),
    ("J'ai trois enfants, deux filles et un garçon.", "Combien d'enfants avez-vous ?"),
    ("Je lis des romans en cachette de ma mère.", "Quels livres lisez-vous ?"),
    ("La neige a couvert le chemin de la forêt.", "Y a-t-il de la neige dans les bois ?"),
    ("Je me marie au printemps avec Germain.", "Avec qui vous mariez-vous ?"),
    ("J'ai perdu ma bourse sur la place du marché.", "Où avez-vous perdu votre argent ?"),
    ("Mon cheval boite, il s'est blessé au sabot.", "Votre cheval est-il guéri ?"),
    ("Je sais écrire, mais je compte mal.", "Savez-vous écrire et compter ?"),
)


def neighbours_table(embed: Any, shown: Sequence[int] = (4, 9, 15, 10)) -> Table:
    """Le message le plus proche de chaque question, et combien de fois c'est le bon sur toutes."""
    said = [dialogue.Message(dialogue.PERSON, text) for text, _ in PAIRS]
    found = [vectors.nearest(embed, said, question, 3) for _, question in PAIRS]
    first = sum(near[0].content == text for near, (text, _) in zip(found, PAIRS, strict=True))
    third = sum(text in [each.content for each in near] for near, (text, _) in zip(found, PAIRS, strict=True))
    rows = [
        (PAIRS[rank][1], found[rank][0].content, "oui" if found[rank][0].content == PAIRS[rank][0] else "non")
        for rank in shown
    ]
    return Table(
        f"Le plus proche est le bon {first} fois sur {len(PAIRS)}, et le bon est parmi les trois premiers {third} fois. Au hasard : 1 et 3.",
        ("question", "message le plus proche", "le bon"),
        rows,
    )


def recalls_table(embed: Any) -> Table:
    """Quatre façons de se rappeler, après les mêmes trente messages : ce qui est relu, et si le nom du chien s'y trouve."""
    rows = []
    for recall in dialogue.RECALLS:
        memory = vectors.VectorList(embed)
        talk = dialogue.Dialogue(dialogue.MockLLM(200), memory, "Vous répondez en une phrase.", recall)
        for text, _ in PAIRS:
            memory.add("ana", dialogue.PERSON, text)
            memory.add("ana", dialogue.ASSISTANT, dialogue.LOST)
        context = talk.context("ana", "Quel animal avez-vous ?")
        there = any("Fadet" in each.content for each in context)
        rows.append(
            (
                recall,
                sum(each.id > 0 for each in context),
                talk.backend.count_tokens(context),
                "oui" if there else "non",
            )
        )
    columns = ("ce que l'on rappelle", "messages relus", "tokens, sur 140", "le nom du chien y est")
    return Table("« Quel animal avez-vous ? », vingt échanges après que le chien a été nommé", columns, rows)


# --- Des mémoires qui n'en sont pas ---------------------------------------------------------------------


class _Echo:
    """Le contexte à amorce de base du document ; au lieu d'appeler un service, il garde ce qu'il lui aurait donné."""

    def __init__(self, base_prompt: str) -> None:
        self.base_prompt = base_prompt
        self.prompts: list[str] = []

    def generate_response(self, user_input: str) -> str:
        prompt = f"{self.base_prompt}\n\n## {user_input}\nLLM:"
        self.prompts.append(prompt)
        return "…"


def _global_version(user_input: str):
    prompt = f"Amorce de base\n\n## {user_input}\nLLM:"  # noqa: F841 - telle qu'elle est : rien n'appelle le modèle


def _store_context(user_input: str, upsert: Any) -> None:
    upsert(vectors=[(str(uuid.uuid4()), [], {"user": user_input})])  # type: ignore[name-defined] # noqa: F821 - telle qu'elle est


def nothing_table() -> Table:
    """Trois mémoires des documents, exécutées : ce qu'elles gardent."""
    asked = ("Quelle est la capitale de la France ?", "Parlez-moi de la norme ISO 27001.")
    echo = _Echo("Amorce de base")
    for question in asked:
        echo.generate_response(question)
    try:
        _store_context(asked[0], lambda vectors: None)
        stored = "rien"
    except NameError as error:
        stored = f"NameError : {error.name} n'est importé nulle part"
    remembered = asked[0] in echo.prompts[1]
    rows = [
        (
            "« contexte persistant »",
            "le second contexte contient-il la première question ?",
            "oui" if remembered else "non",
        ),
        ("variable globale", "que rendent les deux appels ?", ", ".join(str(_global_version(each)) for each in asked)),
        ("base de vecteurs", "que garde-t-elle ?", stored),
    ]
    return Table("Trois mémoires des documents", ("code", "question", "ce qui est venu"), rows)
