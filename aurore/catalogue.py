"""Leçon 06 : choisir un modèle. Ce que répond un catalogue, ce que dit une fiche, ce que prouve une mesure.

Tout est dans `data/hub` : le choix se fait réseau coupé.
"""

import functools
import math
import tomllib
from collections.abc import Sequence
from pathlib import Path

from aurore import configurations, settings
from aurore.settings import AuroreError

# Les parties qu'une fiche doit avoir, et les mots de titre auxquels on les reconnaît, en français ou en anglais.
PARTS = {
    "données": ("donnée", "data"),
    "modèle": ("modèle", "model", "architecture"),
    "apprentissage": ("recette", "entraînement", "apprentissage", "training", "procedure"),
    "mesures": ("ce qu'il vaut", "mesure", "résultat", "evaluation", "performance", "results"),
    "limites": ("limite", "biais", "limitation", "bias", "risk"),
}


@functools.cache
def _read(file: str, table: str) -> tuple[dict, ...]:
    with (settings.DATA / "hub" / file).open("rb") as stream:
        return tuple(tomllib.load(stream)[table])


def search_result() -> list[dict]:
    """L'extrait embarqué de ce qu'un catalogue répond à « gpt2 », par ordre alphabétique.

    Chaque modèle a `name`, `language`, `task`, `licence` (vide si la fiche n'en dit rien), `parameters`, `data`,
    `books` (ses données comptent-elles des livres ?), `card` (l'année) et parfois `note`.
    """
    return [dict(model) for model in _read("gpt2.toml", "model")]


def documented_names() -> list[dict]:
    """Ce que nomment les documents de départ : `name`, `verdict`, `instead`, ce que l'on prend à la place, et parfois `missing`."""
    return [dict(entry) for entry in _read("noms.toml", "name")]


def advice(name: str) -> str:
    """Ce qu'il en est d'un nom des documents sous lequel le Hub n'a rien ; vide pour tout autre nom."""
    for entry in documented_names():
        if entry["name"] == name and entry.get("missing"):
            return f"Ce nom, qui vient des documents de départ, {entry['verdict']}. À la place : {entry['instead']}."
    return ""


def shortlist(found: Sequence[dict], language: str, limit: int) -> list[str]:
    """Les noms des modèles que l'on peut prendre : ils écrivent, dans cette langue, sous une licence dite, sans dépasser `limit` poids.

    D'abord ceux qui ont lu des livres, puis les plus légers.
    """
    kept = [
        model
        for model in found
        if model["task"] == "text-generation"
        and model["language"] == language
        and model["licence"]
        and model["parameters"] <= limit
    ]
    return [model["name"] for model in sorted(kept, key=lambda model: (not model["books"], model["parameters"]))]


def choose(language: str, limit: int) -> list[str]:
    """Ce que l'on retient de l'extrait de catalogue."""
    return shortlist(search_result(), language, limit)


def needs(name: str) -> tuple[int, int, int]:
    """Ce qu'il faut à un modèle embarqué par sa configuration : poids, octets pour lire, octets pour entraîner, en 32 bits."""
    weights = configurations.count(configurations.read(name))
    return weights, weights * configurations.FLOAT32, configurations.training_memory(weights)


def rank(rows: Sequence[dict]) -> list[str]:
    """Les noms, du meilleur modèle au moins bon, d'après leurs bits par caractère.

    Chaque ligne a `name`, `perplexity` (par token), `tokens` et `characters` : la longueur de ce qui a été mesuré.
    """

    def bits_per_character(row: dict) -> float:
        return math.log2(row["perplexity"]) * row["tokens"] / row["characters"]

    return [row["name"] for row in sorted(rows, key=bits_per_character)]


def read_card(folder: Path) -> dict[str, str]:
    """Ce que dit la fiche (`README.md`) d'un modèle : langue, licence, tâche, parties présentes et absentes (Mitchell 2019).

    Lève `AuroreError` s'il n'y a pas de fiche. Un dossier sans en-tête a une fiche aux champs vides.
    """
    from huggingface_hub import ModelCard

    path = Path(folder) / "README.md"
    if not path.is_file():
        raise AuroreError(
            f"{folder} n'a pas de fiche (README.md) : on ne sait ni d'où vient ce modèle, ni ce qu'il vaut."
        )
    card = ModelCard(path.read_text(encoding="utf-8"), ignore_metadata_errors=True)
    titles = [line.lstrip("#").strip().lower() for line in card.text.splitlines() if line.startswith("#")]
    has = {part: any(word in title for title in titles for word in words) for part, words in PARTS.items()}
    return {
        "langue": str(card.data.get("language") or "non dite"),
        "licence": str(card.data.get("license") or "non dite"),
        "tâche": str(card.data.get("pipeline_tag") or "non dite"),
        "parties": ", ".join(part for part in PARTS if has[part]) or "aucune",
        "absentes": ", ".join(part for part in PARTS if not has[part]) or "aucune",
    }
