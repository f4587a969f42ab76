"""Leçon 00 : un modèle qui écrit, deux amorces gardées, un QCM que le modèle note lui-même, et le vote."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from aurore import corpus, evaluation, finetune, gpt, models, settings
from aurore import tokenizer as bpe
from aurore.atelier import state
from aurore.opinion import ASKED, MOMENTS, MOODS, feedback, vote
from aurore.settings import AuroreError
from aurore.show import count
from aurore.storage import set_aside

__all__ = ["ASKED", "MOMENTS", "MOODS", "feedback", "vote"]  # la leçon les montre ; la console s'en sert sans elle

# --- Un modèle qui écrit --------------------------------------------------------------------------------


def open_model() -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Ouvre le modèle de la leçon, en une phrase qui dit lequel, et ne laisse jamais sans modèle.

    Dans l'ordre : celui de `AURORE_MODEL`, celui qui est embarqué, et à défaut un tout petit modèle entraîné
    sur place, en quelques secondes, sur le pastiche. Un modèle qui ne s'ouvre pas est dit, puis passé.
    """
    embedded = str(settings.EMBEDDED_MODEL) if (settings.EMBEDDED_MODEL / "config.json").is_file() else ""
    for name in dict.fromkeys(filter(None, (settings.model_name(), embedded))):
        try:
            model, tokenizer = models.load_model(name)
        except AuroreError as error:
            print(f"{error}\nLa leçon continue avec un autre modèle.")
            continue
        origin = "embarqué dans l'atelier" if name == embedded else "choisi par AURORE_MODEL"
        print(f"Modèle {origin} : {_size(model)}.")
        return model, tokenizer
    print("Aucun modèle n'est embarqué ni choisi : l'atelier en entraîne un minuscule, sur le pastiche.")
    model, tokenizer = _tiny_model()
    print(f"Modèle d'essai : {_size(model)}. Il sait les lettres et les espaces, presque aucun mot.")
    return model, tokenizer


def _size(model: PreTrainedModel) -> str:
    return f"{count(gpt.count_parameters(model) / 1e6, 'million', digits=1)} de poids"


