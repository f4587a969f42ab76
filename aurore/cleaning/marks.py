"""Ce que les éditeurs ajoutent au fil du texte : légendes, appels et notes, numéros de page et de ligne, italiques.

Chaque fonction rend le texte sans ces marques, et confie au compte ce qu'elle a ôté. Un signe n'est une marque que
sur preuve : un appel « [a] » a sa note, un numéro de page en continue d'autres, une lettre entre crochets qui touche
un mot est de ce mot.
"""

import html
import re
from collections import Counter, deque
from itertools import pairwise, zip_longest

from aurore.cleaning.blocks import Account, Block, is_heading, join_blocks, split_blocks

# --- Entre crochets : légendes, notes, remarques de transcription --------------------------------------

# Un crochet peut en contenir d'autres, sur un niveau ; 6 000 caractères suffisent à la plus longue note
# rencontrée et empêchent un crochet jamais refermé d'emporter le livre.
_INSIDE = r"(?:[^\[\]]|\[[^\[\]]{0,400}\]){0,6000}?"
_BRACKETED = re.compile(
    r"[ \t]*\[\s*_?(?:"
    r"illus(?:trations?\b|\.)|images?\b(?=[\s:\]])|fig(?:ures?\b|\.)(?=\s*(?:\d|:|\]))|gravures?\b(?=\s*[:\]])|logo\b|blank page|page blanche"
    r"|marques? d(?:'|’)(?:imprimeur|[ée]diteur)"
    r"|(?:foot)?notes?\s*(?:[0-9]+(?:-?[a-z])?|[a-z*])?\s*[.:\]]"
    r"|notes?\s*\((?:projec?t gutenberg|transcri\w*|[ée]diteur)\)"
    r"|notes?\s+(?:du|de la|des?|de l['’]|au|aux|sur)\s"
    r"|transcriber|d[ée]coration|ornement|bandeau|cul-de-lampe|lettrine|vignette\b"
    r"|(?:\d{1,3}\s*[.:]?(?!\s*(?:bis|ter)\])|[A-Z]\s*:)\s|nd[telra]\s*[:.]|fin de la note"
    r"|les deux tomes suivis|de l['’]édition\b|illisible|spelling of|portions of this"
    r")" + _INSIDE + r"\]\.?",
    re.IGNORECASE,
)
_INLINE_NOTE = re.compile(r"(?<=[\w»'’,;:.!?)])\s?\[[A-ZÀ-Ý][^\[\]]{1,400}\]")
_SCENE = re.compile(r"^\W*(?:SC[ÈE]NE|Sc[èe]ne|ACTE|Acte)\s+(?:[IVXL]+\b|PREMI|premi)", re.MULTILINE)
_GLUED_CALL = re.compile(r"(?<=[a-zà-ÿ]{3})\d{1,2}(?=\s*\[\s*\d)")
_PARENTHESIZED_PLATE = re.compile(r"^\s*\(illustration[^()]{0,80}\)\s*$", re.IGNORECASE | re.MULTILINE)
_TRANSLITERATION = re.compile(
    r"\[(?:en )?(?:grec|greek|hébreu|hebrew|arabe|arabic)\s*[:,]\s*([^\[\]]*)\]", re.IGNORECASE
)
_LIGATURE = {"[oe]": "œ", "[OE]": "Œ", "[Oe]": "Œ", "[ae]": "æ", "[AE]": "Æ"}


def remove_bracketed(text: str, account: Account | None = None) -> str:
    """Ôte les légendes d'illustrations, les notes et les remarques mises entre crochets."""
    account = account or Account()
    for mark, letter in _LIGATURE.items():
        text = text.replace(mark, letter)
    text = _TRANSLITERATION.sub(r"\1", text)
    text = account.sub("illustrations", _PARENTHESIZED_PLATE, "", text)
    text = account.sub("appels de notes", _GLUED_CALL, "", text)
    text = account.sub("illustrations et notes entre crochets", _BRACKETED, "", text)
    # Des notes sans numéro, mises entre crochets au fil du texte : une habitude du livre, ou rien. Dans une
    # pièce, les mêmes crochets portent les jeux de scène : ils restent.
    habit = len(_INLINE_NOTE.findall(text)) >= 5 and len(_SCENE.findall(text)) < 3
    return account.sub("illustrations et notes entre crochets", _INLINE_NOTE, "", text) if habit else text


