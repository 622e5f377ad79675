"""Which guide a transaction follows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from schedopt.interop.x12.guides.acknowledgement import ACKNOWLEDGEMENT
from schedopt.interop.x12.guides.claim import CLAIM
from schedopt.interop.x12.guides.eligibility import ANSWER, INQUIRY
from schedopt.interop.x12.guides.remittance import REMITTANCE
from schedopt.interop.x12.guides.review import REVIEW_ANSWER, REVIEW_REQUEST
from schedopt.interop.x12.guides.status import CLAIM_ACKNOWLEDGEMENT, STATUS_ANSWER, STATUS_INQUIRY
from schedopt.interop.x12.notation import LoopRule, guide
from schedopt.interop.x12.values import Segment

TABLES = {
    "835": ("005010X221", REMITTANCE),
    "270": ("005010X279", INQUIRY),
    "271": ("005010X279", ANSWER),
    "276": ("005010X212", STATUS_INQUIRY),
    "277": ("005010X212", STATUS_ANSWER),
    "277CA": ("005010X214", CLAIM_ACKNOWLEDGEMENT),
    "278 request": ("005010X217", REVIEW_REQUEST),
    "278 response": ("005010X217", REVIEW_ANSWER),
    "837P": ("005010X222", CLAIM),
    "999": ("005010X231", ACKNOWLEDGEMENT),
}
_FUNCTION = {"270": "HS", "271": "HB", "276": "HR", "277": "HN", "278": "HI", "835": "HP", "837": "HC", "999": "FA"}
_PURPOSES_OF_ANSWERS = ("11", "18")
_LINES = {"SV1": "837P", "SV2": "837I", "SV3": "837D"}


def function(code: str) -> str:
    """What GS01 is around transactions of a code; empty where nobody knows."""
    return _FUNCTION.get(code, "")


@cache
def guide_of(kind: str) -> LoopRule | None:
    """The guide of a kind of transaction; None where there is none."""
    return guide(TABLES[kind][1]) if kind in TABLES else None


def kind_of(version: str, segments: Sequence[Segment]) -> str:
    """Which kind of transaction this is.

    Parameters
    ----------
    version : str
        ST03 or GS08; empty where the file says neither.
    segments : sequence of Segment
        The transaction, or its beginning.

    Returns
    -------
    str
        One of ``TABLES`` where there is a guide for its code and version, else the code.
    """
    code = segments[0].element(1) if segments else ""
    second = segments[1] if len(segments) > 1 and segments[1].name == "BHT" else None
    kind = code
    if code == "278":
        kind = "278 response" if second and second.element(2) in _PURPOSES_OF_ANSWERS else "278 request"
    elif code == "277" and (
        version.startswith("005010X214") or (not version and second and second.element(1) == "0085")
    ):
        kind = "277CA"
    elif code == "837":
        kind = "837P" if version.startswith("005010X222") else "837"
        if not version:
            kind = next((_LINES[one.name] for one in segments if one.name in _LINES), "837")
    known = TABLES.get(kind)
    return kind if known and (not version or version.startswith(known[0])) else code
