"""Ways to damage an office's folder, and where each must be found.

:func:`damaged_offices` is the strategy; whoever runs it writes :attr:`DamagedOffice.files` into a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from schedopt.errors import Fault
from schedopt.models.tables import Row
from schedopt.models.tables.fields import noted
from schedopt.office.columns import kinds
from schedopt.office.sources import HOUSE, all_tables
from tests.office.folders import SECRET_NAME, SECRET_YEAR, TOML, Grid, grid_bytes, office_grids

Files = dict[str, bytes]


@dataclass(frozen=True)
class Planted:
    """Where a damage must be found; None matches any row or column."""

    file: str
    row: int | None
    column: str | None

    def is_named_by(self, faults: Iterable[Fault]) -> bool:
        return any(
            fault.file == self.file and self.row in (None, fault.row) and self.column in (None, fault.column)
            for fault in faults
        )


@dataclass(frozen=True)
class Damage:
    """One thing done to a folder: first to its grids, then to its bytes.

    `places` are what it spoils or relies on; two damages of one folder have none in common.
    """

    kind: str
    planted: Planted
    places: frozenset[tuple[str, int | str]]
    on_grids: Callable[[dict[str, Grid]], None] = lambda _grids: None
    on_files: Callable[[Files], None] = lambda _files: None


@dataclass(frozen=True)
class DamagedOffice:
    """An office's folder with one to four damages at different places."""

    files: Files
    damages: tuple[Damage, ...]

    def __repr__(self) -> str:
        return f"DamagedOffice({[(damage.kind, damage.planted) for damage in self.damages]})"


def damaged_offices() -> st.SearchStrategy[DamagedOffice]:
    """Folders with one to four damages, each at a place of its own."""
    return _damaged_by(damages_by_kind())


@st.composite
def _damaged_by(draw: st.DrawFn, by_kind: dict[str, list[Damage]]) -> DamagedOffice:
    chosen: list[Damage] = []
    for kind in draw(st.lists(st.sampled_from(sorted(by_kind)), min_size=1, max_size=4)):
        damage = draw(st.sampled_from(by_kind[kind]))
        if not any(damage.places & other.places for other in chosen):
            chosen.append(damage)
    return damaged_office(chosen)


def damaged_office(damages: Iterable[Damage]) -> DamagedOffice:
    """The folder after some damages."""
    damages = tuple(damages)
    grids = office_grids()
    for damage in damages:
        damage.on_grids(grids)
    files = {"office.toml": TOML.encode(), **{f"{name}.csv": grid_bytes(grid) for name, grid in grids.items()}}
    for damage in damages:
        damage.on_files(files)
    return DamagedOffice(files, damages)


def damages_by_kind() -> dict[str, list[Damage]]:
    """Every damage there is to the office of :mod:`tests.office.folders`."""
    found: dict[str, list[Damage]] = {}
    for damage in (*_toml_damages(), *_all_table_damages()):
        found.setdefault(damage.kind, []).append(damage)
    return found


def _all_table_damages() -> Iterator[Damage]:
    grids = office_grids()
    for row_class in all_tables(HOUSE):
        name = row_class.table_name
        kind = kinds(row_class)
        yield from _file_damages(row_class, grids[name])
        yield from _header_damages(row_class, grids[name])
        yield from _row_damages(row_class, grids[name])
        for row in range(2, len(grids[name]) + 1):
            for position, column in enumerate(grids[name][0]):
                yield from _cell_damages(row_class, row, position, column, kind[column])


def _whole(name: str, grid: Grid) -> frozenset[tuple[str, int | str]]:
    """All rows of a table, its ids, and the row that a duplicate would take."""
    return frozenset((name, part) for part in (*range(1, len(grid) + 2), "ids"))


