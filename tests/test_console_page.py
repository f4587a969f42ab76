"""La console dans un vrai navigateur : une personne anime, une autre écrit ; clair, sombre, étroit, sans JavaScript ; axe-core."""

import threading

import pytest
from test_console import CARDS, SENTENCE
from test_web_page import browser, check_access, keep, watched  # noqa: F401
from waitress.server import create_server

from aurore import console
from aurore.console.store import Store

PAGES = ("", "bloc-notes", "avis", "entrer", "animer")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """La console, et une salle de douze personnes."""
    store = Store(tmp_path_factory.mktemp("console") / "console.sqlite")
    app = console.create_app(store, "le-jeton", CARDS)
    for number in range(12):
        store.hear(f"{number:08x}", f"Iris {number}")
        for rank, card in enumerate(CARDS[: 2 + number % 4]):
            last = rank == 1 + number % 4
            news = {"exercise": card.id, "status": "presque" if last else "validé"}
            mistake = SENTENCE if number % 2 else ""
            store.hear(
                f"{number:08x}",
                f"Iris {number}",
                news | {"missing": card.checks[0].name if last else "", "mistake": mistake if last else ""},
            )
    store.write("Iris 3", "Le corpus en entier : https://www.gutenberg.org/ebooks/author/851")
    server = create_server(app, host="127.0.0.1", port=0, **console.server_options())
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://localhost:{server.effective_port}/"
    server.close()


def enter(page, site):
    page.goto(f"{site}animer")
    page.get_by_role("link", name="Donner le jeton d'accès").click()
    page.get_by_label("Le jeton d'accès de ce service").fill("le-jeton")
    page.get_by_role("button", name="Entrer").click()


def test_the_room_is_led(site, browser):  # noqa: F811
    from playwright.sync_api import expect

    context = browser.new_context(viewport={"width": 1000, "height": 900}, color_scheme="light")
    page, troubles = watched(context)
    enter(page, site)
    expect(page.locator(".troubles > li").first).to_contain_text("personnes")
    check_access(page)
    keep(page, "console-animer-clair")
    title = CARDS[1].title
    page.get_by_role("button", name=f"Ouvrir la solution de {title}").first.click()
    expect(page.get_by_role("button", name=f"Fermer la solution de {title}").first).to_be_visible()

    # Une autre personne, dans un autre navigateur : sa ligne arrive sur la page de la première, sans qu'elle y touche.
    page.get_by_role("link", name="Le bloc-notes").click()
    other = browser.new_context(viewport={"width": 1000, "height": 900}, color_scheme="light")
    guest, more = watched(other)
    guest.goto(site)
    expect(guest.locator(".open")).to_have_text("solution ouverte")
    check_access(guest)
    keep(guest, "console-salle-clair")
    guest.get_by_role("link", name="Le bloc-notes").click()
    guest.get_by_label("Votre ligne").fill("<b>Le noyau</b> se relance par 0 0")
    guest.get_by_role("button", name="Ajouter").click()
    expect(guest.locator(".note").first).to_have_text("<b>Le noyau</b> se relance par 0 0")
    expect(page.locator(".note").first).to_have_text("<b>Le noyau</b> se relance par 0 0")
    keep(page, "console-bloc-notes-clair")
    guest.get_by_role("link", name="Vote et avis").click()
    guest.get_by_label("À l'arrivée").check()
    guest.get_by_label("B, le chemin").check()
    guest.get_by_role("button", name="Voter").click()
    expect(guest.get_by_role("status")).to_contain_text("Merci")
    assert troubles == more == []
    other.close()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_suits_a_phone_and_a_screen_reader(site, browser, theme):  # noqa: F811
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=theme, java_script_enabled=True)
    page, troubles = watched(context)
    enter(page, site)
    for name in PAGES:
        page.goto(site + name)
        for fold in page.locator("details").all()[:3]:
            fold.evaluate("one => { one.open = true }")
        check_access(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        keep(page, f"console-320-{theme}-{name or 'salle'}")
    if theme == "dark":
        page.set_viewport_size({"width": 1000, "height": 900})
        page.goto(f"{site}animer")
        keep(page, "console-animer-sombre")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert troubles == []
    context.close()
