"""L'atelier entier dans un vrai navigateur, leçon par leçon, comme une personne qui le suit : `make test-parcours`.

Chaque leçon est exécutée deux fois : solutions cachées, thème clair ; puis solutions montrées, thème sombre. On y répond
faux puis juste à un exercice, on ouvre un quiz, on bouge chaque réglage. Rien ne doit se plaindre : ni la console
du navigateur, ni une case vide, ni axe-core. Les captures restent dans `captures/parcours`, ou dans AURORE_SCREENSHOTS.
"""

import contextlib
import inspect
import json
import os
import re
import textwrap
import types
from pathlib import Path

import nbformat
import pytest
from answers import gather
from conftest import ROOT
from test_lab import PATIENCE, THEMES, page, server, wait_until_idle  # noqa: F401 - ce sont des fixtures
from test_web_page import AXE

from aurore.atelier.cards import all_cards
from aurore.lessons import LESSONS

OUTPUT = ".jp-Notebook .jp-OutputArea-output"
SETTINGS = "[role=slider]:not([aria-disabled=true]), input[type=range]:enabled, select:enabled"
MOVED_AT_MOST = 12  # par leçon : au-delà, ce sont les mêmes réglages sur d'autres figures
SHEET = 3000  # pixels d'une capture, en hauteur
# JupyterLab parle dans la console de ce qui n'est pas nous : un espace de travail neuf n'existe pas encore.
FOREIGN = re.compile(r"/lab/api/workspaces/|ResizeObserver loop")


def typed(function, name):
    """Une réponse des essais, telle qu'on la taperait ; vide si elle s'appuie sur autre chose que des modules."""
    if not inspect.isfunction(function) or function.__closure__:
        return ""
    source = textwrap.dedent(inspect.getsource(function))
    used = {word: function.__globals__[word] for word in re.findall(r"\w+", source) if word in function.__globals__}
    used.pop(function.__name__, None)
    head = re.match(rf"def {function.__name__}(\(.*\):\n)", source)
    if not head or not all(isinstance(value, types.ModuleType) for value in used.values()):
        return ""
    imports = "".join(f"    import {value.__name__} as {word}\n" for word, value in sorted(used.items()))
    return f'@exercise("{name}")\ndef {name.partition(".")[2]}{head[1]}{imports}{source[head.end() :]}'


def exercise_of(lesson):
    """Un exercice de la leçon, une réponse fausse et la piste qu'elle reçoit, une juste, toutes deux à taper telles quelles."""
    wrong, right = gather("WRONG"), gather("RIGHT")
    for name, card in all_cards().items():
        if card.lesson is not lesson:
            continue
        bad = next(
            ((typed(one.function, name), one) for one in wrong[name] if one.hint and typed(one.function, name)), None
        )
        good = next(filter(None, (typed(one, name) for one in right[name])), None)
        if bad and good:
            return name, *bad, good
    raise AssertionError(f"leçon {lesson.label} : aucune réponse ne se tape telle quelle")


class Troubles(list):
    """Ce qui s'est mal passé dans la page : erreurs de la console et des scripts, demandes hors de la machine."""

    def __init__(self, page):  # noqa: F811
        super().__init__()
        page.on("pageerror", lambda error: self.add(f"script : {error}"))
        page.on(
            "console",
            lambda said: (
                self.add(f"console : {said.text} {said.location.get('url', '')}") if said.type == "error" else None
            ),
        )
        page.on(
            "request",
            lambda one: (
                None if re.match(r"(?:https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", one.url) else self.add(one.url)
            ),
        )

    def add(self, text):
        if not FOREIGN.search(text):
            self.append(text)


def run_all(page):  # noqa: F811
    from playwright.sync_api import TimeoutError as Late

    started = page.locator(".jp-InputPrompt", has_text="[*]").first
    for patience in (15_000, 15_000, PATIENCE):  # un menu qui se ferme avant le clic se rouvre
        page.get_by_role("menuitem", name="Exécution", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Exécuter toutes les cellules")).click()
        with contextlib.suppress(*([Late] if patience < PATIENCE else [])):
            started.wait_for(state="attached", timeout=patience)
            break
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.jp-InputPrompt')].some(one => one.textContent.includes('[*]'))",
        timeout=4 * PATIENCE,
    )
    wait_until_idle(page)
    # Le navigateur ne dessine pas ce qui est loin de l'écran ; ce qui suit regarde tout.
    page.add_style_tag(content=".jp-Cell { content-visibility: visible !important; }")


