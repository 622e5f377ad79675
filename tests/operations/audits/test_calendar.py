"""The compliance calendar: what is due on which day, by counting days, and how people see it."""

from __future__ import annotations

import datetime as dt

import icalendar
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schedopt.errors import NoSuchChange, StoreError
from schedopt.models.office import Office
from schedopt.models.tables import Credential
from schedopt.operations.audits.actions import FOLLOWING, moved, work_list
from schedopt.operations.audits.calendars import calendar_ics, calendar_page
from schedopt.operations.audits.due import Due, compliance_calendar, expiries_due, retention_due
from schedopt.operations.audits.obligations import DEFAULTS, due_days
from schedopt.operations.audits.tables import CorrectiveAction, Obligation

FIRST, LAST = dt.date(2026, 11, 30), dt.date(2027, 11, 30)
days = st.dates(dt.date(2020, 1, 1), dt.date(2027, 6, 30))


def owed(**said: object) -> Obligation:
    """An obligation."""
    return Obligation.model_validate({"obligation": "o", "what": "Do it", "source": "45 CFR 164.308", **said})


@given(st.integers(1, 400), st.none() | days)
def test_days_are_counted_from_when_it_was_done(every: int, done: dt.date | None) -> None:
    """First what follows the last time, then one after the other from there, or from the first day where it is late."""
    found = list(due_days(owed(every=every, unit="days"), done, FIRST, LAST))
    step = dt.timedelta(days=every)
    begin = FIRST if done is None else done + step
    day, expected = begin, [begin] if begin <= LAST else []
    if begin < FIRST:
        day = FIRST
    while day <= LAST:
        day += step
        expected.append(day)
    assert found == [day for day in expected if day <= LAST]
    assert sum(day < FIRST for day in found) == (begin < FIRST)


@pytest.mark.parametrize(
    ("every", "unit", "done", "due"),
    [
        (1, "months", "2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30"]),
        (12, "months", "2026-02-28", ["2027-02-28"]), (1, "years", "2024-02-29", ["2025-02-28"]),
        (5, "years", "2022-03-01", ["2027-03-01"]), (18, "months", "2025-08-31", ["2027-02-28"]),
    ],
)  # fmt: skip
def test_months_and_years(every: int, unit: str, done: str, due: list[str]) -> None:
    """The day of the month stays, or is the last one."""
    found = due_days(owed(every=every, unit=unit), dt.date.fromisoformat(done), FIRST, dt.date(2027, 4, 30))
    assert [day.isoformat() for day in found][: len(due)] == due


def test_sixty_days_after_a_year() -> None:
    """Breaches of fewer than 500 are reported within 60 days of the end of each calendar year (45 CFR 164.408(c))."""
    (row,) = (row for row in DEFAULTS if row.obligation == "small-breaches")
    found = list(due_days(row, FIRST - dt.timedelta(days=300), FIRST, dt.date(2033, 1, 1)))
    assert [(day - dt.date(day.year - 1, 12, 31)).days for day in found] == [60] * len(found)
    assert [day.year for day in found] == [*range(2027, 2033)] or found[0].year == 2026


@pytest.mark.parametrize(
    ("done", "due"),
    [
        (None, ["2026-09-30", "2027-03-31", "2027-09-30"]), ("2026-09-15", ["2027-03-31", "2027-09-30"]),
        ("2026-03-20", ["2026-09-30", "2027-03-31", "2027-09-30"]), ("2027-03-10", ["2027-09-30"]),
        ("2026-08-31", ["2027-03-31", "2027-09-30"]), ("2026-08-30", ["2026-09-30", "2027-03-31", "2027-09-30"]),
    ],
)  # fmt: skip
def test_days_of_each_year(done: str | None, due: list[str]) -> None:
    """What was done within its lead counts for the day; of those gone by, the last one alone is overdue."""
    when = None if done is None else dt.date.fromisoformat(done)
    found = due_days(owed(dates="03-31; 09-30"), when, FIRST, LAST)
    assert [day.isoformat() for day in found] == due


