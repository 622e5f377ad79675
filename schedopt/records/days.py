"""What must hold of the days of patients and requests whatever the week, and what of them may not be meant."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from schedopt.errors import Fault
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.models.tables import Request

Edges = Mapping[str, Sequence[tuple[str, int]]]
"""From each request to others, with the most days by which these may come after it."""
_EVER = 10**12
"""More days than all distances add up to."""
_MOST_NAMES = 6


def days_together(reading: Reading) -> Iterator[Fault]:
    """The days that `after` and `same_day_as` ask for can be kept all together."""
    requests = reading.office.requests
    place = {request.request: index for index, request in enumerate(requests)}
    edges, done = _edges(requests, place), set[str]()
    for request in requests:
        if request.same_day_as is None or request.request in done:
            continue
        group = _reached(edges, request.request)
        done.update(group)
        circle = [] if _in_circle(group, requests, place) else _contradiction(edges, group)
        if circle:
            first = min(name for name in map(place.__getitem__, circle) if requests[name].same_day_as is not None)
            names = ", ".join(map(reading.named, sorted(circle, key=place.__getitem__)[:_MOST_NAMES]))
            words = f"expected days that after and same_day_as allow together, they contradict each other for {names}"
            yield reading.fault("requests", first, "same_day_as", requests[first].same_day_as, words)


def _edges(requests: Sequence[Request], known: Mapping[str, int]) -> Edges:
    edges: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in requests:
        if row.same_day_as in known and row.same_day_as is not None:
            edges[row.request].append((row.same_day_as, 0))
            edges[row.same_day_as].append((row.request, 0))
        if row.after in known and row.after is not None:
            edges[row.request].append((row.after, -(1 if row.after_min_days is None else row.after_min_days)))
            edges[row.after].append((row.request, _EVER if row.after_max_days is None else row.after_max_days))
    return edges


def _reached(edges: Edges, start: str) -> list[str]:
    """All requests that a request is tied to, itself among them."""
    found = {start: None}
    for name in (queue := [start]):
        for other, _ in edges[name]:
            if other not in found:
                found[other] = None
                queue.append(other)
    return list(found)


def _in_circle(group: Sequence[str], requests: Sequence[Request], place: Mapping[str, int]) -> bool:
    """Whether some request follows itself: that is said elsewhere."""
    ends: set[str | None] = {None}
    for name in group:
        path: dict[str | None, None] = {}
        step: str | None = name
        while step in place and step not in ends and step is not None:
            if step in path:
                return True
            path[step] = None
            step = requests[place[step]].after
        ends.update(path)
    return False


def _contradiction(edges: Edges, group: Sequence[str]) -> list[str]:
    """Requests whose distances contradict each other; none where all can be kept (Bellman and Ford)."""
    days, before = dict.fromkeys(group, 0), dict[str, str]()
    last = ""
    for _ in group:
        last = ""
        for name in group:
            for other, most in edges[name]:
                if days[name] + most < days[other]:
                    days[other], before[other], last = days[name] + most, name, other
        if not last:
            return []
    for _ in group:
        last = before[last]
    circle = [last]
    while before[circle[-1]] != last:
        circle.append(before[circle[-1]])
    return circle


def born_before_visits(reading: Reading) -> Iterator[Fault]:
    """Nobody's visit is ready, due or promised before their birth."""
    born = {row.patient: row.birth_date for row in reading.office.patients}
    words = "expected a day after the patient's birth"
    patient = {row.request: row.patient for row in reading.office.requests}
    for index, row in enumerate(reading.office.requests):
        for column, date in (("ready", row.ready), ("due", row.due)):
            if _is_before(date, born.get(row.patient)):
                yield reading.fault("requests", index, column, date, words)
    for index, promised in enumerate(reading.office.appointments or ()):
        if _is_before(promised.date, born.get(patient.get(promised.request, ""))):
            yield reading.fault("appointments", index, "date", promised.date, words)


def _is_before(date: dt.date | None, other: dt.date | None) -> bool:
    return date is not None and other is not None and date < other


def due_before_ready(reading: Reading) -> Iterator[Fault]:
    """A request is due no earlier than it is ready; otherwise its visit is late on every day."""
    words = "expected a day no earlier than ready: as it is, the visit is late on every day"
    for index, row in enumerate(reading.office.requests):
        if _is_before(row.due, row.ready):
            yield reading.fault("requests", index, "due", row.due, words)


def supervisors_in_circles(reading: Reading) -> Iterator[Fault]:
    """Who supervises a trainee is not supervised by that trainee, also not by way of others."""
    providers = reading.office.providers
    supervisors = {row.provider: row.supervisors for row in providers}
    done: set[str] = set()
    for index, row in enumerate(providers):
        above = _above(supervisors, row.provider)
        if row.provider not in above or row.provider in done or row.provider in row.supervisors:
            continue
        circle = [name for name in supervisors if name in above and row.provider in _above(supervisors, name)]
        done.update(circle)
        names = ", ".join(map(reading.named, circle[:_MOST_NAMES]))
        words = f"expected no circle: {names} supervise each other, so each may work where another of them does"
        yield reading.fault("providers", index, "supervisors", "; ".join(row.supervisors), words)


def _above(supervisors: Mapping[str, Sequence[str]], name: str) -> set[str]:
    """Supervisors of a provider, theirs, and so on."""
    found: set[str] = set()
    queue = list(supervisors.get(name, ()))
    while queue:
        other = queue.pop()
        if other not in found:
            found.add(other)
            queue.extend(supervisors.get(other, ()))
    return found


CHECKS: tuple[Check, ...] = (days_together, born_before_visits)
DOUBTS: tuple[Check, ...] = (due_before_ready, supervisors_in_circles)
