"""Ce qui est des éditeurs s'en va, ce qui est de l'auteur reste : chaque cas est posé autour du même roman."""

import re
import textwrap

import pytest
from conftest import ROOT

from aurore import corpus, edition

CATALOGUE = corpus.load_catalogue(ROOT / "data/pastiche/catalogue.toml")
NOVEL = corpus.clean((ROOT / "data/pastiche/cache/epub/90006/pg90006.txt").read_bytes(), CATALOGUE[90006]).paragraphs[
    :110
]
HALF = len(NOVEL) // 2


def wrapped(paragraphs):
    return "\n\n".join(textwrap.fill(paragraph, 72, break_on_hyphens=False) for paragraph in paragraphs)


def cleaned(text):
    return corpus.paragraphs(edition.remove_edition(text))


def with_front(front):
    return cleaned(f"{front}\n\n\n\n{wrapped(NOVEL)}")


def with_back(back):
    return cleaned(f"{wrapped(NOVEL)}\n\n\n{back}\n")


def with_middle(middle):
    return cleaned(f"{wrapped(NOVEL[:HALF])}\n\n{middle}\n\n{wrapped(NOVEL[HALF:])}")


def test_a_bare_novel_is_left_as_it_is():
    assert cleaned(wrapped(NOVEL)) == NOVEL


# --- Ce qui s'en va, au début

FRONT = {
    "produced by": "Produced by Jean Dupont and the Online Distributed\nProofreading Team at http://www.pgdp.net",
    "etext": "E-text prepared by two volunteers",
    "image credits": "Produced by Claudine and the team (This file was produced from\nimages generously made available by Gallica, at\nhttp://gallica.bnf.fr)",
    "ebooks gratuits": "This Etext was prepared by Ebooks libres et gratuits and is\navailable at http://www.ebooksgratuits.com in Word format",
    "transcriber": "Note du transcripteur: l'orthographe d'origine a été conservée.",
    "transcriber, two paragraphs": (
        "Note sur la transcription: les erreurs clairement introduites par le\ntypographe ont été corrigées.\n\n"
        "Les mots entre deux soulignés sont en italique dans l'original, et la\nliste des coquilles se lit à la fin du volume."
    ),
    "english transcriber": "[Transcriber's note: obvious printer's errors have been corrected\nand the spelling of the author was kept.]",
    "au lecteur": "AU LECTEUR\n\nCette version électronique reproduit, dans son intégralité, la version\noriginale. La ponctuation n'a pas été modifiée.",
    "title page": "LE MOULIN\n\nDE LA VAUVRE\n\nPAR\n\nJEAN DES TRAÎNES\n\nPARIS\n\nLIBRAIRIE DES BRANDES, ÉDITEUR\nRUE DU VIEUX-PONT, 14\n\n1853",
    "rights": "PARIS\n\nMICHEL LÉVY FRÈRES, ÉDITEURS\nRUE VIVIENNE, 2 BIS\n\nDroits de reproduction et de traduction réservés",
    "same author": "OUVRAGES DU MÊME AUTEUR\n\nFormat grand in-18\n\nLE MOULIN DE LA VAUVRE                1 vol.\nLA VEILLÉE                            1 --\nLE MENEUR                             2 --\n\n\nIMPRIMERIE DES BRANDES, RUE D'ERFURTH, 1",
    "printing": "JUSTIFICATION DU TIRAGE\n\nIl a été tiré de cet ouvrage dix exemplaires numérotés sur papier de Hollande.",
    "table": "TABLE DES CHAPITRES\n\nI. La chaussée                               1\nII. La hutte du garde                       27\nIII. Chez le notaire                        45",
    "table, first entry repeated": "TABLE\n\nI. LA CHAUSSÉE\nII. LA HUTTE DU GARDE\nIII. CHEZ LE NOTAIRE\nIV. LA BONDE",
    "illustration": "[Illustration: Le moulin, vu de la chaussée.]",
    "works list": "DU MÊME AUTEUR\n\nLe Moulin, 1 vol. in-18 ................ 3 fr. 50\n\nLa Veillée, 1 vol. in-18 ............... 3 fr. 50\n\nPARIS. -- IMPRIMERIE DE VEUVE CORNET, RUE HAUTE, 3",
    "works list between rules": (
        "ŒUVRES DE JEAN DES TRAÎNES\n\n       * * * * *\n\nOUVRAGES PARUS OU A PARAITRE:\n\n\nLe Moulin de la Vauvre.\n\nLa Veillée.\n\n"
        "Antoinette.\n\nMarion.\n\nEtc., etc.\n\n       * * * * *\n\nPOITIERS.--TYP. DE L'ÉCLUSE."
    ),
}


