"""Leçon 01 : du fichier brut de Gutenberg au corpus découpé.

Le fichier se lit de haut en bas, dans l'ordre du travail :

    fetch       trouver le fichier (disque, miroir, Gutenberg)      octets
    decode      en faire des caractères                             texte
    accept      vérifier que c'est bien ce livre, en français       texte, ou refus motivé
    cut_frame   ôter l'en-tête et la licence                        texte
    remove_edition (aurore/cleaning/edition.py)  ôter libraire et transcripteurs
    paragraphs  joindre les lignes coupées, unifier la typographie  liste de paragraphes
    SentenceSplitter  découper en phrases                           liste de phrases
    build_dataset     répartir par livre entier                     datasets.DatasetDict

Chaque étape est une fonction qu'on peut écrire soi-même en dix minutes.
"""

import json
import multiprocessing
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from nltk.tokenize import punkt
from tqdm.auto import tqdm

from aurore import download, language, settings
from aurore.cleaning import cuts, encodings
from aurore.cleaning.blocks import Account, split_blocks, visible
from aurore.cleaning.cuts import Cuts
from aurore.cleaning.edition import foreign_share, is_heading, remove_edition
from aurore.cleaning.frame import END, ends_with_fin, split_books, start_of_book
from aurore.cleaning.lines import join_lines, uniform_typography, wrap_width
from aurore.settings import AuroreError
from aurore.storage import (
    atomic_directory,
    check_replaceable,
    damaged,
    explain_os_error,
    keep_if_foreign,
    read_limited,
    recover,
    registry,
    set_aside,
    write_atomic,
    write_texts,
)

# --- Le catalogue ---------------------------------------------------------------------------------------

ROLES = ("train", "validation", "test", "base", "piege")
STORIES = ("roman", "conte")  # les genres qui racontent ; ni lettres, ni mémoires, ni théâtre


@dataclass(frozen=True)
class Book:
    """Une ligne du catalogue, ou un livre apporté, dont `source` nomme le fichier.

    `markers` : le fichier porte-t-il les marqueurs de Gutenberg ?
    """

    id: int | None
    author: str = ""
    title: str = ""
    year: int = 0
    genre: str = ""
    role: str = "train"
    slides: bool = False
    markers: bool = True
    reason: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        if self.source:
            return self.source
        return f"{self.title} ({self.id})" if self.title else f"livre {self.id}"


def load_catalogue(path: Path | None = None) -> dict[int, Book]:
    """Lit un catalogue TOML et rend `{numéro: Book}`. Par défaut, celui du corpus choisi."""
    path = path or (settings.PASTICHE if settings.corpus_name() == "pastiche" else settings.DATA) / "catalogue.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["book"]
    books = {entry["id"]: Book(**entry) for entry in entries}
    wrong = [book.name for book in books.values() if book.role not in ROLES]
    if wrong or len(books) != len(entries):
        raise AuroreError(
            f"{path} : rôle inconnu ({', '.join(wrong) or 'aucun'}) ou numéro en double. Rôles permis : {', '.join(ROLES)}."
        )
    return books


# --- 1. Trouver le fichier ------------------------------------------------------------------------------


class Refused(AuroreError):
    """Ce qui est arrivé n'est pas le livre attendu ; le message dit ce que c'est et quoi faire."""


class Unreachable(AuroreError):
    """Aucune source n'a répondu."""


# Les miroirs d'abord : Gutenberg demande de ne pas moissonner son site.
GUTENBERG = ("https://gutenberg.pglaf.org", "https://aleph.gutenberg.org", "https://www.gutenberg.org")


def layouts(book_id: int) -> list[str]:
    """Les chemins où Gutenberg range un livre, du plus soigné (UTF-8) au plus ancien (sept bits)."""
    digits = str(book_id)
    tree = "/".join(digits[:-1]) or "0"
    names = [f"{book_id}-0.txt", f"{book_id}-8.txt", f"{book_id}.txt"]
    return (
        [f"files/{book_id}/{names[0]}", f"cache/epub/{book_id}/pg{book_id}.txt", f"files/{book_id}/{names[1]}"]
        + [f"{tree}/{book_id}/{name}" for name in names[:2]]
        + [f"ebooks/{book_id}.txt.utf-8", f"files/{book_id}/{names[2]}", f"{tree}/{book_id}/{names[2]}"]
    )


def first_accepted(
    paths: Iterable[str], read: Callable[[str], bytes | None], check: Callable[[bytes], object]
) -> bytes | None:
    """Essaie des chemins dans l'ordre ; rend les octets du premier fichier accepté.

    `read(path)` rend des octets, ou `None` si rien n'est là ; `check(raw)` lève `Refused` si ce n'est pas le
    livre voulu. Rien n'est demandé après le premier bon fichier. Rend `None` si rien n'a été trouvé ; lève le
    premier `Refused` si tout ce qui l'a été est à rejeter.
    """
    refusal = None
    for path in paths:
        raw = read(path)
        if raw is None:
            continue
        try:
            check(raw)
        except Refused as error:
            refusal = refusal or error
        else:
            return raw
    if refusal:
        raise refusal
    return None


