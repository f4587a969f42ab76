"""Leçon 13, le service : plusieurs textes s'écrivent ensemble, à mesure que les demandes arrivent.

Un pas du moteur lit le dernier token de chaque texte en cours, et en choisit un de plus pour chacun. Huit textes coûtent à
peine plus qu'un : c'est la lecture des poids qui prend le temps. Une demande qui arrive prend une rangée libre entre deux
pas, sans attendre que les autres finissent ; une qui finit, ou que l'on quitte, la rend aussitôt (« continuous batching »,
Yu et al. 2022, Orca). La file est bornée : au-delà, on refuse, plutôt que de faire attendre sans fin.
"""

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from aurore import generation
from aurore.engine import CHUNK, Engine, Reader
from aurore.generation import Settings
from aurore.settings import SEED, AuroreError

LENGTH, END, TIME, LEFT = "longueur", "fin", "temps", "interrompu"  # pourquoi un texte s'est arrêté
WAITING = 32  # demandes en attente : à huit textes de front, quelques secondes
BYTES = 4  # d'un caractère, au plus : autant de tokens peuvent attendre leur suite
SECONDS = 60.0  # durée d'une demande, attente comprise


class Busy(AuroreError):
    """La file est pleine, ou le service s'arrête."""


# --- Choisir vite ---------------------------------------------------------------------------------------


def candidates(notes: NDArray, settings: Settings, ids: list[int]) -> tuple[NDArray, NDArray]:
    """Les tokens que les règles de la leçon 08 laissent, du plus probable au moins probable, et leurs chances.

    `notes` (V,), sachant le texte `ids`. Les mêmes chances que `Settings.adjust`, sans ranger tout le vocabulaire : les
    tokens de plus d'une chance sur dix mille suffisent presque toujours à faire `top_p`.
    """
    if settings.repetition_penalty != 1 or settings.no_repeat_ngram_size:
        always = replace(settings, do_sample=False)
        notes = always.adjust(torch.from_numpy(notes.copy()), torch.tensor(ids)).numpy()
    if not settings.do_sample:
        return np.array([notes.argmax()]), np.ones(1)
    if 0 < settings.top_k < len(notes):
        notes = np.where(notes < np.partition(notes, -settings.top_k)[-settings.top_k], -np.inf, notes)
    chances = np.exp((notes - notes.max()) / settings.temperature)
    chances /= chances.sum()
    for floor in (1e-4, 1e-6, 0.0):
        likely = np.flatnonzero(chances > floor)
        if chances[likely].sum() >= settings.top_p:
            break
    likely = likely[np.argsort(-chances[likely], kind="stable")]
    sums = chances[likely].cumsum(dtype=np.float64)
    likely = likely[: int(np.searchsorted(sums, settings.top_p)) + 1]  # le token qui fait atteindre la somme reste
    return likely, chances[likely] / sums[len(likely) - 1]


def choose(notes: NDArray, settings: Settings, ids: list[int], draw: np.random.Generator) -> int:
    """Le token suivant : le seul que laissent les règles, ou tiré au sort parmi eux."""
    likely, chances = candidates(notes, settings, ids)
    place = int(np.searchsorted(chances.cumsum(dtype=np.float64), draw.random(), side="right"))
    return int(likely[min(place, len(likely) - 1)])


# --- Une demande ----------------------------------------------------------------------------------------


