"""Écrire sans jamais laisser un fichier à moitié fait.

On écrit à côté, sous un nom provisoire, puis on renomme : à tout instant le nom final désigne l'ancien
contenu ou le nouveau, entiers l'un et l'autre.
"""

import contextlib
import errno
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aurore.settings import AuroreError


@functools.cache
def _mask() -> int:
    """Les droits que ce processus n'accorde pas ; les lire, c'est les changer : on les remet aussitôt."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def explain_os_error(error: OSError, path: Path | str | None = None) -> AuroreError:
    """Traduit une erreur du système en une phrase qui dit quoi faire."""
    place = error.filename or path or "le dossier de travail"
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
    return AuroreError(f"Le système a refusé l'opération sur {place} : {error.strerror or error}.")


def _open_to_readers(place: Path) -> None:
    """Donne les droits ordinaires à ce qui vient de `tempfile`, que seul son propriétaire peut lire."""
    for path in (place, *place.rglob("*")):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~_mask())


def write_atomic(path: Path, content: bytes | str) -> None:
    """Écrit un fichier par fichier provisoire et renommage. Le texte est en UTF-8, fins de ligne « \\n »."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        _open_to_readers(Path(temporary))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def atomic_directory(path: Path) -> Iterator[Path]:
    """Donne un dossier provisoire, mis à la place de `path` si tout s'est bien passé, effacé sinon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    previous = temporary.with_suffix(".old")
    try:
        yield temporary
        _open_to_readers(temporary)
        if path.exists():
            os.replace(path, previous)
        os.replace(temporary, path)
    except BaseException:
        if previous.exists() and not path.exists():
            os.replace(previous, path)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(previous, ignore_errors=True)
