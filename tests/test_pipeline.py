"""Le parcours complet, en ligne de commande, sur le pastiche."""

import json

import datasets
import pytest

from aurore import corpus, pipeline, settings

KEYS = {"corpus", "tokenizer", "training", "evaluation", "samples", "settings"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Un dossier de travail où le parcours est allé jusqu'au bout, et son compte rendu."""
    import os
    import subprocess
    import sys

    home = tmp_path_factory.mktemp("parcours")
    environment = os.environ | {
        "AURORE_HOME": str(home),
        "AURORE_CORPUS": "pastiche",
        "AURORE_PROFILE": "test",
        "AURORE_MODEL": "neuf",
    }

    def aurore(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "aurore", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    result = aurore("pipeline", "--report", str(home / "rapport.json"))
    assert result.returncode == 0, result.stderr
    return home, aurore, json.loads((home / "rapport.json").read_text(encoding="utf-8"))


def test_report_has_its_public_keys_and_sane_figures(finished):
    _, _, report = finished
    assert set(report) == KEYS
    evaluation = report["evaluation"]
    assert 1 < evaluation["bits_per_char_after"] < evaluation["bits_per_char_before"] - 0.5 < 5
    assert 0 < evaluation["token_accuracy"] < 1
    assert report["corpus"]["books"] == 6
    assert report["corpus"]["sentences"] > 2000
    assert report["tokenizer"]["vocabulary"] == 1024
    assert report["training"]["steps"] > 50
    assert report["training"]["cost"]["sentence"].startswith("Écoulé ")  # rien n'était mesuré : rien n'est prévu
    assert len(report["samples"]) == 3
    assert all(sample["text"].startswith(sample["prompt"]) for sample in report["samples"])


def test_report_holds_no_machine_path(finished):
    home, _, report = finished
    assert str(home) not in json.dumps(report)


def test_each_step_picks_up_what_the_previous_left(finished):
    _, aurore, report = finished
    generated = aurore("generate", "La rivière", "--tokens", "10")
    assert generated.returncode == 0 and generated.stdout.startswith("La rivière")
    blank = aurore("generate", " ", "--tokens", "10")  # une amorce vide commence un texte neuf
    assert blank.returncode == 0 and blank.stdout.strip() and not blank.stderr
    measured = aurore("evaluate", "--json")
    assert json.loads(measured.stdout)["bits_per_char"] == report["evaluation"]["bits_per_char_after"]


def test_train_exports_a_lighter_copy_and_its_losses(finished, tmp_path):
    home, aurore, _ = finished
    result = aurore("train", "--export", str(tmp_path / "modele"), "--report", str(tmp_path / "pertes.json"))
    assert result.returncode == 0, result.stderr
    weights = [
        sum(path.stat().st_size for path in folder.glob("*.safetensors"))
        for folder in (tmp_path / "modele", home / "model")
    ]
    assert weights[0] < 0.6 * weights[1]
    losses = json.loads((tmp_path / "pertes.json").read_text(encoding="utf-8"))["losses"]
    assert losses["validation"][-1][1] < losses["validation"][0][1]


def test_train_refuses_to_export_over_something_else(finished, tmp_path):
    _, aurore, _ = finished
    (tmp_path / "roman.txt").write_text("Le meunier", encoding="utf-8")
    result = aurore("train", "--export", str(tmp_path))
    assert result.returncode == 1 and "autre chose qu'un modèle" in result.stderr
    assert (tmp_path / "roman.txt").is_file()


def test_evaluate_a_file_with_a_model_folder(finished, tmp_path):
    home, aurore, _ = finished
    text = tmp_path / "texte.txt"
    text.write_text("Le meunier s'en alla sans rien dire.\n", encoding="utf-8")
    result = json.loads(aurore("evaluate", "--model", str(home / "model"), "--file", str(text), "--json").stdout)
    assert {"bits_per_char", "perplexity", "characters", "tokens"} <= set(result)
    assert result["characters"] == 37


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "--file", "absent.txt"),
        ("evaluate", "--model", "absent"),
        ("generate", "Le", "--temperature", "0"),
        ("generate", "Le", "--top-p", "0"),
    ],
)
def test_bad_requests_get_a_french_sentence(finished, arguments):
    _, aurore, _ = finished
    result = aurore(*arguments)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr and "Erreur imprévue" not in result.stderr
    assert result.stderr.strip().endswith((".", ")"))


@pytest.mark.parametrize(
    "arguments", [("generate", "Le", "--tokens", "0"), ("generate", "--temperature", "chaud"), ("evaluate", "--loin")]
)
def test_bad_usage_exits_with_two(finished, arguments):
    _, aurore, _ = finished
    result = aurore(*arguments)
    assert result.returncode == 2
    assert "usage :" in result.stderr


@pytest.mark.parametrize(
    ("command", "needs"), [("tokenize", "prepare"), ("train", "prepare"), ("generate", "train"), ("evaluate", "train")]
)
def test_a_step_without_the_previous_one_says_which(finished, tmp_path, monkeypatch, command, needs):
    import os
    import subprocess
    import sys

    environment = os.environ | {"AURORE_HOME": str(tmp_path), "AURORE_CORPUS": "pastiche", "AURORE_PROFILE": "test"}
    result = subprocess.run(
        [sys.executable, "-m", "aurore", command], env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert result.returncode == 1
    assert f"aurore {needs}" in result.stderr


def test_stories_are_read_first_when_all_cannot_be():
    catalogue = corpus.load_catalogue()
    letters = next(book.title for book in catalogue.values() if book.genre == "lettres" and book.role == "train")
    novel = next(book.title for book in catalogue.values() if book.genre == "roman" and book.role == "train")
    books = {letters: "l\n" * 500, novel: "r\n" * 500, "Mon roman à moi": "m\n" * 500}
    rows = {
        "book": [title for title in books for _ in range(500)],
        "paragraph": [books[title][0] for title in books for _ in range(500)],
    }
    dataset = datasets.DatasetDict({"train": datasets.Dataset.from_dict(rows)})
    read = {
        characters: "".join(pipeline._chosen_passages(dataset, characters)) for characters in (0, 900, 2_000, 2_700)
    }
    assert {name: set(text) - {"\n"} for name, text in read.items()} == {
        0: set("lrm"),
        900: set("rm"),
        2_000: set("rm"),
        2_700: set("lrm"),
    }
    assert len(read[0]) == 3_000 and len(read[900]) == 900 and len(read[2_700]) == 2_700


def test_a_new_network_follows_the_profile():
    context, recipe = pipeline.plan_training(settings.PROFILES["minute"], 128, pretrained=False)
    assert (context, recipe.batch_size, recipe.learning_rate) == (128, 16, 1.5e-3)


def test_a_model_that_knows_french_keeps_its_context_and_takes_small_steps():
    profile = settings.PROFILES["minute"]
    context, recipe = pipeline.plan_training(profile, 512, pretrained=True)
    assert context == 512 and recipe.batch_size == 16
    assert pipeline.plan_training(settings.PROFILES["test"], 512, pretrained=True)[1].batch_size == 8  # si peu à lire
    assert recipe.learning_rate < recipe.matrix_rate == profile.tuning_rate < profile.learning_rate and recipe.averaged
    assert pipeline.plan_training(profile, 1024, pretrained=True)[0] == pipeline.MAX_CONTEXT
