"""Ce qui, dans un livre numérisé, n'est pas de l'auteur.

Entre les marqueurs de Gutenberg, un fichier porte encore la trace de ceux qui l'ont fait : remerciements,
notes du transcripteur, page de titre et catalogue du libraire, tables, légendes, appels de notes. Ce module
les ôte. Il travaille sur des *blocs*, c'est-à-dire des groupes de lignes séparés par des lignes vides, et
décide bloc par bloc : une ligne isolée ne dit pas si « licence » est un mot de l'auteur ou du libraire.

Règle de prudence : dans le doute, le texte reste. Les règles larges ne valent qu'au début et à la fin du
livre, là où se tiennent les éditeurs ; au milieu, seuls des motifs sans ambiguïté sont retirés.
"""

import html
import re
from itertools import zip_longest
from typing import NamedTuple

from aurore.language import is_english, lowercase_words


class Block(NamedTuple):
    """Un groupe de lignes : `lines`, et `gap`, le nombre de lignes vides qui le précèdent."""

    lines: list[str]
    gap: int

    @property
    def text(self) -> str:
        """Les lignes jointes par une espace, sans marques d'italique ni blancs superflus."""
        return " ".join(" ".join(self.lines).replace("_", "").split())


def split_blocks(text: str) -> list[Block]:
    """Découpe un texte en blocs séparés par des lignes vides."""
    blocks, lines, gap = [], [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(line.rstrip())
            continue
        if lines:
            blocks.append(Block(lines, gap))
            lines, gap = [], 0
        gap += 1
    if lines:
        blocks.append(Block(lines, gap))
    return blocks


def join_blocks(blocks: list[Block]) -> str:
    """Remet les blocs bout à bout, avec les lignes vides d'origine."""
    return "\n".join("\n" * block.gap + "\n".join(block.lines) for block in blocks)


# --- Entre crochets : légendes, notes, remarques de transcription --------------------------------------

# Un crochet peut en contenir d'autres, sur un niveau ; 6 000 caractères suffisent à la plus longue note
# rencontrée et empêchent un crochet jamais refermé d'emporter le livre.
_INSIDE = r"(?:[^\[\]]|\[[^\[\]]{0,400}\]){0,6000}?"
_BRACKETED = re.compile(
    r"[ \t]*\[\s*_?(?:"
    r"illus(?:trations?\b|\.)|images?\b(?=[\s:\]])|fig(?:ures?\b|\.)(?=\s*(?:\d|:|\]))|gravures?\b(?=\s*[:\]])|logo\b|marque d'imprimeur|blank page|page blanche"
    r"|(?:foot)?notes?\s*(?:[0-9]+|[a-z*])?\s*[.:\]]"
    r"|notes?\s+(?:du|de la|des?|de l['’]|au|aux|sur)\s"
    r"|transcriber|d[ée]coration|ornement|bandeau|cul-de-lampe|lettrine|vignette\b"
    r"|(?:\d{1,3}\s*[.:]?|[A-Z]\s*:)\s|nd[telra]\s*[:.]|fin de la note"
    r"|les deux tomes suivis|de l['’]édition\b|illisible"
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


def remove_bracketed(text: str) -> str:
    """Ôte les légendes d'illustrations, les notes et les remarques mises entre crochets."""
    for mark, letter in _LIGATURE.items():
        text = text.replace(mark, letter)
    text = _TRANSLITERATION.sub(r"\1", text)
    text = _BRACKETED.sub("", _GLUED_CALL.sub("", _PARENTHESIZED_PLATE.sub("", text)))
    # Des notes sans numéro, mises entre crochets au fil du texte : une habitude du livre, ou rien. Dans une
    # pièce, les mêmes crochets portent les jeux de scène : ils restent.
    habit = len(_INLINE_NOTE.findall(text)) >= 5 and len(_SCENE.findall(text)) < 3
    return _INLINE_NOTE.sub("", text) if habit else text


_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|small|big|su[pb]|br|tb|hr|p|span|div|center|blockquote|h[1-6])(?:\s[^<>\n]{0,80})?/?>",
    re.IGNORECASE,
)


def remove_html(text: str) -> str:
    """Efface les balises et rend leurs signes aux entités : quelques fichiers en gardent d'une page web."""
    return html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text


# --- Numéros de page ------------------------------------------------------------------------------------

