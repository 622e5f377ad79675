"""Files and folders, written whole or not at all, whatever ends the writer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schedopt.errors import OutputError
from schedopt.office import read_office
from schedopt.writing import settle, try_files, try_folder, write_files, write_folder
from schedopt.writing.journal import _begin, _put
from schedopt.writing.scratch import scratch
from tests.cli.test_living import WAITING
from tests.conversation import write_office
from tests.writing.ended import tree
from tests.writing.plainly import CASES, NEW, TOPS, Case

ROOT = Path(__file__).resolve().parents[2]
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows copies no processes")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def script(module: str, *words: str) -> str:
    """What a script of the tests prints, which has to find nothing wrong."""
    said = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


@forks
def test_ended_anywhere() -> None:
    """Ended by a signal or an error at any call that changes something, every write leaves the old or the new, and
    after the next reader nothing else. Every call is tried with the profile ``deep``, some of them otherwise.
    """
    said = script("tests.writing.plainly", "1" if DEEP else "23")
    assert said.count("  wrong 0") == len(CASES)


@pytest.mark.parametrize("name", CASES)
def test_written_as_asked(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is in the way, exactly the new is there, with and without a call that exchanges two names."""
    case: Case = CASES[name]
    if not case.exchange:
        monkeypatch.setattr("schedopt.writing.exchange._renameat2", lambda: None)
    case.there(tmp_path)
    case.action(tmp_path)()
    if "folder" in name:
        (place,) = tmp_path.rglob("plan")
        assert {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()} == NEW
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".schedopt-")]


def test_signals_wait_for_the_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a write comes after it, and what is written is whole."""
    sync, times = os.fsync, []

    def interrupted(handle: int) -> None:
        times.append(handle)
        if len(times) == 2:
            signal.raise_signal(signal.SIGINT)
        sync(handle)

    monkeypatch.setattr(os, "fsync", interrupted)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path / "plan", NEW, "it")
    finally:
        signal.signal(signal.SIGINT, handler)
    assert set(NEW) <= set(_names(tmp_path / "plan"))


def test_living_writers_and_strangers_are_left_alone(tmp_path: Path) -> None:
    """A scratch folder whose writer lives stays, and so does a folder of such a name that holds somebody's file."""
    (tmp_path / ".schedopt-abcdefgh").mkdir()
    (tmp_path / ".schedopt-abcdefgh" / "mine").write_text("mine")
    (tmp_path / ".schedopt-stranger").write_text("mine")
    with scratch(tmp_path) as living:
        settle(tmp_path)
        assert living.is_dir()
    settle(tmp_path)
    assert _names(tmp_path) == [".schedopt-abcdefgh", ".schedopt-abcdefgh/mine", ".schedopt-stranger"]


def test_a_half_done_change_is_undone_by_the_next_reader(tmp_path: Path) -> None:
    """Where a writer died between two files, read_office finds the office as it was, and nothing else stays."""
    folder = write_office(tmp_path / "office", **WAITING)
    before = tree(folder)
    (left := folder / ".schedopt-abcdefgh" / "new").mkdir(parents=True)
    (left.parent / "old").mkdir()
    places = {name: folder / name for name in ("appointments.csv", "leave.csv", "shifts.csv")}
    for name in places:
        (left / name).write_text("half")
    _begin(left.parent, places)
    for name in ("appointments.csv", "leave.csv"):
        _put(left.parent, name, places[name])
    assert (folder / "leave.csv").read_text() == "half"
    read_office(folder)
    assert tree(folder) == before


def test_links_and_modes_of_files_are_kept(tmp_path: Path) -> None:
    """A link to a file stays a link, what it leads to is replaced, and its mode stays."""
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real").write_text("old")
    (tmp_path / "far" / "real").chmod(0o640)
    (tmp_path / "link").symlink_to(tmp_path / "far" / "real")
    write_files({tmp_path / "link": b"new", tmp_path / "other": b"new"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "real").read_text() == "new"
    assert (tmp_path / "far" / "real").stat().st_mode & 0o777 == 0o640
    assert _names(tmp_path) == ["far", "far/real", "link", "other"]


def test_what_cannot_be_written_is_found_out_before(tmp_path: Path) -> None:
    """A name that is too long, a folder or a file in the way are errors of the try already, and nothing is left."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / ("x" * 300), tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="cannot write it to"):
            try_folder(place, "it")
    for place in (tmp_path / "folder", tmp_path / "none" / "file", tmp_path / ("x" * 300)):
        with pytest.raises(OutputError, match="cannot write"):
            try_files([place])
    assert _names(tmp_path) == ["file", "folder"]


def test_no_files_are_written_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying or writing no files leaves nothing behind, in the folder that a command runs in either."""
    monkeypatch.chdir(tmp_path)
    try_files([])
    write_files({})
    assert _names(tmp_path) == []


def test_a_stream_is_written_to(tmp_path: Path) -> None:
    """A device stays a device."""
    write_files({Path("/dev/null"): b"new"})
    assert Path("/dev/null").is_char_device()


_MOUNTED = """
import json, sys
from pathlib import Path
from schedopt.errors import OutputError
from schedopt.writing import try_files, try_folder, write_folder
place, said = Path(sys.argv[1]), []
for action in (lambda: try_folder(place / "mount", "it"), lambda: write_folder(place / "mount", {new}, "it", {tops}),
               lambda: try_files([place / "one"])):
    try:
        said.append(action())
    except OutputError as error:
        said.append(str(error))
print(json.dumps([said, sorted(p.relative_to(place / "mount").as_posix() for p in (place / "mount").rglob("*"))]))
"""


@pytest.mark.parametrize("options", ["rw", "ro"])
def test_mounted_targets(tmp_path: Path, options: str) -> None:
    """Into a folder that is mounted files are written; one that is read-only, and a file that is mounted by itself,
    are refused by the try.
    """
    (tmp_path / "mount").mkdir()
    for name in ("one", "real"):
        (tmp_path / name).write_text("old")
    code = _MOUNTED.format(new=NEW, tops=TOPS)
    (tmp_path / "code.py").write_text(code)
    mounts = f"mount -t tmpfs -o {options} none {tmp_path}/mount && mount --bind {tmp_path}/real {tmp_path}/one"
    words = ["unshare", "-Urm", "sh", "-c", f"{mounts} || exit 9; exec {sys.executable} {tmp_path}/code.py {tmp_path}"]
    try:
        done = subprocess.run(
            words, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if done.returncode == 9 or done.stderr.startswith("unshare"):
        pytest.skip("mounting is not allowed here")
    said, names = json.loads(done.stdout)
    assert "mounted by itself" in said[2]
    if options == "rw":
        assert said[:2] == [None, None]
        assert names == sorted([*NEW, "c"])
    else:
        assert "Read-only file system" in said[0]
        assert names == []
