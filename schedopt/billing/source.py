"""The source of billing: who pays, for whom, with which permission."""

from __future__ import annotations

from schedopt.billing.checks import CHECKS, DOUBTS
from schedopt.billing.rules import billing_couplings, billing_rules
from schedopt.models.source import Source
from schedopt.models.tables import Authorisation, Collection, Coverage, Eligibility, Network, Referral, Terms

BILLING = Source(
    name="billing",
    about="who pays",
    room="schedopt.billing",
    row_classes=(Coverage, Network, Terms, Authorisation, Referral, Eligibility, Collection),
    checks=CHECKS,
    doubts=DOUBTS,
    rules=billing_rules,
    couplings=billing_couplings,
)
