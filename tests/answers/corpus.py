"""Leçon 01 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import functools
import html
import io
import itertools
import random
import re
import statistics
from collections import Counter, OrderedDict, defaultdict

import numpy as np

from answers import Answer
from aurore import corpus, language
from aurore.corpus import SPLITS, Refused
from aurore.exercises import corpus as fiches

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


def _first_generator(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
        except Refused:
            continue
        yield raw


def _first_all_accepted(paths, read, check):
    found = []
    for path in paths:
        raw = read(path)
        if raw is not None:
            try:
                check(raw)
                found.append(raw)
            except Refused:
                pass
    return found


def _first_prints(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is not None:
            try:
                check(raw)
                print(raw)
                break
            except Refused as error:
                print(error)


def _first_returns_path(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is not None:
            try:
                check(raw)
                return path
            except Refused:
                continue
    return None


def _first_check_as_boolean(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is not None and check(raw):
            return raw
    return None


def _first_reads_twice(paths, read, check):
    refusal = None
    for path in paths:
        if read(path) is not None:
            try:
                check(read(path))
                return read(path)
            except Refused as error:
                refusal = refusal or error
    if refusal:
        raise refusal


def _first_other_error(paths, read, check):
    seen = False
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        seen = True
        try:
            check(raw)
            return raw
        except Refused:
            pass
    if seen:
        raise ValueError("aucun fichier accepté")


def _first_empty_is_nothing(paths, read, check):
    first = None
    for path in paths:
        raw = read(path)
        if not raw:
            continue
        try:
            check(raw)
            return raw
        except Refused as error:
            first = first or error
    if first:
        raise first


def _number_after_a_letter(text):
    found = re.search(r"[eBook|Etext] #(\d+)", text)
    return int(found.group(1)) if found else None


def _end_either_marker(text):
    found = re.search(r"\*\*\* ?(START|END) OF", text)
    return found.start() if found else len(text)


def _first_returns_refusal(paths, read, check):
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
    return refusal


def _first_only_first_path(paths, read, check):
    raw = read(paths[0])
    check(raw)
    return raw


def _first_empty_bytes(paths, read, check):
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
            return raw
        except Refused:
            continue
    return b""


def _first_raises_nothing_found(paths, read, check):
    refusal = Refused("rien trouvé")
    for path in paths:
        raw = read(path)
        if raw is not None:
            try:
                check(raw)
                return raw
            except Refused as error:
                refusal = error
    raise refusal


def _first_by_name(paths, read, check):
    """Récursive, par le nom de l'exercice."""
    if not paths:
        return None
    raw = read(paths[0])
    if raw is None:
        return first_accepted(paths[1:], read, check)  # noqa: F821
    try:
        check(raw)
        return raw
    except Refused as refusal:
        try:
            found = first_accepted(paths[1:], read, check)  # noqa: F821
        except Refused:
            found = None
        if found is None:
            raise refusal from None
        return found


def _first_iterator(paths, read, check):
    refused = []

    def accepted(raw):
        try:
            check(raw)
        except Refused as error:
            refused.append(error)
            return False
        return True

    raws = (raw for raw in map(read, paths) if raw is not None)
    found = next(filter(accepted, raws), None)
    if found is None and refused:
        raise refused[0]
    return found


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


def _number_last_digits(text):
    return int(re.findall(r"\d+", text)[-1])


def _number_largest(text):
    found = [int(number) for number in re.findall(r"\d+", text)]
    return max(found) if found else None


def _number_all(text):
    return [int(number) for number in re.findall(r"#(\d+)", text)]


def _number_five_digits(text):
    match = re.search(r"#(\d{5})", text)
    return int(match.group(1)) if match else None


def _number_zero(text):
    match = re.search(r"#(\d+)", text)
    return int(match.group(1)) if match else 0


def _number_minus_one(text):
    return int(text.split("#")[1].split("]")[0]) if "#" in text else -1


def _number_match(text):
    return re.search(r"#(\d+)\]", text)


def _number_keeps_sign(text):
    match = re.search(r"#\d+", text)
    return match.group() if match else None


def _number_position(text):
    return text.find("#") + 1 or None


def _number_prints(text):
    match = re.search(r"#(\d+)", text)
    if match:
        print(int(match.group(1)))


def _number_float(text):
    match = re.search(r"#(\d+)", text)
    return float(match.group(1)) if match else None


def _number_line_start(text):
    match = re.match(r".*#(\d+)", text)
    return int(match.group(1)) if match else None


def _number_text_none(text):
    match = re.search(r"#(\d+)", text)
    return int(match.group(1)) if match else "None"


def _number_try(text):
    try:
        return int(text.split("#", 1)[1].split("]", 1)[0])
    except IndexError:
        return None


def _number_digit_by_digit(text):
    start = text.find("#")
    if start < 0:
        return None
    number = 0
    for sign in text[start + 1 :]:
        if not sign.isdigit():
            break
        number = 10 * number + int(sign)
    return number


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


def _decode_bytes(raw):
    return raw.replace(b"\r\n", b"\n")


def _decode_str(raw):
    return str(raw)


def _decode_one_branch(raw):
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def _decode_other_branch(raw):
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252").replace("\r\n", "\n")


def _decode_bom_means_utf8(raw):
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp1252"
    return raw.decode(encoding).replace("\r\n", "\n")


def _decode_replaces(raw):
    return raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _decode_lines(raw):
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return raw.decode("cp1252").splitlines()


