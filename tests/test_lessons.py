"""Le registre des leçons : complet, sans doublon, et seul à les nommer."""

import pytest
from conftest import ROOT

from aurore import lessons
from aurore.lessons import LESSONS, ROUTES, find_lesson
from aurore.settings import AuroreError


def test_every_lesson_is_named_once():
    assert [lesson.number for lesson in LESSONS] == list(range(14))
    for names in ("notebook", "module", "title"):
        assert len({getattr(lesson, names) for lesson in LESSONS}) == len(LESSONS)
    assert {lesson.route for lesson in LESSONS} == set(ROUTES)


def test_the_routes_are_those_of_the_workshop():
    def numbers(route):
        return [lesson.number for lesson in LESSONS if lesson.route == route]

    assert numbers(lessons.WORKSHOP) == [0, 1, 2, 7, 8, 9]
    assert numbers(lessons.ENGINE) == [3, 4, 5, 6]
    assert numbers(lessons.BONUS) == [10, 11, 12, 13]


def test_a_route_holds_in_the_time_it_promises():
    for route, (_, minutes) in ROUTES.items():
        if minutes:
            assert sum(lesson.minutes for lesson in LESSONS if lesson.route == route) <= minutes


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_notebook_is_a_lesson(path):
    assert path in {lesson.path for lesson in LESSONS if lesson.is_open}


@pytest.mark.parametrize("folder", ["aurore/exercises", "aurore/widgets", "tests/answers"])
def test_every_file_of_a_lesson_bears_the_name_of_its_module(folder):
    modules = {lesson.module for lesson in LESSONS}
    # Une grande figure a son fichier à elle, « gpt_trace.py » par exemple.
    assert {path.stem.split("_")[0] for path in (ROOT / folder).glob("[!_]*.py")} <= modules


def test_an_open_lesson_has_its_module_and_its_cards():
    for lesson in LESSONS:
        if lesson.is_open:
            assert (ROOT / f"aurore/{lesson.module}.py").is_file()
            assert (ROOT / f"aurore/exercises/{lesson.module}.py").is_file()


def test_a_lesson_is_found_by_its_notebook_or_its_module():
    assert find_lesson("fine_tuning") is find_lesson("finetune") is LESSONS[7]
    assert find_lesson("fine_tuning").path.name == "07_fine_tuning.ipynb"
    with pytest.raises(AuroreError, match=r"« roman » n'existe pas\. Leçons connues : bienvenue, corpus"):
        find_lesson("roman")
