"""Claims of a store: made of what was coded, sent, and answered; a plain model says the same of their states."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schedopt.billing.claims.states import TAKEN_IN
from schedopt.errors import InputError, OutputError, StoreError
from schedopt.interop.x12.judge import judge
from schedopt.registry import Store
from tests.effort import examples
from tests.payers.simulated_payer import File837, Paid, Payer, read_837
from tests.registry.money.clinic import DAY, INSURERS, bring, csv, money_tables, open_clinic, visited
from tests.stores import new_store

CODED = ("R0", "R1", "R2", "R3", "R5", "R6")
LATER = DAY + dt.timedelta(days=3)


def with_visits(store: Store) -> None:
    """A clinic with six visits that took place and were coded, and somebody who bills."""
    open_clinic(store, CODED)
    store.set_actor("bill", ["billing"])


def with_claims(store: Store) -> None:
    """A clinic with the claims of three visits."""
    open_clinic(store, ("R0", "R2", "R4"))
    store.make_claims()


@pytest.fixture
def store() -> Iterator[Store]:
    """A clinic with six visits that took place and were coded, asked by who bills."""
    with new_store(prepare=with_visits) as made:
        yield made.by("bill", "payment")
        assert made.check().empty
        assert made.verify() == []


def states(store: Store) -> dict[str, str]:
    """The state of each claim."""
    rows = store.rows("claims")
    return dict(zip(rows["claim"], rows["state"], strict=True))


def sent(store: Store, folder: Path) -> list[File837]:
    """Files of claims as the payers read them; our judge accepts each."""
    made = [Path(folder, one.file).read_bytes() for one in store.send_claims(folder)]
    assert all(judge(data).problems == () for data in made)
    return [read_837(data) for data in made]


def test_visits_become_claims(store: Store) -> None:
    """Of each visit that an insurer covers on its day, one claim with the lines that were coded; once."""
    first = store.make_claims()
    by_request = first.set_index("request")
    assert set(by_request.index) == set(CODED)
    assert by_request.loc["R5", "claim"] == ""
    assert "patient pays" in by_request.loc["R5", "note"]
    made = first[first["claim"] != ""]
    assert set(made["state"]) == {"ready"}
    rows = store.rows("claims").set_index("claim")
    assert sorted(rows.index) == sorted(made["claim"])
    assert set(rows["charge"]) == {"200.00"}
    assert set(rows["insurer"]) == set(INSURERS)
    assert set(rows["file_until"]) == {"2027-12-01", "2027-03-01"}
    assert len(store.rows("claim_lines")) == 2 * len(made)
    again = store.make_claims()
    assert sorted(again["claim"]) == sorted(first["claim"])
    assert all(len(store.history("claims", claim)) == 1 for claim in rows.index)


def test_a_visit_that_the_patient_pays_gives_no_claim(store: Store) -> None:
    """Whatever of it is restricted is in no claim, no file and no list; also when it is restricted afterwards."""
    owner = store.by("ada", "operations")
    people = owner.session.do("people", lambda call: _person_of(call, "N0"))
    owner.restrict(people, "self_pay_visit", request="R0")
    made = store.make_claims()
    assert "R0" not in set(made["request"])
    owner.restrict(owner.session.do("people", lambda call: _person_of(call, "N1")), "self_pay_visit", request="R1")
    with tempfile.TemporaryDirectory() as folder:
        files = sent(store, Path(folder))
    members = {claim.member for file in files for claim in file.claims}
    assert members == {"W000000000", "W000000002", "W000000003"}  # N0 by R6, not by R0
    assert sum(len(file.claims) for file in files) == 3
    assert "R1" not in set(store.rows("claims")["request"])
    assert "R1" not in set(store.claims_to_file(400)["request"])


def _person_of(call: object, patient: str) -> str:
    from schedopt.store import facts

    return str(facts.known(call.connection, "people", by="patient", values=[patient])[0].owner)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("billing_office", "860450001", "86045", "postal code"),
        ("billing_office", "123456789,1 M", "12,1 M", "tax number"),
        ("provider_numbers", "Doctor", "", None), ("memberships", "W000000000", "W", "member's number"),
        ("billing_office", "DUNE01", "D", "sender"), ("payers", "PAYER0", "P", "number"),
        ("billing_office", "1234567893", "1234567890", "check digit"),
    ],
)  # fmt: skip
def test_what_a_payer_would_refuse_is_not_sent(
    store: Store, tmp_path: Path, table: str, old: str, new: str, said: str | None
) -> None:
    """What is wrong with what the office has told is an edit, and not one more file for nothing."""
    bring(store, {table: money_tables(CODED)[table].replace(old, new)})
    store.make_claims()
    if said is not None:
        assert said in " ".join(store.rows("claim_edits")["words"])
    for file in sent(store, tmp_path):
        assert said is None or "W000000000" not in {one.member for one in file.claims}


def test_a_claim_with_an_open_edit_is_not_sent(store: Store, tmp_path: Path) -> None:
    """It stays a draft until what was coded is put right, and its edits are listed."""
    files = money_tables(CODED)
    bring(store, {"encounters": files["encounters"].replace("E11.9 I10", "")})
    made = store.make_claims()
    assert set(made.loc[made["claim"] != "", "state"]) == {"draft"}
    edits = store.rows("claim_edits")
    assert set(edits["edit"]) == {"diagnosis"}
    assert store.send_claims(tmp_path / "out") == []
    assert not (tmp_path / "out").exists()
    bring(store, {"encounters": files["encounters"]})
    store.make_claims()
    assert set(states(store).values()) == {"ready"}
    assert store.rows("claim_edits").empty


def test_what_cannot_be_written_is_not_sent(store: Store, tmp_path: Path) -> None:
    """The claims stay ready, and the next try writes them."""
    store.make_claims()
    (tmp_path / "out").write_text("in the way", "utf-8")
    with pytest.raises(OutputError):
        store.send_claims(tmp_path / "out")
    assert set(states(store).values()) == {"ready"}
    assert store.rows("sendings").empty
    assert [one.control for one in sent(store, tmp_path / "other")] == ["000000001", "000000002"]
    assert set(states(store).values()) == {"sent"}


def test_a_rejected_claim_was_not_filed(store: Store, tmp_path: Path) -> None:
    """It runs out as if it had never been sent; once it is taken in it does not run out."""
    store.make_claims()
    payer = Payer(1, LATER)
    file = next(one for one in sent(store, tmp_path) if one.receiver == "PAYER1")
    before = set(store.claims_to_file(100)["claim"])
    refused = frozenset([file.claims[0].control])
    for data in payer.ack_277ca(file, refused):
        store.read_acknowledgements(data)
    assert before == {one.control for one in file.claims}
    assert set(store.claims_to_file(100)["claim"]) == refused
    assert store.claims_to_file(80).empty
    assert store.claims_to_file(100)["days_left"].tolist() == [(dt.date(2027, 3, 1) - DAY).days - 1]
    assert store.mend_claim(file.claims[0].control) == "ready"
    again = sent(store, tmp_path)[0]
    for data in payer.ack_277ca(again):
        store.read_acknowledgements(data)
    assert store.claims_to_file(100).empty


def test_a_file_that_is_refused_whole_refuses_its_claims(store: Store, tmp_path: Path) -> None:
    """By TA1, by 999, and by a 277CA that names no claim; other files stay as they are."""
    store.make_claims()
    first, second = sent(store, tmp_path)
    payer = Payer(1, LATER)
    store.read_acknowledgements(payer.refuse_277ca(first))
    now = states(store)
    assert {now[one.control] for one in first.claims} == {"rejected"}
    assert {now[one.control] for one in second.claims} == {"sent"}
    store.read_acknowledgements(payer.ta1(second, "R"))
    assert set(states(store).values()) == {"rejected"}


def test_a_late_answer_to_an_earlier_sending_changes_nothing(store: Store, tmp_path: Path) -> None:
    """A claim that was sent again stands as the answer to the last sending says."""
    store.make_claims()
    payer = Payer(1, LATER)
    first = sent(store, tmp_path)[0]
    everything = frozenset(one.control for one in first.claims)
    store.read_acknowledgements(payer.ack_999(first, frozenset(["0001"])))
    for name in everything:
        assert store.mend_claim(name) == "ready"
    second = sent(store, tmp_path)[0]
    late = payer.ack_999(first, frozenset(["0001"])).replace(b"IK4*9*67*1", b"IK4*9*67*7")
    assert set(store.read_acknowledgements(late)["state"]) == {"sent"}
    for data in payer.ack_277ca(second):
        assert set(store.read_acknowledgements(data)["state"]) == {"accepted"}
    assert set(store.read_acknowledgements(payer.ack_277ca(first, everything)[0])["state"]) == {"accepted"}


def test_a_file_is_taken_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    """One error, and nothing of it is taken; a file of something else is refused."""
    store.make_claims()
    file = sent(store, tmp_path)[0]
    payer = Payer(1, LATER)
    (good,) = payer.ack_277ca(file)
    before = states(store)
    for bad in (good.replace(b"A2:20", b"A2:", 1).replace(b"SE*", b"SE*9"), payer.pay([]), b"", good[:-40]):
        with pytest.raises(InputError):
            store.read_acknowledgements(bad)
    assert states(store) == before
    assert store.rows("claim_answers").empty


def test_a_stranger_is_listed(store: Store, tmp_path: Path) -> None:
    """What is said of a claim that the office does not have is told, and changes nothing."""
    store.make_claims()
    file = sent(store, tmp_path)[0]
    file.claims[0].control = "somebody elses"
    told = store.read_acknowledgements(Payer(1, LATER).ack_277ca(file)[0])
    assert sorted(told["claim"] == "") == [False] * (len(file.claims) - 1) + [True]


def test_a_replacement_ends_what_it_replaces_once_it_is_taken_in(store: Store, tmp_path: Path) -> None:
    """Not before; and the old claim stands again where the new one is refused after all."""
    store.make_claims()
    payer = Payer(1, LATER)
    old = sent(store, tmp_path)[0]
    name = old.claims[0].control
    with pytest.raises(StoreError):
        store.replace_claim(name)  # nobody has taken it in yet
    store.read_acknowledgements(payer.ack_277ca(old)[0])
    new = store.replace_claim(name)
    with pytest.raises(StoreError):
        store.void_claim(name)
    assert states(store)[name] == "accepted"
    (file,) = sent(store, tmp_path)
    assert (file.claims[0].frequency, file.claims[0].replaces) == ("7", old.claims[0].icn)
    store.read_acknowledgements(payer.ack_277ca(file)[0])
    assert (states(store)[name], states(store)[new]) == ("replaced", "accepted")
    store.read_acknowledgements(payer.ack_277ca(file, frozenset([new]))[0])
    assert (states(store)[name], states(store)[new]) == ("accepted", "rejected")


def test_a_void_ends_a_claim(store: Store, tmp_path: Path) -> None:
    """A claim that was paid is void once the payer has taken its void in."""
    store.make_claims()
    payer = Payer(1, LATER)
    old = sent(store, tmp_path)[0]
    name = old.claims[0].control
    store.read_acknowledgements(payer.ack_277ca(old)[0])
    pay(store, payer, old, name)
    assert states(store)[name] == "paid"
    void = store.void_claim(name)
    (file,) = sent(store, tmp_path)
    assert file.claims[0].frequency == "8"
    store.read_acknowledgements(payer.ack_277ca(file)[0])
    assert (states(store)[name], states(store)[void]) == ("void", "accepted")


def test_nobody_can_be_read_without_the_keys(store: Store, tmp_path: Path) -> None:
    """No name, number of a member, birth date or diagnosis stands in the database or in what is told; in files, yes."""
    store.make_claims()
    payer, told = Payer(1, LATER), [repr(store.make_claims())]
    for file in sent(store, tmp_path):
        assert file.claims[0].member.startswith("W0000")
        for data in payer.ack_277ca(file, frozenset([file.claims[0].control])):
            told.append(repr(store.read_acknowledgements(data)))
    told += [repr(store.rows(name)) for name in ("claims", "claim_lines", "claim_edits", "claim_answers", "sendings")]
    place = Path(str(store.session.engine.url.database)).parent
    content = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file()) + "".join(told).encode()
    for private in (b"Surname1", b"SURNAME1", b"W000000001", b"E11.9", b"E119", b"1971-01-02", b"19710102"):
        assert private not in content


def test_status_is_asked_and_answered(store: Store, tmp_path: Path) -> None:
    """A 276 for each payer asks about every claim it has, and what it says of one is heard."""
    store.make_claims()
    files = sent(store, tmp_path)
    asked = [Path(tmp_path, one.file).read_bytes() for one in store.ask_status(tmp_path)]
    assert all(judge(data).problems == () for data in asked)
    assert sum(data.count(b"TRN*1*") for data in asked) == sum(len(file.claims) for file in files)
    payer = Payer(1, LATER)
    told = store.read_acknowledgements(payer.answer_276(asked[0], "F1:65"))
    assert set(told["state"]) == {"pending"}  # how it was decided is for the remittance to say
    told = store.read_acknowledgements(payer.answer_276(asked[1], "A4:35"))
    assert set(told["state"]) == {"sent"}


def pay(store: Store, payer: Payer, file: File837, name: str) -> None:
    """The payer pays a claim whole."""
    claim = next(one for one in file.claims if one.control == name)
    found = store.post_remittance(payer.pay([Paid(claim, "1", [(line, line.cents, []) for line in claim.lines])]))
    assert found["state"].tolist() == ["posted"]


def test_a_replacement_is_charged_in_place_of_what_it_replaces(store: Store, tmp_path: Path) -> None:
    """What is owed is the charge of claims that stand, whether a 277CA or a remittance says so first."""
    store.make_claims()
    payer = Payer(1, LATER)
    old = sent(store, tmp_path)[0]
    names = [one.control for one in old.claims]
    store.read_acknowledgements(payer.ack_277ca(old)[0])
    owed = balance(store, "insurer")
    assert owed == sum(200_00 for _ in states(store))
    bring(store, {"encounters": money_tables(CODED, charge="150.00")["encounters"]})
    store.make_claims()
    new = {name: store.replace_claim(name) for name in names}
    (file,) = sent(store, tmp_path)
    assert balance(store, "insurer") == owed
    for claim in file.claims:
        claim.icn = f"N{claim.control[:6]}"
        pay(store, payer, file, claim.control)
    assert balance(store, "insurer") == owed - 200_00 * len(names)
    now = states(store)
    assert {now[name] for name in names} == {"replaced"}
    assert {now[name] for name in new.values()} == {"paid"}
    assert balance(store, "charges") == -(owed + 100_00 * len(names))


def balance(store: Store, account: str) -> int:
    """What stands on an account, in cents."""
    found = store.balances()
    assert found["cents"].sum() == 0
    return int(found.set_index("account").loc[account, "cents"])


class Claims(RuleBasedStateMachine):
    """One insurer's claims with files that are lost, late, repeated and contradict each other.

    The model of a claim is what was heard of its last sending, as a set; its state follows from that alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.context = new_store(prepare=with_claims)
        self.store = self.context.__enter__()
        self.folder = Path(tempfile.mkdtemp())
        self.payer = Payer(2, LATER)
        self.files: list[tuple[int, bytes]] = []  # by which sending it is meant
        self.unread: list[tuple[dict[str, tuple[int, str]], bytes]] = []
        self.read: list[tuple[dict[str, tuple[int, str]], bytes]] = []
        self.heard: dict[str, set[tuple[int, str]]] = {name: set() for name in states(self.store)}
        self.sending = dict.fromkeys(self.heard, 0)
        self.out: list[File837] = []
        self.begun = dict.fromkeys(self.heard, "ready")
        self.verdicts: dict[str, str] = {}
        self.decided: dict[str, Paid] = {}

    def teardown(self) -> None:
        """Let go of the store."""
        assert self.store.check().empty
        assert self.store.verify() == []
        self.context.__exit__(None, None, None)
        shutil.rmtree(self.folder)

    def expected(self, name: str) -> str:
        """The state of a claim by the model."""
        said = {what for sending, what in self.heard[name] if sending == self.sending[name]}
        if self.begun[name] == "ready":
            return "ready"
        if name in self.verdicts:
            return self.verdicts[name]
        if "refused" in said:
            return "rejected"
        if "looked_at" in said:
            return "pending"
        return "accepted" if "taken_in" in said else "sent"

    @precondition(lambda self: "ready" in self.begun.values())
    @rule()
    def send(self) -> None:
        """Send what is ready."""
        for file in sent(self.store, self.folder):
            self.out.append(file)
            for claim in file.claims:
                self.sending[claim.control] = int(file.control)
                self.begun[claim.control] = "sent"

    @precondition(lambda self: self.out)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """A payer writes an answer to some sending, which is not read yet."""
        file = data.draw(st.sampled_from(self.out))
        refused = frozenset(one.control for one in file.claims if data.draw(st.booleans()))
        kind = data.draw(st.sampled_from(["999", "277CA"]))
        control, names = int(file.control), [one.control for one in file.claims]
        if kind == "999":
            bad = bool(refused)
            made = self.payer.ack_999(file, frozenset(["0001"]) if bad else frozenset())
            meant = dict.fromkeys(names, (control, "refused" if bad else "confirmed"))
            self.unread.append((meant, made))
        else:
            (made,) = self.payer.ack_277ca(file, refused)
            self.unread.append(({n: (control, "refused" if n in refused else "taken_in") for n in names}, made))

    @precondition(lambda self: self.unread or self.read)
    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        """An answer is read, or one that was read before once more."""
        meant, made = data.draw(st.sampled_from([*self.unread, *self.read]))
        told = self.store.read_acknowledgements(made)
        assert set(told["claim"]) == set(meant)
        for name, what in meant.items():
            self.heard[name].add(what)
        if (meant, made) in self.unread:
            self.unread.remove((meant, made))
            self.read.append((meant, made))

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """A remittance decides a claim that was sent, or takes its decision back; it is posted twice."""
        name = data.draw(st.sampled_from(sorted(self.heard)))
        if self.begun[name] != "sent":
            return
        claim = next(one for file in reversed(self.out) for one in file.claims if one.control == name)
        claim.icn = f"I{name[:8]}"
        if name in self.decided:
            made, self.verdicts[name] = self.payer.pay([], [self.decided.pop(name)]), "reversed"
        else:
            paid = self.decided[name] = self.payer.decide(claim)
            made, self.verdicts[name] = self.payer.pay([paid]), "paid" if paid.status == "1" else "denied"
        for _ in range(2):
            self.store.post_remittance(made)

    @rule(data=st.data())
    def mend(self, data: st.DataObject) -> None:
        """A claim is sent again just if it was rejected."""
        name = data.draw(st.sampled_from(sorted(self.heard)))
        if self.expected(name) in ("rejected", "ready"):
            assert self.store.mend_claim(name) == "ready"
            self.begun[name] = "ready"
        else:
            with pytest.raises(StoreError):
                self.store.mend_claim(name)

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        """Each claim is in the state that the model says, and filed since a day just if the payer has it."""
        rows = self.store.rows("claims").set_index("claim")
        for name in self.heard:
            assert rows.loc[name, "state"] == self.expected(name)
            assert bool(rows.loc[name, "accepted_on"]) == (self.expected(name) in TAKEN_IN)