@pytest.mark.parametrize("front", FRONT.values(), ids=FRONT)
def test_front_matter_is_removed(front):
    assert with_front(front) == NOVEL


# --- Ce qui s'en va, à la fin

BACK = {
    "fin": "FIN",
    "fin of the book": "FIN DE L'ÉTANG AUX NIELLES.",
    "fin in italics": "_Fin_",
    "the end": "THE END",
    "printer": "MONTCERF. -- IMPRIMERIE DE VEUVE CORNET, GRANDE-RUE, 3.",
    "typographer": "FIN\n\nPoitiers. -- Typ. de l'Écluse, rue des Trois-Fontaines, 2.",
    "table": "FIN\n\n\nTABLE DES MATIÈRES\n\n\nI. La chaussée                              1\n\nII. La corde                               27\n\nIII. Le héron                              45",
    "table without fin": "TABLE\n\nI. La chaussée ........................ 1\nII. La corde ......................... 27\nIII. Le héron ........................ 45",
    "corrections": "Liste des corrections:\n\nPage 12: «moulain» remplacé par «moulin» (la porte du moulin).\n\nPage 88: «le dormante» remplacé par «la dormante».",
    "transcriber": "Note du transcripteur\n\nLes erreurs clairement introduites par le typographe ont été corrigées.\nL'orthographe d'origine a été conservée et n'a pas été harmonisée.",
    "errata": "ERRATA\n\nPage 12, ligne 3: au lieu de moulain, lisez moulin.\n\nPage 40, ligne 7: au lieu de corbe, lisez corde.",
    "catalogue": (
        "CATALOGUE DE LA LIBRAIRIE DES BRANDES\n\nLe Moulin de la Vauvre, 1 vol. in-18 ........ 3 fr. 50\n"
        "La Fille du sabotier, 1 vol. in-18 ........ 3 fr. 50\n\nLettres d'une fermière, 2 vol. in-8 ........ 7 fr. »\nLa Veillée, 1 vol. in-32 ........ 1 fr. »"
    ),
    "same author": "DU MÊME AUTEUR\n\nLE MOULIN DE LA VAUVRE            1 vol.\nLA VEILLÉE                        1 vol.",
    "english credits": "Produced by the Online Distributed Proofreading Team",
    "rule and fin": "* * * * *\n\nFIN\n\n* * * * *",
    "notes": "NOTES\n\n[1] On nomme aussi cette clochette la servante, parce qu'elle n'appelle\nque lorsqu'il n'y a plus rien à manger.\n\n[2] Les gens de la ville disent gisante.",
    "notes named": "NOTES DE BAS DE PAGE:\n\n[Note 1: On nomme aussi cette clochette la servante.]\n\n[Note 2: Les gens de la ville disent gisante.]",
    "table of a volume": (
        "TABLE DES MATIÈRES\n\nDU PREMIER VOLUME\n\nDES\n\nSCÈNES DE LA VIE DES BRANDES.\n\n\n  LE MOULIN DE LA VAUVRE              33\n\n"
        "  LA VEILLÉE                          85\n\n  LE MENEUR DE BREBIS                 99"
    ),
    "bibliography": (
        "Bibliographie--Œuvres complètes:\n\nTiré de _Bibliographie des auteurs des brandes (1801--1934)_ par deux curieux,\nParis, 1935, tome 5.\n\n"
        "1. Le Moulin de la Vauvre. Paris, Brandes, 1853, in-8 de 214 pp.\n\n2. La Veillée.\n\nParis, Brandes, 1856, 2 vol. in-8 de 320 et 312 pp.\n\n"
        "3. La Corde. Drame en cinq actes. Représenté pour la première fois à Paris,\nsur le théâtre des Brandes (10 mars 1858). Paris, Brandes, gr. in-8 de 28 pp."
    ),
    "bookseller speaks": (
        "* * * * *\n\nMAISON BRANDES ET C^{IE},\n\nANCIENNE LIBRAIRIE DES TRAÎNES,\n\nRUE HAUTE, 78.\n\n\n"
        "M. BRANDES ayant acheté ce qui restait de la collection in-8º, on trouve à la\nmême librairie, brochés et reliés, tous les ouvrages dont les noms suivent:\n\n"
        "=Les Sabots de Marion=, par ANSELME BROUSSAC; 150 vignettes; 1 vol.\n\n=La Carpe=, par JEAN DES TRAÎNES; 100 vignettes; 2 vol.\n\n"
        "Le premier volume de cette charmante collection est épuisé; nous donnons avis\nqu'il sera réimprimé, avec les améliorations jugées nécessaires."
    ),
}


