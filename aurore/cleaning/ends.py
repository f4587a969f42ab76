"""Les deux bouts d'un livre : ce que libraires et transcripteurs ont mis avant et après l'auteur.

Une coupe se prouve par la structure. Au début, ce qui précède la première phrase de l'auteur ; à la fin, un titre
d'annexe que ne suit plus assez de prose pour qu'il ait pu parler ; une table, à ce que ses entrées reviennent en
titres de chapitres. Dans le doute, le texte reste.
"""

import re
from collections import Counter

from aurore.cleaning import kinds, transcription
from aurore.cleaning.blocks import Account, Block, is_heading
from aurore.cleaning.kinds import ENTRY, TABLE, is_voice
from aurore.cleaning.marks import is_notes_heading
from aurore.language import lowercase_words, school_language

# --- Début du livre -------------------------------------------------------------------------------------


def trim_front(blocks: list[Block], account: Account) -> list[Block]:
    """Ôte remerciements, notes de transcription, page du libraire et table placés avant le texte.

    Tout ce qui précède la dernière marque d'éditeur trouvée avant la première vraie prose s'en va ; une
    épigraphe (au moins huit mots en minuscules) est sauvée.
    """
    blocks = account.keep("crédits et notes de transcription", blocks, _drop_transcription(blocks))
    blocks = account.keep("tables", blocks, _drop_front_table(blocks))
    return account.keep("page de titre et libraire", blocks, _drop_title_page(blocks))


def _drop_title_page(blocks: list[Block]) -> list[Block]:
    front = _first_voice(blocks)
    last = max((i for i in range(front) if _closes_title_page(blocks, i)), default=-1)
    last = _end_of_works_list(blocks, last, front)
    if last + 1 < len(blocks) and kinds.YEAR.match(blocks[last + 1].text):
        last += 1
    epigraphs = [
        block for i, block in enumerate(blocks[: last + 1]) if _is_epigraph(block) and not _is_source(blocks, i)
    ]
    return epigraphs + blocks[last + 1 :]


def _is_epigraph(block: Block) -> bool:
    text = block.text
    if lowercase_words(text) < 8 or is_heading(text) or kinds.is_publisher(block) or kinds.CATALOGUE.search(text):
        return False
    if kinds.is_reference(block):
        return False
    titles = len(block.lines) >= 6 and sum(line.endswith(".") for line in block.lines) > 0.8 * len(block.lines)
    return not titles and len(re.findall(r"--|—", text)) < 2


_SCENE = re.compile(r"^\W*(?:SC[ÈE]NE|ACTE)\s+(?:PREMI|I\b|1)", re.IGNORECASE)


def _first_voice(blocks: list[Block]) -> int:
    """Le premier bloc où l'auteur parle, ou la première scène d'une pièce, dont les répliques peuvent être brèves."""
    return next(
        (
            i
            for i, block in enumerate(blocks)
            if (is_voice(block) and not _is_source(blocks, i)) or (_SCENE.match(block.text) and len(block.lines) == 1)
        ),
        len(blocks),
    )


def _closes_title_page(blocks: list[Block], i: int) -> bool:
    """Marque d'éditeur ou d'auteur de page de titre ; une date suivie d'un numéro date un récit, non le livre."""
    text = blocks[i].text
    if kinds.YEAR.match(text):
        return i + 1 < len(blocks) and not re.match(r"^[IVXLC\d]+\W*$", blocks[i + 1].text)
    if i and re.match(r"^\W*(?:par|by)\W*$", blocks[i - 1].text, re.IGNORECASE):
        return True
    if kinds.is_publisher(blocks[i]) or kinds.is_reference(blocks[i]) or _is_source(blocks, i):
        return True
    return bool(
        re.search(r"(?:^|\s)(?:par|by)\s+[A-ZÉ][\w.]+(?: [\w.,'-]+){1,4}$", text, re.IGNORECASE) and len(text) < 120
    )


