"""Ce qui est des éditeurs s'en va, ce qui est de l'auteur reste : chaque cas est posé autour du même roman."""

import re
import textwrap
from collections import Counter

import pytest
from conftest import ROOT

from aurore import corpus
from aurore.cleaning import edition
from aurore.cleaning.blocks import Account

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
    "works of the same": "PAR LE MÊME\n\nLa Veillée, roman, 3e édition.\nLe Meneur, nouvelles, 2e édition.\nLa Corde, comédie en un acte, en prose.\n\nSous presse :\n\nLe Héron.",
    "works to come": "DU MÊME AUTEUR\n\nROMANS\n\nLa Veillée\nLe Meneur de brebis\n\nEN PRÉPARATION :\n\nLa Bonde",
    "table named otherwise": "CONTENU\n\nChapitre premier. -- La chaussée\nChapitre II. -- La hutte du garde\nChapitre III. -- Chez le notaire",
    "table with spaced dots": "TABLE\n\nLa chaussée . . . . . . . . . . . 1\nLa hutte du garde . . . . . . . . 27\nChez le notaire . . . . . . . . . 45\nLe héron . . . . . . . . . . . . . 61",
    "table of plates": "TABLE DES GRAVURES\n\nLe moulin, vu de la chaussée                Frontispice\nLa hutte du garde                           Page 27\nElle tenait la cruche à deux mains          Page 45",
    "after an edition": "D'après l'édition de Montcerf, Cornet, 1853.",
    "after a site": "Édition de référence : Cornet, Montcerf, 1853.\n\nTexte établi d'après Wikisource.",
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
    "analytic table": (
        "FIN\n\n\nTABLE ANALYTIQUE DES MATIÈRES\n\n\nCHAPITRE PREMIER\n\nLe meunier.—Sa femme.—Le chien et la corde.—Ce que dit le garde au notaire, et ce qu'il n'en pensait pas.   1\n\n"
        "CHAPITRE II\n\nLe héron.—La veillée.—Un coup de vent.—Comment l'on perdit la clef, et comment elle fut retrouvée.   27"
    ),
    "index of names": "INDEX DES NOMS\n\nAubin (le notaire), 12, 45, 61.\nBroussac (Anselme), 3, 27, 80.\nCornet (la veuve), 14, 33.\nVauvre (la), passim.",
    "colophon": "ACHEVÉ D'IMPRIMER\n\nle quinze mars mil huit cent cinquante-trois\n\nPAR CORNET ET FILS\n\nà Montcerf",
    "newspaper": "FIN\n\n\nLE JOURNAL DES BRANDES\n\nParaissant tous les dimanches\n\nABONNEMENTS : Un an, 12 fr.; six mois, 7 fr.; trois mois, 4 fr.\n\nBureaux : rue Haute, 14, à Montcerf.",
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
    "note of several paragraphs": "[Note (Project Gutenberg).\n\nOn nous a fait savoir que ce mot est une faute.\n\nNous l'avons laissé.]",
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
        ["Il acheta : un seau, 2 fr. 50 ; une corde, 1 fr. 25 ; deux sabots, 3 fr. ; et rentra ruiné."],
        ["P.-S. — L'éditeur m'écrit de Paris que le volume paraîtra au printemps."],
        ["Il vendit le livre, l'éditeur le paya en volumes, et ce fut la fin."],
    ],
    ids=["date", "signature", "epilogue", "prices", "postscript", "last sentence"],
)
def test_last_words_of_the_author_are_kept(last):
    assert with_back(f"{wrapped(last)}\n\n\nFIN") == NOVEL + last


# --- Une coupe se prouve par la structure

