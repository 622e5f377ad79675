"""Fee schedules and contracts of a store: what is allowed and asked for a service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import pandas as pd

from schedopt.billing.fees.localities import Localities, read_localities
from schedopt.billing.fees.prices import Price, Prices, Wanted
from schedopt.billing.fees.relative_values import read_relative_values
from schedopt.billing.fees.schedule import FeeSchedule
from schedopt.billing.fees.tables import Charge, Contract, ContractShare, InForce, ScheduledFee, VisitService
from schedopt.errors import Fault, InputError
from schedopt.models.tables.fields import Row
from schedopt.registry.asked import Asked
from schedopt.registry.kinds import kinds
from schedopt.registry.money.rows import Changes, kept
from schedopt.store import facts
from schedopt.store.session import Call

_DAY = dt.timedelta(days=1)
_ASKED_WHOLE = (Contract, ContractShare, VisitService, Charge)
R = TypeVar("R", bound=Row)


class Release(NamedTuple):
    """Files of a fee schedule, and when they hold.

    Attributes
    ----------
    rvu, gpci : Path
        Relative values and cost indices, as CMS publishes them.
    locality : str
        Contractor and locality of the office, such as ``03102-00``.
    first, last : datetime.date
        Days on which the amounts hold.
    schedule : str
        How contracts call the schedule.
    year : int or None
        Whose rules hold; None: the year of the first day.
    """

    rvu: Path
    gpci: Path
    locality: str
    first: dt.date
    last: dt.date
    schedule: str = "medicare"
    year: int | None = None


class Fees(Asked):
    """What a store is asked of prices."""

    def set_schedule(self, release: Release) -> int:
        """Keep the amounts of a fee schedule for the office's place; they replace those of the same days.

        Parameters
        ----------
        release : Release
            Which.

        Returns
        -------
        int
            Rows written, changed or ended.

        Raises
        ------
        InputError
            With every fault of the files, or if there is no such place or no such days.
        AccessDenied
            If the actor may not.
        """
        rows = {(row.procedure, row.modifier): row for row in _scheduled(release)}

        def body(call: Call) -> int:
            for operation in ("read", "add", "change", "end"):
                call.may(operation, ScheduledFee.table_name, kinds()[ScheduledFee.table_name].columns)
            changes, there = Changes(), set[tuple[str, str]]()
            for old in kept(call, ScheduledFee):
                if rows.get(_of(old.row)) == old.row:
                    there.add(_of(old.row))
                elif old.row.schedule == release.schedule and _meet(old.row, release):
                    before, after = _around(old.row, release)
                    if before is None:
                        changes.end(old.fact)
                    else:
                        changes.change(old.fact, before)
                    if after is not None:
                        changes.add(after)
            for row in rows.values():
                if _of(row) not in there:
                    changes.add(row)
            return changes.write(call)

        return self._do("set fee schedule", body, about=release.schedule, source=release.rvu.name)

    def price(self, insurer: str, wanted: Wanted) -> Price:
        """What an insurer allows, and the office asks, for a service.

        Parameters
        ----------
        insurer : str
            Who pays.
        wanted : Wanted
            For what, and when.

        Raises
        ------
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> Price:
            return prices_of(call, [wanted.procedure], at=self._entry(call)).price(insurer, wanted)

        return self.session.do("read prices", body)

    def visit_prices(self, day: dt.date) -> pd.DataFrame:
        """What each insurer allows for each type of visit on a day: the sum of what it is expected to be billed as.

        Returns
        -------
        pandas.DataFrame
            ``insurer``, ``visit_type``, ``allowed`` and ``charge`` (cents; missing where one of the services is not
            known), ``source`` (where amounts come from, or why they are not known).
        """

        def body(call: Call) -> pd.DataFrame:
            prices = prices_of(call, at=self._entry(call))
            insurers = sorted({key[0] for key in (*prices.contracts, *prices.shares)})
            found = list[tuple[str, str, int | None, int | None, str]]()
            for insurer in insurers:
                for visit_type in prices.services:
                    one = prices.visit(insurer, visit_type, day)
                    source = "; ".join(dict.fromkeys(price.source for _, price in one.services))
                    found.append((insurer, visit_type, one.allowed, one.charge, source))
            frame = pd.DataFrame(found, columns=["insurer", "visit_type", "allowed", "charge", "source"])
            return frame.astype({"allowed": "Int64", "charge": "Int64"})

        return self.session.do("read prices", body)


def prices_of(call: Call, procedures: Collection[str] | None = None, *, at: int | None = None) -> Prices:
    """The prices of a store, with a fee schedule's for some procedures; by default for those of expected services.

    Raises
    ------
    AccessDenied
        If the actor may not read all columns of the tables of prices.
    """
    may_see_prices(call)
    rows: list[Row] = [one.row for row_class in _ASKED_WHOLE for one in kept(call, row_class, at=at)]
    wanted = {row.procedure for row in rows if isinstance(row, VisitService)} if procedures is None else set(procedures)
    if any(isinstance(row, ContractShare) for row in rows):
        found = facts.known(call.connection, ScheduledFee.table_name, at=at)
        rows.extend(ScheduledFee.model_validate(one.cells) for one in found if one.cells["procedure"] in wanted)
    return Prices.of(rows)


def may_see_prices(call: Call) -> None:
    """Refuse who may not read the tables of prices.

    Raises
    ------
    AccessDenied
        If the actor may not.
    """
    for row_class in (*_ASKED_WHOLE, ScheduledFee):
        call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)


def _scheduled(release: Release) -> Iterator[ScheduledFee]:
    """Rows of a schedule at a place."""
    values, places = read_relative_values(release.rvu), read_localities(release.gpci)
    contractor, _, number = release.locality.partition("-")
    place = places.find(contractor, number) if number else None
    if place is None:
        words = f"expected a contractor and a locality of this file, such as {_example(places)}"
        raise InputError([Fault(release.gpci.name, None, "locality", release.locality, words)])
    if release.first > release.last:
        raise InputError(
            [Fault("fee_schedule", None, "valid_until", str(release.last), "expected it after valid_from")]
        )
    there = FeeSchedule(values, place, release.year or release.first.year)
    for (procedure, modifier), value in values.items():
        amounts = [there.lower(procedure, modifier, setting) for setting in ("office", "facility")]
        if amounts != [None, None]:
            yield ScheduledFee(
                valid_from=release.first, valid_until=release.last, schedule=release.schedule, procedure=procedure,
                modifier=modifier, status=value.status, amount=amounts[0], facility_amount=amounts[1],
                locality=f"{place.contractor}-{place.number}",
            )  # fmt: skip


def _example(places: Localities) -> str:
    return "-".join(next(iter(places.by_number), ("03102", "00")))


def _of(row: ScheduledFee) -> tuple[str, str]:
    return row.procedure, row.modifier


def _meet(row: InForce, release: Release) -> bool:
    return row.first <= release.last and row.last >= release.first


def _around(row: ScheduledFee, release: Release) -> tuple[ScheduledFee | None, ScheduledFee | None]:
    """What is left of a row before and after the days of a release."""
    before, after = None, None
    if row.first < release.first:
        before = row.model_copy(update={"valid_until": release.first - _DAY})
    if row.last > release.last:
        after = row.model_copy(update={"valid_from": release.last + _DAY})
    return before, after