@dataclass
class Fetcher:
    """Va chercher les livres : disque, puis `AURORE_MIRROR`, puis Gutenberg.

    `cache` est le dossier des fichiers acceptés. Un fichier refusé n'y entre jamais ; un fichier du cache
    qui n'est plus bon est mis de côté sous le nom `….refuse` et retéléchargé.
    """

    cache: Path
    sources: tuple[str, ...]
    asked: download.Sources = field(default_factory=download.Sources)

    @classmethod
    def from_settings(cls) -> "Fetcher":
        """Sources et cache d'après les variables d'environnement."""
        if settings.corpus_name() == "pastiche":
            return cls(settings.home() / "pastiche", (str(settings.PASTICHE),))
        mirror = settings.mirror()
        if mirror and "://" not in mirror and not settings.expanded(mirror, "AURORE_MIRROR").is_dir():
            raise AuroreError(
                f"AURORE_MIRROR={mirror} : ce dossier n'existe pas. Donnez un dossier rangé comme Gutenberg, ou une adresse http(s)://."
            )
        return cls(settings.home() / "gutenberg", ((mirror,) if mirror else ()) + GUTENBERG)

    def fetch(self, book: Book) -> bytes:
        """Rend les octets d'un livre accepté.

        Lève `Refused` si tout ce qui a été trouvé est à rejeter, `Unreachable` si aucune source ne répond.
        """
        _check_not_trap(book)
        cached = self.cache / f"{book.id}.txt"
        if cached.is_file():
            try:
                raw = read_limited(cached, download.MAX_BYTES)
                accept(raw, book)
                return raw
            except AuroreError:
                set_aside(cached, cached.with_suffix(".refuse"))
            except OSError:
                pass  # illisible : on le laisse, et l'on cherche ailleurs
        refusal: Refused | None = None
        troubles: dict[str, str] = {}
        for source in self.sources:
            try:
                read = partial(self.asked.read, source, troubles)
                raw = first_accepted(layouts(book.id), read, partial(accept, book=book))
            except Refused as error:
                refusal = refusal or error
                continue
            except download.Broken as error:
                raw, troubles[source] = None, str(error)
            self.asked.count(source, raw is not None, troubles.get(source))
            if raw is not None:
                if "://" in source and not cached.exists():
                    write_atomic(cached, raw)
                return raw
        raise refusal or self._not_found(book, troubles)

    def _not_found(self, book: Book, troubles: dict[str, str]) -> AuroreError:
        reasons = "".join(f" ({source} : {reason})" for source, reason in (troubles | self.asked.unreachable).items())
        if len(self.asked.unreachable) == len(self.sources):
            advice = "Vérifiez le réseau, ou indiquez un dossier de livres avec AURORE_MIRROR, ou choisissez AURORE_CORPUS=pastiche."
            return Unreachable(f"{book.name} : aucune source ne répond{reasons}. {advice}")
        if troubles:
            advice = "Réessayez plus tard, ou choisissez un autre miroir avec AURORE_MIRROR."
            return AuroreError(f"{book.name} : aucune source ne répond comme il faut{reasons}. {advice}")
        advice = "Vérifiez le numéro sur la page du livre, ou apportez le fichier avec « prepare --file »."
        return AuroreError(f"{book.name} : introuvable dans les sources connues{reasons}. {advice}")


# --- 2. Décoder -----------------------------------------------------------------------------------------

# Caractères de contrôle (sauf tabulation et fin de ligne), marques d'ordre, espaces de largeur nulle, césures.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff]")


def decode(raw: bytes) -> str:
    """Octets → texte, fins de ligne « \\n », sans caractères invisibles.

    UTF-8 s'il est valide (avec ou sans BOM) ; sinon Windows-1252, qui contient ISO-8859-1 et rend « œ » et
    « ’ » aux fichiers qui se disent ISO-8859-1 sans l'être : la déclaration de l'en-tête n'est pas crue. Ce qui
    n'est écrit ni ainsi ni ainsi est ramené à l'UTF-8 avant d'arriver ici (`encodings.mend`).
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "".join(_cp1252(raw))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _INVISIBLE.sub("", text)


def _cp1252(raw: bytes) -> Iterable[str]:
    # Cinq octets (81, 8D, 8F, 90, 9D) n'ont pas de sens en cp1252 : ISO-8859-1 les rend, `decode` les ôte.
    try:
        yield raw.decode("cp1252")
    except UnicodeDecodeError:
        for byte in raw:
            one = bytes([byte])
            yield one.decode("cp1252", errors="ignore") or one.decode("latin-1")


# --- 3. Accepter ou refuser -----------------------------------------------------------------------------

_NUMBER = re.compile(r"\[\s*(?:e-?text|e-?book)\s*#\s*(\d+)\s*\]", re.IGNORECASE)
_FIELD = {name: re.compile(rf"^{name}:\s*(.+)$", re.MULTILINE | re.IGNORECASE) for name in ("Title", "Author")}
ACCENTED = language.ACCENTED


def accept(raw: bytes, book: Book) -> str:
    """Rend le texte décodé si c'est bien `book`, en français, entier ; lève `Refused` sinon."""
    _check_not_trap(book)
    if not raw.strip():
        raise Refused(
            f"{book.name} : le fichier est vide. "
            + (
                "Téléchargez-le de nouveau."
                if book.source
                else "Effacez-le et relancez, ou choisissez une autre source avec AURORE_MIRROR."
            )
        )
    try:
        text = decode(encodings.mend(raw)[0])
    except encodings.Unreadable as error:
        raise Refused(f"{book.name} : {error}") from None
    _check_not_page(text, book)
    _check_whole(text, book)
    _check_number(text, book)
    _check_french(text, book)
    return text


def _check_not_page(text: str, book: Book) -> None:
    if not re.match(r"\s*(?:<!doctype|<html|<\?xml|<head)", text, re.IGNORECASE) and not re.search(
        r"<(?:html|body)\b", text[:5000], re.IGNORECASE
    ):
        return
    if book.source:
        raise Refused(
            f"{book.name} : c'est une page web ou un document XML, pas le texte du livre. Prenez, sur la page du livre, le fichier « Plain Text UTF-8 »."
        )
    raise Refused(
        f"{book.name} : c'est une page web{_captcha(text)}, pas le texte du livre. Attendez quelques minutes, ou choisissez un autre miroir avec AURORE_MIRROR."
    )


