"""La leçon 00 : un modèle s'ouvre toujours, le QCM est noté comme annoncé, le vote se garde, les figures se lisent."""

import json
import math
import re

import pytest
import torch
from small import small_model, small_tokenizer

from aurore import bienvenue, doctor, evaluation, settings
from aurore.lessons import LESSONS
from aurore.settings import AuroreError
from aurore.widgets import bienvenue as figures

SCORE = evaluation.Score


# --- La carte de la route -------------------------------------------------------------------------------


def test_the_map_says_in_words_all_that_it_shows():
    plate = figures.route_plate(7)
    drawn = "\n".join(text.get_text() for text in plate.figure.axes[0].texts)
    for lesson in LESSONS:
        assert f"{lesson.number:02} {lesson.title}" in plate.text
        assert f"{lesson.number:02}\n{lesson.title}\n" in drawn
        assert lesson.gives in drawn.replace("\n", " ")
    assert plate.text.endswith("Vous êtes à la leçon 07.") and drawn.count("vous êtes ici") == 1


def test_boxes_do_not_overlap():
    places = [figures._place(lesson) for lesson in LESSONS]
    assert len(set(places)) == len(places)
    gaps = [
        max(abs(x - other_x) / 0.92, abs(y - other_y) / 0.86)
        for i, (x, y) in enumerate(places)
        for other_x, other_y in places[:i]
    ]
    assert min(gaps) > 1


# --- Un modèle qui écrit --------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path_factory):
    """Un modèle enregistré au format de transformers."""
    folder = tmp_path_factory.mktemp("modele")
    small_model().save_pretrained(folder)
    small_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture
def nothing_embedded(home, monkeypatch):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", home / "absent")
    return home


def opened(capsys):
    model, tokenizer = bienvenue.open_model()
    return model, tokenizer, capsys.readouterr().out


def test_the_model_asked_for_is_opened(nothing_embedded, saved, monkeypatch, capsys):
    monkeypatch.setenv("AURORE_MODEL", str(saved))
    model, tokenizer, said = opened(capsys)
    assert len(tokenizer) == len(small_tokenizer()) == model.config.vocab_size
    assert said == "Modèle choisi par AURORE_MODEL : 0,1 million de poids.\n"


def test_the_embedded_model_is_opened(home, saved, monkeypatch, capsys):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", saved)
    assert opened(capsys)[2].startswith("Modèle embarqué dans l'atelier")


def test_a_model_that_does_not_open_gives_way_to_the_embedded_one(home, saved, monkeypatch, capsys):
    monkeypatch.setattr(settings, "EMBEDDED_MODEL", saved)
    (home / "vide").mkdir()
    monkeypatch.setenv("AURORE_MODEL", str(home / "vide"))
    said = opened(capsys)[2]
    assert "config.json manque" in said and "autre modèle" in said and "Modèle embarqué" in said


def test_without_any_model_a_tiny_one_is_trained_once_and_kept(nothing_embedded, monkeypatch, capsys):
    before = torch.get_num_threads()
    model, tokenizer, said = opened(capsys)
    assert torch.get_num_threads() == before, "le réglage du calcul est rendu tel quel"
    assert "Aucun modèle" in said and "Modèle d'essai : 0,2 million de poids" in said
    text = "Le meunier regardait l'eau, et la meunière ne disait rien."
    guessing = math.log2(len(tokenizer)) * len(tokenizer(text)["input_ids"]) / len(text)
    assert evaluation.score(model, tokenizer, text).bits_per_character < 0.8 * guessing, "il a appris quelque chose"
    monkeypatch.setattr(bienvenue.finetune, "fine_tune", lambda *arguments: pytest.fail("déjà entraîné"))
    again, _, _ = opened(capsys)
    assert again.config.vocab_size == model.config.vocab_size


def test_weights_are_counted_in_french():
    model = small_model()
    assert bienvenue._size(model) == "0,1 million de poids"
    model.extra = torch.nn.Parameter(torch.zeros(2_000_000))
    assert bienvenue._size(model) == "2,1 millions de poids"


# --- Les deux amorces -----------------------------------------------------------------------------------


def test_prompts_are_kept_for_another_lesson(home):
    assert bienvenue.own_prompts() == bienvenue.PROMPTS
    assert "leçon 07" in bienvenue.keep_prompts("La meunière,", " Il pleut")
    assert bienvenue.own_prompts() == ("La meunière,", " Il pleut")


