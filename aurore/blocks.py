"""Leçon 07, ce qu'on donne à lire à un modèle : des blocs pleins, ou des phrases et leur remplissage ; combien de pas, à quel taux.

Ce module ne connaît ni modèle ni tokenizer : des listes de tokens y entrent, des nombres en sortent.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

IGNORED = -100  # l'étiquette que l'entropie croisée de PyTorch ne compte pas


# --- Des blocs pleins -----------------------------------------------------------------------------------


def pack(texts: Sequence[Sequence[int]], end: int, length: int) -> list[list[int]]:
    """Met les textes bout à bout, chacun suivi du token `end`, et coupe le tout en blocs de `length` tokens.

    Le reste incomplet de la fin est abandonné. `texts` : une suite de tokens par texte.
    """
    flow = [token for text in texts for token in (*text, end)]
    return [flow[start : start + length] for start in range(0, len(flow) - length + 1, length)]


# --- Une phrase par exemple -----------------------------------------------------------------------------


def padding_share(lengths: Sequence[int], width: int) -> float:
    """La part des places vides quand on met une phrase par ligne de `width` places ; ce qui dépasse est coupé.

    `lengths` : les longueurs des phrases, en tokens, une au moins.
    """
    filled = sum(min(length, width) for length in lengths)
    return 1 - filled / (len(lengths) * width)


def cut_sentences(sentences: Sequence[Sequence[int]], length: int) -> list[list[int]]:
    """Coupe chaque phrase en morceaux de `length` tokens au plus, dans l'ordre, sans en perdre un seul."""
    return [list(row[start : start + length]) for row in sentences for start in range(0, len(row), length)]


def collate(rows: Sequence[Sequence[int]], pad: int) -> dict[str, list[list[int]]]:
    """Réunit des phrases de longueurs différentes en un lot rectangulaire, aussi large que la plus longue.

    `input_ids` : les tokens, puis `pad` ; `attention_mask` : 1 sur les tokens, 0 sur le remplissage ; `labels` : les
    tokens, puis -100, que la perte ne compte pas. Les phrases peuvent contenir le token `pad`.
    """
    width = max(map(len, rows))
    return {
        "input_ids": [[*row, *[pad] * (width - len(row))] for row in rows],
        "attention_mask": [[1] * len(row) + [0] * (width - len(row)) for row in rows],
        "labels": [[*row, *[IGNORED] * (width - len(row))] for row in rows],
    }


def batches(sentences: Sequence[Sequence[int]], length: int, size: int, pad: int) -> list[dict[str, list[list[int]]]]:
    """Les phrases, coupées à `length` tokens, en lots de `size` lignes, dans l'ordre."""
    rows = cut_sentences(sentences, length)
    return [collate(rows[start : start + size], pad) for start in range(0, len(rows), size)]


@dataclass(frozen=True)
class Waste:
    """Ce que coûte une façon de ranger des phrases : places calculées, places vides, tokens perdus."""

    name: str
    positions: int
    empty: float  # part des places
    lost: float  # part des tokens


def wastes(sentences: Sequence[Sequence[int]], end: int, widths: Sequence[int] = (100, 512)) -> list[Waste]:
    """Mesure le remplissage de l'atelier d'origine, pour chaque largeur, puis celui des blocs pleins de la plus petite."""
    lengths = [len(row) for row in sentences]
    total = sum(lengths)
    found = [
        Waste(
            f"une phrase par ligne de {width} places",
            len(lengths) * width,
            padding_share(lengths, width),
            1 - sum(min(length, width) for length in lengths) / total,
        )
        for width in widths
    ]
    kept = [length for length in lengths if length >= widths[0]]
    thrown = 1 - widths[0] * len(kept) / total
    found.append(
        Waste(f"les seules phrases d'au moins {widths[0]} tokens, coupées", widths[0] * len(kept), 0.0, thrown)
    )
    blocks = pack(sentences, end, widths[0])
    lost = 1 - widths[0] * len(blocks) / (total + len(lengths))
    found.append(Waste(f"des blocs pleins de {widths[0]}", widths[0] * len(blocks), 0.0, lost))
    return found


# --- Combien de pas, à quel taux, sauvés quand ----------------------------------------------------------


def total_steps(rows: int, batch_size: int, accumulation: int, epochs: int) -> int:
    """Le nombre de pas d'un entraînement : un pas par `accumulation` lots de `batch_size` lignes, `epochs` fois.

    Un dernier lot incomplet compte, et une dernière accumulation incomplète aussi.
    """
    batches = -(-rows // batch_size)
    return max(1, -(-batches // accumulation)) * epochs


def learning_rate(step: int, peak: float, warmup: int, steps: int) -> float:
    """Le taux au pas `step`, de 0 à `steps` : il monte tout droit jusqu'à `peak`, puis descend en cosinus jusqu'à 0.

    `warmup` : le nombre de pas de la montée. Loshchilov et Hutter 2017 ; c'est « cosine » dans transformers.
    """
    if step < warmup:
        return peak * step / warmup
    progress = (step - warmup) / max(1, steps - warmup)
    return peak * (1 + math.cos(math.pi * min(1.0, progress))) / 2


def rates(peak: float, warmup: int, planned: int, done: int) -> list[float]:
    """Le taux de chacun des `done` pas, quand l'horaire en prévoit `planned` ; nul une fois l'horaire fini."""
    return [learning_rate(step, peak, warmup, planned) if step < planned else 0.0 for step in range(done)]


def save_interval(steps: int, saves: int) -> int:
    """Tous les combien de pas garder un point de reprise, pour en avoir au moins `saves` ; jamais moins d'un pas."""
    return max(1, steps // saves)


# --- Lire un journal ------------------------------------------------------------------------------------


def logged_rows(runtime: float, per_second: float, passes: float) -> int:
    """Le nombre de lignes que trahit un journal : durée en secondes, lignes par seconde, nombre de passages."""
    return round(runtime * per_second / passes)


@dataclass(frozen=True)
class Decoded:
    """Ce que dit un journal de Trainer sans le dire : lignes apprises, lignes jugées, pas."""

    trained_rows: int
    judged_rows: int
    steps: int


# Document 000, lignes 3566 et 3587 : le seul entraînement dont les documents publient le journal.
PUBLISHED = {
    "eval_loss": 1.1914359331130981,
    "eval_runtime": 3.2996,
    "eval_samples_per_second": 3.334,
    "eval_steps_per_second": 0.606,
    "train_runtime": 49.3342,
    "train_samples_per_second": 0.669,
    "train_steps_per_second": 0.365,
    "train_loss": 2.4760252634684243,
    "epoch": 3.0,
}


def decode(log: dict[str, float]) -> Decoded:
    """Décode un journal de Trainer : chaque débit, multiplié par sa durée, est un compte."""
    return Decoded(
        logged_rows(log["train_runtime"], log["train_samples_per_second"], log["epoch"]),
        logged_rows(log["eval_runtime"], log["eval_samples_per_second"], 1),
        round(log["train_runtime"] * log["train_steps_per_second"]),
    )
