"""An independent judge of schedules, written from docs/tables.md alone, in the office's own words.

Dates, minutes, rows and loops: nothing here is shared with the rules that it is there to check.
"""

from tests.reference.judge import Judge
from tests.reference.values import DAY, Facts, Session, Visit

__all__ = ["DAY", "Facts", "Judge", "Session", "Visit"]
