"""Claims and their lines as a store keeps them, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, cast

from schedopt.billing.accounts.adjudications import ClaimLine
from schedopt.billing.claims.numbers import line_control
from schedopt.billing.claims.states import TAKEN_IN, Event, after
from schedopt.billing.claims.tables import ClaimState
from schedopt.models.tables.money import cents_of
from schedopt.registry.exchange import key_of
from schedopt.store import facts
from schedopt.store.facts import Fact
from schedopt.store.session import Call

CLAIMS, LINES = "claims", "claim_lines"
_LINES_AT_ONCE = 4
_CLAIMS_AT_ONCE = 2000


class Outcome(NamedTuple):
    """What a claim's decisions come to, with the payer's number of it and the day of the check that said so."""

    what: str
    payer_control: str
    day: str


def claims_of(call: Call, names: Iterable[str]) -> dict[str, Fact]:
    """Those of some claims that there are."""
    found = facts.known(call.connection, CLAIMS, by="key", values=[key_of(name) for name in names])
    return {fact.cells["claim"]: fact for fact in found}


def lines_of(call: Call, names: Iterable[str]) -> dict[str, list[ClaimLine]]:
    """Lines of some claims, by claim."""
    found, wanted, first = defaultdict[str, list[ClaimLine]](list), list(dict.fromkeys(names)), 1
    while wanted:  # nearly all claims have few lines: more are looked for where the last of these is there
        last = first + _LINES_AT_ONCE
        keys = [key_of(name, str(line)) for name in wanted for line in range(first, last)]
        for fact in facts.known(call.connection, LINES, by="key", values=keys):
            name, line = claim_line(fact.cells)
            found[name].append(line)
        wanted, first = [name for name in wanted if any(line.line == last - 1 for line in found[name])], last
    return {name: sorted(lines) for name, lines in found.items() if lines}


def claim_line(cells: Mapping[str, str]) -> tuple[str, ClaimLine]:
    """A line by its cells, with its claim."""
    claim, number = cells["claim"], int(cells["line"])
    modifiers = tuple(sorted(cells.get("modifiers", "").split()))
    return claim, ClaimLine(
        number, line_control(claim, number), cells["procedure"], modifiers, cents_of(cells["charge"])
    )  # fmt: skip


def write_outcomes(call: Call, outcomes: Mapping[str, Outcome]) -> list[tuple[str, str | None]]:
    """Bring claims to the state that follows from what was decided of them; what is as it was is not written again.

    Returns
    -------
    list of (str, str or None)
        Claims that a decided one replaces, which stand no more, and the one that stands in their place; None: none.
    """
    if not outcomes:
        return []
    call.may("change", CLAIMS, ("state", "accepted_on", "payer_control", "answer"))
    names, ended = list(outcomes), list[tuple[str, str | None]]()
    for first in range(0, len(names), _CLAIMS_AT_ONCE):
        ended += _written(call, {name: outcomes[name] for name in names[first : first + _CLAIMS_AT_ONCE]})
    return ended


def _written(call: Call, outcomes: Mapping[str, Outcome]) -> list[tuple[str, str | None]]:
    there = claims_of(call, outcomes)
    new = {name: _decided(fact.cells, outcomes[name]) for name, fact in there.items()}
    replaced = [cells["replaces"] for cells in new.values() if "replaces" in cells]
    there = {**claims_of(call, replaced), **there}
    ended = list[tuple[str, str | None]]()
    for name, cells in list(new.items()):
        old = cells.get("replaces", "")
        before = new.get(old) or (there[old].cells if old in there else None)
        if before is not None and {before["state"], cells["state"]} <= TAKEN_IN:
            is_void = cells.get("frequency") == "8"
            new[old] = {**before, "state": after(cast(ClaimState, before["state"]), "void" if is_void else "replace")}
            ended.append((old, None if is_void else name))
    changed = [name for name, cells in new.items() if cells != there[name].cells]
    call.end([there[name] for name in changed])
    call.insert([replace(there[name], cells=new[name], since=call.number) for name in changed])
    return ended


def _decided(cells: Mapping[str, str], outcome: Outcome) -> dict[str, str]:
    """A claim's cells after a decision: whoever decides has taken it in."""
    what, control, day = outcome
    state = after(cast(ClaimState, cells["state"]), cast(Event, what))
    said = {"state": state, "payer_control": control, "answer": f"835 of {day}: {what}"}
    filed = min(day, cells.get("accepted_on", day)) if state in TAKEN_IN else ""
    return {**cells, **{column: cell for column, cell in {**said, "accepted_on": filed}.items() if cell}}


def patients_claims(call: Call, patient: str) -> dict[str, Fact]:
    """The claims of a patient."""
    return {fact.cells["claim"]: fact for fact in facts.known(call.connection, CLAIMS, by="patient", values=[patient])}
