"""What :mod:`~schedopt.registry.grants` says of tables of the office around the schedule, in the same notation."""

from __future__ import annotations

#   planner, desk, billing, clinician, auditor, administrator, emergency; purposes; tables: columns
_LETTERS = """\
"""

_SUPPLIES = """\
"""

_EQUIPMENT = """\
"""

_CASES = """\
race race -  r - race -  to    material: material language level title kind visit_types valid_from valid_until place
race race -  r - race -  to    material: needs_signature
"""

_SHEETS = """\
"""

_TRAINING = """\
"""

_MEASURES = """\
"""

_AUDITS = """\
"""

OPERATIONS_GRANTS = _LETTERS + _SUPPLIES + _EQUIPMENT + _CASES + _SHEETS + _TRAINING + _MEASURES + _AUDITS
