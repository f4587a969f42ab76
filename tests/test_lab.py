"""Le laboratoire dans un vrai navigateur, comme une personne qui vient d'arriver.

Chromium (celui de Debian) ouvre JupyterLab, exécute la leçon 01, presse chaque bouton d'une fiche, se trompe, se
corrige, redémarre le noyau. Une image est gardée à chaque étape, dans `captures` ou dans AURORE_SCREENSHOTS.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from tenacity import Retrying, stop_after_delay, wait_fixed

from aurore import __main__ as cli
from aurore.atelier.cards import find_card
from aurore.atelier.runner import run_checks

LESSON, NAME = "01_corpus", "corpus.header_number"
WRONG = rf'''@exercise("{NAME}")
def header_number(text: str) -> int | None:
    import re
    found = re.search(r"\d+", text)
    return int(found.group()) if found else None
'''
RIGHT = rf'''@exercise("{NAME}")
def header_number(text: str) -> int | None:
    import re
    found = re.search(r"\[e(?:book|text) #(\d+)\]", text, re.IGNORECASE)
    return int(found.group(1)) if found else None
'''
UNREADABLE = f'@exercise("{NAME}")\ndef header_number(text: str) -> int | None\n    return None\n'
EMPTY = f'@exercise("{NAME}")\ndef header_number(text: str) -> int | None:\n    ...\n'
PATIENCE = 90_000  # ms : une machine chargée est lente, elle n'est pas en panne


def find_chromium():
    """Le chemin de Chromium ; sans lui, l'essai est sauté, ou échoue si AURORE_BROWSER vaut « required »."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    reason = "Chromium manque : « apt-get install chromium » l'apporte."
    if os.environ.get("AURORE_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def hint_for(source):
    """La piste que la mécanique donne à une réponse : c'est elle qu'on doit lire à l'écran."""
    space = {}
    exec(source.partition("\n")[2], space)
    hint = run_checks(find_card(NAME), space["header_number"]).hint
    assert hint
    return hint


class Server:
    """`python -m aurore lab` sur un port libre, et ce qu'il écrit."""

    def __init__(self, folder, environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "aurore", "lab", "--no-browser", "--port", str(port), "--folder", str(folder)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines, self.url = [], ""
        self._ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", line):
                self.url = found.group()
                self._ready.set()
        self._ready.set()

    def address(self, notebook):
        """L'adresse d'un carnet, jeton compris, dès que le serveur l'a donnée."""
        self._ready.wait(PATIENCE / 1000)
        assert self.url, "".join(self.lines[-30:])
        host, port, token = re.match(r"http://([^:/]+):(\d+)/.*token=(\w+)", self.url).groups()
        # Jupyter donne son adresse un instant avant d'écouter.
        patiently = Retrying(stop=stop_after_delay(PATIENCE / 1000), wait=wait_fixed(0.1), reraise=True)
        patiently(socket.create_connection, (host, int(port))).close()
        return f"http://{host}:{port}/lab/tree/{notebook}.ipynb?token={token}"

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def wait_until_idle(page):
    """Attend un noyau présent et au repos. L'indicateur du carnet l'est dès avant le noyau, et se cache à l'étroit."""
    page.get_by_text(re.compile(r"\| Inactif$")).wait_for(timeout=PATIENCE)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(state="attached", timeout=PATIENCE)


class Notebook:
    """Un carnet ouvert dans la page : ses menus, la cellule d'un exercice, sa fiche, et des captures numérotées."""

    def __init__(self, page, shots):
        self.page, self.shots, self.count = page, shots, 0
        shots.mkdir(parents=True, exist_ok=True)
        for old in shots.glob("*.png"):
            old.unlink()
        self.cell = page.locator(".jp-CodeCell").filter(has_text=f'@exercise("{NAME}")')
        self.card = self.cell.locator("section[aria-label^='Exercice']")
        self.status = self.card.get_by_role("status")

    def keep(self, name, whole=False):
        self.count += 1
        target = self.page if whole else self.cell
        target.screenshot(path=self.shots / f"{self.count:02}-{name}.png")

    def menu(self, name, entry):
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{entry}")).click()

    def wait_until_idle(self):
        wait_until_idle(self.page)

    def wait_for_rerun(self):
        """Attend que tout ait été exécuté depuis un noyau neuf : les compteurs repartent de 1."""
        first = self.page.locator(".jp-CodeCell .jp-InputPrompt").first
        first.get_by_text("[1]:", exact=True).wait_for(timeout=PATIENCE)
        self.wait_until_idle()

    def write(self, source):
        """Remplace le contenu de la cellule et l'exécute sur place."""
        self.cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.run()

    def run(self):
        self.cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")


@pytest.fixture
def server(home, monkeypatch):
    find_chromium()
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        monkeypatch.setenv(f"JUPYTER_{name}", str(home / "jupyter" / name))
    monkeypatch.setenv("IPYTHONDIR", str(home / "ipython"))
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    server = Server(home / "carnets", dict(os.environ))
    yield server
    server.close()


THEMES = {"clair": "JupyterLab Light", "sombre": "JupyterLab Dark"}


@pytest.fixture(params=THEMES)
def theme(request, home):
    folder = home / "jupyter" / "CONFIG_DIR" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    settings = json.dumps({"theme": THEMES[request.param]})
    (folder / "themes.jupyterlab-settings").write_text(settings, encoding="utf-8")
    return request.param


@pytest.fixture
def page(server):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()


def test_a_newcomer_does_a_whole_exercise(server, page, run_cli, home):
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    original = ROOT / "notebooks" / f"{LESSON}.ipynb"
    before = original.read_bytes()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(server.address(LESSON))
    notebook = Notebook(page, Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures"))
    notebook.wait_until_idle()
    expect(page.get_by_role("columnheader", name="Vous êtes ici")).to_be_visible()
    notebook.keep("ouverture", whole=True)
    expect(page.locator(".Toastify__toast")).to_have_count(0)

    notebook.menu("Exécution", "Exécuter toutes les cellules")
    expect(notebook.status).to_contain_text("À compléter")
    expect(page.locator(".jp-OutputArea-output section[aria-label='Quiz']").last).to_be_visible()
    notebook.wait_until_idle()
    notebook.keep("tout-execute", whole=True)
    notebook.keep("a-completer")

    # Les indices, un par un, puis la solution, au clavier comme à la souris.
    hints = notebook.card.locator("summary", has_text="Indice")
    total = hints.count()
    assert total >= 2
    for rank in range(total):
        expect(hints.nth(rank)).to_be_visible()
        hints.nth(rank).click()
        expect(hints.nth(rank).locator("xpath=following-sibling::p")).to_be_visible()
        if rank + 1 < total:
            expect(hints.nth(rank + 1)).to_be_visible()
    source = notebook.card.locator("summary", has_text="Voir la solution")
    source.focus()
    page.keyboard.press("Enter")
    expect(notebook.card.locator("pre")).to_contain_text("def header_number")
    notebook.keep("indices-et-solution")

    button = notebook.cell.get_by_role("button", name="Prendre la solution")
    back = notebook.cell.get_by_role("button", name="Revenir à mon code")
    button.click()
    expect(notebook.status).to_contain_text("Solution affichée")
    expect(back).to_be_enabled()
    notebook.keep("solution-prise")
    back.click()
    expect(notebook.status).to_contain_text("À compléter")

    notebook.write(WRONG)
    expect(notebook.status).to_contain_text("Presque")
    expect(notebook.card).to_contain_text("Piste")
    expect(notebook.card).to_contain_text(hint_for(WRONG))
    notebook.keep("presque")

    notebook.write(UNREADABLE)
    expect(notebook.card).to_contain_text("Il manque « : » à la fin de la ligne")
    expect(notebook.status).to_contain_text("Presque")
    notebook.keep("illisible")

    notebook.write(RIGHT)
    expect(notebook.status).to_contain_text("Validé")
    notebook.keep("valide")

    # Le bouton rend la réponse après avoir montré la solution.
    button.click()
    expect(notebook.status).to_contain_text("Solution affichée")
    back.click()
    expect(notebook.status).to_contain_text("Validé")

    # Redémarrer : la réponse est dans le carnet, elle est rejugée.
    notebook.menu("Noyau", "Redémarrer le noyau et Exécuter toutes les cellules")
    page.get_by_role("button", name="Confirmer le redémarrage du noyau").click()
    notebook.wait_for_rerun()
    expect(notebook.status).to_contain_text("Validé")
    expect(page.get_by_text("1 étape sur")).to_be_visible()
    notebook.keep("redemarre", whole=True)

    # La personne qui anime, depuis un terminal.
    for command, said in (
        (["on", NAME], "Solution affichée"),
        (["off", "corpus"], "Validé"),
        (["on"], "Solution affichée"),
        (["off"], "Validé"),
    ):
        assert run_cli("solutions", *command).code == 0
        notebook.run()
        expect(notebook.status).to_contain_text(said)
    assert run_cli("solutions", "lock").code == 0
    notebook.write(EMPTY)
    expect(notebook.card).to_contain_text("La solution est cachée")
    expect(notebook.cell.get_by_role("button", name="Solution cachée")).to_be_disabled()
    expect(notebook.card.locator("summary", has_text="Voir la solution")).to_have_count(0)
    notebook.keep("rideau")
    assert run_cli("solutions", "unlock").code == 0
    notebook.write(RIGHT)
    expect(notebook.status).to_contain_text("Validé")
    expect(button).to_be_enabled()
    assert any(line.startswith(NAME) and line.endswith("validé") for line in run_cli("exercises").out.splitlines())

    # Recharger la page : le noyau vit toujours, le bouton aussi ; la fiche suit dès que la cellule est relancée.
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.reload()
    notebook.wait_until_idle()
    button.click()
    expect(back).to_be_visible()
    notebook.run()
    expect(notebook.status).to_contain_text("Solution affichée")
    back.click()
    expect(notebook.status).to_contain_text("Validé")

    # Enregistrer, arrêter le noyau, rouvrir le lendemain : la fiche est toujours là.
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    notebook.menu("Noyau", "Arrêter le noyau")
    expect(page.get_by_text("No Kernel").first).to_be_visible()
    page.reload()
    notebook.wait_until_idle()
    expect(notebook.status).to_contain_text("Validé")
    notebook.keep("rouvert")

    assert original.read_bytes() == before, "le carnet du dépôt ne doit pas changer"
    copy = nbformat.read(home / "carnets" / f"{LESSON}.ipynb", as_version=4)
    assert RIGHT.strip() in [cell.source.strip() for cell in copy.cells]
    away = {url for url in requests if not re.match(r"(?:https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", url)}
    assert not away, "rien ne doit venir du réseau"


PANEL = """from aurore import models, settings
from aurore.widgets import attention

attention.heads_plate(*models.load_model(settings.EMBEDDED_MODEL), "Il pleut.", block=6, head=5)"""


def test_the_heads_of_a_model_follow_the_keyboard(server, page, home):
    """La figure animée de la leçon 04, en clair et au large, puis en sombre et à 760 pixels."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PANEL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    address = server.address("essai")
    nbformat.write(notebook, home / "carnets" / "essai.ipynb")
    settings = home / "jupyter" / "CONFIG_DIR" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    cell = page.locator(".jp-CodeCell")
    caption = cell.locator("figcaption")
    for theme, width in (("JupyterLab Light", 1300), ("JupyterLab Dark", 760)):
        (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}), encoding="utf-8")
        page.set_viewport_size({"width": width, "height": 1000})
        page.goto(address)
        expect(page.locator(f"body[data-jp-theme-name='{theme}']")).to_have_count(1)
        wait_until_idle(page)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        sentence, block = cell.get_by_label("Phrase"), cell.get_by_role("slider").first
        sentence.fill(f"Marie chantait {width} fois.")
        sentence.press("Enter")
        expect(caption).to_contain_text("Bloc 6, tête 5")
        expect(caption).to_contain_text("Marie")
        block.focus()
        block.press("ArrowLeft")
        expect(caption).to_contain_text("Bloc 5, tête 5")
        cell.screenshot(path=shots / f"attention-{width}.png")
        sentence.fill("")
        sentence.press("Enter")
        expect(cell.get_by_role("alert")).to_contain_text("0 token.")


def test_a_missing_browser_is_skipped_or_refused_never_ignored(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("AURORE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Chromium manque"):
        find_chromium()
    monkeypatch.setenv("AURORE_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        find_chromium()


def test_the_checks_require_the_browser():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert script.index("install -y") < script.index("AURORE_BROWSER=required") < script.index("make test")


def test_the_lab_works_on_copies_and_never_overwrites_one(tmp_path):
    folder = tmp_path / "mes carnets"
    names = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert cli._own_notebooks(folder) == folder
    assert sorted(path.name for path in folder.iterdir()) == names
    (folder / names[0]).write_text("mon travail", encoding="utf-8")
    (folder / names[1]).unlink()
    cli._own_notebooks(folder)
    assert (folder / names[0]).read_text(encoding="utf-8") == "mon travail"
    assert (folder / names[1]).read_bytes() == (ROOT / "notebooks" / names[1]).read_bytes()


@pytest.fixture
def launched(home, monkeypatch):
    """Ce que la commande `lab` lancerait, au lieu de le lancer."""
    command = []
    monkeypatch.setattr(cli.os, "execve", lambda _, arguments, environment: command.extend(arguments))
    monkeypatch.setattr(cli.subprocess, "call", lambda arguments, env: command.extend(arguments))
    return command


@pytest.mark.parametrize(("writable", "folder"), [(True, None), (False, "carnets")])
def test_notebooks_that_cannot_be_written_are_copied_at_home(home, launched, monkeypatch, run_here, writable, folder):
    monkeypatch.setattr(cli, "is_writable", lambda place: writable or place != ROOT / "notebooks")
    said = run_here("lab", "--no-browser").out
    place = home / folder if folder else ROOT / "notebooks"
    assert f"--ServerApp.root_dir={place}" in launched and (place / f"{LESSON}.ipynb").is_file()
    assert (str(place) in said) == bool(folder)


def test_a_port_that_is_taken_is_told_and_left(launched, run_here):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Le port {port} est déjà pris" in run_here("lab", "--port", port).out
    assert f"--ServerApp.port={port}" in launched
    assert "déjà pris" not in run_here("lab", "--port", port).out


def test_the_lab_asks_nothing_of_the_network_and_keeps_the_settings_of_the_machine(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "ailleurs")
    assert cli._first_in("JUPYTER_CONFIG_PATH", ROOT).split(os.pathsep) == [str(ROOT), "ailleurs"]
    monkeypatch.delenv("JUPYTER_CONFIG_PATH")
    assert cli._first_in("JUPYTER_CONFIG_PATH", ROOT) == str(ROOT)
    overrides = json.loads((ROOT / "data/jupyter/labconfig/default_setting_overrides.json").read_text(encoding="utf-8"))
    assert overrides["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
