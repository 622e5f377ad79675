"""Couplings of time: nobody is in two places at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.among import Among
from schedopt.models.problem.couplings.base import Breach, CostPart, Coupling, Encoder, speak_as
from schedopt.models.problem.holds import filled, holds
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


def _overlaps(group: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Positions of stretches that overlap an earlier one of their group, and of that earlier one."""
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order], end[order]
    big = int(end.max(initial=0)) - int(start.min(initial=0)) + 1
    latest = np.maximum.accumulate(end + group * big) if len(end) else end
    holder = np.maximum.accumulate(np.where(end + group * big == latest, np.arange(len(end)), 0)) if len(end) else end
    late = np.flatnonzero((group[1:] == group[:-1]) & (start[1:] + group[1:] * big < latest[:-1])) + 1
    return order[late], order[holder[late - 1]]


@dataclass(frozen=True)
class ProviderTime(Coupling):
    r"""A provider is with one patient, or one group, at a time; minutes idle inside a session, and past its end, cost.

    For session :math:`s` with visits :math:`V_s`, held from :math:`b_i` to :math:`e_i`, that starts at :math:`S_s`
    and ends at :math:`E_s`: :math:`\text{idle} = \max_i e_i - S_s - \sum_i (e_i - b_i)` and
    :math:`\text{overtime} = \max(0, \max_i e_i - E_s)`.

    Attributes
    ----------
    idle, overtime : int
        Points a minute.
    """

    idle: int
    overtime: int

    within_day = True
    local = True
    name = "provider_time"
    source = "rosters"
    reason = "a provider sees one patient at a time"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a provider."""
        return _providers(week, placed)

    def words(self, week: Week, group: int) -> str:
        """Who."""
        return f"{week.sessions.provider_ids[group]} sees one patient at a time"

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling:
        """For some providers."""
        everybody = np.arange(len(week.sessions.provider_ids))
        return TimeOfSome(np.isin(everybody, groups) != but)

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that start while their provider is still held by another."""
        for breach, _ in _double_booked(week, schedule):
            yield breach

    def post(self, encoder: Encoder) -> None:
        """No overlap in a session; its last end is pushed up by every visit and pulled down by the cost.

        Visits of others, which stay, are walls that count as held.
        """
        week, model = encoder.week, encoder.model
        grid, by_session = week.calendar.grid, _stretches(encoder)
        walls = _walls(week, encoder.outside, by_session)
        for session, members in by_session.items():
            first, end = int(week.sessions.start[session]), int(week.sessions.end[session])
            overtime = int(week.sessions.overtime[session])
            through = max((stop for _, stop in walls[session]), default=first)
            last = model.new_int_var(through, end + overtime, "")
            held: list[Any] = [stop - begin for begin, stop in walls[session]]
            intervals = [model.new_fixed_size_interval_var(begin, stop - begin, "") for begin, stop in walls[session]]
            for literal, begin, size in members:
                intervals.append(model.new_optional_fixed_size_interval_var(begin, size, literal, ""))
                model.add(last >= begin + size).only_enforce_if(literal)
                held.append(size * literal)
            model.add_no_overlap(intervals)
            model.add(last - first >= sum(held))
            encoder.pay(last - first - sum(held), self.idle * grid)
            if overtime:
                over = model.new_int_var(0, overtime, "")
                model.add(over >= last - end)
                encoder.pay(over, self.overtime * grid)

    def parts(self, week: Week, schedule: Schedule) -> Sequence[CostPart]:
        """Idle and overtime minutes of the whole schedule."""
        minutes = session_minutes(week, schedule)
        idle, overtime = int(minutes["idle_minutes"].sum()), int(minutes["overtime_minutes"].sum())
        return (
            CostPart("idle", self.source, self.idle * idle, idle, "minutes"),
            CostPart("overtime", self.source, self.overtime * overtime, overtime, "minutes"),
        )


@dataclass(frozen=True)
class TimeOfSome(Coupling):
    """What is left of :class:`ProviderTime` where it holds for some providers alone, without prices.

    Attributes
    ----------
    providers : bool array, shape (providers,)
    """

    providers: Flags

    def __post_init__(self) -> None:
        speak_as(self, ProviderTime, "within_day")

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a provider."""
        row, provider = _providers(week, placed)
        mine = self.providers[provider]
        return row[mine], provider[mine]

    def words(self, week: Week, group: int) -> str:
        """Who."""
        return f"{week.sessions.provider_ids[group]} sees one patient at a time"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that start while their provider, one of these, is still held by another."""
        for breach, provider in _double_booked(week, schedule):
            if self.providers[provider]:
                yield breach

    def post(self, encoder: Encoder) -> None:
        """No overlap in a session."""
        model, stretches = encoder.model, _stretches(encoder)
        walls = _walls(encoder.week, encoder.outside, stretches)
        for session, members in stretches.items():
            if self.providers[encoder.week.sessions.provider[session]]:
                stays = [model.new_fixed_size_interval_var(begin, end - begin, "") for begin, end in walls[session]]
                free = [model.new_optional_fixed_size_interval_var(at, size, here, "") for here, at, size in members]
                model.add_no_overlap([*stays, *free])


def _providers(week: Week, placed: Placements) -> tuple[Ints, Ints]:
    """Position of a placement, and the code of each provider whom it holds."""
    there = np.flatnonzero(placed.session >= 0)
    row, _, other = filled(week, placed)
    provider = week.sessions.provider
    return np.concatenate([there, row]), np.concatenate([provider[placed.session[there]], provider[other]])


