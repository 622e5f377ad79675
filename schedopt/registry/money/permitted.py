"""Authorisations and referrals that were asked for, as rows and as planning reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from schedopt.billing.coverage.reviews import Review
from schedopt.billing.coverage.tables import AskedPermission
from schedopt.models.tables import Authorisation, Referral
from schedopt.registry.desk import has_table
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.eligibility import updated
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.store.session import Call

SOURCE = "278"


def visits_of(row: AskedPermission) -> int:
    """Visits that were approved, or else asked for."""
    return row.visits_asked if row.visits is None else row.visits


def review_of(row: AskedPermission) -> Review:
    """What a row says, as a value."""
    return Review(
        row.visits_asked, row.first_asked, row.last_asked, row.state, row.visits, row.first_day, row.last_day,
        row.number, row.sent_on, row.answered, row.decision_due, tuple(row.reasons.split()),
    )  # fmt: skip


def with_review(row: AskedPermission, review: Review) -> AskedPermission:
    """The row that says what a value does."""
    return updated(
        row, state=review.state, visits=review.visits, first_day=review.first, last_day=review.last,
        number=review.number, sent_on=review.sent_on, answered=review.answered, decision_due=review.decision_due,
        reasons=" ".join(review.reasons),
    )  # fmt: skip


def write_reviews(call: Call, changed: Iterable[tuple[Kept[AskedPermission], AskedPermission]]) -> None:
    """Write reviews, and what planning reads of them."""
    changes, moved = Changes(), list[tuple[AskedPermission | None, AskedPermission]]()
    for one, row in changed:
        if one.row != row:
            changes.change(one.fact, row)
            moved.append((one.row, row))
    tell_planning(call, moved, changes)
    changes.write(call)


def tell_planning(
    call: Call, moved: Sequence[tuple[AskedPermission | None, AskedPermission]], changes: Changes
) -> None:
    """Bring authorisations and referrals, which planning reads, to what was decided."""
    for before, row in moved:
        if row.kind == "authorisation":
            olds = kept(call, Authorisation, by="key", values=[key_of(row.review)])
            new = authorisation_of(row, before, olds[0].row.visits_left if olds else None)
            if not olds:
                changes.add(new, row.patient)
            elif olds[0].row != new:
                changes.change(olds[0].fact, new)
        else:
            _referral(call, before, row, changes)
    for name, kind in ((Authorisation.table_name, "authorisation"), (Referral.table_name, "referral")):
        if any(row.kind == kind for _, row in moved):
            has_table(call, name)


def authorisation_of(row: AskedPermission, before: AskedPermission | None, left: int | None) -> Authorisation:
    """An authorisation as planning reads it; visits that were used stay used when their number changes."""
    visits = visits_of(row)
    if left is not None and before is not None and before.visits is not None and row.visits is not None:
        visits = max(0, left + row.visits - before.visits)
    return Authorisation(
        authorisation=row.review, patient=row.patient, insurer=row.insurer, visit_type=row.visit_type,
        visits_left=visits, valid_from=row.first_day or row.first_asked, valid_until=row.last_day or row.last_asked,
        status=row.state, decision_due=row.decision_due, answered=row.answered, source=SOURCE,
    )  # fmt: skip


def as_referral(row: AskedPermission) -> Referral:
    """A referral as planning reads it."""
    return Referral(
        patient=row.patient, visit_type=row.visit_type, valid_from=row.first_day or row.first_asked,
        valid_until=row.last_day or row.last_asked, status=row.state, decision_due=row.decision_due,
        answered=row.answered, source=SOURCE,
    )  # fmt: skip


def _referral(call: Call, before: AskedPermission | None, row: AskedPermission, changes: Changes) -> None:
    """A referral has no key: the row that said what stood before makes room for the one that says what stands now."""
    kind, new = kinds()[Referral.table_name], as_referral(row)
    if before is not None:
        key = kind.key(kind.cells(as_referral(before))[0])
        for one in kept(call, Referral, by="key", values=[key])[:1]:
            changes.end(one.fact)
    changes.add(new, row.patient)


def share_a_day(one: Authorisation, other: Authorisation) -> bool:
    """Whether two authorisations stand for a day both."""
    first = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    return first <= min(one.valid_until or dt.date.max, other.valid_until or dt.date.max)