def _check_not_trap(book: Book) -> None:
    if book.role == "piege":
        raise Refused(f"{book.name} est un piège du catalogue : {book.reason}. Choisissez un autre livre.")


def _captcha(text: str) -> str:
    return (
        " qui demande de prouver que vous êtes humain"
        if re.search(r"captcha|robot|humain|human", text, re.IGNORECASE)
        else ""
    )


def _check_whole(text: str, book: Book) -> None:
    start = start_of_book(text)
    if start == 0 and not book.markers:
        return
    if start == 0:
        advice = (
            "si c'est bien un livre entier, mettez-lui pour première ligne « *** START OF THE PROJECT GUTENBERG EBOOK *** » et pour dernière « *** END OF THE PROJECT GUTENBERG EBOOK *** »"
            if book.source
            else "si vous êtes sûr du fichier, ajoutez-le au catalogue avec « markers = false »"
        )
        raise Refused(
            f"{book.name} : aucun marqueur « START OF … GUTENBERG EBOOK ». Ce n'est pas un fichier de Gutenberg, ou son début manque ; {advice}."
        )
    if not END.search(text, start) and not ends_with_fin(text):
        advice = "Téléchargez-le de nouveau" if book.source else "Effacez-le et relancez le téléchargement"
        raise Refused(f"{book.name} : le marqueur de fin manque, le fichier est tronqué. {advice}.")
    books = len(split_books(text))
    if books > 1:
        raise Refused(
            f"{book.name} : le fichier contient {books} livres, et rien ne dit lequel est le bon. Apportez-le avec « prepare --file », qui les sépare."
        )


def _check_number(text: str, book: Book) -> None:
    found = header_number(text)
    if book.id is not None and found is not None and found != book.id:
        title = (_FIELD["Title"].search(text) or [None, "?"])[1]
        raise Refused(
            f"{book.name} : le fichier est un autre livre, le numéro {found} (« {title.strip()} »). Vérifiez le numéro demandé ou le rangement du miroir."
        )


def header_number(text: str) -> int | None:
    """Le numéro de livre écrit dans l'en-tête, ou `None`."""
    match = _NUMBER.search(text[:20_000])
    return int(match.group(1)) if match else None


def is_french(text: str) -> bool:
    """Dit si un texte est en français, à la part de ses mots-outils (« le », « que », « dans »…).

    Les accents n'en disent rien : une traduction anglaise en garde dans les noms propres. Un texte de moins de
    cinquante mots n'est pas reconnu.
    """
    return language.language_of(text) == "fr"


