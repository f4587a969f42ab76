"""Ce qu'apprennent les lignes d'instructions : les mesures de la leçon 10, telles que `python -m aurore.measures` les a faites.

Elles entraînent un modèle par ligne : on les garde dans `data/instructions/mesures.json`, que le carnet montre aussi. Les
intervalles sont à 95 %.
"""

import json

from aurore import measures
from aurore.widgets import instructions as figures


def run() -> list[tuple[str, list[str], list[tuple]]]:
    """Une table par mesure : sa légende, ses colonnes, ses lignes."""
    tables = [figures.recorded_table(name) for name in measures.MEASURES]
    return [(table.caption, ["", *table.columns[1:]], [tuple(row) for row in table.rows]) for table in tables]


def origin() -> str:
    """La commande qui a fait ces mesures, et la machine."""
    return json.loads(measures.RECORDED.read_text(encoding="utf-8"))["origine"]
