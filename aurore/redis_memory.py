"""Leçon 11, une mémoire qui expire : Redis.

Une séance est une liste, et le serveur l'efface de lui-même quand elle a trop attendu. Chaque écriture est un seul échange,
tout ou rien (`MULTI`). Un serveur qui doit survivre à une coupure se règle avec `appendonly yes` et `appendfsync always`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import redis

from aurore import memories
from aurore.memories import PERSON, Memory, Message, check_preference, check_session, missing, person_of
from aurore.settings import AuroreError, hide_passwords

KEEP = 24 * 3600  # secondes gardées après le dernier message
_NEXT = "aurore:next"  # le rang du prochain message


class RedisMemory(Memory):
    """Une mémoire dans le Redis que nomme `url`. « ?keep=3600 » : oublie une séance une heure après son dernier message.

    Les préférences d'une personne expirent de même, après le dernier signe d'elle. Lève `AuroreError` si le serveur ne répond pas.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        wanted = query.pop("keep", str(KEEP))
        if not wanted.isdigit() or not int(wanted):
            raise AuroreError(f"keep={wanted} : un nombre de secondes, d'au moins 1, est attendu.")
        self.keep, self.place = int(wanted), hide_passwords(url)
        with self._explained():
            self._redis: Any = redis.Redis.from_url(
                urlunsplit(parts._replace(query=urlencode(query))), decode_responses=True, socket_connect_timeout=5
            )
            self._redis.ping()

    def add(self, session: str, role: str, content: str) -> Message:
        check_session(session)
        message = Message(role, content, self.now())
        with self._explained():
            message = replace(message, id=int(self._redis.incr(_NEXT)))
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.rpush(_messages(session), _packed(message))
                self._touch(pipe, session)
                pipe.execute()
        return message

    def _touch(self, pipe: Any, session: str) -> None:
        """Repousse l'oubli de la séance, et de ce qui est à la même personne."""
        pipe.sadd(_sessions(session), session)
        for key in (_messages(session), _sessions(session), _preferences(session)):
            pipe.expire(key, self.keep)

    def messages(self, session: str) -> list[Message]:
        check_session(session)
        with self._explained():
            return [_unpacked(each) for each in self._redis.lrange(_messages(session), 0, -1)]

    def recent(self, session: str, n: int) -> list[Message]:
        check_session(session)
        with self._explained():
            return [_unpacked(each) for each in self._redis.lrange(_messages(session), -n, -1)] if n > 0 else []

    def edit(self, session: str, id: int, content: str) -> None:
        Message(PERSON, content)  # les mêmes refus qu'à l'ajout

        def change(pipe: Any) -> None:
            place, kept = self._find(pipe, session, id)
            pipe.multi()
            pipe.lset(_messages(session), place, _packed(replace(_unpacked(kept), content=content)))

        with self._explained():
            self._redis.transaction(change, _messages(check_session(session)))

    def delete(self, session: str, id: int) -> None:
        def remove(pipe: Any) -> None:
            _, kept = self._find(pipe, session, id)
            pipe.multi()
            pipe.lrem(_messages(session), 1, kept)

        with self._explained():
            self._redis.transaction(remove, _messages(check_session(session)))

    def _find(self, pipe: Any, session: str, id: int) -> tuple[int, str]:
        for place, kept in enumerate(pipe.lrange(_messages(session), 0, -1)):
            if _unpacked(kept).id == id:
                return place, kept
        raise missing(session, id)

    def sessions(self, person: str = "") -> list[str]:
        with self._explained():
            keys = [_sessions(check_session(person))] if person else self._redis.scan_iter(match=f"{_sessions('')}*")
            names = [name for key in keys for name in self._redis.smembers(key)]
            kept = [name for name in names if self._redis.exists(_messages(name))]  # les autres ont expiré
        return sorted(name for name in kept if not person or memories.covers(person, name))

    def prefer(self, person: str, key: str, value: str) -> None:
        check_session(person)
        check_preference(key, value)
        with self._explained(), self._redis.pipeline(transaction=True) as pipe:
            if value:
                pipe.hset(_preferences(person), key, value)
            else:
                pipe.hdel(_preferences(person), key)
            pipe.expire(_preferences(person), self.keep)
            pipe.execute()

    def preferences(self, person: str) -> dict[str, str]:
        with self._explained():
            return dict(sorted(self._redis.hgetall(_preferences(check_session(person))).items()))

    def forget(self, name: str) -> dict[str, int]:
        erased, names = self.traces(name), self.sessions(name)
        with self._explained(), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(*map(_messages, names), _messages(name))
            if name == person_of(name):
                pipe.delete(_sessions(name), _preferences(name))
            else:
                pipe.srem(_sessions(name), name, *names)
            pipe.execute()
        return erased

    def forget_older(self, seconds: float) -> int:
        limit, erased = self.now() - seconds, 0
        for session in self.sessions():
            for message in self.messages(session):
                if message.created_at < limit:
                    self.delete(session, message.id)
                    erased += 1
        return erased

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Dit en français ce que le serveur a refusé, sans jamais citer ce qu'on lui donnait."""
        try:
            yield
        except (redis.RedisError, ValueError, OSError) as error:
            raise AuroreError(
                f"Redis ne répond pas, ou refuse ({self.place} : {type(error).__name__}). Vérifiez l'adresse, et que le serveur tourne."
            ) from None

    def close(self) -> None:
        self._redis.close()


def _messages(session: str) -> str:
    return f"aurore:messages:{session}"


def _sessions(session: str) -> str:
    return f"aurore:sessions:{person_of(session)}"


def _preferences(session: str) -> str:
    return f"aurore:preferences:{person_of(session)}"


def _packed(message: Message) -> str:
    return json.dumps([message.id, message.role, message.content, message.created_at], ensure_ascii=False)


def _unpacked(kept: str) -> Message:
    id, role, content, created_at = json.loads(kept)
    return Message(role, content, created_at, id)
