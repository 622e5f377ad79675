"""``python -m benchmarks.remit FILE``: an 835 is read, balanced and posted; one JSON line with seconds and megabytes.

A new store on SQLite is given a claim for each that the file decides and that the store does not have, with the lines
of the file, and charged; then the file is posted. What that setting-up takes is told apart. With ``--times N`` the file
is posted so often: all but the first change nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from schedopt.payers.remittances import Heard, read_remittances
from schedopt.registry import Store, create_store, open_store
from schedopt.registry.exchange import Wanted, new_fact
from schedopt.registry.kinds import kinds
from schedopt.store.facts import Fact
from schedopt.store.session import Call

_AT_ONCE = 10_000


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def set_up(store: Store, data: bytes) -> int:
    """Give a store the claims that a file decides; how many."""
    seen: set[str] = set()
    for remitted in read_remittances(data):
        for first in range(0, len(remitted.claims), _AT_ONCE):
            heard = map(Heard.of, remitted.claims[first : first + _AT_ONCE])
            some = {one.control: one for one in heard if one.control not in seen}
            seen.update(some)

            def body(call: Call, some: Iterable[Heard] = some.values()) -> list[str]:
                facts = [fact for heard in some for fact in _of_claim(call, heard)]
                call.insert(facts)
                return [fact.cells["claim"] for fact in facts if fact.kind == "claims"]

            store.charge_claims(store.session.do("set up", body))
    return len(seen)


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
        start = time.perf_counter()
        made = [sys.executable, "-m", "benchmarks.remit", str(file), "--only-set-up", name]
        subprocess.run(made, check=True)  # apart, as its memory is none of posting's
        found["set_up_seconds"] = round(time.perf_counter() - start, 2)
        with open_store(_url(name), Path(name) / "keys", actor="ada", purpose="operations") as store:
            states, seconds = [], []
            for _ in range(times):
                start = time.perf_counter()
                states.append(store.post_remittance(data, file.name)["state"].tolist())
                seconds.append(round(time.perf_counter() - start, 2))
            found |= {"posted_seconds": seconds, "states": states, "peak_mb": _peak()}
            balances = store.balances()
            found["cents"] = dict(zip(balances["account"], balances["cents"].tolist(), strict=True))
    return found


def _url(folder: str) -> str:
    return f"sqlite:///{Path(folder) / 'office.db'}"


def only_set_up(data: bytes, folder: str) -> None:
    """Make the store in a folder."""
    with create_store(_url(folder), Path(folder) / "keys", actor="ada") as store:
        set_up(store, data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--times", type=int, default=1, help="post the file so often")
    parser.add_argument("--only-set-up", metavar="FOLDER", help="make the store, and post nothing")
    options = parser.parse_args()
    if options.only_set_up:
        only_set_up(options.file.read_bytes(), options.only_set_up)
        return
    print(json.dumps(examine(options.file, options.times)), flush=True)


if __name__ == "__main__":
    main()
