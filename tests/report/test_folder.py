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

FILES = {"schedule.csv", "left_out.csv", "costs.csv", "plan.json", "report.html", "calendars"}


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
    lines = [line.rstrip(",") for line in text.splitlines()]
    visits = [f"    {json.dumps(visit, ensure_ascii=False)}" for visit in record["visits"]]
    first = lines.index(visits[0])
    assert lines[first : first + len(visits)] == visits
    rest = json.dumps(record | {"visits": [0]}, indent=2, sort_keys=True, ensure_ascii=False).splitlines()
    assert [*lines[:first], "    0", *lines[first + len(visits) :]] == [line.rstrip(",") for line in rest]
    assert text.endswith("}\n")
    assert (record["seed"], record["spread"], record["days"]) == (3, None, ["2026-11-30"])
    assert (record["status"], record["cost"], record["bound"]) == ("feasible", plan.cost, plan.bound)
    assert type(record["cost"]) is int
    assert [row["request"] for row in record["left_out"]] == list(plan.left_out["request"])
    assert all(row["removed"] for row in record["left_out"] if row["sessions_left"] == 0)


def test_names_stay_out_of_tables_and_record(tmp_path: Path) -> None:
    """Names that were asked for stand on the page and in the calendars, and nowhere else."""
    plan = office_plan(2)
    patients = [*plan.schedule["patient"], *plan.left_out["patient"]]
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
    write_plan(office_plan(1), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert {path.name for path in (tmp_path / "real").iterdir()} == FILES


def _refused(folder: Path, words: str) -> None:
    for attempt in (check_folder, lambda place: write_plan(make_plan(), place)):
        with pytest.raises(OutputError, match=words):
            attempt(folder)


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    """A folder with other things in it, and a file in the way, are refused, untouched."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = _tree(tmp_path)
    for name, words in {"notes": "no earlier plan", "file": "in the way", "file/below": "in the way"}.items():
        _refused(tmp_path / name, words)
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("name", ["notes.txt", ".git/config", "calendars/notes.ics", "calendars/old/x", "waiting.csv"])
def test_what_is_not_ours_is_not_lost(tmp_path: Path, name: str) -> None:
    """A plan's folder that also holds somebody else's file, wherever, is refused and stays as it is."""
    folder = write_plan(make_plan(), tmp_path / "plan")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("mine")
    before = _tree(tmp_path)
    _refused(folder, "which would be lost")
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("text", ["{}", "[]", "mine", '{"visits": [], "files": ["plan.json"]}'])
def test_a_record_of_somebody_else(tmp_path: Path, text: str) -> None:
    """A plan.json that no plan was written with does not make a folder a plan's."""
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "plan.json").write_text(text)
    _refused(tmp_path / "plan", "no earlier plan")
    assert (tmp_path / "plan" / "plan.json").read_text() == text


def test_a_link_in_a_plans_folder_is_not_ours(tmp_path: Path) -> None:
    """A file that was replaced by a link is refused: the link would be lost."""
    folder = write_plan(make_plan(), tmp_path / "plan")
    (folder / "costs.csv").rename(tmp_path / "costs.csv")
    (folder / "costs.csv").symlink_to(tmp_path / "costs.csv")
    before = _tree(tmp_path)
    _refused(folder, "costs.csv")
    assert (folder / "costs.csv").is_symlink()
    assert _tree(tmp_path) == before


def test_modes_are_kept_and_what_systems_leave_is_no_obstacle(tmp_path: Path) -> None:
    """An earlier plan's folders and files keep their modes when a plan replaces it, and folders above are made."""
    folder = write_plan(office_plan(1), tmp_path / "new" / "plan")
    for path, mode in ((folder, 0o750), (folder / "calendars", 0o700), (folder / "schedule.csv", 0o600)):
        path.chmod(mode)
    (folder / ".DS_Store").write_text("")
    write_plan(office_plan(2), folder)
    modes = [path.stat().st_mode & 0o777 for path in (folder, folder / "calendars", folder / "schedule.csv")]
    assert modes == [0o750, 0o700, 0o600]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_names_that_nothing_can_have(tmp_path: Path, name: str) -> None:
    """A name that is too long, or holds a NUL, is an error in words."""
    _refused(tmp_path / name, "cannot write the plan")
    assert list(tmp_path.iterdir()) == []


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
