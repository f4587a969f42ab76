"""Où en est chaque exercice : le dernier verdict de chacun, gardé d'une séance à l'autre.

C'est ce que lisent `python -m aurore exercises` et `python -m aurore solutions status`.
"""

import contextlib
from collections.abc import Iterable

from aurore.atelier import state
from aurore.atelier.cards import Card
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID, Verdict

FILE = "progress.json"
_LOSS = "les exercices déjà faits y étaient notés, relancez leurs cellules"


def record(identifier: str, verdict: Verdict) -> None:
    """Retient un verdict. Un disque plein ou en lecture seule n'empêche pas de continuer la leçon."""
    found = {"status": verdict.status, "check": verdict.check}
    with contextlib.suppress(OSError):
        state.update(FILE, _parse, _LOSS, lambda known: known | {identifier: found})


def statuses() -> dict[str, str]:
    """Le dernier état de chaque exercice déjà tenté, en clair : « validé », « presque (la propriété qui manque) »…"""
    return {
        name: found["status"] + (f" ({found['check']})" if found["check"] else "") for name, found in _read().items()
    }


def remaining(cards: Iterable[Card]) -> list[Card]:
    """Les exercices qui ne sont pas encore validés."""
    known = _read()
    return [card for card in cards if known.get(card.id, {}).get("status") != VALID]


def _read() -> dict[str, dict[str, str]]:
    return state.load(FILE, _parse, _LOSS)


def _parse(content: dict) -> dict[str, dict[str, str]]:
    known = {str(name): {"status": found["status"], "check": str(found["check"])} for name, found in content.items()}
    if not {found["status"] for found in known.values()} <= {TODO, VALID, ALMOST, SOLUTION}:
        raise ValueError("état d'exercice inconnu")
    return known
