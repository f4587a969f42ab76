"""Les réglages : une valeur inconnue est refusée, jamais remplacée en silence."""

from pathlib import Path

import pytest

from aurore import settings


@pytest.mark.parametrize("name", settings.PROFILES)
def test_each_profile_is_selected_by_its_name(home, monkeypatch, name):
    monkeypatch.setenv("AURORE_PROFILE", name)
    assert settings.profile() is settings.PROFILES[name]
    assert settings.profile().name == name


@pytest.mark.parametrize("value", [None, "", "  "])
def test_defaults_hold_when_variables_are_absent_or_blank(home, monkeypatch, value):
    for name in ("AURORE_PROFILE", "AURORE_CORPUS", "AURORE_MIRROR"):
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    assert settings.profile().name == "minute"
    assert settings.corpus_name() == "gutenberg"
    assert settings.mirror() == ""


@pytest.mark.parametrize(
    ("variable", "read", "allowed"),
    [
        ("AURORE_PROFILE", settings.profile, list(settings.PROFILES)),
        ("AURORE_CORPUS", settings.corpus_name, ["gutenberg", "pastiche"]),
    ],
)
@pytest.mark.parametrize("value", ["inconnu", "TEST", "Pastiche"])
def test_unknown_value_is_refused_with_the_allowed_ones(home, monkeypatch, variable, read, allowed, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(settings.AuroreError) as refusal:
        read()
    assert f"{variable}={value}" in str(refusal.value)
    assert all(name in str(refusal.value) for name in allowed)


def test_home_expands_the_user_folder_and_defaults_to_data(home, monkeypatch):
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AURORE_HOME", "~/atelier")
    assert settings.home() == home / "atelier"
    monkeypatch.setenv("AURORE_HOME", "")
    assert settings.home() == settings.DATA


def test_chosen_model_wins_over_the_embedded_one(home, monkeypatch):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", home)
    assert settings.model_name() == ""
    Path(home, "config.json").write_text("{}", encoding="utf-8")
    assert settings.model_name() == str(home)
    monkeypatch.setenv("AURORE_MODEL", " ailleurs ")
    assert settings.model_name() == "ailleurs"
    monkeypatch.setenv("AURORE_MODEL", settings.NEW_MODEL)
    assert settings.model_name() == ""


@pytest.mark.parametrize("profile", settings.PROFILES.values(), ids=lambda profile: profile.name)
def test_profiles_describe_models_that_can_be_built(profile):
    assert profile.n_embd % profile.n_head == 0
    assert profile.vocab_size >= 256
    assert min(profile.max_characters, profile.tuning_characters, profile.evaluation_characters) >= 0


def test_a_model_that_knows_french_reads_its_own_count(home, monkeypatch):
    monkeypatch.setenv("AURORE_PROFILE", "minute")
    monkeypatch.setenv("AURORE_MODEL", "ailleurs")
    assert settings.training_characters() == settings.PROFILES["minute"].tuning_characters
    monkeypatch.setenv("AURORE_MODEL", settings.NEW_MODEL)
    assert settings.training_characters() == settings.PROFILES["minute"].max_characters


def test_a_path_is_told_the_short_way():
    assert settings.short_path(settings.ROOT / "data" / "x") == str(Path("data", "x"))
    assert settings.short_path(Path.home() / "x" / "y") == str(Path("~", "x", "y"))
    far = Path(Path.home().anchor, "ailleurs", "loin")
    assert settings.short_path(far) == str(far)
    assert settings.short_path("quelqu-un/un-modele") == "quelqu-un/un-modele" and settings.short_path("") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Miroir http://sand:secret@exemple.fr/livres absent.", "Miroir http://…@exemple.fr/livres absent."),
        ("ftp://sand:se@cret@exemple.fr, puis", "ftp://…@exemple.fr, puis"),
        ("AURORE_MIRROR=sand:secret@exemple.fr : ce dossier", "AURORE_MIRROR=…@exemple.fr : ce dossier"),
        ("https://exemple.fr/livres?cle=secret (sans réponse)", "https://exemple.fr/livres?… (sans réponse)"),
        ("« http://exemple.fr/1.txt » à 12:30 : rien", "« http://exemple.fr/1.txt » à 12:30 : rien"),
        ("écrire à sand@exemple.fr", "écrire à sand@exemple.fr"),
    ],
)
def test_no_message_shows_a_password(text, shown):
    assert settings.hide_passwords(text) == shown
    assert str(settings.AuroreError(text)) == shown


def test_a_machine_without_a_personal_folder_has_paths_all_the_same(monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(settings.Path, "home", nowhere)
    assert settings.short_path("/ailleurs/modele") == "/ailleurs/modele"
