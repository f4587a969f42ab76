"""Les quiz : une question, des réponses, une explication pour chacune, juste ou fausse."""

from dataclasses import dataclass
from html import escape
from importlib import import_module

from aurore.settings import AuroreError
from aurore.show import fold


@dataclass(frozen=True)
class Option:
    """Une réponse possible, et pourquoi elle est juste ou fausse."""

    text: str
    right: bool
    explanation: str


def _explained(option: Option) -> str:
    return f"<p><strong>{'Juste' if option.right else 'Non'}.</strong> {escape(option.explanation)}</p>"


@dataclass(frozen=True)
class Quiz:
    """Une question. S'affiche sans rien exécuter : chaque réponse s'ouvre au clavier sur son explication."""

    id: str
    question: str
    options: tuple[Option, ...]

    def __repr__(self) -> str:
        return "\n".join([self.question, *(f"- {option.text}" for option in self.options)])

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{fold(option.text, _explained(option))}</li>" for option in self.options)
        return f"<section aria-label='Quiz'><p><strong>{escape(self.question)}</strong></p><ol style='list-style-type:upper-alpha'>{rows}</ol></section>"


def quiz(identifier: str) -> Quiz:
    """La question « leçon.nom », prise dans `aurore/exercises/leçon.py`."""
    lesson = identifier.split(".")[0]
    known = {found.id: found for found in getattr(import_module(f"aurore.exercises.{lesson}"), "QUIZZES", ())}
    if identifier not in known:
        raise AuroreError(f"Le quiz « {identifier} » n'existe pas. Quiz connus : {', '.join(known)}.")
    return known[identifier]
