"""How many patients to book at the start of each slot of a session."""

from schedopt.timing.slots.best import BestBookings, best_bookings
from schedopt.timing.slots.evaluation import SlotEvaluation, evaluate
from schedopt.timing.slots.session import SlotSession

__all__ = ["BestBookings", "SlotEvaluation", "SlotSession", "best_bookings", "evaluate"]
