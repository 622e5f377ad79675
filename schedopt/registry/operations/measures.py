"""What a store is asked of measures."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from schedopt.registry.asked import Asked
from schedopt.registry.operations.visits import visit_events


class Measures(Asked):
    """What a store is asked of measures."""

    def visit_events(self, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
        """The bookings of some days, with what became of each and when.

        Parameters
        ----------
        first_day, last_day : datetime.date
            The days, by the last version of each booking.

        Returns
        -------
        pandas.DataFrame
            One row a booking, by date, start and id: ``booking``, ``request``, ``patient``, ``provider``, ``site``,
            ``visit_type`` (ids), ``new`` (bool), ``status``, ``date`` (datetime64), ``start`` (HH:MM, the site's
            clocks), ``minutes``, ``starts_at`` (UTC), ``booked_on``, ``first_date`` (datetime64), ``moves`` (number),
            ``booked_at``, ``placed_at``, ``arrived_at``, ``checked_in_at``, ``fulfilled_at``, ``no_show_at``,
            ``cancelled_at`` (UTC; NaT where it was not so), ``ready``, ``due`` (datetime64, NaT) and ``urgency`` (NaN)
            of the request.
        """
        return self.session.do(
            "list visits",
            lambda call: visit_events(call, first_day, last_day, self._entry(call)),
            about=f"{first_day} {last_day}",
        )
