"""Les livres qu'on apporte à une mesure par `--file` : personne ne les a appris."""

from pathlib import Path

from aurore import corpus
from aurore.corpus import Book
from aurore.settings import AuroreError


def brought_books(files: tuple[Path, ...]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(auteur, titre, paragraphes) de chaque livre, nettoyé comme les autres ; un paragraphe : (chapitre, texte).

    Lève `AuroreError` si l'un d'eux est au catalogue.
    """
    known = {book.title for book in corpus.load_catalogue().values()}
    books = []
    for path in files:
        raw = path.read_bytes()
        text = corpus.decode(raw)
        title, author = (corpus._FIELD[field].search(text[:20_000]) for field in ("Title", "Author"))
        name = title[1].strip() if title else path.stem
        if name in known:
            raise AuroreError(f"« {name} » est au catalogue : aurore-base l'a appris. Donnez un livre qui n'y est pas.")
        book = corpus.clean(raw, Book(corpus.header_number(text), title=name, source=path.name))
        rows = list(zip(book.chapters, book.paragraphs, strict=True))
        books.append((author[1].strip() if author else "sans nom", name, rows))
    return books
