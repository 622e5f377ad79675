"""Each edit finds what it is about, and nothing is found of a claim that is as it should be."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.claims.code_files import read_code_tables
from schedopt.billing.claims.edits import EDITS, Look, scrubbed
from schedopt.billing.claims.tables import Claim, ClaimLine
from tests.billing.test_code_tables import DAY, TABLES

CODES = read_code_tables(TABLES)
TODAY = DAY + dt.timedelta(days=1)
NEXT = dt.timedelta(days=1)


def line(number: int, procedure: str = "99213", **more: Any) -> ClaimLine:
    """A line of 100.00."""
    said = {"charge": 10_000, "diagnoses": "E11.9 I10", **more}
    return ClaimLine(claim="c1", line=number, procedure=procedure, **said)


def look(*lines: ClaimLine, claim: dict[str, Any] | None = None, **more: Any) -> Look:
    """A claim with these lines."""
    usual = {"charge": sum(one.charge for one in lines), "date": DAY, "file_until": DAY + 90 * NEXT}
    made = Claim(claim="c1", patient="N1", provider="DR1", insurer="A", state="draft", **{**usual, **(claim or {})})
    return Look(made, lines, **{"today": TODAY, "tables": CODES, **more})


GOOD = look(line(1), line(2, "85025"), numbers={"the office": "1234567893"})
BAD: dict[str, Look] = {
    "self_paid": look(line(1), self_paid=True),
    "data_missing": look(line(1), missing=("the member's number (table memberships)",)),
    "provider_number": look(line(1), numbers={"the office": "1234567890"}),
    "lines": look(),
    "sum_of_lines": look(line(1), claim={"charge": 1}),
    "charge": look(line(1, charge=0)),
    "procedure": look(line(1, "9921")),
    "modifiers": look(line(1, modifiers="25 25")),
    "diagnosis": look(line(1, diagnoses="")),
    "diagnoses": look(*(line(n, f"9921{n}", diagnoses=" ".join(f"E{n}{m}" for m in range(4))) for n in range(1, 5))),
    "future": look(line(1), today=DAY - NEXT),
    "filing": look(line(1), claim={"file_until": DAY}),
    "duplicate_lines": look(line(1), line(2)),
    "pair": look(line(1, "11111"), line(2, "22222")),
    "units_of_line": look(line(1, "22222", units=4)),
    "units_of_day": look(line(1, "11111", units=2)),
    "many_of_day": look(line(1, "33333", units=3), line(2, "33333", units=2, modifiers="76")),
    "add_on": look(line(1, "55555"), line(2, "22222")),
    "add_on_open": look(line(1, "66666")),
}
"""By the name of an edit, a claim of which it alone finds something."""


def found(one: Look) -> list[str]:
    """Names of what is found."""
    return [edit.edit for edit in scrubbed(one)]


def test_the_document_lists_every_edit() -> None:
    """The table of docs/claims.md has each edit with its severity and sentence, and no other."""
    text = (Path(__file__).parents[2] / "docs" / "claims.md").read_text("utf-8")
    for edit in EDITS:
        assert f"| `{edit.name}` | {edit.severity} | {edit.about} |" in text
    assert len(re.findall(r"^\| `\w+` \| (?:error|warning) \|", text, re.M)) == len(EDITS)


def test_a_claim_as_it_should_be_has_no_edit() -> None:
    """No rule finds anything."""
    assert found(GOOD) == []


@pytest.mark.parametrize("name", [edit.name for edit in EDITS])
def test_each_edit_finds_what_it_is_about(name: str) -> None:
    """A claim with one thing wrong has that edit alone, with its severity, at a line of the claim."""
    (one,) = scrubbed(BAD[name])
    assert one.edit == name
    assert one.severity == next(edit.severity for edit in EDITS if edit.name == name)
    assert one.line in {0, *(row.line for row in BAD[name].lines)}
    assert one.words.startswith("expected ")


@pytest.mark.parametrize(
    "other",
    [
        look(line(1, "11111", modifiers="59"), line(2, "22222")),
        look(line(1, "11111"), line(2, "22222", modifiers="XU")),
        look(line(1, "11111"), line(2, "44444")),
        look(line(1, "11111"), line(2, "33333")),  # deleted before the visit
        look(line(1), line(2, modifiers="76")),
        look(line(1, "55555"), line(2, "11111")),
        look(line(1, "66666"), line(2)),
        look(line(1, "22222", units=3), line(2, "22222", units=3, modifiers="77")),
        look(line(1, "55555"), same_day=(line(1, "11111"),)),
    ],
)
def test_what_is_allowed_has_no_edit(other: Look) -> None:
    """A modifier that tells apart, an edit that has ended, a primary procedure beside it."""
    assert found(other) == []


def test_no_modifier_helps_where_none_is_allowed() -> None:
    """A pair with indicator 0 is never paid, on the days on which it holds."""
    day = dt.date(2025, 6, 1)
    lines = (line(1, "11111", modifiers="59"), line(2, "33333", modifiers="XU"))
    assert found(look(*lines, claim={"date": day}, today=day)) == ["pair"]


def test_another_claim_of_the_day_counts() -> None:
    """Units and pairs are those of the day, not of the claim."""
    assert found(look(line(1, "11111"), same_day=(line(1, "11111", modifiers="76"),))) == ["units_of_day"]
    assert found(look(line(1, "22222"), same_day=(line(1, "11111"),))) == ["pair"]


@given(st.sampled_from(sorted(BAD)), st.sampled_from(sorted(BAD)))
def test_edits_show_no_diagnosis(first: str, second: str) -> None:
    """Nothing that is found says a diagnosis, and each edit of a line is there once."""
    lines = tuple(row.model_copy(update={"line": n}) for n, row in
                  enumerate((*BAD[first].lines, *BAD[second].lines), 1))  # fmt: skip
    edits = scrubbed(look(*lines))
    assert len({(one.edit, one.line) for one in edits}) == len(edits)
    codes = {code for row in lines for code in row.diagnoses.split()}
    assert not any(code in one.words for one in edits for code in codes)
