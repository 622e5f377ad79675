"""Names, member ids and diagnoses stand in files to payers alone: in no row, log, table or message about money."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest

from schedopt.errors import SchedoptError
from schedopt.registry import Store, create_store
from tests.registry.money.clinic import open_clinic
from tests.registry.money.ledgers import Said, remittance
from tests.stores import Clock

SECRETS = ("Given0", "Surname0", "W000000000", "E11.9", "1970-01-02", "CANARYSON", "CANARYNA", "CANARY99", "LOST-NAME")


def shown(content: bytes) -> list[str]:
    """Secrets that bytes hold, as text of one or two bytes a character."""
    return [one for one in SECRETS if one.encode() in content or one.encode("utf-16-le") in content]


def frames(store: Store, claim: str) -> str:
    """Every table that is told about money."""
    last = dt.date(2027, 1, 1)
    told = (
        store.balances(), store.journal(), store.denials(), store.money_worklist(), store.ageing(last),
        store.ageing(last, "insurer"), store.statement("N0"), store.secondary_due(), store.rows("claims"),
        store.rows("claim_lines"), store.rows("memberships"), store.history("claims", claim), store.audit_report(),
    )  # fmt: skip
    return "\n".join(frame.to_csv() for frame in told)


def test_nothing_about_anybody_is_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A claim goes all its way, and back comes what names people; only the file to the payer names anybody."""
    folder = tmp_path / "store"
    folder.mkdir()
    caplog.set_level(logging.DEBUG)
    with create_store(f"sqlite:///{folder / 'office.db'}", folder / "keys", actor="ada", clock=Clock()) as store:
        store.set_actor("ada", ["administrator", "planner", "desk", "billing", "auditor"])
        open_clinic(store, ["R0"])
        store.make_claims()
        store.send_claims(tmp_path / "sent")
        (claim,) = store.rows("claims")["claim"]
        lost = Said("LOST-NAME", ((1, 500, 0, 0, 0),))
        store.post_remittance(remittance("K1", [Said(claim, ((1, 6000, 3000, 1000, 0), (2, 0, 0, 0, 10000))), lost]))
        said = frames(store, claim)
        for wrong in (lambda: store.match(7, "LOST-NAME"), lambda: store.write_off("Given0 Surname0", 5, "x"),
                      lambda: store.pay("Surname0", 5, dt.date(2026, 12, 1))):  # fmt: skip
            with pytest.raises(SchedoptError) as caught:
                wrong()
            said += str(caught.value)
    assert shown(said.encode()) == []
    assert shown(caplog.text.encode()) == []
    assert {"Surname0".upper().encode() in path.read_bytes() for path in (tmp_path / "sent").iterdir()} == {True}
    for path in sorted(folder.rglob("*")):
        assert not path.is_file() or shown(path.read_bytes()) == [], path
