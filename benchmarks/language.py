"""Ce que valent les modèles embarqués : bits par caractère sur des livres entiers jamais appris, et ce qu'ils écrivent.

Les pairs : xz, et un 5-gramme de caractères interpolé, qui n'ont vu que les quatre livres des diapositives.
"""

import lzma
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from aurore import corpus, evaluation, generation, language, models, pretrain, settings
from aurore.ngram import CharacterNgram
from aurore.settings import AuroreError
from benchmarks import agreement
from benchmarks.accent import Accent
from benchmarks.agreement import Agreement

PROMPTS = (
    "Le lendemain, avant le jour,",
    "— Ah ! dit la meunière,",
    "Il y avait dans ce pays-là",
    "Elle ouvrit la fenêtre et",
    "Le vieux marquis prit une chaise",
    "— Vous ne me croyez donc pas ?",
    "La nuit était tombée quand",
    "Les deux frères marchaient",
    "Mon père, qui n'aimait guère",
    "Au bout du village,",
    "— Monsieur, répondit l'enfant,",
    "Je n'ai jamais compris pourquoi",
    "Pendant que les bœufs rentraient,",
    "Il resta longtemps sans parler ;",
    "Dans la grande salle du château,",
    "Ce fut au mois de mai que",
    "La pauvre femme pleurait",
    "Quand ils furent arrivés à la rivière,",
    "— Tu as raison, reprit-elle,",
    "On disait de lui qu'il",
)
CHARACTERS = 400
STUTTER = re.compile(r"(\S.{3,80}?)\1{2}", re.DOTALL)


def xz_bits(train: str, text: str) -> float:
    """Bits par caractère que xz ajoute pour `text` après `train`."""
    size = [len(lzma.compress(t.encode(), preset=9 | lzma.PRESET_EXTREME)) for t in (train, train + text)]
    return 8 * (size[1] - size[0]) / len(text)


def run() -> list[tuple[str, ...]]:
    """Rend une ligne par livre de test : titre, xz, 5-gramme, puis chaque modèle embarqué présent."""
    test, slides = _books()
    peers = CharacterNgram(slides)
    chosen = [models.load_model(folder) for folder in embedded_models()]
    rows = []
    for title, text in test.items():
        figures = [xz_bits(slides, text), peers.bits_per_character(text)]
        figures += [evaluation.score(model, tokenizer, text).bits_per_character for model, tokenizer in chosen]
        rows.append((title, *(f"{figure:.3f}" for figure in figures)))
    return rows


def embedded_models() -> list[Path]:
    """Les modèles du dépôt qui sont là."""
    return sorted(path.parent for path in settings.EMBEDDED_MODEL.parent.glob("*/config.json"))


def _books() -> tuple[dict[str, str], str]:
    dataset = corpus.load_dataset()
    if "base" not in dataset:
        raise AuroreError("Préparez d'abord tous les livres : « python -m aurore prepare --books all ».")
    catalogue = corpus.load_catalogue()
    titles = {book.title for book in catalogue.values() if book.slides and book.role == "train"}
    train = corpus.texts_by_book(dataset["train"])
    return corpus.texts_by_book(dataset["test"]), "".join(train[title] for title in train if title in titles)


def samples(folder: Path) -> list[dict]:
    """Vingt passages de `CHARACTERS` caractères, et ce qu'on peut en mesurer.

    `known` : part des mots vus dans les livres d'apprentissage ; `copied` : plus long morceau recopié, en
    caractères (0 au-dessous de 36) ; `repeat` : plus longue suite de caractères redite dans le passage même ;
    `stutter` : un même bout y est-il dit trois fois de suite.
    """
    model, tokenizer = models.load_model(folder)
    books = training_books(folder)
    vocabulary = {word.lower() for text in books for word in language.words(text)}
    rows = []
    for number, prompt in enumerate(PROMPTS):
        text = generation.generate(model, tokenizer, prompt, 200, seed=settings.SEED + number)[len(prompt) :][
            :CHARACTERS
        ]
        words = [word.lower() for word in language.words(text[: text.rfind(" ")])]
        copied = longest_copy(text, books)
        rows.append(
            {
                "prompt": prompt,
                "text": text,
                "known": sum(word in vocabulary for word in words) / max(1, len(words)),
                "copied": len(copied),
                "repeat": len(longest_repeat(text)),
                "stutter": bool(STUTTER.search(text)),
            }
        )
    return rows


