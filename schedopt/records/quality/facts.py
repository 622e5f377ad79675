"""What several checks look at: booked visits, open requests, who lives under which alias, how insurance stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from schedopt.models.tables import Authorisation, Referral, Request, Row
from schedopt.records.people import Person
from schedopt.records.quality.frames import days, frame, valid
from schedopt.records.quality.given import Records
from schedopt.records.quality.validity import standings

SOON_DAYS = 30
"""Days ahead for which a request that is not booked yet wants its permissions to hold."""
NEEDS = ["request", "patient", "visit_type", "provider", "authorisation", "date", "is_booked"]
Permission = TypeVar("Permission", Authorisation, Referral)


@dataclass(frozen=True)
class Facts:
    """Records, and what is worked out from them once.

    Attributes
    ----------
    records : Records
        The rows.
    """

    records: Records

    @cached_property
    def requests(self) -> dict[str, Request]:
        """Requests that are not cancelled."""
        cancelled = {row.request for row in self.records.cancellations}
        return {row.request: row for row in self.records.requests if row.request not in cancelled}

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Booked visits from today on, the soonest first."""
        found = [
            (row, self.requests[row.request])
            for row in self.records.appointments
            if row.date >= self.records.today and row.request in self.requests
        ]
        visits = frame([request for _, request in found], "request", "patient", "visit_type")
        for name in ("provider", "authorisation"):
            visits[name] = pd.Series([getattr(row, name) for row, _ in found], dtype=object)
        visits["date"] = days(row.date for row, _ in found)
        visits["is_booked"] = True
        return visits.sort_values(["date", "request"], kind="stable", ignore_index=True)

    @cached_property
    def open_requests(self) -> tuple[Request, ...]:
        """Requests that have never been booked."""
        booked = {row.request for row in self.records.appointments}
        return tuple(row for row in self.requests.values() if row.request not in booked)

    @cached_property
    def _next(self) -> pd.Series[Any]:
        return self.visits.groupby("patient")["date"].min()

    def next_visit(self, patients: Any) -> Any:
        """Day of the next booked visit of each of some patients, or none."""
        return self._next.reindex(list(patients)).to_numpy()

    @cached_property
    def people(self) -> dict[str, Person]:
        """Persons by the alias that planning knows; those who turned out to be others are not among them."""
        rows = self.records.people or ()
        return {row.patient: row for row in rows if row.patient is not None and row.merged_into is None}

    @cached_property
    def births(self) -> dict[str, dt.date | None]:
        """Birth dates by alias: the person's, or what the patient's row says where it alone does."""
        found = {row.patient: row.birth_date for row in self.records.patients}
        return found | {alias: row.birth_date or found.get(alias) for alias, row in self.people.items()}

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Visits, and requests not booked yet, that insurance is to pay.

        A request stands on the day until when its permissions should last: its due day, or `SOON_DAYS` ahead where that
        is sooner, or the day from which it is ready where that is later.
        """
        records, asked = self.records, list(self.open_requests)
        soon = records.today + dt.timedelta(days=SOON_DAYS)
        open_ = frame(asked, "request", "patient", "visit_type")
        open_["provider"] = open_["authorisation"] = pd.Series([None] * len(asked), dtype=object)
        wanted = [max(records.today, row.ready or records.today, min(row.due or soon, soon)) for row in asked]
        open_["date"], open_["is_booked"] = days(wanted), False
        both = pd.concat([self.visits[NEEDS], open_[NEEDS]], ignore_index=True)
        patients = {row.patient for row in records.patients if row.self_pay}
        paid = {row.request for row in records.restrictions if row.kind == "self_pay_visit"}
        return both[~(both["patient"].isin(patients) | both["request"].isin(paid))].reset_index(drop=True)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Needs with how insurance stands on their day, and the ``insurer`` who pays."""
        rows = self.records.coverage or ()
        found = standings(self.needs, valid(rows, "patient"), ["patient"], self.records.today)
        insurers = np.array([*(row.insurer for row in rows), None], object)
        return self.needs.assign(
            standing=found["standing"], until=found["until"], insurer=insurers[found["place"].to_numpy()]
        )

    def _asked(self, what: str) -> pd.DataFrame:
        """Needs for which the insurer who pays asks for a referral or an authorisation."""
        asked = [row for row in self.records.terms or () if getattr(row, what)]
        return self.coverage[[*NEEDS, "insurer"]].merge(
            frame(asked, "insurer", "visit_type"), on=["insurer", "visit_type"]
        )

    def _stand(self, needs: pd.DataFrame, rows: tuple[Row, ...] | None, by: list[str]) -> pd.DataFrame:
        """How needs stand towards a table; all of them well where the office does not keep it."""
        if self.records.coverage is None or rows is None:
            return needs.iloc[:0].assign(standing="", until=days(()), place=0)
        found = standings(needs, valid(rows, *by), by, self.records.today)
        return pd.concat([needs.reset_index(drop=True), found], axis=1)

    @cached_property
    def referrals(self) -> pd.DataFrame:
        """Needs that want a referral, with how it stands."""
        return self._stand(self._asked("referral"), holding(self.records.referrals), ["patient", "visit_type"])

    @cached_property
    def authorisations(self) -> pd.DataFrame:
        """Needs that want an authorisation, with how it stands."""
        by = ["patient", "insurer", "visit_type"]
        return self._stand(self._asked("authorisation"), holding(self.records.authorisations), by)

    @cached_property
    def networks(self) -> pd.DataFrame:
        """Booked visits with somebody who is insured, with how the provider stands in the insurer's network."""
        seen = self.coverage[self.coverage["is_booked"] & self.coverage["insurer"].notna()]
        return self._stand(seen[[*NEEDS, "insurer"]], self.records.networks, ["insurer", "provider"])


def holding(rows: tuple[Permission, ...] | None) -> tuple[Permission, ...] | None:
    """Permissions that hold: neither denied nor waited for."""
    return None if rows is None else tuple(row for row in rows if row.holds)
