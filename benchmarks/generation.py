"""La leçon 08 : le temps qu'un réglage met à bouger les barres du pupitre, notre boucle contre celle de transformers, et ce que
`no_repeat_ngram_size` interdirait à un vrai livre.

Les temps sont des secondes de calcul sur un seul cœur : la machine est partagée, et rien ici n'attend.
"""

import statistics
import time
from collections.abc import Callable

import torch

from aurore import corpus, generation, models, settings
from aurore.widgets.generation_desk import Desk

PROMPT, MOVES, ROUNDS, TOKENS = "Le lendemain, avant le jour,", 100, 3, 50
BOOK = 23582  # La Mare au diable
INSTANT = 50  # millisecondes : en dessous, un geste et son effet ne se séparent pas


def run() -> list[tuple[str, ...]]:
    """Une ligne par mesure : nom, valeur, visé."""
    torch.set_num_threads(1)
    pairs = {folder.name: models.load_model(folder) for folder in (settings.EMBEDDED_MODEL, settings.SAND_MODEL)}
    desk = Desk(pairs, PROMPT)
    desk.bars()
    moved = [_seconds(lambda value=value: _move(desk, value)) for value in range(MOVES)]
    read = [_seconds(lambda: (desk.step(), desk.bars())) for _ in range(20)]
    one, other = statistics.median(moved), statistics.median(read)
    ratios = _against_transformers(*pairs[settings.EMBEDDED_MODEL.name])
    return [
        ("un réglage bougé, deux modèles : médiane, ms de calcul", f"{1000 * one:.1f}", f"moins de {INSTANT}"),
        ("un réglage bougé : le plus lent de cent, ms de calcul", f"{1000 * max(moved):.1f}", f"moins de {INSTANT}"),
        ("lire un token de plus / bouger un réglage", f"{other / one:.1f}", ""),
        (f"écrire {TOKENS} tokens : generate de transformers / notre boucle", f"{ratios:.2f}", "1"),
        *_forbidden(pairs[settings.EMBEDDED_MODEL.name][1]),
    ]


def _seconds(act: Callable[[], object]) -> float:
    """Le temps de calcul d'un geste."""
    start = time.process_time()
    act()
    return time.process_time() - start


def _move(desk: Desk, value: int) -> None:
    desk.configure(temperature=0.3 + value / 100, top_k=20 + value, top_p=0.9)
    desk.bars()


def _against_transformers(model, tokenizer) -> float:
    """Le rapport des médianes, les deux alternées : ce que transformers prend de temps, sur ce que nous prenons."""
    times: tuple[list[float], list[float]] = ([], [])
    for seed in range(ROUNDS):
        times[0].append(_seconds(lambda seed=seed: generation.generate(model, tokenizer, PROMPT, TOKENS, seed=seed)))
        times[1].append(
            _seconds(lambda seed=seed: list(generation.stream(model, tokenizer, PROMPT, TOKENS, seed=seed)))
        )
    return statistics.median(times[0]) / statistics.median(times[1])


def _forbidden(tokenizer) -> list[tuple[str, ...]]:
    catalogue, fetcher = corpus.open_library()
    book = corpus.clean(fetcher.fetch(catalogue[BOOK]), catalogue[BOOK])
    ids = tokenizer(book.text, verbose=False)["input_ids"]
    return [
        (
            f"La Mare au diable : passages de {length} tokens où une suite de {size} revient",
            f"{100 * generation.broken_share(ids, length, size):.1f} %",
            "",
        )
        for length in (50, 100)
        for size in (2, 3, 4)
    ]