def _file_damages(row_class: type[Row], grid: Grid) -> Iterator[Damage]:
    name = row_class.table_name
    file, whole = f"{name}.csv", _whole(name, grid)

    def spoil(kind: str, row: int | None, change: Callable[[bytes], bytes]) -> Damage:
        def on_files(files: Files) -> None:
            files[file] = change(files[file])

        return Damage(kind, Planted(file, row, None), whole, on_files=on_files)

    def delete(files: Files) -> None:
        del files[file]

    def misname(files: Files) -> None:
        files[f"{name}s.csv"] = files.pop(file)

    last = len(grid)
    yield spoil("UTF-16", 1, lambda content: content.decode().encode("utf-16"))
    yield spoil("UTF-16 without mark", 1, lambda content: content.decode().encode("utf-16-le"))
    yield spoil("Latin-1", last, lambda content: content[:-1] + "é\n".encode("latin-1"))
    yield spoil("emptied", 1, lambda _content: b"")
    yield spoil("only line breaks", 1, lambda _content: b"\n\n")
    yield spoil("quote not closed", last + 1, lambda content: content + b'"open')
    yield spoil("text after quote", last + 1, lambda content: content + b'"a"b\n')
    if row_class.required:
        yield Damage("required file deleted", Planted(file, None, None), whole, on_files=delete)
    yield Damage("file misnamed", Planted(f"{name}s.csv", None, None), whole, on_files=misname)


def _header_damages(row_class: type[Row], grid: Grid) -> Iterator[Damage]:
    name = row_class.table_name
    whole = _whole(name, grid)
    for position, column in enumerate(grid[0]):

        def drop(grids: dict[str, Grid], position: int = position) -> None:
            for row in grids[name]:
                del row[position]

        def rename(grids: dict[str, Grid], position: int = position) -> None:
            grids[name][0][position] += "_x"

        def repeat(grids: dict[str, Grid], position: int = position) -> None:
            for row in grids[name]:
                row.append(row[position])

        if row_class.model_fields[column].is_required():
            yield Damage("column dropped", Planted(f"{name}.csv", 1, column), whole, drop)
        yield Damage("column renamed", Planted(f"{name}.csv", 1, f"{column}_x"), whole, rename)
        yield Damage("column twice", Planted(f"{name}.csv", 1, column), whole, repeat)


def _row_damages(row_class: type[Row], grid: Grid) -> Iterator[Damage]:
    name, num_rows = row_class.table_name, len(grid)
    file = f"{name}.csv"
    for row in range(2, num_rows + 1):
        here = frozenset([(name, row)])

        def widen(grids: dict[str, Grid], row: int = row) -> None:
            grids[name][row - 1].append("more")

        def narrow(grids: dict[str, Grid], row: int = row) -> None:
            grids[name][row - 1].pop()

        def repeat(grids: dict[str, Grid], row: int = row) -> None:
            grids[name].append(list(grids[name][row - 1]))

        yield Damage("cell too many", Planted(file, row, None), here, widen)
        yield Damage("cell too few", Planted(file, row, None), here, narrow)
        if row_class.key:
            places = here | {(name, num_rows + 1)}
            yield Damage("row twice", Planted(file, num_rows + 1, None), places, repeat)
        for first, last, values in (
            ("start", "end", ("15:00", "14:00")),
            ("start", "end", ("12:00", "12:00")),
            ("first_day", "last_day", ("2026-12-05", "2026-12-01")),
            ("valid_from", "valid_until", ("2027-01-01", "2026-01-01")),
        ):
            if {first, last} <= set(grid[0]):
                columns = (grid[0].index(first), grid[0].index(last))

                def swap(
                    grids: dict[str, Grid],
                    row: int = row,
                    columns: tuple[int, int] = columns,
                    values: tuple[str, str] = values,
                ) -> None:
                    for position, value in zip(columns, values, strict=True):
                        grids[name][row - 1][position] = value

                yield Damage("end before start", Planted(file, row, None), here, swap)


