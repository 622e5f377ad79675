"""Every example runs, uses public names only, fits on a page, and says what its docstring promises."""

from __future__ import annotations

import ast
import re
from functools import partial
from pathlib import Path

import pytest

import schedopt

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
SAYS = {
    "audit_a_schedule": ["R6 breaks ready_day", "R7 breaks provider_time", "R1: DR1 has no session"],
    "fair_to_people": ["access_wait_all_days", "valley", "without the rule"],
    "from_dataframes": ["12 of 12 requested", "treatment", "LASER-1"],
    "front_desk": ["Other slots for", "whom to call", "could take the time of"],
    "one_session": ["no schedule of the slots costs less than", "equal spacing", "patients to book"],
    "plan_a_week": ["Riverside Family Practice", "no schedule costs less", "0 rules broken"],
    "why_not": ["sessions", "Other places, cheapest first"],
}


def _run(text: str) -> None:
    """Run a script's text, with little time for planning."""
    exec(compile(re.sub(r"time_limit=\d+", "time_limit=1", text), "example", "exec"), {})


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with the examples in it, and little time for repairs."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(schedopt, "replan", partial(schedopt.replan, time_limit=0.5))
    return tmp_path


def test_every_example_is_known() -> None:
    """What each script should say is written down here."""
    assert [file.stem for file in EXAMPLES] == sorted(SAYS)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_run(file: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An example runs from the repository's folder and prints what it is about."""
    _run(file.read_text(encoding="utf-8"))
    printed = capsys.readouterr().out
    assert [words for words in SAYS[file.stem] if words not in printed] == []
    if file.stem == "plan_a_week":
        assert (elsewhere / "out" / "week" / "report.html").is_file()


def _is_schedopt(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "schedopt"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_are_short_and_use_public_names(file: Path) -> None:
    """Fewer than 40 lines, a docstring, and nothing of schedopt but what it offers, or what designs single sessions."""
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) < 40
    assert ast.get_docstring(tree)
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    inner = {module for module in imported if module and module.startswith("schedopt")}
    libraries = ("schedopt.session_design.", "schedopt.uncertainty.distributions")
    assert all(module.startswith(libraries) for module in inner)
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_schedopt(node.value)}
    assert used <= set(schedopt.__all__)


def test_the_readme_shows_the_first_example() -> None:
    """The library example of README.md is examples/plan_a_week.py, without its docstring."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.split("```python\n")[1].split("```")[0]
    script = (ROOT / "examples" / "plan_a_week.py").read_text(encoding="utf-8")
    assert script.partition('"""\n\n')[2] == shown
