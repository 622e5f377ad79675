"""What a patient is given to read, fill in or sign for a visit: in which language, of which reading level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schedopt.operations.cases.languages import closeness
from schedopt.operations.cases.tables import Material

EASY_LEVEL = 6
"""The reading level up to which written material is easy to read (US school year), as the American Medical Association
asks for it: Weiss BD, Health Literacy and Patient Safety: Help Patients Understand, AMA Foundation, 2nd ed. 2007."""


class Handed(NamedTuple):
    """A material in the version that a patient is given.

    Attributes
    ----------
    material : str
        Its id.
    title : str
        In the language of the version.
    kind : str
        ``education``, ``policy``, ``preparation`` or ``form``.
    language : str
        Of the version.
    level : int or None
        School year from which on it can be read; None: not known.
    place : str
        File or address; empty: not said.
    needs_signature : bool
        Whether the patient signs it.
    lacks : str
        What of the wish is not met, in words: ``not in Spanish``, ``not for grade 6``; empty: nothing.
    """

    material: str
    title: str
    kind: str
    language: str
    level: int | None
    place: str
    needs_signature: bool
    lacks: str

    @property
    def words(self) -> str:
        """The title with what has to be said of it."""
        return f"{self.title} ({self.lacks})" if self.lacks else self.title


def materials_for(
    rows: Iterable[Material], visit_type: str, language: str, level: int | None, day: dt.date, *,
    office_language: str = "English",
) -> tuple[Handed, ...]:  # fmt: skip
    """The material for a visit, each in the version that suits the patient best.

    The language goes before the level. Of versions in the patient's language, the one with the highest level that is
    not above the wished one is taken, or else the one with the lowest. Where there is none in the language, the version
    in the office's language is taken, or else the first; the answer then says so. So each material that is given on the
    day for the visit type comes exactly once.

    Parameters
    ----------
    rows : iterable of Material
        The office's table.
    visit_type : str
        Of the visit.
    language : str
        The patient's, by name or code; empty: the office's.
    level : int or None
        School year up to which the patient reads with ease; None: :data:`EASY_LEVEL`.
    day : datetime.date
        Of the visit.
    office_language : str
        What is given to who reads no language that there is.

    Returns
    -------
    tuple of Handed
        In the order in which the materials first stand in the table.
    """
    versions = dict[str, list[Material]]()
    for row in rows:
        if _is_given(row, visit_type, day):
            versions.setdefault(row.material, []).append(row)
    most = EASY_LEVEL if level is None else level
    return tuple(_best(some, language or office_language, most, office_language) for some in versions.values())


def _is_given(row: Material, visit_type: str, day: dt.date) -> bool:
    began = row.valid_from is None or row.valid_from <= day
    return (
        began
        and (row.valid_until is None or row.valid_until >= day)
        and visit_type in (row.visit_types or [visit_type])
    )


def _best(versions: Sequence[Material], language: str, most: int, fallback: str) -> Handed:
    spoken = _nearest(versions, language)
    there = spoken or _nearest(versions, fallback) or [row for row in versions if row.language == versions[0].language]
    row = min(there, key=lambda row: _distance(row, most))
    lacks = [] if spoken else [f"not in {language}"]
    if row.level is not None and row.level > most:
        lacks.append(f"not for grade {most}")
    return Handed(
        row.material, row.title, row.kind, row.language, row.level, row.place, row.needs_signature, ", ".join(lacks)
    )


def _nearest(versions: Sequence[Material], language: str) -> list[Material]:
    """The versions that are closest to a language; none, if none is in it."""
    near = [closeness(language, row.language) for row in versions]
    best = max(near)
    return [row for row, one in zip(versions, near, strict=True) if one == best] if best else []


def _distance(row: Material, most: int) -> tuple[int, int, float]:
    """By what a version is chosen: the highest level up to one, one not known, the lowest; the newer of two."""
    newer = -float((row.valid_from or dt.date.min).toordinal())
    if row.level is None:
        return 1, 0, newer
    return (0, -row.level, newer) if row.level <= most else (2, row.level, newer)
