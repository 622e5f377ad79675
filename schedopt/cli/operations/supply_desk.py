"""What ``schedopt supplies`` writes into a store: what has come, was counted, thrown away or used."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal, NamedTuple

from schedopt.cli.offices import needs_records, opened
from schedopt.cli.planned import expect_known
from schedopt.cli.speech import say

_OPTIONS = {"received": "receive", "discarded": "discard", "counted": "count"}


class Booked(NamedTuple):
    """What was said of a stock.

    Attributes
    ----------
    receive, amount, discard : pair of item and amount, or None
        What has come, is there, was thrown away.
    use : bool
        Take off what fulfilled visits have used.
    lot, expires, site, reason : optional
        Of the lot, and why.
    day : datetime.date or None
        When; None: today.
    """

    receive: tuple[str, float] | None
    amount: tuple[str, float] | None
    discard: tuple[str, float] | None
    use: bool
    lot: str | None
    expires: dt.date | None
    site: str | None
    reason: str
    day: dt.date | None

    @property
    def anything(self) -> bool:
        """Whether anything was said."""
        return self.use or any((self.receive, self.amount, self.discard))


def book(place: Path, said: Booked, actor: str | None) -> None:
    """Write it, and say what is there now."""
    with needs_records():
        from schedopt.registry.operations.supplies import Counted
    from schedopt.operations.supplies.words import units

    with opened(place, actor) as store:
        items = store.rows("supplies")
        unit = dict(zip(items["item"], items["unit"], strict=True))
        kinds: tuple[tuple[Literal["received", "discarded", "counted"], tuple[str, float] | None], ...] = (
            ("received", said.receive), ("discarded", said.discard), ("counted", said.amount),
        )  # fmt: skip
        for kind, what in kinds:
            if what is not None:
                expect_known(f"--{_OPTIONS[kind]}", what[0], items["item"].tolist(), "an item of the office")
                told = Counted(what[0], what[1], said.site, said.lot, said.expires, said.reason, said.day)
                say(f"{what[0]}: {units(store.change_stock(kind, told), unit.get(what[0], 'units'))} there now")
        if said.use:
            for item, amount in store.use_supplies(said.day).items():
                say(f"{item}: {units(amount, unit.get(item.partition(' at ')[0], 'units'))} used")