@pytest.mark.parametrize("prompts", [("", "Il"), ("Il", " \n"), (3, "Il"), ("Il", None)])
def test_a_prompt_is_a_text(home, prompts):
    bienvenue.keep_prompts("Un", "Deux")
    with pytest.raises(AuroreError, match="entre guillemets"):
        bienvenue.keep_prompts(*prompts)
    assert bienvenue.own_prompts() == ("Un", "Deux")


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"amorces": ["une"]}', '{"amorces": [1, 2]}', '{"amorces": ["", "b"]}']
)
def test_damaged_prompts_are_set_aside(home, capsys, content):
    (home / "state").mkdir()
    (home / "state" / "amorces.json").write_text(content, encoding="utf-8")
    assert bienvenue.own_prompts() == bienvenue.PROMPTS
    assert "mis de côté" in capsys.readouterr().out


def test_a_disk_that_refuses_loses_only_the_prompts(home, monkeypatch):
    def refuse(*arguments):
        raise OSError("plein")

    monkeypatch.setattr(bienvenue.state, "save", refuse)
    assert "celles de l'atelier" in bienvenue.keep_prompts("Un", "Deux")
    assert bienvenue.own_prompts() == bienvenue.PROMPTS


def test_the_notebook_starts_from_the_same_prompts_and_asks_the_same_question():
    text = LESSONS[0].path.read_text(encoding="utf-8")
    assert all(prompt in text for prompt in bienvenue.PROMPTS)
    question = bienvenue.QUESTIONS[0]
    said = ", ".join(f"({letter}) {option}" for letter, option in zip(bienvenue.LETTERS, question.options, strict=True))
    assert said in text and f"{question.before} _____{question.after}" in text.replace("\u202f", " ")


# --- Le QCM ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", bienvenue.QUESTIONS, ids=lambda question: question.options[question.right])
def test_a_question_is_well_formed(question):
    assert len(question.options) == len(set(question.options)) == len(bienvenue.LETTERS)
    assert not question.before.endswith(" ") and question.after.startswith(" ") and question.after.endswith(".")
    assert str(question).count("(") == 4 and "_____" in str(question)
    for option, continuation in zip(question.options, question.continuations(), strict=True):
        assert continuation == f" {option}{question.after}"


def test_the_right_answers_are_not_always_at_the_same_place():
    assert sorted(question.right for question in bienvenue.QUESTIONS) == [0, 1, 2, 3]


def test_each_option_is_scored_as_a_continuation():
    model, tokenizer = small_model(), small_tokenizer()
    question = bienvenue.QUESTIONS[1]
    found = bienvenue.score_options(model, tokenizer, question)
    assert found == [
        evaluation.score_continuation(model, tokenizer, question.before, text) for text in question.continuations()
    ]
    assert [score.characters for score in found] == [len(text) for text in question.continuations()]


def test_the_three_rules_can_disagree():
    scores = [SCORE(6.0, 2, 4, 0), SCORE(8.0, 4, 8, 0), SCORE(9.0, 3, 30, 0)]
    assert bienvenue.choices(scores) == {"somme": 0, "par token": 1, "par caractère": 2}


def test_a_learners_function_takes_the_place_of_the_reference(monkeypatch):
    monkeypatch.setattr(bienvenue, "best_option", lambda scores, lengths: 3)
    assert set(bienvenue.choices([SCORE(1.0, 1, 1, 0)] * 4).values()) == {3}


def test_the_first_wins_a_tie_and_lengths_must_match():
    assert bienvenue.best_option([-4.0, -2.0], [2, 1]) == 0
    with pytest.raises(ValueError):
        bienvenue.best_option([-4.0, -2.0], [2])


# --- Le vote --------------------------------------------------------------------------------------------


def test_a_vote_is_kept_and_offered_again_at_the_end(home):
    assert "Pas encore de vote" in bienvenue.vote()
    assert bienvenue.vote(" c ") == "Au départ : C, la brume : je n'y vois pas encore clair."
    assert bienvenue.vote() == "Au départ : C, la brume : je n'y vois pas encore clair."
    assert bienvenue.vote("B", "arrivée").endswith("À l'arrivée : B, le chemin qui monte : en route.")
    assert bienvenue.vote("A") == bienvenue.vote() and "À l'arrivée : B" in bienvenue.vote()


def test_an_unknown_letter_changes_nothing(home):
    bienvenue.vote("D")
    assert "A, B, C ou D" in bienvenue.vote("E")
    assert bienvenue.vote().startswith("Au départ : D")


def test_an_unknown_moment_is_refused(home):
    with pytest.raises(AuroreError, match="départ, arrivée"):
        bienvenue.vote("A", "milieu")


