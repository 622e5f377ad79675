"""What is wrong with a file, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
HIDDEN = "(hidden)"
_CODE = re.compile(r"[A-Z0-9]{1,3}")
_COUNT = re.compile(r"-?\d{1,6}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    number : int
        Of the segment, from 1 in the file; where something is missing, of the segment that came instead.
    offset : int
        Bytes before that segment.
    segment : str
        Its name, such as NM1; ``(unknown)`` where it is none of the standard's.
    loop : str
        Such as 2010AA; empty outside of transactions, or where nobody can tell.
    element : str
        Such as NM103 or SVC01-2; empty where it is about the segment.
    expected : str
        What should have been there, in words.
    value : str
        What is there, ``(hidden)`` where it may be somebody's; empty where there is nothing.
    severity : {"error", "warning"}
        A transaction with errors is refused; with warnings, it is not.
    """

    number: int
    offset: int
    segment: str
    loop: str
    element: str
    expected: str
    value: str = ""
    severity: Severity = "error"

    @property
    def words(self) -> str:
        """All of it but the place, in a sentence."""
        what = self.element or self.segment
        where = f" in loop {self.loop}" if self.loop else ""
        shown = f", not {self.value}" if self.value and self.value != HIDDEN else ""
        return f"{what}{where}: {self.expected}{shown}"

    def __str__(self) -> str:
        return f"segment {self.number} (byte {self.offset}), {self.words}"


def shown(value: str, kind: str) -> str:
    """A value as it may be shown: short codes and counts, where codes and numbers belong; nothing else."""
    if not value:
        return ""
    if kind == "ID" and _CODE.fullmatch(value):
        return value
    return value if kind in ("N0", "R") and _COUNT.fullmatch(value) else HIDDEN
