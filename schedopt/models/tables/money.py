"""Amounts of money as they stand in cells, and as whole cents."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

_MONEY = re.compile(r"(-?)([0-9]{1,10})(?:\.([0-9]{1,2}))?")
_PERCENT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6})?")


def _parse_money(value: object) -> int:
    """Cents of an amount in currency; a whole number in Python is cents already."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, (str, Decimal)) and (match := _MONEY.fullmatch(str(value).strip())):
        cents = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
        return -cents if match[1] else cents
    raise ValueError("expected an amount such as 95.00")


def cents_of(cell: str) -> int:
    """Cents of a cell that was written by :func:`format_money`."""
    return _parse_money(cell)


def format_money(cents: int) -> str:
    """Cents as they stand in a cell, such as ``95.00``."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


Money = Annotated[int, BeforeValidator(_parse_money), Field(ge=0, le=10**12)]
SignedMoney = Annotated[int, BeforeValidator(_parse_money), Field(ge=-(10**12), le=10**12)]


def _parse_percent(value: object) -> Decimal:
    """A share in percent, exactly as it is written."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _PERCENT.fullmatch(text := value.strip().removesuffix("%").strip()):
        return Decimal(text)
    raise ValueError("expected a share in percent such as 112.5")


Percent = Annotated[Decimal, BeforeValidator(_parse_percent), Field(ge=0, le=1000)]
