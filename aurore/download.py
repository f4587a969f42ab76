"""Télécharger un fichier sans jamais attendre, ni recevoir, plus qu'il n'est raisonnable.

Un serveur peut se taire, donner un octet par seconde, ne jamais finir, ou envoyer mille fois plus qu'il n'annonce
(une « bombe » gzip). Les délais de la bibliothèque ne comptent qu'entre deux morceaux : celui d'ici court sur le tout.
"""

import queue
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import httpx
import tenacity

from aurore import settings
from aurore.settings import AuroreError
from aurore.storage import explain_os_error, read_limited, size_in_words

USER_AGENT = "aurore-atelier/0.1 (teaching workshop; one book at a time)"  # ASCII : un en-tête HTTP n'a pas d'accents
POLITE_DELAY = 1.0  # secondes entre deux requêtes au même serveur
RETRY_WAIT = tenacity.wait_exponential_jitter(initial=0.5, max=8)
PATIENCE = 3  # fichiers manqués à la suite avant de ne plus solliciter une source

MAX_BYTES = 30_000_000  # les plus gros livres en font cinq
MAX_SECONDS = 90.0  # pour un fichier, nouvelles tentatives comprises
MAX_HEADER_SECONDS = 30.0  # avant le premier octet du fichier, redirections comprises
MAX_SILENCE = 15.0  # entre deux morceaux
SLOW_AFTER, SLOW_RATE = 15.0, 2_000  # un modem de 1998 donnait cinq mille octets par seconde


class NoAnswer(AuroreError):
    """La source elle-même n'est pas joignable : il n'y a rien d'autre à lui demander."""


class Forbidden(NoAnswer):
    """La source demande un identifiant, ou refuse celui qu'on lui donne."""


class Broken(AuroreError):
    """Ce fichier-là n'est pas arrivé ; un autre, à la même source, arrivera peut-être."""


class Passing(Broken):
    """Une panne qui passe souvent d'elle-même : coupure, « trop de requêtes », erreur du serveur."""


class Unanswered(Passing):
    """Le serveur a répondu par une erreur, sans rien faire attendre."""


@dataclass
class Sources:
    """Des dossiers et des serveurs où demander des fichiers, et ce que l'on sait de chacun.

    `unreachable` : ceux qui ne répondent pas, et la raison ; ils ne sont plus sollicités. Un fichier qui n'arrive pas
    n'y suffit pas : il en faut `PATIENCE` à la suite.
    """

    unreachable: dict[str, str] = field(default_factory=dict)
    _missed: Counter = field(default_factory=Counter)
    _last: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def _client(self) -> httpx.Client:
        timeout = httpx.Timeout(MAX_SILENCE, connect=5)
        return httpx.Client(follow_redirects=True, max_redirects=5, timeout=timeout, headers={"User-Agent": USER_AGENT})

    def read(self, source: str, troubles: dict[str, str], path: str) -> bytes | None:
        """Octets d'un chemin, ou `None` s'il n'y est pas ; `troubles` reçoit, par source, la raison d'une panne.

        Lève `Broken` si le fichier est là mais n'arrive pas : l'attendre à ses autres adresses serait long.
        """
        try:
            if "://" not in source:
                file = settings.expanded(source, "AURORE_MIRROR") / path
                return read_limited(file, MAX_BYTES) if file.is_file() else None
            return None if source in self.unreachable else self._download(f"{source.rstrip('/')}/{path}")
        except OSError as error:
            raise Broken(str(explain_os_error(error, path))) from None
        except NoAnswer as error:
            self.unreachable[source] = str(error)
        except Unanswered as error:
            troubles[source] = str(error)
        return None

    def count(self, source: str, found: bool, trouble: str | None) -> None:
        """Compte un fichier trouvé, ou manqué pour cette raison ; un fichier simplement absent ne compte pas."""
        if found or trouble:
            self._missed[source] = 0 if found else self._missed[source] + 1
        if self._missed[source] >= PATIENCE and "://" in source:
            self.unreachable.setdefault(source, str(trouble))

    def _download(self, url: str) -> bytes | None:
        """Télécharge une adresse ; réessaie les pannes passagères, pas les « 404 »."""
        stop = tenacity.stop_after_attempt(3) | tenacity.stop_after_delay(MAX_SECONDS)
        passing = tenacity.retry_if_exception_type(Passing)
        return tenacity.Retrying(retry=passing, wait=RETRY_WAIT, stop=stop, reraise=True)(self._get, url)

    def _get(self, url: str) -> bytes | None:
        try:
            host = httpx.URL(url).host
        except (httpx.InvalidURL, UnicodeError):
            raise NoAnswer("adresse mal formée") from None
        self._wait_turn(host)
        return receive(self._client, url)

    def _wait_turn(self, host: str) -> None:
        """Espace les requêtes : un serveur bénévole n'est pas une base de données."""
        if host in ("127.0.0.1", "localhost", "::1"):
            return
        with self._lock:
            pause = self._last.get(host, -POLITE_DELAY) + POLITE_DELAY - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            self._last[host] = time.monotonic()


