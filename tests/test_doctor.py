"""Le médecin : il voit ce qui manque et dit comment le réparer."""

from types import SimpleNamespace

import pytest

from aurore import doctor
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
