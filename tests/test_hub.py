"""Donner son modèle : rien ne part sans jeton, et un jeton n'est jamais montré."""

from types import SimpleNamespace

import pytest

from aurore import hub
from aurore.settings import AuroreError

TOKEN = "hf_secret"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def api(monkeypatch):
    """Un Hub d'essai, et ce qu'on lui a demandé."""
    asked = {}

    class Api:
        def __init__(self, token):
            asked["token"] = token

        def create_repo(self, name, **options):
            asked["repo"] = (name, options)
            return SimpleNamespace(repo_id=f"moi/{name}")

        def upload_folder(self, **options):
            if asked.get("refuse"):
                raise OSError(f"401 pour {TOKEN}\nsuite")
            asked["sent"] = options

    monkeypatch.setattr(hub, "HfApi", Api)
    return asked


def test_without_a_token_nothing_is_sent(folder, api, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(AuroreError, match=r"aucun jeton.*HF_TOKEN"):
        hub.push(folder, "essai")
    assert api == {}


def test_a_folder_without_a_model_is_not_sent(tmp_path, api, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with pytest.raises(AuroreError, match="ne contient pas de modèle"):
        hub.push(tmp_path, "essai")
    assert api == {}


def test_a_model_is_sent_to_a_private_place(folder, api, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert "moi/essai" in hub.push(folder, "essai")
    assert api["repo"] == ("essai", {"private": True, "exist_ok": True})
    assert api["sent"]["folder_path"] == folder and api["token"] == TOKEN


def test_a_refusal_is_explained_without_the_token(folder, api, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    api["refuse"] = True
    with pytest.raises(AuroreError) as refused:
        hub.push(folder, "essai")
    assert TOKEN not in str(refused.value) and "401" in str(refused.value)
    assert refused.value.__cause__ is None
