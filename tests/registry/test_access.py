"""The whole table of who may do what, asked of every method by every role for every purpose."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from schedopt.billing.fees.prices import Wanted
from schedopt.errors import AccessDenied, SchedoptError
from schedopt.models.office import Office
from schedopt.registry import Store
from schedopt.registry.backup import backup
from schedopt.registry.grants import POLICY, PURPOSES, ROLES
from schedopt.registry.kinds import OF_PERSON, kinds
from schedopt.registry.money.fees import Release
from schedopt.registry.money.good_faith import GoodFaithAsked
from schedopt.registry.money.rights import ASKED, LISTED, PERMISSIONS, REQUESTED, TAKEN
from schedopt.registry.operations.audit_samples import NewAudit
from schedopt.store import facts
from schedopt.store.access import Policy
from schedopt.store.schema import entries
from tests.billing.test_store_fees import release
from tests.interop.x12.samples import sample
from tests.registry.test_bookings import DAY, office
from tests.stores import new_store

START = dt.datetime.combine(DAY, dt.time(9))
APPOINTMENT = ("request", "provider", "date", "start")
EVERY_PURPOSE = sorted({purpose for purposes in PURPOSES.values() for purpose in purposes})
Need = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """A method, and all that somebody has to be allowed to get past its checks."""

    name: str
    ask: Callable[[Store], object]
    needs: tuple[Need, ...]


def all_of(table: str) -> tuple[str, ...]:
    """Open columns of a table that the store holds."""
    kind = kinds()[table]
    return tuple(c for c in kind.columns if c not in kind.sealed and (table != "patients" or c not in OF_PERSON))


PLANNING: tuple[Need, ...] = (
    ("read", "settings", ("settings",)),
    *(("read", name, all_of(name)) for name in ("requests", "patients", "shifts", "providers", "visit_types")),
)
LENGTHS: tuple[Need, ...] = (
    ("read", "settings", ("settings",)), ("read", "requests", all_of("requests")),
    ("read", "shifts", all_of("shifts")),
)  # fmt: skip
ADD_BOOKING: Need = ("add", "appointments", APPOINTMENT)
CHANGE_BOOKING: Need = ("change", "appointments", APPOINTMENT)
READ_BOOKING: Need = ("read", "appointments", APPOINTMENT)
PERSON: tuple[str, ...] = ("given_name", "surname")

CLAIMS: tuple[Need, ...] = tuple(
    ("read", name, all_of(name)) for name in ("encounters", "claims", "claim_lines", "claim_edits")
)
PRICES: tuple[Need, ...] = tuple(
    ("read", name, all_of(name)) for name in ("contracts", "contract_shares", "services", "charges", "fee_schedule")
)
VISITS: tuple[Need, ...] = (
    ("read", "requests", ("request", "patient", "visit_type", "provider")), READ_BOOKING,
    ("read", "patients", ("patient", "self_pay")),
    ("read", "coverage", ("valid_from", "valid_until", "patient", "insurer")),
    ("read", "networks", ("valid_from", "valid_until", "insurer", "provider")),
)  # fmt: skip


def needed(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Needs as the store states them, with the columns of a table where it means all."""
    return tuple((operation, table, columns or kinds()[table].columns) for operation, table, columns in needs)


LEAVE = {"provider": "DR1", "first_day": "2027-01-01", "last_day": "2027-01-01"}

