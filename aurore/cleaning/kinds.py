"""Ce que dit un bloc : la voix de l'auteur, un titre, une table, un catalogue, une page de libraire, un filet."""

import re

from aurore.cleaning import transcription
from aurore.cleaning.blocks import Block, remembered
from aurore.language import lowercase_words

_PUBLISHER = re.compile(
    r"\bISBN\b|d[ée]p[ôo]t l[ée]gal|\bcopyright\b|©|all rights|\blibrair(?:e|ie|es|ies)\b|\b[ée]diteurs?\b|\bimprim(?:erie|eur|é)\b|\btypographie\b|\btyp\.|\bimp\.|\bst[ée]r\."
    r"|\b(?:rue|boulevard|quai|passage|place|galerie)\b.{0,60}\d|^\d[\d, bis_-]{0,8},?\s+rue\b|droits (?:de|d['’])|tous droits|r[ée]serv[ée]s"
    r"|\bexemplaires?\b|nouvelle [ée]dition|\b\w+i[èe]me [ée]dition\b|[ée]dition (?:illustr|orn|d[ée]finitive|revue|hetzel|j\.)|ouvrages? (?:du m[êe]me|parus|de)\b"
    r"|du m[êe]me auteur|^\W*par le m[êe]me\W*$|\bsous presse\b|\ben pr[ée]paration\W*$|\b\d+e [ée]dition\b|[œo]e?uvres? (?:compl[èe]tes|illustr[ée]es|posthume)|\bformat (?:grand )?in|\bgrand in-|\bin-(?:8|12|16|18|4|folio)"
    r"|\bvol(?:s|umes?)?\b|\bprix\b|\d+ fr(?:ancs?)?\b\.?|illustrations? de|dessins? de|dessin[ée]s? (?:et|par)|grav(?:[ée]e?s?|ures?)\b"
    r"|vignettes|compositions par|eau-forte|collection\b|biblioth[èe]que|envoi franco|m[ée]moires contemporains"
    r"|\bsuccesseurs?\b|ancienne maison|calmann|l[ée]vy fr[èe]res|hetzel|charpentier|ollendorff|flammarion|lemerre|furne"
    r"|^\W*(?:paris|leipzig|bruxelles|gen[èe]ve|new york)\W*(?:,?\s*1[789]\d\d)?\W*$|^\W*m\W*d?\W*c{2,4}[\W\dlxvi]*$"
    r"|[ée]dition de 1[89]\d\d|tome (?:premier|deuxi[èe]me|second|troisi[èe]me|[IVX]+|\d)\W*$|orn[ée]e? de|pr[ée]faces et notices|ce volume contient",
    re.IGNORECASE | re.MULTILINE,
)
_LEGAL = re.compile(
    r"droits? de (?:reproduction|traduction)|traduction et (?:de )?(?:la )?reproduction|il a [ée]t[ée] tir[ée]\b.{0,80}(?:exemplaires?|papier|ouvrage|[ée]dition|volume)|exemplaires (?:sur|num[ée]rot)"
    r"|dessin de .{2,40}gravure|envoi franco|toutes les nouvelles contenues dans ce volume",
    re.IGNORECASE,
)
YEAR = re.compile(r"^\W*(?:1[5-9]\d\d(?:\s*(?:-+|–|—)\s*1[5-9]\d\d)?\)?|M\.?D?C{1,4}[MDCLXVI. ]*)$")
AUTHOR_HEADING = re.compile(
    r"^\W*(?:LETTRE|R[ÉE]PONSE|PR[ÉE]FACE|NOTE|NOTA|POST-SCRIPTUM|P\.-S|[ÉE]PILOGUE|AVIS|NOTICE|AVANT-PROPOS)\b"
)
_PRINTER = re.compile(
    r"^\W*(?:[\w .,'’-]{2,40}\W+)?(?:IMP(?:RIMERIE)?|TYP(?:OGRAPHIE)?|Imprimerie|Typographie|Imp|Typ)\b[. ].{0,90}$"
    r"|^\W*(?:IMPRIMERIE|TYPOGRAPHIE)\b.{0,90}$|imprimeur, (?:\d+, )?rue\b|, directeur, \d+, rue\b",
)
CATALOGUE = re.compile(
    r"\bin-(?:8|12|16|18|32|4|folio)\b|\b(?:gr|pet)\. in|\b\d+ ?-?-? ?vol\b|\bvol\.?\s*$|\b\d+ p(?:p|ages)?\.|\bfr\. \d|\d+ fr\b|\bbroch[ée]\b|\b\d+e [ée]dition\b"
    r"|prix ?:|reli[ée]s? en|reliure|livraisons?\b|eaux?-fortes|tranches? dor|\d+ vignettes|\d »\s*$|repr[ée]sent[ée]e? pour la premi[èe]re fois|(?:\. ?){4,} *\d+|\s{3,}(?:pages?\s+)?\d{1,4}\s*$|\s{3,}frontispice\s*$|\d\s*-- *$|\b1[89]\d\d\b.{0,40}, (?:posthume|in[ée]dit)",
    re.IGNORECASE | re.MULTILINE,
)
TABLE = re.compile(
    r"^\W*(?:tables?(?: analytiques?| alphab[ée]tiques?| g[ée]n[ée]rales?)?(?: (?:des|de la|du|de|d['’]) ?.{0,60})?|contents|contenu|sommaire|index(?: (?:des|du|de|alphab[ée]tique|g[ée]n[ée]ral)\b.{0,40})?|liste des (?:gravures|illustrations|figures))\W*$",
    re.IGNORECASE,
)
BACK_MATTER = re.compile(
    r"^\W*(?:errata|errat[uv]m|corrections?|modifications|fautes? (?:[àa] corriger|d['’]impression)|catalogue.*|bibliographie.*|tir[ée] de bibliographie.*|ses [œo]e?uvres"
    r"|[œo]e?uvres?(?: compl[èe]tes)? (?:de|du|d['’]).{0,60}|(?:liste des )?(?:[œo]e?uvres|ouvrages) du m[êe]me auteur|du m[êe]me auteur"
    r"|(?:autres )?ouvrages d['’].{0,40}|publications? (?:de|du|nouvelles).{0,60}|(?:derni[èe]res|nouvelles|r[ée]centes) publications|en vente.{0,80}|(?:ancienne )?(?:maison|librairie) [A-ZÉ].{0,60}"
    r"|achev[ée] d['’]imprimer.{0,80}|[àa] propos de cette [ée]dition [ée]lectronique|texte libre de droits"
    r"|biblioth[èe]que (?:[ée]lectronique du qu[ée]bec|num[ée]rique romande).*)\W*$",
    re.IGNORECASE,
)
# Ces titres-là, à la fin d'un livre, n'annoncent jamais l'auteur, si bavard que soit ce qui les suit.
CATALOGUE_TITLE = re.compile(
    r"^\W*(?:bibliographie\b.{0,40}|tir[ée] de bibliographie.*|catalogue (?:de|des|du) .{0,60}|(?:ancienne )?(?:maison|librairie) [A-ZÉ].{0,60})$"
    r"|^\W*[àa] propos de cette [ée]dition [ée]lectronique",
    re.IGNORECASE,
)
THE_END = re.compile(r"^\W*(?:FIN|Fin|THE END)(?:\s+(?:DE|DU|DES|D['’]|DE LA|de|du|des|d['’]).{0,70})?\W*$")
END_OF_PART = re.compile(
    r"^\W*(?:FIN D(?:U|E LA|E L['’])\b.{0,60}|(?i:fin d(?:u|e la)) (?i:tome|volume|livre|chapitre|table|premier|premi[èe]re|deuxi[èe]me|second)\w*\b.{0,60})$"
)
VOLUME_PAGE = re.compile(
    r"ET C(?:ie|IE|e),? .{0,40}\d|"
    r"PARIS\b.{0,40}(?:\b1[89]\d\d|LIBRAIR|[ÉE]DITEUR)|LEIPZIG, CHEZ|LIBRAIRIES? .{0,60}\d|[ÉE]DITEURS?,.{0,40}\d"
)
SOURCE = re.compile(
    r"^\W*(?:sources?|texte source|source du texte|[ée]dition (?:utilis[ée]e|de r[ée]f[ée]rence|num[ée]ris[ée]e)|ouvrage num[ée]ris[ée])\W*(?::|$)",
    re.IGNORECASE,
)
# « D'après l'édition de Montcerf, Cornet, 1853. », « Texte établi d'après Wikisource. »
AFTER = re.compile(
    r"^\W*(?:texte )?(?:[ée]tabli |num[ée]ris[ée] |conforme )?(?:d['’]apr[èe]s|[àa]) (?:l['’][ée]dition|le texte|wikisource|gallica)\b.{0,120}$",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"^\s*[^\W\d][^\n]{0,45}?[,.:;]?\s{2,}(?:\[?[^\W\d_]|[=—’'_(])[^\d\n]{0,60}$")
