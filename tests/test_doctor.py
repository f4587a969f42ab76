"""Le médecin : il voit ce qui manque et dit comment le réparer."""

import json
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from aurore import __main__ as cli
from aurore import doctor, machine, memory, models, settings
from aurore.settings import AuroreError


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    monkeypatch.setenv("AURORE_HOME", str(tmp_path))
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setenv("AURORE_PROFILE", "test")
    monkeypatch.delenv("AURORE_MIRROR", raising=False)
    monkeypatch.delenv("AURORE_MODEL", raising=False)
    monkeypatch.setattr(doctor, "SERVERS", ())
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
    assert states["nltk"] == "ÉCHEC"
    assert states["torch"] == "ATTENTION"


def test_folder_that_is_not_a_model_is_reported(monkeypatch, place):
    monkeypatch.setenv("AURORE_MODEL", str(place))
    with pytest.raises(AuroreError, match="AURORE_MODEL"):
        doctor.check()


def test_every_pin_is_read_and_other_systems_are_left_out(monkeypatch, place):
    monkeypatch.setattr(settings, "ROOT", place)
    lines = 'un[extra]==1.2  # raison\n# rien\n\ndeux==3.4; sys_platform == "amiga"\ntrois==5\n'
    (place / "requirements.txt").write_text(lines, encoding="utf-8")
    assert doctor.pins() == {"un": "1.2", "trois": "5"}


@pytest.mark.parametrize(
    ("room", "state"), [(400_000_000, "ÉCHEC"), (1_500_000_000, "ATTENTION"), (8_000_000_000, "OK")]
)
def test_memory_is_judged_by_what_is_left(monkeypatch, room, state):
    monkeypatch.setattr(memory, "available", lambda: room)
    found = finding("Mémoire")
    assert found.state == state and bool(found.remedy) == (state != "OK")


def test_a_card_that_pytorch_does_not_see_is_no_failure(monkeypatch):
    monkeypatch.setattr(machine, "_vendors", lambda: [machine.AMD])
    if models.choose_device().name == "cuda":
        pytest.skip("une carte répond déjà sur cette machine")
    found = finding("carte AMD (ROCm)")
    assert found.state == "ATTENTION" and machine.INSTALL_ROCM in found.remedy
    monkeypatch.setattr(machine, "_vendors", lambda: [])
    assert finding("Carte graphique").state == "OK"


def test_missing_extensions_are_named_with_their_repair(monkeypatch):
    import jupyter_core.paths

    assert finding("Figures interactives").state == "OK"
    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *_: [])
    found = finding("Figures interactives")
    assert found.state == "ÉCHEC" and "jupyterlab_widgets anywidget" in found.remedy


def test_a_font_without_french_is_told(monkeypatch):
    from matplotlib import font_manager

    assert finding("Polices").state == "OK"
    monkeypatch.setattr(font_manager, "get_font", lambda path: SimpleNamespace(get_charmap=lambda: {ord("e"): 1}))
    assert finding("Polices").state == "ATTENTION"


def test_notebooks_that_cannot_be_written_send_to_a_copy(monkeypatch):
    from aurore import storage

    monkeypatch.setattr(storage, "is_writable", lambda folder: False)
    found = finding("Carnets")
    assert found.state == "OK" and "sur une copie" in found.choice and "carnets" in found.choice


def test_a_taken_port_is_told(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(doctor, "LAB_PORT", taken.getsockname()[1])
        (found,) = doctor._port()
        assert found.state == "ATTENTION" and "--port" in found.remedy
    (found,) = doctor._port()
    assert found.state == "OK"


def test_the_network_is_tried_and_its_absence_stops_nothing(monkeypatch, library, closed_url):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    library.put("robots.txt", b"User-agent: *")
    here = ("Ici", f"{library.url}/robots.txt", "on l'emploiera", "rien")
    nowhere = ("Là-bas", f"{closed_url}/robots.txt", "on l'emploiera", "le pastiche")
    monkeypatch.setattr(doctor, "SERVERS", (here, nowhere))
    found, missing = doctor._network()
    assert (found.state, found.choice) == ("OK", "on l'emploiera")
    assert missing.state == "ATTENTION" and missing.choice == "l'atelier prendra le pastiche"
    assert "HTTPS_PROXY" in missing.remedy and doctor.check().endswith("Tout est prêt.")


def test_the_hub_is_not_asked_when_told_not_to(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(doctor, "SERVERS", (("Hugging Face", "adresse jamais lue", "x", "les modèles embarqués"),))
    (found,) = doctor._network()
    assert found.state == "OK" and "HF_HUB_OFFLINE" in found.detail


# --- Le rapport de panne ---------------------------------------------------------------------------------


def test_the_json_says_the_same_and_names_nobody(monkeypatch, place, capsys):
    monkeypatch.setenv("HOME", "/home/amandine")
    monkeypatch.setenv("AURORE_HOME", str(place))
    monkeypatch.setenv("AURORE_MIRROR", "http://sand:secret@exemple.fr/livres")
    assert cli.main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ready"] is True and told["aurore"]
    assert {row["state"] for row in told["findings"]} <= {"OK", "ATTENTION"}
    assert {"Python", "Mémoire", "Port du laboratoire"} <= {row["subject"] for row in told["findings"]}
    assert "secret" not in json.dumps(told)


def test_the_json_of_a_broken_machine_exits_with_one(monkeypatch, capsys):
    monkeypatch.setenv("AURORE_MIRROR", "/nulle/part")
    with pytest.raises(SystemExit) as end:
        cli.main(["doctor", "--json"])
    assert end.value.code == 1 and json.loads(capsys.readouterr().out)["ready"] is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/amandine/aurore/data", "~/aurore/data"),
        ("/home/maurice/x", "/home/compte/x"),
        ("/Users/solange/x", "/Users/compte/x"),
        (r"C:\Users\Solange\x", r"C:\Users\compte\x"),
        ("http://sand:secret@exemple.fr", "http://…@exemple.fr"),
        ("clé hf_abcdefghijklmnopqrst", "clé …"),
    ],
)
def test_what_names_a_person_is_hidden(monkeypatch, text, expected):
    monkeypatch.setattr(doctor.Path, "home", lambda: Path("/home/amandine"))
    assert doctor.anonymous(text) == expected


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
        ("minute", "neuf", "2\u202f700\u202f000 caractères au plus, en 1 passage ;"),
        ("nuit", "neuf", "tout le corpus, en 3 passages ;"),
        ("nuit", "un-modèle", "tout le corpus, en 1 passage ;"),
    ],
)
def test_the_profile_says_what_training_will_read(monkeypatch, profile, model, expected):
    monkeypatch.setenv("AURORE_PROFILE", profile)
    monkeypatch.setenv("AURORE_MODEL", model)
    monkeypatch.setattr(doctor, "_measured", lambda: "")  # rien de mesuré : la taille ordinaire
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
    found = doctor.Finding("ATTENTION", "Sujet", "ceci", remedy="faites cela", choice="donc cela")
    lines = doctor.report([found]).splitlines()
    assert [line.strip() for line in lines] == [
        "[ATTENTION] Sujet  ceci",
        "donc cela",
        "→ faites cela",
        "Tout est prêt.",
    ]
    assert lines[1].index("donc") == lines[0].index("ceci")
