"""Eligibility: visits to inquiries (270), and answers (271) to what was said of coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from schedopt.billing.coverage.answers import Item, ItemKind, NetworkSide, Span, Whose
from schedopt.billing.coverage.benefits import year_end
from schedopt.interop.x12.build import interchange, transaction
from schedopt.interop.x12.eligibility_answers import Answer, Benefit, Quantity
from schedopt.interop.x12.inquiries import MOST_AT_ONCE, VERSION, Batch, Inquiry, inquiry_lines
from schedopt.interop.x12.parties import Period, Trace
from schedopt.interop.x12.tree import write
from schedopt.payers.parties import Asker, Member, PayerAddress

_KINDS: dict[str, ItemKind] = {
    **dict.fromkeys("12345", "active"),
    **dict.fromkeys("678", "inactive"),
    **{"A": "coinsurance", "B": "copay", "C": "deductible", "G": "out_of_pocket", "F": "limit"},
    **dict.fromkeys("EI", "not_covered"),
}
_WHOSE: dict[str, Whose] = {"": "person", "IND": "person", "FAM": "family"}
_NETWORK: dict[str, NetworkSide] = {"Y": "in", "N": "out", "W": "both"}
_SPANS: dict[str, Span] = {
    **dict.fromkeys(("29", "33"), "left"),
    "24": "used",
    **dict.fromkeys(("21", "22", "23", "25", "32"), "whole"),
    **dict.fromkeys(("7", "27"), "visit"),
}
_EXCEEDED, _CALENDAR_YEAR = "30", "23"
_VISITS = ("VS", "P6")
_BEGINS = ("346", "348", "356", "539", "193")
_ENDS = ("347", "349", "357", "540", "194", "442")
_SPANNING = ("291", "292", "307", "472")
_YES = {"Y": True, "N": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """An inquiry to be made: is this patient covered on the day of the visit.

    Attributes
    ----------
    trace : str
        Id of the inquiry.
    payer : PayerAddress
        Who is asked.
    member : Member
        About whom.
    day : datetime.date
        The day of the visit.
    services : tuple of str
        Service types.
    """

    trace: str
    payer: PayerAddress
    member: Member
    day: dt.date
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file to be sent.

    Attributes
    ----------
    name : str
        Of the file.
    content : bytes
        What is in it; not shown by ``repr``.
    batches : tuple of (str, tuple of str)
        Reference of each transaction (BHT03), and the traces in it.
    """

    name: str
    content: bytes
    batches: tuple[tuple[str, tuple[str, ...]], ...]

    def __repr__(self) -> str:
        return f"Outgoing(name={self.name!r}, batches={self.batches!r})"


def inquiry_files(asked: Iterable[Asked], asker: Asker, moment: dt.datetime, control: int) -> tuple[Outgoing, ...]:
    """A file of 270s for each payer, by its number; the same bytes for the same inquiries, in whatever order they come.

    Parameters
    ----------
    asked : iterable of Asked
        What to ask.
    asker : Asker
        The office.
    moment : datetime.datetime
        When the files are made.
    control : int
        Number of the first file; the others count on from it.
    """
    ordered = sorted(asked, key=lambda one: (one.payer.payer_id, one.day, one.trace))
    made = []
    for place, (payer_id, some) in enumerate(groupby(ordered, key=lambda one: one.payer.payer_id)):
        made.append(_file(payer_id, list(some), asker, moment, control + place))
    return tuple(made)


def _file(payer_id: str, asked: Sequence[Asked], asker: Asker, moment: dt.datetime, control: int) -> Outgoing:
    batches, transactions = [], []
    for number, begin in enumerate(range(0, len(asked), MOST_AT_ONCE), 1):
        some = asked[begin : begin + MOST_AT_ONCE]
        reference = f"{control:09d}-{number:04d}"
        inquiries = tuple(_inquiry(one, asker) for one in some)
        batch = Batch(reference, moment, some[0].payer.party(), asker.party, inquiries)
        transactions.append(transaction("270", VERSION, number, inquiry_lines(batch)))
        batches.append((reference, tuple(one.trace for one in some)))
    content = write(interchange(asker.sending(payer_id, moment, control), [(VERSION, transactions)]))
    return Outgoing(f"270-{_plain(payer_id)}-{control:09d}.x12", content, tuple(batches))


