"""L'attestation : ce que la machine a noté, ni plus ni moins, et ce que cela prouve."""

import datetime
import html
import re

import pytest
from test_lab import find_chromium

from aurore import certificate
from aurore.atelier import progress
from aurore.atelier.cards import lesson_cards
from aurore.atelier.runner import Verdict
from aurore.lessons import find_lesson
from aurore.settings import AuroreError

CARDS = [*lesson_cards(find_lesson("bienvenue")).values(), *lesson_cards(find_lesson("corpus")).values()]
CORPUS = [card for card in CARDS if card.module == "corpus"]
DAY = datetime.date(2025, 7, 1)


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2])).split())


def test_only_what_was_passed_is_certified(home):
    progress.record(CORPUS[0].id, Verdict("validé"))
    progress.record(CORPUS[1].id, Verdict("solution"))
    progress.record(CORPUS[2].id, Verdict("presque", "x"))
    page = words(certificate.page(CARDS, "  Aurore <Dupin> ", DAY))
    assert "Aurore <Dupin>" in page and "1 fonction " in page and f"1 sur {len(CORPUS)}" in page
    assert CORPUS[0].title in page and CORPUS[1].title not in page and CORPUS[2].title not in page
    assert "Bienvenue" not in page and "1er juillet 2025" in page and "l'identité n'est pas vérifiée" in page


def test_without_a_name_there_is_a_line_to_fill(home):
    progress.record(CORPUS[0].id, Verdict("validé"))
    assert "à écrire de sa main" in certificate.page(CARDS)


def test_nothing_passed_certifies_nothing(home):
    with pytest.raises(AuroreError, match="rien à attester"):
        certificate.page(CARDS)
    progress.record(CORPUS[0].id, Verdict("validé"))
    with pytest.raises(AuroreError, match="80"):
        certificate.page(CARDS, "a" * 81)


def test_a_pdf_is_a_pdf(home, monkeypatch):
    find_chromium()
    progress.record(CORPUS[0].id, Verdict("validé"))
    certificate.write(certificate.page(CARDS, "Consuelo"), home / "attestation.pdf")
    assert (home / "attestation.pdf").read_bytes()[:5] == b"%PDF-"
    monkeypatch.setattr(certificate.shutil, "which", lambda name: None)
    with pytest.raises(AuroreError, match=r"attestation\.html"):
        certificate.write("", home / "attestation.pdf")


def test_the_command_writes_the_page(run_here, home):
    assert run_here("certificate", "--output", home / "a.html").code == 1
    progress.record(CORPUS[0].id, Verdict("validé"))
    done = run_here("certificate", "--name", "Consuelo", "--output", home / "a.html")
    assert done.code == 0 and "a.html" in done.out and "Consuelo" in (home / "a.html").read_text(encoding="utf-8")
