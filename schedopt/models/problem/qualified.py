"""The rule that people hold what a visit asks of them, whichever table says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Forbids
from schedopt.models.problem.week import Week

HOLDS = -1
"""In a table of what is lacking: nothing is."""


@dataclass(frozen=True)
class Qualified(Forbids):
    """Base of rules that ask who gives a visit, or takes part in it, to hold something on the day.

    Attributes
    ----------
    lacks : int array, shape (providers, days, visit types)
        What a provider lacks on the day to give visits of the type, as a position in `things`; :data:`HOLDS` if
        nothing.
    lacks_in_role : int array, shape (providers, days, kinds of role)
        The same of who takes part in visits beside their own providers.
    kind : int array, shape (roles,)
        The kind of each role of the week's requests.
    things : tuple of str
        What can be lacking, in words.
    """

    lacks: Ints
    lacks_in_role: Ints
    kind: Ints
    things: tuple[str, ...]

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up provider, day and visit type; for those who take part, provider, day and role."""
        allowed: Flags = (self._lacking(options, week) == HOLDS).all(axis=1)
        return allowed

    def why(self, options: Options, week: Week) -> str:
        """What is lacking."""
        lacking = self._lacking(options, week)
        names = [self.things[code] for code in np.unique(lacking[lacking != HOLDS]).tolist()]
        return f"{self.reason}: {', '.join(names)}" if names else self.reason

    def _lacking(self, options: Options, week: Week) -> Ints:
        """What is lacking for each option: one column for the visit's own provider, and one for each role."""
        sessions = week.sessions
        day, provider = sessions.day[options.session], sessions.provider[options.session]
        own = self.lacks[provider, day, week.requests.visit_type[options.request]]
        if not len(self.kind) or not self.lacks_in_role.shape[2]:
            return own[:, None]
        role, filled = week.role_of[options.request], options.others >= 0
        helper = sessions.provider[options.others]
        theirs = self.lacks_in_role[helper, day[:, None], self.kind[role]]
        return np.column_stack([own, np.where(filled & (role >= 0), theirs, HOLDS)])


def nothing_asked_of_roles(num_providers: int, num_days: int) -> tuple[Ints, Ints]:
    """`lacks_in_role` and `kind` of a rule that asks nothing of who takes part in visits."""
    return np.zeros((num_providers, num_days, 0), np.int64), np.zeros(0, np.int64)


def fill_lacking(table: Ints, held: Flags, thing: int, columns: Iterable[int]) -> None:
    """Note a thing in a table of what is lacking, where it is not held and nothing is noted yet.

    Parameters
    ----------
    table : int array, shape (providers, days, columns)
        Written into.
    held : bool array, shape (providers, days)
        Who holds the thing on which day.
    thing : int
        Its position among all things.
    columns : iterable of int
        For which it is asked.
    """
    for column in columns:
        missing = ~held & (table[:, :, column] == HOLDS)
        table[:, :, column][missing] = thing
