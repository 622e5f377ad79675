"""Where the blocks of a printed week stand: geometry in minutes, no HTML."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from schedopt.models.problem.calendar import Calendar, clock
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.uses import SessionUse
from schedopt.models.problem.visits import Visit
from schedopt.models.problem.week import Week
from schedopt.report.figures import date_words, duration_words

_LINE_PIXELS = 15.0
"""Height of a line of text in a block, on screen."""
_LEAST_SCALE = 1.4
"""Pixels a minute, where no visit is too short for a line of text at that."""
_WIDE_PIXELS, _TALL_PIXELS = 610.0, 900.0
"""Height left for hours on a page of A4 that lies or stands, at 96 pixels an inch."""
_WIDE_SIZE, _TALL_SIZE, _USUAL_SIZE = 0.62, 0.55, 0.8
"""Least size of text on such pages, against the screen, and the size where there is room."""
_NUM_COLOURS = 8
_WEEK = 7

Stretch = TypeVar("Stretch", Visit, SessionUse)


@dataclass(frozen=True, slots=True)
class Block:
    """A visit's place: minutes after midnight, and which of `lanes` side by side where visits overlap.

    `lines` is how many lines of text have room, `details` what a pointer resting on the block is shown.
    """

    start: int
    minutes: int
    lane: int
    lanes: int
    lines: int
    colour: int
    who: str
    details: str
    visit: Visit


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one provider; shown from `first` to `last`, minutes after midnight.

    `closed` says in brackets why sessions are missing; empty: none are for a closure.
    """

    date: dt.date
    first: int
    last: int
    sessions: Sequence[SessionUse]
    blocks: Sequence[Block]
    closed: str

    @property
    def title(self) -> str:
        """The date for people."""
        return date_words(self.date)

    @property
    def hours(self) -> Sequence[int]:
        """The hours to write at the side, in minutes after midnight."""
        return range(self.first, self.last + 1, 60)


@dataclass(frozen=True, slots=True)
class Timetable:
    """One provider's week.

    `many_sites` asks for the site beside hours: the provider works at several, or it says which time zone they are in.
    `scale` is pixels a minute on screen, `paper` the size on paper against that; `wide` asks for paper that lies.
    """

    provider: str
    days: Sequence[Day]
    first: int
    last: int
    scale: float
    paper: float
    wide: bool
    note: str
    many_sites: bool

    @property
    def hours(self) -> Sequence[int]:
        """The hours to write at the side, in minutes after midnight."""
        return range(self.first, self.last + 1, 60)


def weeks(plan: Plan) -> list[list[dt.date]]:
    """The days planned on which the office has sessions or visits, seven days of the calendar at a time."""
    calendar = plan.problem.calendar
    busy = {use.date for use in plan.session_uses} | {visit.date for visit in plan.visits}
    days = [calendar.date(day) for day in range(calendar.num_days)]
    chunks = [[day for day in days[i : i + _WEEK] if day in busy] for i in range(0, len(days), _WEEK)]
    return [chunk for chunk in chunks if chunk]


def colours(plan: Plan) -> dict[str, int]:
    """A colour's number for every visit type, the commonest types first; past the last colour they repeat."""
    common = Counter(visit.visit_type for visit in plan.visits)
    kinds = sorted(common, key=lambda kind: (-common[kind], kind))
    return {kind: place % _NUM_COLOURS for place, kind in enumerate(kinds)}


def timetables(plan: Plan, dates: Sequence[dt.date], names: Mapping[str, str]) -> list[Timetable]:
    """The timetables of everybody who has a session or a visit on one of the dates, in the natural order of ids."""
    visits = _by_provider(((provider, visit) for visit in plan.visits for provider in visit.providers), dates)
    sessions = _by_provider(((use.provider, use) for use in plan.session_uses), dates)
    palette = colours(plan)
    return [
        _timetable(
            provider,
            {date: _closed(plan.problem.week, provider, date) for date in dates},
            sessions.get(provider, []),
            visits.get(provider, []),
            palette,
            names,
            plan.problem.calendar,
        )
        for provider in sorted(sessions.keys() | visits.keys(), key=natural_order)
    ]


def _closed(week: Week, provider: str, date: dt.date) -> str:
    """Why sessions of a provider are missing on a date, in brackets; empty: none are for a closure."""
    if provider not in week.sessions.provider_ids:
        return ""
    cells, day = week.calendar.cells_per_day, week.calendar.day(date)
    return week.closures.why(week.sessions.provider_ids.index(provider), day * cells, (day + 1) * cells)


