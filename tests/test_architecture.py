"""The rooms of the house: imports point down, files stay small, the public names are whole and cheap to import."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import schedopt
from schedopt.models.problem.rules import Rule
from schedopt.office.rules_document import classes
from schedopt.office.sources import HOUSE
from tests.counted import calls_anew

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "schedopt"
MAX_LINES = 350

LAYERS = (
    ("__main__",),
    ("cli",),
    ("folders", "registry"),
    ("payers",),
    ("report", "office", "example"),
    ("operations",),
    ("planning",),
    ("answers",),
    ("solver", "simulation", "session_design"),
    ("timing",),
    ("uncertainty", "records", "billing", "rosters", "store"),
    ("interop",),
    ("models",),
    ("writing", "pages"),
    ("errors", "compiled", "by_address", "arrays"),
)
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
BOTTOM = {"errors", "arrays"}
SOURCES = {"records", "billing", "rosters", "operations"}
CONFINED = {
    "registry": {
        "office",
        "answers",
        "interop",
        "operations",
        "pages",
        "payers",
        "store",
        "models",
        "writing",
        "records",
        "billing",
        *BOTTOM,
    },
    "payers": {"interop", "billing", "models", *BOTTOM},
    "office": {"interop", "records", "billing", "rosters", "operations", "models", "writing", *BOTTOM},
    "report": {"interop", "models", "pages", "writing", *BOTTOM},
    "pages": set(BOTTOM),
    "operations": {
        "answers",
        "interop",
        "models",
        "pages",
        "planning",
        "simulation",
        "timing",
        "uncertainty",
        "writing",
        *BOTTOM,
    },
    "interop": {"models", *BOTTOM},
    "example": {"models", "writing", *BOTTOM},
    "planning": {"answers", "solver", "timing", "models", "compiled", *BOTTOM},
    "solver": {"models", "compiled", "by_address", *BOTTOM},
    "session_design": {"timing", "uncertainty", "compiled", *BOTTOM},
    "store": {"models", "writing", *BOTTOM},
}
INNER = {
    "schedopt.solver": (("network", "cpsat"), ("opening",), ("search", "bound"), ("known", "params")),
    "schedopt.writing": (
        ("append", "files", "folder"),
        ("places",),
        ("scratch",),
        ("journal",),
        ("exchange", "store", "undisturbed"),
    ),
    "schedopt.models": (
        ("source", "closed"),
        ("problem", "reading", "type_lengths"),
        ("discretion",),
        ("office", "history", "groups", "words", "table", "ways", "ages"),
        ("tables",),
        ("clock",),
    ),
}
"""Layers inside a room, from top to bottom."""
WITHOUT_TABLES = ("answers", "planning", "solver", "timing", "simulation", "uncertainty", "models.problem")
"""Rooms that know the problem and not the tables that it was made of."""
LIST_OF_SOURCES = "schedopt.office.sources"
OF_PEOPLE = tuple(f"schedopt.records.{name}" for name in ("people", "identity", "quality", "privacy"))
"""What of a source's room is about people whom no plan knows: stores keep them, and sources do not look at it."""
OF_MONEY = tuple(
    f"schedopt.billing.{name}"
    for name in ("accounts", "coverage", "claims", "collection", "fees", "shares", "money_tables")
)
"""What of billing's room is about what payers say and pay: stores keep it, and plans are told of it by tables."""
CALLED_INSIDE = {"allocating", "inside", "inlined", "pasted"}
"""Decorators of functions that compiled functions alone can call."""
WRITES = "writing"
WRITING = {
    "write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rmdir", "rmtree", "touch", "fsync", "mkdtemp",
    "TemporaryDirectory", "NamedTemporaryFile",
}  # fmt: skip
"""What changes files and folders, by name."""
RECORDS = ("sqlalchemy", "alembic", "cryptography", "psycopg", "phonenumbers", "rapidfuzz")
"""Libraries of the extra ``records``: whoever plans from a folder need not have them."""
ONLY_IN = {
    "ortools": ("schedopt.solver.cpsat", "schedopt.solver.bound.first_prices"),
    "sqlalchemy": ("schedopt.store", "schedopt.registry"),
    "alembic": ("schedopt.store",),
    "cryptography": ("schedopt.store", "schedopt.registry"),
    "phonenumbers": OF_PEOPLE,
    "rapidfuzz": OF_PEOPLE,
    "schedopt.store": ("schedopt.store", "schedopt.registry"),
    "schedopt.registry": ("schedopt.registry", "schedopt.cli"),
    **dict.fromkeys(OF_PEOPLE, (*OF_PEOPLE, "schedopt.registry")),
    **dict.fromkeys(OF_MONEY, (*OF_MONEY, "schedopt.payers", "schedopt.registry")),
    "schedopt.interop": tuple(
        f"schedopt.{room}"
        for room in ("interop", "cli", "folders", "office", "operations", "payers", "registry", "report")
    ),
    "babel": ("schedopt.operations.letters",),
    "weasyprint": ("schedopt.operations.paper",),
    "typer": ("schedopt.cli",),
    "rich": ("schedopt.cli", "schedopt.planning.progress"),
}

FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


@cache
def _imports(file: Path) -> list[str]:
    """Every module or name that the file imports, dotted, wherever in the file it does so."""
    found: list[str] = []
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert not getattr(node, "level", 0), f"{file}: a relative import"
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            found += [f"{prefix}{alias.name}" for alias in node.names]
    return found


def _within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


@cache
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
    return RANK[other] > RANK[room]


def test_every_room_has_a_layer() -> None:
    """A new room is put into LAYERS before anything is put into it."""
    rooms = {file.relative_to(PACKAGE).parts[0].removesuffix(".py") for file in FILES} - {"__init__"}
    assert rooms <= RANK.keys()


def test_imports_point_down() -> None:
    """No room imports one above it or beside it, and only the command line imports the package's public names."""
    strays = [
        (_module(file), name)
        for file in FILES
        if (room := _part(_module(file)))  # the package itself names what is public, wherever it is
        for name in _imports(file)
        if _within(name, ("schedopt",)) and not _may_import(room, _part(name))
    ]
    assert strays == []


@pytest.mark.parametrize("room", INNER)
def test_imports_point_down_inside(room: str) -> None:
    """The parts of a room that has several import none above or beside them."""
    rank = {part: rank for rank, parts in enumerate(INNER[room]) for part in parts}
    for file in FILES:
        own = _module(file).removeprefix(f"{room}.").split(".")[0]
        if _within(_module(file), (room,)) and own in rank:
            others = {name.split(".")[2] for name in _imports(file) if name.startswith(f"{room}.")}
            assert [other for other in others - {own} if rank.get(other, -1) <= rank[own]] == [], file


def test_what_plans_and_answers_knows_no_tables() -> None:
    """Neither tables nor offices are known to what plans a problem, answers questions about it, or plays it."""
    rooms = tuple(f"schedopt.{room}." for room in WITHOUT_TABLES)
    known = ("schedopt.models.tables", "schedopt.models.office")
    files = [file for file in FILES if f"{_module(file)}.".startswith(rooms)]
    assert len(files) > 100
    assert [(_module(file), name) for file in files for name in _imports(file) if name.startswith(known)] == []


def test_files_do_not_import_each_other_in_a_circle() -> None:
    """Following imports from file to file never leads back to where it began."""
    known = {_module(file) for file in FILES}
    needs: dict[str, set[str]] = {}
    for file in FILES:
        names = {name if name in known else name.rpartition(".")[0] for name in _imports(file)}
        needs[_module(file)] = (names & known) - {_module(file), "schedopt"}
    while leaves := {name for name, wanted in needs.items() if not wanted & needs.keys()}:
        needs = {name: wanted for name, wanted in needs.items() if name not in leaves}
    assert sorted(needs) == []


def test_a_source_is_named_in_one_list() -> None:
    """No module outside a source's room names it, but for the one list of the sources of this package."""
    named = {_module(file): names for file in FILES if (names := sorted(_sources_named(file)))}
    assert named == {LIST_OF_SOURCES: [f"schedopt.{room}.source.{room.upper()}" for room in sorted(SOURCES)]}


def _sources_named(file: Path) -> list[str]:
    names = [name for name in _imports(file) if _part(name) in SOURCES - {_part(_module(file))}]
    names = [name for name in names if _part(name) != "operations" or _within(name, ("schedopt.operations.source",))]
    if _part(_module(file)) == "registry":
        names = [name for name in names if not _within(name, (*OF_PEOPLE, *OF_MONEY))]
    if _part(_module(file)) == "payers":
        names = [name for name in names if not _within(name, OF_MONEY)]
    return names


def test_a_source_states_its_own_rules() -> None:
    """Every rule that is written in a source's room names that source."""
    for source in HOUSE:
        assert {kind.source for kind in classes(source.room) if issubclass(kind, Rule)} <= {source.name}