def receive(client: httpx.Client, url: str, seconds: float = MAX_SECONDS) -> bytes | None:
    """Les octets d'une adresse, ou `None` si rien n'y est. Rend la main en `seconds` secondes au plus.

    Lève `NoAnswer` si la source n'est pas joignable, `Broken` (ou `Passing`) si ce fichier n'arrive pas ; leur message
    dit pourquoi.
    """
    arrived: queue.SimpleQueue = queue.SimpleQueue()
    end = time.monotonic() + seconds

    def work() -> None:
        try:
            arrived.put(_receive(client, url, end, lambda: arrived.put(...)))
        except BaseException as error:
            arrived.put(error)

    # Un fil à part : ni un nom qu'on cherche, ni des en-têtes donnés un à un, ne s'interrompent autrement.
    threading.Thread(target=work, daemon=True).start()
    try:
        found = arrived.get(timeout=min(seconds, MAX_HEADER_SECONDS))
        if found is ...:
            found = arrived.get(timeout=max(0.0, end - time.monotonic()) + 1)  # une seconde, pour qu'il dise pourquoi
    except queue.Empty:
        raise Broken("aucune réponse entière dans le délai") from None
    if isinstance(found, BaseException):
        raise found
    return found


def _receive(client: httpx.Client, url: str, end: float, started: Callable[[], None]) -> bytes | None:
    try:
        with client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as response:
            started()
            _check_status(response.status_code)
            if response.status_code in (403, 404, 410):
                return None
            return _bounded(response.iter_raw(), response.headers.get("Content-Encoding", ""), end)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        raise NoAnswer("adresse mal formée") from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
        raise NoAnswer("connexion impossible") from None
    except httpx.TimeoutException:
        raise Broken(f"rien reçu pendant {MAX_SILENCE:.0f} secondes") from None
    except httpx.TransportError:
        raise Passing("connexion coupée en chemin") from None
    except httpx.HTTPError:  # trop de redirections
        raise Broken("redirections sans fin") from None


def _check_status(status: int) -> None:
    if status in (401, 407):
        raise Forbidden(f"identifiant ou mot de passe refusé ({status})")
    if status == 429 or status >= 500:
        raise Unanswered(f"le serveur répond par l'erreur {status}")
    if status not in (200, 403, 404, 410):
        raise Broken(f"réponse inattendue ({status})")


def _bounded(chunks: Iterator[bytes], encoding: str, end: float) -> bytes:
    """Rassemble des morceaux, décompressés au besoin, dans les limites de taille et de temps."""
    start, received, content = time.monotonic(), 0, bytearray()
    expand = _expander(encoding.strip().lower())
    for chunk in chunks:
        received += len(chunk)
        content += expand(chunk, MAX_BYTES + 1 - len(content))
        now = time.monotonic()
        if len(content) > MAX_BYTES:
            raise Broken(f"trop lourd : plus de {size_in_words(MAX_BYTES)}, un livre en fait cinq au plus")
        if now > end or (now - start > SLOW_AFTER and received < SLOW_RATE * (now - start)):
            raise Broken(f"trop lent : {size_in_words(received)} en {now - start:.0f} secondes")
    return bytes(content)


def _expander(encoding: str) -> Callable[[bytes, int], bytes]:
    """De quoi décompresser un morceau sans jamais rendre plus que la longueur donnée."""
    if encoding in ("", "identity"):
        return lambda chunk, most: chunk[:most]
    if encoding not in ("gzip", "x-gzip"):
        raise Broken("réponse compressée d'une façon qui n'était pas demandée")
    gzip = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def expand(chunk: bytes, most: int) -> bytes:
        try:
            return gzip.decompress(chunk, max(1, most))
        except zlib.error:
            raise Broken("réponse mal compressée") from None

    return expand
