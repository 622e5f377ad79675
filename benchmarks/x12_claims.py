"""Writes invented 837Ps, a file each: ``python -m benchmarks.x12_claims 1000 FOLDER [--seed N]``.

Members and dependants, first and second payers with the first one's adjustments, originals, replacements and voids.
``tests/interop/x12/oracles.py`` asks other readers of them. Sex is F or M, as x12sdk 2.2 does not know U, which the
guide has.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from pathlib import Path

from schedopt.billing.claims.numbers import line_control, npi_of
from schedopt.interop.x12.build import Sending, interchange
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.professional import (
    VERSION,
    Address,
    Batch,
    Billing,
    Human,
    Insured,
    LineDecision,
    Organisation,
    OtherInsurance,
    Practitioner,
    ProfessionalClaim,
    ServiceLine,
    Taken,
)
from schedopt.interop.x12.professional_build import build
from schedopt.interop.x12.tree import write

_DIAGNOSES = ("E119", "I10", "J069", "M545", "Z0000", "R51", "L239", "K219", "N390", "F329", "G43909", "H6590")
_PROCEDURES = ("G0463", "G0444", "T1015", "Q0091", "S9083", "J0696", "G0438")
_MODIFIERS = ("25", "59", "LT", "RT", "GT", "XU")
_DAY = dt.date(2026, 11, 2)


def main() -> None:
    """Write the files, and say how many of them our judge accepts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    said.folder.mkdir(parents=True, exist_ok=True)
    chance, accepted, claims = random.Random(said.seed), 0, 0
    for number in range(1, said.files + 1):
        batch = invented(chance)
        sending = Sending(batch.sender.number, batch.receiver.number, batch.moment, number, production=True)
        data = write(interchange(sending, [(VERSION, [build(batch, 1)])]))
        accepted, claims = accepted + (judge(data).problems == ()), claims + len(batch.claims)
        (said.folder / f"{number:05d}.837").write_bytes(data)
    print(json.dumps({"files": said.files, "claims": claims, "accepted": accepted}), flush=True)


def invented(chance: random.Random) -> Batch:
    """A batch of one to five claims."""
    billing = Billing(
        _npi(chance), f"{_word(chance)} CLINIC", f"{chance.randrange(10**9):09d}", _address(chance),
        chance.choice(("", "261QP2300X")), chance.choice((None, _address(chance))),
    )  # fmt: skip
    moment = dt.datetime.combine(_DAY + dt.timedelta(days=30), dt.time(chance.randrange(24), chance.randrange(60)))
    sender, receiver = Organisation(billing.name, "SENDER1"), Organisation(_word(chance), _number(chance))
    claims = tuple(_claim(chance) for _ in range(chance.randint(1, 5)))
    return Batch(_number(chance), moment, sender, receiver, "BILLING DESK", "8005550100", billing, claims)


def _claim(chance: random.Random) -> ProfessionalClaim:
    control = f"c{chance.getrandbits(76):019x}"
    diagnoses = tuple(chance.sample(_DIAGNOSES, chance.randint(1, len(_DIAGNOSES))))
    payer, frequency = _payer(chance), chance.choice("1111178")
    first: Organisation | None = None
    others: tuple[OtherInsurance, ...] = ()
    if chance.random() < 0.4:
        first = _payer(chance)
        insured = Insured("P", "18", _human(chance, whole=False), _number(chance), first, _number(chance))
        others = (OtherInsurance(insured, 0, (), None, chance.choice(("", _number(chance)))),)
    lines = tuple(_line(chance, control, n, len(diagnoses), first) for n in range(1, chance.randint(1, 6) + 1))
    if first is not None:
        paid = sum(one.paid or 0 for line in lines for one in line.decisions)
        others = (OtherInsurance(others[0].insured, paid, (), None, others[0].payer_control),)
    dependant = chance.random() < 0.3
    insured = Insured(
        "S" if others else "P", "" if dependant else "18", _human(chance, whole=not dependant), _number(chance), payer,
        chance.choice(("", _number(chance))),
    )  # fmt: skip
    provider = Practitioner(_npi(chance), _word(chance), _word(chance), chance.choice(("", "207Q00000X")))
    return ProfessionalClaim(
        control, sum(line.charge or 0 for line in lines), chance.choice(("11", "02", "22")), frequency, insured,
        diagnoses, lines, _human(chance) if dependant else None, chance.choice(("01", "19", "G8")) if dependant else "",
        chance.choice((None, provider)), chance.choice(("", _number(chance))),
        "" if frequency == "1" else _number(chance), others,
    )  # fmt: skip


def _line(
    chance: random.Random, control: str, number: int, diagnoses: int, first: Organisation | None
) -> ServiceLine:  # fmt: skip
    charge, what = chance.randrange(1, 100_000), chance.choice(_PROCEDURES)
    modifiers = tuple(chance.sample(_MODIFIERS, chance.choice((0, 0, 1, 2, 4))))
    units = str(chance.randint(1, 4))
    decisions: tuple[LineDecision, ...] = ()
    if first is not None:
        paid = chance.randrange(charge + 1)
        taken = tuple(one for one in (Taken("CO", "45", (charge - paid) // 2),) if one.cents)
        rest = charge - paid - sum(one.cents or 0 for one in taken)
        taken += tuple(Taken("PR", chance.choice("123"), rest) for _ in range(1) if rest)
        decisions = (LineDecision(first.number, paid, what, modifiers, units, taken, _DAY),)
    pointers = tuple(chance.sample(range(1, diagnoses + 1), min(diagnoses, chance.randint(1, 4))))
    day = _DAY - dt.timedelta(days=chance.randrange(30))
    return ServiceLine(what, modifiers, charge, units, pointers, day, line_control(control, number), "", decisions)


def _human(chance: random.Random, *, whole: bool = True) -> Human:
    names = (_word(chance), _word(chance), chance.choice(("", "Q")), chance.choice(("", "JR")))
    if not whole:
        return Human(*names)
    born = dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(33_000))
    return Human(*names, born, chance.choice("FM"), _address(chance))


def _payer(chance: random.Random) -> Organisation:
    return Organisation(f"{_word(chance)} HEALTH", _number(chance), chance.choice((None, _address(chance))))


def _address(chance: random.Random) -> Address:
    return Address(
        f"{chance.randint(1, 999)} {_word(chance)} ST", _word(chance), "OH", f"45209{chance.randint(1000, 9998)}"
    )


def _npi(chance: random.Random) -> str:
    return npi_of(f"1{chance.randrange(10**8):08d}")


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("ABCDEFGHIKLMNOPRSTUVWYZ", k=chance.randint(3, 10)))


def _number(chance: random.Random) -> str:
    return f"{chance.choice('ABCDEF')}{chance.randrange(10**8):08d}"


if __name__ == "__main__":
    main()
