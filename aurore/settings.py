"""Réglages de l'atelier : dossiers, variables d'environnement, profils de taille.

Tout ce qui se règle se lit ici, et nulle part ailleurs. Une variable mal orthographiée est refusée avec la
liste de ce qui est permis, plutôt que remplacée en silence.
"""

import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
PASTICHE = DATA / "pastiche"
EMBEDDED_MODEL = DATA / "models" / "aurore-base"
SAND_MODEL = DATA / "models" / "aurore-sand"  # le même, déjà spécialisé sur tous les livres d'entraînement de Sand
NEW_MODEL = "neuf"  # AURORE_MODEL=neuf : partir de zéro même si un modèle est embarqué
TUNING_EPOCHS = 1  # un modèle qui sait déjà le français se spécialise en un passage
TUNING_CANDIDATES = 2560  # tokens notés à chaque lecture : un quart de temps en moins que tous, pour le même gain
SEED = 1804  # naissance d'Aurore Dupin


class AuroreError(Exception):
    """Une erreur prévue : son message, en français, dit ce qui s'est passé et quoi faire ensuite.

    Un mot de passe qui s'y trouverait n'est jamais montré.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(hide_passwords(message))


_SECRET = re.compile(r"(?P<before>://)\S*@|(?P<bare>[^\s=:«(]+:)[^\s/][^\s]*@|(?P<address>://[^\s?]+\?)[^\s),]+")

# Ce à quoi se reconnaît une clé de Hugging Face, d'OpenAI, de Pinecone ou de GitHub.
_KEY = re.compile(r"\b(?:hf_|sk-|pcsk_|ghp_)[\w-]{16,}")


def hide_passwords(text: str) -> str:
    """Rend un texte où l'identifiant, le mot de passe et la clé d'une adresse, ou une clé d'accès, sont remplacés par « … »."""
    text = _KEY.sub("…", text)
    return _SECRET.sub(
        lambda found: f"{found['before'] or found['address'] or ''}…{'' if found['address'] else '@'}", text
    )


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Une taille d'atelier. Un seul curseur règle le modèle, les données et la durée.

    `vocab_size` et `context_length` en tokens, `max_characters` en caractères d'entraînement (0 : tout),
    `evaluation_characters` en caractères du livre tenu à l'écart (0 : tout). `epochs` et `learning_rate` valent pour
    un réseau neuf ; un modèle qui sait déjà le français lit `tuning_characters` caractères (0 : tout) et suit
    `TUNING_EPOCHS`, `TUNING_CANDIDATES`, `tuning_batch` (en blocs) et `tuning_rate`.
    """

    name: str
    vocab_size: int  # à la mesure du corpus : un token rare n'a pas le temps d'apprendre son vecteur
    context_length: int  # l'attention coûte son carré, et la mémoire avec
    n_layer: int
    n_head: int  # un diviseur de `n_embd` : 32 à 64 nombres par tête
    n_embd: int
    epochs: int = 1  # relire les mêmes pages apprend moins que d'en lire d'autres
    batch_size: int = 16  # de quoi occuper deux cœurs sans remplir leur mémoire
    learning_rate: float  # un réseau étroit supporte un taux plus grand, et il a moins de pas pour s'en servir
    tuning_batch: int = 16  # Muon coûte autant par pas, si gros que soit le lot
    tuning_rate: float = 4.5e-4  # celui de Muon : assez pour changer de style en un passage, sans trop oublier d'abord
    max_characters: int = 0
    tuning_characters: int = 0
    evaluation_characters: int = 0
    follows_pace: bool = False  # lit plus ou moins selon la machine, pour que toute une salle finisse ensemble


PROFILES = {
    # Assez petit pour les tests : tout le parcours en moins d'une minute sur deux cœurs.
    "test": Profile(
        name="test",
        vocab_size=1024,
        context_length=64,
        n_layer=2,
        n_head=2,
        n_embd=64,
        epochs=3,  # si peu de texte se lit trois fois dans le même temps
        batch_size=8,  # plus de pas, sur les quelques blocs qu'il y a
        learning_rate=4e-3,
        tuning_batch=8,
        tuning_rate=1e-4,  # d'autant plus petit qu'il y a peu à lire
        max_characters=120_000,
        tuning_characters=120_000,
        evaluation_characters=8_000,
    ),
    # Un réseau neuf en une minute, de quoi voir la courbe descendre ; le modèle embarqué, spécialisé en quatre.
    "minute": Profile(
        name="minute",
        vocab_size=2048,
        context_length=128,
        n_layer=4,
        n_head=4,
        n_embd=128,
        learning_rate=1.5e-3,
        max_characters=2_700_000,
        tuning_characters=3_400_000,
        evaluation_characters=40_000,
        follows_pace=True,
    ),
    # Le temps d'un café : des mots entiers, une syntaxe hésitante.
    "pause": Profile(
        name="pause",
        vocab_size=4096,
        context_length=256,
        n_layer=4,
        n_head=4,
        n_embd=256,
        learning_rate=1e-3,
        max_characters=3_000_000,
        tuning_characters=4_300_000,
        follows_pace=True,
    ),
    # Une nuit : toutes les données, plusieurs fois pour un réseau neuf.
    "nuit": Profile(
        name="nuit",
        vocab_size=8192,
        context_length=256,
        n_layer=6,
        n_head=6,
        n_embd=384,
        epochs=3,  # un réseau de cette taille n'a pas tout pris au premier passage
        learning_rate=6e-4,
    ),
}


def _choice(variable: str, default: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(variable, "").strip() or default
    if value not in allowed:
        raise AuroreError(f"{variable}={value} n'est pas reconnu. Valeurs possibles : {', '.join(allowed)}.")
    return value


def profile() -> Profile:
    """Le profil choisi par `AURORE_PROFILE` (par défaut `minute`), au pas de cette machine."""
    chosen = PROFILES[_choice("AURORE_PROFILE", "minute", tuple(PROFILES))]
    pace = measured_pace() if chosen.follows_pace else 0.0
    if not pace:
        return chosen
    read, tuned = (round(int(size * pace), -4) for size in (chosen.max_characters, chosen.tuning_characters))
    return replace(chosen, max_characters=read, tuning_characters=tuned)


def at_pace(steps: int) -> int:
    """Le nombre de pas, ou de choses à apprendre, qui prend sur cette machine le temps de `steps` sur celle des durées annoncées."""
    return max(1, round(steps * (measured_pace() or 1))) if profile().follows_pace else steps


def measured_pace() -> float:
    """Le pas que le médecin a noté : 2 lit deux fois plus dans le même temps que la machine des durées annoncées ; 0 s'il n'est pas passé."""
    try:
        return bounded_pace(float(json.loads(pace_file().read_text(encoding="utf-8"))["pace"]))
    except (OSError, ValueError, KeyError, TypeError):  # un fichier abîmé vaut un fichier absent
        return 0.0


def bounded_pace(pace: float) -> float:
    """Un pas gardé entre le dixième, en deçà duquel il ne reste rien à apprendre, et le quadruple ; deux décimales."""
    return round(min(4.0, max(0.1, pace)), 2)


def pace_file() -> Path:
    """Où le médecin note sa mesure, que `pace` écrit."""
    return home() / "state" / "pace.json"


def corpus_name() -> str:
    """Le corpus choisi par `AURORE_CORPUS` : `gutenberg` (par défaut) ou `pastiche`."""
    return _choice("AURORE_CORPUS", "gutenberg", ("gutenberg", "pastiche"))


def home() -> Path:
    """Dossier des téléchargements, points de reprise et résultats (`AURORE_HOME`, sinon `data`)."""
    return expanded(os.environ.get("AURORE_HOME") or DATA, "AURORE_HOME")


def expanded(path: str | Path, variable: str) -> Path:
    """Un chemin où « ~ » est remplacé par le dossier personnel ; lève `AuroreError` si on ne le connaît pas."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise AuroreError(f"{variable}={path} : ce dossier personnel est inconnu. Donnez un chemin entier.") from None


