"""Les clés d'accès : d'où elles viennent, et qu'elles ne se montrent nulle part."""

import json
import logging
import pickle
import re
import shutil
import subprocess
import traceback

import pytest
from conftest import ROOT

from aurore import keys, models, settings
from aurore.settings import AuroreError

SECRET = "hf_" + "abcDEF0123456789" * 2  # une clé inventée, écrite en deux morceaux : l'essai du dépôt la trouverait


@pytest.fixture
def bare(home, monkeypatch):
    for variable in keys.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    return home


def write(home, text):
    (home / "credentials.ini").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("provider", keys.VARIABLES)
def test_one_rule_for_every_provider(bare, monkeypatch, provider):
    assert keys.read_key(provider) is None
    write(bare, f"[{provider}]\nTOKEN = dans-le-fichier\n")
    assert (keys.read_key(provider).value, keys.read_key(provider).source) == ("dans-le-fichier", "credentials.ini")
    monkeypatch.setenv(keys.VARIABLES[provider], "dans-la-variable")
    assert keys.read_key(provider).value == "dans-la-variable"


def test_the_example_is_no_key(bare):
    shutil.copy(ROOT / "data/credentials.ini.example", bare / "credentials.ini")
    assert all(keys.read_key(provider) is None for provider in keys.VARIABLES)
    assert keys.account() == "" and models.hub_token() is None


def test_the_names_of_the_slides_are_read(bare):
    write(bare, f"\ufeff[hugging_face]\nTOKEN={SECRET}%\nHUGGING_FACE_PSEUDO=aurore\n")
    assert models.hub_token().value == SECRET + "%" and keys.account() == "aurore"


def test_a_key_never_shows(bare, monkeypatch, caplog):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    key = models.hub_token()
    logging.getLogger("essai").warning("clé %s %r", key, key)
    try:
        raise RuntimeError(key)
    except RuntimeError as error:
        shown = "".join(traceback.format_exception(error))
    for text in (repr(key), str(key), f"{key}", f"{key!r:>20}", str([key]), caplog.text, shown, str(vars(key).keys())):
        assert SECRET not in text and (SECRET[:12] not in text)
    assert "HF_TOKEN" in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        json.dumps(key)


@pytest.mark.parametrize("key", [SECRET, "sk-" + "proj-0123456789abcdef", "pcsk_" + "0123456789abcdefgh"])
def test_our_messages_hide_a_key_even_when_someone_puts_it_there(key):
    assert str(AuroreError(f"Refusé : {key}, dit le service.")) == "Refusé : …, dit le service."
    assert settings.hide_passwords("hf_court, sk-learn et ask-moi") == "hf_court, sk-learn et ask-moi"


def test_an_unreadable_file_is_told_without_its_content(bare):
    write(bare, f"TOKEN={SECRET}\n")  # sans section : la bibliothèque citerait la ligne
    with pytest.raises(AuroreError, match="n'est pas lisible") as failure:
        models.hub_token()
    shown = "".join(traceback.format_exception(failure.value))
    assert SECRET not in shown


def test_a_missing_key_says_what_to_do(bare):
    with pytest.raises(AuroreError, match="HF_TOKEN, ou copiez") as failure:
        keys.need_key("hugging_face")
    assert "jamais dans une cellule" in str(failure.value)
    with pytest.raises(AuroreError, match="Services connus : hugging_face, openai"):
        keys.read_key("inconnu")


def test_loading_with_a_key_never_shows_it(bare, monkeypatch, capfd, caplog):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AuroreError) as failure:
        models.load_model("personne/modele-qui-n-existe-pas")
    out, err = capfd.readouterr()
    shown = "".join(traceback.format_exception(failure.value)) + out + err + caplog.text
    assert SECRET not in shown


# --- Le dépôt


def versioned():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name]


def test_no_versioned_file_holds_a_key():
    """Ni cellule, ni sortie, ni journal : tout ce qui est versionné, carnets et leurs sorties compris."""
    looks = re.compile(
        rb"\b(?:hf_[A-Za-z0-9]{24,}|sk-(?:proj-)?[A-Za-z0-9_-]{24,}|pcsk_[A-Za-z0-9_]{24,}|ghp_[A-Za-z0-9]{24,})\b"
    )
    found = [path for path in versioned() if path.is_file() and looks.search(path.read_bytes())]
    assert found == []


def test_no_cell_writes_a_key_in_full():
    """Une clé n'a pas sa place dans une cellule, même fausse : on y lirait l'habitude."""
    literal = re.compile(r"(?:token|api_key|HF_TOKEN|password)[\"'\]]*\s*=\s*[\"'][^\"']+[\"']", re.IGNORECASE)
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not (cell["cell_type"] == "code" and literal.search("".join(cell["source"]))), cell["source"]


def test_the_real_file_is_ignored_and_the_example_is_not(tmp_path):
    def ignored(name):
        return subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT).returncode == 0

    for name in ("credentials.ini", "data/credentials.ini", "aurore/credentials.ini", "notebooks/credentials.ini"):
        assert ignored(name), name
    assert not ignored("data/credentials.ini.example")
    assert (ROOT / "data/credentials.ini.example") in versioned()
