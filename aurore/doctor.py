"""Le médecin : dit ce que cette machine a, ce que l'atelier en fera, et ce qu'il faut réparer."""

import contextlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from packaging.requirements import Requirement

from aurore import __version__, settings
from aurore.settings import AuroreError
from aurore.show import count, french_number

FAILED = "ÉCHEC"
LAB_PORT = 8888
LITTLE_MEMORY = 2 * 10**9  # octets ; en dessous, un entraînement se fait par lots plus petits
NO_MEMORY = 500_000_000  # le laboratoire, un noyau et PyTorch n'y tiennent pas
PATIENCE = 4.0  # secondes accordées à chaque serveur
_ACCOUNT = re.compile(r"(?P<before>(?:/home/|/Users/|\\Users\\))[^/\\\s]+")
SERVERS = (
    ("Gutenberg", "https://www.gutenberg.org/robots.txt", "les vrais livres se téléchargeront", "le pastiche embarqué"),
    (
        "Hugging Face",
        "https://huggingface.co/robots.txt",
        "AURORE_MODEL peut nommer un modèle",
        "les modèles embarqués",
    ),
)


@dataclass(frozen=True)
class Finding:
    """Un constat : `state` vaut « OK », « ATTENTION » ou « ÉCHEC ».

    `detail` dit ce qui est là, `choice` ce que l'atelier en fait et pourquoi, `remedy` la commande qui répare.
    """

    state: str
    subject: str
    detail: str
    remedy: str = ""
    choice: str = ""


def examine() -> list[Finding]:
    """Passe en revue ce qui est sur cette machine ; rien ici ne demande le réseau."""
    return [
        *_python(),
        *_libraries(),
        *_device(),
        *_cards(),
        *_memory(),
        *_profile(),
        *_places(),
        *_notebooks(),
        *_widgets(),
        *_fonts(),
        *_corpus(),
        *_model(),
    ]


def examine_around() -> list[Finding]:
    """Ce qui entoure l'atelier : les serveurs, le port du laboratoire. Quelques secondes au plus, réseau coupé compris."""
    return [*_network(), *_port()]


