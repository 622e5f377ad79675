"""How many patients to book at the start of each slot of a session."""

from schedopt.session_design.slots.best import BestBookings, best_bookings
from schedopt.session_design.slots.evaluation import SlotEvaluation, evaluate
from schedopt.session_design.slots.session import SlotSession

__all__ = ["BestBookings", "SlotEvaluation", "SlotSession", "best_bookings", "evaluate"]
