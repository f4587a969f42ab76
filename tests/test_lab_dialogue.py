"""La conversation dans un vrai navigateur : on parle, on corrige, on efface, on change de séance, on oublie."""

import os
from pathlib import Path

from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

LESSON = "11_dialogue"
HOSTILE = "<img src=x onerror=\"document.title='pris'\"> <b>gras</b> 🦆"
# Une conversation simulée, dans la première cellule de code : rien à charger, et la même page.
CELL = """from aurore import dialogue
from aurore.widgets import dialogue as figures
figures.chat(dialogue.Dialogue(dialogue.MockLLM(), dialogue.ListMemory()), "ana")"""


def test_the_conversation_and_its_memory(theme, server, page):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.address(LESSON))
    notebook = Notebook(page, Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"dialogue-{theme}")
    notebook.wait_until_idle()
    notebook.cell = page.locator(".jp-CodeCell").first
    notebook.write(CELL)
    figure = notebook.cell.get_by_role("group", name="Le dialogue")
    log, kept = figure.get_by_role("log"), figure.get_by_role("list", name="Messages gardés")
    field = figure.get_by_label("Votre message")

    def say(text, said):
        field.fill(text)
        field.press("Enter")
        expect(kept.get_by_role("listitem")).to_have_count(said)
        expect(figure.get_by_role("status")).to_be_empty()

    # Parler : la réponse vient, et la mémoire la montre ; ce qui est tapé reste du texte.
    say("Je m'appelle Ana.", 2)
    say("Comment est-ce que je m'appelle ?", 4)
    expect(log).to_contain_text("Vous vous appelez Ana.")
    expect(figure.get_by_role("list", name="Préférences gardées")).to_contain_text("prénom : Ana")
    say(HOSTILE, 6)
    expect(log).to_contain_text(HOSTILE)
    assert figure.locator("img, b").count() == 0 and page.title() != "pris"
    notebook.keep("parle")

    # Corriger et effacer, au clavier comme à la souris.
    figure.get_by_role("button", name="Corriger le message 1", exact=True).click()
    figure.get_by_label("Texte du message 1", exact=True).fill("Je m'appelle Léo.")
    figure.get_by_role("button", name="Garder la correction du message 1", exact=True).press("Enter")
    expect(kept).to_contain_text("Je m'appelle Léo.")
    figure.get_by_role("button", name="Effacer le message 5", exact=True).click()
    expect(kept.get_by_role("listitem")).to_have_count(5)
    figure.get_by_role("button", name="Exporter").click()
    expect(figure.get_by_label("Export", exact=True)).to_contain_text('"content": "Je m\'appelle Léo."')
    notebook.keep("corrige")

    # Une autre séance est vide ; un nom interdit se dit ; tout oublier vide tout.
    session = figure.get_by_label("Séance")
    session.fill("bob")
    session.press("Enter")
    expect(kept.get_by_role("listitem")).to_have_count(0)
    session.fill("a/")
    session.press("Enter")
    expect(figure.get_by_role("alert")).to_contain_text("Un nom de séance")
    session.fill("ana")
    session.press("Enter")
    expect(kept.get_by_role("listitem")).to_have_count(5)
    figure.get_by_role("button", name="Tout oublier").click()
    figure.get_by_role("button", name="Oui, tout oublier").click()
    expect(kept.get_by_role("listitem")).to_have_count(0)
    expect(log).to_be_empty()
    page.set_viewport_size({"width": 760, "height": 1000})
    assert figure.evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")
    assert errors == []
