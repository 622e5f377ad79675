"""Supplies over 52 weeks, played: what ordering by forecasts costs and reaches, beside fixed minimum levels.

Each case is an item of an invented office: appointments, patients who do not come, walk-ins, weekdays, seasons, a level
that drifts, closed days; lead times, packs, order days, shelf lives. Two years are known before the first day. Every
morning on which an order can be made both decide, for the same demand; appointments are known to the end of next week.

Fixed minimum and maximum levels beside it, all charged alike (order cost, holding, what expires): *usual*, by a rule of
thumb: the most that was used from order to delivery in the 26 weeks before, and a month's use above it; *tuned*: of 136
pairs, the one that costs least over these 26 weeks, played with their real demand, of those that reach the target
there; *hindsight*: the same, tuned on the very year that is played; *as filled*: that, with the fill rate that ordering
by forecasts has reached in place of the target. What is missing is lost, and counts in the fill rate alone; *courier*
is what the year costs if each missing unit costs its price once more.

    python -m benchmarks.supplies [--seeds 10] [--weeks 52]
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.office import Office
from schedopt.models.tables import VisitType
from schedopt.operations.supplies.demand import Demand
from schedopt.operations.supplies.forecast import Forecast
from schedopt.operations.supplies.held import NEVER, Coming, Held, Lot, Place, used_up
from schedopt.operations.supplies.methods import Days, naive
from schedopt.operations.supplies.ordering import FILL_RATE, decide, holding_of, review_of, unit_price
from schedopt.operations.supplies.tables import SupplyItem, SupplyUse

START = dt.date(2024, 1, 1)
PAST, TUNED = 104, 26
"""Weeks that are known before the first day, and those of them on which fixed levels are tuned."""
AHEAD = 91
_DAY = dt.timedelta(days=1)
ITEMS = (
    SupplyItem(item="gloves", pack=100, price=9, order_cost=12, lead_days=2, fill_rate=0.98),
    SupplyItem(item="flu-vaccine", pack=10, price=180, order_cost=25, lead_days=4, review_days=7, shelf_days=120,
               fill_rate=0.98),
    SupplyItem(item="test-strips", pack=25, price=60, order_cost=10, lead_days=3, shelf_days=60, fill_rate=0.97),
    SupplyItem(item="implant", pack=1, price=420, order_cost=30, lead_days=7, fill_rate=0.95),
    SupplyItem(item="dressing-set", pack=20, price=80, order_cost=15, lead_days=10, review_days=14, fill_rate=0.98),
    SupplyItem(item="film", pack=50, minimum_order=100, price=120, order_cost=20, lead_days=5, review_days=7,
               fill_rate=0.99),
)  # fmt: skip
AMOUNTS = {"gloves": 4, "flu-vaccine": 1, "test-strips": 2, "implant": 1, "dressing-set": 1, "film": 2}
PER_DAY = {"gloves": 28.0, "flu-vaccine": 4.0, "test-strips": 6.0, "implant": 0.35, "dressing-set": 5.0, "film": 7.0}
COMES = 0.86


@dataclass(frozen=True)
class World:
    """What happens: visits booked, kept and walked in, by day from the first of the past on."""

    item: SupplyItem
    booked: Ints
    kept: Ints
    walked: Ints
    known: Ints
    open: Flags

    @property
    def used(self) -> Floats:
        """Units asked for by day."""
        used: Floats = (self.kept + self.walked).astype(np.float64) * AMOUNTS[self.item.item]
        return used


def invent(item: SupplyItem, weeks: int, seed: int) -> World:
    """A world of an item."""
    chance = np.random.default_rng([seed, len(item.item)])
    days = 7 * (PAST + weeks) + AHEAD
    day, weekday = np.arange(days), np.arange(days) % 7
    season = 1 + chance.uniform(0.15, 0.45) * np.sin(2 * np.pi * (day / 365.25 - chance.uniform()))
    drift = np.exp(np.cumsum(chance.normal(0, 0.012, days // 7 + 1)))[weekday * 0 + day // 7]
    trend = np.exp(chance.uniform(-0.1, 0.15) * day / 365.25)
    shape = np.array([1.25, 1.05, 0.9, 1.0, 0.8, 0.0, 0.0])
    is_open = (shape[weekday] > 0) & (chance.random(days) > 0.03)
    mean = PER_DAY[item.item] * shape[weekday] * season * drift * trend * is_open
    size = np.maximum(mean, 1e-9) / chance.uniform(0.2, 0.8)  # days vary more than independent patients
    walks = chance.uniform(0.1, 0.35)
    rate = mean * chance.gamma(size, 1 / size)
    booked = chance.poisson(rate * (1 - walks) / COMES)
    return World(
        item, booked, chance.binomial(booked, COMES), chance.poisson(rate * walks), chance.integers(4, 8, days), is_open
    )


class Result(NamedTuple):
    """What a year came to."""

    cost: float
    fill: float
    orders: int
    wasted: float
    with_courier: float


Decide = Callable[[int, Held], float]
"""Number of the day and what there is, to units ordered."""


def play(world: World, first: int, days: int, decide_on: Decide, begin: float) -> Result:
    """Some days of a world."""
    item, held = world.item, Held((Lot(begin, _expiry(world.item, _date(first))),), (), 0.0, 0.0)
    cost, asked, missed, orders, wasted = 0.0, 0.0, 0.0, 0, 0.0
    for day in range(first, first + days):
        today = _date(day)
        came = [order for order in held.orders if order.due <= today]
        lots = [*held.lots, *(Lot(order.amount, _expiry(item, today)) for order in came)]
        gone = sum(lot.amount for lot in lots if lot.expires < today)
        lots = [lot for lot in lots if lot.expires >= today and lot.amount > 0]
        held = Held(tuple(lots), tuple(order for order in held.orders if order.due > today), 0.0, 0.0)
        if review_of(item, today) == today and (amount := decide_on(day, held)) > 0:
            orders += 1
            due = today + item.lead_days * _DAY
            held = held._replace(orders=(*held.orders, Coming(amount, due)))
        lots, short = used_up(held.lots, today, float(world.used[day]))
        held = held._replace(lots=tuple(lots))
        wasted += gone
        asked, missed = asked + float(world.used[day]), missed + short
        cost += holding_of(item) * sum(lot.amount for lot in lots)
    price = unit_price(item)
    cost += orders * item.order_cost + wasted * price
    return Result(cost, 1 - missed / max(asked, 1), orders, wasted, cost + missed * price)


def _date(day: int) -> dt.date:
    return START + day * _DAY


def _expiry(item: SupplyItem, today: dt.date) -> dt.date:
    return NEVER if item.shelf_days is None else today + (item.shelf_days - 1) * _DAY


def fixed(item: SupplyItem, low: float, high: float) -> Decide:
    """Order up to a maximum, in whole packs, whenever stock and orders are at a minimum or below."""

    def decide_on(_day: int, held: Held) -> float:
        there = held.amount + sum(order.amount for order in held.orders)
        if there > low:
            return 0.0
        return float(max(np.ceil((high - there) / item.pack) * item.pack, item.minimum_order))

    return decide_on


def usual(world: World) -> tuple[float, float]:
    """Levels by a rule of thumb: the most used until a delivery in the weeks before, and a month's use above that."""
    first, item = 7 * (PAST - TUNED), world.item
    used, span = world.used[first : first + 7 * TUNED], item.lead_days + (item.review_days or 1)
    low = float(np.convolve(used, np.ones(span), mode="valid").max())
    return low, low + max(item.pack, float(np.ceil(used.mean() * 30 / item.pack) * item.pack))


