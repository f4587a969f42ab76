"""Nettoyer et découper en phrases tout un dossier de livres : durée et mémoire, à côté d'un pair.

Le pair est le découpeur de NLTK sans entraînement, seul, sur les mêmes textes déjà nettoyés : il dit ce que
coûte, sur cette machine et à cette minute, la partie du travail qu'aucun nettoyage ne peut éviter.
"""

import threading
import time

import psutil
from nltk.tokenize.punkt import PunktSentenceTokenizer

from aurore import corpus


class MemoryPeak(threading.Thread):
    """Relève chaque demi-seconde la mémoire du processus et de ses enfants, sans compter deux fois
    les pages partagées (PSS)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.done.wait(0.5):
            self.peak = max(self.peak, sum(map(_memory, [me, *me.children(recursive=True)])))


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return getattr(full, "pss", full.uss)
    except psutil.Error:
        return 0


def run() -> list[tuple[str, str, str]]:
    """Prépare tous les livres dans `AURORE_HOME` et rend des lignes (mesure, valeur, à quoi la comparer)."""
    peak = MemoryPeak()
    peak.start()
    start = time.perf_counter()
    report = corpus.prepare("all")
    seconds = time.perf_counter() - start
    peak.done.set()
    texts = [text for split in corpus.load_dataset().values() for text in corpus.texts_by_book(split).values()]
    start = time.perf_counter()
    peer = PunktSentenceTokenizer()
    for text in texts:
        for paragraph in text.split("\n"):
            peer.tokenize(paragraph)
    alone = time.perf_counter() - start
    return [
        ("livres nettoyés et découpés", f"{report['books']}, {report['characters'] / 1e6:.0f} M de caractères", ""),
        ("durée totale", f"{seconds:.0f} s", f"{seconds / alone:.2f} × NLTK sans entraînement seul ({alone:.0f} s)"),
        ("mémoire (PSS, enfants compris)", f"{peak.peak / 1e9:.2f} Go", "plafond : 2 Go"),
    ]
