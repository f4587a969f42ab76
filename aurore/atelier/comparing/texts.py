"""Ce qui distingue deux textes, ou deux suites d'octets."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from aurore.atelier.comparing.values import common_prefix
from aurore.atelier.comparing.words import counted, find_piece, quoted, ranked

# --- Textes ---------------------------------------------------------------------------------------------


_CHARACTERS = {
    " ": "espace",
    "\n": "fin de ligne",
    "\t": "tabulation",
    "\u00a0": "espace insécable",
    "\u202f": "espace fine insécable",
}


_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _characters(text: str) -> str:
    """Un morceau de texte, nommé : « une espace », « 2 fins de ligne », « 3 caractères (« abc ») »."""
    number, name = len(text), _CHARACTERS.get(text[0]) if len(set(text)) == 1 else None
    if name is None:
        return f"{counted(number, 'caractère')} ({quoted(text)})"
    plural = name.replace("fin de", "fins de") if "fin de" in name else " ".join(f"{word}s" for word in name.split())
    return f"une {name}" if number == 1 else f"{number} {plural}"


def _line_place(text: str, rank: int) -> str:
    """Une place dans un texte : son rang, ou, s'il a plusieurs lignes, la ligne et le rang dans la ligne."""
    if "\n" not in text:
        return f"au {ranked(rank)}"
    start = text.rfind("\n", 0, rank) + 1
    return f"à la ligne {text.count(chr(10), 0, rank) + 1}, au {ranked(rank - start)}"


def _empty_text(got: str, expected: str, _: float) -> str:
    if not got:
        return "Le texte est vide."
    return "" if expected else f"Un texte vide est attendu ; il est venu {_characters(got)}."


def _edges(got: str, expected: str, _: float) -> str:
    """Les mêmes caractères, aux blancs du début et de la fin près."""
    if got.strip() != expected.strip() or not expected.strip():
        return ""
    starts = [text[: len(text) - len(text.lstrip())] for text in (got, expected)]
    ends = [text[len(text.rstrip()) :] for text in (got, expected)]
    sentences = [
        f"{found._replace(place=where).say(_characters(found.items))}."
        if (found := find_piece(one, other))
        else f"Les blancs diffèrent {where}."
        for (one, other), where in ((starts, "au début"), (ends, "à la fin"))
        if one != other
    ]
    return " ".join(sentences)


# Ce qui distingue deux textes quand une transformation les rend égaux.
_EQUAL_ONCE: tuple[tuple[Callable[[str], str], str], ...] = (
    (
        lambda t: t.replace("\r\n", "\n").replace("\r", "\n"),
        "les fins de ligne diffèrent (« \\r\\n », « \\r » ou « \\n »)",
    ),
    (
        lambda t: unicodedata.normalize("NFC", t),
        "certains caractères sont codés autrement (« é » d'un seul tenant, ou « e » suivi d'un accent, par exemple)",
    ),
    (lambda t: t.replace("\u00a0", " ").replace("\u202f", " "), "les espaces diffèrent (ordinaires ou insécables)"),
    (lambda t: t.replace("’", "'"), "les apostrophes diffèrent (droites « ' » ou typographiques « ’ »)"),
    (lambda t: re.sub("[«»“”]", '"', t), "les guillemets diffèrent"),
    (lambda t: t.translate(_LIGATURES), "les ligatures diffèrent (« œ » ou « oe »)"),
    (str.lower, "la casse diffère (majuscules ou minuscules)"),
)


def _one_trait(got: str, expected: str, _: float) -> str:
    for transform, sentence in _EQUAL_ONCE:
        if transform(got) == transform(expected):
            return f"Les textes sont les mêmes, mais {sentence}."
    if _unaccented(got) != _unaccented(expected):
        return ""
    got, expected = (unicodedata.normalize("NFC", text) for text in (got, expected))
    lost = [a != b for a, b in zip(got, expected, strict=True) if b != _unaccented(b)]
    if any(a != b and b == _unaccented(b) for a, b in zip(got, expected, strict=True)):
        return "Les textes sont les mêmes, mais les accents diffèrent."
    if got == _unaccented(expected):
        return "Les textes sont les mêmes, mais sans aucun accent."
    if len(lost) > 2 and lost in ([rank % 2 == parity for rank in range(len(lost))] for parity in (0, 1)):
        return "Les textes sont les mêmes, mais un accent sur deux diffère."
    return f"Les textes sont les mêmes, mais {counted(sum(lost), 'accent')} sur {len(lost)} {'diffère' if sum(lost) == 1 else 'diffèrent'}."


