"""Leçon 06 : choisir et charger un modèle, et savoir sur quoi il tourne."""

import contextlib
import copy
import ctypes
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from huggingface_hub import constants, errors, try_to_load_from_cache
from tqdm import tqdm
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from aurore import download, keys, pull
from aurore.catalogue import advice, rank, shortlist
from aurore.configurations import count_gpt2, training_memory
from aurore.settings import EMBEDDED_MODEL, AuroreError, short_path
from aurore.storage import atomic_directory, check_replaceable, damaged, recover

# La leçon présente ces fonctions ici ; chacune vit dans le module de son sujet.
__all__ = ["count_gpt2", "rank", "shortlist", "training_memory"]

SHARD = "15MB"  # aucun fichier de poids au-dessus de 16 Mo


@contextlib.contextmanager
def bars_in_terminals_only() -> Iterator[None]:
    """Fait taire un moment les barres de transformers hors d'un terminal : chaque pas y serait une ligne de plus.

    Aucune barre ne lance alors la sentinelle de tqdm : c'est un fil, qu'une mémoire épuisée empêche de démarrer, et que
    tqdm attendrait sans fin.
    """
    silenced = logging.is_progress_bar_enabled() and not sys.stderr.isatty()
    if silenced:
        logging.disable_progress_bar()
    usual, tqdm.monitor_interval = tqdm.monitor_interval, 0
    try:
        yield
    finally:
        tqdm.monitor_interval = usual
        if silenced:
            logging.enable_progress_bar()


@dataclass(frozen=True)
class Device:
    """Où calculer et en quelle précision, avec la raison du choix."""

    name: str
    bf16: bool
    reason: str


def choose_device() -> Device:
    """Choisit le processeur graphique s'il y en a un, et bfloat16 là où le matériel le calcule vraiment.

    Sur un Mac, le processeur ordinaire est préféré à MPS, dont les pertes divergent selon les versions.
    """
    if torch.cuda.is_available():
        name = torch.cuda.get_device_name()
        bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
        return Device("cuda", bf16, f"carte {name}" + (", qui calcule en bfloat16" if bf16 else ", sans bfloat16"))
    if torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported():
        return Device("cpu", True, "pas de carte graphique ; ce processeur a des instructions bfloat16")
    return Device("cpu", False, "pas de carte graphique, ni d'instructions bfloat16 : calcul en 32 bits")


def hub_token() -> keys.Key | None:
    """La clé de Hugging Face (`HF_TOKEN`, sinon `credentials.ini`), ou `None`. Elle ne se montre pas ; `.value` la donne.

    Elle ne sert qu'à un modèle privé et à publier : aucun modèle public n'en demande.
    """
    return keys.read_key("hugging_face")


