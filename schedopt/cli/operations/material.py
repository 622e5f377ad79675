"""``schedopt cases material`` and ``grade``: what patients are given to read, and how hard a text is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.offices import Actor, read_office_of
from schedopt.cli.speech import OfficeFolder, finite, parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, tell_table, try_out

_HANDED = {
    "material": "material", "kind": "kind", "language": "language", "level": "grade", "needs_signature": "to sign",
    "place": "where", "lacks": "lacks", "title": "title",
}  # fmt: skip


@speaks_plainly
def material(
    office: OfficeFolder,
    visit_type: Annotated[str, typer.Argument(metavar="TYPE", help="Visit type, as in visit_types.csv.")],
    day: Annotated[dt.date, typer.Argument(parser=parse_week, metavar="DAY", help="Day of the visit.")],
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="By its English name or its code.")] = "English",
    level: Annotated[
        int, typer.Option(min=1, max=20, metavar="GRADE", help="School year up to which the patient reads with ease.")
    ] = 6,
    out: OutFile = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """List the material for a visit, each in the version that suits the patient best; what it lacks is said.

    Exit status: 0 all is there as wished; 1 something is not in the language, or harder; 2 the office cannot be used.
    """
    import pandas as pd

    from schedopt.cli.planned import expect_known
    from schedopt.operations.cases.material import Handed, materials_for
    from schedopt.operations.cases.tables import Material

    try_out(out)
    read = read_office_of(office, lambda: day, actor)
    expect_known("TYPE", visit_type, [row.visit_type for row in read.visit_types], "a visit type")
    found = materials_for(read.rows(Material) or (), visit_type, language, level, day)
    frame = pd.DataFrame(found, columns=list(Handed._fields), dtype=object)
    frame["level"] = ["" if one is None else str(one) for one in frame["level"]]
    frame["needs_signature"] = ["yes" if one else "no" for one in frame["needs_signature"]]
    tell_table(frame, _HANDED, out, "There is no material for it.")
    if any(one.lacks for one in found):
        raise typer.Exit(1)


@speaks_plainly
def grade(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Plain text in English.")],
    most: Annotated[
        float,
        typer.Option(
            "--most", callback=finite, metavar="GRADE", help="Highest school year, by both formulas, that is all right."
        ),
    ] = 6.0,
) -> None:
    """Say from which school year on an English text can be read: Flesch-Kincaid and SMOG.

    Exit status: 0 it is easy enough; 1 it is not; 2 the file cannot be read, or has no words.
    """
    from schedopt.errors import Fault, InputError
    from schedopt.operations.cases.reading import reading_grade

    try:
        found = reading_grade(file.read_text("utf-8"))
    except OSError as error:
        words = f"expected a file that can be read ({error.strerror})"
        raise InputError([Fault(str(file), None, None, None, words)]) from None
    except ValueError:
        raise InputError([Fault(str(file), None, None, None, "expected English text in UTF-8")]) from None
    say(f"Flesch-Kincaid {found.flesch_kincaid:.1f}, SMOG {found.smog:.1f} (US school years); words: {found.words:,}")
    if max(found.flesch_kincaid, found.smog) > most:
        raise typer.Exit(1)
