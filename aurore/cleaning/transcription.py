"""Reconnaître ce qu'ont écrit ceux qui ont numérisé un livre : crédits, notes de transcription, corrections.

Un mot ne prouve rien : « une terreur évidente » ou « il a été remplacé par son frère » sont d'un auteur. Une note se
reconnaît à ce qu'elle réunit plusieurs sujets du métier (orthographe, ponctuation, coquilles, italiques…), à un
vocabulaire que l'auteur ne pouvait avoir (« version électronique »), à son titre, et à sa place, aux deux bouts du
livre. Ces fonctions jugent un bloc ; la place, c'est `aurore/cleaning/edition.py` qui la regarde.
"""

import re

from aurore.cleaning.blocks import Block, remembered
from aurore.language import is_english, lowercase_words

_CREDITS = re.compile(
    r"^credits:|proofread|proof-?reading|distributed proof|\be-?texts?\b|\be-?books?\b"
    r"|project gutenberg|projet gutenberg|gallica\.bnf|bnf/gallica|images? (?:files? )?(?:generously|courtesy)|generously made"
    r"|pgdp\.net|rastko|ebooksgratuits|ebooks libres|archive\.org|internet archive|hathi ?trust|freeliterature|free literature"
    r"|google (?:print|books)|www[.:]|https?:|@\w+\.\w+|image files|mis(?:es)? à (?:la )?disposition|biblioth[eè]que nationale de france"
    r"|the etext|aimablement (?:fourni|mis)|This is #\d|printed in [A-Z]|druckerei|^\s*(?:author|title):\s|^character set|^\s*language:|^\s*encoding:|^\s*remark:",
    re.IGNORECASE | re.MULTILINE,
)
# Ceux-là ne sont d'aucun auteur d'autrefois, même au milieu d'un long alinéa.
_SURE_CREDITS = re.compile(
    r"project gutenberg|pgdp|proofread|gallica\.bnf|bnf/gallica|https?:|www[.:]|\be-?texts?\b|@\w+\.\w|archive\.org|^credits:|hathi ?trust",
    re.IGNORECASE | re.MULTILINE,
)
# Ceux-ci sont aussi des mots d'auteur : ils ne comptent pas dans un alinéa de vraie prose.
_WEAK_CREDITS = re.compile(
    r"\bproduced by\b|\bproduit par\b|\bprepared by\b|\bgallica\b|digitized|scanned|\bOCR\b|\bBnF\b", re.IGNORECASE
)
_ELECTRONIC = r"(?:électronique|electronique|numérique|numérisée?|digital)s?"
_LABEL = re.compile(
    r"^\W*(?:(?:notes?|remarques?|avis|avertissements?|commentaires?|observations?|précisions?|conventions?)"
    r"\s+(?:(?:du|de la|de l['’]|des|de|d['’]|sur (?:la|cette|le|ce|les)|au|à propos de (?:la|cette)|relatives? à (?:la|cette))\s*){0,2}"
    rf"(?:transcri\w*|(?:version|édition|texte|fichier|livre|copie)s? {_ELECTRONIC}|numéris\w+|saisie\b|(?:relect|correct)(?:eur|rice)s?\b)"
    r"|transcription\W*$|transcri(?:ber|ption|pteur)\w*['’]?s?\s+(?:notes?|remarks?|comments?)|transcriber"
    r"|(?:notes?|remarques?)\s*\(?\s*(?:project|projet) gutenberg"
    r"|.{0,60}\be-?(?:text|book) (?:production )?notes?\b"
    rf"|(?:à propos de|au sujet de|sur) (?:cette|la|ce|le) (?:transcription|(?:édition|version|livre|texte) {_ELECTRONIC})"
    r"|le (?:présent )?texte (?:de cette édition (?:est|a)|a été établi)|typographie utilisée dans|conventions typographiques|(?:on a|nous avons) (?:effectué|apporté|fait) les (?:corrections|modifications)|liste des (?:corrections|modifications|coquilles)|corrections? (?:apportées|effectuées))",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\W*(?:notes?|remarques?)\W", re.IGNORECASE)
# Un titre bref, et un mot d'aujourd'hui : « Notes au lecteur de ce fichier numérique ».
_SHORT_LABEL = re.compile(
    r"^\W*(?:notes?|remarques?|avis|avertissements?|aux? lecteurs?|transcription)\b", re.IGNORECASE
)
# Une note de transcription ne raconte rien.
_TOLD = re.compile(r"\b(?:je|elle|disait|dit-(?:il|elle)|avait|avaient|était|fut|furent|demeur\w+)\b", re.IGNORECASE)
_TO_THE_READER = re.compile(r"^\W*(?:au|aux) lecteurs?\b", re.IGNORECASE)
_MODERN = re.compile(
    rf"transcripteur|transcriptrice|transcriber|{_ELECTRONIC}|numéris|\bfichiers?\b|unicode|iso-?8859|latin-?1\b|ascii|\bhtml\b|téléchar|\bordinateurs?\b"
    r"|gutenberg|tacitement|underscore|tirets? bas|pgdp|wikisource|\binternet\b|site web|caractère souligné|note de l['’][ée]diteur ?: les runes",
    re.IGNORECASE,
)
_ENGLISH_TOPICS = re.compile(
    r"\b(?:files?|images?|printed|spelling|scans?|scanned|edition|texts?|cop(?:y|ies)|librar(?:y|ies)|header|footnotes?|italics?|typograph\w*|volunteers?|pages?|brackets?)\b"
)
_DONE = r"(?:corrig|conserv|harmonis|uniformis|modernis|remplac|rétabli|restitu|modifi|respect|ajout|supprim|déplac|renumérot|regroup|plac|repris|indiqu|signal|report|insér|retir|amend|encadr)"
_TOPICS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"transcri|translitt?[ée]r",
        r"typograph",
        r"coquilles?\b|fautes? d['’]impression|défauts d['’]impression",
        r"orthograph|graphies?\b",
        r"ponctuation|guillemets|\baccents?\b|accentuation|apostrophes?\b|majuscules",
        rf"(?:version|édition|livre|texte|fichier|document|format|copie)s?\s+(?:{_ELECTRONIC}|html|epub|papier|imprimée?s?)\b|\bhtml\b",
        r"(?:texte|édition|version|livre|imprimé|ouvrage|document)\s+(?:d['’]origine|originale?s?)|(?:l['’]|dans l['’])original\b|d['’]origine",
        r"italiques?\b|\bitalics\b|soulign[ée]|soulignements|caractères gras|\ben gras\b|tirets? bas|underscore|petites capitales|en exposant",
        r"erreurs?\b.{0,60}(?:corrig|typograph|évident|manifest|introduites)|fautes?\b.{0,60}(?:corrig|typograph)",
        rf"(?:ont|a|n['’]ont|n['’]a)\s+(?:pas\s+)?été\s+(?:\w+ment\s+)?(?:pas\s+)?{_DONE}|avons (?:\w+ment\s+)?{_DONE}|on a (?:\w+ment\s+)?{_DONE}",
        r"numéris",
        r"reproduit.{0,40}(?:intégral|original|texte|fidèle|version)|dans (?:son|leur) intégralité|conforme (?:à l['’]original|au texte)",
        r"relectures?\b|relect(?:eur|rice)s?|relu par",
        r"renumérot|notes de bas de page|à la fin (?:du|de la|de ce|de chaque)\s+(?:chapitre|volume|texte|livre|fichier|document)",
        r"encodage|unicode|latin-?1\b|iso-?8859|ascii",
        r"téléchar|\bordinateurs?\b",
        r"domaine public|droits? d['’]auteur|copyright",
        r"césures?\b|traits? d['’]union|ligatures?\b|\bſ",
        r"project gutenberg|projet gutenberg|gallica|archive\.org|wikisource|pgdp|site web",
        r"corrections?\b",
        r"\bexemplaire\b|pages? manquantes?|\bfac-similé",
        r"\brepresented by\b|\bmarked (?:with|by)\b|\b(?:est|sont) (?:indiqu|représent|transcrit|rendu|plac|encadr|entour|marqu)\w* (?:ici|entre|par|en|comme|dans)\b",
    )
)
_CORRECTION = re.compile(
    r"^\W*(?:pages?|p\.|pp\.|pag\.|ligne|tome|vol\w*\.?)\s*[\dIVXLC]+[^:;]{0,40}[:,.]"
    r"|[«“\"][^»”\"]{1,80}[»”\"]\s+(?:remplac[ée]e?s?|corrig[ée]e?s?)?\s*(?:par|en|remplace)\s+[«“\"]|\S\s*(?:=>|->|→)\s*\S"
    r"|^\W*au lieu de\b.{0,80}\b(?:lisez|lire)\b|^\W*(?:lisez|lire)\b.{0,80}\bau lieu de\b|^\W*(?:insér[ée]|ajout[ée]|retir[ée]|supprim[ée])\s+[«“\"]",
    re.IGNORECASE,
)


