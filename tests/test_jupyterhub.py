"""JupyterHub : les trois configurations se lisent, se tiennent avec l'image, et la commande de chacun sait qu'un hub la lance."""

import os
import re

import pytest
import yaml
from conftest import ROOT

from aurore import __main__ as cli
from aurore import __version__

HUB = ROOT / "docker" / "hub"


class Config:
    """Ce que rend `get_config` : on y écrit ce qu'on veut, et l'on relit."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        found = Config()
        setattr(self, name, found)
        return found


@pytest.fixture
def read(home, monkeypatch):
    monkeypatch.chdir(home)

    def run(name):
        config = Config()
        source = (HUB / name).read_text(encoding="utf-8")
        exec(compile(source, str(HUB / name), "exec"), {"get_config": lambda: config, "__file__": str(HUB / name)})
        return config

    return run


def command_of(config):
    """Ce qui suit « python -m aurore », et ce que la commande en comprend."""
    words = config.Spawner.cmd[config.Spawner.cmd.index("aurore") + 1 :]
    return cli.build_parser().parse_args(words)


@pytest.mark.parametrize("name", ["salle.py", "tljh.py"])
def test_everyone_gets_the_lab_in_their_own_folder(read, name):
    config = read(name)
    assert str(command_of(config).folder) == "~/carnets" and command_of(config).run is cli._lab
    assert config.Spawner.environment["AURORE_HOME"] == "~/travail"


def test_a_room_is_closed_to_the_world_unless_asked(read, home):
    config = read("salle.py")
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert config.SharedPasswordAuthenticator.user_password == ""  # sans mot de passe, JupyterHub refuse tout le monde
    assert config.SimpleLocalProcessSpawner.home_dir_template == str(home / "salle" / "{username}")
    pattern = re.compile(config.Authenticator.username_pattern + r"\Z")
    assert pattern.match("consuelo") and not pattern.match("../consuelo") and not pattern.match("a/b")


def test_kubernetes_runs_the_image_as_docker_does():
    values = yaml.safe_load((HUB / "kubernetes.yaml").read_text(encoding="utf-8"))
    user, dockerfile = values["singleuser"], (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert user["image"]["tag"] == __version__
    assert user["cmd"] == ["lab"] and "lab)" in (ROOT / "docker/entree").read_text(encoding="utf-8")
    assert f"AURORE_HOME={user['storage']['homeMountPath']}" in dockerfile and f"ARG UID={user['uid']}" in dockerfile
    assert "docker/hub/requirements.txt" in dockerfile
    assert user["memory"] == {"guarantee": "1G", "limit": "3G"} and user["cpu"]["limit"] == 2
    assert user["networkPolicy"]["egressAllowRules"]["nonPrivateIPs"] is False


def test_the_littlest_hub_holds_the_same_limits():
    config = yaml.safe_load((HUB / "tljh.yaml").read_text(encoding="utf-8"))
    assert config["limits"] == {"memory": "3G", "cpu": 2} and config["services"]["cull"]["enabled"] is True


@pytest.mark.skipif(os.name != "posix", reason="le laboratoire y prend la place de la commande")
def test_the_lab_knows_when_a_hub_runs_it(home, monkeypatch):
    told = []
    monkeypatch.setattr(cli.os, "execve", lambda program, command, environment: told.append(command))
    monkeypatch.setattr(cli.subprocess, "call", lambda *_, **__: 0)
    for name in (None, "http://127.0.0.1:1234/user/consuelo/"):
        if name:
            monkeypatch.setenv("JUPYTERHUB_SERVICE_URL", name)
        with pytest.raises(SystemExit):
            cli.main(["lab", "--no-browser", "--folder", str(home / "carnets")])
    alone, hub = told
    assert "jupyterlab" in alone and "--ServerApp.port=8888" in alone
    assert "jupyterhub.singleuser" in hub and not any(
        word.startswith(("--ServerApp.ip", "--ServerApp.port")) for word in hub
    )
    assert (
        "--ServerApp.default_url=/lab/tree/00_bienvenue.ipynb" in hub
        and f"--ServerApp.root_dir={home / 'carnets'}" in hub
    )
