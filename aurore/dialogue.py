"""Leçon 11 : un dialogue qui se souvient, et qui oublie quand on le demande.

`Dialogue` relie qui répond (`aurore.backends`) et ce qui se souvient (`aurore.memories`). À chaque question, il compose un
contexte qui tient toujours dans ce que le modèle sait lire : l'amorce de base et les préférences d'abord, puis ce que l'on
choisit de rappeler, puis la question.
"""

import logging
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from hashlib import blake2b

from aurore.backends import (
    EARLIER,
    GREETING,
    LOST,
    REPLY,
    WEATHER,
    Backend,
    LocalLLM,
    MockLLM,
    RemoteLLM,
    answering_model,
    keyword_reply,
    mock_reply,
)
from aurore.memories import (
    ASSISTANT,
    PERSON,
    ROLES,
    SYSTEM,
    ListMemory,
    Memory,
    Message,
    NoMemory,
    check_session,
    check_text,
    covers,
    open_memory,
    person_of,
)
from aurore.settings import AuroreError
from aurore.sql_memory import insert_message, newest
from aurore.vectors import cosine_top_k

# La leçon présente tout cela ici ; chaque chose vit dans le module de son sujet.
__all__ = [
    "ASSISTANT",
    "GREETING",
    "LOST",
    "PERSON",
    "ROLES",
    "SYSTEM",
    "WEATHER",
    "Backend",
    "Dialogue",
    "ListMemory",
    "LocalLLM",
    "Memory",
    "Message",
    "MockLLM",
    "NoMemory",
    "RemoteLLM",
    "answering_model",
    "check_session",
    "cosine_top_k",
    "covers",
    "insert_message",
    "keyword_reply",
    "mock_reply",
    "newest",
    "open_memory",
    "person_of",
]

REMEMBERED = 100  # messages relus, au plus, pour composer un contexte
RECALLS = NOTHING, WINDOW, SUMMARY, RELATED = "rien", "fenêtre", "résumé", "vecteurs"
LENGTHS = {"courtes": 20}  # la préférence « réponses », en tokens ; les autres se disent au modèle, sans plus
RELATED_MESSAGES = 3  # messages anciens rappelés parce qu'ils ressemblent à la question

# Une personne inventée : une amorce de base comme une autre.
PERSONA = "Vous êtes la meunière d'un roman de George Sand. Vous parlez simplement, et vous répondez en une phrase."

_log = logging.getLogger("aurore.dialogue")
_salt = secrets.token_bytes(16)  # neuf à chaque lancement : deux journaux ne se recoupent pas


# --- Ce qui tient dans le contexte ----------------------------------------------------------------------


def window(messages: Sequence[Message], budget: int, count: Callable[[Message], int]) -> list[Message]:
    """Les derniers messages de `messages` dont le total de `count(message)` ne dépasse pas `budget`, en tokens.

    Ils se suivent : on s'arrête au premier, en remontant, qui ne tient pas. Du plus ancien au plus récent.
    """
    start, total = len(messages), 0
    while start > 0 and total + count(messages[start - 1]) <= budget:
        start -= 1
        total += count(messages[start])
    return list(messages[start:])


def summarize(messages: Iterable[Message], budget: int, count: Callable[[str], int]) -> str:
    """Les phrases de la personne qui disent le plus, dans leur ordre, en `budget` tokens au plus ; vide si rien ne tient.

    Une phrase vaut par ses mots qui reviennent (Luhn 1958), ramenés à sa longueur ; un petit modèle ne sait pas résumer.
    """
    sentences = [
        sentence
        for message in messages
        if message.role == PERSON
        for sentence in re.split(r"(?<=[.!?…])\s+", " ".join(message.content.split()))
        if sentence and not sentence.endswith("?")  # une question ne nous apprend rien de la personne
    ]
    words = [[word.lower() for word in re.findall(r"\w{4,}", sentence)] for sentence in sentences]
    known = Counter(word for each in words for word in set(each))
    weights = [sum(known[word] for word in each) / max(1, len(each)) ** 0.5 for each in words]
    kept: set[int] = set()
    for rank in sorted(range(len(sentences)), key=lambda rank: -weights[rank]):
        if sentences[rank] in (sentences[each] for each in kept):
            continue
        if count(" ".join(sentences[each] for each in sorted({*kept, rank}))) <= budget:
            kept.add(rank)
    return " ".join(sentences[rank] for rank in sorted(kept))


