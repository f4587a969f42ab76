"""Leçon 07, ce qu'un entraînement a changé : livre par livre, mot par mot, et en une phrase honnête.

Tout se mesure sur des pages que le modèle n'a pas lues pour se spécialiser, avant et après, avec les mêmes réglages.

`python -m aurore train`, puis `python -m aurore.changes`, mesurent un vrai entraînement sur les vrais livres et le rangent dans
`data/minutes.json` : c'est lui que montre le carnet à qui n'a lu que le pastiche.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean

import torch
from tqdm import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import bienvenue, corpus, evaluation, finetune, generation, models, settings
from aurore.settings import AuroreError
from aurore.show import NARROW, french_number
from aurore.storage import write_atomic

OTHERS = ("Eugénie Grandet", "Germinal")  # deux romans de ce temps, que le modèle de départ a lus
WINDOW = 256  # tokens lus à la fois pour les chances : la mémoire d'un portable tient le vocabulaire entier
RECORDED = settings.DATA / "minutes.json"
RECORDED_CHARACTERS = 20_000  # de chaque livre : quelques minutes de mesure
VISIBLE = 0.02  # bit par caractère : en dessous, deux textes ne se distinguent guère à la lecture
_WORD = re.compile(r"[^\W\d_]+['’]?")
_END = re.compile(r"[.?…;:»«—\n]|!")


# --- Livre par livre ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Un extrait à mesurer : son livre, et s'il est de qui l'on apprend."""

    title: str
    text: str
    learnt_author: bool


@dataclass(frozen=True)
class BookChange:
    """Les bits par caractère d'un livre, avant et après."""

    title: str
    learnt_author: bool
    before: float
    after: float

    @property
    def gain(self) -> float:
        """Ce que l'entraînement a fait gagner, en bits par caractère ; négatif s'il a fait perdre."""
        return self.before - self.after


def pages(dataset, characters: int) -> list[Page]:
    """Le début de chaque livre de test, puis de deux livres d'autres auteurs s'ils sont à portée ; `characters` au plus."""
    own = corpus.texts_by_book(dataset["test"]) or corpus.texts_by_book(dataset["validation"])
    found = [Page(title, finetune.limit([text], characters)[0], True) for title, text in own.items()]
    return found + [Page(title, finetune.limit([text], characters)[0], False) for title, text in _others()]


def _others() -> Iterator[tuple[str, str]]:
    """Titre et texte de deux livres de départ au plus ; ceux qu'on ne peut pas lire sont passés, et dits."""
    catalogue, fetcher = corpus.open_library()
    base = [book for book in catalogue.values() if book.role == "base"]
    for book in [book for book in base if book.title in OTHERS] or base[:2]:
        try:
            yield f"{book.title} ({book.author})", corpus.clean(fetcher.fetch(book), book).text
        except AuroreError as error:
            print(f"{book.title} n'est pas mesuré. {error}")


def compare_books(
    before: PreTrainedModel, after: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, found: Sequence[Page]
) -> list[BookChange]:
    """Mesure chaque page avec les deux modèles."""

    def bits(model: PreTrainedModel, page: Page) -> float:
        return evaluation.score(model, tokenizer, page.text).bits_per_character

    watched = tqdm(found, desc="Livres", unit="livre", leave=False, delay=1, disable=None)  # dans un terminal seulement
    return [BookChange(page.title, page.learnt_author, bits(before, page), bits(after, page)) for page in watched]


# --- Mot par mot ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """Un mot, ou deux mots de suite, et ses chances moyennes, avant et après."""

    text: str
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """Par combien ses chances ont été multipliées."""
        return self.after / self.before


@torch.inference_mode()
def chances(model: PreTrainedModel, ids: Sequence[int], start: int) -> tuple[torch.Tensor, torch.Tensor]:
    """La chance moyenne de chaque token du vocabulaire, (V,), et la log-chance de chaque token lu, (T,), en nats.

    Le texte est lu par fenêtres de `WINDOW` tokens, chacune précédée du token `start`.
    """
    total, seen, logs = 0.0, 0, []
    for first in range(0, len(ids), WINDOW):
        window = torch.tensor([[start, *ids[first : first + WINDOW]]], device=model.device)
        found = model.eval()(window).logits[0, :-1].float().log_softmax(-1).cpu()  # (T, V)
        logs.append(found.gather(1, window[0, 1:, None].cpu())[:, 0])
        total, seen = total + found.exp().sum(0), seen + len(found)
    return total / seen, torch.cat(logs)


