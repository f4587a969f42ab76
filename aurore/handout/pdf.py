"""Le livret : toutes les pages à la suite, imprimées par un Chromium sans fenêtre, avec un sommaire et ses numéros de page."""

import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import unquote

from bs4 import Tag
from pypdf import PdfReader

from aurore.handout.pages import SOLUTION, Page
from aurore.settings import AuroreError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PLACES = (  # là où ils s'installent sans se mettre dans le PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_SECONDS = 300
_STYLE = Path(__file__).parent / "static" / "site.css"


def find_browser() -> str:
    """Le Chromium de cette machine, ou un navigateur qui en vient ; lève `AuroreError` s'il n'y en a pas."""
    found = next(filter(None, map(shutil.which, (*_NAMES, *_PLACES))), None)
    if not found:
        raise AuroreError(
            "Le PDF s'imprime par Chromium, Chrome ou Edge, et aucun n'est ici. Installez l'un d'eux (« apt-get install chromium »), ou gardez le site : « python -m aurore handout site »."
        )
    return found


def write_pdf(pages: Sequence[Page], path: Path, browser: str, with_solutions: bool) -> None:
    """Imprime le livret. Deux passages : le premier dit à quelle page tombe chaque titre, le second l'écrit au sommaire."""
    parts = [_on_paper(page, with_solutions) for page in pages]
    entries = [entry for part, page in zip(parts, pages, strict=True) for entry in _entries(part, page)]
    _print(browser, _document(parts, entries, {}), path)
    _print(browser, _document(parts, entries, page_numbers(path)), path)


def page_numbers(path: Path) -> dict[str, int]:
    """La page de chaque titre d'un PDF, à partir de 1, par le nom de son ancre."""
    reader = PdfReader(path)
    places = reader.named_destinations.items()
    return {unquote(name.lstrip("/")): reader.get_destination_page_number(place) + 1 for name, place in places}


def _on_paper(page: Page, with_solutions: bool) -> Tag:
    """La page telle qu'on l'imprime : rien n'y reste plié, et les ancres portent son nom.

    Sans les solutions, ni les indices ni les réponses aux quiz n'y sont : le livret se garde pendant que l'on cherche.
    """
    body = copy.copy(page.body)
    body.name = "section"
    body["class"] = "lesson"
    for fold in body.find_all("details"):
        if fold.decomposed:
            continue
        if not with_solutions and _is_an_answer(fold):
            fold.replace_with(fold.summary.extract()) if _in_a_quiz(fold) else fold.decompose()
        else:
            fold["open"] = ""
    for tag in body.find_all(id=True):
        tag["id"] = f"{page.name}.{tag['id']}"
    for link in body.find_all("a", href=True):
        target, _, place = str(link["href"]).partition("#")
        if target.endswith(".html") or not target:
            link["href"] = f"#{target.removesuffix('.html') or page.name}{'.' if place else ''}{place}"
    body["id"] = page.name
    return body


def _in_a_quiz(fold: Tag) -> bool:
    return fold.find_parent("section", attrs={"aria-label": "Quiz"}) is not None


def _is_an_answer(fold: Tag) -> bool:
    title = fold.summary.get_text()
    return _in_a_quiz(fold) or title == SOLUTION or title.startswith("Indice ")


def _entries(part: Tag, page: Page) -> list[tuple[str, str, bool]]:
    """Les lignes du sommaire : l'ancre, le titre, et s'il est de second rang."""
    deep = [(str(title["id"]), " ".join(title.get_text().split()), True) for title in part.find_all("h2")]
    return [(page.name, page.title, False), *deep]


def _document(parts: Iterable[Tag], entries: Iterable[tuple[str, str, bool]], numbers: dict[str, int]) -> str:
    rows = "".join(
        f"<li class='{'deep' if deep else ''}' data-page='{numbers.get(anchor, 0):>3}'><a href='#{anchor}'>{escape(title)}</a><span></span></li>"
        for anchor, title, deep in entries
    )
    return f"""<!DOCTYPE html>
<html lang="fr">
<head><meta charset="utf-8"><title>Aurore, le réseau de neurones qui écrivait des romans</title>
<style>{_STYLE.read_text(encoding="utf-8")}</style></head>
<body><div id="contenu"><h1>Aurore, le réseau de neurones qui écrivait des romans</h1>
<nav class="contents" aria-label="Sommaire"><h2>Sommaire</h2><ol>{rows}</ol></nav>
{"".join(map(str, parts))}</div></body></html>
"""


def _print(browser: str, document: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        source = Path(place) / "livret.html"
        source.write_text(document, encoding="utf-8")
        command = [
            browser,
            "--headless=new",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ]
        command += [f"--user-data-dir={place}/profil", f"--print-to-pdf={path.resolve()}", source.as_uri()]
        if sys.platform.startswith("linux"):
            command[1:1] = ["--disable-dev-shm-usage"]  # la mémoire partagée d'un conteneur est petite
            if os.geteuid() == 0:
                command[1:1] = ["--no-sandbox"]  # Chromium la refuse à l'administrateur ; il ne lit ici que nos pages
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise AuroreError(f"{Path(browser).name} n'a pas imprimé le PDF en {_SECONDS} s. Relancez.") from None
    if done.returncode or not path.is_file():
        last = (done.stderr.strip().splitlines() or ["sans un mot"])[-1]
        raise AuroreError(f"{Path(browser).name} n'a pas pu imprimer le PDF ({last}).")
