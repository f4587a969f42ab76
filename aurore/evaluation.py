"""Leçon 09 : mesurer ce que vaut un modèle de langue, et s'il recopie.

Le fichier se lit de haut en bas : la surprise d'un modèle devant un texte, ce qu'en font des lots mal comptés, la
distance entre deux textes, la méthode scientifique en un tableau, la diversité, et la recherche des passages recopiés.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

import torch
from rapidfuzz.distance import LCSseq
from torch import Tensor
from tqdm.auto import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import corpus, gpt, settings
from aurore import tokenizer as bpe
from aurore.settings import AuroreError

# --- La surprise d'un modèle devant un texte ------------------------------------------------------------

PIECE = 1_000_000  # caractères découpés à la fois
MAX_LOGITS = 2**25  # nombres rendus par un lot : un huitième de Go, et autant à chaque étape du calcul
_BETWEEN_WORDS = re.compile(r"(?<=\S)\s(?=\S)")


def bits_per_character(nats: float, characters: int) -> float:
    """Bits par caractère d'un texte : sa log-perte totale, en nats, ramenée en bits, partagée entre ses caractères."""
    return nats / math.log(2) / characters


@dataclass(frozen=True)
class Score:
    """Ce que mesure `score`.

    `nats` : log-perte totale du texte ; `tokens` et `characters` : sa longueur ; `correct` : nombre de
    tokens que le modèle mettait en tête.
    """

    nats: float
    tokens: int
    characters: int
    correct: int

    @property
    def bits_per_character(self) -> float:
        """Bits par caractère : ne dépend pas du découpage, se compare d'un tokenizer à l'autre."""
        return bits_per_character(self.nats, self.characters)

    @property
    def perplexity(self) -> float:
        """Perplexité par token : dépend du découpage, ne se compare qu'à tokenizer égal."""
        return math.exp(min(700.0, self.nats / self.tokens))  # au-delà, le nombre ne s'écrit plus

    @property
    def accuracy(self) -> float:
        """Part des tokens devinés du premier coup."""
        return self.correct / self.tokens


