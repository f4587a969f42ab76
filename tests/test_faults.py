"""Les fautes que personne n'a prévues, vues de la ligne de commande : rien n'est perdu, et une phrase dit quoi faire."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT
from small import TEXT, small_model, small_tokenizer

from aurore import __main__ as cli
from aurore import bienvenue, corpus, finetune, models, settings, storage, tokenizer
from aurore.settings import AuroreError

PASTICHE = ROOT / "data/pastiche"
BOOK = PASTICHE / "files/90005/90005-0.txt"


@pytest.fixture(autouse=True)
def place(home, monkeypatch):
    monkeypatch.setenv("AURORE_MODEL", "neuf")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(capsys, *arguments):
    """Code et sortie d'une commande, dont l'échec tient en phrases."""
    code = cli.main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err and "imprévue" not in said.err
    return code, said.out, said.err


@pytest.fixture
def trained(home):
    """Un modèle minuscule là où « train » l'aurait laissé."""
    with storage.atomic_directory(finetune.model_folder(), "modèle") as temporary:
        small_model().save_pretrained(temporary)
        small_tokenizer().save_pretrained(temporary)
    return finetune.model_folder()


# --- Les dossiers et les fichiers des autres


@pytest.mark.parametrize(("name", "command"), [("dataset", "prepare"), ("tokenizer", "tokenize"), ("model", "train")])
def test_a_folder_that_happens_to_have_our_name_is_never_touched(home, capsys, name, command):
    if command != "prepare":
        assert cli.main(["prepare", "--file", str(BOOK)]) == 0
    if command == "train":
        assert cli.main(["tokenize"]) == 0
    (home / name).mkdir()
    (home / name / "these.txt").write_text("trois ans de travail", encoding="utf-8")
    before = contents(home)
    code, _, said = run(capsys, command)
    assert code == 1 and f"{home / name} contient autre chose" in said and "AURORE_HOME" in said
    assert contents(home) == before


def test_an_export_in_the_folder_of_the_sources_overwrites_nothing(home, tmp_path, capsys):
    sources = tmp_path / "sources"
    sources.mkdir()
    source = shutil.copy(BOOK, sources / "90005.txt")
    before = contents(sources)
    code, _, said = run(capsys, "prepare", "--file", source, "--export", sources)
    assert code == 1 and "90005.txt, que l'atelier n'a pas écrit ainsi" in said
    assert contents(sources) == before


def test_an_export_is_remade_but_not_over_a_correction(home, capsys):
    texts = home / "textes"
    for _ in range(2):
        assert run(capsys, "prepare", "--file", BOOK, "--export", texts)[0] == 0
    (texts / "90005.txt").write_text("corrigé à la main", encoding="utf-8")
    assert run(capsys, "prepare", "--file", BOOK, "--export", texts)[0] == 1
    assert (texts / "90005.txt").read_text(encoding="utf-8") == "corrigé à la main"


@pytest.mark.parametrize("command", ["train", "pipeline"])
def test_a_report_never_replaces_the_file_of_someone_else(home, monkeypatch, capsys, command):
    from aurore import pipeline

    monkeypatch.setattr(pipeline, "train", lambda: pytest.fail("rien ne doit commencer"))
    monkeypatch.setattr(pipeline, "run", lambda _: pytest.fail("rien ne doit commencer"))
    (home / "these.json").write_text("{}", encoding="utf-8")
    code, _, said = run(capsys, command, "--report", home / "these.json")
    assert code == 1 and "these.json, que l'atelier n'a pas écrit" in said
    code, _, said = run(capsys, command, "--report", home)
    assert code == 1 and "est un dossier" in said
    for report in ({"pas": 1}, {"pas": 2}):
        pipeline.check_report(home / "rapport.json")
        pipeline.write_report(report, home / "rapport.json")
    assert json.loads((home / "rapport.json").read_text(encoding="utf-8")) == {"pas": 2}
    assert (home / "these.json").read_text(encoding="utf-8") == "{}"


def test_a_dataset_is_no_place_for_an_export(home, capsys):
    assert run(capsys, "prepare", "--file", BOOK)[0] == 0
    before = contents(home / "dataset")
    code, _, said = run(capsys, "prepare", "--file", BOOK, "--export", home / "dataset")
    assert code == 1 and "refait en entier" in said
    with pytest.raises(AuroreError, match="des fichiers de l'atelier \\(corpus\\)"):
        models.check_export(home / "dataset")
    assert contents(home / "dataset") == before


