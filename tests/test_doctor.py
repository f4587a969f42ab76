"""Le médecin : il voit ce qui manque et dit comment le réparer."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from aurore import doctor, models, settings
from aurore.settings import AuroreError


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    monkeypatch.setenv("AURORE_HOME", str(tmp_path))
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setenv("AURORE_PROFILE", "test")
    monkeypatch.delenv("AURORE_MIRROR", raising=False)
    monkeypatch.delenv("AURORE_MODEL", raising=False)
    return tmp_path


def test_a_sound_machine_is_ready():
    assert doctor.check().endswith("Tout est prêt.")


def test_missing_mirror_is_reported_with_its_remedy(monkeypatch):
    monkeypatch.setenv("AURORE_MIRROR", "/nulle/part")
    with pytest.raises(AuroreError, match=r"(?s)/nulle/part.*→.*à réparer avant"):
        doctor.check()


def test_home_that_is_a_file_is_reported(monkeypatch, place):
    (place / "fichier").write_text("", encoding="utf-8")
    monkeypatch.setenv("AURORE_HOME", str(place / "fichier"))
    with pytest.raises(AuroreError, match="AURORE_HOME"):
        doctor.check()


def test_full_disk_is_reported(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    with pytest.raises(AuroreError, match="Libérez"):
        doctor.check()


def test_missing_and_other_versions_are_told_apart(monkeypatch):
    def version(name):
        if name == "nltk":
            raise doctor.importlib.metadata.PackageNotFoundError
        return "0.0.1"

    monkeypatch.setattr(doctor.importlib.metadata, "version", version)
    states = {finding.subject: finding.state for finding in doctor._libraries()}
    assert states["nltk"] == "à réparer"
    assert states["torch"] == "note"


def test_folder_that_is_not_a_model_is_reported(monkeypatch, place):
    monkeypatch.setenv("AURORE_MODEL", str(place))
    with pytest.raises(AuroreError, match="AURORE_MODEL"):
        doctor.check()


# --- Ce qui est choisi, et pourquoi ---------------------------------------------------------------------


def finding(subject):
    return next(found for found in doctor.examine() if found.subject == subject)


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (models.Device("cuda", True, "carte X"), "la carte graphique, en bfloat16"),
        (models.Device("cuda", False, "carte Y"), "la carte graphique, en 32 bits"),
        (models.Device("cpu", True, "pas de carte"), "le processeur, en bfloat16"),
        (models.Device("cpu", False, "pas de carte"), "le processeur, en 32 bits"),
    ],
)
def test_the_choice_follows_the_device(monkeypatch, device, expected):
    monkeypatch.setattr(models, "choose_device", lambda: device)
    found = finding("Calcul")
    assert device.reason in found.detail and expected in found.choice


@pytest.mark.parametrize(("cores", "expected"), [(1, "1 cœur"), (8, "8 cœurs"), (None, "1 cœur")])
def test_cores_agree(monkeypatch, cores, expected):
    monkeypatch.setattr(doctor.os, "cpu_count", lambda: cores)
    assert finding("Calcul").detail.endswith(expected)


@pytest.mark.parametrize(
    ("profile", "model", "expected"),
    [
        ("minute", "neuf", "2 400 000 caractères au plus, en 1 passage ;"),
        ("nuit", "neuf", "tout le corpus, en 3 passages ;"),
        ("nuit", "un-modèle", "tout le corpus, en 1 passage ;"),
    ],
)
def test_the_profile_says_what_training_will_read(monkeypatch, profile, model, expected):
    monkeypatch.setenv("AURORE_PROFILE", profile)
    monkeypatch.setenv("AURORE_MODEL", model)
    choice = finding("Profil").choice
    assert expected in choice
    assert profile not in choice.split(" : ")[1] and "pause" in choice


def test_the_corpus_says_where_books_will_come_from(monkeypatch, place):
    assert "0 livre déjà" in finding("Corpus").detail and "pastiche" in finding("Corpus").choice
    (place / "gutenberg").mkdir()
    for number in (1, 2):
        (place / "gutenberg" / f"{number}.txt").write_text("", encoding="utf-8")
    assert "2 livres déjà" in finding("Corpus").detail
    monkeypatch.setenv("AURORE_MIRROR", str(place))
    assert f"miroir {place}" in finding("Corpus").detail
    monkeypatch.setenv("AURORE_CORPUS", "pastiche")
    assert "rien à télécharger" in finding("Corpus").choice


def test_the_model_says_who_chose_it(monkeypatch, place):
    embedded = settings.ROOT / "data" / "models" / "aurore-base"
    monkeypatch.setattr(settings, "model_name", lambda: str(embedded))
    monkeypatch.setattr(doctor.Path, "exists", lambda self: False)
    found = finding("Modèle de départ")
    assert found.detail == str(Path("data/models/aurore-base")) and "dans l'atelier" in found.choice
    monkeypatch.setenv("AURORE_MODEL", "quelqu-un/un-modele")
    monkeypatch.setattr(settings, "model_name", lambda: "quelqu-un/un-modele")
    found = finding("Modèle de départ")
    assert found.detail == "quelqu-un/un-modele" and "AURORE_MODEL" in found.choice


def test_the_report_puts_the_choice_under_what_was_found():
    found = doctor.Finding("note", "Sujet", "ceci", remedy="faites cela", choice="donc cela")
    lines = doctor.report([found]).splitlines()
    assert [line.strip() for line in lines] == [
        "[  note   ] Sujet  ceci",
        "donc cela",
        "→ faites cela",
        "Tout est prêt.",
    ]
    assert lines[1].index("donc") == lines[0].index("ceci")