def _plain(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text)


def _inquiry(one: Asked, asker: Asker) -> Inquiry:
    member, patient = one.member.insured
    return Inquiry(Trace("1", one.trace, asker.origin), member, patient, one.day, one.services)


def items_of(answer: Answer, asked_for: dt.date | None) -> tuple[Item, ...]:
    """What an answer says, item by item.

    Parameters
    ----------
    answer : Answer
        About one patient.
    asked_for : datetime.date or None
        The day that was asked for: a single date of the plan or of eligibility that is this day, or later than the
        answer, only repeats the question.
    """
    whole = _days(answer.periods, asked_for)
    return tuple(item for one in answer.benefits for item in _items(one, answer, whole, asked_for))


def _items(
    one: Benefit, answer: Answer, whole: tuple[dt.date | None, dt.date | None], asked_for: dt.date | None
) -> Iterator[Item]:
    kind = _KINDS.get(one.code, "other")
    own = _days(one.periods, asked_for)
    first, last = (own[0] or whole[0], own[1] or whole[1]) if any(own) else whole
    share = None if one.percent is None or one.percent < 0 else one.percent
    if share is not None and share > 1:
        share = share / 100 if share <= 100 else None
    base = Item(
        kind,
        one.services,
        _WHOSE.get(one.level, "other"),
        _NETWORK.get(one.in_network, "unsaid"),
        _SPANS.get(one.time, "unsaid"),
        None if one.cents is None or one.cents < 0 else one.cents,
        share if kind == "coinsurance" else None,
        None,
        _YES.get(one.authorisation),
        one.procedure,
        first,
        last,
        _year_end(one, answer),
        one.code,
    )
    quantities = [*([one.quantity] if one.quantity else []), *one.quantities]
    counted = [base_with for many in quantities if (base_with := _counted(base, many)) is not None]
    if kind not in ("limit", "active") or not counted or kind == "active":
        yield base
    yield from counted


def _counted(base: Item, many: Quantity) -> Item | None:
    """A number of visits that stands with an item, as a limit of its own."""
    if many.kind not in _VISITS or base.kind not in ("limit", "active"):
        return None
    exceeded = many.time == _EXCEEDED
    if many.number is None and not exceeded:
        return None
    visits = 0 if exceeded else max(0, int(many.number or Decimal(0)))
    span: Span = "left" if exceeded else _SPANS.get(many.time, "unsaid")
    return Item(
        "limit", base.services, base.whose, base.network, span, visits=visits, authorisation=base.authorisation,
        procedure=base.procedure, first=base.first, last=base.last, year_ends=base.year_ends, code=base.code,
    )  # fmt: skip


def _days(periods: Sequence[Period], asked_for: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day that some dates leave: the latest beginning and the earliest end."""
    begins, ends = [], []
    for one in periods:
        if one.qualifier in _BEGINS:
            begins.append(one.first)
            ends += [one.last] if one.is_range else []
        elif one.qualifier in _ENDS:
            ends.append(one.last)
        elif one.qualifier in _SPANNING and one.is_range:
            begins.append(one.first)
            ends.append(one.last)
        elif one.qualifier in _SPANNING and asked_for is not None and one.first < asked_for:
            begins.append(one.first)
    return max(begins, default=None), min(ends, default=None)


def _year_end(one: Benefit, answer: Answer) -> dt.date | None:
    """The last day of the year of the plan that an item counts for."""
    if one.time == _CALENDAR_YEAR and answer.answered is not None:
        return year_end(answer.answered)
    ranges = [period.last for period in (*one.periods, *answer.periods) if period.is_range]
    return min(ranges, default=None)
