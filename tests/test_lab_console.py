"""La salle dans un vrai laboratoire : une erreur arrive sur la console par son nom, et la solution qu'on y ouvre s'ouvre sur la fiche."""

import os
import re
import threading

import nbformat
import pytest
from test_console import CARDS
from test_lab import NAME, PATIENCE, WRONG, Server, find_chromium, hint_for, wait_until_idle
from waitress.server import create_server

from aurore import console
from aurore.atelier.room import sentences
from aurore.console.store import Store


@pytest.fixture
def room_and_lab(tmp_path):
    store = Store(tmp_path / "console.sqlite")
    web = create_server(
        console.create_app(store, "le-jeton", CARDS), host="127.0.0.1", port=0, **console.server_options()
    )
    threading.Thread(target=web.run, daemon=True).start()
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell("from aurore.atelier import exercise"), nbformat.v4.new_code_cell(WRONG)]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (tmp_path / "carnets").mkdir()
    nbformat.write(book, tmp_path / "carnets" / "salle.ipynb")
    environment = {
        **os.environ,
        "AURORE_HOME": str(tmp_path / "travail"),
        "AURORE_CORPUS": "pastiche",
        "AURORE_CONSOLE": f"http://127.0.0.1:{web.effective_port}",
        "AURORE_PSEUDO": "Consuelo",
    }
    lab = Server(tmp_path / "carnets", environment)
    yield store, lab
    lab.close()
    web.close()
    store.close()


def test_a_mistake_reaches_the_console_and_its_solution_opens_on_the_card(room_and_lab):
    from playwright.sync_api import expect, sync_playwright

    store, lab = room_and_lab
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.goto(lab.address("salle"))
        wait_until_idle(page)  # avant, le laboratoire demanderait quel noyau prendre
        page.get_by_role("menuitem", name="Exécution", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Exécuter toutes les cellules")).click()
        expect(page.get_by_text("Vous êtes « Consuelo » sur la console de la salle")).to_be_visible()
        button = page.get_by_role("button", name="Solution cachée")
        expect(button).to_be_disabled()
        (trouble,) = store.troubles()
        assert trouble.exercise == NAME and trouble.people == ("Consuelo",)
        assert trouble.mistake == (hint_for(WRONG) if hint_for(WRONG) in sentences("corpus") else "")
        card = page.locator("section[aria-label^='Exercice']")
        expect(card).to_contain_text("La solution est cachée pour l'instant")
        store.open([NAME], True)
        expect(page.get_by_role("button", name="Prendre la solution")).to_be_enabled()
        expect(card).to_contain_text("Voir la solution")
        browser.close()
