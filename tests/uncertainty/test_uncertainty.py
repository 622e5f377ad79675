"""What is uncertain about a week, assumed and learned."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from schedopt.models.problem.plan import Plan
from schedopt.office import assemble
from schedopt.office.history import read_history
from schedopt.uncertainty.distributions import constant
from schedopt.uncertainty.history import fit_punctuality, fit_service
from schedopt.uncertainty.week import Uncertainty, learn_uncertainty, stream, visits_in_order
from tests.simulation.desk import FIRST, one_morning, spaced
from tests.uncertainty.pasts import attended, served


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Eight visits of 15 minutes in one session."""
    return spaced(assemble(one_morning(8), FIRST), 4)


def test_assumptions_are_met(plan: Plan) -> None:
    """Samples have the mean, variability and shares that were assumed; a session's columns come in its order."""
    known = Uncertainty.assumed(plan, 0.35, 0.25, constant(3))
    drawn = known.sample(np.random.default_rng(1), 20_000)
    assert drawn.service.mean() == pytest.approx(15, rel=0.01)
    assert drawn.service.var() / 225 == pytest.approx(0.35, rel=0.05)
    assert drawn.came.mean() == pytest.approx(0.75, abs=0.01)
    assert (drawn.late == 3).all()
    assert abs(np.corrcoef(drawn.service.T) - np.eye(8)).max() < 0.03
    names = visits_in_order(plan, "DR1 2026-11-30 08:00")
    starts = plan.schedule.set_index("request")["start"]
    assert starts[list(names)].is_monotonic_increasing
    turned = drawn.of(names[::-1])
    assert (turned.service == drawn.service[:, [known.requests.index(name) for name in names[::-1]]]).all()


def test_streams_are_apart() -> None:
    """No seed gives the simulation numbers that another, or the same, gives to the timing of visits."""
    first = [int(stream(seed, purpose).integers(2**63)) for seed in range(200) for purpose in ("simulation", "timing")]
    assert len(set(first)) == 400
    with pytest.raises(ValueError, match="purpose"):
        stream(1, "both")  # type: ignore[arg-type]


def test_service_is_learned(plan: Plan) -> None:
    """Visit types that were seen take what they took; others what is planned, and it is said which."""
    past = served({("talk", "DR1"): 22.0, ("other", "DR1"): 40.0}, {("talk", "DR1"): 300, ("other", "DR1"): 300})
    known = learn_uncertainty(past, plan)
    assert set(known.service) == {fit_service(past).distribution("talk", "DR1")}
    assert "300" in known.origin["service"] or "600" in known.origin["service"]
    assert "assumed" in known.origin["punctuality"]
    unseen = learn_uncertainty(served({("other", "DR1"): 40.0}, {("other", "DR1"): 300}), plan)
    assert [one.mean for one in unseen.service] == pytest.approx([15] * 8)
    assert "8 visits of types not seen" in unseen.origin["service"]


def test_attendance_is_learned(plan: Plan) -> None:
    """Who booked long ago comes less often; cancellations count where they are asked for; a little past is a share."""
    past = read_history(attended(4000, 3))
    soon = learn_uncertainty(past, plan, booked=FIRST - dt.timedelta(days=1))
    late = learn_uncertainty(past, plan, booked=FIRST - dt.timedelta(days=50))
    assert max(late.show) < min(soon.show)
    assert soon.show == learn_uncertainty(past, plan).show
    both = learn_uncertainty(past, plan, cancellations=True)
    assert all(one < other for one, other in zip(both.show, soon.show, strict=True))
    few = attended(30, 3)
    share = (few["outcome"] == "no-show").sum(), (few["outcome"] != "cancelled").sum()
    learned = learn_uncertainty(read_history(few), plan, no_show=0.2)
    assert learned.show == pytest.approx([1 - (share[0] + 2) / (share[1] + 10)] * 8)
    assert "for all" in learned.origin["attendance"]


def test_punctuality_is_learned(plan: Plan) -> None:
    """Lateness is what was measured."""
    frame = pd.DataFrame({"visit": range(90), "arrived": [f"09:{minute:02d}" for minute in range(30)] * 3})
    past = read_history(
        frame.assign(patient="P", provider="DR1", visit_type="talk", date="2026-02-02", start="09:10", outcome="kept")
    )
    assert set(learn_uncertainty(past, plan).late) == {fit_punctuality(past).distribution("talk")}


def test_what_makes_no_sense(plan: Plan) -> None:
    """Entries that do not fit together, and probabilities that are none, are refused."""
    known = Uncertainty.assumed(plan)
    for changes in (
        {"show": known.show[1:]}, {"show": (1.5,) * 8}, {"own_step": (1,) * 8}, {"requests": ("R0",) * 8},
    ):  # fmt: skip
        with pytest.raises(ValueError, match="expected"):
            dataclasses.replace(known, **changes)
