"""Les clés d'accès à un service : une seule règle pour tous, et rien à montrer.

Une clé se lit dans une variable d'environnement, ou dans `credentials.ini`, que git et Docker ignorent. Elle n'est
jamais écrite dans une cellule, une sortie ou un journal : l'objet `Key` se montre sans elle.
"""

import configparser
import os
from dataclasses import dataclass, field
from pathlib import Path

from aurore import settings
from aurore.settings import AuroreError

# Le service, nommé comme dans credentials.ini, et sa variable d'environnement, celle que ses propres outils lisent.
VARIABLES = {
    "hugging_face": "HF_TOKEN",
    "openai": "OPENAI_API_KEY",
    "mistral": "MISTRAL_API_KEY",
    "pinecone": "PINECONE_API_KEY",
}
FILE = "credentials.ini"


@dataclass(frozen=True)
class Key:
    """Une clé et l'endroit d'où elle vient. `value` n'apparaît ni à l'affichage, ni dans un message d'erreur."""

    provider: str
    source: str
    value: str = field(repr=False)

    def __repr__(self) -> str:
        return f"clé de {self.provider}, lue dans {self.source} (cachée)"

    __str__ = __repr__

    def __reduce__(self):
        raise TypeError("Une clé ne s'enregistre pas.")  # ni dans un point de reprise, ni dans un cache


def credentials_path() -> Path:
    """Le fichier des clés : `credentials.ini` dans le dossier de travail (`data` à défaut)."""
    return settings.home() / FILE


def read_key(provider: str) -> Key | None:
    """La clé d'un service : sa variable d'environnement, sinon `credentials.ini` ; `None` s'il n'y en a pas.

    Lève `AuroreError` si le service est inconnu ou le fichier illisible ; le message ne cite jamais le contenu.
    """
    if provider not in VARIABLES:
        raise AuroreError(f"Service inconnu : {provider}. Services connus : {', '.join(VARIABLES)}.")
    variable = VARIABLES[provider]
    if value := os.environ.get(variable, "").strip():
        return Key(provider, variable, value)
    value = _in_file(provider, "TOKEN")
    return Key(provider, FILE, value) if value else None


def account() -> str:
    """Le nom de compte Hugging Face écrit dans `credentials.ini`, ou la chaîne vide : il n'est pas secret."""
    return _in_file("hugging_face", "HUGGING_FACE_PSEUDO")


def need_key(provider: str) -> Key:
    """Comme `read_key`, mais lève `AuroreError`, avec la marche à suivre, s'il n'y a pas de clé."""
    key = read_key(provider)
    if key is None:
        raise AuroreError(
            f"Il faut une clé de {provider}. Donnez-la par la variable {VARIABLES[provider]}, ou copiez data/credentials.ini.example vers {settings.short_path(credentials_path())} et remplissez-le. Ne l'écrivez jamais dans une cellule."
        )
    return key


def _in_file(section: str, option: str) -> str:
    path = credentials_path()
    if not path.is_file():
        return ""
    parser = configparser.ConfigParser(interpolation=None)  # une clé peut contenir un « % »
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        raise AuroreError(
            f"{settings.short_path(path)} n'est pas lisible. Repartez de data/credentials.ini.example."
        ) from None  # l'erreur de la bibliothèque citerait la ligne, donc la clé
    value = parser.get(section, option, fallback="").strip()
    return "" if set(value.upper()) <= {"X"} else value  # le XXXX de l'exemple
