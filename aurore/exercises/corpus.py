"""Leçon 01, les exercices : couper le cadre, joindre les lignes, répartir ; en bonus, tout ce qui entoure.

Une piste dit ce que la propriété demande ; une phrase sur ce qui est venu n'est dite que si le résultat la prouve.
"""

import ast
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from aurore import settings
from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.differences import show_arguments
from aurore.atelier.quiz import Option, Quiz
from aurore.atelier.source import tree_of
from aurore.corpus import Book, CleanBook, Refused

# --- Chasse au bug : où finit le livre ------------------------------------------------------------------

_TALE = "La meule s'était fendue.\n\n***\n\nCe n'est pas la FIN, dit le meunier.\n\nENDYMION lui-même n'en sut rien."
_MARKER = "*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***"
_TERMS = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 6))


def _ends(name: str, after: str, hint: str, mistakes: tuple = (), before: str = "") -> Check:
    """La position rendue est celle où le conte finit, aux blancs près. `before`, `after` : ce qui entoure le conte.

    `mistakes` : le début de la ligne sur laquelle tombe la position → la phrase qu'il prouve.
    """
    text = before + _TALE + after
    expected = len(text) - len(after.lstrip())

    def test(function):
        try:
            got = function(text)
        except (IndexError, ValueError) as error:
            raise Mistake(show_arguments([text]), f"{type(error).__name__} : {error}", str(expected), hint) from None
        if type(got) is not int:
            compare(got, expected, [text], hint=f"{hint} Une position est un entier.")
        if 0 <= got <= len(text) and text[:got].strip() == before + _TALE:
            return
        line = text[max(0, got) :].strip().split("\n")[0]
        proved = next((sentence for start, sentence in mistakes if line.startswith(start)), _proved(text, got))
        raise Mistake(show_arguments([text]), _place(text, got), _place(text, expected), proved or hint)

    return Check(name, test)


def _place(text: str, position: int) -> str:
    if position < 0:
        return f"{position}, que Python compte depuis la fin"
    if not text[position:].strip():
        return f"{position}, {'au bout' if position <= len(text) else 'au-delà'} du texte (len(text) vaut {len(text)})"
    return f"{position}, juste avant « {text[position:].strip().split(chr(10))[0]} »"


def _proved(text: str, got: int) -> str:
    marker = re.search(r"^\*\*\* ?END OF", text, re.MULTILINE)
    start = marker.start() if marker else -1
    if start >= 0 and got == text[:start].count("\n"):
        return f"{got} est le rang de la ligne, comptée depuis 0 : rendez une position en caractères."
    if 0 <= got < start and text.startswith("***\n", got):
        return "La position tombe sur une ligne « *** » de l'auteur : cherchez le marqueur entier, « *** END OF »."
    if start >= 0 and got + text[:start].count("\n") in (start, start - 1):
        return "À cette position, il manque les fins de ligne : chacune compte pour un caractère."
    if start >= 0 and got == start - len(text):
        return "C'est la bonne place, mais comptée depuis la fin du texte : comptez-la depuis le début."
    if got == len(text) and "*** END OF" in text:
        return "C'est le bout du texte, et la ligne « *** END OF … » y est : elle n'a pas été trouvée. Elle s'écrit ici avec une espace, et sa suite change d'un livre à l'autre ; re.match ne cherche qu'au début, comme « ^ » sans re.MULTILINE."
    if 0 <= start < got <= len(text[:start]) + len(text[start:].split("\n")[0]) + 1:
        return "La position tombe après le début de la ligne du marqueur : rendez celle où cette ligne commence."
    return ""


_SEND, _OTHER_END = "ne se prend pas à « SEND »", "ne se prend pas aux lignes de la licence"
_FORMS, _NO_MARKER = "reconnaît l'autre écriture du marqueur", "garde tout quand il n'y a pas de marqueur"
_TITLE, _NO_STARS = "reconnaît le marqueur d'un autre titre", "ne prend pas « END OF » sans étoiles pour un marqueur"
_OPENING = "ne se prend pas au marqueur de début"
_OTHER_TITLE = "Le titre change d'un livre à l'autre : cherchez « *** END OF », qui ne change pas."
_UNMARKED = f"{_TALE}\n\n*** END: FULL LICENSE ***\n\nTHE END OF THE LICENSE\n\nEND OF PART ONE\n"
_CLOSELY = "ne perd rien quand le texte touche le marqueur"

end_of_book = Card(
    id="corpus.end_of_book",
    title="Chasse au bug : où finit le livre",
    statement="La cellule contient la règle du premier atelier : remonter jusqu'à une ligne qui contient « END » ou « FIN ». Elle garde presque toute la licence. Réparez-la : rendez la position où commence la ligne « *** END OF … » (avec ou sans espace après les étoiles), à un saut de ligne près, ou len(text) s'il n'y en a pas.",
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
            f"\n\n{_MARKER}\n\n{_TERMS}\n\nTo SEND DONATIONS, see the page.\n\n{_TERMS}\n",
            "Rendez la position où commence la ligne « *** END OF … ».",
            (
                ("To SEND", "La position tombe devant « SEND », qui contient « END ». Cherchez le marqueur entier."),
                ("END DONATIONS", "La position tombe dans « SEND », qui contient « END ». Cherchez le marqueur entier."),
                ("Ce n'est", "La position tombe sur une ligne de l'auteur : « FIN » y est un de ses mots."),
                ("FIN, dit", "La position tombe sur un mot de l'auteur, « FIN ». Cherchez le marqueur entier."),
                ("ENDYMION", "La position tombe dans une ligne de l'auteur : « ENDYMION » contient « END »."),
            ),
        ),
        _ends(
            _OTHER_END,
            f"\n\n{_MARKER}\n\n{_TERMS}\n\nTHE FULL PROJECT GUTENBERG LICENSE\n\n*** END: FULL LICENSE ***\n\n{_TERMS}\n\nTHE END OF THE LICENSE\n",
            "La licence a aussi ses lignes où « END » est un mot entier : seule compte celle qui commence par « *** END OF ».",
            (
                ("*** END:", "La position tombe sur « *** END: FULL LICENSE *** », qui finit la licence, et non le livre."),
            ),
        ),
        _ends(
            _FORMS,
            f"\n\n***END OF THE PROJECT GUTENBERG EBOOK LE MOULIN***\n\n{_TERMS}\n",
            "Certains fichiers écrivent « ***END OF THE » sans espace : acceptez les deux écritures.",
        ),
        _ends(_NO_MARKER, "", "Sans marqueur, rien n'est à couper : rendez len(text)."),
        _ends(
            _TITLE,
            f"\n\n*** END OF THE PROJECT GUTENBERG EBOOK INDIANA ***\n\n{_TERMS}\n",
            _OTHER_TITLE,
            (("", _OTHER_TITLE),),
        ),
        _ends(
            _OPENING,
            f"\n\n{_MARKER}\n\n{_TERMS}\n",
            "Un fichier entier a deux marqueurs : rendez la position où commence « *** END OF … », le second.",
            (
                ("*** START", "La position tombe sur « *** START OF … », qui ouvre le livre : cherchez « *** END OF … », qui le ferme."),
            ),
            before=f"Title: Le Moulin\n\n{_MARKER.replace('END', 'START')}\n\n",
        ),
        _ends(_CLOSELY, f"\n{_MARKER}\n{_TERMS}\n", "Ici, aucune ligne vide ne précède le marqueur : ce qui vient avant sa ligne est du livre, jusqu'au dernier mot."),
        equals(
            name=_NO_STARS,
            arguments=[_UNMARKED],
            expected=len(_UNMARKED),
            hint="Ce texte n'a pas de marqueur, car une ligne sans étoiles, ou sans « OF », n'en est pas un : rendez len(text).",
            mistakes=(
                (_UNMARKED.index("END OF PART"), "La position tombe sur « END OF PART ONE », sans étoiles : ce n'est pas le marqueur."),
                (_UNMARKED.index("*** END:"), "La position tombe sur « *** END: FULL LICENSE *** » : le marqueur commence par « *** END OF »."),
                (_UNMARKED.index("THE END"), "La position tombe sur « THE END OF THE LICENSE », sans étoiles : ce n'est pas le marqueur."),
                (_UNMARKED.index("END OF"), "La position tombe sur « END OF THE LICENSE », sans étoiles : ce n'est pas le marqueur."),
            ),
        ),
    ),
)  # fmt: skip

