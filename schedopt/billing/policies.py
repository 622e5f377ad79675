"""Who insures whom on which day: coverage.csv, and what insurers have answered since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.week import Week
from schedopt.models.tables import Eligibility

FAR = 100_000
"""More days than there are between any two dates."""


def day_words(calendar: Calendar, day: int) -> str:
    """A day, counted from the first planned, such as ``12 November``; of another year with that."""
    date = calendar.date(day)
    return f"{date.day} {date:%B}" + ("" if date.year == calendar.first.year else f" {date.year}")


def cited(calendar: Calendar, source: str, answered: int | None) -> str:
    """An answer as explanations cite it, such as ``271 of 12 November``."""
    name = source or "answer"
    return name if answered is None else f"{name} of {day_words(calendar, answered)}"


def day_of(calendar: Calendar, date: dt.date | None, otherwise: int) -> int:
    """Days from the first planned, whatever the date; `otherwise` without one."""
    return otherwise if date is None else calendar.day(date)


@dataclass(frozen=True)
class Answers:
    """What insurers have answered, one entry an answer; where several speak of a day, the last one counts.

    Attributes
    ----------
    patient, insurer, visit_type : int array
        Codes; visit type -1: all.
    first, last : int array
        Days that it speaks of, from the first planned.
    active, alone : bool array
        The patient is covered on these days; and on no others.
    answered : int array
        Day of the answer, from the first planned.
    left : int array
        Visits left, or -1 where it does not say.
    row : int array
        Place in the table.
    source : tuple of str
        As it is cited.
    """

    patient: Ints
    insurer: Ints
    visit_type: Ints
    first: Ints
    last: Ints
    active: Flags
    alone: Flags
    answered: Ints
    left: Ints
    row: Ints
    source: tuple[str, ...]

    def within(self, numbers: Ints, num_days: int) -> Flags:
        """Which days planned are among those that answers speak of; shape (numbers, days)."""
        days = np.arange(num_days)
        inside: Flags = (self.first[numbers][:, None] <= days) & (days <= self.last[numbers][:, None])
        return inside

    def words(self, number: int, calendar: Calendar) -> str:
        """The answer as it is cited."""
        return cited(calendar, self.source[number], int(self.answered[number]))


@dataclass(frozen=True)
class Policies:
    """The rows of coverage.csv as columns, in their order, and the answers about them.

    Attributes
    ----------
    insurers : tuple of str
        What the codes of insurers stand for.
    num_patients : int
        Patients of the office.
    patient, insurer : int array
        Codes.
    first, last : int array
        Days on which it holds, from the first planned.
    answers : Answers or None
        None: the office has no table of answers.
    """

    insurers: tuple[str, ...]
    num_patients: int
    patient: Ints
    insurer: Ints
    first: Ints
    last: Ints
    answers: Answers | None

    @cached_property
    def _of_patient(self) -> Lists:
        return Lists.by_key(self.patient, self.num_patients)

    def in_force(self, week: Week, requests: Ints) -> tuple[Ints, Ints, Flags, Ints]:
        """Every policy of the patients of some requests.

        Returns
        -------
        position, policy : int array
            Position in `requests`, and number of the policy, by request and in the order of coverage.csv.
        force : bool array, shape (entries, days)
            Whether it is in force.
        said : int array, shape (entries, days)
            The answer that says so, or -1 where coverage.csv does.
        """
        position, policy = self._of_patient.joined(week.requests.patient[requests])
        num_days = week.calendar.num_days
        days = np.arange(num_days)
        force: Flags = (self.first[policy][:, None] <= days) & (days <= self.last[policy][:, None])
        said = np.full(force.shape, -1, np.int64)
        if self.answers is not None and len(self.answers.patient):
            entry, number = self._answers_of(week, requests[position], policy)
            within = self.answers.within(number, num_days)
            speaks = within | self.answers.alone[number][:, None]
            np.maximum.at(said, entry, np.where(speaks, number[:, None], -1))
            told = self.answers.active[said] & (self.answers.first[said] <= days) & (days <= self.answers.last[said])
            force = np.where(said >= 0, told, force)
        return position, policy, force, said

    def _answers_of(self, week: Week, request: Ints, policy: Ints) -> tuple[Ints, Ints]:
        """Entry of each policy of a request, with each answer about it; later ones last."""
        answers = self.answers
        assert answers is not None
        entry, number = Lists.by_key(answers.patient, self.num_patients).joined(self.patient[policy])
        kind = answers.visit_type[number]
        about = answers.insurer[number] == self.insurer[policy[entry]]
        about &= (kind < 0) | (kind == week.requests.visit_type[request[entry]])
        return entry[about], number[about]


def read_policies(office: Office, week: Week) -> Policies:
    """The columns of coverage.csv and eligibility.csv."""
    rows, calendar = office.coverage or (), week.calendar
    insurers = {name: code for code, name in enumerate(dict.fromkeys(row.insurer for row in rows))}
    code = {row.patient: number for number, row in enumerate(office.patients)}
    return Policies(
        tuple(insurers), len(code),
        np.array([code[row.patient] for row in rows], np.int64),
        np.array([insurers[row.insurer] for row in rows], np.int64),
        np.array([day_of(calendar, row.valid_from, -FAR) for row in rows], np.int64),
        np.array([day_of(calendar, row.valid_until, FAR) for row in rows], np.int64),
        None if office.eligibility is None else _answers(office.eligibility, week, code, insurers),
    )  # fmt: skip


def _answers(
    rows: tuple[Eligibility, ...], week: Week, patients: dict[str, int], insurers: dict[str, int]
) -> Answers:  # fmt: skip
    """Answers that say something of somebody's insurer, in the order in which they count."""
    calendar, kinds = week.calendar, {name: code for code, name in enumerate(week.requests.visit_type_ids)}
    said = [(n, row) for n, row in enumerate(rows) if row.status != "unknown" and row.insurer in insurers]
    said.sort(key=lambda pair: (pair[1].answered, pair[1].visit_type is not None, _of_one_day(pair[1])))
    told = [row for _, row in said]
    span = [_span(row, calendar) for row in told]
    return Answers(
        np.array([patients[row.patient] for row in told], np.int64),
        np.array([insurers[row.insurer] for row in told], np.int64),
        np.array([-1 if row.visit_type is None else kinds[row.visit_type] for row in told], np.int64),
        np.array([first for first, _ in span], np.int64), np.array([last for _, last in span], np.int64),
        np.array([row.status == "active" for row in told], bool),
        np.array([row.status == "active" and _has_days(row) for row in told], bool),
        np.array([calendar.day(row.answered) for row in told], np.int64),
        np.array([-1 if row.visits_left is None else row.visits_left for row in told], np.int64),
        np.array([number for number, _ in said], np.int64), tuple(row.source for row in told),
    )  # fmt: skip


