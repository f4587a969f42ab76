"""Lance toutes les mesures et écrit `RESULTS.md`, datées, avec la machine."""

import datetime
import os
import platform

from aurore import settings
from aurore.storage import write_atomic
from benchmarks import cleaning


def main() -> None:
    lines = [
        "# Mesures",
        "",
        f"Refaites le {datetime.date.today():%d/%m/%Y} par `make bench`, sur {os.cpu_count()} cœurs "
        f"({platform.machine()}, Python {platform.python_version()}). Les machines sont partagées : lisez les rapports.",
        "",
        "## Nettoyage et découpage en phrases (`benchmarks/cleaning.py`)",
        "",
        "| mesure | valeur | à comparer à |",
        "|---|---|---|",
        *(f"| {name} | {value} | {peer} |" for name, value, peer in cleaning.run()),
        "",
    ]
    write_atomic(settings.ROOT / "benchmarks" / "RESULTS.md", "\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
