"""The rules that tie several visits together; the only ones that a solver has to know."""

from schedopt.models.problem.couplings.among import Among
from schedopt.models.problem.couplings.apart import DailyRest, ProviderTravel, SessionsApart
from schedopt.models.problem.couplings.base import Breach, CostPart, Coupling, Encoder
from schedopt.models.problem.couplings.breaks import LongestStretch, MovingBreaks
from schedopt.models.problem.couplings.counts import (
    AuthorisedVisits,
    CoveredVisits,
    Limit,
    Promises,
    ShiftCaps,
    SomeGroups,
)
from schedopt.models.problem.couplings.days import ProviderDay
from schedopt.models.problem.couplings.fairness import Balance, FairAccess, FairLoad
from schedopt.models.problem.couplings.in_a_row import InARow
from schedopt.models.problem.couplings.kept import PlacesKept
from schedopt.models.problem.couplings.order import DayGap, StepOrder, TakingPart
from schedopt.models.problem.couplings.patient_travel import PatientTravel, PatientZone
from schedopt.models.problem.couplings.pools import PoolCapacity
from schedopt.models.problem.couplings.set_up import SetUpTime
from schedopt.models.problem.couplings.tied import Companions, Tied, keyed_ties, tied_requests
from schedopt.models.problem.couplings.time import PatientTime, ProviderTime

__all__ = [
    "Among",
    "AuthorisedVisits",
    "Balance",
    "Breach",
    "Companions",
    "CostPart",
    "Coupling",
    "CoveredVisits",
    "DailyRest",
    "DayGap",
    "Encoder",
    "FairAccess",
    "FairLoad",
    "InARow",
    "Limit",
    "LongestStretch",
    "MovingBreaks",
    "PatientTime",
    "PatientTravel",
    "PatientZone",
    "PlacesKept",
    "PoolCapacity",
    "Promises",
    "ProviderDay",
    "ProviderTime",
    "ProviderTravel",
    "SessionsApart",
    "SetUpTime",
    "ShiftCaps",
    "SomeGroups",
    "StepOrder",
    "TakingPart",
    "Tied",
    "keyed_ties",
    "tied_requests",
]  # fmt: skip
