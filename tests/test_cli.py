"""La ligne de commande, côté corpus : codes de sortie, phrases en français, rien à moitié fait."""

import errno
import os

import pytest
from conftest import ROOT, framed

from aurore import __main__ as cli
from aurore import corpus, storage

PASTICHE = ROOT / "data/pastiche"
BOOK = PASTICHE / "files/90005/90005-0.txt"


def leftovers(folder):
    return [path for path in folder.rglob("*") if path.name.endswith((".part", ".old")) or path.name.startswith(".")]


def explained(result, *words, code=1):
    """La commande a échoué comme il faut : code, phrase, pas de trace."""
    assert result.code == code, result.err
    assert "Traceback" not in result.err + result.out
    assert all(word in result.err for word in words), result.err
    return True


# --- Ce qui réussit


def test_prepare_on_the_pastiche(run_cli, home):
    done = run_cli("prepare", "--export", home / "textes")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    assert "6 livres" in done.out
    assert {path.name for path in home.iterdir()} == {"dataset", "sentences.json", "state", "textes"}
    assert set(corpus.load_dataset(home / "dataset")) == {"train", "validation", "test"}
    assert leftovers(home) == []


def test_brought_file_is_exported_in_utf8_one_paragraph_a_line(run_cli, home):
    brought = PASTICHE / "files/90003/90003-8.txt"
    done = run_cli("prepare", "--file", brought, "--export", home / "textes")
    assert done.code == 0, done.err
    assert "1 livre" in done.out
    text = (home / "textes/90003.txt").read_bytes().decode("utf-8")
    expected = corpus.clean(brought.read_bytes(), corpus.Book(90003))
    assert text.split("\n") == [*expected.paragraphs, ""]
    assert {path.name for path in (home / "textes").iterdir()} == {"90003.txt", "90003.coupes.md"}


def test_second_prepare_replaces_the_first(home):
    assert cli.main(["prepare", "--file", str(BOOK)]) == 0
    first = sum(map(len, corpus.load_dataset(home / "dataset").values()))
    assert cli.main(["prepare"]) == 0
    assert sum(map(len, corpus.load_dataset(home / "dataset").values())) > 2 * first
    assert leftovers(home) == []


def test_doctor_is_content_with_this_machine(home, capsys):
    assert cli.main(["doctor"]) == 0
    assert "Tout est prêt." in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["prepare", "--help"], ["doctor", "--help"]])
def test_help_is_in_french(capsys, arguments):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert "usage :" in text
    assert "affiche cette aide" in text
    assert "show this help" not in text


# --- Commande mal formée : 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "il manque : COMMANDE"),
        (["fabriquer"], "« fabriquer » n'est pas permis"),
        (["prepare", "--livres", "1"], "arguments inconnus"),
        (["prepare", "--books"], "une valeur est attendue"),
        (["prepare", "--file"], "au moins une valeur"),
        (["prepare", "--books", "90001", "--file", "x"], "incompatible"),
        (["doctor", "tout"], "arguments inconnus : tout"),
    ],
)
def test_bad_usage(capsys, arguments, words):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert words in capsys.readouterr().err


def test_bad_usage_in_a_shell(run_cli):
    assert explained(run_cli("prepare", "--books"), "usage :", "attendue", code=2)


# --- Erreurs expliquées : 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prepare", "--books", "424242"], ["livre 424242", "introuvable", "--file"]),
        (["prepare", "--books", "roman"], ["--books roman", "23582,34204"]),
        (["prepare", "--books", "²"], ["--books", "23582,34204"]),
        (["prepare", "--books", "90011"], ["traduction anglaise"]),
        (["prepare", "--books", "90012"], ["page web"]),
        (["prepare", "--books", "90015"], ["seconde édition"]),
        (["prepare", "--file", "absent.txt"], ["absent.txt"]),
        (["prepare", "--file", str(PASTICHE)], ["dossier"]),
        (["prepare", "--file", "absent.txt", "perdu.txt"], ["absent.txt", "perdu.txt"]),
        (["prepare", "--file", str(PASTICHE / "files/90011/90011-0.txt")], ["texte anglais"]),
        (["prepare", "--file", str(PASTICHE / "files/90012/90012-0.txt")], ["page web"]),
        (["prepare", "--file", str(PASTICHE / "files/90013/90013-0.txt")], ["tronqué"]),
        (["prepare", "--file", str(PASTICHE / "files/90002/90002.txt")], ["sept bits"]),
        (["prepare", "--file", os.devnull], ["vide"]),
    ],
)
def test_explained_failures(home, capsys, arguments, words):
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert all(word in said for word in words), said
    assert "imprévue" not in said
    assert not (home / "dataset").exists()
    assert leftovers(home) == []


@pytest.mark.parametrize(
    ("command", "variable", "value", "words"),
    [
        ("doctor", "AURORE_PROFILE", "géant", "minute"),
        ("doctor", "AURORE_CORPUS", "hugo", "pastiche"),
        ("prepare", "AURORE_CORPUS", "hugo", "pastiche"),
    ],
)
def test_wrong_setting_is_refused_with_what_is_allowed(home, monkeypatch, capsys, command, variable, value, words):
    monkeypatch.setenv(variable, value)
    assert cli.main([command]) == 1
    said = capsys.readouterr().err
    assert f"{variable}={value}" in said
    assert words in said


