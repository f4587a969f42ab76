"""Les écritures : l'ancien contenu ou le nouveau, jamais un morceau."""

import errno
import json
import os
import subprocess
import sys
import threading

import pytest
from conftest import ROOT

from aurore import storage
from aurore.settings import AuroreError

posix = pytest.mark.skipif(storage.fcntl is None, reason="Windows ne verrouille pas un dossier")


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.name != storage.MARK)


def made(folder, *contents, kind="dossier"):
    """Un dossier que l'atelier a écrit."""
    with storage.atomic_directory(folder, kind) as temporary:
        for name in contents:
            (temporary / name).write_text(name, encoding="utf-8")
    return folder


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
    assert json.loads((target / storage.MARK).read_text(encoding="utf-8"))["fichiers"].keys() == {"nouveau"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_atomic_directory_keeps_the_old_folder_after_a_failure(tmp_path, error):
    target = made(tmp_path / "corpus", "ancien")
    with pytest.raises(error), storage.atomic_directory(target) as temporary:
        (temporary / "moitié").touch()
        raise error
    assert names(tmp_path) == ["ancien", "corpus"]


def test_atomic_directory_puts_the_old_folder_back_when_the_rename_fails(tmp_path, monkeypatch):
    target = made(tmp_path / "corpus", "ancien")
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
        (errno.ENAMETOOLONG, "trop long"),
        (errno.ELOOP, "tourne en rond"),
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


def test_a_very_long_path_is_shortened_in_its_sentence():
    text = str(storage.explain_os_error(OSError(errno.ENAMETOOLONG, "File name too long", "x" * 5000)))
    assert "trop long" in text and "5000 caractères" in text and len(text) < 400


def test_a_long_name_that_the_system_accepts_is_written(tmp_path):
    path = tmp_path / ("é" * 120 + ".json")  # 245 octets : encore permis, mais rien de plus
    storage.write_atomic(path, "contenu")
    assert path.read_text(encoding="utf-8") == "contenu" and len(names(tmp_path)) == 1


# --- Ce qui n'est pas à l'atelier


def test_a_folder_without_the_mark_is_never_touched(tmp_path):
    target = tmp_path / "dataset"
    target.mkdir()
    (target / "these.txt").write_text("trois ans", encoding="utf-8")
    with pytest.raises(AuroreError, match="autre chose qu'un corpus"), storage.atomic_directory(target, "corpus"):
        pytest.fail("le travail ne doit pas commencer")
    assert (target / "these.txt").read_text(encoding="utf-8") == "trois ans"
    assert names(tmp_path) == ["dataset", "these.txt"]


def test_a_folder_that_appears_during_the_work_is_not_touched_either(tmp_path):
    target = tmp_path / "dataset"
    with pytest.raises(AuroreError, match="autre chose"), storage.atomic_directory(target) as temporary:
        (temporary / "nouveau").touch()
        target.mkdir()
        (target / "these.txt").touch()
    assert names(tmp_path) == ["dataset", "these.txt"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"fichiers": {"a": "b"}}', "[" * 10**5])
def test_a_mark_that_is_not_ours_does_not_count(tmp_path, content):
    (tmp_path / storage.MARK).write_text(content, encoding="utf-8")
    with pytest.raises(AuroreError, match="autre chose"):
        storage.check_replaceable(tmp_path)
    assert (tmp_path / storage.MARK).read_text(encoding="utf-8") == content


def test_a_file_in_the_place_of_a_folder_is_not_touched(tmp_path):
    (tmp_path / "model").write_text("contenu", encoding="utf-8")
    with pytest.raises(AuroreError, match="est un fichier"), storage.atomic_directory(tmp_path / "model"):
        pass
    assert (tmp_path / "model").read_text(encoding="utf-8") == "contenu"


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "model").mkdir()
    assert names(made(tmp_path / "model", "poids")) == ["poids"]


def test_a_folder_of_another_kind_is_kept(tmp_path):
    made(tmp_path / "dataset", "livres", kind="corpus")
    with pytest.raises(AuroreError, match=r"qu'un modèle de l'atelier : des fichiers de l'atelier \(corpus\)"):
        made(tmp_path / "dataset", "poids", kind="modèle")
    with pytest.raises(AuroreError, match="refait en entier"):
        storage.write_texts(tmp_path / "dataset", {"1.txt": "texte"}, tmp_path / "registre.json")
    assert names(tmp_path) == ["dataset", "livres"]


