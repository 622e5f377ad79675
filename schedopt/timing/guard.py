"""What overbooking must not do to anybody."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Floats
from schedopt.uncertainty.distributions.numbers import not_negative, share


@dataclass(frozen=True)
class Guard:
    """What overbooking must not do to anybody.

    A schedule that is best on average puts the risk of waiting where it is cheapest: on late places, and on patients
    who are likely to stay away, whose places are then booked twice. Where a group of people misses more visits, that
    group waits more: Samorani, Harris, Blount, Lu and Santoro (2022, doi 10.1287/msom.2021.0999) found Black patients
    to wait about 30 % longer under such schedules, and that caring for the group that would wait longest removes that
    at a similar cost.

    Attributes
    ----------
    limit : float
        A wait longer than this is long, minutes.
    share : float
        No place's patient, when coming, waits long with a probability above this.
    difference : float
        Mean waits of two groups of patients differ by at most so many minutes.
    """

    limit: float = 30.0
    share: float = 0.2
    difference: float = 10.0

    def __post_init__(self) -> None:
        not_negative("limit", self.limit)
        share("share", self.share)
        not_negative("difference", self.difference)

    def figures(self, wait: Floats, came: Flags, groups: Sequence[Hashable]) -> tuple[float, float]:
        """What is guarded against, of one session.

        Parameters
        ----------
        wait : float array, shape (scenarios, visits)
            Minutes; 0 where the patient does not come.
        came : bool array, shape (scenarios, visits)
            Whether the patient comes.
        groups : sequence, length visits
            Group of each patient.

        Returns
        -------
        float
            Largest share, of the patients at one place who come, that wait long; 0 to 1.
        float
            Minutes by which the mean waits of two groups differ, at most.
        """
        long = ((wait > self.limit) & came).sum(axis=0) / np.maximum(came.sum(axis=0), 1)
        by_group = []
        for group in dict.fromkeys(groups):
            members = np.array([other == group for other in groups])
            if came[:, members].any():
                by_group.append(wait[:, members].sum() / came[:, members].sum())
        return float(long.max(initial=0.0)), float(max(by_group) - min(by_group)) if by_group else 0.0

    def allows(self, figures: tuple[float, float]) -> bool:
        """Whether a session with these figures is allowed."""
        return figures[0] <= self.share and figures[1] <= self.difference
