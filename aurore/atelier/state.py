"""Ce que l'atelier retient d'une séance à l'autre, dans `AURORE_HOME/state` : un petit fichier JSON par sujet.

Un fichier abîmé ne bloque jamais personne : il est mis de côté, on le dit, et l'on repart de rien.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aurore import settings
from aurore.storage import write_atomic


def path(name: str) -> Path:
    """L'emplacement d'un fichier d'état."""
    return settings.home() / "state" / name


def load(name: str, parse: Callable[[Any], dict], loss: str) -> dict:
    """L'état enregistré, passé par `parse` ; `parse({})` donne l'état vide.

    `parse` lève ValueError, KeyError, TypeError ou AttributeError devant un contenu qui n'est pas le sien. Le
    fichier est alors renommé en « .abime », et une phrase dit `loss`, ce que cela fait perdre.
    """
    file = path(name)
    if not file.is_file():
        return parse({})
    try:
        return parse(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        aside = file.with_name(f"{name}.abime")
        os.replace(file, aside)
        print(f"Le fichier {name} était illisible. Il est mis de côté sous le nom {aside.name} : {loss}.")
        return parse({})


def save(name: str, content: dict) -> None:
    """Enregistre l'état d'un seul coup : l'ancien ou le nouveau, jamais la moitié."""
    write_atomic(path(name), json.dumps(content, ensure_ascii=False, indent=1))
