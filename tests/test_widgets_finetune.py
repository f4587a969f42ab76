"""Les figures de la leçon 07 : un texte qui dit tout, un panneau qui suit, s'arrête, et se fige sans noyau."""

from types import SimpleNamespace

import pytest
from small import TEXT, small_model, small_tokenizer
from test_follow import start

from aurore import blocks, changes, follow, trials
from aurore.settings import AuroreError
from aurore.widgets import finetune as figures
from aurore.widgets import finetune_trials as benches


def curve(name, *bits, **changed):
    points = [(1000 * rank, one) for rank, one in enumerate(bits)]
    return trials.Curve(trials.Trial(name, **changed), points[1:], points, 10_000_000, 18, 52.3)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    run = start(tmp_path_factory.mktemp("panneau"))
    run.wait()
    return run


def test_the_waste_table_writes_shares():
    found = figures.waste_table(blocks.wastes([[1] * 4, [2], [3] * 6], 0, widths=(4,)))
    assert "une phrase par ligne de 4 places | 12 | 25,0\u202f% | 18,2\u202f%" in repr(found)


def test_the_rates_plate_says_how_much_is_spent():
    plate = figures.rates_plate({"un": blocks.rates(1.0, 10, 100, 1000)})
    assert "taux moyen 5\u202f% du plus haut, presque nul pendant 90\u202f% des pas" in repr(plate)


def test_the_log_table_shows_the_eleven_rows():
    text = repr(figures.log_table(blocks.PUBLISHED))
    assert "lignes apprises" in text and text.count("| 11") == 2 and "| 18" in text and "3,29" in text


def test_the_machine_table_has_a_line_for_each_kind():
    assert len(figures.machine_table().rows) == 4


def test_the_panel_shows_losses_and_passages(done):
    panel = figures.Panel(done)
    text, html = repr(panel), panel._repr_html_()
    assert "Entraînement fini" in text and text.count("pas 0 : ") == 2
    assert "<img" in html and "role='status'" in html and "<details" in html
    assert html.count("<strong>Le meunier</strong>") == len(done.progress.passages)


def test_the_panel_escapes_what_people_and_models_write():
    progress = follow.Progress(passages={0: ["<b>gras</b> suite"]})
    run = SimpleNamespace(
        progress=progress, prompts=("<b>gras</b>",), state=follow.RUNNING, stopping=False, listeners=[]
    )
    html = figures.Panel(run).writing()
    assert "<b>" not in html and "&lt;b&gt;gras&lt;/b&gt;" in html


def test_the_stop_button_stops_and_cannot_be_pressed_again(tmp_path):
    run = start(tmp_path, prompts=())
    panel = figures.Panel(run).widget()
    status, stop, curves, _ = panel.children
    assert not stop.disabled
    run.listeners.append(lambda: stop.click() if run.progress.step == 3 and not stop.disabled else None)
    assert run.wait()["stopped"]
    assert stop.disabled and "Arrêté" in status.value and "<img" in curves.value


def test_without_a_kernel_the_panel_is_still(done):
    bundle = figures.Panel(done)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_books_words_and_passages_are_shown_side_by_side():
    books = [changes.BookChange("Simon", True, 1.5, 1.45), changes.BookChange("Germinal", False, 1.4, 1.41)]
    assert "Simon | apprise | 1,500 | 1,450 | +0,050" in repr(figures.books_table(books))
    assert "Germinal, 1,400 puis 1,410" in repr(figures.books_plate(books))
    shifts = {"mots en hausse": [changes.Shift("meunier", 0.1, 0.25)], "mots en baisse": []}
    assert "meunier × 2,5" in repr(figures.shifts_table(shifts))
    html = figures.Passages([("<i>Le", " pré", " bois")])._repr_html_()
    assert "avant" in html and "après" in html and "<i>" not in html


# --- Les essais


KNOWN = [curve("la recette", 1.5, 1.45), curve("taux fou", 1.5, 9.0, learning_rate=1.0)]


def test_the_curves_are_on_one_plot_and_the_named_ones_are_said():
    plate = benches.curves_plate(KNOWN, ["taux fou"])
    assert "taux fou, de 1,500 à 9,000" in repr(plate) and "la recette" not in repr(plate)
    low, high = plate.figure.axes[0].get_ylim()
    assert low < 1.45 and high < 2  # ce qui s'envole n'écrase pas le reste


def test_the_table_ranks_the_trials():
    rows = benches.trials_table(KNOWN[::-1]).rows
    assert [row[0] for row in rows] == ["la recette", "taux fou"]
    assert rows[1][1] == "learning_rate=1.0" and rows[0][1] == "rien"


@pytest.fixture
def bench():
    return benches.Bench(small_model(), small_tokenizer(), [TEXT], TEXT[:900], KNOWN)


def test_a_trial_launched_from_the_panel_joins_the_others(bench):
    form, button, status, page = bench.widget().children
    rate = next(one for one in form.children if one.description == "taux")
    rate.value = 1e-3
    button.click()
    bench.wait()
    [own] = bench.own
    assert own.trial.learning_rate == 1e-3 and own.trial.name == "le vôtre n° 1 (learning_rate=0.001)"
    assert "Fait" in status.value and not button.disabled and "le vôtre n° 1" in page.value


def test_a_failing_trial_is_explained(bench, monkeypatch):
    def refuse(*_, **__):
        raise AuroreError("Trop grand.")

    monkeypatch.setattr(trials, "run", refuse)
    _, button, status, _ = bench.widget().children
    button.click()
    bench.wait()
    assert "Trop grand." in status.value and bench.own == [] and not button.disabled


def test_every_choice_of_the_panel_is_a_setting_within_bounds():
    for name, (_, values) in benches._CHOICES.items():
        for value in values:
            trials.check(trials.Trial(**{name: value}), layers=6)


@pytest.mark.parametrize(("value", "said"), [(True, "oui"), ("", "au mieux"), (4e-5, "4\u202f×\u202f10⁻⁵"), (8, "8")])
def test_a_value_is_written_as_one_reads_it(value, said):
    assert benches.written(value) == said
