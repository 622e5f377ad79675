"""Whether control charts keep their word: ``python -m benchmarks.charts [--series N]``.

For noise with known limits, how many points it takes until a rule fires, on average, next to theory: the Gaussian
probability of a single point, and for rules that look at several points a Markov chain over what can still become of
the last ones (Champ & Woodall, Technometrics 29:393, 1987). The theory is worked out here and knows nothing of what it
is compared with. For limits that come from a baseline, the share of weeks with a false alarm, next to the same in plain
Python. Then how soon a shift of 1.5 sigma is found. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist, fmean, median

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

from schedopt.operations.measures.charts.chart import xmr
from schedopt.operations.measures.charts.rules import RULES, ChartRule, fired

SETS = {
    "beyond": RULES[:1], "beyond, two of three": RULES[:2], "beyond, four of five": (RULES[0], RULES[2]),
    "beyond, eight on a side": (RULES[0], RULES[3]), "all": RULES,
}  # fmt: skip
BASELINE, WEEKS = 24, 20
"""Points that limits come from, and points after them that are looked at."""


def main() -> int:
    """Simulate, and print next to theory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=4_000)
    number = parser.parse_args().series
    rng = np.random.default_rng(1)
    found = {
        "noise": {name: noise(rules, number, rng) for name, rules in SETS.items()},
        "estimated limits": estimated(number, rng),
        "shift of 1.5 sigma, points until found": {name: shift(rules, number, rng) for name, rules in SETS.items()},
        "shift with estimated limits": shift_after_baseline(number, rng),
    }
    print(json.dumps(found), flush=True)
    return 0


def run_length(rules: Sequence[ChartRule], shift: float = 0.0) -> float:
    """Mean number of points until a rule fires, by theory."""
    chain = _chain(rules, shift)
    size = chain.shape[0]
    return float(spsolve((eye_array(size) - chain).tocsc(), np.ones(size))[0])


def fires_within(rules: Sequence[ChartRule], points: int, shift: float = 0.0) -> float:
    """Chance that a rule fires within so many points, by theory."""
    chain = _chain(rules, shift)
    still = np.zeros(chain.shape[0])
    still[0] = 1.0
    for _ in range(points):
        still = chain.T @ still
    return 1.0 - float(still.sum())


State = tuple[tuple[bool, ...], ...]


def _chain(rules: Sequence[ChartRule], shift: float) -> csr_array:
    """Chances to go from state to state without an alarm; a state is what each rule and side still remembers."""
    edges = sorted({side * rule.sigma for rule in rules for side in (1, -1)})
    normal = NormalDist(shift)
    bounds = [-np.inf, *edges, np.inf]
    zones = [((low + high) / 2, normal.cdf(high) - normal.cdf(low)) for low, high in pairwise(bounds)]
    zones = [(max(min(middle, 99.0), -99.0), chance) for middle, chance in zones]
    start: State = tuple(() for _ in range(2 * len(rules)))
    states, moves, waiting = {start: 0}, list[tuple[int, int, float]](), [start]
    while waiting:
        state = waiting.pop()
        for middle, share in zones:
            after = _after(rules, state, middle)
            if after is None:
                continue
            if after not in states:
                states[after] = len(states)
                waiting.append(after)
            moves.append((states[state], states[after], share))
    origin, target, chance = zip(*moves, strict=True)
    return csr_array((chance, (origin, target)), shape=(len(states), len(states)))


def _after(rules: Sequence[ChartRule], state: State, middle: float) -> State | None:
    """What is remembered after a point in a zone; None: a rule fires."""
    kept = []
    for number, memory in enumerate(state):
        rule, side = rules[number // 2], 1 if number % 2 == 0 else -1
        seen = (*memory, side * middle > rule.sigma)[-rule.of :]
        if seen[-1] and sum(seen) >= rule.least:
            return None
        useful = seen[-(rule.of - 1) :] if rule.of > 1 else ()
        while useful and (not useful[0] or useful.count(False) > rule.of - rule.least):
            useful = useful[1:]
        kept.append(useful)
    return tuple(kept)


def noise(rules: Sequence[ChartRule], number: int, rng: np.random.Generator) -> dict[str, float]:
    """Mean run length of noise with known limits, simulated and by theory."""
    lengths = _first(rng.standard_normal((number, 4_000)), rules)
    theory = run_length(rules)
    simulated = float(lengths.mean())
    return {"simulated": round(simulated, 2), "theory": round(theory, 2), "ratio": round(simulated / theory, 4)}


def shift(rules: Sequence[ChartRule], number: int, rng: np.random.Generator) -> dict[str, float]:
    """Points until a shift of 1.5 sigma is found, with known limits and noise before it in which no rule fires."""
    series = rng.standard_normal((number, 208))
    series[:, 8:] += 1.5
    found = _first(series, rules)
    found = found[found > 8] - 8
    mean, theory = float(found.mean()), run_length(rules, 1.5)
    return {"median": float(np.median(found)), "mean": round(mean, 2), "theory from rest": round(theory, 2)}


def _first(series: np.ndarray, rules: Sequence[ChartRule]) -> np.ndarray:
    """Number of the first point of each series at which a rule fires; one more than there are where none does."""
    lengths = np.empty(len(series))
    for first in range(0, len(series), 500):
        alarm = np.logical_or.reduce(fired(series[first : first + 500], rules))
        lengths[first : first + 500] = np.where(
            np.logical_or.reduce(alarm, axis=1), alarm.argmax(axis=1) + 1, alarm.shape[1] + 1
        )
    return lengths


def estimated(number: int, rng: np.random.Generator) -> dict[str, float]:
    """Share of series of noise with a false alarm in the weeks after a baseline, next to plain Python."""
    alarms = [
        xmr(rng.standard_normal(BASELINE + WEEKS), baseline=BASELINE).is_signal[BASELINE:].any() for _ in range(number)
    ]
    plain = random.Random(2)
    theory = [_plain([plain.gauss(0, 1) for _ in range(BASELINE + WEEKS)]) for _ in range(4 * number)]
    simulated, expected = float(np.mean(alarms)), fmean(theory)
    return {"simulated": round(simulated, 4), "plain": round(expected, 4), "ratio": round(simulated / expected, 4)}


def _plain(series: Sequence[float]) -> bool:
    """Whether any of the four rules fires after the baseline, said point by point."""
    own = series[:BASELINE]
    centre = sum(own) / len(own)
    sigma = sum(abs(after - before) for before, after in pairwise(own)) / (len(own) - 1) / 1.128
    distance = [(value - centre) / sigma for value in series]
    for last in range(BASELINE, len(series)):
        for side in (1, -1):
            seen = [side * value for value in distance[: last + 1]]
            if seen[-1] > 3 or min(seen[-8:]) > 0:
                return True
            if seen[-1] > 2 and sum(value > 2 for value in seen[-3:]) >= 2:
                return True
            if seen[-1] > 1 and sum(value > 1 for value in seen[-5:]) >= 4:
                return True
    return False


def shift_after_baseline(number: int, rng: np.random.Generator) -> dict[str, float]:
    """Points until a shift of 1.5 sigma after the baseline is found."""
    found = []
    for _ in range(number):
        series = rng.standard_normal(BASELINE + 200)
        series[BASELINE:] += 1.5
        alarm = xmr(series, baseline=BASELINE).is_signal[BASELINE:]
        found.append(int(alarm.argmax()) + 1 if alarm.any() else len(alarm) + 1)
    return {"median": median(found), "mean": round(fmean(found), 2)}


if __name__ == "__main__":
    raise SystemExit(main())
