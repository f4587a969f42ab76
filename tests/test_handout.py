"""Les copies à lire : un site qui s'ouvre d'un double-clic, un livret imprimé, des carnets sans prose."""

import json
import re
import shutil

import nbformat
import pytest
from conftest import ROOT

from aurore import handout
from aurore.atelier.quiz import Option, Quiz
from aurore.handout import pages, pdf
from aurore.handout.site import write_site
from aurore.settings import AuroreError

CARD = (
    "<section aria-label='Exercice : Couper'><p>Coupez.</p><details><summary>Indice 1</summary><p>Cherchez la fin.</p></details>"
    "<details><summary>Voir la solution</summary><pre><code>return SECRET</code></pre></details></section>"
)
TRACE = {
    "tokens": ["Le", "chat"],
    "ids": [1, 2],
    "vectors": [[[0.5], [0.25]], [[0.5], [0.25]]],
    "norms": [[1.0, 2.0], [1.0, 2.0]],
    "attention": [[[[1.0, 0.0], [0.25, 0.75]]]],
    "guesses": [[["Le", 0.5], ["dort", 0.5]], [["un", 0.5], ["dort", 0.5]]],
    "following": [[["chat", 1.5, 0.5]], [["dort", 2.5, 0.75]]],
}
AXE = (ROOT / "tests/vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
QUIZ = Quiz("x.y", "Combien ?", (Option("deux", True, "On les a comptés."), Option("trois", False, "Un de trop.")))


def shown(html):
    return nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "texte"})


def cell(source, *outputs):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs))


@pytest.fixture
def notebooks():
    text = nbformat.v4.new_markdown_cell
    state = json.dumps({"text": "Le chat", "data": json.dumps(TRACE), "place": 1}).replace('"', "&quot;")
    first = [
        text(
            "# 01 · Le début\n\n    une ligne de code "
            + "longue " * 40
            + "\n\nVoir la [suite](02_suite.ipynb), ou le [code](../aurore/corpus.py)."
        ),
        text("## L'œuvre\n\nUne **méta**phore filée. [Plus bas](#L'œuvre)\n\n```sh\n# ceci n'est pas un titre\n```"),
        cell("x = 1  # un", shown(CARD)),
        cell("figure", shown("<img src='data:,' alt='Deux courbes qui se croisent'>")),
        cell("quiz", shown(QUIZ._repr_html_())),
    ]
    second = [
        text("# 02 · La suite\n\n## L'œuvre\n\nEncore.\n\n## L'œuvre\n\nToujours."),
        cell("trace", shown(f"<section data-figure='gpt_trace' data-state='{state}'>immobile</section>")),
    ]
    return {
        "01_debut": nbformat.v4.new_notebook(cells=first),
        "02_suite": nbformat.v4.new_notebook(cells=second),
    }


def read(notebooks, with_solutions=False):
    return [pages.notebook_page(notebook, name, name, with_solutions) for name, notebook in notebooks.items()]


def test_without_solutions_they_are_nowhere(notebooks):
    assert "SECRET" not in str([page.body for page in read(notebooks)])
    assert "SECRET" not in json.dumps([page.sections for page in read(notebooks)])
    body = read(notebooks, with_solutions=True)[0].body
    assert "SECRET" in body.find("details", open=True).get_text()


def test_what_is_read_aloud_is_kept(notebooks):
    assert read(notebooks)[0].body.img["alt"] == "Deux courbes qui se croisent"


def test_links_go_from_page_to_page(notebooks):
    body = read(notebooks)[0].body
    assert [link["href"] for link in body.find_all("a")] == ["02_suite.html", "#l-œuvre"]
    assert body.find(id="l-œuvre").name == "h2"
    assert [title["id"] for title in read(notebooks)[1].body.find_all("h2")] == ["l-œuvre", "l-œuvre-2"]


def test_a_section_is_found_by_its_words(notebooks):
    first, second = read(notebooks)[0].sections
    assert first["href"] == "01_debut.html#01-le-début" and first["text"].endswith("Voir la suite, ou le code.")
    assert second["text"].startswith("Une métaphore filée.")  # un mot en partie gras reste un mot


def test_a_clean_notebook_keeps_titles_and_code(notebooks, tmp_path):
    cleaned = handout.cleaned(notebooks["01_debut"])
    assert [one.source for one in cleaned.cells] == ["# 01 · Le début", "## L'œuvre", "x = 1  # un", "figure", "quiz"]
    assert not any(one.get("outputs") for one in cleaned.cells)
    nbformat.validate(cleaned)


