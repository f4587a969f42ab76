"""Le pupitre dans un vrai navigateur : on écrit, on arrête, on tape, on bouge un réglage, on presse une barre, on revient."""

import os
import re
from pathlib import Path

import pytest
from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

LESSON = "08_generation"


# Un thème suffit ici : chaque essai prend l'un ou l'autre, et les couleurs viennent toutes de `show.py`.
@pytest.mark.parametrize("theme", ["clair"], indirect=True)
def test_the_desk_writes_stops_and_follows(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address(LESSON))
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"generation-{theme}"
    notebook = Notebook(page, shots)
    notebook.wait_until_idle()
    for source in ("import torch", "pair = {"):
        page.locator(".jp-CodeCell").filter(has_text=source).locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
    notebook.cell = page.locator(".jp-CodeCell").filter(has_text="pair = {")
    figure = notebook.cell.get_by_role("group", name="Le pupitre")
    texts = figure.get_by_role("group", name=re.compile("^Texte de"))
    bars = figure.get_by_role("group", name=re.compile("^Token suivant")).first
    tokens, first = texts.first.get_by_role("button"), texts.first
    expect(tokens).to_have_count(24)
    notebook.keep("depart")

    # Écrire : le texte s'allonge tout seul, jusqu'à ce qu'on l'arrête.
    figure.get_by_role("button", name="Écrire").click()
    expect(tokens.nth(30)).to_be_attached()
    figure.get_by_role("button", name="Arrêter").click()
    expect(figure.get_by_role("status")).to_be_empty()
    page.wait_for_function("node => node.dataset.running === undefined", arg=figure.element_handle())
    notebook.keep("arrete")
    assert settled(page, tokens) < 80, "il s'est arrêté avant sa longueur"

    # Revenir au départ : où il s'arrête dépend de l'instant, et la suite d'un token presque certain ne bouge pas.
    stopped = 24
    tokens.nth(stopped).click()
    expect(tokens).to_have_count(stopped)

    # Bouger : au clavier, la température monte ; les barres changent, le texte non.
    written, before = first.inner_text(), bars.inner_text()
    slider = notebook.cell.get_by_role("slider").first
    slider.focus()
    delays = moves(page, bars, 8)
    assert len(delays) == 8, "chaque pas du curseur redessine"
    (shots / "latence.txt").write_text(f"du clavier aux barres, en ms : {sorted(delays)}\n", encoding="utf-8")
    assert bars.inner_text() != before and first.inner_text() == written
    notebook.keep("temperature")

    # Choisir : la barre pressée est écrite. Revenir : le texte reprend à ce token.
    second = bars.get_by_role("button").nth(1)
    word = second.locator(".word").inner_text()
    second.click()
    expect(tokens).to_have_count(stopped + 1)
    assert tokens.last.inner_text().split("\n")[0].strip().startswith(word.strip("␣¶"))
    tokens.nth(5).click()
    expect(tokens).to_have_count(5)
    figure.get_by_role("button", name="Un token").click()
    expect(tokens).to_have_count(6)

    # Le mode glouton éteint ce qui ne sert qu'au tirage.
    notebook.cell.get_by_label("Mode").select_option("glouton")
    expect(bars).to_contain_text("100,0")
    notebook.keep("glouton")

    # Taper : une amorce neuve, du balisage, rien ; puis jusqu'au bout.
    field = notebook.cell.get_by_label("Amorce")
    for typed in ("<b>La meunière</b> <|endoftext|>", "🦆", ""):
        field.fill(typed)
        field.press("Enter")
        expect(texts.first.locator(".prompt")).to_have_text(typed)
        expect(tokens).to_have_count(0)
    expect(figure.locator("b")).to_have_count(0)
    figure.get_by_role("button", name="Écrire").click()
    expect(figure.get_by_role("status")).to_have_text("Fini.")
    expect(figure.get_by_role("alert")).to_be_empty()
    notebook.keep("fini")

    page.set_viewport_size({"width": 760, "height": 1000})
    assert figure.evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
    assert errors == []


def moves(page, bars, times):  # noqa: F811
    """Pousse le curseur choisi, pas à pas ; rend, pour chaque pas, les millisecondes entre la touche et les barres neuves."""
    bars.evaluate(
        """node => {
        window.delays = [];
        document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
        new MutationObserver(() => {
            if (window.pressed) window.delays.push(Math.round(performance.now() - window.pressed));
            window.pressed = 0;
        }).observe(node, { childList: true });
    }"""
    )
    for rank in range(times):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("rank => window.delays.length > rank", arg=rank)
    return page.evaluate("() => window.delays")


def settled(page, tokens):  # noqa: F811
    """Le nombre de tokens, une fois arrivé celui que le noyau calculait encore."""
    count = -1
    while count != tokens.count():
        count = tokens.count()
        page.wait_for_function(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        )
        page.get_by_text(re.compile(r"\| Inactif$")).wait_for(timeout=PATIENCE)
    return count