def shifted(
    before: PreTrainedModel,
    after: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    kept: int = 8,
) -> dict[str, list[Shift]]:
    """Les mots et les tournures dont les chances ont le plus monté et le plus baissé, `kept` de chaque.

    Un mot est un token qui commence par une espace, d'au moins trois lettres, et que le texte contient ; sa chance est la moyenne de celles que
    le modèle lui donne à chaque place du texte. Une tournure est deux mots de suite, lus au moins deux fois ; sa
    chance est la moyenne géométrique de celles que le modèle leur a données là. Clés : « mots en hausse », « mots en
    baisse », « tournures en hausse », « tournures en baisse ».
    """
    encoded = tokenizer(text, return_offsets_mapping=True, verbose=False)
    ids, spans = encoded["input_ids"], encoded["offset_mapping"]
    (mass_before, logs_before), (mass_after, logs_after) = (
        chances(model, ids, tokenizer.eos_token_id) for model in (before, after)
    )
    seen = {found.group() for found in _WORD.finditer(text)}  # un token peut n'être que le début d'un mot
    words = [
        Shift(word, float(mass_before[rank]), float(mass_after[rank]))
        for rank, word in _whole_words(tokenizer)
        if word in seen and max(mass_before[rank], mass_after[rank]) > 1e-4  # plus rare, le rapport ne dit rien
    ]
    turns = []
    for turn, places in _turns(text, spans).items():
        if len(places) >= 2:
            one, two = (mean(float(logs[place].sum()) for place in places) for logs in (logs_before, logs_after))
            turns.append(Shift(turn, float(torch.tensor(one).exp()), float(torch.tensor(two).exp())))
    return {
        f"{name} en {way}": sorted((s for s in shifts if sign * (s.ratio - 1) > 0), key=lambda s: -sign * s.ratio)[
            :kept
        ]
        for name, shifts in (("mots", words), ("tournures", turns))
        for way, sign in (("hausse", 1), ("baisse", -1))
    }


def _whole_words(tokenizer: PreTrainedTokenizerBase) -> Iterator[tuple[int, str]]:
    for rank in range(len(tokenizer)):
        text = tokenizer.decode([rank])
        if text.startswith(" ") and len(text) > 3 and text[1:].isalpha():
            yield rank, text[1:]


def _turns(text: str, spans: Sequence[tuple[int, int]]) -> dict[str, list[list[int]]]:
    """Chaque suite de deux mots d'une même phrase, et les rangs de ses tokens à chaque fois qu'elle est lue."""
    holder = {place: rank for rank, (start, end) in enumerate(spans) for place in range(start, end)}
    words, found = list(_WORD.finditer(text)), defaultdict(list)
    for one, two in pairwise(words):
        between = text[one.end() : two.start()]
        if not _END.search(between) and "," not in between and len(one.group()) + len(two.group()) > 5:
            ranks = sorted({holder[place] for place in range(one.start(), two.end()) if place in holder})
            found[f"{one.group()}{between}{two.group()}".lower()].append(ranks)
    return found


# --- Les mêmes amorces ----------------------------------------------------------------------------------


def passages(
    before: PreTrainedModel,
    after: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    tokens: int = 60,
    write: Callable[..., str] = generation.generate,
) -> list[tuple[str, str, str]]:
    """Chaque amorce, sa suite avant, sa suite après : mêmes réglages, même tirage."""

    def rest(model: PreTrainedModel, prompt: str) -> str:
        return write(model, tokenizer, prompt, max_new_tokens=tokens)[len(prompt) :]

    return [(prompt, rest(before, prompt), rest(after, prompt)) for prompt in prompts]


# --- Une phrase honnête ---------------------------------------------------------------------------------


