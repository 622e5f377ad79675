"""What must hold of a claim before it is sent: small rules, each with its name, its severity and its sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schedopt.billing.claims.code_tables import BYPASS, NO_TABLES, CodeTables
from schedopt.billing.claims.numbers import MOST_LINES, is_npi
from schedopt.billing.claims.tables import Claim, ClaimEdit, ClaimLine

Severity = Literal["error", "warning"]

MOST_DIAGNOSES = 12
"""Of a claim; a line points to four."""
MOST_POINTERS, MOST_MODIFIERS = 4, 4
_REPEATS = frozenset(["76", "77", "91", "59", "XE", "XP", "XS", "XU"])
"""Modifiers that say that a procedure was done again."""
_PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_DIAGNOSIS = re.compile(r"[A-TV-Z][0-9][0-9AB](?:\.?[0-9A-Z]{1,4})?")


class Found(NamedTuple):
    """What a rule has found.

    Attributes
    ----------
    line : int
        Of the claim; 0: the claim as a whole.
    words : str
        What was expected; no diagnosis, no name.
    """

    line: int
    words: str


@dataclass(frozen=True, repr=False)
class Look:
    """A claim with all that its rules look at.

    Attributes
    ----------
    claim : Claim
        The claim.
    lines : tuple of ClaimLine
        In their order.
    today : datetime.date
        On which day it is looked at, and would be sent.
    missing : tuple of str
        What nobody has told: in words, with the table where it belongs.
    numbers : mapping of str to str
        Provider identifiers that it would show, by whose they are.
    tables : CodeTables
        What is known of codes.
    same_day : tuple of ClaimLine
        Lines of other claims of the same patient, provider and day.
    self_paid : bool
        The patient pays, and the insurer must not be told.
    """

    claim: Claim
    lines: tuple[ClaimLine, ...]
    today: dt.date
    missing: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    tables: CodeTables = NO_TABLES
    same_day: tuple[ClaimLine, ...] = ()
    self_paid: bool = False


@dataclass(frozen=True)
class Edit:
    """A rule.

    Attributes
    ----------
    name : str
        By which it is known.
    severity : {"error", "warning"}
        An error keeps the claim from being sent.
    about : str
        Its sentence, for the document.
    find : callable
        What is wrong with a claim by this rule.
    """

    name: str
    severity: Severity
    about: str
    find: Callable[[Look], Iterator[Found]]


def modifiers_of(line: ClaimLine) -> tuple[str, ...]:
    """The modifiers of a line."""
    return tuple(line.modifiers.split())


def diagnoses_of(lines: Sequence[ClaimLine]) -> tuple[str, ...]:
    """The diagnoses of a claim, each once, in the order in which its lines name them; without points."""
    return tuple(dict.fromkeys(code.replace(".", "") for line in lines for code in line.diagnoses.split()))


def scrubbed(look: Look) -> tuple[ClaimEdit, ...]:
    """All that is wrong with a claim, rule by rule."""
    return tuple(
        ClaimEdit(claim=look.claim.claim, edit=edit.name, line=found.line, severity=edit.severity, words=found.words)
        for edit in EDITS
        for found in _one_a_line(edit.find(look))
    )


def _one_a_line(found: Iterator[Found]) -> list[Found]:
    """What a rule has found, all of a line in one."""
    words = dict[int, list[str]]()
    for one in found:
        words.setdefault(one.line, []).append(one.words)
    return [Found(line, "; ".join(dict.fromkeys(said))) for line, said in sorted(words.items())]


def _data_missing(look: Look) -> Iterator[Found]:
    yield from (Found(0, f"expected {what}") for what in look.missing)


def _self_paid(look: Look) -> Iterator[Found]:
    if look.self_paid:
        yield Found(0, "expected no claim: the patient pays, and the insurer must not be told")


def _no_lines(look: Look) -> Iterator[Found]:
    if not 1 <= len(look.lines) <= MOST_LINES:
        yield Found(0, f"expected 1 to {MOST_LINES} lines, not {len(look.lines)}")


def _sum_of_lines(look: Look) -> Iterator[Found]:
    if look.claim.charge != sum(line.charge for line in look.lines):
        yield Found(0, "expected the charge of the claim to be the sum of those of its lines")


def _charge(look: Look) -> Iterator[Found]:
    yield from (Found(line.line, "expected a charge above nothing") for line in look.lines if line.charge == 0)


def _provider_number(look: Look) -> Iterator[Found]:
    for whose, number in look.numbers.items():
        if number and not is_npi(number):
            yield Found(0, f"expected a national provider identifier with its check digit for {whose}")


def _procedure(look: Look) -> Iterator[Found]:
    for line in look.lines:
        if not _PROCEDURE.fullmatch(line.procedure):
            yield Found(line.line, "expected a CPT or HCPCS code of five letters and digits")


def _modifiers(look: Look) -> Iterator[Found]:
    for line in look.lines:
        said = modifiers_of(line)
        if len(said) > MOST_MODIFIERS or len(set(said)) < len(said) or not all(map(_MODIFIER.fullmatch, said)):
            yield Found(line.line, f"expected at most {MOST_MODIFIERS} modifiers of two letters or digits, each once")


def _diagnosis(look: Look) -> Iterator[Found]:
    for line in look.lines:
        codes = line.diagnoses.split()
        if not codes:
            yield Found(line.line, "expected a diagnosis")
        elif not all(map(_DIAGNOSIS.fullmatch, codes)):
            yield Found(line.line, "expected ICD-10-CM codes")
        if len(codes) > MOST_POINTERS:
            yield Found(line.line, f"expected at most {MOST_POINTERS} diagnoses of a line, not {len(codes)}")


def _diagnoses(look: Look) -> Iterator[Found]:
    count = len(diagnoses_of(look.lines))
    if count > MOST_DIAGNOSES:
        yield Found(0, f"expected at most {MOST_DIAGNOSES} diagnoses of a claim, not {count}")


def _future(look: Look) -> Iterator[Found]:
    if look.claim.date > look.today:
        yield Found(0, f"expected a visit that has been, not one of {look.claim.date}, to be sent on {look.today}")


def _filing(look: Look) -> Iterator[Found]:
    last = look.claim.file_until
    if last is not None and look.today > last:
        yield Found(0, f"expected it to be filed by {last}")


def _duplicates(look: Look) -> Iterator[Found]:
    first = dict[tuple[str, frozenset[str]], int]()
    for line in look.lines:
        same = (line.procedure, frozenset(modifiers_of(line)))
        if same in first and not same[1] & _REPEATS:
            words = f"expected units, or modifier 76, 77 or 91, instead of line {first[same]} again"
            yield Found(line.line, words)
        first.setdefault(same, line.line)


def _pairs(look: Look) -> Iterator[Found]:
    day = look.claim.date
    for line in look.lines:
        for other in (*look.lines, *look.same_day):
            if other is line or (pair := look.tables.pair(other.procedure, line.procedure, day)) is None:
                continue
            apart = BYPASS & {*modifiers_of(line), *modifiers_of(other)}
            if pair.indicator == "1" and apart:
                continue
            help_ = ", or a modifier that says they were apart" if pair.indicator == "1" else ""
            yield Found(line.line, f"expected {line.procedure} not beside {other.procedure} on one day{help_}")


def _units_of_line(look: Look) -> Iterator[Found]:
    for line in look.lines:
        most = look.tables.most_of(line.procedure, look.claim.date)
        if most is not None and most.indicator == "1" and line.units > most.units:
            yield Found(
                line.line, f"expected at most {most.units} units of {line.procedure} on a line, not {line.units}"
            )


def _units_of_day(indicator: str) -> Callable[[Look], Iterator[Found]]:
    def find(look: Look) -> Iterator[Found]:
        total = Counter[str]()
        for line in (*look.lines, *look.same_day):
            total[line.procedure] += line.units
        said = set[str]()
        for line in look.lines:
            most = look.tables.most_of(line.procedure, look.claim.date)
            if most is None or most.indicator != indicator or line.procedure in said:
                continue
            said.add(line.procedure)
            if total[line.procedure] > most.units:
                words = f"expected at most {most.units} units of {line.procedure} a day, not {total[line.procedure]}"
                yield Found(line.line, words)

    return find


def _add_on(kinds: str) -> Callable[[Look], Iterator[Found]]:
    def find(look: Look) -> Iterator[Found]:
        day = look.claim.date
        beside = [line.procedure for line in (*look.lines, *look.same_day)]
        alone = {code for code in beside if not look.tables.primaries(code, day)}
        for line in look.lines:
            needs = look.tables.primaries(line.procedure, day)
            if not needs or needs[0].kind not in kinds:
                continue
            listed = {one.primary for one in needs if one.primary}
            if not (listed & set(beside) if listed else alone):
                yield Found(line.line, f"expected a procedure to which {line.procedure} is added")

    return find


EDITS: tuple[Edit, ...] = (
    Edit("self_paid", "error", "the patient does not pay the visit, nor asks that the insurer be not told", _self_paid),
    Edit("data_missing", "error", "all is there that a claim has to say", _data_missing),
    Edit("provider_number", "error", "identifiers of providers have their check digit", _provider_number),
    Edit("lines", "error", f"a claim has 1 to {MOST_LINES} lines", _no_lines),
    Edit("sum_of_lines", "error", "the claim's charge is the sum of its lines", _sum_of_lines),
    Edit("charge", "warning", "a line has a charge", _charge),
    Edit("procedure", "error", "a line has a code of five letters and digits", _procedure),
    Edit("modifiers", "error", "modifiers are at most four, each once", _modifiers),
    Edit("diagnosis", "error", "a line has one to four diagnoses, which are ICD-10-CM codes by their form", _diagnosis),
    Edit("diagnoses", "error", "a claim has at most twelve diagnoses", _diagnoses),
    Edit("future", "error", "the visit is not after the day on which it is sent", _future),
    Edit("filing", "warning", "the last day of filing has not passed", _filing),
    Edit("duplicate_lines", "error", "no line says what another says, but for a modifier of repetition", _duplicates),
    Edit("pair", "error", "no procedure stands beside one with which it is not paid (NCCI)", _pairs),
    Edit("units_of_line", "error", "units of a line are likely (MUE, indicator 1)", _units_of_line),
    Edit("units_of_day", "error", "units of a day are likely, by policy (MUE, indicator 2)", _units_of_day("2")),
    Edit("many_of_day", "warning", "units of a day are likely, by experience (MUE, indicator 3)", _units_of_day("3")),
    Edit("add_on", "error", "a procedure that is added stands beside one of its list (type 1)", _add_on("1")),
    Edit("add_on_open", "warning", "the same, where payers add to the list (types 2 and 3)", _add_on("23")),
)  # fmt: skip
"""Every rule, in the order in which what they find is shown."""
