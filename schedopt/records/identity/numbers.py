"""Numbers that stand for a person: social security numbers and phones; and those that stand for nobody."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from schedopt.records.identity.text import digits

_NOBODY = frozenset(
    {"123456789", "987654321", "012345678", "078051120", "219099999", "457555462", "1234567890", "0123456789",
     "5555555555", "12345678", "1234567", "0123456", "123121234", "111223333", "123456", "112233445", "111222333"}
)  # fmt: skip
"""Numbers that are typed, or printed on sample cards, where there is none."""
_SHORTEST, _LONGEST = 5, 12
_SOCIAL = 9
REGION = "US"


def _is_nobody(number: str) -> bool:
    return len(set(number)) <= 1 or number in _NOBODY


def social_number(value: str) -> str:
    """The digits of a social security number; empty for a missing one and for one that belongs to nobody.

    Of nine digits, no group may be all zeros and the first may not be 666. Other lengths, of other countries or typed
    badly, are kept. Leading zeros are left out, as spreadsheets lose them.
    """
    number = digits(value)
    if not _SHORTEST <= len(number) <= _LONGEST or _is_nobody(number) or set(number[:-1]) <= {"0"}:
        return ""
    if len(number) == _SOCIAL:
        area, group, serial = number[:3], number[3:5], number[5:]
        if area in {"000", "666"} or group == "00" or serial == "0000" or area == group * 2:
            return ""
        if len(set(area + group)) == 1 and area[0] == "9":
            return ""
    return number.lstrip("0")


@lru_cache(maxsize=1 << 17)
def phone(value: str) -> str:
    """A phone's national number, without extension; empty for a missing one and for one that belongs to nobody.

    Ten digits, or eleven with a leading 1, are a number of this country as they stand. All else is asked of
    ``phonenumbers``, and kept as digits if that knows no better.
    """
    head = value.lower().partition("x")[0].partition("ext")[0]
    number = digits(head)
    if len(number) == 11 and number[0] == "1" and not head.strip().startswith("+"):
        number = number[1:]
    if len(number) != 10 or head.strip().startswith("+"):
        number = _asked(head, number)
    local = number[-7:]
    return "" if len(number) < _SHORTEST or _is_nobody(number) or _is_nobody(local) else number


def _asked(text: str, number: str) -> str:
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(text, REGION))
    except phonenumbers.NumberParseException:
        return number[-15:]
