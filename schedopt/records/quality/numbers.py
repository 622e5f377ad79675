"""Texts that cannot be what they should be: telephone numbers, mail addresses, postal codes, national numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from schedopt.records.people import Person

_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_POSTCODES = {
    "US": re.compile(r"(?!00000)[0-9]{5}(?:[- ]?[0-9]{4})?"),
    "CA": re.compile(r"[A-Za-z][0-9][A-Za-z][ -]?[0-9][A-Za-z][0-9]"),
    "AU": re.compile(r"[0-9]{4}"),
}
"""How postal codes are written, by country; of other countries none is doubted."""
WITH_STATES = frozenset({"AU", "CA", "US"})
"""Countries whose addresses name a state."""
_SAID_BY_ALL = frozenset({"123456789", "987654321"})
"""What is typed where a number is not known."""
_BETWEEN = str.maketrans("", "", " ()-.")
"""What people write between the digits of a telephone number."""
_WITHOUT_NUMBER = re.compile(r"general delivery|poste restante|[0-9]", re.IGNORECASE)


def phone_fault(region: str) -> Callable[[str], str]:
    """A function that says why a text cannot be a telephone number; nothing where it can be one.

    Parameters
    ----------
    region : str
        Country, two letters, of numbers that name none.
    """
    import phonenumbers  # of the extra, and slow to load

    reasons = {
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "it has no area code",
        phonenumbers.ValidationResult.TOO_SHORT: "it is too short",
        phonenumbers.ValidationResult.TOO_LONG: "it is too long",
    }

    is_ordinary = _ordinary(region)

    def fault(text: str) -> str:
        if is_ordinary(text):
            return ""
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return "it is no number, or has no country of this code"
        if phonenumbers.is_valid_number(number):
            return ""
        reason = phonenumbers.is_possible_number_with_reason(number)
        return reasons.get(reason, "no number of its country begins or is long so")

    return fault


def _ordinary(region: str) -> Callable[[str], bool]:
    """A function that knows most sound telephone numbers of North America at a glance, in a tenth of the time.

    Their digits say without doubt where a number begins; elsewhere a first digit may be a prefix, or may not.
    """
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.country_code != 1:
        return lambda text: False
    kinds = (metadata.fixed_line, metadata.mobile)
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    start, known = "+1", re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

    def is_ordinary(text: str) -> bool:
        plain = text.translate(_BETWEEN)
        digits = plain.removeprefix(start)
        return digits.isascii() and digits.isdigit() and known.fullmatch(digits) is not None

    return is_ordinary


def faults(texts: Iterable[str], fault: Callable[[str], str]) -> list[str]:
    """What is wrong with each of some texts, each looked at once; empty ones are sound."""
    known = {"": ""}
    return [known[text] if text in known else known.setdefault(text, fault(text)) for text in texts]


def is_email(text: str) -> bool:
    """Whether a text can be an address of electronic mail as people have them; letters of any script may be in it."""
    local, _, domain = text.rpartition("@")
    labels = domain.split(".")
    return (
        len(text) <= 254
        and _LOCAL.fullmatch(local) is not None
        and all(local.split("."))
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )


def is_postcode(text: str, region: str) -> bool:
    """Whether a text can be a postal code of a country."""
    pattern = _POSTCODES.get(region)
    return pattern is None or pattern.fullmatch(text) is not None


def is_national_number(text: str, region: str) -> bool:
    """Whether a text can be somebody's social security number; what is not of nine digits may be of another kind."""
    digits = re.sub(r"[ -]", "", text)
    if region != "US" or not re.fullmatch(r"[0-9]{9}", digits):
        return True
    given = digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"
    return given and len(set(digits)) > 1 and digits not in _SAID_BY_ALL


def missing_parts(person: Person, region: str) -> tuple[str, ...]:
    """The parts that an address lacks, in words."""
    streets = " ".join((person.street_number, person.address_1, person.address_2))
    parts = {
        "street": bool(person.address_1 or person.address_2),
        "number": _WITHOUT_NUMBER.search(streets) is not None,
        "town": bool(person.suburb),
        "state": bool(person.state) or region not in WITH_STATES,
        "postal code": bool(person.postcode),
    }
    return tuple(name for name, there in parts.items() if not there)