# --- Couper le cadre ------------------------------------------------------------------------------------

_BODY = (
    "La meule s'était fendue.\n\n***\n\nLe meunier n'en dit rien : « Nous verrons la FIN. »\n\nIl attendit l'automne."
)
_LICENCE = "\n".join(f"Section {n}. General terms of use of this practice text." for n in range(1, 9))
FRAMED = (
    "The eBook of Le Moulin\n\nTitle: Le Moulin\n\n*** START OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n"
    f"{_BODY}\n\n*** END OF THIS PROJECT GUTENBERG EBOOK LE MOULIN ***\n\n*** START: FULL LICENSE ***\n\n{_LICENCE}\n\n"
    f"To SEND DONATIONS, see the page.\n{_LICENCE}\n"
)
_TIGHT = FRAMED.replace("*** START OF THIS", "***START OF THE").replace("*** END OF THIS", "***END OF THE")
_ONLY_START, _ONLY_END = FRAMED.split("\n\n*** END OF")[0], FRAMED[FRAMED.index(_BODY) :]

_BETWEEN, _OTHER_FORM = "rend le texte entre les marqueurs", "reconnaît l'autre forme des marqueurs"
_BARE_BOOK = "ne coupe rien quand les marqueurs manquent"
_ONE_START, _ONE_END = "coupe au seul marqueur de début", "coupe au seul marqueur de fin"
_STUCK, _STARS = "ne perd rien quand le texte suit de près le marqueur", "garde les étoiles de l'auteur, même au bout"
_CLOSE = FRAMED.replace(f"\n\n{_BODY}\n\n", f"\n{_BODY}\n")
_STARRED = "Le meunier partit.\n\n      * * *\n\n\n\nIl revint.\n\n* * *"

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
            name=_BETWEEN, arguments=[FRAMED], expected=_BODY,
            hint="Rendez ce qui est entre les deux marqueurs, sans leurs lignes ni lignes vides au bout.",
            mistakes=(
                ("", "Il ne reste rien. Le compte des lignes change d'un livre à l'autre ; « *** START: FULL LICENSE *** », dans la licence, n'est pas un marqueur ; avec re.DOTALL, « .* » va jusqu'au bout du texte."),
                (_BODY.split("\n\n***")[0], "Le texte s'arrête à une ligne « *** » de l'auteur : trois étoiles ne font pas un marqueur, cherchez-le entier."),
                (lambda got: got.endswith(_LICENCE) and "To SEND" not in got and _BODY in got, "La licence est restée jusqu'à la ligne « To SEND DONATIONS » : « SEND » contient « END ». Cherchez le marqueur de fin entier."),
                (lambda got: got.lstrip().startswith(("THIS", "THE PROJECT", "PROJECT")), "Le bout de la ligne du marqueur est resté : coupez à la fin de cette ligne (« .* » va jusque-là)."),
                (lambda got: got.find("*** START OF") >= 0 or got.find("*** END OF") >= 0, "La ligne d'un marqueur est restée : coupez après celle du premier et avant celle du second."),
                (lambda got: got.rstrip() == _BODY[: _BODY.index("FIN")].rstrip(), "Le texte s'arrête à « FIN », qui est ici un mot de l'auteur. Fiez-vous aux marqueurs, pas à un mot."),
            ),
        ),
        equals(
            name=_OTHER_FORM, arguments=[_TIGHT], expected=_BODY,
            hint="Certains fichiers écrivent « ***START OF THE », sans espace, et avec THE : acceptez toutes les formes.",
        ),
        equals(
            name=_BARE_BOOK, arguments=[_BODY], expected=_BODY,
            hint="Sans marqueurs, tout le texte est le livre : rendez-le entier.",
        ),
        equals(
            name=_ONE_START, arguments=[_ONLY_START], expected=_BODY,
            hint="Ce fichier n'a pas de marqueur de fin : coupez tout de même au marqueur de début, puis allez jusqu'au bout.",
        ),
        equals(
            name=_ONE_END, arguments=[_ONLY_END], expected=_BODY,
            hint="Ce fichier n'a pas de marqueur de début : partez de son commencement, et coupez tout de même au marqueur de fin.",
        ),
        equals(
            name=_STUCK, arguments=[_CLOSE], expected=_BODY,
            hint="Ici, aucune ligne vide ne sépare le livre de ses marqueurs : coupez là où leurs lignes finissent et commencent, sans compter de signes.",
        ),
        equals(
            name=_STARS, arguments=[FRAMED.replace(_BODY, _STARRED)], expected=_STARRED,
            hint="L'auteur finit par une ligne « * * * » : elle est du livre, comme ses lignes vides du milieu et les blancs en tête de ses lignes.",
            mistakes=(
                (_STARRED.rstrip("* \n"), "La ligne « * * * » de l'auteur a disparu au bout : n'ôtez que les blancs."),
            ),
        ),
    ),
)  # fmt: skip

