"""What an invented office can have beside: each word changes or adds tables of a whole office."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping

import numpy as np
import pandas as pd

from schedopt.example.cells import frame_of
from schedopt.models.clock import format_time
from schedopt.models.tables import Reserve, SetUp, Travel
from schedopt.models.tables.fields import parse_time

Frames = dict[str, pd.DataFrame]
ASIDE = 60
"""Minutes by which a break may lie earlier or later, where it can move."""


def with_words(frames: Frames, words: Collection[str]) -> Frames:
    """The tables of an office in which some words of :data:`WORDS` matter.

    Raises
    ------
    ValueError
        One of them is not known, or asks for more sites than there are.
    """
    if unknown := sorted(set(words) - WORDS.keys()):
        raise ValueError(f"expected words of {', '.join(WORDS)}, not {', '.join(unknown)}")
    for word, change in WORDS.items():
        if word in words:
            frames = frames | change(frames)
    return frames


def _breaks(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Breaks of the same length, each up to an hour earlier or later; the two shifts around one become one."""
    rows: list[dict[str, str]] = []
    for record in frames["shifts"].to_dict("records"):
        row = {str(name): str(cell) for name, cell in record.items()}
        day = {name: row[name] for name in ("provider", "site", "date", "weekday")}
        if rows and day.items() <= rows[-1].items() and parse_time(rows[-1]["end"]) < parse_time(row["start"]):
            span = parse_time(rows[-1]["end"]), parse_time(row["start"])
            rows[-1] |= {"end": row["end"], "overtime": row["overtime"], "moving_breaks": _movable(*span)}
        elif row["breaks"]:
            first, last = row["breaks"].split("-")
            rows.append({**row, "breaks": "", "moving_breaks": _movable(parse_time(first), parse_time(last))})
        else:
            rows.append(row)
    return {"shifts": pd.DataFrame(rows, columns=frames["shifts"].columns, dtype="str")}


def _movable(start: int, end: int) -> str:
    return f"{format_time(start - ASIDE)}-{format_time(end + ASIDE)} {end - start}"


def _travel(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Every other provider who has two shifts on a day works the second one at another site, 40 minutes away."""
    shifts = frames["shifts"].copy()
    sites = list(dict.fromkeys(shifts["site"]))
    if len(sites) < 2:
        raise ValueError("expected two sites or more, for the way between them")
    other = dict(zip(sites, [*sites[1:], sites[0]], strict=True))
    second = shifts.duplicated(["provider", "date", "weekday"])
    moving = second & shifts["provider"].isin(shifts.loc[second, "provider"].unique()[::2])
    shifts.loc[moving, "site"] = shifts.loc[moving, "site"].map(other)
    pairs = {tuple(sorted(pair)) for pair in other.items()}
    rows = [{"site": one, "other_site": two, "minutes": 40} for one, two in sorted(pairs)]
    return {"shifts": shifts, "travel": frame_of(Travel, rows)}


def _everybody(frames: Mapping[str, pd.DataFrame], table: str, column: str, value: str) -> Frames:
    return {table: frames[table].assign(**{column: value})}


def _reserves(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Everybody keeps two places of a quarter of an hour each morning for what is most urgent."""
    urgency = pd.to_numeric(frames["requests"]["urgency"]).max()
    row = {
        "end": "12:00", "places": 2, "minutes": 15, "urgency": 2 if np.isnan(urgency) else int(urgency),
        "release_hours": 2,
    }  # fmt: skip
    return {"reserves": frame_of(Reserve, [row])}


def _setups(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Ten minutes between visits of types that do not need the same rooms."""
    rooms = dict(zip(frames["visit_types"]["visit_type"], frames["visit_types"]["pools"], strict=True))
    rows = [
        {"visit_type": one, "next_visit_type": other, "minutes": 10}
        for one, other in itertools.permutations(rooms, 2)
        if rooms[one] != rooms[other]
    ]
    return {"setups": frame_of(SetUp, rows)}


WORDS: Mapping[str, Callable[[Mapping[str, pd.DataFrame]], Frames]] = {
    "breaks": _breaks,
    "travel": _travel,
    "stretches": lambda frames: _everybody(frames, "providers", "without_break", "180"),
    "rest": lambda frames: _everybody(frames, "providers", "rest_hours", "14"),
    "reserves": _reserves,
    "new": lambda frames: _everybody(frames, "shifts", "last_new", "60"),
    "rows": lambda frames: _everybody(frames, "visit_types", "most_in_a_row", "2"),
    "setups": _setups,
}
"""By word: breaks that move, ways between sites, time without a break, rest between days, places kept, no new patients
late in a shift, few visits of a type in a row, time to set up between visits of unlike types."""