def test_sentences_of_someone_else_are_set_aside(home, capsys):
    (home / "sentences.json").write_text('["mes phrases"]', encoding="utf-8")
    code, said, _ = run(capsys, "prepare", "--file", BOOK)
    assert code == 0 and "sentences.garde" in said
    assert (home / "sentences.garde").read_text(encoding="utf-8") == '["mes phrases"]'
    assert "n'est pas de l'atelier" not in run(capsys, "prepare", "--file", BOOK)[1]
    corpus.SentenceSplitter.load(home / "sentences.json")


# --- Un corpus de vrais livres n'est pas remplacé par le pastiche


@pytest.fixture
def unreachable(home, monkeypatch, closed_url):
    monkeypatch.setenv("AURORE_CORPUS", "gutenberg")
    monkeypatch.setattr(corpus, "GUTENBERG", (closed_url,))


def gutenberg_dataset():
    """Un corpus de deux livres, dont l'un n'est pas du pastiche."""
    books = [
        corpus.clean(BOOK.read_bytes(), corpus.Book(90005, title="La Mare au diable", role=role)) for role in ("train",)
    ]
    corpus.finish(books, None, "gutenberg", [])
    return contents(corpus.dataset_folder())


def test_the_books_already_prepared_are_kept_when_nothing_answers(home, unreachable, capsys):
    before = gutenberg_dataset()
    code, said, _ = run(capsys, "prepare", "--export", home / "textes")
    assert code == 0 and "gardé tel quel" in said and "aucune source ne répond" in said
    assert "continue avec le pastiche" not in said and "1 livre," in said
    assert contents(corpus.dataset_folder()) == before
    number = next(number for number, book in corpus.load_catalogue().items() if book.title == "La Mare au diable")
    [exported] = (home / "textes").iterdir()
    assert exported.name == f"{number}.txt"
    assert exported.read_text(encoding="utf-8") == corpus.clean(BOOK.read_bytes(), corpus.Book(90005)).text


def test_one_bad_book_does_not_replace_them_either(home, unreachable, library, monkeypatch, capsys):
    monkeypatch.setattr(corpus, "GUTENBERG", (library.url,))
    library.default = (500, b"", None)
    monkeypatch.setattr(corpus.download, "RETRY_WAIT", lambda state: 0)
    before = gutenberg_dataset()
    assert run(capsys, "prepare")[0] == 0
    assert contents(corpus.dataset_folder()) == before


def test_a_corpus_of_a_single_book_is_read_again(home, capsys):
    assert run(capsys, "prepare", "--books", "90001")[0] == 0
    assert corpus.load_dataset().num_rows["validation"] == 0
    assert run(capsys, "tokenize")[0] == 0


def test_a_pastiche_may_replace_a_pastiche(home, unreachable, capsys):
    for _ in range(2):
        code, said, _ = run(capsys, "prepare")
        assert code == 0 and "continue avec le pastiche" in said and "6 livres" in said


def test_a_damaged_corpus_is_set_aside_before_the_pastiche_comes(home, unreachable, capsys):
    gutenberg_dataset()
    arrow = next(corpus.dataset_folder().rglob("*.arrow"))
    arrow.write_bytes(arrow.read_bytes()[:-20])
    code, said, _ = run(capsys, "prepare")
    assert code == 0 and "abîmé" in said and "dataset.abime" in said
    assert (home / "dataset.abime" / "dataset_dict.json").is_file()