def test_what_a_person_added_to_our_folder_follows(tmp_path):
    target = made(tmp_path / "model", "ancien", "commun")
    (target / "notes").mkdir()
    (target / "notes" / "lundi.txt").write_text("à moi", encoding="utf-8")
    (target / "nouveau").write_text("à moi aussi", encoding="utf-8")  # le nom que l'atelier va prendre
    (target / "lien").symlink_to(tmp_path)
    (target / "cache-1234.arrow").touch()  # `datasets` en sème, et les refait
    made(target, "nouveau", "commun")
    assert names(target) == ["commun", "lien", "lundi.txt", "notes", "nouveau", "nouveau.2"]
    assert (target / "nouveau").read_text(encoding="utf-8") == "nouveau"
    assert (target / "nouveau.2").read_text(encoding="utf-8") == "à moi aussi"
    made(target, "commun")
    assert names(target) == ["commun", "lien", "lundi.txt", "notes", "nouveau.2"]


def test_a_link_keeps_pointing_to_the_folder_that_is_remade(tmp_path):
    made(tmp_path / "gros disque", "ancien")
    (tmp_path / "model").symlink_to(tmp_path / "gros disque")
    made(tmp_path / "model", "nouveau")
    assert (tmp_path / "model").is_symlink() and names(tmp_path / "gros disque") == ["nouveau"]


def test_texts_of_ours_are_replaced_and_no_others(tmp_path):
    folder, registry = tmp_path / "textes", tmp_path / "registre.json"

    def write(**texts):
        storage.write_texts(folder, {f"{name}.txt": text for name, text in texts.items()}, registry)

    write(a="un", b="deux")
    write(a="un, mieux", c="trois")
    (folder / "b.txt").write_text("deux, corrigé à la main", encoding="utf-8")
    (folder / "d.txt").write_text("la source", encoding="utf-8")
    (folder / "e.txt").mkdir()
    (folder / "f.txt").symlink_to("d.txt")
    for name in "bdef":
        with pytest.raises(AuroreError, match=rf"contient déjà {name}\.txt, que l'atelier n'a pas écrit ainsi"):
            write(a="autre", **{name: "de l'atelier"})
    with pytest.raises(AuroreError, match="et 1 autres"):
        write(**dict.fromkeys("abdef", "de l'atelier"))
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
    assert kept == {
        "a.txt": "un, mieux",
        "b.txt": "deux, corrigé à la main",
        "c.txt": "trois",
        "d.txt": "la source",
        "f.txt": "la source",
    }
    write(d="la source")  # le même texte : rien n'est perdu
    registry.write_text("{", encoding="utf-8")
    with pytest.raises(AuroreError, match="contient déjà a"):  # dans le doute, on ne touche à rien
        write(a="autre")


def test_texts_half_replaced_are_still_ours(tmp_path, monkeypatch):
    real, registry = storage.write_atomic, tmp_path / "registre.json"
    storage.write_texts(tmp_path / "textes", {"a.txt": "un", "b.txt": "un"}, registry)

    def killed(path, content):
        if path.name == "b.txt":
            raise KeyboardInterrupt
        real(path, content)

    monkeypatch.setattr(storage, "write_atomic", killed)
    with pytest.raises(KeyboardInterrupt):
        storage.write_texts(tmp_path / "textes", {"a.txt": "deux", "b.txt": "deux"}, registry)
    monkeypatch.undo()
    storage.write_texts(tmp_path / "textes", {"a.txt": "trois", "b.txt": "trois"}, registry)
    assert {path.read_text(encoding="utf-8") for path in (tmp_path / "textes").iterdir()} == {"trois"}


@pytest.mark.parametrize("harm", ["cut", "flip", "remove", "folder"])
def test_damage_is_seen(tmp_path, harm):
    target = made(tmp_path / "model", "poids", "réglages")
    assert storage.damaged(target) == []
    weights = target / "poids"
    {
        "cut": lambda: weights.write_text("po", encoding="utf-8"),
        "flip": lambda: weights.write_text("poidz", encoding="utf-8"),
        "remove": weights.unlink,
        "folder": lambda: (weights.unlink(), weights.mkdir()),
    }[harm]()
    assert storage.damaged(target) == ["poids"]


def test_what_is_set_aside_never_covers_anything(tmp_path):
    for content in ("un", "deux", "trois"):
        (tmp_path / "etat").write_text(content, encoding="utf-8")
        storage.set_aside(tmp_path / "etat", tmp_path / "etat.abime")
    assert [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())] == ["un", "deux", "trois"]


# --- Ce qu'un arrêt brutal a laissé

