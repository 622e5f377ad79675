"""Claims of visits that took place: made, brought up to what was coded, and looked through."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from schedopt.billing.claims.code_tables import NO_TABLES, CodeTables
from schedopt.billing.claims.edits import Look, scrubbed
from schedopt.billing.claims.filing import filing_ends
from schedopt.billing.claims.states import Deed, after
from schedopt.billing.claims.tables import Claim, ClaimEdit, ClaimLine, ClaimState, Encounter
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money import outgoing as out
from schedopt.registry.money.priors import priors_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.tables import self_paid
from schedopt.store import facts
from schedopt.store.session import Call, random_id

OPEN: frozenset[ClaimState] = frozenset(["draft", "ready"])
"""States of a claim that has not left the office."""

_GONE: frozenset[ClaimState] = frozenset(["replaced", "void", "rejected"])
"""States of claims whose lines do not count beside those of others."""

Visit = tuple[str, str, dt.date]
"""Patient, provider and day."""

_LINE = ("procedure", "modifiers", "units", "charge", "diagnoses", "place")


def new_claim_id() -> str:
    """A claim's id: 76 random bits, 20 characters."""
    return random_id("c")[:20]


@dataclass
class Making:
    """Visits that were coded, their claims, and what becomes of them.

    Attributes
    ----------
    call : Call
        In which it is done.
    tables : CodeTables
        What is known of codes.
    also : tuple of str
        Claims that are looked at beside those that have not left the office.
    notes : dict of str to str
        By request: why there is no claim.
    claims : dict of str to Claim
        Claims that were looked through, as they are now.
    edits : list of ClaimEdit
        What was found of them.
    """

    call: Call
    tables: CodeTables = NO_TABLES
    also: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    edits: list[ClaimEdit] = field(default_factory=list)
    _changes: Changes = field(default_factory=Changes)
    _new: set[str] = field(default_factory=set)
    _lines: dict[str, list[ClaimLine]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row_class in (Encounter, Claim, ClaimLine, ClaimEdit):
            self.call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)

    @cached_property
    def coded(self) -> Mapping[str, list[Encounter]]:
        """What was coded, by request, in its order."""
        found = defaultdict[str, list[Encounter]](list)
        for one in sorted(kept(self.call, Encounter), key=lambda one: (one.row.request, one.row.line)):
            found[one.row.request].append(one.row)
        return found

    @property
    def codes(self) -> frozenset[str]:
        """Procedures of what was coded, and of claims that have not left the office."""
        own = {one.procedure for some in self.coded.values() for one in some}
        of_claims = {one.row.procedure for some in self._kept_lines.values() for one in some}
        return frozenset(own | of_claims)

    @cached_property
    def secret(self) -> frozenset[str]:
        """Requests that the patient pays, and of which the insurer learns nothing."""
        self.call.may("read", "restrictions", ("kind", "request"))
        return self_paid(self.call)

    @cached_property
    def visits(self) -> Mapping[str, Visit]:
        """Patient, provider and day of visits that took place, by request."""
        wanted = {*self.coded, *(str(one.row.request) for one in self._open if one.row.request)}
        wanted |= {str(one.row.request) for one in self._named if one.row.request}
        return out.fulfilled(self.call, sorted(wanted))

    @cached_property
    def _open(self) -> list[Kept[Claim]]:
        return [one for one in kept(self.call, Claim) if one.row.state in OPEN]

    @cached_property
    def _named(self) -> list[Kept[Claim]]:
        return kept(self.call, Claim, by="key", values=[key_of(name) for name in self.also])

    @cached_property
    def _patients(self) -> list[str]:
        of_claims = {one.row.patient for one in (*self._open, *self._named)}
        return sorted({*(patient for patient, _, _ in self.visits.values()), *of_claims})

    @cached_property
    def _of_patients(self) -> dict[str, Kept[Claim]]:
        """Every claim of these patients, by id."""
        return {one.row.claim: one for one in kept(self.call, Claim, by="patient", values=self._patients)}

    @cached_property
    def _kept_lines(self) -> dict[str, list[Kept[ClaimLine]]]:
        return out.lines_of(self.call, self._patients)

    @cached_property
    def _known(self) -> out.Known:
        return out.known_of(self.call, self._patients)

    def make(self) -> None:
        """A claim for each visit that was coded, took place and is insured; claims that are open follow the codes."""
        covered = out.insurers(self.call, self._patients)
        permits = out.authorisations(self.call, self._patients)
        types = self._visit_types()
        standing, secret = self._standing(), self.secret
        for request, coded in sorted(self.coded.items()):
            visit = self.visits.get(request)
            if visit is None:
                self.notes[request] = "the visit has not taken place"
                continue
            patient, _, day = visit
            insurer = out.on_day(covered.get(patient, ()), day)
            if request in secret:
                self.notes[request] = "the patient pays, and asks that the insurer be not told"
            elif insurer is None:
                self.notes[request] = "no insurer covers the patient on this day: the patient pays"
            else:
                permit = out.on_day(permits.get((patient, insurer, types.get(request, "")), ()), day)
                wanted = self._claim(request, visit, insurer, permit, coded)
                self._bring(wanted, coded, standing.get(request))
        for one in self._open:
            self.claims.setdefault(one.row.claim, one.row)

    def _visit_types(self) -> dict[str, str]:
        self.call.may("read", "requests", ("request", "visit_type"))
        rows = facts.known(self.call.connection, "requests", by="request", values=list(self.coded))
        return {fact.cells["request"]: fact.cells.get("visit_type", "") for fact in rows}

    def _standing(self) -> dict[str, Kept[Claim]]:
        """By request, the claim of the first insurer that no other replaces."""
        replaced = {one.row.replaces for one in self._of_patients.values() if one.row.replaces}
        found = [one for one in self._of_patients.values() if one.row.rank == "primary" and one.row.request]
        return {str(one.row.request): one for one in found if one.row.claim not in replaced}

    def _claim(
        self, request: str, visit: Visit, insurer: str, permit: str | None, coded: Sequence[Encounter]
    ) -> Claim:  # fmt: skip
        patient, provider, day = visit
        payer = self._known.payers.get(insurer)
        return Claim(
            claim=new_claim_id(), patient=patient, request=request, provider=provider, insurer=insurer, date=day,
            charge=sum(one.charge for one in coded), state="draft", authorisation=permit,
            file_until=filing_ends(day, payer.filing_days if payer else None),
        )  # fmt: skip

    def _bring(self, wanted: Claim, coded: Sequence[Encounter], old: Kept[Claim] | None) -> None:
        """Make a claim, or bring it to what was coded where it has not left the office, or came back."""
        if old is None:
            self._new.add(wanted.claim)
            self.claims[wanted.claim] = wanted
            self._lines[wanted.claim] = lines_from(wanted.claim, coded)
            return
        row = old.row
        lines = lines_from(row.claim, coded)
        if row.frequency == "8" or row.state not in (*OPEN, "rejected"):
            return
        names = ("provider", "insurer", "date", "charge", "authorisation", "file_until")
        new = row.model_copy(update={name: getattr(wanted, name) for name in names})
        before = [one.row for one in self._kept_lines.get(row.claim, [])]
        if row.state in OPEN or new != row or lines != before:
            self.claims[row.claim] = new
            self._lines[row.claim] = lines

    def succeed(self, old: Claim, frequency: str) -> Claim:
        """A claim that replaces another (7) or voids it (8); the other one is among `also`."""
        lines = [one.row for one in self._kept_lines.get(old.claim, [])]
        name = new_claim_id()
        if frequency == "7" and old.request in self.coded:
            lines = lines_from(name, self.coded[str(old.request)])
        self._lines[name] = [line.model_copy(update={"claim": name}) for line in lines]
        update = {
            "claim": name, "state": "draft", "replaces": old.claim, "frequency": frequency, "sent_on": None,
            "accepted_on": None, "payer_control": "", "answer": "", "charge": sum(line.charge for line in lines),
        }  # fmt: skip
        made = old.model_copy(update=update)
        self._new.add(name)
        self.claims[name] = made
        return made

    def second(self, first: Claim, insurer: str) -> Claim:
        """A claim to a second insurer, after the first one has decided; that claim is among `also`."""
        lines, name = [one.row for one in self._kept_lines.get(first.claim, [])], new_claim_id()
        self._lines[name] = [line.model_copy(update={"claim": name}) for line in lines]
        payer = self._known.payers.get(insurer)
        made = first.model_copy(
            update={
                "claim": name, "insurer": insurer, "rank": "secondary", "state": "draft", "sent_on": None,
                "accepted_on": None, "payer_control": "", "answer": "", "authorisation": None, "replaces": None,
                "frequency": "1", "file_until": filing_ends(first.date, payer.filing_days if payer else None),
            }
        )  # fmt: skip
        self._new.add(name)
        self.claims[name] = made
        return made

    def look_through(self, claims: Iterable[str] | None = None) -> None:
        """Look through claims, all that are here by default, and say in which state they are then."""
        beside = self._beside()
        numbers = out.controls_of(self.call, [str(one.replaces) for one in self.claims.values() if one.replaces])
        today = dt.date.fromisoformat(self.call.today)
        later = [row for row in self.claims.values() if row.rank != "primary"]
        prior = priors_of(self.call, later, self._known) if later else {}
        for name in sorted(self.claims if claims is None else claims):
            row, lines = self.claims[name], self.lines(name)
            told = out.outgoing(self._known, row, lines, numbers.get(str(row.replaces), ""), prior.get(name, ()))
            missing = told.missing
            if row.request is not None and row.request not in self.visits:
                missing = (*missing, "a visit that took place")
            others = tuple(
                line for other in beside.get((row.patient, row.provider, row.date), ())
                if other not in (name, row.replaces) and self._row(other).request != row.request
                for line in self.lines(other)
            )  # fmt: skip
            secret = row.request is not None and row.request in self.secret
            found = scrubbed(Look(row, tuple(lines), today, missing, told.numbers, self.tables, others, secret))
            self.edits.extend(found)
            event: Deed = "edits_open" if any(one.severity == "error" for one in found) else "edits_met"
            self.claims[name] = row.model_copy(update={"state": after(row.state, event)})

    def _row(self, claim: str) -> Claim:
        return self.claims.get(claim) or self._of_patients[claim].row

    def _beside(self) -> dict[tuple[str, str, dt.date], list[str]]:
        """Claims that stand, by patient, provider and day."""
        found = defaultdict[tuple[str, str, dt.date], list[str]](list)
        for name, row in {**{n: one.row for n, one in self._of_patients.items()}, **self.claims}.items():
            if row.state not in _GONE and row.frequency != "8" and row.rank == "primary":
                found[row.patient, row.provider, row.date].append(name)
        return found

    def lines(self, claim: str) -> list[ClaimLine]:
        """The lines of a claim as they are to be."""
        made = self._lines.get(claim)
        return [one.row for one in self._kept_lines.get(claim, [])] if made is None else made

    def write(self) -> None:
        """Write what has changed."""
        for name, row in self.claims.items():
            if name in self._new:
                self._changes.add(row, row.patient, row.request)
            elif row != self._of_patients[name].row:
                self._changes.change(self._of_patients[name].fact, row)
        for name, lines in self._lines.items():
            self._put(self._kept_lines.get(name, []), {line.line: line for line in lines}, self.claims[name])
        self._put_edits()
        self._changes.write(self.call)

    def _put(self, old: Sequence[Kept[ClaimLine]], new: dict[int, ClaimLine], claim: Claim) -> None:
        before = {one.row.line: one for one in old}
        for number, line in new.items():
            if number not in before:
                self._changes.add(line, claim.patient, claim.request)
            elif before[number].row != line:
                self._changes.change(before[number].fact, line)
        for number in before.keys() - new.keys():
            self._changes.end(before[number].fact)

    def _put_edits(self) -> None:
        patients = sorted({row.patient for row in self.claims.values()})
        found = kept(self.call, ClaimEdit, by="patient", values=patients)
        old = {(one.row.claim, one.row.edit, one.row.line): one for one in found if one.row.claim in self.claims}
        new = {(one.claim, one.edit, one.line): one for one in self.edits}
        for key, edit in new.items():
            row = self.claims[edit.claim]
            if key not in old:
                self._changes.add(edit, row.patient, row.request)
            elif old[key].row != edit:
                self._changes.change(old[key].fact, edit)
        for key in old.keys() - new.keys():
            self._changes.end(old[key].fact)


def lines_from(claim: str, coded: Sequence[Encounter]) -> list[ClaimLine]:
    """The lines of a claim of what was coded."""
    said = [{name: getattr(one, name) for name in _LINE} for one in coded]
    return [ClaimLine(claim=claim, line=at, **cells) for at, cells in enumerate(said, 1)]


def recoded(call: Call, rows: Sequence[Encounter]) -> int:
    """Put what was coded of visits in place of what stood there of them; how many rows were written or ended."""
    changes, new = Changes(), {(row.request, row.line): row for row in rows}
    requests = sorted({row.request for row in rows})
    old = {(one.row.request, one.row.line): one for one in kept(call, Encounter, by="request", values=requests)}
    asked = facts.known(call.connection, "requests", by="request", values=requests)
    of_request = {fact.cells["request"]: fact.patient for fact in asked}
    for key, row in new.items():
        if key not in old:
            changes.add(row, of_request.get(row.request), row.request)
        elif old[key].row != row:
            changes.change(old[key].fact, row)
    for key in old.keys() - new.keys():
        changes.end(old[key].fact)
    return changes.write(call)