@cache
def genders() -> dict[str, str]:
    """Le genre des mots, tel que les livres d'entraînement de Sand le donnent."""
    return agreement.genders(corpus.texts_by_book(corpus.load_dataset()["train"]).values())


def agreements(texts: Iterable[str]) -> tuple[Agreement, Agreement]:
    """Les accords de ces textes : déterminant et mot qui suit, pronom sujet et verbe."""
    texts = list(texts)
    nouns = agreement.together(agreement.determiners(text, genders()) for text in texts)
    return nouns, agreement.together(agreement.verbs(text) for text in texts)


def sand_agreements() -> tuple[Agreement, Agreement]:
    """Le même compte sur les livres de test de Sand : ce qu'il laisse passer, et ce qu'il accuse à tort."""
    return agreements(corpus.texts_by_book(corpus.load_dataset()["test"]).values())


def agreement_rows(texts: Iterable[str]) -> list[tuple]:
    """Les lignes du tableau qui comparent les accords de ces textes à ceux de Sand."""
    names = ("accords du déterminant et du mot qui suit", "accords du pronom sujet et du verbe")
    return [
        (name, f"{100 * found.share:.1f} % de {found.pairs}", f"Sand : {100 * sand.share:.1f} % de {sand.pairs}")
        for name, found, sand in zip(names, agreements(texts), sand_agreements(), strict=True)
    ]


@cache
def _accent() -> Accent:
    dataset = corpus.load_dataset()
    return Accent(*(corpus.texts_by_book(dataset[split]).values() for split in ("train", "base")))


def accent_row(texts: Iterable[str]) -> tuple:
    """La ligne du tableau qui compare l'accent de ces textes à celui des livres de test de Sand."""
    sand = "".join(
        text[len(text) // 2 :][:8000] for text in corpus.texts_by_book(corpus.load_dataset()["test"]).values()
    )
    found = (f"{_accent()(text):+.3f}" for text in ("\n".join(texts), sand))
    return "accent de Sand, en bits par caractère", next(found), f"Sand : {next(found)}"


def summary(rows: list[dict]) -> tuple[list[str], list[tuple]]:
    """Colonnes et lignes du tableau qui résume `samples`."""
    known = sum(row["known"] for row in rows) / len(rows)
    copied = [row["copied"] for row in rows]
    return ["mesure", "valeur", "visé"], [
        ("mots vus dans les livres d'apprentissage", f"{100 * known:.1f} %", "plus de 98 %"),
        ("passages sans morceau recopié de 60 caractères", sum(n < 60 for n in copied), "19 sur 20"),
        ("plus long morceau recopié", f"{max(copied) or 'moins de 36'} caractères", ""),
        ("plus longue redite dans un passage", f"{max(row['repeat'] for row in rows)} caractères", "moins de 60"),
        ("passages où un bout est dit trois fois de suite", sum(row["stutter"] for row in rows), "0"),
    ]


def training_books(folder: Path) -> list[str]:
    """Les textes que le modèle de `folder` a appris : les autres auteurs, et Sand s'il est spécialisé.

    Ceux d'ELTeC en sont si `AURORE_ELTEC` indique leur archive.
    """
    dataset = corpus.load_dataset()
    splits = ("base",) if folder == settings.EMBEDDED_MODEL else ("base", "train")
    texts = pretrain.read_eltec(settings.eltec()) if settings.eltec() else []
    return texts + [text for split in splits for text in corpus.texts_by_book(dataset[split]).values()]


def longest_copy(text: str, books: list[str], anchor: int = 24) -> str:
    """Le plus long morceau de `text` qui se lit dans un livre ; la chaîne vide au-dessous d'une fois et demie `anchor`.

    Un morceau de cette longueur contient toujours une des ancres prises tous les demi-`anchor` caractères : on ne
    compare de près que les livres où l'une d'elles se trouve.
    """
    anchors = [text[i : i + anchor] for i in range(0, len(text) - anchor + 1, anchor // 2)]
    suspects = [book for book in books if any(piece in book for piece in anchors)]
    found = max((evaluation.longest_copied_span(text, book) for book in suspects), key=len, default="")
    return found if len(found) >= 1.5 * anchor else ""


def longest_repeat(text: str) -> str:
    """La plus longue suite de caractères qui se trouve deux fois, sans chevauchement, dans `text`."""
    best = ""
    for start in range(len(text)):
        while (piece := text[start : start + len(best) + 1]) in text[start + len(piece) :] and len(piece) > len(best):
            best = piece
    return best
