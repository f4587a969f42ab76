"""Leçon 11, les mémoires : une seule façon de s'en servir, que l'on garde tout, rien, ou le temps d'une heure.

`Memory` dit ce que sait faire toute mémoire. Ici, les deux plus simples : aucune, et une liste. `open_memory` rend celle que
nomme une adresse ; les bases de données sont dans `aurore.sql_memory`, Redis dans `aurore.redis_memory`, les vecteurs dans
`aurore.vectors`.

Une **séance** est une conversation. Son nom dit à qui elle est : « ana » et « ana/lundi » sont deux séances d'une même
personne, « ana ». Oublier ou exporter « ana » vaut pour les deux.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aurore import settings
from aurore.settings import AuroreError

ROLES = SYSTEM, PERSON, ASSISTANT = "system", "user", "assistant"  # les noms que prennent les services de dialogue
NAME_LENGTH = 200  # caractères d'un nom de séance, d'une préférence : de quoi les mettre dans un index
CONTENT_LENGTH = 10_000_000  # caractères d'un message : au-delà, ce n'en est plus un
SCHEMES = "none://, memory://, sqlite:///fichier, postgresql://…, mysql://…, mariadb://…, redis://…"

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True)
class Message:
    """Un message : qui parle (`role`, un de `ROLES`), et ce qui est dit.

    `created_at` : secondes depuis le 1er janvier 1970, en temps universel. `id` : son rang dans la mémoire qui le garde.
    """

    role: str
    content: str
    created_at: float = 0.0
    id: int = 0

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise AuroreError(f"Le rôle « {self.role} » n'existe pas. Rôles connus : {', '.join(ROLES)}.")
        check_text(self.content, CONTENT_LENGTH, "Un message")

    @property
    def date(self) -> str:
        """Sa date, en temps universel, à la seconde : « 2026-03-01T18:04:05+00:00 »."""
        return datetime.fromtimestamp(self.created_at, UTC).isoformat(timespec="seconds")


def check_text(text: str, longest: int, what: str) -> None:
    """Lève `AuroreError` si `text` n'est pas un texte d'au plus `longest` caractères qui s'écrit en UTF-8."""
    if not isinstance(text, str):
        raise AuroreError(f"{what} doit être un texte, et non {type(text).__name__}.")
    if len(text) > longest:
        raise AuroreError(f"{what} a {len(text)} caractères, et {longest} au plus sont permis. Coupez-le.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise AuroreError(f"{what} contient des signes qui ne s'écrivent pas en UTF-8. Retapez-le.") from None


def check_name(name: str, what: str = "Un nom de séance") -> str:
    """Rend `name` s'il peut nommer une séance, une personne ou une préférence ; lève `AuroreError` sinon.

    Les blancs des bords sont refusés : certaines bases les ignorent, et deux noms n'en feraient plus qu'un.
    """
    check_text(name, NAME_LENGTH, what)
    if not name or name != name.strip() or _FORBIDDEN.search(name):
        raise AuroreError(f"{what} a au moins une lettre, tient sur une ligne, et n'a pas de blanc au bord.")
    return name


def check_session(session: str) -> str:
    """Rend `session` si son nom est permis, personne comprise ; lève `AuroreError` sinon."""
    for part in check_name(session).split("/", 1):
        check_name(part)
    return session


def person_of(session: str) -> str:
    """La personne à qui est une séance : ce qui précède la première barre."""
    return session.split("/", 1)[0]


def covers(name: str, session: str) -> bool:
    """Dit si `name` désigne cette séance, ou la personne à qui elle est."""
    return session == name or session.startswith(name + "/")


def check_preference(key: str, value: str) -> None:
    """Lève `AuroreError` si une préférence n'est pas un nom et un texte d'une ligne."""
    check_name(key, "Le nom d'une préférence")
    if value:
        check_name(value, "Une préférence")


class Memory:
    """Ce que sait faire toute mémoire. Les sessions ne se mêlent jamais ; les messages se rendent du plus ancien au plus récent.

    `now` donne l'heure, en secondes : un essai peut la lui dire.
    """

    now: Callable[[], float] = staticmethod(time.time)
    has_vectors = False

    def add(self, session: str, role: str, content: str) -> Message:
        """Garde un message et le rend, avec sa date et son rang. Quand cet appel rend la main, le message est gardé."""
        raise NotImplementedError

    def messages(self, session: str) -> list[Message]:
        """Tous les messages d'une séance."""
        raise NotImplementedError

    def recent(self, session: str, n: int) -> list[Message]:
        """Les `n` derniers messages d'une séance, du plus ancien au plus récent."""
        raise NotImplementedError

    def related(self, session: str, text: str, k: int) -> list[Message]:
        """Les `k` messages d'une séance les plus proches de `text`, du plus proche au plus lointain. Lève `AuroreError` si
        cette mémoire ne garde pas de vecteurs (`has_vectors`).
        """
        raise AuroreError("Cette mémoire ne garde pas de vecteurs. Ouvrez-la avec open_memory(url, embed=…).")

    def edit(self, session: str, id: int, content: str) -> None:
        """Remplace le texte d'un message. Lève `AuroreError` si cette séance n'a pas ce message."""
        raise NotImplementedError

    def delete(self, session: str, id: int) -> None:
        """Efface un message. Lève `AuroreError` si cette séance n'a pas ce message."""
        raise NotImplementedError

    def sessions(self, person: str = "") -> list[str]:
        """Les noms des séances gardées, dans l'ordre de l'alphabet ; celles d'une seule personne si on la nomme."""
        raise NotImplementedError

    def prefer(self, person: str, key: str, value: str) -> None:
        """Garde une préférence d'une personne ; un texte vide l'efface."""
        raise NotImplementedError

    def preferences(self, person: str) -> dict[str, str]:
        """Les préférences d'une personne, par nom."""
        raise NotImplementedError

    def forget(self, name: str) -> dict[str, int]:
        """Efface une séance, ou tout ce qui est gardé d'une personne. Rend ce qui a été effacé, compté par sorte."""
        raise NotImplementedError

    def forget_older(self, seconds: float) -> int:
        """Efface les messages plus vieux que `seconds` ; rend leur nombre."""
        raise NotImplementedError

    def traces(self, name: str) -> dict[str, int]:
        """Ce qui reste d'une séance ou d'une personne, compté par sorte : des zéros, après `forget`."""
        exported = self.export(name)
        return {
            "messages": sum(map(len, exported["sessions"].values())),
            "preferences": len(exported["preferences"]),
        }

    def export(self, name: str) -> dict[str, Any]:
        """Tout ce qui est gardé d'une séance ou d'une personne, prêt pour `json.dumps` (RGPD, articles 15 et 20)."""
        check_session(name)
        kept = [session for session in self.sessions(person_of(name)) if covers(name, session)]
        return {
            "name": name,
            "exported_at": Message(SYSTEM, "", self.now()).date,
            "preferences": self.preferences(name) if name == person_of(name) else {},
            "sessions": {
                session: [
                    {"id": each.id, "role": each.role, "content": each.content, "date": each.date}
                    for each in self.messages(session)
                ]
                for session in kept
            },
        }

    def close(self) -> None:
        """Rend ce que la mémoire tient : fichier, connexions."""

    def __enter__(self) -> "Memory":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def missing(session: str, id: int) -> AuroreError:
    """L'erreur d'un message qui n'est pas, ou plus, dans sa séance."""
    return AuroreError(f"La séance « {session} » n'a pas de message {id} : il est peut-être déjà effacé.")


class NoMemory(Memory):
    """Aucune mémoire : chaque question est la première."""

    def add(self, session: str, role: str, content: str) -> Message:
        check_session(session)
        return Message(role, content, self.now())

    def messages(self, session: str) -> list[Message]:
        check_session(session)
        return []

    def recent(self, session: str, n: int) -> list[Message]:
        return self.messages(session)

    def edit(self, session: str, id: int, content: str) -> None:
        raise missing(check_session(session), id)

    def delete(self, session: str, id: int) -> None:
        raise missing(check_session(session), id)

    def sessions(self, person: str = "") -> list[str]:
        return []

    def prefer(self, person: str, key: str, value: str) -> None:
        check_session(person)
        check_preference(key, value)

    def preferences(self, person: str) -> dict[str, str]:
        return {}

    def forget(self, name: str) -> dict[str, int]:
        check_session(name)
        return {"messages": 0, "preferences": 0}

    def forget_older(self, seconds: float) -> int:
        return 0


class ListMemory(Memory):
    """Une liste par séance, dans le processus : rapide, et perdue avec lui."""

    def __init__(self) -> None:
        self._sessions: dict[str, list[Message]] = {}
        self._preferences: dict[str, dict[str, str]] = {}
        self._ids = count(1)
        self._lock = threading.RLock()  # un serveur répond à plusieurs personnes à la fois

    def add(self, session: str, role: str, content: str) -> Message:
        check_session(session)
        with self._lock:
            message = Message(role, content, self.now(), next(self._ids))
            self._sessions.setdefault(session, []).append(message)
        return message

    def messages(self, session: str) -> list[Message]:
        check_session(session)
        with self._lock:
            return list(self._sessions.get(session, []))

    def recent(self, session: str, n: int) -> list[Message]:
        return self.messages(session)[-n:] if n > 0 else []

    def edit(self, session: str, id: int, content: str) -> None:
        with self._lock:
            kept, place = self._find(session, id)
            kept[place] = replace(kept[place], content=content)

    def delete(self, session: str, id: int) -> None:
        with self._lock:
            kept, place = self._find(session, id)
            del kept[place]
            if not kept:
                del self._sessions[session]

    def _find(self, session: str, id: int) -> tuple[list[Message], int]:
        kept = self._sessions.get(check_session(session), [])
        for place, message in enumerate(kept):
            if message.id == id:
                return kept, place
        raise missing(session, id)

    def sessions(self, person: str = "") -> list[str]:
        with self._lock:
            return sorted(session for session in self._sessions if not person or covers(person, session))

    def prefer(self, person: str, key: str, value: str) -> None:
        check_session(person)
        check_preference(key, value)
        with self._lock:
            kept = self._preferences.setdefault(person_of(person), {})
            if value:
                kept[key] = value
            else:
                kept.pop(key, None)

    def preferences(self, person: str) -> dict[str, str]:
        with self._lock:
            return dict(sorted(self._preferences.get(person_of(person), {}).items()))

    def forget(self, name: str) -> dict[str, int]:
        check_session(name)
        with self._lock:
            erased = self.traces(name)
            for session in self.sessions(name):
                del self._sessions[session]
            if name == person_of(name):
                self._preferences.pop(name, None)
        return erased

    def forget_older(self, seconds: float) -> int:
        limit, erased = self.now() - seconds, 0
        with self._lock:
            for session, kept in list(self._sessions.items()):
                young = [message for message in kept if message.created_at >= limit]
                erased += len(kept) - len(young)
                self._sessions[session] = young
                if not young:
                    del self._sessions[session]
        return erased


def default_url() -> str:
    """L'adresse de la mémoire : `AURORE_MEMORY`, sinon un fichier SQLite dans le dossier de travail."""
    return settings.memory_url() or f"sqlite:///{settings.home() / 'dialogue.sqlite'}"


def open_memory(url: str = "", embed: Any = None) -> Memory:
    """La mémoire que nomme une adresse ; sans adresse, celle de `default_url`.

    `embed`, s'il est donné, change des textes en vecteurs (`aurore.vectors.Embedder`) : une base SQL garde alors celui
    de chaque message. « redis://…?keep=3600 » oublie une séance une heure après son dernier message. Lève `AuroreError` si l'adresse
    n'est pas comprise, ou si personne n'y répond.
    """
    url = url or default_url()
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme in ("none", "memory") and "://" in url:
        if scheme == "memory" and embed is not None:
            from aurore.vectors import VectorList

            return VectorList(embed)
        return NoMemory() if scheme == "none" else ListMemory()
    if scheme in ("sqlite", "postgresql", "postgres", "mysql", "mariadb"):
        from aurore import sql_memory, vectors

        return sql_memory.SqlMemory(url) if embed is None else vectors.VectorMemory(url, embed)
    if scheme in ("redis", "rediss"):
        from aurore.redis_memory import RedisMemory

        return RedisMemory(url)
    raise AuroreError(f"Cette adresse de mémoire n'est pas comprise : {url}. Formes connues : {SCHEMES}.")
