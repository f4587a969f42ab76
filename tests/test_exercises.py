"""Toutes les fiches : chaque erreur connue est refusée avec sa piste, des réponses différentes sont acceptées, et la
bibliothèque appelle la fonction validée partout où elle aurait appelé la sienne."""

import ast
import functools
import importlib.util
import json
import sys

import nbformat
import pytest
from answers import gather
from conftest import ROOT

from aurore.atelier import cards, decorator, runner, substitution
from aurore.atelier.cards import Mistake
from aurore.lessons import LESSONS

CARDS = cards.all_cards()
WRONG, RIGHT = gather("WRONG"), gather("RIGHT")
WRONG_PAIRS = [(name, answer) for name, answers in WRONG.items() for answer in answers]
RIGHT_PAIRS = [(name, function) for name, functions in RIGHT.items() for function in functions]
HUNTS = [card for card in CARDS.values() if "Chasse au bug" in card.title]
each_card = pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))


def named(pairs):
    return [f"{name}-{getattr(answer, 'function', answer).__name__}" for name, answer in pairs]


# --- La fiche et ses réponses


@each_card
def test_a_card_is_complete(card):
    assert len(WRONG[card.id]) >= 10, "il faut au moins dix réponses fausses"
    assert len(RIGHT[card.id]) >= 3, "il faut au moins trois réponses justes"
    assert card.hints and card.checks and card.statement.endswith((".", "?"))
    assert 1 <= card.difficulty <= 5 and 1 <= card.minutes <= 15
    assert callable(decorator.reference(card))
    assert {answer.check for answer in WRONG[card.id]} <= {check.name for check in card.checks}


def test_every_answer_has_its_card():
    assert set(WRONG) == set(RIGHT) == set(CARDS)


@each_card
def test_every_check_refuses_some_wrong_answer_or_protects_the_reference(card):
    """Une vérification que tout le monde passe ne vérifie rien."""
    refusing = {answer.check for answer in WRONG[card.id]}
    idle = [check for check in card.checks if check.name not in refusing]
    for check in idle:
        with pytest.raises((Mistake, Exception)):
            check.test(lambda *arguments: "ni un nombre, ni un texte attendu")


@each_card
def test_the_reference_passes(card):
    assert runner.run_checks(card, decorator.reference(card)).status == runner.VALID


@pytest.mark.parametrize(("name", "answer"), WRONG_PAIRS, ids=named(WRONG_PAIRS))
def test_a_wrong_answer_gets_the_hint_meant_for_it(name, answer):
    verdict = runner.run_checks(CARDS[name], answer.function)
    assert (verdict.status, verdict.check) == (runner.ALMOST, answer.check)
    assert answer.hint in verdict.hint


@pytest.mark.parametrize(("name", "function"), RIGHT_PAIRS, ids=named(RIGHT_PAIRS))
def test_a_different_right_answer_is_accepted(name, function):
    verdict = decorator.judge(CARDS[name], function)
    assert verdict.status == runner.VALID, (verdict.check, verdict.got, verdict.hint)


@each_card
def test_calling_the_reference_is_not_an_answer(card):
    """Ni par le nom du carnet, ni par celui de la bibliothèque : une fois validée, elle s'appellerait elle-même."""
    if isinstance(decorator.reference(card), type):
        pytest.skip("une classe peut en prolonger une autre")
    space = {"library": importlib.import_module(f"aurore.{card.module}"), card.function: decorator.reference(card)}
    for call in (f"library.{card.function}(*a, **k)", f"{card.function}(*a, **k)"):
        exec(f"def borrowed(*a, **k):\n    return {call}\n", space)
        verdict = decorator.judge(card, space["borrowed"])
        assert verdict.status == runner.ALMOST and "RecursionError" in verdict.got


@pytest.mark.parametrize("card", HUNTS, ids=lambda card: card.id)
def test_a_bug_hunt_starts_from_the_faulty_code(card):
    """La cellule du carnet porte la première réponse fausse de la fiche, et reçoit sa piste."""
    mark = f'@exercise("{card.id}")\n'
    cells = nbformat.read(card.lesson.path, as_version=4).cells
    [source] = [cell.source for cell in cells if cell.source.startswith(mark)]
    if source.rstrip().endswith("..."):
        pytest.skip("le code fautif est montré ailleurs, on part d'une page blanche")
    space = {}
    for module in ("numpy", "torch"):
        space[module] = importlib.import_module(module)
    exec(source.removeprefix(mark), space)
    verdict = runner.run_checks(card, space[card.function])
    planned = WRONG[card.id][0]
    assert (verdict.status, verdict.check) == (runner.ALMOST, planned.check)
    assert planned.hint in verdict.hint
    assert verdict.hint == runner.run_checks(card, planned.function).hint


