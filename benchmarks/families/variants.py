"""Other weeks made of an example's: its tables are changed, as an office would change them."""

from __future__ import annotations

import math

import pandas as pd

Frames = dict[str, pd.DataFrame]

GRID = 5
"""Minutes of an example's grid cell."""


def many_options(frames: Frames) -> Frames:
    """Patients can come at any time, to any site, and are seen by whoever gives the visit type."""
    requests = frames["requests"].assign(providers="", site="")
    patients = frames["patients"].assign(language_required="no", provider_gender_required="no")
    nobody = frames["availability"].iloc[:0]
    return frames | {"requests": requests, "patients": patients, "availability": nobody}


def few_options(frames: Frames) -> Frames:
    """Patients are seen by their own provider only; those who are new and name nobody, as before."""
    requests = frames["requests"]
    own = requests["patient"].map(frames["patients"].set_index("patient")["own_provider"])
    only = requests["provider"].where(requests["provider"] != "", own)
    return frames | {"requests": requests.assign(providers=only.where(only != "", requests["providers"]))}


def long_visits(frames: Frames) -> Frames:
    """Everything takes twice as long; made of an example with half the load."""
    return _stretched(frames, 2.0)


def short_visits(frames: Frames) -> Frames:
    """Everything takes half as long, in whole cells; made of an example with more load."""
    return _stretched(frames, 0.5)


def _stretched(frames: Frames, factor: float) -> Frames:
    """All steps last so many times as long, and a shift takes so many times fewer visits of a kind.

    Promises are movable, as fixed ones, given for other lengths, might be in each other's way.
    """
    minutes = {
        name: frames[name].assign(minutes=frames[name]["minutes"].map(lambda cell: _times(cell, factor)))
        for name in ("visit_types", "steps", "requests")
    }
    caps, promised = frames["caps"], frames["appointments"]
    most = [str(max(1, round(int(cell) / factor))) for cell in caps["maximum"]]
    return frames | minutes | {"caps": caps.assign(maximum=most), "appointments": promised.assign(mark="movable")}


def _times(cell: str, factor: float) -> str:
    """So many times the minutes, in whole cells of the grid; an empty cell stays empty."""
    return str(GRID * math.ceil(factor * int(cell) / GRID)) if cell else cell
