"""Plan one set of weeks, in families, and print what each family's plans cost.

    python -m benchmarks.families --time-limit 60 --workers 2 --seeds 1 --markdown families.md
    python -m benchmarks.families --time-limit 60 --compare-with ../other
    python -m benchmarks.families --families tight long --weeks office

Every plan is made in a process of its own. With ``--compare-with``, the library of another checkout of this project
plans the same weeks in turn with this one's, and both are judged by this one's check. The exit status is 1 if a plan
fails or breaks a rule, or a bound lies above a cost.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.families import tables
from benchmarks.families.best import FILE, Known, contradictions, learned, read_best, write_best
from benchmarks.families.runs import Checkout, Effort, Failed, Laid, Outcome, answer_of, lay_out, run
from benchmarks.families.weeks import ROOT, SHARED, Week, all_weeks

WARM_SECONDS = 1.0
"""Time limit of each version's first run of each family, which compiles and does not count."""

Versions = Mapping[str, Checkout]
"""By name: then, where there is another one, and now."""


@dataclass
class Report:
    """What has come in so far.

    Attributes
    ----------
    known : mapping
        What was known best at the start.
    outcomes : list of Outcome
        Every plan there is.
    pairs : list of tuple of Outcome
        Plans of the same week and seed by the other version and by this one.
    faults : list of str
        What is wrong, in words.
    """

    known: Known
    outcomes: list[Outcome] = field(default_factory=list)
    pairs: list[tables.Pair] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit status whether all is well."""
    args = _parser().parse_args(arguments)
    weeks = chosen(all_weeks(args.shared, args.draws), args.families, args.weeks)
    for week in weeks:
        if week.missing:
            print(f"{week.name}: left out, as there is no {week.missing}")
    weeks = [week for week in weeks if not week.missing]
    report = Report(read_best(args.best))
    if weeks:
        _run_all(weeks, args, report)
    document = list(_document(report))
    print(*(line for table, texts in document for line in ["", *tables.aligned(table, texts)]), sep="\n")
    if args.markdown is not None:
        lines = [line for table, texts in document for line in [*tables.markdown(table, texts), ""]]
        args.markdown.write_text("\n".join(lines), encoding="utf-8")
    print(*report.faults, sep="\n", file=sys.stderr, end="\n" if report.faults else "")
    return 1 if report.faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.families", description="Plan one set of weeks.")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each plan")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1], help="of the search")
    parser.add_argument("--families", nargs="+", default=[], metavar="NAME", help="these, and the weeks named")
    parser.add_argument("--weeks", nargs="+", default=[], metavar="NAME", help="these, and the families named")
    parser.add_argument("--draws", nargs="+", type=int, default=[1], help="seeds that weekbench's weeks are drawn with")
    parser.add_argument("--compare-with", type=Path, metavar="FOLDER", help="another checkout, to run in turn")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables to this file")
    parser.add_argument("--record", action="store_true", help="keep lower costs and higher bounds as best known")
    parser.add_argument("--best", type=Path, default=FILE, metavar="FILE", help="the table of what is best known")
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="FOLDER", help="has data and weekbench")
    parser.add_argument(
        "--keep-compiled", action="store_true",
        help="take compiled functions that are beside the sources, which can be stale, instead of compiling anew",
    )  # fmt: skip
    return parser


def chosen(weeks: Sequence[Week], families: Sequence[str], names: Sequence[str]) -> list[Week]:
    """Weeks of these families and with these names; all, where neither is given.

    Raises
    ------
    SystemExit
        If there is no such family or week.
    """
    unknown = {*families} - {week.family for week in weeks} | {*names} - {week.name for week in weeks}
    if unknown:
        known = ", ".join([*dict.fromkeys(week.family for week in weeks), *(week.name for week in weeks)])
        raise SystemExit(f"no {', '.join(sorted(unknown))}; there are: {known}")
    return [week for week in weeks if not (families or names) or week.family in families or week.name in names]


def _run_all(weeks: Sequence[Week], args: argparse.Namespace, report: Report) -> None:
    """Plan every week with every seed and version, and print each plan as it comes."""
    folders = {"now": ROOT} if args.compare_with is None else {"then": args.compare_with.resolve(), "now": ROOT}
    with TemporaryDirectory() as kept:
        versions = {
            name: Checkout(folder, None if args.keep_compiled else Path(kept, name)) for name, folder in folders.items()
        }
        print(f"{args.time_limit:g} s on {args.workers} workers for each plan; compiling first.", flush=True)
        _warm(weeks, versions, Effort(min(WARM_SECONDS, args.time_limit), args.workers, 1))
        for week in weeks:
            laid = lay_out(week)
            for seed in args.seeds:
                _run_pair(laid, versions, Effort(args.time_limit, args.workers, seed), report)
            if args.record:
                write_best(learned(read_best(args.best), report.outcomes), args.best)


def _warm(weeks: Sequence[Week], versions: Versions, effort: Effort) -> None:
    """Have every version compile what it runs, on one week of each family."""
    for week in {week.family: week for week in reversed(weeks)}.values():
        given = week.make()
        for name, version in versions.items():
            try:
                answer_of(given, version, effort)
            except Failed as error:
                raise SystemExit(f"{week.name}, {name} ({version.folder}): {error}") from error


def _run_pair(laid: Laid, versions: Versions, effort: Effort, report: Report) -> None:
    """One week with one seed by every version, one after the other."""
    found = []
    for name, version in versions.items():
        where = f"{laid.week.name}, seed {effort.seed}" + (f", {name}" if len(versions) > 1 else "")
        try:
            outcome = run(laid, version, effort)
        except Failed as error:
            report.faults.append(f"{where}: {error}")
            print(f"{where}: FAILED: {error}", flush=True)
            continue
        outcome = replace(outcome, faults=outcome.faults + contradictions(report.known, outcome))
        report.faults += [f"{where}: {fault}" for fault in outcome.faults]
        print(_line(where, outcome), flush=True)
        found.append(outcome)
    report.outcomes += found
    if len(found) == 2:
        report.pairs.append((found[0], found[1]))


def _line(where: str, outcome: Outcome) -> str:
    """A plan in words, to be read as it comes."""
    pace = "" if outcome.pace is None else f", {outcome.pace:,} moves a second"
    fault = f"; WRONG: {'; '.join(outcome.faults)}" if outcome.faults else ""
    points = f"cost {outcome.cost:,}, bound {outcome.bound:,}, gap {outcome.gap:.1f} %"
    return f"{where}: {points}, {outcome.dear} dear requests left out{pace}{fault}"


def _document(report: Report) -> Iterator[tuple[list[tables.Row], int]]:
    """Tables, and how many of their columns are text."""
    known = report.known
    if report.pairs:
        yield tables.pair_rows(report.pairs, known), 2
        yield tables.family_pair_rows(report.pairs, known), 1
    elif report.outcomes:
        yield tables.rows(report.outcomes, known), 2
        yield tables.family_rows(report.outcomes, known), 1
