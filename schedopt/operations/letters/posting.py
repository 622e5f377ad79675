"""Handing mail to the office's SMTP server, so that it is known what became of each."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Literal, NamedTuple

from schedopt.errors import OutputError
from schedopt.operations.letters.settings import LetterSettings

_SECONDS = 30


class Handed(NamedTuple):
    """What became of a mail.

    Attributes
    ----------
    outcome : str
        sent: the server has it; failed: it will not have it; later: it was not handed over, and can be tried again;
        doubtful: the connection was lost when it may have had it.
    why : str
        What the server said, as a number; empty: nothing.
    """

    outcome: Literal["sent", "failed", "later", "doubtful"]
    why: str = ""


Post = Callable[[EmailMessage], Handed]


@contextmanager
def at_server(rules: LetterSettings, password: str | None) -> Iterator[Post]:
    """The office's server, connected.

    Parameters
    ----------
    rules : LetterSettings
        Where it is.
    password : str or None
        Of the office's account there.

    Raises
    ------
    OutputError
        If it cannot be reached, or does not let the office in; nothing was sent.
    """
    if rules.user and not password:
        raise OutputError(f"expected the password of {rules.user} in SCHEDOPT_SMTP_PASSWORD")
    try:
        server = _connected(rules, password)
    except (OSError, smtplib.SMTPException) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise OutputError(f"the mail server {rules.host}:{rules.port} cannot be used: {said}") from None
    try:
        yield lambda mail: hand_over(server, mail)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connected(rules: LetterSettings, password: str | None) -> smtplib.SMTP:
    if rules.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            rules.host, rules.port, timeout=_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(rules.host, rules.port, timeout=_SECONDS)
    try:
        if rules.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if rules.user and password:
            server.login(rules.user, password)
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def hand_over(server: smtplib.SMTP, mail: EmailMessage) -> Handed:
    """Hand a mail to a server, step by step: only while its content is on the way can it be in doubt."""
    sender, to = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    try:
        code, _ = server.mail(sender)
        if code < 300:
            code, _ = server.rcpt(to)
        if code >= 300:
            server.rset()
            return _refused(code)
    except (OSError, smtplib.SMTPException):
        server.close()
        return Handed("later", "connection lost")
    try:
        code, _ = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as error:
        return _refused(int(error.smtp_code))
    except (OSError, smtplib.SMTPException):
        server.close()
        return Handed("doubtful", "connection lost")
    return Handed("sent") if code < 300 else _refused(code)


def _refused(code: int) -> Handed:
    return Handed("failed" if code >= 500 else "later", f"server said {code}")
