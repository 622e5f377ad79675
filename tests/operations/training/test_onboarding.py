"""Onboarding: mentors by brute force, hours by going through the minutes, states by hand; and supervision."""

from __future__ import annotations

import datetime as dt
from itertools import product

from hypothesis import given, settings

from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.operations.training.learning_tables import Mentor, OnboardingStep
from schedopt.operations.training.onboarding import onboarding
from schedopt.operations.training.people import by_id, people_of
from schedopt.operations.training.presence import Presence
from schedopt.operations.training.staff_tables import Competence, Staff, StaffCompetence, StaffShift
from schedopt.operations.training.supervision import supervision
from tests.effort import examples
from tests.operations.training.offices import DAY, MONDAY, base, beginners

HALF = 30
"""Minutes: all shifts begin and end on half hours."""
DAYS = [MONDAY + number * DAY for number in range(20)]


def _together(office: Office, new: str, mentor: str) -> dict[dt.date, int]:
    """Half hours on shift together at one site, by day."""
    person, presence = by_id(people_of(office)), Presence(office, MONDAY, MONDAY + 30 * DAY)

    def there(name: str, day: dt.date) -> set[tuple[str, int]]:
        stretches = presence.on(person[name], day)
        return {(one.site, minute) for one in stretches for minute in range(one.start, one.end, HALF)}

    return {day: len(there(new, day) & there(mentor, day)) for day in DAYS}


def _most(office: Office, new: Staff, mentor: str) -> int:
    """The most half hours that can count towards the steps: by the demand of every set of them (Hall's theorem)."""
    steps, together = office.rows(OnboardingStep) or (), _together(office, new.staff, mentor)
    assert new.hired is not None
    windows = [(new.hired + s.from_day * DAY, new.hired + s.to_day * DAY, 2 * s.shared_hours) for s in steps]
    lacking = 0
    for chosen in product((False, True), repeat=len(windows)):
        mine = [window for window, used in zip(windows, chosen, strict=True) if used]
        there = sum(count for day, count in together.items() if any(a <= day <= b for a, b, _ in mine))
        lacking = max(lacking, sum(needed for *_, needed in mine) - there)
    return sum(needed for *_, needed in windows) - lacking


def _spans(office: Office) -> dict[str, tuple[dt.date, dt.date]]:
    """From when to when everybody new needs a mentor."""
    steps, found = office.rows(OnboardingStep) or (), {}
    for row in office.rows(Staff) or ():
        if row.hired:
            first, last = (
                row.hired + min(s.from_day for s in steps) * DAY,
                row.hired + max(s.to_day for s in steps) * DAY,
            )
            found[row.staff] = max(MONDAY, first), max(MONDAY, last)
    return found


def _best(office: Office) -> int:
    """The most half hours that count in sum, over every choice of mentors."""
    new = [row for row in office.rows(Staff) or () if row.hired]
    mentors, best, spans = {row.staff: row.most for row in office.rows(Mentor) or ()}, 0, _spans(office)
    worth = {(row.staff, mentor): _most(office, row, mentor) for row in new for mentor in mentors}
    for choice in product((None, *mentors), repeat=len(new)):
        pairs = [(row.staff, mentor) for row, mentor in zip(new, choice, strict=True) if mentor is not None]
        fits = all(
            sum(mine == mentor and spans[name][0] <= day <= spans[name][1] for name, mine in pairs) <= most
            for mentor, most in mentors.items()
            for day in DAYS
        )
        best = max(best, sum(worth[pair] for pair in pairs)) if fits else best
    return best


@settings(max_examples=examples(16))
@given(beginners())
def test_mentors_share_as_many_hours_as_any_choice(office: Office) -> None:
    """No choice of mentors has more hours that count, and no mentor has too many at once."""
    found, spans = onboarding(office, MONDAY), _spans(office)
    assert 2 * found.mentors["shared_hours"].sum() == _best(office)
    for row in found.steps.to_dict("records"):
        assert row["shared_hours"] <= row["needed_hours"]
        assert row["state"] != "fits" or row["shared_hours"] == row["needed_hours"]
    for mentor in office.rows(Mentor) or ():
        mine = found.mentors[found.mentors["mentor"] == mentor.staff]["staff"].tolist()
        assert all(sum(spans[name][0] <= day <= spans[name][1] for name in mine) <= mentor.most for day in DAYS)


def _one(*steps: OnboardingStep, **more: object) -> Office:
    """MA1, who is new, and MA2, who may look after her and is on shift with her for two hours on Tuesdays."""
    staff = (Staff(staff="MA1", role="helper", hired=MONDAY), Staff(staff="MA2", role="helper"))
    shifts = (
        StaffShift(staff="MA1", site="MAIN", weekday="Tuesday", start="08:00", end="12:00"),
        StaffShift(staff="MA2", site="MAIN", weekday="Tuesday", start="10:00", end="14:00"),
    )
    plain = {"staff": staff, "staff_shifts": shifts, "mentors": (Mentor(staff="MA2", most=1),)}
    return base(**{**plain, "onboarding": steps, **more})


