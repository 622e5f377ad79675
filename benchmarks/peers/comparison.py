"""The table of peers: the same instances, threads and time for each, every answer judged alike."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

import schedopt
from benchmarks.instances import Instance, to_problem
from benchmarks.peers.firstfit import FirstFit
from benchmarks.peers.jobshop import PyJobShop
from benchmarks.peers.judging import judge_visits
from benchmarks.peers.ours import Ours
from benchmarks.peers.protocol import Absent, Answer, Peer, Task
from benchmarks.peers.timefold_jvm import Timefold
from benchmarks.peers.whole import WholeWeek

COLUMNS = ("instance", "peer", "requests", "placed", "cost", "bound", "gap", "above", "seconds", "feasible", "note")
HEAD = ("instance", "peer", "placed", "cost", "bound", "gap %", "above %", "seconds", "feasible", "note")


@dataclass(frozen=True)
class Result:
    """One peer on one instance.

    Attributes
    ----------
    instance, peer : str
        Names of the row.
    requests : int
        Visits asked for.
    placed, cost : int or None
        Visits scheduled, and points of the schedule, as judged; None without one that keeps every rule.
    bound : float or None
        Points that the peer claims to have proved.
    seconds : float
        From the instance to the answer, with reading, building models and starting processes.
    feasible : bool or None
        Whether the schedule keeps every rule; None without one.
    notes : tuple of str
        What is worth knowing, in words.
    faults : tuple of str
        What is wrong, in words.
    """

    instance: str
    peer: str
    requests: int
    placed: int | None = None
    cost: int | None = None
    bound: float | None = None
    seconds: float = 0.0
    feasible: bool | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def peers(python: str = sys.executable) -> tuple[Peer, ...]:
    """All that are compared; an interpreter is named for those that need packages of their own."""
    return FirstFit(), WholeWeek(), PyJobShop(python), Timefold(python), Ours()


def compare(instance: Instance, label: str, candidates: Iterable[Peer], task: Task) -> list[Result]:
    """Run peers on an instance, one after the other."""
    problem = to_problem(instance)
    results = []
    for peer in candidates:
        results.append(_run(peer, instance, problem, label, task))
        print(line(results[-1]), flush=True)
    return _with_false_bounds(results)


def _run(peer: Peer, instance: Instance, problem: schedopt.Problem, label: str, task: Task) -> Result:
    """One peer's answer, judged. What it lacks, or that it failed, is said in words, and the others go on."""
    blank = Result(label, peer.name, len(instance["requests"]))
    began = time.perf_counter()
    try:
        answer = peer.solve(instance, task)
    except Absent as reason:
        return replace(blank, notes=(f"did not run: {reason}",))
    except TimeoutError as error:
        return replace(blank, seconds=time.perf_counter() - began, notes=(str(error),))
    except RuntimeError as error:
        return replace(blank, seconds=time.perf_counter() - began, faults=(str(error),))
    seconds = time.perf_counter() - began
    return judged(replace(blank, seconds=seconds, bound=answer.bound, notes=answer.notes), instance, problem, answer)


def judged(result: Result, instance: Instance, problem: schedopt.Problem, answer: Answer) -> Result:
    """The result with the verdict on an answer's visits."""
    if answer.visits is None:
        return result
    try:
        verdict = judge_visits(instance, problem, answer.visits)
    except ValueError as error:
        return replace(result, feasible=False, faults=(str(error),))
    if not verdict.feasible:
        return replace(result, feasible=False, faults=("the schedule breaks a rule",))
    found = replace(result, placed=len(answer.visits), cost=verdict.cost, feasible=True)
    if answer.claimed is not None and answer.claimed != verdict.cost:
        return replace(found, faults=(f"it counts {answer.claimed:,} points",))
    return found


def _with_false_bounds(results: list[Result]) -> list[Result]:
    """The results of one instance; a bound above anybody's cost is a fault."""
    least = min((r.cost for r in results if r.cost is not None), default=None)
    if least is None:
        return results
    fault = f"its bound is above {least:,} points, which a schedule costs"
    return [
        replace(r, faults=(*r.faults, fault)) if r.bound is not None and r.bound > least + 1e-6 else r for r in results
    ]


