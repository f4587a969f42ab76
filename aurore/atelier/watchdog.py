"""Le dernier recours : un calcul en C qui ne rend jamais la main fige tout le noyau, et rien ne peut l'arrêter.

Une expression régulière qui explose, `sum(itertools.count())` : tant que le calcul dure, aucun fil Python n'avance,
pas même celui qui surveille. Le minuteur de `faulthandler`, lui, est en C. Il écrit où en était chaque fil, puis
arrête le noyau, que JupyterLab relance aussitôt. Quand la même réponse revient, la fiche montre la ligne fautive au
lieu de recommencer. Une fois : relancer encore la cellule donne à la réponse une nouvelle chance.
"""

import contextlib
import faulthandler
import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from aurore.atelier import runner, state
from aurore.show import in_a_notebook

# Après le délai des vérifications et la demi-seconde laissée à un fil pour s'arrêter.
SECONDS = runner.SECONDS + 1.5
HINT = (
    "Au dernier essai, cette réponse a figé le noyau, qu'il a fallu relancer. Une expression régulière trop ouverte, "
    "ou un calcul sans fin, en est sans doute la cause. Corrigez-la avant de relancer cette cellule."
)


@contextlib.contextmanager
def guard(identifier: str, function: Callable) -> Iterator[None]:
    """Arrête le noyau si ce qu'il exécute le fige plus de `SECONDS` ; hors d'un carnet, ne fait rien."""
    if not in_a_notebook():
        yield
        return
    try:
        file = _will(identifier)
        file.parent.mkdir(parents=True, exist_ok=True)
        stream = file.open("w", encoding="utf-8")
    except OSError:  # pas de place pour les dernières paroles : on se passe du gardien
        yield
        return
    with stream:
        stream.write(json.dumps(_signature(function)) + "\n")
        stream.flush()
        faulthandler.dump_traceback_later(SECONDS, exit=True, file=stream)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
    file.unlink(missing_ok=True)


def last_words(identifier: str, function: Callable) -> str | None:
    """La ligne où cette même réponse avait figé le noyau ; chaîne vide si on l'ignore, `None` si tout allait bien."""
    file = _will(identifier)
    try:
        first, _, trace = file.read_text(encoding="utf-8").partition("\n")
        left = json.loads(first)
        file.unlink()
    except (OSError, ValueError):
        return None
    now = _signature(function)
    if "Timeout" not in trace or not isinstance(left, dict) or left.get("source") != now["source"]:
        return None
    found = re.search(rf'File "{re.escape(str(left.get("file")))}", line (\d+)', trace)
    if not found:
        return ""
    offset = int(found[1]) - int(left["line"])
    return runner.where(now["file"], now["line"] + offset)


def _will(identifier: str) -> Path:
    return state.path(f"{identifier}.essai")


def _signature(function: Callable) -> dict:
    """De quoi reconnaître une réponse, et retrouver ses lignes dans une trace."""
    try:
        lines, first = inspect.getsourcelines(function)
        return {"source": "".join(lines), "file": inspect.getfile(function), "line": first}
    except (OSError, TypeError):
        return {"source": repr(function), "file": "", "line": 0}
