"""Figures de la leçon 05 : ce qui trahit un presque GPT-2, un réseau qui apprend, ce que gagne le cache, les rivaux."""

import math
import time
from collections.abc import Sequence

import torch
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from aurore import gpt
from aurore.settings import SEED
from aurore.show import BLUE, GREEN, GREY, ORANGE, Plate, Table, count, french_number

_NUMBERS = FuncFormatter(lambda value, _: french_number(value))


def near_misses_table(model: gpt.GPT, ids: Tensor, expected: Tensor, n: int = 20) -> Table:
    """Pour `model` et chaque presque-modèle : l'écart aux logits `expected` (B, T, V), et le texte glouton, le même ou non."""
    text = gpt.complete(model, ids, n)
    rows = [_compared("le nôtre", model, ids, expected, text)]
    rows += [_compared(name, gpt.near_miss(model, name), ids, expected, text) for name in gpt.NEAR_MISSES]
    return Table("Écart aux logits de transformers", ("modèle", "plus grand écart", "même texte"), rows)


@torch.no_grad()
def _compared(name: str, model: gpt.GPT, ids: Tensor, expected: Tensor, text: Tensor) -> tuple[str, str, str]:
    gap = (model(ids) - expected).abs().max().item()
    same = torch.equal(gpt.complete(model, ids, text.shape[1] - ids.shape[1]), text)
    shown = "moins de 0,0001" if gap < 1e-4 else french_number(gap, significant=1)
    return name, shown, "oui" if same else "non"


class Diary:
    """Le journal d'un entraînement : ce que le modèle écrit, à quelques étapes, après une même amorce.

    Se donne à `gpt.train` comme `watch`. `every` : pas entre deux étapes.
    """

    def __init__(
        self, model: gpt.GPT, tokenizer: PreTrainedTokenizerBase, prompt: str, every: int, n: int = 24
    ) -> None:
        self.model, self.tokenizer, self.every, self.n = model, tokenizer, every, n
        self.ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
        self.texts: dict[int, str] = {}

    def __call__(self, step: int) -> None:
        if step % self.every == 0:
            written = gpt.complete(self.model, self.ids, self.n)[0, self.ids.shape[1] :]
            self.texts[step] = self.tokenizer.decode(written, clean_up_tokenization_spaces=False)


def training_plate(curve: Sequence[gpt.Point], diary: Diary, vocab_size: int) -> Plate:
    """La courbe d'un entraînement, et dans le texte ce que le modèle écrivait à chaque étape."""
    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([point.step for point in curve], [point.loss for point in curve], color=BLUE, label="perte du lot")
    axes.axhline(math.log(vocab_size), color=GREY, linestyle=":", label=f"au hasard : ln {french_number(vocab_size)}")
    axes.plot(list(diary.texts), [0.2] * len(diary.texts), "^", color=ORANGE, label="le modèle écrit")
    axes.set(xlabel="pas", ylabel="nats par token", ylim=(0, None))
    axes.yaxis.set_major_formatter(_NUMBERS)
    axes.xaxis.set_major_formatter(_NUMBERS)
    axes.legend(fontsize=9, ncols=3)
    start, end = curve[0].loss, sum(point.loss for point in curve[-5:]) / len(curve[-5:])
    texts = " · ".join(f"pas {step} : « {' '.join(text.split())} »" for step, text in diary.texts.items())
    return Plate(
        figure,
        f"En {count(len(curve), 'pas')} et {count(curve[-1].seconds, 'seconde', digits=0)}, la perte passe de {french_number(start, 2)} à {french_number(end, 2)}. {texts}",
    )


