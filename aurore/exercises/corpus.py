"""Leçon 01, les exercices : trouver un livre, décoder, couper le cadre, joindre les lignes, découper, répartir.

Chaque fiche porte aussi les réponses fausses qu'elle doit refuser, chacune avec la piste prévue pour elle, et
des réponses justes différentes de la référence, qu'elle doit accepter.
"""

import random
import re
from collections import Counter, defaultdict

from aurore.atelier.cards import Answer, Card, Check, Mistake, equals, show
from aurore.atelier.quiz import Option, Quiz
from aurore.corpus import SPLITS, Book, CleanBook, Refused

# --- Essayer les adresses -------------------------------------------------------------------------------

PLACES = ["files/7/7-0.txt", "files/7/7-8.txt", "files/7/7.txt"]
_BOOK = b"Le moulin tournait encore."
_OTHER = b"Le moulin tournait, second exemplaire."
_PAGE = b"<html>Prouvez que vous n'etes pas un robot</html>"
_TORN = b"Le mou"


class _Shelf:
    """Une fausse bibliothèque : des fichiers par chemin, et la liste de ce qu'on y a demandé."""

    def __init__(self, *contents: bytes | None) -> None:
        self.files, self.asked = dict(zip(PLACES, contents, strict=True)), []

    def __str__(self) -> str:
        return " ; ".join(f"{path} : {_described(raw)}" for path, raw in self.files.items())

    def read(self, path):
        self.asked.append(path)
        return self.files[path]

    def check(self, raw):
        if raw is None:
            raise Mistake(
                str(self),
                "check(None)",
                "check appelé sur des octets seulement",
                "read a rendu None : il n'y a rien à cette adresse. Passez à la suivante (continue) avant de vérifier.",
            )
        if raw in (_PAGE, _TORN):
            raise Refused("c'est une page web" if raw == _PAGE else "le fichier est tronqué")
        return raw.decode()


def _described(raw: object) -> str:
    names = {_BOOK: "le livre", _OTHER: "un second exemplaire", _PAGE: "une page web", _TORN: "un fichier tronqué"}
    return "rien" if raw is None else names.get(raw, show(raw)) if isinstance(raw, bytes) else show(raw)


def _finds(name: str, contents: tuple, expected: bytes | None, hint: str, mistakes: tuple = ()) -> Check:
    """La fonction rend `expected` et s'arrête au premier bon fichier. `mistakes` : ce qui est venu → piste."""

    def test(function):
        shelf = _Shelf(*contents)
        try:
            got = function(list(PLACES), shelf.read, shelf.check)
        except (Refused, TypeError) as error:
            advice = next((advice for wrong, advice in mistakes if wrong is type(error)), None)
            if advice is None:
                raise
            raise Mistake(str(shelf), f"{type(error).__name__} : {error}", _described(expected), advice) from None
        if got != expected:
            raise Mistake(str(shelf), _described(got), _described(expected), _advice(got, mistakes) or hint)

    return Check(name, test)


def _advice(got, mistakes) -> str:
    if isinstance(got, str):
        return "Vous rendez le texte que rend check : ce sont les octets (raw) qu'il faut rendre."
    return next((advice for wrong, advice in mistakes if wrong is got or wrong == got), "")


def _asks_no_more(function) -> None:
    """Rien n'est lu après le premier bon fichier."""
    shelf = _Shelf(None, _BOOK, _OTHER)
    got = function(list(PLACES), shelf.read, shelf.check)
    if got == _OTHER:
        hint = "Vous rendez le dernier bon fichier : rendez le premier, dès qu'il est accepté."
        raise Mistake(str(shelf), _described(got), _described(_BOOK), hint)
    if shelf.asked != PLACES[:2]:
        hint = "Le livre était trouvé : rendez-le aussitôt (return, dans la boucle). Chaque requête de trop coûte à un serveur bénévole."
        raise Mistake(str(shelf), f"adresses lues : {shelf.asked}", f"adresses lues : {PLACES[:2]}", hint)


def _says_why(function) -> None:
    """Quand tout est refusé, le premier refus est levé."""
    shelf = _Shelf(None, _PAGE, _TORN)
    expected = "Refused : c'est une page web"
    try:
        got = function(list(PLACES), shelf.read, shelf.check)
    except Refused as error:
        if str(error) != "c'est une page web":
            hint = "Vous levez le dernier refus : gardez le premier, qui parle de l'adresse la plus sûre."
            raise Mistake(str(shelf), f"Refused : {error}", expected, hint) from None
        return
    except UnboundLocalError as error:
        hint = "Python efface la variable d'un « except … as error » à la sortie du bloc : gardez le refus sous un autre nom."
        raise Mistake(str(shelf), f"UnboundLocalError : {error}", expected, hint) from None
    hint = "Des fichiers ont été trouvés, et tous refusés : se taire cacherait la raison. Gardez le premier refus, levez-le après la boucle."
    raise Mistake(str(shelf), _described(got), expected, hint)


