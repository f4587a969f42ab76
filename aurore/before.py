"""Avant d'installer : ce Python, ce dossier et ce disque suffisent-ils ? La bibliothèque standard seule, rien n'étant encore là.

« python -m aurore.before » se tait si tout va bien. « --after » explique une installation que pip n'a pas finie. Un Python trop
vieux ne vient pas jusqu'ici : `aurore/__init__.py` l'arrête, d'une phrase.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

from aurore import settings
from aurore.settings import AuroreError
from aurore.show import french_number
from aurore.storage import is_writable

NEEDED = 4 * 10**9  # octets : l'environnement en prend 2,7 milliards, ce que pip déballe s'y ajoute
NEWEST = (3, 13)  # le plus récent avec lequel l'atelier est éprouvé : un plus neuf n'a pas toujours ses paquets
FULL = 100_000_000  # octets : en dessous, c'est la place qui a manqué


def check(folder: Path) -> None:
    """Lève `AuroreError` si l'environnement ne pourrait pas se faire dans ce dossier ; s'il y est déjà, la place est prise."""
    if not is_writable(folder):
        raise AuroreError(
            f"Rien ne peut être écrit dans {folder}, et l'environnement s'y installe. Copiez le dossier de l'atelier dans un dossier à vous, puis relancez la commande de là."
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise AuroreError(
            "Ce Python ne sait pas faire d'environnement. Sous Debian et Ubuntu : « sudo apt install python3-venv », puis relancez la commande."
        )
    free = shutil.disk_usage(folder).free
    if free < NEEDED and not (folder / ".venv").exists():
        raise AuroreError(
            f"Il reste {french_number(free / 1e9, 1)} Go sur ce disque, et l'installation en demande {french_number(NEEDED / 1e9)}. Libérez de la place, ou copiez le dossier de l'atelier sur un autre disque."
        )


def explain(folder: Path) -> str:
    """Pourquoi pip s'est arrêté, autant que la machine le dit, et comment reprendre."""
    again = "Relancez ensuite la même commande : elle reprend où elle s'est arrêtée."
    if shutil.disk_usage(folder).free < FULL:
        return (
            f"L'installation n'est pas finie : le disque est plein. Libérez {french_number(NEEDED / 1e9)} Go. {again}"
        )
    if sys.version_info[:2] > NEWEST:
        tried = "3.11 à {}.{}".format(*NEWEST)
        return f"L'installation n'est pas finie : ce Python est plus récent que ceux de l'atelier ({tried}), et des paquets lui manquent peut-être. Installez l'un d'eux, effacez « .venv », puis « make venv PYTHON=python3.11 »."
    return (
        "L'installation n'est pas finie ; pip dit pourquoi au-dessus. Le plus souvent, le réseau manque, ou un proxy est à nommer : "
        f"« export HTTPS_PROXY=http://adresse:port » (Windows : « set HTTPS_PROXY=… »). {again}"
    )


def main(arguments: list[str]) -> int:
    """Rend 1 et dit une phrase s'il y a un obstacle, ou si l'on vient d'en rencontrer un."""
    try:
        check(settings.ROOT)
    except AuroreError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments == ["--after"]:
        print(explain(settings.ROOT), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
