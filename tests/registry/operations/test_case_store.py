"""Cases in a store: kept apart by rights, sealed, moved when persons are one, and found back in what is listed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from benchmarks.race import DAY
from schedopt.errors import AccessDenied, InputError, NoSuchChange, StoreError
from schedopt.operations.cases.acting import Act, NewCase
from schedopt.registry import Store
from tests.stores import START, Clock, new_store

SAID = "Qwertzilla waited an hour"
TODAY = START.date()


def complaint(**more: object) -> NewCase:
    """A complaint about a visit."""
    said = {"kind": "complaint", "subject": "waiting-time", "received_by": "phone", "words": SAID, "request": "R1"}
    return NewCase(**(said | more))  # type: ignore[arg-type]


def test_from_opened_to_closed(store: Store, desk: Store) -> None:
    """What is done is written down in order, by whom; visits stand around it; the list loses what is closed."""
    for request, day in (("R1", DAY), ("R9", DAY + dt.timedelta(1))):
        desk.book(request, "DR1", dt.datetime.combine(day, dt.time(9)), rules=False)
    case = desk.open_case(complaint(received=TODAY - dt.timedelta(3)))
    assert list(desk.cases()["case"]) == [case]
    assert desk.cases(owner="ada").empty
    assert desk.act_on_case(case, Act("acknowledge", "rang back")) == "acknowledged"
    with pytest.raises(NoSuchChange, match="acknowledge"):
        desk.act_on_case(case, Act("acknowledge"))
    assert desk.act_on_case(case, Act("hand-over", owner="ada")) == "acknowledged"
    assert list(desk.cases(owner="ada")["case"]) == [case]
    assert store.by("ada", "operations").act_on_case(case, Act("close", outcome="resolved")) == "closed"
    assert desk.cases().empty
    found = desk.case(case)
    assert found.case.words == SAID
    assert list(found.history["deed"]) == ["open", "acknowledge", "hand-over", "close"]
    assert list(found.history["by"]) == ["dora", "dora", "dora", "ada"]
    assert list(found.history["words"]) == ["", "rang back", "", ""]
    visits = found.visits.set_index("request")["when"].to_dict()
    assert visits["R1"] == "this"
    assert set(visits.values()) <= {"this", "after"}
    assert (found.case.patient, found.case.site) == (store.rows("requests").set_index("request").at["R1", "patient"],
                                                     found.visits["site"].iloc[0])  # fmt: skip
    assert len(store.history("cases", case)) == 4
    assert desk.case_trends("subject", months=1)["cases"].tolist() == [1]


def test_what_is_not_there_is_refused(desk: Store) -> None:
    """Patients, visits, owners and cases that there are not, words that no table knows; nothing is shown of them."""
    for wrong in (
        {"request": None, "patient": "N77x"},
        {"subject": "Mr Smith"},
        {"kind": "praise"},
        {"request": "Zed"},
    ):
        with pytest.raises(InputError) as caught:
            desk.open_case(complaint(**wrong))
        assert not any(word in str(caught.value) for word in ("N77x", "Smith", "Zed", "Qwertzilla"))
    with pytest.raises(StoreError, match="actor"):
        desk.open_case(complaint(owner="nobody"))
    with pytest.raises(StoreError, match="patient whom"):
        desk.open_case(complaint(patient="N7"))
    with pytest.raises(StoreError, match="case"):
        desk.act_on_case("c0", Act("note"))
    assert desk.cases().empty


def test_who_may(store: Store, desk: Store) -> None:
    """Planners and billing know nothing of cases; auditors see them without words."""
    case = desk.open_case(complaint())
    for actor, role in (("pat", "planner"), ("bill", "billing"), ("aud", "auditor")):
        store.set_actor(actor, [role])
    for asked in (store.by("pat", "operations"), store.by("bill", "payment")):
        with pytest.raises(AccessDenied):
            asked.cases()
    auditor = store.by("aud", "audit")
    with pytest.raises(AccessDenied):
        auditor.case(case)
    assert "words" not in auditor.rows("cases")
    with pytest.raises(AccessDenied):
        auditor.act_on_case(case, Act("note"))


def test_merged_persons_have_one_list() -> None:
    """A case of the person who was merged is the other's, opened by that key; taking it back gives it back."""
    with new_store() as store:
        from benchmarks.race import office

        store.import_office(office())
        case = store.open_case(complaint())
        store.act_on_case(case, Act("note", "second word"))
        lose = store.rows("people").set_index("patient").at[store.case(case).case.patient, "person"]
        keep = store.rows("people").query("person != @lose").iloc[0]
        merged = store.merge(keep["person"], lose)
        found = store.case(case)
        assert (found.case.patient, found.case.words) == (keep["patient"], SAID)
        assert list(found.history["words"]) == ["", "second word"]
        assert set(store.rows("case_events")["patient"]) == {keep["patient"]}
        assert store.undo(merged.entry).empty
        assert store.case(case).case.patient != keep["patient"]
        assert store.case(case).case.words == SAID
        assert store.check().empty


def test_sealed_and_escalated(tmp_path: Path) -> None:
    """What was said stands in no file; what is overdue goes to whom the office's rule names, once."""
    clock = Clock()
    with new_store(str(tmp_path / "office.db"), clock) as store:
        from benchmarks.race import office

        store.import_office(office())
        store.add("case_rules", {"kind": "complaint", "acknowledge_within": "1", "close_within": "2",
                                 "escalate_to": "mgr"})  # fmt: skip
        store.set_actor("mgr", ["desk"])
        case = store.open_case(complaint())
        other = store.open_case(complaint(request=None))
        assert store.escalate_cases().empty
        clock.now += dt.timedelta(days=4)
        assert set(store.escalate_cases()["case"]) == {case, other}
        assert store.escalate_cases().empty
        assert set(store.cases()["owner"]) == {"mgr"}
        assert store.case_rules()["whose"].tolist() == ["office", "default", "default"]
        files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert b"Qwertzilla" not in files
