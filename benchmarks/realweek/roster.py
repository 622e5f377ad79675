"""Who works when: the published clinic schedules of Chinle, minus leave and inpatient weeks."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.realweek.departments import DEPARTMENTS, HALVES, SITE
from benchmarks.realweek.notes import Note

SOURCE = "chinle_clinic_roster_2025"
_HOLIDAY = re.compile(r"\s*- (\d{4}-\d{2}-\d{2})\s*#\s*(.+?)\s*")


@dataclass(frozen=True)
class Roster:
    """The supply side of a week.

    Attributes
    ----------
    providers, shifts, leave, closures : pandas.DataFrame
        Tables of the office.
    staff : pandas.DataFrame
        One row a shift: ``provider``, ``department`` (code), ``date``, ``half``, ``minutes``.
    panel : pandas.DataFrame
        ``provider``, ``department``: everybody in the clinic schedules of the month.
    notes : tuple of Note
        What was found on the way.
    """

    providers: pd.DataFrame
    shifts: pd.DataFrame
    leave: pd.DataFrame
    closures: pd.DataFrame
    staff: pd.DataFrame
    panel: pd.DataFrame
    notes: tuple[Note, ...]


def read_schedules(folder: Path) -> pd.DataFrame:
    """All published schedules, one row a provider and half day (or call).

    Returns
    -------
    pandas.DataFrame
        ``month`` (folder), ``department`` (code), ``date`` (datetime.date), ``half``, ``provider``; a half day
        that nobody staffs has one row with an empty provider.
    """
    parts = []
    for department in DEPARTMENTS:
        for path in sorted(folder.glob(f"output/*/{department.folder}/schedule_df.csv")):
            raw = pd.read_csv(path, dtype=str, keep_default_na=False)
            names = raw["providers"].str.split(",")
            part = raw.assign(month=path.parts[-3], department=department.code, provider=names).explode("provider")
            parts.append(part.assign(provider=part["provider"].str.strip(), half=part["session"]))
    rows = pd.concat(parts, ignore_index=True)
    rows["date"] = [dt.date.fromisoformat(text) for text in rows["date"]]
    return rows[["month", "department", "date", "half", "provider"]]


def read_absences(folder: Path) -> tuple[pd.DataFrame, int]:
    """Leave requests and inpatient weeks, one row a provider and stretch of days, and the number of repeated rows.

    Returns
    -------
    absences : pandas.DataFrame
        ``provider``, ``first_day``, ``last_day`` (datetime.date), ``reason`` (``leave`` or ``inpatient week``).
    repeated : int
        Rows that stand in two files.
    """
    leave = _read_all(folder, "leave_requests_*.csv").rename(columns={"date": "first_day"})
    inpatient = _read_all(folder, "inpatient_*.csv").rename(columns={"start_date": "first_day"})
    leave, inpatient = leave.assign(reason="leave", days=1), inpatient.assign(reason="inpatient week", days=7)
    rows = pd.concat([leave, inpatient], ignore_index=True)[["provider", "first_day", "reason", "days"]]
    once = rows.drop_duplicates(ignore_index=True)
    first = [dt.date.fromisoformat(text) for text in once["first_day"]]
    last = [day + dt.timedelta(days=int(days) - 1) for day, days in zip(first, once["days"], strict=True)]
    absences = once.assign(first_day=first, last_day=last)[["provider", "first_day", "last_day", "reason"]]
    return absences, len(rows) - len(once)


def _read_all(folder: Path, pattern: str) -> pd.DataFrame:
    paths = sorted((folder / "data").glob(pattern))
    return pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths], ignore_index=True)


def read_holidays(folder: Path) -> dict[dt.date, str]:
    """Holidays named in the departments' rules; paediatrics has no rules file, its schedules skip the same days."""
    found = {}
    for path in sorted((folder / "config").glob("*.yml")):
        lines = path.read_text(encoding="utf-8").split("holiday_dates:", 1)[1].splitlines()[1:]
        for line in lines:
            match = _HOLIDAY.fullmatch(line)
            if match is None:
                break
            found[dt.date.fromisoformat(match[1])] = match[2]
    return found


def away_days(absences: pd.DataFrame, reason: str) -> set[tuple[str, dt.date]]:
    """Pairs of provider and day of the absences for one reason."""
    rows = absences[absences["reason"] == reason]
    return {
        (provider, first + dt.timedelta(days=n))
        for provider, first, last in zip(rows["provider"], rows["first_day"], rows["last_day"], strict=True)
        for n in range((last - first).days + 1)
    }


