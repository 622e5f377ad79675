"""Generated instances are what the format says, and repeat."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generator import GRID, main, make_instance
from benchmarks.instances import to_problem
from tests.effort import examples

SEEDS = st.integers(0, 10**6)
REQUEST = {
    "id", "patient", "minutes", "before", "room_kind", "providers", "windows", "prefer", "ready", "due", "urgency",
    "priority", "booked", "after",
}  # fmt: skip


def test_the_same_seed_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs with one seed write the same, another seed something else."""
    texts = []
    for seed in ("7", "7", "8"):
        main(["--preset", "S", "--seed", seed])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]
    assert json.loads(texts[0]) == make_instance("S", 7)


def test_presets_grow() -> None:
    """Each preset asks for more visits of more providers than the one before."""
    instances = [make_instance(preset, 1) for preset in ("S", "M", "L")]
    assert [len(i["providers"]) for i in instances] == [4, 20, 90]
    counts = [len(i["requests"]) for i in instances]
    assert counts == sorted(set(counts))


@settings(max_examples=examples(12))
@given(SEEDS)
def test_fields_are_those_of_the_format(seed: int) -> None:
    """Ids are unique, references lead somewhere, times lie on the grid, and one own provider is free of charge."""
    instance = make_instance("S", seed)
    assert set(instance) == {"name", "grid", "days", "weights", "pools", "providers", "requests"}
    providers = {p["id"] for p in instance["providers"]}
    pools = {(q["site"], q["kind"]) for q in instance["pools"]}
    sessions = [s for p in instance["providers"] for s in p["sessions"]]
    requests = {r["id"]: r for r in instance["requests"]}
    assert len(requests) == len(instance["requests"])
    assert len({s["id"] for s in sessions}) == len(sessions)
    assert all(time % GRID == 0 for time in _times(instance))
    for r in requests.values():
        assert set(r) == REQUEST
        assert {name for name, _ in r["providers"]} <= providers
        assert [cost for _, cost in r["providers"]].count(0) == 1
        assert len({day for day, _, _ in r["windows"]}) == len(r["windows"])
        for kind in filter(None, [r["room_kind"], r["before"] and r["before"]["pool_kind"]]):
            assert all((s["site"], kind) in pools for s in sessions)
        if r["after"]:
            assert requests[r["after"]["request"]]["patient"] == r["patient"]


def _times(instance: dict[str, Any]) -> list[int]:
    times = [t for p in instance["providers"] for s in p["sessions"] for t in (s["start"], s["end"], s["overtime"])]
    for r in instance["requests"]:
        times += [r["minutes"], *(t for window in r["windows"] for t in window[1:]), *(r["prefer"] or ())]
        times += [r["before"]["minutes"], r["before"]["max_wait"]] if r["before"] else []
        times += [r["booked"]["start"]] if r["booked"] else []
    return times + [t for pool in instance["pools"] for closure in pool["closed"] for t in closure[1:]]


@settings(max_examples=examples(8))
@given(SEEDS)
def test_the_loader_accepts_every_instance(seed: int) -> None:
    """An instance makes a problem with a request for each of its own, in which most can be placed somewhere."""
    instance = make_instance("S", seed)
    problem = to_problem(instance)
    assert list(problem.week.requests.ids) == [r["id"] for r in instance["requests"]]
    assert len(problem.week.sessions) == sum(len(p["sessions"]) for p in instance["providers"])
    assert len(set(problem.options.request.tolist())) > 0.9 * len(instance["requests"])


@settings(max_examples=examples(8))
@given(SEEDS)
def test_promises_do_not_collide(seed: int) -> None:
    """A provider's promised visits follow one another."""
    booked = [(r["booked"], r["minutes"]) for r in make_instance("S", seed)["requests"] if r["booked"]]
    spans = sorted((b["provider"], b["day"], b["start"], b["start"] + minutes) for b, minutes in booked)
    assert spans
    for one, other in pairwise(spans):
        assert one[:2] != other[:2] or one[3] <= other[2]


@pytest.mark.parametrize("costs", [[30, 30], [0, 30, 40], [0, 0]])
def test_prices_that_tables_cannot_say_are_refused(costs: list[int]) -> None:
    """Without one own provider, or with two prices for others, the loader raises instead of pricing wrongly."""
    instance = make_instance("S", 1)
    names = [p["id"] for p in instance["providers"]]
    instance["requests"][0]["providers"] = [list(pair) for pair in zip(names, costs, strict=False)]
    with pytest.raises(ValueError, match="one own provider"):
        to_problem(instance)
