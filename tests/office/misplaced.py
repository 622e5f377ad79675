"""Ways in which cells of private columns get to other places, as spreadsheets and people move them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from schedopt.models.tables.fields import noted
from schedopt.office.sources import HOUSE, all_tables
from tests.office.folders import TOML, Grid, grid_bytes, office_grids

SECRETS = ("zebedee", "1931", "quarter", "left town", "surgery")
"""What stands in private columns of :func:`private_grids`, without capitals, and in no message."""
SCHEDULE: Grid = [
    ["request", "patient", "provider", "date", "start"],
    ["R1", "N1", "DR1", "2026-12-01", "08:10"],
    ["R3", "N2", "DR2", "2026-12-01", "09:20"],
    ["R6", "N4", "DR1", "2026-12-02", "10:00"],
]

Grids = dict[str, Grid]


@dataclass(frozen=True)
class Moved:
    """An office's tables and settings, and a schedule, after cells were moved."""

    grids: Grids
    toml: str
    schedule: Grid
    moves: tuple[str, ...]

    @property
    def files(self) -> dict[str, bytes]:
        """The office's folder."""
        return {"office.toml": self.toml.encode(), **{f"{name}.csv": grid_bytes(g) for name, g in self.grids.items()}}

    def __repr__(self) -> str:
        return f"Moved({self.moves})"


def private_grids() -> Grids:
    """The small office, with a private group of each patient."""
    grids = office_grids()
    grids["patients"] = [[*row, "group" if not n else f"Quarter {n}"] for n, row in enumerate(grids["patients"])]
    return grids


def private_cells(grids: Grids) -> Iterator[tuple[str, int, int]]:
    """Table, row and column of every filled private cell; the header is row 0."""
    for row_class in all_tables(HOUSE):
        grid = grids[row_class.table_name]
        for place, column in enumerate(grid[0]):
            if column in noted(row_class, "private"):
                yield from ((row_class.table_name, n, place) for n, row in enumerate(grid) if n and row[place])


@st.composite
def moved_offices(draw: st.DrawFn) -> Moved:
    """One to three moves, or one in the schedule or the settings."""
    grids, toml, schedule = private_grids(), TOML, [list(row) for row in SCHEDULE]
    cells = [grids[table][row][place] for table, row, place in private_cells(grids)]
    where = draw(st.sampled_from(["tables"] * 8 + ["schedule", "settings"]))
    if where == "settings":
        cell = draw(st.sampled_from(cells))
        old, new = draw(st.sampled_from([
            ("America/New_York", cell), ("US", cell), ("NY", cell), ("idle = 2", f'idle = "{cell}"'),
            ("idle", f'"{cell}"'), ("[weights]", f'["{cell}"]'), ("days = 7", f'days = {{"{cell}" = 1, "{cell}" = 2}}'),
            ("days = 7", f"days = {cell}"), ("grid_minutes = 5", f'"{cell}".a = 1\n"{cell}" = 2'),
        ]))  # fmt: skip
        return Moved(grids, toml.replace(old, new.replace('""', '"')), schedule, (f"{old} → {new}",))
    if where == "schedule":
        return Moved(grids, toml, schedule, (draw(_move({"schedule": schedule}, cells)),))
    return Moved(grids, toml, schedule, tuple(draw(_move(grids, cells)) for _ in range(draw(st.integers(1, 3)))))


@st.composite
def _move(draw: st.DrawFn, grids: Grids, cells: list[str]) -> str:
    """One move, done to the grids; in words."""
    likely = [name for name in ("patients", "cancellations", "leave") if name in grids]
    name = draw(st.sampled_from([*sorted(grids), *likely * 6]))
    grid = grids[name]
    row = draw(st.integers(0, len(grid) - 1))
    one, two = (draw(st.integers(0, len(grid[row]) - 1)) for _ in range(2))
    kind = draw(st.sampled_from([
        "header turned", "row turned", "columns changed places", "cell lost", "cell pasted", "header lost",
        "another name", "column pasted", "row appended to header",
    ]))  # fmt: skip
    if kind == "header turned":
        grid[0] = grid[0][one:] + grid[0][:one]
    elif kind == "row turned":
        grid[row] = grid[row][one:] + grid[row][:one]
    elif kind == "columns changed places" and max(one, two) < len(grid[0]):
        grid[0][one], grid[0][two] = grid[0][two], grid[0][one]
    elif kind == "cell lost":
        del grid[row][one]
        grid[row].extend(draw(st.sampled_from([[], [""]])))
    elif kind == "cell pasted":
        grid[row][one] = draw(st.sampled_from(cells))
    elif kind == "column pasted":
        for line in grid[1:]:
            if one < len(line):
                line[one] = draw(st.sampled_from(cells))
    elif kind == "header lost" and len(grid) > 1:
        del grid[0]
    elif kind == "row appended to header" and len(grid) > 1:
        grid[0] = grid[0] + grid.pop(1)
    elif kind == "another name":
        other = draw(st.sampled_from(sorted(grids)))
        grids[other] = [list(line) for line in grid]
        return f"{name} as {other}"
    return f"{kind}: {name}, row {row}, cells {one} and {two}"
