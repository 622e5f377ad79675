"""``schedopt billing import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.billing.told import FOR
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import speaks_plainly
from schedopt.cli.store.told import StorePlace, say_rows


@speaks_plainly
def import_(
    store: StorePlace,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With tables of docs/billing.md as CSV files.")],
    actor: Actor = None,
) -> None:
    """Bring payers, contracts and the like to what the files of a folder say; tables without a file stay as they are.

    Exit status: 0 done; 2 the files or the store cannot be used, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        found = there.import_money(folder)
    say_rows(dict(zip(found["table"], found["changed"].astype(int), strict=True)), "changed")
