"""The whole way: a week is planned, visits take place, claims are sent, and a payer with habits answers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import schedopt
from schedopt.interop.x12.judge import judge
from schedopt.registry import Store
from tests.payers.simulated_payer import File837, Paid, Payer, read_837
from tests.registry.money.clinic import DAY, PATIENTS, PLACE, bring, clinic, money_tables
from tests.stores import new_store


def prepared(store: Store) -> list[str]:
    """The clinic with a planned and published day, all of whose visits took place and were coded; their requests."""
    store.import_office(clinic())
    for number in range(PATIENTS):
        person = store.find({"surname": f"Surname{number}"})
        names = {"given_name": f"Given{number}", "surname": f"Surname{number}"}
        for one in person["person"] if len(person) else _person(store, f"N{number}"):
            store.update(one, {**PLACE, **names})
    plan = schedopt.plan(store.problem(DAY), time_limit=1, workers=1, progress=False)
    store.publish(plan, DAY + dt.timedelta(days=6))
    visits = store.bookings(DAY, DAY + dt.timedelta(days=6))
    store.session.clock.now = dt.datetime.combine(DAY + dt.timedelta(days=8), dt.time(8), dt.UTC)  # type: ignore[attr-defined]
    for booking in visits["booking"]:
        store.arrive(booking)
        store.fulfil(booking)
    requests = sorted(visits["request"])
    bring(store, money_tables(requests))
    return requests


def _person(store: Store, patient: str) -> list[str]:
    from schedopt.store import facts

    rows = store.session.do("look", lambda call: facts.known(call.connection, "people", by="patient", values=[patient]))
    return [str(row.owner) for row in rows]


def sent(store: Store, folder: Path) -> list[File837]:
    """Files as payers read them."""
    data = [Path(folder, one.file).read_bytes() for one in store.send_claims(folder)]
    assert all(judge(one).problems == () for one in data)
    return [read_837(one) for one in data]


def take(store: Store, data: bytes) -> None:
    """An answer comes, and comes again; our judge accepts it, and an 835 balances."""
    assert [str(one) for one in judge(data).problems] == []
    for _ in range(2):
        if b"ST*835" in data:
            told = store.post_remittance(data)
            assert set(told["state"]) <= {"posted", "already posted"}
        else:
            store.read_acknowledgements(data)


@pytest.mark.parametrize("seed", range(3))
def test_from_the_plan_to_the_last_cent(seed: int, tmp_path: Path) -> None:
    """Cash is what the checks were, every claim is where the payer's last word leaves it, the journal is in balance."""
    with new_store() as store:
        assert len(prepared(store)) > PATIENTS
        store.make_claims()
        payers = {f"PAYER{n}": Payer(seed + n, DAY + dt.timedelta(days=9), f"PAYER{n}") for n in range(2)}
        stands = dict[str, Paid]()
        for file in sent(store, tmp_path):
            stands |= go_through(store, payers[file.receiver], file, tmp_path)
        check(store, payers, stands)


def go_through(store: Store, payer: Payer, file: File837, folder: Path) -> dict[str, Paid]:
    """All that a payer does with a file of claims; how it leaves them."""
    refused = file.claims[0]
    late = [payer.ack_999(file), *payer.ack_277ca(file, frozenset([refused.control]))]
    for data in reversed(late):  # a 277CA overtakes its 999
        take(store, data)
    assert store.mend_claim(refused.control) == "ready"
    (second,) = sent(store, folder)
    for data in (payer.ack_999(second), *payer.ack_277ca(second), *payer.ack_277ca(file, frozenset([refused.control]))):
        take(store, data)
    claims = [*file.claims[1:], *second.claims]
    first = [payer.decide(one) for one in claims[:-1]]
    check = payer.pay(first)
    take(store, check)
    take(store, payer.again(check))  # the same check in another file
    payer.today += dt.timedelta(days=40)
    back = [one for one in first if one.paid][:2]
    take(store, payer.pay([], back))  # what was paid is taken back, which no payment covers: a balance goes forward
    payer.today += dt.timedelta(days=7)
    corrected = [payer.decide(one.claim) for one in back]
    last = payer.decide(claims[-1])
    take(store, payer.pay([*corrected, last]))
    return {one.claim.control: one for one in (*first, *corrected, last)}


def check(store: Store, payers: dict[str, Payer], stands: dict[str, Paid]) -> None:
    """The store against what the payers say of themselves."""
    found = store.balances().set_index("account")["cents"]
    assert found.sum() == 0
    assert found["cash"] == sum(cents for payer in payers.values() for _, cents in payer.checks)
    rows = store.rows("claims").set_index("claim")
    assert set(rows.index) == set(stands)
    for name, one in stands.items():
        assert rows.loc[name, "state"] == ("paid" if one.status == "1" else "denied"), name
    taken = [entry for one in stands.values() for _, _, some in one.lines for entry in some]
    amounts = {group: sum(cents for was, reason, cents in taken if (was, reason) != ("CO", "50") and was == group)
               for group in ("CO", "PR")}  # fmt: skip
    denied = sum(one.claim.cents for one in stands.values() if one.status == "4")
    assert (found["patient"], found["contractual"], found["insurer"]) == (amounts["PR"], amounts["CO"], denied)
    assert found["unapplied"] == 0
    assert found["charges"] == -sum(one.claim.cents for one in stands.values())
    assert store.check().empty
    assert store.verify() == []
