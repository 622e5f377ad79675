"""When something happens to a planned week: the fewest moves that repair it, and whom to call."""

from schedopt.answers.replan.replan import Replan, replan
from schedopt.models.problem.changes import Away, Cancelled, Closed, Urgent

__all__ = ["Away", "Cancelled", "Closed", "Replan", "Urgent", "replan"]
