"""A few people, and a table of more."""

from __future__ import annotations

from functools import cache

import pandas as pd

from benchmarks.people.invent import Invented, invent

JANE = {
    "given_name": "Jane", "surname": "Kowalczyk", "street_number": "12", "address_1": "Main Street",
    "address_2": "", "suburb": "Springfield", "postcode": "12345", "state": "NY", "date_of_birth": "1964-12-05",
    "soc_sec_id": "512-34-5678", "phone": "212 555 2368", "sex": "f",
}  # fmt: skip


@cache
def some(people: int = 500, duplicates: int = 100, seed: int = 7) -> Invented:
    """Invented people."""
    return invent(people, duplicates, seed)


def with_crowd(*persons: dict[str, str]) -> pd.DataFrame:
    """The persons p0, p1, …, among others."""
    rows = pd.DataFrame([{"rec_id": f"p{at}", **person} for at, person in enumerate(persons)])
    return pd.concat([rows, some(60, 0).people.assign(rec_id=lambda table: "c" + table["rec_id"])], ignore_index=True)
