"""Les figures du traducteur de nombres : le texte dit tout ce que l'image montre."""

import pytest

from aurore import numerals
from aurore.widgets import gpt_numerals as figures


@pytest.fixture(scope="module")
def training():
    return numerals.train_translator(steps=40, every=20)


def test_progress_is_told_step_after_step(training):
    text = repr(figures.progress_table(training))
    assert "après 20 pas" in text and "après 40 pas" in text


def test_every_written_sign_says_what_it_looks_at(training):
    plate = figures.cross_plate(training.model, 97)
    source, _ = numerals.batch([97])
    written = numerals.decode_target(numerals.write(training.model, source)[0].tolist())
    assert plate.text.startswith(f"quatre-vingt-dix-sept devient {written}.")
    assert plate.text.count("regarde surtout") == len(written) + 1
