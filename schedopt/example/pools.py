"""Rooms, devices and support staff of an invented office, and how many visits of a kind a shift may hold."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from schedopt.example.cells import frame_of
from schedopt.example.staff import TRAINEE, Staff
from schedopt.models.tables import Cap, Pool, PoolClosure

_PER_PROVIDER = {"nurse": 0.5, "procedure": 0.15, "imaging": 0.15}
_TURNOVER = {"procedure": 10}
"""Minutes of cleaning."""


def pool_frames(staff: Staff, week: dt.date) -> dict[str, pd.DataFrame]:
    """Tables ``pools``, ``pool_closures`` and ``caps``.

    Every site has a nurse for two providers, and a procedure room and an imaging device for seven. Every other
    site's imaging is maintained on one afternoon. A shift holds two new patients and four procedures at most, and
    a trainee's twelve visits.
    """
    at_site = np.bincount(staff.site, minlength=len(staff.site_ids)).tolist()
    pools = [
        {
            "pool": f"{site}-{kind}",
            "site": site,
            "kind": kind,
            "capacity": max(1, round(share * num_providers + 0.25)),
            "turnover": _TURNOVER.get(kind),
        }
        for site, num_providers in zip(staff.site_ids, at_site, strict=True)
        for kind, share in _PER_PROVIDER.items()
    ]
    closures = [
        {
            "pool": f"{site}-imaging",
            "date": week + dt.timedelta(days=1 + number % 3),
            "start": "13:00",
            "end": "15:00",
            "reason": "maintenance",
        }
        for number, site in enumerate(staff.site_ids[::2])
    ]
    caps: list[dict[str, object]] = [
        {"new_only": True, "maximum": 2},
        {"visit_type": "procedure", "new_only": False, "maximum": 4},
    ]
    trainees = np.flatnonzero(staff.role == TRAINEE).tolist()
    caps += [{"provider": staff.ids[p], "new_only": False, "maximum": 12} for p in trainees]
    return {
        "pools": frame_of(Pool, pools),
        "pool_closures": frame_of(PoolClosure, closures),
        "caps": frame_of(Cap, caps),
    }
