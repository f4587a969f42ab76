"""Lire les octets d'un texte d'après ce qu'ils contiennent, et non d'après ce que le fichier déclare.

`corpus.decode` sait les deux écritures courantes : UTF-8 et Windows-1252. Ce module ramène toutes les autres à
l'UTF-8, dit ce qu'il a réparé, et refuse, avec la raison, ce qu'il ne sait pas lire. Rien n'est deviné sans preuve :
un encodage est retenu quand les signes hors de l'ASCII qu'il donne sont des lettres du français, à leur place dans
des mots, ou de la ponctuation.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import ftfy

from aurore.settings import AuroreError


class Unreadable(AuroreError):
    """Les octets ne sont pas un texte lisible ; le message dit ce qu'ils sont."""


# Les premiers octets de ce que l'on confond avec un texte.
_FORMATS = (
    (b"PK\x03\x04", "une archive zip : décompressez-la, puis donnez le fichier .txt qu'elle contient"),
    (b"PK\x05\x06", "une archive zip vide"),
    (b"\x1f\x8b", "une archive gzip : décompressez-la d'abord"),
    (b"BZh", "une archive bzip2 : décompressez-la d'abord"),
    (b"\xfd7zXZ", "une archive xz : décompressez-la d'abord"),
    (b"7z\xbc\xaf", "une archive 7z : décompressez-la d'abord"),
    (b"Rar!", "une archive rar : décompressez-la d'abord"),
    (b"%PDF", "un PDF : prenez le texte brut du même livre"),
    (b"\xd0\xcf\x11\xe0", "un document Word : enregistrez-le en texte brut"),
    (rb"{\rtf", "un document RTF : enregistrez-le en texte brut"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
)
_MARKED = "�"  # le signe que l'on met, et que l'on laisse, à la place d'un caractère perdu
_UTF16 = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@lru_cache(maxsize=1)  # on le demande pour accepter un livre, puis pour dire ce qu'on y a réparé
def mend(raw: bytes) -> tuple[bytes, list[str]]:
    """Rend les octets tels quels s'ils sont en UTF-8 ou en Windows-1252, sinon récrits en UTF-8, et ce qu'il faut en dire.

    Les remarques sont des phrases ; il n'y en a pas quand rien n'a été réparé ni deviné. Refaire `mend` sur ce qu'il
    rend n'y change plus rien. Lève `Unreadable` pour ce qui n'est pas un texte, ou dont trop de lettres sont perdues.
    """
    _check_format(raw)
    wide = _wide_encoding(raw)
    if wide:
        text = raw.decode(wide, errors="replace")
        text, said = _repaired(text)
        return text.encode(), [f"Lu en {wide.upper()[:6]}.", *said]
    _check_text(raw)
    if raw.isascii():
        text, said = _repaired(raw.decode("ascii"))
        return (text.encode(), said) if said else (raw, [])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _mend_eight_bits(raw)
    repaired, said = _repaired(text)
    return (repaired.encode(), said) if repaired != text else (raw, said)


def _check_format(raw: bytes) -> None:
    start = raw[:2048].lstrip(b"\xef\xbb\xbf \r\n\t")
    found = next((what for magic, what in _FORMATS if start.startswith(magic)), None)
    if raw[60:68] == b"BOOKMOBI":
        found = "un livre pour liseuse (Mobipocket) : prenez le texte brut du même livre"
    if start.startswith(b"PK\x03\x04") and b"application/epub+zip" in raw[:120]:
        found = "un livre pour liseuse (EPUB) : prenez le texte brut du même livre"
    if found:
        raise Unreadable(f"ce n'est pas un texte, mais {found}.")


def _wide_encoding(raw: bytes) -> str | None:
    """UTF-16 ou UTF-32, à la marque d'ordre ou, sans elle, aux octets nuls qui alternent avec les lettres."""
    for mark, name in _UTF16.items():
        if raw.startswith(mark):
            return name
    sample = raw[:20_000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if len(sample) > 20 and max(even, odd) > 0.7 * half and min(even, odd) < 0.05 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _check_text(raw: bytes) -> None:
    """Un texte n'a presque pas de caractères de commande ; une image, un programme ou une archive en ont partout."""
    sample = raw[:200_000].rstrip(b"\0")  # un vieux disque complète le dernier bloc par des zéros
    controls = sum(sample.count(bytes([byte])) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b")
    if controls > 10 and 100 * controls > len(sample):
        raise Unreadable(
            "ce n'est pas un texte : le fichier contient des octets qui n'écrivent rien. Donnez le fichier .txt du livre."
        )


# --- Huit bits ------------------------------------------------------------------------------------------

# Par ordre de préférence, à preuves égales. L'ISO-8859-15 met « œ » là où Windows-1252 met « ½ ».
_EIGHT_BITS = {
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO-8859-15",
    "mac_roman": "Mac Roman",
    "cp850": "CP850, l'encodage de DOS",
    "cp437": "CP437, l'encodage de DOS",
    "cp863": "CP863, l'encodage de DOS au Québec",
}
_LOWER = "àâäæçéèêëîïôöœùûüÿ"
_UPPER = _LOWER.upper().replace("Ÿ", "")
# À leur place : une minuscule accentuée touche une lettre, sauf « à » ; une capitale ne suit pas une minuscule.
_PLAUSIBLE = re.compile(
    rf"(?<=[a-zA-Z{_UPPER}'’])[{_LOWER}]|[{_LOWER}](?=[a-z])|(?<![a-z{_LOWER}])[{_UPPER}]|\bà\b"
    r"|[«»“”„…—–°º§·•](?![a-zA-Z]*\d{3})|(?<=\w)’(?=\w)|[‘’]|[\u00a0\u202f£½¼¾ªáíóúñìò](?!\w)|(?<=[a-z])[áíóúñìò](?=[a-z])"
)
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_HALF_OE = re.compile(r"(?<=[a-z])½(?=u)|½(?=uvr|il\b)")  # « c½ur »


def _mend_eight_bits(raw: bytes) -> tuple[bytes, list[str]]:
    """Ni ASCII ni UTF-8 valide : de l'UTF-8 abîmé par endroits, ou un encodage à un octet par caractère."""
    good, bad = _utf8_evidence(raw)
    whole = sum(_is_utf8(line) for line in raw.split(b"\n") if not line.isascii())
    # Un « ’é » de Mac Roman fait par hasard un caractère d'UTF-8 ; des lignes entières, non.
    if good >= 3 and (good > bad or whole >= 0.2 * sum(not line.isascii() for line in raw.split(b"\n"))):
        return _mend_utf8(raw, bad)
    windows = raw.decode("cp1252", errors="replace")
    if _score(windows) > 0.95 and len(_HALF_OE.findall(windows)) < 3:
        return raw, []
    scores = {name: _score(raw.decode(name, errors="replace")) for name in _EIGHT_BITS}
    if len(_HALF_OE.findall(windows)) >= 3:
        scores["iso8859-15"] += 1
    best = max(scores, key=lambda name: scores[name] + (0.02 if name == "cp1252" else 0))
    foreign = len(_FOREIGN.findall(raw.decode("latin-1")))
    if foreign > 50 and scores[best] < 0.6:
        raise Unreadable(
            "son encodage n'est pas reconnu : ni UTF-8, ni Windows-1252, ni ceux de DOS ou du Mac. Enregistrez le fichier en UTF-8."
        )
    if best == "cp1252" or foreign < 20 or scores[best] < max(0.8, scores["cp1252"] + 0.05):
        return raw, []
    text, said = _repaired(raw.decode(best, errors="replace"))
    return text.encode(), [f"Lu en {_EIGHT_BITS[best]}.", *said]


def _score(text: str) -> float:
    """La part des signes hors de l'ASCII qui sont à leur place dans un texte français."""
    sample = "\n".join(line for line in text[:1_000_000].splitlines() if not line.isascii())[:100_000]
    foreign = len(_FOREIGN.findall(sample))
    return len(_PLAUSIBLE.findall(sample)) / foreign if foreign else 1.0


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8_evidence(raw: bytes) -> tuple[int, int]:
    """Nombre de caractères d'UTF-8 valides hors de l'ASCII, et d'octets qui n'en font pas partie."""
    text = raw.decode("utf-8", errors="surrogateescape")
    bad = len(re.findall("[\udc80-\udcff]", text))
    return len(_FOREIGN.findall(text)) - bad, bad


def _mend_utf8(raw: bytes, bad: int) -> tuple[bytes, list[str]]:
    """De l'UTF-8 dont des octets sont abîmés : une ligne qui n'a que de l'ISO-8859-1 est lue comme telle, le reste est marqué."""
    lines, places, converted = [], [], 0
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
            continue
        except UnicodeDecodeError:
            other = line.decode("cp1252", errors="replace")
        # Une seule ligne ne prouve rien ; dès qu'il y en a beaucoup, deux fichiers ont été mis bout à bout.
        if bad >= 20 and _utf8_evidence(line)[0] == 0 and _score(other) > 0.9:
            lines.append(other)
            converted += 1
        else:
            lines.append(line.decode("utf-8", errors="replace"))
            places.append(number)
    text, said = _repaired("\n".join(lines), places)
    if converted:
        said = [
            f"{converted} lignes étaient en Windows-1252 dans un fichier en UTF-8 : elles ont été converties.",
            *said,
        ]
    return text.encode(), said


# --- Ce qui se répare une fois les caractères là -------------------------------------------------------

# De l'UTF-8 lu autrement (« Ã© », « â€™ », « √© », « ├® ») et récrit : un premier signe d'un petit jeu, puis un autre.
_SUSPECT = re.compile(r"[ÂÃÅâ√¬├┬‚Γ][^\x00-\x7f ]|Ã [ a-z,.;]|Ã\s")
_COMBINING = re.compile("[\u0300-\u036f]")
_ENTITY = re.compile(r"&(?:[aeiouc](?:acute|grave|circ|uml|cedil)|[lr]aquo|oelig|nbsp|#\d{2,5});", re.IGNORECASE)
# Un encodage qui n'a ni « ’ » ni « œ » les a remplacés par « ? » : dans un mot, on sait lequel c'était.
_LOST_OE = re.compile(r"(?i)(?<=[bcfhmnrsv])\?(?=u[rvdxf])|(?<![a-zà-ÿ])\?(?=uvr|ufs?\b|il\b|illet|illade)")
_ELISION = re.compile(r"(?i)(?:\b[cdjlmnst]|qu|jusqu|presqu|entr|grand)\?(?=[^\W\d_])")
_LOST_SIGN = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")
_LOST_QUOTE = re.compile(r"(?<=[\s(])\?(?=\w)")
# Des accents mis à part de leurs lettres, à l'ancienne : « \\'e », « e/ », « e' ».
_APART = re.compile(r"\\[`'^\"][aeiouAEIOU]|\\c ?\{?c|(?<=[a-z])e/(?=[a-z\s,.;])|(?<=[a-z])[ae]\\(?=[a-z\s,.;])")
_LOST = 0.002  # au-delà d'une lettre perdue sur cinq cents, ce n'est plus le texte de l'auteur


def _repaired(text: str, places: Sequence[int] = ()) -> tuple[str, list[str]]:
    """Accents composés, accents doublement encodés, entités de page web ; compte les caractères perdus."""
    said = []
    text = text.replace(f"â€{_MARKED}", "”")  # de ses trois octets, le dernier n'existe pas en Windows-1252
    mended = [_unspoiled(line) if _SUSPECT.search(line) else line for line in text.split("\n")]
    changed = sum(before != after for before, after in zip(text.split("\n"), mended, strict=True))
    if changed:
        text = "\n".join(mended)
        one = changed == 1
        said.append(
            f"{changed} ligne{'' if one else 's'} en UTF-8 {'avait été lue' if one else 'avaient été lues'} comme un autre encodage (« Ã© » pour « é ») : réparée{'' if one else 's'}."
        )
    if len(_ENTITY.findall(text)) >= 5:
        text = html.unescape(text)
        said.append("Des entités de page web (« &eacute; ») ont été rendues à leurs lettres.")
    if _COMBINING.search(text):
        composed = unicodedata.normalize("NFC", text)
        if len(text) - len(composed) >= 5:
            said.append("Les accents, écrits à part de leurs lettres, ont été recomposés.")
        text = composed
    if len(_LOST_SIGN.findall(text)) >= 20:
        text, ligatures = _LOST_OE.subn("œ", text)
        inside, elisions = len(_LOST_SIGN.findall(text)), len(_ELISION.findall(text))
        # Presque toujours après « l », « d », « qu » : c'était l'apostrophe, partout. Sinon, des lettres sont perdues.
        apostrophe = elisions >= 0.8 * inside
        text = _LOST_SIGN.sub("'" if apostrophe else _MARKED, text)
        if apostrophe:
            text = _LOST_QUOTE.sub(_MARKED, text)
            said.append(f"{inside} apostrophes et {ligatures} « œ », perdus et remplacés par « ? », ont été rétablis.")
    apart = len(_APART.findall(text))
    if apart > 50 and apart > _LOST * len(text):
        raise Unreadable(
            "ses accents y sont écrits à part, comme « \\'e » ou « e/ » pour « é ». Cherchez une édition accentuée, en UTF-8."
        )
    lost = text.count(_MARKED)
    if lost:
        if lost > 5 and lost > _LOST * len(text):
            raise Unreadable(
                f"{lost} caractères sont perdus : ils ont été remplacés par « {_MARKED} » avant d'arriver ici. Prenez une autre copie du fichier."
            )
        places = places or [number for number, line in enumerate(text.split("\n"), 1) if _MARKED in line]
        said.append(
            f"{lost} caractère{'s' * (lost > 1)} illisible{'s' * (lost > 1)}, marqué{'s' * (lost > 1)} « {_MARKED} » "
            f"(ligne{'s' * (len(places) > 1)} {', '.join(map(str, places[:5]))}{'…' * (len(places) > 5)})."
        )
    return text, said


def _unspoiled(line: str) -> str:
    """Une ligne d'UTF-8 lue comme un autre encodage, rendue à ses lettres ; ftfy ignore le CP850 (« ├® »)."""
    if "├" in line:
        try:
            return line.encode("cp850").decode("utf-8")
        except UnicodeError:
            pass
    return ftfy.fix_encoding(line)
