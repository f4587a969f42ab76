"""Le cadre d'un fichier de Gutenberg : où commence le livre, où il finit, et combien le fichier en contient.

Le cadre a changé de forme en trente ans : « *** START OF … *** » depuis 2003 ; avant, une petite licence finie par
« *END*THE SMALL PRINT », placée en tête, ou à la fin en 2002. Un titre long coupe un marqueur sur plusieurs lignes.
"""

import re

from aurore.cleaning.blocks import split_blocks
from aurore.language import ENGLISH_WORDS, FRENCH_WORDS, is_english, language_of, lowercase_words, words

_BOOK = r"(?:TH(?:E|IS)\s+)?PROJECT\s+GUTENBERG"
# Un marqueur peut courir sur trois lignes (titres longs), avec ou sans espaces, « THIS » ou « THE ».
START = re.compile(
    rf"^\*{{3}}\s*START\s+OF\s+{_BOOK}(?:[^\n]*\n){{0,2}}?[^\n]*\*{{3}}[^\n]*$"
    r"|^\*\s?END\s?\*?\s?THE SMALL PRINT[^\n]*\n?(?:[^\n]*\*END\*[^\n]*)?$"
    r"|^\*[^\n]*SMALL PRINT[^\n]*\*\s?END\s?\*[^\n]*$"
    rf"|^\*{{3}}\s*START\s+OF\s+{_BOOK}[^\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
END = re.compile(
    rf"^[^\w\n]*(?:\*{{3}}\s*END\s+OF\s+{_BOOK}|(?:The\s+)?End\s+of\s+(?:the\s+|this\s+)?Project\s+Gutenberg"
    r"|Fin\s+d(?:e|u|e\s+l['’]|e\s+la|e\s+ce|['’])\s*(?:\S+(?:[ \t]+|\n(?!\s*\n))){0,5}?Projec?t\s+Gutenberg)"
    # Les formes de 2002, où le nom du fichier et la petite licence viennent après le livre.
    r"|^[^\w\n]*(?:The\s+)?Project\s+Gutenberg[^\n]*\n(?:[^\n]*\n){0,3}?\W*This\s+file\s+should\s+be\s+named"
    r"|^[^\w\n]*This\s+file\s+should\s+be\s+named"
    r"|^\*{3}\s?START[\s*:]+(?:THE\s+|FULL\s+)?(?:SMALL\s+PRINT|LICENSE)",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER_WORDS = re.compile(
    r"gutenberg|e-?texts?\b|e-?books?\b|https?:|www[.:]|\w@\w|^\*+$|^\W*(?:title|author|release date|edition|language"
    r"|character set|produced by|editor|translator|posting date)\b|small print",
    re.IGNORECASE | re.MULTILINE,
)


def start_of_book(text: str) -> int:
    """La position où commence le livre : après le marqueur de début, ou après l'en-tête d'un fichier qui n'en a pas.

    Un fichier de 2002 porte la petite licence, et donc son marqueur, à la fin : un marqueur que ne suit aucune
    prose n'ouvre rien. Sans marqueur ni en-tête de Gutenberg, le livre commence avec le fichier.
    """
    for marker in START.finditer(text):
        if _is_start_line(marker):
            return marker.end()
        rest = text[marker.end() :]
        end = END.search(rest)
        if _speaks(rest[: end.start() if end else None]):
            return marker.end()
    return _end_of_header(text)


def _end_of_header(text: str) -> int:
    """Après le dernier bloc de l'en-tête anglais, s'il y en a un : rien n'est coupé au-delà de la première prose."""
    first = START.search(text)
    closing = re.search(rf"^\*{{3}}\s*END\s+OF\s+{_BOOK}", text, re.MULTILINE | re.IGNORECASE)
    head = text[: closing.start() if closing else None]  # le marqueur de fin nomme aussi Gutenberg
    if not re.search(r"Project\s+Gutenberg", head[:3000], re.IGNORECASE):
        return first.end() if first else 0
    position = after = 0
    for block in split_blocks(head[:60_000]):
        position = text.index(block.lines[0], position)
        end = position + len("\n".join(block.lines))
        if _HEADER_WORDS.search("\n".join(block.lines)) or is_english(block.text):
            after = end
        elif _is_french_prose(block.text):
            break
        position = end
    return max(after, first.end() if first and not END.search(text[: first.start()]) else 0)


def _is_french_prose(text: str) -> bool:
    """Huit mots ou plus, et plus de mots-outils français que d'anglais."""
    found = words(text)
    french, english = (sum(word in listed for word in found) for listed in (FRENCH_WORDS, ENGLISH_WORDS))
    return lowercase_words(text) >= 8 and french >= 2 and french > english


def _is_start_line(marker: re.Match) -> bool:
    """« *** START OF … », qui ne peut ouvrir que le livre ; la petite licence, elle, est parfois à la fin."""
    return marker.group().lstrip("* ").upper().startswith("START")


def _speaks(text: str) -> bool:
    """Au moins cinq mots qui ne sont ni de l'anglais ni du cadre."""
    count = 0
    for block in split_blocks(text):
        if not is_english(block.text) and not _HEADER_WORDS.search("\n".join(block.lines)):
            count += lowercase_words(block.text)
            if count >= 5:
                return True
    return False


def ends_with_fin(text: str) -> bool:
    """Un fichier d'avant 2001 peut n'avoir pas de marqueur de fin : il est entier si le mot FIN le ferme."""
    return bool(re.search(r"^\W*(?:FIN|THE END)\b[^\n]{0,80}\W*\Z", text[-300:], re.MULTILINE))


def split_books(text: str) -> list[str]:
    """Les livres d'un fichier, chacun avec son cadre : un seul presque toujours.

    Un second livre se reconnaît à ce qu'après un marqueur de fin vient un autre marqueur de début, ou du français en
    quantité ; la licence, elle, est en anglais.
    """
    books: list[str] = []
    rest = text
    while True:
        begin = start_of_book(rest)
        end = END.search(rest, begin)
        if end is None:
            return [*books, rest]
        cut = _end_of_line(rest, end.end())
        following = rest[cut:]
        if not _holds_a_book(following):
            return [*books, rest]
        books.append(rest[:cut])
        rest = following


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _holds_a_book(text: str) -> bool:
    if any(_is_start_line(marker) for marker in START.finditer(text)):
        return True
    prose = [block.text for block in split_blocks(text) if not is_english(block.text)]
    french = " ".join(piece for piece in prose if language_of(piece * 50) == "fr")
    return len(french.split()) >= 150
