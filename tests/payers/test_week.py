"""A booked week is asked about, answered, and what was answered stands in the store, once and whatever came again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from benchmarks.insured import MONDAY, Payer, member_id
from schedopt.errors import InputError, StoreError
from schedopt.interop.x12.inquiries import read_batch
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.tree import read
from schedopt.registry import Store
from tests.payers.insured import book_all, insured_store
from tests.postgres import LACKING, Server, is_here
from tests.stores import START

FRIDAY = MONDAY + dt.timedelta(days=4)
PATIENTS = 12


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with a booked week, asked by who bills."""
    with insured_store(PATIENTS, secret=[5]) as made:
        book_all(made, PATIENTS)
        person = made.session.do("look", lambda call: _person_of(call, "N006"))
        made.restrict(person, "self_pay_visit", request="R006")
        yield made.by("bill", "payment")
        assert made.check().empty
        assert made.verify() == []


def _person_of(call: object, patient: str) -> str:
    from schedopt.store import facts

    (fact,) = facts.known(call.connection, "people", by="patient", values=[patient])  # type: ignore[attr-defined]
    return str(fact.owner)


def test_every_visit_is_asked_about_on_its_day(store: Store) -> None:
    """270s ask for the visit's day in all of the week; nothing is asked about a visit that the patient pays."""
    asking = store.ask_eligibility(MONDAY, FRIDAY)
    days = dict(zip(asking.visits["inquiry"], asking.visits["date"], strict=True))
    found = {}
    for content in asking.files.values():
        assert judge(content).accepted
        for transaction in read(content).transactions:
            batch = read_batch(transaction)
            assert batch is not None
            found.update({one.trace.number: one.day for one in batch.inquiries})
    asked = asking.visits[asking.visits["outcome"] == "asked"]
    assert found == {name: days[name] for name in asked["inquiry"]}
    assert set(asked["request"]) == {f"R{number:03d}" for number in range(PATIENTS)} - {"R005", "R006"}
    assert "R006" not in set(asking.visits["request"]), "who bills does not learn of it"
    assert len(asking.files) == 2


def test_asking_again_is_the_same(store: Store) -> None:
    """With the same number and moment the same files come out; without, nothing is asked twice."""
    first = store.ask_eligibility(MONDAY, FRIDAY, control=7, moment=START)
    again = store.ask_eligibility(MONDAY, FRIDAY, control=7, moment=START)
    assert again.files == first.files
    assert again.visits.equals(first.visits)
    rows = store.rows("inquiries")
    assert store.history("inquiries", rows["inquiry"][0]).shape[0] == 1
    later = store.ask_eligibility(MONDAY, FRIDAY)
    assert later.files == {}
    assert set(later.visits["outcome"]) == {"asked before, on 2026-11-23", "not asked: the patient pays"}
    assert len(store.ask_eligibility(MONDAY, FRIDAY, again=True).files) == 2


def _answered(store: Store, payer: Payer) -> list[bytes]:
    return [payer.answer(content) for content in store.ask_eligibility(MONDAY, FRIDAY).files.values()]


def test_answers_change_what_is_known(store: Store) -> None:
    """Each state of an answer shows in the list of visits to come, and in what planning reads."""
    before = store.eligibility(MONDAY, FRIDAY)
    assert set(before["verified"]) == {"never asked", "patient pays"}
    ended = {member_id(1): dt.date(2026, 11, 29), member_id(2): None, member_id(3): dt.date(2026, 12, 31)}
    payer = Payer(ended, frozenset([member_id(4)]), frozenset([member_id(7)]))
    files = _answered(store, payer)
    assert set(store.eligibility(MONDAY, FRIDAY)["verified"]) == {"not answered", "patient pays"}
    for content in files:
        told = store.read_coverage(content)
        assert set(told["outcome"]) == {"taken over"}
    shown = store.eligibility(MONDAY, FRIDAY).set_index("request")
    assert dict(shown["verified"]) == {
        **{f"R{number:03d}": "yes" for number in range(PATIENTS) if number != 6},
        "R001": "not covered", "R002": "not covered", "R004": "refused", "R005": "patient pays",
    }  # fmt: skip
    assert [name for name, need in shown["authorisation"].items() if need] == ["R007"]
    assert shown["covered_until"]["R003"] == dt.date(2026, 12, 31)
    rows = store.rows("eligibility").set_index("patient")
    assert (rows["status"]["N001"], rows["valid_until"]["N001"]) == ("active", "2026-11-29")
    assert (rows["status"]["N002"], rows["valid_from"]["N002"]) == ("inactive", "2026-11-23")
    assert "N004" not in rows.index
    assert list(rows["source"].unique()) == ["271"]
    benefits = store.benefits("N000", "ACME")
    assert benefits is not None
    assert (benefits.deductible.person, benefits.terms_of("98").copay) == (40050, 2500)
    assert benefits.source == "271 of 23 November 2026"


