"""Une page à lire : le corps HTML d'un carnet ou d'un texte, ses titres, ce qu'on y cherche."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import nbformat
from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from aurore.lessons import Lesson

SOLUTION = "Voir la solution"  # ce que la fiche écrit sur le pli de la sienne
_TITLES = ("h1", "h2", "h3")
_BLOCKS = ("p", "li", "td", "th", "pre", "dt", "dd", "div", "section", "caption", "figcaption", "summary")
_INSIDE = re.compile(r"^(?!https?://|mailto:)")  # un lien qui ne sort pas du dépôt


@dataclass
class Page:
    """`name` : le fichier, sans son suffixe ; `title` : ce qui se lit au sommaire ; `body` : l'arbre HTML."""

    name: str
    title: str
    body: Tag

    @property
    def sections(self) -> list[dict[str, str]]:
        """Les titres, chacun avec son ancre, sa page et le texte qui le suit, blancs resserrés."""
        found: list[dict[str, str]] = []
        block = None
        for node in self.body.descendants:
            if isinstance(node, Tag):
                if node.name in _TITLES and node.get("id"):
                    href = f"{self.name}.html#{node['id']}"
                    found.append({"href": href, "page": self.title, "title": _text(node), "text": ""})
            elif found and not node.find_parent((*_TITLES, "script", "style")):
                before, block = block, node.find_parent(_BLOCKS)  # un blanc entre deux blocs, aucun dans un mot en gras
                found[-1]["text"] += str(node) if block is before else f" {node}"
        for section in found:
            section["text"] = " ".join(section["text"].split())
        return found


def _text(node: Tag) -> str:
    return " ".join(node.get_text().split())


def lesson_page(lesson: Lesson, with_solutions: bool) -> Page:
    """La page d'une leçon ; sans les solutions, elles n'y sont pas, même repliées."""
    return notebook_page(
        nbformat.read(lesson.path, as_version=4), lesson.path.stem, lesson.label, with_solutions=with_solutions
    )


def doc_page(path: Path) -> Page:
    """La page d'un texte en markdown, lu comme un carnet d'une seule cellule."""
    source = path.read_text(encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    title = source.partition("\n")[0].removeprefix("# ")
    return notebook_page(notebook, path.stem, title, with_solutions=True)


def notebook_page(notebook: NotebookNode, name: str, title: str, with_solutions: bool) -> Page:
    """La page d'un carnet, titres ancrés et liens menés d'une page à l'autre."""
    body = BeautifulSoup(f"<main>{_to_html(notebook)}</main>", "html.parser").main
    for fold in body.find_all("details"):
        if _text(fold.summary) == SOLUTION:
            if with_solutions:
                fold["open"] = ""
            else:
                fold.decompose()
    _anchor(body)
    for link in body.find_all("a", href=_INSIDE):
        _mend(link)
    for table in body.find_all("table"):
        _scrolls(table)
    for code in body.find_all("pre"):
        code["tabindex"] = "0"  # ce qui défile doit pouvoir défiler au clavier
    return Page(name, title, body)


def _to_html(notebook: NotebookNode) -> str:
    """Le corps seul, sans style, sans script, sans rien qui vienne d'ailleurs."""
    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    exporter.sanitize_html = False  # nos figures portent leurs styles ; les carnets sont les nôtres
    body, _ = exporter.from_notebook_node(notebook)
    return body


def _anchor(body: Tag) -> None:
    """Donne à chaque titre une ancre à lui : nbconvert ne sait pas que deux titres se répètent."""
    taken: set[str] = set()
    for heading in body.find_all(re.compile("^h[1-6]$")):
        base = _slug(_text(heading))
        name, rank = base, 2
        while name in taken:
            name, rank = f"{base}-{rank}", rank + 1
        taken.add(name)
        heading["id"] = name


def _slug(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def _mend(link: Tag) -> None:
    """Un lien vers un carnet ou un texte mène à sa page ; vers le reste du dépôt, il n'est plus qu'un texte."""
    path, _, place = unquote(str(link["href"])).partition("#")
    if not path:
        link["href"] = f"#{_slug(place)}"
    elif path.endswith(".ipynb") or (path.endswith(".md") and "/" not in path):
        link["href"] = f"{Path(path).stem}.html"
    else:
        link.unwrap()


def _scrolls(table: Tag) -> None:
    """Un tableau large défile dans son cadre, jamais la page."""
    if "overflow" not in str(table.parent.get("style", "")):
        table.wrap(BeautifulSoup("", "html.parser").new_tag("div", attrs={"class": "wide", "tabindex": "0"}))