def natural_order(text: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts ``DR2`` before ``DR10``, and no two texts alike."""
    parts = re.split(r"(\d+)", text)
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)], text


def _by_provider(held: Iterable[tuple[str, Stretch]], dates: Iterable[dt.date]) -> dict[str, list[Stretch]]:
    wanted, found = set(dates), dict[str, list[Stretch]]()
    for provider, stretch in held:
        if stretch.date in wanted:
            found.setdefault(provider, []).append(stretch)
    return found


def _timetable(
    provider: str, dates: Mapping[dt.date, str], sessions: Sequence[SessionUse], visits: Sequence[Visit],
    palette: Mapping[str, int], names: Mapping[str, str], calendar: Calendar,
) -> Timetable:  # fmt: skip
    shortest = min((visit.end - visit.start for visit in visits), default=60)
    scale = max(_LEAST_SCALE, _LINE_PIXELS / max(1, shortest))
    days = []
    for date, closed in dates.items():
        today = [session for session in sessions if session.date == date]
        blocks = _blocks([visit for visit in visits if visit.date == date], scale, palette, names, calendar)
        days.append(Day(date, *_reach([*today, *(block.visit for block in blocks)]), today, blocks, closed))
    first, last = _reach([*sessions, *visits])
    paper, wide = _paper(scale * (last - first))
    return Timetable(
        provider=provider,
        days=days,
        first=first,
        last=last,
        scale=round(scale, 3),
        paper=round(paper, 3),
        wide=wide,
        note=_note(sessions, visits),
        many_sites=bool(calendar.zones) or len({use.site for use in sessions} | {visit.site for visit in visits}) > 1,
    )


def _paper(height: float) -> tuple[float, bool]:
    """Size on paper against the screen, and whether the paper lies: days are wide then, and long names have room.

    What is too high for a page that lies goes on one that stands, and what is too high for that on several.
    """
    if _WIDE_PIXELS / height >= _WIDE_SIZE:
        return min(_USUAL_SIZE, _WIDE_PIXELS / height), True
    return (min(_USUAL_SIZE, _TALL_PIXELS / height) if _TALL_PIXELS / height >= _TALL_SIZE else _USUAL_SIZE), False


def _note(sessions: Sequence[SessionUse], visits: Sequence[Visit]) -> str:
    seen, idle, over, regular = (
        sum(map(attrgetter(f"{what}_minutes"), sessions)) for what in ("seen", "idle", "overtime", "regular")
    )
    parts = [
        f"{len(visits)} visit{'' if len(visits) == 1 else 's'}",
        f"{duration_words(seen)} with patients in {duration_words(regular)} of sessions",
        f"idle {duration_words(idle)}",
    ]
    return " · ".join([*parts, f"overtime {duration_words(over)}"] if over else parts)


def _reach(stretches: Sequence[Visit | SessionUse]) -> tuple[int, int]:
    """The stretch around sessions and visits, from a whole hour to a half or whole one, in minutes after midnight."""
    first = min((stretch.start for stretch in stretches), default=8 * 60)
    last = max((stretch.end for stretch in stretches), default=17 * 60)
    first = first // 60 * 60
    return first, max(-(-last // 30) * 30, first + 60)


def by_start(visits: Iterable[Visit]) -> list[Visit]:
    """Visits by start; of those at once, the one that ends first."""
    return sorted(visits, key=lambda visit: (visit.start, visit.end, visit.request))


def _blocks(
    visits: Sequence[Visit], scale: float, palette: Mapping[str, int], names: Mapping[str, str], calendar: Calendar
) -> list[Block]:
    visits = by_start(visits)
    return [
        Block(
            start=visit.start,
            minutes=visit.end - visit.start,
            lane=lane,
            lanes=lanes,
            lines=max(1, int(((visit.end - visit.start) * scale - 1) // (_LINE_PIXELS - 2))),
            colour=palette[visit.visit_type],
            who=names.get(visit.patient, visit.patient),
            details=_details(visit, calendar),
            visit=visit,
        )
        for visit, (lane, lanes) in zip(visits, _lanes(visits), strict=True)
    ]


def _details(visit: Visit, calendar: Calendar) -> str:
    site = calendar.place_words(visit.site)
    promise = f", {visit.promise}" if visit.promise else ""
    return (
        f"{clock(visit.start)} to {clock(visit.end, end=True)}, {visit.patient}, {visit.visit_type}, {site}; "
        f"arrives {clock(visit.arrive)}, leaves {clock(visit.depart, end=True)}; request {visit.request}{promise}"
    )


def _lanes(visits: Sequence[Visit]) -> list[tuple[int, int]]:
    """Lane and number of lanes of each visit, sorted by start: visits that touch in a chain share the width."""
    lanes: list[tuple[int, int]] = []
    chain: list[int] = []
    ends: list[int] = []
    for visit in visits:
        if ends and visit.start >= max(ends):
            lanes += [(lane, len(ends)) for lane in chain]
            chain, ends = [], []
        lane = next((place for place, end in enumerate(ends) if end <= visit.start), len(ends))
        ends[lane : lane + 1] = [visit.end]
        chain.append(lane)
    return lanes + [(lane, len(ends)) for lane in chain]