def test_an_altered_corpus_is_told(home, capsys):
    assert run(capsys, "prepare", "--file", BOOK)[0] == 0
    arrow = next(corpus.dataset_folder().rglob("*.arrow"))
    content = bytearray(arrow.read_bytes())
    content[len(content) // 2] ^= 1  # un octet : Arrow le lit sans rien dire
    arrow.write_bytes(content)
    code, _, said = run(capsys, "tokenize")
    assert code == 1 and arrow.name in said and "aurore prepare" in said
    assert run(capsys, "prepare", "--file", BOOK)[0] == 0  # la commande conseillée répare


# --- Ce qui s'est abîmé


@pytest.mark.parametrize("content", ["{", "[]", "{}", "\x00\x01"])
def test_a_damaged_tokenizer_is_told_and_remade(home, capsys, content):
    assert run(capsys, "prepare", "--file", BOOK)[0] == 0
    assert run(capsys, "tokenize")[0] == 0
    (tokenizer.tokenizer_folder() / "tokenizer.json").write_text(content, encoding="utf-8")
    code, _, said = run(capsys, "train")
    assert code == 1 and "tokenizer" in said and "aurore tokenize" in said
    assert run(capsys, "tokenize")[0] == 0
    assert len(tokenizer.load_tokenizer()) == 1024


def test_lesson_zero_goes_on_with_another_model(home, monkeypatch, capsys):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", home / "absent")
    monkeypatch.delenv("AURORE_MODEL")
    folder = home / "bienvenue" / "model"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "gpt2"', encoding="utf-8")
    model, _ = bienvenue.open_model()
    said = capsys.readouterr().out
    assert "mis de côté" in said and (folder.with_name("model.abime") / "config.json").is_file()
    assert model.config.n_layer == 2


# --- Ce que quelqu'un apporte


@pytest.mark.skipif(os.name == "nt", reason="ni tubes ni périphériques")
@pytest.mark.parametrize("command", ["prepare", "evaluate"])
@pytest.mark.parametrize("kind", ["/dev/zero", "/dev/random", "tube", "énorme", "absent", "dossier"])
def test_a_file_that_is_no_text_is_refused_at_once(home, trained, capsys, command, kind):
    path = home / kind if not kind.startswith("/") else kind
    if kind == "tube":
        os.mkfifo(path)
    elif kind == "énorme":
        with path.open("wb") as file:
            file.truncate(3_000_000_000)
    elif kind == "dossier":
        path.mkdir()
    start = time.monotonic()
    code, _, said = run(capsys, command, "--file", path)
    words = {"énorme": "trop lourd : 3 Go", "absent": "n'existe pas", "dossier": "est un dossier"}
    assert code == 1 and str(path) in said and words.get(kind, "pas un fichier ordinaire") in said
    assert time.monotonic() - start < 20
    assert not (home / "dataset").exists()


LONG = "x" * 5000


@pytest.mark.parametrize(
    "arguments",
    [
        ["prepare", "--file", LONG],
        ["prepare", "--file", BOOK, "--export", LONG],
        ["evaluate", "--file", LONG],
        ["evaluate", "--model", LONG],
        ["generate", "Le", "--model", f"/tmp/{LONG}"],
        ["lab", "--no-browser", "--folder", LONG],
    ],
)
def test_a_path_too_long_has_its_sentence(home, trained, capsys, arguments):
    code, _, said = run(capsys, *arguments)
    assert code == 1 and "trop long" in said and len(said) < 600


def test_a_home_too_long_has_its_sentence(home, monkeypatch, capsys):
    monkeypatch.setenv("AURORE_HOME", f"/tmp/{LONG}")
    code, _, said = run(capsys, "prepare")
    assert code == 1 and "trop long" in said


def test_the_home_of_an_unknown_person_has_its_sentence(home, monkeypatch, capsys):
    monkeypatch.setenv("AURORE_HOME", "~personne-de-ce-nom/atelier")
    code, _, said = run(capsys, "prepare")
    assert code == 1 and "inconnu" in said and "AURORE_HOME" in said


# --- Des réglages impossibles


@pytest.mark.parametrize("port", ["99999", "65536", "0", "-1", "8888.5", "9" * 5000])
def test_a_port_that_does_not_exist_is_bad_usage(home, capsys, port):
    with pytest.raises(SystemExit) as end:
        cli.main(["lab", "--port", port])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "--port" in said and ("1 à 65535" in said or "au moins 1" in said or "incorrecte" in said)


@pytest.mark.parametrize("address", ["999.1.1.1", "8.8.8.8", "pas une adresse", "é" * 100])
def test_an_address_where_nobody_can_listen_has_its_sentence(home, capsys, address):
    code, _, said = run(capsys, "lab", "--no-browser", "--ip", address)
    assert code == 1 and f"--ip {address}" in said and "127.0.0.1" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--temperature", "1e-45"], "température"),
        (["--temperature", "nan"], "température"),
        (["--temperature", "inf"], "température"),
        (["--top-p", "nan"], "top-p"),
        (["--seed", str(2**64)], "graine"),
        (["--seed", str(-(2**63) - 1)], "graine"),
        (["--seed", "9" * 400], "graine"),
    ],
)
def test_settings_out_of_reach_have_their_sentence(home, trained, capsys, arguments, words):
    code, _, said = run(capsys, "generate", "Le meunier", *arguments)
    assert code == 1 and words in said and len(said) < 300


