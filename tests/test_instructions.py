"""La leçon 10 : le gabarit, les étiquettes, l'entraînement, les réponses et ce qu'elles valent."""

import copy
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from small import small_model, small_tokenizer
from transformers import DataCollatorForSeq2Seq, TrainerCallback

from aurore import instructions, models, pace, rows, settings
from aurore.instructions import Collator, Tuning
from aurore.rows import Row
from aurore.settings import AuroreError

LINES = [
    Row("Où est la roue ?", "La roue est sous l'eau.", key="sous l'eau"),
    Row("Qui chante ?", "La meunière chante.", key="meunière"),
    Row("Qui regarde ?", "Le meunier regarde l'eau.", "Il pleut.", key="meunier"),
]


# --- Le gabarit


def test_the_template_of_training_is_the_template_of_use():
    tokenizer, row = small_tokenizer(), LINES[2]
    start = tokenizer(instructions.prompt(row.instruction, row.input))["input_ids"]
    [example] = instructions.examples_of([row], tokenizer)
    assert example["input_ids"][: len(start)] == start
    assert tokenizer.decode(example["input_ids"][len(start) : -1]) == f" {row.output}"


@given(st.text(max_size=40), st.text(max_size=40))
def test_nobody_can_forge_the_template(question, context):
    lines = instructions.prompt(question, context).split("\n")
    assert len(lines) == (3 if instructions.tidy(context) else 2)
    assert lines[-1] == "Réponse :" and lines[-2].startswith("Question : ")


def test_a_question_is_tidied_as_our_rows_are():
    assert instructions.tidy("Où  est-elle\nnée?") == "Où est-elle née ?"
    assert instructions.tidy("L’atelier\N{NARROW NO-BREAK SPACE}!") == "L'atelier !"
    for row in [*rows.load_rows("train"), *rows.load_rows("test")]:
        assert instructions.tidy(row.instruction) == row.instruction


def test_an_end_of_text_typed_by_someone_is_only_text():
    tokenizer = small_tokenizer()
    [example] = instructions.examples_of([Row("<|endoftext|> ?", "Non.")], tokenizer)
    assert example["input_ids"].count(tokenizer.eos_token_id) == 1


# --- Les étiquettes


def test_only_answers_and_their_end_are_learnt():
    tokenizer = small_tokenizer()
    for example, row in zip(instructions.examples_of(LINES, tokenizer), LINES, strict=True):
        learnt = [label for label in example["labels"] if label != -100]
        assert tokenizer.decode(learnt) == f" {row.output}{tokenizer.eos_token}"


def test_a_batch_is_the_one_of_transformers():
    tokenizer = copy.deepcopy(small_tokenizer())
    tokenizer.pad_token = tokenizer.eos_token
    examples = instructions.examples_of(LINES, tokenizer)
    theirs = DataCollatorForSeq2Seq(tokenizer, label_pad_token_id=-100)(copy.deepcopy(examples))
    ours = Collator(tokenizer.eos_token_id)(examples)
    assert {name: ours[name].tolist() for name in ours} == {name: theirs[name].tolist() for name in ours}


def test_the_loss_of_a_batch_is_the_mean_of_its_answers():
    """Ni la question ni le remplissage ne comptent : même perte que les exemples pris un à un."""
    model, tokenizer = small_model(), small_tokenizer()
    examples = instructions.examples_of(LINES, tokenizer)
    together = model(**Collator(tokenizer.eos_token_id)(examples)).loss
    total = counted = 0
    for example in examples:
        ids, labels = torch.tensor([example["input_ids"]]), torch.tensor(example["labels"])
        nats = torch.nn.functional.cross_entropy(model(ids).logits[0, :-1], labels[1:], reduction="sum")
        total, counted = total + nats, counted + int((labels != -100).sum())
    assert math.isclose(float(together), float(total) / counted, rel_tol=1e-5)


# --- L'entraînement


@pytest.fixture(scope="module")
def taught():
    """Un modèle minuscule qui a appris trois réponses, son compte rendu, et le modèle de départ."""
    model, tokenizer = small_model(), small_tokenizer()
    start = copy.deepcopy(model)
    report = instructions.tune(
        model, tokenizer, LINES, Tuning(epochs=60, batch_size=3, learning_rate=5e-3, mixed=False)
    )
    return model, tokenizer, report, start


def test_a_model_learns_to_answer_and_to_stop(taught):
    model, tokenizer, report, start = taught
    assert report["steps"] == 60 and report["losses"][-1][1] < 0.1 < report["losses"][0][1]
    before, after = (instructions.ask(one, tokenizer, LINES, max_new_tokens=16) for one in (start, model))
    assert not any(verdict.exact for verdict in before)
    assert all(verdict.exact and verdict.contained and verdict.stopped for verdict in after)


def test_one_question_at_a_time_gets_the_same_answer(taught):
    model, tokenizer, *_ = taught
    together = [verdict.found for verdict in instructions.ask(model, tokenizer, LINES, max_new_tokens=16)]
    alone = [instructions.answer(model, tokenizer, row.instruction, row.input, max_new_tokens=16) for row in LINES]
    assert alone == together


