"""What first insurers have decided, as claims to second ones say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from schedopt.billing.accounts.adjudications import WHOLE, Adjudication
from schedopt.billing.accounts.settled import settled
from schedopt.billing.claims.sending import Prior, PriorLine, Reason
from schedopt.billing.claims.tables import Claim, ClaimLine
from schedopt.billing.coverage.tables import Membership, Payer
from schedopt.registry.money import ledger
from schedopt.registry.money import outgoing as out
from schedopt.registry.money.rows import kept
from schedopt.store.session import Call


def first_of(call: Call, rows: Sequence[Claim]) -> dict[str, Claim]:
    """Of claims to second insurers, the first one's claim for the same visit that stands."""
    later = [row for row in rows if row.rank != "primary"]
    patients = sorted({row.patient for row in later})
    firsts = {
        one.row.request: one.row
        for one in kept(call, Claim, by="patient", values=patients)
        if one.row.rank == "primary" and one.row.request and one.row.state not in ("replaced", "void")
    }
    return {row.claim: firsts[row.request] for row in later if row.request in firsts}


def priors_of(call: Call, rows: Sequence[Claim], known: out.Known) -> dict[str, tuple[Prior, ...]]:
    """What first insurers have decided, by the claims to second ones that say so."""
    first = first_of(call, rows)
    if not first:
        return {}
    heard = ledger.adjudications_of(call, {row.claim for row in first.values()})
    lines = out.lines_of(call, sorted({row.patient for row in first.values()}))
    found: dict[str, tuple[Prior, ...]] = {}
    for name, row in first.items():
        payer, membership = known.payers.get(row.insurer), known.memberships.get((row.patient, row.insurer))
        counting = settled(heard.get(row.claim, ())).counting
        if payer is not None and membership is not None and counting:
            own = [one.row for one in lines.get(row.claim, ())]
            found[name] = (_prior(payer, membership, counting, own),)
    return found


def _prior(payer: Payer, membership: Membership, counting: Sequence[Adjudication], lines: Sequence[ClaimLine]) -> Prior:
    last = counting[-1]
    parts = [part for one in counting for part in one.parts]
    by_line = tuple(
        (
            line.line,
            PriorLine(
                sum(part.paid for part in parts if part.line == line.line),
                tuple(Reason(*cut) for part in parts if part.line == line.line for cut in part.cuts),
                line.procedure, tuple(line.modifiers.split()), line.units,
            ),
        )
        for line in lines
        if any(part.line == line.line for part in parts)
    )  # fmt: skip
    whole = tuple(Reason(*cut) for part in parts if part.line == WHOLE for cut in part.cuts)
    day = max(one.day for one in counting)
    return Prior(
        payer, membership, "primary", sum(one.paid for one in counting), dt.date.fromisoformat(day), whole, by_line,
        last.payer_control,
    )  # fmt: skip
