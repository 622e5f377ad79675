"""What somebody has to be allowed to ask payers and to take their answers over: asked for before anything is read."""

from __future__ import annotations

from collections.abc import Iterable

from schedopt.registry.kinds import kinds
from schedopt.store.session import Call

Need = tuple[str, str, tuple[str, ...]]
"""An operation, a table, and columns; without columns, all of the table."""

_MEMBERS: tuple[Need, ...] = (
    ("read", "payers", ("insurer", "payer_id", "name")),
    ("read", "memberships", ()),
    ("read", "people", ("person", "patient", "name", "given_name", "surname", "birth_date", "sex")),
)
_OFFICE: tuple[Need, ...] = (
    ("read", "billing_office", ("npi", "name", "sender", "tax_id", "clearing_house")),
    ("read", "service_types", ()),
)
VISITS: tuple[Need, ...] = (
    ("read", "appointments", ("request", "provider", "date", "start")),
    ("read", "requests", ("request", "patient", "visit_type")),
    ("read", "patients", ("patient", "self_pay")),
    ("read", "coverage", ()),
)
LISTED: tuple[Need, ...] = (*VISITS, ("read", "inquiries", ()), ("read", "eligibility", ()))
ASKED: tuple[Need, ...] = (
    *VISITS, *_MEMBERS, *_OFFICE, *((word, "inquiries", ()) for word in ("read", "add", "change")),
)  # fmt: skip
PERMISSIONS: tuple[Need, ...] = tuple(
    (word, table, ())
    for table, words in (
        ("reviews", ("read", "add", "change")),
        ("authorisations", ("read", "add", "change")),
        ("referrals", ("read", "add", "end")),
    )
    for word in words
)
REQUESTED: tuple[Need, ...] = (
    *PERMISSIONS, *_MEMBERS, *_OFFICE, ("read", "provider_numbers", ("provider", "surname", "given_name", "npi")),
)  # fmt: skip
TAKEN: tuple[Need, ...] = (
    *PERMISSIONS,
    *_MEMBERS,
    *((word, table, ()) for table in ("eligibility", "benefits") for word in ("read", "add", "change", "end")),
    *((word, "inquiries", ()) for word in ("read", "change")),
    *((word, "answer_files", ()) for word in ("read", "add")),
    *((word, "open_answers", ()) for word in ("read", "add", "change")),
)


def expect(call: Call, needs: Iterable[Need]) -> None:
    """Refuse what the actor may not do.

    Raises
    ------
    AccessDenied
        Naming the first column that is denied.
    """
    for operation, table, columns in needs:
        call.may(operation, table, columns or kinds()[table].columns)
