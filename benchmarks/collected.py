"""What a week brings in, planned with and without what insurers have answered and what was learnt of their claims.

    python -m benchmarks.collected

For each seed an office is invented, with more requests than fit, and what is true of it beside: whose insurance has
lapsed although coverage.csv does not know, which authorisations are still pending or denied, and how likely each
insurer pays for each visit type. The week is planned twice. Without: by coverage.csv, authorisations as approved, and
fees as revenue. With: by answers about nearly all patients, authorisations as they stand, and chances and bad debt
that `schedopt.learn_collection` learns from decided claims of the year before; the true chances are known to nobody.
Then both plans are played on the same random numbers, and the dollars that are collected are counted.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import schedopt
from schedopt.example import example_frames
from schedopt.example.insurance import INSURERS
from schedopt.models.office import Office

WEEK = dt.date(2026, 11, 30)
SHARE, UNPAID = 0.2, {"MEDICARE": 0.05, "MEDICAID": 0.4}
"""The patient's share of what is allowed; how often it is never paid, 0.15 with other insurers."""
SELF, BILLED = 0.5, 0.1
"""How often a patient who pays for all does so, and one who gets a bill that the insurer has not paid."""
CLAIMS = 2500


@dataclass(frozen=True)
class Truth:
    """What becomes of visits.

    Attributes
    ----------
    chance : dict
        That an insurer pays for a visit type.
    last : dict of str to date
        The last day on which patients are insured, where coverage.csv does not know it.
    decided : dict of str to (date, bool)
        Of authorisations that are not decided yet, the day of the decision, and whether it is to approve.
    """

    chance: dict[tuple[str, str], float]
    last: dict[str, dt.date]
    decided: dict[str, tuple[dt.date, bool]]


def draw_truth(rng: np.random.Generator, frames: dict[str, pd.DataFrame]) -> Truth:
    """What is true of an office beside what its tables say."""
    chance = {}
    for insurer in INSURERS:
        mean = rng.beta(8, 1.2)
        for kind in frames["visit_types"]["visit_type"]:
            chance[insurer, kind] = float(rng.beta(8 * mean + 0.1, 8 * (1 - mean) + 0.1))
    last = {
        patient: WEEK + dt.timedelta(int(rng.integers(-20, 4)))
        for patient in frames["patients"]["patient"]
        if rng.random() < 0.1
    }
    decided = {
        name: (WEEK + dt.timedelta(int(rng.integers(0, 6))), bool(rng.random() < 0.7))
        for name in frames["authorisations"]["authorisation"]
        if rng.random() < 0.2
    }
    return Truth(chance, last, decided)