def test_answers_follow_generation_settings(taught):
    model, tokenizer, *_ = taught
    drawn = [
        instructions.answer(model, tokenizer, "Qui ?", max_new_tokens=16, do_sample=True, temperature=3.0, seed=seed)
        for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(tokenizer(instructions.answer(model, tokenizer, "Qui chante ?", max_new_tokens=2))["input_ids"]) <= 3


def test_accumulating_is_one_large_batch():
    tokenizer, start, trained = small_tokenizer(), small_model(), []
    for size, accumulation in ((3, 1), (1, 3)):
        model = copy.deepcopy(start)
        tuning = Tuning(epochs=2, batch_size=size, accumulation=accumulation, mixed=False)
        assert instructions.tune(model, tokenizer, LINES, tuning)["steps"] == 2
        trained.append(model)
    for one, other in zip(*(model.parameters() for model in trained), strict=True):
        torch.testing.assert_close(one, other, atol=2e-4, rtol=0)


def test_the_base_prompt_is_learnt_with_the_rest(taught):
    _, tokenizer, *_ = taught
    [plain], [based] = (instructions.examples_of(LINES[:1], tokenizer, base) for base in ("", "Soyez bref."))
    assert len(based["input_ids"]) > len(plain["input_ids"])
    assert [t for t in based["labels"] if t != -100] == [t for t in plain["labels"] if t != -100]


def test_there_must_be_something_to_learn():
    with pytest.raises(AuroreError, match="rien à apprendre"):
        instructions.tune(small_model(), small_tokenizer(), [])


def test_a_rate_that_breaks_everything_is_said():
    with pytest.raises(AuroreError, match="n'est plus un nombre"):
        model = small_model()
        with torch.no_grad():
            model.transformer.wte.weight[5] = math.nan
        instructions.tune(model, small_tokenizer(), LINES, Tuning(epochs=1, mixed=False))


def test_the_two_models_of_an_ablation_are_two():
    base, tokenizer = small_model(), small_tokenizer()
    start = copy.deepcopy(base)
    pair = instructions.train_each(
        base, [LINES[:1], LINES], lambda m, r: instructions.tune(m, tokenizer, r, Tuning(epochs=1))
    )
    assert len({id(model) for model in (base, *pair)}) == 3
    assert all(torch.equal(a, b) for a, b in zip(base.parameters(), start.parameters(), strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(pair[0].parameters(), pair[1].parameters(), strict=True))


# --- Juger


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_the_one_of_scipy(counts):
    hits, total = counts
    theirs = binomtest(hits, total).proportion_ci(method="wilson")
    assert instructions.Share(hits, total).interval == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_a_share_is_written_with_its_interval():
    assert str(instructions.share([True] * 61 + [False] * 61)) == "50 % [41 ; 59]"


def test_two_answers_are_the_same_but_for_case_and_punctuation():
    assert instructions.exact("À Paris.", "a paris") and not instructions.exact("À Paris.", "À Paris, en 1804.")


# --- Le modèle embarqué


@pytest.fixture(scope="module")
def embedded():
    return instructions.embedded_model()


def test_the_embedded_adapter_is_light():
    size = sum(path.stat().st_size for path in instructions.EMBEDDED.iterdir())
    assert size < 2_000_000


def test_the_embedded_model_answers_questions_it_has_not_seen(embedded):
    """Un sondage de quarante questions tenues à l'écart ; `benchmarks/RESULTS.md` a toutes les mesures."""
    model, tokenizer = embedded
    some = [row for row in rows.load_rows("test") if row.theme != "contexte"][::3]
    base, _ = models.load_model(settings.EMBEDDED_MODEL)
    before, after = (
        instructions.share([verdict.contained for verdict in instructions.ask(one, tokenizer, some)])
        for one in (base, model)
    )
    assert before.interval[1] < after.interval[0], (str(before), str(after))
    assert instructions.answer(model, tokenizer, "Quand est née George Sand ?").endswith("1804.")


def test_the_learners_own_model_comes_first(home, taught):
    model, tokenizer, *_ = taught
    models.export_model(model, tokenizer, instructions.model_folder())
    found, _ = instructions.answering_model()
    assert found.config.vocab_size == model.config.vocab_size


def test_without_one_the_embedded_model_answers(home, monkeypatch, tmp_path):
    monkeypatch.setattr(instructions, "EMBEDDED", tmp_path / "rien")
    with pytest.raises(AuroreError, match=r"manque ou est abîmé.*python -m aurore\.adapter"):
        instructions.answering_model()


class _Stop(TrainerCallback):
    """Coupe l'entraînement comme le ferait le bouton d'arrêt du carnet."""

    def on_step_end(self, args, state, control, **_):
        if state.global_step == 3:
            raise KeyboardInterrupt


def test_a_stopped_tuning_resumes_and_ends_as_if_it_had_not_been(home):
    tuning, folder = Tuning(epochs=3, batch_size=2, mixed=False), instructions.checkpoints_folder()
    lines = LINES  # deux pas par époque : l'arrêt tombe au milieu de la deuxième
    whole, cut, again = (small_model() for _ in range(3))
    pace.note(pace.Speed(5e11, 5e10))  # le médecin est passé
    plain = instructions.tune(whole, small_tokenizer(), lines, tuning)
    with pytest.raises(KeyboardInterrupt):
        instructions.tune(cut, small_tokenizer(), lines, tuning, callbacks=[_Stop()], checkpoints=folder)
    assert [path.name for path in folder.glob("*/checkpoint-*")] == ["checkpoint-2"]
    report = instructions.tune(again, small_tokenizer(), lines, tuning, checkpoints=folder)
    assert report["resumed"] and not plain["resumed"] and report["steps"] == plain["steps"] == 6
    assert plain["cost"].expected and plain["cost"].seconds
    assert not report["cost"].expected  # ce n'en était qu'une partie
    assert dict(report["losses"]) == pytest.approx(dict(plain["losses"]))
    assert all(torch.equal(one, other) for one, other in zip(again.parameters(), whole.parameters(), strict=True))
    assert not folder.exists()