def _check_french(text: str, book: Book) -> None:
    # Un morceau pris loin des pages de titre suffit, et coûte cent fois moins que le livre.
    body = cut_frame(text)
    sample = body[len(body) // 10 :][:200_000]
    count = len(language.words(body))
    if count < 50:
        raise Refused(f"{book.name} : le texte est trop court, {count} mots, pour qu'on y reconnaisse un livre.")
    if not is_french(sample):
        english = language.language_of(sample) == "en"
        what = "du texte anglais" if english else "un texte dont le français n'est pas reconnu"
        raise Refused(
            f"{book.name} : c'est {what}. L'atelier n'apprend que le français ; choisissez un livre français."
        )
    # Le moyen français a peu d'accents ; une édition à sept bits n'en a aucun.
    if len(ACCENTED.findall(sample)) < 0.0005 * sum(map(str.isalpha, sample)):
        raise Refused(
            f"{book.name} : édition à sept bits, sans accents. Cherchez, sur la page du livre, une édition accentuée (en UTF-8) ; s'il n'y en a pas, choisissez un autre livre."
        )


# --- 4. Couper le cadre ---------------------------------------------------------------------------------


def cut_frame(text: str) -> str:
    """Rend ce qui se trouve entre les marqueurs de début et de fin.

    On ne compte pas les lignes et l'on ne cherche pas « END » n'importe où : la licence contient « SEND
    DONATIONS », et la règle naïve y laisserait plus de trois cents lignes d'anglais. Sans marqueur de
    début, le texte est rendu depuis son commencement (`accept` en a décidé avant).
    """
    rest = text[start_of_book(text) :]
    return rest[: end_of_book(rest)].strip("\n")


def end_of_book(text: str) -> int:
    """Rend la position où commence le marqueur de fin, ou la longueur du texte s'il n'y en a pas."""
    end = END.search(text)
    return end.start() if end else len(text)


# --- 5. Paragraphes et typographie ----------------------------------------------------------------------


def paragraphs(text: str) -> list[str]:
    """Rend les paragraphes d'un texte aux lignes coupées : une chaîne par paragraphe, sans fin de ligne.

    Un vers fait un paragraphe, une réplique aussi. La typographie est unifiée (`uniform_typography`).
    """
    blocks = split_blocks(text)
    width = wrap_width(blocks)
    vocabulary = frozenset(re.findall(r"[^\W\d_]+", text.lower()))
    joined = (piece for block in blocks for piece in join_lines(block.lines, width, vocabulary))
    result = (uniform_typography(piece) for piece in joined)
    return [paragraph for paragraph in result if re.search(r"\w", paragraph)]


# --- Tout ensemble --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CleanBook:
    """Un livre nettoyé : `paragraphs` et, pour chacun, le titre du chapitre en cours (ou « »).

    `cuts` rend compte de ce qui a été ôté, `remarks` dit ce qui a été réparé.
    """

    book: Book
    paragraphs: list[str]
    chapters: list[str]
    cuts: Cuts | None = field(default=None, compare=False)
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def title(self) -> str:
        """Le titre du livre, ou de quoi le nommer s'il n'en a pas."""
        return self.book.title or self.book.name

    @property
    def role(self) -> str:
        """La part du corpus où il va."""
        return self.book.role

    @property
    def text(self) -> str:
        """Un paragraphe par ligne, avec une fin de ligne au bout."""
        return "\n".join(self.paragraphs) + "\n"


def clean(raw: bytes, book: Book) -> CleanBook:
    """Octets d'un fichier de Gutenberg → livre nettoyé. Lève `Refused` comme `accept`."""
    text = accept(raw, book)
    inside = cut_frame(text)
    share, foreign = foreign_share(inside)
    if share > 0.04:
        raise Refused(
            f"{book.name} : édition scolaire, où {share:.0%} des mots sont d'un appareil en {foreign} (introduction, notes, vocabulaire) mêlé au texte. Cherchez une édition française du même livre."
        )
    account = Account()
    found = paragraphs(remove_edition(inside, account))
    if not found:
        raise Refused(
            f"{book.name} : il ne reste rien une fois le cadre ôté. Vérifiez que le fichier contient bien un texte."
        )
    kept, frame = visible("".join(found)), visible(text) - visible(inside)
    removed = Cuts(book.title or book.name, kept, frame, account)
    return CleanBook(book, found, chapters_of(found), removed, tuple(encodings.mend(raw)[1]))


_CHAPTER = re.compile(
    r"^(?:(?:CHAPITRE|Chapitre|LIVRE|Livre|LETTRE|Lettre|SC[ÈE]NE|Scène|ACTE|Acte|PROLOGUE|[ÉE]PILOGUE|PR[ÉE]FACE|Préface|NOTICE|Notice"
    r"|INTRODUCTION|CONCLUSION)\b.{0,100}|.{0,30}\b(?:PARTIE|Partie)\b.{0,40}|[IVXLC]{1,8}\.?|[IVXLC]{1,8}(?:\.| —) .{0,100})$"
)


def chapters_of(found: list[str]) -> list[str]:
    """Rend, pour chaque paragraphe, le titre du chapitre en cours ; « » avant le premier titre.

    Un titre est un numéro, un mot comme « CHAPITRE », ou une ligne en capitales qui ne revient pas (un nom
    de personnage, dans une pièce, revient sans cesse). Deux titres qui se suivent n'en font qu'un.
    """
    counts = Counter(found)
    chapters, current, previous_was_title = [], "", False
    for paragraph in found:
        title = bool(_CHAPTER.match(paragraph)) or (
            is_heading(paragraph) and len(paragraph) >= 4 and counts[paragraph] <= 2 and paragraph.upper() == paragraph
        )
        if title:
            current = f"{current} — {paragraph}" if previous_was_title and len(current) < 60 else paragraph
        previous_was_title = title
        chapters.append(current)
    return chapters


# --- 6. Phrases -----------------------------------------------------------------------------------------

# Ces abréviations précèdent un nom propre ou un nombre, et manquent souvent d'exemples dans un petit corpus.
ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle mlles mgr me dr st ste sts cf ex p pp vol chap liv art no n° t éd av boul".split()
)
# Celles-ci terminent volontiers une phrase : devant une capitale, leur point est une fin.
CLOSING_ABBREVIATION = re.compile(r"\b(?:etc|fr|c|cent|P\.-S)\.(?=\s[«—(]?\s?(?![IVXLC]+\b)[A-ZÀ-ÖØ-ÞŒ])")
# Celles-là annoncent un nombre : « 3 fr. 50 », « ch. IV », « p. 12 » ne se coupent pas.
COUNTING_ABBREVIATION = re.compile(
    r"(?i)(?:^|[\s(«'])(?:fr|c|ch|chap|cap|p|pp|pag|art|t|tom|vol|liv|n|no|nos|fig|v|l|f|fol|col|pl|sc|act|sect|par|éd|lett|vers)\.$"
)
# Une unité, entre deux nombres : « 3 h. 20 », « 1 m. 60 », « 4 kil. 500 gr. ».
UNIT = re.compile(r"\d\s(?:h|min|s|d|m|gr|kil|kilog|pi|po|lig|deg)\.$")
NUMBER_START = re.compile(r"^\W*(?:\d|[IVXLCDM]+\b|[ivxlc]+\b)")
ENUMERATOR = re.compile(r"^\W*(?:[IVXLC]{1,8}|\d{1,3}|[A-Z])\.$")  # « IV. », « 3. », en tête de titre
NUMBERED = re.compile(
    r"(?i)\b(?:ch|chap|liv|t|art|tom|vol|sc|act|pl|fig|sect)\.\s[IVXLC]\.$"
)  # « ch. I. » n'a pas d'initiale
INITIAL = re.compile(r"(?:^|[\s.«—(-])[A-ZÉ]\.$")


class FrenchVars(punkt.PunktLanguageVars):
    """Ce que Punkt doit savoir du français : « … » finit une phrase, « » » la referme, « — » n'est pas un mot."""

    sent_end_chars = (".", "?", "!", "…")
    internal_punctuation = ",:;—"
    re_boundary_realignment = re.compile(r"[\"')\]}»]+?(?:\s+|(?=—)|$)", re.MULTILINE)


