"""Retrouver ce qu'un passage recopie dans 30 Mo de livres : construire l'index, puis chercher, contre la recherche naïve.

Tout est compté en temps de calcul, sur un seul cœur : la machine est partagée, et rien ici n'attend.

La recherche naïve est `evaluation.longest_copied_span` : elle relit les livres à chaque essai, et ne rend qu'un morceau.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import takewhile

import numpy as np
import psutil

from aurore import corpus, evaluation

BYTES, PASSAGES, CHARACTERS = 30_000_000, 40, 1_000
NAIVE = 3  # passages cherchés naïvement : chacun demande des secondes


def rows_up_to(size: int) -> list[tuple[str, str, str]]:
    """Les paragraphes des livres d'entraînement de Sand, puis des autres auteurs, jusqu'à `size` octets."""
    dataset, read = corpus.load_dataset(), 0

    def all_rows() -> Iterator[tuple[str, str, str]]:
        nonlocal read
        for part in ("train", "base"):
            for row in zip(*(dataset[part][name] for name in ("book", "chapter", "paragraph")), strict=True):
                read += len(row[2].encode()) + 1
                yield row

    return list(takewhile(lambda _: read <= size, all_rows()))


def timed(function: Callable, passages: list[str]) -> list[float]:
    """Secondes de calcul que prend `function` sur chaque passage."""
    seconds = []
    for passage in passages:
        start = time.process_time()
        function(passage)
        seconds.append(time.process_time() - start)
    return seconds


def run() -> list[tuple[str, str, str]]:
    """Les lignes de la section : mesure, valeur, visé."""
    rows = rows_up_to(BYTES)
    process = psutil.Process()
    before, start = process.memory_info().rss, time.process_time()
    index = evaluation.BookIndex(rows)
    built = time.process_time() - start
    size, memory = len(index.text), process.memory_info().rss - before
    held_out = "".join(corpus.texts_by_book(corpus.load_dataset()["test"]).values())
    passages = evaluation.excerpts(held_out, PASSAGES, CHARACTERS)
    copied = evaluation.excerpts("\n".join(row[2] for row in rows), PASSAGES, CHARACTERS)
    seconds = np.array(timed(lambda text: evaluation.check_copy(text, index), passages))
    whole = np.array(timed(lambda text: evaluation.check_copy(text, index), copied))
    text = index.text.decode()
    ours, naive = [], []
    for passage in passages[:NAIVE]:  # en alternance : la machine est partagée
        ours += timed(lambda found: evaluation.copied_spans(found, index), [passage])
        naive += timed(lambda found: evaluation.longest_copied_span(found, text), [passage])
    return [
        ("livres, en millions d'octets", f"{size / 1e6:.1f}", "30"),
        ("secondes de calcul pour construire l'index", f"{built:.1f}", ""),
        ("mémoire prise, rapportée aux livres", f"{memory / size:.1f}", ""),
        (f"passage neuf de {CHARACTERS} caractères, médiane en ms", f"{1000 * np.median(seconds):.0f}", "moins de 100"),
        ("le plus lent, en ms", f"{1000 * seconds.max():.0f}", "moins de 100"),
        ("passage entièrement recopié, médiane en ms", f"{1000 * np.median(whole):.0f}", "moins de 100"),
        ("recherche naïve, en fois le temps de l'index", f"{statistics.median(np.divide(naive, ours)):.0f}", ""),
    ]
