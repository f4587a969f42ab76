"""Le décorateur : une fonction qui marche dans tous les cas, et la substitution dans la bibliothèque."""

import sys

import pytest

from aurore import corpus
from aurore.atelier import decorator, display, restore, runner, solutions, summary
from aurore.atelier.cards import all_cards
from aurore.exercises.corpus import FRAMED

NAME = "corpus.cut_frame"


@pytest.fixture(autouse=True)
def clean(home, monkeypatch):
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)
    shown = []
    monkeypatch.setattr(decorator.CardView, "show", lambda view: shown.append(view))
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


def stub_annotated(text):
    start: int = ...
    return start


async def stub_async(text): ...


class StubClass:
    """Doc."""

    def forward(self, x): ...


STUBS = [stub_doc, stub_ellipsis, stub_hole, stub_todo, stub_none, stub_annotated, stub_async, StubClass]


@pytest.mark.parametrize("stub", STUBS)
def test_stubs_are_recognised_and_the_reference_takes_over(stub, clean):
    chosen = decorator.exercise(NAME)(stub)
    assert chosen is corpus.cut_frame is decorator.reference(decorator.find_card(NAME))
    assert clean[0].verdict.status == runner.TODO


def forgotten(text):
    return text.strip()
    ...


def test_a_hole_left_under_an_answer_is_said(clean):
    decorator.exercise(NAME)(forgotten)
    decorator.exercise(NAME)(stub_doc)
    assert [view.verdict.status for view in clean] == [runner.TODO, runner.TODO]
    assert "« ... »" in clean[0].verdict.hint and "Piste" in clean[0]._repr_html_()
    assert clean[1].verdict.hint == ""


class Cut:
    def __init__(self, text):
        self.text = text


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (lambda text: text, "ne coupe"),
        (Cut, "une fonction"),
        (len, "rend le texte entre les marqueurs"),
        (3, "rend le texte entre les marqueurs"),
    ],
    ids=["lambda", "classe", "native", "nombre"],
)
def test_what_is_not_a_plain_function_is_judged_too(clean, answer, check):
    decorator.exercise(NAME)(answer)
    assert clean[0].verdict.status == runner.ALMOST
    assert check in clean[0].verdict.check or clean[0].verdict.check == CARD.checks[0].name


CARD = decorator.find_card(NAME)


def mine(text):
    lines = text.split("\n")
    marked = [(i, line) for i, line in enumerate(lines) if line.startswith("***")]
    start = next((i + 1 for i, line in marked if "START OF" in line), 0)
    end = next((i for i, line in marked if "END OF" in line), len(lines))
    calls.append(1)
    return "\n".join(lines[start:end]).strip("\n")


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
    total = sum(card.module == "corpus" for card in all_cards().values())
    assert text.startswith(f"1 étape sur {total} a tourné") and "Couper le cadre : votre code" in text
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
    solutions.lock([NAME], True)
    decorator.exercise(NAME)(almost)
    html = clean[0]._repr_html_()
    assert "def cut_frame" not in html and "cachée" in html


def test_the_button_takes_the_solution_and_gives_the_answer_back(clean):
    decorator.exercise(NAME)(mine)
    (view,) = clean
    button = view.button()
    assert button.description == "Prendre la solution" and "Validé" in view._repr_html_()
    button.click()
    assert button.description == "Revenir à mon code" and "Solution affichée" in view._repr_html_()
    assert corpus.cut_frame is not mine
    button.click()
    assert "Validé" in view._repr_html_() and corpus.cut_frame is mine


def test_the_button_is_closed_when_the_solution_is_locked(clean):
    solutions.lock([NAME], True)
    decorator.exercise(NAME)(almost)
    assert clean[0].button().disabled


def test_the_button_does_what_it_says_even_when_the_state_changed_since(clean):
    decorator.exercise(NAME)(mine)
    button = clean[0].button()
    solutions.switch([NAME], True)  # la personne qui anime, depuis un terminal
    assert button.description == "Prendre la solution"
    button.click()
    assert solutions.is_on(NAME) and "Solution affichée" in clean[0]._repr_html_()

    solutions.lock([NAME], True)
    button.click()
    assert solutions.is_on(NAME) and button.disabled and button.description == "Solution cachée"
    assert "def cut_frame" not in clean[0]._repr_html_()


def test_the_button_is_closed_when_the_environment_decides(clean, monkeypatch):
    monkeypatch.setenv("AURORE_SOLUTIONS", "none")
    decorator.exercise(NAME)(mine)
    button = clean[0].button()
    assert button.disabled and "AURORE_SOLUTIONS" in button.description


