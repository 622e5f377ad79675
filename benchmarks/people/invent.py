"""Invent households of people, and write some of them down a second time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.people.faults import FAULTS, Person
from benchmarks.people.names import Names

COLUMNS = (
    "rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id", "phone", "sex",
)  # fmt: skip
_STATES = ("ny", "pa", "nj", "ct", "ma", "oh")
_SIZES = (1, 2, 3, 4, 5)
_OLDEST, _NEWEST = np.datetime64("1930-01-01"), np.datetime64("2026-11-01")
_TWINS, _NAMED_AFTER, _NEW_NAMES = 0.02, 0.04, 0.15
_MOVED, _MARRIED, _NEW_PHONE = 0.12, 0.04, 0.12
_NO_NUMBER, _DEFAULT, _NO_PHONE = 0.06, 0.01, 0.1


@dataclass(frozen=True)
class Invented:
    """A table and what is true of it.

    Attributes
    ----------
    people : pandas.DataFrame
        Everybody, in random order.
    pairs : pandas.DataFrame
        Ids of two records of one person.
    """

    people: pd.DataFrame
    pairs: pd.DataFrame


class _Office:
    """Where people come from."""

    def __init__(self, rng: np.random.Generator, people: int) -> None:
        self.rng = rng
        self.names = Names(rng, people)
        towns = self.names.towns
        self._codes = {town: str(10_001 + 37 * at) for at, town in enumerate(towns)}
        self._states = {town: _STATES[at * len(_STATES) // len(towns)] for at, town in enumerate(towns)}
        shares = 1.0 / (np.arange(len(towns)) + 3.0)
        self._shares = shares / shares.sum()

    def address(self) -> Person:
        rng, names = self.rng, self.names
        town = names.towns[int(rng.choice(len(names.towns), p=self._shares))]
        flat = f"apt {rng.integers(1, 60)}" if rng.random() < 0.25 else ""
        street = names.streets[int(rng.integers(len(names.streets)))]
        return {
            "street_number": str(rng.integers(1, 400)), "address_1": street,
            "address_2": flat, "suburb": town, "postcode": self._codes[town], "state": self._states[town],
        }  # fmt: skip

    def phone(self) -> str:
        return f"{self.rng.integers(201, 990)}{self.rng.integers(200, 999)}{self.rng.integers(0, 10_000):04d}"

    def number(self) -> str:
        drawn = self.rng.random()
        if drawn < _NO_NUMBER:
            return "" if drawn > _DEFAULT else "999999999"
        return f"{self.rng.integers(1, 666):03d}{self.rng.integers(1, 100):02d}{self.rng.integers(1, 10_000):04d}"

    def household(self) -> list[Person]:
        rng = self.rng
        size = int(rng.choice(_SIZES, p=(0.35, 0.3, 0.15, 0.13, 0.07)))
        home = self.address()
        phone = self.phone() if rng.random() > _NO_PHONE else ""
        surname = self.names.surnames(1)[0]
        found: list[Person] = []
        for place in range(size):
            sex = "mf"[int(rng.integers(2))] if place > 1 else "mf"[place]
            born = _OLDEST + rng.integers(0, (np.datetime64("2006-01-01") - _OLDEST).astype(int))
            if place > 1:
                born = np.datetime64("2006-01-01") + rng.integers(
                    0, (_NEWEST - np.datetime64("2006-01-01")).astype(int)
                )
            person = {
                "given_name": self.names.given(sex, 1)[0], "surname": surname, **home, "date_of_birth": str(born),
                "soc_sec_id": self.number(), "phone": phone if rng.random() < 0.7 else self.phone(), "sex": sex,
            }  # fmt: skip
            self._special(person, found, place)
            found.append(person)
        return found

    def _special(self, person: Person, others: list[Person], place: int) -> None:
        rng = self.rng
        if place == 1 and rng.random() < _NEW_NAMES:
            other = self.names.surnames(1)[0]
            person["surname"] = other if rng.random() < 0.5 else f"{other}-{person['surname']}"
        if place > 2 and rng.random() < 10 * _TWINS:
            person["date_of_birth"] = others[-1]["date_of_birth"]
        while any(person["given_name"] == other["given_name"] for other in others):
            person["given_name"] = self.names.given(person["sex"], 1)[0]
        named_after = any(other["given_name"] == others[0]["given_name"] for other in others[1:])
        if place > 1 and not named_after and person["sex"] == "m" and rng.random() < _NAMED_AFTER:
            person["given_name"] = others[0]["given_name"]
            if rng.random() < 0.5:
                person["surname"] += " Jr"
                others[0]["surname"] += " Sr" if rng.random() < 0.5 else ""

    def again(self, person: Person) -> Person:
        """The person written down a second time."""
        rng, found = self.rng, dict(person)
        if rng.random() < _MOVED:
            found |= self.address()
        if rng.random() < _NEW_PHONE:
            found["phone"] = self.phone()
        if found["sex"] == "f" and rng.random() < _MARRIED:
            other = self.names.surnames(1)[0]
            found["surname"] = other if rng.random() < 0.6 else f"{found['surname']}-{other}"
        for chance, fault in FAULTS:
            if rng.random() < chance:
                fault(found, rng)
        return found


def invent(people: int, duplicates: int, seed: int) -> Invented:
    """Invent people.

    Parameters
    ----------
    people : int
        Different people.
    duplicates : int
        Further records of some of them, one each.
    seed : int
        The same seed gives the same people.
    """
    rng = np.random.default_rng(seed)
    office = _Office(rng, people)
    rows: list[Person] = []
    while len(rows) < people:
        rows.extend(office.household())
    rows = rows[:people]
    twice = rng.choice(people, size=duplicates, replace=False)
    order = rng.permutation(people + duplicates)
    ids = [f"p{place:07d}" for place in np.argsort(order)]
    rows += [office.again(rows[at]) for at in twice]
    table = pd.DataFrame([{"rec_id": id_, **row} for id_, row in zip(ids, rows, strict=True)], columns=list(COLUMNS))
    pairs = pd.DataFrame({"left": [ids[at] for at in twice], "right": ids[people:]})
    return Invented(table.sort_values("rec_id", ignore_index=True), pairs)
