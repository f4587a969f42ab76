"""Prendre un modèle sur le Hub de Hugging Face, par son nom, sans attendre ni recevoir plus qu'il n'est raisonnable.

La bibliothèque du Hub ne borne ni la durée ni la taille de ce qu'elle télécharge. Elle travaille donc dans un processus
à part, que celui-ci surveille et arrête : c'est le seul moyen qui vaille aussi pour un serveur muet, un corps sans fin
ou ce qui se décompresse. La liste des fichiers, elle, passe par `download.receive`.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx
from huggingface_hub import constants, file_download, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from huggingface_hub.utils import validate_repo_id
from tenacity import retry, retry_if_not_exception_type, stop_after_attempt, wait_exponential
from tqdm.auto import tqdm

from aurore import download, settings
from aurore.storage import size_in_words

MAX_BYTES = 6_000_000_000  # un milliard et demi de poids en float32 : plus, un portable ne les fait pas travailler
MAX_SECONDS = 3_600.0
SLOW_AFTER = 45.0  # une fenêtre : le temps d'un nom à résoudre, d'une redirection, d'une reprise
SLACK = 2_000_000  # ce qui peut s'ajouter à la taille annoncée : fichiers provisoires, liens
POLL = 0.1  # secondes ; entre deux regards, mille fois rien n'a le temps de remplir le disque

# Ce que transformers lit, à la racine du dépôt : réglages, vocabulaire, et un seul jeu de poids.
_SMALL = re.compile(r"[^/]+\.(?:json|txt|model|spm|jinja)")
_WEIGHTS = (re.compile(r"model(?:-\d+-of-\d+)?\.safetensors"), re.compile(r"pytorch_model(?:-\d+-of-\d+)?\.bin"))


class Missing(download.Broken):
    """Un fichier annoncé n'a pas été donné."""


class Reserved(download.NoAnswer):
    """Le Hub demande une clé, ou refuse celle-ci."""


def fetch_model(name: str, token: str | None = None) -> Path:
    """Le dossier où se trouve le modèle `name` du Hub, mis à jour si le Hub répond, sinon tel que le cache l'a gardé.

    Sans `token`, rien de secret ne part. Si le cache n'en a rien, lève `Reserved` quand il faut une clé, ou
    `download.NoAnswer` et `download.Broken`, avec la raison.
    """
    try:
        validate_repo_id(name)
    except HFValidationError:
        raise download.NoAnswer("ce n'est ni un dossier, ni un nom du Hub") from None
    try:
        return _update(name, token)
    except (download.NoAnswer, download.Broken):
        known = try_to_load_from_cache(name, "config.json", cache_dir=constants.HF_HUB_CACHE)
        if not isinstance(known, str) or not _has_weights(Path(known).parent):
            raise
        return Path(known).parent


def _has_weights(folder: Path) -> bool:
    """Dit si un dossier du cache a tous ses poids : un téléchargement interrompu peut n'y avoir laissé que la configuration."""
    names = [path.name for path in folder.iterdir()]
    found: list[str] = next(filter(None, ([n for n in names if form.fullmatch(n)] for form in _WEIGHTS)), [])
    pieces = re.search(r"-of-(\d+)\.", found[0]) if found else None
    return len(found) == int(pieces[1]) if pieces else bool(found)


def _update(name: str, token: str | None) -> Path:
    if constants.is_offline_mode():
        raise download.NoAnswer("le réseau est interdit par HF_HUB_OFFLINE")
    if not hub_answers():
        raise download.NoAnswer("le Hub ne répond pas")
    revision, sizes, gated = _listing(name, token)
    total = sum(sizes.values())
    if total > MAX_BYTES:
        raise download.Broken(f"trop lourd : {size_in_words(total)}, et la limite est de {size_in_words(MAX_BYTES)}")
    cache = Path(constants.HF_HUB_CACHE)
    folder = cache / file_download.repo_folder_name(repo_id=name, repo_type="model")
    if not all((folder / "snapshots" / revision / file).exists() for file in sizes):
        try:
            _watch(folder / "blobs", total, [str(cache), name, revision, *sizes], token)
        except Missing:
            if gated:
                raise Reserved("il demande un accord sur sa page du Hub, puis votre clé") from None
            raise
    return folder / "snapshots" / revision


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"


def hub_answers(timeout: float = 2.0) -> bool:
    """Dit si le Hub est joignable, en `timeout` secondes au plus."""
    try:
        address = httpx.URL(_endpoint())
        with socket.create_connection((address.host, address.port or 443), timeout):
            return True
    except (OSError, httpx.InvalidURL):
        return False


