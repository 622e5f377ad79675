"""The front desk: what callers can be offered in a finished plan, and who fits a freed slot, in milliseconds."""

from schedopt.answers.desk.admit import admit
from schedopt.answers.desk.book import book
from schedopt.answers.desk.desk import Desk
from schedopt.answers.desk.fill import Opening, fill
from schedopt.answers.desk.recommend import Recommendation, recommend

__all__ = ["Desk", "Opening", "Recommendation", "admit", "book", "fill", "recommend"]