def _cell_damages(row_class: type[Row], row: int, position: int, column: str, takes: str) -> Iterator[Damage]:
    name = row_class.table_name
    here = frozenset([(name, row)])

    def put(kind: str, value: str, more: frozenset[tuple[str, int | str]] = frozenset()) -> Damage:
        def on_grids(grids: dict[str, Grid]) -> None:
            grids[name][row - 1][position] = value

        return Damage(kind, Planted(f"{name}.csv", row, column), here | more, on_grids)

    hidden = column in noted(row_class, "private")
    yield put("NUL byte", f"{SECRET_NAME if hidden else 'a'}\0b")
    for kind, values in wrong_values(takes):
        for value in values:
            if hidden or SECRET_YEAR not in value:
                yield put(kind, value)
    target = noted(row_class, "references").get(column)
    if target is not None:
        yield put("reference to nobody", "NOBODY-7", frozenset([(target, "ids")]))
    if row_class.model_fields[column].is_required():
        yield put("required cell emptied", "")


def wrong_values(kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kinds of damage to a cell that takes some kind of value, with values that it must refuse."""
    if kind.startswith("a whole number"):
        yield "wrong type", ("many", "2.5", "1e3", "2026-12-01", "1,000")
        yield "absurd number", ("-1000001", "99999999999999999999", "1000001", "NaN", "inf")
    elif kind.startswith("a date"):
        yield "wrong type", ("12", "31/12/2026", "noon", f"13 July {SECRET_YEAR}", "2026-12-01 08:00")
        yield "absurd date", ("0001-01-01", "9999-12-31", "2026-02-30", "1899-12-31", "2026-13-01")
    elif kind.startswith("a time"):
        yield "wrong type", ("noon", "900", "2026-12-01", "9.30")
        yield "absurd time", ("25:00", "24:01", "-1:00", "08:60")
    elif kind.startswith("a weekday"):
        yield "wrong type", ("Someday", "3", "Montag")
    elif kind == "yes or no":
        yield "wrong type", ("maybe", "2", "always")
    elif kind.startswith("one of"):
        yield "wrong type", ("purple", "7")
    elif kind.startswith("spans"):
        yield "wrong type", ("12:00", "lunch", "12:00-13:00-14:00")
        yield "end before start", ("13:00-12:00", "12:00-13:00; 12:30-14:00")
    elif kind.startswith("an id"):
        yield "absurd id", ("x" * 65, "a;b")


def _toml_damages() -> Iterator[Damage]:
    everything = frozenset([("office.toml", "file")])

    def change(kind: str, old: str, new: str, column: str | None) -> Damage:
        def on_files(files: Files) -> None:
            assert old.encode() in files["office.toml"]
            files["office.toml"] = files["office.toml"].replace(old.encode(), new.encode("latin-1"))

        return Damage(kind, Planted("office.toml", None, column), everything, on_files=on_files)

    def delete(files: Files) -> None:
        del files["office.toml"]

    yield Damage("settings deleted", Planted("office.toml", None, None), everything, on_files=delete)
    yield change("settings are no TOML", "days = 7", "days = = 7", None)
    yield change("settings are no TOML", "[weights]", "[weights", None)
    yield change("settings are no TOML", "days = 7", "days = 7\ndays = 8", None)
    yield change("settings not UTF-8", "Test office", "Büro", None)
    yield change("unknown setting", "idle = 2", "idel = 2", "weights.idel")
    yield change("unknown setting", "[defaults]", "[default]", "default")
    yield change("wrong setting", "idle = 2", "idle = -2", "weights.idle")
    yield change("wrong setting", "idle = 2", 'idle = "2"', "weights.idle")
    yield change("wrong setting", "grid_minutes = 5", "grid_minutes = 7", "grid_minutes")
    yield change("wrong setting", "days = 7", "days = 2026-12-01", "days")
    yield change("wrong setting", "America/New_York", "America/Gotham", "time_zone")
    yield change("wrong setting", 'country = "US"', 'country = "Freedonia"', "holidays.country")
    yield change("wrong setting", 'subdivision = "NY"', 'subdivision = "Gotham"', "holidays.subdivision")
    yield change("wrong setting", 'country = "US"\n', "", "holidays.country")
