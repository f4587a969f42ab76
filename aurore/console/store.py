"""Ce que la console sait de la salle, dans un petit fichier SQLite : un arrêt n'en perd rien.

Des personnes, on ne garde qu'un numéro tiré au sort sur leur machine et un pseudonyme ; de leur travail, le dernier verdict
de chaque exercice. Les votes et les avis n'ont pas d'auteur : un navigateur qui répond deux fois remplace sa réponse.
"""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aurore.atelier.runner import ALMOST, SOLUTION, VALID
from aurore.settings import AuroreError
from aurore.storage import explain_os_error

PRESENT = 300.0  # secondes : au-delà, une personne dont on n'a plus de nouvelles ne compte plus comme présente
MOST_PEOPLE, MOST_NOTES = 500, 500

_TABLES = """
CREATE TABLE IF NOT EXISTS people (person TEXT PRIMARY KEY, pseudonym TEXT NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS work (
    person TEXT NOT NULL, exercise TEXT NOT NULL, status TEXT NOT NULL, missing TEXT NOT NULL, mistake TEXT NOT NULL,
    since REAL NOT NULL, passed INTEGER NOT NULL, PRIMARY KEY (person, exercise)
);
CREATE TABLE IF NOT EXISTS opened (exercise TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS pad (id INTEGER PRIMARY KEY, at REAL NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS votes (browser TEXT, moment TEXT, letter TEXT NOT NULL, PRIMARY KEY (browser, moment));
CREATE TABLE IF NOT EXISTS sheets (browser TEXT PRIMARY KEY, utile TEXT NOT NULL, blocage TEXT NOT NULL, conseil TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_EVERYTHING = ("people", "work", "opened", "pad", "votes", "sheets")


class Full(AuroreError):
    """La salle, ou son bloc-notes, a atteint sa limite."""


@dataclass(frozen=True)
class Trouble:
    """Une erreur que la salle fait en ce moment : où, laquelle, qui, et depuis quand (secondes depuis 1970)."""

    exercise: str
    missing: str
    mistake: str
    people: tuple[str, ...]
    since: float


@dataclass(frozen=True)
class Tally:
    """Où en est la salle sur un exercice : combien de personnes l'ont validé, y butent, ou en ont pris la solution."""

    passed: int = 0
    almost: int = 0
    solution: int = 0


@dataclass(frozen=True)
class Note:
    """Une ligne du bloc-notes."""

    id: int
    at: float
    author: str
    text: str


