"""Leçon 11, une mémoire dans une base de données : SQLite, PostgreSQL, MySQL ou MariaDB, par la même adresse.

SQLAlchemy parle à chacune. Les valeurs passent toujours à part de la requête, jamais dans son texte : une apostrophe, ou une
requête tapée par quelqu'un, n'est que du texte. L'ordre est celui des rangs, qui ne font jamais d'ex aequo.
"""

import errno
import functools
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    exc,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.mysql import LONGTEXT
from sqlalchemy.engine import URL, make_url

from aurore.memories import NAME_LENGTH, Memory, Message, check_preference, check_session, missing, person_of
from aurore.settings import AuroreError
from aurore.storage import explain_os_error

# Comparaison octet par octet : pour d'autres, « Ana » et « ana » seraient la même personne.
_NAME = (
    String(NAME_LENGTH)
    .with_variant(String(NAME_LENGTH, collation="C"), "postgresql")
    .with_variant(String(NAME_LENGTH, collation="utf8mb4_bin"), "mysql", "mariadb")
)
_TEXT = Text().with_variant(LONGTEXT(collation="utf8mb4_bin"), "mysql", "mariadb")
_RANK = BigInteger().with_variant(Integer, "sqlite")  # SQLite ne numérote tout seul qu'un « INTEGER »

TABLES = MetaData()
MESSAGES = Table(
    "messages",
    TABLES,
    Column("id", _RANK, primary_key=True, autoincrement=True),
    Column("session", _NAME, nullable=False),
    Column("role", String(20), nullable=False),
    Column("content", _TEXT, nullable=False),
    Column("created_at", Double, nullable=False),
    Index("messages_by_session", "session", "id"),
    Index("messages_by_date", "created_at"),
    sqlite_autoincrement=True,  # un rang effacé n'est jamais redonné
    mysql_charset="utf8mb4",
)
PREFERENCES = Table(
    "preferences",
    TABLES,
    Column("person", _NAME, primary_key=True),
    Column("name", _NAME, primary_key=True),
    Column("value", _TEXT, nullable=False),
    mysql_charset="utf8mb4",
)


# --- Les deux requêtes que la leçon fait écrire ---------------------------------------------------------


def insert_message(connection: Connection, session: str, role: str, content: str, created_at: float) -> None:
    """Écrit un message. Les valeurs vont à côté de la requête : la base ne les lit jamais comme du SQL."""
    connection.execute(
        text(
            "INSERT INTO messages (session, role, content, created_at) VALUES (:session, :role, :content, :created_at)"
        ),
        {"session": session, "role": role, "content": content, "created_at": created_at},
    )


def newest(connection: Connection, session: str, n: int) -> list[tuple[int, str, str, float]]:
    """Les `n` derniers messages d'une séance, (id, role, content, created_at), du plus ancien au plus récent.

    L'ordre est celui de `id` : deux messages de la même seconde peuvent avoir la même date, jamais le même rang.
    """
    rows = connection.execute(
        text("SELECT id, role, content, created_at FROM messages WHERE session = :session ORDER BY id DESC LIMIT :n"),
        {"session": session, "n": n},
    )
    return [tuple(row) for row in rows][::-1]


# --- La mémoire -----------------------------------------------------------------------------------------

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}
_LAST_ID = {
    "sqlite": "SELECT last_insert_rowid()",
    "postgresql": "SELECT lastval()",
    "mysql": "SELECT LAST_INSERT_ID()",
}
OPENINGS = 8  # essais, quand plusieurs processus ouvrent ensemble une base neuve
_WAIT = 30_000  # millisecondes : un autre processus finit d'écrire