def past_claims(rng: np.random.Generator, frames: dict[str, pd.DataFrame], truth: Truth) -> pd.DataFrame:
    """Decided claims of the year before, as many of each kind as it is asked for."""
    terms = frames["terms"].set_index(["insurer", "visit_type"])["fee"].astype(int)
    kinds = rng.choice(frames["requests"]["visit_type"].to_numpy(str), CLAIMS)
    insurers = rng.choice(frames["coverage"]["insurer"].to_numpy(str), CLAIMS)
    rows = []
    for insurer, kind in zip(insurers.tolist(), kinds.tolist(), strict=True):
        paid, fee = rng.random() < truth.chance[insurer, kind], float(terms[insurer, kind])
        lost = SHARE * fee * (paid and rng.random() < UNPAID.get(insurer, 0.15))
        rows.append((insurer, kind, paid, fee if paid else None, lost))
    for kind in kinds[: CLAIMS // 20].tolist():
        rows.append((None, kind, rng.random() < SELF, None, 0.0))
    return pd.DataFrame(rows, columns=["insurer", "visit_type", "paid", "allowed", "bad_debt"])


def answered(rng: np.random.Generator, frames: dict[str, pd.DataFrame], truth: Truth) -> dict[str, pd.DataFrame]:
    """The tables that say what insurers have answered, and what is learnt of their claims."""
    coverage = frames["coverage"].drop_duplicates("patient")
    asked = coverage[rng.random(len(coverage)) < 0.95]
    days = [WEEK - dt.timedelta(int(day)) for day in rng.integers(3, 11, len(asked))]
    until = [truth.last.get(patient) for patient in asked["patient"]]
    ends = [own if true is None else str(true) for own, true in zip(asked["valid_until"], until, strict=True)]
    eligibility = pd.DataFrame({
        "patient": asked["patient"], "insurer": asked["insurer"], "answered": list(map(str, days)), "status": "active",
        "valid_from": asked["valid_from"], "valid_until": ends, "source": "271",
    })  # fmt: skip
    permits = frames["authorisations"]
    pending = [truth.decided.get(name) for name in permits["authorisation"]]
    denied = {name for name, (day, approved) in truth.decided.items() if not approved and day <= WEEK}
    status = ["approved" if one is None else "pending" for one in pending]
    permits = permits.assign(status=status, decision_due=["" if one is None else str(one[0]) for one in pending])
    permits.loc[permits["authorisation"].isin(denied), "status"] = "denied"
    learnt = schedopt.learn_collection(past_claims(rng, frames, truth))
    return {"eligibility": eligibility, "authorisations": permits, "collection": learnt}


class Play:
    """What a plan's visits bring in."""

    def __init__(self, office: Office, truth: Truth) -> None:
        self.truth = truth
        self.requests = {row.request: row for row in office.requests}
        self.patients = {row.patient: row for row in office.patients}
        self.kinds = {row.visit_type: row for row in office.visit_types}
        self.terms = {(row.insurer, row.visit_type): row for row in office.terms or ()}
        self.network = {(row.insurer, row.provider) for row in office.networks or ()}
        self.coverage: dict[str, list[Any]] = defaultdict(list)
        for row in office.coverage or ():
            self.coverage[row.patient].append(row)
        self.permits: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for permit in office.authorisations or ():
            self.permits[permit.patient, permit.insurer, permit.visit_type].append(permit)

    def payer(self, request: str, provider: str, date: dt.date) -> str | None:
        """The insurer who pays for a visit, if it is one that it pays; referrals are as the office has them."""
        asked = self.requests[request]
        rows = [row for row in self.coverage[asked.patient] if _holds(row, date)]
        if not rows or date > self.truth.last.get(asked.patient, date):
            return None
        insurer, terms = rows[0].insurer, self.terms[rows[0].insurer, asked.visit_type]
        if (insurer, provider) not in self.network:
            return None
        permits = self.permits[asked.patient, insurer, asked.visit_type]
        if terms.authorisation and not any(_holds(row, date) and self._approved(row, date) for row in permits):
            return None
        return str(insurer)

    def _approved(self, row: Any, date: dt.date) -> bool:
        day, approved = self.truth.decided.get(row.authorisation, (date, True))
        return approved and day <= date

    def dollars(self, schedule: pd.DataFrame, draws: np.ndarray, place: dict[str, int]) -> np.ndarray:
        """Collected of a schedule, for each draw of two numbers for each request."""
        total = np.zeros(draws.shape[0])
        rows: Iterable[Any] = schedule.itertuples()
        for row in rows:
            asked, (first, second) = self.requests[row.request], draws[:, place[row.request]].T
            payer = self.payer(row.request, row.provider, pd.Timestamp(row.start).date())
            if payer is None:
                chance = SELF if self.patients[asked.patient].self_pay else BILLED
                total += self.kinds[asked.visit_type].fee * (first < chance)
                continue
            fee = self.terms[payer, asked.visit_type].fee or 0
            lost = SHARE * fee * (second < UNPAID.get(payer, 0.15))
            total += (fee - lost) * (first < self.truth.chance[payer, asked.visit_type])
        return total


def _holds(row: Any, date: dt.date) -> bool:
    return (row.valid_from or date) <= date <= (row.valid_until or date)


def one_seed(seed: int, args: argparse.Namespace) -> tuple[float, float, int, int]:
    """Dollars collected without and with, mean of the draws, and visits of each plan."""
    rng = np.random.default_rng(seed)
    frames = example_frames(providers=args.providers, load=args.load, seed=seed, week=WEEK)
    truth = draw_truth(rng, frames)
    plain = schedopt.office_from_frames(frames, {"weights": {"revenue": args.weight}})
    told = schedopt.office_from_frames(
        {**frames, **answered(rng, frames, truth)}, {"billing": {"expected_revenue": args.weight}}
    )
    play, place = Play(plain, truth), {row.request: number for number, row in enumerate(plain.requests)}
    draws = rng.random((args.draws, len(place), 2))
    found = []
    for office in (plain, told):
        problem = schedopt.assemble(office, WEEK)
        plan = schedopt.plan(problem, time_limit=args.seconds, workers=args.workers, seed=seed, progress=False)
        found.append((float(play.dollars(plan.schedule, draws, place).mean()), len(plan.schedule)))
    (without, few), (with_, many) = found
    return without, with_, few, many


def main() -> None:
    """Plan, play and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="offices")
    parser.add_argument("--providers", type=int, default=3, help="providers of an office")
    parser.add_argument("--load", type=float, default=1.3, help="minutes asked for, over minutes there are")
    parser.add_argument("--weight", type=int, default=1, help="points for a dollar missed, in both plans")
    parser.add_argument("--seconds", type=float, default=8, help="for each plan")
    parser.add_argument("--workers", type=int, default=1, help="threads")
    parser.add_argument("--draws", type=int, default=500, help="weeks played")
    args = parser.parse_args()
    rows = [one_seed(seed, args) for seed in range(1, args.seeds + 1)]
    table = pd.DataFrame(
        rows, columns=["without", "with", "visits without", "visits with"], index=range(1, len(rows) + 1)
    )
    table["difference"] = table["with"] - table["without"]
    print(table.rename_axis("seed").to_string(float_format=lambda x: f"{x:,.0f}"))
    mean, error = table["difference"].mean(), stats.sem(table["difference"])
    low, high = stats.t.interval(0.95, len(rows) - 1, mean, error)
    share = mean / table["without"].mean()
    print(f"\ncollected with it {mean:,.0f} dollars a week more, 95 % interval {low:,.0f} to {high:,.0f}; {share:.1%}")


if __name__ == "__main__":
    main()