def short_path(name: Path | str) -> str:
    """Un chemin absolu tel qu'on le dirait : depuis l'atelier, depuis le dossier personnel, ou entier à défaut.

    Tout autre nom est rendu tel quel : un compte rendu ne porte pas de chemin de machine.
    """
    path = Path(name)
    if not path.is_absolute():
        return str(name)
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    try:
        home = Path.home()
    except RuntimeError:  # ni variable HOME, ni compte : un conteneur sous un numéro quelconque
        return str(path)
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def mirror() -> str:
    """Le miroir demandé par `AURORE_MIRROR` : une adresse, un dossier, ou la chaîne vide."""
    return os.environ.get("AURORE_MIRROR", "").strip()


def memory_url() -> str:
    """L'adresse de la mémoire des dialogues demandée par `AURORE_MEMORY`, ou la chaîne vide."""
    return os.environ.get("AURORE_MEMORY", "").strip()


def access_token() -> str:
    """Le jeton que la page web exige de chacun (`AURORE_TOKEN`) ; vide, elle n'en demande pas."""
    return os.environ.get("AURORE_TOKEN", "").strip()


def eltec() -> Path | None:
    """L'archive des textes d'ELTeC (`AURORE_ELTEC`), ou `None` : elle n'est pas dans le dépôt."""
    chosen = os.environ.get("AURORE_ELTEC", "").strip()
    return expanded(chosen, "AURORE_ELTEC") if chosen else None


def model_name() -> str:
    """Le modèle de départ (`AURORE_MODEL`) : dossier, nom du Hub, ou chaîne vide pour un GPT-2 neuf.

    Sans réglage, c'est le modèle embarqué, s'il est présent ; « neuf » demande un réseau qui n'a rien appris.
    """
    chosen = os.environ.get("AURORE_MODEL", "").strip()
    if chosen == NEW_MODEL:
        return ""
    if chosen:
        return chosen
    return str(EMBEDDED_MODEL) if (EMBEDDED_MODEL / "config.json").exists() else ""


def training_characters() -> int:
    """Ce que lira un entraînement, en caractères (0 : tout) : un modèle qui sait déjà le français a son compte à lui."""
    return profile().tuning_characters if model_name() else profile().max_characters
