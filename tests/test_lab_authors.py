"""« Est-ce du Sand ? » dans un vrai navigateur : l'épreuve à l'aveugle se répond, et le juge suit ce que l'on colle."""

import os
from pathlib import Path

import pytest
from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

CELLS = (
    "from itertools import islice",
    "readers = {",
    "figures.copy_panel(",
    "suspects.scores_table(",
    "suspects.blind_test(",
    "suspects.listen(",
)


# Un thème suffit ici : chaque essai prend l'un ou l'autre, et les couleurs viennent toutes de `show.py`.
@pytest.mark.parametrize("theme", ["sombre"], indirect=True)
def test_the_room_answers_and_the_judge_listens(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address("09_evaluation"))
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"auteurs-{theme}"
    notebook = Notebook(page, shots)
    notebook.wait_until_idle()
    for source in CELLS:
        page.locator(".jp-CodeCell").filter(has_text=source).locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")

    notebook.cell = page.locator(".jp-CodeCell").filter(has_text="suspects.blind_test(")
    panel = notebook.cell.locator(".jp-OutputArea .widget-vbox").first
    status = panel.get_by_role("status")
    expect(status).to_contain_text("Il reste")
    passages = panel.locator(".widget-toggle-buttons")
    count = passages.count()
    assert count >= 6
    for rank in range(count):
        expect(status).to_contain_text(f"Il reste {count - rank} passage")
        passages.nth(rank).get_by_role("button", name="le réseau").click()
    expect(status).to_contain_text(f"La source exacte : {count // 3} sur {count}")
    expect(status).to_contain_text("au hasard, 33")
    expect(panel).to_contain_text("c'était le livre à l'écart ; vous avez dit le réseau")
    notebook.keep("epreuve")

    notebook.cell = page.locator(".jp-CodeCell").filter(has_text="suspects.listen(")
    panel = notebook.cell.locator(".jp-OutputArea .widget-vbox").first
    expect(panel.locator("table")).to_contain_text("Chance que ce passage soit de George Sand")
    before = panel.locator("caption").inner_text()
    field = panel.get_by_label("passage")
    field.fill("La locomotive haletait ; le mécanicien, noir de charbon, jurait contre la vapeur.")
    field.blur()
    expect(panel.locator("caption")).not_to_have_text(before)
    notebook.keep("juge")

    page.set_viewport_size({"width": 760, "height": 1000})
    assert panel.locator("table").evaluate("node => node.getBoundingClientRect().left") >= 0
    notebook.keep("page-etroite")
    assert errors == []
