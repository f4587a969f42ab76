"""La console de la salle, du côté de la personne : dire où elle en est, et savoir quelles solutions sont ouvertes.

Rien ne se passe sans `AURORE_CONSOLE=http://adresse:port`. Alors partent, vers cette adresse seulement, un pseudonyme,
le nom d'un exercice, son verdict, le nom de la vérification qui manque et, si l'erreur est connue, la phrase que la
fiche lui donne. Cette phrase est écrite mot pour mot dans le fichier de la leçon : rien de ce que la personne a écrit,
ni de ce que son code a rendu, ne peut s'y trouver. L'adresse est celle du réseau de la salle : une adresse publique est
refusée.

L'envoi se fait à part, et n'attend personne. Une console muette se dit une fois ; la leçon continue comme sans elle.
"""

import ast
import builtins
import contextlib
import functools
import http.client
import ipaddress
import json
import os
import secrets
import socket
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aurore.atelier import state
from aurore.atelier.runner import LATE, Verdict
from aurore.settings import AuroreError

VARIABLE, PSEUDONYM = "AURORE_CONSOLE", "AURORE_PSEUDO"
PORT = 8600
SECONDS = 2.0  # pour joindre la console
EVERY = 5.0  # entre deux nouvelles, pour savoir quelles solutions s'ouvrent
LONGEST_ANSWER = 256 * 1024  # octets
LONGEST_PSEUDONYM = 30
FILE = "room.json"
_LOSS = "la console de la salle vous verra comme une personne de plus"
# Les réseaux d'une salle : cette machine, et les adresses qui ne sortent pas d'un réseau local.
_ROOM = [
    ipaddress.ip_network(network)
    for network in "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 ::1/128 fc00::/7 fe80::/10".split()
]
_ENDLESS, _RAISES = "Le code tourne trop longtemps, ou sans fin.", "Le code lève "
# Les plantes du Berry que George Sand mettait en herbier.
_PLANTS = "Ajonc Ancolie Aubépine Bleuet Bourrache Bruyère Chardon Colchique Fougère Genêt Giroflée Iris Jacinthe Laurier Lilas Liseron Mauve Mélisse Menthe Muguet Narcisse Ortie Pervenche Primevère Réséda Sauge Serpolet Tilleul Verveine Violette".split()


def in_the_room(address: str) -> bool:
    """Dit si une adresse IP est de cette machine ou d'un réseau local ; une adresse publique ne l'est jamais."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in _ROOM if network.version == found.version)


def locate(url: str) -> tuple[str, str, int]:
    """L'hôte, l'adresse IP et le port d'une console ; lève `AuroreError` si elle n'est pas dans la salle.

    Un nom se traduit en adresses, et toutes doivent être de la salle : c'est à l'une d'elles que l'on parle ensuite.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORT
    except ValueError:
        host, port = "", PORT
    if not host or parts.scheme != "http":
        raise AuroreError(
            f"{VARIABLE}={url} n'est pas l'adresse d'une console : http://192.168.1.10:{PORT}, par exemple."
        )
    found = [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(in_the_room, found)):
        raise AuroreError(f"{VARIABLE}={url} sort du réseau de la salle : rien n'y est envoyé.")
    return host, found[0], port


def identity() -> dict[str, str]:
    """Qui l'on est pour la salle : un numéro tiré au sort, et un pseudonyme, de `AURORE_PSEUDO` ou tiré de l'herbier."""
    drawn = {"person": secrets.token_hex(12), "pseudonym": f"{secrets.choice(_PLANTS)} {secrets.randbelow(90) + 10}"}
    with contextlib.suppress(OSError):
        state.update(FILE, _parse, _LOSS, lambda known: known or drawn)
    known = state.load(FILE, _parse, _LOSS) or drawn
    chosen = " ".join(os.environ.get(PSEUDONYM, "").split())[:LONGEST_PSEUDONYM]
    return known | ({"pseudonym": chosen} if chosen else {})


def _parse(content: dict) -> dict[str, str]:
    return {name: str(content[name]) for name in ("person", "pseudonym")} if content else {}


@functools.cache
def sentences(module: str) -> frozenset[str]:
    """Les phrases écrites, mot pour mot, dans le fichier des fiches d'une leçon."""
    spec = find_spec(f"aurore.exercises.{module}")
    if spec is None or not spec.origin:
        return frozenset()
    nodes = ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8")))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def diagnosis(identifier: str, verdict: Verdict) -> dict[str, str]:
    """Ce qui se dit d'un verdict sans rien montrer de la réponse : l'état, la vérification, l'erreur connue."""
    return {
        "exercise": identifier,
        "status": verdict.status,
        "check": verdict.check,
        "mistake": _named(identifier.partition(".")[0], verdict),
    }


def is_a_sentence(module: str, text: str) -> bool:
    """Dit si un texte est de ceux qui peuvent partir : une phrase des fiches de la leçon, ou l'une des deux d'ici."""
    raised = text.removeprefix(_RAISES).removesuffix(".")
    return text in sentences(module) or text == _ENDLESS or (text.startswith(_RAISES) and _is_an_error(raised))


def _named(module: str, verdict: Verdict) -> str:
    raised = verdict.got.partition(" : ")[0]
    if verdict.hint and verdict.hint in sentences(module):
        return verdict.hint
    if verdict.hint.startswith(LATE):
        return _ENDLESS
    return f"{_RAISES}{raised}." if _is_an_error(raised) else ""