@remembered
def topics(block: Block) -> int:
    """Combien de sujets du métier de transcripteur un bloc aborde."""
    text = block.text
    return sum(bool(pattern.search(text)) for pattern in _TOPICS)


@remembered
def is_credit(block: Block) -> bool:
    """Crédits de numérisation : adresses, équipes, fichiers d'images."""
    raw, text = "\n".join(block.lines), block.text
    if _SURE_CREDITS.search(raw) or (_CREDITS.search(raw) and (len(text) < 500 or is_english(text))):
        return True
    return bool(_WEAK_CREDITS.search(text)) and (is_english(text) or lowercase_words(text) < 15)


@remembered
def is_label(block: Block) -> bool:
    """Le bloc s'ouvre par un titre de note : « Note du transcripteur », « Notes sur cette version électronique »."""
    text = block.text
    return bool(_LABEL.match(text)) or (len(text) < 90 and bool(_SHORT_LABEL.match(text)) and is_modern(block))


def is_note(block: Block, labelled: bool = False) -> bool:
    """Le bloc parle de la transcription. `labelled` : il suit un titre de note, et un seul sujet suffit."""
    text = block.text
    if is_label(block):
        return True
    found = topics(block)
    if is_english(text):
        return found + len(set(_ENGLISH_TOPICS.findall(text.lower()))) >= 2
    if labelled:
        return found >= 1 or is_corrections(block)
    if is_modern(block):
        return found >= 2
    if _TOLD.search(text):
        return False
    return found >= (3 if is_to_the_reader(block) or _NOTE.match(text) else 4) and 15 * found >= len(text.split())


@remembered
def is_modern(block: Block) -> bool:
    """Le bloc a un mot que l'auteur d'un livre tombé dans le domaine public n'a pas pu écrire."""
    return bool(_MODERN.search(block.text))


@remembered
def is_corrections(block: Block) -> bool:
    """Une liste de corrections : une ligne sur trois, au moins, en porte la forme."""
    marked = sum(bool(_CORRECTION.search(line)) for line in block.lines)
    joined = len(_CORRECTION.findall(block.text))
    return 3 * max(marked, joined) >= len(block.lines) and (len(block.text) < 300 or max(marked, joined) >= 2)


def is_to_the_reader(block: Block) -> bool:
    """« Au lecteur », qui ouvre des notes de transcription, et des préfaces d'auteur."""
    return bool(_TO_THE_READER.match(block.text))
