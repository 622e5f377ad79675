"""Small networks of sites: pairs of sites share patients, next pairs share few."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

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


@st.composite
def networks(draw: st.DrawFn) -> schedopt.Problem:
    """Two to four sites, and patients who are tied to several of them.

    A provider moves among the sites. Patients want several visits, also in series, with fixed promises anywhere, and
    with authorisations for fewer than they want. Half of the offices ask something of people's days.
    """
    sites = draw(st.integers(2, 4))
    providers = [f"D{s}" for s in range(sites + 1)]
    days = [MONDAY + dt.timedelta(days=day) for day in range(2)]
    people = [f"N{n}" for n in range(draw(st.integers(2, 6)))]
    frames = {
        "providers": [{"provider": name} for name in providers],
        "visit_types": [{"visit_type": f"V{m}", "minutes": m, "pools": "room" if m == 30 else ""} for m in MINUTES],
        "steps": [{"visit_type": "V40", "order": -1, "minutes": 10, "pools": "room", "max_wait": 20}],
        "patients": [{"patient": name} for name in people],
        "requests": _wanted(draw, people, providers),
        "shifts": [
            {"provider": name, "site": f"S{(int(name[1:]) + (k if name == providers[-1] else 0)) % sites}", "date": day,
             "start": "08:00", "end": "09:30"}
            for name in providers
            for k, day in enumerate(days)
        ],
        "pools": [{"pool": f"S{s}-room", "site": f"S{s}", "kind": "room", "capacity": 1} for s in range(sites)],
        "coverage": [{"patient": name, "insurer": "ACME"} for name in people],
        "terms": [{"insurer": "ACME", "visit_type": "V20", "authorisation": draw(st.booleans())}],
        "authorisations": [
            {"authorisation": f"A{name}", "patient": name, "insurer": "ACME", "visit_type": "V20",
             "visits_left": draw(st.integers(1, 2))}
            for name in people
        ],
    }  # fmt: skip
    promised = [row["request"] for row in frames["requests"] if draw(st.integers(0, 3)) == 0]
    if promised:
        frames["appointments"] = [
            {"request": name, "provider": draw(st.sampled_from(providers)), "date": draw(st.sampled_from(days)),
             "start": f"08:{draw(st.sampled_from((0, 20, 40))):02d}",
             "mark": draw(st.sampled_from(("fixed", "movable")))}
            for name in promised
        ]  # fmt: skip
    if draw(st.booleans()):
        frames |= _asked_of_days(draw, frames, sites)
    tables = {name: pd.DataFrame(rows) for name, rows in frames.items()}
    return schedopt.assemble(schedopt.office_from_frames(tables, {"days": 2}), MONDAY)


def _asked_of_days(draw: st.DrawFn, frames: dict[str, list[dict[str, Any]]], sites: int) -> dict[str, Any]:
    """Ways, time to set up, places kept, breaks, and visits in a row."""
    kinds, names = [f"V{m}" for m in MINUTES], [f"S{s}" for s in range(sites)]
    kept = {"places": 1, "minutes": 20, "visit_type": draw(st.sampled_from(kinds))}
    return {
        "providers": [row | {"without_break": draw(st.sampled_from((None, 60)))} for row in frames["providers"]],
        "visit_types": [row | {"most_in_a_row": draw(st.sampled_from((None, 1)))} for row in frames["visit_types"]],
        "travel": [
            {"site": one, "other_site": other, "minutes": draw(st.sampled_from((5, 30, 60)))}
            for one, other in itertools.combinations(names, 2)
        ],
        "setups": [
            {"visit_type": one, "next_visit_type": other, "minutes": draw(st.sampled_from((0, 5, 20)))}
            for one, other in itertools.permutations(kinds, 2)
        ],
        "reserves": [kept | {"provider": draw(st.sampled_from([row["provider"] for row in frames["providers"]]))}],
    }  # fmt: skip


def _wanted(draw: st.DrawFn, people: list[str], providers: list[str]) -> list[dict[str, Any]]:
    """Requests for some of the providers, some after another of the same patient."""
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.integers(4, 14))):
        patient = draw(st.sampled_from(people))
        before = [row["request"] for row in rows if row["patient"] == patient]
        rows.append({
            "request": f"R{number}", "patient": patient, "priority": draw(st.integers(1, 3)),
            "visit_type": f"V{draw(st.sampled_from(MINUTES))}",
            "providers": ";".join(draw(st.lists(st.sampled_from(providers), min_size=1, max_size=2, unique=True))),
            "after": before[-1] if before and draw(st.booleans()) else None,
        })  # fmt: skip
    return rows