@pytest.mark.parametrize("back", BACK.values(), ids=BACK)
def test_back_matter_is_removed(back):
    assert with_back(back) == NOVEL


# --- Ce qui s'en va, au milieu

MIDDLE = {
    "illustration": "[Illustration: Elle tenait la cruche à deux mains.]",
    "illustration over lines": "[Illustration: Elle tenait la cruche\nà deux mains, et le chien\n\nregardait l'étang. (Page 12.)]",
    "nested illustration": "[Illustration: Le moulin [d'après une estampe du temps], vu de la chaussée.]",
    "italic illustration": "[_Illustration: le moulin_]",
    "bare illustration": "[Illustration]",
    "french picture": "[Image: bandeau]",
    "note": "[1] Les gens de la ville disent gisante.",
    "note in full": "[Note 1: Les gens de la ville disent gisante. La meule de dessus\ns'appelle chez nous la courante.]",
    "footnote": "[Footnote 1: Les gens de la ville disent gisante.]",
    "lettered note": "[A] Les gens de la ville disent gisante.",
    "note of the editor": "[Note du transcripteur: ce paragraphe est tel quel dans l'original.]",
    "indented note, two paragraphs": "    [1] Les gens de la ville disent gisante.\n\n    La meule de dessus s'appelle chez nous la courante.",
    "page of a volume": "TOME SECOND\n\nPARIS, LIBRAIRIE DES BRANDES, ÉDITEUR, RUE HAUTE, 14",
    "printer": "PARIS. -- IMPRIMERIE DE VEUVE CORNET, RUE HAUTE, 3.",
    "rule": "* * * * *",
    "end of the volume": "FIN DU TOME PREMIER.",
    "english": "This file was made from images of the book that the library had and that were given to us.",
}


@pytest.mark.parametrize("middle", MIDDLE.values(), ids=MIDDLE)
def test_foreign_blocks_in_the_middle_are_removed(middle):
    assert [paragraph for paragraph in with_middle(middle) if paragraph != "TOME SECOND"] == NOVEL


# --- Ce qui s'en va, dans la ligne


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Il tenait [p. 8] la corde [Page 12] du puits.", "Il tenait la corde du puits."),
        ("Il tenait {12} la corde (p. 9) du puits.", "Il tenait la corde du puits."),
        ("Il tenait [Pg xii] la corde.", "Il tenait la corde."),
        ("Il tenait la corde[1], puis le seau [12].", "Il tenait la corde, puis le seau."),
        ("Il tenait la corde[A], puis le seau[*].", "Il tenait la corde, puis le seau."),
        ("Il tenait la corde [Note 3: une longe.] du puits.", "Il tenait la corde du puits."),
        ("Il tenait _la corde_, =la vieille=.", "Il tenait la corde, la vieille."),
        ("M^{me} Chardonnel, M{lle} Agathe, au XIX^e siècle.", "Mme Chardonnel, Mlle Agathe, au XIXe siècle."),
        ("Le c[oe]ur de s[oe]ur [OE]none.", "Le cœur de sœur Œnone."),
        ("Il lut [Grec: logos] sur la pierre.", "Il lut logos sur la pierre."),
    ],
)
def test_marks_inside_a_line_are_removed(before, after):
    assert with_middle(before) == [*NOVEL[:HALF], after, *NOVEL[HALF:]]


def test_numbered_calls_and_notes_in_parentheses_are_removed():
    text = "Il tenait la corde (1), puis le seau (2).\n\n(1) Une longe de chanvre.\n\n(2) Un seau de bois."
    assert with_middle(text) == [*NOVEL[:HALF], "Il tenait la corde, puis le seau.", *NOVEL[HALF:]]


def test_numbers_in_parentheses_stay_when_there_are_no_notes():
    text = "L'article premier (1) et le second (2) furent lus tout haut devant le notaire."
    assert text in with_middle(text)


