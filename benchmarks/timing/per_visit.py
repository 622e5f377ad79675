"""Times that know how long each patient may take, against templates, at the same cost of the provider.

    python -m benchmarks.timing.per_visit ../shared/data/hangu_clinic_service_times/Data.csv.gz
    python -m benchmarks.timing.per_visit ../shared/data/hangu_clinic_service_times/Data.csv.gz \\
        --noshow ../shared/data/kaggle_noshow_2016/KaggleV2-May-2016.csv.gz

Sessions stand in order of time: the first ones are learned from, the rest is judged; what is learned, and the shape of
each template, is decided on the first ones alone; the best template is the one with the least waiting as judged, which
favours templates. ``--every 40`` learns anew after every 40 sessions, from all before, and judges all of them together.
A patient's past is all earlier sessions. Sessions, ends and no-shows are those of ``benchmarks.timing.real_times``.

**Equal cost of the provider, as judged.** Every way to set times is a family with one parameter: the distance between
patients for templates, the price of an idle minute for best times. Each has a curve of mean waiting over what the
provider costs (idle minutes, and one and a half times the minutes of overtime) *on the judged sessions*. Compared is
the waiting at the point of the curve, interpolated, where the provider costs as much as with the best times per visit
at an idle minute's price of 2, 5 or 10. So nobody is better by making the provider wait, and the one parameter alone is
set by what is judged. Intervals are of 1,000 bootstrap samples of sessions, in which all curves are matched anew.

The last rows are hindsight, which nobody has: times from the same predictions if the session's true sum of minutes were
known (its pace), and from the usual lengths by session if that sum were known. With each length known nobody waits.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.service_times import read_consultations
from benchmarks.timing.real_times import OVER_IDLE, SCENARIOS, Day, days_of, risks_of
from schedopt.arrays import Flags, Floats
from schedopt.models.history import History
from schedopt.session_design.templates import Template, bailey_welch, dome, equal_spacing
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, best_times
from schedopt.uncertainty.history import fit_lengths

IDLE = (2.0, 5.0, 10.0)
PRICES = (0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 22.0)
STRETCHES = np.linspace(0.55, 1.35, 17)
BOOTSTRAP, TOLERANCE = 1000, 1e-3
Curve = Floats
"""Waiting and cost of the provider, minutes; shape (parameters, sessions, 2)."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A session as templates and whole sessions know it, and as lengths learned per visit do.

    Attributes
    ----------
    day : Day
        As :mod:`benchmarks.timing.real_times` has it.
    per_visit : Scenarios
        Drawn from the lengths learned per visit.
    means : float array, shape (visits,)
        Expected minutes, 0 counted for who does not come.
    covered : bool array, shape (visits,)
        Whether a visit's minutes lay in its interval of 90 %.
    """

    day: Day
    per_visit: Scenarios
    means: Floats
    covered: Flags


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, judge, print."""
    args = _parser().parse_args(arguments)
    history, _ = read_consultations(args.consultations)
    risks = risks_of(args.noshow) if args.noshow else np.zeros(1)
    sessions = int(history.visits["date"].nunique())
    learned, judged = list[Judged](), list[Judged]()
    for first in range(args.learned, sessions, args.every or sessions):
        before, after = _sessions(history, first, min(first + (args.every or sessions), sessions), risks, args.seed)
        learned, judged = learned or before, judged + after
    visits = float(np.mean([one.day.true.came.sum(axis=1).mean() for one in judged]))
    print(f"{len(learned)} sessions to learn from, {len(judged)} judged, {visits:.1f} patients come to each")
    inside = np.concatenate([one.covered for one in judged])
    print(f"intervals of 90 % held {100 * inside.mean():.1f} % of {len(inside):,} judged visits")
    templates = {name: _template(learned, shapes) for name, shapes in TEMPLATES.items()}
    shapes = {name: shape.keywords for name, shape in templates.items() if isinstance(shape, partial)}
    print(f"shapes when learning: {shapes}")
    curves = {name: _stretched(judged, template) for name, template in templates.items()}
    curves["means per visit"] = np.array([_minutes(judged, partial(_hedged, stretch)) for stretch in STRETCHES])
    for name, scenarios in BEST.items():
        curves[name] = _priced(judged, scenarios)
    seen = np.array([one.day.true.came.sum(axis=1).mean() for one in judged])
    for idle in IDLE:
        print(f"\nidle minutes at {idle:g}, overtime at {OVER_IDLE * idle:g}")
        print(_table(curves, PRICES.index(idle), seen, args.seed).to_string(index=False))
    return 0


