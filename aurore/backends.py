"""Leçon 11, ceux qui répondent : une règle, notre modèle, ou tout service compatible avec celui d'OpenAI.

Chacun reçoit des messages et rend sa réponse morceau par morceau. Chacun dit combien de tokens il sait lire, et compte ceux
d'une suite de messages : le dialogue ne lui en donne jamais plus.
"""

import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from aurore import keys
from aurore.memories import ASSISTANT, SYSTEM, Message
from aurore.settings import AuroreError

EARLIER = "Dit plus tôt par la personne : "  # ce qui ouvre un message du système fait de phrases de la personne
REPLY = 60  # tokens d'une réponse, à défaut d'autre réglage
_LARGEST_REPLY = 1_000_000  # caractères lus d'une réponse venue du réseau


class Backend:
    """Ce que sait faire qui répond. `context_length` : tokens lus et écrits ensemble, au plus."""

    name = "?"
    context_length = 512

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Le nombre de tokens que prendra cette suite de messages, mise en forme comprise."""
        raise NotImplementedError

    def weigh(self, message: Message) -> int:
        """À peu près ce qu'un message de plus ajoute à `count_tokens`."""
        return self.count_tokens([message])

    def stream(self, messages: Sequence[Message], max_new_tokens: int = REPLY) -> Iterator[str]:
        """La réponse à la suite de messages, morceau par morceau. Lève `AuroreError` si elle ne peut pas venir."""
        raise NotImplementedError

    def reply(self, messages: Sequence[Message], max_new_tokens: int = REPLY) -> str:
        """La réponse entière."""
        return "".join(self.stream(messages, max_new_tokens)).strip()


# --- Une règle ------------------------------------------------------------------------------------------

GREETING, WEATHER, LOST = "Bonjour. Comment puis-je vous aider ?", "La météo est ensoleillée.", "Je n'ai pas compris."


def keyword_reply(messages: Sequence[Message]) -> str:
    """La réponse d'un modèle simulé : un mot reconnu dans le **dernier** message, et lui seul, majuscules ou non."""
    question = messages[-1].content.lower()
    if "salut" in question:
        return GREETING
    if "météo" in question:
        return WEATHER
    return LOST


def mock_reply(messages: Sequence[Message]) -> str:
    """`keyword_reply`, qui cherche en plus dans tout le contexte le nom de la personne, si elle le demande."""
    if re.search(r"comment .*je m'appelle|mon (?:pré)?nom", messages[-1].content.replace("’", "'").lower()):
        name = _given_name(messages)
        return f"Vous vous appelez {name}." if name else "Vous ne me l'avez pas dit."
    return keyword_reply(messages)


_NAME = re.compile(r"je m'appelle\s+(\w[\w'-]*)", re.IGNORECASE)


def _given_name(messages: Sequence[Message]) -> str:
    names = [name for each in messages if each.role != ASSISTANT for name in _NAME.findall(each.content)]
    return names[-1] if names else ""


class MockLLM(Backend):
    """Un modèle simulé, qui répond aussitôt et toujours de même : de quoi essayer tout le reste. Un mot vaut un token."""

    name = "modèle simulé"

    def __init__(self, context_length: int = 512) -> None:
        self.context_length = context_length

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(1 + len(each.content.split()) for each in messages)

    def stream(self, messages: Sequence[Message], max_new_tokens: int = REPLY) -> Iterator[str]:
        words = mock_reply(messages).split(" ")
        for rank, word in enumerate(words[:max_new_tokens]):
            yield word if rank == 0 else f" {word}"


# --- Notre modèle ---------------------------------------------------------------------------------------


