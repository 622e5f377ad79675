"""What figures may be off by."""

from __future__ import annotations

import numpy as np
import pytest

from schedopt.simulation.figures import waiting_figures


def test_intervals_hold_the_truth() -> None:
    """In 95 of 100 simulations the true mean, quantile and share lie in their intervals, however many patients come.

    Waits are exponential with a mean of 10 minutes, those of one replication all longer or shorter together, and the
    fewer come the shorter they are.
    """
    rng, held = np.random.default_rng(1), []
    busy = rng.choice([0.5, 1.5], (400, 1, 100))
    came = rng.random((400, 8, 100)) < busy / 2
    waits = np.where(came, rng.exponential(10, came.shape) * busy, np.nan)
    far = rng.choice([0.5, 1.5], 400_000, p=[0.25, 0.75]) * rng.exponential(10, 400_000)  # three of four come when busy
    truth = {"waiting": far.mean(), "p90": np.quantile(far, 0.9), "over_15": (far > 15).mean()}
    ends = {"waiting": "waiting_minutes", "p90": "p90_minutes", "over_15": "over_15_share"}
    for simulated in waits:
        found = waiting_figures(simulated.astype(np.float32))
        held.append([abs(found[ends[name]] - truth[name]) <= found[f"{name}_half"] for name in truth])
    assert np.mean(held, axis=0) == pytest.approx([0.95] * 3, abs=0.03)
