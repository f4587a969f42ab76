"""Leçon 10, les lignes : des consignes et leurs réponses, au format JSONL, lues, contrôlées, réparties et exportées.

Ce module ne connaît ni modèle ni tokenizer. Une ligne de `data/instructions/` a les champs de Stanford Alpaca
(`instruction`, `input`, `output`), et trois des nôtres : `fact`, ce qu'elle enseigne ; `theme` ; `key`, les mots qu'une
réponse juste doit contenir.
"""

import json
import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import httpx

from aurore import download, settings
from aurore.settings import SEED, AuroreError
from aurore.show import count
from aurore.storage import explain_os_error, read_limited, write_atomic

FOLDER = settings.DATA / "instructions"
SPLITS = ("train", "validation", "test")
THEMES = ("vie", "romans", "époque", "atelier", "contexte")


@dataclass(frozen=True)
class Row:
    """Une consigne et sa réponse ; `input` est le texte sur lequel porte la consigne, souvent vide."""

    instruction: str
    output: str
    input: str = ""
    fact: str = ""
    theme: str = ""
    key: str = ""


# --- Lire et écrire du JSONL ----------------------------------------------------------------------------


def parse_jsonl(text: str) -> tuple[list[dict], list[tuple[int, str]]]:
    """Lit du JSONL, ligne par ligne ; rend les objets, et les fautes : des couples (numéro de ligne depuis 1, raison).

    Une ligne vide est sautée. Une ligne qui n'est pas un objet JSON (un tableau, un nombre) est une faute aussi.
    """
    found, faults = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            faults.append((number, str(error)))
            continue
        if isinstance(value, dict):
            found.append(value)
        else:
            faults.append((number, "pas un objet JSON"))
    return found, faults


def write_jsonl(values: Iterable[dict]) -> str:
    """Du JSONL : un objet par ligne, écrit par `json.dumps`, jamais à la main."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def save_rows(rows: Iterable[Row], path: Path) -> None:
    """Écrit des lignes en JSONL, d'un seul coup."""
    write_atomic(path, write_jsonl(asdict(row) for row in rows))


def load_rows(split: str = "train", folder: Path = FOLDER) -> list[Row]:
    """Les lignes d'une part, « train », « validation » ou « test ».

    Lève `AuroreError` si le fichier manque, si une ligne n'est pas du JSON, ou si un champ manque ou n'est pas un texte.
    """
    path = folder / f"{split}.jsonl"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise AuroreError(
            f"{settings.short_path(path)} manque ou n'est pas un texte en UTF-8. Reprenez-le du dépôt."
        ) from None
    found, faults = parse_jsonl(text)
    if faults:
        number, reason = faults[0]
        raise AuroreError(f"{path.name}, ligne {number} : ce n'est pas du JSONL ({reason}). Écrivez-la par json.dumps.")
    return [_row(values, path.name, number) for number, values in enumerate(found, 1)]


def _row(values: dict, name: str, number: int) -> Row:
    known = {field.name: values.get(field.name, "") for field in fields(Row)}
    wrong = [field for field, value in known.items() if not isinstance(value, str)]
    wrong += [field for field in ("instruction", "output") if not known[field]]
    if wrong:
        raise AuroreError(f"{name}, objet {number} : le champ « {wrong[0]} » manque ou n'est pas un texte.")
    return Row(**known)


# --- Contrôler ------------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """Un texte sans majuscules, ni accents, ni ponctuation, ni espaces doubles : ce que deux écritures ont de commun."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(" " if not letter.isalnum() else letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def _asked(row: Row) -> tuple[str, str]:
    return folded(row.instruction), folded(row.input)


def duplicates(rows: Sequence[Row]) -> list[Row]:
    """Les lignes dont la consigne, le texte et la réponse étaient déjà venus, à la ponctuation et à la casse près."""
    seen: set[tuple] = set()
    found = []
    for row in rows:
        mark = (*_asked(row), folded(row.output))
        if mark in seen:
            found.append(row)
        seen.add(mark)
    return found


