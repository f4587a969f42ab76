"""Le miroir de poche : les mêmes octets, une copie qui se vérifie et se reprend, et que l'atelier sait lire."""

import hashlib
import shutil
import subprocess

import pytest
from conftest import ROOT

from aurore import corpus, mirror
from aurore.settings import AuroreError

PASTICHE = ROOT / "data/pastiche"
ORIGINAL = (PASTICHE / "files/90001/90001-0.txt").read_bytes()


def test_the_copies_are_the_files_themselves_and_can_be_verified(home, run_here):
    folder = home / "clé usb é"
    done = run_here("prepare", "--mirror", folder)
    assert done.code == 0, done.err
    books = corpus.select_books("sand", corpus.load_catalogue())
    assert f"{len(books)} livres dans {folder}" in done.out and f"AURORE_MIRROR={folder}" in done.out
    assert (folder / mirror.place(90001)).read_bytes() == ORIGINAL
    sums = dict(reversed(line.split("  ")) for line in (folder / mirror.SUMS).read_text("utf-8").splitlines())
    assert sums == {
        mirror.place(book.id): hashlib.sha256((folder / mirror.place(book.id)).read_bytes()).hexdigest()
        for book in books
    }
    assert "AURORE_MIRROR" in (folder / "LISEZMOI.txt").read_text(encoding="utf-8")
    assert not (home / "dataset").exists()  # un miroir ne prépare pas de corpus
    if shutil.which("sha256sum"):
        checked = subprocess.run(["sha256sum", "--check", "--quiet", mirror.SUMS], cwd=folder, capture_output=True)
        assert checked.returncode == 0, checked.stderr


def test_the_workshop_reads_its_books_from_it(home, library, monkeypatch):
    mirror.make("90001", home / "miroir")
    monkeypatch.setattr(corpus, "GUTENBERG", (library.url,))
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setenv("AURORE_MIRROR", str(home / "miroir"))
    book = corpus.load_catalogue(PASTICHE / "catalogue.toml")[90001]
    assert corpus.Fetcher.from_settings().fetch(book) == ORIGINAL
    assert library.requests == []


def test_it_goes_on_where_it_stopped(home, library, monkeypatch):
    folder = home / "miroir"
    assert mirror.make("90001", folder)["copied"] == 1
    report = mirror.make("90001,90003", folder)
    assert (report["books"], report["copied"], report["refused"]) == (2, 1, [])
    assert mirror.make("90003", folder)["copied"] == 0
    kept = (folder / mirror.SUMS).read_text("utf-8")
    assert mirror.place(90001) in kept and mirror.place(90003) in kept


def test_a_damaged_copy_is_set_aside_and_made_again(home):
    folder = home / "miroir"
    mirror.make("90001", folder)
    path = folder / mirror.place(90001)
    path.write_bytes(ORIGINAL[: len(ORIGINAL) // 2])
    assert mirror.make("90001", folder)["copied"] == 1
    assert path.read_bytes() == ORIGINAL
    assert [other.name for other in path.parent.iterdir() if other != path] == ["pg90001.refuse"]


def test_a_trap_is_refused_and_the_others_are_copied(home):
    report = mirror.make("90001,99999", home / "miroir")
    assert report["books"] == 1 and len(report["refused"]) == 1 and "99999" in report["refused"][0]


def test_without_any_source_nothing_is_made(home, closed_url, monkeypatch):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setattr(corpus, "GUTENBERG", (closed_url,))
    with pytest.raises(AuroreError, match="réseau"):
        mirror.make("sand", home / "miroir")
    assert list((home / "miroir").iterdir()) == []


def test_it_is_not_mixed_with_what_prepares(home, run_here):
    done = run_here("prepare", "--mirror", home / "m", "--export", home / "e")
    assert done.code == 1 and "--export" in done.err and not (home / "m").exists()
