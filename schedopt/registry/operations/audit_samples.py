"""What a store is asked of audits: samples drawn, findings written down, and what they say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from schedopt.errors import Fault, InputError, StoreError
from schedopt.models.tables.money import cents_of, format_money
from schedopt.operations.audits.drawing import Method, deviations_of, divider, draw
from schedopt.operations.audits.effects import Effect, compare
from schedopt.operations.audits.frames import Frame
from schedopt.operations.audits.results import Evaluation, evaluate, read_results
from schedopt.operations.audits.tables import Audit, AuditFinding, AuditItem, AuditStratum, Source
from schedopt.registry.asked import Asked
from schedopt.registry.money.rows import Changes, kept
from schedopt.registry.operations.audit_files import AuditFile, audit_file, may_read
from schedopt.registry.operations.audit_frames import frame_from
from schedopt.store.session import Call, random_id
from schedopt.store.words import told

_LIST = ("audit", "about", "source", "first_day", "last_day", "drawn_on", "population", "items", "looked_at", "deviate")


@dataclass(frozen=True)
class NewAudit:
    """A sample to draw.

    Attributes
    ----------
    about : str
        What is looked for.
    source : {"visits", "claims", "entries"}
        From what.
    first, last : datetime.date
        Days of what it is drawn from.
    items : int
        How many.
    seed : str
        Draws it again.
    method : {"random", "systematic", "money"}
        How.
    by : str
        Divides the population into strata; empty: it is not divided.
    divide : {"proportional", "equal", "neyman"}
        How the sample is divided among them.
    tolerable, confidence : float or None
        As in :func:`~schedopt.operations.audits.results.evaluate`.
    follows : str or None
        Earlier audit, of which this one shows what was gained.
    """

    about: str
    source: Source
    first: dt.date
    last: dt.date
    items: int
    seed: str
    method: Method = "random"
    by: str = ""
    divide: Literal["proportional", "equal", "neyman"] = "proportional"
    tolerable: float | None = None
    confidence: float | None = None
    follows: str | None = None


class AuditSamples(Asked):
    """Samples and findings."""

    def draw_audit(self, new: NewAudit) -> str:
        """Draw a sample of what the store has, and keep it; the audit's id.

        Raises
        ------
        StoreError
            If there is nothing to draw from, or not so much.
        """

        def body(call: Call) -> str:
            if new.follows is not None:
                audit_file(call, new.follows)
            known = call.number - 1
            frame = frame_from(call, new.source, new.first, new.last, new.by, known)
            drawn, name, changes = _drawn(new, frame), random_id("u"), Changes()
            changes.add(_audit(name, new, frame, call, known))
            strata = np.asarray(frame.strata, dtype=object)
            for stratum, size in frame.sizes.items():
                book = None if frame.amounts is None else round(100 * float(frame.amounts[strata == stratum].sum()))
                changes.add(AuditStratum(audit=name, stratum=stratum, population=size, book=book))
            for row in drawn.itertuples():
                amount = None if frame.amounts is None else round(100 * float(row.amount))  # type: ignore[arg-type]
                changes.add(
                    AuditItem(
                        audit=name, item=row.item, stratum=row.stratum, place=row.place, amount=amount, hits=row.hits
                    )
                )
            changes.write(call)
            return name

        return self._do("draw audit", body, about=new.source)

    def drawn_again(self, audit: str) -> bool:
        """Whether the sample is what its seed draws from the population as it was known then.

        Raises
        ------
        StoreError
            If there is no such audit.
        """

        def body(call: Call) -> bool:
            file = audit_file(call, audit)
            said = file.audit
            new = NewAudit(
                "",
                said.source,
                said.first_day,
                said.last_day,
                said.items,
                said.seed,
                said.method,
                said.strata,
                said.divide,
            )
            frame = frame_from(call, said.source, said.first_day, said.last_day, said.strata, said.known_at)
            return frame.fingerprint == said.frame and _drawn(new, frame)["item"].tolist() == [
                item.item for item in file.items
            ]

        return self.session.do("draw audit again", body, about=audit)

    def audits(self) -> pd.DataFrame:
        """All audits, newest first.

        Returns
        -------
        pandas.DataFrame
            ``audit``, ``about``, ``source``, ``first_day``, ``last_day``, ``drawn_on`` (datetime64), ``population``,
            ``items``, ``looked_at``, ``deviate`` (numbers of items).
        """

        def body(call: Call) -> pd.DataFrame:
            may_read(call, Audit, AuditFinding, AuditItem)
            rows = [one.row for one in kept(call, Audit)]
            found = [(one.row.audit, one.row.result != "ok") for one in kept(call, AuditFinding)]
            counts = pd.DataFrame(found, columns=["audit", "bad"]).groupby("audit")["bad"].agg(["size", "sum"])
            items = pd.Series([one.row.audit for one in kept(call, AuditItem)], dtype="str").value_counts()
            table = pd.DataFrame(
                [
                    (r.audit, r.about, r.source, r.first_day, r.last_day, r.drawn_on, r.population, int(items[r.audit]),
                     *(map(int, counts.loc[r.audit]) if r.audit in counts.index else (0, 0)))
                    for r in reversed(rows)
                ],
                columns=list(_LIST),
            )  # fmt: skip
            return table.astype(dict.fromkeys(("first_day", "last_day", "drawn_on"), "datetime64[s]"))

        return self.session.do("list audits", body)

    def audit_sheet(self, audit: str) -> pd.DataFrame:
        """The items of an audit with what was found so far, by the order in which they were drawn.

        Returns
        -------
        pandas.DataFrame
            ``item`` (id), ``stratum``, ``place``, ``amount``, ``hits``, ``method``, ``stratum_items``,
            ``stratum_amount``, ``result``, ``audited``.
        """
        return self.session.do("audit sheet", lambda call: audit_file(call, audit).sheet, about=audit)

    def find_in_audit(self, audit: str, results: pd.DataFrame) -> int:
        """Write down what was found of items; how many of them are new or other than before.

        Parameters
        ----------
        audit : str
            Which audit.
        results : pandas.DataFrame
            ``item``, ``result`` (ok, deviates, missing; rows where it is empty do not count), and, where there are
            some, ``audited`` (amount) and ``note``.

        Raises
        ------
        InputError
            If a result is none, or an item is none of the audit.
        """
        looked = read_results(results, "results").table
        notes = results["note"].fillna("").astype(str).tolist() if "note" in results.columns else [""] * len(results)

        def body(call: Call) -> int:
            file, changes, count = audit_file(call, audit), Changes(), 0
            own = {item.item for item in file.items}
            faults = [
                Fault("results", place, "item", None, "expected an item of the audit")
                for place, item in enumerate(looked["item"], 2)
                if item not in own
            ]
            if faults:
                raise InputError(faults)
            for row, note in zip(looked.itertuples(), notes, strict=True):
                if row.result:
                    count += _write(call, file, changes, _finding(call, audit, row, note))
            changes.write(call)
            return count

        return self._do("find in audit", body, about=audit)

    def audit_findings(
        self, audit: str, *, confidence: float | None = None, tolerable: float | None = None
    ) -> Evaluation:  # fmt: skip
        """What the items of an audit say of all; by default against what was tolerable when it was drawn.

        Raises
        ------
        StoreError
            If nothing was looked at yet.
        """

        def body(call: Call) -> Evaluation:
            file = audit_file(call, audit)
            try:
                return evaluate(
                    file.looked, confidence=confidence or file.audit.confidence,
                    tolerable=tolerable or file.audit.tolerable,
                )  # fmt: skip
            except ValueError as error:
                raise StoreError(str(error)) from None

        return self.session.do("audit findings", body, about=audit)

    def audit_effect(self, audit: str, *, confidence: float = 0.95) -> Effect:
        """Whether fewer deviate than in the audit that this one follows.

        Raises
        ------
        StoreError
            If it follows none, or one of the two was not looked at.
        """

        def body(call: Call) -> Effect:
            file = audit_file(call, audit)
            if file.audit.follows is None:
                raise StoreError(f"expected an audit that follows another one, not {told(audit)}")
            pair = [_counts(one) for one in (audit_file(call, file.audit.follows), file)]
            return compare(pair[0], pair[1], confidence=confidence)

        return self.session.do("audit effect", body, about=audit)


def _drawn(new: NewAudit, frame: Frame) -> pd.DataFrame:
    try:
        deviations = deviations_of(frame) if new.divide == "neyman" else None
        return draw(frame, new.items, new.seed, method=new.method, divide=divider(new.divide, deviations))
    except ValueError as error:
        raise StoreError(str(error)) from None


def _audit(name: str, new: NewAudit, frame: Frame, call: Call, known: int) -> Audit:
    return Audit(
        audit=name, about=new.about, source=new.source, first_day=new.first, last_day=new.last, drawn_on=call.today,
        known_at=known, seed=new.seed, method=new.method, divide=new.divide, strata=new.by,
        population=len(frame.items), frame=frame.fingerprint, items=new.items, tolerable=new.tolerable,
        confidence=new.confidence, follows=new.follows,
    )  # fmt: skip


def _finding(call: Call, audit: str, row: object, note: str) -> AuditFinding:
    audited = getattr(row, "audited", np.nan)
    cents = None if np.isnan(audited) else cents_of(format_money(round(100 * float(audited))))
    return AuditFinding(
        audit=audit, item=getattr(row, "item", ""), result=getattr(row, "result", ""), audited=cents,
        found_on=call.today, note=note.strip(),
    )  # fmt: skip


def _write(call: Call, file: AuditFile, changes: Changes, new: AuditFinding) -> bool:
    """Write a finding where it says something new."""
    old = file.findings.get(new.item)
    if old is None:
        changes.add(new)
    elif old.row.model_copy(update={"found_on": new.found_on}) != new:
        changes.change(old.fact, new)
    else:
        return False
    return True


def _counts(file: AuditFile) -> tuple[int, int]:
    """Deviations, and items looked at."""
    if not file.findings:
        raise StoreError(f"expected audit {file.audit.audit} to be looked at first")
    return sum(one.row.result != "ok" for one in file.findings.values()), len(file.findings)
