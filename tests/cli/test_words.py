"""What offices need to say, in offices that were collected elsewhere: what they ask for is what the commands answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.commands import WEEK, invoke
from tests.cli.test_desk import rows

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="cases are not next to this repository (../shared/cases)")


def _office(folder: Path, name: str, **tables: str) -> Path:
    """A copy of a case, with more tables, or with others."""
    office = Path(shutil.copytree(CASES / name, folder / "office"))
    for table, text in tables.items():
        (office / f"{table}.csv").write_text(text, encoding="utf-8")
    return office


def _plan(office: Path, *words: str) -> dict[str, str]:
    """By request, day and start of each visit of the best plan."""
    made = invoke("plan", office, "--week", WEEK, "--out", office.parent / "plan", "--time-limit", 1, "--quiet", *words)
    assert made.exit_code == 0, made.stderr
    return {row["request"]: f"{row['date']} {row['start']}" for row in rows(office.parent / "plan" / "schedule.csv")}


RESERVED = "start,end,places,minutes,urgency,release_hours\n08:00,12:00,2,15,3,2\n"
UNPROMISED = "request,provider,date,start,mark\n"


@pytest.mark.parametrize(
    ("now", "visits"), [((), 7), (("--now", "2026-11-30T05:59"), 7), (("--now", "2026-11-30T06:00"), 8)]
)
def test_same_day_places(tmp_path: Path, now: tuple[str, ...], visits: int) -> None:
    """Of four hours, two places of a quarter of an hour are kept for urgent calls: seven visits of half an hour fit in,
    and eight from two hours before the morning on.
    """
    asked = "request,patient,visit_type\n" + "".join(f"R{n},P{n},v\n" for n in range(1, 10))
    office = _office(tmp_path, "20-reserve-same-day", reserves=RESERVED, requests=asked, appointments=UNPROMISED)
    planned = _plan(office, *now)
    assert len(planned) == visits
    asked = invoke("recommend", office, tmp_path / "plan", "R9", "--now", "2026-11-30T05:00")
    assert "There is no slot for it." in asked.stdout
    left = [f"R{n}" for n in range(1, 10) if f"R{n}" not in planned]
    repaired = invoke(
        "replan", office, tmp_path / "plan", "--urgent", left[0], "--now", "2026-11-30T06:30", "--out", tmp_path / "new"
    )
    assert repaired.exit_code == (1 if visits == 8 else 0)
    assert "Breaches: none" in invoke("check", office, tmp_path / "new").stdout


def _told(tmp_path: Path, *visits: str) -> str:
    """A typed schedule's file."""
    file = tmp_path / "typed.csv"
    file.write_text("\n".join(["request,provider,date,start", *visits]), encoding="utf-8")
    return str(file)


def test_a_day_s_notice(tmp_path: Path) -> None:
    """On Monday at eleven nothing begins before Tuesday at eleven: in a plan, a check and a repair."""
    office = _office(tmp_path, "26-minimum-notice")
    (office / "office.toml").write_text((office / "office.toml").read_text() + "\n[defaults]\nnotice_hours = 24\n")
    now = ("--now", "2026-11-30T11:00")
    assert set(_plan(office, *now).values()) == {"2026-12-01 11:00", "2026-12-01 11:30"}
    typed = _told(tmp_path, "R1,DR1,2026-12-01,10:30", "R2,DR1,2026-12-01,11:00")
    assert "Breaches: none" in invoke("check", office, typed).stdout
    late = invoke("check", office, typed, *now)
    assert late.exit_code == 1
    assert "Breaches: 1" in late.stdout
    assert "R1       notice" in late.stdout
    assert "Fixed promises: 0" in invoke("conflict", office, "--week", WEEK, *now).stdout
    early = set(_plan(office).values())
    assert "2026-11-30 08:00" in early
    assert "Breaches: none" in invoke("check", office, tmp_path / "plan", *now).stdout
    away = ("--away", "DR1@2026-11-30", "--out", tmp_path / "new")
    for words, start in (((), "08:30"), (now, "11:00")):
        assert invoke("replan", office, tmp_path / "plan", *away, *words).exit_code == 0
        after = {row["request"]: row for row in rows(tmp_path / "new" / "schedule.csv")}
        assert (after["R2"]["date"], after["R2"]["start"]) == ("2026-12-01", start)
        assert "Breaches: none" in invoke("check", office, tmp_path / "new").stdout