def write(page, cell, source):  # noqa: F811
    editor = cell.locator(".cm-content")
    editor.click()
    page.wait_for_function(
        "() => document.activeElement.matches('.cm-content')"
    )  # machine chargée : le clic n'y est pas encore
    editor.press("Control+A")
    page.keyboard.insert_text(source)
    editor.press("Control+Enter")


def check_outputs(page):  # noqa: F811
    """Ni erreur, ni avertissement, ni figure vide parmi ce que les cellules ont montré."""
    return page.evaluate(
        """output => [...document.querySelectorAll(output)].flatMap(one => {
            const says = one.innerText.trim(), where = one.closest('.jp-Cell').innerText.slice(0, 120);
            if (one.matches("[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']")) return [`erreur : ${says.slice(0, 300)} (${where})`];
            if (/Error (displaying|creating) widget|Loading widget|Click to show javascript/.test(says)) return [`figure en panne (${where})`];
            const drawn = one.querySelector('img, svg, canvas, input, select, button, table, [role]');
            const box = one.getBoundingClientRect();
            if ((!says && !drawn) || box.height < 8) return [`sortie vide : ${one.outerHTML.slice(0, 200)} (${where})`];
            const broken = [...one.querySelectorAll('img')].filter(img => !(img.complete && img.naturalWidth));
            return broken.map(img => `image illisible (${where})`);
        })""",
        OUTPUT,
    )


def check_access(page):  # noqa: F811
    """Ce qu'axe-core trouve de sérieux dans les fiches, les quiz et les figures, plis ouverts."""
    page.evaluate(
        "output => document.querySelectorAll(`${output} details`).forEach(one => { one.open = true; })", OUTPUT
    )
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("output => axe.run({include: [[output]]}, {resultTypes: ['violations']})", OUTPUT)
    return [
        f"axe : {one['id']} : {one['help']} {[(node['html'][:200], node['failureSummary'][:200]) for node in one['nodes'][:4]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


DRAWN = """cell => {
    const copy = cell.querySelector('.jp-Cell-outputArea').cloneNode(true);
    copy.querySelectorAll('[role=slider], .noUi-base, .widget-readout, input, select').forEach(one => one.remove());
    const canvas = [...cell.querySelectorAll('canvas')].map(one => one.toDataURL());
    return copy.innerHTML + canvas.join();
}"""


def move(page, setting):  # noqa: F811
    """Bouge un réglage au clavier ; dit si sa figure a changé, ou le réglage seul là où un bouton lance le calcul."""
    value, cell = (
        setting.input_value(),
        setting.locator("xpath=ancestor::*[contains(@class, 'jp-CodeCell')]").element_handle(),
    )
    before = page.evaluate(DRAWN, cell)
    is_menu = setting.evaluate("one => one.tagName") == "SELECT"
    for key in ("ArrowDown", "ArrowUp") if is_menu else ("ArrowRight", "ArrowLeft"):  # au bout de sa course, il revient
        setting.focus()
        page.keyboard.press(key)
        for _ in range(30):
            if (
                cell.query_selector(".jp-OutputArea-output .widget-button, .aurore-desk button")
                and setting.input_value() != value
            ):
                return True
            page.wait_for_timeout(200)
            if page.evaluate(DRAWN, cell) != before:
                return True
    return False


def move_settings(page):  # noqa: F811
    """Bouge les réglages que montrent les figures ; rend combien il y en a, et ceux qui ne changent rien."""
    settings = page.locator(OUTPUT).locator(SETTINGS)
    still = [
        f"réglage sans effet : {setting.evaluate('one => one.outerHTML.slice(0, 200)')}"
        for setting in map(settings.nth, range(min(settings.count(), MOVED_AT_MOST)))
        if setting.is_visible() and setting.is_enabled() and not move(page, setting)
    ]
    return settings.count(), still


def keep_sheets(page, name):  # noqa: F811
    """Le carnet entier, de haut en bas, en quelques grandes images."""
    folder = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / "parcours"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{name}-*.png"):
        old.unlink()
    page.set_viewport_size({"width": 1300, "height": SHEET})
    panel = page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").first
    rank, top, bottom = 0, 0, 1
    while top < bottom:
        height, bottom = panel.evaluate(
            "(one, top) => { one.scrollTop = top; return [one.clientHeight, one.scrollHeight]; }", top
        )
        page.wait_for_timeout(400)
        panel.screenshot(path=folder / f"{name}-{rank}.png")
        rank, top = rank + 1, top + height


def wear(home, theme):
    """Règle le thème du laboratoire, pris à la prochaine ouverture de la page."""
    folder = home / "jupyter/CONFIG_DIR/lab/user-settings/@jupyterlab/apputils-extension"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "themes.jupyterlab-settings").write_text(json.dumps({"theme": THEMES[theme]}), encoding="utf-8")


