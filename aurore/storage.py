"""Écrire sans jamais laisser un fichier à moitié fait, ni effacer ce que l'atelier n'a pas écrit.

On écrit à côté, sous un nom provisoire, puis on renomme : à tout instant le nom final désigne l'ancien
contenu ou le nouveau, entiers l'un et l'autre. Chaque dossier porte la liste de ce que l'atelier y a mis,
avec l'empreinte de chaque fichier : c'est sa marque. Seul ce qu'elle nomme est remplacé, et elle dit aussi ce
qui s'est abîmé depuis. Ce qu'un arrêt brutal a laissé est effacé, ou achevé, à l'écriture suivante.
"""

import contextlib
import errno
import functools
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

from aurore import settings
from aurore.settings import AuroreError
from aurore.show import french_number

MARK = "aurore.json"
_OWNER = "l'atelier Aurore : il remplace ces fichiers quand il les refait, et aucun autre"
_ABANDONED_SECONDS = 3600  # là où l'on ne peut pas savoir si un fichier provisoire sert encore


@functools.cache
def _mask() -> int:
    """Les droits que ce processus n'accorde pas ; les lire, c'est les changer : on les remet aussitôt."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def explain_os_error(error: OSError, path: Path | str | None = None) -> AuroreError:
    """Traduit une erreur du système en une phrase qui dit quoi faire."""
    place = _shortened(error.filename or path or "le dossier de travail")
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return AuroreError(
            f"Le disque est plein ; rien n'a été gardé à moitié. Libérez de la place, ou choisissez un autre disque avec AURORE_HOME, puis relancez. (écriture dans {place})"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return AuroreError(
            f"Écriture ou lecture refusée : {place}. Vérifiez les droits de ce dossier, ou choisissez-en un autre avec AURORE_HOME."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return AuroreError(
            f"{place} n'est pas un dossier. Choisissez un autre emplacement, par exemple avec AURORE_HOME."
        )
    if error.errno == errno.ENOENT:
        return AuroreError(
            f"{place} n'existe pas et ne peut pas être créé. Vérifiez le chemin, ou choisissez un autre dossier avec AURORE_HOME."
        )
    if error.errno == errno.EISDIR:
        return AuroreError(f"{place} est un dossier ; un fichier est attendu. Vérifiez le chemin.")
    if error.errno == errno.ENAMETOOLONG:
        return AuroreError(f"Ce chemin est trop long pour le système : {place}. Choisissez-en un plus court.")
    if error.errno == errno.ELOOP:
        return AuroreError(f"{place} est un lien qui tourne en rond. Donnez le chemin du fichier lui-même.")
    return AuroreError(f"Le système a refusé l'opération sur {place} : {error.strerror or error}.")


def _shortened(place: Path | str | bytes) -> str:
    text = os.fsdecode(place)
    return text if len(text) <= 200 else f"{text[:100]}… ({len(text)} caractères)"


# --- Lire ce que quelqu'un apporte ----------------------------------------------------------------------


def read_limited(path: Path, limit: int) -> bytes:
    """Les octets d'un fichier ordinaire d'au plus `limit` octets.

    Lève `AuroreError` devant un périphérique ou un tube, qui ne finiraient jamais, et devant un fichier plus lourd ;
    `OSError` comme `open`.
    """
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        raise AuroreError(f"{path} n'existe pas. Vérifiez le chemin.") from None
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):  # un dossier : la lecture le refusera en le nommant
        raise AuroreError(
            f"{path} n'est pas un fichier ordinaire : ce qu'on y lit est vide ou sans fin. Copiez le texte dans un fichier, et donnez celui-ci."
        )
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise AuroreError(
            f"{path} est trop lourd : {size_in_words(path.stat().st_size)}, la limite est de {size_in_words(limit)}. Donnez-en un extrait."
        )
    return content


def size_in_words(size: int) -> str:
    """Une taille en octets, telle qu'on la dit : « 3,2 Go », « 200 Mo »."""
    for unit, name in ((1e9, "Go"), (1e6, "Mo"), (1e3, "ko")):
        if size >= unit:
            return f"{french_number(round(size / unit, 1))} {name}"
    return f"{size} octets"


# --- La marque de l'atelier -----------------------------------------------------------------------------


