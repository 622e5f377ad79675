"""The front desk: what callers can be offered in a finished plan, in milliseconds."""

from schedopt.solver.desk.desk import Desk
from schedopt.solver.desk.recommend import Recommendation, recommend

__all__ = ["Desk", "Recommendation", "recommend"]
