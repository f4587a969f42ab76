"""Les carnets : exécutés tels quels dans les deux états, sorties comparées, et les règles de la maison."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

from aurore.atelier.cards import lesson_cards
from aurore.lessons import LESSONS
from aurore.notebooks import reference_environment

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS_PER_NOTEBOOK = 60


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("state", ["none", "all"], ids=["apprenant", "solutions"])
def test_runs_and_gives_the_stored_outputs(path, state, tmp_path):
    environment = os.environ | reference_environment(tmp_path, state)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-p",
        "no:cacheprovider",
        f"--nbval-cell-timeout={SECONDS_PER_NOTEBOOK}",
        str(path),
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=2 * SECONDS_PER_NOTEBOOK,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_exercise_exists_and_every_card_has_its_cell(path, notebook):
    lesson = next(lesson for lesson in LESSONS if lesson.path == path)
    used = re.findall(r'@exercise\("([^"]+)"\)', "\n".join(cell.source for cell in code_cells(notebook)))
    assert used == list(lesson_cards(lesson))


def test_opens_with_the_road_map_and_closes_with_recap_and_quiz(notebook):
    first, *_, last = notebook.cells
    assert first.source.startswith("# ") and "Vous êtes ici" in first.source
    assert re.search(r"\d+ minutes", first.source)
    for heading in ("Avant", "Ici", "Il vous faut", "Vous aurez", "Après"):
        assert f"**{heading}**" in first.source
    tail = [cell.source for cell in notebook.cells[-6:]]
    assert any("## Récapitulation" in source for source in tail)
    assert any("quiz(" in source for source in tail) and any("summary(" in source for source in tail)
    assert "La suite" in last.source


def test_code_cells_are_short(notebook):
    assert [cell.source for cell in code_cells(notebook) if len(cell.source.splitlines()) > 15] == []


def test_every_image_has_an_alternative_text(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "image/png" not in data, "une figure passe par Plate, qui porte son texte"
            for image in re.findall(r"<img[^>]*>", data.get("text/html", "")):
                assert re.search(r"alt='[^']{20,}'", image)
        for image in re.findall(r"!\[([^\]]*)\]\(", cell.source):
            assert len(image) > 10


def test_stored_outputs_hold_no_error_and_no_machine_path(notebook):
    for cell in code_cells(notebook):
        assert all(output.output_type != "error" for output in cell.outputs), cell.source
        text = json.dumps(cell.outputs, ensure_ascii=False)
        assert not re.search(r"/(?:root|home|work|tmp|Users)/|[A-Z]:\\\\", text), cell.source


def test_metadata_is_clean(notebook):
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}
        assert set(cell.metadata.get("tags", [])) <= {"nbval-ignore-output"}


# L'état des exercices, une image, et pour finir ce que disent cette machine ou un modèle que l'on peut changer.
UNSTABLE = re.compile(
    r"@exercise|summary\(|_plate\(|verdict_table\(|open_model\(|stream\(|marks_table\(|choices_table\("
)


def test_ignored_outputs_are_few_and_only_where_they_cannot_be_the_same_everywhere(notebook):
    for cell in code_cells(notebook):
        marked = "nbval-ignore-output" in cell.metadata.get("tags", [])
        assert marked == bool(UNSTABLE.search(cell.source)), cell.source


def test_prose_follows_french_typography(notebook):
    wrong = re.compile(r"[\w»)*`…] [;!?]|[\w»)]\s?(?<![\u00a0\u202f])[!?;](?=\s|$)|« | »|\.\.\.")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]*>", "", cell.source)
            assert not wrong.search(prose), wrong.search(prose).group()
            assert "!" not in re.sub(r"«[^»]*»", "", prose), "pas de point d'exclamation, sauf cité"
