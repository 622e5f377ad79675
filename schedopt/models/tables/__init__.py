"""The row classes of the tables that this package knows."""

from schedopt.models.tables.demand import AgeDays, Appointment, Availability, Cancellation, Preference, Request
from schedopt.models.tables.fields import Row
from schedopt.models.tables.history import PastVisit
from schedopt.models.tables.insurance import (
    Authorisation,
    Collection,
    Coverage,
    Eligibility,
    Network,
    Referral,
    Terms,
)
from schedopt.models.tables.people import Patient, Provider, Role, Site, Step, TypeLength, VisitType
from schedopt.models.tables.supply import (
    Cap,
    Closure,
    Credential,
    Leave,
    OpenHoliday,
    Pool,
    PoolClosure,
    Reserve,
    SetUp,
    Shift,
    Travel,
)

__all__ = [
    "AgeDays", "Appointment", "Authorisation", "Availability", "Cancellation", "Cap", "Closure", "Collection",
    "Coverage", "Credential", "Eligibility", "Leave", "Network", "OpenHoliday", "PastVisit", "Patient", "Pool",
    "PoolClosure", "Preference", "Provider", "Referral", "Request", "Reserve", "Role", "Row", "SetUp", "Shift", "Site",
    "Step", "Terms", "Travel", "TypeLength", "VisitType",
]  # fmt: skip