class SentenceSplitter:
    """Punkt (Kiss et Strunk, 2006), entraîné sur le corpus lui-même, avec quatre règles du français.

    1. Une phrase ne commence pas par une minuscule : « Ah ! fit-il » n'est pas coupé.
    2. Le guillemet fermant, même précédé d'une espace, reste avec la phrase qu'il ferme.
    3. Une initiale (« J. D. T. ») ou un numéro de titre (« IV. ») ne finit pas une phrase.
    4. « etc. » ou « fr. » devant une capitale en finit une.
    """

    def __init__(self, parameters: punkt.PunktParameters | None = None) -> None:
        self.parameters = parameters or punkt.PunktParameters()
        self.parameters.abbrev_types |= ABBREVIATIONS
        self._tokenizer = punkt.PunktSentenceTokenizer(self.parameters, lang_vars=FrenchVars())

    @classmethod
    def train(cls, texts: Iterable[str], max_characters: int = 2_000_000) -> "SentenceSplitter":
        """Apprend abréviations et débuts de phrases sur au plus `max_characters` caractères."""
        trainer = punkt.PunktTrainer(lang_vars=FrenchVars())
        trainer.INCLUDE_ALL_COLLOCS = False
        read = 0
        for text in texts:
            trainer.train(text[: max_characters - read], finalize=False)
            read += len(text)
            if read >= max_characters:
                break
        trainer.finalize_training()
        parameters = trainer.get_params()
        parameters.abbrev_types = {word for word in parameters.abbrev_types if _looks_abbreviated(word)}
        return cls(parameters)

    def split(self, paragraph: str) -> list[str]:
        """Rend les phrases d'un paragraphe, sans blancs autour."""
        if not re.search(r"[.!?…]\W*\s\S", paragraph):
            return [paragraph] if paragraph.strip() else []
        sentences = _rejoin_open(rejoin(self._tokenizer.tokenize(paragraph)))
        return [part.strip() for sentence in sentences for part in _after_closing_abbreviations(sentence)]

    def save(self, path: Path) -> None:
        """Enregistre les paramètres en JSON (jamais en pickle, qui exécuterait ce qu'il contient)."""
        content = {
            "abbreviations": sorted(self.parameters.abbrev_types),
            "collocations": sorted(self.parameters.collocations),
            "sentence_starters": sorted(self.parameters.sent_starters),
            "orthographic_context": dict(self.parameters.ortho_context),
        }
        write_atomic(path, json.dumps(content, ensure_ascii=False))

    @classmethod
    def load(cls, path: Path) -> "SentenceSplitter":
        """Relit ce qu'a écrit `save`."""
        content = json.loads(path.read_text(encoding="utf-8"))
        parameters = punkt.PunktParameters()
        parameters.abbrev_types = set(content["abbreviations"])
        parameters.collocations = {tuple(pair) for pair in content["collocations"]}
        parameters.sent_starters = set(content["sentence_starters"])
        parameters.ortho_context.update(content["orthographic_context"])
        return cls(parameters)

    def count(self, text: str) -> int:
        """Nombre de phrases d'un texte à un paragraphe par ligne."""
        return sum(len(self.split(paragraph)) for paragraph in text.split("\n"))


def _looks_abbreviated(word: str) -> bool:
    """Punkt prend pour abréviation tout mot rare vu devant un point ; on ne garde que ce qui en a la forme."""
    return "." in word or not re.search(r"[aeiouyàâéèêëîïôùûü]", word)


def rejoin(pieces: list[str]) -> list[str]:
    """Recolle au précédent, par une espace, tout morceau qui ne commence pas une phrase (règle 1).

    C'est celui dont la première lettre est une minuscule, ou qui n'a ni lettre ni chiffre.
    """
    sentences: list[str] = []
    for piece in pieces:
        first = re.search(r"\w", piece)
        if sentences and (first is None or first.group().islower()):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _rejoin_open(pieces: list[str]) -> list[str]:
    """Recolle ce que précède une initiale ou un numéro de titre, un nombre après « fr. » ou « ch. », et « » » ou une virgule."""
    sentences: list[str] = []
    for piece in pieces:
        counted = bool(sentences) and _counts(sentences[-1]) and NUMBER_START.match(piece)
        if sentences and (_is_open(sentences[-1]) or counted or re.match(r"\s*[»,;:]", piece)):
            sentences[-1] += " " + piece
        else:
            sentences.append(piece)
    return sentences


def _is_open(sentence: str) -> bool:
    return bool(ENUMERATOR.match(sentence) or (INITIAL.search(sentence) and not NUMBERED.search(sentence)))


def _counts(sentence: str) -> bool:
    return bool(COUNTING_ABBREVIATION.search(sentence) or UNIT.search(sentence))


def _after_closing_abbreviations(sentence: str) -> list[str]:
    cuts = [0, *(match.end() for match in CLOSING_ABBREVIATION.finditer(sentence)), len(sentence)]
    return [sentence[start:end] for start, end in pairwise(cuts)]


# --- 7. Le jeu de données -------------------------------------------------------------------------------

SPLITS = ("train", "validation", "test", "base")


class Duplicate(AuroreError):
    """Un même texte tiendrait deux rôles : l'évaluation ne voudrait plus rien dire."""


def select_books(choice: str, catalogue: dict[int, Book]) -> list[Book]:
    """Traduit `sand`, `all` ou une liste de numéros (`23582,34204`) en livres.

    `sand` : les livres à répartir (train, validation, test) ; `all` : ceux-là et `base`. Les pièges n'en
    sont jamais, sauf nommés par leur numéro (ils seront alors refusés). Un numéro hors catalogue est
    permis : le livre ira dans `train`.
    """
    if choice in ("sand", "all"):
        roles = SPLITS if choice == "all" else SPLITS[:3]
        return [book for book in catalogue.values() if book.role in roles]
    numbers = [part.strip() for part in choice.split(",") if part.strip()]
    if not numbers or not all(re.fullmatch("[0-9]+", number) for number in numbers):
        raise AuroreError(
            f"--books {choice} : attendu « all », « sand », ou des numéros séparés par des virgules, par exemple 23582,34204."
        )
    return [catalogue.get(int(number), Book(int(number))) for number in numbers]