_PART_OF_SPEECH = re.compile(
    r"^\W*[\w' -]{2,30}\W*,\s(?:[nsm]\.\s?[mf]|[vn]\. ?(?:tr|a|n|intr)|adj|adv|conj|prep|pron)\."
)
RULE = re.compile(r"^[\s*=_.#~·•–—+|-]{3,}$")


def is_short(block: Block) -> bool:
    """Bloc de page de titre : bref, et qui n'est pas une réplique."""
    return len(block.text) < 700 and not block.text.startswith(("—", "--", "«"))


ENTRY = re.compile(
    r"^\W*(?:(?:CHAPITRE|[Cc]hapitre|LIVRE|[Ll]ivre|PROLOGUE|[Pp]rologue|[ÉE]PILOGUE|[ÉEée]pilogue|Pr[ée]face|PR[ÉE]FACE)\b"
    r"|.{0,20}\b(?:partie|PARTIE)\b|(?!(?:M|MM|D|C)[.\s])[IVXLCDM]{1,10}(?=[\s.:—-]|$)|\d{1,3}(?=[\s.:)—-]|$))"
)


@remembered
def is_list(block: Block) -> bool:
    """Bloc de table : il s'ouvre par une entrée (« IV. », « Chapitre II ») et en contient d'autres à proportion."""
    entries = sum(bool(ENTRY.match(line)) for line in block.lines)
    return bool(ENTRY.match(block.lines[0])) and (len(block.lines) <= 4 or 3 * entries >= len(block.lines))