def cut_text(text: str, fits: Callable[[str], bool]) -> str:
    """La plus longue fin de `text` pour laquelle `fits` dit oui ; vide s'il n'y en a pas."""
    if fits(text):
        return text
    low, high = 0, len(text)  # `low` caractères tiennent, `high` ne tiennent pas
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(text[len(text) - middle :]) else (low, middle)
    return text[len(text) - low :]


# --- Les préférences ------------------------------------------------------------------------------------

_SAID = {"prénom": "Je m'appelle", "réponses": "Je veux des réponses"}  # comme la personne l'a dit
_NOTICED = (
    ("prénom", re.compile(r"\bje m'appelle ([^\W\d_][\w'-]*)", re.IGNORECASE)),
    ("prénom", re.compile(r"\bappelez-moi ([^\W\d_][\w'-]*)", re.IGNORECASE)),
    ("réponses", re.compile(r"\bréponses? (?:plus )?(courte|longue)s?\b", re.IGNORECASE)),
)


def notice(text: str) -> dict[str, str]:
    """Les préférences dites en passant dans un message : un prénom, la longueur voulue des réponses."""
    text, found = text.replace("’", "'"), {}
    for key, pattern in _NOTICED:
        if match := pattern.search(text):
            found[key] = match[1] if key == "prénom" else match[1].lower() + "s"
    return found


# --- Le dialogue ----------------------------------------------------------------------------------------


