"""The registry: every week by its name, with its family and how its tables come about."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

import schedopt
from benchmarks.families.variants import few_options, long_visits, many_options, short_visits
from benchmarks.generator import make_instance
from benchmarks.instances import to_tables
from benchmarks.realweek.assembly import SOURCES, real_week
from benchmarks.table import shared_instance
from schedopt.example import example_frames, example_settings

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
"""Where data sets and weekbench are, next to this repository, if they are anywhere."""
MONDAY = dt.date(2026, 11, 30)
"""First day of the bundled office's week, and of every example's."""
REAL = (dt.date(2025, 8, 18), dt.date(2025, 9, 1), dt.date(2025, 9, 15), dt.date(2025, 10, 6), dt.date(2025, 10, 20))
"""Mondays for which clinics are published; the second is a holiday."""

Frames = dict[str, pd.DataFrame]
Size = tuple[int, int, int]
"""Sites, providers and seed of an example."""

SIZES: tuple[Size, ...] = ((1, 4, 5), (2, 8, 7), (3, 18, 11), (6, 48, 13))
VARIANTS: tuple[tuple[str, float, Callable[[Frames], Frames] | None, tuple[Size, ...]], ...] = (
    ("tight", 1.2, None, ((2, 8, 21), (3, 18, 22))),
    ("slack", 0.8, None, ((2, 8, 31), (3, 18, 32))),
    ("many", 1.0, many_options, ((2, 8, 41), (3, 18, 42))),
    ("few", 1.0, few_options, ((2, 8, 51), (3, 18, 52))),
    ("long", 0.5, long_visits, ((2, 8, 61), (3, 18, 62))),
    ("short", 1.8, short_visits, ((2, 8, 71), (3, 18, 72))),
)
"""Family, load, what is done to the tables, and sizes. Half as long visits are rounded up, so fewer than twice as many
fill the week."""
WEEKBENCH = ("S", "M", "L")


@dataclass(frozen=True)
class Given:
    """A week as everybody gets it: plain tables, which any version of the library reads.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        The office's tables by name.
    settings : dict
        What stands in office.toml; what has its default is left out, so that older versions know all of it, and so
        are tables without rows and columns in which nothing is said.
    first : datetime.date
        First day planned.
    """

    frames: Frames
    settings: dict[str, Any]
    first: dt.date

    def problem(self) -> schedopt.Problem:
        """The week as a problem of this version."""
        return schedopt.assemble(schedopt.office_from_frames(self.frames, self.settings), self.first)


@dataclass(frozen=True)
class Week:
    """A named week.

    Attributes
    ----------
    name, family : str
        The name is unique.
    make : callable
        Gives the week's tables, the same each time.
    needs : tuple of Path
        What has to be there for that.
    """

    name: str
    family: str
    make: Callable[[], Given]
    needs: tuple[Path, ...] = ()

    @property
    def missing(self) -> str:
        """What is not there, in words; empty where nothing is missing."""
        return ", ".join(str(path) for path in self.needs if not path.exists())


def all_weeks(shared: Path = SHARED, draws: Sequence[int] = (1,)) -> tuple[Week, ...]:
    """Every week, family by family.

    Parameters
    ----------
    shared : Path
        Folder with ``data`` and ``weekbench``, which are not shipped. Without the data, real weeks say that they miss
        it; without weekbench's generator, this project's own draws the weeks of that family, under other names.
    draws : sequence of int
        Seeds that weekbench's weeks are drawn with.
    """
    return (*_real(shared / "data"), _office(), *_examples(), *_weekbench(shared / "weekbench", draws))


def _real(data: Path) -> Iterator[Week]:
    for monday in REAL:

        def make(first: dt.date = monday) -> Given:
            real = real_week(data, first, seed=1)
            return Given(real.frames, real.settings.model_dump(exclude_defaults=True), first)

        yield Week(f"real-{monday}", "real", make, tuple(data / source for source in SOURCES))


def _office() -> Week:
    folder = ROOT / "examples" / "office"

    def make() -> Given:
        settings = tomllib.loads((folder / "office.toml").read_text(encoding="utf-8"))
        frames = {file.stem: _cells(file) for file in sorted(folder.glob("*.csv"))}
        return Given(_filled(frames), settings, MONDAY)

    return Week("office", "office", make)


def _cells(file: Path) -> pd.DataFrame:
    """A CSV file's cells as they stand there."""
    with file.open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    return pd.DataFrame(rows, columns=head, dtype=str)


def _filled(frames: Frames) -> Frames:
    """The tables that have rows, and their columns in which anything is said."""
    said = {name: frame.notna() & (frame != "") for name, frame in frames.items() if len(frame)}
    return {name: frames[name].loc[:, cells.any()] for name, cells in said.items()}


def _examples() -> Iterator[Week]:
    yield from (_example("example", size, 1.0) for size in SIZES)
    for family, load, change, sizes in VARIANTS:
        yield from (_example(family, size, load, change) for size in sizes)


def _example(family: str, size: Size, load: float, change: Callable[[Frames], Frames] | None = None) -> Week:
    sites, providers, seed = size

    def make() -> Given:
        frames = example_frames(sites=sites, providers=providers, load=load, seed=seed, week=MONDAY)
        changed = frames if change is None else change(frames)
        return Given(_filled(changed), example_settings().model_dump(exclude_defaults=True), MONDAY)

    return Week(f"{family}-{sites}x{providers}-{seed}", family, make)


def _weekbench(folder: Path, draws: Sequence[int]) -> Iterator[Week]:
    """Weeks of weekbench; where its generator is not there, others by this project's own."""
    own = not (folder / "generate.py").is_file()
    for preset, draw in product(WEEKBENCH, draws):

        def make(preset: str = preset, draw: int = draw) -> Given:
            instance = make_instance(preset, draw) if own else shared_instance(preset, draw, shared=folder)
            return Given(*to_tables(instance))

        yield Week(f"{'generator' if own else 'weekbench'}-{preset}-{draw}", "weekbench", make)
