"""Les écritures : l'ancien contenu ou le nouveau, jamais un morceau."""

import errno
import os

import pytest

from aurore import storage


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def full_disk(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("content", "expected"), [("l'été\n", "l'été\n".encode()), (b"\x00\xff", b"\x00\xff"), ("", b"")]
)
def test_write_atomic_creates_folders_and_replaces(tmp_path, content, expected):
    path = tmp_path / "a" / "b.txt"
    for _ in range(2):
        storage.write_atomic(path, content)
        assert path.read_bytes() == expected
        path.write_bytes(b"ancien contenu, plus long que le nouveau")
    assert names(tmp_path) == ["a", "b.txt"]


@pytest.mark.parametrize("step", ["fdopen", "replace"])
def test_write_atomic_keeps_the_old_file_when_the_disk_is_full(tmp_path, monkeypatch, step):
    path = tmp_path / "livre.txt"
    path.write_text("ancien", encoding="utf-8")
    monkeypatch.setattr(storage.os, step, full_disk)
    with pytest.raises(OSError, match="space"):
        storage.write_atomic(path, "nouveau")
    assert path.read_text(encoding="utf-8") == "ancien"
    assert names(tmp_path) == ["livre.txt"]


def test_write_atomic_survives_an_interruption(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        storage.write_atomic(tmp_path / "livre.txt", "nouveau")
    assert names(tmp_path) == []


def test_atomic_directory_replaces_the_whole_folder(tmp_path):
    target = tmp_path / "corpus"
    for name in ("ancien", "nouveau"):
        with storage.atomic_directory(target) as temporary:
            (temporary / name).write_text(name, encoding="utf-8")
            assert not (target / name).exists()
    assert names(tmp_path) == ["corpus", "nouveau"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_atomic_directory_keeps_the_old_folder_after_a_failure(tmp_path, error):
    target = tmp_path / "corpus"
    target.mkdir()
    (target / "ancien").touch()
    with pytest.raises(error), storage.atomic_directory(target) as temporary:
        (temporary / "moitié").touch()
        raise error
    assert names(tmp_path) == ["ancien", "corpus"]


def test_atomic_directory_puts_the_old_folder_back_when_the_rename_fails(tmp_path, monkeypatch):
    target = tmp_path / "corpus"
    target.mkdir()
    (target / "ancien").touch()
    real, calls = os.replace, []

    def second_fails(source, destination):
        calls.append(source)
        full_disk() if len(calls) == 2 else real(source, destination)

    monkeypatch.setattr(storage.os, "replace", second_fails)
    with pytest.raises(OSError, match="space"), storage.atomic_directory(target) as temporary:
        (temporary / "nouveau").touch()
    assert names(tmp_path) == ["ancien", "corpus"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "plein"),
        (errno.EACCES, "droits"),
        (errno.EPERM, "droits"),
        (errno.EROFS, "droits"),
        (errno.ENOTDIR, "pas un dossier"),
        (errno.EEXIST, "pas un dossier"),
        (errno.ENOENT, "chemin"),
        (errno.EISDIR, "chemin"),
    ],
)
def test_system_errors_become_french_advice(number, words):
    text = str(storage.explain_os_error(OSError(number, os.strerror(number), "/un/endroit")))
    assert words in text
    assert "/un/endroit" in text
    assert os.strerror(number) not in text


def test_unforeseen_system_error_still_names_the_place():
    text = str(storage.explain_os_error(OSError(errno.EMFILE, "Too many open files"), "ici"))
    assert "ici" in text
    assert "Too many open files" in text