def test_libraries_stay_in_their_rooms() -> None:
    """Libraries of one room, such as the solver's, the terminal's and the store's, are imported there alone."""
    strays = [
        (_module(file), name)
        for file in FILES
        for library, places in ONLY_IN.items()
        if not _within(_module(file), places)
        for name in _imports(file)
        if _within(name, (library,))
    ]
    assert strays == []


def test_one_room_writes() -> None:
    """Nothing outside the room for it writes, makes or removes a file or a folder."""
    writing = {}
    for file in FILES:
        names = {node.attr for node in ast.walk(_tree(file)) if isinstance(node, ast.Attribute)}
        names |= {name.rpartition(".")[2] for name in _imports(file)}
        if names & WRITING and _part(_module(file)) != WRITES:
            writing[_module(file)] = names & WRITING
    assert writing == {}


def test_files_fit_in_the_head() -> None:
    """No file is long, and none leaves work for later."""
    texts = {_module(file): file.read_text("utf-8") for file in FILES}
    assert [name for name, text in texts.items() if len(text.splitlines()) > MAX_LINES] == []
    assert [name for name, text in texts.items() if "TODO" in text] == []


def _decorated(node: ast.AST) -> set[str]:
    return {name.id for name in getattr(node, "decorator_list", []) if isinstance(name, ast.Name)}


def _names_outside(tree: ast.AST) -> Iterator[str]:
    """Names that are read anywhere but in compiled functions."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif not _decorated(node) & {"bare", "compiled", *CALLED_INSIDE}:
            nodes += ast.iter_child_nodes(node)


def test_what_only_compiled_functions_can_call_is_called_by_no_other() -> None:
    """Such a function has nothing by which Python could call it: the process would end at once."""
    trees = {file: _tree(file) for file in [*FILES, *(ROOT / "tests").rglob("*.py")]}
    inside = {
        (".".join(file.relative_to(ROOT).with_suffix("").parts), node.name)
        for file, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and _decorated(node) & CALLED_INSIDE
    }
    assert len(inside) > 30
    for file, tree in trees.items():
        here = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        names = {name: (module, name) for module, name in inside if module == here}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names |= {alias.asname or alias.name: (node.module or "", alias.name) for alias in node.names}
        assert {name for name in _names_outside(tree) if names.get(name) in inside} == set(), here


def test_public_names_are_sorted_and_whole() -> None:
    """``__all__`` is sorted, without repeats, and names everything that ``schedopt/__init__.pyi`` does."""
    names = list(schedopt.__all__)
    assert names == sorted(set(names))
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))
    listed = [alias.name for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(listed) == names
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
    """``import schedopt`` loads neither the solver's library nor the terminal's nor the store's."""
    loaded = _run("import sys, schedopt; print(*(name for name in sys.modules if '.' not in name))").split()
    assert "schedopt" in loaded
    assert set(ONLY_IN).isdisjoint(loaded)


def test_planning_from_a_folder_leaves_stores_alone() -> None:
    """Reading, assembling, planning, and every module of the command line load nothing of a store or its libraries."""
    rooms = "answers folders planning report simulation cli.commands"
    code = (
        "import sys, datetime, importlib, schedopt\n"
        f"for room in {rooms.split()!r}: importlib.import_module(f'schedopt.{{room}}')\n"
        "office = schedopt.read_office('examples/office')\n"
        "schedopt.assemble(office, datetime.date(2026, 11, 30))\n"
        "print(*sys.modules)"
    )
    loaded = set(_run(code).split())
    assert {"schedopt.planning", "schedopt.cli.store.commands"} <= loaded
    assert loaded.isdisjoint({*RECORDS, "schedopt.store", "schedopt.registry", *OF_PEOPLE})


def test_a_command_of_stores_names_the_extra_that_is_missing() -> None:
    """Without a store's libraries, planning from a store is refused with what to install, and from a folder goes on."""
    code = (
        "import sys\n"
        "sys.modules['sqlalchemy'] = None\n"
        "from schedopt.cli import app\n"
        "sys.argv = ['schedopt', 'store', 'status', 'pyproject.toml']\n"
        "app()"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("a store needs more than is installed: pip install 'schedopt[records]'")


def test_import_is_quick() -> None:
    """``import schedopt`` is at most ten thousand function calls."""
    assert 100 < calls_anew("import schedopt") < 10_000