_PAGE_INLINE = re.compile(
    r"[ \t]*(?:\|\d{1,4}\||\[(?:p|pg|pag|page)\.?\s*(?:\d+|[ivxlc]+)\]|\((?:p|pg|pag)\.\s*(?:\d+|[ivxlc]+)\)|\{(?:p|pg|page)?\.?\s*\d+\})",
    re.IGNORECASE,
)
_PAGE_LINE = re.compile(
    r"^[ \t]*(?:-+\s*\d{1,4}\s*-+|\d{1,4}|\[\d{1,4}\]|(?:page|pg)\.?\s+\d{1,4}\.?)[ \t]*$", re.IGNORECASE
)


def remove_page_numbers(text: str) -> str:
    """Ôte les numéros de page, dans la ligne ou seuls sur la leur.

    Un nombre seul sur sa ligne n'est un numéro de page que s'il en continue une suite croissante : un
    chapitre « 12 » ou une date « 1830 » restent.
    """
    text = _PAGE_INLINE.sub(lambda match: " " if text[match.end() : match.end() + 1].isalnum() else "", text)
    lines = text.split("\n")
    numbered = [(i, int(re.search(r"\d+", line).group())) for i, line in enumerate(lines) if _PAGE_LINE.match(line)]
    pages = _increasing_run(numbered)
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


# --- Notes de bas de page -------------------------------------------------------------------------------

_NOTE_CALL = re.compile(
    r"[ \t]?\[(?:[Nn]ote\s*)?(?:\d{1,4}|[A-Za-z]|l\d|[ivxlc]{1,5}|\*{1,3}|†)\]|\[\d{1,3}(?=\[)|[ \t]?\(\*{1,3}\)"
)
_NOTE_START = re.compile(
    r"^\s*(?:\[(?:[Nn]ote\s*)?(?:\d{1,4}|[A-Z]|\*{1,3}|†)[\].:]|(?:Foot)?[Nn]ote\s+\[?\d{1,4}\]?\s*[:.]|\(\*{1,3}\)\s)"
)
_NUMBERED_NOTE = re.compile(r"^\s*(?:\d{1,3}[.)]?|\*{1,3})\s+\S")
_PAREN_NOTE_START = re.compile(r"^\s*\((\d{1,3})\)\s+\S")
_PAREN_CALL = re.compile(r"(?<=[\w»'’,;.!?])\s?\(\d{1,3}\)(?=[\s.,;:!?»)]|$)")
_NOTES_HEADING = re.compile(r"^\W*notes?(?: de bas de page| de fin| et [ée]claircissements)?\W*$", re.IGNORECASE)


def remove_footnotes(text: str) -> str:
    """Ôte les appels de notes (`[12]`, `[A]`, `(1)`) et les notes elles-mêmes, où qu'elles soient.

    Une note commence par son appel en tête de bloc ; les blocs qui la suivent avec le même retrait la
    continuent. Un titre « NOTES » que ne suit plus rien disparaît avec elles.
    """
    blocks = split_blocks(text)
    paren_notes = sum(1 for block in blocks if _PAREN_NOTE_START.match(block.lines[0])) >= 2
    kept: list[Block] = []
    note_indent = None
    section = False  # sous un titre « NOTES » que suivent des alinéas numérotés
    for block, following in zip_longest(blocks, blocks[1:]):
        if _NOTES_HEADING.match(block.text) and following and _NUMBERED_NOTE.match(following.lines[0]):
            section = True
            continue
        section = section and not (is_heading(block.text) and not _NUMBERED_NOTE.match(block.lines[0]))
        if section:
            continue
        indent = _indent(block)
        if _NOTE_START.match(block.lines[0]) or (paren_notes and _PAREN_NOTE_START.match(block.lines[0])):
            note_indent = indent
            if kept and _NOTES_HEADING.match(kept[-1].text):
                kept.pop()
        elif note_indent and indent >= note_indent and block.gap <= 1 and not _opens_text(block):
            continue  # suite de la note, en retrait comme elle
        else:
            note_indent = None
            kept.append(block)
    text = _NOTE_CALL.sub("", join_blocks(kept))
    return _PAREN_CALL.sub("", text) if paren_notes else text


def _opens_text(block: Block) -> bool:
    """Ce qui ne peut continuer une note : un titre, ou un alinéa qui porte lui-même un appel de note."""
    return is_heading(block.text) or bool(_NOTE_CALL.search(block.text)) or block.text.startswith("«")


def _indent(block: Block) -> int:
    return min(len(line) - len(line.lstrip()) for line in block.lines)