class Page:
    """Ce qu'un carnet affiche, une sortie après l'autre."""

    def __init__(self):
        self.outputs = []

    def display(self, item, raw=False, display_id=False):
        self.outputs.append(item if raw else item._repr_html_())
        return self if display_id else None

    def update(self, item):
        self.outputs[0] = item._repr_html_()


@pytest.fixture
def screen(monkeypatch):
    screen = Page()
    monkeypatch.setattr(display, "display", screen.display)
    return screen


def test_the_card_never_depends_on_its_button(clean, screen, monkeypatch):
    """Une page exportée ou un carnet rouvert n'ont plus de noyau : la fiche doit y rester, le bouton peut manquer."""
    decorator.exercise(NAME)(almost)
    (view,) = clean
    monkeypatch.undo()
    monkeypatch.setattr(display, "display", screen.display)
    view.show()
    assert len(screen.outputs) == 1 and "Presque" in screen.outputs[0]

    monkeypatch.setattr(display, "in_a_notebook", lambda: True)
    screen.outputs.clear()
    view.show()
    card, button = screen.outputs
    assert "Presque" in card and set(button) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert button["text/plain"] == ""


def test_pressing_the_button_refreshes_the_card(clean, screen, home):
    decorator.exercise(NAME)(mine)
    (view,) = clean
    view._handle = screen.display(view, display_id=True)
    view.button().click()
    assert "Solution affichée" in screen.outputs[0]


def test_help_grows_with_failures_and_stops_at_a_success(clean):
    for _ in range(3):
        decorator.exercise(NAME)(almost)
    decorator.exercise(NAME)(mine)
    decorator.exercise(NAME)(almost)
    opened = [view._repr_html_().count("<details style='margin:.35em 0' open>") for view in clean]
    assert opened == [0, 1, 2, 0, 0]
    assert not any("open" in view._repr_html_().split("Voir la solution")[0][-60:] for view in clean)


def other(text):
    return text.upper()


def test_new_code_after_the_solution_is_judged(clean):
    decorator.exercise(NAME)(almost)
    clean[0].button().click()
    decorator.exercise(NAME)(almost)  # la même cellule, relancée : la solution reste
    decorator.exercise(NAME)(other)
    assert [view.verdict.status for view in clean] == [runner.SOLUTION, runner.SOLUTION, runner.ALMOST]
    assert not solutions.is_on(NAME)


def test_a_solution_shown_to_the_class_stays(clean):
    solutions.switch(["corpus"], True)
    decorator.exercise(NAME)(almost)
    decorator.exercise(NAME)(other)
    assert [view.verdict.status for view in clean] == [runner.SOLUTION, runner.SOLUTION]


def test_the_button_says_how_to_revive_it(clean):
    decorator.exercise(NAME)(almost)
    _, advice = clean[0].controls().children
    assert "Relancez cette cellule" in advice.value


def test_an_exception_shows_the_input_that_raised_it(clean):
    decorator.exercise("corpus.decode")(lambda raw: 1 / 0)
    assert clean[0].verdict.given.startswith("b'") and "ZeroDivisionError" in clean[0].verdict.got


def test_a_recursive_answer_is_judged_the_first_time_as_the_second():
    card = decorator.find_card("tokenizer.merge_pair")
    space = {}
    source = (
        "def merge_pair(symbols, pair):\n"
        "    if len(symbols) < 2:\n        return tuple(symbols)\n"
        "    if tuple(symbols[:2]) == tuple(pair):\n"
        "        return (pair[0] + pair[1], *merge_pair(symbols[2:], pair))\n"
        "    return (symbols[0], *merge_pair(symbols[1:], pair))\n"
    )
    exec(source, space)
    verdicts = [decorator.judge(card, space["merge_pair"]).status for _ in range(2)]
    assert verdicts == [runner.VALID, runner.VALID]


def imports_a_library(text):
    import aurore_lente

    return text if aurore_lente.LOADED_FIRST else ""


@pytest.mark.parametrize("folder", ["site-packages", "a-moi"])
def test_a_library_is_loaded_before_the_clock_starts(folder, tmp_path, monkeypatch):
    place = tmp_path / folder
    place.mkdir()
    (place / "aurore_lente.py").write_text(
        "import threading\nLOADED_FIRST = threading.current_thread() is threading.main_thread()\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.delitem(sys.modules, "aurore_lente", raising=False)
    seen = []
    monkeypatch.setattr(decorator, "run_checks", lambda card, function: seen.append("aurore_lente" in sys.modules))
    decorator.judge(CARD, imports_a_library)
    assert seen == [
        folder == "site-packages"
    ]  # un module de la personne se charge pendant l'essai, et s'arrête avec lui
    sys.modules.pop("aurore_lente", None)