def _is_source(blocks: list[Block], i: int) -> bool:
    """Sous « Source : », la référence de l'édition numérisée : brève, et datée."""
    text = blocks[i].text
    return (
        i > 0
        and bool(kinds.SOURCE.match(blocks[i - 1].text))
        and len(text) < 500
        and bool(re.search(r"\b1[5-9]\d\d\b", text))
    )


def _end_of_works_list(blocks: list[Block], last: int, front: int) -> int:
    """Après « ouvrages parus », les titres qui suivent sans grand blanc sont encore du libraire."""
    if last < 0 or not re.search(
        r"ouvrages? |(?:du|le) m[êe]me|pr[ée]paration|sous presse|para[îi]tre|[œo]e?uvres d",
        blocks[last].text,
        re.IGNORECASE,
    ):
        return last
    while last + 1 < front and blocks[last + 1].gap <= 2 and not kinds.is_prose(blocks[last + 1]):
        last += 1
    return last


def _drop_transcription(blocks: list[Block], reach: int = 80) -> list[Block]:
    """Ôte, parmi les `reach` premiers blocs, les remarques des transcripteurs, suites comprises.

    Avant que l'auteur ait parlé, une note se reconnaît à son contenu ; après, il lui faut un titre, ou un mot que
    l'auteur n'a pas pu écrire.
    """
    kept: list[Block] = []
    dropping = spoken = False
    i = 0
    while i < min(reach, len(blocks)):
        block, box = blocks[i], 0 if spoken else _end_of_box(blocks, i)
        if box:
            i, dropping = box, False
            continue
        titled = bool(kept) and transcription.is_to_the_reader(kept[-1]) and block.gap <= 2
        if (
            _is_front_note(block, spoken)
            or transcription.is_credit(block)
            or (titled and transcription.topics(block) >= 2)
        ):
            if kept and re.match(r"^\W*(?:aux? lecteurs?|notes?|avertissement)\W*$", kept[-1].text, re.IGNORECASE):
                kept.pop()
            dropping = not transcription.is_credit(block) or transcription.is_note(block)
        elif dropping and _continues_note(blocks, i):
            pass
        else:
            dropping = False
            spoken = spoken or (is_voice(block) and lowercase_words(block.text) >= 25)
            kept.append(block)
        i += 1
    return kept + blocks[i:]


def _is_front_note(block: Block, spoken: bool) -> bool:
    if not spoken:
        return transcription.is_note(block)
    return transcription.is_label(block) or (transcription.is_modern(block) and transcription.topics(block) >= 3)


def _continues_note(blocks: list[Block], i: int) -> bool:
    """Le bloc suit une note sans grand blanc, et parle encore de transcription, lui ou celui qui le suit."""
    block = blocks[i]
    if block.gap > 2 or is_heading(block.text) or kinds.is_publisher(block):
        return False
    if transcription.is_note(block, labelled=True):
        return True
    following = blocks[i + 1] if i + 1 < len(blocks) else None
    return (
        bool(following) and following.gap <= 2 and not is_heading(following.text) and transcription.is_note(following)
    )


def _end_of_box(blocks: list[Block], i: int) -> int:
    """La fin d'un encadré de transcripteur, entre deux longs filets, ou 0."""
    width = _rule_width(blocks[i])
    if width < 40:
        return 0
    inside = blocks[i + 1 : i + 40]
    if not any(transcription.is_label(block) or transcription.is_note(block) for block in inside[:3]):
        return 0
    return next((i + 2 + j for j, block in enumerate(inside) if _rule_width(block) >= 0.9 * width), 0)


def _rule_width(block: Block) -> int:
    text = "".join(block.lines).strip()
    return 0 if len(block.lines) > 1 or any(character.isalnum() for character in text) else len(text)


