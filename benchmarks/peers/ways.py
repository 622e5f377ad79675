"""Every way to place a request of a weekbench instance: a session and a range of starts, with its price.

It is written from the format's document alone, without this library, for peers whose models want such a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # so that an interpreter without this library can run it
    from benchmarks.instances import Instance


@dataclass(frozen=True)
class Way:
    """One session in which a request may be placed, within one window of the patient.

    Attributes
    ----------
    session : int
        Position of the session among all sessions, provider by provider.
    earliest, latest : int
        First and last start of the provider step, minutes after midnight, multiples of the grid.
    opens : int
        Minute after midnight before which the step before may not start.
    price : int
        Points that any visit this way costs: access, lateness and continuity.
    """

    session: int
    earliest: int
    latest: int
    opens: int
    price: int


@dataclass(frozen=True)
class Session:
    """A session with its provider: minutes after midnight, the day as a number."""

    name: str
    provider: str
    site: str
    day: int
    start: int
    end: int
    overtime: int


def sessions_of(instance: Instance) -> list[Session]:
    """All sessions, provider by provider."""
    return [
        Session(s["id"], provider["id"], s["site"], s["day"], s["start"], s["end"], s["overtime"])
        for provider in instance["providers"]
        for s in provider["sessions"]
    ]


def ways_of(instance: Instance) -> list[list[Way]]:
    """For every request, in the instance's order, all its ways; a fixed promise has no other than its own."""
    by_provider: dict[str, list[tuple[int, Session]]] = {}
    for position, session in enumerate(sessions_of(instance)):
        by_provider.setdefault(session.provider, []).append((position, session))
    kinds = {(pool["site"], pool["kind"]) for pool in instance["pools"] if pool["capacity"] > 0}
    return [list(_ways(instance, request, by_provider, kinds)) for request in instance["requests"]]


def left_out(instance: Instance, request: Instance) -> int:
    """Points that leaving a request out costs, a broken promise included."""
    weights = instance["weights"]
    moved = weights["moved"] if request["booked"] else 0
    return int((weights["unscheduled"] + moved) * request["priority"])


def _ways(
    instance: Instance,
    request: Instance,
    by_provider: dict[str, list[tuple[int, Session]]],
    kinds: set[tuple[str, str]],
) -> Iterator[Way]:
    needed = [request["room_kind"]] if request["room_kind"] else []
    needed += [request["before"]["pool_kind"]] if request["before"] else []
    for provider, cost in request["providers"]:
        for position, session in by_provider.get(provider, []):
            if session.day < request["ready"] or any((session.site, kind) not in kinds for kind in needed):
                continue
            price = cost + _waiting(instance, request, session.day)
            for opens, closes in _windows(request, session):
                yield from _within(instance, request, (position, session), (opens, closes), price)


def _waiting(instance: Instance, request: Instance, day: int) -> int:
    weights, urgency = instance["weights"], request["urgency"]
    late = max(0, day - request["due"])
    return int(urgency * (weights["access"] * (day - request["ready"]) + weights["late"] * late))


def _windows(request: Instance, session: Session) -> Iterator[tuple[int, int]]:
    booked = request["booked"]
    if booked and booked["fixed"]:
        if booked["provider"] == session.provider and booked["day"] == session.day:
            yield 0, 24 * 60
        return
    yield from ((opens, closes) for day, opens, closes in request["windows"] if day == session.day)


def _within(
    instance: Instance, request: Instance, where: tuple[int, Session], window: tuple[int, int], price: int
) -> Iterator[Way]:
    """The way through one window, if the visit fits; starts rounded inward to the grid."""
    position, session = where
    opens, closes = window
    grid, before = instance["grid"], request["before"]
    earliest = max(session.start, -(-opens // grid) * grid + (before["minutes"] if before else 0))
    latest = min(session.end - 1, session.end + session.overtime - request["minutes"], closes - request["minutes"])
    booked = request["booked"]
    if booked and booked["fixed"]:
        earliest, latest = max(earliest, booked["start"]), min(latest, booked["start"])
    earliest, latest = -(-earliest // grid) * grid, latest // grid * grid
    if earliest <= latest:
        yield Way(position, earliest, latest, opens, price)
