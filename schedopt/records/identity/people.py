"""A table of people, read: every column normalised, with what finding and comparing look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schedopt.arrays import Flags, Ints
from schedopt.errors import Fault, InputError
from schedopt.records.identity.addresses import house_number, place_name, postcode, sex, state, street
from schedopt.records.identity.dates import birth_date, day_comes_first
from schedopt.records.identity.names import full_name
from schedopt.records.identity.nicknames import MOST_GROUPS, NICKNAMES
from schedopt.records.identity.numbers import phone, social_number
from schedopt.records.identity.text import sound

Texts = NDArray[np.object_]
Hashes = NDArray[np.uint64]

COLUMNS = (
    "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id", "phone", "sex",
)  # fmt: skip
"""The columns that are looked at; any of them may be missing, others are not looked at."""
_MISSING = {"", "nan", "none", "nat", "<na>", "null"}
_FEW, _SAMPLE = 16, 2_000
_TOO_COMMON = 0.15
"""Share of pairs that agree, from which agreeing is no hint."""
_SHARED_BY, _SHARED_PART = 4, 0.7
_ENOUGH_DATES, _ENOUGH_NAMES = 2_000, 20
"""There are only so many dates and names: among more people they need not differ."""


@dataclass(frozen=True, repr=False)
class People:
    """People, normalised; none of it is ever shown.

    Attributes
    ----------
    ids : pandas.Index
        Their ids.
    text : mapping of str to object array, shape (people,)
        Normalised values by name: given, surname, suffix, birth, social, phone, sex, number, street, unit, suburb,
        postcode, state; the first and last word of names; an empty string where nothing is known.
    keys : mapping of str to uint64 array, shape (people,)
        Hashes of the texts, and of what only finds candidates; 0 where nothing is known.
    nicknames : int array, shape (people, groups)
        Groups of nicknames that the given name belongs to, or -1.
    newborn : bool array, shape (people,)
        Who has no given name yet.
    day_first : bool
        Whether dates with slashes were read with the day before the month.
    known : frozenset of str
        Which keys tell people apart.
    """

    ids: pd.Index
    text: Mapping[str, Texts]
    keys: Mapping[str, Hashes]
    nicknames: Ints
    newborn: Flags
    day_first: bool
    known: frozenset[str]

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} people)"

    def and_others(self, others: People) -> People:
        """These people, and others after them."""
        return People(
            pd.Index([*self.ids, *others.ids], dtype=object),
            {name: np.concatenate([values, others.text[name]]) for name, values in self.text.items()},
            {name: np.concatenate([values, others.keys[name]]) for name, values in self.keys.items()},
            np.concatenate([self.nicknames, others.nicknames]),
            np.concatenate([self.newborn, others.newborn]),
            self.day_first,
            self.known | others.known,
        )


def read_people(table: pd.DataFrame) -> People:
    """Read a table of people.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns of ``COLUMNS``, any of which may be missing; ids in a column ``rec_id``, else in the index.

    Raises
    ------
    InputError
        Not a table, no known column, a column that stands there twice, or ids that are missing or not unique. The
        words of it hold no value of the table.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError([_fault(None, f"a pandas.DataFrame, not {type(table).__name__}")])
    faults = list(_faults(table))
    if faults:
        raise InputError(faults)
    columns = {column: _strings(table[column]) for column in COLUMNS if column in table.columns}
    ids = pd.Index(table["rec_id"]) if "rec_id" in table.columns else table.index
    return _people(ids, columns, day_comes_first(columns.get("date_of_birth", ())))


def read_person(person: Mapping[str, object], *, day_first: bool = False) -> People:
    """Read one person; unknown columns are not looked at.

    Parameters
    ----------
    person : mapping
        Values of some of ``COLUMNS``.
    day_first : bool
        Whether 12/05/1964 is in May.
    """
    if not isinstance(person, Mapping):
        raise InputError([_fault(None, f"a mapping of columns to values, not {type(person).__name__}")])
    columns = {column: np.array([_string(person[column])], object) for column in COLUMNS if column in person}
    if not columns:
        raise InputError([_fault(None, f"at least one of the columns {', '.join(COLUMNS)}")])
    return _people(pd.RangeIndex(1), columns, day_first)


