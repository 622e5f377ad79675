"""What the room for writing does by itself, ended everywhere: ``python -m tests.writing.plainly [STRIDE]``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from schedopt.writing import try_folder, write_files, write_folder
from tests.writing.ended import Found, end_everywhere

OLD = {"a.csv": b"old a", "gone.csv": b"old", "c/one": b"1", "c/two": b"2"}
NEW = {"a.csv": b"new a", "b.csv": b"new b" * 20_000, "c/one": b"new 1"}
MEMORY = Path("/dev/shm")
"""Where nothing waits for a disk."""
TOPS = ("a.csv", "gone.csv", "c")


def _old(folder: Path) -> None:
    for name, content in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    folder.chmod(0o750)
    (folder / "a.csv").chmod(0o640)


def _folder(place: Path) -> Callable[[], object]:
    return lambda: (try_folder(place, "it"), write_folder(place, NEW, "it", TOPS))


def _several(folder: Path) -> Callable[[], object]:
    return lambda: write_files({folder / name: NEW.get(name, b"new") for name in ("a.csv", "b.csv", "gone.csv")})


@dataclass(frozen=True)
class Case:
    """An action within a folder in which there is something, with or without a call that exchanges two names."""

    there: Callable[[Path], object]
    action: Callable[[Path], Callable[[], object]]
    exchange: bool = True


CASES = {
    "a new folder": Case(lambda w: None, lambda w: _folder(w / "plan")),
    "a new folder below new ones": Case(lambda w: None, lambda w: _folder(w / "x" / "y" / "plan")),
    "an empty folder": Case(lambda w: (w / "plan").mkdir(0o700), lambda w: _folder(w / "plan")),
    "over an earlier folder": Case(lambda w: _old(w / "plan"), lambda w: _folder(w / "plan")),
    "within an earlier folder": Case(lambda w: _old(w / "plan"), lambda w: _folder(w / "plan"), exchange=False),
    "a new file": Case(lambda w: None, lambda w: lambda: write_files({w / "f": b"new"})),
    "over a file": Case(lambda w: _old(w), lambda w: lambda: write_files({w / "a.csv": b"new"})),
    "over a file, by a journal": Case(_old, lambda w: lambda: write_files({w / "a.csv": b"new"}), exchange=False),
    "several files": Case(lambda w: _old(w / "office"), lambda w: _several(w / "office")),
}


def ended(name: str, work: Path, stride: int) -> Found:
    """One case in a folder that is not there yet."""
    work.mkdir()
    case = CASES[name]
    case.there(work)
    return end_everywhere(case.action(work), work, stride=stride, exchange=case.exchange)


def main(stride: int) -> int:
    """Print what was found."""
    bad = 0
    for number, name in enumerate(CASES):
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            found = ended(name, Path(folder, f"work{number}"), stride)
        bad += len(found.wrong)
        print(f"{name:<30} ended {sum(found.ended.values()):5,}  put right by the reader {found.between:3,}", end="")
        print(f"  wrong {len(found.wrong)}", *found.wrong[:10], sep="\n    ")
    return bad


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1) > 0)
