"""Whether records are complete and right: checks with an owner and a due date, and the list of work they make."""

from schedopt.records.quality.gaps import Check
from schedopt.records.quality.given import Records
from schedopt.records.quality.worklist import CHECKS, COLUMNS, checks_table, worklist

__all__ = ["CHECKS", "COLUMNS", "Check", "Records", "checks_table", "worklist"]
