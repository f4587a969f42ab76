"""La phrase suivie d'un bout à l'autre, dans un vrai navigateur : on clique, on tape, on se trompe ; clair, sombre, étroit."""

import os
from pathlib import Path

from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

CELLS = ("import torch", "ours = gpt.GPT.from_folder(", "sentence_trace(ours")


def test_a_sentence_is_followed_and_opened(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address("05_gpt"))
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"gpt-{theme}"
    notebook = Notebook(page, shots)
    notebook.wait_until_idle()
    for source in CELLS:
        page.locator(".jp-CodeCell").filter(has_text=source).locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
    notebook.cell = page.locator(".jp-CodeCell").filter(has_text="sentence_trace(ours")
    figure = notebook.cell.get_by_role("group", name="Une phrase d'un bout à l'autre du réseau")
    expect(figure).to_contain_text("Le vecteur de « ␣jardin », de bloc en bloc")
    notebook.keep("depart")

    # Au clavier : un token, puis une tête ; ce qui est ouvert est dit, et le clavier reste où il était.
    token = figure.get_by_role("button", name="␣elle, rang 3")
    token.focus()
    page.keyboard.press("Enter")
    expect(token).to_have_attribute("aria-pressed", "true")
    expect(token).to_be_focused()
    expect(figure).to_contain_text("Le vecteur de « ␣elle », de bloc en bloc")
    head = figure.get_by_role("button", name="bloc 2, tête 1 : regarde surtout")
    head.click()
    expect(head).to_have_attribute("aria-pressed", "true")
    notebook.keep("ouvert")

    field = figure.get_by_label("Votre phrase")
    field.fill("Il pleut sur la ville")
    expect(figure).to_contain_text("Le vecteur de « ␣ville », de bloc en bloc")
    field.fill("")
    expect(figure.get_by_role("alert")).to_contain_text("de 1 à 24 tokens")
    expect(figure).to_contain_text("␣ville")
    field.fill("<b>Le moulin</b>")
    expect(figure.get_by_role("alert")).to_be_empty()
    expect(figure.locator("b")).to_have_count(0)

    page.set_viewport_size({"width": 760, "height": 1000})
    assert figure.evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
    assert errors == []