Played = list[tuple[float, float, float, float]]
"""Cost and fill rate of pairs of levels, and the pairs."""


def all_levels(world: World, first: int, days: int) -> Played:
    """Pairs of fixed levels, played over some days."""
    item, found = world.item, Played()
    a_day = float(world.used[first : first + days].mean())
    span = item.lead_days + (item.review_days or 1)
    lows = np.unique(np.ceil(a_day * span * np.linspace(0.6, 3.0, 17)))
    for low in lows.tolist():
        for cover in (5, 10, 15, 20, 30, 45, 60, 90):
            high = low + max(item.pack, np.ceil(a_day * cover / item.pack) * item.pack)
            was = play(world, first, days, fixed(item, low, high), high)
            found.append((was.cost, was.fill, low, high))
    return found


def cheapest(played: Played, fill: float) -> tuple[float, float]:
    """The pair that costs least, of those that reach a fill rate; or the one that comes nearest to it."""
    return min([one for one in played if one[1] >= fill] or [max(played, key=lambda one: one[1])])[2:]


def by_forecast(world: World, *, review: list[tuple[Forecast, int]] | None = None) -> Decide:
    """What schedopt decides, with the visits that are known on the day."""
    item = world.item
    office = Office(
        visit_types=(VisitType(visit_type="v", minutes=15),),
        supplies=(item,),
        supply_uses=(SupplyUse(visit_type="v", item=item.item, amount=AMOUNTS[item.item]),),
    )
    past = _past(world)
    weeks = dict[int, Forecast]()

    def decide_on(day: int, held: Held) -> float:
        week = day - day % 7
        if week not in weeks:
            weeks[week] = _forecast(office, world, past, week)
            if review is not None:
                review.append((weeks[week], week))
        return decide(item, held, weeks[week].later(day - week)).amount

    return decide_on


