"""Cases: days counted as by hand, a table of what may be done, and trends that tell chance from change."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.errors import NoSuchChange
from schedopt.models.office import Holidays, Office, Settings
from schedopt.models.tables import Closure, OpenHoliday, Site
from schedopt.operations.cases.acting import Act, Handling, NewCase, acted, opened_case
from schedopt.operations.cases.deadlines import DEFAULT_RULES, deadlines, rule_for
from schedopt.operations.cases.office_days import OfficeDays
from schedopt.operations.cases.states import FOLLOWING
from schedopt.operations.cases.tables import Case, CaseEvent, CaseRule, CaseState, Deed
from schedopt.operations.cases.trends import months_until, poisson_limits, trends
from schedopt.operations.cases.work import work_list

DAY = dt.timedelta(days=1)
NEW_YEAR = dt.date(2026, 12, 21)
DAYS = st.integers(0, 40).map(lambda ahead: NEW_YEAR + DAY * ahead)
SITES = ("MAIN", "WEST")
HOURS = st.sampled_from([(0, 1440), (0, 720), (720, 1440), (600, 900)])


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """An office of two sites with closures around a turn of the year, and holidays on which it may be open."""
    site = st.sampled_from([None, *SITES])
    shut = draw(st.dictionaries(st.tuples(site, DAYS, HOURS), st.none(), max_size=8))
    closures = {(where, day, hours[0]): hours[1] for where, day, hours in shut}
    opened = draw(st.sets(st.tuples(site, st.sampled_from([dt.date(2026, 12, 25), dt.date(2027, 1, 1)])), max_size=2))
    country = draw(st.sampled_from(["US", "DE", None]))
    return Office(
        settings=Settings(holidays=None if country is None else Holidays(country=country, subdivision=None)),
        sites=tuple(Site(site=name) for name in SITES),
        closures=tuple(
            Closure(site=where, date=day, start=_time(begin), end=_time(end))
            for (where, day, begin), end in closures.items()
        ),
        open_holidays=tuple(OpenHoliday(site=where, date=day) for where, day in opened),
    )


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def works(office: Office, day: dt.date) -> bool:
    """Whether anybody works at any site at any minute of a weekday, minute by minute."""
    if day.strftime("%a") in ("Sat", "Sun"):
        return False
    country = office.settings.holidays.country if office.settings.holidays else None
    free = country is not None and day in holidays.country_holidays(country, years=day.year)
    if free and day not in {row.date for row in office.open_holidays or ()}:
        return False
    shut = [row for row in office.closures or () if row.date == day]
    return any(
        not any(row.site in (None, site) and row.start <= minute < row.end for row in shut)
        for site in SITES for minute in (30, 660, 780, 1400)
    )  # fmt: skip


@given(offices(), DAYS, st.integers(0, 12))
def test_due_days_are_counted_by_hand(office: Office, received: dt.date, count: int) -> None:
    """A day in so many business days is the one at which counting each day of the calendar arrives."""
    days = OfficeDays.of(office)
    rule = CaseRule(kind="concern", acknowledge_within=0, close_within=count)
    found = deadlines(received, rule, days)
    left, day = count, received
    if not count and not works(office, received):
        left = 1
    while left > 0:
        day += DAY
        left -= works(office, day)
    assert found.due == day
    assert works(office, found.due)
    assert days.between(received, found.due) == (count or int(not works(office, received)))
    assert days.between(found.due, received) == -days.between(received, found.due)


def test_calendar_days_and_holidays_observed() -> None:
    """Calendar days are all days; a holiday at a weekend is kept on the weekday that stands for it."""
    days = OfficeDays(country="US")
    rule = CaseRule(kind="complaint", acknowledge_within=5, close_within=30, counted="calendar")
    assert deadlines(dt.date(2026, 12, 20), rule, days)[:2] == (dt.date(2026, 12, 25), dt.date(2027, 1, 19))
    assert not days.works_on(dt.date(2026, 7, 3))
    assert OfficeDays(country="US").after(dt.date(2026, 11, 25), 1) == dt.date(2026, 11, 27)


def test_a_day_is_closed_where_no_minute_is_open() -> None:
    """Half a day, or one site of two, is a business day; two halves, or both sites, are none."""
    monday = dt.date(2026, 11, 30)
    morning = {"date": monday, "end": "12:00"}
    evening = {"date": monday, "start": "12:00"}
    for rows, closed in (
        ([morning], False), ([evening], False), ([morning, evening], True), ([{"date": monday, "site": "MAIN"}], False),
        ([{"date": monday, "site": name} for name in SITES], True), ([morning, evening | {"site": "MAIN"}], False),
        ([morning, *({**evening, "site": name} for name in SITES)], True),
    ):  # fmt: skip
        made = Office(
            sites=tuple(Site(site=name) for name in SITES), closures=tuple(Closure.model_validate(row) for row in rows)
        )
        assert OfficeDays.of(made).works_on(monday) != closed
    alone = Office(closures=(Closure(date=monday, site="MAIN"),))
    assert OfficeDays.of(alone).works_on(monday)


def test_the_most_exact_rule_holds() -> None:
    """A rule for kind and subject goes before one for the kind, and that before what holds by default."""
    narrow = CaseRule(kind="complaint", subject="billing", acknowledge_within=1, close_within=2)
    wide = CaseRule(kind="complaint", acknowledge_within=3, close_within=4)
    for rules in ([narrow, wide], [wide, narrow]):
        assert rule_for(rules, "complaint", "billing") == narrow
        assert rule_for(rules, "complaint", "staff") == wide
    assert rule_for([narrow], "complaint", "staff") in DEFAULT_RULES
    assert {rule.kind for rule in DEFAULT_RULES} == {"inquiry", "concern", "complaint"}
    complaint = rule_for([], "complaint", "x")
    assert (complaint.acknowledge_within, complaint.close_within, complaint.counted) == (5, 30, "calendar")


HANDLING = Handling((), OfficeDays(), dt.date(2026, 11, 30))
NEW = NewCase("complaint", "waiting-time", "phone", "waited an hour", received=dt.date(2026, 11, 2))


def a_case(new: NewCase = NEW, handling: Handling = HANDLING) -> tuple[Case, list[CaseEvent]]:
    """A case as it is opened."""
    row, event = opened_case("c1", new, handling, "dora")
    return row, [event]


def act(deed: Deed, **more: object) -> Act:
    """Something done, with what it needs."""
    needs: dict[str, dict[str, object]] = {"hand-over": {"owner": "mgr"}, "close": {"outcome": "resolved"}}
    return Act(deed, **(needs.get(deed, {}) | more))  # type: ignore[arg-type]


@given(st.lists(st.sampled_from([deed for deed in get_args(Deed) if deed != "open"]), max_size=8))
def test_what_is_done_follows_the_table(deeds: list[Deed]) -> None:
    """What the table allows is done and written down; all else is refused and changes nothing."""
    row, history = a_case()
    for deed in deeds:
        if deed not in FOLLOWING[row.state]:
            with pytest.raises(NoSuchChange, match=deed):
                acted(row, history, act(deed), HANDLING, "dora")
            continue
        after, event = acted(row, history, act(deed), HANDLING, "dora")
        assert (event.number, event.deed, event.state) == (len(history) + 1, deed, after.state)
        assert after.state == FOLLOWING[row.state][deed]
        row, history = after, [*history, event]
        assert (row.closed is not None) == (row.outcome is not None) == (row.state == "closed")
        assert (row.acknowledged is not None) or row.state == "open"
    assert (row.owner == "mgr") == any(event.deed == "hand-over" for event in history)


def test_every_state_can_be_left_and_reached() -> None:
    """From each state a case comes to be closed, and each is reached from open."""
    reached: set[CaseState] = {"open"}
    for _ in get_args(CaseState):
        reached |= {after for state in reached for after in FOLLOWING[state].values()}
    assert reached == set(get_args(CaseState)) == set(FOLLOWING)
    assert all(FOLLOWING[state].get("close") == "closed" for state in FOLLOWING if state != "closed")


def test_days_in_order() -> None:
    """Nothing is done before what was done before, nor tomorrow; an outcome is one of the table's."""
    row, history = a_case()
    for on in (dt.date(2026, 11, 1), dt.date(2026, 12, 1)):
        with pytest.raises(NoSuchChange, match="expected a day"):
            acted(row, history, act("note", on=on), HANDLING, "dora")
    with pytest.raises(NoSuchChange, match="received"):
        a_case(NEW._replace(received=dt.date(2026, 12, 1)))
    for bad in (act("close", outcome="fine"), act("close", outcome=None), act("hand-over", owner=None)):
        with pytest.raises(NoSuchChange, match="expected"):
            acted(row, history, bad, HANDLING, "dora")
    closed, event = acted(row, history, act("close"), HANDLING, "dora")
    again, _ = acted(closed, [*history, event], act("reopen"), HANDLING, "dora")
    assert again.due == dt.date(2026, 12, 30)
    assert again.acknowledged == HANDLING.today