METHODS = (
    Asked("office", lambda s: s.office(DAY), (*PLANNING, READ_BOOKING)),
    Asked("plan", lambda s: s.plan(DAY), (*PLANNING, READ_BOOKING)),
    Asked("status", lambda s: s.status(), (("read", "settings", ("settings",)),)),
    Asked("whole_office", lambda s: s.whole_office(), (*PLANNING, ("read", "people", ("name", "birth_date", "group")))),
    Asked("import_office", lambda s: s.import_office(office()), (("change", "settings", ("settings",)),)),
    Asked("book", lambda s: s.book("R0", "DR1", START, rules=False), (*LENGTHS, ADD_BOOKING)),
    Asked("hold", lambda s: s.hold("R1", "DR1", START, rules=False), (*LENGTHS, ADD_BOOKING)),
    Asked(
        "cancel", lambda s: s.cancel(a_booking(s)),
        (READ_BOOKING, CHANGE_BOOKING, ("add", "cancellations", ("request",))),
    ),
    Asked("arrive", lambda s: s.arrive(a_booking(s)), (READ_BOOKING, CHANGE_BOOKING)),
    Asked("bookings", lambda s: s.bookings(DAY, DAY), (READ_BOOKING,)),
    Asked(
        "register", lambda s: s.register({"given_name": "A", "surname": "B"}),
        (("add", "people", PERSON), ("add", "patients", ("patient",))),
    ),
    Asked("update", lambda s: s.update(a_person(s), {"phone": "1"}), (("change", "people", ("phone",)),)),
    Asked("person", lambda s: s.person(a_person(s)), (("read", "people", ("person",)),)),
    Asked("find", lambda s: s.find({"surname": "B"}), (("read", "people", ("person",)),)),
    Asked("merge", lambda s: s.merge("p1", "p2"), (("change", "people", ("person", "name", "soc_sec_id", "note")),)),
    Asked("undo", lambda s: s.undo(1), (("change", "people", ("person", "name", "soc_sec_id", "note")),)),
    Asked("decide", lambda s: s.decide("p1", "p2", "later"), (("add", "decisions", ("person", "other", "decided")),)),
    Asked("records_of", lambda s: s.records_of("p1"), (("read", "people", ("name", "soc_sec_id", "note")),)),
    Asked("dispose", lambda s: s.dispose("p1", "asked for"), (("end", "people", ("person", "name")),)),
    Asked(
        "consent", lambda s: s.consent("p1", "messages", given=True),
        (("add", "consents", ("person", "purpose", "given")),),
    ),
    Asked("restrict", lambda s: s.restrict("p1", "legal_hold"), (("add", "restrictions", ("person", "kind", "told")),)),
    Asked("set_actor", lambda s: s.set_actor("new", ["desk"]), (("change", "actors", ("actor", "roles")),)),
    Asked("audits", lambda s: s.audits(), (("read", "audits", all_of("audits")), ("read", "audit_items", ("item",)))),
    Asked(
        "draw_audit", lambda s: s.draw_audit(NewAudit("", "entries", DAY, DAY, 1, "s")),
        (("read", "entries", ("number", "at", "actor")),),
    ),
    Asked("audit_sheet", lambda s: s.audit_sheet("u1"), (("read", "audits", ("audit",)),)),
    Asked("actions", lambda s: s.actions(), (("read", "audit_actions", ("action", "due", "state")),)),
    Asked("move_action", lambda s: s.move_action("x1", "open"), (("read", "audit_actions", ("action",)),)),
    Asked(
        "audit_evidence", lambda s: s.audit_evidence("u1"),
        (("read", "entries", ("number", "people")), ("read", "audits", ("audit",))),
    ),
    Asked(
        "compliance", lambda s: s.compliance(DAY, DAY),
        (("read", "obligations", ("obligation",)), ("read", "obligations_done", ("done_on",)),
         ("read", "credentials", ("provider",)), ("read", "settings", ("settings",))),
    ),
    Asked("audit_report", lambda s: s.audit_report(), (("read", "entries", ("number", "reason")),)),
    Asked("verify", lambda s: s.verify(), (("read", "entries", ("number",)),)),
    Asked("check", lambda s: s.check(), (("read", "entries", ("number",)),)),
    Asked(
        "worklist", lambda s: s.worklist(),
        (("read", "people", ("phone", "birth_date")), ("read", "coverage", ("patient",)), *PLANNING),
    ),
    Asked(
        "retention", lambda s: s.retention(7),
        (("read", "people", ("birth_date",)), ("read", "restrictions", ("kind",))),
    ),
    Asked(
        "without_people", lambda s: s.without_people(np.random.default_rng(1)), (("read", "people", ("note", "name")),)
    ),
    Asked("backup", lambda s: backup(s, "/nonexistent/backup.db"), (("read", "backups", ("file",)),)),
    Asked("rotate_keys", lambda s: list(s.rotate_keys()), (("change", "keys", ("master",)),)),
    Asked("add", lambda s: s.add("leave", LEAVE), (("add", "leave", ("provider",)),)),
    Asked(
        "change", lambda s: s.change("providers", "DR1", {"gender": "female"}),
        (("change", "providers", ("gender",)),),
    ),
    Asked("end", lambda s: s.end("networks", ("x", "y")), (("end", "networks", ("insurer",)),)),
    Asked("rows", lambda s: s.rows("terms"), (("read", "terms", ("insurer",)),)),
    Asked(
        "make_claims", lambda s: s.make_claims(),
        (*CLAIMS, ("read", "appointments", APPOINTMENT), ("read", "restrictions", ("kind", "request")),
         ("read", "coverage", ("patient", "insurer"))),
    ),
    Asked("code_visits", lambda s: s.code_visits(encounters()), (("add", "encounters", all_of("encounters")),)),
    Asked("replace_claim", lambda s: s.replace_claim("c1"), CLAIMS),
    Asked("void_claim", lambda s: s.void_claim("c1"), CLAIMS),
    Asked("mend_claim", lambda s: s.mend_claim("c1"), CLAIMS),
    Asked("claims_to_file", lambda s: s.claims_to_file(9), (("read", "claims", all_of("claims")),)),
    Asked(
        "send_claims", lambda s: s.send_claims("/nonexistent/claims"),
        (("read", "claims", all_of("claims")), ("read", "sendings", all_of("sendings")),
         ("read", "people", ("surname", "birth_date")), ("read", "memberships", ("member_id",)),
         ("read", "claim_lines", all_of("claim_lines")),
         *(("read", name, all_of(name)) for name in ("billing_office", "provider_numbers", "payers"))),
    ),
    Asked(
        "set_schedule", lambda s: s.set_schedule(release_of_fees()),
        tuple((word, "fee_schedule", all_of("fee_schedule")) for word in ("read", "add", "change", "end")),
    ),
    Asked("price", lambda s: s.price("A", Wanted("G9001", DAY)), PRICES),
    Asked("visit_prices", lambda s: s.visit_prices(DAY), PRICES),
    Asked(
        "estimate", lambda s: s.estimate(["R7"], day=DAY),
        (*PRICES, *VISITS, ("read", "benefits", tuple(c for c in all_of("benefits") if c != "note"))),
    ),
    Asked(
        "good_faith", lambda s: s.good_faith(GoodFaithAsked(("R7",))),
        (*PRICES, *VISITS, ("add", "good_faith_estimates", all_of("good_faith_estimates")),
         ("add", "good_faith_items", (*all_of("good_faith_items"), "diagnoses")),
         ("read", "visit_types", ("visit_type", "name"))),
    ),
    Asked(
        "good_faith_text", lambda s: s.good_faith_text("g1"),
        (("read", "people", ("person", "name", "given_name", "surname", "birth_date")),
         ("read", "providers", ("provider", "name")),
         ("read", "good_faith_items", (*all_of("good_faith_items"), "diagnoses")),
         *(("read", name, all_of(name)) for name in ("good_faith_estimates", "billing_office", "provider_numbers"))),
    ),
    Asked(
        "over_estimates", lambda s: s.over_estimates(),
        (("read", "good_faith_estimates", all_of("good_faith_estimates")),
         ("read", "good_faith_items", (*all_of("good_faith_items"), "diagnoses")),
         ("read", "encounters", ("request", "line", "procedure", "units", "charge"))),
    ),
    Asked("ask_eligibility", lambda s: s.ask_eligibility(DAY, DAY), needed(ASKED)),
    Asked("eligibility", lambda s: s.eligibility(DAY, DAY), needed(LISTED)),
    Asked("read_coverage", lambda s: s.read_coverage(sample("271")), needed(TAKEN)),
    Asked("open_answers", lambda s: s.open_answers(), (("read", "open_answers", ("answer", "reason", "state")),)),
    Asked("open_answer", lambda s: s.open_answer("a1"), (("read", "open_answers", ("answer", "content")),)),
    Asked(
        "settle_answer", lambda s: s.settle_answer("a1"),
        tuple((word, "open_answers", ("answer", "content")) for word in ("read", "change")),
    ),
    Asked("assign_answer", lambda s: s.assign_answer("a1", "q1"), needed(TAKEN)),
    Asked(
        "benefits", lambda s: s.benefits("N0", "A"),
        (("read", "benefits", tuple(c for c in all_of("benefits") if c != "note")),),
    ),
    Asked(
        "need_permission",
        lambda s: s.need_permission("N0", "A", "short", visits=1, first=DAY, last=DAY), needed(PERMISSIONS),
    ),
    Asked("request_permission", lambda s: s.request_permission("a1"), needed(REQUESTED)),
    Asked("permissions", lambda s: s.permissions(), (("read", "reviews", all_of("reviews")),)),
    Asked("history", lambda s: s.history("terms", ("x", "y")), (("read", "terms", ("insurer",)),)),
)  # fmt: skip


