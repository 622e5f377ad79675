"""What is to be told to whom: a function of what patients were told last and of what stands now.

Nothing here depends on how many steps have led from the one to the other, nor on how often it is asked: a visit that
was moved twice before anything was sent is one letter, and asking again gives nothing new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from schedopt.operations.letters.kinds import OF_VISIT, OPEN, TOLD, LetterKind
from schedopt.operations.letters.matters import Matter, Visit, Wanted, moment_of, visit_in
from schedopt.operations.letters.settings import LetterSettings

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def of_request(matter: Matter, now: dt.datetime, rules: LetterSettings) -> list[Wanted]:
    """What is to be told of a request now, or later as things stand."""
    believed, since = _believed(matter)
    if matter.attended:
        return []
    stands = matter.visit
    if stands is not None and (stands.begins <= now or not (matter.promised or believed)):
        stands = None
    found = list(_of_visit(stands, believed, now))
    if stands is not None:
        found += _reminder(matter, stands, since if stands.is_as(believed) else None, now)
        found += _lacking(matter, stands, rules)
    else:
        found += _missed(matter, now, rules)
    return [one for one in found if one.kind not in rules.leave_out]


def _believed(matter: Matter) -> tuple[Visit | None, dt.datetime | None]:
    """Which visit the patient was told of, if it was not taken back, and when."""
    visit, since = None, None
    for message in matter.log:
        if message.state in TOLD and message.kind in OF_VISIT:
            visit = None if message.kind == "cancelled" else visit_in(message)
            since = moment_of(message.told)
    if visit is not None and any(visit.is_as(missed) for missed in matter.missed):
        return None, None
    return visit, since


def _of_visit(stands: Visit | None, believed: Visit | None, now: dt.datetime) -> Iterator[Wanted]:
    if stands is None:
        if believed is not None and believed.begins > now:
            yield Wanted("cancelled", None, believed.begins, believed)
    elif believed is None:
        yield Wanted("confirmation", None, stands.begins, stands)
    elif not stands.is_as(believed):
        before = min(stands.begins, believed.begins) if believed.begins > now else stands.begins
        yield Wanted("moved", None, before, stands, believed)


def _reminder(matter: Matter, stands: Visit, since: dt.datetime | None, now: dt.datetime) -> Iterator[Wanted]:
    """A reminder, unless the patient hears of the visit only when it would be due."""
    hours = matter.reach.lead_hours
    if not hours or _is_told(matter, "reminder", stands):
        return
    base = stands.begins - hours * _HOUR - matter.reach.on_way
    if (now if since is None else since) < base:
        yield Wanted("reminder", base, stands.begins, stands)


def _lacking(matter: Matter, stands: Visit, rules: LetterSettings) -> Iterator[Wanted]:
    known = [one.lacks for one in matter.log if one.kind == "lacking" and one.state in OPEN]
    known = [what for what in known if any(stands.is_as(visit_in(one)) for one in matter.log if one.lacks == what)]
    for what in known if matter.lacks is None else matter.lacks:
        if not any(
            one.state in TOLD and one.kind == "lacking" and one.lacks == what and stands.is_as(visit_in(one))
            for one in matter.log
        ):
            base = stands.begins - rules.lacking_days * _DAY
            yield Wanted("lacking", base, stands.begins, stands, more={"lacks": what})


def _missed(matter: Matter, now: dt.datetime, rules: LetterSettings) -> Iterator[Wanted]:
    for visit in matter.missed:
        last = visit.begins + (rules.missed_days + 1) * _DAY
        if now < last and not _is_told(matter, "missed", visit):
            yield Wanted("missed", None, last, visit)


def _is_told(matter: Matter, kind: LetterKind, visit: Visit) -> bool:
    return any(one.state in TOLD and one.kind == kind and visit.is_as(visit_in(one)) for one in matter.log)
