"""La grande chasse de la leçon 10 : chaque faute des documents est bien là, et sa mesure la révèle."""

import copy

import pytest
import torch
from small import small_model, small_tokenizer

from aurore import hunts, instructions
from aurore.instructions import Tuning
from aurore.rows import Row

LINES = [
    Row("Où est la roue ?", "La roue est sous l'eau.", key="eau"),
    Row("Qui chante ?", "La meunière.", key="meunière"),
]
OTHERS = [Row("La roue, où est-elle ?", "La roue est sous l'eau.", key="eau"), Row("Qui donc chante ?", "La meunière.", key="meunière")]  # fmt: skip


def test_there_are_seventeen_scripts_and_some_are_the_same():
    assert len(hunts.SCRIPTS) == 17
    groups = [[script.name for script in group] for group in hunts.twins()]
    assert (
        ["FT-04", "FT-05", "FT-06", "FT-15"] in groups and ["FT-11", "FT-12"] in groups and ["FT-13", "FT-14"] in groups
    )
    assert sum(map(len, groups)) == 17 and len(groups) == 9


def test_no_answer_is_in_the_labels_of_the_documents():
    tokenizer = small_tokenizer()
    there = {scheme.name: hunts.labelled_share(scheme, LINES, tokenizer) for scheme in hunts.SCHEMES}
    total = there["le juste"][1]
    assert there["les questions seules"] == (0, total)
    assert all(found == (total, total) for name, found in there.items() if name != "les questions seules")


def test_the_real_collator_overwrites_the_labels():
    tokenizer = small_tokenizer()
    examples = hunts.questions_in(LINES, tokenizer)
    batch = hunts.overwriting_collator(tokenizer)(copy.deepcopy(examples))
    for row, (ids, labels) in enumerate(zip(batch["input_ids"], batch["labels"], strict=True)):
        assert torch.equal(labels[labels != -100], ids[: int((labels != -100).sum())])
        assert labels.tolist() != examples[row]["labels"]


def test_the_end_is_learnt_by_the_right_one_alone():
    tokenizer, end = small_tokenizer(), small_tokenizer().eos_token_id
    learnt = {
        scheme.name: bool((scheme.collator(tokenizer)(scheme.examples(LINES, tokenizer))["labels"] == end).any())
        for scheme in hunts.SCHEMES
    }
    assert [name for name, found in learnt.items() if found] == ["le remplissage compté", "le juste"]


def test_padding_counts_for_most_of_the_labels_of_one_scheme():
    tokenizer = small_tokenizer()
    shares = {scheme.name: hunts.padded_share(scheme, LINES, tokenizer) for scheme in hunts.SCHEMES}
    assert shares.pop("le remplissage compté") > 0.3 and set(shares.values()) == {0.0}


@pytest.fixture(scope="module")
def findings():
    tuning = Tuning(epochs=60, batch_size=2, learning_rate=5e-3, mixed=False)
    base = small_model()
    kept = hunts.fingerprint(base)
    schemes = (hunts.QUESTIONS, hunts.MASKED, hunts.RIGHT)
    found = hunts.hunt(base, small_tokenizer(), LINES, OTHERS, schemes, tuning, max_new_tokens=16)
    assert hunts.fingerprint(base) == kept, "le modèle de départ a changé"
    return {finding.scheme: finding for finding in found}


def test_a_model_taught_questions_knows_no_answer(findings):
    wrong, right = findings["les questions seules"], findings["le juste"]
    assert wrong.reported_loss < 0.2 and wrong.question_loss < 0.5 < 2 < wrong.answer_loss
    assert (wrong.exact, wrong.stopped, wrong.held_out) == (0, 0, 0)
    assert right.answer_loss < 0.2 and (right.exact, right.stopped, right.questions_back) == (2, 2, 0)


def test_a_model_whose_end_is_masked_does_not_stop(findings):
    assert findings["la fin masquée"].stopped == 0 and findings["la fin masquée"].question_loss > 2


def test_a_fingerprint_tells_two_models_apart():
    model = small_model()
    twin = copy.deepcopy(model)
    assert hunts.fingerprint(model) == hunts.fingerprint(twin)
    instructions.tune(twin, small_tokenizer(), LINES, Tuning(epochs=1, mixed=False))
    assert hunts.fingerprint(model) != hunts.fingerprint(twin)


@pytest.mark.parametrize(("found", "asked"), [("Où est la roue ?", True), ("## La roue", True), ("Sous l'eau.", False)])
def test_a_question_is_known_by_its_mark(found, asked):
    assert hunts.is_question(instructions.Verdict(LINES[0], found, True)) is asked


def test_every_probe_still_fails_as_it_is_told():
    found = {probe.fault: probe.outcome(small_tokenizer()) for probe in hunts.PROBES}
    assert "rien" not in found.values()
    assert list(found.values()).count("SyntaxError") == 2 and list(found.values()).count("JSONDecodeError") == 2
