"""Claims that leave the office in files, and what payers answer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from schedopt.billing.claims.edits import Look, scrubbed
from schedopt.billing.claims.sending import Outgoing
from schedopt.billing.claims.states import after
from schedopt.billing.claims.tables import Claim, ClaimAnswer, ClaimEdit, Sending
from schedopt.payers.acknowledgements import OfClaim, OfFile, heard
from schedopt.payers.claims import Written, receiver_of, write_claims
from schedopt.payers.status import write_inquiry
from schedopt.registry.asked import Asked
from schedopt.registry.kinds import kinds
from schedopt.registry.money import outgoing as out
from schedopt.registry.money.charging import charge, uncharge
from schedopt.registry.money.claims import Moved, answered
from schedopt.registry.money.files import put_files
from schedopt.registry.money.priors import priors_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.tables import self_paid
from schedopt.store.session import Call

ASKED: tuple[str, ...] = ("sent", "accepted", "pending")
"""States of claims after which a payer is asked."""


class Sent(NamedTuple):
    """A file that was written.

    Attributes
    ----------
    file : str
        Its name.
    receiver : str
        To whom it goes.
    claims : int
        How many are in it.
    """

    file: str
    receiver: str
    claims: int


class ClaimMail(Asked):
    """What is asked of a store about claims that are with payers."""

    def send_claims(self, folder: str | Path, *, production: bool = True) -> list[Sent]:
        """Write the claims that are ready as 837Ps, a file for each receiver, and say that they were sent.

        What was sent is written down once the files are there. Where that fails, the claims stay ready, and the next
        try writes the same files again.

        Parameters
        ----------
        folder : str or Path
            It is made where it is not there.
        production : bool
            Whether they are meant; else ISA15 says that they are a test.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """

        def body(call: Call) -> list[Sent]:
            mail = _Mail(call)
            made = mail.written(production)
            put_files(folder, {name: one.data for name, one in made.items()}, "the claims")
            mail.mark(list(made.values()))
            return [Sent(name, name.split("-", 1)[1].removesuffix(".837"), _count(one)) for name, one in made.items()]

        return self._do("send claims", body)

    def read_acknowledgements(self, data: bytes, name: str = "") -> pd.DataFrame:
        """Take in a file of TA1, 999, 277CA and 277, whole or not at all; what was taken in before changes nothing.

        Parameters
        ----------
        data : bytes
            The file's content.
        name : str
            Of the file, for the trail.

        Returns
        -------
        pandas.DataFrame
            A row for each thing that was said of a claim: ``claim`` (empty where it is none of the office's), ``kind``,
            ``outcome``, ``date`` (datetime.date), ``codes``, ``before`` and ``state`` of the claim.

        Raises
        ------
        InputError
            If the file does not keep to its guides.
        """

        def body(call: Call) -> pd.DataFrame:
            of_files, of_claims = heard(data, dt.date.fromisoformat(call.today))
            answers = [*_answers(call, of_files), *(_answer(one) for one in of_claims)]
            moved, strangers = answered(call, answers)
            return _told(answers, moved, {one.claim for one in strangers})

        return self._do("read acknowledgements", body, source=name)

    def ask_status(self, folder: str | Path, *, older_than: int = 0) -> list[Sent]:
        """Write 276s that ask payers what became of claims which they have not decided.

        Parameters
        ----------
        folder : str or Path
            It is made where it is not there.
        older_than : int
            Only claims that were sent more than so many days ago.
        """

        def body(call: Call) -> list[Sent]:
            mail = _Mail(call, ASKED)
            made = mail.inquiries(older_than)
            put_files(folder, {name: data for name, (data, _) in made.items()}, "the questions")
            return [Sent(name, name.split("-", 1)[1].removesuffix(".276"), count) for name, (_, count) in made.items()]

        return self._do("ask for status", body)


def _count(one: Written) -> int:
    return sum(map(len, one.transactions))


class _Mail:
    """Claims in some states, with all that they say."""

    def __init__(self, call: Call, states: Sequence[str] = ("ready",)) -> None:
        for row_class in (Claim, Sending):
            call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)
        self.call = call
        self.today = dt.date.fromisoformat(call.today)
        self.moment = dt.datetime.fromisoformat(call.at)
        secret = self_paid(call)
        found = [one for one in kept(call, Claim) if one.row.state in states]
        self.secret = [one for one in found if one.row.request in secret]
        self.claims = {one.row.claim: one for one in found if one.row.request not in secret}
        self.changes = Changes()
        self.outgoing = self._outgoing()

    def _outgoing(self) -> dict[str, Outgoing]:
        rows = [one.row for one in self.claims.values()]
        patients = sorted({row.patient for row in rows})
        known, lines = out.known_of(self.call, patients), out.lines_of(self.call, patients)
        numbers = out.controls_of(self.call, [str(row.replaces) for row in rows if row.replaces])
        prior = priors_of(self.call, rows, known)
        return {
            row.claim: out.outgoing(
                known, row, [one.row for one in lines.get(row.claim, ())], numbers.get(str(row.replaces), ""),
                prior.get(row.claim, ()),
            )
            for row in rows
        }  # fmt: skip

    def written(self, production: bool) -> dict[str, Written]:
        """Files by name; claims that cannot be sent are drafts again."""
        by_receiver = defaultdict[str, list[Outgoing]](list)
        for name, one in sorted(self.outgoing.items()):
            found = scrubbed(Look(one.claim, one.lines, self.today, one.missing, one.numbers))
            wrong = [edit for edit in found if edit.severity == "error"]
            if wrong or one.office is None or one.payer is None:
                self._drafted(self.claims[name], wrong)
            else:
                by_receiver[receiver_of(one.office, one.payer).number].append(one)
        for kept_one in self.secret:
            self._drafted(kept_one, [])
        control = max((one.row.control for one in kept(self.call, Sending)), default=0)
        made = dict[str, Written]()
        for receiver, some in sorted(by_receiver.items()):
            control += 1
            made[f"{control:09d}-{receiver}.837"] = write_claims(some, control, self.moment, production=production)
        return made

    def _drafted(self, one: Kept[Claim], wrong: Sequence[ClaimEdit]) -> None:
        self.changes.change(one.fact, one.row.model_copy(update={"state": after(one.row.state, "edits_open")}))
        known = kept(self.call, ClaimEdit, by="patient", values=[one.row.patient])
        keys = {(row.claim, row.edit, row.line) for row, _ in known}
        for edit in wrong:
            if (edit.claim, edit.edit, edit.line) not in keys:
                self.changes.add(edit, one.row.patient, one.row.request)

    def mark(self, files: Sequence[Written]) -> None:
        """Say that the claims of files were sent: they are charged then, a replacement once it is taken in."""
        for file in files:
            for transaction, names in enumerate(file.transactions, 1):
                for name in names:
                    row, fact = self.claims[name]
                    sent = row.model_copy(update={"state": after(row.state, "send"), "sent_on": self.today})
                    self.changes.change(fact, sent)
                    line = Sending(control=file.control, transaction=transaction, claim=name, sent_on=self.today)
                    self.changes.add(line, row.patient, row.request)
        self.changes.write(self.call)
        rows = [self.claims[name].row for file in files for names in file.transactions for name in names]
        charged = [row for row in rows if row.frequency == "1"]
        uncharge(self.call, [row.claim for row in charged if row.sent_on is not None])
        charge(self.call, [row.claim for row in charged])

    def inquiries(self, older_than: int) -> dict[str, tuple[bytes, int]]:
        """Files of 276 by name, with how many claims each asks about."""
        by_payer = defaultdict[str, list[Outgoing]](list)
        for _, one in sorted(self.outgoing.items()):
            sent_on = one.claim.sent_on or self.today
            if (self.today - sent_on).days >= older_than and not one.missing and one.payer is not None:
                by_payer[one.payer.payer_id].append(one)
        made = dict[str, tuple[bytes, int]]()
        for control, (payer, some) in enumerate(sorted(by_payer.items()), 1):
            data = write_inquiry(some, self.call.number % 10**6 * 1000 + control, self.moment)
            made[f"{self.today:%Y%m%d}-{payer}.276"] = (data, len(some))
        return made


def _answers(call: Call, of_files: Sequence[OfFile]) -> list[ClaimAnswer]:
    """What is said of files, claim by claim."""
    if not of_files:
        return []
    call.may("read", Sending.table_name, kinds()[Sending.table_name].columns)
    sent = defaultdict[int, list[Sending]](list)
    for row, _ in kept(call, Sending):
        sent[row.control].append(row)
    return [
        ClaimAnswer(
            claim=row.claim, answer=one.digest, kind=one.kind, outcome=one.outcome, date=one.date, control=one.control,
            codes=_shown(one.codes),
        )
        for one in of_files
        for row in sent.get(one.control, ())
        if _is_meant(one, row)
    ]  # fmt: skip


def _is_meant(one: OfFile, row: Sending) -> bool:
    if one.sent_on is not None and one.sent_on != row.sent_on:
        return False  # the number of another file, of which this office's other commands write some too
    if one.transactions is None:
        return row.transaction not in one.but
    return row.transaction in one.transactions


def _answer(one: OfClaim) -> ClaimAnswer:
    claim = one.claim.strip()
    is_id = claim.isascii() and claim.isprintable() and ";" not in claim
    return ClaimAnswer(
        claim=claim if claim and is_id else "-", answer=one.digest, kind=one.kind, outcome=one.outcome, date=one.date,
        control=one.control, codes=_shown(one.codes), payer_control=_shown(one.payer_control),
    )  # fmt: skip


def _shown(text: str) -> str:
    """A code of a payer's, without signs that no code has."""
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in text)


def _told(answers: Sequence[ClaimAnswer], moved: Sequence[Moved], strangers: set[str]) -> pd.DataFrame:
    states = {one.claim: one for one in moved}
    rows = [
        {
            "claim": "" if one.claim in strangers else one.claim, "kind": one.kind, "outcome": one.outcome,
            "date": one.date, "codes": one.codes,
            "before": states[one.claim].before if one.claim in states else "",
            "state": states[one.claim].state if one.claim in states else "",
        }
        for one in answers
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["claim", "kind", "outcome", "date", "codes", "before", "state"])