class Dialogue:
    """Une personne parle, `backend` répond, `memory` se souvient.

    `base_prompt` se donne une fois ; il ouvre chaque contexte et n'en sort jamais, si long que soit l'échange. `recall`
    dit ce que l'on rappelle : « rien », la « fenêtre » des derniers messages, la fenêtre et un « résumé » de ce qui en
    est sorti, ou la fenêtre et les messages proches par leurs « vecteurs » (une mémoire de `aurore.vectors`). Lève
    `AuroreError` si l'amorce de base ne laisse pas la place d'une question.
    """

    def __init__(
        self,
        backend: Backend | None = None,
        memory: Memory | None = None,
        base_prompt: str = "",
        recall: str = WINDOW,
        max_new_tokens: int = REPLY,
    ) -> None:
        self.backend = LocalLLM() if backend is None else backend
        self.memory = ListMemory() if memory is None else memory
        if recall not in RECALLS:
            raise AuroreError(f"On ne sait pas rappeler « {recall} ». Au choix : {', '.join(RECALLS)}.")
        if recall == RELATED and not self.memory.has_vectors:
            self.memory.related("personne", "", 0)  # qui dit ce qui manque
        check_text(base_prompt, len(base_prompt), "L'amorce de base")
        self.base_prompt, self.recall, self.max_new_tokens = base_prompt, recall, max_new_tokens
        self.budget = self.backend.context_length - max_new_tokens
        if self._count([Message(SYSTEM, base_prompt), Message(PERSON, "?")]) > self.budget // 2:
            raise AuroreError(
                f"L'amorce de base prend plus de la moitié des {self.budget} tokens du contexte. Raccourcissez-la."
            )

    def reply(self, session: str, text: str) -> str:
        """La réponse à `text`, entière. Question et réponse sont gardées."""
        return "".join(self.stream(session, text))

    def replies(self, session: str, questions: Iterable[str]) -> list[str]:
        """Les réponses à plusieurs questions, l'une après l'autre, sous le même contexte."""
        return [self.reply(session, question) for question in questions]

    def stream(self, session: str, text: str) -> Generator[str]:
        """La réponse à `text`, morceau par morceau.

        La question est gardée avant que la réponse commence. Ce qui a été montré est gardé, même si l'on s'arrête en route.
        """
        check_session(session)
        question, started, said = Message(PERSON, text), time.monotonic(), ""
        for key, value in notice(text).items():
            self.memory.prefer(person_of(session), key, value)
        context = self.context(session, text)
        self.memory.add(session, question.role, question.content)
        try:
            for piece in self.backend.stream(context, self._reply_length(session)):
                said += piece
                yield piece
        finally:
            if said:
                self.memory.add(session, ASSISTANT, said)
            self._report(session, context, said, time.monotonic() - started)

    def correct(self, session: str, id: int, text: str) -> None:
        """Corrige un message de la séance, et les préférences qu'il dit."""
        self.memory.edit(session, id, text)
        for key, value in notice(text).items():
            self.memory.prefer(person_of(session), key, value)

    def context(self, session: str, text: str) -> list[Message]:
        """Ce que lira le modèle pour répondre à `text` : jamais plus de `budget` tokens.

        Une question trop longue perd son début : la fin d'un message dit le plus souvent ce que l'on demande.
        """
        check_session(session)
        known = self._known(session)
        asked = cut_text(text, lambda end: self._count(self._framed(known, [], end)) <= self.budget)
        recalled, past = self._recalled(session, text, self.budget - self._count(self._framed(known, [], asked)))
        while True:
            context = self._framed([*known, *recalled], past, asked)
            if self._count(context) <= self.budget or not (past or recalled):
                return context
            # Mis bout à bout, les messages prennent parfois plus de tokens que comptés un par un.
            past, recalled = (past[1:], recalled) if past else (past, [])

    def _framed(self, known: list[str], past: list[Message], asked: str) -> list[Message]:
        """L'amorce de base, ce que l'on sait de la personne, les messages rappelés, la question."""
        system = filter(None, [self.base_prompt, EARLIER + " ".join(known) if known else ""])
        return [*(Message(SYSTEM, each) for each in system), *past, Message(PERSON, asked)]

    def _recalled(self, session: str, text: str, room: int) -> tuple[list[str], list[Message]]:
        """Ce que l'on rappelle, en `room` tokens : des phrases dites plus tôt, et les derniers messages."""
        weigh = self.backend.weigh
        if self.recall == NOTHING:
            return [], []
        kept = self.memory.recent(session, REMEMBERED)
        if self.recall == WINDOW:
            return [], window(kept, room, weigh)
        past = window(kept, room * 2 // 3, weigh)  # un tiers pour ce qui est plus ancien
        left = room - sum(map(weigh, past)) - weigh(Message(SYSTEM, EARLIER))
        if self.recall == SUMMARY:
            older = kept[: len(kept) - len(past)]
            return list(filter(None, [summarize(older, left, lambda text: weigh(Message(SYSTEM, text)))])), past
        read = {each.id for each in past}
        near = self.memory.related(session, text, RELATED_MESSAGES + len(past))
        older = [each for each in near if each.id not in read][:RELATED_MESSAGES]
        found = window(older[::-1], left, weigh)  # les plus proches d'abord, si tous ne tiennent pas
        return [" ".join(each.content.split()) for each in found], past

    def _known(self, session: str) -> list[str]:
        """Les préférences de la personne, en phrases, tant que l'amorce et elles tiennent en la moitié du contexte."""
        known = [
            f"{_SAID[key]} {value}." if key in _SAID else f"{key} : {value}."
            for key, value in self.memory.preferences(person_of(session)).items()
        ]
        while known and self._count(self._framed(known, [], "Et moi ?")) > self.budget // 2:
            known.pop()
        return known

    def _reply_length(self, session: str) -> int:
        wanted = self.memory.preferences(person_of(session)).get("réponses", "")
        return min(self.max_new_tokens, LENGTHS.get(wanted, self.max_new_tokens))

    def _count(self, messages: Sequence[Message]) -> int:
        return self.backend.count_tokens(messages)

    def _report(self, session: str, context: Sequence[Message], said: str, seconds: float) -> None:
        """Une ligne de journal : des quantités. Jamais un mot du dialogue, ni un nom."""
        mark = blake2b(session.encode(), key=_salt, digest_size=4).hexdigest()
        _log.info(
            "séance %s : %d messages lus, %d caractères écrits, %.2f s, %s, %s",
            mark,
            len(context),
            len(said),
            seconds,
            type(self.backend).__name__,
            type(self.memory).__name__,
        )
