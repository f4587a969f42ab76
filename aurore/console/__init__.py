"""La console de la salle : ce que la salle a réussi, les erreurs qu'elle fait, les solutions, le bloc-notes.

`create_app` rend l'application Flask ; `serve` la fait tourner par waitress, sur cette machine seulement si l'on ne demande
rien d'autre, et jamais au-delà du réseau de la salle. Les pages de la personne qui anime demandent un jeton.
"""

import logging
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request
from jinja2 import ChoiceLoader, FileSystemLoader

from aurore import settings
from aurore.atelier import room
from aurore.atelier.cards import Card, all_cards
from aurore.console import views
from aurore.console.store import Store
from aurore.settings import AuroreError
from aurore.show import count, plural
from aurore.web import check_origin, check_token_text, faults, is_loopback, open_server, protect
from aurore.web.faults import Fault, typeset

FILE = "console.sqlite"
LARGEST_BODY = 16 * 1024  # octets
_WEB = Path(faults.__file__).parent  # la feuille de style et les pages communes
# Les noms qui n'existent que dans un réseau local : un nom public mènerait ici la page d'un autre site.
_LOCAL_NAMES = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localhost")


@dataclass
class Desk:
    """Ce que les pages partagent."""

    store: Store
    cards: dict[str, Card]
    token: str


def default_file() -> Path:
    """Le fichier de la console, si l'on n'en donne pas d'autre."""
    return settings.home() / FILE


def create_app(store: Store, token: str = "", cards: Sequence[Card] | None = None) -> Flask:
    """L'application Flask.

    `token` : celui de la personne qui anime ; sinon celui que `store` garde, ou un neuf. `cards` : les exercices suivis, tous si
    `None`. Lève `AuroreError` si le jeton ne peut pas se mettre dans un en-tête.
    """
    check_token_text(token)
    known = all_cards() if cards is None else {card.id: card for card in cards}
    app = Flask(__name__, static_folder=str(_WEB / "static"))
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(_WEB / "templates")])
    app.jinja_env.filters.update(typeset=typeset, linked=views.linked, ago=views.ago)
    app.jinja_env.globals.update(count=count, plural=plural)
    app.extensions["console"] = Desk(store, known, store.token(token))
    faults.install(app)
    app.before_request(_check_place)
    app.before_request(check_origin)
    app.after_request(protect)
    app.register_blueprint(views.pages)
    return app


def _check_place() -> None:
    """Refuse ce qui ne vient pas de la salle, et le nom public qu'une page d'ailleurs donnerait à cette machine."""
    name = request.host.rsplit(":", 1)[0].strip("[]").lower()
    local = ("." not in name and ":" not in name) or name.endswith(_LOCAL_NAMES) or room.in_the_room(name)
    if not room.in_the_room(request.remote_addr or "") or not local:
        raise Fault(400, "réseau", "Cette console ne répond qu'au réseau de la salle, sous une adresse de la salle.")


def check_address(address: str) -> None:
    """Lève `AuroreError` si une adresse d'écoute est publique."""
    everywhere = address in ("0.0.0.0", "::")
    if not everywhere and not is_loopback(address) and not room.in_the_room(address):
        raise AuroreError(
            f"--ip {address} : la console ne sort pas du réseau de la salle. Donnez une adresse privée de cette machine "
            "(192.168.…, 10.…), ou 0.0.0.0 pour toutes : elle refusera alors ce qui vient d'ailleurs."
        )


def own_address() -> str:
    """L'adresse de cette machine dans la salle, ou la chaîne vide. Rien n'est envoyé : on demande seulement la route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return found if room.in_the_room(found) and not is_loopback(found) else ""


def serve(address: str = "127.0.0.1", port: int = room.PORT, token: str = "", file: Path | None = None) -> None:
    """Sert la console par waitress, jusqu'à Ctrl-C. Lève `AuroreError` si le port est pris ou l'adresse publique."""
    check_address(address)
    store = Store(file or default_file())
    app = create_app(store, token)
    app.logger.setLevel(logging.WARNING)
    server = open_server(app, address, port, server_options())
    for line in greeting(address, port, app.extensions["console"].token, store.path):
        print(line, flush=True)
    try:
        server.run()
    finally:
        server.close()
        store.close()


def greeting(address: str, port: int, token: str, file: Path) -> list[str]:
    """Ce que la commande dit en commençant."""
    here = "localhost" if is_loopback(address) or address in ("0.0.0.0", "::") else address
    lines = [
        f"La console est à http://{here}:{port}/ (Ctrl-C pour l'arrêter).",
        f"Pour animer : http://{here}:{port}/animer, avec le jeton {token}",
        f"La salle est gardée dans {settings.short_path(file)}.",
    ]
    if is_loopback(address):
        return [
            *lines,
            "Elle ne répond qu'à cette machine. Pour la salle : --ip 0.0.0.0, ou l'adresse de cette machine.",
        ]
    given = own_address() if address in ("0.0.0.0", "::") else address
    return [*lines, f"À donner à qui veut : AURORE_CONSOLE=http://{given or 'ADRESSE'}:{port}"]


def server_options() -> dict[str, Any]:
    """Les réglages de waitress."""
    return {"threads": 8, "connection_limit": 400, "max_request_body_size": 4 * LARGEST_BODY, "ident": "aurore"}