# --- Joindre les lignes ---------------------------------------------------------------------------------

_WRAPPED = (
    "Le meunier regardait l'eau depuis le matin sans mot\ndire, et personne n'osait lui demander ce qu'il\nen attendait.\n"
    "\nIl rentra. Personne ne parla.\n\n\nLa nuit tombait sur la chaussée."
)
_JOINED = [
    "Le meunier regardait l'eau depuis le matin sans mot dire, et personne n'osait lui demander ce qu'il en attendait.",
    "Il rentra. Personne ne parla.",
    "La nuit tombait sur la chaussée.",
]
_ONE_LINE, _BLANK_LINES = "un paragraphe par élément, une ligne par paragraphe", "ne compte pas les lignes vides"
_ONLY_BLANK = "ne sépare qu'aux lignes vides"
_VISIT = "Elle était venue de bon matin au moulin demander des nouvelles de M. Aubin."
_ASLEEP = "Aubin dormait encore, et personne dans la maison n'avait osé le réveiller"
_NO_PARAGRAPH, _TWO_SPACES = "un texte vide n'a pas de paragraphe", "ne coupe pas à deux espaces"


def _single_spaced(got):
    """L'énoncé ne dit rien des espaces doublées dans une ligne, ni de l'écriture d'un tiret : tout s'y vaut."""
    return [re.sub(" +", " ", re.sub(r"(?<=\w) *(--|—) *(?=\w)", " -- ", piece)) for piece in got]


paragraphs = Card(
    id="corpus.paragraphs",
    title="Joindre les lignes",
    statement="Gutenberg coupe les lignes vers 72 caractères et sépare les paragraphes par une ligne vide, ou plusieurs. Rendez la liste des paragraphes, chacun sur une seule ligne, sans blancs au bout.",
    difficulty=2,
    minutes=6,
    hints=(
        're.split(r"\\n\\s*\\n", text) coupe aux lignes vides, quel qu\'en soit le nombre.',
        '" ".join(morceau.split()) met un morceau sur une ligne, sans blancs en trop.',
        "Écartez les morceaux vides.",
    ),
    checks=(
        equals(
            name=_ONE_LINE,
            arguments=[_WRAPPED],
            expected=_JOINED,
            hint="Coupez aux lignes vides, puis joignez les lignes de chaque morceau par une espace.",
            mistakes=(
                (lambda got: any("motdire" in piece and " " in piece for piece in got), "« motdire » : deux mots se sont collés. Joignez les lignes avec une espace, pas avec rien."),
                ([line for line in _WRAPPED.split("\n") if line], "Chaque ligne est devenue un paragraphe : ce sont les lignes vides qui séparent."),
                (lambda got: isinstance(got, list) and any("\n" in piece.strip() for piece in got), "Il reste des fins de ligne à l'intérieur des paragraphes : joignez-les par une espace."),
                (lambda got: isinstance(got, list) and "" in got, "La liste contient un paragraphe vide : écartez-le."),
                (lambda got: isinstance(got, list) and [piece.strip() for piece in got] == _JOINED, "Un paragraphe commence ou finit par un blanc : split(), sans argument, ôte les blancs en trop."),
                (lambda got: isinstance(got, list) and got[1].startswith(got[0]), "Le deuxième paragraphe commence par le premier : une fois qu'un paragraphe est fini, repartez de rien pour le suivant."),
                (_JOINED[:-1], "Le dernier paragraphe manque ; aucune ligne vide ne le suit."),
                ([" ".join(_JOINED)], "Tout est dans un seul paragraphe : coupez d'abord aux lignes vides."),
            ),
        ),
        equals(
            name=_BLANK_LINES,
            arguments=["\n\nUn.\n\n\n\nDeux\nlignes.\n\n\n\n\nTrois.\n"],
            expected=["Un.", "Deux lignes.", "Trois."],
            hint="Il y a ici trois paragraphes. Un mot peut en faire un ; les lignes vides, si nombreuses soient-elles, les séparent seulement.",
            mistakes=(
                (lambda got: "Deux" in got and "lignes." in got, "« Deux » et « lignes. » ne sont séparés par aucune ligne vide : joignez-les."),
                (lambda got: "Deux lignes." in got and "Un." not in got, "« Un. » manque : un seul mot peut faire un paragraphe."),
            ),
        ),
        equals(
            name=_ONLY_BLANK,
            arguments=[f"{_VISIT}\n{_ASLEEP} --\navant midi.\n\n— Il dort, dit-elle.\n\nUn.\n\nUn."],
            expected=[f"{_VISIT} {_ASLEEP} -- avant midi.", "— Il dort, dit-elle.", "Un.", "Un."],
            hint="Seule une ligne vide sépare deux paragraphes, et tous restent, dans l'ordre.",
            read=_single_spaced,
            mistakes=(
                (lambda got: "-- " not in got[0] and got[0].endswith("avant midi."), "« -- », au bout d'une ligne, est un tiret de l'auteur, et non un mot coupé : gardez-le entier."),
                (lambda got: _VISIT in got, "Aucune ligne vide ne suit « des nouvelles de M. Aubin. » : ni un point au bout d'une ligne, ni une capitale au début de la suivante, ne séparent deux paragraphes."),
                (lambda got: list(got).count("Un.") == 1, "« Un. » est deux fois dans le texte : il doit y rester deux fois."),
            ),
        ),
        equals(
            name=_TWO_SPACES,
            arguments=["Il rentra.  Personne ne \nparla. \n\n  La nuit tombait."],
            expected=["Il rentra. Personne ne parla.", "La nuit tombait."],
            hint="Deux espaces dans une ligne, ou une à son bout, ne séparent pas deux paragraphes : seule une ligne vide le fait. Un paragraphe n'a de blanc ni avant ni après.",
            read=_single_spaced,
        ),
        equals(name=_NO_PARAGRAPH, arguments=[""], expected=[], hint="Pour un texte vide, rendez une liste vide."),
    ),
)  # fmt: skip

# --- Répartir par livre ---------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class _Sample(CleanBook):
    """Un livre d'essai, qui se montre en peu de mots."""

    def __repr__(self) -> str:
        return f"<{self.title}, {self.role}>"


_Sample.__name__ = "CleanBook"  # c'est sous ce nom que la leçon en parle


def _book(title: str, role: str = "train", *content: str) -> CleanBook:
    """Un livre d'essai, sans numéro ; un chapitre par paragraphe."""
    return _Sample(Book(None, title=title, role=role), list(content), ["I", "II", "III"][: len(content)])


