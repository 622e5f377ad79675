"""What a payer decided of a claim, as the accounts see it: in whole cents, by the claim's own lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WHOLE = 0
"""In place of a line: the claim as a whole."""


class Cut(NamedTuple):
    """An adjustment: so much of the charge is not paid, and why.

    Attributes
    ----------
    group, reason : str
        Such as CO and 45.
    cents : int
        What is taken off.
    """

    group: str
    reason: str
    cents: int


class Decided(NamedTuple):
    """What was decided of a line, or of the claim apart from its lines.

    Attributes
    ----------
    line : int
        Of the claim, from 1; :data:`WHOLE` where it is about none, or could not be matched with one.
    paid : int
        Cents.
    cuts : tuple of Cut
        What was not paid.
    """

    line: int
    paid: int
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What a payer decided of a claim, once.

    Attributes
    ----------
    id : int
        Of the decision.
    day : str
        Of the check (YYYY-MM-DD).
    check : str
        Number of the check or transfer.
    place : int
        Of the claim in the check's remittance.
    status : str
        CLP02, such as 1 (primary), 4 (denied), 22 (reversal).
    payer_control : str
        The payer's number of the claim (CLP07).
    earlier_control : str
        The payer's number of what this one takes back or corrects (REF F8), where it is said.
    charge, paid : int
        CLP03 and CLP04 in cents.
    parts : tuple of Decided
        Of lines and of the claim as a whole; what they say was paid is `paid`.
    """

    id: int
    day: str
    check: str
    place: int
    status: str
    payer_control: str
    earlier_control: str
    charge: int
    paid: int
    parts: tuple[Decided, ...]

    @property
    def is_reversal(self) -> bool:
        """Whether it takes back what was decided before."""
        return self.status == "22"

    @property
    def order(self) -> tuple[str, str, int, int]:
        """Decisions have one order, whatever the order in which they came."""
        return self.day, self.check, self.place, self.id

    @property
    def lines(self) -> frozenset[int]:
        """Lines that it is about; empty: the claim as a whole."""
        return frozenset(part.line for part in self.parts) - {WHOLE}


class ClaimLine(NamedTuple):
    """A line of a claim as it was sent.

    Attributes
    ----------
    line : int
        From 1.
    control : str
        The number that the claim gave it (REF 6R).
    procedure : str
        Code.
    modifiers : tuple of str
        In the order of the alphabet.
    charge : int
        Cents.
    """

    line: int
    control: str
    procedure: str
    modifiers: tuple[str, ...]
    charge: int


class Answered(NamedTuple):
    """A line as a payer names it.

    Attributes
    ----------
    control : str
        REF 6R; often empty.
    procedure : str
        Code as it was decided.
    modifiers : tuple of str
        Those that the payer gives back, in the order of the alphabet.
    submitted : str
        Code as it was sent, where the payer changed it (SVC06); empty: as `procedure`.
    charge : int
        Cents.
    """

    control: str
    procedure: str
    modifiers: tuple[str, ...]
    submitted: str
    charge: int


def matched_lines(answered: Sequence[Answered], lines: Sequence[ClaimLine]) -> list[int]:
    """To which line of the claim each line of an answer belongs; :data:`WHOLE` where that cannot be told.

    The claim's own line number decides where it is given back. Else lines are alike by procedure, modifiers and charge,
    and, since payers drop modifiers and change codes, by ever less of it, wherever exactly one line is left that fits.
    """
    found = [0] * len(answered)
    by_control = {one.control: one.line for one in lines}
    for place, one in enumerate(answered):
        found[place] = by_control.get(one.control, WHOLE) if one.control else WHOLE
    for same in (
        lambda a, b: (a.procedure, a.modifiers, a.charge) == (b.procedure, b.modifiers, b.charge),
        lambda a, b: a.procedure == b.procedure and set(a.modifiers) <= set(b.modifiers) and a.charge == b.charge,
        lambda a, b: b.procedure in (a.procedure, a.submitted) and a.charge == b.charge,
        lambda a, b: b.procedure in (a.procedure, a.submitted),
        lambda a, b: a.charge == b.charge,
    ):
        left = [
            place for place, line in enumerate(found) if line == WHOLE and not _foreign(answered[place], by_control)
        ]
        free = [one for one in lines if one.line not in found]
        for place in left:
            fits = [one for one in free if same(answered[place], one)]
            rivals = [other for other in left if other != place and any(same(answered[other], one) for one in fits)]
            if len(fits) == 1 and not rivals:
                found[place] = fits[0].line
    return found


def _foreign(one: Answered, by_control: dict[str, int]) -> bool:
    """Whether the payer gives a line number that is of none of the claim's lines."""
    return bool(one.control) and one.control not in by_control
