"""Couplings of a patient's visits at two sites on one day: the way between them, and sites in two time zones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.among import Among
from schedopt.models.problem.couplings.base import Breach, Coupling, Encoder
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week

Place = tuple[int, int]


@dataclass(frozen=True)
class PatientTravel(Coupling):
    """A patient with visits at two sites on a day has the time to get from one to the other.

    Attributes
    ----------
    travel : int array, shape (sites, sites)
        Minutes from one site to another; 0 where no time is needed.
    grid : int
        Minutes of a cell.
    """

    travel: Ints
    grid: int

    within_day = True
    name = "patient_travel"
    source = "records"
    reason = "the patient needs the time to get from one site to another"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a patient with several requests."""
        patient = week.requests.patient
        several = (np.bincount(patient)[patient] > 1)[placed.request] if len(patient) else placed.request < 0
        row = np.flatnonzero(several & (placed.session >= 0))
        return row, patient[placed.request[row]]

    def words(self, week: Week, group: int) -> str:
        """Whose way."""
        return f"patient {week.requests.patient_ids[group]} needs the time to get from one site to another"

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling:
        """For some patients."""
        return Among(self, np.isin(week.requests.patient, groups) != but)

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that begin too soon after one of the same patient, that began before, at another site on that day."""
        placed, (first, last) = schedule.placed, schedule.span(week)
        placed = placed[np.lexsort((last[placed], first[placed]))]
        site = np.append(week.sessions.site, -1)[schedule.session]
        day = np.append(week.sessions.day, -1)[schedule.session]
        people = Lists.by_key(week.requests.patient[placed], len(week.requests.patient_ids))
        for number in np.flatnonzero(np.diff(people.offset) > 1).tolist():
            visits = placed[people.member[people.offset[number] : people.offset[number + 1]]].tolist()
            for one, other in itertools.combinations(visits, 2):
                minutes = int(self.travel[site[one], site[other]]) if day[one] == day[other] else 0
                had = int(first[other] - last[one]) * self.grid
                if minutes and had < minutes:
                    way = [week.sessions.site_ids[int(site[r])] for r in (one, other)]
                    yield Breach(other, self._detail(week, way, minutes, had, week.requests.ids[one]))

    def _detail(self, week: Week, way: Sequence[str], minutes: int, had: int, earlier: str) -> str:
        """What is wrong with a visit that begins so many minutes after an earlier one at another site."""
        needed = f"the patient needs {minutes} minutes from {' to '.join(way)}"
        return f"{needed}, and has {max(0, had)} minutes after {earlier}"

    def post(self, encoder: Encoder) -> None:
        """Of two visits of a patient at two sites on a day, one is over early enough before the other begins."""
        patient = encoder.week.requests.patient
        counts = np.bincount(patient)
        for person in {int(patient[r]) for r in encoder.free if counts[patient[r]] > 1}:
            members = np.flatnonzero(patient == person).tolist()
            places = {r: _places(encoder, r) for r in members}
            for one, other in itertools.combinations(members, 2):
                if encoder.is_free(one) or encoder.is_free(other):
                    self._part(encoder, (one, other), (places[one], places[other]))

    def _part(
        self, encoder: Encoder, requests: tuple[int, int], places: tuple[dict[Place, Any], dict[Place, Any]]
    ) -> None:  # fmt: skip
        """Keep two visits apart wherever they may be at two sites on a day."""
        spans = [_span(encoder, r) for r in requests]
        for here, there in itertools.product(*places):
            cells = [-(-int(self.travel[way]) // self.grid) for way in ((here[0], there[0]), (there[0], here[0]))]
            if here[1] != there[1] or not any(cells):
                continue
            both = [literal for literal in (places[0][here], places[1][there]) if literal is not None]
            turned = encoder.model.new_bool_var("")
            for literal, earlier, later, least in ((~turned, *spans, cells[0]), (turned, *spans[::-1], cells[1])):
                soonest = earlier[1] + least if least else earlier[0]
                encoder.model.add(later[0] >= soonest).only_enforce_if([*both, literal])


@dataclass(frozen=True)
class PatientZone(PatientTravel):
    """A patient is not seen in two time zones on one day.

    The clocks of the two sites cannot be compared, so the way from one to the other takes a whole day.

    Attributes
    ----------
    travel : int array, shape (sites, sites)
        Minutes of a day between sites in different zones; 0 within a zone.
    """

    name = "patient_zone"
    reason = "the patient has a visit in another time zone on that day"

    def bars(self, week: Week, schedule: Schedule, request: int, session: Ints) -> Flags:
        """In which sessions a request would be seen on a day with another visit of its patient in another zone."""
        placed, patient, sessions = schedule.placed, week.requests.patient, week.sessions
        there = schedule.session[placed[(patient[placed] == patient[request]) & (placed != request)]]
        apart = self.travel[sessions.site[session][:, None], sessions.site[there]] > 0
        barred: Flags = (apart & (sessions.day[session][:, None] == sessions.day[there])).any(axis=1)
        return barred

    def words(self, week: Week, group: int) -> str:
        """Who."""
        return f"patient {week.requests.patient_ids[group]} is not seen in two time zones on one day"

    def _detail(self, week: Week, way: Sequence[str], minutes: int, had: int, earlier: str) -> str:
        """Which other visit."""
        there, here = map(week.calendar.place_words, way)
        return f"the patient is not seen at {here} on a day with {earlier} at {there}"

    def _part(
        self, encoder: Encoder, requests: tuple[int, int], places: tuple[dict[Place, Any], dict[Place, Any]]
    ) -> None:  # fmt: skip
        """Two visits are never both on a day where they may be in two zones."""
        for here, there in itertools.product(*places):
            if here[1] == there[1] and self.travel[here[0], there[0]]:
                both = (places[0][here], places[1][there])
                encoder.model.add_bool_or([~literal for literal in both if literal is not None])


def _places(encoder: Encoder, request: int) -> dict[Place, Any]:
    """Sites and days at which a request may be placed, each with a literal; None where it stays."""
    sessions = encoder.week.sessions
    if not encoder.is_free(request):
        session = int(encoder.outside.session[request])
        return {} if session < 0 else {(int(sessions.site[session]), int(sessions.day[session])): None}
    ways: dict[Place, list[Any]] = {}
    for session in encoder.sessions(request):
        place = int(sessions.site[session]), int(sessions.day[session])
        ways.setdefault(place, []).append(encoder.at(request, session))
    return {place: _either(encoder, literals) for place, literals in ways.items()}


def _either(encoder: Encoder, literals: Sequence[Any]) -> Any:
    """A literal that is true where one of these is; at most one of them ever is."""
    if len(literals) == 1:
        return literals[0]
    either = encoder.model.new_bool_var("")
    encoder.model.add_exactly_one([*literals, ~either])
    return either


def _span(encoder: Encoder, request: int) -> tuple[Any, Any]:
    """First cell of a visit's first step, and the cell after its last."""
    steps = encoder.week.steps
    head, tail = int(steps.offset[request]), int(steps.offset[request + 1]) - 1
    if encoder.is_free(request):
        return encoder.start(head), encoder.start(tail) + encoder.length(tail)
    first, last = encoder.outside.span(encoder.week)
    return int(first[request]), int(last[request])
