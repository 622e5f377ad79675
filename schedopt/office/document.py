"""docs/tables.md, made from the row classes: what stands in an office's folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from pydantic.fields import FieldInfo

from schedopt.models.office import REQUIRED_TABLES
from schedopt.models.tables import TABLES, Row
from schedopt.models.tables.fields import format_time
from schedopt.office.checks import CHECKS
from schedopt.office.checks_of_time import CHECKS_OF_TIME
from schedopt.office.columns import kinds, note, references
from schedopt.office.settings import setting_fields

_HEAD = """\
# The office's folder

<!-- Written by schedopt.office.document.tables_document(); do not edit. -->

An office is a folder with `office.toml` and one CSV file for each table. `office.toml` and the tables marked
*required* must be there. A table that is absent switches off what it is about; one that is there and has no rows says
that there are none. No `coverage.csv` means that insurance is nobody's concern here, an empty one that nobody is
insured.

- **Files** are UTF-8 with commas; the first row holds the column names, in any order. A cell with a comma, a quote or
  a line break in it stands in double quotes. Blanks around a cell and empty lines at the end do not count.
- **Empty cells** take the column's default, as do columns that are left out. A required column must be there and
  filled.
- **Dates** are `YYYY-MM-DD`, between 1900 and 2199.
- **Times** are `HH:MM` on the office's clocks, from `00:00` to `24:00`, the end of the day. On a day on which the
  clocks change, a time that is skipped or shown twice is an error.
- **Lengths and starts** are multiples of `grid_minutes`.
- **Lists** separate their values by `;`.
- **Yes or no** may also be written true, false, 1 or 0.
- **Ids** are the office's own, opaque, at most 64 characters without `;`; capitals matter. A column that *refers to* a
  table holds ids that stand there.
- **Private** columns identify a person. Errors show `(hidden)` for what stands in them.

An error names the file, the row as a spreadsheet counts it (the header is row 1), the column and the value. All errors
of all files are listed at once. Tables may also come as pandas DataFrames of the same names and columns.
"""

_SETTINGS = """\
## office.toml

Every key may be left out, except `country` where there is a section `[holidays]`. Weights are points: a schedule's cost
is the sum of what happened, times its weight.

| key | type | default | meaning |
| --- | --- | --- | --- |
"""

_LAST_COLUMNS = ("valid_from", "valid_until")


def tables_document() -> str:
    """The text of docs/tables.md.

    Returns
    -------
    str
        Markdown: how cells are written, office.toml, and every table with every column and an example.
    """
    return "\n".join([_HEAD, _overview(), _settings(), *map(table_document, TABLES), _across()])


def example_rows(row_class: type[Row]) -> tuple[dict[str, str], ...]:
    """Rows that show how a table is filled: every column's example.

    Parameters
    ----------
    row_class : type of Row
        The table. Where a row takes either a date or a weekday, there is an example of each.

    Returns
    -------
    tuple of dict of str to str
        Column to cell, in the order of the document.
    """
    row = {name: (field.examples or [""])[0] for name, field in _columns(row_class)}
    if "date" not in row or "weekday" not in row:
        return (row,)
    dated = {name: "" if name in ("weekday", *_LAST_COLUMNS) else cell for name, cell in row.items()}
    return dated, {**row, "date": ""}


def _columns(row_class: type[Row]) -> list[tuple[str, FieldInfo]]:
    """Columns as people would order them: until when a row holds comes last."""
    return sorted(row_class.model_fields.items(), key=lambda column: column[0] in _LAST_COLUMNS)


def _overview() -> str:
    lines = ["## Tables", "", "| file | required | a row is |", "| --- | --- | --- |"]
    for row_class in TABLES:
        name = row_class.table_name
        must = "required" if name in REQUIRED_TABLES else "optional"
        lines.append(f"| [{name}.csv](#{name}csv) | {must} | {_first_sentence(row_class)} |")
    return "\n".join([*lines, ""])


def _first_sentence(row_class: type[Row]) -> str:
    return " ".join((row_class.__doc__ or "").split()).partition(". ")[0].removesuffix(".")


def _settings() -> str:
    rows = [
        f"| `{key}` | {kind} | {_setting_default(field)} | {field.description} |"
        for key, field, kind in setting_fields()
    ]
    return _SETTINGS + "\n".join([*rows, "", "```toml", *_toml_example(), "```", ""])


def _setting_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required in its section"
    return "none" if field.default is None else f"`{_toml(field.default)}`"


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _toml_example() -> Iterator[str]:
    """Every key with its default, or with what stands for it in an example."""
    examples = {"holidays.country": "US", "holidays.subdivision": "AZ", "time_zone": "America/Phoenix",
                "fairness.column": "language"}  # fmt: skip
    section = ""
    for key, field, _ in setting_fields():
        *above, name = key.split(".")
        if above and above[0] != section:
            section = above[0]
            yield from ("", f"[{section}]")
        yield f"{name} = {_toml(examples.get(key, field.default))}"


def table_document(row_class: type[Row]) -> str:
    """The section about one table: its columns with type, unit and meaning, and an example.

    Parameters
    ----------
    row_class : type of Row
        The table.

    Returns
    -------
    str
        Markdown.
    """
    name = row_class.table_name
    must = "Required" if name in REQUIRED_TABLES else "Optional"
    key = f"No two rows have the same {_listed(row_class.key)}." if row_class.key else "It has no key."
    kind, target = kinds(row_class), references(row_class)
    lines = [f"## {name}.csv", "", f"{' '.join((row_class.__doc__ or '').split())}", "", f"{must}. {key}", ""]
    lines += ["| column | type | unit | default | refers to | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for column, field in _columns(row_class):
        table = f"[{target[column]}](#{target[column]}csv)" if column in target else ""
        meaning = (field.description or "") + (" *Private.*" if note(field, "private") else "")
        cells = [f"`{column}`", kind[column], note(field, "unit") or "", _default(field, kind[column]), table, meaning]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "```csv", _csv(example_rows(row_class)) + "```", ""])


def _across() -> str:
    """What must hold across tables, in the words of the checks themselves."""
    lines = [f"- {(check.__doc__ or '').strip()}" for check in (*CHECKS, *CHECKS_OF_TIME)]
    return "\n".join(["## Across tables", "", "Also checked, whatever the week:", "", *lines, ""])


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(f"`{name}`" for name in names[:-1]), f"`{names[-1]}`"]))


def _default(field: FieldInfo, kind: str) -> str:
    if field.is_required():
        return "**required**"
    if field.default in (None, "", ()):
        return "empty"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return format_time(field.default) if kind.startswith("a time") else str(field.default)


def _csv(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
