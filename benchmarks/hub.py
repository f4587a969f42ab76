"""Un vrai JupyterHub, et cinq personnes qui arrivent ensemble : chacune ouvre la leçon 00, l'exécute et valide une fiche.

Le hub est celui de `docker/hub/salle.py`, avec son mandataire. Chaque personne passe par lui : son laboratoire est lancé, le carnet
est lu, son noyau est ouvert, les cellules lui sont envoyées une à une, comme le fait un navigateur. Il faut « pip install -r
docker/hub/requirements.txt » et « npm install -g configurable-http-proxy ».
"""

import asyncio
import contextlib
import json
import math
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from aurore import settings
from aurore.settings import AuroreError

Row = tuple[str, str, str]
PEOPLE = 5
LESSON, CARD = "00_bienvenue.ipynb", "bienvenue.best_option"
PATIENCE = 900.0  # secondes
ANSWER = f'''@exercise("{CARD}")
def best_option(scores, lengths):
    means = [score / length for score, length in zip(scores, lengths)]
    return means.index(max(means))
'''


def run() -> Iterator[Row]:
    """Mesure, valeur, visé."""
    if not shutil.which("configurable-http-proxy"):
        raise AuroreError("Il manque configurable-http-proxy : « npm install -g configurable-http-proxy ».")
    with tempfile.TemporaryDirectory() as home, _hub(Path(home)) as (url, token, servers):
        found = asyncio.run(_everyone(url, token))
        yield (
            f"{PEOPLE} personnes à la fois, fiches validées",
            f"{sum(person['passed'] for person in found):.0f}",
            str(PEOPLE),
        )
        yield "cellules en erreur", f"{sum(person['errors'] for person in found):.0f}", "0"
        for key, name in (
            ("lab", "le laboratoire est ouvert"),
            ("first", "la première cellule a répondu"),
            ("card", "la fiche est validée"),
        ):
            times = [person[key] for person in found if not math.isnan(person[key])]
            yield f"{name}, médiane et dernière (s)", f"{statistics.median(times):.0f} ; {max(times):.0f}", ""
        memory = _memory(servers)
        yield "mémoire du hub et du mandataire (Mio)", f"{memory['hub']:.0f}", ""
        yield "mémoire par personne, laboratoire et noyau, modèle ouvert (Mio)", f"{memory['people'] / PEOPLE:.0f}", ""
        folders = sum((Path(home) / _name(number) / "carnets" / LESSON).is_file() for number in range(PEOPLE))
        yield (
            "personnes qui ont leurs carnets et leurs progrès chez elles",
            f"{_kept(Path(home))} ({folders})",
            str(PEOPLE),
        )


def _name(number: int) -> str:
    return f"personne-{number + 1}"


def _kept(home: Path) -> int:
    files = [home / _name(number) / "travail" / "state" / "progress.json" for number in range(PEOPLE)]
    return sum(
        file.is_file() and json.loads(file.read_text(encoding="utf-8")).get(CARD, {}).get("status") == "validé"
        for file in files
    )


