"""Leçon 01 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import random
import re
from collections import Counter, defaultdict

from answers import Answer
from aurore import corpus
from aurore.corpus import SPLITS, Refused
from aurore.exercises.corpus import (
    _ACCENT,
    _AFTER,
    _ALL_BOOKS,
    _BARE,
    _CAPITAL,
    _CHAIN,
    _CITED,
    _EMPTY,
    _FINDS,
    _FIRST,
    _FORMS,
    _NEIGHBOUR,
    _NO_BOOK,
    _NO_MARKER,
    _NOTHING,
    _ONE_END,
    _ONE_START,
    _OTHER_END,
    _PASSES,
    _PLAIN,
    _QUOTE,
    _REAL,
    _SEND,
    _SIGN,
    _STOPS,
    _THEMSELVES,
    _TRANSLATION,
    _TRAP,
    _WHOLE,
    _WHY,
)

# --- Essayer les adresses -------------------------------------------------------------------------------


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


# --- Reconnaître un livre -------------------------------------------------------------------------------


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


# --- Chasse au bug : où finit le livre ------------------------------------------------------------------


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


# --- Couper le cadre ------------------------------------------------------------------------------------


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


# --- Joindre les lignes ---------------------------------------------------------------------------------


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


# --- Chasse au bug : l'anglais ---------------------------------------------------------------------------


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


# --- Chasse au bug : mettre bout à bout -----------------------------------------------------------------


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


# --- Répartir par livre ---------------------------------------------------------------------------------


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


# --- Par exercice

WRONG = {
    "corpus.first_accepted": (
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
    "corpus.header_number": (
        Answer(_number_first_digits, "lit le numéro, et pas l'année", "premier nombre venu"),
        Answer(_number_text, "lit le numéro, et pas l'année", "int("),
        Answer(_number_crashes, "rend None quand il n'y a pas de numéro", "None"),
        Answer(_number_case, "reconnaît l'ancien mot « Etext » et toute casse", "Etext"),
        Answer(_number_no_return, "lit le numéro, et pas l'année", "return"),
    ),
    "corpus.decode": (
        Answer(_decode_utf8_only, "lit l'ISO-8859-1", "encodage"),
        Answer(_decode_latin_first, "lit l'UTF-8", "latin-1"),
        Answer(_decode_latin_fallback, "rend « œ » et « ’ » aux fichiers qui se disent ISO-8859-1", "Windows-1252"),
        Answer(_decode_keeps_bom, "ôte la marque d'ordre", "utf-8-sig"),
        Answer(_decode_ignores, "lit l'ISO-8859-1", "perdre des lettres"),
        Answer(_decode_keeps_cr, "unifie les fins de ligne", "doivent devenir"),
        Answer(_decode_splitlines, "unifie les fins de ligne", "dernière fin de ligne"),
    ),
    "corpus.end_of_book": (
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
    "corpus.cut_frame": (
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
    "corpus.paragraphs": (
        Answer(_paragraphs_glued, "un paragraphe par élément, une ligne par paragraphe", "collés"),
        Answer(_paragraphs_lines, "un paragraphe par élément, une ligne par paragraphe", "lignes vides qui séparent"),
        Answer(_paragraphs_one, "un paragraphe par élément, une ligne par paragraphe", "un seul paragraphe"),
        Answer(_paragraphs_empty, "un paragraphe par élément, une ligne par paragraphe", "vides"),
        Answer(_paragraphs_wrapped, "un paragraphe par élément, une ligne par paragraphe", "fins de ligne"),
        Answer(_paragraphs_three_breaks, "un paragraphe par élément, une ligne par paragraphe", "par un blanc"),
        Answer(_paragraphs_forgets_last, "un paragraphe par élément, une ligne par paragraphe", "Après la boucle"),
    ),
    "corpus.is_french": (
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
    "corpus.rejoin": (
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
    "corpus.gather": (
        Answer(_gather_recreated, _ALL_BOOKS, "avant la boucle"),
        Answer(_gather_overwrites, _ALL_BOOKS, "avant la boucle"),
        Answer(_gather_returns_inside, _ALL_BOOKS, "indentation"),
        Answer(_gather_nested, _ALL_BOOKS, "append"),
        Answer(_gather_one_title, _ALL_BOOKS, "se répéter"),
        Answer(_gather_shared, _ALL_BOOKS, "une seule et même liste"),
        Answer(_gather_spoils_the_first, _ALL_BOOKS, "copie"),
        Answer(_gather_needs_a_book, _NO_BOOK, "avant d'avoir reçu une valeur"),
    ),
    "corpus.split_by_book": (
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
}

RIGHT = {
    "corpus.first_accepted": (
        _first_recursive,
        _first_list_of_refusals,
    ),
    "corpus.header_number": (
        _number_split,
        _number_regex,
    ),
    "corpus.decode": (
        _decode_loop,
        _decode_strip_bom,
    ),
    "corpus.end_of_book": (
        _end_regex,
        _end_mended,
        _end_partition,
    ),
    "corpus.cut_frame": (
        _frame_lines,
        _frame_split,
    ),
    "corpus.paragraphs": (
        _paragraphs_split,
        _paragraphs_loop,
    ),
    "corpus.is_french": (
        _french_share,
        _french_regex,
        _french_counter,
    ),
    "corpus.rejoin": (
        _rejoin_copy_backwards,
        _rejoin_groups,
    ),
    "corpus.gather": (
        _gather_comprehensions,
        _gather_row_by_row,
    ),
    "corpus.split_by_book": (
        _split_loop,
        _split_filter,
        _split_defaultdict,
    ),
}


def use():
    """Tout le corpus préparé sur le pastiche : ce que la leçon construit, jusqu'au compte rendu."""
    report = corpus.prepare("sand")
    return {"books": report["books"], "refused": report["refused"], "splits": all(report["splits"].values())}
