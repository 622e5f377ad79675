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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.families import tables
from benchmarks.families.best import FILE, Known, contradictions, learned, read_best, write_best
from benchmarks.families.runs import Checkout, Effort, Failed, Laid, Outcome, answer_of, lay_out, run
from benchmarks.families.weeks import ROOT, SHARED, Week, all_weeks

WARM_SECONDS = 2.0
"""Time limit of each version's first run, which compiles and does not count."""


@dataclass
class Report:
    """What has come in so far.

    Attributes
    ----------
    known : mapping
        What was known best at the start.
    pairs : list
        Outcomes of the same week and seed, one a version; this one's is the last.
    faults : list of str
        What is wrong, in words.
    """

    known: Known
    pairs: list[tuple[Outcome, ...]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def outcomes(self) -> list[Outcome]:
        """Every plan there is."""
        return [outcome for pair in self.pairs for outcome in pair]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit status whether all is well."""
    args = _parser().parse_args(arguments)
    weeks = chosen(all_weeks(args.shared), args.families, args.weeks)
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
    folders = [ROOT] if args.compare_with is None else [args.compare_with.resolve(), ROOT]
    with TemporaryDirectory() as kept:
        versions = [
            Checkout(folder, None if args.keep_compiled else Path(kept, str(number)))
            for number, folder in enumerate(folders)
        ]
        print(f"{args.time_limit:g} s on {args.workers} workers for each plan; compiling first.", flush=True)
        for version in versions:
            warm = Effort(min(WARM_SECONDS, args.time_limit), args.workers, 1)
            try:
                answer_of(weeks[0].make(), version, warm)
            except Failed as error:
                raise SystemExit(f"{version.folder}: {error}") from error
        for week in weeks:
            laid = lay_out(week)
            for seed in args.seeds:
                _run_pair(laid, versions, Effort(args.time_limit, args.workers, seed), report)
            if args.record:
                write_best(learned(read_best(args.best), report.outcomes), args.best)


def _run_pair(laid: Laid, versions: Sequence[Checkout], effort: Effort, report: Report) -> None:
    """One week with one seed by every version, one after the other."""
    found = []
    for version in versions:
        where = f"{laid.week.name}, seed {effort.seed}" + (f", {version.folder.name}" if len(versions) > 1 else "")
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
    if len(found) == len(versions):
        report.pairs.append(tuple(found))


def _line(where: str, outcome: Outcome) -> str:
    """A plan in words, to be read as it comes."""
    pace = "" if outcome.pace is None else f", {outcome.pace:,} moves a second"
    fault = f"; WRONG: {'; '.join(outcome.faults)}" if outcome.faults else ""
    points = f"cost {outcome.cost:,}, bound {outcome.bound:,}, gap {outcome.gap:.1f} %"
    return f"{where}: {points}, {outcome.dear} dear requests left out{pace}{fault}"


def _document(report: Report) -> Iterator[tuple[list[tables.Row], int]]:
    """Tables, and how many of their columns are text."""
    known, both = report.known, [(pair[0], pair[1]) for pair in report.pairs if len(pair) > 1]
    if both:
        yield tables.pair_rows(both, known), 2
        yield tables.family_pair_rows(both, known), 1
    elif report.pairs:
        yield tables.rows(report.outcomes, known), 2
        yield tables.family_rows(report.outcomes, known), 1