def honest(found: Sequence[BookChange]) -> str:
    """Ce que les mesures permettent de dire, et rien de plus."""
    own = [book.gain for book in found if book.learnt_author]
    others = [book.gain for book in found if not book.learnt_author]
    gain, start = mean(own), mean(book.before for book in found if book.learnt_author)
    share = french_number(100 * abs(gain) / start, 1)
    said = [
        f"Sur {len(own)} livre{'s' if len(own) > 1 else ''} que le modèle n'a pas lu{'s' if len(own) > 1 else ''}, l'erreur {_moved(gain)}, "
        f"soit {share}{NARROW}% de ce qu'elle était."
    ]
    if others:
        said.append(_against(gain, mean(others)))
    said.append(_seen(gain))
    return " ".join(said)


def _moved(gain: float) -> str:
    bits = french_number(abs(gain), 3)
    if abs(gain) < 0.0005:
        return "n'a pas bougé d'un millième de bit par caractère"
    return f"a {'baissé' if gain > 0 else 'monté'} de {bits} bit par caractère"


def _against(gain: float, other: float) -> str:
    """Sand, ou le français du XIXᵉ siècle en général ?"""
    elsewhere = f"Sous une autre plume, elle {_moved(other)}"
    if gain <= 0:
        return f"{elsewhere}."
    if other >= 0.7 * gain:
        return f"{elsewhere} : le modèle a surtout appris à mieux écrire en général, pas à écrire comme elle."
    if other > 0:
        return f"{elsewhere} : une part du progrès vaut pour tout le monde, le reste lui est propre."
    return f"{elsewhere} : ce qu'il a appris d'elle, il l'a pris sur les autres."


def _seen(gain: float) -> str:
    if gain <= 0:
        return "Cet entraînement n'a rien apporté : gardez le modèle de départ, et changez un réglage."
    if gain < VISIBLE:
        return "C'est trop peu pour se voir à la lecture de quelques phrases : seule une longue mesure le montre."
    return (
        "C'est un pas réel, et petit : le modèle écrivait déjà le français de ce siècle, il en a déplacé les habitudes."
    )


# --- Un entraînement fait d'avance ----------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """Ce qu'un entraînement a changé, entier : ce que rendent `compare_books`, `shifted` et `passages`."""

    books: list[BookChange]
    shifts: dict[str, list[Shift]]
    passages: list[tuple[str, str, str]]


def measure(
    before: PreTrainedModel,
    after: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    found: Sequence[Page],
    prompts: Sequence[str],
) -> Changes:
    """Mesure les trois sur les mêmes pages ; mots et tournures sur toutes celles de qui l'on apprend."""
    own = "\n".join(page.text for page in found if page.learnt_author)
    return Changes(
        compare_books(before, after, tokenizer, found),
        shifted(before, after, tokenizer, own),
        passages(before, after, tokenizer, prompts),
    )


def load(path: Path = RECORDED) -> Changes:
    """Ce qu'a changé l'entraînement fait d'avance ; lève `AuroreError` si le fichier manque ou est abîmé."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Changes(
            [BookChange(**row) for row in content["books"]],
            {name: [Shift(**row) for row in rows] for name, rows in content["shifts"].items()},
            [(prompt, old, new) for prompt, old, new in content["passages"]],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AuroreError(
            f"{path.name} manque ou est abîmé. Reprenez-le du dépôt, ou refaites-le avec « python -m aurore train », puis "
            "« python -m aurore.changes »."
        ) from error


def save(changed: Changes, origin: str, path: Path = RECORDED) -> None:
    """Écrit ce qui a changé, avec ce qui l'a fait."""
    write_atomic(path, json.dumps({"origine": origin} | asdict(changed), ensure_ascii=False, indent=1) + "\n")


def main() -> int:
    """Compare le modèle embarqué à celui que `python -m aurore train` vient de laisser, et range le résultat."""
    try:
        folder = finetune.model_folder()
        if not (folder / "config.json").is_file():
            raise AuroreError(f"Pas de modèle dans {folder}. Lancez d'abord « python -m aurore train ».")
        before, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
        after, _ = models.load_model(folder)
        profile = settings.profile()
        read = french_number(settings.training_characters())
        found = pages(corpus.load_dataset(), RECORDED_CHARACTERS)
        changed = measure(before, after, tokenizer, found, bienvenue.PROMPTS)
        origin = f"python -m aurore train, puis python -m aurore.changes ; {settings.corpus_name()} ; profil {profile.name}, {read} caractères ; {models.choose_device().reason}"
        save(changed, origin)
    except AuroreError as error:
        print(error, file=sys.stderr)
        return 1
    print(honest(changed.books))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