def score(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    text: str,
    batch_size: int = 16,
    context: int | None = None,
    progress: bool = False,
) -> Score:
    """Mesure un modèle sur un texte entier, chaque token compté une fois.

    Des fenêtres de `context` tokens avancent d'un demi-contexte ; seule leur seconde moitié compte (toute la
    première fenêtre aussi) : chaque token a donc au moins un demi-contexte devant lui, sauf au tout début, où le
    modèle ne sait que `<|endoftext|>`. Par défaut, `context` est tout le contexte du modèle ; un modèle qui n'a
    encore appris que des blocs plus courts se mesure à leur longueur.

    Le texte est découpé par morceaux et les lots sont bornés : la mémoire ne suit presque pas sa longueur. `progress`
    montre une barre quand c'est long.
    """
    pieces = [torch.tensor(tokenizer(piece, verbose=False)["input_ids"], dtype=torch.int32) for piece in _pieces(text)]
    ids = torch.cat([torch.tensor([tokenizer.eos_token_id], dtype=torch.int32), *pieces])  # (1 + tokens,)
    total = len(ids) - 1
    if not total:
        raise AuroreError("Le texte à mesurer est vide. Donnez un fichier qui contient du texte.")
    context = context or model.config.max_position_embeddings
    batch_size = max(1, min(batch_size, MAX_LOGITS // (context * model.config.vocab_size)))
    nats, correct, windows = 0.0, 0, _windows(total, context)
    bar = tqdm(total=total, desc="Mesure", unit="token", unit_scale=True, delay=1, leave=False, disable=not progress)
    with bar:
        while batch := list(islice(windows, batch_size)):
            batch_nats, batch_correct = _score_windows(model, ids, batch)
            nats += batch_nats
            correct += batch_correct
            bar.update(sum(end - counted for _, end, counted in batch))
    if not math.isfinite(nats):
        raise AuroreError(
            "Ce modèle ne rend pas des nombres : ses poids sont abîmés. Refaites-le avec « python -m aurore train »."
        )
    return Score(nats, total, len(text), correct)


def _pieces(text: str) -> Iterator[str]:
    """Coupe un texte devant une espace entre deux mots : les tokens sont les mêmes qu'en une fois."""
    start = 0
    while len(text) - start > PIECE:
        cut = _BETWEEN_WORDS.search(text, start + PIECE, start + 2 * PIECE)
        end = cut.start() if cut else start + 2 * PIECE
        yield text[start:end]
        start = end
    yield text[start:]


def score_continuation(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, context: str, continuation: str
) -> Score:
    """Mesure la seule suite `continuation`, sachant le début `context` ; `-nats` est sa log-probabilité.

    Le début et la suite sont découpés ensemble, comme le modèle les lit : un token à cheval sur les deux
    compte avec la suite. Lève `AuroreError` si la suite est vide ou si le tout dépasse le contexte du modèle.
    """
    if not continuation:
        raise AuroreError("La suite à mesurer est vide. Donnez au moins un caractère.")
    tokens = tokenizer(context + continuation, verbose=False)["input_ids"]
    if len(tokens) > model.config.max_position_embeddings:
        raise AuroreError(
            f"Le texte fait {len(tokens)} tokens, et ce modèle n'en lit que {model.config.max_position_embeddings}. Raccourcissez le début."
        )
    before = tokenizer(context, verbose=False)["input_ids"] if context else []
    shared = next((i for i, (one, other) in enumerate(zip(before, tokens, strict=False)) if one != other), len(before))
    ids = torch.tensor([tokenizer.eos_token_id, *tokens])  # (1 + tokens,)
    nats, correct = _score_windows(model, ids, [(0, len(tokens), shared)])
    return Score(nats, len(tokens) - shared, len(continuation), correct)


def _windows(length: int, context: int):
    """Donne des triplets (début, fin, premier token compté) couvrant `length` cibles."""
    stride = max(1, context // 2)
    start, counted = 0, 0
    while counted < length:
        end = min(start + context, length)
        yield start, end, counted
        counted = end
        start += stride


@torch.inference_mode()
def _score_windows(model: PreTrainedModel, ids: torch.Tensor, windows: list[tuple[int, int, int]]) -> tuple[float, int]:
    width = max(end - start for start, end, _ in windows)
    inputs = torch.zeros(len(windows), width, dtype=torch.long)  # (B, T)
    targets = torch.full_like(inputs, -100)  # -100 : ne compte pas
    for row, (start, end, counted) in enumerate(windows):
        inputs[row, : end - start] = ids[start:end]
        targets[row, counted - start : end - start] = ids[counted + 1 : end + 1]
    # Le remplissage est à droite : l'attention causale l'empêche d'agir sur ce qui précède.
    logits = model.eval()(inputs.to(model.device)).logits.float()  # (B, T, V)
    targets = targets.to(logits.device)
    nats = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum"
    )
    return float(nats), int((logits.argmax(-1) == targets).sum())


# --- Des lots, et ce qui n'y compte pas -----------------------------------------------------------------

IGNORED = -100  # l'étiquette d'une place qui ne compte pas, pour PyTorch comme pour transformers


def perplexity(losses: Tensor, counted: Tensor) -> float:
    """La perplexité : l'exponentielle de la perte moyenne des seules places à compter.

    `losses` : la perte de chaque place, en nats ; `counted` : de même forme, vrai où la place est un vrai token.
    """
    return math.exp(losses[counted].mean().item())


def token_accuracy(logits: Tensor, labels: Tensor) -> float:
    """La part des tokens devinés du premier coup.

    `logits` (B, T, V) : à chaque place, les notes du token suivant ; `labels` (B, T) : les tokens lus, -100 où rien ne
    compte. La place t se juge sur le token t + 1.
    """
    guessed, wanted = logits[:, :-1].argmax(-1), labels[:, 1:]
    counted = wanted != IGNORED
    return (guessed == wanted)[counted].float().mean().item()


@dataclass(frozen=True)
class Batch:
    """Des textes mis à la même longueur, et ce qu'un modèle en dit.

    `ids` et `labels` (B, T) : les tokens, remplis à droite de tokens de fin ; les étiquettes y valent -100. `logits`
    (B, T, V). `losses` et `counted` (B, T − 1) : la perte de chaque token à deviner, et s'il est un vrai token.
    """

    ids: Tensor
    labels: Tensor
    logits: Tensor
    losses: Tensor
    counted: Tensor

    @property
    def perplexity(self) -> float:
        """La perplexité des vrais tokens."""
        return perplexity(self.losses, self.counted)

    @property
    def accuracy(self) -> float:
        """La part des vrais tokens devinés."""
        return token_accuracy(self.logits, self.labels)


@torch.inference_mode()
def read_batch(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], length: int = 64
) -> Batch:
    """Fait lire des textes en un lot de `length` tokens, remplis à droite et coupés s'ils sont plus longs.

    Lève `AuroreError` s'il n'y a pas de texte, ou si le modèle ne lit pas si long.
    """
    if not texts:
        raise AuroreError("Il n'y a aucun texte à lire. Donnez-en au moins un.")
    if not 2 <= length <= model.config.max_position_embeddings:
        raise AuroreError(
            f"Une longueur de {length} tokens ne va pas : ce modèle en lit de 2 à {model.config.max_position_embeddings}."
        )
    ids = torch.full((len(texts), length), tokenizer.eos_token_id)  # (B, T)
    labels = torch.full_like(ids, IGNORED)
    for row, text in enumerate(texts):
        found = torch.tensor([tokenizer.eos_token_id, *tokenizer(text, verbose=False)["input_ids"]][:length])
        ids[row, : len(found)] = labels[row, : len(found)] = found
    logits = model.eval()(ids.to(model.device)).logits.float().cpu()  # (B, T, V)
    losses = torch.nn.functional.cross_entropy(logits[:, :-1].mT, ids[:, 1:], reduction="none")
    return Batch(ids, labels, logits, losses, labels[:, 1:] != IGNORED)


def padding_share(real: float, shown: float) -> float:
    """La part de remplissage, deviné sans perte, qui fait passer une perplexité de `real` à `shown`.

    La perte moyenne est diluée : ln(shown) = (1 − part) × ln(real).
    """
    return 1 - math.log(shown) / math.log(real)


# --- La distance entre deux textes ----------------------------------------------------------------------

# La question des diapositives : « comment mesurer quantitativement cette erreur entre trois textes ? »
VERSIONS = {
    "correcte": "Bonjour ! George Sand était une écrivaine française qui a vécu au XIXème siècle. Elle était célèbre pour écrire des romans et des pièces de théâtre. Elle a utilisé un nom de plume car à son époque, c'était difficile pour les femmes d'être prises au sérieux en tant qu'écrivaines. George Sand était une femme très intelligente et courageuse.",
    "fautive": "Bonjour ! Jeorge Sand était une écrivine française qui a vécu au XIXème siècle. Elle était sélébre pour écrire des romans et des pièces de théâtre. Elle a utilisé un nom de plume car à son époque, c'étai difficile pour les femmes d'être prise au sérieu en tant qu'écrivinne. Jeorge Sand était une femme très intelligennte et coureguese.",
    "SMS": "bnjr ! Georg Sand etai un écrivn ki a vécu en Frans. Ell était célèbre pour écriir d roman et des pièce d théâtre. El a utilisé un nom plume car cté difficil pour fem d'êtr pri o sérieu en tan k'écrivn. Georg Sand étai tré intellignt et coureg.",
}


def edit_distance(reference: Sequence, found: Sequence) -> int:
    """Le plus petit nombre d'ajouts, de retraits et de remplacements qui change `reference` en `found` (Levenshtein 1966).

    Deux textes se comparent lettre à lettre, deux listes de mots mot à mot. Une ligne du tableau suffit à la fois.
    """
    row = list(range(len(found) + 1))  # du texte vide à chaque début de found
    for i, wanted in enumerate(reference, 1):
        corner, row[0] = row[0], i
        for j, got in enumerate(found, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (wanted != got))
    return row[-1]


def character_error_rate(reference: str, found: str) -> float:
    """Le CER : la distance d'édition lettre à lettre, sur la longueur de la référence ; peut dépasser 1."""
    return _error_rate(list(reference.strip()), list(found.strip()))


def word_error_rate(reference: str, found: str) -> float:
    """Le WER : la distance d'édition mot à mot, sur le nombre de mots de la référence ; peut dépasser 1."""
    return _error_rate(reference.split(), found.split())


def _error_rate(reference: list[str], found: list[str]) -> float:
    if not reference:
        raise AuroreError("La référence est vide : on ne peut pas compter d'erreurs par rapport à rien.")
    return edit_distance(reference, found) / len(reference)


def ngrams(units: Sequence, n: int) -> list[tuple]:
    """Les suites de `n` éléments qui se suivent, dans l'ordre."""
    return [tuple(units[start : start + n]) for start in range(len(units) - n + 1)]


def bleu(reference: Sequence[str], found: Sequence[str], longest: int = 4) -> float:
    """Le BLEU (Papineni 2002), de 0 à 100, entre deux listes de mots, sans lissage.

    La moyenne géométrique des précisions, des mots seuls aux suites de `longest` mots, chaque suite comptée au plus
    autant de fois qu'elle est dans la référence ; et une pénalité, exp(1 − r/c), si le texte trouvé est plus court.
    """
    precisions = []
    for n in range(1, longest + 1):
        wanted, got = Counter(ngrams(reference, n)), Counter(ngrams(found, n))
        precisions.append((wanted & got).total() / max(1, got.total()))
    if not all(precisions):
        return 0.0
    penalty = min(0.0, 1 - len(reference) / len(found))
    return 100 * math.exp(penalty + sum(map(math.log, precisions)) / longest)


def rouge_l(reference: Sequence[str], found: Sequence[str]) -> float:
    """Le ROUGE-L (Lin 2004), de 0 à 1 : la plus longue suite de mots communs, dans l'ordre, même espacés.

    C'est la moyenne harmonique de la part que cette suite fait de la référence, et de celle qu'elle fait du trouvé.
    """
    return 2 * LCSseq.similarity(reference, found) / max(1, len(reference) + len(found))


@dataclass(frozen=True)
class Comparison:
    """Ce que cinq mesures disent d'un texte : quatre le comparent à une référence, la dernière l'écoute seul."""

    cer: float
    wer: float
    bleu: float
    rouge_l: float
    bits_per_character: float


def compare_texts(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, reference: str, texts: Mapping[str, str]
) -> dict[str, Comparison]:
    """Chaque texte, comparé à `reference` ; le modèle, lui, ne voit pas la référence."""
    words = reference.split()
    return {
        name: Comparison(
            character_error_rate(reference, text),
            word_error_rate(reference, text),
            bleu(words, text.split()),
            rouge_l(words, text.split()),
            score(model, tokenizer, text).bits_per_character,
        )
        for name, text in texts.items()
    }


# L'autre question des diapositives : « La petite Fadette était ???? », vraie suite « assise », réponse « debout ».
OPENING, TRUE_WORD = "La petite Fadette était", "assise"
WORDS = ("assise", "debout", "assis", "seule")


def word_distances(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    opening: str = OPENING,
    right: str = TRUE_WORD,
    words: Sequence[str] = WORDS,
) -> dict[str, tuple[float, float]]:
    """Pour chaque mot : le cosinus de son vecteur et de celui du mot juste, et −ln p de ce mot après le début.

    Le vecteur d'un mot est la moyenne des lignes de ses tokens dans la table d'entrée, que rien n'a placées pour cela.
    """
    with torch.inference_mode():
        table = model.get_input_embeddings().weight
        vectors = {
            word: table[tokenizer(f" {word}", return_tensors="pt")["input_ids"][0]].mean(0)
            for word in dict.fromkeys([right, *words])
        }
        return {
            word: (
                float(torch.cosine_similarity(vectors[right], vectors[word], 0)),
                score_continuation(model, tokenizer, opening, f" {word}").nats,
            )
            for word in words
        }


# --- La démarche scientifique ---------------------------------------------------------------------------


def other_author() -> tuple[str, str]:
    """Un livre d'un autre auteur, « auteur, titre » et texte : le premier du catalogue qui soit à portée, ou celui du pastiche."""
    library = corpus.open_library()
    for catalogue, fetcher in (library, corpus.open_pastiche()):
        book = next(book for book in catalogue.values() if book.role == "base")
        try:
            return f"{book.author}, {book.title}", corpus.clean(fetcher.fetch(book), book).text
        except AuroreError as error:
            reason = error
    raise reason


@dataclass(frozen=True)
class Trial:
    """Un apprentissage, et ses bits par caractère sur trois textes : un livre appris, un livre à l'écart, un autre auteur.

    `held_out` est le titre du livre mis à l'écart, `seed` la graine des premiers poids et de l'ordre de lecture.
    """

    held_out: str
    seed: int
    bits: tuple[float, float, float]


def run_trial(
    books: Mapping[str, str],
    held_out: str,
    other: str,
    seed: int,
    characters: int = 10_000,
    steps: int = 150,
) -> Trial:
    """Apprend un réseau de poche sur tous les `books` sauf `held_out`, et le mesure sur les trois textes.

    `books` : texte par titre, du même auteur ; `other` : un texte d'un autre auteur ; `characters` : ce qu'on mesure de
    chacun. Le tokenizer est appris sur les mêmes livres : celui d'une autre répartition en aurait vu la réponse.
    """
    if held_out not in books or len(books) < 2:
        raise AuroreError(f"Pour mettre « {held_out} » à l'écart, il faut qu'il soit l'un de deux livres au moins.")
    profile = settings.PROFILES["test"]  # la question est de savoir si le score tient, non s'il est bon
    learnt = {title: text for title, text in books.items() if title != held_out}
    tokenizer = bpe.train_tokenizer(learnt.values(), profile.vocab_size, profile.context_length)
    tokens = torch.tensor(tokenizer("".join(learnt.values()), verbose=False)["input_ids"])
    model = gpt.GPT(gpt.Dimensions.of(profile, len(tokenizer)), seed)
    lots = gpt.batches(tokens, profile.context_length, profile.batch_size, seed)
    gpt.train(model, lots, profile.learning_rate, steps)
    longest = max(learnt.values(), key=len)
    texts = (text[:characters] for text in (longest, books[held_out], other))
    first, second, third = (_pocket_bits(model, tokenizer, text) for text in texts)
    return Trial(held_out, seed, (first, second, third))


def _pocket_bits(model: gpt.GPT, tokenizer: PreTrainedTokenizerBase, text: str) -> float:
    ids = torch.tensor(tokenizer(text, verbose=False)["input_ids"])
    return bits_per_character(gpt.held_out_loss(model, ids, model.shape.n_positions) * len(ids), len(text))


# --- La diversité ---------------------------------------------------------------------------------------


def distinct(texts: Sequence[str], n: int) -> float:
    """Le distinct-n (Li 2016) : la part des suites de `n` mots qui sont différentes, tous les textes ensemble.

    Une suite ne va pas d'un texte au suivant. Rend 0 s'il n'y a aucune suite.
    """
    grams = [gram for text in texts for gram in ngrams(text.split(), n)]
    return len(set(grams)) / max(1, len(grams))


def repetition(text: str, n: int = 4) -> float:
    """La part des suites de `n` mots d'un texte qui y ont déjà été dites."""
    grams = ngrams(text.split(), n)
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


@dataclass(frozen=True)
class Diversity:
    """Ce que des passages ont de varié : distinct-1 et distinct-2, tous ensemble, et la part de redites en chacun."""

    distinct_1: float
    distinct_2: float
    repetition: float


def measure_diversity(texts: Sequence[str]) -> Diversity:
    """La diversité de passages ; ne se compare qu'à nombre et longueur égaux. Lève `AuroreError` s'il n'y en a pas."""
    if not texts:
        raise AuroreError("Il n'y a aucun passage à mesurer. Donnez-en au moins un.")
    return Diversity(distinct(texts, 1), distinct(texts, 2), sum(map(repetition, texts)) / len(texts))


def excerpts(text: str, number: int, characters: int) -> list[str]:
    """`number` passages de `characters` caractères environ, pris à intervalles égaux, qui commencent et finissent à un mot."""
    step = len(text) // number
    found = []
    for start in range(0, step * number, step):
        begin = text.find(" ", start) + 1
        piece = text[begin : begin + characters]
        found.append(piece[: piece.rfind(" ")] if len(text) > begin + characters else piece)
    return found


# --- Est-ce qu'il recopie ? -----------------------------------------------------------------------------

SHORTEST = 20  # caractères : au-dessous, tout le monde « recopie », la langue est faite ainsi
_SPACE = re.compile(r"[\s\0]")


def _folded(text: str) -> bytes:
    """Les octets d'un texte où toute espace est la même : une fin de ligne ne cache pas une copie."""
    return _SPACE.sub(" ", text).encode()


@dataclass(frozen=True)
class Span:
    """Un morceau d'un passage, caractères `start` à `end`, qui se lit tel quel dans un livre.

    `paragraph` est son rang dans le livre, compté depuis 1 ; `around` le morceau dans le livre, avec ce qui l'entoure.
    """

    start: int
    end: int
    text: str
    book: str
    chapter: str
    paragraph: int
    around: str

    @property
    def place(self) -> str:
        """Le livre et l'endroit, comme on les dit."""
        return f"{self.book}, {f'{self.chapter}, ' if self.chapter else ''}paragraphe {self.paragraph}"


class BookIndex:
    """Des livres où tout morceau se retrouve en un instant, par un tableau des suffixes (Manber et Myers 1990).

    Ce tableau range dans l'ordre du dictionnaire toutes les fins du texte : les morceaux qui commencent de même s'y
    suivent, et une recherche dichotomique les trouve. Il coûte quatre octets par octet de texte.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """`rows` : (livre, chapitre, paragraphe), dans l'ordre. Lève `AuroreError` s'il n'y a pas de texte."""
        from pydivsufsort import divsufsort

        self.places: list[tuple[str, str, int]] = []  # livre, chapitre, rang du paragraphe
        self._starts: list[int] = []
        text = bytearray()
        for book, chapter, paragraph in rows:
            same = bool(self.places) and self.places[-1][0] == book
            self._starts.append(len(text))
            # Un octet nul entre deux livres : aucun morceau ne va de l'un à l'autre.
            text += (b" " if same else b" \0 ") + _folded(paragraph)
            self.places.append((book, chapter, self.places[-1][2] + 1 if same else 1))
        if not text:
            raise AuroreError("Il n'y a aucun livre à chercher. Préparez-les avec « python -m aurore prepare ».")
        self.text = bytes(text) + b" "
        # Une vue rend des entiers de Python : les additions de la recherche en vont deux fois plus vite.
        self._order = memoryview(divsufsort(self.text)).cast("B").cast("i")

    @classmethod
    def of_dataset(cls, split) -> "BookIndex":
        """L'index d'une part du corpus préparé (leçon 01)."""
        return cls(zip(split["book"], split["chapter"], split["paragraph"], strict=True))

    @property
    def characters(self) -> int:
        """Nombre de caractères indexés."""
        return len(self.text.decode())

    def longest(self, piece: bytes, known: int = 0) -> tuple[int, int]:
        """Le plus long début de `piece` qui soit dans les livres : sa longueur et sa place, en octets.

        `known` : une longueur que l'on sait déjà trouver ; elle n'est pas relue. Rend au pire (known, -1).
        """
        text, size = self.text, len(piece)
        rank = bisect_left(self._order, piece, key=lambda place: text[place : place + size])
        best = (known, -1)
        for place in self._order[max(0, rank - 1) : rank + 1]:  # le plus ressemblant est un des deux voisins
            if text.startswith(piece[:known], place):
                best = max(best, (_common(piece, text, known, place), place))
        return best

    def __contains__(self, text: str) -> bool:
        piece = _folded(text)
        return self.longest(piece)[0] == len(piece)

    def says(self, words: str) -> bool:
        """Dit si ces mots, séparés par une espace, se suivent quelque part dans les livres, en mots entiers."""
        return f" {words} " in self

    def locate(self, place: int, length: int, margin: int = 60) -> tuple[str, str, int, str]:
        """Le livre, le chapitre, le rang du paragraphe, et le morceau avec `margin` octets de chaque côté."""
        book, chapter, paragraph = self.places[bisect_right(self._starts, place) - 1]
        before = self.text[max(0, place - margin) : place].rpartition(b"\0")[2]
        after = self.text[place : place + length + margin].partition(b"\0")[0]
        return book, chapter, paragraph, (before + after).decode(errors="ignore").strip()


def _common(piece: bytes, text: bytes, start: int, place: int) -> int:
    """La longueur commune de `piece` et de `text` lu à partir de `place`, sachant ses `start` premiers octets communs."""
    end = min(len(piece), len(text) - place)
    while start < end and piece[start] == text[place + start]:
        start += 1
    return start


def copied_spans(passage: str, index: BookIndex, shortest: int = SHORTEST) -> list[Span]:
    """Les plus longs morceaux de `passage` qui se lisent tels quels dans les livres d'`index`, les plus longs d'abord.

    Un morceau fait au moins `shortest` caractères, et n'est contenu dans aucun autre ; deux peuvent se chevaucher. Un
    même morceau se lit parfois à plusieurs endroits : un seul est dit.
    """
    data = _folded(passage)
    offsets = [0, *accumulate(len(letter.encode()) for letter in passage)]  # du caractère à l'octet
    spans, end = [], 0
    for start in range(len(passage)):
        # Un début de moins, et ce qui suivait se lit toujours au même endroit.
        length, place = index.longest(data[offsets[start] :], max(0, offsets[end] - offsets[start]))
        stop = bisect_right(offsets, offsets[start] + length) - 1  # jamais au milieu d'un caractère
        if stop > end:
            if stop - start >= max(1, shortest):
                found = index.locate(place, offsets[stop] - offsets[start])
                spans.append(Span(start, stop, passage[start:stop], *found))
            end = stop
        if end == len(passage):
            break
    return sorted(spans, key=lambda span: (span.start - span.end, span.start))


def unseen_share(words: Sequence[str], n: int, seen: Callable[[str], bool]) -> float:
    """La part des suites de `n` mots que `seen` ne connaît pas ; 0 s'il n'y a aucune suite.

    `seen` reçoit les mots d'une suite, séparés par une espace, et dit s'ils se suivent quelque part dans les livres.
    """
    grams = [" ".join(gram) for gram in ngrams(words, n)]
    return sum(not seen(gram) for gram in grams) / max(1, len(grams))


@dataclass(frozen=True)
class CopyReport:
    """Ce qu'un passage prend aux livres : ses morceaux recopiés, et la part de ses suites de quatre mots jamais vues."""

    passage: str
    spans: list[Span]
    unseen: float

    @property
    def longest(self) -> int:
        """Caractères du plus long morceau recopié."""
        return max((span.end - span.start for span in self.spans), default=0)


def check_copy(passage: str, index: BookIndex, shortest: int = SHORTEST, n: int = 4) -> CopyReport:
    """Mesure ce qu'un passage prend aux livres."""
    return CopyReport(passage, copied_spans(passage, index, shortest), unseen_share(passage.split(), n, index.says))


def longest_copied_span(passage: str, source: str) -> str:
    """Le plus long morceau de `passage` qui se lit tel quel dans `source`.

    Deux index avancent sans jamais reculer : au plus deux recherches par caractère du passage.
    """
    best, start = "", 0
    while start + len(best) < len(passage):
        candidate = passage[start : start + len(best) + 1]
        if candidate in source:
            best = candidate
        else:
            start += 1
    return best
