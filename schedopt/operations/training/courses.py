"""Courses, on dates on which the plan loses least, for those whose competences end soonest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from schedopt.models.office import Office
from schedopt.models.problem.changes import Change
from schedopt.models.problem.plan import Plan
from schedopt.models.tables.fields import parse_time
from schedopt.operations.placing import Placed, Taken, Task, place
from schedopt.operations.training.learning_tables import Course
from schedopt.operations.training.matrix import WITHIN, gives
from schedopt.operations.training.people import DAY, Person, by_id, people_of
from schedopt.operations.training.presence import Presence
from schedopt.operations.training.times import Times, runs
from schedopt.operations.training.wanted import Wanted, wanted_of

Booked = Mapping[tuple[str, str], dt.date]
IN_TIME, TOO_LATE, NO_PLACE = "in time", "after it ends", "no place"
"""What became of who should attend."""
TRIED = 4
"""Times of a course that are priced exactly, at most."""
SOON = 13
"""What ends before any course is looked after so many days at a time."""
SECONDS = 0.3
"""Counted work of one exact price."""
_DATES = {
    "course": "str", "competence": "str", "date": "object", "start": "str", "end": "str", "trainer": "str",
    "pool": "str", "attendees": "str", "seats_left": "int64", "points": "float64", "points_next_monday": "float64",
    "visits_moved": "float64", "visits_left_out": "float64", "why": "str",
}  # fmt: skip
_PLACES = {
    "staff": "str", "what": "str", "kind": "str", "until": "object", "required": "bool", "state": "str",
    "course": "str", "date": "object", "start": "str", "reason": "str",
}  # fmt: skip


@dataclass(frozen=True)
class Courses:
    """Dates of courses, and who attends which.

    Attributes
    ----------
    dates : pandas.DataFrame
        One row a date: ``course``, ``competence`` (ids), ``date`` (datetime.date), ``start``, ``end`` (HH:MM),
        ``trainer`` (id; empty: somebody from outside), ``pool`` (id; empty: none), ``attendees`` (ids, separated by
        ``;``), ``seats_left``, ``points`` (that the plan loses), ``points_next_monday`` (that it would lose on the next
        free Monday; NaN where there is none), ``visits_moved``, ``visits_left_out``, ``why`` (a sentence).
    places : pandas.DataFrame
        One row for each competence or credential that ends, or is required and not held, what ends soonest first:
        ``staff``, ``what`` (ids), ``kind``, ``until`` (datetime.date; None: never held), ``required``, ``state`` (``in
        time``, ``after it ends`` or ``no place``), ``course``, ``date``, ``start`` (HH:MM; empty without a place),
        ``reason`` (words).
    tasks : tuple of Task
        What was placed, as :func:`schedopt.operations.placing.place` takes it.
    changes, later : tuple of Away or Closed
        For :func:`schedopt.replan`: what the courses on planned days take, and those on days after them.
    plan : Plan
        The plan after all `changes`.
    """

    dates: pd.DataFrame
    places: pd.DataFrame
    tasks: tuple[Task, ...]
    changes: tuple[Change, ...]
    later: tuple[Change, ...]
    plan: Plan = field(repr=False)


def place_courses(
    office: Office, plan: Plan, *, within: int = WITHIN, tried: int = TRIED, time_limit: float = SECONDS,
    now: dt.datetime | None = None, booked: Booked = MappingProxyType({}),
) -> Courses:  # fmt: skip
    """Find dates for courses, and who attends them.

    Whoever's competence or credential ends comes to a course before it does, those first for whom it ends soonest, and
    with them all others on the list who can be there, up to the seats. Each date is put where the plan loses fewest
    points. What is required and not held any more, or not yet, goes before all else. Nobody is in two courses at once,
    the trainer and the room are taken, and where no date is in time the first good one after it is taken.

    Parameters
    ----------
    office : Office
        As read.
    plan : Plan
        The plan of days from the first one on; its schedule breaks no rule.
    within : int
        Days, from the plan's first on, in which what ends is looked at and courses are held.
    tried : int
        Times of a course that are priced exactly, at most.
    time_limit : float
        Seconds of counted work of one exact price, as for :func:`schedopt.replan`.
    now : datetime.datetime, optional
        The moment of asking: no course is held before it.
    booked : mapping
        Dates of courses on which places are booked already, by staff and competence: these are not looked for again.
    """
    desk = _CourseDesk(office, plan, within, (tried, time_limit, now))
    queue = desk.without_booked(wanted_of(office, desk.first, desk.last), booked)
    while queue:
        done = desk.book(queue)
        queue = [one for one in queue if one not in done]
    return desk.found()


class _CourseDesk:
    """Places course after course; what it has placed is taken."""

    def __init__(
        self, office: Office, plan: Plan, within: int, how: tuple[int, float, dt.datetime | None]
    ) -> None:  # fmt: skip
        self.first = plan.problem.calendar.first
        self.last = self.first + within * DAY
        self._plan, self._how = plan, how
        self._person = by_id(people_of(office))
        self._courses = office.rows(Course) or ()
        self._times = Times(
            Presence(office, self.first, self.last), {row.pool: row.capacity for row in office.pools or ()}
        )
        self._held = Counter[str]()
        self._dates: list[tuple[object, ...]] = []
        self._places: list[tuple[object, ...]] = []
        self._tasks: list[Task] = []
        self._changes: list[Change] = []
        self._later: list[Change] = []

    def found(self) -> Courses:
        """All that has been placed."""
        dates = pd.DataFrame(self._dates, columns=list(_DATES)).astype(_DATES)
        places = pd.DataFrame(self._places, columns=list(_PLACES)).astype(_PLACES)
        dates = dates.sort_values(["date", "start", "course"], kind="stable", ignore_index=True)
        return Courses(dates, places, tuple(self._tasks), tuple(self._changes), tuple(self._later), self._plan)

    def without_booked(self, wanted: Sequence[Wanted], booked: Booked) -> list[Wanted]:
        """Who has no place in a course yet."""
        left = list[Wanted]()
        for one in wanted:
            date = booked.get((one.person.staff, one.what.id))
            if date is None:
                left.append(one)
            else:
                state = IN_TIME if date <= one.due else TOO_LATE
                self._places.append(self._place_row(one, state, None, date, "", "a place is booked already"))
        return left

    def book(self, queue: Sequence[Wanted]) -> list[Wanted]:
        """Find a date for the first who wait, with others where they can come too; all who are settled by it."""
        head, reasons = queue[0], list[str]()
        courses = [row for row in self._courses if gives(row, head.what, head.level)]
        for course, days in self._tries(courses, head):
            why = self._why_not(course, head, days)
            if why:
                reasons.append(why)
                continue
            batch = self._batch(course, queue, days)
            while batch and not self._place(course, batch, days):
                batch = batch[:-1]
            if batch:
                return batch
            reasons.append(f"{course.course}: no time from {days[0]} to {days[1]} at which all can be there")
        reason = "; ".join(dict.fromkeys(reasons)) or f"no course gives {head.what.id} at level {head.level}"
        self._places.append(self._place_row(head, NO_PLACE, None, None, "", reason))
        return [head]

    def _tries(self, courses: Sequence[Course], head: Wanted) -> Iterator[tuple[Course, tuple[dt.date, dt.date]]]:
        """Courses and days to try in turn: in time first; after that, the sooner the better."""
        for course in courses if head.due >= self.first else ():
            first, last = self._held_in(course)
            yield course, (first, min(last, head.due))
        begin = max(self.first, head.due + DAY)
        while courses and begin <= self.last:
            for course in courses:
                first, last = self._held_in(course)
                days = max(first, begin), min(last, begin + SOON * DAY)
                if days[0] <= days[1]:
                    yield course, days
            begin += (SOON + 1) * DAY

    def _held_in(self, course: Course) -> tuple[dt.date, dt.date]:
        """The first and the last day on which a course can be held."""
        return max(self.first, course.first_day or self.first), min(self.last, course.last_day or self.last)

    def _why_not(self, course: Course, head: Wanted, days: tuple[dt.date, dt.date]) -> str:
        """Why somebody cannot attend a course on some days, in words; empty where it may be."""
        trainer = self._trainer(course)
        if trainer is not None and trainer.staff == head.person.staff:
            return f"{course.course}: it is {head.person.staff} who gives it"
        if course.sites and head.person.site is not None and head.person.site not in course.sites:
            return f"{course.course}: it is not for staff of {head.person.site}"
        if self._held[course.course] >= course.dates:
            return f"{course.course}: no seats are left on its {course.dates} dates"
        if days[0] > days[1]:
            return f"{course.course}: it is held on no day up to {head.due}"
        if trainer is not None and not self._times.windows(course, [trainer], days):
            return f"{course.course}: its trainer has no time from {days[0]} to {days[1]}"
        return ""

    def _trainer(self, course: Course) -> Person | None:
        return None if course.trainer is None else self._person[course.trainer]

    def _batch(self, course: Course, queue: Sequence[Wanted], days: tuple[dt.date, dt.date]) -> list[Wanted]:
        """The first who waits, and others who want the course and can be there at the same time, up to its seats."""
        trainer, batch = self._trainer(course), list[Wanted]()
        people = [] if trainer is None else [trainer]
        for one in queue:
            wants = gives(course, one.what, one.level) and not self._why_not(course, one, days)
            if not wants or len({other.person.staff for other in batch} | {one.person.staff}) > course.seats:
                continue
            if one.person in people or self._times.windows(course, [*people, one.person], days):
                batch.append(one)
                people += [one.person] * (one.person not in people)
            elif not batch:
                return []
        return batch

    def _place(self, course: Course, batch: Sequence[Wanted], days: tuple[dt.date, dt.date]) -> bool:
        """Put a course with these people where the plan loses least; whether there is such a time."""
        attending = list(dict.fromkeys(one.person for one in batch))
        trainer = self._trainer(course)
        people = [*attending, *([] if trainer is None else [trainer])]
        tried, seconds, now = self._how
        best: tuple[Task, Placed] | None = None
        for task in self._tasks_of(course, people, days):
            placed = place(self._plan, [task], tried=tried, time_limit=seconds, now=now)
            if len(placed.placements) and (best is None or _points(placed) < _points(best[1])):
                best = task, placed
            if best is not None and not _points(best[1]):
                break
        if best is None:
            return False
        task, placed = best
        row = placed.placements.iloc[0]
        self._plan = placed.plan
        self._tasks.append(task)
        self._changes += placed.changes
        self._later += placed.later
        self._note(course, batch, attending, row)
        return True

    def _tasks_of(self, course: Course, people: Sequence[Person], days: tuple[dt.date, dt.date]) -> list[Task]:
        """The course as a task for each set of days on which it can be held in the same hours."""
        week = self._plan.problem.week
        own = {week.sessions.provider_ids[code] for code in set(week.sessions.provider.tolist())}
        providers = tuple(str(person.provider) for person in people if person.provider in own)
        who = tuple(person.staff for person in people if person.provider not in own)
        pools = () if course.pool is None else (Taken(course.pool, 1, f"course {course.course}"),)
        name = f"{course.course} {self._held[course.course] + 1}"
        found = [
            Task(name, course.minutes, first, last, f"course {course.course}", providers, pools, (), who, hours, on)
            for first, last, on, hours in runs(self._times.windows(course, people, days))
        ]
        return sorted(found, key=lambda task: task.first)

    def _note(self, course: Course, batch: Sequence[Wanted], attending: Sequence[Person], row: pd.Series) -> None:
        """Keep what has been placed."""
        trainer, date = self._trainer(course), row["date"]
        span = parse_time(row["start"]), parse_time(row["end"])
        names = [person.staff for person in attending]
        taken = [*names, *([] if trainer is None else [trainer.staff])]
        self._times.take([*taken, *([] if course.pool is None else [f"pool {course.pool}"])], date, span)
        self._held[course.course] += 1
        self._dates.append((
            course.course, course.competence, date, row["start"], row["end"], "" if trainer is None else trainer.staff,
            course.pool or "", "; ".join(names), course.seats - len(names), row["points"], row["points_next_monday"],
            row["visits_moved"], row["visits_left_out"], row["why"],
        ))  # fmt: skip
        for one in batch:
            state = IN_TIME if date <= one.due else TOO_LATE
            words = "it is held before what is held ends" if state == IN_TIME else _late_words(one)
            self._places.append(self._place_row(one, state, course, date, row["start"], words))

    @staticmethod
    def _place_row(
        one: Wanted, state: str, course: Course | None, date: dt.date | None, start: str, reason: str
    ) -> tuple[object, ...]:  # fmt: skip
        name = "" if course is None else course.course
        return (
            one.person.staff, one.what.id, one.what.kind, one.until, one.required, state, name, date, start, reason,
        )  # fmt: skip


def _points(placed: Placed) -> float:
    return float(placed.placements["points"].iloc[0])


def _late_words(one: Wanted) -> str:
    if one.until is None:
        return "it is not held; this is the first good date"
    return f"no date is in time: it ends on {one.until}" if one.due >= one.until else f"it ended on {one.until}"


def leave_rows(courses: Courses, office: Office) -> pd.DataFrame:
    """Rows of leave.csv for the providers who give or attend courses, so that planning knows.

    Returns
    -------
    pandas.DataFrame
        ``provider``, ``first_day``, ``last_day`` (YYYY-MM-DD), ``start``, ``end`` (HH:MM), ``reason`` (which course).
    """
    person, rows = by_id(people_of(office)), []
    for row in courses.dates.itertuples():
        for name in filter(None, [*str(row.attendees).split("; "), str(row.trainer)]):
            provider = person[name].provider
            if provider is not None:
                day = str(row.date)
                rows.append((provider, day, day, str(row.start), str(row.end), f"course {row.course}"))
    return pd.DataFrame(rows, columns=["provider", "first_day", "last_day", "start", "end", "reason"], dtype="str")
