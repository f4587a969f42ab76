"""Pré-entraîner aurore-base : un GPT-2 français, appris de zéro sur d'autres auteurs que Sand.

Ce n'est pas une leçon : c'est ce qui fabrique le modèle que l'atelier emporte. Tout se lit de haut en bas :
les textes, leurs tokens projetés en mémoire, l'ordre des blocs, l'optimiseur, la boucle, ses points de reprise.

Rien ne dépend du temps ni de l'historique : le lot du pas n se calcule à partir de n et de la graine. Reprendre
après un arrêt brutal, c'est relire les poids, l'état de l'optimiseur et n.
"""

import io
import json
import lzma
import pickle
import re
import signal
import tarfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from tqdm.auto import tqdm
from transformers import GPT2LMHeadModel, PreTrainedTokenizerBase

from aurore import corpus, evaluation, finetune, generation, gpt, handover, settings
from aurore import tokenizer as bpe
from aurore.models import Device, choose_device, export_model, keep_freed_memory
from aurore.optimizer import MuonAdamW
from aurore.settings import SEED, AuroreError
from aurore.show import count, french_number
from aurore.storage import atomic_directory, damaged, write_atomic


@dataclass(frozen=True)
class Plan:
    """Tout ce qui détermine le résultat. Deux plans égaux, sur les mêmes textes et la même machine, donnent les mêmes poids.

    Longueurs en tokens ; `batch` en blocs de `context_length` tokens ; `tokens` est le nombre de tokens lus en
    tout, répétitions comprises ; `dropout`, `weight_decay` et les fractions sont sans unité.
    """

    tokens: int
    vocab_size: int = 8192
    context_length: int = 512
    # Avant la descente, les blocs peuvent être plus courts : ils coûtent moins, et le contexte long s'apprend vite.
    plateau_context: int = 256
    n_layer: int = 6
    n_head: int = 5
    n_embd: int = 320
    batch: int = 16
    # Muon règle les matrices des blocs, AdamW le reste (plongements, biais, normes) : voir `build_optimizers`.
    matrix_rate: float = 4e-3
    table_rate: float = 3e-3
    vector_rate: float = 3e-3
    warmup_steps: int = 100
    # Les poids moyens suivent les poids de loin, d'autant plus lisses que ce nombre est proche de 1 : sur le plateau, ils
    # valent déjà une partie de la descente.
    averaging: float = 0.99
    # Plateau puis descente en ligne droite jusqu'à zéro (Hägele 2024) : on peut prolonger avant la descente.
    decay_fraction: float = 0.35
    weight_decay: float = 0.1
    dropout: float = 0.0
    max_grad_norm: float = 1.0
    seed: int = SEED

    @property
    def steps(self) -> int:
        """Nombre de pas d'optimisation."""
        return max(1, self.tokens // (self.batch * self.context_length))


PLANS = {
    # De quoi éprouver la reprise en quelques secondes.
    "test": Plan(
        40_960,
        vocab_size=512,
        context_length=64,
        plateau_context=32,
        n_layer=2,
        n_head=2,
        n_embd=32,
        batch=8,
        warmup_steps=5,
    ),
    # Deux cœurs, une demi-journée, parti des poids de la première édition (`--from`) : un taux de départ de zéro lui ferait
    # d'abord perdre ce qu'elle sait. Le vocabulaire est le plus grand que la salle supporte, et le meilleur essayé.
    "base": Plan(60_000_000, vocab_size=16384, matrix_rate=2e-3, table_rate=2e-3, vector_rate=2e-3),
    # Sur une carte graphique, de zéro : des dizaines de passages, donc un peu d'oubli aléatoire, une décroissance plus
    # forte, une longue descente. Les blocs courts n'y épargneraient rien.
    "carte": Plan(
        835_616_768,
        vocab_size=16384,
        plateau_context=512,
        batch=64,
        matrix_rate=3e-3,
        warmup_steps=300,
        decay_fraction=0.6,
        weight_decay=0.2,
        dropout=0.05,
    ),
}


# --- 1. Les textes --------------------------------------------------------------------------------------


def read_eltec(archive: Path) -> list[str]:
    """Rend les textes d'une archive ELTeC (un paragraphe par ligne), passés par la typographie de l'atelier.

    L'archive contient des fichiers `.txt` ; son `INDEX.tsv` nomme la source de chacun. Lève `AuroreError` si elle
    est illisible ou ne contient aucun texte.
    """
    try:
        with tarfile.open(archive) as tar:
            members = sorted((m for m in tar.getmembers() if m.name.endswith(".txt")), key=lambda m: m.name)
            raws = [tar.extractfile(member).read() for member in members]
    except (OSError, EOFError, lzma.LZMAError, tarfile.TarError) as error:
        raise AuroreError(
            f"L'archive {archive} est illisible ({error}). Vérifiez le chemin donné à --eltec, ou refaites l'archive."
        ) from error
    if not raws:
        raise AuroreError(f"L'archive {archive} ne contient aucun fichier .txt. Vérifiez le chemin donné à --eltec.")
    try:
        return [_one_paragraph_a_line(raw.decode("utf-8-sig")) for raw in _bar(raws, "ELTeC")]
    except UnicodeDecodeError as error:
        raise AuroreError(
            f"Un texte de {archive} n'est pas en UTF-8. Convertissez-le, et refaites l'archive."
        ) from error


def _bar(texts: list, description: str) -> tqdm:
    return tqdm(texts, desc=description, unit="texte", leave=False, delay=1)


def _one_paragraph_a_line(text: str) -> str:
    found = (corpus.uniform_typography(line) for line in text.split("\n") if line.strip())
    return "\n".join(line for line in found if re.search(r"\w", line)) + "\n"


def drop_repeated(texts: Iterable[str], length: int = 80, held_out: Iterable[str] = ()) -> list[str]:
    """Ôte tout paragraphe d'au moins `length` caractères déjà lu, ou présent dans les textes tenus à l'écart.

    Deux éditions d'un même conte ne comptent ainsi qu'une fois, et rien de ce qui sert à juger n'est appris.
    """
    seen = {line for text in held_out for line in text.split("\n") if len(line) >= length}
    kept = []
    for text in texts:
        lines = []
        for line in text.split("\n"):
            if len(line) < length or line not in seen:
                lines.append(line)
            if len(line) >= length:
                seen.add(line)
        kept.append("\n".join(lines))
    return [text for text in kept if text.strip()]


def training_texts(eltec: Path | None = None) -> list[str]:
    """Les livres `base` du corpus préparé, puis ceux d'ELTeC, sans répétition et sans rien de Sand."""
    dataset = corpus.load_dataset()
    if "base" not in dataset:
        raise AuroreError(
            "Le corpus préparé n'a pas de livres d'autres auteurs. Lancez « python -m aurore prepare --books all »."
        )
    texts = list(corpus.texts_by_book(dataset["base"]).values()) + (read_eltec(eltec) if eltec else [])
    held_out = [
        text for split in ("train", "validation", "test") for text in corpus.texts_by_book(dataset[split]).values()
    ]
    return drop_repeated(texts, held_out=held_out)


# --- 2. Les tokens, projetés en mémoire -----------------------------------------------------------------


class Blocks:
    """Les tokens d'un dossier, lus par blocs qui ne sautent jamais d'un livre à l'autre.

    `tokens.bin` : les livres bout à bout, chacun précédé et suivi de `<|endoftext|>`, en entiers de 16 bits,
    jamais chargés en entier. `books.json` : la longueur de chacun, en tokens.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.tokens = np.memmap(folder / "tokens.bin", dtype=np.uint16, mode="r")
        lengths = np.array(json.loads((folder / "books.json").read_text(encoding="utf-8")))
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        # Un bloc lit un token de plus, la dernière cible ; et chaque tour décale les coupes d'un bloc au plus.
        self.counts = np.maximum(0, lengths - 1 - plan.context_length) // plan.context_length
        self.plan, self.epoch = plan, -1
        self.order = np.empty(0, dtype=np.int64)
        if self.counts.sum() < plan.batch:
            raise AuroreError(
                f"Trop peu de texte pour ce plan : {int(self.counts.sum())} blocs, il en faut au moins {plan.batch}. Ajoutez des livres."
            )

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Entrées et cibles du pas `step`, deux tenseurs (B, T) d'entiers ; ne dépend que du pas et de la graine."""
        size, total = self.plan.batch, int(self.counts.sum())
        per_epoch = total // size
        self._enter(step // per_epoch)
        chosen = self.order[(step % per_epoch) * size :][:size]
        length = self.plan.context_length
        rows = torch.from_numpy(np.stack([self.tokens[s : s + length + 1] for s in chosen]).astype(np.int64))
        return rows[:, :-1], rows[:, 1:]  # (B, T), (B, T)

    def _enter(self, epoch: int) -> None:
        """Tire les coupes et l'ordre des blocs d'un tour : le même texte y revient découpé autrement."""
        if epoch == self.epoch:
            return
        draw = np.random.default_rng([self.plan.seed, epoch])
        shifts = draw.integers(0, self.plan.context_length, len(self.counts))
        starts = [
            start + shift + np.arange(count) * self.plan.context_length
            for start, shift, count in zip(self.starts, shifts, self.counts, strict=True)
        ]
        self.order, self.epoch = draw.permutation(np.concatenate(starts)), epoch


def write_tokens(texts: list[str], tokenizer: PreTrainedTokenizerBase, folder: Path) -> int:
    """Écrit `tokens.bin` et `books.json` dans `folder` ; rend le nombre de tokens."""
    end = tokenizer.eos_token_id
    lengths = []
    with atomic_directory(folder) as temporary:
        with (temporary / "tokens.bin").open("wb") as file:
            for text in _bar(texts, "Tokens"):
                ids = [end, *tokenizer(text, verbose=False)["input_ids"], end]
                file.write(np.asarray(ids, dtype=np.uint16).tobytes())
                lengths.append(len(ids))
        write_atomic(temporary / "books.json", json.dumps(lengths))
        tokenizer.save_pretrained(str(temporary))
    return sum(lengths)


def prepare_tokens(
    texts: list[str], plan: Plan, folder: Path, tokenizer: PreTrainedTokenizerBase | None = None
) -> None:
    """Apprend le tokenizer, s'il n'est pas donné, et écrit les tokens, sauf si ceux de ces textes et de ce vocabulaire sont déjà là."""
    origin = _digest(texts, plan)
    if _origin(folder) == origin:
        spoiled = damaged(folder)
        if not spoiled:
            return
        print(f"Les tokens de {folder} sont abîmés ({', '.join(spoiled)}) : ils sont refaits.", flush=True)
    if tokenizer is None:
        print(f"Le tokenizer s'apprend sur {count(len(texts), 'texte')}.", flush=True)
        tokenizer = bpe.train_tokenizer(texts, plan.vocab_size, plan.context_length)
    found = write_tokens(texts, tokenizer, folder)
    write_atomic(folder / "origin.txt", origin)
    characters = sum(map(len, texts))
    print(
        f"{count(len(texts), 'texte')}, {count(characters, 'caractère')}, {count(found, 'token')} ({french_number(characters / found, 2)} par token).",
        flush=True,
    )


def _digest(texts: list[str], plan: Plan) -> str:
    digest = sha256(f"{plan.vocab_size} {plan.context_length}".encode())
    for text in texts:
        digest.update(f"\0{len(text)}\0{text}".encode())
    return digest.hexdigest()


def _origin(folder: Path) -> str:
    """L'empreinte des textes dont viennent les tokens d'un dossier ; vide s'il n'y en a pas."""
    mark = folder / "origin.txt"
    return mark.read_text(encoding="utf-8") if mark.is_file() else ""


# --- 3. Le modèle et ses deux optimiseurs ---------------------------------------------------------------


def build_model(plan: Plan, end_of_text: int) -> GPT2LMHeadModel:
    """Un GPT-2 neuf (Radford 2019), plongements d'entrée et de sortie partagés ; poids tirés de `plan.seed`."""
    # « gelu_pytorch_tanh » : les mêmes valeurs que « gelu_new », calculées d'un seul noyau au lieu de huit.
    return gpt.build_gpt2(plan, plan.vocab_size, end_of_text, plan.seed, plan.dropout, "gelu_pytorch_tanh")


def build_optimizer(model: GPT2LMHeadModel, plan: Plan) -> MuonAdamW:
    """Muon pour les matrices des blocs, AdamW pour le reste ; chaque groupe porte son taux de plateau, `peak`."""
    optimizer = MuonAdamW(model, plan.table_rate, plan.matrix_rate, plan.weight_decay, plan.vector_rate)
    for group in optimizer.param_groups:
        group["peak"] = group["lr"]
    return optimizer


def _loss(model: GPT2LMHeadModel, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Entropie croisée moyenne, en nats par token ; `inputs` et `targets` de forme (B, T)."""
    logits = model(input_ids=inputs, use_cache=False).logits  # (B, T, V)
    # En bfloat16, un logarithme de probabilité de -9 s'arrondit à 0,03 près : la perte se calcule en 32 bits.
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten())


def rate(plan: Plan, step: int) -> float:
    """La part du taux d'apprentissage au pas `step` : montée, plateau, descente en ligne droite vers zéro."""
    decay = max(1, round(plan.decay_fraction * plan.steps))
    return min(1.0, (step + 1) / plan.warmup_steps, (plan.steps - step) / decay)


# --- 4. La boucle ---------------------------------------------------------------------------------------


class Run:
    """Un entraînement en cours : le modèle, ses optimiseurs, le pas où il en est, son journal."""

    def __init__(self, plan: Plan, folder: Path, tokenizer: PreTrainedTokenizerBase, device: Device) -> None:
        self.plan, self.folder, self.tokenizer, self.device = plan, folder, tokenizer, device
        self.model = build_model(plan, tokenizer.eos_token_id).to(device.name)
        self.optimizer = build_optimizer(self.model, plan)
        # Sur une carte, de si petits noyaux passeraient leur temps à se lancer : compilés ensemble, au premier pas, ils s'enchaînent.
        self.loss = torch.compile(_loss) if device.name == "cuda" else _loss
        self.average = [parameter.detach().clone() for parameter in self.model.parameters()]
        self.step = 0
        self.log: list[dict] = []
        self.blocks = Blocks(folder / "tokens", plan)

    def save(self) -> None:
        """Écrit le point de reprise d'un seul coup : à tout instant l'ancien ou le nouveau, entier."""
        buffer = io.BytesIO()
        state = {
            "plan": asdict(self.plan),
            "origin": _origin(self.folder / "tokens"),
            "step": self.step,
            "log": self.log,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, buffer)
        write_atomic(self.folder / "checkpoint.pt", buffer.getvalue())

    def resume(self) -> bool:
        """Relit le point de reprise s'il est de ce plan et de ces textes ; rend vrai s'il y en avait un."""
        path = self.folder / "checkpoint.pt"
        if not path.is_file():
            return False
        try:
            state = torch.load(path, map_location=self.device.name, weights_only=True)
            before, origin = Plan(**state["plan"]), state["origin"]
        except (RuntimeError, EOFError, OSError, LookupError, TypeError, ValueError, pickle.UnpicklingError) as error:
            raise AuroreError(f"{path} est abîmé. Effacez ce fichier pour repartir de zéro.") from error
        if origin != _origin(self.folder / "tokens"):
            raise AuroreError(
                f"{path} vient d'autres textes. Redonnez les mêmes (l'archive de --eltec en est), ou effacez ce fichier pour repartir de zéro."
            )
        if not self._goes_on(before, state["step"]):
            raise AuroreError(
                f"{path} vient d'un autre plan. Reprenez le même, ou effacez ce fichier pour repartir de zéro."
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = state["average"]
        self.step, self.log = state["step"], state["log"]
        return True

    def start_from(self, folder: Path) -> None:
        """Part des poids de `folder`, optimiseurs neufs : d'un paquet, à son pas ; d'un autre modèle, au pas 0.

        Au pas d'un paquet, le taux est aussitôt celui du plan : une nouvelle montée coûterait plus qu'elle n'épargne.
        """
        handover.load_weights(self.model, self.tokenizer, folder)
        self.average = [parameter.detach().clone() for parameter in self.model.parameters()]
        progress = handover.read_progress(folder)
        if progress is None:
            return
        before = Plan(**progress.plan)
        if progress.origin == _origin(self.folder / "tokens") and self._goes_on(before, progress.step):
            self.step, self.log = progress.step, progress.log

    def _goes_on(self, before: Plan, step: int) -> bool:
        """Dit si ce plan prolonge `before`, arrêté au pas `step` : un plan qui ne diffère que par sa durée est le même
        tant que la descente n'a pas commencé.
        """
        on_plateau = step <= _first_decay_step(before) and step <= _first_decay_step(self.plan)
        return before == self.plan or (replace(before, tokens=self.plan.tokens) == self.plan and on_plateau)

    def progress(self) -> handover.Progress:
        """Où l'on en est, tel qu'un paquet l'emporte."""
        return handover.Progress(asdict(self.plan), _origin(self.folder / "tokens"), self.step, self.log)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Le temps d'un bloc, le modèle porte ses poids moyens."""
        current = [parameter.detach().clone() for parameter in self.model.parameters()]
        self._set_weights(self.average)
        try:
            yield
        finally:
            self._set_weights(current)

    @torch.no_grad()
    def _set_weights(self, weights: list[torch.Tensor]) -> None:
        for parameter, value in zip(self.model.parameters(), weights, strict=True):
            parameter.copy_(value)

    @torch.no_grad()
    def _follow(self) -> None:
        """Rapproche les poids moyens des poids ; au début, leur moyenne simple."""
        share = max(1 - self.plan.averaging, 1 / self.step)
        torch._foreach_lerp_(self.average, list(self.model.parameters()), share)

    def advance(self) -> torch.Tensor:
        """Un pas d'optimisation ; rend la perte moyenne, en nats par token."""
        plan, share = self.plan, rate(self.plan, self.step)
        torch.manual_seed(plan.seed + self.step)  # l'oubli aléatoire du pas, le même après une reprise
        inputs, targets = self._shaped(*self.blocks.batch(self.step))
        self.model.train()
        with torch.autocast(self.device.name, torch.bfloat16, enabled=self.device.bf16):
            loss = self.loss(self.model, inputs, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), plan.max_grad_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * share
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self._follow()
        return loss.detach()

    @property
    def block_length(self) -> int:
        """Longueur des blocs au pas où l'on en est : au-delà, les positions n'ont encore rien appris."""
        on_plateau = self.step < _first_decay_step(self.plan)
        return self.plan.plateau_context if on_plateau else self.plan.context_length

    def _shaped(self, inputs: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Porte le lot sur l'appareil, sans attendre que celui-ci ait fini ; avant la descente, raccourcit les blocs."""
        cut = [rows.reshape(-1, self.block_length) for rows in (inputs, targets)]  # (B, T) ou (2B, T/2)
        if self.device.name == "cuda":
            cut = [rows.pin_memory() for rows in cut]
        inputs, targets = (rows.to(self.device.name, non_blocking=True) for rows in cut)
        return inputs, targets


def _first_decay_step(plan: Plan) -> int:
    return plan.steps - max(1, round(plan.decay_fraction * plan.steps))


class _Stop:
    """Dit quand s'arrêter : au bout de `minutes`, ou quand le système le demande (SIGTERM) ; jamais au milieu d'un pas."""

    def __init__(self, minutes: float | None) -> None:
        self.deadline = time.perf_counter() + 60 * minutes if minutes else float("inf")
        self.asked = False

    def __enter__(self) -> "_Stop":
        # Python ne confie les signaux qu'au fil principal.
        self.listens = threading.current_thread() is threading.main_thread()
        if self.listens:
            self.previous = signal.signal(signal.SIGTERM, self._ask)
        return self

    def __exit__(self, *error) -> None:
        if self.listens:
            signal.signal(signal.SIGTERM, self.previous)

    def _ask(self, number, frame) -> None:
        self.asked = True

    def now(self) -> bool:
        return self.asked or time.perf_counter() > self.deadline


def pretrain(
    plan: Plan,
    texts: list[str] | None,
    validation: str,
    folder: Path,
    output: Path,
    *,
    start: Path | None = None,
    tokenizer: PreTrainedTokenizerBase | None = None,
    packed: Path | None = None,
    minutes: float | None = None,
    save_seconds: float = 120.0,
    evaluate_every: int = 400,
) -> dict:
    """Entraîne de bout en bout ou reprend, puis enregistre le modèle dans `output`, en demi-précision : ses derniers
    poids, ou leur moyenne si elle perd moins en validation.

    `validation` est un texte jamais appris, mesuré en bits par caractère tous les `evaluate_every` pas, avec trois
    passages écrits par le modèle. `texts` est `None` si les tokens sont ceux du paquet `start`. Sans point de reprise,
    les poids partent de `start` s'il est donné, et `tokenizer` en est alors le tokenizer. Le point de reprise s'écrit toutes les `save_seconds` secondes, et à l'arrêt :
    au bout de `minutes`, ou sur SIGTERM. `packed` : où écrire de quoi continuer ailleurs. Rend `steps`, `seconds` (de cette fois),
    `bits_per_char` (`None` si rien n'est encore mesuré), `done`, `log`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in folder.glob(".checkpoint.pt.*.part"):  # ce qu'un arrêt brutal a laissé en pleine écriture
        part.unlink()
    if texts is None:
        handover.unpack_tokens(start, folder / "tokens")
    else:
        prepare_tokens(texts, plan, folder / "tokens", tokenizer)
    del texts  # des centaines de Mo qui ne servent plus
    keep_freed_memory()
    run = Run(plan, folder, bpe.load_tokenizer(folder / "tokens"), choose_device())
    if run.resume():
        print(f"Entraînement interrompu retrouvé : reprise au pas {run.step} sur {plan.steps}.", flush=True)
    elif start:
        run.start_from(start)
        print(f"Poids repris de {start}, optimiseurs neufs : départ au pas {run.step} sur {plan.steps}.", flush=True)
    begin = time.perf_counter()
    with _Stop(minutes) as stop:
        _advance(run, validation, stop, save_seconds, evaluate_every)
    done = run.step == plan.steps
    if done:
        _export_best(run, output)
    if packed:
        handover.pack(run.model, run.tokenizer, run.progress(), folder / "tokens", validation, packed)
    seconds = round(time.perf_counter() - begin, 1)
    bits = min(run.log[-1]["bits_per_char"], run.log[-1]["averaged"]) if run.log else None
    return {"steps": run.step, "seconds": seconds, "bits_per_char": bits, "done": done, "log": run.log}


def _advance(run: Run, validation: str, stop: _Stop, save_seconds: float, evaluate_every: int) -> None:
    """Les pas qui restent, leurs mesures et leurs points de reprise, jusqu'au bout ou jusqu'à l'arrêt demandé."""
    start, first, losses = time.perf_counter(), run.step, []
    saved = start
    while run.step < run.plan.steps and not stop.now():
        losses.append(run.advance())
        if run.step % 20 == 0:
            _tell(run, torch.stack(losses).mean().item(), start, first)
            losses.clear()
        last = run.step == run.plan.steps
        if run.step % evaluate_every == 0 or last:
            _evaluate(run, validation)
        if last or time.perf_counter() - saved >= save_seconds:
            run.save()
            saved = time.perf_counter()
    if run.step < run.plan.steps:
        run.save()
        print(f"Arrêt au pas {run.step} sur {run.plan.steps} : la même commande continue de là.", flush=True)


def _export_best(run: Run, output: Path) -> None:
    """Enregistre les poids moyens s'ils perdent moins en validation que les derniers, et ceux-ci sinon.

    L'oubli aléatoire servait aux textes relus : le modèle livré n'en porte pas, qui le spécialisera choisira.
    """
    last = run.log[-1]
    run.model.config.update(dict.fromkeys(gpt.DROPOUTS, 0.0))
    with run.averaged() if last["averaged"] < last["bits_per_char"] else nullcontext():
        export_model(run.model, run.tokenizer, output)


def _tell(run: Run, loss: float, start: float, first: int) -> None:
    """Une ligne de progression : pas, perte, débit, temps restant."""
    seconds = time.perf_counter() - start
    speed = (run.step - first) / seconds
    left = (run.plan.steps - run.step) / speed
    tokens = speed * run.plan.batch * run.plan.context_length
    print(
        f"pas {run.step}/{run.plan.steps} · perte {french_number(loss, 3)} · {french_number(tokens, 0)} tokens/s · reste {left // 3600:.0f} h {left % 3600 // 60:02.0f} min",
        flush=True,
    )


def _evaluate(run: Run, validation: str) -> None:
    def bits() -> float:
        found = evaluation.score(run.model, run.tokenizer, validation, context=run.block_length)
        return round(found.bits_per_character, 4)

    measured = bits()
    with run.averaged():
        smooth = bits()
    samples = [generation.generate(run.model, run.tokenizer, prompt, 60) for prompt in generation.PROMPTS]
    run.log.append({"step": run.step, "bits_per_char": measured, "averaged": smooth, "samples": samples})
    print(
        f"pas {run.step} · validation {french_number(measured, 4)} bits par caractère, {french_number(smooth, 4)} en poids moyens",
        flush=True,
    )
    for sample in samples:
        print("   ", sample.replace("\n", " / "), flush=True)


def pretrain_folder(plan: str) -> Path:
    """Dossier des tokens, du point de reprise et du modèle d'un plan : un essai n'efface pas le travail d'une nuit."""
    return settings.home() / "pretrain" / plan


def validation_text(characters: int = 20_000) -> str:
    """Le début de chaque livre de validation, `characters` caractères chacun, coupés entre deux paragraphes."""
    books = corpus.texts_by_book(corpus.load_dataset()["validation"]).values()
    return "".join(piece for text in books for piece in finetune.limit([text], characters))
