"""Tables about money that a store keeps beside those that planning reads."""

from __future__ import annotations

from schedopt.billing.claims.tables import CLAIM_GIVEN, CLAIM_MADE
from schedopt.billing.coverage.tables import COVERAGE_GIVEN, COVERAGE_MADE
from schedopt.billing.fees.tables import FEE_GIVEN, FEE_MADE
from schedopt.billing.shares.tables import SHARE_MADE
from schedopt.models.tables.fields import Row

GIVEN: tuple[type[Row], ...] = (*COVERAGE_GIVEN, *FEE_GIVEN, *CLAIM_GIVEN)
"""What an office brings as files."""

MADE: tuple[type[Row], ...] = (*COVERAGE_MADE, *FEE_MADE, *SHARE_MADE, *CLAIM_MADE)
"""What commands write."""

MONEY_TABLES = (*GIVEN, *MADE)