def _sessions(history: History, first: int, end: int, risks: Floats, seed: int) -> tuple[list[Judged], list[Judged]]:
    """The sessions learned from, before the number `first`, and those up to `end`."""
    dates = np.sort(history.visits["date"].unique())
    lengths = fit_lengths(history.before(dates[first]))
    rng = np.random.default_rng(seed)
    found = []
    rows = history.visits.sort_values(["date", "began"])
    rows = rows.assign(start=rows["began"])
    distributions = lengths.distributions(rows, history)
    limits = lengths.intervals(rows, history)
    took = (rows["ended"] - rows["began"]).to_numpy(float)
    inside = (took >= limits[:, 0]) & (took <= limits[:, 1])
    place = 0
    for day in days_of(history, first, risks, np.random.default_rng(seed))[:end]:
        own = slice(place, place := place + day.true.num_visits)
        minutes = np.stack([one.sample(rng, SCENARIOS) for one in distributions[own]], axis=1)
        means = np.array([one.mean for one in distributions[own]]) * day.known.came.mean(axis=0)
        found.append(Judged(day, Scenarios(minutes, day.known.came), means, inside[own]))
    return found[:first], found[first:]


def plateau(visits: int, minutes: float, start: float = 0.0, *, ramp: float = 0.5) -> Floats:
    """Gaps that grow over the first quarter, stay, and shrink over the last; the least is `ramp` of the largest."""
    place = (np.arange(visits - 1) + 0.5) / max(visits - 1, 1)
    gaps = np.minimum(1.0, ramp + (1 - ramp) * np.minimum(place, 1 - place) / 0.25)
    return start + minutes * np.concatenate([[0.0], np.cumsum(gaps)])


def dome_of_two(visits: int, minutes: float, start: float = 0.0, *, height: float = 0.3) -> Floats:
    """A dome after two at the start."""
    return np.concatenate([[start], dome(visits - 1, minutes, start, height=height)])


TEMPLATES: Mapping[str, Sequence[Template]] = {
    "equal spacing": (equal_spacing,),
    "Bailey-Welch": (bailey_welch,),
    "dome": tuple(partial(dome, height=height) for height in (0.1, 0.2, 0.3, 0.4, 0.5)),
    "two, then a dome": tuple(partial(dome_of_two, height=height) for height in (0.1, 0.2, 0.3, 0.4, 0.5)),
    "plateau": tuple(partial(plateau, ramp=ramp) for ramp in (0.25, 0.5, 0.75)),
}
"""Each in its shapes."""


def _whole(one: Judged) -> Scenarios:
    return one.day.known


def _per_visit(one: Judged) -> Scenarios:
    return one.per_visit


def _with_sum(scenarios: Callable[[Judged], Scenarios], one: Judged) -> Scenarios:
    """Scenarios scaled to the sum of minutes that the session really took."""
    known, true = scenarios(one), float(one.day.minutes_of_visits.sum())
    minutes = one.per_visit.service if scenarios is _per_visit else one.day.known.service
    everybody = _everybody(minutes, known)
    return replace(known, service=everybody * (true / everybody.sum(axis=1, keepdims=True)))


def _everybody(minutes: Floats, known: Scenarios) -> Floats:
    """Minutes, with the mean of the others where a patient did not come."""
    came = known.came
    mean = np.where(came, minutes, 0).sum(axis=0) / np.maximum(came.sum(axis=0), 1)
    return np.where(came, minutes, mean)


BEST: Mapping[str, Callable[[Judged], Scenarios]] = {
    "best, whole sessions": _whole,
    "best, per visit": _per_visit,
    "hindsight: sum, usual lengths": partial(_with_sum, _whole),
    "hindsight: sum, per visit": partial(_with_sum, _per_visit),
}


