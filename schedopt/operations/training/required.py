"""What is required of whom: by role, by duty, and by the types of visits that somebody gives or takes part in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from schedopt.models.office import Office
from schedopt.models.tables import Provider
from schedopt.operations.training.people import (
    COMPETENCE,
    CREDENTIAL,
    Holdings,
    Person,
    What,
    holdings_of,
    people_of,
)
from schedopt.operations.training.staff_tables import Requirement


class Need(NamedTuple):
    """What somebody must hold.

    Attributes
    ----------
    what : What
        Kind and id.
    level : int
        Lowest level that will do.
    by : tuple of str
        By what it is required, such as ``role physician``.
    planning : bool
        Whether visits are refused without it.
    """

    what: What
    level: int
    by: tuple[str, ...]
    planning: bool


def needs_of(office: Office) -> dict[str, list[Need]]:
    """What everybody must hold, by the id of :class:`Person`.

    What a type of visit asks for is required of those who list the type in providers.csv, who are named for its role in
    roles.csv, or who hold it or have held it.
    """
    holdings, providers = holdings_of(office), {row.provider: row for row in office.providers}
    return {
        person.staff: _merged(
            _needs(office, person, providers.get(person.provider or ""), holdings.get(person.staff, {}))
        )
        for person in people_of(office)
    }


def _needs(office: Office, person: Person, provider: Provider | None, holdings: Holdings) -> Iterator[Need]:
    for row in office.rows(Requirement) or ():
        what = What(COMPETENCE, row.competence)
        if row.role is not None:
            if row.role == person.role:
                yield Need(what, row.level, (f"role {row.role}",), row.planning)
        elif row.duty is not None:
            if row.duty in person.duties:
                yield Need(what, row.level, (f"duty {row.duty}",), row.planning)
        elif provider is not None and _concerns(office, row, provider, what in holdings):
            part = "" if row.visit_role is None else f" as {row.visit_role}"
            yield Need(what, row.level, (f"visit type {row.visit_type}{part}",), row.planning)
    if provider is None or office.credentials is None:
        return
    for kind in office.visit_types:
        what = What(CREDENTIAL, kind.credential or "")
        if kind.credential and (kind.visit_type in provider.visit_types or _gives_all(provider, what in holdings)):
            yield Need(what, 1, (f"visit type {kind.visit_type}",), True)


def _gives_all(provider: Provider, held: bool) -> bool:
    """Whether somebody whose types of visits are not listed is meant: who holds it or has held it."""
    return not provider.visit_types and held


def _concerns(office: Office, row: Requirement, provider: Provider, held: bool) -> bool:
    if row.visit_role is None:
        return row.visit_type in provider.visit_types or _gives_all(provider, held)
    return any(
        (one.visit_type, one.role) == (row.visit_type, row.visit_role) and provider.provider in one.providers
        for one in office.roles or ()
    )


def _merged(needs: Iterator[Need]) -> list[Need]:
    """One need of each competence or credential, at the highest level asked for."""
    found: dict[What, list[Need]] = defaultdict(list)
    for need in needs:
        found[need.what].append(need)
    return [
        Need(what, max(one.level for one in some), tuple(dict.fromkeys(by for one in some for by in one.by)),
             any(one.planning for one in some))
        for what, some in found.items()
    ]  # fmt: skip