# Des phrases d'auteur qui ont les mots des transcripteurs, des libraires ou des licences.
TRAPS = [
    "Elle lut sur son visage une terreur évidente, et n'osa plus rien lui demander.",
    "Le garde avait été remplacé par son frère, qui buvait moins.",
    "L'erreur a été corrigée par le temps, disait le notaire, qui corrigeait surtout les autres.",
    "Il relut la note du transcripteur, haussa les épaules et la jeta au feu.",
    "Ne lisez pas trop vite, au lieu de rire, et vous comprendrez.",
    "Cette édition de ses mémoires parut chez un libraire de la rue Haute, et l'imprimeur n'en vendit que trois exemplaires.",
    "Les fautes d'impression de la gazette étaient célèbres ; le curé les lisait en chaire.",
    "Il a été tiré d'affaire par un chien, et n'en fut pas plus fier.",
    "Le catalogue de ses vices tenait en deux volumes, et la table des matières en un mot.",
    "L'orthographe de sa lettre avait été conservée dans la famille comme une relique.",
    "Tous droits réservés, disait-il en parlant de sa femme.",
    "La bibliothèque était fermée, et le prix du pain avait monté.",
    "Il avait transcrit la lettre sans en changer l'orthographe, ni la ponctuation, ni les fautes, et le copiste en demeura honteux.",
    "— Copyright ! dit l'Anglais en posant la main sur le manuscrit. All rights reserved, et je vous défends de l'imprimer.",
    "Le site était désert, et le fichier du notaire, où tout le canton tenait en fiches, brûlait dans la cour.",
]


@pytest.mark.parametrize("place", ["start", "early", "late", "end"])
@pytest.mark.parametrize("sentence", TRAPS)
def test_a_sentence_with_the_words_of_an_editor_cuts_nothing(sentence, place):
    position = {"start": 0, "early": 3, "late": int(0.9 * len(NOVEL)), "end": len(NOVEL)}[place]
    book = [*NOVEL[:position], sentence, *NOVEL[position:]]
    assert cleaned(wrapped(book)) == book


@pytest.mark.parametrize("title", ["TABLE", "CATALOGUE", "NOTES", "ERRATA", "LE LIBRAIRE", "VOCABULAIRE"])
def test_a_chapter_with_the_title_of_an_appendix_is_kept(title):
    position = int(0.85 * len(NOVEL))
    text = f"{wrapped(NOVEL[:position])}\n\n\n{title}\n\n{wrapped(NOVEL[position:])}"
    assert cleaned(text) == [*NOVEL[:position], title, *NOVEL[position:]]


def test_poems_after_a_dated_one_are_kept():
    poems = [
        f"Le chant {word} s'en va sur l'eau,\nEt nul ne sait s'il reviendra\nQuand la bergère appellera,\nLe soir, du haut de son coteau."
        for word in ("premier", "second", "dernier")
    ]
    text = "\n\n\n".join(f"{poem}\n\nParis, 1839." for poem in poems * 8)
    assert cleaned(text).count("Paris, 1839.") == 24
    assert len(cleaned(text)) == 5 * 24


FRENCH_NOTES = {
    "in full": "Ce livre électronique reproduit intégralement le texte original, et\nl'orthographe d'origine a été conservée.",
    "two paragraphs": "Au lecteur\n\nCette version numérisée reproduit l'édition originale dans son intégralité.\n\nLa ponctuation a été tacitement corrigée par endroits.",
    "named": "NOTES SUR LA TRANSCRIPTION\n\nOn a conservé les graphies anciennes.\n\nLes mots en italique sont placés entre tirets bas.",
    "electronic": "Remarques sur cette version électronique :\n\nLes coquilles manifestes ont été corrigées sans autre avertissement.",
    "about accents": "Note de transcription.\n\nLes accents ont été rétablis sur les majuscules, et l'accentuation harmonisée.",
    "relecture": "Avis des correcteurs. La relecture a été faite sur l'édition de 1853 ; les\ntraits d'union et les majuscules ont été respectés.",
    "rights": "Aux lecteurs : ce texte est protégé par le droit d'auteur dans certains pays.\nVérifiez la loi avant de le télécharger sur votre ordinateur.",
    "boxed": "------------------------------------------------------------\n\nEtext production notes\n\n_xxx_   italiques\n\nlieue   mesure ancienne, de quatre kilomètres environ.\n\n------------------------------------------------------------",
    "project": "Note (Project Gutenberg).\n\nL'orthographe et la ponctuation n'ont pas été modernisées.",
    "note": "Note : les numéros de page de l'original ont été retirés, et les notes de bas de\npage reportées en fin de chapitre.",
    "conventions": "Conventions typographiques\n\nLes passages en italique sont encadrés par des caractères _soulignés_.\nLes passages en gras sont encadrés par des signes égal.",
    "one word": "Transcription :\n\nL'orthographe et la grammaire de l'époque ont été respectées. Seules les\ncoquilles évidentes ont fait l'objet d'une correction.",
    "copy": "Cet ouvrage a été numérisé d'après l'exemplaire de la bibliothèque de\nMontcerf ; les pages manquantes ont été complétées d'après un autre.",
    "of this file": "Notes au lecteur de ce fichier numérique :\n\nSeules les erreurs clairement introduites par le typographe ont été corrigées.",
    "dashes": "NOTES DU TRANSCRIPTEUR :\n\n--L'orthographe a été conservée.\n\n--La couverture a été créée pour cette édition et appartient au domaine public.",
    "source": "Source :\n\nJean des Traînes, Le Moulin de la Vauvre, avec des gravures,\nParis, librairie des Brandes, rue Haute, 14,\n1853.",
}


