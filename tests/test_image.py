"""Ce qui entre dans l'image : ce que le dépôt contient, et rien de ce que le travail y a produit."""

import fnmatch
import json
import os
import re
import shutil
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
    forges = (".ci/", ".github/", ".devcontainer/", ".binder/")  # ce qui sert avant l'image, ou ailleurs
    assert [path for path in kept_out if "/" in path and not path.startswith(forges)] == []
    assert {path for path in kept_out if "/" not in path} <= {
        ".dockerignore",
        ".gitattributes",
        ".gitignore",
        ".pre-commit-config.yaml",
        "Dockerfile",
    }


def test_git_leaves_out_the_same_products():
    """Ce que git ignore, l'image l'ignore : une sortie nouvelle se déclare une fois, et l'essai dit si on l'oublie."""
    for rule in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines():
        path = rule.strip("/").replace("*", "x")
        assert not enters(f"{path}/x" if rule.endswith("/") else path), rule


# --- Le Dockerfile


def instructions():
    """Les instructions du Dockerfile, lignes continuées recollées : `(nom, reste)`."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    whole = re.sub(r"\\\n\s*", "", lines).splitlines()
    return [tuple(line.split(None, 1)) for line in whole if line.strip()]


def test_the_libraries_are_a_layer_of_their_own():
    names = [f"{name} {rest}" for name, rest in instructions()]
    requirements = next(rank for rank, line in enumerate(names) if line.startswith("COPY requirements.txt"))
    installed = next(rank for rank, line in enumerate(names) if "-r requirements.txt" in line)
    assert requirements < installed < names.index("COPY . .")
    assert names[0] == "FROM python:3.11-slim-bookworm"


def test_nothing_runs_as_an_administrator():
    after_user = instructions()[[name for name, _ in instructions()].index("USER") :]
    assert after_user[0] == ("USER", "aurore")
    assert not {"RUN", "COPY", "ADD", "USER"} & {name for name, _ in after_user[1:]}


def test_the_image_says_what_it_is_and_how_it_is():
    known = dict(instructions())
    assert "org.opencontainers.image.title" in known["LABEL"] and "licenses" in known["LABEL"]
    assert json.loads(known["ENTRYPOINT"]) == ["entree"] and json.loads(known["CMD"]) == ["lab"]
    assert known["HEALTHCHECK"].endswith('CMD ["sante"]')
    assert known["EXPOSE"].split() == ["8888", "8000"] and known["VOLUME"] == "/home/aurore/travail"


# --- L'entrée et l'examen de santé

needs_sh = pytest.mark.skipif(os.name == "nt", reason="ces deux scripts tournent dans l'image, sous Linux")


@pytest.fixture
def entree(tmp_path):
    """Lance l'entrée de l'image avec un faux Python, qui dit comment on l'appelle et sous quel numéro."""
    work, bin_folder = tmp_path / "travail", tmp_path / "bin"
    work.mkdir()
    bin_folder.mkdir()
    shutil.copy(ROOT / "docker/entree", bin_folder / "entree")
    (bin_folder / "python").write_text('#!/bin/sh\necho "$(id -u) $*"\n', encoding="utf-8")
    for path in bin_folder.iterdir():
        path.chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents):  # un autre compte doit pouvoir lire jusque-là
        if folder.name.startswith(("pytest-", "popen-", "test_")):
            folder.chmod(0o755)
    account = "65534" if os.geteuid() == 0 else str(os.getuid())
    if os.geteuid() == 0:
        os.chown(work, 65534, 0)

    def run(*arguments, first=("setpriv", "--reuid", "65534", "--regid", "0", "--clear-groups")):
        command = [*(first if os.geteuid() == 0 else ()), str(bin_folder / "entree"), *arguments]
        environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "AURORE_HOME": str(work), "AURORE_UID": account}
        return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")

    run.work, run.account = work, account
    return run


@needs_sh
@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        ([], "-m aurore lab --ip 0.0.0.0 --no-browser --folder {work}/carnets"),
        (["lab", "--port", "9000"], "-m aurore lab --ip 0.0.0.0 --no-browser --folder {work}/carnets --port 9000"),
        (["page"], "-m aurore serve --ip 0.0.0.0"),
        (["python", "-m", "aurore", "prepare"], "-m aurore prepare"),
    ],
)
def test_two_words_open_the_lab_and_the_page(entree, arguments, called):
    done = entree(*arguments)
    assert (done.stdout.strip(), done.stderr) == (f"{entree.account} {called.format(work=entree.work)}", "")
    assert list(entree.work.iterdir()) == []


@needs_sh
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="il faut être administrateur")
def test_a_volume_of_root_is_explained_then_given_away(entree):
    os.chown(entree.work, 0, 0)
    entree.work.chmod(0o755)
    refused = entree("page")
    assert "--user root" in refused.stderr and "-m aurore serve" in refused.stdout
    given = entree("page", first=())
    assert given.stdout.split()[0] == "65534" and given.stderr == "" and entree.work.stat().st_uid == 65534
    assert entree("page").stderr == ""


@needs_sh
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="il faut être administrateur")
def test_a_single_folder_of_someone_else_is_named_then_given_away(entree):
    other = entree.work / "carnets" / "d'avant"
    other.mkdir(parents=True)
    os.chown(other.parent, 65534, 0)
    other.chmod(0o700)
    assert str(other) in entree("page").stderr
    entree("page", first=())
    assert entree("page").stderr == ""


@needs_sh
def test_the_health_check_asks_who_answers(library, closed_url):
    library.put("api", b"{}")
    library.put("fermee", 403)
    library.put("malade", 500)

    def health(*urls):
        return subprocess.run(["sh", str(ROOT / "docker/sante"), *urls], capture_output=True).returncode

    assert health(closed_url, f"{library.url}/api") == 0
    assert health(f"{library.url}/fermee") == 0
    assert health(f"{library.url}/malade") == 1
    assert health(closed_url) == 1
