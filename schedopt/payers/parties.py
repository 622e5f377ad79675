"""Who asks, who is asked and who is insured: from the office's values to those of the wire."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field, replace

from schedopt.interop.x12.build import Sending
from schedopt.interop.x12.parties import Insured, Party

_RELATIONS = {"spouse": "01", "child": "19", "other": "34"}
_SEX = {"female": "F", "male": "M"}
"""What DMG03 of these guides holds; others are left out."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The office, as payers know it.

    Attributes
    ----------
    name : str
        Of the office.
    npi : str
        Its national provider identifier.
    sender : str
        Its number as a sender of files; empty: the NPI.
    tax_id : str
        Its tax number; empty: not said.
    clearing_house : str
        Number of who passes files on; empty: they go to each payer.
    production : bool
        Whether files are meant, or are a test.
    """

    name: str
    npi: str
    sender: str = ""
    tax_id: str = ""
    clearing_house: str = ""
    production: bool = True

    @property
    def party(self) -> Party:
        """As the one who asks."""
        return Party("1P", written(self.name), id_kind="XX", id=self.npi)

    def sending(self, payer_id: str, moment: dt.datetime, control: int) -> Sending:
        """The envelope of a file."""
        sender, receiver = self.sender or self.npi, self.clearing_house or payer_id
        made = Sending(sender[:15], receiver[:15], moment, control)
        return replace(made, production=self.production, asks_acknowledgement=True)

    @property
    def origin(self) -> str:
        """What stands in TRN03: who gave the trace."""
        digits = "".join(filter(str.isdigit, self.tax_id))
        return f"1{digits}" if len(digits) == 9 else f"9{self.npi[:9]:0<9}"


@dataclass(frozen=True, slots=True)
class PayerAddress:
    """Whom to ask.

    Attributes
    ----------
    insurer : str
        Id in the office's tables.
    payer_id : str
        Number by which clearing houses know the payer.
    name : str
        Its name.
    """

    insurer: str
    payer_id: str
    name: str

    def party(self, role: str = "PR") -> Party:
        """As the one who is asked."""
        return Party(role, written(self.name), id_kind="PI", id=self.payer_id)


@dataclass(frozen=True, slots=True)
class Member:
    """A patient as an insurer knows him or her; nothing of it is shown by ``repr`` but the relation.

    Attributes
    ----------
    member_id, group : str
        Numbers of the member, and of the group.
    given_name, surname : str
        Of the patient.
    birth_date : datetime.date or None
        Of the patient.
    sex : str
        female, male, other, or empty.
    relation : str
        self, spouse, child or other: what the patient is to the member.
    holder_given_name, holder_surname : str
        Of the member, where it is another person; may be empty.
    holder_birth_date : datetime.date or None
        The same.
    """

    member_id: str = field(repr=False)
    group: str = field(repr=False)
    given_name: str = field(repr=False)
    surname: str = field(repr=False)
    birth_date: dt.date | None = field(repr=False)
    sex: str = field(repr=False)
    relation: str = "self"
    holder_given_name: str = field(default="", repr=False)
    holder_surname: str = field(default="", repr=False)
    holder_birth_date: dt.date | None = field(default=None, repr=False)

    @property
    def insured(self) -> tuple[Insured, Insured | None]:
        """The member, and the patient where it is another person."""
        sex, group, number = _SEX.get(self.sex, ""), written(self.group), written(self.member_id)
        surname, given = written(self.surname), written(self.given_name)
        if self.relation == "self":
            return Insured(Party("IL", surname, given, True, "MI", number), self.birth_date, sex, group), None
        holder = Party("IL", written(self.holder_surname), written(self.holder_given_name), True, "MI", number)
        patient = Insured(Party("03", surname, given, True), self.birth_date, sex, relation=_RELATIONS[self.relation])
        return Insured(holder, self.holder_birth_date, "", group), patient


def written(text: str) -> str:
    """A text as payers' programs take it: letters without accents, and nothing that separates."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join("".join(" " if letter in "*:^~" else letter for letter in folded).split())


def plain_number(value: str) -> str:
    """A member's number without what people put between its letters and digits."""
    return "".join(filter(str.isalnum, value)).upper()
