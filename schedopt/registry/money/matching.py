"""Whom an answer of a payer is about: by its trace, else by the member's number and the day of birth; never by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from schedopt.billing.coverage.tables import AskedCoverage, AskedPermission, Membership
from schedopt.errors import StoreError
from schedopt.interop.x12.eligibility_answers import Answer
from schedopt.interop.x12.reviews import ReviewAnswer
from schedopt.payers.parties import PayerAddress, plain_number
from schedopt.registry.exchange import key_of
from schedopt.registry.money.members import Person, memberships_of, payers_of, people_of
from schedopt.registry.money.rows import Kept, kept
from schedopt.store import facts, schema
from schedopt.store.sealing import blind
from schedopt.store.session import Call
from schedopt.store.words import told

Request = TypeVar("Request", AskedCoverage, AskedPermission)
Reply = Answer | ReviewAnswer


@dataclass(frozen=True)
class Match(Generic[Request]):
    """What an answer belongs to.

    Attributes
    ----------
    asked : Kept or None
        What it answers; None where nobody can tell.
    why : str
        Why nobody can tell, without names and numbers; else by what it was found.
    """

    asked: Kept[Request] | None
    why: str


class Matching(Generic[Request]):
    """Finds what answers belong to.

    Parameters
    ----------
    call : Call
        In which it is looked up.
    row_class : type
        Of what was asked.
    key : str
        Its key column: what went out as trace.
    replies : sequence of Answer or ReviewAnswer
        All that are to be found.
    known : Kept, optional
        What all of them belong to, as somebody has found out.
    """

    def __init__(
        self, call: Call, row_class: type[Request], key: str, replies: Sequence[Reply],
        known: Kept[Request] | None = None,
    ) -> None:  # fmt: skip
        self._known: Kept[Request] | None = known
        self._call = call
        self._row_class: type[Request] = row_class
        traces = {trace for one in replies for trace in _traces(one)}
        found = kept(call, row_class, by="key", values=[key_of(trace) for trace in sorted(traces)])
        self._by_trace: dict[str, Kept[Request]] = {str(getattr(one.row, key)): one for one in found}
        lost = [one for one in replies if not self._traced(one)]
        self._payers: Mapping[str, PayerAddress] = payers_of(call)
        patients = {one.row.patient for one in found} | _born_on(call, lost)
        self._people: Mapping[str, Person] = people_of(call, patients)
        self._members: Mapping[tuple[str, str], Membership] = memberships_of(call, patients)
        others = {patient for patient, _ in self._members} if lost else set[str]()
        self._of_patient: dict[str, list[Kept[Request]]] = {}
        for one in kept(call, row_class, by="patient", values=sorted(others)):
            self._of_patient.setdefault(one.row.patient, []).append(one)

    def of_batch(self, reference: str) -> list[Kept[Request]]:
        """All that was sent in a transaction."""
        return [one for one in kept(self._call, self._row_class) if reference and one.row.batch == reference]

    def find(self, reply: Reply) -> Match[Request]:
        """What an answer belongs to."""
        if self._known is not None:
            return Match(self._known, "somebody who has looked at it")
        known = self._traced(reply)
        if known is not None:
            return Match(known, "its trace") if self._may_be(known, reply) else Match(None, _ANOTHER)
        patient = reply.patient
        number = plain_number(reply.subscriber.party.id) if reply.subscriber else ""
        if patient is None or not number or patient.birth_date is None:
            return Match(None, "no trace of ours, and no number with a day of birth")
        whose = [
            (name, insurer)
            for (name, insurer), row in self._members.items()
            if plain_number(row.member_id) == number
            and self._is_born(name, reply)
            and insurer in self._payers
            and self._payers[insurer].payer_id == reply.payer.id
        ]
        if len({name for name, _ in whose}) != 1:
            return Match(None, "several patients have this number and day of birth" if whose else _NOBODY)
        return self._open_one(whose[0][0], {insurer for _, insurer in whose})

    def _open_one(self, patient: str, insurers: Collection[str]) -> Match[Request]:
        mine = [one for one in self._of_patient.get(patient, []) if one.row.insurer in insurers]
        waiting = [one for one in mine if one.row.state in ("sent", "pending")]
        if len(waiting) == 1:
            return Match(waiting[0], "the member's number and day of birth")
        return Match(
            None, f"the patient has {len(waiting) or 'no'} open questions to this payer, and no trace says which"
        )

    def _traced(self, reply: Reply) -> Kept[Request] | None:
        return next((self._by_trace[one] for one in _traces(reply) if one in self._by_trace), None)

    def _may_be(self, asked: Kept[Request], reply: Reply) -> bool:
        """Whether number and day of birth are not both of somebody else: a payer may correct one of them."""
        said, person = reply.patient, self._people.get(asked.row.patient)
        row = self._members.get((asked.row.patient, asked.row.insurer))
        if said is None or person is None or row is None or reply.subscriber is None:
            return True
        number, born = plain_number(reply.subscriber.party.id), said.birth_date
        other_number = bool(number) and number != plain_number(row.member_id)
        other_birth = born is not None and person.birth_date is not None and born != person.birth_date
        return not (other_number and other_birth)

    def _is_born(self, patient: str, reply: Reply) -> bool:
        person, said = self._people.get(patient), reply.patient
        return person is not None and said is not None and person.birth_date == said.birth_date


def asked_by(call: Call, row_class: type[Request], name: str) -> Kept[Request]:
    """What was asked under an id.

    Raises
    ------
    StoreError
        If nothing was.
    """
    found = kept(call, row_class, by="key", values=[key_of(name)])
    if not found:
        raise StoreError(f"expected the id of what was asked, not {told(name)}")
    return found[0]


_ANOTHER = "the trace is ours, and number and day of birth are both another's"
_NOBODY = "no patient has this number and day of birth with this payer"


def _traces(reply: Reply) -> list[str]:
    """Numbers by which an answer leads back; those that the payer says are ours first."""
    return [one.number for one in sorted(reply.traces, key=lambda one: one.kind != "2") if one.number]


def _born_on(call: Call, replies: Iterable[Reply]) -> set[str]:
    """Patients born on the days that some answers say."""
    said = [one.patient.birth_date for one in replies if one.patient is not None]
    values = {blind(call.keys.index, "birth_date", born.isoformat()) for born in said if born is not None}
    b = schema.blinds
    found: set[str] = set()
    for value in values:
        query = b.select().where(b.c.field == "birth_date", b.c.value == value).with_only_columns(b.c.person)
        found.update(call.connection.scalars(query))
    rows = facts.known(
        call.connection, "people", on=call.today, by="key", values=[key_of(one) for one in sorted(found)]
    )
    return {str(row.patient) for row in rows if row.patient}
