"""A payer as the office meets it: takes in 837Ps and 276s, and answers 999, 277CA, 277 and 835.

It shares no code with schedopt: it splits segments by itself, and it has the habits that give work to those who post.
It drops modifiers, takes decisions back weeks later, sends a check twice, denies, leaves shares to patients, and keeps
back from later checks what it has paid too much.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field


@dataclass
class Line:
    """A line of a claim as it came in."""

    control: str
    procedure: str
    modifiers: list[str]
    cents: int
    units: str
    day: str


@dataclass
class Claim:
    """A claim as it came in."""

    control: str
    cents: int
    frequency: str
    replaces: str
    member: str
    surname: str
    given: str
    st: str
    lines: list[Line] = field(default_factory=list)
    icn: str = ""


@dataclass
class Paid:
    """What was decided of a claim, in cents: by line what is paid, and what is taken off as (group, reason, cents)."""

    claim: Claim
    status: str
    lines: list[tuple[Line, int, list[tuple[str, str, int]]]]

    @property
    def paid(self) -> int:
        """All its lines."""
        return sum(paid for _, paid, _ in self.lines)

    @property
    def share(self) -> int:
        """The patient's."""
        return sum(cents for _, _, taken in self.lines for group, _, cents in taken if group == "PR")


@dataclass
class File837:
    """A file as it came in."""

    sender: str
    receiver: str
    control: str
    day: str
    group: str
    version: str
    transactions: list[tuple[str, str]]  # ST02 and BHT03
    claims: list[Claim]


