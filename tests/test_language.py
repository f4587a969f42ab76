"""Reconnaître l'anglais du français, par les mots-outils."""

import pytest
from conftest import ROOT

from aurore import language

FRENCH = (
    "Il y a dans nos pays de brandes des eaux qui ont l'air d'avoir été posées là.",
    "— Monsieur, dit-elle, je ne sais pas si la licence est donnée aux meuniers.",
    "Le capitaine but à la santé de l'Angleterre et de la reine.",
    "CHAPITRE PREMIER",
    "XIV",
    "1853",
    "GEORGE SAND.",
    "Oui !",
    "À M. Aubin",
    "",
)
ENGLISH = (
    "The reader who would look for it on the map would waste his time.",
    "This file was produced from images that were made available by the library.",
    "You may copy it, give it away or use it with what has been said here.",
    "God save the Queen!",
)


@pytest.mark.parametrize("text", FRENCH)
def test_french_paragraphs_are_not_english(text):
    assert not language.is_english(text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_paragraphs_are_english(text):
    assert language.is_english(text)


def test_word_lists_do_not_overlap():
    assert not language.ENGLISH_WORDS & language.FRENCH_WORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ".join(FRENCH[:3]) * 4, "fr"),
        (" ".join(ENGLISH[:3]) * 4, "en"),
        ("Der Müller hat das Wasser nicht gesehen und der Bach schweigt. " * 12, "?"),
        ("trop court pour le dire", "?"),
        ("", "?"),
    ],
)
def test_language_of_a_page(text, expected):
    assert language.language_of(text) == expected


def test_words_drop_digits_and_punctuation_and_split_on_apostrophes():
    assert language.words("L'été de 1830, à Nohant…") == ["l", "été", "de", "à", "nohant"]
    assert language.lowercase_words("L'été DE Nohant est à nous") == 3


def test_no_gold_sentence_is_taken_for_english():
    gold = (ROOT / "data/pastiche/phrases-90006.txt").read_text(encoding="utf-8").split("\n")
    assert not [line for line in gold if language.is_english(line)]
