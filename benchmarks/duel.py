"""Le duel entre petits modèles, un par auteur, selon la longueur du passage : des 5-grammes, puis des réseaux.

La règle est celle de llm-stylometry : un passage est à l'auteur dont le modèle est le moins surpris. Chaque réseau est
aurore-base, spécialisé une minute sur les œuvres d'un auteur, noms masqués ; les œuvres jugées n'en sont pas. aurore-base,
lui, a lu Balzac, Hugo et Zola, jamais Sand : ce qu'il en sait est commun aux quatre rivaux, mais un rival l'oublie d'autant
moins qu'il apprend le même auteur. Le score de Sand, seul, est sans ce soupçon.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aurore import authors, evaluation, finetune, models, settings
from aurore.authors import DUELISTS, SAND, Duel, Passage, Rival, Verdict
from benchmarks.authors import DUEL_CHARACTERS, DUEL_FOLDS, told, works_by_author

LENGTHS = {500: 6, 2_000: 2, 8_000: 1}  # caractères d'un passage, et passages par œuvre
CHARACTERS = 240_000  # lus par chaque réseau : une minute sur deux cœurs
CONTEXT = 256
RATE = 1e-3  # le double de la salle : il faut s'éloigner du départ, non y gagner
RECIPE = finetune.Recipe(1, 8, RATE / 3, matrix_rate=RATE)


@dataclass(frozen=True)
class Tuned:
    """Un réseau et son tokenizer, lus comme un n-gramme : par les bits qu'un texte leur coûte."""

    model: object
    tokenizer: object

    def bits_per_character(self, text: str) -> float:
        """Bits par caractère de `text`."""
        return evaluation.score(self.model, self.tokenizer, text).bits_per_character


def tuned(text: str) -> Tuned:
    """aurore-base, spécialisé sur un texte."""
    model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
    blocks = finetune.pack_blocks([text], tokenizer, CONTEXT)
    with tempfile.TemporaryDirectory() as folder:
        finetune.fine_tune(model, tokenizer, blocks, None, RECIPE, Path(folder) / "modele", Path(folder) / "points")
    return Tuned(model.eval(), tokenizer)


def run(works: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[tuple]:
    """Une ligne par méthode et par longueur, dès qu'elle est mesurée ; `works` : {auteur: {œuvre: texte}}."""
    works = works or works_by_author(DUELISTS)
    methods: dict[str, tuple[int, Callable[[str], Rival]]] = {
        "5-grammes": (DUEL_CHARACTERS, authors.CharacterNgram),
        "aurore-base spécialisé": (CHARACTERS, tuned),
    }
    for name, (characters, learn) in methods.items():
        verdicts = duel(works, characters, learn)
        for length, found in verdicts.items():
            yield name, length, len(found), told(authors.accuracy(found)), *scores(found)


def duel(
    works: Mapping[str, Mapping[str, str]], characters: int, learn: Callable[[str], Rival]
) -> dict[int, list[Verdict]]:
    """Les verdicts, longueur par longueur : chaque œuvre est jugée par des rivaux dont aucun ne l'a lue."""
    verdicts: dict[int, list[Verdict]] = {length: [] for length in LENGTHS}
    for part in range(DUEL_FOLDS):
        learnt = {
            name: [text for rank, text in enumerate(hers.values()) if rank % DUEL_FOLDS != part]
            for name, hers in works.items()
        }
        rivals = Duel({name: authors.mingled(texts, characters) for name, texts in learnt.items()}, learn)
        for length, passage in aside(works, part):
            decided = rivals.decide(passage.text)
            verdicts[length].append(Verdict(passage.author, passage.work, decided, decided == SAND))
        print(f"part {part + 1} sur {DUEL_FOLDS}", flush=True)
    return verdicts


def aside(works: Mapping[str, Mapping[str, str]], part: int) -> Iterator[tuple[int, Passage]]:
    """Les passages des œuvres tenues à l'écart de cette part, avec leur longueur."""
    for name, hers in works.items():
        for rank, (work, text) in enumerate(hers.items()):
            if rank % DUEL_FOLDS == part:
                for length, number in LENGTHS.items():
                    for passage in authors.passages_of(name, work, text, number, length):
                        yield length, passage


def scores(verdicts: list[Verdict]) -> Iterator[str]:
    """La part de chaque auteur qui lui est rendue, et son intervalle."""
    return (told(authors.accuracy(verdicts, name)) for name in dict.fromkeys(v.author for v in verdicts))
