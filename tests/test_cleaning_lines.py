"""Les vers restent des vers, la prose redevient de la prose, quelle que soit la largeur des lignes."""

import textwrap

import pytest
from conftest import ROOT

from aurore import corpus

CATALOGUE = corpus.load_catalogue(ROOT / "data/pastiche/catalogue.toml")
NOVEL = corpus.clean((ROOT / "data/pastiche/cache/epub/90006/pg90006.txt").read_bytes(), CATALOGUE[90006]).paragraphs
PROSE = [paragraph for paragraph in NOVEL if len(paragraph) > 250][:12]
ALEXANDRINES = [
    "La roue a tourné seule au fond de la vallée,",
    "Et l'eau, comme une sœur que l'on n'a pas aidée,",
    "Reprend le long chemin qu'elle avait oublié ;",
    "Le meunier sur le seuil demeure émerveillé.",
    "Il songe à ce vieux temps où la meule était neuve,",
    "Où le blé descendait des coteaux jusqu'au fleuve,",
    "Où l'on chantait le soir sans regarder la mort,",
    "Et tout cela s'éloigne, et tout cela s'endort.",
]
FREE = ["la nuit", "passe entre les roseaux", "et rien ne bouge", "que l'eau noire", "sous la roue du moulin endormi"]


def prose(width):
    return "\n\n".join(textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in PROSE)


def stanza(lines, indent=0):
    return "\n".join(" " * indent + line for line in lines)


@pytest.mark.parametrize("indent", [0, 2, 10])
def test_a_book_of_alexandrines_keeps_each_verse(indent):
    text = "\n\n".join(stanza(ALEXANDRINES, indent) for _ in range(30))
    assert corpus.paragraphs(text) == ALEXANDRINES * 30


def test_alexandrines_that_outnumber_the_prose_of_a_preface():
    text = prose(72) + "\n\n\n" + "\n\n".join(stanza(ALEXANDRINES, 4) for _ in range(60))
    assert corpus.paragraphs(text) == PROSE + ALEXANDRINES * 60


@pytest.mark.parametrize("width", [60, 72, 76])
def test_verse_quoted_in_prose_of_any_width(width):
    text = f"{prose(width)}\n\n{stanza(ALEXANDRINES, 4)}\n\n{prose(width)}"
    assert corpus.paragraphs(text) == PROSE + ALEXANDRINES + PROSE


def test_a_verse_longer_than_the_others_does_not_glue_its_stanza():
    lines = [
        *ALEXANDRINES[:3],
        "Et le meunier, qui n'avait plus rien dit depuis la fin de l'automne,",
        *ALEXANDRINES[3:],
    ]
    text = f"{prose(72)}\n\n{stanza(lines)}\n\n{prose(72)}"
    assert corpus.paragraphs(text) == PROSE + lines + PROSE


def test_free_verse_without_capitals_keeps_its_lines():
    text = "\n\n".join(stanza(FREE) for _ in range(20))
    assert corpus.paragraphs(text) == FREE * 20


def test_alexandrines_without_capitals_keep_their_lines():
    verses = [verse[0].lower() + verse[1:] for verse in ALEXANDRINES]
    assert corpus.paragraphs("\n\n".join(stanza(verses) for _ in range(12))) == verses * 12


def test_paragraphs_marked_by_their_indent_alone_come_apart():
    text = "\n".join(textwrap.fill(line, 72, initial_indent="   ", break_on_hyphens=False) for line in NOVEL)
    assert corpus.paragraphs(text) == NOVEL


def test_dialogue_in_verse_keeps_speakers_stage_directions_and_half_verses():
    scene = (
        "LE MEUNIER (posant son sac, et regardant longuement la roue qui tourne):\n  Vous voilà.\n\n"
        "LA BERGÈRE:\n  Me voici. J'ai perdu ma plus blanche.\n  (Elle s'assied au bord du bief, et défait lentement le ruban de son\n  chapeau, sans le regarder.)\n  Mais qu'importe au meunier ?\n"
    )
    found = corpus.paragraphs("\n\n".join([scene] * 20))
    assert found[:6] == [
        "LE MEUNIER (posant son sac, et regardant longuement la roue qui tourne) :",
        "Vous voilà.",
        "LA BERGÈRE :",
        "Me voici. J'ai perdu ma plus blanche.",
        "(Elle s'assied au bord du bief, et défait lentement le ruban de son chapeau, sans le regarder.)",
        "Mais qu'importe au meunier ?",
    ]


@pytest.mark.parametrize("width", [52, 60, 72, 76, 90])
def test_prose_of_any_width_is_joined(width):
    assert corpus.paragraphs(prose(width)) == PROSE


def test_prose_cut_as_on_the_printed_page_is_joined():
    """Des lignes de 48 à 57 caractères, coupées par un typographe et non par une machine."""
    text = "\n\n".join("\n".join(uneven(paragraph)) for paragraph in PROSE * 3)
    assert corpus.paragraphs(text) == PROSE * 3


def uneven(paragraph):
    lines, widths = [], [57, 50, 55, 49, 56, 52]
    words = paragraph.split()
    while words:
        width, line = widths[len(lines) % len(widths)], ""
        while words and len(line) + 1 + len(words[0]) <= width:
            line = f"{line} {words.pop(0)}".strip()
        lines.append(line or words.pop(0))
    return lines


def test_a_narrow_letter_inside_wide_prose_is_joined():
    letter = textwrap.fill(PROSE[0], 56, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    assert corpus.paragraphs(f"{prose(72)}\n\n{letter}\n\n{prose(72)}") == [*PROSE, PROSE[0], *PROSE]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Il lut ses classiques.Enfin il dormit.", "Il lut ses classiques. Enfin il dormit."),
        ("La porte.Étienne entra.", "La porte. Étienne entra."),
        ("M.Aubin salua.", "M. Aubin salua."),
        ("L'an 186. et la S.N.C.F. même", "L'an 186. et la S.N.C.F. même"),
        ("J.-J. Rousseau", "J.-J. Rousseau"),
    ],
)
def test_a_space_is_given_back_between_two_sentences(before, after):
    assert corpus.uniform_typography(before) == after
