"""Lance toutes les mesures et écrit `RESULTS.md`, datées, avec la machine."""

import datetime
import os
import platform
import sys
import tempfile
from pathlib import Path

from aurore import settings
from aurore.storage import write_atomic
from benchmarks import cleaning, language


def main() -> int:
    if not Path(settings.mirror() or "rien").is_dir():
        print("Rien n'est mesuré : indiquez un dossier de livres avec AURORE_MIRROR.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as home:
        os.environ["AURORE_HOME"] = home
        lines = [*_header(), *_cleaning(), *_language()]
    write_atomic(settings.ROOT / "benchmarks" / "RESULTS.md", "\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


def _header() -> list[str]:
    return [
        "# Mesures",
        "",
        f"Refaites le {datetime.date.today():%d/%m/%Y} par `make bench`, sur {os.cpu_count()} cœurs "
        f"({platform.machine()}, Python {platform.python_version()}). Les machines sont partagées : lisez les rapports.",
        "",
    ]


def _cleaning() -> list[str]:
    rows = _table(["mesure", "valeur", "à comparer à"], cleaning.run())
    return ["## Nettoyage et découpage en phrases (`benchmarks/cleaning.py`)", "", *rows, ""]


def _language() -> list[str]:
    """Ce que valent les modèles embarqués, livre par livre, puis ce qu'ils écrivent."""
    folders = language.embedded_models()
    columns = ["livre jamais appris", "xz", "5-gramme", *(folder.name for folder in folders)]
    lines = ["## Bits par caractère (`benchmarks/language.py`)", "", *_table(columns, language.run()), ""]
    for folder in folders:
        found = language.samples(folder)
        lines += [
            f"## Vingt passages de {folder.name} (`benchmarks/language.py`)",
            "",
            *_table(*language.summary(found)),
            "",
        ]
    return lines


def _table(columns: list[str], rows: list) -> list[str]:
    cells = [columns, ["---"] * len(columns), *rows]
    return ["| " + " | ".join(map(str, row)) + " |" for row in cells]


if __name__ == "__main__":
    raise SystemExit(main())
