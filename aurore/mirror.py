"""Un miroir de poche : les livres, rangés comme chez Gutenberg, pour une clé USB ou le réseau d'une salle.

`AURORE_MIRROR` montre ensuite ce dossier, ou l'adresse qui le sert, à chaque machine.
"""

import hashlib
from pathlib import Path

from tqdm.auto import tqdm

from aurore import corpus, download
from aurore.settings import AuroreError
from aurore.storage import read_limited, set_aside, write_atomic

SUMS = "SHA256SUMS"  # le nom et la forme qu'attend « sha256sum --check »
NOTE = """Un miroir de Project Gutenberg, réduit aux livres d'un atelier Aurore.

Pour s'en servir, l'atelier doit savoir où il est :

  Linux, macOS   export AURORE_MIRROR=/chemin/de/ce/dossier
  PowerShell     $env:AURORE_MIRROR = "E:/"
  cmd            set AURORE_MIRROR=E:\\

Pour le servir à une salle, depuis ce dossier : python -m http.server 8080
puis, sur chaque machine, AURORE_MIRROR=http://ADRESSE:8080

Vérifier la copie : sha256sum --check SHA256SUMS

Ces textes sont dans le domaine public en France. Chaque fichier porte la licence de Project Gutenberg, qui demande de
la garder avec lui.
"""


def place(book_id: int) -> str:
    """Le chemin d'un livre dans le miroir : un de ceux de Gutenberg, dont le nom ne promet aucun encodage."""
    return f"cache/epub/{book_id}/pg{book_id}.txt"


def make(choice: str, folder: Path) -> dict:
    """Copie dans `folder` les livres choisis (`corpus.select_books`), vérifiés, et de quoi vérifier la copie.

    Rend `books` (livres dans le miroir), `copied` (ceux qui n'y étaient pas), `bytes` et `refused` (des phrases). Ce qui y est déjà n'est
    pas redemandé : la même commande continue. Lève `AuroreError` si aucun livre n'est à portée.
    """
    fetcher = corpus.Fetcher.from_settings()
    books = corpus.select_books(choice, corpus.load_catalogue())
    sums: dict[str, str] = {}
    copied, size, refused = 0, 0, []
    folder.mkdir(parents=True, exist_ok=True)
    for book in tqdm(books, desc="Livres", unit="livre", leave=False, delay=1):
        try:
            raw = _copied(folder / place(book.id), book) or fetcher.fetch(book)
        except corpus.Unreachable as error:
            if not sums:
                raise
            raise AuroreError(f"{error} {len(sums)} livres sont copiés ; la même commande continue.") from None
        except AuroreError as error:
            refused.append(str(error))
            continue
        copied += _keep(folder / place(book.id), raw)
        size += len(raw)
        sums[place(book.id)] = hashlib.sha256(raw).hexdigest()
    if not sums:
        raise AuroreError(refused[0] if refused else "Aucun livre n'a été choisi. Essayez « --books sand ».")
    lines = _known(folder) | sums
    write_atomic(folder / SUMS, "".join(f"{digest}  {path}\n" for path, digest in sorted(lines.items())))
    write_atomic(folder / "LISEZMOI.txt", NOTE)
    return {"books": len(sums), "copied": copied, "bytes": size, "refused": refused}


def _copied(path: Path, book: corpus.Book) -> bytes | None:
    """Le livre déjà dans le miroir, s'il est bon."""
    try:
        raw = read_limited(path, download.MAX_BYTES)
        corpus.accept(raw, book)
    except (AuroreError, OSError):
        return None
    return raw


def _keep(path: Path, raw: bytes) -> bool:
    """Écrit un livre et dit si c'était nécessaire ; un autre fichier, à cette place, est mis de côté."""
    if path.is_file():
        if path.stat().st_size == len(raw) and read_limited(path, download.MAX_BYTES) == raw:
            return False
        set_aside(path, path.with_suffix(".refuse"))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, raw)
    return True


def _known(folder: Path) -> dict[str, str]:
    """Les sommes déjà écrites, pour les livres encore là : un miroir se fait en plusieurs fois."""
    path = folder / SUMS
    if not path.is_file():
        return {}
    rows = [line.partition("  ") for line in path.read_text(encoding="utf-8").splitlines()]
    return {name: digest for digest, _, name in rows if name and (folder / name).is_file()}
