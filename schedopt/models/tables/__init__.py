"""The tables of an office's folder: one row class for each, in the order in which they are read and documented."""

from schedopt.models.tables.demand import Appointment, Availability, Preference, Request
from schedopt.models.tables.fields import Row
from schedopt.models.tables.history import PastVisit
from schedopt.models.tables.insurance import Authorisation, Coverage, Network, Referral, Terms
from schedopt.models.tables.people import Patient, Provider, Site, Step, VisitType
from schedopt.models.tables.supply import Cap, Closure, Credential, Leave, Pool, PoolClosure, Shift

TABLES: tuple[type[Row], ...] = (
    Site, Provider, VisitType, Step, Patient, Request, Availability, Preference, Appointment,
    Shift, Leave, Closure, Credential, Pool, PoolClosure, Cap,
    Coverage, Network, Terms, Authorisation, Referral,
)  # fmt: skip

__all__ = [
    "TABLES", "Appointment", "Authorisation", "Availability", "Cap", "Closure", "Coverage", "Credential", "Leave",
    "Network", "PastVisit", "Patient", "Pool", "PoolClosure", "Preference", "Provider", "Referral", "Request", "Row",
    "Shift", "Site", "Step", "Terms", "VisitType",
]  # fmt: skip
