"""Ce que le service partage : les modèles et leurs moteurs, les livres, le classifieur, le dialogue. Chacun se charge à sa première demande."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurore import corpus, dialogue, evaluation, finetune, models, settings
from aurore.engine import Engine, Reader
from aurore.generation import Settings
from aurore.serving import Service
from aurore.settings import AuroreError
from aurore.show import count
from aurore.web.faults import typeset

BITS = 8  # le moteur le plus rapide du tableau de la leçon 13 qui ne perd rien de mesurable


class Once:
    """Ce qui se fait une fois, à la première demande, et que tous partagent ensuite ; une panne se retente."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._lock = make, threading.Lock()
        self.value: Any = None

    def __call__(self) -> Any:
        with self._lock:
            if self.value is None:
                self.value = self._make()
            return self.value


@dataclass(frozen=True)
class Voice:
    """Un modèle que l'on peut choisir : son nom, ce qu'il a lu, son dossier, et le service qui le fait écrire."""

    key: str
    name: str
    says: str
    folder: str
    service: Once


def open_service(load: Callable[[], tuple], bits: int = BITS, **options: Any) -> Service:
    """Un modèle de transformers, mis dans un moteur et servi."""
    model, tokenizer = load()
    return Service(Engine.from_model(model, bits), tokenizer, **options)


def known_voices(**options: Any) -> dict[str, Voice]:
    """Les modèles offerts : après et avant la spécialisation, et celui que la personne a entraîné, s'il existe."""
    offered = [
        ("apres", "aurore-sand", "après : il a lu George Sand", settings.SAND_MODEL),
        ("avant", "aurore-base", "avant : il n'a lu que d'autres auteurs", settings.EMBEDDED_MODEL),
    ]
    own = finetune.model_folder()
    if (own / "config.json").is_file():
        offered.append(("mien", "votre modèle", "celui que vous avez entraîné", own))
    return {key: _voice(key, name, says, folder, options) for key, name, says, folder in offered}


def _voice(key: str, name: str, says: str, folder: Path, options: dict[str, Any]) -> Voice:
    service = Once(lambda: open_service(lambda: models.load_model(folder), **options))
    return Voice(key, name, typeset(says), settings.short_path(folder), service)


# --- Ce qui est recopié ---------------------------------------------------------------------------------


class Books:
    """Les livres où l'on cherche ce qu'un texte recopie : le corpus préparé, sinon le pastiche. L'index se fait à part."""

    def __init__(self, rows: Callable[[], tuple[str, Any]] | None = None) -> None:
        self._rows = rows or _prepared_rows
        self.index: evaluation.BookIndex | None = None
        self.says = "Les livres se préparent : le compteur viendra avec le prochain texte."
        self._started = threading.Lock()

    def prepare(self) -> None:
        """Fait l'index sans faire attendre personne ; un seul fil s'en charge, une seule fois."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self.make, daemon=True, name="aurore-livres").start()

    def make(self) -> None:
        """Fait l'index, et dit de quels livres."""
        try:
            name, rows = self._rows()
            self.index = evaluation.BookIndex(rows)
        except AuroreError as error:
            self.says = f"Le compteur n'est pas là : {error}"
            return
        books = len({book for book, _, _ in self.index.places})
        self.says = f"cherché dans {count(books, 'livre')} ({name})"

    def check(self, text: str) -> dict[str, Any] | None:
        """Ce qu'un texte recopie : la longueur du plus long morceau, et chacun avec sa place ; `None` sans index."""
        if self.index is None:
            self.prepare()
            return None
        spans = evaluation.copied_spans(text, self.index)
        found = [{"start": each.start, "end": each.end, "text": each.text, "where": each.place} for each in spans]
        return {
            "longest": max((each.end - each.start for each in spans), default=0),
            "share": round(_covered(spans) / max(1, len(text)), 4),
            "spans": sorted(found, key=lambda each: each["start"]),
            "sentence": typeset(_said(spans, self.says)),
        }


def _said(spans: Sequence[evaluation.Span], where: str) -> str:
    if not spans:
        return f"aucun morceau de {evaluation.SHORTEST} caractères ou plus, {where}"
    longest = max(each.end - each.start for each in spans)
    return f"au plus {count(longest, 'caractère')} d'affilée, {where}"


def _covered(spans: Sequence[evaluation.Span]) -> int:
    """Combien de caractères ces morceaux couvrent ; deux qui se chevauchent ne comptent qu'une fois."""
    return len({place for each in spans for place in range(each.start, each.end)})


def _prepared_rows() -> tuple[str, Any]:
    try:
        split = corpus.load_dataset()["train"]
        return "le corpus préparé", zip(split["book"], split["chapter"], split["paragraph"], strict=True)
    except AuroreError:
        catalogue, fetcher = corpus.open_pastiche()
        books, _ = corpus.clean_all([book for book in catalogue.values() if book.role == "train"], fetcher)
        rows = corpus.gather(books)
        return "le pastiche : préparez le corpus pour chercher dans les vrais", zip(
            rows["book"], rows["chapter"], rows["paragraph"], strict=True
        )


# --- Le dialogue et le classifieur -------------------------------------------------------------------------


class SharedLLM(dialogue.LocalLLM):
    """Le modèle de la leçon 10, servi comme les autres : plusieurs conversations avancent ensemble."""

    def __init__(self, service: Service) -> None:
        super().__init__(Reader(service.engine), service.tokenizer)
        self.service = service

    def write(self, text: str, max_new_tokens: int) -> Iterator[str]:
        """La suite de `text`, morceau par morceau ; fermer cet itérateur l'arrête."""
        yield from self.service.submit(text, Settings(**self.settings), max_new_tokens).pieces()


def open_dialogue(url: str = "", **options: Any) -> dialogue.Dialogue:
    """Le dialogue de la leçon 11, dont la mémoire est à l'adresse `url` et le modèle sur un moteur à lui."""
    memory = dialogue.open_memory(url)
    return dialogue.Dialogue(SharedLLM(open_service(dialogue.answering_model, **options)), memory)


def open_classifier() -> Any:
    """Le classifieur de la leçon 12 : « Sand ou pas Sand ? »."""
    from aurore import tasks

    return tasks.sand_classifier()
