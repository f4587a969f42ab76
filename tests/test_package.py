"""Le paquet : il s'importe de n'importe où, et ses versions sont celles qu'annoncent ses fichiers."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata

import nbformat
from conftest import ROOT

import aurore
from aurore import notebooks
from aurore.lessons import LESSONS
from aurore.show import WIDGET_VIEW


def test_it_is_found_from_any_folder(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", "import aurore; print(aurore.__version__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == aurore.__version__, done.stderr


def test_its_installation_is_the_one_that_the_files_describe():
    assert metadata.version("aurore") == aurore.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["dynamic"]) == {"version", "dependencies"} and project["license"] == "MIT"


def test_an_old_python_reads_the_sentence_that_refuses_it():
    """Rien avant la phrase ne doit demander un Python récent."""
    source = (ROOT / "aurore/__init__.py").read_text(encoding="utf-8")
    assert compile(source, "aurore", "exec", dont_inherit=True)
    assert not re.search(r"\bf['\"]|:=|\bmatch\b", source) and "Python 3.11 ou plus récent" in source


def test_contributing_names_files_and_commands_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:aurore|tests|notebooks)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path
    for target in re.findall(r"`make (\w+)", text):
        assert re.search(rf"^{target}:", targets, re.MULTILINE), target


def test_the_notebooks_to_execute_are_named_by_their_number():
    assert notebooks.chosen([]) == [lesson for lesson in LESSONS if lesson.is_open]
    assert notebooks.chosen(["1", "02"]) == [LESSONS[1], LESSONS[2]]
    assert notebooks.main(["99"]) == 1


def test_what_depends_on_the_machine_does_not_enter_a_notebook():
    def stream(text):
        return nbformat.from_dict({"output_type": "stream", "name": "stdout", "text": text})

    shown = {"output_type": "display_data", "metadata": {"a": 1}, "data": {"text/plain": "vu", WIDGET_VIEW: {"m": 1}}}
    empty = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "", WIDGET_VIEW: {"m": 2}}}
    outputs = [stream("un "), stream("dans /ici/model"), *map(nbformat.from_dict, (shown, empty))]
    text, kept = notebooks._tidy_outputs(outputs, "/ici")
    assert text.text == "un dans ~/aurore/model"
    assert kept.data == {"text/plain": "vu"} and not kept.metadata
