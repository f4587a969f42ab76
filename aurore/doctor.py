"""Le médecin : dit ce que cette machine a, ce que l'atelier en fera, et ce qu'il faut réparer."""

import importlib.metadata
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aurore import settings
from aurore.settings import AuroreError


@dataclass(frozen=True)
class Finding:
    """Un constat : `state` vaut « bon », « note » ou « à réparer » ; `remedy` dit la commande qui répare."""

    state: str
    subject: str
    detail: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Passe tous les points en revue ; aucun ne demande le réseau."""
    return [*_python(), *_libraries(), *_device(), *_places(), *_corpus(), *_model()]


def _python() -> list[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 — c'est justement ce qu'on vient vérifier
        return [
            Finding(
                "à réparer", "Python", f"version {found}", "Installez Python 3.11 ou plus récent, puis « make venv »."
            )
        ]
    return [Finding("bon", "Python", f"version {found}")]


def _libraries() -> list[Finding]:
    wanted = {}
    for line in (settings.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        name, _, pin = line.split("#")[0].strip().partition("==")
        if pin:
            wanted[name] = pin.strip()
    findings = []
    for name, pin in wanted.items():
        try:
            found = importlib.metadata.version(name).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            findings.append(
                Finding("à réparer", name, "manque", "« make venv », ou « pip install -r requirements.txt ».")
            )
            continue
        if found != pin:
            findings.append(
                Finding(
                    "note",
                    name,
                    f"version {found} ; l'atelier est éprouvé avec {pin}",
                    "« make venv » remet les versions éprouvées.",
                )
            )
    return findings or [Finding("bon", "Bibliothèques", f"{len(wanted)} présentes, aux versions éprouvées")]


def _device() -> list[Finding]:
    from aurore.models import choose_device

    device = choose_device()
    cores = os.cpu_count() or 1
    return [
        Finding(
            "bon", "Calcul", f"{device.reason} ; {cores} cœurs ; profil « {settings.profile().name} » (AURORE_PROFILE)"
        )
    ]


def _places() -> list[Finding]:
    home = settings.home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        return [
            Finding(
                "à réparer",
                "Dossier de travail",
                f"{home} : {error.strerror}",
                "Choisissez un dossier où vous pouvez écrire avec AURORE_HOME.",
            )
        ]
    free = shutil.disk_usage(home).free / 1e9
    if free < 1:
        return [
            Finding(
                "à réparer",
                "Disque",
                f"{free:.1f} Go libres",
                "Libérez au moins 1 Go, ou changez de disque avec AURORE_HOME.",
            )
        ]
    return [Finding("bon", "Dossier de travail", f"{home}, {free:.0f} Go libres")]


def _corpus() -> list[Finding]:
    mirror = settings.mirror()
    if settings.corpus_name() == "pastiche":
        return [Finding("bon", "Corpus", "le pastiche embarqué (AURORE_CORPUS)")]
    if mirror and "://" not in mirror and not Path(mirror).expanduser().is_dir():
        return [
            Finding(
                "à réparer",
                "Corpus",
                f"AURORE_MIRROR={mirror} n'existe pas",
                "Donnez un dossier rangé comme Gutenberg, ou une adresse.",
            )
        ]
    cached = len(list((settings.home() / "gutenberg").glob("*.txt")))
    where = (
        f"miroir {mirror}"
        if mirror
        else f"{cached} livres déjà sur le disque ; le reste par le réseau, sinon le pastiche"
    )
    return [Finding("bon", "Corpus", f"Gutenberg : {where}")]


def _model() -> list[Finding]:
    name = settings.model_name()
    if not name:
        return [Finding("note", "Modèle de départ", "aucun modèle embarqué : l'entraînement partira d'un GPT-2 neuf")]
    path = Path(name)
    if path.exists() and not (path / "config.json").is_file():
        return [Finding("à réparer", "Modèle de départ", f"{name} ne contient pas de modèle", "Corrigez AURORE_MODEL.")]
    return [Finding("bon", "Modèle de départ", name)]


def report(findings: list[Finding]) -> str:
    """Met les constats en lignes ; l'état est écrit, jamais seulement coloré."""
    width = max(len(finding.subject) for finding in findings)
    lines = [
        f"[{finding.state:^9}] {finding.subject:<{width}}  {finding.detail}"
        + (f"\n{'':>{width + 14}}→ {finding.remedy}" if finding.remedy else "")
        for finding in findings
    ]
    broken = sum(finding.state == "à réparer" for finding in findings)
    lines.append(
        "Tout est prêt." if not broken else f"{broken} point{'s' if broken > 1 else ''} à réparer avant de commencer."
    )
    return "\n".join(lines)


def check() -> str:
    """Le verdict complet ; lève `AuroreError` s'il reste quelque chose à réparer."""
    findings = examine()
    text = report(findings)
    if any(finding.state == "à réparer" for finding in findings):
        raise AuroreError(text)
    return text