_MILL = _book("Le Moulin", "train", "La roue tourne.", "L'eau monte.")
_MEADOW = _book("Le Pré", "train", "L'herbe est haute.")
_POND = _book("L'Étang", "test", "Rien ne bouge.")
_FOLD = _book("La Bergerie", "validation", "Les brebis dorment.")
_TWIN = _book("Le Moulin", "train", "Une autre roue tourne.")  # un autre livre du même titre
_FOREIGN = _book("Le Rouet", "base", "La laine file.")
_CAPTCHA = _book("Page de captcha", "piege", "Êtes-vous humain ?")


def _plain(got):
    """Un dictionnaire d'une autre sorte (`defaultdict`, `Counter`…) en est un aussi."""
    return dict(got.items())


_WHOLE, _EVERY_PART, _TRAP = "range chaque livre là où dit son rôle", "garde les parts vides", "écarte un piège"

split_by_book = Card(
    id="corpus.split_by_book",
    title="Répartir par livre",
    statement="Chaque livre a un rôle, book.role, que donne le catalogue. Rendez un dictionnaire {part: liste de livres} pour les quatre parts de corpus.SPLITS (train, validation, test, base), même vides. Un livre va tout entier dans sa part, dans l'ordre où il est venu ; un piège, dans aucune.",
    difficulty=2,
    minutes=5,
    hints=(
        "Commencez par une liste vide pour chaque part : {part: [] for part in corpus.SPLITS}.",
        "Pour chaque livre, parts[book.role].append(book), si book.role est bien une des parts.",
        "Ou d'un trait : {part: [book for book in books if book.role == part] for part in corpus.SPLITS}.",
    ),
    checks=(
        equals(
            name=_WHOLE,
            arguments=[[_MILL, _POND, _MEADOW, _FOLD, _FOREIGN, _TWIN]],
            expected={"train": [_MILL, _MEADOW, _TWIN], "validation": [_FOLD], "test": [_POND], "base": [_FOREIGN]},
            hint="Le rôle de chaque livre dit sa part, et rien d'autre : ni le hasard, ni le rang, ni le titre, que deux livres peuvent partager. Les listes contiennent les livres eux-mêmes, dans l'ordre où ils sont venus.",
            read=_plain,
            mistakes=(
                (lambda got: any(item in _MILL.paragraphs for found in got.values() for item in found), "Les listes contiennent des paragraphes : rangez les livres eux-mêmes, sans les ouvrir."),
                (lambda got: got["train"] == [_MILL.title, _MEADOW.title, _TWIN.title], "Les listes contiennent des titres : rangez les livres eux-mêmes."),
                (lambda got: {type(found) for found in got.values()} == {int}, "Ce sont des nombres de livres : rangez les livres eux-mêmes, dans une liste par part."),
                ({"train": [_MILL], "validation": [], "test": [], "base": []}, "Seul le premier livre est rangé : un « return » dans la boucle en sort dès le premier tour."),
                (lambda got: got["train"] is got["test"], "Les parts sont une seule et même liste : donnez à chacune la sienne, []."),
                (lambda got: "base" in got and any(book.role != part for part in got for book in got[part]), "Un livre est dans une part que son rôle ne dit pas : ni le hasard ni le rang n'en décident."),
                (lambda got: got["train"] == [_TWIN] and got["test"] == [_POND], "De chaque part, il ne reste que le dernier livre : ajoutez-le (append) à ceux qui y sont déjà."),
                ({"train": [_MILL, _MEADOW, _TWIN], "validation": [_FOLD], "test": [_POND]}, "La part « base » manque : partez des quatre parts de corpus.SPLITS, même vides."),
                (lambda got: isinstance(got["train"], list) and len(got["train"]) == 2 and len({book.title for book in got["train"]}) == 2, "Deux livres ont le même titre, « Le Moulin », et il n'en reste qu'un : chacun va dans sa part."),
            ),
        ),
        equals(
            name=_EVERY_PART,
            arguments=[[]],
            expected={"train": [], "validation": [], "test": [], "base": []},
            hint="Sans livre, les quatre parts sont là, vides.",
            read=_plain,
        ),
        equals(
            name=_TRAP,
            arguments=[[_CAPTCHA, _MILL]],
            expected={"train": [_MILL], "validation": [], "test": [], "base": []},
            hint="Un piège n'est d'aucune part : ne gardez que les livres dont le rôle est dans corpus.SPLITS.",
            read=_plain,
        ),
    ),
)  # fmt: skip

# --- Essayer les adresses -------------------------------------------------------------------------------

_PLACES = ["files/7/7-0.txt", "files/7/7-8.txt", "files/7/7.txt"]
_BOOK, _OTHER = b"Le moulin tournait encore.", b"Le moulin tournait, second exemplaire."
_PAGE, _TORN = b"<html>Prouvez que vous n'etes pas un robot</html>", b"Le mou"
_NAMES = {_BOOK: "le livre", _OTHER: "un second exemplaire", _PAGE: "une page web", _TORN: "un fichier tronqué"}
_NAMES[b""] = "un fichier vide"


class _Shelf:
    """Une fausse bibliothèque : des fichiers par chemin, et la liste de ce qu'on y a demandé."""

    def __init__(self, *contents: bytes | None, mute: bool = False) -> None:
        self.mute = mute  # check ne rend rien : seul un refus dit qu'un fichier n'est pas bon
        self.files = dict(zip(_PLACES, contents, strict=True))
        self.asked: list[str] = []

    def __str__(self) -> str:
        return " ; ".join(f"{path} : {_NAMES.get(raw, 'rien')}" for path, raw in self.files.items())

    def read(self, path):
        self.asked.append(path)
        return self.files[path]

    def check(self, raw):
        if raw is None or isinstance(raw, str):
            hint = "read a rendu None : il n'y a rien à cette adresse. Passez à la suivante (continue) sans vérifier."
            if raw is not None:
                hint = "check juge les octets que read(path) a rendus, et non une adresse ou un texte."
            raise Mistake(str(self), f"check({raw!r})", "check appelé sur des octets seulement", hint)
        if raw == _PAGE:
            raise Refused("c'est une page web")
        if raw in (_TORN, b""):
            raise Refused("le fichier est tronqué" if raw else "le fichier est vide")
        return None if self.mute else raw.decode()


def _ask(function: Callable, shelf: _Shelf, expected: str) -> object:
    """Ce que rend la fonction ; ce qu'elle lève est dit avec l'entrée, quand l'erreur parle d'elle-même."""
    places = list(_PLACES)
    try:
        got = function(places, shelf.read, shelf.check)
    except (TypeError, UnboundLocalError) as error:
        hint = _proved_by(error, function)
        if not hint:
            raise
        raise Mistake(str(shelf), f"{type(error).__name__} : {error}", expected, hint) from None
    if places != _PLACES:
        hint = "Votre fonction modifie la liste d'adresses qu'on lui donne : parcourez-la, sans rien en ôter."
        raise Mistake(str(shelf), f"paths, après l'appel : {places}", "la liste intacte", hint)
    return got


