"""The real week is what its sources say it is. Skipped where the data sets, which are not shipped, are absent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.real_week import write_office
from benchmarks.realweek import bookings, roster, service
from benchmarks.realweek.assembly import SOURCES, RealWeek, real_week
from benchmarks.realweek.demand import birth_date, wish
from benchmarks.realweek.departments import DEPARTMENTS, HALVES
from benchmarks.realweek.service import round_up
from schedopt.office import assemble, office_from_frames, read_office

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
WEEK = dt.date(2025, 10, 6)
HOLIDAY_WEEK = dt.date(2025, 10, 13)
CLASH_WEEK = dt.date(2025, 9, 29)  # the published schedule has P23 in clinic on a day of leave

needs_data = pytest.mark.skipif(
    not all((DATA / source).is_dir() for source in SOURCES),
    reason=f"the public data sets are not shipped: {', '.join(SOURCES)} belong in {DATA}",
)


@pytest.fixture(scope="module", params=[WEEK, HOLIDAY_WEEK, CLASH_WEEK], ids=str)
def real(request: pytest.FixtureRequest) -> RealWeek:
    """A week: an ordinary one, one with a holiday, one whose published schedule forgets a day of leave."""
    return real_week(DATA, request.param, seed=1)


def _published() -> set[tuple[str, dt.date, str]]:
    """Provider, date and start of every published half day, read line by line without pandas."""
    starts = {half.name: half.start for half in HALVES}
    found = set()
    for path in (DATA / roster.SOURCE).glob("output/*/*/schedule_df.csv"):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            date, _, half, rest = line.split(",", 3)
            for name in rest.rpartition(",")[0].strip('"').split(","):
                if half in starts and name:
                    found.add((name.strip(), dt.date.fromisoformat(date), starts[half]))
    return found


def _leave() -> set[tuple[str, dt.date]]:
    found = set()
    for path in (DATA / roster.SOURCE / "data").glob("leave_requests_*.csv"):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            provider, date = line.strip().split(",")
            found.add((provider, dt.date.fromisoformat(date)))
    return found


def _shifts(real: RealWeek) -> set[tuple[str, dt.date, str]]:
    shifts = real.frames["shifts"]
    return set(zip(shifts["provider"], shifts["date"], shifts["start"], strict=True))


def _days_away(real: RealWeek) -> set[tuple[str, dt.date]]:
    leave = real.frames["leave"]
    return {
        (provider, first + dt.timedelta(days=n))
        for provider, first, last in zip(leave["provider"], leave["first_day"], leave["last_day"], strict=True)
        for n in range((last - first).days + 1)
    }


def _left_out(real: RealWeek, what: str) -> int:
    (rows,) = (note.rows for note in real.notes if note.kind == "left out" and what in note.what)
    return rows


@needs_data
def test_shifts_are_the_roster_minus_leave(real: RealWeek) -> None:
    """Every dated shift is published; what is published and missing is on leave or on the ward, and counted."""
    last = real.week + dt.timedelta(days=6)
    published = {row for row in _published() if real.week <= row[1] <= last}
    shifts = _shifts(real)
    assert shifts <= published
    assert len(shifts) == len(real.frames["shifts"])
    missing = published - shifts
    assert all((provider, date) in _days_away(real) for provider, date, _ in missing)
    assert len(missing) == _left_out(real, "during leave") + _left_out(real, "during inpatient week")


@needs_data
def test_nobody_works_while_away(real: RealWeek) -> None:
    """No provider has a shift on a day of leave, as the raw files list it, or of an inpatient week."""
    working = {(provider, date) for provider, date, _ in _shifts(real)}
    assert working.isdisjoint(_leave())
    assert working.isdisjoint(_days_away(real))


@needs_data
def test_a_forgotten_day_of_leave_is_found() -> None:
    """P23 is published on the morning of 2025-10-03, asked for leave that day, and is not given a shift."""
    clash = ("P23", dt.date(2025, 10, 3), "08:00")
    assert clash in _published()
    assert clash[:2] in _leave()
    found = real_week(DATA, CLASH_WEEK, seed=1)
    assert clash not in _shifts(found)
    assert _left_out(found, "during leave") == 1


@needs_data
def test_the_holiday_is_closed() -> None:
    """Indigenous Peoples' Day is a closure, has no shift and nobody wants a visit that can only be on it."""
    found = real_week(DATA, HOLIDAY_WEEK, seed=1)
    assert found.frames["closures"]["date"].tolist() == [HOLIDAY_WEEK]
    assert HOLIDAY_WEEK not in set(found.frames["shifts"]["date"])
    assert HOLIDAY_WEEK not in set(found.frames["requests"]["due"])


