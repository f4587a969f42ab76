"""Les erreurs de cellule, dans un vrai InteractiveShell : une phrase de plus, rien de moins."""

import pytest
from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell

from aurore import corpus
from aurore.atelier import decorator, restore, runner, shell, solutions

NAME = "corpus.cut_frame"
REFERENCE = decorator.reference(decorator.find_card(NAME))


@pytest.fixture
def session(home, monkeypatch):
    monkeypatch.delenv("AURORE_SOLUTIONS", raising=False)
    monkeypatch.setattr("IPython.core.history.HistoryManager.enabled", False)
    assert get_ipython() is None
    session = InteractiveShell.instance(colors="nocolor")
    shell.soften(session)
    yield session
    InteractiveShell.clear_instance()
    restore()


@pytest.fixture
def shown(session, monkeypatch):
    views = []
    monkeypatch.setattr(decorator.CardView, "show", lambda view: views.append(view))
    session.run_cell("from aurore.atelier import exercise")
    return views


def cell(body, header="def cut_frame(text):\n"):
    return f'@exercise("{NAME}")\n{header}{body}'


@pytest.mark.parametrize(
    ("source", "line", "hint"),
    [
        (cell("    return (text\n"), "ligne 3 de votre cellule : return (text", "jamais refermé"),
        (cell("    if text\n        return text\n"), "ligne 3 de votre cellule : if text", "Il manque « : »"),
        (cell("return text\n"), "ligne 3", "décalée de quatre espaces"),
        (cell("    return text\n      x = 1\n"), "ligne 4", "décalée vers la droite"),
        (cell("    x = 1\n  return x\n"), "ligne 4", "alignée"),
        (cell("    return “texte”\n"), "ligne 3", "copier-coller"),
        (cell("    return\u00a0text\n"), "ligne 3", "copier-coller"),
        (cell("    return 'a\n"), "ligne 3", "guillemet"),
        (cell("    print text\n"), "ligne 3", "parenthèses"),
        (cell("    return [text text]\n"), "ligne 3", "virgule"),
        (cell("    if text = 1:\n        return 2\n"), "ligne 3", "« == »"),
        (cell("    return text)\n"), "ligne 3", "sans avoir été ouvert"),
        (cell("    return text\n", header="def cut_frame(text)\n"), "ligne 2", "Il manque « : »"),
        (cell("    2x = text\n"), "ligne 3", "chiffre"),
        (cell("    return text\n") + "break\n", "ligne 4", "boucle"),
        ("import re\n\n" + cell("    return ???\n"), "ligne 5", "ne sait pas lire"),
    ],
)
def test_an_unreadable_exercise_shows_its_card_and_the_lesson_goes_on(session, shown, source, line, hint):
    assert session.run_cell(source).success
    (view,) = shown
    assert view.verdict.status == runner.ALMOST and view.verdict.check == "une cellule que Python sait lire"
    assert view.verdict.where.startswith(line) and hint in view.verdict.hint
    assert "Error : " in view.verdict.got
    assert session.user_ns["cut_frame"] is corpus.cut_frame is REFERENCE
    assert [name for name in session.user_ns if name.startswith("_decorator")] == []


def test_an_unreadable_exercise_after_a_valid_one_puts_the_reference_back(session, shown):
    session.run_cell(
        cell(
            "    from aurore.atelier import decorator\n"
            f"    return decorator.reference(decorator.find_card({NAME!r}))(text)\n"
        )
    )
    assert corpus.cut_frame is not REFERENCE
    session.run_cell(cell("    return (\n"))
    assert corpus.cut_frame is REFERENCE


def test_the_button_works_on_an_unreadable_exercise(session, shown):
    session.run_cell(cell("    return (\n"))
    view = shown[0]
    assert view.show_solution(True).status == runner.SOLUTION and solutions.is_on(NAME)
    assert view.show_solution(False).status == runner.ALMOST


def test_a_readable_cell_is_left_alone(session, shown):
    for source in (cell("    return text\n") + "%pwd\n!ls\n", "x = 1\n", "x = (\n", "%time x = 1\n", "await thing()\n"):
        lines = source.splitlines(keepends=True)
        assert shell._readable(lines) is lines


@pytest.mark.parametrize(
    ("source", "error", "advice"),
    [
        ("x = (1,\n", "SyntaxError", "jamais refermé"),
        ("def f():\nreturn 1\n", "IndentationError", "quatre espaces"),
        ("inconnu + 1\n", "NameError: name 'inconnu' is not defined", "cellule placée plus haut"),
        (cell("    return text\n", "def f(text: Lits):\n"), "NameError: name 'Lits'", "orthographié"),
        ("def f():\n    a += 1\nf()\n", "UnboundLocalError", "avant d'avoir reçu une valeur"),
        ("compile('x = = 1', 'f', 'exec')\n", "SyntaxError", "ne sait pas lire"),
    ],
)
def test_elsewhere_the_message_stays_whole_and_gets_a_sentence(session, shown, capsys, source, error, advice):
    result = session.run_cell(source)
    out = capsys.readouterr().out
    assert not result.success
    assert error in out and advice in out and out.index(error) < out.index(advice)
    assert out.count(advice) == 1 and "shell.py" not in out


def test_other_errors_are_not_touched(session, capsys):
    session.run_cell("1 / 0")
    out = capsys.readouterr().out
    assert "ZeroDivisionError: division by zero" in out and out.rstrip().endswith("division by zero")


def test_a_foreseen_error_is_its_sentence_alone(session, capsys):
    source = "from aurore import generation\ngeneration.generate(None, None, 'Le', temperature=0)"
    assert not session.run_cell(source).success
    said = capsys.readouterr()
    sentence = "Réglages hors limites : température 0 (entre 0.01 et 5), top-p 0.95 (entre 0 et 1, 0 exclu)."
    assert (said.out + said.err).strip() == sentence


def test_softening_twice_changes_nothing(session):
    before = len(session.input_transformers_cleanup)
    shell.soften(session)
    assert len(session.input_transformers_cleanup) == before
