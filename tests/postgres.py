"""A real PostgreSQL of the machine's, started by an ordinary user on a free local port, gone when the tests are."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BIN = (*map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), *os.get_exec_path())
_numbers = itertools.count()
LACKING = "needs PostgreSQL's initdb and postgres on the path (Debian package postgresql)"


def program(name: str) -> str | None:
    """Where one of PostgreSQL's programs is."""
    return shutil.which(name, path=os.pathsep.join(BIN))


def is_here() -> bool:
    """Whether a server can be started."""
    return program("initdb") is not None and program("postgres") is not None


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    folder: Path

    def url(self, database: str = "postgres") -> str:
        """How a database of it is reached."""
        return f"postgresql+psycopg://schedopt@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a new empty database of it."""
        import psycopg

        name = f"office_{next(_numbers)}"
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="schedopt", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return self.url(name)

    @property
    def log(self) -> Path:
        """What it logs."""
        return self.folder / "server.log"


@contextmanager
def server() -> Iterator[Server]:
    """Start a server; root starts it as nobody."""
    who = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if who:
            os.chown(folder, 65534, 65534)
        data = folder / "data"
        made = [
            str(program("initdb")),
            "-D",
            str(data),
            "-U",
            "schedopt",
            "-A",
            "trust",
            "-N",
            "--no-locale",
            "-E",
            "UTF8",
        ]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **who)  # type: ignore[call-overload]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        found = Server(port, folder)
        run = [
            str(program("postgres")), "-D", str(data), "-p", str(port), "-k", str(folder),
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60", "-c", "fsync=off",  # it outlives no machine
        ]  # fmt: skip
        with found.log.open("wb") as log:
            process = subprocess.Popen(run, cwd=folder, stdout=log, stderr=log, **who)  # type: ignore[call-overload]
        try:
            _wait(found, process)
            yield found
        finally:
            process.send_signal(signal.SIGINT)  # without waiting for those who are still there
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(found: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(600):
        assert process.poll() is None, found.log.read_text()
        try:
            psycopg.connect(host="127.0.0.1", port=found.port, user="schedopt", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError(found.log.read_text())
