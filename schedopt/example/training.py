"""Who works in the invented office beside its providers, what staff must be able to do, and courses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from schedopt.models.tables.fields import WEEKDAYS

CLINICIAN, TRAINEE, ASSISTANT = "clinician", "trainee", "assistant"
_COMPETENCES = (
    ("competence", "name", "months", "levels"),
    ("life-support", "Basic life support", "24", "2"),
    ("pathogens", "Bloodborne pathogens", "12", ""),
    ("privacy", "Privacy and security of records", "", ""),
)
_REQUIREMENTS = (
    ("competence", "level", "role", "duty", "visit_type", "visit_role", "planning"),
    ("life-support", "1", CLINICIAN, "", "", "", "yes"),
    ("life-support", "2", "", "first-aid", "", "", "no"),
    ("life-support", "1", ASSISTANT, "", "", "", "no"),
    ("pathogens", "1", CLINICIAN, "", "", "", "no"),
    ("pathogens", "1", ASSISTANT, "", "", "", "no"),
    ("privacy", "1", ASSISTANT, "", "", "", "no"),
)
_ONBOARDING = (
    ("role", "step", "about", "competence", "from_day", "to_day", "needs_mentor", "shared_hours"),
    ("", "accounts", "Keys and accounts", "", "0", "2", "no", ""),
    (ASSISTANT, "privacy", "Privacy and security of records", "privacy", "0", "30", "no", ""),
    (ASSISTANT, "rooming", "Rooming with a mentor", "", "1", "14", "yes", "12"),
    (ASSISTANT, "vaccines", "Storing and giving vaccines with a mentor", "", "15", "30", "yes", "8"),
)
_HOURS = (("07:30", "15:30"), ("09:00", "17:00"), ("08:00", "14:00"))
"""Of the assistants of a site, on five, four and five days a week; the third one is new."""


def training_frames(frames: Mapping[str, pd.DataFrame], seed: int, week: dt.date) -> dict[str, pd.DataFrame]:
    """The tables of training: whoever sees patients holds what that asks for in the days planned.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The office's other tables: providers and sites are looked at.
    seed : int
        Of the office; random numbers are of their own, so that no other table changes.
    week : datetime.date
        First day planned; some competences end in the two months after it.
    """
    chance = np.random.default_rng([seed, 60])
    sites = frames["sites"]["site"].tolist()
    assistants = [f"MA{number + 1}" for number in range(3 * len(sites))]
    staff: list[tuple[str, ...]] = [("staff", "role", "site", "hired", "left", "provider", "duties")]
    for row in frames["providers"].to_dict("records"):
        role = TRAINEE if row["supervisors"] else CLINICIAN
        staff.append((f"S-{row['provider']}", role, "", "", "", row["provider"], ""))
    for number, name in enumerate(assistants):
        new, duty = number % 3 == 2, "first-aid" if number % 3 == 0 else ""
        hired = _day(week, -7 if new else -int(chance.integers(200, 2000)))
        staff.append((name, ASSISTANT, sites[number // 3], hired, "", "", duty))
    rows: dict[str, list[tuple[str, ...]]] = {
        "staff": staff, "staff_shifts": _shifts(sites, assistants), "competences": list(_COMPETENCES),
        "staff_competences": _held(chance, staff, week), "requirements": list(_REQUIREMENTS),
        "courses": _courses(sites, week), "onboarding": list(_ONBOARDING),
        "mentors": [("staff", "most", "roles"), *((name, "1", "") for name in assistants[::3])],
    }  # fmt: skip
    return {name: pd.DataFrame(cells, columns=list(header), dtype="str") for name, (header, *cells) in rows.items()}


def _day(week: dt.date, days: int) -> str:
    return (week + dt.timedelta(days=days)).isoformat()


def _shifts(sites: list[str], assistants: list[str]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("staff", "site", "date", "weekday", "start", "end", "every", "week_of_month", "valid_from", "valid_until")
    ]
    for number, name in enumerate(assistants):
        start, end = _HOURS[number % 3]
        for day in WEEKDAYS[: 4 if number % 3 == 1 else 5]:
            rows.append((name, sites[number // 3], "", day, start, end, "", "", "", ""))
    return rows


def _held(chance: np.random.Generator, staff: list[tuple[str, ...]], week: dt.date) -> list[tuple[str, ...]]:
    """What everybody holds but those who are new; a third of it ends in the two months after the days planned."""
    rows: list[tuple[str, ...]] = [("staff", "competence", "level", "valid_from", "valid_until", "evidence")]
    for name, role, _, hired, *_, duty in staff[1:]:
        if hired and hired >= _day(week, -7):
            continue
        soon = chance.random(2) < 1 / 3
        ends = [int(chance.integers(*((10, 60) if one else (70, 360)))) for one in soon]
        rows.append((name, "life-support", "2" if duty else "", "", _day(week, ends[0]), ""))
        rows.append((name, "pathogens", "", "", _day(week, ends[1]), ""))
        if role == ASSISTANT:
            rows.append((name, "privacy", "", "", "", ""))
    return rows


def _courses(sites: list[str], week: dt.date) -> list[tuple[str, ...]]:
    last = _day(week, 59)
    return [
        ("course", "competence", "level", "trainer", "minutes", "seats", "dates", "pool", "sites", "first_day",
         "last_day", "start", "end"),
        ("BLS", "life-support", "2", "", "60", "6", "2", "", "", "", last, "08:00", "17:00"),
        ("BBP", "pathogens", "", "MA1", "30", "10", "2", "", "", "", last, "08:00", "17:00"),
        ("PRIVACY", "privacy", "", "", "30", "20", "1", "", "; ".join(sites), "", last, "08:00", "17:00"),
    ]  # fmt: skip
