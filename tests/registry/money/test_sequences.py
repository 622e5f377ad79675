"""Any sequence of posting, paying, refunding and letting go leaves what a plain model says, to the cent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import ExitStack

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schedopt.errors import StoreError
from tests.effort import examples
from tests.registry.money.ledgers import PAYER, Said, claim_name, remittance, standing, store_with_claims

CHARGES = {claim_name(1): (10000, 2000), claim_name(2): (5000,), claim_name(3): (9000, 100, 4000)}
STRANGER = claim_name(9)
NAMES = sorted(CHARGES)
TODAY = dt.date(2026, 12, 20)


def version(claim: str, number: int) -> Said:
    """One of the ways in which a payer may decide a claim: all its lines, each cent of the charges in one place."""
    lines = []
    for line, charge in enumerate(CHARGES.get(claim, (700,)), 1):
        paid, share = charge * (2 + number) // 10, charge * number // 20
        contractual = (charge - paid - share) if number != 3 else 0
        lines.append((line, paid, contractual, share, charge - paid - share - contractual))
    return Said(claim, tuple(lines), control=f"ICN{number}")


def back(said: Said) -> Said:
    """The same taken back."""
    return Said(said.claim, said.lines, "22", said.control)


def shared(said: Said) -> int:
    return sum(line[3] for line in said.lines)


class Model:
    """The accounts as plain arithmetic over all that was heard."""

    def __init__(self) -> None:
        self.heard: dict[tuple[int, int], Said] = {}  # by number of the check, and place in it
        self.taken = self.paid = self.refunded = self.gone = self.gone_of_patients = 0
        self.of_claims: Counter[str] = Counter()  # what patients have paid, or were let off, or were billed besides
        self.good: Counter[str] = Counter()

    def counting(self, claim: str) -> Said | None:
        """What counts of a claim: the first version that was not taken back as often as it was told."""
        told = Counter[str]()
        for said in self.heard.values():
            if said.claim == claim:
                told[said.control] += -1 if said.status == "22" else 1
        order = sorted(self.heard.items())
        alive: list[tuple[tuple[int, int], Said]] = []
        for control, count in told.items():
            if count > 0:
                alive += [item for item in order if item[1].claim == claim and item[1].control == control
                          and item[1].status != "22"][:count]  # fmt: skip
        return min(alive)[1] if alive else None

    def owed_by_patient(self, claim: str) -> int:
        """What a patient owes of a claim."""
        said = self.counting(claim)
        return (shared(said) if said else 0) + self.of_claims[claim]

    def balances(self) -> dict[str, int]:
        """Cents by account."""
        counting = [said for said in map(self.counting, NAMES) if said]
        received = sum(said.paid for said in self.heard.values())
        applied = sum(said.paid for said in counting)
        contractual = sum(line[2] for said in counting for line in said.lines)
        charged = sum(map(sum, CHARGES.values()))
        share = sum(map(shared, counting))
        found = {
            "charges": -charged,
            "cash": received - self.taken + self.paid - self.refunded,
            "insurer": charged - applied - contractual - share - self.gone,
            "patient": share + sum(self.of_claims.values()),
            "contractual": contractual,
            "written_off": self.gone + self.gone_of_patients,
            "forwarded": self.taken,
            "unapplied": -(received - applied) - sum(self.good.values()),
        }
        return {name: cents for name, cents in found.items() if cents}


class Accounts(RuleBasedStateMachine):
    """A store beside the model."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.store = self.stack.enter_context(store_with_claims(CHARGES))
        self.model, self.files, self.number = Model(), list[bytes](), 0
        rows = self.store.rows("claims")
        self.patient = dict(zip(rows["claim"], rows["patient"], strict=True))

    def teardown(self) -> None:
        self.stack.close()

    @rule(
        told=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 3), st.booleans()), min_size=1, max_size=3),
        taken=st.sampled_from([0, 0, 250, -250]),
        day=st.integers(1, 15),
    )
    def post(self, told: list[tuple[str, int, bool]], taken: int, day: int) -> None:
        """A new check."""
        self.number += 1
        said = [back(version(claim, way)) if again else version(claim, way) for claim, way, again in told]
        plb = [("WO", "R1", taken)] if taken else []
        data = remittance(f"K{self.number:03d}", said, plb, dt.date(2026, 12, day))
        assert self.store.post_remittance(data)["state"].tolist() == ["posted"]
        self.files.append(data)
        self.model.taken += taken
        for place, one in enumerate(said):
            self.model.heard[day * 1000 + self.number, place] = one

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        """A file once more."""
        again = data.draw(st.sampled_from(self.files))
        assert self.store.post_remittance(again)["state"].tolist() == ["already posted"]

    @rule(claim=st.sampled_from(NAMES), off=st.sampled_from([-1, 1, 100]))
    def post_what_is_off(self, claim: str, off: int) -> None:
        """A check that is not what its claims come to."""
        data = remittance("OFF", [version(claim, 1)], off=off)
        assert self.store.post_remittance(data)["state"].tolist() == ["refused"]

    @rule(claim=st.sampled_from(NAMES), cents=st.integers(1, 3000))
    def pay(self, claim: str, cents: int) -> None:
        """A patient pays; patients of this store have one claim each."""
        self.store.pay(self.patient[claim], cents, TODAY)
        self.model.paid += cents
        used = min(cents, max(self.model.owed_by_patient(claim), 0))
        self.model.of_claims[claim] -= used
        self.model.good[claim] += cents - used

    @rule(claim=st.sampled_from(NAMES))
    def apply(self, claim: str) -> None:
        """What a patient has paid too much is used, or kept to the good."""
        self.store.apply(self.patient[claim], TODAY)
        owed = self.model.owed_by_patient(claim)
        used = min(owed, self.model.good[claim]) if owed > 0 else owed
        self.model.of_claims[claim] -= used
        self.model.good[claim] -= used

    @rule(claim=st.sampled_from(NAMES), cents=st.integers(1, 3000))
    def refund(self, claim: str, cents: int) -> None:
        """What is to the good is paid back, and no more."""
        there = self.model.good[claim]
        try:
            self.store.refund(self.patient[claim], cents, TODAY, "asked for")
        except StoreError:
            assert cents > there
            return
        assert cents <= there
        self.model.good[claim] -= cents
        self.model.refunded += cents

    @rule(claim=st.sampled_from(NAMES), cents=st.integers(1, 9000), of=st.sampled_from(["insurer", "patient"]))
    def write_off(self, claim: str, cents: int, of: str) -> None:
        """What is owed is let go, and no more."""
        frame = self.store.journal(claim)
        owed = (
            frame["cents"].where(frame["debit"] == of, 0).sum() - frame["cents"].where(frame["credit"] == of, 0).sum()
        )
        try:
            self.store.write_off(claim, cents, "agreed", of="insurer" if of == "insurer" else "patient")
        except StoreError:
            assert cents > owed
            return
        assert cents <= owed
        if of == "insurer":
            self.model.gone += cents
        else:
            self.model.of_claims[claim] -= cents
            self.model.gone_of_patients += cents

    @invariant()
    def the_same(self) -> None:
        """Balances are the model's, and together nothing; ages and statements agree with them."""
        found = standing(self.store)
        assert found == self.model.balances()
        assert sum(found.values()) == 0
        for of in ("patient", "insurer"):
            ages = self.store.ageing(TODAY, "patient" if of == "patient" else "insurer")
            assert ages["cents"].sum() == found.get(of, 0)
        owed = sum(int(self.store.statement(name)["patient_owes"].sum()) for name in set(self.patient.values()))
        assert owed == found.get("patient", 0) - sum(self.model.good.values())


TestAccounts = Accounts.TestCase
TestAccounts.settings = settings(max_examples=examples(6), stateful_step_count=12, deadline=None)


def test_what_names_no_claim_waits_until_somebody_matches_it() -> None:
    """Money for a stranger is unapplied; once matched, all is as if the claim had been named."""
    with store_with_claims(CHARGES) as store, store_with_claims(CHARGES) as named:
        said = version(NAMES[1], 1)
        lost = Said("ELSEWHERE-77", tuple((9, *line[1:]) for line in said.lines))
        store.post_remittance(remittance("K1", [lost]))
        named.post_remittance(remittance("K1", [said]))
        assert standing(store)["unapplied"] == -said.paid
        look = store.money_worklist()
        assert look["kind"].tolist() == ["unmatched"]
        store.match(int(look["about"][0]), NAMES[1])
        assert standing(store) == standing(named)
        assert store.money_worklist().empty
        assert PAYER not in store.journal(NAMES[1])["party"].dropna().tolist()
