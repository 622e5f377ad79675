"""An estimate in words: the range, each service with its steps, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schedopt.billing.shares.account import Share
from schedopt.billing.shares.estimate import Estimate
from schedopt.billing.shares.steps import dollars


def estimate_text(insurer: str, estimate: Estimate) -> str:
    """What a patient will owe for what an insurer covers, step by step, on lines of plain text.

    Parameters
    ----------
    insurer : str
        Who pays the rest.
    estimate : Estimate
        What was worked out.
    """
    return "\n".join(_lines(insurer, estimate))


def _lines(insurer: str, one: Estimate) -> Iterator[str]:
    yield f"With {insurer}, by {one.source}: the patient owes {_range(one)}"
    if one.is_exact:
        yield from _account(one.least)
    else:
        yield "If what is not known turns out best for the patient:"
        yield from _account(one.least)
        if one.most is not None:
            yield "If it turns out worst:"
            yield from _account(one.most)
    if one.missing:
        yield "Not known:"
        yield from (f"  - {words}" for words in one.missing)


def _range(one: Estimate) -> str:
    if one.is_exact:
        return dollars(one.at_least)
    most = "an amount that is not known" if one.at_most is None else dollars(one.at_most)
    return f"between {dollars(one.at_least)} and {most}"


def _account(shares: Sequence[Share]) -> Iterator[str]:
    for share in shares:
        service = share.service
        code = " ".join((service.procedure, *service.modifiers))
        source = f" ({service.source})" if service.source else ""
        yield f"  {service.day} {code}: {dollars(share.cents)} of {dollars(share.price)}{source}"
        yield from (f"    {step.name}: {step.sentence}" for step in share.steps)
