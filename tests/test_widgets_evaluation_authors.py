"""Les figures de « Est-ce du Sand ? » : leur texte dit tout, et l'épreuve ne se corrige qu'à la fin."""

import re

import pytest
from test_authors import MANNERS, PASSAGES

from aurore import authors
from aurore.authors import SAND
from aurore.settings import AuroreError
from aurore.widgets import evaluation_authors as figures


@pytest.fixture(scope="module")
def judge():
    return authors.train_judge(PASSAGES)


def test_the_tables_of_the_embedded_judge_say_its_report():
    embedded = authors.embedded_judge()
    table = figures.scores_table(embedded)
    assert [row[0] for row in table.rows] == list(embedded.report["scores"])
    usual = embedded.report["scores"][embedded.disguise]["balanced"]["value"]
    assert f"{round(100 * usual)}" in {row[0]: row[2] for row in table.rows}[embedded.disguise]
    plate = figures.authors_plate(embedded)
    assert all(name in plate.text for name in embedded.report["authors"])
    assert "data:image/png" in plate._repr_html_()
    assert [row[0] for row in figures.models_table(embedded).rows] == [
        "aurore-base",
        "aurore-sand",
        "différence",
        "Sand, livres d'épreuve",
    ]
    assert len(figures.duel_table(embedded).rows) == len(authors.DUELISTS)


def test_a_judge_just_learnt_has_no_report(judge):
    with pytest.raises(AuroreError, match="cross_validate"):
        figures.scores_table(judge)


def test_the_chances_are_told_group_by_group(judge):
    groups = {author: [p.text for p in PASSAGES if p.author == author][:7] for author in MANNERS}
    text = figures.chances_plate(judge, groups).text
    assert f"{SAND}, 7 sur 7" in text and "Victor Hugo, 0 sur 7" in text and "de George Sand" in text


def test_the_evidence_follows_what_is_typed(judge):
    live = figures.listen(judge, PASSAGES[0].text)
    assert "pour" in repr(live) and "<table" in live._repr_html_()
    panel = live.widget()
    field, page = panel.children
    field.value = next(p.text for p in PASSAGES if p.author == "Émile Zola")
    chance = int(re.search(r"George Sand : (\d+)", page.value)[1])
    assert chance < 50


def test_the_duel_shows_every_rival_and_the_winner():
    texts = {author: " ".join(p.text for p in PASSAGES if p.author == author) for author in MANNERS}
    duel = authors.Duel(texts)
    plate = figures.duel_plate(duel, PASSAGES[0].text)
    assert f"Le moins surpris : {SAND}." in plate.text and all(author in plate.text for author in MANNERS)


@pytest.fixture
def test():
    return authors.draw_blind_test(
        *[[f"{name} {rank}" for rank in range(3)] for name in ("elle", "autre", "<b>réseau")]
    )


def test_the_blind_test_waits_for_every_answer(test):
    live = figures.blind_test(test)
    assert "Il reste 9 passages à juger" in repr(live) and "c'était" not in repr(live)
    assert "<b>réseau" not in live._repr_html_() and "<details" in live._repr_html_()
    *buttons, page = live.widget().children
    assert len(buttons) == 9 and all(button.value == "?" for button in buttons)
    for rank, (button, (_, source)) in enumerate(zip(buttons, test.items, strict=True)):
        assert f"Il reste {9 - rank} passage" in page.value
        button.value = source if rank else authors.NETWORK if source != authors.NETWORK else authors.ANOTHER
    assert "La source exacte : 8 sur 9" in page.value and "au hasard, 33" in page.value
    assert page.value.count("c&#x27;était") == 9


def test_the_key_gives_each_source(test):
    key = repr(figures.blind_test(test)).rpartition("Le corrigé : ")[2]
    assert [part.split(", ")[1] for part in key.rstrip(".").split(" ; ")] == [source for _, source in test.items]
