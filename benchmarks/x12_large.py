"""``python -m benchmarks.x12_large CLAIMS FILE``: an 835 of as many claims, all of whose sums hold."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from schedopt.interop.x12.build import amount

_HEAD = """\
ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *261127*1200*^*00501*000000001*0*T*:~
GS*HP*PAYER*CLINIC*20261127*1200*1*X*005010X221A1~
"""
_PAYER = """\
TRN*1*CHECK0001*1123456789~
DTM*405*20261126~
N1*PR*SOME PAYER~
N3*1 SOME STREET~
N4*SOME TOWN*OH*45209~
PER*BL*HELP*TE*8005550100~
N1*PE*SOME CLINIC*XX*1234567893~
LX*1~
"""
_PROCEDURES = ("G0463", "G0439", "G0444", "J0696", "T1015", "A4550", "Q0091", "S9083")


def large(claims: int, rng: random.Random) -> str:
    """An 835 with one transaction."""
    total, body = 0, []
    for number in range(1, claims + 1):
        paid, lines = _claim(number, rng)
        total += paid
        body += lines
    head = [
        "ST*835*0001~\n",
        f"BPR*I*{amount(total)}*C*ACH*CCP*01*111000025*DA*1*1123456789**01*111000025*DA*2*20261127~\n",
    ]
    payer = _PAYER.splitlines(keepends=True)
    count = len(head) + len(payer) + len(body) + 1
    return "".join([_HEAD, *head, *payer, *body, f"SE*{count}*0001~\nGE*1*1~\nIEA*1*000000001~\n"])


def _claim(number: int, rng: random.Random) -> tuple[int, list[str]]:
    services = [_service(number, place, rng) for place in range(1, rng.randint(1, 2) + 1)]
    charge, paid, share = (sum(amounts) for amounts in zip(*(one[:3] for one in services), strict=True))
    lines = [
        f"CLP*ACCT{number:07d}*1*{amount(charge)}*{amount(paid)}*{amount(share)}*12*ICN{number:09d}*11*1~\n",
        f"NM1*QC*1*NAME{number % 5000}*GIVEN{number % 300}****MI*M{number:09d}~\n",
        "DTM*232*20261101~\n",
    ]
    return paid, [*lines, *(line for one in services for line in one[3])]


def _service(number: int, place: int, rng: random.Random) -> tuple[int, int, int, list[str]]:
    charge = rng.randint(2_000, 40_000)
    contractual, share = rng.randint(1, charge // 2), rng.randint(1, charge // 4)
    paid = charge - contractual - share
    lines = [
        f"SVC*HC:{rng.choice(_PROCEDURES)}*{amount(charge)}*{amount(paid)}**1~\n",
        f"DTM*472*202611{rng.randint(1, 28):02d}~\n",
        f"CAS*CO*45*{amount(contractual)}~\n",
        f"CAS*PR*3*{amount(share)}~\n",
        f"REF*6R*{number}{place}~\n",
        f"AMT*B6*{amount(charge - contractual)}~\n",
    ]
    return charge, paid, share, lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", type=int)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    options.file.write_bytes(large(options.claims, random.Random(1)).encode())


if __name__ == "__main__":
    main()
