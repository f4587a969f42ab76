"""L'attestation d'une personne : les exercices qu'elle a validés sur sa machine, sur une page à imprimer.

Elle ne dit que ce que la machine a noté, et le dit. Rien n'en sort : ni le nom, qui ne va que sur la page, ni la page.
"""

import contextlib
import datetime
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from aurore.atelier import progress
from aurore.atelier.cards import Card
from aurore.lessons import Lesson
from aurore.settings import AuroreError
from aurore.show import count
from aurore.storage import write_atomic

LONGEST_NAME = 80
PRINT_SECONDS = 60
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def passed(cards: Iterable[Card]) -> dict[Lesson, tuple[list[Card], int]]:
    """Par leçon, les exercices validés sur cette machine, et combien elle en a ; celles qui n'en ont aucun n'y sont pas."""
    known = list(cards)
    left = {card.id for card in progress.remaining(known)}
    found: dict[Lesson, tuple[list[Card], int]] = {}
    for lesson in dict.fromkeys(card.lesson for card in known):
        own = [card for card in known if card.lesson == lesson]
        done = [card for card in own if card.id not in left]
        if done:
            found[lesson] = done, len(own)
    return found


def page(cards: Iterable[Card], name: str = "", today: datetime.date | None = None) -> str:
    """L'attestation, en HTML. `name` vide laisse une ligne à remplir à la main.

    Lève `AuroreError` si rien n'est encore validé, ou si le nom est trop long.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise AuroreError(f"Ce nom fait {count(len(name), 'caractère')} ; la page en tient {LONGEST_NAME}.")
    lessons = passed(cards)
    if not lessons:
        raise AuroreError(
            "Aucun exercice n'est validé sur cette machine : il n'y a encore rien à attester. « python -m aurore exercises » dit où en est chacun."
        )
    day = today or datetime.date.today()
    done = [card for own, _ in lessons.values() for card in own]
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return templates.get_template("page.html").render(
        name=name,
        lessons=lessons,
        functions=count(len(done), "fonction"),
        minutes=count(sum(card.minutes for card in done), "minute"),
        day=f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}",
        titles={lesson: [_title(card) for card in own] for lesson, (own, _) in lessons.items()},
        asked=_title(max(done, key=lambda card: card.difficulty)),
    )


def _title(card: Card) -> str:
    """Le titre d'un exercice, sans dire qu'il était en plus : fait, il compte comme les autres."""
    return re.sub(r"^Bonus\s*[·:]\s*", "", card.title)


def write(content: str, path: Path) -> None:
    """Écrit l'attestation : en PDF si le nom le demande, et qu'un Chromium est là ; en HTML sinon."""
    if path.suffix.lower() != ".pdf":
        write_atomic(path, content)
        return
    browser = next(filter(None, map(shutil.which, (*_BROWSERS, *_INSTALLED))), None)
    if browser is None:
        raise AuroreError(
            f"Pas de Chromium ni de Chrome pour faire un PDF. Demandez {path.with_suffix('.html').name}, ouvrez-le, et imprimez-le « au format PDF »."
        )
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(content, encoding="utf-8")
        command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/profil"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium le demande à l'administrateur d'un conteneur
        command += [f"--print-to-pdf={made}", source.as_uri()]
        # S'il échoue, le fichier manque, et c'est ce que l'on regarde.
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=PRINT_SECONDS)
        if not made.is_file():
            raise AuroreError(
                f"{Path(browser).name} n'a pas fait de PDF. Demandez {path.with_suffix('.html').name}, et imprimez-le."
            )
        write_atomic(path, made.read_bytes())
