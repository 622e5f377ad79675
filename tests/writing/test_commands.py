"""Commands that are ended while they write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.commands import invoke, run
from tests.writing.commands import COMMANDS, prepare
from tests.writing.ended import tree
from tests.writing.test_writing import DEEP, forks, script

SOME = ("publish",)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an office, a plan and a simulation, which no test here may change."""
    folder = tmp_path_factory.mktemp("writing") / "prepared"
    prepare(folder)
    return folder


@forks
def test_commands_ended_anywhere(prepared: Path) -> None:
    """Ended at any call and at any moment, every writing command leaves the old or the new, and nothing else. Some
    commands and some calls are tried, and with the profile ``deep`` all.
    """
    words = () if DEEP else (*SOME, "--stride", "53", "--at-random", "3")
    said = script("tests.writing.commands", *words, "--prepared", str(prepared))
    assert said.count("; wrong 0") == len(COMMANDS if DEEP else SOME)


@pytest.mark.parametrize(
    "out",
    ["office/requests.csv", "office/office.toml", "office/new.csv", "plan/costs.csv", "plan/calendars/DR1.ics",
     "plan/new.csv", "simulated/total.csv", "link.csv"],
)  # fmt: skip
def test_no_table_is_written_over(prepared: Path, out: str) -> None:
    """Neither publish nor check writes into the folder of an office, a plan or a simulation, not even by a link."""
    if not (prepared / "link.csv").is_symlink():
        (prepared / "link.csv").symlink_to(prepared / "office" / "requests.csv")
    before = tree(prepared)
    for words in (("publish", "--through", "2026-11-30"), ("check",)):
        result = invoke(words[0], prepared / "office", prepared / "plan", *words[1:], "--out", prepared / out)
        assert result.exit_code == 2
        assert "expected a file outside the folder of" in result.stderr
    assert tree(prepared) == before


@pytest.mark.parametrize("name", ["leave.csv", "cancellations.csv"])
def test_published_beside_somebody_elses_file(prepared: Path, tmp_path: Path, name: str) -> None:
    """Elsewhere, a file of a table's name with other columns is not replaced, and the appointments get another name."""
    (tmp_path / "cancellations.csv").write_text("mine\n")
    out = tmp_path / ("promised.csv" if name == "cancellations.csv" else name)
    result = invoke("publish", prepared / "office", prepared / "plan", "--through", "2026-11-30", "--out", out)
    assert result.exit_code == 2
    assert f"{name}: " in result.stderr
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine\n"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_targets_are_found_before(prepared: Path, tmp_path: Path) -> None:
    """Where nothing may be written, the command says so and ends with status 2."""
    tmp_path.chmod(0o500)
    result = run("simulate", prepared / "office", prepared / "plan", "--out", tmp_path / "out")
    tmp_path.chmod(0o700)
    assert result.returncode == 2
    assert "Permission denied" in result.stderr