@pytest.mark.parametrize("form", ["{}", "- {} -", "[{}]", "Page {}"])
def test_run_of_page_numbers_is_removed(form):
    blocks = [wrapped([paragraph]) for paragraph in NOVEL]
    numbered = [
        text for i, block in enumerate(blocks) for text in ((form.format(8 + i // 2), block) if i % 2 else (block,))
    ]
    assert cleaned("\n\n".join(numbered)) == NOVEL


@pytest.mark.parametrize("line", ["1830", "12", "7."])
def test_lone_number_is_kept(line):
    assert with_middle(line) == [*NOVEL[:HALF], line, *NOVEL[HALF:]]


def test_chapter_numbers_are_not_page_numbers():
    chapters = [NOVEL[i : i + 12] for i in range(0, len(NOVEL) - 12, 12)]
    long = [[str(n), *paragraphs, *NOVEL[1:20]] for n, paragraphs in enumerate(chapters, 1)]
    expected = [paragraph for chapter in long for paragraph in chapter]
    assert len(long) >= 8
    assert cleaned(wrapped(expected)) == expected


# --- Ce qui reste

KEPT_FRONT = {
    "notice": [
        "NOTICE",
        "On m'a demandé plus d'une fois si l'étang existait ailleurs que dans ma tête ; il existe, et je lui dois un rhume.",
    ],
    "preface": [
        "PRÉFACE",
        "L'éditeur de ce livre m'en a demandé la raison, et je ne la sais pas ; voici pourtant comme il fut écrit, rue Haute, au n° 12.",
    ],
    "dedication": ["À MON AMI ANSELME BROUSSAC"],
    "dedication with a letter": [
        "À M. ANSELME BROUSSAC",
        "Mon ami, ce livre est à toi, puisque tu m'en as conté la moitié et que j'ai rêvé le reste.",
        "JEAN DES TRAÎNES.",
    ],
    "epigraph": ["L'eau ne rend que ce qu'on lui prête, et garde le reste.", "Proverbe du Berry."],
    "avant-propos": [
        "AVANT-PROPOS",
        "Ce récit n'est pas de moi ; je le tiens d'un meunier qui le tenait de sa mère, et qui mentait rarement.",
    ],
    "signed preface": [
        "NOTICE",
        "J'ai écrit ce livre en un hiver, et l'on me dit qu'il y paraît, car la neige y tombe presque à chaque page.",
        "JEAN DES TRAÎNES.",
        "Nohant, 12 avril 1851.",
    ],
}


@pytest.mark.parametrize("front", KEPT_FRONT.values(), ids=KEPT_FRONT)
def test_words_of_the_author_before_the_novel_are_kept(front):
    assert with_front(wrapped(front)) == front + NOVEL


def test_preface_survives_between_the_title_page_and_the_table():
    preface = KEPT_FRONT["notice"]
    assert with_front(f"{FRONT['title page']}\n\n\n{wrapped(preface)}\n\n\n{FRONT['table']}") == preface + NOVEL


def test_preface_survives_after_a_table():
    preface = KEPT_FRONT["preface"]
    assert (
        with_front(f"{FRONT['produced by']}\n\n{FRONT['title page']}\n\n{FRONT['table']}\n\n\n{wrapped(preface)}")
        == preface + NOVEL
    )


def test_first_heading_survives_after_a_table_that_words_it_otherwise():
    table = "TABLE\n\nI. -- Le bief ............ 1\nII. -- La hutte ......... 27\nIII. -- L'étude ......... 45"
    assert with_front(f"{table}\n\n\n\nCHAPITRE PREMIER") == ["CHAPITRE PREMIER", *NOVEL]


KEPT_MIDDLE = [
    "CHAPITRE II",
    "XII. LE HÉRON.",
    "DEUXIÈME PARTIE",
    "LETTRE III.",
    "À M. Aubin, notaire à La Berthenoux.",
    "La Chaume, ce 4 mars 1853.",
    "SCÈNE PREMIÈRE",
    "ÉPILOGUE",
    "Nohant, 12 avril 1851.",
    "Il prit une licence de pêche, et le garde n'y trouva rien à redire.",
    "La donation fut signée devant témoins, et la veuve fit une croix.",
    "Elle fit transcrire l'acte, mot pour mot, par le clerc au nez rouge.",
    "Le libraire ouvrit le volume, en loua la reliure, et n'en lut pas une ligne.",
    "L'éditeur demeurait rue de Seine, au numéro 12, sous les toits.",
    "On imprimait alors à Issoudun, chez la veuve Cornet, une gazette de deux feuilles.",
    "— Il est prote à l'Imprimerie royale, répondit-elle.",
    "Il avait, disait-il, corrigé toutes ses fautes, hormis celles d'impression.",
    "Le prix en était de trois francs, et il n'en avait que deux.",
    "— C'est l'imprimeur Gutenberg, monsieur le curé, qui inventa le mensonge à bon marché.",
    "— Fin de l'histoire ! cria le notaire en refermant son dossier.",
    "L'ouvrage du même auteur qu'il préférait était celui qu'il n'avait pas lu.",
    "Il y eut une table, une longue table, et des bancs autour.",
    "Son nom (dit-on) était Cornu [sic], et il en souffrait.",
    "Le produit de la vente fut de 1 200 fr. 50, tous frais payés.",
    "Milord but son thé et dit : « Yes, my dear », puis il se rendormit.",
]


@pytest.mark.parametrize("sentence", KEPT_MIDDLE)
def test_words_of_the_author_in_the_middle_are_kept(sentence):
    assert with_middle(wrapped([sentence])) == [*NOVEL[:HALF], sentence, *NOVEL[HALF:]]


@pytest.mark.parametrize("end", ["FIN", "FIN DU MENEUR", "FIN."])
def test_end_of_a_tale_inside_a_collection_does_not_cut_the_next_one(end):
    position = int(0.85 * len(NOVEL))
    found = cleaned(f"{wrapped(NOVEL[:position])}\n\n{end}\n\n\nLA SECONDE HISTOIRE\n\n{wrapped(NOVEL[position:])}")
    assert [paragraph for paragraph in found if not paragraph.startswith("FIN")] == [
        *NOVEL[:position],
        "LA SECONDE HISTOIRE",
        *NOVEL[position:],
    ]


@pytest.mark.parametrize(
    "last",
    [
        ["Nohant, 12 avril 1851."],
        ["JEAN DES TRAÎNES."],
        [
            "ÉPILOGUE",
            "Le moulin tourne encore, et la carpe y monte tous les ans, au mois de mai, voir si la chaussée tient bon.",
        ],
        ["Il vendit le livre, l'éditeur le paya en volumes, et ce fut la fin."],
    ],
    ids=["date", "signature", "epilogue", "last sentence"],
)
def test_last_words_of_the_author_are_kept(last):
    assert with_back(f"{wrapped(last)}\n\n\nFIN") == NOVEL + last


# --- Outils


@pytest.mark.parametrize("text", ["a\n\nb\nc\n\n\n\nd", "\n\na", "a", ""])
def test_blocks_are_split_and_joined_without_loss(text):
    assert edition.join_blocks(edition.split_blocks(text)).strip("\n") == text.strip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CHAPITRE II", True),
        ("Chapitre II. Le héron", True),
        ("XIV.", True),
        ("L'ÉTANG AUX NIELLES", True),
        ("Lettre troisième", True),
        ("— NON !", False),
        ("Il vint.", False),
        ("livre en main, il sortit.", False),
        ("", False),
        ("A" * 200, False),
    ],
)
def test_is_heading(text, expected):
    assert edition.is_heading(text) is expected


def test_unclosed_bracket_does_not_swallow_the_book():
    found = with_middle("[Illustration: un crochet jamais refermé")
    assert found[:HALF] == NOVEL[:HALF]
    assert found[-(len(NOVEL) - HALF) :] == NOVEL[HALF:]


@pytest.mark.parametrize("number", [90001, 90002, 90003, 90005, 90006, 90007])
def test_pastiche_files_keep_nothing_of_their_editors(number):
    path = next(p for p in sorted((ROOT / "data/pastiche").glob(f"*/**/{number}/*.txt")) if p.name != "90002.txt")
    text = corpus.clean(path.read_bytes(), CATALOGUE[number]).text
    assert not re.search(
        r"(?im)produced by|e-?text|prepared by|transcripteur|typographe|librairie|imprimerie|^typ\.|in-18|^fin\b|illustration|\[|\]|_|^table|corrections|remplacé par",
        text,
    )
    lone = [int(line) for line in text.split("\n") if line.isdigit()]
    assert not lone


def test_stage_directions_in_brackets_stay_in_a_play_and_notes_leave_a_novel():
    lines = [f"Il prit {n} sous. [Il les compte encore une fois, lentement.] Puis il sortit." for n in range(6)]
    play = "\n\n".join(
        f"SCÈNE {roman}\n\n{line}" for roman, line in zip(("I", "II", "III", "IV", "V", "VI"), lines, strict=True)
    )
    assert edition.remove_bracketed(play).count("[") == 6
    assert edition.remove_bracketed("\n\n".join(lines)).count("[") == 0


def test_nothing_stays_nothing():
    assert edition.remove_edition("") == ""
