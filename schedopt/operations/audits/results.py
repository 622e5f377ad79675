"""What was found in the items of a sample: read from its file, and what it says of all items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.errors import Fault, InputError
from schedopt.operations.audits.amounts import AmountFound, Values, found_by_ratio, found_money, found_total
from schedopt.operations.audits.frames import Frame
from schedopt.operations.audits.limits import exact
from schedopt.operations.audits.shares import ShareFound, Stratum, found_shares
from schedopt.operations.audits.sizes import percent

Result = Literal["ok", "deviates", "missing"]
"""ok: as it should be; deviates: not so; missing: cannot be looked at, which counts as a deviation."""
RESULTS: tuple[Result, ...] = ("ok", "deviates", "missing")
SHARES, AMOUNTS = 0.95, 0.90
"""Confidence, where nothing else is said: of shares, and of amounts as the Office of Inspector General has it."""
COLUMNS = ("item", "stratum", "method", "stratum_items", "stratum_amount", "amount", "hits", "result", "audited")
"""Columns of a sample's file that its results are read from."""


@dataclass(frozen=True)
class Looked:
    """The items of a sample with what was found, a row an item.

    Attributes
    ----------
    table : pandas.DataFrame
        :data:`COLUMNS`; ``result`` is empty of what was not looked at yet, ``audited`` NaN where no amount is said.
    """

    table: pd.DataFrame


@dataclass(frozen=True)
class Evaluation:
    """What a sample says.

    Attributes
    ----------
    strata : pandas.DataFrame
        ``stratum``, ``population``, ``items`` (looked at), ``found`` (deviate), ``share``, ``low``, ``high`` (exact
        two-sided limits).
    share : ShareFound
        Of all items.
    overpaid : AmountFound or None
        By how much the book amounts of all are too high: difference estimate. None without audited amounts.
    by_ratio : AmountFound or None
        The same by the ratio to the book amounts.
    wrong_money : tuple of (float, float) or None
        Of a sample of money units: the estimate and Stringer's upper bound.
    to_do : int
        Items not looked at yet.
    words : tuple of str
        All of it in sentences.
    """

    strata: pd.DataFrame
    share: ShareFound
    overpaid: AmountFound | None
    by_ratio: AmountFound | None
    wrong_money: tuple[float, float] | None
    to_do: int
    words: tuple[str, ...]


def sample_sheet(frame: Frame, drawn: pd.DataFrame, *, seed: str, method: str) -> pd.DataFrame:
    """A sample as a file in which results are filled in.

    Returns
    -------
    pandas.DataFrame
        Columns of :func:`~schedopt.operations.audits.drawing.draw`, and ``method``, ``stratum_items`` and
        ``stratum_amount`` (of all items of the stratum), ``frame`` (fingerprint), ``seed``, and two empty ones to be
        filled in: ``result`` (ok, deviates, missing) and ``audited`` (what the amount should have been).
    """
    strata = np.asarray(frame.strata, dtype=object)
    books = {
        name: np.nan if frame.amounts is None else float(frame.amounts[strata == name].sum()) for name in frame.sizes
    }
    return drawn.assign(
        method=method, stratum_items=drawn["stratum"].map(frame.sizes), stratum_amount=drawn["stratum"].map(books),
        frame=frame.fingerprint, seed=seed, result="", audited="",
    )  # fmt: skip


def read_results(table: pd.DataFrame, file: str = "results") -> Looked:
    """What was filled in into a sample's file.

    Parameters
    ----------
    table : pandas.DataFrame
        ``item`` and ``result`` at least. Without ``stratum`` there is one; without ``stratum_items`` all items are so
        many that it makes no difference.
    file : str
        What it is called in errors.

    Raises
    ------
    InputError
        With every fault.
    """
    lacking = [name for name in ("item", "result") if name not in table.columns]
    if lacking:
        raise InputError([Fault(file, 1, name, None, "expected this column") for name in lacking])
    found = pd.DataFrame({"item": table["item"].astype(str).str.strip()})
    for name, default in (("stratum", "all"), ("method", "random")):
        said = table[name].fillna("").astype(str).str.strip() if name in table.columns else pd.Series("", table.index)
        found[name] = said.where(said != "", default)
    faults: list[Fault] = []
    for name in ("stratum_items", "stratum_amount", "amount", "hits", "audited"):
        found[name] = _numbers(table, name, file, faults)
    found["hits"] = found["hits"].fillna(1)
    found["result"] = table["result"].fillna("").astype(str).str.strip().str.lower()
    for place in np.flatnonzero(~found["result"].isin([*RESULTS, ""])):
        faults.append(Fault(file, int(place) + 2, "result", None, "expected ok, deviates or missing, or an empty cell"))
    for place in np.flatnonzero(found["item"].duplicated()):
        faults.append(Fault(file, int(place) + 2, "item", None, "expected each item once"))
    if faults:
        raise InputError(faults)
    return Looked(found[list(COLUMNS)])


