"""Ce qui entre dans l'image : ce que le dépôt contient, et rien de ce que le travail y a produit."""

import fnmatch
import subprocess

import pytest
from conftest import ROOT

RULES = [
    line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")
]


def matches(pattern, path):
    """Le motif de Docker : un « * » ne passe pas de « / », un « **/ » passe autant de dossiers qu'on veut."""
    parts, wanted = path.split("/"), pattern.split("/")
    if wanted[0] == "**":
        return any(matches("/".join(wanted[1:]), "/".join(parts[start:])) for start in range(len(parts)))
    return len(parts) >= len(wanted) and all(
        map(fnmatch.fnmatchcase, parts, wanted)
    )  # un dossier vaut ce qu'il contient


def enters(path):
    """La dernière règle qui convient l'emporte ; « ! » fait rentrer ce qu'une règle d'avant laissait dehors."""
    inside = True
    for rule in RULES:
        if matches(rule.removeprefix("!"), path):
            inside = rule.startswith("!")
    return inside


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".venv/bin/python",
        ".mypy_cache/x",
        "rapport.json",
        "captures/01.png",
        "aurore/__pycache__/corpus.cpython-311.pyc",
        "aurore.egg-info/PKG-INFO",
        "notebooks/.ipynb_checkpoints/01_corpus-checkpoint.ipynb",
        "data/gutenberg/23582.txt",
        "data/gutenberg/23582.refuse",
        "data/dataset/train/data-00000-of-00001.arrow",
        "data/.dataset.abc12345.part/train/x",
        "data/dataset.abime/train/x",
        "data/sentences.json",
        "data/sentences.garde",
        "data/tokenizer/tokenizer.json",
        "data/model/model.safetensors",
        "data/checkpoints/0123456789abcdef/checkpoint-8/optimizer.pt",
        "data/state/progress.json",
        "data/bienvenue/model/config.json",
        "data/pretrain/base/checkpoint.pt",
        "data/hf/hub/x",
        "data/maison/.jupyter/x",
        "data/quelque-chose-de-neuf/x",
        "data/credentials.ini",
        "aurore/credentials.ini",
        "data/models/.aurore-base.abc12345.part/model.safetensors",
        "data/models/.aurore-base.abc12345.old/model.safetensors",
        "mes-livres/secret.txt",
    ],
)
def test_what_work_produced_stays_out(path):
    assert not enters(path)


def test_what_the_lab_needs_comes_in():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if listed.returncode:
        pytest.skip("hors d'un dépôt git")
    kept_out = {path for path in listed.stdout.splitlines() if not enters(path)}
    assert {path for path in kept_out if "/" in path} <= {".ci/run"}
    assert {path for path in kept_out if "/" not in path} <= {
        ".dockerignore",
        ".gitignore",
        ".pre-commit-config.yaml",
        "Dockerfile",
    }


def test_git_leaves_out_the_same_products():
    """Ce que git ignore, l'image l'ignore : une sortie nouvelle se déclare une fois, et l'essai dit si on l'oublie."""
    for rule in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines():
        path = rule.strip("/").replace("*", "x")
        assert not enters(f"{path}/x" if rule.endswith("/") else path), rule