@dataclass
class Job:
    """Une demande : ce qu'on y lit, ce qui s'y écrit, et pourquoi cela s'est arrêté (`reason`)."""

    prompt: generation.Prompt
    settings: Settings
    tokenizer: PreTrainedTokenizerBase
    seed: int
    until: float  # l'heure de la fin, celle de `time.monotonic`
    ids: list[int] = field(default_factory=list)  # lus, puis écrits
    reason: str = ""

    def __post_init__(self) -> None:
        self.ids = self.prompt.ids[0].tolist()
        self.start = len(self.ids)
        self.length = 0  # tokens déjà dans le cache
        self._draw = np.random.default_rng(self.seed % 2**64)
        self._fresh: queue.SimpleQueue = queue.SimpleQueue()  # tokens, puis une raison ou une erreur

    @property
    def written(self) -> int:
        """Combien de tokens sont écrits."""
        return len(self.ids) - self.start

    def cancel(self) -> None:
        """Demande l'arrêt : la rangée est rendue avant le pas suivant."""
        self.reason = self.reason or LEFT

    def pieces(self, gone: Callable[[], bool] = lambda: False) -> Iterator[str]:
        """Le texte, morceau par morceau, à mesure qu'il s'écrit ; un caractère de plusieurs tokens n'est rendu qu'entier.

        `gone` dit, de temps en temps, si la personne est partie : l'écriture s'arrête alors, comme si l'on ferme cet
        itérateur. Relance l'erreur du moteur s'il y en a eu une ; lève `Busy` si son tour n'est pas venu à temps.
        """
        pending: list[int] = []
        try:
            while not gone():
                try:
                    found = self._fresh.get(timeout=0.1)
                    while isinstance(found, int):  # tout ce qui attend déjà se rend d'un coup
                        pending.append(found)
                        found = self._fresh.get_nowait()
                except queue.Empty:
                    found = None
                if isinstance(found, Exception):
                    raise found
                if found == TIME and not self.written:
                    raise Busy("Votre tour n'est pas venu à temps. Réessayez dans quelques secondes.")
                for end in range(len(pending), max(0, len(pending) - BYTES), -1):
                    text = generation.answer(self.tokenizer, torch.tensor(pending[:end]), 0)
                    if text and (found or not text.endswith("\ufffd")):
                        pending = pending[end:]
                        yield text
                        break
                if found:
                    return
        finally:
            self.cancel()

    def text(self, gone: Callable[[], bool] = lambda: False) -> str:
        """Le texte entier, quand il est fini."""
        return "".join(self.pieces(gone))

    # Ce qui suit n'est appelé que par le fil du service.

    def take(self, notes: NDArray, end_of_text: int) -> None:
        """Choisit un token d'après ses notes (V,) et l'ajoute, ou finit."""
        token = choose(notes, self.settings, self.ids, self._draw)
        if token == end_of_text:
            self.finish(END)
            return
        self.ids.append(token)
        self._fresh.put(token)
        if self.written >= self.prompt.max_new_tokens:
            self.finish(LENGTH)

    def finish(self, reason: str, error: Exception | None = None) -> None:
        """Dit pourquoi c'est fini, une fois."""
        self.reason = self.reason or reason
        self._fresh.put(error or self.reason)

    def check_time(self) -> None:
        """Finit la demande si son heure est passée."""
        if not self.reason and time.monotonic() > self.until:
            self.finish(TIME)


# --- Le service -----------------------------------------------------------------------------------------


