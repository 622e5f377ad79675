"""Letters that no booking brings: recalls, what insurers ask for, open balances; and those of a plan published anew."""

from __future__ import annotations

import datetime as dt

from benchmarks.race import DAY
from schedopt.answers.desk import book
from schedopt.answers.replan import Away, Cancelled, replan
from schedopt.operations.letters.posting import Handed
from schedopt.registry import Store
from schedopt.registry import desk as desks
from tests.letters import AT, writing_store
from tests.stores import START, Clock

MONDAY, HOUR = DAY - dt.timedelta(days=1), dt.timedelta(hours=1)


def waiting(asked: Store, kind: str) -> list[str]:
    """Patients for whom a letter of a kind waits, brought up to now."""
    table = asked.update_letters()
    return sorted(table[(table["kind"] == kind) & (table["state"] == "waiting")]["patient"])


def sent(asked: Store) -> list[tuple[str, str]]:
    """Send what may be sent now; patient and kind of each."""
    asked.update_letters()
    went = set(asked.send_letters(lambda _: Handed("sent"))["message"])
    rows = asked.letters(every=True).itertuples()
    return sorted((row.patient, row.kind) for row in rows if row.message in went)


def test_recalls() -> None:
    """A recall is told once, some days before, unless the visit is asked for."""
    with writing_store() as desk:
        desk.add("recalls", {"recall": "C1", "patient": "N1", "visit_type": "short", "due": "2026-12-10"})
        desk.add("recalls", {"recall": "C2", "patient": "N2", "visit_type": "short", "due": "2027-06-10"})
        assert waiting(desk, "recall") == []  # requests of both for such visits are open
        for row in desk.rows("requests").itertuples():
            if row.patient in ("N1", "N2"):
                desk.end("requests", row.request)
        assert waiting(desk, "recall") == ["N1"]
        assert sent(desk) == [("N1", "recall")]
        assert waiting(desk, "recall") == []


def insured(desk: Store) -> None:
    """Two patients whose insurer wants an authorisation for short visits, and a referral for long ones."""
    ada = desk.by("ada", "operations")
    ada.add("terms", {"insurer": "ACME", "visit_type": "short", "authorisation": "yes", "referral": "no"})
    ada.add("terms", {"insurer": "ACME", "visit_type": "long", "authorisation": "no", "referral": "yes"})
    for patient in ("N0", "N1", "N7"):
        desk.add("coverage", {"patient": patient, "insurer": "ACME"})
    desk.add("referrals", {"patient": "N7", "visit_type": "long"})
    allow(desk, "N7")


def allow(desk: Store, patient: str, status: str = "approved") -> None:
    """An authorisation of a patient's, for one short visit."""
    cells = {"patient": patient, "insurer": "ACME", "visit_type": "short", "visits_left": "1", "status": status}
    desk.add("authorisations", {"authorisation": f"A-{patient}-{status}", **cells})


def test_what_insurers_ask_for_and_is_not_there() -> None:
    """It is told once, from some days before the visit on; what comes first takes the letter back."""
    clock = Clock()
    clock.now = (AT - dt.timedelta(days=20)).replace(tzinfo=dt.UTC)
    with writing_store(clock) as desk:
        insured(desk)
        for request, provider in (("R0", "DR1"), ("R1", "DR2"), ("R2", "DR3"), ("R15", "DR4")):
            desk.book(request, provider, AT, rules=False)
        assert waiting(desk, "lacking") == ["N0", "N1"]  # N2 has no insurer that asks, N7 has what it asks for
        assert {kind for _, kind in sent(desk)} == {"confirmation"}
        allow(desk, "N0", "pending")
        desk.add("referrals", {"patient": "N1", "visit_type": "long"})
        assert waiting(desk, "lacking") == ["N0"]
        clock.now = (AT - dt.timedelta(days=7)).replace(tzinfo=dt.UTC)
        assert sent(desk) == [("N0", "lacking")]
        lacking = desk.rows("messages").query("kind == 'lacking'")
        assert sorted(zip(lacking["request"], lacking["lacks"], lacking["state"], strict=True)) == [
            ("R0", "authorisation", "sent"), ("R1", "referral", "withdrawn"),
        ]  # fmt: skip
        assert waiting(desk, "lacking") == []


