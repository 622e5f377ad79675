"""What must hold of the tables of training, beside what their columns say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from schedopt.errors import Fault
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.operations.training.learning_tables import Course
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence, StaffShift


def _ids(reading: Reading) -> set[str] | None:
    """By which ids tables name people, sound rows or not; None where some cannot be read."""
    known = set[str]()
    for name, column in (("staff", "staff"), ("providers", "provider")):
        table = reading.tables.get(name)
        if name in reading.unreadable or (table and not all(column in cells for _, cells in table.broken)):
            return None
        if table is not None:
            known |= {str(value) for _, value in table.values(column)} | table.torn_keys
    return known


def staff_known(reading: Reading) -> Iterator[Fault]:
    """Who holds a competence or gives a course stands in staff.csv or in providers.csv."""
    known, words = _ids(reading), "expected an id that stands in staff.csv or providers.csv"
    if known is None:
        return
    for index, row in enumerate(reading.office.rows(StaffCompetence) or ()):
        if row.staff not in known:
            yield reading.fault("staff_competences", index, "staff", row.staff, words)
    for index, course in enumerate(reading.office.rows(Course) or ()):
        if course.trainer is not None and course.trainer not in known:
            yield reading.fault("courses", index, "trainer", course.trainer, words)


def providers_once(reading: Reading) -> Iterator[Fault]:
    """A provider is one member of staff, and no other has the provider's id."""
    first: dict[str, int] = {}
    for index, row in enumerate(reading.office.rows(Staff) or ()):
        if row.provider is not None:
            above = first.setdefault(row.provider, index)
            if above != index:
                words = f"expected each provider once, it stands in row {reading.row('staff', above)} already"
                yield reading.fault("staff", index, "provider", row.provider, words)
        if row.provider != row.staff and any(row.staff == one.provider for one in reading.office.providers):
            words = "expected the id of a provider only in the row of this provider"
            yield reading.fault("staff", index, "staff", row.staff, words)


def levels_known(reading: Reading) -> Iterator[Fault]:
    """Levels are those that the competence has."""
    levels = {row.competence: row.levels for row in reading.office.rows(Competence) or ()}
    office = reading.office
    tables: Iterable[Sequence[StaffCompetence | Requirement | Course] | None]
    tables = (office.rows(StaffCompetence), office.rows(Requirement), office.rows(Course))
    for rows in tables:
        for index, row in enumerate(rows or ()):
            most = levels.get(row.competence)
            if most is not None and row.level > most:
                words = f"expected at most {most}, the highest level that competences.csv gives it"
                yield reading.fault(row.table_name, index, "level", row.level, words)


def visit_roles_known(reading: Reading) -> Iterator[Fault]:
    """A role of visits that something is required of stands in roles.csv, with the type of visit."""
    table = reading.tables.get("roles")
    if "roles" in reading.unreadable or (table and not table.is_whole):
        return
    known = {(row.visit_type, row.role) for row in reading.office.roles or ()}
    for index, row in enumerate(reading.office.rows(Requirement) or ()):
        if row.visit_role is not None and (row.visit_type, row.visit_role) not in known:
            words = "expected a role that roles.csv gives visits of this type"
            yield reading.fault("requirements", index, "visit_role", row.visit_role, words)


def shifts_of_staff(reading: Reading) -> Iterator[Fault]:
    """Shifts of who is a provider stand in shifts.csv."""
    providers = {row.staff for row in reading.office.rows(Staff) or () if row.provider is not None}
    for index, row in enumerate(reading.office.rows(StaffShift) or ()):
        if row.staff in providers:
            words = "expected somebody who is no provider: a provider's shifts stand in shifts.csv"
            yield reading.fault("staff_shifts", index, "staff", row.staff, words)


def roles_used(reading: Reading) -> Iterator[Fault]:
    """A role or duty that something is required of is somebody's."""
    staff = reading.office.rows(Staff) or ()
    roles, duties = {row.role for row in staff}, {duty for row in staff for duty in row.duties}
    for index, row in enumerate(reading.office.rows(Requirement) or ()):
        if row.role is not None and row.role not in roles:
            words = "nobody in staff.csv has this role: it asks nothing of anybody"
            yield reading.fault("requirements", index, "role", row.role, words)
        if row.duty is not None and row.duty not in duties:
            words = "nobody in staff.csv has this duty: it asks nothing of anybody"
            yield reading.fault("requirements", index, "duty", row.duty, words)


TRAINING_CHECKS: tuple[Check, ...] = (staff_known, providers_once, levels_known, visit_roles_known, shifts_of_staff)
TRAINING_DOUBTS: tuple[Check, ...] = (roles_used,)
