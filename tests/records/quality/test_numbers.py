"""What cannot be a telephone number, a mail address, a postal code or a national number."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.records.quality import numbers
from tests.effort import examples
from tests.records.quality.sound import person

AMERICA = ("US", "CA", "DO")
FAULTS = {region: numbers.phone_fault(region) for region in (*AMERICA, "AU", "GB")}
DIGITS = st.text("0123456789", min_size=9, max_size=12)
SHAPES = st.sampled_from(["{}", "+1{}", "+1 {}", "1{}", "({}", "011{}", "+{}"])


@given(st.sampled_from(AMERICA), SHAPES, st.tuples(st.sampled_from(["928", "416", "809", ""]), DIGITS), st.booleans())
@settings(max_examples=examples(144))
def test_the_short_way_agrees_with_the_library(region: str, shape: str, parts: tuple[str, str], is_ten: bool) -> None:
    """What is known at a glance to be a number is one by the library's own reading; so is everything else."""
    digits = parts[0] + parts[1]
    text = shape.format(digits[:10] if is_ten else digits)
    try:
        expected = phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        expected = False
    assert (FAULTS[region](text) == "") == expected


@pytest.mark.parametrize(
    ("region", "text", "is_sound"),
    [
        ("US", "+1 928 555 0110", True), ("US", "(928) 555-0110", True), ("US", "928.555.0110 ext. 12", True),
        ("US", "+61 2 9374 4000", True), ("AU", "02 9374 4000", True), ("GB", "020 7031 3000", True),
        ("US", "000-000-0000", False), ("US", "999 999 9999", False), ("US", "555-0110", False), ("US", "12", False),
        ("US", "unknown", False), ("US", "+1 928 555 01100", False), ("AU", "9374", False),
    ],
)  # fmt: skip
def test_telephone_numbers(region: str, text: str, is_sound: bool) -> None:
    """Numbers of the office's country may lack the country, others not; what is no number says so in words."""
    fault = FAULTS[region](text)
    assert (fault == "") == is_sound
    assert text not in fault


@pytest.mark.parametrize(
    ("text", "is_sound"),
    [
        ("ada@example.org", True), ("ada.b+desk@mail.example.co.uk", True), ("ädä@exämple.de", True),
        ("o'brien@example.org", True), ("ada", False), ("ada@example", False), ("ada@@example.org", False),
        ("ada..b@example.org", False), ("ada@-example.org", False), ("a b@example.org", False),
        ("ada@example.123", False), ("@example.org", False), ("ada@example.org, b@example.org", False),
    ],
)  # fmt: skip
def test_mail_addresses(text: str, is_sound: bool) -> None:
    """One @, a name that mail allows, and a domain with a dot."""
    assert numbers.is_email(text) == is_sound


@pytest.mark.parametrize(
    ("region", "text", "is_sound"),
    [
        ("US", "86045", True), ("US", "86045-1234", True), ("US", "860450110", True), ("US", "00000", False),
        ("US", "8604", False), ("CA", "K1A 0B1", True), ("CA", "86045", False), ("AU", "2000", True),
        ("XX", "anything", True),
    ],
)  # fmt: skip
def test_postal_codes(region: str, text: str, is_sound: bool) -> None:
    """As the country writes them; of other countries nothing is said."""
    assert numbers.is_postcode(text, region) == is_sound


@pytest.mark.parametrize(
    ("text", "is_sound"),
    [
        ("219-09-9999", True), ("219099999", True), ("912-70-1234", True), ("4837250", True), ("000-12-3456", False),
        ("666-12-3456", False), ("219-00-9999", False), ("219-09-0000", False), ("111111111", False),
        ("123-45-6789", False),
    ],
)  # fmt: skip
def test_national_numbers(text: str, is_sound: bool) -> None:
    """Numbers that the administration never gives; what has not nine digits may be of another country."""
    assert numbers.is_national_number(text, "US") == is_sound
    assert numbers.is_national_number(text, "DE")


def test_addresses() -> None:
    """What is missing is named; general delivery has no number, and most countries no state."""
    assert numbers.missing_parts(person(), "US") == ()
    assert numbers.missing_parts(person(street_number=""), "US") == ("number",)
    assert numbers.missing_parts(person(street_number="", address_1="General Delivery"), "US") == ()
    assert numbers.missing_parts(person(state=""), "US") == ("state",)
    assert numbers.missing_parts(person(state=""), "DE") == ()
    empty = dict.fromkeys(("street_number", "address_1", "address_2", "suburb", "state", "postcode"), "")
    assert numbers.missing_parts(person(**empty), "US") == ("street", "number", "town", "state", "postal code")