def clean_all(books: list[Book], fetcher: Fetcher) -> tuple[list[CleanBook], list[AuroreError]]:
    """Cherche et nettoie des livres, sur plusieurs processus quand ils sont nombreux.

    Rend les livres nettoyés, dans l'ordre, et les refus. Si aucune source ne répond, lève `Unreachable`
    tout de suite plutôt que de l'apprendre livre par livre.
    """
    refused, raws = [], []
    for book in tqdm(books, desc="Livres", unit="livre", leave=False, delay=1):
        try:
            raws.append((fetcher.fetch(book), book))
        except Unreachable:
            raise
        except AuroreError as error:
            refused.append(error)
    columns = [list(column) for column in zip(*raws, strict=True)] or [[], []]
    return _in_parallel(clean, *columns, description="Nettoyage"), refused


def same_texts(books: list[CleanBook], shared: float = 0.05) -> list[tuple[int, int, int]]:
    """Rend les paires de livres qui ont plus de `shared` de leurs longs alinéas en commun : rangs, et combien d'alinéas.

    Les alinéas d'au moins cent lettres sont comparés sans ponctuation ni casse : deux éditions d'un même
    texte en partagent presque tous, deux œuvres différentes presque aucun.
    """
    owners: dict[str, set[int]] = {}
    sizes = []
    for index, book in enumerate(books):
        keys = {
            key for key in (re.sub(r"\W+", "", paragraph.lower()) for paragraph in book.paragraphs) if len(key) >= 100
        }
        sizes.append(len(keys))
        for key in keys:
            owners.setdefault(key, set()).add(index)
    common = Counter((i, j) for group in owners.values() if len(group) > 1 for i in group for j in group if i < j)
    return [(i, j, count) for (i, j), count in common.items() if count > shared * min(sizes[i], sizes[j])]


def check_roles(books: list[CleanBook], shared: float = 0.05) -> None:
    """Lève `Duplicate` si deux livres de rôles différents sont un même texte (`same_texts`)."""
    for i, j, count in same_texts(books, shared):
        one, other = books[i].book, books[j].book
        if one.role != other.role:
            raise Duplicate(
                f"Le même texte tient deux rôles : {one.name} est « {one.role} », {other.name} est « {other.role} » ({count} alinéas communs). Donnez-leur le même rôle dans le catalogue, ou écartez l'un des deux."
            )


def build_dataset(books: list[CleanBook]):
    """Rend un `datasets.DatasetDict` : une ligne par paragraphe, colonnes `book`, `chapter`, `paragraph`.

    Les parties viennent des rôles, par livre entier ; une partie vide est présente, sans lignes.
    """
    import datasets  # lourd : deux secondes qu'on ne paie que si l'on s'en sert

    check_roles(books)
    features = datasets.Features({name: datasets.Value("string") for name in ("book", "chapter", "paragraph")})
    parts = split_by_book(books)
    kept = [role for role in SPLITS if parts[role] or role != "base"]
    return datasets.DatasetDict(
        {role: datasets.Dataset.from_dict(gather(parts[role]), features=features) for role in kept}
    )


def split_by_book(books: list[CleanBook]) -> dict[str, list[CleanBook]]:
    """Rend `{part: livres}` pour chaque part de `SPLITS`, même vide ; un livre va tout entier là où dit son rôle."""
    return {part: [book for book in books if book.role == part] for part in SPLITS}


def gather(books: list[CleanBook]) -> dict[str, list[str]]:
    """Rend les colonnes `book`, `chapter` et `paragraph` : une ligne par paragraphe, un livre après l'autre."""
    rows: dict[str, list[str]] = {"book": [], "chapter": [], "paragraph": []}
    for book in books:
        rows["book"] += [book.title] * len(book.paragraphs)
        rows["chapter"] += book.chapters
        rows["paragraph"] += book.paragraphs
    return rows


def save_dataset(dataset, folder: Path) -> None:
    """Enregistre avec `save_to_disk`, dans un dossier provisoire mis en place d'un coup."""
    import datasets

    datasets.disable_progress_bars()
    with atomic_directory(folder, "corpus") as temporary:
        # Un fichier par part, même vide : sans cela, une part vide ne se relit pas.
        dataset.save_to_disk(str(temporary), num_shards=dict.fromkeys(dataset, 1))


def load_dataset(folder: Path | None = None):
    """Relit le jeu de données préparé ; dit quoi faire s'il manque ou s'il est abîmé."""
    import datasets

    folder = folder or dataset_folder()
    recover(folder)
    if not (folder / "dataset_dict.json").is_file():
        raise AuroreError(f"Pas de corpus préparé dans {folder}. Lancez d'abord « python -m aurore prepare ».")
    try:
        spoiled = ", ".join(damaged(folder))
        if not spoiled:
            return datasets.load_from_disk(str(folder))
    except Exception as error:
        spoiled = type(error).__name__
    raise AuroreError(
        f"Le corpus de {folder} est illisible ou abîmé ({spoiled}). Relancez « python -m aurore prepare » pour le refaire."
    )


def dataset_folder() -> Path:
    """Dossier du corpus préparé."""
    return settings.home() / "dataset"


