"""La garde : ce qu'elle laisse passer, ce qu'elle refuse et comment, et la mise en forme de ce qui sort."""

import pytest

from aurore import guard


@pytest.mark.parametrize(
    "text",
    [
        "Le lendemain, avant le jour,",
        "Fadette",
        "🦆",
        "",
        "12 + 5 =",
        "Ch'est in biau gars",
        "Cette femme était assise",
    ],
)
def test_french_and_what_is_too_short_to_tell_pass(text):
    verdict = guard.examine(text)
    assert verdict.accepted and verdict.reply == ""


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("The old woman sat by the fire", "en anglais"),
        ("Der alte Müller ging durch den Wald", "en allemand"),
        ("El viejo molino estaba en silencio", "en espagnol"),
        ("Espèce d'ABRUTI !", "injures"),
        ("Espèce d'abruti\u0301e", "injures"),
        ("Le " * 20_000, "Choisissez-en un passage"),
    ],
)
def test_what_is_refused_is_refused_politely(text, reply):
    verdict = guard.examine(text)
    assert not verdict.accepted and verdict.reason
    assert reply in verdict.reply and verdict.reply.endswith(".") and "!" not in verdict.reply


def test_an_insult_is_a_whole_word():
    assert guard.insults("Il fut abruti de fatigue") == ["abruti"], "la liste ne lit pas : c'est sa limite"
    assert guard.insults("Le député réputé, la dispute") == []


def test_the_output_says_who_wrote_it_and_ends_with_a_sentence():
    shown = guard.layout("Le jour", "Le jour vint.\n\n\nElle partit. Et puis el", "aurore-base")
    assert shown.startswith("Vous : Le jour\n\nLa machine (aurore-base) : vint.\nElle partit.\n")
    assert "Et puis" not in shown and "programme" in shown
    assert "n'a rien écrit" in guard.layout("Le jour", "Le jour", "aurore-base")
