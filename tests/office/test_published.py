"""Publishing, on two days made by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.office.publish import publish_schedule
from tests.smallest import FIRST, SECOND, SMALLEST, Smallest

BOTH_DAYS = (("R1", "DR1", 0, ("08:00",)), ("R2", "DR1", 1, ("08:15",)))
DAY = dt.timedelta(days=1)


def published(smallest: Smallest, through: dt.date, *, draft: bool = True) -> Office:
    """The office with the schedule among its appointments."""
    problem = smallest.problem()
    return publish_schedule(smallest.office, problem, smallest.schedule(problem), through, draft=draft)


def marks(office: Office) -> dict[str, str]:
    """Mark of every appointment."""
    return {row.request: row.mark for row in office.appointments or ()}


@pytest.mark.parametrize(
    ("through", "drafts", "alone"),
    [
        (FIRST - DAY, {"R1": "movable", "R2": "movable"}, {}),
        (FIRST, {"R1": "fixed", "R2": "movable"}, {"R1": "fixed"}),
        (SECOND, {"R1": "fixed", "R2": "fixed"}, {"R1": "fixed", "R2": "fixed"}),
    ],
)
def test_the_last_day_published_is_fixed(through: dt.date, drafts: dict[str, str], alone: dict[str, str]) -> None:
    """Visits up to the last day published are fixed, that day included; later ones are drafts, or are not promised."""
    smallest = Smallest(placed=BOTH_DAYS)
    assert marks(published(smallest, through)) == drafts
    assert marks(published(smallest, through, draft=False)) == alone
    told = [(row.provider, row.date, row.start, row.minutes) for row in published(smallest, SECOND).appointments or ()]
    assert told == [("DR1", FIRST, 480, None), ("DR1", SECOND, 495, None)]


def test_what_was_fixed_stays_fixed_on_draft_days() -> None:
    """A visit promised as fixed before is no draft, whatever its day."""
    row = tables.Appointment(request="R2", provider="DR1", date=SECOND, start="08:15", mark="fixed")
    office = published(Smallest({"appointments": (row,)}, BOTH_DAYS), FIRST)
    assert marks(office) == {"R2": "fixed", "R1": "fixed"}


@pytest.mark.parametrize(("through", "left"), [(FIRST - DAY, {"R1": "movable"}), (FIRST, {})])
def test_a_movable_promise_that_is_left_out_is_gone_where_its_day_is_published(
    through: dt.date, left: dict[str, str]
) -> None:
    """Until then it stays a movable promise."""
    row = tables.Appointment(request="R1", provider="DR1", date=FIRST, start="08:15", mark="movable")
    assert marks(published(Smallest({"appointments": (row,)}, ()), through)) == left


def test_a_visit_names_the_authorisation_that_it_uses() -> None:
    """Whose insurer asks for none names none."""
    changes = SMALLEST["authorised_visits"].changes
    office = published(Smallest(changes, (("R1", "DR1", 0, ("08:00",)),)), FIRST)
    assert [row.authorisation for row in office.appointments or ()] == ["A1"]
    office = published(Smallest(placed=BOTH_DAYS), FIRST)
    assert [row.authorisation for row in office.appointments or ()] == [None, None]
