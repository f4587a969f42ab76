"""Leçon 01, les exercices : trouver un livre, décoder, couper le cadre, joindre les lignes, découper, répartir.

Chaque fiche porte aussi les réponses fausses qu'elle doit refuser, chacune avec la piste prévue pour elle, et
des réponses justes différentes de la référence, qu'elle doit accepter.
"""

from aurore.atelier.cards import Card, Check, Mistake, equals
from aurore.atelier.differences import show
from aurore.atelier.quiz import Option, Quiz
from aurore.corpus import Book, CleanBook, Refused

# --- Essayer les adresses -------------------------------------------------------------------------------

PLACES = ["files/7/7-0.txt", "files/7/7-8.txt", "files/7/7.txt"]
_BOOK = b"Le moulin tournait encore."
_OTHER = b"Le moulin tournait, second exemplaire."
_PAGE = b"<html>Prouvez que vous n'etes pas un robot</html>"
_TORN = b"Le mou"


class _Shelf:
    """Une fausse bibliothèque : des fichiers par chemin, et la liste de ce qu'on y a demandé."""

    def __init__(self, *contents: bytes | None) -> None:
        self.files = dict(zip(PLACES, contents, strict=True))
        self.asked: list[str] = []

    def __str__(self) -> str:
        return " ; ".join(f"{path} : {_described(raw)}" for path, raw in self.files.items())

    def read(self, path):
        self.asked.append(path)
        return self.files[path]

    def check(self, raw):
        if raw is None:
            raise Mistake(
                str(self),
                "check(None)",
                "check appelé sur des octets seulement",
                "read a rendu None : il n'y a rien à cette adresse. Passez à la suivante (continue) avant de vérifier.",
            )
        if raw in (_PAGE, _TORN):
            raise Refused("c'est une page web" if raw == _PAGE else "le fichier est tronqué")
        return raw.decode()


def _described(raw: object) -> str:
    names = {_BOOK: "le livre", _OTHER: "un second exemplaire", _PAGE: "une page web", _TORN: "un fichier tronqué"}
    return "rien" if raw is None else names.get(raw, show(raw)) if isinstance(raw, bytes) else show(raw)


def _finds(name: str, contents: tuple, expected: bytes | None, hint: str, mistakes: tuple = ()) -> Check:
    """La fonction rend `expected` et s'arrête au premier bon fichier. `mistakes` : ce qui est venu → piste."""

    def test(function):
        shelf = _Shelf(*contents)
        try:
            got = function(list(PLACES), shelf.read, shelf.check)
        except (Refused, TypeError) as error:
            advice = next((advice for wrong, advice in mistakes if wrong is type(error)), None)
            if advice is None:
                raise
            raise Mistake(str(shelf), f"{type(error).__name__} : {error}", _described(expected), advice) from None
        if got != expected:
            raise Mistake(str(shelf), _described(got), _described(expected), _advice(got, mistakes) or hint)

    return Check(name, test)


def _advice(got, mistakes) -> str:
    if isinstance(got, str):
        return "Vous rendez le texte que rend check : ce sont les octets (raw) qu'il faut rendre."
    return next((advice for wrong, advice in mistakes if wrong is got or wrong == got), "")


def _asks_no_more(function) -> None:
    """Rien n'est lu après le premier bon fichier."""
    shelf = _Shelf(None, _BOOK, _OTHER)
    got = function(list(PLACES), shelf.read, shelf.check)
    if got == _OTHER:
        hint = "Vous rendez le dernier bon fichier : rendez le premier, dès qu'il est accepté."
        raise Mistake(str(shelf), _described(got), _described(_BOOK), hint)
    if shelf.asked != PLACES[:2]:
        hint = "Le livre était trouvé : rendez-le aussitôt (return, dans la boucle). Chaque requête de trop coûte à un serveur bénévole."
        raise Mistake(str(shelf), f"adresses lues : {shelf.asked}", f"adresses lues : {PLACES[:2]}", hint)


def _says_why(function) -> None:
    """Quand tout est refusé, le premier refus est levé."""
    shelf = _Shelf(None, _PAGE, _TORN)
    expected = "Refused : c'est une page web"
    try:
        got = function(list(PLACES), shelf.read, shelf.check)
    except Refused as error:
        if str(error) != "c'est une page web":
            hint = "Vous levez le dernier refus : gardez le premier, qui parle de l'adresse la plus sûre."
            raise Mistake(str(shelf), f"Refused : {error}", expected, hint) from None
        return
    except UnboundLocalError as error:
        hint = "Python efface la variable d'un « except … as error » à la sortie du bloc : gardez le refus sous un autre nom."
        raise Mistake(str(shelf), f"UnboundLocalError : {error}", expected, hint) from None
    hint = "Des fichiers ont été trouvés, et tous refusés : se taire cacherait la raison. Gardez le premier refus, levez-le après la boucle."
    raise Mistake(str(shelf), _described(got), expected, hint)


_FINDS, _PASSES = "rend le premier fichier trouvé", "passe outre un fichier refusé"
_STOPS, _NOTHING, _WHY = (
    "s'arrête au premier bon fichier",
    "rend None quand il n'y a rien",
    "dit pourquoi tout est refusé",
)