class Service:
    """Un moteur partagé : `submit` prend une demande, un seul fil fait avancer toutes celles qui ont une rangée."""

    def __init__(
        self, engine: Engine, tokenizer: PreTrainedTokenizerBase, waiting: int = WAITING, seconds: float = SECONDS
    ) -> None:
        self.engine, self.tokenizer, self.most_waiting, self.seconds = engine, tokenizer, waiting, seconds
        self.written = 0  # tokens écrits depuis le départ
        self._waiting: deque[Job] = deque()
        self._rows: list[Job] = []  # la rangée de chacun est son rang
        self._reading: Job | None = None  # celui dont l'amorce se lit, dans la rangée qui suit
        self._news, self._closed = threading.Condition(), False
        self._thread = threading.Thread(target=self._run, daemon=True, name="aurore-service")
        self._thread.start()

    def submit(self, text: str, settings: Settings | None = None, max_new_tokens: int = 120, seed: int = SEED) -> Job:
        """Prend une demande ; elle commence dès qu'une rangée est libre.

        Lève `AuroreError` si l'amorce ou les réglages ne conviennent pas, `Busy` si la file est pleine.
        """
        settings = settings or Settings()
        settings.check()
        prompt = generation.read_prompt(Reader(self.engine), self.tokenizer, text, max_new_tokens)
        job = Job(prompt, settings, self.tokenizer, seed, time.monotonic() + self.seconds)
        with self._news:
            if self._closed:
                raise Busy("Le service s'arrête. Réessayez dans un instant.")
            if len(self._waiting) >= self.most_waiting:
                raise Busy("Trop de textes s'écrivent en ce moment. Réessayez dans quelques secondes.")
            self._waiting.append(job)
            self._news.notify()
        return job

    @property
    def load(self) -> dict[str, int]:
        """Ce qui se passe : textes en cours, demandes en attente, rangées, tokens écrits depuis le départ."""
        running = sum(not job.reason for job in [*self._rows, *filter(None, [self._reading])])
        return {"running": running, "waiting": len(self._waiting), "slots": self.engine.slots, "written": self.written}

    def close(self) -> None:
        """Arrête tout ; les demandes en cours finissent là où elles en sont."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._news:
                while not (self._closed or self._waiting or self._rows or self._reading):
                    self._news.wait()
                if self._closed:
                    break
            try:
                self._advance()
            except Exception as error:  # une erreur du moteur arrête ses textes, pas le service
                self._drop_all(error)
        self._drop_all(None)

    def _advance(self) -> None:
        """Un pas : rend les rangées finies, lit un bout d'amorce, écrit un token dans chaque texte en cours."""
        with self._news:
            self._waiting = deque(job for job in self._waiting if not job.reason)  # parti avant son tour
            jobs = [*self._rows, *filter(None, [self._reading]), *self._waiting]
        for job in jobs:
            job.check_time()
        self._free()
        self._read_some()
        rows = [job for job in self._rows if not job.reason]
        if len(rows) != len(self._rows) or not rows:
            return
        notes = self.engine.step([job.ids[-1] for job in rows], [job.length for job in rows])
        for job, own in zip(rows, notes, strict=True):
            job.length += 1
            job.take(own, self.tokenizer.eos_token_id)
        self.written += len(rows)

    def _free(self) -> None:
        """Comble chaque rangée finie par la dernière, et celle de l'amorce en cours de lecture suit."""
        for rank in reversed(range(len(self._rows))):
            if not self._rows[rank].reason:
                continue
            end = len(self._rows) - 1
            if rank != end:
                self.engine.move(end, rank, self._rows[end].length)
                self._rows[rank] = self._rows[end]
            self._rows.pop()
            if self._reading:
                self.engine.move(end + 1, end, self._reading.length)

    def _read_some(self) -> None:
        """Lit au plus `CHUNK` tokens d'une amorce ; lue entière, son texte commence."""
        if self._reading is None and len(self._rows) < self.engine.slots:
            with self._news:
                while self._waiting and self._reading is None:
                    job = self._waiting.popleft()
                    self._reading = None if job.reason else job
        job = self._reading
        if job is None:
            return
        if job.reason:
            self._reading = None
            return
        part = job.ids[job.length : job.length + CHUNK]
        notes = self.engine.read(part, len(self._rows), job.length)
        job.length += len(part)
        if job.length == job.start:
            self._reading = None
            self._rows.append(job)
            job.take(notes[0], self.tokenizer.eos_token_id)
            self.written += 1

    def _drop_all(self, error: Exception | None) -> None:
        with self._news:
            jobs = [*self._rows, *filter(None, [self._reading])]
            if error is None:
                jobs += self._waiting
                self._waiting.clear()
            self._rows, self._reading = [], None
        for job in jobs:
            with contextlib.suppress(Exception):
                job.finish(LEFT, error)