def _drop_front_table(blocks: list[Block], reach: int = 400) -> list[Block]:
    """Ôte la table placée en tête, ou après une préface : de son titre (ou de sa première entrée) au texte."""
    front = _first_voice(blocks)
    for i, block in enumerate(blocks[: min(reach, len(blocks) // 2)]):
        titled = TABLE.match(block.text) or TABLE.match(block.lines[0])
        if titled and (end := _end_by_recurrence(blocks, i)):
            return blocks[:i] + blocks[end:]
        untitled = i < front and kinds.is_list(block) and (entries(blocks[i:front]) >= 8 or _repeats(blocks[i:front]))
        if not titled and not untitled:
            continue
        # Le bloc qui suit le titre est la table même si ses entrées, longues, ressemblent à des phrases.
        listing = 2 if titled and len(block.lines) == 1 and i + 1 < len(blocks) and len(blocks[i + 1].lines) >= 5 else 1
        after = i + listing + _first_voice(blocks[i + listing :])
        inside = [Block(block.lines[1:], 0)] if titled else [block]
        inside = [b for b in inside + blocks[i + 1 : after] if b.lines]
        listed = bool(inside) and len(inside[0].lines) >= 3 and kinds.is_catalogue(inside[0])
        if entries(inside) >= 2 or len(inside) >= 4 or listing == 2 or listed:
            return blocks[:i] + _after_table(inside) + blocks[after:]
    return blocks


def _end_by_recurrence(blocks: list[Block], i: int) -> int:
    """La fin d'une table dont les entrées sont des titres, suivis de leurs sommaires : là où revient la première.

    La preuve est que les titres pris entre les deux reviennent eux aussi, plus loin. Rend 0 si rien ne le prouve.
    """
    titles = {j: _tokens(block.lines[0]) for j, block in enumerate(blocks) if j > i and is_heading(block.text)}
    first = next((tokens for j, tokens in titles.items() if j <= i + 2 and len(tokens) >= 2), None)
    if first is None:
        return 0
    for end in [j for j, tokens in titles.items() if j > i + 2 and tokens == first]:
        inside = [tokens for j, tokens in titles.items() if i < j < end]
        later = [tokens for j, tokens in titles.items() if j >= end]
        found = sum(tokens in later for tokens in inside)
        if len(inside) >= 3 and found >= 0.7 * len(inside):
            return end
    return 0


def _repeats(blocks: list[Block]) -> bool:
    """Au moins trois entrées, et la première, qui est plus qu'un numéro, revient telle quelle."""
    first = _tokens(blocks[0].lines[0])
    return entries(blocks) >= 4 and len(first) >= 2 and any(_tokens(block.lines[0]) == first for block in blocks[1:])


def entries(blocks: list[Block]) -> int:
    return sum(bool(ENTRY.match(line)) for block in blocks for line in block.lines)


def _after_table(blocks: list[Block]) -> list[Block]:
    """Rend ce qui suit une table dont les entrées sont dans `blocks` : là où la première entrée se répète.

    Si elle ne se répète pas, rend les derniers blocs qui ne sont pas des entrées (une dédicace), ou qui en
    répètent une (le premier titre du texte).
    """
    if not blocks:
        return []
    lines = [(i, _tokens(line)) for i, block in enumerate(blocks) for line in block.lines if _tokens(line)]
    first = lines[0][1]
    repeats = [i for i, tokens in lines[1:] if i > lines[0][0] and _same_start(tokens, first)]
    if repeats:
        return blocks[repeats[-1] :]
    # Un grand blanc sépare d'ordinaire la table du texte : ce qui le suit est le premier titre.
    for i, block in enumerate(blocks):
        if i and block.gap >= 2 and len(blocks) - i <= 6 and not any(map(kinds.is_catalogue, blocks[i:])):
            return blocks[i:]
    seen = [_without_number(tokens) for _, tokens in lines]
    start = len(blocks)
    while start > 1:
        block = blocks[start - 1]
        title = _without_number(_tokens(block.lines[0]))
        repeated = not title or sum(_same_start(title, tokens) for tokens in seen) > 1
        if not repeated and (kinds.is_list(block) or len(block.lines) > 3 or len(blocks) - start >= 5):
            break
        start -= 1
    return blocks[start:]


def _tokens(line: str) -> list[str]:
    return re.findall(r"\w+", line.lower())


def _without_number(tokens: list[str]) -> list[str]:
    return tokens[1:] if tokens and re.fullmatch(r"[ivxlc]+|\d+", tokens[0]) else tokens


def _same_start(one: list[str], other: list[str]) -> bool:
    size = min(len(one), len(other))
    return size > 0 and one[:size] == other[:size]


# --- Fin du livre ---------------------------------------------------------------------------------------


def trim_back(blocks: list[Block], account: Account) -> list[Block]:
    """Ôte tables, catalogues, corrections, glossaires et mentions d'imprimeur placés après le texte."""
    rule = "annexes de l'éditeur"
    blocks = account.keep(rule, blocks, _cut_back_matter(blocks))
    end = len(blocks)
    while end and _closes_book(blocks[end - 1]) and not _dates_the_text(blocks, end - 1):
        end -= 1
    return account.keep(rule, blocks, _without_last_heading(blocks[:end]))


def _closes_book(block: Block) -> bool:
    return _is_back_line(block) or bool(kinds.THE_END.match(block.text) or is_notes_heading(block.text))


def _dates_the_text(blocks: list[Block], i: int) -> bool:
    """« Paris, 1833. » sous la dernière phrase date le récit ; après FIN ou un filet, c'est le libraire."""
    place = re.match(r"^[\W_]*[A-ZÉ][\w'-]+,? (?:\w+ )?1[789]\d\d\W*$", blocks[i].text)
    return bool(place) and i > 0 and is_voice(blocks[i - 1]) and not kinds.is_printer(blocks[i].text)


def _cut_back_matter(blocks: list[Block]) -> list[Block]:
    """Coupe au premier titre d'annexe, dans la seconde moitié, après lequel l'auteur ne parle plus.

    Ce qui suit peut contenir des phrases (un libraire vante ses livres) : moins que d'annexes reconnues.
    """
    first = max(_first_voice(blocks) + 1, len(blocks) // 2)
    start, voice, listed = _tail_sizes(blocks, first)
    for i in range(start, len(blocks)):
        block = blocks[i]
        if kinds.THE_END.match(block.text):
            if _only_appendices(blocks, i + 1, voice, listed):
                return blocks[:i]
            continue
        chat = max(_CHAT, 0.5 * listed[i]) if _opens_back_matter(block) else -1
        following = blocks[i + 1] if i + 1 < len(blocks) else block
        introduces = i + 1 < len(blocks) and listed[i + 1] > listed[i + 2]
        if is_heading(block.text) and listed[i + 1] > 2_000 and introduces and not _opens_back_matter(following):
            # Un titre inconnu, et rien que des listes ensuite ; au-dessus d'une table, ce serait une signature.
            chat = max(chat, 0.05 * listed[i + 1])
        if voice[i + 1] <= chat:
            return _without_last_heading(blocks[:i])
    return blocks


_CHAT = 600  # caractères : la phrase ou deux d'un libraire ; un auteur en écrit plus


def _tail_sizes(blocks: list[Block], first: int) -> tuple[int, list[int], list[int]]:
    """D'où partir, et, de chaque bloc à la fin, combien de caractères de l'auteur, et combien d'annexes.

    On compte à rebours, et l'on s'arrête là où l'auteur a trop parlé pour qu'une annexe commence plus haut.
    """
    voice, listed = [0] * (len(blocks) + 1), [0] * (len(blocks) + 1)
    entries_of_table = _under_table(blocks)
    for i in range(len(blocks) - 1, first - 1, -1):
        block = blocks[i]
        size = len(block.text)
        is_listed = (
            entries_of_table[i]
            or kinds.is_catalogue(block)
            or kinds.is_glossary(block)
            or kinds.is_drawing(block)
            or kinds.is_prospectus(block)
            or _is_back_line(block)
        )
        speaks = not is_listed and (
            is_voice(block) or (lowercase_words(block.text) >= 6 and not is_heading(block.text))
        )
        voice[i] = voice[i + 1] + size * speaks
        listed[i] = listed[i + 1] + size * is_listed
        if voice[i] > 10_000 + 2 * listed[i]:
            return i + 1, voice, listed
    return first, voice, listed


def _under_table(blocks: list[Block]) -> list[bool]:
    """Les blocs qui, sous un titre de table, sont des entrées : rien ne les ponctue, ou un numéro les ouvre ou les ferme."""
    found, inside = [], False
    for block in blocks:
        if TABLE.match(block.text) or TABLE.match(block.lines[0]):
            inside = True
        elif inside:
            open_lines = sum(not re.search(r"[.!?…;,]\W*$", line) or len(line) < 40 for line in block.lines)
            entry = kinds.is_list(block) or kinds.is_titles(block) or kinds.is_summary(block.text)
            inside = entry or is_heading(block.text) or 10 * open_lines >= 7 * len(block.lines)
        found.append(inside)
    return found


def _only_appendices(blocks: list[Block], i: int, voice: list[int], listed: list[int]) -> bool:
    """Après le mot FIN : rien, ou des annexes qui commencent tout de suite et l'emportent sur ce qui s'y dit."""
    opening = next(
        (j for j in range(i, len(blocks)) if _opens_back_matter(blocks[j]) or _is_back_line(blocks[j])), None
    )
    if opening is None:
        return voice[i] <= 200
    return voice[i] - voice[opening] <= 200 and voice[opening] <= max(_CHAT, 2 * listed[opening])


_GLOSSARY = re.compile(
    r"^\W*(?:glossaire|lexique|vocabulaire|vocabulary|mots et expressions|dictionnaire des mots|woordenlijst|w[öo]rterverzeichnis|notes and vocabulary"
    r"|exercices|exercises|questionnaire|extrait d[ue] catalogue.{0,40}|prospectus|publicit[ée]s?|annonces)\W*$",
    re.IGNORECASE,
)


def _opens_back_matter(block: Block) -> bool:
    if kinds.AUTHOR_HEADING.match(block.text) and not transcription.is_label(block):
        return False
    titled = any(
        TABLE.match(text) or kinds.BACK_MATTER.match(text.rstrip(" :")) or _GLOSSARY.match(text)
        for text in (block.text, block.lines[0].strip())
    )
    if titled or kinds.CATALOGUE_TITLE.match(block.text) or transcription.is_label(block):
        return True
    if transcription.is_credit(block) or transcription.is_note(block):
        return True
    return kinds.is_publisher(block) and not re.match(r"^\W*[A-Z][\w'-]+,? (?:\w+ )?1[789]\d\d\W*$", block.text)


def _without_last_heading(blocks: list[Block]) -> list[Block]:
    """Ôte le titre resté au-dessus de la coupure, et la page de table dont il ne reste que l'intitulé."""
    heading = re.compile(r"^\W*(?:aux? lecteurs?|notes?|remarques?|corrections?|errata)\W*$", re.IGNORECASE)
    while blocks and (heading.match(blocks[-1].text) or kinds.RULE.match(blocks[-1].text)):
        blocks = blocks[:-1]
    for i in range(max(0, len(blocks) - 6), len(blocks)):
        if TABLE.match(blocks[i].lines[0]) and not any(map(is_voice, blocks[i:])):
            return blocks[:i]
    return blocks


def _is_back_line(block: Block) -> bool:
    """Un bloc qui, à la fin d'un livre, n'est pas de l'auteur."""
    if kinds.AUTHOR_HEADING.match(block.text) and not transcription.is_label(block):
        return False
    if transcription.is_credit(block) or transcription.is_note(block) or transcription.is_corrections(block):
        return True
    if kinds.is_catalogue(block) or kinds.is_reference(block) or kinds.RULE.match(block.text):
        return True
    return (
        kinds.is_short(block)
        and not kinds.is_prose(block)
        and (kinds.is_printer(block.text) or kinds.is_publisher(block))
    )


def foreign_words(blocks: list[Block]) -> tuple[Counter[str], int]:
    """Par langue, nombre de mots pris dans des alinéas étrangers d'au moins vingt mots ; et nombre de mots en tout."""
    found: Counter[str] = Counter()
    total = 0
    for block in blocks:
        size = len(block.text.split())
        total += size
        language = school_language(block.text) if size >= 20 else ""
        if language:
            found[language] += size
    return found, total
