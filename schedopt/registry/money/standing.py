"""What a store tells of its accounts: denials, what has to be looked at, ages, statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

import pandas as pd
import sqlalchemy as sa

from schedopt.billing.accounts.denials import Denial, denials
from schedopt.billing.accounts.forwarding import carried
from schedopt.billing.accounts.journal import Row
from schedopt.billing.accounts.settled import settled
from schedopt.billing.accounts.statements import StatementLine, age_of, open_items, statement_line
from schedopt.billing.coverage.tables import Payer
from schedopt.registry.asked import Asked
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of, patients_claims
from schedopt.registry.money.collecting import to_the_good
from schedopt.registry.money.unmatched import match, unmatched
from schedopt.store import facts, schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call

_SEEN = ("adjudication", "claim", "body")


class Look(NamedTuple):
    """Something that somebody has to look at.

    Attributes
    ----------
    kind : str
        unmatched, repeated, decided again, nothing to take back, takes back another amount, paid too much, forwarded.
    claim : str
        Of which claim; empty where it is about none, or none that we know.
    about : str
        Number of the adjudication in the store, payer, or the payer's reference.
    day : str
        Of the check (YYYY-MM-DD), or the last of several; empty where there is none.
    cents : int
        About how much.
    """

    kind: str
    claim: str
    about: str
    day: str
    cents: int


class Standing(Asked):
    """What is asked of a store by who looks after its accounts."""

    def denials(self) -> pd.DataFrame:
        """What payers have refused to pay and is still open, what must be appealed first first.

        Returns
        -------
        pandas.DataFrame
            ``claim``, ``line`` (0: the claim as a whole), ``why`` (such as CO-16), ``cents``, ``day`` (of the decision,
            YYYY-MM-DD), ``appeal_until`` (YYYY-MM-DD), ``kind``, ``step`` (what to do next), ``open_cents`` (what the
            insurer still owes of the claim).
        """

        def body(call: Call) -> list[tuple[object, ...]]:
            _may_see(call)
            owed = ledger.owed(call, "insurer")
            heard = ledger.adjudications_of(call, owed)
            known = claims_of(call, heard)
            days = {row.cells["insurer"]: int(row.cells.get("appeal_days", _APPEAL_DAYS)) for row in _payers(call)}
            found = [
                (claim, denial)
                for claim, some in heard.items()
                for denial in denials(settled(some).counting, days.get(known[claim].cells["insurer"], _APPEAL_DAYS))
            ]
            found.sort(key=lambda pair: (pair[1].appeal_until, pair[0], pair[1]))
            return [(claim, *denial, owed[claim]) for claim, denial in found]

        found = self.session.do("denials", body)
        return pd.DataFrame(found, columns=["claim", *Denial._fields, "open_cents"])

    def money_worklist(self) -> pd.DataFrame:
        """What came with checks and cannot stay as it is: somebody has to look at it.

        Returns
        -------
        pandas.DataFrame
            ``kind``, ``claim``, ``about``, ``day`` (YYYY-MM-DD), ``cents``; see :class:`Look`.
        """

        def body(call: Call) -> list[Look]:
            _may_see(call)
            return [*_unmatched(call), *_waiting(call), *_too_much(call), *_forwarded(call)]

        return pd.DataFrame(self.session.do("money worklist", body), columns=list(Look._fields))

    def match(self, adjudication: int, claim: str) -> None:
        """Say which claim something is about that came with a check and named none of ours."""

        def body(call: Call) -> None:
            _may_see(call)
            call.may("add", "adjudications", _SEEN)
            call.may("add", "journal", ledger.JOURNAL)
            match(call, adjudication, claim)

        self._do("match", body, about=claim)

    def ageing(self, on: dt.date, of: Literal["insurer", "patient"] = "patient") -> pd.DataFrame:
        """What is open of claims, and of visits on no claim, by how long it has been.

        Parameters
        ----------
        on : datetime.date
            The day on which it is looked at.
        of : {"insurer", "patient"}
            Who owes it.

        Returns
        -------
        pandas.DataFrame
            ``claim`` (empty for what is on none), ``party`` (the patient, where there is no claim), ``since``
            (YYYY-MM-DD), ``age`` (days, as 0-30, 31-60, 61-90, 91-120 or over 120; credit: too much was paid),
            ``cents``. The cents add up to the account's balance.
        """

        def body(call: Call) -> list[tuple[str, str, str, str, int]]:
            call.may("read", "journal", ledger.JOURNAL)
            j = schema.journal.c
            groups = defaultdict[tuple[str, str], list[Row]](list)
            for row in ledger.rows_of(call, sa.or_(j.debit == of, j.credit == of)):
                groups[row.claim or "", row.party or "" if row.claim is None else ""].append(row)
            return [
                (claim, party, item.day, age_of(item, on), item.cents)
                for (claim, party), rows in sorted(groups.items())
                for item in open_items(rows, of)
            ]

        found = self.session.do("ageing", body)
        return pd.DataFrame(found, columns=["claim", "party", "since", "age", "cents"])

    def statement(self, patient: str) -> pd.DataFrame:
        """What a patient's visits were charged, who paid what, and what is open.

        Returns
        -------
        pandas.DataFrame
            ``claim`` (empty for visits on no claim, and for money to the good), ``date`` (of the visit, YYYY-MM-DD),
            and in cents ``charged``, ``adjusted``, ``insurer_paid``, ``patient_paid``, ``insurer_owes``,
            ``patient_owes``: charged less adjusted less paid is what both owe. Money of the patient's that is for
            nothing yet is a last row with ``patient_owes`` below nothing.
        """

        def body(call: Call) -> list[tuple[object, ...]]:
            call.may("read", "journal", ledger.JOURNAL)
            call.may("read", "claims", ("claim", "patient", "date"))
            mine = patients_claims(call, patient)
            rows = ledger.rows_of_claims(call, mine)
            lines = [(mine[claim].cells["date"], statement_line(claim, rows[claim])) for claim in mine if rows[claim]]
            own = [row for row in ledger.rows_of(call, schema.journal.c.party == patient) if row.claim is None]
            if own:
                first = min(row.day for row in own)
                lines.append((first, statement_line("", own)))
            good = to_the_good(call, patient)
            if good:
                lines.append(("", StatementLine("", 0, 0, 0, good, 0, -good)))
            return [(line.claim, day, *line[1:]) for day, line in sorted(lines, key=lambda one: (not one[0], one[0]))]

        found = self.session.do("statement", body, about=patient)
        return pd.DataFrame(found, columns=["claim", "date", *StatementLine._fields[1:]])


_APPEAL_DAYS = int(Payer.model_fields["appeal_days"].get_default())


def _may_see(call: Call) -> None:
    call.may("read", "journal", ledger.JOURNAL)
    call.may("read", "adjudications", _SEEN)
    call.may("read", "claims", ("claim", "insurer", "state"))


def _payers(call: Call) -> list[facts.Fact]:
    return facts.known(call.connection, Payer.table_name)


def _unmatched(call: Call) -> Iterator[Look]:
    for row in unmatched(call):
        heard = ledger.opened_heard(call, row.adjudication, row.sealed)
        yield Look("unmatched", "", str(row.adjudication), row.day, heard.paid)


def _waiting(call: Call) -> Iterator[Look]:
    """Adjudications that do not count as they are; a claim has some only where it was decided more than once."""
    a, m = schema.adjudications.c, schema.matches.c
    every = sa.union_all(
        sa.select(a.claim, a.body).where(a.claim.is_not(None)), sa.select(m.claim, m.body)
    ).subquery()  # fmt: skip
    several = sa.select(every.c.claim).group_by(every.c.claim).having(sa.func.count() > 1)
    back = sa.select(every.c.claim).where(every.c.body.like('["22"%'))
    names = sorted({*call.connection.scalars(several), *call.connection.scalars(back)})
    for first in range(0, len(names), AT_ONCE):
        for claim, some in sorted(ledger.adjudications_of(call, names[first : first + AT_ONCE]).items()):
            for one, why in settled(some).waiting:
                yield Look(why, claim, str(one.id), one.day, one.paid)


def _too_much(call: Call) -> Iterator[Look]:
    """Claims of which more was paid than is owed."""
    for account in ("insurer", "patient"):
        found = defaultdict[str, int](int)
        for (name, claim, _), cents in ledger.sums(call).items():
            if name == account and claim is not None:
                found[claim] += cents
        yield from (Look("paid too much", claim, account, "", -c) for claim, c in sorted(found.items()) if c < 0)


def _forwarded(call: Call) -> Iterator[Look]:
    j = schema.journal.c
    rows = ledger.rows_of(call, j.debit == "forwarded")
    for one in carried((row.party or "", row.why.partition(" ")[2], row.day, row.cents) for row in rows):
        yield Look("forwarded", "", f"{one.payer} {one.reference}".strip(), one.last_day, one.cents)
