"""The eighteen classes of identifiers that Safe Harbor names, and where a store holds them."""

from __future__ import annotations

import pandas as pd

from schedopt.records.privacy.columns import treatments

CLASSES: dict[str, str] = {
    "A": "names",
    "B": "geographic subdivisions smaller than a state",
    "C": "dates but for the year; ages over 89",
    "D": "telephone numbers",
    "E": "fax numbers",
    "F": "e-mail addresses",
    "G": "social security numbers",
    "H": "medical record numbers",
    "I": "health plan beneficiary numbers",
    "J": "account numbers",
    "K": "certificate and license numbers",
    "L": "vehicle identifiers and plates",
    "M": "device identifiers and serial numbers",
    "N": "web addresses (URLs)",
    "O": "internet addresses (IP)",
    "P": "biometric identifiers",
    "Q": "full-face photographs",
    "R": "any other unique number, characteristic or code",
}
"""By the letter of 45 CFR 164.514(b)(2)(i)."""

_DONE = {
    "remove": "removed",
    "id": "another, random id",
    "birth": "year of birth and age; over 89 only 90+",
    "age": "over 89 only 90+",
    "date": "the year alone",
    "weekday": "removed",
    "time": "removed",
    "zip": "three digits, or 000 where few people live",
    "state": "kept where it is a state's letters",
    "keep": "kept: kinds of certificates, not their numbers",
}


def identifiers() -> pd.DataFrame:
    """Every class with the columns that may hold it, and what Safe Harbor does to them.

    Returns
    -------
    pandas.DataFrame
        ``letter``, ``identifiers``, ``columns`` (``table.column``; or "not held"), ``done``; one row a class and thing
        that is done.
    """
    rows = []
    for letter, words in CLASSES.items():
        groups: dict[str, list[str]] = {}
        for (table, column), treatment in treatments().items():
            if treatment.letter == letter:
                groups.setdefault(_DONE[treatment.kind], []).append(f"{table}.{column}")
        rows += [(letter, words, ", ".join(names), done) for done, names in groups.items()]
        if not groups:
            rows.append((letter, words, "not held", "-"))
    return pd.DataFrame(rows, columns=["letter", "identifiers", "columns", "done"])
