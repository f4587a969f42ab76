"""Montrer ou cacher les solutions : par exercice, par carnet, ou toutes ; et un rideau pour les classes.

L'état tient dans `AURORE_HOME/state/solutions.json` et survit au noyau. Le plus précis l'emporte :
l'exercice sur le carnet, le carnet sur le tout. `AURORE_SOLUTIONS`, s'il est donné, passe avant le fichier.
"""

import os

from aurore.atelier import state
from aurore.atelier.cards import all_cards
from aurore.settings import AuroreError

ALL = "all"
FILE = "solutions.json"


def is_on(identifier: str) -> bool:
    """Dit si la solution d'un exercice remplace la réponse."""
    choices = _from_environment()
    return _most_precise(identifier, _read()["on"] if choices is None else choices)


def is_locked(identifier: str) -> bool:
    """Dit si la solution d'un exercice est cachée de sa fiche. C'est un rideau, pas un coffre."""
    return _most_precise(identifier, _read()["locked"])


def switch(targets: list[str], on: bool) -> list[str]:
    """Montre (`on`) ou cache les solutions ; rend les cibles réglées."""
    return _set("on", targets, on)


def lock(targets: list[str], locked: bool) -> list[str]:
    """Tire ou ouvre le rideau ; rend les cibles réglées."""
    return _set("locked", targets, locked)


def _set(key: str, targets: list[str], value: bool) -> list[str]:
    targets = targets or [ALL]
    _check_targets(targets)
    choices = _read()
    for target in targets:
        # Un réglage large efface les réglages plus précis qu'il recouvre : le dernier mot est le bon.
        choices[key] = {name: kept for name, kept in choices[key].items() if not _covers(target, name)}
        choices[key][target] = value
    state.save(FILE, choices)
    return targets


def _covers(target: str, name: str) -> bool:
    return target in (ALL, name) or name.startswith(f"{target}.")


def _check_targets(targets: list[str]) -> None:
    cards = all_cards()
    known = {ALL, *cards, *(card.notebook for card in cards.values())}
    wrong = [target for target in targets if target not in known]
    if wrong:
        raise AuroreError(
            f"Cible inconnue : {', '.join(wrong)}. Donnez « all », un carnet ({', '.join(sorted({card.notebook for card in cards.values()}))}) ou un exercice ({', '.join(cards)})."
        )


def forced() -> bool:
    """Dit si `AURORE_SOLUTIONS` est donné : il passe avant le réglage enregistré, que rien ne change plus."""
    return _from_environment() is not None


def _from_environment() -> dict[str, bool] | None:
    value = os.environ.get("AURORE_SOLUTIONS", "").strip()
    if not value:
        return None
    if value == "none":
        return {ALL: False}
    targets = [part.strip() for part in value.split(",") if part.strip()]
    _check_targets(targets)
    return dict.fromkeys(targets, True)


def _most_precise(identifier: str, choices: dict[str, bool]) -> bool:
    notebook = identifier.split(".")[0]
    return next((choices[target] for target in (identifier, notebook, ALL) if target in choices), False)


def _read() -> dict[str, dict[str, bool]]:
    return state.load(FILE, _parse, "toutes les solutions sont cachées, et le rideau est ouvert")


def _parse(content: dict) -> dict[str, dict[str, bool]]:
    if not content and isinstance(content, dict):
        return {"on": {}, "locked": {}}
    return {key: {str(name): bool(value) for name, value in content[key].items()} for key in ("on", "locked")}
