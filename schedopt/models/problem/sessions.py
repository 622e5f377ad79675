"""Providers' sessions as columns, and the sessions that are missing because a site is closed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from schedopt.arrays import Ints


@dataclass(frozen=True)
class Sessions:
    """Providers' bookable stretches; every array has one entry a session.

    Attributes
    ----------
    ids : tuple of str
        Provider, date and start, such as ``DR1 2026-11-30 08:00``.
    provider, site : int array
        Codes into `provider_ids` and `site_ids`.
    shift : int array
        Sessions with the same number were one shift before its breaks were taken out.
    day : int array
        Days from the first day planned.
    start, end : int array
        Cells; the end without overtime.
    overtime : int array
        Cells that visits may run past the end.
    provider_ids, site_ids : tuple of str
        What the codes stand for.
    """

    ids: tuple[str, ...]
    provider: Ints
    site: Ints
    shift: Ints
    day: Ints
    start: Ints
    end: Ints
    overtime: Ints
    provider_ids: tuple[str, ...]
    site_ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Ints) -> Sessions:
        """The sessions at these rows."""
        return Sessions(
            tuple(self.ids[row] for row in rows.tolist()), self.provider[rows], self.site[rows], self.shift[rows],
            self.day[rows], self.start[rows], self.end[rows], self.overtime[rows], self.provider_ids, self.site_ids,
        )  # fmt: skip


@dataclass(frozen=True)
class Closures:
    """When sites are closed, and the sessions that do not take place for it.

    Attributes
    ----------
    site : int array, shape (closures,)
        Codes into the sessions' `site_ids`.
    start, end : int array, shape (closures,)
        First cell, and cell after the last.
    words : tuple of str
        Why, such as ``closed: Independence Day, observed``; one entry a closure.
    missing : Sessions
        What would take place if the sites were open.
    closure : int array, shape (missing,)
        The closure that each of them does not take place for.
    """

    site: Ints
    start: Ints
    end: Ints
    words: tuple[str, ...]
    missing: Sessions
    closure: Ints

    def why(self, provider: int, start: int, end: int) -> str:
        """Why a provider has no session in a stretch of cells, in brackets to append; empty: not for a closure."""
        missing = self.missing
        meets = (missing.provider == provider) & (missing.start < end) & (start < missing.end)
        return f" ({self.words[int(self.closure[meets][0])]})" if meets.any() else ""

    def without(self, provider: int, start: int, end: int) -> Closures:
        """The same where a provider is away in a stretch of cells, and what it meets would not take place anyway."""
        missing = self.missing
        kept = np.flatnonzero((missing.provider != provider) | (missing.start >= end) | (start >= missing.end))
        return replace(self, missing=missing.take(kept), closure=self.closure[kept])


def no_closures() -> Closures:
    """Every site is always open."""
    none = np.zeros(0, np.int64)
    return Closures(none, none, none, (), Sessions((), none, none, none, none, none, none, none, (), ()), none)
