"""``python -m benchmarks.remit FILE``: an 835 is read, balanced and posted; one JSON line with seconds and megabytes.

A new store on SQLite is given a claim for each that the file decides and that the store does not have, with the lines
of the file, and charged; then the file is posted. What that setting-up takes is told apart. With ``--times N`` the file
is posted so often: all but the first change nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from schedopt.payers.remittances import Heard, read_remittances
from schedopt.registry import Store, create_store
from schedopt.registry.exchange import Wanted, new_fact
from schedopt.registry.kinds import kinds
from schedopt.store.facts import Fact
from schedopt.store.session import Call

_AT_ONCE = 10_000


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def set_up(store: Store, data: bytes) -> int:
    """Give a store the claims that a file decides; how many."""
    claims: dict[str, Heard] = {}
    for remitted in read_remittances(data):
        for heard in remitted.claims:
            claims.setdefault(heard.control, heard)
    names = list(claims)
    for first in range(0, len(names), _AT_ONCE):
        some = [claims[name] for name in names[first : first + _AT_ONCE]]

        def body(call: Call, some: list[Heard] = some) -> None:
            call.insert([fact for heard in some for fact in _of_claim(call, heard)])

        store.session.do("set up", body)
        there = set(store.rows("claims")["claim"])
        store.charge_claims([heard.control for heard in some if heard.control in there])
    return len(names)


def _of_claim(call: Call, heard: Heard) -> list[Fact]:
    """A claim with its lines; nothing where its number could be none of ours."""
    try:
        return list(_facts(call, heard))
    except ValidationError:
        return []


def _facts(call: Call, heard: Heard) -> Iterator[Fact]:
    def fact(table: str, row: dict[str, object]) -> Fact:
        kind = kinds()[table]
        cells, _ = kind.cells(kind.row_class.model_validate(row))
        return new_fact(call, table, call.next_place(), Wanted(kind.key(cells), cells, {}, "N1", None, None))

    said = {"claim": heard.control, "patient": "N1", "provider": "DR1", "insurer": "A", "date": "2026-11-01"}
    yield fact("claims", {**said, "charge": abs(heard.charge), "state": "sent"})
    for number, line in enumerate(heard.lines, 1):
        one = line.answered
        cells = {"claim": heard.control, "line": number, "procedure": one.procedure or "X", "diagnoses": "Z00"}
        yield fact("claim_lines", {**cells, "modifiers": " ".join(one.modifiers), "charge": abs(one.charge)})


def examine(file: Path, times: int) -> dict[str, object]:
    """What is printed of a file."""
    data, found = file.read_bytes(), dict[str, object]()
    start = time.perf_counter()
    claims = sum(len(remitted.claims) for remitted in read_remittances(data))
    found |= {"name": file.name, "megabytes": round(len(data) / 1e6, 1), "claims": claims}
    found |= {"read_and_balanced_seconds": round(time.perf_counter() - start, 2), "read_peak_mb": _peak()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with create_store(str(folder / "office.db"), folder / "keys", actor="ada") as store:
            store.set_actor("ada", ["administrator", "billing", "planner"])
            start = time.perf_counter()
            set_up(store, data)
            found |= {"set_up_seconds": round(time.perf_counter() - start, 2), "set_up_peak_mb": _peak()}
            states, seconds = [], []
            for _ in range(times):
                start = time.perf_counter()
                states.append(store.post_remittance(data, file.name)["state"].tolist())
                seconds.append(round(time.perf_counter() - start, 2))
            found |= {"posted_seconds": seconds, "states": states, "peak_mb": _peak()}
            balances = store.balances()
            found["cents"] = dict(zip(balances["account"], balances["cents"].tolist(), strict=True))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--times", type=int, default=1, help="post the file so often")
    options = parser.parse_args()
    print(json.dumps(examine(options.file, options.times)), flush=True)


if __name__ == "__main__":
    main()