@pytest.mark.parametrize("content", ["{", '{"départ": "Z"}', "[]", '{"départ": ["A"]}'])
def test_a_damaged_vote_is_set_aside(home, capsys, content):
    (home / "state").mkdir()
    (home / "state" / "vote.json").write_text(content, encoding="utf-8")
    assert "Pas encore" in bienvenue.vote()
    assert "mis de côté" in capsys.readouterr().out
    assert bienvenue.vote("A").startswith("Au départ : A")


def test_a_disk_that_refuses_does_not_stop_the_lesson(home, monkeypatch):
    def refuse(*arguments):
        raise OSError("plein")

    monkeypatch.setattr(bienvenue.state, "save", refuse)
    assert bienvenue.vote("A").endswith("Le disque n'a pas voulu le garder.")


def test_the_vote_plate_shows_and_says_each_mood():
    plate = figures.vote_plate()
    assert len(plate.figure.axes) == len(bienvenue.MOODS)
    for axes, (letter, mood) in zip(plate.figure.axes, bienvenue.MOODS.items(), strict=True):
        assert mood in plate.text
        assert f"{axes.get_title()} : {axes.get_xlabel()}" == f"{letter} · {mood}"


# --- Les tableaux ---------------------------------------------------------------------------------------


def cells(html):
    return [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", html)]


def test_the_verdict_shows_each_finding_and_its_choice():
    findings = [
        doctor.Finding("OK", "Calcul", "deux cœurs", choice="donc doucement"),
        doctor.Finding("ÉCHEC", "Disque", "plein <b>", remedy="videz-le"),
    ]
    table = figures.verdict_table(findings)
    assert repr(table) == doctor.report(findings)
    html = table._repr_html_()
    assert cells(html)[4:8] == ["Calcul", "OK", "deux cœurs", "donc doucement"]
    assert cells(html)[8:] == ["Disque", "ÉCHEC", "plein &lt;b&gt;", "videz-le"]
    assert "1 point à réparer" in html and html.count("scope='row'") == 2


def test_the_verdict_on_this_machine(home):
    table = figures.verdict_table(doctor.examine())
    assert {"Calcul", "Profil", "Corpus", "Modèle de départ"} <= {row[0] for row in table.rows}
    assert table.caption == "Tout est prêt."


def test_the_marks_are_written_in_french():
    question = bienvenue.QUESTIONS[0]
    table = figures.marks_table(question, [SCORE(62.04, 10, 30, 0)] * 4)
    assert table.rows[1] == ("(B) disponibles", "−62,0", 10, "−6,20", 30, "−2,07")
    assert "réponse | somme" in repr(table) and "_____" in table.caption


def test_the_choices_say_right_or_wrong_and_count():
    questions = bienvenue.QUESTIONS[:2]
    short, long = SCORE(6.0, 2, 6, 0), SCORE(8.0, 4, 6, 0)
    worse = SCORE(20.0, 2, 6, 0)
    marks = [[short, long, worse, worse], [worse, worse, short, long]]
    table = figures.choices_table(questions, marks)
    assert table.columns == ("phrase", "bonne réponse", "somme", "par token", "par caractère")
    assert table.rows[0][1:] == ("disponibles", "rejoignant (faux)", "disponibles (juste)", "rejoignant (faux)")
    assert table.rows[1][1:] == ("l'étable", "l'étable (juste)", "l'étage (faux)", "l'étable (juste)")
    assert table.rows[2] == ("Total", "", "1 sur 2", "1 sur 2", "1 sur 2")


# --- L'avis


def test_a_sheet_stays_on_the_machine_and_is_completed_answer_by_answer(home):
    assert bienvenue.feedback().startswith("Pas encore d'avis") and not (home / "state" / "avis.json").exists()
    told = bienvenue.feedback(utile=" les bits ")
    assert told.startswith("Ce qui vous servira : les bits\nGardé dans ") and "avis.json" in told
    told = bienvenue.feedback(conseil="une pause", utile="")
    assert "Ce qui vous servira : les bits" in told and "Ce que vous changeriez : une pause" in told
    kept = json.loads((home / "state" / "avis.json").read_text(encoding="utf-8"))
    assert kept == {"utile": "les bits", "conseil": "une pause"}


def test_a_sheet_that_cannot_be_kept_or_read_says_so(home, monkeypatch, capsys):
    with pytest.raises(AuroreError, match="entre guillemets"):
        bienvenue.feedback(utile=3)
    bienvenue.feedback(utile="les bits")
    (home / "state" / "avis.json").write_text("[]", encoding="utf-8")
    assert "Pas encore d'avis" in bienvenue.feedback() and "donnez-le à nouveau" in capsys.readouterr().out

    def full(*_):
        raise OSError

    monkeypatch.setattr(bienvenue.state, "save", full)
    assert "recopiez-le" in bienvenue.feedback(utile="les bits")