def texts_by_book(split) -> dict[str, str]:
    """Rend `{titre: texte}` d'une partie du corpus, un paragraphe par ligne."""
    books: dict[str, list[str]] = {}
    for title, paragraph in zip(split["book"], split["paragraph"], strict=True):
        books.setdefault(title, []).append(paragraph)
    return {title: "\n".join(found) + "\n" for title, found in books.items()}


def open_library() -> tuple[dict[int, Book], Fetcher]:
    """Rend le catalogue et de quoi aller y chercher les livres.

    Quand aucun des premiers livres n'est à portée (réseau coupé, page de connexion à la place des fichiers,
    miroir vide), le dit une fois, avec la raison, et rend le pastiche : l'atelier continue.
    """
    catalogue, fetcher = load_catalogue(), Fetcher.from_settings()
    reason = _why_out_of_reach(catalogue, fetcher)
    if reason is None:
        return catalogue, fetcher
    return _fall_back(reason)


def _fall_back(reason: AuroreError) -> tuple[dict[int, Book], Fetcher]:
    if settings.corpus_name() == "pastiche":
        raise reason
    print("Les livres de Gutenberg ne sont ni sur le disque ni joignables.")
    print("L'atelier continue avec le pastiche, écrit pour lui.")
    print(f"({reason})")
    return open_pastiche()


def open_pastiche() -> tuple[dict[int, Book], Fetcher]:
    """Rend le catalogue du pastiche et de quoi en lire les livres : ils sont dans le dépôt, aucun réseau ne sert."""
    catalogue = load_catalogue(settings.PASTICHE / "catalogue.toml")
    return catalogue, Fetcher(settings.home() / "pastiche", (str(settings.PASTICHE),))


def _why_out_of_reach(catalogue: dict[int, Book], fetcher: Fetcher, tries: int = 3) -> AuroreError | None:
    """La raison pour laquelle les premiers livres manquent, ou `None` si l'un d'eux est là."""
    reason = None
    for book in [book for book in catalogue.values() if book.role == "train"][:tries]:
        try:
            fetcher.fetch(book)
            return None
        except Unreachable as error:
            return error
        except AuroreError as error:
            reason = error
    return reason


def prepare(choice: str = "sand", export: Path | None = None) -> dict:
    """Toute la leçon en un appel : chercher, nettoyer, découper, répartir, enregistrer.

    Rend un compte rendu : `corpus`, `books`, `characters`, `sentences`, `refused`. Sans livres de Gutenberg
    à portée, garde le corpus déjà préparé avec de vrais livres, ou prend le pastiche ; sauf si des numéros précis
    étaient demandés.
    """
    check_replaceable(dataset_folder(), "corpus")
    catalogue, fetcher = load_catalogue(), Fetcher.from_settings()
    if choice in ("sand", "all") and (reason := _why_out_of_reach(catalogue, fetcher)):
        if settings.corpus_name() != "pastiche" and (kept := _prepared_books()):
            print(f"Les livres ne sont pas à portée : le corpus déjà préparé est gardé tel quel.\n({reason})")
            numbers = {book.title: str(book.id) for book in catalogue.values()}
            _export({numbers.get(book.title, book.title): book for book in kept}, export)
            return _report(kept, "déjà préparé", [], SentenceSplitter.train([book.text for book in kept]))
        catalogue, fetcher = _fall_back(reason)
    cleaned, refused = clean_all(select_books(choice, catalogue), fetcher)
    if not cleaned:
        raise refused[0] if refused else AuroreError("Aucun livre n'a été choisi. Essayez « --books sand ».")
    name = "pastiche" if str(settings.PASTICHE) in fetcher.sources else settings.corpus_name()
    return finish(cleaned, export, name, refused)


def prepare_files(files: list[Path], export: Path | None = None) -> dict:
    """Comme `prepare`, pour des fichiers de Gutenberg apportés ; un fichier refusé n'empêche pas les autres.

    Un livre seul est réparti par paragraphes (80 % train, 10 % validation, 10 % test, dans l'ordre) ;
    à partir de trois, le dernier sert de test et l'avant-dernier de validation. Un fichier qui contient plusieurs
    livres les donne tous. Lève `AuroreError` si aucun n'est accepté.
    """
    check_replaceable(dataset_folder(), "corpus")
    cleaned, refused, remarks = [], [], []
    for path in files:
        try:
            whole = read_limited(path, download.MAX_BYTES)
            texts = split_books(decode(encodings.mend(whole)[0]))
        except OSError as error:
            refused.append(explain_os_error(error, path))
            continue
        except encodings.Unreadable as error:
            refused.append(Refused(f"{path.name} : {error}"))
            continue
        except AuroreError as error:
            refused.append(error)
            continue
        if len(texts) > 1:
            remarks.append(f"{path.name} contient {len(texts)} livres : chacun est nettoyé et exporté à part.")
        for rank, text in enumerate(texts, 1):
            place = f"{path.name} (livre {rank})" if len(texts) > 1 else path.name
            title = (_FIELD["Title"].search(text[:20_000]) or [None, path.stem])[1].strip()
            raw = whole if len(texts) == 1 else text.encode()
            try:
                # Un second livre n'a pas toujours de marqueur de début : la fin du premier en tient lieu.
                cleaned.append(clean(raw, Book(header_number(text), title=title, source=place, markers=rank == 1)))
            except AuroreError as error:
                refused.append(error)
    if not cleaned:
        raise refused[0] if len(refused) == 1 else AuroreError("\n".join(map(str, refused)))
    remarks += [f"{book.book.source} : {remark}" for book in cleaned for remark in book.remarks]
    exports = cuts.named(
        cleaned, [book.book.id or Path(book.book.source.split(" (livre ")[0]).stem for book in cleaned]
    )
    twins = {j: i for i, j, _ in same_texts(cleaned)}
    remarks += [
        f"{cleaned[j].book.source} est le même texte que {cleaned[i].book.source} : il n'entre qu'une fois dans le corpus."
        for j, i in twins.items()
    ]
    count = len(cleaned)
    cleaned = [book for rank, book in enumerate(cleaned) if rank not in twins]
    roles = ["train"] * (len(cleaned) - 2) + ["validation", "test"] if len(cleaned) >= 3 else None
    split = (
        [part for book in cleaned for part in _cut_in_three(book)]
        if roles is None
        else [replace(book, book=replace(book.book, role=role)) for book, role in zip(cleaned, roles, strict=True)]
    )
    return finish(split, export, "fichiers", refused, exports) | {"remarks": remarks, "books": count}


