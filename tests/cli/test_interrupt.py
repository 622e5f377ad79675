"""Ctrl-C."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import COMMAND, ROOT, WEEK, environment, invoke
from tests.cli.conftest import Planned

pty = pytest.importorskip("pty", reason="Windows has other terminals")


def _read_until(terminal: int, words: bytes) -> bytes:
    """What a terminal shows until some words are among it."""
    shown, began = b"", time.monotonic()
    while words not in shown:
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if ready:
            shown += os.read(terminal, 65536)
        assert time.monotonic() - began < 60, shown[-2000:]
    return shown


def _read_on(terminal: int) -> None:
    """Keep a terminal from filling up, as who writes to a full one waits; close it at its end."""
    with suppress(OSError):
        while os.read(terminal, 65536):
            pass
    os.close(terminal)


def _listen() -> None:
    """Let a child be interrupted also where who started the tests ignores Ctrl-C, as jobs in the background do."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _running(*words: str | Path, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A command in a process of its own that can be interrupted, and that does not outlive its test."""
    with subprocess.Popen([*COMMAND, *map(str, words)], cwd=ROOT, preexec_fn=_listen, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def _opened(fifo: Path) -> int:
    """A descriptor to write to a named pipe, as soon as somebody reads it."""
    began = time.monotonic()
    while True:
        with suppress(OSError):
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        assert time.monotonic() - began < 120
        time.sleep(0.05)


@pytest.mark.parametrize("phase", ["moving visits", "solving pieces"])
def test_stopped_while_planning(planned: Planned, tmp_path: Path, phase: str) -> None:
    """Ctrl-C while the display shows a search ends it before its time, with status 0 and a plan without breaches."""
    limit, workers = (8, 1) if phase == "moving visits" else (12, 2)
    how_long = ("--time-limit", str(limit), "--workers", str(workers))
    words = ("plan", planned.office, "--week", WEEK, "--out", tmp_path / "plan", *how_long)
    ours, theirs = pty.openpty()
    how = {"env": environment() | {"TERM": "xterm"}, "stdout": subprocess.PIPE, "stderr": theirs}
    with _running(*words, **how) as process:
        os.close(theirs)
        shown = _read_until(ours, phase.encode())
        threading.Thread(target=_read_on, args=(ours,), daemon=True).start()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    took = re.search(rb"Solved in +([\d.]+) seconds", said)
    assert took
    assert float(took[1]) < limit
    assert b"placed, cost" in shown
    assert b"report.html" in said
    names = {path.name for path in (tmp_path / "plan").iterdir()}
    assert names == {"report.html", "schedule.csv", "left_out.csv", "costs.csv", "plan.json", "calendars"}
    assert invoke("check", planned.office, tmp_path / "plan").exit_code == 0


def test_stopped_while_reading(tmp_path: Path) -> None:
    """Ctrl-C while the office is read ends quietly with status 130, and nothing is written."""
    os.mkfifo(tmp_path / "requests.csv")  # reading it waits for what is written, which is nothing
    words = ("plan", tmp_path, "--week", WEEK, "--out", tmp_path / "plan")
    with _running(*words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        written = _opened(tmp_path / "requests.csv")
        time.sleep(0.5)  # between opening and reading, Python would only look at the signal once there is something
        process.send_signal(signal.SIGINT)
        said, shown = process.communicate(timeout=60)
        os.close(written)
    assert process.returncode == 130
    assert said == shown == b""
    assert not (tmp_path / "plan").exists()
