"""docs/tables.md, made from the row classes: what stands in an office's folder."""

from __future__ import annotations

import csv
import inspect
import io
from collections.abc import Iterable, Iterator, Sequence

from pydantic.fields import FieldInfo

from schedopt.models.clock import format_time
from schedopt.models.source import Source
from schedopt.models.tables import Row
from schedopt.models.tables.fields import note, noted
from schedopt.office.checks import CHECKS
from schedopt.office.columns import kinds
from schedopt.office.settings import setting_fields
from schedopt.office.sources import HOUSE, all_tables, settings_class

_HEAD = """\
# The office's folder

<!-- Written by schedopt.office.document.tables_document(); do not edit. -->

An office is a folder with `office.toml` and one CSV file for each table. `office.toml` and the tables marked
*required* must be there. If an optional table is absent, its subject plays no part in planning. A table that is there
and has no rows says that there are none: without `coverage.csv` insurance forbids nothing, with an empty one nobody is
insured.

- **Files** are UTF-8 with commas; the first row holds the column names, in any order. A cell with a comma, a quote or
  a line break in it stands in double quotes. Blanks around a cell and empty lines at the end do not count.
- **Empty cells** take the column's default, as do columns that are left out. A required column must be there and
  filled.
- **Dates** are `YYYY-MM-DD`, between 1900 and 2199.
- **Times** are `HH:MM` on the clocks of the site, from `00:00` to `24:00`, the end of the day. On a day on which the
  clocks change, a time that is skipped or shown twice is an error. What names no site, such as the times at which a
  patient can come, is read on the clocks of each site in turn ([days.md](days.md#time-zones)).
- **Lengths and starts** are multiples of `grid_minutes`.
- **Lists** separate their values by `;`.
- **Yes or no** may also be written true, false, 1 or 0.
- **Ids** are the office's own, opaque, at most 64 characters without `;`; capitals matter. A column that *refers to* a
  table holds ids that stand there.
- **Private** columns identify a person.
- **Text** has no control characters. Ids have no characters that cannot be seen and no blanks but plain ones, and their
  accented letters are single characters (Unicode NFC), so that what looks the same is the same.

An error names the file, the row as a spreadsheet counts it (the header is row 1), the column, and the value where it
cannot be somebody's name or birth date, wherever these have got to. Shown are, in columns that are not private and in
tables most of whose cells are as they should be: words that the column knows; numbers of at most seven digits; times;
dates near the column's other dates; and ids that stand in another column of ids too, or are written as most of their
column with other digits. `(hidden)` stands for any other value. All errors of all files are listed at once.

Some things are read with a warning (`InputWarning` in Python, `Note:` on the command line): what stands under *Read
with a warning* below; column names in capitals, or with blanks or hyphens in place of `_`; and columns without a name
that have no cells, as spreadsheets leave them. Tables may also come as pandas DataFrames of the same names and columns.
"""

_SETTINGS = """\
## office.toml

Every key may be left out, except `country` in a section `[holidays]`. Weights are points: a schedule's cost is the sum
of everything that is counted (days waited, idle minutes, requests left out, …), each times its weight.

| key | type | default | meaning |
| --- | --- | --- | --- |
"""


def tables_document(found: tuple[Source, ...] = HOUSE) -> str:
    """The text of docs/tables.md.

    Parameters
    ----------
    found : tuple of Source
        Whose tables and settings; by default those of this package.

    Returns
    -------
    str
        Markdown: how cells are written, office.toml, and every table with every column and an example.
    """
    return "\n".join(
        [_HEAD, _overview(found), _settings(found), *map(table_document, all_tables(found)), _across(found)]
    )


def example_rows(row_class: type[Row]) -> tuple[dict[str, str], ...]:
    """Rows that show how a table is filled: every column's example.

    Parameters
    ----------
    row_class : type of Row
        The table. Where a row takes either one column or another, such as a date or a weekday, there is an example of
        each.

    Returns
    -------
    tuple of dict of str to str
        Column to cell, in the order of the document.
    """
    row = {name: (field.examples or [""])[0] for name, field in _columns(row_class)}
    others = noted(row_class, "instead_of")
    if not others:
        return (row,)
    one = {name: "" if name in others else cell for name, cell in row.items()}
    other = {name: "" if name in others.values() else cell for name, cell in row.items()}
    more = [
        {**other, target: row[target]} | {name: "" for name, instead in others.items() if instead == target}
        for target in dict.fromkeys(others.values())
        if target in others
    ]
    return one, other, *more


def _columns(row_class: type[Row]) -> list[tuple[str, FieldInfo]]:
    """Columns as people would order them: those that other tables have too come last."""
    own = inspect.get_annotations(row_class)
    return sorted(row_class.model_fields.items(), key=lambda column: column[0] not in own)


def _overview(found: Iterable[Source]) -> str:
    lines = ["## Tables", "", "| file | required | a row is |", "| --- | --- | --- |"]
    for row_class in all_tables(found):
        name = row_class.table_name
        must = "required" if row_class.required else "optional"
        lines.append(f"| [{name}.csv](#{name}csv) | {must} | {_first_sentence(row_class)} |")
    return "\n".join([*lines, ""])


def _first_sentence(row_class: type[Row]) -> str:
    return " ".join((row_class.__doc__ or "").split()).partition(". ")[0].removesuffix(".")


def _settings(found: tuple[Source, ...]) -> str:
    rows = [
        f"| `{key}` | {kind} | {_setting_default(field)} | {field.description} |"
        for key, field, kind in setting_fields(settings_class(found))
    ]
    return _SETTINGS + "\n".join([*rows, "", "```toml", *_toml_example(found), "```", ""])


def _setting_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required in its section"
    return "none" if field.default is None else f"`{_toml(field.default)}`"


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _toml_example(found: tuple[Source, ...]) -> Iterator[str]:
    """Every key with its default, or with what stands for it in an example."""
    section = ""
    for key, field, _ in setting_fields(settings_class(found)):
        *above, name = key.split(".")
        if above and above[0] != section:
            section = above[0]
            yield from ("", f"[{section}]")
        yield f"{name} = {_toml((field.examples or [field.default])[0])}"


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
    must = "Required" if row_class.required else "Optional"
    key = f"No two rows have the same {_listed(row_class.key)}." if row_class.key else "It has no key."
    kind, target = kinds(row_class), noted(row_class, "references")
    lines = [f"## {name}.csv", "", f"{' '.join((row_class.__doc__ or '').split())}", "", f"{must}. {key}", ""]
    lines += ["| column | type | unit | default | refers to | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for column, field in _columns(row_class):
        table = f"[{target[column]}](#{target[column]}csv)" if column in target else ""
        meaning = (field.description or "") + (" *Private.*" if note(field, "private") else "")
        cells = [f"`{column}`", kind[column], note(field, "unit") or "", _default(field, kind[column]), table, meaning]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "```csv", _csv(example_rows(row_class)) + "```", ""])


def _across(found: Sequence[Source]) -> str:
    """What must hold across tables, in the words of the checks themselves."""
    checks = (*CHECKS, *(check for source in found for check in source.checks))
    lines = [f"- {(check.__doc__ or '').strip()}" for check in checks]
    odd = [f"- {(doubt.__doc__ or '').strip()}" for source in found for doubt in source.doubts]
    told = ["Read with a warning is what is otherwise than this:", "", *odd, ""] if odd else []
    return "\n".join(["## Across tables", "", "Also checked, whatever the week:", "", *lines, "", *told])


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
