"""Le compte des accords : ce qu'il accuse est faux, ce qu'il ne comprend pas, il le laisse."""

import pytest

from benchmarks import agreement

BOOK = (
    "Le soir, un moulin tournait près du moulin ; une roue suivait une roue, et un de ces jours, une de ces roues. "
    * 20
)
KNOWN = agreement.genders([BOOK])


def test_a_word_has_a_gender_when_the_books_agree_often_enough():
    assert KNOWN == {"moulin": "m", "roue": "f"}  # « un de » et « une de » ne disent rien de « de »
    assert agreement.genders([BOOK[: len(BOOK) // 20] * 5]) == {}


@pytest.mark.parametrize(
    ("text", "pairs", "faults"),
    [
        ("Un moulin, une roue, des roues.", 3, []),
        ("Une moulin et cette roue.", 2, [("une", "moulin")]),
        ("Ces moulin, aux yeux, vos quatre roues, mes nez.", 3, [("ces", "moulin")]),
        ("Un cheval, une jument : leur genre n'est pas connu.", 0, []),
        ("Les moulin : je la vois, je les vois.", 0, []),
    ],
)
def test_determiners(text, pairs, faults):
    found = agreement.determiners(text, KNOWN)
    assert (found.pairs, found.faults) == (pairs, faults)


@pytest.mark.parametrize(
    ("text", "pairs", "faults"),
    [
        ("Je ne le lui dis pas. Tu viens ; il l'a vu. Nous sommes là, vous êtes ici, elles vont.", 6, []),
        ("Quand nous nous promenons, vous dites qu'on s'en va.", 3, []),
        ("Ils mange. Elle mangent ; nous va, et tu mange.", 4, ["mange", "mangent", "va", "mange"]),
        ("J’ai dit : « J'aime ! » et j'irai.", 3, []),
        ("Il ne pas, dit-elle.", 1, ["pas"]),
        ("Il vient, on se souvient, elle sent, il ment, elle obtient.", 5, []),
        ("Il nous a vus, je vous aime ; pour elle seule, chez nous deux.", 2, []),
        ("Et moi, je, dit-il.", 0, []),
    ],
)
def test_verbs(text, pairs, faults):
    found = agreement.verbs(text)
    assert (found.pairs, [verb for _, verb in found.faults]) == (pairs, faults)


def test_counts_add_up():
    whole = agreement.together(map(agreement.verbs, ["Ils mange.", "Il mange. Tu viens."]))
    assert whole.pairs == 3 and whole.faults == [("ils", "mange")] and whole.share == pytest.approx(2 / 3)
    assert agreement.together([]).share == 1.0
