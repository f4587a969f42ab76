"""L'entraînement : blocs pleins, perte qui baisse, reprise après une coupure."""

import itertools
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import tqdm.std
from safetensors.torch import load_file
from small import TEXT, small_model, small_tokenizer
from transformers import TrainerCallback

from aurore import finetune, storage
from aurore.settings import AuroreError

RECIPE = finetune.Recipe(epochs=2, batch_size=4, learning_rate=3e-3)


def blocks(context=32):
    return finetune.pack_blocks([TEXT], small_tokenizer(), context)


def test_blocks_are_full_and_hold_the_text_in_order():
    tokenizer = small_tokenizer()
    packed = finetune.pack_blocks(["Le meunier.", "La roue."] * 30, tokenizer, 16)
    flat = [int(token) for row in packed["input_ids"] for token in row]
    text = (
        tokenizer("Le meunier.")["input_ids"]
        + [tokenizer.eos_token_id]
        + tokenizer("La roue.")["input_ids"]
        + [tokenizer.eos_token_id]
    ) * 30
    assert all(len(row) == 16 for row in packed["input_ids"])
    assert flat == text[: len(flat)]
    assert len(text) - len(flat) < 16
    assert torch.equal(torch.stack(list(packed["input_ids"])), torch.stack(list(packed["labels"])))


def test_too_short_a_text_is_refused():
    with pytest.raises(AuroreError, match="trop court"):
        finetune.pack_blocks(["Bref."], small_tokenizer(), 64)


