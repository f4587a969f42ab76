"""Bits par caractère sur des romans français tenus à l'écart : xz, un 5-gramme, les modèles embarqués, et tout modèle nommé.

Quatre livres de Sand que personne n'a appris et, s'ils sont donnés par `--file`, des livres d'autres auteurs. Les pairs
sans réseau n'ont vu que les quatre livres des diapositives. L'intervalle vient des chapitres, retirés au sort avec remise.
"""

import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

from aurore import authors, corpus, evaluation, models
from aurore.ngram import CharacterNgram
from benchmarks import language
from benchmarks.authors import told
from benchmarks.brought import brought_books

CHARACTERS = 40_000  # lus au début de chaque livre
SLICE = 5_000  # à défaut de chapitres assez courts, la taille d'une tranche
FEWEST = 6  # chapitres au-dessous desquels on prend des tranches

Rival = Callable[[str], float]  # un texte → ses bits


def run(names: tuple[str, ...] = (), files: tuple[Path, ...] = ()) -> tuple[list[str], list[tuple[str, ...]]]:
    """Rend les colonnes et les lignes du tableau ; `names` : modèles de plus, dossiers ou noms du Hub."""
    books = {**_held_out(), **{f"{title} ({author})": pieces_of(rows) for author, title, rows in brought_books(files)}}
    columns = ["livre jamais appris", "tranches"]
    rows: dict[str, list[str]] = {title: [title, str(len(pieces))] for title, pieces in books.items()}
    total: list[str] = ["tous", str(sum(map(len, books.values())))]
    for name, bits in rivals(names):
        columns.append(name)
        everything = []
        for title, pieces in books.items():
            pairs = [(bits(piece), float(len(piece))) for piece in pieces]
            everything.append(pairs)
            rows[title].append(told(authors.bootstrap([pairs])))
            print(name, title, rows[title][-1], flush=True)
        total.append(told(authors.bootstrap(everything)))
    return columns, [tuple(row) for row in (*rows.values(), total)]


def rivals(names: tuple[str, ...]) -> Iterator[tuple[str, Rival]]:
    """Les concurrents, chargés l'un après l'autre : deux modèles ne tiennent pas toujours ensemble en mémoire."""
    _, slides = language._books()
    alone = len(_compressed(slides))
    yield "xz", lambda text: 8.0 * (len(_compressed(slides + text)) - alone)
    peer = CharacterNgram(slides)
    yield "5-gramme", lambda text: peer.bits_per_character(text) * len(text)
    for name in (*map(str, language.embedded_models()), *names):
        model, tokenizer = models.load_model(name)
        yield Path(name).name, lambda text, model=model, tokenizer=tokenizer: _bits(model, tokenizer, text)


def _compressed(text: str) -> bytes:
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


def _bits(model, tokenizer, text: str) -> float:
    return evaluation.score(model, tokenizer, text).bits_per_character * len(text)


def _held_out() -> dict[str, list[str]]:
    split = corpus.load_dataset()["test"]
    chapters: dict[str, list[tuple[str, str]]] = {}
    for title, chapter, paragraph in zip(split["book"], split["chapter"], split["paragraph"], strict=True):
        chapters.setdefault(title, []).append((chapter, paragraph))
    return {f"{title} (Sand)": pieces_of(rows) for title, rows in chapters.items()}


def pieces_of(rows: list[tuple[str, str]], characters: int = CHARACTERS) -> list[str]:
    """Les premiers chapitres d'un livre, jusqu'à `characters` caractères ; des tranches de paragraphes s'ils sont trop peu.

    `rows` : (chapitre, paragraphe), dans l'ordre.
    """
    kept, size = [], 0
    for chapter, paragraph in rows:
        if size >= characters:
            break
        kept.append((chapter, paragraph))
        size += len(paragraph) + 1
    chapters: dict[str, str] = {}
    for chapter, paragraph in kept:
        chapters[chapter] = chapters.get(chapter, "") + paragraph + "\n"
    if len(chapters) >= FEWEST:
        return list(chapters.values())
    slices = [""]
    for _, paragraph in kept:
        if len(slices[-1]) >= SLICE:
            slices.append("")
        slices[-1] += paragraph + "\n"
    return slices
