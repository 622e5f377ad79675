"""What an office's past says: how long visits take, who comes, and how punctually."""

from schedopt.timing.history.assessment import Assessment, assess
from schedopt.timing.history.attendance import Attendance, fit_attendance
from schedopt.timing.history.features import FEATURES, upcoming_visits
from schedopt.timing.history.punctuality import Punctuality, fit_punctuality
from schedopt.timing.history.service import ServiceTimes, fit_service

__all__ = [
    "FEATURES", "Assessment", "Attendance", "Punctuality", "ServiceTimes", "assess", "fit_attendance",
    "fit_punctuality", "fit_service", "upcoming_visits",
]  # fmt: skip
