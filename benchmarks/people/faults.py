"""What goes wrong when somebody is written down a second time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from schedopt.records.identity.nicknames import NICKNAMES

Person = dict[str, str]
_DEFAULT_NUMBERS = ("000000000", "999999999", "123456789", "111111111", "000-00-0000")
_DEFAULT_DATES = ("1900-01-01", "1901-01-01", "1900-01-01")


def mistyped(text: str, rng: np.random.Generator) -> str:
    """One letter left out, added, taken for its neighbour, or changed with the next."""
    if len(text) < 3:
        return text
    at = int(rng.integers(0, len(text) - 1))
    letter = str(rng.choice(list("abcdefghijklmnopqrstuvwxyz0123456789"[26 * text.isdigit() :])))
    kind = rng.integers(0, 4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 2:
        return text[:at] + letter + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _typo(column: str) -> Callable[[Person, np.random.Generator], None]:
    def change(person: Person, rng: np.random.Generator) -> None:
        person[column] = mistyped(person[column], rng)

    return change


def _blank(column: str) -> Callable[[Person, np.random.Generator], None]:
    def change(person: Person, rng: np.random.Generator) -> None:
        person[column] = ""

    return change


def _nickname(person: Person, rng: np.random.Generator) -> None:
    groups = NICKNAMES.get(person["given_name"])
    if groups:
        others = sorted(name for name, known in NICKNAMES.items() if groups[0] in known)
        person["given_name"] = str(rng.choice(others))


def _initial(person: Person, rng: np.random.Generator) -> None:
    person["given_name"] = person["given_name"][:1]


def _middle(person: Person, rng: np.random.Generator) -> None:
    person["given_name"] += " " + str(rng.choice(["ann", "lee", "marie", "j", "m.", "james", "rose"]))


def _turned(person: Person, rng: np.random.Generator) -> None:
    person["given_name"], person["surname"] = person["surname"], person["given_name"]


def _whole(person: Person, rng: np.random.Generator) -> None:
    person["given_name"], person["surname"] = "", f"{person['surname']}, {person['given_name']}"


def _capitals(person: Person, rng: np.random.Generator) -> None:
    for column in ("given_name", "surname", "suburb", "address_1"):
        person[column] = person[column].upper() if rng.random() < 0.5 else person[column].title()


def _title(person: Person, rng: np.random.Generator) -> None:
    person["given_name"] = f"{'Mr.' if person['sex'] == 'm' else 'Mrs.'} {person['given_name']}"


def _day_and_month(person: Person, rng: np.random.Generator) -> None:
    year, month, day = person["date_of_birth"].split("-")
    if int(day) <= 12:
        person["date_of_birth"] = f"{year}-{day}-{month}"


def _digit_of_date(person: Person, rng: np.random.Generator) -> None:
    at = int(rng.choice([2, 3, 6, 8, 9]))
    text = person["date_of_birth"]
    person["date_of_birth"] = text[:at] + str(rng.integers(0, 10)) + text[at + 1 :]


def _default_date(person: Person, rng: np.random.Generator) -> None:
    person["date_of_birth"] = str(rng.choice(_DEFAULT_DATES))


def _default_number(person: Person, rng: np.random.Generator) -> None:
    person["soc_sec_id"] = str(rng.choice(_DEFAULT_NUMBERS))


def _written_otherwise(person: Person, rng: np.random.Generator) -> None:
    number, phone = person["soc_sec_id"], person["phone"]
    if len(number) == 9:
        person["soc_sec_id"] = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    if len(phone) == 10:
        person["phone"] = str(rng.choice([f"({phone[:3]}) {phone[3:6]}-{phone[6:]}", f"+1 {phone}", f"1{phone}"]))


def _short_street(person: Person, rng: np.random.Generator) -> None:
    for long, short in (("street", "St"), ("avenue", "Ave."), ("road", "Rd"), ("drive", "Dr"), ("boulevard", "Blvd")):
        person["address_1"] = person["address_1"].replace(long, short)


def _number_in_street(person: Person, rng: np.random.Generator) -> None:
    person["address_1"], person["street_number"] = f"{person['street_number']} {person['address_1']}".strip(), ""


def _newborn(person: Person, rng: np.random.Generator) -> None:
    if person["date_of_birth"] >= "2024":
        word = "boy" if person["sex"] == "m" else "girl"
        person["given_name"] = str(rng.choice([f"Baby {word}", f"Baby{word}", f"BABY{word.upper()}", "Newborn"]))
        person["soc_sec_id"] = ""


FAULTS: tuple[tuple[float, Callable[[Person, np.random.Generator], None]], ...] = (
    (0.9, _newborn), (0.07, _nickname), (0.08, _typo("given_name")), (0.08, _typo("surname")), (0.01, _initial),
    (0.05, _middle), (0.02, _turned), (0.01, _whole), (0.2, _capitals), (0.02, _title), (0.02, _day_and_month),
    (0.04, _digit_of_date), (0.01, _default_date), (0.03, _blank("date_of_birth")), (0.04, _typo("soc_sec_id")),
    (0.02, _default_number), (0.12, _blank("soc_sec_id")), (0.2, _written_otherwise), (0.03, _typo("phone")),
    (0.15, _blank("phone")), (0.1, _typo("address_1")), (0.15, _short_street), (0.05, _number_in_street),
    (0.04, _typo("street_number")), (0.05, _typo("suburb")), (0.03, _typo("postcode")), (0.03, _blank("postcode")),
    (0.04, _blank("address_1")), (0.02, _blank("given_name")), (0.05, _blank("sex")), (0.3, _blank("address_2")),
)  # fmt: skip
"""How likely each fault is; they are tried one after the other, whether or not another was made."""