class LocalLLM(Backend):
    """Un modèle de l'atelier. Sans rien donner : celui qui répond, de la leçon 10.

    Il a appris à répondre à une question, sous une ligne de contexte : `render(question, contexte, amorce de base)` la met en
    forme. Le contexte est ce que la personne a dit d'elle, dans ses derniers messages ; et comme un petit modèle se laisse
    distraire, il ne lui est donné que si la question parle d'elle. `settings` : ceux de `aurore.generation.Settings` ; sans
    eux, le modèle écrit toujours le token le mieux noté.
    """

    def __init__(
        self,
        model: Any = None,
        tokenizer: Any = None,
        render: Callable[[str, str, str], str] | None = None,
        **settings: Any,
    ) -> None:
        if model is None:
            model, tokenizer = answering_model()
        self.model, self.tokenizer = model, tokenizer
        self.render, self.settings = render or template(), {"do_sample": False, **settings}
        self.name = "modèle de l'atelier"
        self.context_length = model.config.max_position_embeddings

    def prompt(self, messages: Sequence[Message]) -> str:
        """Les messages en un seul texte, qui s'arrête là où la réponse commence."""
        *past, question = messages
        base = [each.content for each in past if each.role == SYSTEM and not each.content.startswith(EARLIER)]
        said = [
            each.content.removeprefix(EARLIER) for each in past if each.role != ASSISTANT and each.content not in base
        ]
        about = _OF_ONESELF.search(question.content)
        known = dict.fromkeys(sentence for text in said for sentence in statements(text))  # chacune une fois
        return self.render(question.content, " ".join(known) if about else "", " ".join(" ".join(base).split()))

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return self._count(self.prompt(messages))

    def weigh(self, message: Message) -> int:
        return 1 + self._count(message.content) if message.role != ASSISTANT else 0

    def _count(self, text: str) -> int:
        return len(self.tokenizer(text, verbose=False, split_special_tokens=True)["input_ids"])

    def write(self, text: str, max_new_tokens: int) -> Iterator[str]:
        """La suite de `text`, morceau par morceau, telle que le modèle l'écrit."""
        from aurore import generation

        return generation.stream(self.model, self.tokenizer, text, max_new_tokens, **self.settings)

    def stream(self, messages: Sequence[Message], max_new_tokens: int = REPLY) -> Iterator[str]:
        started = False
        for piece in self.write(self.prompt(messages), max_new_tokens):
            if not started:
                piece = piece.lstrip()
                started = bool(piece)
            line, end, _ = piece.partition("\n")  # une réplique tient sur une ligne
            if line:
                yield line
            if started and end:
                return


def answering_model() -> tuple[Any, Any]:
    """Le modèle qui répond, et son tokenizer : celui de la leçon 10."""
    from aurore import instructions

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # ceux que deux bibliothèques s'adressent l'une à l'autre
        return instructions.answering_model()


def template() -> Callable[[str, str, str], str]:
    """La mise en forme d'une question, d'un contexte et d'une amorce : celle de la leçon 10, la même qu'à l'apprentissage."""
    from aurore import instructions

    return lambda question, context, base: instructions.render(
        instructions.tidy(question), instructions.tidy(context), base
    )


_OF_ONESELF = re.compile(r"\b(?:je|me|mon|ma|mes|moi)\b|\b[jm]['’]", re.IGNORECASE)


def statements(text: str) -> list[str]:
    """Les phrases où la personne dit quelque chose d'elle : ni question, ni remarque sur le reste."""
    sentences = re.split(r"(?<=[.!?…])\s+", " ".join(text.split()))
    return [each for each in sentences if _OF_ONESELF.search(each) and not each.endswith("?")]


# --- Un service, par son adresse ------------------------------------------------------------------------


