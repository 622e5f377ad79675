"""The clinic's departments, hours and visit types: the few facts that stand in no table of the sources."""

from __future__ import annotations

from typing import NamedTuple

SITE = "CHINLE"
TIME_ZONE = "America/Denver"
GRID_MINUTES = 5


class Department(NamedTuple):
    """A department of the clinic.

    Attributes
    ----------
    code : str
        Short id, the beginning of its visit types' ids.
    folder : str
        Folder of the source.
    name : str
        Name for people.
    min_age, max_age : int or None
        Whom it sees, years. Our assumption from the department's name: the source states none.
    """

    code: str
    folder: str
    name: str
    min_age: int | None
    max_age: int | None

    @property
    def visit_types(self) -> tuple[str, str]:
        """Ids of the visit types for new and for returning patients."""
        return f"{self.code}-new", f"{self.code}-return"

    def sees(self, age: int) -> bool:
        """Whether the department sees patients of this age in years."""
        return (self.min_age is None or age >= self.min_age) and (self.max_age is None or age <= self.max_age)


class Half(NamedTuple):
    """A half day. The source says only morning and afternoon; the hours are our assumption."""

    name: str
    start: str
    end: str
    minutes: int


# Family practice comes first: it sees all ages, and would otherwise draw from whom the other two left over.
DEPARTMENTS = (
    Department("FP", "family_practice", "Family practice", None, None),
    Department("IM", "internal_medicine", "Internal medicine", 18, None),
    Department("PED", "pediatrics", "Paediatrics", None, 17),
)
HALVES = (Half("morning", "08:00", "12:00", 240), Half("afternoon", "13:00", "17:00", 240))