def cache_plate(model: gpt.GPT, ids: Tensor, n: int) -> Plate:
    """Barres : tokens écrits par seconde sans cache, avec, et avec en devinant ; dit aussi si les textes sont les mêmes."""
    ways = {
        "sans cache": {"cache": False},
        "avec le cache": {"guess": False},
        "avec le cache, en devinant": {},
    }
    speeds, texts = {}, []
    for name, options in ways.items():
        start = time.perf_counter()
        texts.append(gpt.complete(model, ids, n, **options))
        speeds[name] = n / (time.perf_counter() - start)
    figure = Figure(figsize=(8, 2.2), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(list(speeds), list(speeds.values()), color=[ORANGE, BLUE, GREEN], height=0.6)
    axes.bar_label(bars, [french_number(speed, 0) for speed in speeds.values()], padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("tokens écrits par seconde")
    axes.xaxis.set_major_formatter(_NUMBERS)
    same = "Le même texte" if all(torch.equal(text, texts[0]) for text in texts) else "Des textes différents"
    slow, *fast = speeds.values()
    sentence = " ; ".join(f"{name}, {french_number(speed, 0)}" for name, speed in speeds.items())
    gains = " et ".join(f"{french_number(speed / slow, 1)} fois" for speed in fast)
    return Plate(figure, f"{same}, {count(n, 'token')}. Tokens par seconde : {sentence}. Gain : {gains}.")


def rivals_plate(losses: dict[str, float], vocab_size: int) -> Plate:
    """Barres : la perte de chaque modèle sur un texte jamais appris, en nats par token."""
    figure = Figure(figsize=(8, 0.8 + 0.45 * len(losses)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(list(losses), list(losses.values()), color=BLUE, height=0.6)
    axes.bar_label(bars, [french_number(loss, 2) for loss in losses.values()], padding=3)
    axes.axvline(math.log(vocab_size), color=GREY, linestyle=":")
    axes.invert_yaxis()
    axes.margins(x=0.1)
    axes.set_xlabel(f"nats par token, texte jamais appris (pointillés : au hasard, ln {french_number(vocab_size)})")
    axes.xaxis.set_major_formatter(_NUMBERS)
    sentence = " ; ".join(f"{name}, {french_number(loss, 2)}" for name, loss in losses.items())
    return Plate(figure, f"Perte en nats par token, au hasard {french_number(math.log(vocab_size), 2)} : {sentence}.")


def recall_plate(distances: Sequence[int], steps: int, vocab_size: int = 16) -> Plate:
    """Retrouver un token lu `distances` tokens plus tôt : part de réussite d'un GPT et d'un récurrent, mêmes lots, `steps` pas."""
    rates: dict[str, list[float]] = {"GPT": [], "récurrent": []}
    seconds = dict.fromkeys(rates, 0.0)
    for distance in distances:
        shape = gpt.Dimensions(vocab_size, distance + 3, n_embd=32, n_layer=1, n_head=2)
        rivals = {"GPT": gpt.GPT(shape), "récurrent": gpt.Recurrent(vocab_size, 32)}
        for name, model in rivals.items():
            start = time.perf_counter()
            rates[name].append(_recall(model, distance, steps, vocab_size))
            seconds[name] += time.perf_counter() - start
    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.add_subplot()
    for (name, values), color, marker in zip(rates.items(), (BLUE, ORANGE), ("o", "s"), strict=True):
        axes.plot(distances, values, color=color, marker=marker, label=name)
    axes.axhline(1 / (vocab_size - 1), color=GREY, linestyle=":", label="au hasard, et la table de bigrammes")
    axes.set(xlabel="tokens à traverser", ylabel="tokens retrouvés", ylim=(0, 1.05))
    axes.set_xticks(distances)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{french_number(100 * value, 0)} %"))
    axes.legend(fontsize=9)
    sentence = " ; ".join(
        f"{name} " + ", ".join(f"{french_number(100 * value, 0)} % à {distance}" for value, distance in zip(values, distances, strict=True))
        for name, values in rates.items()
    )  # fmt: skip
    times = " et ".join(f"{count(spent, 'seconde', digits=0)} ({name})" for name, spent in seconds.items())
    return Plate(
        figure,
        f"Retrouver un token après en avoir lu d'autres, {steps} pas sur les mêmes lots : {sentence}. Temps en tout : {times}. Au hasard : {french_number(100 / (vocab_size - 1), 0)} %.",
    )


def _recall(model: nn.Module, distance: int, steps: int, vocab_size: int) -> float:
    """Apprend à ne juger que le dernier token, puis compte les réussites sur 500 suites neuves."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _, ids in zip(range(steps), gpt.recall_lots(distance, vocab_size, 64), strict=False):
        optimizer.zero_grad()
        model.loss(ids, gpt.only_last(ids)).backward()
        optimizer.step()
    ids = next(gpt.recall_lots(distance, vocab_size, 500, seed=SEED + 1))
    with torch.no_grad():
        return (model(ids)[:, -2].argmax(-1) == ids[:, -1]).float().mean().item()