@pytest.mark.parametrize("note", FRENCH_NOTES.values(), ids=FRENCH_NOTES)
def test_french_transcriber_notes_leave_the_front(note):
    assert with_front(note) == NOVEL


@pytest.mark.parametrize("name", [name for name in FRENCH_NOTES if name not in ("boxed", "source")])
def test_french_transcriber_notes_leave_the_back(name):
    assert with_back(f"FIN\n\n\n{FRENCH_NOTES[name]}") == NOVEL


BACK_LISTS = {
    "corrections with arrows": "Corrections\n\n  moulain => moulin (la porte du moulain)\n  ajouté « est » (La roue lasse.)\n  dormante => courante (la meule dormante)",
    "corrections announced": "On a effectué les corrections suivantes:\n\nmoulain=>moulin {p. 12}\n\ncorbe=>corde {p. 40}\n\nheron=>héron {p. 61}",
    "last publications": "DERNIÈRES PUBLICATIONS\n\nFormat in-18 à 3 fr. 50 le volume\n\nANSELME BROUSSAC                Vol.\n\nLES SABOTS DE MARION              1\n\nVEUVE CORNET\n\nLE HÉRON                          2",
    "school vocabulary": "VOCABULARY\n\n"
    + "\n".join(
        f"*{word}*, n. f., {other}."
        for word, other in (("corde", "rope"), ("meule", "millstone"), ("roue", "wheel"), ("eau", "water"))
    ),
    "corrections over lines": "On a corrigé les erreurs typographiques suivantes :\n\nPage 12, ligne 3 : « moulain » par « moulin » (la porte du\n         moulin).\nPage 40 : « corbe » remplacé par « corde » (la corde du\n         puits).",
    "catalogue with blurbs": (
        "EXTRAIT DU CATALOGUE\n\nLIBRAIRIE DES BRANDES, 14, rue Haute\n\nLa Petite Collection\n\n"
        "Suite de jolis volumes in-18, tirés sur beau papier et reliés avec soin, où l'on trouvera les meilleurs conteurs de ce temps.\n\n"
        + "\n".join(
            f"  {title}                        {price} »"
            for title, price in (("Le Moulin", 3), ("La Veillée", 4), ("Le Meneur", 2))
        )
        + "\n\nLes Grands Récits\n\nOuvrages de luxe, ornés de gravures et brochés, envoyés franco contre leur prix en timbres.\n\n"
        + "\n".join(
            f"  {title}                     {price} fr."
            for title, price in (("La Corde", 12), ("Le Héron", 15), ("La Bonde", 10))
        )
    ),
    "table without numbers": "TABLE\n\n  La chaussée\n  La hutte du garde\n  Chez le notaire\n  La bonde\n  Est-elle là?\n  Le héron\n  Le retour",
    "glossary": "VOCABULAIRE\n\n"
    + "\n".join(
        f"  {word},                  {other}"
        for word, other in (
            ("le moulin", "de molen"),
            ("la roue", "het rad"),
            ("l'eau", "het water"),
            ("le seau", "de emmer"),
            ("la corde", "het touw"),
            ("le chien", "de hond"),
        )
    ),
    "table of roman numbers": "TABLE\n\nDXLII. A madame Aubin. 3 janvier.\nDXLIII. A M. Broussac. 4 janvier.\nDXLIV. Au même. 12 janvier.\n\n1866\n\nDXLV. A la veuve Cornet. 8 février.\nDXLVI. Au notaire. 9 mars.",
    "legal deposit": "© Éditions des Brandes et Jean des Traînes\nDépôt légal, premier trimestre 1991\nISBN 2-1234567-0-X\nTous droits réservés",
}


