"""Leçon 09, « Est-ce du Sand ? » : qui a écrit ce passage, ou à qui il ressemble.

Le fichier se lit de haut en bas : les passages, ce qui trahit un livre sans rien dire de la manière, le juge, ce qu'il
vaut sur des livres qu'il n'a pas lus, l'intervalle autour d'un score, puis l'épreuve à l'aveugle.

Le juge compte des suites de quelques caractères, et une régression logistique par auteur les pèse : c'est la méthode
simple qui résiste le mieux en attribution de textes (Stamatatos 2009). Il dit une ressemblance, non une preuve.
"""

import io
import json
import math
import random
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from aurore import corpus, evaluation, generation, language, settings
from aurore.ngram import CharacterNgram
from aurore.settings import SEED, AuroreError
from aurore.storage import write_atomic

SAND = "George Sand"
CHARACTERS = 500  # une dizaine de lignes : assez pour juger, peu pour une personne
OTHERS = "d'autres"  # les auteurs trop peu présents pour avoir leur classe
FEWEST_WORKS = 3  # au-dessous, écarter une œuvre n'en laisse pas assez pour apprendre
ARTEFACT = settings.DATA / "authors" / "judge.npz"
STANDS_FOR = (
    "Sans livres, c'est le juge embarqué qui répond : des poids de suites de lettres, appris sur les romans et les contes "
    "du catalogue, sauf les livres d'épreuve de Sand, sans aucun passage dedans. Ses scores viennent de livres qu'il n'avait pas lus."
)

# --- Les passages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Passage:
    """Un passage d'environ `CHARACTERS` caractères, son auteur, et l'œuvre dont il vient."""

    author: str
    work: str
    text: str


_VOLUME = re.compile(r",(?: livre)? [IVXLC\d]+$")
# Les tomes de La Comédie humaine sont des romans différents ; Eugénie Grandet est dans le cinquième.
_COLLECTED = "La Comédie humaine"
_SAME_WORK = {"Eugénie Grandet": "La Comédie humaine, V"}


def work_of(title: str) -> str:
    """L'œuvre d'un livre : les tomes d'un même roman n'en font qu'une, pour que rien n'en passe d'un côté à l'autre."""
    title = _SAME_WORK.get(title, title)
    return title if title.startswith(_COLLECTED) else _VOLUME.sub("", title)


def passages_of(author: str, title: str, text: str, number: int, characters: int = CHARACTERS) -> list[Passage]:
    """`number` passages au plus d'un livre, à intervalles égaux ; moins s'il est trop court pour qu'ils soient disjoints."""
    number = min(number, len(text) // (characters + 100))  # la coupe à un mot déplace un peu chaque passage
    found = evaluation.excerpts(" ".join(text.split()), number, characters) if number else []
    return [Passage(author, work_of(title), piece) for piece in found]


def catalogue_passages(
    number: int = 100, characters: int = CHARACTERS, roles: Sequence[str] = corpus.SPLITS
) -> list[Passage]:
    """Les passages du corpus préparé : romans et contes du catalogue, `number` passages par livre.

    Lève `AuroreError` si le corpus préparé n'a pas de livres d'autres auteurs.
    """
    dataset = corpus.load_dataset()
    known = {book.title: book for book in _catalogues()}
    found = []
    for role in roles:
        for title, text in (corpus.texts_by_book(dataset[role]) if role in dataset else {}).items():
            book = known.get(title)
            # Des lettres ou du théâtre se reconnaîtraient à leur genre, non à leur auteur.
            if book is not None and book.genre in corpus.STORIES:
                found += passages_of(book.author, title, text, number, characters)
    if len({passage.author for passage in found}) < 2:
        raise AuroreError(
            "Il faut des livres d'au moins deux auteurs pour apprendre à les reconnaître. Lancez « python -m aurore prepare --books all »."
        )
    return found


def _catalogues() -> list[corpus.Book]:
    """Les livres de Gutenberg et ceux du pastiche : les titres disent lesquels ont été préparés."""
    return [
        book
        for path in (settings.DATA / "catalogue.toml", settings.PASTICHE / "catalogue.toml")
        for book in corpus.load_catalogue(path).values()
    ]


def held_out_works() -> set[str]:
    """Les œuvres d'épreuve du catalogue : le juge embarqué ne les apprend pas, on peut donc l'y mesurer (leçons 09 et 12)."""
    return {work_of(book.title) for book in corpus.load_catalogue().values() if book.role == "test"}


def classes(passages: Sequence[Passage], fewest: int = FEWEST_WORKS) -> list[str]:
    """La classe de chaque passage : son auteur, ou « d'autres » quand on a de lui moins de `fewest` œuvres."""
    works: dict[str, set[str]] = {}
    for passage in passages:
        works.setdefault(passage.author, set()).add(passage.work)
    return [passage.author if len(works[passage.author]) >= fewest else OTHERS for passage in passages]


# --- Ce qui trahit un livre sans rien dire de la manière ------------------------------------------------

_CAPITALISED = re.compile(r"\b[A-ZÀ-ÖØ-ÞŒ][\w]*(?:-[\w]+)*")
NAME = "X"


def mask_names(text: str) -> str:
    """Le texte où tout mot à capitale devient « X », sauf les mots-outils (« Il », « Mais ») qui ouvrent une phrase.

    On y perd quelques débuts de phrase ; on n'y laisse ni « Consuelo », ni « Paris », ni un mot d'un titre.
    """
    return _CAPITALISED.sub(
        lambda found: found[0] if found[0].split("-")[0].lower() in language.FRENCH_WORDS else NAME, text
    )


def letters_only(text: str) -> str:
    """Le texte réduit à ses lettres, en minuscules et sans accents : rien n'y reste de la typographie d'une édition.

    Ni guillemets, ni tirets, ni points de suspension, ni « poëte » contre « poète » ; tout ce qui sépare est une espace.
    """
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-zœæ]+", bare))


