"""What happens to a planned week, through the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.commands import invoke
from tests.cli.conftest import Planned


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_slots_are_ranked(planned: Planned) -> None:
    """A placed request gets other slots or is told that there are none, and why; cheaper slots stand higher."""
    visit = rows(planned.plan / "schedule.csv")[0]
    result = invoke("recommend", planned.office, planned.plan, visit["request"], "--top", 3)
    assert result.stdout.startswith(f"Request {visit['request']}, placed: other slots")
    assert result.exit_code == ("There is no slot for it." in result.stdout)
    assert "What ruled sessions out" in result.stdout


def test_who_is_called_is_listed_and_the_plan_written(planned: Planned, tmp_path: Path) -> None:
    """After a cancellation and a lost hour, nobody is where they cannot be, every change is in the calls, and the new
    plan checks clean but for what the office's own tables do not know of.
    """
    table = rows(planned.plan / "schedule.csv")
    gone, away = table[0], table[-1]
    stretch = f"{away['provider']}@{away['date']}T{away['start']}/{away['date']}T{away['end']}"
    result = invoke(
        "replan", planned.office, planned.plan, "--out", tmp_path / "new", "--cancelled", gone["request"], "--away",
        stretch, "--time-limit", 1,
    )  # fmt: skip
    assert result.exit_code in (0, 1)
    assert "Whom to call" in result.stdout
    after = {row["request"]: row for row in rows(tmp_path / "new" / "schedule.csv")}
    assert gone["request"] not in after
    assert after.get(away["request"], {}).get("start") != away["start"] or (
        after[away["request"]]["date"] != away["date"] or after[away["request"]]["provider"] != away["provider"]
    )
    for row in table[1:]:
        if after.get(row["request"], {}).get("steps") != row["steps"]:
            assert f"\n{row['request']} " in result.stdout
    assert "Breaches: none" in invoke("check", planned.office, tmp_path / "new").stdout
    record = json.loads((tmp_path / "new" / "plan.json").read_text("utf-8"))
    assert len(record["replanned"]) == 2


def test_a_freed_slot_is_offered(planned: Planned, tmp_path: Path) -> None:
    """In the hours of a cancelled visit, whoever is listed starts within them; in a full plan nobody fits."""
    visit = rows(planned.plan / "schedule.csv")[0]
    words = (visit["provider"], f"{visit['date']}T{visit['start']}", f"{visit['date']}T{visit['end']}")
    invoke("replan", planned.office, planned.plan, "--out", tmp_path / "new", "--cancelled", visit["request"])
    taken = invoke("fill", planned.office, planned.plan, *words)
    assert (taken.exit_code, taken.stdout) == (1, "Nobody fits.\n")
    free = invoke("fill", planned.office, tmp_path / "new", *words)
    assert free.exit_code == ("Nobody fits" in free.stdout)
    assert free.exit_code == 1 or visit["date"] in free.stdout


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("recommend", "R0"), "expected the id of a request planned"),
        (("fill", "DR9", "2026-11-30T09:00", "2026-11-30T10:00"), "expected the id of a provider"),
        (("fill", "DR1", "2026-11-30T10:00", "2026-11-30T09:00"), "after the start"),
        (("fill", "DR1", "tomorrow", "2026-11-30T09:00"), "expected a date and time"),
        (("replan",), "expected a change"),
        (("replan", "--away", "DR1"), "expected such as DR1@"),
        (("replan", "--away", "DR9@2026-11-30"), "'DR9'"),
        (("replan", "--cancelled", "R0"), "'R0'"),
    ],
)
def test_what_cannot_be_used_is_named(planned: Planned, tmp_path: Path, words: tuple[str, ...], named: str) -> None:
    """An unknown id, a time that is none, or no change at all gives exit status 2, and nothing is written."""
    out = ("--out", tmp_path / "new") if words[0] == "replan" else ()
    result = invoke(words[0], planned.office, planned.plan, *words[1:], *out)
    assert result.exit_code == 2
    assert named in " ".join(result.stderr.split())
    assert not (tmp_path / "new").exists()
