"""``schedopt supplies``: from a folder and from a store, its files, and its exit statuses."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from tests.cli.commands import invoke, write_tiny
from tests.office.folders import SECRET_NAME

DAY = "2026-11-30"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small office, with a past of some weeks."""
    folder = write_tiny(
        tmp_path_factory.mktemp("supplies") / "office", ("stock", 2, "amount", "1"), ("supply_orders", 2, "amount", "2")
    )
    rows = [["visit", "patient", "provider", "visit_type", "booked", "date", "start", "outcome"]]
    for number in range(140):
        day = dt.date(2026, 6, 1) + dt.timedelta(days=number)
        if day.weekday() < 5:
            booked = day - dt.timedelta(days=3)
            rows.append([f"V{number}", "N1", "DR1", "imaging", str(booked), str(day), "09:00", "kept"])
    with (folder.parent / "history.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


def test_the_list_of_a_folder(office: Path, tmp_path: Path) -> None:
    """Each item has a line with its reason; the file has a row for each; the page names no person and runs nothing."""
    history = office.parent / "history.csv"
    said = invoke("supplies", office, "--day", DAY, "--history", history)
    assert said.exit_code == 1, said.output
    assert "gel at WEST" in said.output
    assert "left last for all days" in said.output
    out, page = tmp_path / "orders.csv", tmp_path / "orders.html"
    assert invoke("supplies", office, "--day", DAY, "--history", history, "--out", out, "--page", page).exit_code == 1
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["item"], row["site"]) for row in rows] == [("film", ""), ("gel", "MAIN"), ("gel", "WEST")]
    assert all(row["reason"].endswith(".") for row in rows)
    text = page.read_text("utf-8")
    assert SECRET_NAME not in text
    assert "<script" not in text
    assert rows[0]["reason"] in text
    only = invoke("supplies", office, "--day", DAY, "--history", history, "--supplier", "MEDCO", "--out", out)
    assert only.exit_code in (0, 1)
    with out.open(newline="", encoding="utf-8") as file:
        assert {row["supplier"] for row in csv.DictReader(file)} == {"MEDCO"}


def test_what_is_not_known_is_said(office: Path) -> None:
    """Without a plan or a past nothing is said to last; a supplier that is none is no empty list."""
    said = invoke("supplies", office, "--day", "2027-05-03")
    assert "what will be used is not known" in said.output
    assert "for all days looked at" not in said.output
    said = invoke("supplies", office, "--day", DAY, "--supplier", "NOPE")
    assert (said.exit_code, "'NOPE': expected the id of a supplier" in said.output) == (2, True)


def test_a_folder_keeps_no_stock(office: Path) -> None:
    """What changes a stock is for stores."""
    said = invoke("supplies", office, "--receive", "film", "10")
    assert said.exit_code == 2
    assert "expected a store" in said.output


def test_a_store_keeps_it(office: Path, tmp_path: Path) -> None:
    """What comes and is counted is kept, orders that are made are there, and the reason is asked for nobody to read."""
    store = tmp_path / "office.store.toml"
    words = ("store", "init", store, "--url", "sqlite:///office.db", "--keys", "keys", "--actor", "ann")
    assert invoke(*words).exit_code == 0
    assert invoke("store", "import", store, office).exit_code == 0
    said = invoke("supplies", store, "--receive", "film", "30", "--lot", "F2", "--expires", "2027-05-31")
    assert said.exit_code == 0, said.output
    assert said.output == "film: 31 sheets there now\n"
    assert invoke("supplies", store, "--count", "film", "12", "--lot", "F9").exit_code == 0
    assert invoke("supplies", store, "--count", "film", "12").exit_code == 2
    placed = invoke("supplies", store, "--day", DAY, "--history", office.parent / "history.csv", "--place")
    assert "Orders made: " in placed.output
    assert invoke("supplies", store, "--receive", "nothing", "1").exit_code == 2
    assert invoke("supplies", store, "--discard", "film", "200", "--lot", "F2").exit_code == 2
    for amount in ("-3", "nan", "inf"):
        assert invoke("supplies", store, "--receive", "film", amount).exit_code == 2
