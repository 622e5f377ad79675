"""Signals wait until a write is over."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = tuple(signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep signals that would end the process until what is inside is over; then each has its usual effect.

    Python lets the main thread alone take signals: in another thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    waited_for = [number for number in _SIGNALS if before[number] not in (None, signal.SIG_IGN)]
    came: list[int] = []
    try:
        for number in waited_for:
            signal.signal(number, lambda number, _: came.append(number))
        yield
    finally:
        for number in reversed(waited_for):
            signal.signal(number, before[number])
        for code in dict.fromkeys(came):
            signal.raise_signal(code)
