"""Ce qui se montre : les nombres à la française, les planches et les tableaux lisibles, un panneau vivant ou fixe."""

import ast
import random
import re
import subprocess
import sys
from decimal import Decimal
from html import unescape

import ipywidgets
import nbformat
import pytest
from conftest import ROOT
from matplotlib.figure import Figure

from aurore import show
from aurore.settings import AuroreError
from aurore.show import Live, Plate, Table, count, french_number, percent, plural

# --- Les nombres ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0, None, "0"),
        (1804, None, "1\u202f804"),
        (-1_234_567, None, "−1\u202f234\u202f567"),
        (3.0, None, "3"),
        (0.5, None, "0,5"),
        (0.1 + 0.2, None, "0,3"),
        (0.25, 1, "0,2"),
        (-62.04, 1, "−62,0"),
        (12_345.678, 2, "12\u202f345,68"),
        (-0.001, 2, "0,00"),
        (0.00002, None, "2\u202f×\u202f10⁻⁵"),
        (float("inf"), 1, "∞"),
        (float("-inf"), None, "−∞"),
        (float("nan"), 2, "pas un nombre"),
    ],
)
def test_a_number_is_written_in_french(value, digits, written):
    assert french_number(value, digits) == written


def test_a_share_is_written_in_french():
    assert percent(0.125, 1) == "12,5\u202f%" and percent(1) == "100\u202f%" and percent(-0.001) == "0\u202f%"


def test_the_sign_and_the_significant_digits_are_a_choice():
    assert french_number(0.0123, 3, signed=True) == "+0,012"
    assert french_number(-0.0123, 3, signed=True) == "−0,012"
    assert french_number(0.0123456, significant=2) == "0,012"


def test_a_written_number_reads_back():
    draw = random.Random(1804)
    for _ in range(500):
        value, digits = draw.uniform(-1, 1) * 10 ** draw.randint(-8, 12), draw.randint(0, 6)
        text = french_number(value, digits)
        read = Decimal(text.replace("\u202f", "").replace("−", "-").replace(",", "."))
        assert read == Decimal(f"{value:.{digits}f}")
        groups = text.partition(",")[0].lstrip("−").split("\u202f")
        assert not re.search(r"[-. ]", text) and all(len(group) == 3 for group in groups[1:])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0 étape"), (1, "1 étape"), (2, "2 étapes"), (-1, "−1 étape"), (1200, "1\u202f200 étapes")],
)
def test_a_noun_agrees_with_its_number(value, shown):
    assert count(value, "étape") == shown


def test_agreement_follows_what_is_read():
    assert count(1.96, "million", digits=1) == "2,0 millions"
    assert count(1.94, "million", digits=1) == "1,9 million"
    assert count(3, "cheval", "chevaux") == "3 chevaux"
    assert (plural(2, "fois"), plural(1, "a", "ont"), plural(2, "a", "ont")) == ("fois", "a", "ont")


