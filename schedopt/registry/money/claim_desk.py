"""Claims as those who bill work on them: made of visits, looked through, replaced, and filed in time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pandas as pd

from schedopt.billing.claims.code_files import read_code_tables
from schedopt.billing.claims.code_tables import NO_TABLES, CodeTables
from schedopt.billing.claims.states import TAKEN_IN, after
from schedopt.billing.claims.tables import Claim, Encounter
from schedopt.errors import InputError, StoreError
from schedopt.models.discretion import discretion_of
from schedopt.office.keys import duplicates
from schedopt.office.read import read_table
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.claim_making import Making, recoded
from schedopt.registry.money.files import files_in
from schedopt.registry.money.rows import kept
from schedopt.registry.tables import self_paid, unknown_references
from schedopt.store.session import Call
from schedopt.store.words import told

_UNFILED = ("draft", "ready", "rejected", "sent")


class ClaimDesk(Asked):
    """What is asked of a store's claims before they leave, and of those that come back."""

    def code_visits(self, file: str | Path) -> int:
        """Take over what was coded of some visits; what stood there of these visits goes, others stay as they are.

        Parameters
        ----------
        file : str or Path
            CSV with the columns of table encounters.

        Returns
        -------
        int
            Rows written, changed or ended.

        Raises
        ------
        InputError
            With every fault of the file.
        """
        table, faults = read_table(Encounter, Path(file))
        if table is not None:
            faults = [*faults, *duplicates(table, discretion_of({table.name: table}))]
        if faults or table is None:
            raise InputError(faults)
        rows = [row for row in table.rows if isinstance(row, Encounter)]

        def body(call: Call) -> int:
            call.may("add", Encounter.table_name, kinds()[Encounter.table_name].columns)
            if unknown := list(unknown_references(call, kinds()[Encounter.table_name], table)):
                raise InputError(unknown)
            return recoded(call, rows)

        return self._do("code visits", body, source=Path(file).name)

    def make_claims(self, tables: CodeTables = NO_TABLES, *, codes: str | Path | None = None) -> pd.DataFrame:
        """Make a claim for each visit that took place, was coded and is insured on its day; look through all open ones.

        Claims that have not left the office, or were not taken in, follow what is coded now. A claim with an edit that
        is an error stays a draft; others are ready.

        Parameters
        ----------
        tables : CodeTables
            Pairs, units and add-on codes, as :func:`schedopt.billing.claims.code_files.read_code_tables` reads them.
        codes : str or Path, optional
            A folder with these tables as files, in place of `tables`.

        Returns
        -------
        pandas.DataFrame
            ``request``, ``claim`` (empty: there is none), ``state``, ``charge`` (cents), ``errors`` and ``warnings``
            (edits), ``note`` (why there is no claim), by request and claim.

        Raises
        ------
        InputError
            If a file of codes has faults.
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> pd.DataFrame:
            making = Making(call, tables)
            if codes is not None:
                making.tables = read_code_tables(files_in(codes), making.codes)
            making.make()
            making.look_through()
            making.write()
            return _told(making)

        return self._do("make claims", body)

    def mend_claim(self, claim: str, tables: CodeTables = NO_TABLES) -> str:
        """Look through a claim that was not taken in, so that it is sent once more as it stands; its state then.

        Raises
        ------
        StoreError
            If there is no such claim, or it has not come back.
        """

        def body(call: Call) -> str:
            making, row = _begun(call, claim, tables)
            making.claims[row.claim] = row
            making.look_through([row.claim])
            making.write()
            return making.claims[row.claim].state

        return self._do("mend claim", body, about=claim)

    def replace_claim(self, claim: str, tables: CodeTables = NO_TABLES) -> str:
        """Make a claim, of what is coded now, that replaces one which was taken in; its id.

        Raises
        ------
        StoreError
            If there is no such claim, it does not stand, or another replaces it already.
        """
        return self._do("replace claim", lambda call: _succeed(call, claim, "7", tables), about=claim)

    def void_claim(self, claim: str) -> str:
        """Make a claim that takes back one which was taken in; its id.

        Raises
        ------
        StoreError
            If there is no such claim, it does not stand, or another replaces it already.
        """
        return self._do("void claim", lambda call: _succeed(call, claim, "8", NO_TABLES), about=claim)

    def claims_to_file(self, days: int) -> pd.DataFrame:
        """Claims that nobody has taken in, and that can be filed for some more days at most.

        Parameters
        ----------
        days : int
            From today; 0: those that end today, or have ended.

        Returns
        -------
        pandas.DataFrame
            ``claim``, ``request``, ``insurer``, ``date``, ``file_until`` (datetime.date), ``days_left``, ``state``,
            ``charge`` (cents), by ``file_until``.
        """

        def body(call: Call) -> pd.DataFrame:
            call.may("read", Claim.table_name, kinds()[Claim.table_name].columns)
            today = dt.date.fromisoformat(call.today)
            secret = self_paid(call)
            rows = [one.row for one in kept(call, Claim) if one.row.state in _UNFILED and one.row.file_until]
            left = [
                (row, (row.file_until - today).days) for row in rows if row.file_until and row.request not in secret
            ]
            found = sorted(
                ((row, some) for row, some in left if some <= days), key=lambda one: (one[0].file_until, one[0].claim)
            )
            names = ("claim", "request", "insurer", "date", "file_until", "state", "charge")
            frame = pd.DataFrame({name: [getattr(row, name) for row, _ in found] for name in names})
            frame.insert(5, "days_left", [some for _, some in found])
            return frame

        return self.session.do("list claims to file", body)


def _begun(call: Call, claim: str, tables: CodeTables) -> tuple[Making, Claim]:
    """A claim by its id, with what is looked at beside it."""
    making = Making(call, tables, (claim,))
    found = kept(call, Claim, by="key", values=[key_of(claim)])
    if not found:
        raise StoreError(f"expected the id of a claim, not {told(claim)}")
    return making, found[0].row


def _succeed(call: Call, claim: str, frequency: str, tables: CodeTables) -> str:
    making, row = _begun(call, claim, tables)
    after(row.state, "void" if frequency == "8" else "replace")
    if row.state not in TAKEN_IN or any(one.row.replaces == claim for one in kept(call, Claim)):
        raise StoreError("expected a claim that stands and that no other replaces")
    made = making.succeed(row, frequency)
    making.look_through([made.claim])
    making.write()
    return made.claim


def _told(making: Making) -> pd.DataFrame:
    rows = sorted(making.claims.values(), key=lambda row: (row.request or "", row.claim))
    rows = [row for row in rows if row.request not in making.secret]
    counts = Counter((one.claim, one.severity) for one in making.edits)
    said = list[tuple[str, str, str, int, int, int, str]]()
    for row in rows:
        errors, warnings = counts[row.claim, "error"], counts[row.claim, "warning"]
        said.append((row.request or "", row.claim, row.state, row.charge, errors, warnings, ""))
    said += [(name, "", "", 0, 0, 0, note) for name, note in making.notes.items() if name not in making.secret]
    names = ["request", "claim", "state", "charge", "errors", "warnings", "note"]
    return pd.DataFrame(sorted(said), columns=names)
