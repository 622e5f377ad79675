"""Rules of thumb: their published shapes, and what all of them have in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.session_design.templates import (
    TEMPLATES,
    bailey_welch,
    dome,
    equal_spacing,
    modified_wave,
    two_at_a_time,
    wave,
)


def test_the_rules_as_they_were_published() -> None:
    """Bailey's clinic of five-minute consultations with two at the start, and the other rules as described."""
    assert bailey_welch(6, 5).tolist() == [0, 0, 5, 10, 15, 20]
    assert bailey_welch(5, 5, 60, first=3).tolist() == [60, 60, 60, 65, 70]
    assert equal_spacing(4, 15, 540).tolist() == [540, 555, 570, 585]
    assert two_at_a_time(5, 10).tolist() == [0, 0, 20, 20, 40]
    assert wave(7, 20).tolist() == [0, 0, 0, 60, 60, 60, 120]
    assert modified_wave(7, 20).tolist() == [0, 0, 20, 60, 60, 80, 120]


@given(st.sampled_from(sorted(TEMPLATES)), st.integers(1, 40), st.floats(1, 90), st.floats(-100, 1000))
def test_every_rule_plans_the_session_in_order(name: str, visits: int, minutes: float, start: float) -> None:
    """The first visit is at the start, times never fall, nobody is planned after equal spacing's last, and it moves."""
    times = TEMPLATES[name](visits, minutes, start)
    assert times.shape == (visits,)
    assert times[0] == start
    assert (np.diff(times) >= 0).all()
    each = max(int(60 / minutes + 1e-9), 1)
    lost = (visits - 1) // each * (60 - each * minutes) if "wave" in name else 0.0  # an hour holds whole visits only
    assert times[-1] <= start + (visits - 1) * minutes + lost + 1e-6
    assert times == pytest.approx(start + TEMPLATES[name](visits, minutes, 0.0))


@given(st.integers(2, 40), st.floats(1, 90), st.floats(0.01, 1))
def test_a_dome_rises_and_falls(visits: int, minutes: float, height: float) -> None:
    """Gaps grow to the middle and shrink alike after it, never negative; the last time is that of equal spacing."""
    times = dome(visits, minutes, height=height)
    gaps = np.diff(times)
    half = len(gaps) // 2
    assert (np.diff(gaps)[:half] >= -1e-9).all()
    assert gaps == pytest.approx(gaps[::-1])
    assert gaps.min() >= -1e-9
    assert times[-1] == pytest.approx((visits - 1) * minutes)
    assert visits < 4 or gaps[half] > gaps[0]
    assert dome(visits, minutes, height=0) == pytest.approx(equal_spacing(visits, minutes))


def test_refuses_what_no_session_has() -> None:
    """No visits, no minutes, or a dome higher than its gaps."""
    for wrong in (lambda: equal_spacing(0, 5), lambda: wave(3, 0), lambda: dome(3, 5, height=1.1)):
        with pytest.raises(ValueError, match="expected"):
            wrong()