class RemoteLLM(Backend):
    """Tout service qui parle comme celui d'OpenAI : `url` est sa racine, « http://127.0.0.1:11434/v1 » par exemple.

    `provider` nomme la clé à envoyer (`aurore.keys`), s'il en faut une : elle ne part que chiffrée, ou vers cette machine.
    Un tokenizer par octets ne fait jamais plus de tokens que d'octets : c'est ce que compte `count_tokens`, à défaut de
    connaître celui du service. Lève `AuroreError` si le service se tait, refuse, ou répond autre chose.
    """

    def __init__(
        self,
        url: str,
        model: str = "",
        provider: str = "",
        context_length: int = 8192,
        timeout: float = 60.0,
        **settings: Any,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AuroreError(f"{url} n'est pas l'adresse d'un service. Il en faut une comme https://exemple.fr/v1.")
        key = keys.need_key(provider) if provider else None
        if key and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise AuroreError(f"La clé ne part pas en clair vers {parts.hostname}. Prenez une adresse en https.")
        self.url, self.context_length, self.settings = url.rstrip("/"), context_length, settings
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key.value}"} if key else {}, timeout=timeout, follow_redirects=False
        )
        self.model = model or self._first_model()
        self.name = f"{self.model}, sur {parts.hostname}"

    def _first_model(self) -> str:
        with self._explained():
            answer = self._client.get(f"{self.url}/models")
            self._check(answer)
            names = [entry["id"] for entry in answer.json()["data"]]
        if not names:
            raise AuroreError(f"{self.url} n'annonce aucun modèle. Nommez celui que vous voulez.")
        return names[0]

    def count_tokens(self, messages: Sequence[Message]) -> int:
        # Huit tokens de mise en forme par message, largement : les services en prennent trois ou quatre.
        return sum(8 + len(each.content.encode("utf-8")) for each in messages)

    def stream(self, messages: Sequence[Message], max_new_tokens: int = REPLY) -> Iterator[str]:
        body = {
            "model": self.model,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            "max_tokens": max_new_tokens,
            "stream": True,
            **self.settings,
        }
        read = 0
        with self._explained(), self._client.stream("POST", f"{self.url}/chat/completions", json=body) as answer:
            self._check(answer)
            for line in answer.iter_lines():
                name, _, data = line.partition(":")
                if name != "data" or not data.strip():
                    continue  # une ligne vide, un commentaire, un nom d'événement
                if data.strip() == "[DONE]":
                    return
                piece = _piece(json.loads(data))
                read += len(piece)
                if read > _LARGEST_REPLY:
                    raise AuroreError(
                        f"La réponse de {self.url} dépasse {_LARGEST_REPLY} caractères : elle est arrêtée."
                    )
                if piece:
                    yield piece
            raise AuroreError(f"La réponse de {self.url} s'est arrêtée avant la fin. Reposez la question.")

    def _check(self, answer: httpx.Response) -> None:
        if answer.status_code == 200:
            return
        reasons = {
            401: "la clé manque ou n'est pas bonne",
            403: "la clé ne donne pas ce droit",
            404: "cette adresse, ou ce modèle, n'existe pas",
            429: "trop de questions à la fois, ou un compte épuisé : attendez un peu",
        }
        known = reasons.get(answer.status_code, "panne du service" if answer.status_code >= 500 else "demande refusée")
        raise AuroreError(f"{self.url} ne répond pas à la question ({answer.status_code}) : {known}.")

    def _explained(self) -> "_Explained":
        return _Explained(self.url)

    def close(self) -> None:
        """Ferme les connexions."""
        self._client.close()


class _Explained:
    """Dit en français ce qui a manqué, sans jamais citer la question, la réponse ni la clé."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, httpx.TimeoutException):
            raise AuroreError(f"{self.url} n'a pas répondu à temps. Réessayez, ou allongez le délai.") from None
        if isinstance(error, httpx.HTTPError):
            raise AuroreError(f"{self.url} est hors de portée. Vérifiez l'adresse, et que le service tourne.") from None
        if isinstance(error, ValueError | KeyError | TypeError | IndexError):
            raise AuroreError(f"{self.url} ne répond pas comme un service de dialogue. Vérifiez l'adresse.") from None


def _piece(event: dict[str, Any]) -> str:
    """Le morceau de texte d'un événement ; les derniers, qui comptent les tokens, n'en ont pas."""
    if "error" in event:
        raise AuroreError("Le service a arrêté sa réponse sur une erreur. Reposez la question.")
    choices = event["choices"]
    return (choices[0].get("delta", {}).get("content") or "") if choices else ""
