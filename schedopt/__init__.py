"""schedopt plans a medical office's week: who sees whom, when and where, with a proof of how good the plan is."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedopt.errors import Fault, InputError, OutputError, SchedoptError
    from schedopt.example import write_example
    from schedopt.models.carry import Carried, carry
    from schedopt.models.changes import Away, Cancelled, Closed, Urgent
    from schedopt.models.check import Audit, check
    from schedopt.models.history import History
    from schedopt.models.office import Office, Settings, Weights
    from schedopt.models.plan import Plan
    from schedopt.models.problem import Problem
    from schedopt.models.schedule import Schedule
    from schedopt.office import assemble, extend_office, office_from_frames, publish, read_office, read_schedule
    from schedopt.office.history import read_history
    from schedopt.report import equity, report_html, summary, write_plan
    from schedopt.simulation import Simulated, compare, simulate
    from schedopt.solver import plan
    from schedopt.solver.conflict import Conflict, conflict
    from schedopt.solver.desk import Desk, Opening, Recommendation, admit, fill, recommend
    from schedopt.solver.explain import Explanation, explain
    from schedopt.solver.replan import Replan, replan
    from schedopt.solver.retime import retime
    from schedopt.timing.costs import Costs
    from schedopt.timing.uncertainty import Arrivals, Uncertainty, learn_uncertainty

_HOMES = {
    "Arrivals": "schedopt.timing.uncertainty",
    "Audit": "schedopt.models.check",
    "Away": "schedopt.models.changes",
    "Cancelled": "schedopt.models.changes",
    "Carried": "schedopt.models.carry",
    "Closed": "schedopt.models.changes",
    "Conflict": "schedopt.solver.conflict",
    "Costs": "schedopt.timing.costs",
    "Desk": "schedopt.solver.desk",
    "Explanation": "schedopt.solver.explain",
    "Fault": "schedopt.errors",
    "History": "schedopt.models.history",
    "InputError": "schedopt.errors",
    "Office": "schedopt.models.office",
    "Opening": "schedopt.solver.desk",
    "OutputError": "schedopt.errors",
    "Plan": "schedopt.models.plan",
    "Problem": "schedopt.models.problem",
    "Recommendation": "schedopt.solver.desk",
    "Replan": "schedopt.solver.replan",
    "SchedoptError": "schedopt.errors",
    "Schedule": "schedopt.models.schedule",
    "Settings": "schedopt.models.office",
    "Simulated": "schedopt.simulation",
    "Uncertainty": "schedopt.timing.uncertainty",
    "Urgent": "schedopt.models.changes",
    "Weights": "schedopt.models.office",
    "admit": "schedopt.solver.desk",
    "assemble": "schedopt.office",
    "carry": "schedopt.models.carry",
    "check": "schedopt.models.check",
    "compare": "schedopt.simulation",
    "conflict": "schedopt.solver.conflict",
    "equity": "schedopt.report",
    "explain": "schedopt.solver.explain",
    "extend_office": "schedopt.office",
    "fill": "schedopt.solver.desk",
    "learn_uncertainty": "schedopt.timing.uncertainty",
    "office_from_frames": "schedopt.office",
    "plan": "schedopt.solver",
    "publish": "schedopt.office",
    "read_history": "schedopt.office.history",
    "read_office": "schedopt.office",
    "read_schedule": "schedopt.office",
    "recommend": "schedopt.solver.desk",
    "replan": "schedopt.solver.replan",
    "report_html": "schedopt.report",
    "retime": "schedopt.solver.retime",
    "simulate": "schedopt.simulation",
    "summary": "schedopt.report",
    "write_example": "schedopt.example",
    "write_plan": "schedopt.report",
}

__all__ = [
    "Arrivals", "Audit", "Away", "Cancelled", "Carried", "Closed", "Conflict", "Costs", "Desk", "Explanation", "Fault",
    "History", "InputError", "Office", "Opening", "OutputError", "Plan", "Problem", "Recommendation", "Replan",
    "SchedoptError", "Schedule", "Settings", "Simulated", "Uncertainty", "Urgent", "Weights", "admit", "assemble",
    "carry", "check", "compare", "conflict", "equity", "explain", "extend_office", "fill", "learn_uncertainty",
    "office_from_frames", "plan", "publish", "read_history", "read_office", "read_schedule", "recommend", "replan",
    "report_html", "retime", "simulate", "summary", "write_example", "write_plan",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: a solver takes a while to load."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
