"""Sending letters: each is written down as being sent before it goes, and as sent when it has gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage

import pandas as pd

from schedopt.operations.letters.kinds import Channel
from schedopt.operations.letters.letter import Letter, rendered
from schedopt.operations.letters.mail import mail_of
from schedopt.operations.letters.matters import moment_of, visit_in
from schedopt.operations.letters.posting import Handed
from schedopt.operations.letters.settings import LetterSettings, is_mail_address
from schedopt.operations.letters.settling import quiet_of
from schedopt.operations.letters.tables import Message
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.operations.composing import compose
from schedopt.registry.operations.letter_facts import OfficeLetters, reaches
from schedopt.registry.operations.messages import moment
from schedopt.registry.operations.openings import SOON
from schedopt.registry.operations.outbox import all_open, expect_letters
from schedopt.store.session import Call, stamp

_NO_LETTER_AFTER = ("confirmation", "moved", "cancelled", "reminder", "lacking", "offer", "taken")
"""Kinds that are of no use once the visit has begun."""


class LetterSending(Asked):
    """What is asked of a store to send its letters."""

    def letter_settings(self) -> LetterSettings:
        """What the office says of its letters, such as which server mail is handed to.

        Raises
        ------
        StoreError
            If it writes none.
        """
        return self.session.do("look up", lambda call: expect_letters(call).rules)

    def ready_letters(self, channel: Channel) -> list[str]:
        """Ids of the letters of a channel that may be sent now, by due moment."""

        def body(call: Call) -> list[str]:
            office = expect_letters(call)
            waiting = [one for one in all_open(call) if one.row.state == "waiting" and one.row.channel == channel]
            money = call.policy.allows(call.roles, call.purpose, "read", Message.table_name, "amount")
            waiting = [one for one in waiting if money or one.row.kind != "balance"]
            now = _sendable(call, office, waiting)
            return [one.row.message for one in sorted(now, key=lambda one: (one.row.due, one.row.message))]

        return self.session.do("list letters", body)

    def take_letters(self, messages: Sequence[str], *, begin: bool = True) -> list[Letter]:
        """Letters with all that they are made of, names and addresses too.

        Parameters
        ----------
        messages : sequence of str
            Ids of letters that wait; others, and those that may not be sent now, are passed over.
        begin : bool
            Write down that they are being sent. Whoever says so has to say what became of them.
        """

        def body(call: Call) -> list[Letter]:
            office = expect_letters(call)
            found = kept(call, Message, by="key", values=map(key_of, messages))
            found = [one for one in found if one.row.state == "waiting"]
            if begin:
                found = _sendable(call, office, found)
            letters = compose(call, office, [_as_sent(call, one.row, office) for one in found])
            if not begin:
                return letters
            changes, taken = Changes(), []
            for one, letter in zip(found, letters, strict=True):
                why = _not_to_be_sent(letter)
                after = letter.message.model_copy(update={"state": "failed" if why else "sending", "why": why})
                changes.change(one.fact, after if why else after.model_copy(update={"why": one.row.why}))
                if not why:
                    taken.append(letter)
            if changes.changed:
                changes.write(call)
            return taken

        return self._do("begin letters" if begin else "read letters", body, about=" ".join(messages[:20]))

    def end_letters(self, became: Mapping[str, Handed]) -> None:
        """Say what became of letters that were being sent.

        Parameters
        ----------
        became : mapping of str to Handed
            By message.
        """

        def body(call: Call) -> None:
            changes = Changes()
            for one in kept(call, Message, by="key", values=map(key_of, became)):
                handed = became[one.row.message]
                state = "waiting" if handed.outcome == "later" else handed.outcome
                if one.row.state in ("sending", "doubtful", "waiting"):
                    why = handed.why or ("" if one.row.state == "doubtful" else one.row.why)
                    changes.change(one.fact, one.row.model_copy(update={"state": state, "why": why}))
            if changes.changed:
                changes.write(call)

        self._do("end letters", body, about=" ".join(list(became)[:20]))

    def send_letters(self, post: Callable[[EmailMessage], Handed]) -> pd.DataFrame:
        """Send the mail that may be sent now, each once.

        That a message is being sent is committed before it is handed over. Whoever is stopped in between leaves it so;
        the next update says that it is doubtful, and only a person has it sent again.

        Parameters
        ----------
        post : callable
            Hands a mail to a server, and says what became of it.

        Returns
        -------
        pandas.DataFrame
            ``message``, ``outcome`` (sent, failed, later, doubtful) and ``why``.
        """
        became: list[tuple[str, str, str]] = []
        for name in self.ready_letters("mail"):
            for letter in self.take_letters([name]):
                now = self.session.clock()
                handed = post(mail_of(letter, rendered(letter, _local(now, letter)), now))
                self.end_letters({name: handed})
                became.append((name, *handed))
            if became and became[-1][2] == "connection lost":
                break
        return pd.DataFrame(became, columns=["message", "outcome", "why"])


def _local(now: dt.datetime, letter: Letter) -> dt.date:
    from zoneinfo import ZoneInfo

    return now.astimezone(ZoneInfo(letter.zone)).date()


def _sendable(call: Call, office: OfficeLetters, waiting: Sequence[Kept[Message]]) -> list[Kept[Message]]:
    """Those that are due, in no quiet hours, and not too late."""
    now, found = moment(call), []
    reach = reaches(call, office, [one.row.patient for one in waiting])
    for one in waiting:
        visit = visit_in(one.row)
        quiet = quiet_of(reach[one.row.patient], visit.zone if visit else office.zone)
        over = visit is not None and visit.begins <= now and one.row.kind in _NO_LETTER_AFTER
        if (moment_of(one.row.due) or now) <= now and not over and not (quiet is not None and quiet.holds(now)):
            found.append(one)
    return found


def _as_sent(call: Call, row: Message, office: OfficeLetters) -> Message:
    """A message as it stands when it goes: with the moment, and of an offer with the one until which it holds."""
    new = {"told": call.at}
    visit = visit_in(row)
    if row.kind == "offer" and visit is not None:
        ends = min(moment(call) + dt.timedelta(hours=office.rules.offer_hours), visit.begins - SOON)
        new["expires"] = stamp(ends)
    return row.model_copy(update=new)


def _not_to_be_sent(letter: Letter) -> str:
    if letter.message.channel == "mail" and not is_mail_address(letter.to.mail):
        return "the mail address on file cannot be used"
    if letter.message.channel == "letter" and not letter.to.name:
        return "no name on file"
    if letter.message.channel == "letter" and not letter.to.lines:
        return "no postal address on file"
    return ""