def _fault(column: str | None, expected: str) -> Fault:
    return Fault("people", None, column, None, expected)


def _faults(table: pd.DataFrame) -> Iterator[Fault]:
    names = [str(name) for name in table.columns]
    if not set(names) & set(COLUMNS):
        yield _fault(None, f"at least one of the columns {', '.join(COLUMNS)}")
    for column in (*COLUMNS, "rec_id"):
        if names.count(column) > 1:
            yield _fault(column, "a column that stands there once")
    if names.count("rec_id") > 1:
        return
    ids = pd.Index(table["rec_id"]) if "rec_id" in names else table.index
    if ids.hasnans:
        yield _fault("rec_id", "an id for everybody")
    elif not ids.is_unique:
        yield _fault("rec_id", f"ids that are unique; {int(ids.duplicated().sum())} stand there again")


def _string(value: object) -> str:
    text = "" if value is None else str(value).strip()
    return "" if text.lower() in _MISSING else text


def _strings(column: pd.Series) -> Texts:
    values = column.astype(object).to_numpy()
    try:
        codes, kinds = pd.factorize(values, use_na_sentinel=False)
    except TypeError:  # lists and the like, of which there are no kinds
        return np.array([*map(_string, values)], object)
    return np.array([*map(_string, kinds)], object)[codes] if len(kinds) else values


def _each(values: Texts, function: Callable[[str], str]) -> Texts:
    """The function of every value, asked once for each value that occurs."""
    if len(values) <= _FEW:
        return np.array([*map(function, values)], object)
    codes, kinds = pd.factorize(values)
    return np.array([*map(function, kinds)], object)[codes]


def _hashed(text: Mapping[str, Texts]) -> dict[str, Hashes]:
    """Hashes of all texts; of a few people at once, which takes a hundredth of the calls."""
    if len(next(iter(text.values()))) > _FEW:
        return {name: hashes(values) for name, values in text.items()}
    parts = np.split(hashes(np.concatenate([*text.values()])), len(text))
    return dict(zip(text, parts, strict=True))


def hashes(values: Texts) -> Hashes:
    """Hashes of strings, the same in every process; 0 for the empty string."""
    found = pd.util.hash_array(values, categorize=len(values) > 1_000)
    return np.where(values == "", np.uint64(0), found | np.uint64(1))


def _people(ids: pd.Index, columns: Mapping[str, Texts], day_first: bool) -> People:
    blank = np.full(len(ids), "", object)
    given = columns.get("given_name", blank)
    text, newborn, said = _names(given, columns.get("surname", blank))
    dates = columns.get("date_of_birth", blank)
    text["birth"] = _each(dates, lambda value: birth_date(value, day_first=day_first))
    text["social"] = _each(columns.get("soc_sec_id", blank), social_number)
    text["phone"] = _each(columns.get("phone", blank), phone)
    known = _each(columns.get("sex", blank), sex)
    text["sex"] = np.where(known == "", said, known)
    text |= _address(columns, blank)
    text["social"] = _without_shared(text["social"], text, families=False)
    text["phone"] = _without_shared(text["phone"], text, families=True)
    groups = [_padded(NICKNAMES.get(name, ())) for name in text["given_first"]]
    nicknames = np.array(groups, np.int64).reshape(-1, MOST_GROUPS)
    keys = _hashed(text | _coarse(text))
    filled = frozenset(name for name, values in keys.items() if _tells(values))
    return People(ids, text, keys, nicknames, newborn, day_first, filled)


