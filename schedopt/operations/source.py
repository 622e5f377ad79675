"""The source of what the office around the schedule has: supplies, devices, and what staff can do."""

from __future__ import annotations

from collections.abc import Iterator

from schedopt.models.office import Office
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.week import Week
from schedopt.models.source import Source
from schedopt.operations.equipment.checks import EQUIPMENT_DOUBTS
from schedopt.operations.letters.settings import LetterSettings
from schedopt.operations.supplies.checks import SUPPLY_CHECKS, SUPPLY_DOUBTS
from schedopt.operations.supplies.rules import supply_couplings
from schedopt.operations.tables import GIVEN
from schedopt.operations.training.checks import TRAINING_CHECKS, TRAINING_DOUBTS
from schedopt.operations.training.rules import training_rules


def operations_rules(office: Office, week: Week) -> Iterator[Rule]:
    """All rules of this source."""
    yield from training_rules(office, week)


def operations_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """All couplings of this source."""
    yield from supply_couplings(office, week)


OPERATIONS = Source(
    name="operations",
    about="supplies, devices, and what staff can do",
    room="schedopt.operations",
    row_classes=GIVEN,
    sections=(LetterSettings,),
    checks=(*SUPPLY_CHECKS, *TRAINING_CHECKS),
    doubts=(*SUPPLY_DOUBTS, *EQUIPMENT_DOUBTS, *TRAINING_DOUBTS),
    rules=operations_rules,
    couplings=operations_couplings,
)
