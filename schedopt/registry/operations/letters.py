"""What a store is asked of letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from schedopt.errors import StoreError
from schedopt.operations.letters.kinds import OF_VISIT
from schedopt.operations.letters.matters import moment_of, visit_in
from schedopt.operations.letters.settling import quiet_of
from schedopt.operations.letters.tables import Message
from schedopt.registry.exchange import key_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.operations.letter_facts import OfficeLetters, matters, reaches
from schedopt.registry.operations.letter_offers import LetterOffers
from schedopt.registry.operations.letter_sending import LetterSending
from schedopt.registry.operations.letters_due import balances, close_old, lacks, recalls, stale
from schedopt.registry.operations.messages import moment, new_message
from schedopt.registry.operations.openings import follow_places, may_offer
from schedopt.registry.operations.outbox import all_open, expect_letters, of_requests, put, write
from schedopt.registry.persons import readable
from schedopt.registry.tables import opened
from schedopt.store import facts
from schedopt.store.session import Call
from schedopt.store.words import told

_COLUMNS = (
    "message", "patient", "request", "kind", "state", "channel", "language", "date", "start", "due", "ready", "answer",
    "why",
)  # fmt: skip
_READ = tuple(name for name in Message.model_fields if name not in ("amount", "why"))
_SHOWN = ("waiting", "sending", "doubtful", "failed")


class Letters(LetterSending, LetterOffers):
    """What a store is asked of letters."""

    def update_letters(self, *, dry: bool = False) -> pd.DataFrame:
        """Bring the outbox up to now, and list what of it waits, or has to be looked at.

        What follows from bookings is there already: it was written with them. Reminders, recalls, balances, lacking
        authorisations and offers come by time. Letters that were being sent when whoever sent them was stopped are
        doubtful from now on.

        Parameters
        ----------
        dry : bool
            List what would wait, and write nothing.

        Returns
        -------
        pandas.DataFrame
            Columns as of :meth:`letters`.
        """

        def body(call: Call) -> pd.DataFrame:
            office, log = expect_letters(call), all_open(call)
            changes = _outlook(call, office, log)
            if dry:
                new = {number: row for number, (_, row) in changes.changed.items()}
                rows = [*(new.get(one.fact.fact, one.row) for one in log), *(row for row, _, _ in changes.added)]
                return _table(call, [row for row in rows if isinstance(row, Message)])
            write(call, changes)
            log = all_open(call)
            close_old(call, log)
            return _table(call, [one.row for one in log])

        if dry:
            return self.session.do("look at letters", body)
        listed = self._do("update letters", body)
        return self.letters() if self._offer_on() else listed

    def letters(self, *, every: bool = False) -> pd.DataFrame:
        """The letters that wait or have to be looked at, and offers that are out; ids, no names.

        Parameters
        ----------
        every : bool
            Also those that were sent or taken back.

        Returns
        -------
        pandas.DataFrame
            ``message``, ``patient``, ``request`` (ids), ``kind``, ``state``, ``channel``, ``language``, ``date``,
            ``start`` (HH:MM, the site's clocks, of the visit), ``due`` (UTC, when it is to be sent), ``ready`` (yes:
            it may be sent now), ``answer`` (of offers), ``why`` (why it goes so, or was not sent); by due moment.
        """
        return self.session.do("list letters", lambda call: _table(call, [one.row for one in all_open(call)], every))

    def settle_letter(self, message: str, state: str) -> None:
        """Say what became of a letter that a person has looked at, or handed over.

        Parameters
        ----------
        message : str
            Its id.
        state : {"sent", "waiting", "known"}
            It has reached the patient; it has not, and is to be sent again; or the patient knows.

        Raises
        ------
        StoreError
            If there is no such letter, or that does not follow.
        """
        follows = {
            "sent": ("waiting", "doubtful", "failed"), "waiting": ("doubtful", "failed"),
            "known": ("waiting", "doubtful", "failed"),
        }  # fmt: skip

        def body(call: Call) -> None:
            one = message_of(call, message)
            if state not in follows or one.row.state not in follows[state]:
                raise StoreError(f"message {message} is {one.row.state}: {state} does not follow")
            new = {"state": state, "why": "" if state == "waiting" else one.row.why}
            if state != "waiting":
                new["told"] = call.at
            changes = Changes()
            changes.change(one.fact, one.row.model_copy(update=new))
            changes.write(call)

        self._do("settle letter", body, about=message)

    def take_as_known(self) -> int:
        """Take every visit that is booked as known to its patient: for an office that begins to write letters.

        Returns
        -------
        int
            How many visits were written down as known.
        """

        def body(call: Call) -> int:
            office, now = expect_letters(call), moment(call)
            changes, count = Changes(), 0
            for told_of in matters(call, office, None):
                matter = replace(told_of.matter, promised=True)
                for one in told_of.versions.values():
                    if one.row.state in ("waiting", "failed") and one.row.kind in OF_VISIT:
                        changes.change(one.fact, one.row.model_copy(update={"state": "withdrawn"}))
                if matter.visit is None or matter.attended or matter.visit.begins <= now:
                    continue
                row = Message.model_construct(
                    message=new_message(), patient=matter.patient, kind="confirmation", state="known",
                    request=matter.request, **matter.visit._asdict(), visit_type=matter.visit_type,
                    channel=matter.reach.channel, language=matter.reach.language, clock=matter.reach.clock,
                    due=call.at, told=call.at,
                )  # fmt: skip
                changes.add(row, row.patient, row.request)
                count += 1
            write(call, changes)
            return count

        return self._do("take letters as known", body)

    def named_letters(self, table: pd.DataFrame) -> pd.DataFrame:
        """A list of letters with the name and telephone number of each patient: a list of whom to call.

        Parameters
        ----------
        table : pandas.DataFrame
            As of :meth:`letters`.

        Returns
        -------
        pandas.DataFrame
            The same with ``name`` and ``phone``.
        """

        def body(call: Call) -> pd.DataFrame:
            call.may("read", "people", ("name", "given_name", "surname", "phone"))
            readable(call)
            found = {}
            wanted = sorted(set(table["patient"]))
            for fact in facts.known(call.connection, "people", by="patient", values=wanted, on=call.today):
                cells = opened(call, fact) if fact.sealed is not None else {}
                name = cells.get("name") or f"{cells.get('given_name', '')} {cells.get('surname', '')}".strip()
                found[str(fact.patient)] = (name, cells.get("phone", ""))
                call.people.add(str(fact.owner))
            both = [found.get(patient, ("", "")) for patient in table["patient"]]
            return table.assign(name=[name for name, _ in both], phone=[phone for _, phone in both])

        return self.session.do("name letters", body)


def message_of(call: Call, message: str) -> Kept[Message]:
    """A message by its id.

    Raises
    ------
    StoreError
        If there is none.
    """
    call.may("read", Message.table_name, _READ)
    found = kept(call, Message, by="key", values=[key_of(message)])
    if not found:
        raise StoreError(f"expected the id of a message, not {told(message)}")
    return found[0]


def _outlook(call: Call, office: OfficeLetters, log: list[Kept[Message]]) -> Changes:
    """All that has to be written so that the outbox is as it should be now."""
    changes, now = Changes(), moment(call)
    for one, after in stale(log):
        changes.change(one.fact, after)
    if call.policy.allows(call.roles, call.purpose, "read", "appointments", "request"):
        lacking = lacks(call, office)
        for told_of in matters(call, office, None):
            if lacking is not None:
                mine = replace(told_of.matter, lacks=lacking.get(str(told_of.matter.request), ()))
                told_of = replace(told_of, matter=mine)
            put(changes, told_of, of_requests(told_of, office, now))
        for told_of, some in recalls(call, office, log, now):
            put(changes, told_of, some)
        if may_offer(call):
            follow_places(call, office, now, changes)
    for told_of, some in balances(call, office, log, now):
        put(changes, told_of, some)
    return changes


def _table(call: Call, rows: Sequence[Message], every: bool = False) -> pd.DataFrame:
    call.may("read", Message.table_name, _READ)
    office, now = expect_letters(call), moment(call)
    whys = call.policy.allows(call.roles, call.purpose, "read", Message.table_name, "why")
    money = call.policy.allows(call.roles, call.purpose, "read", Message.table_name, "amount")
    shown = [row for row in rows if every or row.state in _SHOWN or _is_out(row)]
    shown = [row for row in shown if money or row.kind != "balance"]
    reach = reaches(call, office, [row.patient for row in shown])
    found: list[dict[str, Any]] = []
    for row in sorted(shown, key=lambda row: (row.due, row.message)):
        visit = visit_in(row)
        quiet = quiet_of(reach[row.patient], visit.zone if visit else office.zone)
        due = moment_of(row.due) or now
        ready = row.state == "waiting" and due <= now and not (quiet is not None and quiet.holds(now))
        cells = {name: getattr(row, name, "") or "" for name in _COLUMNS if name != "ready"}
        start = "" if row.start is None else f"{row.start // 60:02d}:{row.start % 60:02d}"
        found.append(
            {
                **cells, "start": start, "date": row.date, "due": due, "ready": "yes" if ready else "no",
                "why": row.why if whys else "",
            }
        )  # fmt: skip
    frame = pd.DataFrame(found, columns=list(_COLUMNS))
    return frame.astype({"due": "datetime64[us, UTC]", "date": object}) if len(frame) else frame


def _is_out(row: Message) -> bool:
    return row.kind == "offer" and row.answer is None and row.state in ("sent", "known")
