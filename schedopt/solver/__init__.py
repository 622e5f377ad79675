"""The only room that knows how schedules are found: bound, local search, neighbourhoods, explanation."""

from schedopt.solver.planning import plan

__all__ = ["plan"]
