"""A letter as electronic mail: text, HTML, and the visit for the patient's calendar."""

from __future__ import annotations

import datetime as dt
import email.policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from schedopt.interop.invitations import Invitation, invitation
from schedopt.operations.letters.kinds import OF_VISIT
from schedopt.operations.letters.languages import words
from schedopt.operations.letters.letter import Letter, Rendered
from schedopt.operations.letters.matters import visit_in


def mail_of(letter: Letter, said: Rendered, moment: dt.datetime) -> EmailMessage:
    """The mail of a letter.

    Its Message-ID depends on the message alone: a server that gets it twice can see that. The subject names nobody,
    and no visit.

    Parameters
    ----------
    letter : Letter
        What it is made of.
    said : Rendered
        The same in words.
    moment : datetime.datetime
        Its date, with a zone.
    """
    sender = letter.rules.sender
    made = EmailMessage(email.policy.SMTP)
    made["From"] = Address(letter.office, addr_spec=sender)
    made["To"] = Address(addr_spec=letter.to.mail)
    made["Subject"] = f"{letter.office}: {said.subject}"
    made["Date"] = format_datetime(moment.astimezone(dt.UTC))
    made["Message-ID"] = message_id(letter.message.message, sender)
    made["Content-Language"] = letter.message.language
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(said.text, cte="quoted-printable")
    made.add_alternative(said.html, subtype="html", cte="quoted-printable")
    if (event := calendar_of(letter, moment)) is not None:
        method = "CANCEL" if letter.message.kind == "cancelled" else "REQUEST"
        part = EmailMessage(email.policy.SMTP)
        part.set_content(event, "text", "calendar", cte="base64", params={"method": method, "charset": "utf-8"})
        del part["MIME-Version"]
        made.attach(part)
    return made


def message_id(message: str, sender: str) -> str:
    """The Message-ID of a message."""
    return f"<{message}@{sender.rpartition('@')[2]}>"


def calendar_of(letter: Letter, moment: dt.datetime) -> bytes | None:
    """The visit for the patient's calendar, where the letter is about where it stands: no diagnosis, no type."""
    message = letter.message
    visit = visit_in(message)
    if visit is None or message.kind not in OF_VISIT or message.request is None:
        return None
    said = Invitation(
        letter.office, message.request, message.sequence, visit.date, visit.start, visit.minutes, ZoneInfo(visit.zone),
        words(message.language, "event", office=letter.office), letter.site, letter.rules.sender, letter.to.mail,
    )  # fmt: skip
    return invitation(said, "CANCEL" if message.kind == "cancelled" else "REQUEST", moment)
