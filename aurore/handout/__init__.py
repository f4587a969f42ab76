"""Les copies à lire, sans noyau ni réseau : un site, un PDF, et les carnets sans leur prose pour un second passage.

Rien n'est exécuté : on montre les sorties rangées dans les carnets.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from aurore import settings
from aurore.handout.pages import Page, doc_page, lesson_page
from aurore.handout.pdf import find_browser, write_pdf
from aurore.handout.site import write_site
from aurore.lessons import LESSONS
from aurore.settings import AuroreError
from aurore.storage import atomic_directory, check_replaceable

KINDS = {"site": "site à lire", "pdf": "livret à imprimer", "clean": "carnets sans prose"}  # le dossier, et sa marque
DOCS = ("recapitulatif", "questions", "cas", "echelle", "bibliographie")


def make(kinds: Sequence[str] = (), folder: Path | None = None, with_solutions: bool = False) -> Iterator[Path]:
    """Fait ces copies (toutes, sans rien), chacune dans son dossier de `folder`, et rend à mesure ce qui est à ouvrir.

    Le PDF vient en dernier : s'il manque un navigateur, les autres copies sont faites. Lève `AuroreError` alors, si une
    copie n'existe pas, ou si un dossier contient ce que l'atelier n'a pas écrit.
    """
    folder = folder or settings.home() / "copies"
    kinds = kinds or tuple(KINDS)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise AuroreError(f"Pas de copie « {unknown[0]} ». Au choix : {', '.join(KINDS)}.")
    for kind in kinds:
        check_replaceable(folder / kind, KINDS[kind])
    if "clean" in kinds:
        yield write_clean([lesson.path for lesson in LESSONS if lesson.is_open], folder / "clean")
    pages = read_pages(with_solutions) if {"site", "pdf"} & set(kinds) else []
    if "site" in kinds:
        with atomic_directory(folder / "site", KINDS["site"]) as place:
            write_site(pages, place)
        yield folder / "site" / "index.html"
    if "pdf" in kinds:
        browser = find_browser()
        with atomic_directory(folder / "pdf", KINDS["pdf"]) as place:
            write_pdf(pages, place / "aurore.pdf", browser, with_solutions)
        yield folder / "pdf" / "aurore.pdf"


def read_pages(with_solutions: bool) -> list[Page]:
    """Toutes les leçons ouvertes, puis les pages de `docs/`."""
    lessons = [lesson_page(lesson, with_solutions) for lesson in LESSONS if lesson.is_open]
    return lessons + [doc_page(settings.ROOT / "docs" / f"{name}.md") for name in DOCS]


# --- Le second passage ----------------------------------------------------------------------------------


def write_clean(notebooks: Sequence[Path], folder: Path) -> Path:
    """Écrit dans `folder` les mêmes carnets, sans prose ni sorties : les titres et le code."""
    with atomic_directory(folder, KINDS["clean"]) as place:
        for path in notebooks:
            nbformat.write(cleaned(nbformat.read(path, as_version=4)), place / path.name)
    return folder


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Un carnet dont il ne reste que les titres et le code, rien d'exécuté."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells.append(nbformat.v4.new_code_cell(cell.source, id=cell.id, metadata=cell.metadata))
        elif titles := headings(cell.source):
            cells.append(nbformat.v4.new_markdown_cell("\n\n".join(titles), id=cell.id))
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def headings(source: str) -> list[str]:
    """Les lignes de titre d'un texte en markdown, celles d'un bloc de code exceptées."""
    prose = re.sub(r"^```.*?^```", "", source, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#{1,6} .+$", prose, re.MULTILINE)