def _proved_by(error: Exception, function: Callable) -> str:
    if "must derive from BaseException" in str(error):
        return (
            "« raise » a reçu ce qui n'est pas une erreur : None, peut-être. Ne levez un refus que s'il y en a eu un."
        )
    tree = tree_of(function)
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)} if tree else set()
    if isinstance(error, UnboundLocalError) and caught & set(re.findall(r"'(\w+)'", str(error))):
        return "Python efface la variable d'un « except … as » à la sortie du bloc : gardez le refus sous un autre nom."
    return ""


def _finds(name: str, contents: tuple, expected: bytes | None, hint: str, mistakes: tuple = ()) -> Check:
    """La fonction rend `expected`."""

    def test(function):
        shelf = _Shelf(*contents)
        try:
            got = _ask(function, shelf, repr(expected))
        except Refused as error:
            raise Mistake(str(shelf), f"Refused : {error}", repr(expected), hint) from None
        text = (_BOOK.decode(), "C'est le texte du livre : rendez ses octets, tels que read les a donnés.")
        compare(got, expected, str(shelf), hint=hint, mistakes=(text, *mistakes))

    return Check(name, test)


def _asks_no_more(function) -> None:
    """Rien n'est lu après le premier bon fichier."""
    shelf = _Shelf(None, _BOOK, _OTHER, mute=True)
    got = _ask(function, shelf, repr(_BOOK))
    last = (_OTHER, "C'est le second exemplaire, plus loin dans la liste : rendez le premier bon fichier.")
    hint = "check n'a rien levé sur le deuxième fichier : il est bon. « if check(raw) » regarde ce que check rend, et ici il ne rend rien."
    compare(got, _BOOK, str(shelf), hint="Rendez le premier bon fichier.", mistakes=(last, (None, hint)))
    hint = "Ce sont les adresses lues : chaque requête de trop coûte à un serveur bénévole."
    compare(shelf.asked, _PLACES[:2], str(shelf), hint=hint)


def _refuses(name: str, contents: tuple, expected: str, hint: str, proofs: dict[str, str]) -> Check:
    """Ce qui a été trouvé et refusé se lève. `proofs` : ce qui est venu → la phrase qu'il prouve."""

    def test(function) -> None:
        shelf = _Shelf(*contents)
        try:
            got = repr(_ask(function, shelf, expected))
        except (Refused, ValueError, OSError, LookupError, RuntimeError) as error:
            got = f"{type(error).__name__} : {error}"
        if got != expected:
            other = "C'est le bon message, mais pas le refus que check a levé : gardez cette exception, et levez-la telle quelle."
            reworded = other if got.endswith(expected.removeprefix("Refused")) else ""
            raise Mistake(str(shelf), got, expected, proofs.get(got, reworded or hint))

    return Check(name, test)


_FINDS, _PASSES = "rend le premier fichier trouvé", "passe outre un fichier refusé"
_STOPS, _NOTHING = "s'arrête au premier bon fichier", "rend None quand il n'y a rien"
_WHY, _VOID = "dit pourquoi tout est refusé", "ne prend pas un fichier vide pour une adresse vide"

first_accepted = Card(
    id="corpus.first_accepted",
    title="Bonus · Essayer les adresses",
    statement="Un livre peut être rangé à plusieurs adresses. read(path) rend les octets, ou None s'il n'y a rien là ; check(raw) lève corpus.Refused si ce n'est pas le bon fichier, et rien d'autre ne le dit. Rendez les octets du premier fichier accepté, sans rien demander de plus. Si rien n'a été trouvé, rendez None ; si tout ce qui a été trouvé est refusé, levez le premier refus.",
    difficulty=3,
    minutes=8,
    hints=(
        "Une boucle sur paths : lire, passer au suivant si c'est None, vérifier, rendre.",
        "« try: check(raw) », puis « except corpus.Refused as error: » pour continuer malgré un refus, et « else: return raw ».",
        "Avant la boucle, refusal = None ; dans le « except », refusal = refusal or error ; après la boucle, « if refusal: raise refusal ».",
    ),
    checks=(
        _finds(_FINDS, (None, _BOOK, None), _BOOK, "La première adresse est vide : passez à la suivante, et rendez les octets dès qu'un fichier est accepté."),
        _finds(_PASSES, (_PAGE, None, _BOOK), _BOOK, "Le premier fichier est refusé, le troisième est bon : entourez check(raw) de « try … except corpus.Refused », et continuez.", ((_PAGE, "C'est la page web : un fichier n'est bon que si check n'a rien levé."),)),
        Check(_STOPS, _asks_no_more),
        _finds(_NOTHING, (None, None, None), None, "Aucune adresse n'a rien donné : rendez None."),
        _refuses(_WHY, (None, _PAGE, _TORN), "Refused : c'est une page web", "Des fichiers ont été trouvés, et tous refusés : levez le premier refus, qui en dit la raison.", {"Refused : le fichier est tronqué": "C'est le dernier refus : levez le premier, qui parle de l'adresse la plus sûre." }),
        _refuses(_VOID, (None, b"", None), "Refused : le fichier est vide", "Un fichier a été trouvé, et refusé : levez ce refus.", {"None": "Un fichier vide, b'', n'est pas None : il a été trouvé, et check le refuse. « if raw » les confond, « raw is None » non." }),
    ),
)  # fmt: skip

# --- Le numéro du livre ---------------------------------------------------------------------------------

