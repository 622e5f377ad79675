"""A store's accounts: what payers remit is posted, and what is owed, paid and let go is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from schedopt.billing.accounts.journal import ACCOUNTS, Row
from schedopt.errors import StoreError
from schedopt.payers.remittances import read_remittances
from schedopt.registry.asked import Asked
from schedopt.registry.money import ledger
from schedopt.registry.money.charging import charge
from schedopt.registry.money.claim_facts import Outcome, write_outcomes
from schedopt.registry.money.claims import succeeded
from schedopt.registry.money.posting import HELD_BACK, NEW, REFUSED, Posting, looked_at, post
from schedopt.store import schema
from schedopt.store.session import Call


class Accounts(Asked):
    """What is asked of a store's journal."""

    def post_remittance(self, data: bytes, source: str = "835", *, each: bool = False) -> pd.DataFrame:
        """Post the 835s of a file: all of them in one transaction if the sums of all hold, or else nothing.

        Parameters
        ----------
        data : bytes
            The file.
        source : str
            Its name, for the audit trail.
        each : bool
            Post the checks that can be posted, though others of the file cannot.

        Returns
        -------
        pandas.DataFrame
            One row a check: ``transaction`` (ST02), ``segment`` (of its ST in the file), ``check``, ``day``
            (YYYY-MM-DD), ``cents`` (of the check), ``claims`` and ``matched`` (how many), ``state`` (posted, already
            posted, refused, held back: another of the file was refused), ``words`` (why it was refused).

        Raises
        ------
        StoreError
            If there is no 835 in the file.
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> list[Posting]:
            for table, columns in (("checks", ("check", "cents")), ("adjudications", ("adjudication", "body")),
                                   ("journal", ledger.JOURNAL)):  # fmt: skip
                call.may("add", table, columns)
            call.may("read", "claims", ("claim", "patient"))
            call.may("read", "claim_lines", ("claim", "line", "procedure", "charge"))
            return _posted(call, data, each)

        found = self._do("post remittance", body, source=source)
        return pd.DataFrame(
            {
                "transaction": [one.remitted.control for one in found],
                "segment": [one.remitted.number for one in found],
                "check": [one.remitted.check.number for one in found],
                "day": [str(one.remitted.check.day or "") for one in found],
                "cents": [one.remitted.check.cents for one in found],
                "claims": [one.remitted.balance.claims for one in found],
                "matched": [one.matched for one in found],
                "state": [one.state for one in found],
                "words": [one.words for one in found],
            }
        )

    def charge_claims(self, claims: Iterable[str]) -> int:
        """Charge claims that have not been charged: what they ask for is owed by their insurers; how many were."""
        names = tuple(claims)
        return self._do("charge", lambda call: charge(call, names), about=" ".join(names[:20]))

    def balances(self) -> pd.DataFrame:
        """What stands on each account, from its side: together nothing.

        Returns
        -------
        pandas.DataFrame
            ``account`` and ``cents``: more than nothing is owed to the office or was received or given up by it, less
            is owed by it or was earned.
        """

        def body(call: Call) -> dict[str, int]:
            call.may("read", "journal", ledger.JOURNAL)
            found: dict[str, int] = dict.fromkeys(ACCOUNTS, 0)
            for (account, _, _), cents in ledger.sums(call).items():
                found[account] += cents
            return found

        found = self.session.do("balances", body)
        return pd.DataFrame({"account": list(found), "cents": list(found.values())})

    def journal(self, claim: str | None = None) -> pd.DataFrame:
        """The journal, or what of it is about a claim, in the order in which it was written.

        Returns
        -------
        pandas.DataFrame
            ``day`` (YYYY-MM-DD), ``debit``, ``credit`` (accounts), ``cents``, ``claim``, ``line`` (0: the claim as a
            whole), ``party`` (insurer, payer or patient where there is no claim), ``check`` (its number in the store),
            ``why``.
        """

        def body(call: Call) -> list[Row]:
            call.may("read", "journal", ledger.JOURNAL)
            where = () if claim is None else (schema.journal.c.claim == claim,)
            return list(ledger.rows_of(call, *where))

        found = self.session.do("journal", body, about=claim or "")
        return pd.DataFrame(found, columns=list(Row._fields))


def _posted(call: Call, data: bytes, each: bool) -> list[Posting]:
    found = looked_at(call, read_remittances(data))
    if not found:
        raise StoreError("expected a file with an 835")
    if not each and any(one.state == REFUSED for one in found):
        return [replace(one, state=HELD_BACK) if one.state == NEW else one for one in found]
    outcomes: dict[str, Outcome] = {}
    found = [post(call, one, outcomes) for one in found]
    succeeded(call, write_outcomes(call, outcomes))
    return found
