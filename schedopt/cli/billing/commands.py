"""The commands of billing under one name."""

from __future__ import annotations

from collections.abc import Callable

import typer

from schedopt.cli.billing.accounts import ageing, balances, denials, look, post, statement
from schedopt.cli.billing.authorisations import authorise, permissions
from schedopt.cli.billing.claims import claims, code, filing, send, status
from schedopt.cli.billing.collecting import apply, bill_patient, match, pay, refund, secondary, write_off
from schedopt.cli.billing.eligibility import answers, aside, ask, eligibility
from schedopt.cli.billing.estimates import estimate, good_faith, over_estimates
from schedopt.cli.billing.fees import prices, schedule
from schedopt.cli.billing.given import import_
from schedopt.cli.billing.learning import learn
from schedopt.cli.billing.read import read

_OF_BILLING: dict[str, Callable[..., None]] = {
    "import": import_,
    "schedule": schedule,
    "prices": prices,
    "ask": ask,
    "answers": answers,
    "aside": aside,
    "eligibility": eligibility,
    "authorise": authorise,
    "permissions": permissions,
    "post": post,
    "look": look,
    "match": match,
    "denials": denials,
    "learn": learn,
    "balances": balances,
    "ageing": ageing,
    "statement": statement,
    "pay": pay,
    "apply": apply,
    "write-off": write_off,
    "bill-patient": bill_patient,
    "refund": refund,
    "secondary": secondary,
    "estimate": estimate,
    "good-faith": good_faith,
    "over-estimates": over_estimates,
    "code": code,
    "claims": claims,
    "send": send,
    "read": read,
    "status": status,
    "filing": filing,
}  # fmt: skip

billing_app = typer.Typer(
    name="billing", no_args_is_help=True, rich_markup_mode=None,
    help="Coverage, claims, payments and statements of an office that lives in a store.\n\nFiles in and files out: "
    "nothing is sent. docs/billing.md tells how the steps follow each other.",
)  # fmt: skip
for name, command in _OF_BILLING.items():
    billing_app.command(name)(command)