class Store:
    """Le fichier de la console. `now` donne l'heure, en secondes. Une seule connexion, à tour de rôle."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self.path, self.now, self._lock = path, now, threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._link = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._link.execute("PRAGMA journal_mode=WAL")
            self._link.execute(
                "PRAGMA synchronous=NORMAL"
            )  # un arrêt brutal de la machine peut coûter la dernière seconde
            self._link.executescript(_TABLES)
        except OSError as error:
            raise explain_os_error(error) from None
        except sqlite3.Error as error:
            raise AuroreError(
                f"Le fichier de la console, {path}, ne s'ouvre pas ({error}). Déplacez-le, ou donnez-en un autre avec --file."
            ) from None

    def close(self) -> None:
        """Ferme le fichier."""
        with self._lock:
            self._link.close()

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        """Une transaction : tout, ou rien."""
        with self._lock:
            self._link.execute("BEGIN IMMEDIATE")
            try:
                yield self._link
            except BaseException:
                self._link.execute("ROLLBACK")
                raise
            self._link.execute("COMMIT")

    def _all(self, query: str, *values: object) -> list[tuple]:
        with self._lock:
            return self._link.execute(query, values).fetchall()

    # --- Le travail de la salle

    def hear(self, person: str, pseudonym: str, news: dict[str, str] | None = None) -> None:
        """Retient qu'une personne est là et, si `news` est donné, le verdict d'un exercice.

        `news` : `exercise`, `status`, `missing`, `mistake`. Lève `Full` au-delà de `MOST_PEOPLE` personnes.
        """
        now = self.now()
        with self._turn() as link:
            known = link.execute("SELECT 1 FROM people WHERE person = ?", (person,)).fetchone()
            if not known and link.execute("SELECT count(*) FROM people").fetchone()[0] >= MOST_PEOPLE:
                raise Full(f"La console tient {MOST_PEOPLE} personnes, et elles y sont.")
            link.execute("INSERT OR REPLACE INTO people VALUES (?, ?, ?)", (person, pseudonym, now))
            if news:
                self._note(link, person, news, now)

    def _note(self, link: sqlite3.Connection, person: str, news: dict[str, str], now: float) -> None:
        told = (news["status"], news["missing"], news["mistake"])
        before = link.execute(
            "SELECT status, missing, mistake, since, passed FROM work WHERE person = ? AND exercise = ?",
            (person, news["exercise"]),
        ).fetchone()
        since = before[3] if before and before[:3] == told else now
        passed = int(news["status"] == VALID or bool(before and before[4]))
        link.execute(
            "INSERT OR REPLACE INTO work VALUES (?, ?, ?, ?, ?, ?, ?)", (person, news["exercise"], *told, since, passed)
        )

    def people(self) -> tuple[int, int]:
        """Combien de personnes la console connaît, et combien sont là."""
        ((known, here),) = self._all("SELECT count(*), coalesce(sum(seen >= ?), 0) FROM people", self.now() - PRESENT)
        return known, here

    def troubles(self) -> list[Trouble]:
        """Les erreurs du moment, la plus partagée d'abord, puis la plus ancienne."""
        rows = self._all(
            "SELECT exercise, missing, mistake, pseudonym, since FROM work JOIN people USING (person) WHERE status = ? ORDER BY since",
            ALMOST,
        )
        found: dict[tuple[str, str, str], list[tuple[str, float]]] = {}
        for *what, pseudonym, since in rows:
            found.setdefault(tuple(what), []).append((pseudonym, since))  # type: ignore[arg-type]
        troubles = [Trouble(*what, tuple(name for name, _ in who), who[0][1]) for what, who in found.items()]
        return sorted(troubles, key=lambda trouble: (-len(trouble.people), trouble.since))

    def tallies(self) -> dict[str, Tally]:
        """Où en est la salle, exercice par exercice ; ceux que personne n'a tentés n'y sont pas."""
        rows = self._all(
            "SELECT exercise, sum(passed), sum(status = ?), sum(status = ? AND NOT passed) FROM work GROUP BY exercise",
            ALMOST,
            SOLUTION,
        )
        return {exercise: Tally(*counts) for exercise, *counts in rows}

    # --- Les solutions

    def opened(self) -> set[str]:
        """Les exercices dont la solution est ouverte."""
        return {exercise for (exercise,) in self._all("SELECT exercise FROM opened")}

    def open(self, exercises: Iterable[str], on: bool) -> None:
        """Ouvre ou ferme des solutions."""
        query = "INSERT OR IGNORE INTO opened VALUES (?)" if on else "DELETE FROM opened WHERE exercise = ?"
        with self._turn() as link:
            link.executemany(query, [(exercise,) for exercise in exercises])

    # --- Le bloc-notes, les votes, les avis

    def notes(self) -> list[Note]:
        """Le bloc-notes, la dernière ligne d'abord."""
        return [Note(*row) for row in self._all("SELECT id, at, author, text FROM pad ORDER BY id DESC")]

    def write(self, author: str, text: str) -> None:
        """Ajoute une ligne au bloc-notes. Lève `Full` s'il est plein."""
        with self._turn() as link:
            if link.execute("SELECT count(*) FROM pad").fetchone()[0] >= MOST_NOTES:
                raise Full(
                    f"Le bloc-notes tient {MOST_NOTES} lignes, et elles y sont. La personne qui anime peut en ôter."
                )
            link.execute("INSERT INTO pad (at, author, text) VALUES (?, ?, ?)", (self.now(), author, text))

    def remove(self, note: int) -> None:
        """Ôte une ligne du bloc-notes."""
        with self._turn() as link:
            link.execute("DELETE FROM pad WHERE id = ?", (note,))

    def vote(self, browser: str, moment: str, letter: str) -> None:
        """Retient le vote d'un navigateur."""
        with self._turn() as link:
            link.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", (browser, moment, letter))

    def votes(self) -> dict[tuple[str, str], int]:
        """Le compte des votes, par moment et par lettre."""
        rows = self._all("SELECT moment, letter, count(*) FROM votes GROUP BY moment, letter")
        return {(moment, letter): number for moment, letter, number in rows}

    def review(self, browser: str, utile: str, blocage: str, conseil: str) -> None:
        """Retient l'avis d'un navigateur."""
        with self._turn() as link:
            link.execute("INSERT OR REPLACE INTO sheets VALUES (?, ?, ?, ?)", (browser, utile, blocage, conseil))

    def sheets(self) -> list[dict[str, str]]:
        """Les avis, dans un ordre qui ne dit pas celui des réponses."""
        rows = self._all("SELECT utile, blocage, conseil FROM sheets ORDER BY browser")
        return [dict(zip(("utile", "blocage", "conseil"), row, strict=True)) for row in rows]

    # --- La console elle-même

    def token(self, chosen: str = "") -> str:
        """Le jeton de la personne qui anime : `chosen`, sinon celui d'avant, sinon un neuf. Il survit à un arrêt."""
        with self._turn() as link:
            kept = link.execute("SELECT value FROM settings WHERE name = 'token'").fetchone()
            token = chosen or (kept[0] if kept else secrets.token_urlsafe(18))
            link.execute("INSERT OR REPLACE INTO settings VALUES ('token', ?)", (token,))
        return token

    def erase(self) -> None:
        """Oublie la salle, jeton excepté ; le fichier n'en garde rien."""
        with self._turn() as link:
            for table in _EVERYTHING:
                link.execute(f"DELETE FROM {table}")
        with self._lock:
            self._link.execute("VACUUM")
            self._link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
