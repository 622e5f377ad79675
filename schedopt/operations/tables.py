"""The tables of all parts."""

from __future__ import annotations

from schedopt.models.tables.fields import Row
from schedopt.operations.audits.tables import AUDITS_GIVEN, AUDITS_KEPT
from schedopt.operations.cases.tables import CASES_GIVEN, CASES_KEPT
from schedopt.operations.equipment.tables import EQUIPMENT_GIVEN, EQUIPMENT_KEPT
from schedopt.operations.letters.tables import LETTERS_GIVEN, LETTERS_KEPT
from schedopt.operations.measures.tables import MEASURES_GIVEN, MEASURES_KEPT
from schedopt.operations.sheets.tables import SHEETS_GIVEN, SHEETS_KEPT
from schedopt.operations.supplies.tables import SUPPLIES_GIVEN, SUPPLIES_KEPT
from schedopt.operations.training.tables import TRAINING_GIVEN, TRAINING_KEPT

GIVEN: tuple[type[Row], ...] = (
    *LETTERS_GIVEN, *SUPPLIES_GIVEN, *EQUIPMENT_GIVEN, *CASES_GIVEN,
    *SHEETS_GIVEN, *TRAINING_GIVEN, *MEASURES_GIVEN, *AUDITS_GIVEN,
)  # fmt: skip
"""What an office brings, in a folder or in a store."""

KEPT: tuple[type[Row], ...] = (
    *LETTERS_KEPT, *SUPPLIES_KEPT, *EQUIPMENT_KEPT, *CASES_KEPT,
    *SHEETS_KEPT, *TRAINING_KEPT, *MEASURES_KEPT, *AUDITS_KEPT,
)  # fmt: skip
"""What a store alone keeps."""
