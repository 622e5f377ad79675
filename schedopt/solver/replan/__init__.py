"""When something happens to a planned week: the fewest moves that repair it, and whom to call."""

from schedopt.models.changes import Away, Cancelled, Closed, Urgent
from schedopt.solver.replan.replan import Replan, replan

__all__ = ["Away", "Cancelled", "Closed", "Replan", "Urgent", "replan"]
