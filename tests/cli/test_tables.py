"""Tables of plain text."""

from __future__ import annotations

import pandas as pd
import pytest

from schedopt.cli.tables import text_table


@pytest.mark.parametrize("wait", [float("nan"), 1234.5])
def test_what_there_is_no_figure_for_is_a_dash(wait: float) -> None:
    """A figure is a number, or a dash at its place where there is none, and never the word nan."""
    text = text_table(pd.DataFrame({"provider": ["DR1", "DR2"], "wait": [2.5, wait]}), {"provider": "who", "wait": "w"})
    last = text.splitlines()[-1].split()[-1]
    assert last == ("–" if wait != wait else "1,234.5")
