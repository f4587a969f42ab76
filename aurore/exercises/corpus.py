"""Leçon 01, les exercices : reconnaître un livre, décoder, couper le cadre, joindre les lignes.

Chaque fiche porte aussi les réponses fausses qu'elle doit refuser, chacune avec la piste prévue pour elle, et
des réponses justes différentes de la référence, qu'elle doit accepter.
"""

import re

from aurore.atelier.cards import Answer, Card, equals
from aurore.atelier.quiz import Option, Quiz

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
    title="Le numéro du livre",
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
                    lambda got: got == 21,
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
        ),
    ),
    wrong=(
        Answer(_decode_utf8_only, "lit l'ISO-8859-1", "encodage"),
        Answer(_decode_latin_first, "lit l'UTF-8", "latin-1"),
        Answer(_decode_latin_fallback, "rend « œ » et « ’ » aux fichiers qui se disent ISO-8859-1", "Windows-1252"),
        Answer(_decode_keeps_bom, "ôte la marque d'ordre", "utf-8-sig"),
        Answer(_decode_ignores, "lit l'ISO-8859-1", "perdre des lettres"),
        Answer(_decode_keeps_cr, "unifie les fins de ligne", "\\r\\n"),
    ),
    right=(Answer(_decode_loop), Answer(_decode_strip_bom)),
)

# --- Couper le cadre ------------------------------------------------------------------------------------

_BODY = "La meule s'était fendue.\n\nLe meunier n'en dit rien : « Nous verrons la FIN. »\n\nIl attendit l'automne."
_LICENCE = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 9))
FRAMED = (
    "The eBook of Le Moulin\n\nTitle: Le Moulin\n\n*** START OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n"
    f"{_BODY}\n\n*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n{_LICENCE}\n\nTo SEND DONATIONS, see the page.\n{_LICENCE}\n"
)
FRAMED_TIGHT = FRAMED.replace("*** START OF THIS", "***START OF THE").replace("*** END OF THIS", "***END OF THE")


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


def _frame_lines(text):
    kept, inside = [], False
    for line in text.split("\n"):
        if re.match(r"\*\*\* ?END OF", line):
            break
        if inside:
            kept.append(line)
        inside = inside or bool(re.match(r"\*\*\* ?START OF", line))
    return "\n".join(kept).strip("\n")


def _frame_regex(text):
    return re.search(r"\*\*\* ?START OF[^\n]*\n(.*?)\n\*\*\* ?END OF", text, re.DOTALL).group(1).strip("\n")


cut_frame = Card(
    id="corpus.cut_frame",
    title="Couper le cadre",
    statement="Rendez ce qui se trouve entre la ligne « *** START OF … *** » et la ligne « *** END OF … *** », sans lignes vides au bout. Les marqueurs s'écrivent avec ou sans espace après les étoiles, avec THIS ou THE.",
    difficulty=3,
    minutes=10,
    hints=(
        "Ne comptez pas les lignes : l'en-tête et la licence n'ont pas la même longueur d'un livre à l'autre.",
        're.search(r"\\*\\*\\* ?START OF.*", text) trouve le marqueur dans ses deux formes ; .end() dit où il finit.',
        "Chercher « END » seul s'arrête à « SEND DONATIONS » : cherchez le marqueur entier.",
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
                    "Il ne reste rien : votre règle compte les lignes, et ce livre en a moins. Fiez-vous aux marqueurs.",
                ),
                (
                    lambda got: "SEND" in got or ("Section" in got and "DONATIONS" not in got),
                    "Il reste de la licence : « SEND » contient « END ». Cherchez le marqueur de fin entier.",
                ),
                (lambda got: "DONATIONS" in got, "La licence est restée : coupez aussi au marqueur de fin."),
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
    ),
    wrong=(
        Answer(_frame_fixed_lines, "rend le texte entre les marqueurs", "licence"),
        Answer(_frame_slides, "rend le texte entre les marqueurs", "compte les lignes"),
        Answer(_frame_end_word, "rend le texte entre les marqueurs", "SEND"),
        Answer(_frame_keeps_markers, "rend le texte entre les marqueurs", "marqueurs eux-mêmes"),
        Answer(_frame_one_form, "reconnaît l'autre forme des marqueurs", "sans espace"),
        Answer(_frame_fin, "rend le texte entre les marqueurs", "mot de l'auteur"),
        Answer(_frame_forgets_end, "rend le texte entre les marqueurs", "licence"),
    ),
    right=(Answer(_frame_lines), Answer(_frame_regex)),
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
    statement="Gutenberg coupe les lignes à 72 caractères et sépare les paragraphes par des lignes vides. Rendez la liste des paragraphes, chacun sur une seule ligne.",
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
    ),
    right=(Answer(_paragraphs_split), Answer(_paragraphs_loop)),
)

CARDS = (header_number, decode, cut_frame, paragraphs)


QUIZZES = (
    Quiz(
        "corpus.partage",
        "Pourquoi garder « L'Étang aux nielles » tout entier pour le test, plutôt qu'une phrase sur dix de chaque livre ?",
        (
            Option(
                "Parce que c'est le plus court.",
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
