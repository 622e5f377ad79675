"""What of a visit's fee is collected, learnt from decided claims: few of a kind are drawn towards many like them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, special

from schedopt.arrays import Floats, Ints
from schedopt.errors import Fault, InputError
from schedopt.models.tables import Collection

_NEEDED = ("insurer", "visit_type", "paid")
_USUAL, _SPREAD = np.log(20.0), 1.5
"""Prior of the logarithm of how many claims a group's rate is worth beforehand: its mean and standard deviation."""
_LIKE = 10.0
"""Claims that the mean bad debt of all of an insurer's is worth for each of its visit types, and that of all for it."""
_ROUNDS = 6


@dataclass(frozen=True)
class _Rates:
    """Mean and variance of what rates may be."""

    mean: Floats
    variance: Floats


def learn_collection(claims: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """What visits bring in, by insurer and visit type, learnt from decided claims.

    The chance of being paid is a beta-binomial one on two levels: visit types of an insurer vary around the insurer's
    rate, and insurers around the rate of all. How much they vary is found from the claims (empirical Bayes); the fewer
    claims a pair has, the nearer its chance is to that of its insurer. What the rates of insurers and of all may be is
    part of the interval.

    Parameters
    ----------
    claims : pandas.DataFrame
        One row a decided claim: ``insurer`` (id; missing: the patient pays), ``visit_type`` (id), ``paid`` (bool),
        ``allowed`` (currency; missing: not said) and ``bad_debt`` (currency that was written off; missing: nothing).
        The last two columns may be left out.
    level : float
        Of the interval.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``collection``: a row for each pair of insurer and visit type, and a row for each insurer's
        other types, with an empty ``visit_type``. ``insurer``, ``visit_type`` (ids), ``allowed`` (currency, the mean
        of what was allowed; missing where nothing was said), ``chance``, ``low``, ``high`` (of being paid, with its
        interval), ``bad_debt`` (currency a claim), ``claims`` (number).

    Raises
    ------
    InputError
        If a column is missing, or a cell is not what it should be.
    """
    told = _checked(claims)
    pairs = told.groupby(["insurer", "visit_type"], sort=True).agg(
        claims=("paid", "size"), paid=("paid", "sum"), allowed=("allowed", "mean"), bad_debt=("bad_debt", "sum")
    )
    pairs = pairs.reset_index()
    if pairs.empty:
        return pairs.reindex(columns=list(Collection.model_fields))
    insurers = pairs["insurer"].drop_duplicates().reset_index(drop=True)
    payer = pairs["insurer"].map({name: code for code, name in enumerate(insurers)}).to_numpy(np.int64)
    own, others = _rates(pairs["claims"].to_numpy(float), pairs["paid"].to_numpy(float), payer)
    debt, debt_of_others = _debts(pairs["bad_debt"].to_numpy(float), pairs["claims"].to_numpy(float), payer)
    whole = pd.DataFrame({"insurer": insurers, "visit_type": "", "allowed": np.nan, "claims": 0})
    found = pd.concat([
        pairs.assign(bad_debt=debt, **_interval(own, level)),
        whole.assign(bad_debt=debt_of_others, **_interval(others, level)),
    ], ignore_index=True)  # fmt: skip
    found["claims"] = found["claims"].where(
        found["visit_type"] != "", found["insurer"].map(told["insurer"].value_counts())
    )
    found[["allowed", "bad_debt"]] = found[["allowed", "bad_debt"]].round(2)
    found[["insurer", "visit_type"]] = found[["insurer", "visit_type"]].replace("", None)
    return found[list(Collection.model_fields)].astype({"claims": int})


def _checked(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims with all columns; every fault at once."""
    faults = [Fault("claims", None, name, None, "expected this column") for name in _NEEDED if name not in claims]
    if faults:
        raise InputError(faults)
    told = pd.DataFrame({
        "insurer": claims["insurer"].fillna("").astype(str), "visit_type": claims["visit_type"].fillna("").astype(str),
        "paid": claims["paid"].map(_yes_or_no),
        **{
            name: pd.to_numeric(claims.get(name, pd.Series(np.nan, claims.index)), errors="coerce").astype(float)
            for name in ("allowed", "bad_debt")
        },
    }).reset_index(drop=True)  # fmt: skip
    wrong = {
        "visit_type": (told["visit_type"] == "", "a visit type"), "paid": (told["paid"].isna(), "yes or no"),
        **{name: (~(told[name].fillna(0) >= 0), "an amount from 0 on") for name in ("allowed", "bad_debt")},
    }  # fmt: skip
    for name, (bad, words) in wrong.items():
        faults += [Fault("claims", row + 2, name, None, f"expected {words}") for row in np.flatnonzero(bad).tolist()]
    if faults:
        raise InputError(faults)
    return told.assign(paid=told["paid"].astype(bool), bad_debt=told["bad_debt"].fillna(0.0))


def _yes_or_no(value: object) -> bool | None:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(str(value).lower())


def _rates(count: Floats, paid: Floats, payer: Ints) -> tuple[_Rates, _Rates]:
    """Rates of pairs, and of further visit types of each insurer."""
    share, number = paid / count, int(payer.max()) + 1
    overall = (paid.sum() + 0.5) / (count.sum() + 1)
    mean = np.full(number, overall)
    for _ in range(_ROUNDS):
        within = _worth(count, paid, mean[payer])
        weight = count * (within + 1) / (within + count)  # claims of a pair share its rate, and say less of others'
        size = np.bincount(payer, weight, number).astype(float)
        hits = np.bincount(payer, weight * share, number).astype(float)
        between = _worth(size, hits, np.full(number, overall))
        weights = size * (between + 1) / (between + size)
        overall = (float(weights @ (hits / size)) + 0.5) / (float(weights.sum()) + 1)
        mean = (hits + between * overall) / (size + between)
    of_all = overall * (1 - overall) / (float(weights.sum()) + 2)
    of_payer = mean * (1 - mean) / (size + between + 1) + (between / (size + between)) ** 2 * of_all
    own = (paid + within * mean[payer]) / (count + within)
    of_pair = own * (1 - own) / (count + within + 1) + (within / (count + within)) ** 2 * of_payer[payer]
    return _Rates(own, of_pair), _Rates(mean, mean * (1 - mean) / (within + 1) + of_payer)


def _worth(count: Floats, paid: Floats, mean: Floats) -> float:
    """How many claims the mean is worth beforehand: the more, the less groups vary around it; the likeliest number."""

    def unlikely(log: float) -> float:
        a, b = np.exp(log) * mean, np.exp(log) * (1 - mean)
        likely = special.betaln(paid + a, count - paid + b) - special.betaln(a, b)
        return float(((log - _USUAL) / _SPREAD) ** 2 / 2 - likely.sum())

    return float(np.exp(optimize.minimize_scalar(unlikely, bounds=(-1.0, 10.0), method="bounded").x))


def _interval(rates: _Rates, level: float) -> dict[str, Floats]:
    """Mean and interval of beta distributions with these means and variances."""
    mean = rates.mean
    size = np.maximum(mean * (1 - mean) / rates.variance - 1, 1e-3)
    ends = [special.betaincinv(size * mean, size * (1 - mean), q) for q in ((1 - level) / 2, (1 + level) / 2)]
    low, high = np.minimum(ends[0], mean), np.maximum(ends[1], mean)
    return {"chance": mean.round(6), "low": low.round(6), "high": high.round(6)}


def _debts(debt: Floats, count: Floats, payer: Ints) -> tuple[Floats, Floats]:
    """Mean bad debt of pairs and of insurers, each drawn towards the next larger group's."""
    number = int(payer.max()) + 1
    overall = debt.sum() / count.sum()
    of_payer = (np.bincount(payer, debt, number) + _LIKE * overall) / (np.bincount(payer, count, number) + _LIKE)
    return (debt + _LIKE * of_payer[payer]) / (count + _LIKE), of_payer