def say_repeated(got: Any, expected: Any, _: float) -> str:
    times = len(got) // len(expected) if expected else 0
    if times < 2 or got != expected * times:
        return ""
    return f"Ce qui est attendu vient {times} fois de suite."


def _text_piece(got: str, expected: str, _: float) -> str:
    found = find_piece(got, expected)
    if not found:
        return ""
    place = (
        found.place if found.place.startswith("à") or found.place == "au début" else _line_place(expected, found.start)
    )
    return f"{found._replace(place=place).say(_characters(found.items))}."


def _blanks(got: str, expected: str, _: float) -> str:
    if got.split() == expected.split():
        return "Les mots sont les mêmes, dans le même ordre : seuls les blancs diffèrent (espaces, fins de ligne)."
    if "".join(got.split()) == "".join(expected.split()):
        return "Les caractères sont les mêmes, aux blancs près (espaces, fins de ligne)."
    return ""


def _within(got: str, expected: str, _: float) -> str:
    if expected and (before := got.find(expected)) >= 0:
        after = len(got) - before - len(expected)
        return f"Le texte attendu y est, avec {counted(before, 'caractère')} de trop avant et {after} après."
    if (before := expected.find(got)) >= 0:
        return f"C'est un morceau du texte attendu : il manque {counted(before, 'caractère')} avant et {len(expected) - before - len(got)} après."
    return ""


def _text_order(got: str, expected: str, _: float) -> str:
    if got == expected[::-1]:
        return "Le texte est à l'envers."
    if sorted(got.split()) == sorted(expected.split()):
        return "Les mots sont les mêmes, dans un autre ordre."
    return "Les caractères sont les mêmes, dans un autre ordre." if sorted(got) == sorted(expected) else ""


def _replaced(got: str, expected: str, _: float) -> str:
    """Même longueur, et toujours le même caractère pour un autre."""
    if len(got) != len(expected):
        return ""
    pairs = [(a, b) for a, b in zip(got, expected, strict=True) if a != b]
    if len(set(pairs)) != 1:
        return ""
    one, other = pairs[0]
    times = f"{len(pairs)} fois, d'abord " if len(pairs) > 1 else ""
    return f"{quoted(one)} est venu pour {quoted(other)}, {times}{_line_place(expected, common_prefix(got, expected))}."


def _text_place(got: str, expected: str, _: float) -> str:
    rank = common_prefix(got, expected)
    one, other = (quoted(text[rank : rank + 12]) if rank < len(text) else "la fin du texte" for text in (got, expected))
    lines = [text.count("\n") + 1 for text in (got, expected)]
    size = f" Il est venu {counted(lines[0], 'ligne')}, et non {lines[1]}." if lines[0] != lines[1] else ""
    return f"La première différence est {_line_place(expected, rank)} : {one}, et non {other}.{size}"


TEXT = (
    _empty_text,
    _edges,
    _one_trait,
    say_repeated,
    _text_piece,
    _blanks,
    _text_order,
    _within,
    _replaced,
    _text_place,
)


# --- Octets ---------------------------------------------------------------------------------------------


def say_bytes_piece(got: bytes, expected: bytes, _: float) -> str:
    found = find_piece(got, expected)
    return f"{found.say(counted(len(found.items), 'octet'))} : {quoted(found.items)}." if found else ""


def say_bytes_place(got: bytes, expected: bytes, _: float) -> str:
    return f"Le premier octet qui diffère est au {ranked(common_prefix(got, expected))}."
