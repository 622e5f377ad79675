"""Stores with claims, and remittances about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.race import office
from schedopt.interop.x12.build import Line, Sending, amount, interchange, transaction
from schedopt.interop.x12.tree import write
from schedopt.models.tables.money import format_money
from schedopt.registry import Store
from tests.stores import new_store

DAY = dt.date(2026, 11, 30)
PAYER = "1999999999"


@dataclass(frozen=True)
class Said:
    """What a payer says of a claim: cents by line of paid, contractual, share and denied."""

    claim: str
    lines: tuple[tuple[int, int, int, int, int], ...]
    status: str = "1"
    control: str = "ICN1"

    @property
    def sign(self) -> int:
        return -1 if self.status == "22" else 1

    @property
    def paid(self) -> int:
        return self.sign * sum(line[1] for line in self.lines)

    @property
    def charge(self) -> int:
        return self.sign * sum(sum(line[1:]) for line in self.lines)

    def segments(self) -> Iterator[Line]:
        share = self.sign * sum(line[3] for line in self.lines)
        money = (amount(self.charge), amount(self.paid), amount(share))
        yield ("CLP", self.claim, self.status, *money, "12", self.control, "11", "1")
        yield ("NM1", "QC", "1", "CANARYSON", "CANARYNA", None, None, None, "MI", "CANARY99")
        for number, paid, contractual, owed, denied in self.lines:
            charge = self.sign * (paid + contractual + owed + denied)
            yield ("SVC", ("HC", f"9921{number}"), amount(charge), amount(self.sign * paid), None, "1")
            yield ("DTM", "472", DAY)
            for group, reason, cents in (("CO", "45", contractual), ("PR", "1", owed), ("CO", "16", denied)):
                if cents:
                    yield ("CAS", group, reason, amount(self.sign * cents))
            yield ("REF", "6R", f"{self.claim}{number:02d}")


def remittance(
    check: str, said: Sequence[Said], taken: Sequence[tuple[str, str, int]] = (), day: dt.date = DAY, off: int = 0
) -> bytes:
    """An 835 of one check; with `off`, its amount is wrong by as many cents."""
    total = sum(one.paid for one in said) - sum(cents for _, _, cents in taken)
    way = ("D", -total) if total < 0 else ("C", total)
    lines: list[Line] = [
        ("BPR", "I", amount(way[1] + off), way[0], "ACH", "CCP", *[None] * 10, day),
        ("TRN", "1", check, PAYER),
        ("N1", "PR", "A PAYER"),
        ("N1", "PE", "AN OFFICE", "XX", "1234567893"),
        ("LX", 1),
        *(line for one in said for line in one.segments()),
        *(("PLB", "1234567893", dt.date(2026, 12, 31), (reason, name), amount(cents)) for reason, name, cents in taken),
    ]  # fmt: skip
    sending = Sending("PAYER", "OFFICE", dt.datetime(2026, 12, 1, 8), 1)
    return write(interchange(sending, [("005010X221A1", [transaction("835", "", 1, lines)])]))


def claim_name(number: int) -> str:
    """A claim's id."""
    return f"c{number:019d}"


def with_office(store: Store) -> None:
    """An office."""
    store.import_office(office())


@contextmanager
def store_with_claims(claims: dict[str, Sequence[int]], url: str | None = None) -> Iterator[Store]:
    """A store with claims by name and the cents of their lines, charged."""
    with new_store(url, prepare=with_office) as store:
        patients = store.rows("patients")["patient"].tolist()
        for place, (claim, charges) in enumerate(claims.items()):
            cells = {
                "claim": claim, "patient": patients[place % len(patients)], "provider": "DR1", "insurer": "ACME",
                "date": DAY, "charge": format_money(sum(charges)), "state": "sent",
            }  # fmt: skip
            store.add("claims", cells)
            for line, cents in enumerate(charges, 1):
                store.add(
                    "claim_lines",
                    {"claim": claim, "line": line, "procedure": f"9921{line}", "charge": format_money(cents),
                     "diagnoses": "Z00.00"},
                )  # fmt: skip
        store.charge_claims(claims)
        yield store


def standing(store: Store) -> dict[str, int]:
    """Cents by account, without those that have none."""
    found = store.balances()
    return {name: cents for name, cents in zip(found["account"], found["cents"], strict=True) if cents}
