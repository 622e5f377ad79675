"""``schedopt training``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import schedopt
from schedopt.cli.offices import Actor, is_store, opened, read_office_of
from schedopt.cli.planned import errors_of_input, expect_known, read_planned
from schedopt.cli.speech import OfficeFolder, expect_unasked, parse_week, say, speaks_plainly, typed_as
from schedopt.cli.store.told import OutFile, tell_table, try_out
from schedopt.cli.tables import text_table, whole
from schedopt.errors import Fault, InputError
from schedopt.writing import write_files

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.operations.training.courses import Courses

Show = Literal["matrix", "expiries", "onboarding", "supervision", "courses", "booked"]
_HEADINGS: dict[str, dict[str, str]] = {
    "matrix": {"staff": "staff", "role": "role", "what": "competence", "level": "level", "required": "required",
               "state": "state", "until": "until", "reason": "why"},
    "expiries": {"staff": "staff", "what": "competence", "kind": "kind", "until": "until", "course": "course",
                 "required": "required by"},
    "onboarding": {"staff": "staff", "step": "step", "first_day": "from", "last_day": "to", "mentor": "mentor",
                   "state": "state", "reason": "why"},
    "supervision": {"staff": "staff", "date": "date", "site": "site", "start": "from", "end": "to",
                    "supervisors": "supervisors", "state": "state", "alone": "without one"},
    "courses": {"staff": "staff", "what": "competence", "until": "until", "state": "state", "course": "course",
                "date": "date", "start": "start", "reason": "why"},
    "booked": {"held": "date's id", "course": "course", "date": "date", "start": "start", "state": "state",
               "staff": "staff", "place": "place"},
}  # fmt: skip
_DATES = {
    "course": "course", "date": "date", "start": "start", "end": "end", "attendees": "attendees",
    "points": "points lost", "points_next_monday": "next Monday (points)", "why": "why",
}  # fmt: skip
_FOLDER = "expected a store: a folder keeps no such thing"
_FINE = {"matrix": ("ok",), "onboarding": ("done", "fits"), "supervision": ("on site",), "courses": ("in time",)}
"""States that nobody has to look at; what expires is told, and is something to look at too."""


@dataclass(frozen=True)
class _Asked:
    """What is shown, of which days."""

    show: Show
    day: dt.date
    within: int
    every: bool
    out: Path | None

    @property
    def last(self) -> dt.date:
        """The last day looked at."""
        return self.day + dt.timedelta(days=self.within)


def _parse_done(texts: Sequence[str]) -> list[tuple[str, str, dt.date]]:
    """``MA1:rooming@2026-12-01``: who, which step, when."""
    found = []
    with typed_as("--done"):
        for text in texts:
            what, _, day = text.rpartition("@")
            staff, _, step = what.partition(":")
            if not staff or not step:
                raise typer.BadParameter(f"expected such as MA1:rooming@2026-12-01, not {text!r}")
            found.append((staff, step, parse_week(day)))
    return found


Planned = Annotated[
    Path | None,
    typer.Argument(metavar="PLAN", help="For courses: folder that 'schedopt plan' has written; its days are kept."),
]
Shown = Annotated[
    Show,
    typer.Option(
        help="matrix: who holds what, and what is required; expiries: what ends; onboarding: steps and mentors; "
        "supervision: when a supervisor is on site; courses: dates on which the plan loses least, and who attends "
        "(needs PLAN); booked: courses of a store."
    ),
]
Day = Annotated[
    dt.date | None,
    typer.Option("--on", parser=parse_week, metavar="DATE", help="Day asked about; PLAN's first day, or today."),
]
Within = Annotated[int, typer.Option(min=0, max=1000, metavar="DAYS", help="Days ahead that are looked at.")]
Every = Annotated[bool, typer.Option("--all", help="Also what is in order.")]
Page = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with all of it, HTML, to read or print.")]
Leave = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="For courses: write rows for the folder's leave.csv to this CSV file."),
]
Book = Annotated[
    bool, typer.Option("--book", help="For courses of a store: keep the dates, places, and leave of providers.")
]
Done = Annotated[
    list[str] | None,
    typer.Option(metavar="STAFF:STEP@DATE", help="Of a store: a step of onboarding is done. May be repeated."),
]
Held = Annotated[
    str | None, typer.Option(metavar="ID", help="Of a store: this date of a course was held; see --attended.")
]
Attended = Annotated[
    list[str] | None, typer.Option(metavar="STAFF", help="With --held: who was there. May be repeated.")
]
Cancel = Annotated[str | None, typer.Option(metavar="ID", help="Of a store: take a date of a course back.")]


@speaks_plainly
def training(
    office: OfficeFolder, plan: Planned = None, show: Shown = "matrix", day: Day = None, within: Within = 60,
    every: Every = False, out: OutFile = None, page: Page = None, leave: Leave = None, book: Book = False,
    done: Done = None, held: Held = None, attended: Attended = None, cancel: Cancel = None, actor: Actor = None,
) -> None:  # fmt: skip
    """Who can do what and until when, who is new, and when courses cost the plan least.

    Competences, courses, onboarding and mentors stand in the office's tables; docs/training.md tells which. Ids alone
    are shown, never names.

    Exit status: 0 all is in order; 1 something to look at: a competence that is required is not held or ends soon, a
    step does not fit in, no supervisor is on site, or somebody has no place in a course in time; 2 the office's data,
    the plan or the command cannot be used.
    """
    try_out(page, leave, out)
    if show != "courses":
        expect_unasked({"--leave": leave, "--book": book}, "with --show courses alone")
    if show in ("courses", "booked") or done or held or cancel:
        expect_unasked({"--page": page}, "with --show matrix, expiries, onboarding or supervision alone")
    if held is None:
        expect_unasked({"--attended": attended}, "beside --held alone")
    if plan is not None:
        expect_unasked({"--on": day}, "without PLAN, whose first day is asked about")
    if done or held or cancel:
        _tell_store(office, _parse_done(done or ()), held, attended or [], cancel, actor)
        return
    asked = _Asked(show, _day_of(plan, day), within, every, out)
    if show == "booked":
        _booked(office, asked, actor)
        return
    if (show == "courses") != (plan is not None):
        raise InputError([Fault("PLAN", None, None, None, "expected a plan with --show courses, and only then")])
    there = read_office_of(office, lambda: asked.day, actor)
    if plan is not None:
        raise typer.Exit(_courses(office, there, plan, asked, leave, book, actor))
    completed = _completed(office, actor)
    frame = _table(there, asked, completed)
    if page is not None:
        from schedopt.operations.training.page import training_page

        write_files({page: training_page(there, asked.day, asked.within, completed).encode()})
        say(f"Written: {page}")
    raise typer.Exit(_tell(frame, asked))


def _day_of(plan: Path | None, day: dt.date | None) -> dt.date:
    if plan is not None:
        from schedopt.folders import read_record

        return read_record(plan).first
    return dt.date.today() if day is None else day


def _completed(office: Path, actor: str | None) -> dict[tuple[str, str], dt.date]:
    if not is_store(office):
        return {}
    with opened(office, actor) as store:
        return store.completed_steps()


def _table(office: schedopt.Office, asked: _Asked, completed: dict[tuple[str, str], dt.date]) -> pd.DataFrame:
    from schedopt.operations.training.matrix import competence_matrix, expiries
    from schedopt.operations.training.onboarding import onboarding
    from schedopt.operations.training.supervision import supervision

    make: dict[str, Callable[[], pd.DataFrame]] = {
        "matrix": lambda: competence_matrix(office, asked.day, asked.within),
        "expiries": lambda: expiries(office, asked.day, asked.last),
        "onboarding": lambda: onboarding(office, asked.day, completed).steps,
        "supervision": lambda: supervision(office, asked.day, asked.last),
    }
    return make[asked.show]()


def _tell(frame: pd.DataFrame, asked: _Asked) -> int:
    """Show what is to be looked at, or all of it; the exit status."""
    fine = _FINE.get(asked.show, ())
    poor = frame[~frame["state"].isin(fine)] if fine else frame
    if asked.show == "matrix":
        poor = poor[poor["required"] > 0]
    shown = frame if asked.every or asked.out is not None else poor
    days = {name: shown[name].map(lambda one: one or "") for name in ("until", "date") if name in shown}
    shown = shown.assign(**days)
    tell_table(shown, _HEADINGS[asked.show], asked.out, "All is in order.")
    return int(len(poor) > 0)


def _courses(
    place: Path, office: schedopt.Office, plan: Path, asked: _Asked, leave: Path | None, book: bool, actor: str | None
) -> int:  # fmt: skip
    from schedopt.interop.cells import to_csv
    from schedopt.operations.training.courses import leave_rows, place_courses

    if book and not is_store(place):
        raise InputError([Fault("--book", None, None, None, "expected a store; of a folder, --leave FILE is for it")])
    planned, booked = read_planned(office, plan), {}
    if is_store(place):
        with opened(place, actor) as store:
            rows = store.booked_courses().to_dict("records")
        booked = {(row["staff"], row["competence"]): row["date"] for row in rows if row["place"] == "booked"}
    with errors_of_input("PLAN"):
        found = place_courses(office, planned, within=asked.within, booked=booked)
    if len(found.dates):
        say(text_table(whole(found.dates), _DATES) + "\n")
    if leave is not None:
        write_files({leave: to_csv(leave_rows(found, office)).encode()})
        say(f"Wrote {leave}: rows for leave.csv\n")
    if book:
        _book(place, found, actor)
    return _tell(found.places, _Asked("courses", asked.day, asked.within, True, asked.out))


def _book(place: Path, found: Courses, actor: str | None) -> None:
    with opened(place, actor) as store:
        ids = store.book_courses(found)
    say(f"Booked: {len(ids):,} dates ({', '.join(ids)})\n" if ids else "Nothing to book.\n")


def _booked(place: Path, asked: _Asked, actor: str | None) -> None:
    if not is_store(place):
        raise InputError([Fault("--show booked", None, None, None, _FOLDER)])
    with opened(place, actor) as store:
        tell_table(store.booked_courses(), _HEADINGS["booked"], asked.out, "No course is booked.")


def _tell_store(
    place: Path, done: list[tuple[str, str, dt.date]], held: str | None, attended: list[str], cancel: str | None,
    actor: str | None,
) -> None:  # fmt: skip
    """What has happened, into the store."""
    if not is_store(place):
        raise InputError([Fault("--done, --held, --cancel", None, None, None, _FOLDER)])
    with opened(place, actor) as store:
        people = store.rows("staff")["staff"].tolist() if done or attended else []
        steps = store.rows("onboarding")["step"].tolist() if done else []
        for staff, step, day in done:
            expect_known("--done", staff, people, "somebody of table staff")
            expect_known("--done", step, steps, "a step of table onboarding")
            store.step_done(staff, step, day)
            say(f"Done: {step} by {staff} on {day}")
        for staff in attended:
            expect_known("--attended", staff, people, "somebody of table staff")
        if held is not None:
            absent = store.course_held(held, attended)
            say(f"Held: {held}; absent: {', '.join(absent) or 'nobody'}")
        if cancel is not None:
            store.cancel_course(cancel)
            say(f"Taken back: {cancel}")