first_accepted = Card(
    id="corpus.first_accepted",
    title="Bonus · Essayer les adresses",
    statement="Un livre peut être rangé à plusieurs adresses. read(path) rend les octets, ou None s'il n'y a rien là ; check(raw) lève corpus.Refused si ce n'est pas le bon fichier. Rendez les octets du premier fichier accepté, sans rien demander de plus. Si rien n'a été trouvé, rendez None ; si tout ce qui a été trouvé est refusé, levez le premier refus.",
    difficulty=3,
    minutes=8,
    hints=(
        "Une boucle sur paths : lire, passer au suivant si c'est None, vérifier, rendre.",
        "« try: check(raw) », puis « except corpus.Refused as error: » pour continuer malgré un refus, et « else: return raw ».",
        "Avant la boucle, refusal = None ; dans le « except », refusal = refusal or error ; après la boucle, « if refusal: raise refusal ».",
    ),
    checks=(
        _finds(
            _FINDS,
            (None, _BOOK, None),
            _BOOK,
            "Parcourez les adresses et rendez les octets dès qu'un fichier est accepté.",
            ((None, "Une adresse vide n'est pas la fin : passez à la suivante (continue) au lieu de rendre None."),),
        ),
        _finds(
            _PASSES,
            (_PAGE, None, _BOOK),
            _BOOK,
            "Le premier fichier est à rejeter : essayez les adresses suivantes.",
            (
                (_PAGE, "Vous avez rendu la page web : le fichier n'est bon que si check n'a rien levé."),
                (Refused, "Le premier refus a tout arrêté : entourez check(raw) de « try … except corpus.Refused »."),
            ),
        ),
        Check(_STOPS, _asks_no_more),
        _finds(
            _NOTHING,
            (None, None, None),
            None,
            "Aucune adresse n'a rien donné : rendez None.",
            (
                (
                    TypeError,
                    "Rien n'a été trouvé, donc rien n'a été refusé : il n'y a pas d'erreur à lever. Rendez None.",
                ),
            ),
        ),
        Check(_WHY, _says_why),
    ),
)

# --- Reconnaître un livre -------------------------------------------------------------------------------

HEADER = (
    "Title: La Mare\n\nRelease Date: November 21, 2007  [eBook #23582]\n[Last updated: 2012]\n\nIl y avait 12 bœufs."
)


header_number = Card(
    id="corpus.header_number",
    title="Bonus · Le numéro du livre",
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
            name="lit le numéro, et pas l'année",
            arguments=[HEADER],
            expected=23582,
            hint="Le numéro est celui qui suit « # » dans « [eBook #…] ».",
            mistakes=(
                (
                    lambda got: got in (21, "21"),
                    "Vous avez pris le premier nombre venu : c'est le jour de la date. Cherchez ce qui suit « # ».",
                ),
                ("23582", "Le résultat est une chaîne : convertissez-le avec int(…)."),
            ),
        ),
        equals(
            name="rend None quand il n'y a pas de numéro",
            arguments=["Il était une fois."],
            expected=None,
            hint="Sans numéro, rendez None plutôt que d'échouer.",
        ),
        equals(
            name="reconnaît l'ancien mot « Etext » et toute casse",
            arguments=["Release Date: 1997  [Etext #820]"],
            expected=820,
            hint="Les vieux fichiers disent « Etext » : acceptez les deux mots.",
            mistakes=(
                (
                    None,
                    "Les vieux fichiers disent « Etext » : acceptez les deux mots, et toute casse.",
                ),
            ),
        ),
    ),
)

# --- Décoder --------------------------------------------------------------------------------------------


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
            name="lit l'UTF-8",
            arguments=["Étienne, bœuf et « cœur »".encode()],
            expected="Étienne, bœuf et « cœur »",
            hint="Essayez d'abord l'UTF-8.",
            mistakes=(
                (
                    lambda got: "Ã" in got,
                    "« Ã© » à la place de « é » : de l'UTF-8 lu comme du latin-1. Essayez d'abord l'UTF-8.",
                ),
            ),
        ),
        equals(
            name="ôte la marque d'ordre",
            arguments=["﻿Le moulin".encode()],
            expected="Le moulin",
            hint="Le premier caractère est une marque d'ordre invisible (\\ufeff) : « utf-8-sig » l'ôte.",
        ),
        equals(
            name="lit l'ISO-8859-1",
            arguments=["Où était l'été ?".encode("latin-1")],
            expected="Où était l'été ?",
            hint="Quand l'UTF-8 échoue, décodez en Windows-1252.",
            mistakes=(
                (
                    lambda got: "é" not in got,
                    "Les accents ont disparu : ignorer les erreurs, c'est perdre des lettres. Changez d'encodage.",
                ),
            ),
        ),
        equals(
            name="rend « œ » et « ’ » aux fichiers qui se disent ISO-8859-1",
            arguments=["L’œil et le cœur, l'été".encode("cp1252")],
            expected="L’œil et le cœur, l'été",
            hint="Les octets 0x9C et 0x92 sont « œ » et « ’ » en Windows-1252, et des caractères de contrôle en latin-1.",
        ),
        equals(
            name="unifie les fins de ligne",
            arguments=[b"un\r\ndeux\r\n"],
            expected="un\ndeux\n",
            hint="Les fins de ligne « \\r\\n » doivent devenir « \\n ».",
            mistakes=(
                (
                    "un\ndeux",
                    "La dernière fin de ligne a disparu : splitlines() et strip() l'ôtent. Remplacez « \\r\\n » par « \\n » (replace).",
                ),
            ),
        ),
    ),
)

