"""Where the blocks of a printed week stand: geometry in minutes, no HTML."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schedopt.models.plan import Plan
from schedopt.models.tables.fields import parse_time
from schedopt.report.figures import date_words, duration_words, regular_minutes, rows

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

Row = dict[str, Any]


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
    visit: Row


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one provider; shown from `first` to `last`, minutes after midnight."""

    date: dt.date
    first: int
    last: int
    sessions: Sequence[Row]
    blocks: Sequence[Block]

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
    busy = set(plan.sessions["date"]) | set(plan.schedule["date"])
    days = [calendar.date(day) for day in range(calendar.num_days)]
    chunks = [[day for day in days[i : i + _WEEK] if day in busy] for i in range(0, len(days), _WEEK)]
    return [chunk for chunk in chunks if chunk]


def colours(plan: Plan) -> dict[str, int]:
    """A colour's number for every visit type, the commonest types first; past the last colour they repeat."""
    common = Counter(plan.schedule["visit_type"])
    kinds = sorted(common, key=lambda kind: (-common[kind], kind))
    return {kind: place % _NUM_COLOURS for place, kind in enumerate(kinds)}


def timetables(plan: Plan, dates: Sequence[dt.date], names: Mapping[str, str]) -> list[Timetable]:
    """The timetables of everybody who has a session or a visit on one of the dates, in the natural order of ids."""
    visits, sessions = _by_provider(rows(plan.schedule), dates), _by_provider(rows(plan.sessions), dates)
    palette = colours(plan)
    return [
        _timetable(provider, dates, sessions.get(provider, []), visits.get(provider, []), palette, names)
        for provider in sorted(sessions.keys() | visits.keys(), key=natural_order)
    ]


def natural_order(text: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts ``DR2`` before ``DR10``, and no two texts alike."""
    parts = re.split(r"(\d+)", text)
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)], text


def _by_provider(table: Iterable[Row], dates: Iterable[dt.date]) -> dict[str, list[Row]]:
    wanted, found = set(dates), dict[str, list[Row]]()
    for row in table:
        if row["date"] in wanted:
            found.setdefault(row["provider"], []).append(row)
    return found


def _timetable(
    provider: str, dates: Sequence[dt.date], sessions: Sequence[Row], visits: Sequence[Row],
    palette: Mapping[str, int], names: Mapping[str, str],
) -> Timetable:  # fmt: skip
    shortest = min((_minutes(row) for row in visits), default=60)
    scale = max(_LEAST_SCALE, _LINE_PIXELS / max(1, shortest))
    days = []
    for date in dates:
        today = [row for row in sessions if row["date"] == date]
        blocks = _blocks([row for row in visits if row["date"] == date], scale, palette, names)
        days.append(Day(date, *_reach([*today, *(block.visit for block in blocks)]), today, blocks))
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
        many_sites=len({row["site"] for row in (*sessions, *visits)}) > 1,
    )


def _paper(height: float) -> tuple[float, bool]:
    """Size on paper against the screen, and whether the paper lies: days are wide then, and long names have room.

    What is too high for a page that lies goes on one that stands, and what is too high for that on several.
    """
    if _WIDE_PIXELS / height >= _WIDE_SIZE:
        return min(_USUAL_SIZE, _WIDE_PIXELS / height), True
    return (min(_USUAL_SIZE, _TALL_PIXELS / height) if _TALL_PIXELS / height >= _TALL_SIZE else _USUAL_SIZE), False


def _note(sessions: Sequence[Row], visits: Sequence[Row]) -> str:
    seen, idle, over = (sum(row[f"{what}_minutes"] for row in sessions) for what in ("seen", "idle", "overtime"))
    regular = sum(regular_minutes(row) for row in sessions)
    parts = [
        f"{len(visits)} visit{'' if len(visits) == 1 else 's'}",
        f"{duration_words(seen)} with patients in {duration_words(regular)} of sessions",
        f"idle {duration_words(idle)}",
    ]
    return " · ".join([*parts, f"overtime {duration_words(over)}"] if over else parts)


def _minutes(row: Row) -> int:
    return parse_time(row["end"]) - parse_time(row["start"])


def _reach(stretches: Sequence[Row]) -> tuple[int, int]:
    """The stretch around sessions and visits, from a whole hour to a half or whole one, in minutes after midnight."""
    first = min((parse_time(row["start"]) for row in stretches), default=8 * 60)
    last = max((parse_time(row["end"]) for row in stretches), default=17 * 60)
    first = first // 60 * 60
    return first, max(-(-last // 30) * 30, first + 60)


def _blocks(visits: Sequence[Row], scale: float, palette: Mapping[str, int], names: Mapping[str, str]) -> list[Block]:
    visits = sorted(visits, key=lambda row: (row["start"], row["end"], row["request"]))
    return [
        Block(
            start=parse_time(row["start"]),
            minutes=_minutes(row),
            lane=lane,
            lanes=lanes,
            lines=max(1, int((_minutes(row) * scale - 1) // (_LINE_PIXELS - 2))),
            colour=palette[row["visit_type"]],
            who=names.get(row["patient"], row["patient"]),
            details=_details(row),
            visit=row,
        )
        for row, (lane, lanes) in zip(visits, _lanes(visits), strict=True)
    ]


def _details(row: Row) -> str:
    promise = f", {row['promise']}" if row["promise"] else ""
    return (
        f"{row['start']} to {row['end']}, {row['patient']}, {row['visit_type']}, {row['site']}; "
        f"arrives {row['arrive']}, leaves {row['depart']}; request {row['request']}{promise}"
    )


def _lanes(visits: Sequence[Row]) -> list[tuple[int, int]]:
    """Lane and number of lanes of each visit, sorted by start: visits that touch in a chain share the width."""
    lanes: list[tuple[int, int]] = []
    chain: list[int] = []
    ends: list[str] = []
    for row in visits:
        if ends and row["start"] >= max(ends):
            lanes += [(lane, len(ends)) for lane in chain]
            chain, ends = [], []
        lane = next((place for place, end in enumerate(ends) if end <= row["start"]), len(ends))
        ends[lane : lane + 1] = [row["end"]]
        chain.append(lane)
    return lanes + [(lane, len(ends)) for lane in chain]