def _python() -> list[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 — c'est justement ce qu'on vient vérifier
        return [
            Finding(FAILED, "Python", f"version {found}", "Installez Python 3.11 ou plus récent, puis « make venv ».")
        ]
    return [
        Finding(
            "OK",
            "Python",
            f"version {found}, {platform.system()} {platform.release().partition('-')[0]}, {platform.machine()}",
        )
    ]


def pins() -> dict[str, str]:
    """Les paquets que cette machine doit avoir, et leur version, d'après `requirements.txt`."""
    lines = (settings.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
    return {
        one.name: next(iter(one.specifier)).version for one in wanted if one.marker is None or one.marker.evaluate()
    }


def _libraries() -> list[Finding]:
    wanted, findings = pins(), []
    for name, pin in wanted.items():
        try:
            found = importlib.metadata.version(name).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            remedy = "« make venv », ou « pip install -r requirements.txt »."
            findings.append(Finding(FAILED, name, "manque", remedy))
            continue
        if found != pin:
            detail = f"version {found} ; l'atelier est éprouvé avec {pin}"
            findings.append(Finding("ATTENTION", name, detail, "« make venv » remet les versions éprouvées."))
    return findings or [Finding("OK", "Bibliothèques", f"{len(wanted)} présentes, aux versions éprouvées")]


def _device() -> list[Finding]:
    from aurore.models import choose_device

    device = choose_device()
    cores = os.cpu_count() or 1
    place = "la carte graphique" if device.name == "cuda" else "le processeur"
    precision = "bfloat16, plus vite qu'en 32 bits" if device.bf16 else "32 bits, que tout matériel sait faire"
    return [
        Finding(
            "OK",
            "Calcul",
            f"{device.reason} ; {count(cores, 'cœur')}",
            choice=f"l'entraînement se fera sur {place}, en {precision}",
        )
    ]


def _cards() -> list[Finding]:
    """Les cartes : absente, ce n'est pas une faute ; là mais cachée à PyTorch, c'en est une qui se répare."""
    from aurore import machine

    kinds = [kind for kind in machine.accelerators() if kind.name != "bfloat16"]
    seen = [f"{kind.name} : {kind.says}" for kind in kinds if kind.found]
    hidden = [
        Finding("ATTENTION", kind.name, "une carte est là, PyTorch ne la voit pas", kind.says)
        for kind in kinds
        if not kind.found and kind.says.startswith("une carte est là")
    ]
    nothing = "ni CUDA, ni ROCm, ni MPS"
    return hidden or [
        Finding("OK", "Carte graphique", " ; ".join(seen) or nothing, choice="" if seen else "l'atelier s'en passe")
    ]


def _memory() -> list[Finding]:
    from aurore import memory

    room = memory.available()
    detail = f"{french_number(room / 1e9, 1)} Go disponibles"
    remedy = "Fermez des applications ; dans un conteneur, relevez sa limite (--memory)."
    if room < NO_MEMORY:
        return [Finding(FAILED, "Mémoire", detail, remedy)]
    if room < LITTLE_MEMORY:
        return [
            Finding("ATTENTION", "Mémoire", detail, remedy, "les lots seront plus petits, et l'attente plus longue")
        ]
    return [Finding("OK", "Mémoire", detail)]


def _profile() -> list[Finding]:
    """Le profil, et ce qu'il lira au pas de cette machine, mesurée s'il en dépend."""
    told = _measured() if settings.profile().follows_pace else ""
    profile = settings.profile()
    read = settings.training_characters()
    size = f"{french_number(read)} caractères au plus" if read else "tout le corpus"
    epochs = settings.TUNING_EPOCHS if settings.model_name() else profile.epochs
    others = ", ".join(name for name in settings.PROFILES if name != profile.name)
    choice = f"un entraînement lira {size}, en {count(epochs, 'passage')} ; autres tailles : {others}"
    found = Finding("OK", "Profil", f"« {profile.name} » (AURORE_PROFILE)", choice=choice)
    return [Finding("OK", "Vitesse", told, choice=_pace_choice()), found] if told else [found]


def _measured() -> str:
    """Mesure la machine deux secondes, et note son pas pour les leçons."""
    from aurore import pace

    speed = pace.measure()
    with contextlib.suppress(OSError):  # un dossier où l'on n'écrit pas : `_places` le dira
        pace.note(speed)
    products, memory = french_number(speed.products / 1e9, 0), french_number(speed.memory / 1e9, 0)
    return f"{products} milliards d'opérations par seconde sur des matrices, {memory} Go par seconde en mémoire"


def _pace_choice() -> str:
    found = settings.measured_pace()
    if not found:
        return "elle n'a pas pu être notée : les entraînements gardent leur taille ordinaire"
    minutes = french_number(found, significant=2)
    return f"les entraînements liront {minutes} fois ce que lit la machine des durées annoncées, pour finir dans le même temps"


def _places() -> list[Finding]:
    home = settings.home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError:
        return [
            Finding(
                FAILED,
                "Dossier de travail",
                f"{settings.short_path(home)} : rien ne peut y être écrit",
                "Choisissez un dossier où vous pouvez écrire avec AURORE_HOME.",
            )
        ]
    kept = "livres, points de reprise et réglages s'y gardent (AURORE_HOME)"
    return [Finding("OK", "Dossier de travail", settings.short_path(home), choice=kept), _disk(home)]


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free / 1e9
    if free < 1:
        remedy = "Libérez au moins 1 Go, ou changez de disque avec AURORE_HOME."
        return Finding(FAILED, "Disque", f"{french_number(free, 1)} Go libres", remedy)
    return Finding("OK", "Disque", f"{french_number(free, 0)} Go libres")


def _notebooks() -> list[Finding]:
    from aurore.storage import is_writable

    folder = settings.ROOT / "notebooks"
    if is_writable(folder):
        return [Finding("OK", "Carnets", settings.short_path(folder))]
    copy = f"le laboratoire travaillera sur une copie : {settings.short_path(settings.home() / 'carnets')}"
    return [Finding("OK", "Carnets", f"{settings.short_path(folder)} : en lecture seule", choice=copy)]


def _widgets() -> list[Finding]:
    """Sans ces deux extensions, JupyterLab montre une case vide à la place d'une figure ou d'une fiche."""
    from jupyter_core.paths import jupyter_path

    wanted = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}
    missing = [
        package
        for extension, package in wanted.items()
        if not any((Path(place) / extension / "package.json").is_file() for place in jupyter_path("labextensions"))
    ]
    if missing:
        remedy = (
            f"« pip install --force-reinstall --no-deps {' '.join(missing)} », puis rechargez la page du laboratoire."
        )
        return [Finding(FAILED, "Figures interactives", f"extension absente : {', '.join(missing)}", remedy)]
    return [Finding("OK", "Figures interactives", "les extensions de JupyterLab sont là")]


def _fonts() -> list[Finding]:
    from matplotlib import font_manager

    try:
        path = font_manager.findfont("DejaVu Sans", fallback_to_default=False)
        glyphs = font_manager.get_font(path).get_charmap()
    except (ValueError, OSError, RuntimeError):
        glyphs = {}
    missing = [letter for letter in "éœ«»—\u202f" if ord(letter) not in glyphs]
    if missing:
        remedy = "« pip install --force-reinstall --no-deps matplotlib » remet la police qu'il apporte."
        return [
            Finding("ATTENTION", "Polices", "celle des figures manque, ou n'a pas tous les signes du français", remedy)
        ]
    return [Finding("OK", "Polices", "DejaVu Sans, avec les signes du français")]


def _corpus() -> list[Finding]:
    mirror = settings.mirror()
    if settings.corpus_name() == "pastiche":
        choice = "textes écrits pour l'atelier : rien à télécharger, mêmes résultats partout"
        return [Finding("OK", "Corpus", "le pastiche embarqué (AURORE_CORPUS)", choice=choice)]
    if mirror and "://" not in mirror and not settings.expanded(mirror, "AURORE_MIRROR").is_dir():
        return [
            Finding(
                FAILED,
                "Corpus",
                settings.hide_passwords(f"AURORE_MIRROR={mirror} n'existe pas"),
                "Donnez un dossier rangé comme Gutenberg, ou une adresse.",
            )
        ]
    cached = len(list((settings.home() / "gutenberg").glob("*.txt")))
    found = f"miroir {settings.hide_passwords(mirror)}" if mirror else f"{count(cached, 'livre')} déjà sur le disque"
    choice = "les vrais livres : d'abord le disque, puis le réseau ; à défaut, le pastiche embarqué"
    return [Finding("OK", "Corpus", f"Gutenberg : {found}", choice=choice)]


def _model() -> list[Finding]:
    name = settings.model_name()
    if not name:
        asked = os.environ.get("AURORE_MODEL", "").strip() == settings.NEW_MODEL
        why = f"AURORE_MODEL={settings.NEW_MODEL}" if asked else "aucun modèle embarqué"
        return [
            Finding("ATTENTION", "Modèle de départ", f"{why} : l'entraînement partira d'un GPT-2 qui n'a rien appris")
        ]
    path = Path(name)
    if path.exists() and not (path / "config.json").is_file():
        return [Finding(FAILED, "Modèle de départ", f"{name} ne contient pas de modèle", "Corrigez AURORE_MODEL.")]
    origin = "AURORE_MODEL le désigne" if os.environ.get("AURORE_MODEL", "").strip() else "il est dans l'atelier"
    return [
        Finding(
            "OK",
            "Modèle de départ",
            settings.short_path(name),
            choice=f"{origin} : il écrit dès la leçon 00, et l'entraînement partira de lui",
        )
    ]


def _network() -> Iterator[Finding]:
    """Gutenberg et le Hub : leur absence n'est pas une faute, et ne demande rien."""
    import httpx

    from aurore import download

    for name, url, reached, instead in SERVERS:
        if name == "Hugging Face" and os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"):
            yield Finding("OK", name, "non demandé (HF_HUB_OFFLINE)", choice=f"{instead} suffisent")
            continue
        try:
            with httpx.Client(follow_redirects=True, timeout=PATIENCE) as client:
                download.receive(client, url, PATIENCE)
        except (AuroreError, ValueError, OSError) as error:
            reason = settings.hide_passwords(str(error))
            remedy = "Rien n'est à faire. Derrière un proxy, donnez son adresse dans HTTPS_PROXY."
            yield Finding("ATTENTION", name, f"ne répond pas ({reason})", remedy, f"l'atelier prendra {instead}")
        else:
            yield Finding("OK", name, "répond", choice=reached)


def _port() -> list[Finding]:
    with socket.socket() as probe:
        if os.name == "posix":  # comme le laboratoire : un port qu'on vient de quitter est libre
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", LAB_PORT))
        except OSError:
            remedy = "« python -m aurore lab --port 9000 » en choisit un autre."
            choice = "le laboratoire prendra le suivant ; lisez l'adresse qu'il affiche"
            return [Finding("ATTENTION", "Port du laboratoire", f"{LAB_PORT} est déjà pris", remedy, choice)]
    return [Finding("OK", "Port du laboratoire", f"{LAB_PORT} est libre")]


def report(findings: Sequence[Finding]) -> str:
    """Met les constats en lignes ; l'état est écrit, jamais seulement coloré."""
    width = max(len(finding.subject) for finding in findings)
    lines = [
        f"{f'[{finding.state}]':<11} {finding.subject:<{width}}  {finding.detail}"
        + (f"\n{'':>{width + 14}}{finding.choice}" if finding.choice else "")
        + (f"\n{'':>{width + 14}}→ {finding.remedy}" if finding.remedy else "")
        for finding in findings
    ]
    broken = sum(finding.state == FAILED for finding in findings)
    lines.append("Tout est prêt." if not broken else f"{count(broken, 'point')} à réparer avant de commencer.")
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """Les constats à joindre à un rapport de panne : `aurore`, `ready`, `findings`. Ni compte ni mot de passe n'y est nommé."""
    ready = all(finding.state != FAILED for finding in findings)
    rows = [{key: anonymous(value) for key, value in asdict(finding).items()} for finding in findings]
    return json.dumps({"aurore": __version__, "ready": ready, "findings": rows}, ensure_ascii=False, indent=2)


def anonymous(text: str) -> str:
    """Rend un texte où le dossier personnel devient « ~ », et où les clés, les mots de passe et les autres comptes sont cachés."""
    with contextlib.suppress(RuntimeError):  # un conteneur sous un numéro quelconque n'a pas de dossier personnel
        if len(home := str(Path.home())) > 1:
            text = text.replace(home, "~")
    return settings.hide_passwords(_ACCOUNT.sub(r"\g<before>compte", text))


def check() -> str:
    """Le verdict complet ; lève `AuroreError` s'il reste quelque chose à réparer."""
    findings = [*examine(), *examine_around()]
    text = report(findings)
    if any(finding.state == FAILED for finding in findings):
        raise AuroreError(text)
    return text
