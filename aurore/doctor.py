"""Le médecin : dit ce que cette machine a, ce que l'atelier en fera, et ce qu'il faut réparer."""

import importlib.metadata
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aurore import settings
from aurore.settings import AuroreError
from aurore.show import count, french_number


@dataclass(frozen=True)
class Finding:
    """Un constat : `state` vaut « bon », « note » ou « à réparer ».

    `detail` dit ce qui est là, `choice` ce que l'atelier en fait et pourquoi, `remedy` la commande qui répare.
    """

    state: str
    subject: str
    detail: str
    remedy: str = ""
    choice: str = ""


def examine() -> list[Finding]:
    """Passe tous les points en revue ; aucun ne demande le réseau."""
    return [*_python(), *_libraries(), *_device(), *_profile(), *_places(), *_corpus(), *_model()]


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
        line, _, platform = line.split("#")[0].partition(";")
        name, _, pin = line.strip().partition("==")
        if pin and (not platform or sys.platform in platform):
            wanted[name.partition("[")[0]] = pin.strip()
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
    place = "la carte graphique" if device.name == "cuda" else "le processeur"
    precision = "bfloat16, plus vite qu'en 32 bits" if device.bf16 else "32 bits, que tout matériel sait faire"
    return [
        Finding(
            "bon",
            "Calcul",
            f"{device.reason} ; {count(cores, 'cœur')}",
            choice=f"l'entraînement se fera sur {place}, en {precision}",
        )
    ]


def _profile() -> list[Finding]:
    profile = settings.profile()
    size = (
        f"{profile.max_characters:_} caractères au plus".replace("_", " ")
        if profile.max_characters
        else "tout le corpus"
    )
    epochs = settings.TUNING_EPOCHS if settings.model_name() else profile.epochs
    passes = count(epochs, "passage")
    others = ", ".join(name for name in settings.PROFILES if name != profile.name)
    return [
        Finding(
            "bon",
            "Profil",
            f"« {profile.name} » (AURORE_PROFILE)",
            choice=f"un entraînement lira {size}, en {passes} ; autres tailles : {others}",
        )
    ]


def _places() -> list[Finding]:
    home = settings.home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError:
        return [
            Finding(
                "à réparer",
                "Dossier de travail",
                f"{settings.short_path(home)} : rien ne peut y être écrit",
                "Choisissez un dossier où vous pouvez écrire avec AURORE_HOME.",
            )
        ]
    free = shutil.disk_usage(home).free / 1e9
    if free < 1:
        return [
            Finding(
                "à réparer",
                "Disque",
                f"{french_number(free, 1)} Go libres",
                "Libérez au moins 1 Go, ou changez de disque avec AURORE_HOME.",
            )
        ]
    kept = "livres, points de reprise et réglages s'y gardent (AURORE_HOME)"
    return [
        Finding(
            "bon", "Dossier de travail", f"{settings.short_path(home)}, {french_number(free, 0)} Go libres", choice=kept
        )
    ]


def _corpus() -> list[Finding]:
    mirror = settings.mirror()
    if settings.corpus_name() == "pastiche":
        choice = "textes écrits pour l'atelier : rien à télécharger, mêmes résultats partout"
        return [Finding("bon", "Corpus", "le pastiche embarqué (AURORE_CORPUS)", choice=choice)]
    if mirror and "://" not in mirror and not settings.expanded(mirror, "AURORE_MIRROR").is_dir():
        return [
            Finding(
                "à réparer",
                "Corpus",
                settings.hide_passwords(f"AURORE_MIRROR={mirror} n'existe pas"),
                "Donnez un dossier rangé comme Gutenberg, ou une adresse.",
            )
        ]
    cached = len(list((settings.home() / "gutenberg").glob("*.txt")))
    found = f"miroir {settings.hide_passwords(mirror)}" if mirror else f"{count(cached, 'livre')} déjà sur le disque"
    choice = "les vrais livres : d'abord le disque, puis le réseau ; à défaut, le pastiche embarqué"
    return [Finding("bon", "Corpus", f"Gutenberg : {found}", choice=choice)]


def _model() -> list[Finding]:
    name = settings.model_name()
    if not name:
        asked = os.environ.get("AURORE_MODEL", "").strip() == settings.NEW_MODEL
        why = f"AURORE_MODEL={settings.NEW_MODEL}" if asked else "aucun modèle embarqué"
        return [Finding("note", "Modèle de départ", f"{why} : l'entraînement partira d'un GPT-2 qui n'a rien appris")]
    path = Path(name)
    if path.exists() and not (path / "config.json").is_file():
        return [Finding("à réparer", "Modèle de départ", f"{name} ne contient pas de modèle", "Corrigez AURORE_MODEL.")]
    origin = "AURORE_MODEL le désigne" if os.environ.get("AURORE_MODEL", "").strip() else "il est dans l'atelier"
    return [
        Finding(
            "bon",
            "Modèle de départ",
            settings.short_path(name),
            choice=f"{origin} : il écrit dès la leçon 00, et l'entraînement partira de lui",
        )
    ]


def report(findings: Sequence[Finding]) -> str:
    """Met les constats en lignes ; l'état est écrit, jamais seulement coloré."""
    width = max(len(finding.subject) for finding in findings)
    lines = [
        f"[{finding.state:^9}] {finding.subject:<{width}}  {finding.detail}"
        + (f"\n{'':>{width + 14}}{finding.choice}" if finding.choice else "")
        + (f"\n{'':>{width + 14}}→ {finding.remedy}" if finding.remedy else "")
        for finding in findings
    ]
    broken = sum(finding.state == "à réparer" for finding in findings)
    lines.append("Tout est prêt." if not broken else f"{count(broken, 'point')} à réparer avant de commencer.")
    return "\n".join(lines)


def check() -> str:
    """Le verdict complet ; lève `AuroreError` s'il reste quelque chose à réparer."""
    findings = examine()
    text = report(findings)
    if any(finding.state == "à réparer" for finding in findings):
        raise AuroreError(text)
    return text