def _has_days(row: Eligibility) -> bool:
    return row.valid_from is not None or row.valid_until is not None


def _of_one_day(row: Eligibility) -> bool:
    return row.asked_for is not None and not _has_days(row)


def _span(row: Eligibility, calendar: Calendar) -> tuple[int, int]:
    """First and last day that an answer speaks of."""
    if _of_one_day(row):
        day = day_of(calendar, row.asked_for, 0)
        return day, day
    return day_of(calendar, row.valid_from, -FAR), day_of(calendar, row.valid_until, FAR)


def who_pays(policies: Policies, week: Week) -> tuple[Ints, Ints]:
    """The insurer of each request on each day, or -1, and the answer by which, or -1; shape (requests, days) each.

    Of several that are in force, the one that stands first in coverage.csv.
    """
    num_days = week.calendar.num_days
    by_patient = np.full((policies.num_patients, num_days), -1, np.int64)
    for day in range(num_days):
        valid = np.flatnonzero((policies.first <= day) & (day <= policies.last))[::-1]
        by_patient[policies.patient[valid], day] = policies.insurer[valid]  # of entries for one place, the last stays
    insurer = by_patient[week.requests.patient]
    answer = np.full_like(insurer, -1)
    if policies.answers is not None and len(policies.answers.patient):
        asked = np.flatnonzero(np.isin(week.requests.patient, policies.answers.patient))
        position, policy, force, said = policies.in_force(week, asked)
        insurer[asked] = -1
        for day in range(num_days):
            valid = np.flatnonzero(force[:, day])[::-1]
            insurer[asked[position[valid]], day] = policies.insurer[policy[valid]]
            answer[asked[position[valid]], day] = said[valid, day]
    return insurer, answer