def _states(
    office: Office, day: dt.date = MONDAY, done: dict[tuple[str, str], dt.date] | None = None
) -> dict[str, str]:
    found = onboarding(office, day, done).steps
    return dict(zip(found["step"], found["state"], strict=True))


def test_states_of_steps() -> None:
    """Two hours fit, three do not; what is over is late; what is done or held is done; a mentor is needed."""
    two = OnboardingStep(step="two", from_day=0, to_day=6, needs_mentor=True, shared_hours=2)
    three = two.model_copy(update={"step": "three", "shared_hours": 3})
    life = OnboardingStep(step="life", to_day=6, competence="life")
    assert _states(_one(two)) == {"two": "fits"}
    assert _states(_one(three)) == {"three": "too few hours"}
    assert _states(_one(two), MONDAY + 2 * DAY) == {"two": "too few hours"}
    assert _states(_one(two), MONDAY + 7 * DAY) == {"two": "late"}
    assert _states(_one(two, three), done={("MA1", "three"): MONDAY}) == {"two": "fits", "three": "done"}
    assert _states(_one(two, mentors=())) == {"two": "no mentor"}
    held = (StaffCompetence(staff="MA1", competence="life", valid_from=MONDAY),)
    known = {"competences": (Competence(competence="life"),)}
    assert _states(_one(life, **known)) == {"life": "fits"}
    assert _states(_one(life, two, **known, staff_competences=held)) == {"life": "done", "two": "fits"}


def test_mentors_take_their_roles_and_not_themselves() -> None:
    """Roles that a mentor names count in place of the own one, and nobody looks after him- or herself."""
    step = OnboardingStep(step="two", from_day=0, to_day=6, needs_mentor=True, shared_hours=2)
    for roles, state in (("nurse", "no mentor"), ("nurse; helper", "fits")):
        assert _states(_one(step, mentors=(Mentor(staff="MA2", most=1, roles=roles),))) == {"two": state}
    assert _states(_one(step, mentors=(Mentor(staff="MA1", most=1),))) == {"two": "no mentor"}


def test_hours_go_to_what_ends_first() -> None:
    """Of two steps, the longer one waits for the second week, so that both fit, in whichever order they stand."""
    long = OnboardingStep(step="long", from_day=0, to_day=13, needs_mentor=True, shared_hours=2)
    short = OnboardingStep(step="short", from_day=1, to_day=6, needs_mentor=True, shared_hours=2)
    for steps in ((long, short), (short, long)):
        assert _states(_one(*steps)) == {"long": "fits", "short": "fits"}


def test_closed_hours_are_not_shared() -> None:
    """A closure takes hours from both."""
    step = OnboardingStep(step="two", from_day=0, to_day=6, needs_mentor=True, shared_hours=2)
    shut = tables.Closure(site="MAIN", date=MONDAY + DAY, start="11:00", end="12:00")
    (row,) = onboarding(_one(step, closures=(shut,)), MONDAY).steps.to_dict("records")
    assert (row["shared_hours"], row["state"]) == (1.0, "too few hours")


def test_supervision_says_when_nobody_is_there() -> None:
    """A trainee's morning is covered where a supervisor is on site, and the rest is named."""
    shifts = (
        tables.Shift(provider="DR1", site="MAIN", date=MONDAY, start="08:00", end="12:00", breaks="10:00-10:30"),
        tables.Shift(provider="DR2", site="MAIN", date=MONDAY, start="09:00", end="16:00"),
        tables.Shift(provider="DR1", site="MAIN", date=MONDAY + DAY, start="08:00", end="09:00"),
    )
    trainee = tables.Provider(provider="DR1", supervisors="DR2")
    office = base(shifts=shifts, providers=(trainee, tables.Provider(provider="DR2")))
    rows = supervision(office, MONDAY, MONDAY + DAY).to_dict("records")
    assert [(row["start"], row["state"], row["alone"], row["supervised_minutes"]) for row in rows] == [
        ("08:00", "partly", "08:00-09:00", 60), ("10:30", "on site", "", 90), ("08:00", "nobody", "08:00-09:00", 0),
    ]  # fmt: skip
    away = tables.Leave(provider="DR2", first_day=MONDAY, last_day=MONDAY)
    rows = supervision(office.model_copy(update={"leave": (away,)}), MONDAY, MONDAY).to_dict("records")
    assert [row["state"] for row in rows] == ["nobody", "nobody"]