def read_roster(data: Path, week: dt.date, num_days: int = 7) -> Roster:
    """The week's shifts, absences and closures.

    Parameters
    ----------
    data : Path
        Folder of the data sets.
    week : datetime.date
        First day planned.
    num_days : int
        Days planned.

    Raises ValueError when no schedule was published for the week.
    """
    schedules = read_schedules(data / SOURCE)
    absences, repeated = read_absences(data / SOURCE)
    last = week + dt.timedelta(days=num_days - 1)
    inside = schedules[(schedules["date"] >= week) & (schedules["date"] <= last)]
    clinic = schedules[schedules["half"].isin([half.name for half in HALVES]) & (schedules["provider"] != "")]
    in_clinic = inside[inside.index.isin(clinic.index)]
    if in_clinic.empty:
        raise ValueError(f"no clinic from {week} to {last}, only {clinic['date'].min()} to {clinic['date'].max()}")
    panel = clinic[clinic["month"].isin(inside["month"])][["provider", "department"]].drop_duplicates()
    staff, clash_notes = _free_of_clashes(in_clinic, absences)
    leave = absences[(absences["last_day"] >= week) & (absences["first_day"] <= last)]
    known = leave["provider"].isin(panel["provider"])
    closures = _closures(read_holidays(data / SOURCE), week, last)
    notes = (
        Note(SOURCE, "read", len(in_clinic), f"provider half days in clinic, {week} to {last}, three departments"),
        Note(SOURCE, "left out", int((inside["half"] == "call").sum()), "call duties: not clinic time"),
        Note(SOURCE, "left out", int((inside["provider"] == "").sum()), "half days that nobody staffs"),
        *clash_notes,
        Note(SOURCE, "left out", int((~known).sum()), "absences of people in no clinic schedule of the month"),
        Note(SOURCE, "left out", repeated, "inpatient weeks listed in two files: counted once"),
    )
    leave, panel = leave[known].reset_index(drop=True), panel.reset_index(drop=True)
    return Roster(_providers(panel), _shifts(staff), leave, closures, staff, panel, notes)


def _free_of_clashes(rows: pd.DataFrame, absences: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Half days without those on leave, on the ward, or elsewhere at the same time."""
    notes = []
    for reason in ("leave", "inpatient week"):
        away = away_days(absences, reason)
        clash = pd.Series(
            [pair in away for pair in zip(rows["provider"], rows["date"], strict=True)], index=rows.index, dtype=bool
        )
        notes.append(Note(SOURCE, "left out", int(clash.sum()), f"published half days during {reason}"))
        rows = rows[~clash]
    twice = rows.duplicated(["provider", "date", "half"])
    notes.append(Note(SOURCE, "left out", int(twice.sum()), "half days of a provider who is also elsewhere then"))
    minutes = {half.name: half.minutes for half in HALVES}
    staff = rows[~twice].assign(start=rows["half"].map({half.name: half.start for half in HALVES}))
    staff = staff.sort_values(["date", "start", "provider"], ignore_index=True).drop(columns=["month", "start"])
    return staff.assign(minutes=staff["half"].map(minutes).astype("int64")), tuple(notes)


def _providers(panel: pd.DataFrame) -> pd.DataFrame:
    """One row a person; someone who works in two departments gives the visit types of both."""
    types = {department.code: department.visit_types for department in DEPARTMENTS}
    rows = [
        (provider, "; ".join(t for code in codes for t in types[code]))
        for provider, codes in panel.groupby("provider")["department"]
    ]
    return pd.DataFrame(rows, columns=["provider", "visit_types"])


def _shifts(staff: pd.DataFrame) -> pd.DataFrame:
    start, end = {h.name: h.start for h in HALVES}, {h.name: h.end for h in HALVES}
    return pd.DataFrame(
        {
            "provider": staff["provider"], "site": SITE, "date": staff["date"],
            "start": staff["half"].map(start), "end": staff["half"].map(end),
        }
    )  # fmt: skip


def _closures(holidays: dict[dt.date, str], first: dt.date, last: dt.date) -> pd.DataFrame:
    rows = [(SITE, day, reason) for day, reason in sorted(holidays.items()) if first <= day <= last]
    return pd.DataFrame(rows, columns=["site", "date", "reason"])
