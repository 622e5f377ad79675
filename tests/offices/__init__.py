"""Small random offices that use every table and column that bears on planning."""

from tests.offices.cases import COLUMNS, Case, cases
from tests.offices.drawing import Size

__all__ = ["COLUMNS", "Case", "Size", "cases"]
