"""What a store is asked of the office around the schedule."""

from __future__ import annotations

from schedopt.registry.operations.audits import Audits
from schedopt.registry.operations.cases import Cases
from schedopt.registry.operations.equipment import Equipment
from schedopt.registry.operations.letters import Letters
from schedopt.registry.operations.measures import Measures
from schedopt.registry.operations.sheets import Sheets
from schedopt.registry.operations.supplies import Supplies
from schedopt.registry.operations.training import Training


class Operated(Letters, Supplies, Equipment, Cases, Sheets, Training, Measures, Audits):
    """All that is asked of a store about the office around the schedule."""
