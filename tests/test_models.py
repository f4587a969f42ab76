"""Charger un modèle, et dire ce qui manque."""

import ast
import contextlib
import http.server
import json
import math
import os
import shutil
import subprocess
import sys
import threading

import pytest
import torch
from conftest import ROOT
from huggingface_hub import constants
from safetensors.torch import load_file, save_file
from small import small_model, small_tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

from aurore import models, pull, settings, storage, tokenizer
from aurore.settings import AuroreError


def test_saved_model_reloads_in_evaluation_mode(tmp_path):
    small_model().save_pretrained(tmp_path)
    small_tokenizer().save_pretrained(tmp_path)
    model, tokenizer = models.load_model(tmp_path)
    assert not model.training
    assert len(tokenizer) == model.config.vocab_size


def test_an_export_is_read_by_plain_transformers_and_keeps_the_card(tmp_path):
    output = tmp_path / "modele"
    models.export_model(small_model(), small_tokenizer(), output)
    (output / "README.md").write_text("fiche", encoding="utf-8")
    (output / "figures").mkdir()
    (output / "figures" / "model.svg").write_text("figure", encoding="utf-8")
    whole = small_model()
    models.export_model(whole, small_tokenizer(), output)
    model, tokenizer = AutoModelForCausalLM.from_pretrained(output), AutoTokenizer.from_pretrained(output)
    assert model.dtype == torch.float16 and whole.dtype == torch.float32
    assert tokenizer("Le meunier")["input_ids"] == small_tokenizer()("Le meunier")["input_ids"]
    assert (output / "README.md").read_text(encoding="utf-8") == "fiche"
    assert (output / "figures" / "model.svg").is_file()
    expected = {name: tensor.half() for name, tensor in whole.state_dict().items()}
    assert all(torch.equal(tensor, expected[name]) for name, tensor in model.state_dict().items())


def test_an_export_leaves_no_piece_of_the_one_before(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "SHARD", "48KB")
    models.export_model(small_model(), small_tokenizer(), tmp_path / "modele")
    monkeypatch.undo()
    models.export_model(small_model(), small_tokenizer(), tmp_path / "modele")
    assert [path.name for path in (tmp_path / "modele").glob("*.safetensors*")] == ["model.safetensors"]


def test_an_export_is_cut_into_files_of_sixteen_megabytes_at_most(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "SHARD", "48KB")
    models.export_model(small_model(), small_tokenizer(), tmp_path / "modele")
    sizes = [path.stat().st_size for path in (tmp_path / "modele").glob("*.safetensors")]
    assert len(sizes) > 1 and max(sizes) <= 48_000 * 16 / 15  # coupé à 15, l'en-tête tient dans les 16
    models.load_model(tmp_path / "modele")


def test_an_export_never_replaces_what_is_not_a_model(tmp_path):
    (tmp_path / "roman.txt").write_text("Le meunier", encoding="utf-8")
    with pytest.raises(AuroreError, match="autre chose qu'un modèle"):
        models.export_model(small_model(), small_tokenizer(), tmp_path)
    with pytest.raises(AuroreError, match="est un fichier"):
        models.check_export(tmp_path / "roman.txt")
    assert (tmp_path / "roman.txt").read_text(encoding="utf-8") == "Le meunier"


