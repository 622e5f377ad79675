"""Start times of a fresh plan, set against overruns and no-shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import schedopt
from schedopt.cli.speech import say
from schedopt.cli.uncertain import shown_progress, uncertainty_of

if TYPE_CHECKING:
    import pandas as pd

_SCENARIOS = 500
"""Weeks that times are chosen on."""
_REPLICATIONS = 1000
"""Other weeks, that they are judged on."""
_UNITS = {"waiting": "minutes a visit", "idle": "minutes a week, all providers", "overtime": "minutes a week"}


def timed(
    office: schedopt.Office, plan: schedopt.Plan, history: schedopt.History | None,
    *, order: bool, overbook: bool, seed: int, workers: int, quiet: bool,
) -> tuple[schedopt.Plan, pd.DataFrame]:  # fmt: skip
    """The plan with new start times, and what its visits wait, as :class:`schedopt.Simulated` lists them.

    With `order`, orders and sessions may change too; with `overbook`, more may be booked than fit. What that changes on
    weeks that it was not chosen on is said, unless `quiet`.
    """
    costs = schedopt.Costs(**office.settings.timing.model_dump())

    def uncertainty(of: schedopt.Plan) -> schedopt.Uncertainty:
        return uncertainty_of(office, of, history)

    if order:
        effort = schedopt.Effort(seed=seed, guard=schedopt.Guard() if overbook else None)
        new = schedopt.rearrange(plan, uncertainty, costs, effort, workers=workers)
    else:
        drawn = uncertainty(plan).scenarios(_SCENARIOS, seed)
        with shown_progress("sessions timed") as progress:
            new = schedopt.retime(plan, drawn, costs, workers=workers, progress=progress)
    with shown_progress("weeks played") as progress:
        before, after = (
            schedopt.simulate(one, uncertainty(one), _REPLICATIONS, seed, progress=progress) for one in (plan, new)
        )
    if not quiet and len(before.visits):
        moved = _moved(plan, new)
        say(f"Start times  {moved:,} of {len(new.schedule):,} visits moved; on {_REPLICATIONS:,} weeks played:")
        table = schedopt.compare(before, after).set_index("measure")
        for measure, unit in _UNITS.items():
            row = table.loc[measure]
            say(
                f"{measure.capitalize():<13}{row['one']:,.1f} before, {row['other']:,.1f} after: "
                f"{row['difference']:+,.1f} ± {row['half']:,.1f} {unit}"
            )
        each = (schedopt.expected_costs(one, found, costs) for one, found in ((plan, before), (new, after)))
        say("Points and these minutes together: {:,.0f} before, {:,.0f} after".format(*(cost.mean() for cost in each)))
        say("")
    return new, after.visits


def _moved(old: schedopt.Plan, new: schedopt.Plan) -> int:
    week, one, other = old.problem.week, old.assignment, new.assignment
    return int(((one.start(week) != other.start(week)) | (one.session != other.session)).sum())