KILLED = """
import os, sys
from pathlib import Path
from aurore import storage
target, step = Path(sys.argv[1]), int(sys.argv[2])
real, calls = os.replace, []
def replace(source, destination):
    if target in (Path(source), Path(destination)):
        calls.append(source)
        if len(calls) == step:
            os._exit(9)
    real(source, destination)
storage.os.replace = replace
with storage.atomic_directory(target) as temporary:
    (temporary / "nouveau").write_text("nouveau", encoding="utf-8")
    if step == 0:
        os._exit(9)
"""


def killed(target, step):
    done = subprocess.run([sys.executable, "-c", KILLED, str(target), str(step)], cwd=ROOT, check=False)
    assert done.returncode == 9


@posix
@pytest.mark.parametrize(
    ("step", "expected"), [(0, "ancien"), (1, "ancien"), (2, "nouveau")], ids=["écriture", "avant", "entre"]
)
def test_a_replacement_cut_in_two_is_finished_and_its_remains_cleared(tmp_path, step, expected):
    target = made(tmp_path / "model", "ancien")
    (target / "notes.txt").write_text("à moi", encoding="utf-8")
    killed(target, step)
    assert target.exists() == (step < 2) and len(list(tmp_path.iterdir())) == 2
    storage.recover(target)
    assert names(tmp_path) == sorted(["model", expected, "notes.txt"])


@posix
@pytest.mark.parametrize(("step", "expected"), [(0, []), (1, ["model", "nouveau"])], ids=["écriture", "fini"])
def test_a_first_writing_cut_short_leaves_nothing_or_everything(tmp_path, step, expected):
    killed(tmp_path / "model", step)
    storage.tidy(tmp_path)
    assert names(tmp_path) == expected


@posix
def test_remains_of_earlier_versions_are_cleared_and_the_neighbours_kept(tmp_path):
    made(tmp_path / "model", "poids")
    for name in (".model.abc_1234.part", ".model.abc_1234.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "reste").touch()
    (tmp_path / "state").mkdir()
    for name in (".sentences.json.abc12345.part", "state/.progress.json.abc12345.part"):
        (tmp_path / name).touch()
    (tmp_path / ".model.v2.abc12345.part").mkdir()  # un autre dossier, « model.v2 »
    (tmp_path / "film.part").touch()
    storage.tidy(tmp_path)
    assert names(tmp_path) == [".model.v2.abc12345.part", "film.part", "model", "poids", "state"]


@posix
def test_the_old_folder_comes_back_when_only_it_is_left(tmp_path):
    made(tmp_path / ".model.abc12345.old", "ancien")
    storage.recover(tmp_path / "model")
    assert names(tmp_path) == ["ancien", "model"]


@posix
def test_what_another_process_is_writing_is_left_alone(tmp_path):
    made(tmp_path / "model", "ancien")
    with storage.atomic_directory(tmp_path / "model") as temporary:
        (temporary / "nouveau").touch()
        storage.tidy(tmp_path)
        assert (temporary / "nouveau").exists()
    assert names(tmp_path) == ["model", "nouveau"]


def test_many_writers_of_one_file_never_trip_each_other(tmp_path):
    failures = []

    def write(number):
        try:
            for _ in range(40):
                storage.write_atomic(tmp_path / "etat.json", str(number) * 100)
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and names(tmp_path) == ["etat.json"]
    assert len(set((tmp_path / "etat.json").read_text(encoding="utf-8"))) == 1


# --- Ce que quelqu'un apporte


def test_a_file_within_the_limit_is_read_whole(tmp_path):
    (tmp_path / "livre.txt").write_bytes(b"x" * 1000)
    assert storage.read_limited(tmp_path / "livre.txt", 1000) == b"x" * 1000
    with pytest.raises(AuroreError, match=r"trop lourd : 1 ko, la limite est de 999 octets"):
        storage.read_limited(tmp_path / "livre.txt", 999)


@pytest.mark.skipif(os.name == "nt", reason="ni tubes ni périphériques")
def test_devices_and_pipes_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "tube")
    for path in ("/dev/zero", "/dev/null", tmp_path / "tube"):
        with pytest.raises(AuroreError, match="n'est pas un fichier ordinaire"):
            storage.read_limited(type(tmp_path)(path), 10**6)


def test_three_gigabytes_are_refused_at_once(tmp_path):
    with (tmp_path / "énorme").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(AuroreError, match=r"3 Go, la limite est de 1 Mo"):
        storage.read_limited(tmp_path / "énorme", 10**6)


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 octets"), (1500, "1,5 ko"), (200_000_000, "200 Mo"), (3_210_000_000, "3,2 Go")]
)
def test_sizes_are_said_in_french(size, words):
    assert storage.size_in_words(size) == words