def test_an_export_never_replaces_the_model_of_someone_else(tmp_path):
    small_model().save_pretrained(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(AuroreError, match="autre chose qu'un modèle de l'atelier"):
        models.export_model(small_model(), small_tokenizer(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


# --- Un modèle abîmé, ou qui n'est pas ce qu'il dit


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modeles") / "modele"
    with storage.atomic_directory(folder, "modèle") as temporary:
        small_model().save_pretrained(temporary)
        small_tokenizer().save_pretrained(temporary)
    return folder


def cut(name):
    return lambda folder: os.truncate(folder / name, (folder / name).stat().st_size // 2)


def flip(folder):
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)


def rewrite(change, marked=False):
    """Réécrit les poids, comme l'aurait fait un programme : le fichier se lit, ses nombres sont faux."""

    def harm(folder):
        weights = load_file(folder / "model.safetensors")
        change(weights)
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        if not marked:
            (folder / storage.MARK).unlink()

    return harm


def edit(name, **values):
    def harm(folder):
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps(content | values), encoding="utf-8")

    return harm


def without_weights(folder):
    (folder / "model.safetensors").unlink()


def other_tokenizer(folder):
    longer = tokenizer.load_tokenizer(folder)
    longer.add_tokens([f"mot{number}" for number in range(9)])
    longer.save_pretrained(folder)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (cut("model.safetensors"), "abîmé"),
        (cut("config.json"), "abîmé"),
        (cut("tokenizer.json"), "abîmé"),
        (cut("tokenizer_config.json"), "abîmé"),
        (without_weights, "abîmé"),
        (flip, "model.safetensors n'est plus tel que l'atelier l'a écrit"),
        (rewrite(lambda weights: weights["transformer.ln_f.bias"].fill_(math.nan)), "pas tous des nombres"),
        (rewrite(lambda weights: weights.pop("transformer.h.0.attn.c_attn.weight")), "manque des poids"),
        (edit("config.json", n_embd=32), "n'a pas pu être chargé"),
        (edit("config.json", model_type="inconnu"), "n'a pas pu être chargé"),
        (other_tokenizer, "son tokenizer connaît"),
    ],
)
def test_a_damaged_model_is_told_in_one_sentence(sound, tmp_path, harm, words):
    folder = tmp_path / "modele"
    shutil.copytree(sound, folder)
    models.load_model(folder)
    harm(folder)
    with pytest.raises(AuroreError) as failure:
        models.load_model(folder)
    assert words in str(failure.value) and str(folder) in str(failure.value)
    assert "aurore train" in str(failure.value)


def test_no_code_of_a_model_folder_is_ever_run(sound, tmp_path, monkeypatch):
    folder = tmp_path / "modele"
    shutil.copytree(sound, folder)
    trace = tmp_path / "trace"
    (folder / "piege.py").write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    names = {"AutoConfig": "piege.Config", "AutoModelForCausalLM": "piege.Model"}
    edit("config.json", model_type="piege", auto_map=names)(folder)
    edit("tokenizer_config.json", tokenizer_class="Piege", auto_map={"AutoTokenizer": ["piege.Piege", None]})(folder)
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("personne ne doit être interrogé"))
    with pytest.raises(AuroreError, match="ne fait jamais"):
        models.load_model(folder)
    with contextlib.suppress(AuroreError):
        tokenizer.load_tokenizer(folder)
    assert not trace.exists()


