"""No-shows, and the ways in which they are counted."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.measure import CAME, COUNTED, Evidence, Measure, counted, frame

LATE = pd.Timedelta(hours=24)
"""A cancellation so shortly before the visit is late."""
_SOURCE = (
    "Kheirkhah et al., BMC Health Services Research 16:13 (2016); variants: Dantas et al., Health Policy 122:412 (2018)"
)


def _late(visits: pd.DataFrame) -> pd.Series:
    """Whether a visit was cancelled when it was too late to give the place to somebody else."""
    ahead = visits["starts_at"] - visits["cancelled_at"]
    return (visits["status"] == "cancelled") & (ahead < LATE)


def per_due(evidence: Evidence) -> pd.DataFrame:
    """A row a visit that came due."""
    visits = evidence.visits
    visits = visits[visits["status"].isin([*CAME, "no-show"])]
    return counted(visits, (visits["status"] == "no-show").astype(float))


def with_late(evidence: Evidence) -> pd.DataFrame:
    """The same, and a row a late cancellation."""
    visits = evidence.visits
    gone = visits["status"] == "cancelled"
    if gone.any() and visits.loc[gone, "cancelled_at"].isna().all():
        return frame(COUNTED)
    late = _late(visits)
    due = late | visits["status"].isin([*CAME, "no-show"])
    return counted(visits[due], (late | (visits["status"] == "no-show"))[due].astype(float))


def per_booked(evidence: Evidence) -> pd.DataFrame:
    """A row a booking of which is known what became of it."""
    visits = evidence.visits
    visits = visits[visits["status"].isin([*CAME, "no-show", "cancelled"])]
    return counted(visits, (visits["status"] == "no-show").astype(float))


NO_SHOW = Measure(
    name="no_show",
    title="No-shows",
    definition="Share of visits that came due and to which the patient did not come.",
    numerator="visits missed",
    denominator="visits that came due: kept, under way or missed",
    counts="By the day of the visit. Somebody who came late, after all, has come.",
    leaves_out="Cancellations, also late ones; visits of which nobody has said what became of them.",
    source=_SOURCE,
    unit="%",
    better="lower",
    count=per_due,
    scale=100.0,
)
NO_SHOW_LATE = Measure(
    name="no_show_with_late_cancellations",
    title="No-shows and late cancellations",
    definition="Share of visits that the patient missed, or cancelled less than 24 hours before.",
    numerator="visits missed or cancelled late",
    denominator="visits that came due, and those cancelled late",
    counts="By the day of the visit; also what was cancelled after the visit should have begun.",
    leaves_out="Earlier cancellations; visits of which nobody has said what became of them. It is not measured where "
    "no moment of a cancellation is known, as in a folder’s history.",
    source=_SOURCE,
    unit="%",
    better="lower",
    count=with_late,
    scale=100.0,
)
NO_SHOW_BOOKED = Measure(
    name="no_show_per_booked",
    title="No-shows of all bookings",
    definition="Share of bookings that were missed, of all that were made for the day.",
    numerator="visits missed",
    denominator="bookings: kept, under way, missed or cancelled",
    counts="By the day of the visit. It is never more than the share of those that came due.",
    leaves_out="Bookings of which nobody has said what became of them.",
    source=_SOURCE,
    unit="%",
    better="lower",
    count=per_booked,
    scale=100.0,
)
