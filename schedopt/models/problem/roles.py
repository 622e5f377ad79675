"""Who takes part in visits beside their own providers: what is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints


@dataclass(frozen=True)
class Roles:
    """Further providers that visits need; one entry a role, those of one request together and in order.

    A role is filled by a session of another provider, at the site and on the day of the visit's own session.

    Attributes
    ----------
    request, number : int array
        Code of the request, and the role's place among those of its request, from 0 on.
    step : int array
        The step that the provider takes part in, from its start to its end.
    may_fill : bool array, shape (roles, providers)
        Who may fill it.
    """

    request: Ints
    number: Ints
    step: Ints
    may_fill: Flags

    def __len__(self) -> int:
        return len(self.request)

    def of(self, request: int) -> range:
        """The roles of a request."""
        return range(*np.searchsorted(self.request, [request, request + 1]).tolist())

    @property
    def most(self) -> int:
        """Most roles of a request."""
        return int(self.number.max(initial=-1)) + 1


def no_roles() -> Roles:
    """Nobody needs a further provider."""
    none = np.zeros(0, np.int64)
    return Roles(none, none, none, np.zeros((0, 0), bool))