SOURCES = sorted(path for folder in ("aurore", "benchmarks") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_call_refuses_remote_code(path):
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "from_pretrained":
            given = {word.arg: getattr(word.value, "value", None) for word in call.keywords}
            assert given.get("trust_remote_code") is False, f"ligne {call.lineno}"


@pytest.mark.parametrize("folder", [settings.EMBEDDED_MODEL, settings.SAND_MODEL], ids=lambda folder: folder.name)
def test_the_models_of_the_repository_are_light_and_read_by_plain_transformers(folder, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    sizes = [path.stat().st_size for path in folder.iterdir()]
    assert max(sizes) <= 16e6 and sum(sizes) <= 32e6
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    assert len(tokenizer) == model.config.vocab_size and tokenizer.eos_token_id == model.config.eos_token_id
    text = "L'œuvre — « Où est-il ? » — s'achève."
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert (folder / "README.md").is_file()


def test_folder_without_model_is_explained(tmp_path):
    with pytest.raises(AuroreError, match="ne contient pas de modèle"):
        models.load_model(tmp_path)


def test_unknown_name_is_explained(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(AuroreError, match="n'a pas pu être chargé"):
        models.load_model("personne/modele-qui-n-existe-pas")


# --- Dossier, cache, Hub


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Un cache de Hugging Face qui contient un modèle, « personne/essai », et un Hub qui ne répond pas."""
    folder = tmp_path / "cache/models--personne--essai"
    models.export_model(small_model(), small_tokenizer(), folder / "snapshots/0123abcd")
    (folder / "refs").mkdir()
    (folder / "refs/main").write_text("0123abcd", encoding="utf-8")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(pull, "hub_answers", lambda *_: False)
    return tmp_path / "cache"


def test_a_cached_model_loads_without_the_hub(cache, monkeypatch):
    monkeypatch.setattr("httpx.Client.send", lambda *_, **__: pytest.fail("rien à demander au Hub"))
    model, tokenizer = models.load_model("personne/essai")
    assert len(tokenizer) == model.config.vocab_size and not model.training


def test_where_a_model_is(cache, sound, monkeypatch):
    places = {name: models.where(name) for name in (sound, "personne/essai", "personne/autre", "/nulle/part/du/tout")}
    assert list(places.values()) == ["dossier", "cache", "hors de portée", "hors de portée"]
    monkeypatch.setattr(pull, "hub_answers", lambda *_: True)
    assert models.where("personne/autre") == "Hub"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("personne/autre", "le Hub ne répond pas"),
        ("dbddv01/gpt2-french", "n'existe pas. À la place : dbddv01/gpt2-french-small"),
        ("antoil/gpt2-small-french", "introuvable"),
    ],
)
def test_a_model_out_of_reach_is_told_at_once(cache, monkeypatch, name, words):
    monkeypatch.setattr("httpx.Client.send", lambda *_, **__: pytest.fail("rien à demander au Hub"))
    with pytest.raises(AuroreError) as failure:
        models.load_model(name)
    assert words in str(failure.value)


HUB = """
import sys
from aurore import models
from aurore.settings import AuroreError
try:
    models.load_model(sys.argv[1])
except AuroreError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [("RepoNotFound", "ne connaît pas ce nom, ou le modèle est privé"), ("GatedRepo", "demande un accord")],
)
def test_the_key_goes_to_a_private_model_only(code, words, tmp_path):
    """Un faux Hub qui refuse : la première demande va sans clé ; la clé ne part qu'ensuite, et ne s'affiche jamais."""
    secret, seen = "hf_" + "0123456789abcdef", []

    class Refuse(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            seen.append(self.headers.get("authorization"))
            if code == "GatedRepo" and self.path.startswith("/api/"):
                return self.listing()
            self.send_response(401 if code == "RepoNotFound" else 403)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def listing(self):
            body = json.dumps({"sha": "0" * 40, "gated": "auto", "siblings": [{"rfilename": "config.json", "size": 9}]})
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuse) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        without = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment = without | {
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "HF_HOME": str(tmp_path),
            "HF_TOKEN": secret,
            "HF_HUB_OFFLINE": "0",
        }
        done = subprocess.run(
            [sys.executable, "-c", HUB, "personne/prive"], env=environment, capture_output=True, text=True, cwd=ROOT
        )
        server.shutdown()
    assert words in done.stdout, done.stderr
    assert secret not in done.stdout + done.stderr
    keyed = [header == f"Bearer {secret}" for header in seen]
    assert not keyed[0] and any(keyed) and keyed == sorted(keyed)


def test_device_choice_gives_its_reason():
    device = models.choose_device()
    assert device.name in ("cpu", "cuda")
    assert ("bfloat16" in device.reason) and len(device.reason) > 20


MEMORY = """
import resource, sys, torch
from aurore.models import keep_freed_memory
if sys.argv[1] == "oui":
    keep_freed_memory()
network = torch.nn.Sequential(torch.nn.Linear(256, 2048), torch.nn.GELU(), torch.nn.Linear(2048, 64))
# Des tenseurs de 64 Mo : au-dessus de 32, la bibliothèque C les demande toujours au système.
for step in range(5):
    if step == 3:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    network(torch.ones(8192, 256)).sum().backward()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ne concerne que Linux")
def test_freed_memory_is_used_again_without_asking_the_system():
    faults = [
        int(
            subprocess.run(
                [sys.executable, "-c", MEMORY, kept], capture_output=True, text=True, check=True, cwd=ROOT
            ).stdout
        )
        for kept in ("oui", "non")
    ]
    assert faults[0] < faults[1] / 4


def test_other_systems_keep_their_memory_their_own_way(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(models.ctypes, "CDLL", lambda name: pytest.fail("rien à régler ici"))
    models.keep_freed_memory()
