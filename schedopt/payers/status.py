"""Questions about claims as 276s."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from schedopt.billing.claims.sending import Outgoing
from schedopt.errors import Fault, InputError
from schedopt.interop.x12.build import Sending, interchange
from schedopt.interop.x12.claim_status import VERSION_276, Asked, StatusInquiry, build_inquiry
from schedopt.interop.x12.professional import Organisation
from schedopt.interop.x12.tree import write
from schedopt.payers.claims import holder_of, human_of, payer_of, receiver_of
from schedopt.payers.text import number, plain_text


def write_inquiry(claims: Sequence[Outgoing], control: int, moment: dt.datetime) -> bytes:
    """A 276 that asks one payer about claims; each is asked about under its own id, which comes back in the 277.

    Parameters
    ----------
    claims : sequence of Outgoing
        At least one, all of one payer; nothing is missing of any.
    control : int
        ISA13.
    moment : datetime.datetime
        When it is written.

    Raises
    ------
    InputError
        If something is missing.
    """
    faults = [
        Fault("claims", None, one.claim.claim, None, f"expected {what}") for one in claims for what in one.missing
    ]
    office, payer = claims[0].office, claims[0].payer
    if faults or office is None or payer is None:
        raise InputError(faults)
    name = plain_text(office.name, 60)
    inquiry = StatusInquiry(
        f"{control:09d}", moment.replace(tzinfo=None), payer_of(payer, whole=False),
        Organisation(name, number(office.sender)), Organisation(name, office.npi),
        tuple(asked for one in claims if (asked := _asked(one)) is not None),
    )  # fmt: skip
    sending = Sending(number(office.sender), receiver_of(office, payer).number, moment, control, production=True)
    return write(interchange(sending, [(VERSION_276, [build_inquiry(inquiry, 1)])]))


def _asked(one: Outgoing) -> Asked | None:
    membership, row = one.membership, one.claim
    if membership is None:
        return None
    patient = human_of(one.patient)
    dependant = membership.relation != "self"
    return Asked(
        row.claim, row.claim, holder_of(membership) if dependant else patient, number(membership.member_id), row.charge,
        row.date, patient if dependant else None, number(row.payer_control),
    )  # fmt: skip