_HEADER = "Title: La Mare\n\nRelease Date: November 21, 2007  [eBook #23582]\n[Last updated: 2012]\n\nIl y avait 12 bœufs. Le #7 boitait."
_NUMBER, _OLD_WORD = "lit le numéro, et pas l'année", "reconnaît l'ancien mot « Etext »"
_NO_NUMBER = "rend None quand il n'y a pas de numéro"
_IN_TITLE = "« #3 » est dans le titre : le numéro du fichier suit « [eBook » ou « [Etext ». Dans un motif, ce crochet s'écrit « \\[ » : seul, il ouvre un choix de signes."
_OTHER_SIGNS = "ne se prend pas à un autre « # »"

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
            name=_NUMBER, arguments=[_HEADER], expected=23582,
            hint="Le numéro est celui qui suit « # » dans « [eBook #…] ». re.search cherche dans tout le texte, re.match au début seulement.",
            mistakes=(
                (lambda got: got in (21, "21"), "21 est le jour de la date : cherchez le nombre qui suit « # »."),
                (lambda got: got in (2007, "2007"), "2007 est l'année : cherchez le nombre qui suit « # »."),
                (lambda got: got in (2, "2"), "2 n'est que le premier chiffre du numéro : \\d+ en prend plusieurs."),
                (lambda got: got in (21200723582, "21200723582"), "Tous les chiffres de la ligne se sont collés, ceux de la date compris : prenez ceux qui suivent « # »."),
                (lambda got: 0 <= got - _HEADER.index("[") < 9, "C'est une place dans le texte, près de « # » : rendez le nombre qui y est écrit."),
                (lambda got: got in (7, "7"), "7 suit un « # » du récit : l'en-tête vient avant, prenez le premier."),
                ("23582", "C'est le bon numéro, en texte : convertissez-le avec int(…)."),
            ),
        ),
        equals(
            name=_NO_NUMBER, arguments=["[Note 3]\n\nIl était une fois 12 bœufs."], expected=None,
            hint="Sans « [eBook #…] » ni « [Etext #…] », il n'y a pas de numéro de livre : rendez None plutôt que d'échouer.",
        ),
        equals(
            name=_OLD_WORD, arguments=["Release Date: 1997  [Etext #82]"], expected=82,
            hint="Les vieux fichiers disent « Etext », et leur numéro peut n'avoir que deux chiffres.",
        ),
        equals(
            name=_OTHER_SIGNS, arguments=["Title: Le Conte #3\n\n[eBook #23582]\n\nLe meunier lisait.\n\nVoir aussi [eBook #82000]."], expected=23582,
            hint="Le numéro est celui de « [eBook #…] » ou de « [Etext #…] », dans l'en-tête.",
            mistakes=(
                (3, _IN_TITLE),
                (82000, "82000 est le numéro d'un autre livre, cité bien après l'en-tête : prenez le premier."),
            ),
        ),
    ),
)  # fmt: skip

# --- Décoder --------------------------------------------------------------------------------------------

_UTF8, _MARK, _LATIN = "lit l'UTF-8", "ôte la marque d'ordre", "lit l'ISO-8859-1"
_WINDOWS, _LINE_ENDS = "rend « œ » et « ’ » aux fichiers qui se disent ISO-8859-1", "unifie les fins de ligne"
_WHOLE_MARK = "n'ôte que la marque d'ordre, et tout entière"
_WINDOWS_ENDS, _WHOLE_FILE = "unifie les fins de ligne aussi hors de l'UTF-8", "juge le fichier entier"
_PLAIN_LINES = "La roue tourne.\n" * 300

decode = Card(
    id="corpus.decode",
    title="Bonus · Des octets aux caractères",
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
            name=_UTF8,
            arguments=["Étienne, bœuf et « cœur »".encode()],
            expected="Étienne, bœuf et « cœur »",
            hint="Ces octets sont de l'UTF-8, sans marque d'ordre : lus ainsi, ils donnent le texte entier.",
            mistakes=(
                (str("Étienne, bœuf et « cœur »".encode()), "str(raw) écrit les octets tels qu'ils sont, sans les lire : c'est raw.decode(…) qui les lit."),
                (lambda got: got.find("Ã") >= 0, "« Ã » à la place d'une lettre accentuée : de l'UTF-8 lu dans un autre encodage. Essayez d'abord l'UTF-8."),
            ),
        ),
        equals(
            name=_MARK,
            arguments=["﻿Le moulin &amp; l'eau".encode()],
            expected="Le moulin &amp; l'eau",
            hint="Une marque d'ordre précède le texte (\\ufeff, invisible) : « utf-8-sig » l'ôte. Le reste se rend tel quel.",
        ),
        equals(
            name=_LATIN,
            arguments=["Où était l'été ?".encode("latin-1")],
            expected="Où était l'été ?",
            hint="Quand l'UTF-8 échoue, décodez en Windows-1252 : aucune lettre ne doit se perdre.",
            mistakes=(
                ("O tait l't ?", "Les lettres accentuées ont disparu : n'ignorez pas l'erreur, changez d'encodage."),
                (lambda got: got.find("�") >= 0, "« � » remplace des lettres perdues : changez plutôt d'encodage."),
            ),
        ),
        equals(
            name=_WINDOWS,
            arguments=["L’œil et le cœur… – l'été".encode("cp1252")],
            expected="L’œil et le cœur… – l'été",
            hint="Les octets 0x9C et 0x92 sont « œ » et « ’ » en Windows-1252, et des caractères de contrôle en ISO-8859-1.",
        ),
        equals(
            name=_WHOLE_MARK,
            arguments=["» Il sortit. L'été finissait.".encode("cp1252")],
            expected="» Il sortit. L'été finissait.",
            hint="Ce fichier n'a pas de marque d'ordre. Son premier octet, 0xBB, est un guillemet en Windows-1252 ; il est aussi l'un des trois de la marque, et lstrip, par exemple, les ôte un à un.",
        ),
        equals(
            name=_LINE_ENDS,
            arguments=[b"un\r\ndeux\r\n"],
            expected="un\ndeux\n",
            hint="Chaque « \\r\\n » devient « \\n », le dernier compris.",
            mistakes=(
                ("un\ndeux", "La dernière fin de ligne a disparu : splitlines() et strip(), par exemple, l'ôtent ; replace la garde."),
            ),
        ),
        equals(
            name=_WINDOWS_ENDS,
            arguments=["Été\r\nœuvre\r\n".encode("cp1252")],
            expected="Été\nœuvre\n",
            hint="Les fins de ligne sont à unifier quel que soit l'encodage.",
        ),
        equals(
            name=_WHOLE_FILE,
            arguments=[(_PLAIN_LINES + "« L'été de la\nLIBERTÉ», dit-il.\n").encode("cp1252")],
            expected=_PLAIN_LINES + "« L'été de la\nLIBERTÉ», dit-il.\n",
            hint="Un fichier n'a qu'un encodage. Ses premières lignes, sans accents, se lisent de toutes les façons ; la fin n'est pas de l'UTF-8 : il est en entier en Windows-1252.",
        ),
    ),
)  # fmt: skip

# --- Chasse au bug : l'anglais ---------------------------------------------------------------------------


def _french() -> str:
    """La pièce du pastiche : de tous les livres, celui où les petits mots tiennent le moins de place."""
    return (settings.PASTICHE / "files/90004/90004-0.txt").read_text(encoding="utf-8")


def _page() -> str:
    return _french()[1500:2900]


