"""An audit with its strata, items and findings, as it stands in a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from schedopt.errors import StoreError
from schedopt.models.tables.fields import Row
from schedopt.operations.audits.results import Looked, read_results
from schedopt.operations.audits.tables import Audit, AuditFinding, AuditItem, AuditStratum, CorrectiveAction
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.rows import Kept, kept
from schedopt.store.session import Call
from schedopt.store.words import told


@dataclass(frozen=True)
class AuditFile:
    """An audit.

    Attributes
    ----------
    audit : Audit
        What was drawn, and how.
    strata : tuple of AuditStratum
        What the population was divided into.
    items : tuple of AuditItem
        In the order in which they were drawn.
    findings : mapping of str to Kept
        What was found, by item.
    """

    audit: Audit
    strata: tuple[AuditStratum, ...]
    items: tuple[AuditItem, ...]
    findings: dict[str, Kept[AuditFinding]]

    @property
    def sheet(self) -> pd.DataFrame:
        """One row an item, as :func:`~schedopt.operations.audits.results.sample_sheet` has it, with what was found."""
        strata = {one.stratum: one for one in self.strata}
        found = {name: one.row for name, one in self.findings.items()}
        return pd.DataFrame(
            [
                {
                    "item": item.item, "stratum": item.stratum, "place": item.place, "amount": _money(item.amount),
                    "hits": item.hits, "method": self.audit.method,
                    "stratum_items": strata[item.stratum].population,
                    "stratum_amount": _money(strata[item.stratum].book),
                    "result": found[item.item].result if item.item in found else "",
                    "audited": _money(found[item.item].audited) if item.item in found else np.nan,
                }
                for item in self.items
            ]
        )  # fmt: skip

    @property
    def looked(self) -> Looked:
        """What was looked at."""
        return read_results(self.sheet, "audit")


def may_read(call: Call, *row_classes: type[Row]) -> None:
    """Refuse who may not read some tables."""
    for row_class in row_classes:
        call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)


def audit_file(call: Call, audit: str) -> AuditFile:
    """An audit by its id.

    Raises
    ------
    StoreError
        If there is none.
    """
    may_read(call, Audit, AuditStratum, AuditItem, AuditFinding)
    found = kept(call, Audit, by="key", values=[key_of(audit)])
    if not found:
        raise StoreError(f"expected the id of an audit, not {told(audit)}")
    items = sorted(_of(call, AuditItem, audit), key=lambda one: one.row.place)
    return AuditFile(
        found[0].row, tuple(one.row for one in _of(call, AuditStratum, audit)), tuple(one.row for one in items),
        {one.row.item: one for one in _of(call, AuditFinding, audit)},
    )  # fmt: skip


def action_named(call: Call, action: str) -> Kept[CorrectiveAction]:
    """An action by its id.

    Raises
    ------
    StoreError
        If there is none.
    """
    may_read(call, CorrectiveAction)
    found = kept(call, CorrectiveAction, by="key", values=[key_of(action)])
    if not found:
        raise StoreError(f"expected the id of an action, not {told(action)}")
    return found[0]


def _of(call: Call, row_class: Any, audit: str) -> list[Kept[Any]]:
    """Rows of a table that are about an audit."""
    return [one for one in kept(call, row_class) if one.row.audit == audit]


def _money(cents: int | None) -> float:
    return np.nan if cents is None else cents / 100