class SqlMemory(Memory):
    """Une mémoire dans la base que nomme `url`. Une base neuve reçoit ses tables ; un fichier SQLite, ses droits : à vous seul.

    Chaque écriture est une transaction : faite ou pas, jamais à moitié, et faite quand l'appel rend la main. Lève
    `AuroreError` si la base ne répond pas, ou si elle contient déjà d'autres tables du même nom.
    """

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.place = self.url.render_as_string(hide_password=True)
        self.engine = _engine(self.url)
        self._prepare()

    @property
    def kind(self) -> str:
        """La base : « sqlite », « postgresql » ou « mysql »."""
        return self.engine.dialect.name

    def _prepare(self) -> None:
        with _explained(self.place):
            for _ in range(OPENINGS):
                with suppress(exc.OperationalError, exc.ProgrammingError, exc.IntegrityError):
                    TABLES.create_all(self.engine, tables=self._tables())
                    break  # sinon, un autre processus les créait en même temps
            else:
                TABLES.create_all(self.engine, tables=self._tables())
        try:
            with self.engine.connect() as connection:
                for table in self._tables():
                    connection.execute(select(table).limit(0))
        except exc.SQLAlchemyError:
            self.close()
            raise AuroreError(
                f"La base {self.place} contient déjà des tables qui ne sont pas celles de l'atelier. Donnez-en une autre."
            ) from None

    def _tables(self) -> list[Table]:
        return [MESSAGES, PREFERENCES]

    def add(self, session: str, role: str, content: str) -> Message:
        check_session(session)
        message = Message(role, content, self.now())
        with self._begin() as connection:
            insert_message(connection, session, role, _stored(content), message.created_at)
            id = connection.execute(text(_LAST_ID[self.kind])).scalar_one()
            self._wrote(connection, id, content)
        return Message(role, content, message.created_at, id)

    def messages(self, session: str) -> list[Message]:
        check_session(session)
        chosen = select(MESSAGES).where(MESSAGES.c.session == session).order_by(MESSAGES.c.id)
        with self._begin() as connection:
            rows = connection.execute(chosen).all()
        return [Message(row.role, read_content(row.content), row.created_at, row.id) for row in rows]

    def recent(self, session: str, n: int) -> list[Message]:
        check_session(session)
        if n < 1:
            return []
        with self._begin() as connection:
            rows = newest(connection, session, n)
        return [Message(role, read_content(content), created_at, id) for id, role, content, created_at in rows]

    def edit(self, session: str, id: int, content: str) -> None:
        check_session(session)
        Message("user", content)  # les mêmes refus qu'à l'ajout
        chosen = (MESSAGES.c.id == id) & (MESSAGES.c.session == session)
        with self._begin() as connection:
            done = connection.execute(MESSAGES.update().where(chosen).values(content=_stored(content)))
            if not done.rowcount:
                raise missing(session, id)
            self._wrote(connection, id, content)
        self._scrub()

    def delete(self, session: str, id: int) -> None:
        check_session(session)
        with self._begin() as connection:
            done = connection.execute(MESSAGES.delete().where(MESSAGES.c.id == id, MESSAGES.c.session == session))
            if not done.rowcount:
                raise missing(session, id)
        self._scrub()

    def sessions(self, person: str = "") -> list[str]:
        chosen = select(MESSAGES.c.session).distinct()
        if person:
            chosen = chosen.where(covered(check_session(person)))
        with self._begin() as connection:
            return sorted(connection.execute(chosen).scalars())

    def prefer(self, person: str, key: str, value: str) -> None:
        check_preference(key, value)
        name = person_of(check_session(person))
        chosen = (PREFERENCES.c.person == name) & (PREFERENCES.c.name == key)
        with self._begin() as connection:
            connection.execute(PREFERENCES.delete().where(chosen))
            if value:
                connection.execute(PREFERENCES.insert().values(person=name, name=key, value=value))
        self._scrub()

    def preferences(self, person: str) -> dict[str, str]:
        chosen = select(PREFERENCES.c.name, PREFERENCES.c.value).where(
            PREFERENCES.c.person == person_of(check_session(person))
        )
        with self._begin() as connection:
            return dict(sorted(tuple(row) for row in connection.execute(chosen)))

    def forget(self, name: str) -> dict[str, int]:
        check_session(name)
        with self._begin() as connection:
            erased = self._count(connection, name)
            connection.execute(MESSAGES.delete().where(covered(name)))
            connection.execute(PREFERENCES.delete().where(PREFERENCES.c.person == name))
        self._scrub()
        return erased

    def forget_older(self, seconds: float) -> int:
        with self._begin() as connection:
            done = connection.execute(MESSAGES.delete().where(MESSAGES.c.created_at < self.now() - seconds))
        self._scrub()
        return done.rowcount

    def traces(self, name: str) -> dict[str, int]:
        with self._begin() as connection:
            return self._count(connection, check_session(name))

    def _count(self, connection: Connection, name: str) -> dict[str, int]:
        messages = select(func.count()).select_from(MESSAGES).where(covered(name))
        preferences = select(func.count()).select_from(PREFERENCES).where(PREFERENCES.c.person == name)
        return {
            "messages": connection.execute(messages).scalar_one(),
            "preferences": connection.execute(preferences).scalar_one(),
        }

    def _wrote(self, connection: Connection, id: int, content: str) -> None:
        """Ce qu'une mémoire plus riche écrit avec un message, dans la même transaction."""

    def _scrub(self) -> None:
        """Ôte aussi du disque ce qui vient d'être effacé, là où c'est à nous de le faire.

        SQLite écrit d'abord dans un journal, où l'ancien texte resterait : on le vide. Un serveur, lui, a ses propres délais.
        """
        if self.kind == "sqlite":
            with self._begin() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with _explained(self.place), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise AuroreError(f"L'adresse de cette base n'est pas comprise : {url}. Vérifiez-la.") from None
    name = parsed.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise AuroreError(f"Cette base n'est pas connue : {name}. Au choix : {', '.join(_DRIVERS)}.")
    parsed = parsed.set(drivername=_DRIVERS[name])
    return parsed.update_query_dict({"charset": "utf8mb4"}) if parsed.drivername.startswith("mysql") else parsed