@remembered
def is_prose(block: Block) -> bool:
    """Au moins quinze mots en minuscules et une fin de phrase, ou une strophe : quelqu'un parle."""
    text = block.text
    if is_list(block) or is_catalogue(block) or is_summary(text):
        return False
    if lowercase_words(text) < 15 or is_titles(block):
        return is_stanza(block)
    return bool(re.search(r"[.!?…»:;,][\"»)]*$|[.!?]\s", text))


@remembered
def is_stanza(block: Block) -> bool:
    """Des vers : au moins trois lignes de quatre mots, dont la ponctuation finit une sur trois."""
    size = len(block.lines)
    stops = sum(bool(re.search(r"[.,;:!?…]\W*$", line)) for line in block.lines)
    return size >= 3 and lowercase_words(block.text) >= 3 * size and 3 * stops >= size


@remembered
def is_titles(block: Block) -> bool:
    """Une liste de titres : cinq lignes ou plus, qui s'ouvrent par une capitale et que rien ne ponctue."""
    lines = [line.strip() for line in block.lines]
    opened = sum(bool(re.match(r"\W*[A-ZÀ-ÖØ-ÞŒ\d]", line)) for line in lines)
    stops = sum(bool(re.search(r"[.,;:!?…»]\W*$", line)) for line in lines)
    return len(lines) >= 5 and opened >= 0.8 * len(lines) and stops <= 0.2 * len(lines)


def is_summary(text: str) -> bool:
    """Sommaire de chapitre dans une table : des titres enchaînés par des tirets, un tous les quinze mots au moins."""
    return not text.startswith(("--", "—")) and 15 * len(re.findall(r"--|—", text)) >= len(text.split()) > 30


