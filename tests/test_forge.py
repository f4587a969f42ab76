"""Les plans B et C, et la forge : ce qu'ils installent est ce que dit `requirements.txt`, et leurs fichiers se lisent."""

import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
import yaml
from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
BASE = re.search(r"^FROM python:(\d+\.\d+)-", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[1]


def refusals(path):
    """Ce que le schéma d'un workflow trouve à redire ; vide si tout va bien."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    return done.stdout if done.returncode else ""


def jobs(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_written_as_its_schema_says(path):
    assert refusals(path) == ""


def test_the_schema_refuses_a_workflow_that_is_not_one(tmp_path):
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    (tmp_path / "faux.yml").write_text(text.replace("runs-on:", "runs_on:"), encoding="utf-8")
    assert "runs_on" in refusals(tmp_path / "faux.yml")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash lit ces lignes")
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_commands_of_a_workflow_are_commands(path):
    lines = [step["run"] for job in jobs(path).values() for step in job["steps"] if "run" in step]
    assert lines
    for line in lines:
        assert "${{" not in line  # une expression dans une commande s'exécuterait
        done = subprocess.run(["bash", "-n", "-c", line], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), line


def test_three_systems_and_two_pythons_try_everything():
    matrix = jobs(ROOT / ".github/workflows/essais.yml")["essais"]["strategy"]["matrix"]
    assert [system.split("-")[0] for system in matrix["system"]] == ["ubuntu", "macos", "windows"]
    assert len(matrix["python"]) == 2 and BASE in matrix["python"]


def test_every_week_the_newest_libraries_are_tried():
    path = ROOT / ".github/workflows/hebdomadaire.yml"
    triggers = yaml.safe_load(path.read_text(encoding="utf-8"))[True]  # « on », en YAML 1.1, est un oui
    minute, hour, day, month, weekday = triggers["schedule"][0]["cron"].split()
    assert (day, month) == ("*", "*") and weekday.isdigit() and minute.isdigit() and hour.isdigit()
    (rule,) = re.findall(r"sed -i 's/(.*)//'", path.read_text(encoding="utf-8"))
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        kept = re.sub(rule, "", line, count=1)
        assert "==" not in kept.split("#")[0].split(";")[0], line
        assert line[:1] in ("#", "") or kept.split("#")[0].strip()


# --- Binder, Codespaces, Colab


def test_binder_installs_the_same_versions():
    lines = (ROOT / ".binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line[:1] != "#" and not line.startswith("--extra-index-url ")] == [
        "-r ../requirements.txt"
    ]
    assert (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip() == f"python-{BASE}"


@pytest.mark.skipif(not shutil.which("bash"), reason="bash lit ces lignes")
@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_the_scripts_of_binder_can_be_run(name):
    path = ROOT / ".binder" / name
    assert subprocess.run(["bash", "-n", str(path)]).returncode == 0
    assert path.stat().st_mode & 0o111 and path.read_text(encoding="utf-8").startswith("#!/bin/bash\n")


def test_binder_starts_with_the_settings_of_the_lab(tmp_path):
    if not shutil.which("bash"):
        pytest.skip("bash lit ces lignes")
    said = subprocess.run(
        ["bash", str(ROOT / ".binder/start"), "sh", "-c", 'echo "$JUPYTER_CONFIG_PATH"'],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert said.stdout.strip() == str(ROOT / "data/jupyter")


def test_the_codespace_makes_the_environment_of_everyone():
    said = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert said["postCreateCommand"] == "make venv"
    assert re.search(rf"python:{re.escape(BASE)}-", said["image"])
    assert said["forwardPorts"] == [8888, 8000]
    assert said["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"].endswith(".venv/bin/python")


def test_colab_installs_the_same_versions():
    """Colab apporte PyTorch et son propre laboratoire ; tout le reste vient de `requirements.txt`, et d'un filtre."""
    notebook = nbformat.read(ROOT / "docs/colab.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    (kept,) = re.findall(r"^LEFT = (\{.*\})$", code, re.MULTILINE)
    left = eval(kept)
    names = set(re.findall(r"^([\w.-]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))
    assert left <= names and {"torch", "jupyterlab"} <= left
    assert "-r requirements.txt" not in code and 'Path("requirements.txt")' in code
    assert not re.search(r"[\w-]+==\d", code)