# --- Chasse au bug : où finit le livre ------------------------------------------------------------------

_TALE = "La meule s'était fendue.\n\nCe n'est pas la FIN, dit le meunier.\n\nENDYMION lui-même n'en sut rien."
_MARKER = "*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***"
_TERMS = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 6))


def _ends(name: str, text: str, hint: str, mistakes: tuple = (), too_far: str = "") -> Check:
    """Ce qui précède la position rendue est le conte, aux blancs près.

    `mistakes` : début de la ligne → piste. `too_far` : la piste de qui remonte plus haut que la première ligne.
    """
    expected = "la position où le conte finit"

    def test(function):
        try:
            got = function(text)
        except IndexError as error:
            if not too_far:
                raise
            raise Mistake(show(text), f"IndexError : {error}", expected, too_far) from None
        if type(got) is not int:
            raise Mistake(
                show(text), show(got), "une position, un entier", "Rendez une position dans le texte : un entier."
            )
        if text[:got].strip() == _TALE:
            return
        line = text[got:].strip().split("\n")[0]
        place = f"juste avant « {line} »" if line else "tout au bout du texte"
        if got < 0:
            place = "que Python compte depuis la fin"
        advice = next((advice for start, advice in mistakes if line.startswith(start)), hint)
        raise Mistake(show(text), f"position {got}, {place}", expected, advice)

    return Check(name, test)


_SEND, _OTHER_END, _AUTHOR = (
    "ne se prend pas à « SEND »",
    "ne se prend pas aux lignes de la licence",
    "laisse à l'auteur ses mots",
)
_FORMS, _NO_MARKER = "reconnaît l'autre écriture du marqueur", "garde tout quand il n'y a pas de marqueur"

end_of_book = Card(
    id="corpus.end_of_book",
    title="Chasse au bug : où finit le livre",
    statement="La cellule contient la règle du premier atelier : remonter jusqu'à une ligne qui contient « END » ou « FIN ». Elle garde presque toute la licence. Réparez-la : rendez la position où commence la ligne « *** END OF … » (avec ou sans espace après les étoiles), ou len(text) s'il n'y en a pas.",
    difficulty=2,
    minutes=5,
    hints=(
        "« SEND » contient « END » : c'est le marqueur entier, étoiles comprises, qu'il faut chercher.",
        're.search(r"^\\*\\*\\* ?END OF", text, re.MULTILINE) le trouve en début de ligne, dans ses deux écritures.',
        "re.search rend None si rien ne convient, et .start() dit où commence ce qu'il a trouvé.",
    ),
    checks=(
        _ends(
            _SEND,
            f"{_TALE}\n\n{_MARKER}\n\n{_TERMS}\n\nTo SEND DONATIONS, see the page.\n\n{_TERMS}\n",
            "Rendez la position où commence la ligne « *** END OF … ».",
            (
                (
                    "To SEND",
                    "« SEND » contient « END » : toute la licence qui précède cette ligne est restée. Cherchez le marqueur entier.",
                ),
                ("Section", "Vous coupez après le marqueur : la position attendue est celle où il commence."),
                (
                    "END DONATIONS",
                    "« SEND » contient « END » : toute la licence qui précède est restée. Cherchez le marqueur entier.",
                ),
                ("Ce n'est", "« FIN » est aussi un mot de l'auteur : cherchez le marqueur entier, et non un mot."),
                (
                    "le s'était",
                    "Le résultat est un numéro de ligne : rendez une position dans le texte, en caractères.",
                ),
            ),
        ),
        _ends(
            _OTHER_END,
            f"{_TALE}\n\n{_MARKER}\n\n{_TERMS}\n\n*** END: FULL LICENSE ***\n\n{_TERMS}\n\nTHE END OF THE LICENSE\n",
            "La licence a aussi ses lignes où « END » est un mot entier : cherchez le marqueur, étoiles comprises.",
            (
                (
                    "*** END:",
                    "« *** END: FULL LICENSE *** » finit la licence, pas le livre : cherchez « END OF » après les étoiles.",
                ),
            ),
        ),
        _ends(
            _AUTHOR,
            f"{_TALE}\n\n{_MARKER}\n",
            "« FIN » et « END » se trouvent aussi dans le livre : cherchez le marqueur entier, en début de ligne.",
        ),
        _ends(
            _FORMS,
            f"{_TALE}\n\n***END OF THE PROJECT GUTENBERG EBOOK LE MOULIN***\n\n{_TERMS}\n",
            "Certains fichiers écrivent « ***END OF THE » sans espace : acceptez les deux écritures.",
            too_far="La boucle est remontée plus haut que la première ligne sans rien trouver : ce fichier-ci écrit « ***END OF THE », sans espace. Acceptez les deux écritures.",
        ),
        _ends(
            _NO_MARKER,
            _TALE,
            "Sans marqueur, rien n'est à couper : rendez len(text). Méfiez-vous de -1, qui ôte la dernière lettre.",
            too_far="Sans marqueur, la boucle remonte plus haut que la première ligne : arrêtez-la (last >= 0), puis rendez len(text).",
        ),
    ),
)

# --- Couper le cadre ------------------------------------------------------------------------------------