_RESTORED = re.compile(r"(?<=[^\W\d_])\[([^\W\d_]{1,6})\](?=[^\W_]|[\s.,;:!?»’'-]|$)|\[([^\W\d_]{1,6})\](?=[^\W\d_])")


def open_restored_letters(text: str) -> str:
    """Ouvre les crochets qui rendent des lettres à un mot : « R[o]manz », « [S]i », « moi[s] »."""
    return _RESTORED.sub(lambda match: match.group(1) or match.group(2), text)


_TAG = re.compile(
    r"<(?:p|div|span|h[1-6]|a|br|hr) [a-z]+=[^<>\n]{0,80}>|</?(i|b|u|em|strong|small|big|su[pb]|br|tb|hr|p|span|div|center|blockquote|h[1-6])(?:\s[^<>\n]{0,80})?/?>",
    re.IGNORECASE,
)


def remove_html(text: str) -> str:
    """Efface les balises et rend leurs signes aux entités : quelques fichiers en gardent d'une page web.

    Une balise que rien ne referme jamais n'en est pas une : « <a>lpha » écrit une lettre grecque.
    """
    if "<" not in text and "&" not in text:
        return text
    closed = {tag.lower() for tag in re.findall(r"</(\w+)>", text)} | {"br", "hr", "tb"}
    return html.unescape(
        _TAG.sub(lambda match: match.group() if match[1] and match[1].lower() not in closed else "", text)
    )


_BOX_LINE = re.compile(r"^[ \t]*[+|][-+|=_ \t]*$", re.MULTILINE)
_TEX = re.compile(r"\\\((?:[^\\]|\\(?!\))){0,600}\\\)|\$[^$\n]*\\[a-z][^$\n]*\$|^%.*$", re.MULTILINE)


def remove_formulas(text: str, account: Account | None = None) -> str:
    """Ôte les formules de TeX, « \\( … \\) », leurs dessins en lignes « % », et les traits de tableaux."""
    account = account or Account()
    return account.sub("formules", _TEX, _plain_formula, _BOX_LINE.sub("", text))


def _plain_formula(match: re.Match) -> str:
    """Une formule qui n'est qu'un nombre ou un mot se lit telle quelle ; une autre n'est pas du français."""
    inside = re.sub(r"^\\\(|\\\)$", "", match.group()).strip().removeprefix("\\")
    return inside if re.fullmatch(r"[\w.,'° +-]{1,30}", inside) else ""


# --- Numéros de page et de ligne ------------------------------------------------------------------------

_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,8})"
_PAGE = (
    rf"(?:\|(?:pp?\.\s?)?\d{{1,4}}\||\[(?:p|pp|pg|pag|page|fol|folio|f|ff)[.:]?\s*{_NUMBER}\s?[a-z]?\.?\]"
    rf"|\((?:p|pg|pag)\.\s*{_NUMBER}\)|\{{(?:p|pg|page)?\.?\s*{_NUMBER}\}}|<(?:p|pg|page)?\.?\s*\d{{1,4}}>)"
)
_PAGE_INLINE = re.compile(rf"[ \t]*{_PAGE}", re.IGNORECASE)
# Seule entre deux lignes d'un même alinéa, la marque peut avoir bien des formes ; un nombre nu n'en est pas une.
_PAGE_ALONE = (
    rf"{_PAGE}|(?:page|pag|pg|p|fol|folio)\b[.:]?\s*{_NUMBER}\.?|\(page\s{_NUMBER}\)"
    r"|\[\d{1,4}(?:[/-]\d{1,4})?\]|(?P<sign>[-/=~—–]{1,3})\s?\d{1,4}\s?(?P=sign)"
)
_PAGE_BETWEEN = re.compile(rf"(?<=\S\n)[ \t]*(?:{_PAGE_ALONE})[ \t]*\n(?=[ \t]*\S)", re.IGNORECASE)
_STARRED_PAGE = re.compile(r"^[ \t]*\*\s?\d{1,4}(?:\s?-\s?\d{1,4})?\s?\*?[ \t]*$", re.MULTILINE)
_PAGE_LINE = re.compile(
    r"^[ \t]*(?:-+\s*\d{1,4}\s*-+|\d{1,4}|\[\d{1,4}\]|(?:page|pg)\.?\s+\d{1,4}\.?)[ \t]*$", re.IGNORECASE
)
_MARGIN = {
    "right": re.compile(r"^(?P<text>.*\S)[ \t]{2,}(?P<number>\d{1,4})[ \t]*$"),
    "left": re.compile(r"^[ \t]*(?P<number>\d{1,4})[ \t]{2,}(?P<text>\S.*)$"),
}


