"""Passer un pré-entraînement d'une machine à l'autre : un paquet de fichiers légers, et le départ depuis des poids seuls.

Le paquet tient en fichiers de 16 Mio au plus : les poids en demi-précision, l'avancement, les tokens comprimés, le texte
de validation. L'état des optimiseurs n'en est pas : il pèse quatre fois les poids, et se refait en quelques pas.
"""

import json
import lzma
from dataclasses import asdict, dataclass, field
from pathlib import Path

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import models
from aurore.settings import AuroreError
from aurore.storage import MARK, atomic_directory, damaged, write_atomic

PIECE = 15_000_000  # octets comprimés par fichier de tokens, au plus
PROGRESS, TOKENS, VALIDATION = "progress.json", "tokens", "validation.txt"


@dataclass(frozen=True)
class Progress:
    """Où en est un entraînement : son plan, l'empreinte de ses textes, son pas, ses mesures."""

    plan: dict
    origin: str
    step: int
    log: list[dict] = field(default_factory=list)


def pack(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    progress: Progress,
    source: Path,
    validation: str,
    folder: Path,
) -> None:
    """Écrit dans `folder` de quoi continuer ailleurs : un modèle au format de transformers, et ce qui l'accompagne.

    `source` est le dossier des tokens. Ceux déjà comprimés là pour les mêmes textes ne le sont pas une seconde fois.
    """
    models.export_model(model, tokenizer, folder)
    pack_tokens(source, folder / TOKENS)
    write_atomic(folder / VALIDATION, validation)
    write_atomic(folder / PROGRESS, json.dumps(asdict(progress), ensure_ascii=False))


def pack_tokens(source: Path, folder: Path) -> None:
    """Comprime le dossier `source` des tokens dans `folder`, `tokens.bin` par morceaux de `PIECE` octets au plus."""
    origin = (source / "origin.txt").read_bytes()
    mark = folder / "origin.txt"
    if mark.is_file() and mark.read_bytes() == origin:
        return
    content = (source / "tokens.bin").read_bytes()
    with atomic_directory(folder) as temporary:
        squeezed = lzma.compress(content, preset=6)
        for number, start in enumerate(range(0, len(squeezed), PIECE)):
            (temporary / f"tokens.xz.{number:02}").write_bytes(squeezed[start : start + PIECE])
        for path in source.iterdir():
            if path.name not in ("tokens.bin", MARK):
                (temporary / path.name).write_bytes(path.read_bytes())


def unpack_tokens(packed: Path, folder: Path) -> None:
    """Refait dans `folder` le dossier des tokens d'un paquet, sauf s'il y est déjà.

    Lève `AuroreError` si un morceau manque ou est abîmé.
    """
    source = packed / TOKENS
    mark = folder / "origin.txt"
    try:
        origin = (source / "origin.txt").read_bytes()
        if mark.is_file() and mark.read_bytes() == origin and not damaged(folder):
            return
        squeezed = b"".join(path.read_bytes() for path in sorted(source.glob("tokens.xz.*")))
        content = lzma.decompress(squeezed)
        lengths = json.loads((source / "books.json").read_text(encoding="utf-8"))
        if len(content) != 2 * sum(lengths):
            raise EOFError
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise AuroreError(f"Les tokens de {packed} manquent ou sont abîmés. Refaites le paquet avec --pack.") from error
    with atomic_directory(folder) as temporary:
        (temporary / "tokens.bin").write_bytes(content)
        for path in source.iterdir():
            if not path.name.startswith("tokens.xz.") and path.name != MARK:
                (temporary / path.name).write_bytes(path.read_bytes())


def is_pack(folder: Path) -> bool:
    """Dit si un dossier porte, avec ses poids, les tokens qui les ont appris."""
    return (folder / TOKENS).is_dir()


def read_validation(folder: Path) -> str:
    """Le texte de validation d'un paquet."""
    return (folder / VALIDATION).read_text(encoding="utf-8")


def read_progress(folder: Path) -> Progress | None:
    """L'avancement écrit dans un paquet, ou `None` : un modèle ordinaire n'en a pas."""
    path = folder / PROGRESS
    if not path.is_file():
        return None
    try:
        return Progress(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise AuroreError(f"{path} est abîmé. Refaites le paquet avec --pack.") from error


def load_weights(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Donne à `model` les poids du modèle de `folder`, dont le vocabulaire peut être autre.

    Un token que l'ancien vocabulaire n'a pas part de la moyenne des morceaux que celui-ci en fait (Gee 2022) : le
    réseau le connaît déjà un peu. Lève `AuroreError` si les deux réseaux n'ont pas la même forme.
    """
    known, old = models.load_model(folder)
    state = known.state_dict()
    if old.get_vocab() != tokenizer.get_vocab():
        table, grown = state["transformer.wte.weight"], model.transformer.wte.weight.detach().clone()
        for row, ids in enumerate(_in_old_tokens(tokenizer, old)):
            grown[row] = table[ids].mean(0)
        state |= {"transformer.wte.weight": grown, "lm_head.weight": grown}
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise AuroreError(
            f"Le modèle de {folder} n'a pas la forme de ce plan : on ne peut pas partir de lui."
        ) from error


def _in_old_tokens(tokenizer: PreTrainedTokenizerBase, old: PreTrainedTokenizerBase) -> list[list[int]]:
    """Chaque token de `tokenizer`, dans l'ordre, découpé par l'ancien tokenizer."""
    names = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    known, split = old.get_vocab(), old.backend_tokenizer.model.tokenize
    # Un nom de token est déjà écrit dans l'alphabet des octets : seules les fusions restent à appliquer.
    return [[known[name]] if name in known else [piece.id for piece in split(name)] for name, _ in names]
