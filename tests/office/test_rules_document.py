"""docs/rules.md says what the rules say, and none is missing."""

from __future__ import annotations

import datetime as dt
import inspect
import textwrap
from pathlib import Path

import pytest

import schedopt
from schedopt.office.rules_document import rules_document
from schedopt.records import rules, wishes

ROOT = Path(__file__).parents[2]


def test_committed_document_is_the_generated_one() -> None:
    """docs/rules.md is what the classes say today; write it anew with rules_document()."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_document()


@pytest.fixture(scope="module")
def problem() -> schedopt.Problem:
    return schedopt.assemble(schedopt.read_office(ROOT / "examples" / "office"), dt.date(2026, 11, 30))


def test_every_rule_of_the_example_has_one_row(problem: schedopt.Problem) -> None:
    """Each rule and coupling that the bundled office calls for stands there once, with its reason."""
    lines = rules_document().splitlines()
    reasons = {r.name: r.reason for r in problem.rules} | {c.name: c.reason for c in problem.couplings}
    for name, reason in reasons.items():
        (row,) = [line for line in lines if line.startswith(f"| `{name}` | ")]
        assert f" | {reason} | " in row


def test_every_row_is_whole() -> None:
    """Every rule says something, and every table's rows have as many cells as its head."""
    width = 0
    for line in rules_document().splitlines():
        if line.startswith("| name"):
            width = line.count("|")
        elif line.startswith("| `"):
            assert line.count("|") == width
            assert all(cell.strip() for cell in line.split("|")[1:5])


def test_every_price_is_named(problem: schedopt.Problem) -> None:
    """Each weight of office.toml is the price of a rule or coupling."""
    text = rules_document()
    assert [name for name in problem.weights if f"`{name}`: " not in text] == []


def test_the_worked_example_is_the_real_code() -> None:
    """The class and the line that CONTRIBUTING.md shows for adding a rule are those of the rule."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown, line = (textwrap.dedent(block.split("   ```")[0]) for block in text.split("```python\n")[1:3])
    assert inspect.getsource(wishes.AtSite) == shown
    assert line.strip() in inspect.getsource(rules.record_rules)
