"""A claim to a second insurer is looked through by itself: the first one's lines are the same visit's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from schedopt.billing.claims.code_files import read_code_tables
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.professional_read import read_professional
from schedopt.interop.x12.tree import read
from schedopt.models.tables import Coverage
from schedopt.office.read import fingerprint
from tests.payers.simulated_payer import Paid, Payer, read_837
from tests.registry.money.clinic import DAY, bring, clinic, money_tables, open_clinic
from tests.stores import new_store

LATER = DAY + dt.timedelta(days=9)
ONE_A_DAY = b"HCPCS Code,MUE Value,MAI\n99213,1,2\n"


def test_a_second_claim_does_not_count_the_first(tmp_path: Path) -> None:
    """One unit a day stays one unit a day, and each line says what was paid of it, which comes to its charge."""
    with new_store() as store:
        open_clinic(store, ["R0"])
        office = clinic()
        office = office.model_copy(
            update={"coverage": (*(office.coverage or ()), Coverage(patient="N0", insurer="OTHER"))}
        )
        store.import_office(office.model_copy(update={"fingerprint": fingerprint(office)}))
        bring(store, {"memberships": money_tables([])["memberships"] + "N0,OTHER,X000000000,self,,\n"})
        tables = read_code_tables({"mue.csv": ONE_A_DAY})
        assert set(store.make_claims(tables)["state"]) == {"ready"}
        (first,) = read_837((tmp_path / store.send_claims(tmp_path)[0].file).read_bytes()).claims
        first.icn = "ICN1"
        lines = [(one, 60_00, [("CO", "45", 25_00), ("PR", "2", 15_00)]) for one in first.lines]
        store.post_remittance(Payer(1, LATER).pay([Paid(first, "1", lines)]))
        second = store.bill_secondary(first.control)
        store.make_claims(tables)
        assert store.rows("claims").set_index("claim").loc[second, "state"] == "ready"
        data = (tmp_path / store.send_claims(tmp_path)[0].file).read_bytes()
        assert judge(data).problems == ()
        (claim,) = read_professional(read(data).transactions[0])[0].claims
        assert (claim.insured.rank, claim.others[0].insured.rank, claim.others[0].paid) == ("S", "P", 120_00)
        for line in claim.lines:
            (said,) = line.decisions
            assert (said.paid or 0) + sum(one.cents or 0 for one in said.taken) == line.charge
        assert store.balances()["cents"].sum() == 0
        assert store.check().empty
