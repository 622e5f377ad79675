"""An office whose patients are insured, in a store; and a payer who answers 270s, written without our X12.

The payer splits segments by itself, knows its members by number, and answers from what it knows of them.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.office.read import fingerprint
from schedopt.registry import Store

MONDAY = dt.date(2026, 11, 30)
PAYERS = {"ACME": "87726", "BLUE": "00611"}


def office(patients: int, providers: int, days: int = 5, *, secret: Sequence[int] = ()) -> Office:
    """Patients with a request each, insured with one of two payers by turns."""
    names = tuple(f"N{number:03d}" for number in range(patients))
    made = Office(
        settings=Settings(),
        providers=tuple(tables.Provider(provider=f"DR{number}") for number in range(providers)),
        visit_types=(tables.VisitType(visit_type="short", minutes=20), tables.VisitType(visit_type="scan", minutes=20)),
        patients=tuple(
            tables.Patient(
                patient=name, name=f"Given{number:03d} Surname{number:03d}",
                birth_date=dt.date(1940, 1, 1) + dt.timedelta(days=61 * number), self_pay=number in secret,
            )
            for number, name in enumerate(names)
        ),
        requests=tuple(
            tables.Request(request=f"R{number:03d}", patient=name, visit_type="scan" if number % 5 == 4 else "short")
            for number, name in enumerate(names)
        ),
        shifts=tuple(
            tables.Shift(provider=f"DR{number}", site="MAIN", date=day, start="08:00", end="17:00")
            for number in range(providers)
            for day in (MONDAY + dt.timedelta(days=later) for later in range(days))
        ),
        coverage=tuple(tables.Coverage(patient=name, insurer=insurer_of(number)) for number, name in enumerate(names)),
    )  # fmt: skip
    return made.model_copy(update={"fingerprint": fingerprint(made)})


def insurer_of(number: int) -> str:
    """With whom a patient is insured."""
    return list(PAYERS)[number % 2]


def member_id(number: int) -> str:
    """Number of a member."""
    return f"W{100000 + number}"


def relation(number: int) -> str:
    """What a patient is to the member."""
    return "child" if number % 7 == 3 else "self"


def fill(store: Store, patients: int, providers: int = 1, *, secret: Sequence[int] = ()) -> None:
    """Put such an office into a store, with its payers and members, and somebody who bills."""
    with tempfile.TemporaryDirectory() as name:
        store.import_office(office(patients, providers, secret=secret))
        folder = Path(name)
        pd.DataFrame(
            {"insurer": list(PAYERS), "payer_id": list(PAYERS.values()), "name": [f"{one} Health" for one in PAYERS]}
        ).to_csv(folder / "payers.csv", index=False)
        numbers = range(patients)
        children = [relation(number) == "child" for number in numbers]
        pd.DataFrame(
            {
                "patient": [f"N{number:03d}" for number in numbers],
                "insurer": [insurer_of(number) for number in numbers],
                "member_id": [member_id(number) for number in numbers],
                "relation": [relation(number) for number in numbers],
                "holder_given_name": ["Holder" if one else "" for one in children],
                "holder_surname": ["Elder" if one else "" for one in children],
            }
        ).to_csv(folder / "memberships.csv", index=False)
        pd.DataFrame(
            [
                {
                    "npi": "1234567893", "name": "Hill Clinic", "tax_id": "123456789", "address": "1 Main Street",
                    "city": "Tuba City", "state": "AZ", "postcode": "860450001", "contact": "Desk",
                    "phone": "9285550110", "sender": "HILL1",
                }
            ]
        ).to_csv(folder / "billing_office.csv", index=False)  # fmt: skip
        pd.DataFrame({"visit_type": ["scan"], "services": ["30; 62"]}).to_csv(folder / "service_types.csv", index=False)
        store.import_money(folder)
        store.set_actor("bill", ["billing"])


@dataclass
class Payer:
    """Answers 270s with 271s.

    Attributes
    ----------
    ended : mapping of str to datetime.date or None
        By member's number: the last day of coverage; None: there is none at all. Others are covered.
    unknown : set of str
        Numbers that the payer does not know.
    needing : set of str
        Numbers of members whose visits need an authorisation.
    asked : list of (str, str)
        Member's number and day of every question.
    day, time : str
        When it answers; by default on the day on which it is asked.
    """

    ended: Mapping[str, dt.date | None] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    needing: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)
    day: str = ""
    time: str = "0900"

    def answer(self, content: bytes) -> bytes:
        """A file of 271s for a file of 270s."""
        lines = [line.split("*") for line in content.decode().replace("\n", "").split("~") if line]
        made, member = list[list[str]](), ""
        for line in lines:
            name = line[0]
            if name == "GS":
                line = ["GS", "HB", *line[2:]]
            elif name == "ST":
                line = ["ST", "271", *line[2:]]
            elif name == "BHT":
                line = ["BHT", "0022", "11", line[3], self.day or line[4], self.time]
            elif name == "TRN":
                line = ["TRN", "2", *line[2:]]
            elif name == "NM1" and line[1] == "IL":
                member = line[9]
            elif name == "DTP":
                self.asked.append((member, line[3]))
                continue
            elif name == "EQ":
                if member in self.unknown:
                    at = len(made) - (made[-1][0] == "DMG")
                    made.insert(at, ["AAA", "N", "", "75", "C"])
                else:
                    made += self._benefits(member)
                continue
            elif name == "SE":
                count = len(made) - max(at for at, one in enumerate(made) if one[0] == "ST") + 1
                line = ["SE", str(count), line[2]]
            made.append(line)
        return "".join("*".join(line) + "~\n" for line in made).encode()

    def _benefits(self, member: str) -> list[list[str]]:
        if member not in self.ended:
            needs = [*[""] * 7, "Y"] if member in self.needing else []
            return [
                ["EB", "1", "", "30^98", *needs], ["EB", "C", "IND", "30", "", "", "29", "400.5", "", "", "", "", "Y"],
                ["EB", "B", "", "98", "", "", "27", "25", "", "", "", "", "Y"],
            ]  # fmt: skip
        last = self.ended[member]
        if last is None:
            return [["EB", "6", "", "30"]]
        return [["EB", "1", "", "30"], ["DTP", "347", "D8", f"{last:%Y%m%d}"]]
