"""What insurers allow and the office asks for services, on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP
from typing import NamedTuple, TypeVar

from schedopt.billing.fees.schedule import PAID_BY_VALUE, Setting
from schedopt.billing.fees.tables import Charge, Contract, ContractShare, InForce, ScheduledFee, VisitService
from schedopt.errors import Fault, InputError
from schedopt.models.tables.fields import Row

CHANGES_PRICE = frozenset(
    ["22", "26", "50", "51", "52", "53", "54", "55", "56", "62", "66", "73", "74", "78", "80", "81", "82", "AS", "TC"]
)  # fmt: skip
"""Modifiers with which a service is not worth what it is without them; others say why it is billed, not how much."""

R = TypeVar("R", bound=InForce)


class Wanted(NamedTuple):
    """A service whose price is asked for.

    Attributes
    ----------
    procedure : str
        CPT or HCPCS code.
    day : datetime.date
        When.
    modifiers : tuple of str
        Of the procedure.
    units : int
        How many.
    setting : {"office", "facility"}
        Who bears the expense of practice.
    """

    procedure: str
    day: dt.date
    modifiers: tuple[str, ...] = ()
    units: int = 1
    setting: Setting = "office"

    @property
    def name(self) -> str:
        """The code with its modifiers."""
        return " ".join((self.procedure, *self.modifiers))


@dataclass(frozen=True)
class Price:
    """What is allowed and asked for a service.

    Attributes
    ----------
    allowed : int or None
        What the insurer allows for all units, in cents: the lower of contract and charge. None: not known.
    charge : int or None
        What the office asks for all units, in cents; None: not known.
    source : str
        Where the allowed amount comes from, or why it is not known, in words.
    """

    allowed: int | None
    charge: int | None
    source: str


@dataclass(frozen=True)
class VisitPrice:
    """What is allowed and asked for a visit of a type.

    Attributes
    ----------
    allowed, charge : int or None
        The sum of its services, in cents; None where one of them is not known, or there are none.
    services : tuple of (VisitService, Price)
        What it is expected to be billed as.
    """

    allowed: int | None
    charge: int | None
    services: tuple[tuple[VisitService, Price], ...]


@dataclass(frozen=True)
class Prices:
    """All that is known of prices.

    Attributes
    ----------
    contracts, charges, fees : mapping
        Rows by what holds once at a time, in the order of :attr:`InForce.apart`.
    shares : mapping of str to tuple of ContractShare
        By insurer.
    services : mapping of str to tuple of VisitService
        By visit type.
    """

    contracts: Mapping[tuple[str, ...], Sequence[Contract]] = field(default_factory=dict)
    shares: Mapping[tuple[str, ...], Sequence[ContractShare]] = field(default_factory=dict)
    charges: Mapping[tuple[str, ...], Sequence[Charge]] = field(default_factory=dict)
    fees: Mapping[tuple[str, ...], Sequence[ScheduledFee]] = field(default_factory=dict)
    services: Mapping[str, Sequence[VisitService]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Prices:
        """Prices that rows of the tables of this room say."""
        given = list(rows)
        services = defaultdict[str, list[VisitService]](list)
        for row in given:
            if isinstance(row, VisitService):
                services[row.visit_type].append(row)
        return cls(
            _by_key(given, Contract), _by_key(given, ContractShare), _by_key(given, Charge),
            _by_key(given, ScheduledFee), services,
        )  # fmt: skip

    def price(self, insurer: str, wanted: Wanted) -> Price:
        """What is allowed and asked for a service.

        The contract's own row goes before a share of a schedule; no more is allowed than is asked.

        Parameters
        ----------
        insurer : str
            Who pays.
        wanted : Wanted
            For what.

        Raises
        ------
        InputError
            If several rows of the same hold on the day.
        """
        unit, source = self._unit(insurer, wanted)
        charge = self.charge(wanted)
        allowed = None if unit is None else unit * wanted.units
        if allowed is not None and charge is not None and charge < allowed:
            allowed, source = charge, f"{source}; no more than is asked"
        return Price(allowed, charge, source)

    def charge(self, wanted: Wanted) -> int | None:
        """What the office asks for all units of a service, in cents; None: not known."""
        row, _ = _found(self.charges, (), wanted)
        return None if row is None else row.amount * wanted.units

    def visit(self, insurer: str, visit_type: str, day: dt.date) -> VisitPrice:
        """What is allowed and asked for a visit of a type on a day: the sum of what it is expected to be billed as.

        Parameters
        ----------
        insurer : str
            Who pays.
        visit_type : str
            Of the visit.
        day : datetime.date
            Of the visit.
        """
        found = tuple((one, self.price(insurer, wanted_of(one, day))) for one in self.services.get(visit_type, ()))
        allowed = [price.allowed for _, price in found]
        charges = [price.charge for _, price in found]
        return VisitPrice(_sum(allowed), _sum(charges), found)

    def _unit(self, insurer: str, wanted: Wanted) -> tuple[int | None, str]:
        row, changes = _found(self.contracts, (insurer,), wanted)
        if row is not None:
            return row.amount, "contract" if row.valid_from is None else f"contract from {row.valid_from} on"
        share = _in_force(self.shares.get((insurer,), ()), wanted.day)
        if share is None:
            return None, f"no contract with {insurer} says what is allowed for {wanted.name} on that day"
        priced = wanted._replace(day=share.priced_on or wanted.day)
        fee, changes = _found(self.fees, (share.schedule,), priced)
        if fee is None:
            why = f" with {changes}" if changes else ""
            return None, f"schedule {share.schedule} says nothing of {wanted.procedure}{why} on that day"
        if fee.status not in PAID_BY_VALUE and not share.unpaid_too:
            return None, f"schedule {share.schedule} does not pay {wanted.name} (status {fee.status})"
        amount = fee.amount if wanted.setting == "office" else fee.facility_amount
        if amount is None:
            return None, f"schedule {share.schedule} has no amount for {wanted.name} in this setting"
        cents = int((share.share * amount / 100).to_integral_value(ROUND_HALF_UP))
        return cents, f"{share.share:f} % of schedule {share.schedule}"


def wanted_of(service: VisitService, day: dt.date) -> Wanted:
    """The service of a visit on a day."""
    return Wanted(service.procedure, day, tuple(service.modifiers.split()), service.units, service.setting)


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if known and len(known) == len(amounts) else None


def _by_key(rows: Iterable[Row], row_class: type[R]) -> Mapping[tuple[str, ...], Sequence[R]]:
    found = defaultdict[tuple[str, ...], list[R]](list)
    for row in rows:
        if isinstance(row, row_class):
            found[tuple(getattr(row, name) for name in row_class.apart)].append(row)
    return found


def _found(
    rows: Mapping[tuple[str, ...], Sequence[R]], of: tuple[str, ...], wanted: Wanted
) -> tuple[R | None, str]:  # fmt: skip
    """The row of a service on its day, and otherwise the modifiers for which there would have to be one of their own.

    All modifiers together come first, then those that change the price, each alone, and at last none, if none of them
    changes the price.
    """
    changing = [one for one in wanted.modifiers if one in CHANGES_PRICE]
    for modifier in _modifiers(wanted.modifiers, changing):
        if row := _in_force(rows.get((*of, wanted.procedure, modifier), ()), wanted.day):
            return row, ""
    return None, " ".join(changing)


def _modifiers(given: Sequence[str], changing: Sequence[str]) -> Iterator[str]:
    yield " ".join(given)
    if changing:
        yield " ".join(changing)
    else:
        yield from given
        yield ""


def _in_force(rows: Iterable[R], day: dt.date) -> R | None:
    found = [row for row in rows if row.holds(day)]
    if len(found) > 1:
        row = found[0]
        of = ", ".join(str(getattr(row, name)) for name in row.apart)
        words = f"expected one row of {of} that holds on {day}"
        raise InputError([Fault(row.table_name, None, "valid_from", None, words)])
    return found[0] if found else None