def read_by_people(path):
    """Les textes d'un fichier : chaînes du code, prose des carnets."""
    if path.suffix == ".py":
        sources, prose = [path.read_text(encoding="utf-8")], []
    else:
        found = nbformat.read(path, as_version=4).cells
        sources = [cell.source for cell in found if cell.cell_type == "code"]
        prose = [cell.source for cell in found if cell.cell_type == "markdown"]
    nodes = (node for source in sources for node in ast.walk(ast.parse(source)))
    return prose + [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("folder", ["aurore/**/*.py", "benchmarks/*.py", "notebooks/*.ipynb"])
def test_no_noun_is_left_for_the_reader_to_agree(folder):
    """« étape(s) » laisse l'accord à qui lit ; `count` le fait."""
    paths = sorted(ROOT.glob(folder))
    # « feu(x) » oui, mais « model(x) » est un appel : un pluriel en x suit un u.
    wrong = re.compile(r"(?<!http)(?<=[a-zéèê]{3})\((?:s|es|nt|(?<=u\()x)\)")
    assert paths and [path.name for path in paths for text in read_by_people(path) if wrong.search(text)] == []


# --- Les planches et les tableaux -----------------------------------------------------------------------


def drawing(size, width=6.0):
    figure = Figure(figsize=(width, 2))
    figure.add_subplot().text(0.5, 0.5, "meunier", fontsize=size)
    return figure


def style_of_image(plate):
    found = re.search(r"min-width:(\d+)px;max-width:(\d+)px", plate._repr_html_())
    return int(found[1]), int(found[2])


def test_a_plate_says_in_words_what_it_shows():
    plate = Plate(drawing(10), "Deux barres : « l'une », \"l'autre\" & 1 < 2.")
    html = plate._repr_html_()
    assert repr(plate) == plate.text
    assert (
        unescape(re.search(r"alt='([^']*)'", html)[1])
        == plate.text
        == unescape(re.search(r"<figcaption>(.*?)</figcaption>", html)[1])
    )


@pytest.mark.parametrize("size", [5, 8, 16])
def test_a_plate_never_shrinks_its_letters_too_much(size):
    narrowest, widest = style_of_image(Plate(drawing(size), "Une planche."))
    smallest = min(size, 10) * 96 / 72  # les graduations sont en corps 10
    assert narrowest <= widest
    assert smallest * narrowest / widest >= 10 - 0.1 or narrowest == widest


def test_a_wide_plate_scrolls_and_stays_white():
    html = Plate(drawing(6, width=14), "Une planche large.")._repr_html_()
    assert "overflow-x:auto" in html and style_of_image(Plate(drawing(6, 14), "."))[0] > 760


def cells(html):
    return re.findall(r"<t[hd][^>]*style='([^']*)'>(.*?)</t[hd]>", html)


def test_a_table_is_the_same_in_text_and_in_html():
    table = Table(
        "Les livres", ("titre", "phrases", "note"), [("Le <Moulin>", 1234, "bon"), ("La Veillée", 2.5, "−1,5")]
    )
    html = table._repr_html_()
    assert repr(table).splitlines() == [
        "Les livres",
        "titre | phrases | note",
        "Le <Moulin> | 1\u202f234 | bon",
        "La Veillée | 2,5 | −1,5",
    ]
    shown = [unescape(text) for _, text in cells(html)]
    assert shown == [*"titre phrases note".split(), "Le <Moulin>", "1\u202f234", "bon", "La Veillée", "2,5", "−1,5"]
    assert ["right" in style for style, _ in cells(html)] == [False, True, False, False, True, False, False, True, True]
    assert html.count("scope='row'") == 2 and html.count("scope='col'") == 3 and "overflow-x:auto" in html


def test_a_table_may_be_empty_or_have_its_own_text():
    assert cells(Table("Rien", ("a", "b"), [])._repr_html_())[1][1] == "b"
    assert repr(Table("Le médecin", ("a",), [("x",)], "Tout va bien.")) == "Tout va bien."


def test_nothing_shown_imposes_a_colour_on_the_theme():
    """Une couleur de texte ou de fond fixée ne se lirait que dans l'un des deux thèmes."""
    html = Table("Les livres", ("a", "b"), [("x", 1)])._repr_html_() + show.fold("Plus", "<p>loin</p>")
    assert not re.search(r"(?:background|(?<![-\w])color):", html)


# --- Les panneaux ---------------------------------------------------------------------------------------


def panel(asked=None):
    def draw(word, times):
        if not word:
            raise AuroreError("Écrivez un <mot>.")
        return Table(word, ("fois",), [(times,)])

    def controls():
        if asked is not None:
            asked.append("commandes")
        return {"word": ipywidgets.Text(), "times": ipywidgets.IntSlider(min=1, max=9)}

    return Live(draw, controls, word="eau", times=3)


def test_without_a_kernel_a_panel_is_still_and_builds_no_widget():
    asked = []
    bundle = panel(asked)._repr_mimebundle_()
    still = Table("eau", ("fois",), [(3,)])
    assert bundle == {"text/plain": repr(still), "text/html": still._repr_html_()}
    assert not asked


def test_with_a_kernel_a_panel_adds_the_widget_to_the_same_content(monkeypatch):
    still = panel()._repr_mimebundle_()
    monkeypatch.setattr(show, "in_a_notebook", lambda: True)
    bundle = panel()._repr_mimebundle_()
    view = bundle.pop("application/vnd.jupyter.widget-view+json")
    assert bundle == still
    assert ipywidgets.Widget.widgets[view["model_id"]].children[-1].value == still["text/html"]


def test_a_control_starts_where_the_still_panel_is_and_redraws_it():
    live = panel()
    word, times, page = live.widget().children
    assert (word.value, times.value) == ("eau", 3)
    word.value, times.value = "pluie", 7
    assert page.value == Table("pluie", ("fois",), [(7,)])._repr_html_() == live._repr_html_()
    assert repr(live) == "pluie\nfois\n7"


def test_a_value_that_cannot_be_drawn_says_why_and_the_panel_goes_on():
    word, _, page = panel().widget().children
    word.value = ""
    assert page.value == "<p role='alert'>Écrivez un &lt;mot&gt;.</p>"
    word.value = "eau"
    assert "<table" in page.value


def test_only_one_place_builds_a_widget_bundle():
    holders = [path.name for path in ROOT.glob("aurore/**/*.py") if "widget-view+json" in path.read_text("utf-8")]
    assert holders == ["show.py"]


def test_only_one_place_writes_numbers_in_french():
    """Ailleurs, ni virgule posée à la main ni milliers : `french_number` s'en charge."""
    waiting = {"values.py"}  # la différence de deux nombres a ses règles
    wrong = re.compile(r"""replace\("\.", ","\)|replace\(",", "[^.]|,\.0f\}""")
    holders = [path.name for path in ROOT.glob("aurore/**/*.py") if wrong.search(path.read_text("utf-8"))]
    assert set(holders) <= waiting


def test_showing_loads_no_heavy_library():
    heavy = ["torch", "transformers", "matplotlib", "ipywidgets", "IPython", "numpy", "datasets"]
    script = (
        "import sys; from aurore import show; show.count(2, 'étape'); show.in_a_notebook();"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