@pytest.mark.parametrize("back", BACK_LISTS.values(), ids=BACK_LISTS)
def test_lists_of_the_editor_leave_the_back(back):
    assert with_back(f"FIN\n\n\n{back}") == NOVEL


def test_a_table_of_summaries_leaves_the_front():
    titles = [f"CHAPITRE {number}" for number in ("PREMIER", "II", "III", "IV", "V")]
    summaries = [f"Le meunier part.--Rencontre du garde.--On perd la clef {n} fois." for n in range(5)]
    table = "TABLE DES MATIÈRES\n\n" + "\n\n".join(
        f"{title}\n\n{summary}" for title, summary in zip(titles, summaries, strict=True)
    )
    body = [part for k, title in enumerate(titles) for part in (title, *NOVEL[20 * k + 1 : 20 * k + 20])]
    assert cleaned(f"{table}\n\n\n\n{wrapped(body)}") == body


NOTES = {
    "[12a]": ("la corde[12a], puis", "    [12a] Une longe de chanvre."),
    "[252-A]": ("la corde[252-A], puis", "    [252-A] Une longe de chanvre."),
    "[Note 39a: …]": ("la corde[39a], puis", "[Note 39a: Une longe de chanvre.]"),
    "(1) glued": ("la corde (1), puis", "(1)Une longe de chanvre."),
    "(1) after tabs": ("la corde (1), puis", "\t\t_(1) Une longe de chanvre, et d'autres_"),
    "[†]": ("la corde[†], puis", "[†] Une longe de chanvre."),
    "[a]": ("la corde[a], puis", "  [a] Une longe de chanvre."),
    "[1-1]": ("la corde[1-1], puis", "[1-1] Une longe de chanvre."),
    "[1.]": ("la corde[1.], puis", "[1.] Une longe de chanvre."),
    "[N1]": ("la corde[N1], puis", "[N1] Une longe de chanvre."),
    "[Note A]": ("la corde[Note A], puis", "[Note A: Une longe de chanvre.]"),
    "{1}": ("la corde{1}, puis", "{1} Une longe de chanvre."),
    "<1>": ("la corde<1>, puis", "<1> Une longe de chanvre."),
    "(note 1)": ("la corde (note 1), puis", "(Note 1) Une longe de chanvre."),
    "*": ("la corde*, puis", "* Une longe de chanvre."),
    "what a note quotes": (
        "la corde[8], puis",
        "[8] On chante là-dessus :\n\n      La corde est longue et le seau lourd,\n      Et le meunier n'est pas si sourd.",
    ),
    "[a1]": ("la corde[a1], puis", "[a1] Une longe de chanvre."),
    "[FN1]": ("la corde[FN1], puis", "[FN1] Une longe de chanvre."),
    "[1 bis]": ("la corde[1 bis], puis", "[1 bis] Une longe de chanvre."),
    "[#]": ("la corde[#], puis", "[#] Une longe de chanvre."),
    "(A)": ("la corde (A), puis", "(A) Une longe de chanvre."),
    "(1.)": ("la corde (1.), puis", "(1.) Une longe de chanvre."),
    "†": ("la corde†, puis", "† Une longe de chanvre."),
    "¹": ("la corde¹, puis", "¹ Une longe de chanvre."),
}


