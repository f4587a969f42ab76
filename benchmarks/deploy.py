"""Les moteurs : ce que pèse, ce que vaut et ce qu'écrit par seconde chacun, à côté de `generate` de transformers, dans un même passage.

Un client, puis huit. `generate` écrit un texte à la fois ; nos moteurs passent par le service de la page ; CTranslate2 reçoit
huit amorces en un lot. Les tours alternent, et l'on garde pour chacun le meilleur : sur une machine partagée, c'est celui que
les autres ont le moins gêné. Chaque tour rapporte aussi son rapport à `generate` du même tour, dont on dit la médiane.
"""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch

from aurore import corpus, evaluation, generation, models, settings
from aurore.deploy import Rival
from aurore.engine import Engine, Reader, build_graph
from aurore.generation import Settings
from aurore.serving import Service

TOKENS, ROUNDS = 100, 7
CHARACTERS = 20_000  # de La Mare au diable
PROMPTS = (
    *generation.PROMPTS,
    "La petite Fadette",
    "Mon cher ami, je vous écris",
    "Dans le château,",
    "Elle se leva et",
    "Quand il fut seul,",
)
GREEDY = Settings(do_sample=False)
COLUMNS = [
    "moteur",
    "Mo",
    "bits par caractère",
    "écrits un par un",
    "1 client, tokens/s",
    "rapport",
    "8 clients, tokens/s",
    "rapport",
    "même texte glouton",
]

Write = Callable[[list[str]], list[str]]


def run() -> Iterator[tuple[str, ...]]:
    """Une ligne par moteur."""
    model, tokenizer = models.load_model(settings.SAND_MODEL)
    text = next(iter(corpus.texts_by_book(corpus.load_dataset()["test"]).values()))[:CHARACTERS]
    rivals = _rivals(model, tokenizer)
    speeds, texts = _race({name: write for name, (write, _, _) in rivals.items()}, tokenizer)
    base = "generate, transformers"
    for name, (_, size, engine) in rivals.items():
        one, eight = (speeds[name, clients] for clients in (1, 8))
        ratios = [statistics.median(np.divide(each, speeds[base, 1])) for each in (one, eight)]
        same = sum(mine == theirs for mine, theirs in zip(texts[name], texts[base], strict=True))
        values = _worth(model, tokenizer, text, engine)
        if name == base:
            values = (f"{evaluation.score(model, tokenizer, text).bits_per_character:.4f}", "")
        yield (
            name,
            f"{size / 1e6:.1f}",
            *values,
            f"{max(one):.0f}",
            f"{ratios[0]:.1f}",
            f"{max(eight):.0f}",
            f"{ratios[1]:.1f}",
            f"{same} sur 8",
        )


def _rivals(model, tokenizer) -> dict[str, tuple[Write, int, Engine | Rival | None]]:
    """Chaque moteur : comment il écrit, ce qu'il pèse en octets, et le nôtre s'il en est un."""
    half = sum(weight.numel() * 2 for weight in model.parameters())

    def reference(prompts: list[str]) -> list[str]:
        return [generation.generate(model, tokenizer, one, TOKENS, do_sample=False)[len(one) :] for one in prompts]

    found: dict[str, tuple[Write, int, Engine | Rival | None]] = {"generate, transformers": (reference, 2 * half, None)}
    tensors = {name: value.numpy() for name, value in model.state_dict().items()}
    for bits in (32, 8, 4):
        graph = build_graph(model.config.to_dict(), tensors, bits)
        service = Service(Engine(graph), tokenizer)

        def write(prompts: list[str], service=service) -> list[str]:
            jobs = [service.submit(one, GREEDY, TOKENS) for one in prompts]
            return [job.text() for job in jobs]

        found[f"onnxruntime, {bits} bits"] = (write, len(graph), service.engine)
    for kind in ("float32", "int8"):
        rival = Rival(model, tokenizer, kind)

        def answer(prompts: list[str], rival=rival) -> list[str]:
            return rival.write(prompts, TOKENS)

        found[f"CTranslate2, {kind}"] = (answer, rival.size, rival)
    return found


def _race(rivals: dict[str, Write], tokenizer) -> tuple[dict[tuple[str, int], list[float]], dict[str, list[str]]]:
    """Les tokens par seconde de chaque tour, par moteur et par nombre de clients, et les huit textes de chacun."""
    speeds: dict[tuple[str, int], list[float]] = {}
    texts = {name: write(list(PROMPTS)) for name, write in rivals.items()}  # le premier passage échauffe, et se lit
    for turn in range(ROUNDS):
        for clients in (1, 8):
            for name, write in rivals.items():
                prompts = [PROMPTS[(turn + rank) % 8] for rank in range(clients)]
                start = time.perf_counter()
                found = write(prompts)
                seconds = time.perf_counter() - start
                written = sum(len(tokenizer(one)["input_ids"]) for one in found)
                speeds.setdefault((name, clients), []).append(written / seconds)
    return speeds, texts


def _worth(model, tokenizer, text: str, engine: Engine | Rival | None) -> tuple[str, str]:
    """Ses bits par caractère sur un texte lu d'un trait, et l'écart quand il le lit un token à la fois, comme il écrit."""
    if engine is None:
        return "", ""
    if isinstance(engine, Rival):
        return f"{evaluation.score(engine, tokenizer, text).bits_per_character:.4f}", ""
    whole = evaluation.score(Reader(engine), tokenizer, text).bits_per_character
    ids = [tokenizer.eos_token_id, *tokenizer(text)["input_ids"][: engine.context - 1]]
    return f"{whole:.4f}", f"{_one_by_one(engine, ids) - _one_by_one_exact(model, ids):+.4f} bit par token"


def _one_by_one(engine: Engine, ids: list[int]) -> float:
    engine.read(ids[:1])
    bits = []
    for place in range(1, len(ids) - 1):
        notes = torch.from_numpy(engine.step([ids[place]], [place])[0])
        bits.append(-notes.log_softmax(-1)[ids[place + 1]].item() / np.log(2))
    return statistics.mean(bits)


@torch.inference_mode()
def _one_by_one_exact(model, ids: list[int]) -> float:
    logs = model(torch.tensor([ids])).logits[0].log_softmax(-1)
    return -logs[1:-1].gather(1, torch.tensor(ids[2:])[:, None]).mean().item() / np.log(2)
