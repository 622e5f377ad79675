"""A mail server on a free port of this machine, which keeps what it is handed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope


class Inbox:
    """What the server was handed.

    Attributes
    ----------
    mails : list of EmailMessage
        In order.
    answers : dict of str to str
        What it answers after the content, by address; else that it has it.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        answer = self.answers.get(envelope.rcpt_tos[0], "250 kept")
        if answer.startswith("2"):
            found = message_from_bytes(content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.mails.append(found)
        return answer

    def by_patient(self) -> Mapping[str, list[EmailMessage]]:
        """The mails by the first part of the address."""
        found: dict[str, list[EmailMessage]] = {}
        for mail in self.mails:
            found.setdefault(str(mail["To"]).partition("@")[0].upper(), []).append(mail)
        return found


@contextmanager
def mail_server() -> Iterator[tuple[Inbox, int]]:
    """A server that runs, and its port."""
    inbox, loop = Inbox(), asyncio.new_event_loop()
    place = socket.socket()
    place.bind(("127.0.0.1", 0))
    made = loop.create_server(lambda: SMTP(inbox, enable_SMTPUTF8=True, loop=loop), sock=place)
    server = loop.run_until_complete(made)
    running = threading.Thread(target=loop.run_forever, daemon=True)
    running.start()
    try:
        yield inbox, place.getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        running.join()
        server.close()
        loop.close()