def remove_page_numbers(text: str, account: Account | None = None) -> str:
    """Ôte les numéros de page, dans la ligne ou seuls sur la leur.

    Un nombre seul sur sa ligne n'est un numéro de page que s'il en continue une suite croissante : un
    chapitre « 12 » ou une date « 1830 » restent.
    """
    account = account or Account()
    rule = "numéros de page et de ligne"
    text = _open_notes(text)
    text = account.sub(rule, _PAGE_BETWEEN, "", text)
    text = account.sub(
        rule, _PAGE_INLINE, lambda match: " " if text[match.end() : match.end() + 1].isalnum() else "", text
    )
    text = account.sub(rule, _STARRED_PAGE, "", text)
    lines = text.split("\n")
    marks = _inside_sentences(lines)
    for i in sorted(marks):
        account.note(rule, lines[i])
    lines = [line for i, line in enumerate(lines) if i not in marks]
    numbered = [(i, int(re.search(r"\d+", line).group())) for i, line in enumerate(lines) if _PAGE_LINE.match(line)]
    pages = _increasing_run(numbered)
    pages |= _running_heads(lines, pages)
    for i in sorted(pages):
        account.note(rule, lines[i])
    return "\n".join(line for i, line in enumerate(lines) if i not in pages)


def _increasing_run(numbered: list[tuple[int, int]], shortest: int = 8) -> set[int]:
    """Lignes dont les nombres croissent à peu près de un en un, comme des pages et non des chapitres."""
    pages: set[int] = set()
    run: list[tuple[int, int]] = []
    for i, number in numbered:
        if run and not 0 < number - run[-1][1] <= 6:
            run = []
        run.append((i, number))
        # Des chapitres sont loin les uns des autres ; des pages, à une quarantaine de lignes.
        if len(run) >= shortest and (run[-1][0] - run[0][0]) / (run[-1][1] - run[0][1]) < 60:
            pages.update(line for line, _ in run)
    return pages


_ANY_MARK = re.compile(
    r"^[^\w«]*(?:(?:page|pag|pg|p|fol|folio|f)\b\W*)?(?:\d{1,4}|[IVXLC]{1,8}|[ivxlc]{1,8})(?:\s?[rv]\b)?\W*$",
    re.IGNORECASE,
)


def _inside_sentences(lines: list[str]) -> set[int]:
    """Les nombres seuls sur leur ligne, sous toute forme, que la phrase enjambe : elle n'a pas fini avant, et reprend en minuscule."""
    found = set()
    for i, line in enumerate(lines):
        if not line.strip() or len(line) > 40 or not _ANY_MARK.match(line):
            continue
        before = next((text for text in reversed(lines[max(0, i - 4) : i]) if text.strip()), "")
        after = next((text for text in lines[i + 1 : i + 5] if text.strip()), "")
        if len(before) >= 45 and re.search(r"[\w,'’-]\s*$", before) and re.match(r"\s*[a-zà-ÿœ]{2}", after):
            found.add(i)
    return found


_CURLED = (re.compile(r"\{(\d{1,3})\}"), re.compile(r"<(\d{1,3})>"))


