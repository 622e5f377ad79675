"""Messages of the outbox: ids, moments, and how they are written."""

from __future__ import annotations

import datetime as dt

from schedopt.store.session import Call, random_id


def new_message() -> str:
    """An id of a message."""
    return random_id("m")


def moment(call: Call) -> dt.datetime:
    """When a call was made."""
    return dt.datetime.fromisoformat(call.at)
