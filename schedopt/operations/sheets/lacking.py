"""What is lacking for each visit of a day, and what its patient is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from schedopt.models.problem.visits import Visit
from schedopt.models.tables import Patient
from schedopt.operations.cases.languages import closeness
from schedopt.operations.cases.material import Handed, materials_for
from schedopt.operations.cases.tables import Material
from schedopt.operations.sheets.insured import Insured
from schedopt.operations.sheets.lines import GivenDay, Line, Missing, Step
from schedopt.operations.sheets.tables import Need, Received

INTERPRETER = "interpreter"
"""What is received when one is ordered."""
_FIRST = {"interpreter": 0, "insurance": 1, "eligibility": 1, "network": 1, "authorisation": 2, "referral": 2}
_LAST = 9


def lines_of(given: GivenDay) -> tuple[Line, ...]:
    """The visits of a day, by arrival and provider, each with what is lacking for it."""
    looked = _Looked(given)
    visits = [visit for visit in given.plan.visits if visit.date == given.day]
    visits.sort(key=lambda visit: (visit.arrive, visit.start, visit.provider, visit.request))
    return tuple(looked.line(visit) for visit in visits)


class _Looked:
    """What is looked up for each visit."""

    def __init__(self, given: GivenDay) -> None:
        office = given.office
        self._given, self._insured = given, Insured(office, given.day)
        self._patients = {row.patient: row for row in office.patients}
        self._new = {row.request for row in office.requests if row.new}
        self._types = {row.visit_type: row for row in office.visit_types}
        self._steps = defaultdict[str, list[tuple[int, tuple[str, ...]]]](list)
        for step in office.steps or ():
            self._steps[step.visit_type].append((step.order, step.pools))
        self._spoken = {row.provider: row.languages for row in office.providers}
        self._dated = any(row.birth_date is not None for row in office.patients)
        self._needs = office.rows(Need) or ()
        self._material = office.rows(Material) or ()
        self._received = defaultdict[tuple[str, str], list[Received]](list)
        for row in office.rows(Received) or ():
            if row.on <= given.day:
                self._received[row.patient, row.need].append(row)
        self._show, self._waits = dict[str, float](), dict[str, float]()
        if given.chances is not None:
            told = given.chances.uncertainty
            if given.chances.knows_patients:
                self._show = dict(zip(told.requests, told.show, strict=True))
            played = given.chances.played.visits
            self._waits = dict(zip(played["request"], played["over_30_share"], strict=True))

    def line(self, visit: Visit) -> Line:
        """A visit as it stands on sheets."""
        patient, kind = self._patients[visit.patient], self._types[visit.visit_type]
        material = materials_for(self._material, visit.visit_type, patient.language, None, self._given.day)
        missing = sorted(
            [*self._lacking(visit, patient, material), *self._insured.missing(visit)],
            key=lambda one: (_FIRST.get(one.kind, _LAST), one.words),
        )
        show = self._show.get(visit.request)
        return Line(
            visit, kind.name or kind.visit_type, patient.language, visit.request in self._new,
            tuple(self._steps_of(visit)), tuple(missing), material, self._given.noted.cases.get(visit.patient, ()),
            None if show is None else 1 - show, self._waits.get(visit.request),
        )  # fmt: skip

    def _steps_of(self, visit: Visit) -> Iterator[Step]:
        own = (0, self._types[visit.visit_type].pools)
        pools = [held for _, held in sorted([*self._steps[visit.visit_type], own])]
        for place, (start, minutes) in enumerate(zip(visit.steps, visit.minutes, strict=True)):
            yield Step(start, start + minutes, pools[place], place == visit.provider_step)

    def _lacking(self, visit: Visit, patient: Patient, material: tuple[Handed, ...]) -> Iterator[Missing]:
        """What is lacking beside insurance."""
        spoken = self._spoken.get(visit.provider, ())
        strange = patient.language and spoken and not any(closeness(patient.language, one) for one in spoken)
        if strange and not self._is_there(visit, INTERPRETER, None):
            yield Missing(INTERPRETER, INTERPRETER, f"{INTERPRETER} for {patient.language}", "desk")
        for need in self._needs_of(visit):
            if not self._is_there(visit, need.need, need.holds_days):
                yield Missing(need.kind, need.need, f"{need.kind}: {need.name or need.need}", need.whose)
        for one in material:
            if one.needs_signature and not self._is_there(visit, one.material, None):
                yield Missing("signature", one.material, f"to sign: {one.title}", "desk")
        noted = self._given.noted
        if cents := noted.balances.get(visit.patient, 0):
            yield Missing("balance", "balance", f"balance: {cents / 100:,.2f}", "desk")
        details = noted.details.get(visit.patient, ())
        if not details and self._dated and patient.birth_date is None:
            details = ("the birth date is missing",)
        for words in details:
            yield Missing("details", "details", words, "desk")

    def _needs_of(self, visit: Visit) -> Iterator[Need]:
        """What a visit needs; what is said for its type goes before what is said for all."""
        mine = dict[str, Need]()
        for need in self._needs:
            exact = need.visit_type is not None
            if need.visit_type in (None, visit.visit_type) and (exact or need.need not in mine):
                mine[need.need] = need
        return (need for need in mine.values() if not need.new_only or visit.request in self._new)

    def _is_there(self, visit: Visit, need: str, holds_days: int | None) -> bool:
        """Whether something was received that serves a visit."""
        for row in self._received[visit.patient, need]:
            if row.request == visit.request:
                return True
            fresh = holds_days is not None and (self._given.day - row.on).days <= holds_days
            if fresh or (row.request is None and holds_days is None):
                return True
        return False