@pytest.mark.parametrize(
    "arguments", [["--temperature", "0,01"], ["--seed", str(2**64 - 1)], ["--seed", str(-(2**63))]]
)
def test_settings_at_the_limit_write(home, trained, capsys, arguments):
    code, said, _ = run(capsys, "generate", "Le meunier", "--tokens", "5", *arguments)
    assert code == 0 and said.startswith("Le meunier")


@pytest.mark.skipif(os.name == "nt", reason="Windows donne toujours du texte")
def test_invalid_bytes_in_a_prompt_have_their_sentence(home, trained):
    done = subprocess.run(
        [sys.executable, "-m", "aurore", "generate", b"Le meunier \xff\xfe"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1 and "UTF-8" in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr and "imprévue" not in done.stderr.decode("utf-8")


# --- Une mesure longue


def test_a_long_text_is_measured_by_pieces_as_in_one(trained, monkeypatch):
    from aurore import evaluation

    model, bpe = models.load_model(trained)
    text = (TEXT + "\n\n\n  — Oh !\t…\n" + "mot" * 40 + "\n") * 3
    whole = evaluation.score(model, bpe, text)
    monkeypatch.setattr(evaluation, "PIECE", 100)
    assert len(list(evaluation._pieces(text))) > 50 and "".join(evaluation._pieces(text)) == text
    assert evaluation.score(model, bpe, text) == whole
    # Un texte sans une espace : les morceaux restent bornés.
    assert max(map(len, evaluation._pieces("x" * 1000))) == 200


def test_batches_are_bounded_by_what_they_hold_in_memory(trained, monkeypatch):
    from aurore import evaluation

    model, bpe = models.load_model(trained)
    whole = evaluation.score(model, bpe, TEXT)
    sizes, real = [], evaluation._score_windows
    monkeypatch.setattr(
        evaluation, "_score_windows", lambda model, ids, batch: sizes.append(len(batch)) or real(model, ids, batch)
    )
    monkeypatch.setattr(evaluation, "MAX_LOGITS", 3 * model.config.n_positions * model.config.vocab_size)
    assert evaluation.score(model, bpe, TEXT).nats == pytest.approx(whole.nats, rel=1e-5)
    assert max(sizes) == 3


def test_progress_is_shown_on_the_error_stream_and_the_result_stays_json(home, trained, monkeypatch, capsys):
    from aurore import evaluation

    shown, real = [], evaluation.tqdm

    def bar(**options):
        shown.append(options)
        return real(**options)

    monkeypatch.setattr(evaluation, "tqdm", bar)
    (home / "texte.txt").write_text(TEXT, encoding="utf-8")
    code, said, _ = run(capsys, "evaluate", "--file", home / "texte.txt", "--json")
    assert code == 0 and json.loads(said)["characters"] == len(TEXT)
    assert [(options["disable"], options["unit"]) for options in shown] == [(False, "token")]


# --- Un arrêt brutal, puis la même commande

KILLED_WHILE_SAVING = """
import os, sys
from aurore import __main__ as cli, storage
real, calls = os.replace, []
def replace(source, destination):
    if str(destination).endswith(sys.argv[1]):
        os._exit(9)
    real(source, destination)
storage.os.replace = replace
cli.main(sys.argv[2:])
"""


@pytest.mark.skipif(storage.fcntl is None, reason="Windows attend une heure avant d'effacer")
@pytest.mark.parametrize("stop", ["dataset", ".old", "sentences.json", "90005.txt"])
def test_a_command_killed_anywhere_leaves_nothing_after_the_next_one(home, capsys, stop):
    arguments = ["prepare", "--file", str(BOOK), "--export", str(home / "textes")]
    if stop == ".old":
        assert run(capsys, *arguments)[0] == 0
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_SAVING, stop, *arguments], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert run(capsys, *arguments)[0] == 0
    left = [path for path in home.rglob("*") if path.name.endswith((".part", ".old")) or path.name.startswith(".")]
    assert left == []
    assert corpus.load_dataset().num_rows["train"] > 0


@pytest.mark.skipif(os.name == "nt", reason="un signal de Unix")
def test_ctrl_c_is_one_sentence(home):
    command = [
        sys.executable,
        "-c",
        "from aurore import __main__ as c, corpus\nimport time\n"
        "def wait(*_):\n    print('là', flush=True)\n    time.sleep(60)\n"
        "corpus.prepare = wait\nraise SystemExit(c.main(['prepare']))",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1 and "Interrompu" in said.decode("utf-8") and b"Traceback" not in said


# --- Les mots de passe


@pytest.mark.parametrize("command", [["doctor"], ["prepare"], ["prepare", "--books", "13025"]])
@pytest.mark.parametrize(
    "mirror", ["http://sand:secret@127.0.0.1:9/livres", "sand:secret@exemple.fr/livres", "http://sand:secret@x:port"]
)
def test_no_command_prints_the_password_of_a_mirror(home, unreachable, monkeypatch, capsys, command, mirror):
    monkeypatch.setenv("AURORE_MIRROR", mirror)
    _, out, err = run(capsys, *command)
    assert "secret" not in out + err


# --- Sans dossier personnel où écrire


@pytest.mark.skipif(os.name == "nt", reason="Windows a toujours un dossier personnel")
def test_a_command_without_a_writable_home_finds_one(home, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("HOME", "/proc/personne")
    storage.find_a_home()
    assert os.environ["HOME"] == str(home / "maison") and (home / "maison").is_dir()
    monkeypatch.setenv("HOME", str(home))
    storage.find_a_home()
    assert os.environ["HOME"] == str(home)
    monkeypatch.setenv("HOME", "/proc/personne")
    monkeypatch.setenv("AURORE_HOME", "/proc/atelier")
    monkeypatch.setattr(storage.tempfile, "tempdir", str(tmp_path_factory.mktemp("provisoire")))
    storage.find_a_home()
    assert os.environ["HOME"].startswith(storage.tempfile.tempdir)


@pytest.mark.skipif(os.name == "nt", reason="Windows a toujours un dossier personnel")
def test_a_system_without_a_temporary_folder_finds_one_too(home, monkeypatch):
    def nowhere():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setenv("TMPDIR", "/proc/provisoire")
    monkeypatch.setenv("HOME", "/proc/personne")
    monkeypatch.setattr(storage.tempfile, "tempdir", None)
    monkeypatch.setattr(storage.tempfile, "gettempdir", nowhere)
    storage.find_a_home()
    assert os.environ["TMPDIR"] == os.environ["HOME"] == str(home / "maison")


@pytest.mark.skipif(os.name == "nt", reason="Windows a toujours un dossier personnel")
def test_the_lab_without_any_writable_place_says_so(home, monkeypatch, capsys):
    monkeypatch.setattr(storage, "is_writable", lambda *_, **__: False)
    monkeypatch.setattr(cli, "is_writable", lambda *_, **__: False)
    code, _, said = run(capsys, "lab", "--no-browser")
    assert code == 1 and "dossier où écrire" in said and "-v aurore:" in said


IN_A_KERNEL = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(stderr=open("/dev/null", "w"))
said = []

def hear(message):
    if message["msg_type"] == "stream":
        said.append((message["content"]["name"], message["content"]["text"]))
    if message["msg_type"] == "error":
        said.append(("error", message["content"]["ename"]))

try:
    client.execute_interactive(sys.argv[1], output_hook=hear, timeout=120)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print([(name, text) for name, text in said if name != "stdout"], *(text for name, text in said if name == "stdout"))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows a toujours un dossier personnel")
@pytest.mark.parametrize("place", ["maison", "nulle part"])
def test_the_doctor_says_nothing_in_english_in_a_notebook_without_a_home(home, place):
    code = (
        "from aurore import doctor\nfrom aurore.atelier import exercise\nfrom aurore.widgets import bienvenue\n"
        "print(doctor.report(doctor.examine()))"
    )
    environment = os.environ | {
        "HOME": "/proc/personne",
        "AURORE_HOME": str(home) if place == "maison" else "/proc/atelier",
        "JUPYTER_RUNTIME_DIR": str(home / "jupyter"),
        "TMPDIR": str(home),
    }
    done = subprocess.run(
        [sys.executable, "-c", IN_A_KERNEL, code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("[] ") and "Python" in done.stdout, done.stdout
    assert ("Tout est prêt" in done.stdout) == (place == "maison")