DISGUISES: dict[str, Callable[[str], str]] = {
    "tel quel": str,
    "noms masqués": mask_names,
    "noms masqués, lettres seules": lambda text: letters_only(mask_names(text)),
}
USUAL = "noms masqués"

# --- Le juge --------------------------------------------------------------------------------------------

SIZES = (2, 5)  # longueurs des suites, en caractères
FEATURES = 30_000


@dataclass
class Judge:
    """Un juge : une note par auteur, faite du poids de chaque suite de caractères du passage.

    `grams` : les F suites connues ; `idf` (F,) : leur rareté ; `weights` (A, F) et `bias` (A,) : ce que chacune dit de
    chaque auteur ; `report` : ce que sa validation a mesuré, s'il en a une.
    """

    authors: list[str]
    disguise: str
    grams: list[str]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    report: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._reader = _reader(self.grams)
        self._reader.idf_ = self.idf.astype(np.float64)

    def notes(self, texts: Iterable[str]) -> np.ndarray:
        """Les notes (N, A) : positive, le passage ressemble plus à cet auteur qu'à tous les autres."""
        read = self._reader.transform([DISGUISES[self.disguise](text) for text in texts])  # (N, F)
        return read @ self.weights.T.astype(np.float64) + self.bias

    def chances(self, texts: Iterable[str], author: str = SAND) -> np.ndarray:
        """La chance (N,) que chaque passage soit de cet auteur plutôt que d'un autre, à parts égales au départ."""
        return 1 / (1 + np.exp(-self.notes(texts)[:, self._rank(author)]))

    def decide(self, texts: Iterable[str]) -> list[str]:
        """L'auteur le mieux noté de chaque passage."""
        return [self.authors[rank] for rank in self.notes(texts).argmax(1)]

    def evidence(self, text: str, author: str = SAND, number: int = 8) -> list[tuple[str, float]]:
        """Les suites qui pèsent le plus dans la note d'un passage : `number` pour, puis `number` contre."""
        read = self._reader.transform([DISGUISES[self.disguise](text)]).tocoo()  # (1, F)
        row = self.weights[self._rank(author)]
        shares = sorted(
            ((float(v * row[f]), self.grams[f]) for f, v in zip(read.col, read.data, strict=True)), reverse=True
        )
        found = [(gram, share) for share, gram in shares if share > 0][:number]
        return found + [(gram, share) for share, gram in reversed(shares) if share < 0][:number]

    def _rank(self, author: str) -> int:
        if author not in self.authors:
            raise AuroreError(f"Ce juge ne connaît pas « {author} ». Il connaît : {', '.join(self.authors)}.")
        return self.authors.index(author)

    def save(self, path: Path) -> None:
        """Écrit le juge : des suites de quelques lettres et leurs poids, en demi-précision, sans aucun passage."""
        buffer = io.BytesIO()
        about = {"authors": self.authors, "disguise": self.disguise, "grams": self.grams, "report": self.report}
        np.savez_compressed(
            buffer,
            about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
            idf=self.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
        )
        write_atomic(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path = ARTEFACT) -> "Judge":
        """Relit ce qu'a écrit `save`. Lève `AuroreError` si le fichier manque ou s'il est abîmé."""
        try:
            with np.load(path, allow_pickle=False) as found:
                about = json.loads(found["about"].tobytes().decode())
                return cls(idf=found["idf"], weights=found["weights"], bias=found["bias"], **about)
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise AuroreError(
                f"Le juge de {path} manque ou est abîmé ({type(error).__name__}). Refaites-le avec « python -m benchmarks authors »."
            ) from error