def test_a_day_of_its_own() -> None:
    """Once: until it is done. With an interval: from that day on, unless it was done within its lead."""
    once, then = owed(due="2026-06-30"), owed(due="2027-01-31", every=1)
    assert list(due_days(once, None, FIRST, LAST)) == [dt.date(2026, 6, 30)]
    assert not list(due_days(once, dt.date(2026, 6, 1), FIRST, LAST))
    assert [day.isoformat() for day in due_days(then, None, FIRST, LAST)][:3] == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
    ]
    assert next(iter(due_days(then, dt.date(2026, 6, 1), FIRST, LAST))) == dt.date(2027, 1, 31)
    assert next(iter(due_days(then, dt.date(2027, 1, 15), FIRST, LAST))) == dt.date(2027, 2, 15)


@pytest.mark.parametrize("said", [{}, {"every": 1, "dates": "03-31"}, {"dates": "02-30"}, {"dates": "soon"}])
def test_an_obligation_says_when(said: dict[str, object]) -> None:
    """Neither, both, or days that no year has are refused."""
    with pytest.raises(ValidationError, match="expected"):
        owed(**said)


def test_the_usual_obligations_are_named_once_with_their_source() -> None:
    """Each has a source by section, and the office's choice of an interval is said to be one."""
    assert len({row.obligation for row in DEFAULTS}) == len(DEFAULTS)
    assert all(any(mark in row.source for mark in ("CFR", "OIG")) for row in DEFAULTS)
    silent = [
        row.basis for row in DEFAULTS if row.source.startswith(("45 CFR 164.308", "45 CFR 164.316", "45 CFR 164.530"))
    ]
    assert set(silent) == {"office"}


def calendar_of(**more: object) -> pd.DataFrame:
    """A calendar of an office with one of each."""
    office = Office(
        obligations=(owed(every=12, last_done="2025-01-15", owner="ann"), owed(obligation="p", due="2027-05-01")),
        credentials=(
            Credential(provider="DR1", credential="ultrasound", valid_until=dt.date(2026, 12, 31)),
            Credential(provider="DR1", credential="ultrasound", valid_until=dt.date(2024, 12, 31)),
            Credential(provider="DR2", credential="ultrasound"),
        ),
    )  # fmt: skip
    staff = pd.DataFrame(
        [("MA1", "life-support", "competence", dt.date(2027, 1, 10), "duty first-aid", "")],
        columns=["staff", "what", "kind", "until", "required", "course"],
    )
    gone = pd.DataFrame(
        {"until": ["2026-10-03", "2026-10-20", "2027-02-01"], "status": ["may go", "may go", "legal hold"]}
    )
    return compliance_calendar(office, FIRST, LAST, more=[*expiries_due(staff), *retention_due(gone)], **more)  # type: ignore[arg-type]


def test_overdue_comes_first() -> None:
    """Obligations, expiries and what may be disposed of, by day; a later certificate counts, one without end never."""
    table = calendar_of()
    said = list(zip(table["due"].dt.strftime("%Y-%m-%d"), table["state"], table["id"], table["who"], strict=True))
    assert said[:5] == [
        ("2026-01-15", "overdue", "o", "ann"), ("2026-10-01", "overdue", "2026-10", ""),
        ("2026-12-31", "begin", "ultrasound", "DR1"), ("2027-01-10", "begin", "life-support", "MA1"),
        ("2027-05-01", "later", "p", ""),
    ]  # fmt: skip
    assert table["due"].is_monotonic_increasing
    assert table["days_left"].tolist()[:2] == [-319, -60]
    assert "2" in table["what"][1]
    assert calendar_of(done={"o": dt.date(2026, 11, 1)})["state"].tolist().count("overdue") == 1
    with pytest.raises(ValueError, match="last day"):
        compliance_calendar(Office(), LAST, FIRST)
    assert len(compliance_calendar(Office(), FIRST, FIRST)) == len(DEFAULTS)
    assert compliance_calendar(Office(obligations=()), FIRST, LAST).empty


