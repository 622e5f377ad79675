"""What a store is told by payers about coverage and permissions, and what nobody has asked yet."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from schedopt.billing.coverage.benefits import benefits_of
from schedopt.billing.coverage.tables import AnswerFile, AskedCoverage, AskedPermission, Benefit, OpenAnswer
from schedopt.billing.shares.benefits import Benefits
from schedopt.errors import Fault, InputError, StoreError
from schedopt.interop.x12.eligibility_answers import Answer, read_answers
from schedopt.interop.x12.excerpt import excerpt
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.reviews import ReviewAnswer, read_review_answers
from schedopt.interop.x12.tree import read
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.eligibility import SOURCE, Outcome, item_of, take_answers
from schedopt.registry.money.inquiries import Inquiries
from schedopt.registry.money.matching import asked_by
from schedopt.registry.money.permissions import Permissions
from schedopt.registry.money.reviewing import take_reviews
from schedopt.registry.money.rights import TAKEN, expect
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.money.unverified import Unverified
from schedopt.store.session import Call
from schedopt.store.words import told


class CoverageAnswers(Inquiries, Permissions, Unverified):
    """What is asked of a store about coverage, authorisations and referrals."""

    def read_coverage(self, content: bytes, name: str = "") -> pd.DataFrame:
        """Take over a file of 271s, or of answers to 278s: whole or not at all, and once.

        Each answer is matched by its trace, else by the member's number and the day of birth. What matches nothing, or
        cannot follow from where something stands, is put aside (:meth:`open_answers`).

        Parameters
        ----------
        content : bytes
            Of the file.
        name : str
            Of the file, for messages.

        Returns
        -------
        pandas.DataFrame
            One row an answer: ``kind`` (271, 278), ``patient``, ``insurer``, ``asked`` (ids; empty where nobody can
            tell), ``outcome`` (taken over, nothing new, put aside, read before), ``said``, ``why``.

        Raises
        ------
        InputError
            If the file is not accepted, or holds something else; nothing is written then.
        AccessDenied
            If the actor may not.
        """
        answers = _Answers.of(content, name)

        def body(call: Call) -> list[Outcome]:
            expect(call, TAKEN)
            file = hashlib.blake2b(content, key=call.keys.audit[:64], digest_size=16).hexdigest()
            if kept(call, AnswerFile, by="key", values=[key_of(file)]):
                return [Outcome(kind, "", "", "", "read before", "", "") for kind in answers.kinds]
            outcomes = [*take_answers(call, answers.coverage), *take_reviews(call, answers.reviews)]
            changes, today = Changes(), dt.date.fromisoformat(call.today)
            changes.add(AnswerFile(file=file, answers=len(outcomes), read_on=today))
            for place, (one, content_of) in enumerate(zip(outcomes, answers.excerpts, strict=True), 1):
                if one.outcome == "put aside":
                    changes.add(
                        OpenAnswer(
                            answer=f"{file}-{place}", kind=one.kind, reason=one.why, inquiry=one.asked or None,
                            read_on=today, content=_as_text(content_of),
                        )
                    )  # fmt: skip
            changes.write(call)
            return outcomes

        return pd.DataFrame(self._do("read answers", body), columns=list(Outcome._fields), dtype="str")

    def open_answers(self) -> pd.DataFrame:
        """Answers that were put aside and that nobody has seen to yet.

        Returns
        -------
        pandas.DataFrame
            ``answer`` (id), ``kind``, ``reason``, ``inquiry``, ``read_on``; what is in them only :meth:`open_answer`
            gives.
        """
        names = ("answer", "kind", "reason", "inquiry", "read_on")

        def body(call: Call) -> list[OpenAnswer]:
            call.may("read", OpenAnswer.table_name, (*names, "state"))
            return [one.row for one in kept(call, OpenAnswer, at=self._entry(call)) if one.row.state == "open"]

        rows = self.session.do("list answers put aside", body)
        return pd.DataFrame({name: [getattr(row, name) or "" for row in rows] for name in names})

    def open_answer(self, answer: str) -> str:
        """An answer that was put aside, as a file of X12 of its own, for who may read it."""

        def body(call: Call) -> str:
            return _open(call, answer).row.content

        return self.session.do("read an answer put aside", body, about=answer)

    def settle_answer(self, answer: str) -> None:
        """Say that somebody has seen to an answer that was put aside."""

        def body(call: Call) -> None:
            expect(call, [("change", OpenAnswer.table_name, ())])
            one, changes = _open(call, answer), Changes()
            changes.change(one.fact, one.row.model_copy(update={"state": "done"}))
            changes.write(call)

        self._do("settle an answer", body, about=answer)

    def assign_answer(self, answer: str, asked: str) -> str:
        """Say what an answer that was put aside belongs to, and take it over.

        Parameters
        ----------
        answer : str
            Its id.
        asked : str
            Id of the inquiry, or of the authorisation or referral asked for.

        Returns
        -------
        str
            What was answered.

        Raises
        ------
        StoreError
            If there is no such answer or question, or it cannot be taken over: nothing is written then.
        """

        def body(call: Call) -> str:
            expect(call, TAKEN)
            one = _open(call, answer)
            found = _Answers.of(one.row.content.encode(), answer)
            if found.coverage:
                taken = take_answers(call, found.coverage[:1], asked_by(call, AskedCoverage, asked))
            else:
                taken = take_reviews(call, found.reviews[:1], asked_by(call, AskedPermission, asked))
            if taken[0].outcome == "put aside":
                raise StoreError(f"answer {told(answer)} cannot be taken over: {taken[0].why}")
            changes = Changes()
            changes.change(one.fact, one.row.model_copy(update={"state": "done", "inquiry": asked}))
            changes.write(call)
            return taken[0].said

        return self._do("assign an answer", body, about=answer)

    def benefits(self, patient: str, insurer: str, services: Sequence[str] = ()) -> Benefits | None:
        """The benefits that the newest answer about a patient states; None where there is none.

        Parameters
        ----------
        patient, insurer : str
            Ids.
        services : sequence of str
            Service types: an answer that was asked for one of them goes before newer ones that were not.
        """

        def body(call: Call) -> list[Benefit]:
            call.may("read", Benefit.table_name, [one for one in kinds()[Benefit.table_name].columns if one != "note"])
            rows = [one.row for one in kept(call, Benefit, at=self._entry(call), by="patient", values=[patient])]
            return [row for row in rows if row.insurer == insurer]

        rows = self.session.do("read benefits", body, about=patient)
        if not rows:
            return None
        wanted = [row for row in rows if not set(services).isdisjoint(row.asked.split())] or rows
        last = max((row.answered, row.answered_at, row.asked) for row in wanted)
        chosen = [row for row in wanted if (row.answered, row.answered_at, row.asked) == last]
        source = f"{SOURCE} of {last[0].day} {last[0]:%B %Y}"
        return benefits_of([item_of(row) for row in sorted(chosen, key=lambda row: row.item)], insurer, source)


@dataclass(frozen=True)
class _Answers:
    """What a file holds."""

    coverage: tuple[Answer, ...] = field(repr=False)
    reviews: tuple[ReviewAnswer, ...] = field(repr=False)
    excerpts: tuple[bytes, ...] = field(repr=False)

    @property
    def kinds(self) -> list[str]:
        """Of each answer."""
        return [*("271" for _ in self.coverage), *("278" for _ in self.reviews)]

    @staticmethod
    def of(content: bytes, name: str) -> _Answers:
        """Read a file.

        Raises
        ------
        InputError
            With every problem of it.
        """
        verdict, place = judge(content), name or "the file"
        faults = [Fault(place, None, None, None, str(one)) for one in verdict.problems if one.severity == "error"]
        for one in verdict.transactions:
            if one.kind not in ("271", "278 response"):
                words = f"segment {one.number}: expected a 271 or the answer to a 278, not {one.kind}"
                faults.append(Fault(place, None, None, None, words))
        if faults:
            raise InputError(faults)
        transactions = read(content).transactions
        coverage = [(one, made) for one in transactions for made in read_answers(one)]
        reviews = [(one, made) for one in transactions for made in read_review_answers(one)]
        excerpts = [excerpt(one, made.number) for one, made in coverage]
        excerpts += [excerpt(one, made.number) for one, made in reviews]
        return _Answers(tuple(made for _, made in coverage), tuple(made for _, made in reviews), tuple(excerpts))


def _open(call: Call, answer: str) -> Kept[OpenAnswer]:
    call.may("read", OpenAnswer.table_name, kinds()[OpenAnswer.table_name].columns)
    found = kept(call, OpenAnswer, by="key", values=[key_of(answer)])
    if not found:
        raise StoreError(f"expected the id of an answer that was put aside, not {told(answer)}")
    return found[0]


def _as_text(content: bytes) -> str:
    """A file as text without line ends, as a table holds it."""
    text = content.decode("utf-8", "replace").replace("\n", "")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
