"""Leçon 07, suivre un entraînement : il tourne dans un fil à part, dit où il en est, écrit à chaque mesure, et s'arrête
quand on le lui demande, en gardant tout.

Le carnet reste libre : on lit la suite, on presse « Arrêter », on redémarre. Relancer la même cellule reprend au point
de reprise.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import datasets
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase, TrainerCallback
from transformers.utils import logging

from aurore import finetune, generation, settings
from aurore.settings import AuroreError
from aurore.show import count, french_number

WAITING, RUNNING, STOPPED, DONE, FAILED = "en attente", "en cours", "arrêté", "fini", "échoué"
TOKENS = 24  # une suite courte : on la lit d'un coup d'œil, et l'écrire ne ralentit rien
_PASSAGES = "aurore_passages"  # leur nom dans le journal de Trainer, qui va avec les points de reprise


@dataclass
class Progress:
    """Où en est un entraînement.

    `train` et `validation` : des couples (pas, nats par token) ; `passages` : pas → ce que devient chaque amorce.
    `per_second` : tokens lus par seconde ; `remaining` : secondes, mesures comprises ; l'un et l'autre sont inconnus
    (0) avant le premier pas.
    """

    step: int = 0
    steps: int = 0
    per_second: float = 0.0
    remaining: float = 0.0
    train: list[tuple[int, float]] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)
    passages: dict[int, list[str]] = field(default_factory=dict)


class Run:
    """Un entraînement de `finetune.fine_tune` qu'on peut suivre, arrêter et attendre.

    `prompts` : les amorces continuées à chaque mesure. `model` change en place. Les dossiers sont par défaut ceux que
    les leçons suivantes reprennent.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        train: datasets.Dataset,
        validation: datasets.Dataset | None,
        recipe: finetune.Recipe,
        prompts: Sequence[str] = (),
        output: Path | None = None,
        checkpoints: Path | None = None,
    ) -> None:
        self.model, self.tokenizer, self.prompts = model, tokenizer, tuple(prompts)
        self.progress, self.state, self.error = Progress(), WAITING, ""
        self.listeners: list[Callable[[], None]] = []
        self._asked, self._over = threading.Event(), threading.Event()
        self._report: dict = {}
        output = output or finetune.model_folder()
        checkpoints = checkpoints or settings.home() / "checkpoints"
        self._arguments = (model, tokenizer, train, validation, recipe, output, checkpoints)
        self._tokens_a_step = recipe.batch_size * len(train[0]["input_ids"])
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> "Run":
        """Lance l'entraînement et rend la main aussitôt ; sans effet s'il est déjà lancé."""
        if self.state == WAITING:
            self.state = RUNNING
            self._thread.start()
        return self

    def stop(self) -> None:
        """Demande l'arrêt : le pas commencé s'achève, le point de reprise et le modèle sont gardés."""
        self._asked.set()
        self.tell()

    @property
    def stopping(self) -> bool:
        """Dit si l'arrêt est demandé et n'est pas encore fait."""
        return self._asked.is_set() and self.state == RUNNING

    def wait(self) -> dict:
        """Attend la fin, ou l'arrêt, et rend le compte rendu de `finetune.fine_tune`.

        Une interruption du noyau demande l'arrêt, et rien ne se perd. Lève `AuroreError` si l'entraînement a échoué.
        """
        self.start()
        while not self._over.is_set():
            try:
                # Par petites attentes : une interruption n'est vue qu'entre deux. Et pas par `join` : interrompu, celui de
                # Python 3.11 tient pour fini un fil qui travaille encore.
                self._over.wait(0.2)
            except KeyboardInterrupt:
                self.stop()
        if self.error:
            raise AuroreError(self.error)
        return self._report

    @property
    def cost(self) -> dict:
        """Ce que l'entraînement a coûté, une fois fini."""
        return self._report.get("cost", {})

    def tell(self) -> None:
        """Prévient qui regarde ; une figure en faute n'arrête pas l'entraînement."""
        for listener in self.listeners:
            with contextlib.suppress(Exception):
                listener()

    def _work(self) -> None:
        try:
            with quiet():
                self._report = finetune.fine_tune(*self._arguments, callbacks=[_Follow(self)])
            self.state = STOPPED if self._report["stopped"] else DONE
        except AuroreError as error:
            self.error, self.state = str(error), FAILED
        except Exception as error:  # dans un fil, elle se perdrait sans un mot
            self.error, self.state = _explained(error), FAILED
        finally:
            self.tell()
            self._over.set()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Fait taire un moment les avertissements de transformers : l'atelier dit lui-même où l'on en est."""
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)


def _explained(error: Exception) -> str:
    """Une erreur imprévue, en une phrase ; le manque de mémoire a son remède."""
    if isinstance(error, MemoryError) or "alloc" in str(error).lower() or "out of memory" in str(error).lower():
        return "La mémoire ne suffit pas. Réduisez la taille des lots (batch_size), puis la longueur des blocs, et relancez : rien de ce qui était enregistré n'est perdu."
    return f"L'entraînement s'est arrêté sur une erreur : {type(error).__name__}, {error}. Relancez la cellule : il reprendra au dernier point de reprise."


class _Follow(TrainerCallback):
    """Ce que Trainer dit à chaque pas, chaque journal, chaque mesure."""

    def __init__(self, run: Run) -> None:
        self.run, self._first, self._began = run, 0, 0.0

    def on_train_begin(self, args, state, control, **_) -> None:
        """Reprend ce qu'un point de reprise savait déjà."""
        progress = self.run.progress
        progress.steps, progress.step, self._first = state.max_steps, state.global_step, state.global_step
        for row in state.log_history:
            self._note(row)
            if _PASSAGES in row:
                progress.passages[row["step"]] = row[_PASSAGES]
        self._began = time.perf_counter()
        self.run.tell()

    def on_step_end(self, args, state, control, **_) -> None:
        """Compte le pas, et arrête si on l'a demandé."""
        progress, done = self.run.progress, state.global_step - self._first
        progress.step = state.global_step
        spent = time.perf_counter() - self._began
        progress.per_second = done * self.run._tokens_a_step / spent
        progress.remaining = spent / done * (state.max_steps - state.global_step)
        if self.run._asked.is_set() and state.global_step < state.max_steps:
            control.should_save = control.should_training_stop = True
        self.run.tell()

    def on_log(self, args, state, control, logs=None, **_) -> None:
        """Retient les pertes."""
        self._note({**(logs or {}), "step": state.global_step})
        self.run.tell()

    def on_evaluate(self, args, state, control, **_) -> None:
        """Continue les amorces, sans toucher au hasard de l'entraînement."""
        passages = self.run.progress.passages
        if not self.run.prompts or state.global_step in passages:
            return
        with _as_if_nothing_happened(self.run.model):
            texts = [
                generation.generate(self.run.model, self.run.tokenizer, prompt, max_new_tokens=TOKENS)
                for prompt in self.run.prompts
            ]
        passages[state.global_step] = texts
        state.log_history.append({"step": state.global_step, _PASSAGES: texts})
        self.run.tell()

    def _note(self, row: dict) -> None:
        for name, curve in (("loss", self.run.progress.train), ("eval_loss", self.run.progress.validation)):
            if name in row and (not curve or curve[-1][0] < row["step"]):
                curve.append((row["step"], float(row[name])))


