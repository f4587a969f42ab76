"""« Est-ce qu'il recopie ? » dans un vrai navigateur : on choisit un passage, on colle le sien, on règle la longueur."""

import os
import re
from pathlib import Path

import pytest
from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

CELLS = ("from itertools import islice", "readers = {", "figures.copy_panel(")


# Un thème suffit ici : chaque essai prend l'un ou l'autre, et les couleurs viennent toutes de `show.py`.
@pytest.mark.parametrize("theme", ["sombre"], indirect=True)
def test_a_copy_is_looked_for_as_one_types(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address("09_evaluation"))
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"evaluation-{theme}"
    notebook = Notebook(page, shots)
    notebook.wait_until_idle()
    for source in CELLS:  # l'une après l'autre : sur une machine chargée, chacune prend son temps
        cell = page.locator(".jp-CodeCell").filter(has_text=source).first
        cell.locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
    notebook.cell = page.locator(".jp-CodeCell").filter(has_text="figures.copy_panel(")
    panel = notebook.cell.locator(".jp-OutputArea .widget-vbox").first
    figure = panel.get_by_label("Est-ce qu'il recopie")
    expect(figure.locator("mark").first).to_be_visible()  # le témoin : la copie glissée se voit
    expect(figure).to_contain_text("Plus long morceau recopié")
    notebook.keep("temoin")

    figure.get_by_text("Ce qui les entoure, dans les livres").click()
    expect(figure.locator("details li strong").first).to_be_visible()
    copied = figure.locator("mark").first.inner_text()

    panel.get_by_label("Passage", exact=True).select_option("Sand, à l'écart")
    expect(figure).to_contain_text("suites de quatre mots")
    expect(figure.locator("p").first).not_to_contain_text(copied)
    notebook.keep("a-l-ecart")

    field = panel.get_by_label("ou votre texte")
    field.fill("<b>Wagons</b>, kolkhozes, whisky")
    expect(figure).to_contain_text("Aucun morceau de 20 caractères")
    expect(figure.locator("p").first).to_contain_text("<b>Wagons</b>")
    field.fill(f"Il rêvait. {copied.strip()} Puis rien.")
    expect(figure.locator("mark").first).to_contain_text(copied.strip())
    slider = panel.get_by_role("slider")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(panel.locator(".widget-readout")).to_have_text("10")
    expect(figure.locator("mark").first).to_be_visible()
    notebook.keep("colle")

    page.set_viewport_size({"width": 760, "height": 1000})
    assert figure.evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
    assert errors == []
