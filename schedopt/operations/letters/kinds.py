"""The kinds of letters, their states, channels and languages."""

from __future__ import annotations

from typing import Literal

LetterKind = Literal[
    "confirmation", "moved", "cancelled", "reminder", "missed", "lacking", "offer", "taken", "recall", "balance"
]
OPTIONAL = ("reminder", "missed", "lacking", "recall", "balance")
"""Kinds that an office may leave out."""
OF_VISIT = ("confirmation", "moved", "cancelled")
"""Kinds that tell where a visit stands: of these at most one of a request waits."""

LetterState = Literal["waiting", "sending", "sent", "known", "doubtful", "failed", "withdrawn"]
"""waiting: to be sent when it is due; sending: handed over right now; sent; known: told by other means; doubtful: it
may have been sent or not, as whoever sent it was stopped; failed: it was refused; withdrawn: nothing is to be told any
more."""
TOLD = ("sending", "sent", "known", "doubtful")
"""States of letters whose patients have to be taken to know what they say."""
OPEN = ("waiting", "failed")
"""States of letters that are taken back when what they say is not so any more."""

Channel = Literal["mail", "letter", "phone", "none"]
Language = Literal["en", "es", "ht", "pt", "vi"]