# --- Ce que disent les blocs ----------------------------------------------------------------------------

_HEADING = re.compile(
    r"^\W*(?:(?:chapitre|livre|partie|tome|lettre|sc[èe]ne|acte|prologue|[ée]pilogue|pr[ée]face|notice|avant-propos"
    r"|introduction|conclusion)\b.{0,120}|[IVXLC]{1,8}\W*|\d{1,3}\W*|[IVXLC]{1,8}\s*[.:—-]+\s.{0,120})$",
    re.IGNORECASE,
)


def is_heading(text: str) -> bool:
    """Dit si un paragraphe a l'air d'un titre de chapitre : chiffre, « CHAPITRE II », ou capitales."""
    if not text or len(text) > 140:
        return False
    letters = [c for c in text if c.isalpha()]
    capitals = bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)
    return (capitals and not text.startswith(("—", "-", "«"))) or bool(_HEADING.match(text) and text[:1].isupper())


_CREDITS = re.compile(
    r"^credits:|proofread|proof-?reading|distributed proof|e-?text\b|\be-?book\b"
    r"|project gutenberg|gallica\.bnf|bnf/gallica|images? (?:files? )?(?:generously|courtesy)|generously made"
    r"|pgdp\.net|rastko|ebooksgratuits|ebooks libres|archive\.org|internet archive|hathi ?trust|freeliterature|free literature"
    r"|google (?:print|books)|www\.|https?:|@\w+\.\w+|image files|mis à disposition les images|biblioth[eè]que nationale de france"
    r"|the etext|aimablement (?:fourni|mis)|This is #\d|printed in [A-Z]|druckerei|^\s*(?:author|title):\s|^character set|^\s*language:|^\s*encoding:|^\s*remark:",
    re.IGNORECASE | re.MULTILINE,
)
# Ceux-ci sont aussi des mots d'auteur : ils ne comptent pas dans un alinéa de vraie prose.
_WEAK_CREDITS = re.compile(
    r"\bproduced by\b|\bproduit par\b|\bprepared by\b|\bgallica\b|digitized|scanned|\bOCR\b|\bBnF\b", re.IGNORECASE
)
_TRANSCRIBER = re.compile(
    r"transcripteur|transcriber|(?:notes?|remarques?) (?:de|sur la|sur) transcription|note de l['’][ée]diteur ?: les runes"
    r"|version (?:[ée]lectronique|num[ée]ris[ée]e)|introduites? par le typographe|orthographe (?:d['’]origine|originale)"
    r"|l['’]orthographe a [ée]t[ée] (?:conserv|respect)|ponctuation (?:n['’]a|a [ée]t[ée]|d['’]origine)"
    r"|liste (?:de ces|des) (?:modifications|corrections)|fichier (?:digital|num[ée]rique|[ée]lectronique)"
    r"|corrections? (?:mineures|indiqu[ée]es)|d[ée]fauts d['’]impression|erreurs? (?:[ée]videntes?|clairement|typographiques?)"
    r"|(?:coquilles|fautes d['’]impression) .{0,40}corrig|a [ée]t[ée] (?:remplac|corrig)[ée]e? (?:par|en)\b"
    r"|le texte de cette [ée]dition est conforme|la liste des (?:[œo]e?uvres|ouvrages) .{0,60}report",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^\W*(?:pages?|p\.|pag\.|ligne|tome|chap\w*\.?)\s*\d+\s*[:,.]"
    r"|«[^»]+»\s+(?:remplac[ée]e?|corrig[ée]e?)?\s*(?:par|en)\s+«|\blisez\s+_?\w|au lieu de\s*:?\s*_?\w+_?\W*$",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(
    r"\blibrair(?:e|ie|es|ies)\b|\b[ée]diteurs?\b|\bimprim(?:erie|eur|é)\b|\btypographie\b|\btyp\.|\bimp\.|\bst[ée]r\."
    r"|\b(?:rue|boulevard|quai|passage|place|galerie)\b.{0,60}\d|^\d[\d, bis_-]{0,8},?\s+rue\b|droits (?:de|d['’])|tous droits|r[ée]serv[ée]s"
    r"|\bexemplaires?\b|nouvelle [ée]dition|\b\w+i[èe]me [ée]dition\b|[ée]dition (?:illustr|orn|d[ée]finitive|revue|hetzel|j\.)|ouvrages? (?:du m[êe]me|parus|de)\b"
    r"|du m[êe]me auteur|[œo]e?uvres? (?:compl[èe]tes|illustr[ée]es|posthume)|\bformat (?:grand )?in|\bgrand in-|\bin-(?:8|12|16|18|4|folio)"
    r"|\bvol(?:s|umes?)?\b|\bprix\b|\d+ fr(?:ancs?)?\b\.?|illustrations? de|dessins? de|dessin[ée]s? (?:et|par)|grav(?:[ée]e?s?|ures?)\b"
    r"|vignettes|compositions par|eau-forte|collection\b|biblioth[èe]que|envoi franco|m[ée]moires contemporains"
    r"|\bsuccesseurs?\b|ancienne maison|calmann|l[ée]vy fr[èe]res|hetzel|charpentier|ollendorff|flammarion|lemerre|furne"
    r"|^\W*(?:paris|leipzig|bruxelles|gen[èe]ve|new york)\W*(?:,?\s*1[789]\d\d)?\W*$|^\W*m\W*d?\W*c{2,4}[\W\dlxvi]*$"
    r"|[ée]dition de 1[89]\d\d|tome (?:premier|deuxi[èe]me|second|troisi[èe]me|[IVX]+|\d)\W*$|orn[ée]e? de|pr[ée]faces et notices|ce volume contient",
    re.IGNORECASE | re.MULTILINE,
)
_LEGAL = re.compile(
    r"droits? de (?:reproduction|traduction)|traduction et (?:de )?(?:la )?reproduction|il a [ée]t[ée] tir[ée]|exemplaires (?:sur|num[ée]rot)"
    r"|dessin de .{2,40}gravure|envoi franco|toutes les nouvelles contenues dans ce volume",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^\W*1[5-9]\d\d(?:\s*(?:-+|–|—)\s*1[5-9]\d\d)?\)?$")
_AUTHOR_HEADING = re.compile(
    r"^\W*(?:LETTRE|R[ÉE]PONSE|PR[ÉE]FACE|NOTE|NOTA|POST-SCRIPTUM|[ÉE]PILOGUE|AVIS|NOTICE|AVANT-PROPOS)\b"
)
_PRINTER = re.compile(
    r"^\W*(?:[\w .,'’-]{2,40}\W+)?(?:IMP(?:RIMERIE)?|TYP(?:OGRAPHIE)?|Imprimerie|Typographie|Imp|Typ)\b[. ].{0,90}$"
    r"|^\W*(?:IMPRIMERIE|TYPOGRAPHIE)\b.{0,90}$|imprimeur, (?:\d+, )?rue\b|, directeur, \d+, rue\b",
)
_CATALOGUE = re.compile(
    r"\bin-(?:8|12|16|18|32|4|folio)\b|\b(?:gr|pet)\. in|\b\d+ ?-?-? ?vol\b|\bvol\.?\s*$|\b\d+ p(?:p|ages)?\.|\bfr\. \d|\d+ fr\b|\bbroch[ée]\b"
    r"|prix ?:|reli[ée]s? en|reliure|livraisons?\b|eaux?-fortes|tranches? dor|\d+ vignettes|\d »\s*$|repr[ée]sent[ée]e? pour la premi[èe]re fois|\.{4,} *\d+|\s{3,}\d{1,4}\s*$|\d\s*-- *$|\b1[89]\d\d\b.{0,40}, (?:posthume|in[ée]dit)",
    re.IGNORECASE | re.MULTILINE,
)
_TABLE = re.compile(
    r"^\W*(?:table(?:s)?(?: (?:des|de la|du|de|d['’]) ?.{0,60})?|contents|sommaire|index|liste des (?:gravures|illustrations|figures))\W*$",
    re.IGNORECASE,
)
_BACK_MATTER = re.compile(
    r"^\W*(?:errata|errat[uv]m|corrections?|modifications|fautes? (?:[àa] corriger|d['’]impression)|catalogue.*|bibliographie.*|tir[ée] de bibliographie.*|ses [œo]e?uvres"
    r"|[œo]e?uvres?(?: compl[èe]tes)? (?:de|du|d['’]).{0,60}|(?:liste des )?(?:[œo]e?uvres|ouvrages) du m[êe]me auteur|du m[êe]me auteur"
    r"|(?:autres )?ouvrages d['’].{0,40}|publications? (?:de|du|nouvelles).{0,60}|en vente.{0,80}|(?:ancienne )?(?:maison|librairie) [A-ZÉ].{0,60}"
    r"|[àa] propos de cette [ée]dition [ée]lectronique|texte libre de droits"
    r"|biblioth[èe]que (?:[ée]lectronique du qu[ée]bec|num[ée]rique romande).*)\W*$",
    re.IGNORECASE,
)
# Ces titres-là, à la fin d'un livre, n'annoncent jamais l'auteur, si bavard que soit ce qui les suit.
_CATALOGUE_TITLE = re.compile(
    r"^\W*(?:bibliographie\b.{0,40}|tir[ée] de bibliographie.*|catalogue (?:de|des|du) .{0,60}|(?:ancienne )?(?:maison|librairie) [A-ZÉ].{0,60})$"
    r"|^\W*[àa] propos de cette [ée]dition [ée]lectronique",
    re.IGNORECASE,
)
_THE_END = re.compile(r"^\W*(?:FIN|Fin|THE END)(?:\s+(?:DE|DU|DES|D['’]|DE LA|de|du|des|d['’]).{0,70})?\W*$")
_END_OF_PART = re.compile(
    r"^\W*(?:FIN D(?:U|E LA|E L['’])\b.{0,60}|(?i:fin d(?:u|e la)) (?i:tome|volume|livre|chapitre|table|premier|premi[èe]re|deuxi[èe]me|second)\w*\b.{0,60})$"
)
_VOLUME_PAGE = re.compile(
    r"ET C(?:ie|IE|e),? .{0,40}\d|"
    r"PARIS\b.{0,40}(?:\b1[89]\d\d|LIBRAIR|[ÉE]DITEUR)|LEIPZIG, CHEZ|LIBRAIRIES? .{0,60}\d|[ÉE]DITEURS?,.{0,40}\d"
)
_RULE = re.compile(r"^[\s*=_.#~·•–—+|-]{3,}$")


def _is_transcription(block: Block) -> bool:
    text = block.text
    if _CREDITS.search("\n".join(block.lines)) or _TRANSCRIBER.search(text):
        return True
    return bool(_WEAK_CREDITS.search(text)) and (is_english(text) or not _is_prose(block))


def _is_short(block: Block) -> bool:
    """Bloc de page de titre : bref, et qui n'est pas une réplique."""
    return len(block.text) < 700 and not block.text.startswith(("—", "--", "«"))


_ENTRY = re.compile(
    r"^\W*(?:(?:CHAPITRE|[Cc]hapitre|LIVRE|[Ll]ivre|PROLOGUE|[Pp]rologue|[ÉE]PILOGUE|[ÉEée]pilogue|Pr[ée]face|PR[ÉE]FACE)\b"
    r"|.{0,20}\b(?:partie|PARTIE)\b|[IVXLC]{1,9}(?=[\s.:—-]|$)|\d{1,3}(?=[\s.:)—-]|$))"
)


def _is_list(block: Block) -> bool:
    """Bloc de table : il s'ouvre par une entrée (« IV. », « Chapitre II ») et en contient d'autres à proportion."""
    entries = sum(bool(_ENTRY.match(line)) for line in block.lines)
    return bool(_ENTRY.match(block.lines[0])) and (len(block.lines) <= 4 or 3 * entries >= len(block.lines))


def _is_prose(block: Block) -> bool:
    """Au moins quinze mots en minuscules et une fin de phrase : l'auteur a commencé à parler."""
    text = block.text
    if lowercase_words(text) < 15 or _is_list(block) or _is_catalogue(block) or _is_summary(text):
        return False
    return bool(re.search(r"[.!?…»:;,][\"»)]*$|[.!?]\s", text))


def _is_summary(text: str) -> bool:
    """Sommaire de chapitre dans une table : des titres enchaînés par des tirets, un tous les quinze mots au moins."""
    return not text.startswith(("--", "—")) and 15 * len(re.findall(r"--|—", text)) >= len(text.split()) > 30


def _is_catalogue(block: Block) -> bool:
    """La plupart des lignes portent une marque de catalogue : « 1 vol. », « in-18 », « 3 fr. 50 »."""
    marked = sum(bool(_CATALOGUE.search(line)) for line in block.lines)
    return 2 * marked >= len(block.lines) and lowercase_words(block.text) < 7 * len(block.lines)


def _is_publisher(block: Block) -> bool:
    """Page de titre, mentions légales, catalogue du libraire."""
    lines = "\n".join(line.strip() for line in block.lines)
    if _LEGAL.search(block.text) or _is_catalogue(block):
        return True
    return _is_short(block) and lowercase_words(block.text) < 10 and bool(_PUBLISHER.search(lines))


# --- Début du livre -------------------------------------------------------------------------------------


def trim_front(blocks: list[Block]) -> list[Block]:
    """Ôte remerciements, notes de transcription, page du libraire et table placés avant le texte.

    Tout ce qui précède la dernière marque d'éditeur trouvée avant la première vraie prose s'en va ; une
    épigraphe (au moins huit mots en minuscules) est sauvée.
    """
    blocks = _drop_front_table(_drop_transcription(blocks))
    front = _first_prose(blocks)
    last = max((i for i in range(front) if _closes_title_page(blocks, i)), default=-1)
    last = _end_of_works_list(blocks, last, front)
    if last + 1 < len(blocks) and _YEAR.match(blocks[last + 1].text):
        last += 1
    epigraphs = [block for block in blocks[: last + 1] if _is_epigraph(block)]
    return epigraphs + blocks[last + 1 :]


def _is_epigraph(block: Block) -> bool:
    text = block.text
    if lowercase_words(text) < 8 or is_heading(text) or _is_publisher(block) or _CATALOGUE.search(text):
        return False
    titles = len(block.lines) >= 6 and sum(line.endswith(".") for line in block.lines) > 0.8 * len(block.lines)
    return not titles and len(re.findall(r"--|—", text)) < 2


def _first_prose(blocks: list[Block]) -> int:
    return next((i for i, block in enumerate(blocks) if _is_prose(block) and not _is_publisher(block)), len(blocks))


def _closes_title_page(blocks: list[Block], i: int) -> bool:
    """Marque d'éditeur ou d'auteur de page de titre ; une date suivie d'un numéro date un récit, non le livre."""
    text = blocks[i].text
    if _YEAR.match(text):
        return i + 1 < len(blocks) and not re.match(r"^[IVXLC\d]+\W*$", blocks[i + 1].text)
    if i and re.match(r"^\W*(?:par|by)\W*$", blocks[i - 1].text, re.IGNORECASE):
        return True
    return _is_publisher(blocks[i]) or bool(
        re.search(r"(?:^|\s)(?:par|by)\s+[A-ZÉ][\w.]+(?: [\w.,'-]+){1,4}$", text, re.IGNORECASE) and len(text) < 120
    )


def _end_of_works_list(blocks: list[Block], last: int, front: int) -> int:
    """Après « ouvrages parus », les titres qui suivent sans grand blanc sont encore du libraire."""
    if last < 0 or not re.search(r"ouvrages? |du m[êe]me auteur|[œo]e?uvres d", blocks[last].text, re.IGNORECASE):
        return last
    while last + 1 < front and blocks[last + 1].gap <= 2 and not _is_prose(blocks[last + 1]):
        last += 1
    return last


def _drop_transcription(blocks: list[Block], reach: int = 60) -> list[Block]:
    """Ôte, parmi les `reach` premiers blocs, les remarques des transcripteurs, suites comprises."""
    kept: list[Block] = []
    dropping = False
    for i, block in enumerate(blocks):
        if i < reach and _is_transcription(block):
            if kept and re.match(r"^\W*(?:au lecteur|notes?|avertissement)\W*$", kept[-1].text, re.IGNORECASE):
                kept.pop()
            dropping = bool(_TRANSCRIBER.search(block.text))
        elif dropping and i < reach and block.gap == 1 and not is_heading(block.text) and not _is_publisher(block):
            continue  # second alinéa de la même note
        else:
            dropping = False
            kept.append(block)
    return kept


def _drop_front_table(blocks: list[Block], reach: int = 400) -> list[Block]:
    """Ôte la table placée en tête, ou après une préface : de son titre (ou de sa première entrée) au texte."""
    front = _first_prose(blocks)
    for i, block in enumerate(blocks[: min(reach, len(blocks) // 2)]):
        titled = _TABLE.match(block.text) or _TABLE.match(block.lines[0])
        untitled = i < front and _is_list(block) and (_entries(blocks[i:front]) >= 8 or _repeats(blocks[i:front]))
        if not titled and not untitled:
            continue
        # Le bloc qui suit le titre est la table même si ses entrées, longues, ressemblent à des phrases.
        listing = 2 if titled and len(block.lines) == 1 and i + 1 < len(blocks) and len(blocks[i + 1].lines) >= 5 else 1
        after = i + listing + _first_prose(blocks[i + listing :])
        inside = [Block(block.lines[1:], 0)] if titled else [block]
        inside = [b for b in inside + blocks[i + 1 : after] if b.lines]
        if _entries(inside) >= 2 or len(inside) >= 4 or listing == 2:
            return blocks[:i] + _after_table(inside) + blocks[after:]
    return blocks


def _repeats(blocks: list[Block]) -> bool:
    """Au moins trois entrées, et la première, qui est plus qu'un numéro, revient telle quelle."""
    first = _tokens(blocks[0].lines[0])
    return _entries(blocks) >= 4 and len(first) >= 2 and any(_tokens(block.lines[0]) == first for block in blocks[1:])


def _entries(blocks: list[Block]) -> int:
    return sum(bool(_ENTRY.match(line)) for block in blocks for line in block.lines)


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
        if i and block.gap >= 2 and len(blocks) - i <= 6 and not any(map(_is_catalogue, blocks[i:])):
            return blocks[i:]
    seen = [_without_number(tokens) for _, tokens in lines]
    start = len(blocks)
    while start > 1:
        block = blocks[start - 1]
        title = _without_number(_tokens(block.lines[0]))
        repeated = not title or sum(_same_start(title, tokens) for tokens in seen) > 1
        if not repeated and (_is_list(block) or len(block.lines) > 3 or len(blocks) - start >= 5):
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


def trim_back(blocks: list[Block]) -> list[Block]:
    """Ôte tables, catalogues, corrections et mentions d'imprimeur placés après le texte."""
    blocks = _cut_back_matter(blocks)
    while blocks and _closes_book(blocks[-1]):
        blocks = blocks[:-1]
    return _without_last_heading(blocks)


def _closes_book(block: Block) -> bool:
    return _is_back_line(block) or bool(_THE_END.match(block.text) or _NOTES_HEADING.match(block.text))


def _cut_back_matter(blocks: list[Block]) -> list[Block]:
    """Coupe au premier titre d'annexe de la fin (dernier cinquième, ou 60 blocs) que ne suit plus aucune prose."""
    first = _first_prose(blocks)
    for i in range(max(first + 1, min(int(len(blocks) * 0.8), len(blocks) - 60)), len(blocks)):
        block, rest = blocks[i], blocks[i + 1 :]
        if _TRANSCRIBER.search(block.text) or _CATALOGUE_TITLE.match(block.text):
            return _without_last_heading(blocks[:i])
        if _opens_back_matter(block) and not _prose(rest, 600):
            return _without_last_heading(blocks[:i])
        if _THE_END.match(block.text):
            appendix = next(
                (j for j, later in enumerate(rest) if _opens_back_matter(later) or _is_back_line(later)), len(rest)
            )
            if not _prose(rest[:appendix], 200) and not _prose(rest[appendix:], 20_000):
                return blocks[:i]
    return blocks


def _opens_back_matter(block: Block) -> bool:
    return any(_TABLE.match(text) or _BACK_MATTER.match(text.rstrip(" :")) for text in (block.text, block.lines[0]))


def _without_last_heading(blocks: list[Block]) -> list[Block]:
    """Ôte le titre resté au-dessus de la coupure, et la page de table dont il ne reste que l'intitulé."""
    heading = re.compile(r"^\W*(?:au lecteur|notes?|remarques?|corrections?|errata)\W*$", re.IGNORECASE)
    while blocks and heading.match(blocks[-1].text):
        blocks = blocks[:-1]
    for i in range(max(0, len(blocks) - 6), len(blocks)):
        if _TABLE.match(blocks[i].lines[0]) and not _prose(blocks[i:], 200):
            return blocks[:i]
    return blocks


def _prose(blocks: list[Block], enough: int) -> bool:
    """Dit si l'auteur parle encore : au moins `enough` caractères de vraie prose, hors catalogue et corrections."""
    return sum(len(block.text) for block in blocks if _is_prose(block) and not _is_back_line(block)) >= enough


def _is_back_line(block: Block) -> bool:
    if _AUTHOR_HEADING.match(block.text):
        return False
    raw = "\n".join(block.lines)
    return bool(
        _CREDITS.search(raw)
        or _TRANSCRIBER.search(block.text)
        or (len(block.text) < 300 and _CORRECTION.search(block.text))
        or _is_catalogue(block)
        or _RULE.match(block.text)
        or (_is_short(block) and (_is_printer(block.text) or _is_publisher(block)) and not _is_prose(block))
    )


# --- Au milieu ------------------------------------------------------------------------------------------


def _is_printer(text: str) -> bool:
    """Adresse d'imprimeur ; une phrase qui parle de l'Imprimerie royale a plus de mots en minuscules."""
    return lowercase_words(text) <= 4 and bool(_PRINTER.search(text))


def _is_foreign_to_author(block: Block) -> bool:
    """Motifs sans ambiguïté : filet, dessin en caractères, imprimeur, page de tome, bloc anglais."""
    text = block.text
    if _RULE.match(text) or all(_RULE.match(line) for line in block.lines):
        return True
    if len(text) < 160 and (_is_printer(text) or _END_OF_PART.match(text)):
        return True
    if len(text) < 300 and lowercase_words(text) <= 3 and _VOLUME_PAGE.search(text):
        return True
    return is_english(text)


def remove_edition(text: str) -> str:
    """Rend le texte de l'auteur : préfaces, titres de chapitres et texte, sans rien des éditeurs.

    Entrée : le texte pris entre les marqueurs de Gutenberg (`corpus.cut_frame`), lignes coupées. Sortie :
    le même, lignes toujours coupées, blocs étrangers ôtés, marques d'italique et de gras effacées.
    """
    text = _BOX_LINE.sub("", remove_bracketed(remove_html(text)))
    text = remove_page_numbers(text)
    text = remove_footnotes(text)
    blocks = _drop_inner_tables(trim_back(trim_front(split_blocks(text))))
    foreign = [_is_foreign_to_author(block) for block in blocks]
    # La date qui suit une page de tome s'en va avec elle.
    foreign = [
        is_foreign or (i > 0 and foreign[i - 1] and bool(_YEAR.match(blocks[i].text)))
        for i, is_foreign in enumerate(foreign)
    ]
    blocks = [block for block, is_foreign in zip(blocks, foreign, strict=True) if not is_foreign]
    return remove_emphasis(join_blocks(_mend(blocks)))


def _drop_inner_tables(blocks: list[Block]) -> list[Block]:
    """Ôte la table qui ouvre un second tome, au milieu du fichier : son titre, et les entrées qui le suivent."""
    kept, skipping = [], False
    for i, block in enumerate(blocks):
        if (
            len(block.lines) <= 3
            and any(_TABLE.match(line) for line in block.lines)
            and _entries(blocks[i + 1 : i + 9]) >= 4
        ):
            skipping = True
        elif (
            skipping
            and block.gap < 5
            and (_is_list(block) or is_heading(block.text))
            and not _starts_chapter(blocks[i:])
        ):
            continue
        else:
            skipping = False
            kept.append(block)
    return kept


def _starts_chapter(blocks: list[Block]) -> bool:
    """Un titre que suit bientôt de la prose n'est pas une entrée de table."""
    return any(map(_is_prose, blocks[1:4]))


def _mend(blocks: list[Block]) -> list[Block]:
    """Recoud l'alinéa qu'une illustration avait coupé : il s'arrête sans ponctuation et reprend en minuscule."""
    mended: list[Block] = []
    for block in blocks:
        before = mended[-1].lines[-1].rstrip("_ ") if mended else ""
        if len(before) >= 45 and re.search(r"[\w,]$", before) and re.match(r"\s*[a-zà-ÿ]", block.lines[0]):
            mended[-1] = Block(mended[-1].lines + block.lines, mended[-1].gap)
        else:
            mended.append(block)
    return mended


_BOX_LINE = re.compile(r"^[ \t]*[+|][-+|=_ \t]*$", re.MULTILINE)
_STAR = re.compile(r"(?<![*\w])\*(?!\*)(\S[^*\n]{0,80}\S)\*(?![*\w])")
_BOLD = re.compile(r"=(?=\S)([^=\n]{1,200}?)=")
_SUPERSCRIPT = re.compile(r"\^?\{(\w{1,5})\}|(?<=\w)\^(?=\w)")


def remove_emphasis(text: str) -> str:
    """Efface `_italique_`, `=gras=` et les exposants `M{me}`, `XIX^e` ; les mots restent."""
    text = _SUPERSCRIPT.sub(lambda match: match.group(1) or "", text)
    text = _STAR.sub(r"\1", _BOLD.sub(r"\1", text.replace("_", "")))
    return re.sub(r"[{}<>\\]|/\*|\*/|={3,}", " ", text)