def _decode_doubles_lines(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r", "\n")


def _decode_joins_all(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r\n", " ")


def _decode_no_return(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    text.replace("\r\n", "\n")


def _decode_forgets_replace(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    text.replace("\r\n", "\n")
    return text


def _decode_wrong_exception(raw):
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeEncodeError:
        return raw.decode("cp1252").replace("\r\n", "\n")


def _decode_ascii(raw):
    return raw.decode("ascii", errors="ignore").replace("\r\n", "\n")


def _decode_two_letters(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1").replace("\x9c", "œ").replace("\x92", "’")
    return text.replace("\r\n", "\n")


def _decode_strips(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r\n", "\n").strip()


def _decode_wrapper(raw):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return io.TextIOWrapper(io.BytesIO(raw), encoding=encoding).read()
        except UnicodeDecodeError:
            continue


def _decode_is_utf8(raw):
    def is_utf8(data):
        try:
            data.decode("utf-8")
        except ValueError:
            return False
        return True

    text = raw.decode("utf-8" if is_utf8(raw) else "cp1252")
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


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


def _end_first_stars(text):
    position = text.find("***")
    return position if position >= 0 else len(text)


def _end_inside_the_marker(text):
    position = text.find("END OF")
    return position if position >= 0 else len(text)


def _end_next(text):
    lines = text.splitlines(keepends=True)
    ranks = (rank for rank, line in enumerate(lines) if re.match(r"[*]{3} ?END OF ", line))
    return sum(map(len, lines[: next(ranks, len(lines))]))


def _end_text(text):
    return text.split("*** END OF")[0].split("***END OF")[0]


def _end_match(text):
    return re.search(r"^\*\*\* ?END OF", text, re.MULTILINE) or len(text)


def _end_last_stars(text):
    return text.rfind("***")


def _end_index(text):
    return re.search(r"\*\*\* ?END OF", text).span()


def _end_from_the_end(text):
    match = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    return match.start() - len(text) if match else len(text)


def _end_zero(text):
    match = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    return match.start() if match else 0


def _end_none_when_absent(text):
    match = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    return match.start() if match else None


def _end_prints(text):
    match = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    print(match.start() if match else len(text))


def _end_without_multiline(text):
    match = re.search(r"^\*\*\* ?END OF", text)
    return match.start() if match else len(text)


def _end_unescaped(text):
    match = re.search(r"*** ?END OF", text)
    return match.start() if match else len(text)


def _end_too_long(text):
    match = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    return match.start() if match else len(text) + 1


def _end_words(text):
    for rank, word in enumerate(text.split()):
        if word.startswith("***"):
            return rank
    return len(text)


def _end_lower(text):
    return text.lower().index("*** end of")


def _end_by_lines(text):
    position = 0
    for line in text.split("\n"):
        if line.startswith("***") and line.lstrip("* ").startswith("END OF"):
            break
        position += len(line) + 1
    return min(position, len(text))


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


def _frame_splits_at_stars(text):
    pieces = text.split("***")
    return pieces[2].strip() if len(pieces) > 2 else text


def _frame_slices(text):
    for form in ("*** START OF", "***START OF"):
        if form in text:
            text = text[text.index("\n", text.index(form)) :]
    for form in ("*** END OF", "***END OF"):
        if form in text:
            text = text[: text.index(form)]
    return text.strip()


def _frame_keeps_two_lines(text):
    """Compte les lignes de l'en-tête du premier exemple."""
    end = re.search(r"\*\*\* ?END OF", text)
    return "\n".join(text[: end.start() if end else len(text)].split("\n")[5:]).strip()


def _frame_list(text):
    return [line for line in _frame_lines(text).split("\n")]


def _frame_blank_ends(text):
    start = re.search(r"\*\*\* ?START OF.*", text)
    end = re.search(r"\*\*\* ?END OF", text)
    return text[start.end() if start else 0 : end.start() if end else len(text)]


def _frame_one_line(text):
    return " ".join(_frame_lines(text).split())


def _frame_drops_blank(text):
    return "\n".join(line for line in _frame_lines(text).split("\n") if line)


def _frame_tuple(text):
    match = re.search(r"\*\*\* ?START OF[^\n]*\n(.*?)\n\*\*\* ?END OF", text, re.DOTALL)
    return match.groups() if match else (text,)


def _frame_greedy(text):
    match = re.search(r"\*\*\* ?START.*\*\*\*(.*)\*\*\* ?END OF", text, re.DOTALL)
    return match.group(1).strip() if match else text


def _frame_first_paragraph(text):
    body = _frame_lines(text)
    return body.split("\n\n")[0]


def _frame_skips_a_line(text):
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if re.match(r"\*\*\* ?START OF", line)), -1)
    last = next((i for i, line in enumerate(lines) if re.match(r"\*\*\* ?END OF", line)), len(lines))
    return "\n".join(lines[first + 3 : last]).strip()


def _frame_prints(text):
    print(_frame_lines(text))


def _frame_find_minus_one(text):
    start = text.find("*** START OF")
    end = text.find("*** END OF")
    return text[text.find("\n", start) + 1 : end].strip()


def _frame_strip_letters(text):
    body = _frame_lines(text)
    return body.strip("\n.")


def _frame_none_without_markers(text):
    match = re.search(r"\*\*\* ?START OF[^\n]*\n(.*?)\*\*\* ?END OF", text, re.DOTALL)
    if match:
        return match.group(1).strip()


def _frame_end_only(text):
    return re.split(r"\*\*\* ?END OF", text)[0].strip()


def _frame_by_name(text):
    """Récursive : ôte un bout, puis l'autre."""
    if start := re.search(r"\*\*\* ?START OF.*\n", text):
        return cut_frame(text[start.end() :])  # noqa: F821
    if end := re.search(r"\*\*\* ?END OF", text):
        return cut_frame(text[: end.start()])  # noqa: F821
    return text.strip("\n")


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


def _paragraphs_short_dropped(text):
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text)]
    return [block for block in blocks if len(block) > 10]


def _paragraphs_sorted(text):
    return sorted(" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())


def _paragraphs_groupby(text):
    groups = itertools.groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return [" ".join(map(str.strip, lines)) for full, lines in groups if full]


def _paragraphs_generator(text):
    for block in re.split(r"\n\s*\n", text):
        if block.strip():
            yield " ".join(block.split())


def _paragraphs_text(text):
    return "\n".join(" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())


def _paragraphs_words(text):
    return [block.split() for block in re.split(r"\n\s*\n", text) if block.strip()]


def _paragraphs_two_spaces(text):
    return [block.replace("\n", "  ").strip() for block in re.split(r"\n\s*\n", text) if block.strip()]


def _paragraphs_tuple(text):
    return tuple(" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())


def _paragraphs_no_blank_filter(text):
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text)]


def _paragraphs_adds_full_stop(text):
    return [" ".join(block.split()) + "." for block in re.split(r"\n\s*\n", text) if block.strip()]


def _paragraphs_lower(text):
    return [" ".join(block.lower().split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def _paragraphs_commas(text):
    return [",".join(block.split("\n")) for block in re.split(r"\n\n+", text.strip()) if block]


def _paragraphs_only_first(text):
    for block in re.split(r"\n\s*\n", text):
        return [" ".join(block.split())]


def _paragraphs_exactly_two(text):
    return [" ".join(block.split("\n")).strip() for block in text.split("\n\n")]


def _paragraphs_by_sentence(text):
    return [piece.strip() + "." for piece in " ".join(text.split()).split(".") if piece.strip()]


def _paragraphs_prints(text):
    for block in re.split(r"\n\s*\n", text):
        print(" ".join(block.split()))


def _paragraphs_shared_append(text):
    found, current = [], []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            current.append(line.strip())
        elif current:
            found.append(" ".join(current))
    return found


def _paragraphs_by_name(text):
    """Récursive : le premier paragraphe, puis les autres."""
    head, _, tail = text.strip().partition("\n\n")
    return [" ".join(head.split()), *paragraphs(tail)] if head else []  # noqa: F821


# --- Chasse au bug : l'anglais ---------------------------------------------------------------------------


def _french_accents(text):
    """Le point de départ de la chasse, tel que le donne la cellule."""
    return any(letter in text for letter in "éèêàîô")


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


def _french_distinct_share(text):
    words = set(text.lower().split())
    return len(words & {"le", "les", "que", "et", "ne", "pas"}) > 0.05 * max(1, len(words))


def _french_absolute(text):
    return sum(word in {"le", "les", "que", "et", "ne", "pas"} for word in text.lower().split()) >= 10


def _french_distinct_count(text):
    return len({"le", "les", "que", "et", "ne", "pas"} & set(text.lower().split())) >= 3


def _french_text_answer(text):
    words = text.lower().split()
    share = sum(word in {"le", "les", "que", "et", "ne", "pas"} for word in words) / max(1, len(words))
    return "français" if share > 0.05 else "pas français"


def _french_substrings(text):
    found = sum(text.lower().count(word) for word in ("le", "les", "que", "et", "ne", "pas"))
    return found > 0.05 * len(text.split())


def _french_too_high(text):
    words = text.lower().split()
    return sum(word in {"le", "les", "que", "et", "ne", "pas"} for word in words) > 0.5 * len(words)


def _french_characters(text):
    words = text.lower().split()
    return sum(word in {"le", "les", "que", "et", "ne", "pas"} for word in words) > 0.05 * len(text)


def _french_share_number(text):
    words = text.lower().split()
    return sum(word in {"le", "les", "que", "et", "ne", "pas"} for word in words) / max(1, len(words))


def _french_romance(text):
    words = text.lower().split()
    return sum(word in {"le", "la", "il", "un", "de", "di", "e", "que"} for word in words) > 0.05 * max(1, len(words))


def _french_always(text):
    return True


def _french_reversed(text):
    words = text.lower().split()
    return sum(word in {"le", "les", "que", "et", "ne", "pas"} for word in words) < 0.05 * len(words)


def _french_prints(text):
    words = text.lower().split()
    print(sum(word in {"le", "les", "que", "et"} for word in words) > 0.03 * len(words))


def _french_first_words(text):
    words = text.lower().split()[:20]
    return any(word in {"le", "les", "que", "et"} for word in words)


def _french_accented_words(text):
    words = text.split()
    return sum(not word.isascii() for word in words) > 0.1 * len(words)


def _french_with_la(text):
    words = text.lower().split()
    return sum(word in {"le", "la", "les", "que", "et"} for word in words) > 0.05 * len(words)


def _french_mean(text):
    words = re.findall(r"\w+", text.lower())
    return statistics.mean([word in ("le", "les", "que", "et", "ne", "pas", "dans") for word in words] or [0]) > 0.05


def _french_by_twenty(text):
    """Au moins un petit mot sur vingt."""
    words = text.lower().split()
    return len([word for word in words if word in {"et", "les", "que", "le", "qui", "pas"}]) > len(words) // 20


def _french_loop(text):
    found = total = 0
    for word in text.replace("\n", " ").split(" "):
        if word:
            total += 1
            if word.lower() in ["le", "la", "les", "de", "des", "et", "que", "qui"]:
                found += 1
    if total == 0:
        return False
    return found / total > 0.12


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


def _rejoin_generator(pieces):
    current = None
    for piece in pieces:
        first = re.search(r"\w", piece)
        if current is not None and (first is None or first.group().islower()):
            current += " " + piece
        else:
            if current is not None:
                yield current
            current = piece
    if current is not None:
        yield current


def _rejoin_forgets_last(pieces):
    sentences, current = [], ""
    for piece in pieces:
        first = re.search(r"\w", piece)
        if current and (first is None or first.group().islower()):
            current += " " + piece
        else:
            if current:
                sentences.append(current)
            current = piece
    return sentences


def _rejoin_two_spaces(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if sentences and (first is None or first.group().islower()):
            sentences[-1] += "  " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_doubles(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if sentences and (first is None or first.group().islower()):
            sentences[-1] += " " + piece
        sentences.append(piece)
    return sentences


def _rejoin_to_next(pieces):
    sentences = []
    for rank, piece in enumerate(pieces):
        first = re.search(r"\w", piece)
        if first and first.group().islower() and rank + 1 < len(pieces):
            sentences.append(piece + " " + pieces[rank + 1])
        else:
            sentences.append(piece)
    return sentences


def _rejoin_any_lower(pieces):
    sentences = []
    for piece in pieces:
        if sentences and any(sign.islower() for sign in piece):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_lowers(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece.lower())
        if sentences and (first is None or first.group().islower()):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_drops_bare(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if first is None:
            continue
        if sentences and first.group().islower():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_nested(pieces):
    groups = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if groups and (first is None or first.group().islower()):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _rejoin_prints(pieces):
    for piece in pieces:
        print(piece)


def _rejoin_needs_one(pieces):
    sentences = [pieces[0]]
    for piece in pieces[1:]:
        first = re.search(r"\w", piece)
        if first is None or first.group().islower():
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_one_dash(pieces):
    sentences = []
    for piece in pieces:
        start = piece[2:3] if piece.startswith("— ") else piece[:1]
        if sentences and not (start.isupper() or start.isdigit() or start == "«"):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_strips_signs(pieces):
    sentences = []
    for piece in pieces:
        bare = piece.lstrip("—« ")
        if sentences and (bare[:1].islower() or not any(sign.isalnum() for sign in bare)):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_reduce(pieces):
    def add(sentences, piece):
        letters = re.findall(r"\w", piece)
        if sentences and not (letters and not letters[0].islower()):
            return [*sentences[:-1], sentences[-1] + " " + piece]
        return [*sentences, piece]

    return functools.reduce(add, pieces, [])


def _rejoin_by_name(pieces):
    """Récursive : le dernier morceau, une fois les autres recollés."""
    if not pieces:
        return []
    *others, last = pieces
    done = rejoin(others)  # noqa: F821
    first = re.search(r"\w", last)
    if done and (not first or first.group().islower()):
        return [*done[:-1], f"{done[-1]} {last}"]
    return [*done, last]


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


def _gather_rows(books):
    return [
        (book.title, chapter, paragraph)
        for book in books
        for chapter, paragraph in zip(book.chapters, book.paragraphs, strict=True)
    ]


def _gather_tuple(books):
    titles, chapters, found = [], [], []
    for book in books:
        titles += [book.title] * len(book.paragraphs)
        chapters += book.chapters
        found += book.paragraphs
    return titles, chapters, found


def _gather_french_keys(books):
    rows = {"livre": [], "chapitre": [], "paragraphe": []}
    for book in books:
        rows["livre"] += [book.title] * len(book.paragraphs)
        rows["chapitre"] += book.chapters
        rows["paragraphe"] += book.paragraphs
    return rows


def _gather_titles_spelled(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += book.title * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_books_themselves(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_no_return(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs


def _gather_by_book(books):
    return {book.title: book.paragraphs for book in books}


def _gather_texts(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"].append(book.title)
        rows["chapter"].append(book.chapters[0])
        rows["paragraph"].append(" ".join(book.paragraphs))
    return rows


def _gather_one_chapter(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += [book.chapters[0]] * len(book.paragraphs)
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_skips_first(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books[1:]:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_swapped(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.paragraphs
        rows["paragraph"] += book.chapters
    return rows


def _gather_defaultdict(books):
    rows = defaultdict(list)
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def _gather_zip(books):
    rows = [(book.title, *pair) for book in books for pair in zip(book.chapters, book.paragraphs, strict=True)]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    return dict(zip(("book", "chapter", "paragraph"), columns, strict=True))


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


def _split_lists(books):
    return [[book for book in books if book.role == part] for part in SPLITS]


def _split_by_title(books):
    return {book.title: [book] for book in books}


def _split_counts(books):
    return {part: sum(book.role == part for book in books) for part in SPLITS}


def _split_one_each(books):
    parts = dict.fromkeys(SPLITS)
    for book in books:
        if book.role in parts:
            parts[book.role] = book
    return parts


def _split_no_return(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        if book.role in parts:
            parts[book.role].append(book)


def _split_three_parts(books):
    return {part: [book for book in books if book.role == part] for part in ("train", "validation", "test")}


def _split_wrong_key(books):
    return {part: [book for book in books if book.role == part] for part in ("train", "valid", "test", "base")}


def _split_extends(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        if book.role in parts:
            parts[book.role] += book.paragraphs
    return parts


def _split_generators(books):
    return {part: (book for book in books if book.role == part) for part in SPLITS}


def _split_none_for_empty(books):
    return {part: [book for book in books if book.role == part] or None for part in SPLITS}


def _split_trap_in_base(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        parts.get(book.role, parts["base"]).append(book)
    return parts


def _split_return_inside(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        if book.role in parts:
            parts[book.role].append(book)
        return parts
    return parts


def _split_sets(books):
    return {part: {book.title for book in books if book.role == part} for part in SPLITS}


def _split_insert(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        if book.role in parts:
            parts[book.role].insert(0, book)
    return parts


def _split_tuples(books):
    return {part: tuple(book for book in books if book.role == part) for part in SPLITS}


def _split_pairs(books):
    return [(part, [book for book in books if book.role == part]) for part in SPLITS]


def _split_ordered(books):
    parts = OrderedDict((part, []) for part in SPLITS)
    for book in books:
        found = parts.get(book.role)
        if found is not None:
            found.append(book)
    return parts


def _split_by_name(books):
    """Récursive : le dernier livre, une fois les autres rangés."""
    if not books:
        return {part: [] for part in SPLITS}
    *others, last = books
    parts = split_by_book(others)  # noqa: F821
    return {part: found + [last] * (last.role == part) for part, found in parts.items()}


# --- Par exercice

def _end_from_the_start(text):
    found = re.match(r"\*\*\* ?END OF", text)
    return found.start() if found else len(text)


def _frame_dotall(text):
    start = re.search(r"\*\*\* ?START OF.*", text, re.DOTALL)
    return text[start.end() if start else 0 : corpus.end_of_book(text)].strip()


def _number_last_sign(text):
    found = re.findall(r"#\s*(\d+)", text)
    return int(found[-1]) if found else None


def _number_one_digit(text):
    found = re.search(r"#(\d)", text)
    return int(found.group(1)) if found else None


def _gather_distinct_chapters(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += dict.fromkeys(book.chapters)
        rows["paragraph"] += book.paragraphs
    return rows


def _end_without_stars(text):
    found = re.search(r"^.*END OF TH", text, re.M)
    return found.start() if found else len(text)


def _end_by_title(text):
    found = re.search(r"^\*\*\*.*LE MOULIN", text, re.M)
    return found.start() if found else len(text)


def _frame_strips_stars(raw):
    start = re.search(r"^\*\*\* ?START OF.*$", raw, re.M)
    return raw[start.end() if start else 0 : corpus.end_of_book(raw)].strip("* \n")


def _paragraphs_until_a_stop(text, stops="."):
    result, current = [], []
    for line in text.split("\n"):
        if line.strip():
            current.append(line.strip())
        if current and (not line.strip() or line.rstrip()[-1] in stops):
            result.append(" ".join(current))
            current = []
    return [*result, " ".join(current)] if current else result


def _paragraphs_until_any_stop(text):
    return _paragraphs_until_a_stop(text, ".!?…»")


def _paragraphs_unique(text):
    return list(dict.fromkeys(" ".join(piece.split()) for piece in re.split(r"\n\s*\n", text) if piece.strip()))


def _paragraphs_from_a_capital(text):
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if found and not line[0].isupper():
            found[-1] += " " + line
        else:
            found.append(line)
    return found


def _paragraphs_until_a_short_line(text):
    found, current = [], []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            current.append(line.strip())
        if current and len(line) < 40:
            found.append(" ".join(current))
            current = []
    return found

# --- Écrites d'après le seul énoncé ------------------------------------------------------------


# Rend la fin du marqueur.
def _fresh_end_of_book_w4(text):
    m = re.search(r"\*\*\* ?END OF.*", text)
    return m.end() if m else len(text)


# Rend le numéro de la ligne.
def _fresh_end_of_book_w7(text):
    for i, line in enumerate(text.split("\n")):
        if line.startswith("*** END OF") or line.startswith("***END OF"):
            return i
    return len(text)


# Un saut de ligne plus tôt, comme le code du carnet.
def _fresh_end_of_book_r5(text):
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith(("*** END OF", "***END OF")):
            return len("\n".join(lines[:i]))
    return len(text)


# Étoiles seules.
def _fresh_end_of_book_w9(text):
    i = text.rfind("***")
    return i if i >= 0 else len(text)


# None quand rien.
def _fresh_end_of_book_w10(text):
    m = re.search(r"^\*\*\*\s?END OF", text, re.M)
    if m:
        return m.start()


# END OF sans étoiles.
def _fresh_end_of_book_w12(text):
    i = text.find("END OF")
    return i if i != -1 else len(text)


# Remonte jusqu'à END OF, avec boucle qui dépasse.
def _fresh_end_of_book_w14(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while "*** END OF" not in lines[last] and "***END OF" not in lines[last]:
        last -= 1
    return len("\n".join(lines[:last])) + 1


# Re.search MULTILINE.
def _fresh_end_of_book_r1(text):
    m = re.search(r"^\*{3} ?END OF", text, flags=re.MULTILINE)
    if m is None:
        return len(text)
    return m.start()


# Somme des longueurs de lignes.
def _fresh_end_of_book_r2(text):
    position = 0
    for line in text.splitlines(keepends=True):
        if line.startswith("*** END OF") or line.startswith("***END OF"):
            return position
        position += len(line)
    return len(text)


# Find des deux écritures.
def _fresh_end_of_book_r3(text):
    found = [p for p in (text.find("\n*** END OF"), text.find("\n***END OF")) if p >= 0]
    if found:
        return min(found) + 1
    return 0 if text.startswith(("*** END OF", "***END OF")) else len(text)


# Le code du carnet, réparé.
def _fresh_end_of_book_r4(text):
    lines = text.split("\n")
    last = len(lines) - 1
    while last >= 0 and not re.match(r"\*\*\* ?END OF", lines[last]):
        last -= 1
    if last < 0:
        return len(text)
    return sum(len(l) + 1 for l in lines[:last])


# Un seul marqueur manquant : rend tout.
def _fresh_cut_frame_w8(text):
    start = re.search(r"\*\*\* ?START OF.*", text)
    end = re.search(r"\*\*\* ?END OF.*", text)
    if not start or not end:
        return text.strip()
    return text[start.end():end.start()].strip()


# Sans espace après les étoiles oublié.
def _fresh_cut_frame_w9(text):
    a = text.find("*** START OF")
    b = text.find("*** END OF")
    if a >= 0:
        a = text.find("\n", a)
    else:
        a = 0
    if b < 0:
        b = len(text)
    return text[a:b].strip()


# Coupe la première lettre (end + 2).
def _fresh_cut_frame_w11(text):
    start = re.search(r"^\*\*\* ?START OF.*$", text, re.M)
    end = re.search(r"^\*\*\* ?END OF.*$", text, re.M)
    a = start.end() + 2 if start else 0
    b = end.start() if end else len(text)
    return text[a:b].rstrip("\n")


# Laisse la fin de la ligne START (THIS PROJECT…).
def _fresh_cut_frame_w12(text):
    if "START OF" in text:
        text = text.split("START OF", 1)[1]
    text = re.split(r"\*\*\* ?END OF", text)[0]
    return text.strip()


# La ligne END cherchée avec find sans -1.
def _fresh_cut_frame_w15(text):
    m = re.search(r"\*\*\* ?START OF.*", text)
    start = m.end() if m else 0
    end = max(text.find("*** END OF"), text.find("***END OF"))
    return text[start:end].strip("\n")


# Ôte les lignes vides du milieu.
def _fresh_cut_frame_w16(text):
    m = re.search(r"\*\*\* ?START OF.*", text)
    inside = text[m.end() if m else 0 : corpus.end_of_book(text)]
    return "\n".join(line for line in inside.split("\n") if line.strip())


# Deux re.search et strip.
def _fresh_cut_frame_r1(text):
    start = re.search(r"^\*\*\* ?START OF.*$", text, re.M)
    end = re.search(r"^\*\*\* ?END OF.*$", text, re.M)
    a = start.end() if start else 0
    b = end.start() if end else len(text)
    return text[a:b].strip()


# Ligne à ligne.
def _fresh_cut_frame_r2(text):
    lines = text.splitlines()
    first, last = 0, len(lines)
    for i, line in enumerate(lines):
        if line.startswith(("*** START OF", "***START OF")):
            first = i + 1
        elif line.startswith(("*** END OF", "***END OF")):
            last = i
            break
    chosen = lines[first:last]
    while chosen and not chosen[0].strip():
        chosen.pop(0)
    while chosen and not chosen[-1].strip():
        chosen.pop()
    return "\n".join(chosen)


# Re.split.
def _fresh_cut_frame_r3(text):
    after = re.split(r"\*\*\* ?START OF[^\n]*\n?", text, maxsplit=1)[-1]
    before = re.split(r"\*\*\* ?END OF", after, maxsplit=1)[0]
    return before.strip("\n")


# Oublie le dernier paragraphe.
def _fresh_paragraphs_w4(text):
    out, current = [], []
    for line in text.split("\n"):
        if line.strip():
            current.append(line.strip())
        elif current:
            out.append(" ".join(current))
            current = []
    return out


# Tout d'un trait.
def _fresh_paragraphs_w8(text):
    return [" ".join(text.split())]


# Pas de strip : espace au bout.
def _fresh_paragraphs_w9(text):
    return [p.replace("\n", " ") for p in re.split(r"\n\n+", text) if p]


# Coupe sur un espace double.
def _fresh_paragraphs_w11(text):
    return [p.strip() for p in text.replace("\n", " ").split("  ") if p.strip()]


# Retire trop : espaces internes.
def _fresh_paragraphs_w12(text):
    return [re.sub(r"\s", "", p) for p in re.split(r"\n\s*\n", text) if p.strip()]


# Ne réinitialise pas le paragraphe courant.
def _fresh_paragraphs_w13(text):
    out, current = [], ""
    for line in text.split("\n"):
        if line.strip() == "":
            if current:
                out.append(current.strip())
        else:
            current += " " + line.strip()
    if current:
        out.append(current.strip())
    return out


# Re.split et split.
def _fresh_paragraphs_r1(text):
    return [" ".join(p.split()) for p in re.split(r"\n\s*\n", text) if p.strip()]


# Boucle.
def _fresh_paragraphs_r2(text):
    result = []
    current = []
    for line in text.splitlines():
        line = line.strip()
        if line:
            current.append(line)
        else:
            if current:
                result.append(" ".join(current))
            current = []
    if current:
        result.append(" ".join(current))
    return result


# Groupby.
def _fresh_paragraphs_r3(text):
    groups = itertools.groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return [" ".join(l.strip() for l in lines) for full, lines in groups if full]


# Replace + strip, garde les doubles espaces internes.
def _fresh_paragraphs_r4(text):
    blocks = re.split(r"\n[ \t]*\n", text)
    return [re.sub(r"\s*\n\s*", " ", b.strip()) for b in blocks if b.strip()]


# Un seul livre par part.
def _fresh_split_by_book_w8(books):
    return {b.role: [b] for b in books if b.role in corpus.SPLITS} | {s: [] for s in corpus.SPLITS if s not in {b.role for b in books}}


# Return dans la boucle.
def _fresh_split_by_book_w13(books):
    out = {s: [] for s in corpus.SPLITS}
    for book in books:
        if book.role in out:
            out[book.role].append(book)
        return out


# Filter (itérateurs).
def _fresh_split_by_book_w15(books):
    return {s: filter(lambda b: b.role == s, books) for s in corpus.SPLITS}


# Compréhension.
def _fresh_split_by_book_r1(books):
    books = list(books)
    return {part: [book for book in books if book.role == part] for part in corpus.SPLITS}


# Boucle.
def _fresh_split_by_book_r2(books):
    parts = {}
    for s in SPLITS:
        parts[s] = []
    for b in books:
        if b.role in SPLITS:
            parts[b.role].append(b)
    return parts


# Defaultdict rendu.
def _fresh_split_by_book_r3(books):
    d = defaultdict(list, {s: [] for s in corpus.SPLITS})
    for b in books:
        if b.role != "piege":
            d[b.role].append(b)
    return d


# Compréhension sans list().
def _fresh_split_by_book_r4(books):
    return {part: [book for book in books if book.role == part] for part in corpus.SPLITS}


# S'arrête au premier None.
def _fresh_first_accepted_w10(paths, read, check):
    refusals = []
    for path in paths:
        raw = read(path)
        if raw is None:
            return None
        try:
            check(raw)
            return raw
        except corpus.Refused as e:
            refusals.append(e)
    raise refusals[0]


# Refusals[0] sans rien trouvé.
def _fresh_first_accepted_w11(paths, read, check):
    refusals = []
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
            return raw
        except corpus.Refused as e:
            refusals.append(e)
    raise refusals[0]


# Except nu : avale toute erreur de read.
def _fresh_first_accepted_w14(paths, read, check):
    first = None
    for path in paths:
        try:
            raw = read(path)
            if raw is None:
                continue
            check(raw)
            return raw
        except:
            pass
    raise corpus.Refused("rien")


# Lit deux fois le même chemin.
def _fresh_first_accepted_w15(paths, read, check):
    first = None
    for path in paths:
        if read(path) is None:
            continue
        try:
            check(read(path))
            return read(path)
        except corpus.Refused as e:
            first = first or e
    if first:
        raise first


# Try/except/else.
def _fresh_first_accepted_r1(paths, read, check):
    first = None
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
        except corpus.Refused as refusal:
            if first is None:
                first = refusal
        else:
            return raw
    if first is not None:
        raise first
    return None


# Liste de refus.
def _fresh_first_accepted_r2(paths, read, check):
    refusals = []
    for path in paths:
        if (raw := read(path)) is not None:
            try:
                check(raw)
                return raw
            except corpus.Refused as e:
                refusals.append(e)
    if refusals:
        raise refusals[0]


# Récursion.
def _fresh_first_accepted_r3(paths, read, check):
    paths = list(paths)
    if not paths:
        return None
    raw = read(paths[0])
    if raw is None:
        return first_accepted(paths[1:], read, check)
    try:
        check(raw)
        return raw
    except corpus.Refused as e:
        try:
            rest = first_accepted(paths[1:], read, check)
        except corpus.Refused:
            raise e
        if rest is None:
            raise e
        return rest


# Premier # venu.
def _fresh_header_number_w4(text):
    m = re.search(r"#\s*(\d+)", text)
    return int(m.group(1)) if m else None


# Re.match au début du texte.
def _fresh_header_number_w8(text):
    m = re.match(r".*\[(?:eBook|Etext) #(\d+)\]", text)
    return int(m.group(1)) if m else None


# Findall, une liste.
def _fresh_header_number_w10(text):
    return [int(n) for n in re.findall(r"\[(?:eBook|Etext) #(\d+)\]", text)]


# Le dernier.
def _fresh_header_number_w11(text):
    numbers = re.findall(r"\[(?:eBook|Etext) #(\d+)\]", text)
    return int(numbers[-1]) if numbers else None


# Split, plante sans.
def _fresh_header_number_w14(text):
    return int(text.split("#")[1].split("]")[0])


# IGNORECASE.
def _fresh_header_number_r1(text):
    m = re.search(r"\[e(?:book|text) #(\d+)\]", text, re.IGNORECASE)
    return int(m[1]) if m else None


# Sans regex.
def _fresh_header_number_r2(text):
    for mark in ("[eBook #", "[Etext #"):
        start = text.find(mark)
        if start != -1:
            start += len(mark)
            return int(text[start: text.index("]", start)])
    return None


# Findall.
def _fresh_header_number_r3(text):
    found = re.findall(r"\[(?:eBook|Etext)\s*#\s*(\d+)\s*\]", text)
    return int(found[0]) if found else None


# Boucle de lignes.
def _fresh_header_number_r4(text):
    for line in text.splitlines():
        m = re.search(r"\[(eBook|Etext) #([0-9]+)\]", line)
        if m:
            return int(m.group(2))


# Supprime les \r : un vieux Mac perd ses lignes ; deux fins.
def _fresh_decode_w9(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r", "\n")


# Splitlines join : perd la fin.
def _fresh_decode_w13(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return "\n".join(text.split("\r\n")).strip()


# Lit l'en-tête déclaré.
def _fresh_decode_w14(raw):
    m = re.search(rb"encoding: (\S+)", raw)
    text = raw.decode(m.group(1).decode() if m else "utf-8")
    return text.replace("\r\n", "\n")


# Classique.
def _fresh_decode_r1(raw):
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Boucle d'encodages.
def _fresh_decode_r2(raw):
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    return re.sub(r"\r\n?", "\n", text)


# Io.TextIOWrapper.
def _fresh_decode_r3(raw):
    import io
    try:
        return io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig").read()
    except UnicodeDecodeError:
        return io.TextIOWrapper(io.BytesIO(raw), encoding="cp1252").read()


# Cp1252 avec replace, seulement \r\n.
def _fresh_decode_r4(raw):
    raw = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


# Divise par zéro sur un texte vide.
def _fresh_is_french_w8(text):
    ws = text.lower().split()
    small = {"le", "la", "les", "un", "une", "des", "et", "que", "qui", "dans", "est", "pas", "ne", "il", "elle", "je"}
    return sum(w in small for w in ws) / len(ws) > 0.1


# Plus de français que d'anglais « the ».
def _fresh_is_french_w9(text):
    t = text.lower()
    return t.count(" le ") > t.count(" the ")


# Inversé.
def _fresh_is_french_w12(text):
    ws = re.findall(r"\w+", text.lower())
    small = {"le", "la", "les", "un", "une", "des", "et", "que", "qui", "dans", "est", "pas", "ne", "il", "elle"}
    return sum(w in small for w in ws) / max(1, len(ws)) < 0.1


# Seuil 10 %.
def _fresh_is_french_r1(text):
    ws = re.findall(r"\w+", text.lower())
    small = {"le", "la", "les", "un", "une", "des", "et", "que", "qui", "dans", "est", "pas", "ne", "il", "elle", "je", "de", "du", "en"}
    return sum(w in small for w in ws) / max(1, len(ws)) > 0.1


# Language.words, Counter.
def _fresh_is_french_r2(text):
    found = language.words(text)
    if not found:
        return False
    counts = Counter(found)
    little = sum(counts[w] for w in ("le", "la", "les", "et", "que", "qui", "des", "une", "un", "dans", "pas", "pour"))
    return little / len(found) > 0.08


# Seulement les mots de l'énoncé, seuil 5 %.
def _fresh_is_french_r3(text):
    ws = re.findall(r"[a-zà-ÿœ]+", text.lower())
    return len(ws) > 0 and sum(w in ("le", "les", "que", "et", "la", "un", "une") for w in ws) / len(ws) >= 0.05


# Les quatre mots de l'énoncé, seuil 3 %.
def _fresh_is_french_r4(text):
    ws = [w.strip(".,;:!?«»()—-") for w in text.lower().split()]
    n = 0
    for w in ws:
        if w in ["le", "les", "que", "et"]:
            n += 1
    return n > 0.03 * len(ws) if ws else False


# Colle au suivant.
def _fresh_rejoin_w7(pieces):
    out, buffer = [], ""
    for p in pieces:
        letters = [c for c in p if c.isalnum()]
        if not letters or letters[0].islower():
            buffer += p + " "
        else:
            out.append(buffer + p)
            buffer = ""
    return out


# Modifie la liste pendant le parcours.
def _fresh_rejoin_w10(pieces):
    for i, p in enumerate(pieces):
        letters = [c for c in p if c.isalnum()]
        if i > 0 and (not letters or letters[0].islower()):
            pieces[i - 1] += " " + p
            pieces.pop(i)
    return pieces


# Colle au premier.
def _fresh_rejoin_w13(pieces):
    out = []
    for p in pieces:
        letters = [c for c in p if c.isalnum()]
        if out and (not letters or letters[0].islower()):
            out[0] += " " + p
        else:
            out.append(p)
    return out


# Morceau recollé compté deux fois.
def _fresh_rejoin_w14(pieces):
    out = []
    for p in pieces:
        letters = [c for c in p if c.isalnum()]
        if out and (not letters or letters[0].islower()):
            out[-1] += " " + p
        out.append(p)
    return out


# Plante sur liste vide : pieces[0].
def _fresh_rejoin_w15(pieces):
    out = [pieces[0]]
    for p in pieces[1:]:
        letters = [c for c in p if c.isalnum()]
        if not letters or letters[0].islower():
            out[-1] += " " + p
        else:
            out.append(p)
    return out


# Boucle.
def _fresh_rejoin_r1(pieces):
    sentences = []
    for piece in pieces:
        first = next((c for c in piece if c.isalnum()), "")
        if sentences and (first == "" or first.islower()):
            sentences[-1] = f"{sentences[-1]} {piece}"
        else:
            sentences.append(piece)
    return sentences


# Regex.
def _fresh_rejoin_r2(pieces):
    out = []
    for p in pieces:
        m = re.search(r"[^\W_]", p)
        glue = m is None or m.group().islower()
        if glue and out:
            out[-1] += " " + p
        else:
            out.append(p)
    return out


# Sous-listes puis join.
def _fresh_rejoin_r3(pieces):
    groups = []
    for p in pieces:
        alnum = "".join(filter(str.isalnum, p))
        starts = bool(alnum) and not alnum[0].islower()
        if starts or not groups:
            groups.append([p])
        else:
            groups[-1].append(p)
    return [" ".join(g) for g in groups]


# Le titre une fois par livre.
def _fresh_gather_w3(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"].append(book.title)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


# Listes partagées.
def _fresh_gather_w7(books):
    rows = dict.fromkeys(("book", "chapter", "paragraph"), [])
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


# Répète le titre par nombre de chapitres distincts.
def _fresh_gather_w11(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(set(book.chapters))
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


# Dictionnaire dedans, update.
def _fresh_gather_w13(books):
    rows = {}
    for book in books:
        rows.update({"book": [book.title] * len(book.paragraphs), "chapter": book.chapters, "paragraph": book.paragraphs})
    return rows


# Rows sorti de la boucle.
def _fresh_gather_r1(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


# Zip, append.
def _fresh_gather_r2(books):
    titles, chapters, paragraphs = [], [], []
    for book in books:
        for chapter, paragraph in zip(book.chapters, book.paragraphs):
            titles.append(book.title)
            chapters.append(chapter)
            paragraphs.append(paragraph)
    return {"book": titles, "chapter": chapters, "paragraph": paragraphs}


# Compréhensions.
def _fresh_gather_r3(books):
    books = list(books)
    return {
        "book": [b.title for b in books for _ in b.paragraphs],
        "chapter": [c for b in books for c in b.chapters],
        "paragraph": [p for b in books for p in b.paragraphs],
    }


# Colonnes absentes sans livre.
def _fresh_gather_w14(books):
    rows = defaultdict(list)
    for book in books:
        rows["book"].extend(book.title for _ in book.paragraphs)
        rows["chapter"].extend(book.chapters)
        rows["paragraph"].extend(book.paragraphs)
    return dict(rows)


# Saute deux lignes après le marqueur.
def _fresh_cut_frame_w21(text):
    lines = text.split("\n")
    a, b = 0, len(lines)
    for i, l in enumerate(lines):
        if re.match(r"\*\*\* ?START OF", l): a = i + 2
        if re.match(r"\*\*\* ?END OF", l): b = i
    return "\n".join(lines[a:b]).strip()


# Ôte la dernière ligne avant END.
def _fresh_cut_frame_w22(text):
    m = re.search(r"\*\*\* ?START OF.*\n", text)
    lines = text[m.end() if m else 0: corpus.end_of_book(text)].split("\n")
    return "\n".join(lines[:-2]).strip()


# Coupe au premier saut de ligne double après START.
def _fresh_cut_frame_w23(text):
    m = re.search(r"\*\*\* ?START OF.*\n\n", text)
    a = m.end() if m else 0
    return text[a:corpus.end_of_book(text)].strip()


# Ôte toutes les étoiles.
def _fresh_cut_frame_w24(text):
    m = re.search(r"\*\*\* ?START OF.*", text)
    return text[m.end() if m else 0:corpus.end_of_book(text)].strip("*\n ")


# End_of_book sur le texte déjà coupé, mais position de l'entier.
def _fresh_cut_frame_w25(text):
    end = corpus.end_of_book(text)
    m = re.search(r"\*\*\* ?START OF.*", text)
    if m:
        text = text[m.end():]
    return text[:end].strip("\n")


# Regex unique avec options.
def _fresh_cut_frame_r21(text):
    m = re.search(r"(?:.*?^\*\*\* ?START OF[^\n]*\n?|\A)(.*?)(?:^\*\*\* ?END OF.*)?\Z", text, re.S | re.M)
    return m.group(1).strip()


# Partition par lignes inversées.
def _fresh_cut_frame_r22(text):
    lines = text.split("\n")
    starts = [i for i, l in enumerate(lines) if l.replace(" ", "").startswith("***STARTOF")]
    ends = [i for i, l in enumerate(lines) if l.replace(" ", "").startswith("***ENDOF")]
    first = starts[0] + 1 if starts else 0
    last = ends[0] if ends else len(lines)
    return "\n".join(lines[first:last]).strip()


# Coupe aux tabulations et doubles blancs.
def _fresh_paragraphs_w21(text):
    return [" ".join(p.split()) for p in re.split(r"\s\s+", text) if p.strip()]


# Remplace \n\n par un signe puis \n par rien.
def _fresh_paragraphs_w22(text):
    text = text.replace("\n\n", "@").replace("\n", "")
    return [p for p in text.split("@") if p]


# Garde les lignes avec espace de fin : espaces de bout.
def _fresh_paragraphs_w24(text):
    return [re.sub(r"\n", " ", b) for b in re.split(r"\n\s*\n", text.strip("\n")) if b]


# Splitlines et accumulateur.
def _fresh_paragraphs_r21(text):
    out, current = [], ""
    for line in text.splitlines() + [""]:
        if line.strip():
            current = (current + " " + line.strip()).strip()
        elif current:
            out.append(current)
            current = ""
    return out


# Textwrap-like, map.
def _fresh_paragraphs_r22(text):
    blocks = (" ".join(map(str.strip, b.strip().splitlines())) for b in re.split(r"(?:\n[ \t]*){2,}", text))
    return [b for b in blocks if b]


# Premier #, quel qu'il soit, avec split.
def _fresh_header_number_w21(text):
    return int(re.findall(r"#(\d+)", text)[0]) if "#" in text else None


# Le plus grand.
def _fresh_header_number_w22(text):
    n = [int(x) for x in re.findall(r"#(\d+)", text)]
    return max(n) if n else None


# Greedy : dernière occurrence.
def _fresh_header_number_w23(text):
    m = re.search(r".*\[(?:eBook|Etext) #(\d+)\]", text, re.S)
    return int(m.group(1)) if m else None


# Rsplit, le dernier, sans garde.
def _fresh_header_number_w25(text):
    return int(text.rsplit("#", 1)[-1].split("]")[0])


# Finditer.
def _fresh_header_number_r21(text):
    for m in re.finditer(r"\[(\w+) #(\d+)\]", text):
        if m[1] in ("eBook", "Etext"):
            return int(m[2])
    return None


# Walrus.
def _fresh_header_number_r22(text):
    if (m := re.search(r"(eBook|Etext) #(\d+)", text)):
        return int(m.group(2))


# Plus de mots français que de mots anglais.
def _fresh_is_french_w21(text):
    ws = text.lower().split()
    fr = sum(w in ("le", "les", "la", "et", "que") for w in ws)
    en = sum(w in ("the", "and", "of", "to", "that") for w in ws)
    return fr > en


# Langue par défaut : pas d'anglais = français.
def _fresh_is_french_w22(text):
    ws = text.lower().split()
    return sum(w in ("the", "and", "of", "to") for w in ws) / max(len(ws), 1) < 0.05


# Count de sous-chaînes / mots.
def _fresh_is_french_w23(text):
    t = text.lower()
    return sum(t.count(w) for w in ("le", "les", "que", "et")) / max(1, len(t.split())) > 0.05


# Seuil 1/1000.
def _fresh_is_french_w24(text):
    ws = re.findall(r"\w+", text.lower())
    return sum(w in ("le", "les", "que", "et", "la") for w in ws) / max(1, len(ws)) > 0.001


# Compte un échantillon du début, 20 mots.
def _fresh_is_french_w25(text):
    ws = re.findall(r"\w+", text.lower())[:20]
    return sum(w in ("le", "les", "que", "et", "la", "de") for w in ws) >= 2


# Seuil 2 % sur les quatre mots.
def _fresh_is_french_r21(text):
    ws = re.findall(r"\w+", text.lower())
    return bool(ws) and sum(w in {"le", "les", "que", "et"} for w in ws) / len(ws) > 0.02


# Liste longue, 15 %.
def _fresh_is_french_r22(text):
    small = set("le la les l un une des du de d et que qu qui ne pas il elle je tu vous nous dans sur par pour avec au aux ce cette se en y est".split())
    ws = re.findall(r"[^\W\d_]+", text.lower())
    return len([w for w in ws if w in small]) > 0.25 * len(ws) if ws else False


# Zip(*).
def _fresh_gather_r21(books):
    lines = [(b.title, c, p) for b in books for c, p in zip(b.chapters, b.paragraphs)]
    return {"book": [l[0] for l in lines], "chapter": [l[1] for l in lines], "paragraph": [l[2] for l in lines]}


# --- Des genres d'erreurs que les vérifications laissaient passer


_reference_cut_frame, _reference_decode, _reference_rejoin = corpus.cut_frame, corpus.decode, corpus.rejoin


def _end_one_line_above(text):
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith(("*** END OF", "***END OF")):
            return len("\n".join(lines[: i - 1]))
    return len(text)


def _end_without_stars(text):
    position = 0
    for line in text.split("\n"):
        if line.strip("* ").startswith("END OF"):
            return position
        position += len(line) + 1
    return len(text)


def _end_at_the_last_name(text):
    name = text.rfind("PROJECT GUTENBERG")
    return text.rfind("\n", 0, name) + 1 if name >= 0 else len(text)


def _end_without_of(text):
    match = re.search(r"^\*\*\* ?END", text, re.MULTILINE)
    return match.start() if match else len(text)


def _frame_strips_each_line(text):
    return "\n".join(line.strip() for line in _reference_cut_frame(text).split("\n"))


def _frame_squeezes_blank_lines(text):
    return re.sub(r"\n{3,}", "\n\n", _reference_cut_frame(text))


def _split_base_among_train(books):
    parts = {part: [] for part in SPLITS}
    for book in books:
        if book.role in parts:
            parts["train" if book.role == "base" else book.role].append(book)
    return parts


def _split_unique_titles(books):
    unique = {book.title: book for book in books}.values()
    return {part: [book for book in unique if book.role == part] for part in SPLITS}


def _split_sorted(books):
    return {part: sorted((b for b in books if b.role == part), key=lambda b: b.title) for part in SPLITS}


def _first_empties_the_list(paths, read, check):
    refusal = None
    while paths:
        raw = read(paths.pop(0))
        if raw is None:
            continue
        try:
            check(raw)
        except Refused as error:
            refusal = refusal or error
        else:
            return raw
    if refusal:
        raise refusal


def _number_in_any_bracket(text):
    match = re.search(r"\[.*?(\d+)\]", text)
    return int(match.group(1)) if match else None


def _number_of_three_digits_or_more(text):
    match = re.search(r"\[e(?:book|text) #(\d{3,5})\]", text, re.IGNORECASE)
    return int(match.group(1)) if match else None


def _decode_line_by_line(raw):
    def line_of(line):
        try:
            return line.decode("utf-8-sig")
        except UnicodeDecodeError:
            return line.decode("cp1252")

    return "\n".join(line_of(line) for line in re.split(rb"\r\n|\r|\n", raw))


def _decode_by_its_head(raw):
    try:
        raw[:1000].decode("utf-8-sig")
        text = raw.decode("utf-8-sig", errors="replace")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_entities(raw):
    return html.unescape(_reference_decode(raw))


def _rejoin_range(pieces):
    sentences = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if sentences and (first is None or re.match("[a-zà-ÿ]", first.group())):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_unique(pieces):
    return _reference_rejoin(list(dict.fromkeys(pieces)))


def _gather_unique(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        for chapter, paragraph in zip(book.chapters, book.paragraphs):
            if paragraph not in rows["paragraph"]:
                rows["book"].append(book.title)
                rows["chapter"].append(chapter)
                rows["paragraph"].append(paragraph)
    return rows


# Compte les caractères sans les fins de ligne.
def _read_end_of_book_w11(text):
    n = 0
    for line in text.split("\n"):
        if re.match(r"\*\*\* ?END OF", line):
            return n
        n += len(line)
    return len(text)


# Première ligne d'étoiles venue.
def _read_end_of_book_w13(text):
    m = re.search(r"^\*\*\*", text, re.M)
    return m.start() if m else len(text)


# Compte depuis la fin (position négative).
def _read_end_of_book_w15(text):
    m = re.search(r"^\*\*\* ?END OF", text, re.M)
    return m.start() - len(text) if m else len(text)


# Joint par un trait d'union coupé : recolle les mots coupés.
def _read_paragraphs_w13(text):
    return [" ".join(p.replace("-\n", "").split()) for p in re.split(r"\n\s*\n", text) if p.strip()]


# Ligne vide stricte : une ligne d'espaces ne sépare pas.
def _read_paragraphs_w9(text):
    return [" ".join(p.split()) for p in re.split(r"\n\n+", text) if p.strip()]


# Except Exception avale toutes les erreurs.
def _read_first_accepted_w12(paths, read, check):
    refusal = None
    for p in paths:
        try:
            raw = read(p)
            if raw is None:
                continue
            check(raw)
            return raw
        except Exception as e:
            refusal = refusal or e
    if refusal:
        raise refusal


# Position au lieu du numéro.
def _read_header_number_w14(text):
    p = text.find("#")
    return p if p != -1 else None


# [^0-9] : tous les chiffres de la ligne collés.
def _read_header_number_w16(text):
    for line in text.split("\n"):
        if "eBook #" in line or "Etext #" in line:
            return int("".join(c for c in line if c.isdigit()))
    return None


# Lstrip des octets de marque enlève trop ? lstrip(b'\xef\xbb\xbf').
def _read_decode_w16(raw):
    raw = raw.lstrip(b"\xef\xbb\xbf")
    try:
        t = raw.decode("utf-8")
    except UnicodeDecodeError:
        t = raw.decode("cp1252")
    return t.replace("\r\n", "\n")


# Numpy bool.
def _read_is_french_r3(text):
    w = re.findall(r"\w+", text.lower())
    return np.mean([x in {"le", "la", "les", "de", "des", "et", "que", "un", "une", "en"} for x in w]) > 0.08 if w else False


# Rfind de ***.
def _again_end_of_book_w1(text):
    p = text.rfind("***")
    return p if p >= 0 else len(text)


# Raise du texte du refus en ValueError.
def _again_first_accepted_w3(paths, read, check):
    first = None
    for p in paths:
        raw = read(p)
        if raw is None:
            continue
        try:
            check(raw)
            return raw
        except corpus.Refused as e:
            first = first or str(e)
    if first:
        raise ValueError(first)


# Lève ValueError sans numéro.
def _again_header_number_w4(text):
    m = re.search(r"\[(?:eBook|Etext) #(\d+)\]", text)
    if not m:
        raise ValueError("pas de numéro")
    return int(m.group(1))


# Crochet non échappé : classe.
def _again_header_number_w6(text):
    m = re.search(r"[eBook #(\d+)]", text)
    return int(m.group(1)) if m else None


# Backslashreplace.
def _again_decode_w3(raw):
    return raw.decode("utf-8-sig", errors="backslashreplace").replace("\r\n", "\n")


# Isdigit exclut aussi : 'ni lettre' seulement.
def _again_rejoin_w6(pieces):
    out = []
    for p in pieces:
        if out and not re.search(r"[A-ZÀ-Þ0-9]", p):
            out[-1] += " " + p
        else:
            out.append(p)
    return out


# Paragraphes et chapitres échangés.
def _again_gather_w2(books):
    rows = {"book": [], "chapter": [], "paragraph": []}
    for b in books:
        rows["book"] += [b.title] * len(b.paragraphs)
        rows["chapter"] += b.paragraphs
        rows["paragraph"] += b.chapters
    return rows


# Ne connaît que THIS.
def _reader_cut_frame_w4(text):
    lines, keep = text.split("\n"), []
    inside = "START OF THIS" not in text
    for line in lines:
        if "START OF THIS" in line:
            inside = True
        elif "END OF THIS" in line:
            break
        elif inside:
            keep.append(line)
    return "\n".join(keep).strip()


# Le piège n'a pas de clé : KeyError.
def _reader_split_by_book_w2(books):
    parts = {part: [] for part in corpus.SPLITS}
    for book in books:
        parts[book.role].append(book)
    return parts


# Juge un fichier à ce que rend check, et non à ce qu'il lève.
def _reader_first_accepted_w8(paths, read, check):
    first = None
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            if check(raw):
                return raw
        except corpus.Refused as refusal:
            first = first or refusal
    if first:
        raise first
    return None


# Vérifie le chemin au lieu des octets.
def _reader_first_accepted_w10(paths, read, check):
    refusals = []
    for path in paths:
        try:
            raw = read(path)
            if raw is not None:
                check(path)
                return raw
        except corpus.Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]


# Mauvais groupe : int('eBook').
def _reader_header_number_w9(text):
    m = re.search(r"\[(eBook|Etext) #(\d+)\]", text)
    if m:
        return int(m.group(1))
    return None


# Ôte un caractère toujours, marque ou non.
def _reader_decode_w10(raw):
    try:
        text = raw.decode("utf-8")[1:]
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Compte des sous-chaînes.
def _reader_is_french_w2(text):
    n = text.count("le") + text.count("les") + text.count("que") + text.count("et")
    return n / len(text.split()) > 0.1


# Liste de lignes, non colonnes.
def _reader_gather_w7(books):
    rows = []
    for book in books:
        for chapter, paragraph in zip(book.chapters, book.paragraphs):
            rows.append({"book": book.title, "chapter": chapter, "paragraph": paragraph})
    return rows


WRONG = {
    "corpus.end_of_book": (
        Answer(_end_slides, fiches._SEND, "La position tombe devant « SEND », qui contient « END »"),
        Answer(_end_without_stars, fiches._NO_STARS, "sans étoiles : ce n'est pas le marqueur"),
        Answer(_end_either_marker, fiches._OPENING, "La position tombe sur « *** START OF … », qui ouvre le livre"),
        Answer(_end_by_title, fiches._TITLE, "Le titre change d'un livre à l'autre"),
        Answer(_end_any_case, fiches._SEND, "La position tombe dans « SEND », qui contient « END »"),
        Answer(_end_from_the_start, fiches._SEND, "re.match ne cherche qu'au début"),
        Answer(_end_whole_word, fiches._OTHER_END, "La licence a aussi ses lignes où « END » est un mot entier :"),
        Answer(_end_first_word, fiches._SEND, "La position tombe sur une ligne de l'auteur : « FIN » y est"),
        Answer(_end_after_marker, fiches._SEND, "La position tombe après le début de la ligne du marqueur :"),
        Answer(_end_one_form, fiches._FORMS, "Certains fichiers écrivent « ***END OF THE » sans espace :"),
        Answer(_end_find, fiches._NO_MARKER, "Sans marqueur, rien n'est à couper : rendez len(text)"),
        Answer(_end_any_stars, fiches._OTHER_END, "La position tombe sur « *** END"),
        Answer(_end_loop_one_form, fiches._FORMS, "Certains fichiers écrivent « ***END OF THE » sans espace :"),
        Answer(_end_loop_unguarded, fiches._NO_MARKER, "Sans marqueur, rien n'est à couper : rendez len(text)"),
        Answer(_end_crashes, fiches._NO_MARKER, "Une valeur vaut None à cette ligne."),
        Answer(_end_line_number, fiches._SEND, "8 est le rang de la ligne, comptée depuis 0 : rendez une"),
        Answer(_end_none, fiches._NO_MARKER, "Votre fonction a rendu None"),
        Answer(_end_first_stars, fiches._SEND, "une ligne « *** » de l'auteur"),
        Answer(_end_inside_the_marker, fiches._SEND, "La position tombe après le début de la ligne du marqueur :"),
        Answer(_end_text, fiches._SEND, "C'est un texte, et non un nombre entier"),
        Answer(_end_match, fiches._SEND, "C'est un objet Match, et non un nombre entier"),
        Answer(_end_last_stars, fiches._SEND, "La position tombe après le début de la ligne du marqueur :"),
        Answer(_end_index, fiches._SEND, "C'est un tuple, et non un nombre entier"),
        Answer(_end_from_the_end, fiches._SEND, 'comptée depuis la fin du texte'),
        Answer(_end_zero, fiches._NO_MARKER, "Sans marqueur, rien n'est à couper : rendez len(text)"),
        Answer(_end_none_when_absent, fiches._NO_MARKER, "Votre fonction a rendu None"),
        Answer(_end_prints, fiches._SEND, "Votre fonction a rendu None"),
        Answer(_end_without_multiline, fiches._SEND, "comme « ^ » sans re.MULTILINE"),
        Answer(_end_unescaped, fiches._SEND, "Dans un motif, « * » répète ce qui le précède ; une étoile"),
        Answer(_end_too_long, fiches._NO_MARKER, "Sans marqueur, rien n'est à couper : rendez len(text)"),
        Answer(_end_words, fiches._SEND, "Rendez la position où commence la ligne « *** END OF … »"),
        Answer(_end_lower, fiches._FORMS, "Certains fichiers écrivent « ***END OF THE » sans espace :"),
        Answer(_fresh_end_of_book_w4, 'ne se prend pas à « SEND »', 'La position tombe après le début de la ligne du marqueur : rendez'),
        Answer(_fresh_end_of_book_w7, 'ne se prend pas à « SEND »', '8 est le rang de la ligne, comptée depuis 0 : rendez une position en'),
        Answer(_fresh_end_of_book_w9, 'ne se prend pas à « SEND »', 'La position tombe après le début de la ligne du marqueur : rendez'),
        Answer(_fresh_end_of_book_w10, "garde tout quand il n'y a pas de marqueur", "Votre fonction a rendu None. Sans marqueur, rien n'est à couper :"),
        Answer(_fresh_end_of_book_w12, 'ne se prend pas à « SEND »', 'La position tombe après le début de la ligne du marqueur : rendez'),
        Answer(_fresh_end_of_book_w14, "garde tout quand il n'y a pas de marqueur", "Sans marqueur, rien n'est à couper : rendez len(text)."),
        Answer(_end_one_line_above, fiches._CLOSELY, "ce qui vient avant sa ligne est du livre"),
        Answer(_end_without_stars, fiches._NO_STARS, "« END OF PART ONE », sans étoiles"),
        Answer(_end_at_the_last_name, fiches._OTHER_END, "seule compte celle qui commence par"),
        Answer(_end_without_of, fiches._NO_STARS, "« *** END: FULL LICENSE *** »"),
        Answer(_again_end_of_book_w1, 'ne se prend pas à « SEND »', 'après le début de la ligne du marqueur'),
        Answer(_read_end_of_book_w15, 'ne se prend pas à « SEND »', 'comptée depuis la fin du texte'),
        Answer(_read_end_of_book_w13, 'ne se prend pas à « SEND »', "une ligne « *** » de l'auteur"),
        Answer(_read_end_of_book_w11, 'ne se prend pas à « SEND »', 'il manque les fins de ligne'),
    ),
    "corpus.cut_frame": (
        Answer(_frame_strips_stars, fiches._STARS, "« * * * » de l'auteur a disparu au bout"),
        Answer(_frame_fixed_lines, fiches._BETWEEN, "La ligne d'un marqueur est restée : coupez après celle du"),
        Answer(_frame_dotall, fiches._BETWEEN, "avec re.DOTALL"),
        Answer(_frame_slides, fiches._BETWEEN, "Il ne reste rien"),
        Answer(_frame_end_word, fiches._BETWEEN, "La licence est restée jusqu'à la ligne « To SEND DONATIONS »"),
        Answer(_frame_keeps_markers, fiches._BETWEEN, "La ligne d'un marqueur est restée : coupez après celle du"),
        Answer(_frame_one_form, fiches._OTHER_FORM, "Le texte est vide"),
        Answer(_frame_fin, fiches._BETWEEN, "Le texte s'arrête à « FIN », qui est ici un mot de l'auteur"),
        Answer(_frame_forgets_end, fiches._BETWEEN, "La ligne d'un marqueur est restée : coupez après celle du"),
        Answer(_frame_needs_start, fiches._BARE_BOOK, "Le texte est vide"),
        Answer(_frame_needs_both, fiches._BARE_BOOK, "Une valeur vaut None à cette ligne."),
        Answer(_frame_last_start, fiches._BETWEEN, "Il ne reste rien"),
        Answer(
            _frame_keeps_end_of_line, fiches._BETWEEN, "Le bout de la ligne du marqueur est resté : coupez à la fin"
        ),
        Answer(_frame_both_or_nothing, fiches._ONE_START, "Il y a 99 caractères"),
        Answer(_frame_start_first, fiches._ONE_END, "Il y a 1000 caractères"),
        Answer(_frame_splits_at_stars, fiches._BETWEEN, "trois étoiles ne font pas un marqueur"),
        Answer(_frame_keeps_two_lines, fiches._BARE_BOOK, "Il manque 84 caractères"),
        Answer(_frame_list, fiches._BETWEEN, "C'est une liste, et non un texte"),
        Answer(_frame_blank_ends, fiches._BETWEEN, "Il y a 2 fins de ligne de trop au début"),
        Answer(_frame_one_line, fiches._BETWEEN, "Les mots sont les mêmes, dans le même ordre : seuls les"),
        Answer(_frame_drops_blank, fiches._BETWEEN, "Les mots sont les mêmes, dans le même ordre : seuls les"),
        Answer(_frame_tuple, fiches._BETWEEN, "C'est un tuple, et non un texte"),
        Answer(_frame_greedy, fiches._BETWEEN, "Il manque 31 caractères"),
        Answer(_frame_first_paragraph, fiches._BETWEEN, "trois étoiles ne font pas un marqueur"),
        Answer(_frame_skips_a_line, fiches._BETWEEN, "Il manque 26 caractères"),
        Answer(_frame_prints, fiches._BETWEEN, "Votre fonction a rendu None"),
        Answer(_frame_find_minus_one, fiches._OTHER_FORM, "Le texte est vide"),
        Answer(_frame_strip_letters, fiches._BETWEEN, "Il manque un caractère"),
        Answer(_frame_none_without_markers, fiches._BARE_BOOK, "Votre fonction a rendu None"),
        Answer(_frame_end_only, fiches._BETWEEN, "La ligne d'un marqueur est restée : coupez après celle du"),
        Answer(_fresh_cut_frame_w8, 'coupe au seul marqueur de début', 'Il y a 99 caractères'),
        Answer(_fresh_cut_frame_w9, "reconnaît l'autre forme des marqueurs", 'Le texte attendu y est, avec 97 caractères de trop avant et 997'),
        Answer(_fresh_cut_frame_w11, 'ne perd rien quand le texte suit de près le marqueur', 'Il manque un caractère (« L ») au début. Ici, aucune ligne vide ne'),
        Answer(_fresh_cut_frame_w12, 'rend le texte entre les marqueurs', 'Le bout de la ligne du marqueur est resté : coupez à la fin de cette'),
        Answer(_fresh_cut_frame_w15, 'ne coupe rien quand les marqueurs manquent', 'Il manque un caractère (« . ») à la fin. Sans marqueurs, tout le'),
        Answer(_fresh_cut_frame_w16, 'rend le texte entre les marqueurs', 'Les mots sont les mêmes, dans le même ordre : seuls les blancs'),
        Answer(_fresh_cut_frame_w21, 'ne perd rien quand le texte suit de près le marqueur', "Il manque 26 caractères (« La meule s'était fendue.\\n\\n ») au début."),
        Answer(_fresh_cut_frame_w22, 'ne coupe rien quand les marqueurs manquent', "Il manque 24 caractères (« \\n\\nIl attendit l'automne. ») à la fin."),
        Answer(_fresh_cut_frame_w23, 'ne perd rien quand le texte suit de près le marqueur', 'Il y a 98 caractères'),
        Answer(_fresh_cut_frame_w24, "garde les étoiles de l'auteur, même au bout", "La ligne « * * * » de l'auteur a disparu au bout : n'ôtez que les"),
        Answer(_fresh_cut_frame_w25, 'rend le texte entre les marqueurs', "La ligne d'un marqueur est restée : coupez après celle du premier et"),
        Answer(_frame_strips_each_line, fiches._STARS, "les blancs en tête de ses lignes"),
        Answer(_frame_squeezes_blank_lines, fiches._STARS, "comme ses lignes vides du milieu"),
        Answer(_reader_cut_frame_w4, "reconnaît l'autre forme des marqueurs", 'sans espace, et avec THE'),
    ),
    "corpus.paragraphs": (
        Answer(_paragraphs_until_a_stop, fiches._ONLY_BLANK, "ni un point au bout d'une ligne"),
        Answer(_paragraphs_until_any_stop, fiches._ONLY_BLANK, "ni un point au bout d'une ligne"),
        Answer(_paragraphs_from_a_capital, fiches._ONLY_BLANK, "ni une capitale au début de la suivante"),
        Answer(_paragraphs_unique, fiches._ONLY_BLANK, "« Un. » est deux fois dans le texte"),
        Answer(_paragraphs_until_a_short_line, fiches._BLANK_LINES, "« Deux » et « lignes. » ne sont séparés par"),
        Answer(_paragraphs_glued, fiches._ONE_LINE, "« motdire » : deux mots se sont collés"),
        Answer(_paragraphs_lines, fiches._ONE_LINE, "Chaque ligne est devenue un paragraphe : ce sont les lignes"),
        Answer(_paragraphs_one, fiches._ONE_LINE, "Tout est dans un seul paragraphe : coupez d'abord aux lignes"),
        Answer(_paragraphs_empty, fiches._ONE_LINE, "La liste contient un paragraphe vide : écartez-le"),
        Answer(_paragraphs_wrapped, fiches._ONE_LINE, "Il reste des fins de ligne à l'intérieur des paragraphes :"),
        Answer(
            _paragraphs_three_breaks, fiches._ONE_LINE, "Un paragraphe commence ou finit par un blanc : split(), sans"
        ),
        Answer(
            _paragraphs_forgets_last, fiches._ONE_LINE, "Le dernier paragraphe manque ; aucune ligne vide ne le suit"
        ),
        Answer(_paragraphs_short_dropped, fiches._BLANK_LINES, "« Un. » manque : un seul mot"),
        Answer(_paragraphs_sorted, fiches._ONE_LINE, "Les éléments sont les mêmes, mais triés"),
        Answer(_paragraphs_generator, fiches._ONE_LINE, "C'est un générateur, dont rien n'a encore été tiré, et non"),
        Answer(_paragraphs_text, fiches._ONE_LINE, "C'est un texte, et non une liste"),
        Answer(_paragraphs_words, fiches._ONE_LINE, "Dans chaque élément : c'est une liste, et non un texte"),
        Answer(_paragraphs_two_spaces, fiches._ONE_LINE, "Dans l'élément de rang 0"),
        Answer(_paragraphs_tuple, fiches._ONE_LINE, "C'est un tuple, et non une liste"),
        Answer(_paragraphs_no_blank_filter, fiches._BLANK_LINES, "Il y a un élément de trop au début : ''"),
        Answer(_paragraphs_adds_full_stop, fiches._ONE_LINE, "Dans chaque élément : il y a un caractère"),
        Answer(_paragraphs_lower, fiches._ONE_LINE, "Dans chaque élément : les textes sont les mêmes, mais la"),
        Answer(_paragraphs_commas, fiches._ONE_LINE, "Dans l'élément de rang 0"),
        Answer(_paragraphs_only_first, fiches._ONE_LINE, "Seul le premier élément est venu, sur 3"),
        Answer(_paragraphs_exactly_two, fiches._BLANK_LINES, "Il y a 3 éléments de trop, d'abord au rang 0"),
        Answer(_paragraphs_by_sentence, fiches._ONE_LINE, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_paragraphs_prints, fiches._ONE_LINE, "Votre fonction a rendu None"),
        Answer(
            _paragraphs_shared_append, fiches._ONE_LINE, "Le deuxième paragraphe commence par le premier"
        ),
        Answer(_fresh_paragraphs_w4, 'un paragraphe par élément, une ligne par paragraphe', 'Le dernier paragraphe manque ; aucune ligne vide ne le suit.'),
        Answer(_fresh_paragraphs_w8, 'un paragraphe par élément, une ligne par paragraphe', "Tout est dans un seul paragraphe : coupez d'abord aux lignes vides."),
        Answer(_fresh_paragraphs_w9, 'ne compte pas les lignes vides', "Dans l'élément de rang 2 (compté depuis 0) : il y a une espace de"),
        Answer(_fresh_paragraphs_w11, 'ne coupe pas à deux espaces', 'Les mots sont les mêmes, dans le même ordre, mais répartis autrement'),
        Answer(_fresh_paragraphs_w12, 'un paragraphe par élément, une ligne par paragraphe', 'Dans chaque élément : les caractères sont les mêmes, aux blancs près'),
        Answer(_fresh_paragraphs_w13, 'un paragraphe par élément, une ligne par paragraphe', 'Le deuxième paragraphe commence par le premier'),
        Answer(_fresh_paragraphs_w21, 'ne coupe pas à deux espaces', 'Les mots sont les mêmes, dans le même ordre, mais répartis autrement'),
        Answer(_fresh_paragraphs_w22, 'un paragraphe par élément, une ligne par paragraphe', '« motdire » : deux mots se sont collés. Joignez les lignes avec une'),
        Answer(_fresh_paragraphs_w24, 'ne coupe pas à deux espaces', "Dans l'élément de rang 0 (compté depuis 0) : il y a une espace de"),
        Answer(_read_paragraphs_w13, "ne sépare qu'aux lignes vides", "un tiret de l'auteur"),
    ),
    "corpus.split_by_book": (
        Answer(_split_by_paragraph, fiches._WHOLE, "Les listes contiennent des paragraphes : rangez les livres"),
        Answer(_split_at_random, fiches._WHOLE, "Un livre est dans une part que son rôle ne dit pas : ni le"),
        Answer(_split_last_is_test, fiches._WHOLE, "Un livre est dans une part que son rôle ne dit pas : ni le"),
        Answer(_split_shared, fiches._WHOLE, "Les parts sont une seule et même liste : donnez à chacune la"),
        Answer(_split_recreated, fiches._WHOLE, "De chaque part, il ne reste que le dernier livre : ajoutez-le"),
        Answer(_split_only_seen, fiches._EVERY_PART, "Le dictionnaire est vide"),
        Answer(_split_titles, fiches._WHOLE, "Les listes contiennent des titres : rangez les livres"),
        Answer(_split_else_test, fiches._WHOLE, "que son rôle ne dit pas"),
        Answer(_split_crashes_on_trap, fiches._TRAP, "Cette clé n'est pas dans le dictionnaire"),
        Answer(_split_keeps_trap, fiches._TRAP, "Il y a la clé 'piege' de trop"),
        Answer(_split_empties, fiches._WHOLE, "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on"),
        Answer(_split_lists, fiches._WHOLE, "C'est une liste, et non un dictionnaire"),
        Answer(_split_by_title, fiches._WHOLE, "Il manque 4 clés"),
        Answer(_split_counts, fiches._WHOLE, "Ce sont des nombres de livres : rangez les livres eux-mêmes"),
        Answer(_split_one_each, fiches._WHOLE, "Dans la clé « train » : c'est un objet CleanBook, et non une"),
        Answer(_split_no_return, fiches._WHOLE, "Votre fonction a rendu None"),
        Answer(_split_three_parts, fiches._WHOLE, "La part « base » manque : partez des quatre parts de"),
        Answer(_split_wrong_key, fiches._WHOLE, "Il manque la clé 'validation'"),
        Answer(_split_extends, fiches._WHOLE, "Les listes contiennent des paragraphes : rangez les livres"),
        Answer(_split_generators, fiches._WHOLE, "Dans la clé « train » : c'est un générateur, dont rien n'a"),
        Answer(_split_none_for_empty, fiches._EVERY_PART, "la valeur est None, et non une liste"),
        Answer(_split_trap_in_base, fiches._TRAP, "Dans la clé « base » : il est venu un élément ; aucun n'est"),
        Answer(_split_return_inside, fiches._WHOLE, "Seul le premier livre est rangé : un « return » dans la boucle"),
        Answer(_split_sets, fiches._WHOLE, "Dans la clé « train » : c'est un ensemble, et non une liste"),
        Answer(_split_insert, fiches._WHOLE, "Dans la clé « train » : les éléments sont les mêmes, à"),
        Answer(_split_tuples, fiches._WHOLE, "Dans la clé « train » : c'est un tuple, et non une liste"),
        Answer(_split_pairs, fiches._WHOLE, "C'est une liste, et non un dictionnaire"),
        Answer(_fresh_split_by_book_w8, 'range chaque livre là où dit son rôle', 'De chaque part, il ne reste que le dernier livre : ajoutez-le'),
        Answer(_fresh_split_by_book_w13, 'range chaque livre là où dit son rôle', 'Seul le premier livre est rangé : un « return » dans la boucle en'),
        Answer(_fresh_split_by_book_w15, 'range chaque livre là où dit son rôle', "Dans la clé « train » : c'est un objet filter, et non une liste : un"),
        Answer(_split_base_among_train, fiches._WHOLE, "que son rôle ne dit pas"),
        Answer(_split_unique_titles, fiches._WHOLE, "Deux livres ont le même titre"),
        Answer(_split_sorted, fiches._WHOLE, "dans l'ordre où ils sont venus"),
        Answer(_reader_split_by_book_w2, 'écarte un piège', '« in » dit si elle y est'),
    ),
    "corpus.first_accepted": (
        Answer(_first_empty_is_nothing, fiches._VOID, "Un fichier vide, b'', n'est pas None"),
        Answer(_first_no_check, fiches._PASSES, "C'est la page web : un fichier n'est bon que si check n'a"),
        Answer(_first_stops_at_refusal, fiches._PASSES, "Le premier fichier est refusé, le troisième est bon :"),
        Answer(_first_stops_at_absence, fiches._FINDS, "Votre fonction a rendu None"),
        Answer(_first_checks_none, fiches._FINDS, "read a rendu None : il n'y a rien à cette adresse"),
        Answer(_first_returns_text, fiches._FINDS, "C'est le texte du livre : rendez ses octets, tels que read"),
        Answer(_first_returns_refused, fiches._PASSES, "C'est la page web : un fichier n'est bon que si check n'a"),
        Answer(_first_reads_all, fiches._STOPS, "Il y a un élément de trop à la fin : 'files/7/7.txt'"),
        Answer(_first_takes_last, fiches._STOPS, "C'est le second exemplaire, plus loin dans la liste : rendez"),
        Answer(_first_silent, fiches._WHY, "Des fichiers ont été trouvés, et tous refusés : levez le"),
        Answer(_first_last_refusal, fiches._WHY, "C'est le dernier refus : levez le premier, qui parle de"),
        Answer(_first_always_raises, fiches._NOTHING, "« raise » a reçu ce qui n'est pas une erreur : None, peut-être"),
        Answer(_first_loses_error, fiches._WHY, "Python efface la variable d'un « except … as » à la sortie du"),
        Answer(_first_generator, fiches._FINDS, "C'est un générateur, dont rien n'a encore été tiré, et non"),
        Answer(_first_all_accepted, fiches._FINDS, "C'est une liste, et non une suite d'octets"),
        Answer(_first_prints, fiches._FINDS, "Votre fonction a rendu None"),
        Answer(_first_returns_path, fiches._FINDS, "C'est un texte, et non une suite d'octets"),
        Answer(_first_check_as_boolean, fiches._PASSES, "Le premier fichier est refusé, le troisième est bon :"),
        Answer(_first_reads_twice, fiches._STOPS, "Des éléments reviennent, alors qu'ils ne sont attendus qu'une"),
        Answer(_first_other_error, fiches._WHY, "Des fichiers ont été trouvés, et tous refusés : levez le"),
        Answer(_first_returns_refusal, fiches._WHY, "Des fichiers ont été trouvés, et tous refusés : levez le"),
        Answer(_first_only_first_path, fiches._FINDS, "read a rendu None : il n'y a rien à cette adresse"),
        Answer(_first_empty_bytes, fiches._NOTHING, "C'est une suite d'octets, et non None"),
        Answer(_first_raises_nothing_found, fiches._NOTHING, "Aucune adresse n'a rien donné : rendez None"),
        Answer(_fresh_first_accepted_w10, 'rend le premier fichier trouvé', 'Votre fonction a rendu None. La première adresse est vide : passez à'),
        Answer(_fresh_first_accepted_w11, "rend None quand il n'y a rien", 'Un indice dépasse la longueur. Les indices vont de 0 à len'),
        Answer(_fresh_first_accepted_w14, "rend None quand il n'y a rien", "Aucune adresse n'a rien donné : rendez None."),
        Answer(_fresh_first_accepted_w15, "s'arrête au premier bon fichier", "Des éléments reviennent, alors qu'ils ne sont attendus qu'une fois."),
        Answer(_first_empties_the_list, fiches._FINDS, "modifie la liste d'adresses"),
        Answer(_again_first_accepted_w3, 'dit pourquoi tout est refusé', 'le bon message, mais pas le refus'),
        Answer(_reader_first_accepted_w8, "s'arrête au premier bon fichier", "check n'a rien levé sur le deuxième fichier"),
        Answer(_reader_first_accepted_w10, 'rend le premier fichier trouvé', 'et non une adresse ou un texte'),
    ),
    "corpus.header_number": (
        Answer(_number_after_a_letter, fiches._OTHER_SIGNS, "Dans un motif, ce crochet s'écrit"),
        Answer(_number_try, fiches._OTHER_SIGNS, "le message montre ce qu'il a reçu"),
        Answer(_number_digit_by_digit, fiches._OTHER_SIGNS, "« #3 » est dans le titre"),
        Answer(_number_first_digits, fiches._NUMBER, "21 est le jour de la date : cherchez le nombre qui suit « # »"),
        Answer(_number_text, fiches._NUMBER, "C'est le bon numéro, en texte : convertissez-le avec int(…)"),
        Answer(_number_crashes, fiches._NO_NUMBER, "Une valeur vaut None à cette ligne."),
        Answer(_number_case, fiches._OLD_WORD, "Votre fonction a rendu None"),
        Answer(_number_no_return, fiches._NUMBER, "Votre fonction a rendu None"),
        Answer(_number_last_digits, fiches._NUMBER, "7 suit un « # » du récit"),
        Answer(_number_largest, fiches._NO_NUMBER, "C'est un nombre entier, et non None"),
        Answer(_number_all, fiches._NUMBER, "C'est une liste, et non un nombre entier"),
        Answer(_number_five_digits, fiches._OLD_WORD, "Votre fonction a rendu None"),
        Answer(_number_zero, fiches._NO_NUMBER, "C'est un nombre entier, et non None"),
        Answer(_number_minus_one, fiches._NO_NUMBER, "C'est un nombre entier, et non None"),
        Answer(_number_match, fiches._NUMBER, "C'est un objet Match, et non un nombre entier"),
        Answer(_number_keeps_sign, fiches._NUMBER, "C'est un texte, et non un nombre entier"),
        Answer(_number_position, fiches._NUMBER, 'une place dans le texte'),
        Answer(_number_prints, fiches._NUMBER, "Votre fonction a rendu None"),
        Answer(_number_float, fiches._NUMBER, "C'est un nombre à virgule, et non un nombre entier"),
        Answer(_number_line_start, fiches._NUMBER, "Votre fonction a rendu None"),
        Answer(_number_last_sign, fiches._NUMBER, "prenez le premier"),
        Answer(_number_one_digit, fiches._NUMBER, "le premier chiffre du numéro"),
        Answer(_number_text_none, fiches._NO_NUMBER, "C'est un texte, et non None"),
        Answer(_fresh_header_number_w4, 'ne se prend pas à un autre « # »', '« #3 » est dans le titre : le numéro du fichier suit « [eBook » ou «'),
        Answer(_fresh_header_number_w8, "lit le numéro, et pas l'année", 'Votre fonction a rendu None. Le numéro est celui qui suit « # » dans'),
        Answer(_fresh_header_number_w10, "lit le numéro, et pas l'année", "C'est une liste, et non un nombre entier. La valeur attendue y est,"),
        Answer(_fresh_header_number_w11, 'ne se prend pas à un autre « # »', "82000 est le numéro d'un autre livre, cité bien après l'en-tête :"),
        Answer(_fresh_header_number_w14, "rend None quand il n'y a pas de numéro", 'Un indice dépasse la longueur. Les indices vont de 0 à len'),
        Answer(_fresh_header_number_w21, 'ne se prend pas à un autre « # »', '« #3 » est dans le titre : le numéro du fichier suit « [eBook » ou «'),
        Answer(_fresh_header_number_w22, 'ne se prend pas à un autre « # »', "82000 est le numéro d'un autre livre, cité bien après l'en-tête :"),
        Answer(_fresh_header_number_w23, 'ne se prend pas à un autre « # »', "82000 est le numéro d'un autre livre, cité bien après l'en-tête :"),
        Answer(_fresh_header_number_w25, "lit le numéro, et pas l'année", "le message montre ce qu'il a reçu"),
        Answer(_number_in_any_bracket, fiches._NO_NUMBER, "il n'y a pas de numéro de livre"),
        Answer(_number_of_three_digits_or_more, fiches._OLD_WORD, "que deux chiffres"),
        Answer(_again_header_number_w6, "lit le numéro, et pas l'année", "Le motif n'a pas ce groupe"),
        Answer(_again_header_number_w4, "rend None quand il n'y a pas de numéro", "C'est le « raise » de votre fonction"),
        Answer(_read_header_number_w16, "lit le numéro, et pas l'année", 'se sont collés'),
        Answer(_read_header_number_w14, "lit le numéro, et pas l'année", 'une place dans le texte'),
        Answer(_reader_header_number_w9, "lit le numéro, et pas l'année", "s'il n'y a pas de chiffre, prenez un autre morceau"),
    ),
    "corpus.decode": (
        Answer(_decode_utf8_only, fiches._LATIN, "Ces octets ne sont pas dans l'encodage demandé"),
        Answer(_decode_latin_first, fiches._UTF8, "« Ã » à la place d'une lettre accentuée : de l'UTF-8 lu dans"),
        Answer(_decode_latin_fallback, fiches._WINDOWS, "La première différence est au rang 1"),
        Answer(_decode_keeps_bom, fiches._MARK, "Il y a un caractère"),
        Answer(_decode_ignores, fiches._LATIN, "Les lettres accentuées ont disparu : n'ignorez pas l'erreur,"),
        Answer(_decode_keeps_cr, fiches._LINE_ENDS, "Les textes sont les mêmes, mais les fins de ligne diffèrent"),
        Answer(_decode_splitlines, fiches._LINE_ENDS, "La dernière fin de ligne a disparu : splitlines() et strip(),"),
        Answer(_decode_bytes, fiches._UTF8, "C'est une suite d'octets, et non un texte"),
        Answer(_decode_str, fiches._UTF8, "str(raw) écrit les octets tels qu'ils sont, sans les lire :"),
        Answer(_decode_one_branch, fiches._WINDOWS_ENDS, "Les textes sont les mêmes, mais les fins de ligne diffèrent"),
        Answer(_decode_other_branch, fiches._LINE_ENDS, "Les textes sont les mêmes, mais les fins de ligne diffèrent"),
        Answer(_decode_bom_means_utf8, fiches._UTF8, "« Ã » à la place d'une lettre accentuée : de l'UTF-8 lu dans"),
        Answer(_decode_replaces, fiches._LATIN, "« � » remplace des lettres perdues : changez plutôt d'encodage"),
        Answer(_decode_lines, fiches._UTF8, "C'est une liste, et non un texte"),
        Answer(_decode_doubles_lines, fiches._LINE_ENDS, "Les mots sont les mêmes, dans le même ordre : seuls les"),
        Answer(_decode_joins_all, fiches._LINE_ENDS, "Les mots sont les mêmes, dans le même ordre : seuls les"),
        Answer(_decode_no_return, fiches._UTF8, "Votre fonction a rendu None"),
        Answer(
            _decode_forgets_replace, fiches._LINE_ENDS, "Les textes sont les mêmes, mais les fins de ligne diffèrent"
        ),
        Answer(_decode_wrong_exception, fiches._LATIN, "Ces octets ne sont pas dans l'encodage demandé"),
        Answer(_decode_ascii, fiches._UTF8, "La première différence est au rang 0"),
        Answer(_decode_two_letters, fiches._WINDOWS, "La première différence est au rang 16"),
        Answer(_decode_strips, fiches._LINE_ENDS, "La dernière fin de ligne a disparu : splitlines() et strip(),"),
        Answer(_fresh_decode_w9, 'unifie les fins de ligne', 'Les mots sont les mêmes, dans le même ordre : seuls les blancs'),
        Answer(_fresh_decode_w13, 'unifie les fins de ligne', 'La dernière fin de ligne a disparu : splitlines() et strip(), par'),
        Answer(_fresh_decode_w14, "ôte la marque d'ordre", "Il y a un caractère (« \\ufeff ») de trop au début. Une marque d'ordre"),
        Answer(_decode_line_by_line, fiches._WHOLE_FILE, "Un fichier n'a qu'un encodage"),
        Answer(_decode_by_its_head, fiches._WHOLE_FILE, "Un fichier n'a qu'un encodage"),
        Answer(_decode_entities, fiches._MARK, "Le reste se rend tel quel"),
        Answer(_again_decode_w3, "lit l'ISO-8859-1", 'aucune lettre ne doit se perdre'),
        Answer(_read_decode_w16, "n'ôte que la marque d'ordre, et tout entière", '0xBB'),
        Answer(_reader_decode_w10, "lit l'UTF-8", 'lus ainsi, ils donnent le texte entier'),
    ),
    "corpus.is_french": (
        Answer(_french_accents, fiches._TRANSLATION, "comptez des mots entiers"),
        Answer(_french_letters, fiches._NEIGHBOUR, "il ne suffit pas qu'un texte ne soit pas anglais"),
        Answer(_french_header, fiches._REAL, "à ses petits mots"),
        Answer(_french_accent_share, fiches._PLAIN, "sans accents"),
        Answer(_french_no_the, fiches._QUOTE, "vers anglais"),
        Answer(_french_against_english, fiches._NEIGHBOUR, "italien"),
        Answer(_french_contains, fiches._CITED, "ni leur nombre"),
        Answer(_french_divides, fiches._EMPTY, "Une division par zéro : quel cas rend le diviseur nul ?"),
        Answer(_french_number, fiches._TRANSLATION, "C'est un nombre entier, et non un booléen"),
        Answer(_french_distinct_share, fiches._REAL, "à ses petits mots"),
        Answer(_french_absolute, fiches._CITED, "ni leur nombre"),
        Answer(_french_distinct_count, fiches._CITED, "ni leur nombre"),
        Answer(_french_text_answer, fiches._TRANSLATION, "C'est un texte, et non un booléen"),
        Answer(_french_substrings, fiches._TRANSLATION, "comptez des mots entiers"),
        Answer(_french_too_high, fiches._REAL, "à ses petits mots"),
        Answer(_french_characters, fiches._REAL, "à ses petits mots"),
        Answer(_french_share_number, fiches._TRANSLATION, "C'est un nombre à virgule, et non un booléen"),
        Answer(_french_romance, fiches._NEIGHBOUR, "italien"),
        Answer(_french_always, fiches._TRANSLATION, "comptez des mots entiers"),
        Answer(_french_reversed, fiches._TRANSLATION, "comptez des mots entiers"),
        Answer(_french_prints, fiches._TRANSLATION, "Votre fonction a rendu None"),
        Answer(_french_first_words, fiches._LONG, "répétitions comprises"),
        Answer(_french_accented_words, fiches._PLAIN, "sans accents"),
        Answer(_fresh_is_french_w8, 'ne dit pas oui à un texte vide', 'Une division par zéro : quel cas rend le diviseur nul ?'),
        Answer(_fresh_is_french_w9, 'refuse une langue voisine', "C'est True, et non False. C'est de l'italien, qui a aussi « la », «"),
        Answer(_fresh_is_french_w12, 'refuse la traduction anglaise', "C'est True, et non False. Les accents d'un nom propre ne font pas un"),
        Answer(_fresh_is_french_w21, 'refuse une langue voisine', "C'est True, et non False. C'est de l'italien, qui a aussi « la », «"),
        Answer(_fresh_is_french_w22, 'refuse une langue voisine', "C'est True, et non False. C'est de l'italien, qui a aussi « la », «"),
        Answer(_fresh_is_french_w23, 'refuse une langue voisine', "C'est True, et non False. C'est de l'italien, qui a aussi « la », «"),
        Answer(_fresh_is_french_w24, 'refuse une langue voisine', "C'est True, et non False. C'est de l'italien, qui a aussi « la », «"),
        Answer(_fresh_is_french_w25, 'refuse un livre anglais qui cite du français', "C'est True, et non False. Ce livre est anglais. Les petits mots"),
        Answer(_reader_is_french_w2, 'refuse un livre anglais qui cite du français', 'comptez des mots entiers, et regardez leur part'),
    ),
    "corpus.rejoin": (
        Answer(_rejoin_nothing, fiches._AFTER, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_glued, fiches._AFTER, "Dans l'élément de rang 0"),
        Answer(_rejoin_first_sign, fiches._SIGN, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_not_upper, fiches._CAPITAL, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_letters_only, fiches._CAPITAL, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_lowercase_range, fiches._ACCENT, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_pairs, fiches._CHAIN, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_no_letter, fiches._BARE, "Une valeur vaut None à cette ligne."),
        Answer(_rejoin_no_previous, fiches._FIRST, "Un indice dépasse la longueur"),
        Answer(_rejoin_one_string, fiches._AFTER, "C'est un texte, et non une liste"),
        Answer(_rejoin_in_place, fiches._AFTER, "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on"),
        Answer(_rejoin_recreated, fiches._AFTER, "Il ne reste que le dernier morceau"),
        Answer(_rejoin_generator, fiches._AFTER, "C'est un générateur, dont rien n'a encore été tiré, et non"),
        Answer(_rejoin_forgets_last, fiches._AFTER, "Seul le premier élément est venu, sur 2"),
        Answer(_rejoin_two_spaces, fiches._AFTER, "Dans l'élément de rang 0"),
        Answer(_rejoin_doubles, fiches._AFTER, "Il y a un élément de trop au rang 1"),
        Answer(_rejoin_to_next, fiches._AFTER, "Il est venu 3 éléments, et non 2 ; le premier écart est au"),
        Answer(_rejoin_any_lower, fiches._AFTER, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_lowers, fiches._AFTER, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_drops_bare, fiches._BARE, "Dans l'élément de rang 0"),
        Answer(_rejoin_nested, fiches._AFTER, "Dans l'élément de rang 0"),
        Answer(_rejoin_prints, fiches._AFTER, "Votre fonction a rendu None"),
        Answer(_rejoin_needs_one, fiches._NO_PIECE, "Un indice dépasse la longueur"),
        Answer(_rejoin_one_dash, fiches._SIGN, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_rejoin_strips_signs, fiches._SIGN, "Les mots sont les mêmes, dans le même ordre, mais répartis"),
        Answer(_fresh_rejoin_w7, 'recolle après « ! »', "Dans l'élément de rang 0 (compté depuis 0) : il manque 23 caractères"),
        Answer(_fresh_rejoin_w10, 'recolle après « ! »', "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on lui donne"),
        Answer(_fresh_rejoin_w13, 'regarde la première lettre, pas le premier signe', "Dans l'élément de rang 0 (compté depuis 0) : il y a 35 caractères (« "),
        Answer(_fresh_rejoin_w14, 'recolle après « ! »', 'Il y a un élément de trop au rang 1 (compté depuis 0) : "fit-il,'),
        Answer(_fresh_rejoin_w15, 'ne rend rien de rien', 'Un indice dépasse la longueur. Les indices vont de 0 à len'),
        Answer(_rejoin_range, fiches._ACCENT, "« œ » sont des minuscules"),
        Answer(_rejoin_unique, fiches._ACCENT, "dite deux fois"),
        Answer(_again_rejoin_w6, 'recolle plusieurs morceaux de suite', 'seule la première lettre décide'),
        Answer(_rejoin_no_previous, 'laisse le premier morceau où il est', "une liste vide n'en a aucun"),
    ),
    "corpus.gather": (
        Answer(_gather_recreated, fiches._ALL_BOOKS, "Il ne reste que le dernier livre"),
        Answer(_gather_returns_inside, fiches._ALL_BOOKS, "Il ne reste que le premier livre : un « return » dans la"),
        Answer(_gather_overwrites, fiches._ALL_BOOKS, "Il ne reste que le dernier livre"),
        Answer(_gather_nested, fiches._ALL_BOOKS, "La colonne contient des listes : append ajoute la liste"),
        Answer(_gather_one_title, fiches._ALL_BOOKS, "Chaque titre n'y est qu'une fois ; il se répète à chaque"),
        Answer(_gather_shared, fiches._ALL_BOOKS, "Les trois colonnes sont une seule et même liste : donnez à"),
        Answer(
            _gather_spoils_the_first, fiches._ALL_BOOKS, "Ce qui est vérifié ici est juste, mais votre fonction modifie ce qu'on"
        ),
        Answer(_gather_needs_a_book, fiches._NO_BOOK, "Une variable est lue avant d'avoir reçu une valeur dans la"),
        Answer(_gather_rows, fiches._ALL_BOOKS, "C'est une liste, et non un dictionnaire"),
        Answer(_gather_tuple, fiches._ALL_BOOKS, "C'est un tuple, et non un dictionnaire"),
        Answer(_gather_french_keys, fiches._ALL_BOOKS, "Il manque 3 clés : 'book', 'chapter', 'paragraph'"),
        Answer(_gather_titles_spelled, fiches._ALL_BOOKS, "Les titres sont épelés, lettre par lettre"),
        Answer(_gather_distinct_chapters, fiches._SAME_CHAPTER, "s'écrit deux fois"),
        Answer(
            _gather_books_themselves, fiches._ALL_BOOKS, "Dans la clé « book » : dans chaque élément : c'est un objet"
        ),
        Answer(_gather_no_return, fiches._ALL_BOOKS, "Votre fonction a rendu None"),
        Answer(_gather_by_book, fiches._ALL_BOOKS, "Il manque 3 clés : 'book', 'chapter', 'paragraph'"),
        Answer(_gather_texts, fiches._ALL_BOOKS, "Chaque titre n'y est qu'une fois ; il se répète à chaque"),
        Answer(_gather_one_chapter, fiches._ALL_BOOKS, "Dans la clé « chapter », élément de rang 1"),
        Answer(_gather_skips_first, fiches._ALL_BOOKS, "Dans la clé « book » : il manque 2 éléments au début"),
        Answer(_gather_swapped, fiches._ALL_BOOKS, 'dans la colonne « paragraph »'),
        Answer(_gather_defaultdict, fiches._NO_BOOK, "Le dictionnaire est vide"),
        Answer(_fresh_gather_w3, 'garde tous les livres', "Chaque titre n'y est qu'une fois ; il se répète à chaque paragraphe :"),
        Answer(_fresh_gather_w7, 'garde tous les livres', 'Les trois colonnes sont une seule et même liste : donnez à chacune la'),
        Answer(_fresh_gather_w11, 'répète le chapitre à chaque paragraphe', 'Dans la clé « book » : seul le premier élément est venu, sur 2. Les'),
        Answer(_fresh_gather_w13, 'garde tous les livres', 'Il ne reste que le dernier livre. Ce qui doit survivre à la boucle se'),
        Answer(_fresh_gather_w14, 'rend des colonnes vides sans livre', 'Le dictionnaire est vide. Sans livre, rendez trois colonnes vides.'),
        Answer(_gather_unique, fiches._SAME_CHAPTER, "chacun fait sa ligne"),
        Answer(_again_gather_w2, 'garde tous les livres', 'dans la colonne « paragraph »'),
        Answer(_reader_gather_w7, 'garde tous les livres', 'rendez un seul dictionnaire, de trois colonnes'),
    ),
}

RIGHT = {
    "corpus.end_of_book": (
        _end_regex,
        _end_mended,
        _end_partition,
        _end_next,
        _end_by_lines,
        _fresh_end_of_book_r5,
        _fresh_end_of_book_r1,
        _fresh_end_of_book_r2,
        _fresh_end_of_book_r3,
        _fresh_end_of_book_r4,
    ),
    "corpus.cut_frame": (
        _frame_lines,
        _frame_split,
        _frame_slices,
        _frame_by_name,
        _fresh_cut_frame_r1,
        _fresh_cut_frame_r2,
        _fresh_cut_frame_r3,
        _fresh_cut_frame_r21,
        _fresh_cut_frame_r22,
    ),
    "corpus.paragraphs": (
        _paragraphs_split,
        _paragraphs_loop,
        _paragraphs_groupby,
        _paragraphs_by_name,
        _fresh_paragraphs_r1,
        _fresh_paragraphs_r2,
        _fresh_paragraphs_r3,
        _fresh_paragraphs_r4,
        _fresh_paragraphs_r21,
        _fresh_paragraphs_r22,
        _read_paragraphs_w9,
    ),
    "corpus.split_by_book": (
        _split_defaultdict,
        _split_loop,
        _split_filter,
        _split_ordered,
        _split_by_name,
        _fresh_split_by_book_r1,
        _fresh_split_by_book_r2,
        _fresh_split_by_book_r3,
        _fresh_split_by_book_r4,
    ),
    "corpus.first_accepted": (
        _first_recursive,
        _first_list_of_refusals,
        _first_by_name,
        _first_iterator,
        _fresh_first_accepted_r1,
        _fresh_first_accepted_r2,
        _fresh_first_accepted_r3,
        _read_first_accepted_w12,
    ),
    "corpus.header_number": (
        _number_split,
        _number_regex,
        _fresh_header_number_r1,
        _fresh_header_number_r2,
        _fresh_header_number_r3,
        _fresh_header_number_r4,
        _fresh_header_number_r21,
        _fresh_header_number_r22,
    ),
    "corpus.decode": (
        _decode_loop,
        _decode_strip_bom,
        _decode_wrapper,
        _decode_is_utf8,
        _fresh_decode_r1,
        _fresh_decode_r2,
        _fresh_decode_r3,
        _fresh_decode_r4,
    ),
    "corpus.is_french": (
        _french_share,
        _french_regex,
        _french_counter,
        _french_with_la,
        _french_mean,
        _french_by_twenty,
        _french_loop,
        _fresh_is_french_r1,
        _fresh_is_french_r2,
        _fresh_is_french_r3,
        _fresh_is_french_r4,
        _fresh_is_french_r21,
        _fresh_is_french_r22,
        _read_is_french_r3,
    ),
    "corpus.rejoin": (
        _rejoin_copy_backwards,
        _rejoin_groups,
        _rejoin_reduce,
        _rejoin_by_name,
        _fresh_rejoin_r1,
        _fresh_rejoin_r2,
        _fresh_rejoin_r3,
    ),
    "corpus.gather": (
        _gather_comprehensions,
        _gather_row_by_row,
        _gather_zip,
        _fresh_gather_r1,
        _fresh_gather_r2,
        _fresh_gather_r3,
        _fresh_gather_r21,
    ),
}


def use():
    """Tout le corpus préparé sur le pastiche : ce que la leçon construit, jusqu'au compte rendu."""
    report = corpus.prepare("sand")
    return {"books": report["books"], "refused": report["refused"], "splits": all(report["splits"].values())}
