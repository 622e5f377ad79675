"""Best times against templates, on a physician's measured consultations.

    python -m benchmarks.timing.real_times ../shared/data/hangu_clinic_service_times/Data.csv.gz \\
        --noshow ../shared/data/kaggle_noshow_2016/KaggleV2-May-2016.csv.gz

Sessions stand in order of time: the first ones are learned from, the rest is judged. A session's patients, their order
and who is new are known; how long they take is not. The physician goes faster the more patients there are, and slows
down for the last: so a scenario takes over, place by place, how much longer or shorter than usual the visits of a whole
learned session of about as many patients took, and 1,000 scenarios give the best times. Each template's distance
between patients is tuned on the learned sessions until the provider costs what the best times cost there: idle minutes,
and one and a half times the minutes of overtime. A session ends when the means of its patients have gone by. Everybody
is punctual, as the file has no arrivals.

With ``--noshow``, patients also stay away: each gets the risk that a model of the other table's earlier days predicts
for one of its later days, drawn at random, which whoever sets the times knows. Ends allow for it.

Waiting is of patients who come, in minutes a patient; what the provider costs, in minutes a session. Differences are
template less best times, session by session; ± is half of a 95 % confidence interval over sessions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.noshow import read_appointments
from benchmarks.service_times import read_consultations
from schedopt.arrays import Floats
from schedopt.models.history import History
from schedopt.session_design.templates import bailey_welch, dome, equal_spacing
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, best_times
from schedopt.timing.sampled.evaluation import paths
from schedopt.uncertainty.history import fit_attendance

OVER_IDLE = 1.5
"""Price of a minute of overtime over that of an idle one."""
TEMPLATES = {"equal spacing": equal_spacing, "Bailey-Welch": bailey_welch, "dome": dome}
SCENARIOS, ALIKE = 1000, 60
"""Of a session; and learned sessions of about its size that they come from."""
DRAWS = 100
"""Of who comes, for each session that is judged."""


@dataclass(frozen=True, eq=False)
class Day:
    """A session as it will be, and what is known of it before.

    Attributes
    ----------
    known : Scenarios
        Drawn from what was learned.
    true : Scenarios
        The minutes that were measured; once, or as often as who comes is drawn.
    end, mean : float
        Minutes: when the session ends, and mean service time of a patient who may not come.
    minutes_of_visits : float array, shape (visits,)
        That were measured.
    """

    known: Scenarios
    true: Scenarios
    end: float
    mean: float
    minutes_of_visits: Floats

    def minutes(self, times: Floats) -> Floats:
        """Waiting of all patients, and what the provider costs; means over what is true."""
        found = paths(times, self.true, self.end, 0.0, ())
        provider = found.idle + OVER_IDLE * found.overtime
        return np.array([np.nansum(found.wait, axis=1).mean(), provider.mean()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, tune, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("consultations", help="Data.csv of Feng et al. 2023, zipped or not")
    parser.add_argument("--noshow", help="KaggleV2-May-2016.csv, zipped or not")
    parser.add_argument("--learned", type=int, default=240, help="sessions to learn from")
    parser.add_argument("--idle", type=float, nargs="+", default=(2.0, 5.0, 10.0), help="prices, waiting being 1")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    history, _ = read_consultations(args.consultations)
    rng = np.random.default_rng(args.seed)
    risks = risks_of(args.noshow) if args.noshow else np.zeros(1)
    days = days_of(history, args.learned, risks, rng)
    learned, judged = days[: args.learned], days[args.learned :]
    print(f"{len(learned)} sessions to learn from, {len(judged)} judged, {_patients(judged):.1f} patients come to each")
    for idle in args.idle:
        costs = Costs(waiting=1.0, idle=idle, overtime=OVER_IDLE * idle)
        print(f"\nidle minutes at {idle:g}, overtime at {OVER_IDLE * idle:g}, waiting at 1")
        print(_judged(learned, judged, costs).to_string(index=False, float_format=lambda number: f"{number:.2f}"))
    return 0


def days_of(history: History, learned: int, risks: Floats, rng: np.random.Generator) -> list[Day]:
    """All sessions in order of time, the first so many of which are learned from."""
    visits = history.visits.sort_values(["date", "began"])
    visits = visits.assign(log=np.log(visits["ended"] - visits["began"]))
    sessions = [rows for _, rows in visits.groupby("date")]
    usual = pd.concat(sessions[:learned]).groupby("new")["log"].mean()
    pace = [(rows["log"] - rows["new"].map(usual)).to_numpy(float) for rows in sessions[:learned]]
    days = []
    for rows in sessions:
        service = np.exp(rows["new"].map(usual).to_numpy(float) + _paces(pace, len(rows), rng))
        risk = rng.choice(risks, len(rows))
        known = Scenarios(service, rng.random(service.shape) >= risk)
        draws = DRAWS if risk.any() else 1
        came = rng.random((draws, len(rows))) >= risk
        took = np.exp(rows["log"].to_numpy(float))
        true = Scenarios(np.tile(took, (draws, 1)), came)
        end = float((service.mean(axis=0) * (1 - risk)).sum())
        days.append(Day(known, true, end, end / len(rows), took))
    return days


def _paces(pace: Sequence[Floats], patients: int, rng: np.random.Generator) -> Floats:
    """Log of longer than usual, from whole sessions of the most similar sizes; shape (SCENARIOS, patients)."""
    away = np.array([abs(len(path) - patients) for path in pace])
    alike = [pace[number] for number in np.argsort(away, kind="stable")[:ALIKE]]
    places = [path[np.rint(np.linspace(0, len(path) - 1, patients)).astype(np.int64)] for path in alike]
    return np.array(places)[rng.integers(0, len(places), SCENARIOS)]


def risks_of(file: str) -> Floats:
    """Predicted risks of the last fifth of the days, by a model of the days before."""
    history, _ = read_appointments(file)
    dates = np.sort(history.visits["date"].unique())
    first = dates[int(0.8 * len(dates))]
    past = history.before(first)
    later = history.visits[history.visits["date"] >= first].reset_index(drop=True)
    return fit_attendance(past).predict(later, past)


def _judged(learned: Sequence[Day], judged: Sequence[Day], costs: Costs) -> pd.DataFrame:
    """A row for the best times and one for each template, with differences."""

    def best(day: Day) -> Floats:
        return best_times(day.known, costs, day.end, tolerance=1e-5).times

    price = _provider(learned, best)
    own = np.array([day.minutes(best(day)) for day in judged])
    come = np.array([day.true.came.sum(axis=1).mean() for day in judged])
    rows = [{"times": "best", "distance": np.nan, **_figures(own, own, come, costs)}]
    for name, template in TEMPLATES.items():
        low, high = 0.3, 2.0
        for _ in range(20):
            middle = (low + high) / 2
            times = _by_template(template, middle)
            low, high = (middle, high) if _provider(learned, times) < price else (low, middle)
        other = np.array([day.minutes(_by_template(template, low)(day)) for day in judged])
        rows.append({"times": name, "distance": low, **_figures(other, own, come, costs)})
    return pd.DataFrame(rows)


def _by_template(template: Callable[[int, float], Floats], stretch: float) -> Callable[[Day], Floats]:
    return lambda day: template(day.true.num_visits, stretch * day.mean)


def _provider(days: Sequence[Day], times: Callable[[Day], Floats]) -> float:
    return float(np.mean([day.minutes(times(day))[1] for day in days]))


def _figures(found: Floats, best: Floats, come: Floats, costs: Costs) -> dict[str, float]:
    """Means over sessions, and how much more than the best times with half of its confidence interval."""
    cost, least = (minutes @ np.array([costs.waiting, costs.idle]) for minutes in (found, best))
    more = (found[:, 0] - best[:, 0]) / come.mean()
    return {
        "waiting": float(found[:, 0].sum() / come.sum()), "more": float(more.mean()), "±": _half(more),
        "provider": float(found[:, 1].mean()), "more provider": float((found - best)[:, 1].mean()),
        "± provider": _half((found - best)[:, 1]), "cost": float(cost.mean()),
        "more, %": float(100 * (cost - least).mean() / least.mean()),
        "± %": 100 * _half(cost - least) / float(least.mean()),
    }  # fmt: skip


def _half(values: Floats) -> float:
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))


def _patients(days: Sequence[Day]) -> float:
    return float(np.mean([day.true.came.sum(axis=1).mean() for day in days]))


if __name__ == "__main__":
    sys.exit(main())
