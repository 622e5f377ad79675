"""How long it takes from site to site."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.tables import Travel


def way_minutes(rows: Sequence[Travel], sites: Sequence[str]) -> Ints:
    """Minutes from each of these sites to each other; shape (sites, sites).

    A row holds for both directions, unless the way back has a row of its own. A pair without rows takes none.
    """
    code = {site: number for number, site in enumerate(sites)}
    minutes = np.zeros((len(sites), len(sites)), np.int64)
    back = {(row.other_site, row.site): row.minutes for row in rows}
    for (site, other), value in (back | {(row.site, row.other_site): row.minutes for row in rows}).items():
        if site in code and other in code:
            minutes[code[site], code[other]] = value
    return minutes
