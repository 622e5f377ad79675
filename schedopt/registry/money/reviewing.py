"""What payers have decided of authorisations and referrals, into a store's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pydantic import ValidationError

from schedopt.billing.coverage.reviews import after
from schedopt.billing.coverage.tables import AskedPermission
from schedopt.errors import NoSuchChange
from schedopt.interop.x12.reviews import ReviewAnswer
from schedopt.models.tables import Authorisation
from schedopt.payers.authorisations import answered
from schedopt.registry.money.eligibility import BEYOND, Outcome
from schedopt.registry.money.matching import Matching
from schedopt.registry.money.permitted import (
    SOURCE,
    authorisation_of,
    review_of,
    share_a_day,
    with_review,
    write_reviews,
)
from schedopt.registry.money.rows import Kept, kept
from schedopt.store.session import Call
from schedopt.store.words import told


def take_reviews(
    call: Call, answers: Sequence[ReviewAnswer], known: Kept[AskedPermission] | None = None
) -> list[Outcome]:  # fmt: skip
    """Write what was decided; what became of each answer, in their order. All belong to `known`, if that is given."""
    if not answers:
        return []
    book = _Book(call, Matching(call, AskedPermission, "review", answers, known))
    outcomes = [book.take(one) for one in answers]
    write_reviews(call, [(book.first[name], row) for name, row in book.rows.items()])
    return outcomes


class _Book:
    """Reviews with what is known of them while answers are read."""

    def __init__(self, call: Call, matching: Matching[AskedPermission]) -> None:
        self._call, self._matching = call, matching
        self.first: dict[str, Kept[AskedPermission]] = {}
        self.rows: dict[str, AskedPermission] = {}

    def take(self, answer: ReviewAnswer) -> Outcome:
        """Take over an answer, in memory."""
        match = self._matching.find(answer)
        codes = "; ".join(f"{one.reason} {one.follow_up}".strip() for one in answer.rejections)
        if match.asked is None:
            return Outcome(SOURCE, "", "", "", "put aside", codes, match.why)
        row = self.rows.get(match.asked.row.review, match.asked.row)
        told_of = (row.patient, row.insurer, row.review)
        decision = answered(answer, dt.date.fromisoformat(self._call.today))
        if decision is None:
            why = f"it was rejected: {codes}" if codes else "it says nothing of what was decided"
            return Outcome(SOURCE, *told_of, "put aside", row.state, why)
        try:
            new = with_review(row, after(review_of(row), decision))
            self._expect_apart(new)
        except NoSuchChange as refused:
            return Outcome(SOURCE, *told_of, "put aside", row.state, str(refused))
        except ValidationError:
            return Outcome(SOURCE, *told_of, "put aside", row.state, BEYOND)
        if new == row:
            return Outcome(SOURCE, *told_of, "nothing new", new.state, match.why)
        self.first.setdefault(row.review, match.asked)
        self.rows[row.review] = new
        return Outcome(SOURCE, *told_of, "taken over", new.state, match.why)

    def _expect_apart(self, row: AskedPermission) -> None:
        """Two authorisations of one patient, insurer and visit type do not hold on one day, nor do two pending ones."""
        if row.kind != "authorisation" or row.state not in ("approved", "partly", "pending"):
            return
        mine = authorisation_of(row, None, None)
        there = kept(self._call, Authorisation, by="patient", values=[row.patient])
        others = {one.row.authorisation: one.row for one in there}
        read = [one for one in self.rows.values() if one.kind == "authorisation"]
        others.update({one.review: authorisation_of(one, None, None) for one in read})
        for name, other in others.items():
            same = (other.patient, other.insurer, other.visit_type) == (mine.patient, mine.insurer, mine.visit_type)
            stands = other.holds == mine.holds and (other.holds or other.status == "pending")
            if name != row.review and same and stands and share_a_day(mine, other):
                raise NoSuchChange(f"authorisation {told(name)} stands for some of the same days")
