"""A plan's folder: all of it or nothing, and nobody's files lost."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import icalendar
import numpy as np
import pytest

from schedopt.errors import OutputError
from schedopt.interop.cells import from_cell
from schedopt.report import check_folder, write_plan
from tests.report.plans import FIRST, make_plan, office_plan, session, simulated, visit

FILES = {"schedule.csv", "unplaced.csv", "costs.csv", "plan.json", "report.html", "calendars"}


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_folder_is_whole(tmp_path: Path) -> None:
    """All files are there, the tables have the plan's rows, and nothing lies beside the folder."""
    plan = office_plan(3)
    folder = write_plan(plan, tmp_path / "plan")
    assert {path.name for path in folder.iterdir()} == FILES
    assert {path.name for path in (folder / "calendars").iterdir()} == {"DR1.ics", "DR2.ics", "DR3.ics"}
    with (folder / "schedule.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [from_cell(row["request"]) for row in table] == list(plan.schedule["request"])
    events = [icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT") for path in folder.glob("calendars/*")]
    assert sum(map(len, events)) == len(plan.schedule)
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_the_record_is_plain_json(tmp_path: Path) -> None:
    """Keys are sorted, whole numbers are whole, everybody left out is there with rules and reasons."""
    plan = office_plan(2, record={"seed": np.int64(3), "spread": np.float64("nan"), "days": {FIRST}})
    text = (write_plan(plan, tmp_path / "plan") / "plan.json").read_text("utf-8")
    record = json.loads(text)
    assert text == json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert (record["seed"], record["spread"], record["days"]) == (3, None, ["2026-11-30"])
    assert (record["status"], record["cost"], record["bound"]) == ("feasible", plan.cost, plan.bound)
    assert type(record["cost"]) is int
    assert [row["request"] for row in record["unplaced"]] == list(plan.unplaced["request"])
    assert all(row["removed"] for row in record["unplaced"] if row["sessions_left"] == 0)


def test_names_stay_out_of_tables_and_record(tmp_path: Path) -> None:
    """Names that were asked for stand on the page and in the calendars, and nowhere else."""
    plan = office_plan(2)
    patients = [*plan.schedule["patient"], *plan.unplaced["patient"]]
    folder = write_plan(plan, tmp_path / "plan", names=dict.fromkeys(patients, "Ada Byron"))
    holding = {path.split("/")[0] for path, content in _tree(folder).items() if b"Ada Byron" in content}
    assert holding == {"report.html", "calendars"}


def test_an_earlier_plan_is_replaced_whole(tmp_path: Path) -> None:
    """Of the earlier plan nothing is left, not even the calendar of a provider who is gone."""
    write_plan(office_plan(3), tmp_path / "plan")
    write_plan(office_plan(1), tmp_path / "plan")
    assert [path.name for path in (tmp_path / "plan" / "calendars").iterdir()] == ["DR1.ics"]
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_simulated_visits_are_a_table_and_a_section(tmp_path: Path) -> None:
    """Simulated visits are written with the plan, rounded; a later plan without them leaves no file and no section."""
    plan = office_plan(2)
    folder = write_plan(plan, tmp_path / "plan", played=simulated(plan, [(4.123456, 9), (float("nan"), float("nan"))]))
    assert {path.name for path in folder.iterdir()} == FILES | {"waiting.csv"}
    with (folder / "waiting.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [row["request"] for row in table] == list(plan.schedule["request"])
    assert [row["waiting_minutes"] for row in table[:2]] == ["4.1235", ""]
    assert b'id="waiting"' in (folder / "report.html").read_bytes()
    write_plan(plan, folder)
    assert {path.name for path in folder.iterdir()} == FILES
    assert b"waiting" not in (folder / "report.html").read_bytes().replace(b"office_wait", b"")


def test_an_empty_folder_is_used_and_links_are_followed(tmp_path: Path) -> None:
    """An empty folder is no obstacle, and a link to a folder stays a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_plan(make_plan(), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert {path.name for path in (tmp_path / "real").iterdir()} == FILES


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    """A folder with other things in it, a file in the way and a parent that is not there are refused, untouched."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    write_plan(make_plan(), tmp_path / "plan")
    (tmp_path / "plan" / "notes.txt").write_text("mine")
    before = _tree(tmp_path)
    refused = {"notes": "no earlier plan", "file": "in the way", "a/b": "does not exist", "plan": "notes.txt"}
    for name, words in refused.items():
        with pytest.raises(OutputError, match=words):
            check_folder(tmp_path / name)
        with pytest.raises(OutputError, match=words):
            write_plan(make_plan(), tmp_path / name)
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("failing", [1, 3, 8])
def test_a_full_disk_leaves_the_earlier_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    """If a file cannot be written, the earlier plan is as it was, nothing lies beside it, and the error says why."""
    write_plan(office_plan(3), tmp_path / "plan")
    before, write, calls = _tree(tmp_path), Path.write_bytes, []

    def fail(path: Path, content: bytes) -> int:
        calls.append(path)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_plan(office_plan(4), tmp_path / "plan")
    assert _tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


@pytest.mark.parametrize("earlier", [True, False])
@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_a_failure_at_the_last_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, earlier: bool, error: BaseException
) -> None:
    """If the new folder cannot be put in its place, or somebody interrupts there, the earlier one is put back."""
    if earlier:
        write_plan(office_plan(3), tmp_path / "plan")
    before, rename = _tree(tmp_path), Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_plan(office_plan(4), tmp_path / "plan")
    assert _tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == (["plan"] if earlier else [])


def test_a_failure_on_the_page_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be rendered fails before anything is written."""
    monkeypatch.setattr("schedopt.report.folder.report_html", lambda plan, names, played: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_plan(make_plan(), tmp_path / "plan")
    assert list(tmp_path.iterdir()) == []


def test_providers_that_differ_by_case(tmp_path: Path) -> None:
    """Two providers have two files also where the file system takes upper and lower case for the same."""
    providers = ("DR1", "dr1", "Dr1", "a/b")
    plan = make_plan([visit(i, name, FIRST, "09:00", 20) for i, name in enumerate(providers)],
                     [session(name, FIRST, "08:00", "12:00") for name in providers])  # fmt: skip
    found = [path.name for path in (write_plan(plan, tmp_path / "plan") / "calendars").iterdir()]
    assert len({name.casefold() for name in found}) == 4
    assert "a%2Fb.ics" in found
