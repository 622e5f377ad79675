"""What was found of a file and of its transactions."""

from __future__ import annotations

from dataclasses import dataclass

from schedopt.interop.x12.payments import Balance
from schedopt.interop.x12.problems import Problem


def _first(problems: tuple[Problem, ...]) -> Problem | None:
    errors = (problem for problem in problems if problem.severity == "error")
    return next(errors, problems[0] if problems else None)


@dataclass(frozen=True, slots=True)
class Judged:
    """A transaction, as it was found.

    Attributes
    ----------
    number : int
        Of ST in the file.
    kind : str
        Such as 837P; the code where there is no guide for it.
    version : str
        ST03 or GS08.
    control : str
        ST02.
    num_segments : int
        With ST and SE.
    judged : bool
        Whether there is a guide for it.
    problems : tuple of Problem
        In the order of the file; the first thousand.
    balance : Balance or None
        Of an 835.
    """

    number: int
    kind: str
    version: str
    control: str
    num_segments: int
    judged: bool
    problems: tuple[Problem, ...]
    balance: Balance | None

    @property
    def accepted(self) -> bool | None:
        """Whether it keeps to its guide; None where nobody can tell."""
        if any(problem.severity == "error" for problem in self.problems):
            return False
        return True if self.judged else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A file, as it was found.

    Attributes
    ----------
    transactions : tuple of Judged
        In the order of the file.
    problems : tuple of Problem
        Those of its transactions too, in the order of the file.
    num_segments : int
        Of the whole file.
    """

    transactions: tuple[Judged, ...]
    problems: tuple[Problem, ...]
    num_segments: int

    @property
    def accepted(self) -> bool | None:
        """Whether all of it keeps to its guides; None where nothing is wrong and a guide is missing."""
        if any(problem.severity == "error" for problem in self.problems):
            return False
        return None if any(not one.judged for one in self.transactions) else True

    @property
    def first_problem(self) -> Problem | None:
        """The first error, or else the first warning."""
        return _first(self.problems)