def _minutes(sessions: Sequence[Judged], times: Callable[[Judged], Floats]) -> Floats:
    """Waiting and cost of the provider, shape (sessions, 2)."""
    return np.array([one.day.minutes(times(one)) for one in sessions])


def _hedged(stretch: float, one: Judged) -> Floats:
    """Each patient when the means of those before have gone by, stretched."""
    return stretch * (np.cumsum(one.means) - one.means)


def _stretched(sessions: Sequence[Judged], template: Template) -> Curve:
    def times(stretch: float, one: Judged) -> Floats:
        return template(one.day.true.num_visits, stretch * one.day.mean, 0.0)

    return np.array([_minutes(sessions, partial(times, stretch)) for stretch in STRETCHES])


def _priced(sessions: Sequence[Judged], scenarios: Callable[[Judged], Scenarios]) -> Curve:
    found = np.empty((len(PRICES), len(sessions), 2))
    for place, one in enumerate(sessions):
        known, times = scenarios(one), None
        for number, idle in enumerate(PRICES):
            costs = Costs(waiting=1.0, idle=idle, overtime=OVER_IDLE * idle)
            times = best_times(known, costs, one.day.end, start_times=times, tolerance=TOLERANCE).times
            found[number, place] = one.day.minutes(times)
    return found


def _template(learned: Sequence[Judged], shapes: Sequence[Template]) -> Template:
    """The shape of a template with the least waiting on the learned sessions, over what all of them can cost."""
    if len(shapes) == 1:
        return shapes[0]
    means = [_stretched(learned, shape).mean(axis=1) for shape in shapes]
    low, high = max(mean[:, 1].min() for mean in means), min(mean[:, 1].max() for mean in means)
    points = np.geomspace(low, high, 9)[1:-2].tolist()
    return shapes[int(np.argmin([sum(np.log(_at(mean, point)) for point in points) for mean in means]))]


def _at(mean: Floats, provider: float) -> float:
    """Waiting where the provider costs so much; `mean` has shape (parameters, 2). NaN beyond the curve's ends."""
    order = np.argsort(mean[:, 1], kind="stable")
    return float(np.interp(provider, mean[order, 1], mean[order, 0], np.nan, np.nan))


def _table(curves: Mapping[str, Curve], price: int, seen: Floats, seed: int) -> pd.DataFrame:
    """Waiting, and how much less than with the best template, at the provider's cost of the best times per visit."""
    sessions = len(seen)
    draws = np.random.default_rng(seed).multinomial(sessions, np.full(sessions, 1 / sessions), BOOTSTRAP)
    weights = np.concatenate([np.ones((1, sessions)), draws]) / sessions
    means = {name: np.einsum("bs,psm->bpm", weights, curve) for name, curve in curves.items()}
    provider = means["best, per visit"][:, price, 1]
    come = weights @ seen
    waits = {
        name: np.array([_at(one, cost) for one, cost in zip(mean, provider, strict=True)]) / come
        for name, mean in means.items()
    }
    best = min(TEMPLATES, key=lambda name: np.nan_to_num(waits[name][0], nan=np.inf))
    rows = []
    for name, wait in waits.items():
        less = 100 * (1 - wait / waits[best])
        low, high = np.nanpercentile(less[1:], [2.5, 97.5]) if np.isfinite(less[1:]).any() else (np.nan, np.nan)
        rows.append(
            {
                "times": name, "waiting, min": f"{wait[0]:.2f}", "less than best template, %": f"{less[0]:.1f}",
                "95 % interval": f"{low:.1f} to {high:.1f}", "provider, min": f"{provider[0]:.1f}",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("consultations", help="Data.csv of Feng et al. 2023, zipped or not")
    parser.add_argument("--noshow", help="KaggleV2-May-2016.csv, zipped or not")
    parser.add_argument("--learned", type=int, default=229, help="sessions to learn from")
    parser.add_argument("--every", type=int, default=0, help="learn anew after so many sessions; 0 for never")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
