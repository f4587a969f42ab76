"""Un n-gramme de caractères : le pair des modèles embarqués, et le juge des manières."""

import math
from collections import Counter
from functools import cache


class CharacterNgram:
    """Un n-gramme de caractères, interpolé d'ordre en ordre selon Kneser et Ney (1995).

    L'ordre le plus haut compte les suites ; les autres, le nombre de caractères différents qui précèdent chacune.
    """

    DISCOUNT = 0.75

    def __init__(self, text: str, order: int = 5) -> None:
        self.order, self.alphabet = order, len(set(text)) + 1
        self.counts = [Counter(text[i : i + order] for i in range(len(text) - order + 1))]
        while len(self.counts) < order:
            self.counts.insert(0, Counter(gram[1:] for gram in self.counts[0]))
        self.totals: list[Counter] = []
        self.kinds: list[Counter] = []
        for counts in self.counts:
            totals: Counter = Counter()
            kinds: Counter = Counter()
            for gram, count in counts.items():
                totals[gram[:-1]] += count
                kinds[gram[:-1]] += 1
            self.totals.append(totals)
            self.kinds.append(kinds)

    def bits_per_character(self, text: str) -> float:
        """Bits par caractère de `text`, chaque caractère connaissant les `order - 1` précédents."""
        probability = cache(self._probability)
        nats = -sum(math.log(probability(text[max(0, i - self.order + 1) : i + 1])) for i in range(len(text)))
        return nats / math.log(2) / len(text)

    def _probability(self, gram: str) -> float:
        found = 1 / self.alphabet
        for n in range(1, len(gram) + 1):
            piece = gram[-n:]
            total, kinds = self.totals[n - 1][piece[:-1]], self.kinds[n - 1][piece[:-1]]
            if total:
                kept = max(0.0, self.counts[n - 1][piece] - self.DISCOUNT)
                found = (kept + self.DISCOUNT * kinds * found) / total
        return found