@pytest.mark.parametrize(("call", "note"), NOTES.values(), ids=NOTES)
def test_calls_and_notes_in_every_form_are_removed(call, note):
    assert with_middle(f"Il tenait {call} le seau.\n\n{note}") == [
        *NOVEL[:HALF],
        "Il tenait la corde, puis le seau.",
        *NOVEL[HALF:],
    ]


def test_notes_gathered_at_the_end_leave_with_their_paragraphs():
    back = "NOTES:\n\n[1] Une longe de chanvre.\n\n[2] Un seau, disait-il.\n\nIl le dit trois fois, et trois fois autrement.\n\n[3] Une meule."
    assert with_back(back) == NOVEL


def test_an_enumeration_that_nothing_calls_is_no_note():
    lines = [
        "Le notaire lut trois articles :",
        "(1) Le pré est au meunier.",
        "(2) Le bief est à tous.",
        "(3) Le chien n'est à personne.",
    ]
    assert with_middle("\n\n".join(lines)) == [*NOVEL[:HALF], *lines, *NOVEL[HALF:]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Li R[o]manz de l'esto[i]re dou molin.", "Li Romanz de l'estoire dou molin."),
        ("[S]i qu'einçois en aura, puis [et] moi.", "Si qu'einçois en aura, puis [et] moi."),
        ("Il vint trois foi[s] au moulin.", "Il vint trois fois au moulin."),
    ],
)
def test_letters_restored_in_brackets_belong_to_the_word(before, after):
    assert with_middle(before) == [*NOVEL[:HALF], after, *NOVEL[HALF:]]


@pytest.mark.parametrize(
    "mark",
    "[p. VI]|[Pg 12]|{12}|*95|* 101 *|*130-131|(page 12)|-- 12 --|[Page: 12]|[fol. 12 v.]|<12>|p. 12|[12/13]|// 12 //".split(
        "|"
    ),
)
def test_a_page_mark_between_two_lines_does_not_cut_the_paragraph(mark):
    lines = textwrap.wrap(NOVEL[HALF], 72, break_on_hyphens=False)
    assert len(lines) > 2
    text = "\n".join([*lines[:2], mark, *lines[2:]])
    found = cleaned(f"{wrapped(NOVEL[:HALF])}\n\n{text}\n\n{wrapped(NOVEL[HALF + 1 :])}")
    assert found == NOVEL


@pytest.mark.parametrize("step", [5, 10])
def test_line_numbers_in_the_margin_are_removed(step):
    lines = [line for paragraph in NOVEL for line in (*textwrap.wrap(paragraph, 60, break_on_hyphens=False), "")]
    count, numbered = 0, []
    for line in lines:
        count += bool(line)
        numbered.append(f"{line:<66}{count}" if line and count % step == 0 else line)
    assert cleaned("\n".join(numbered)) == NOVEL


@pytest.mark.parametrize("mark", "(12)|~12~|[[12]]|Page 12.|=12=|[#12]|[XII]|12|[P. 12.]".split("|"))
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["in the paragraph", "between blank lines"])
def test_a_number_that_a_sentence_steps_over_is_a_page_number(mark, gap):
    lines = textwrap.wrap(NOVEL[HALF], 72, break_on_hyphens=False)
    text = gap.join(["\n".join(lines[:2]), mark, "\n".join(lines[2:])])
    assert cleaned(f"{wrapped(NOVEL[:HALF])}\n\n{text}\n\n{wrapped(NOVEL[HALF + 1 :])}") == NOVEL


@pytest.mark.parametrize("number", ["12", "(12)", "XII"])
def test_a_number_between_two_sentences_is_the_author_s(number):
    assert number in with_middle(
        f"Il s'arrêta là, et ne dit plus rien de toute la soirée.\n\n{number}\n\nLe lendemain, il parla."
    )


