"""Le panneau d'un entraînement, dans un vrai navigateur : on arrête, on redémarre le noyau, on reprend, et l'on finit où
l'on aurait fini ; clair, sombre, étroit."""

import os
import re
import subprocess
import sys
from pathlib import Path

import torch
from conftest import ROOT
from test_lab import PATIENCE, Notebook, page, server, theme  # noqa: F401 - ce sont des fixtures

from aurore.models import load_model

SETUP, RUN, WAIT = "import copy", "run = follow.Run(", "report = run.wait()"
# Le même entraînement que celui du carnet, d'un trait.
UNINTERRUPTED = """
import nbformat, sys
cells = [cell.source for cell in nbformat.read(sys.argv[1], as_version=4).cells if cell.cell_type == "code"]
space = {}
for mark in sys.argv[2:]:
    exec(next(source for source in cells if mark in source), space)
"""


def uninterrupted(home):
    """Les poids que laisse l'entraînement du carnet quand rien ne l'interrompt."""
    command = [sys.executable, "-c", UNINTERRUPTED, str(ROOT / "notebooks/07_fine_tuning.ipynb"), SETUP, RUN, WAIT]
    environment = os.environ | {"AURORE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=10 * PATIENCE / 1000)
    return list(load_model(home / "model")[0].parameters())


def test_a_training_is_stopped_then_resumed_in_a_new_kernel(theme, server, page, home):  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=2 * PATIENCE)
    page.goto(server.address("07_fine_tuning"))
    shots = Path(os.environ.get("AURORE_SCREENSHOTS") or ROOT / "captures") / f"finetune-{theme}"
    notebook = Notebook(page, shots)
    notebook.wait_until_idle()

    def launch(source):
        cell = page.locator(".jp-CodeCell").filter(has_text=source)
        cell.locator(".cm-content").first.click()
        page.keyboard.press("Control+Enter")
        return cell

    launch(SETUP)
    notebook.cell = launch(RUN)
    stop = notebook.cell.get_by_role("button", name="Arrêter et garder")
    told = notebook.cell.get_by_role("status")
    expect(told).to_contain_text(re.compile(r"Pas [1-9] sur"))
    expect(told).to_contain_text("tokens par seconde")
    notebook.keep("en-cours")
    stop.click()
    expect(told).to_contain_text("Arrêté. Pas")
    expect(stop).to_be_disabled()
    expect(notebook.cell.get_by_role("region", name="Les mêmes amorces, à chaque mesure")).to_contain_text("Au pas 0")
    notebook.keep("arrete")
    assert list((home / "checkpoints").glob("*/checkpoint-*")) and (home / "model" / "config.json").is_file()

    notebook.menu("Noyau", "Redémarrer le noyau…")
    page.get_by_role("button", name="Confirmer le redémarrage du noyau").click()
    notebook.wait_until_idle()
    launch(SETUP)
    notebook.cell = launch(RUN)
    expect(notebook.cell).to_contain_text("Entraînement interrompu retrouvé : reprise à checkpoint-")
    expect(told).to_contain_text("Entraînement fini : 9 pas.")
    notebook.keep("fini")
    page.set_viewport_size({"width": 760, "height": 1000})
    figure = notebook.cell.locator("figure")
    assert figure.locator("figcaption").evaluate("node => node.getBoundingClientRect().right") <= 760
    notebook.keep("page-etroite")

    if theme == "sombre":  # une fois suffit : les couleurs n'y changent rien
        return
    again = uninterrupted(home.parent / f"{home.name}-d-un-trait")
    resumed = list(load_model(home / "model")[0].parameters())
    assert all(torch.equal(a, b) for a, b in zip(resumed, again, strict=True))