def _double_booked(week: Week, schedule: Schedule) -> Iterator[tuple[Breach, int]]:
    """Visits that start while a provider is still held by another, and the provider's code."""
    held, sessions = holds(week, schedule), week.sessions
    late, holder = _overlaps(sessions.provider[held.session], held.start, held.end)
    columns = (held.request[late], held.request[holder], sessions.provider[held.session[late]])
    for one, other, provider in zip(*(column.tolist() for column in columns), strict=True):
        yield Breach(one, f"{sessions.provider_ids[provider]} is still with {week.requests.ids[other]}"), provider


def _stretches(encoder: Encoder) -> dict[int, list[tuple[Any, Any, int]]]:
    """By session, what may be held of it: whether it is, from where on, and for how many cells."""
    week = encoder.week
    found: dict[int, list[tuple[Any, Any, int]]] = defaultdict(list)
    pairs = encoder.pairs()
    columns = (*pairs, week.hold_of(*pairs))
    for request, session, hold in zip(*(column.tolist() for column in columns), strict=True):
        begin = encoder.start(int(week.steps.provider_step[request])) - int(week.requests.buffer_before[request])
        found[session].append((encoder.holding(request, session), begin, hold))
    for role, session in zip(*(column.tolist() for column in encoder.fillings()), strict=True):
        step = int(week.roles.step[role])
        found[session].append((encoder.fills(role, session), encoder.start(step), int(week.steps.length[step])))
    return found


def session_minutes(week: Week, schedule: Schedule) -> dict[str, Ints]:
    """Visits, and seen, idle and overtime minutes, by session.

    Seen are buffers and provider steps, and steps of other providers' visits that the provider takes part in. Such
    visits are not counted.
    """
    held, grid, count = holds(week, schedule), week.calendar.grid, len(week.sessions)
    last = week.sessions.start.copy()
    np.maximum.at(last, held.session, held.end)
    seen = np.bincount(held.session, weights=held.end - held.start, minlength=count).astype(np.int64)
    return {
        "visits": np.bincount(schedule.session[schedule.placed], minlength=count),
        "seen_minutes": grid * seen,
        "idle_minutes": grid * (last - week.sessions.start - seen),
        "overtime_minutes": grid * np.maximum(0, last - week.sessions.end),
    }


def _walls(week: Week, outside: Schedule, sessions: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By session, the stretches for which visits that stay hold its provider."""
    walls: dict[int, list[tuple[int, int]]] = {session: [] for session in sessions}
    held = holds(week, outside)
    inside = np.isin(held.session, list(walls))
    columns = (held.session, held.start, held.end)
    for session, start, stop in zip(*(column[inside].tolist() for column in columns), strict=True):
        walls[session].append((start, stop))
    return walls


@dataclass(frozen=True)
class PatientTime(Coupling):
    """The visits of one patient, from first step to last, never overlap."""

    within_day = True
    name = "patient_time"
    source = "records"
    reason = "a patient cannot be at two visits at once"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a patient with several requests."""
        patient = week.requests.patient
        several = (np.bincount(patient)[patient] > 1)[placed.request] if len(patient) else placed.request < 0
        row = np.flatnonzero(several & (placed.session >= 0))
        return row, patient[placed.request[row]]

    def words(self, week: Week, group: int) -> str:
        """Whose visits."""
        return f"patient {week.requests.patient_ids[group]} cannot be at two visits at once"

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling:
        """For some patients."""
        mine = np.isin(week.requests.patient, groups) != but
        return Among(self, mine)

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that begin before another visit of the same patient is over."""
        placed = schedule.placed
        first, last = (column[placed] for column in schedule.span(week))
        late, holder = _overlaps(week.requests.patient[placed], first, last)
        for one, other in zip(placed[late].tolist(), placed[holder].tolist(), strict=True):
            yield Breach(one, f"the same patient is still at {week.requests.ids[other]}")

    def post(self, encoder: Encoder) -> None:
        """No overlap of the visits of each patient who has several."""
        patient = encoder.week.requests.patient
        counts = np.bincount(patient)
        for person in {int(patient[r]) for r in encoder.free if counts[patient[r]] > 1}:
            members = np.flatnonzero(patient == person).tolist()
            intervals = [self._interval(encoder, r) for r in members]
            encoder.model.add_no_overlap([i for i in intervals if i is not None])

    @staticmethod
    def _interval(encoder: Encoder, request: int) -> Any:
        week, model = encoder.week, encoder.model
        steps = week.steps
        head, tail = int(steps.offset[request]), int(steps.offset[request + 1]) - 1
        if not encoder.is_free(request):
            if encoder.outside.session[request] < 0:
                return None
            first, last = (int(column[request]) for column in encoder.outside.span(week))
            return model.new_fixed_size_interval_var(first, last - first, "")
        if head == tail and week.requests.by_provider is None:
            return model.new_optional_fixed_size_interval_var(
                encoder.start(head), int(steps.length[head]), encoder.placed(request), ""
            )
        size, end = model.new_int_var(0, week.calendar.cells_per_day, ""), encoder.start(tail) + encoder.length(tail)
        if week.requests.by_provider is not None:  # an interval's end has one variable at most
            through = model.new_int_var(-week.calendar.num_cells, 3 * week.calendar.num_cells, "")
            model.add(through == end).only_enforce_if(encoder.placed(request))
            end = through
        return model.new_optional_interval_var(encoder.start(head), size, end, encoder.placed(request), "")
