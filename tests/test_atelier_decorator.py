"""Le décorateur : une fonction qui marche dans tous les cas, et la substitution dans la bibliothèque."""

import pytest

from aurore import corpus
from aurore.atelier import decorator, restore, runner, summary
from aurore.exercises.corpus import FRAMED

NAME = "corpus.cut_frame"


@pytest.fixture(autouse=True)
def clean(home, monkeypatch):
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)
    shown = []
    monkeypatch.setattr(decorator, "display", shown.append)
    restore()
    yield shown
    restore()


def stub_doc(text: str) -> str:
    """Rend le texte du livre."""


def stub_ellipsis(text): ...


def stub_hole(text):
    start = ...
    return text[start:]


def stub_todo(text):
    raise NotImplementedError


def stub_none(text):
    """Doc."""
    return None


@pytest.mark.parametrize("stub", [stub_doc, stub_ellipsis, stub_hole, stub_todo, stub_none])
def test_stubs_are_recognised_and_the_reference_takes_over(stub, clean):
    chosen = decorator.exercise(NAME)(stub)
    assert chosen is corpus.cut_frame is decorator.reference(decorator.find_card(NAME))
    assert clean[0].verdict.status == runner.TODO


def mine(text):
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("***") and "START OF" in line)
    end = next(i for i, line in enumerate(lines) if line.startswith("***") and "END OF" in line)
    calls.append(1)
    return "\n".join(lines[start + 1 : end]).strip("\n")


calls = []


def test_a_valid_function_replaces_the_reference_everywhere_in_the_library(clean):
    from aurore import settings

    assert decorator.exercise(NAME)(mine) is mine
    assert corpus.cut_frame is mine
    calls.clear()
    catalogue = corpus.load_catalogue(settings.PASTICHE / "catalogue.toml")
    raw = (settings.PASTICHE / "files/90001/90001-0.txt").read_bytes()
    corpus.clean(raw, catalogue[90001])
    assert calls, "la bibliothèque doit appeler la fonction de la personne"


def almost(text):
    return text


def test_an_almost_right_function_leaves_the_reference(clean):
    chosen = decorator.exercise(NAME)(almost)
    assert chosen(FRAMED).startswith("La meule")
    assert clean[0].verdict.status == runner.ALMOST


def test_a_later_mistake_puts_the_reference_back(clean):
    decorator.exercise(NAME)(mine)
    decorator.exercise(NAME)(almost)
    assert corpus.cut_frame is decorator.reference(decorator.find_card(NAME))


def test_asking_for_the_solution_does_not_run_the_answer(clean, monkeypatch):
    monkeypatch.setenv("AURORE_SOLUTIONS", "corpus")
    chosen = decorator.exercise(NAME)(mine)
    assert chosen is decorator.reference(decorator.find_card(NAME))
    assert clean[0].verdict.status == runner.SOLUTION


def test_the_summary_says_whose_code_ran(clean):
    decorator.exercise(NAME)(mine)
    decorator.exercise("corpus.decode")(stub_doc)
    text = repr(summary("corpus"))
    assert text.startswith("1 étape(s) sur 4") and "Couper le cadre : votre code" in text
    assert "votre code" in summary("corpus")._repr_html_()


def test_the_card_shows_everything_without_a_widget(clean):
    decorator.exercise(NAME)(almost)
    html = clean[0]._repr_html_()
    for wanted in (
        "Presque",
        "Piste",
        "Indice 1",
        "Indice 3",
        "Voir la solution",
        "def cut_frame",
        "difficulté 3 sur 5",
    ):
        assert wanted in html
    assert "<script" not in html and "http" not in html


def test_what_the_learner_wrote_is_escaped_in_the_card(clean):
    def evil(text):
        return "<script>alert(1)</script>"

    decorator.exercise(NAME)(evil)
    assert "<script>" not in clean[0]._repr_html_()


def test_a_locked_solution_is_hidden_from_the_card(clean):
    from aurore.atelier import solutions

    solutions.lock([NAME], True)
    decorator.exercise(NAME)(almost)
    html = clean[0]._repr_html_()
    assert "def cut_frame" not in html and "cachée" in html


def test_the_button_takes_the_solution_and_gives_the_answer_back(clean):
    decorator.exercise(NAME)(mine)
    page, button = clean[0].widget().children
    assert button.description == "Prendre la solution" and "Validé" in page.value
    button.click()
    assert button.description == "Revenir à mon code" and "Solution affichée" in page.value
    assert corpus.cut_frame is not mine
    button.click()
    assert "Validé" in page.value and corpus.cut_frame is mine


def test_the_button_is_closed_when_the_solution_is_locked(clean):
    from aurore.atelier import solutions

    solutions.lock([NAME], True)
    decorator.exercise(NAME)(almost)
    assert clean[0].widget().children[1].disabled


def test_outside_a_notebook_the_card_is_text_and_html_only(clean):
    decorator.exercise(NAME)(almost)
    assert set(clean[0]._repr_mimebundle_()) == {"text/plain", "text/html"}