def _reader(grams: Sequence[str]):
    """De quoi lire un texte : log(1 + nombre) de chaque suite, fois sa rareté, le tout ramené à une longueur de 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char", ngram_range=SIZES, lowercase=False, sublinear_tf=True, vocabulary=grams)


def train_judge(passages: Sequence[Passage], disguise: str = USUAL, labels: Sequence[str] | None = None) -> Judge:
    """Apprend un juge : pour chaque classe, une régression logistique, elle contre toutes les autres.

    Chaque camp compte autant, quel que soit son nombre de passages. `labels` : la classe de chaque passage, par défaut
    celle de `classes`. Lève `AuroreError` s'il n'y a qu'une classe.
    """
    counts, grams = _count(passages, disguise)
    return _learn(counts, grams, labels or classes(passages), disguise)


def _count(passages: Sequence[Passage], disguise: str):
    """Les suites de chaque passage, (N, F), et ces suites ; ce qui n'est que dans un passage n'apprend rien sur un autre."""
    from sklearn.feature_extraction.text import CountVectorizer

    texts = [DISGUISES[disguise](passage.text) for passage in passages]
    reader = CountVectorizer(analyzer="char", ngram_range=SIZES, lowercase=False, min_df=2, dtype=np.float32)
    return reader.fit_transform(texts), reader.get_feature_names_out()


def _learn(counts, grams: np.ndarray, labels: Sequence[str], disguise: str) -> Judge:
    """Un juge, des comptes (N, F) de ses passages ; il ne garde que les `FEATURES` suites les plus fréquentes."""
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import SGDClassifier

    authors = sorted(set(labels))
    if len(authors) < 2:
        raise AuroreError(
            "Il faut au moins deux auteurs, et trois œuvres de l'un d'eux, pour apprendre à les reconnaître."
        )
    kept = np.sort(np.argsort(-np.asarray(counts.sum(0)).ravel(), kind="stable")[:FEATURES])
    rarity = TfidfTransformer(sublinear_tf=True)
    read = rarity.fit_transform(counts[:, kept])  # (N, F)
    rows = []
    for author in authors if len(authors) > 2 else authors[1:]:
        # Descente de gradient, poids moyens : dix tours suffisent, et vont dix fois plus vite que le calcul exact.
        model = SGDClassifier(
            loss="log_loss", alpha=1e-5, class_weight="balanced", max_iter=10, tol=None, average=True, random_state=SEED
        )
        model.fit(read, [label == author for label in labels])
        rows.append((model.coef_[0], model.intercept_[0]))
    if len(authors) == 2:  # ce qui est pour l'un est contre l'autre
        rows.insert(0, (-rows[0][0], -rows[0][1]))
    weights, bias = map(np.array, zip(*rows, strict=True))
    return Judge(authors, disguise, grams[kept].tolist(), rarity.idf_, weights, bias)


@cache
def embedded_judge() -> Judge:
    """Le juge du dépôt ; voir `STANDS_FOR`."""
    return Judge.load()


# --- Ce que vaut le juge sur des livres qu'il n'a pas lus -----------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """Ce qu'un juge a dit d'un passage d'une œuvre qu'il n'avait pas lue ; `sand` : dit-il que c'est du Sand ?"""

    author: str
    work: str
    decided: str
    sand: bool


def cross_validate(
    passages: Sequence[Passage], disguise: str = USUAL, folds: int = 5, labels: Sequence[str] | None = None
) -> list[Verdict]:
    """Juge chaque passage par un juge qui n'a rien lu de son œuvre : `folds` apprentissages, œuvres réparties entre eux.

    Couper par passages mettrait des pages d'un même livre des deux côtés, et ses noms propres donneraient la réponse.
    Lève `AuroreError` s'il y a moins d'œuvres que de parts.
    """
    labels = list(labels or classes(passages))
    parts = list(_folds(passages, labels, folds))
    counts, grams = _count(passages, disguise)  # compter n'est pas apprendre : une fois suffit
    verdicts = []
    for train, test in parts:
        judge = _learn(counts[train], grams, [labels[i] for i in train], disguise)
        notes = judge.notes(passages[i].text for i in test)
        sand = notes[:, judge.authors.index(SAND)] > 0 if SAND in judge.authors else np.zeros(len(test), dtype=bool)
        for i, decided, hers in zip(test, notes.argmax(1), sand, strict=True):
            verdicts.append(Verdict(labels[i], passages[i].work, judge.authors[decided], bool(hers)))
    return verdicts


def baseline(passages: Sequence[Passage], folds: int = 5, labels: Sequence[str] | None = None) -> list[Verdict]:
    """Le point de départ : répondre toujours l'auteur le plus fréquent des œuvres d'apprentissage, sans lire."""
    from sklearn.dummy import DummyClassifier

    labels = list(labels or classes(passages))
    verdicts = []
    for train, test in _folds(passages, labels, folds):
        known = DummyClassifier(strategy="most_frequent").fit([[0]] * len(train), [labels[i] for i in train])
        for i, decided in zip(test, known.predict([[0]] * len(test)), strict=True):
            verdicts.append(Verdict(labels[i], passages[i].work, str(decided), decided == SAND))
    return verdicts


def _folds(passages: Sequence[Passage], labels: Sequence[str], folds: int):
    """Des couples (apprentissage, épreuve) de rangs : une œuvre est tout entière d'un côté, et les auteurs sont partout."""
    from sklearn.model_selection import StratifiedGroupKFold

    works = [(passage.author, passage.work) for passage in passages]
    fewest = min(len({work for work, label in zip(works, labels, strict=True) if label == one}) for one in set(labels))
    if fewest < 2:
        raise AuroreError(
            "Un des auteurs n'a qu'une œuvre : l'écarter ne laisserait rien à apprendre de lui. Ajoutez des livres, ou écartez cet auteur."
        )
    names = [f"{author} | {work}" for author, work in works]
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)
    return splitter.split(np.zeros(len(passages)), labels, names)


