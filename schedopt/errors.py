"""The error tree.

SchedoptError
├── InputError      what was given cannot be read; carries every fault found, with its place
├── OutputError     a result cannot be written where it was asked for
└── StoreError      a store cannot do what it was asked; nothing of it was done
    ├── AccessDenied    the actor may not, by role and purpose
    ├── NoSuchChange    a booking does not go from its status to the one asked for
    ├── SealError       something sealed does not open
    └── SlotTaken       somebody else has the slot; carries other slots

and one warning, ``InputWarning``: what was given has been read, and has something odd about it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


class SchedoptError(Exception):
    """Base of every error that schedopt raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the input, and where.

    Attributes
    ----------
    file : str
        File name, or table name where the office came as DataFrames.
    row : int or None
        Row as a spreadsheet counts it: the header is row 1. None: the file as a whole.
    column : str or None
        Column name. None: the row as a whole.
    value : str or None
        The value as it was given; ``"(hidden)"`` where it may be somebody's name or birth date.
    expected : str
        What should have been there, in words.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        shown = "" if self.value is None else f" {self.value!r}:"
        return f"{place}:{shown} {self.expected}"


class InputError(SchedoptError):
    """The input has faults. All of them are listed, not only the first.

    Parameters
    ----------
    faults : sequence of Fault
        At least one fault.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = "1 error in the input" if count == 1 else f"{count} errors in the input"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


class InputWarning(UserWarning):
    """The input was read, and some of it may not be meant as it stands. All of it is listed.

    Parameters
    ----------
    faults : sequence of Fault
        At least one; what it says was expected is what would leave no doubt.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(["the input was read, but look at this:", *(f"  {fault}" for fault in self.faults)]))


class OutputError(SchedoptError):
    """A result cannot be written where it was asked for; nothing was written."""


class StoreError(SchedoptError):
    """A store cannot do what it was asked; nothing of it was done."""


class AccessDenied(StoreError):
    """The actor may not do this, by role and purpose; the attempt stands in the audit trail."""


class NoSuchChange(StoreError):
    """A booking does not go from its status to the one asked for."""


class SealError(StoreError):
    """Something sealed does not open: it was changed or moved, or its key is another one or destroyed."""


class SlotTaken(StoreError):
    """Somebody else has the slot, or a rule is in its way.

    Parameters
    ----------
    words : str
        What is taken, in ids.
    others : callable, optional
        Gives other slots.
    """

    def __init__(self, words: str, others: Callable[[], Any] | None = None) -> None:
        self._others = others
        super().__init__(words)

    @property
    def slots(self) -> Any:
        """Other slots for the request as they are free now, best first: a DataFrame as of :func:`schedopt.recommend`.

        Each look asks the planner anew; None where there is no week to ask.
        """
        return None if self._others is None else self._others()
