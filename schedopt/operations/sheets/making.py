"""The sheets of a day: one for each provider, and for each site one for support and one for the front desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from schedopt.models.problem.calendar import clock
from schedopt.operations.sheets.huddle import huddle
from schedopt.operations.sheets.lacking import lines_of
from schedopt.operations.sheets.lines import GivenDay, HuddlePoint, Line

Role = Literal["provider", "support", "desk"]

VISIT_COLUMNS = (
    "arrive", "start", "end", "depart", "request", "patient", "name", "visit_type", "provider", "site", "others",
    "steps", "new", "language", "promise", "missing", "material", "cases", "no_show", "wait_over_30",
)  # fmt: skip
"""Of a sheet's table: times as HH:MM, the provider's step from ``start`` to ``end``; ``steps`` with what they hold;
``missing`` and ``material`` in words, separated by ;; ``no_show`` and ``wait_over_30`` chances (0 to 1)."""
POINT_COLUMNS = ("at", "kind", "site", "provider", "request", "words")
"""Of the huddle's points; ``at`` is HH:MM, empty for all day."""


@dataclass(frozen=True)
class Sheet:
    """What one of the office has in hand on a day.

    Attributes
    ----------
    role : str
        ``provider``, ``support`` or ``desk``.
    who, site : str
        Id of the provider, else empty; id of the site, of a provider's empty.
    lines : tuple of Line
        Visits: of a provider those that he or she gives or takes part in, of support those with a room, device or
        staff, of the desk all at the site; by arrival, a provider's by start.
    points : tuple of HuddlePoint
        What is worth a word.
    """

    role: Role
    who: str
    site: str
    lines: tuple[Line, ...] = field(repr=False)
    points: tuple[HuddlePoint, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """What its files are called, before ids are made fit for file names."""
        return {"provider": f"provider-{self.who}", "support": f"support-{self.site}", "desk": f"desk-{self.site}"}[
            self.role
        ]

    @property
    def unprepared(self) -> tuple[Line, ...]:
        """Visits for which something is to be done the day before: a chart opened, or what is missing got."""
        return tuple(line for line in self.lines if line.new or line.missing)


@dataclass(frozen=True)
class DaySheets:
    """The sheets of a day.

    Attributes
    ----------
    given : GivenDay
        What they are made of.
    lines : tuple of Line
        All visits of the day, by arrival.
    points : tuple of HuddlePoint
        All that is worth a word, by time.
    sheets : tuple of Sheet
        Providers by id, then support and desk by site.
    """

    given: GivenDay = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    points: tuple[HuddlePoint, ...] = field(repr=False)
    sheets: tuple[Sheet, ...]

    @property
    def visits(self) -> pd.DataFrame:
        """All visits of the day; columns as in :data:`VISIT_COLUMNS`."""
        return visits_table(self.lines, self.given)

    @property
    def huddle(self) -> pd.DataFrame:
        """All points of the day; columns as in :data:`POINT_COLUMNS`."""
        return points_table(self.points)


def day_sheets(given: GivenDay) -> DaySheets:
    """The sheets of a day.

    Parameters
    ----------
    given : GivenDay
        Office, plan, day, and what else is known.

    Raises
    ------
    ValueError
        If the plan does not cover the day.
    """
    if not given.plan.problem.calendar.covers(given.day):
        raise ValueError(f"expected a day of the plan, not {given.day}")
    lines = lines_of(given)
    points = huddle(given, lines)
    uses = [use for use in given.plan.session_uses if use.date == given.day]
    providers = {use.provider for use in uses} | {name for line in lines for name in line.visit.providers}
    sites = {use.site for use in uses} | {line.visit.site for line in lines}
    sheets = [
        _of_provider(name, lines, points, {use.site for use in uses if use.provider == name})
        for name in sorted(providers)
    ]
    for site in sorted(sites):
        here = tuple(line for line in lines if line.visit.site == site)
        mine = {use.provider for use in uses if use.site == site}
        said = tuple(one for one in points if one.site == site or (not one.site and one.provider in (*mine, "")))
        away = tuple(one for one in points if one.kind == "away" and one not in said)
        held = tuple(line for line in here if any(step.pools for step in line.steps))
        sheets.append(Sheet("support", "", site, held, said))
        sheets.append(Sheet("desk", "", site, here, tuple(sorted([*said, *away]))))
    return DaySheets(given, lines, points, tuple(sheets))


def _of_provider(name: str, lines: Sequence[Line], points: Sequence[HuddlePoint], sites: set[str]) -> Sheet:
    mine = [line for line in lines if name in line.visit.providers]
    mine.sort(key=lambda line: (line.visit.with_provider(name), line.visit.request))
    sites = sites | {line.visit.site for line in mine}
    said = [one for one in points if one.provider == name or (not one.provider and one.site in (*sites, ""))]
    return Sheet("provider", name, "", tuple(mine), tuple(said))


def visits_table(lines: Sequence[Line], given: GivenDay) -> pd.DataFrame:
    """Visits as a table; columns as in :data:`VISIT_COLUMNS`."""
    names = given.noted.names
    rows = []
    for line in lines:
        visit = line.visit
        rows.append(
            (
                clock(visit.arrive), clock(visit.start), clock(visit.end, end=True), clock(visit.depart, end=True),
                visit.request, visit.patient, names.get(visit.patient, ""), visit.visit_type, visit.provider,
                visit.site, ";".join(visit.others),
                "; ".join(f"{clock(step.start)} {' + '.join(step.pools)}".rstrip() for step in line.steps),
                "yes" if line.new else "no", line.language, visit.promise,
                "; ".join(one.words for one in line.missing), "; ".join(one.words for one in line.material),
                ";".join(line.cases), line.no_show, line.long_wait,
            )
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(VISIT_COLUMNS))
    return frame.astype({"no_show": "float64", "wait_over_30": "float64"}).round(4)


def points_table(points: Sequence[HuddlePoint]) -> pd.DataFrame:
    """Points as a table; columns as in :data:`POINT_COLUMNS`."""
    rows = [(clock(one.at) if one.at else "", *one[1:]) for one in points]
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))
