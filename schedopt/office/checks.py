"""What must hold across tables whatever the week: series, lengths on the grid, pools, steps, permissions.

Each check looks at the sound rows of a :class:`~schedopt.office.reading.Reading` and yields what is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from schedopt.errors import Fault
from schedopt.models.tables import Step, VisitType
from schedopt.models.tables.fields import format_time
from schedopt.office.reading import Reading
from schedopt.office.spans import overlaps
from schedopt.office.words import meant

_LENGTHS = (
    ("visit_types", "minutes"),
    ("visit_types", "buffer_before"),
    ("visit_types", "buffer_after"),
    ("steps", "minutes"),
    ("steps", "max_wait"),
    ("requests", "minutes"),
    ("appointments", "minutes"),
    ("pools", "turnover"),
    ("shifts", "overtime"),
)
_TIMES = (("shifts", "start"), ("shifts", "end"), ("shifts", "breaks"), ("appointments", "start"))


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
            words = f"expected no circle: {' after '.join([*circle[:6], '…' if len(circle) > 6 else step])}"
            yield reading.fault("requests", place[first], "after", after[first], words)
        done.update(path)


def times_of_own_requests(reading: Reading) -> Iterator[Fault]:
    """A row of availability or preferences names a request of the patient whose time it is."""
    patient = {request.request: request.patient for request in reading.office.requests}
    for table, rows in (("availability", reading.office.availability), ("preferences", reading.office.preferences)):
        for index, row in enumerate(rows or ()):
            if row.request is not None and patient.get(row.request, row.patient) != row.patient:
                yield reading.fault(table, index, "request", row.request, "expected a request of this patient")


def lengths_on_grid(reading: Reading) -> Iterator[Fault]:
    """Every length and start is a multiple of `grid_minutes`."""
    if reading.settings is None:
        return
    grid = reading.settings.grid_minutes
    words = f"expected a multiple of {grid} minutes, the grid_minutes of {reading.source.settings}"
    overtime = reading.settings.defaults.overtime
    if overtime % grid:
        yield Fault(reading.source.settings, None, "defaults.overtime", str(overtime), words)
    yield from _off_grid(reading, _LENGTHS, grid, words, str)
    yield from _off_grid(reading, _TIMES, grid, words, format_time)


def _off_grid(
    reading: Reading, columns: Sequence[tuple[str, str]], grid: int, words: str, text: Callable[[int], str]
) -> Iterator[Fault]:
    for table, column in columns:
        if table not in reading.tables:
            continue
        for number, value in reading.tables[table].values(column):
            spans = value if isinstance(value, tuple) else () if value is None else ((value,),)
            if any(minutes % grid for span in spans for minutes in span):
                shown = "; ".join("-".join(map(text, span)) for span in spans)
                yield Fault(reading.source.file(table), number, column, shown, words)


def pools_once(reading: Reading) -> Iterator[Fault]:
    """A site has one pool of a kind."""
    first: dict[tuple[str, str], int] = {}
    for index, pool in enumerate(reading.office.pools or ()):
        above = first.setdefault((pool.site, pool.kind), index)
        if above != index:
            row = reading.row("pools", above)
            words = f"expected one pool of a kind at a site, {pool.site} has one of this kind in row {row}"
            yield reading.fault("pools", index, "kind", pool.kind, words)


def pool_kinds_exist(reading: Reading) -> Iterator[Fault]:
    """What visit types and steps ask for, some site has."""
    if "pools" in reading.unreadable:
        return
    file = reading.source.file("pools")
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
                    yield reading.fault(table, index, "pools", kind, words + meant(kind, known))


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
            words = f"expected no gap: {step.visit_type} has no step {inner}, next towards the provider step"
            yield reading.fault("steps", index, "order", step.order, words)


def nobody_supervises_themselves(reading: Reading) -> Iterator[Fault]:
    """A trainee's supervisors are other providers."""
    for index, provider in enumerate(reading.office.providers):
        if provider.provider in provider.supervisors:
            words = "expected other providers, not this one"
            yield reading.fault("providers", index, "supervisors", provider.provider, words)


def authorisations_apart(reading: Reading) -> Iterator[Fault]:
    """Authorisations of one patient, insurer and visit type hold on different days."""
    groups: dict[tuple[str, str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for index, row in enumerate(reading.office.authorisations or ()):
        first = (row.valid_from or dt.date.min).toordinal()
        end = (row.valid_until or dt.date.max).toordinal() + 1
        groups[row.patient, row.insurer, row.visit_type].append((first, end, index))
    for spans in groups.values():
        for earlier, later in overlaps(spans):
            above = reading.row("authorisations", earlier)
            words = f"expected no day in common with row {above} of the same patient, insurer and visit type"
            yield reading.fault("authorisations", later, None, None, words)


CHECKS: tuple[Callable[[Reading], Iterator[Fault]], ...] = (
    requests_of_one_patient,
    series_without_circles,
    times_of_own_requests,
    lengths_on_grid,
    pools_once,
    pool_kinds_exist,
    steps_count_on,
    nobody_supervises_themselves,
    authorisations_apart,
)
