"""Exécuter les carnets dans leur état de référence et ranger leurs sorties : `make notebooks` (LESSON=02 pour un seul).

L'état de référence est celui que les essais comparent : un dossier de travail neuf, le pastiche, le profil d'essai, les
exercices à compléter. Rien de la machine ni du jour n'entre dans un carnet.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tqdm import tqdm
from traitlets.config import Config

from aurore.lessons import LESSONS, Lesson
from aurore.settings import ROOT, AuroreError
from aurore.show import WIDGET_VIEW

CELL_SECONDS = 120
_HOME = "~/aurore"  # le dossier de travail, dans les sorties rangées
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def reference_environment(home: Path, solutions: str = "none") -> dict[str, str]:
    """Les variables de l'état de référence ; `home` est le dossier de travail, neuf."""
    return {
        "AURORE_HOME": str(home),
        "AURORE_CORPUS": "pastiche",
        "AURORE_PROFILE": "test",
        "AURORE_SOLUTIONS": solutions,
        "AURORE_MODEL": "",
        "AURORE_MIRROR": "",
        "AURORE_MEMORY": "",
        "OMP_NUM_THREADS": "1",  # l'ordre des sommes, donc leur dernière décimale, en dépend
        "PYTHONPATH": str(ROOT),
    }


def kernel_options(folder: Path) -> dict[str, str]:
    """De quoi parler à un noyau par des fichiers de `folder`, au chemin court : deux noyaux lancés à la même seconde peuvent
    choisir le même port. Rien sous Windows, qui n'a pas de tels fichiers."""
    return {"transport": "ipc", "connection_file": str(folder / "noyau.json")} if os.name == "posix" else {}


def execute(path: Path) -> None:
    """Exécute un carnet et y range ses sorties ; lève `AuroreError` si une cellule échoue, sans rien écrire."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as link:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            store_widget_state=False,
            config=Config(KernelManager=kernel_options(Path(link))),
        )
        try:
            client.execute(cwd=str(path.parent), env=os.environ | reference_environment(Path(home)))
        except CellExecutionError as error:
            raise AuroreError(f"{path.name} ne s'exécute pas jusqu'au bout. {error}") from error
        _tidy(notebook, home)
    nbformat.write(notebook, path)


def _tidy(notebook: nbformat.NotebookNode, home: str) -> None:
    """Ne garde que ce qui se lit sans noyau et ne dépend pas de la machine."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    for cell in notebook.cells:
        cell.metadata = {key: cell.metadata[key] for key in ("tags",) if key in cell.metadata}
        if cell.cell_type == "code":
            cell.outputs = _tidy_outputs(cell.outputs, home)


def _tidy_outputs(outputs: list[nbformat.NotebookNode], home: str) -> list[nbformat.NotebookNode]:
    """Les sorties d'une cellule : un seul flux par canal qui se suit, rien de vide, aucun dossier de la machine."""
    kept: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            text = output.text.replace(home, _HOME)
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += text
            else:
                kept.append(nbformat.from_dict({**output, "text": text}))
            continue
        data = output.get("data", {})
        data.pop(WIDGET_VIEW, None)
        output.get("metadata", {}).clear()
        for kind, content in data.items():
            data[kind] = content.replace(home, _HOME) if isinstance(content, str) else content
        if any(content != "" for content in data.values()):
            kept.append(output)
    return kept


def chosen(numbers: list[str]) -> list[Lesson]:
    """Les leçons ouvertes que nomment ces numéros ; toutes s'il n'y en a pas."""
    lessons = [lesson for lesson in LESSONS if lesson.is_open]
    known = {f"{lesson.number:02}": lesson for lesson in lessons}
    wrong = [number for number in numbers if number.zfill(2) not in known]
    if wrong:
        raise AuroreError(f"Pas de carnet {', '.join(wrong)}. Numéros possibles : {', '.join(known)}.")
    return [known[number.zfill(2)] for number in numbers] or lessons


def main(numbers: list[str]) -> int:
    """Exécute les carnets demandés, l'un après l'autre."""
    try:
        for lesson in tqdm(chosen(numbers), desc="Carnets", unit="carnet"):
            execute(lesson.path)
    except AuroreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