def contradictions(rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """Les consignes qui ont plusieurs réponses, et leurs réponses."""
    outputs: dict[tuple, dict[str, str]] = defaultdict(dict)
    for row in rows:
        outputs[_asked(row)].setdefault(folded(row.output), row.output)
    asked = {_asked(row): row.instruction for row in reversed(rows)}
    return [(asked[mark], list(found.values())) for mark, found in outputs.items() if len(found) > 1]


def leaks(train: Sequence[Row], held_out: Sequence[Row]) -> list[Row]:
    """Les lignes à l'écart dont la consigne, avec son texte, est aussi dans l'apprentissage."""
    known = {_asked(row) for row in train}
    return [row for row in held_out if _asked(row) in known]


# --- Répartir -------------------------------------------------------------------------------------------


def split_rows(rows: Sequence[Any], shares: Sequence[int] = (85, 10, 5), seed: int = SEED) -> list[list]:
    """Répartit des lignes au sort, sans doublon, selon des parts en pour cent ; rend une liste par part.

    Les lignes égales n'en font qu'une, la première, avant le tirage : aucune n'est dans deux parts. Même graine, même
    répartition. Les bornes s'arrondissent au-dessous ; la dernière part prend ce qui reste.
    """
    kept = list(dict.fromkeys(rows))
    random.Random(seed).shuffle(kept)
    ends = [len(kept) * sum(shares[: rank + 1]) // 100 for rank in range(len(shares) - 1)]
    return [kept[start:end] for start, end in zip([0, *ends], [*ends, len(kept)], strict=True)]


# --- Stanford Alpaca ------------------------------------------------------------------------------------

ALPACA_LICENCE = "CC BY-NC 4.0 : un usage commercial n'est pas permis"


@dataclass(frozen=True)
class Cleaned:
    """Un fichier d'instructions nettoyé : ses lignes, combien il en avait, et combien d'écartées, raison par raison."""

    rows: list[Row]
    read: int
    incomplete: int
    repeated: int
    licence: str = ALPACA_LICENCE

    def __str__(self) -> str:
        return (
            f"{count(self.read, 'ligne lue', 'lignes lues')}, {count(self.incomplete, 'incomplète')} et "
            f"{count(self.repeated, 'doublon')} ôtés : {count(len(self.rows), 'ligne')}. Licence : {self.licence}."
        )


def load_alpaca(source: str) -> Cleaned:
    """Lit un fichier au format de Stanford Alpaca (`instruction`, `input`, `output`), par son adresse ou son chemin.

    Le fichier est un tableau JSON, comme `alpaca_data.json`, ou du JSONL. Les lignes sans consigne ou sans réponse, et
    les doublons, sont ôtés et comptés. Lève `AuroreError` s'il ne peut être lu, ou n'a pas une ligne entière.
    """
    try:
        text = _read_source(source).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AuroreError(f"{source} n'est pas un texte en UTF-8.") from None
    values = _alpaca_values(text, source)
    texts = [tuple(_text(value, name) for name in ("instruction", "input", "output")) for value in values]
    complete = [Row(instruction, output, given) for instruction, given, output in texts if instruction and output]
    if not complete:
        raise AuroreError(f"{source} n'a pas une ligne avec « instruction » et « output ». Vérifiez le fichier.")
    repeated = duplicates(complete)
    rows = list(dict.fromkeys(complete))
    doubled = set(map(_whole, repeated))
    kept, seen = [], set()
    for row in rows:
        if _whole(row) in doubled and _whole(row) in seen:
            continue
        seen.add(_whole(row))
        kept.append(row)
    return Cleaned(kept, len(values), len(values) - len(complete), len(complete) - len(kept))


def _whole(row: Row) -> tuple[str, str, str]:
    return (*_asked(row), folded(row.output))


def _text(value: Any, name: str) -> str:
    """Le champ d'une ligne, en texte net ; vide s'il manque (`null`, ou le « nan » qu'écrit pandas)."""
    found = value.get(name) if isinstance(value, dict) else None
    return " ".join(found.split()) if isinstance(found, str) and found.strip().casefold() != "nan" else ""


def _alpaca_values(text: str, source: str) -> list:
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError as error:
            raise AuroreError(f"{source} n'est pas du JSON entier ({error}). Reprenez le fichier.") from None
    found, faults = parse_jsonl(text)
    if faults:
        number, reason = faults[0]
        raise AuroreError(f"{source}, ligne {number} : ce n'est pas du JSON ({reason}).")
    return found


def _read_source(source: str) -> bytes:
    """Les octets d'une adresse ou d'un fichier."""
    if "://" not in source:
        path = settings.expanded(source, "Le fichier")
        if not path.is_file():
            raise AuroreError(f"{source} n'est pas un fichier. Donnez le chemin ou l'adresse d'alpaca_data.json.")
        try:
            return read_limited(path, download.MAX_BYTES)
        except OSError as error:
            raise explain_os_error(error, path) from None
    try:
        with httpx.Client(follow_redirects=True, timeout=download.MAX_SILENCE) as client:
            content = download.receive(client, source)
    except (download.NoAnswer, download.Broken) as error:
        raise AuroreError(f"{source} n'a pas pu être lu : {error}. Téléchargez-le, et donnez son chemin.") from None
    if content is None:
        raise AuroreError(f"Rien à l'adresse {source}. Vérifiez-la, ou téléchargez le fichier et donnez son chemin.")
    return content


def subset(rows: Sequence[Row], share: float, seed: int = SEED) -> list[Row]:
    """Une part des lignes, tirée au sort, dans leur ordre ; une au moins."""
    number = max(1, round(len(rows) * share))
    return [rows[rank] for rank in sorted(random.Random(seed).sample(range(len(rows)), number))]


# --- Vers les services hébergés -------------------------------------------------------------------------

ROLES = ("system", "user", "assistant")


def to_chat(row: Row, base: str = "") -> dict:
    """La ligne au format « chat » des services d'entraînement hébergés : `{"messages": [{"role", "content"}, …]}`.

    `base`, s'il est donné, est le message de rôle « system » ; le texte de la consigne la précède.
    """
    asked = f"{row.input}\n{row.instruction}" if row.input else row.instruction
    turns = [("system", base)] if base else []
    turns += [("user", asked), ("assistant", row.output)]
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def export_chat(rows: Iterable[Row], base: str = "") -> str:
    """Les lignes en JSONL de conversations, prêtes pour `check_chat` puis pour un service."""
    return write_jsonl(to_chat(row, base) for row in rows)


def check_chat(text: str) -> list[tuple[int, str]]:
    """Les fautes d'un fichier de conversations JSONL : des couples (numéro de ligne, raison) ; aucune s'il est prêt.

    Chaque ligne est un objet dont `messages` est une liste de messages (`role`, `content` non vide), les consignes et les
    réponses alternées, un message « system » au plus, en tête, et une réponse à la fin.
    """
    faults = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            found, wrong = parse_jsonl(line)
            reason = wrong[0][1] if wrong else _chat_fault(found[0])
            if reason:
                faults.append((number, reason))
    return faults


def _chat_fault(value: dict) -> str:
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return "« messages » manque, ou n'est pas une liste de messages"
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            return f"un message n'a pas un rôle connu ({', '.join(ROLES)})"
        if not isinstance(message.get("content"), str) or not message["content"].strip():
            return f"le message « {message['role']} » n'a pas de texte"
    roles = [message["role"] for message in messages]
    spoken = roles[1:] if roles[0] == "system" else roles
    if "system" in spoken:
        return "le message « system » vient une fois, en tête"
    if spoken != ["user", "assistant"] * (len(spoken) // 2) or not spoken:
        return "les messages ne vont pas de « user » à « assistant », chacun son tour, jusqu'à une réponse"
    return ""
