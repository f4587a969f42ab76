"""Leçon 01 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import functools
import io
import itertools
import random
import re
import statistics
from collections import Counter, OrderedDict, defaultdict

from answers import Answer
from aurore import corpus
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


WRONG = {
    "corpus.end_of_book": (
        Answer(_end_slides, fiches._SEND, "La position tombe devant « SEND », qui contient « END »"),
        Answer(_end_without_stars, fiches._NO_STARS, "sans étoiles : ce n'est pas le marqueur"),
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
        Answer(_end_first_stars, fiches._SEND, "Rendez la position où commence la ligne « *** END OF … »"),
        Answer(_end_inside_the_marker, fiches._SEND, "La position tombe après le début de la ligne du marqueur :"),
        Answer(_end_text, fiches._SEND, "C'est un texte, et non un nombre entier"),
        Answer(_end_match, fiches._SEND, "C'est un objet Match, et non un nombre entier"),
        Answer(_end_last_stars, fiches._SEND, "La position tombe après le début de la ligne du marqueur :"),
        Answer(_end_index, fiches._SEND, "C'est un tuple, et non un nombre entier"),
        Answer(_end_from_the_end, fiches._SEND, "Rendez la position où commence la ligne « *** END OF … »"),
        Answer(_end_zero, fiches._NO_MARKER, "Sans marqueur, rien n'est à couper : rendez len(text)"),
        Answer(_end_none_when_absent, fiches._NO_MARKER, "Votre fonction a rendu None"),
        Answer(_end_prints, fiches._SEND, "Votre fonction a rendu None"),
        Answer(_end_without_multiline, fiches._SEND, "comme « ^ » sans re.MULTILINE"),
        Answer(_end_unescaped, fiches._SEND, "Dans un motif, « * » répète ce qui le précède ; une étoile"),
        Answer(_end_too_long, fiches._NO_MARKER, "Sans marqueur, rien n'est à couper : rendez len(text)"),
        Answer(_end_words, fiches._SEND, "Rendez la position où commence la ligne « *** END OF … »"),
        Answer(_end_lower, fiches._FORMS, "Certains fichiers écrivent « ***END OF THE » sans espace :"),
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
            _paragraphs_shared_append, fiches._ONE_LINE, "Il est venu 4 éléments, et non 3 ; le premier écart est au"
        ),
    ),
    "corpus.split_by_book": (
        Answer(_split_by_paragraph, fiches._WHOLE, "Les listes contiennent des paragraphes : rangez les livres"),
        Answer(_split_at_random, fiches._WHOLE, "Un livre est dans une part que son rôle ne dit pas : ni le"),
        Answer(_split_last_is_test, fiches._WHOLE, "Un livre est dans une part que son rôle ne dit pas : ni le"),
        Answer(_split_shared, fiches._WHOLE, "Les parts sont une seule et même liste : donnez à chacune la"),
        Answer(_split_recreated, fiches._WHOLE, "De chaque part, il ne reste que le dernier livre : ajoutez-le"),
        Answer(_split_only_seen, fiches._WHOLE, "La part « base » manque : partez des quatre parts de"),
        Answer(_split_titles, fiches._WHOLE, "Les listes contiennent des titres : rangez les livres"),
        Answer(_split_else_test, fiches._TRAP, "Dans la clé « test » : il est venu un élément ; aucun n'est"),
        Answer(_split_crashes_on_trap, fiches._TRAP, "Cette clé n'est pas dans le dictionnaire"),
        Answer(_split_keeps_trap, fiches._TRAP, "Il y a la clé 'piege' de trop"),
        Answer(_split_empties, fiches._WHOLE, "Le résultat est juste, mais votre fonction modifie ce qu'on"),
        Answer(_split_lists, fiches._WHOLE, "C'est une liste, et non un dictionnaire"),
        Answer(_split_by_title, fiches._WHOLE, "Il manque 4 clés"),
        Answer(_split_counts, fiches._WHOLE, "Ce sont des nombres de livres : rangez les livres eux-mêmes"),
        Answer(_split_one_each, fiches._WHOLE, "Dans la clé « train » : c'est un objet CleanBook, et non une"),
        Answer(_split_no_return, fiches._WHOLE, "Votre fonction a rendu None"),
        Answer(_split_three_parts, fiches._WHOLE, "La part « base » manque : partez des quatre parts de"),
        Answer(_split_wrong_key, fiches._WHOLE, "Il manque la clé 'validation'"),
        Answer(_split_extends, fiches._WHOLE, "Les listes contiennent des paragraphes : rangez les livres"),
        Answer(_split_generators, fiches._WHOLE, "Dans la clé « train » : c'est un générateur, dont rien n'a"),
        Answer(_split_none_for_empty, fiches._WHOLE, "Dans la clé « base » : la valeur est None, et non une liste"),
        Answer(_split_trap_in_base, fiches._TRAP, "Dans la clé « base » : il est venu un élément ; aucun n'est"),
        Answer(_split_return_inside, fiches._WHOLE, "Seul le premier livre est rangé : un « return » dans la boucle"),
        Answer(_split_sets, fiches._WHOLE, "Dans la clé « train » : c'est un ensemble, et non une liste"),
        Answer(_split_insert, fiches._WHOLE, "Dans la clé « train » : les éléments sont les mêmes, à"),
        Answer(_split_tuples, fiches._WHOLE, "Dans la clé « train » : c'est un tuple, et non une liste"),
        Answer(_split_pairs, fiches._WHOLE, "C'est une liste, et non un dictionnaire"),
    ),
    "corpus.first_accepted": (
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
    ),
    "corpus.header_number": (
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
        Answer(_number_position, fiches._NUMBER, "Plus de dix fois trop petit : c'est 23525 de moins"),
        Answer(_number_prints, fiches._NUMBER, "Votre fonction a rendu None"),
        Answer(_number_float, fiches._NUMBER, "C'est un nombre à virgule, et non un nombre entier"),
        Answer(_number_line_start, fiches._NUMBER, "Votre fonction a rendu None"),
        Answer(_number_last_sign, fiches._NUMBER, "prenez le premier"),
        Answer(_number_one_digit, fiches._NUMBER, "le premier chiffre du numéro"),
        Answer(_number_text_none, fiches._NO_NUMBER, "C'est un texte, et non None"),
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
    ),
    "corpus.is_french": (
        Answer(_french_accents, fiches._TRANSLATION, "comptez des mots entiers"),
        Answer(_french_letters, fiches._CITED, "ni leur nombre"),
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
        Answer(_rejoin_in_place, fiches._AFTER, "Le résultat est juste, mais votre fonction modifie ce qu'on"),
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
    ),
    "corpus.gather": (
        Answer(_gather_recreated, fiches._ALL_BOOKS, "Il ne reste que le dernier livre"),
        Answer(_gather_returns_inside, fiches._ALL_BOOKS, "Il ne reste que le premier livre : un « return » dans la"),
        Answer(_gather_overwrites, fiches._ALL_BOOKS, "Il ne reste que le dernier livre"),
        Answer(_gather_nested, fiches._ALL_BOOKS, "La colonne contient des listes : append ajoute la liste"),
        Answer(_gather_one_title, fiches._ALL_BOOKS, "Chaque titre n'y est qu'une fois ; il se répète à chaque"),
        Answer(_gather_shared, fiches._ALL_BOOKS, "Les trois colonnes sont une seule et même liste : donnez à"),
        Answer(
            _gather_spoils_the_first, fiches._ALL_BOOKS, "Le résultat est juste, mais votre fonction modifie ce qu'on"
        ),
        Answer(_gather_needs_a_book, fiches._NO_BOOK, "Une variable est lue avant d'avoir reçu une valeur dans la"),
        Answer(_gather_rows, fiches._ALL_BOOKS, "C'est une liste, et non un dictionnaire"),
        Answer(_gather_tuple, fiches._ALL_BOOKS, "C'est un tuple, et non un dictionnaire"),
        Answer(_gather_french_keys, fiches._ALL_BOOKS, "Il manque 3 clés : 'book', 'chapter', 'paragraph'"),
        Answer(_gather_titles_spelled, fiches._ALL_BOOKS, "Les titres sont épelés, lettre par lettre"),
        Answer(_gather_distinct_chapters, fiches._SAME_CHAPTER, "il s'écrit deux fois"),
        Answer(
            _gather_books_themselves, fiches._ALL_BOOKS, "Dans la clé « book » : dans chaque élément : c'est un objet"
        ),
        Answer(_gather_no_return, fiches._ALL_BOOKS, "Votre fonction a rendu None"),
        Answer(_gather_by_book, fiches._ALL_BOOKS, "Il manque 3 clés : 'book', 'chapter', 'paragraph'"),
        Answer(_gather_texts, fiches._ALL_BOOKS, "Chaque titre n'y est qu'une fois ; il se répète à chaque"),
        Answer(_gather_one_chapter, fiches._ALL_BOOKS, "Dans la clé « chapter », élément de rang 1"),
        Answer(_gather_skips_first, fiches._ALL_BOOKS, "Dans la clé « book » : il manque 2 éléments au début"),
        Answer(_gather_swapped, fiches._ALL_BOOKS, "Dans la clé « chapter », élément de rang 0"),
        Answer(_gather_defaultdict, fiches._NO_BOOK, "Le dictionnaire est vide"),
    ),
}

RIGHT = {
    "corpus.end_of_book": (
        _end_regex,
        _end_mended,
        _end_partition,
        _end_next,
        _end_by_lines,
    ),
    "corpus.cut_frame": (
        _frame_lines,
        _frame_split,
        _frame_slices,
        _frame_by_name,
    ),
    "corpus.paragraphs": (
        _paragraphs_split,
        _paragraphs_loop,
        _paragraphs_groupby,
        _paragraphs_by_name,
    ),
    "corpus.split_by_book": (
        _split_defaultdict,
        _split_loop,
        _split_filter,
        _split_ordered,
        _split_by_name,
    ),
    "corpus.first_accepted": (
        _first_recursive,
        _first_list_of_refusals,
        _first_by_name,
        _first_iterator,
    ),
    "corpus.header_number": (
        _number_split,
        _number_regex,
        _number_try,
        _number_digit_by_digit,
    ),
    "corpus.decode": (
        _decode_loop,
        _decode_strip_bom,
        _decode_wrapper,
        _decode_is_utf8,
    ),
    "corpus.is_french": (
        _french_share,
        _french_regex,
        _french_counter,
        _french_with_la,
        _french_mean,
        _french_by_twenty,
        _french_loop,
    ),
    "corpus.rejoin": (
        _rejoin_copy_backwards,
        _rejoin_groups,
        _rejoin_reduce,
        _rejoin_by_name,
    ),
    "corpus.gather": (
        _gather_comprehensions,
        _gather_row_by_row,
        _gather_zip,
    ),
}


def use():
    """Tout le corpus préparé sur le pastiche : ce que la leçon construit, jusqu'au compte rendu."""
    report = corpus.prepare("sand")
    return {"books": report["books"], "refused": report["refused"], "splits": all(report["splits"].values())}
