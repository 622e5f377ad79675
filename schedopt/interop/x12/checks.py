"""What an 835 says of the check or transfer that it explains."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from schedopt.interop.x12.payments import cents


class Check(NamedTuple):
    """The check of an 835; what the file does not say is empty.

    Attributes
    ----------
    number : str
        TRN02: of the check or transfer.
    originator : str
        TRN03: who pays, as the bank knows it.
    payer, payer_id : str
        Name and number of the payer: N102, and N104 or the first REF 2U of loop 1000A.
    method : str
        BPR04, such as ACH, CHK or NON.
    day : datetime.date or None
        BPR16, or the day on which the remittance was made (DTM 405); None where neither is a date.
    cents : int or None
        BPR02; less than 0 where BPR03 says that it is taken, not given.
    """

    number: str = ""
    originator: str = ""
    payer: str = ""
    payer_id: str = ""
    method: str = ""
    day: dt.date | None = None
    cents: int | None = None


class CheckHead:
    """The beginning of an 835 while its segments come."""

    def __init__(self) -> None:
        self.check = Check()
        self._party = ""

    def step(self, elements: list[str]) -> None:
        """Take the next segment; those of claims say nothing here."""
        name, *rest = elements
        said = [*rest, *[""] * 16]
        if name == "BPR" and not self.check.method:
            amount = cents(said[1]) if said[1] else None
            signed = -amount if amount is not None and said[2] == "D" else amount
            self.check = self.check._replace(method=said[3], day=_day(said[15]), cents=signed)
        elif name == "TRN" and not self.check.number:
            self.check = self.check._replace(number=said[1].strip(), originator=said[2].strip())
        elif name == "DTM" and said[0] == "405" and self.check.day is None:
            self.check = self.check._replace(day=_day(said[1]))
        elif name == "N1":
            self._party = said[0]
            if said[0] == "PR" and not self.check.payer:
                self.check = self.check._replace(payer=said[1], payer_id=said[3].strip())
        elif name == "REF" and self._party == "PR" and said[0] == "2U" and not self.check.payer_id:
            self.check = self.check._replace(payer_id=said[1].strip())


def _day(text: str) -> dt.date | None:
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
