"""Le cadre de Gutenberg, sous toutes ses formes depuis trente ans, et les fichiers qui contiennent plusieurs livres."""

import pytest
from conftest import framed

from aurore import corpus
from aurore.cleaning import frame
from aurore.corpus import Book, Refused

STORY = (
    "Le meunier dormait sous le noyer de la chaussée, et la roue tournait sans lui.\n\nLe chien, né l'été d'avant, gardait le seau, la corde et les sabots.\n\n"
    * 6
)
LICENCE = "This file may be given away, but to SEND DONATIONS see the page of the foundation.\n" * 12

# Une petite licence, une adresse et un nom de fichier inventés, dans l'ordre des fichiers de chaque époque.
SMALL_PRINT = "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy is this statement here? You know: lawyers. They tell us that you might sue us.\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n"
HEADER = "The Project Gutenberg Etext of Le Moulin, by Jean\n\nTitle: Le Moulin\n\nLanguage: French\n\nThis file should be named moulin10.txt\n\n"
OLD = {
    "1995, small print first": f"{HEADER}{SMALL_PRINT}\n\n{STORY}\n\nEnd of the Project Gutenberg Etext of Le Moulin, by Jean\n",
    "1993, the end": f"**This is a Project Gutenberg Etext of Le Moulin**\n\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.12.08.93*END*\n\n{STORY}\n\nThe end of the Project Gutenberg etext of Le Moulin\n",
    "1997, no end but FIN": f"{HEADER}{SMALL_PRINT}\n\n{STORY}\n\nFIN\n",
    "2001, in French": f"{HEADER}{SMALL_PRINT}\n\n{STORY}\n\nFin de Project Gutenberg Etext Le Moulin, par Jean\n",
    "2001, other French": f"{HEADER}{SMALL_PRINT}\n\n{STORY}\n\nFin du livre électronique du Projet Gutenberg Le Moulin\n",
    "2002, small print last": f"{HEADER}The legal small print may now be found at the end of this file.\n\n***\n\n{STORY}\n\nThe Project Gutenberg Etext of Le Moulin\nby Jean\n******This file should be named moulin10.txt******\n\nWe are now trying to release all our books one year in advance.\n\n{SMALL_PRINT}\nEnd of The Project Gutenberg Etext of Le Moulin\n",
    "2002, small print last, no name": f"{HEADER}The legal small print may now be found at the end of this file.\n\n***\n\n{STORY}\n\n{SMALL_PRINT}\n",
    "copyrighted": f"{HEADER}***START** SMALL PRINT! for COPYRIGHT PROTECTED ETEXTS ***\nThis etext is copyright protected by its author and you may read it.\n*SMALL PRINT! Ver.12.12.00 FOR COPYRIGHT PROTECTED ETEXTS*END*\n\n{STORY}\n\nEnd of the Project Gutenberg etext of Le Moulin\n",
}


@pytest.mark.parametrize("text", OLD.values(), ids=OLD)
def test_old_formats_are_cut(text):
    assert corpus.cut_frame(text).removesuffix("FIN").strip() == STORY.strip()


@pytest.mark.parametrize("text", OLD.values(), ids=OLD)
def test_old_formats_are_accepted(text):
    assert corpus.accept(text.encode("cp1252"), Book(None, source="moulin10.txt")) == text


END_MARKERS = [
    "*** END OF THIS PROJECT\nGUTENBERG EBOOK LE MOULIN ***",
    "*** END\nOF THE PROJECT GUTENBERG EBOOK LE MOULIN ***",
    "***END OF THE PROJECT GUTENBERG EBOOK LE MOULIN,\nSUIVI DE LA VEILLÉE***",
    "End of the Project\nGutenberg EBook of Le Moulin",
    "End of Project Gutenberg's Le Moulin, by\nJean des Traînes",
]


@pytest.mark.parametrize("marker", END_MARKERS)
def test_end_marker_broken_over_two_lines(marker):
    text = f"*** START OF THE PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n{STORY}\n\n{marker}\n\n{LICENCE}"
    assert corpus.cut_frame(text) == STORY.strip()
    assert len(frame.split_books(text)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "FIN DE LA PREMIÈRE PARTIE",
        "Fin de la journée, pensa-t-il, et le projet attendra.",
        "L'imprimeur Gutenberg, disait-on, était mort pauvre.",
        "THE END",
        "« Start of the race », dit l'Anglais.",
    ],
)
def test_words_of_the_author_are_no_marker(line):
    text = f"*** START OF THE PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n{STORY}\n\n{line}\n\n{STORY}\n\n*** END OF THE PROJECT GUTENBERG EBOOK LE MOULIN ***\n"
    assert corpus.cut_frame(text).count("Le meunier dormait") == 12


# --- Plusieurs livres

SECOND = (
    "La bergère comptait ses brebis au bord de l'étang, et le soir tombait sur la lande.\n\nNul ne passait plus par là depuis la Saint-Jean ; même le facteur prenait l'autre chemin.\n\n"
    * 6
)


def book(body, number, title):
    return framed(body, number, title) + LICENCE


TOGETHER = {
    "two files": book(STORY, 90001, "Le Moulin") + "\n" + book(SECOND, 90002, "La Bergère"),
    "an old one and a new one": OLD["1995, small print first"] + "\n" + book(SECOND, 90002, "La Bergère"),
    "no second start": f"{framed(STORY, 90001, 'Le Moulin')}\n\nLA BERGÈRE\n\n{SECOND * 2}\n\nEnd of the Project Gutenberg EBook of La Bergère\n",
}


@pytest.mark.parametrize("text", TOGETHER.values(), ids=TOGETHER)
def test_each_book_of_a_file_is_found_whole(text):
    one, other = frame.split_books(text)
    assert one + other == text
    assert "meunier" in one and "bergère" not in one
    assert "bergère" in other and "meunier" not in other


def test_a_licence_in_english_is_no_second_book():
    assert frame.split_books(book(STORY, 90001, "Le Moulin") + LICENCE * 30) == [
        book(STORY, 90001, "Le Moulin") + LICENCE * 30
    ]


def test_a_mirror_file_of_two_books_is_refused_and_says_what_to_do():
    with pytest.raises(Refused, match=r"contient 2 livres.*prepare --file"):
        corpus.accept(TOGETHER["two files"].encode(), Book(90001))
