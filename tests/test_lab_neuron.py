"""Les curseurs de « Chien ou chat ? » dans un vrai navigateur : page large et étroite, thème clair et sombre."""

import os
from pathlib import Path

from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures


def test_the_sliders_separate_dogs_from_cats(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    page.goto(server.address("03_neurone"))
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"neurone-{theme}"
    notebook = Notebook(page, shots)
    notebook.wait_until_idle()
    assert page.evaluate("document.body.dataset.jpThemeLight") == ("true" if theme == "clair" else "false")

    notebook.cell = page.locator(".jp-CodeCell").filter(has_text="figures.animals_plate(")
    for sources in ("import copy", "kennel = neuron.animals("):
        page.locator(".jp-CodeCell").filter(has_text=sources).locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
    figure = notebook.cell.locator("figure")
    expect(figure).to_contain_text("13 erreurs sur 40")
    notebook.keep("depart")

    handles = notebook.cell.get_by_role("slider")
    expect(handles).to_have_count(3)
    for rank, key, steps in ((0, "ArrowRight", 6), (1, "ArrowRight", 2), (2, "ArrowLeft", 24)):
        for _ in range(steps):
            handles.nth(rank).press(key)
    expect(figure).to_contain_text("z = 4 × taille + 1 × museau − 15")
    expect(figure).to_contain_text("0 erreur sur 40")
    notebook.keep("separes")

    page.set_viewport_size({"width": 760, "height": 1000})
    expect(handles.nth(2)).to_be_visible()
    # La figure défile dans son cadre ; son texte, lui, tient dans la page.
    box = figure.locator("div").first
    assert box.evaluate("node => node.scrollWidth <= node.clientWidth || getComputedStyle(node).overflowX === 'auto'")
    assert figure.locator("figcaption").evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