def test_the_command_counts_them(run_here):
    rows = json.loads(run_here("exercises", "--json").out)
    assert [row["id"] for row in rows] == list(CARDS)
    for row in rows:
        card = CARDS[row["id"]]
        assert set(row) == {"id", "notebook", "minutes", "checks", "hints"}
        assert (row["checks"], row["hints"], row["minutes"]) == (len(card.checks), len(card.hints), card.minutes)
        assert row["notebook"] == card.lesson.notebook


# --- Une leçon en faute n'arrête pas les autres


def test_cards_load_with_their_own_lesson_alone(monkeypatch, capsys):
    broken = LESSONS[2]
    name = f"aurore.exercises.{broken.module}"
    empty = importlib.util.module_from_spec(importlib.util.find_spec(name))  # un fichier sans ses fiches
    monkeypatch.setitem(sys.modules, name, empty)
    assert cards.find_card("corpus.cut_frame").lesson is LESSONS[1]
    assert set(cards.all_cards()) == {name for name, card in CARDS.items() if card.lesson is not broken}
    assert f"aurore/exercises/{broken.module}.py" in capsys.readouterr().err


# --- La fonction de la personne, partout dans la bibliothèque


@pytest.fixture
def in_place(home):
    """Installe une fonction, et remet la référence à la fin."""
    installed = []

    def install(card, function):
        installed.append(card)
        substitution.install(card, function)

    yield install
    for card in installed:
        substitution.restore(card)


def library_modules():
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "aurore" and module}


@each_card
def test_no_module_keeps_a_copy_of_the_reference(card, in_place):
    reference = decorator.reference(card)
    for path in (ROOT / "aurore").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[-1] not in ("__main__", "__init__"):
            importlib.import_module(".".join(parts))
    in_place(card, lambda *arguments, **named: None)
    kept = [
        f"{name}.{key}"
        for name, module in library_modules().items()
        if module is not substitution  # elle garde la référence pour la rendre
        for key, value in vars(module).items()
        if value is reference or (isinstance(value, dict | list | tuple) and holds(value, reference))
    ]
    assert kept == []


def holds(values, wanted):
    return any(value is wanted for value in (values.values() if isinstance(values, dict) else values))


@each_card
def test_the_library_calls_the_learners_function(card, in_place):
    """Sans quoi la fonction validée d'une personne ne servirait à rien. `use` est ce que la leçon en fait, en petit."""
    reference, calls = decorator.reference(card), []
    if isinstance(reference, type):

        class spy(reference):
            def __init__(self, *arguments, **named):
                calls.append(1)
                super().__init__(*arguments, **named)
    else:

        @functools.wraps(reference)
        def spy(*arguments, **named):
            calls.append(1)
            return reference(*arguments, **named)

    in_place(card, spy)
    lesson_of(card).use()
    assert calls


@functools.cache
def expected_use(module):
    return importlib.import_module(f"answers.{module}").use()


def lesson_of(card):
    return importlib.import_module(f"answers.{card.module}")


@pytest.mark.parametrize(("name", "function"), RIGHT_PAIRS, ids=named(RIGHT_PAIRS))
def test_the_lesson_goes_on_with_every_right_answer(name, function, in_place, monkeypatch):
    card = CARDS[name]
    expected = expected_use(card.module)
    monkeypatch.setitem(function.__globals__, card.function, function)  # le nom que lui donne le carnet
    in_place(card, function)
    assert cards.same(lesson_of(card).use(), expected, tolerance=1e-4)


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "aurore").rglob("*.py")), *sorted((ROOT / "notebooks").glob("*.ipynb"))],
    ids=lambda path: path.stem,
)
def test_nobody_imports_an_exercised_function(path):
    """Un nom importé est une copie : la substitution ne l'atteindrait pas. Seul le module de la leçon peut l'avoir."""
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    exercised = {
        (module.__name__, card.function): card
        for card in CARDS.values()
        for module in substitution.places(card)
        if own != f"aurore.{card.module}"
    }
    found = [
        f"from {node.module} import {alias.name}"
        for tree in trees(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module, alias.name) in exercised
    ]
    assert found == []


def trees(path):
    if path.suffix == ".py":
        return [ast.parse(path.read_text(encoding="utf-8"))]
    cells = nbformat.read(path, as_version=4).cells
    return [ast.parse(cell.source) for cell in cells if cell.cell_type == "code" and "import" in cell.source]
