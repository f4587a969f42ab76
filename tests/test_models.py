"""Charger un modèle, et dire ce qui manque."""

import pytest
from small import small_model, small_tokenizer

from aurore import models
from aurore.settings import AuroreError


def test_saved_model_reloads_in_evaluation_mode(tmp_path):
    small_model().save_pretrained(tmp_path)
    small_tokenizer().save_pretrained(tmp_path)
    model, tokens = models.load_model(tmp_path)
    assert not model.training
    assert len(tokens) == model.config.vocab_size


def test_folder_without_model_is_explained(tmp_path):
    with pytest.raises(AuroreError, match="ne contient pas de modèle"):
        models.load_model(tmp_path)


def test_unknown_name_is_explained(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(AuroreError, match="n'a pas pu être chargé"):
        models.load_model("personne/modele-qui-n-existe-pas")


def test_device_choice_gives_its_reason():
    device = models.choose_device()
    assert device.name in ("cpu", "cuda")
    assert ("bfloat16" in device.reason) and len(device.reason) > 20
