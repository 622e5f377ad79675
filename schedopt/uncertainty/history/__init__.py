"""What an office's past says: how long visits take, who comes, and how punctually."""

from schedopt.uncertainty.history.assessment import Assessment, assess
from schedopt.uncertainty.history.attendance import Attendance, fit_attendance
from schedopt.uncertainty.history.features import FEATURES, upcoming_visits
from schedopt.uncertainty.history.lengths import VisitLengths, fit_lengths
from schedopt.uncertainty.history.punctuality import Punctuality, fit_punctuality
from schedopt.uncertainty.history.service import ServiceTimes, fit_service

__all__ = [
    "FEATURES", "Assessment", "Attendance", "Punctuality", "ServiceTimes", "VisitLengths", "assess", "fit_attendance",
    "fit_lengths", "fit_punctuality", "fit_service", "upcoming_visits",
]  # fmt: skip
