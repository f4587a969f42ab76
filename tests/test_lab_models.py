"""Les panneaux de la leçon 06 dans un vrai navigateur : on garde une langue, on trie, on change de modèle ; large puis étroit."""

import os
from pathlib import Path

from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

SETUP, CATALOGUE, LAYERS = "from aurore import catalogue", "figures.catalogue_panel()", "figures.layers_panel()"


def test_the_catalogue_is_sorted_and_a_model_is_opened(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address("06_modeles"))
    notebook = Notebook(page, Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"models-{theme}")
    notebook.wait_until_idle()

    def launch(source):
        cell = page.locator(".jp-CodeCell").filter(has_text=source)
        cell.locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
        return cell

    def names():
        return notebook.cell.locator("tbody tr > :first-child").all_inner_texts()

    launch(SETUP)
    notebook.cell = launch(CATALOGUE)
    notebook.cell.get_by_label("langue").select_option("français")
    expect(notebook.cell).to_contain_text("« gpt2 » : 4 réponses ; langue : français")
    expect(notebook.cell.locator("tbody tr")).to_have_count(4)
    by_name = names()
    notebook.cell.get_by_label("ordre").select_option("par poids")
    expect(notebook.cell).to_contain_text("par poids ; poids en millions")
    assert sorted(names()) == by_name != names()
    notebook.keep("francais-par-poids")

    notebook.cell = launch(LAYERS)
    model = notebook.cell.get_by_label("modèle")
    model.focus()
    page.keyboard.press("ArrowDown")  # JupyterLab la prendrait pour passer à la cellule suivante : voir labconfig
    expect(model).to_be_focused()
    expect(notebook.cell).not_to_contain_text("124 439 808")
    page.keyboard.press("ArrowUp")
    expect(notebook.cell).to_contain_text("124 439 808")
    model.select_option("openai-community/gpt2-medium")
    expect(notebook.cell).to_contain_text("354 823 168")
    expect(notebook.cell).not_to_contain_text("124 439 808")
    page.set_viewport_size({"width": 760, "height": 1000})
    around = notebook.cell.locator("table").locator("xpath=..")  # à l'étroit, le tableau défile dans son cadre
    assert around.evaluate("node => getComputedStyle(node).overflowX") == "auto"
    assert around.evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
    assert errors == []
