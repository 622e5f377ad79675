"""Duplicates, links and matches: what is found, what is sure, what is never said."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedopt.errors import InputError
from schedopt.records.identity import COLUMNS, Index, default_model, duplicates, links, train, train_and_find
from schedopt.records.identity.blocking import candidates
from schedopt.records.identity.compare import Pairs, compare
from schedopt.records.identity.people import read_people
from tests.effort import examples
from tests.records.identity.people import JANE, some, with_crowd

NUMBER = {"soc_sec_id": JANE["soc_sec_id"]}


def _pair(first: dict[str, str], second: dict[str, str]) -> pd.Series:
    """What is said of two people, whatever their probability; an empty row where they are no candidates."""
    found = duplicates(with_crowd(first, second), default_model().with_threshold(0.0))
    both = found[found[["left", "right"]].isin(["p0", "p1"]).all(axis=1)]
    return both.iloc[0] if len(both) else pd.Series({"probability": 0.0, "sure": False})


def _set(table: pd.DataFrame) -> set[tuple[str, str]]:
    return {(min(pair), max(pair)) for pair in zip(table["left"], table["right"], strict=True)}


def test_the_same_twice_is_sure() -> None:
    """Number and demographics agree: sure."""
    found = _pair(JANE, JANE)
    assert found["sure"]
    assert found["probability"] > 0.999


@pytest.mark.parametrize(
    "change",
    [
        {"given_name": "JANE", "surname": "kowalczyk"}, {"surname": "Kowalczyk-Smith"}, {"phone": "", "address_1": ""},
        {"date_of_birth": "12/05/1964"}, {"street_number": "77", "address_1": "Oak Lane", "suburb": "Salem"},
        {"given_name": "Mrs. Jane"},
    ],
)  # fmt: skip
def test_sure_in_spite_of(change: dict[str, str]) -> None:
    """Writing, a second surname, a missing phone and a move do not matter where number and demographics agree."""
    assert _pair(JANE, JANE | change)["sure"]


NEVER = {
    "twin": {"given_name": "Joan", "soc_sec_id": "598-11-4321"},
    "twin with one number": {"given_name": "Joan"},
    "twin of like name with one number": {"given_name": "Janet"},
    "twins of double names": {"given_name": "Jane Marie"},
    "Jr and Sr with one number": {"surname": "Kowalczyk Jr", "date_of_birth": "1990-01-02"},
    "suffix alone": {"surname": "Kowalczyk Sr"},
    "no number": {"soc_sec_id": ""},
    "default number": {"soc_sec_id": "999-99-9999"},
    "another number": {"soc_sec_id": "598-11-4321"},
    "number off by one": {"soc_sec_id": "512-34-5679"},
    "another sex": {"sex": "m"},
    "another birth date": {"date_of_birth": "1971-03-01"},
    "day and month swapped": {"date_of_birth": "1964-05-12"},
    "no birth date": {"date_of_birth": "1900-01-01"},
    "another surname": {"surname": "Nowak"},
    "no given name": {"given_name": ""},
    "initial": {"given_name": "J"},
    "newborn": {"given_name": "Baby Girl"},
}


@pytest.mark.parametrize("change", NEVER.values(), ids=[*NEVER])
def test_never_sure(change: dict[str, str]) -> None:
    """Twins, Jr and Sr, newborns, and whoever lacks number or demographics are for somebody to look at."""
    assert not _pair(JANE, JANE | change)["sure"]
    assert not _pair(JANE | change, JANE)["sure"]


def test_names_and_birth_date_alone_are_never_sure() -> None:
    """However rare the name."""
    bare = {name: JANE[name] for name in ("given_name", "surname", "date_of_birth")}
    assert not duplicates(pd.DataFrame([bare, bare]), default_model().with_threshold(0.0))["sure"].any()
    assert not _pair(bare, bare)["sure"]


def test_newborns_without_names_are_never_sure() -> None:
    """Two babies of one day and one surname, even with the number of their mother."""
    first, second = ({**JANE, "given_name": f"Baby Girl {order}", "date_of_birth": "2026-03-01"} for order in "AB")
    assert not _pair(first, second)["sure"]
    assert not _pair(first, first)["sure"]


@pytest.mark.parametrize(
    "change",
    [
        {"given_name": "Kowalczyk", "surname": "Jane"}, {"given_name": "", "surname": "Kowalczyk, Jane"},
        {"date_of_birth": "1964-05-12"}, {"soc_sec_id": "999999999"}, {"surname": "Kowalczik"},
        {"street_number": "77", "address_1": "Oak Lane", "suburb": "Salem", "postcode": "99"}, {"given_name": "Jan"},
        {"surname": "Kowalczyk-Nowak", "phone": ""}, {"surname": "Nowak"}, {"date_of_birth": ""}, {"given_name": "J."},
    ],
)  # fmt: skip
def test_found_in_spite_of(change: dict[str, str]) -> None:
    """One fault, with all else the same, is found."""
    assert _pair(JANE, JANE | change)["probability"] > 0.9


@pytest.mark.parametrize(
    "change",
    [
        {"given_name": "Mark", "sex": "m", "date_of_birth": "1990-01-02", "soc_sec_id": "598-11-4321"},
        {"given_name": "Joanna", "soc_sec_id": "598-11-4321"},
        {"surname": "Kowalczyk Jr", "date_of_birth": "1990-01-02", "soc_sec_id": "598-11-4321"},
        {"given_name": "Alice", "surname": "Nowak", "date_of_birth": "1960-01-02", "soc_sec_id": "598-11-4321"},
    ],
)  # fmt: skip
def test_relatives_are_not_taken_for_one(change: dict[str, str]) -> None:
    """Children, twins, father and son, and whoever shares a flat have numbers of their own."""
    assert _pair(JANE, JANE | change)["probability"] < 0.5


def test_a_number_that_many_have_says_nothing() -> None:
    """The number of nobody is found out by those who have it."""
    crowd = some(60, 0).people.assign(soc_sec_id="712345678")
    assert not duplicates(crowd)["sure"].any()
    assert (duplicates(crowd.assign(phone=""))["soc_sec_id"] == "missing").all()


def test_three_who_disagree_are_not_sure() -> None:
    """If somebody is sure to be two people who are not sure to be one, none of it is sure."""
    senior = JANE | {"surname": "Kowalczyk-Nowak"}
    other = JANE | {"surname": "Nowak"}
    found = duplicates(with_crowd(JANE, senior, other), default_model().with_threshold(0.0))
    assert not found["sure"].any()


@settings(max_examples=examples(6))
@given(st.permutations(range(60)))
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    """The same pairs with the same probabilities, in whatever order the rows stand."""
    table = some(50, 10, 3).people
    model = default_model().with_threshold(0.01)
    one, two = duplicates(table, model), duplicates(table.iloc[order], model)
    assert _set(one) == _set(two)
    assert np.allclose(one["probability"].sort_values(), two["probability"].sort_values())


def test_comparing_is_symmetrical() -> None:
    """It does not matter who stands on the left."""
    people = read_people(some().people)
    first, second = candidates(people)
    one, two = compare(Pairs(people, people, first, second)), compare(Pairs(people, people, second, first))
    assert len(first) > 300
    assert (one == two).all()


def test_most_are_found_and_few_besides() -> None:
    """Among invented people, with the default model and a learned one, with numbers and without."""
    made = some(400, 100)
    truth = _set(made.pairs)
    for without in ([], ["soc_sec_id"]):
        table = made.people.drop(columns=without)
        for model in (None, train(table)):
            found = duplicates(table, model)
            assert len(_set(found) & truth) >= 0.95 * len(truth)
            assert len(_set(found) & truth) >= 0.95 * len(found)
            assert _set(found[found["sure"]]) <= truth


def test_training_and_finding_at_once_is_the_same() -> None:
    """As one after the other."""
    table = some(200, 40).people
    found, model = train_and_find(table)
    assert model == train(table)
    pd.testing.assert_frame_equal(found, duplicates(table, model))


def test_candidates_have_nearly_all() -> None:
    """Blocking loses next to nothing, in one table and between two, and gives each pair once."""
    made = some()
    people = read_people(made.people)
    first, second = candidates(people)
    pairs = _set(pd.DataFrame({"left": people.ids[first], "right": people.ids[second]}))
    assert (first < second).all()
    assert len(pairs) == len(first)
    assert len(_set(made.pairs) & pairs) >= 0.99 * len(made.pairs)
    across, there = candidates(people, 300)
    assert len(across) > 100
    assert ((across < 300) & (there >= 300)).all()


def test_two_tables_are_linked_once_each() -> None:
    """Where nobody stands in a table twice, each is linked at most once, and asking for it makes it so."""
    made = some()
    twice = made.people["rec_id"].isin(made.pairs["right"])
    left, right = made.people[~twice], made.people[twice]
    found = links(left, right, one_to_one=True)
    assert found["left"].is_unique
    assert found["right"].is_unique
    assert set(found["left"]) <= set(left["rec_id"])
    assert len(_set(found) & _set(made.pairs)) >= 0.95 * len(made.pairs)
    everything = links(left, right, one_to_one=False)
    assert set(found["weight"]) <= set(everything["weight"])


def test_one_is_found_as_all_are() -> None:
    """Asking an index about somebody gives whom the batch gives, with nearly the same weight."""
    made = some()
    model = default_model().with_threshold(0.9)
    batch = duplicates(made.people, model)
    index = Index(made.people, model)
    rows = made.people.set_index("rec_id", drop=False)
    for _, pair in batch.head(20).iterrows():
        found = index.matches(rows.loc[pair["left"]].to_dict()).set_index("right")
        assert pair["right"] in found.index
        assert abs(found.loc[pair["right"], "weight"] - pair["weight"]) < 4
        assert found.loc[pair["right"], "given_name"] == pair["given_name"]
    assert index.matches({"given_name": "Nobody", "surname": "Whatever"}).empty
    assert list(index.matches(JANE).columns) == list(batch.columns.drop("left"))


def test_learned_probabilities_are_calibrated() -> None:
    """Of pairs that are said to be one person with probability p, a share of about p is."""
    made = some(2_000, 700, 5)
    table = made.people.drop(columns=["soc_sec_id"])
    model = train(table).with_threshold(0.01)
    found = duplicates(table, model)
    true = np.array(
        [(min(a, b), max(a, b)) in _set(made.pairs) for a, b in zip(found["left"], found["right"], strict=True)]
    )
    expected = found["probability"].to_numpy()
    assert abs(expected.sum() - true.sum()) < 0.03 * len(made.pairs)
    for low, high in ((0.6, 0.95), (0.95, 0.995), (0.995, 1.0)):
        bin_ = (expected >= low) & (expected <= high)
        assert bin_.sum() >= 15
        assert abs(expected[bin_].mean() - true[bin_].mean()) < 0.15


@settings(max_examples=examples(16))
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(COLUMNS),
            st.one_of(
                st.none(), st.floats(), st.integers(), st.text(max_size=12), st.dates(), st.booleans(), st.binary()
            ),
            min_size=1,
        ),
        min_size=1,
        max_size=6,
    )
)
@example([{"given_name": ["a"], "date_of_birth": {"b": 1}}, {"given_name": float("nan")}])
@example([{"soc_sec_id": "٣٤٥٦٧٨٩٠١", "date_of_birth": "٠٣/٠٤/١٩٦٤"}] * 3)
def test_whatever_is_in_a_table_is_read(rows: list[dict[str, object]]) -> None:
    """Values of any kind are compared, not refused, in a table and alone; probabilities are probabilities."""
    table = pd.DataFrame(rows)
    found = duplicates(table, default_model().with_threshold(0.0))
    assert found["probability"].between(0, 1).all()
    assert not Index(table).matches(rows[0])["sure"].isna().any()


def test_any_columns_may_be_missing() -> None:
    """One known column is enough; others are not looked at."""
    table = some(30, 5).people
    for column in COLUMNS:
        duplicates(table[["rec_id", column]])
        duplicates(table.drop(columns=column).assign(other=1))
    for column in ("surname", "date_of_birth", "postcode"):
        assert train(table[["rec_id", column]]).duplicates > 0


def test_nobody_has_no_duplicates() -> None:
    """Empty tables and tables of one are no fault."""
    table = some(50, 5).people
    for few in (table.head(0), table.head(1)):
        assert duplicates(few).empty
        assert links(few, table.tail(5)).empty
        assert links(table.tail(5), few).empty
        assert Index(few).matches(JANE).empty
        assert train(few) == default_model()
    assert train(table.head(0), table).duplicates >= 0
    assert list(duplicates(table.head(0)).columns) == list(duplicates(table).columns)


def test_an_index_grows() -> None:
    """People who came later are found as well, and those of before no less; nobody comes in twice."""
    table = some(60, 12).people
    first = Index(table.head(40))
    grown = first.and_people(table.iloc[40:50]).and_people(table.iloc[50:])
    assert (len(first), len(grown)) == (40, 72)
    for at in (0, 45, 71):
        assert table.iloc[at]["rec_id"] in set(grown.matches(table.iloc[at].to_dict())["right"])
    assert table.iloc[71]["rec_id"] not in set(first.matches(table.iloc[71].to_dict())["right"])
    with pytest.raises(InputError, match="1 are there already"):
        grown.and_people(table.tail(1))


def test_two_who_are_sure_are_not() -> None:
    """If a person is sure to be two of the table, somebody has to look at all three."""
    assert Index(with_crowd(JANE)).matches(JANE)["sure"].sum() == 1
    assert not Index(with_crowd(JANE, JANE)).matches(JANE)["sure"].any()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([1, 2], "not list"),
        (pd.DataFrame({"name": ["Jane"]}), "at least one of the columns"),
        (pd.DataFrame([["Jane", "June"]], columns=["given_name", "given_name"]), "stands there once"),
        (pd.DataFrame({"rec_id": [1, 1], "surname": ["Kowalczyk", "b"]}), "ids that are unique"),
        (pd.DataFrame({"rec_id": [1, None], "surname": ["Kowalczyk", "b"]}), "an id for everybody"),
    ],
)
def test_tables_that_are_none_are_refused(table: pd.DataFrame, words: str) -> None:
    """In words that hold no value of the table."""
    with pytest.raises(InputError, match=words) as caught:
        duplicates(table)
    assert "Kowalczyk" not in str(caught.value)


def test_persons_that_are_none_are_refused() -> None:
    """A person is a mapping that has one of the columns."""
    index = Index(some(50, 5).people)
    with pytest.raises(InputError, match="at least one"):
        index.matches({"name": "Jane"})
    with pytest.raises(InputError, match="mapping"):
        index.matches(["Jane"])  # type: ignore[arg-type]


def test_nothing_personal_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    """Neither results nor representations nor models nor logs hold a name, a date or a number."""
    caplog.set_level(logging.DEBUG)
    table = with_crowd(JANE, JANE)
    people = read_people(table)
    shown = duplicates(table).to_csv() + Index(table).matches(JANE).to_csv() + train(table).to_json()
    shown += "".join(repr(value) for value in (people, Index(table), Pairs(people, people, *candidates(people))))
    shown += caplog.text
    for value in ("Kowalczyk", "512345678", "512-34-5678", "1964-12-05", "19641205", "2125552368", "Main St"):
        assert value.lower() not in shown.lower()