@contextlib.contextmanager
def _as_if_nothing_happened(model: PreTrainedModel) -> Iterator[None]:
    """Rend à la sortie le hasard et le mode du modèle tels qu'ils étaient."""
    training = model.training
    with torch.random.fork_rng():
        yield
    model.train(training)


# --- Dire où l'on en est --------------------------------------------------------------------------------


def sentence(run: Run) -> str:
    """Où en est un entraînement, en une phrase ou deux."""
    progress = run.progress
    place = f"Pas {french_number(progress.step)} sur {french_number(progress.steps)}."
    if run.state == FAILED:
        return run.error
    if run.state == DONE:
        # Le coût ne se dit que là où le médecin avait mesuré la machine : sans prévision, à quoi le comparer ?
        cost = f" {run.cost['sentence']}" if run.cost.get("expected") else ""
        return f"Entraînement fini : {count(progress.steps, 'pas')}. Le modèle est enregistré.{cost}"
    if run.state == STOPPED:
        return (
            f"Arrêté. {place} Le point de reprise et le modèle sont enregistrés : relancez la cellule pour continuer."
        )
    if run.stopping:
        return f"{place} L'arrêt est demandé : le pas s'achève, puis tout est enregistré."
    if not progress.steps:
        return "L'entraînement se prépare."
    if progress.step in (0, progress.steps) or not progress.per_second:
        return f"{place} Première mesure en cours." if progress.step == 0 else f"{place} On enregistre."
    return f"{place} Il reste {duration(progress.remaining)}, à {french_number(round(progress.per_second))} tokens par seconde."


def duration(seconds: float) -> str:
    """Une durée, à la précision qui sert : « 40 s », « 3 min », « 2 h 05 »."""
    if seconds < 100:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"
