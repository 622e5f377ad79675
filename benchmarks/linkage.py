"""How well records of one person are found: precision, recall and seconds, as one line of JSON.

    python -m benchmarks.linkage people.csv --truth pairs.csv
    python -m benchmarks.linkage a.csv b.csv --truth pairs.csv --without soc_sec_id --model model.json

The truth is a table of two columns of ids. An id is in the column ``rec_id``, else in the first column; ids are text.
Pairs are those that ``schedopt.records.identity`` reports at its own threshold; of these, ``sure`` ones may be merged
without anybody looking. Seconds count from the tables in memory to the pairs. Without ``--model``, a model is learned
first from the tables alone, not from the truth.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import pandas as pd

from schedopt.errors import InputError
from schedopt.records.identity import COLUMNS, Model, default_model, duplicates, links, train_and_find


def read_table(file: Path, without: list[str]) -> pd.DataFrame:
    """A table of people as text, its ids in ``rec_id``."""
    table = pd.read_csv(file, dtype=str, keep_default_na=False, skipinitialspace=True, encoding="utf-8-sig")
    table.columns = table.columns.str.strip()
    if "rec_id" not in table.columns:
        table = table.rename(columns={table.columns[0]: "rec_id"})
    table["rec_id"] = table["rec_id"].str.strip()
    return table.drop(columns=[column for column in without if column in table.columns])


def read_pairs(file: Path, *, ordered: bool) -> set[tuple[str, str]]:
    """True pairs; in one table, either may stand first."""
    table = pd.read_csv(file, dtype=str, keep_default_na=False, skipinitialspace=True, encoding="utf-8-sig")
    return _pairs(table.iloc[:, 0], table.iloc[:, 1], ordered=ordered)


def _pairs(left: pd.Series, right: pd.Series, *, ordered: bool) -> set[tuple[str, str]]:
    pairs = zip(left.astype(str).str.strip(), right.astype(str).str.strip(), strict=True)
    return set(pairs) if ordered else {(min(pair), max(pair)) for pair in pairs}


def _turned(truth: set[tuple[str, str]], left: pd.DataFrame) -> set[tuple[str, str]]:
    """Pairs with the left table's id first, where the file has them the other way round."""
    mine = set(left["rec_id"])
    return {(a, b) if a in mine else (b, a) for a, b in truth}


def _judged(found: set[tuple[str, str]], truth: set[tuple[str, str]], name: str) -> dict[str, float | int]:
    right = len(found & truth)
    return {
        f"{name}precision": round(right / len(found), 5) if found else 1.0,
        f"{name}recall": round(right / len(truth), 5) if truth else 1.0,
        f"{name}pairs": len(found),
    }


def judge(
    left: pd.DataFrame, right: pd.DataFrame | None, truth: set[tuple[str, str]], model: Model | None
) -> tuple[dict[str, float | int], Model]:
    """Learn unless there is a model, find pairs, and compare them with the truth."""
    begin = time.perf_counter()
    if model is None:
        found, learned = train_and_find(left, right)
    else:
        found, learned = duplicates(left, model) if right is None else links(left, right, model), model
    seconds = time.perf_counter() - begin
    ordered = right is not None
    reported = _pairs(found["left"], found["right"], ordered=ordered)
    sure = found[found["sure"]]
    certain = _pairs(sure["left"], sure["right"], ordered=ordered)
    result: dict[str, float | int] = {
        **_judged(reported, truth, ""),
        "seconds": round(seconds, 2),
        "trained": model is None,
        "threshold": learned.threshold,
        **_judged(certain, truth, "sure_"),
        "true_pairs": len(truth),
        "records": len(left) + (0 if right is None else len(right)),
    }
    return result, learned


def main(arguments: list[str] | None = None) -> int:
    """Read, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", type=Path, metavar="TABLE", help="one CSV file, or two to be linked")
    parser.add_argument("--truth", type=Path, required=True, help="CSV file of two columns of ids")
    parser.add_argument("--without", nargs="+", default=[], metavar="COLUMN", help="columns to leave out")
    parser.add_argument("--model", help="a stored model instead of training: a file, or 'default'")
    parser.add_argument("--save-model", type=Path, help="where to store the model")
    args = parser.parse_args(arguments)
    if len(args.tables) > 2:
        parser.error("one table or two")
    unknown = sorted(set(args.without) - set(COLUMNS))
    if unknown:
        parser.error(f"--without: unknown column {', '.join(unknown)}; known are {', '.join(COLUMNS)}")
    try:
        tables = [read_table(file, args.without) for file in args.tables]
        right = tables[1] if len(tables) == 2 else None
        truth = read_pairs(args.truth, ordered=right is not None)
        model = _model(args.model)
        result, learned = judge(tables[0], right, truth if right is None else _turned(truth, tables[0]), model)
    except (InputError, OSError, IndexError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if args.save_model:
        args.save_model.write_text(learned.to_json(), "utf-8")
    print(json.dumps(result))
    return 0


def _model(name: str | None) -> Model | None:
    if name is None:
        return None
    return default_model() if name == "default" else Model.from_json(Path(name).read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