def save(page):  # noqa: F811
    page.keyboard.press("Control+s")
    page.locator(".jp-mod-dirty").first.wait_for(state="detached")


@pytest.mark.parcours
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.number:02}")
def test_a_lesson_is_followed_from_end_to_end(lesson, server, page, run_cli, home):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    troubles = Troubles(page)
    cards = page.locator(f"{OUTPUT} section[aria-label^='Exercice']")

    # Solutions cachées, thème clair : une fiche par exercice, que rien n'a encore remplie.
    wear(home, "clair")
    page.goto(server.address(lesson.path.stem))
    wait_until_idle(page)
    run_all(page)
    troubles += check_outputs(page)
    expect(cards).to_have_count(
        sum("@exercise(" in cell.source for cell in nbformat.read(lesson.path, as_version=4).cells)
    )
    for said in cards.get_by_role("status").all_inner_texts():
        assert re.match("À compléter|Presque", said), said

    # Un quiz s'ouvre au clavier et s'explique ; on répond faux, puis juste ; chaque réglage bouge.
    option = page.locator(f"{OUTPUT} section[aria-label='Quiz'] summary").first
    option.focus()
    page.keyboard.press("Enter")
    expect(option.locator("xpath=following-sibling::p")).to_contain_text(re.compile(r"^(Juste|Non)\."))
    name, bad, answer, good = exercise_of(lesson)
    cell = page.locator(".jp-CodeCell").filter(has_text=f'@exercise("{name}")')
    card = cell.locator("section[aria-label^='Exercice']")
    write(page, cell, bad)
    expect(card.get_by_role("status")).to_contain_text("Presque")
    expect(card).to_contain_text(answer.hint)
    write(page, cell, good)
    expect(card.get_by_role("status")).to_contain_text("Validé")
    moved, still = move_settings(page)
    troubles += still + check_outputs(page) + check_access(page)
    keep_sheets(page, f"{lesson.number:02}-clair")

    # Solutions montrées, thème sombre : tout se relance ; la personne revient à son code, qui l'attendait.
    save(page)
    assert run_cli("solutions", "on").code == 0
    wear(home, "sombre")
    page.reload()
    wait_until_idle(page)
    run_all(page)
    for said in cards.get_by_role("status").all_inner_texts():
        assert said.startswith("Solution affichée"), said
    cell.get_by_role("button", name="Revenir à mon code").click()
    expect(card.get_by_role("status")).to_contain_text("Validé")
    troubles += check_outputs(page) + check_access(page)
    keep_sheets(page, f"{lesson.number:02}-sombre")
    told = f"{lesson.label} : {name}, {cards.count()} fiches, {moved} réglages, {page.locator(OUTPUT).count()} sorties"
    print(told, *troubles, sep="\n", flush=True)
    assert troubles == [], "\n".join(troubles)


@pytest.mark.parcours
def test_the_keyboard_alone_validates_an_exercise(server, page):  # noqa: F811
    """De la première cellule à « Validé », puis à la solution dépliée, sans toucher la souris."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    troubles = Troubles(page)
    page.goto(server.address(LESSONS[0].path.stem))
    wait_until_idle(page)
    active = page.locator(".jp-Cell.jp-mod-active")
    for _ in range(len(nbformat.read(LESSONS[0].path, as_version=4).cells)):
        if "@exercise(" in active.inner_text():
            break
        page.keyboard.press("Shift+Enter")
    expect(active).to_contain_text('@exercise("bienvenue.best_option")')
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    for _ in "...":
        page.keyboard.press("Backspace")
    page.keyboard.type("return max(range(len(scores)), key=lambda rank: scores[rank] / lengths[rank])")
    page.keyboard.press("Control+Enter")
    card = active.locator("section[aria-label^='Exercice']")
    expect(card.get_by_role("status")).to_contain_text("Validé")
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent") == "Voir la solution":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card.locator("pre")).to_be_visible()
    assert troubles == [], "\n".join(troubles)
