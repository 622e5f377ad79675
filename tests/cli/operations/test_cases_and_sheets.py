"""``schedopt cases`` and ``schedopt sheets`` as users run them: what they say, write, and leave with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import schedopt
from schedopt.answers.result import plan_around
from schedopt.example import write_example
from schedopt.office import assemble, read_office, read_schedule
from tests.cli.commands import WEEK, invoke
from tests.operations.day_offices import WEEK as FIRST

DAY = "2026-12-03"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An invented office, and a plan of what was promised in it."""
    folder = tmp_path_factory.mktemp("desk")
    office = read_office(write_example(folder / "office", sites=1, providers=2, seed=3))
    problem = assemble(office, FIRST)
    rows = [row for row in office.appointments or () if problem.calendar.covers(row.date)]
    text = "request,provider,date,start\n" + "".join(
        f"{row.request},{row.provider},{row.date},{row.start // 60:02}:{row.start % 60:02}\n" for row in rows
    )
    (folder / "typed.csv").write_text(text, "utf-8")
    schedule, _ = read_schedule(problem, folder / "typed.csv")
    schedopt.write_plan(plan_around(problem, schedule, {}), folder / "plan")
    return folder / "office", folder / "plan"


@pytest.fixture(scope="module")
def store(folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same office in a store."""
    place = tmp_path_factory.mktemp("store") / "office.store.toml"
    assert invoke("store", "init", place, "--url", f"sqlite:///{place.parent}/office.db", "--keys",
                  place.parent / "keys", "--actor", "ann").exit_code == 0  # fmt: skip
    assert invoke("store", "import", place, folders[0]).exit_code == 0
    return place


def test_sheets_of_a_folder(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A page and a table for each; written again in place of the old ones; names where they are asked for alone."""
    office, plan = folders
    names = {row.name for row in read_office(office).patients if row.name}
    for more, shown in (("--replications=0", False), ("--names", True)):
        result = invoke("sheets", office, plan, DAY, "--out", tmp_path / "sheets", "--replications", "0", more)
        assert (result.exit_code, "Visits" in result.stdout) == (0, True)
        files = {file.name: file.read_text("utf-8") for file in (tmp_path / "sheets").iterdir()}
        said = set(json.loads(files["sheets.json"])["files"])
        assert said | {"sheets.json"} == set(files)
        assert {"huddle.csv", "desk-MAIN.html", "desk-MAIN.csv", "provider-DR1.html", "support-MAIN.html"} <= said
        text = "".join(files.values()) + result.stdout
        assert any(name in text for name in names) == shown
    assert invoke("sheets", office, plan, DAY, "--replications", "0").exit_code == 0


@pytest.mark.parametrize("words", [("2027-01-01",), ("soon",), (), (DAY, "--received", "R1", "form")])
def test_sheets_that_cannot_be(folders: tuple[Path, Path], words: tuple[str, ...]) -> None:
    """A day that is none, or not planned, no day, or something received by a folder: exit status 2."""
    result = invoke("sheets", *folders, *words, "--replications", "0")
    assert result.exit_code == 2
    assert result.stderr


def test_strange_files_stay(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A folder with something else in it is not written into."""
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    result = invoke("sheets", *folders, DAY, "--out", tmp_path, "--replications", "0")
    assert result.exit_code == 2
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_sheets_of_bookings(store: Path, tmp_path: Path) -> None:
    """A store needs no plan; what is received is missing no more."""
    for words in ((DAY,), ("bookings", DAY)):
        out = tmp_path / "sheets"
        result = invoke("sheets", store, *words, "--out", out, "--replications", "0")
        assert result.exit_code == 0, result.stderr
    table = (out / "desk-MAIN.csv").read_text("utf-8")
    row = next(line for line in table.splitlines() if "interpreter for" in line)
    request = re.findall(r"\bR[0-9]+\b", row)[0]
    again = invoke("sheets", store, DAY, "--received", request, "interpreter", "--out", out, "--replications", "0")
    assert again.exit_code == 0, again.stderr
    after = (out / "desk-MAIN.csv").read_text("utf-8")
    assert not any("interpreter for" in line for line in after.splitlines() if f",{request}," in line)


def test_a_case_from_beginning_to_end(store: Path) -> None:
    """Opened, acknowledged, answered, handed over, closed and opened again; what is not done then is refused."""
    said = invoke("cases", "open", store, "complaint", "waiting-time", "--words", "waited", "--received", "2020-01-02")
    assert said.exit_code == 0, said.stderr
    case = said.stdout.partition(":")[0]
    listed = invoke("cases", "list", store)
    assert (listed.exit_code, case in listed.stdout, "waited" in listed.stdout) == (1, True, False)
    for words, status, shown in (
        (("acknowledge", case), 0, "acknowledged"), (("acknowledge", case), 2, ""),
        (("note", case, "--words", "rang"), 0, "acknowledged"), (("hand-over", case, "nobody"), 2, ""),
        (("hand-over", case, "ann"), 0, "acknowledged"), (("answer", case), 0, "answered"),
        (("close", case, "fine"), 2, ""), (("close", case, "resolved"), 0, "closed"),
        (("reopen", case), 0, "acknowledged"), (("close", case, "withdrawn"), 0, "closed"),
        (("note", "c0", "--words", "x"), 2, ""),
    ):  # fmt: skip
        result = invoke("cases", words[0], store, *words[1:])
        assert (result.exit_code, shown in result.stdout) == (status, True), words
    whole = invoke("cases", "show", store, case)
    assert (whole.exit_code, "waited" in whole.stdout, "rang" in whole.stdout) == (0, True, True)
    assert invoke("cases", "list", store).exit_code == 0
    assert invoke("cases", "rules", store).exit_code == 0
    assert invoke("cases", "trends", store, "--by", "kind", "--months", "2").exit_code == 0
    assert invoke("cases", "escalate", store).exit_code == 0


def test_material_and_grade(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Material in the language, or a word that there is none; a text that is too hard."""
    office, _ = folders
    spanish = invoke("cases", "material", office, "vaccination", WEEK, "--language", "es")
    assert (spanish.exit_code, "not in" in spanish.stdout) == (0, False)
    chinese = invoke("cases", "material", office, "vaccination", WEEK, "--language", "Chinese")
    assert (chinese.exit_code, "not in Chinese" in chinese.stdout) == (1, True)
    assert invoke("cases", "material", office, "dancing", WEEK).exit_code == 2
    file = tmp_path / "text.txt"
    file.write_text("Do not eat. You may drink.", "utf-8")
    assert invoke("cases", "grade", file).exit_code == 0
    file.write_text("Discontinue anticoagulation medication preoperatively.", "utf-8")
    assert invoke("cases", "grade", file).exit_code == 1
    assert invoke("cases", "grade", tmp_path / "none.txt").exit_code == 2
