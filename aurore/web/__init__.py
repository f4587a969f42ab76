"""La page web de l'atelier : écrire, parler, classer, en formulaires et en JSON.

`create_app` rend l'application Flask ; `serve` la fait tourner par waitress, sur cette machine seulement si l'on ne demande
rien d'autre. Les modèles se chargent à la première demande.
"""

import hmac
import ipaddress
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from aurore.settings import AuroreError
from aurore.web import faults, routes
from aurore.web.faults import Fault
from aurore.web.voices import Books, Once, Voice, known_voices, open_classifier, open_dialogue

AT_ONCE = 40  # demandes servies ou en attente, tous modèles confondus
PER_CLIENT = 4  # demandes d'une même adresse à la fois
LARGEST_BODY = 64 * 1024  # octets
SPARE_THREADS = 8  # pour les pages, pendant que les textes s'écrivent
TOKEN_COOKIE = "aurore_jeton"

_HEADERS = {
    # Rien d'ailleurs, ni script ni style dans la page : un texte qui en contiendrait reste un texte.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass
class Desk:
    """Ce que l'application partage entre ses demandes, et le compte de celles qui sont en cours."""

    voices: dict[str, Voice]
    books: Books
    dialogue: Once
    classifier: Once
    token: str = ""
    at_once: int = AT_ONCE
    per_client: int = PER_CLIENT
    _now: Counter = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Le temps d'une demande, une place ; lève `Fault` 429 si ce client en a trop, 503 si toutes sont prises."""
        self.enter(client)
        try:
            yield
        finally:
            self.leave(client)

    def enter(self, client: str) -> None:
        """Prend une place, à rendre par `leave`."""
        with self._lock:
            if self._now[client] >= self.per_client:
                raise Fault(429)
            if self._now.total() >= self.at_once:
                raise Fault(503)
            self._now[client] += 1

    def leave(self, client: str) -> None:
        """Rend la place."""
        with self._lock:
            self._now[client] -= 1
            if not self._now[client]:
                del self._now[client]

    @property
    def busy(self) -> int:
        """Combien de demandes sont en cours."""
        return self._now.total()

    def close(self) -> None:
        """Arrête les moteurs, et ferme la mémoire."""
        for voice in self.voices.values():
            if voice.service.value is not None:
                voice.service.value.close()
        if self.dialogue.value is not None:
            self.dialogue.value.backend.service.close()
            self.dialogue.value.memory.close()


def create_app(
    token: str = "",
    memory: str = "",
    voices: dict[str, Voice] | None = None,
    books: Books | None = None,
    dialogue: Callable[[], Any] | None = None,
    classifier: Callable[[], Any] | None = None,
    hosts: list[str] | None = None,
    **limits: Any,
) -> Flask:
    """L'application Flask.

    `token`, s'il est donné, est exigé de tous. `memory` est l'adresse de la mémoire du dialogue. `hosts` : les noms sous
    lesquels on la demande, tous si `None` ; sur cette machine seule, les siens suffisent, et une page d'ailleurs ne peut s'y
    faire passer pour elle. `voices`, `books`, `dialogue` et `classifier` remplacent ceux de l'atelier ; `limits` sont `at_once` et
    `per_client`. Lève `AuroreError` si le jeton ne peut pas se mettre dans un en-tête.
    """
    check_token_text(token)
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, TRUSTED_HOSTS=hosts)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["aurore"] = Desk(
        known_voices() if voices is None else voices,
        books or Books(),
        Once(dialogue or (lambda: open_dialogue(memory))),
        Once(classifier or open_classifier),
        token,
        **limits,
    )
    faults.install(app)
    app.before_request(check_origin)
    app.before_request(_check_token)
    app.after_request(protect)
    app.register_blueprint(routes.pages)
    app.register_blueprint(routes.api)
    return app


def check_token_text(token: str) -> None:
    """Lève `AuroreError` si un jeton ne peut pas se mettre dans un en-tête."""
    if not token.isascii() or not token.isprintable():
        raise AuroreError(
            "Le jeton d'accès ne peut avoir que des lettres sans accent, des chiffres et des signes simples."
        )


def check_origin() -> None:
    """Refuse ce qu'une page d'un autre site ferait envoyer par le navigateur de quelqu'un."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site") in (
        "cross-site",
        "same-site",
    ):
        raise Fault(400, "origine", "Cette demande vient d'un autre site. Ouvrez la page de l'atelier elle-même.")


def _check_token() -> None:
    desk: Desk = routes.desk()
    if not desk.token or request.endpoint in ("static", "pages.enter", "pages.health"):
        return
    header = request.headers.get("Authorization", "")
    given = header[7:].strip() if header[:7].lower() == "bearer " else request.cookies.get(TOKEN_COOKIE, "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), desk.token.encode()):
        raise Fault(401)


def protect(response: Response) -> Response:
    """Met à une réponse les en-têtes qui défendent qui la lit."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_loopback(address: str) -> bool:
    """Dit si une adresse d'écoute ne laisse entrer que cette machine."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def serve(address: str = "127.0.0.1", port: int = 8000, token: str = "", memory: str = "") -> None:
    """Sert la page par waitress, jusqu'à Ctrl-C. Lève `AuroreError` si le port est pris."""
    hosts = ["localhost", "127.0.0.1", "[::1]"] if is_loopback(address) else None
    app = create_app(token, memory, hosts=hosts)
    app.logger.setLevel(logging.INFO)  # des quantités, jamais un texte
    server = open_server(app, address, port, server_options())
    shown = "localhost" if is_loopback(address) else address
    print(f"La page est à http://{shown}:{port}/ (Ctrl-C pour l'arrêter).", flush=True)
    if not is_loopback(address):
        print(
            "Elle répond à tout le réseau." + ("" if token else " Sans jeton (--token), n'importe qui s'en sert."),
            flush=True,
        )
    try:
        server.run()
    finally:
        server.close()
        app.extensions["aurore"].close()


def open_server(app: Flask, address: str, port: int, options: dict[str, Any]) -> Any:
    """Le serveur waitress de `app`, prêt à écouter ; `options` sont ses réglages. Lève `AuroreError` si le port est pris."""
    from waitress.server import create_server

    try:
        return create_server(app, host=address, port=port, **options)
    except OSError:
        raise AuroreError(
            f"Le port {port} de {address} n'est pas libre, ou n'est pas permis. Donnez-en un autre avec --port."
        ) from None


def server_options() -> dict[str, Any]:
    """Les réglages de waitress."""
    return {
        "threads": AT_ONCE + SPARE_THREADS,
        "connection_limit": 4 * AT_ONCE,
        "channel_request_lookahead": 1,  # il remarque ainsi qu'un client s'en va pendant qu'on lui écrit
        "max_request_body_size": 16 * LARGEST_BODY,
        "ident": "aurore",
    }
