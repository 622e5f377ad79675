"""What a store is asked of money."""

from __future__ import annotations

from schedopt.registry.money.accounts import Accounts
from schedopt.registry.money.claim_desk import ClaimDesk
from schedopt.registry.money.claim_mail import ClaimMail
from schedopt.registry.money.collecting import Collecting
from schedopt.registry.money.coverage import CoverageAnswers
from schedopt.registry.money.estimates import Estimates
from schedopt.registry.money.fees import Fees
from schedopt.registry.money.given import Given
from schedopt.registry.money.good_faith import GoodFaithEstimates
from schedopt.registry.money.learning import Learning
from schedopt.registry.money.secondary import Secondary
from schedopt.registry.money.standing import Standing


class Billed(
    Given, Accounts, Collecting, Standing, Secondary,
    ClaimDesk, ClaimMail, Fees, Estimates, GoodFaithEstimates, Learning, CoverageAnswers,
):  # fmt: skip
    """All that is asked of a store about money."""
