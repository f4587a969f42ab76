"""Ce que l'atelier retient d'une séance à l'autre, dans `AURORE_HOME/state` : un petit fichier JSON par sujet.

Un fichier abîmé ou illisible ne bloque jamais personne : il est mis de côté, on le dit, et l'on repart de rien.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import filelock

from aurore import settings
from aurore.storage import set_aside, write_atomic

TURN_SECONDS = 2.0  # passé ce délai, on écrit quand même : une cellule n'attend pas un noyau figé
_unreadable: set[Path] = set()  # ce que l'on a déjà dit


def path(name: str) -> Path:
    """L'emplacement d'un fichier d'état."""
    return settings.home() / "state" / name


def load(name: str, parse: Callable[[Any], dict], loss: str) -> dict:
    """L'état enregistré, passé par `parse` ; `parse({})` donne l'état vide.

    `parse` lève ValueError, KeyError, TypeError ou AttributeError devant un contenu qui n'est pas le sien. Le
    fichier est alors renommé en « .abime », et une phrase dit `loss`, ce que cela fait perdre.
    """
    file = path(name)
    try:
        return parse(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else parse({})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        with contextlib.suppress(OSError):
            aside = set_aside(file, file.with_name(f"{name}.abime"))
            print(f"Le fichier {name} était illisible. Il est mis de côté sous le nom {aside.name} : {loss}.")
            return parse({})
    except OSError:
        pass
    if file not in _unreadable:
        _unreadable.add(file)
        print(f"Le fichier {file} ne peut pas être lu : {loss}.")
    return parse({})


def update(name: str, parse: Callable[[Any], dict], loss: str, change: Callable[[dict], dict]) -> None:
    """Relit l'état, le change et l'enregistre, sans qu'un autre noyau puisse écrire entre les deux."""
    with _turn():
        known = load(name, parse, loss)
        wanted = change(known)
        if wanted != known:
            save(name, wanted)


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """Attend son tour d'écrire ; là où rien ne permet de le savoir, s'en passe."""
    lock = filelock.FileLock(path(".verrou"), timeout=TURN_SECONDS)
    with contextlib.suppress(OSError, NotImplementedError):  # le délai passé est une OSError aussi
        path("").mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def save(name: str, content: dict) -> None:
    """Enregistre l'état d'un seul coup : l'ancien ou le nouveau, jamais la moitié."""
    write_atomic(path(name), json.dumps(content, ensure_ascii=False, indent=1))