_SUBJECT = re.compile(r"^\W*(?:(?:Il|Elle|Ils|Elles|Je|Nous|Vous|On)\s(?!a été|ont été|sera|paraît)|J['’])\w")


@remembered
def is_catalogue(block: Block) -> bool:
    """La plupart des lignes portent une marque de catalogue : « 1 vol. », « in-18 », « 3 fr. 50 »."""
    if lowercase_words(block.text) >= 7 * len(block.lines) or _SUBJECT.match(block.text):
        return False
    return 2 * sum(bool(CATALOGUE.search(line)) for line in block.lines) >= len(block.lines)


# Une adresse n'a ni sujet ni négation : « Tous droits réservés, disait-il » est d'un auteur.
_SENTENCE = re.compile(
    r"\b(?:il|elle|ils|elles|je|tu|ne|pas|jamais|était|avait|disait|dit)\b|\b[jn]['’]", re.IGNORECASE
)


@remembered
def is_publisher(block: Block) -> bool:
    """Page de titre, mentions légales, catalogue du libraire."""
    lines = "\n".join(line.strip() for line in block.lines)
    if _LEGAL.search(block.text) or is_catalogue(block):
        return True
    if not is_short(block) or lowercase_words(block.text) >= 10 or _SENTENCE.search(block.text):
        return False
    return bool(_PUBLISHER.search(lines))


@remembered
def is_reference(block: Block) -> bool:
    """La référence de l'édition numérisée : un lieu ou un libraire, une année, et peu de mots."""
    text = block.text
    if SOURCE.match(text):
        return len(text) < 400
    if AFTER.match(text) and not _SENTENCE.search(text):
        return bool(re.search(r"\b1[6-9]\d\d\b|wikisource|gallica", text, re.IGNORECASE))
    if len(text) >= 400:
        return False
    marks = {mark.lower().strip() for mark in _PUBLISHER.findall("\n".join(block.lines))}
    return len(marks) >= 3 and bool(re.search(r"\b1[6-9]\d\d\b", text)) and lowercase_words(text) < 25


@remembered
def is_glossary(block: Block) -> bool:
    """Deux colonnes de mots, ou des mots suivis de leur nature (« n. f. ») : un vocabulaire, et non des vers ni une table chiffrée."""
    columns = sum(bool(_COLUMNS.match(line) or _PART_OF_SPEECH.search(line)) for line in block.lines)
    return len(block.lines) >= 4 and 2 * columns >= len(block.lines)


@remembered
def is_prospectus(block: Block) -> bool:
    """Une réclame de libraire, même en phrases : deux mots du métier au moins, et c'est court."""
    text = "\n".join(block.lines)
    if len(text) >= 900:
        return False
    found = {mark.group().lower().strip() for pattern in (_PUBLISHER, CATALOGUE) for mark in pattern.finditer(text)}
    return len(found) >= 2


@remembered
def is_drawing(block: Block) -> bool:
    """Un dessin en caractères : les traits d'un cadre dans la plupart des lignes, ou un signe sur dix."""
    text = block.text
    framed = sum("|" in line or "##" in line for line in block.lines)
    return 10 * framed >= 6 * len(block.lines) or (
        len(text) > 60 and 10 * len(re.findall(r"[#|+=~^]", text)) >= len(text)
    )


@remembered
def is_voice(block: Block) -> bool:
    """L'auteur parle : de la prose ou des vers, qui ne sont ni du libraire, ni d'un transcripteur."""
    return (
        is_prose(block)
        and not is_publisher(block)
        and not is_reference(block)
        and not transcription.is_credit(block)
        and not transcription.is_note(block)
        and not transcription.is_corrections(block)
    )


def is_printer(text: str) -> bool:
    """Adresse d'imprimeur ; une phrase qui parle de l'Imprimerie royale a plus de mots en minuscules."""
    return lowercase_words(text) <= 4 and bool(_PRINTER.search(text))
