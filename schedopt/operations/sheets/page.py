"""Sheets as pages for paper and phones, and as files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from schedopt.interop.cells import to_csv
from schedopt.interop.icalendar import file_name
from schedopt.models.problem.calendar import clock
from schedopt.operations.cases.languages import closeness
from schedopt.operations.cases.office_days import OfficeDays
from schedopt.operations.sheets.lines import GivenDay, HuddlePoint, Line
from schedopt.operations.sheets.making import DaySheets, Sheet, visits_table
from schedopt.pages import environment

_COLUMNS = {
    "provider": ("Time", "Patient", "Visit", "Missing", "To hand out", "No-show"),
    "support": ("Time", "Patient", "What", "Missing", "To hand out", "No-show"),
    "desk": ("Arrives", "Patient", "Visit", "Missing", "To hand out or sign", "No-show"),
}
_HEADINGS = {
    "provider": "Who comes, and for what",
    "support": "Rooms, devices and support",
    "desk": "Who arrives, and for what",
}
_OF_SUPPORT = ("nurse", "provider")
"""Whose missing things support sees to, and knows of."""


def sheet_html(sheet: Sheet, given: GivenDay) -> str:
    """A sheet as a page: for A4 paper in black and white, for phones, with no script and no other file.

    Parameters
    ----------
    sheet : Sheet
        One of the day's.
    given : GivenDay
        What it is made of; its names are shown, and where there are none, ids.
    """
    shown = [one for one in sheet.points if sheet.role != "support" or one.kind not in ("first visit", "open place")]
    points = [_point(one, sheet, given) for one in shown]
    knows = given.chances is not None and given.chances.knows_patients
    page = environment("schedopt.operations.sheets").get_template("sheet.html.j2")
    return page.render(
        title=_title(sheet, given), date=_long(given.day), office=given.office.settings.name,
        summary=_summary(sheet), points=points, heading=_HEADINGS[sheet.role],
        columns=_COLUMNS[sheet.role][: 6 if knows else 5], rows=list(_rows(sheet, given)),
        boxes=sheet.role == "desk", chances=knows, prepare=list(_prepared(sheet, given)),
        before=_long(_day_before(given)), colophon=list(_colophon(given)),
    )  # fmt: skip


def sheet_files(sheets: DaySheets, pdf: Callable[[str], bytes] | None = None) -> dict[str, bytes]:
    """All sheets as files: a page and a table each, and the points of the whole office.

    Parameters
    ----------
    sheets : DaySheets
        Of a day.
    pdf : callable, optional
        Makes a PDF of a page, as :func:`schedopt.operations.paper.pdf`; without it there are none.

    Returns
    -------
    dict of str to bytes
        Content by name: ``provider-DR1.html`` and ``.csv``, ``support-MAIN``, ``desk-MAIN``; ``huddle.csv``.
    """
    files = {"huddle.csv": to_csv(sheets.huddle).encode()}
    for sheet in sheets.sheets:
        name = _free(file_name(sheet.name).removesuffix(".ics"), files)
        page = sheet_html(sheet, sheets.given)
        files[f"{name}.html"] = page.encode()
        files[f"{name}.csv"] = to_csv(visits_table(sheet.lines, sheets.given)).encode()
        if pdf is not None:
            files[f"{name}.pdf"] = pdf(page)
    return files


def _free(name: str, taken: dict[str, bytes]) -> str:
    """The name, numbered where the file system may not tell it from an earlier one."""
    there = {one.rpartition(".")[0].casefold() for one in taken}
    free, number = name, 1
    while free.casefold() in there:
        number += 1
        free = f"{name}~{number}"
    return free


def _point(point: HuddlePoint, sheet: Sheet, given: GivenDay) -> dict[str, str]:
    """A point as the sheet says it: with whom, where the sheet is of several providers, and of whom."""
    about = []
    if sheet.role != "provider" and point.provider and point.kind != "away":
        about.append(point.provider)
    if point.request and point.kind != "double-booked":
        about.append(_who_of(point.request, sheet, given))
    words = f"{', '.join(about)}: {point.words}" if about else point.words
    return {"at": clock(point.at) if point.at else "", "kind": point.kind, "words": words}


def _title(sheet: Sheet, given: GivenDay) -> str:
    if sheet.role == "provider":
        name = next((row.name for row in given.office.providers if row.provider == sheet.who), "")
        return f"{name or sheet.who} ({sheet.who})" if name else sheet.who
    site = next((row.name for row in given.office.sites or () if row.site == sheet.site), "") or sheet.site
    return f"{'Front desk' if sheet.role == 'desk' else 'Nurses and support'}, {site}"


def _summary(sheet: Sheet) -> str:
    visits, new = len(sheet.lines), sum(line.new for line in sheet.lines)
    lacking = sum(bool(_missing(line, sheet)) for line in sheet.lines)
    words = f"{visits} visit{'' if visits == 1 else 's'}"
    if visits:
        words += f" from {clock(min(_times(line, sheet)[0] for line in sheet.lines))}"
        words += f" to {clock(max(line.visit.depart for line in sheet.lines), end=True)}"
    words += f"; first visits: {new}" if new else ""
    return f"{words}; something is missing for {lacking}." if lacking else f"{words}; nothing is missing."


def _rows(sheet: Sheet, given: GivenDay) -> Iterator[dict[str, Any]]:
    if sheet.role == "support":
        yield from _steps(sheet, given)
        return
    for line in sheet.lines:
        start, end = _times(line, sheet)
        yield {
            "time": clock(start) if sheet.role == "desk" else f"{clock(start)}–{clock(end, end=True)}",
            "note": _note(line, sheet), "who": _who(line, given), "tags": _tags(line, sheet),
            "what": _what(line, sheet),
            "missing": _missing(line, sheet), "material": _material(line, sheet), "chance": _chance(line),
        }  # fmt: skip


def _steps(sheet: Sheet, given: GivenDay) -> Iterator[dict[str, Any]]:
    """A row for each step that holds a room, a device or staff, by time."""
    steps = [(step, line) for line in sheet.lines for step in line.steps if step.pools]
    first = set[str]()
    for step, line in sorted(steps, key=lambda one: (one[0].start, one[0].end, one[1].visit.request)):
        begins = line.visit.request not in first
        first.add(line.visit.request)
        yield {
            "time": f"{clock(step.start)}–{clock(step.end, end=True)}", "note": "", "who": _who(line, given),
            "tags": _tags(line, sheet),
            "what": f"{' + '.join(step.pools)}{', with' if step.with_provider else ', for'} {line.visit.provider}: "
            f"{line.type_name}",
            "missing": _missing(line, sheet) if begins else [], "material": _material(line, sheet) if begins else [],
            "chance": _chance(line) if begins else "",
        }  # fmt: skip


def _times(line: Line, sheet: Sheet) -> tuple[int, int]:
    if sheet.role == "desk":
        return line.visit.arrive, line.visit.depart
    if sheet.role == "provider":
        return line.visit.with_provider(sheet.who)
    return min(step.start for step in line.steps if step.pools), line.visit.depart


def _note(line: Line, sheet: Sheet) -> str:
    visit = line.visit
    if sheet.role == "desk":
        return f"{visit.provider} {clock(visit.start)}"
    notes = [] if visit.arrive == visit.start else [f"in {clock(visit.arrive)}"]
    if visit.provider != sheet.who:
        notes.append(f"takes part; {visit.provider}’s visit")
    return ", ".join(notes)


def _tags(line: Line, sheet: Sheet) -> list[str]:
    tags = ["new"] if line.new else []
    tags += [line.language] if line.language and not closeness(line.language, "English") else []
    tags += [f"case {case}" for case in line.cases] if sheet.role != "support" else []
    return tags


def _what(line: Line, sheet: Sheet) -> str:
    held = [
        f"{' + '.join(step.pools)} {clock(step.start)}–{clock(step.end, end=True)}" for step in line.steps if step.pools
    ]
    words = line.type_name if sheet.role == "desk" or not held else f"{line.type_name}; {', '.join(held)}"
    several = len({one.visit.site for one in sheet.lines}) > 1
    return f"{words}; at {line.visit.site}" if sheet.role == "provider" and several else words


def _missing(line: Line, sheet: Sheet) -> list[str]:
    """What is missing, as far as it is for the one who has the sheet: of money, the desk alone is told."""
    if sheet.role == "desk":
        return [one.words for one in line.missing]
    if sheet.role == "support":
        return [
            one.words for one in line.missing if one.whose in _OF_SUPPORT or one.kind in ("interpreter", "signature")
        ]
    return [one.words for one in line.missing if one.kind not in ("balance", "details")]


def _material(line: Line, sheet: Sheet) -> list[str]:
    return [one.words + (" – to sign" if one.needs_signature else "") for one in line.material]


def _chance(line: Line) -> str:
    return "" if line.no_show is None else f"{100 * line.no_show:.0f} %"


def _who(line: Line, given: GivenDay) -> str:
    return given.noted.names.get(line.visit.patient, "") or f"{line.visit.patient} ({line.visit.request})"


def _who_of(request: str, sheet: Sheet, given: GivenDay) -> str:
    return next((_who(line, given) for line in sheet.lines if line.visit.request == request), request)


def _prepared(sheet: Sheet, given: GivenDay) -> Iterator[dict[str, str]]:
    """What is to be done before the day: charts of new patients, and what is missing."""
    for line in sheet.unprepared:
        missing = _missing(line, sheet)
        words = ["open a chart"] if line.new and sheet.role != "support" else []
        words += [f"get {one}" if ":" in one and not one.startswith(("to sign", "balance")) else one for one in missing]
        if words:
            yield {"at": clock(_times(line, sheet)[0]), "who": _who(line, given), "words": "; ".join(words)}


def _day_before(given: GivenDay) -> dt.date:
    """The business day before the day."""
    days, day = OfficeDays.of(given.office), given.day - dt.timedelta(days=1)
    while not days.works_on(day):
        day -= dt.timedelta(days=1)
    return day


def _long(day: dt.date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _colophon(given: GivenDay) -> Iterator[tuple[str, str]]:
    if given.chances is None:
        yield "Chances", "not worked out"
    else:
        origin = given.chances.uncertainty.origin
        yield "No-show", origin.get("attendance", "")
        yield "Late sessions", f"{given.chances.played.replications:,} weeks played; {origin.get('service', '')}"
    for words in given.noted.untold:
        yield "Not shown", words
    yield "Patients", "by name: keep this sheet safe, and shred it" if given.noted.names else "by id"
    yield "Input", given.plan.problem.fingerprint[:16]
