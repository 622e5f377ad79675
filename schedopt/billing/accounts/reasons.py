"""What a payer's adjustment means for the accounts, by its group and reason (CARC).

Sources: the meanings of groups (CO, PR, OA, PI, CR) in public companion guides to the 835, and the public names of
claim adjustment reason codes; which of them are agreed discounts, and what is done next, in our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Meaning = Literal["contractual", "share", "earlier", "denied"]
"""contractual: agreed with the payer, nobody owes it; share: the patient's; earlier: what another payer has decided
before, which moves nothing here; denied: nobody has paid it, and somebody has to look at it."""


def _reasons(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


CONTRACTUAL = _reasons(
    "24 44 45 59 90 91 94 102 103 104 121 122 131 137 139 144 161 172 205 223 237 245 246 253 P12 P23 P24 P25 P26"
)
"""Reasons that say by how much a charge is above what was agreed, or what the law takes off, such as 45 and 253."""

_EARLIER = frozenset({"23"})


def meaning(group: str, reason: str) -> Meaning:
    """What an adjustment is.

    Parameters
    ----------
    group : str
        CAS01, such as CO.
    reason : str
        Such as 45.
    """
    if group == "PR":
        return "share"
    if reason in _EARLIER:
        return "earlier"
    return "contractual" if reason in CONTRACTUAL else "denied"


@dataclass(frozen=True)
class DenialClass:
    """Why payers do not pay, and what is done then.

    Attributes
    ----------
    name : str
        For work lists.
    step : str
        What to do next.
    reasons : frozenset of str
        CARCs.
    """

    name: str
    step: str
    reasons: frozenset[str]


def _class(name: str, step: str, reasons: str) -> DenialClass:
    return DenialClass(name, step, _reasons(reasons))


OTHER = _class("other", "Ask the payer why, and appeal or correct the claim.", "")

DENIALS = (
    _class("eligibility", "Find the coverage of the day of the visit, and bill it.", "26 27 31 32 33 34 177 200 238"),
    _class("authorisation", "Ask for an authorisation after the fact, or appeal with the one on file.",
           "15 38 39 197 198 210 284 296 302"),
    _class("late filing", "Appeal with the acknowledgement that shows when the claim was taken in.", "29"),
    _class("duplicate", "Compare with the claim that was paid; correct or let go.", "18"),
    _class("other payer", "Bill the other payer first, or tell this one of its decision.", "22 109 B11 136 19 20 21"),
    _class("information", "Send what is missing, by the remark codes.",
           "16 148 163 164 226 227 250 251 252 A1 107 129"),
    _class("coding", "Check procedure, modifiers and diagnoses; send a replacement.",
           "4 5 6 7 8 9 10 11 12 125 146 181 182 199 234 236 273 B7 B15 B16 B18 97 231"),
    _class("medical necessity", "Appeal with the notes of the visit.", "50 54 55 56 57 58 150 151 152 153 B22 M25"),
    _class("not covered", "See whether the patient was told beforehand; appeal, or decide who bears it.",
           "49 51 53 60 78 89 96 100 110 114 119 149 166 167 170 171 185 204 256 288 B1 B8 B14 B20 242 243"),
)  # fmt: skip
_BY_REASON = {reason: one for one in DENIALS for reason in one.reasons}


def denial_class(reason: str) -> DenialClass:
    """The class of a reason."""
    return _BY_REASON.get(reason, OTHER)
