"""What an estimate lacks, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schedopt.billing.shares.benefits import Accumulator, Benefits
from schedopt.billing.shares.service import Service


def missing_facts(services: Sequence[Service], benefits: Benefits) -> tuple[str, ...]:
    """What is not known and makes a range, each once, in words without amounts."""
    return tuple(dict.fromkeys(_missing(services, benefits)))


def _missing(services: Sequence[Service], benefits: Benefits) -> Iterator[str]:
    for service in services:
        if service.allowed is None:
            also = "" if service.charge is not None else ", nor what the office asks"
            yield f"what the insurer allows for {' '.join((service.procedure, *service.modifiers))}{also}"
    counts = False
    for name in dict.fromkeys(service.service_type for service in services):
        terms = benefits.terms_of(name).settled()
        about = f"services of type {name}"
        if terms.covered is False:
            continue
        if terms.covered is None:
            yield f"whether the plan covers {about}"
        if terms.copay is None:
            yield f"the copay and the coinsurance of {about}"
        counts = counts or terms.deductible_applies is not False
        if terms.deductible_applies is None and benefits.deductible != Accumulator("none"):
            yield f"whether the deductible applies to {about}"
    late = benefits.until is not None and any(service.day > benefits.until for service in services)
    sums = [("the deductible", benefits.deductible)] if counts else []
    sums.append(("the out-of-pocket maximum", benefits.out_of_pocket))
    for words, accumulator in sums:
        if not accumulator.is_known:
            yield f"what is left of {words}"
        elif late and accumulator.kind != "none":
            yield f"what is left of {words} in the plan's next year"
