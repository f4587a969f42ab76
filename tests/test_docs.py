"""Ce que disent le README et `docs/` : des liens qui mènent quelque part, des commandes qui existent, des durées vraies."""

import contextlib
import importlib.util
import io
import re
import shlex
import shutil
import subprocess

import pytest
from conftest import ROOT

from aurore import __main__ as cli
from aurore.lessons import LESSONS, ROUTES, WORKSHOP
from benchmarks import __main__ as bench

PAGES = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "AGENTS.md", ".github/ISSUE_TEMPLATE/panne.md")
] + sorted((ROOT / "docs").glob("*.md"))


def text_of(path):
    return path.read_text(encoding="utf-8")


def blocks(path, *languages):
    """Les blocs de code d'une page, dans ces langages."""
    found = re.findall(r"^ *```(\w+)\n(.*?)^ *```", text_of(path), re.MULTILINE | re.DOTALL)
    return [content for language, content in found if language in languages]


def anchors(path):
    titles = re.findall(r"^#+ (.*)", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_link_leads_somewhere(path):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_prose_has_the_spaces_of_french(path):
    prose = re.sub(r"^ *```.*?^ *```", "", text_of(path), flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"`[^`\n]*`|\]\([^)\s]*\)|<[^>]*>", "x", prose)
    wrong = re.search(r".* [;!?:](?=[\s»)*|]|$)|.*« |.* »", prose, re.MULTILINE)
    assert not wrong, f"une espace insécable manque à la fin de : {wrong[0]}"


@pytest.mark.skipif(not shutil.which("bash"), reason="bash lit ces lignes")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_shell_blocks_can_be_read_by_a_shell(path):
    for block in blocks(path, "sh"):
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, block + done.stderr


def test_windows_blocks_hold_one_command_a_line_with_their_own_variables():
    powershell, cmd = blocks(ROOT / "README.md", "powershell"), blocks(ROOT / "README.md", "bat")
    assert powershell and cmd
    for block in powershell + cmd:
        for line in block.splitlines():
            assert line.count('"') % 2 == 0 and not line.endswith(("\\", "`", "^")), line
    assert all("$PWD" not in block and "$(" not in block for block in powershell + cmd)
    assert all("%" not in block for block in powershell) and all("$" not in block for block in cmd)


def commands(path):
    """Les lignes « python -m aurore … » d'une page, telles qu'on les taperait : sans ce qui est facultatif, puis avec, un par un."""
    text = text_of(path).replace("\\|", "|")
    for line in re.findall(r"-m aurore (?!…)([^`\n>#»]*)", text):
        line = re.sub(r"\|[^\s\]]+", "", line).replace(" …", "")  # « on|off » : le premier
        bare = re.sub(r"\[.*?\]", "", line).rstrip(" .,;)")
        for option in ["", *re.findall(r"\[(.*?)\]", line)]:
            yield ["1" if word in ("N", "T") else word for word in shlex.split(f"{bare} {option}")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_command_that_is_written_is_understood(path):
    for arguments in commands(path):
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said), cli._argparse_in_french():
                cli.build_parser().parse_args(arguments)
        except SystemExit:
            pytest.fail(f"{arguments} : {said.getvalue()}")


def test_the_readme_names_every_command():
    readme = text_of(ROOT / "README.md")
    (subcommands,) = (each for each in cli.build_parser()._actions if isinstance(each.choices, dict))
    assert [name for name in subcommands.choices if f"| `python -m aurore {name}" not in readme] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_module_a_measure_or_a_test_that_is_named_exists(path):
    text = text_of(path)
    for module in re.findall(r"-m (aurore\.[a-z_.]*[a-z])", text):
        assert importlib.util.find_spec(module), module
    for names in re.findall(r"-m benchmarks ([a-z ]+)", text):
        assert set(names.split()) <= set(bench.SECTIONS), names
    for name in re.findall(r"tests/test_\w+\.py", text):
        assert (ROOT / name).is_file(), name


def test_the_targets_of_make_that_are_named_exist():
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    for path in PAGES:
        assert set(re.findall(r"`make ([a-z-]+)", text_of(path))) <= targets, path


def test_the_guide_keeps_the_minutes_of_the_registry():
    told = {lesson.label: str(lesson.minutes) for lesson in LESSONS}
    rows = re.findall(
        r"^\| (?:(\d):(\d\d) \| )?(\d\d [^|]*?) \| (\d+) \|", text_of(ROOT / "docs/animer.md"), re.MULTILINE
    )
    assert {label for _, _, label, _ in rows} == set(told)
    clock = 0
    for hours, minutes, label, length in rows:
        assert length == told[label], label
        if hours:
            start = 60 * int(hours) + int(minutes)
            assert start in (0, clock), f"{label} commence à {start} et non à {clock}"
            clock = start + int(length)
    workshop = [lesson.label for lesson in LESSONS if lesson.route == WORKSHOP]
    assert sorted(label for _, _, label, _ in rows if label in workshop) == sorted(workshop * 2)  # et à rebours


def test_the_readme_shows_each_route_with_its_lessons():
    readme = text_of(ROOT / "README.md")
    for route, (title, _) in ROUTES.items():
        lessons = [lesson for lesson in LESSONS if lesson.route == route]
        told = ", ".join(f"{lesson.label} ({lesson.minutes})" for lesson in lessons)
        assert f"| {title} | {told} | {sum(lesson.minutes for lesson in lessons)} min |" in readme


def test_twenty_pains_have_their_answer():
    rows = re.findall(r"^\| (\d+)\. ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text_of(ROOT / "README.md"), re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, 21))


def test_the_recap_names_every_lesson():
    recap = text_of(ROOT / "docs/recapitulatif.md")
    assert [label for label in (lesson.label for lesson in LESSONS) if f"| {label} |" not in recap] == []