@needs_data
def test_lengths_are_measured_ones_on_the_grid(real: RealWeek) -> None:
    """Every length is a multiple of the grid, and that of a consultation in the file of the same kind of visit."""
    raw = pd.read_csv(DATA / service.SOURCE / "Data.csv.gz")
    grid = real.settings.grid_minutes
    requests = real.frames["requests"]
    assert (requests["minutes"] % grid == 0).all()
    for flag, rows in (("yes", raw[raw["Visit.No"] == 1]), ("no", raw[raw["Visit.No"] > 1])):
        drawn = set(requests.loc[requests["new"] == flag, "minutes"])
        assert drawn <= {-(-seconds // (grid * 60)) * grid for seconds in rows["ServTime"].tolist()}


@pytest.mark.parametrize("grid", [1, 5, 10, 15])
def test_lengths_are_rounded_up(grid: int) -> None:
    """A length on the grid is at least the measured one, and less than a cell longer."""
    seconds = np.arange(1, 4000)
    minutes = round_up(seconds, grid)
    assert (minutes % grid == 0).all()
    assert (minutes * 60 >= seconds).all()
    assert (minutes * 60 - seconds < grid * 60).all()


@needs_data
def test_ages_fit_the_departments(real: RealWeek) -> None:
    """On every day of the week each patient has the age of the source, and one that the department sees."""
    departments = {department.code: department for department in DEPARTMENTS}
    births = real.frames["patients"].set_index("patient")["birth_date"]
    drawn = real.demand.drawn
    for patient, age, code in zip(drawn["patient"], drawn["age"], drawn["department"], strict=True):
        born = births["N" + patient]
        for day in (real.week, real.week + dt.timedelta(days=6)):
            assert day.year - born.year - ((day.month, day.day) < (born.month, born.day)) == age
        assert departments[code].sees(age)


@pytest.mark.parametrize("week", [dt.date(2025, 9, 1), dt.date(2024, 8, 30), dt.date(2025, 1, 6)])
@pytest.mark.parametrize("age", [0, 17, 18, 110])
def test_birth_dates_give_the_age(age: int, week: dt.date) -> None:
    """A birth date gives the age on each of the seven days, whatever the season."""
    born = birth_date(age, week)
    for number in range(7):
        day = week + dt.timedelta(days=number)
        assert day.year - born.year - ((day.month, day.day) < (born.month, born.day)) == age


@needs_data
def test_bookings_are_real_and_whole(real: RealWeek) -> None:
    """Every request is a row of the source, with its patient; a patient is drawn for one department only."""
    raw = pd.read_csv(DATA / bookings.SOURCE / "KaggleV2-May-2016.csv.gz", dtype=str).set_index("AppointmentID")
    requests = real.frames["requests"]
    behind = raw.loc[requests["request"].str.removeprefix("R").tolist()]
    assert (behind["PatientId"].to_numpy() == requests["patient"].str.removeprefix("N").to_numpy()).all()
    assert behind["PatientId"].str.fullmatch(r"\d+").all()
    assert behind["Age"].astype(int).between(0, bookings.OLDEST).all()
    assert (behind["ScheduledDay"].str[:10] <= behind["AppointmentDay"].str[:10]).all()
    assert real.demand.drawn.groupby("patient")["department"].nunique().eq(1).all()


@needs_data
def test_every_booking_is_used_or_counted() -> None:
    """Rows read are rows left out, each counted once, and rows of the week."""
    found = bookings.read_bookings(DATA)
    read = sum(note.rows for note in found.notes if note.kind == "read")
    left_out = sum(note.rows for note in found.notes if note.kind == "left out")
    assert read == left_out + len(found.rows)


@needs_data
def test_the_load_is_met(real: RealWeek) -> None:
    """Each department is asked for the wanted load, and exceeds it by less than the last patient's visits."""
    supply = real.roster.staff.groupby("department")["minutes"].sum()
    demand = real.demand.drawn.groupby("department")["minutes"].sum()
    last = real.demand.drawn.groupby(["department", "patient"])["minutes"].sum().groupby("department").max()
    assert (demand >= 1.05 * supply).all()
    assert (demand < 1.05 * supply + last).all()


@needs_data
def test_wishes_for_one_day_have_it_in_common(real: RealWeek) -> None:
    """Requests tied to one day are of one patient, and could all be ready by the day of each other's."""
    requests = real.frames["requests"].set_index("request")
    tied = requests[requests["same_day_as"].notna()]
    others = requests.loc[tied["same_day_as"]]
    assert len(tied)
    assert (tied["patient"].to_numpy() == others["patient"].to_numpy()).all()
    day = real.demand.drawn.set_index("booking")["date"]
    assert (requests["ready"].to_numpy() <= day.loc[requests.index.str.removeprefix("R").tolist()].to_numpy()).all()


@pytest.mark.parametrize(
    ("lead", "weekday", "expected"),
    [
        (0, 3, (3, 3, 5, 10)),
        (1, 3, (2, 3, 2, 3)),
        (7, 3, (0, 3, 2, 3)),
        (8, 3, (0, None, 1, 1)),
        (176, 0, (0, None, 1, 1)),
    ],
)
def test_wishes_follow_the_lead_time(lead: int, weekday: int, expected: tuple[int, int | None, int, int]) -> None:
    """Same day, within a week, or planned ahead; never ready before the week."""
    ready, due, urgency, priority = wish(lead, WEEK + dt.timedelta(days=weekday), WEEK)
    assert ((ready - WEEK).days, None if due is None else (due - WEEK).days, urgency, priority) == expected


@needs_data
def test_a_seed_gives_the_same_office() -> None:
    """The same seed gives equal tables, another seed other requests from the same roster."""
    first, second, other = (real_week(DATA, WEEK, seed) for seed in (1, 1, 2))
    for name, frame in first.frames.items():
        pd.testing.assert_frame_equal(frame, second.frames[name])
    assert set(first.frames["requests"]["request"]) != set(other.frames["requests"]["request"])
    pd.testing.assert_frame_equal(first.frames["shifts"], other.frames["shifts"])


@needs_data
def test_weeks_that_cannot_be_planned_are_refused() -> None:
    """A week must begin on a Monday and have a published clinic."""
    with pytest.raises(ValueError, match="Monday"):
        real_week(DATA, WEEK + dt.timedelta(days=1), seed=1)
    with pytest.raises(ValueError, match="no clinic"):
        real_week(DATA, dt.date(2026, 10, 5), seed=1)


def test_absent_data_are_named(tmp_path: Path) -> None:
    """A folder without the data sets is refused, and each of them named."""
    with pytest.raises(ValueError, match=".*".join(SOURCES)):
        real_week(tmp_path, WEEK, seed=1)


@needs_data
def test_the_reader_accepts_the_office(real: RealWeek) -> None:
    """The reader finds no fault, and as many rows as there are."""
    office = office_from_frames(real.frames, real.settings)
    for name, frame in real.frames.items():
        assert len(getattr(office, name) or ()) == len(frame)
    assert office.settings.time_zone == "America/Denver"


@needs_data
def test_the_folder_written_is_the_same_office(real: RealWeek, tmp_path: Path) -> None:
    """What ``--out`` writes reads as the office that the tables make."""
    write_office(real, tmp_path)
    assert read_office(tmp_path / "office") == office_from_frames(real.frames, real.settings)


@needs_data
def test_the_problem_has_a_session_a_shift_and_no_hopeless_request(real: RealWeek) -> None:
    """Leave and closures take away nothing that the shifts do not lack already, and every request has an option."""
    problem = assemble(office_from_frames(real.frames, real.settings), real.week)
    assert len(problem.week.sessions) == len(real.frames["shifts"])
    assert set(problem.options.request.tolist()) == set(range(len(real.frames["requests"])))
