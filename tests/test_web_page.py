"""La page web dans un vrai navigateur : taper, générer, arrêter, changer de modèle, parler ; avec et sans JavaScript, large et
étroite, claire et sombre. axe-core (tests/vendor) y cherche ce qui gênerait une personne."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from test_lab import PATIENCE, find_chromium

AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
PAGES = ("", "generate", "chat", "entrer", "nulle-part")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """`python -m aurore serve`, tel qu'une personne le lance."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "AURORE_HOME": str(tmp_path_factory.mktemp("page")),
        "AURORE_CORPUS": "pastiche",
        "HF_HUB_OFFLINE": "1",
    }
    command = [sys.executable, "-m", "aurore", "serve", "--port", str(port), "--memory", "memory://"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        line = process.stdout.readline()
        assert f"http://localhost:{port}/" in line, line + process.stdout.read()
        yield f"http://localhost:{port}/"
        process.terminate()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import expect, sync_playwright

    path = find_chromium()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def shots():
    folder = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / "page"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(page, name):
    page.screenshot(path=shots() / f"{name}.png", full_page=True)


def watched(context):
    """Une page, et ce qui s'y passe mal : erreurs de script, violations de la CSP, demandes hors de la machine."""
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    page.on("request", lambda one: None if one.url.startswith("http://localhost:") else troubles.append(one.url))
    page.set_default_timeout(PATIENCE)
    return page, troubles


def check_access(page):
    """Ce qu'axe-core trouve de sérieux, en une phrase chacun."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{one['id']} : {one['help']} {[node['html'][:120] for node in one['nodes']]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


def wait_until_idle(page):
    """Attend que le service n'écrive plus. `wait_for_function` ne le peut pas : la page interdit `eval` aux scripts."""
    for _ in range(600):
        if page.evaluate("async () => (await (await fetch('/health')).json()).busy") == 0:
            return
        page.wait_for_timeout(50)
    pytest.fail("le service écrit encore trente secondes après l'arrêt")


def test_a_person_writes_and_talks(site, browser):
    from playwright.sync_api import expect

    context = browser.new_context(viewport={"width": 1000, "height": 900}, color_scheme="light")
    page, troubles = watched(context)
    page.goto(site)
    check_access(page)
    keep(page, "accueil")
    page.get_by_role("link", name="Écrire").first.click()
    page.get_by_label("Le début du texte").fill("Le meunier s'assit et")
    page.get_by_role("button", name="Générer").click()
    expect(page.get_by_role("status")).to_have_text("Le texte est écrit.")
    expect(page.locator("#told")).to_contain_text("aurore-sand, 120 tokens")
    first = page.locator("#written").inner_text()
    assert len(first) > 200
    check_access(page)
    keep(page, "ecrit")

    # Avant la spécialisation : même graine, autre modèle, autre texte ; et ce qui est recopié d'un livre se compte.
    page.get_by_label("aurore-base").check()
    page.get_by_role("button", name="Générer").click()
    expect(page.locator("#told")).to_contain_text("aurore-base, 120 tokens")
    assert page.locator("#written").inner_text() != first
    expect(page.locator("#copied")).to_contain_text("4 livres")

    page.get_by_text("Les réglages").click()
    page.get_by_label("Tokens", exact=True).fill("400")
    page.get_by_role("button", name="Générer").click()
    expect(page.locator("#written")).to_have_text(re.compile(".{21}"))
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("status")).to_have_text("Arrêté.")
    expect(page.locator("#copied")).to_contain_text("4 livres")  # le compteur est là aussi sous un texte arrêté
    assert page.locator("#told").inner_text() == ""
    expect(page.get_by_role("button", name="Générer")).to_be_focused()
    wait_until_idle(page)  # le service, lui aussi, s'est arrêté

    # Une attaque est un texte comme un autre.
    page.get_by_label("Tokens", exact=True).fill("5")
    page.get_by_label("Le début du texte").fill("<img src=x onerror=alert(1)><b>gras</b>")
    page.get_by_role("button", name="Générer").click()
    expect(page.locator("#told")).to_contain_text("5 tokens")
    expect(page.locator("#text")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#text img, #text b").count() == 0

    page.get_by_role("link", name="Parler").click()
    message = page.get_by_label("Votre message")
    message.fill("Bonjour <script>alert(1)</script>, où allez-vous ?")
    message.press("Enter")
    expect(page.locator("#talk .you")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator("#talk .model")).to_contain_text(re.compile(r"Aurore\s+\S"))
    expect(page.get_by_role("button", name="Envoyer")).to_be_enabled()
    expect(page.locator("#fault")).to_be_empty()
    expect(page.get_by_role("button", name="Oublier cette conversation")).to_be_visible()
    check_access(page)
    keep(page, "parle")
    page.reload()
    expect(page.locator("#talk p")).to_have_count(2)
    page.get_by_role("button", name="Oublier cette conversation").click()
    expect(page.locator("#talk p")).to_have_count(0)
    assert troubles == []
    context.close()


def test_without_javascript_narrow_and_dark(site, browser):
    from playwright.sync_api import expect

    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark", java_script_enabled=False, is_mobile=True
    )
    page, troubles = watched(context)
    page.goto(f"{site}generate")
    page.get_by_label("Le début du texte").fill("Il y avait dans ce pays-là")
    page.get_by_role("button", name="Générer").click()
    expect(page.get_by_role("status")).to_have_text("Le texte est écrit.")
    assert len(page.locator("#written").inner_text()) > 200
    keep(page, "sans-javascript-320-sombre")
    page.goto(f"{site}chat")
    page.get_by_label("Votre message").fill("Bonjour, qui êtes-vous ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#talk p")).to_have_count(2)
    assert troubles == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_suits_a_phone_and_a_screen_reader(site, browser, theme):
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=theme)
    page, troubles = watched(context)
    for name in PAGES:
        page.goto(site + name)
        check_access(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        if theme == "dark" or name in ("", "generate"):
            keep(page, f"320-{theme}-{re.sub('[^a-z]', '', name) or 'accueil'}")
    # Au clavier, le premier arrêt mène au texte.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert troubles == []
    context.close()