def _unaccented(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _english() -> str:
    return (settings.PASTICHE / "files/90011/90011-0.txt").read_text(encoding="utf-8")


_ITALIAN = (
    "Il mugnaio aveva chiuso ogni cosa prima della notte, e l'acqua saliva piano dietro la ruota. Pietro guardava i prati"
    " senza parlare. Sapeva che suo padre non sarebbe tornato dalla fiera prima di domenica, e che nessuno avrebbe"
    " girato senza di lui. Si sentivano lontano i cani della fattoria, poi niente, soltanto pioggia sul tetto di casa."
    " Poi le nuvole coprirono ogni valle, e i vecchi chiusero porte, finestre, cantine, stalle, mentre qualche lume si"
    " accendeva ancora lontano, sopra i campi."
)
_VERSE = " L'Anglais chantait : « The mill and the river, the river and the sea. »"
_TALE_OF_LITTLE = (
    " The little people left their table while the whole village settled. A simple candle, a pale angel, an apple and a"
    " bottle were all Étienne could handle, until the old miller told a tale of trouble, and smiled."
)
_CITATION = " « Ah ! que le monde et les gens sont bons, et que les méchants ne le sont pas ! »"


def _says(name: str, expected: bool, given: str, sample: Callable[[], str], hint: str) -> Check:
    """La réponse pour un long texte, que `given` décrit ; il n'est lu que s'il sert."""

    def test(function):
        got = function(sample())
        compare(got, expected, given, hint=hint if type(got).__name__.startswith("bool") else "Rendez True ou False.")

    return Check(name, test)


_TRANSLATION, _REAL, _LONG = "refuse la traduction anglaise", "accepte une page de français", "accepte un long texte"
_PLAIN, _QUOTE = "accepte un français sans accents", "accepte un français qui cite de l'anglais"
_NEIGHBOUR, _CITED = "refuse une langue voisine", "refuse un livre anglais qui cite du français"
_EMPTY = "ne dit pas oui à un texte vide"

is_french = Card(
    id="corpus.is_french",
    title="Bonus · Chasse au bug : l'« Indiana » anglais",
    statement="La cellule contient une règle qui semble bonne : un texte qui a des accents est français. Elle accepte une traduction anglaise. Réparez-la : dites, par un booléen, si le texte est en français, d'après la part que tiennent ses petits mots (« le », « les », « que », « et »…) dans tous ses mots.",
    difficulty=3,
    minutes=8,
    hints=(
        "Les accents d'une traduction viennent des noms propres. Les petits mots, eux, ne se traduisent pas à moitié.",
        'text.lower().split() donne les mots ; comptez ceux qui sont dans un ensemble comme {"le", "les", "que", "et", "ne", "pas"}.',
        "Une part, et non un nombre : comparez le compte à 0.05 * len(words). Un texte sans mots n'est pas du français.",
    ),
    checks=(
        _says(
            _TRANSLATION,
            False,
            "un roman du pastiche, en anglais ; l'auteur s'appelle Jean des Traînes",
            _english,
            "Les accents d'un nom propre ne font pas un texte français, ni des lettres prises dans d'autres mots, ni un mot seul : comptez des mots entiers, et regardez leur part.",
        ),
        _says(
            _REAL,
            True,
            "une page de « La Veillée », une pièce du pastiche",
            _page,
            "Cette page est française, et n'a pas d'en-tête pour le dire : jugez-la à ses petits mots. « le », « les », « que », « et », « ne » et « pas » font à eux six près d'un mot sur dix, répétitions comprises : un seuil de 0.05 suffit.",
        ),
        _says(
            _LONG,
            True,
            "« La Veillée » tout entière, 2 700 mots",
            _french,
            "Comptez chaque mot autant de fois qu'il revient, parmi tous les mots, répétitions comprises.",
        ),
        _says(
            _PLAIN,
            True,
            "« La Veillée », sans aucun accent",
            lambda: _unaccented(_french()),
            "Une vieille édition sans accents reste du français : comptez les petits mots.",
        ),
        _says(
            _QUOTE,
            True,
            "une page de « La Veillée », puis un vers anglais",
            lambda: _page() + _VERSE,
            "Un vers anglais ne fait pas un livre anglais : c'est la part des petits mots français qui compte.",
        ),
        _says(
            _NEIGHBOUR,
            False,
            f"de l'italien : {_ITALIAN[:88]}…",
            lambda: _ITALIAN,
            "C'est de l'italien, qui a aussi « la », « le » et « il » : il ne suffit pas qu'un texte ne soit pas anglais. Comptez des petits mots que le français est presque seul à avoir (« les », « que », « et », « ne », « pas »).",
        ),
        _says(
            _CITED,
            False,
            "un conte anglais, qui cite quatre phrases en français",
            lambda: 4 * _CITATION + 60 * _TALE_OF_LITTLE,
            "Ce livre est anglais. Les petits mots français y sont, mais rares : comptez des mots entiers, et regardez leur part dans tous les mots, et non leur présence ni leur nombre.",
        ),
        equals(name=_EMPTY, arguments=[""], expected=False, hint="Un texte vide n'est pas du français : rendez False."),
    ),
)

# --- Recoller les phrases -------------------------------------------------------------------------------

_AFTER, _SIGN = "recolle après « ! »", "regarde la première lettre, pas le premier signe"
_CAPITAL, _CHAIN = "laisse commencer une phrase", "recolle plusieurs morceaux de suite"
_ACCENT, _BARE = "reconnaît les minuscules accentuées", "recolle un morceau sans lettre"
_FIRST, _NO_PIECE = "laisse le premier morceau où il est", "ne rend rien de rien"

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
            hint="« fit-il » commence par une minuscule : c'est la suite de « Ah ! », après une espace.",
            mistakes=(
                (["Elle se tut."], "Il ne reste que le dernier morceau. Ce qui doit survivre à la boucle se crée avant elle."),
            ),
        ),
        equals(
            name=_SIGN,
            arguments=[["— Viens !", "— dit-elle, partons.", "Il sourit.", "« oui », fit-il.", "Il se tut.", "…(non), dit-elle."]],
            expected=["— Viens ! — dit-elle, partons.", "Il sourit. « oui », fit-il.", "Il se tut. …(non), dit-elle."],
            hint="Le premier signe de « — dit-elle » est un tiret : c'est la première lettre qui compte, le « d ».",
        ),
        equals(
            name=_CAPITAL,
            arguments=[["Il rentra.", "— Qui va là ?", "« Personne. »", "12 loups passèrent."]],
            expected=["Il rentra.", "— Qui va là ?", "« Personne. »", "12 loups passèrent."],
            hint="Ces quatre morceaux sont des phrases, rien n'est à recoller : la première lettre est une capitale, ou c'est un chiffre qui commence.",
        ),
        equals(
            name=_CHAIN,
            arguments=[["Hélas !", "oh !", "hélas !", "gémit Pierre, à 9 heures.", "Puis il partit."]],
            expected=["Hélas ! oh ! hélas ! gémit Pierre, à 9 heures.", "Puis il partit."],
            hint="Trois morceaux de suite continuent la même phrase : ils se recollent à la dernière phrase (sentences[-1]).",
            mistakes=(
                (lambda got: "Hélas ! oh ! hélas !" in got, "« gémit Pierre, à 9 heures. » a une capitale et un chiffre, mais commence par une minuscule : seule la première lettre décide."),
            ),
        ),
        equals(
            name=_ACCENT,
            arguments=[["Quoi !", "être seul ?", "à jamais ?", "œil pour œil ?", "Écoute !", "Écoute !"]],
            expected=["Quoi ! être seul ? à jamais ? œil pour œil ?", "Écoute !", "Écoute !"],
            hint="« ê », « à » et « œ » sont des minuscules, mais ne sont pas entre « a » et « z » ; « É » est une capitale. .islower() les connaît. Une phrase dite deux fois reste deux fois.",
        ),
        equals(
            name=_BARE,
            arguments=[["Il se tut.", "— …", "Puis il rit."]],
            expected=["Il se tut. — …", "Puis il rit."],
            hint="« — … » n'a ni lettre ni chiffre : ce n'est pas une phrase. Recollez-le.",
        ),
        equals(
            name=_FIRST,
            arguments=[["fit-il.", "Oui."]],
            expected=["fit-il.", "Oui."],
            hint="Le premier morceau n'a pas de précédent : gardez-le tel quel, même s'il commence par une minuscule.",
        ),
        equals(name=_NO_PIECE, arguments=[[]], expected=[], hint="Sans morceau, rendez une liste vide."),
    ),
)  # fmt: skip