def _tiny_model() -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Entraîne le profil d'essai sur le pastiche, ou relit celui qu'une séance précédente a laissé."""
    folder = settings.home() / "bienvenue" / "model"
    if folder.is_dir() and any(folder.iterdir()):
        try:
            return models.load_model(folder)
        except AuroreError as error:
            aside = set_aside(folder, folder.with_name("model.abime"))
            print(f"{error}\nIl est mis de côté dans {aside}, et l'atelier en entraîne un autre.")
    profile = settings.PROFILES["test"]
    texts = _pastiche_texts()
    tokenizer = bpe.train_tokenizer(texts, profile.vocab_size, profile.context_length)
    model = gpt.build_gpt2(profile, len(tokenizer), tokenizer.eos_token_id)
    blocks = finetune.pack_blocks(texts, tokenizer, profile.context_length)
    recipe = finetune.Recipe(1, profile.batch_size, profile.learning_rate)  # un passage : on attend devant l'écran
    with _quick_and_quiet():
        finetune.fine_tune(model, tokenizer, blocks, None, recipe, folder, folder.with_name("checkpoints"))
    return models.load_model(folder)


@contextlib.contextmanager
def _quick_and_quiet() -> Iterator[None]:
    """Le temps d'un entraînement minuscule : un seul fil de calcul, et pas d'avertissements en anglais.

    À cette taille, plusieurs fils passent leur temps à s'attendre, surtout sur une machine occupée.
    """
    level, threads = logging.get_verbosity(), torch.get_num_threads()
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        logging.set_verbosity(level)
        torch.set_num_threads(threads)


def _pastiche_texts() -> list[str]:
    catalogue, fetcher = corpus.open_pastiche()
    return [corpus.clean(fetcher.fetch(book), book).text for book in catalogue.values() if book.role == "train"]


# --- Les deux amorces -----------------------------------------------------------------------------------

PROMPTS = ("Le lendemain, avant le jour,", "La petite fille leva les yeux et")
_PROMPTS_FILE = "amorces.json"


def keep_prompts(first: str, second: str) -> str:
    """Garde deux amorces pour la leçon 07, et le dit.

    Lève `AuroreError` si l'une n'est pas un texte, ou n'en a pas ; un disque qui refuse ne fait qu'une phrase.
    """
    if not all(isinstance(prompt, str) and prompt.strip() for prompt in (first, second)):
        raise AuroreError(
            "Une amorce est un texte, de quelques mots, entre guillemets. Écrivez-en deux, puis relancez."
        )
    try:
        state.save(_PROMPTS_FILE, {"amorces": [first, second]})
    except OSError:
        return "Le disque n'a pas voulu garder ces amorces : la leçon 07 prendra celles de l'atelier."
    return "Amorces gardées pour la leçon 07."


def own_prompts() -> tuple[str, str]:
    """Les deux amorces de la leçon 00 ; celles de l'atelier, `PROMPTS`, si personne n'en a gardé."""
    loss = "vos amorces y étaient notées, celles de l'atelier les remplacent"
    first, second = state.load(_PROMPTS_FILE, _parse_prompts, loss)["amorces"]
    return first, second


def _parse_prompts(content: dict) -> dict[str, list[str]]:
    first, second = content.get("amorces", PROMPTS)
    if not all(isinstance(prompt, str) and prompt.strip() for prompt in (first, second)):
        raise ValueError("une amorce est un texte")
    return {"amorces": [first, second]}


# --- Le QCM ---------------------------------------------------------------------------------------------

LETTERS = "ABCD"


@dataclass(frozen=True)
class Question:
    """Une phrase à trou : ce qui précède, quatre réponses, ce qui suit, et le rang de la bonne."""

    before: str
    options: tuple[str, ...]
    after: str
    right: int

    def continuations(self) -> list[str]:
        """Chaque réponse avec la fin de la phrase, telles qu'elles suivent le début."""
        return [f" {option}{self.after}" for option in self.options]

    def __str__(self) -> str:
        choices = "\n".join(f"  ({letter}) {option}" for letter, option in zip(LETTERS, self.options, strict=True))
        return f"{self.before} _____{self.after}\n{choices}"


QUESTIONS = (
    Question(
        "Les directeurs déjeunent demain avec des clients importants ; ils ne seront pas",
        ("rejoignant", "disponibles", "disposant", "rejoignent"),
        " avant onze heures.",
        1,
    ),
    Question("Le laboureur ramena ses bœufs à", ("l'étoile", "l'église", "l'étable", "l'étage"), " avant la nuit.", 2),
    Question("Les deux petites filles étaient", ("assis", "asseoir", "assit", "assises"), " au coin du feu.", 3),
    Question(
        "La pauvre femme prit son enfant dans ses",
        ("bras", "arbres", "branches", "brasiers"),
        " et se mit à pleurer.",
        0,
    ),
)


def score_options(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, question: Question
) -> list[evaluation.Score]:
    """La mesure de chaque réponse, fin de la phrase comprise, sachant le début ; dans l'ordre des réponses."""
    return [
        evaluation.score_continuation(model, tokenizer, question.before, continuation)
        for continuation in question.continuations()
    ]


def best_option(scores: Sequence[float], lengths: Sequence[int]) -> int:
    """Rend le rang de la réponse à la plus haute log-probabilité par unité de longueur ; la première à égalité.

    `scores` : une log-probabilité (négative, en nats) par réponse ; `lengths` : leurs longueurs, en tokens ou
    en caractères. Diviser par la longueur est la règle de Brown et coll. (2020, § 2.4).
    """
    means = [score / length for score, length in zip(scores, lengths, strict=True)]
    return means.index(max(means))


def choices(scores: Sequence[evaluation.Score]) -> dict[str, int]:
    """Le rang que choisit chaque règle : la somme, la moyenne par token, la moyenne par caractère."""
    sums = [-score.nats for score in scores]
    return {
        "somme": best_option(sums, [1] * len(sums)),
        "par token": best_option(sums, [score.tokens for score in scores]),
        "par caractère": best_option(sums, [score.characters for score in scores]),
    }