def _tells(values: Hashes) -> bool:
    """Whether anything is known, and it tells people apart: where all live in one town, the town does not."""
    if len(values) < _SAMPLE:
        return bool(values.any())
    _, counts = np.unique(values[:: len(values) // _SAMPLE], return_counts=True)
    shared = float(((counts / counts.sum()) ** 2).sum())
    return bool(values.any()) and (shared < _TOO_COMMON or float((values == 0).mean()) > shared**0.5 - _TOO_COMMON)


def _padded(groups: tuple[int, ...]) -> tuple[int, ...]:
    return groups + (-1,) * (MOST_GROUPS - len(groups))


def _names(given: Texts, family: Texts) -> tuple[dict[str, Texts], Flags, Texts]:
    names = [full_name(first, last) for first, last in zip(given, family, strict=True)]
    of_names = {
        "given": [first.text for first, _ in names],
        "given_first": [first.words[0] if first.words else "" for first, _ in names],
        "given_last": [first.words[-1] if len(first.words) > 1 else "" for first, _ in names],
        "surname": [last.text for _, last in names],
        "surname_first": [last.words[0] if last.words else "" for _, last in names],
        "surname_last": [last.words[-1] if len(last.words) > 1 else "" for _, last in names],
        "suffix": [last.suffix or first.suffix for first, last in names],
    }
    text = {name: np.array(values, object) for name, values in of_names.items()}
    newborn = np.array([first.newborn for first, _ in names], bool)
    return text, newborn, np.array([first.sex for first, _ in names], object)


def _address(columns: Mapping[str, Texts], blank: Texts) -> dict[str, Texts]:
    read = [street(value) for value in columns.get("address_1", blank)]
    number = _each(columns.get("street_number", blank), house_number)
    unit = _each(columns.get("address_2", blank), place_name)
    return {
        "number": np.where(number == "", np.array([line.number for line in read], object), number),
        "street": np.array([line.name for line in read], object),
        "unit": np.where(unit == "", np.array([line.unit for line in read], object), unit),
        "suburb": _each(columns.get("suburb", blank), place_name),
        "postcode": _each(columns.get("postcode", blank), postcode),
        "state": _each(columns.get("state", blank), state),
    }


def _without_shared(values: Texts, text: Mapping[str, Texts], *, families: bool) -> Texts:
    """Numbers that many people have who are plainly not one are nobody's, or everybody's.

    They have different birth dates, or where these are not known different names; a number that a family may have in
    common stands in records of several surnames too.
    """
    if len(values) < _SHARED_BY:
        return values
    table = pd.DataFrame({"value": values, **{name: text[name] for name in ("birth", "surname", "given")}})
    table = table[table["value"] != ""].replace("", None)
    groups = table.groupby("value", sort=False)
    size, known, kinds = groups.size(), groups["birth"].count(), groups[["birth", "surname", "given"]].nunique()
    dated = kinds["birth"] >= np.maximum(_SHARED_BY, _SHARED_PART * np.minimum(known, _ENOUGH_DATES))
    least = np.maximum(_SHARED_BY, _SHARED_PART * np.minimum(size, _ENOUGH_NAMES))
    named = kinds[["surname", "given"]].min(axis=1) >= least
    shared = np.where(known >= size / 2, dated & ((kinds["surname"] >= _SHARED_BY) | (not families)), named)
    nobody = size.index[shared & (size >= _SHARED_BY)]
    return np.where(np.isin(values, nobody.to_numpy(object)), "", values) if len(nobody) else values


def _coarse(text: Mapping[str, Texts]) -> dict[str, Texts]:
    """Less than the whole value, for finding alone."""
    parts: dict[str, tuple[str, Callable[[str], str]]] = {
        "given_sound": ("given_first", sound),
        "given_letter": ("given", lambda value: value[:1]),
        "surname_sound": ("surname_first", sound),
        "surname_end": ("surname_last", sound),
        "year": ("birth", lambda value: value[:4]),
        "day": ("birth", lambda value: "".join(sorted((value[4:6], value[6:])))),
        "date": ("birth", lambda value: value[:4] + "".join(sorted((value[4:6], value[6:])))),
        "social_head": ("social", lambda value: value[: (len(value) + 1) // 2]),
        "social_tail": ("social", lambda value: value[len(value) // 2 :]),
        "phone_tail": ("phone", lambda value: value[-7:]),
        "street_sound": ("street", lambda value: value[:5]),
        "unit_sound": ("unit", lambda value: value[:5]),
        "suburb_sound": ("suburb", sound),
    }
    return {name: _each(text[source], function) for name, (source, function) in parts.items()}