# --- Chasse au bug : mettre bout à bout -----------------------------------------------------------------

_ALL_BOOKS, _NO_BOOK = "garde tous les livres", "rend des colonnes vides sans livre"
_SAME_CHAPTER = "répète le chapitre à chaque paragraphe"
_FORD = _Sample(Book(None, title="Le Gué", role="train"), ["On passe.", "On passe."], ["I", "I"])


def _columns(got):
    """Une colonne peut être un tuple : l'énoncé ne dit rien de sa sorte."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in got.items()}


gather = Card(
    id="corpus.gather",
    title="Bonus · Chasse au bug : la liste recréée",
    statement="La cellule met bout à bout les paragraphes de plusieurs livres, en trois colonnes de même longueur, « book », « chapter » et « paragraph » : titre du livre, chapitre, paragraphe. Elle ne fait aucune erreur, et perd presque tout. Réparez-la ; sans livre, les trois colonnes sont là, vides.",
    difficulty=1,
    minutes=3,
    hints=(
        "Combien de fois la ligne « rows = … » est-elle exécutée ?",
        "Ce qui doit survivre à la boucle se crée avant la boucle.",
    ),
    checks=(
        equals(
            name=_ALL_BOOKS,
            arguments=[[_MILL, _MEADOW, _POND]],
            expected={
                "book": ["Le Moulin", "Le Moulin", "Le Pré", "L'Étang"],
                "chapter": ["I", "II", "I", "I"],
                "paragraph": ["La roue tourne.", "L'eau monte.", "L'herbe est haute.", "Rien ne bouge."],
            },
            hint="Chaque paragraphe fait une ligne : son livre, son chapitre, son texte. Le Moulin en a deux.",
            read=_columns,
            mistakes=(
                ({"book": ["L'Étang"], "chapter": ["I"], "paragraph": ["Rien ne bouge."]}, "Il ne reste que le dernier livre. Ce qui doit survivre à la boucle se crée avant elle ; ensuite, on y ajoute (+=)."),
                (
                    {
                        "book": ["Le Moulin"] * 2,
                        "chapter": ["I", "II"],
                        "paragraph": ["La roue tourne.", "L'eau monte."],
                    },
                    "Il ne reste que le premier livre : un « return » dans la boucle en sort dès le premier tour.",
                ),
                (lambda got: isinstance(got, list) and isinstance(got[0], dict), "Ce sont des lignes, un dictionnaire pour chacune : rendez un seul dictionnaire, de trois colonnes."),
                (lambda got: got["paragraph"] == ["I", "II", "I", "I"], "Les chapitres sont dans la colonne « paragraph » : échangez les deux."),
                (lambda got: isinstance(got["paragraph"][0], list), "La colonne contient des listes : append ajoute la liste entière, += ajoute ses éléments."),
                (lambda got: got["book"] is got["paragraph"], "Les trois colonnes sont une seule et même liste : donnez à chacune la sienne, []."),
                (lambda got: got["book"][:3] == ["L", "e", " "], "Les titres sont épelés, lettre par lettre : pour ajouter un titre, mettez-le entre crochets, [titre]."),
                (lambda got: got["book"] == ["Le Moulin", "Le Pré", "L'Étang"], "Chaque titre n'y est qu'une fois ; il se répète à chaque paragraphe : [titre] * len(book.paragraphs)."),
            ),
        ),
        equals(
            name=_SAME_CHAPTER,
            arguments=[[_FORD]],
            expected={"book": ["Le Gué"] * 2, "chapter": ["I", "I"], "paragraph": ["On passe.", "On passe."]},
            hint="Les deux paragraphes sont du même chapitre, et disent la même chose : chacun fait sa ligne, et le chapitre s'écrit deux fois.",
            read=_columns,
        ),
        equals(
            name=_NO_BOOK,
            arguments=[[]],
            expected={"book": [], "chapter": [], "paragraph": []},
            hint="Sans livre, rendez trois colonnes vides.",
            read=_columns,
        ),
    ),
)  # fmt: skip

CARDS = (
    end_of_book,
    cut_frame,
    paragraphs,
    split_by_book,
    first_accepted,
    header_number,
    decode,
    is_french,
    rejoin,
    gather,
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
                "Parce que le modèle ne lit que des livres entiers.",
                False,
                "Il lit des morceaux de quelques centaines de mots, où qu'ils commencent.",
            ),
        ),
    ),
    Quiz(
        "corpus.verite",
        "Qui fournit la « bonne réponse » quand un modèle apprend à continuer un texte ?",
        (
            Option(
                "Personne : c'est de l'apprentissage sans réponse.",
                False,
                "Il y en a une à chaque pas, et le modèle est corrigé d'après elle.",
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