def _listing(name: str, token: str | None) -> tuple[str, dict[str, int], bool]:
    """La version du modèle, `{fichier: octets}` de ce qu'il faut en prendre, et s'il demande un accord."""
    headers = {"User-Agent": download.USER_AGENT} | ({"Authorization": f"Bearer {token}"} if token else {})
    timeout = httpx.Timeout(download.MAX_SILENCE, connect=5)
    with httpx.Client(follow_redirects=True, max_redirects=5, timeout=timeout, headers=headers) as client:
        try:
            raw = download.receive(client, f"{_endpoint()}/api/models/{quote(name)}/revision/main?blobs=true")
        except download.Forbidden:  # le Hub répond ainsi pour un nom qu'il ne connaît pas
            raw = None
    if raw is None:
        raise Reserved(
            "le Hub ne connaît pas ce nom, ou le modèle est privé. Vérifiez l'écriture du nom ; s'il est à vous, donnez votre clé"
        )
    try:
        answer = json.loads(raw)
        sizes = {str(file["rfilename"]): int(file.get("size") or 0) for file in answer["siblings"]}
        return str(answer["sha"]), _wanted(sizes), bool(answer.get("gated"))
    except (ValueError, KeyError, TypeError):
        raise download.Broken("la réponse n'est pas celle du Hub") from None


def _wanted(sizes: dict[str, int]) -> dict[str, int]:
    weights: dict[str, int] = next(
        filter(None, ({file: n for file, n in sizes.items() if form.fullmatch(file)} for form in _WEIGHTS)), {}
    )
    return {file: n for file, n in sizes.items() if _SMALL.fullmatch(file)} | weights


def _watch(blobs: Path, total: int, arguments: list[str], token: str | None) -> None:
    """Lance le téléchargement à part ; l'arrête s'il dépasse sa taille ou son temps, ou n'avance plus."""
    before = set(blobs.glob("*"))
    environment = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"} | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(settings.ROOT), os.environ.get("PYTHONPATH", "")])),
        "HF_HUB_DISABLE_XET": "1",  # ses morceaux vont dans un autre cache, où l'on ne verrait rien avancer
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    if token:  # par l'environnement : une ligne de commande se lit dans la liste des processus
        environment["HF_TOKEN"] = token
    child = subprocess.Popen(
        [sys.executable, "-m", "aurore.pull", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(child, lambda: sum(map(_size, set(blobs.glob("*")) - before)), total)
    finally:
        child.kill()
        child.wait()
        for path in set(blobs.glob("*.incomplete")) - before:  # un téléchargement interrompu ne se reprend pas
            path.unlink(missing_ok=True)
    if child.returncode:
        raise Missing("un de ses fichiers n'est pas arrivé")


def _wait(child: subprocess.Popen, received: Callable[[], int], total: int) -> None:
    start = mark = time.monotonic()
    size = marked = 0
    with tqdm(total=total, desc="Modèle", unit="o", unit_scale=True, delay=2, leave=False) as bar:
        while child.poll() is None:
            now, size = time.monotonic(), received()
            bar.update(size - bar.n)
            if size > total + SLACK:
                raise download.Broken(f"trop lourd : plus que les {size_in_words(total)} annoncés")
            if now - start > MAX_SECONDS:
                raise download.Broken(f"trop lent : {size_in_words(size)} en {now - start:.0f} secondes")
            if now - mark > SLOW_AFTER:
                if size - marked < download.SLOW_RATE * (now - mark):
                    raise download.Broken(f"trop lent : {size_in_words(size - marked)} en {now - mark:.0f} secondes")
                mark, marked = now, size
            try:
                child.wait(POLL)
            except subprocess.TimeoutExpired:
                continue


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # renommé entre-temps
        return 0


def main(arguments: list[str]) -> None:
    """Le processus à part : met des fichiers d'un modèle dans le cache."""
    cache, name, revision, *files = arguments
    token = os.environ.get("HF_TOKEN") or False  # `False` : pas même celui que la machine retient
    _download(name, files[0], cache_dir=cache, token=token)  # sans version : le cache retient que c'est la dernière
    for file in files:
        _download(name, file, revision=revision, cache_dir=cache, token=token)


@retry(
    retry=retry_if_not_exception_type(HfHubHTTPError),
    stop=stop_after_attempt(3),
    wait=wait_exponential(multiplier=0.2),
    reraise=True,
)
def _download(name: str, file: str, **options) -> None:
    """Un fichier, redemandé si la connexion s'est coupée ; un refus du Hub, lui, est une réponse."""
    hf_hub_download(name, file, **options)


if __name__ == "__main__":
    main(sys.argv[1:])
