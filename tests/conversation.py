"""A very small office, and one plan of it that lives twice: in folders, through the commands, and in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

import schedopt
from schedopt.models.problem.changes import Away, Cancelled, Change, Closed, Urgent, faults_of
from schedopt.models.problem.couplings.pools import pool_uses
from schedopt.models.problem.lengths import lengths_of
from tests.cli.commands import invoke

MONDAY = dt.date(2026, 11, 30)
SECONDS = "0.2"
ORDER = (Away, Closed, Cancelled, Urgent)
"""Of the kinds of changes, as the command takes them."""
CLOCKED = ("seconds", "solved_at", "trace", "moves", "moves_per_second")
"""What two runs of the same plan need not have alike."""

TABLES = {
    "providers": "provider\nDR1\nDR2\n",
    "visit_types": "visit_type,minutes,pools\ntalk,30,\nexam,30,exam\n",
    "steps": "visit_type,order,minutes,pools,max_wait\nexam,-1,15,exam,15\n",
    "patients": "patient\nN1\nN2\nN3\nN4\n",
    "requests": "request,patient,visit_type,priority,providers,after,ready\n"
    "R1,N1,talk,5,DR1,,2026-11-23\nR2,N1,talk,5,,R1,2026-11-23\nR3,N2,exam,4,,,2026-11-23\n"
    "R4,N2,talk,3,,,2026-11-23\nR5,N3,exam,2,DR2,,2026-11-23\nR6,N3,talk,1,,,2026-11-23\n"
    "R7,N4,talk,1,DR1,,2026-11-23\n",
    "appointments": "request,provider,date,start,mark\nR1,DR1,2026-11-30,09:00,fixed\n"
    "R3,DR2,2026-11-30,09:30,movable\n",
    "shifts": "provider,site,weekday,start,end\nDR1,A,Monday,09:00,10:30\nDR2,A,Monday,09:00,10:30\n"
    "DR1,A,Tuesday,09:00,10:00\n",
    "pools": "pool,site,kind,capacity\nROOMS,A,exam,1\n",
}


def write_office(folder: Path, **tables: str) -> Path:
    """The office, with some of its tables as given, or without those that are empty, in a folder that is made."""
    folder.mkdir(parents=True)
    (folder / "office.toml").write_text('name = "Tiny"\ngrid_minutes = 15\ndays = 7\n')
    for name, text in (TABLES | tables).items():
        if text:
            (folder / f"{name}.csv").write_text(text)
    return folder


def words_of(change: Change) -> tuple[str, str]:
    """A change as an option of ``schedopt replan``."""
    if isinstance(change, (Cancelled, Urgent)):
        return f"--{type(change).__name__.lower()}", change.request
    name = change.provider if isinstance(change, Away) else change.pool
    option = "--away" if isinstance(change, Away) else "--closed"
    return option, f"{name}@{change.start:%Y-%m-%dT%H:%M}/{change.end:%Y-%m-%dT%H:%M}"


def assert_same_problem(one: schedopt.Problem, other: schedopt.Problem) -> None:
    """Both problems have the same promises, sessions, closed pools, lengths, changes, options and prices."""
    for name in ("ids", "fixed", "promised_start", "promised_provider", "length"):
        assert list(getattr(one.week.requests, name)) == list(getattr(other.week.requests, name)), name
    for name in ("ids", "start", "end", "overtime"):
        assert list(getattr(one.week.sessions, name)) == list(getattr(other.week.sessions, name)), name
    closed = [p.week.pools.available(p.calendar.num_cells).tolist() for p in (one, other)]
    assert closed[0] == closed[1]
    assert lengths_of(one) == lengths_of(other)
    assert one.changes == other.changes
    assert one.fingerprint == other.fingerprint
    for name in ("request", "session", "earliest", "latest", "cost"):
        assert getattr(one.options, name).tolist() == getattr(other.options, name).tolist(), name
    assert one.left_out.tolist() == other.left_out.tolist()


def assert_same_plan(one: schedopt.Plan, other: schedopt.Plan) -> None:
    """Both plans are the same in everything but the time that they took."""
    assert_same_problem(one.problem, other.problem)
    assert one.assignment.session.tolist() == other.assignment.session.tolist()
    assert one.assignment.step_start.tolist() == other.assignment.step_start.tolist()
    assert (one.status, one.cost, one.bound) == (other.status, other.cost, other.bound)
    for name in ("schedule", "left_out", "removed", "costs", "sessions", "pools", "conflicts", "levels"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_dtype=False, obj=name)
    mine, theirs = ({key: plan.record[key] for key in plan.record if key not in CLOCKED} for plan in (one, other))
    assert mine.keys() == theirs.keys()
    assert mine.get("seed") == theirs.get("seed")


@dataclass
class Conversation:
    """What is said about one plan, to its folders and to the value in memory; both must answer alike.

    Attributes
    ----------
    place : Path
        Of the folders.
    office, plan
        In memory.
    first : datetime.date
        The first day planned.
    away, closed : lists
        All that was ever said.
    cancelled : set of str
        Requests that were ever cancelled.
    """

    place: Path
    first: dt.date = MONDAY
    office: schedopt.Office = field(init=False)
    plan: schedopt.Plan = field(init=False)
    away: list[Away] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    steps: int = 0

    def __post_init__(self) -> None:
        self.office = schedopt.read_office(write_office(self.place / "office"))
        self.make_plan()

    def run(self, command: str, *words: object, codes: Sequence[int] = (0,)) -> Result:
        """A command about the office, and about the plan's folder unless it is to make one."""
        plan = () if command == "plan" else (self.place / "plan",)
        result = invoke(command, self.place / "office", *plan, *map(str, words))
        assert result.exit_code in codes, result.output
        return result

    def assert_agreed(self) -> None:
        """Folder and memory say the same, and nothing that was cancelled, absent or closed is back."""
        self.steps += 1
        assert schedopt.read_office(self.place / "office") == self.office
        read = schedopt.read_plan(self.place / "plan", self.office)
        assert_same_plan(read, self.plan)
        for row in self.plan.schedule.itertuples():
            self.must_be_free(row.request, row.provider, row.date, row.start, row.end)
        week = self.plan.problem.week
        for _, pool, start, end in zip(*pool_uses(week, self.plan.assignment), strict=True):
            for shut in self.closed:
                first, last = (self._cell(moment) for moment in (shut.start, shut.end))
                assert week.pools.ids[int(pool)] != shut.pool or end <= first or last <= start

    def _cell(self, moment: dt.datetime) -> float:
        calendar = self.plan.problem.calendar
        return (moment - dt.datetime.combine(calendar.first, dt.time())) / dt.timedelta(minutes=calendar.grid)

    def must_be_free(self, request: str, provider: str, date: dt.date, start: str, end: str) -> None:
        """Nobody gets, or is offered, what is cancelled or whoever is away."""
        assert request not in self.cancelled
        first, last = (dt.datetime.fromisoformat(f"{date}T{clock}") for clock in (start, end))
        for gone in self.away:
            assert provider != gone.provider or last <= gone.start or gone.end <= first

    def make_plan(self) -> None:
        """Plan the days anew."""
        words = ("--week", self.first, "--out", self.place / "plan", "--time-limit", SECONDS, "--workers", 1)
        self.run("plan", *words, "--deterministic", codes=(0, 1))
        problem = schedopt.assemble(self.office, self.first)
        self.plan = schedopt.plan(problem, float(SECONDS), 1, progress=False, deterministic=True)

    def replan(self, changes: Sequence[Change]) -> bool:
        """Repair the plan; whether the changes could be used, which both say alike."""
        changes = sorted(changes, key=lambda change: ORDER.index(type(change)))
        words = [word for change in changes for word in words_of(change)]
        words += ["--out", str(self.place / "plan"), "--time-limit", SECONDS]
        if faults := faults_of(self.plan.problem, changes):
            said = self.run("replan", *words, codes=(2,)).stderr
            assert all(fault in said for fault in faults)
            with pytest.raises(ValueError, match="expected"):
                schedopt.replan(self.plan, changes)
            return False
        found = schedopt.replan(self.plan, changes, float(SECONDS))
        said = self.run("replan", *words, codes=(0, 1)).stdout
        assert f"Visits moved: {found.moved:,}, lost: {found.lost:,}" in said
        self.plan = found.plan
        self.away += [change for change in changes if isinstance(change, Away)]
        self.closed += [change for change in changes if isinstance(change, Closed)]
        self.cancelled |= {change.request for change in changes if isinstance(change, Cancelled)}
        return True

    def recommend(self, request: str) -> pd.DataFrame:
        """The slots that a caller is offered."""
        found = schedopt.recommend(self.plan, request)
        said = self.run("recommend", request, codes=(0, 1)).stdout
        shown = [line.split()[:5] for line in said.split("Next best")[0].splitlines() if line.startswith("DR")]
        where = ["provider", "site", "date", "arrive", "start"]
        assert shown == found.slots[where].astype(str).to_numpy().tolist()
        for row in found.slots.itertuples():
            self.must_be_free(request, row.provider, row.date, row.start, row.end)
        return found.slots

    def book(self, request: str, slot: Any) -> None:
        """Give a caller one of the slots."""
        self.run("book", request, slot.provider, f"{slot.date}T{slot.start}", "--out", self.place / "plan")
        self.plan = schedopt.book(
            self.plan, request, slot.provider, dt.datetime.fromisoformat(f"{slot.date}T{slot.start}")
        )

    def fill(self, opening: schedopt.Opening, accept: int | None) -> None:
        """Ask who takes a slot, and give it to one of those who fit."""
        words = (opening.provider, f"{opening.start:%Y-%m-%dT%H:%M}", f"{opening.end:%Y-%m-%dT%H:%M}")
        said = self.run("fill", *words, codes=(0, 1, 2))
        if said.exit_code == 2:
            with pytest.raises(ValueError, match="expected") as caught:
                schedopt.fill(self.plan, opening)
            assert str(caught.value) in said.stderr
            return
        found = schedopt.fill(self.plan, opening)
        assert [line.split()[0] for line in said.stdout.splitlines() if line.startswith(("R", "X"))] == [
            *found["request"]
        ]
        for row in found.itertuples():
            self.must_be_free(row.request, row.provider, row.date, row.start, row.end)
        if accept is not None and len(found):
            row = found.iloc[accept % len(found)]
            self.run("fill", *words, "--accept", row["request"], "--out", self.place / "plan")
            start = dt.datetime.fromisoformat(f"{row['date']}T{row['start']}")
            self.plan = schedopt.book(self.plan, row["request"], row["provider"], start)

    def admit(self, row: dict[str, str] | None = None) -> None:
        """Let the plan go on with the office as it is, and with a new caller."""
        if row is not None:
            file = self.place / "office" / "requests.csv"
            columns = file.read_text().split("\n", 1)[0].split(",")
            with file.open("a") as text:
                text.write(",".join(row.get(column, "") for column in columns) + "\n")
            self.office = schedopt.extend_office(self.office, {"requests": [row]})
        self.run("admit", "--out", self.place / "plan", codes=(0, 1))
        self.plan = schedopt.admit(self.plan, schedopt.assemble(self.office, self.first))

    def prepare(self, minutes: int) -> None:
        """Let the plan go on with preparing steps that last so long."""
        file = self.place / "office" / "steps.csv"
        file.write_text(f"{file.read_text().splitlines()[0]}\nexam,-1,{minutes},exam,15\n")
        self.office = schedopt.read_office(self.place / "office")
        self.admit()

    def publish(self, through: dt.date) -> None:
        """Publish, and take the plan up with its promises."""
        self.run("publish", "--through", through)
        self.office = schedopt.publish(self.office, self.plan, through)
        self.admit()

    def next_week(self) -> None:
        """Publish the whole week, and plan the one after it."""
        self.publish(self.first + dt.timedelta(days=6))
        self.first += dt.timedelta(days=7)
        self.make_plan()