Claims.TestCase.settings = settings(max_examples=examples(8), stateful_step_count=15)
TestClaims = Claims.TestCase


@pytest.mark.parametrize("seed", range(3))
def test_answers_in_any_order_lead_to_the_same_rows(seed: int) -> None:
    """TA1, 999, 277CA, 277 and decisions, each twice and shuffled: every claim's row is the same but for ids."""
    found = []
    for order in range(3):
        with new_store(prepare=with_claims) as store, tempfile.TemporaryDirectory() as folder:
            payer = Payer(seed, LATER)
            (file,) = sent(store, Path(folder))
            file.claims.sort(key=lambda one: one.lines[0].control)
            names = [one.control for one in sorted(file.claims, key=lambda one: one.member)]
            refused = frozenset(names[: seed % 2])
            asked = Path(folder, store.ask_status(folder)[0].file).read_bytes()
            answers = [payer.ta1(file), payer.ack_999(file), *payer.ack_277ca(file, refused), payer.answer_276(asked)]
            answers *= 2
            random.Random(order).shuffle(answers)
            for data in answers:
                store.read_acknowledgements(data)
            rows = store.rows("claims").set_index("claim").loc[names]
            found.append(rows[["state", "accepted_on", "answer", "sent_on"]].values.tolist())
    assert found[0] == found[1] == found[2]


def test_encounters_and_numbers_are_refused_with_all_their_faults(store: Store) -> None:
    """A row that is none, and one that names no request."""
    rows = [{"request": "R99", "line": 1, "procedure": "99213", "charge": "1.00"},
            {"request": "R0", "line": 0, "procedure": "99213", "charge": "x"}]  # fmt: skip
    with pytest.raises(InputError):
        bring(store, {"encounters": csv(rows)})
    with pytest.raises(InputError):
        bring(store, {"encounters": csv(rows[:1])})


def test_a_visit_that_was_coded_but_has_not_been_waits(store: Store) -> None:
    """There is no claim before the visit; there is one afterwards."""
    bring(store, {"encounters": money_tables((*CODED, "R8"))["encounters"]})
    made = store.make_claims().set_index("request")
    assert made.loc["R8", "note"] == "the visit has not taken place"
    visited(store.by("ada", "operations"), ["R8"])
    assert store.make_claims().set_index("request").loc["R8", "state"] == "ready"