def table(results: Sequence[Result]) -> pd.DataFrame:
    """All results.

    Returns
    -------
    pandas.DataFrame
        One row an instance and peer: ``instance``, ``peer``, ``requests`` (asked for), ``placed`` (visits), ``cost``
        and ``bound`` (points), ``gap`` (per cent of the cost that the peer's own bound leaves open), ``above`` (per
        cent by which the cost lies above the highest bound that anybody proved of the instance), ``seconds``,
        ``feasible``, ``note`` (words). What is unknown is missing.
    """
    frame = pd.DataFrame([_cells(r) for r in results], columns=list(COLUMNS))
    frame = frame.astype(dict.fromkeys(("placed", "cost", "bound", "gap", "above"), "Float64"))
    frame["feasible"] = frame["feasible"].astype(object).where(frame["feasible"].notna(), None)
    best = frame.groupby("instance")["bound"].transform("max")
    frame["above"] = 100 * (frame["cost"] - best) / best.where(best > 0)
    return frame


def _cells(result: Result) -> tuple[object, ...]:
    gap = None
    if result.cost and result.bound is not None:
        gap = 100 * (result.cost - result.bound) / result.cost
    note = "; ".join([*(f"WRONG: {fault}" for fault in result.faults), *result.notes])
    note = " ".join(note.replace("|", "/").split())  # what a program wrote has to fit into a row
    return (
        result.instance, result.peer, result.requests, result.placed, result.cost, result.bound, gap, None,
        result.seconds, result.feasible, note,
    )  # fmt: skip


def line(result: Result) -> str:
    """A result in words, to be read as it comes."""
    words = ["no schedule"] if result.cost is None else [f"cost {result.cost:,} points, {result.placed:,} placed"]
    if result.bound is not None:
        words.append(f"bound {result.bound:,.0f} points")
    words += [f"{result.seconds:.1f} s", *result.notes, *(f"WRONG: {fault}" for fault in result.faults)]
    return f"{result.instance}, {result.peer}: {', '.join(words)}"


def cells(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """The table as text, under :data:`HEAD`; what is unknown is a dash."""
    rows = []
    for row in table(results).to_dict("records"):
        points = [_text(row[name], ",.0f") for name in ("placed", "cost", "bound")]
        shares = [_text(row[name], ",.1f") for name in ("gap", "above", "seconds")]
        feasible = "–" if row["feasible"] is None else "yes" if row["feasible"] else "no"
        rows.append((row["instance"], row["peer"], *points, *shares, feasible, row["note"]))
    return rows


def _text(value: Any, form: str) -> str:
    return "–" if pd.isna(value) else format(value, form)


def aligned(results: Sequence[Result]) -> list[str]:
    """The table for a terminal."""
    rows = [HEAD, *cells(results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    words = {"instance", "peer", "note"}
    aligners = [str.ljust if name in words else str.rjust for name in HEAD]
    return ["  ".join(map(_aligned, aligners, row, widths)).rstrip() for row in rows]


def _aligned(aligner: Callable[[str, int], str], cell: str, width: int) -> str:
    return aligner(cell, width)


def markdown(results: Sequence[Result], candidates: Iterable[Peer]) -> list[str]:
    """The table for a document, and what each peer cannot say."""
    rule = tuple("---" if name in ("instance", "peer", "note") else "---:" for name in HEAD)
    rows = [f"| {' | '.join(row)} |" for row in (HEAD, rule, *cells(results))]
    return [*rows, "", "Cannot say:", "", *(f"- {said}" for said in cannot_say(candidates))]


def cannot_say(candidates: Iterable[Peer]) -> list[str]:
    """A sentence for each peer that cannot express something."""
    return [f"{peer.name}: {'; '.join(peer.cannot_say)}." for peer in candidates if peer.cannot_say]
