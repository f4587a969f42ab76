"""La maison : qui dépend de qui, et des fichiers que l'on peut lire d'une traite."""

import ast

import pytest
from conftest import ROOT

from aurore.atelier.cards import all_cards

SOURCES = sorted((ROOT / "aurore").rglob("*.py"))
# Un module n'importe que ceux qui le précèdent ; deux modules d'un même rang s'ignorent.
ORDER = (
    {"corpus"},
    {"tokenizer"},
    {"neuron", "attention"},
    {"gpt"},
    {"models"},
    {"finetune"},
    {"generation"},
    {"evaluation"},
    {"authors"},
    {"instructions"},
    {"dialogue"},
    {"classify", "encoder", "entities", "village"},
    {"digest", "masked", "reading", "translation"},
    {"tasks"},
    {"deploy"},
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
# Ce qui ne connaît aucune leçon.
FOUNDATIONS = {
    "settings",
    "lessons",
    "storage",
    "language",
    "show",
    "slider",
    "download",
    "pull",
    "ngram",
    "keys",
    "configurations",
    "catalogue",
    "loss",
    "memory",
    "optimizer",
    "rows",
}
EXERCISE_LINES, MODULE_LINES = 110, 1000


def name_of(path):
    return ".".join(path.relative_to(ROOT / "aurore").with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    """Les modules d'aurore qu'un fichier importe, où que ce soit, sans leur préfixe."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "aurore":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aurore."):
            names.add(node.module.removeprefix("aurore."))
        elif isinstance(node, ast.Import):
            names |= {alias.name.removeprefix("aurore.") for alias in node.names if alias.name.startswith("aurore.")}
    return names


def too_high(own, names):
    return sorted(name for name in names if name in RANK and RANK[name] >= own)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_dependencies_point_one_way(path):
    folder, _, own = name_of(path).rpartition(".")
    names = imported(path)
    if not folder and own in RANK:
        assert too_high(RANK[own], names - {own}) == []
        assert not {name for name in names if name.split(".")[0] in ("exercises", "atelier", "widgets")}
    elif folder == "cleaning" or (not folder and own in FOUNDATIONS):
        assert not names & set(RANK)
    elif folder == "exercises" and own in RANK:
        assert too_high(RANK[own], names - {own}) == []
    elif folder == "widgets" and own.split("_")[0] in RANK:
        topic, _, subject = own.partition("_")  # `evaluation_authors` montre aussi ce que fait `authors`
        assert too_high(RANK[topic], names - {topic, subject}) == []


@pytest.mark.parametrize("path", sorted((ROOT / "aurore/atelier").rglob("*.py")), ids=name_of)
def test_the_machinery_imports_neither_torch_nor_a_lesson(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {"torch", "transformers"} & {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in ("torch", "transformers")
    assert not imported(path) & set(RANK)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_can_be_read_in_one_go(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


def test_a_card_stays_light():
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "aurore/exercises").glob("*.py"))
    assert lines <= EXERCISE_LINES * len(all_cards())


def test_learners_never_load_the_answers():
    for path in SOURCES:
        assert "answers" not in {name.split(".")[0] for name in imported(path)}
        assert "import answers" not in path.read_text(encoding="utf-8")