def evaluate(looked: Looked, *, confidence: float | None = None, tolerable: float | None = None) -> Evaluation:
    """What the items looked at say of all.

    Parameters
    ----------
    looked : Looked
        The items.
    confidence : float, optional
        By default 0.95 of shares and 0.90 of amounts.
    tolerable : float, optional
        The smallest share of deviations that is too many.

    Raises
    ------
    ValueError
        If nothing was looked at, or a stratum has items and nothing of it was.
    """
    table = looked.table
    done = table[table["result"] != ""]
    if done.empty:
        raise ValueError("expected results: nothing was looked at yet")
    strata = [_stratum(str(name), own) for name, own in done.groupby("stratum", sort=True)]
    if lost := sorted(set(table["stratum"]) - {one.name for one in strata}):
        raise ValueError(f"expected results of every stratum: {len(lost)} have none")
    share = found_shares(strata, confidence=confidence or SHARES, tolerable=tolerable)
    overpaid, ratio, money = _amounts(done, confidence or AMOUNTS)
    to_do = len(table) - len(done)
    words = [share.words, *_money_words(overpaid, ratio, money)]
    if to_do:
        words.append(f"{to_do:,} items are still to be looked at: this holds if those were left to chance.")
    return Evaluation(
        _strata(strata, confidence or SHARES), share, overpaid, ratio, money, to_do, tuple(words)
    )  # fmt: skip


def _numbers(table: pd.DataFrame, name: str, file: str, faults: list[Fault]) -> pd.Series:
    """A column of numbers, in which cells may be empty."""
    if name not in table.columns:
        return pd.Series(np.nan, index=table.index)
    said = table[name].replace("", np.nan)
    values = pd.to_numeric(said, errors="coerce")
    for place in np.flatnonzero((said.notna() & values.isna()) | np.isinf(values.to_numpy(dtype=float))):
        faults.append(Fault(file, int(place) + 2, name, None, "expected a number, or an empty cell"))
    return values.astype(float)


def _stratum(name: str, own: pd.DataFrame) -> Stratum:
    size = own["stratum_items"].iloc[0]
    population = None if np.isnan(size) else int(size)
    return Stratum(name, len(own), int((own["result"] != "ok").sum()), population)


def _strata(strata: Sequence[Stratum], confidence: float) -> pd.DataFrame:
    limits = [exact(one.found, one.items, one.population, confidence) for one in strata]
    return pd.DataFrame(
        {
            "stratum": [one.name for one in strata],
            "population": [np.nan if one.population is None else one.population for one in strata],
            "items": [one.items for one in strata], "found": [one.found for one in strata],
            "share": [one.found / one.items for one in strata],
            "low": [one.low for one in limits], "high": [one.high for one in limits],
        }
    )  # fmt: skip


def _amounts(
    done: pd.DataFrame, confidence: float
) -> tuple[AmountFound | None, AmountFound | None, tuple[float, float] | None]:  # fmt: skip
    """What is wrong with amounts, where there are some; what is missing should have been nothing."""
    if done["amount"].isna().any() or done["audited"].isna().all():
        return None, None, None
    audited = done["audited"].where(done["result"] != "missing", done["audited"].fillna(0.0))
    audited = audited.fillna(done["amount"])
    over = (done["amount"] - audited).to_numpy(dtype=float)
    if (done["method"] == "money").all():
        amount = done["amount"].to_numpy(dtype=float)
        taints = np.clip(np.divide(over, amount, out=np.zeros_like(over), where=amount > 0), 0, 1)
        hits = done["hits"].to_numpy(dtype=np.int64)
        whole = float(done.groupby("stratum")["stratum_amount"].first().sum())
        wrong = np.repeat(taints, hits)
        return None, None, found_money(wrong[wrong > 0], int(hits.sum()), whole, risk=1 - confidence)
    if done["stratum_items"].isna().any():
        return None, None, None
    values = [
        Values(
            str(name), over[own], int(done["stratum_items"].iloc[own[0]]),
            done["amount"].to_numpy(dtype=float)[own], float(done["stratum_amount"].iloc[own[0]]),
        )
        for name, own in _places(done["stratum"])
    ]  # fmt: skip
    can = all(not np.isnan(one.whole_book) and one.whole_book > 0 for one in values)
    return (
        found_total(values, confidence=confidence),
        found_by_ratio(values, confidence=confidence) if can else None,
        None,
    )


def _places(strata: pd.Series) -> list[tuple[str, Ints]]:
    found = strata.to_numpy(dtype=object)
    return [(str(name), np.flatnonzero(found == name)) for name in sorted(set(found))]


def _money_words(
    overpaid: AmountFound | None, ratio: AmountFound | None, money: tuple[float, float] | None
) -> list[str]:  # fmt: skip
    words = []
    if overpaid is not None:
        words.append(f"Too much, by differences: {overpaid.words} At least {max(0.0, overpaid.limits.low):,.2f}.")
    if ratio is not None:
        words.append(f"Too much, by the ratio to the book: {ratio.words} Precision: {percent(ratio.precision)}.")
    if money is not None:
        words.append(f"Too much, by money units: {money[0]:,.2f}, and at most {money[1]:,.2f}.")
    return words
