"""Ce qu'une demande peut porter : chaque champ se dit une fois, et sert à la lire, à l'expliquer et à la décrire."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurore.generation import MIN_TEMPERATURE
from aurore.settings import SEED
from aurore.show import count, french_number
from aurore.web.faults import Fault

PROMPT_LENGTH = 4_000  # caractères d'une amorce : plus que le contexte n'en lit
MESSAGE_LENGTH = 2_000  # caractères d'un message
TOKENS = 400  # tokens à écrire, au plus

_KINDS = {str: "un texte", int: "un nombre entier", float: "un nombre", bool: "vrai ou faux"}
_ANSWERS = {"on": True, "true": True, "false": False}  # ce que dit une case à cocher, ou un programme
_SCHEMAS = {str: "string", int: "integer", float: "number", bool: "boolean"}


@dataclass(frozen=True)
class Field:
    """Un champ : son nom, son type, ce qu'il vaut à défaut (`None` : il est exigé), ses bornes, et ce qu'il règle."""

    name: str
    kind: type
    default: Any
    says: str
    low: float | None = None  # une longueur en caractères, pour un texte
    high: float | None = None
    choices: Sequence[str] = ()
    pattern: str = ""

    def read(self, value: Any) -> Any:
        """La valeur lue d'un JSON ; lève `Fault` si elle ne convient pas."""
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value) if abs(value) < 1e300 else float("inf")
        if self.kind is int and isinstance(value, float) and value.is_integer():
            value = int(value)  # « 40.0 » est l'entier 40, pour JSON
        if not isinstance(value, self.kind) or (self.kind is not bool and isinstance(value, bool)):
            raise Fault(400, "champ", f"« {self.name} » doit être {_KINDS[self.kind]}.")
        if self.choices and value not in self.choices:
            raise Fault(400, "champ", f"« {self.name} » est un de : {', '.join(self.choices)}.")
        size: Any = self._measure(value) if isinstance(value, str) else value
        if (self.low is not None and not size >= self.low) or (self.high is not None and not size <= self.high):
            raise Fault(400, "champ", f"« {self.name} » doit {self._bounds()}.")
        return value

    def read_form(self, value: str) -> Any:
        """La valeur lue d'un formulaire, où tout est texte ; une virgule y vaut un point."""
        if self.kind is str:
            return self.read(value.replace("\r\n", "\n"))
        if self.kind is bool:
            if value not in _ANSWERS:
                raise Fault(400, "champ", f"« {self.name} » doit être {_KINDS[bool]}.")
            return _ANSWERS[value]
        try:
            return self.read(self.kind(value.strip().replace(",", ".").replace("\u202f", "")))
        except ValueError:
            raise Fault(400, "champ", f"« {self.name} » doit être {_KINDS[self.kind]}.") from None

    def _measure(self, value: str) -> int:
        """La longueur d'un texte, s'il s'écrit en UTF-8 et a la forme voulue."""
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise Fault(400, "champ", f"« {self.name} » contient des signes qui ne s'écrivent pas en UTF-8.") from None
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise Fault(400, "champ", f"« {self.name} » n'a pas la forme attendue : {self.says}")
        return len(value)

    def _bounds(self) -> str:
        if self.kind is str:
            least = f"de {french_number(self.low)} à " if self.low else "au plus "
            return f"faire {least}{count(self.high, 'caractère')}"
        return f"être entre {french_number(self.low)} et {french_number(self.high)}"

    def schema(self) -> dict[str, Any]:
        """Le champ, au format JSON Schema."""
        found: dict[str, Any] = {"type": _SCHEMAS[self.kind], "description": self.says}
        names = ("minLength", "maxLength") if self.kind is str else ("minimum", "maximum")
        found |= {name: bound for name, bound in zip(names, (self.low, self.high), strict=True) if bound is not None}
        if self.choices:
            found["enum"] = list(self.choices)
        if self.pattern:
            found["pattern"] = f"^{self.pattern}$"
        if self.default is not None:
            found["default"] = self.default
        return found


def read_fields(fields: Sequence[Field], data: Any, form: bool = False) -> dict[str, Any]:
    """Les valeurs d'une demande, celles à défaut comprises. Lève `Fault` si un champ manque, est de trop ou ne convient pas."""
    if not isinstance(data, Mapping):
        raise Fault(400, "json", 'Un objet JSON est attendu, comme {"prompt": "Le lendemain,"}.')
    known = {field.name for field in fields}
    if extra := sorted(str(name) for name in data if name not in known):
        raise Fault(400, "champ", f"Champ inconnu : « {extra[0][:40]} ». Champs connus : {', '.join(sorted(known))}.")
    found = {}
    for field in fields:
        if field.name in data:
            found[field.name] = field.read_form(data[field.name]) if form else field.read(data[field.name])
        elif field.default is None:
            raise Fault(400, "champ", f"Il manque « {field.name} » : {field.says}")
        else:
            found[field.name] = False if form and field.kind is bool else field.default
    return found


def schema(fields: Sequence[Field]) -> dict[str, Any]:
    """L'objet que forment ces champs, au format JSON Schema."""
    required = [field.name for field in fields if field.default is None]
    return {
        "type": "object",
        "properties": {field.name: field.schema() for field in fields},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def generate_fields(voices: Sequence[str]) -> tuple[Field, ...]:
    """Les champs d'une demande de texte, sous les noms de transformers ; `voices` nomme les modèles."""
    return (
        Field("prompt", str, None, "le début du texte ; vide, un texte neuf", 0, PROMPT_LENGTH),
        Field("model", str, voices[0], "le modèle qui écrit", choices=tuple(voices)),
        Field("max_new_tokens", int, 120, "combien de tokens écrire", 1, TOKENS),
        Field("do_sample", bool, True, "tirer au sort ; sinon, toujours le token le mieux noté"),
        Field("temperature", float, 0.8, "l'audace du tirage", MIN_TEMPERATURE, 5),
        Field("top_k", int, 0, "ne garder que les k tokens les mieux notés ; 0 les garde tous", 0, 1_000),
        Field("top_p", float, 0.95, "la part des chances gardée", 0.01, 1),
        Field("repetition_penalty", float, 1.0, "au-dessus de 1, décourage les redites", 0.5, 5),
        Field("seed", int, SEED, "la graine du tirage : même graine, même texte", 0, 2**53),
        Field("stream", bool, False, "envoyer le texte à mesure qu'il s'écrit (text/event-stream)"),
    )


CHAT_FIELDS = (
    Field("message", str, None, "ce que vous dites", 1, MESSAGE_LENGTH),
    Field(
        "conversation",
        str,
        "",
        "celle que l'on continue, telle que la réponse précédente l'a nommée ; vide, une nouvelle",
        0,
        64,
        pattern="[A-Za-z0-9_-]*",
    ),
    Field("stream", bool, False, "envoyer la réponse à mesure qu'elle s'écrit (text/event-stream)"),
)
PREDICT_FIELDS = (Field("text", str, None, "le passage à classer", 1, PROMPT_LENGTH),)
COPIES_FIELDS = (Field("text", str, None, "le texte à chercher dans les livres", 1, PROMPT_LENGTH),)