# --- L'intervalle autour d'un score ---------------------------------------------------------------------


@dataclass(frozen=True)
class Estimate:
    """Une mesure et son intervalle à 95 %."""

    value: float
    low: float
    high: float


def bootstrap(strata: Sequence[Sequence[tuple[float, float]]], draws: int = 2000, seed: int = SEED) -> Estimate:
    """La part moyenne de plusieurs groupes, et son intervalle par rééchantillonnage (Efron 1979).

    Chaque groupe est une suite de couples (réussites, total), un par livre, par chapitre ou par amorce : ce sont eux qu'on
    retire au sort, avec remise, car deux passages d'un même livre ne sont pas deux avis indépendants.
    """
    if not strata or not all(strata):
        raise AuroreError("Il n'y a rien à rééchantillonner. Donnez au moins un livre par groupe.")
    draw = np.random.default_rng(seed)
    value, means = 0.0, np.zeros(draws)
    for pairs in strata:
        done, total = np.array(pairs, dtype=float).T
        chosen = draw.integers(0, len(done), (draws, len(done)))
        value += done.sum() / total.sum() / len(strata)
        means += done[chosen].sum(1) / total[chosen].sum(1) / len(strata)
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(value), float(low), float(high))


def by_work(verdicts: Iterable[Verdict], right: Callable[[Verdict], bool]) -> list[tuple[float, float]]:
    """(passages bien jugés, passages) de chaque œuvre."""
    works: dict[tuple[str, str], list[bool]] = {}
    for verdict in verdicts:
        works.setdefault((verdict.author, verdict.work), []).append(right(verdict))
    return [(sum(found), len(found)) for found in works.values()]


