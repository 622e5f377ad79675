"""Who asks for visits, and how long before: one week of real bookings, cleaned of what cannot be right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.realweek.notes import Note

SOURCE = "kaggle_noshow_2016"
SOURCE_ROWS = 110_527  # what SOURCE.txt says
OLDEST = 110


@dataclass(frozen=True)
class Bookings:
    """A Monday-to-Friday week of bookings.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row a booking: ``booking``, ``patient`` (ids of the source), ``age`` (years), ``booked``,
        ``appointment`` (datetime64), ``lead`` (days between them), ``weekday`` (0 is Monday), ``new`` (no earlier row
        of the patient in the whole file).
    week : datetime.date
        Its Monday.
    notes : tuple of Note
        What was found on the way.
    """

    rows: pd.DataFrame
    week: dt.date
    notes: tuple[Note, ...]


def read_bookings(data: Path) -> Bookings:
    """The last whole week of the file: the later, the more patients are known from earlier rows."""
    raw = _read_columns(data / SOURCE / "KaggleV2-May-2016.csv.gz")
    clean, notes = _cleaned(raw)
    clean = clean.sort_values(["appointment", "booked", "booking"], ignore_index=True)
    clean["new"] = ~clean.duplicated("patient")
    monday = _last_whole_week(clean)
    inside = clean[(clean["monday"] == monday) & (clean["weekday"] < 5)].drop(columns="monday")
    num_patients = raw["patient"].nunique()
    notes = (
        Note(SOURCE, "read", len(raw), f"bookings (SOURCE.txt says {SOURCE_ROWS}), {num_patients} patients"),
        *notes,
        Note(SOURCE, "left out", len(clean) - len(inside), f"bookings outside the week of {monday:%Y-%m-%d}"),
        Note(SOURCE, "odd", int(inside["new"].sum()), f"of {len(inside)} bookings called new: the file has no past"),
    )
    return Bookings(inside.reset_index(drop=True), monday.date(), notes)


def _read_columns(path: Path) -> pd.DataFrame:
    """Ids stay text: five of the original's are in scientific notation."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    booked = pd.to_datetime(raw["ScheduledDay"], utc=True).dt.tz_localize(None)
    appointment = pd.to_datetime(raw["AppointmentDay"], utc=True).dt.tz_localize(None)
    weekday = appointment.dt.day_of_week
    return pd.DataFrame(
        {
            "booking": raw["AppointmentID"],
            "patient": raw["PatientId"],
            "age": raw["Age"].astype("int64"),
            "booked": booked,
            "appointment": appointment,
            "lead": (appointment - booked.dt.normalize()).dt.days,
            "weekday": weekday,
            "monday": appointment - pd.to_timedelta(weekday, unit="D"),
        }
    )


def _cleaned(raw: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Rows that can be right; each one left out is counted once, under the first fault that it has."""
    faults = (
        ("patient id is not a whole number", ~raw["patient"].str.fullmatch(r"\d+")),
        ("age below 0", raw["age"] < 0),
        (f"age over {OLDEST}", raw["age"] > OLDEST),
        ("booked after the day of the visit", raw["lead"] < 0),
        ("same patient, second of booking and day as another", raw.duplicated(["patient", "booked", "appointment"])),
    )
    keep = pd.Series(True, index=raw.index)
    notes = []
    for what, fault in faults:
        notes.append(Note(SOURCE, "left out", int((keep & fault).sum()), what))
        keep &= ~fault
    return raw[keep], tuple(notes)


def _last_whole_week(rows: pd.DataFrame) -> pd.Timestamp:
    working = rows[rows["weekday"] < 5]
    days = working.groupby("monday")["weekday"].nunique()
    return pd.Timestamp(days.index[days == 5].max())
