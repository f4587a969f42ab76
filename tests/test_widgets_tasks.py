"""Les figures de la leçon 12 : leur texte dit leurs nombres, un texte collé y reste du texte."""

import pytest

from aurore import classify, encoder, reading, tasks
from aurore.settings import AuroreError
from aurore.widgets import tasks as figures

TEXT = "La petite Marie ramenait ses brebis en chantant, et le soir tombait sur la vallée."


def test_the_panel_says_what_the_classifier_says():
    panel = figures.sand_panel(TEXT)
    label, chance = tasks.sand_classifier().predict(TEXT)
    assert label in repr(panel) and f"{100 * chance:.0f}" in repr(panel)
    assert "<script>" not in figures.sand_panel(f"<script>alert(1)</script> {TEXT}")._repr_html_()
    with pytest.raises(AuroreError, match="trop court"):
        repr(figures.sand_panel("non"))


def test_tables_write_parts_in_per_cent():
    assert figures.untrained_table(classify.Untrained(0.82, 0.46, 0.65), 4).rows[0][1] == "82\u202f%"
    table = figures.shares_table("Exactitude", {"une": 0.5, "autre": [0.25, 1.0]}, ("tâche", "a", "b"))
    assert table.rows == [("une", "50\u202f%"), ("autre", "25\u202f%", "100\u202f%")]


def test_the_guesses_are_told():
    plate = figures.guesses_plate(
        "[MASK] maison", {"des deux côtés": [("la", 0.4), ("une", 0.3)], "à gauche": [("les", 0.2)]}
    )
    assert "des deux côtés : la 40\u202f%, une 30\u202f%" in repr(plate) and "à gauche : les 20\u202f%" in repr(plate)


def test_an_entity_is_underlined_and_named():
    view = figures.TaggedView([(("Me", "de", "Vilserre", "<b>"), ("O", "B-PER", "I-PER", "O"))])
    assert repr(view) == "Me [de Vilserre, personne] <b>"
    assert "(personne)" in view._repr_html_() and "&lt;b&gt;" in view._repr_html_()


def test_the_span_plate_tells_the_answer():
    reader = encoder.seeded(lambda: reading.Reader(encoder.Words(["où est la roue ? la roue est près du moulin"])))
    text = repr(figures.span_plate(reader, "Où est la roue ?", "La roue est près du moulin."))
    assert f"« {reader.answer('Où est la roue ?', 'La roue est près du moulin.')} »" in text


def test_each_task_has_its_row():
    where = dict.fromkeys(tasks.HUB, "hors de portée")
    assert [row[0] for row in figures.hub_table(where).rows] == list(tasks.HUB)
    assert len(figures.gone_table().rows) == len(tasks.GONE)
    assert figures.translations_table([("a", "b", "c")]).rows == [("a", "b", "c")]