def _open_notes(text: str) -> str:
    """« {1} » ou « <1> », dont chaque numéro paraît deux fois, appelle une note et l'ouvre : un numéro de page est seul."""
    for form in _CURLED:
        counts = Counter(form.findall(text))
        if counts and 2 * sum(count == 2 for count in counts.values()) > len(counts):
            text = form.sub(r"[\1]", text)
    return text


def _running_heads(lines: list[str], pages: set[int]) -> set[int]:
    """Les titres courants : une ligne en capitales, la même auprès de cinq numéros de page au moins."""
    heads: dict[str, set[int]] = {}
    for i in pages:
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(lines) and not lines[j].strip():
                j += step
            if 0 <= j < len(lines) and abs(j - i) <= 4 and lines[j].isupper() and len(lines[j].strip()) < 60:
                heads.setdefault(lines[j].strip(), set()).add(j)
    return {j for places in heads.values() if len(places) >= 5 for j in places}


def remove_line_numbers(text: str, account: Account | None = None) -> str:
    """Ôte les numéros de vers ou de ligne mis dans la marge : 5, 10, 15… au bout, ou en tête, de lignes régulières."""
    account = account or Account()
    lines = text.split("\n")
    for pattern in _MARGIN.values():
        found = [(i, match) for i, line in enumerate(lines) if (match := pattern.match(line))]
        for i, match in _regular(found):
            account.note("numéros de page et de ligne", match["number"])
            lines[i] = match["text"]
    return "\n".join(lines)


def _regular(found: list[tuple[int, re.Match]], shortest: int = 5) -> list[tuple[int, re.Match]]:
    """Celles dont le nombre suit le précédent du même pas (4, 5 ou 10), à autant de lignes près : une marge numérotée."""
    for step in (5, 10, 4):
        multiples = [(i, match) for i, match in found if int(match["number"]) % step == 0]
        linked: set[int] = set()
        for (i, one), (j, other) in pairwise(multiples):
            gap = int(other["number"]) - int(one["number"])
            if gap == step and step - 1 <= j - i <= 3 * step:
                linked.update((i, j))
        if len(linked) >= shortest and 2 * len(linked) > len(found):
            # La marge est prouvée : les multiples qui en sont isolés (début de page, saut) en font partie.
            return [(i, match) for i, match in multiples if len(match["text"].strip()) >= 3]
    return []


# --- Notes de bas de page -------------------------------------------------------------------------------

_LABEL = r"(?:[NnA-Ea-e]|FN)?\d{1,4}(?:[-.]?[A-Za-z*]|-\d{1,2}|\.|\s?(?:bis|ter))?|#|l\d|\*{1,4}|†{1,2}|‡|§"
_SURE_CALL = re.compile(
    rf"[ \t]?\[(?:[Nn]otes?\s*|n\.?\s?)?(?:{_LABEL})\]|[ \t]?\[[Nn]ote\s[A-Za-z]\]|\[\d{{1,3}}(?=\[)|[ \t]?\(\*{{1,4}}\)"
)
_RAISED_CALL = re.compile(r"(?<=[\w»”.,;!?])[¹²³⁰⁴-⁹]{1,3}(?![\w/])")
# Une lettre entre crochets est un appel si elle ne touche pas la suite d'un mot ; minuscule, il lui faut sa note.
_LETTER_CALL = re.compile(r"[ \t]?\[(?P<label>[A-Za-z]|[ivxlc]{2,5})\](?![^\W\d_])")
_NOTE_START = re.compile(
    rf"^\s*_?(?:\[(?:[Nn]ote\s*)?(?:{_LABEL})[\].:]|\[(?:[A-Za-z]|[ivxlc]{{2,5}})(?:\](?![^\W\d_])|[.:])|(?:Foot)?[Nn]ote\s+\[?\d{{1,4}}\]?\s*[:.]|\(\*{{1,4}}\)\s|[¹²³⁰⁴-⁹]{{1,3}}\s?\S)"
)
_NUMBERED_NOTE = re.compile(r"^\s*_?(?:\d{1,3}[.)]?|\*{1,3})\s+\S|^\s*_?(?:\[\w{1,5}[\].:]|\(\w{1,4}\))")
_PAREN_NOTE_START = re.compile(
    r"^\s*_?(?:\(\s?(?:[Nn]ote\s)?(?P<label>\d{1,3}|[A-Za-z])\.?\s?\)[\s_]*|(?P<star>\*{1,3}|†{1,2})\s)(?=[^\s*])"
)
_PAREN_CALL = re.compile(
    r"(?<=[\w»'’,;.!?\"_)])(?:\s?\((?:[Nn]ote\s)?(?P<label>\d{1,3}|[A-Za-z])\.?\)|(?P<star>\*{1,3}|†{1,2}))(?=[\s.,;:!?»_)\"-]|$)"
)
_OPEN_STAR = re.compile(r"(?<![\w*.,;:!?»])\*(?=\w)")  # « *en italique* »
_NOTES_HEADING = re.compile(
    r"^\W*(?:foot-?notes?|notes?(?: de bas de page| de fin| du texte| et [ée]claircissements)?)\s*(?:[\[(].{0,40}[\])])?\W*$",
    re.IGNORECASE,
)
_RULE_LINE = re.compile(r"^[ \t]*(?:[-=_~]\s?){5,}[ \t]*$", re.MULTILINE)
_NOTES = "notes"


