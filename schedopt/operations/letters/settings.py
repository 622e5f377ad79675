"""What an office says of its letters: section ``[letters]`` of office.toml; without it, none is written."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, Field

from schedopt.models.office import Plain, Section
from schedopt.models.tables.fields import IdList, parse_time
from schedopt.operations.letters.kinds import OPTIONAL, Language

_MAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")
_LABEL = re.compile(r"[^\W_]([^\W_]|-)*", re.UNICODE)


def is_mail_address(text: str) -> bool:
    """Whether a text can be an address of electronic mail that nothing but a mailbox is meant by."""
    if not _MAIL.fullmatch(text) or len(text) > 254:
        return False
    mailbox, host = text.rsplit("@", 1)
    dots = mailbox.startswith(".") or mailbox.endswith(".") or ".." in mailbox
    return not dots and all(_LABEL.fullmatch(label) for label in host.split("."))


def _mail(text: str) -> str:
    if not is_mail_address(text):
        raise ValueError("expected an address of electronic mail, such as desk@clinic.example")
    return text


def _clock(text: str) -> str:
    if parse_time(text) == 24 * 60:
        raise ValueError("expected a time HH:MM from 00:00 to 23:59")
    return text


def _optional(names: tuple[str, ...]) -> tuple[str, ...]:
    if set(names) - set(OPTIONAL):
        raise ValueError(f"expected kinds among {', '.join(OPTIONAL)}")
    return names


Clock = Annotated[str, AfterValidator(_clock)]
_Days = Annotated[int, Field(ge=0, le=365, strict=True)]


class LetterSettings(Section):
    """How the office writes to its patients."""

    section_name: ClassVar[str] = "letters"

    sender: Annotated[str, AfterValidator(_mail)] = Field(
        description="address that mail comes from, and that answers go to", examples=["desk@clinic.example"]
    )
    host: Plain = Field("localhost", description="SMTP server that mail is handed to")
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = Field(587, description="its port")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the connection is kept private; none: only to a server on this machine"
    )
    user: Plain = Field(
        "", description="account at the server; its password is taken from SCHEDOPT_SMTP_PASSWORD, never from a file"
    )
    phone: Plain = Field("", description="number that patients call", examples=["+1 928 555 0100"])
    address: Plain = Field("", description="the office's address, lines separated by ;", examples=["1 Main Street"])
    language: Language = Field("en", description="language for patients whose own is none of en, es, ht, pt, vi")
    paper: Literal["letter", "A4"] = Field("letter", description="size of paper")
    currency: Annotated[str, Field(pattern="[A-Z]{3}")] = Field("USD", description="of balances, ISO 4217")
    quiet_from: Clock = Field("20:00", description="from when on nothing is sent, by the patient's clocks")
    quiet_until: Clock = Field("08:00", description="until when; the same time as quiet_from: no quiet hours")
    reminder_hours: Annotated[int, Field(ge=0, le=1000, strict=True)] = Field(
        48, description="hours from a reminder to the visit, unless the patient wishes otherwise"
    )
    offer_hours: Annotated[int, Field(ge=1, le=1000, strict=True)] = Field(
        4, description="hours in which an offer is to be answered"
    )
    recall_days: _Days = Field(28, description="days from a recall letter to the day the visit is due")
    lacking_days: _Days = Field(14, description="days before a visit from which on a lacking authorisation is told")
    post_days: Annotated[int, Field(ge=0, le=30, strict=True)] = Field(
        3, description="days that a letter on paper takes; where that is too late, somebody calls"
    )
    missed_days: _Days = Field(7, description="days after a missed visit in which the patient is told")
    balance_least: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = Field(
        5, description="least balance that a patient is told of, in units of currency"
    )
    balance_days: _Days = Field(30, description="fewest days from one letter about a balance to the next")
    leave_out: Annotated[IdList, AfterValidator(_optional)] = Field(
        (), description=f"kinds that are not written, of {', '.join(OPTIONAL)}", examples=["balance"]
    )


LANGUAGES: tuple[str, ...] = get_args(Language)