@pytest.mark.parametrize("command", ["prepare", "doctor"])
def test_missing_mirror_folder(home, monkeypatch, capsys, command):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setenv("AURORE_MIRROR", str(home / "absent"))
    assert cli.main([command]) == 1
    assert "absent" in capsys.readouterr().err


def test_unreachable_book_is_explained(home, closed_url, monkeypatch, capsys):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setattr(corpus, "GUTENBERG", (closed_url,))
    assert cli.main(["prepare", "--books", "13025"]) == 1
    assert "AURORE_MIRROR" in capsys.readouterr().err
    assert list(home.rglob("*.txt")) == []


def test_unreachable_library_falls_back_on_the_pastiche(home, closed_url, monkeypatch, capsys):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setattr(corpus, "GUTENBERG", (closed_url,))
    assert cli.main(["prepare"]) == 0
    assert "continue avec le pastiche" in capsys.readouterr().out


def test_failure_in_a_shell_has_no_traceback(run_cli):
    assert explained(run_cli("prepare", "--file", "absent.txt"), "absent.txt", "chemin")


@pytest.mark.parametrize("place", ["file", "/proc"])
def test_unwritable_home(run_cli, home, monkeypatch, capsys, place):
    (home / "fichier").write_text("contenu", encoding="utf-8")
    folder = home / "fichier" / "atelier" if place == "file" else "/proc/atelier"
    assert explained(run_cli("prepare", AURORE_HOME=folder), "AURORE_HOME")
    monkeypatch.setenv("AURORE_HOME", str(folder))
    assert cli.main(["doctor"]) == 1
    assert "AURORE_HOME" in capsys.readouterr().err
    assert (home / "fichier").read_text(encoding="utf-8") == "contenu"


def test_home_that_is_a_file(run_cli, home):
    (home / "fichier").write_text("contenu", encoding="utf-8")
    assert explained(run_cli("prepare", AURORE_HOME=home / "fichier"), "fichier")
    assert (home / "fichier").read_text(encoding="utf-8") == "contenu"


def test_export_folder_that_is_a_file(home, capsys):
    (home / "textes").write_text("contenu", encoding="utf-8")
    assert cli.main(["prepare", "--file", str(BOOK), "--export", str(home / "textes")]) == 1
    assert "textes" in capsys.readouterr().err
    assert (home / "textes").read_text(encoding="utf-8") == "contenu"


# --- Disque plein


@pytest.fixture
def prepared(home):
    assert cli.main(["prepare", "--file", str(BOOK)]) == 0
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize("step", ["replace", "fdopen"])
def test_full_disk_keeps_what_was_there(home, monkeypatch, capsys, prepared, step):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage.os, step, full)
    assert cli.main(["prepare", "--export", str(home / "textes")]) == 1
    assert "Le disque est plein" in capsys.readouterr().err
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == prepared
    assert leftovers(home) == []


def no_room():
    import resource  # absents de Windows
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.skipif(os.name == "nt", reason="Windows ne sait pas limiter la taille des fichiers")
def test_disk_that_takes_no_byte(run_cli, home):
    """Le système refuse tout octet (EFBIG) ; la commande l'explique et ne laisse rien."""
    result = run_cli("prepare", "--file", BOOK, preexec_fn=no_room)
    assert explained(result)
    assert "imprévue" not in result.err
    assert not (home / "dataset").exists()
    assert leftovers(home) == []


# --- Imprévus


def test_interruption_is_explained(home, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus, "prepare", interrupt)
    assert cli.main(["prepare"]) == 1
    assert "Interrompu" in capsys.readouterr().err


def test_unforeseen_error_is_one_french_sentence_unless_debugging(home, monkeypatch, capsys):
    def fail(*_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(corpus, "prepare", fail)
    assert cli.main(["prepare"]) == 1
    assert "AURORE_DEBUG=1" in capsys.readouterr().err
    monkeypatch.setenv("AURORE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["prepare"])


def test_same_brought_text_twice_is_not_spread_over_roles(home, capsys):
    """Trois fichiers dont deux sont le même livre : le test serait dans l'entraînement."""
    other = PASTICHE / "files/90003/90003-8.txt"
    assert cli.main(["prepare", "--file", str(BOOK), str(other), str(BOOK)]) == 0
    assert "il n'entre qu'une fois dans le corpus" in capsys.readouterr().out
    found = [paragraph for rows in corpus.load_dataset(home / "dataset").values() for paragraph in rows["paragraph"]]
    expected = corpus.clean(BOOK.read_bytes(), corpus.Book(90005)).paragraphs
    assert found.count(max(expected, key=len)) == 1


def test_brought_file_without_number_is_named_after_its_path(home, tmp_path):
    source = tmp_path / "mon livre.txt"
    body = corpus.clean(BOOK.read_bytes(), corpus.Book(90005)).text.replace("\n", "\n\n")
    source.write_text(framed(body).replace("[EBook #90001]", ""), encoding="utf-8")
    assert cli.main(["prepare", "--file", str(source), "--export", str(home / "textes")]) == 0
    assert {path.name for path in (home / "textes").iterdir()} == {"mon livre.txt", "mon livre.coupes.md"}


def test_a_python_that_is_not_the_workshop_s_is_told_what_to_do(home, monkeypatch, capsys):
    """Comme avec le Python du système, où rien n'est installé."""

    def nothing_installed(options):
        raise ModuleNotFoundError("No module named 'httpx'", name="httpx")

    monkeypatch.setattr(cli, "_doctor", nothing_installed)
    assert cli.main(["doctor"]) == 1
    assert "« httpx » manque" in capsys.readouterr().err