_BODY = "La meule s'était fendue.\n\nLe meunier n'en dit rien : « Nous verrons la FIN. »\n\nIl attendit l'automne."
_LICENCE = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 9))
FRAMED = (
    "The eBook of Le Moulin\n\nTitle: Le Moulin\n\n*** START OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n"
    f"{_BODY}\n\n*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n*** START: FULL LICENSE ***\n\n{_LICENCE}\n\n"
    f"To SEND DONATIONS, see the page.\n{_LICENCE}\n"
)
FRAMED_TIGHT = FRAMED.replace("*** START OF THIS", "***START OF THE").replace("*** END OF THIS", "***END OF THE")
ONLY_START, ONLY_END = FRAMED.split("\n\n*** END OF")[0], FRAMED[FRAMED.index(_BODY) :]


_ONE_START, _ONE_END = "coupe au seul marqueur de début", "coupe au seul marqueur de fin"

cut_frame = Card(
    id="corpus.cut_frame",
    title="Couper le cadre",
    statement="Rendez ce qui se trouve entre la ligne « *** START OF … *** » et la ligne « *** END OF … *** », sans lignes vides au bout. Les marqueurs s'écrivent avec ou sans espace après les étoiles, avec THIS ou THE. Si l'un d'eux manque, ne coupez pas de son côté.",
    difficulty=3,
    minutes=8,
    hints=(
        "Ne comptez pas les lignes : l'en-tête et la licence n'ont pas la même longueur d'un livre à l'autre.",
        're.search(r"\\*\\*\\* ?START OF.*", text) trouve le marqueur dans ses deux formes ; .end() dit où il finit.',
        "Quand re.search ne trouve rien, il rend None : partez alors de 0, ou allez jusqu'à len(text).",
    ),
    checks=(
        equals(
            name="rend le texte entre les marqueurs",
            arguments=[FRAMED],
            expected=_BODY,
            hint="Tout ce qui est entre les deux marqueurs, et rien d'autre.",
            mistakes=(
                (
                    "",
                    "Il ne reste rien. Si votre règle compte les lignes, ce livre en a moins ; si elle cherche « *** START », elle prend aussi « *** START: FULL LICENSE *** », dans la licence. Cherchez « START OF ».",
                ),
                (
                    lambda got: "SEND" in got or ("Section" in got and "DONATIONS" not in got),
                    "Il reste de la licence : « SEND » contient « END ». Cherchez le marqueur de fin entier.",
                ),
                (lambda got: "DONATIONS" in got, "La licence est restée : coupez aussi au marqueur de fin."),
                (
                    lambda got: got.lstrip().startswith(("THIS", "THE", "PROJECT")),
                    "Le bout de la ligne du marqueur est resté : coupez à la fin de cette ligne (« .* » va jusque-là).",
                ),
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
            name="reconnaît l'autre forme des marqueurs",
            arguments=[FRAMED_TIGHT],
            expected=_BODY,
            hint="Certains fichiers écrivent « ***START OF THE » sans espace : acceptez les deux formes.",
        ),
        equals(
            name="ne coupe rien quand les marqueurs manquent",
            arguments=[_BODY],
            expected=_BODY,
            hint="Sans marqueurs, tout le texte est le livre : rendez-le entier.",
            mistakes=(
                (
                    "",
                    "Il ne reste rien : sans marqueur de début, le livre commence avec le fichier.",
                ),
            ),
        ),
        equals(
            name=_ONE_START,
            arguments=[ONLY_START],
            expected=_BODY,
            hint="Ce fichier n'a pas de marqueur de fin : coupez tout de même au marqueur de début, puis allez jusqu'au bout.",
        ),
        equals(
            name=_ONE_END,
            arguments=[ONLY_END],
            expected=_BODY,
            hint="Ce fichier n'a pas de marqueur de début : partez de son commencement, et coupez tout de même au marqueur de fin.",
        ),
    ),
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


paragraphs = Card(
    id="corpus.paragraphs",
    title="Joindre les lignes",
    statement="Gutenberg coupe les lignes vers 72 caractères et sépare les paragraphes par des lignes vides. Rendez la liste des paragraphes, chacun sur une seule ligne.",
    difficulty=2,
    minutes=8,
    hints=(
        're.split(r"\\n\\s*\\n", text) coupe aux lignes vides, quel qu\'en soit le nombre.',
        '" ".join(morceau.split()) met un morceau sur une ligne, sans blancs en trop.',
        "Écartez les morceaux vides.",
    ),
    checks=(
        equals(
            name="un paragraphe par élément, une ligne par paragraphe",
            arguments=[WRAPPED],
            expected=_JOINED,
            hint="Coupez aux lignes vides, puis joignez les lignes de chaque morceau par une espace.",
            mistakes=(
                (
                    lambda got: any("motdire" in piece for piece in got),
                    "Deux mots se sont collés : joignez les lignes avec une espace, pas avec rien.",
                ),
                (
                    lambda got: any("\n" in piece for piece in got),
                    "Il reste des fins de ligne à l'intérieur des paragraphes : joignez-les par une espace.",
                ),
                (lambda got: "" in got, "La liste contient des paragraphes vides : écartez-les."),
                (
                    lambda got: any(piece != piece.strip() for piece in got),
                    "Un paragraphe commence ou finit par un blanc : il arrive que deux lignes vides se suivent. split(), sans argument, ôte les blancs en trop.",
                ),
                (
                    _JOINED[:-1],
                    "Le dernier paragraphe manque : aucune ligne vide ne le suit. Après la boucle, ajoutez ce qui reste.",
                ),
                (lambda got: len(got) == 1, "Tout est dans un seul paragraphe : coupez d'abord aux lignes vides."),
                (
                    lambda got: len(got) > 3,
                    "Chaque ligne est devenue un paragraphe : ce sont les lignes vides qui séparent.",
                ),
            ),
        ),
        equals(
            name="un texte vide n'a pas de paragraphe",
            arguments=[""],
            expected=[],
            hint="Pour un texte vide, rendez une liste vide.",
        ),
    ),
)

# --- Chasse au bug : l'anglais ---------------------------------------------------------------------------

# Les petits mots y tiennent la même part que dans un vrai roman : un seuil trop haut se verrait.
_FRENCH = (
    "Au bord de la Vauvre, une vieille maison penchait son toit de chaume sur des eaux vertes. Étienne, assis près du seuil,"
    " taillait des sabots pour le petit frère que sa mère berçait. Nul voyageur ne passait plus par ce chemin depuis la mort"
    " du meunier. Deux chiens maigres dormaient à l'ombre d'un noyer, et une charrette vide attendait les gerbes de la veille"
    " sous un ciel d'orage. Là-bas, du côté des nielles, quelqu'un chantait à mi-voix une ronde du pays."
)
_SEVEN_BITS = _FRENCH.translate(str.maketrans("éèêàâîùÉ", "eeeaaiuE"))
_ENGLISH = (
    "Étienne settled himself at a little table while his uncle Hélie, the miller, told people a simple tale. All the"
    " whole village had assembled, people left their dogs asleep, and Mademoiselle Aglaé smiled at her fiancé. He pulled"
    " a single candle closer, and was unable to settle his troubled soul. It was late, and nobody left that hall until"
    " its last candle was pale and the river had risen over the old bridge."
)
_ITALIAN = (
    "Il mugnaio aveva chiuso la chiusa prima della notte, e l'acqua saliva piano dietro la ruota. Pietro guardava il prato"
    " senza parlare. Sapeva che suo padre non sarebbe tornato dalla fiera prima di domenica, e che la ruota non avrebbe"
    " girato senza di lui. Si sentivano lontano i cani della fattoria, poi niente, soltanto la pioggia sul tetto della casa."
)
_QUOTED = f"{_ENGLISH} « Ah ! que le monde et les gens sont bons », sang the miller. Nobody understood. {_ENGLISH}"
_QUOTING = f"{_FRENCH} L'Anglais chantait : « The mill and the river, the river and the sea. » Nul ne le comprit."


_TRANSLATION, _REAL, _PLAIN = (
    "refuse la traduction anglaise",
    "accepte un texte français",
    "accepte un français sans accents",
)
_QUOTE, _NEIGHBOUR, _CITED, _EMPTY = (
    "accepte un roman qui cite de l'anglais",
    "refuse une langue voisine",
    "refuse un livre anglais qui cite du français",
    "ne dit pas oui à un texte vide",
)

is_french = Card(
    id="corpus.is_french",
    title="Bonus · Chasse au bug : l'« Indiana » anglais",
    statement="La cellule contient une règle qui semble bonne : un texte qui a des accents est français. Elle accepte une traduction anglaise. Réparez-la : dites, par un booléen, si le texte est en français, d'après la part que tiennent ses petits mots (« le », « les », « que », « et »…).",
    difficulty=3,
    minutes=8,
    hints=(
        "Les accents d'une traduction viennent des noms propres. Les petits mots, eux, ne se traduisent pas à moitié.",
        'text.lower().split() donne les mots ; comptez ceux qui sont dans un ensemble comme {"le", "les", "que", "et", "ne", "pas"}.',
        "Une part, et non un nombre : comparez le compte à 0.05 * len(words). Un texte sans mots n'est pas du français.",
    ),
    checks=(
        equals(
            name=_TRANSLATION,
            arguments=[_ENGLISH],
            expected=False,
            hint="Ce texte est en anglais : « Étienne » et « fiancé » y sont, mais ni « les » ni « que ». Comptez des mots entiers, et non des lettres ni des accents.",
        ),
        equals(
            name=_REAL,
            arguments=[_FRENCH],
            expected=True,
            hint="Ce texte est français : rendez True.",
            mistakes=(
                (
                    False,
                    "Ce texte est français, et n'a pas d'en-tête pour le dire : jugez-le à ses mots. Si vous les comptez déjà, votre seuil est trop haut : dans un roman, ces six-là ne font qu'un mot sur quinze.",
                ),
                (
                    lambda got: got and not isinstance(got, bool),
                    "Le résultat est un nombre : comparez-le à une part de len(words), pour rendre True ou False.",
                ),
            ),
        ),
        equals(
            name=_PLAIN,
            arguments=[_SEVEN_BITS],
            expected=True,
            hint="Une vieille édition sans accents reste du français : une autre vérification s'occupera des accents. Comptez les petits mots.",
        ),
        equals(
            name=_QUOTE,
            arguments=[_QUOTING],
            expected=True,
            hint="Un seul vers anglais ne fait pas un livre anglais : c'est la part des petits mots français qui compte.",
        ),
        equals(
            name=_NEIGHBOUR,
            arguments=[_ITALIAN],
            expected=False,
            hint="C'est de l'italien, qui a aussi « la », « il » et « le » : battre l'anglais ne suffit pas. Demandez que des mots bien français (« les », « que », « et », « pas ») fassent plus du vingtième des mots.",
        ),
        equals(
            name=_CITED,
            arguments=[_QUOTED],
            expected=False,
            hint="Ce livre est anglais, et cite une phrase en français : « le », « les » et « que » y sont, mais rares. Les trouver ne suffit pas : comptez leur part.",
        ),
        equals(name=_EMPTY, arguments=[""], expected=False, hint="Un texte vide n'est pas du français : rendez False."),
    ),
)

# --- Recoller les phrases -------------------------------------------------------------------------------


_AFTER, _SIGN, _CAPITAL = (
    "recolle après « ! »",
    "regarde la première lettre, pas le premier signe",
    "laisse commencer une phrase",
)
_CHAIN, _ACCENT, _BARE = (
    "recolle plusieurs morceaux de suite",
    "reconnaît les minuscules accentuées",
    "recolle un morceau sans lettre",
)
_FIRST = "laisse le premier morceau où il est"

rejoin = Card(
    id="corpus.rejoin",
    title="Bonus · Recoller les phrases",
    statement="Punkt coupe après chaque « ! », « ? » ou « … ». Rendez la liste des phrases : tout morceau dont la première lettre est une minuscule, ou qui n'a ni lettre ni chiffre, se recolle au précédent par une espace. Un chiffre commence une phrase, comme une capitale.",
    difficulty=3,
    minutes=8,
    hints=(
        "Partez d'une liste vide, avant la boucle. Pour chaque morceau : soit l'ajouter à la liste, soit le recoller à la dernière phrase.",
        "re.search(r\"\\w\", piece) trouve la première lettre ou le premier chiffre, et rend None s'il n'y en a pas ; .islower() dit si c'est une minuscule, accents compris.",
        'sentences[-1] += " " + piece recolle à la dernière phrase ; assurez-vous avant qu\'il y en a une (if sentences and …).',
    ),
    checks=(
        equals(
            name=_AFTER,
            arguments=[["Ah !", "fit-il, c'est mon eau.", "Elle se tut."]],
            expected=["Ah ! fit-il, c'est mon eau.", "Elle se tut."],
            hint="« fit-il » commence par une minuscule : c'est la suite de « Ah ! ».",
            mistakes=(
                (lambda got: isinstance(got, str), "Vous rendez une chaîne : rendez la liste des phrases."),
                (
                    ["Elle se tut."],
                    "Il ne reste que le dernier morceau : la liste est recréée à chaque tour. Créez-la avant la boucle.",
                ),
                (
                    lambda got: "!fit" in got[0],
                    "Deux mots se sont collés : recollez avec une espace, et non avec rien.",
                ),
                (
                    lambda got: len(got) == 3,
                    "Rien n'a été recollé : « fit-il » commence par une minuscule, c'est la suite de « Ah ! ».",
                ),
            ),
        ),
        equals(
            name=_SIGN,
            arguments=[["— Viens !", "— dit-elle, partons."]],
            expected=["— Viens ! — dit-elle, partons."],
            hint="Le premier signe de « — dit-elle » est un tiret : c'est la première lettre qui compte, le « d ».",
        ),
        equals(
            name=_CAPITAL,
            arguments=[["Il rentra.", "— Qui va là ?", "« Personne. »", "12 loups passèrent."]],
            expected=["Il rentra.", "— Qui va là ?", "« Personne. »", "12 loups passèrent."],
            hint="Ces quatre morceaux sont des phrases : rien n'est à recoller.",
            mistakes=(
                (
                    lambda got: "— Qui va là ?" not in got,
                    "« — Qui va là ? » est une phrase : derrière le tiret, la première lettre est une capitale.",
                ),
                (
                    lambda got: "12 loups passèrent." not in got,
                    "« 12 loups » commence par un chiffre : c'est une phrase. Cherchez la première lettre ou le premier chiffre.",
                ),
            ),
        ),
        equals(
            name=_CHAIN,
            arguments=[["Hélas !", "oh !", "hélas !", "gémit-il.", "Puis il partit."]],
            expected=["Hélas ! oh ! hélas ! gémit-il.", "Puis il partit."],
            hint="Trois morceaux de suite continuent la même phrase : recollez à la dernière phrase (sentences[-1]), et non au morceau d'avant.",
        ),
        equals(
            name=_ACCENT,
            arguments=[["Quoi !", "être seul ?", "à jamais ?", "Écoute !"]],
            expected=["Quoi ! être seul ? à jamais ?", "Écoute !"],
            hint="« ê » et « à » sont des minuscules, mais ne sont pas entre « a » et « z » : .islower() les connaît.",
        ),
        equals(
            name=_BARE,
            arguments=[["Il se tut.", "— …", "Puis il rit."]],
            expected=["Il se tut. — …", "Puis il rit."],
            hint="« — … » n'a pas de lettre : ce n'est pas une phrase. Recollez-le, sans échouer.",
        ),
        equals(
            name=_FIRST,
            arguments=[["fit-il.", "Oui."]],
            expected=["fit-il.", "Oui."],
            hint="Le premier morceau n'a pas de précédent : gardez-le tel quel, même s'il commence par une minuscule.",
        ),
    ),
)

# --- Chasse au bug : mettre bout à bout -----------------------------------------------------------------


def _book(title: str, role: str = "train", *content: str) -> CleanBook:
    """Un livre d'essai, sans numéro ; tous ses paragraphes sont du chapitre « I »."""
    return CleanBook(Book(None, title=title, role=role), list(content), ["I"] * len(content))


_MILL = _book("Le Moulin", "train", "La roue tourne.", "L'eau monte.")
_MEADOW = _book("Le Pré", "train", "L'herbe est haute.")
_POND = _book("L'Étang", "test", "Rien ne bouge.")
_FOLD = _book("La Bergerie", "validation", "Les brebis dorment.")


def _plain(got):
    """Un dictionnaire d'une autre sorte (`defaultdict`, `Counter`…) en est un aussi."""
    return dict(got) if isinstance(got, dict) else got


def _on_books(check: Check, given: str, shown=_plain) -> Check:
    """La même vérification, où l'entrée est dite en une phrase et le résultat abrégé par `shown`."""

    def test(function):
        try:
            check.test(lambda books: shown(function(books)))
        except Mistake as mistake:
            raise Mistake(given, mistake.got, mistake.expected, mistake.hint) from None

    return Check(check.name, test)


_ALL_BOOKS, _NO_BOOK = "garde tous les livres", "rend des colonnes vides sans livre"
_THREE = "trois livres : « Le Moulin » (2 paragraphes), « Le Pré » (1), « L'Étang » (1)"

gather = Card(
    id="corpus.gather",
    title="Chasse au bug : la liste recréée",
    statement="La cellule met bout à bout les paragraphes de plusieurs livres, en trois colonnes de même longueur : titre du livre, chapitre, paragraphe. Elle ne fait aucune erreur, et perd presque tout. Réparez-la.",
    difficulty=1,
    minutes=3,
    hints=(
        "Combien de fois la ligne « rows = … » est-elle exécutée ?",
        "Ce qui doit survivre à la boucle se crée avant la boucle.",
    ),
    checks=(
        _on_books(
            equals(
                name=_ALL_BOOKS,
                arguments=[[_MILL, _MEADOW, _POND]],
                expected={
                    "book": ["Le Moulin", "Le Moulin", "Le Pré", "L'Étang"],
                    "chapter": ["I", "I", "I", "I"],
                    "paragraph": ["La roue tourne.", "L'eau monte.", "L'herbe est haute.", "Rien ne bouge."],
                },
                hint="Chaque paragraphe fait une ligne : son livre, son chapitre, son texte.",
                mistakes=(
                    (
                        lambda got: got["paragraph"] == ["Rien ne bouge."],
                        "Il ne reste que le dernier livre : les listes repartent de rien à chaque tour. Créez-les avant la boucle, puis ajoutez (+=).",
                    ),
                    (
                        lambda got: got["paragraph"] == ["La roue tourne.", "L'eau monte."],
                        "Il ne reste que le premier livre : « return » est dans la boucle. Ôtez-lui une indentation.",
                    ),
                    (
                        lambda got: isinstance(got["paragraph"][0], list),
                        "La colonne contient des listes : append ajoute la liste entière, += ajoute ses éléments.",
                    ),
                    (
                        lambda got: got["book"] is got["paragraph"],
                        "Les trois colonnes sont une seule et même liste : donnez à chacune la sienne, [].",
                    ),
                    (
                        lambda got: len(got["book"]) < len(got["paragraph"]),
                        "Le titre doit se répéter à chaque paragraphe : [titre] * len(book.paragraphs).",
                    ),
                ),
            ),
            _THREE,
        ),
        _on_books(
            equals(
                name=_NO_BOOK,
                arguments=[[]],
                expected={"book": [], "chapter": [], "paragraph": []},
                hint="Sans livre, rendez trois colonnes vides.",
            ),
            "aucun livre",
        ),
    ),
)

# --- Répartir par livre ---------------------------------------------------------------------------------


def _titles(parts):
    """Les livres d'un résultat, remplacés par leurs titres ; ce qui n'en est pas reste tel quel."""
    if not isinstance(parts, dict):
        return parts
    return {
        part: [book.title if isinstance(book, CleanBook) else book for book in found] for part, found in parts.items()
    }


def _named(parts):
    """Le livre d'essai, nommé en clair ; tout ce qui n'est pas lui, et jusqu'à son titre, reste tel quel."""
    if not isinstance(parts, dict):
        return parts
    return {
        part: ["le livre « Le Moulin »" if book == _MILL else book for book in found] for part, found in parts.items()
    }


def _trap_is_no_key(check: Check) -> Check:
    """La même vérification, qui sait d'où vient l'erreur de clé la plus courante."""

    def test(function):
        try:
            check.test(function)
        except KeyError as error:
            hint = "Un piège n'est d'aucune part, et son rôle n'est pas une clé : ne rangez que les livres dont le rôle est dans corpus.SPLITS."
            raise Mistake(_TRAPPED, f"KeyError : {error}", "un dictionnaire sans le piège", hint) from None

    return Check(check.name, test)


_WHOLE, _THEMSELVES = "range chaque livre, entier, là où dit son rôle", "rend les livres eux-mêmes"
_EVERY_PART, _TRAP = "garde les parts vides", "écarte un piège"
_FOUR = "quatre livres : « Le Moulin » (train), « L'Étang » (test), « Le Pré » (train), « La Bergerie » (validation)"

_TRAPPED = "deux livres : « Page de captcha » (piege), « Le Moulin » (train)"

split_by_book = Card(
    id="corpus.split_by_book",
    title="Répartir par livre",
    statement="Chaque livre a un rôle, book.role, que donne le catalogue. Rendez un dictionnaire {part: liste de livres} pour les quatre parts de corpus.SPLITS (train, validation, test, base), même vides. Un livre va tout entier dans sa part ; un piège, dans aucune.",
    difficulty=2,
    minutes=5,
    hints=(
        "Commencez par une liste vide pour chaque part : {part: [] for part in corpus.SPLITS}.",
        "Pour chaque livre, parts[book.role].append(book), si book.role est bien une des parts.",
        "Ou d'un trait : {part: [book for book in books if book.role == part] for part in corpus.SPLITS}.",
    ),
    checks=(
        _on_books(
            equals(
                name=_WHOLE,
                arguments=[[_MILL, _POND, _MEADOW, _FOLD]],
                expected={
                    "train": ["Le Moulin", "Le Pré"],
                    "validation": ["La Bergerie"],
                    "test": ["L'Étang"],
                    "base": [],
                },
                hint="Le rôle de chaque livre dit sa part, et rien d'autre : ni le hasard, ni le rang.",
                mistakes=(
                    (
                        lambda got: any(
                            isinstance(item, str) and item.endswith(".") for found in got.values() for item in found
                        ),
                        "Les paragraphes d'un même livre sont dans deux parts : le test n'est plus nouveau. Rangez les livres, sans les ouvrir.",
                    ),
                    (
                        lambda got: all(len(found) == 4 for found in got.values()),
                        "Tous les livres sont dans toutes les parts : dict.fromkeys donne la même liste à chacune. Il en faut une par part.",
                    ),
                    (
                        lambda got: got["train"] == ["Le Pré"] and got["test"] == ["L'Étang"],
                        "« Le Moulin » a disparu : la liste de la part est remplacée à chaque livre. Ajoutez (append) au lieu de remplacer.",
                    ),
                    (
                        lambda got: "base" not in got and got["train"] == ["Le Moulin", "Le Pré"],
                        "La part « base » manque : partez des quatre parts de corpus.SPLITS, même vides.",
                    ),
                ),
            ),
            _FOUR,
            _titles,
        ),
        _on_books(
            equals(
                name=_THEMSELVES,
                arguments=[[_MILL]],
                expected={"train": ["le livre « Le Moulin »"], "validation": [], "test": [], "base": []},
                hint="Mettez dans les listes les livres eux-mêmes, et non leurs titres.",
            ),
            "un livre : « Le Moulin » (train)",
            _named,
        ),
        _on_books(
            equals(
                name=_EVERY_PART,
                arguments=[[]],
                expected={"train": [], "validation": [], "test": [], "base": []},
                hint="Sans livre, les quatre parts sont là, vides.",
            ),
            "aucun livre",
        ),
        _trap_is_no_key(
            _on_books(
                equals(
                    name=_TRAP,
                    arguments=[[_book("Page de captcha", "piege", "Êtes-vous humain ?"), _MILL]],
                    expected={"train": ["Le Moulin"], "validation": [], "test": [], "base": []},
                    hint="Un piège n'est d'aucune part : ne gardez que les rôles de corpus.SPLITS.",
                    mistakes=(
                        (
                            lambda got: "piege" in got,
                            "Une cinquième part, « piege », est apparue : ne gardez que les rôles de corpus.SPLITS.",
                        ),
                        (
                            lambda got: "Page de captcha" in got["test"],
                            "Le piège est dans le test : un « else » y met tout ce qu'il ne connaît pas.",
                        ),
                    ),
                ),
                _TRAPPED,
                _titles,
            ),
        ),
    ),
)

CARDS = (
    first_accepted,
    header_number,
    decode,
    end_of_book,
    cut_frame,
    paragraphs,
    is_french,
    rejoin,
    gather,
    split_by_book,
)


QUIZZES = (
    Quiz(
        "corpus.donnees",
        "Combien de texte GPT-2 avait-il lu, avant que quiconque le spécialise ?",
        (
            Option(
                "Environ huit livres, plus un pour le test.",
                False,
                "C'est ce qu'il faut pour le spécialiser, et la réponse que donnaient les diapositives. Avant cela, il avait appris la langue.",
            ),
            Option(
                "Environ 40 Go, pris dans 8 millions de pages.",
                True,
                "Ce corpus s'appelle WebText. Il est plus de mille fois plus gros que les livres de Sand du catalogue.",
            ),
            Option(
                "Tout Internet.",
                False,
                "Seulement des pages recommandées par des lecteurs du site Reddit. Le choix des textes fait déjà partie du modèle.",
            ),
        ),
    ),
    Quiz(
        "corpus.partage",
        "Pourquoi garder tout un livre pour le test, plutôt qu'une phrase sur dix de chaque livre ?",
        (
            Option(
                "Parce que c'est moins long à relire.",
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
