"""Audits in a store: drawn, found, acted upon; evidence that shows tampering; the compliance calendar."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa

from benchmarks.race import DAY, office
from schedopt.errors import AccessDenied, InputError, NoSuchChange, StoreError
from schedopt.registry import Store
from schedopt.registry.operations.audit_evidence import signature_faults
from schedopt.registry.operations.audit_samples import NewAudit
from tests.stores import new_store

FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 12, 31)
SECRET = "Zaphod-Beeblebrox"


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with twelve bookings, one of them cancelled, an auditor and somebody at the desk."""
    with new_store() as made:
        made.import_office(office())
        made.set_actor("dora", ["desk"])
        made.set_actor("aud", ["auditor"])
        desk = made.by("dora", "operations")
        made_ = []
        for number in range(12):
            when = dt.datetime.combine(DAY, dt.time(8 + number // 4, 0))
            made_.append(desk.book(f"R{number}", f"DR{number % 4 + 1}", when, rules=False))
        desk.cancel(made_[0].booking, reason=SECRET)
        yield made


@pytest.fixture
def auditor(store: Store) -> Store:
    """The same asked by the auditor."""
    return store.by("aud", "audit")


def new(items: int = 6, **said: object) -> NewAudit:
    """A sample of visits."""
    return NewAudit(SECRET, "visits", FIRST, LAST, items, "s", **said)  # type: ignore[arg-type]


def results(store: Store, audit: str, bad: int) -> pd.DataFrame:
    """Results with so many deviations."""
    sheet = store.audit_sheet(audit)
    return sheet.assign(result=["deviates"] * bad + ["ok"] * (len(sheet) - bad), note=SECRET)


def test_a_sample_is_kept_and_can_be_drawn_again(store: Store, auditor: Store) -> None:
    """By an auditor, of ids alone; what comes later does not change what was known then."""
    audit = auditor.draw_audit(new(by="provider"))
    sheet = auditor.audit_sheet(audit)
    assert set(sheet["stratum"]) == {"DR1", "DR2", "DR3", "DR4"}
    assert sheet["stratum_items"].tolist() == [3] * 6
    status = store.visit_events(FIRST, LAST).set_index("booking")["status"]
    assert set(sheet["item"]) <= set(status.index)
    store.by("dora", "operations").book("R20", "DR1", dt.datetime.combine(DAY, dt.time(11, 30)), rules=False)
    booked = next(item for item in sheet["item"] if status[item] == "booked")
    store.by("dora", "operations").cancel(booked, reason="late")
    assert auditor.drawn_again(audit)
    listed = auditor.audits()
    assert listed[["audit", "population", "items", "looked_at"]].to_numpy().tolist() == [[audit, 12, 6, 0]]
    other = auditor.draw_audit(new(by="provider"))
    assert auditor.audits()["population"].tolist() == [13, 12]
    assert auditor.audits()["audit"].tolist() == [other, audit]


def test_other_sources(store: Store, auditor: Store) -> None:
    """Entries of the trail are drawn too; what there is nothing of, or cannot be divided so, is refused."""
    audit = auditor.draw_audit(NewAudit("who", "entries", dt.date(2026, 11, 23), LAST, 5, "s", by="actor"))
    operations = store.audit_report().set_index("number")["actor"]
    sheet = auditor.audit_sheet(audit)
    assert [operations[int(item)] for item in sheet["item"]] == sheet["stratum"].tolist()
    for wrong in (
        NewAudit("", "claims", FIRST, LAST, 1, "s"), new(by="name"), new(items=99), new(follows="u1"),
        NewAudit("", "visits", dt.date(2020, 1, 1), dt.date(2020, 1, 2), 1, "s"), new(divide="neyman"),
    ):  # fmt: skip
        with pytest.raises(StoreError, match="expected"):
            auditor.draw_audit(wrong)


def test_findings_and_their_effect(store: Store, auditor: Store) -> None:
    """What is found is kept with its history, evaluated against what was tolerable, and compared with the next one."""
    first = auditor.draw_audit(new(items=12, tolerable=0.5))
    with pytest.raises(StoreError, match="nothing was looked at"):
        auditor.audit_findings(first)
    assert auditor.find_in_audit(first, results(auditor, first, 9)) == 12
    assert auditor.find_in_audit(first, results(auditor, first, 9)) == 0
    found = auditor.audit_findings(first)
    assert (found.share.found, found.share.verdict) == (9, "over")
    item = str(auditor.audit_sheet(first)["item"][0])
    assert auditor.find_in_audit(first, pd.DataFrame({"item": [item], "result": ["missing"]})) == 1
    assert auditor.history("audit_findings", (first, item))["result"].tolist() == ["deviates", "missing"]
    second = auditor.draw_audit(new(items=12, follows=first))
    auditor.find_in_audit(second, results(auditor, second, 1))
    effect = auditor.audit_effect(second)
    assert (effect.before, effect.after, effect.helped) == (9 / 12, 1 / 12, True)
    assert auditor.audits()["deviate"].tolist() == [1, 9]
    with pytest.raises(StoreError, match="follows"):
        auditor.audit_effect(first)
    with pytest.raises(InputError, match="item of the audit"):
        auditor.find_in_audit(first, pd.DataFrame({"item": [SECRET], "result": ["ok"]}))


def test_actions_from_open_to_verified(store: Store, auditor: Store) -> None:
    """Due in business days, which weekends are not; done with evidence, and verified by somebody else."""
    audit = auditor.draw_audit(new())
    name = auditor.open_action(audit, SECRET, "dora", days=5)
    assert auditor.actions()["due"].iloc[0] == pd.Timestamp("2026-11-30")  # from Monday 23 November
    assert auditor.actions()["what"].tolist() == [SECRET]
    dora = store.by("dora", "operations")
    with pytest.raises(StoreError, match="evidence"):
        dora.move_action(name, "done")
    dora.move_action(name, "done", "list 3")
    with pytest.raises(StoreError, match="somebody else"):
        dora.move_action(name, "verified")
    auditor.move_action(name, "verified")
    assert dora.actions().empty
    with pytest.raises(NoSuchChange):
        dora.move_action(name, "open")
    assert auditor.history("audit_actions", name)["state"].tolist() == ["", "done", "verified"]
    for wrong in (
        {"owner": "nobody"}, {"owner": "dora", "item": "b0"}, {"owner": "dora", "due": dt.date(2020, 1, 1)},
        {"owner": "dora", "what": " "}, {"owner": "dora", "days": -1},
    ):  # fmt: skip
        with pytest.raises(StoreError, match="expected"):
            auditor.open_action(audit, **{"what": "w", **wrong})  # type: ignore[arg-type]
    with pytest.raises(AccessDenied):
        dora.draw_audit(new())


def test_evidence_says_who_changed_what(store: Store, auditor: Store) -> None:
    """Each booking of the sample with its entries; a cancelled one twice; no text that people wrote."""
    audit = auditor.draw_audit(new(items=12))
    store.by("dora", "operations").change("requests", "R1", {"urgency": 3})
    found = auditor.audit_evidence(audit)
    assert found.tampered == []
    bookings = found.changes[found.changes["table"] == "appointments"]
    assert set(bookings["item"]) == set(auditor.audit_sheet(audit)["item"])
    assert bookings["what"].value_counts().to_dict() == {"booked": 12, "cancelled": 1}
    assert set(bookings["actor"]) == {"dora"}
    facts = found.changes[found.changes["table"] == "requests"]
    assert facts["what"].value_counts().to_dict() == {"added": 12, "changed": 1}
    assert facts.loc[facts["what"] == "changed", "columns"].tolist() == ["urgency"]
    report = store.audit_report().set_index("number")
    assert [report["operation"][entry] for entry in bookings["entry"]] == bookings["operation"].tolist()
    assert SECRET not in found.content.decode() + repr(found.changes) + repr(store.audit_report(actor="aud"))
    said = json.loads(found.content)
    assert said["trail"]["verifies"] is True
    assert {one["number"] for one in said["entries"]} == set(found.changes["entry"])
    assert auditor.check_evidence(found.content) == []
    assert signature_faults(said, store.session.keys.public.hex()) == []
    assert auditor.audit_evidence(audit, first=dt.date(2027, 1, 1)).changes.empty


def test_a_changed_file_is_no_evidence(auditor: Store) -> None:
    """Whatever part of it is changed, and with another key."""
    audit = auditor.draw_audit(new(items=3))
    content = auditor.audit_evidence(audit).content
    for part, name in (("entries", "actor"), ("changes", "actor"), ("audit", "seed"), ("trail", "root")):
        said = json.loads(content)
        (said[part][0] if part in ("entries", "changes") else said[part])[name] = "00"
        assert any("not as it was signed" in one for one in signature_faults(said))
        assert auditor.check_evidence(json.dumps(said).encode())
    assert signature_faults(json.loads(content)) == []
    assert signature_faults(json.loads(content), "00" * 32)
    with pytest.raises(InputError, match="evidence"):
        auditor.check_evidence(b"{}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET actor = 'mallory' WHERE number = :n",
        "UPDATE bookings SET site = 'ELSEWHERE' WHERE since = :n",
        "DELETE FROM entries WHERE number = :n",
    ],
    ids=["actor", "booking", "entry"],
)
def test_a_changed_trail_is_said(store: Store, auditor: Store, statement: str) -> None:
    """An entry with another actor, a booking that is another one, an entry that is gone."""
    audit = auditor.draw_audit(new(items=12))
    before = auditor.audit_evidence(audit)
    bookings = before.changes[before.changes["table"] == "appointments"]
    entry = int(bookings["entry"].iloc[-1])
    with store.session.engine.begin() as connection:
        for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        assert connection.execute(sa.text(statement), {"n": entry}).rowcount
    after = auditor.audit_evidence(audit)
    assert any(one.number == entry for one in after.tampered)
    assert json.loads(after.content)["trail"]["verifies"] is False
    assert signature_faults(json.loads(after.content)) == ["the audit trail did not verify when the file was written"]
    assert auditor.check_evidence(before.content)


def test_the_calendar_of_a_store(store: Store, auditor: Store) -> None:
    """What was done moves what is due; open actions stand in it; done in the future or without evidence is refused."""
    first, last = dt.date(2026, 11, 30), dt.date(2027, 2, 28)
    audit = auditor.draw_audit(new())
    name = auditor.open_action(audit, "w", "dora")
    before = auditor.compliance(first, last)
    assert "risk-analysis" in set(before["id"])
    assert name in set(before["id"])
    auditor.obligation_done("risk-analysis", dt.date(2026, 11, 20), SECRET)
    auditor.obligation_done("risk-analysis", dt.date(2026, 11, 20), "again")
    assert "risk-analysis" not in set(auditor.compliance(first, last)["id"])
    for wrong in (("nothing", dt.date(2026, 1, 1), "e"), ("risk-analysis", dt.date(2027, 1, 1), "e"),
                  ("risk-analysis", dt.date(2026, 1, 1), " ")):  # fmt: skip
        with pytest.raises(StoreError, match="expected"):
            auditor.obligation_done(*wrong)
    with pytest.raises(StoreError, match="last day"):
        auditor.compliance(last, first)


def test_nothing_that_people_wrote_is_open(store: Store, auditor: Store) -> None:
    """What is looked for, notes, actions and evidence are sealed: no file of the database has them."""
    audit = auditor.draw_audit(new())
    auditor.find_in_audit(audit, results(auditor, audit, 1))
    name = auditor.open_action(audit, SECRET, "dora")
    auditor.move_action(name, "done", SECRET)
    auditor.obligation_done("risk-analysis", dt.date(2026, 11, 20), SECRET)
    for table in ("audits", "audit_findings", "audit_actions", "obligations_done"):
        assert SECRET not in auditor.rows(table).to_csv()
    with store.session.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT cells, sealed FROM facts WHERE kind LIKE 'audit%' OR kind LIKE 'obl%'")
        )
        assert all(SECRET.encode() not in cells.encode() + (sealed or b"") for cells, sealed in rows)
