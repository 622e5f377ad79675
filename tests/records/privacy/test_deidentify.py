"""What leaves the office has nothing of the eighteen classes of identifiers, and nothing that nobody has looked at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedopt.errors import InputError
from schedopt.models.tables.fields import Id, IdList, noted, types_of
from schedopt.records.privacy import cells as coarser
from schedopt.records.privacy import identifiers, safe_harbor
from schedopt.records.privacy.columns import treatments
from schedopt.records.privacy.identifiers import CLASSES
from tests.effort import examples
from tests.records.privacy.folk import BOOKINGS, COLUMNS, ROW_CLASSES, TODAY, canaries, folk

SHOWN_IDS = {
    "competence",
    "duties",
    "duty",
    "visit_role",
    "step",
    "task",
    "roles",
    "visit_type",
    "next_visit_type",
    "visit_types",
    "pools",
    "kind",
    "credential",
    "role",
    "languages",
}
"""Ids of what the office offers: kinds, of nobody."""


def released(frames: dict[str, pd.DataFrame], seed: int = 1) -> dict[str, pd.DataFrame]:
    """By Safe Harbor."""
    return safe_harbor(frames, today=TODAY, random=np.random.default_rng(seed))


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_is_classified(table: str, column: str) -> None:
    """A column of any table is in the list: a new one is refused until somebody says what becomes of it."""
    assert (table, column) in treatments()


def test_the_list_has_nothing_else() -> None:
    """What is classified are columns that there are."""
    assert treatments().keys() == {*COLUMNS, *(("bookings", name) for name in BOOKINGS)}


@pytest.mark.parametrize("row_class", ROW_CLASSES)
def test_what_is_private_is_not_kept(row_class: type) -> None:
    """Sealed columns but a person's sex are changed or removed; ids are others, but for kinds of things."""
    for column, kind in types_of(row_class).items():
        done = treatments()[row_class.table_name, column].kind
        if column in noted(row_class, "private") and column != "sex":
            assert done != "keep"
        if kind in (Id, IdList) and column not in SHOWN_IDS:
            assert done == "id", column


def test_ids_of_one_thing_are_of_one_kind() -> None:
    """A column that refers to a table has ids of the same kind as that table's key."""
    keys = {row_class.table_name: row_class.key[0] for row_class in ROW_CLASSES if row_class.key}
    for row_class in ROW_CLASSES:
        for column, target in noted(row_class, "references").items():
            own, other = treatments()[row_class.table_name, column], treatments()[target, keys[target]]
            assert (own.kind, own.ids) == (other.kind, other.ids)


def test_no_canary_leaves() -> None:
    """Of every table, words remain only in columns that are kept as they are."""
    found = released(canaries())
    for table, frame in found.items():
        for column in frame.columns:
            if column in ("birth_year", "age") or treatments()[table, column].kind != "keep":
                assert "canary" not in frame[column].to_csv(), (table, column)


@pytest.mark.parametrize(
    ("table", "column"), [("people", "Ada Byron"), ("people", "told"), ("Ada Byron", "person"), ("patients", "phone")]
)
def test_what_is_not_classified_is_refused(table: str, column: str) -> None:
    """With its place, without a name that may be somebody's, and without values."""
    frame = pd.DataFrame({"sex": ["female"], column: ["Ada Byron"]})
    with pytest.raises(InputError, match="classified") as caught:
        released({table: frame})
    assert "Ada" not in str(caught.value)
    assert "Byron" not in repr(caught.value.faults)


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)), min_size=1))
@example([dt.date(1937, 1, 1), dt.date(1936, 12, 31), TODAY, TODAY + dt.timedelta(days=1)])
def test_ages_and_years_of_birth(births: list[dt.date]) -> None:
    """Ages as text are whole years up to 89, and 90+ above; nobody has one who is not born yet."""
    days = coarser.dates(pd.Series(births, dtype=object))
    for born, shown in zip(births, coarser.shown_ages(coarser.ages(days, TODAY)), strict=True):
        age = TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))
        assert pd.isna(shown) if age < 0 else shown == ("90+" if age > 89 else str(age))
    frame = released({"patients": pd.DataFrame({"birth_date": births})})["patients"].astype(object)
    found = sorted((row.birth_year, row.age) for row in frame.dropna().itertuples())
    known = [born.year for born in births if born <= TODAY and born.year >= TODAY.year - 89]
    assert found == sorted((year, str(TODAY.year - year)) for year in known)
    old = [born for born in births if born.year < TODAY.year - 89]
    assert (frame["age"] == "90+").sum() == len(old)
    assert frame["birth_year"].notna().sum() == len(known)


