"""Small networks of sites: pairs of sites share patients, next pairs share few."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

import schedopt

MONDAY = dt.date(2026, 11, 30)
MINUTES = (20, 30, 40)


def network(sites: int, *, requests_per_site: int = 12, seed: int = 1) -> schedopt.Problem:
    """One provider a site, two days, more requests than there is time for.

    Parameters
    ----------
    sites : int
        How many, a multiple of 2.
    requests_per_site : int
        Of 20 to 40 minutes. Every other one can also go to the pair's other site, one in six to the next pair.
    seed : int
        Of what is drawn.
    """
    rng = np.random.default_rng(seed)
    days = [MONDAY + dt.timedelta(days=day) for day in range(2)]
    numbers = [(site, k) for site in range(sites) for k in range(requests_per_site)]
    listed = {(s, k): _providers(s, k, sites) for s, k in numbers}
    frames = {
        "providers": pd.DataFrame({"provider": [f"D{s}" for s in range(sites)]}),
        "visit_types": pd.DataFrame(
            {"visit_type": [f"V{m}" for m in MINUTES], "minutes": MINUTES, "pools": ["", "room", ""]}
        ),
        "patients": pd.DataFrame({"patient": [f"N{s:02d}-{k // 2}" for s, k in numbers[::2]]}),
        "requests": pd.DataFrame(
            [
                {
                    "request": f"R{s:02d}-{k}", "patient": f"N{s:02d}-{k // 2}", "priority": int(rng.integers(1, 4)),
                    "visit_type": f"V{MINUTES[int(rng.integers(3))]}", "providers": ";".join(listed[s, k]),
                }
                for s, k in numbers
            ]
        ),
        "shifts": pd.DataFrame(
            [
                {"provider": f"D{s}", "site": f"S{s:02d}", "date": day, "start": "08:00", "end": "10:00"}
                for s in range(sites)
                for day in days
            ]
        ),
        "pools": pd.DataFrame(
            [{"pool": f"S{s:02d}-room", "site": f"S{s:02d}", "kind": "room", "capacity": 1} for s in range(sites)]
        ),
    }  # fmt: skip
    return schedopt.assemble(schedopt.office_from_frames(frames, {"days": 2}), MONDAY)


def _providers(site: int, number: int, sites: int) -> list[str]:
    others = [site ^ 1] if number % 2 else []
    others += [(site + 2) % sites] if number % 6 == 2 else []
    return [f"D{s}" for s in (site, *others)]