def mark(folder: Path, kind: str) -> None:
    """Note dans `folder` tous les fichiers qu'il contient, et leur genre : l'atelier vient de les écrire."""
    written = {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(_files(folder))}
    content = {"écrit par": _OWNER, "contient": kind, "fichiers": written}
    write_atomic(folder / MARK, json.dumps(content, ensure_ascii=False, indent=1))


def damaged(folder: Path) -> list[str]:
    """Les fichiers d'un dossier marqué qui manquent, ou ne sont plus tels que l'atelier les a écrits."""
    if (folder / MARK).exists() and not _read_mark(folder):
        return [MARK]
    return [
        name
        for name, digest in _marked(folder).items()
        if not (folder / name).is_file() or digest not in ("", _digest(folder / name))  # vide : git s'en charge
    ]


def check_replaceable(folder: Path, kind: str = "dossier") -> None:
    """Lève `AuroreError` si `folder` contient autre chose que ce que l'atelier y a écrit, de ce genre : il n'y touchera pas."""
    if folder.exists() and not folder.is_dir():
        raise AuroreError(f"{folder} est un fichier, et il y faut un dossier. Déplacez-le, ou choisissez-en un autre.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    found = _read_mark(folder).get("contient")
    if found != kind:
        what = (
            f"des fichiers de l'atelier ({found})"
            if found
            else f"ce que l'atelier n'a pas écrit (sa marque, {MARK}, n'y est pas)"
        )
        raise AuroreError(
            f"{folder} contient autre chose qu'un {kind} de l'atelier : {what}. Rien n'y est touché. Renommez ce dossier, ou choisissez-en un autre, par exemple avec AURORE_HOME."
        )


def _read_mark(folder: Path) -> dict:
    """La marque d'un dossier ; vide s'il n'en a pas, ou si elle est illisible."""
    try:
        content = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return content if content.get("écrit par") == _OWNER and isinstance(content.get("fichiers"), dict) else {}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def _marked(folder: Path) -> dict[str, str]:
    """Les fichiers que nomme la marque d'un dossier, et leurs empreintes."""
    return _read_mark(folder).get("fichiers", {})


def _files(folder: Path) -> list[Path]:
    """Tout ce que contient un dossier, sauf les dossiers eux-mêmes et la marque."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [path for path in found if path != folder / MARK]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def registry() -> Path:
    """Le fichier où sont les empreintes de ce que l'atelier a écrit dans les dossiers des autres."""
    return settings.home() / "state" / "exports.json"


def check_texts(folder: Path, contents: dict[str, str], known_in: Path) -> None:
    """Lève `AuroreError` si un nom de `contents` désigne déjà, dans `folder`, autre chose qu'un texte de l'atelier.

    Un texte égal à celui qu'on veut écrire ne gêne pas ; un texte de l'atelier, corrigé depuis, gêne.
    """
    if _read_mark(folder):
        raise AuroreError(f"{folder} est un dossier que l'atelier refait en entier. Choisissez-en un autre.")
    known = _read_registry(known_in)
    foreign = [
        name
        for name, text in contents.items()
        if os.path.lexists(folder / name)
        and _text_digest(folder / name) not in (*known.get(str((folder / name).resolve()), ()), _digest_of(text))
    ]
    if foreign:
        listed = ", ".join(foreign[:3]) + (f" et {len(foreign) - 3} autres" if len(foreign) > 3 else "")
        raise AuroreError(
            f"{folder} contient déjà {listed}, que l'atelier n'a pas écrit ainsi : rien n'est remplacé. Choisissez un autre dossier."
        )


def write_texts(folder: Path, contents: dict[str, str], known_in: Path) -> None:
    """Écrit des textes dans un dossier qui n'est pas à l'atelier ; `contents` donne le texte de chaque nom.

    Leurs empreintes vont dans le fichier `known_in`. Lève `AuroreError`, sans rien écrire, comme `check_texts`.
    """
    check_texts(folder, contents, known_in)
    written = {  # l'ancien et le nouveau : un arrêt brutal peut venir entre les deux
        str((folder / name).resolve()): [_text_digest(folder / name), _digest_of(text)]
        for name, text in contents.items()
    }
    write_atomic(known_in, json.dumps(_read_registry(known_in) | written, ensure_ascii=False, indent=1))
    for name, text in contents.items():
        write_atomic(folder / name, text)


def _text_digest(path: Path) -> str:
    return _digest(path) if path.is_file() else ""


def _digest_of(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def _read_registry(path: Path) -> dict[str, list[str]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): list(map(str, digests)) for name, digests in content.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def keep_if_foreign(path: Path, read: Callable[[Path], object]) -> None:
    """Met de côté, et le dit, un fichier que `read` ne reconnaît pas pour un des nôtres."""
    try:
        if path.exists():
            read(path)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        aside = set_aside(path, path.with_suffix(".garde"))
        print(f"{path} n'est pas de l'atelier, ou il est abîmé : il s'appelle désormais {aside.name}.")


def set_aside(path: Path, wanted: Path) -> Path:
    """Renomme un fichier ou un dossier en `wanted`, ou sous un nom voisin s'il est pris ; rend le nouveau chemin."""
    aside, number = wanted, 1
    while os.path.lexists(aside):
        number += 1
        aside = wanted.with_name(f"{wanted.name}.{number}")
    os.replace(path, aside)
    return aside


# --- Écrire ---------------------------------------------------------------------------------------------


def _open_to_readers(place: Path) -> None:
    """Donne les droits ordinaires à ce qui vient de `tempfile`, que seul son propriétaire peut lire."""
    for path in (place, *place.rglob("*")):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~_mask())


def write_atomic(path: Path, content: bytes | str) -> None:
    """Écrit un fichier par fichier provisoire et renommage. Le texte est en UTF-8, fins de ligne « \\n »."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_files(path.parent, _prefix(path))
    temporary, claim = _claimed(path, directory=False)
    try:
        with os.fdopen(claim, "wb") as file:
            file.write(data)
            file.flush()
            _open_to_readers(temporary)
            if fcntl is None:  # Windows ne renomme pas un fichier ouvert
                file.close()
            os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


@contextlib.contextmanager
def atomic_directory(path: Path, kind: str = "dossier") -> Iterator[Path]:
    """Donne un dossier provisoire, marqué et mis à la place de `path` si tout s'est bien passé, effacé sinon.

    Ce que la personne avait ajouté à l'ancien dossier passe dans le nouveau. Lève `AuroreError`, avant et après, si
    `path` contient ce que l'atelier n'a pas écrit.
    """
    path = path.resolve()  # à travers un lien, c'est le dossier désigné qui est refait
    recover(path)
    check_replaceable(path, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, claim = _claimed(path, directory=True)
    previous = temporary.with_suffix(".old")
    try:
        yield temporary
        mark(temporary, kind)
        _open_to_readers(temporary)
        check_replaceable(path, kind)
        if path.exists():
            os.replace(path, previous)
        os.replace(temporary, path)
    except BaseException:
        if previous.exists() and not path.exists():
            os.replace(previous, path)
        raise
    finally:
        if claim is not None:
            os.close(claim)
        shutil.rmtree(temporary, ignore_errors=True)
        if previous.exists() and path.exists():
            _retire(previous, path)


def _retire(previous: Path, path: Path) -> None:
    """Efface un ancien dossier une fois remplacé ; ce que sa marque ne nomme pas passe dans le nouveau."""
    ours = {*_marked(previous), MARK}
    if len(ours) > 1:
        for file in _files(previous):
            name = file.relative_to(previous)
            if name.as_posix() not in ours and not name.name.startswith("cache-"):  # `datasets` refait ses caches
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                set_aside(file, path / name)
    shutil.rmtree(previous, ignore_errors=True)


def find_a_home() -> None:
    """Donne un dossier personnel où écrire à qui n'en a pas : Jupyter et les bibliothèques y rangent leurs réglages.

    C'est le cas d'un conteneur en lecture seule, ou lancé sous un numéro d'utilisateur quelconque. Le premier qui
    convient : un dossier de `AURORE_HOME`, ou un dossier provisoire. Sous Windows, il y en a toujours un.
    """
    if os.name != "posix":
        return
    inside = settings.home() / "maison"
    try:
        spare = Path(tempfile.gettempdir()) / f"aurore-{os.getuid()}"
    except FileNotFoundError:  # pas de dossier provisoire non plus
        spare = inside
        if is_writable(inside, create=True):
            os.environ["TMPDIR"] = tempfile.tempdir = str(inside)
    if not is_writable(Path(os.environ.get("HOME") or "/")):
        found = next((folder for folder in (inside, spare) if is_writable(folder, create=True)), None)
        if found is not None:
            os.environ["HOME"] = str(found)


def is_writable(folder: Path, create: bool = False) -> bool:
    """Dit si l'on peut écrire dans un dossier, en l'essayant ; `create` le crée au besoin."""
    probe = folder / f".essai-{os.getpid()}"
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


# --- Ce qu'un arrêt brutal a laissé ---------------------------------------------------------------------


def recover(path: Path) -> None:
    """Achève le remplacement de `path` qu'un arrêt brutal a coupé en deux, et efface ce qu'il a laissé autour."""
    for left in _remains(path.parent, f".{path.name}."):
        part, old = left.with_suffix(".part"), left.with_suffix(".old")
        with _held(part if part.exists() else old) as abandoned:
            if not (abandoned and left.is_dir()):
                continue
            if not path.exists() and _marked(part) and not damaged(part):
                os.replace(part, path)  # il était fini : il ne manquait que son nom
            elif not path.exists() and old.is_dir():
                os.replace(old, path)
            shutil.rmtree(part, ignore_errors=True)
            if old.is_dir():
                _retire(old, path)


def tidy(home: Path) -> None:
    """Range le dossier de travail au début d'une commande : rien n'y reste d'un arrêt brutal."""
    with contextlib.suppress(OSError):  # un dossier qu'on ne peut pas ranger se lit peut-être encore
        for name in ("dataset", "tokenizer", "model"):
            recover(home / name)
        _clear_files(home, ".sentences.json.")
        for folder in ("gutenberg", "pastiche", "state"):
            _clear_files(home / folder, ".", r".+\.")


def _prefix(path: Path) -> str:
    return f".{path.name[:50]}."  # un nom déjà long ne serait plus permis, une fois allongé


def _remains(folder: Path, prefix: str, more: str = "") -> list[Path]:
    """Ce qu'un dossier garde de provisoire sous ce préfixe ; `more` est un motif qui peut le suivre."""
    pattern = re.compile(re.escape(prefix) + more + r"[a-z0-9_]+\.(?:part|old)")
    try:
        return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
    except OSError:
        return []


def _clear_files(folder: Path, prefix: str, more: str = "") -> None:
    for left in _remains(folder, prefix, more):
        with contextlib.suppress(OSError), _held(left) as abandoned:
            if abandoned and left.is_file():
                left.unlink()


def _claimed(path: Path, directory: bool) -> tuple[Path, int | None]:
    """Un fichier ou un dossier provisoire, et le descripteur qui dit aux autres processus qu'il sert."""
    while True:
        if directory:
            temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
            claim = os.open(temporary, os.O_RDONLY) if fcntl else None
        else:
            claim, name = tempfile.mkstemp(prefix=_prefix(path), suffix=".part", dir=path.parent)
            temporary = Path(name)
        if fcntl is None:
            return temporary, claim
        with contextlib.suppress(OSError):  # certains disques de réseau ne savent pas verrouiller
            fcntl.flock(claim, fcntl.LOCK_EX)
        if temporary.exists():
            return temporary, claim
        os.close(claim)  # un autre processus l'a effacé avant qu'il ne soit retenu


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Retient un dossier de travail, créé au besoin ; lève `AuroreError` si un autre processus le retient."""
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder, unknown=True) as free:
        if not free:
            raise AuroreError(
                f"La même chose est déjà en cours dans {folder}. Attendez qu'elle finisse, ou arrêtez-la."
            )
        yield


@contextlib.contextmanager
def _held(temporary: Path, unknown: bool | None = None) -> Iterator[bool]:
    """Retient un fichier ou un dossier, et dit si aucun autre processus ne le retenait.

    Là où le système ne sait pas le dire, rend `unknown` ; par défaut, vrai s'il n'a pas changé depuis une heure.
    """
    claim = None
    try:
        age = time.time() - temporary.stat().st_mtime
        free = age > _ABANDONED_SECONDS if unknown is None else unknown
        claim = os.open(temporary, os.O_RDONLY) if fcntl else None
    except OSError:  # parti entre-temps, ou à quelqu'un d'autre
        yield False
        return
    try:
        try:
            if fcntl is not None:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free = True
        except BlockingIOError:
            free = False
        except OSError:  # certains disques de réseau ne savent pas verrouiller
            pass
        yield free
    finally:
        if claim is not None:
            os.close(claim)
