"""Montrer ou cacher les solutions : par exercice, par carnet, ou toutes ; et un rideau pour les classes.

L'état tient dans `AURORE_HOME/state/solutions.json` et survit au noyau. Le plus précis l'emporte :
l'exercice sur le carnet, le carnet sur le tout. `AURORE_SOLUTIONS`, s'il est donné, passe avant le fichier.
"""

import os
from hashlib import sha256

from aurore.atelier import room, state
from aurore.atelier.cards import all_cards, find_card
from aurore.lessons import LESSONS
from aurore.settings import AuroreError

ALL = "all"
FILE = "solutions.json"
_LOSS = "toutes les solutions sont cachées, et le rideau est ouvert"


def is_on(identifier: str) -> bool:
    """Dit si la solution d'un exercice remplace la réponse."""
    choices = _from_environment()
    return _most_precise(identifier, _read()["on"] if choices is None else choices)


def is_locked(identifier: str) -> bool:
    """Dit si la solution d'un exercice est cachée de sa fiche. C'est un rideau, pas un coffre.

    Dans une salle, la console en décide ; ailleurs, ou si elle ne répond pas, le réglage de cette machine.
    """
    closed = room.is_closed(identifier)
    if closed is not None:
        return closed
    return _most_precise(identifier, _read()["locked"])


def switch(targets: list[str], on: bool) -> list[str]:
    """Montre (`on`) ou cache les solutions ; rend les cibles réglées."""
    return _set("on", targets, on)


def lock(targets: list[str], locked: bool) -> list[str]:
    """Tire ou ouvre le rideau ; rend les cibles réglées."""
    return _set("locked", targets, locked)


def take(identifier: str, source: str) -> None:
    """Montre la solution d'un exercice en retenant la réponse qu'elle remplace : voir `is_given_up`."""
    switch([identifier], True)
    taken = {identifier: _fingerprint(source)}
    state.update(FILE, _parse, _LOSS, lambda choices: choices | {"taken": choices["taken"] | taken})


def is_given_up(identifier: str, source: str) -> bool:
    """Dit si la personne, après avoir pris la solution, a écrit autre chose : c'est cela qu'elle veut éprouver."""
    left = _read()["taken"].get(identifier)
    return left is not None and not forced() and left != _fingerprint(source)


def _fingerprint(source: str) -> str:
    return sha256(source.encode()).hexdigest()[:16]


def _set(key: str, targets: list[str], value: bool) -> list[str]:
    targets = targets or [ALL]
    names = [_canonical(target) for target in targets]

    def change(choices: dict[str, dict]) -> dict[str, dict]:
        # Un réglage large efface les réglages plus précis qu'il recouvre : le dernier mot est le bon.
        kept = {name: on for name, on in choices[key].items() if not any(_covers(target, name) for target in names)}
        found = choices | {key: kept | dict.fromkeys(names, value)}
        if key == "on":
            taken = choices["taken"].items()
            found["taken"] = {name: mark for name, mark in taken if not any(_covers(target, name) for target in names)}
        return found

    state.update(FILE, _parse, _LOSS, change)
    return targets


def _covers(target: str, name: str) -> bool:
    return target in (ALL, name) or name.startswith(f"{target}.")


def _canonical(target: str) -> str:
    """La cible sous le nom qui la range : « all », le module d'une leçon, ou un exercice."""
    lesson = next((lesson for lesson in LESSONS if target in (lesson.notebook, lesson.module)), None)
    if lesson:
        return lesson.module
    if target == ALL:
        return ALL
    try:
        return find_card(target).id
    except AuroreError:
        cards = all_cards()
        notebooks = dict.fromkeys(card.lesson.notebook for card in cards.values())
        raise AuroreError(
            f"Cible inconnue : {target}. Donnez « all », un carnet ({', '.join(notebooks)}) ou un exercice ({', '.join(cards)})."
        ) from None


def forced() -> bool:
    """Dit si `AURORE_SOLUTIONS` est donné : il passe avant le réglage enregistré, que rien ne change plus."""
    return _from_environment() is not None


def _from_environment() -> dict[str, bool] | None:
    value = os.environ.get("AURORE_SOLUTIONS", "").strip()
    if not value:
        return None
    if value == "none":
        return {ALL: False}
    return {_canonical(part.strip()): True for part in value.split(",") if part.strip()}


def _most_precise(identifier: str, choices: dict[str, bool]) -> bool:
    module = identifier.split(".")[0]
    return next((choices[target] for target in (identifier, module, ALL) if target in choices), False)


def _read() -> dict[str, dict]:
    return state.load(FILE, _parse, _LOSS)


def _parse(content: dict) -> dict[str, dict]:
    if not content and isinstance(content, dict):
        return {"on": {}, "locked": {}, "taken": {}}
    found = {key: {str(name): bool(value) for name, value in content[key].items()} for key in ("on", "locked")}
    return found | {"taken": {str(name): str(value) for name, value in content.get("taken", {}).items()}}