@contextmanager
def _hub(home: Path) -> Iterator[tuple[str, str, list[psutil.Process]]]:
    """Le mandataire, puis le hub : à part, l'un n'attend pas l'autre dix secondes sur une machine chargée."""
    port, inner, control = _free_port(), _free_port(), _free_port()
    token, url = secrets.token_hex(16), f"http://127.0.0.1:{port}"
    config = home / "essai.py"
    config.write_text(
        f"load_subconfig({str(settings.ROOT / 'docker/hub/salle.py')!r})\n"
        f"c.JupyterHub.services = [{{'name': 'mesure', 'api_token': {token!r}}}]\n"
        "c.JupyterHub.load_roles = [{'name': 'mesure', 'services': ['mesure'], 'scopes': ['admin:users', 'admin:servers', 'access:servers']}]\n"
        "c.ConfigurableHTTPProxy.should_start = False\n"
        f"c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{control}'\n"
        f"c.Spawner.start_timeout = c.Spawner.http_timeout = {PATIENCE:.0f}\n",
        encoding="utf-8",
    )
    environment = os.environ | {
        "AURORE_HUB": url,
        "AURORE_HUB_PORT": str(inner),
        "AURORE_HUB_HOME": str(home),
        "AURORE_HUB_PASSWORD": secrets.token_hex(8),
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16),
        "OMP_NUM_THREADS": "1",
    }
    proxy = [
        "configurable-http-proxy",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--api-ip=127.0.0.1",
        f"--api-port={control}",
    ]
    hub = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
    with (home / "hub.log").open("w", encoding="utf-8") as log, contextlib.ExitStack() as stack:

        def start(command: list[str]) -> psutil.Process:
            made = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(made.wait, PATIENCE)
            stack.callback(made.terminate)
            return psutil.Process(made.pid)

        relay = start([*proxy, f"--error-target=http://127.0.0.1:{inner}/hub/error"])
        try:
            _wait_for(control)
            yield url, token, [relay, start(hub)]
        except BaseException:
            print((home / "hub.log").read_text(encoding="utf-8")[-6000:], file=sys.stderr)
            raise


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if time.monotonic() > end:
            raise AuroreError("Le mandataire de JupyterHub ne démarre pas.")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Person:
    """Une personne, derrière le hub : ses demandes, son noyau."""

    def __init__(self, url: str, token: str, name: str) -> None:
        self.url, self.name, self.headers = url, name, {"Authorization": f"token {token}"}

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Une demande au hub ou au laboratoire ; `None` si elle n'aboutit pas encore."""
        content = json.dumps(body) if body is not None else ("" if method == "POST" else None)
        request = HTTPRequest(
            f"{self.url}{path}",
            method,
            self.headers,
            content,
            connect_timeout=PATIENCE,
            request_timeout=PATIENCE,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        except OSError:
            return None
        if answer.code >= 300 or answer.code < 200:
            return None
        return json.loads(answer.body) if answer.body else {}

    async def until(self, method: str, path: str, wanted, body: Any = None) -> Any:
        """Redemande jusqu'à ce que la réponse convienne."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = await self.ask(method, path, body)
            if found is not None and wanted(found):
                return found
            await asyncio.sleep(0.5)
        raise AuroreError(f"{self.name} : {path} ne répond pas.")


async def _everyone(url: str, token: str) -> list[dict[str, float]]:
    AsyncHTTPClient.configure(None, max_clients=10 * PEOPLE)
    await _Person(url, token, "mesure").until("GET", "/hub/api/", lambda found: "version" in found)
    return list(await asyncio.gather(*(_one(_Person(url, token, _name(number))) for number in range(PEOPLE))))


async def _one(person: _Person) -> dict[str, float]:
    start, name = time.monotonic(), person.name
    await person.ask("POST", f"/hub/api/users/{name}")
    await person.ask("POST", f"/hub/api/users/{name}/server")
    await person.until("GET", f"/hub/api/users/{name}", lambda found: (found["servers"].get("") or {}).get("ready"))
    book = await person.until("GET", f"/user/{name}/api/contents/{LESSON}", lambda found: found.get("content"))
    found: dict[str, float] = {"lab": time.monotonic() - start, "card": math.nan, "passed": 0, "errors": 0}
    asked = {"path": LESSON, "name": LESSON, "type": "notebook", "kernel": {"name": "python3"}}
    session = await person.until("POST", f"/user/{name}/api/sessions", lambda found: "kernel" in found, asked)
    cells = ["".join(cell["source"]) for cell in book["content"]["cells"] if cell["cell_type"] == "code"]
    address = f"{person.url.replace('http', 'ws', 1)}/user/{quote(name)}/api/kernels/{session['kernel']['id']}/channels"
    link = await websocket_connect(
        HTTPRequest(address, headers=person.headers, connect_timeout=PATIENCE, request_timeout=PATIENCE),
        max_message_size=2**27,
    )
    for cell in cells:
        said, failed = await _execute(link, ANSWER if CARD in cell and "def " in cell else cell)
        found.setdefault("first", time.monotonic() - start)
        found["errors"] += failed
        if CARD in cell and "def " in cell:
            found["card"], found["passed"] = time.monotonic() - start, float("Validé." in said)
    link.close()
    return found


async def _execute(link: Any, code: str) -> tuple[str, bool]:
    """Envoie une cellule ; rend ce qu'elle affiche, et si elle a échoué."""
    number = uuid.uuid4().hex
    header = {
        "msg_id": number,
        "msg_type": "execute_request",
        "username": "",
        "session": number,
        "version": "5.3",
        "date": "",
    }
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    await link.write_message(
        json.dumps(
            {
                "header": header,
                "parent_header": {},
                "metadata": {},
                "content": content,
                "channel": "shell",
                "buffers": [],
            }
        )
    )
    said, failed = "", False
    while True:
        message = json.loads(await asyncio.wait_for(link.read_message(), PATIENCE))
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] in ("restarting", "dead"):
            return said, True  # le noyau a été arrêté : personne ne répondra plus à cette cellule
        if message["parent_header"].get("msg_id") != number:
            continue
        said += (
            json.dumps(content.get("data", {}).get("text/plain", ""), ensure_ascii=False) if "data" in content else ""
        )
        failed = failed or kind == "error"
        if kind == "status" and content["execution_state"] == "idle":
            return said, failed


def _memory(servers: list[psutil.Process]) -> dict[str, float]:
    """La mémoire propre (PSS si le système la donne), en Mio : le hub et son mandataire, puis ce qui tourne pour les personnes."""
    people = [child for server in servers for child in server.children(recursive=True)]
    return {"hub": sum(map(_share, servers)), "people": sum(map(_share, people))}


def _share(process: psutil.Process) -> float:
    found = process.memory_full_info()
    return (getattr(found, "pss", 0) or found.rss) / 2**20
