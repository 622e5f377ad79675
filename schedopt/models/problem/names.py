"""Names of rules that others than their own file have to know, each said once."""

from __future__ import annotations

SESSION_HOURS = "session_hours"
"""A visit lies within its session: who finds no session for a time says so under this name."""
FIXED_PROMISE = "fixed_promise"
"""An appointment promised as fixed stays where it is: where promises contradict each other, it is asked for alone."""
PROMISES = "promises"
"""An appointment promised as fixed is not left out: a plan may give promises up, and says which."""
CLOSED = "closed"
"""A site is closed: who tells of sessions that do not take place for it says so under this name."""
