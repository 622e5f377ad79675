"""The source of records: patients, what they ask for, and what they have been promised."""

from __future__ import annotations

from schedopt.models.source import Demand, Source
from schedopt.models.tables import (
    AgeDays,
    Appointment,
    Availability,
    Cancellation,
    Patient,
    Preference,
    Provider,
    Request,
    Role,
    Site,
    Step,
    TypeLength,
    VisitType,
)
from schedopt.records.checks import CHECKS
from schedopt.records.days import DOUBTS
from schedopt.records.requests import make_requests, make_steps
from schedopt.records.rules import record_couplings, record_rules

RECORDS = Source(
    name="records",
    about="who asks for what",
    room="schedopt.records",
    row_classes=(
        Site, Provider, VisitType, TypeLength, Step, Role, Patient, Request, AgeDays, Availability, Preference,
        Appointment, Cancellation,
    ),
    checks=CHECKS,
    doubts=DOUBTS,
    rules=record_rules,
    couplings=record_couplings,
    demand=Demand(make_requests, make_steps),
)  # fmt: skip
