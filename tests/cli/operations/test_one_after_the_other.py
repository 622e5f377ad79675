"""Supplies, maintenance, training, measures, audit and letters as users run them, one command after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import invoke, write_tiny

DAY = "2026-11-30"
Step = tuple[tuple[str, ...], int, str]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The small office in a folder and in a store, and a folder for files."""
    folder = tmp_path_factory.mktemp("week")
    office, store = write_tiny(folder / "office"), folder / "office.store.toml"
    assert invoke("store", "init", store, "--url", "sqlite:///office.db", "--keys", folder / "keys", "--actor",
                  "ann").exit_code == 0  # fmt: skip
    assert invoke("store", "import", store, office).exit_code == 0
    return {"OFFICE": office, "STORE": store, "FILE": folder / "file.csv"}


SEQUENCES: dict[str, tuple[Step, ...]] = {
    "supplies": (
        (("supplies", "OFFICE", "--day", DAY, "--out", "FILE", "--page", "FILE"), 2, "twice"),
        (("supplies", "OFFICE", "--lot", "L1"), 2, "beside --receive"),
        (("supplies", "STORE", "--receive", "nothing", "1"), 2, "'nothing'"),
        (("supplies", "STORE", "--receive", "film", "1", "--lot", "L9"), 0, "there now"),
        (("supplies", "STORE", "--discard", "film", "2", "--lot", "L9"), 2, "at most 1 sheet"),
    ),
    "maintenance": (
        (("maintenance", "OFFICE", "--day", DAY), 0, ""),
        (("maintenance", "OFFICE", "--out", "FILE", "--page", "FILE"), 2, "twice"),
        (("maintenance", "OFFICE", "--close"), 2, "a store"),
        (("maintenance", "OFFICE", "OFFICE", "--out-of-order", "US-1@2026-12-01", "--out", "FILE", "--weeks", "0"), 2,
         "expected --weeks without --out-of-order"),
        (("maintenance", "STORE", "--done", "NOPE", "calibration", "2020-01-02"), 2, "'NOPE'"),
        (("maintenance", "STORE", "--done", "NOPE", "calibration", "soon"), 2, "'--done'"),
        (("maintenance", "STORE", "--record"), 0, ""),
    ),
    "training": (
        (("training", "OFFICE", "--on", DAY, "--all", "--out", "FILE"), 0, "Wrote"),
        (("training", "OFFICE", "--leave", "FILE"), 2, "with --show courses alone"),
        (("training", "OFFICE", "--attended", "MA1"), 2, "beside --held"),
        (("training", "STORE", "--done", "NOPE:rooming@2020-01-02"), 2, "'NOPE'"),
        (("training", "STORE", "--done", "MA1:rooming@soon"), 2, "'--done'"),
        (("training", "STORE", "--show", "booked"), 0, "No course is booked."),
    ),
    "measures": (
        (("measures", "OFFICE", "--from", DAY, "--to", "2026-12-06"), 2, "--history FILE or --plan PLAN"),
        (("measures", "STORE", "--from", DAY, "--to", "2026-11-01"), 2, "on or after --from"),
        (("measures", "STORE", "--from", "2020-01-06", "--to", "2020-01-12"), 0, ""),
    ),
    "sheets": (
        (("sheets", "OFFICE", "OFFICE", DAY, "--pdf"), 2, "expected --pdf beside --out alone"),
    ),
    "audit": (
        (("audit", "list", "STORE"), 0, "There are no audits."),
        (("audit", "findings", "STORE"), 2, "expected AUDIT"),
        (("audit", "check-evidence", "FILE", "--key", "zz"), 2, "'--key'"),
        (("audit", "calendar", "STORE"), 0, ""),
    ),
    "letters": (
        (("letters", "STORE", "--dry-run", "--all"), 2, "--dry-run without"),
        (("letters", "STORE", "--at-once", "2"), 2, "beside --offer"),
        (("letters", "STORE", "--format", "txt"), 2, "expected --format beside --out alone"),
        (("letters", "STORE", "--send", "--dry-run"), 2, "at a time"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_sequence(places: dict[str, Path], name: str) -> None:
    """Each command is done (0, or 1 where there is something to look at) or refused (2), says or writes what it should,
    and none raises.
    """
    for words, status, said in SEQUENCES[name]:
        result = invoke(*(places.get(word, word) for word in words))
        shown = " ".join((result.output).split())
        assert (result.exit_code == 2) == (status == 2), (words, shown)
        assert result.exit_code in (0, 1, 2)
        assert said in shown, (words, shown)
