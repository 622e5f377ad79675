"""``schedopt billing``: from eligibility to the last cent, one command a step."""

from schedopt.cli.billing.commands import billing_app

__all__ = ["billing_app"]