def encounters() -> Path:
    """A file of what was coded of a visit."""
    place = Path(tempfile.gettempdir(), "schedopt-coded.csv")
    place.write_text("request,line,procedure,charge\nR1,1,99213,1.00\n", "utf-8")
    return place


FILES = tempfile.TemporaryDirectory()
"""Of this process, as long as it runs."""


def release_of_fees() -> Release:
    """Small files of a fee schedule."""
    return release(Path(FILES.name))


def a_booking(store: Store) -> str:
    """A booking that was made before."""
    made = store.by("ada", "operations").bookings(DAY, DAY)
    return str(made.loc[made["request"] == "R7", "booking"].iloc[0])


def a_person(_store: Store) -> str:
    """Nobody: who may not ask is not told so."""
    return "p1"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A store with an actor of every role and one of none, and a booking."""
    with new_store() as made:
        made.import_office(office())
        for role in ROLES[:-1]:
            made.set_actor(role, [role])
        made.book("R7", "DR2", START, rules=False)
        yield made


def last_entry(store: Store) -> tuple[str, str]:
    """Actor and outcome of the last entry of the trail."""
    e = entries.c
    with store.session.engine.connect() as connection:
        row = connection.execute(sa.select(e.actor, e.outcome).order_by(e.number.desc()).limit(1)).one()
    return row.actor, row.outcome


def expected(role: str, purpose: str, asked: Asked) -> bool:
    """Whether the table lets a role do all that a method needs."""
    return all(
        POLICY.allows({role}, purpose, operation, table, column)
        for operation, table, columns in asked.needs
        for column in columns
    )


@pytest.mark.parametrize("asked", METHODS, ids=lambda asked: asked.name)
def test_a_method_is_denied_to_whom_the_table_denies_it(asked: Asked, store: Store) -> None:
    """Every role for every purpose is refused just where the table says so, and the attempt is written down."""
    for role in (*ROLES[:-1], "nobody"):
        for purpose in EVERY_PURPOSE:
            allowed = role != "nobody" and expected(role, purpose, asked)
            denied = False
            try:
                asked.ask(store.by(role, purpose))
            except AccessDenied:
                denied = True
            except SchedoptError:
                pass  # it got past the checks
            assert denied != allowed, (role, purpose)
            if denied:
                assert last_entry(store) == (role, "refused")


class AllBut(Policy):
    """A policy that allows everything but one operation on some columns of a table."""

    def __init__(self, need: Need) -> None:
        super().__init__(POLICY.roles, POLICY.purposes, ())
        object.__setattr__(self, "need", need)

    def allows(self, roles: Collection[str], purpose: str, operation: str, table: str, column: str) -> bool:
        """Whether it is not just that."""
        denied, where, columns = self.need  # type: ignore[attr-defined]
        return (operation, table) != (denied, where) or column not in columns


SHOWS = ("person", "find", "rows", "history")
"""Methods that show just the columns that are granted."""
NEEDS = [(asked, need) for asked in METHODS for need in asked.needs if asked.name not in SHOWS]


@pytest.mark.parametrize(
    ("asked", "need"), NEEDS, ids=lambda value: getattr(value, "name", None) or " ".join(value[:2])
)
def test_each_single_right_is_asked_for(asked: Asked, need: Need, store: Store) -> None:
    """A method is refused to who may do everything but one thing that it needs, whatever the table of roles says."""
    there = replace(store, session=replace(store.session, policy=AllBut(need)))
    with pytest.raises(AccessDenied):
        asked.ask(there)


def person_of(store: Store, patient: str) -> str:
    """The person behind a patient."""
    with store.session.engine.connect() as connection:
        return str(facts.known(connection, "people", by="patient", values=[patient])[0].owner)


def with_another(name: str) -> Office:
    """The office with one patient more."""
    made = office()
    return made.model_copy(update={"patients": (*made.patients, made.patients[0].model_copy(update={"patient": name}))})


@pytest.mark.parametrize(
    "need",
    [("add", "people", ("person",)), ("read", "requests", ("request",)), CHANGE_BOOKING, ADD_BOOKING],
    ids=lambda need: f"{need[0]} {need[1]}",
)
def test_rights_that_are_asked_for_on_the_way(need: Need) -> None:
    """So it is with what importing, publishing and copying ask for once they know what there is to do."""
    with new_store() as made:
        made.import_office(office())
        made.book("R7", "DR2", START, rules=False)
        plan, person = made.plan(DAY), person_of(made, "N0")
        there = replace(made, session=replace(made.session, policy=AllBut(need)))
        ask: dict[str, Callable[[], object]] = {
            "people": lambda: there.import_office(with_another("N77")), "requests": lambda: there.records_of(person),
            "appointments": lambda: there.publish(plan, DAY),
        }  # fmt: skip
        with pytest.raises(AccessDenied):
            ask[need[1]]()


def test_an_emergency_opens_for_a_time_and_is_written_down(store: Store) -> None:
    """Who breaks the glass reads for treatment until it ends, and the reason stands in the trail."""
    planner = store.by("planner", "treatment")
    with pytest.raises(AccessDenied):
        planner.find({"surname": "B"})
    planner.break_glass("unconscious", hours=1)
    planner.find({"surname": "B"})
    with pytest.raises(AccessDenied):
        planner.by("planner", "payment").find({"surname": "B"})
    report = store.audit_report(actor="planner")
    assert "unconscious" in set(report["reason"])
    store.session.clock.now += dt.timedelta(hours=2)  # type: ignore[attr-defined]
    with pytest.raises(AccessDenied):
        planner.find({"surname": "B"})


def test_rows_shows_the_columns_that_are_granted(store: Store) -> None:
    """Of every table, a role is shown just the open columns that it may read."""
    for role in ROLES[:-1]:
        for purpose in PURPOSES[role]:
            for name in kinds():
                granted = [c for c in all_of(name) if POLICY.allows({role}, purpose, "read", name, c)]
                try:
                    shown = list(store.by(role, purpose).rows(name).columns)
                except AccessDenied:
                    shown = []
                assert shown == granted, (role, purpose, name)


def test_a_new_column_is_denied() -> None:
    """What no grant names is denied to everybody."""
    for role in ROLES:
        for purpose in EVERY_PURPOSE:
            assert not POLICY.allows({role}, purpose, "read", "people", "shoe_size")
            assert not POLICY.allows({role}, purpose, "read", "secrets", "person")
