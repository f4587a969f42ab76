"""Les figures de la leçon 10 : elles disent en mots tout ce qu'elles montrent, et rien de plus que ce qui fut mesuré."""

import json
import re
from dataclasses import replace

import pytest
from small import small_tokenizer

from aurore import gpt, hunts, instructions, measures, pace, settings
from aurore.instructions import Verdict
from aurore.rows import Row
from aurore.settings import AuroreError
from aurore.widgets import instructions as figures

ROW = Row("Qui chante ?", "La meunière.", key="meunière")
RIGHT, WRONG = Verdict(ROW, "La meunière.", True), Verdict(ROW, "Le meunier.", False)


def test_an_example_is_shown_place_by_place():
    tokenizer = small_tokenizer()
    [example] = instructions.examples_of([ROW], tokenizer)
    table = figures.labels_table(example, tokenizer)
    assert [row[2] for row in table.rows] == example["input_ids"]
    assert [row[4] for row in table.rows].count("oui") == sum(label != -100 for label in example["labels"])
    assert "↵" in repr(table) and tokenizer.eos_token in repr(table)


def test_the_scores_say_their_interval():
    plate = figures.scores_plate({"avant": [WRONG] * 10, "après": [RIGHT] * 8 + [WRONG] * 2})
    assert "Sur 10 questions" in repr(plate)
    assert "avant : contient 0 % [0 ; 28]" in repr(plate) and "après : contient 80 % [49 ; 94]" in repr(plate)
    assert "<img" in plate._repr_html_()


def test_the_first_answers_are_shown_good_or_bad():
    table = figures.answers_table([WRONG] * 3, [WRONG, RIGHT, RIGHT], number=2)
    assert [row[-1] for row in table.rows] == ["non", "oui"]


def test_a_loss_is_told_from_its_first_step_to_its_last():
    report = {"losses": [(1, 4.0), (2, 0.5)], "cost": pace.Cost()}
    assert "de 4,00 à 0,50 en 2 pas" in repr(figures.loss_plate(report)) and "coulé" not in repr(
        figures.loss_plate(report)
    )
    report["cost"] = pace.Cost(180, 168)
    assert "prévu 3 min, écoulé 2 min 48" in repr(figures.loss_plate(report)).lower()


def test_the_hunt_shows_what_the_reported_loss_hides():
    found = hunts.Finding("les questions seules", 11, 0.2, 6.5, 10, 0, 0, 1, 0.25)
    said = repr(figures.hunt_plate([found]))
    assert "perte annoncée 0,25, perte sur les réponses 6,5" in said and "10 réponses sur 11 sont des questions" in said


def test_seventeen_scripts_make_nine_lines():
    table = figures.scripts_table()
    assert len(table.rows) == 9 and sum(len(row[0].split(", ")) for row in table.rows) == 17


def test_the_probes_are_tried():
    rows = figures.probes_table(small_tokenizer()).rows
    assert len(rows) == len(hunts.PROBES) and "rien" not in {row[2] for row in rows}


@pytest.mark.parametrize("name", measures.MEASURES)
def test_every_recorded_measure_is_there(name):
    table = figures.recorded_table(name)
    assert len(table.rows) >= 2 and all(len(row) == len(table.columns) for row in table.rows)
    for line in measures.load(name):
        for value in line.values.values():
            assert not isinstance(value, list) or 0 <= value[0] <= value[1]


def test_a_count_on_a_few_rows_is_not_a_percentage():
    assert figures._written([3, 11]) == "3 sur 11" and figures._written([61, 122]) == "50 % [41 ; 59]"


# --- Les mesures elles-mêmes


def test_a_json_answer_is_read_and_checked():
    output = measures.to_json(Row("Qui ?", "La meunière.", theme="vie", key="meunière")).output
    assert measures.is_valid(output) and json.loads(output) == {"thème": "vie", "réponse": "meunière"}
    for wrong in (
        "",
        "non",
        "[]",
        '{"thème": "vie"}',
        output[:-1],
        '{"thème": "ailleurs", "réponse": "x"}',
        output + " La fin",
    ):
        assert not measures.is_valid(wrong)


def test_a_measure_is_saved_beside_the_others(tmp_path):
    path = tmp_path / "mesures.json"
    measures.save("gabarit", [measures.Line("un", {"contient": [1, 2]})], path)
    measures.save("json", [measures.Line("deux", {"perte": 0.5})], path)
    assert measures.load("gabarit", path) == [measures.Line("un", {"contient": [1, 2]})]
    with pytest.raises(AuroreError, match=r"« fait » .* manque"):
        measures.load("fait", path)


def test_an_unknown_measure_is_refused(capsys):
    assert measures.main(["rien"]) == 2 and "Au choix : ensemble, gabarit" in capsys.readouterr().err


def test_what_was_measured_holds_what_the_lesson_says():
    """Les phrases du carnet qui comparent : elles ne survivraient pas à des mesures contraires."""
    whole = {line.name: line.values for line in measures.load("ensemble")}
    for name in ("tous les faits", "lire un contexte"):
        before, after = (instructions.Share(*whole[name][f"{when}, contient"]) for when in ("avant", "après"))
        assert before.interval[1] < after.interval[0]
    hunt = {line.name: line.values for line in measures.load("chasse")}
    questions, right = hunt["les questions seules"], hunt["le juste"]
    assert questions["perte annoncée"] < 0.5 < hunt["avant"]["sur les réponses"] - 0.5 < questions["sur les réponses"]
    assert questions["exact"][0] == 0 and right["exact"][0] >= 9 and right["s'arrête"][0] == 11
    assert hunt["sans fin"]["s'arrête"][0] == hunt["la fin masquée"]["s'arrête"][0] == 0
    *advice, last = measures.load("conseils")
    assert all(line.values["exact"][0] == 0 for line in advice) and last.values["exact"][0] >= 9
    two = [line.values for line in measures.load("fait")]
    assert two[0]["empreinte du départ"] == two[1]["empreinte du départ"]
    assert two[0]["empreinte de l'arrivée"] != two[1]["empreinte de l'arrivée"]


def test_every_measure_is_made_again_in_small(monkeypatch):
    """Les mesures elles-mêmes, d'un bout à l'autre, sur un modèle minuscule et deux faits."""
    tokenizer = small_tokenizer()
    profile = replace(settings.PROFILES["test"], context_length=256)
    base = gpt.build_gpt2(profile, len(tokenizer), tokenizer.eos_token_id).eval()
    lines = [replace(ROW, fact="un", theme="vie"), Row("Où ?", "Là.", fact="deux", theme="vie", key="là")]
    tuning = instructions.Tuning(epochs=1, batch_size=2, mixed=False)
    bench = measures.Bench(base, tokenizer, lines, lines, tuning, tuning, hidden=("deux",))
    monkeypatch.setattr(instructions, "embedded_model", lambda: (base, tokenizer))
    kept = hunts.fingerprint(base)
    found = {
        name: list(measure(bench))
        for name, measure in measures.MEASURES.items()
        if name not in ("ensemble", "conseils")
    }
    assert {name: [line.name for line in measures.load(name)] for name in found} == {
        name: [re.sub(r"\b2 accumulés", "16 accumulés", line.name) for line in lines] for name, lines in found.items()
    }
    assert hunts.fingerprint(base) == kept