def test_a_site_needs_nothing_from_elsewhere(notebooks, tmp_path):
    write_site(read(notebooks), tmp_path)
    for path in tmp_path.glob("*.html"):
        wanted = re.findall(r"(?:src|<link[^>]*href)=[\"']([^\"']+)", path.read_text(encoding="utf-8"))
        assert wanted and all(name.startswith("data:") or (tmp_path / name).is_file() for name in wanted)
    assert "01_debut.html" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_copy_or_a_folder_that_will_not_do_is_refused(tmp_path):
    with pytest.raises(AuroreError, match=r"« papier ».*site, pdf, clean"):
        list(handout.make(["papier"], tmp_path))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mon-texte.html").write_text("à moi", encoding="utf-8")
    with pytest.raises(AuroreError):
        list(handout.make(["clean", "site"], tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def test_without_a_browser_the_site_is_made_and_the_reason_said(notebooks, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(handout, "read_pages", lambda with_solutions: read(notebooks))
    made = []
    with pytest.raises(AuroreError, match="Chromium, Chrome ou Edge"):
        for path in handout.make(["site", "pdf"], tmp_path):
            made.append(path)
    assert made == [tmp_path / "site" / "index.html"] and made[0].is_file()
    assert not (tmp_path / "pdf").exists()


def test_the_command_makes_the_clean_set(run_here, tmp_path):
    done = run_here("handout", "clean", "--output", tmp_path / "copies")
    assert done.code == 0 and "clean" in done.out, done.err
    names = [
        {path.name for path in folder.glob("*.ipynb")} for folder in (tmp_path / "copies/clean", ROOT / "notebooks")
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("with_solutions", [False, True], ids=["sans", "avec"])
def test_a_booklet_hides_every_answer_or_none(notebooks, with_solutions):
    page = read(notebooks, with_solutions)[0]
    printed = pdf._on_paper(page, with_solutions)
    for answer in ("SECRET", "Cherchez la fin", "On les a comptés"):
        assert (answer in printed.get_text()) == with_solutions
    assert "Combien ?" in printed.get_text() and "trois" in printed.get_text()  # la question reste entière
    assert printed.find("details", open=False) is None  # sur le papier, rien ne se déplie


# --- Dans un navigateur


@pytest.fixture(scope="module")
def browser():
    if not any(map(shutil.which, pdf._NAMES)):
        pytest.skip("Chromium manque : « apt-get install chromium » l'apporte.")
    return pdf.find_browser()


def test_the_booklet_gives_the_page_of_each_title(notebooks, tmp_path, browser):
    from pypdf import PdfReader

    path = tmp_path / "aurore.pdf"
    pdf.write_pdf(read(notebooks), path, browser, with_solutions=False)
    written = [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]
    numbers = pdf.page_numbers(path)
    assert numbers["02_suite.l-œuvre"] == numbers["02_suite"] == len(written) == 3
    contents, first, last = written
    assert "02_suite 3" in contents and "L'œuvre 2" in contents
    assert first.startswith("2 01 · Le début") and last.startswith("3 02 · La suite")  # le pied de page se lit d'abord


def test_the_site_opens_from_a_folder(notebooks, tmp_path, browser):
    from playwright.sync_api import sync_playwright

    write_site(read(notebooks), tmp_path)
    errors, asked = [], []
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = window.new_page(viewport={"width": 320, "height": 800})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "index.html").as_uri())
        page.fill("#query", "OEUVRE metaph")
        page.locator("#results a").first.click()
        assert page.url.endswith("01_debut.html#l-%C5%93uvre")
        page.get_by_role("link", name="→ 02_suite").click()
        page.get_by_role("button", name="Le, rang 0").click()
        assert page.get_by_role("button", name="Le, rang 0").get_attribute("aria-pressed") == "true"
        assert "immobile" not in page.inner_text("main")
        for name in ("01_debut", "02_suite"):
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        problems = page.evaluate(f"{AXE}; axe.run(document, {{preload: false}}).then(found => found.violations)")
        assert [(one["id"], one["nodes"][0]["html"]) for one in problems if one["impact"] in GRAVE] == []
        window.close()
    assert errors == [] and all(url.startswith(("file:", "data:")) for url in asked)
