"""What payers have answered about coverage, into a store's tables; each answer once, the newest one standing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from schedopt.billing.coverage.answers import Found, Item, coverage_on
from schedopt.billing.coverage.tables import AskedCoverage, Benefit
from schedopt.billing.shares.benefits import GENERAL
from schedopt.interop.x12.eligibility_answers import Answer
from schedopt.models.tables import Eligibility, Row
from schedopt.payers.eligibility import items_of
from schedopt.registry.desk import has_table
from schedopt.registry.money.matching import Matching
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.store.session import Call

SOURCE = "271"
BEYOND = "it says what no row can hold, such as a number that is too large"
R = TypeVar("R", bound=Row)


class Outcome(NamedTuple):
    """What became of an answer.

    Attributes
    ----------
    kind : {"271", "278"}
        What it is.
    patient, insurer, asked : str
        Ids; ``asked`` is the inquiry or the review. Empty where nobody can tell.
    outcome : {"taken over", "nothing new", "put aside"}
        What was done.
    said : str
        What was answered: a status or a state.
    why : str
        By what it was matched, or why it was put aside.
    """

    kind: str
    patient: str
    insurer: str
    asked: str
    outcome: str
    said: str
    why: str


@dataclass(frozen=True)
class _Taken:
    """An answer of an inquiry, worked out."""

    row: AskedCoverage
    eligibility: Eligibility | None
    benefits: tuple[Benefit, ...] = field(repr=False)

    @property
    def when(self) -> tuple[dt.date, str]:
        """Day and time of the answer."""
        return self.row.answered or dt.date.min, self.row.answered_at


def take_answers(call: Call, answers: Sequence[Answer], known: Kept[AskedCoverage] | None = None) -> list[Outcome]:
    """Write what was answered; what became of each answer, in their order. All belong to `known`, if that is given."""
    if not answers:
        return []
    book = _Book(call, answers, known)
    outcomes = [book.take(one) for one in answers]
    book.write()
    return outcomes


class _Book:
    """Inquiries with what is known of them while answers are read."""

    def __init__(self, call: Call, answers: Sequence[Answer], known: Kept[AskedCoverage] | None) -> None:
        self._call, self._known = call, known
        self._matching = Matching(call, AskedCoverage, "inquiry", answers, known)
        self._rows: dict[str, AskedCoverage] = {}
        self._changes = Changes()
        self._facts: dict[str, Kept[AskedCoverage]] = {}
        self._taken: list[_Taken] = []

    def take(self, answer: Answer) -> Outcome:
        """Take over an answer, in memory."""
        if answer.patient is None and self._known is None:
            return self._refuse_batch(answer)
        match = self._matching.find(answer)
        if match.asked is None:
            return Outcome("271", "", "", "", "put aside", _codes(answer), match.why)
        return self._of_inquiry(match.asked, answer, match.why)

    def _refuse_batch(self, answer: Answer) -> Outcome:
        """The payer has not got as far as a patient: all of the transaction was refused."""
        sent = self._matching.of_batch(answer.reference)
        if not sent:
            return Outcome(
                "271", "", "", "", "put aside", _codes(answer), "it names nobody, and no transaction of ours"
            )
        outcomes = {self._of_inquiry(one, answer, "its transaction").outcome for one in sent}
        outcome = "taken over" if "taken over" in outcomes else "nothing new"
        return Outcome(
            "271", "", sent[0].row.insurer, "", outcome, "refused", f"{len(sent)} inquiries, {_codes(answer)}"
        )

    def _of_inquiry(self, asked: Kept[AskedCoverage], answer: Answer, why: str) -> Outcome:
        row = self._rows.get(asked.row.inquiry, asked.row)
        items = items_of(answer, row.asked_for)
        found = coverage_on(items, row.services, row.asked_for)
        refused = found.status == "unknown" and bool(answer.rejections)
        day = min(answer.answered or self._today, self._today)
        said = "refused" if refused else found.status
        told = (row.patient, row.insurer, row.inquiry)
        try:
            new = updated(
                row, state="refused" if refused else "answered", answered=day, answered_at=answer.time,
                reasons=_codes(answer),
            )  # fmt: skip
            taken = _taken(new, found, items, answer)
        except ValidationError:
            return Outcome("271", *told, "put aside", said, BEYOND)
        if row.answered is not None and (row.answered, row.answered_at) > (day, answer.time):
            return Outcome("271", *told, "nothing new", said, "older than what is known")
        if new == row:
            return Outcome("271", *told, "nothing new", said, why)
        self._rows[row.inquiry], self._facts[row.inquiry] = new, asked
        self._taken.append(taken)
        return Outcome("271", *told, "taken over", said, why)

    @property
    def _today(self) -> dt.date:
        return dt.date.fromisoformat(self._call.today)

    def write(self) -> None:
        """Write what was taken over: inquiries, eligibility and benefits, of each the newest."""
        for name, row in self._rows.items():
            self._changes.change(self._facts[name].fact, row)
        last = {one.row.inquiry: one for one in self._taken}
        taken = sorted(last.values(), key=lambda one: (one.when, one.row.asked_for, one.row.inquiry))
        if taken:
            self._eligibility([one.eligibility for one in taken if one.eligibility is not None])
            self._benefits([one for one in taken if one.benefits])
        self._changes.write(self._call)

    def _eligibility(self, said: Sequence[Eligibility]) -> None:
        before: dict[tuple[str, str, str | None, dt.date | None], list[Kept[Eligibility]]] = {}
        for one in kept(self._call, Eligibility, by="patient", values={row.patient for row in said}):
            before.setdefault(_about(one.row), []).append(one)
        rows = {_about(row): row for row in said}
        for about, row in rows.items():
            olds = before.get(about, [])
            same = [old for old in olds if old.row.answered == row.answered]
            if any(old.row.answered > row.answered for old in olds):
                continue
            for old in olds:
                if old not in same[:1]:
                    self._changes.end(old.fact)
            if not same:
                self._changes.add(row, row.patient)
            elif same[0].row != row:
                self._changes.change(same[0].fact, row)
        if rows:
            has_table(self._call, Eligibility.table_name)

    def _benefits(self, taken: Sequence[_Taken]) -> None:
        newest = {(one.row.patient, one.row.insurer, _asked(one.row)): one for one in taken}
        before: dict[tuple[str, str, str], dict[int, Kept[Benefit]]] = {}
        for old in kept(self._call, Benefit, by="patient", values={one.row.patient for one in taken}):
            before.setdefault((old.row.patient, old.row.insurer, old.row.asked), {})[old.row.item] = old
        for about, one in newest.items():
            olds = before.get(about, {})
            if any((old.row.answered, old.row.answered_at) > one.when for old in olds.values()):
                continue
            rows = {row.item: row for row in one.benefits}
            for item, row in rows.items():
                if item not in olds:
                    self._changes.add(row, row.patient)
                elif olds[item].row != row and row.note and olds[item].fact.owner is None:
                    self._changes.end(olds[item].fact)
                    self._changes.add(row, row.patient)
                elif olds[item].row != row:
                    self._changes.change(olds[item].fact, row)
            for item in olds.keys() - rows.keys():
                self._changes.end(olds[item].fact)


def updated(row: R, **cells: object) -> R:
    """A row with other cells; what payers say is looked at like what people type.

    Raises
    ------
    pydantic.ValidationError
        If it would be none of the table.
    """
    return type(row).model_validate({**row.model_dump(), **cells})


def _taken(row: AskedCoverage, found: Found, items: Sequence[Item], answer: Answer) -> _Taken:
    """What an answer writes; of one that was refused, nothing but that."""
    if row.state == "refused":
        return _Taken(row, None, ())
    notes = list(_with_notes(items, answer))
    return _Taken(row, _eligibility_of(row, found), tuple(_benefits_of(row, notes)))


def _with_notes(items: Iterable[Item], answer: Answer) -> Iterable[tuple[Item, str]]:
    """Items, each with the free text of the first EB that has the same code and services."""
    free = [(one.code, one.services, " ".join(one.messages)) for one in answer.benefits if one.messages]
    for item in items:
        at = next((at for at, said in enumerate(free) if said[:2] == (item.code, item.services)), None)
        note = free.pop(at)[2] if at is not None else ""
        yield item, "".join(letter if letter.isprintable() else " " for letter in note)


def _codes(answer: Answer) -> str:
    """Reasons of a refusal, and what to do: codes alone."""
    return "; ".join(dict.fromkeys(f"{one.reason} {one.follow_up}".strip() for one in answer.rejections))


def _about(row: Eligibility) -> tuple[str, str, str | None, dt.date | None]:
    return row.patient, row.insurer, row.visit_type, row.asked_for


def _asked(row: AskedCoverage) -> str:
    return " ".join(row.services)


def _eligibility_of(row: AskedCoverage, found: Found) -> Eligibility | None:
    """The answer as planning reads it; where somebody is not covered and no day was said, from the answer on."""
    if row.answered is None:
        return None
    first = found.first
    if found.status == "inactive" and first is None and found.last is None:
        first = min(row.answered, row.asked_for)
    return Eligibility(
        patient=row.patient, insurer=row.insurer, visit_type=None if row.services == (GENERAL,) else row.visit_type,
        asked_for=row.asked_for, answered=row.answered, status=found.status, valid_from=first, valid_until=found.last,
        visits_left=found.visits_left, source=SOURCE,
    )  # fmt: skip


def _benefits_of(row: AskedCoverage, items: Iterable[tuple[Item, str]]) -> Iterable[Benefit]:
    for place, (item, note) in enumerate(items, 1):
        yield Benefit(
            patient=row.patient, insurer=row.insurer, asked=_asked(row), item=place, kind=item.kind,
            services=item.services, whose=item.whose, network=item.network, span=item.span, amount=item.cents,
            share="" if item.share is None else f"{item.share:f}", visits=item.visits,
            authorisation=item.authorisation, procedure=item.procedure or None, first_day=item.first,
            last_day=item.last, year_ends=item.year_ends, code=item.code or None, note=note, asked_for=row.asked_for,
            answered=row.answered or dt.date.min, answered_at=row.answered_at, source=SOURCE,
        )  # fmt: skip


def item_of(row: Benefit) -> Item:
    """What a row of benefits says."""
    return Item(
        row.kind, row.services, row.whose, row.network, row.span, row.amount,
        Decimal(row.share) if row.share else None, row.visits, row.authorisation, row.procedure or "", row.first_day,
        row.last_day, row.year_ends, row.code or "",
    )  # fmt: skip
