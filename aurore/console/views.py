"""Les pages de la console, qui marchent sans JavaScript, et l'adresse où les carnets donnent leurs nouvelles."""

import hmac
import re
import secrets
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import BadRequest

from aurore.atelier import room
from aurore.atelier.cards import Card
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID
from aurore.console.store import Full, Tally
from aurore.lessons import Lesson
from aurore.opinion import ASKED, MOMENTS, MOODS
from aurore.show import count
from aurore.web.faults import Fault, answer

if TYPE_CHECKING:
    from aurore.console import Desk

pages = Blueprint("pages", __name__, static_folder="static", static_url_path="/console", template_folder="templates")

TOKEN_COOKIE, BROWSER_COOKIE = "aurore_animation", "aurore_navigateur"
LONGEST_NOTE, LONGEST_ANSWER = 500, 1000
# Ce que la mécanique dit d'elle-même, sans que ce soit une vérification d'une fiche.
_OTHER_CHECKS = {"", "une cellule que Python sait lire", "une fonction qui finit", "une fonction", "une classe"}
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)»]")


def desk() -> "Desk":
    """Ce que les pages partagent."""
    return current_app.extensions["console"]


def linked(text: str) -> Markup:
    """Un texte échappé, où les adresses http et https deviennent des liens."""
    parts, place = [], 0
    for found in _LINK.finditer(text):
        address = escape(found.group())
        parts += [
            escape(text[place : found.start()]),
            Markup(f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>'),
        ]
        place = found.end()
    return Markup("").join([*parts, escape(text[place:])])


def ago(moment: float) -> str:
    """Il y a combien de temps, en mots."""
    minutes = int(max(0.0, desk().store.now() - moment) // 60)
    if minutes < 1:
        return "depuis moins d'une minute"
    return f"depuis {count(minutes, 'minute')}" if minutes < 120 else f"depuis {count(minutes // 60, 'heure')}"


# --- Les nouvelles d'un carnet --------------------------------------------------------------------------


@pages.post("/api/room")
def hear() -> Response:
    """Reçoit qui est là et, s'il y a lieu, un verdict ; rend les exercices dont la solution est ouverte."""
    try:
        told = request.get_json()
    except (BadRequest, RecursionError):
        told = None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise Fault(400, "json", "Une nouvelle est un objet JSON, dont chaque valeur est un texte.")
    person, pseudonym = told.get("person", ""), " ".join(told.get("pseudonym", "").split())[: room.LONGEST_PSEUDONYM]
    if not re.fullmatch(r"[0-9a-f]{8,64}", person) or not pseudonym.isprintable() or not pseudonym:
        raise Fault(400, "personne", "Il manque un numéro ou un pseudonyme.")
    desk().store.hear(person, pseudonym, _news(told) if "exercise" in told else None)
    return jsonify(open=sorted(desk().store.opened()))


def _news(told: dict[str, str]) -> dict[str, str]:
    """Un verdict, réduit à ce que l'on connaît : rien de ce qu'une personne aurait écrit ne passe."""
    card = desk().cards.get(told["exercise"])
    if card is None or told.get("status") not in (TODO, VALID, ALMOST, SOLUTION):
        raise Fault(400, "exercice", "Cet exercice, ou cet état, n'existe pas ici.")
    missing, mistake = told.get("check", ""), told.get("mistake", "")
    return {
        "exercise": card.id,
        "status": told["status"],
        "missing": missing if missing in _OTHER_CHECKS | {check.name for check in card.checks} else "",
        "mistake": mistake if room.is_a_sentence(card.module, mistake) else "",
    }


# --- Pour tout le monde ---------------------------------------------------------------------------------


def _lessons() -> dict[Lesson, list[tuple[Card, Tally]]]:
    """Les exercices de chaque leçon, et où en est la salle sur chacun."""
    tallies = desk().store.tallies()
    found: dict[Lesson, list[tuple[Card, Tally]]] = {}
    for card in desk().cards.values():
        found.setdefault(card.lesson, []).append((card, tallies.get(card.id, Tally())))
    return found


def _page(name: str, **more: Any) -> str:
    known, here = desk().store.people()
    return render_template(name, known=known, here=here, opened=desk().store.opened(), **more)


@pages.get("/")
def home() -> str:
    """Où en est la salle."""
    return _page("home.html", lessons=_lessons(), address=request.host_url.rstrip("/"))


@pages.get("/bloc-notes")
def pad() -> str:
    """Les astuces et les liens de la salle."""
    return _page("pad.html", notes=desk().store.notes(), most=LONGEST_NOTE, leads=_leads())


@pages.post("/bloc-notes")
def write() -> Any:
    """Ajoute une ligne au bloc-notes."""
    text, author = _field("text", LONGEST_NOTE), _field("author", room.LONGEST_PSEUDONYM)
    if text:
        desk().store.write(" ".join(author.split()), text)
    return redirect(url_for("pages.pad"), 303)


def _field(name: str, most: int) -> str:
    text = request.form.get(name, "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Fault(
            400, "trop-long", f"Ce texte fait {count(len(text), 'caractère')}, et il en tient {most}. Raccourcissez-le."
        )
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


@pages.get("/avis")
def opinions() -> str:
    """Le vote et la feuille d'avis, sans nom."""
    return _page(
        "opinions.html",
        moods=MOODS,
        moments=MOMENTS,
        asked=ASKED,
        most=LONGEST_ANSWER,
        done=request.args.get("merci", ""),
    )


@pages.post("/avis")
def give_opinion() -> Any:
    """Retient un vote ou un avis ; un navigateur qui recommence remplace ce qu'il avait répondu."""
    browser = request.cookies.get(BROWSER_COOKIE, "")
    browser = browser if re.fullmatch(r"[\w-]{22}", browser, re.ASCII) else secrets.token_urlsafe(16)
    moment, letter = request.form.get("moment", ""), request.form.get("letter", "")
    answers = {name: _field(name, LONGEST_ANSWER) for name in ASKED}
    if moment in MOMENTS and letter in MOODS:
        desk().store.vote(browser, moment, letter)
    elif any(answers.values()):
        desk().store.review(browser, **answers)
    else:
        return redirect(url_for("pages.opinions"), 303)
    response = redirect(url_for("pages.opinions", merci=1), 303)
    response.set_cookie(BROWSER_COOKIE, browser, httponly=True, samesite="Strict", max_age=86_400)
    return response


# --- Pour la personne qui anime -------------------------------------------------------------------------


def _leads() -> bool:
    return hmac.compare_digest(request.cookies.get(TOKEN_COOKIE, "").encode("utf-8", "replace"), desk().token.encode())


@pages.before_request
def _guard() -> None:
    if request.path.startswith("/animer") and not _leads():
        raise Fault(401, message="Cette page est à la personne qui anime. Le jeton est là où la console a été lancée.")


@pages.route("/entrer", methods=["GET", "POST"])
def enter() -> Any:
    """Donne le jeton, une fois, depuis un navigateur."""
    if request.method == "GET":
        return render_template("enter.html")
    response = redirect(url_for("pages.lead"), 303)
    response.set_cookie(TOKEN_COOKIE, request.form.get("token", "").strip()[:500], httponly=True, samesite="Strict")
    return response


@pages.get("/animer")
def lead() -> str:
    """Les erreurs du moment, les solutions, les votes et les avis."""
    store = desk().store
    return _page(
        "lead.html",
        troubles=store.troubles(),
        cards=desk().cards,
        lessons=_lessons(),
        votes=store.votes(),
        sheets=store.sheets(),
        moods=MOODS,
        moments=MOMENTS,
        asked=ASKED,
    )


@pages.post("/animer/solutions")
def switch() -> Any:
    """Ouvre ou ferme la solution d'un exercice, d'une leçon, ou toutes."""
    target, cards = request.form.get("target", ""), desk().cards
    chosen = [name for name in cards if target in ("all", name, name.partition(".")[0])]
    if not chosen:
        raise Fault(400, "exercice", "Cet exercice n'existe pas ici.")
    desk().store.open(chosen, request.form.get("open") == "1")
    return redirect(url_for("pages.lead", _anchor=request.form.get("back") or None), 303)


@pages.post("/animer/bloc-notes")
def remove() -> Any:
    """Ôte une ligne du bloc-notes."""
    desk().store.remove(request.form.get("note", 0, int))
    return redirect(url_for("pages.pad"), 303)


@pages.post("/animer/effacer")
def erase() -> Any:
    """Oublie la salle."""
    if request.form.get("sure") == "1":
        desk().store.erase()
    return redirect(url_for("pages.lead"), 303)


@pages.post("/animer/sortir")
def leave() -> Any:
    """Oublie le jeton dans ce navigateur."""
    response = redirect(url_for("pages.home"), 303)
    response.delete_cookie(TOKEN_COOKIE)
    return response


@pages.errorhandler(Full)
def _full(error: Full) -> Any:
    return answer(Fault(503, "complet", str(error)))
