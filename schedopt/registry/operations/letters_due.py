"""What is due to patients beside what follows from bookings: recalls, balances, what insurers ask for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from schedopt.models.tables.fields import parse_time
from schedopt.operations.letters.kinds import TOLD
from schedopt.operations.letters.matters import Change, Matter, Wanted, moment_of
from schedopt.operations.letters.moments import instant_of
from schedopt.operations.letters.settling import settled
from schedopt.operations.letters.tables import Message, Recall
from schedopt.records.people import Restriction
from schedopt.records.quality.given import Records
from schedopt.records.quality.worklist import CHECKS, worklist
from schedopt.registry.bookings import rows_of
from schedopt.registry.loading import Scope, load_office
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of
from schedopt.registry.money.rows import Kept, kept
from schedopt.registry.operations.letter_facts import OfficeLetters, Told, reaches
from schedopt.registry.operations.messages import moment, new_message
from schedopt.registry.statuses import HOLDING
from schedopt.store import facts, schema
from schedopt.store.session import Call

_LACKING = ("missing", "ended", "not_begun", "used_up")
_WHAT = ("authorisation", "referral")
_PAST = dt.timedelta(days=90)
"""So long after its day a recall is still written, and so long before it a visit counts for it."""
Found = tuple[Told, list[Change]]


def stale(log: list[Kept[Message]]) -> Iterator[tuple[Kept[Message], Message]]:
    """Messages that were being sent when whoever sent them was stopped: nobody knows what became of them."""
    for one in log:
        if one.row.state == "sending":
            why = "stopped while it was sent: look whether it arrived"
            yield one, one.row.model_copy(update={"state": "doubtful", "why": why})


def lacks(call: Call, office: OfficeLetters) -> dict[str, tuple[str, ...]] | None:
    """What insurers ask for and is not there, by request; None where that is not looked at.

    Who may not know which visits patients pay themselves cannot tell of what insurers ask for.
    """
    if "lacking" in office.rules.leave_out or not facts.is_any(call.connection, "terms"):
        return None
    asked = {"coverage": "insurer", "terms": "insurer", "authorisations": "insurer", "referrals": "visit_type",
             "requests": "self_pay"}  # fmt: skip
    if not all(call.policy.allows(call.roles, call.purpose, "read", *column) for column in asked.items()):
        return None
    loaded, _ = load_office(call, Scope(None, call.today, whole=False))
    given = Records(
        today=dt.date.fromisoformat(call.today), patients=loaded.patients, requests=loaded.requests,
        visit_types=loaded.visit_types, appointments=loaded.appointments or (),
        cancellations=loaded.cancellations or (), coverage=loaded.coverage, networks=loaded.networks,
        terms=loaded.terms, authorisations=loaded.authorisations, referrals=loaded.referrals,
        restrictions=tuple(one.row for one in kept(call, Restriction, on=call.today)),
    )  # fmt: skip
    checks = [check for check in CHECKS if check.name.startswith(_WHAT) and check.name.endswith(_LACKING)]
    found = defaultdict[str, set[str]](set)
    table = worklist(given, checks)
    for name, about in zip(table["check"], table["about"], strict=True):
        found[str(about)].add(str(name).partition("_")[0])
    return {name: tuple(sorted(what)) for name, what in found.items()}


def recalls(call: Call, office: OfficeLetters, log: list[Kept[Message]], now: dt.datetime) -> Iterator[Found]:
    """Recall letters: for visits that are due some day, and that nobody has asked for."""
    rows = [one.row for one in kept(call, Recall, on=call.today)] if "recall" not in office.rules.leave_out else []
    written = defaultdict[str, list[Kept[Message]]](list)
    for one in log:
        if one.row.kind == "recall" and one.row.recall:
            written[one.row.recall].append(one)
    known = {row.recall: row for row in rows}
    patients = {row.recall: row.patient for row in rows} | {name: some[0].row.patient for name, some in written.items()}
    reach = reaches(call, office, patients.values())
    asked = _asked_for(call, rows)
    for name in sorted(patients):
        row, mine = known.get(name), written.get(name, [])
        matter = Matter(patients[name], reach[patients[name]], office.zone, [one.row for one in mine])
        wanted = []
        if row is not None and row.recall not in asked:
            matter = Matter(
                row.patient, reach[row.patient], office.zone, matter.log, visit_type=row.visit_type
            )  # fmt: skip
            wanted = list(_recall(row, matter, office, now))
        yield (
            Told(matter, {one.row.message: one for one in mine}),
            settled(matter, wanted, now, new_message, ("recall",)),
        )


def _recall(row: Recall, matter: Matter, office: OfficeLetters, now: dt.datetime) -> Iterator[Wanted]:
    told = any(one.state in TOLD and one.due_day == row.due for one in matter.log)
    first = row.due - dt.timedelta(days=office.rules.recall_days + matter.reach.days_on_way)
    base = instant_of(first, parse_time(office.rules.quiet_until), office.zone)
    if not told and base <= now < base + _PAST + dt.timedelta(days=office.rules.recall_days):
        yield Wanted("recall", base, more={"recall": row.recall, "due_day": row.due})


def _asked_for(call: Call, rows: list[Recall]) -> set[str]:
    """Recalls whose visit is asked for or booked already."""
    patients = sorted({row.patient for row in rows})
    types, open_ = dict[str, tuple[str, str]](), set[tuple[str, str]]()
    for fact in facts.known(call.connection, "requests", by="patient", values=patients):
        key = (str(fact.patient), fact.cells.get("visit_type", ""))
        types[str(fact.request)] = key
        if fact.closed is None:
            open_.add(key)
    b, days = schema.bookings.c, defaultdict[tuple[str, str], list[str]](list)
    for first in range(0, len(patients), facts.AT_ONCE):
        some = b.patient.in_(patients[first : first + facts.AT_ONCE])
        query = sa.select(schema.bookings).where(b.until.is_(None), b.status.in_(HOLDING), some)
        for row in rows_of(call, query):
            if row["request"] in types:
                days[types[row["request"]]].append(row["date"])
    return {
        row.recall
        for row in rows
        if (key := (row.patient, row.visit_type)) in open_
        or any(day >= (row.due - _PAST).isoformat() for day in days[key])
    }


def balances(call: Call, office: OfficeLetters, log: list[Kept[Message]], now: dt.datetime) -> Iterator[Found]:
    """Letters about open balances, where the actor may see them."""
    if not call.policy.allows(call.roles, call.purpose, "read", "journal", "cents"):
        return
    owed = {} if "balance" in office.rules.leave_out else _owed(call)
    written = defaultdict[str, list[Kept[Message]]](list)
    for one in log:
        if one.row.kind == "balance":
            written[one.row.patient].append(one)
    least = 100 * office.rules.balance_least
    patients = sorted({*(name for name, cents in owed.items() if cents >= least), *written})
    reach = reaches(call, office, patients)
    since = now - dt.timedelta(days=office.rules.balance_days)
    for name in patients:
        mine = written.get(name, [])
        matter = Matter(name, reach[name], office.zone, [one.row for one in mine])
        told = any(
            one.state in TOLD and (moment_of(one.told) or now) > since for one in matter.log
        )  # fmt: skip
        wanted = []
        if owed.get(name, 0) >= least and not told:
            wanted = [Wanted("balance", more={"amount": owed[name]})]
        yield (
            Told(matter, {one.row.message: one for one in mine}),
            settled(matter, wanted, now, new_message, ("balance",)),
        )


def _owed(call: Call) -> dict[str, int]:
    """Cents that patients owe, less what they have paid and is for nothing yet."""
    found, claims = defaultdict[str, int](int), defaultdict[str, int](int)
    for (account, claim, party), cents in ledger.sums(call).items():
        if account == "patient" and claim is not None:
            claims[claim] += cents
        elif account in ("patient", "unapplied") and party is not None:
            found[party] += cents
    known = claims_of(call, claims)
    for claim, cents in claims.items():
        if claim in known:
            found[known[claim].cells["patient"]] += cents
    return dict(found)


def close_old(call: Call, log: list[Kept[Message]]) -> None:
    """Have letters that are settled for more than a year not looked at any more."""
    before = (moment(call) - dt.timedelta(days=400)).isoformat()
    old = [one.fact.fact for one in log if one.row.due < before and one.row.state in ("sent", "known", "withdrawn")]
    f = schema.facts
    for first in range(0, len(old), facts.AT_ONCE):
        some = f.c.fact.in_(old[first : first + facts.AT_ONCE])
        call.connection.execute(f.update().where(f.c.until.is_(None), some).values(closed=call.number))
