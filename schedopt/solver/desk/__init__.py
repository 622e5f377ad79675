"""The front desk: what callers can be offered in a finished plan, and who fits a freed slot, in milliseconds."""

from schedopt.solver.desk.admit import admit
from schedopt.solver.desk.desk import Desk
from schedopt.solver.desk.fill import Opening, fill
from schedopt.solver.desk.recommend import Recommendation, recommend

__all__ = ["Desk", "Opening", "Recommendation", "admit", "fill", "recommend"]
