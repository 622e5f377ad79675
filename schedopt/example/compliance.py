"""What the invented office has to do by law and its own rules, and when it was last done."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

_COLUMNS = ("obligation", "what", "source", "basis", "every", "unit", "dates", "due", "last_done", "owner", "lead_days")
_OWED = (
    ("risk-analysis", "Analyse risks to electronic records", "45 CFR 164.308(a)(1)(ii)(A)", "office", 12, 60),
    ("privacy-training", "Train staff in privacy policies", "45 CFR 164.530(b)(1)", "office", 12, 30),
    ("contingency-test", "Test and revise the contingency plan", "45 CFR 164.308(a)(7)(ii)(D)", "office", 12, 30),
    ("bloodborne-training", "Train staff about bloodborne pathogens", "29 CFR 1910.1030(g)(2)", "law", 12, 30),
    ("extinguisher-look", "Look at fire extinguishers", "29 CFR 1910.157(e)(2)", "law", 1, 5),
    ("clia-certificate", "Renew the CLIA certificate of waiver", "42 CFR 493.37(e)(1)", "law", 24, 180),
)
_MONTH = 30
"""Days, about."""


def compliance_frames(seed: int, week: dt.date) -> dict[str, pd.DataFrame]:
    """The table of obligations: most of them met in time.

    Parameters
    ----------
    seed : int
        Of the office; random numbers are of their own, so that no other table changes.
    week : datetime.date
        First day planned.
    """
    chance = np.random.default_rng([seed, 80])
    rows = []
    for obligation, what, source, basis, months, lead in _OWED:
        ago = int(chance.integers(1, int(1.1 * months * _MONTH)))
        done = (week - dt.timedelta(days=ago)).isoformat()
        rows.append((obligation, what, source, basis, str(months), "months", "", "", done, "", str(lead)))
    rows.append(
        ("small-breaches", "Report breaches of fewer than 500 persons of the year before", "45 CFR 164.408(c)", "law",
         "", "months", "02-29", "", dt.date(week.year, 2, 10).isoformat(), "", "60")
    )  # fmt: skip
    return {"obligations": pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str")}