def _cut_in_three(book: CleanBook) -> list[CleanBook]:
    size = len(book.paragraphs)
    cuts = [0, max(1, round(0.8 * size)), max(1, round(0.9 * size)), size]
    return [
        CleanBook(replace(book.book, role=role), book.paragraphs[start:end], book.chapters[start:end])
        for role, start, end in zip(SPLITS, cuts, cuts[1:], strict=False)
    ]


def finish(
    cleaned: list[CleanBook],
    export: Path | None,
    name: str,
    refused: list[AuroreError],
    exports: dict[str, CleanBook] | None = None,
) -> dict:
    """Entraîne le découpeur de phrases, enregistre le corpus et les exports, rend le compte rendu.

    `exports` : nom de fichier → livre entier ; par défaut, chaque livre de `cleaned` sous son numéro.
    """
    exports = exports or cuts.named(cleaned, [book.book.id for book in cleaned])
    _export(exports, export)
    dataset = build_dataset(cleaned)
    training = [book.text for book in cleaned if book.book.role == "train"] or [book.text for book in cleaned]
    splitter = SentenceSplitter.train(training)
    save_dataset(dataset, dataset_folder())
    keep_if_foreign(settings.home() / "sentences.json", SentenceSplitter.load)
    splitter.save(settings.home() / "sentences.json")
    return _report(cleaned, name, refused, splitter, list(exports.values()))


def _report(
    cleaned: list[CleanBook],
    name: str,
    refused: list[AuroreError],
    splitter: SentenceSplitter,
    whole: list[CleanBook] | None = None,
) -> dict:
    """Le compte rendu ; `whole` : les livres entiers, s'ils viennent d'être nettoyés, avec le compte de leurs coupes."""
    whole = whole or []
    removed = [book.cuts for book in whole if book.cuts]
    parts = {split: sum(len(book.paragraphs) for book in found) for split, found in split_by_book(cleaned).items()}
    return {
        "corpus": name,
        "books": len(cleaned),
        "characters": sum(len(book.text) for book in cleaned),
        "paragraphs": sum(len(book.paragraphs) for book in cleaned),
        "sentences": count_sentences(cleaned, splitter),
        "splits": {split: rows for split, rows in parts.items() if rows or split != "base"},
        "refused": [str(error) for error in refused],
        "remarks": [f"{book.title} : {remark}" for book in whole for remark in book.remarks],
        "kept": sum(one.kept for one in removed),
        "removed": cuts.total(removed),
        "warnings": [sentence for one in removed if (sentence := one.warning())],
    }


def _prepared_books() -> list[CleanBook]:
    """Les livres du corpus déjà préparé ; aucun s'il n'y en a pas, ou si ce ne sont que ceux du pastiche."""
    folder = dataset_folder()
    try:
        dataset = load_dataset()
    except AuroreError as error:
        if folder.is_dir() and any(folder.iterdir()):
            aside = set_aside(folder, folder.with_name("dataset.abime"))
            print(f"{error}\nCe qu'il en reste est mis de côté dans {aside}.")
        return []
    pastiche = {book.title for book in load_catalogue(settings.PASTICHE / "catalogue.toml").values()}
    books = [
        CleanBook(Book(None, title=title, role=role), text.split("\n")[:-1], [])
        for role, rows in dataset.items()
        for title, text in texts_by_book(rows).items()
    ]
    return books if {book.title for book in books} - pastiche else []


def count_sentences(books: list[CleanBook], splitter: SentenceSplitter) -> int:
    """Nombre de phrases de tous les livres."""
    return sum(_in_parallel(splitter.count, [book.text for book in books], description="Phrases"))


def _in_parallel(function: Callable, *columns: list, description: str = "") -> list:
    """`map` sur plusieurs processus quand les livres sont nombreux ; sur place sinon."""
    if len(columns[0]) < 8 or not _workers_have_our_code():
        return [function(*row) for row in zip(*columns, strict=True)]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        results = pool.map(function, *columns, chunksize=1)
        return list(tqdm(results, total=len(columns[0]), desc=description, unit="livre", leave=False, delay=1))


def _workers_have_our_code() -> bool:
    """Vrai si un autre processus exécuterait les mêmes fonctions que nous.

    Hors de Linux, il relit la bibliothèque : ce qu'une personne a écrit dans son carnet n'y serait pas.
    """
    if multiprocessing.get_start_method() == "fork":
        return True
    return not any(getattr(value, "__module__", None) == "__main__" for value in globals().values())


def _export(books: dict[str, CleanBook], folder: Path | None) -> None:
    """Écrit chaque livre, un paragraphe par ligne, et à côté le compte de ce qui lui a été ôté."""
    if folder is None:
        return
    texts = {f"{stem}.txt": book.text for stem, book in books.items()}
    accounts = {f"{stem}.coupes.md": book.cuts.as_text() for stem, book in books.items() if book.cuts}
    write_texts(folder, texts | accounts, registry())