def test_no_words_in_a_repr() -> None:
    """What was said shows nowhere by itself."""
    row, history = a_case()
    shown = [repr(row), repr(history), repr(NEW), repr(act("note", words="waited an hour"))]
    assert not any("hour" in text for text in shown)


@given(st.lists(st.tuples(st.integers(0, 25), st.sampled_from(["", "acknowledge", "close"])), max_size=6))
def test_work_list(drawn: list[tuple[int, str]]) -> None:
    """What is not closed stands there once, by its next day, with the days that are left; late is what has passed."""
    handling = Handling(
        (CaseRule(kind="inquiry", acknowledge_within=2, close_within=6, escalate_to="mgr"),), OfficeDays(country="US"),
        dt.date(2026, 11, 30),
    )  # fmt: skip
    cases = []
    for number, (ago, deed) in enumerate(drawn):
        new = NewCase("inquiry", "x", "phone", received=handling.today - DAY * ago)
        row, event = opened_case(f"c{number}", new, handling, "dora")
        if deed:
            row, _ = acted(row, [event], act(deed), handling, "dora")  # type: ignore[arg-type]
        cases.append(row)
    found = work_list(cases, handling)
    open_ = {case.case: case for case in cases if case.state != "closed"}
    assert sorted(found["case"]) == sorted(open_)
    assert list(found["by"]) == sorted(found["by"])
    for row in found.itertuples():
        case = open_[str(row.case)]
        assert (row.step, row.by) == (
            ("acknowledge", case.acknowledge_by) if case.state == "open" else ("close", case.due)
        )
        assert row.overdue == (row.by < handling.today) == (row.escalate_to == "mgr")
        step = 1 if row.by > handling.today else -1
        apart = (row.by - handling.today).days
        days = [handling.today + DAY * ahead for ahead in range(min(0, apart) + 1, max(0, apart) + 1)]
        assert row.days_left == step * sum(handling.days.works_on(day) for day in days)


