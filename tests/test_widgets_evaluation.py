"""Les figures de la leçon 09 : leur texte dit leurs nombres, une copie s'y voit et s'y lit, un texte collé y reste du texte."""

import re

import pytest

from aurore import evaluation
from aurore.evaluation import Comparison, Diversity, Score, Trial
from aurore.settings import AuroreError
from aurore.widgets import evaluation as figures

ROWS = [
    ("La Mare", "II", "La meunière chantait en étendant le linge au soleil de juin."),
    ("L'Étang", "", "Le vent tombait sur les ormes, et la nuit venait."),
]


@pytest.fixture(scope="module")
def index():
    return evaluation.BookIndex(ROWS)


def view(text, index, shortest=20):
    return figures.CopyView(evaluation.check_copy(text, index, shortest), shortest)


# --- Les tableaux


def test_the_versions_table_says_which_measure_ranks_rightly():
    right, wrong = Comparison(0, 0, 100, 1, 1.5), Comparison(0.5, 0.2, 60, 0.8, 1.2)
    rows = figures.versions_table({"correcte": right, "fautive": wrong}).rows
    assert rows[0] == ("correcte", "0,000", "0,000", "100", "1,00", "1,50")
    assert rows[-1] == ("bien rangées ?", "oui", "oui", "oui", "oui", "non")


def test_the_words_table_gives_both_ranks():
    rows = figures.words_table({"assise": (1.0, 7.0), "seule": (0.3, 6.0), "assis": (0.7, 8.0)}).rows
    assert [(row[0], row[2], row[4]) for row in rows] == [("assise", 1, 2), ("seule", 3, 1), ("assis", 2, 3)]


def test_the_other_tables_write_their_numbers_in_french():
    table = figures.models_table({"modèle": [Score(1000.0, 10, 900, 1)] * 3})
    assert table.rows == [("modèle", "1,60", "1,60", "1,60")]
    table = figures.diversity_table({"Sand": Diversity(0.79, 0.994, 0.0)})
    assert table.rows == [("Sand", "79\u202f%", "99\u202f%", "0\u202f%")]


# --- Les essais


TRIALS = [
    Trial("La Mare", 1, (2.0, 2.5, 3.0)),
    Trial("La Mare", 2, (2.1, 2.6, 3.1)),
    Trial("L'Étang", 1, (2.2, 2.4, 3.2)),
]


def test_each_trial_is_drawn_and_told():
    plate = figures.trials_plate(TRIALS)
    assert "« La Mare » à l'écart, graine 2 : livre appris 2,10, livre à l'écart 2,60, autre auteur 3,10" in plate.text
    lines = plate.figure.axes[0].lines
    assert [list(line.get_ydata()) for line in lines] == [list(trial.bits) for trial in TRIALS]
    # Une couleur par répartition, une forme par graine : la couleur n'est jamais seule.
    assert lines[0].get_color() == lines[1].get_color() != lines[2].get_color()
    assert lines[0].get_marker() == lines[2].get_marker() != lines[1].get_marker()


# --- Est-ce qu'il recopie ?


def test_a_copy_is_marked_numbered_and_placed(index):
    shown = view("Ce soir, le vent tombait sur les ormes, puis rien.", index)
    html = shown._repr_html_()
    [mark] = re.findall(r"<mark[^>]*title='([^']*)'>([^<]*)</mark><sup>1</sup>", html)
    title, marked = mark
    assert title == f"{len(marked)} caractères : L&#x27;Étang, paragraphe 1"
    assert marked == "e vent tombait sur les ormes, "
    assert "L'Étang, paragraphe 1" in repr(shown) and shown.verdict in repr(shown)
    assert "<strong>" in html.split("<details>")[1] and "la nuit" in html.split("<details>")[1]
    text = re.sub(r"<[^>]+>", "", html.split("</p>")[0])
    assert text.replace("1", "").replace("&#x27;", "'") == "Ce soir, le vent tombait sur les ormes, puis rien."


def test_a_new_text_has_no_mark(index):
    shown = view("Wagons, kolkhozes, whisky : un voyage.", index)
    assert "<mark" not in shown._repr_html_() and "<details" not in shown._repr_html_()
    assert shown.verdict.startswith("Aucun morceau de 20 caractères ou plus") and "100\u202f%" in shown.verdict


def test_overlapping_copies_keep_the_longest_on_top_and_lose_no_letter(index):
    passage = "chantait en étendant le linge au soleil. la nuit venait. Le vent tombait sur les ormes"
    shown = view(passage, index, 5)
    assert len(shown.report.spans) > 2
    marked = re.sub(r"<sup>\d+</sup>", "", shown._marked())
    assert re.sub(r"<[^>]+>", "", marked) == passage
    assert len(shown.table().rows) == min(figures.LISTED, len(shown.report.spans))


def test_a_pasted_tag_stays_text(index):
    html = view("<script>alert(1)</script> le vent tombait sur les ormes", index)._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_the_panel_follows_the_passage_the_text_and_the_length(index):
    panel = figures.copy_panel({"neuf": "Rien de connu ici.", "copie": ROWS[0][2]}, index)
    chosen, pasted, length, page = panel.widget().children
    assert "Aucun morceau" in page.value
    chosen.value = "copie"
    assert f"{len(ROWS[0][2])} caractères" in page.value and "La Mare, II, paragraphe 1" in page.value
    pasted.value = "Le vent tombait sur"
    assert "Aucun morceau de 20" in page.value
    length.value = 15
    assert "L&#x27;Étang, paragraphe 1" in page.value
    pasted.value = "  "
    assert "La Mare, II, paragraphe 1" in page.value


def test_the_panel_reads_without_a_kernel(index):
    bundle = figures.copy_panel({"copie": ROWS[0][2]}, index)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "La Mare, II, paragraphe 1" in bundle["text/plain"] and "<mark" in bundle["text/html"]
    with pytest.raises(AuroreError, match="aucun passage"):
        figures.copy_panel({}, index)


def test_the_copies_plate_tells_what_it_draws(index):
    sources = {
        "modèle": [evaluation.check_copy(text, index, 1) for text in ("Wagon", ROWS[0][2], "le vent tombait")],
        "Sand": [evaluation.check_copy("zzz", index, 1)],
    }
    plate = figures.copies_plate(sources)
    longest = len(ROWS[0][2])
    assert f"modèle, 3 passages : médiane 14 caractères, au plus {longest}," in plate.text
    points = [line for line in plate.figure.axes[0].lines if line.get_marker() == "o"]
    assert sorted(len(line.get_xdata()) for line in points) == [1, 3]
    assert [label.get_text() for label in plate.figure.axes[0].get_yticklabels()] == ["Sand", "modèle"]
