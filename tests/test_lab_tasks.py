"""« Sand ou pas Sand ? » dans un vrai navigateur : on change le texte, et la réponse suit."""

import os
from pathlib import Path

import pytest
from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

# Le panneau seul, dans la première cellule de code : la leçon a bien d'autres cellules, qui apprennent.
CELL = """from aurore.widgets import tasks as figures
figures.sand_panel("Le soir tombait sur la vallée, et la petite Marie ramenait ses brebis.")"""
HOSTILE = '<img src=x onerror="document.title=1"> <b>Landry</b> dort.'


# Un thème suffit ici : les couleurs viennent toutes de `show.py`, que les autres essais montrent dans les deux.
@pytest.mark.parametrize("theme", ["sombre"], indirect=True)
def test_the_answer_follows_the_text(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address("12_taches"))
    notebook = Notebook(page, Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"taches-{theme}")
    notebook.wait_until_idle()
    notebook.cell = page.locator(".jp-CodeCell").first
    notebook.write(CELL)
    panel = notebook.cell.locator(".jp-OutputArea .widget-vbox").first
    table, field = panel.locator("table"), panel.get_by_label("texte")
    expect(table).to_contain_text("la petite Marie")
    expect(table).to_contain_text("%")
    notebook.keep("depart")

    field.fill(HOSTILE)
    field.press("Tab")  # le texte part quand on quitte le champ
    expect(table).to_contain_text("<b>Landry</b> dort.")
    expect(table).not_to_contain_text("la petite Marie")
    assert panel.locator("img, table b").count() == 0 and page.title() != "1"

    page.set_viewport_size({"width": 760, "height": 1000})
    assert table.evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
    assert errors == []
