"""The rule about days and hours in which a site is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedopt.arrays import Ints
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Confines
from schedopt.models.problem.spans import SpanTable
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class SiteHours(Confines):
    """No part of a visit lies in hours in which its site is closed."""

    name = "site_hours"
    source = "rosters"
    reason = "the site is closed for part of the visit"
    relief = "the site open for longer that day"
    whole_visit = True

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """What the closures of the session's site leave open."""
        closed, num_sites = week.closures, len(week.sessions.site_ids)
        rows = zip(closed.site.tolist(), closed.start.tolist(), closed.end.tolist(), strict=True)
        return SpanTable.of(num_sites, rows).complement().join(week.sessions.site[options.session])


def closure_rules(week: Week) -> Iterator[SiteHours]:
    """The rule, where a site is closed; also for whole days, into which a visit may reach over midnight."""
    if len(week.closures.start):
        yield SiteHours()