def _is_an_error(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


class Room:
    """Le lien avec une console : un fil à part envoie les nouvelles et rapporte les solutions ouvertes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opened: frozenset[str] | None = None  # les solutions ouvertes ; `None` tant que la console ne l'a pas dit
        self._who = identity()
        self._news: dict[str, Verdict] = {}  # la dernière de chaque exercice, tant qu'elle n'est pas passée
        self._watchers: dict[str, Callable[[], None]] = {}
        self._said: list[str] = [_welcome(self._who["pseudonym"], url)]
        self._silent = False  # on l'a déjà dit
        self._lock, self._wake, self._closed = threading.Lock(), threading.Event(), False
        self._wake.set()  # la première nouvelle est d'être là
        threading.Thread(target=self._run, daemon=True, name="aurore-salle").start()

    def tell(self, identifier: str, verdict: Verdict) -> None:
        """Donne une nouvelle, sans attendre."""
        with self._lock:
            self._news[identifier] = verdict
        self._wake.set()

    def watch(self, identifier: str, changed: Callable[[], None]) -> None:
        """Fait appeler `changed` quand la solution d'un exercice s'ouvre ou se ferme."""
        with self._lock:
            self._watchers[identifier] = changed

    def notices(self) -> list[str]:
        """Ce qui reste à dire à la personne, une fois chacun."""
        with self._lock:
            said, self._said = self._said, []
        return said

    def close(self) -> None:
        """Quitte la salle."""
        self._closed = True
        self.opened = None
        self._wake.set()

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(EVERY)
            self._wake.clear()
            # Le code d'une personne peut dérégler pour un instant ce dont ce fil se sert : il recommencera.
            with contextlib.suppress(Exception):
                self._exchange()

    def _exchange(self) -> None:
        with self._lock:
            waiting = dict(self._news)
        try:
            place = locate(self.url)
            for identifier, verdict in waiting.items():
                with contextlib.suppress(_Refused):  # une console d'une autre édition, qui n'a pas cet exercice
                    _send(place, self._who | diagnosis(identifier, verdict))
                self._settle(identifier, verdict)
            self._learn(_send(place, self._who))
        except AuroreError as error:
            self._lose(str(error))
            self.close()
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            self._lose(f"La console de la salle ({self.url}) ne répond pas. La leçon continue comme sans elle.")

    def _settle(self, identifier: str, verdict: Verdict) -> None:
        with self._lock:
            if self._news.get(identifier) is verdict:  # une plus récente attend son tour
                del self._news[identifier]

    def _lose(self, sentence: str) -> None:
        with self._lock:
            if not self._silent:
                self._silent = True
                self._said.append(sentence)
        self._learn(None)

    def _learn(self, opened: frozenset[str] | None) -> None:
        before, self.opened = self.opened, opened
        if before == opened:
            return
        with self._lock:
            watchers = dict(self._watchers)
        for identifier, changed in watchers.items():
            if _closed(before, identifier) != _closed(opened, identifier):
                with contextlib.suppress(Exception):  # une fiche d'un carnet fermé
                    changed()


class _Refused(ValueError):
    """La console a compris, et ne veut pas de cette nouvelle."""


def _welcome(pseudonym: str, url: str) -> str:
    return (
        f"Vous êtes « {pseudonym} » sur la console de la salle ({url}). Elle reçoit ce pseudonyme, le verdict de chaque exercice et le "
        "nom de ce qui y manque ; jamais votre code."
    )


def _send(place: tuple[str, str, int], news: dict[str, str]) -> frozenset[str]:
    """Une nouvelle ; rend les exercices dont la solution est ouverte. Ni mandataire ni redirection : l'adresse vérifiée."""
    host, address, port = place
    link = http.client.HTTPConnection(address, port, timeout=SECONDS)
    try:
        headers = {"Host": f"[{host}]:{port}" if ":" in host else f"{host}:{port}", "Content-Type": "application/json"}
        link.request("POST", "/api/room", json.dumps(news), headers)
        answer = link.getresponse()
        content: Any = json.loads(answer.read(LONGEST_ANSWER))
    finally:
        link.close()
    if answer.status == 400:
        raise _Refused(content)
    if answer.status != 200:
        raise ValueError(answer.status)
    return frozenset(map(str, content["open"]))


def _closed(opened: frozenset[str] | None, identifier: str) -> bool | None:
    return None if opened is None else identifier not in opened


# --- La salle où l'on est -------------------------------------------------------------------------------


class _Here:
    """La salle du moment : un objet, parce qu'un essai remet à leur place les noms des modules."""

    room: Room | None = None


_here = _Here()


def current() -> Room | None:
    """La salle que nomme `AURORE_CONSOLE` en ce moment, ou `None`."""
    url = os.environ.get(VARIABLE, "").strip()
    if _here.room is not None and _here.room.url != url:
        _here.room.close()
        _here.room = None
    if url and _here.room is None:
        with contextlib.suppress(AuroreError, OSError):
            _here.room = Room(url)
    return _here.room


def tell(identifier: str, verdict: Verdict) -> None:
    """Dit un verdict à la console de la salle, s'il y en a une ; n'attend pas et ne lève rien."""
    with contextlib.suppress(Exception):
        if room := current():
            room.tell(identifier, verdict)


def is_closed(identifier: str) -> bool | None:
    """Dit si la salle garde fermée la solution d'un exercice ; `None` si aucune console n'en décide."""
    room = current()
    return None if room is None else _closed(room.opened, identifier)


def watch(identifier: str, changed: Callable[[], None]) -> None:
    """Fait appeler `changed` quand la console ouvre ou ferme la solution d'un exercice."""
    if room := current():
        room.watch(identifier, changed)


def say() -> None:
    """Écrit dans la cellule ce qui reste à dire de la salle."""
    if _here.room is not None:
        for sentence in _here.room.notices():
            print(sentence)