def remove_footnotes(text: str, account: Account | None = None) -> str:
    """Ôte les appels de notes (`[12]`, `[A]`, `[39a]`, `(1)`) et les notes elles-mêmes, où qu'elles soient.

    Une note commence par son appel en tête de bloc ; les blocs qui la suivent avec le même retrait la
    continuent. Une note « (1) » n'en est une que si un appel « (1) » la précède. Un titre « NOTES » que ne suit
    plus rien disparaît avec elles.
    """
    account = account or Account()
    text = _RULE_LINE.sub(lambda match: f"\n{match.group()}\n", text)
    blocks = [part for block in split_blocks(text) for part in _split_notes(block)]
    pairs = _Pairs()
    kept: list[Block] = []
    note_indent = None
    sections = _note_sections(blocks)
    for i, block in enumerate(blocks):
        if i in sections:
            pairs.is_answer(block)
            continue
        indent = _indent(block)
        if _NOTE_START.match(block.lines[0]) or pairs.is_answer(block):
            note_indent = indent
            if kept and _NOTES_HEADING.match(kept[-1].text):
                kept.pop()
        elif note_indent and indent >= note_indent and block.gap <= 1 and not _opens_text(block):
            continue  # suite de la note, en retrait comme elle
        elif note_indent == 0 and indent and block.gap <= 1 and blocks[i - 1].text.endswith(":"):
            continue  # ce que la note cite
        else:
            note_indent = None
            pairs.ask(block)
            kept.append(block)
    raised = any(re.match(r"^\s*[¹²³⁰⁴-⁹]", block.lines[0]) for block in blocks)
    letters = {
        match.group(1)
        for block in blocks
        if (match := re.match(r"^\s*\[([A-Za-z]|[ivxlc]{1,5})[\].:]", block.lines[0]))
    }
    text = join_blocks(account.keep(_NOTES, blocks, kept))
    text = account.sub("appels de notes", _SURE_CALL, "", text)
    text = account.sub("appels de notes", _RAISED_CALL, "", text) if raised else text
    text = account.sub(
        "appels de notes",
        _LETTER_CALL,
        lambda match: (
            ""
            if match["label"] in letters
            or (_after_lower(match) and match["label"].isupper())
            or re.search(r"[.,;!?»]$", match.string[: match.start()][-1:])
            else match.group()
        ),
        text,
    )
    return account.sub(
        "appels de notes", _PAREN_CALL, lambda match: "" if _label(match) in pairs.answered else match.group(), text
    )


def _after_lower(match: re.Match) -> bool:
    """L'appel suit un mot en minuscules ou une ponctuation : « corde[A] », et non « REGI[S] »."""
    before = match.string[: match.start()][-1:]
    return bool(before) and not before.isupper()


