"""What must hold of patients, requests and visit types whatever the week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from schedopt.errors import Fault
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.models.tables import Step, VisitType
from schedopt.records import days


def requests_of_one_patient(reading: Reading) -> Iterator[Fault]:
    """`after` and `same_day_as` name a request of the same patient."""
    patient = {request.request: request.patient for request in reading.office.requests}
    for index, request in enumerate(reading.office.requests):
        for column, other in (("after", request.after), ("same_day_as", request.same_day_as)):
            if other is not None and patient.get(other, request.patient) != request.patient:
                yield reading.fault("requests", index, column, other, "expected a request of the same patient")


def series_without_circles(reading: Reading) -> Iterator[Fault]:
    """Who follows `after` from request to request never comes back."""
    requests = reading.office.requests
    after = {request.request: request.after for request in requests}
    place = {request.request: index for index, request in enumerate(requests)}
    done: set[str] = set()
    for request in requests:
        path: dict[str, None] = {}
        step: str | None = request.request
        while step is not None and step not in done and step not in path:
            path[step] = None
            step = after.get(step)
        if step in path and step is not None:
            circle = list(path)[list(path).index(step) :]
            first = min(circle, key=place.__getitem__)
            names = [*map(reading.named, circle[:6]), "…" if len(circle) > 6 else reading.named(step)]
            words = f"expected no circle: {' after '.join(names)}"
            yield reading.fault("requests", place[first], "after", after[first], words)
        done.update(path)


def times_of_own_requests(reading: Reading) -> Iterator[Fault]:
    """A row of availability or preferences names a request of the patient whose time it is."""
    patient = {request.request: request.patient for request in reading.office.requests}
    for table, rows in (("availability", reading.office.availability), ("preferences", reading.office.preferences)):
        for index, row in enumerate(rows or ()):
            if row.request is not None and patient.get(row.request, row.patient) != row.patient:
                yield reading.fault(table, index, "request", row.request, "expected a request of this patient")


def pool_kinds_exist(reading: Reading) -> Iterator[Fault]:
    """What visit types and steps ask for, some site has."""
    if "pools" in reading.unreadable:
        return
    file = reading.origin.file("pools")
    pools = reading.tables.get("pools")
    if pools is not None and pools.num_torn:
        return
    known = {kind for _, kind in pools.values("kind")} if pools is not None else set()
    words = f"expected a kind that stands in {file}" if pools else f"expected no kind, as there is no {file}"
    askers: tuple[tuple[str, Sequence[VisitType | Step]], ...] = (
        ("visit_types", reading.office.visit_types),
        ("steps", reading.office.steps or ()),
    )
    for table, rows in askers:
        for index, row in enumerate(rows):
            for kind in row.pools:
                if kind not in known:
                    yield reading.fault(table, index, "pools", kind, words + reading.meant(kind, known))


def steps_count_on(reading: Reading) -> Iterator[Fault]:
    """The steps of a visit type are …, −2, −1 and 1, 2, … without a gap."""
    if "steps" not in reading.tables or not reading.tables["steps"].is_whole:
        return
    orders: dict[str, set[int]] = defaultdict(set)
    steps = reading.office.steps or ()
    for step in steps:
        orders[step.visit_type].add(step.order)
    for index, step in enumerate(steps):
        inner = step.order - 1 if step.order > 0 else step.order + 1
        if inner and inner not in orders[step.visit_type]:
            name = reading.named(step.visit_type)
            words = f"expected no gap: {name} has no step {inner}, next towards the provider step"
            yield reading.fault("steps", index, "order", step.order, words)


def roles_have_steps(reading: Reading) -> Iterator[Fault]:
    """Providers take part in steps that there are."""
    if "steps" in reading.unreadable or ("steps" in reading.tables and not reading.tables["steps"].is_whole):
        return
    known = {(step.visit_type, step.order) for step in reading.office.steps or ()}
    for index, role in enumerate(reading.office.roles or ()):
        if role.order and (role.visit_type, role.order) not in known:
            words = f"expected 0, the provider step, or a step of {reading.named(role.visit_type)}"
            yield reading.fault("roles", index, "order", role.order, words)


def lengths_without_roles(reading: Reading) -> Iterator[Fault]:
    """A visit type with roles lasts as long with every provider."""
    with_roles = {role.visit_type for role in reading.office.roles or ()}
    for index, row in enumerate(reading.office.lengths or ()):
        if row.provider is not None and row.visit_type in with_roles:
            words = f"expected no provider, as roles has rows of {reading.named(row.visit_type)}"
            yield reading.fault("lengths", index, "provider", row.provider, words)


def groups_are_simple(reading: Reading) -> Iterator[Fault]:
    """A visit type of several seats has no further steps and no roles."""
    further = {step.visit_type: "steps" for step in reading.office.steps or ()}
    further |= {role.visit_type: "roles" for role in reading.office.roles or ()}
    for index, kind in enumerate(reading.office.visit_types):
        if kind.seats > 1 and kind.visit_type in further:
            words = f"expected 1, as {further[kind.visit_type]} has rows of {reading.named(kind.visit_type)}"
            yield reading.fault("visit_types", index, "seats", kind.seats, words)


def nobody_supervises_themselves(reading: Reading) -> Iterator[Fault]:
    """A trainee's supervisors are other providers."""
    for index, provider in enumerate(reading.office.providers):
        if provider.provider in provider.supervisors:
            words = "expected other providers, not this one"
            yield reading.fault("providers", index, "supervisors", provider.provider, words)


CHECKS: tuple[Check, ...] = (
    *days.CHECKS,
    requests_of_one_patient,
    series_without_circles,
    times_of_own_requests,
    pool_kinds_exist,
    steps_count_on,
    roles_have_steps,
    groups_are_simple,
    lengths_without_roles,
    nobody_supervises_themselves,
)
