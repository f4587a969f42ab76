"""Leçon 07, donner son modèle : l'envoyer sur le Hub, si l'on a un jeton, et pas autrement."""

from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from aurore import models
from aurore.settings import AuroreError


def push(folder: Path, name: str, private: bool = True) -> str:
    """Envoie le modèle de `folder` sous le nom `name`, dans le compte du jeton (`models.hub_token`), et dit où il est.

    Le dépôt est privé sauf demande contraire. Lève `AuroreError` sans jeton, sans modèle, ou si le Hub refuse ; le jeton
    n'est jamais montré.
    """
    key = models.hub_token()
    if key is None:
        raise AuroreError(
            "Rien n'est envoyé : aucun jeton. Mettez-le dans la variable HF_TOKEN ou dans credentials.ini, hors du carnet, puis relancez."
        )
    if not (folder / "config.json").is_file():
        raise AuroreError(f"Rien n'est envoyé : {folder.name} ne contient pas de modèle. Entraînez d'abord.")
    api = HfApi(token=key.value)
    try:
        address = api.create_repo(name, private=private, exist_ok=True)
        api.upload_folder(repo_id=address.repo_id, folder_path=folder, commit_message="Modèle de l'atelier Aurore")
    except (HfHubHTTPError, OSError, ValueError) as error:
        reason = str(error).replace(key.value, "…").splitlines()[0]
        raise AuroreError(
            f"Le Hub n'a pas pris le modèle : {reason}. Vérifiez le jeton, le nom et le réseau."
        ) from None
    return f"Modèle envoyé : {address}"
