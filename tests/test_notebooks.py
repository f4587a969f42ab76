"""Les carnets : exécutés tels quels dans les deux états, sorties comparées, et les règles de la maison."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

from aurore.atelier.cards import lesson_cards
from aurore.lessons import LESSONS
from aurore.notebooks import kernel_options, reference_environment

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


# nbval lance le noyau lui-même, sans rien demander.
NBVAL = """
import functools, json, sys, nbval.kernel, pytest
nbval.kernel.KernelManager = functools.partial(nbval.kernel.KernelManager, **json.loads(sys.argv.pop(1)))
sys.exit(pytest.main())
"""


@pytest.mark.parametrize("state", ["none", "all"], ids=["apprenant", "solutions"])
def test_runs_and_gives_the_stored_outputs(path, state, tmp_path):
    options = ["--nbval", "-p", "no:cacheprovider", f"--nbval-cell-timeout={SECONDS_PER_NOTEBOOK}", str(path)]
    with tempfile.TemporaryDirectory() as link:
        done = subprocess.run(
            [sys.executable, "-c", NBVAL, json.dumps(kernel_options(Path(link))), *options],
            cwd=ROOT,
            env=os.environ | reference_environment(tmp_path, state),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=5 * SECONDS_PER_NOTEBOOK,  # le noyau et pytest en plus, sur une machine parfois chargée
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


def test_a_cell_says_by_itself_that_its_output_may_vary(notebook):
    """Les sorties sans étiquette sont comparées à chaque essai. Un verdict dépend de la personne, une image des polices."""
    for cell in code_cells(notebook):
        marked = "nbval-ignore-output" in cell.metadata.get("tags", [])
        drawn = "data:image/png" in json.dumps(cell.outputs)
        assert marked or not (drawn or "@exercise" in cell.source), cell.source
        assert cell.outputs or not marked, f"rien à taire ici : {cell.source}"


# --- La durée


def outside_bonus(notebook):
    """Les cellules, chacune avec ce qui en compte dans la durée : son texte sans les passages « bonus », ou rien.

    Un passage va d'un titre qui dit « bonus » au prochain titre de même rang, ou plus haut.
    """
    rank = 0  # celui du titre « bonus » sous lequel on se trouve
    for cell in notebook.cells:
        kept = []
        for line in cell.source.split("\n"):
            heading = re.match(r"(#+) (.*)", line) if cell.cell_type == "markdown" else None
            if heading and (not rank or len(heading[1]) <= rank):
                rank = len(heading[1]) if "bonus" in heading[2].lower() else 0
            if not rank:
                kept.append(line)
        yield cell, "\n".join(kept)


def minutes(notebook, cards):
    """Deux cents mots à la minute, une demi-minute par cellule de code, et les minutes des fiches."""
    total = 0.0
    for cell, kept in outside_bonus(notebook):
        if cell.cell_type == "markdown":
            total += len(kept.split()) / 200
        elif kept:
            total += 0.5 + sum(cards[name].minutes for name in CARD.findall(kept))
    return total


CARD = re.compile(r'@exercise\("([^"]+)"\)')


def test_a_notebook_holds_in_its_minutes(path, notebook):
    lesson = next(lesson for lesson in LESSONS if lesson.path == path)
    assert f"**Ici** | {lesson.minutes} minutes" in notebook.cells[0].source
    assert minutes(notebook, lesson_cards(lesson)) <= lesson.minutes


def test_a_card_is_called_bonus_where_it_does_not_count(path, notebook):
    lesson = next(lesson for lesson in LESSONS if lesson.path == path)
    counted = {name for cell, kept in outside_bonus(notebook) for name in CARD.findall(kept)}
    assert counted == {card.id for card in lesson_cards(lesson).values() if not card.is_bonus}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["# Titre", "un deux trois"], 5 / 200),
        (["# Titre", "## Un BONUS", "rien ne compte", "### Ni ceci", "ni cela", "## De nouveau", "compte"], 6 / 200),
        (["## Bonus\ntexte\n# Titre\nun"], 3 / 200),
        (["# Titre", ("x = 1",), "## Bonus : y", ("y = 2",), "## Fin", ("# Bonus, dit ce commentaire",)], 1 + 4 / 200),
    ],
)
def test_what_stands_under_a_bonus_does_not_count(cells, expected):
    new = nbformat.v4
    notebook = new.new_notebook(
        cells=[new.new_markdown_cell(c) if isinstance(c, str) else new.new_code_cell(c[0]) for c in cells]
    )
    assert minutes(notebook, {}) == pytest.approx(expected)


def test_prose_follows_french_typography(notebook):
    wrong = re.compile(r"[\w»)*`…] [;!?]|[\w»)]\s?(?<![\u00a0\u202f])[!?;](?=\s|$)|« | »|\.\.\.")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]*>", "", cell.source)
            assert not wrong.search(prose), wrong.search(prose).group()
            assert "!" not in re.sub(r"«[^»]*»", "", prose), "pas de point d'exclamation, sauf cité"


def test_a_formula_is_written_in_words_and_code(notebook):
    """Ni LaTeX ni MathJax : les copies à lire (`aurore.handout`) montrent la prose telle quelle, sans rien charger."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL)
            assert not re.search(r"\$[^$\n]+\$|\\[(\[]|\\begin\{", prose), cell.source