def accuracy(verdicts: Sequence[Verdict], author: str | None = None) -> Estimate:
    """La part des passages rendus à leur auteur ; de tous, ou de ceux d'un auteur."""
    kept = [verdict for verdict in verdicts if author in (None, verdict.author)]
    return bootstrap([by_work(kept, lambda verdict: verdict.decided == verdict.author)])


def balanced_accuracy(verdicts: Sequence[Verdict], author: str = SAND) -> Estimate:
    """Sand contre le reste : la moyenne de deux parts, les passages d'elle reconnus et les autres écartés.

    Répondre toujours la même chose donne 0,5, quelle que soit la part de Sand.
    """
    camps = [[v for v in verdicts if (v.author == author) is hers] for hers in (True, False)]
    return bootstrap([by_work(camp, lambda verdict: verdict.sand == (verdict.author == author)) for camp in camps])


def majority(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Un verdict par œuvre : l'auteur que ses passages disent le plus souvent."""
    works: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        works.setdefault((verdict.author, verdict.work), []).append(verdict)
    return [
        Verdict(
            *work, Counter(v.decided for v in found).most_common(1)[0][0], 2 * sum(v.sand for v in found) > len(found)
        )
        for work, found in works.items()
    ]


def wilson(successes: int, total: int) -> Estimate:
    """L'intervalle de Wilson (1927) à 95 % d'une part : il reste entre 0 et 1, même à 0 ou 10 sur 10."""
    if not 0 <= successes <= total or not total:
        raise AuroreError(f"{successes} sur {total} n'est pas une part. Il faut au moins une réponse.")
    z, share = 1.959964, successes / total
    center = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * math.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    return Estimate(share, max(0.0, center - half), min(1.0, center + half))


def luck(successes: int, total: int, chance: float) -> float:
    """La probabilité de réussir au moins `successes` fois sur `total` en répondant au hasard (loi binomiale)."""
    return sum(math.comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in range(successes, total + 1))


# --- Le modèle, avant et après --------------------------------------------------------------------------


def written_passages(
    model, tokenizer, prompts: Sequence[str], characters: int = CHARACTERS, seed: int = SEED
) -> list[str]:
    """Un passage écrit par un modèle après chaque amorce, sans elle, d'environ `characters` caractères.

    Toutes s'écrivent en un lot, aux réglages de `generation.generate` ; deux modèles, aux mêmes amorces, se comparent deux
    à deux.
    """
    rows = generation.write_batch(
        model,
        tokenizer,
        list(prompts),
        characters // 3,
        seed=seed,
        do_sample=True,
        temperature=0.8,
        top_p=0.95,
        top_k=0,
    )
    found = []
    for row in rows:
        text = tokenizer.decode(row, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        written = " ".join(text.split())
        found.append(written[:characters].rpartition(" ")[0] or written)
    return found


def judged_sand(judge: Judge, texts: Sequence[str]) -> Estimate:
    """La part de passages où le juge entend Sand, et son intervalle."""
    return wilson(int((judge.chances(texts) > 0.5).sum()), len(texts))


def difference(judge: Judge, before: Sequence[str], after: Sequence[str]) -> Estimate:
    """De combien la part jugée de Sand monte de `before` à `after`, écrits aux mêmes amorces ; on rééchantillonne les amorces.

    Lève `AuroreError` si les deux listes n'ont pas la même longueur.
    """
    if len(before) != len(after):
        raise AuroreError("Il faut autant de passages avant qu'après, écrits aux mêmes amorces.")
    gains = (judge.chances(after) > 0.5).astype(float) - (judge.chances(before) > 0.5)
    return bootstrap([[(float(gain), 1.0) for gain in gains]])


# --- Le duel --------------------------------------------------------------------------------------------

DUELISTS = (SAND, "Honoré de Balzac", "Victor Hugo", "Émile Zola")


class Rival(Protocol):
    """Un modèle d'un seul auteur."""

    def bits_per_character(self, text: str) -> float:
        """Bits par caractère de `text` : plus il y en a, plus il est surpris."""


class Duel:
    """Un petit modèle par auteur ; un passage est à celui qu'il surprend le moins.

    C'est la règle de llm-stylometry, qui donne à chaque auteur un petit GPT-2 ; d'ordinaire, ici, un 5-gramme de caractères
    (`aurore.ngram`), qui s'apprend en quelques secondes. Tous lisent autant de caractères : le plus lu gagnerait.
    """

    def __init__(self, texts: Mapping[str, str], learn: Callable[[str], Rival] = CharacterNgram) -> None:
        """`texts` : ce que chaque auteur a écrit, bout à bout ; `learn` en fait un modèle.

        Lève `AuroreError` s'il n'y a pas deux auteurs, ou si l'un d'eux n'a rien écrit.
        """
        shortest = min(map(len, texts.values()), default=0)
        if len(texts) < 2 or not shortest:
            raise AuroreError("Un duel se fait à deux auteurs au moins, chacun avec du texte.")
        self.characters = shortest
        self.rivals = {author: learn(text[:shortest]) for author, text in texts.items()}

    def surprises(self, text: str) -> dict[str, float]:
        """Les bits par caractère du passage, selon chaque auteur."""
        return {author: rival.bits_per_character(text) for author, rival in self.rivals.items()}

    def decide(self, text: str) -> str:
        """L'auteur le moins surpris."""
        surprises = self.surprises(text)
        return min(surprises, key=surprises.__getitem__)


def mingled(texts: Sequence[str], characters: int) -> str:
    """Autant de chaque livre, jusqu'à `characters` caractères : aucun ne fait la manière à lui seul."""
    left, pieces = characters, []
    for rank, text in enumerate(sorted(texts, key=len)):
        pieces.append(text[: left // (len(texts) - rank)])
        left -= len(pieces[-1])
    return "".join(pieces)


def confusion(verdicts: Sequence[Verdict], authors: Sequence[str]) -> np.ndarray:
    """Le tableau (A, A) des parts : en ligne l'auteur vrai, en colonne l'auteur dit ; une ligne fait 1."""
    table = np.zeros((len(authors), len(authors)))
    for verdict in verdicts:
        table[authors.index(verdict.author), authors.index(verdict.decided)] += 1
    return table / np.maximum(1, table.sum(1, keepdims=True))


# --- L'épreuve à l'aveugle ------------------------------------------------------------------------------

NETWORK, ANOTHER = "le réseau", "une autre plume"


@dataclass(frozen=True)
class BlindTest:
    """Des passages sans leur source, et ce que valent des réponses.

    `items` : (texte, source) ; une source est l'auteur à reconnaître (`hers`), une autre plume, ou le réseau.
    """

    items: tuple[tuple[str, str], ...]
    hers: str = SAND

    @property
    def sources(self) -> tuple[str, str, str]:
        """Les trois réponses possibles."""
        return self.hers, ANOTHER, NETWORK

    def scores(self, answers: Sequence[str | None]) -> dict[str, tuple[int, int, float]]:
        """Pour chaque question : réponses justes, réponses données, et ce que donnerait le hasard.

        Une réponse vide ne compte pas. Trois questions : la source exacte ; réel ou écrit par le réseau ; d'elle ou non.
        Le hasard répond chacune des trois sources une fois sur trois.
        """
        given = [(answer, source) for answer, (_, source) in zip(answers, self.items, strict=True) if answer]
        questions: dict[str, Callable[[str], object]] = {
            "la source exacte": lambda source: source,
            "réel ou écrit par le réseau": lambda source: source == NETWORK,
            f"{self.hers} ou non": lambda source: source == self.hers,
        }
        scores = {}
        for name, ask in questions.items():
            right = sum(ask(answer) == ask(source) for answer, source in given)
            chances = [sum(ask(one) == ask(source) for one in self.sources) / 3 for _, source in given]
            scores[name] = (right, len(given), sum(chances) / max(1, len(given)))
        return scores


def draw_blind_test(
    hers: Sequence[str],
    others: Sequence[str],
    written: Sequence[str],
    each: int = 3,
    seed: int = SEED,
    name: str = SAND,
) -> BlindTest:
    """Tire `each` passages de chaque source et les mêle ; même graine, même épreuve.

    Lève `AuroreError` si une source n'en a pas assez.
    """
    draw = random.Random(seed)
    items = []
    for source, texts in ((name, hers), (ANOTHER, others), (NETWORK, written)):
        if len(texts) < each:
            raise AuroreError(
                f"Il faut {each} passages de chaque source, et il n'y en a que {len(texts)} pour {source}."
            )
        items += [(text, source) for text in draw.sample(list(texts), each)]
    draw.shuffle(items)
    return BlindTest(tuple(items), name)
