"""Le pas de la machine : ce qu'elle calcule à la seconde, combien un entraînement lira pour durer autant que chez les
autres, et, à la fin, ce qu'il a coûté.

Le médecin mesure deux débits, celui des produits de matrices et celui de la mémoire ; un entraînement est fait des deux.
Le rapport à la machine des mesures annoncées est le pas : `settings` en tire les tailles des profils d'une salle.
"""

import contextlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from aurore import settings
from aurore.show import french_number
from aurore.storage import size_in_words, write_atomic

if TYPE_CHECKING:
    import torch

# Ce que coûte un token appris par aurore-base : les produits, aller et retour, puis ce que tout le reste lit et écrit.
OPERATIONS = 76e6  # six par poids des matrices, tête comprise : 12,6 millions
OCTETS = 13.3e6  # ajusté sur de vrais entraînements (benchmarks/pace.py) : il porte aussi le calcul de tout ce qui n'est pas un produit
PARAMETERS = 12.8e6
REFERENCE = 2535.0  # tokens par seconde de la machine qui a donné les durées annoncées (benchmarks/room.py)
SAME = 1.25  # deux mesures d'une même machine diffèrent ; en deçà, le pas noté ne change pas, et un entraînement coupé reprend
WATTS = 10.0  # par cœur occupé : l'ordre de grandeur d'un processeur de portable
_RAPL = Path("/sys/class/powercap")


@dataclass(frozen=True)
class Speed:
    """Deux débits : `products` en opérations par seconde, `memory` en octets par seconde."""

    products: float
    memory: float

    @property
    def tokens(self) -> float:
        """Les tokens par seconde qu'un entraînement d'aurore-base devrait lire."""
        return 1 / self.token(1.0)

    def token(self, size: float) -> float:
        """Les secondes d'un token appris par un modèle `size` fois aurore-base.

        Les produits suivent le nombre de poids ; le reste, la largeur et le nombre des couches, qui croissent moins vite.
        """
        return OPERATIONS * size / self.products + OCTETS * size ** (2 / 3) / self.memory


def measure(seconds: float = 1.0, clock: Callable[[], float] = time.perf_counter) -> Speed:
    """Mesure cette machine, `seconds` secondes pour chaque débit, sur l'appareil et dans la précision d'un entraînement."""
    import torch

    from aurore.models import choose_device

    device = choose_device()
    kind = torch.bfloat16 if device.bf16 else torch.float32
    rows, width = (
        1024,
        320,
    )  # les formes d'aurore-base ; quelques millisecondes, qu'un autre programme ne coupe pas toujours
    left = torch.randn(rows, width, device=device.name).to(kind)
    right = torch.randn(width, 4 * width, device=device.name).to(kind)
    wide = torch.randn(8_000_000, device=device.name)  # 32 Mo : plus que ce que le processeur garde près de lui
    target = torch.empty_like(wide)

    def best(work: Callable[[], object]) -> float:
        """Le plus court de plusieurs essais : les autres programmes ne font qu'allonger."""
        work()
        shortest, end = math.inf, clock() + seconds
        while clock() < end:
            start = clock()
            work()
            if device.name == "cuda":
                torch.cuda.synchronize()
            shortest = min(shortest, clock() - start)
        return shortest

    with torch.no_grad():
        products = 2 * rows * width * 4 * width / best(lambda: left @ right)
        memory = 2 * 4 * len(wide) / best(lambda: torch.add(wide, 1.0, out=target))
    return Speed(products, memory)


def note(speed: Speed) -> float:
    """Note cette mesure pour les leçons, et rend le pas qu'elles suivront ; s'il a peu changé, celui d'avant."""
    kept, found = settings.measured_pace(), settings.bounded_pace(speed.tokens / REFERENCE)
    if kept and 1 / SAME < found / kept < SAME:
        found = kept
    content = {"pace": found, **asdict(speed)}
    write_atomic(settings.pace_file(), json.dumps(content))
    return found


def expected_seconds(tokens: int, parameters: int) -> float:
    """La durée prévue d'un entraînement de `tokens` tokens, pour un modèle de cette taille ; 0 si le médecin n'est pas passé."""
    try:
        content = json.loads(settings.pace_file().read_text(encoding="utf-8"))
        return tokens * Speed(float(content["products"]), float(content["memory"])).token(parameters / PARAMETERS)
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return 0.0


# --- Ce qu'un entraînement a coûté ----------------------------------------------------------------------


@dataclass
class Cost:
    """Durées en secondes (`expected` : 0 si l'on n'avait rien prévu), `memory` en octets, énergie en watts-heures."""

    expected: float = 0.0
    seconds: float = 0.0
    memory: int = 0
    watt_hours: float = 0.0
    method: str = ""

    def __str__(self) -> str:
        plan = f"Prévu {clock(self.expected)}, écoulé {clock(self.seconds)}." if self.expected else ""
        plan = plan or f"Écoulé {clock(self.seconds)}."
        energy = french_number(self.watt_hours, significant=2)
        return f"{plan} Mémoire\u00a0: {size_in_words(self.memory)} au plus haut. Énergie\u00a0: {energy} Wh, {self.method}."


@contextlib.contextmanager
def metered(tokens: int, parameters: int) -> Iterator[Cost]:
    """Le temps d'un entraînement de `tokens` tokens ; le coût se remplit à la sortie.

    L'énergie vient du compteur du processeur (RAPL, sous Linux) si on peut le lire ; sinon, du temps de processeur et
    d'une puissance convenue, ce que la méthode dit. Une carte graphique n'y est pas.
    """
    cost = Cost(expected_seconds(tokens, parameters))
    start, busy, joules = time.perf_counter(), _busy(), _counters()
    yield cost
    cost.seconds, cost.memory = time.perf_counter() - start, _peak()
    spent = _busy() - busy
    after = _counters()
    if joules and joules.keys() == after.keys():
        used = sum((after[name] - value) % _range(name) for name, value in joules.items()) / 1e6
        cost.watt_hours, cost.method = used / 3600, "lus au compteur du processeur (RAPL), autres programmes compris"
    else:
        cost.watt_hours = spent * WATTS / 3600
        cost.method = f"estimés\u00a0: {french_number(spent, 0)} s de processeur, à {french_number(WATTS)} W par cœur"


@contextlib.contextmanager
def told(tokens: int, model: "torch.nn.Module") -> Iterator[None]:
    """L'entraînement de `model` par un carnet : à la fin, dit ce qui était prévu et ce qu'il a coûté ; rien si rien ne l'était."""
    with metered(tokens, sum(weights.numel() for weights in model.parameters())) as cost:
        yield
    if cost.expected:
        print(cost)


def clock(seconds: float) -> str:
    """Une durée à la seconde, comme on la dit : « 40 s », « 2 min 48 », « 3 min », « 1 h 05 »."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest:02}" if rest else f"{minutes} min"


def _busy() -> float:
    used = psutil.Process().cpu_times()
    return used.user + used.system


def _peak() -> int:
    """Le plus que ce processus ait occupé, en octets."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS compte en octets, Linux en kibioctets


def _counters() -> dict[Path, int]:
    """Les compteurs d'énergie des processeurs, en microjoules ; vide si l'on ne peut pas les lire."""
    with contextlib.suppress(OSError, ValueError):
        places = _RAPL.glob("intel-rapl:[0-9]")
        return {place: int((place / "energy_uj").read_text()) for place in places}
    return {}


def _range(place: Path) -> int:
    """Où ce compteur revient à zéro."""
    with contextlib.suppress(OSError, ValueError):
        return int((place / "max_energy_range_uj").read_text())
    return 2**63