def _engine(url: URL) -> Engine:
    on_disk = url.drivername.startswith("sqlite") and url.database not in (None, "", ":memory:")
    if on_disk:
        _create_private(Path(url.database))
    # Les paramètres d'une requête qui échoue ne se montrent pas : ce sont les messages des gens.
    if not url.drivername.startswith("sqlite"):
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(url, hide_parameters=True, module=sqlite_module())
    event.listen(engine, "connect", _configure_sqlite)
    return engine


@functools.cache
def sqlite_module() -> ModuleType:
    """Le SQLite de Python, ou pysqlite3 si le premier, compilé sans les extensions, ne peut pas charger sqlite-vec.

    Toujours le même : deux bibliothèques SQLite qui ouvrent un même fichier dans un même processus se volent leurs verrous.
    """
    if not hasattr(sqlite3.Connection, "enable_load_extension") and find_spec("pysqlite3"):
        return import_module("pysqlite3")
    return sqlite3


def _create_private(path: Path) -> None:
    """Crée le fichier de la base, lisible par sa seule propriétaire ; ses voisins, que fait SQLite, ont les mêmes droits."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise explain_os_error(error, path) from None


def _configure_sqlite(connection: Any, _: Any) -> None:
    for setting in (
        f"busy_timeout={_WAIT}",
        "journal_mode=WAL",  # lire n'attend pas qui écrit
        "synchronous=FULL",  # écrit sur le disque avant de rendre la main
        "secure_delete=ON",  # des zéros à la place de ce qu'on efface
        "foreign_keys=ON",  # le vecteur d'un message part avec lui
    ):
        connection.execute(f"PRAGMA {setting}")


def covered(name: str) -> ColumnElement[bool]:
    """La séance `name`, et celles de la personne `name` : « ana/… », entre « ana/ » et « ana0 », le signe d'après."""
    session = MESSAGES.c.session
    return or_(session == name, (session > f"{name}/") & (session < f"{name}0"))


# PostgreSQL ne garde pas le signe nul : il s'écrit avec un autre, et celui-là se double.
_ESCAPES = {"\x00": "\x1a0", "\x1a": "\x1a1"}


def _stored(content: str) -> str:
    return re.sub("[\x00\x1a]", lambda found: _ESCAPES[found[0]], content)


def read_content(content: str) -> str:
    return re.sub("\x1a([01])", lambda found: "\x00" if found[1] == "0" else "\x1a", content)


@contextmanager
def _explained(place: str) -> Iterator[None]:
    """Dit en français ce que la base a refusé, sans jamais citer ce qu'on lui donnait."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).lower()
        if "disk is full" in said or "no space left" in said:
            raise explain_os_error(OSError(errno.ENOSPC, "disque plein"), place) from None
        if "not a database" in said or "malformed" in said:
            raise AuroreError(
                f"{place} n'est pas une base SQLite, ou elle est abîmée. Rien n'y a été changé."
            ) from None
        if "readonly" in said or "unable to open" in said:
            raise AuroreError(f"{place} ne peut pas être ouverte en écriture. Vérifiez ses droits.") from None
        raise AuroreError(
            f"La base {place} ne répond pas, ou refuse ({type(error).__name__}). Vérifiez l'adresse, le nom et le mot de passe, et que le serveur tourne. Rien n'a été écrit à moitié."
        ) from None