class _Pairs:
    """Apparie les notes « (1) », « (note 1) » ou « * » à leurs appels : une énumération, que rien n'appelle, n'est pas une suite de notes."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.answered: set[str] = set()
        self._stars: deque[Counter[str]] = deque(maxlen=2)  # par bloc, les deux derniers

    def ask(self, block: Block) -> None:
        """Retient les appels d'un bloc de texte ; une étoile n'appelle que la note qui suit, et n'en ferme pas une autre."""
        self._stars.append(Counter())
        for match in _PAREN_CALL.finditer(block.text):
            calls = self.calls if match["label"] else self._stars[-1]
            calls[_label(match)] += 1
        if _OPEN_STAR.search(block.text):
            self._stars[-1].clear()

    def is_answer(self, block: Block) -> bool:
        """Dit si ce bloc est une note qu'un appel attend, et prend cet appel."""
        match = _PAREN_NOTE_START.match(block.lines[0])
        if not match:
            return False
        calls = self.calls if match["label"] else sum(self._stars, Counter())
        if not calls[_label(match)]:
            return False
        if match["label"]:
            calls[_label(match)] -= 1
        self.answered.add(_label(match))
        return True


def _label(match: re.Match) -> str:
    return match["label"] or match["star"]


def _split_notes(block: Block) -> list[Block]:
    """Sépare un bloc où plusieurs notes se suivent sans ligne vide, chacune ouverte par son appel entre parenthèses."""
    starts = [i for i, line in enumerate(block.lines) if _PAREN_NOTE_START.match(line)]
    if len(starts) < 2 or starts[0] != 0:
        return [block]
    cuts = [*starts, len(block.lines)]
    return [Block(block.lines[a:b], block.gap if a == 0 else 1) for a, b in pairwise(cuts)]


def _note_sections(blocks: list[Block]) -> set[int]:
    """Les blocs des sections « NOTES » : le titre, les notes numérotées, et ce qui est pris entre deux notes."""
    inside: set[int] = set()
    for i, (block, following) in enumerate(zip_longest(blocks, blocks[1:])):
        if i in inside or not _NOTES_HEADING.match(block.text) or not following:
            continue
        last, j = None, i + 1
        while j < len(blocks) and j - (last or i) <= 6:
            later = blocks[j]
            if _NUMBERED_NOTE.match(later.lines[0]):
                last = j
            elif not _is_rule(later) and _heading(later):
                break
            j += 1
        if last is not None:
            inside.update(range(i, last + 1))
    return inside


def _is_rule(block: Block) -> bool:
    return not any(character.isalnum() for character in block.text)


def _heading(block: Block) -> bool:
    return is_heading(block.text) and not _NUMBERED_NOTE.match(block.lines[0])


def _opens_text(block: Block) -> bool:
    """Ce qui ne peut continuer une note : un titre, ou un alinéa qui porte lui-même un appel de note."""
    return _heading(block) or bool(_SURE_CALL.search(block.text)) or block.text.startswith("«")


def _indent(block: Block) -> int:
    return min(len(line.expandtabs()) - len(line.expandtabs().lstrip()) for line in block.lines)


def is_notes_heading(text: str) -> bool:
    """Dit si un bloc n'est qu'un titre « NOTES »."""
    return bool(_NOTES_HEADING.match(text))


# --- Italiques, exposants -------------------------------------------------------------------------------

_STAR = re.compile(r"(?<![*\w])\*(?!\*)(\S[^*\n]{0,80}\S)\*(?![*\w])")
_BOLD = re.compile(r"=(?=\S)([^=\n]{1,200}?)=")
_SUPERSCRIPT = re.compile(r"\^?\{(\w{1,5})\}|(?<=\w)\^(?=\w)")


def remove_emphasis(text: str) -> str:
    """Efface `_italique_`, `=gras=` et les exposants `M{me}`, `XIX^e` ; les mots restent."""
    text = _SUPERSCRIPT.sub(lambda match: match.group(1) or "", text)
    text = _STAR.sub(r"\1", _BOLD.sub(r"\1", text.replace("_", "")))
    return re.sub(r"[{}<>\\]|/\*|\*/|={3,}", " ", text)