def money(cents: int) -> str:
    """Cents as the wire has them."""
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".") if cents % 100 else str(cents // 100)


def to_cents(text: str) -> int:
    """The amount of a segment in cents."""
    return round(float(text) * 100)


def split(data: bytes) -> list[list[str]]:
    """Segments and their elements, by where ISA has its separators."""
    text = data.decode()
    element, end = text[3], text[105]
    return [one.strip().split(element) for one in text.split(end) if one.strip()]


def read_837(data: bytes) -> File837:
    """A file of claims."""
    made = File837("", "", "", "", "", "", [], [])
    st = member = surname = given = qualifier = ""
    for s in split(data):
        if s[0] == "ISA":
            made.sender, made.receiver, made.control, made.day = s[6].strip(), s[8].strip(), s[13], s[9]
        elif s[0] == "GS":
            made.group, made.version = s[6], s[8]
        elif s[0] == "ST":
            st = s[2]
        elif s[0] == "BHT":
            made.transactions.append((st, s[3]))
        elif s[0] == "NM1" and s[1] in ("IL", "QC"):
            surname, given = s[3], s[4]
            member = s[9] if s[1] == "IL" else member
        elif s[0] == "CLM":
            frequency = s[5].split(":")[2]
            made.claims.append(Claim(s[1], to_cents(s[2]), frequency, "", member, surname, given, st))
        elif s[0] == "REF" and s[1] == "F8" and made.claims and not made.claims[-1].lines:
            made.claims[-1].replaces = s[2]
        elif s[0] == "SV1":
            code, procedure, *modifiers = s[1].split(":")
            qualifier = code
            made.claims[-1].lines.append(Line("", procedure, modifiers, to_cents(s[2]), s[4], ""))
        elif s[0] == "DTP" and s[1] == "472" and made.claims and made.claims[-1].lines:
            made.claims[-1].lines[-1].day = s[3]
        elif s[0] == "REF" and s[1] == "6R":
            made.claims[-1].lines[-1].control = s[2]
    assert qualifier in ("HC", "")
    return made


class Payer:
    """A payer with its habits.

    Parameters
    ----------
    seed : int
        By which it decides.
    today : datetime.date
        The day it begins.
    """

    def __init__(self, seed: int, today: dt.date, number: str = "PAYER0") -> None:
        self.chance = random.Random(seed)
        self.today = today
        self.number = number
        self.taken: dict[str, Claim] = {}  # by the payer's own number
        self.decided: dict[str, Paid] = {}
        self.forward: list[tuple[str, int]] = []  # what it keeps back: of which claim, cents
        self.checks: list[tuple[str, int]] = []
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _envelope(self, code: str, function: str, version: str, body: list[str], st3: bool = True) -> bytes:
        n = self._next()
        day, st = self.today, f"{n:04d}"
        start = f"ST*{code}*{st}" + (f"*{version}" if st3 else "")
        inner = [start, *body, f"SE*{len(body) + 2}*{st}"]
        head = (
            f"ISA*00*          *00*          *ZZ*{self.number:<15}*ZZ*DUNE01         *{day:%y%m%d}*0900*^*00501*"
            f"{n:09d}*0*P*:"
        )
        outer = [head, f"GS*{function}*{self.number}*DUNE01*{day:%Y%m%d}*0900*{n}*X*{version}", *inner]
        return ("~\n".join([*outer, f"GE*1*{n}", f"IEA*1*{n:09d}"]) + "~\n").encode()

    def ta1(self, file: File837, code: str = "A") -> bytes:
        """Whether a file could be read."""
        note = "000" if code == "A" else "006"
        n, day = self._next(), self.today
        head = (
            f"ISA*00*          *00*          *ZZ*{self.number:<15}*ZZ*DUNE01         *{day:%y%m%d}*0900*^*00501*"
            f"{n:09d}*0*P*:"
        )
        return f"{head}~TA1*{file.control}*{file.day}*0800*{code}*{note}~IEA*0*{n:09d}~".encode()

    def ack_999(self, file: File837, rejected: frozenset[str] = frozenset()) -> bytes:
        """Which transactions keep to their guides."""
        body = [f"AK1*HC*{file.group}*{file.version}"]
        for st, _ in file.transactions:
            body.append(f"AK2*837*{st}*{file.version}")
            body += ["IK3*NM1*8**8", "IK4*9*67*1", "IK5*R*5"] if st in rejected else ["IK5*A"]
        good = len(file.transactions) - len(rejected)
        code = "A" if not rejected else "P" if good else "R"
        body.append(f"AK9*{code}*{len(file.transactions)}*{len(file.transactions)}*{good}")
        return self._envelope("999", "FA", "005010X231A1", body)

    def ack_277ca(self, file: File837, refused: frozenset[str] = frozenset()) -> list[bytes]:
        """Which claims are taken in, a file for each transaction; those that are get the payer's number."""
        made = []
        for st, reference in file.transactions:
            claims = [one for one in file.claims if one.st == st]
            total, day = money(sum(one.cents for one in claims)), f"{self.today:%Y%m%d}"
            body = [
                f"BHT*0085*08*B{self._next()}*{day}*0900*TH",
                "HL*1**20*1", f"NM1*PR*2*SOME PLAN*****PI*{self.number}", f"TRN*1*R{self._count}", f"DTP*050*D8*{day}",
                f"DTP*009*D8*{day}", "HL*2*1*21*1", "NM1*41*2*DUNE CLINIC*****46*DUNE01", f"TRN*2*{reference}",
                f"STC*A1:19:PR*{day}*WQ*{total}", "HL*3*2*19*1", "NM1*85*2*DUNE CLINIC*****XX*1234567893",
            ]  # fmt: skip
            for level, one in enumerate(claims, 4):
                body += [f"HL*{level}*3*PT", f"NM1*QC*1*{one.surname}*{one.given}****MI*{one.member}"]
                body.append(f"TRN*2*{one.control}")
                if one.control in refused:
                    body.append(f"STC*A7:562:85*{day}*U*{money(one.cents)}")
                else:
                    self._take_in(one)
                    body += [f"STC*A2:20*{day}*WQ*{money(one.cents)}", f"REF*1K*{one.icn}"]
                body.append(f"DTP*472*D8*{one.lines[0].day}")
            made.append(self._envelope("277", "HN", "005010X214", body))
        return made

    def refuse_277ca(self, file: File837) -> bytes:
        """That the first transaction is refused as a whole: no claim is named."""
        day, (_, reference) = f"{self.today:%Y%m%d}", file.transactions[0]
        body = [
            f"BHT*0085*08*B{self._next()}*{day}*0900*TH", "HL*1**20*1", f"NM1*PR*2*SOME PLAN*****PI*{self.number}",
            f"TRN*1*R{self._count}", f"DTP*050*D8*{day}", f"DTP*009*D8*{day}", "HL*2*1*21*0",
            "NM1*41*2*DUNE CLINIC*****46*DUNE01", f"TRN*2*{reference}", f"STC*A3:24:41*{day}*U*100",
        ]  # fmt: skip
        return self._envelope("277", "HN", "005010X214", body)

    def _take_in(self, one: Claim) -> None:
        if not one.icn:
            one.icn = f"ICN{len(self.taken) + 1:06d}"
            self.taken[one.icn] = one

    def answer_276(self, data: bytes, category: str = "P1:20") -> bytes:
        """What became of claims; all are looked at, or as is said."""
        segments, day = split(data), f"{self.today:%Y%m%d}"
        body = [
            f"BHT*0010*08*B{self._next()}*{day}*0900*DG", "HL*1**20*1", f"NM1*PR*2*SOME PLAN*****PI*{self.number}",
            "HL*2*1*21*1", "NM1*41*2*DUNE CLINIC*****46*DUNE01", "HL*3*2*19*1",
            "NM1*1P*2*DUNE CLINIC*****XX*1234567893",
        ]  # fmt: skip
        level = 3
        for s in segments:
            if s[0] == "NM1" and s[1] == "IL":
                person = s
            if s[0] == "TRN":
                level += 1
                body += [f"HL*{level}*3*22*0", f"NM1*IL*1*{person[3]}*{person[4]}****MI*{person[9]}"]
                body += [f"TRN*2*{s[2]}", f"STC*{category}*{day}"]
        return self._envelope("277", "HN", "005010X212", body)

    def decide(self, one: Claim) -> Paid:
        """Decide a claim: most are paid for less than was asked, some are denied."""
        if self.chance.random() < 0.2:
            status, lines = "4", [(line, 0, [("CO", "50", line.cents)]) for line in one.lines]
            return Paid(one, status, lines)
        lines = []
        for line in one.lines:
            allowed = line.cents * self.chance.choice((60, 75, 80)) // 100
            share = self.chance.choice((0, allowed // 5, min(allowed, 2500)))
            taken = [("CO", "45", line.cents - allowed)] if line.cents > allowed else []
            taken += [("PR", self.chance.choice("123"), share)] if share else []
            lines.append((line, allowed - share, taken))
        return Paid(one, "1", lines)

    def pay(self, decided: list[Paid], reversed_: list[Paid] | None = None) -> bytes:
        """A check with decisions, and with some that are taken back."""
        back = reversed_ or []
        name = f"{self.number}C{self._next():05d}"
        total = sum(one.paid for one in decided) - sum(one.paid for one in back)
        provider_level = []
        for claim, cents in self.forward:  # what was carried forward is kept back now, as far as it goes
            if total >= cents:
                provider_level.append((f"FB:{claim}", cents))
                total -= cents
        self.forward = self.forward[len(provider_level) :]
        if total < 0:
            provider_level.append((f"FB:{name}", total))
            self.forward.append((name, -total))
            total = 0
        day = f"{self.today:%Y%m%d}"
        how = f"BPR*I*{money(total)}*C*ACH*CCP*01*111000025*DA*1*1123456789**01*111000025*DA*2*{day}"
        if not total:
            how = f"BPR*H*0*C*NON************{day}"
        body = [
            how, f"TRN*1*{name}*1123456789", f"DTM*405*{day}", "N1*PR*SOME PLAN", "N3*1 SOME STREET",
            "N4*SOME TOWN*OH*45209", "PER*BL*HELP*TE*8005550100", "N1*PE*DUNE CLINIC*XX*1234567893", "LX*1",
        ]  # fmt: skip
        for one in back:
            body += self._claim(one, -1)
        for one in decided:
            body += self._claim(one, 1)
        body += [f"PLB*1234567893*{self.today.year}1231*{reason}*{money(cents)}" for reason, cents in provider_level]
        self.checks.append((name, total))
        return self._envelope("835", "HP", "005010X221A1", body, st3=False)

    def again(self, data: bytes) -> bytes:
        """The same transactions once more in a file of another number and day."""
        n, head = self._next(), f"{self.today + dt.timedelta(days=1):%y%m%d}"
        made = []
        for s in split(data):
            if s[0] == "ISA":
                s = data.decode().split("~")[0].split("*")
                s[9], s[13] = head, f"{n:09d}"
            elif s[0] in ("IEA", "GE"):
                s[2] = f"{n:09d}" if s[0] == "IEA" else str(n)
            elif s[0] == "GS":
                s[6] = str(n)
            elif s[0] in ("ST", "SE"):
                s[2] = f"{n:04d}"
            made.append("*".join(s))
        return ("~".join(made) + "~").encode()

    def _claim(self, one: Paid, sign: int) -> list[str]:
        claim, status = one.claim, one.status if sign > 0 else "22"
        share = f"*{money(one.share)}" if one.share and sign > 0 else "*"
        body = [
            f"CLP*{claim.control}*{status}*{money(sign * claim.cents)}*{money(sign * one.paid)}{share}*12*{claim.icn}"
            "*11*1",
            f"NM1*QC*1*{claim.surname}*{claim.given}****MI*{claim.member}",
        ]
        for line, paid, taken in one.lines:
            modifiers = line.modifiers if self.chance.random() < 0.5 else []  # payers drop them
            what = ":".join(["HC", line.procedure, *modifiers])
            body += [f"SVC*{what}*{money(sign * line.cents)}*{money(sign * paid)}**{line.units}", f"DTM*472*{line.day}"]
            body += [f"CAS*{group}*{reason}*{money(sign * cents)}" for group, reason, cents in taken]
            body.append(f"REF*6R*{line.control}")
        return body