def test_the_same_answers_again_change_nothing(store: Store) -> None:
    """A file that was read before is known as such; the same answers in another file write nothing new."""
    files = _answered(store, Payer({member_id(2): None}))
    for content in files:
        store.read_coverage(content)
    before = [store.rows(name) for name in ("eligibility", "benefits", "inquiries")]
    for content in files:
        assert set(store.read_coverage(content)["outcome"]) == {"read before"}
        changed = content.replace(b"ISA*00*", b"ISA*03*", 1)
        assert set(store.read_coverage(changed)["outcome"]) == {"nothing new"}
    after = [store.rows(name) for name in ("eligibility", "benefits", "inquiries")]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newest_answer_stands(store: Store, order: tuple[int, int]) -> None:
    """Whatever order answers come in, what was answered last is what is known."""
    asked = list(store.ask_eligibility(MONDAY, FRIDAY).files.values())
    old = Payer({member_id(2): None}, day="20261121")
    new = Payer({member_id(3): dt.date(2026, 11, 1)}, day="20261122", time="0800")
    for place in order:
        for content in asked:
            store.read_coverage((old, new)[place].answer(content))
    rows = store.rows("eligibility").set_index("patient")
    assert rows["status"]["N002"] == "active"
    assert rows["valid_until"]["N003"] == "2026-11-01"
    assert set(rows["answered"]) == {"2026-11-22"}


def test_answers_without_our_trace_are_matched_by_number_and_birth(store: Store) -> None:
    """Without a trace, number and day of birth count together; a name alone never does; the rest is put aside."""
    (first, *_) = store.ask_eligibility(MONDAY, FRIDAY).files.values()
    answer = Payer().answer(first)
    lines = answer.decode().split("~\n")
    lost = [line if not line.startswith("TRN") else "TRN*2*other" for line in lines]
    told = store.read_coverage("~\n".join(lost).encode())
    assert set(told["outcome"]) == {"taken over"}
    assert set(told["why"]) == {"the member's number and day of birth"}
    births = [line.replace("DMG*D8*194", "DMG*D8*195") for line in lost]
    told = store.read_coverage("~\n".join(births).encode())
    assert set(told["outcome"]) == {"put aside"}
    both = [
        line.replace("DMG*D8*194", "DMG*D8*195").replace("*MI*W", "*MI*X") if "TRN" not in line else line
        for line in lines
    ]
    told = store.read_coverage("~\n".join(both).encode())
    assert set(told["outcome"]) == {"put aside"}
    aside = store.open_answers()
    assert len(aside) == len(set(aside["answer"])) == 2 * told.shape[0]
    store.settle_answer(aside["answer"][0])
    assert len(store.open_answers()) == len(aside) - 1


def test_somebody_says_what_an_answer_belongs_to(store: Store) -> None:
    """An answer that was put aside is taken over for the question that it belongs to, and it alone."""
    asking = store.ask_eligibility(MONDAY, FRIDAY)
    (first, *_) = asking.files.values()
    answer = Payer({member_id(1): None}).answer(first)
    lost = answer.replace(b"TRN*2*q", b"TRN*2*x").replace(b"DMG*D8*194", b"DMG*D8*195")
    assert set(store.read_coverage(lost)["outcome"]) == {"put aside"}
    inquiries = asking.visits.set_index("request")["inquiry"]
    mine = next(name for name in store.open_answers()["answer"] if member_id(1) in store.open_answer(name))
    text = store.open_answer(mine)
    assert judge(text.encode()).accepted
    assert (text.count("EB*"), text.count("~TRN*")) == (1, 1)
    for bad in (("nothing", inquiries["R001"]), (mine, "nothing")):
        with pytest.raises(StoreError):
            store.assign_answer(*bad)
    before = len(store.open_answers())
    assert store.assign_answer(mine, inquiries["R001"]) == "inactive"
    assert len(store.open_answers()) == before - 1
    assert list(store.rows("eligibility")["patient"]) == ["N001"]