@given(st.integers(0, 364), st.integers(0, 364))
@settings(max_examples=examples(16))
def test_age_and_year_tell_nothing_of_the_birthday(one: int, other: int) -> None:
    """Two people born in one year, before and after this day of the year, leave alike."""
    births = [dt.date(1985, 1, 1) + dt.timedelta(days=days) for days in (one, other)]
    frame = released({"patients": pd.DataFrame({"birth_date": births})})["patients"]
    assert len(frame.drop_duplicates()) == 1


def test_birth_dates_as_text_and_as_days_are_alike() -> None:
    """Whatever cells are, what leaves is an age and a year; what is no date leaves nothing."""
    births = [dt.date(1984, 2, 29), "1984-02-29", pd.Timestamp(1984, 2, 29), "", None, "29 Feb 84"]
    frame = released({"patients": pd.DataFrame({"birth_date": pd.Series(births, dtype=object)})})["patients"]
    assert list(frame.columns) == ["birth_year", "age"]
    assert frame["age"].dropna().tolist() == ["42"] * 3
    assert frame["birth_year"].dropna().tolist() == [1984] * 3


def test_an_age_long_ago_tells_no_age_over_89() -> None:
    """Who was 85 ten years ago is over 89 now."""
    history = pd.DataFrame({"age": ["85", 85, 50, None], "date": ["2016-01-01", TODAY, dt.date(2016, 1, 1), TODAY]})
    ages = released({"history": history})["history"]["age"]
    assert sorted(ages.dropna()) == ["50", "85", "90+"]


@given(st.from_regex(r"[0-9]{3,9}(-[0-9]{4})?", fullmatch=True), st.booleans())
def test_postal_codes(text: str, is_sparse: bool) -> None:
    """Three digits of a whole code, 000 where few people live; of anything else nothing."""
    sparse = {text[:3]} if is_sparse else coarser.SPARSE
    (shown,) = coarser.postcodes(pd.Series([text]), sparse)
    digits = text.replace("-", "")
    if len(digits) not in (5, 9) or text.find("-") not in (-1, 5):
        assert shown is None
    else:
        assert shown == ("000" if digits[:3] in sparse else digits[:3])


def test_the_published_list_is_whole() -> None:
    """The seventeen of the guidance of 2012, and the two that the next census adds."""
    assert len(coarser.SPARSE_2000) == 17
    assert len(coarser.SPARSE) == 19
    assert all(coarser.postcodes(pd.Series([f"{start}01"]), coarser.SPARSE)[0] == "000" for start in coarser.SPARSE)


def test_ids_are_drawn() -> None:
    """The same in all tables, other ones with other draws, none of them an id that was; rows change places."""
    frames = folk(40, np.random.default_rng(3))
    one, other = released(frames, 1), released(frames, 2)
    assert set(one["requests"]["patient"]) == set(one["people"]["patient"])
    assert set(one["appointments"]["request"]) == set(one["requests"]["request"])
    assert one["requests"].groupby("patient").size().tolist() == [2] * 40
    assert set(one["people"]["patient"]).isdisjoint(other["people"]["patient"])
    assert set(one["people"]["patient"]).isdisjoint(one["people"]["person"])
    sexes = frames["people"]["sex"].tolist()
    assert one["people"]["sex"].tolist() != sexes
    assert sorted(one["people"]["sex"]) == sorted(sexes)


def test_lists_of_ids_become_lists() -> None:
    """As values or as text; each is what the same id is elsewhere."""
    requests = pd.DataFrame({"provider": ["DR1", "DR2"], "providers": ["DR1; DR2", ("DR2", "DR1")]})
    frame = released({"requests": requests})["requests"]
    assert {part for cell in frame["providers"] for part in cell.split("; ")} == set(frame["provider"])


def test_what_few_have_is_not_told() -> None:
    """A language of one patient alone is left out."""
    frame = released({"patients": pd.DataFrame({"language": ["Spanish"] * 11 + ["Navajo"] * 3 + [""]})})["patients"]
    assert frame["language"].dropna().tolist() == ["Spanish"] * 11


def test_every_class_is_spoken_of() -> None:
    """All eighteen are in the table, with columns or as not held, and the document says the same."""
    table = identifiers()
    assert list(dict.fromkeys(table["letter"])) == list(CLASSES)
    assert len(CLASSES) == 18
    text = (Path(__file__).resolve().parents[3] / "docs" / "deidentification.md").read_text("utf-8")
    for letter, words in CLASSES.items():
        assert f"| {letter} | {words} |" in text
    for row in table[table["columns"] == "not held"].itertuples():
        assert f"| {row.letter} | {row.identifiers} | not held |" in text
