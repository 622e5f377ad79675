"""Names only where asked for, and ids and names that would be programs elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import WEEK, invoke, write_tiny
from tests.office.folders import SECRET_NAME, SECRET_YEAR

SCRIPT = "<script>alert(1)</script>"


def unfolded(folder: Path) -> dict[str, str]:
    """Text of every file by its path in a folder, folded lines of calendars put together."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes().decode().replace("\r\n ", "") for p in files}


@pytest.mark.parametrize("names", [(), ("--names",)])
def test_names_only_where_asked_for(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Names stand in the report and the calendars with --names, otherwise nowhere; birth dates never."""
    office, plan = write_tiny(tmp_path / "office"), tmp_path / "plan"
    result = invoke("plan", office, "--week", WEEK, "--out", plan, *names)
    assert result.exit_code == 0
    files = unfolded(plan)
    with_name = {name for name, text in files.items() if SECRET_NAME in text}
    assert with_name == ({"report.html", "calendars/DR1.ics"} if names else set())
    said = [result.output, invoke("check", office, plan).output, invoke("explain", office, plan, "R1").output]
    assert not any(SECRET_NAME in text for text in said)
    assert not any(f"{SECRET_YEAR}-07" in text for text in (*files.values(), *said))


def test_ids_and_names_that_are_programs(tmp_path: Path) -> None:
    """Ids such as =cmd() and <object> go through plan, check and explain, and come out as text alone."""
    edits = [
        ("patients", 2, "name", SCRIPT),
        ("requests", 2, "request", "=cmd()"),
        ("requests", 5, "request", "<object>"),
    ]
    edits += [
        ("requests", 3, "after", "=cmd()"),
        ("availability", 2, "request", "=cmd()"),
        ("age_days", 2, "request", "=cmd()"),
        ("received", 3, "request", "=cmd()"),
    ]
    edits += [("requests", 6, "same_day_as", "<object>")]
    office, plan = write_tiny(tmp_path / "office", *edits), tmp_path / "plan"
    assert invoke("plan", office, "--week", WEEK, "--out", plan, "--names").exit_code == 0
    files = unfolded(plan)
    assert "\n'=cmd()," in files["schedule.csv"]
    assert SCRIPT not in files["report.html"]
    assert "<object>" not in files["report.html"]
    assert "alert(1)" in files["report.html"]
    assert invoke("check", office, plan).exit_code == 0
    assert "Placed with DR1" in invoke("explain", office, plan, "=cmd()").stdout
    assert "Request <object>" in invoke("explain", office, plan, "<object>").stdout


def test_what_drives_a_terminal_is_not_printed(tmp_path: Path) -> None:
    """Escape sequences in a file that is read do not reach the terminal."""
    office = write_tiny(tmp_path / "office", ("requests", 2, "visit_type", "\x1b[31m\x9b31m"))
    result = invoke("plan", office, "--week", WEEK, "--out", tmp_path / "plan")
    assert result.exit_code == 2
    assert not {"\x1b", "\x9b"} & set(result.output)
