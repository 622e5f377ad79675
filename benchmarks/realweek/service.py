"""How long visits take: a physician's measured service times, rounded up to the grid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.realweek.notes import Note

SOURCE = "hangu_clinic_service_times"
SOURCE_ROWS = 6637  # what SOURCE.txt says
LONGEST_SECONDS = 2 * 3600


@dataclass(frozen=True)
class ServiceTimes:
    """Service times in minutes of the grid, one entry a consultation.

    Attributes
    ----------
    new, returning : int array
        Minutes, of first visits and of the others.
    mean_raw_minutes : float
        Mean before rounding up.
    notes : tuple of Note
        What was found on the way.
    """

    new: NDArray[np.int64]
    returning: NDArray[np.int64]
    mean_raw_minutes: float
    notes: tuple[Note, ...]

    def sample(self, is_new: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw one length a visit, minutes, with replacement from those of its kind."""
        return np.where(is_new, rng.choice(self.new, len(is_new)), rng.choice(self.returning, len(is_new)))


def round_up(seconds: NDArray[np.int64], grid_minutes: int) -> NDArray[np.int64]:
    """Minutes, a multiple of the grid and never less than the seconds."""
    return -(-seconds // (grid_minutes * 60)) * grid_minutes


def read_service_times(data: Path, grid_minutes: int) -> ServiceTimes:
    """Service times of all consultations with a plausible length.

    Parameters
    ----------
    data : Path
        Folder of the data sets.
    grid_minutes : int
        Minutes of a grid cell.
    """
    raw = pd.read_csv(data / SOURCE / "Data.csv.gz", usecols=["Session", "Visit.No", "StartTime", "ServTime"])
    fits = raw["ServTime"].between(1, LONGEST_SECONDS) & raw["Visit.No"].ge(1)
    rows = raw[fits]
    seconds = rows["ServTime"].to_numpy(np.int64)
    minutes = round_up(seconds, grid_minutes)
    is_new = rows["Visit.No"].to_numpy(np.int64) == 1
    next_start = pd.to_timedelta(raw["StartTime"]).dt.total_seconds().groupby(raw["Session"]).diff().shift(-1)
    up_to_next = int((next_start == raw["ServTime"]).sum())
    notes = (
        Note(SOURCE, "read", len(raw), f"consultations (SOURCE.txt says {SOURCE_ROWS}), one physician's"),
        Note(SOURCE, "left out", int((~fits).sum()), "service time absent, not positive or over two hours"),
        Note(SOURCE, "odd", up_to_next, "service times that are the time to the next start, waiting included"),
        Note(SOURCE, "odd", int((minutes * 60 > seconds).sum()), "service times rounded up to the grid"),
    )
    return ServiceTimes(minutes[is_new], minutes[~is_new], float(seconds.mean() / 60), notes)