def test_training_lowers_the_loss_and_saves_a_model_that_reloads(tmp_path):
    from aurore.models import load_model

    report = finetune.fine_tune(
        small_model(), small_tokenizer(), blocks(), blocks(), RECIPE, tmp_path / "model", tmp_path / "ckpt"
    )
    losses = [loss for _, loss in report["losses"]["train"]]
    assert losses[-1] < losses[0] - 1
    steps, losses = zip(*report["losses"]["validation"], strict=True)
    assert steps[0] == 0 and steps[-1] == report["steps"] and len(steps) == 6
    assert losses[-1] < losses[0] - 1
    assert report["steps"] == -(-len(blocks()) // 4) * 2
    model, tokenizer = load_model(tmp_path / "model")
    assert tokenizer("Le meunier")["input_ids"] == small_tokenizer()("Le meunier")["input_ids"]
    assert model.config.n_layer == 2
    assert not (tmp_path / "ckpt").exists()


def test_a_part_of_the_vocabulary_teaches_as_well_and_its_measure_is_exact(tmp_path):
    vocabulary = len(small_tokenizer())
    few, whole = (
        finetune.fine_tune(
            small_model(), small_tokenizer(), blocks(), blocks(), recipe, tmp_path / "model", tmp_path / "ckpt"
        )
        for recipe in (replace(RECIPE, candidates=vocabulary // 2), RECIPE)
    )
    (start, end), (same, reference) = (
        [found["losses"]["validation"][place][1] for place in (0, -1)] for found in (few, whole)
    )
    assert start == pytest.approx(same, abs=1e-6) and end == pytest.approx(reference, rel=0.1) and end < start - 1
    assert few["losses"]["train"] != whole["losses"]["train"]


def test_the_expected_duration_counts_only_the_candidates():
    model = small_model()
    rows, width = model.get_output_embeddings().weight.shape
    few = replace(RECIPE, candidates=100)
    assert finetune._weights_multiplied(model, few) == model.num_parameters() - (rows - 100) * width
    for recipe in (RECIPE, replace(RECIPE, candidates=rows), replace(RECIPE, candidates=10 * rows)):
        assert finetune._weights_multiplied(model, recipe) == model.num_parameters()


def averaged(tmp_path, rate, validation, *callbacks, steady=False):
    recipe = finetune.Recipe(epochs=1, batch_size=4, learning_rate=rate, averaged=True, steady=steady)
    start = small_model()
    before = [parameter.detach().clone() for parameter in start.parameters()]
    report = finetune.fine_tune(
        start, small_tokenizer(), blocks(), validation, recipe, tmp_path / "model", tmp_path / "ckpt", callbacks
    )
    return before, report


@pytest.mark.parametrize("steady", [False, True])
def test_averaging_keeps_the_share_that_loses_least_in_validation(tmp_path, steady):
    _, report = averaged(tmp_path, 3e-3, blocks(), steady=steady)
    tried = dict(report["shares"])
    assert set(tried) == set(finetune.SHARES) and tried[report["share"]] == min(tried.values())
    first, *_, last = report["losses"]["validation"]
    assert tried[0.0] == pytest.approx(first[1], rel=1e-3)
    assert last[0] == report["steps"] and (last[1] == pytest.approx(tried[1.0], rel=1e-3)) == (not steady)
    assert report["share"] > 0


def test_a_training_that_only_loses_gives_back_the_starting_weights(tmp_path):
    from aurore.models import load_model

    before, report = averaged(tmp_path, 1.0, blocks())
    assert report["share"] == 0.0
    saved, _ = load_model(tmp_path / "model")
    assert all(torch.equal(a, b) for a, b in zip(before, saved.parameters(), strict=True))


def test_averaging_without_validation_keeps_half_way(tmp_path):
    from aurore.models import load_model

    plain = finetune.Recipe(epochs=1, batch_size=4, learning_rate=3e-3)
    whole = small_model()
    finetune.fine_tune(whole, small_tokenizer(), blocks(), None, plain, tmp_path / "whole", tmp_path / "whole-ckpt")
    before, report = averaged(tmp_path, 3e-3, None)
    assert report["share"] == 0.5
    ends, half = load_model(tmp_path / "whole")[0].parameters(), load_model(tmp_path / "model")[0].parameters()
    for start, end, middle in zip(before, ends, half, strict=True):
        assert torch.allclose((start + end) / 2, middle, atol=1e-6)


def test_a_mean_that_would_serve_nothing_is_refused():
    with pytest.raises(ValueError, match="averaged=True"):
        replace(RECIPE, steady=True)


class _Path(TrainerCallback):
    """Les poids de chaque pas."""

    def __init__(self):
        self.weights = []

    def on_step_end(self, args, state, control, model=None, **kwargs):
        self.weights.append([parameter.detach().clone() for parameter in model.parameters()])


def test_averaging_without_validation_keeps_half_way_to_the_mean_of_the_path(tmp_path):
    from aurore.models import load_model

    path = _Path()
    before, report = averaged(tmp_path, 3e-3, None, path, steady=True)
    assert report["share"] == 0.5 and len(path.weights) == report["steps"] > 6
    kept = path.weights[report["steps"] // 5 :]
    half = load_model(tmp_path / "model")[0].parameters()
    for start, *ends, middle in zip(before, *kept, half, strict=True):
        assert torch.allclose((start + torch.stack(ends).mean(0)) / 2, middle, atol=1e-6)


def test_matrices_and_the_rest_keep_each_their_rate_to_the_end(tmp_path):
    rates = []

    class Rates(TrainerCallback):
        def on_step_end(self, args, state, control, optimizer=None, **kwargs):
            rates.append([group["lr"] for group in optimizer.param_groups] + [optimizer.param_groups[0]["momentum"]])

    recipe = finetune.Recipe(1, 4, 2e-4, matrix_rate=6e-4, vector_rate=4e-4, momentum=0.8, averaged=True, steady=True)
    folders = tmp_path / "model", tmp_path / "ckpt"
    finetune.fine_tune(small_model(), small_tokenizer(), blocks(), None, recipe, *folders, [Rates()])
    assert rates[-1] == pytest.approx([6e-4, 2e-4, 4e-4, 0.8])


class _Cut(TrainerCallback):
    def on_step_end(self, args, state, control, **kwargs):
        if state.global_step == 8:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    "more",
    [{}, {"averaged": True, "steady": True}, {"candidates": 120}],  # tirés au sort : le tirage aussi doit reprendre
    ids=["cosinus", "moyenne", "candidats"],
)
def test_an_interrupted_training_resumes_and_ends_the_same(tmp_path, monkeypatch, more):
    recipe = replace(RECIPE, **more)

    def train(name, *callbacks):
        real = finetune.Trainer
        monkeypatch.setattr(finetune, "Trainer", lambda **kw: real(**kw, callbacks=list(callbacks)))
        try:
            return finetune.fine_tune(
                small_model(), small_tokenizer(), blocks(), None, recipe, tmp_path / name, tmp_path / f"{name}-ckpt"
            )
        finally:
            monkeypatch.setattr(finetune, "Trainer", real)

    whole = train("whole")
    with pytest.raises(KeyboardInterrupt):
        train("cut", _Cut())
    assert not (tmp_path / "cut").exists()
    resumed = train("cut")
    assert resumed["resumed"] and not whole["resumed"]
    assert resumed["losses"]["train"] == whole["losses"]["train"]  # la coupure n'en perd rien
    read, read_again = (found["tokens_per_second"] * found["seconds"] for found in (whole, resumed))
    assert read_again < 0.7 * read  # le débit ne compte pas ce qui a été lu avant la coupure
    from aurore.models import load_model

    one, two = (load_model(tmp_path / name)[0] for name in ("whole", "cut"))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


# --- Ce qui casse en route


def run(folder, recipe=RECIPE, name="model"):
    return finetune.fine_tune(
        small_model(), small_tokenizer(), blocks(), None, recipe, folder / name, folder / "checkpoints"
    )


def interrupted(folder, recipe=RECIPE):
    """Laisse un entraînement coupé au pas 8 ; rend le dossier de ses points de reprise."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        real = finetune.Trainer
        patch.setattr(finetune, "Trainer", lambda **kw: real(**kw, callbacks=[_Cut()]))
        run(folder, recipe)
    [found] = {path.parent for path in (folder / "checkpoints").glob("*/checkpoint-*")}
    return found


@pytest.fixture(scope="module")
def cut_short(tmp_path_factory):
    return interrupted(tmp_path_factory.mktemp("coupé"))


@pytest.fixture
def checkpoints(cut_short, tmp_path):
    """Une copie de ces points de reprise, à abîmer."""
    return Path(shutil.copytree(cut_short, tmp_path / "checkpoints" / cut_short.name))


def steps(folder):
    return sorted(int(path.name.rpartition("-")[2]) for path in folder.glob("checkpoint-*"))


def spoil_optimizer(checkpoint):
    """Un état d'optimiseur qui se lit sans erreur, et ne donne plus que des NaN."""
    state = torch.load(checkpoint / "optimizer.pt", weights_only=True)
    for moments in state["state"].values():
        moments["exp_avg"].fill_(float("nan"))
    torch.save(state, checkpoint / "optimizer.pt")


HARMS = {
    "tronqué": lambda checkpoint: os.truncate(checkpoint / "optimizer.pt", 1000),
    "vidé": lambda checkpoint: os.truncate(checkpoint / "model.safetensors", 0),
    "absent": lambda checkpoint: (checkpoint / "trainer_state.json").unlink(),
    "autre pas": lambda checkpoint: (checkpoint / "trainer_state.json").write_text("{}", encoding="utf-8"),
    "optimiseur": spoil_optimizer,
    "hasards": lambda checkpoint: os.truncate(checkpoint / "rng_state.pth", 10),
    "marque": lambda checkpoint: os.truncate(checkpoint / storage.MARK, 10),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_damaged_checkpoint_is_set_aside_and_the_one_before_is_used(checkpoints, harm, capsys):
    first, last = steps(checkpoints)
    harm(checkpoints / f"checkpoint-{last}")
    assert finetune.checkpoint_to_resume(checkpoints) == str(checkpoints / f"checkpoint-{first}")
    said = capsys.readouterr().out
    assert f"checkpoint-{last} est abîmé" in said and f"abime-checkpoint-{last}" in said
    assert steps(checkpoints) == [first] and (checkpoints / f"abime-checkpoint-{last}").is_dir()


def test_without_a_good_checkpoint_the_training_starts_again(checkpoints, capsys):
    for step in steps(checkpoints):
        os.truncate(checkpoints / f"checkpoint-{step}" / "model.safetensors", 100)
    assert finetune.checkpoint_to_resume(checkpoints) is None
    assert capsys.readouterr().out.count("est abîmé") == 2 and steps(checkpoints) == []


def test_a_checkpoint_cut_during_its_writing_is_no_damage(checkpoints, capsys):
    first, last = steps(checkpoints)
    (checkpoints / f"checkpoint-{last}" / storage.MARK).unlink()
    assert finetune.checkpoint_to_resume(checkpoints) == str(checkpoints / f"checkpoint-{first}")
    assert "abîmé" not in capsys.readouterr().out and steps(checkpoints) == [first]


def test_after_damage_the_training_ends_as_if_nothing_had_happened(tmp_path, checkpoints):
    from aurore.models import load_model

    spoil_optimizer(checkpoints / f"checkpoint-{steps(checkpoints)[-1]}")
    assert run(tmp_path)["resumed"]
    run(tmp_path / "entier")
    one, two = (load_model(folder / "model")[0] for folder in (tmp_path, tmp_path / "entier"))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert steps(checkpoints) == []  # finis ; ce qui est mis de côté reste
    assert [path.name[:16] for path in checkpoints.iterdir()] == ["abime-checkpoint"]


def test_another_training_leaves_the_interrupted_one_to_be_resumed(tmp_path, checkpoints, capsys):
    kept = steps(checkpoints)
    other = replace(RECIPE, epochs=1)
    assert not run(tmp_path, other)["resumed"]
    assert str(checkpoints) in capsys.readouterr().out and steps(checkpoints) == kept
    assert run(tmp_path)["resumed"]
    assert not (tmp_path / "checkpoints").exists()


def test_checkpoints_of_someone_else_are_not_touched(tmp_path):
    (tmp_path / "checkpoints" / "checkpoint-5").mkdir(parents=True)
    (tmp_path / "checkpoints" / "checkpoint-5" / "these.txt").touch()
    run(tmp_path, replace(RECIPE, epochs=1))
    assert [path.name for path in (tmp_path / "checkpoints").rglob("*")] == ["checkpoint-5", "these.txt"]


def test_a_model_of_someone_else_stops_the_training_before_it_starts(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(finetune, "Trainer", lambda **_: pytest.fail("rien ne doit commencer"))
    with pytest.raises(AuroreError, match="autre chose qu'un modèle"):
        run(tmp_path)
    assert (tmp_path / "model" / "config.json").read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize(
    "recipe", [replace(RECIPE, learning_rate=1e6), replace(RECIPE, learning_rate=1e6, averaged=True)]
)
def test_a_loss_that_is_not_a_number_stops_and_keeps_the_old_model(tmp_path, recipe):
    with storage.atomic_directory(tmp_path / "model", "modèle") as temporary:
        (temporary / "config.json").write_text("ancien", encoding="utf-8")
    with pytest.raises(AuroreError, match=r"n'est plus un nombre au pas \d+ : .* rien n'est enregistré"):
        run(tmp_path, recipe)
    assert (tmp_path / "model" / "config.json").read_text(encoding="utf-8") == "ancien"
    for weights in (tmp_path / "checkpoints").rglob("model.safetensors"):
        assert all(bool(torch.isfinite(tensor).all()) for tensor in load_file(weights).values())


def test_weights_spoiled_by_the_last_step_are_seen(tmp_path, monkeypatch):
    class Spoil(TrainerCallback):
        def on_step_end(self, args, state, control, model=None, **kwargs):
            if state.global_step == state.max_steps:
                next(model.parameters()).data.fill_(float("inf"))

    real = finetune.Trainer
    monkeypatch.setattr(finetune, "Trainer", lambda **kw: real(**kw, callbacks=[Spoil()]))
    with pytest.raises(AuroreError, match="n'est plus un nombre"):
        run(tmp_path, replace(RECIPE, epochs=1))
    assert not (tmp_path / "model").exists()


@pytest.mark.skipif(storage.fcntl is None, reason="Windows ne verrouille pas un dossier")
def test_the_same_training_twice_at_once_is_refused(tmp_path, cut_short):
    folder = tmp_path / "checkpoints" / cut_short.name  # le même nom : la même signature
    with storage.alone(folder), pytest.raises(AuroreError, match="déjà en cours"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(0, ["ab\ncd\n", "ef\n"]), (4, ["ab\n"]), (6, ["ab\ncd\n"]), (99, ["ab\ncd\n", "ef\n"])],
)
def test_limit_cuts_between_paragraphs(characters, expected):
    assert finetune.limit(["ab\ncd\n", "ef\n"], characters) == expected


def test_a_spread_takes_as_much_of_each_book_and_all_along_it(monkeypatch):
    monkeypatch.setattr(finetune, "PASSAGE", 60)
    books = ["".join(f"{letter}{n:03}\n" for n in range(size)) for letter, size in (("a", 10), ("b", 400), ("c", 900))]
    pieces = finetune.spread(books, 1_000)
    taken = {book[0]: [piece for piece in pieces if piece[0] == book[0]] for book in books}
    assert taken["a"] == books[:1] and len(taken["b"]) == 7 and len(pieces) == 15  # 60 signes au moins chacun
    sizes = [sum(map(len, taken[name])) for name in "bc"]
    assert 1_000 - 10 <= sum(map(len, pieces)) <= 1_000 and max(sizes) - min(sizes) <= 5
    for book in books[1:]:
        places = [book.index(piece) for piece in taken[book[0]]]
        gaps = [after - before for before, after in itertools.pairwise(places)]
        assert max(gaps) - min(gaps) <= 15 and abs(places[0] + places[-1] + len(pieces[-1]) - len(book)) <= 15
        assert all(piece in book and piece.endswith("\n") for piece in taken[book[0]])
    assert finetune.spread(books, 0) == finetune.spread(books, 10**6) == books


def test_little_of_each_book_is_one_passage():
    books = ["".join(f"{letter}{n:03}\n" for n in range(900)) for letter in "ab"]
    pieces = finetune.spread(books, 1_000)
    assert [piece[0] for piece in pieces] == ["a", "b"] and abs(books[0].index(pieces[0]) - 2_000) <= 255


@pytest.mark.parametrize("characters", [1, 30, 1_000, 3_590, 3_600])
def test_passages_never_overlap_nor_exceed_what_is_asked(monkeypatch, characters):
    monkeypatch.setattr(finetune, "PASSAGE", 60)
    book = "".join(f"{n:03}\n" for n in range(900))
    lines = "".join(finetune._passages(book, characters)).split()
    assert len(lines) == len(set(lines)) and 0 < 4 * len(lines) <= max(characters, 4)


def test_no_bar_starts_a_thread(tmp_path, monkeypatch):
    """Une mémoire presque épuisée laisse créer un fil sans le laisser démarrer : tqdm attendrait le sien sans fin."""
    started = []
    monkeypatch.setattr(tqdm.std, "TMonitor", lambda *found: started.append(found))
    monkeypatch.setattr(tqdm.std.tqdm, "monitor", None)
    monkeypatch.setattr(tqdm.std.tqdm, "monitor_interval", 10)
    averaged(tmp_path, 3e-3, None)
    assert started == [] and tqdm.std.tqdm.monitor_interval == 10
