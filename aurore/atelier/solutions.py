"""Montrer ou cacher les solutions : par exercice, par carnet, ou toutes ; et un rideau pour les classes.

L'état tient dans `solutions.json`, sous `AURORE_HOME`, et survit au noyau. Le plus précis l'emporte :
l'exercice sur le carnet, le carnet sur le tout. `AURORE_SOLUTIONS`, s'il est donné, passe avant le fichier.
"""

import json
import os
from pathlib import Path

from aurore import settings
from aurore.atelier.cards import all_cards
from aurore.settings import AuroreError
from aurore.storage import write_atomic

ALL = "all"


def state_file() -> Path:
    """Le fichier d'état."""
    return settings.home() / "solutions.json"


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
    state = _read()
    for target in targets:
        # Un réglage large efface les réglages plus précis qu'il recouvre : le dernier mot est le bon.
        state[key] = {name: kept for name, kept in state[key].items() if not _covers(target, name)}
        state[key][target] = value
    write_atomic(state_file(), json.dumps(state, ensure_ascii=False, indent=1))
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
    """L'état enregistré ; un fichier abîmé est mis de côté, et on le dit."""
    path = state_file()
    if not path.is_file():
        return {"on": {}, "locked": {}}
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        on, locked = ({str(name): bool(value) for name, value in state[key].items()} for key in ("on", "locked"))
        return {"on": on, "locked": locked}
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError):
        aside = path.with_suffix(".json.abime")
        os.replace(path, aside)
        print(
            f"L'état des solutions était illisible. Il est mis de côté dans {aside.name}, et toutes les solutions sont cachées."
        )
        return {"on": {}, "locked": {}}
