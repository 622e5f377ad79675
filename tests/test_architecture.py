"""The rooms of the house: imports point down, files stay small, the public names are whole and cheap to import."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import schedopt

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "schedopt"
MAX_LINES = 350

LAYERS = (
    ("cli",),
    ("report", "office", "example", "interop"),
    ("solver", "timing", "simulation"),
    ("records", "billing", "rosters"),
    ("models",),
    ("errors", "compiled"),
)
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
BESIDE = {("report", "interop"), ("office", "interop"), ("simulation", "timing"), ("solver", "timing")}
CONFINED = {
    "office": {"interop", "records", "billing", "rosters", "models", "errors"},
    "report": {"interop", "models", "errors"},
    "interop": {"models", "errors"},
    "example": {"models", "errors"},
    "solver": {"timing", "models", "errors", "compiled"},
}
ONLY_IN = {
    "ortools": ("schedopt.solver",),
    "typer": ("schedopt.cli",),
    "rich": ("schedopt.cli", "schedopt.solver.progress"),
}

FILES = sorted(PACKAGE.rglob("*.py"))


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(file: Path) -> Iterator[str]:
    """Every module or name that the file imports, dotted, wherever in the file it does so."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def _part(name: str) -> str:
    """The room that ``schedopt.room.what`` names; the empty string for the package itself."""
    room = name.split(".")[1] if "." in name else ""
    return room if room in RANK or (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file() else ""


def _may_import(room: str, other: str) -> bool:
    if other == room or room == "cli":
        return True
    if other not in RANK:
        return False
    if room in CONFINED:
        return other in CONFINED[room]
    return RANK[other] > RANK[room] or (room, other) in BESIDE


def test_every_room_has_a_layer() -> None:
    """A new room is put into LAYERS before anything is put into it."""
    rooms = {file.relative_to(PACKAGE).parts[0].removesuffix(".py") for file in FILES} - {"__init__"}
    assert rooms <= RANK.keys()


@pytest.mark.parametrize("file", FILES, ids=_module)
def test_imports_point_down(file: Path) -> None:
    """No room imports one above it or beside it, and only the command line imports the package's public names."""
    room = _part(_module(file))
    if not room:
        return  # the package itself names what is public, wherever it is
    ours = [name for name in _imports(file) if _within(name, ("schedopt",))]
    assert [name for name in ours if not _may_import(room, _part(name))] == []


@pytest.mark.parametrize("file", FILES, ids=_module)
def test_libraries_stay_in_their_rooms(file: Path) -> None:
    """The solver's and the terminal's libraries are imported only where LAYERS' owners say so."""
    strays = [
        name
        for library, places in ONLY_IN.items()
        if not _within(_module(file), places)
        for name in _imports(file)
        if _within(name, (library,))
    ]
    assert strays == []


@pytest.mark.parametrize("file", FILES, ids=_module)
def test_files_fit_in_the_head(file: Path) -> None:
    """No file is long, and none leaves work for later."""
    text = file.read_text("utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    assert "TODO" not in text


def test_public_names_are_sorted_and_whole() -> None:
    """``__all__`` is sorted, without repeats, and names everything that ``schedopt/__init__.py`` brings in."""
    names = list(schedopt.__all__)
    assert names == sorted(set(names))
    brought = {name.rpartition(".")[2] for name in _imports(PACKAGE / "__init__.py") if _within(name, ("schedopt",))}
    assert {name for name in brought if not name.startswith("_")} <= set(names)
    assert set(names) <= set(dir(schedopt))


def test_public_names_can_be_imported() -> None:
    """Every public name is there, and has a docstring where it is a class or a function."""
    for name in schedopt.__all__:
        value = getattr(importlib.import_module("schedopt"), name)
        assert not callable(value) or value.__doc__, name


def _run(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_import_leaves_the_solver_alone() -> None:
    """``import schedopt`` loads neither the solver's library nor the terminal's."""
    loaded = _run("import sys, schedopt; print(*(name for name in sys.modules if '.' not in name))").split()
    assert "schedopt" in loaded
    assert set(ONLY_IN).isdisjoint(loaded)


def test_import_is_quick() -> None:
    """``import schedopt`` takes less than a second, the best of three."""
    code = "import time; begin = time.perf_counter(); import schedopt; print(time.perf_counter() - begin)"
    assert min(float(_run(code)) for _ in range(3)) < 1.0
