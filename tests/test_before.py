"""Ce qui peut manquer avant d'installer : chaque obstacle finit par une phrase qui dit quoi faire, et rien n'est commencé."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT

from aurore import before, settings
from aurore.settings import AuroreError


@pytest.fixture
def room(monkeypatch):
    """Règle la place libre du disque, en octets."""

    def leave(free):
        monkeypatch.setattr(before.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    leave(10**11)
    return leave


def test_a_sound_place_has_nothing_to_say(tmp_path, room):
    assert before.check(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path, room):
    with pytest.raises(AuroreError, match="Copiez le dossier de l'atelier"):
        before.check(tmp_path / "absent")


def test_a_python_without_environments_says_what_to_install(tmp_path, room, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AuroreError, match="sudo apt install python3-venv"):
        before.check(tmp_path)


def test_the_room_is_asked_once(tmp_path, room):
    room(300_000_000)
    with pytest.raises(AuroreError, match=r"0,3 Go.*en demande 4\. Libérez"):
        before.check(tmp_path)
    (tmp_path / ".venv").mkdir()
    assert before.check(tmp_path) is None


@pytest.mark.parametrize(
    ("free", "version", "words"),
    [
        (50_000_000, (3, 11), "le disque est plein"),
        (10**11, (3, 11), "HTTPS_PROXY"),
        (10**11, (3, 14), "3.11 à 3.13"),
    ],
)
def test_a_broken_installation_says_why_and_how_to_go_on(tmp_path, room, monkeypatch, free, version, words):
    room(free)
    monkeypatch.setattr(before.sys, "version_info", version)
    said = before.explain(tmp_path)
    assert words in said and re.search("Relancez ensuite la même commande|make venv", said)


def test_it_says_one_sentence_and_stops_make(room, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    assert before.main([]) == 0 and capsys.readouterr().err == ""
    assert before.main(["--after"]) == 1 and "n'est pas finie" in capsys.readouterr().err
    room(0)
    assert before.main([]) == 1 and capsys.readouterr().err.count("\n") == 1


def test_it_needs_nothing_that_is_not_with_python(tmp_path):
    """Sans aucun paquet (-S), c'est le Python nu d'une personne qui vient d'arriver."""
    command = [sys.executable, "-S", "-m", "aurore.before"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not shutil.which("make"), reason="make manque")
@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("#!/bin/sh\necho 'Aurore demande Python 3.11 ou plus récent' >&2; exit 1\n", "3.11 ou plus récent"),
        (None, "est introuvable : installez Python 3.11"),
    ],
)
def test_make_stops_before_it_makes_anything(tmp_path, python, words):
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    if python:
        (tmp_path / "vieux").write_text(python, encoding="utf-8")
        (tmp_path / "vieux").chmod(0o755)
    command = ["make", "venv", f"PYTHON={tmp_path / 'vieux'}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode != 0 and words in done.stderr
    assert not (tmp_path / ".venv").exists()
