"""Names, dates, numbers and addresses come to one form however they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedopt.records.identity.addresses import house_number, place_name, postcode, sex, state, street
from schedopt.records.identity.dates import birth_date, day_comes_first
from schedopt.records.identity.names import full_name, given_name, surname
from schedopt.records.identity.nicknames import NICKNAMES
from schedopt.records.identity.numbers import phone, social_number
from schedopt.records.identity.text import digits, plain, sound

FORMS: tuple[Callable[[str], str], ...] = (
    plain, digits, sound, place_name, house_number, postcode, state, sex, phone, social_number, birth_date,
)  # fmt: skip
REPEATABLE: tuple[Callable[[str], str], ...] = (plain, digits, house_number, birth_date, sex)
LINES = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)


@pytest.mark.parametrize("form", FORMS)
@given(text=LINES)
def test_whatever_is_written_has_a_form(form: Callable[[str], str], text: str) -> None:
    """No text is refused."""
    assert isinstance(form(text), str)


@pytest.mark.parametrize("form", REPEATABLE)
@given(text=LINES)
@example(text="ǅİß’ﬁ")
@example(text="12/5/64")
@example(text="0007")
def test_a_form_is_its_own(form: Callable[[str], str], text: str) -> None:
    """The form of a form is the form."""
    assert form(form(text)) == form(text)


@given(given=LINES, family=LINES)
def test_names_of_any_text_can_be_read(given: str, family: str) -> None:
    """Names have words without gaps, and a newborn has no given name."""
    first, last = full_name(given, family)
    assert all(word and " " not in word for word in (*first.words, *last.words))
    assert not (first.newborn and first.words)


@pytest.mark.parametrize(
    "text", ["José", "JOSE", " jose ", "José\u0301"[:4], "Mr. José", "Jose Jr.", "josé J.", "Dr José, MD"]
)
def test_spellings_of_a_name(text: str) -> None:
    """Accents, case, titles, suffixes and initials do not change a name."""
    assert given_name(text).text == "jose"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O’Brien", ("obrien",)), ("Smith-Jones", ("smith", "jones")), ("van der Berg", ("vanderberg",)),
        ("García  López", ("garcia", "lopez")), ("Mc Donald", ("mcdonald",)), ("Smith Jr", ("smith",)), ("N/A", ()),
        ("Junior", ("junior",)),
    ],
)  # fmt: skip
def test_parts_of_surnames(text: str, words: tuple[str, ...]) -> None:
    """Double names have parts, particles belong to the word after them, and a name that is all suffix is a name."""
    assert surname(text).words == words


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ("John", "Smith", ("john", "smith", "")), ("Smith, John", "", ("john", "smith", "")),
        ("", "Smith, John", ("john", "smith", "")), ("John Smith", "", ("john", "smith", "")),
        ("John", "Smith III", ("john", "smith", "3")), ("John Sr", "Smith", ("john", "smith", "sr")),
    ],
)  # fmt: skip
def test_whole_names_are_parted(given: str, family: str, expected: tuple[str, str, str]) -> None:
    """A name written whole in one column is parted."""
    first, last = full_name(given, family)
    assert (first.text, last.text, last.suffix or first.suffix) == expected


@pytest.mark.parametrize(
    ("given", "family", "sex_", "order"),
    [
        ("Baby Girl", "Smith", "f", ""), ("BABYBOY", "Smith", "m", ""), ("Babyboy Smith", "", "m", ""),
        ("Baby Boy A", "Smith", "m", "a"), ("BabyGirl2", "Smith", "f", "b"), ("Newborn", "Smith", "", ""),
        ("Baby of Jane", "Smith", "", ""), ("Jane Boy", "Smith", "m", ""), ("Twin B", "Smith", "", "b"),
    ],
)  # fmt: skip
def test_newborns_have_no_given_name(given: str, family: str, sex_: str, order: str) -> None:
    """What stands there instead says at most sex and order; the surname is known."""
    first, last = full_name(given, family)
    assert (first.words, first.newborn, first.sex, first.suffix, last.text) == ((), True, sex_, order, "smith")


@pytest.mark.parametrize(
    "text",
    ["1964-12-05", "19641205", "12/05/1964", "12/5/64", "5 Dec 1964", "December 5th, 1964", "12051964",
     "1964-12-05 00:00:00", "1964-12-05T00:00:00Z", "19641205.0", "05.DEC.1964", "1964/12/5"],
)  # fmt: skip
def test_dates_however_written(text: str) -> None:
    """One day is eight digits, however it was written."""
    assert birth_date(text) == "19641205"


def test_day_before_month() -> None:
    """Which comes first is what a column's dates allow; a date that allows one reading alone has it."""
    assert birth_date("12/05/1964", day_first=True) == "19640512"
    assert birth_date("25/12/1964") == birth_date("12/25/1964", day_first=True) == "19641225"
    assert day_comes_first(["25/12/1964", "01/02/1970"])
    assert not day_comes_first(["12/25/1964", "01/02/1970", "x", ""])


@pytest.mark.parametrize("text", ["1900-01-01", "00000000", "01/01/1900", "9999-12-31", "unknown", "", "12", "1964"])
def test_dates_of_nobody(text: str) -> None:
    """What systems write where the date is not known is missing."""
    assert birth_date(text) == ""


def test_a_date_that_cannot_be_is_kept() -> None:
    """A wrong digit is still close to the truth."""
    assert birth_date("1916-00-17") == "19160017"


@pytest.mark.parametrize(
    "text",
    ["000000000", "999999999", "000-00-0000", "123-45-6789", "111111111", "078-05-1120", "666121234", "12", "none",
     "999-99-9998", "123001234"],
)  # fmt: skip
def test_numbers_of_nobody(text: str) -> None:
    """Default, sample and impossible numbers are missing."""
    assert social_number(text) == ""


def test_numbers_however_written() -> None:
    """Strokes, gaps, lost zeros and countries make no difference."""
    assert social_number("512-34-5678") == social_number("512 34 5678") == social_number("512345678.0") == "512345678"
    assert social_number("012345678") != social_number("023456781")
    assert social_number("023456781") == social_number("23456781")
    assert len({phone(text) for text in ("(212) 555-2368", "+1 212 555 2368", "12125552368", "212.555.2368 x12")}) == 1
    assert phone("+44 20 7946 0958") == "2079460958"
    assert phone("0000000000") == phone("555") == phone("999-999-9999") == ""


def test_addresses_however_written() -> None:
    """Short forms, gaps, and a number or a flat in the line make no difference."""
    assert place_name("N. Main St.") == place_name("north main street") == place_name("NORTH MAINSTREET")
    assert (street("12 N Main St, Apt 4").number, street("12 N Main St #4").unit) == ("12", "unit4")
    assert street("12 N Main St").name == street("north main street").name
    assert postcode("02134-1234") == postcode("02134") == postcode("2134") == postcode("021341234")
    assert state("New York") == state("NY")


def test_familiar_names_are_no_circle() -> None:
    """A group has several names, all of them in plain form."""
    assert all(plain(name) == name and groups for name, groups in NICKNAMES.items())
    assert set(NICKNAMES["bob"]) & set(NICKNAMES["robert"])
    assert not set(NICKNAMES["alexander"]) & set(NICKNAMES["alexandra"])


@pytest.mark.parametrize(
    "pair", [("catherine", "kathryn"), ("philip", "filip"), ("smith", "smyth"), ("meyer", "meier")]
)
def test_like_sounds(pair: tuple[str, str]) -> None:
    """Spellings of one sound sound alike."""
    assert sound(pair[0]) == sound(pair[1])