def test_running_heads_leave_with_their_page_numbers():
    lines, pages = wrapped(NOVEL).split("\n"), []
    for n in range(0, len(lines), 40):
        pages += [*lines[n : n + 40], "", f"{n // 40 + 10}", "", "LE MOULIN DE LA VAUVRE", ""]
    assert len(pages) > len(lines) + 8 * 5
    assert cleaned("\n".join(pages)) == NOVEL


@pytest.mark.parametrize("emphasised", ["*Le cousin de Paris* s'assit.", "Il lut *Le Moulin* et *La Veillée*."])
def test_stars_around_words_are_no_notes(emphasised):
    lines = ["Le meunier vit le garde*.", emphasised]
    assert with_middle("\n\n".join(lines)) == [*NOVEL[:HALF], lines[0], emphasised.replace("*", ""), *NOVEL[HALF:]]


def test_verse_numbers_in_the_margin_are_removed():
    verses = [
        f"La roue a tourné {word} au fond de la vallée," for word in "seule tôt tard peu bien mal vite".split()
    ] * 6
    text = "\n".join(f"{verse:<55}{n}" if n % 5 == 0 else verse for n, verse in enumerate(verses, 1))
    assert cleaned(text) == verses


def test_english_quoted_by_the_author_is_kept():
    quoted = [
        "They also serve who only stand and wait,",
        "TO THE HAPPY FEW",
        "— No, sir, it is quite impossible, and you know that.",
    ]
    assert with_middle(wrapped(quoted)) == [*NOVEL[:HALF], *quoted, *NOVEL[HALF:]]


@pytest.mark.parametrize(
    ("language", "prose"),
    [
        ("anglais", "The student should read the text with care, and he will find in the notes all that he may need to know."),
        ("allemand", "Der Verfasser dieser Erzählung wurde in dem kleinen Städtchen geboren, und er hat die Geschichte für die Schulen geschrieben, die man hier lesen kann."),
        ("néerlandais", "Het verhaal van de molenaar is een van de mooiste die hij voor de scholen geschreven heeft, en het wordt nog altijd met plezier gelezen in het hele land."),
    ],
)  # fmt: skip
def test_a_school_edition_is_refused_in_its_language(language, prose):
    found = edition.foreign_share(f"{wrapped([prose] * 30)}\n\n{wrapped(NOVEL)}")
    assert found[1] == language and found[0] > 0.04
    assert edition.foreign_share(wrapped([*NOVEL, prose]))[0] == 0.0


def test_formulas_of_tex_are_removed():
    text = "Il écrivit \\(\\pi\\) sur le mur.\n\n%   1   2\n%  - (v - v )\n\n    \\( v_0^2=2gr\\left\\{1-\\frac{10r}{9d}\\right\\} \\)\n\nNul ne le lut."
    assert with_middle(text) == [*NOVEL[:HALF], "Il écrivit pi sur le mur.", "Nul ne le lut.", *NOVEL[HALF:]]


def test_greek_letters_written_in_angle_brackets_are_no_tags():
    assert "<a>lpha" in edition.remove_html("Il lut <a>lpha et <b>eta.")
    assert edition.remove_html("Il lut <i>alpha</i>.") == "Il lut alpha."


# --- Rien ne part sans être compté


@pytest.mark.parametrize("part", [*FRONT, *BACK, *MIDDLE])
def test_every_word_is_kept_or_accounted_for(part):
    piece = {**FRONT, **BACK, **MIDDLE}[part]
    text = f"{piece if part in FRONT else ''}\n\n\n\n{wrapped(NOVEL[:HALF])}\n\n{piece if part in MIDDLE else ''}\n\n{wrapped(NOVEL[HALF:])}\n\n\n{piece if part in BACK else ''}\n"
    account = Account()
    kept = edition.remove_edition(text, account)
    given = Counter(re.findall(r"[^\W_]+", text))
    found = Counter(re.findall(r"[^\W_]+", kept))
    for pieces in account.removed.values():
        found.update(re.findall(r"[^\W_]+", "\n".join(pieces)))
    assert given - found == Counter()


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