def test_one_who_is_told_of_twice_is_listed_once() -> None:
    """A credential that training tells of too stands there once."""
    office = Office(credentials=(Credential(provider="DR1", credential="x", valid_until=FIRST),), obligations=())
    more = [Due(FIRST, "credential", "x", "Renew x", "DR1")]
    assert len(compliance_calendar(office, FIRST, LAST, more=more)) == 1
    assert len(compliance_calendar(office, FIRST, LAST)) == 1


def test_calendars_can_be_read_by_others() -> None:
    """Each line is an all-day event with its alarm, and a name that is the same next time."""
    table = calendar_of()
    stamp = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
    read = icalendar.Calendar.from_ical(calendar_ics(table, "Dune; Clinic", stamp))
    events = read.walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [day.date() for day in table["due"]]
    assert len({str(event["UID"]) for event in events}) == len(table)
    assert str(events[0]["SUMMARY"]).startswith("Overdue: ")
    alarms = [event.walk("VALARM")[0]["TRIGGER"].dt for event in events]
    assert alarms == [begin - due for begin, due in zip(table["begin"], table["due"], strict=True)]
    assert calendar_ics(table, "Dune; Clinic", stamp) == calendar_ics(table, "Dune; Clinic", stamp)


def test_the_page_says_all_of_it_as_text() -> None:
    """Every line stands there, scripts as text; an empty calendar says so."""
    table = calendar_of().assign(who="<script>1</script>")
    html = calendar_page(table, "<b>", FIRST, LAST)
    assert "<script>1" not in html
    assert "&lt;script&gt;" in html
    assert all(what in html.replace("&#39;", "'") for what in table["what"])
    assert "319 days late" in html
    assert "Nothing is due" in calendar_page(table.head(0), "x", FIRST, LAST)


def action(**said: object) -> CorrectiveAction:
    """An action."""
    base = {"action": "x1", "audit": "u1", "what": "w", "owner": "dora", "opened_on": FIRST, "due": FIRST}
    return CorrectiveAction.model_validate({**base, **said})


@pytest.mark.parametrize("before", FOLLOWING)
@pytest.mark.parametrize("after", FOLLOWING)
def test_states_follow_each_other_by_the_table(before: str, after: str) -> None:
    """Done needs evidence and verified somebody else; nothing follows what is verified or dropped."""
    row = action(state=before, done_by="dora" if before == "done" else None)
    may = (before, after) in {("open", "done"), ("open", "dropped"), ("done", "verified"), ("done", "open")}
    if not may:
        with pytest.raises(NoSuchChange):
            moved(row, after, "ann", LAST, "file 3")  # type: ignore[arg-type]
        return
    new = moved(row, after, "ann", LAST, "file 3")  # type: ignore[arg-type]
    assert new.state == after
    assert (new.done_by, new.verified_by) == {
        "done": ("ann", None), "dropped": ("ann", None), "verified": ("dora", "ann"), "open": (None, None),
    }[after]  # fmt: skip
    if after in ("done", "dropped"):
        with pytest.raises(StoreError, match="evidence"):
            moved(row, after, "ann", LAST, " ")  # type: ignore[arg-type]
    if after == "verified":
        assert moved(row.model_copy(update={"owner": "ann"}), "verified", "ann", LAST).verified_by == "ann"
        other = row.model_copy(update={"done_by": "eve"})
        with pytest.raises(StoreError, match="somebody else"):
            moved(other, "verified", "eve", LAST)
        with pytest.raises(StoreError, match="somebody else"):
            moved(row, "verified", "dora", LAST)


def test_the_work_list_is_by_due_day() -> None:
    """What is verified or dropped is gone; overdue has days below 0."""
    said = (("a", "open", 5, "dora"), ("b", "done", -2, "ann"), ("c", "verified", 0, "ann"), ("d", "dropped", 0, "ann"))
    rows = [
        action(action=name, state=state, due=FIRST + dt.timedelta(days=ahead), owner=owner)
        for name, state, ahead, owner in said
    ]
    assert work_list(rows, FIRST)[["action", "days_left"]].to_numpy().tolist() == [["b", -2], ["a", 5]]
    assert work_list(rows, FIRST, owner="dora")["action"].tolist() == ["a"]