def test_a_whole_transaction_may_be_refused(store: Store) -> None:
    """A payer that answers nobody refuses all that was asked in the transaction, by its reference."""
    (first, *_) = store.ask_eligibility(MONDAY, FRIDAY).files.values()
    lines = first.decode().split("~\n")
    reference = lines[3].split("*")[3]
    lines[1] = lines[1].replace("GS*HS", "GS*HB")
    body = ["ST*271*0001*005010X279A1", f"BHT*0022*11*{reference}*20261123*0900", *lines[4:8], "AAA*N**42*R"]
    file = "~\n".join([*lines[:2], *body, f"SE*{len(body) + 1}*0001", *lines[-3:]]).encode()
    told = store.read_coverage(file)
    assert list(told["outcome"]) == ["taken over"]
    assert "refused" in set(store.eligibility(MONDAY, FRIDAY)["verified"])


def test_a_bad_file_is_not_taken_at_all(store: Store) -> None:
    """One transaction that is not accepted, or is something else, and nothing of the file is taken."""
    (first, *_) = store.ask_eligibility(MONDAY, FRIDAY).files.values()
    answer = Payer().answer(first)
    for bad in (answer.replace(b"EB*1*", b"EB*%*", 1), first, b"nothing"):
        with pytest.raises(InputError):
            store.read_coverage(bad, "in.x12")
    assert store.rows("eligibility").empty


def test_an_old_answer_and_one_of_another_day_show(store: Store) -> None:
    """An answer that is too old is so from a number of days on; one about a day says nothing of the next."""
    for content in store.ask_eligibility(MONDAY, FRIDAY).files.values():
        store.read_coverage(Payer(day="20261120").answer(content))
    shown = store.eligibility(MONDAY, FRIDAY, most_days=3)
    assert set(shown["verified"]) == {"yes", "patient pays"}
    assert set(shown["age_days"].dropna()) == {3}
    assert "too old" in set(store.eligibility(MONDAY, FRIDAY, most_days=2)["verified"])
    desk = store.by("ada", "operations")
    booking = desk.bookings(MONDAY, MONDAY).set_index("request")["booking"]["R000"]
    desk.move(booking, "DR0", dt.datetime.combine(FRIDAY, dt.time(16)), rules=False)
    shown = store.eligibility(MONDAY, FRIDAY).set_index("request")
    assert (shown["verified"]["R000"], shown["asked_for"]["R000"]) == ("other day", MONDAY)


def test_coverage_is_that_of_the_day_of_the_visit(store: Store) -> None:
    """A row of coverage that becomes true before the visit decides who is asked, not the one that is true today."""
    office = store.by("ada", "operations")
    office.end("coverage", ("", "", "N000", "ACME"), last_day=MONDAY - dt.timedelta(days=1))
    office.add("coverage", {"patient": "N000", "insurer": "BLUE"}, valid_from=MONDAY)
    asked = store.ask_eligibility(MONDAY, FRIDAY).visits.set_index("request")
    assert asked["insurer"]["R000"] == "BLUE"
    assert asked["outcome"]["R000"] == "not asked: memberships has no row of the patient"


def test_what_payers_have_said_stays_when_a_folder_comes_in(store: Store) -> None:
    """An office that does not know of the answers does not end them; one that does changes nothing."""
    office = store.by("ada", "operations")
    before = office.whole_office()
    for content in store.ask_eligibility(MONDAY, FRIDAY).files.values():
        store.read_coverage(Payer({member_id(2): None}).answer(content))
    for kind in ("authorisation", "referral"):
        store.need_permission("N000", "ACME", "scan", visits=6, first=MONDAY, last=FRIDAY, kind=kind)
    tables = ("eligibility", "authorisations", "referrals")
    known = [store.rows(name) for name in tables]
    assert [len(rows) for rows in known] == [PATIENTS - 2, 1, 1]
    office.import_office(before)
    assert all(rows.equals(store.rows(name)) for name, rows in zip(tables, known, strict=True))
    loaded = office.office(MONDAY)
    assert [len(getattr(loaded, name) or ()) for name in tables] == [PATIENTS - 2, 1, 1]
    office.import_office(office.whole_office())
    assert all(rows.equals(store.rows(name)) for name, rows in zip(tables, known, strict=True))


@pytest.mark.skipif(not is_here(), reason=LACKING)
def test_a_week_on_postgresql(postgres: Server) -> None:
    """Asked, answered and listed, as on SQLite."""
    with insured_store(4, url=postgres.new_database()) as made:
        book_all(made, 4)
        store = made.by("bill", "payment")
        for content in store.ask_eligibility(MONDAY, FRIDAY).files.values():
            lost = Payer({member_id(2): None}).answer(content).replace(b"TRN*2*q", b"TRN*2*x")
            assert set(store.read_coverage(lost)["outcome"]) == {"taken over"}
        assert list(store.eligibility(MONDAY, FRIDAY)["verified"]) == ["yes", "yes", "not covered", "yes"]
        assert made.verify() == []
