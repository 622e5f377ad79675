"""The tables: a row a plan and a row a family; of two versions, both and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.families.best import Known, best_of
from benchmarks.families.runs import Outcome

Row = tuple[str, ...]
Pair = tuple[Outcome, Outcome]
"""The same week with the same seed by the other version and by this one."""

NONE = "–"
HEAD: Row = (
    "family", "week", "requests", "seed", "cost", "bound", "gap %", "best known", "above %", "dear out", "moves/s",
    "first-fit",
)  # fmt: skip
FAMILY_HEAD: Row = ("family", "plans", "gap %", "above %", "dear out", "moves/s")
PAIR_HEAD: Row = (
    "family", "week", "seed", "cost then", "now", "change %", "bound then", "now", "change %", "gap % then", "now",
    "above % then", "now", "dear out then", "now", "moves/s then", "now", "times",
)  # fmt: skip
FAMILY_PAIR_HEAD: Row = (
    "family", "plans", "cheaper", "dearer", "cost change %", "best", "worst", "bound change %", "gap % then", "now",
    "above % then", "now", "dear out then", "now", "moves times",
)  # fmt: skip


def rows(outcomes: Sequence[Outcome], known: Known) -> list[Row]:
    """A row a plan, under the head."""
    return [HEAD, *(_row(outcome, known) for outcome in outcomes)]


def _row(outcome: Outcome, known: Known) -> Row:
    best = best_of(known, outcome)
    return (
        outcome.family, outcome.name, f"{outcome.requests:,}", str(outcome.seed), f"{outcome.cost:,}",
        f"{outcome.bound:,}", f"{outcome.gap:.1f}", NONE if best is None else f"{best.cost:,}",
        _share(above(outcome, known)), str(outcome.dear), _whole(outcome.pace), f"{outcome.first_fit:,}",
    )  # fmt: skip


def family_rows(outcomes: Sequence[Outcome], known: Known) -> list[Row]:
    """A row a family, under the head: medians, and the sum of the dear requests left out."""
    found = [FAMILY_HEAD]
    for family in dict.fromkeys(outcome.family for outcome in outcomes):
        mine = [outcome for outcome in outcomes if outcome.family == family]
        found.append((
            family, str(len(mine)), f"{median(o.gap for o in mine):.1f}", _share(_above(mine, known)),
            str(sum(o.dear for o in mine)), _whole(_median([o.pace for o in mine])),
        ))  # fmt: skip
    return found


def pair_rows(pairs: Sequence[Pair], known: Known) -> list[Row]:
    """A row a week and seed, under the head: both versions, and by how much they differ."""
    return [PAIR_HEAD, *(_pair_row(then, now, known) for then, now in pairs)]


def _pair_row(then: Outcome, now: Outcome, known: Known) -> Row:
    return (
        now.family, now.name, str(now.seed),
        f"{then.cost:,}", f"{now.cost:,}", _signed(change(then.cost, now.cost)),
        f"{then.bound:,}", f"{now.bound:,}", _signed(change(then.bound, now.bound)),
        f"{then.gap:.1f}", f"{now.gap:.1f}", _share(above(then, known)), _share(above(now, known)),
        str(then.dear), str(now.dear), _whole(then.pace), _whole(now.pace), _times([(then, now)]),
    )  # fmt: skip


def family_pair_rows(pairs: Sequence[Pair], known: Known) -> list[Row]:
    """A row a family, under the head: medians, and the sums of the dear requests left out."""
    return [FAMILY_PAIR_HEAD, *(_family_pair_row(family, mine, known) for family, mine in _by_family(pairs))]


def _by_family(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[Pair]]]:
    """All of each family; then all together, where there are several."""
    families = list(dict.fromkeys(now.family for _, now in pairs))
    for family in families:
        yield family, [pair for pair in pairs if pair[1].family == family]
    if len(families) > 1:
        yield "all", list(pairs)


def _family_pair_row(family: str, pairs: Sequence[Pair], known: Known) -> Row:
    then, now = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    costs = [change(old.cost, new.cost) for old, new in pairs]
    return (
        family, str(len(pairs)), str(sum(c < 0 for c in costs)), str(sum(c > 0 for c in costs)),
        _signed(median(costs)), _signed(min(costs)), _signed(max(costs)),
        _signed(median(change(old.bound, new.bound) for old, new in pairs)),
        f"{median(o.gap for o in then):.1f}", f"{median(o.gap for o in now):.1f}",
        _share(_above(then, known)), _share(_above(now, known)),
        str(sum(o.dear for o in then)), str(sum(o.dear for o in now)), _times(pairs),
    )  # fmt: skip


def change(then: float, now: float) -> float:
    """Per cent by which a figure is higher now; infinite where it was nothing."""
    return 100 * (now - then) / then if then else 0.0 if now == then else float("inf")


def above(outcome: Outcome, known: Known) -> float | None:
    """Per cent by which a cost is above the best known; below 0 where it is better, None where none is known."""
    best = best_of(known, outcome)
    return None if best is None else change(best.cost, outcome.cost)


def _above(outcomes: Sequence[Outcome], known: Known) -> float | None:
    return _median([above(outcome, known) for outcome in outcomes])


def _median(values: Sequence[float | None]) -> float | None:
    """Of those that are there."""
    there = [value for value in values if value is not None]
    return median(there) if there else None


def _times(pairs: Sequence[Pair]) -> str:
    """How many times as many moves a second as then, in the median."""
    ratios = [now.pace / then.pace for then, now in pairs if then.pace and now.pace]
    return f"{median(ratios):.2f}" if ratios else NONE


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _whole(value: float | None) -> str:
    return NONE if value is None else f"{value:,.0f}"


def _signed(value: float) -> str:
    return f"{value:+.1f}"


def aligned(table: Sequence[Row], texts: int = 1) -> list[str]:
    """A table for a terminal; so many columns, from the left, are text."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    aligners = [str.ljust] * texts + [str.rjust] * (len(widths) - texts)
    return ["  ".join(align(cell, w) for align, cell, w in zip(aligners, row, widths, strict=True)) for row in table]


def markdown(table: Sequence[Row], texts: int = 1) -> list[str]:
    """A table for a document; so many columns, from the left, are text."""
    head, *others = table
    rule = ("---",) * texts + ("---:",) * (len(head) - texts)
    return [f"| {' | '.join(row)} |" for row in (head, rule, *others)]
