"""The rules that tie several visits together; the only ones that a solver has to know."""

from schedopt.models.couplings.base import Breach, Coupling, Encoder, Part
from schedopt.models.couplings.counts import AuthorisedVisits, Limit, Promises, ShiftCaps
from schedopt.models.couplings.fairness import Balance, FairAccess, FairLoad
from schedopt.models.couplings.order import DayGap, StepOrder
from schedopt.models.couplings.time import PatientTime, PoolCapacity, ProviderTime

__all__ = [
    "AuthorisedVisits", "Balance", "Breach", "Coupling", "DayGap", "Encoder", "FairAccess", "FairLoad", "Limit", "Part",
    "PatientTime", "PoolCapacity", "Promises", "ProviderTime", "ShiftCaps", "StepOrder",
]  # fmt: skip
