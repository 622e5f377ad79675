"""The patient's share goes on to the next insurer, with what the first one has decided."""

from __future__ import annotations

import pandas as pd

from schedopt.billing.claims.tables import Claim, ClaimLine
from schedopt.billing.coverage.tables import Membership, Payer
from schedopt.errors import StoreError
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money import ledger
from schedopt.registry.money import outgoing as out
from schedopt.registry.money.claim_making import Making
from schedopt.registry.money.rows import kept
from schedopt.registry.tables import self_paid
from schedopt.store.session import Call
from schedopt.store.words import told


class Secondary(Asked):
    """What is asked of a store about second insurers."""

    def secondary_due(self) -> pd.DataFrame:
        """Claims of which a patient owes a share that a second insurer could be asked for, and none is yet.

        Returns
        -------
        pandas.DataFrame
            ``claim``, ``insurer`` (the second), ``cents`` (what the patient owes).
        """

        def body(call: Call) -> list[tuple[str, str, int]]:
            _may(call)
            return _due(call)

        return pd.DataFrame(self.session.do("secondary due", body), columns=["claim", "insurer", "cents"])

    def bill_secondary(self, claim: str) -> str:
        """Make the claim for a patient's second insurer; it is looked through and sent like any other.

        Once it is sent, the insurer owes what the patient owed of the first claim.

        Returns
        -------
        str
            The new claim's id.

        Raises
        ------
        StoreError
            If nothing of the claim is the patient's to pay, or there is no second insurer on its day, or it was asked.
        """

        def body(call: Call) -> str:
            _may(call)
            insurer = next((name for first, name, _ in _due(call) if first == claim), None)
            if insurer is None:
                raise StoreError(f"expected a claim that 'secondary due' lists, not {told(claim)}")
            making = Making(call, also=(claim,))
            made = making.second(kept(call, Claim, by="key", values=[key_of(claim)])[0].row, insurer)
            making.look_through([made.claim])
            making.write()
            return made.claim

        return self._do("bill secondary", body, about=claim)


def _may(call: Call) -> None:
    for row_class in (Claim, ClaimLine, Payer, Membership):
        call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)
    call.may("read", "journal", ledger.JOURNAL)
    call.may("read", "adjudications", ("adjudication", "claim", "body"))


def _due(call: Call) -> list[tuple[str, str, int]]:
    owed = ledger.owed(call, "patient")
    rows = [one.row for one in kept(call, Claim, by="key", values=[key_of(name) for name in sorted(owed)])]
    secret = self_paid(call)
    rows = [row for row in rows if row.rank == "primary" and row.state == "paid" and row.request not in secret]
    patients = sorted({row.patient for row in rows})
    insured = out.insurers(call, patients)
    asked = {one.row.request for one in kept(call, Claim, by="patient", values=patients) if one.row.rank != "primary"}
    found = []
    for row in rows:
        others = [one for one in insured.get(row.patient, ()) if one[2] != row.insurer]
        second = out.on_day(others, row.date)
        if second is not None and row.request not in asked:
            found.append((row.claim, second, owed[row.claim]))
    return sorted(found)