def frames(
    counts: list[int], held: list[int], first: dt.date = dt.date(2026, 1, 1)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases and visits of months."""
    months = months_until(first + DAY * 31 * (len(counts) - 1), len(counts))
    received = [
        month + DAY * (number % 28) for month, count in zip(months, counts, strict=True) for number in range(count)
    ]
    cases = pd.DataFrame(
        {"kind": "concern", "subject": "x", "site": "MAIN", "received": received, "due": received, "closed": None}
    )
    days = [month + DAY * (number % 28) for month, count in zip(months, held, strict=True) for number in range(count)]
    return cases, pd.DataFrame({"date": pd.to_datetime(days), "site": "MAIN"})


def test_poisson_limits_as_published() -> None:
    """Exact 95 % limits of a Poisson mean: 0 to 3.689, 1: 0.0253 to 5.572, 10: 4.795 to 18.39 (Garwood 1936)."""
    low, high = poisson_limits(np.array([0, 1, 10]))
    assert np.round(low, 4).tolist() == [0.0, 0.0253, 4.7954]
    assert np.round(high, 3).tolist() == [3.689, 5.572, 18.390]


def test_rates_and_change() -> None:
    """Rates are for 1,000 visits; a month of five times the rate is more, one of the same rate is not."""
    cases, visits = frames([4, 5, 25, 4], [1000, 1000, 1000, 500])
    found = trends(cases, visits, months_until(dt.date(2026, 4, 1), 4))
    assert found["cases"].tolist() == [4, 5, 25, 4]
    assert found["rate"].tolist() == [4, 5, 25, 8]
    assert found["expected"].round(2).tolist()[1:] == [4.0, 4.5, round(34 / 3000 * 500, 2)]
    assert found["change"].tolist() == ["", "", "more", ""]
    cases, visits = frames([30, 30, 6], [1000] * 3)
    assert trends(cases, visits, months_until(dt.date(2026, 3, 1), 3))["change"].tolist() == ["", "", "fewer"]


def test_closing_is_told() -> None:
    """Share closed by their due day, and days to closing, of those that are closed."""
    cases, visits = frames([4], [10])
    closed = [cases["received"][0], cases["received"][1] + DAY * 4, None, None]
    found = trends(cases.assign(closed=closed), visits, months_until(dt.date(2026, 1, 31), 1)).iloc[0]
    assert (found["closed"], found["in_time"], found["median_days"]) == (2, 0.5, 2.0)


def test_noise_is_seldom_called_change() -> None:
    """Where nothing changes, at most one month in a hundred is called unusual; twice the rate mostly is."""
    random = np.random.default_rng(5)
    months, held = months_until(dt.date(2026, 12, 1), 12), [40] * 12
    quiet, loud = 0, 0
    for _ in range(40):
        counts = random.poisson(20, 12)
        cases, visits = frames(counts.tolist(), held)
        quiet += int(trends(cases, visits, months)["change"].ne("").sum())
        cases, visits = frames([*counts[:11].tolist(), int(random.poisson(44))], held)
        loud += int(trends(cases, visits, months)["change"].tolist()[-1] == "more")
    assert quiet / (40 * 11) <= 0.02
    assert loud >= 32


def test_groups_by_site() -> None:
    """Rates of a site are for its own visits; months outside are not counted."""
    cases = pd.DataFrame(
        {"kind": "concern", "subject": ["a", "b", "a"], "site": ["MAIN", "WEST", "MAIN"], "due": None, "closed": None,
         "received": [dt.date(2026, 1, 3), dt.date(2026, 1, 3), dt.date(2025, 12, 31)]}
    )  # fmt: skip
    visits = pd.DataFrame({"date": pd.to_datetime(["2026-01-05"] * 5), "site": ["MAIN"] * 4 + ["WEST"]})
    january = [dt.date(2026, 1, 1)]
    found = trends(cases, visits, january, "site").set_index("group")
    assert found["rate"].to_dict() == {"MAIN": 250.0, "WEST": 1000.0}
    assert trends(cases, visits, january, "subject").set_index("group")["cases"].to_dict() == {"a": 1, "b": 1}
    assert months_until(dt.date(2026, 2, 10), 3) == [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
