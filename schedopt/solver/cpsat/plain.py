"""OR-Tools' model without what no caller here needs."""

from __future__ import annotations

from ortools.sat.python import cp_model


class PlainModel(cp_model.CpModel):
    """A model without the older names of its methods: to set them takes longer than to build a small model."""

    def _add_pre_pep8_methods(self) -> None:
        """Set none."""