@bars_in_terminals_only()
def load_model(name: str | Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Charge un modèle et son tokenizer, depuis un dossier ou par son nom sur le Hub."""
    path = Path(name)
    if path.is_dir():
        recover(path)
    if path.exists() and not (path / "config.json").is_file():
        raise AuroreError(
            f"{name} ne contient pas de modèle (config.json manque). Indiquez le dossier d'un modèle, ou lancez « python -m aurore train »."
        )
    source = path if path.exists() else _from_hub(str(name))
    try:  # aucun code d'un dossier n'est jamais exécuté, et la question n'est jamais posée
        model, found = AutoModelForCausalLM.from_pretrained(
            str(source),
            dtype=torch.float32,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
        tokenizer = AutoTokenizer.from_pretrained(str(source), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # chaque format a les siennes, et certaines bibliothèques lèvent `Exception` même
        raise AuroreError(_damaged_model(name, _reason(error))) from error
    fault = _fault(path, model, tokenizer, found)
    if fault:
        raise AuroreError(_damaged_model(name, fault))
    return model.eval(), tokenizer


def _from_hub(name: str) -> Path:
    """Le dossier d'un modèle du Hub : d'abord sans clé, puis avec la sienne si le modèle se révèle privé."""
    # Une clé périmée ferait refuser jusqu'aux modèles publics.
    try:
        try:
            return pull.fetch_model(name)
        except pull.Reserved:
            key = hub_token()
            if key is None:
                raise
            return pull.fetch_model(name, key.value)
    except (download.NoAnswer, download.Broken) as error:
        raise AuroreError(_out_of_reach(name, error)) from None


def _damaged_model(name: str | Path, fault: str) -> str:
    return f"Le modèle de {name} n'a pas pu être chargé : {fault}. Refaites-le avec « python -m aurore train », ou choisissez-en un autre avec AURORE_MODEL ou --model."


def _out_of_reach(name: str, error: AuroreError) -> str:
    """Pourquoi un modèle du Hub n'est pas là, et quoi faire."""
    start = f"Le modèle « {name} » n'a pas pu être chargé"
    if known := advice(name):
        return f"{start}. {known}"
    if isinstance(error, pull.Reserved):
        return f"{start} : {error} (HF_TOKEN ou credentials.ini)."
    return f"{start} : {error}. Vérifiez le chemin du dossier ou le nom sur le Hub, et le réseau dans ce second cas, ou gardez le modèle embarqué : {short_path(EMBEDDED_MODEL)}. (AURORE_MODEL le choisit)"


def where(name: str | Path) -> str:
    """Où se trouve un modèle : « dossier », « cache », « Hub », ou « hors de portée » si le Hub ne répond pas."""
    if (Path(name) / "config.json").is_file():
        return "dossier"
    try:
        cached = try_to_load_from_cache(str(name), "config.json", cache_dir=constants.HF_HUB_CACHE)
    except errors.HFValidationError:  # un chemin, ou un nom que le Hub ne peut pas porter
        return "hors de portée"
    if isinstance(cached, str):
        return "cache"
    return "Hub" if pull.hub_answers() else "hors de portée"


def _reason(error: Exception) -> str:
    """Une erreur de chargement, en une phrase."""
    if "trust_remote_code" in str(error) or "custom code" in str(error):
        return "il demande d'exécuter du code de son dossier, ce que l'atelier ne fait jamais"
    if isinstance(error, MemoryError):
        return "la mémoire ne suffit pas"
    return f"un de ses fichiers manque ou est abîmé ({type(error).__name__})"


def _fault(path: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, found: dict) -> str:
    """Ce qui ne va pas dans un modèle qui s'est ouvert ; vide si tout va bien."""
    spoiled = [name for name in damaged(path) if _is_weights(Path(name))]
    if spoiled:
        return f"{', '.join(spoiled)} n'est plus tel que l'atelier l'a écrit"
    if found["missing_keys"] or found["mismatched_keys"]:
        return "il lui manque des poids"
    if not all(bool(torch.isfinite(parameter).all()) for parameter in model.parameters()):
        return "ses poids ne sont pas tous des nombres"
    if len(tokenizer) > model.config.vocab_size:
        return f"son tokenizer connaît {len(tokenizer)} tokens, et lui {model.config.vocab_size} seulement"
    if tokenizer.eos_token_id is None:
        return "son tokenizer n'a pas de token de fin de texte"
    return ""


def check_export(folder: Path) -> None:
    """Lève `AuroreError` si `folder` contient autre chose qu'un modèle écrit par l'atelier : l'export remplace le dossier."""
    check_replaceable(folder, "modèle")


@bars_in_terminals_only()
def export_model(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Enregistre modèle et tokenizer au format de transformers, en float16, par fichiers de 15 Mo au plus.

    Les poids de `model` ne changent pas. Ce que l'on avait ajouté au dossier (sa fiche, ses figures) est gardé. Lève
    `AuroreError` si le dossier contient autre chose qu'un modèle de l'atelier.
    """
    check_export(folder)
    half = copy.deepcopy(model).half()
    with atomic_directory(folder, "modèle") as temporary:
        half.save_pretrained(str(temporary), max_shard_size=SHARD)
        tokenizer.save_pretrained(str(temporary))


def _is_weights(path: Path) -> bool:
    return path.name.startswith("model") and ".safetensors" in path.suffixes


def keep_freed_memory() -> None:
    """Demande à la bibliothèque C de Linux de garder la mémoire rendue, au lieu de la rendre au système.

    Un pas d'entraînement prend et rend des centaines de Mo ; les redemander au noyau coûte, sur deux cœurs, de 15 à
    25 % du temps. Le processus occupe en échange un cinquième de mémoire en plus. Sans effet sur les autres systèmes.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((-4, 0), (-1, 2**31 - 1), (-2, 2**28)):  # M_MMAP_MAX, M_TRIM_THRESHOLD, M_TOP_PAD
            mallopt(option, value)