def _forecast(office: Office, world: World, past: pd.DataFrame, day: int) -> Forecast:
    """Visits are planned to the end of this week and the next; the rest is learned, on Mondays, to save time."""
    covered = list(range(day, day + 14))
    demand = Demand(
        office, _date(day), AHEAD, past, _planned(world, covered), frozenset(_date(number) for number in covered)
    )
    return demand.of(Place(world.item, None))


def _past(world: World) -> pd.DataFrame:
    kinds = ((world.kept, True, False), (world.booked - world.kept, False, False), (world.walked, True, True))
    parts = [
        pd.DataFrame(
            {"date": np.repeat(pd.date_range(START, periods=len(counts)), counts), "came": came, "walk_in": walked}
        )
        for counts, came, walked in kinds
    ]
    found = pd.concat(parts).sort_values("date", kind="stable")
    return found.assign(visit_type="v", provider="DR1").reset_index(drop=True)


def _planned(world: World, covered: Sequence[int]) -> pd.DataFrame:
    dates = [_date(number) for number in covered for _ in range(int(world.booked[number]))]
    return pd.DataFrame({"date": dates, "visit_type": "v", "site": "MAIN"}, columns=["date", "visit_type", "site"])


def judge_forecasts(world: World, made: list[tuple[Forecast, int]]) -> tuple[list[bool], float, float, float]:
    """Whether sums over the time to the delivery after next lay inside; and errors beyond the plan, of both."""
    inside, ours, theirs, size = list[bool](), 0.0, 0.0, 0.0
    span = world.item.lead_days + (world.item.review_days or 1)
    for use, day in made:
        low, high = use.within(0, span)
        inside.append(low <= world.used[day : day + span].sum() <= high)
        real = world.used[day : day + 28] * world.open[day : day + 28]
        known = Days(world.used[:day], np.arange(day) % 7, world.open[:day])
        ours += float(np.abs(use.mean[:28] - real).sum())
        theirs += float(np.abs(naive(known, np.arange(28) % 7) - real).sum())
        size += float(real.sum())
    return inside, ours, theirs, size


def year(item: SupplyItem, weeks: int, seed: int) -> dict[str, object]:
    """A line: what each way of ordering came to."""
    world, made = invent(item, weeks, seed), list[tuple[Forecast, int]]()
    days, first = 7 * weeks, 7 * PAST
    target, begin = item.fill_rate or FILL_RATE, usual(world)[1]
    found = {"forecast": play(world, first, days, by_forecast(world, review=made), begin)}
    before, real = all_levels(world, first - 7 * TUNED, 7 * TUNED), all_levels(world, first, days)
    levels = {
        "usual": usual(world),
        "tuned": cheapest(before, target),
        "hindsight": cheapest(real, target),
        "as filled": cheapest(real, found["forecast"].fill),
    }
    found |= {name: play(world, first, days, fixed(item, *pair), begin) for name, pair in levels.items()}
    inside, error, naive_error, size = judge_forecasts(world, made)
    line: dict[str, object] = {"item": item.item, "target": item.fill_rate}
    for name, one in found.items():
        line |= {f"{name} fill": one.fill, f"{name} cost": one.cost, f"{name} courier": one.with_courier}
    return line | {"inside": float(np.mean(inside)), "error": error / size, "naive": naive_error / size}


def main() -> None:
    """Play all items and seeds, and print what they came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--weeks", type=int, default=52)
    said = parser.parse_args()
    frame = pd.DataFrame([year(item, said.weeks, seed) for item in ITEMS for seed in range(said.seeds)])
    by_item = frame.groupby("item", sort=False).mean()
    print(by_item.T.round(3).to_string())
    print(f"\nfill rate less target, mean of all: {(frame['forecast fill'] - frame['target']).mean():+.4f}")
    print(f"the same of the worst item: {(by_item['forecast fill'] - by_item['target']).min():+.4f}")
    for name in ("usual", "tuned", "hindsight", "as filled"):
        for kind in ("cost", "courier"):
            share = frame[f"forecast {kind}"].sum() / frame[f"{name} {kind}"].sum()
            each = (frame[f"forecast {kind}"] / frame[f"{name} {kind}"]).mean()
            print(
                f"{kind} over that of {name} levels (fill {frame[f'{name} fill'].mean():.3f}): {share:.3f} ({each:.3f})"
            )
    print(f"intervals of 90 % cover: {frame['inside'].mean():.3f}")
    print(f"error over that of seasonal naive: {frame['error'].mean() / frame['naive'].mean():.3f}")


if __name__ == "__main__":
    main()