def test_balances_are_for_who_may_see_accounts() -> None:
    """Billing writes and sends them, once a while, of what is worth it; the desk neither lists nor sends them."""
    clock = Clock()
    with writing_store(clock) as desk:
        insured(desk)
        ada = desk.by("ada", "operations")
        ada.set_actor("bill", ["billing"])
        bill = ada.by("bill", "payment")
        bill.charge_patient("N3", "R3", 12345, START.date())
        bill.charge_patient("N4", "R4", 499, START.date())
        bill.charge_patient("N5", "R5", 50000, START.date())
        bill.pay("N6", 7000, START.date())
        bill.charge_patient("N6", "R6", 6000, START.date())  # it is paid, and not yet used for this
        assert waiting(desk, "balance") == []
        assert waiting(bill, "balance") == ["N3", "N5"]
        assert waiting(desk, "balance") == []
        assert "balance" not in set(desk.letters(every=True)["kind"])
        bill.pay("N5", 50000, START.date())
        assert sent(desk) == []
        assert waiting(bill, "balance") == ["N3"]
        (letter,) = bill.take_letters(bill.ready_letters("mail"), begin=False)
        assert letter.message.amount == 12345
        assert sent(bill) == [("N3", "balance")]
        clock.now += dt.timedelta(days=29)
        assert sent(bill) == []
        clock.now += dt.timedelta(days=2)
        assert sent(bill) == [("N3", "balance")]


def test_billing_offers_nothing_and_takes_nothing_back() -> None:
    """Where a place is on offer, and over, billing brings its own letters up and leaves the place to the desk."""
    clock = Clock()
    with writing_store(clock) as desk:
        insured(desk)
        ada = desk.by("ada", "operations")
        ada.set_actor("bill", ["billing"])
        desk.offer("DR1", AT, AT + HOUR / 2)
        (offer,) = desk.take_letters(desk.ready_letters("mail"))
        desk.end_letters({offer.message.message: Handed("failed")})
        before = desk.rows("openings"), len(desk.rows("messages"))
        ada.by("bill", "payment").update_letters()
        clock.now = AT.replace(tzinfo=dt.UTC)
        ada.by("bill", "payment").update_letters()
        assert before[0].equals(desk.rows("openings"))
        assert before[1] == len(desk.rows("messages"))
        desk.update_letters()
        assert list(desk.rows("openings")["state"]) == ["closed"]


def test_a_plan_published_again_tells_whom_it_changed() -> None:
    """Planned, published, planned again after an absence and a cancellation, published again: each change once."""
    clock = Clock()
    with writing_store(clock) as desk:
        ada = desk.by("ada", "operations")
        plan = desks.sound(ada.plan(MONDAY, START))
        for number in range(4):
            plan = book(plan, f"R{number}", f"DR{number + 1}", AT, now=START)
        ada.publish(plan, DAY)
        assert sent(desk) == [(f"N{number}", "confirmation") for number in range(4)]
        known = desks.sound(ada.plan(MONDAY, START))
        after = replan(known, [Away("DR2", AT - HOUR, AT + 3 * HOUR), Cancelled("R3")], now=START).plan
        stands = after.schedule.set_index("request")[["provider", "start"]]
        assert stands.loc["R1", "provider"] != "DR2"
        assert stands.loc[["R0", "R2"]].values.tolist() == [["DR1", "09:00"], ["DR3", "09:00"]]
        assert "R3" not in stands.index
        ada.publish(after, DAY)
        assert ada.publish(after, DAY).empty
        assert sent(desk) == [("N1", "moved"), ("N3", "cancelled")]
        assert sent(desk) == []
        (moved,) = desk.letters(every=True).query("kind == 'moved'").itertuples()
        assert (moved.request, moved.start) == ("R1", stands.loc["R1", "start"])
        clock.now = (AT - 24 * HOUR).replace(tzinfo=dt.UTC)
        assert sent(desk) == [(f"N{number}", "reminder") for number in range(3)]