def _first_no_check(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is not None:
            return raw


def _first_stops_at_refusal(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is not None:
            check(raw)
            return raw
    return None


def _first_stops_at_absence(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is None:
            return None
        try:
            check(raw)
            return raw
        except Refused:
            continue


def _first_checks_none(paths, read, check):
    for path in paths:
        try:
            raw = read(path)
            check(raw)
            return raw
        except Refused:
            pass


def _first_returns_text(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is not None:
            try:
                return check(raw)
            except Refused:
                continue
    return None


def _first_returns_refused(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
        except Refused as error:
            print(error)
        return raw


def _first_reads_all(paths, read, check):
    refusals = []
    for raw in [read(path) for path in paths]:
        if raw is not None:
            try:
                check(raw)
                return raw
            except Refused as error:
                refusals.append(error)
    if refusals:
        raise refusals[0]


def _first_takes_last(paths, read, check):
    found = None
    for path in paths:
        raw = read(path)
        if raw is not None:
            try:
                check(raw)
                found = raw
            except Refused:
                continue
    return found


def _first_silent(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
            return raw
        except Refused:
            continue
    return None


def _first_last_refusal(paths, read, check):
    refusal = None
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
            return raw
        except Refused as error:
            refusal = error
    if refusal:
        raise refusal


def _first_always_raises(paths, read, check):
    refusal = None
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
            return raw
        except Refused as error:
            refusal = refusal or error
    raise refusal


def _first_loses_error(paths, read, check):
    found = False
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        found = True
        try:
            check(raw)
            return raw
        except Refused as error:  # noqa: F841
            pass
    if found:
        raise error  # noqa: F821


def _first_recursive(paths, read, check):
    if not paths:
        return None
    raw = read(paths[0])
    try:
        if raw is not None:
            check(raw)
            return raw
    except Refused as refusal:
        found = _first_silent(paths[1:], read, check)
        if found is None:
            raise refusal
        return found
    return _first_recursive(paths[1:], read, check)


def _first_list_of_refusals(paths, read, check):
    refusals = []
    for path in paths:
        if (raw := read(path)) is not None:
            try:
                check(raw)
            except Refused as error:
                refusals.append(error)
            else:
                return raw
    if refusals:
        raise refusals[0]


_FINDS, _PASSES = "rend le premier fichier trouvé", "passe outre un fichier refusé"
_STOPS, _NOTHING, _WHY = (
    "s'arrête au premier bon fichier",
    "rend None quand il n'y a rien",
    "dit pourquoi tout est refusé",
)

first_accepted = Card(
    id="corpus.first_accepted",
    title="Bonus · Essayer les adresses",
    statement="Un livre peut être rangé à plusieurs adresses. read(path) rend les octets, ou None s'il n'y a rien là ; check(raw) lève corpus.Refused si ce n'est pas le bon fichier. Rendez les octets du premier fichier accepté, sans rien demander de plus. Si rien n'a été trouvé, rendez None ; si tout ce qui a été trouvé est refusé, levez le premier refus.",
    difficulty=3,
    minutes=8,
    hints=(
        "Une boucle sur paths : lire, passer au suivant si c'est None, vérifier, rendre.",
        "« try: check(raw) », puis « except corpus.Refused as error: » pour continuer malgré un refus, et « else: return raw ».",
        "Avant la boucle, refusal = None ; dans le « except », refusal = refusal or error ; après la boucle, « if refusal: raise refusal ».",
    ),
    checks=(
        _finds(
            _FINDS,
            (None, _BOOK, None),
            _BOOK,
            "Parcourez les adresses et rendez les octets dès qu'un fichier est accepté.",
            ((None, "Une adresse vide n'est pas la fin : passez à la suivante (continue) au lieu de rendre None."),),
        ),
        _finds(
            _PASSES,
            (_PAGE, None, _BOOK),
            _BOOK,
            "Le premier fichier est à rejeter : essayez les adresses suivantes.",
            (
                (_PAGE, "Vous avez rendu la page web : le fichier n'est bon que si check n'a rien levé."),
                (Refused, "Le premier refus a tout arrêté : entourez check(raw) de « try … except corpus.Refused »."),
            ),
        ),
        Check(_STOPS, _asks_no_more),
        _finds(
            _NOTHING,
            (None, None, None),
            None,
            "Aucune adresse n'a rien donné : rendez None.",
            (
                (
                    TypeError,
                    "Rien n'a été trouvé, donc rien n'a été refusé : il n'y a pas d'erreur à lever. Rendez None.",
                ),
            ),
        ),
        Check(_WHY, _says_why),
    ),
    wrong=(
        Answer(_first_stops_at_absence, _FINDS, "passez à la suivante"),
        Answer(_first_checks_none, _FINDS, "avant de vérifier"),
        Answer(_first_returns_text, _FINDS, "octets"),
        Answer(_first_no_check, _PASSES, "page web"),
        Answer(_first_returns_refused, _PASSES, "page web"),
        Answer(_first_stops_at_refusal, _PASSES, "try"),
        Answer(_first_reads_all, _STOPS, "requête de trop"),
        Answer(_first_takes_last, _STOPS, "dernier bon fichier"),
        Answer(_first_always_raises, _NOTHING, "Rendez None"),
        Answer(_first_silent, _WHY, "cacherait la raison"),
        Answer(_first_last_refusal, _WHY, "dernier refus"),
        Answer(_first_loses_error, _WHY, "Python efface"),
    ),
    right=(Answer(_first_recursive), Answer(_first_list_of_refusals)),
)

# --- Reconnaître un livre -------------------------------------------------------------------------------

HEADER = (
    "Title: La Mare\n\nRelease Date: November 21, 2007  [eBook #23582]\n[Last updated: 2012]\n\nIl y avait 12 bœufs."
)


def _number_first_digits(text):
    return int(re.search(r"\d+", text).group())


def _number_text(text):
    match = re.search(r"\[eBook #(\d+)\]", text)
    return match.group(1) if match else None


def _number_crashes(text):
    return int(re.search(r"\[eBook #(\d+)\]", text).group(1))


def _number_case(text):
    match = re.search(r"\[eBook #(\d+)\]", text)
    return int(match.group(1)) if match else None


def _number_no_return(text):
    re.search(r"#(\d+)\]", text)


def _number_split(text):
    for part in text.split("[")[1:]:
        inside = part.split("]")[0].lower().replace(" ", "")
        if inside.startswith(("ebook#", "etext#")):
            return int(inside.split("#")[1])
    return None


def _number_regex(text):
    found = re.findall(r"(?i)\[\s*e-?(?:book|text)\s*#\s*([0-9]+)", text)
    return int(found[0]) if found else None


header_number = Card(
    id="corpus.header_number",
    title="Bonus · Le numéro du livre",
    statement="L'en-tête d'un fichier de Gutenberg porte son numéro : « [eBook #23582] », ou « [Etext #820] » dans les vieux fichiers. Rendez ce numéro, un entier, ou None s'il n'y est pas.",
    difficulty=2,
    minutes=5,
    hints=(
        "re.search cherche un motif ; les parenthèses du motif capturent ce qu'il y a dedans.",
        "« # » suivi de chiffres : #(\\d+). Mais attention à l'année, qui est aussi un nombre.",
        "re.search rend None quand rien ne convient : il faut s'en assurer avant d'appeler .group(1).",
    ),
    checks=(
        equals(
            "lit le numéro, et pas l'année",
            [HEADER],
            23582,
            "Le numéro est celui qui suit « # » dans « [eBook #…] ».",
            (
                (
                    lambda got: got in (21, "21"),
                    "Vous avez pris le premier nombre venu : c'est le jour de la date. Cherchez ce qui suit « # ».",
                ),
                (lambda got: got == "23582", "Le résultat est une chaîne : convertissez-le avec int(…)."),
            ),
        ),
        equals(
            "rend None quand il n'y a pas de numéro",
            ["Il était une fois."],
            None,
            "Sans numéro, rendez None plutôt que d'échouer.",
        ),
        equals(
            "reconnaît l'ancien mot « Etext » et toute casse",
            ["Release Date: 1997  [Etext #820]"],
            820,
            "Les vieux fichiers disent « Etext » : acceptez les deux mots.",
            (
                (
                    lambda got: got is None,
                    "Les vieux fichiers disent « Etext » : acceptez les deux mots, et toute casse.",
                ),
            ),
        ),
    ),
    wrong=(
        Answer(_number_first_digits, "lit le numéro, et pas l'année", "premier nombre venu"),
        Answer(_number_text, "lit le numéro, et pas l'année", "int("),
        Answer(_number_crashes, "rend None quand il n'y a pas de numéro", "None"),
        Answer(_number_case, "reconnaît l'ancien mot « Etext » et toute casse", "Etext"),
        Answer(_number_no_return, "lit le numéro, et pas l'année", "return"),
    ),
    right=(Answer(_number_split), Answer(_number_regex)),
)

# --- Décoder --------------------------------------------------------------------------------------------


def _decode_utf8_only(raw):
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _decode_latin_first(raw):
    return raw.decode("latin-1").replace("\r\n", "\n")


def _decode_latin_fallback(raw):
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return raw.decode("latin-1").replace("\r\n", "\n")


def _decode_keeps_bom(raw):
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return raw.decode("cp1252").replace("\r\n", "\n")


def _decode_ignores(raw):
    return raw.decode("utf-8-sig", errors="ignore").replace("\r\n", "\n")


def _decode_keeps_cr(raw):
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _decode_splitlines(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return "\n".join(text.splitlines())


def _decode_loop(raw):
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return "\n".join(raw.decode(encoding).splitlines()) + ("\n" if raw.endswith(b"\n") else "")
        except UnicodeDecodeError:
            pass
    return ""


def _decode_strip_bom(raw):
    raw = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    try:
        return str(raw, "utf-8")
    except UnicodeDecodeError:
        return str(raw, "windows-1252")


decode = Card(
    id="corpus.decode",
    title="Des octets aux caractères",
    statement="Rendez le texte d'un fichier : en UTF-8 s'il l'est (avec ou sans marque d'ordre), sinon en Windows-1252. Les fins de ligne deviennent « \\n ».",
    difficulty=2,
    minutes=8,
    hints=(
        "« utf-8-sig » lit l'UTF-8 avec ou sans sa marque d'ordre.",
        "Un texte qui n'est pas en UTF-8 fait lever UnicodeDecodeError : c'est le moment d'essayer autre chose.",
        "ISO-8859-1 ne connaît ni « œ » ni « ’ » ; Windows-1252, qui le contient, les connaît.",
    ),
    checks=(
        equals(
            "lit l'UTF-8",
            ["Étienne, bœuf et « cœur »".encode()],
            "Étienne, bœuf et « cœur »",
            "Essayez d'abord l'UTF-8.",
            (
                (
                    lambda got: "Ã" in got,
                    "« Ã© » à la place de « é » : de l'UTF-8 lu comme du latin-1. Essayez d'abord l'UTF-8.",
                ),
            ),
        ),
        equals(
            "ôte la marque d'ordre",
            ["﻿Le moulin".encode()],
            "Le moulin",
            "Le premier caractère est une marque d'ordre invisible (\\ufeff) : « utf-8-sig » l'ôte.",
        ),
        equals(
            "lit l'ISO-8859-1",
            ["Où était l'été ?".encode("latin-1")],
            "Où était l'été ?",
            "Quand l'UTF-8 échoue, décodez en Windows-1252.",
            (
                (
                    lambda got: "é" not in got,
                    "Les accents ont disparu : ignorer les erreurs, c'est perdre des lettres. Changez d'encodage.",
                ),
            ),
        ),
        equals(
            "rend « œ » et « ’ » aux fichiers qui se disent ISO-8859-1",
            ["L’œil et le cœur, l'été".encode("cp1252")],
            "L’œil et le cœur, l'été",
            "Les octets 0x9C et 0x92 sont « œ » et « ’ » en Windows-1252, et des caractères de contrôle en latin-1.",
        ),
        equals(
            "unifie les fins de ligne",
            [b"un\r\ndeux\r\n"],
            "un\ndeux\n",
            "Les fins de ligne « \\r\\n » doivent devenir « \\n ».",
            (
                (
                    lambda got: got == "un\ndeux",
                    "La dernière fin de ligne a disparu : splitlines() et strip() l'ôtent. Remplacez « \\r\\n » par « \\n » (replace).",
                ),
            ),
        ),
    ),
    wrong=(
        Answer(_decode_utf8_only, "lit l'ISO-8859-1", "encodage"),
        Answer(_decode_latin_first, "lit l'UTF-8", "latin-1"),
        Answer(_decode_latin_fallback, "rend « œ » et « ’ » aux fichiers qui se disent ISO-8859-1", "Windows-1252"),
        Answer(_decode_keeps_bom, "ôte la marque d'ordre", "utf-8-sig"),
        Answer(_decode_ignores, "lit l'ISO-8859-1", "perdre des lettres"),
        Answer(_decode_keeps_cr, "unifie les fins de ligne", "doivent devenir"),
        Answer(_decode_splitlines, "unifie les fins de ligne", "dernière fin de ligne"),
    ),
    right=(Answer(_decode_loop), Answer(_decode_strip_bom)),
)

# --- Chasse au bug : où finit le livre ------------------------------------------------------------------

_TALE = "La meule s'était fendue.\n\nCe n'est pas la FIN, dit le meunier.\n\nENDYMION lui-même n'en sut rien."
_MARKER = "*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***"
_TERMS = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 6))


def _ends(name: str, text: str, hint: str, mistakes: tuple = (), too_far: str = "") -> Check:
    """Ce qui précède la position rendue est le conte, aux blancs près.

    `mistakes` : début de la ligne → piste. `too_far` : la piste de qui remonte plus haut que la première ligne.
    """
    expected = "la position où le conte finit"

    def test(function):
        try:
            got = function(text)
        except IndexError as error:
            if not too_far:
                raise
            raise Mistake(show(text), f"IndexError : {error}", expected, too_far) from None
        if type(got) is not int:
            raise Mistake(
                show(text), show(got), "une position, un entier", "Rendez une position dans le texte : un entier."
            )
        if text[:got].strip() == _TALE:
            return
        line = text[got:].strip().split("\n")[0]
        place = f"juste avant « {line} »" if line else "tout au bout du texte"
        if got < 0:
            place = "que Python compte depuis la fin"
        advice = next((advice for start, advice in mistakes if line.startswith(start)), hint)
        raise Mistake(show(text), f"position {got}, {place}", expected, advice)

    return Check(name, test)


def _end_slides(text):
    """Le point de départ de la chasse : la règle du code d'origine, telle que la donne la cellule."""
    lines = text.split("\n")
    last = len(lines) - 1
    while "END" not in lines[last] and "FIN" not in lines[last]:
        last -= 1
    return len("\n".join(lines[:last]))


def _end_any_case(text):
    return text.lower().rfind("end")


def _end_whole_word(text):
    return [match.start() for match in re.finditer(r"^.*\bEND\b", text, re.MULTILINE)][-1]


def _end_first_word(text):
    match = re.search(r"^.*(?:END|FIN)", text, re.MULTILINE)
    return match.start() if match else len(text)


def _end_after_marker(text):
    match = re.search(r"^\*\*\* ?END OF.*$", text, re.MULTILINE)
    return match.end() if match else len(text)


def _end_one_form(text):
    return text.index("*** END OF") if "*** END OF" in text else len(text)


def _end_find(text):
    return max(text.find("*** END OF"), text.find("***END OF"))


def _end_any_stars(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while last >= 0 and not lines[last].startswith(("*** END", "***END")):
        last -= 1
    return len("\n".join(lines[:last])) if last >= 0 else len(text)


def _end_loop_one_form(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while not lines[last].startswith("*** END OF"):
        last -= 1
    return len("\n".join(lines[:last]))


def _end_loop_unguarded(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while not lines[last].startswith(("*** END OF", "***END OF")):
        last -= 1
    return len("\n".join(lines[:last]))


def _end_crashes(text):
    return re.search(r"^\*\*\* ?END OF", text, re.MULTILINE).start()


def _end_line_number(text):
    for number, line in enumerate(text.split("\n")):
        if line.startswith(("*** END OF", "***END OF")):
            return number
    return len(text)


def _end_none(text):
    for match in re.finditer(r"\*\*\* ?END OF", text):
        return match.start()


def _end_regex(text):
    match = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    return match.start() if match else len(text)


def _end_mended(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while last >= 0 and not lines[last].startswith(("*** END OF", "***END OF")):
        last -= 1
    return len("\n".join(lines[:last])) if last >= 0 else len(text)


def _end_partition(text):
    return min(len(text.partition(marker)[0]) for marker in ("*** END OF", "***END OF"))


_SEND, _OTHER_END, _AUTHOR = (
    "ne se prend pas à « SEND »",
    "ne se prend pas aux lignes de la licence",
    "laisse à l'auteur ses mots",
)
_FORMS, _NO_MARKER = "reconnaît l'autre écriture du marqueur", "garde tout quand il n'y a pas de marqueur"

end_of_book = Card(
    id="corpus.end_of_book",
    title="Chasse au bug : où finit le livre",
    statement="La cellule contient la règle du premier atelier : remonter jusqu'à une ligne qui contient « END » ou « FIN ». Elle garde presque toute la licence. Réparez-la : rendez la position où commence la ligne « *** END OF … » (avec ou sans espace après les étoiles), ou len(text) s'il n'y en a pas.",
    difficulty=2,
    minutes=5,
    hints=(
        "« SEND » contient « END » : c'est le marqueur entier, étoiles comprises, qu'il faut chercher.",
        're.search(r"^\\*\\*\\* ?END OF", text, re.MULTILINE) le trouve en début de ligne, dans ses deux écritures.',
        "re.search rend None si rien ne convient, et .start() dit où commence ce qu'il a trouvé.",
    ),
    checks=(
        _ends(
            _SEND,
            f"{_TALE}\n\n{_MARKER}\n\n{_TERMS}\n\nTo SEND DONATIONS, see the page.\n\n{_TERMS}\n",
            "Rendez la position où commence la ligne « *** END OF … ».",
            (
                (
                    "To SEND",
                    "« SEND » contient « END » : toute la licence qui précède cette ligne est restée. Cherchez le marqueur entier.",
                ),
                ("Section", "Vous coupez après le marqueur : la position attendue est celle où il commence."),
                (
                    "END DONATIONS",
                    "« SEND » contient « END » : toute la licence qui précède est restée. Cherchez le marqueur entier.",
                ),
                ("Ce n'est", "« FIN » est aussi un mot de l'auteur : cherchez le marqueur entier, et non un mot."),
                (
                    "le s'était",
                    "Le résultat est un numéro de ligne : rendez une position dans le texte, en caractères.",
                ),
            ),
        ),
        _ends(
            _OTHER_END,
            f"{_TALE}\n\n{_MARKER}\n\n{_TERMS}\n\n*** END: FULL LICENSE ***\n\n{_TERMS}\n\nTHE END OF THE LICENSE\n",
            "La licence a aussi ses lignes où « END » est un mot entier : cherchez le marqueur, étoiles comprises.",
            (
                (
                    "*** END:",
                    "« *** END: FULL LICENSE *** » finit la licence, pas le livre : cherchez « END OF » après les étoiles.",
                ),
            ),
        ),
        _ends(
            _AUTHOR,
            f"{_TALE}\n\n{_MARKER}\n",
            "« FIN » et « END » se trouvent aussi dans le livre : cherchez le marqueur entier, en début de ligne.",
        ),
        _ends(
            _FORMS,
            f"{_TALE}\n\n***END OF THE PROJECT GUTENBERG EBOOK LE MOULIN***\n\n{_TERMS}\n",
            "Certains fichiers écrivent « ***END OF THE » sans espace : acceptez les deux écritures.",
            too_far="La boucle est remontée plus haut que la première ligne sans rien trouver : ce fichier-ci écrit « ***END OF THE », sans espace. Acceptez les deux écritures.",
        ),
        _ends(
            _NO_MARKER,
            _TALE,
            "Sans marqueur, rien n'est à couper : rendez len(text). Méfiez-vous de -1, qui ôte la dernière lettre.",
            too_far="Sans marqueur, la boucle remonte plus haut que la première ligne : arrêtez-la (last >= 0), puis rendez len(text).",
        ),
    ),
    wrong=(
        Answer(_end_slides, _SEND, "« SEND » contient « END »"),
        Answer(_end_any_case, _SEND, "« SEND » contient « END »"),
        Answer(_end_after_marker, _SEND, "après le marqueur"),
        Answer(_end_first_word, _SEND, "mot de l'auteur"),
        Answer(_end_line_number, _SEND, "numéro de ligne"),
        Answer(_end_whole_word, _OTHER_END, "mot entier"),
        Answer(_end_any_stars, _OTHER_END, "finit la licence"),
        Answer(_end_one_form, _FORMS, "sans espace"),
        Answer(_end_loop_one_form, _FORMS, "plus haut que la première ligne"),
        Answer(_end_find, _NO_MARKER, "-1"),
        Answer(_end_loop_unguarded, _NO_MARKER, "arrêtez-la"),
        Answer(_end_crashes, _NO_MARKER, "None"),
        Answer(_end_none, _NO_MARKER, "entier"),
    ),
    right=(Answer(_end_regex), Answer(_end_mended), Answer(_end_partition)),
)

# --- Couper le cadre ------------------------------------------------------------------------------------

_BODY = "La meule s'était fendue.\n\nLe meunier n'en dit rien : « Nous verrons la FIN. »\n\nIl attendit l'automne."
_LICENCE = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 9))
FRAMED = (
    "The eBook of Le Moulin\n\nTitle: Le Moulin\n\n*** START OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n"
    f"{_BODY}\n\n*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n*** START: FULL LICENSE ***\n\n{_LICENCE}\n\n"
    f"To SEND DONATIONS, see the page.\n{_LICENCE}\n"
)
FRAMED_TIGHT = FRAMED.replace("*** START OF THIS", "***START OF THE").replace("*** END OF THIS", "***END OF THE")
ONLY_START, ONLY_END = FRAMED.split("\n\n*** END OF")[0], FRAMED[FRAMED.index(_BODY) :]


def _frame_fixed_lines(text):
    return "\n".join(text.split("\n")[5:-10])


def _frame_slides(text):
    return "\n".join(text.split("\n")[50:-100])


def _frame_end_word(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while "END" not in lines[last] and "FIN" not in lines[last]:
        last -= 1
    first = next(i for i, line in enumerate(lines) if "START OF" in line)
    return "\n".join(lines[first + 1 : last]).strip("\n")


def _frame_keeps_markers(text):
    return text[text.index("*** START") : text.index("*** END")].strip("\n")


def _frame_one_form(text):
    start = text.find("*** START OF THIS")
    end = text.find("*** END OF THIS")
    return text[text.find("\n", start) : end].strip("\n")


def _frame_fin(text):
    start = re.search(r"\*\*\* ?START OF.*", text).end()
    return text[start : text.index("FIN")].strip("\n")


def _frame_forgets_end(text):
    return re.split(r"\*\*\* ?START OF.*", text)[1].strip("\n")


def _frame_needs_start(text):
    kept, inside = [], False
    for line in text.split("\n"):
        if re.match(r"\*\*\* ?END OF", line):
            break
        if inside:
            kept.append(line)
        inside = inside or bool(re.match(r"\*\*\* ?START OF", line))
    return "\n".join(kept).strip("\n")


def _frame_needs_both(text):
    return re.search(r"\*\*\* ?START OF[^\n]*\n(.*?)\n\*\*\* ?END OF", text, re.DOTALL).group(1).strip("\n")


def _frame_last_start(text):
    lines = text.splitlines()
    start, end = 0, len(lines)
    for i, line in enumerate(lines):
        if line.startswith(("*** START", "***START")):
            start = i + 1
        if line.startswith(("*** END", "***END")):
            end = i
    return "\n".join(lines[start:end]).strip("\n")


def _frame_keeps_end_of_line(text):
    start = re.search(r"\*\*\* ?START OF", text)
    end = re.search(r"\*\*\* ?END OF", text)
    return text[start.end() if start else 0 : end.start() if end else len(text)].strip()


def _frame_both_or_nothing(text):
    match = re.search(r"\*\*\* ?START OF[^\n]*\n(.*?)\*\*\* ?END OF", text, re.DOTALL)
    return match.group(1).strip() if match else text


def _frame_start_first(text):
    start = re.search(r"\*\*\* ?START OF.*", text)
    if not start:
        return text
    rest = text[start.end() :]
    return re.split(r"\*\*\* ?END OF", rest)[0].strip("\n")


def _frame_lines(text):
    lines = text.split("\n")
    first = next((i + 1 for i, line in enumerate(lines) if re.match(r"\*\*\* ?START OF", line)), 0)
    last = next((i for i, line in enumerate(lines) if re.match(r"\*\*\* ?END OF", line)), len(lines))
    return "\n".join(lines[first:last]).strip("\n")


def _frame_split(text):
    return re.split(r"\*\*\* ?END OF", re.split(r"\*\*\* ?START OF.*", text)[-1])[0].strip("\n")


_ONE_START, _ONE_END = "coupe au seul marqueur de début", "coupe au seul marqueur de fin"

cut_frame = Card(
    id="corpus.cut_frame",
    title="Couper le cadre",
    statement="Rendez ce qui se trouve entre la ligne « *** START OF … *** » et la ligne « *** END OF … *** », sans lignes vides au bout. Les marqueurs s'écrivent avec ou sans espace après les étoiles, avec THIS ou THE. Si l'un d'eux manque, ne coupez pas de son côté.",
    difficulty=3,
    minutes=8,
    hints=(
        "Ne comptez pas les lignes : l'en-tête et la licence n'ont pas la même longueur d'un livre à l'autre.",
        're.search(r"\\*\\*\\* ?START OF.*", text) trouve le marqueur dans ses deux formes ; .end() dit où il finit.',
        "Quand re.search ne trouve rien, il rend None : partez alors de 0, ou allez jusqu'à len(text).",
    ),
    checks=(
        equals(
            "rend le texte entre les marqueurs",
            [FRAMED],
            _BODY,
            "Tout ce qui est entre les deux marqueurs, et rien d'autre.",
            (
                (
                    lambda got: got == "",
                    "Il ne reste rien. Si votre règle compte les lignes, ce livre en a moins ; si elle cherche « *** START », elle prend aussi « *** START: FULL LICENSE *** », dans la licence. Cherchez « START OF ».",
                ),
                (
                    lambda got: "SEND" in got or ("Section" in got and "DONATIONS" not in got),
                    "Il reste de la licence : « SEND » contient « END ». Cherchez le marqueur de fin entier.",
                ),
                (lambda got: "DONATIONS" in got, "La licence est restée : coupez aussi au marqueur de fin."),
                (
                    lambda got: got.lstrip().startswith(("THIS", "THE", "PROJECT")),
                    "Le bout de la ligne du marqueur est resté : coupez à la fin de cette ligne (« .* » va jusque-là).",
                ),
                (
                    lambda got: "*** " in got,
                    "Les marqueurs eux-mêmes ne sont pas du livre : coupez après le premier et avant le second.",
                ),
                (
                    lambda got: "automne" not in got,
                    "La fin du livre manque : « FIN » est aussi un mot de l'auteur. Fiez-vous aux marqueurs, pas à un mot.",
                ),
            ),
        ),
        equals(
            "reconnaît l'autre forme des marqueurs",
            [FRAMED_TIGHT],
            _BODY,
            "Certains fichiers écrivent « ***START OF THE » sans espace : acceptez les deux formes.",
        ),
        equals(
            "ne coupe rien quand les marqueurs manquent",
            [_BODY],
            _BODY,
            "Sans marqueurs, tout le texte est le livre : rendez-le entier.",
            (
                (
                    lambda got: got == "",
                    "Il ne reste rien : sans marqueur de début, le livre commence avec le fichier.",
                ),
            ),
        ),
        equals(
            _ONE_START,
            [ONLY_START],
            _BODY,
            "Ce fichier n'a pas de marqueur de fin : coupez tout de même au marqueur de début, puis allez jusqu'au bout.",
        ),
        equals(
            _ONE_END,
            [ONLY_END],
            _BODY,
            "Ce fichier n'a pas de marqueur de début : partez de son commencement, et coupez tout de même au marqueur de fin.",
        ),
    ),
    wrong=(
        Answer(_frame_fixed_lines, "rend le texte entre les marqueurs", "licence"),
        Answer(_frame_slides, "rend le texte entre les marqueurs", "compte les lignes"),
        Answer(_frame_end_word, "rend le texte entre les marqueurs", "SEND"),
        Answer(_frame_keeps_markers, "rend le texte entre les marqueurs", "marqueurs eux-mêmes"),
        Answer(_frame_one_form, "reconnaît l'autre forme des marqueurs", "sans espace"),
        Answer(_frame_fin, "rend le texte entre les marqueurs", "mot de l'auteur"),
        Answer(_frame_forgets_end, "rend le texte entre les marqueurs", "licence"),
        Answer(_frame_needs_start, "ne coupe rien quand les marqueurs manquent", "Il ne reste rien"),
        Answer(_frame_needs_both, "ne coupe rien quand les marqueurs manquent", "None"),
        Answer(_frame_last_start, "rend le texte entre les marqueurs", "FULL LICENSE"),
        Answer(_frame_keeps_end_of_line, "rend le texte entre les marqueurs", "ligne du marqueur"),
        Answer(_frame_both_or_nothing, _ONE_START, "jusqu'au bout"),
        Answer(_frame_start_first, _ONE_END, "partez de son commencement"),
    ),
    right=(Answer(_frame_lines), Answer(_frame_split)),
)

# --- Joindre les lignes ---------------------------------------------------------------------------------

WRAPPED = (
    "Le meunier regardait l'eau depuis le matin sans mot\ndire, et personne n'osait lui demander ce qu'il\nen attendait.\n"
    "\nIl rentra.\n\n\nLa nuit tombait sur la chaussée."
)
_JOINED = [
    "Le meunier regardait l'eau depuis le matin sans mot dire, et personne n'osait lui demander ce qu'il en attendait.",
    "Il rentra.",
    "La nuit tombait sur la chaussée.",
]


def _paragraphs_glued(text):
    return ["".join(block.split("\n")) for block in re.split(r"\n\n+", text)]


def _paragraphs_lines(text):
    return [line for line in text.split("\n") if line]


def _paragraphs_one(text):
    return [" ".join(text.split())]


def _paragraphs_empty(text):
    return [" ".join(block.split()) for block in text.split("\n\n")] + [""]


def _paragraphs_wrapped(text):
    return re.split(r"\n\n+", text)


def _paragraphs_three_breaks(text):
    return [" ".join(block.split("\n")) for block in text.split("\n\n") if block]


def _paragraphs_forgets_last(text):
    found, current = [], []
    for line in text.split("\n"):
        if line.strip():
            current.append(line.strip())
        elif current:
            found.append(" ".join(current))
            current = []
    return found


def _paragraphs_split(text):
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def _paragraphs_loop(text):
    found, current = [], []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            current.append(line.strip())
        elif current:
            found.append(" ".join(current))
            current = []
    return found


paragraphs = Card(
    id="corpus.paragraphs",
    title="Joindre les lignes",
    statement="Gutenberg coupe les lignes vers 72 caractères et sépare les paragraphes par des lignes vides. Rendez la liste des paragraphes, chacun sur une seule ligne.",
    difficulty=2,
    minutes=8,
    hints=(
        're.split(r"\\n\\s*\\n", text) coupe aux lignes vides, quel qu\'en soit le nombre.',
        '" ".join(morceau.split()) met un morceau sur une ligne, sans blancs en trop.',
        "Écartez les morceaux vides.",
    ),
    checks=(
        equals(
            "un paragraphe par élément, une ligne par paragraphe",
            [WRAPPED],
            _JOINED,
            "Coupez aux lignes vides, puis joignez les lignes de chaque morceau par une espace.",
            (
                (
                    lambda got: any("motdire" in piece for piece in got),
                    "Deux mots se sont collés : joignez les lignes avec une espace, pas avec rien.",
                ),
                (
                    lambda got: any("\n" in piece for piece in got),
                    "Il reste des fins de ligne à l'intérieur des paragraphes : joignez-les par une espace.",
                ),
                (lambda got: "" in got, "La liste contient des paragraphes vides : écartez-les."),
                (
                    lambda got: any(piece != piece.strip() for piece in got),
                    "Un paragraphe commence ou finit par un blanc : il arrive que deux lignes vides se suivent. split(), sans argument, ôte les blancs en trop.",
                ),
                (
                    lambda got: got == _JOINED[:-1],
                    "Le dernier paragraphe manque : aucune ligne vide ne le suit. Après la boucle, ajoutez ce qui reste.",
                ),
                (lambda got: len(got) == 1, "Tout est dans un seul paragraphe : coupez d'abord aux lignes vides."),
                (
                    lambda got: len(got) > 3,
                    "Chaque ligne est devenue un paragraphe : ce sont les lignes vides qui séparent.",
                ),
            ),
        ),
        equals("un texte vide n'a pas de paragraphe", [""], [], "Pour un texte vide, rendez une liste vide."),
    ),
    wrong=(
        Answer(_paragraphs_glued, "un paragraphe par élément, une ligne par paragraphe", "collés"),
        Answer(_paragraphs_lines, "un paragraphe par élément, une ligne par paragraphe", "lignes vides qui séparent"),
        Answer(_paragraphs_one, "un paragraphe par élément, une ligne par paragraphe", "un seul paragraphe"),
        Answer(_paragraphs_empty, "un paragraphe par élément, une ligne par paragraphe", "vides"),
        Answer(_paragraphs_wrapped, "un paragraphe par élément, une ligne par paragraphe", "fins de ligne"),
        Answer(_paragraphs_three_breaks, "un paragraphe par élément, une ligne par paragraphe", "par un blanc"),
        Answer(_paragraphs_forgets_last, "un paragraphe par élément, une ligne par paragraphe", "Après la boucle"),
    ),
    right=(Answer(_paragraphs_split), Answer(_paragraphs_loop)),
)

# --- Chasse au bug : l'anglais ---------------------------------------------------------------------------

# Les petits mots y tiennent la même part que dans un vrai roman : un seuil trop haut se verrait.
_FRENCH = (
    "Au bord de la Vauvre, une vieille maison penchait son toit de chaume sur des eaux vertes. Étienne, assis près du seuil,"
    " taillait des sabots pour le petit frère que sa mère berçait. Nul voyageur ne passait plus par ce chemin depuis la mort"
    " du meunier. Deux chiens maigres dormaient à l'ombre d'un noyer, et une charrette vide attendait les gerbes de la veille"
    " sous un ciel d'orage. Là-bas, du côté des nielles, quelqu'un chantait à mi-voix une ronde du pays."
)
_SEVEN_BITS = _FRENCH.translate(str.maketrans("éèêàâîùÉ", "eeeaaiuE"))
_ENGLISH = (
    "Étienne settled himself at a little table while his uncle Hélie, the miller, told people a simple tale. All the"
    " whole village had assembled, people left their dogs asleep, and Mademoiselle Aglaé smiled at her fiancé. He pulled"
    " a single candle closer, and was unable to settle his troubled soul. It was late, and nobody left that hall until"
    " its last candle was pale and the river had risen over the old bridge."
)
_ITALIAN = (
    "Il mugnaio aveva chiuso la chiusa prima della notte, e l'acqua saliva piano dietro la ruota. Pietro guardava il prato"
    " senza parlare. Sapeva che suo padre non sarebbe tornato dalla fiera prima di domenica, e che la ruota non avrebbe"
    " girato senza di lui. Si sentivano lontano i cani della fattoria, poi niente, soltanto la pioggia sul tetto della casa."
)
_QUOTED = f"{_ENGLISH} « Ah ! que le monde et les gens sont bons », sang the miller. Nobody understood. {_ENGLISH}"
_QUOTING = f"{_FRENCH} L'Anglais chantait : « The mill and the river, the river and the sea. » Nul ne le comprit."


def _french_accents(text):
    """Le point de départ de la chasse, tel que le donne la cellule."""
    return any(letter in text for letter in "éèêàçô")


def _french_letters(text):
    return text.count("le") > text.count("the")


def _french_header(text):
    return "Language: French" in text


def _french_accent_share(text):
    return sum(letter in "éèêàâîùçôÉ" for letter in text) > 0.011 * len(text)


def _french_no_the(text):
    return "the" not in text.lower().split()


def _french_against_english(text):
    words = text.lower().split()
    return sum(word in ("le", "la", "les", "que", "et") for word in words) > sum(
        word in ("the", "and", "of", "was") for word in words
    )


def _french_contains(text):
    return " les " in text and " que " in text


def _french_divides(text):
    words = text.lower().split()
    return sum(word in ("le", "les", "que", "et", "ne", "pas") for word in words) / len(words) > 0.05


def _french_number(text):
    return sum(word in ("le", "les", "que", "et", "pas") for word in text.lower().split())


def _french_share(text):
    words = text.lower().split()
    known = {"le", "les", "du", "et", "il", "que", "ne", "pas", "sans", "son", "avant", "plus", "au", "sur"}
    return sum(word in known for word in words) > 0.08 * max(1, len(words))


def _french_regex(text):
    french = re.findall(r"(?i)\b(?:le|les|et|que|ne|pas|il|du|sans|plus|dans|qui)\b", text)
    return 20 * len(french) > len(re.findall(r"\w+", text))


def _french_counter(text):
    counts = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    return (
        bool(counts)
        and sum(counts[word] for word in "le les et que ne pas qui dans sur".split()) >= 0.05 * counts.total()
    )


_TRANSLATION, _REAL, _PLAIN = (
    "refuse la traduction anglaise",
    "accepte un texte français",
    "accepte un français sans accents",
)
_QUOTE, _NEIGHBOUR, _CITED, _EMPTY = (
    "accepte un roman qui cite de l'anglais",
    "refuse une langue voisine",
    "refuse un livre anglais qui cite du français",
    "ne dit pas oui à un texte vide",
)

is_french = Card(
    id="corpus.is_french",
    title="Bonus · Chasse au bug : l'« Indiana » anglais",
    statement="La cellule contient une règle qui semble bonne : un texte qui a des accents est français. Elle accepte une traduction anglaise. Réparez-la : dites, par un booléen, si le texte est en français, d'après la part que tiennent ses petits mots (« le », « les », « que », « et »…).",
    difficulty=3,
    minutes=8,
    hints=(
        "Les accents d'une traduction viennent des noms propres. Les petits mots, eux, ne se traduisent pas à moitié.",
        'text.lower().split() donne les mots ; comptez ceux qui sont dans un ensemble comme {"le", "les", "que", "et", "ne", "pas"}.',
        "Une part, et non un nombre : comparez le compte à 0.05 * len(words). Un texte sans mots n'est pas du français.",
    ),
    checks=(
        equals(
            _TRANSLATION,
            [_ENGLISH],
            False,
            "Ce texte est en anglais : « Étienne » et « fiancé » y sont, mais ni « les » ni « que ». Comptez des mots entiers, et non des lettres ni des accents.",
        ),
        equals(
            _REAL,
            [_FRENCH],
            True,
            "Ce texte est français : rendez True.",
            (
                (
                    lambda got: got is False,
                    "Ce texte est français, et n'a pas d'en-tête pour le dire : jugez-le à ses mots. Si vous les comptez déjà, votre seuil est trop haut : dans un roman, ces six-là ne font qu'un mot sur quinze.",
                ),
                (
                    lambda got: got and not isinstance(got, bool),
                    "Le résultat est un nombre : comparez-le à une part de len(words), pour rendre True ou False.",
                ),
            ),
        ),
        equals(
            _PLAIN,
            [_SEVEN_BITS],
            True,
            "Une vieille édition sans accents reste du français : une autre vérification s'occupera des accents. Comptez les petits mots.",
        ),
        equals(
            _QUOTE,
            [_QUOTING],
            True,
            "Un seul vers anglais ne fait pas un livre anglais : c'est la part des petits mots français qui compte.",
        ),
        equals(
            _NEIGHBOUR,
            [_ITALIAN],
            False,
            "C'est de l'italien, qui a aussi « la », « il » et « le » : battre l'anglais ne suffit pas. Demandez que des mots bien français (« les », « que », « et », « pas ») fassent plus du vingtième des mots.",
        ),
        equals(
            _CITED,
            [_QUOTED],
            False,
            "Ce livre est anglais, et cite une phrase en français : « le », « les » et « que » y sont, mais rares. Les trouver ne suffit pas : comptez leur part.",
        ),
        equals(_EMPTY, [""], False, "Un texte vide n'est pas du français : rendez False."),
    ),
    wrong=(
        Answer(_french_accents, _TRANSLATION, "mots entiers"),
        Answer(_french_letters, _TRANSLATION, "mots entiers"),
        Answer(_french_number, _TRANSLATION, "bool"),
        Answer(_french_header, _REAL, "en-tête"),
        Answer(_french_accent_share, _PLAIN, "sans accents"),
        Answer(_french_no_the, _QUOTE, "vers anglais"),
        Answer(_french_against_english, _NEIGHBOUR, "italien"),
        Answer(_french_contains, _CITED, "comptez leur part"),
        Answer(_french_divides, _EMPTY, "division par zéro"),
    ),
    right=(Answer(_french_share), Answer(_french_regex), Answer(_french_counter)),
)

# --- Recoller les phrases -------------------------------------------------------------------------------


def _rejoin_nothing(pieces):
    return list(pieces)


def _rejoin_glued(pieces):
    sentences = []
    for piece in pieces:
        if sentences and piece.lstrip("—« ")[:1].islower():
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_first_sign(pieces):
    sentences = []
    for piece in pieces:
        if sentences and piece[0].islower():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_not_upper(pieces):
    sentences = []
    for piece in pieces:
        if sentences and not piece[0].isupper():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_letters_only(pieces):
    sentences = []
    for piece in pieces:
        first = next((sign for sign in piece if sign.isalpha()), "a")
        if sentences and first.islower():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_lowercase_range(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if sentences and (first is None or "a" <= first.group() <= "z"):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_pairs(pieces):
    sentences, i = [], 0
    while i < len(pieces):
        following = re.search(r"\w", pieces[i + 1]) if i + 1 < len(pieces) else None
        if following and following.group().islower():
            sentences.append(pieces[i] + " " + pieces[i + 1])
            i += 2
        else:
            sentences.append(pieces[i])
            i += 1
    return sentences


def _rejoin_no_letter(pieces):
    sentences = []
    for piece in pieces:
        if sentences and re.search(r"\w", piece).group().islower():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_no_previous(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if first is None or first.group().islower():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_one_string(pieces):
    return " ".join(pieces)


def _rejoin_in_place(pieces):
    for i in range(len(pieces) - 1, 0, -1):
        first = re.search(r"\w", pieces[i])
        if first is None or first.group().islower():
            pieces[i - 1] += " " + pieces.pop(i)
    return pieces


def _rejoin_recreated(pieces):
    for piece in pieces:
        sentences = []
        first = re.search(r"\w", piece)
        if sentences and (first is None or first.group().islower()):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_copy_backwards(pieces):
    sentences = list(pieces)
    for i in range(len(sentences) - 1, 0, -1):
        first = next((sign for sign in sentences[i] if sign.isalnum()), None)
        if first is None or first.islower():
            sentences[i - 1 : i + 1] = [f"{sentences[i - 1]} {sentences[i]}"]
    return sentences


def _rejoin_groups(pieces):
    groups = []
    for piece in pieces:
        signs = [sign for sign in piece if sign.isalnum()]
        begins = bool(signs) and not signs[0].islower()
        if begins or not groups:
            groups.append([])
        groups[-1].append(piece)
    return [" ".join(group) for group in groups]


_AFTER, _SIGN, _CAPITAL = (
    "recolle après « ! »",
    "regarde la première lettre, pas le premier signe",
    "laisse commencer une phrase",
)
_CHAIN, _ACCENT, _BARE = (
    "recolle plusieurs morceaux de suite",
    "reconnaît les minuscules accentuées",
    "recolle un morceau sans lettre",
)
_FIRST = "laisse le premier morceau où il est"

rejoin = Card(
    id="corpus.rejoin",
    title="Bonus · Recoller les phrases",
    statement="Punkt coupe après chaque « ! », « ? » ou « … ». Rendez la liste des phrases : tout morceau dont la première lettre est une minuscule, ou qui n'a ni lettre ni chiffre, se recolle au précédent par une espace. Un chiffre commence une phrase, comme une capitale.",
    difficulty=3,
    minutes=8,
    hints=(
        "Partez d'une liste vide, avant la boucle. Pour chaque morceau : soit l'ajouter à la liste, soit le recoller à la dernière phrase.",
        "re.search(r\"\\w\", piece) trouve la première lettre ou le premier chiffre, et rend None s'il n'y en a pas ; .islower() dit si c'est une minuscule, accents compris.",
        'sentences[-1] += " " + piece recolle à la dernière phrase ; assurez-vous avant qu\'il y en a une (if sentences and …).',
    ),
    checks=(
        equals(
            _AFTER,
            [["Ah !", "fit-il, c'est mon eau.", "Elle se tut."]],
            ["Ah ! fit-il, c'est mon eau.", "Elle se tut."],
            "« fit-il » commence par une minuscule : c'est la suite de « Ah ! ».",
            (
                (lambda got: isinstance(got, str), "Vous rendez une chaîne : rendez la liste des phrases."),
                (
                    lambda got: got == ["Elle se tut."],
                    "Il ne reste que le dernier morceau : la liste est recréée à chaque tour. Créez-la avant la boucle.",
                ),
                (
                    lambda got: "!fit" in got[0],
                    "Deux mots se sont collés : recollez avec une espace, et non avec rien.",
                ),
                (
                    lambda got: len(got) == 3,
                    "Rien n'a été recollé : « fit-il » commence par une minuscule, c'est la suite de « Ah ! ».",
                ),
            ),
        ),
        equals(
            _SIGN,
            [["— Viens !", "— dit-elle, partons."]],
            ["— Viens ! — dit-elle, partons."],
            "Le premier signe de « — dit-elle » est un tiret : c'est la première lettre qui compte, le « d ».",
        ),
        equals(
            _CAPITAL,
            [["Il rentra.", "— Qui va là ?", "« Personne. »", "12 loups passèrent."]],
            ["Il rentra.", "— Qui va là ?", "« Personne. »", "12 loups passèrent."],
            "Ces quatre morceaux sont des phrases : rien n'est à recoller.",
            (
                (
                    lambda got: "— Qui va là ?" not in got,
                    "« — Qui va là ? » est une phrase : derrière le tiret, la première lettre est une capitale.",
                ),
                (
                    lambda got: "12 loups passèrent." not in got,
                    "« 12 loups » commence par un chiffre : c'est une phrase. Cherchez la première lettre ou le premier chiffre.",
                ),
            ),
        ),
        equals(
            _CHAIN,
            [["Hélas !", "oh !", "hélas !", "gémit-il.", "Puis il partit."]],
            ["Hélas ! oh ! hélas ! gémit-il.", "Puis il partit."],
            "Trois morceaux de suite continuent la même phrase : recollez à la dernière phrase (sentences[-1]), et non au morceau d'avant.",
        ),
        equals(
            _ACCENT,
            [["Quoi !", "être seul ?", "à jamais ?", "Écoute !"]],
            ["Quoi ! être seul ? à jamais ?", "Écoute !"],
            "« ê » et « à » sont des minuscules, mais ne sont pas entre « a » et « z » : .islower() les connaît.",
        ),
        equals(
            _BARE,
            [["Il se tut.", "— …", "Puis il rit."]],
            ["Il se tut. — …", "Puis il rit."],
            "« — … » n'a pas de lettre : ce n'est pas une phrase. Recollez-le, sans échouer.",
        ),
        equals(
            _FIRST,
            [["fit-il.", "Oui."]],
            ["fit-il.", "Oui."],
            "Le premier morceau n'a pas de précédent : gardez-le tel quel, même s'il commence par une minuscule.",
        ),
    ),
    wrong=(
        Answer(_rejoin_nothing, _AFTER, "Rien n'a été recollé"),
        Answer(_rejoin_glued, _AFTER, "collés"),
        Answer(_rejoin_one_string, _AFTER, "liste des phrases"),
        Answer(_rejoin_recreated, _AFTER, "recréée à chaque tour"),
        Answer(_rejoin_in_place, _AFTER, "copie"),
        Answer(_rejoin_first_sign, _SIGN, "première lettre"),
        Answer(_rejoin_not_upper, _CAPITAL, "capitale"),
        Answer(_rejoin_letters_only, _CAPITAL, "chiffre"),
        Answer(_rejoin_pairs, _CHAIN, "sentences[-1]"),
        Answer(_rejoin_lowercase_range, _ACCENT, ".islower()"),
        Answer(_rejoin_no_letter, _BARE, "None"),
        Answer(_rejoin_no_previous, _FIRST, "indice dépasse"),
    ),
    right=(Answer(_rejoin_copy_backwards), Answer(_rejoin_groups)),
)

# --- Chasse au bug : mettre bout à bout -----------------------------------------------------------------


def _book(title: str, role: str = "train", *content: str) -> CleanBook:
    """Un livre d'essai, sans numéro ; tous ses paragraphes sont du chapitre « I »."""
    return CleanBook(Book(None, title=title, role=role), list(content), ["I"] * len(content))


_MILL = _book("Le Moulin", "train", "La roue tourne.", "L'eau monte.")
_MEADOW = _book("Le Pré", "train", "L'herbe est haute.")
_POND = _book("L'Étang", "test", "Rien ne bouge.")
_FOLD = _book("La Bergerie", "validation", "Les brebis dorment.")


def _plain(got):
    """Un dictionnaire d'une autre sorte (`defaultdict`, `Counter`…) en est un aussi."""
    return dict(got) if isinstance(got, dict) else got


def _on_books(check: Check, given: str, shown=_plain) -> Check:
    """La même vérification, où l'entrée est dite en une phrase et le résultat abrégé par `shown`."""

    def test(function):
        try:
            check.test(lambda books: shown(function(books)))
        except Mistake as mistake:
            raise Mistake(given, mistake.got, mistake.expected, mistake.hint) from None

    return Check(check.name, test)


def _gather_recreated(books):
    """Le point de départ de la chasse, tel que le donne la cellule."""
    for book in books:
        rows = {"book": [], "chapter": [], "paragraph": []}
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_returns_inside(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
        return rows
    return rows


def _gather_overwrites(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] = [book.title] * len(book.paragraphs)
        rows["chapter"] = list(book.chapters)
        rows["paragraph"] = list(book.paragraphs)
    return rows


def _gather_nested(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"].append(book.title)
        rows["chapter"].append(book.chapters)
        rows["paragraph"].append(book.paragraphs)
    return rows


def _gather_one_title(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"].append(book.title)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_shared(books):
    rows = dict.fromkeys(("book", "chapter", "paragraph"), [])  # noqa: RUF024
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_spoils_the_first(books):
    rows = {
        "book": [books[0].title] * len(books[0].paragraphs),
        "chapter": books[0].chapters,
        "paragraph": books[0].paragraphs,
    }
    for book in books[1:]:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_needs_a_book(books):
    for i, book in enumerate(books):
        if i == 0:
            rows = {"book": [], "chapter": [], "paragraph": []}
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_comprehensions(books):
    return {
        "book": [book.title for book in books for _ in book.paragraphs],
        "chapter": [chapter for book in books for chapter in book.chapters],
        "paragraph": [paragraph for book in books for paragraph in book.paragraphs],
    }


def _gather_row_by_row(books):
    titles, chapters, found = [], [], []
    for book in books:
        for chapter, paragraph in zip(book.chapters, book.paragraphs, strict=True):
            titles.append(book.title)
            chapters.append(chapter)
            found.append(paragraph)
    return {"paragraph": found, "book": titles, "chapter": chapters}


_ALL_BOOKS, _NO_BOOK = "garde tous les livres", "rend des colonnes vides sans livre"
_THREE = "trois livres : « Le Moulin » (2 paragraphes), « Le Pré » (1), « L'Étang » (1)"

gather = Card(
    id="corpus.gather",
    title="Chasse au bug : la liste recréée",
    statement="La cellule met bout à bout les paragraphes de plusieurs livres, en trois colonnes de même longueur : titre du livre, chapitre, paragraphe. Elle ne fait aucune erreur, et perd presque tout. Réparez-la.",
    difficulty=1,
    minutes=3,
    hints=(
        "Combien de fois la ligne « rows = … » est-elle exécutée ?",
        "Ce qui doit survivre à la boucle se crée avant la boucle.",
    ),
    checks=(
        _on_books(
            equals(
                _ALL_BOOKS,
                [[_MILL, _MEADOW, _POND]],
                {
                    "book": ["Le Moulin", "Le Moulin", "Le Pré", "L'Étang"],
                    "chapter": ["I", "I", "I", "I"],
                    "paragraph": ["La roue tourne.", "L'eau monte.", "L'herbe est haute.", "Rien ne bouge."],
                },
                "Chaque paragraphe fait une ligne : son livre, son chapitre, son texte.",
                (
                    (
                        lambda got: got["paragraph"] == ["Rien ne bouge."],
                        "Il ne reste que le dernier livre : les listes repartent de rien à chaque tour. Créez-les avant la boucle, puis ajoutez (+=).",
                    ),
                    (
                        lambda got: got["paragraph"] == ["La roue tourne.", "L'eau monte."],
                        "Il ne reste que le premier livre : « return » est dans la boucle. Ôtez-lui une indentation.",
                    ),
                    (
                        lambda got: isinstance(got["paragraph"][0], list),
                        "La colonne contient des listes : append ajoute la liste entière, += ajoute ses éléments.",
                    ),
                    (
                        lambda got: got["book"] is got["paragraph"],
                        "Les trois colonnes sont une seule et même liste : donnez à chacune la sienne, [].",
                    ),
                    (
                        lambda got: len(got["book"]) < len(got["paragraph"]),
                        "Le titre doit se répéter à chaque paragraphe : [titre] * len(book.paragraphs).",
                    ),
                ),
            ),
            _THREE,
        ),
        _on_books(
            equals(
                _NO_BOOK, [[]], {"book": [], "chapter": [], "paragraph": []}, "Sans livre, rendez trois colonnes vides."
            ),
            "aucun livre",
        ),
    ),
    wrong=(
        Answer(_gather_recreated, _ALL_BOOKS, "avant la boucle"),
        Answer(_gather_overwrites, _ALL_BOOKS, "avant la boucle"),
        Answer(_gather_returns_inside, _ALL_BOOKS, "indentation"),
        Answer(_gather_nested, _ALL_BOOKS, "append"),
        Answer(_gather_one_title, _ALL_BOOKS, "se répéter"),
        Answer(_gather_shared, _ALL_BOOKS, "une seule et même liste"),
        Answer(_gather_spoils_the_first, _ALL_BOOKS, "copie"),
        Answer(_gather_needs_a_book, _NO_BOOK, "avant d'avoir reçu une valeur"),
    ),
    right=(Answer(_gather_comprehensions), Answer(_gather_row_by_row)),
)

# --- Répartir par livre ---------------------------------------------------------------------------------


def _titles(parts):
    """Les livres d'un résultat, remplacés par leurs titres ; ce qui n'en est pas reste tel quel."""
    if not isinstance(parts, dict):
        return parts
    return {
        part: [book.title if isinstance(book, CleanBook) else book for book in found] for part, found in parts.items()
    }


def _named(parts):
    """Le livre d'essai, nommé en clair ; tout ce qui n'est pas lui, et jusqu'à son titre, reste tel quel."""
    if not isinstance(parts, dict):
        return parts
    return {
        part: ["le livre « Le Moulin »" if book == _MILL else book for book in found] for part, found in parts.items()
    }


def _trap_is_no_key(check: Check) -> Check:
    """La même vérification, qui sait d'où vient l'erreur de clé la plus courante."""

    def test(function):
        try:
            check.test(function)
        except KeyError as error:
            hint = "Un piège n'est d'aucune part, et son rôle n'est pas une clé : ne rangez que les livres dont le rôle est dans corpus.SPLITS."
            raise Mistake(_TRAPPED, f"KeyError : {error}", "un dictionnaire sans le piège", hint) from None

    return Check(check.name, test)


def _split_by_paragraph(books):
    found = [paragraph for book in books for paragraph in book.paragraphs]
    random.Random(42).shuffle(found)
    cut = int(0.9 * len(found))
    return {"train": found[:cut], "validation": [], "test": found[cut:], "base": []}


def _split_at_random(books):
    shuffled = random.Random(42).sample(books, len(books))
    return {"train": shuffled[:-2], "validation": shuffled[-2:-1], "test": shuffled[-1:], "base": []}


def _split_last_is_test(books):
    return {"train": books[:-1], "validation": [], "test": books[-1:], "base": []}


def _split_shared(books):
    parts = dict.fromkeys(SPLITS, [])  # noqa: RUF024
    for book in books:
        parts[book.role].append(book)
    return parts


def _split_recreated(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        parts[book.role] = [book]
    return parts


def _split_only_seen(books):
    parts = {}
    for book in books:
        parts.setdefault(book.role, []).append(book)
    return parts


def _split_titles(books):
    return {part: [book.title for book in books if book.role == part] for part in SPLITS}


def _split_else_test(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        parts[book.role if book.role in ("train", "validation") else "test"].append(book)
    return parts


def _split_crashes_on_trap(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        parts[book.role].append(book)
    return parts


def _split_keeps_trap(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        parts.setdefault(book.role, []).append(book)
    return parts


def _split_empties(books):
    parts = {part: [] for part in SPLITS}
    while books:
        book = books.pop(0)
        if book.role in parts:
            parts[book.role].append(book)
    return parts


def _split_defaultdict(books):
    parts = defaultdict(list, {part: [] for part in SPLITS})
    for book in books:
        if book.role in SPLITS:
            parts[book.role].append(book)
    return parts


def _split_loop(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        if book.role in parts:
            parts[book.role].append(book)
    return parts


def _split_filter(books):
    def of(part):
        return list(filter(lambda book: book.role == part, books))

    return {"train": of("train"), "validation": of("validation"), "test": of("test"), "base": of("base")}


_WHOLE, _THEMSELVES = "range chaque livre, entier, là où dit son rôle", "rend les livres eux-mêmes"
_EVERY_PART, _TRAP = "garde les parts vides", "écarte un piège"
_FOUR = "quatre livres : « Le Moulin » (train), « L'Étang » (test), « Le Pré » (train), « La Bergerie » (validation)"

_TRAPPED = "deux livres : « Page de captcha » (piege), « Le Moulin » (train)"

split_by_book = Card(
    id="corpus.split_by_book",
    title="Répartir par livre",
    statement="Chaque livre a un rôle, book.role, que donne le catalogue. Rendez un dictionnaire {part: liste de livres} pour les quatre parts de corpus.SPLITS (train, validation, test, base), même vides. Un livre va tout entier dans sa part ; un piège, dans aucune.",
    difficulty=2,
    minutes=5,
    hints=(
        "Commencez par une liste vide pour chaque part : {part: [] for part in corpus.SPLITS}.",
        "Pour chaque livre, parts[book.role].append(book), si book.role est bien une des parts.",
        "Ou d'un trait : {part: [book for book in books if book.role == part] for part in corpus.SPLITS}.",
    ),
    checks=(
        _on_books(
            equals(
                _WHOLE,
                [[_MILL, _POND, _MEADOW, _FOLD]],
                {"train": ["Le Moulin", "Le Pré"], "validation": ["La Bergerie"], "test": ["L'Étang"], "base": []},
                "Le rôle de chaque livre dit sa part, et rien d'autre : ni le hasard, ni le rang.",
                (
                    (
                        lambda got: any(
                            isinstance(item, str) and item.endswith(".") for found in got.values() for item in found
                        ),
                        "Les paragraphes d'un même livre sont dans deux parts : le test n'est plus nouveau. Rangez les livres, sans les ouvrir.",
                    ),
                    (
                        lambda got: all(len(found) == 4 for found in got.values()),
                        "Tous les livres sont dans toutes les parts : dict.fromkeys donne la même liste à chacune. Il en faut une par part.",
                    ),
                    (
                        lambda got: got["train"] == ["Le Pré"] and got["test"] == ["L'Étang"],
                        "« Le Moulin » a disparu : la liste de la part est remplacée à chaque livre. Ajoutez (append) au lieu de remplacer.",
                    ),
                    (
                        lambda got: "base" not in got and got["train"] == ["Le Moulin", "Le Pré"],
                        "La part « base » manque : partez des quatre parts de corpus.SPLITS, même vides.",
                    ),
                ),
            ),
            _FOUR,
            _titles,
        ),
        _on_books(
            equals(
                _THEMSELVES,
                [[_MILL]],
                {"train": ["le livre « Le Moulin »"], "validation": [], "test": [], "base": []},
                "Mettez dans les listes les livres eux-mêmes, et non leurs titres.",
            ),
            "un livre : « Le Moulin » (train)",
            _named,
        ),
        _on_books(
            equals(
                _EVERY_PART,
                [[]],
                {"train": [], "validation": [], "test": [], "base": []},
                "Sans livre, les quatre parts sont là, vides.",
            ),
            "aucun livre",
        ),
        _trap_is_no_key(
            _on_books(
                equals(
                    _TRAP,
                    [[_book("Page de captcha", "piege", "Êtes-vous humain ?"), _MILL]],
                    {"train": ["Le Moulin"], "validation": [], "test": [], "base": []},
                    "Un piège n'est d'aucune part : ne gardez que les rôles de corpus.SPLITS.",
                    (
                        (
                            lambda got: "piege" in got,
                            "Une cinquième part, « piege », est apparue : ne gardez que les rôles de corpus.SPLITS.",
                        ),
                        (
                            lambda got: "Page de captcha" in got["test"],
                            "Le piège est dans le test : un « else » y met tout ce qu'il ne connaît pas.",
                        ),
                    ),
                ),
                _TRAPPED,
                _titles,
            ),
        ),
    ),
    wrong=(
        Answer(_split_by_paragraph, _WHOLE, "n'est plus nouveau"),
        Answer(_split_at_random, _WHOLE, "ni le hasard"),
        Answer(_split_last_is_test, _WHOLE, "ni le rang"),
        Answer(_split_shared, _WHOLE, "la même liste"),
        Answer(_split_recreated, _WHOLE, "append"),
        Answer(_split_only_seen, _WHOLE, "corpus.SPLITS"),
        Answer(_split_empties, _WHOLE, "copie"),
        Answer(_split_titles, _THEMSELVES, "leurs titres"),
        Answer(_split_else_test, _TRAP, "else"),
        Answer(_split_crashes_on_trap, _TRAP, "n'est pas une clé"),
        Answer(_split_keeps_trap, _TRAP, "cinquième part"),
    ),
    right=(Answer(_split_loop), Answer(_split_filter), Answer(_split_defaultdict)),
)

CARDS = (
    first_accepted,
    header_number,
    decode,
    end_of_book,
    cut_frame,
    paragraphs,
    is_french,
    rejoin,
    gather,
    split_by_book,
)


QUIZZES = (
    Quiz(
        "corpus.donnees",
        "Combien de texte GPT-2 avait-il lu, avant que quiconque le spécialise ?",
        (
            Option(
                "Environ huit livres, plus un pour le test.",
                False,
                "C'est ce qu'il faut pour le spécialiser, et la réponse que donnaient les diapositives. Avant cela, il avait appris la langue.",
            ),
            Option(
                "Environ 40 Go, pris dans 8 millions de pages.",
                True,
                "Ce corpus s'appelle WebText. Il est plus de mille fois plus gros que les livres de Sand du catalogue.",
            ),
            Option(
                "Tout Internet.",
                False,
                "Seulement des pages recommandées par des lecteurs du site Reddit. Le choix des textes fait déjà partie du modèle.",
            ),
        ),
    ),
    Quiz(
        "corpus.partage",
        "Pourquoi garder tout un livre pour le test, plutôt qu'une phrase sur dix de chaque livre ?",
        (
            Option(
                "Parce que c'est moins long à relire.",
                False,
                "La longueur n'y est pour rien : c'est la séparation qui compte.",
            ),
            Option(
                "Parce qu'un livre partagé laisse ses personnages et ses tournures dans l'apprentissage.",
                True,
                "Une phrase de test entourée de phrases apprises n'est pas vraiment nouvelle. Un livre entier l'est.",
            ),
            Option(
                "Parce que le réseau ne lit que des livres entiers.",
                False,
                "Il lit des blocs de quelques centaines de tokens, où qu'ils commencent.",
            ),
        ),
    ),
    Quiz(
        "corpus.verite",
        "Qui fournit la « bonne réponse » quand un réseau apprend à continuer un texte ?",
        (
            Option(
                "Personne : c'est de l'apprentissage sans réponse.",
                False,
                "Il y en a une à chaque pas, et le réseau est corrigé d'après elle.",
            ),
            Option(
                "Le texte lui-même : le mot suivant.",
                True,
                "La vérité terrain se fait toute seule. On parle d'apprentissage auto-supervisé : supervisé, mais sans annotateur.",
            ),
            Option(
                "Des annotateurs, phrase par phrase.",
                False,
                "Ce serait de l'apprentissage supervisé classique, et très cher.",
            ),
        ),
    ),
)
