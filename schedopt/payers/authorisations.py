"""Authorisations and referrals: what is asked for to a 278, and its answer to what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from schedopt.billing.coverage.reviews import ACTIONS, Answered
from schedopt.interop.x12.build import interchange, transaction
from schedopt.interop.x12.parties import Party, Period, Trace
from schedopt.interop.x12.reviews import VERSION, Decision, ReviewAnswer, ReviewRequest, review_lines
from schedopt.interop.x12.tree import write
from schedopt.payers.eligibility import Outgoing
from schedopt.payers.parties import Asker, Member, PayerAddress, written

_CATEGORY = {"authorisation": "HS", "referral": "SC"}
_DAYS = ("AAH", "472", "435")
_BEGINS, _ENDS = "007", "036"
_APPROVED = ("A1", "A2", "A6", "NA")


@dataclass(frozen=True, slots=True)
class Wish:
    """Visits that need somebody's permission.

    Attributes
    ----------
    trace : str
        Id of the request.
    kind : {"authorisation", "referral"}
        What is asked for.
    payer : PayerAddress
        Who is asked.
    member : Member
        For whom.
    visits : int
        How many visits.
    first, last : datetime.date
        In which days.
    service : str
        Service type.
    diagnoses : tuple of str
        ICD-10 codes, the first one first; not shown by ``repr``.
    procedure : str
        CPT or HCPCS code; may be empty.
    provider : tuple of str
        Surname, given name and NPI of who is to do it; may be empty.
    place : str
        Place of service.
    again : bool
        Whether it was asked for before.
    """

    trace: str
    kind: str
    payer: PayerAddress
    member: Member
    visits: int
    first: dt.date
    last: dt.date
    service: str
    diagnoses: tuple[str, ...] = field(default=(), repr=False)
    procedure: str = ""
    provider: tuple[str, str, str] | None = None
    place: str = "11"
    again: bool = False


def review_file(wish: Wish, asker: Asker, moment: dt.datetime, control: int) -> Outgoing:
    """A file of one 278.

    Parameters
    ----------
    wish : Wish
        What to ask for.
    asker : Asker
        The office.
    moment : datetime.datetime
        When the file is made.
    control : int
        Its number.
    """
    member, patient = wish.member.insured
    if patient is not None:
        patient = replace(patient, party=replace(patient.party, role="QC"))
    reference = f"{control:09d}-0001"
    provider = None
    if wish.provider is not None:
        surname, given_name, npi = map(written, wish.provider)
        provider = Party("SJ", surname, given_name, True, "XX", npi)
    request = ReviewRequest(
        reference, moment, wish.payer.party("X3"), asker.party, member, patient, Trace("1", wish.trace, asker.origin),
        _CATEGORY[wish.kind], "R" if wish.again else "I", wish.service, wish.place, wish.first, wish.last, wish.visits,
        tuple(code.replace(".", "") for code in wish.diagnoses), wish.procedure, provider,
    )  # fmt: skip
    made = transaction("278", VERSION, 1, review_lines(request))
    content = write(interchange(asker.sending(wish.payer.payer_id, moment, control), [(VERSION, [made])]))
    return Outgoing(f"278-{control:09d}.x12", content, ((reference, (wish.trace,)),))


def answered(answer: ReviewAnswer, day: dt.date) -> Answered | None:
    """What was decided; None where the answer says nothing of it, as where it was rejected.

    Services that were decided differently make an answer in part: of their visits the lowest number counts, of their
    days those in which all may take place.

    Parameters
    ----------
    answer : ReviewAnswer
        As it came.
    day : datetime.date
        The day on which it is read: that of the answer, where it says none, or a later one.
    """
    decided = [one for one in answer.services if one.action]
    every = [answer.event] if answer.event.action else decided
    if not every:
        return None
    actions = {one.action for one in every}
    action = every[0].action if len(actions) == 1 else _mixed(actions)
    counted = [one for one in (answer.event, *answer.services) if not one.action or one.action in _APPROVED]
    visits = min((int(one.visits) for one in counted if one.visits is not None), default=None)
    first, last = _days(counted)
    number = next((one.certificate for one in (answer.event, *answer.services) if one.certificate), "")
    reasons = tuple(dict.fromkeys(code for one in every for code in one.reasons))
    return Answered(min(answer.answered or day, day), action, visits, first, last, number, None, reasons)


def _mixed(actions: set[str]) -> str:
    """One action for several: undecided while one is, in part where one is approved, else no."""
    states = {ACTIONS.get(one) for one in actions}
    if "pending" in states:
        return "A4"
    return "A2" if states & {"approved", "partly"} else "A3"


def _days(decisions: Sequence[Decision]) -> tuple[dt.date | None, dt.date | None]:
    periods = [period for one in decisions for period in one.periods]
    begins = [one.first for one in periods if one.qualifier in (*_DAYS, _BEGINS)]
    ends = [one.last for one in periods if _is_end(one)]
    return max(begins, default=None), min(ends, default=None)


def _is_end(period: Period) -> bool:
    spans = period.qualifier in (*_DAYS, _BEGINS) and period.is_range
    return spans or period.qualifier == _ENDS
