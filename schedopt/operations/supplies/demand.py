"""What will be used of an item: by planned visits, by walk-ins, and, beyond the plan, as in the past."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Floats
from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.closed import closed_hours
from schedopt.models.history import History
from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan
from schedopt.operations.supplies.forecast import Forecast, forecast
from schedopt.operations.supplies.held import Place, sites_of_providers
from schedopt.operations.supplies.tables import SupplyUse

COLUMNS = ("date", "visit_type", "provider", "came", "walk_in")
"""Of past visits: when, what, with whom, whether the patient came, and whether without an appointment."""
PROMISED = "what is promised alone: neither a plan nor a past of these days is known"
"""Method of a forecast that knows of nothing but appointments."""
_FEW = 5
"""Visits a day below which a day without any says nothing of whether the office was open."""
_DAY = dt.timedelta(days=1)


def past_of(history: History) -> pd.DataFrame:
    """Past visits as demand is learned from: those kept or missed, with the columns of :data:`COLUMNS`.

    Who had no start, or was booked on the day itself, has walked in.
    """
    visits = history.visits[history.visits["outcome"] != "cancelled"]
    walked = visits["start"].isna() | (visits["booked"] == visits["date"])
    found = visits[["date", "visit_type", "provider"]].assign(came=visits["outcome"] == "kept", walk_in=walked)
    return found.reset_index(drop=True)


def no_past() -> pd.DataFrame:
    """The same of an office of which no past is known."""
    kinds = {"date": "datetime64[us]", "visit_type": "str", "provider": "str", "came": "bool", "walk_in": "bool"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def planned_of(office: Office, plan: Plan | None, day: dt.date) -> pd.DataFrame:
    """Visits from a day on: those of a plan, and appointments on days that it has not.

    Returns
    -------
    pandas.DataFrame
        ``request``, ``date`` (datetime.date), ``start`` (HH:MM), ``visit_type``, ``provider``, ``site`` (ids), by date
        and start.
    """
    types = {row.request: row.visit_type for row in office.requests}
    sites, gone = sites_of_providers(office), {row.request for row in office.cancellations or ()}
    covered = set() if plan is None else set(plan.problem.calendar.dates)
    rows = [
        (row.request, row.date, f"{row.start // 60:02}:{row.start % 60:02}", types[row.request], row.provider,
         sites.get(row.provider, ""))
        for row in office.appointments or ()
        if row.date >= day and row.date not in covered and row.request in types and row.request not in gone
    ]  # fmt: skip
    if plan is not None:
        shown = plan.schedule[plan.schedule["date"] >= day]
        rows += list(shown[["request", "date", "start", "visit_type", "provider", "site"]].itertuples(index=False))
    columns = ["request", "date", "start", "visit_type", "provider", "site"]
    found = pd.DataFrame([tuple(row) for row in rows], columns=columns, dtype=object)
    return found.sort_values(["date", "start", "request"]).reset_index(drop=True)


@dataclass(frozen=True)
class Demand:
    """Where demand for items comes from.

    Attributes
    ----------
    office : Office
        Its uses by visit type, and the days on which it is closed.
    first : datetime.date
        The first day to forecast.
    days : int
        How many.
    past : pandas.DataFrame
        As :func:`past_of` makes it; what is not before the first day is not looked at.
    planned : pandas.DataFrame
        As :func:`planned_of` makes it.
    covered : frozenset of datetime.date
        Days whose visits are all planned, but for walk-ins.
    """

    office: Office
    first: dt.date
    days: int
    past: pd.DataFrame = field(repr=False)
    planned: pd.DataFrame = field(repr=False)
    covered: frozenset[dt.date] = frozenset()

    @cached_property
    def _before(self) -> pd.DataFrame:
        when = pd.to_datetime(self.past["date"])
        known = self.past[when < pd.Timestamp(self.first)]
        sites = sites_of_providers(self.office)
        day = (pd.to_datetime(known["date"]) - pd.Timestamp(self.begins)).dt.days
        return known.assign(day=day.to_numpy(np.int64), site=[sites.get(name, "") for name in known["provider"]])

    @cached_property
    def begins(self) -> dt.date:
        """The first day of the past, a Monday."""
        when = pd.to_datetime(self.past["date"])
        when = when[when < pd.Timestamp(self.first)]
        if when.empty:
            return self.first
        first: dt.date = when.min().date()
        return first - first.weekday() * _DAY

    @property
    def _known(self) -> int:
        """Days of the past up to the last with a visit: of those after it nothing is known."""
        return int(self._before["day"].max()) + 1 if len(self._before) else 0

    @cached_property
    def is_open(self) -> Flags:
        """By day, from the first of the past to the last to forecast: whether the office is open, as is known."""
        number = (self.first - self.begins).days
        shut = closed_hours(self.office, self.begins, number + self.days)
        found = np.ones(number + self.days, bool)
        for one in shut:
            if one.site is None and (one.start, one.end) == (0, MINUTES_PER_DAY):
                found[(one.date - self.begins).days] = False
        visits = np.bincount(self._before["day"], minlength=number)[:number]
        weekday = np.arange(number) % 7
        usual = np.bincount(weekday, weights=visits, minlength=7) / np.maximum(1, np.bincount(weekday, minlength=7))
        found[:number] &= (visits > 0) | (usual[weekday] < _FEW)
        return found

    @cached_property
    def comes(self) -> dict[str, float]:
        """Share of those with appointments who come, by visit type: as in the past, with the whole office as ten."""
        booked = self._before[~self._before["walk_in"].astype(bool)]
        every = (booked["came"].sum() + 9) / (len(booked) + 10)
        groups = booked.groupby("visit_type")["came"].agg(["sum", "count"])
        shares = (groups["sum"] + 10 * every) / (groups["count"] + 10)
        return {row.visit_type: float(shares.get(row.visit_type, every)) for row in self.office.visit_types}

    def of(self, place: Place) -> Forecast:
        """What will be used of an item at a place, by day."""
        uses = {row.visit_type: row for row in self.office.rows(SupplyUse) or () if row.item == place.row.item}
        grain = min((row.amount for row in uses.values()), default=1.0)
        whole = self._like_past(uses, place, grain, walked=False)
        planned = self._by_plan(uses, place)
        if self._before.empty:
            return self._like_plan(whole, *planned)
        covered = np.array([self.first + day * _DAY in self.covered for day in range(self.days)], bool)
        if not covered.any() and not planned[0].any():
            return whole
        walking = self._like_past(uses, place, grain, walked=True)
        more = covered | (planned[0] + walking.mean > whole.mean)
        return replace(
            whole, mean=np.where(more, planned[0] + walking.mean, whole.mean),
            spread=np.where(more, planned[1] + walking.spread, whole.spread),
            loose=np.where(more, walking.loose + 0.02 * planned[0], whole.loose),
        )  # fmt: skip

    def _like_past(self, uses: dict[str, SupplyUse], place: Place, grain: float, *, walked: bool) -> Forecast:
        known = self._before[self._before["came"].astype(bool) & self._before["visit_type"].isin(uses.keys())]
        if walked:
            known = known[known["walk_in"].astype(bool)]
        if place.site is not None:
            known = known[known["site"] == place.site]
        number = (self.first - self.begins).days
        each = np.array([uses[name].amount * uses[name].chance for name in known["visit_type"]], float)
        amount = np.bincount(known["day"], weights=each, minlength=number)[:number].astype(float)
        unknown = number - self._known
        found = forecast(amount[: self._known], self.begins, unknown + self.days, self.is_open, grain).later(unknown)
        chances = [row.chance for row in uses.values()]
        if min(chances, default=1.0) < 1:  # the past is in what visits use on average: each uses it or not
            found = replace(found, spread=found.spread + found.mean * grain * (1 - min(chances)))
        return found

    def _like_plan(self, nothing: Forecast, mean: Floats, spread: Floats) -> Forecast:
        """Where no past is known: beyond the days planned, each weekday like those that are, give or take a third."""
        covered = np.array([self.first + day * _DAY in self.covered for day in range(self.days)], bool)
        weekday = (self.first.weekday() + np.arange(self.days)) % 7
        counts = np.maximum(1, np.bincount(weekday[covered], minlength=7))
        like = [np.bincount(weekday[covered], weights=one[covered], minlength=7) / counts for one in (mean, spread)]
        known = covered | (mean > 0)
        usual = like[0][weekday] * self.is_open
        return replace(
            nothing, mean=np.where(known, mean, usual), spread=np.where(known, spread, like[1][weekday] + usual),
            loose=np.where(known, 0.0, usual / 3),
            method="as in the days planned: no past is known" if covered.any() else PROMISED,
        )  # fmt: skip

    def _by_plan(self, uses: dict[str, SupplyUse], place: Place) -> tuple[Floats, Floats]:
        """Mean and variance by day of what planned visits use, as far as patients come."""
        mean, spread = np.zeros(self.days), np.zeros(self.days)
        for date, visit_type, site in self.planned[["date", "visit_type", "site"]].itertuples(index=False):
            day, use = (date - self.first).days, uses.get(visit_type)
            if use is not None and 0 <= day < self.days and place.site in (None, site):
                share = self.comes[visit_type] * use.chance
                mean[day] += use.amount * share
                spread[day] += use.amount**2 * share * (1 - share)
        return mean, spread
