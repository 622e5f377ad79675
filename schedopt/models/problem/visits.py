"""Visits as values: who is seen by whom, where and when, made once from a schedule, in ids and minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.models.problem.calendar import clock
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of a schedule.

    All times are minutes from midnight of its date, as its site's clocks show it; on days around it below 0 or over
    1440.

    Attributes
    ----------
    request, patient, visit_type, provider, site, session : str
        Ids; the provider is the one whose session it is.
    date : datetime.date
        The day of the session.
    steps : tuple of int, one a step
        When each step begins.
    minutes : tuple of int, one a step
        How long each takes.
    provider_step : int
        Place among them of the step with the provider.
    promise : str
        Empty, ``fixed``, ``kept`` or ``moved``.
    promised : str
        Words: when and with whom; empty without a promise.
    cost : int
        Points of the rules that look at this visit alone; 0 where nobody has counted them.
    others : tuple of str
        Ids of the providers who take part beside the visit's own, in the order of its roles.
    other_steps : tuple of int
        Places among the steps of those that they take part in.
    """

    request: str
    patient: str
    visit_type: str
    provider: str
    site: str
    session: str
    date: dt.date
    steps: tuple[int, ...]
    minutes: tuple[int, ...]
    provider_step: int
    promise: str = ""
    promised: str = ""
    cost: int = 0
    others: tuple[str, ...] = ()
    other_steps: tuple[int, ...] = ()

    @property
    def providers(self) -> tuple[str, ...]:
        """Everybody in whose calendar it stands."""
        return (self.provider, *self.others)

    def with_provider(self, provider: str) -> tuple[int, int]:
        """From when to when somebody in whose calendar it stands is with the patient."""
        if provider == self.provider:
            return self.start, self.end
        step = self.other_steps[self.others.index(provider)]
        return self.steps[step], self.steps[step] + self.minutes[step]

    @property
    def arrive(self) -> int:
        """When the first step begins."""
        return self.steps[0]

    @property
    def start(self) -> int:
        """When the provider step begins."""
        return self.steps[self.provider_step]

    @property
    def end(self) -> int:
        """When the provider step ends."""
        return self.start + self.minutes[self.provider_step]

    @property
    def depart(self) -> int:
        """When the last step ends."""
        return self.steps[-1] + self.minutes[-1]

    def at(self, minutes: int) -> dt.datetime:
        """One of its times as the clocks of its site show it."""
        return dt.datetime.combine(self.date, dt.time()) + dt.timedelta(minutes=minutes)


def visits_of(week: Week, schedule: Schedule, points: Ints | None = None) -> tuple[Visit, ...]:
    """The visits of a schedule, by date, start and provider.

    Parameters
    ----------
    week : Week
        The columns.
    schedule : Schedule
        Any schedule of it.
    points : int array, shape (requests,), optional
        Of the rules that look at a visit alone: :attr:`~schedopt.models.problem.check.Audit.visit_points`. Without
        them, none are counted.
    """
    placed = schedule.placed
    order = np.lexsort((week.sessions.provider[schedule.session[placed]], schedule.start(week)[placed]))
    return _visits(week, schedule, points, placed[order])


def visit_of(week: Week, schedule: Schedule, request: int) -> Visit:
    """The visit of one request that is placed; its points are not counted."""
    return _visits(week, schedule, None, np.array([request]))[0]


def _visits(week: Week, schedule: Schedule, points: Ints | None, placed: Ints) -> tuple[Visit, ...]:
    points = np.zeros(len(schedule.session), np.int64) if points is None else points
    asked, sessions, session = week.requests, week.sessions, schedule.session[placed]
    midnight = sessions.day[session] * week.calendar.cells_per_day
    promise = _promises(week, schedule, placed)
    columns = zip(*(column.tolist() for column in (placed, session, midnight, points[placed])), promise, strict=True)
    return tuple(
        Visit(
            asked.ids[r], asked.patient_ids[asked.patient[r]], asked.visit_type_ids[asked.visit_type[r]],
            sessions.provider_ids[sessions.provider[s]], sessions.site_ids[sessions.site[s]], sessions.ids[s],
            week.calendar.date(sessions.day[s]), *_steps(week, schedule, r, first), kind, promised_words(week, r),
            cost, *_others(week, schedule, r),
        )
        for r, s, first, cost, kind in columns
    )  # fmt: skip


def promised_words(week: Week, request: int) -> str:
    """Time and provider promised before, such as ``Mon 30 Nov 09:20, DR1``; empty without a promise."""
    requests, start = week.requests, int(week.requests.promised_start[request])
    if start < 0:
        return ""
    provider = week.sessions.provider_ids[int(requests.promised_provider[request])]
    return f"{week.calendar.words(start)}, {provider}"


def schedule_table(visits: Sequence[Visit]) -> pd.DataFrame:
    """Visits as a table; columns as in :attr:`~schedopt.models.problem.plan.Plan.schedule`."""
    ids = ("request", "patient", "visit_type", "provider", "site", "session")
    return pd.DataFrame(
        {
            **{name: text_column(getattr(visit, name) for visit in visits) for name in ids},
            "date": [visit.date for visit in visits],
            "arrive": text_column(clock(visit.arrive) for visit in visits),
            "start": text_column(clock(visit.start) for visit in visits),
            "end": text_column(clock(visit.end, end=True) for visit in visits),
            "depart": text_column(clock(visit.depart, end=True) for visit in visits),
            "steps": text_column(";".join(map(clock, visit.steps)) for visit in visits),
            "others": text_column(";".join(visit.others) for visit in visits),
            "promise": text_column(visit.promise for visit in visits),
            "promised": text_column(visit.promised for visit in visits),
            "cost": np.array([visit.cost for visit in visits], np.int64),
        }
    )


def text_column(values: Iterable[str]) -> Any:
    """A column of text, also where it is empty."""
    return pd.array(list(values), dtype="str")


def _steps(week: Week, schedule: Schedule, request: int, midnight: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Start and length of each step, in minutes, and the place of the provider step."""
    steps, grid = week.steps, week.calendar.grid
    head, tail = int(steps.offset[request]), int(steps.offset[request + 1])
    begin = ((schedule.step_start[head:tail] - midnight) * grid).tolist()
    length = week.step_lengths(request, int(schedule.session[request]))
    return tuple(begin), tuple((length * grid).tolist()), int(steps.provider_step[request]) - head


def _others(week: Week, schedule: Schedule, request: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Who takes part beside the visit's own provider, and the place of each one's step."""
    roles, sessions = week.roles, week.sessions
    mine = np.array(roles.of(request), np.int64)
    who = schedule.others[request, roles.number[mine]]
    there = who >= 0
    names = tuple(sessions.provider_ids[p] for p in sessions.provider[who[there]].tolist())
    return names, tuple((roles.step[mine[there]] - week.steps.offset[request]).tolist())


def _promises(week: Week, schedule: Schedule, placed: Ints) -> list[str]:
    """What became of the promise of each visit."""
    requests = week.requests
    promised, provider = requests.promised_start[placed], week.sessions.provider[schedule.session[placed]]
    same = (requests.promised_provider[placed] == provider) & (promised == schedule.start(week)[placed])
    kind = np.where(requests.fixed[placed], "fixed", np.where(same, "kept", "moved"))
    found: list[str] = np.where(promised < 0, "", kind).tolist()
    return found
