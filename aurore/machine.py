"""Leçon 07, sur quoi l'on calcule : ce que la machine a, ce que PyTorch en voit, ce que cela change, et pourquoi."""

import importlib.metadata
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch

from aurore import models

AMD = "0x1002"  # le numéro de ce fabricant sur le bus PCI
NVIDIA = "0x10de"
# Sans adresse, pip installe sous Linux la version CUDA : elle ne voit pas une carte AMD, et le dit à peine.
INSTALL_ROCM = "pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/rocm6.4"
INSTALL_CUDA = "pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/cu128"


@dataclass(frozen=True)
class Accelerator:
    """Une sorte de calcul : est-elle là, ce que cela change, et ce qui manque s'il y a lieu."""

    name: str
    found: bool
    says: str


def accelerators(vendors: Iterable[str] | None = None) -> list[Accelerator]:
    """Ce que PyTorch voit : NVIDIA, AMD, Apple, bfloat16 du processeur.

    `vendors` : les fabricants des cartes sur le bus, par défaut ceux de cette machine (Linux).
    """
    cards = set(_vendors() if vendors is None else vendors)
    return [_nvidia(cards), _amd(cards), _apple(), _processor()]


def _nvidia(cards: set[str]) -> Accelerator:
    if torch.cuda.is_available() and not torch.version.hip:
        memory = torch.cuda.get_device_properties(0).total_memory / 2**30
        return Accelerator(
            "carte NVIDIA (CUDA)",
            True,
            f"{torch.cuda.get_device_name(0)}, {memory:.0f} Go : lots plus grands, bfloat16.",
        )
    missing = f"une carte est là, PyTorch ({_build()}) ne la voit pas : {INSTALL_CUDA}" if NVIDIA in cards else "aucune"
    return Accelerator("carte NVIDIA (CUDA)", False, missing)


def _amd(cards: set[str]) -> Accelerator:
    if torch.version.hip and torch.cuda.is_available():
        return Accelerator(
            "carte AMD (ROCm)",
            True,
            f"{torch.cuda.get_device_name(0)}, HIP {torch.version.hip} : elle répond au nom de « cuda », rien d'autre ne change.",
        )
    if AMD in cards and not torch.version.hip:
        says = f"une carte est là, et PyTorch est la version {_build()}, qui la cache : {INSTALL_ROCM}"
    elif torch.version.hip:
        says = f"PyTorch est la version ROCm (HIP {torch.version.hip}), sans carte à qui parler : « rocm-smi » doit la montrer, et votre compte être des groupes render et video"
    else:
        says = "aucune (torch.version.hip vaut None)"
    return Accelerator("carte AMD (ROCm)", False, says)


def _apple() -> Accelerator:
    if torch.backends.mps.is_available():
        return Accelerator("puce Apple (MPS)", True, "la mémoire est celle de la machine ; calcul en 32 bits.")
    if platform.system() == "Darwin":
        return Accelerator(
            "puce Apple (MPS)", False, "ce Mac ou ce PyTorch ne l'offre pas : il faut une puce M et macOS 14"
        )
    return Accelerator("puce Apple (MPS)", False, "aucune")


def _processor() -> Accelerator:
    bf16 = models.choose_device().bf16
    says = (
        "le calcul se fait en bfloat16, deux octets par nombre ; les poids restent en 32 bits."
        if bf16
        else "calcul en 32 bits."
    )
    return Accelerator("bfloat16", bf16, says)


def _build() -> str:
    return importlib.metadata.version("torch")


def _vendors() -> list[str]:
    """Les fabricants des cartes graphiques de cette machine ; vide ailleurs que sous Linux."""
    return [
        path.read_text(encoding="ascii").strip()
        for path in Path("/sys/class/drm").glob("card*/device/vendor")
        if path.is_file()
    ]
